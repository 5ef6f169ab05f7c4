/*-------------------------------------------------------------------------
 * lookups_internal.h
 *		Shared by the files of the task of lookups; no other file includes it.
 */
#ifndef VOICEAGENT_LOOKUPS_INTERNAL_H
#define VOICEAGENT_LOOKUPS_INTERNAL_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "lib/ilist.h"

#include "runtime/account.h"
#include "runtime/worker.h"

/* Calls on a page of a list, at least. */
#define PAGE_MIN 5

/* One question on its way; malloc'ed, because it outlives turns and is touched in callbacks. */
typedef struct PendingLookup
{
	struct PendingLookup *next;
	dlist_node under_way_node;
	int64 tenant_id;
	int64 call_id;
	bool incoming;
	int64 endpoint_id;
	int64 provider_account_id;
	bool is_list;	 /* asked for a list, because the carrier's id is not known */
	bool again;		 /* the list goes on: ask for another page */
	bool was_cut;	 /* a page was too large to be read */
	bool unreadable; /* a call in the list could not be read: it may be any */
	TimestampTz dialled_at;
	TimestampTz begun_at; /* when its first page was asked for, by our clock */
	int64 slack_ms;		  /* ... and how far that had been moved then */
	int64 created_from;	  /* of the list, ms */
	int64 created_to;
	int limit;			/* calls on a page */
	int offset;			/* calls before the page, where pages go by that */
	char to_number[32]; /* of the call that is looked for; "" = not known */
	char from_number[32];
	char reference[64];
	const VaDriver *driver;
	VaHttpResult *result;
} PendingLookup;

/* Calls that a page of the question's list can have, at most. */
extern int va_lookup_page_max(const PendingLookup *pending);

/*
 * lookup_answers.c: records a carrier's answer to a question (a Question *; its
 * result is NULL if the carrier could not be asked), as its tenant, in the
 * caller's transaction. Sets again where another page of the list is to be
 * asked for. Errors: those of the database; after a lock timeout it may be
 * tried again later.
 */
extern void va_note_answer(void *arg);

/*
 * lookups.c: asking carriers what became of calls whose lease has ended.  A part of the task `lookups`
 * (outbound/call_leases.c), which calls these in its turns. A question that is lost, with the process or otherwise, is
 * asked again: the lease is pushed in the commit before the question leaves, and ends once more.
 */

/* Whether carriers other than the sandbox may be asked: not by a copy of the database, nor with a moved clock. */
extern bool va_may_ask_real_carriers(const VaWorker *worker);

/* Asks about the calls that are due, as many as may be on their way at once. */
extern void va_lookups_ask_due(VaWorker *worker);
/* Asks for the next pages of lists that go on. */
extern void va_lookups_ask_on(VaWorker *worker);
/* Whether answers wait to be noted, and notes them. */
extern bool va_lookups_answered(void);
extern void va_lookups_note(void);
/* Whether answers are expected: calls that are due may have to wait for one. */
extern bool va_lookups_under_way(void);

#endif
