-- 56_phrase: what a person does with words: asks not to be called again, refuses, asks for another call, says yes.

CREATE FUNCTION voiceagent_private.read_intents(turns jsonb, language text)
	RETURNS TABLE (turn integer, intent text, sense text, quote text)
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'va_sql_read_intents';
COMMENT ON FUNCTION voiceagent_private.read_intents(jsonb, text) IS
	E'What the person does with the words of a talk, in their order: opt_out, wrong_number, callback, refusal, '
	'interest, voicemail, child, third_person, busy, withdrawal, sarcasm, deferral, yes, no, goodbye, accept, lost, '
	'halt, proviso.\n'
	'sense: plain, quoted (others'' words), denied, conditional; only a plain one counts. turn: from 1 on. None for a '
	'language without a table.';

CREATE FUNCTION voiceagent_private.read_outcome(turns jsonb, language text, reference timestamp DEFAULT NULL,
		OUT outcome text, OUT certain boolean, OUT turn integer, OUT quote text, OUT reading text,
		OUT time_turn integer, OUT time_quote text, OUT opt_out boolean,
		OUT opt_out_turn integer, OUT opt_out_quote text)
	LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_read_outcome';
COMMENT ON FUNCTION voiceagent_private.read_outcome(jsonb, text, timestamp) IS
	E'What a talk came to: scheduled, callback, interested, not_interested, completed, voicemail, wrong_number, '
	'do_not_call, unfinished; certain: the words are clear.\n'
	'reading: the time agreed on (scan_times()), NULL without reference, the moment on the person''s clock. turn (from '
	'1 on), quote: the words. NULLs without turns or for a language without table. The last 10,000 turns count.';
