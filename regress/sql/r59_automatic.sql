-- What a telephone writes by itself, and what it quotes of ours, is not the person's: it refuses nothing, replies to nothing, and is kept.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
\set ECHO all
BEGIN;
SELECT pg_temp.tenant('r59 automatic') AS tenant \gset
SELECT min(provider_account_id) AS account FROM voiceagent.provider_accounts WHERE tenant_id = :tenant \gset
SELECT voiceagent.create_phone_number('+12125550001', :account) AS n \gset
SELECT set_config('r59.number', :n::text, false) <> '' AS number;
-- Each writes from a number of its own, which was sent two texts before; what came of it, and whether that ended a wait for a reply.
CREATE FUNCTION pg_temp.came(n bigint, body text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	v_phone text := '+1212555' || (2000 + n);
	v_lead bigint := voiceagent.add_lead(v_phone);
	v_text bigint;
BEGIN
	INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, lead_id, body, key, created_at, done_at)
	SELECT voiceagent.current_tenant(), false, 'message', 'delivered', v_phone, v_lead, o.body, 'r59:' || v_phone || o.i, voiceagent.clock(), voiceagent.clock()
	FROM (VALUES (1, 'Hi Ada, thanks for your interest in Acme roofs! Text STOP to unsubscribe.'), (2, 'Reply STOP to end texts. Antworten Sie STOP. Répondez STOP. Responda BAJA.')) o(i, body);
	v_text := voiceagent.sandbox_text(current_setting('r59.number')::bigint, v_phone, body);
	RETURN (SELECT t.kind || CASE WHEN EXISTS (SELECT FROM voiceagent.text_stops s WHERE s.tenant_id = t.tenant_id AND s.phone = t.phone) THEN ', held' ELSE '' END
		FROM voiceagent.texts t WHERE t.tenant_id = voiceagent.current_tenant() AND t.text_id = v_text);
END $$;
SELECT pg_temp.came(n, body) AS came, body FROM unnest(ARRAY[
	'Loved “Hi Ada, thanks for your interest in Acme roofs! Text STOP to unsubscribe.”', 'Liked “Hi Ada, thanks for your inter…”', 'Emphasized “Reply STOP to end texts.”',
	'Laughed at "Reply STOP to end texts."', '👍 to “Reply STOP to end texts.”', 'Mag ich „Antworten Sie STOP.“', 'A aimé « Répondez STOP. »', 'Le encanta «Responda BAJA.»',
	'Reacted 👍 to “Text STOP to unsubscribe.”', 'Removed a like from “Reply STOP to end texts.”', 'Liked an image', 'Laughed at a photo',
	'I''m driving with Do Not Disturb While Driving turned on. I''ll see your message when I get where I''m going.', 'Automatic reply: I am away until Monday.', 'I am out of the office until 5 December.',
	'Abwesenheitsnotiz: Ich bin bis Montag im Urlaub.', 'Réponse automatique : je suis absent.', 'Respuesta automática: estoy de viaje.']) WITH ORDINALITY x(body, n);
-- A reaction that may be a no waits for a person; a quotation of nobody's words is the person's; a stop beside a quotation, or in an answer of a machine, is one.
SELECT pg_temp.came(50 + n, body) AS came, body FROM unnest(ARRAY[
	'Disliked “Reply STOP to end texts.”', '👎 to “Reply STOP to end texts.”', 'Loved “STOP calling me please”', 'STOP “Hi Ada, thanks for your interest”', 'Please stop texting me. "Reply STOP to end texts."',
	'Automatic reply: please remove me from your list.', 'Do not disturb me again', 'STOP', 'Yes Tuesday is fine' || E'\n> Reply STOP to end texts.', 'Yes “thanks for your interest” is what I have',
	'I like an image on your page, how much is it?', 'Can you call me when I am back in the office?']) WITH ORDINALITY x(body, n);
