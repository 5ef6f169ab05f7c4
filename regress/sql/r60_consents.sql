-- Consents that are asked for in a call: a row has the question, the quote and the second; recording begins with the yes, and nothing but the
-- person's own turn behind the question is one.
SET client_min_messages = warning;
\set ECHO none
\i lib/inbox_setup.inc
\set ECHO all
CREATE FUNCTION pg_temp.carrier(carrier text) RETURNS void LANGUAGE sql AS $$
	UPDATE voiceagent.provider_accounts SET provider = carrier.carrier, settings = '{"stream_url": "wss://bot.example/s"}' WHERE tenant_id = voiceagent.current_tenant();
	UPDATE voiceagent_private.live_calls SET provider = carrier.carrier WHERE tenant_id = voiceagent.current_tenant();
$$;
CREATE FUNCTION pg_temp.tell(number text, VARIADIC words text[]) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent.report_call(pg_temp.call_of(number), turns => jsonb_agg(jsonb_build_object('speaker', CASE n % 2 WHEN 1 THEN 'assistant' ELSE 'customer' END, 'text', w, 'seconds_from_start', 3 * n) ORDER BY n))
	FROM unnest(words) WITH ORDINALITY AS u(w, n)
$$;
CREATE FUNCTION pg_temp.kept() RETURNS TABLE (number text, kind text, holds boolean, quote text, second integer, question text, said text) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), c.kind, c.revoked_at IS NULL, c.quote, c.said_at_s, c.wording, regexp_replace(c.source, '\d+', 'N') FROM voiceagent.consents c
	WHERE c.tenant_id = voiceagent.current_tenant() AND c.call_id = pg_temp.call_of(right(c.phone, 4)) ORDER BY c.consent_id
$$;
CREATE FUNCTION pg_temp.records() RETURNS TABLE (number text, state text, request jsonb) LANGUAGE sql AS $$
	SELECT right(c.phone, 4), r.state, r.request_data - '{provider_call_id,attempt_ref}'::text[] FROM voiceagent.provider_requests r JOIN voiceagent.calls c USING (tenant_id, call_id)
	WHERE r.tenant_id = voiceagent.current_tenant() AND r.kind = 'record' ORDER BY 1
$$;
CREATE FUNCTION pg_temp.ends(number text) RETURNS void LANGUAGE sql AS $$
	SELECT voiceagent_private.apply_events(ARRAY[ROW(NULL, a.call_id, jsonb_populate_record(NULL::voiceagent.call_event, jsonb_build_object('kind', 'report',
		'status', 'completed', 'cause', 'hangup', 'cause_class', 'ok', 'provider_call_id', a.provider_call_id, 'ended_at', voiceagent.clock(),
		'answered_at', voiceagent.clock() - interval '60 seconds', 'duration_seconds', 60)),
		(SELECT min(e.endpoint_id) FROM voiceagent.webhook_endpoints e WHERE e.tenant_id = a.tenant_id))::voiceagent_private.matched_event])
	FROM voiceagent.attempts a WHERE a.tenant_id = voiceagent.current_tenant() AND a.call_id = pg_temp.call_of(number)
$$;
CREATE FUNCTION pg_temp.explained(number text) RETURNS text LANGUAGE sql AS $$ SELECT x.detail FROM voiceagent.explain_call(pg_temp.call_of(number)) x WHERE x.rule = 'recording' $$;
\set asked '''Hello Lead, it is Ann. May we record this call? Please say yes or no.'''

