/*-------------------------------------------------------------------------
 * vapi_assistant.c
 *		The assistant that each of Vapi's calls carries with it.
 *
 * It is a transient one, so that nothing at the vendor has to be kept in step with our versions.  Our
 * assistant's settings:
 *
 *		temperature, max_tokens				of the model
 *		anti_hangup							the model cannot hang up before the person has spoken
 *		first_message_mode, end_call_message, end_call_phrases,
 *		voicemail_message, background_sound
 *		extraction_fields					{"name": {"type", "description"}}: more structured data
 *		provider_options					any other assistant field, as the vendor names it; of model,
 *											voice and transcriber what ours do not say
 *
 * How it speaks and listens is vapi_speech.c's.
 *
 * The members that keep a call ours (server, messages, limits, metadata), who speaks first, and the
 * message of a voicemail, cannot be overridden.
 */
#include "pure/providers/common/analysis.h"
#include "pure/providers/common/tools.h"
#include "vapi_internal.h"

#include <string.h>

static void
set_cut(json_t *object, const char *key, const char *text, size_t max_chars, VaArena *arena)
{
	va_json_set_text(object, key, va_utf8_cut(arena, text, max_chars));
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

/*
 * Why the model may not hang up yet, in the vendor's template language: until
 * the person has spoken twice, unless the last words sound like an end.  They
 * are taken widely, because whoever wants no more calls is let go at once.
 */
static const char hangup_condition[] =
	"{% assign said = messages | where: \"role\", \"user\" %}{% assign last = said | last %}"
	"{% assign words = last.content | downcase %}{% if said.size > 1 %}false"
	"{% elsif words contains \"stop\" or words contains \"bye\" or words contains \"don\" or words contains \"not \""
	" or words contains \"never\" or words contains \"remove\" or words contains \"take me off\""
	" or words contains \"leave me\" or words contains \"hang up\" or words contains \"no more\""
	" or words contains \"no thank\" or words contains \"wrong number\" or words contains \"busy\" %}false"
	"{% elsif words contains \"basta\" or words contains \"no me \" or words contains \"no quiero\""
	" or words contains \"no estoy\" or words contains \"no, gracias\" or words contains \"no gracias\""
	" or words contains \"no llame\" or words contains \"deje\" or words contains \"adi\303\263s\""
	" or words contains \"equivocad\" or words contains \"ocupad\" %}false"
	"{% elsif words contains \"arr\303\252t\" or words contains \"pas \" or words contains \"ne m\" or words contains "
	"\"plus \""
	" or words contains \"non merci\" or words contains \"non, merci\" or words contains \"au revoir\""
	" or words contains \"laisse\" or words contains \"retire\" or words contains \"faux num\""
	" or words contains \"occup\" %}false"
	"{% elsif words contains \"nicht\" or words contains \"kein\" or words contains \"nein\""
	" or words contains \"aufh\303\266r\" or words contains \"h\303\266ren sie auf\" or words contains \"tsch\303\274\""
	" or words contains \"wiederh\303\266ren\" or words contains \"lassen sie\" or words contains \"verw\303\244hlt\""
	" or words contains \"falsche nummer\" %}false{% else %}true{% endif %}";

static bool
waits_for_person(const json_t *settings)
{
	return json_is_true(json_object_get(settings, "anti_hangup"));
}

/*
 * Those of the catalogue that the assistant may use.  They are asked for at the
 * assistant's server, signed and repeated as its events are.  To put a call
 * through, the vendor has a tool of its own: one without destinations has it ask
 * the server to whom.
 */
static void
add_our_tools(json_t *tools, const json_t *settings, VaArena *arena)
{
	const char *text = va_tools_json();
	const char *why;
	json_t *catalogue = va_json_load(arena, text, strlen(text), &why);
	json_t *tool;
	json_t *chosen;
	size_t i;
	size_t j;

	json_array_foreach(catalogue, i, tool) json_array_foreach(json_object_get(settings, "tools"), j, chosen)
	{
		if (!json_equal(chosen, json_object_get(tool, "name")))
			continue;
		if (strcmp(json_string_value(chosen), "transfer") == 0)
			json_array_append_new(tools, json_pack("{s:s,s:[]}", "type", "transferCall", "destinations"));
		else
			json_array_append_new(tools, json_pack("{s:s,s:O}", "type", "function", "function", tool));
	}
	json_decref(catalogue);
	/* The tenant's own come as they are, in place of their names. */
	json_array_foreach(json_object_get(settings, "tools"), j, chosen) if (json_is_object(chosen))
		json_array_append_new(tools, json_pack("{s:s,s:O}", "type", "function", "function", chosen));
}

/*
 * The options' tools, and one to hang up with: whoever wants no more calls
 * is to be let go at once, and without it only the customer could end a call.
 */
static void
add_tools(json_t *model, const json_t *settings, VaArena *arena)
{
	json_t *tools = json_object_get(model, "tools");
	json_t *tool;
	size_t i;

	if (!json_is_array(tools))
	{
		tools = json_array();
		json_object_set_new(model, "tools", tools);
	}
	add_our_tools(tools, settings, arena);
	json_array_foreach(tools, i, tool)
	{
		const char *type = va_json_string(tool, "type");

		if (type != NULL && strcmp(type, "endCall") == 0)
			break;
	}
	if (i == json_array_size(tools))
		json_array_append_new(tools, json_pack("{s:s}", "type", "endCall"));
	tool = json_array_get(tools, i);
	if (waits_for_person(settings) && json_object_get(tool, "rejectionPlan") == NULL)
		json_object_set_new(tool, "rejectionPlan",
			json_pack("{s:[{s:s,s:s}]}", "conditions", "type", "liquid", "liquid", hangup_condition));
}

static json_t *
build_model(const VaAssistant *assistant, const json_t *settings, VaArena *arena)
{
	const char *name = assistant->model != NULL && assistant->model[0] != '\0' ? assistant->model : "gpt-5.6-luna";
	const char *provider = NULL;
	json_t *model = vapi_begin_part(settings, "model");

	vapi_split_name(name, &provider, &name, arena);
	va_json_set_text(model, "provider", provider != NULL ? provider : model_provider(name));
	va_json_set_text(model, "model", name);
	json_object_del(model, "messages");
	if (assistant->system_prompt != NULL && assistant->system_prompt[0] != '\0')
		json_object_set_new(
			model, "messages", json_pack("[{s:s,s:s}]", "role", "system", "content", assistant->system_prompt));
	vapi_set_member(model, "temperature", settings, "temperature");
	vapi_set_member(model, "maxTokens", settings, "max_tokens");
	add_tools(model, settings, arena);
	return model;
}

static json_t *
build_analysis(const json_t *settings)
{
	return json_pack("{s:{s:b},s:{s:b,s:o},s:{s:b,s:s}}", "summaryPlan", "enabled", 1, "structuredDataPlan", "enabled",
		1, "schema", va_analysis_schema(settings), "successEvaluationPlan", "enabled", 1, "rubric", "PassFail");
}

/* Where events go. Without a plan the vendor sends each once and never again, so ten tries. */
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

/*
 * The phrases that the vendor's limits allow.  It ends a call at the first of
 * them, whenever that is: where the person is to have a chance, only the tool
 * hangs up.
 */
static json_t *
end_phrases(const json_t *settings, VaArena *arena)
{
	json_t *phrases;
	json_t *value;
	size_t i;

	if (waits_for_person(settings))
		return NULL;
	phrases = json_array();
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

static bool
puts_through(const json_t *settings)
{
	json_t *chosen;
	size_t i;

	json_array_foreach(json_object_get(settings, "tools"), i,
		chosen) if (json_is_string(chosen) && strcmp(json_string_value(chosen), "transfer") == 0) return true;
	return false;
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
	if ((part = vapi_build_voice(&order->assistant, settings, arena)) != NULL)
		json_object_set_new(assistant, "voice", part);
	json_object_set_new(assistant, "transcriber", vapi_build_transcriber(&order->assistant, settings, arena));
	vapi_set_member(assistant, "firstMessageMode", settings, "first_message_mode");
	vapi_set_member(assistant, "backgroundSound", settings, "background_sound");
	set_cut(
		assistant, "endCallMessage", vapi_goodbye(order->assistant.language, settings), VAPI_SPOKEN_MAX_CHARS, arena);
	if ((part = end_phrases(settings, arena)) != NULL)
		json_object_set_new(assistant, "endCallPhrases", part);
	vapi_set_turns(assistant, order, settings);
	set_voicemail(assistant, order, settings, arena);
	if (order->max_duration_s > 0)
		json_object_set_new(assistant, "maxDurationSeconds", json_integer(va_clamp(order->max_duration_s, 10, 43200)));
	part = json_pack("[sss]", "status-update", "end-of-call-report", "tool-calls");
	if (puts_through(settings))
		json_array_append_new(part, json_string("transfer-destination-request"));
	/* Only what the transcriber has settled on: its guesses would be ten times as many. */
	if (json_is_true(json_object_get(settings, "live_transcript")))
		json_array_append_new(part, json_string("transcript[transcriptType=\"final\"]"));
	json_object_set_new(assistant, "serverMessages", part);
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
	add_part(buffer, order->kept);
	add_part(buffer, machine_detector(order));
	add_part(buffer, assistant->name);
	add_part(buffer, assistant->voice);
	add_part(buffer, assistant->model);
	add_part(buffer, assistant->language);
	add_part(buffer, assistant->settings);
	add_part(buffer, assistant->first_message);
	add_part(buffer, assistant->system_prompt);
}
