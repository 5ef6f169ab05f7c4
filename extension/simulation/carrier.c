/*-------------------------------------------------------------------------
 * carrier.c
 *		The carrier of a simulation: the sandbox's people and plan, its time
 *		the simulation's, its webhooks kept in memory until they are due.
 *
 * Everything follows from the seed and from what it is called with, in that
 * order; ids of ours, which differ from run to run, decide nothing.  Bodies of
 * webhooks are made when they are due and are those that the sandbox sends.
 *
 * Memory: a call is one malloc'ed arena (sandbox/plan.c is free of the
 * backend), freed after its last webhook unless one of them was lost: then
 * the platform may yet ask what became of it.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "funcapi.h"
#include "lib/ilist.h"
#include "lib/pairingheap.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/arena.h"
#include "core/compat.h"
#include "provider/event_rows.h"
#include "pure/net/backoff.h"
#include "pure/sandbox/plan.h"
#include "core/simulation.h"
#include "core/statement.h"

#define REFERENCE_MAX (VA_ATTEMPT_REF_MAX + 1)
#define LATE_MAX_US (10 * 60 * USECS_PER_SEC)
/* Tries to find a call that is answered, or is not, as the dice want it. */
#define DRAWS_MAX 100

typedef struct SimCall
{
	dlist_node node;
	VaSandboxCall *call; /* NULL = over, and all of it reported */
	int64 tenant_id;
	int64 endpoint_id;
	char reference[REFERENCE_MAX];
	char id[VA_SANDBOX_ID_LEN + 1];
	int waiting; /* webhooks that are not delivered yet */
	bool untold; /* some never will be */
} SimCall;

/* By the attempt's reference. */
typedef struct CallEntry
{
	char reference[REFERENCE_MAX];
	SimCall *call;
} CallEntry;

typedef struct NumberKey
{
	int64 tenant_id;
	char number[24];
} NumberKey;

typedef struct NumberEntry
{
	NumberKey key;
	int dials;
} NumberEntry;

typedef struct Delivery
{
	pairingheap_node node;
	TimestampTz at;
	uint64 serial; /* of two at one time the one that was planned first */
	SimCall *call;
	StepKind kind;
} Delivery;

static struct
{
	MemoryContext memory;
	uint32 seed;
	int answered_per_mille; /* < 0: as the sandbox's people do */
	VaSimulationFaults faults;
	pairingheap *deliveries;
	HTAB *calls;
	HTAB *numbers;
	dlist_head all;
	uint64 serial;
	uint64 placed;
	uint64 rng;
} carrier;

PG_FUNCTION_INFO_V1(va_sql_simulate_call);
PG_FUNCTION_INFO_V1(va_sql_take_simulated);
PG_FUNCTION_INFO_V1(va_sql_next_simulated_at);
PG_FUNCTION_INFO_V1(va_sql_simulate_lookup);

/* ---- chance ---- */

static int
roll(int sides)
{
	carrier.rng = va_mix64(carrier.rng);
	return (int) ((carrier.rng >> 11) % (uint64) sides);
}

static bool
happens(int per_mille)
{
	return per_mille > 0 && roll(1000) < per_mille;
}

/* ---- calls ---- */

static int
compare_deliveries(const pairingheap_node *a, const pairingheap_node *b, void *arg)
{
	const Delivery *one = pairingheap_const_container(Delivery, node, a);
	const Delivery *two = pairingheap_const_container(Delivery, node, b);

	/* The heap's first is its greatest. */
	if (one->at != two->at)
		return one->at < two->at ? 1 : -1;
	return one->serial < two->serial ? 1 : one->serial > two->serial ? -1 : 0;
}

