/*-------------------------------------------------------------------------
 * exotel.c
 *		Exotel: calls to a bot's socket, to a flow of its App Bazaar, or to two
 *		numbers one after the other.
 *
 * From is the number that is dialled first: the lead's.  The lead sees the
 * CallerId, a number of the account's.  A call gets its whole course when it
 * is placed:
 *
 *		the answer is a stream				the bot's socket (StreamUrl)
 *		the account has a flow_id			its flow (Url)
 *		the answer is to forward			a second number (To)
 *
 * Exotel cannot hang up for us, says nothing by itself, and signs nothing:
 * whoever knows the callback's URL, from a network that the account names, is
 * heard, and what he says is to be confirmed by a lookup.  An account that
 * names no network must say that it means any.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "exotel_internal.h"

#include <string.h>

#include "pure/net/network.h"
#include "pure/net/url.h"

#define BASE_URL "https://api.exotel.com"
#define FLOW_URL "https://my.exotel.com"
#define STREAM_URL_MAX 599
#define LIST_MAX 100
#define TIMEOUT_MAX_S 60

/* ---- requests ---- */

static bool
start_request(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *path, const char **why)
{
	const char *account = va_carrier_setting(carrier, "account_sid");

	if (path == NULL)
		return arena->oom ? va_refuse(why, "out of memory") : false;
	if (!va_id_valid(account))
		return va_refuse(why, "the account has no account_sid");
	return va_request_start(request, arena, method, carrier->base_url, BASE_URL,
			   va_arena_printf(arena, "/v1/Accounts/%s/%s", va_escaped(arena, account), path), why) &&
		   va_request_basic(request, arena, va_carrier_credential(carrier, "api_key"),
			   va_carrier_credential(carrier, "api_token"), why);
}

#define FIELDS_MAX 20

typedef struct Fields
{
	VaNamedText items[FIELDS_MAX];
	int count;
} Fields;

static void
add(Fields *fields, const char *name, const char *value)
{
	if (value != NULL && fields->count < FIELDS_MAX)
		fields->items[fields->count++] = (VaNamedText){ name, value };
}

/* The course of the call; the socket hears our reference as a parameter of its own. */
static bool
add_target(Fields *fields, const VaCallOrder *order, VaArena *arena, const char **why)
{
	const VaAnswer *answer = &order->answer;
	const char *stream = answer->kind == VA_ANSWER_STREAM ? answer->stream_url : NULL;
	const char *flow = va_carrier_setting(order->carrier, "flow_id");

	if (stream == NULL && flow == NULL && answer->kind != VA_ANSWER_FORWARD)
		stream = va_carrier_setting(order->carrier, "stream_url");
	if (stream != NULL)
	{
		stream = va_url_with(arena, stream, "attempt", order->attempt_ref);
		*why = "the stream's URL must begin with wss:// and have less than 600 characters";
		if (stream == NULL || strlen(stream) > STREAM_URL_MAX ||
			(strncmp(stream, "wss://", 6) != 0 && strncmp(stream, "ws://", 5) != 0))
			return false;
		add(fields, "StreamUrl", stream);
		add(fields, "StreamType", "bidirectional");
	}
	else if (answer->kind == VA_ANSWER_FORWARD && answer->forward_to != NULL)
		add(fields, "To", answer->forward_to);
	else if (flow != NULL)
	{
		add(fields, "Url",
			va_arena_printf(arena, FLOW_URL "/%s/exoml/start_voice/%s",
				va_escaped(arena, va_carrier_setting(order->carrier, "account_sid")), va_escaped(arena, flow)));
		if (order->ring_timeout_s > 0)
			add(fields, "TimeOut", va_integer_text(arena, va_clamp(order->ring_timeout_s, 1, TIMEOUT_MAX_S)));
	}
	else
		return va_refuse(why, "Exotel says nothing by itself: the account needs a stream_url or a flow_id");
	return true;
}

