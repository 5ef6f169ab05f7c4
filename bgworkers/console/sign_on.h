/*-------------------------------------------------------------------------
 * sign_on.h
 *		A member logs in at its tenant's identity provider.
 *
 * A process api says step by step what is to be fetched of the provider, and
 * where the browser goes (oauth.h); the session is a cookie, as after a login.
 * The process web calls it.
 */
#ifndef VOICEAGENT_CONSOLE_SIGN_ON_H
#define VOICEAGENT_CONSOLE_SIGN_ON_H

#include "postgres.h"

#include "http/server.h"

/* A GET of a path below VA_SIGN_ON. */
extern void va_sign_on(VaHttpdRequest *request);

#endif /* VOICEAGENT_CONSOLE_SIGN_ON_H */
