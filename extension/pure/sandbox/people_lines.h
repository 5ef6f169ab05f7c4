/*-------------------------------------------------------------------------
 * people_lines.h
 *		What the sandbox's people say (people.tsv), also to a question of the
 *		tenant's own.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PEOPLE_LINES_H
#define VOICEAGENT_PURE_PEOPLE_LINES_H

#include "desk.h"
#include "people.h"
#include "pure/sandbox/people_names.inc" /* Says, Topic */
#include "pure/text/json.h"

/* A person in a talk. */
typedef struct VaPeopleSpeaker
{
	VaArena *arena;
	uint64_t rng;
	Language language;
	const char *name;
	const char *number;
	const char *when; /* the words of the time that the person names */
	const char *date; /* 2026-03-09; "" without a time */
} VaPeopleSpeaker;

/* Words of a text, for how long it takes to say it. */
extern int va_people_words(const char *text);
extern uint64_t va_people_roll(uint64_t *rng, uint64_t sides);
/* One of the ways to say it; answer fills {answer}. */
extern const char *va_people_say(VaPeopleSpeaker *speaker, Says says, const char *answer);
extern const char *va_people_line(Language language, Says says);
extern const char *va_people_email(const VaPeopleSpeaker *speaker);
/* The answer to a question by the JSON schema of its field, or by its words (NULL); *value: of the field, NULL: none. */
extern const char *va_people_answer(
	VaPeopleSpeaker *speaker, const char *question, const json_t *schema, json_t **value);

#endif /* VOICEAGENT_PURE_PEOPLE_LINES_H */
