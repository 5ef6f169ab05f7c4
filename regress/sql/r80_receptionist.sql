-- A tenant that has a number makes a receptionist by the wizard, in any of its languages: the number is answered without another statement.
\set VERBOSITY terse
SET client_min_messages = warning;
\set ECHO none
\i sql/r50_setup.inc
CREATE FUNCTION pg_temp.receptionist(profile text, language text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	v_number bigint;
	v_wizard bigint;
BEGIN
	PERFORM pg_temp.tenant(format('r80 %s %s', profile, language));
	-- its zone is set after its calendar was made
	PERFORM voiceagent.set_tenant_timezone(voiceagent.current_tenant(), 'America/Chicago');
	v_number := voiceagent.create_phone_number('+12125550001');
	v_wizard := voiceagent.wizard_start(profile, language);
	PERFORM voiceagent.wizard_answer(v_wizard, 1, jsonb_build_object('business_name', 'Acme'));
	PERFORM voiceagent.wizard_finish(v_wizard);
	RETURN v_number;
END
$$;
CREATE FUNCTION pg_temp.called(number bigint, caller text, lines text[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY SELECT format('%-10s %s', t ->> 'speaker', t ->> 'text')
		FROM jsonb_array_elements(voiceagent.sandbox_call_in(number, caller := caller, lines := lines) -> 'turns') t;
	PERFORM voiceagent_private.follow_calls_of_tenant(100);
	RETURN QUERY SELECT concat_ws(' ', 'appointment', a.status, a.starts_at AT TIME ZONE a.timezone, a.summary) FROM voiceagent.appointments a
		WHERE a.tenant_id = voiceagent.current_tenant() UNION ALL
		SELECT concat_ws(' ', 'task', t.kind, t.note) FROM voiceagent.tasks t WHERE t.tenant_id = voiceagent.current_tenant();
END
$$;
\set ECHO all
BEGIN;
SELECT set_config('voiceagent.clock_offset', extract(epoch FROM timestamptz '2026-03-17 12:00-04' - clock_timestamp())::text, true) IS NOT NULL AS driven;
SELECT pg_temp.receptionist('receptionist_real_estate', 'en') AS n \gset
-- what stands before the first call: hours, the kind of listings, who answers, and what it may do
SELECT c.hours, c.timezone, c.slot_length FROM voiceagent.calendars c WHERE c.tenant_id = voiceagent.current_tenant();
SELECT profile FROM voiceagent.listing_profiles WHERE tenant_id = voiceagent.current_tenant();
SELECT n.ai_assistant_id = a.assistant_id AS answers, v.settings -> 'tools' AS tools, v.settings ? 'voicemail_message' AS voicemail
FROM voiceagent.phone_numbers n, voiceagent.assistants a JOIN voiceagent.assistant_versions v USING (tenant_id, assistant_id, version)
WHERE n.phone_number_id = :n AND a.tenant_id = voiceagent.current_tenant();
SELECT voiceagent.add_listing('{"kind": "house", "address": "123 Main St, Oakland, CA", "price": 820000, "bedrooms": 3}', 'real_estate', reference := 'E-101') IS NOT NULL AS listed;
SELECT * FROM pg_temp.called(:n, '+12025550144', '{"Hi, tell me about 123 Main Street.", "What does it cost?", "I want to see it on Sunday at 2 pm.", "Then on Thursday at 2 pm.", "No, wait, at 3.",
	"Yes, that is right.", "My name is Rosa Diaz.", "Are you recording this?", "What are your opening hours?", "I would offer 800,000 dollars for it.", "415 555 0211.", "Yes.", "No, thanks, bye."}');
SELECT pg_temp.receptionist('receptionist_clinic', 'es') AS n \gset
SELECT * FROM pg_temp.called(:n, '+12025550144', '{"Buenos días, quiero pedir una cita para mañana.", "La primera, por favor.", "Sí, es correcto.", "Me llamo Rosa Díaz.",
	"¿Qué horario tienen?", "Quiero hablar con una persona.", "Sí, por favor.", "Que la mesa esté en la terraza.", "En este número.", "No, gracias. Adiós."}');
SELECT pg_temp.receptionist('receptionist_restaurant', 'fr') AS n \gset
SELECT * FROM pg_temp.called(:n, '+12025550144', '{"Bonjour, je voudrais réserver une table pour demain.", "Le deuxième, s''il vous plaît.", "Oui, c''est exact.", "Je m''appelle Rose Durand.",
	"Do you speak English?", "Quels sont vos horaires ?", "Non merci. Au revoir."}');
SELECT pg_temp.receptionist('receptionist_workshop', 'de') AS n \gset
SELECT * FROM pg_temp.called(:n, '+12025550144', '{"Guten Tag, ich brauche einen Termin für mein Auto.", "Den ersten, bitte.", "Ja, das ist richtig.", "Mein Name ist Rosa Dietz.",
	"Wie sind Ihre Öffnungszeiten?", "Rufen Sie mich morgen um zehn Uhr zurück.", "Ja, genau.", "Nein danke. Auf Wiederhören."}');
-- A second receptionist takes nothing away: hours that are set stay, and so does the number.
SELECT voiceagent.wizard_start('receptionist_hotel', 'de') AS w \gset
SELECT voiceagent.wizard_answer(:w, 1, '{"business_name": "Acme"}') ->> 'key' AS key;
SELECT voiceagent.wizard_finish(:w) AS hotel \gset
SELECT n.ai_assistant_id <> :hotel AS kept, c.hours FROM voiceagent.phone_numbers n JOIN voiceagent.calendars c USING (tenant_id) WHERE n.phone_number_id = :n;
-- A member that tries it in the console talks to it as its callers do, with the tools of a call, and nothing of it stays.
SELECT voiceagent.talk_to_assistant(:hotel, '{"Guten Tag, ich brauche einen Termin am Donnerstag.", "Den ersten, bitte.", "Ja, das ist richtig.", "Mein Name ist Rosa Dietz."}') AS tried \gset
SELECT t ->> 'text' AS said FROM jsonb_array_elements(:'tried'::jsonb -> 'turns') t;
SELECT t ->> 'tool' AS tool, t ->> 'failed' AS failed FROM jsonb_array_elements(:'tried'::jsonb -> 'tools') t;
SELECT (SELECT count(*) FROM voiceagent.appointments a WHERE a.tenant_id = voiceagent.current_tenant() AND a.summary ~ 'Dietz') AS booked,
	(SELECT count(*) FROM voiceagent.calls c WHERE c.tenant_id = voiceagent.current_tenant()) AS calls;
-- It is tested by callers that call in, but for those that want a tool that it lacks.
SELECT voiceagent.test_assistant(:hotel) AS run \gset
SELECT caller, verdict, failed_predicate, transcript FROM voiceagent.test_report(:run) WHERE caller IN ('books_by_robot', 'wants_person', 'calls_in_silence') OR verdict <> 'rehearsed';
SELECT string_agg(caller, ' ' ORDER BY caller) AS callers FROM voiceagent.test_report(:run);
-- Hours that close before they open are refused where they are said, and only of who is called.
SELECT a, w ->> 'key' AS key, w #> '{errors,0}' AS error FROM unnest('{"{\"opens\": 18, \"closes\": 9}","{\"opens\": 17}","{\"opens\": 0, \"closes\": 24}"}'::text[]) a,
	LATERAL (SELECT voiceagent.wizard_start('receptionist_office', 'en') AS id) i, LATERAL (SELECT voiceagent.wizard_answer(i.id, 1, '{"business_name": "Acme"}')) one, LATERAL (SELECT voiceagent.wizard_answer(i.id, 2, '{}')) two,
	LATERAL (SELECT voiceagent.wizard_answer(i.id, 3, '{}')) three, LATERAL voiceagent.wizard_answer(i.id, 4, a::jsonb) w WHERE (one, two, three) IS NOT NULL;
ROLLBACK;
