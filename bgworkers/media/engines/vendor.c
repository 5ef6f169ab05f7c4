/*-------------------------------------------------------------------------
 * vendor.c
 *		Shared by engines of vendors: the socket to one, and what a
 *		vendor says when it does not do what it was asked (vendor.h).
 */
#include "vendor.h"

#include <stdio.h>
#include <string.h>

#include "http/signals.h"
#include "pure/audio/g711.h"
#include "pure/models/models.h"

static void
note(void *arg)
{
	va_engines_note();
}

void
va_unsent_drop(VaBuffer *waiting, size_t sent)
{
	waiting->used -= sent;
	if (sent > 0)
		memmove(waiting->text, waiting->text + sent, waiting->used);
}

void
va_unsent_add(VaBuffer *waiting, const int16_t *samples, size_t n)
{
	char byte;

	for (size_t i = 0; i < n; i++)
	{
		if (waiting->used == VA_UNSENT_MAX)
			va_unsent_drop(waiting, 2000);
		byte = (char) (samples == NULL ? VA_MULAW_SILENCE : va_mulaw_byte(samples[i]));
		va_buffer_add(waiting, &byte, 1);
	}
}

VaSocket *
va_vendor_connect(VaEngine *engine, const char *url, const char *scheme)
{
	VaArena arena = { 0 };
	VaSocketRequest request = { .url = url, .note_io = note };
	VaSocket *socket = NULL;
	char err[160] = "out of memory";
	sigset_t saved;

	request.authorization = va_arena_join(&arena, scheme, engine->key != NULL ? engine->key : "", NULL);
	request.allow_private = json_is_true(json_object_get(engine->account, "private_host"));
	if (url != NULL && !arena.oom)
	{
		va_signals_block(&saved);
		socket = va_socket_open(va_engines_loop(), &request, err, sizeof(err));
		va_signals_restore(&saved);
	}
	va_arena_free(&arena);
	engine->report.tries++;
	if (socket == NULL)
		va_engine_fail(engine, "not_sent", err);
	return socket;
}

void
va_vendor_closed(VaEngine *engine, const VaSocket *socket)
{
	const char *why = va_socket_error(socket);

	if (!engine->failed && va_socket_state(socket) == VA_SOCKET_CLOSED)
		va_engine_fail(engine, strstr(why, "401") != NULL ? "bad_key" : "server", why);
}

const char *
va_vendor_refusal(const VaEngine *engine, const VaHttpResult *result, char *why, size_t whylen, const char **parameter)
{
	VaHttpResponse response = { .status = result->outcome == VA_HTTP_OK ? result->status : 0,
		.sent = result->sent,
		.error = result->error,
		.body = result->body,
		.body_len = result->body_len };
	VaModelOrder order = { .model = va_json_string(engine->account, "model"),
		.settings = va_json_object(engine->account, "settings") };
	VaModelReply reply = { 0 };
	VaArena arena = { 0 };

	va_model_driver(engine->driver->provider)->read(&order, &response, &arena, &reply);
	snprintf(why, whylen, "%s", reply.message != NULL ? reply.message : "there was no answer");
	va_arena_free(&arena);
	if (parameter != NULL)
		*parameter = reply.parameter;
	return va_model_kind_name(reply.kind);
}
