/*-------------------------------------------------------------------------
 * errands.c
 *		The room for every request to a carrier that is no dial and no lookup.
 *
 * A turn has three parts, and no network inside a transaction: record the
 * replies (commit), claim what is due (commit), send. Between the claim's
 * commit and the reply's the errand is `sending`; after a crash there SQL
 * (35_provider/70_errands.sql) decides whether it may be sent again.
 *
 * A reply is read together with its order. The order is kept as text, and the
 * account is loaded anew for it, so that no secret waits in memory for an
 * answer.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "runtime/account.h"
#include "core/arena.h"
#include "core/clock.h"
#include "tenancy/discretion.h"
#include "runtime/pace.h"
#include "runtime/patience.h"
#include "pure/net/url.h"
#include "core/statement.h"
#include "runtime/worker.h"

/*
 * Requests under way at a time, for all tenants: errands must not crowd out the
 * dialer, whose client they use. A tenant may have half of what the others
 * leave free: however slow its servers are, the next tenant still finds some.
 * Requests that end a call have lanes of their own.
 */
#define IN_FLIGHT_MAX 64
#define HANGUPS_MAX 64
#define TENANT_HANGUPS_MAX 16
/* The wait after a claim that failed, or found everything locked. */
#define HELD_UP_US USECS_PER_SEC
#define HELD_WAIT_MS 1000
/*
 * Longer than any request can take, its wait for the wire included, so that an
 * errand that is under way is not claimed again.
 */
#define LEASE_LEAST_S 900
#define LEASE_TIMEOUTS 20
/*
 * Every dial pokes us, so a look waits this long for more pokes; a person who
 * gives a live call a command does not notice.
 */
#define POKE_REST_MS 20

/* One request on its way; malloc'ed, because it outlives turns and is touched in callbacks. */
typedef struct Errand
{
	struct Errand *next;
	struct Errand *next_out;
	int64		tenant_id;
	int64		errand_id;
	int64		provider_account_id;
	int64		other_account_id;	/* 0 = none */
	VaErrandKind kind;
	char	   *order;			/* JSON */
	VaHttpResult *result;		/* NULL when nothing could be sent */
	char		error[200];		/* why */
} Errand;

/* What is claimed for one tenant in one commit. */
typedef struct Bag
{
	int64		tenant_id;
	int			limit;
	int			hangups;		/* as many more */
	bool		may_ask;
	bool		may_act;
	Errand	  **errands;
	VaAccount **accounts;
	VaAccount **others;
	int			n;
} Bag;

static Errand *answered = NULL; /* filled by callbacks, newest first */
static Errand *out = NULL;		/* claimed and not recorded yet */
static VaPatience patience;
static int	in_flight = 0;

static VaStatement recover_statement = {"SELECT voiceagent_private.recover_errands()", 0, {0}, NULL};
static VaStatement ready_statement = {
	"SELECT t.tenant_id, r.next_at, cardinality(r.tenants) AS n FROM voiceagent_private.ready_errands($1, $2) r"
	" LEFT JOIN LATERAL unnest(r.tenants) AS t(tenant_id) ON true",
	2, {INT8OID, INT4OID}, NULL
};
static VaStatement claim_statement = {
	"SELECT * FROM voiceagent_private.claim_errands($1, $2, $3, $4 * interval '1 second', $5)",
	5, {INT4OID, BOOLOID, BOOLOID, INT4OID, INT4OID}, NULL
};
static VaStatement record_statement = {
	"SELECT voiceagent_private.record_errand($1, $2, $3::jsonb, $4, $5)",
	5, {INT8OID, TEXTOID, TEXTOID, TEXTOID, INT4OID}, NULL
};

static void
errand_done(void *ctx, VaHttpResult *result)
{
	Errand	   *errand = ctx;

	errand->result = result;
	errand->next = answered;
	answered = errand;
}

static void
free_errand(Errand *errand)
{
	if (errand->result != NULL)
		va_http_result_free(errand->result);
	free(errand->order);
	free(errand);
}

/* ---- the order ---- */

/*
 * The dialect's input: the row's order, the account, and where the carrier is
 * to send its webhooks.
 */
static bool
read_order(const Errand *errand, const VaAccount *account, const VaAccount *other, VaArena *arena, VaErrandOrder *order,
		   const char **why)
{
	if (!va_errand_order_read(errand->order, strlen(errand->order), arena, order, why))
		return false;
	order->carrier = &account->carrier;
	if (order->server_url == NULL)
		order->server_url = account->webhook_url;
	order->webhook_headers = account->webhook_headers;
	if (order->answer.status_url == NULL)
		order->answer.status_url = account->webhook_url;
	if (other != NULL)
	{
		order->other = &other->carrier;
		order->other_provider = other->dialect->name;
	}
	return true;
}

