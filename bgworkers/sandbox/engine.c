/*-------------------------------------------------------------------------
 * engine.c
 *		The carrier's calls as they run: the clock, the webhooks, the end.
 *
 * Single-threaded, on one loop, no backend header, no locks.  A call sends
 * one webhook at a time, so that they arrive in the order in which they are
 * planned; a fault is a plan in another order.
 *
 * Memory: a live call is one arena (its texts, script and webhook plan), and
 * goes when its last webhook has been acknowledged or given up.  Their number is
 * bounded: more are refused with 429.
 */
#include "engine.h"

#include <time.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/net/backoff.h"
#include "pure/sandbox/model.h"

#define WEBHOOK_TRIES 11 /* the first and ten more */
#define WEBHOOK_BASE_MS 100
#define GATEWAY_WAIT_MS 100
#define SET_BACK_MS 10000
/* The commands to one call: all are kept, and each new one composes the call anew. */
#define COMMANDS_MAX 20
#define COMMANDS_MAX_BYTES (64 * 1024)

/* ---- time ---- */

int64_t
va_sandbox_now(const VaSandbox *sandbox)
{
	return sandbox->hooks.now(sandbox->hooks.arg);
}

static uint64_t
loop_now(const VaSandbox *sandbox)
{
	return uv_hrtime() / 1000000;
}

/* A call that waits for its time.  Its memory is the loop's until that has closed it. */
static void on_timer(uv_timer_t *timer);

/* False without memory: the call goes on at once. */
static bool
wait_until(VaSandbox *sandbox, VaSandboxCall *call, uint64_t due)
{
	VaSandboxPlay *play = call->play;
	uint64_t now = loop_now(sandbox);

	if (play->timer == NULL)
	{
		if ((play->timer = malloc(sizeof(uv_timer_t))) == NULL)
			return false;
		uv_timer_init(sandbox->loop, play->timer);
		((uv_timer_t *) play->timer)->data = call;
	}
	uv_update_time(sandbox->loop);
	uv_timer_start(play->timer, on_timer, due > now ? due - now : 0, 0);
	return true;
}

static void
free_timer(uv_handle_t *timer)
{
	free(timer);
}

/* ---- calls by id ---- */

static VaSandboxCall **
bucket_of(const VaSandbox *sandbox, const char *id)
{
	return (VaSandboxCall **) &sandbox->buckets[va_hash_text(0, id) & (VA_SANDBOX_BUCKETS - 1)];
}

VaSandboxCall *
va_sandbox_find(const VaSandbox *sandbox, const char *id)
{
	VaSandboxCall *call = *bucket_of(sandbox, id);

	while (call != NULL && strcmp(call->record.id, id) != 0)
		call = call->play->hash_next;
	return call;
}

static void
enter(VaSandbox *sandbox, VaSandboxCall *call)
{
	VaSandboxCall **bucket = bucket_of(sandbox, call->record.id);

	call->play->hash_next = *bucket;
	*bucket = call;
	sandbox->counts.live++;
}

static void
leave(VaSandbox *sandbox, VaSandboxCall *call)
{
	VaSandboxCall **link = bucket_of(sandbox, call->record.id);

	while (*link != call)
		link = &(*link)->play->hash_next;
	*link = call->play->hash_next;
	sandbox->counts.live--;
}

/* ---- webhooks ---- */

/* Header lines of a webhook: what its receiver asked for, and our signature. */
static int
webhook_headers(VaSandbox *sandbox, const VaSandboxCall *call, const char *body, VaArena *arena, const char **lines)
{
	const VaSandboxPlay *play = call->play;
	char secret[VA_SECRET_MAX_LEN + 1];
	VaWebhookAuth auth;
	VaHeader signature[2];
	VaSignedMessage message = { .body = body, .body_len = strlen(body) };
	int n = 0;
	int signatures;

	lines[n++] = "Content-Type: application/json";
	for (int i = 0; i < play->nserver_headers; i++)
		lines[n++] = va_arena_printf(arena, "%s: %s", play->server_headers[i].name, play->server_headers[i].value);
	if (!sandbox->hooks.webhook_secret(
			sandbox->hooks.arg, call->record.tenant_id, call->record.provider_account_id, secret, sizeof(secret)))
		return n;
	va_webhook_auth_hmac(&auth, secret, strlen(secret));
	/* A carrier has no clock of ours, and the gateway judges freshness by the world's. */
	signatures = va_webhook_sign(&auth, arena, &message, (int64_t) time(NULL), signature);
	for (int i = 0; i < signatures; i++)
		lines[n++] = va_arena_printf(arena, "%s: %s", signature[i].name, signature[i].value);
	sodium_memzero(secret, sizeof(secret));
	sodium_memzero(&auth, sizeof(auth));
	return n;
}

static void run(VaSandbox *sandbox, VaSandboxCall *call);

