/*-------------------------------------------------------------------------
 * unheard.h
 *		Accounts whose carriers are heard over a socket are not dialled while
 *		the process that holds the sockets is not there.
 *
 * That process itself says in the database which of its sockets are closed.
 * It cannot when it has died, and until it has looked at all of them when it
 * starts; then the dialer says it in its place.
 */
#ifndef VOICEAGENT_UNHEARD_H
#define VOICEAGENT_UNHEARD_H

#include "postgres.h"

/* The carriers that are heard over a socket: text[]. */
extern Datum va_socket_providers(void);

/*
 * For the dialer, before a claim: when nobody holds the sockets, notes for each
 * account with one that its events cannot be heard.  A turn in which everything
 * is as it was costs nothing.  Outside of a transaction.
 */
extern void va_silence_unheard(void);

#endif							/* VOICEAGENT_UNHEARD_H */
