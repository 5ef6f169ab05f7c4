/*-------------------------------------------------------------------------
 * lookup_answers.c
 *		Carriers' answers about calls (contract in
 *		lookups_internal.h).
 *
 * The state of a call takes the path of a webhook, through the inbox. An answer
 * that there is no such call, or nothing new, is recorded at once.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/arena.h"
#include "runtime/clock_steps.h"
#include "lookups_internal.h"
#include "core/statement.h"
#include "provider/webhook.h"
#include "pure/providers/common/replies.h"

/* Pages that are read at most: a call cannot be called missing from a longer list. */
#define OFFSET_MAX 5000
/* A list is of five minutes before the dial and fifteen after it: by clocks that differ more, it may be of another time. */
#define CLOCKS_DIFFER_S 240

static VaStatement incoming_statement = { "SELECT voiceagent_private.record_incoming_lookup($1, $2)", 2,
	{ INT8OID, BOOLOID }, NULL };
static VaStatement nothing_statement = { "SELECT voiceagent_private.lookup_found_nothing($1, $2)", 2,
	{ INT8OID, BOOLOID }, NULL };
static VaStatement whole_list_statement = {
	"SELECT voiceagent_private.lookup_found_nothing($1, false, voiceagent_private.list_lacks($2, $3, $4), $4)", 4,
	{ INT8OID, INT8OID, TIMESTAMPTZOID, TIMESTAMPTZOID }, NULL
};
static VaStatement no_end_statement = { "SELECT voiceagent_private.record_lookup($1, $2)", 2, { INT8OID, TEXTOID },
	NULL };
static VaStatement store_statement = {
	"SELECT a.is_new::integer, a.was_set_aside::integer FROM voiceagent_private.store_lookup($1, $2, $3, $4) a", 4,
	{ INT8OID, TEXTOID, BYTEAOID, TEXTOID }, NULL
};
static VaStatement found_statement = { "SELECT voiceagent_private.lookup_found_all($1, $2, $3)", 3,
	{ INT8OID, TEXTARRAYOID, TEXTARRAYOID }, NULL };
static VaStatement candidates_statement = {
	"SELECT voiceagent_private.lookup_candidates($1, make_interval(secs => $2), $3, $4, $5,"
	" ARRAY(SELECT to_timestamp(nullif(c.ms, 0) / 1000.0) FROM unnest($6) WITH ORDINALITY AS c(ms, ord) ORDER BY "
	"c.ord)) AS verdict",
	6, { INT8OID, INT4OID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID, INT8ARRAYOID }, NULL
};

static void
read_answer(const PendingLookup *pending, VaArena *arena, VaLookup *lookup)
{
	VaHttpResponse response;

	va_account_response(pending->result, &response);
	if (pending->is_list)
		pending->driver->read_list_response(&response, arena, lookup);
	else
		pending->driver->read_lookup_response(&response, arena, lookup);
}

/*
 * A list finds every lost call of the account that it names, whichever call it
 * was requested for: after a crash there may be hundreds. Only ids are taken
 * from here; the calls themselves are asked for next. False: the call that was
 * asked for is not among them.
 */
static bool
note_list(const PendingLookup *pending, const VaLookup *lookup)
{
	const char **references = palloc(sizeof(char *) * Max(lookup->events.count, 1));
	const char **ids = palloc(sizeof(char *) * Max(lookup->events.count, 1));
	Datum values[3];
	bool found = false;
	int n = 0;

	for (int i = 0; i < lookup->events.count; i++)
	{
		const VaEvent *event = &lookup->events.items[i];

		if (event->attempt_ref == NULL || event->provider_call_id == NULL)
			continue;
		references[n] = event->attempt_ref;
		ids[n++] = event->provider_call_id;
		found = found || strcmp(event->attempt_ref, pending->reference) == 0;
	}
	if (n > 0)
	{
		values[0] = Int64GetDatum(pending->provider_account_id);
		values[1] = va_array_of_text(references, n);
		values[2] = va_array_of_text(ids, n);
		va_execute(&found_statement, values, NULL);
	}
	return found;
}

typedef enum Sought
{
	SOUGHT_NONE,
	SOUGHT_FOUND,
	SOUGHT_AMBIGUOUS
} Sought;

