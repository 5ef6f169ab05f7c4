/*-------------------------------------------------------------------------
 * fields_internal.h
 *		What the readers of the kinds share.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASES_FIELDS_INTERNAL_H
#define VOICEAGENT_PHRASES_FIELDS_INTERNAL_H

#include "pure/phrases/digits.h"
#include "pure/phrases/fields.h"
#include "pure/phrases/units.h"

#define VA_SPELLED_MAX 80 /* bytes of a run of letters, with its NUL */

/* One reading of a field, turn by turn. */
typedef struct VaFieldReader
{
	VaArena *arena;
	const VaLexicon *lexicon;
	VaFieldValue *value;
	VaUnits asked; /* the assistant's last turn; no units: there is none */
	size_t asked_turn;
	VaUnits said; /* the turn that is read */
	size_t turn;
	const char *offered; /* what the assistant's last turn read back; NULL: nothing */
	void *state;		 /* of the kind */
} VaFieldReader;

/* What was said from one unit up to another, which it leaves out, is the value, or a part of it. */
extern void va_field_take(VaFieldReader *reader, const char *value, size_t from, size_t to);
extern void va_field_drop(VaFieldReader *reader);
/* The turn says yes to a value that the assistant's last one read back. */
extern void va_field_agree(VaFieldReader *reader, const char *value);

/* As va_read_field(), of turns whose units are known. */
extern bool va_read_field_units(VaArena *arena, const VaLexicon *lexicon, const VaTalkTurn *turns, const VaUnits *units,
	size_t nturns, VaFieldKind kind, VaFieldValue *value);

/* How a turn begins: with a yes, a no, neither. */
typedef enum VaYesNo
{
	VA_ANSWER_NONE = 0,
	VA_ANSWER_YES,
	VA_ANSWER_NO
} VaYesNo;

extern VaYesNo va_field_answer(const VaUnits *units);
extern bool va_units_have(const VaUnits *units, int64_t kinds);

/*
 * Letters that are spelled from a unit on: D O Y L E, S as in sugar, double L,
 * Romeo Hotel; small, into letters.  How many units, 0: none; *count: how many
 * letters were said one by one.
 */
extern size_t va_read_spelled(
	const VaUnits *units, size_t at, bool of_name, char letters[VA_SPELLED_MAX], size_t *count);

/* What is said about letters of a word: "with a K", "two Ts at the end", "no H", "accent on the e". */
typedef struct VaLetterRemark
{
	char letters[VA_SPELLED_MAX]; /* "": an accent, of which letter is not said */
	int times;					  /* 1 only one, 2 two of it; 0: not said */
	bool without;
	bool accent; /* the letter has it */
	int place;	 /* as of VA_PLACE; 0: not said */
} VaLetterRemark;

/* How many units it takes; 0: none.  goes_on: behind another one ("and a Z"). */
extern size_t va_letter_remark(
	const VaLexicon *lexicon, VaArena *arena, const VaUnits *units, size_t at, bool goes_on, VaLetterRemark *remark);
/* "with a K", "with two n's": how many units follow the first; 0: it is no such remark. */
extern size_t va_spelling_remark(const VaUnits *units, size_t at);
/* Whether two words could be one, of which one is spelled otherwise. */
extern bool va_words_alike(const char *one, const char *other);
/* How much two words have in common, of 1000; 0: they are not alike. */
extern int va_likeness(const char *one, const char *other);
/* Whether two words are one but for capitals and accents. */
extern bool va_same_word(const char *one, const char *other);
/* A word as a register writes it: its first letter, and those behind a hyphen or an apostrophe, are capitals. */
extern const char *va_capitalised(VaArena *arena, const char *word, bool irish);

/* ---- names ---- */

#define VA_NAME_WORDS_MAX 6

typedef struct VaName
{
	const char *words[VA_NAME_WORDS_MAX]; /* as they are written */
	size_t count;
} VaName;

extern void va_name_add(VaName *name, const char *word, bool front);
extern void va_name_drop(VaName *name, size_t at);
/* The word that is most like this one; the count: none is. */
extern size_t va_name_find(const VaName *name, const char *word);
/* The word whose part at a hyphen this one is. */
extern bool va_name_has_part(const VaName *name, const char *word);
/* Letters take the place of the word that they spell, whose index *at becomes; false: they spell none. */
extern bool va_name_spell(VaArena *arena, bool irish, VaName *name, const char *letters, size_t *at);
/* A word as its letters spell it; capitals and accents that it has stay. */
extern const char *va_name_spelled(VaArena *arena, bool irish, const char *letters, const char *word);
/* Whether a word is as a remark says. */
extern bool va_name_holds(const char *word, const VaLetterRemark *remark);
/* What a remark says becomes true of a word; NULL: it is, or cannot be.  old: what the letters were taken for, or "". */
extern const char *va_name_remarked(VaArena *arena, const char *word, const VaLetterRemark *remark, const char *old);

extern void va_read_name(VaFieldReader *reader, bool person);
extern void va_read_email(VaFieldReader *reader, bool person);
extern void va_read_phone(VaFieldReader *reader, bool person);
extern void va_read_number_field(VaFieldReader *reader, bool person);
extern void va_read_date(VaFieldReader *reader, bool person);
extern void va_read_address(VaFieldReader *reader, bool person);

#endif /* VOICEAGENT_PHRASES_FIELDS_INTERNAL_H */
