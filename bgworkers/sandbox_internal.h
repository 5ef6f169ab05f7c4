/*-------------------------------------------------------------------------
 * sandbox_internal.h
 *		What the parts of the carrier share: sandbox_plan.c (what will happen
 *		in a call), sandbox_engine.c (time, webhooks) and sandbox_requests.c
 *		(its API).  Nobody else's.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SANDBOX_INTERNAL_H
#define VOICEAGENT_SANDBOX_INTERNAL_H

#include "sandbox_engine.h"

#define VA_SANDBOX_BUCKETS 8192 /* a power of two */
#define VA_SANDBOX_STEPS 12
#define VA_SANDBOX_MEMORIES 1024
#define VA_SANDBOX_LIVE_MAX 20000
#define VA_SANDBOX_GATEWAY_MAX 80 /* http://[an IPv6 address]:port */

typedef enum StepKind
{
	STEP_RINGING = 0,
	STEP_IN_PROGRESS,
	STEP_ENDED,
	STEP_REPORT,
	STEP_NOTHING /* only time passes */
} StepKind;

typedef struct Step
{
	StepKind kind;
	int64_t at; /* real ms after the call was taken */
} Step;

/* A call as it runs; in the call's arena. */
typedef struct VaSandboxPlay
{
	VaPeopleOrder order;
	VaFate fate;
	VaTalk talk;
	VaCarrierCall carrier;	  /* as it will be at its end */
	bool records;
	const char *server_url;	  /* NULL = no webhooks */
	const char *gateway_path; /* instead, when the gateway is meant */
	VaHeader server_headers[16];
	int nserver_headers;
	double scale; /* call time to real time */

	Step steps[VA_SANDBOX_STEPS];
	int nsteps;
	int step;			  /* the next to be sent */
	unsigned int settled; /* bits of StepKind that need not be sent (again) */
	int tries;
	bool in_flight;
	bool replan; /* it was hung up while a webhook was under way */
	uint64_t due; /* by the loop's clock, ms */
	int heap_index; /* -1 = not waiting */

	VaSandbox *sandbox; /* NULL = it does not run */
	VaSandboxCall *hash_next;
} VaSandboxPlay;

/* What a number that counts its calls remembers; lost numbers begin again. */
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
	bool mute;
	uv_timer_t timer;
	VaSandboxCall **heap;
	int nheap;
	int heap_size;
	VaSandboxCall *buckets[VA_SANDBOX_BUCKETS];
	int live;
	VaSandboxCall *finished;
	VaSandboxCounts counts;
	Memory memories[VA_SANDBOX_MEMORIES];
	int nmemories;
	int next_memory;
};

/* sandbox_plan.c */
#define VA_SANDBOX_ANALYSIS_MS 1500 /* of the call's time, from its end to the report */
#define VA_SANDBOX_AT_ITS_END INT64_MAX
/* Seed, scale and time are known: what will happen, webhooks included. */
extern void va_sandbox_script(VaSandboxCall *call);
/* The call as it is now; shallow, its texts are the call's. */
extern void va_sandbox_describe(const VaSandboxCall *call, int64_t now, int own_port, VaArena *arena, VaCarrierCall *out);
/* What will be said in it, and how it ends: hung up by its caller (record.hung_up_at), told what to say (record.commands). */
extern void va_sandbox_compose(VaSandboxCall *call);
/* Its webhooks, from the first; those that are settled are left out. */
extern void va_sandbox_plan(VaSandboxPlay *play);
/* The webhook of a step: its body. */
extern const char *va_sandbox_step_body(const VaSandboxCall *call, StepKind kind, int own_port, VaArena *arena);

/* sandbox/recording.c */
/* Is it the path of a recording?  Then the ask is about that. */
extern bool va_sandbox_read_recording(const char *path, VaSandboxAsk *ask);
extern const char *va_sandbox_recording_url(const VaSandboxRecord *record, int own_port, VaArena *arena);
extern void va_sandbox_answer_recording(VaSandbox *sandbox, VaSandboxAsk *ask, VaSandboxCall *call);

/* sandbox_engine.c */
extern VaSandboxCall *va_sandbox_find(const VaSandbox *sandbox, const char *id);
extern void va_sandbox_start(VaSandbox *sandbox, VaSandboxCall *call);
extern int64_t va_sandbox_now(const VaSandbox *sandbox);

#endif /* VOICEAGENT_SANDBOX_INTERNAL_H */
