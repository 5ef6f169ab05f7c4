/*-------------------------------------------------------------------------
 * people_answers.h
 *		What the sandbox's people answer to a question of the tenant's own, and
 *		what is made of their talk now and then that they did not say.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PEOPLE_ANSWERS_H
#define VOICEAGENT_PURE_PEOPLE_ANSWERS_H

#include <stdint.h>

#include "people.h"
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

/* Puts something untrue into one in twenty analyses, and into its wrong_on_purpose what. */
extern void va_people_mislead(const VaPeopleOrder *order, const VaDisposition *disposition, json_t *data);

#endif /* VOICEAGENT_PURE_PEOPLE_ANSWERS_H */
