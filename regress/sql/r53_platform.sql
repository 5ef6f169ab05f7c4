-- What the platform holds back on real carriers: a tenant that is not verified, wording of the stop list, and a tenant whose people want no more calls.
\set VERBOSITY terse
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET voiceagent.public_base_url = 'https://calls.example.com';
\set ECHO none
\i sql/r50_setup.inc
CREATE FUNCTION pg_temp.carrier() RETURNS bigint LANGUAGE sql AS $$
	SELECT voiceagent.set_setting('caller_name', 'Acme');
	SELECT voiceagent.create_assistant('Ann', 'Hello', 'Be kind.');
	INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, base_url, settings, max_concurrent_calls, armed_at, created_at)
	VALUES (voiceagent.current_tenant(), 'vapi', 'real', 'https://carrier.example', '{"phone_number_id": "1"}', 100, voiceagent.clock(), voiceagent.clock())
	RETURNING provider_account_id $$;
CREATE FUNCTION pg_temp.running(name text, lead_ids bigint[], account bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_campaign bigint := voiceagent.create_campaign(name, (SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = voiceagent.current_tenant()),
		settings => jsonb_strip_nulls(jsonb_build_object('call_interval', 0, 'max_concurrent_calls', 100, 'require_consent', false, 'provider_account_id', account,
			'calling_hours', '{"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}'::jsonb)));
BEGIN
	PERFORM voiceagent.add_leads(v_campaign, lead_ids);
	IF account IS NOT NULL THEN
		PERFORM voiceagent.confirm_campaign(v_campaign, 'call ' || cardinality(lead_ids) || ' people');
	END IF;
	PERFORM voiceagent.start_campaign(v_campaign);
	RETURN v_campaign;
END $$;
-- A claim, at whatever hour this is, some minutes later (a hold is looked at again after five).
CREATE FUNCTION pg_temp.dialled() RETURNS integer LANGUAGE sql AS $$
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
	SELECT l.tenant_id, l.lead_id, l.phone, 'call', 'test', voiceagent.clock() FROM voiceagent.leads l
	WHERE l.tenant_id = voiceagent.current_tenant() AND NOT EXISTS (SELECT FROM voiceagent.consents s WHERE s.tenant_id = l.tenant_id AND s.lead_id = l.lead_id);
	UPDATE voiceagent_private.lanes SET opens_at = '-infinity', closes_at = 'infinity' WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.pacing SET next_dial_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
	SELECT CASE WHEN c = 'none' THEN 0 ELSE cardinality(string_to_array(c, ' ')) END FROM pg_temp.claim(1000, true) c $$;
CREATE FUNCTION pg_temp.says(campaign bigint) RETURNS TABLE (status text, says text) LANGUAGE sql AS $$
	SELECT c.status, voiceagent.explain_campaign(campaign) FROM voiceagent.campaigns c WHERE c.campaign_id = campaign $$;
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_is text;
BEGIN
	EXECUTE statement INTO v_is;
	RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
\set ECHO all

/* ----- a tenant that is not verified ----- */
BEGIN;
SELECT pg_temp.tenant('r53 platform') AS t \gset
SELECT pg_temp.carrier() AS real \gset
SELECT standing, standing_reason FROM voiceagent.tenants WHERE tenant_id = :t;
SELECT voiceagent_private.set_tenant(NULL) IS NOT NULL AS left;
SELECT voiceagent.set_setting('unverified_dials_per_day', '5');
SELECT voiceagent.set_tenant_standing(:t, 'new', 'signed up by itself');
SELECT pg_temp.try(format('SELECT voiceagent.set_tenant_standing(%s, %L, %L)', :t, s, r)) FROM (VALUES ('trusted', 'x'), (NULL, 'x'), ('new', ''), ('new', NULL)) v(s, r);
SELECT voiceagent_private.set_tenant(:t) IS NULL AS back;
SELECT pg_temp.running('one', pg_temp.leads('+12025550', 3), :real) AS one, pg_temp.running('two', pg_temp.leads('+12025551', 6), :real) AS two,
	pg_temp.running('rehearsal', pg_temp.leads('+12025552', 9), NULL) AS rehearsal \gset
-- both campaigns together dial so often, the sandbox as it likes
SELECT pg_temp.dialled();
SELECT count(*) FILTER (WHERE campaign_id <> :rehearsal) AS real, count(*) FILTER (WHERE campaign_id = :rehearsal) AS sandbox FROM voiceagent_private.live_calls WHERE tenant_id = :t;
SELECT pg_temp.dialled();
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.says(:two);
SELECT voiceagent.explain_reason(status_reason) ->> 'key' AS key FROM voiceagent.campaigns WHERE campaign_id = :two;
SELECT what, settle FROM voiceagent.waiting WHERE kind = 'campaign' AND campaign_id = :two;
SELECT c ->> 'key' AS key, c ->> 'says' AS says FROM jsonb_array_elements(voiceagent.preview_campaign(:two) -> 'checks') c WHERE c ->> 'state' = 'stops';
-- on the next day it goes on
UPDATE voiceagent_private.unverified_use SET day = day - 1 WHERE tenant_id = :t;
SELECT pg_temp.dialled();
SELECT dials FROM voiceagent_private.unverified_use WHERE tenant_id = :t;
-- it asks, once; staff answers a ticket
SELECT voiceagent.ask_for_verification('We sell roofs in Ohio.') > 0 AS ticket;
SELECT pg_temp.try($$SELECT voiceagent.ask_for_verification('Please.')$$);
SELECT category, subject FROM voiceagent.tickets WHERE tenant_id = :t;
-- refused: nothing, and asking again does not change that
SELECT voiceagent_private.set_tenant(NULL) IS NOT NULL AS left;
SELECT voiceagent.set_tenant_standing(:t, 'refused', 'no such company');
SELECT voiceagent_private.set_tenant(:t) IS NULL AS back;
UPDATE voiceagent_private.unverified_use SET day = day - 1 WHERE tenant_id = :t;
SELECT pg_temp.queue(:two, pg_temp.leads('+12025553', 6)), voiceagent.confirm_campaign(:two, 'two');
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.says(:two);
SELECT voiceagent.ask_for_verification('We exist.') > 0 AS ticket;
SELECT standing FROM voiceagent.tenants WHERE tenant_id = :t;
-- a text of it is refused; of one that is new they are counted
INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, provider_account_id, body, segments, key, created_at)
SELECT :t, false, k, 'waiting', '+12025550000', :real, 'Hi', 1, k, voiceagent.clock() FROM unnest('{own,opted_out}'::text[]) k;
SELECT r.* FROM voiceagent.texts x, voiceagent_private.ration_text(x, voiceagent.clock()) r WHERE x.tenant_id = :t AND x.kind = 'own';
UPDATE voiceagent.tenants SET standing = 'new' WHERE tenant_id = :t;
SELECT count(*) FILTER (WHERE (r).reason IS NULL) AS let_out, max((r).reason) AS reason, bool_and((r).until > voiceagent.clock()) AS later
FROM (SELECT voiceagent_private.ration_text(x, voiceagent.clock()) AS r FROM generate_series(1, 30) i, voiceagent.texts x WHERE x.tenant_id = :t AND x.kind = 'own') y;
SELECT r.* FROM voiceagent.texts x, voiceagent_private.ration_text(x, voiceagent.clock()) r WHERE x.tenant_id = :t AND x.kind = 'opted_out';
-- verified: all at once
SELECT voiceagent_private.set_tenant(NULL) IS NOT NULL AS left;
SELECT voiceagent.set_tenant_standing(:t, 'verified', 'seen its papers');
SELECT voiceagent_private.set_tenant(:t) IS NULL AS back;
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.says(:two);
SELECT action, new_value FROM voiceagent.audit_log WHERE tenant_id = :t AND action IN ('set_tenant_standing', 'ask_for_verification') ORDER BY audit_id;
SELECT * FROM voiceagent_private.check_campaign();
ROLLBACK;

