-- Several numbers a lead (X16), each with its own do-not-call entries, consent and caps: a number that must not be dialled
-- gives way to the lead's next one, at queueing, in the queue and at the dial; the lead is dropped when none is left.
\set ECHO none
\i sql/r50_setup.inc
-- Leads with numbers 1 (+1202555NN01), 2 (in another zone) and 3.
CREATE FUNCTION pg_temp.several(nn text, n integer, numbers integer DEFAULT 3) RETURNS bigint[] LANGUAGE sql AS $$
	WITH made AS (
		INSERT INTO voiceagent.leads (tenant_id, phone, first_name, timezones, created_at)
		SELECT voiceagent.current_tenant(), format('+1202555%s%s1', nn, i), 'Lead ' || i, '{UTC}', voiceagent.clock() FROM generate_series(1, n) i
		RETURNING lead_id, phone
	), further AS (
		INSERT INTO voiceagent.lead_numbers (tenant_id, lead_id, number, phone, country, timezones)
		SELECT voiceagent.current_tenant(), m.lead_id, k, left(m.phone, -1) || k, CASE k WHEN 2 THEN 'GB' END,
			CASE k WHEN 2 THEN '{Etc/UTC}' ELSE '{UTC}' END::text[]
		FROM made m CROSS JOIN generate_series(2, numbers) k
	) SELECT array_agg(lead_id ORDER BY lead_id) FROM made
$$;
CREATE FUNCTION pg_temp.stands(campaign bigint) RETURNS TABLE (lead text, in_campaign text, reason text, lead_is text, number smallint, lane text, due boolean)
LANGUAGE sql AS $$
	SELECT right(l.phone, 2), c.status, c.reason, l.status, q.number, concat_ws(' ', n.timezones::text, nullif(n.region, '')),
		q.not_before <= voiceagent.clock()
	FROM voiceagent.campaign_leads c JOIN voiceagent.leads l USING (tenant_id, lead_id)
	LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id)
	LEFT JOIN voiceagent_private.lanes n ON n.tenant_id = q.tenant_id AND n.lane_id = q.lane_id
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = campaign ORDER BY l.lead_id
$$;
CREATE FUNCTION pg_temp.dialled(campaign bigint) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s by %s', right(l.phone, 2), c.number), ', ' ORDER BY l.lead_id)
	FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id)
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.campaign_id = campaign AND c.started_at >= transaction_timestamp()
$$;
CREATE FUNCTION pg_temp.past(number text, ago interval, VARIADIC changes text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
BEGIN
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version,
		provider_account_id, attempt_number, status, outcome, credits, started_at, ended_at, counts, lawful)
	SELECT v_tenant, c.campaign_id, 0, number, c.assistant_id, 1, 1, c.provider_account_id, 1, 'busy', 'busy', 0,
		voiceagent.clock() - ago, voiceagent.clock() - ago, 'never rang' <> ALL (changes), 'real' = ANY (changes)
	FROM voiceagent.campaigns c WHERE c.tenant_id = v_tenant ORDER BY c.campaign_id LIMIT 1;
END
$$;
CREATE FUNCTION pg_temp.claims(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_calls text[] := '{}';
BEGIN
	FOR i IN 1..n LOOP
		v_calls := v_calls || ARRAY(SELECT right(c.phone, 2) FROM voiceagent_private.claim_calls(100) c ORDER BY 1);
	END LOOP;
	RETURN v_calls;
END
$$;
\set ECHO all
-- The dial: each layer, a missing consent, the lifetime cap, a removed number.
BEGIN;
SELECT pg_temp.tenant('r50 next number') > 0 AS made;
SELECT pg_temp.several('10', 7) AS l \gset
SELECT pg_temp.start('next', :'l', '{"number_calls_lifetime": 1}') AS c \gset
INSERT INTO voiceagent_private.lanes (tenant_id, campaign_id, timezones, region, running, opens_at, closes_at)
VALUES (voiceagent.current_tenant(), :c, '{Etc/UTC}', 'GB', true, voiceagent.clock() - interval '1 hour', voiceagent.clock() + interval '1 hour');
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at)
SELECT voiceagent.current_tenant(), p, 'test', voiceagent.clock() FROM unnest('{+12025551011,+12025551071,+12025551072}'::text[]) p;
INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at)
SELECT voiceagent.current_tenant(), :c, p, 'test', voiceagent.clock() FROM unnest('{+12025551021,+12025551073}'::text[]) p;
INSERT INTO voiceagent_private.platform_do_not_call_list (entry, is_prefix, reason, created_at) VALUES ('+12025551031', false, 'test', voiceagent.clock());
INSERT INTO voiceagent.do_not_call_prefixes (tenant_id, prefix, reason, created_at)
VALUES (voiceagent.current_tenant(), '+1202555', 'x', voiceagent.clock());
SAVEPOINT area;
-- an area code that has all numbers leaves nothing to move on to
SELECT pg_temp.claims(3);
SELECT * FROM pg_temp.stands(:c);
ROLLBACK TO area;
DELETE FROM voiceagent.do_not_call_prefixes WHERE tenant_id = voiceagent.current_tenant();
-- the fourth has had its only call by number 1, the fifth waits for a number that it has no more
SELECT pg_temp.past('+12025551041', '3 days');
DELETE FROM voiceagent.lead_numbers WHERE tenant_id = voiceagent.current_tenant() AND phone LIKE '+1202555105_';
UPDATE voiceagent_private.call_queue SET number = 2 WHERE campaign_id = :c AND lead_id = (:'l'::bigint[])[5];
SELECT pg_temp.claims(1) AS first, pg_temp.claims(1) AS second;
SELECT pg_temp.dialled(:c);
SELECT * FROM pg_temp.stands(:c);
SELECT format('%s of %s', e.number, right(l.phone, 2)) AS proof, e.timezones, e.jurisdiction FROM voiceagent.eligibility e JOIN voiceagent.leads l USING (tenant_id, lead_id)
WHERE e.tenant_id = voiceagent.current_tenant() AND e.campaign_id = :c AND e.number > 1 ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE '%has its lead%' AND invariant NOT LIKE '%attempt with its proof%';
ROLLBACK;

