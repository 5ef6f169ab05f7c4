/*-------------------------------------------------------------------------
 * answer.h
 *		What a carrier is told in the reply to its question what to do with a call.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_ANSWER_H
#define VOICEAGENT_ANSWER_H

#include "provider/webhook.h"

/*
 * The document for an event that wants_answer, of a driver with build_answer,
 * in the arena. Inside a transaction. A fault of one call raises nothing: the
 * call is then refused or ended, as without a plan. body is NULL when not even
 * that can be expressed.
 */
extern void va_write_document(const VaEndpoint *endpoint, const VaEvent *event, VaArena *arena, VaDocument *document);

#endif /* VOICEAGENT_ANSWER_H */
