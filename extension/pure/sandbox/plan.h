/*-------------------------------------------------------------------------
 * plan.h
 *		The calls of the sandbox's carrier: the scripted people whom it calls
 *		(people.c), the record that outlives a crash, the steps of the call, and
 *		what each of them says (plan.c).
 *
 * Everything about a call follows from a few values that the carrier has
 * stored: whether it is answered, when, what is said, how it ends, and how
 * badly its webhooks arrive.  So a carrier that was killed goes on with the
 * same call, and the same campaign gives the same figures every time.  The
 * carrier of a worker (sandbox/engine.h) and that of a simulation play the same
 * plan.  Numbers 555-01xx of the North American plan, which are never assigned,
 * force what happens; all others follow a mix that depends on seed, number and
 * reference, so a retry may be answered.
 *
 * Pure: no backend header, no loop, no clock.  A record's texts are its
 * owner's; all else is in the call's arena.
 */
#ifndef VOICEAGENT_SANDBOX_PLAN_H
#define VOICEAGENT_SANDBOX_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "pure/providers/vapi/vapi_carrier.h"

/* ---- people ---- */

/* In the order of people.tsv. */
typedef enum VaDispositionKind
{
	VA_DISPOSITION_NO_ANSWER = 0,
	VA_DISPOSITION_BUSY,
	VA_DISPOSITION_VOICEMAIL,
	VA_DISPOSITION_FAILED, /* the carrier could not connect */
	VA_DISPOSITION_MISDIALED,
	VA_DISPOSITION_BOOKS,
	VA_DISPOSITION_INTERESTED,
	VA_DISPOSITION_NOT_INTERESTED,
	VA_DISPOSITION_CALLBACK,
	VA_DISPOSITION_OPTS_OUT,
	VA_DISPOSITION_SWEARS,
	VA_DISPOSITION_HANGS_UP, /* at once, without a word to the point */
	VA_DISPOSITION_TALKS_ON, /* until the longest duration */
	VA_DISPOSITIONS
} VaDispositionKind;

typedef struct VaPeopleKind
{
	const char *name;
	int weight; /* in each thousand calls */
	int ring_ms, ring_span_ms;
	const char *ended_reason;
	int script[12];
	const char *told; /* "" without an answer; the summary behind the name; a time follows where one was named */
	const char *data; /* JSON without the times */
} VaPeopleKind;

extern const VaPeopleKind va_people_kinds[VA_DISPOSITIONS];

/* How the carrier misbehaves: bits. */
#define VA_FAULT_SILENT 0x001	 /* no webhook at all */
#define VA_FAULT_SHUFFLED 0x002	 /* every webhook twice, late and in the wrong order */
#define VA_FAULT_DROPS 0x004	 /* takes the call and drops the connection */
#define VA_FAULT_NO_REPORT 0x008 /* no end-of-call report, no "ended" */
#define VA_FAULT_LATE 0x010		 /* the report is late */
#define VA_FAULT_DOUBLED 0x020	 /* every webhook twice */
#define VA_FAULT_SWAPPED 0x040	 /* the report before "in-progress" */

/* A telephone that forces what happens. */
typedef struct VaPeopleNumber
{
	int ending; /* the last four digits, 100 .. 199, behind 555 */
	VaDispositionKind kind;
	int faults;
	int refusal;	   /* HTTP status instead of the call; 0 = it is taken */
	bool refuses_once; /* only every other request */
	int busy_first;	   /* so many calls are busy, then the kind */
} VaPeopleNumber;

extern const VaPeopleNumber *va_people_numbers(int *count);
/* NULL for numbers that force nothing. */
extern const VaPeopleNumber *va_people_number(const char *number);

typedef struct VaPeopleOrder
{
	uint32_t seed;
	const char *number;
	const char *reference;	   /* of the attempt */
	int dial;				   /* which call of this number it is, from 1; only numbers with busy_first look at it */
	const char *customer_name; /* may be NULL */
	const char *variables;	   /* JSON object of the lead's values; may be NULL */
	const char *first_message; /* filled in; may be NULL */
	const char *extraction;	   /* JSON: {name: schema} of what else is to be read out of the talk; may be NULL */
	const char *assistant;	   /* JSON: what the assistant is (model.h); NULL: it has only a prompt */
	int ring_timeout_s;		   /* 0 = 30 */
	double max_duration_s;
	int64_t created_at; /* ms: dates that people name lie after it */
	double time_scale;	/* how much faster than stated the call runs; 0 = 1 */
} VaPeopleOrder;

/* Decided without an allocation; times are the call's own, not scaled. */
typedef struct VaDisposition
{
	VaDispositionKind kind;
	int faults;
	bool answered;
	int64_t ring_ms; /* from the request to the answer, or to the end */
	uint64_t rng;	 /* what the talk goes on with */
} VaDisposition;

extern void va_people_decide(const VaPeopleOrder *order, VaDisposition *disposition);

/* Speech and result: the members of a call from duration_s (exact in ms) on; texts live in the arena. */
extern void va_people_talk(
	const VaPeopleOrder *order, const VaDisposition *disposition, VaArena *arena, VaCarrierCall *call);

/* The same call, hung up by its caller so many ms after the request (when that is before its end). */
extern void va_people_hang_up(const VaDisposition *disposition, int64_t after_ms, VaArena *arena, VaCarrierCall *call);
extern int64_t va_people_talk_ms(const VaCarrierCall *call);

extern uint64_t va_people_roll(uint64_t *rng, uint64_t sides);
/* Words of a text, for how long it takes to say it. */
extern int va_people_words(const char *text);
/* The first way to say a line of people.tsv in a language (desk.h). */
extern const char *va_people_line(int language, int says);

/* ---- calls ---- */

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
/* Its talk and its end: hung up by its caller (record.hung_up_at), told what to say (record.commands). */
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
