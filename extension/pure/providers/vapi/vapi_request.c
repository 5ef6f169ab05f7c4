/*-------------------------------------------------------------------------
 * vapi_request.c
 *		Vapi's requests: place a call, look up, list.
 *
 * The assistant that a call carries is vapi_assistant.c's.
 */
#include "vapi_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/net/url.h"
#include "pure/text/template.h"

#define EXTENSION_MAX_CHARS 10

bool
vapi_start_request(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *path, const char **why)
{
	return va_request_start(request, arena, method, carrier->base_url, VAPI_BASE_URL, path, why) &&
		   va_request_bearer(request, arena, va_carrier_credential(carrier, "api_key"), why);
}

static const char *
phone_number_id(const VaCallOrder *order)
{
	return order->from_number_id != NULL ? order->from_number_id
										 : va_carrier_setting(order->carrier, "phone_number_id");
}

/* ---- the lead's name ---- */

static const char *const name_variables[] = { "name", "first_name", "last_name" };
#define NAME_VARIABLES (sizeof(name_variables) / sizeof(name_variables[0]))

/* Does a text have a {{ variable }} of that name?  Also in JSON, whose escapes no name has. */
static bool
says_variable(const char *text, const char *name)
{
	while (text != NULL && (text = strstr(text, "{{")) != NULL)
	{
		text += 2 + strspn(text + 2, " \t\r\n");
		if (va_template_same_name(text, strcspn(text, " \t\r\n|}"), name, strlen(name)))
			return true;
	}
	return false;
}

static bool
assistant_says(const VaAssistant *assistant, const char *name)
{
	return says_variable(assistant->first_message, name) || says_variable(assistant->system_prompt, name) ||
		   says_variable(assistant->settings, name);
}

/* Liquid takes dots for levels, also where a column is called so. */
static void
set_nested(json_t *object, const char *name, json_t *value)
{
	const char *dot = strchr(name, '.');
	char level[VA_TEMPLATE_NAME_MAX + 1];

	if (dot == NULL)
	{
		json_object_set(object, name, value);
		return;
	}
	memcpy(level, name, (size_t) (dot - name));
	level[dot - name] = '\0';
	if (json_object_get(object, level) == NULL)
		json_object_set_new(object, level, va_json_new_object());
	if (json_is_object(json_object_get(object, level)))
		set_nested(json_object_get(object, level), dot + 1, value);
}

/* Liquid knows no names that are alike: each value is there under the name that the text says. */
static void
name_as_said(json_t *variables, const char *text)
{
	while (text != NULL && (text = strstr(text, "{{")) != NULL)
	{
		char name[VA_TEMPLATE_NAME_MAX + 1];
		const json_t *value;
		size_t len;

		text += 2 + strspn(text + 2, " \t\r\n");
		len = strcspn(text, " \t\r\n|}");
		if (!va_template_is_name(text, len))
			continue;
		memcpy(name, text, len);
		name[len] = '\0';
		value = va_template_value(variables, name);
		if (value != NULL && (json_object_get(variables, name) == NULL || strchr(name, '.') != NULL))
			set_nested(variables, name, (json_t *) value);
	}
}

/* The variables by the names that the assistant says, without the parts of the lead's name that it does not say. */
static const char *
told_variables(const VaCallOrder *order, bool name, VaArena *arena)
{
	const char *ignored;
	json_t *variables;
	const char *left = order->variables;
	const char *key;
	json_t *value;
	void *next;

	if (left == NULL || (variables = va_json_load(arena, left, strlen(left), &ignored)) == NULL)
		return left;
	for (size_t i = 0; !name && i < NAME_VARIABLES; i++)
		if (!assistant_says(&order->assistant, name_variables[i]))
			json_object_foreach_safe(variables, next, key,
				value) if (va_template_same_name(key, strlen(key), name_variables[i], strlen(name_variables[i])))
				json_object_del(variables, key);
	name_as_said(variables, order->assistant.first_message);
	name_as_said(variables, order->assistant.system_prompt);
	name_as_said(variables, order->assistant.settings);
	if (json_is_object(variables))
		left = va_json_text(arena, variables);
	json_decref(variables);
	return left;
}

