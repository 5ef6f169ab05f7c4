/*-------------------------------------------------------------------------
 * dial_facts.h
 *		Facts on the leads that a claim has picked: see judge.c.
 */
#ifndef VOICEAGENT_DIAL_FACTS_H
#define VOICEAGENT_DIAL_FACTS_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "tenancy/rows.h"
#include "verdict.h"

/* From PLATFORM_STOPS on they are the platform's. */
typedef enum VaFactSource
{
	LEADS,
	NUMBERS,
	MEMBERS,
	QUEUE,
	LANES,
	CONSENTS,
	LIVE,
	CALLS,
	LEAD_CALLS,
	REMOVED,
	HEARD,
	STOPS,
	CAMPAIGN_STOPS,
	PREFIXES,
	PLATFORM_STOPS,
	BLOCKS,
	LISTS,
	TERMS,
	N_SOURCES
} VaFactSource;

#define VA_CAPS 3
#define VA_HINTS 16

/* No call to us counts as live for longer: longest_incoming(). */
#define VA_LONGEST_INCOMING (2 * USECS_PER_HOUR)

/* Caps of a day, of 24 hours and for ever, as turns and proofs call them. */
extern VaColumn va_caps[VA_CAPS];

/* The law of a place, for those who are in the same zones; none of its pointers lives shorter than the judge. */
typedef struct VaLaw
{
	const char *place;
	ArrayType *zones;	  /* NULL: any, for it lay ready */
	Datum terms;		  /* law_terms; 0: none holds */
	TupleTableSlot *slot; /* ... as a row */
	TimestampTz list_as_of;
	/* How long a consent lasts (NULL: until withdrawn); for leads alone, what stops all dials there. */
	Interval *valid;
	bool asked;
	const char *unheard;
	const char *special;
} VaLaw;

typedef struct VaJudge
{
	VaRows from[N_SOURCES]; /* each is opened when it is first asked */
	bool empty[N_SOURCES];	/* for leads alone, which may be many: has the tenant no row of it? */
	MemoryContext context;
	TimestampTz at;
	bool alone; /* each pick by itself, for no claim: none has been taken before it */
	VaTarget *turns;
	int n_turns;
	VaTarget given; /* a pick as it came */
	VaTarget made;	/* ... as it is given back */
	VaTarget proof;
	VaTarget law;	 /* law_terms; all null: none holds */
	VaTarget answer; /* rule_facts; all null: nothing was asked */
	FmgrInfo ask;
	/* The leads and numbers of this claim: those of its rounds before (placed), then picks. */
	int64 *taken;
	int64 *taken_numbers;
	int n_placed;
	int n_taken;
	List *laws;
	VaLaw *in_force; /* for the pick at hand */
} VaJudge;

/* A pick.  Of a row that is not there the slot is NULL; so is the phone where the lead has no such number. */
typedef struct VaDialFacts
{
	TupleTableSlot *pick;
	TupleTableSlot *turn;
	TupleTableSlot *lead;
	TupleTableSlot *number; /* the row of the lead, or of its further number */
	TupleTableSlot *member;
	const char *phone;
	int64 lead_id;
	int64 campaign_id;
	int64 consent_id; /* 0: none */
	bool lawful;
	bool waits;
	bool others; /* the lead has other numbers */
	bool callback;
	bool by_appointment;
	bool lacks;
	bool called; /* the number, as far back as the rules look */
	bool live;
	bool shares;		 /* its number with a pick before it */
	int32 caps[VA_CAPS]; /* negative: any number */
	const char *hints[VA_HINTS];
	int n_hints;
	VaVerdict verdict;
	const char *note;
	TimestampTz due;
} VaDialFacts;

#define is_true(row, name) (va_row_has(row, name) && DatumGetBool(va_row_datum(row, name)))
#define id_of(row, name) DatumGetInt64(va_row_datum(row, name))
#define text_or_null(row, name) (va_row_has(row, name) ? TextDatumGetCString(va_row_datum(row, name)) : NULL)
#define text_of(row, name) TextDatumGetCString(va_row_datum(row, name)) /* never null */
#define time_of(row, name) (va_row_has(row, name) ? DatumGetTimestampTz(va_row_datum(row, name)) : DT_NOBEGIN)

/* A time, less or with an interval (NULL: none). */
extern TimestampTz va_before(TimestampTz at, TupleTableSlot *row, VaColumn *column);
extern TimestampTz va_after(TimestampTz at, TupleTableSlot *row, VaColumn *column);

extern void va_close_facts(VaJudge *judge);
/* Where a number rings, as jurisdiction() has it. */
extern char *va_place_of(TupleTableSlot *number);
/* How many of its numbers a pick alone has, and what it waits for, as it is queued. */
extern void va_read_queued(VaJudge *judge, VaDialFacts *f);
/* Reads all of a pick that has its turn, but what ask_rules() makes of the hints. */
extern void va_read_facts(VaJudge *judge, VaDialFacts *f);

#endif /* VOICEAGENT_DIAL_FACTS_H */
