/*-------------------------------------------------------------------------
 * exotel_event.c
 *		Exotel's callbacks and Call objects, read into events.
 *
 * A callback is JSON, as our calls ask for it, or a form of either type, as a flow sends it; all hold the
 * same names.  Its times have no offset: the account's settings say where its clocks are, else they are
 * India's.  From is the number that was dialled first, which is the lead's.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "exotel_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/text/form.h"
#include "pure/providers/common/events.h"

#define TYPE_MAX 64

/* Where the members stand: an object, a form, or the query of a GET. */
typedef struct Source
{
	const json_t *json; /* NULL: the form */
	VaForm form;
	const char *zone;
	VaArena *arena;
	json_t *details; /* of the event; NULL for a part of a source */
} Source;

/* A text or a number as text; NULL for what is absent, empty, or the word that stands for that. */
static const char *
member(const Source *source, const char *name)
{
	const char *text;
	const json_t *value;

	if (source->json == NULL)
		text = va_form_value(&source->form, name);
	else
	{
		value = json_object_get(source->json, name);
		text = json_is_string(value) ? json_string_value(value)
									 : (json_is_number(value) ? va_json_text(source->arena, value) : NULL);
	}
	if (text == NULL || text[0] == '\0' || strcmp(text, "null") == 0)
		return NULL;
	return va_arena_strdup(source->arena, text);
}

/* ---- numbers, times ---- */

/* Their numbers are E.164, or India's with a 0 before ten digits. */
static const char *
number_of(const Source *source, const char *name)
{
	const char *text = member(source, name);
	size_t len = text == NULL ? 0 : strlen(text);

	if (len == 11 && text[0] == '0' && strspn(text, "0123456789") == len)
		return va_arena_printf(source->arena, "+91%s", text + 1);
	return va_with_plus(source->arena, text);
}

bool
exotel_zone_valid(const char *zone)
{
	return zone != NULL && strlen(zone) == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' &&
		   strspn(zone + 1, "0123456789") == 2 && strspn(zone + 4, "0123456789") == 2 &&
		   strncmp(zone + 1, "15", 2) < 0 && zone[4] < '6';
}

static int64_t
zone_ms(const char *zone)
{
	int64_t minutes = ((zone[1] - '0') * 10 + zone[2] - '0') * 60 + (zone[4] - '0') * 10 + zone[5] - '0';

	return (zone[0] == '-' ? -minutes : minutes) * 60000;
}

const char *
exotel_zone(const VaProviderAccount *carrier)
{
	const char *zone = va_carrier_setting(carrier, "timezone_offset");

	return exotel_zone_valid(zone) ? zone : EXOTEL_ZONE;
}

const char *
exotel_currency(const VaProviderAccount *carrier)
{
	const char *currency = va_carrier_setting(carrier, "currency");

	return currency != NULL ? currency : EXOTEL_CURRENCY;
}

bool
exotel_time_parse(const char *text, const char *zone, int64_t *ms)
{
	char copy[40];

	*ms = 0;
	if (text == NULL || strlen(text) != 19 || text[10] != ' ')
		return false;
	memcpy(copy, text, 19);
	copy[10] = 'T';
	memcpy(copy + 19, zone, 7);
	return va_time_parse(copy, ms);
}

const char *
exotel_time_text(VaArena *arena, int64_t ms, const char *zone)
{
	char *text = va_time_text(arena, ms + zone_ms(zone));

	if (text == NULL || strlen(text) < 19)
		return text;
	text[10] = ' ';
	text[19] = '\0';
	return text;
}

/* 0 when absent, never ("0000-00-00 00:00:00") or no time. */
static int64_t
time_of(const Source *source, const char *name)
{
	const char *text = member(source, name);
	int64_t ms = 0;

	if (text != NULL && strncmp(text, "0000", 4) != 0 && strncmp(text, "1970-01-01", 10) != 0 &&
		!exotel_time_parse(text, source->zone, &ms))
		va_leave_out(source->details, name);
	return ms;
}

/* ---- what a status means ---- */

/*
 * By Exotel's description "failed" is most often a number that does not exist:
 * no fault of the carrier's, for which a campaign would stop, and yet not so
 * surely that the number is given up at once.
 */
static const VaWord meanings[] = {
	{ "queued", { "initiated", NULL } },
	{ "initiated", { "initiated", NULL } },
	{ "ringing", { "ringing", NULL } },
	{ "in-progress", { "in_progress", NULL } },
	{ "completed", { "completed", "ok" } },
	{ "busy", { "busy", "busy" } },
	{ "no-answer", { "no_answer", "no_answer" } },
	{ "failed", { "no_answer", "no_answer" } },
	{ "canceled", { "failed", "canceled" } },
	{ "cancelled", { "failed", "canceled" } },
	{ NULL, { NULL, NULL } },
};

