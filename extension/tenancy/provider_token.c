/*-------------------------------------------------------------------------
 * provider_token.c
 *		For SQL: what an identity provider has signed (pure/auth/jws.h).
 *
 * No locks, no state.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/arena.h"
#include "core/compat.h"
#include "pure/auth/jws.h"

PG_FUNCTION_INFO_V1(va_sql_provider_claims);

static json_t *
answer_of(VaJwsVerdict verdict, json_t *claims, const char *why)
{
	if (verdict == VA_JWS_GOOD)
		return json_pack("{s:O}", "claims", claims);
	return json_pack("{s:s,s:b}", "why", why, "unknown_key", verdict == VA_JWS_UNKNOWN_KEY);
}

/* (token, keys: a JWK set, or NULL) -> {claims}, or {why, unknown_key} */
Datum
va_sql_provider_claims(PG_FUNCTION_ARGS)
{
	text *token = PG_ARGISNULL(0) ? cstring_to_text("") : PG_GETARG_TEXT_PP(0);
	text *set = PG_ARGISNULL(1) ? cstring_to_text("{}") : PG_GETARG_TEXT_PP(1);
	VaArena *arena = va_arena_here();
	const char *why = "";
	json_t *keys = va_json_load(arena, VARDATA_ANY(set), VARSIZE_ANY_EXHDR(set), &why);
	json_t *claims = NULL;
	VaJwsVerdict verdict = va_jws_verify(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token), keys, &claims, &why);
	json_t *answer = answer_of(verdict, claims, why);
	char *text = answer != NULL ? va_json_text(arena, answer) : NULL;

	json_decref(answer);
	json_decref(claims);
	json_decref(keys);
	if (text == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}
