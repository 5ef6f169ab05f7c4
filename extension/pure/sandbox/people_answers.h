/*-------------------------------------------------------------------------
 * people_answers.h
 *		What the sandbox's people answer to a question of the tenant's own.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PEOPLE_ANSWERS_H
#define VOICEAGENT_PURE_PEOPLE_ANSWERS_H

#include <stdint.h>

#include "pure/text/json.h"

typedef struct VaPeopleAnswer
{
	const char *question;
	const char *said;
	json_t *value; /* the caller's; NULL: no answer to such a question */
} VaPeopleAnswer;

/* The answer of a person of that name to the field `name` of that JSON schema; rng goes on. */
extern void va_people_answer(
	VaArena *arena, uint64_t *rng, const char *person, const char *name, const json_t *schema, VaPeopleAnswer *answer);

#endif /* VOICEAGENT_PURE_PEOPLE_ANSWERS_H */