/* Calls that echo no reference: is exactly one of them the one that was asked for? */
static Sought
note_candidates(const PendingLookup *pending, const VaLookup *lookup)
{
	int size = Max(lookup->events.count, 1);
	const char **ids = palloc(sizeof(char *) * size);
	const char **to = palloc(sizeof(char *) * size);
	const char **from = palloc(sizeof(char *) * size);
	int64 *created = palloc(sizeof(int64) * size);
	Datum values[6];
	const char *verdict;
	int n = 0;

	for (int i = 0; i < lookup->events.count; i++)
	{
		const VaEvent *event = &lookup->events.items[i];

		if (event->attempt_ref != NULL || event->provider_call_id == NULL)
			continue;
		ids[n] = event->provider_call_id;
		to[n] = event->to_number;
		from[n] = event->from_number;
		created[n++] = event->created_at;
	}
	/* If all of our calls echo their references, a call without one is not ours. */
	if (n == 0 || pending->driver->lists_all_calls)
		return SOUGHT_NONE;
	values[0] = Int64GetDatum(pending->call_id);
	values[1] = Int32GetDatum((int32) Min(va_clock_slack_ms() / 1000, 1000000));
	values[2] = va_array_of_text(ids, n);
	values[3] = va_array_of_text(to, n);
	values[4] = va_array_of_text(from, n);
	values[5] = va_array_of_int8(created, n);
	va_execute(&candidates_statement, values, NULL);
	verdict = va_column_text(0, "verdict");
	return strcmp(verdict, "found") == 0	   ? SOUGHT_FOUND
		   : strcmp(verdict, "ambiguous") == 0 ? SOUGHT_AMBIGUOUS
											   : SOUGHT_NONE;
}

/*
 * The call is not on this page, and the list may go on: ask for the next page,
 * or for the same one larger. False: that was the whole list. A part of a list
 * must not count as "no such call", or the call would be placed again.
 */
static bool
turn_page(PendingLookup *pending, const VaLookup *lookup)
{
	int64 oldest = lookup->oldest_created_at;

	if (lookup->received < pending->limit)
		return false;
	if (pending->driver->list_pages_by_offset)
	{
		pending->offset += pending->limit;
		pending->again = pending->offset < OFFSET_MAX;
		return true;
	}
	if (oldest != 0 && oldest < pending->created_to)
		pending->created_to = oldest;
	else if (pending->limit < va_lookup_page_max(pending) && !pending->was_cut)
		pending->limit = Min(pending->limit * 2, va_lookup_page_max(pending));
	else
		return true; /* more calls of one instant than can be read: nothing can be said */
	pending->again = pending->created_to >= pending->created_from;
	return pending->again;
}

static bool
answer_was_cut_off(const PendingLookup *pending)
{
	return pending->result->outcome != VA_HTTP_OK && pending->result->body_len > 0;
}

static void
note_nothing(const PendingLookup *pending, bool ambiguous)
{
	Datum values[2] = { Int64GetDatum(pending->call_id), BoolGetDatum(ambiguous) };

	va_execute(&nothing_statement, values, NULL);
}

/* Why the carrier could not be asked, or NULL: it says again that the call goes on. */
static void
note_no_end(const PendingLookup *pending, const char *failure)
{
	Datum values[2] = { Int64GetDatum(pending->call_id), failure != NULL ? CStringGetTextDatum(failure) : (Datum) 0 };

	va_execute(&no_end_statement, values, failure != NULL ? NULL : " n");
}

/*
 * The call is not in the list, and the list has ended. Where the list names all
 * calls of its time, it answers for every call that we have lost: reading a
 * long list anew for each of a hundred calls would take half an hour.
 */
static void
note_list_ended(const PendingLookup *pending)
{
	int64 lead_s = pending->result->clock_lead_s;
	Datum values[4];

	/*
	 * The clock was set meanwhile, so it is not known what was due when the
	 * list was begun. The lease asks again.
	 */
	if (pending->slack_ms != va_clock_slack_ms())
		return;
	if (lead_s > CLOCKS_DIFFER_S || lead_s < -CLOCKS_DIFFER_S)
	{
		note_no_end(
			pending, psprintf("its clock is " INT64_FORMAT " minutes from ours: its list proves nothing", lead_s / 60));
		return;
	}
	if (!pending->driver->lists_all_calls)
	{
		note_nothing(pending, false);
		return;
	}
	values[0] = Int64GetDatum(pending->call_id);
	values[1] = Int64GetDatum(pending->provider_account_id);
	values[2] = TimestampTzGetDatum(pending->dialled_at);
	values[3] = TimestampTzGetDatum(pending->begun_at);
	va_execute(&whole_list_statement, values, NULL);
}

