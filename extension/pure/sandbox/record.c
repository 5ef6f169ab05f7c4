/*-------------------------------------------------------------------------
 * record.c
 *		A call of the sandbox's carrier from what is stored of it.
 *
 * A record's request is the JSON that the carrier kept of the order; the call
 * gets its own copy of every text.  No clock, no backend header, no locks.
 *-------------------------------------------------------------------------
 */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "pure/text/json.h"

static const char *
copy_of(VaArena *arena, const json_t *json, const char *key)
{
	const char *text = va_json_string(json, key);

	return text == NULL ? NULL : va_arena_strdup(arena, text);
}

static void
read_remembered(VaSandboxCall *call, const json_t *json)
{
	VaArena *arena = &call->arena;
	VaSandboxPlay *play = call->play;
	VaPeopleOrder *order = &play->order;
	VaCarrierCall *carrier = &play->carrier;
	double number;

	carrier->id = call->record.id;
	carrier->number = order->number = call->record.number;
	order->reference = call->record.reference;
	carrier->name = copy_of(arena, json, "name");
	carrier->external_id = copy_of(arena, json, "external_id");
	carrier->phone_number_id = copy_of(arena, json, "phone_number_id");
	carrier->customer_name = order->customer_name = copy_of(arena, json, "customer_name");
	carrier->metadata = copy_of(arena, json, "metadata");
	carrier->variable_values = order->variables = copy_of(arena, json, "variables");
	order->first_message = copy_of(arena, json, "first_message");
	order->extraction = copy_of(arena, json, "extraction");
	order->assistant = copy_of(arena, json, "assistant");
	order->max_duration_s = va_json_number(json, "max_duration_s", &number) ? number : 600;
	order->ring_timeout_s = va_json_number(json, "ring_timeout_s", &number) ? (int) number : 0;
	play->server_url = copy_of(arena, json, "server_url");
	play->gateway_path = copy_of(arena, json, "gateway_path");
	play->records = json_is_true(json_object_get(json, "record"));
}

VaSandboxCall *
va_sandbox_new(const VaSandboxRecord *record)
{
	VaSandboxCall *call = calloc(1, sizeof(VaSandboxCall));
	const char *why;
	json_t *json;

	if (call == NULL)
		return NULL;
	call->record = *record;
	call->record.reference = va_arena_strdup(&call->arena, record->reference);
	call->record.number = va_arena_strdup(&call->arena, record->number);
	call->record.request = va_arena_strdup(&call->arena, record->request);
	call->record.commands = va_arena_strdup(&call->arena, record->commands);
	call->play = va_arena_alloc(&call->arena, sizeof(VaSandboxPlay));
	json = call->arena.oom ? NULL : va_json_load(&call->arena, record->request, strlen(record->request), &why);
	if (json != NULL)
		read_remembered(call, json);
	json_decref(json);
	if (json == NULL || call->arena.oom)
	{
		va_sandbox_free(call);
		return NULL;
	}
	return call;
}

void
va_sandbox_set_assistant(VaSandboxCall *call, const char *assistant)
{
	const char *why;
	json_t *request = va_json_load(&call->arena, call->record.request, strlen(call->record.request), &why);

	va_json_set_text(request, "assistant", assistant);
	call->record.request = va_json_text(&call->arena, request);
	call->play->order.assistant = va_arena_strdup(&call->arena, assistant);
	json_decref(request);
}

VaSandboxCall *
va_sandbox_load(const VaSandboxRecord *record)
{
	VaSandboxCall *call = va_sandbox_new(record);

	if (call != NULL)
		va_sandbox_script(call);
	return call;
}

void
va_sandbox_free(VaSandboxCall *call)
{
	VaArena arena;

	if (call == NULL)
		return;
	arena = call->arena;
	free(call);
	va_arena_free(&arena);
}
