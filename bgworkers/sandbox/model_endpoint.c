/*-------------------------------------------------------------------------
 * model_endpoint.c
 *		The embedded language model over the sandbox's loopback, as servers of
 *		models are spoken to:
 *
 *		POST  /v1/chat/completions	an answer by rules, at once
 *		GET   /v1/models			the one model that there is
 *
 * Nothing is kept; an answer has no effect.  Single-threaded, no backend
 * header, no locks.
 *-------------------------------------------------------------------------
 */
#include "engine.h"

#include <string.h>

#include "pure/sandbox/model.h"

#define CHAT_PATH "/v1/chat/completions"
#define MODELS_PATH "/v1/models"
#define JSON_TYPE "application/json"

static void
answer(VaSandboxAsk *ask, int status, json_t *body, VaArena *arena)
{
	const char *text = va_json_text(arena, body);

	json_decref(body);
	if (text == NULL)
	{
		status = 500;
		text = "{}";
	}
	va_httpd_reply(ask->request, status, JSON_TYPE, NULL, 0, text, strlen(text));
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
		answer(ask, 200, completion, arena);
	else
		answer(ask, 400,
			json_pack("{s:{s:s,s:s}}", "error", "message", why != NULL ? why : "out of memory", "type",
				"invalid_request_error"),
			arena);
}

bool
va_sandbox_read_model(VaSandboxAsk *ask)
{
	const VaHttpdRequest *request = ask->request;
	bool chat = strcmp(request->path, CHAT_PATH) == 0 && strcmp(request->method, "POST") == 0;
	bool models = strcmp(request->path, MODELS_PATH) == 0 && strcmp(request->method, "GET") == 0;
	VaArena arena = { 0 };

	if (chat)
		answer_chat(ask, &arena);
	else if (models)
		answer(ask, 200,
			json_pack("{s:s,s:[{s:s,s:s}]}", "object", "list", "data", "id", VA_MODEL_NAME, "object", "model"), &arena);
	va_arena_free(&arena);
	return chat || models;
}
