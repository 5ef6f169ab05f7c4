/*-------------------------------------------------------------------------
 * requests.c
 *		Building requests: what the drivers have in common.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "requests.h"

#include <stdlib.h>
#include <ctype.h>
#include <string.h>

#include <sodium.h>

#include "pure/text/template.h"

#define MAX_HEADERS ((int) (sizeof(((VaHttpRequest *) 0)->headers) / sizeof(VaHeader)))

bool
va_printable(const char *text)
{
	if (text == NULL || text[0] == '\0')
		return false;
	for (; *text != '\0'; text++)
		if ((unsigned char) *text < 0x20 || (unsigned char) *text > 0x7e)
			return false;
	return true;
}

bool
va_id_valid(const char *id)
{
	size_t len = id == NULL ? 0 : strlen(id);

	if (len == 0 || len > VA_CALL_ID_MAX || strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
		return false;
	for (size_t i = 0; i < len; i++)
		if (id[i] <= 0x20 || id[i] > 0x7e)
			return false;
	return true;
}

int
va_clamp(int value, int low, int high)
{
	return value < low ? low : (value > high ? high : value);
}

const char *
va_integer_text(VaArena *arena, int64_t value)
{
	return va_arena_printf(arena, "%lld", (long long) value);
}

/* ---- texts in URLs ---- */

const char *
va_escaped(VaArena *arena, const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);
	char *out = va_arena_alloc(arena, len * 3 + 1);

	if (out == NULL)
		return NULL;
	out[va_percent_encode(text == NULL ? "" : text, len, out)] = '\0';
	return out;
}

const char *
va_url_with(VaArena *arena, const char *url, const char *name, const char *value)
{
	if (url == NULL || value == NULL)
		return url;
	value = va_escaped(arena, value);
	return value == NULL ? NULL
						 : va_arena_join(arena, url, strchr(url, '?') == NULL ? "?" : "&", name, "=", value, NULL);
}

const char *
va_id_path(VaArena *arena, const char *before, const char *id, const char *after, const char *wrong, const char **why)
{
	*why = va_id_valid(id) ? "out of memory" : wrong;
	return va_id_valid(id) ? va_arena_join(arena, before, va_escaped(arena, id), after, NULL) : NULL;
}

const char *
va_call_path(VaArena *arena, const char *before, const char *call_id, const char *after, const char **why)
{
	return va_id_path(arena, before, call_id, after, "the call's id is not valid", why);
}

const char *
va_page_behind(const char *own, const char *page, const char **why)
{
	size_t len = own == NULL ? 0 : strlen(own);

	*why = "the page is not one of the account's";
	return own != NULL && strncmp(page, own, len) == 0 && va_printable(page) && strchr(page, ' ') == NULL ? page + len
																										  : NULL;
}

bool
va_is_e164(const char *number)
{
	size_t digits = number != NULL && number[0] == '+' ? strspn(number + 1, "0123456789") : 0;

	return digits >= 7 && digits <= 15 && number[1] != '0' && number[digits + 1] == '\0';
}

const char *
va_without_plus(const char *number)
{
	return number != NULL && number[0] == '+' ? number + 1 : number;
}

const char *
va_with_plus(VaArena *arena, const char *number)
{
	size_t len = number == NULL ? 0 : strlen(number);

	if (len == 0)
		return NULL;
	/* Shorter ones are service numbers of one network, longer ones no telephone numbers. */
	if (len < 7 || len > 15 || strspn(number, "0123456789") != len || number[0] == '0')
		return number;
	return va_arena_printf(arena, "+%s", number);
}

/* ---- requests ---- */

bool
va_request_start(VaHttpRequest *request, VaArena *arena, const char *method, const char *base_url, const char *own,
	const char *path, const char **why)
{
	VaUrl url;
	size_t len;

	memset(request, 0, sizeof(*request));
	/* Why there is none its maker has said. */
	if (path == NULL)
		return false;
	if (base_url == NULL || base_url[0] == '\0')
		base_url = own;
	if (base_url == NULL)
		return va_refuse(why, "the account has no base_url");
	if (!va_url_parse(base_url, strlen(base_url), &url, why))
		return false;
	if (strchr(base_url, '?') != NULL)
		return va_refuse(why, "the base URL must not hold a query");
	len = strlen(base_url);
	while (len > 0 && base_url[len - 1] == '/')
		len--;
	if (base_url[len] != '\0')
		base_url = va_arena_strndup(arena, base_url, len);
	request->method = method;
	request->url = arena->oom ? NULL : va_arena_join(arena, base_url, path, NULL);
	request->headers[0] = (VaHeader){ "Accept", "application/json" };
	request->nheaders = 1;
	*why = "out of memory";
	return !arena->oom;
}

