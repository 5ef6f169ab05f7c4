/*-------------------------------------------------------------------------
 * models.c
 *		The drivers of language models by name, and what they share: parts of
 *		a request, and what a refusal means.
 */
#include "models_internal.h"

#include <math.h>
#include <string.h>

#include "pure/net/url.h"
#include "pure/text/utf8.h"

#define WORDS_MAX 400

#define DRIVER(name) &va_model_##name,
static const VaModelDriver *const drivers[] = { VA_MODELS(DRIVER) NULL };

const VaModelDriver *const *
va_model_drivers(void)
{
	return drivers;
}

const VaModelDriver *
va_model_driver(const char *name)
{
	for (int i = 0; drivers[i] != NULL; i++)
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	return NULL;
}

const char *
va_model_kind_name(VaModelKind kind)
{
	static const char *const names[] = { "answered", "refused", "incomplete", "limited", "overloaded", "server", "lost",
		"not_sent", "bad_key", "bad_model", "bad_request", "bad_parameter", "quota", "unreadable" };

	return names[kind];
}

/* ---- requests ---- */

const char *
va_model_url(const VaModelOrder *order, const VaModelDriver *driver, const char *path, VaArena *arena)
{
	return va_arena_join(arena, order->base_url != NULL ? order->base_url : driver->base_url, path, NULL);
}

const char *
va_model_check_path(const VaModelOrder *order, const char *list, bool all, VaArena *arena)
{
	size_t len = strlen(order->model);
	char *name;

	if (all)
		return list;
	name = va_arena_alloc(arena, 3 * len + 1);
	if (name == NULL)
		return list;
	name[va_percent_encode(order->model, len, name)] = '\0';
	return va_arena_join(arena, list, "/", name, NULL);
}

void
va_model_header(VaHttpRequest *request, const char *name, const char *value)
{
	request->headers[request->nheaders++] = (VaHeader){ name, value };
}

bool
va_model_bearer(const VaModelOrder *order, VaArena *arena, VaHttpRequest *request)
{
	if (order->key != NULL)
		va_model_header(request, "Authorization", va_arena_join(arena, "Bearer ", order->key, NULL));
	return !arena->oom;
}

bool
va_model_body(json_t *body, VaArena *arena, VaHttpRequest *request, const char **why)
{
	request->method = "POST";
	request->body = va_json_text(arena, body);
	json_decref(body);
	if (request->body == NULL || arena->oom)
		return va_refuse(why, "out of memory");
	request->body_len = strlen(request->body);
	va_model_header(request, "Content-Type", "application/json");
	return true;
}

int
va_model_max_tokens(const VaModelOrder *order)
{
	double given;

	if (order->max_tokens > 0)
		return order->max_tokens;
	return va_json_number(order->request, "max_tokens", &given) ? (int) given : 1000;
}

static void
add_message(json_t *messages, const char *role, const char *content)
{
	json_array_append_new(messages, json_pack("{s:s,s:s}", "role", role, "content", content));
}

json_t *
va_model_messages(const VaModelOrder *order, VaArena *arena)
{
	json_t *messages = json_array();
	const json_t *given = va_json_array(order->request, "messages");
	const char *problem = va_json_string(order->repair, "problem");
	const char *output = va_json_string(order->repair, "output");

	for (size_t i = 0; i < json_array_size(given); i++)
		json_array_append(messages, json_array_get(given, i));
	if (problem != NULL)
	{
		if (output != NULL)
			add_message(messages, "assistant", output);
		add_message(messages, "user",
			va_arena_join(arena, "That answer cannot be used: ", problem,
				va_model_schema(order) != NULL ? ". Answer again, with JSON alone that conforms to the schema."
											   : ". Answer again.",
				NULL));
	}
	return messages;
}

bool
va_model_streams(const VaModelOrder *order)
{
	return json_is_true(json_object_get(order->request, "stream"));
}

