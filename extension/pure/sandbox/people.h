/*-------------------------------------------------------------------------
 * people.h
 *		The scripted people whom the sandbox carrier calls.
 *
 * Everything about a call follows from a few values that the carrier has
 * stored: whether it is answered, when, what is said, how it ends, and how
 * badly its webhooks arrive.  So a carrier that was killed goes on with the
 * same call, and the same campaign gives the same figures every time.
 *
 * Numbers 555-01xx of the North American plan, which are given to nobody,
 * force what happens (va_people_numbers); all others follow a mix that
 * depends on seed, number and reference, so a retry may be answered.
 *
 * Pure: no backend, no clock, no state.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PEOPLE_H
#define VOICEAGENT_PURE_PEOPLE_H

#include "pure/providers/vapi/vapi_carrier.h"

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
	double time_scale;	/* how much faster than told the call runs; 0 = 1 */
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

/* What was said and what came of it: the members of a call from duration_s (exact in ms) on; texts live in the arena. */
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

#endif /* VOICEAGENT_PURE_PEOPLE_H */