bool
va_request_elsewhere(VaHttpRequest *request, VaArena *arena, const char *method, const char *text, const char **why)
{
	VaUrl url;

	memset(request, 0, sizeof(*request));
	if (text == NULL)
		return va_refuse(why, "there is no URL");
	if (!va_url_parse(text, strlen(text), &url, why))
		return false;
	request->method = method;
	request->url = va_arena_strdup(arena, text);
	*why = "out of memory";
	return !arena->oom;
}

bool
va_request_header(VaHttpRequest *request, VaArena *arena, const char *name, const char *value, const char **why)
{
	*why = "out of memory";
	if (arena->oom || value == NULL)
		return false;
	if (request->nheaders == MAX_HEADERS || !va_printable(value))
		return va_refuse(why, "a header of the request is not valid");
	request->headers[request->nheaders++] = (VaHeader){ name, value };
	return true;
}

bool
va_request_bearer(VaHttpRequest *request, VaArena *arena, const char *token, const char **why)
{
	if (token != NULL && token[0] != '\0' &&
		va_request_header(request, arena, "Authorization", va_arena_join(arena, "Bearer ", token, NULL), why))
		return true;
	if (!arena->oom)
		*why = "the account has no usable API key";
	return false;
}

bool
va_request_basic(VaHttpRequest *request, VaArena *arena, const char *user, const char *password, const char **why)
{
	const char *pair;
	char *encoded;
	size_t len;

	if (!va_printable(user) || !va_printable(password) || strchr(user, ':') != NULL)
		return va_refuse(why, "the account has no usable credentials");
	pair = va_arena_join(arena, user, ":", password, NULL);
	len = pair == NULL ? 0 : strlen(pair);
	encoded = va_arena_alloc(arena, sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL));
	if (pair == NULL || encoded == NULL)
		return va_refuse(why, "out of memory");
	va_base64_encode(pair, len, encoded);
	return va_request_header(request, arena, "Authorization", va_arena_join(arena, "Basic ", encoded, NULL), why);
}

bool
va_request_json(VaHttpRequest *request, VaArena *arena, const json_t *body, const char **why)
{
	request->body = va_json_text(arena, body);
	if (request->body == NULL || arena->oom)
		return va_refuse(why, "out of memory, or a text that is not UTF-8");
	request->body_len = strlen(request->body);
	return va_request_header(request, arena, "Content-Type", "application/json", why);
}

bool
va_request_body(bool begun, VaHttpRequest *request, VaArena *arena, json_t *body, const char **why)
{
	bool good = begun && va_request_json(request, arena, body, why);

	json_decref(body);
	return good;
}

bool
va_request_form(VaHttpRequest *request, VaArena *arena, const VaNamedText *fields, int n, const char **why)
{
	size_t size = 1;
	char *out;
	size_t used = 0;

	for (int i = 0; i < n; i++)
		if (fields[i].value != NULL)
			size += 3 * (strlen(fields[i].name) + strlen(fields[i].value)) + 2;
	out = va_arena_alloc(arena, size);
	if (out == NULL)
		return va_refuse(why, "out of memory");
	for (int i = 0; i < n; i++)
	{
		if (fields[i].value == NULL)
			continue;
		if (used > 0)
			out[used++] = '&';
		used += va_percent_encode(fields[i].name, strlen(fields[i].name), out + used);
		out[used++] = '=';
		used += va_percent_encode(fields[i].value, strlen(fields[i].value), out + used);
	}
	out[used] = '\0';
	request->body = out;
	request->body_len = used;
	return va_request_header(request, arena, "Content-Type", "application/x-www-form-urlencoded", why);
}

/* ---- what a call says ---- */

/* Is the socket ours, below the address where webhooks go? Then the process media talks there (own_stream() of 35_provider). */
static bool
is_own_stream(const char *stream_url, const char *server_url)
{
	const char *stream = stream_url == NULL ? NULL : strstr(stream_url, "://");
	const char *server = server_url == NULL ? NULL : strstr(server_url, "://");
	const char *media = stream == NULL ? NULL : strstr(stream, "/media/");
	const char *webhooks = server == NULL ? NULL : strstr(server, "/webhooks/");

	return media != NULL && webhooks != NULL && media - stream == webhooks - server &&
		   memcmp(stream, server, (size_t) (media - stream)) == 0 && strchr(media, '?') == NULL;
}

