-- The lint names what is wrong with a text, the line at fault and how to mend it, and is silent about its opposite.
\set SHOW_CONTEXT never
\pset null '-'
-- A text that is well; what is given takes the place of a part of it.
CREATE FUNCTION pg_temp.lint(first text DEFAULT NULL, prompt text DEFAULT NULL, language text DEFAULT 'en-US', settings jsonb DEFAULT '{}', known text[] DEFAULT NULL, caller text DEFAULT NULL)
RETURNS TABLE (finding text) LANGUAGE sql AS $$
	SELECT concat_ws(' | ', f.severity, f.rule, f.field, coalesce(f.line::text, '-'), coalesce(f.text, '-'), f.hint) FROM voiceagent_private.lint_texts(coalesce(first, 'Hi, this is Nova from Acme. Is it a good time?'),
		coalesce(prompt, E'It is {{local_date}}.\nAgree on an appointment.\nIf they want no more calls, set do_not_call to true.'), language, settings, known, caller) f $$;
SELECT * FROM pg_temp.lint();

-- the opening: how long, and one question
SELECT n, (SELECT count(*) FROM pg_temp.lint(repeat('word ', n - 1) || 'then?')) AS findings, voiceagent_private.speaking_seconds(repeat('word ', n), 'en') AS seconds FROM unnest('{35,36,75,76}'::integer[]) n;
SELECT * FROM pg_temp.lint(repeat('word ', 50) || 'then?');
SELECT split_part(finding, ' | ', 1) AS severity FROM pg_temp.lint(repeat('word ', 100) || 'then?');
SELECT language, voiceagent_private.speaking_seconds(repeat('wort ', 35), language) AS seconds FROM unnest('{en-GB,es-ES,fr-FR,de-DE,it-IT}'::text[]) language;
SELECT voiceagent_private.speaking_seconds('Hi {{first_name | default: "a b c d e f g h"}}', 'en') AS seconds;
SELECT * FROM pg_temp.lint('Hi, this is Nova.');
SELECT * FROM pg_temp.lint('Hi, this is Nova. Is it you? Is it a good time?');
SELECT * FROM pg_temp.lint('Hola, soy Nova. ¿Es buen momento?', 'Hoy es {{local_date}}. Concierta una cita. Si no quiere más llamadas, pon do_not_call a true.', 'es-MX');

-- a call to action, the way out, the date, the length
SELECT * FROM pg_temp.lint(prompt => 'It is {{local_date}}. Be kind. Opt-out: confirm it.');
SELECT * FROM pg_temp.lint(prompt => 'It is {{local_date}}. Book a visit.');
SELECT * FROM pg_temp.lint(prompt => 'Book a visit. No more calls: confirm it.');
SELECT * FROM pg_temp.lint(prompt => 'It is {{local_date}}. Book a visit. No more calls: confirm it. ' || repeat('Be kind. ', 4000));
SELECT * FROM pg_temp.lint(settings => '{"max_tokens": 40}');
SELECT * FROM pg_temp.lint(settings => '{"max_tokens": "40", "discloses": null, "voicemail_message": 7}');
SELECT language, count(*) AS findings FROM unnest('{es,fr,de,it}'::text[]) language, pg_temp.lint('Hm?', 'Hm. {{local_date}}', language) GROUP BY language ORDER BY language;

-- variables: malformed, unknown, misspelt, the carrier's
SELECT t, f.* FROM unnest(ARRAY['{{first_name}}', '{{first_name | default: "you"}}', '{{ local_time }}', '{{roof.age}}', '{{script.pitch | default: "x"}}', '{{"x" | upcase}}', '{% if a %}x{% endif %}', '{x}', '{{first name}}', '{{first_name}', '{{', '}}',
	'{{1st}}', '{{}}', '{{first_name | default: "a" }', '{{firstname}}', '{{Company}}', '{{phone_ | default: "x"}}', '{{now}}', '{{date | default: "x"}}', '{{customer.name}}']) t
	LEFT JOIN LATERAL pg_temp.lint(prompt => E'It is {{local_date}}. Book a visit.\nNo more calls: confirm it.\n' || t) f ON true;
