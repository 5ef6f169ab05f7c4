/*-------------------------------------------------------------------------
 * dialer.c
 *		The task that dials: queue -> call -> provider.
 *
 * A turn has three parts, and no network inside a transaction: record what the
 * carriers have answered (commit), claim what is due (commit), send. Between
 * the claim's commit and the answer's, the attempt is `sending`; a crash there
 * leaves it so, and the carrier is asked (lookups.c) instead of sending it
 * again.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "core/clock.h"
#include "dialer.h"
#include "tenancy/log_redaction.h"
#include "runtime/tenant_backoff.h"
#include "pure/providers/common/requests.h"
#include "core/statement.h"

/* Rows one claim may take: what a commit can carry without holding its locks for long. */
#define CLAIM_MAX 1000
/* First wait for a tenant whose claim has failed. */
#define FAILED_WAIT_MS 1000
/*
 * How long a claim waits for a lock (the ledger's, which settlements hold for a
 * moment), and when it is first tried again.
 */
#define LOCK_TIMEOUT_TEXT "20ms"
#define HELD_WAIT_MS 5
/* A claim costs about as much as twenty calls: a smaller share is not worth one. */
#define SHARE_MIN 20
/* How long a claimed call may wait for the wire, and how many times the wire's capacity may wait. */
#define AHEAD_US VA_ANSWER_US
#define AHEAD_MAX 4
/* How often to look after tenants that wait for the wire while it has hardly any room. */
#define ROUND_PAUSE_US 20000
/* The longest that a round waits for more to be claimed together, after one whose claims were small. */
#define REST_MAX_US 50000
/* After this many rounds of small claims in a row, none of them empty, leads are taken to come due all the time. */
#define BUSY_ROUNDS 8
/* How often to look whether a standby has come back. */
#define STANDBY_PAUSE_US 200000
/* How long a start waits for the sandbox and the gateway to have bound their ports. */
#define PORT_WAIT_US (5 * USECS_PER_SEC)
#define PORT_POLL_US (50 * 1000)

static VaTenantBackoff claims_put_off; /* of tenants whose claims fail */
static VaTenantBackoff claims_held;	   /* ... because what they need is locked */
static TimestampTz last_round = 0;
static TimestampTz rest_until = 0; /* no round before */
static int small_rounds = 0;	   /* in a row */
static bool backlog = false;	   /* the last claims took all that they could: more is due */
static TimestampTz started_at = 0;
static TimestampTz full_again = DT_NOEND; /* when tenants at their caps have their turn in any case */
static TimestampTz look_again = DT_NOEND; /* real time: nothing can become due before it by itself */
static bool standby_lacked = false;		  /* real carriers were not asked for it, in the last turn */

static VaStatement recover_statement = { "SELECT voiceagent_private.recover_live()", 0, { 0 }, NULL };
static VaStatement full_statement = { "SELECT voiceagent_private.live_at_caps()", 0, { 0 }, NULL };
static VaStatement claim_statement = { "SELECT * FROM voiceagent_private.claim_calls($1, $2)", 2, { INT4OID, BOOLOID },
	NULL };

/* ---- claim ---- */

typedef struct Claim
{
	int64 tenant_id;
	int64 attempt_id;
	VaOpenAccount *account;
	VaCallOrder order;
	int send_within_ms; /* of the claim */
} Claim;