void
va_plan_answer(VaCallOrder *order, VaArena *arena)
{
	VaAnswer *answer = &order->answer;
	const char *why; /* va_call_answer() says it, when it finds no text */

	memset(answer, 0, sizeof(*answer));
	answer->attempt_ref = order->attempt_ref;
	answer->stream_url = va_carrier_setting(order->carrier, "stream_url");
	answer->kind = answer->stream_url != NULL ? VA_ANSWER_STREAM : VA_ANSWER_SAY;
	/* Ours has all words of the call; another one has its own for what comes after the disclosure. */
	answer->returns = is_own_stream(answer->stream_url, order->server_url) ? 1 : 0;
	if (answer->returns > 0)
		answer->stream_url = va_arena_printf(arena, "%s/%s", answer->stream_url, order->attempt_ref);
	else
		answer->text = va_template_spoken(arena,
			answer->stream_url != NULL ? order->disclosure : order->assistant.first_message, order->variables, &why);
	answer->text = va_pronounce(arena, answer->text, order->assistant.settings);
	answer->language = order->assistant.language;
	answer->voice = va_carrier_setting(order->carrier, "voice");
	answer->status_url = order->server_url;
	answer->opt_out_key = answer->kind == VA_ANSWER_SAY ? order->opt_out_key : NULL;
	answer->max_duration_s = order->max_duration_s;
	answer->record = order->record;
}

bool
va_call_answer(const VaCallOrder *order, VaArena *arena, VaAnswer *answer, const char **why)
{
	const char *message = order->assistant.first_message;
	const char *language = order->assistant.language;

	*answer = order->answer;
	if (answer->attempt_ref == NULL)
		answer->attempt_ref = order->attempt_ref;
	/* Voices speak a language of a region; a bare "en" is for transcribers. */
	if (answer->language == NULL && language != NULL && strchr(language, '-') != NULL)
		answer->language = language;
	if (answer->kind != VA_ANSWER_SAY || (answer->text != NULL && answer->text[0] != '\0'))
		return true;
	answer->text = va_template_spoken(arena, message, order->variables, why);
	if (message != NULL && answer->text == NULL)
		return false;
	answer->text = va_pronounce(arena, answer->text, order->assistant.settings);
	if (answer->text == NULL || answer->text[0] == '\0')
		return va_refuse(why, "there is nothing to say: neither a text nor a first message of the assistant");
	return true;
}

const char *
va_from_number(const VaCallOrder *order)
{
	return order->from_number != NULL ? order->from_number : va_carrier_setting(order->carrier, "from_number");
}

bool
va_call_order_good(const VaCallOrder *order, const char *characters, const char *or_else, const char **why)
{
	VaUrl url;

	if (order->to_number == NULL || order->to_number[0] != '+' || strlen(order->to_number) > 16)
		*why = "the number to call must be E.164";
	else if (order->attempt_ref == NULL || order->attempt_ref[0] == '\0')
		*why = "the attempt has no reference";
	else if (strlen(order->attempt_ref) > VA_ATTEMPT_REF_MAX)
		*why = "the attempt's reference is longer than 40 characters";
	else if (va_from_number(order) == NULL)
		*why = "the account has no from_number to call from";
	else if (order->to_extension != NULL && order->to_extension[strspn(order->to_extension, characters)] != '\0')
		*why = or_else;
	else
		return order->server_url == NULL || order->server_url[0] == '\0' ||
			   va_url_parse(order->server_url, strlen(order->server_url), &url, why);
	return false;
}

bool
va_url_is_theirs(const VaProviderAccount *carrier, const VaUrl *url, const char *domain)
{
	const char *base = carrier->base_url;
	size_t len = strlen(url->host);
	size_t rest = strlen(domain) <= len ? len - strlen(domain) : len;
	const char *why;
	VaUrl own;

	if (base != NULL && va_url_parse(base, strlen(base), &own, &why) && strcmp(own.host, url->host) == 0 &&
		own.port == url->port && own.https == url->https)
		return true;
	return url->https && strcmp(url->host + rest, domain) == 0 && (rest == 0 || url->host[rest - 1] == '.');
}

const char *
va_country(VaArena *arena, const char *country, const char **why)
{
	if (country == NULL)
		country = "US";
	if (strlen(country) != 2 || !isalpha((unsigned char) country[0]) || !isalpha((unsigned char) country[1]))
	{
		*why = "country must be two letters (ISO 3166), such as US";
		return NULL;
	}
	*why = "out of memory";
	return va_arena_printf(arena, "%c%c", toupper((unsigned char) country[0]), toupper((unsigned char) country[1]));
}

bool
va_text_order_good(const VaProviderRequest *order, const char **why)
{
	/* One that may not be sent any more comes without them: see text_to_send(). */
	if (!va_is_e164(order->number) || !va_is_e164(order->from_number) || order->text == NULL || order->text[0] == '\0')
		return va_refuse(why, "the text has no number to go to, none to come from, or no words");
	return true;
}

const char *
va_text_report_url(const VaProviderRequest *order, VaArena *arena)
{
	return va_url_with(arena, va_url_with(arena, order->server_url, "as", "text"), "attempt", order->attempt_ref);
}
