/*-------------------------------------------------------------------------
 * store.c
 *		Genuine webhooks into the database: what tells of a call's course at
 *		once, a few with their whole effect, the rest for the applier.
 *
 * Everything is one commit of the gateway's, in which each tenant has a
 * subtransaction.  A crash before it leaves nothing, and the carriers, which
 * have no answer, send again.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/shmem.h"
#include "core/statement.h"
#include "provider/event_rows.h"
#include "runtime/tenant_backoff.h"
#include "runtime/worker.h"
#include "inbound.h"
#include "tenancy/log_redaction.h"

/* Webhooks, and tenants, that have their effect before they are answered: milliseconds that others wait for. */
#define TAKE_MAX 8
#define TAKE_TENANTS 2
/* First wait for a tenant for whose locks we waited in vain. */
#define HELD_WAIT_MS 1000

static VaStatement store_statement = { "SELECT voiceagent_private.store_webhooks($1, $2, $3::jsonb[], $4, 'http', $5)",
	5, { INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BYTEAARRAYOID, TEXTARRAYOID }, NULL };
/* Tenants for whose locks we waited in vain: their webhooks go to the applier, or are sent again. */
static VaTenantBackoff takes_put_off;
static VaTenantBackoff stores_put_off;

static VaStatement progress_statement = {
	"SELECT p AS place FROM unnest(voiceagent_private.take_progress($1, $2, $3::jsonb[], $4, $5)) AS p", 5,
	{ INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BYTEAARRAYOID, InvalidOid }, NULL
};
static VaStatement take_statement = { "SELECT voiceagent_private.take_webhooks($1, $2, $3::jsonb[], $4, $5)", 5,
	{ INT8ARRAYOID, TEXTARRAYOID, TEXTARRAYOID, BYTEAARRAYOID, InvalidOid }, NULL };

static bool
is_among(const char *status, const char *const *statuses, int n)
{
	for (int i = 0; status != NULL && i < n; i++)
		if (strcmp(status, statuses[i]) == 0)
			return true;
	return false;
}

static bool
raises(const VaEvent *event)
{
	static const char *const states[] = { "ringing", "in_progress" };

	return is_among(event->status, states, lengthof(states));
}

static bool
ends(const VaEvent *event)
{
	static const char *const ends[] = { "completed", "failed", "busy", "no_answer" };

	return is_among(event->status, ends, lengthof(ends));
}

/* It tells of the course of a call, as most do, and nothing else. */
static bool
tells_course(const InboundWebhook *webhook)
{
	const VaEvent *event = webhook->events.items;

	return webhook->events.count == 1 && event->kind == VA_EVENT_STATUS && (raises(event) || ends(event)) &&
		   event->attempt_ref != NULL && event->provider_call_id != NULL && event->machine == NULL &&
		   event->recording_url == NULL && event->cost == NULL && !event->wants_answer;
}

static bool
is_report_of(const InboundWebhook *webhook, const char *provider_call_id)
{
	for (int i = 0; i < webhook->events.count; i++)
		if (webhook->events.items[i].kind == VA_EVENT_REPORT && webhook->events.items[i].provider_call_id != NULL &&
			strcmp(webhook->events.items[i].provider_call_id, provider_call_id) == 0)
			return true;
	return false;
}

/* An end whose report has come with it is nothing to note before that. */
static void
find_progress(InboundWebhook **webhooks, int n)
{
	for (int i = 0; i < n; i++)
	{
		const VaEvent *event = webhooks[i]->events.items;

		webhooks[i]->progress = tells_course(webhooks[i]);
		for (int j = 0; webhooks[i]->progress && ends(event) && j < n; j++)
			webhooks[i]->progress = !is_report_of(webhooks[j], event->provider_call_id);
	}
}