/* ----- the stop list ----- */
BEGIN;
SELECT voiceagent.set_stop_phrase('  Guaranteed--PROFIT!', 'nobody may promise gains');
SELECT phrase, reason FROM voiceagent.list_stop_phrases();
SELECT pg_temp.try(s) FROM unnest(ARRAY[$$SELECT voiceagent.set_stop_phrase('!?', 'x')$$, $$SELECT voiceagent.set_stop_phrase(NULL, 'x')$$,
	$$SELECT voiceagent.set_stop_phrase('unknown', NULL)$$, $$SELECT voiceagent.set_stop_phrase('empty reason', ' ')$$]) s;
SELECT pg_temp.tenant('r53 words') AS t \gset
SELECT pg_temp.carrier() AS real \gset
SELECT min(assistant_id) AS ann FROM voiceagent.assistants WHERE tenant_id = :t \gset
SELECT pg_temp.running('words', pg_temp.leads('+12025550', 1), :real) AS c \gset
SELECT pg_temp.dialled();
-- a prompt that is edited after the start holds the campaign when it takes it up, however it is written
SELECT voiceagent.update_assistant(:ann, '{"first_message": "A ＧUAR\u200B{{first_name}}ANTEED\n profit awaits."}') AS version;
SET LOCAL client_min_messages = notice;
SELECT voiceagent.update_assistant(:ann, '{"first_message": "Your ＧUAR\u200BANTEED\n profit awaits."}') AS version;
SET LOCAL client_min_messages = warning;
SELECT voiceagent.update_campaign(:c, '{}') > 0 AS taken_up;
SELECT pg_temp.queue(:c, pg_temp.leads('+12025551', 1)), voiceagent.confirm_campaign(:c, 'words');
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.says(:c);
-- the same on the sandbox calls nobody, and may
SELECT pg_temp.running('rehearsal', pg_temp.leads('+12025552', 2), NULL) AS rehearsal \gset
SELECT pg_temp.dialled();
-- staff allows these words, and no others
SELECT voiceagent_private.set_tenant(NULL) IS NOT NULL AS left;
SELECT pg_temp.try(format('SELECT voiceagent.allow_wording(%s, %s, %L)', :t, c, w)) FROM (VALUES (:c, ''), (0, 'fine'), (:rehearsal, 'a bank, licensed')) v(c, w);
SELECT voiceagent.allow_wording(:t, :c, 'a bank, licensed');
SELECT voiceagent_private.set_tenant(:t) IS NULL AS back;
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.says(:c);
SELECT voiceagent.update_campaign(:c, '{"voicemail_message": "Your guaranteed profit!"}') > 0 AS changed;
SELECT pg_temp.queue(:c, pg_temp.leads('+12025553', 1)), voiceagent.confirm_campaign(:c, 'words');
SELECT pg_temp.dialled();
-- a phrase that is taken off, and one that comes while it runs
SELECT voiceagent.set_stop_phrase('guaranteed profit', NULL);
SELECT pg_temp.dialled();
SELECT voiceagent.set_stop_phrase('be kind', 'a test');
SELECT pg_temp.queue(:c, pg_temp.leads('+12025554', 1)), voiceagent.confirm_campaign(:c, 'words');
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.says(:c);
ROLLBACK;

