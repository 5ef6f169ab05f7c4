-- A call back that an incoming call promised is dialled at its hour, past the rests that are meant for others, or it waits with the reason; a day without an hour is asked for.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\i lib/incoming.inc
\i lib/live_incoming.inc
-- A sandbox account takes the call, a carrier's makes the one back.
CREATE OR REPLACE FUNCTION pg_temp.rings(call text, caller text) RETURNS bigint LANGUAGE sql AS $$
	UPDATE voiceagent.provider_accounts SET provider = 'sandbox', settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE tenant_id = voiceagent.current_tenant();
	SELECT voiceagent_private.begin_incoming_call((SELECT n.provider_account_id FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant()
		AND n.phone_number = '+12125550001'), call, caller, '+12125550001');
	UPDATE voiceagent.provider_accounts SET provider = 'vapi', settings = '{"phone_number_id": "p"}' WHERE tenant_id = voiceagent.current_tenant();
	SELECT i.call_id FROM voiceagent.call_inbound i WHERE i.tenant_id = voiceagent.current_tenant() AND i.provider_call_id = call $$;
CREATE FUNCTION pg_temp.asks(call bigint, words text) RETURNS text LANGUAGE sql AS $$
	SELECT voiceagent.call_tool(call, 'call_back', jsonb_build_object('when', words)) ->> 'result' $$;
CREATE FUNCTION pg_temp.at(at text) RETURNS void LANGUAGE sql AS $$
	SELECT set_config('voiceagent.clock_offset', extract(epoch FROM at::timestamptz - clock_timestamp())::text, true) $$;
CREATE FUNCTION pg_temp.places() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM voiceagent_private.place_callback(b) FROM voiceagent_private.incoming_callbacks b WHERE b.tenant_id = voiceagent.current_tenant() AND b.look_at <= voiceagent.clock();
	RETURN (SELECT string_agg(concat_ws(' ', CASE WHEN b.campaign_id IS NULL THEN 'not queued' ELSE 'queued' END, b.reason, 'until ' || to_char(b.look_at, 'DD HH24:MI')), ', ' ORDER BY b.call_id)
		FROM voiceagent_private.incoming_callbacks b WHERE b.tenant_id = voiceagent.current_tenant());
END
$$;
CREATE VIEW pg_temp.shown AS SELECT state, local_time, timezone, reason, (SELECT regexp_replace(w.what || ' | ' || w.settle, '(done|now|leads|lead|\[)(\(?)[0-9]+|leads\([0-9]+, ARRAY', '\1\2N', 'g') FROM voiceagent.waiting w WHERE w.kind = 'late callback' AND w.call_id = p.call_id) AS waits
FROM voiceagent.promised_callbacks p ORDER BY call_id;
\set ECHO all
BEGIN;
SET LOCAL TimeZone = 'America/New_York';
SET LOCAL voiceagent.public_base_url = 'https://calls.example.com';
SELECT pg_temp.at('2026-03-17 12:00-04') \g /dev/null
SELECT pg_temp.tenant('r80 promise') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
UPDATE voiceagent.provider_accounts SET base_url = 'https://carrier.example', armed_at = voiceagent.clock(), settings = '{"stream_url": "wss://talk.example.com/x"}' WHERE provider_account_id = :account;
SELECT voiceagent.create_assistant('Desk', 'Hello', 'Be kind.') AS assistant \gset
SELECT voiceagent.update_assistant(:assistant, '{"settings": {"tools": ["call_back", "book", "free_slots"]}}');
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
UPDATE voiceagent.phone_numbers SET state = 'ready', proof = 'tenant', proved_at = now() WHERE phone_number_id = :n;
SELECT voiceagent.update_phone_number(:n, jsonb_build_object('ai_assistant_id', :assistant));
SELECT voiceagent.create_calendar('Always', 'Asia/Tokyo', '{"start": "00:00", "end": "24:00"}', '1 hour') AS calendar \gset
SELECT voiceagent.use_calendar(:calendar, phone_number_id => :n);
SELECT voiceagent.set_setting('caller_name', 'Acme'), voiceagent.set_setting('caller_phone', '+1 800 555 0100'), voiceagent.set_setting('call_subject', 'roofs');
SELECT voiceagent.set_setting('calling_hours', '{"start": "09:00", "end": "18:00", "days": ["mon", "tue", "wed", "thu", "fri"]}');