/* Row i of claim_calls(), its texts in the claim's own memory (SPI's goes with the commit). */
static void
read_claim(uint64 row, Claim *claim, int64 *provider_account_id)
{
	VaCallOrder *order = &claim->order;

	claim->tenant_id = va_column_int(row, "tenant_id", 0);
	claim->attempt_id = va_column_int(row, "attempt_id", 0);
	*provider_account_id = va_column_int(row, "provider_account_id", 0);
	order->attempt_ref = va_column_text(row, "reference");
	order->to_number = va_column_text(row, "phone");
	order->to_extension = va_column_text(row, "extension");
	order->customer_name = va_column_text(row, "customer_name");
	order->variables = va_column_text(row, "variables");
	order->assistant.name = va_column_text(row, "assistant_name");
	order->assistant.first_message = va_column_text(row, "first_message");
	order->disclosure = va_column_text(row, "disclosure");
	order->opt_out_key = va_column_text(row, "opt_out_key");
	order->assistant.system_prompt = va_column_text(row, "system_prompt");
	order->assistant.voice = va_column_text(row, "voice");
	order->assistant.model = va_column_text(row, "model");
	order->assistant.language = va_column_text(row, "language");
	order->assistant.settings = va_column_text(row, "assistant_settings");
	order->kept = va_column_text(row, "kept");
	order->machine_detection = va_machine_detection(va_column_text(row, "machine_detection"));
	order->ring_timeout_s = (int) va_column_int(row, "ring_timeout_s", 0);
	order->max_duration_s = (int) va_column_int(row, "max_duration_s", 0);
	order->record = va_column_bool(row, "record");
	order->from_number = va_column_text(row, "from_number");
	order->from_number_id = va_column_text(row, "from_number_id");
	claim->send_within_ms = (int) va_column_int(row, "send_within_ms", 0);
}

/* One tenant's claim of one commit; lives in `memory`. */
typedef struct ClaimBatch
{
	int64 tenant_id;
	int limit;
	int weight;
	bool real_carriers;
	MemoryContext memory;
	Claim *claims;
	int n;
	int64 full;			  /* nothing, because of its caps, with so many live calls; -1: not so */
	TimestampTz again_at; /* of a tenant that was skipped or whose claim failed, maybe past by now; DT_NOEND: not so */
	XLogRecPtr committed; /* the end of that commit */
} ClaimBatch;

static void
claim_tenant(void *arg)
{
	ClaimBatch *batch = arg;
	Datum values[2] = { Int32GetDatum(batch->limit), BoolGetDatum(batch->real_carriers) };
	int64 *accounts;
	MemoryContext old;
	int n;

	va_set_tenant(batch->tenant_id);
	n = (int) va_execute(&claim_statement, values, NULL);
	/* SPI_getvalue allocates in the current context, because the texts must outlive the commit. */
	old = MemoryContextSwitchTo(batch->memory);
	accounts = palloc(sizeof(int64) * Max(n, 1));
	batch->claims = palloc0(sizeof(Claim) * Max(n, 1));
	for (int i = 0; i < n; i++)
		read_claim(i, &batch->claims[i], &accounts[i]);
	/* A tenant has few accounts: this row's is nearly always the previous row's. */
	for (int i = 0; i < n; i++)
	{
		int j = i;

		while (j > 0 && accounts[j - 1] != accounts[i])
			j--;
		batch->claims[i].account = j > 0 ? batch->claims[j - 1].account
										 : va_account_load(batch->tenant_id, accounts[i]);
		batch->claims[i].account->weight = batch->weight;
	}
	batch->n = n;
	MemoryContextSwitchTo(old);
	batch->full = -1;
	if (n == 0)
	{
		va_execute(&full_statement, NULL, NULL);
		batch->full = va_single_int();
	}
}

/* No poke comes when a lock is released or a fault is mended. */
static void
pass_over(int64 tenant_id, const char *sqlstate, char *message)
{
	if (va_is_lock_error(sqlstate))
		(void) va_backoff_start(&claims_held, tenant_id, HELD_WAIT_MS);
	else if (va_backoff_start(&claims_put_off, tenant_id, FAILED_WAIT_MS))
		ereport(LOG, (errmsg("could not claim calls of tenant " INT64_FORMAT ": %s: %s", tenant_id, sqlstate,
						 va_mask_caught(message, sqlstate))));
	VA_STOP_POINT(va_is_lock_error(sqlstate) ? "claim_waits_for_lock" : "claim_fails", tenant_id);
}

/* When a skipped tenant comes up again; in the past: it is not skipped. */
static TimestampTz
comes_up_at(int64 tenant_id)
{
	return Max(va_backoff_until(&claims_put_off, tenant_id), va_backoff_until(&claims_held, tenant_id));
}

/*
 * One tenant in one commit: two claimers that held the locks of several tenants
 * could wait for each other. A tenant whose claim fails is skipped for a while,
 * longer each time.
 */
