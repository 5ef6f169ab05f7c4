/*-------------------------------------------------------------------------
 * script.c
 *		What the assistant says next where no model thinks: the sandbox's
 *		script, by the turns so far.
 */
#include <stdlib.h>
#include <string.h>

#include "call_internal.h"
#include "pure/sandbox/model.h"

static json_t *
message_of(const char *role, const char *text)
{
	json_t *message = va_json_new_object();

	va_json_set_text(message, "role", role);
	va_json_set_text(message, "content", text);
	return message;
}

/* Those of the call's tools that the script has a use for: of the others it would know no arguments. */
static json_t *
tools_of(const VaMediaCall *call)
{
	static const char *const known[] = { "book", "call_back" };
	json_t *tools = json_pack("[{s:s,s:{s:s}}]", "type", "function", "function", "name", "end_call");
	json_t *given = call->script.tools == NULL ? NULL : json_loads(call->script.tools, 0, NULL);
	json_t *tool;
	size_t i;

	json_array_foreach(given, i, tool)
	{
		const char *name = va_json_string(va_json_object(tool, "function"), "name");

		for (size_t j = 0; name != NULL && j < sizeof(known) / sizeof(known[0]); j++)
			if (strcmp(name, known[j]) == 0 && !va_call_has_used(call, name))
				json_array_append(tools, tool);
	}
	json_decref(given);
	return tools;
}

static json_t *
request_of(const VaMediaCall *call)
{
	json_t *request = va_json_new_object();
	json_t *messages = json_array();

	json_array_append_new(
		messages, message_of("system", call->script.system_prompt != NULL ? call->script.system_prompt : "-"));
	for (const VaTurn *turn = call->turns; turn != NULL; turn = turn->next)
		json_array_append_new(messages, message_of(turn->is_customer ? "user" : "assistant", turn->text));
	json_object_set_new(request, "messages", messages);
	json_object_set_new(request, "tools", tools_of(call));
	json_object_set_new(request, "seed", json_integer(call->call_id));
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
	char *said = text == NULL ? NULL : strdup(text);
	json_t *tool;
	size_t i;

	json_array_foreach(va_json_array(message, "tool_calls"), i, tool)
	{
		const json_t *function = va_json_object(tool, "function");
		const char *name = va_json_string(function, "name");

		if (name == NULL || strcmp(name, "end_call") == 0)
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
