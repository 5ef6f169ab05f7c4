-- 56_phrase: values that a person gives in a talk, each with the words that prove it. Pure decisions, no tables.

CREATE FUNCTION voiceagent_private.read_field(turns jsonb, kind text, language text, OUT value text, OUT turn integer,
		OUT quote text)
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_read_field';
COMMENT ON FUNCTION voiceagent_private.read_field(jsonb, text, text) IS
	E'The value of a kind (name, email, phone, number, date, address) that the person gives in these turns, with the '
	'last turn that gave a part of it, from 1 on, and its words there.\n'
	'NULL when none was given, it stayed open, or no table has the language. Turns without speaker do not count. Reads '
	'10,000 turns, of each 4,000 bytes. PT422: another kind.';

CREATE FUNCTION voiceagent_private.entails(kind text, value text, quote text, language text,
		question text DEFAULT NULL, reference timestamp DEFAULT NULL) RETURNS text
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_entails';
COMMENT ON FUNCTION voiceagent_private.entails(text, text, text, text, text, timestamp) IS
	E'supported when a quote says a value of a kind (text, number, boolean, date, email, phone, name, address, '
	'choice), else why not: empty, language, kind, form (the value is none of its kind), missing, other (the quote '
	'says another one), denied.\n'
	'question: what was asked before; a yes or no proves a boolean only with it. reference: the moment on '
	'the person''s clock, by which "tomorrow" bears out a date.';
