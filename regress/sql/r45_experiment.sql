-- 45_campaign: two versions in one campaign by share, kept by lead, told apart by calls, ended by a person.
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
\set VERBOSITY terse
-- Seed and lead alone decide, by share, the same each time, and each seed otherwise.
SELECT count(*) FILTER (WHERE voiceagent_private.variant_of(7, 0.3, i) = 'b') AS of_10000, count(*) FILTER (WHERE voiceagent_private.variant_of(7, 0.5, i) = 'b') AS half,
	count(*) FILTER (WHERE voiceagent_private.variant_of(7, 0.3, i) <> voiceagent_private.variant_of(8, 0.3, i)) AS otherwise FROM generate_series(1, 10000) i;
SELECT string_agg(voiceagent_private.variant_of(7, 0.5, i), '' ORDER BY i) FROM generate_series(1, 30) i;

BEGIN;
SELECT pg_temp.tenant('r45 experiment') AS tenant \gset
SELECT pg_temp.leads('+12025550', 40) AS leads \gset
SELECT voiceagent.create_assistant('Ada', 'Hello, this is A.', 'Be kind.') AS ada \gset
SELECT voiceagent.create_campaign('compared', :ada, settings => '{"max_concurrent_calls": 100, "call_interval": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}') AS c \gset
SELECT voiceagent.add_leads(:c, :'leads'::bigint[]) > 0 AS added \g /dev/null
SELECT voiceagent.start_campaign(:c) \g /dev/null
SELECT min(lead_id) AS first FROM unnest(:'leads'::bigint[]) lead_id \gset
SAVEPOINT s;
-- bad input
SELECT voiceagent.start_experiment(:c);
ROLLBACK TO s;
SELECT voiceagent.start_experiment(-1);
ROLLBACK TO s;
SELECT voiceagent.start_experiment(:c, version := 9);
ROLLBACK TO s;
SELECT voiceagent.start_experiment(:c, assistant_id := -1);
ROLLBACK TO s;
SELECT voiceagent.start_experiment(:c, share := 1);
ROLLBACK TO s;
SELECT voiceagent.start_experiment(:c, share := 'NaN');
ROLLBACK TO s;
SELECT voiceagent.start_experiment(:c, seed := -1);
ROLLBACK TO s;
SELECT voiceagent.finish_experiment(-1, 'a');
ROLLBACK TO s;
SELECT voiceagent.experiment_report(-1);
ROLLBACK TO s;
-- A variable that only b needs: nobody hears a gap in a sentence.
SELECT voiceagent.update_assistant(:ada, '{"first_message": "Hello {{nickname}}"}');
SELECT voiceagent.start_experiment(:c);
ROLLBACK TO s;
SELECT voiceagent.update_assistant(:ada, '{"first_message": "Good day, this is B.", "voice": "Rosa"}');
SELECT voiceagent.start_experiment(:c, share := 0.5, seed := 42) AS e \gset
SELECT seed, share, a_version, b_version, b_assistant_id = a_assistant_id AS one_assistant, finished_at FROM voiceagent.experiments WHERE tenant_id = :tenant;
-- The campaign keeps a, and its other settings may change; what is compared may not.
SELECT assistant_version, v.settings #>> '{experiment,b,version}' AS b FROM voiceagent.campaign_versions v JOIN voiceagent.campaigns c USING (tenant_id, campaign_id, version) WHERE c.campaign_id = :c;
SELECT voiceagent.update_campaign(:c, '{"retry_attempts": 5}') > 1 AS changed, voiceagent.update_campaign(:c, '{}') > 1 AS still_compared;
SELECT assistant_version, retry_attempts, v.settings #>> '{experiment,b,version}' AS b FROM voiceagent.campaign_versions v JOIN voiceagent.campaigns c USING (tenant_id, campaign_id, version) WHERE c.campaign_id = :c;
SAVEPOINT s;
SELECT voiceagent.start_experiment(:c);
ROLLBACK TO s;
SELECT voiceagent.update_campaign(:c, jsonb_build_object('assistant_id', voiceagent.create_assistant('Other', 'Hello', 'Sell.')));
ROLLBACK TO s;
SELECT voiceagent.update_campaign(:c, '{"experiment": {}}');
ROLLBACK TO s;
SELECT voiceagent.finish_experiment(:e, 'c');
ROLLBACK TO s;
-- Each lead hears its variant, and the call names the version; the request is that which the preview shows.
SELECT first_message, count(*) > 0 AS some, bool_and(voiceagent_private.variant_of(42, 0.5, lead_id) = CASE first_message WHEN 'Good day, this is B.' THEN 'b' ELSE 'a' END) AS by_lead,
	bool_and(system_prompt IS NOT NULL) AS prompts FROM voiceagent_private.claim_calls(25) GROUP BY first_message ORDER BY first_message;