static bool
exotel_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	const char *caller = order->from_number != NULL ? order->from_number
													: va_carrier_setting(order->carrier, "caller_id");
	const char *callback = order->server_url;
	Fields fields = { .count = 0 };
	VaUrl url;

	if (order->to_number == NULL || order->to_number[0] == '\0')
		*why = "there is no number to call";
	else if (order->attempt_ref == NULL || order->attempt_ref[0] == '\0' ||
			 strlen(order->attempt_ref) > VA_ATTEMPT_REF_MAX)
		*why = "the attempt needs a reference of at most 40 characters";
	else if (caller == NULL)
		*why = "the account has no phone number to call from";
	else if (order->to_extension != NULL && order->to_extension[0] != '\0')
		*why = "Exotel cannot dial an extension";
	else if (callback == NULL || callback[0] == '\0' || va_url_parse(callback, strlen(callback), &url, why))
	{
		add(&fields, "From", order->to_number);
		add(&fields, "CallerId", caller);
		if (!add_target(&fields, order, arena, why))
			return false;
		add(&fields, "CustomField", order->attempt_ref);
		add(&fields, "Record", order->record ? "true" : "false");
		if (order->max_duration_s > 0)
			add(&fields, "TimeLimit", va_integer_text(arena, va_clamp(order->max_duration_s, 1, 14400)));
		if (callback != NULL && callback[0] != '\0')
		{
			add(&fields, "StatusCallback", va_url_with(arena, callback, "attempt", order->attempt_ref));
			add(&fields, "StatusCallbackContentType", "application/json");
			add(&fields, "StatusCallbackEvents[]", "ringing");
			add(&fields, "StatusCallbackEvents[]", "answered");
			add(&fields, "StatusCallbackEvents[]", "terminal");
		}
		return start_request(arena, request, "POST", order->carrier, "Calls/connect.json", why) &&
			   va_request_form(request, arena, fields.items, fields.count, why);
	}
	return false;
}

static bool
start_call_lookup(
	const VaProviderAccount *carrier, const char *id, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return start_request(arena, request, "GET", carrier,
		va_id_path(arena, "Calls/", id, ".json?details=true", "the call's id at the provider is not valid", why), why);
}

static bool
exotel_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return start_call_lookup(order->carrier, order->provider_call_id, arena, request, why);
}

/* Ended calls only; the newest come first. */
static bool
exotel_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why)
{
	int limit = order->limit <= 0 ? LIST_MAX : va_clamp(order->limit, 1, LIST_MAX);
	const char *path = va_arena_printf(arena, "Calls.json?PageSize=%d", limit);
	const char *zone = exotel_zone(order->carrier);
	const char *span = "";

	if (order->created_from != 0)
		span = va_arena_printf(arena, "gte:%s", exotel_time_text(arena, order->created_from, zone));
	/* Their times have whole seconds: the next one. */
	if (order->created_to != 0 && span != NULL)
		span = va_arena_printf(arena, "%s%slte:%s", span, span[0] != '\0' ? ";" : "",
			exotel_time_text(arena, order->created_to + 999, zone));
	if (arena->oom)
		return va_refuse(why, "out of memory");
	path = va_url_with(arena, path, "DateCreated", span[0] != '\0' ? span : NULL);
	path = va_url_with(arena, path, "From", order->to_number);
	return start_request(arena, request, "GET", order->carrier, path, why);
}

/* ---- replies ---- */

const char *
exotel_error_message(const VaHttpResponse *response, VaArena *arena)
{
	const char *why;
	json_t *root = va_reply_json(response, arena, &why);
	const char *text = va_json_string(va_json_object(root, "RestException"), "Message");

	if (text == NULL)
		text = va_json_string(root, "message");
	text = va_reply_words(arena, text);
	json_decref(root);
	return text;
}

/*
 * Whom a clear refusal concerns, by its words.  A number on the Indian
 * registry (NDNC, DND) is refused with 403, as a wrong key is, and may not be
 * called tomorrow either; a wrong CallerId is refused with 400, and to all.
 */
