-- Why a running campaign calls fewer people than it may: the same few words in campaign_progress, queue_status() and explain_lead().
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.words(campaign bigint) RETURNS TABLE (status_reason text, same boolean) LANGUAGE plpgsql AS $$
DECLARE
	v_lead bigint := (SELECT q.lead_id FROM voiceagent_private.call_queue q WHERE q.tenant_id = voiceagent.current_tenant() AND q.campaign_id = campaign
		ORDER BY q.lead_id DESC LIMIT 1);
	v_reason text;
BEGIN
	SELECT p.status_reason INTO v_reason FROM voiceagent.campaign_progress p WHERE p.campaign_id = campaign;
	RETURN QUERY SELECT regexp_replace(v_reason, '(\d{4}-\d\d-\d\d )?\d\d:\d\d(:\d\d)? UTC', 'TIME'),
		voiceagent.queue_status(campaign) ->> 'statusReason' IS NOT DISTINCT FROM v_reason
		AND coalesce((SELECT bool_or(e.why LIKE '%' || coalesce(v_reason, 'as a whole') || '%') = (v_reason IS NOT NULL) FROM voiceagent.explain_lead(v_lead) e WHERE e.what = 'now'), true);
END $$;
-- Everything that holds one back is undone at the end of each try.
CREATE FUNCTION pg_temp.while(campaign bigint, statement text) RETURNS TABLE (status_reason text, same boolean) LANGUAGE plpgsql AS $$
BEGIN
	BEGIN
		EXECUTE statement;
		SELECT w.status_reason, w.same INTO status_reason, same FROM pg_temp.words(campaign) w;
		RAISE EXCEPTION USING ERRCODE = 'VATRY';
	EXCEPTION WHEN SQLSTATE 'VATRY' THEN
	END;
	RETURN NEXT;
END $$;
BEGIN;
SELECT pg_temp.tenant('r55 waits') > 0 AS made \gset
SELECT min(a.provider_account_id) AS a FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant() \gset
SELECT voiceagent.set_setting('sandbox_time_scale', '1') \g /dev/null
SELECT pg_temp.leads('+12025550', 40) AS l \gset
SELECT pg_temp.start('waits', :'l', '{"max_concurrent_calls": 20}') AS c \gset
-- Half of its lines are used, and nothing is said.
SELECT pg_temp.claim(10) \g /dev/null
SELECT * FROM pg_temp.words(:c);
-- One less, and something keeps it from calling more.
DELETE FROM voiceagent_private.live_calls l WHERE l.tenant_id = voiceagent.current_tenant() AND l.call_id = (SELECT max(o.call_id) FROM voiceagent_private.live_calls o);
SELECT w.* FROM unnest(ARRAY[
	format('UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + interval ''30 seconds'', trouble = ''http-429'' WHERE provider_account_id = %s', :a),
	format('INSERT INTO voiceagent_private.account_dials (tenant_id, provider_account_id, slowed_at, slowed_to, slowed_from, slowed_for) VALUES (voiceagent.current_tenant(), %s, voiceagent.clock(), 25, 200, ''10 s'')', :a),
	format('UPDATE voiceagent.provider_accounts SET opened_at = voiceagent.clock(), resumes_at = voiceagent.clock() + interval ''5 seconds'', trouble = ''http-503'' WHERE provider_account_id = %s', :a),
	format('INSERT INTO voiceagent_private.account_dials (tenant_id, provider_account_id, lowered_at, lowered_to, lowered_from) VALUES (voiceagent.current_tenant(), %s, voiceagent.clock(), 9, 100)', :a),
	format('UPDATE voiceagent.provider_accounts SET max_concurrent_calls = 9 WHERE provider_account_id = %s', :a),
	format('UPDATE voiceagent.provider_accounts SET active = false WHERE provider_account_id = %s', :a),
	format('UPDATE voiceagent.provider_accounts SET settings = ''{"calls_per_second": 2}'' WHERE provider_account_id = %s', :a),
	format('SELECT voiceagent_private.suspend_from_claim(%s, ''out of credits'', voiceagent.clock())', :c),
	format('UPDATE voiceagent_private.pacing SET next_dial_at = voiceagent.clock() + interval ''10 seconds'' WHERE campaign_id = %s', :c),
	format('UPDATE voiceagent_private.lanes SET opens_at = voiceagent.clock() + interval ''1 hour'' WHERE campaign_id = %s', :c),
	format('UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() + interval ''1 hour'' WHERE campaign_id = %s', :c),
	format('UPDATE voiceagent_private.lanes SET next_due = ''infinity'' WHERE campaign_id = %s', :c)]) WITH ORDINALITY AS i(statement, place),
	LATERAL pg_temp.while(:c, i.statement) w ORDER BY i.place;
-- By the clock of the tenant.
SELECT regexp_replace(w.status_reason, '\d\d:\d\d:\d\d', 'TIME') AS status_reason, w.same FROM pg_temp.while(:c, format($$
	UPDATE voiceagent.tenants SET timezone = 'America/New_York' WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.lanes SET opens_at = voiceagent.clock() + interval '1 hour' WHERE campaign_id = %s$$, :c)) w;
