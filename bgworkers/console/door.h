/*-------------------------------------------------------------------------
 * door.h
 *		Requests that wait for a process api, and the links to these.
 *
 * Tenants take turns.  Whoever used more than a second of the last ten waits
 * behind those that used less, and leaves them a process, so that tenants whose
 * functions are slow keep nobody else waiting, however many they are.
 *
 * All strangers, who have proved no tenant, weigh as one tenant, and have one
 * process at most.  Among them networks take turns, which count as above, and
 * logins go beside the rest.  An API key has its tenant's turns once it has been proved.
 *
 * The process web calls all of it from its turn; nothing here runs a statement.
 */
#ifndef VOICEAGENT_CONSOLE_DOOR_H
#define VOICEAGENT_CONSOLE_DOOR_H

#include "postgres.h"

#include "caller.h"
#include "link.h"
#include "runtime/worker.h"

/* Requests of one tenant, or of one network of strangers, that wait: one more is answered with 429. */
#define VA_DOOR_WAITING_OF_ONE 100
/* Requests of all tenants that wait, and of all strangers: for one more the one of whom most wait gives up its newest (503). */
#define VA_DOOR_WAITING 1500
#define VA_DOOR_STRANGERS 500
/* More of the processes is much to use.  A tenth of the time that passes is forgiven. */
#define VA_DOOR_MUCH_US 1000000
/* ... of one network of strangers, in which many people may log in, each for a tenth of a second. */
#define VA_DOOR_MUCH_OF_NETWORK_US 3000000
/* No more than so much is remembered. */
#define VA_DOOR_REMEMBERED_US 5000000
/* So long a request waits behind all others at most. */
#define VA_DOOR_BEHIND_MS 1000
/* A request that has waited so long is answered with 503. */
#define VA_DOOR_WAIT_MS 20000

typedef struct VaDoorAsk
{
	const char *kind;
	VaHttpdRequest *request;
	const VaCaller *caller;
	const char *subject; /* the function, or the cursor */
	/* Called in the turn in which the answer is there; NULL: no process could give one. */
	void (*answered)(VaHttpdRequest *request, const VaField *answer);
	const char *body;	/* JSON in place of the request's own; NULL: its own */
	bool behind_others; /* has its turn when nothing else waits, or after VA_DOOR_BEHIND_MS */
} VaDoorAsk;

extern void va_door_open(VaWorker *worker);
extern void va_door_close(void);

/* Takes a request in; false with the denial, and the request is the caller's still. */
extern bool va_door_ask(const VaDoorAsk *ask, VaDenial *denial);

/* Gives out what was answered, and hands on what waits; when it has to look again. */
extern TimestampTz va_door_turn(void);

#endif /* VOICEAGENT_CONSOLE_DOOR_H */
