/*-------------------------------------------------------------------------
 * script.c
 *		Asks the embedded talker for the assistant's next words where no model
 *		thinks, from the turns so far and the tools that were used in them.
 */
#include <stdlib.h>
#include <string.h>

#include "pure/phrases/times/calendar.h"
#include "pure/sandbox/model.h"
#include "engines.h"

#define DAY_S 86400

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
	json_t *assistant = json_copy(json_object_get(call->engines.setup, "assistant"));
	VaCivilDay day = va_civil_day((int32_t) (call->script.local_s / DAY_S));
	int minutes = (int) (call->script.local_s % DAY_S / 60);
	int turns = 0;

	json_array_append_new(
		messages, message_of("system", call->script.system_prompt != NULL ? call->script.system_prompt : "-"));
	for (const VaTurn *turn = call->turns; turn != NULL; turn = turn->next)
	{
		turns++;
		if (turn->number <= call->anew)
			continue;
		if (!turn->aside)
			json_array_append_new(messages, message_of(turn->is_customer ? "user" : "assistant", turn->text));
		add_uses(messages, call, turns);
	}
	json_object_set_new(request, "messages", messages);
	json_object_set_new(request, "tools", va_engine_tools(call));
	json_object_set_new(request, "seed", json_integer(call->call_id));
	if (assistant == NULL)
		assistant = va_json_new_object();
	/* Its clock stands still for the call: a word such as tomorrow means the same in every turn. */
	if (call->script.local_s > 0)
		json_object_set_new(assistant, "now",
			json_sprintf("%04d-%02d-%02dT%02d:%02d", day.year, day.month, day.day, minutes / 60, minutes % 60));
	json_object_set_new(request, "assistant", assistant);
	return request;
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
			va_call_wants_tool(call, va_json_string(tool, "id"), name, va_json_string(function, "arguments"), now_ms);
		}
	}
	json_decref(answer);
	json_decref(request);
	va_arena_free(&arena);
	return said;
}
