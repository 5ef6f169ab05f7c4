/*-------------------------------------------------------------------------
 * vapi_control.c
 *		Vapi's provider requests about one call (end it, say something, transfer it, its
 *		recording, its price), and what the assistant-request of an incoming
 *		call is told.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "vapi_internal.h"

#include <string.h>

#include "pure/net/url.h"

/*
 * A command for a live call.  The URL came from an answer and may lead to any
 * host: it gets no key.  Knowing it is the right to use it.  Takes the body.
 */
static bool
start_control(const VaProviderRequest *order, json_t *body, VaArena *arena, VaHttpRequest *request, const char **why)
{
	VaUrl url;
	bool good = false;

	memset(request, 0, sizeof(*request));
	if (order->control_url == NULL || order->control_url[0] == '\0')
		*why = "the call has no control URL";
	else if (va_url_parse(order->control_url, strlen(order->control_url), &url, why))
	{
		request->method = "POST";
		request->url = va_arena_strdup(arena, order->control_url);
		good = va_request_json(request, arena, body, why);
	}
	json_decref(body);
	return good;
}

bool
vapi_build_hangup(VA_REQUEST_ARGS)
{
	return start_control(order, json_pack("{s:s}", "type", "end-call"), arena, request, why);
}

bool
vapi_build_transfer(VA_REQUEST_ARGS)
{
	json_t *body;

	if (order->answer.forward_to == NULL || order->answer.forward_to[0] == '\0')
		return va_refuse(why, "there is no number to transfer to");
	body = json_pack(
		"{s:s,s:{s:s,s:s}}", "type", "transfer", "destination", "type", "number", "number", order->answer.forward_to);
	if (order->answer.caller_id != NULL && order->answer.caller_id[0] != '\0')
		json_object_set_new(va_json_object(body, "destination"), "callerId", json_string(order->answer.caller_id));
	if (order->answer.text != NULL && order->answer.text[0] != '\0')
		json_object_set_new(body, "content", json_string(order->answer.text));
	return start_control(order, body, arena, request, why);
}

/* The conversation goes on behind what is said, unless there is a reason to hang up. */
bool
vapi_build_say(VA_REQUEST_ARGS)
{
	if (order->answer.text == NULL || order->answer.text[0] == '\0')
		return va_refuse(why, "there is nothing to say");
	return start_control(order,
		json_pack(
			"{s:s,s:s,s:b}", "type", "say", "content", order->answer.text, "endCallAfterSpoken", order->reason != NULL),
		arena, request, why);
}

bool
vapi_build_digits_sandbox(VA_REQUEST_ARGS)
{
	if (order->digits == NULL || order->digits[0] == '\0')
		return va_refuse(why, "there are no digits to send");
	return start_control(
		order, json_pack("{s:s,s:s}", "type", "send-digits", "digits", order->digits), arena, request, why);
}

bool
vapi_build_play_sandbox(VA_REQUEST_ARGS)
{
	if (order->answer.media_url == NULL || order->answer.media_url[0] == '\0')
		return va_refuse(why, "there is nothing to play");
	return start_control(
		order, json_pack("{s:s,s:s}", "type", "play", "url", order->answer.media_url), arena, request, why);
}

/* The control URL lives as long as the call. */
static bool
call_is_over(const VaHttpResponse *response)
{
	return response->status == 404 || response->status == 410;
}

void
vapi_read_hangup(VA_REPLY_ARGS)
{
	vapi_read_control(order, response, arena, reply);
	if (call_is_over(response))
	{
		reply->kind = VA_DIAL_ACCEPTED;
		reply->already = true;
	}
}

void
vapi_read_control(VA_REPLY_ARGS)
{
	if (va_provider_request_answered(response, arena, reply))
		return;
	if (reply->message == NULL)
		reply->message = call_is_over(response) ? "the call is over" : vapi_error_message(response, arena);
}

/* ---- what is left of a call ---- */

static bool
start_call_request(
	const VaProviderRequest *order, const char *behind, VaArena *arena, VaHttpRequest *request, const char **why)
{
	return vapi_start_request(arena, request, "GET", order->carrier,
		va_id_path(arena, "/call/", order->provider_call_id, behind, "the call's id at the provider is not valid", why),
		why);
}

/* A link that the call's report named is read as it is, without a key; else the vendor is asked for it. */
bool
vapi_build_fetch_recording(VA_REQUEST_ARGS)
{
	if (order->recording_url == NULL || order->recording_url[0] == '\0')
		return start_call_request(order, "/mono-recording", arena, request, why);
	return va_request_elsewhere(request, arena, "GET", order->recording_url, why);
}

