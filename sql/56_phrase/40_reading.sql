-- 56_phrase: a talk read together with the analysis of it; which of the analysis's values count. No tables.

CREATE FUNCTION voiceagent_private.read_conversation(turns jsonb, analysis jsonb, language text, fields jsonb,
		reference timestamp DEFAULT NULL, OUT reading jsonb, OUT data jsonb)
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_read_conversation';
COMMENT ON FUNCTION voiceagent_private.read_conversation(jsonb, jsonb, text, jsonb, timestamp) IS
	E'Reads a talk''s words (reading), and picks the data of the analysis that count, with those that rules add.\n'
	'fields: properties of the assistant''s schema; NULL: not known, and then no value is beyond it. reference: the '
	'person''s clock at the talk. Without turns or a table of the language: NULL, and the analysis as it is. Reads 100 '
	'values and 10,000 turns; never an error for what these hold.';

CREATE FUNCTION voiceagent_private.summary_stands(turns jsonb, summary text, language text) RETURNS boolean
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_summary_stands';
COMMENT ON FUNCTION voiceagent_private.summary_stands(jsonb, text, text) IS
	E'Whether a model\'s summary of a talk may be kept: its numbers, dates, times and names are in the words of either '
	'side, and the person does not speak to the model in it.\n'
	'False without turns, or in a language without table; texts of more than 4000 bytes never stand.';
