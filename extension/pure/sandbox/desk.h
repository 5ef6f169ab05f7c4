/*-------------------------------------------------------------------------
 * desk.h
 *		The desk: a small machine that talks where no language model does.
 *
 * A deed is something that the desk does for a person: it books, moves or
 * cancels an appointment, calls back, takes a message.  A step of a deed is a
 * value that it needs, or its read-back; a move (Act) is something to say.  A
 * deed with a read-back is done only after a clear yes to just that.  Texts live
 * in the arena; words and phrases are those of desk.tsv.
 */
#ifndef VOICEAGENT_PURE_DESK_H
#define VOICEAGENT_PURE_DESK_H

#include <stdint.h>

#include "model.h"
#include "pure/engines/said_time.h"
#include "pure/phrases/times/times.h"
#include "pure/sandbox/desk_names.inc" /* Act, Meaning */

typedef enum Language
{
	LANGUAGE_EN = 0,
	LANGUAGE_ES,
	LANGUAGE_FR,
	LANGUAGE_DE,
	LANGUAGE_IT,
	LANGUAGES
} Language;

extern const char *va_desk_code(Language language);
extern Language va_desk_language(const char *tag);

/* ---- the meaning of a person's turn: hear.c ---- */

/* A turn may have several meanings. */
#define M(meaning) ((uint64_t) 1 << MEANS_##meaning)
#define MEANS(heard, meaning) (((heard)->meanings & ((uint64_t) 1 << (meaning))) != 0)

typedef struct Heard
{
	uint64_t meanings;
	const char *text;	/* the turn, cut to VA_MODEL_HEARD_BYTES */
	const char *folded; /* " its words in small ascii letters " */
	const char *when;	/* the words of a day or an hour, or NULL */
	const char *name;	/* that the person gives, or NULL */
	const char *number; /* of a telephone: digits, or NULL */
	VaMoment at;		/* the day and the hour, where they are named */
	int minutes;		/* of the hour named, after midnight; -1 without */
	int part;			/* when the part of the day begins that is named, -1 without */
	int later;			/* so many minutes later than now; 0 without */
	int32_t weekday;	/* 1 to 7 if when names a day of the week, else 0 */
	bool day;			/* when names a day */
	bool half_open;		/* "at two": of either half of the day */
	int words;
	bool asks, denies;
	bool timed;	  /* when names a day, an hour, or what leads to one */
	bool unclear; /* the turn names a time, which one is unclear */
	Language spoken;
} Heard;

/* Small letters without accents, one blank between words and at both ends.  Returns NULL if out of memory. */
extern const char *va_desk_fold(const char *text, size_t len, VaArena *arena);
extern bool va_desk_says(const char *folded, const char *const *phrases);
extern int va_desk_count_words(const char *folded);
extern void va_desk_hear_turn(
	const char *text, Language language, const VaTimeReference *now, VaArena *arena, Heard *heard);
/* Hears an hour in a number that begins a clause, as where one was asked for: "Eleven, yes." */
extern void va_desk_hear_hour(Heard *heard, Language language, const VaTimeReference *now, VaArena *arena);
/* Whether the turn agrees and says nothing else but what was understood: a time, a name, thanks. */
extern bool va_desk_clear_yes(const Heard *heard, Language language, VaArena *arena);
/* The name in a turn that answers the question for a name. */
extern const char *va_desk_name(const Heard *heard, Language language, VaArena *arena);
extern const char *const *va_desk_phrases(Language language, Meaning meaning);

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
	const char *name, *business, *price; /* NULL if unknown, as all of these */
	const char *offer;					 /* NULL: only a prompt says what the assistant is for */
	const char *hours;					 /* the sentence that tells them */
	Question questions[QUESTIONS_MAX];
	const char *objections[OBJECTIONS_MAX]; /* folded */
	const char *answers[OBJECTIONS_MAX];
	int nquestions, nobjections;
	const json_t *tools; /* that it may use, or NULL */
	const char *now;	 /* its clock when the call began, 2026-11-27T09:00; NULL: only words of times are known */
} Assistant;

/* A copy with the lead's values filled into its texts; a text that cannot be filled stays as it is. */
extern json_t *va_desk_filled(const json_t *value, const json_t *variables, VaArena *arena);
/*
 * Reads what a request says of the assistant (model.h), and the questions of
 * the fields to be found out ({name: schema}, or NULL); the texts stay the JSON's.
 */
extern void va_desk_read_assistant(Assistant *assistant, const json_t *told, const json_t *fields, VaArena *arena);

/* ---- the next move ---- */

#define ENDS_CALL(act) ((act) >= ACT_BOOKED)
#define ACTS_AT_ONCE 3

typedef enum Deed
{
	DEED_NONE = 0,
	DEED_BOOK,
	DEED_MOVE,
	DEED_CANCEL,
	DEED_CALL,
	DEED_MESSAGE
} Deed;

/* The desk waits for: an answer to its own question, or a step of the deed. */
typedef enum Await
{
	AWAIT_ANYTHING = 0,
	AWAIT_PERMISSION, /* the first message of a call that we make was said: may we talk? */
	AWAIT_INTEREST,
	AWAIT_ANSWER,  /* to a question of the assistant's */
	AWAIT_CONTACT, /* may a colleague get in touch? */
	AWAIT_VISIT,   /* would you like to see it? */
	AWAIT_MESSAGE, /* shall I take it down? */
	AWAIT_CHOICE,  /* which of these times? */
	AWAIT_TIME,	   /* the steps, in the order of a deed's table */
	AWAIT_OLD_DAY,
	AWAIT_WORDS,
	AWAIT_NAME,
	AWAIT_NUMBER,
	AWAIT_NUMBER_RIGHT,
	AWAIT_YES, /* to the read-back */
	AWAIT_OVER
} Await;