static void
correct_outcome(VaDialOutcome *outcome)
{
	const char *words = outcome->message;

	if (words == NULL || (outcome->kind != VA_DIAL_REFUSED_PERMANENT && outcome->kind != VA_DIAL_BAD_ACCOUNT))
		return;
	if (strcasestr(words, "NDNC") != NULL || strcasestr(words, "DND") != NULL)
	{
		outcome->kind = VA_DIAL_REFUSED_PERMANENT;
		outcome->cause = "do-not-call";
	}
	else if (strcasestr(words, "CallerId") != NULL || strcasestr(words, "ExoPhone") != NULL)
	{
		outcome->kind = VA_DIAL_BAD_ACCOUNT;
		outcome->cause = "bad-caller-id";
	}
}

static void
exotel_read_call_response(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome)
{
	const char *why;
	json_t *root;
	const char *id;

	if (!va_dial_answered(response, arena, outcome))
	{
		if (outcome->message == NULL)
			outcome->message = exotel_error_message(response, arena);
		correct_outcome(outcome);
		return;
	}
	root = va_reply_json(response, arena, &why);
	id = va_json_string(va_json_object(root, "Call"), "Sid");
	va_dial_placed(outcome, arena, id, root == NULL ? why : NULL);
	json_decref(root);
}

static void
exotel_read_lookup_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	const char *why = NULL;
	json_t *root = va_lookup_json(response, arena, lookup, exotel_error_message);
	VaEvent event;

	if (root == NULL)
		return;
	if (exotel_read_call(va_json_object(root, "Call"), response->carrier, arena, &event, &why))
		va_lookup_found(lookup, arena, &event);
	else
		lookup->message = why;
	json_decref(root);
}

static void
exotel_read_list_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)
{
	const char *why;
	json_t *root = va_lookup_json(response, arena, lookup, exotel_error_message);
	const json_t *calls = va_json_array(root, "Calls");
	const json_t *item;
	VaEvent event;
	size_t i;

	if (root == NULL)
		return;
	va_lookup_list(lookup, calls);
	json_array_foreach(calls, i, item)
	{
		const json_t *call = va_json_object(item, "Call");

		if (call == NULL)
			call = item;
		va_lookup_listed(lookup, arena, exotel_read_call(call, response->carrier, arena, &event, &why) ? &event : NULL);
	}
	va_lookup_list_end(lookup, arena);
	json_decref(root);
}

/* ---- webhooks ---- */

/* Nothing is signed: the sender's network, unless the account says in so many words that any may send. */
static bool
exotel_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why)
{
	if (auth->peers[0] != '\0')
		return va_networks_admit(auth->peers, message->peer, why);
	return va_refuse(why, "the account does not say from where its webhooks come (webhook_peers)");
}

/* ---- provider requests ---- */

/* A mere question may be asked again. */
static bool
asked(const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply, json_t **root)
{
	const char *why;

	*root = NULL;
	if (va_provider_request_done(response, arena, reply, exotel_error_message))
	{
		*root = va_reply_json(response, arena, &why);
		if (*root != NULL)
			return true;
		va_reply_end(reply, VA_DIAL_REFUSED_RETRY, "unreadable-answer", why);
		return false;
	}
	if (reply->kind == VA_DIAL_UNKNOWN)
		reply->kind = VA_DIAL_REFUSED_RETRY;
	return false;
}

static bool
build_check_account(VA_REQUEST_ARGS)
{
	return start_request(arena, request, "GET", order->carrier, "Calls.json?PageSize=1", why);
}

/* The account's name is in the URL, and in each of its calls. */
static void
read_check_account(VA_REPLY_ARGS)
{
	const json_t *calls;
	const json_t *call;
	json_t *root;

	if (!asked(response, arena, reply, &root))
		return;
	calls = va_json_array(root, "Calls");
	call = json_array_get(calls, 0);
	if (va_json_object(call, "Call") != NULL)
		call = va_json_object(call, "Call");
	if (calls == NULL)
		va_reply_end(reply, VA_DIAL_REFUSED_RETRY, "unreadable-answer", "the answer is not a list of calls");
	else
		reply->account_ref = va_arena_strdup(arena, va_json_string(call, "AccountSid"));
	json_decref(root);
}

