/*-------------------------------------------------------------------------
 * provider_request.c
 *		The outcome of a provider request, as JSON.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "provider.h"

#include <string.h>

VaProviderRequestKind
va_provider_request_kind(const char *name)
{
	int kind = 0;

	while (kind < VA_PROVIDER_REQUEST_KINDS &&
		   (name == NULL || strcmp(name, va_provider_request_name((VaProviderRequestKind) kind)) != 0))
		kind++;
	return (VaProviderRequestKind) kind;
}

/* Carriers' texts may be anything; what is no text is left out. */
static void
put(json_t *object, const char *name, const char *value)
{
	if (value != NULL)
		json_object_set_new(object, name, json_string(value));
}

static json_t *
numbers_array(const VaProviderReply *reply)
{
	json_t *array = json_array();

	for (int i = 0; i < reply->nnumbers; i++)
	{
		const VaCarrierNumber *number = &reply->numbers[i];
		json_t *object = va_json_new_object();

		put(object, "number", number->number);
		put(object, "number_id", number->number_id);
		put(object, "name", number->name);
		put(object, "region", number->region);
		put(object, "monthly_cost", number->monthly_cost);
		put(object, "currency", number->currency);
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *
voices_array(const VaProviderReply *reply)
{
	json_t *array = json_array();

	for (int i = 0; i < reply->nvoices; i++)
	{
		json_t *object = va_json_new_object();

		put(object, "voice", reply->voices[i].voice);
		put(object, "name", reply->voices[i].name);
		put(object, "language", reply->voices[i].language);
		put(object, "category", reply->voices[i].category);
		json_array_append_new(array, object);
	}
	return array;
}

/* A member that is JSON already. */
static void
put_json(json_t *object, const char *name, const char *text, VaArena *arena)
{
	const char *ignored;
	json_t *value = text != NULL ? va_json_load(arena, text, strlen(text), &ignored) : NULL;

	if (value != NULL)
		json_object_set_new(object, name, value);
}

char *
va_provider_reply_text(const VaProviderReply *reply, VaArena *arena)
{
	json_t *object = va_json_new_object();
	char *text;

	put(object, "kind", va_dial_kind_name(reply->kind));
	put(object, "cause", reply->cause);
	put(object, "message", reply->message);
	if (reply->already)
		json_object_set_new(object, "already", json_true());
	put(object, "account_ref", reply->account_ref);
	put(object, "balance", reply->balance);
	put(object, "currency", reply->currency);
	put(object, "cost", reply->cost);
	if (reply->nnumbers > 0)
		json_object_set_new(object, "numbers", numbers_array(reply));
	if (reply->voices != NULL)
		json_object_set_new(object, "voices", voices_array(reply));
	put(object, "carrier_assistant_id", reply->carrier_assistant_id);
	put_json(object, "assistant", reply->assistant, arena);
	if (reply->stale)
		json_object_set_new(object, "stale", json_true());
	put_json(object, "differences", reply->differences, arena);
	put(object, "next_page", reply->next_page);
	put(object, "number_id", reply->number_id);
	put(object, "credential_id", reply->credential_id);
	put(object, "recording_url", reply->recording_url);
	put(object, "content_type", reply->content_type);
	put(object, "next", reply->next);
	put(object, "text_id", reply->text_id);
	if (reply->text != NULL)
	{
		put(object, "text_status", reply->text->status);
		put(object, "text_cause", reply->text->cause);
		put(object, "text_from", reply->text->from_number);
		put(object, "text_to", reply->text->to_number);
		put(object, "text", reply->text->transcript);
	}
	put(object, "line_type", reply->line_type);
	put(object, "reassigned", reply->reassigned);
	text = va_json_text(arena, object);
	json_decref(object);
	return text;
}
