/*-------------------------------------------------------------------------
 * model_internal.h
 *		The parts of the sandbox's language model (model.h).
 *
 *		model_hear.c	what a person's turn means		(phrases in model_phrases.c)
 *		model_prompt.c	what the prompt wants
 *		model_talk.c	what comes next					(lines in model_lines.c)
 *		model_schema.c	JSON for a schema				(values in model_material.c)
 *		model.c			requests and completions
 *
 * Texts live in the arena unless said otherwise.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_MODEL_INTERNAL_H
#define VOICEAGENT_PURE_MODEL_INTERNAL_H

#include <stdint.h>

#include "model.h"

typedef enum Language
{
	LANGUAGE_EN = 0,
	LANGUAGE_ES,
	LANGUAGE_FR,
	LANGUAGE_DE
} Language;

#define LANGUAGES 4

/* ---- what a person's turn means ---- */

/* What words may say; several at once.  The first that holds decides what is answered. */
typedef enum Meaning
{
	MEANS_OPT_OUT = 0, /* never call again */
	MEANS_VOICEMAIL,
	MEANS_INJECTION, /* orders to the model */
	MEANS_WRONG_PERSON,
	MEANS_SWEARING,
	MEANS_ROBOT, /* is this a machine? */
	MEANS_CALLBACK,
	MEANS_BUSY,
	MEANS_PRICE,
	MEANS_WHO,	 /* who are you, what is it about? */
	MEANS_AGAIN, /* say that again */
	MEANS_DOUBT,
	MEANS_SEND, /* send me something, I will think about it */
	MEANS_REFUSE,
	MEANS_AGREE,
	MEANS_GOODBYE,
	/* not by phrases */
	MEANS_SILENCE,
	MEANS_TIME,
	MEANS_EMAIL,
	MEANS_OTHER_LANGUAGE
} Meaning;

#define MEANINGS_BY_PHRASE (MEANS_GOODBYE + 1)
#define MEANS(heard, meaning) (((heard)->meanings & (1u << (meaning))) != 0)

typedef struct Heard
{
	unsigned int meanings;
	const char *text;	/* as it was said, cut to what is understood */
	const char *folded; /* " words of it in small ascii letters " */
	const char *when;	/* the words that say a day or an hour; NULL = none */
	const char *email;	/* NULL = none */
} Heard;

/* NULL-terminated phrases, folded, each " with blanks around ". */
extern const char *const *va_model_phrases(Language language, Meaning meaning);
/* Words that no other of the languages has. */
extern const char *const *va_model_stop_words(Language language);
extern const char *const *va_model_time_words(Language language);
/* Words that stand before a time, and belong to it. */
extern const char *const *va_model_time_prepositions(Language language);

/* Small letters without accents, words apart by one blank, a blank at both ends; NULL = out of memory. */
extern const char *va_model_fold(const char *text, size_t len, VaArena *arena);
extern bool va_model_says(const char *folded, const char *const *phrases);
extern void va_model_hear(const char *text, Language language, VaArena *arena, Heard *heard);
/* The language that most of the text's words are of. */
extern Language va_model_language(const char *folded, Language otherwise);
/* How many words of one, of four letters or more, are in the other; both folded. */
extern int va_model_common_words(const char *folded, const char *other);
extern const char *va_model_find_email(const char *text, VaArena *arena);

/* ---- what the prompt wants ---- */

typedef enum Objective
{
	OBJECTIVE_APPOINTMENT = 0,
	OBJECTIVE_LEAD,
	OBJECTIVE_INFORMATION,
	OBJECTIVE_CALLBACK,
	OBJECTIVE_CUSTOM
} Objective;

#define PROMPT_QUESTIONS 12
#define PROMPT_OBJECTIONS 20
#define PROMPT_FIELDS 20

typedef struct Prompt
{
	Language language;
	Objective objective;
	bool aims;			   /* a section says the objective */
	const char *assistant; /* a name; NULL = unknown, as all of these */
	const char *business;
	const char *offer;
	const char *price;
	const char *questions[PROMPT_QUESTIONS];
	int nquestions;
	const char *objections[PROMPT_OBJECTIONS];		   /* folded */
	const char *written_objections[PROMPT_OBJECTIONS]; /* as they stand in the prompt */
	const char *answers[PROMPT_OBJECTIONS];
	int nobjections;
	const char *fields[PROMPT_FIELDS];
	int nfields;
	bool asks_email;
} Prompt;

extern void va_model_read_prompt(const char *text, const char *first_message, VaArena *arena, Prompt *prompt);
extern const char *va_model_objective_name(Objective objective);