SELECT assistant_version, count(*) > 0 AS some, bool_and(voiceagent.variant_of_lead(:e, lead_id) = CASE assistant_version WHEN 2 THEN 'b' ELSE 'a' END) AS by_lead
FROM voiceagent.calls WHERE campaign_id = :c GROUP BY assistant_version ORDER BY assistant_version;
-- The proofs count on as if it were one batch: no two calls under one cap have the same place.
SELECT count(*), count(DISTINCT live_calls), min(live_calls), max(live_calls), min(call_limit), max(call_limit) FROM voiceagent.eligibility WHERE tenant_id = :tenant;
SELECT count(*) FROM voiceagent_private.check_tenant();
SELECT count(*) AS wrong FROM unnest(:'leads'::bigint[]) l, LATERAL (SELECT voiceagent.preview_request(:c, l)::text AS request) r
WHERE (r.request ~ 'this is B') <> (voiceagent_private.variant_of(42, 0.5, l) = 'b');
-- A retry hears the same.
UPDATE voiceagent.calls SET status = 'busy', outcome = 'busy', credits = 0, ended_at = voiceagent.clock() WHERE outcome IS NULL AND campaign_id = :c;
SELECT voiceagent_private.end_calls(ARRAY(SELECT call_id FROM voiceagent_private.live_calls WHERE tenant_id = :tenant)) \g /dev/null
UPDATE voiceagent.campaign_leads SET status = 'retry' WHERE campaign_id = :c AND status = 'calling';
SELECT voiceagent_private.enqueue(:c, array_agg(lead_id ORDER BY lead_id), array_agg(voiceagent.clock()), NULL, NULL, array_agg(1::smallint)) FROM voiceagent.campaign_leads WHERE campaign_id = :c AND status = 'retry';
SELECT count(*) AS claimed FROM voiceagent_private.claim_calls(100);
SELECT count(*) AS retries, count(*) FILTER (WHERE c.assistant_version <> o.assistant_version) AS changed FROM voiceagent.calls c
JOIN voiceagent.calls o USING (tenant_id, lead_id) WHERE c.campaign_id = :c AND c.attempt_number = 2 AND o.attempt_number = 1;
-- The report counts leads, not calls, and those whose calls have ended; a booking and an opt-out are those of the call.
UPDATE voiceagent.calls SET status = 'completed', outcome = CASE WHEN assistant_version = 2 AND lead_id % 2 = 0 THEN 'scheduled' WHEN lead_id % 7 = 0 THEN 'do_not_call' ELSE 'not_interested' END::voiceagent.call_outcome,
	credits = 0, answered_at = voiceagent.clock(), ended_at = voiceagent.clock() WHERE outcome IS NULL AND campaign_id = :c;
INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, call_id, starts_at, ends_at, timezone, detected_by, created_at)
SELECT tenant_id, (SELECT min(calendar_id) FROM voiceagent.calendars WHERE tenant_id = :tenant), lead_id, call_id, timestamptz '2030-01-01 00:00Z' + call_id % 100000 * interval '1 hour',
	timestamptz '2030-01-01 00:30Z' + call_id % 100000 * interval '1 hour', 'UTC', '{}', voiceagent.clock() FROM voiceagent.calls WHERE campaign_id = :c AND outcome = 'scheduled';
SELECT leads_a + leads_b AS leads, count(*) AS measures, bool_and(rate_a = round(hits_a::numeric / leads_a, 4) AND rate_b = round(hits_b::numeric / leads_b, 4)) AS rates,
	bool_and(rate_a BETWEEN low_a AND high_a AND rate_b BETWEEN low_b AND high_b) AS within, bool_and(difference BETWEEN rate_b - rate_a - 0.0001 AND rate_b - rate_a + 0.0001) AS difference
