-- What was said in a call that we hold is kept with it at once; what follows from it the applier does, as from a webhook, once.
\set ECHO none
\i lib/inbox_setup.inc
CREATE FUNCTION pg_temp.say(number text, turn integer, said text, key boolean DEFAULT false) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(': ', k.result, k.answer) FROM voiceagent_private.keep_media_turns(pg_temp.call_of(number), CASE WHEN said IS NULL THEN '[]'
		ELSE jsonb_build_array(jsonb_build_object('speaker', 'customer', 'text', said, 'turn', turn)) END, key, '[]') k
$$;
CREATE FUNCTION pg_temp.listed() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(right(d.phone, 4), ', ' ORDER BY d.phone) FROM voiceagent.do_not_call_list d WHERE d.tenant_id = voiceagent.current_tenant()
$$;
\set ECHO all
BEGIN;
SELECT pg_temp.begin_calls('Said', ARRAY['2001', '2002', '2003', '2004']) > 0 AS ready;
SELECT pg_temp.dial();
UPDATE voiceagent.provider_accounts SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
UPDATE voiceagent_private.live_calls SET provider = 'twilio' WHERE tenant_id = voiceagent.current_tenant();
-- words, and a key; told twice they are noted once
SELECT pg_temp.say('2001', 1, 'Hello?'), pg_temp.say('2001', 2, 'Never call me again.'), pg_temp.say('2001', 2, 'Never call me again.'), pg_temp.say('2002', 1, NULL, true);
SELECT pg_temp.listed() AS at_once, count(*) AS waiting FROM voiceagent_private.inbox WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.listed();
-- what is ours to answer is answered by us, whatever a model would say
UPDATE voiceagent.attempts SET recorded = false WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.say('2003', 1, 'Wait, are you a robot?'), pg_temp.say('2003', 2, 'Are you recording this?'), pg_temp.say('2003', 5, 'And what does it cost?');
SELECT pg_temp.say('2003', 6, 'Where did you get my number?') ~ '^kept: It has been in our records since [A-Z][a-z]+ [0-9]+, [0-9]+[.] More than that I cannot see[.]$' AS kept;
UPDATE voiceagent.attempts SET recorded = true WHERE tenant_id = voiceagent.current_tenant();
SELECT pg_temp.say('2003', 7, 'Is this call being recorded?');
SELECT w.language, w.said, voiceagent_private.parse_ask(w.said, w.language), voiceagent_private.spoken_words(replace(voiceagent_private.parse_ask(w.said, w.language), 'source', 'called'), w.language) FROM (VALUES
	('en-US', 'You''re a bot, right?'), ('en', 'Am I speaking to an actual human being here?'), ('en', 'Hang on, how do you have my cell number?'), ('en', 'I want a machine.'),
	('en', 'Can I speak to a real person?'), ('en', 'Do you sell recording machines?'), ('en', 'Tell me first, because I have been wondering for a while and my wife too, are you a robot?'),
	('es', '¿Hablo con un robot?'), ('es-MX', '¿Me están grabando?'), ('es', '¿Quién les dio mi teléfono?'), ('es', '¿Cómo hago para que no me llamen?'), ('es', 'Quiero una persona.'),
	('fr', 'Vous êtes une vraie personne ?'), ('fr', 'Vous enregistrez cet appel ?'), ('fr', 'D''où tenez-vous mon numéro ?'), ('fr', 'Comment faire pour me désinscrire ?'), ('fr', 'J''ai une machine.'),
	('de', 'Bist du ein Mensch?'), ('de', 'Nehmen Sie das hier auf?'), ('de', 'Wie sind Sie an meine Nummer gekommen?'), ('de', 'Wie kann ich mich abmelden?'), ('de', 'Ich will einen Menschen sprechen.'),
	('it', 'Ma lei è un robot?'), ('it', 'Mi sta registrando?'), ('it', 'Chi vi ha dato il mio numero?'), ('it', 'Come faccio a cancellarmi?'), ('it', 'Ho un robot in cucina.'),
	('pl', 'Are you a robot?')) AS w (language, said);
-- the call ends before the applier comes by, or had ended before the words came
SELECT pg_temp.say('2003', 1, 'Never call me again.');
SELECT voiceagent_private.apply_events(ARRAY[ROW(0, pg_temp.call_of(n), jsonb_populate_record(NULL::voiceagent.call_event, '{"kind": "report", "status": "completed",
	"cause": "hangup", "cause_class": "ok", "duration_seconds": 30}'), (SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints
	WHERE tenant_id = voiceagent.current_tenant()))::voiceagent_private.matched_event]) FROM unnest(ARRAY['2003', '2004']) n;
SELECT pg_temp.listed();
SELECT pg_temp.say('2004', 1, 'Never call me again.');
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.listed();
SELECT number, status, outcome, lead_status FROM pg_temp.seen();
SELECT right(c.phone, 4) AS number, count(*) FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id)
WHERE e.tenant_id = voiceagent.current_tenant() AND e.event_type = 'lead_opted_out' GROUP BY 1 ORDER BY 1;
-- who may be called again is not listed by what was said before
SELECT voiceagent.allow_call('+12125552001', 'asked for it') IS NOT NULL AS allowed;
SELECT voiceagent.replay_webhook(w.webhook_id) FROM voiceagent.webhooks w WHERE w.tenant_id = voiceagent.current_tenant() AND w.source = 'media' ORDER BY 1;
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.listed();
-- somebody who calls us is told that it is called no more, and it is not
SELECT voiceagent.create_phone_number('+12125550001', (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a WHERE a.tenant_id = voiceagent.current_tenant()),
	jsonb_build_object('ai_assistant_id', voiceagent.create_assistant('Reception', 'Hello, how can I help?', 'Be kind.'))) IS NOT NULL AS ours;
UPDATE voiceagent.phone_numbers SET state = 'ready', state_reason = NULL, proof = 'tenant', proved_at = now() WHERE tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.begin_incoming_call(n.provider_account_id, 'in-1', '+12125552009', n.phone_number) FROM voiceagent.phone_numbers n WHERE n.tenant_id = voiceagent.current_tenant();
SELECT (voiceagent_private.keep_media_turns(i.call_id, '[{"speaker": "customer", "text": "Stop calling me.", "turn": 1}]', false, '[]')).result
FROM voiceagent.call_inbound i WHERE i.tenant_id = voiceagent.current_tenant();
SELECT voiceagent_private.apply_inbox(10);
SELECT pg_temp.listed();
SELECT count(*) AS set_aside FROM voiceagent.webhook_failures WHERE tenant_id = voiceagent.current_tenant();
SELECT * FROM voiceagent_private.check_tenant() WHERE invariant NOT LIKE 'a real carrier%';
ROLLBACK;