-- with what the leads have
SELECT t, f.* FROM unnest(ARRAY['{{roof_age}}', '{{roof.age}}', '{{roofage}}', '{{Roof-Age}}', '{{living_area}}', '{{walls}}', '{{walls | default: "x"}}', '{{enrichment.age}}']) t
	LEFT JOIN LATERAL pg_temp.lint(prompt => E'It is {{local_date}}. Book a visit.\nNo more calls: confirm it.\n' || t, known => '{roof_age,roof,Living Area}') f ON true;
SELECT * FROM pg_temp.lint(settings => '{"voicemail_message": "Call {{us"}');

-- disclosures: who says that it says them itself has to
SELECT * FROM pg_temp.lint(settings => '{"discloses": true}', caller => 'Acme Solar');
SELECT * FROM pg_temp.lint('Hi, this is Nova, the AI assistant of ACME Solar. This call is recorded. Is that all right?', settings => '{"discloses": true}', caller => 'Acme Solar');
SELECT * FROM pg_temp.lint('Hi, this is Nova, the AI assistant of Acme. This call is recorded. Is that all right?', settings => '{"discloses": true}');
SELECT * FROM pg_temp.lint('Hi, this is Nova of Acme. This call is recorded. Is that all right?');
SELECT * FROM pg_temp.lint('Bonjour, ici Nova, assistant d''intelligence artificielle d''Acme. Cet appel est enregistré, d''accord ?', 'Nous sommes le {{local_date}}. Convenir d''un rendez-vous. Plus d''appels : do_not_call.', 'fr-FR', '{"discloses": true}', NULL, 'Acme');
SELECT count(*) AS again_and_said FROM pg_temp.lint('Guten Tag, hier ist Nova, die Maid von Acme. Passt es gerade?', 'Heute ist {{local_date}}. Termin. do_not_call', 'de-DE', '{"discloses": true}', NULL, 'Acme');
-- nobody is to be told that a person speaks; to forbid it is well, and so is a quoted line
SELECT language, t, f.* FROM (VALUES ('en', 'You are a human called Ann.'), ('en', 'You are a real person.'), ('en', 'Pretend to be a human.'), ('en', 'Hide that you are an AI.'), ('en', 'Never claim to be a human.'), ('en', 'You are kind to humans.'),
	('en', 'If they ask whether you are human, say no.'), ('en', '> You are a human.'), ('es', 'Eres una persona real.'), ('es', 'Hazte pasar por Ana.'), ('fr', 'Tu es un humain.'), ('de', 'Du bist ein Mensch.'), ('de', 'Sag nie: du bist ein Mensch.')) x(language, t)
	LEFT JOIN LATERAL pg_temp.lint('Hm? ai ia ki', E'{{local_date}} appointment rendez-vous cita Termin do_not_call\n' || t, language) f ON true;

-- an assistant of a tenant: the line, an older version, another tenant's
SELECT voiceagent.create_tenant('Lint', 'UTC', 10) AS tenant, voiceagent.create_tenant('Lint, another', 'UTC', 10) AS other \gset
BEGIN;
SELECT voiceagent_private.set_tenant(:tenant) \g /dev/null
SELECT voiceagent.create_assistant('Ann', 'Hello {{first_name}}, may I ask you something?', E'It is {{local_date}}.\nSell {{product}}.') AS a \gset
SELECT severity, rule, field, line, text FROM voiceagent.lint_assistant(:a);
SELECT voiceagent.add_lead('+1 212 555 0100') > 0 AS added;
SELECT severity, rule, field, line, text FROM voiceagent.lint_assistant(:a);
SELECT voiceagent.add_lead('+1 212 555 0101', context => '{"product": "roofs"}') > 0 AS added;
SELECT voiceagent.update_assistant(:a, '{"first_message": "Hello"}');
SELECT severity, rule, field, line, text FROM voiceagent.lint_assistant(:a);
SELECT severity, rule, field, line, text FROM voiceagent.lint_assistant(:a, 1);
SAVEPOINT s;
SELECT * FROM voiceagent.lint_assistant(:a, 9);
ROLLBACK TO s;
SELECT * FROM voiceagent.lint_assistant(-1);
ROLLBACK TO s;
SELECT voiceagent_private.set_tenant(:other) \g /dev/null
SELECT * FROM voiceagent.lint_assistant(:a);
ROLLBACK;