VaCallOrder
vapi_withhold_name(const VaCallOrder *order, VaArena *arena)
{
	const char *send = va_carrier_setting(order->carrier, "send_lead_name");
	VaCallOrder withheld = *order;
	bool name = send != NULL && strcmp(send, "true") == 0;

	if (!name && !assistant_says(&order->assistant, "customer.name"))
		withheld.customer_name = NULL;
	withheld.variables = told_variables(order, name, arena);
	return withheld;
}

/* ---- the call ---- */

static json_t *
build_overrides(const VaCallOrder *order, json_t *variables)
{
	json_t *overrides = va_json_new_object();

	json_object_set(overrides, "variableValues", variables);
	if (order->attempt_ref != NULL)
		json_object_set_new(overrides, "metadata", json_pack("{s:s}", "attempt", order->attempt_ref));
	if (order->ring_timeout_s > 0)
		json_object_set_new(overrides, "transportConfigurations",
			json_pack("[{s:s,s:i}]", "provider", "twilio", "timeout", va_clamp(order->ring_timeout_s, 1, 600)));
	return overrides;
}

static json_t *
build_customer(const VaCallOrder *order, VaArena *arena)
{
	json_t *customer = va_json_new_object();

	va_json_set_text(customer, "number", order->to_number);
	va_json_set_text(customer, "externalId", order->attempt_ref);
	va_json_set_text(customer, "name", va_utf8_cut(arena, order->customer_name, VAPI_NAME_MAX_CHARS));
	va_json_set_text(customer, "extension", order->to_extension);
	return customer;
}

static size_t
chars(const char *text)
{
	size_t count = 0;

	for (; text != NULL && *text != '\0'; text++)
		count += ((unsigned char) *text & 0xC0) != 0x80;
	return count;
}

static bool
check_order(const VaCallOrder *order, bool need_phone_number, const char **why)
{
	VaUrl url;

	if (order->to_number == NULL || chars(order->to_number) < 3 || chars(order->to_number) > 40)
		*why = "the number to call must have 3 to 40 characters";
	else if (order->attempt_ref == NULL || order->attempt_ref[0] == '\0')
		*why = "the attempt has no reference";
	else if (chars(order->attempt_ref) > VA_ATTEMPT_REF_MAX)
		*why = "the attempt's reference is longer than 40 characters";
	else if (chars(order->to_extension) > EXTENSION_MAX_CHARS)
		*why = "the extension is longer than 10 characters";
	else if (need_phone_number && phone_number_id(order) == NULL)
		*why = "the account has no phone number to call from";
	else
		return order->server_url == NULL || order->server_url[0] == '\0' ||
			   va_url_parse(order->server_url, strlen(order->server_url), &url, why);
	return false;
}

/* A JSON object in text; NULL text is an empty object. */
static json_t *
load_object(const char *text, VaArena *arena, const char *what, const char **why)
{
	json_t *json;

	if (text == NULL || text[0] == '\0')
		return va_json_new_object();
	json = va_json_load(arena, text, strlen(text), why);
	if (json != NULL && json_is_object(json))
		return json;
	json_decref(json);
	*why = va_arena_printf(arena, "%s must be a JSON object", what);
	return NULL;
}

/* The assistant by its id at the carrier, with what this call has otherwise; or whole.  It is taken. */
static void
set_assistant(json_t *body, const VaCallOrder *order, json_t *assistant, json_t *overrides, VaArena *arena)
{
	const char *ignored;
	json_t *kept = order->kept != NULL ? va_json_load(arena, order->kept, strlen(order->kept), &ignored) : NULL;

	if (vapi_override_kept(kept, assistant, overrides))
		va_json_set_text(body, "assistantId", va_json_string(kept, "id"));
	else
	{
		json_object_clear(overrides);
		json_object_set(body, "assistant", assistant);
	}
	json_decref(assistant);
	json_decref(kept);
}