-- What the caller hears: by its own clock, in words, and never what no dial may do.
SELECT pg_temp.rings('IN-1', '+12125550110') AS ann \gset
SELECT w.words, pg_temp.asks(:ann, w.words) AS said FROM unnest(ARRAY['tomorrow', '2026-03-19', 'Monday', 'next week', 'tomorrow morning', 'on Thursday afternoon', 'Saturday at ten', '2026-03-18T22:00', 'at some time', 'in two minutes']) w(words);
SELECT voiceagent.call_tool(:ann, 'book', '{"starts_at": "2026-03-19"}') ->> 'result' AS no_midnight, voiceagent.call_tool(:ann, 'book', '{"starts_at": "tomorrow morning"}') ->> 'result' AS no_hour;
SELECT pg_temp.rings('IN-2', '+12125550111') AS bob \gset
SELECT voiceagent.do_not_call('+12125550111', 'asked') \g /dev/null
SELECT pg_temp.asks(:bob, 'tomorrow at ten') AS barred;
SELECT pg_temp.ends(:ann), pg_temp.ends(:bob);
DELETE FROM voiceagent_private.incoming_callbacks WHERE tenant_id = :tenant;
SELECT pg_temp.rings('IN-3', '+12125550112') AS cora \gset
SELECT pg_temp.asks(:cora, 'in twenty minutes') AS soon;
SELECT pg_temp.ends(:cora);
SELECT * FROM pg_temp.shown;
SELECT regexp_replace(why, '[0-9]+ for', 'N for') AS why FROM voiceagent.explain_lead((SELECT lead_id FROM voiceagent.leads WHERE tenant_id = :tenant AND phone = '+12125550112')) WHERE what = 'callback';

-- At its hour it is dialled, though the caller was on the line a moment ago; a call that a stranger gets rests.
SELECT pg_temp.at('2026-03-17 12:20-04') \g /dev/null
SELECT lead_id AS lead FROM voiceagent.leads WHERE tenant_id = :tenant AND phone = '+12125550112' \gset
SAVEPOINT s;
SELECT voiceagent.call_now(:lead, :assistant, :account);
ROLLBACK TO s;
SELECT pg_temp.places();
SELECT reason, priority FROM voiceagent_private.call_queue WHERE tenant_id = :tenant;
SAVEPOINT s;
-- (A moved clock dials no real carrier.)
UPDATE voiceagent.provider_accounts SET provider = 'sandbox', settings = '{}' WHERE provider_account_id = :account;
SELECT pg_temp.claim(10) AS dialled;
SELECT * FROM pg_temp.shown;
ROLLBACK TO s;

-- What cannot be dialled says why, is asked again when the window opens, and is a person's after two days.
SELECT pg_temp.rings('IN-4', '+12125550113') AS dora \gset
SELECT pg_temp.asks(:dora, 'at five in the afternoon') AS at_five;
SELECT pg_temp.ends(:dora);
SELECT pg_temp.at('2026-03-17 17:00-04') \g /dev/null
UPDATE voiceagent.assistants SET active = false WHERE assistant_id = :assistant;
SELECT pg_temp.places() AS held;
SELECT pg_temp.at('2026-03-17 17:59-04') \g /dev/null
SELECT * FROM pg_temp.shown;
SELECT pg_temp.at('2026-03-17 18:30-04') \g /dev/null
SELECT pg_temp.places() AS closed;
SELECT pg_temp.at('2026-03-20 17:00-04') \g /dev/null
SELECT pg_temp.places() AS given_up;
SELECT kind, priority, note FROM voiceagent.tasks WHERE tenant_id = :tenant;
SELECT kind, what FROM voiceagent.waiting WHERE tenant_id = :tenant AND kind <> 'uncertain outcome';
-- Somebody has looked after the person.
UPDATE voiceagent.assistants SET active = true WHERE assistant_id = :assistant;
SELECT pg_temp.rings('IN-5', '+12125550114') AS eva \gset
SELECT pg_temp.asks(:eva, 'in five minutes') AS soon;
SELECT pg_temp.ends(:eva);
SELECT pg_temp.at('2026-03-20 17:05-04') \g /dev/null
UPDATE voiceagent.assistants SET active = false WHERE assistant_id = :assistant;
SELECT pg_temp.places();
SELECT voiceagent.follow_up_done(lead_id) FROM voiceagent.promised_callbacks;
SELECT * FROM pg_temp.shown;
SELECT pg_temp.at('2026-03-20 17:21-04') \g /dev/null
SELECT pg_temp.places() IS NULL AS over, count(*) AS tasks FROM voiceagent.tasks WHERE tenant_id = :tenant;
SELECT * FROM voiceagent.invariants();
ROLLBACK;
