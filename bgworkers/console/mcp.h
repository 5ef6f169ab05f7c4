/*-------------------------------------------------------------------------
 * mcp.h
 *		A message of the Model Context Protocol, executed as its caller: the
 *		revisions 2025-03-26 to 2025-11-25, which begin with "initialize", and
 *		2026-07-28, each message of which says all about itself.
 *
 * It runs in the transaction of a request (rpc.h), and keeps no session.  A
 * message that is none is answered as an error of JSON-RPC; what a tool of ours
 * refuses is the tool's answer, in a sentence.
 */
#ifndef VOICEAGENT_CONSOLE_MCP_H
#define VOICEAGENT_CONSOLE_MCP_H

#include "postgres.h"

#include "link.h"
#include "rpc.h"

/* The longest message, and how deep its values may be nested. */
#define VA_MCP_MESSAGE_MAX (256 * 1024)
#define VA_MCP_DEPTH_MAX 32

extern bool va_mcp_is_deep(const VaField *json);

extern void va_mcp_run(const VaField *ask, MemoryContext context, VaRpcAnswer *answer);

/* The answer to the message under way, which the error has ended; status: as it would be for /rpc. */
extern void va_mcp_word_error(const ErrorData *error, const char *sqlstate, int status, VaRpcAnswer *answer);

#endif /* VOICEAGENT_CONSOLE_MCP_H */
