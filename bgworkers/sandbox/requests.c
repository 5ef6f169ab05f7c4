/*-------------------------------------------------------------------------
 * requests.c
 *		The carrier's API: what is asked of it, and its answers.
 *
 *		POST  /call						place a call
 *		GET   /call?createdAtGe=...		list calls, newest first
 *		GET   /call/ID, PATCH /call/ID	one call (a new name is not kept)
 *		POST  /call/ID/control			{"type": "end-call" | "say" | "play" | "transfer" | "send-digits", ...}; others are taken and do nothing
 *		GET   /call/ID/mono-recording	where the recording lies (302)
 *		GET   /recordings/TENANT-ACCOUNT-ID.wav	what was recorded of a call
 *		GET   /balance					what the account has left
 *		POST  /text						take a text: it goes nowhere, and nobody reports of it
 *		GET   /assistant				whether a key is good
 *		/v1/...							the language model
 *
 * Single-threaded, no backend header, no locks.
 */
#include "engine.h"

#include <endian.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/net/url.h"
#include "pure/text/form.h"

#define LIST_DEFAULT 100
#define LIST_MAX 1000
#define COMMAND_MAX 8000
/* Nothing is paid, and so it is never used up. */
#define BALANCE "{\"balance\": 1000.00, \"currency\": \"USD\"}"
#define GATEWAY_PATH "/webhooks/"
#define JSON_TYPE "application/json"

/* 8 bits, one channel. */
#define SAMPLES_A_SECOND 8000
#define SILENCE 0x80
#define LONGEST_S 60

/* The head of a file of sound, little end first. */
typedef struct Header
{
	char riff[4];
	uint32_t rest_bytes;
	char wave[8];
	uint32_t format_bytes;
	uint16_t plain, channels;
	uint32_t samples_a_second, bytes_a_second;
	uint16_t bytes_a_sample, bits_a_sample;
	char data[4];
	uint32_t data_bytes;
} Header;

/* ---- numbers that count ---- */

static Memory *
memory_of(VaSandbox *sandbox, int64_t tenant_id, const char *number)
{
	Memory *memory;

	for (int i = 0; i < VA_SANDBOX_MEMORIES; i++)
		if (sandbox->memories[i].tenant_id == tenant_id && strcmp(sandbox->memories[i].number, number) == 0)
			return &sandbox->memories[i];
	memory = &sandbox->memories[sandbox->next_memory++ % VA_SANDBOX_MEMORIES];
	*memory = (Memory){ .tenant_id = tenant_id };
	snprintf(memory->number, sizeof(memory->number), "%s", number);
	return memory;
}

void
va_sandbox_count_dials(VaSandbox *sandbox, int64_t tenant_id, const char *number, int dials)
{
	const VaPeopleNumber *forced = va_people_number(number);

	if (forced != NULL && forced->busy_first > 0)
		memory_of(sandbox, tenant_id, number)->dials = dials;
}

/* The status with which a number refuses this request, 0 = it is taken. */
static int
refusal_of(VaSandbox *sandbox, int64_t tenant_id, const char *number)
{
	const VaPeopleNumber *forced = va_people_number(number);
	Memory *memory;

	if (forced == NULL || forced->refusal == 0)
		return 0;
	if (!forced->refuses_once)
		return forced->refusal;
	memory = memory_of(sandbox, tenant_id, number);
	memory->refused = !memory->refused;
	return memory->refused ? forced->refusal : 0;
}

/* ---- answers ---- */

/* NULL: there is no memory. */
static void
answer(VaSandboxAsk *ask, int status, const char *body)
{
	static const char *const later[] = { "Retry-After: 1" };

	if (body == NULL)
	{
		status = 500;
		body = "{}";
	}
	va_httpd_reply(
		ask->request, status, JSON_TYPE, status == 429 ? later : NULL, status == 429 ? 1 : 0, body, strlen(body));
	ask->request = NULL;
}

void
va_sandbox_refuse(VaSandboxAsk *ask, int status, const char *message)
{
	VaArena arena = { 0 };

	answer(ask, status, va_carrier_error_body(status, message, &arena));
	va_arena_free(&arena);
	if (ask->kind == VA_ASK_PLACE)
	{
		va_sandbox_free(ask->call);
		ask->call = NULL;
	}
}