static int
compare_inbound(const void *a, const void *b)
{
	const InboundWebhook *one = *(InboundWebhook *const *) a;
	const InboundWebhook *two = *(InboundWebhook *const *) b;

	if (one->endpoint->tenant_id != two->endpoint->tenant_id)
		return one->endpoint->tenant_id < two->endpoint->tenant_id ? -1 : 1;
	if (one->progress != two->progress)
		return one->progress ? -1 : 1;
	/* Keys in one order for all, so that two storers of the same events cannot deadlock. */
	return strcmp(one->event_key, two->event_key);
}

typedef struct Unit
{
	InboundWebhook **webhooks;
	int n;
} Unit;

/* The first four arguments of either statement. */
static void
unit_arguments(const Unit *unit, Datum *values)
{
	int64 *ids = palloc(sizeof(int64) * unit->n);
	const char **keys = palloc(sizeof(char *) * unit->n);
	const char **headers = palloc(sizeof(char *) * unit->n);
	Datum *bodies = palloc(sizeof(Datum) * unit->n);

	for (int i = 0; i < unit->n; i++)
	{
		InboundWebhook *webhook = unit->webhooks[i];

		ids[i] = webhook->endpoint->endpoint_id;
		keys[i] = webhook->event_key;
		headers[i] = va_webhook_kept_headers(&webhook->message);
		bodies[i] = va_bytea(webhook->request->body, webhook->request->body_len);
	}
	values[0] = va_array_of_int8(ids, unit->n);
	values[1] = va_array_of_text(keys, unit->n);
	values[2] = va_array_of_text(headers, unit->n);
	values[3] = va_array_of_bytea(bodies, unit->n);
}

/* The webhooks of one tenant: stored, for the applier. */
static void
store_unit(void *arg)
{
	Unit *unit = arg;
	const char **ended_calls = palloc(sizeof(char *) * unit->n);
	Datum values[5];

	for (int i = 0; i < unit->n; i++)
		ended_calls[i] = va_webhook_ended_call(&unit->webhooks[i]->events);
	va_set_tenant(unit->webhooks[0]->endpoint->tenant_id);
	unit_arguments(unit, values);
	values[4] = va_array_of_text(ended_calls, unit->n);
	va_execute(&store_statement, values, NULL);
}

/* ... and the fifth of those that take what they say. */
static void
unit_arguments_with_events(const Unit *unit, Datum *values)
{
	VaEventRows *rows = va_event_rows_begin();

	for (int i = 0; i < unit->n; i++)
		va_event_rows_add(rows, i + 1, unit->webhooks[i]->endpoint->endpoint_id, &unit->webhooks[i]->events);
	va_set_tenant(unit->webhooks[0]->endpoint->tenant_id);
	unit_arguments(unit, values);
	values[4] = va_event_rows_end(rows);
}

/* ... stored with their whole effect. */
static void
take_unit(void *arg)
{
	Datum values[5];

	unit_arguments_with_events(arg, values);
	take_statement.argtypes[4] = va_read_events_type();
	va_execute(&take_statement, values, NULL);
	VA_CRASH_POINT("mid_apply");
}

/* ... those that tell of a call's course likewise; of the unit those that cannot be taken so are left. */
static void
progress_unit(void *arg)
{
	Unit *unit = arg;
	bool *taken = palloc0(sizeof(bool) * unit->n);
	Datum values[5];
	int n_taken;
	int first = unit->n;

	unit_arguments_with_events(unit, values);
	progress_statement.argtypes[4] = va_read_events_type();
	n_taken = (int) va_execute(&progress_statement, values, NULL);
	for (int i = 0; i < n_taken; i++)
		taken[va_column_int(i, "place", 0) - 1] = true;
	VA_CRASH_POINT("mid_progress");
	for (int i = unit->n - 1; i >= 0; i--)
		if (!taken[i])
			unit->webhooks[--first] = unit->webhooks[i];
	unit->webhooks += first;
	unit->n -= first;
}