-- What may be a stop holds texts to all numbers of the person, until somebody lets it go.
SELECT voiceagent.add_lead_number(lead_id, '+12125552199') IS NOT NULL AS added, voiceagent_private.text_suppressed('+12125552199', :n) AS before FROM voiceagent.leads WHERE tenant_id = :tenant AND phone = '+12125552051';
SELECT voiceagent_private.text_suppressed('+12125552199', :n) AS held, voiceagent.release_text_stop('+12125552051', 'a reaction') AS released;
SELECT voiceagent_private.text_suppressed('+12125552199', :n) AS held;
-- However a telephone marks what it quotes; whoever writes our word alone, or beside our words, means it.
SELECT pg_temp.came(100 + n, body) AS came, replace(body, E'\n', '/') AS body FROM unnest(ARRAY[
	E'\u200A\u200B👍\u200B to “\u200AReply STOP to end texts.\u200A”\u200B', 'Ha messo un "Mi piace" a "Reply STOP to end texts."', 'Liked a message', 'Loved an attachment', 'I''m driving right now - Sent from My Car',
	'(I’m not receiving notifications. If this is urgent, reply “urgent” to send a notification through with your original message.)', 'This number does not accept text messages.', '[Automated message] We are closed.',
	E'Sure\n-----Original Message-----\nReply STOP to end texts.', E'Yes Tuesday\nReply STOP to end texts.', E'Yes Tuesday\nReply STOP to end texts.\nSTOP', '"STOP"', '“Stop”', '>STOP', '"Reply STOP"', E'STOP\n\nSent from my iPhone',
	'I liked the photo of the roof, when can we meet?', 'Loved it! See you Tuesday']) WITH ORDINALITY x(body, n);
-- The same long words again within minutes are a machine's, short ones are not; what was automatic ends no wait.
SELECT voiceagent.sandbox_text(:n, '+12125552099', words) > 0 AS kept FROM generate_series(1, 3) i, unnest(ARRAY['Yes', 'We have received your message and will come back to you.']) words \g /dev/null
SELECT kind, count(*) FROM voiceagent.texts WHERE tenant_id = :tenant AND inbound AND phone = '+12125552099' GROUP BY 1 ORDER BY 1;
-- A sequence that waits for a reply goes on waiting, and one that stops on it goes on; until the person writes.
SELECT voiceagent.create_sequence('waits', '[{"do": "wait", "for": ["replied"], "within": "2 days", "then": "end", "else": "end"}]') AS s \gset
SELECT voiceagent.publish_sequence(:s) IS NOT NULL AS published;
SELECT voiceagent.add_lead('+12125552098') AS lead \gset
INSERT INTO voiceagent.texts (tenant_id, inbound, kind, status, phone, lead_id, body, key, created_at, done_at) VALUES (:tenant, false, 'message', 'delivered', '+12125552098', :lead, 'Hi Ada. Reply STOP to end texts.', 'r59 last', voiceagent.clock(), voiceagent.clock());
SELECT voiceagent.enrol_leads(:s, ARRAY[:lead]);
SELECT body, voiceagent.sandbox_text(:n, '+12125552098', body) > 0 AS came, (SELECT count(*) FROM voiceagent_private.sequence_turns WHERE tenant_id = :tenant AND heard IS NOT NULL) AS "heard before" FROM unnest('{Liked “Reply STOP to end texts.”,Liked an image}'::text[]) body;
SELECT count(*) AS heard, (SELECT voiceagent_private.step_holds('{"replied": true}', l, voiceagent.clock() - interval '1 hour', true) FROM voiceagent.leads l WHERE lead_id = :lead) AS replied FROM voiceagent_private.sequence_turns WHERE tenant_id = :tenant AND heard IS NOT NULL;
SELECT voiceagent.sandbox_text(:n, '+12125552098', 'Tell me more') > 0 AS came;
SELECT count(*) AS heard, (SELECT voiceagent_private.step_holds('{"replied": true}', l, voiceagent.clock() - interval '1 hour', true) FROM voiceagent.leads l WHERE lead_id = :lead) AS replied FROM voiceagent_private.sequence_turns WHERE tenant_id = :tenant AND heard IS NOT NULL;
ROLLBACK;