-- scripts
CREATE FUNCTION pg_temp.script(script jsonb, language text DEFAULT 'en-US') RETURNS TABLE (finding text) LANGUAGE sql AS $$
	SELECT concat_ws(' | ', f.severity, f.rule, f.field, coalesce(f.line::text, '-'), coalesce(f.text, '-'), f.hint) FROM voiceagent_private.lint_script('{"opening": "Hi, this is Nova. Is it a good time?", "pitch": "We mend roofs.",
		"questions": ["How old is it?"], "objections": [{"objection": "Too dear", "answer": "It lasts."}], "closing": "Shall we book a visit?"}'::jsonb || script, language) f $$;
SELECT * FROM pg_temp.script('{}');
SELECT s, f.* FROM unnest(ARRAY['{"opening": null}', '{"pitch": " "}', '{"closing": 7}', '{"closing": "Goodbye."}', '{"opening": "Hi."}', '{"questions": ["How old is it?", "Tell me more."]}', '{"objections": [{"objection": "No"}]}', '{"objections": ["No"]}',
	'{"pitch": "We are\nso {{kind"}', '{"pitch": "Dear {{firstname}}"}', '{"pitch": "You are a human.\nThis call is recorded."}', '{"questions": 7, "objections": {}}']::jsonb[]) s LEFT JOIN LATERAL pg_temp.script(s) f ON true;
SELECT rule, field FROM voiceagent_private.lint_script('[1]', 'en');
SELECT rule, field FROM voiceagent_private.lint_script(NULL, 'en');
SELECT * FROM pg_temp.script(jsonb_build_object('opening', repeat('wort ', 40) || 'ja?', 'closing', 'Passt Ihnen ein Termin?'), 'de-DE');

-- hostile texts end soon, and their findings do
SET statement_timeout = '180s';
SELECT count(*) <= 200 AS bounded FROM unnest(ARRAY[repeat('{{', 100000), repeat('{{ a', 50000), repeat(E'{{a}}\n{{', 20000), repeat('{{                   ', 10000), repeat('{{ a a a a a a a a', 12000), repeat('you are a ', 20000), repeat('you are (', 20000),
	repeat(E'\n', 200000), repeat('{{a | default: "', 12000), repeat('}', 200000), repeat('{%', 100000), repeat(E'you are a human\n', 10000)]) t, unnest('{en,fr}'::text[]) l, pg_temp.lint(t, t, l, '{}', '{x}') GROUP BY t, l HAVING count(*) > 200;
SELECT count(*) <= 200 AS bounded FROM pg_temp.script(jsonb_build_object('questions', (SELECT jsonb_agg(repeat('{{', 5000)) FROM generate_series(1, 500)), 'objections', (SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, 500))));
SELECT bool_and(length(voiceagent_private.tame_braces(t)) < 500000) AS bounded FROM unnest(ARRAY[repeat('{{', 100000), repeat('{{ a | default: "', 12000), repeat('{{        ', 20000), repeat('{{a}}', 40000)]) t;
-- ... however many variables leads have, and prompts name
SET statement_timeout = '40s';
SELECT count(*) FROM voiceagent_private.lint_texts('Hi?', (SELECT string_agg(repeat('{{a' || i || '}} ', 100), E'\n') FROM generate_series(1, 50) i), 'en', '{}', ARRAY(SELECT 'v' || i FROM generate_series(1, 100000) i));
RESET statement_timeout;
