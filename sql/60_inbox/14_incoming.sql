-- 60_inbox: incoming calls, until the numbers know what becomes of them.

CREATE FUNCTION voiceagent_private.answer_incoming(provider_account bigint, from_number text, to_number text) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN NULL::jsonb;
COMMENT ON FUNCTION voiceagent_private.answer_incoming(bigint, text, text) IS
	'What becomes of a call from from_number to to_number at an account of the acting tenant, as answer_plan() gives it; NULL: it is not taken.';