const json_t *
va_model_schema(const VaModelOrder *order)
{
	return va_json_object(order->request, "schema");
}

const char *
va_model_schema_name(const VaModelOrder *order)
{
	const char *name = va_json_string(order->request, "schema_name");

	return name != NULL ? name : "answer";
}

const char *
va_model_setting(const VaModelOrder *order, const char *name)
{
	return va_json_string(order->settings, name);
}

static bool
has_text(const json_t *array, const char *text)
{
	for (size_t i = 0; i < json_array_size(array); i++)
	{
		const char *one = json_string_value(json_array_get(array, i));

		if (one != NULL && strcmp(one, text) == 0)
			return true;
	}
	return false;
}

bool
va_model_omits(const VaModelOrder *order, const char *parameter)
{
	const json_t *refused = va_json_object(order->settings, "without");

	return has_text(va_json_array(order->request, "without"), parameter) ||
		   (order->model != NULL && has_text(va_json_array(refused, order->model), parameter));
}

json_t *
va_model_temperature(const VaModelOrder *order, double most)
{
	double given;

	if (!va_json_number(order->request, "temperature", &given) || va_model_omits(order, "temperature") ||
		json_is_false(json_object_get(order->settings, "temperature")))
		return NULL;
	return json_real(fmin(given, most));
}

bool
va_model_add_schema_words(json_t *messages, const json_t *schema, VaArena *arena)
{
	const char *text = va_json_text(arena, schema);

	if (text == NULL)
		return false;
	json_array_insert_new(messages, 0,
		json_pack("{s:s,s:s}", "role", "system", "content",
			va_arena_join(arena,
				"Answer with one JSON object and nothing else, no code fence. It conforms to this JSON "
				"Schema: ",
				text, NULL)));
	return !arena->oom;
}

/* ---- replies ---- */

const char *
va_model_words(const char *text, VaArena *arena)
{
	return text != NULL ? va_utf8_cut(arena, text, WORDS_MAX) : NULL;
}

void
va_model_end(VaModelReply *reply, VaModelKind kind, const char *message)
{
	reply->kind = kind;
	reply->message = message;
}

int64_t
va_model_count(const json_t *object, const char *key)
{
	double value;

	/* No vendor counts beyond this, and no sum of ours overflows. */
	return va_json_number(object, key, &value) && value > 0 ? (int64_t) fmin(value, 1e9) : 0;
}