static void
webhook_done(void *ctx, VaHttpResult *result)
{
	VaSandboxCall *call = ctx;
	VaSandboxPlay *play = call->play;
	VaSandbox *sandbox = play->sandbox;
	bool good = result->outcome == VA_HTTP_OK && result->status >= 200 && result->status < 300;
	uint64_t due = 0;

	va_http_result_free(result);
	play->in_flight = false;
	if (!good && play->tries < WEBHOOK_TRIES)
		due = loop_now(sandbox) + ((uint64_t) WEBHOOK_BASE_MS << (play->tries - 1));
	else
	{
		if (good)
			sandbox->counts.acknowledged++;
		else
			sandbox->counts.given_up++;
		if (play->replan)
			play->settled |= 1u << play->steps[play->step].kind;
		play->step++;
		play->tries = 0;
	}
	if (play->replan)
	{
		play->replan = false;
		va_sandbox_plan(play);
		due = 0;
	}
	if (due == 0 || !wait_until(sandbox, call, due))
		run(sandbox, call);
}

static bool
send_step(VaSandbox *sandbox, VaSandboxCall *call)
{
	VaSandboxPlay *play = call->play;
	VaArena arena = { 0 };
	const char *lines[24];
	char error[200];
	VaHttpClientRequest request = { .method = "POST", .headers = lines, .allow_loopback = true };
	bool sent;

	request.url = play->gateway_path == NULL ? play->server_url
											 : va_arena_printf(&arena, "%s%s", sandbox->gateway, play->gateway_path);
	request.allow_private = play->gateway_path != NULL;
	request.body = va_sandbox_step_body(call, play->steps[play->step].kind, sandbox->own_port, &arena);
	if (request.body != NULL && request.url != NULL)
	{
		request.body_len = strlen(request.body);
		request.nheaders = webhook_headers(sandbox, call, request.body, &arena, lines);
	}
	sent = !arena.oom && va_http_submit(sandbox->http, &request, webhook_done, call, error, sizeof(error));
	if (sent)
	{
		play->in_flight = true;
		play->tries++;
		sandbox->counts.sent++;
	}
	va_arena_free(&arena);
	return sent;
}

static void
finish(VaSandbox *sandbox, VaSandboxCall *call)
{
	if (call->play->timer != NULL)
		uv_close(call->play->timer, free_timer);
	leave(sandbox, call);
	call->play->sandbox = NULL;
	call->next = sandbox->finished;
	sandbox->finished = call;
}

/* The next thing that the call has to do: wait, send, or end. */
static void
run(VaSandbox *sandbox, VaSandboxCall *call)
{
	VaSandboxPlay *play = call->play;

	while (!play->in_flight && play->step < play->nsteps)
	{
		const Step *step = &play->steps[play->step];
		int64_t passed = va_sandbox_now(sandbox) - call->record.created_at;
		int64_t late = passed - step->at;

		/* But not for a clock that was set back. */
		if (late < 0 && passed > -SET_BACK_MS)
		{
			if (wait_until(sandbox, call, loop_now(sandbox) + (uint64_t) -late))
				return;
		}
		else if (step->kind != STEP_NOTHING && play->gateway_path != NULL && sandbox->gateway[0] == '\0')
		{
			if (wait_until(sandbox, call, loop_now(sandbox) + GATEWAY_WAIT_MS))
				return;
		}
		else if (step->kind != STEP_NOTHING && !sandbox->mute && send_step(sandbox, call))
			return;
		/* Only time had to pass, or it could not be sent. */
		play->step++;
		play->tries = 0;
	}
	if (!play->in_flight)
		finish(sandbox, call);
}

static void
on_timer(uv_timer_t *timer)
{
	VaSandboxCall *call = timer->data;

	run(call->play->sandbox, call);
}

/* ---- in and out ---- */

VaSandbox *
va_sandbox_create(uv_loop_t *loop, VaHttp *http, const VaSandboxHooks *hooks)
{
	VaSandbox *sandbox = calloc(1, sizeof(VaSandbox));

	if (sandbox == NULL)
		return NULL;
	sandbox->loop = loop;
	sandbox->http = http;
	sandbox->hooks = *hooks;
	return sandbox;
}

void
va_sandbox_set_addresses(VaSandbox *sandbox, int own_port, const char *gateway)
{
	sandbox->own_port = own_port;
	sandbox->has_gateway = gateway != NULL;
	snprintf(sandbox->gateway, sizeof(sandbox->gateway), "%s", gateway != NULL ? gateway : "");
}

void
va_sandbox_start(VaSandbox *sandbox, VaSandboxCall *call)
{
	call->play->sandbox = sandbox;
	enter(sandbox, call);
	run(sandbox, call);
}