/*
 * While the applier works it may hold locks that these would wait for; webhooks
 * that cannot be read are its business alone.
 */
static bool
may_take(InboundWebhook **webhooks, int n, int n_tenants)
{
	int left = 0;

	for (int i = 0; i < n; i++)
	{
		if (webhooks[i]->events.count == 0)
			return false;
		left += !webhooks[i]->progress;
	}
	return left <= TAKE_MAX && n_tenants <= TAKE_TENANTS && !va_neighbour_is_busy(VA_WORKER_APPLIER);
}

/* A tenant whose rows are locked costs us a wait only once in a while; message NULL: not even tried. */
static bool
try_unit(void (*of)(void *), Unit *unit, VaTenantBackoff *tenant_backoff, char **message, char *sqlstate)
{
	int64 tenant = unit->webhooks[0]->endpoint->tenant_id;

	*message = NULL;
	if (va_backoff_active(tenant_backoff, tenant))
		return false;
	if (va_try(of, unit, sqlstate, message))
	{
		va_backoff_reset(tenant_backoff, tenant);
		return true;
	}
	if (va_is_lock_error(sqlstate))
		(void) va_backoff_start(tenant_backoff, tenant, HELD_WAIT_MS);
	return false;
}

/*
 * Events of a call's course come first in a unit and wait for no lock, so it is taken
 * even while the applier works. Other ones go the usual way.
 */
static void
take_progress(Unit *unit)
{
	Unit progress = { unit->webhooks, 0 };
	char sqlstate[6];
	char *message;
	int n;

	while (progress.n < unit->n && unit->webhooks[progress.n]->progress)
		progress.n++;
	n = progress.n;
	if (n == 0)
		return;
	if (try_unit(progress_unit, &progress, &takes_put_off, &message, sqlstate))
	{
		unit->webhooks += n - progress.n;
		unit->n -= n - progress.n;
	}
	else if (message != NULL && !va_is_lock_error(sqlstate))
		ereport(LOG, (errmsg("could not raise calls of tenant " INT64_FORMAT " at once: %s",
						 unit->webhooks[0]->endpoint->tenant_id, va_mask_caught(message, sqlstate))));
}

/*
 * Each tenant has a subtransaction, so that its errors do not affect the
 * others. True if the applier has got something.
 */
bool
va_store_inbound(InboundWebhook **webhooks, int n)
{
	bool stored = false;
	bool take;
	int n_tenants = 0;

	find_progress(webhooks, n);
	qsort(webhooks, n, sizeof(InboundWebhook *), compare_inbound);
	for (int i = 0; i < n; i++)
		n_tenants += i == 0 || webhooks[i]->endpoint->tenant_id != webhooks[i - 1]->endpoint->tenant_id;
	take = may_take(webhooks, n, n_tenants);
	for (int from = 0, to; from < n; from = to)
	{
		Unit unit;
		char sqlstate[6];
		char *message;

		for (to = from; to < n && webhooks[to]->endpoint->tenant_id == webhooks[from]->endpoint->tenant_id; to++)
			;
		unit.webhooks = webhooks + from;
		unit.n = to - from;
		take_progress(&unit);
		if (unit.n == 0)
			continue;
		if (take && unit.n <= TAKE_MAX && try_unit(take_unit, &unit, &takes_put_off, &message, sqlstate))
			continue;
		/* The applier finds out why it could not be applied at once, webhook by webhook. */
		if (try_unit(store_unit, &unit, &stores_put_off, &message, sqlstate))
		{
			stored = true;
			continue;
		}
		if (message != NULL)
			ereport(LOG, (errmsg("could not store webhooks of tenant " INT64_FORMAT ": %s",
							 unit.webhooks[0]->endpoint->tenant_id, va_mask_caught(message, sqlstate))));
		for (int i = 0; i < unit.n; i++)
			unit.webhooks[i]->status = 503;
	}
	return stored;
}
