/*-------------------------------------------------------------------------
 * vapi_assistant.c
 *		The assistant that each of Vapi's calls carries with it.
 *
 * It is a transient one, so that nothing at the vendor has to be kept in step
 * with our versions.  What our assistant's settings may say:
 *
 *		temperature, max_tokens				of the model
 *		transcriber_model, endpointing_ms	(300) of the transcriber
 *		voice_model, voice_speed			of the voice
 *		first_message_mode, end_call_message, end_call_phrases,
 *		voicemail_message, background_sound
 *		extraction_fields					{"name": {"type", "description"}}: more structured data
 *		provider_options					any other assistant field, as the vendor names it; of model,
 *											voice and transcriber what ours do not say
 *
 * What keeps a call ours (server, messages, limits, metadata), who speaks
 * first, and the message of a voicemail, cannot be overridden.
 *-------------------------------------------------------------------------
 */
#include "vapi_internal.h"

#include <string.h>

static void
set_cut(json_t *object, const char *key, const char *text, size_t max_chars, VaArena *arena)
{
	va_json_set_text(object, key, va_utf8_cut(arena, text, max_chars));
}

/* Move a member of settings under the vendor's name, as it is. */
static void
set_member(json_t *object, const char *key, const json_t *settings, const char *name)
{
	json_t *value = json_object_get(settings, name);

	if (value != NULL && !json_is_null(value))
		json_object_set(object, key, value);
}

/* The side that listens for an answering machine; NULL = none, as where the other side calls. */
static const char *
machine_detector(const VaCallOrder *order)
{
	const char *chosen = va_carrier_setting(order->carrier, "voicemail_detection");

	if (order->attempt_ref == NULL)
		return NULL;
	if (chosen != NULL)
		return strcmp(chosen, "off") == 0 ? NULL : chosen;
	return order->machine_detection == VA_MACHINE_OFF ? NULL : "vapi";
}

/* Only a campaign that says so leaves messages: only those are counted for the day's cap of the number. */
static bool
leaves_message(const VaCallOrder *order)
{
	return order->machine_detection == VA_MACHINE_MESSAGE;
}

/* "provider/name" apart; without a provider it is guessed from the name. */
static void
split_name(const char *text, const char **provider, const char **name, VaArena *arena)
{
	const char *slash = strchr(text, '/');

	if (slash == NULL || slash == text || slash[1] == '\0')
	{
		*name = text;
		return;
	}
	*provider = va_arena_strndup(arena, text, (size_t) (slash - text));
	*name = slash + 1;
}

static const char *
model_provider(const char *model)
{
	if (strncmp(model, "claude", 6) == 0)
		return "anthropic";
	if (strncmp(model, "gemini", 6) == 0)
		return "google";
	if (strncmp(model, "grok", 4) == 0)
		return "xai";
	return "openai";
}

/* A part of the assistant: begun with what the options say of it, for ours to be set over. */
static json_t *
begin_part(const json_t *settings, const char *name)
{
	json_t *part = va_json_object(va_json_object(settings, "provider_options"), name);

	return part != NULL ? json_deep_copy(part) : va_json_new_object();
}

/*
 * The options' tools, and one to hang up with: whoever wants no more calls
 * is to be let go at once, and without it only the customer could end a call.
 */
static void
add_tools(json_t *model)
{
	json_t *tools = json_object_get(model, "tools");
	json_t *tool;
	size_t i;

	if (!json_is_array(tools))
	{
		tools = json_array();
		json_object_set_new(model, "tools", tools);
	}
	json_array_foreach(tools, i, tool)
	{
		const char *type = va_json_string(tool, "type");

		if (type != NULL && strcmp(type, "endCall") == 0)
			return;
	}
	json_array_append_new(tools, json_pack("{s:s}", "type", "endCall"));
}

static json_t *
build_model(const VaAssistant *assistant, const json_t *settings, VaArena *arena)
{
	const char *name = assistant->model != NULL && assistant->model[0] != '\0' ? assistant->model : "gpt-4.1";
	const char *provider = NULL;
	json_t *model = begin_part(settings, "model");

	split_name(name, &provider, &name, arena);
	va_json_set_text(model, "provider", provider != NULL ? provider : model_provider(name));
	va_json_set_text(model, "model", name);
	json_object_del(model, "messages");
	if (assistant->system_prompt != NULL && assistant->system_prompt[0] != '\0')
		json_object_set_new(
			model, "messages", json_pack("[{s:s,s:s}]", "role", "system", "content", assistant->system_prompt));
	set_member(model, "temperature", settings, "temperature");
	set_member(model, "maxTokens", settings, "max_tokens");
	add_tools(model);
	return model;
}

/* 11labs' own voices are lower case names or 20-character ids, Vapi's are capitalised names. */
static const char *
voice_provider(const char *voice)
{
	size_t len = strlen(voice);
	bool name = len > 0 && len < 16 && voice[0] >= 'A' && voice[0] <= 'Z';

	for (size_t i = 1; name && i < len; i++)
		name = voice[i] >= 'a' && voice[i] <= 'z';
	return name ? "vapi" : "11labs";
}

