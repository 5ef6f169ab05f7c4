-- 42_wizard: the ten steps and their fields. The words are in the files of the languages, the defaults of words too.

INSERT INTO voiceagent.wizard_steps (step, key) VALUES
	(1, 'business'), (2, 'offer'), (3, 'audience'), (4, 'objective'), (5, 'style'), (6, 'length'), (7, 'objections'),
	(8, 'fields'), (9, 'voice'), (10, 'review');

INSERT INTO voiceagent.wizard_fields
	(step, parent, field, position, kind, required, min, max, default_value, choices, required_when) VALUES
	('business', '', 'business_name', 1, 'text', true, NULL, 100, NULL, NULL, NULL),
	('business', '', 'business_type', 2, 'choice', true, NULL, NULL, '"other"',
		'{roofing,solar,plumbing_heating,home_services,real_estate,recruitment,insurance,finance,healthcare,legal,'
		'automotive,education,software,retail,hospitality,marketing,nonprofit,other}', NULL),
	('business', '', 'description', 3, 'long_text', false, NULL, 1000, NULL, NULL, NULL),
	('business', '', 'website', 4, 'url', false, NULL, 200, NULL, NULL, NULL),
	('business', '', 'phone', 5, 'phone', false, NULL, 40, NULL, NULL, NULL),
	('business', '', 'email', 6, 'email', false, NULL, 254, NULL, NULL, NULL),
	('offer', '', 'offer', 1, 'long_text', true, NULL, 1000, NULL, NULL, NULL),
	('offer', '', 'value', 2, 'long_text', false, NULL, 1000, NULL, NULL, NULL),
	('offer', '', 'price_note', 3, 'text', false, NULL, 300, NULL, NULL, NULL),
	('audience', '', 'audience', 1, 'long_text', true, NULL, 500, NULL, NULL, NULL),
	('audience', '', 'relation', 2, 'choice', false, NULL, NULL, '"prospect"', '{customer,inquiry,prospect,applicant}',
		NULL),
	('audience', '', 'problem', 3, 'long_text', false, NULL, 500, NULL, NULL, NULL),
	('objective', '', 'objective', 1, 'choice', true, NULL, NULL, '"appointment"',
		'{appointment,lead,information,callback,custom}', NULL),
	('objective', '', 'custom_objective', 2, 'long_text', false, NULL, 500, NULL, NULL, '{"objective": "custom"}'),
	('objective', '', 'appointment_minutes', 3, 'number', false, 5, 480, '30', NULL, NULL),
	('objective', '', 'questions', 4, 'list', false, NULL, 10, NULL, NULL, NULL),
	('objective', '', 'direction', 5, 'choice', false, NULL, NULL, '"outbound"', '{outbound,inbound}', NULL),
	('objective', '', 'opens', 6, 'number', false, 0, 23, '9', NULL, NULL),
	('objective', '', 'closes', 7, 'number', false, 1, 24, '17', NULL, NULL),
	('objective', '', 'days', 8, 'choice', false, NULL, NULL, '"weekdays"', '{weekdays,six_days,every_day}', NULL),
	('objective', '', 'catalog', 9, 'choice', false, NULL, NULL, '"none"', '{none,real_estate,services}', NULL),
	('objective', '', 'nobody', 10, 'choice', false, NULL, NULL, '"message"', '{message,call_back}', NULL),
	('objective', 'questions', '*', 1, 'text', true, NULL, 200, NULL, NULL, NULL),
	('style', '', 'style', 1, 'choice', true, NULL, NULL, '"friendly"', '{natural,friendly,neutral,professional,sharp}',
		NULL),
	('length', '', 'length', 1, 'choice', true, NULL, NULL, '"standard"', '{brief,standard,detailed}', NULL),
	('objections', '', 'objections', 1, 'list', false, NULL, 20, NULL, NULL, NULL),
	('objections', 'objections', 'objection', 1, 'text', true, NULL, 200, NULL, NULL, NULL),
	('objections', 'objections', 'answer', 2, 'long_text', true, NULL, 500, NULL, NULL, NULL),
	('objections', '', 'standard_objections', 2, 'boolean', false, NULL, NULL, 'true', NULL, NULL),
	('fields', '', 'fields', 1, 'list', false, NULL, 20, NULL, NULL, NULL),
	('fields', 'fields', 'key', 1, 'identifier', true, NULL, 63, NULL, NULL, NULL),
	('fields', 'fields', 'label', 2, 'text', true, NULL, 100, NULL, NULL, NULL),
	('fields', 'fields', 'question', 3, 'text', false, NULL, 200, NULL, NULL, NULL),
	('fields', 'fields', 'kind', 4, 'choice', true, NULL, NULL, '"text"',
		'{text,number,boolean,date,email,phone,choice}', NULL),
	('fields', 'fields', 'choices', 5, 'list', false, NULL, 20, NULL, NULL, '{"kind": "choice"}'),
	('fields', 'fields.choices', '*', 1, 'text', true, NULL, 100, NULL, NULL, NULL),
	('fields', 'fields', 'required', 6, 'boolean', false, NULL, NULL, 'false', NULL, NULL),
	('fields', '', 'spell_email', 2, 'boolean', false, NULL, NULL, 'true', NULL, NULL),
	('fields', '', 'spell_numbers', 3, 'boolean', false, NULL, NULL, 'true', NULL, NULL),
	('voice', '', 'language', 1, 'choice', true, NULL, NULL, NULL,
		'{en-US,en-GB,en-CA,en-AU,en-IE,en-NZ,en-IN,es-ES,es-MX,es-US,es-AR,es-CO,es-CL,fr-FR,fr-CA,fr-BE,fr-CH,de-DE,'
		'de-AT,de-CH}', NULL),
	('voice', '', 'assistant_name', 2, 'text', true, NULL, 60, NULL, NULL, NULL),
	('voice', '', 'voice', 3, 'text', false, NULL, 100, NULL, NULL, NULL),
	('voice', '', 'interruption', 4, 'choice', false, NULL, NULL, '"normal"', '{patient,normal,eager}', NULL),
	('voice', '', 'pronunciations', 5, 'list', false, NULL, 50, NULL, NULL, NULL),
	('voice', 'pronunciations', 'term', 1, 'text', true, NULL, 60, NULL, NULL, NULL),
	('voice', 'pronunciations', 'say', 2, 'text', true, NULL, 100, NULL, NULL, NULL),
	('review', '', 'name', 1, 'text', true, NULL, 200, NULL, NULL, NULL),
	('review', '', 'model_analysis', 2, 'boolean', false, NULL, NULL, 'false', NULL, NULL);