-- The carrier can begin in a call.
BEGIN;
SELECT pg_temp.begin_calls('Asks', ARRAY['2001', '2002', '2003', '2004', '2005', '2006', '2007'], '{"ask_to_record": true, "ask_to_call": true, "ask_to_text": true}') > 0 AS begun;
SELECT right(k.phone, 4) AS number, k.first_message, k.record FROM voiceagent_private.claim_calls(1) k;
SELECT voiceagent_private.lawful_prompt('Be kind.', jsonb_build_object('opt_out_instruction', 'Obey.', 'ask_to_call', c, 'ask_to_text', t), 'en') FROM unnest('{t,f}'::boolean[]) c, unnest('{t,f}'::boolean[]) t;
ROLLBACK;
BEGIN;
SELECT pg_temp.begin_calls('Asks', ARRAY['2001', '2002', '2003', '2004', '2005', '2006', '2007'], '{"ask_to_record": true, "ask_to_call": true, "ask_to_text": true}') > 0 AS begun;
SELECT pg_temp.dial(), pg_temp.carrier('telnyx');
-- what was asked is not agreed to before it is answered
SELECT pg_temp.tell('2001', :asked);
SELECT * FROM pg_temp.kept();
SELECT pg_temp.tell('2001', :asked, 'Yes, that is fine.'), pg_temp.tell('2002', :asked, 'No, I would rather not.'), pg_temp.tell('2003', :asked, 'What? Who is this?');
-- an analysis, a yes to another question, one before the question, one of the assistant's, one with a but
SELECT voiceagent.report_call(pg_temp.call_of('2004'), structured_data => '{"recording_consent": true, "consent": "yes"}', summary => 'They agreed to be recorded.') IS NOT NULL AS analysed;
SELECT pg_temp.tell('2004', 'Hello, is this Lead?', 'Yes.', :asked), pg_temp.tell('2005', :asked, 'Hello?', 'Yes.', 'Who are you?'), pg_temp.tell('2006', :asked, 'Yes, but only if it stays with you.'), pg_temp.tell('2007', :asked, 'Yes? Hello?');
SELECT * FROM pg_temp.kept();
SELECT * FROM pg_temp.records();
-- told again, nothing is added; a second question later
SELECT pg_temp.tell('2001', :asked, 'Yes, that is fine.', 'Thank you. May we call you again? Please say yes or no.', 'Sure.', 'And may we send you text messages? Please say yes or no.', 'No thanks.', 'Goodbye.');
SELECT number, kind, holds, quote, second FROM pg_temp.kept() WHERE number = '2001';
SELECT state, note FROM voiceagent.call_recording(pg_temp.call_of('2001'));
SELECT pg_temp.ends(n) FROM unnest('{2001,2002,2003,2004}'::text[]) n;
SELECT n, pg_temp.explained(n) FROM unnest('{2001,2002,2003,2004}'::text[]) n;
SELECT right(c.phone, 4) AS number, e.event_type, e.event_data FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type LIKE 'consent%' ORDER BY e.event_id;
-- The next call of each: who agreed is recorded from the start and not asked, who refused neither, who said neither is asked again.
SELECT right(l.phone, 4) AS number, voiceagent_private.asks_to_record('{"ask_to_record": true}', r.agreed) AS asks, r.agreed FROM voiceagent.leads l
LEFT JOIN LATERAL voiceagent_private.recording_consent(l.tenant_id, l.lead_id, l.phone) r ON true WHERE l.tenant_id = voiceagent.current_tenant() AND l.phone < '+12125552004' ORDER BY 1;
ROLLBACK;
-- One that cannot begin in a call does not record, and says so; before the start, too.
BEGIN;
SELECT pg_temp.begin_calls('Asks in vain', ARRAY['2001', '2002'], '{"ask_to_record": true}') > 0 AS begun;
SELECT regexp_replace(e, 'account \d+', 'account N') AS warned FROM voiceagent.campaigns c, jsonb_array_elements_text(voiceagent.preview_campaign(c.campaign_id) -> 'warnings') e WHERE c.tenant_id = voiceagent.current_tenant() AND e LIKE '%ask_to_record%';
SELECT pg_temp.dial(), pg_temp.carrier('vonage');
SELECT pg_temp.tell('2001', :asked, 'Yes, go ahead.');
SELECT pg_temp.ends('2001');
SELECT * FROM pg_temp.records();
SELECT number, kind, holds, quote, second FROM pg_temp.kept();
SELECT pg_temp.explained('2001');
-- A carrier that converses tells the words at the end: the consent is kept, for the next call.
SELECT pg_temp.carrier('sandbox');
SELECT pg_temp.take(pg_temp.talk('2002', '{}', 'Hello Lead. May we record this call? Please say yes or no.', 'Yeah, sure.', 'Good.', 'Bye.'));
SELECT voiceagent_private.apply_inbox(100) > 0 AS applied;
SELECT number, kind, holds, quote FROM pg_temp.kept() WHERE number = '2002';
SELECT pg_temp.explained('2002');
ROLLBACK;
-- In four languages, as people answer; what is neither yes nor no is none.
SELECT l.language, w.said, a.asked, a.agreed FROM (VALUES ('en', 'Yes please'), ('en', 'Yep'), ('en', 'Of course'), ('en', 'Of course you can'), ('en', 'Of course not'), ('en', 'Absolutely not'), ('en', 'No problem, but no'), ('en', 'Sure thing'), ('en', 'Absolutely'), ('en', 'OK'), ('en', 'No problem'), ('en', 'That''s fine'), ('en', 'Fine by me'), ('en', 'Go ahead'), ('en', 'Nope'), ('en', 'Not really'), ('en', 'Stop'), ('en', 'Hmm'), ('en', 'I do not know'), ('en', 'Don''t record me'),
	('en', 'Speaking. Who is this?'), ('en', 'Yes, this is Ada.'), ('en', 'Yes, that''s me.'), ('en', 'Yes. What is it about?'), ('es', 'Sí, dígame.'), ('fr', 'Oui, c''est moi.'), ('fr', 'Oui, allô ?'), ('de', 'Ja, wer spricht?'), ('de', 'Das bin ich.'),
	('en', 'Leave a message after the tone'), ('en', 'Yes. Actually, no.'), ('es', 'Sí, claro'), ('es', 'No, gracias'), ('es', 'No sé'), ('fr', 'Oui, bien sûr'), ('fr', 'Non merci'), ('fr', 'Pardon ?'), ('de', 'Ja, gerne'), ('de', 'Nein, danke'), ('de', 'Wie bitte?'), ('it', 'Sì')) AS w(language, said)
CROSS JOIN LATERAL (SELECT w.language) l CROSS JOIN LATERAL (SELECT voiceagent_private.spoken_words('ask_recording', w.language) AS q) q
CROSS JOIN LATERAL voiceagent_private.parse_answer(jsonb_build_array(jsonb_build_object('speaker', 'assistant', 'text', q.q), jsonb_build_object('speaker', 'customer', 'text', w.said)), q.q, w.language) a;