static json_t *
build_voice(const VaAssistant *assistant, const json_t *settings, VaArena *arena)
{
	const char *name = assistant->voice;
	const char *provider = NULL;
	json_t *voice;

	if (name == NULL || name[0] == '\0')
		return NULL;
	voice = begin_part(settings, "voice");
	split_name(name, &provider, &name, arena);
	va_json_set_text(voice, "provider", provider != NULL ? provider : voice_provider(name));
	va_json_set_text(voice, "voiceId", name);
	set_member(voice, "model", settings, "voice_model");
	set_member(voice, "speed", settings, "voice_speed");
	return voice;
}

static json_t *
build_transcriber(const VaAssistant *assistant, const json_t *settings)
{
	json_t *transcriber = begin_part(settings, "transcriber");

	va_json_set_text(transcriber, "provider", "deepgram");
	va_json_set_text(transcriber, "model", "nova-3");
	json_object_set_new(transcriber, "endpointing", json_integer(300));
	va_json_set_text(transcriber, "language", assistant->language);
	set_member(transcriber, "model", settings, "transcriber_model");
	set_member(transcriber, "endpointing", settings, "endpointing_ms");
	return transcriber;
}

static void
add_property(json_t *properties, const char *name, const char *type, const char *description)
{
	json_object_set_new(properties, name, json_pack("{s:s,s:s}", "type", type, "description", description));
}

static json_t *
object_schema(json_t *properties, const char *description)
{
	return json_pack("{s:s,s:s,s:o}", "type", "object", "description", description, "properties", properties);
}

/*
 * What is to be read out of every conversation.  Dates are asked for both as
 * a date and in the words that were said: the words are resolved again by
 * us, in the lead's own time zone.
 */
static json_t *
build_schema(const json_t *settings)
{
	json_t *root = va_json_new_object();
	json_t *appointment = va_json_new_object();
	json_t *callback = va_json_new_object();
	json_t *interest = json_pack("{s:s,s:s,s:[sssss]}", "type", "string", "description",
		"How interested the customer is.", "enum", "none", "low", "medium", "high", "unknown");
	json_t *fields = va_json_object(settings, "extraction_fields");
	const char *name;
	json_t *value;

	add_property(appointment, "booked", "boolean", "Whether the customer agreed to an appointment.");
	add_property(appointment, "date", "string", "Local date of the appointment as YYYY-MM-DD.");
	add_property(appointment, "time", "string", "Local time of the appointment as HH:MM, 24 hours.");
	add_property(appointment, "phrase", "string", "The customer's exact words for day and time.");
	add_property(appointment, "timezone", "string", "Time zone that the customer named, if any.");
	add_property(appointment, "email", "string", "E-mail address for the invitation, if given.");
	add_property(appointment, "notes", "string", "What the appointment is about.");
	add_property(callback, "requested", "boolean", "Whether the customer asked to be called back.");
	add_property(callback, "date", "string", "Local date of the callback as YYYY-MM-DD.");
	add_property(callback, "time", "string", "Local time of the callback as HH:MM, 24 hours.");
	add_property(callback, "phrase", "string", "The customer's exact words for day and time.");
	add_property(callback, "timezone", "string", "Time zone that the customer named, if any.");

	json_object_set_new(root, "appointment", object_schema(appointment, "The appointment, if one was agreed."));
	json_object_set_new(root, "callback", object_schema(callback, "The callback, if one was asked for."));
	json_object_set_new(root, "interest", interest);
	add_property(root, "do_not_call", "boolean", "Whether the customer asked never to be called again.");
	add_property(root, "wrong_number", "boolean",
		"Whether whoever answered said that this is not the customer's number; "
		"false if the customer is only out, or busy.");
	add_property(root, "qualified", "boolean", "Whether the customer is a fit for the offer.");
	json_object_foreach(fields, name, value) if (json_is_object(value) && json_object_get(root, name) == NULL)
		json_object_set(root, name, value);
	return json_pack("{s:s,s:o}", "type", "object", "properties", root);
}

static json_t *
build_analysis(const json_t *settings)
{
	return json_pack("{s:{s:b},s:{s:b,s:o},s:{s:b,s:s}}", "summaryPlan", "enabled", 1, "structuredDataPlan", "enabled",
		1, "schema", build_schema(settings), "successEvaluationPlan", "enabled", 1, "rubric", "PassFail");
}

/*
 * Where events go.  Without a plan the vendor sends each once and never
 * again, so ten tries.
 */
static json_t *
build_server(const VaCallOrder *order, const json_t *headers)
{
	json_t *server;

	if (order->server_url == NULL || order->server_url[0] == '\0')
		return NULL;
	server = json_pack("{s:s,s:i,s:{s:s,s:i,s:i}}", "url", order->server_url, "timeoutSeconds", 20, "backoffPlan",
		"type", "exponential", "maxRetries", 10, "baseDelaySeconds", 1);
	va_json_set_text(server, "credentialId", va_carrier_setting(order->carrier, "webhook_credential_id"));
	if (json_object_size(headers) > 0)
		json_object_set(server, "headers", (json_t *) headers);
	return server;
}

