/*-------------------------------------------------------------------------
 * lookups.c
 *		Asking carriers what became of calls (contract in lookups_internal.h).
 *
 * The call is asked for by its id. Where the id is not known, a list of the
 * calls around its dial is searched, page by page. The answer takes the path of
 * a webhook, through the inbox, so that a call's state moves in one place only.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "runtime/account.h"
#include "core/arena.h"
#include "core/clock.h"
#include "runtime/clock_steps.h"
#include "tenancy/log_redaction.h"
#include "lookups_internal.h"
#include "runtime/tenant_backoff.h"
#include "core/statement.h"

/* Lookups of one turn, and under way at once. */
#define LOOKUP_MAX 200
/*
 * A dial whose carrier knows no id is looked for among the calls created around it: clocks may differ by as much as
 * signatures allow (300 s), and it may be as late as the longest send_lease, http_timeout_ms and repeats allow.
 */
#define LIST_BEFORE_MS (5 * 60 * 1000)
#define LIST_AFTER_MS (15 * 60 * 1000)
/* Calls on a page of a list: fewer when the answer is too large, more when all were created in one instant. */
#define PAGE_FIRST 200
/* Lists under way at once: a list is long, and one answers for every lost call that it names. */
#define LISTS_MAX 4
/* Incoming calls asked about in a turn. */
#define INCOMING_MAX 20
#define PAGE_MAX 1000
/*
 * How long one commit may record answers: others wait for its rows, and the
 * carriers' next answers wait for its end.
 */
#define NOTE_US 50000
/* How long no answer is recorded for a tenant for whose locks we waited in vain. */
#define HELD_WAIT_MS 1000

static PendingLookup *answered = NULL;
static PendingLookup *unfinished = NULL; /* lists of which another page is to be asked for */
static dlist_head under_way = DLIST_STATIC_INIT(under_way);
static int asked = 0;		/* of the questions under way */
static int lists_asked = 0; /* of these */
static VaTenantBackoff tenant_backoff;

static VaStatement due_statement = { "SELECT * FROM voiceagent_private.due_lookups($1, $2, $3, $4, $5, $6)", 6,
	{ INT4OID, INT4OID, BOOLOID, INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID }, NULL };
static VaStatement due_incoming_statement = { "SELECT * FROM voiceagent_private.due_incoming($1, $2, $3)", 3,
	{ INT4OID, INT8ARRAYOID, INT8ARRAYOID }, NULL };
static VaStatement lost_statement = { "SELECT * FROM voiceagent_private.lost_call($1)", 1, { INT8OID }, NULL };

static void
question_done(void *ctx, VaHttpResult *result)
{
	PendingLookup *pending = ctx;

	pending->result = result;
	pending->next = answered;
	answered = pending;
}

/* ---- ask ---- */

static void
count_asked(PendingLookup *pending)
{
	dlist_push_tail(&under_way, &pending->under_way_node);
	asked++;
	if (pending->is_list)
		lists_asked++;
}

static void
count_answered(PendingLookup *pending)
{
	dlist_delete(&pending->under_way_node);
	asked--;
	if (pending->is_list)
		lists_asked--;
}

/* The account of each question that is under way, or of each list. */
static Datum
accounts_asked(bool lists)
{
	int64 *accounts = palloc(sizeof(int64) * Max(asked, 1));
	dlist_iter iter;
	int n = 0;

	dlist_foreach(iter, &under_way)
	{
		PendingLookup *pending = dlist_container(PendingLookup, under_way_node, iter.cur);

		if (pending->is_list || !lists)
			accounts[n++] = pending->provider_account_id;
	}
	return va_array_of_int8(accounts, n);
}

/* The tenant of each question that is under way, or (taken) only of those that have their share of room more. */
static Datum
tenants_asking(bool taken, int room)
{
	int64 *tenants = palloc(sizeof(int64) * Max(asked, 1));
	dlist_iter iter;
	int n = 0;

	dlist_foreach(iter, &under_way)
	{
		int64 tenant_id = dlist_container(PendingLookup, under_way_node, iter.cur)->tenant_id;
		dlist_iter other;
		int own = 0;

		dlist_foreach(other, &under_way)
			own += dlist_container(PendingLookup, under_way_node, other.cur)->tenant_id == tenant_id;
		if (!taken || va_share_left(room + asked, own, asked - own) == 0)
			tenants[n++] = tenant_id;
	}
	return va_array_of_int8(tenants, n);
}

/* A question that cannot be asked is recorded like one without an answer. */
static void
cannot_ask(PendingLookup *pending)
{
	count_asked(pending);
	question_done(pending, NULL);
}

