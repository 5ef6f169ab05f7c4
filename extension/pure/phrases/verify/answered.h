/*-------------------------------------------------------------------------
 * answered.h
 *		The person's answer to a question of the assistant's, such as whether
 *		the call may be recorded.
 *
 * Pure: linear in the turns' bytes.  Nothing but the person's own turn behind
 * the question answers it; what is hedged, or asked back, is no answer.
 */
#ifndef VOICEAGENT_PHRASES_ANSWERED_H
#define VOICEAGENT_PHRASES_ANSWERED_H

#include "pure/phrases/verify/talk.h"

typedef struct VaAnswered
{
	bool asked;
	int answer;	 /* the last one: 1 yes, -1 no, 0 neither */
	size_t turn; /* of the answer */
} VaAnswered;

/* false: no table has the language, or no memory (the arena's oom). */
extern bool va_answered(VaArena *arena, const VaTalkTurn *turns, size_t count, const char *language,
	const char *question, VaAnswered *answered);

#endif /* VOICEAGENT_PHRASES_ANSWERED_H */