/* What the requests of one talk share: the system prompt and the first message are the same in all of them. */
typedef struct Understood
{
	bool read;
	Prompt prompt;
} Understood;

/* As va_sandbox_model_answer(); the arena must live as long as what was understood. */
extern json_t *va_model_answer(const json_t *request, Understood *understood, VaArena *arena, const char **why);

/* ---- what comes next ---- */

typedef enum Act
{
	ACT_GREET = 0,
	ACT_PITCH,
	ACT_INTEREST, /* the question of the pitch alone */
	ACT_ASK,
	ACT_OFFER_TIME,
	ACT_OFFER_CONTACT,
	ACT_OFFER_CALLBACK,
	ACT_ASK_TIME,
	ACT_READ_BACK,
	ACT_ASK_EMAIL,
	ACT_READ_EMAIL,
	ACT_SOFT,
	ACT_WHO,
	ACT_ROBOT,
	ACT_DEFLECT,
	ACT_PRICE,
	ACT_ANSWER,
	ACT_STILL_THERE,
	ACT_PARDON,
	ACT_CALM,
	ACT_LANGUAGE,
	ACT_ASK_WHEN_BACK,
	ACT_ACKNOWLEDGE,
	/* from here on the assistant ends the call */
	ACT_BOOKED,
	ACT_CONTACTED,
	ACT_CALLBACK_SET,
	ACT_CALLBACK_LATER,
	ACT_REFUSED,
	ACT_OPTED_OUT,
	ACT_WRONG_PERSON,
	ACT_PEACE,
	ACT_GIVE_UP,
	ACT_VOICEMAIL,
	ACT_GOODBYE
} Act;

#define ACTS (ACT_GOODBYE + 1)
#define ENDS_CALL(act) ((act) >= ACT_BOOKED)
#define PHRASINGS 2

/* With {business}, {assistant}, {offer}, {question}, {when}, {email}, {price} or {answer}; NULL: there are fewer. */
extern const char *va_model_line(Language language, Act act, int phrasing);

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
	STAGE_OVER
} Stage;

/* Where a conversation stands. */
typedef struct Talk
{
	const Prompt *prompt;
	VaArena *arena;
	uint64_t rng;
	Stage stage;
	int question; /* the next to be asked */
	int silences;
	int refusals;
	int insults;
	bool answered_objections[PROMPT_OBJECTIONS];
	/* what came of it */
	bool opted_out;
	bool wrong_person;
	bool machine;
	bool agreed;
	bool refused;
	bool interested;
	bool booked;
	bool callback;
	bool pitched;	  /* the offer is said */
	const char *when; /* of the appointment, or of the callback */
	const char *email;
	const char *given[PROMPT_QUESTIONS]; /* answers to the questions */
	/* what is said next: two acts at most, the first alone if it ends the call */
	Act acts[2];
	int nacts;
	const char *objection_answer;
	const char *asked; /* the question of ACT_ASK */
} Talk;

extern void va_model_talk_begin(Talk *talk, const Prompt *prompt, uint64_t seed, VaArena *arena);
extern void va_model_talk_hear(Talk *talk, const char *said);
extern const char *va_model_talk_say(Talk *talk);
/* The time that is read back in it, in its words; NULL: none is. */
extern const char *va_model_read_back(const Talk *talk);
extern bool va_model_talk_over(const Talk *talk);

/* ---- JSON for a schema ---- */

typedef struct Material
{
	const Talk *talk;	  /* NULL: there is no conversation */
	const Prompt *prompt; /* NULL: nor a prompt */
	const char *text;	  /* all that the messages say */
	VaArena *arena;
	uint64_t rng;
} Material;

/* Where in the schema a value is wanted. */
typedef struct Member
{
	Material *material;
	const char *parent; /* the member that the object is of; "" = none */
	int index;			/* in the array */
} Member;

/* 1 = true, 0 = false, -1 = not known by its name. */
extern int va_model_known_boolean(const Member *member, const char *name);
extern const char *va_model_interest_of(const Talk *talk);
/* The answer to the question of these words; NULL = it was not asked, or not answered. */
extern const char *va_model_given_answer(const Member *member, const json_t *schema, const char *name);
/* What was said of it in the conversation; NULL = nothing. */
extern const char *va_model_spoken_text(const Member *member, const json_t *schema, const char *name);
/* What could be written there by the prompt. */
extern const char *va_model_written_text(const Member *member, const json_t *schema, const char *name);

/* NULL, and *why, for a schema that cannot be met: too deep, too large, of an unknown type. */
extern json_t *va_model_fill_schema(const json_t *schema, Material *material, const char **why);

#endif /* VOICEAGENT_PURE_MODEL_INTERNAL_H */