static bool
build_fetch_cost(VA_REQUEST_ARGS)
{
	return start_call_lookup(order->carrier, order->provider_call_id, arena, request, why);
}

static void
read_fetch_cost(VA_REPLY_ARGS)
{
	const char *why;
	json_t *root;
	VaEvent event;

	if (!asked(response, arena, reply, &root))
		return;
	if (exotel_read_call(va_json_object(root, "Call"), order->carrier, arena, &event, &why))
	{
		reply->cost = event.cost;
		reply->currency = event.cost_currency;
	}
	else
		va_reply_end(reply, VA_DIAL_REFUSED_RETRY, "unreadable-answer", why);
	json_decref(root);
}

/* Their own hosts want the account's key; anybody else does not get it. */
static bool
build_fetch_recording(VA_REQUEST_ARGS)
{
	static const char own[] = ".exotel.com";
	VaUrl url;
	size_t len;

	*why = "the call's recording has no URL yet";
	if (order->recording_url == NULL || !va_request_elsewhere(request, arena, "GET", order->recording_url, why) ||
		!va_url_parse(order->recording_url, strlen(order->recording_url), &url, why))
		return false;
	len = strlen(url.host);
	if (url.https && len >= sizeof(own) && strcmp(url.host + len - (sizeof(own) - 1), own) == 0)
		return va_request_basic(request, arena, va_carrier_credential(order->carrier, "api_key"),
			va_carrier_credential(order->carrier, "api_token"), why);
	return true;
}

static void
read_fetch_recording(VA_REPLY_ARGS)
{
	const char *type = va_header_find(response->headers, response->nheaders, "content-type");

	if (va_provider_request_answered(response, arena, reply))
		reply->content_type = type == NULL ? "audio/mpeg" : va_arena_strdup(arena, type);
	else if (reply->kind == VA_DIAL_UNKNOWN)
		reply->kind = VA_DIAL_REFUSED_RETRY;
}

/* ---- the driver ---- */