static bool
is_one_of(const char *word, const char *const *words)
{
	for (int i = 0; word != NULL && words[i] != NULL; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* {"error": {"message", "type", "code"}}, as all of these vendors have it; some servers give a text instead. */
static VaModelKind
judge_refusal(int status, const json_t *error)
{
	static const char *const no_money[] = { "insufficient_quota", "billing_error", "billing_hard_limit_reached", NULL };
	static const char *const no_model[] = { "model_not_found", "invalid_model", NULL };
	const char *type = va_json_string(error, "type");
	const char *code = va_json_string(error, "code");
	const char *message = va_json_string(error, "message");

	if (status == 402 || is_one_of(type, no_money) || is_one_of(code, no_money))
		return VA_MODEL_QUOTA;
	if (is_one_of(code, no_model) || is_one_of(type, no_model) ||
		(status == 404 && message != NULL && strcasestr(message, "model") != NULL))
		return VA_MODEL_BAD_MODEL;
	if (status == 401 || status == 403)
		return VA_MODEL_BAD_KEY;
	if (status == 429)
		return VA_MODEL_LIMITED;
	if (status == 529 || status == 503)
		return VA_MODEL_OVERLOADED;
	if (status >= 500 || status == 408 || status == 409)
		return VA_MODEL_SERVER;
	return VA_MODEL_BAD_REQUEST;
}

/*
 * A model that takes no temperature, say, refuses the whole request: it goes
 * once more without, whoever made the model and whenever.  The bound on the
 * answer has two names; one is refused for the other only where the server
 * says that it does not know it, and not for the number in it.
 */
static const char *
refused_parameter(const VaModelOrder *order, int status, const json_t *error, const char *message)
{
	static const char *const optional[] = { "temperature", "seed", "stream_options", "max_tokens",
		"max_completion_tokens" };
	const char *parameter = va_json_string(error, "param");
	const char *code = va_json_string(error, "code");
	bool unknown = code != NULL && strcmp(code, "unsupported_parameter") == 0;

	if (order == NULL || (status != 400 && status != 422))
		return NULL;
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++)
		if (!va_model_omits(order, optional[i]) && (i < 3 || unknown) &&
			(parameter != NULL ? strcmp(parameter, optional[i]) == 0
							   : message != NULL && strstr(message, optional[i]) != NULL))
			return optional[i];
	return NULL;
}

static void
read_refusal(const VaModelOrder *order, const VaHttpResponse *response, VaArena *arena, VaModelReply *reply)
{
	const char *why = NULL;
	json_t *root = va_json_load(arena, response->body, response->body_len, &why);
	const json_t *error = va_json_object(root, "error");
	const char *message = va_json_string(error, "message");

	if (message == NULL)
		message = va_json_string(root, "error");
	if (message == NULL)
		message = va_json_string(root, "message");
	reply->kind = judge_refusal(response->status, error);
	reply->parameter = refused_parameter(order, response->status, error, message);
	if (reply->kind == VA_MODEL_BAD_REQUEST && reply->parameter != NULL)
		reply->kind = VA_MODEL_BAD_PARAMETER;
	if (response->status >= 300 && response->status < 400)
		reply->message = va_arena_printf(arena, "HTTP status %d: redirects are not followed", response->status);
	else if (message != NULL)
		reply->message = va_arena_printf(arena, "HTTP status %d: %s", response->status, va_model_words(message, arena));
	else
		reply->message = va_arena_printf(arena, "HTTP status %d, without a reason", response->status);
	json_decref(root);
}

json_t *
va_model_reply_json(const VaModelOrder *order, const VaHttpResponse *response, VaArena *arena, VaModelReply *reply)
{
	const char *why = NULL;
	json_t *root;

	memset(reply, 0, sizeof(*reply));
	if (response->status == 0)
	{
		reply->kind = response->sent ? VA_MODEL_LOST : VA_MODEL_NOT_SENT;
		reply->message = va_arena_strdup(arena, response->error != NULL ? response->error : "there was no answer");
		return NULL;
	}
	if (response->status != 200)
	{
		read_refusal(order, response, arena, reply);
		return NULL;
	}
	root = va_json_load(arena, response->body, response->body_len, &why);
	if (!json_is_object(root))
	{
		va_model_end(reply, VA_MODEL_UNREADABLE,
			va_arena_printf(arena, "the answer is not JSON: %s", why != NULL ? why : "no object"));
		json_decref(root);
		return NULL;
	}
	return root;
}

void
va_model_read_list(const VaHttpResponse *response, VaArena *arena, VaModelList *list)
{
	VaModelReply reply;
	json_t *root = va_model_reply_json(NULL, response, arena, &reply);
	const json_t *data = va_json_array(root, "data");

	memset(list, 0, sizeof(*list));
	list->kind = reply.kind;
	list->message = reply.message;
	if (root == NULL)
		return;
	list->kind = data != NULL ? VA_MODEL_ANSWERED : VA_MODEL_UNREADABLE;
	list->message = data != NULL ? NULL : "the answer is not a list of models";
	list->names = va_arena_alloc(arena, sizeof(char *) * VA_MODEL_LIST_MAX);
	for (size_t i = 0; list->names != NULL && i < json_array_size(data) && list->n < VA_MODEL_LIST_MAX; i++)
	{
		const char *name = va_json_string(json_array_get(data, i), "id");

		if (name != NULL && strlen(name) <= 200)
			list->names[list->n++] = va_arena_strdup(arena, name);
	}
	json_decref(root);
}
