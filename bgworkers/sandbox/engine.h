/*-------------------------------------------------------------------------
 * engine.h
 *		A carrier that speaks Vapi's API: requests in, calls that ring and
 *		talk in scaled time, signed webhooks out until they are acknowledged.
 *
 * No backend header: the sandbox worker and the stand-alone carrier of the crash tests are
 * made of it.  Nothing here touches a database or raises an error.  VaSandboxRecord must
 * survive a crash; its owner stores it before it answers, and everything else is derived from
 * it again.
 *
 * How its owner uses it, for each request: va_sandbox_read(), then by kind
 *
 *   VA_ASK_ANSWERED  nothing
 *   VA_ASK_PLACE		fill in the record's seed, scale and time, store it, then
 *					va_sandbox_placed(); or va_sandbox_refuse()
 *   VA_ASK_FETCH		va_sandbox_answer_call() with the live call, or with one that
 *					va_sandbox_load() made of a stored record; or refuse with 404
 *   VA_ASK_LIST		va_sandbox_answer_list()
 *   VA_ASK_HANG_UP	va_sandbox_hang_up(), store hung_up_at, then va_sandbox_done()
 *   VA_ASK_COMMAND	va_sandbox_command(), store hung_up_at and commands, then va_sandbox_done()
 *
 * Times are milliseconds since 1970 by the hook's clock.
 */
#ifndef VOICEAGENT_SANDBOX_ENGINE_H
#define VOICEAGENT_SANDBOX_ENGINE_H

#include <uv.h>

#include "http/client.h"
#include "http/server.h"
#include "pure/sandbox/plan.h"

typedef enum VaAskKind
{
	VA_ASK_ANSWERED = 0,
	VA_ASK_PLACE,
	VA_ASK_FETCH,
	VA_ASK_LIST,
	VA_ASK_HANG_UP,
	VA_ASK_COMMAND
} VaAskKind;

/* The requested part of a call. */
typedef enum VaSandboxPart
{
	VA_PART_STATE,
	VA_PART_RECORDING_LINK,
	VA_PART_SOUND
} VaSandboxPart;

typedef struct VaSandboxAsk
{
	VaAskKind kind;
	VaHttpdRequest *request;
	VaSandboxCall *call; /* PLACE: the new one; FETCH, HANG_UP, COMMAND: the live one, or NULL */
	const char *command; /* COMMAND: JSON, in the call's arena */
	VaSandboxPart part;	 /* FETCH */
	char id[VA_SANDBOX_ID_LEN + 1];
	int64_t tenant_id; /* 0 = anybody's (a control URL is its own key) */
	int64_t provider_account_id;
	int64_t from; /* LIST: created_at, both inclusive */
	int64_t to;
	int limit;
} VaSandboxAsk;

typedef struct VaSandboxHooks
{
	void *arg;
	int64_t (*now)(void *arg);
	/* The account that the key belongs to; false = none. */
	bool (*authenticate)(void *arg, const char *key, int64_t *tenant_id, int64_t *provider_account_id);
	/* The text with which webhooks are signed; false = do not sign.  The caller wipes it. */
	bool (*webhook_secret)(void *arg, int64_t tenant_id, int64_t provider_account_id, char *out, size_t size);
} VaSandboxHooks;

extern VaSandbox *va_sandbox_create(uv_loop_t *loop, VaHttp *http, const VaSandboxHooks *hooks);

/*
 * own_port: where this carrier listens, for control URLs. gateway: the URL of
 * our own gateway now, copied; "" = it does not listen, wait. A plain URL
 * /webhooks/... at a numeric address means the gateway, wherever it listens
 * when a webhook is sent: it may have another address and port by then. NULL =
 * there is no gateway.
 */
extern void va_sandbox_set_addresses(VaSandbox *sandbox, int own_port, const char *gateway);

/* How many calls of a number that counts them there have been before (after a restart). */
extern void va_sandbox_count_dials(VaSandbox *sandbox, int64_t tenant_id, const char *number, int dials);

extern void va_sandbox_read(VaSandbox *sandbox, VaHttpdRequest *request, VaSandboxAsk *ask);

/* Answer 201 (or, where the people say so, drop the connection; nothing when ask->request is NULL) and let it ring. */
extern void va_sandbox_placed(VaSandbox *sandbox, VaSandboxAsk *ask);
/* Answer with Vapi's error body; frees a new call. */
extern void va_sandbox_refuse(VaSandboxAsk *ask, int status, const char *message);
extern void va_sandbox_answer_call(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall *call);
extern void va_sandbox_answer_list(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall **calls, int ncalls);
/* The live call ends now; false when it is over. */
extern bool va_sandbox_hang_up(VaSandbox *sandbox, VaSandboxCall *call);
/* The live call obeys: 200; else the status to refuse the command with, and *why. */
extern int va_sandbox_command(VaSandbox *sandbox, VaSandboxCall *call, const char *command, const char **why);
extern void va_sandbox_done(VaSandboxAsk *ask);

/* Go on with it: every webhook is sent (again). */
extern void va_sandbox_start(VaSandbox *sandbox, VaSandboxCall *call);

/* Calls whose webhooks are all acknowledged or given up, as a list that becomes the caller's. */
extern VaSandboxCall *va_sandbox_take_finished(VaSandbox *sandbox);

/* Calls now, and webhooks since the start. */
typedef struct VaSandboxCounts
{
	int live;
	uint64_t sent;
	uint64_t acknowledged;
	uint64_t given_up;
} VaSandboxCounts;

/* ---- between its parts: engine.c (time, webhooks), requests.c (its API) ---- */

#define VA_SANDBOX_BUCKETS 8192 /* a power of two */
#define VA_SANDBOX_MEMORIES 1024
#define VA_SANDBOX_LIVE_MAX 20000
#define VA_SANDBOX_GATEWAY_MAX 80 /* http://[an IPv6 address]:port */

/* The memory of a number that counts its calls; lost numbers begin again. */
typedef struct Memory
{
	int64_t tenant_id;
	char number[16];
	int dials;
	bool refused;
} Memory;

struct VaSandbox
{
	uv_loop_t *loop;
	VaHttp *http;
	VaSandboxHooks hooks;
	int own_port;
	bool has_gateway;
	char gateway[VA_SANDBOX_GATEWAY_MAX]; /* its URL; "" = it does not listen */
	bool mute;							  /* no webhooks at all: a bench of dialling alone */
	VaSandboxCall *buckets[VA_SANDBOX_BUCKETS];
	VaSandboxCall *finished;
	VaSandboxCounts counts;
	Memory memories[VA_SANDBOX_MEMORIES];
	int next_memory;
};

/* Is the language model asked?  Then it has been answered. */
extern bool va_sandbox_read_model(VaSandboxAsk *ask);

extern VaSandboxCall *va_sandbox_find(const VaSandbox *sandbox, const char *id);
extern int64_t va_sandbox_now(const VaSandbox *sandbox);

#endif /* VOICEAGENT_SANDBOX_ENGINE_H */
