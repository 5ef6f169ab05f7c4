/*-------------------------------------------------------------------------
 * talker.h
 *		The parts of the embedded talker (model.h).
 *
 *		hear.c			the meaning of a person's turn
 *		tool_words.c	sentences about a tool's answer, which is data
 *		talker.c		a call that we make: the next move
 *		talker_in.c		a call that we take
 *		talker_say.c	moves as words			(talker.tsv)
 *		schema_fill.c	JSON for a schema
 *		model.c			requests and completions
 *
 * An Assistant holds the answers that describe it; a move (Act) is something to
 * say; a Stage is the point where the talk waits.  Texts live in the arena.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_TALKER_H
#define VOICEAGENT_PURE_TALKER_H

#include <stdint.h>

#include "model.h"
#include "pure/engines/said_time.h"
#include "pure/sandbox/talker_names.inc" /* Act, Meaning */

typedef enum Language
{
	LANGUAGE_EN = 0,
	LANGUAGE_ES,
	LANGUAGE_FR,
	LANGUAGE_DE,
	LANGUAGE_IT
} Language;

#define LANGUAGES (LANGUAGE_IT + 1)

extern const char *va_talker_code(Language language);
extern Language va_talker_language(const char *tag);

/* ---- the meaning of a person's turn ---- */

/* A turn may have several meanings. */
#define MEANS(heard, meaning) (((heard)->meanings & (1u << (meaning))) != 0)

typedef struct Heard
{
	unsigned int meanings;
	const char *text;	/* the turn, cut to VA_MODEL_HEARD_BYTES */
	const char *folded; /* " its words in small ascii letters " */
	const char *when;	/* the words of a day or an hour, or NULL */
	const char *email;	/* or NULL */
	const char *name;	/* that the person gives, or NULL */
	int minutes;		/* of the hour named, after midnight; -1 without */
	int32_t weekday;	/* 1 to 7 if when names a day of the week, else 0 */
	bool day;			/* when names a day */
	bool unclear;		/* the turn names a time, and nobody can tell which */
} Heard;

/* Small letters without accents, one blank between words and at both ends.  Returns NULL if out of memory. */
extern const char *va_talker_fold(const char *text, size_t len, VaArena *arena);
extern bool va_talker_says(const char *folded, const char *const *phrases);
extern void va_talker_hear(const char *text, Language language, VaArena *arena, Heard *heard);
/* A name of two or three words with capitals in a short turn ("Yes. Ann Miller."), or NULL. */
extern const char *va_talker_capitals(const char *text, VaArena *arena);
/* The name in a turn that answers the question for a name. */
extern const char *va_talker_name(const Heard *heard, Language language, VaArena *arena);
/* Counts the words of four or more letters in folded that are also in other; both are folded. */
extern int va_talker_common_words(const char *folded, const char *other);
extern const char *const *va_talker_phrases(Language language, Meaning meaning);

/* ---- the assistant ---- */

typedef enum Objective
{
	OBJECTIVE_APPOINTMENT = 0,
	OBJECTIVE_LEAD,
	OBJECTIVE_INFORMATION,
	OBJECTIVE_CALLBACK,
	OBJECTIVE_CUSTOM
} Objective;

#define QUESTIONS_MAX 20
#define OBJECTIONS_MAX 20

typedef struct Question
{
	const char *text;
	const char *field; /* that the answer fills; may be NULL */
} Question;

typedef struct Assistant
{
	Language language;
	bool inbound;
	Objective objective;
	const char *name; /* NULL if unknown, as all of these */
	const char *business;
	const char *offer; /* NULL: only a prompt says what the assistant is for */
	const char *price;
	const char *hours; /* the sentence that tells them */
	Question questions[QUESTIONS_MAX];
	int nquestions;
	const char *objections[OBJECTIONS_MAX]; /* folded */
	const char *answers[OBJECTIONS_MAX];
	int nobjections;
	bool asks_email;
	const json_t *tools; /* that it may use, or NULL */
} Assistant;

extern bool va_talker_may_use(const Assistant *assistant, const char *tool);
/* A copy with the lead's values filled into its texts; a text that cannot be filled stays as it is. */
extern json_t *va_talker_filled(const json_t *value, const json_t *variables, VaArena *arena);
/*
 * Reads what a request says of the assistant (model.h), and the questions of
 * the fields to be found out ({name: schema}, or NULL); the texts stay the JSON's.
 */
extern void va_talker_read_assistant(Assistant *assistant, const json_t *told, const json_t *fields, VaArena *arena);

/* ---- the next move ---- */

#define ENDS_CALL(act) ((act) >= ACT_BOOKED)
#define PHRASINGS 2
#define ACTS_AT_ONCE 3

/* The text of a move, with {business}, {assistant}, {offer}, {when}, {email} or {answer}; NULL if it has none. */
extern const char *va_talker_line(Language language, Act act, int phrasing);