-- With another account that may dial, the one that rests keeps nobody from it.
SELECT status_reason NOT LIKE 'carrier%' AS not_the_account FROM pg_temp.while(:c, format($$
	WITH b AS (INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
		VALUES (voiceagent.current_tenant(), 'sandbox', 'B', 100, voiceagent.clock()) RETURNING tenant_id, provider_account_id),
	l AS (INSERT INTO voiceagent.campaign_accounts (tenant_id, campaign_id, position, provider_account_id) SELECT tenant_id, %s, 1, provider_account_id FROM b)
	UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + interval '30 seconds' WHERE provider_account_id = %s$$, :c, :a));
-- What is due, and could be dialled: not behind a campaign that is full, nor where no account may dial, which is told instead, to tenant and platform.
CREATE FUNCTION pg_temp.due_while(statement text) RETURNS TABLE (due boolean, state text, problem text, counted text) LANGUAGE plpgsql AS $$
BEGIN
	BEGIN
		EXECUTE statement;
		due := (SELECT s.oldest_due IS NOT NULL FROM voiceagent.status() s WHERE s.component = 'dialer');
		state := (SELECT s.state FROM voiceagent.status() s WHERE s.component LIKE 'carrier account %');
		problem := (SELECT regexp_replace(p, '\d+', 'N', 'g') FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE 'carrier account%');
		counted := (SELECT c.state FROM voiceagent_private.account_conditions(NULL) c WHERE c.component ~ format(' of tenant %s ', voiceagent.current_tenant()));
		RAISE EXCEPTION USING ERRCODE = 'VATRY';
	EXCEPTION WHEN SQLSTATE 'VATRY' THEN
	END;
	RETURN NEXT;
END $$;
SELECT w.due, w.state, w.problem, coalesce(w.counted LIKE '%not armed', false) AS counted FROM unnest(ARRAY['SELECT',
	'SELECT pg_temp.claim(20)',
	format('UPDATE voiceagent.provider_accounts SET provider = ''vapi'' WHERE provider_account_id = %s', :a)]) WITH ORDINALITY AS i(statement, place),
	LATERAL pg_temp.due_while(i.statement) w ORDER BY i.place;
-- A pace of the campaign's own.
SELECT pg_temp.start('paced', pg_temp.leads('+12025551', 5), '{"call_interval": 3}') AS paced \gset
SELECT * FROM pg_temp.words(:paced);
-- A tool that is asked before each dial, and has no answer: leads are due, or it has put them off; what could not be sent by its secret says what to do.
INSERT INTO voiceagent.own_tools (tenant_id, name, description, parameters, url, home, created_at)
VALUES (voiceagent.current_tenant(), 'crm', 'Knows', '{"type": "object", "properties": {}}', 'https://example.com/tool', voiceagent_private.home(), voiceagent.clock());
SELECT pg_temp.start('asks', pg_temp.leads('+12025553', 5), '{"before_dial": "crm"}') AS asks \gset
SELECT coalesce(status_reason NOT LIKE '%crm%', true) AS not_the_tool FROM pg_temp.words(:asks);
SELECT w.* FROM unnest(ARRAY['failures = 2', 'failures = 0', 'failures = 0']) WITH ORDINALITY AS i(change, place), LATERAL pg_temp.while(:asks, format($$
	UPDATE voiceagent.own_tools SET last_error = 'HTTP status 503', %1$s;
	UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() + interval '15 minutes' WHERE campaign_id = %2$s AND %3$s = 2;
	INSERT INTO voiceagent_private.secrets (tenant_id, name, sealed, created_at) SELECT tenant_id, voiceagent_private.secret_name('own_tool', tool_id, 1), '\x00', now() FROM voiceagent.own_tools WHERE name = 'crm' AND %3$s = 3$$,
	i.change, :asks, i.place)) w ORDER BY i.place;
SELECT status_reason LIKE 'outside calling hours%' AS hours_first FROM pg_temp.while(:asks, format($$UPDATE voiceagent.own_tools SET last_error = 'HTTP status 503';
	UPDATE voiceagent_private.lanes SET opens_at = voiceagent.clock() + interval '1 hour' WHERE campaign_id = %s$$, :asks));
-- Another tenant's campaign is nobody's.
SELECT pg_temp.tenant('r55 waits other') > 0 AS made \gset
SAVEPOINT unknown;
SELECT voiceagent.explain_campaign(:c);
ROLLBACK TO unknown;
-- All that the tenant may have.
SELECT voiceagent.set_setting('tenant_max_concurrent_calls', '9') \g /dev/null
SELECT pg_temp.start('capped', pg_temp.leads('+12025552', 40), '{"max_concurrent_calls": 20}') AS c \gset
SELECT pg_temp.claim(20) \g /dev/null
SELECT * FROM pg_temp.words(:c);
ROLLBACK;