/* ---- legs: the first is the lead's ---- */

static const json_t *
first_leg(const Source *source)
{
	const json_t *legs = va_json_array(source->json, "Legs");
	const json_t *leg;

	if (legs == NULL)
		legs = va_json_array(va_json_object(source->json, "Details"), "Legs");
	leg = json_array_get(legs, 0);
	return va_json_object(leg, "Leg") != NULL ? va_json_object(leg, "Leg") : leg;
}

static const char *
leg_member(const Source *source, const char *name)
{
	const Source leg = { .json = first_leg(source), .arena = source->arena };

	if (leg.json != NULL)
		return member(&leg, name);
	/* A form flattens them. */
	return source->json == NULL ? member(source, va_arena_printf(source->arena, "Legs[0][%s]", name)) : NULL;
}

/* How long the lead was on the line; -1: not given. */
static double
talked(const Source *source)
{
	const Source details = { .json = va_json_object(source->json, "Details"), .arena = source->arena };
	const char *const told[] = { leg_member(source, "OnCallDuration"), member(source, "ConversationDuration"),
		details.json != NULL ? member(&details, "ConversationDuration") : NULL, member(source, "Duration") };

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (told[i] != NULL && strlen(told[i]) <= 6 && strspn(told[i], "0123456789") == strlen(told[i]))
			return atoi(told[i]);
	return -1;
}

static void
read_machine(const Source *source, VaEvent *event)
{
	const char *raw = leg_member(source, "AnsweredBy");

	if (raw == NULL)
		raw = member(source, "AnsweredBy");
	if (raw == NULL || strcasecmp(raw, "NA") == 0)
		return;
	event->machine_raw = raw;
	if (strcasecmp(raw, "human") == 0)
		event->machine = "human";
	else if (strcasecmp(raw, "machine") == 0)
		event->machine = "voicemail";
	else
		event->machine = "uncertain";
}

/* ---- events ---- */

static void
read_end(const Source *source, VaEvent *event)
{
	if (event->ended_at == 0)
		event->ended_at = event->occurred_at;
	event->recording_url = va_link_of(source->arena, member(source, "RecordingUrl"), NULL);
	va_event_end(event, talked(source));
}