void
va_carrier_begin(MemoryContext memory, uint32 seed, int answered_per_mille, const VaSimulationFaults *faults)
{
	HASHCTL calls = { .keysize = REFERENCE_MAX, .entrysize = sizeof(CallEntry), .hcxt = memory };
	HASHCTL numbers = { .keysize = sizeof(NumberKey), .entrysize = sizeof(NumberEntry), .hcxt = memory };
	MemoryContext old = MemoryContextSwitchTo(memory);

	memset(&carrier, 0, sizeof(carrier));
	carrier.memory = memory;
	carrier.seed = seed;
	carrier.rng = seed;
	carrier.answered_per_mille = answered_per_mille;
	carrier.faults = *faults;
	dlist_init(&carrier.all);
	carrier.deliveries = pairingheap_allocate(compare_deliveries, NULL);
	carrier.calls = hash_create("simulated calls", 1024, &calls, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	carrier.numbers = hash_create("simulated numbers", 1024, &numbers, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	MemoryContextSwitchTo(old);
}

void
va_carrier_end(void)
{
	dlist_iter iter;

	if (carrier.memory == NULL)
		return;
	carrier.memory = NULL;
	dlist_foreach(iter, &carrier.all)
	{
		SimCall *call = dlist_container(SimCall, node, iter.cur);

		va_sandbox_free(call->call);
	}
}

static void
need_carrier(void)
{
	if (carrier.memory == NULL)
		ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("there is no simulation in this transaction")));
}

static int
count_dial(int64 tenant_id, const char *number)
{
	NumberKey key = { .tenant_id = tenant_id };
	NumberEntry *entry;
	bool found;

	strlcpy(key.number, number, sizeof(key.number));
	entry = hash_search(carrier.numbers, &key, HASH_ENTER, &found);
	if (!found)
		entry->dials = 0;
	return ++entry->dials;
}

typedef struct SimOrder
{
	const char *reference;
	const char *number;
	const char *customer_name; /* NULL = unknown */
	int dial;
	int ring_timeout_s;
	int max_duration_s;
} SimOrder;

/* The sandbox's memory of the request; NULL = out of memory. */
static const char *
request_json(const SimOrder *order, VaArena *arena)
{
	json_t *attempt = json_pack("{s:s}", "attempt", order->reference);
	/* A text with JSON in it: as the dialer sends it. */
	json_t *json = json_pack("{s:s,s:i,s:i,s:s,s:s*,s:s*}", "gateway_path", "/simulated", "max_duration_s",
		order->max_duration_s, "ring_timeout_s", order->ring_timeout_s, "name", order->reference, "metadata",
		va_json_text(arena, attempt), "customer_name", order->customer_name);
	const char *text = va_json_text(arena, json);

	json_decref(attempt);
	json_decref(json);
	return text;
}

/*
 * The people's dice know a call by its number and by which of the number's
 * calls it is.  Where the share of answered calls is given, the first draw
 * that comes out as it should is taken.
 */
static void
choose_disposition(VaSandboxRecord *record, const SimOrder *order, char *name, size_t size)
{
	VaPeopleOrder people = {
		.seed = record->seed, .number = record->number, .dial = record->dial, .ring_timeout_s = order->ring_timeout_s
	};
	bool answered;

	snprintf(name, size, "%d", order->dial);
	record->reference = name;
	if (carrier.answered_per_mille < 0 || va_people_number(record->number) != NULL)
		return;
	answered = (int) (va_mix64(va_mix64(record->seed + (uint64) order->dial) +
							   DatumGetUInt64(hash_any_extended(
								   (const unsigned char *) record->number, (int) strlen(record->number), 1))) %
					  1000) < carrier.answered_per_mille;
	for (int i = 0; i < DRAWS_MAX; i++)
	{
		VaDisposition disposition;

		snprintf(name, size, "%d.%d", order->dial, i);
		people.reference = name;
		va_people_decide(&people, &disposition);
		if (disposition.answered == answered)
			return;
	}
}

static void
deliver(SimCall *call, StepKind kind, TimestampTz at)
{
	MemoryContext old = MemoryContextSwitchTo(carrier.memory);
	Delivery *delivery = palloc0(sizeof(Delivery));

	delivery->at = at;
	delivery->serial = ++carrier.serial;
	delivery->call = call;
	delivery->kind = kind;
	call->waiting++;
	pairingheap_add(carrier.deliveries, &delivery->node);
	MemoryContextSwitchTo(old);
}

static void
plan_deliveries(SimCall *call)
{
	const VaSandboxPlay *play = call->call->play;
	TimestampTz created = va_simulation_now();

	for (int i = 0; i < play->nsteps; i++)
	{
		TimestampTz at = created + play->steps[i].at * 1000;

		if (play->steps[i].kind == STEP_NOTHING || happens(carrier.faults.lost))
		{
			call->untold = true;
			continue;
		}
		deliver(call, play->steps[i].kind,
			happens(carrier.faults.late) ? at + roll(LATE_MAX_US / 1000) * INT64CONST(1000) : at);
		if (happens(carrier.faults.repeated))
			deliver(call, play->steps[i].kind, at + roll(LATE_MAX_US / 1000) * INT64CONST(1000));
	}
}

