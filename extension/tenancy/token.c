/*-------------------------------------------------------------------------
 * token.c
 *		Signing tokens, and counting failed logins.  Verification is
 *		identity.c's; the rules of who gets a token are SQL's.
 */
#include "postgres.h"

#include <stdlib.h>

#include "access/xlog.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "core/errors.h"
#include "identity.h"
#include "pure/auth/jwt.h"
#include "keys.h"
#include "core/shmem.h"
#include "core/voiceagent.h"

#define UNIX_EPOCH_SHIFT_S ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

PG_FUNCTION_INFO_V1(va_sql_issue_token);
PG_FUNCTION_INFO_V1(va_sql_issue_session_token);
PG_FUNCTION_INFO_V1(va_sql_issue_staff_token);
PG_FUNCTION_INFO_V1(va_sql_token_audience);
PG_FUNCTION_INFO_V1(va_sql_require_jwt_secret);
PG_FUNCTION_INFO_V1(va_sql_login_wait);
PG_FUNCTION_INFO_V1(va_sql_login_failed);
PG_FUNCTION_INFO_V1(va_sql_login_succeeded);

static void
copy_text(char *out, size_t size, const text *value, const char *what)
{
	if ((size_t) VARSIZE_ANY_EXHDR(value) >= size)
		ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("the token's %s is too long", what)));
	text_to_cstring_buffer(value, out, size);
}

const char *
va_token_audience(void)
{
	static char audience[VA_JWT_AUD_SIZE];

	if (audience[0] == '\0')
		snprintf(
			audience, sizeof(audience), VA_JWT_AUD_PREFIX UINT64_FORMAT ":%u", GetSystemIdentifier(), MyDatabaseId);
	return audience;
}

Datum
va_sql_token_audience(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(va_token_audience()));
}

/* For the role that PostgREST switches to. */
static Datum
sign(VaJwtClaims *claims, const char *role, int seconds, int64 auth_time)
{
	VaJwtKey key;
	const char *why;
	char *token;
	text *result;

	strlcpy(claims->role, role, sizeof(claims->role));
	strlcpy(claims->aud, va_token_audience(), sizeof(claims->aud));
	claims->iat = GetCurrentTimestamp() / USECS_PER_SEC + UNIX_EPOCH_SHIFT_S;
	claims->has_exp = true;
	claims->exp = claims->iat + seconds;
	claims->auth_time = auth_time < 0 ? claims->iat : auth_time;

	va_jwt_signing(&key);
	token = va_jwt_sign(claims, &key, &why);
	va_forget_key(&key, sizeof(key));
	if (token == NULL)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not sign a token: %s", why)));
	result = cstring_to_text(token);
	free(token);
	PG_RETURN_TEXT_P(result);
}

/* Arguments as of issue_token(); auth_time: seconds since 1970, -1 = now, 0 = the token does not say. */
static Datum
issue_token(FunctionCallInfo fcinfo, int64 auth_time)
{
	VaJwtClaims claims;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(3) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	memset(&claims, 0, sizeof(claims));
	claims.has_tenant = true;
	claims.tenant_id = PG_GETARG_INT64(0);
	if (!PG_ARGISNULL(1))
	{
		claims.member_id = PG_GETARG_INT64(1);
		claims.session_version = va_session_version(claims.tenant_id, claims.member_id);
	}
	if (!PG_ARGISNULL(2))
		copy_text(claims.member_role, sizeof(claims.member_role), PG_GETARG_TEXT_PP(2), "member role");
	copy_text(claims.sub, sizeof(claims.sub), PG_GETARG_TEXT_PP(3), "subject");
	return sign(&claims, VA_ROLE_USER, PG_GETARG_INT32(4), auth_time);
}

/* (tenant_id, member_id, member_role, subject, seconds) -> JWT; member_id and member_role may be NULL */
Datum
va_sql_issue_token(PG_FUNCTION_ARGS)
{
	return issue_token(fcinfo, 0);
}

/* The same and auth_time, which may be NULL (now): of a session that can be renewed. */
Datum
va_sql_issue_session_token(PG_FUNCTION_ARGS)
{
	return issue_token(fcinfo, PG_ARGISNULL(5) ? -1 : PG_GETARG_INT64(5));
}

/* (subject, session, seconds) -> JWT that names no tenant, but the session as jti, whose row says whose it is */
Datum
va_sql_issue_staff_token(PG_FUNCTION_ARGS)
{
	VaJwtClaims claims = { 0 };

	copy_text(claims.sub, sizeof(claims.sub), PG_GETARG_TEXT_PP(0), "subject");
	copy_text(claims.jti, sizeof(claims.jti), PG_GETARG_TEXT_PP(1), "session");
	return sign(&claims, VA_ROLE_STAFF, PG_GETARG_INT32(2), -1);
}

/* Raises when there is no key to sign with, before anything is counted or compared. */
Datum
va_sql_require_jwt_secret(PG_FUNCTION_ARGS)
{
	VaJwtKey key;

	va_jwt_signing(&key);
	va_forget_key(&key, sizeof(key));
	PG_RETURN_VOID();
}

static uint64
login_key(text *account)
{
	return va_login_key(VARDATA_ANY(account), VARSIZE_ANY_EXHDR(account));
}

/* (account, at most so many seconds) -> seconds that it must wait after its last failure, 0 = none */
Datum
va_sql_login_wait(PG_FUNCTION_ARGS)
{
	int seconds = 0;

	if (!va_login_blocked(login_key(PG_GETARG_TEXT_PP(0)), &seconds))
		PG_RETURN_INT32(0);
	PG_RETURN_INT32(Max(seconds, 1));
}

Datum
va_sql_login_failed(PG_FUNCTION_ARGS)
{
	va_login_failed(login_key(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}

Datum
va_sql_login_succeeded(PG_FUNCTION_ARGS)
{
	va_login_succeeded(login_key(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_VOID();
}