UPDATE voiceagent.wizard_fields SET only_when = '{"direction": "inbound"}'
WHERE step = 'objective' AND field IN ('opens', 'closes', 'days', 'catalog', 'nobody');

-- A language is called by its own name, whoever asks.
INSERT INTO voiceagent.wizard_texts (language, key, text)
SELECT l.language, 'voice.language=' || v.value, v.text
FROM unnest('{en,es,fr,de}'::text[]) AS l(language)
CROSS JOIN (VALUES
	('en-US', 'English (United States)'), ('en-GB', 'English (United Kingdom)'), ('en-CA', 'English (Canada)'),
	('en-AU', 'English (Australia)'), ('en-IE', 'English (Ireland)'), ('en-NZ', 'English (New Zealand)'),
	('en-IN', 'English (India)'), ('es-ES', 'Español (España)'), ('es-MX', 'Español (México)'),
	('es-US', 'Español (Estados Unidos)'), ('es-AR', 'Español (Argentina)'), ('es-CO', 'Español (Colombia)'),
	('es-CL', 'Español (Chile)'), ('fr-FR', 'Français (France)'), ('fr-CA', 'Français (Canada)'),
	('fr-BE', 'Français (Belgique)'), ('fr-CH', 'Français (Suisse)'), ('de-DE', 'Deutsch (Deutschland)'),
	('de-AT', 'Deutsch (Österreich)'), ('de-CH', 'Deutsch (Schweiz)')) AS v(value, text);