static int64
milliseconds(TimestampTz at)
{
	return at / 1000 + ((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)) * SECS_PER_DAY * 1000;
}

static SimCall *
place(int64 tenant_id, int64 endpoint_id, const SimOrder *order)
{
	VaArena *arena = va_arena_here();
	VaSandboxRecord record = { .tenant_id = tenant_id,
		.number = order->number,
		.dial = order->dial,
		.seed = carrier.seed,
		.time_scale = 1,
		.created_at = milliseconds(va_simulation_now()) };
	char name[32];
	uint64 a = va_mix64(carrier.seed ^ va_mix64(++carrier.placed));
	uint64 b = va_mix64(a);
	SimCall *call = MemoryContextAllocZero(carrier.memory, sizeof(SimCall));
	CallEntry *entry;

	snprintf(record.id, sizeof(record.id), "%08x-%04x-4%03x-8%03x-%012llx", (unsigned int) (a >> 32),
		(unsigned int) (a >> 16) & 0xffff, (unsigned int) a & 0xfff, (unsigned int) (b >> 48) & 0xfff,
		(unsigned long long) (b & UINT64CONST(0xffffffffffff)));
	choose_disposition(&record, order, name, sizeof(name));
	record.request = request_json(order, arena);
	call->call = record.request == NULL ? NULL : va_sandbox_load(&record);
	va_arena_free(arena);
	if (call->call == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	dlist_push_tail(&carrier.all, &call->node);
	call->tenant_id = tenant_id;
	call->endpoint_id = endpoint_id;
	strlcpy(call->reference, order->reference, sizeof(call->reference));
	strlcpy(call->id, record.id, sizeof(call->id));
	entry = hash_search(carrier.calls, call->reference, HASH_ENTER, NULL);
	entry->call = call;
	plan_deliveries(call);
	return call;
}

static void
forget(SimCall *call)
{
	hash_search(carrier.calls, call->reference, HASH_REMOVE, NULL);
	dlist_delete(&call->node);
	va_sandbox_free(call->call);
	pfree(call);
}

/* ---- in: a dial ---- */

typedef struct SimAnswer
{
	VaDialKind kind;
	int status; /* 0 = there was none */
	const char *error;
	const SimCall *call; /* that it tells of */
} SimAnswer;

static const SimAnswer refusals[] = { { VA_DIAL_REFUSED_RETRY, 503, "http-503: try again", NULL },
	{ VA_DIAL_RATE_LIMITED, 429, "http-429: too many requests", NULL },
	{ VA_DIAL_REFUSED_PERMANENT, 400, "http-400: customer.number must be a valid phone number", NULL },
	{ VA_DIAL_REFUSED_PERMANENT, 400, "http-400: no", NULL },
	{ VA_DIAL_BAD_ACCOUNT, 401, "http-401: key is not valid", NULL } };

static SimAnswer
refusal_of(int status)
{
	SimAnswer answer = { VA_DIAL_REFUSED_RETRY, status, psprintf("http-%d: refused", status), NULL };

	for (size_t i = 0; i < lengthof(refusals); i++)
		if (refusals[i].status == status)
			answer.kind = refusals[i].kind;
	return answer;
}

/* By the number, the faults that are asked for, and chance. */
static SimAnswer
answer_dial(int64 tenant_id, int64 endpoint_id, const SimOrder *order)
{
	const VaPeopleNumber *forced = va_people_number(order->number);
	SimCall *call;

	if (happens(carrier.faults.refused))
		return refusals[roll(lengthof(refusals))];
	if (forced != NULL && forced->refusal != 0 && (!forced->refuses_once || order->dial % 2 == 1))
		return refusal_of(forced->refusal);
	if (happens(carrier.faults.unknown))
	{
		if (roll(2) == 0)
			(void) place(tenant_id, endpoint_id, order);
		return (SimAnswer){ VA_DIAL_UNKNOWN, 0, "timeout", NULL };
	}
	call = place(tenant_id, endpoint_id, order);
	if ((call->call->play->disposition.faults & VA_FAULT_DROPS) != 0)
		return (SimAnswer){ VA_DIAL_UNKNOWN, 0, "connection closed", NULL };
	return (SimAnswer){ VA_DIAL_ACCEPTED, 201, NULL, call };
}

/*
 * simulate_call(tenant_id, endpoint_id, reference, phone, customer_name,
 * ring_timeout_s, max_duration_s) -> kind, provider_call_id, http_status,
 * error, retry_after_s: what the dialer would have read in the answer.
 */
Datum
va_sql_simulate_call(PG_FUNCTION_ARGS)
{
	SimOrder order = { 0 };
	SimAnswer answer;
	Datum values[5] = { 0 };
	bool nulls[5] = { false, true, true, true, false };

	need_carrier();
	for (int i = 0; i < PG_NARGS(); i++)
		if (i != 4 && PG_ARGISNULL(i))
			ereport(
				ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a simulated call lacks argument %d", i + 1)));
	order.reference = text_to_cstring(PG_GETARG_TEXT_PP(2));
	order.number = text_to_cstring(PG_GETARG_TEXT_PP(3));
	order.customer_name = PG_ARGISNULL(4) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(4));
	order.ring_timeout_s = PG_GETARG_INT32(5);
	order.max_duration_s = PG_GETARG_INT32(6);
	order.dial = count_dial(PG_GETARG_INT64(0), order.number);
	answer = answer_dial(PG_GETARG_INT64(0), PG_GETARG_INT64(1), &order);

	values[0] = CStringGetTextDatum(va_dial_kind_name(answer.kind));
	if (!(nulls[1] = answer.call == NULL))
		values[1] = CStringGetTextDatum(answer.call->id);
	nulls[2] = answer.status == 0;
	values[2] = Int32GetDatum(answer.status);
	if (!(nulls[3] = answer.error == NULL))
		values[3] = CStringGetTextDatum(answer.error);
	values[4] = Int32GetDatum(answer.kind == VA_DIAL_RATE_LIMITED ? 5 : 0);
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}

/* ---- out: webhooks, answers to lookups ---- */

/* A webhook that has arrived: what the gateway would have read of it. */
typedef struct Arrival
{
	int64 tenant_id;
	int64 endpoint_id;
	int place; /* in the order of arrival */
	const char *body;
	VaEvents events;
} Arrival;

static int
compare_arrivals(const void *a, const void *b)
{
	const Arrival *one = a;
	const Arrival *two = b;

	if (one->tenant_id != two->tenant_id)
		return one->tenant_id < two->tenant_id ? -1 : 1;
	return one->place - two->place;
}

static void
read_arrival(Arrival *arrival, VaArena *arena)
{
	VaSignedMessage message = { .body = arrival->body, .body_len = strlen(arrival->body) };
	const char *why = NULL;

	if (!va_driver("vapi")->read_webhook(&message, arena, &arrival->events, &why) || arrival->events.count == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						   errmsg("the simulated carrier sent rubbish: %s", why ? why : "no event")));
}