/* ----- people who want no more calls ----- */
BEGIN;
SELECT voiceagent.set_setting('opt_out_brake_calls', '10'), voiceagent.set_setting('opt_out_brake_share', '0.2');
SELECT pg_temp.tenant('r53 brake') AS t \gset
SELECT pg_temp.carrier() AS real \gset
SELECT pg_temp.running('brake', pg_temp.leads('+12025550', 11), :real) AS c \gset
SELECT pg_temp.dialled();
UPDATE voiceagent.calls SET status = 'completed', outcome = 'completed', ended_at = voiceagent.clock() WHERE campaign_id = :c;
SELECT array_agg(call_id ORDER BY call_id) AS calls FROM voiceagent.calls WHERE campaign_id = :c \gset
SELECT cardinality(voiceagent_private.opt_out((:'calls'::bigint[])[1:2])) AS campaigns;
SELECT braked FROM voiceagent.tenants WHERE tenant_id = :t;
-- allowing a number again hides nothing
SELECT voiceagent.allow_call(phone, 'a mistake') IS NOT NULL FROM voiceagent.do_not_call_list WHERE tenant_id = :t ORDER BY phone;
SELECT cardinality(voiceagent_private.opt_out((:'calls'::bigint[])[3:3])) AS campaigns;
SELECT braked FROM voiceagent.tenants WHERE tenant_id = :t;
SELECT pg_temp.queue(:c, pg_temp.leads('+12025551', 1)), voiceagent.confirm_campaign(:c, 'brake');
SELECT pg_temp.dialled();
SELECT * FROM pg_temp.says(:c);
SELECT pg_temp.try($$SELECT voiceagent.resume_real_calls(' ')$$);
SELECT voiceagent.resume_real_calls('the list was wrong, it is gone');
SELECT pg_temp.dialled();
SELECT pg_temp.try($$SELECT voiceagent.resume_real_calls('again')$$);
-- what was counted once does not brake again
SELECT cardinality(voiceagent_private.opt_out((:'calls'::bigint[])[4:4])) AS campaigns;
SELECT braked FROM voiceagent.tenants WHERE tenant_id = :t;
SELECT action, old_value, new_value FROM voiceagent.audit_log WHERE tenant_id = :t AND action IN ('opt_out_brake', 'resume_real_calls') ORDER BY audit_id;
ROLLBACK;

/* ----- who may ----- */
BEGIN;
CREATE ROLE regress_platform_tenant LOGIN;
SELECT pg_temp.tenant('r53 hostile') AS t \gset
SELECT voiceagent.map_role('regress_platform_tenant', :t);
SET SESSION AUTHORIZATION regress_platform_tenant;
SELECT standing FROM voiceagent.tenants;
CREATE FUNCTION pg_temp.deed(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'DONE';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
SELECT pg_temp.deed(s) FROM unnest(ARRAY[format('SELECT voiceagent.set_tenant_standing(%s, %L, %L)', :t, 'verified', 'me'),
	$$UPDATE voiceagent.tenants SET standing = 'verified'$$, $$SELECT voiceagent.set_stop_phrase('roofs', 'mine')$$, $$SELECT * FROM voiceagent.list_stop_phrases()$$,
	$$SELECT * FROM voiceagent_private.stop_phrases$$, $$DELETE FROM voiceagent_private.unverified_use$$, format('SELECT voiceagent.allow_wording(%s, 1, %L)', :t, 'mine'),
	$$SELECT voiceagent.set_setting('unverified_dials_per_day', '1000')$$, $$SELECT voiceagent.set_setting('opt_out_brake_share', '1')$$,
	$$SELECT voiceagent.ask_for_verification('I am verified')$$, $$SELECT voiceagent.resume_real_calls('I am not paused')$$]) s;
RESET SESSION AUTHORIZATION;
ROLLBACK;
