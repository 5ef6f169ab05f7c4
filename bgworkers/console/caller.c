/*-------------------------------------------------------------------------
 * caller.c
 *		Whose request it is (contract in console.h).
 *
 * No locks but that of the keys, for moments.  No statement.
 */
#include "postgres.h"

#include <sodium.h>
#include <time.h>

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/json.h"

#include "console.h"
#include "core/voiceagent.h"
#include "pure/auth/jwt.h"
#include "pure/net/peer_limit.h"
#include "tenancy/identity.h"
#include "tenancy/keys.h"

#define BEARER "Bearer "
#define PEER_HEADER "x-voiceagent-peer"
#define KEY_HEADER "x-api-key"
/* Keys whose tenant is remembered; one that finds its place taken drives the other out. */
#define PROVED_PLACES 1024

static struct
{
	int64 key;
	int64 tenant;
} proved[PROVED_PLACES];

/* The claims themselves: the middle part of a token that was verified. */
static char *
claims_of(const char *token, const VaJwtClaims *read)
{
	const char *from = strchr(token, '.') + 1;
	size_t length = strcspn(from, ".");
	char *json = palloc(length + 1);
	size_t written = 0;

	if (sodium_base642bin((unsigned char *) json, length, from, length, NULL, &written, NULL,
			sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		written = 0;
	json[written] = '\0';
	/* PostgREST adds the role of visitors to claims that name none. */
	return read->role[0] != '\0' ? json : psprintf("{\"role\":\"" VA_ROLE_VISITOR "\",%s", strchr(json, '{') + 1);
}

/* Negative.  Keyed anew by each process, so that no client can choose two that collide. */
static int64
stranger_of(const void *what, size_t len, char kind)
{
	static unsigned char secret[crypto_generichash_KEYBYTES];
	static bool drawn = false;
	crypto_generichash_state state;
	unsigned char digest[crypto_generichash_BYTES_MIN];
	uint64 hash;

	if (!drawn)
		randombytes_buf(secret, sizeof(secret));
	drawn = true;
	crypto_generichash_init(&state, secret, sizeof(secret), crypto_generichash_BYTES_MIN);
	crypto_generichash_update(&state, (const unsigned char *) &kind, 1);
	crypto_generichash_update(&state, what, len);
	crypto_generichash_final(&state, digest, sizeof(digest));
	memcpy(&hash, digest, sizeof(hash));
	return -(int64) Max(hash >> 1, 1);
}

static int64
stranger(const char *what, char kind)
{
	return stranger_of(what, strlen(what), kind);
}

static bool
read_token(const char *token, VaCaller *caller, VaDenial *denial)
{
	VaJwtKeys keys;
	VaJwtClaims claims;
	uint32 generation;
	const char *why;
	bool good;
	bool here;

	*denial = (VaDenial){ 401, "PGRST301", "No suitable key or wrong key type",
		"None of the keys was able to decode the JWT", NULL };
	if (!va_find_jwt_keys(&keys, &generation))
	{
		*denial = (VaDenial){ 500, "PGRST300", "Server lacks JWT secret", NULL, "Set voiceagent.jwt_secret_file." };
		return false;
	}
	/* One for another database proves nothing here; the claims' judge says so. */
	here = va_jwt_verify(token, strlen(token), &keys, (int64) time(NULL), va_token_audience(), &claims, &why);
	good = here || va_jwt_verify(token, strlen(token), &keys, (int64) time(NULL), NULL, &claims, &why);
	va_forget_key(&keys, sizeof(keys));
	if (!good && strcmp(why, VA_JWT_EXPIRED) == 0)
		*denial = (VaDenial){ 401, "PGRST303", "JWT expired", NULL, NULL };
	if (!good)
		return false;
	caller->role = pstrdup(claims.role[0] != '\0' ? claims.role : VA_ROLE_VISITOR);
	caller->claims = claims_of(token, &claims);
	caller->tenant = here && claims.has_tenant ? claims.tenant_id : 0;
	caller->whose = caller->session = caller->tenant;
	caller->expires = claims.has_exp ? claims.exp : 0;
	caller->token = stranger(token, 't');
	caller->rights = stranger(psprintf("%s %s", caller->role, claims.member_role), 'r');
	/* Somebody of the staff is served as a tenant is, and for itself. */
	if (here && strcmp(caller->role, VA_ROLE_STAFF) == 0)
		caller->whose = caller->session = -stranger(claims.sub, 'p');
	caller->member = claims.member_id;
	caller->member_session = Max(claims.session_version, 1);
	return true;
}

/* The doors of MCP take what is shown as a key, in whichever header: no token of the page's, and no cookie. */
static const char *
mcp_key(const VaHttpdRequest *request)
{
	const char *shown = va_httpd_header(request, "authorization");

	if (shown == NULL || pg_strncasecmp(shown, BEARER, strlen(BEARER)) != 0)
		return va_httpd_header(request, KEY_HEADER);
	return shown + strlen(BEARER) + strspn(shown + strlen(BEARER), " ");
}

/* As PostgREST hands them on, and the key that a door of MCP was shown as if it had come as one; false: a byte that is no UTF-8. */
static bool
headers_of(const VaHttpdRequest *request, bool mcp, const char *key, VaCaller *caller)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoString(&json, "{");
	for (int i = 0; i < request->nheaders; i++)
	{
		const VaHttp1Header *header = &request->headers[i];

		if (!pg_verify_mbstr(PG_UTF8, header->value, strlen(header->value), true) ||
			!pg_verify_mbstr(PG_UTF8, header->name, strlen(header->name), true))
			return false;
		/* A browser's requests to each path reach the functions of one alone. */
		if (strcmp(header->name, PEER_HEADER) == 0 ||
			(strcmp(header->name, "cookie") == 0 && strncmp(request->path, VA_SIGN_ON, strlen(VA_SIGN_ON)) != 0) ||
			(mcp && (strcmp(header->name, "authorization") == 0 || strcmp(header->name, KEY_HEADER) == 0 ||
						strcmp(header->name, "apikey") == 0)))
			continue;
		escape_json(&json, header->name);
		appendStringInfoChar(&json, ':');
		escape_json(&json, header->value);
		appendStringInfoChar(&json, ',');
	}
	if (mcp && key != NULL)
	{
		appendStringInfoString(&json, "\"" KEY_HEADER "\":");
		escape_json(&json, key);
		appendStringInfoChar(&json, ',');
	}
	appendStringInfo(&json, "\"" PEER_HEADER "\":");
	escape_json(&json, request->peer);
	appendStringInfoChar(&json, '}');
	caller->headers = json.data;
	return true;
}

static int
place_of(int64 key)
{
	return (int) ((uint64) key % PROVED_PLACES);
}

void
va_note_key(int64 key, int64 tenant)
{
	int place = place_of(key);

	if (tenant != 0)
	{
		proved[place].key = key;
		proved[place].tenant = tenant;
	}
	else if (proved[place].key == key)
		proved[place].key = 0;
}

/* A request without a proved tenant is counted for its network; a key that somebody has proved is its tenant's. */
static void
count_stranger(const char *key, const char *peer, VaCaller *caller)
{
	unsigned char network[8];
	int place;

	caller->whose = stranger_of(network, va_peer_network(peer, network), 'a');
	caller->session = stranger(peer, 's');
	if (key == NULL)
		return;
	caller->key = caller->session = stranger(key, 'k');
	place = place_of(caller->key);
	if (proved[place].key == caller->key)
		caller->whose = proved[place].tenant;
}

static bool
speaks_tls(const VaHttpdRequest *request)
{
	const char *scheme = va_httpd_header(request, "x-forwarded-proto");

	return scheme != NULL && strcmp(scheme, "https") == 0;
}

char *
va_cookie(const VaHttpdRequest *request, const char *pair, const char *path, const char *rest)
{
	/* __Host- wants Secure, the whole host and no Domain: no other host can have set such a one. */
	return speaks_tls(request) ? psprintf("Set-Cookie: " VA_HOST_ALONE "%s; Path=/; HttpOnly%s; Secure", pair, rest)
							   : psprintf("Set-Cookie: %s; Path=%s; HttpOnly%s", pair, path, rest);
}

/* No script reads it, and VA_RENEW alone makes use of it. */
char *
va_session_cookie(const VaHttpdRequest *request, const char *token, int len)
{
	return va_cookie(request, psprintf(VA_SESSION "%.*s", len, token), VA_RENEW,
		len == 0 ? "; SameSite=Strict; Max-Age=0" : "; SameSite=Strict");
}

/* The value of the last pair of the name, which is cut off with all behind it; NULL: there is none. */
static char *
take_cookie(char *cookies, const char *name)
{
	while (cookies[0] != '\0')
	{
		char *end = strrchr(cookies, ';');
		char *pair = end != NULL ? end + 1 : pstrdup(cookies);

		*(end != NULL ? end : cookies) = '\0';
		pair += strspn(pair, " \t");
		if (strncmp(pair, name, strlen(name)) == 0)
			return pair + strlen(name);
	}
	return NULL;
}

/*
 * Where the renewal alone is asked for.  Of several of the name, which another
 * host of the same domain can have set where there is no TLS, the last counts
 * that is a token.  False: there is one, and it is none.
 */
static bool
read_cookies(const VaHttpdRequest *request, VaCaller *caller, VaDenial *denial)
{
	const char *header = strcmp(request->path, VA_RENEW) == 0 ? va_httpd_header(request, "cookie") : NULL;
	char *cookies = pstrdup(header != NULL ? header : "");
	bool good = true;
	char *token;

	while ((token = take_cookie(cookies, speaks_tls(request) ? VA_HOST_ALONE VA_SESSION : VA_SESSION)) != NULL &&
		   !(good = read_token(token, caller, denial)))
		;
	return good;
}

bool
va_find_caller(const VaHttpdRequest *request, VaCaller *caller, VaDenial *denial)
{
	bool mcp = strncmp(request->path, VA_MCP, strlen(VA_MCP)) == 0;
	const char *authorization = mcp ? NULL : va_httpd_header(request, "authorization");
	const char *key = mcp ? mcp_key(request) : va_httpd_header(request, KEY_HEADER);

	*caller = (VaCaller){ 0 };
	if (!headers_of(request, mcp, key, caller))
	{
		*denial = (VaDenial){ 400, "PGRST102", "A header is not valid UTF-8", NULL, NULL };
		return false;
	}
	if (authorization == NULL && !read_cookies(request, caller, denial))
		return false;
	if (authorization != NULL && pg_strncasecmp(authorization, BEARER, strlen(BEARER)) == 0 &&
		!read_token(authorization + strlen(BEARER), caller, denial))
		return false;
	if (caller->role == NULL)
	{
		caller->role = pstrdup(VA_ROLE_VISITOR);
		caller->claims = pstrdup("{\"role\":\"" VA_ROLE_VISITOR "\"}");
	}
	if (key == NULL && !mcp)
		key = va_httpd_header(request, "apikey");
	if (caller->whose == 0)
		count_stranger(key, request->peer, caller);
	return true;
}

static void
add_member(StringInfo json, const char *name, const char *value)
{
	appendStringInfo(json, "%s\"%s\":", json->len > 0 && json->data[json->len - 1] != '{' ? "," : "", name);
	if (value == NULL)
		appendStringInfoString(json, "null");
	else
		escape_json(json, value);
}

char *
va_denial_body(const char *code, const char *message, const char *details, const char *hint)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	add_member(&json, "code", code);
	add_member(&json, "details", details);
	add_member(&json, "hint", hint);
	add_member(&json, "message", message);
	appendStringInfoChar(&json, '}');
	return json.data;
}

void
va_deny(VaHttpdRequest *request, const VaDenial *denial)
{
	const char *headers[3] = { "Cache-Control: no-store" };
	char *body = va_denial_body(denial->code, denial->message, denial->details, denial->hint);
	int n = 1;

	if (denial->status == 401)
		headers[n++] = psprintf(
			"WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"%s\"", denial->message);
	if (denial->status == 405)
		headers[n++] = "Allow: GET, HEAD, POST";
	if (denial->status == 429 || denial->status == 503)
		headers[n++] = "Retry-After: 1";
	va_httpd_reply(request, denial->status, "application/json; charset=utf-8", headers, n, body, strlen(body));
}