static void
set_details(const Source *source, VaEvent *event)
{
	static const char *const kept[] = { "Direction", "PhoneNumberSid", "EventType", "Leg1Status", "Leg2Status", "Cause",
		"CauseCode" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
	{
		const char *text = member(source, kept[i]);

		if (text != NULL)
			json_object_set_new(source->details, kept[i], json_string(text));
	}
	event->details = va_json_text(source->arena, source->details);
}

/* Shared by callbacks and Call objects; the id is read already. */
static bool
read_common(const Source *source, VaEvent *event, const char *event_type, const char **why)
{
	const char *status = member(source, "Status");
	const VaWord *word = va_word_of(meanings, status);
	bool terminal = event_type != NULL && strcasecmp(event_type, "terminal") == 0;
	const char *reference = member(source, "CustomField");

	if (reference != NULL && strlen(reference) <= VA_ATTEMPT_REF_MAX)
		event->attempt_ref = reference;
	event->to_number = number_of(source, "From");
	event->from_number = number_of(source, "PhoneNumberSid");
	event->account_ref = member(source, "AccountSid");
	event->occurred_at = time_of(source, "DateUpdated");
	event->created_at = time_of(source, "DateCreated");
	event->ended_at = time_of(source, "EndTime");
	/* An answer's own time is the time at which it was recorded. */
	if (event->occurred_at == 0)
		event->occurred_at = event->ended_at != 0 ? event->ended_at : event->created_at;
	read_machine(source, event);
	set_details(source, event);
	if (event_type != NULL && strcasecmp(event_type, "ringing") == 0)
		event->status = "ringing";
	else if (event_type != NULL && strcasecmp(event_type, "answered") == 0)
	{
		event->status = "in_progress";
		event->answered_at = event->occurred_at;
	}
	else if (status == NULL)
		return va_refuse(why, "Status is missing");
	else if (word != NULL)
	{
		event->status = word->meaning.status;
		event->cause_class = word->meaning.cause_class;
		if (event->cause_class != NULL)
			event->cause = status;
	}
	else if (terminal)
	{
		event->status = "failed";
		event->cause_class = "unknown";
		event->cause = va_utf8_cut(source->arena, status, 100);
	}
	if (event->cause_class != NULL)
		read_end(source, event);
	else
		event->ended_at = 0;
	return true;
}

/* Enough of a status to tell it from others. */
static const char *
status_key(const Source *source)
{
	const char *status = member(source, "Status");

	return status == NULL ? "" : va_utf8_cut(source->arena, status, 20);
}

bool
exotel_read_call(const json_t *call, const VaProviderAccount *carrier, VaArena *arena, VaEvent *event, const char **why)
{
	Source source = { json_is_object(call) ? call : NULL, .zone = exotel_zone(carrier), .arena = arena };
	const char *price;
	double cost;
	char *end;
	bool good;

	memset(event, 0, sizeof(*event));
	event->kind = VA_EVENT_STATUS;
	*why = "the call's id is missing or not valid";
	if (source.json == NULL || !va_id_valid(va_json_string(call, "Sid")))
		return false;
	event->provider_call_id = member(&source, "Sid");
	source.details = va_json_new_object();
	good = read_common(&source, event, NULL, why);
	json_decref(source.details);
	if (!good)
		return false;
	event->event_key = va_arena_printf(arena, "lookup:%s:%s", event->provider_call_id, status_key(&source));
	price = member(&source, "Price");
	cost = price == NULL ? 0 : strtod(price, &end);
	if (price != NULL && event->cause_class != NULL && *end == '\0' && cost >= 0 && cost <= 1000000)
	{
		event->cost = va_decimal_text(arena, cost);
		event->cost_currency = va_arena_strdup(arena, exotel_currency(carrier));
	}
	if (!arena->oom)
		return true;
	return va_refuse(why, "out of memory");
}

/* A flow asks us on its way (a Passthru): it can hear yes or no, and gets yes. */
static void
read_passthru(const Source *source, VaEvent *event)
{
	const char *direction = member(source, "Direction");
	bool incoming = direction != NULL && (strcmp(direction, "incoming") == 0 || strcmp(direction, "inbound") == 0);
	const char *reference = member(source, "CustomField");

	event->kind = incoming ? VA_EVENT_INCOMING : VA_EVENT_OTHER;
	event->from_number = number_of(source, "CallFrom");
	event->to_number = number_of(source, "CallTo");
	if (reference != NULL && strlen(reference) <= VA_ATTEMPT_REF_MAX)
		event->attempt_ref = reference;
	event->event_key = va_arena_printf(source->arena, "%s:passthru", event->provider_call_id);
	set_details(source, event);
}

/* ---- texts ---- */

/*
 * The outcome of one of ours.  The page of statuses and that of the codes
 * disagree on numbers, so only words count: those of DetailedStatus first, for
 * "sent" stands beside DELIVERED_TO_HANDSET.
 */
static const char *
text_status(const Source *source, VaEvent *event)
{
	static const char *const ended[] = { "failed", "failed_dnd", "failed-dnd", "expired", "undelivered", NULL };
	const char *status = member(source, "Status");
	const char *detail = member(source, "DetailedStatus");

	if (detail != NULL && strcasecmp(detail, "DELIVERED_TO_HANDSET") == 0)
		return "delivered";
	if (detail != NULL &&
		(strcasecmp(detail, "DELIVERED_TO_OPERATOR") == 0 || strcasecmp(detail, "SUBMITTED_TO_CARRIER") == 0))
		return "sent";
	for (int i = 0; ended[i] != NULL; i++)
		if (status != NULL && strcasecmp(status, ended[i]) == 0)
		{
			bool blocked = (detail != NULL &&
							   (strcasestr(detail, "DND") != NULL || strcasestr(detail, "BLACKLIST") != NULL)) ||
						   strcasestr(status, "dnd") != NULL;

			event->cause = blocked ? "blocked" : va_utf8_cut(source->arena, detail != NULL ? detail : status, 40);
			return "failed";
		}
	if (status != NULL && strcasecmp(status, "delivered") == 0)
		return "delivered";
	return status != NULL && strcasecmp(status, "sent") == 0 ? "sent" : NULL;
}

/* "0804000123/NAME" */
static const char *
text_number(const Source *source, const char *name)
{
	const char *text = member(source, name);
	size_t len = text == NULL ? 0 : strcspn(text, "/");

	if (text == NULL)
		return NULL;
	text = va_arena_printf(source->arena, "%.*s", (int) len, text);
	if (text != NULL && len == 11 && text[0] == '0' && strspn(text, "0123456789") == len)
		return va_arena_printf(source->arena, "+91%s", text + 1);
	return va_with_plus(source->arena, va_utf8_cut(source->arena, text, 60));
}

static bool
read_message(const Source *source, const char *id, bool written, VaEvent *event, const char **why)
{
	event->kind = VA_EVENT_TEXT;
	event->provider_call_id = member(source, id);
	if (!va_id_valid(event->provider_call_id))
		return va_refuse(why, "the text's id is missing or not valid");
	event->from_number = text_number(source, "From");
	event->to_number = text_number(source, "To");
	if (written)
	{
		event->status = "received";
		event->transcript = va_utf8_cut(source->arena, member(source, "Body"), VA_TEXT_MAX);
	}
	else
		event->status = text_status(source, event);
	event->event_key = va_arena_printf(source->arena, "%s:text:%s:%s", event->provider_call_id, status_key(source),
		event->status != NULL ? event->status : "");
	return true;
}

bool
exotel_read_message(
	const json_t *message, const VaProviderAccount *carrier, VaArena *arena, VaEvent *event, const char **why)
{
	Source source = { json_is_object(message) ? message : NULL, .zone = exotel_zone(carrier), .arena = arena };
	const char *direction;

	memset(event, 0, sizeof(*event));
	*why = "the answer holds no text";
	if (source.json == NULL)
		return false;
	/* "outbound-api"; a text of theirs only where it is said so. */
	direction = member(&source, "Direction");
	return read_message(&source, "Sid",
		direction != NULL && (strcasecmp(direction, "inbound") == 0 || strcasecmp(direction, "incoming") == 0), event,
		why);
}

static bool
is_json(const VaSignedMessage *message)
{
	const char *bytes = message->body;

	for (size_t i = 0; i < message->body_len; i++)
		if (strchr(" \t\r\n", bytes[i]) == NULL || bytes[i] == '\0')
			return bytes[i] == '{';
	return false;
}

static bool
read_source(const Source *source, const VaForm *query, bool passthru, VaEvent *event, const char **why)
{
	const char *type = member(source, "EventType");
	const char *attempt = va_form_value(query, "attempt");

	if (va_form_value(query, "as") != NULL && strcmp(va_form_value(query, "as"), "text") == 0)
	{
		if (attempt != NULL && strlen(attempt) <= VA_ATTEMPT_REF_MAX)
			event->attempt_ref = va_arena_strdup(source->arena, attempt);
		return read_message(
			source, "SmsSid", member(source, "Body") != NULL && member(source, "Status") == NULL, event, why);
	}
	event->kind = VA_EVENT_STATUS;
	event->provider_call_id = member(source, "CallSid");
	if (!va_id_valid(event->provider_call_id))
		return va_refuse(why, "CallSid is missing or not valid");
	if (type != NULL && strlen(type) > TYPE_MAX)
	{
		va_leave_out(source->details, "EventType");
		type = NULL;
	}
	if (passthru)
		read_passthru(source, event);
	else if (!read_common(source, event, type, why))
		return false;
	if (attempt != NULL && strlen(attempt) <= VA_ATTEMPT_REF_MAX)
		event->attempt_ref = va_arena_strdup(source->arena, attempt);
	if (!passthru)
		event->event_key = va_arena_printf(
			source->arena, "%s:%s:%s", event->provider_call_id, type != NULL ? type : "", status_key(source));
	return true;
}

bool
exotel_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why)
{
	Source source = { .arena = arena, .zone = exotel_zone(message->carrier) };
	VaForm query = { 0 };
	bool passthru = message->method != NULL && strcmp(message->method, "GET") == 0;
	json_t *root = NULL;
	bool good;

	memset(events, 0, sizeof(*events));
	*why = NULL;
	if (message->query != NULL && !va_form_read(message->query, strlen(message->query), false, arena, &query, why))
		return false;
	if (passthru)
	{
		source.form = query;
		good = true;
	}
	else if (is_json(message))
	{
		root = va_json_load(arena, message->body, message->body_len, why);
		source.json = root;
		good = root != NULL;
	}
	else if (message->body_len > 2 && memcmp(message->body, "--", 2) == 0)
		good = va_form_read_parts(message->body, message->body_len, arena, &source.form, why);
	else
		good = va_form_read(message->body, message->body_len, false, arena, &source.form, why);
	events->items = va_arena_alloc(arena, sizeof(VaEvent));
	source.details = va_json_new_object();
	good = good && events->items != NULL && read_source(&source, &query, passthru, &events->items[0], why);
	events->count = 1;
	json_decref(source.details);
	json_decref(root);
	return va_events_end(events, arena, good, why);
}