FROM voiceagent.experiment_report(:e) GROUP BY 1;
SELECT measure, hits_b > 0 AS b, hits_a = 0 AS a, p_value < 1 AS tested FROM voiceagent.experiment_report(:e) WHERE measure IN ('booked', 'outcome scheduled');
SELECT hits_a + hits_b = (SELECT count(DISTINCT lead_id) FROM voiceagent.calls WHERE campaign_id = :c AND outcome = 'do_not_call') AS opted_out FROM voiceagent.experiment_report(:e) WHERE measure = 'opted_out';
-- Wilson's interval and the test of two proportions, as tables and textbooks have them.
SELECT * FROM voiceagent_private.wilson(0, 10), voiceagent_private.wilson(5, 10) AS half, voiceagent_private.wilson(10, 10) AS all_of, voiceagent_private.wilson(0, 0) AS none;
SELECT voiceagent_private.chance_of_difference(15, 100, 25, 100) AS p, voiceagent_private.chance_of_difference(1, 100, 1, 100) AS same,
	voiceagent_private.chance_of_difference(0, 10, 0, 10) AS never, voiceagent_private.chance_of_difference(0, 0, 1, 2) AS nobody, voiceagent_private.chance_of_difference(0, 100000, 100000, 100000) AS surely;
-- ... and by other ways: the interval ends where the score test begins to reject (to its last digit), and p is the normal distribution's, by its series.
SELECT count(*) AS intervals, bool_and(w.low = 0 AND k.k = 0 OR t.rejects[1] AND NOT t.rejects[2]) AS low, bool_and(w.high = 1 AND k.k = n.n OR t.rejects[4] AND NOT t.rejects[3]) AS high
FROM unnest('{1,2,3,7,10,50,333,5000}'::bigint[]) AS n(n), LATERAL (SELECT DISTINCT n.n * i / 10 AS k FROM generate_series(0, 10) i) k, voiceagent_private.wilson(k.k, n.n) w,
	LATERAL (SELECT array_agg((k.k::float8 / n.n - u.p) ^ 2 > 3.841458821 * u.p * (1 - u.p) / n.n ORDER BY u.place) AS rejects
		FROM unnest(ARRAY[w.low - 0.00006, w.low + 0.00006, w.high - 0.00006, w.high + 0.00006]::float8[]) WITH ORDINALITY AS u(p, place)) t;
SELECT count(*) AS tests, max(abs(voiceagent_private.chance_of_difference(c.a, 100, c.b, 200) - (1 - e.erf))) < 0.0001 AS same
FROM (SELECT a, b FROM unnest('{5,20,50,77}'::bigint[]) a, unnest('{10,35,60,120}'::bigint[]) b) c,
	LATERAL (SELECT abs(c.a / 100.0 - c.b / 200.0)::float8 / sqrt(((c.a + c.b) / 300.0 * (1 - (c.a + c.b) / 300.0) * 0.015)::float8) / sqrt(2::float8) AS x) z,
	LATERAL (SELECT CASE WHEN z.x >= 5 THEN 1 ELSE least(2 / sqrt(pi()) * sum((-1.0::float8) ^ i * z.x ^ (2 * i + 1) / (factorial(i)::float8 * (2 * i + 1))), 1) END AS erf FROM generate_series(0, 100) i) e;
