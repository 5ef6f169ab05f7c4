/*-------------------------------------------------------------------------
 * script.c
 *		Asks the embedded talker for the assistant's next words where no model
 *		thinks, from the turns so far and the tools that were used in them.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/engines/said_time.h"
#include "pure/sandbox/model.h"
#include "engines.h"

static json_t *
message_of(const char *role, const char *text)
{
	return json_pack("{s:s,s:s}", "role", role, "content", text);
}

/* Adds the tools that were used after this number of turns, with their answers. */
static void
add_uses(json_t *messages, const VaMediaCall *call, int turn)
{
	for (const VaToolUse *use = call->tools; use != NULL; use = use->next)
	{
		json_t *message;

		if (!use->answered || use->turn != turn)
			continue;
		message = message_of("assistant", "");
		json_object_set_new(message, "tool_calls",
			json_pack("[{s:s,s:s,s:{s:s,s:s}}]", "id", use->id, "type", "function", "function", "name", use->name,
				"arguments", use->arguments));
		json_array_append_new(messages, message);
		message = message_of("tool", use->words == NULL ? "" : use->words);
		va_json_set_text(message, "tool_call_id", use->id);
		json_object_set_new(message, "data", json_loads(use->data == NULL ? "{}" : use->data, 0, NULL));
		json_array_append_new(messages, message);
	}
}

static json_t *
request_of(const VaMediaCall *call)
{
	json_t *request = va_json_new_object();
	json_t *messages = json_array();
	json_t *assistant = json_object_get(call->engines.setup, "assistant");
	int turns = 0;

	json_array_append_new(
		messages, message_of("system", call->script.system_prompt != NULL ? call->script.system_prompt : "-"));
	for (const VaTurn *turn = call->turns; turn != NULL; turn = turn->next)
	{
		if (!turn->aside)
			json_array_append_new(messages, message_of(turn->is_customer ? "user" : "assistant", turn->text));
		add_uses(messages, call, ++turns);
	}
	json_object_set_new(request, "messages", messages);
	json_object_set_new(request, "tools", va_engine_tools(call));
	json_object_set_new(request, "seed", json_integer(call->call_id));
	json_object_set_new(request, "reads_back", json_true());
	if (assistant != NULL)
		json_object_set(request, "assistant", assistant);
	return request;
}

/* Reuses the time that was read back in these words, or else interprets them now. */
static bool
understood(VaMediaCall *call, const char *words, int64_t now_ms)
{
	int64_t local_s = call->script.local_s + (now_ms - call->talk.opened_ms) / 1000;

	if (strcasecmp(words, call->read_back.words) == 0)
		return true;
	return call->script.local_s > 0 && va_read_back(words, call->script.language, local_s, &call->read_back);
}

/* The sentence with the day and the hour in place of the words. */
static const char *
read_back(VaMediaCall *call, const char *text, const char *words, VaArena *arena, int64_t now_ms)
{
	const char *at = text == NULL || words == NULL ? NULL : strstr(text, words);

	if (at == NULL)
		return text;
	/* The words read back before may have meant another day. */
	call->read_back.words[0] = '\0';
	if (!understood(call, words, now_ms))
		return text;
	return va_arena_printf(arena, "%.*s%s%s", (int) (at - text), text, call->read_back.said, at + strlen(words));
}

/* The booking takes the time that was read back to the person. */
static const char *
arguments_of(VaMediaCall *call, const char *arguments, VaArena *arena, int64_t now_ms)
{
	json_t *values = arguments == NULL ? NULL : json_loads(arguments, 0, NULL);
	const char *words = va_json_string(values, "starts_at");
	VaMoment moment;

	/* A free slot that the person chose already has the form that tools take. */
	if (words != NULL && !va_moment_at(words, &moment) && understood(call, words, now_ms))
	{
		va_json_set_text(values, "starts_at", call->read_back.local);
		arguments = va_json_text(arena, values);
	}
	json_decref(values);
	return arguments;
}

char *
va_call_think(VaMediaCall *call, bool *ends, bool *wants, int64_t now_ms)
{
	VaArena arena = { 0 };
	const char *why;
	json_t *request = request_of(call);
	json_t *answer = va_sandbox_model_answer(request, &arena, &why);
	const json_t *message = va_json_object(json_array_get(va_json_array(answer, "choices"), 0), "message");
	const char *text = va_json_string(message, "content");
	char *said;
	json_t *tool;
	size_t i;

	text = read_back(call, text, va_json_string(message, "reads_back"), &arena, now_ms);
	said = text == NULL ? NULL : strdup(text);
	json_array_foreach(va_json_array(message, "tool_calls"), i, tool)
	{
		const json_t *function = va_json_object(tool, "function");
		const char *name = va_json_string(function, "name");

		if (name == NULL || strcmp(name, VA_ENGINE_END_CALL) == 0)
			*ends = true;
		else if (!*wants)
		{
			*wants = true;
			va_call_wants_tool(call, va_json_string(tool, "id"), name,
				arguments_of(call, va_json_string(function, "arguments"), &arena, now_ms), now_ms);
		}
	}
	json_decref(answer);
	json_decref(request);
	va_arena_free(&arena);
	return said;
}
