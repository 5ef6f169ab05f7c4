/*-------------------------------------------------------------------------
 * speech.c
 *		Vendors that listen or speak in calls and write no texts: as accounts
 *		they are checked like those of language models.
 *
 * Their talk in a call: bgworkers/media/, extension/pure/engines/.
 */
#include "models_internal.h"

#include <string.h>

static bool
build_nothing(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return va_refuse(why, "this vendor is asked in calls alone");
}

static void
read_nothing(const VaModelOrder *order, const VaHttpResponse *response, VaArena *arena, VaModelReply *reply)
{
	json_decref(va_model_reply_json(order, response, arena, reply));
	if (reply->kind != VA_MODEL_ANSWERED)
		return;
	va_model_end(reply, VA_MODEL_UNREADABLE, "this vendor writes no texts");
}

static bool
checks(VaArena *arena, VaHttpRequest *request, const char **why)
{
	request->method = "GET";
	if (!arena->oom)
		return true;
	return va_refuse(why, "out of memory");
}

static bool
check_deepgram(const VaModelOrder *order, bool all, VaArena *arena, VaHttpRequest *request, const char **why)
{
	memset(request, 0, sizeof(*request));
	request->url = va_model_url(order, &va_model_deepgram, "/v1/projects", arena);
	if (order->key != NULL)
		va_model_header(request, "Authorization", va_arena_join(arena, "Token ", order->key, NULL));
	return checks(arena, request, why);
}

static bool
check_elevenlabs(const VaModelOrder *order, bool all, VaArena *arena, VaHttpRequest *request, const char **why)
{
	memset(request, 0, sizeof(*request));
	request->url = va_model_url(order, &va_model_elevenlabs, "/v1/user", arena);
	if (order->key != NULL)
		va_model_header(request, "xi-api-key", order->key);
	return checks(arena, request, why);
}

static bool
check_realtime(const VaModelOrder *order, bool all, VaArena *arena, VaHttpRequest *request, const char **why)
{
	memset(request, 0, sizeof(*request));
	request->url = va_model_url(
		order, &va_model_openai_realtime, va_model_check_path(order, "/models", all, arena), arena);
	return va_model_bearer(order, arena, request) && checks(arena, request, why);
}

const VaModelDriver va_model_deepgram = { "deepgram", "Deepgram (listens in calls)", "https://api.deepgram.com", true,
	"ear", "in_calls", build_nothing, read_nothing, check_deepgram };
const VaModelDriver va_model_elevenlabs = { "elevenlabs", "ElevenLabs (speaks in calls)", "https://api.elevenlabs.io",
	true, "voice", "voice!,in_calls", build_nothing, read_nothing, check_elevenlabs };
const VaModelDriver va_model_openai_realtime = { "openai_realtime", "OpenAI Realtime (holds calls)",
	"https://api.openai.com/v1", true, "whole", "voice,in_calls", build_nothing, read_nothing, check_realtime };
