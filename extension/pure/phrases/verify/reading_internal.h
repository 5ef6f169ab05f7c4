/*-------------------------------------------------------------------------
 * reading_internal.h
 *		Shared by the parts of a reading.
 *
 * Pure: no state.
 */
#ifndef VOICEAGENT_PHRASES_READING_INTERNAL_H
#define VOICEAGENT_PHRASES_READING_INTERNAL_H

#include "pure/phrases/verify/talk.h"
#include "pure/phrases/words/digits.h"
#include "pure/phrases/verify/reading.h"

/* A number may begin here. */
#define VA_NUMBERS \
	(VA_NUMERAL | VA_DIGIT | VA_TEEN | VA_TENS | VA_HUNDREDS | VA_SCALE | VA_HALF | VA_COUNTED | VA_DOZEN | VA_QUARTER)
/* Values that rules may add. */
#define VA_READING_ADDED_MAX 40

/* A word, or a number, of a turn that may bear a value out. */
typedef struct VaSaidWord
{
	uint32_t hash; /* 0: none */
	uint32_t turn;
	uint32_t unit;
} VaSaidWord;

typedef struct VaReader
{
	VaArena *arena;
	const VaReadingOrder *order;
	const VaLexicon *lexicon;
	VaTalk talk; /* of turns that end where the person begins to speak to the model */
	VaTalkOutcome outcome;
	bool *made;
	signed char *vouched;	  /* 0: not asked yet; -1 no */
	bool tainted;			  /* the person speaks to the model */
	size_t first;			  /* of the turns in which values are looked for */
	VaUnits *units;			  /* of these turns, all of them */
	VaSaidWord *words;		  /* a table of open addresses */
	size_t nwords;			  /* a power of two */
	struct VaSpellings *said; /* for claims; NULL: none was judged yet */
	VaReadValue *values;
	size_t count;
	size_t given;
	const char *conflict; /* what the analysis says against the words; NULL: nothing */
	const char *conflict_value;
} VaReader;

/* ---- reading.c ---- */

/* The turns as far as they are meant for the assistant, and whether the person speaks to the model; false: nobody spoke, or no memory. */
extern bool va_reading_take_turns(VaReader *reader);
/* Room for what is found in them; false: no memory. */
extern bool va_reading_open_turns(VaReader *reader);

/* ---- reading_mentions.c ---- */

/* The person's words on others, such as "close those as not interested", stand as quoted. */
extern void va_reading_mute_mentions(VaReader *reader);

/* ---- reading_turns.c ---- */

/* The byte of a turn at which the person begins to speak to the model; its length: nowhere. */
extern size_t va_speaks_to_model(const char *turn, size_t len, const char *language);
extern const VaUnits *va_reading_units(VaReader *reader, size_t turn);
/* Whether a turn may bear out a value: the person's, and the assistant's to which the person agreed. */
extern bool va_reading_vouched(VaReader *reader, size_t turn);
/* Whether the person agreed to what the assistant said in a turn. */
extern bool va_reading_agreed(VaReader *reader, size_t turn);
/* The sentence of a turn around some of its bytes. */
extern VaWords va_reading_sentence(VaReader *reader, size_t turn, size_t from, size_t to);

/* ---- reading_index.c: where the words of the talk stand ---- */

/* The hash of a word's beginning, by which its forms are one. */
extern uint32_t va_reading_stem(const char *word);
/* The newest place of a word, or a number, in words that may bear a value out; NULL: none. */
extern const VaSaidWord *va_reading_find(VaReader *reader, uint32_t hash);
extern const VaSaidWord *va_reading_find_number(VaReader *reader, int64_t micros);
extern bool va_reading_says(VaReader *reader, size_t turn, uint32_t hash);

/* ---- reading_values.c: what the words say of one value ---- */

extern const char *va_reading_kind(const VaAskedField *field);
/* The kind of a text by its looks: a model writes anything into a text. */
extern const char *va_reading_looks(const VaReadValue *value);
extern VaSupport va_judge_kind(VaReader *reader, const VaAskedField *field, const char *kind, VaReadValue *value);
extern VaSupport va_judge_text(VaReader *reader, VaReadValue *value);

/* The number that a value is, or has in its words; false: none. */
extern bool va_reading_number(VaReader *reader, const VaReadValue *value, int64_t *micros, bool *negative);

/* ---- reading_owned.c: values that the business sets ---- */

/* Takes away what the person says unasked of a price, a discount or a balance; what does not count stays so. */
extern void va_judge_owned(VaReader *reader, const VaAskedField *field, VaReadValue *value);

/* ---- claim.c ---- */

/* kind: name, email, phone, address (or any code), or date, of which the text is 2026-03-18. */
extern VaSupport va_judge_claim(VaReader *reader, const char *kind, VaReadValue *value);

/* ---- reading_choices.c: questions and their answers ---- */

extern VaSupport va_judge_boolean(VaReader *reader, const VaAskedField *field, bool wanted, VaReadValue *value);
extern VaSupport va_judge_choice(VaReader *reader, const VaAskedField *field, VaReadValue *value);
/* The assistant's turn that asks for a field and the first that answers it; false: none does. */
extern bool va_reading_question(VaReader *reader, const VaAskedField *field, size_t *turn);
/* The person's answer to the question of a turn: 1 yes, -1 no, 0 neither. */
extern int va_reading_answer(VaReader *reader, size_t turn, VaWords *words);

/* ---- reading_times.c ---- */

/* kind: date, time, phrase, zone, moment (a date, a time, or both).  agreed: the moment that the talk came to; NULL: any that it names. */
extern VaSupport va_judge_time(VaReader *reader, const char *kind, const VaPhraseTime *agreed, VaReadValue *value);
/* Whether the person, or the assistant with its consent, names any moment. */
extern bool va_reading_names_time(VaReader *reader);

/* ---- reading_ours.c: the names that every analysis may have ---- */

extern const char *va_reading_our_kind(const char *name);
extern void va_judge_ours(VaReader *reader, VaReadValue *value);
/* A model's answer to a question: 1 is a yes (true, "Yes.", 1), -1 a no, 0 neither. */
extern int va_reading_word(const VaReadValue *value);
/* Whether the person said that it does not want what was offered. */
extern bool va_reading_refused(VaReader *reader);
/* Whether a value that is judged by its kind counts: what is acted upon needs support, all else is not to be denied. */
extern bool va_reading_stands(const VaReadValue *value);
/* Whether a value has an effect that the stricter reading has not; an opt-out, and a no, have none. */
extern bool va_reading_effect(const VaReadValue *value);

/* ---- reading_facts.c ---- */

/* The talk in one line, such as "Booked for Friday 4 December, 15:00."; NULL: no memory. */
extern char *va_reading_facts(VaReader *reader);

/* ---- reading_rules.c ---- */

extern void va_add_by_rules(VaReader *reader);

/* ---- reading_json.c ---- */

extern char *va_reading_json(VaReader *reader, size_t unread);

#endif /* VOICEAGENT_PHRASES_READING_INTERNAL_H */