/* How it stands now, as the carrier calls it; a call that was hung up has ended. */
static const char *
status_of(VaSandbox *sandbox, const VaSandboxCall *call)
{
	VaArena arena = { 0 };
	VaCarrierCall carrier;

	va_sandbox_describe(call, va_sandbox_now(sandbox), 0, &arena, &carrier);
	va_arena_free(&arena);
	return call->record.hung_up_at != 0 ? "ended" : carrier.status;
}

/* It ends now: the rest of its webhooks is sent at once. */
static void
end_now(VaSandbox *sandbox, VaSandboxCall *call)
{
	VaSandboxPlay *play = call->play;

	for (int i = 0; i < play->step; i++)
		play->settled |= 1u << play->steps[i].kind;
	call->record.hung_up_at = va_sandbox_now(sandbox);
	va_sandbox_compose(call);
	if (play->in_flight)
	{
		play->replan = true;
		return;
	}
	va_sandbox_plan(play);
	if (!wait_until(sandbox, call, loop_now(sandbox)))
		run(sandbox, call);
}

bool
va_sandbox_hang_up(VaSandbox *sandbox, VaSandboxCall *call)
{
	if (strcmp(status_of(sandbox, call), "ended") == 0)
		return false;
	end_now(sandbox, call);
	return true;
}

/* The commands so far and this one, with its time; NULL: they would exceed the limits of a call. */
static const char *
add_command(VaSandbox *sandbox, VaSandboxCall *call, const char *command, bool *ends)
{
	VaArena *arena = &call->arena;
	const char *before = call->record.commands;
	size_t len = before != NULL ? strlen(before) : 0;
	const char *why;
	const char *text = NULL;
	json_t *one;
	json_t *list;

	if (len + strlen(command) > COMMANDS_MAX_BYTES)
		return NULL;
	one = va_json_load(arena, command, strlen(command), &why);
	list = before == NULL ? json_array() : va_json_load(arena, before, len, &why);
	json_object_set_new(one, "at", json_integer(va_sandbox_now(sandbox) - call->record.created_at));
	*ends = json_is_true(json_object_get(one, "ends"));
	if (json_array_append_new(list, one) == 0 && json_array_size(list) <= COMMANDS_MAX)
		text = va_json_text(arena, list);
	json_decref(list);
	return text;
}

int
va_sandbox_command(VaSandbox *sandbox, VaSandboxCall *call, const char *command, const char **why)
{
	const char *status = status_of(sandbox, call);
	const char *commands;
	bool ends;

	*why = "The call is over";
	if (strcmp(status, "ended") == 0)
		return 404;
	*why = "The call has not been answered yet";
	if (strcmp(status, "in-progress") != 0)
		return 400;
	*why = "A call of the sandbox takes at most 20 commands of 65536 bytes together";
	commands = add_command(sandbox, call, command, &ends);
	if (commands == NULL)
		return 400;
	call->record.commands = commands;
	if (ends)
		end_now(sandbox, call);
	else
		va_sandbox_compose(call);
	return 200;
}

VaSandboxCall *
va_sandbox_take_finished(VaSandbox *sandbox)
{
	VaSandboxCall *list = sandbox->finished;

	sandbox->finished = NULL;
	return list;
}

/* ---- the embedded language model, as servers of models are spoken to: nothing is kept ---- */

static void
answer_json(VaSandboxAsk *ask, int status, json_t *body, VaArena *arena)
{
	const char *text = va_json_text(arena, body);

	json_decref(body);
	if (text == NULL)
	{
		status = 500;
		text = "{}";
	}
	va_httpd_reply(ask->request, status, "application/json", NULL, 0, text, strlen(text));
	ask->request = NULL;
}

static void
answer_chat(VaSandboxAsk *ask, VaArena *arena)
{
	const char *why = "the request is not JSON";
	json_t *request = va_json_load(arena, ask->request->body, ask->request->body_len, &why);
	json_t *completion = request != NULL ? va_sandbox_model_answer(request, arena, &why) : NULL;

	json_decref(request);
	if (completion != NULL)
		answer_json(ask, 200, completion, arena);
	else
		answer_json(ask, 400,
			json_pack("{s:{s:s,s:s}}", "error", "message", why != NULL ? why : "out of memory", "type",
				"invalid_request_error"),
			arena);
}

bool
va_sandbox_read_model(VaSandboxAsk *ask)
{
	const VaHttpdRequest *request = ask->request;
	bool chat = strcmp(request->path, "/v1/chat/completions") == 0 && strcmp(request->method, "POST") == 0;
	bool models = strcmp(request->path, "/v1/models") == 0 && strcmp(request->method, "GET") == 0;
	VaArena arena = { 0 };

	if (chat)
		answer_chat(ask, &arena);
	else if (models)
		answer_json(ask, 200,
			json_pack("{s:s,s:[{s:s,s:s}]}", "object", "list", "data", "id", VA_MODEL_NAME, "object", "model"), &arena);
	va_arena_free(&arena);
	return chat || models;
}