static bool
exotel_check_carrier(const VaProviderAccount *carrier, VaArena *arena, const char **why)
{
	const char *zone = va_carrier_setting(carrier, "timezone_offset");
	const char *currency = va_carrier_setting(carrier, "currency");
	const char *peers = va_carrier_setting(carrier, "webhook_peers");
	const char *bad;
	size_t bad_len;

	if (zone != NULL && !exotel_zone_valid(zone))
		*why = "timezone_offset must be like +05:30";
	else if (currency != NULL && (strlen(currency) != 3 || strspn(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
		*why = "currency must be an ISO 4217 code, like INR";
	else if (peers != NULL && strlen(peers) >= sizeof(((VaWebhookAuth *) 0)->peers))
		*why = "webhook_peers is too long";
	else
		return peers == NULL || strcmp(peers, VA_NETWORKS_ANY) == 0 || va_networks_valid(peers, &bad, &bad_len, why);
	return false;
}

/* ---- texts ---- */

static bool
build_text(VA_REQUEST_ARGS)
{
	const char *header = order->dlt_header;
	Fields fields = { .count = 0 };

	if (!va_text_order_good(order, why))
		return false;
	add(&fields, "From", header != NULL ? header : order->from_number);
	add(&fields, "To", order->number);
	add(&fields, "Body", order->text);
	add(&fields, "DltEntityId", order->dlt_entity);
	add(&fields, "DltTemplateId", order->dlt_template);
	/* A header of digits is for advertising; of others the template says what they are. */
	if (header != NULL && strspn(header, "0123456789") == strlen(header))
		add(&fields, "SmsType", "promotional");
	add(&fields, "CustomField", order->attempt_ref);
	add(&fields, "StatusCallback", va_text_report_url(order, arena));
	return start_request(arena, request, "POST", order->carrier, "Sms/send.json", why) &&
		   va_request_form(request, arena, fields.items, fields.count, why);
}

static void
read_text(VA_REPLY_ARGS)
{
	const char *why;
	json_t *root;

	if (va_provider_request_done(response, arena, reply, exotel_error_message))
	{
		root = va_reply_json(response, arena, &why);
		va_text_taken(reply, arena, va_json_string(va_json_object(root, "SMSMessage"), "Sid"));
		json_decref(root);
		return;
	}
	if (reply->message != NULL &&
		(strcasestr(reply->message, "NDNC") != NULL || strcasestr(reply->message, "DND") != NULL))
	{
		reply->kind = VA_DIAL_REFUSED_PERMANENT;
		reply->cause = "blocked";
	}
}

static bool
build_fetch_text(VA_REQUEST_ARGS)
{
	return start_request(arena, request, "GET", order->carrier,
		va_id_path(
			arena, "SMS/Messages/", order->message_id, ".json", "the text's id at the provider is not valid", why),
		why);
}

static void
read_fetch_text(VA_REPLY_ARGS)
{
	const char *why;
	json_t *root;
	VaEvent *event = va_arena_alloc(arena, sizeof(VaEvent));

	if (!asked(response, arena, reply, &root))
		return;
	if (event == NULL)
		va_reply_end(reply, VA_DIAL_REFUSED_RETRY, "unreadable-answer", "out of memory");
	else if (!exotel_read_message(va_json_object(root, "SMSMessage"), order->carrier, arena, event, &why))
		va_reply_end(reply, VA_DIAL_REFUSED_RETRY, "unreadable-answer", why);
	else if (order->message_id == NULL || strcmp(event->provider_call_id, order->message_id) != 0)
		va_reply_end(reply, VA_DIAL_REFUSED_RETRY, "unreadable-answer", "the answer is about another text");
	else
	{
		reply->text_id = event->provider_call_id;
		reply->text = event;
	}
	json_decref(root);
}

static const VaAccountField credentials[] = {
	{ "api_key", VA_FIELD_TEXT, true, "API key" },
	{ "api_token", VA_FIELD_TEXT, true, "API token" },
	{ 0 },
};

static const VaAccountField settings[] = {
	{ "account_sid", VA_FIELD_TEXT, true, "account SID" },
	{ "caller_id", VA_FIELD_TEXT, false, "ExoPhone that calls are made from" },
	{ "stream_url", VA_FIELD_URL, false, "socket of the bot that talks (wss)" },
	{ "flow_id", VA_FIELD_TEXT, false, "flow that a call goes to, when there is no stream_url" },
	{ "timezone_offset", VA_FIELD_TEXT, false, "of the account's clocks; +05:30 when not given" },
	{ "currency", VA_FIELD_TEXT, false, "of the account's prices; INR when not given" },
	{ 0 },
};

VA_DRIVER(exotel) = {
	.name = "exotel",
	.title = "Exotel",
	.credentials = credentials,
	.settings = settings,
	.check_carrier = exotel_check_carrier,
	.proof = VA_PROOF_PEER,
	.account_name = "account_sid",
	.build_call = exotel_build_call,
	.read_call_response = exotel_read_call_response,
	.build_lookup = exotel_build_lookup,
	.read_lookup_response = exotel_read_lookup_response,
	.list_max = LIST_MAX,
	.build_list = exotel_build_list,
	.read_list_response = exotel_read_list_response,
	.verify = exotel_verify,
	.read_webhook = exotel_read_webhook,
	.records = true,
	.takes_dlt = true,
	.provider_requests =
		(const VaProviderRequestDriver[VA_PROVIDER_REQUEST_KINDS]){
			[VA_REQUEST_CHECK_ACCOUNT] = { build_check_account, read_check_account },
			[VA_REQUEST_FETCH_RECORDING] = { build_fetch_recording, read_fetch_recording },
			[VA_REQUEST_FETCH_COST] = { build_fetch_cost, read_fetch_cost },
			[VA_REQUEST_SEND_TEXT] = { build_text, read_text },
			[VA_REQUEST_FETCH_TEXT] = { build_fetch_text, read_fetch_text },
		},
};