/* ---- replies ---- */

/* A key that opens another account than the one that was named would dial at another customer's cost. */
static void
check_account_ref(const VaAccount *account, VaErrandReply *reply)
{
	const char *name = account->dialect->account_name;
	const char *named = NULL;

	if (name != NULL)
		named = va_carrier_credential(&account->carrier, name);
	if (name != NULL && named == NULL)
		named = va_carrier_setting(&account->carrier, name);
	if (reply->kind != VA_DIAL_ACCEPTED || reply->account_ref == NULL || named == NULL || strcmp(named, reply->account_ref) == 0)
		return;
	reply->kind = VA_DIAL_BAD_ACCOUNT;
	reply->cause = "other-account";
	reply->message = "the carrier answers for another account than this one is said to be";
}

static void
read_reply(const Errand *errand, VaArena *arena, VaErrandReply *reply)
{
	VaAccount  *account = va_account_load(errand->tenant_id, errand->provider_account_id);
	VaAccount  *other = errand->other_account_id != 0 ? va_account_load(errand->tenant_id, errand->other_account_id) : NULL;
	VaHttpResponse response;
	VaErrandOrder order;
	const char *why = NULL;

	va_account_response(errand->result, &response);
	if (account->dialect->errands[errand->kind].read == NULL || !read_order(errand, account, other, arena, &order, &why))
	{
		reply->kind = VA_DIAL_UNKNOWN;
		reply->message = why;
		return;
	}
	account->dialect->errands[errand->kind].read(&order, &response, arena, reply);
	if (errand->kind == VA_ERRAND_CHECK_ACCOUNT)
		check_account_ref(account, reply);
	va_account_wipe(account);
	if (other != NULL)
		va_account_wipe(other);
}

static void
record_errand(void *arg)
{
	Errand	   *errand = arg;
	VaArena    *arena = va_arena_here();
	VaErrandReply reply = {0};
	const char *error;
	const char *result;
	Datum		values[5];
	char		nulls[] = "     ";

	va_act_for(errand->tenant_id);
	if (errand->result != NULL)
		read_reply(errand, arena, &reply);
	else
	{
		reply.kind = VA_DIAL_REFUSED_PERMANENT;
		reply.cause = "request-refused";
		reply.message = errand->error;
	}
	error = psprintf("%s%s%s", reply.cause ? reply.cause : "", reply.cause && reply.message ? ": " : "",
					 reply.message ? reply.message : "");
	result = errand->result != NULL ? va_errand_reply_text(&reply, arena) : NULL;
	values[0] = Int64GetDatum(errand->errand_id);
	values[1] = CStringGetTextDatum(va_dial_kind_name(reply.kind));
	values[2] = result != NULL ? CStringGetTextDatum(result) : (Datum) 0;
	if (result == NULL)
		nulls[2] = 'n';
	values[3] = CStringGetTextDatum(error);
	values[4] = Int32GetDatum((int32) Min(Max(reply.retry_after_s, 0), 86400));
	va_execute(&record_statement, values, nulls);
}

/*
 * Each reply in a commit of its own. False: its rows are locked, and it is
 * kept. A reply that cannot be recorded for another reason is left to its
 * lease, so that it does not keep others from being recorded.
 */
static bool
try_record(Errand *errand)
{
	char		sqlstate[6];
	char	   *message;
	bool		noted;

	if (va_is_put_off(&patience, errand->tenant_id))
		return false;
	va_begin("record what carriers say of errands");
	noted = va_try(record_errand, errand, sqlstate, &message);
	VA_CRASH_POINT("errands_mid_record");
	va_commit();
	VA_CRASH_POINT("errands_after_record");
	if (noted)
	{
		va_served(&patience, errand->tenant_id);
		return true;
	}
	if (va_is_lock_error(sqlstate))
	{
		(void) va_put_off(&patience, errand->tenant_id, HELD_WAIT_MS);
		return false;
	}
	ereport(LOG,
			(errmsg("could not record the reply to errand " INT64_FORMAT " of tenant " INT64_FORMAT ": %s: %s", errand->errand_id,
					errand->tenant_id, sqlstate, va_mask_caught(message, sqlstate))));
	return true;
}