json_t *
vapi_build_conversation(const VaCallOrder *order, VaArena *arena, const char **why)
{
	json_t *settings = load_object(order->assistant.settings, arena, "the assistant's settings", why);
	json_t *variables = load_object(order->variables, arena, "the variables", why);
	json_t *headers = load_object(order->webhook_headers, arena, "the webhook's headers", why);
	json_t *body = NULL;
	json_t *own;

	if (settings != NULL && variables != NULL && headers != NULL && (body = va_json_new_object()) != NULL)
	{
		json_t *assistant = vapi_build_assistant(order, settings, headers, arena);
		json_t *overrides = va_json_new_object();

		set_assistant(body, order, assistant, overrides, arena);
		json_object_update(overrides, own = build_overrides(order, variables));
		json_object_set_new(body, "assistantOverrides", overrides);
		json_decref(own);
	}
	json_decref(settings);
	json_decref(variables);
	json_decref(headers);
	return body;
}

/* ---- the call of an order whose like was built before ---- */

/* An object's members without its braces, each with a comma behind. */
static const char *
members_text(VaArena *arena, const json_t *object)
{
	char *text = va_json_text(arena, object);
	size_t len = text != NULL ? strlen(text) : 0;

	if (len <= 2)
		return text != NULL ? "" : NULL;
	text[len - 1] = ',';
	return text + 1;
}

/* The assistant as members of a call, in the memo's arena; -1 with *why. */
static int
remember_assistant(const VaCallOrder *order, const char *key, size_t key_len, const char **why)
{
	VaCallMemo *memo = order->memo;
	json_t *settings = load_object(order->assistant.settings, memo->arena, "the assistant's settings", why);
	json_t *headers = load_object(order->webhook_headers, memo->arena, "the webhook's headers", why);
	json_t *body = va_json_new_object();
	json_t *overrides = va_json_new_object();
	const char *text = NULL;
	const char *otherwise = NULL;
	int slot = -1;

	if (settings != NULL && headers != NULL)
	{
		set_assistant(body, order, vapi_build_assistant(order, settings, headers, memo->arena), overrides, memo->arena);
		text = members_text(memo->arena, body);
		otherwise = members_text(memo->arena, overrides);
		if (text == NULL || otherwise == NULL)
			*why = "out of memory, or a text that is not UTF-8";
	}
	json_decref(body);
	json_decref(overrides);
	json_decref(settings);
	json_decref(headers);
	if (text != NULL && otherwise != NULL)
	{
		char *copy = va_arena_alloc(memo->arena, key_len + 1);

		/* The last slot is used again and again when there are too many. */
		slot = memo->used < VA_CALL_MEMO_SLOTS ? memo->used++ : VA_CALL_MEMO_SLOTS - 1;
		if (copy != NULL)
			memcpy(copy, key, key_len);
		memo->slots[slot].key = copy != NULL ? copy : "";
		memo->slots[slot].key_len = copy != NULL ? key_len : 0;
		memo->slots[slot].assistant = text;
		memo->slots[slot].overrides = otherwise;
		memo->latest = slot;
	}
	return slot;
}

/* The slot of the memo that has the order's assistant; -1 with *why. */
static int
recall_assistant(const VaCallOrder *order, VaArena *arena, const char **why)
{
	VaCallMemo *memo = order->memo;
	VaBuffer buffer = { 0 };
	const char *key;
	size_t key_len;

	vapi_assistant_key(&buffer, order);
	key_len = buffer.used;
	key = va_buffer_finish(&buffer, arena);
	if (key == NULL)
	{
		*why = "out of memory";
		return -1;
	}
	for (int i = 0; i < memo->used; i++)
	{
		int slot = (memo->latest + i) % memo->used;

		if (memo->slots[slot].key_len == key_len && memcmp(memo->slots[slot].key, key, key_len) == 0)
		{
			memo->latest = slot;
			return slot;
		}
	}
	return remember_assistant(order, key, key_len, why);
}

static void
add_text(VaBuffer *buffer, const char *before, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	va_buffer_add(buffer, before, strlen(before));
	va_buffer_json_string(buffer, text, strlen(text));
}

