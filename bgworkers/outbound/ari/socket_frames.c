/*-------------------------------------------------------------------------
 * socket_frames.c
 *		Frames of a carrier's socket, on its way to the inbox (contract in
 *		sockets.h).
 *
 * Frames are stored as webhooks are, many in a commit, and dropped once that is
 * done. A frame that cannot be read or stored, or is for another application,
 * is counted and dropped.
 */
#include "postgres.h"

#include "utils/timestamp.h"

#include "core/arena.h"
#include "core/counters.h"
#include "tenancy/log_redaction.h"
#include "runtime/tenant_backoff.h"
#include "sockets.h"
#include "core/statement.h"
#include "provider/webhook.h"

/* Frames of one commit. */
#define BATCH_MAX 500
#define HELD_WAIT_MS 1000
/* Frames that cannot be read are logged at most this often, for each account. */
#define TELL_GARBAGE_US (60 * USECS_PER_SEC)

static VaTenantBackoff tenant_backoff;

static VaStatement store_statement = {
	"SELECT voiceagent_private.store_webhooks($1, $2, $3::jsonb[], $4, 'socket', $5)", 5,
	{ INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BYTEAARRAYOID, TEXTARRAYOID }, NULL
};
static VaStatement waiting_statement = {
	"SELECT voiceagent_private.incoming_still_there($1, $2, $3), voiceagent_private.request_call_ends($1, $2)", 3,
	{ INT8OID, TEXTARRAYOID, TIMESTAMPTZOID }, NULL
};
static VaStatement poke_statement = { "SELECT voiceagent_private.poke('applier')", 0, { 0 }, NULL };

typedef struct Batch
{
	Line *line;
	VaArena *arena;
	int most;				  /* frames */
	const VaWaiting *waiting; /* frames of an answer instead of the socket's */
	TimestampTz asked_at;	  /* of it */
	int frames;				  /* looked at: to be dropped once that is committed */
	uint64 counted[VA_COUNT_FRAME_FOREIGN - VA_COUNT_FRAME_STORED + 1];
	const char *silenced; /* it is over with this socket: why */
	const char *garbage;  /* what is wrong with the last that could not be read */
	int64 *endpoints;
	const char **keys;
	const char **headers;
	Datum *bodies;
	const char **ended_calls;
	int n;
} Batch;

static void
count_frame(Batch *batch, VaCounter counter)
{
	batch->counted[counter - VA_COUNT_FRAME_STORED]++;
}

/* Reads the events of a frame and returns its event's key; NULL: it says nothing, cannot be read, or is not for us. */
static const char *
frame_key(Batch *batch, const char *data, size_t len, VaEvents *events)
{
	Line *line = batch->line;
	VaSignedMessage message = { .body = data, .body_len = len };
	const char *why = NULL;

	if (!line->driver->read_webhook(&message, batch->arena, events, &why))
	{
		count_frame(batch, VA_COUNT_FRAME_UNREADABLE);
		batch->garbage = pstrdup(why != NULL ? why : "malformed");
		return NULL;
	}
	if (events->silenced != NULL)
		batch->silenced = events->silenced;
	if (events->count == 0)
		count_frame(batch, VA_COUNT_FRAME_SILENT);
	else if (line->source[0] != '\0' && events->items[0].account_ref != NULL &&
			 strcmp(events->items[0].account_ref, line->source) != 0)
		count_frame(batch, VA_COUNT_FRAME_FOREIGN);
	else
	{
		count_frame(batch, VA_COUNT_FRAME_STORED);
		return events->items[0].event_key;
	}
	return NULL;
}

static void
add_frame(Batch *batch, const char *data, size_t len)
{
	VaEvents events = { 0 };
	const char *key = frame_key(batch, data, len, &events);

	if (key == NULL)
		return;
	batch->endpoints[batch->n] = batch->line->endpoint_id;
	batch->keys[batch->n] = key;
	batch->headers[batch->n] = "{}";
	batch->ended_calls[batch->n] = va_webhook_ended_call(&events);
	batch->bodies[batch->n++] = va_bytea(data, len);
}

static void
read_frames(Batch *batch)
{
	int n = batch->waiting != NULL ? batch->waiting->nframes : batch->most;

	batch->n = batch->frames = 0;
	memset(batch->counted, 0, sizeof(batch->counted));
	batch->endpoints = palloc(sizeof(int64) * Max(n, 1));
	batch->keys = palloc(sizeof(char *) * Max(n, 1));
	batch->headers = palloc(sizeof(char *) * Max(n, 1));
	batch->bodies = palloc(sizeof(Datum) * Max(n, 1));
	batch->ended_calls = palloc(sizeof(char *) * Max(n, 1));
	for (int i = 0; batch->waiting != NULL && i < n; i++)
		add_frame(batch, batch->waiting->frames[i], strlen(batch->waiting->frames[i]));
	if (batch->waiting != NULL)
		return;
	for (const VaFrame *frame = va_socket_first(batch->line->socket); frame != NULL && batch->frames < n;
		 frame = frame->next)
	{
		batch->frames++;
		add_frame(batch, frame->data, frame->len);
	}
}