void
va_sandbox_done(VaSandboxAsk *ask)
{
	answer(ask, 200, "{}");
}

static void
answer_with(VaSandbox *sandbox, VaSandboxAsk *ask, int status, VaSandboxCall *call, int64_t now)
{
	VaArena arena = { 0 };
	VaCarrierCall carrier;

	va_sandbox_describe(call, now, sandbox->own_port, &arena, &carrier);
	answer(ask, status, va_carrier_call_body(&carrier, &arena));
	va_arena_free(&arena);
}

/*
 * The recording of a call: silence, as long as the call, under a link that its report names.  The link is good while
 * this process listens where it does; the account's key leads to the one that is good now, as at Vapi.
 */
static void
answer_recording(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall *call)
{
	VaArena arena = { 0 };
	VaCarrierCall carrier;
	Header header;
	uint32_t samples;
	unsigned char *sound;
	const char *location;

	va_sandbox_describe(call, va_sandbox_now(sandbox), sandbox->own_port, &arena, &carrier);
	if (carrier.recording_url == NULL || strcmp(carrier.status, "ended") != 0)
		va_sandbox_refuse(ask, 404, "There is no recording of this call");
	else if (ask->part == VA_PART_RECORDING_LINK)
	{
		location = va_arena_printf(&arena, "Location: %s", carrier.recording_url);
		va_httpd_reply(ask->request, 302, NULL, &location, 1, "", 0);
		ask->request = NULL;
	}
	else
	{
		samples = (uint32_t) ((carrier.duration_s < LONGEST_S ? carrier.duration_s : LONGEST_S) * SAMPLES_A_SECOND);
		header = (Header){ { 'R', 'I', 'F', 'F' }, htole32(sizeof(Header) - 8 + samples),
			{ 'W', 'A', 'V', 'E', 'f', 'm', 't', ' ' }, htole32(16), htole16(1), htole16(1), htole32(SAMPLES_A_SECOND),
			htole32(SAMPLES_A_SECOND), htole16(1), htole16(8), { 'd', 'a', 't', 'a' }, htole32(samples) };
		sound = va_arena_alloc(&arena, sizeof(Header) + samples);
		if (sound == NULL)
			va_sandbox_refuse(ask, 503, "Out of memory");
		else
		{
			memcpy(sound, &header, sizeof(Header));
			memset(sound + sizeof(Header), SILENCE, samples);
			va_httpd_reply(ask->request, 200, "audio/wav", NULL, 0, sound, sizeof(Header) + samples);
			ask->request = NULL;
		}
	}
	va_arena_free(&arena);
}

void
va_sandbox_answer_call(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall *call)
{
	if (ask->part != VA_PART_STATE)
		answer_recording(sandbox, ask, call);
	else
		answer_with(sandbox, ask, 200, call, va_sandbox_now(sandbox));
}

void
va_sandbox_answer_list(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall **calls, int ncalls)
{
	VaArena arena = { 0 };
	VaCarrierCall *carriers = va_arena_alloc(&arena, sizeof(VaCarrierCall) * (size_t) (ncalls + 1));
	int64_t now = va_sandbox_now(sandbox);

	for (int i = 0; carriers != NULL && i < ncalls; i++)
		va_sandbox_describe(calls[i], now, sandbox->own_port, &arena, &carriers[i]);
	answer(ask, 200, arena.oom ? NULL : va_carrier_list_body(carriers, ncalls, &arena));
	va_arena_free(&arena);
}

void
va_sandbox_placed(VaSandbox *sandbox, VaSandboxAsk *ask)
{
	VaSandboxCall *call = ask->call;

	va_sandbox_script(call);
	if (ask->request == NULL)
		;
	else if ((call->play->disposition.faults & VA_FAULT_DROPS) != 0)
	{
		va_httpd_abandon(ask->request);
		ask->request = NULL;
	}
	else
		answer_with(sandbox, ask, 201, call, call->record.created_at);
	ask->call = NULL;
	va_sandbox_start(sandbox, call);
}

/* ---- requests ---- */

