/*
 * driver.c
 *		The drivers as a filter: one JSON object a line in, one a line out,
 *		so that scripts in other languages can drive every carrier.
 *
 *	{"do": "describe"}									all drivers: facts, fields, provider requests
 *	{"provider": "vapi", "do": "build_call", "order": {...}}			a request
 *	... "build_lookup", "build_list", "provider request:NAME"						a request
 *	... "read_call", "read_lookup", "read_list", "read_provider_request:NAME", "response": {"status", "headers", "body"}
 *	... "verify", "read_webhook", "message": {"method", "url", "query", "headers", "body", "peer"}, "now", and for
 *		verify "secret" with or without "scheme" (the account's setting "webhook"), "peers"
 *	{"model_provider": "openai", "do": "build_model" | "check_model" | "list_models", "order": {"base_url", "key", "model", "settings",
 *		"request", "repair", "max_tokens"}}			a request to a language model; "read_model", "response": what it answered
 *	... "answer", "event": {...}, "answer": {...}						a document
 *
 * How structs are written: structs.h.  The answer is {"ok": true, ...} or {"ok": false, "why": "..."}.
 */
#include "structs.h"

#include "pure/models/models.h"

#include <stdlib.h>
#include <string.h>

#define PROVIDER_REQUEST "provider_request:"

/* ---- what can be done ---- */

static VaProviderRequestKind
provider_request_kind(const char *name)
{
	VaProviderRequestKind kind = 0;

	while (kind < VA_PROVIDER_REQUEST_KINDS && strcmp(va_provider_request_name(kind), name) != 0)
		kind++;
	return kind;
}

static bool
run_provider_request(const VaDriver *driver, const char *name, const json_t *in, json_t *out, const char **why, bool build)
{
	VaProviderRequestKind kind = provider_request_kind(name);
	VaProviderRequest order = read_provider_request_order(json_object_get(in, "order"));
	VaHttpRequest request;
	VaHttpResponse response;
	VaProviderReply reply;

	if (kind == VA_PROVIDER_REQUEST_KINDS || driver->provider_requests[kind].build == NULL)
	{
		*why = "the carrier lacks this";
		return false;
	}
	if (build)
	{
		if (!driver->provider_requests[kind].build(&order, &arena, &request, why))
			return false;
		write_request(out, &request);
		return true;
	}
	read_response(json_object_get(in, "response"), &response);
	driver->provider_requests[kind].read(&order, &response, &arena, &reply);
	write_reply(out, &reply);
	return true;
}

static bool
do_build_call(const VaDriver *driver, const json_t *in, json_t *out, const char **why)
{
	const json_t *json = json_object_get(in, "order");
	const char *text = va_json_text(&arena, json);
	VaCallOrder order;
	VaHttpRequest request;

	if (text == NULL || !va_call_order_read(text, strlen(text), &arena, &order, why))
		return false;
	order.carrier = read_carrier(json_object_get(json, "carrier"));
	if (!driver->build_call(&order, &arena, &request, why))
		return false;
	write_request(out, &request);
	return true;
}

static bool
do_look(const VaDriver *driver, const json_t *in, json_t *out, const char **why, bool list)
{
	VaLookupOrder order = read_lookup_order(json_object_get(in, "order"));
	VaHttpRequest request;
	bool (*build)(const VaLookupOrder *, VaArena *, VaHttpRequest *, const char **) =
		list ? driver->build_list : driver->build_lookup;

	*why = "the carrier lacks this";
	if (build == NULL || !build(&order, &arena, &request, why))
		return false;
	write_request(out, &request);
	return true;
}

