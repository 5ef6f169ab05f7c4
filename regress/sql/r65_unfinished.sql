-- Answered, but ended before it came to a result (X2): called again soon; whatever the analysis is sure of wins.
SELECT what, voiceagent_private.decide_outcome('completed', class, structured::jsonb, evaluation, talk, 20) AS outcome
FROM (VALUES
	('short', 'ok', '{}', NULL, 19.9), ('as long as the limit', 'ok', '{}', NULL, 20), ('never a word', 'ok', NULL, NULL, 0),
	('long, then hung up', 'ok', '{"interest": "unknown"}', 'false', 200), ('short, the carrier calls it a success', 'ok', '{}', 'true', 5),
	('short, and declined', 'ok', '{"interest": "none"}', 'false', 5), ('short, and booked', 'ok', '{"slot_booked": "tomorrow"}', NULL, 5),
	('short, and opted out', 'ok', '{"do_not_call": true}', NULL, 3), ('short, and the wrong person', 'ok', '{"wrong_number": true}', NULL, 3),
	('short, and asked for later', 'ok', '{"callback": true}', NULL, 3), ('short, and qualified', 'ok', '{"qualified": "yes"}', NULL, 3),
	('a machine', 'machine', '{}', NULL, 3), ('long, cut by a fault', 'retry', '{}', NULL, 200),
	('cut by a fault after they booked', 'retry', '{"appointment": {"booked": true}}', NULL, 200)) AS v(what, class, structured, evaluation, talk);
SELECT voiceagent_private.decide_outcome('completed', 'ok', '{}', NULL, 0, 0) AS switched_off;
-- who is put through to a person is not called again by the robot, however soon, unless he said so; who never said a word was not reached, however long
-- the line was open; of a report without words nobody knows that
SELECT class, talk, turns, structured, voiceagent_private.decide_outcome('completed', class, structured::jsonb, evaluation, talk, 20, machine, turns::jsonb) AS outcome
FROM (VALUES ('forwarded', 15, '[]', '{}', NULL, NULL), ('forwarded', 15, '[]', '{"callback": true}', 'false', NULL), ('forwarded', 15, NULL, '{}', NULL, 'voicemail'),
	('silence', 45, '[{"speaker": "assistant"}]', '{}', 'false', NULL), ('silence', 45, '[{"speaker": "assistant"}, {"speaker": "customer"}]', '{}', 'false', NULL),
	('silence', 45, '[]', '{}', 'false', NULL), ('silence', 45, NULL, '{}', 'false', NULL), ('silence', 45, '[{"speaker": "assistant"}]', '{"interest": "none"}', 'false', NULL),
	('silence', 45, '[{"speaker": "assistant"}]', '{}', NULL, 'voicemail'), ('ok', 45, '[{"speaker": "assistant"}]', '{}', 'false', NULL))
	AS v(class, talk, turns, structured, evaluation, machine);
-- a fault in a conversation is no failure to connect
SELECT status, class, turns, voiceagent_private.ended_status(status, turns::jsonb)
FROM (VALUES ('failed', 'retry', '[{"turn": 1, "speaker": "assistant", "text": "Hello"}, {"turn": 2, "speaker": "customer", "text": "Hi"}]'),
	('failed', 'retry', '[{"turn": 1, "speaker": "assistant", "text": "Hello"}]'), ('failed', 'retry', NULL), ('failed', 'retry', '{}'),
	('failed', 'account', '[{"speaker": "customer"}]'), ('failed', 'assistant', '[{"speaker": "customer"}]'), ('busy', 'busy', '[{"speaker": "customer"}]'),
	('no_answer', 'no_answer', '[{"speaker": "customer"}]'), ('failed', 'bad_number', '[{"speaker": "customer"}]'),
	('failed', 'canceled', '[{"speaker": "customer"}]'), ('failed', NULL, '[{"speaker": "customer"}]'),
	('no_answer', 'no_answer', '[{"speaker": "assistant"}]')) AS v(status, class, turns);
-- but the outcome of a call that a fault of what the calls say cut is one, unless the person said something outright before
SELECT said, voiceagent_private.decide_outcome('completed', 'assistant', said::jsonb),
	voiceagent_private.decide_outcome('failed', 'assistant', said::jsonb) AS without_them