static const char *
describe_failure(const PendingLookup *pending, VaArena *arena)
{
	VaHttpResponse response;
	const char *cause;

	va_account_response(pending->result, &response);
	cause = va_reply_cause(arena, &response);
	return response.status == 0 && pending->result->error[0] != '\0' ? psprintf("%s: %s", cause, pending->result->error)
																	 : cause;
}

static void
store_answer(const PendingLookup *pending, const VaEvents *events)
{
	const char *ended_call = va_webhook_ended_call(events);
	Datum values[4];
	bool is_new;
	bool was_set_aside;

	values[0] = Int64GetDatum(pending->endpoint_id);
	values[1] = CStringGetTextDatum(events->items[0].event_key);
	values[2] = va_bytea(pending->result->body, pending->result->body_len);
	values[3] = ended_call != NULL ? CStringGetTextDatum(ended_call) : (Datum) 0;
	va_execute(&store_statement, values, ended_call != NULL ? NULL : "   n");
	is_new = va_column_int(0, "is_new", 0) != 0;
	was_set_aside = va_column_int(0, "was_set_aside", 0) != 0;
	/* Heard again: the call goes on, or its end could not be applied (an end that still waits will be). */
	if (!pending->incoming && (was_set_aside || (!is_new && events->items[0].cause_class == NULL)))
		note_no_end(pending, NULL);
}

/* The next page begins before the oldest of this one: a full page must have come newest first. */
static bool
page_is_upside_down(const PendingLookup *pending, const VaLookup *lookup)
{
	const VaEvents *calls = &lookup->events;

	return !pending->driver->list_pages_by_offset && lookup->received >= pending->limit && calls->count > 1 &&
		   calls->items[0].created_at < calls->items[calls->count - 1].created_at;
}

static void
note_listed(PendingLookup *pending, const VaLookup *lookup)
{
	Sought sought;

	pending->unreadable = pending->unreadable || lookup->unreadable > 0 || page_is_upside_down(pending, lookup);
	if (note_list(pending, lookup))
		return;
	sought = note_candidates(pending, lookup);
	if (sought == SOUGHT_AMBIGUOUS)
		note_nothing(pending, true);
	if (sought == SOUGHT_AMBIGUOUS || sought == SOUGHT_FOUND)
		return;
	if (!turn_page(pending, lookup) && (!pending->unreadable || !pending->driver->absence_proves))
		note_list_ended(pending);
	else if (!pending->again)
		note_no_end(pending, "the list of calls is longer than can be read, or not all of it can");
}

/* Without an answer nothing is recorded: the call is asked about again. */
static void
record_incoming(const PendingLookup *pending, const VaLookup *lookup)
{
	bool known = lookup->kind == VA_LOOKUP_FOUND;
	Datum values[2] = { Int64GetDatum(pending->call_id), BoolGetDatum(known) };

	if (known && lookup->events.count > 0 && lookup->events.items[0].cause_class != NULL)
		store_answer(pending, &lookup->events);
	else if (known || lookup->kind == VA_LOOKUP_NOT_FOUND)
		va_execute(&incoming_statement, values, NULL);
}

void
va_note_answer(void *arg)
{
	PendingLookup *pending = arg;
	VaArena *arena = va_arena_here();
	VaLookup lookup = { 0 };

	pending->again = false;
	if (pending->result == NULL)
	{
		va_set_tenant(pending->tenant_id);
		if (!pending->incoming)
			note_no_end(pending, "the account cannot be asked");
		return;
	}
	if (pending->is_list && answer_was_cut_off(pending) && pending->limit > PAGE_MIN)
	{
		pending->limit = Max(pending->limit / 2, PAGE_MIN);
		pending->was_cut = true;
		pending->again = true;
		return;
	}
	read_answer(pending, arena, &lookup);
	va_set_tenant(pending->tenant_id);
	if (pending->incoming)
		record_incoming(pending, &lookup);
	/* A missing list proves nothing. */
	else if (lookup.kind == VA_LOOKUP_NOT_FOUND && !(pending->is_list && pending->driver->absence_proves))
		note_nothing(pending, false);
	else if (lookup.kind == VA_LOOKUP_FOUND && pending->is_list)
		note_listed(pending, &lookup);
	else if (lookup.kind == VA_LOOKUP_FOUND && lookup.events.count > 0)
		store_answer(pending, &lookup.events);
	else
		note_no_end(pending, describe_failure(pending, arena));
}
