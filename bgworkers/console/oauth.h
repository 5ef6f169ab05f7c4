/*-------------------------------------------------------------------------
 * oauth.h
 *		Programs that a member lets in: OAuth 2.1 with what it builds on
 *		(RFC 7591, 7636, 8414, 8707, 9207, 9728).
 *
 * All of it is judged by oauth_answer() (sql/96_console/87_oauth.sql); here a
 * query, a form or JSON becomes what that takes.
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

extern void va_oauth_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

#endif /* VOICEAGENT_CONSOLE_OAUTH_H */