/* The webhooks that arrive until then, at most so many; by tenant. */
static Arrival *
take_arrivals(TimestampTz until, int max, VaArena *arena, int *n)
{
	int room = 64;
	Arrival *arrivals = palloc(sizeof(Arrival) * room);

	for (*n = 0; *n < max && !pairingheap_is_empty(carrier.deliveries); (*n)++)
	{
		Delivery *delivery = pairingheap_container(Delivery, node, pairingheap_first(carrier.deliveries));
		SimCall *call = delivery->call;
		Arrival *arrival;

		CHECK_FOR_INTERRUPTS();
		if (delivery->at > until)
			break;
		pairingheap_remove_first(carrier.deliveries);
		if (*n == room)
			arrivals = repalloc(arrivals, sizeof(Arrival) * (room *= 2));
		arrival = &arrivals[*n];
		*arrival = (Arrival){ .tenant_id = call->tenant_id, .endpoint_id = call->endpoint_id, .place = *n };
		arrival->body = va_sandbox_step_body(call->call, delivery->kind, 0, arena);
		if (arrival->body == NULL)
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		read_arrival(arrival, arena);
		pfree(delivery);
		if (--call->waiting == 0 && !call->untold)
			forget(call);
	}
	qsort(arrivals, *n, sizeof(Arrival), compare_arrivals);
	return arrivals;
}