static void
record_replies(void)
{
	Errand	   *list = answered;

	if (list == NULL)
		return;
	VA_CRASH_POINT("errands_before_record");
	/* Replies that a later error leaves unrecorded stay listed. */
	while (list != NULL)
	{
		Errand	   *errand = list;
		Errand	  **link = &answered;

		list = errand->next;
		if (!try_record(errand))
			continue;
		while (*link != errand)
			link = &(*link)->next;
		*link = errand->next;
		for (link = &out; *link != errand; link = &(*link)->next_out)
			;
		*link = errand->next_out;
		in_flight--;
		free_errand(errand);
	}
}

/* ---- claim ---- */

static Errand *
new_errand(const Bag *bag, int row)
{
	Errand	   *errand = calloc(1, sizeof(Errand));
	char	   *order = va_column_text(row, "order_data");

	if (errand != NULL)
		errand->order = strdup(order);
	if (errand == NULL || errand->order == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	errand->tenant_id = bag->tenant_id;
	errand->errand_id = va_column_int(row, "errand_id", 0);
	errand->provider_account_id = va_column_int(row, "provider_account_id", 0);
	errand->other_account_id = va_column_int(row, "other_account_id", 0);
	errand->kind = va_errand_kind(va_column_text(row, "kind"));
	return errand;
}

static void
claim_tenant(void *arg)
{
	Bag		   *bag = arg;
	int			lease_s = Max(LEASE_LEAST_S, va_guc_http_timeout_ms / 1000 * LEASE_TIMEOUTS);
	Datum		values[5] = {Int32GetDatum(bag->limit), BoolGetDatum(bag->may_ask), BoolGetDatum(bag->may_act),
	Int32GetDatum(lease_s), Int32GetDatum(bag->hangups)};
	int			n;
	MemoryContext old;

	va_act_for(bag->tenant_id);
	n = (int) va_execute(&claim_statement, values, NULL);
	/* The accounts outlive the commit. */
	old = MemoryContextSwitchTo(va_this_worker()->scratch);
	bag->errands = palloc0(sizeof(Errand *) * Max(n, 1));
	bag->accounts = palloc0(sizeof(VaAccount *) * Max(n, 1));
	bag->others = palloc0(sizeof(VaAccount *) * Max(n, 1));
	for (bag->n = 0; bag->n < n; bag->n++)
		bag->errands[bag->n] = new_errand(bag, bag->n);
	/* The rows have been read, so the next statement may replace SPI's results. */
	for (int i = 0; i < n; i++)
	{
		bag->accounts[i] = va_account_load(bag->tenant_id, bag->errands[i]->provider_account_id);
		if (bag->errands[i]->other_account_id != 0)
			bag->others[i] = va_account_load(bag->tenant_id, bag->errands[i]->other_account_id);
	}
	MemoryContextSwitchTo(old);
}

/* False: the claim failed. The tenant is skipped; its errands come up later. */
static bool
fill_bag(Bag *bag)
{
	char		sqlstate[6];
	char	   *message;
	bool		done;

	va_begin("claim errands");
	done = va_try(claim_tenant, bag, sqlstate, &message);
	if (!done)
	{
		/* An account could not be read: what was made for it is not freed with the transaction. */
		while (bag->n > 0)
			free_errand(bag->errands[--bag->n]);
		if (va_put_off(&patience, bag->tenant_id, HELD_WAIT_MS) && !va_is_lock_error(sqlstate))
			ereport(LOG,
					(errmsg("could not claim errands of tenant " INT64_FORMAT ": %s: %s", bag->tenant_id, sqlstate,
							va_mask_caught(message, sqlstate))));
	}
	else
		va_served(&patience, bag->tenant_id);
	VA_CRASH_POINT("errands_mid_claim");
	va_commit();
	return done;
}

/* ---- send ---- */

/* The platform allows private addresses for the account's host, not for a URL that a reply has named. */
static bool
goes_to_base_url(const VaAccount *account, const VaHttpRequest *request)
{
	VaUrl		base;
	VaUrl		target;
	const char *why;

	return account->carrier.base_url != NULL &&
		va_url_parse(account->carrier.base_url, strlen(account->carrier.base_url), &base, &why) &&
		va_url_parse(request->url, strlen(request->url), &target, &why) &&
		strcmp(base.host, target.host) == 0 && base.port == target.port;
}

static bool
submit(VaWorker *worker, Errand *errand, VaAccount *account, const VaAccount *other)
{
	VaArena    *arena = va_arena_here();
	const VaErrand *way = &account->dialect->errands[errand->kind];
	VaHttpRequest request = {0};
	VaErrandOrder order;
	const char *why = NULL;
	bool		built;

	if (account->problem != NULL || (other != NULL && other->problem != NULL))
		why = account->problem != NULL ? account->problem : other->problem;
	else if (way->build == NULL)
		why = "the carrier does not offer this";
	built = why == NULL && read_order(errand, account, other, arena, &order, &why) && way->build(&order, arena, &request, &why);
	if (built)
	{
		account->private_host = account->private_host && goes_to_base_url(account, &request);
		built = errand->kind == VA_ERRAND_HANGUP
			? va_account_send_urgent(worker, account, &request, errand_done, errand, errand->error, sizeof(errand->error))
			: va_account_send(worker, account, &request, 0, errand_done, errand, errand->error, sizeof(errand->error));
	}
	else
		strlcpy(errand->error, why != NULL ? why : "the request cannot be built", sizeof(errand->error));
	va_arena_free(arena);
	return built;
}

static void
send_bag(VaWorker *worker, Bag *bag)
{
	VA_CRASH_POINT("errands_before_send");
	for (int i = 0; i < bag->n; i++)
	{
		bool		sent = submit(worker, bag->errands[i], bag->accounts[i], bag->others[i]);

		/* Counted only now: an error before this must not leave it counted for ever. */
		in_flight++;
		bag->errands[i]->next_out = out;
		out = bag->errands[i];
		if (!sent)
			errand_done(bag->errands[i], NULL);
	}
	for (int i = 0; i < bag->n; i++)
	{
		va_account_wipe(bag->accounts[i]);
		if (bag->others[i] != NULL)
			va_account_wipe(bag->others[i]);
	}
	/* The next tenant's claim takes time: let these requests leave first. */
	va_loop_run(worker->loop);
	VA_CRASH_POINT("errands_after_send");
}

/* ---- the room ---- */

/* Requests under way: hang-ups or others, of one tenant or (0) of all. */
static int
count_out(int64 tenant_id, bool hangups)
{
	int			n = 0;

	for (Errand *errand = out; errand != NULL; errand = errand->next_out)
		n += (tenant_id == 0 || errand->tenant_id == tenant_id) && (errand->kind == VA_ERRAND_HANGUP) == hangups;
	return n;
}

/* How many more of a tenant may leave, of at most limit. */
static void
share_out(Bag *bag, int limit)
{
	int			own = count_out(bag->tenant_id, false);
	int			others = count_out(0, false) - own;

	bag->limit = Max(Min(limit, (IN_FLIGHT_MAX - others + 1) / 2 - own), 0);
	bag->hangups = Max(Min(HANGUPS_MAX - count_out(0, true), TENANT_HANGUPS_MAX - count_out(bag->tenant_id, true)), 0);
}

static int
serve_tenant(VaWorker *worker, int64 tenant_id, int limit, TimestampTz *again)
{
	bool		real_time = va_clock_offset_us() == 0;
	Bag			bag = {.tenant_id = tenant_id, .may_ask = real_time, .may_act = real_time && worker->real_carriers};

	share_out(&bag, limit);
	/* Due, and not sent: its account has enough under way, or its rows are locked. */
	if (bag.limit + bag.hangups == 0 || va_is_put_off(&patience, tenant_id) || !fill_bag(&bag) || bag.n == 0)
		*again = Min(*again, GetCurrentTimestamp() + HELD_UP_US);
	if (bag.n > 0)
		send_bag(worker, &bag);
	return bag.n;
}

static VaPace pace = {
	.file = __FILE__,
	.recovering = "recover errands",
	.recover = &recover_statement,
	.looking = "look for errands",
	.ready = &ready_statement,
	.serve = serve_tenant,
	.in_flight = &in_flight,
	.in_flight_max = IN_FLIGHT_MAX + HANGUPS_MAX,
	.look_again = DT_NOEND
};

static void
errands_start(VaWorker *worker)
{
	va_pace_start(&pace);
}

/*
 * A request that could not be sent has its reply already, and nothing else
 * would wake us; locked ones wait.
 */
static TimestampTz
replies_due(void)
{
	TimestampTz due = pace.look_again;

	for (Errand *errand = answered; errand != NULL; errand = errand->next)
		due = Min(due, va_comes_up_at(&patience, errand->tenant_id));
	return due;
}

static TimestampTz
errands_turn(VaWorker *worker, VaWake why)
{
	bool		freed = answered != NULL;

	record_replies();
	va_pace_round(&pace, worker, why, freed);
	return replies_due();
}

const VaRoom va_errands_room = {"errands", errands_start, errands_turn, NULL, POKE_REST_MS};