-- Consent is a number's own.
BEGIN;
SELECT pg_temp.tenant('r50 consent of a number') > 0 AS made;
SELECT pg_temp.several('20', 3) AS l \gset
INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at)
SELECT voiceagent.current_tenant(), x.lead, x.phone, 'call', 'test', voiceagent.clock()
FROM (VALUES ((:'l'::bigint[])[1], '+12025552013'), ((:'l'::bigint[])[2], '+12025552021')) x(lead, phone);
SELECT pg_temp.start('consent', :'l', '{"require_consent": true}') AS c \gset
SELECT pg_temp.claims(2);
SELECT * FROM pg_temp.stands(:c);
SELECT pg_temp.dialled(:c);
ROLLBACK;

-- In the queue: who waits for a number that is listed goes on to the next in the same commit, or leaves; an opt-out of
-- one number is not one of the lead.
BEGIN;
SELECT pg_temp.tenant('r50 listed while queued') > 0 AS made;
SELECT pg_temp.several('30', 4, 2) AS l \gset
SELECT pg_temp.start('queued', :'l') AS c \gset
SELECT pg_temp.start('other', :'l') AS other \gset
UPDATE voiceagent_private.call_queue SET number = 2 WHERE tenant_id = voiceagent.current_tenant() AND lead_id = (:'l'::bigint[])[3];
SELECT voiceagent.do_not_call('+12025553011', 'asked');
SELECT voiceagent.do_not_call('+12025553022', 'asked');
SELECT voiceagent.campaign_do_not_call(:c, '+12025553032', 'asked');
SELECT voiceagent.import_do_not_call('+12025553041') - 'rejects' AS imported;
SELECT * FROM pg_temp.stands(:c);
SELECT number, count(*) FROM voiceagent_private.call_queue WHERE tenant_id = voiceagent.current_tenant() AND campaign_id = :other GROUP BY 1 ORDER BY 1;
-- the last number takes the lead with it; to allow either brings it back
SELECT voiceagent.do_not_call('+12025553012', 'asked');
SELECT voiceagent.do_not_call('+12025553021', 'asked');
SELECT voiceagent.block_prefix('+12025553', 'closed');
SELECT * FROM pg_temp.stands(:c);
SELECT status FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() ORDER BY campaign_id;
SELECT voiceagent.allow_call('+12025553012', 'came back'), voiceagent.allow_call('+12025553021', 'came back');
SELECT right(phone, 2) AS lead, status FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant() ORDER BY lead_id;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- Queueing: number 1 is listed, or the law leaves it no hours, and number 2 is free.
BEGIN;
SELECT pg_temp.tenant('r50 queue by the second') > 0 AS made;
SELECT pg_temp.several('40', 4, 2) AS l \gset
UPDATE voiceagent.leads SET status = 'do_not_call' WHERE lead_id = (:'l'::bigint[])[4];
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at)
SELECT voiceagent.current_tenant(), p, 'test', voiceagent.clock() FROM unnest('{+12025554011,+12025554021,+12025554022}'::text[]) p;
SELECT voiceagent.create_campaign('second', voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.')) AS c \gset
SELECT voiceagent.add_leads(:c);
SELECT voiceagent.start_campaign(:c);
SELECT lead, in_campaign, reason, lead_is, number, lane FROM pg_temp.stands(:c);
-- the way back after a call: the number was listed meanwhile
SELECT voiceagent_private.requeue(:c, (:'l'::bigint[])[3:3], ARRAY[voiceagent.clock()], '{5}', '{no_answer}', true, '{1}') AS waits_already;
DELETE FROM voiceagent_private.call_queue WHERE campaign_id = :c AND lead_id = (:'l'::bigint[])[3];
INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, created_at) VALUES (voiceagent.current_tenant(), '+12025554031', 'x', voiceagent.clock());
SELECT voiceagent_private.requeue(:c, (:'l'::bigint[])[3:3], ARRAY[voiceagent.clock()], '{5}', '{no_answer}', true, '{1}') AS queued;
SELECT lead, in_campaign, reason, number FROM pg_temp.stands(:c) WHERE lead = '31';
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- An import says so when a further number is on a list, and keeps it.
BEGIN;
SELECT pg_temp.tenant('r50 listed at import') > 0 AS made;
SELECT voiceagent.do_not_call('+12025555012', 'asked'), voiceagent.block_prefix('+1900', 'dear');
SELECT rows_imported, rows_rejected, rows_do_not_call FROM voiceagent.import_leads(
	E'phone,phone2,mobile 3\n+12125555011,+12025555012,+1 900 555 0101\n+12125555021,+12125555022,\n+12025555012,+12125555023,', '{"phone3": "mobile 3"}');
SELECT row_number, error_number, column_name, value, reason, kind FROM voiceagent.import_errors WHERE tenant_id = voiceagent.current_tenant() ORDER BY 1, 2;
SELECT number, phone FROM voiceagent.lead_numbers WHERE tenant_id = voiceagent.current_tenant() ORDER BY lead_id, number;
ROLLBACK;
