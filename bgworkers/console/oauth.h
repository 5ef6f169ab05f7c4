/*-------------------------------------------------------------------------
 * oauth.h
 *		Programs that a member lets in: OAuth 2.1 with what it builds on
 *		(RFC 7591, 7636, 8414, 8707, 9207, 9728); and the other way round,
 *		members that log in at their tenant's provider.
 *
 * All of it is judged by oauth_answer() and sign_on_answer() (sql/96_console/
 * 87_oauth.sql, 88_sign_on.sql); here a query, a form or JSON becomes what
 * these take.
 */
#ifndef VOICEAGENT_CONSOLE_OAUTH_H
#define VOICEAGENT_CONSOLE_OAUTH_H

#include "postgres.h"

#include "link.h"
#include "rpc.h"

#define VA_OAUTH "/oauth/"
#define VA_OAUTH_AUTHORIZE "/oauth/authorize"
#define VA_OAUTH_RESOURCE "/.well-known/oauth-protected-resource/mcp"
#define VA_OAUTH_SERVER "/.well-known/oauth-authorization-server"

/* The longest body of a request. */
#define VA_OAUTH_BODY_MAX (16 * 1024)

/* Behind it a tenant's number, and, where its provider sends browsers back to, /back. */
#define VA_SIGN_ON "/sign-on/"

extern void va_oauth_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);
/* A step: JSON, with the secret of the tenant at its provider where that is asked. */
extern void va_sign_on_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

#endif /* VOICEAGENT_CONSOLE_OAUTH_H */