static void
store_batch(void *arg)
{
	Batch *batch = arg;
	Line *line = batch->line;
	Datum values[5];

	read_frames(batch);
	if (batch->n == 0 && batch->waiting == NULL)
		return;
	va_set_tenant(line->tenant_id);
	if (batch->n > 0)
	{
		values[0] = va_array_of_int8(batch->endpoints, batch->n);
		values[1] = va_array_of_text(batch->keys, batch->n);
		values[2] = va_array_of_text(batch->headers, batch->n);
		values[3] = va_array_of_bytea(batch->bodies, batch->n);
		values[4] = va_array_of_text(batch->ended_calls, batch->n);
		va_execute(&store_statement, values, NULL);
		va_execute(&poke_statement, NULL, NULL);
	}
	if (batch->waiting != NULL)
	{
		values[0] = Int64GetDatum(line->provider_account_id);
		values[1] = va_array_of_text(batch->waiting->ids, batch->waiting->nids);
		values[2] = TimestampTzGetDatum(batch->asked_at);
		va_execute(&waiting_statement, values, NULL);
	}
}

/* A broken carrier must not fill the log. */
static void
tell_garbage(Line *line, uint64 n, const char *what)
{
	TimestampTz now = GetCurrentTimestamp();

	line->untold += n;
	if (n == 0 || (line->told_at != 0 && now < line->told_at + TELL_GARBAGE_US))
		return;
	ereport(LOG,
		(errmsg("provider account " INT64_FORMAT " sends messages that cannot be read or stored: %s",
			 line->provider_account_id, what),
			errdetail("Such messages since the last report: " UINT64_FORMAT ". It is reported once a minute at most.",
				line->untold)));
	line->untold = 0;
	line->told_at = now;
}

static void
note_counted(Line *line, const Batch *batch, const char *garbage)
{
	uint64 unreadable = batch->counted[VA_COUNT_FRAME_UNREADABLE - VA_COUNT_FRAME_STORED];

	for (int i = 0; i < (int) lengthof(batch->counted); i++)
		if (batch->counted[i] > 0)
			va_count((VaCounter) (VA_COUNT_FRAME_STORED + i), batch->counted[i]);
	tell_garbage(line, unreadable, garbage);
	if (unreadable < (uint64) batch->frames)
		line->read_one = true;
	line->unreadable += (int) unreadable;
	if (batch->silenced != NULL)
		line->silenced = batch->silenced;
}

/* A tenant whose rows are locked keeps only its own frames waiting. failed: why it cannot be stored. */
static Storing
store(Batch *batch, const char **failed)
{
	Line *line = batch->line;
	char sqlstate[6];
	char garbage[160];
	char *message;
	bool good;

	if (va_backoff_active(&tenant_backoff, line->tenant_id))
		return STORE_LATER;
	va_begin("store events of a carrier");
	good = va_try(store_batch, batch, sqlstate, &message);
	strlcpy(garbage, batch->garbage != NULL ? batch->garbage : "", sizeof(garbage));
	va_commit();
	if (good)
	{
		va_backoff_reset(&tenant_backoff, line->tenant_id);
		note_counted(line, batch, garbage);
		return STORED;
	}
	if (va_may_pass(sqlstate))
	{
		(void) va_backoff_start(&tenant_backoff, line->tenant_id, HELD_WAIT_MS);
		return STORE_LATER;
	}
	*failed = psprintf("%s: %s", sqlstate, va_mask_caught(message, sqlstate));
	return STORE_FAILED;
}

/*
 * One of them cannot be stored: the others are, each in a commit of its own.
 * That one is dropped, because it would keep the others waiting for ever; the
 * carrier is asked about its call when the call's lease ends.
 */
static void
store_one_by_one(Line *line, int n)
{
	for (int i = 0; i < n; i++)
	{
		Batch batch = { .line = line, .arena = va_arena_here(), .most = 1 };
		const char *failed = NULL;
		Storing storing = store(&batch, &failed);

		if (storing == STORE_FAILED)
		{
			va_count(VA_COUNT_FRAME_UNREADABLE, 1);
			tell_garbage(line, 1, failed);
		}
		if (storing != STORE_LATER)
			va_socket_drop_first(line->socket);
		va_arena_free(batch.arena);
		if (storing == STORE_LATER)
			return;
	}
}

void
va_line_store_frames(Line *line)
{
	Batch batch = { .line = line, .arena = va_arena_here(), .most = BATCH_MAX };
	const char *failed = NULL;
	Storing storing = store(&batch, &failed);

	if (storing == STORE_FAILED)
		store_one_by_one(line, batch.frames);
	for (; storing == STORED && batch.frames > 0; batch.frames--)
		va_socket_drop_first(line->socket);
	va_arena_free(batch.arena);
}

Storing
va_line_store_waiting(Line *line, const VaWaiting *waiting, TimestampTz asked_at, VaArena *arena)
{
	Batch batch = { .line = line, .arena = arena, .waiting = waiting, .asked_at = asked_at };
	const char *failed = NULL;
	Storing storing = store(&batch, &failed);

	if (storing == STORE_FAILED)
		ereport(LOG, (errmsg("could not store what goes on at provider account " INT64_FORMAT ": %s",
						 line->provider_account_id, failed)));
	return storing;
}

bool
va_line_is_put_off(const Line *line)
{
	return va_backoff_active(&tenant_backoff, line->tenant_id);
}

TimestampTz
va_line_comes_up_at(const Line *line)
{
	return va_backoff_until(&tenant_backoff, line->tenant_id);
}
