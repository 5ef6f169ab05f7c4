/*
 * 41_prompt: what is wrong with texts before anybody hears them.  Whoever writes them may be hostile: a text is cut to
 * a length before it is looked at, no pattern refers back to what it has matched, and findings have an end.
 */

CREATE TYPE voiceagent_private.lint_finding AS (
	severity text,
	rule text,
	field text,
	line integer,
	text text,
	hint text
);
COMMENT ON TYPE voiceagent_private.lint_finding IS
	'A finding of the lint: severity (error, warning), rule, field, line (from 1; NULL: the whole text), that line, '
	'and how to mend it.';

CREATE FUNCTION voiceagent_private.speaking_pace(language text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE lower(split_part(language, '-', 1)) WHEN 'es' THEN 160 WHEN 'fr' THEN 155 WHEN 'de' THEN 130
		ELSE 150 END;
COMMENT ON FUNCTION voiceagent_private.speaking_pace(text) IS
	'How many words a minute are spoken on the telephone in a language, about.';

CREATE FUNCTION voiceagent_private.speaking_seconds(words text, language text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ceil(60.0
		* regexp_count(regexp_replace(left(words, 10000), '\{\{[^{}]*\}\}', 'x', 'g'), '[^[:space:]]+')
		/ voiceagent_private.speaking_pace(language))::integer;
COMMENT ON FUNCTION voiceagent_private.speaking_seconds(text, text) IS
	'About how many seconds it takes to say a text in a language; a {{variable}} counts as one word.';

-- Words without which a text does not say a thing, as alternatives of a pattern; a language that is not here has none.
CREATE FUNCTION voiceagent_private.lint_words(what text, language text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE lower(split_part(language, '-', 1))
		WHEN 'en' THEN CASE what
			WHEN 'action' THEN '\m(appointment|book|schedul|call(ed|ing)? (you |them |the person )?back|callback|visit|'
				'meet|sign(ing)? up|register|order|quote|demo|trial|next step|would you like|shall (we|i)|may (we|i)|'
				'can (we|i)|send you|suits? you|work for you|find out|goal)'
			WHEN 'ai' THEN '\m(ai|artificial intelligence|automated|virtual assistant|robot|bot)\M'
			WHEN 'recording' THEN '\mrecord(ed|ing)\M'
			WHEN 'opt_out' THEN '\m(do_not_call|no more calls|stop calling|off (the|our|your) list|opt(ing|ed)?[ -]out|'
				'not (want )?(to )?be called|not (to )?call|unsubscribe)'
			WHEN 'human' THEN '\myou are (a |an )?(human|real person|man|woman)\M|\m(pretend|claim) '
				'(to be|that you are) (a |an )?(human|real|person)|'
				'\m(deny|hide) (that you are |being )?(an? )?(ai|bot|robot)\M'
			WHEN 'not' THEN '\m(never|not|whether|if)\M|n''t\M' END
		WHEN 'es' THEN CASE what
			WHEN 'action' THEN '\m(cita|reserv|agend|concert|acord|llamar|llamada|visita|reuni|apunt|regist|pedido|'
				'presupuesto|prueba|demostraci|le gustar|le interesa|le parece|le viene|quiere|podemos|puedo|'
				'siguiente paso|objetivo)'
			WHEN 'ai' THEN '\m(ia|inteligencia artificial|automátic|automatizad|asistente virtual|robot)'
			WHEN 'recording' THEN '\mgraba'
			WHEN 'opt_out' THEN '\m(do_not_call|no más llamadas|no (quier|dese|volver|vuelv)|borre|de baja|lista)'
			WHEN 'human' THEN '\meres (un |una )?(human|persona real|hombre|mujer)|\m(finge|hazte pasar|haz como)'
			WHEN 'not' THEN '\m(nunca|no|si)\M' END
		WHEN 'fr' THEN CASE what
			WHEN 'action' THEN '\m(rendez-vous|réserv|rappel|visite|rencontr|inscri|command|devis|essai|démonstration|'
				'souhait|aimer|voulez|puis-je|pouvons|prochaine étape|conven|convien|but\M)'
			WHEN 'ai' THEN '\m(ia|intelligence artificielle|automatique|automatisé|assistant virtuel|robot)'
			WHEN 'recording' THEN '\menregistr'
			WHEN 'opt_out' THEN '\m(do_not_call|plus d.appels|plus (être )?(rappel|appel)|de la liste|'
				'désinscri|désabonn)'
			WHEN 'human' THEN '\m(tu es|vous êtes) (un |une )?(humain|vraie personne|homme|femme)|'
				'\m(fais|faites)(-toi|-vous)? passer'
			WHEN 'not' THEN '\m(jamais|pas|ne|si)\M|\mn''' END
		WHEN 'de' THEN CASE what
			WHEN 'action' THEN '(\m|rück)(termin|vereinbar|rückruf|zurückruf|ruf|besuch|treffen|anmeld|bestell|angebot|'
				'probe|vorführ|möchten|wollen sie|darf ich|dürfen wir|können wir|passt|nächste[rn]? schritt|ziel)'
			WHEN 'ai' THEN '\m(ki|künstliche[rn]? intelligenz|automatisch|automatisiert|roboter|'
				'virtuelle[rn]? assistent)'
			WHEN 'recording' THEN '(aufgezeichnet|aufzeichn|aufgenommen|mitgeschnitten)'
			WHEN 'opt_out' THEN '(do_not_call|nicht mehr an|keine (weiteren )?anrufe|von der liste|abmeld)'
			WHEN 'human' THEN '\m(du bist|sie sind) (ein |eine )?(mensch|echte person|mann|frau)|\m(gib|geben sie) '
				'(dich|sich) als '
			WHEN 'not' THEN '\m(nie|nicht|kein|ob|wenn)' END END;
COMMENT ON FUNCTION voiceagent_private.lint_words(text, text) IS
	E'The pattern, for lower-case text, of words that say something in a language (en, es, fr, de): action, ai, '
	'recording, opt_out, human, not.\n'
	'NULL: unknown in this language.';

CREATE FUNCTION voiceagent_private.says(words text, what text, language text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN lower(left(words, 200000)) ~ voiceagent_private.lint_words(what, language);
COMMENT ON FUNCTION voiceagent_private.says(text, text, text) IS
	'Whether a text has the lint_words() of a kind in a language; NULL: unknown.';

CREATE FUNCTION voiceagent_private.lead_fields() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN '{name,first_name,last_name,phone,email,company,country,region,extension,local_date,local_weekday,local_time,
		utc_offset,timezone,slot_1,slot_2,slot_3,memory}'::text[];
COMMENT ON FUNCTION voiceagent_private.lead_fields() IS
	'The variables of prompts that every lead may have, or every call has.';

CREATE FUNCTION voiceagent_private.lint_lines(field text, words text, language text, known text[])
	RETURNS SETOF voiceagent_private.lint_finding
	LANGUAGE sql IMMUTABLE SET standard_conforming_strings = on AS $$
	WITH lines AS MATERIALIZED (
		SELECT l.n::integer AS line, left(l.words, 4000) AS words, left(btrim(l.words), 160) AS shown
		FROM string_to_table(left(lint_lines.words, 200000), E'\n') WITH ORDINALITY AS l(words, n)
		ORDER BY l.n LIMIT 5000
	), tags AS MATERIALIZED (
		SELECT l.line, l.shown, m.found[1] AS name, m.found[2] IS NOT NULL AS optional,
			CASE WHEN strpos(m.found[1], '.') = 0 THEN voiceagent_private.fold_variable(m.found[1]) END AS alike
		FROM lines l CROSS JOIN LATERAL regexp_matches(l.words,
			'\{\{[ \t]*([A-Za-z_][A-Za-z0-9_.-]{0,62})[ \t]*(\|[^{}]*)?\}\}', 'g') AS m(found)
		WHERE l.words LIKE '%{{%' LIMIT 1000
	), names AS MATERIALIZED (
		SELECT f.name, f.place, lower(translate(f.name, '_-.', '')) AS folded,
			voiceagent_private.fold_variable(f.name) AS alike
		FROM unnest(voiceagent_private.lead_fields() || known) WITH ORDINALITY AS f(name, place)
	), meant AS MATERIALIZED (
		SELECT DISTINCT ON (n.folded) n.folded, n.name FROM names n ORDER BY n.folded, n.place
	)
	SELECT 'error', 'malformed_variable', lint_lines.field, l.line, l.shown,
		'Write {{name}} or {{name | default: "text"}}, braces closed on the same line.'
	FROM lines l
	WHERE (l.words LIKE '%{{%' OR l.words LIKE '%}}%') AND (
		regexp_replace(l.words, '\{\{[^{}]*\}\}', '', 'g') ~ '\{\{|\}\}'
		OR l.words ~ ('\{\{-?[ \t]*([[:alnum:]_.]+[ \t]+[[:alnum:]_.][^|{}]*|[0-9]+[[:alpha:]_][[:alnum:]_.]*|)'
			'[ \t]*-?(\}\}|\|)'))
	UNION ALL
	SELECT 'warning', 'carrier_variable', lint_lines.field, t.line, t.shown,
		format('{{%s}} is left to the carrier, and not every one fills it in. Write {{local_date}}, '
			'{{local_weekday}} or {{local_time}}, which are right where the person is.', t.name)
	FROM tags t WHERE t.name = ANY ('{now,date,time,year,month,day}')
	UNION ALL
	SELECT CASE WHEN known IS NOT NULL AND NOT t.optional THEN 'error' ELSE 'warning' END, 'unknown_variable',
		lint_lines.field, t.line, t.shown,
		CASE WHEN k.name IS NOT NULL THEN format('Nothing is called {{%s}}: do you mean {{%s}}?', t.name, k.name)
			ELSE format('No lead has a value for {{%s}}, so none would be called: give it a default, or import it.',
				t.name) END
	FROM tags t
	LEFT JOIN meant k ON k.folded = lower(translate(t.name, '_-.', ''))
	WHERE t.name <> ALL ('{now,date,time,year,month,day,script,enrichment}')
		AND NOT EXISTS (SELECT FROM names n WHERE n.name = t.name)
		AND NOT EXISTS (SELECT FROM names n WHERE n.alike = t.alike)
		AND split_part(t.name, '.', 1) <> ALL ('{customer,transport,script,enrichment}')
		-- Any member of what leads have besides their own fields.
		AND NOT EXISTS (SELECT FROM names n WHERE n.name = split_part(t.name, '.', 1)
			AND n.place > cardinality(voiceagent_private.lead_fields()))
		AND (known IS NOT NULL AND NOT t.optional OR k.name IS NOT NULL)
	UNION ALL
	SELECT 'error', 'denies_ai', lint_lines.field, l.line, l.shown,
		'An assistant that is asked says that it is an AI: the law wants it, and people do. Remove this.'
	FROM lines l
	WHERE l.words NOT LIKE '> %' AND voiceagent_private.says(l.words, 'human', language)
		AND NOT voiceagent_private.says(l.words, 'not', language)
$$;
COMMENT ON FUNCTION voiceagent_private.lint_lines(text, text, text, text[]) IS
	E'Errors in single lines of a text (field: how it is called): variables that are malformed, unknown or the '
	'carrier''s, and words that deny that an AI speaks.\n'
	'known: variables that leads have (NULL: unknown, and only slips of the pen are found). The first 200000 '
	'characters are looked at.';

CREATE FUNCTION voiceagent_private.lint_opening(field text, words text, language text)
	RETURNS SETOF voiceagent_private.lint_finding
	LANGUAGE sql IMMUTABLE AS $$
	SELECT f.severity, f.rule, lint_opening.field, 1, left(btrim(split_part(words, E'\n', 1)), 160), f.hint
	FROM (SELECT voiceagent_private.speaking_seconds(words, language) AS s,
			length(left(words, 10000)) - length(replace(left(words, 10000), '?', '')) AS questions) o
	CROSS JOIN LATERAL (VALUES
		(CASE WHEN o.s > 30 THEN 'error' ELSE 'warning' END, 'opening_length',
			format('It takes about %s s to say, at %s words a minute: keep it under 15 s.', o.s,
				voiceagent_private.speaking_pace(language)), o.s >= 15),
		('warning', 'opening_question', 'End it with a question, so that the person has a turn.', o.questions = 0),
		('warning', 'opening_question', format('It asks %s questions: ask one, then wait.', o.questions),
			o.questions > 1)) f(severity, rule, hint, applies)
	WHERE f.applies
$$;
COMMENT ON FUNCTION voiceagent_private.lint_opening(text, text, text) IS
	'Errors in the first words of a call: they take 15 s or more, or do not ask one question.';

CREATE FUNCTION voiceagent_private.lint_disclosures(first_message text, language text, settings jsonb,
	caller_name text) RETURNS SETOF voiceagent_private.lint_finding
	LANGUAGE sql IMMUTABLE AS $$
	SELECT f.severity, f.rule, 'first_message', 1, left(btrim(split_part(first_message, E'\n', 1)), 160), f.hint
	FROM (SELECT coalesce(settings ->> 'discloses', '') = 'true' AS discloses,
			nullif(btrim(left(caller_name, 200)), '') AS caller) d
	CROSS JOIN LATERAL (VALUES
		('error', 'discloses_ai', 'The setting discloses is true, so the first message has to say that an AI calls.',
			d.discloses AND NOT voiceagent_private.says(first_message, 'ai', language)),
		('error', 'discloses_caller', format('The setting discloses is true, so the first message has to name %s.',
			d.caller), d.discloses AND strpos(lower(left(first_message, 10000)), lower(d.caller)) = 0),
		('warning', 'discloses_caller', 'The setting discloses is true, and the setting caller_name is empty: nobody '
			'can tell whether the first message names the business.', d.discloses AND d.caller IS NULL),
		('warning', 'discloses_recording', 'The setting discloses is true: where the law wants it, the first message '
			'has to say that the call is recorded.',
			d.discloses AND NOT voiceagent_private.says(first_message, 'recording', language)),
		('warning', 'repeated_disclosure', 'What the law wants said of a recording is said before the first message: '
			'the person would hear it twice. Remove it, or set discloses to true.',
			NOT d.discloses AND voiceagent_private.says(first_message, 'recording', language))) f(severity, rule, hint,
			applies)
	WHERE f.applies
$$;
COMMENT ON FUNCTION voiceagent_private.lint_disclosures(text, text, jsonb, text) IS
	'The disclosures of the law that a first message with the setting discloses lacks or says twice.';

CREATE FUNCTION voiceagent_private.lint_texts(first_message text, system_prompt text, language text,
	settings jsonb DEFAULT '{}', known text[] DEFAULT NULL, caller_name text DEFAULT NULL)
	RETURNS SETOF voiceagent_private.lint_finding
	LANGUAGE sql IMMUTABLE AS $$
	SELECT f.severity, f.rule, f.field, f.line, f.text, f.hint
	FROM (
		SELECT 1 AS part, l.* FROM voiceagent_private.lint_opening('first_message', first_message, language) l
		UNION ALL SELECT 2, l.*
		FROM voiceagent_private.lint_disclosures(first_message, language, settings, caller_name) l
		UNION ALL SELECT 3, l.*
		FROM voiceagent_private.lint_lines('first_message', first_message, language, known) l
		UNION ALL SELECT 4, l.*
		FROM voiceagent_private.lint_lines('system_prompt', system_prompt, language, known) l
		UNION ALL SELECT 5, l.* FROM voiceagent_private.lint_lines('voicemail_message',
			settings ->> 'voicemail_message', language, known) l
		UNION ALL SELECT 6, w.severity, w.rule, w.field, NULL, NULL, w.hint
		FROM (VALUES
			('warning', 'call_to_action', 'system_prompt', 'Nothing in it asks the person to do something: say what '
				'the call is to end with, such as an appointment or a callback.',
				NOT voiceagent_private.says(concat_ws(' ', left(first_message, 10000), left(system_prompt, 100000)),
					'action', language)),
			('warning', 'opt_out', 'system_prompt', 'Say what to do when somebody does not want to be called again: '
				'confirm it once, say goodbye, end the call, set do_not_call to true.',
				NOT voiceagent_private.says(system_prompt, 'opt_out', language)),
			('warning', 'local_date', 'system_prompt', 'It does not say what day it is: the model would guess. Add '
				'{{local_weekday}}, {{local_date}}, {{local_time}} and {{utc_offset}}.',
				strpos(left(system_prompt, 200000), 'local_date') = 0),
			('warning', 'prompt_length', 'system_prompt', format('It has about %s tokens, which cost time and money at '
				'each turn: keep it under 8000.', length(system_prompt) / 4), length(system_prompt) / 4 > 8000),
			('warning', 'max_tokens', 'settings', 'With fewer than 60 max_tokens answers end within a sentence.',
				CASE jsonb_typeof(settings -> 'max_tokens') WHEN 'number'
					THEN (settings ->> 'max_tokens')::numeric < 60 END)
			) w(severity, rule, field, hint, applies)
		WHERE w.applies) f
	ORDER BY f.severity, f.part, f.line, f.rule LIMIT 200
$$;
COMMENT ON FUNCTION voiceagent_private.lint_texts(text, text, text, jsonb, text[], text) IS
	E'Findings in the texts of an assistant in a language, errors first, at most 200 findings.\n'
	'settings: the assistant''s; known: variables that leads have (NULL: unknown); caller_name: the business that '
	'calls. In other languages than en, es, fr and de what depends on words is not looked at.';

CREATE FUNCTION voiceagent_private.lint_script(script jsonb, language text)
	RETURNS SETOF voiceagent_private.lint_finding
	LANGUAGE sql IMMUTABLE AS $$
	WITH parts AS MATERIALIZED (
		SELECT p.part, p.field, left(p.words, 10000) AS words FROM (
			SELECT t.part, t.field, CASE WHEN jsonb_typeof(script -> t.field) = 'string' THEN script ->> t.field END
			FROM (VALUES (1, 'opening'), (2, 'pitch'), (5, 'closing')) t(part, field)
			UNION ALL SELECT 3, format('questions[%s]', q.n), q.item #>> '{}'
			FROM voiceagent_private.answer_list(jsonb_build_object('s', script), 's', 'questions') q
			WHERE jsonb_typeof(q.item) = 'string'
			UNION ALL SELECT 4, format('objections[%s].%s', o.n, k), o.item ->> k
			FROM voiceagent_private.answer_list(jsonb_build_object('s', script), 's', 'objections') o,
				unnest('{objection,answer}'::text[]) k
			WHERE jsonb_typeof(o.item -> k) = 'string') p(part, field, words)
		WHERE btrim(p.words) <> ''
	)
	SELECT f.severity, f.rule, f.field, f.line, f.text, f.hint
	FROM (
		SELECT 0 AS part, 'error' AS severity, 'missing_part' AS rule, t.field, NULL::integer AS line, NULL AS text,
			'A script is {"opening", "pitch", "questions": [...], "objections": [{"objection", "answer"}], "closing"}; '
			'opening, pitch and closing are texts.' AS hint
		FROM unnest('{opening,pitch,closing}'::text[]) AS t(field)
		WHERE NOT EXISTS (SELECT FROM parts p WHERE p.field = t.field)
		UNION ALL SELECT 0, 'error', 'missing_part', format('objections[%s]', o.n), NULL, left(o.item::text, 160),
			'An objection is {"objection": "text", "answer": "text"}.'
		FROM voiceagent_private.answer_list(jsonb_build_object('s', script), 's', 'objections') o
		WHERE (SELECT count(*) FROM parts p WHERE p.field LIKE format('objections[%s].%%', o.n)) < 2
		UNION ALL SELECT p.part, l.* FROM parts p
		CROSS JOIN LATERAL voiceagent_private.lint_opening(p.field, p.words, language) l WHERE p.field = 'opening'
		UNION ALL SELECT p.part, l.* FROM parts p
		CROSS JOIN LATERAL voiceagent_private.lint_lines(p.field, p.words, language, NULL) l
		UNION ALL SELECT p.part, 'warning', 'question_mark', p.field, 1, left(p.words, 160), 'It is no question.'
		FROM parts p WHERE p.part = 3 AND strpos(p.words, '?') = 0
		UNION ALL SELECT p.part, 'warning', 'repeated_disclosure', p.field, 1, left(p.words, 160),
			'What the law wants said of a recording is said before the first message: the person would hear it twice.'
		FROM parts p WHERE p.part <= 2 AND voiceagent_private.says(p.words, 'recording', language)
		UNION ALL SELECT 6, 'warning', 'call_to_action', 'closing', NULL, NULL,
			'Neither pitch nor closing asks the person to do something, such as to agree on an appointment.'
		WHERE NOT (SELECT voiceagent_private.says(string_agg(p.words, ' '), 'action', language) FROM parts p
			WHERE p.field IN ('pitch', 'closing'))
		) f
	ORDER BY f.severity, f.part, f.field, f.line, f.rule LIMIT 200
$$;
COMMENT ON FUNCTION voiceagent_private.lint_script(jsonb, text) IS
	E'Findings in a script in a language, errors first, at most 200 findings: parts that are missing, an opening of 15 '
	's or more or without a question, no call to action, malformed variables, what is said twice.\n'
	'A script: {"opening", "pitch", "questions": [], "objections": [{"objection", "answer"}], "closing"}.';

CREATE FUNCTION voiceagent_private.known_variables() RETURNS text[]
	LANGUAGE sql STABLE SET planner.policy = in_order SET search_path = pg_catalog, pg_temp AS $$
	-- The newest leads stand for all: a million contexts are not read for a lint.
	SELECT CASE WHEN count(*) > 0 THEN coalesce(array_agg(DISTINCT k.name) FILTER (WHERE k.name IS NOT NULL), '{}') END
	FROM (SELECT l.context FROM voiceagent.leads l WHERE l.tenant_id = voiceagent.current_tenant()
		ORDER BY l.lead_id DESC LIMIT 1000) c
	LEFT JOIN LATERAL (SELECT j AS name FROM jsonb_object_keys(CASE WHEN jsonb_typeof(c.context) = 'object'
		THEN c.context ELSE '{}' END) j LIMIT 200) k ON true
$$;
COMMENT ON FUNCTION voiceagent_private.known_variables() IS
	'The variables of the newest 1000 leads of the current tenant besides the leads'' own fields (at most 200 of '
	'each); NULL: there are no leads.';

CREATE FUNCTION voiceagent.lint_assistant(assistant_id bigint, version integer DEFAULT NULL)
	RETURNS TABLE (severity text, rule text, field text, line integer, text text, hint text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_spoken voiceagent.assistant_versions := voiceagent_private.named_version(assistant_id, version);
BEGIN
	RETURN QUERY SELECT f.severity, f.rule, f.field, f.line, f.text, f.hint
	FROM voiceagent_private.lint_texts(v_spoken.first_message, v_spoken.system_prompt, v_spoken.language,
		v_spoken.settings, voiceagent_private.known_variables(), voiceagent_private.setting_text('caller_name')) f;
END
$$;
COMMENT ON FUNCTION voiceagent.lint_assistant(bigint, integer) IS
	E'Errors in the texts of an assistant (version: NULL for the current one), before anybody hears them.\n'
	'Each finding (at most 200) has a severity (error, warning), a rule, the field, the line and its text, and how '
	'to mend it. PT404.';