/* Counted once it is under way: an error before that must not leave it counted. */
static void
submit(VaWorker *worker, PendingLookup *pending, const VaOpenAccount *account, const VaHttpRequest *request)
{
	char err[160];

	if (va_account_send(worker, account, request, 0, question_done, pending, err, sizeof(err)))
		count_asked(pending);
	else
		cannot_ask(pending);
}

/* This is the longest page that the carrier gives: a page of that length may not be the whole list. */
int
va_lookup_page_max(const PendingLookup *pending)
{
	int theirs = pending->driver->list_max;

	return Min(PAGE_MAX, theirs > 0 ? theirs : VA_LIST_MAX);
}

static bool
build_lookup_request(PendingLookup *pending, const VaOpenAccount *account, const char *provider_call_id,
	int64 dialled_ms, VaArena *arena, VaHttpRequest *request)
{
	VaLookupOrder order = { 0 };
	const char *why = NULL;

	order.carrier = &account->carrier;
	order.provider_call_id = provider_call_id;
	order.attempt_ref = pending->incoming ? NULL : pending->reference;
	if (provider_call_id != NULL || account->driver->refs_are_ids)
		return account->driver->build_lookup(&order, arena, request, &why);
	if (!pending->is_list)
	{
		pending->is_list = true;
		pending->created_from = dialled_ms - LIST_BEFORE_MS - va_clock_slack_ms();
		pending->created_to = dialled_ms + LIST_AFTER_MS + va_clock_slack_ms();
		pending->limit = Min(PAGE_FIRST, va_lookup_page_max(pending));
	}
	order.created_from = pending->created_from;
	order.created_to = pending->created_to;
	order.limit = pending->limit;
	order.offset = pending->offset;
	order.to_number = pending->to_number[0] != '\0' ? pending->to_number : NULL;
	order.from_number = pending->from_number[0] != '\0' ? pending->from_number : NULL;
	if (account->driver->build_list == NULL)
		return false;
	return account->driver->build_list(&order, arena, request, &why);
}

typedef struct Due
{
	int64 tenant_id;
	int64 call_id;
	bool incoming;
	int64 provider_account_id;
	char *reference; /* NULL: it came in */
	char *provider_call_id;
	TimestampTz dialled_at;
	char *to_number; /* of one whose id is not known */
	char *from_number;
	VaOpenAccount *account; /* NULL: it cannot be read */
} Due;

/* A question that is to be asked. */
typedef struct Asking
{
	VaWorker *worker;
	const Due *due;
} Asking;

