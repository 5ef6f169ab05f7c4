/*-------------------------------------------------------------------------
 * people_lines.h
 *		What the sandbox's people say (people.tsv), also to a question of the
 *		tenant's own, and what is made of their talk now and then that they did
 *		not say.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_PEOPLE_LINES_H
#define VOICEAGENT_PURE_PEOPLE_LINES_H

#include "people.h"
#include "pure/sandbox/people_names.inc" /* Says, Topic */
#include "pure/text/json.h"
#include "talker.h"

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

/*
 * The answer to a question, by the JSON schema of the field that it fills, or
 * by its words where schema is NULL.  *value is the field's value, NULL if none.
 */
extern const char *va_people_answer(
	VaPeopleSpeaker *speaker, const char *question, const json_t *schema, json_t **value);

/*
 * One in twenty analyses is wrong: something in it is untrue, or of another
 * kind (wrong_on_purpose says what), or it is not there: false.
 */
extern bool va_people_mislead(const VaPeopleOrder *order, const VaDisposition *disposition, json_t *data);

#endif /* VOICEAGENT_PURE_PEOPLE_LINES_H */