FROM (VALUES ('{"do_not_call": true}'), ('{"wrong_number": true}'), ('{"appointment": {"booked": true}}'), ('{"callback": true}'), ('{"interest": "high"}'), (NULL)) AS v(said);
-- and an opt-out is heard however the call ended
SELECT status, class, voiceagent_private.decide_outcome(status, class, '{"do_not_call": true}')
FROM (VALUES ('failed', 'assistant'), ('failed', 'account'), ('failed', 'bad_number'), ('busy', 'busy'), ('no_answer', 'no_answer')) AS v(status, class);

\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
-- 15 minutes, an attempt each, one cap for all reasons; replays change nothing
BEGIN;
SELECT pg_temp.begin_calls('Unfinished', ARRAY['3051', '3052', '3053', '3054'], '{"retry_attempts": 1, "retry_delay_unfinished": "15 minutes"}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.webhook('3051', 'report', 'customer-ended-call', 8, '{}'::jsonb || '{"interest": "unknown"}'));
SELECT voiceagent_private.apply_inbox(10);
-- (the helper's reports say "success", which is a result)
SELECT * FROM pg_temp.seen() WHERE number = '3051';
CREATE FUNCTION pg_temp.undecided(body bytea) RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to((convert_from(body, 'UTF8')::jsonb #- '{message,analysis,successEvaluation}')::text, 'UTF8') $$;
SELECT pg_temp.take(pg_temp.undecided(pg_temp.webhook('3052', 'report', 'customer-ended-call', 8)),
	pg_temp.undecided(pg_temp.webhook('3053', 'report', 'call.in-progress.error-pipeline-no-available-llm-model', 95)),
	pg_temp.undecided(pg_temp.webhook('3054', 'report', 'customer-ended-call', 95)));
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.take(pg_temp.undecided(pg_temp.webhook('3052', 'report', 'customer-ended-call', 8)));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
SELECT right(l.phone, 4) AS number, round(extract(epoch FROM q.not_before - voiceagent.clock()) / 60) AS minutes
FROM voiceagent_private.call_queue q JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE q.tenant_id = voiceagent.current_tenant() ORDER BY 1;
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.undecided(pg_temp.webhook('3052', 'report', 'silence-timed-out', 12)),
	pg_temp.undecided(pg_temp.webhook('3053', 'report', 'customer-busy')));
SELECT voiceagent_private.apply_inbox(10);
SELECT * FROM pg_temp.seen();
SELECT status, answered_calls, calls FROM voiceagent.campaign_progress;
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- who hung up is dialled once more, not as often as retry_attempts; redial_after_hangup says how often; another end between them counts for nothing
BEGIN;
SELECT pg_temp.begin_calls('Hung up', ARRAY['3055', '3056'], '{"retry_attempts": 5, "number_calls_per_day": 0}') > 0 AS ready;
SELECT max(campaign_id) AS c FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant() \gset
CREATE FUNCTION pg_temp.hang_up(second text) RETURNS TABLE (number text, status text, reason text, attempts integer) LANGUAGE plpgsql AS $$
BEGIN
	UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
	PERFORM pg_temp.dial();
	PERFORM pg_temp.take(pg_temp.undecided(pg_temp.webhook('3055', 'report', 'customer-ended-call', 8)), pg_temp.undecided(pg_temp.webhook('3056', 'report', second, CASE second WHEN 'customer-busy' THEN NULL ELSE 8 END)));
	PERFORM voiceagent_private.apply_inbox(10);
	RETURN QUERY SELECT right(l.phone, 4), m.status::text, m.reason, m.attempts FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id)
	WHERE m.tenant_id = voiceagent.current_tenant() AND l.phone ~ '305[56]$' ORDER BY 1;
END
$$;
SELECT * FROM pg_temp.hang_up('customer-busy');
SAVEPOINT never;
SELECT voiceagent.update_campaign(:c, '{"redial_after_hangup": 0}') > 0 AS never;
SELECT * FROM pg_temp.hang_up('customer-ended-call');
ROLLBACK TO never;
SELECT * FROM pg_temp.hang_up('customer-ended-call');
SELECT * FROM pg_temp.hang_up('customer-ended-call');
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- who has talked was reached, and is charged for, whatever leg of a transfer ended the call; without a word of theirs nobody was
BEGIN;
SELECT pg_temp.begin_calls('Legs', ARRAY['3061', '3062', '3063', '3064', '3065', '3066']) > 0 AS ready;
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.leg(number text, reason text) RETURNS bytea LANGUAGE sql AS $$
	SELECT pg_temp.undecided(pg_temp.webhook(number, 'report', 'call.in-progress.error-providerfault-outbound-sip-' || reason, 55)) $$;
SELECT pg_temp.take(pg_temp.leg('3061', '403-forbidden'), pg_temp.leg('3062', '408-request-timeout'),
	pg_temp.leg('3063', '480-temporarily-unavailable'), pg_temp.leg('3064', '503-service-unavailable'), pg_temp.leg('3066', '407-proxy-authentication-required'),
	convert_to((convert_from(pg_temp.leg('3065', '480-temporarily-unavailable'), 'UTF8')::jsonb #- '{message,artifact}')::text, 'UTF8'));
SELECT voiceagent_private.apply_inbox(10);
SELECT number, status, outcome, right(cause, 24) AS cause, seconds, credits, lead_status, queued FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, c.counts FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() AND c.cause_class = 'account';
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- so it is in the carrier's reports, forwarded in vain or not
BEGIN;
SELECT pg_temp.begin_calls('Put through', '{3101,3102,3103,3104}') > 0 AS ready;
SELECT pg_temp.dial();
SELECT pg_temp.take(pg_temp.undecided(pg_temp.webhook('3101', 'report', 'assistant-forwarded-call', 15)),
	pg_temp.undecided(pg_temp.webhook('3102', 'report', 'call.forwarding.operator-busy', 15)),
	convert_to((convert_from(pg_temp.undecided(pg_temp.webhook('3103', 'report', 'silence-timed-out', 45)), 'UTF8')::jsonb #- '{message,artifact,messages,1}')::text, 'UTF8'),
	pg_temp.undecided(pg_temp.webhook('3104', 'report', 'silence-timed-out', 45)));
SELECT voiceagent_private.apply_inbox(10);
SELECT number, outcome, cause, seconds, credits, lead_status, queued FROM pg_temp.seen();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- the words that a call names to the person at its start opt out, though no analysis has come of them, or one that missed them, and
-- though the report cannot be applied whole; of others' calling, or in the assistant's mouth, they do not
SELECT said, voiceagent_private.customer_opted_out(jsonb_build_array('{"speaker": "assistant", "text": "Hello"}'::jsonb,
	jsonb_build_object('speaker', 'customer', 'text', said))) AS asked
FROM unnest(ARRAY['Stop calling.', 'STOP CALLING ME!', 'Please, stop calling me again', 'Hello? No, stop calling. Bye.', 'Stop calling this number, please', 'don''t stop calling',
	'you can stop calling him, he moved', 'if you stop calling', 'stop', NULL]) AS said;
SELECT v.said, v.asks FROM (VALUES ('Don''t call me again.', true), ('Please never call this number again!', true), ('do not call here any more', true), ('No. Don’t ever call me again, please.', true),
	('Take me off your list.', true), ('Can you please remove my number from your call list?', true), ('Put me on your do-not-call list.', true), ('No me llame más, por favor.', true),
	('Deje de llamarme', true), ('Ne m''appelez plus.', true), ('Arrêtez d''appeler', true), ('Arrêtez de m''appeler !', true), ('Rufen Sie mich bitte nicht mehr an.', true), ('Bitte rufen Sie nie wieder an', true),
	('You need to stop calling me.', true), ('I told you to stop calling me.', true), ('Quit calling me.', true), ('I don''t want you to call me again.', true),
	('Don''t you ever call me again.', true), ('I do not want to be called any more', true), ('I said stop calling me!', true),
	('You need to stop calling him.', false), ('I told you to stop calling before nine.', false), ('I don''t want you to call me again before Monday.', false), ('I don''t want you to call me.', false),
	('Don''t call me again until Monday.', false), ('Don''t call me again today', false), ('I said don''t call him again', false), ('Take me off the list of attendees, please', false), ('no me llame antes del lunes', false),
	('Put me on your list', false), ('Call me again.', false), ('Rufen Sie mich morgen an.', false), ('Never call before nine', false)) AS v(said, asks)
WHERE v.asks IS DISTINCT FROM voiceagent_private.customer_opted_out(jsonb_build_array(jsonb_build_object('speaker', 'customer', 'text', v.said)));
SELECT turns, voiceagent_private.customer_opted_out(turns::jsonb)
FROM unnest(ARRAY['[{"speaker": "assistant", "text": "Stop calling"}]', '[{"speaker": "customer", "text": 5}, 7]', '{}', '[]', NULL]) AS turns;
BEGIN;
SELECT pg_temp.begin_calls('Stop', '{3111,3112,3113,3114}') > 0 AS ready;
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.stop(number text, changes jsonb DEFAULT '{}') RETURNS bytea LANGUAGE sql AS $$
	SELECT convert_to(jsonb_set(jsonb_set(convert_from(pg_temp.undecided(pg_temp.webhook(number, 'report', 'customer-ended-call', 8)), 'UTF8')::jsonb,
		'{message,artifact,messages,1,message}', '"Stop calling me."'), '{message,analysis}', changes)::text, 'UTF8') $$;
SELECT pg_temp.take(pg_temp.stop('3111'), pg_temp.stop('3112', '{"structuredData": {"do_not_call": false, "interest": "low"}, "successEvaluation": "true"}'),
	pg_temp.stop('3113', '{"structuredData": ["none"]}'));
SELECT voiceagent_private.apply_inbox(10);
ALTER TABLE voiceagent.calls ADD CONSTRAINT poison CHECK (summary <> 'Poison') NOT VALID;
SELECT pg_temp.take(pg_temp.stop('3114', '{"summary": "Poison"}'));
DO $$
BEGIN
	FOR i IN 1 .. voiceagent_private.platform_setting('inbox_tries')::integer LOOP
		UPDATE voiceagent_private.inbox SET next_try_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
		PERFORM voiceagent_private.apply_inbox(10);
	END LOOP;
END $$;
SELECT number, status, outcome, lead_status, queued FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, c.evaluation, c.structured_data, d.source FROM voiceagent.calls c
LEFT JOIN voiceagent.do_not_call_list d USING (tenant_id, phone) WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- the model's key dies in the conversations: who asked not to be called is not called again, what was agreed holds, and the
-- campaign is held back; who had only begun to speak is called again when that is repaired, and counts as called
-- and as answered, for as long as it talked
BEGIN;
SELECT pg_temp.begin_calls('Cut', ARRAY['3071', '3072', '3073', '3074', '3075', '3076', '3077']) > 0 AS ready;
SELECT pg_temp.dial();
CREATE FUNCTION pg_temp.cut(number text, said jsonb, talk_s numeric DEFAULT 55) RETURNS bytea LANGUAGE sql AS $$
	SELECT pg_temp.undecided(pg_temp.webhook(number, 'report', 'pipeline-error-openai-429-exceeded-quota', talk_s, said)) $$;
SELECT pg_temp.take(pg_temp.cut('3071', '{"do_not_call": true}'), pg_temp.cut('3072', '{"appointment": {"booked": true, "phrase": "tomorrow at 10:00"}}'),
	pg_temp.cut('3073', '{"callback": {"requested": true, "phrase": "tomorrow at 10:00"}}'), pg_temp.cut('3074', '{"wrong_number": true}'),
	pg_temp.cut('3075', '{"interest": "none"}'), pg_temp.cut('3076', '{}', 0), pg_temp.cut('3077', '{"do_not_call": true}', 0));
SELECT voiceagent_private.apply_inbox(10);
SELECT number, status, outcome, seconds, credits, lead_status, reason, attempts, queued FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, c.cause_class, c.counts FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(d.phone, 4) AS number FROM voiceagent.do_not_call_list d WHERE d.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT count(*) AS appointments FROM voiceagent.appointments a WHERE a.tenant_id = voiceagent.current_tenant();
SELECT c.status, c.status_reason, p.suspended FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id)
WHERE c.tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.resume_suspended(NULL) AS repaired;
UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.dial();
SELECT number, calls, lead_status FROM pg_temp.seen() WHERE calls > 1;
SELECT * FROM voiceagent_private.check_tenant();
COMMIT;

-- the same in a report that cannot be applied whole: neither the opt-out nor that they had spoken is lost with the words
BEGIN;
SELECT pg_temp.begin_calls('Cut, bare', ARRAY['3081', '3082']) > 0 AS ready;
SELECT pg_temp.dial();
ALTER TABLE voiceagent.calls ADD CONSTRAINT poison CHECK (summary <> 'They talked.') NOT VALID;
SELECT pg_temp.take(pg_temp.cut('3081', '{"do_not_call": true}'), pg_temp.cut('3082', '{}'));
DO $$
BEGIN
	FOR i IN 1 .. voiceagent_private.platform_setting('inbox_tries')::integer LOOP
		UPDATE voiceagent_private.inbox SET next_try_at = '-infinity' WHERE tenant_id = voiceagent.current_tenant();
		PERFORM voiceagent_private.apply_inbox(10);
	END LOOP;
END $$;
SELECT right(w.reason, 48) AS reason FROM voiceagent.webhook_failures w WHERE w.tenant_id = voiceagent.current_tenant();
SELECT number, status, outcome, lead_status, queued FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, c.counts FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant() ORDER BY 1;
SELECT right(d.phone, 4) AS number FROM voiceagent.do_not_call_list d WHERE d.tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
ROLLBACK;

-- it ends a call that outlives the running of its campaign: that is not held back, and says so when it goes on
BEGIN;
SELECT pg_temp.begin_calls('Cut, paused', ARRAY['3091', '3092']) > 0 AS ready;
SELECT pg_temp.dial();
SELECT voiceagent.pause_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.cut('3091', '{}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT c.status, c.status_reason, p.suspended FROM voiceagent.campaigns c JOIN voiceagent_private.pacing p USING (tenant_id, campaign_id)
WHERE c.tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant();
SELECT voiceagent.resume_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.take(pg_temp.cut('3092', '{}'));
SELECT voiceagent_private.apply_inbox(10);
SELECT c.status, c.status_reason FROM voiceagent.campaigns c WHERE c.tenant_id = voiceagent.current_tenant();
ROLLBACK;

-- only who holds the conversation tells what came of it: at every other carrier, with a socket that talks or without, who has heard
-- a short announcement to its end is not called again for its being short, but after a fault
BEGIN;
SELECT pg_temp.begin_calls('Announced', ARRAY(SELECT (3100 + n)::text FROM generate_series(1, cardinality(voiceagent_private.driver_names()) + 1) n)) > 0 AS ready;
SELECT pg_temp.dial() = cardinality(voiceagent_private.driver_names()) + 1 AS dialled;
INSERT INTO voiceagent.provider_accounts (tenant_id, provider, name, max_concurrent_calls, created_at)
SELECT voiceagent.current_tenant(), p, 'at ' || p, 1, voiceagent.clock() FROM unnest(voiceagent_private.driver_names()) p;
UPDATE voiceagent.calls c SET provider_account_id = a.provider_account_id
FROM unnest(voiceagent_private.driver_names() || ARRAY['telnyx']) WITH ORDINALITY n(provider, nth) JOIN voiceagent.provider_accounts a ON a.name = 'at ' || n.provider
WHERE c.tenant_id = voiceagent.current_tenant() AND a.tenant_id = c.tenant_id AND c.call_id = pg_temp.call_of((3100 + n.nth)::text);
SELECT voiceagent_private.apply_events(array_agg(ROW(NULL, c.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'report',
	'status', 'completed', 'cause', 'its end', 'cause_class', CASE right(c.phone, 4) WHEN (3101 + cardinality(voiceagent_private.driver_names()))::text THEN 'retry' ELSE 'ok' END,
	'duration_seconds', 12, 'answered_at', voiceagent.clock(), 'ended_at', voiceagent.clock() + interval '12 seconds')), NULL)::voiceagent_private.matched_event ORDER BY c.call_id))
FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant();
SELECT a.provider, c.cause_class, c.outcome, s.lead_status, s.queued FROM pg_temp.seen() s
JOIN voiceagent.calls c ON c.tenant_id = voiceagent.current_tenant() AND c.call_id = pg_temp.call_of(s.number)
JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id) ORDER BY s.number;
ROLLBACK;
