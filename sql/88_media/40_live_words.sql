-- 88_media: what is being said in a call that we hold, before it is a turn.

CREATE FUNCTION voiceagent_private.read_live_words(tenant_id bigint, call_id bigint, OUT speaking text, OUT words text,
	OUT saying text, OUT level_db real)
	LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'va_sql_live_words';
COMMENT ON FUNCTION voiceagent_private.read_live_words(bigint, bigint) IS
	'The words that the process media has in shared memory for a call that it holds; NULLs: it holds no such call.';

CREATE FUNCTION voiceagent.live_words(call_id bigint, OUT speaking text, OUT words text, OUT saying text,
	OUT level_db real)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET planner.policy = by_key SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_tenant bigint := voiceagent.current_tenant();
	v_live record;
BEGIN
	PERFORM voiceagent_private.fail_if(NOT EXISTS (SELECT FROM voiceagent.calls c WHERE c.tenant_id = v_tenant
			AND c.call_id = live_words.call_id), 'PT404', 'there is no such call');
	v_live := voiceagent_private.read_live_words(v_tenant, call_id);
	speaking := v_live.speaking;
	words := v_live.words;
	saying := v_live.saying;
	level_db := v_live.level_db;
END
$$;
COMMENT ON FUNCTION voiceagent.live_words(bigint) IS
	E'The words being said in a call that we hold, as of a quarter of a second ago; earlier ones are in call_turns.\n'
	'speaking: customer, assistant, NULL: none; words: the customer''s so far, where the ear tells; saying: what the '
	'assistant is saying; level_db: how loud the line is. All are NULL for another call. It raises PT404.';