static bool
do_verify(const VaDriver *driver, const json_t *in, const char **why)
{
	const char *secret = va_json_string(in, "secret");
	const char *peers = va_json_string(in, "peers");
	const json_t *scheme = json_object_get(in, "scheme");
	VaWebhookAuth auth = { 0 };
	VaSignedMessage message;

	read_message(json_object_get(in, "message"), &message);
	if (scheme != NULL)
	{
		const char *text = va_json_text(&arena, scheme);

		if (!va_webhook_auth_read(text, strlen(text), secret, &auth, why))
			return false;
	}
	else
	{
		auth.kind = VA_AUTH_VENDOR;
		auth.tolerance_s = VA_SIGNATURE_TOLERANCE;
		auth.secret_len = secret == NULL ? 0 : strnlen(secret, sizeof(auth.secret));
		memcpy(auth.secret, secret == NULL ? "" : secret, auth.secret_len);
		if (peers != NULL)
			snprintf(auth.peers, sizeof(auth.peers), "%s", peers);
	}
	*why = "the carrier has no signatures";
	return driver->verify != NULL &&
		   driver->verify(&auth, &message, json_integer_value(json_object_get(in, "now")), why);
}

static bool
do_read_webhook(const VaDriver *driver, const json_t *in, json_t *out, const char **why)
{
	VaSignedMessage message;
	VaEvents events;

	read_message(json_object_get(in, "message"), &message);
	*why = "the carrier sends no webhooks";
	if (driver->read_webhook == NULL || !driver->read_webhook(&message, &arena, &events, why))
		return false;
	write_events(out, &events);
	return true;
}

static bool
do_answer(const VaDriver *driver, const json_t *in, json_t *out, const char **why)
{
	VaEvent event;
	VaAnswer answer = { 0 };
	VaDocument document;

	read_event(json_object_get(in, "event"), &event);
	read_answer(json_object_get(in, "answer"), &answer);
	*why = "the carrier takes no documents";
	if (driver->build_answer == NULL || !driver->build_answer(&event, &answer, &arena, &document, why))
		return false;
	set_text(out, "content_type", document.content_type);
	set_text(out, "body", document.body);
	return true;
}

static bool
do_read(const VaDriver *driver, const char *what, const json_t *in, json_t *out, const char **why)
{
	VaHttpResponse response;
	VaDialOutcome outcome;
	VaLookup lookup;

	read_response(json_object_get(in, "response"), &response);
	if (strcmp(what, "call") == 0)
	{
		driver->read_call_response(&response, &arena, &outcome);
		write_outcome(out, &outcome);
		return true;
	}
	*why = "the carrier lacks this";
	if (strcmp(what, "lookup") == 0 && driver->read_lookup_response != NULL)
		driver->read_lookup_response(&response, &arena, &lookup);
	else if (strcmp(what, "list") == 0 && driver->read_list_response != NULL)
		driver->read_list_response(&response, &arena, &lookup);
	else
		return false;
	write_lookup(out, &lookup);
	return true;
}

static json_t *
fields_json(const VaAccountField *fields)
{
	json_t *list = json_array();

	for (; fields != NULL && fields->name != NULL; fields++)
		json_array_append_new(list, json_pack("{s:s,s:b}", "name", fields->name, "required", fields->required));
	return list;
}

static bool
do_describe(json_t *out)
{
	static const char *const proofs[] = { "none", "scheme", "vendor", "peer" };
	const VaDriver *driver;

	for (int i = 0; (driver = va_driver_at(i)) != NULL; i++)
	{
		json_t *provider_requests = json_array();
		json_t *json = json_pack("{s:s,s:s,s:f,s:i,s:b,s:b,s:b,s:b,s:b}", "title", driver->title, "proof",
								 proofs[driver->proof], "calls_per_second", driver->calls_per_second,
								 "dial_repeatable_s", driver->dial_repeatable_s, "absence_proves",
								 driver->absence_proves, "has_amd", driver->has_amd, "lookup",
								 driver->build_lookup != NULL, "list", driver->build_list != NULL, "answer",
								 driver->build_answer != NULL);

		set_text(json, "webhook_secret", driver->webhook_secret);
		json_object_set_new(json, "credentials", fields_json(driver->credentials));
		json_object_set_new(json, "settings", fields_json(driver->settings));
		for (VaProviderRequestKind kind = 0; kind < VA_PROVIDER_REQUEST_KINDS; kind++)
			if (driver->provider_requests[kind].build != NULL)
				json_array_append_new(provider_requests, json_string(va_provider_request_name(kind)));
		json_object_set_new(json, "provider_requests", provider_requests);
		json_object_set_new(out, driver->name, json);
	}
	return true;
}

