-- 42_wizard: the ten steps and their fields. The words are in the files of the languages, the defaults of words too.

INSERT INTO voiceagent.wizard_steps (step, key) VALUES
	(1, 'business'), (2, 'offer'), (3, 'audience'), (4, 'objective'), (5, 'style'), (6, 'length'), (7, 'objections'),
	(8, 'fields'), (9, 'voice'), (10, 'review');

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
