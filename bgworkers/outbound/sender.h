/*-------------------------------------------------------------------------
 * sender.h
 *		Requests of tenants to servers that may be slow, whatever they ask.
 *
 * A kind of request is a table of five functions and its limits (VaSender).
 * sender.c does once what all kinds share: rounds of tenants, each tenant's
 * share of what may be on its way, one commit a claim, units that fail alone,
 * answers that are kept while their rows are locked.
 *
 * A turn has three parts, and no network inside a transaction: record what was
 * answered (commit), claim what is due (commit), send.
 */
#ifndef VOICEAGENT_SENDER_H
#define VOICEAGENT_SENDER_H

#include "postgres.h"

#include "lib/ilist.h"

#include "core/arena.h"
#include "core/statement.h"
#include "http/client.h"
#include "runtime/tenant_backoff.h"
#include "runtime/worker.h"

/* The first wait of a tenant whose unit of work failed, or whose rows are locked. */
#define VA_HELD_WAIT_MS 1000

typedef struct VaSender VaSender;

/*
 * One request, from its claim until its answer is recorded: the first member of
 * what its kind knows of it.  Malloc'ed, because it outlives turns and is
 * touched in callbacks.
 */
typedef struct VaSending
{
	dlist_node node;
	VaSender *sender;
	int64 tenant_id;
	int64 id;
	bool urgent; /* it ends a call: it has lanes of its own */
	bool answered;
	VaHttpResult *result; /* NULL when nothing could be sent */
	char error[200];	  /* why */
	bool private_host;	  /* may be one of ours, or of a network that is not public */
	int timeout_ms;		  /* 0: the client's */
	VaArena kept;		  /* lives as long as the request does, and is wiped with it */
} VaSending;

/* One tenant's claim of one commit. */
typedef struct VaSenderClaim
{
	VaSender *sender;
	int64 tenant_id;
	int limit;
	int urgent;		/* as many more that are urgent */
	bool real_time; /* the clock has not been moved */
	bool armed;		/* this database may use real carriers, so it is no copy */
	VaSending **sendings;
	int n;
} VaSenderClaim;

/* Its name, what its transactions are called, from those of its requests, and what make_queue() made in SQL, from their word. */
#define VA_SENDER_WORDS(NAME, THINGS, ROWS)                                                                            \
	.name = NAME, .file = __FILE__, .what = THINGS, .recovering = "recover " THINGS, .looking = "look for " THINGS,    \
	.claiming = "claim " THINGS, .recover = { .sql = "SELECT voiceagent_private.recover_" ROWS "()" },                 \
	.ready = { .sql = "SELECT t.tenant_id, r.next_at, cardinality(r.tenants) AS n FROM voiceagent_private.ready_" ROWS \
					  "($1, $2) r LEFT JOIN LATERAL unnest(r.tenants) AS t(tenant_id) ON true",                        \
		.nargs = 2,                                                                                                    \
		.argtypes = { INT8OID, INT4OID } }

/* The statement by which a sender claims. */
#define VA_CLAIMS(statement) .claims = &(statement), .claims_at = { __FILE__, "", #statement }

/* A kind of request, in static storage: what it is, and (below) how it goes. Times are real. */
struct VaSender
{
	const char *name; /* of the task, and of its crash points */
	const char *file; /* whose statements they are: __FILE__ */
	const char *what; /* in the log */
	/* The names of the transactions. */
	const char *recovering;
	const char *looking;
	const char *claiming;
	const char *recording;

	VaStatement recover; /* () ->: a predecessor may have died between a request and its answer */
	VaStatement ready;	 /* (after tenant, at most) -> rows of tenant_id, next_at, n: how many */
	/*
	 * As its tenant, within a transaction: a VaSending for each claimed row
	 * (va_sending_add()).  The current memory context lives until they are sent.
	 * NULL: these do it, open() for one whose row has no problem.
	 */
	void (*claim)(VaSenderClaim *claim);
	VaStatement *claims; /* VA_CLAIMS() */
	VaPlace claims_at;	 /* a fault point of each sender */
	bool timed;			 /* these also want to know whether the clock was moved, before whether it is armed */
	const char *id;
	void (*read)(VaSending *sending, int row);
	void (*open)(VaSending *sending);
	/* Outside of a transaction: the request, in memory of the arena; false: why not is in its error. */
	bool (*build)(VaSending *sending, VaArena *arena, VaHttpClientRequest *call);
	/* As its tenant, within a transaction: what these answers mean. */
	void (*record)(VaSending **sendings, int n);
	/* Wipes the secrets that build() needed, of a request of which perhaps not all was read; may be NULL. */
	void (*wipe)(VaSending *sending);