/* The same body as build_call() makes without a memo, but for the order of the variables. */
static bool
recall_body(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	int slot = recall_assistant(order, arena, why);
	const char *variables = order->variables != NULL && order->variables[0] != '\0' ? order->variables : "{}";
	VaBuffer buffer = { 0 };

	if (slot < 0)
		return false;
	va_buffer_add(&buffer, "{", 1);
	va_buffer_add(&buffer, order->memo->slots[slot].assistant, strlen(order->memo->slots[slot].assistant));
	va_buffer_printf(&buffer, "\"assistantOverrides\":{");
	va_buffer_add(&buffer, order->memo->slots[slot].overrides, strlen(order->memo->slots[slot].overrides));
	add_text(&buffer, "\"metadata\":{\"attempt\":", order->attempt_ref);
	if (order->ring_timeout_s > 0)
		va_buffer_printf(&buffer, "},\"transportConfigurations\":[{\"provider\":\"twilio\",\"timeout\":%d}]",
			va_clamp(order->ring_timeout_s, 1, 600));
	else
		va_buffer_printf(&buffer, "}");
	va_buffer_printf(&buffer, ",\"variableValues\":");
	va_buffer_add(&buffer, variables, strlen(variables));
	va_buffer_printf(&buffer, "},\"customer\":{");
	if (order->to_extension != NULL && order->to_extension[0] != '\0')
	{
		add_text(&buffer, "\"extension\":", order->to_extension);
		va_buffer_add(&buffer, ",", 1);
	}
	add_text(&buffer, "\"externalId\":", order->attempt_ref);
	add_text(&buffer, ",\"name\":", va_utf8_cut(arena, order->customer_name, VAPI_NAME_MAX_CHARS));
	add_text(&buffer, ",\"number\":", order->to_number);
	add_text(&buffer, "},\"name\":", order->attempt_ref);
	add_text(&buffer, ",\"phoneNumberId\":", phone_number_id(order));
	va_buffer_add(&buffer, "}", 1);
	request->headers[request->nheaders++] = (VaHeader){ "Content-Type", "application/json" };
	request->body_len = buffer.used;
	request->body = va_buffer_finish(&buffer, arena);
	if (request->body == NULL || arena->oom)
		return va_refuse(why, "out of memory");
	return true;
}

static bool
build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why, bool need_phone_number)
{
	json_t *body;
	bool good;

	if (!check_order(order, need_phone_number, why) ||
		!vapi_start_request(arena, request, "POST", order->carrier, "/call", why))
		return false;
	if (order->memo != NULL)
		return recall_body(order, arena, request, why);
	if ((body = vapi_build_conversation(order, arena, why)) == NULL)
		return false;
	va_json_set_text(body, "name", order->attempt_ref);
	va_json_set_text(body, "phoneNumberId", phone_number_id(order));
	json_object_set_new(body, "customer", build_customer(order, arena));
	good = va_request_json(request, arena, body, why);
	json_decref(body);
	return good;
}

bool
vapi_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	VaCallOrder withheld = vapi_withhold_name(order, arena);

	return build_call(&withheld, arena, request, why, true);
}

bool
vapi_build_call_sandbox(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return build_call(order, arena, request, why, false);
}

/* ---- the rest ---- */

bool
vapi_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	if (!va_id_valid(order->provider_call_id))
		return va_refuse(why, "the call's id at the provider is not valid");
	return vapi_start_request(arena, request, "GET", order->carrier,
		va_arena_printf(arena, "/call/%s", va_escaped(arena, order->provider_call_id)), why);
}

/* No number is a filter: the carrier's id of ours may have been another one when the call was placed. */
bool
vapi_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	int limit = order->limit <= 0 ? VAPI_LIST_MAX : va_clamp(order->limit, 1, VAPI_LIST_MAX);
	const char *path = va_arena_printf(arena, "/call?limit=%d", limit);

	if (order->created_from != 0)
		path = va_url_with(arena, path, "createdAtGe", va_time_text(arena, order->created_from));
	if (order->created_to != 0)
		path = va_url_with(arena, path, "createdAtLe", va_time_text(arena, order->created_to));
	if (arena->oom)
		return va_refuse(why, "out of memory");
	return vapi_start_request(arena, request, "GET", order->carrier, path, why);
}
