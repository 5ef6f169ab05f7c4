/*-------------------------------------------------------------------------
 * call_tools.h
 *		Tools that an assistant uses while it talks, at a carrier that converses.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_CALL_TOOLS_H
#define VOICEAGENT_CALL_TOOLS_H

#include "store.h"

/*
 * Runs the tools that genuine webhooks ask for, each in a transaction of its
 * own, and writes the reply (document), in the arena.  Outside a transaction.
 * Those that are too many for one turn are marked to be taken later.  A fault
 * of one tool raises nothing: its model is told that it did not work.
 */
extern void va_run_call_tools(InboundWebhook *webhooks, int n, VaArena *arena);

/* Whether a webhook asks for tools, and nothing else. */
extern bool va_asks_for_tools(const InboundWebhook *webhook);

#endif /* VOICEAGENT_CALL_TOOLS_H */
