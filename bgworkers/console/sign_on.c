/*-------------------------------------------------------------------------
 * sign_on.c
 *		Logins at a provider (contract in console.h).
 *
 * No locks, no state: what a step needs of the one before it is carried.
 */
#include "postgres.h"

#include "console.h"
#include "core/arena.h"
#include "pure/text/json.h"

/* The way back is known by it; another site's link may bring it along, since the provider's does. */
#define COOKIE "va_sign_on="
#define COOKIE_LASTS "; SameSite=Lax; Max-Age=600"
#define COOKIE_GONE "; SameSite=Lax; Max-Age=0"

static void take_step(VaHttpdRequest *request, const VaField *answer);

static void
ask_with(VaHttpdRequest *request, const char *document, const char *carry)
{
	VaCaller caller;
	VaDenial denial;
	VaDoorAsk question = { "sign-on", request, &caller, carry, take_step, document, false };

	if (!va_find_caller(request, &caller, &denial) || !va_door_ask(&question, &denial))
		va_deny(request, &denial);
}

static void
fetch(VaHttpdRequest *request, const json_t *step)
{
	VaCaller caller;
	VaDenial denial;
	VaDocumentAsk ask = { .url = va_json_string(step, "url"),
		.provider = request->path + strlen(VA_SIGN_ON),
		.form = va_json_string(step, "form"),
		.authorization = va_json_string(step, "authorization"),
		.private_host = json_is_true(json_object_get(step, "private_host")),
		.longest = VA_DOCUMENT_MAX,
		.carry = va_json_string(step, "carry"),
		.found = ask_with };

	if (!va_find_caller(request, &caller, &denial))
		va_deny(request, &denial);
	else
		va_client_document(request, &caller, &ask);
}

/* Nothing but our own page follows a login; what began it is good for no other. */
static void
answer_with(VaHttpdRequest *request, const json_t *step)
{
	static const char style[] = "Content-Security-Policy: default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
	const char *to = va_json_string(step, "location");
	const char *cookie = va_json_string(step, "cookie");
	const char *session = va_json_string(step, "session");
	const char *page = va_json_string(step, "page");
	const char *headers[6] = { "Cache-Control: no-store", "Referrer-Policy: no-referrer", style,
		va_cookie(request, psprintf(COOKIE "%s", cookie != NULL ? cookie : ""), VA_SIGN_ON,
			cookie != NULL ? COOKIE_LASTS : COOKIE_GONE) };
	int n = 4;

	if (session != NULL)
	{
		to = "/";
		headers[n++] = va_session_cookie(request, session, (int) strlen(session));
	}
	if (to != NULL)
		headers[n++] = psprintf("Location: %s", to);
	va_httpd_reply(request, to != NULL ? 303 : (int) json_integer_value(json_object_get(step, "status")),
		"text/html; charset=utf-8", headers, n, page != NULL ? page : "", page != NULL ? strlen(page) : 0);
}

static void
take_step(VaHttpdRequest *request, const VaField *answer)
{
	int status = answer != NULL ? atoi(answer[VA_TELL_STATUS].bytes) : 503;
	const char *why;
	/* For the routers, which send it on. */
	const char *cell = status == 421 ? answer[VA_TELL_HEADER].bytes : NULL;
	json_t *step = status == 200
					   ? va_json_load(va_arena_here(), answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len, &why)
					   : NULL;

	if (cell != NULL)
		va_httpd_reply(
			request, 421, answer[VA_TELL_TYPE].bytes, &cell, 1, answer[VA_TELL_BODY].bytes, answer[VA_TELL_BODY].len);
	else if (step == NULL)
		va_deny(request,
			&(VaDenial){ status == 200 ? 500 : status, "PGRST205",
				status == 404 ? "There is nothing here" : "the login could not be served", NULL, "Begin it again." });
	else if (va_json_string(step, "url") != NULL)
		fetch(request, step);
	else
		answer_with(request, step);
	json_decref(step);
}

/* A login is used up when its code leaves for the provider, so a browser that comes back needs a place first. */
void
va_sign_on(VaHttpdRequest *request)
{
	VaCaller caller;
	VaDenial denial;

	if (!va_find_caller(request, &caller, &denial))
		va_deny(request, &denial);
	else if (strchr(request->path + strlen(VA_SIGN_ON), '/') == NULL ||
			 va_document_is_free(&caller, request->path + strlen(VA_SIGN_ON)))
		ask_with(request, "", "");
	else
		va_deny_document(request);
}