static void
ask(void *arg)
{
	VaWorker *worker = ((Asking *) arg)->worker;
	const Due *due = ((Asking *) arg)->due;
	VaOpenAccount *account = due->account;
	VaArena *arena = va_arena_here();
	VaHttpRequest request = { 0 };
	PendingLookup *pending = calloc(1, sizeof(PendingLookup));
	/* The carrier's clock is the real one. */
	int64 dialled_ms = due->incoming ? 0 : (int64) timestamptz_to_time_t(va_clock_to_real(due->dialled_at)) * 1000;

	if (pending == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	pending->tenant_id = due->tenant_id;
	pending->call_id = due->call_id;
	pending->incoming = due->incoming;
	pending->endpoint_id = account->endpoint_id;
	pending->provider_account_id = due->provider_account_id;
	pending->driver = account->driver;
	pending->dialled_at = due->dialled_at;
	pending->begun_at = va_clock_now();
	pending->slack_ms = va_clock_slack_ms();
	if (due->reference != NULL)
		strlcpy(pending->reference, due->reference, sizeof(pending->reference));
	if (due->to_number != NULL)
		strlcpy(pending->to_number, due->to_number, sizeof(pending->to_number));
	if (due->from_number != NULL)
		strlcpy(pending->from_number, due->from_number, sizeof(pending->from_number));
	if (account->problem == NULL &&
		build_lookup_request(pending, account, due->provider_call_id, dialled_ms, arena, &request))
		submit(worker, pending, account, &request);
	else
		cannot_ask(pending); /* the lease was pushed: it comes up again */
	va_arena_free(arena);
}

bool
va_may_ask_real_carriers(const VaWorker *worker)
{
	/* A copy knows the original's calls and keys; it must not even ask about them. */
	return worker->real_carriers && va_clock_offset_us() == 0;
}

/* The identity of a call at a carrier that does not echo our reference. */
static void
read_numbers(Due *due)
{
	Datum values[1] = { Int64GetDatum(due->call_id) };

	va_set_tenant(due->tenant_id);
	if (va_execute(&lost_statement, values, NULL) != 1)
		return;
	due->to_number = va_column_text(0, "to_number");
	due->from_number = va_column_text(0, "from_number");
}

/* The rows of the statement that has just been executed; how many. */
static int
read_due(Due *due, int n, bool incoming)
{
	for (int i = 0; i < n; i++)
	{
		due[i].tenant_id = va_column_int(i, "tenant_id", 0);
		due[i].call_id = va_column_int(i, "call_id", 0);
		due[i].provider_account_id = va_column_int(i, "provider_account_id", 0);
		due[i].provider_call_id = va_column_text(i, "provider_call_id");
		due[i].incoming = incoming;
		if (incoming)
			continue;
		due[i].reference = va_column_text(i, "reference");
		due[i].dialled_at = va_column_time(i, "dialled_at");
	}
	return n;
}

/* An incoming call costs a tenant only a line: such calls come after ours, a few at a time. */
static int
read_due_incoming(const VaWorker *worker, Due *due, int room)
{
	Datum values[3] = { Int32GetDatum(Min(room, INCOMING_MAX)), accounts_asked(false), tenants_asking(true, room) };

	/* The sandbox has none. */
	if (room <= 0 || !va_may_ask_real_carriers(worker))
		return 0;
	return read_due(due, (int) va_execute(&due_incoming_statement, values, NULL), true);
}

/* Due rows of one account: consecutive rows. */
typedef struct AccountsDue
{
	Due *due;
	int n;
	MemoryContext keep;
} AccountsDue;

static void
load_due(void *arg)
{
	AccountsDue *mine = arg;
	Due *due = mine->due;
	MemoryContext old = MemoryContextSwitchTo(mine->keep);

	va_set_tenant(due[0].tenant_id);
	due[0].account = va_account_load(due[0].tenant_id, due[0].provider_account_id);
	for (int i = 0; i < mine->n; i++)
	{
		due[i].account = due[0].account;
		if (due[i].provider_call_id == NULL)
			read_numbers(&due[i]);
	}
	MemoryContextSwitchTo(old);
}

/* A call that cannot be asked about because of its account comes up again with its lease, which was pushed. */
static void
load_all_due(Due *due, int n, MemoryContext keep)
{
	for (int from = 0, to; from < n; from = to)
	{
		AccountsDue mine = { due + from, 0, keep };
		char sqlstate[6];
		char *message;

		for (to = from; to < n && due[to].tenant_id == due[from].tenant_id &&
						due[to].provider_account_id == due[from].provider_account_id;
			 to++)
			;
		mine.n = to - from;
		if (va_try(load_due, &mine, sqlstate, &message))
			continue;
		for (int i = from; i < to; i++)
			due[i].account = NULL;
		ereport(LOG, (errmsg("could not look up calls of provider account " INT64_FORMAT ": %s: %s",
						 due[from].provider_account_id, sqlstate, va_mask_caught(message, sqlstate))));
	}
}

static void
try_ask(VaWorker *worker, const Due *due)
{
	Asking asking = { worker, due };
	char sqlstate[6];
	char *message;

	if (due->account != NULL && !va_try_outside(ask, &asking, sqlstate, &message))
		ereport(LOG, (errmsg("could not ask about a call of tenant " INT64_FORMAT ": %s: %s", due->tenant_id, sqlstate,
						 va_mask_caught(message, sqlstate))));
}

/* Read what is due, push its lease in the same commit, then ask with no transaction open. */
void
va_lookups_ask_due(VaWorker *worker)
{
	int room = LOOKUP_MAX - asked;
	Datum values[6] = { Int32GetDatum(room), Int32GetDatum(Max(LISTS_MAX - lists_asked, 0)),
		BoolGetDatum(va_may_ask_real_carriers(worker)) };
	MemoryContext keep = AllocSetContextCreate(worker->scratch, "due lookups", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;
	Due *due;
	int n;

	if (room <= 0)
		return;
	va_begin("look for calls whose lease has ended");
	values[3] = accounts_asked(false);
	values[4] = accounts_asked(true);
	values[5] = tenants_asking(false, room);
	n = (int) va_execute(&due_statement, values, NULL);
	old = MemoryContextSwitchTo(keep);
	due = palloc0(sizeof(Due) * (Max(n, 0) + INCOMING_MAX));
	n = read_due(due, n, false);
	n += read_due_incoming(worker, due + n, room - n);
	MemoryContextSwitchTo(old);
	load_all_due(due, n, keep);
	va_commit();
	for (int i = 0; i < n; i++)
		try_ask(worker, &due[i]);
	for (int i = 0; i < n; i++)
		if (due[i].account != NULL)
			va_account_wipe(due[i].account);
}

/* ---- answers ---- */

/*
 * An answer that cannot be recorded, because of a tenant's locks or an error of
 * its own, is asked for again when the lease of the call has ended.
 */
static void
try_note_answer(PendingLookup *pending)
{
	char sqlstate[6];
	char *message;

	if (va_backoff_active(&tenant_backoff, pending->tenant_id))
		return;
	if (va_try(va_note_answer, pending, sqlstate, &message))
	{
		va_backoff_reset(&tenant_backoff, pending->tenant_id);
		return;
	}
	pending->again = false;
	if (va_may_pass(sqlstate))
		(void) va_backoff_start(&tenant_backoff, pending->tenant_id, HELD_WAIT_MS);
	else
		ereport(LOG, (errmsg("could not record what the carrier says about a call of tenant " INT64_FORMAT ": %s: %s",
						 pending->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
}

/*
 * Incoming calls first, in the applier's order of locks; the end of an outbound
 * call goes on to the ledger, which is locked last.
 */
static PendingLookup *
take_answered(void)
{
	PendingLookup *ours = NULL;
	PendingLookup *incoming = NULL;
	PendingLookup **last = &incoming;

	while (answered != NULL)
	{
		PendingLookup *pending = answered;

		answered = pending->next;
		if (pending->incoming)
		{
			pending->next = incoming;
			if (incoming == NULL)
				last = &pending->next;
			incoming = pending;
		}
		else
		{
			pending->next = ours;
			ours = pending;
		}
	}
	*last = ours;
	return incoming;
}

/* It is done, or another page of its list is to be asked for. */
static void
put_away(PendingLookup *pending)
{
	if (pending->result != NULL)
		va_http_result_free(pending->result);
	pending->result = NULL;
	count_answered(pending);
	if (pending->again)
	{
		pending->next = unfinished;
		unfinished = pending;
	}
	else
		free(pending);
}

/* As many commits as it takes, none of them long. */
void
va_lookups_note(void)
{
	PendingLookup *pending = take_answered();

	while (pending != NULL)
	{
		PendingLookup *from = pending;
		TimestampTz until = GetCurrentTimestamp() + NOTE_US;

		va_begin("note what carriers say of calls");
		do
		{
			try_note_answer(pending);
			pending = pending->next;
		} while (pending != NULL && GetCurrentTimestamp() < until);
		va_commit();
		while (from != pending)
		{
			PendingLookup *done = from;

			from = from->next;
			put_away(done);
		}
		CHECK_FOR_INTERRUPTS();
	}
}

/* A list of which another page is asked for. */
typedef struct NextPage
{
	VaWorker *worker;
	PendingLookup *pending;
	VaOpenAccount *account;
} NextPage;

static void
load_account(void *arg)
{
	NextPage *page = arg;
	MemoryContext old = MemoryContextSwitchTo(page->worker->scratch);

	va_set_tenant(page->pending->tenant_id);
	page->account = va_account_load(page->pending->tenant_id, page->pending->provider_account_id);
	MemoryContextSwitchTo(old);
}

static void
ask_next_page(void *arg)
{
	NextPage *page = arg;
	VaArena *arena = va_arena_here();
	VaHttpRequest request = { 0 };

	if (page->account->problem == NULL && build_lookup_request(page->pending, page->account, NULL, 0, arena, &request))
		submit(page->worker, page->pending, page->account, &request);
	else
		cannot_ask(page->pending);
	va_arena_free(arena);
}

/* Whatever fails here, or is lost with the process, comes up again with the leases of these calls. */
void
va_lookups_ask_on(VaWorker *worker)
{
	while (unfinished != NULL)
	{
		NextPage page = { worker, unfinished, NULL };
		char sqlstate[6];
		char *message;
		bool good;

		unfinished = page.pending->next;
		va_begin("ask for another page of calls");
		good = va_try(load_account, &page, sqlstate, &message);
		va_commit();
		if (!good || !va_try_outside(ask_next_page, &page, sqlstate, &message))
		{
			ereport(LOG, (errmsg("could not look up calls of tenant " INT64_FORMAT ": %s: %s", page.pending->tenant_id,
							 sqlstate, va_mask_caught(message, sqlstate))));
			free(page.pending);
		}
		if (good)
			va_account_wipe(page.account);
		CHECK_FOR_INTERRUPTS();
	}
}

bool
va_lookups_answered(void)
{
	return answered != NULL;
}

bool
va_lookups_under_way(void)
{
	return asked > 0;
}