-- An assistant that is compared is not put away.
SAVEPOINT s;
SELECT voiceagent.archive_assistant(:ada);
ROLLBACK TO s;
-- A person names the winner: the campaign takes it up, whatever the assistant has become meanwhile.
SELECT voiceagent.update_assistant(:ada, '{"first_message": "Third."}');
SELECT voiceagent.finish_experiment(:e, 'b') > 1 AS in_force;
SELECT winner, finished_at IS NOT NULL AS finished, end_campaign_version > first_campaign_version AS bounded FROM voiceagent.experiments WHERE tenant_id = :tenant;
SELECT assistant_version, v.settings ? 'experiment' AS compares, c.experiment FROM voiceagent.campaign_versions v JOIN voiceagent.campaigns c USING (tenant_id, campaign_id, version) WHERE c.campaign_id = :c;
SELECT voiceagent.finish_experiment(:e, 'a');
ROLLBACK TO s;
-- What is called after it is not of it.
SELECT voiceagent.finish_experiment(:e, 'a') > 1 AS in_force;
SELECT assistant_version FROM voiceagent.campaign_versions v JOIN voiceagent.campaigns c USING (tenant_id, campaign_id, version) WHERE c.campaign_id = :c;
SELECT sum(leads_a + leads_b) AS before FROM voiceagent.experiment_report(:e) WHERE measure = 'booked' \gset
SELECT voiceagent.add_leads(:c, pg_temp.leads('+12025559', 3)) > 0 AS added \g /dev/null
SELECT first_message, count(*) FROM voiceagent_private.claim_calls(100) GROUP BY 1;
UPDATE voiceagent.calls SET status = 'busy', outcome = 'busy', credits = 0, ended_at = voiceagent.clock() WHERE outcome IS NULL AND campaign_id = :c;
SELECT sum(leads_a + leads_b) - :before AS more FROM voiceagent.experiment_report(:e) WHERE measure = 'booked';
-- Another tenant sees nothing of it.
SELECT pg_temp.tenant('r45 neighbour') > 0 AS made;
SAVEPOINT s;
SELECT voiceagent.experiment_report(:e);
ROLLBACK TO s;
SELECT voiceagent.finish_experiment(:e, 'a');
ROLLBACK TO s;
SELECT voiceagent.start_experiment(:c);
ROLLBACK TO s;
SELECT voiceagent.variant_of_lead(:e, 1);
ROLLBACK;

-- Two assistants, one of a campaign that is cloned: the copy compares nothing.
BEGIN;
SELECT pg_temp.tenant('r45 two') AS tenant \gset
SELECT voiceagent.create_assistant('Ada', 'Hello, this is A.', 'Be kind.') AS ada, voiceagent.create_assistant('Ben', 'Hello, this is Ben.', 'Be brief.') AS ben \gset
SELECT voiceagent.create_campaign('two', :ada, settings => '{"max_concurrent_calls": 100, "call_interval": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}') AS c \gset
SELECT voiceagent.start_experiment(:c, :ben, share := 0.5, seed := 1) AS e \gset
SELECT voiceagent.add_leads(:c, pg_temp.leads('+12025557', 60)) > 0 AS added \g /dev/null
SELECT voiceagent.start_campaign(:c) \g /dev/null
SELECT assistant_name, first_message, count(*) > 3 AS some FROM voiceagent_private.claim_calls(100) GROUP BY 1, 2 ORDER BY 1;
SELECT voiceagent.clone_campaign(:c) AS copy \gset
SELECT c.assistant_id = :ada AS same, c.experiment FROM voiceagent.campaigns c WHERE campaign_id = :copy;
SAVEPOINT s;
SELECT voiceagent.archive_assistant(:ben);
ROLLBACK TO s;
-- Nor is a version that has failed its test meanwhile taken up, unless somebody lets it through.
INSERT INTO voiceagent.test_runs (tenant_id, assistant_id, version, method, model, k, seed, complete, status, verdict, created_at, created_by, done_at)
VALUES (:tenant, :ben, 1, 'rules', 'sandbox', 1, 1, true, 'done', 'failed', voiceagent.clock(), 'r45', voiceagent.clock()) RETURNING test_run_id AS run \gset
INSERT INTO voiceagent.assistant_verdicts (tenant_id, assistant_id, version, verdict, method, test_run_id, tested_at)
VALUES (:tenant, :ben, 1, 'failed', 'rules', :run, voiceagent.clock());
SAVEPOINT s;
SELECT voiceagent.finish_experiment(:e, 'b');
ROLLBACK TO s;
SELECT voiceagent.allow_assistant_version(:ben, 1, 'The owner has read the report.') \g /dev/null
SELECT voiceagent.finish_experiment(:e, 'b') > 1 AS in_force;
SELECT assistant_id = :ben AS taken_up FROM voiceagent.campaigns WHERE campaign_id = :c;
SELECT count(*) FROM voiceagent.invariants();
ROLLBACK;