/* A mere question may be asked again. */
static void
may_ask_again(VaProviderReply *reply)
{
	if (reply->kind == VA_DIAL_UNKNOWN)
		reply->kind = VA_DIAL_REFUSED_RETRY;
}

void
vapi_read_fetch_recording(VA_REPLY_ARGS)
{
	const char *location = va_header_find(response->headers, response->nheaders, "location");
	VaUrl url;
	const char *why;

	if (va_provider_request_answered(response, arena, reply))
	{
		const char *type = va_header_find(response->headers, response->nheaders, "content-type");

		reply->content_type = type == NULL ? "audio/wav" : va_arena_strdup(arena, type);
		return;
	}
	may_ask_again(reply);
	if ((response->status == 302 || response->status == 307) && location != NULL &&
		va_url_parse(location, strlen(location), &url, &why))
	{
		memset(reply, 0, sizeof(*reply));
		reply->kind = VA_DIAL_ACCEPTED;
		reply->recording_url = va_arena_strdup(arena, location);
	}
	else if (reply->message == NULL)
		reply->message = vapi_error_message(response, arena);
}

bool
vapi_build_fetch_cost(VA_REQUEST_ARGS)
{
	return start_call_request(order, "", arena, request, why);
}

void
vapi_read_fetch_cost(VA_REPLY_ARGS)
{
	const char *why;
	json_t *root;
	VaEvent event;

	if (!va_provider_request_done(response, arena, reply, vapi_error_message))
	{
		may_ask_again(reply);
		return;
	}
	root = va_reply_json(response, arena, &why);
	if (root != NULL && vapi_read_call(root, arena, &event, &why))
	{
		/* A call that is not over has no price yet, whatever it says. */
		if (event.kind == VA_EVENT_REPORT)
		{
			reply->cost = event.cost;
			reply->currency = event.cost_currency;
		}
	}
	else
		va_reply_end(reply, VA_DIAL_REFUSED_RETRY, "unreadable-answer", why);
	json_decref(root);
}

/* ---- an incoming call ---- */

/* As a dial says it.  Without a server that hears of its end the call would be a conversation unknown to us. */
static json_t *
build_conversation(const VaCallOrder *order, VaArena *arena, const char **why)
{
	VaCallOrder withheld;
	VaUrl url;

	*why = "there is no conversation to hold";
	if (order == NULL)
		return NULL;
	*why = "there is no URL at which the call's end could be told";
	if (order->server_url == NULL || !va_url_parse(order->server_url, strlen(order->server_url), &url, why))
		return NULL;
	withheld = vapi_withhold_name(order, arena);
	return vapi_build_conversation(&withheld, arena, why);
}

/*
 * To whom, and what each side hears before they are connected.  Of the vendor's
 * ways to announce a call this one alone comes back when it is not taken.
 */
static json_t *
build_destination(const VaAnswer *answer)
{
	json_t *body = json_pack("{s:{s:s,s:s}}", "destination", "type", "number", "number", answer->forward_to);
	json_t *destination = va_json_object(body, "destination");

	va_json_set_text(destination, "message", answer->text);
	va_json_set_text(destination, "callerId", answer->caller_id);
	if (answer->whisper != NULL && answer->whisper[0] != '\0')
		json_object_set_new(destination, "transferPlan",
			json_pack("{s:s,s:s,s:{s:s*,s:b}}", "mode", "warm-transfer-experimental", "message", answer->whisper,
				"fallbackPlan", "message", answer->untaken, "endCallEnabled", 0));
	return body;
}

bool
vapi_build_answer(const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why)
{
	json_t *body = NULL;

	*why = "Vapi can converse, say a text or forward an incoming call, nothing else";
	switch (answer->kind)
	{
		case VA_ANSWER_CONVERSE:
			body = build_conversation(answer->order, arena, why);
			break;
		case VA_ANSWER_SAY: /* Vapi says an error aloud, and hangs up */
			body = json_pack("{s:s}", "error", answer->text != NULL ? answer->text : "");
			break;
		case VA_ANSWER_FORWARD:
			if (answer->forward_to != NULL)
				body = build_destination(answer);
			break;
		case VA_ANSWER_REJECT:
			body = json_pack(
				"{s:s}", "error", answer->text != NULL ? answer->text : "This number does not take calls. Goodbye.");
			break;
		case VA_ANSWER_PLAY:
		case VA_ANSWER_STREAM:
			break;
	}
	if (body == NULL)
		return false;
	document->content_type = "application/json";
	document->body = va_json_text(arena, body);
	document->len = document->body == NULL ? 0 : strlen(document->body);
	json_decref(body);
	*why = "out of memory, or a text that is not UTF-8";
	return document->body != NULL;
}
