/*-------------------------------------------------------------------------
 * base_url.c
 *		Where a carrier's API, or a tenant's own server, may lie: judged when an account or a target is made, so that
 *		a tenant cannot point the server at its own network.  (The HTTP client
 *		judges the resolved address once more when it connects.)
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "core/errors.h"
#include "pure/net/url.h"

PG_FUNCTION_INFO_V1(va_sql_check_base_url);
PG_FUNCTION_INFO_V1(va_sql_check_target_url);
PG_FUNCTION_INFO_V1(va_sql_is_allowed_host);

static void
refuse(const char *what, const char *detail, const char *hint)
{
	ereport(ERROR, (errcode(VA_ERRCODE_INVALID), errmsg("this %s cannot be used", what), errdetail("%s", detail),
					   hint ? errhint("%s", hint) : 0));
}

/* Is "host" or "host:port" a word of the list? */
static bool
is_listed(const char *list, const char *host, int port)
{
	char *copy = pstrdup(list);
	char *state = NULL;
	char *with_port = psprintf(strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, port);

	for (char *word = strtok_r(copy, " \t\r\n,", &state); word != NULL; word = strtok_r(NULL, " \t\r\n,", &state))
		if (pg_strcasecmp(word, host) == 0 || pg_strcasecmp(word, with_port) == 0)
			return true;
	return false;
}

/* Raises unless requests may go there: https to a public host, or anything to a listed one. */
static void
require_reachable(const char *given, const char *allowed, const char *what)
{
	static const char *const hint = "An administrator can allow the host by a platform setting: allowed_private_hosts "
									"for carriers and outgoing webhooks,"
									" knowledge_private_hosts for pages, model_private_hosts for language models,"
									" tool_private_hosts for tools, calendar_private_hosts for calendars.";
	VaUrl *url = palloc(sizeof(VaUrl));
	const char *why;

	if (!va_url_parse(given, strlen(given), url, &why))
		refuse(what, psprintf("Reason: %s.", why), NULL);
	if ((!url->https || url->host_class != VA_ADDRESS_PUBLIC) && !is_listed(allowed, url->host, url->port))
	{
		if (url->host_class != VA_ADDRESS_PUBLIC)
			refuse(what, psprintf("Its host is a %s address.", va_address_class_name(url->host_class)), hint);
		refuse(what, "It must begin with https://.", hint);
	}
	pfree(url);
}

/* The URL with its scheme in small letters, as statements that look for https:// expect it. */
static char *
with_small_scheme(char *url)
{
	for (char *at = url; *at != '\0' && *at != ':'; at++)
		*at = (char) pg_ascii_tolower((unsigned char) *at);
	return url;
}

Datum
va_sql_check_base_url(PG_FUNCTION_ARGS)
{
	char *given = text_to_cstring(PG_GETARG_TEXT_PP(0));
	size_t length = strlen(given);

	require_reachable(given, text_to_cstring(PG_GETARG_TEXT_PP(1)), "base URL");
	if (strchr(given, '?') != NULL)
		refuse("base URL", "It has a query; paths are appended to it.", NULL);
	while (length > 0 && given[length - 1] == '/')
		given[--length] = '\0';
	PG_RETURN_TEXT_P(cstring_to_text_with_len(with_small_scheme(given), length));
}

/* (url, allowed hosts): the URL, if outgoing webhooks may be posted there */
Datum
va_sql_check_target_url(PG_FUNCTION_ARGS)
{
	char *given = text_to_cstring(PG_GETARG_TEXT_PP(0));

	require_reachable(given, text_to_cstring(PG_GETARG_TEXT_PP(1)), "URL");
	PG_RETURN_TEXT_P(cstring_to_text(with_small_scheme(given)));
}

/* (url, allowed hosts): whether the platform lists the URL's host, so that it may be private */
Datum
va_sql_is_allowed_host(PG_FUNCTION_ARGS)
{
	char *given = text_to_cstring(PG_GETARG_TEXT_PP(0));
	VaUrl *url = palloc(sizeof(VaUrl));
	const char *why;

	if (!va_url_parse(given, strlen(given), url, &why))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(is_listed(text_to_cstring(PG_GETARG_TEXT_PP(1)), url->host, url->port));
}