/* The phrases that the vendor's limits allow. */
static json_t *
end_phrases(const json_t *settings, VaArena *arena)
{
	json_t *phrases = json_array();
	json_t *value;
	size_t i;

	json_array_foreach(json_object_get(settings, "end_call_phrases"), i, value)
	{
		const char *text = json_string_value(value);

		if (text != NULL && strlen(text) >= 2)
			json_array_append_new(phrases, json_string(va_utf8_cut(arena, text, 140)));
	}
	if (json_array_size(phrases) == 0)
	{
		json_decref(phrases);
		return NULL;
	}
	return phrases;
}

/* Without a message the vendor hangs up on whatever machine it hears. */
static void
set_voicemail(json_t *assistant, const VaCallOrder *order, const json_t *settings, VaArena *arena)
{
	const char *detector = machine_detector(order);

	if (leaves_message(order))
		set_cut(
			assistant, "voicemailMessage", va_json_string(settings, "voicemail_message"), VAPI_SPOKEN_MAX_CHARS, arena);
	if (detector == NULL)
		json_object_set_new(assistant, "voicemailDetection", json_string("off"));
	else
		json_object_set_new(assistant, "voicemailDetection", json_pack("{s:s}", "provider", detector));
}

json_t *
vapi_build_assistant(const VaCallOrder *order, const json_t *settings, const json_t *headers, VaArena *arena)
{
	json_t *options = va_json_object(settings, "provider_options");
	json_t *assistant = options != NULL ? json_deep_copy(options) : va_json_new_object();
	json_t *part;

	/* Ours come after the options and so win. */
	json_object_del(assistant, "credentials");
	json_object_del(assistant, "credentialIds");
	json_object_del(assistant, "server");
	json_object_del(assistant, "voicemailMessage");
	json_object_del(assistant, "firstMessageMode");
	set_cut(assistant, "name", order->assistant.name, VAPI_NAME_MAX_CHARS, arena);
	va_json_set_text(assistant, "firstMessage", order->assistant.first_message);
	json_object_set_new(assistant, "model", build_model(&order->assistant, settings, arena));
	if ((part = build_voice(&order->assistant, settings, arena)) != NULL)
		json_object_set_new(assistant, "voice", part);
	json_object_set_new(assistant, "transcriber", build_transcriber(&order->assistant, settings));
	set_member(assistant, "firstMessageMode", settings, "first_message_mode");
	set_member(assistant, "backgroundSound", settings, "background_sound");
	set_cut(assistant, "endCallMessage", va_json_string(settings, "end_call_message"), VAPI_SPOKEN_MAX_CHARS, arena);
	if ((part = end_phrases(settings, arena)) != NULL)
		json_object_set_new(assistant, "endCallPhrases", part);
	set_voicemail(assistant, order, settings, arena);
	if (order->max_duration_s > 0)
		json_object_set_new(assistant, "maxDurationSeconds", json_integer(va_clamp(order->max_duration_s, 10, 43200)));
	json_object_set_new(
		assistant, "serverMessages", json_pack("[sss]", "status-update", "end-of-call-report", "tool-calls"));
	if ((part = build_server(order, headers)) != NULL)
		json_object_set_new(assistant, "server", part);
	json_object_set_new(assistant, "analysisPlan", build_analysis(settings));
	json_object_set_new(assistant, "artifactPlan",
		json_pack("{s:b,s:{s:b}}", "recordingEnabled", order->record, "transcriptPlan", "enabled", 1));
	json_object_set_new(assistant, "monitorPlan", json_pack("{s:b,s:b}", "listenEnabled", 0, "controlEnabled", 1));
	return assistant;
}

/* ---- whether two orders have the same ---- */

static void
add_part(VaBuffer *buffer, const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text) + 1; /* with the NUL: parts do not run into each other */

	va_buffer_add(buffer, text == NULL ? "-" : "+", 1);
	va_buffer_add(buffer, text, len);
}

/* Whatever vapi_build_assistant() comes to read belongs in here, too. */
void
vapi_assistant_key(VaBuffer *buffer, const VaCallOrder *order)
{
	const VaAssistant *assistant = &order->assistant;

	va_buffer_printf(buffer, "%d %d %d ", order->max_duration_s, (int) order->record, (int) leaves_message(order));
	add_part(buffer, order->server_url);
	add_part(buffer, va_carrier_setting(order->carrier, "webhook_credential_id"));
	add_part(buffer, order->webhook_headers);
	add_part(buffer, machine_detector(order));
	add_part(buffer, assistant->name);
	add_part(buffer, assistant->voice);
	add_part(buffer, assistant->model);
	add_part(buffer, assistant->language);
	add_part(buffer, assistant->settings);
	add_part(buffer, assistant->first_message);
	add_part(buffer, assistant->system_prompt);
}
