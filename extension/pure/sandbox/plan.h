/*-------------------------------------------------------------------------
 * plan.h
 *		What will happen in a call of the sandbox's carrier: the record that
 *		outlives a crash, the steps of the call, and what each of them says.
 *
 * Pure: no backend header, no loop, no clock.  The carrier of a worker
 * (sandbox/engine.h) and that of a simulation play the same plan.
 * A record's texts are its owner's; all else is in the call's arena.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SANDBOX_PLAN_H
#define VOICEAGENT_SANDBOX_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "people.h"

#define VA_SANDBOX_STEPS 12
#define VA_SANDBOX_ID_LEN 36

typedef struct VaSandboxRecord
{
	char id[VA_SANDBOX_ID_LEN + 1];
	int64_t tenant_id;
	int64_t provider_account_id;
	const char *reference; /* the caller's; the id when it named none */
	const char *number;
	const char *request; /* JSON: what is needed of the request to go on */
	int dial;			 /* which call of this number, where it matters; else 0 */
	uint32_t seed;
	double time_scale;
	bool unanalysed; /* its report brings words alone */
	int64_t created_at;
	int64_t hung_up_at;	  /* 0 = was not */
	const char *commands; /* JSON: what was said, keyed or put through while it was live; NULL = nothing */
} VaSandboxRecord;

typedef struct VaSandbox VaSandbox;

typedef struct VaSandboxCall
{
	VaSandboxRecord record;
	struct VaSandboxCall *next; /* for its owner's lists */
	struct VaSandboxPlay *play; /* private */
	VaArena arena;
} VaSandboxCall;

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
	VaDisposition disposition;
	VaCarrierCall carrier; /* as it will be at its end */
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
	void *timer; /* a uv_timer_t; NULL: it has never waited */

	VaSandbox *sandbox; /* NULL = it does not run */
	VaSandboxCall *hash_next;
} VaSandboxPlay;

#define VA_SANDBOX_ANALYSIS_MS 1500 /* of the call's time, from its end to the report */
#define VA_SANDBOX_AT_ITS_END INT64_MAX
/* Seed, scale and time are known: what will happen, webhooks included. */
extern void va_sandbox_script(VaSandboxCall *call);
/* The call as it is now; shallow, its texts are the call's. */
extern void va_sandbox_describe(
	const VaSandboxCall *call, int64_t now, int own_port, VaArena *arena, VaCarrierCall *out);
/* What will be said in it, and how it ends: hung up by its caller (record.hung_up_at), told what to say (record.commands). */
extern void va_sandbox_compose(VaSandboxCall *call);
/* Its webhooks, from the first; those that are settled are left out. */
extern void va_sandbox_plan(VaSandboxPlay *play);
/* The webhook of a step: its body. */
extern const char *va_sandbox_step_body(const VaSandboxCall *call, StepKind kind, int own_port, VaArena *arena);
/* The link of the call's recording while the carrier listens at own_port. */
extern const char *va_sandbox_recording_url(const VaSandboxRecord *record, int own_port, VaArena *arena);

/* A call of a record, which is copied; it has no plan yet.  NULL when there is no memory or its request is no JSON. */
extern VaSandboxCall *va_sandbox_new(const VaSandboxRecord *record);
/* Puts what its assistant is (JSON, model.h) into a new call and its request. */
extern void va_sandbox_set_assistant(VaSandboxCall *call, const char *assistant);
/* ... of a stored record, with its plan; it does nothing yet. */
extern VaSandboxCall *va_sandbox_load(const VaSandboxRecord *record);
extern void va_sandbox_free(VaSandboxCall *call);

#endif /* VOICEAGENT_SANDBOX_PLAN_H */