typedef enum Stage
{
	STAGE_PERMISSION = 0, /* the first message was said: may we talk? */
	STAGE_PITCH,
	STAGE_QUESTIONS,
	STAGE_OFFER,
	STAGE_READ_BACK,
	STAGE_EMAIL,
	STAGE_READ_EMAIL,
	STAGE_CALLBACK, /* when shall we call back? */
	STAGE_SLOTS,	/* which of these times? */
	STAGE_NAME,		/* under which name? */
	STAGE_VISIT,	/* would you like to see it? */
	STAGE_MESSAGE,	/* shall I take a message? */
	STAGE_DICTATES, /* what is the message? */
	STAGE_OVER
} Stage;

#define SLOTS_MAX 2

/* The state of a conversation. */
typedef struct Talk
{
	const Assistant *assistant;
	VaArena *arena;
	uint64_t rng;
	Stage stage;
	int question; /* the next to be asked */
	int silences;
	int refusals;
	int insults;
	int times_lacked; /* so often a tool had no time to offer */
	bool answered_objections[OBJECTIONS_MAX];
	/* the results */
	bool opted_out;
	bool wrong_person;
	bool machine;
	bool agreed;
	bool refused;
	bool interested;
	bool booked;
	bool callback;
	bool pitched;		/* the offer was said */
	bool email_answers; /* one of the questions */
	const char *when;	/* of the appointment, or of the callback */
	const char *email;
	const char *name;
	const char *given[QUESTIONS_MAX]; /* answers to the questions */
	/* the next moves; a first one that ends the call is the only one */
	Act acts[ACTS_AT_ONCE];
	int nacts;
	const char *answer;
	const char *asked; /* the question of ACT_ASK */
	/* the tool to use before anything is said, or NULL */
	const char *wants;
	json_t *arguments; /* of that tool */
	VaMoment slots[SLOTS_MAX];
	int nslots;
	const char *starts_at; /* in the form that tools take; NULL: use when */
	const char *listing;   /* the last one described */
	bool visits;		   /* it is a place to look at */
	/* of a call that is taken */
	int wanted_minutes; /* the time that the caller named, -1: none */
	int32_t wanted_weekday;
	bool asks_price;		/* of what is looked for */
	const char *unanswered; /* what nobody could answer: it goes with the message */
} Talk;

extern void va_embedded_begin(Talk *talk, const Assistant *assistant, uint64_t seed, VaArena *arena);
extern void va_embedded_end(Talk *talk);
extern void va_embedded_hear(Talk *talk, const char *said);
/* The same for a turn whose meaning is known, as that of the sandbox's people. */
extern void va_embedded_hear_as(Talk *talk, const Heard *heard);
/* Takes the data that a tool answered (model.h); NULL: none. */
extern void va_embedded_tool(Talk *talk, const char *tool, const json_t *data);
extern const char *va_embedded_say(Talk *talk);
/* The words of the time that the moves read back, or NULL. */
extern const char *va_embedded_read_back(const Talk *talk);
extern bool va_embedded_over(const Talk *talk);

/* ---- between the parts ---- */

extern void va_embedded_act(Talk *talk, Act next);
extern void va_embedded_hear_incoming(Talk *talk, const Heard *heard);
extern void va_embedded_ask_caller(Talk *talk);
/*
 * Wants a tool.  Takes pairs of key and value up to a NULL, and leaves out NULL
 * values.  Returns false if the assistant may not use the tool.
 */
extern bool va_embedded_want(Talk *talk, const char *tool, ...) __attribute__((sentinel));
/* Answers an opt-out, a machine, a wrong person or an insult.  Returns false for any other turn. */
extern bool va_embedded_hear_end(Talk *talk, const Heard *heard);
extern void va_embedded_hear_silence(Talk *talk);
/* Answers a known objection, or a question for the price.  Returns false for any other turn. */
extern bool va_embedded_answer_known(Talk *talk, const Heard *heard);
/* Chooses one of the times that were offered.  Returns false if the turn means another time. */
extern bool va_embedded_choose_slot(Talk *talk, const Heard *heard);

/* Says what a tool answered, and leaves the stage alone. */
extern void va_embedded_say_tool(Talk *talk, const json_t *data);
/* The move of this name, or -1. */
extern int va_talker_act(const char *name);
extern const char *va_talker_say_moments(const VaMoment *moments, int n, Language language, VaArena *arena);

/* ---- JSON for a schema ---- */

typedef struct Material
{
	const Talk *talk; /* NULL without a conversation */
	const char *text; /* all messages */
	VaArena *arena;
} Material;

/* Returns NULL and sets *why for a schema that cannot be met: too deep, too large, of an unknown type. */
extern json_t *va_talker_fill_schema(const json_t *schema, Material *material, const char **why);

#endif /* VOICEAGENT_PURE_TALKER_H */