/* The most slots and listings in one answer. */
#define SLOTS_MAX 2
#define LISTINGS_MAX 2

/* The state of a conversation. */
typedef struct Desk
{
	const Assistant *assistant;
	VaArena *arena;
	VaTimeReference now;
	Await await;
	Deed deed;
	int question; /* the next to be asked */
	int silences, refusals, insults;
	int lost; /* turns in a row that brought the deed no further */
	/* what is known for the deed */
	Heard wanted;	  /* its time */
	const char *when; /* the words of it, as they are read back */
	const char *starts_at, *old_day, *name, *number;
	const char *appointment;								   /* that this call has, as it was said */
	bool number_known;										   /* the number is right, or that of the call will do */
	const char *words;										   /* the person's own, for whoever reads them */
	bool unsaid;											   /* it wants a person, and has not been asked what for */
	const char *trail;										   /* what it said since the deed began */
	const char *note;										   /* what it asked meanwhile, unanswered */
	bool agreed;											   /* to the read-back */
	const char *listing, *title;							   /* that it is about; NULL: none, or not yet known */
	const char *listings[LISTINGS_MAX], *titles[LISTINGS_MAX]; /* the last ones described */
	int nlistings;
	bool visits;	 /* it is a place to look at */
	bool by_address; /* it was looked for by one */
	bool then_books; /* when it is found, at the time of pending */
	Heard pending;
	const char *asked_for; /* the words that a listing was looked for with, or a question */
	/* the results */
	bool opted_out, wrong_person, machine, refused, interested, booked, callback;
	bool pitched;					  /* the offer was said */
	const char *given[QUESTIONS_MAX]; /* answers to the questions */
	Act acts[ACTS_AT_ONCE];			  /* the next moves; a first one that ends the call is the only one */
	int nacts;
	const char *answer;
	const char *asked; /* the question of ACT_ASK */
	Language reply;	   /* of the next words */
	const char *wants; /* the tool to use before anything is said, or NULL */
	json_t *arguments; /* of that tool */
	VaMoment slots[SLOTS_MAX];
	int nslots;
} Desk;

extern void va_desk_begin(Desk *desk, const Assistant *assistant, VaArena *arena);
extern void va_desk_end(Desk *desk);
extern void va_desk_hear(Desk *desk, const char *said);
/* Takes the data that a tool answered (model.h); NULL: none. */
extern void va_desk_tool(Desk *desk, const char *tool, const json_t *data);
extern const char *va_desk_say(Desk *desk);
extern bool va_desk_over(const Desk *desk);

/* ---- between the parts ---- */

extern bool va_desk_may_use(const Assistant *assistant, const char *tool);
extern void va_desk_act(Desk *desk, Act next);
extern void va_desk_ask(Desk *desk, Await await, Act act);
/* Asks again what the desk waits for. */
extern void va_desk_again(Desk *desk);
/* Wants a tool with an argument, which is left out if its value is empty.  false: it may not be used. */
extern bool va_desk_want(Desk *desk, const char *tool, const char *key, const char *value);
extern const char *va_desk_joined(const Desk *desk, const char *before, const char *after);
extern bool va_desk_has_step(const Desk *desk, Await step);
extern void va_desk_begin_deed(Desk *desk, Deed deed, const Heard *heard);
extern void va_desk_begin_message(Desk *desk, const char *words);
extern void va_desk_offer_message(Desk *desk, const char *words, Act act);
extern void va_desk_proceed(Desk *desk);
extern void va_desk_propose(Desk *desk, const VaMoment *slot);
extern void va_desk_ask_time(Desk *desk);
extern void va_desk_find_times(Desk *desk);
/* Puts a time beside what was wanted before: another hour is of the same day, another day at the same hour. */
extern void va_desk_take_time(Desk *desk, const Heard *heard);
/* Counts a turn that brought the deed no further.  No caller is asked for ever: true, and the deed is given up. */
extern bool va_desk_is_stuck(Desk *desk);
/* The deed is done or dropped: a caller is asked whether there is more. */
extern void va_desk_rest(Desk *desk, Act act);
extern void va_desk_pitch(Desk *desk, const Heard *heard);
/* The turn of a person that we called, to what it is asked before a deed.  Returns false for any other. */
extern bool va_desk_hear_called(Desk *desk, const Heard *heard);
/* Answers an opt-out, a machine, a wrong person or an insult. */
extern bool va_desk_hear_end(Desk *desk, const Heard *heard);
/* Answers questions about the desk itself, whatever it waits for, and asks again. */
extern bool va_desk_hear_aside(Desk *desk, const Heard *heard);
/* Answers a known objection, or a question for the price that is known. */
extern bool va_desk_answer_known(Desk *desk, const Heard *heard);
/* Counts the words of four or more letters in folded that are also in other. */
extern int va_desk_common_words(const char *folded, const char *other);
/* Says what a tool answered, and changes nothing else but slots, listing and answer. */
extern void va_desk_say_tool(Desk *desk, const json_t *data);
extern const char *va_desk_say_moments(const VaMoment *moments, int n, Language language, VaArena *arena);
/* "2026-11-27T09:00" */
extern const char *va_desk_iso(const VaMoment *moment, VaArena *arena);

/* ---- JSON for a schema ---- */

/* From a conversation (NULL: none) or the text of all messages.  Returns NULL and sets *why for a schema that cannot be met. */
extern json_t *va_desk_fill_schema(
	const json_t *schema, const Desk *desk, const char *text, VaArena *arena, const char **why);

#endif /* VOICEAGENT_PURE_DESK_H */
