-- 62_phrase: what a person does with words: asks not to be called again, refuses, asks for another call, says yes.

CREATE FUNCTION voiceagent_private.read_intents(turns jsonb, language text)
	RETURNS TABLE (turn integer, intent text, sense text, quote text)
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'va_sql_read_intents';
COMMENT ON FUNCTION voiceagent_private.read_intents(jsonb, text) IS
	E'What the person does with the words of a talk, in their order: opt_out, wrong_number, callback, refusal, '
	'interest, voicemail, child, third_person, busy, withdrawal, sarcasm, deferral, yes, no, goodbye.\n'
	'sense: plain, quoted (others'' words), denied, conditional; only a plain one counts. turn: from 1 on. None for a '
	'language without a table.';
