/*
 * 80_reception: what assistants do while they talk.
 *
 * A tool runs in a transaction of its own, in the gateway or for a bot.  It
 * locks no lead and no queue: a row of call_tools keeps what was asked for, the
 * call is locked against its erasure alone (KEY SHARE), and a job does what
 * follows (30_follow.sql).  Tools of one call follow each other by its row of
 * tool_turns, so that what is asked twice, under one id or two, is done once.
 *
 * No tool reads another call, another number or a statistic: each has a
 * tool_context, and of what the tenant has sees only what that leads to.
 */

CREATE TABLE voiceagent_private.tool_turns (
	tenant_id bigint NOT NULL,
	call_id bigint NOT NULL,
	tools integer NOT NULL,
	PRIMARY KEY (tenant_id, call_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.tool_turns IS 'Calls in which tools were used, locked by the one that runs.';
COMMENT ON COLUMN voiceagent_private.tool_turns.tools IS 'How many were called.';
SELECT voiceagent_private.guard_table('voiceagent_private.tool_turns', 'internal');

CREATE TYPE voiceagent_private.tool_context AS (
	tool text,
	call_id bigint,
	lead_id bigint,
	phone text,
	direction text,
	assistant_id bigint,
	phone_number_id bigint,
	language text,
	zone text,
	at timestamptz,
	in_reply boolean
);
COMMENT ON TYPE voiceagent_private.tool_context IS
	'All that a tool knows: its name, its call, whose it is, by which clock and in which language it answers, and '
	'whether the carrier asks where to put the call through (in_reply).';

CREATE TYPE voiceagent_private.tool_answer AS (
	result text,
	error text,
	made jsonb,
	data jsonb
);
COMMENT ON TYPE voiceagent_private.tool_answer IS 'As in call_tools.';

CREATE FUNCTION voiceagent_private.tool_says(context voiceagent_private.tool_context, key text,
	VARIADIC words text[] DEFAULT '{}') RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN format(voiceagent_private.tool_words(key, (context).language), VARIADIC words);
COMMENT ON FUNCTION voiceagent_private.tool_says(voiceagent_private.tool_context, text, text[]) IS
	'A sentence of tool_words() with words in it.';

CREATE FUNCTION voiceagent_private.tool_error(context voiceagent_private.tool_context, key text,
	VARIADIC words text[] DEFAULT '{}') RETURNS voiceagent_private.tool_answer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ROW(voiceagent_private.tool_says(context, key, VARIADIC words), key, NULL::jsonb,
		jsonb_build_object('moves', voiceagent_private.tool_moves(key)))::voiceagent_private.tool_answer;
COMMENT ON FUNCTION voiceagent_private.tool_error(voiceagent_private.tool_context, text, text[]) IS
	'The answer of a tool that did nothing, and why.';

CREATE FUNCTION voiceagent_private.tool_done(context voiceagent_private.tool_context, key text,
	words text[] DEFAULT '{}', data jsonb DEFAULT '{}', made jsonb DEFAULT NULL) RETURNS voiceagent_private.tool_answer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ROW(voiceagent_private.tool_says(context, key, VARIADIC words), NULL::text, made,
		data || jsonb_build_object('moves', voiceagent_private.tool_moves(key)))::voiceagent_private.tool_answer;
COMMENT ON FUNCTION voiceagent_private.tool_done(voiceagent_private.tool_context, text, text[], jsonb, jsonb) IS
	E'The answer of a tool that did what it was to do: a sentence of tool_words() with words in it.\n'
	'data: what else the desk says of it (as call_tools.data); made: what came of it, NULL: it looked something up.';

CREATE FUNCTION voiceagent_private.tool_time(context voiceagent_private.tool_context, words text) RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF words ~ '^\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?\s*$' THEN
		RETURN btrim(words)::timestamp AT TIME ZONE (context).zone;
	ELSIF words ~ '^\s*\d{4}-\d\d-\d\d\s*$' THEN
		RETURN btrim(words)::timestamp AT TIME ZONE (context).zone;
	END IF;
	RETURN voiceagent_private.resolve_time('', '', words, (context).zone, (context).at, NULL,
		(context).language, true);
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.tool_time(voiceagent_private.tool_context, text) IS
	'A time as a model gives it: local, with an offset, a day (its beginning), or words; NULL: none; infinity: a day '
	'that only a person can tell.';

CREATE FUNCTION voiceagent_private.time_lacks(context voiceagent_private.tool_context, words text, part boolean)
	RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_grains text[];
BEGIN
	IF words ~ '^\s*\d{4}-\d\d-\d\d\s*$' THEN
		RETURN 'hour';
	ELSIF words ~ '^\s*\d{4}-\d\d-\d\d[T ]' THEN
		RETURN NULL;
	END IF;
	v_grains := ARRAY(SELECT t.grain FROM voiceagent_private.scan_times(words, (context).language,
		(context).at AT TIME ZONE (context).zone) t);
	RETURN CASE WHEN v_grains && '{second,minute,hour}' OR part AND 'part' = ANY (v_grains) THEN NULL
		WHEN v_grains && '{part,day}' THEN 'hour' ELSE 'day' END;
EXCEPTION WHEN SQLSTATE 'PT422' THEN
	-- A language without a table: tool_time() reads what it can.
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION voiceagent_private.time_lacks(voiceagent_private.tool_context, text, boolean) IS
	E'The part of a time that the words read by tool_time() leave open: hour, day (they name a week, say) or NULL.\n'
	'part: a part of the day will do.';