/* The memory of an order.  Headers that it names are not: they may be secrets. */
static const char *
remember(const VaSandbox *sandbox, const VaCarrierOrder *order, VaArena *arena)
{
	VaUrl url;
	const char *why;
	const char *text;
	bool gateway = order->server_url != NULL &&
				   va_url_parse(order->server_url, strlen(order->server_url), &url, &why) && !url.https &&
				   url.ip_literal && sandbox->has_gateway &&
				   strncmp(url.target, GATEWAY_PATH, strlen(GATEWAY_PATH)) == 0;
	json_t *json = json_pack("{s:s*,s:s*,s:s*,s:s*,s:s*,s:s*,s:s*,s:s*,s:s*,s:f,s:i,s:b}", "name", order->name,
		"external_id", order->external_id, "customer_name", order->customer_name, "phone_number_id",
		order->phone_number_id, "first_message", order->first_message, "metadata", order->metadata, "variables",
		order->variable_values, "extraction", order->extraction, gateway ? "gateway_path" : "server_url",
		gateway ? url.target : order->server_url, "max_duration_s", order->max_duration_s, "ring_timeout_s",
		order->ring_timeout_s, "record", order->record);

	text = va_json_text(arena, json);
	json_decref(json);
	return text;
}

static void
new_id(char *out)
{
	unsigned char b[16];

	randombytes_buf(b, sizeof(b));
	b[6] = (unsigned char) ((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char) ((b[8] & 0x3f) | 0x80);
	snprintf(out, VA_SANDBOX_ID_LEN + 1, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
		b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void
copy_headers(VaSandboxCall *call, const VaCarrierOrder *order)
{
	for (int i = 0; i < order->nserver_headers; i++)
	{
		VaHeader *header = &call->play->server_headers[call->play->nserver_headers];

		header->name = va_arena_strdup(&call->arena, order->server_headers[i].name);
		header->value = va_arena_strdup(&call->arena, order->server_headers[i].value);
		if (header->name != NULL && header->value != NULL)
			call->play->nserver_headers++;
	}
}

static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char) *text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static void
take_order(VaSandbox *sandbox, VaSandboxAsk *ask, const VaCarrierOrder *order, VaArena *arena)
{
	VaSandboxRecord record = {
		.tenant_id = ask->tenant_id, .provider_account_id = ask->provider_account_id, .number = order->number
	};
	const VaPeopleNumber *forced = va_people_number(order->number);

	new_id(record.id);
	record.reference = order->attempt != NULL ? order->attempt : order->name != NULL ? order->name : record.id;
	record.request = remember(sandbox, order, arena);
	if (forced != NULL && forced->busy_first > 0)
		record.dial = ++memory_of(sandbox, ask->tenant_id, order->number)->dials;
	ask->call = record.request == NULL ? NULL : va_sandbox_new(&record);
	if (ask->call == NULL)
	{
		va_sandbox_refuse(ask, 500, "out of memory");
		return;
	}
	copy_headers(ask->call, order);
	ask->kind = VA_ASK_PLACE;
}

static void
read_place(VaSandbox *sandbox, VaSandboxAsk *ask)
{
	VaArena arena = { 0 };
	VaCarrierOrder order;
	const char *why = NULL;
	int refusal;

	if (!va_carrier_read_order(ask->request->body, ask->request->body_len, &arena, &order, &why))
		va_sandbox_refuse(ask, 400, why);
	else if (order.number[0] != '+' || strspn(order.number + 1, "0123456789") != strlen(order.number) - 1)
		va_sandbox_refuse(ask, 400, "customer.number must be a valid phone number in the E.164 format");
	else if (has_control(order.attempt != NULL ? order.attempt : order.name != NULL ? order.name : ""))
		va_sandbox_refuse(ask, 400, "name must be text of one line");
	else if (sandbox->counts.live >= VA_SANDBOX_LIVE_MAX)
		va_sandbox_refuse(ask, 429, "Over Concurrency Limit");
	else if ((refusal = refusal_of(sandbox, ask->tenant_id, order.number)) != 0)
		va_sandbox_refuse(ask, refusal, "This number refuses the request: see voiceagent.sandbox_numbers");
	else
		take_order(sandbox, ask, &order, &arena);
	va_arena_free(&arena);
}

static const char *
read_bounds(VaSandboxAsk *ask, VaArena *arena)
{
	static const struct
	{
		const char *name;
		bool lower;
		int64_t exclusive;
	} bounds[] = { { "createdAtGe", true, 0 }, { "createdAtGt", true, 1 }, { "createdAtLe", false, 0 },
		{ "createdAtLt", false, 1 } };
	const char *query = ask->request->query == NULL ? "" : ask->request->query;
	const char *text;
	const char *why;
	VaForm form;
	int64_t ms;

	if (!va_form_read(query, strlen(query), false, arena, &form, &why))
		return why;
	if ((text = va_form_value(&form, "limit")) != NULL)
		ask->limit = atoi(text);
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
	{
		if ((text = va_form_value(&form, bounds[i].name)) == NULL)
			continue;
		if (!va_time_parse(text, &ms))
			return "createdAt bounds must be ISO 8601 times";
		if (bounds[i].lower && ms + bounds[i].exclusive > ask->from)
			ask->from = ms + bounds[i].exclusive;
		if (!bounds[i].lower && ms - bounds[i].exclusive < ask->to)
			ask->to = ms - bounds[i].exclusive;
	}
	return ask->limit < 0 || ask->limit > LIST_MAX ? "limit must be from 0 to 1000" : NULL;
}

static void
read_list(VaSandboxAsk *ask)
{
	VaArena arena = { 0 };
	const char *why;

	ask->to = INT64_C(4102444800000);
	ask->limit = LIST_DEFAULT;
	why = read_bounds(ask, &arena);
	if (why != NULL)
		va_sandbox_refuse(ask, 400, why);
	else
		ask->kind = VA_ASK_LIST;
	va_arena_free(&arena);
}

/* An order to a live call, where the command says it, and how it stands in the transcript. */
static const struct
{
	const char *type;
	const char *member;
	const char *words;
} commands[] = { { "say", "content", "" }, { "play", "url", "Played " }, { "send-digits", "digits", "Digits sent: " },
	{ "transfer", "number", "Put through to " }, { NULL, NULL, NULL } };

/* {"role", "text", "ends"} of such a command; NULL: it lacks what it needs. */
static const char *
command_of(const json_t *json, size_t which, VaArena *arena)
{
	bool say = which == 0;
	bool transfer = strcmp(commands[which].type, "transfer") == 0;
	const char *text = va_json_string(transfer ? va_json_object(json, "destination") : json, commands[which].member);
	json_t *command = text == NULL || strlen(text) > COMMAND_MAX
						  ? NULL
						  : json_pack("{s:s,s:s+,s:b}", "role", say ? "bot" : "system", "text", commands[which].words,
								text, "ends", transfer || json_is_true(json_object_get(json, "endCallAfterSpoken")));
	const char *result = va_json_text(arena, command);

	json_decref(command);
	return result;
}

static void
read_control(VaSandbox *sandbox, VaSandboxAsk *ask)
{
	VaArena arena = { 0 };
	const char *why = NULL;
	json_t *json = va_json_load(&arena, ask->request->body, ask->request->body_len, &why);
	const char *type = va_json_string(json, "type");
	size_t which = 0;

	while (type != NULL && commands[which].type != NULL && strcmp(type, commands[which].type) != 0)
		which++;
	ask->call = va_sandbox_find(sandbox, ask->id);
	if (type == NULL)
		va_sandbox_refuse(ask, 400, "type must be a string");
	else if (ask->call == NULL)
		va_sandbox_refuse(ask, 404, "There is no live call of this id");
	else if (strcmp(type, "end-call") == 0)
		ask->kind = VA_ASK_HANG_UP;
	else if (commands[which].type == NULL)
		va_sandbox_done(ask);
	else if ((ask->command = command_of(json, which, &ask->call->arena)) == NULL)
		va_sandbox_refuse(ask, 400,
			"what is to be done must be a text of 1 to 8000 bytes: content, url, digits or destination.number");
	else
		ask->kind = VA_ASK_COMMAND;
	json_decref(json);
	va_arena_free(&arena);
}

static bool
authenticated(VaSandbox *sandbox, VaSandboxAsk *ask)
{
	const char *header = va_httpd_header(ask->request, "authorization");

	return header != NULL && strncasecmp(header, "bearer ", 7) == 0 &&
		   sandbox->hooks.authenticate(sandbox->hooks.arg, header + 7, &ask->tenant_id, &ask->provider_account_id);
}

/* "/call/ID", or what lies below it (rest) */
static bool
read_id(const char *path, VaSandboxAsk *ask, const char **rest)
{
	size_t len;

	if (strncmp(path, "/call/", 6) != 0)
		return false;
	len = strspn(path + 6, "0123456789abcdef-");
	if (len != VA_SANDBOX_ID_LEN)
		return false;
	memcpy(ask->id, path + 6, len);
	ask->id[len] = '\0';
	*rest = path + 6 + len;
	return true;
}

/* Is it the path of a recording?  Then the ask is about that. */
static bool
read_recording(const char *path, VaSandboxAsk *ask)
{
	int64_t tenant;
	int64_t account;
	char id[VA_SANDBOX_ID_LEN + 1];
	int end = 0;

	if (sscanf(path, "/recordings/%18" SCNd64 "-%18" SCNd64 "-%36[0-9a-f-].wav%n", &tenant, &account, id, &end) != 3 ||
		end == 0 || path[end] != '\0' || strlen(id) != VA_SANDBOX_ID_LEN)
		return false;
	ask->tenant_id = tenant;
	ask->provider_account_id = account;
	memcpy(ask->id, id, sizeof(id));
	ask->part = VA_PART_SOUND;
	return true;
}

static void
read_one(VaSandbox *sandbox, VaSandboxAsk *ask)
{
	VaSandboxCall *call = va_sandbox_find(sandbox, ask->id);

	ask->kind = VA_ASK_FETCH;
	if (call != NULL && call->record.tenant_id == ask->tenant_id &&
		call->record.provider_account_id == ask->provider_account_id)
		ask->call = call;
}

/* A number that refuses calls refuses texts, too. */
static void
read_text(VaSandbox *sandbox, VaSandboxAsk *ask)
{
	VaArena arena = { 0 };
	const char *why = NULL;
	json_t *json = va_json_load(&arena, ask->request->body, ask->request->body_len, &why);
	const char *to = va_json_string(json, "to");
	char id[VA_SANDBOX_ID_LEN + 1];
	int refusal = to != NULL ? refusal_of(sandbox, ask->tenant_id, to) : 400;

	new_id(id);
	if (refusal != 0)
		va_sandbox_refuse(ask, refusal, "This number takes no text");
	else
		answer(ask, 201, va_arena_printf(&arena, "{\"id\": \"%s\"}", id));
	json_decref(json);
	va_arena_free(&arena);
}

void
va_sandbox_read(VaSandbox *sandbox, VaHttpdRequest *request, VaSandboxAsk *ask)
{
	const char *method = request->method;
	const char *rest = "";
	bool get = strcmp(method, "GET") == 0;

	memset(ask, 0, sizeof(*ask));
	ask->request = request;
	if (read_id(request->path, ask, &rest) && strcmp(rest, "/control") == 0 && strcmp(method, "POST") == 0)
	{
		read_control(sandbox, ask);
		return;
	}
	if (get && read_recording(request->path, ask))
	{
		read_one(sandbox, ask);
		return;
	}
	if (!authenticated(sandbox, ask))
		va_sandbox_refuse(ask, 401, "The key is not valid");
	else if (va_sandbox_read_model(ask))
		ask->kind = VA_ASK_ANSWERED;
	else if (strcmp(request->path, "/call") == 0 && strcmp(method, "POST") == 0)
		read_place(sandbox, ask);
	else if (strcmp(request->path, "/call") == 0 && get)
		read_list(ask);
	else if (ask->id[0] != '\0' && rest[0] == '\0' && (get || strcmp(method, "PATCH") == 0))
		read_one(sandbox, ask);
	else if (ask->id[0] != '\0' && strcmp(rest, "/mono-recording") == 0 && get)
	{
		ask->part = VA_PART_RECORDING_LINK;
		read_one(sandbox, ask);
	}
	else if (strcmp(request->path, "/text") == 0 && strcmp(method, "POST") == 0)
		read_text(sandbox, ask);
	else if (strcmp(request->path, "/assistant") == 0 && get)
		answer(ask, 200, "[]");
	else if (strcmp(request->path, "/balance") == 0 && get)
		answer(ask, 200, BALANCE);
	else
		va_sandbox_refuse(ask, 404, "Not Found");
}