/* Those of one tenant as a row of take_simulated(). */
static void
put_arrivals(ReturnSetInfo *result, const Arrival *arrivals, int n)
{
	int64 *endpoints = palloc(sizeof(int64) * n);
	const char **keys = palloc(sizeof(char *) * n);
	Datum *bodies = palloc(sizeof(Datum) * n);
	VaEventRows *rows = va_event_rows_begin();
	Datum values[5] = { Int64GetDatum(arrivals[0].tenant_id) };
	bool nulls[5] = { false };

	for (int i = 0; i < n; i++)
	{
		endpoints[i] = arrivals[i].endpoint_id;
		keys[i] = arrivals[i].events.items[0].event_key;
		bodies[i] = CStringGetTextDatum(arrivals[i].body);
		va_event_rows_add(rows, i + 1, arrivals[i].endpoint_id, &arrivals[i].events);
	}
	values[1] = va_array_of_int8(endpoints, n);
	values[2] = va_array_of_text(keys, n);
	values[3] = va_array_of_bytea(bodies, n);
	values[4] = va_event_rows_end(rows);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* take_simulated(until, max) -> (tenant_id, endpoint_ids, event_keys, bodies, events), a row a tenant */
Datum
va_sql_take_simulated(PG_FUNCTION_ARGS)
{
	VaArena *arena;
	Arrival *arrivals;
	int n;

	need_carrier();
	InitMaterializedSRF(fcinfo, 0);
	arena = va_arena_here();
	arrivals = take_arrivals(PG_GETARG_TIMESTAMPTZ(0), PG_GETARG_INT32(1), arena, &n);
	for (int from = 0, to; from < n; from = to)
	{
		for (to = from; to < n && arrivals[to].tenant_id == arrivals[from].tenant_id; to++)
			;
		put_arrivals((ReturnSetInfo *) fcinfo->resultinfo, arrivals + from, to - from);
	}
	va_arena_free(arena);
	return (Datum) 0;
}

Datum
va_sql_next_simulated_at(PG_FUNCTION_ARGS)
{
	need_carrier();
	if (pairingheap_is_empty(carrier.deliveries))
		PG_RETURN_TIMESTAMPTZ(DT_NOEND);
	PG_RETURN_TIMESTAMPTZ(pairingheap_container(Delivery, node, pairingheap_first(carrier.deliveries))->at);
}

/* simulate_lookup(reference) -> provider_call_id, endpoint_id, event_key, body; all NULL: there is no such call */
Datum
va_sql_simulate_lookup(PG_FUNCTION_ARGS)
{
	char *reference = text_to_cstring(PG_GETARG_TEXT_PP(0));
	Datum values[4] = { 0 };
	bool nulls[4] = { true, true, true, true };
	char key[REFERENCE_MAX];
	CallEntry *entry;

	need_carrier();
	strlcpy(key, reference, sizeof(key));
	entry = hash_search(carrier.calls, key, HASH_FIND, NULL);
	if (entry != NULL)
	{
		VaArena *arena = va_arena_here();
		VaHttpResponse response = { .status = 200, .sent = true };
		VaCarrierCall now;
		VaLookup lookup = { 0 };

		va_sandbox_describe(entry->call->call, milliseconds(va_simulation_now()), 0, arena, &now);
		response.body = va_carrier_call_body(&now, arena);
		if (response.body == NULL)
			ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		response.body_len = strlen(response.body);
		va_driver("vapi")->read_lookup_response(&response, arena, &lookup);
		if (lookup.kind != VA_LOOKUP_FOUND || lookup.events.count == 0)
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("the simulated carrier answered rubbish")));
		values[0] = CStringGetTextDatum(entry->call->id);
		values[1] = Int64GetDatum(entry->call->endpoint_id);
		values[2] = CStringGetTextDatum(lookup.events.items[0].event_key);
		values[3] = CStringGetTextDatum(response.body);
		memset(nulls, 0, sizeof(nulls));
		va_arena_free(arena);
	}
	PG_RETURN_DATUM(va_row_of_result(fcinfo, values, nulls));
}
