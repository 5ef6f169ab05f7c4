-- 56_phrase: whether a talk may hold an opt-out that no rule knows, by a classifier. Pure, no tables.

CREATE FUNCTION voiceagent_private.talk_doubt(turns jsonb, OUT share integer, OUT turn integer, OUT quote text)
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_talk_doubt';
COMMENT ON FUNCTION voiceagent_private.talk_doubt(jsonb) IS
	E'Whether the person may have asked to be called no more, by a classifier that was trained on talks.\n'
	'share: the talk is doubtful where this many per cent of other talks, 1 to 20, may be held by mistake; NULL: it '
	'is not, or nobody spoke. turn and quote: the words that show it most. Reads the newest 200 turns of the person.';

CREATE FUNCTION voiceagent_private.text_doubt(body text) RETURNS integer
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_text_doubt';
COMMENT ON FUNCTION voiceagent_private.text_doubt(text) IS
	E'Whether somebody may have asked by a text to be left alone, by a classifier that was trained on texts -> how '
	'many per cent of texts that only sound like it, 1 to 20, it would take for one, too; NULL: more.\n'
	'Reads the first 2,000 bytes.';

CREATE FUNCTION voiceagent_private.mask_words(words text) RETURNS text
	LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'va_sql_mask_words';
COMMENT ON FUNCTION voiceagent_private.mask_words(text) IS
	E'Words, or JSON with words, with **** in place of what must not be kept: numbers of payment cards, and codes '
	'behind a word that says so, written or spoken, and what the tenant names (setting masked_words).\n'
	'Words from a carrier or a socket of ours are masked before (extension/pure/phrases/words/mask.h).';