static bool
do_model(const char *provider, const char *what, const json_t *in, json_t *out, const char **why)
{
	const VaModelDriver *driver = va_model_driver(provider);
	const json_t *json = json_object_get(in, "order");
	VaModelOrder order = { .base_url = va_json_string(json, "base_url"),
						   .key = va_json_string(json, "key"),
						   .model = va_json_string(json, "model"),
						   .settings = va_json_object(json, "settings"),
						   .request = va_json_object(json, "request"),
						   .repair = va_json_object(json, "repair") };
	VaHttpRequest request;
	VaHttpResponse response;
	VaModelReply reply;
	bool check = strcmp(what, "check_model") == 0 || strcmp(what, "list_models") == 0;

	*why = "there is no such vendor of language models";
	if (driver == NULL)
		return false;
	if (strcmp(what, "read_model") == 0)
	{
		read_response(json_object_get(in, "response"), &response);
		driver->read(&order, &response, &arena, &reply);
		set_text(out, "kind", va_model_kind_name(reply.kind));
		set_text(out, "text", reply.text);
		set_text(out, "message", reply.message);
		return true;
	}
	if (!(check ? driver->build_check(&order, strcmp(what, "list_models") == 0, &arena, &request, why)
				: driver->build(&order, &arena, &request, why)))
		return false;
	write_request(out, &request);
	return true;
}

static bool
perform(const json_t *in, json_t *out, const char **why)
{
	const char *what = va_json_string(in, "do");
	const char *provider = va_json_string(in, "provider");
	const VaDriver *driver = provider != NULL ? va_driver(provider) : NULL;

	*why = "there is no such thing to do";
	if (what == NULL)
		return false;
	if (strcmp(what, "describe") == 0)
		return do_describe(out);
	if (va_json_string(in, "model_provider") != NULL)
		return do_model(va_json_string(in, "model_provider"), what, in, out, why);
	if (driver == NULL)
	{
		*why = "there is no such carrier";
		return false;
	}
	if (strcmp(what, "build_call") == 0)
		return do_build_call(driver, in, out, why);
	if (strcmp(what, "build_lookup") == 0)
		return do_look(driver, in, out, why, false);
	if (strcmp(what, "build_list") == 0)
		return do_look(driver, in, out, why, true);
	if (strncmp(what, PROVIDER_REQUEST, strlen(PROVIDER_REQUEST)) == 0)
		return run_provider_request(driver, what + strlen(PROVIDER_REQUEST), in, out, why, true);
	if (strncmp(what, "read_" PROVIDER_REQUEST, strlen("read_" PROVIDER_REQUEST)) == 0)
		return run_provider_request(driver, what + strlen("read_" PROVIDER_REQUEST), in, out, why, false);
	if (strcmp(what, "verify") == 0)
		return do_verify(driver, in, why);
	if (strcmp(what, "read_webhook") == 0)
		return do_read_webhook(driver, in, out, why);
	if (strcmp(what, "answer") == 0)
		return do_answer(driver, in, out, why);
	if (strncmp(what, "read_", 5) == 0)
		return do_read(driver, what + 5, in, out, why);
	return false;
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 0)
	{
		const char *why = NULL;
		json_t *in = va_json_load(&arena, line, (size_t) len, &why);
		json_t *out = va_json_new_object();
		bool good = in != NULL && perform(in, out, &why);
		char *text;

		json_object_set_new(out, "ok", json_boolean(good));
		if (!good)
			set_text(out, "why", why != NULL ? why : "(no reason was given)");
		text = json_dumps(out, JSON_COMPACT);
		puts(text);
		fflush(stdout);
		free(text);
		json_decref(out);
		json_decref(in);
		va_arena_free(&arena);
	}
	free(line);
	return 0;
}