static void
claim_for_tenant(ClaimBatch *batch)
{
	char sqlstate[6];
	char *message;
	bool claimed;

	va_begin("claim calls");
	va_set_local("lock_timeout", LOCK_TIMEOUT_TEXT);
	claimed = va_try(claim_tenant, batch, sqlstate, &message);
	if (!claimed)
		va_commit();
	if (claimed && va_try_commit(sqlstate, &message))
	{
		va_backoff_reset(&claims_put_off, batch->tenant_id);
		va_backoff_reset(&claims_held, batch->tenant_id);
		batch->committed = XactLastCommitEnd;
		batch->again_at = DT_NOEND;
		return;
	}
	batch->n = 0;
	batch->full = -1;
	pass_over(batch->tenant_id, sqlstate, message);
	batch->again_at = comes_up_at(batch->tenant_id);
}

/* ---- send ---- */

static VaDial *
new_dial(const Claim *claim)
{
	VaDial *dial = calloc(1, sizeof(VaDial));

	if (dial == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	dial->tenant_id = claim->tenant_id;
	dial->attempt_id = claim->attempt_id;
	dial->driver = claim->account->driver;
	strlcpy(dial->reference, claim->order.attempt_ref, sizeof(dial->reference));
	return dial;
}

static void
send_claim(VaWorker *worker, Claim *claim, VaCallMemo *memo)
{
	VaOpenAccount *account = claim->account;
	VaArena *arena = va_arena_here();
	VaHttpRequest request = { 0 };
	const char *why = NULL;
	VaDial *dial = new_dial(claim);
	bool sent = false;

	claim->order.carrier = &account->carrier;
	claim->order.server_url = account->webhook_url;
	claim->order.webhook_headers = account->webhook_headers;
	if (!account->driver->converses)
		va_plan_answer(&claim->order, arena);
	claim->order.memo = memo;
	if (account->problem != NULL)
	{
		dial->bad_account = true;
		strlcpy(dial->error, account->problem, sizeof(dial->error));
	}
	else if (!account->driver->build_call(&claim->order, arena, &request, &why))
		strlcpy(dial->error, why ? why : "the request could not be built", sizeof(dial->error));
	else
	{
		dial->sent = true;
		dial->retry = va_retry_keep(account, &request);
		sent = va_account_send(
			worker, account, &request, claim->send_within_ms, va_dial_done, dial, dial->error, sizeof(dial->error));
	}
	/* Counted only now: an error before this must not leave it counted for ever. */
	va_dials.in_flight++;
	va_dial_begun(dial);
	if (!sent)
		va_dial_done(dial, NULL);
	va_arena_free(arena);
}

/* The request to send. */
typedef struct Sending
{
	VaWorker *worker;
	Claim *claim;
	VaCallMemo *memo;
} Sending;

static void
send_unit(void *arg)
{
	Sending *sending = arg;

	send_claim(sending->worker, sending->claim, sending->memo);
}

static void
send_claims(VaWorker *worker, Claim *claims, int n)
{
	VaCallMemo memo = { .arena = va_arena_here() };

	VA_STOP_POINT("before_send", claims[0].tenant_id);
	for (int i = 0; i < n; i++)
	{
		Sending sending = { worker, &claims[i], &memo };
		char sqlstate[6];
		char *message;

		/* A call that cannot be sent is left to its lease. */
		if (!va_try_outside(send_unit, &sending, sqlstate, &message))
			ereport(LOG, (errmsg("could not send a dial of tenant " INT64_FORMAT ": %s: %s", claims[i].tenant_id,
							 sqlstate, va_mask_caught(message, sqlstate))));
	}
	va_arena_free(memo.arena);
	for (int i = 0; i < n; i++)
		va_account_wipe(claims[i].account);
	/* The next tenant's claim takes time: let these requests leave first. */
	va_loop_run(worker->loop);
	VA_CRASH_POINT("after_send");
}

/*
 * How many calls may be claimed and not answered: as many as the wire takes,
 * plus as many as it will take within AHEAD_US, so that the wire need not wait
 * for the next claim.
 */
static int
capacity(void)
{
	double ahead = Min(AHEAD_US / Max(va_dials.answer_us, 1.0), AHEAD_MAX);

	return va_guc_http_max_in_flight + (int) (va_guc_http_max_in_flight * (ahead >= 1 ? ahead : 0));
}

/*
 * After a round of small claims: a claim of one takes nearly as long as one of
 * twenty, so where leads come due one by one all the time, such claims get half
 * of our time. A lead that comes due when few do is claimed at once.
 */
static void
rest_after_round(int served, int claimed)
{
	TimestampTz now = GetCurrentTimestamp();

	small_rounds = claimed > 0 && claimed < served * SHARE_MIN ? small_rounds + 1 : 0;
	rest_until = small_rounds >= BUSY_ROUNDS && now > last_round ? now + Min(now - last_round, REST_MAX_US) : 0;
}

/*
 * When a round is worth its cost: at once after a rest, unless more is due than
 * we may claim; then when an eighth of the capacity is free, or after a moment.
 */
static TimestampTz
round_due(void)
{
	int room = capacity() - va_dials.in_flight;

	rest_until = va_until(rest_until, REST_MAX_US);
	if (room <= 0)
		return DT_NOEND; /* the next answer wakes us */
	if (!backlog || va_dials.in_flight == 0 || room >= capacity() / 8)
		return rest_until;
	return va_until(last_round + ROUND_PAUSE_US, ROUND_PAUSE_US);
}

static void
run_loop(void *worker)
{
	va_loop_run(((VaWorker *) worker)->loop);
}

/* These calls wait in the queue again: a failover would forget that they were dialled. */
static void
take_back(const ClaimBatch *batch)
{
	VA_SOMETIMES("claim_taken_back");
	for (int i = 0; i < batch->n; i++)
	{
		const Claim *claim = &batch->claims[i];
		VaDial *dial = new_dial(claim);

		dial->unstored = true;
		va_account_wipe(claim->account);
		va_dials.in_flight++;
		va_dial_begun(dial);
		va_dial_done(dial, NULL);
	}
}

/* Claims for one tenant and sends what it claimed; how many calls that was. */
static int
serve_tenant(VaWorker *worker, ClaimBatch *batch)
{
	batch->again_at = comes_up_at(batch->tenant_id);
	if (batch->again_at > GetCurrentTimestamp())
		return 0;
	claim_for_tenant(batch);
	if (batch->n > 0)
	{
		VA_STOP_POINT("after_claim", batch->tenant_id);
		if (!batch->real_carriers || va_standby_has(batch->committed, run_loop, worker))
			send_claims(worker, batch->claims, batch->n);
		else
			take_back(batch);
	}
	else if (batch->full >= 0)
		va_turn_full(batch->tenant_id, batch->full);
	return batch->n;
}

/*
 * A ready tenant: claims as much as its share allows, of weight_left together
 * with those behind it; how many calls that was, -1: it is not to be looked at
 * again.
 */
static int
serve_share(VaWorker *worker, ClaimBatch *batch, int room, int weight_left)
{
	/* Its share is taken, or nearly: its answers wake us, and one claim then takes many. */
	int left = va_dials_left(batch->tenant_id, batch->weight, capacity());

	va_turn_began(batch->tenant_id);
	if (left < Max(1, capacity() / 16))
		return 0;
	batch->limit = Min(Min(room, left), Max(SHARE_MIN, room * batch->weight / weight_left));
	if (serve_tenant(worker, batch) == 0 && batch->again_at == DT_NOEND)
		return -1;
	backlog = backlog || batch->n == batch->limit;
	return batch->n;
}

/*
 * One round: every ready tenant once, a share of the wire each, by its weight.
 * Returns when to look again: at once after a round that claimed something, or
 * that did not come to the last ready tenant; else when time alone makes
 * something due.  A due row at its caps waits for a poke.
 */
static TimestampTz
dial_round(VaWorker *worker)
{
	MemoryContext memory = AllocSetContextCreate(worker->scratch, "claimed calls", ALLOCSET_DEFAULT_SIZES);
	TimestampTz began = va_clock_now();
	int64 tenants[VA_TURNS_MAX];
	int weights[VA_TURNS_MAX];
	int weight_left = 0;
	int n;
	int claimed = 0;
	bool more;
	TimestampTz retry = DT_NOEND;
	TimestampTz next;

	if ((next = round_due()) > GetCurrentTimestamp())
		return next;
	last_round = GetCurrentTimestamp();
	backlog = false;
	n = va_turns(tenants, weights, began, &more, &next);
	for (int i = 0; i < n; i++)
		weight_left += weights[i];
	for (int i = 0; i < n; i++)
	{
		int room = Min(capacity() - va_dials.in_flight, CLAIM_MAX);
		ClaimBatch batch = { .tenant_id = tenants[i],
			.weight = weights[i],
			.real_carriers = worker->real_carriers && va_standby_wait() == NULL,
			.again_at = DT_NOEND,
			.memory = memory };
		int placed;

		CHECK_FOR_INTERRUPTS();
		/* Also where the standby has it by the end of this round. */
		standby_lacked = standby_lacked || (worker->real_carriers && !batch.real_carriers);
		if (room <= 0)
		{
			for (; i < n; i++)
				va_turn_again(tenants[i]);
			backlog = true;
			return DT_NOEND;
		}
		placed = serve_share(worker, &batch, room, weight_left);
		weight_left -= weights[i];
		claimed += Max(placed, 0);
		if (placed >= 0)
			va_turn_again(tenants[i]);
		else
			va_turn_done(tenants[i]);
		/* A failure (a lock that was held too long) may pass by itself, and no poke comes when it does. */
		retry = Min(retry, batch.again_at);
		MemoryContextReset(memory);
	}
	rest_after_round(n, claimed);
	if (claimed > 0 || more)
		return Max(GetCurrentTimestamp(), rest_until);
	if (n > 0)
	{
		va_begin("find the next dial");
		next = va_next_dial(began);
		va_commit();
	}
	return Min(next, retry);
}

/* No poke comes when a standby is there again, or has caught up. */
static void
look_at_standby(const VaWorker *worker)
{
	bool lacked = standby_lacked;

	va_standby_look();
	standby_lacked = worker->real_carriers && va_standby_wait() != NULL;
	if (lacked && !standby_lacked)
	{
		va_turns_of_everybody();
		va_turns_of_full();
	}
	if (standby_lacked && !lacked)
		ereport(LOG, (errmsg("no real carrier is asked for a call: %s", va_standby_wait())));
}

/* Calls are placed only when the answers can come back. */
static bool
ports_are_bound(void)
{
	if (va_database_port(MyDatabaseId, VA_WORKER_GATEWAY) == 0)
		return false;
	return !va_guc_sandbox || va_database_port(MyDatabaseId, VA_WORKER_SANDBOX) != 0;
}

static void
dialer_start(VaWorker *worker)
{
	started_at = GetCurrentTimestamp();
	/* A standby that does not answer would hold a commit, and with it every task of this process. */
	va_commit_locally(va_guc_dial_durability == VA_DURABLE_STANDBY);
	/* The process before us may have died between a claim and its answer. */
	va_begin("recover live calls");
	va_execute(&recover_statement, NULL, NULL);
	va_commit();
	va_tasks_poke(VA_TASK_BIT(VA_TASK_LOOKUPS));
}

static TimestampTz
dialer_turn(VaWorker *worker, VaWake why)
{
	bool slots_freed = va_dials_due() <= GetCurrentTimestamp();

	va_commit_locally(va_guc_dial_durability == VA_DURABLE_STANDBY);
	if (slots_freed)
	{
		va_retry_lost(worker);
		va_dials_record();
	}
	if (!slots_freed && (why & ~VA_WAKE_IO) == 0)
		return Min(Min(look_again, full_again), va_dials_due());
	if ((why & (VA_WAKE_START | VA_WAKE_RELOAD | VA_WAKE_RETRY)) != 0)
		va_turns_of_everybody();
	if (!ports_are_bound() && GetCurrentTimestamp() < started_at + PORT_WAIT_US)
		return GetCurrentTimestamp() + PORT_POLL_US;
	va_silence_unheard();
	look_at_standby(worker);
	full_again = va_full_again((why & ~(VA_WAKE_IO | VA_WAKE_TIMER)) != 0 || look_again <= GetCurrentTimestamp());
	look_again = dial_round(worker);
	if (standby_lacked)
		look_again = Min(look_again, GetCurrentTimestamp() + STANDBY_PAUSE_US);
	return Min(Min(look_again, full_again), va_dials_due());
}

const VaTask va_dialer_task = { "dialer", dialer_start, dialer_turn, NULL, 0 };
