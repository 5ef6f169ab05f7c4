/*-------------------------------------------------------------------------
 * socket_watch.h
 *		Accounts whose carriers are heard over a socket dial nobody while the
 *		process that holds the sockets is not running.
 *
 * That process itself says in the database which of its sockets are closed.
 * After it has died, and until it has looked at all of them at its start, it
 * cannot; then the dialer says so in its place.
 */
#ifndef VOICEAGENT_UNHEARD_H
#define VOICEAGENT_UNHEARD_H

#include "postgres.h"

/* The carriers that are heard over a socket: text[]. */
extern Datum va_socket_providers(void);

/*
 * For the dialer, before a claim: when no process holds the sockets, records
 * for each account with one that its events cannot be heard. A turn in which
 * nothing has changed costs nothing. Outside of a transaction.
 */
extern void va_silence_unheard(void);

#endif /* VOICEAGENT_UNHEARD_H */