	Size size;		   /* of what claim() makes */
	int record_max;	   /* answers in one commit; 0: all of a tenant */
	int in_flight_max; /* for all tenants; a tenant has its share of them (va_share_left()) */
	int urgent_max;	   /* as many more that are urgent */
	int tenant_urgent; /* ... of one tenant at most */
	int answer_max;	   /* bytes; 0: the worker's own client sends it, with its limits */
	int rest_factor;   /* after a long record the tenant rests for so many times as long; 0: it does not */
	int next_part_ms;  /* a claim without a request, while none is on its way, may go on after this long */

	/* How it goes. */
	dlist_head sendings; /* on their way, or answered and not recorded */
	int in_flight;		 /* of these */
	VaHttp *http;
	VaTenantBackoff held;	/* tenants whose rows are locked, or whose claims fail */
	VaTenantBackoff rests;	/* tenants of long records */
	int64 last_tenant;		/* whose turn it was last */
	TimestampTz look_again; /* nothing becomes due before it by itself */
	TimestampTz no_look_before;
};

/* For claim(): one more request, all zero but for what they share. */
extern VaSending *va_sending_add(VaSenderClaim *claim, int64 id);

/* ... of a row, with its columns `id`, private_host, timeout_ms and, where there is one, problem: why it cannot be sent. */
extern VaSending *va_sending_read(VaSenderClaim *claim, int row, const char *id);

/*
 * For claim(): the tenant's secret of that name (NULL: of none), or the
 * platform's, opened, which the caller wipes.  NULL when there is none, which
 * is the problem that `missing` names (NULL: no problem), or it does not open:
 * that is this request's problem alone, unless it has another already.
 */
extern char *va_sending_secret(VaSending *sending, bool of_platform, const char *name, const char *missing);
/* ... in the request's own memory, and wiped with it. */
extern char *va_sending_kept_secret(VaSending *sending, bool of_platform, const char *name, const char *missing);

/* The fault in the answer of a server that is to answer 2xx; NULL: nothing. */
extern const char *va_sending_problem(const VaSending *sending);

/* The answer's body, for a statement; empty unless it is wanted. */
extern Datum va_sending_body(const VaSending *sending, bool wanted);

/* A task's start, turn and stop. */
extern void va_sender_start(VaSender *sender);
extern TimestampTz va_sender_turn(VaSender *sender, VaWorker *worker, VaWake why);
extern void va_sender_stop(VaSender *sender);

/* The task of a sender. */
#define VA_SENDER_TASK(task, sender, poke_rest_ms)                 \
	static void sender##_start(VaWorker *worker)                   \
	{                                                              \
		va_sender_start(&sender);                                  \
	}                                                              \
	static TimestampTz sender##_turn(VaWorker *worker, VaWake why) \
	{                                                              \
		return va_sender_turn(&sender, worker, why);               \
	}                                                              \
	static void sender##_stop(VaWorker *worker)                    \
	{                                                              \
		va_sender_stop(&sender);                                   \
	}                                                              \
	const VaTask task = { #sender, sender##_start, sender##_turn, sender##_stop, poke_rest_ms }

/*
 * signing.c: what tenants' servers are asked is signed, as Standard Webhooks say, with a secret of the tenant's vault.
 */

/*
 * Within a transaction: the secret of that name (NULL: of none), opened, which
 * the caller wipes.  NULL when it is missing or does not open: why is in the
 * sending's error, unless another problem was found before.
 */
extern char *va_signing_secret(VaSending *sending, const char *name);

/* A request that is signed, in the claim's memory: a row's columns of these names. */
typedef struct VaSignedSending
{
	VaSending sending;
	char *url;
	char *body;
	char *secret; /* its name, until it is opened; so is the next */
	char *previous_secret;
} VaSignedSending;

extern void va_signed_read(VaSending *sending, int row);
extern void va_signed_open(VaSending *sending);
extern void va_signed_wipe(VaSending *sending);
/* POST, with the lines of webhook-id, -timestamp and -signature, in the arena; by the previous secret, too, unless it is NULL. */
extern bool va_signed_build(
	VaSending *sending, const char *id, const char *lines[3], VaArena *arena, VaHttpClientRequest *call);

#endif /* VOICEAGENT_SENDER_H */
