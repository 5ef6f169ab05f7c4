/*-------------------------------------------------------------------------
 * slot.h
 *		The slot of this worker in the registry: taken at its start, given back
 *		at its exit, and what status() shows of it in between.
 *
 * One slot belongs to a process for life; all of these but va_database_port(),
 * the URLs and va_slot_disable_database() are for the process that has attached.  Each
 * takes the registry's lock itself, for moments.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_SLOT_H
#define VOICEAGENT_SLOT_H

#include "postgres.h"

#include "http/server.h"
#include "core/registration.h"
#include "core/voiceagent.h"
#include "core/wake.h"

/*
 * Take the slot that the launcher has prepared; false: we came too late, or a
 * command wants the database exclusively. The slot is given back when shared
 * memory is left, after the process has left the list of the sessions.
 */
extern bool va_slot_attach(const VaWorkerStart *start);

/*
 * The database has no workers until its extension is made or updated.  True
 * when the reason is new: the first worker of the database to find it.
 */
extern bool va_slot_disable_database(Oid database, bool unserved);

/* An error was caught: shown, and the worker is FAILING until va_slot_recovered(). */
extern void va_slot_failing(int sqlerrcode, const char *message);
extern void va_slot_recovered(void);

/* Signs of life: a turn begins; no other is due before that time unless a task is poked (DT_NOEND: at no time). */
extern void va_slot_turns(void);
/* Which kinds the settings of this database want: for the launcher. */
extern void va_slot_note_configured(void);
extern void va_slot_rests(TimestampTz until);

/* The processes of this database; which of them this is. */
struct VaDatabaseSlot;
struct VaWorkerSlot;
extern struct VaDatabaseSlot *va_slot_database(void);
extern bool va_slot_is_mine(const struct VaWorkerSlot *slot);

/* Counters. */
extern void va_slot_count_commit(void);

/* Which of these tasks were poked; they are so no longer. */
extern VaTasks va_slot_take_pokes(VaTasks tasks);

/* This process, which is one on demand, ends with work left: the launcher shall start another. */
extern void va_slot_wants_successor(void);

/* The tasks that were poked; takes none. */
extern VaTasks va_slot_pokes(void);

/* Publish that every socket that should be open is, or is known to the database to be closed. */
extern void va_slot_set_listening(void);
/* Does the process of the sockets live, and has it said so? */
extern bool va_sockets_listen(void);

/* Publish whether there is work that has been found and not been done. */
extern void va_slot_set_busy(bool busy);
/*
 * Does the process of that kind in this database have work, or has it been
 * poked? Read without a lock, so the answer may be out of date.
 */
extern bool va_neighbour_is_busy(VaWorkerKind kind);

/* Publish where the gateway or the sandbox listens; NULL = it does not. */
extern void va_slot_set_address(const VaHttpd *httpd);
/* The same of another server; NULL = it does not listen. */
extern void va_slot_set_listener(const char *host, int port);
/* Publish what the HTTP server has refused: one count for each VaRefusal. */
extern void va_slot_set_refused(const uint64 *refused);

/* The port of a worker of a database; 0 = not (yet) bound. */
extern int va_database_port(Oid database, VaWorkerKind kind);

/*
 * The URL http://host:port under which this machine reaches a worker of a
 * database, palloc'd; NULL = it does not listen (yet).
 */
extern char *va_database_url(Oid database, VaWorkerKind kind);

/* The URL of a numeric address and a port, palloc'd. */
extern char *va_url_of(const char *host, int port);

#endif /* VOICEAGENT_SLOT_H */
