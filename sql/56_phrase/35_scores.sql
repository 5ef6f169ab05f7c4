-- 56_phrase: what a talk is worth, by rules over its words. Pure decisions, no tables.

CREATE FUNCTION voiceagent_private.read_scores(turns jsonb, language text, reference timestamp DEFAULT NULL)
	RETURNS jsonb LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_read_scores';
COMMENT ON FUNCTION voiceagent_private.read_scores(jsonb, text, timestamp) IS
	E'What a talk is worth: outcome, intent with its score (0 to 1), interest, csat (1 to 5, if the person gave a '
	'mark), emotion, objections and whether the answer worked, ended_at_step, ended_by, next_steps, summary.\n'
	'Each with turn and quote; what is not known is absent. reference: the person''s clock. NULL: no turns, or a '
	'language without a table. PT422: a reference before 1900 or after 2199.';
