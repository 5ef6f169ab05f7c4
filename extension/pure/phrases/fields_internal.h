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
	VaUnits said;  /* the turn that is read */
	size_t turn;
	const char *offered; /* what the assistant's last turn read back; NULL: nothing */
	void *state;		 /* of the kind */
} VaFieldReader;

/* What was said from one unit up to another, which it leaves out, is the value, or a part of it. */
extern void va_field_take(VaFieldReader *reader, const char *value, size_t from, size_t to);
extern void va_field_drop(VaFieldReader *reader);

/* As va_read_field(), of turns whose units are known. */
extern bool va_read_field_units(VaArena *arena, const VaLexicon *lexicon, const VaTalkTurn *turns, const VaUnits *units,
	size_t nturns, VaFieldKind kind, VaFieldValue *value);

/* How a turn begins: with a yes, a no, neither. */
typedef enum VaAnswer
{
	VA_ANSWER_NONE = 0,
	VA_ANSWER_YES,
	VA_ANSWER_NO
} VaAnswer;

extern VaAnswer va_field_answer(const VaUnits *units);
extern bool va_units_have(const VaUnits *units, int64_t kinds);

/*
 * Letters that are spelled from a unit on: D O Y L E, S as in sugar, double L,
 * Romeo Hotel; small, into letters.  How many units, 0: none; *count: how many
 * letters were said one by one.
 */
extern size_t va_read_spelled(
	const VaLexicon *lexicon, const VaUnits *units, size_t at, char letters[VA_SPELLED_MAX], size_t *count);
/* "with a K", "with two n's": how many units follow the first; 0: it is no such remark. */
extern size_t va_spelling_remark(const VaUnits *units, size_t at);
/* Whether two words could be one, of which one is spelled otherwise. */
extern bool va_words_alike(const char *one, const char *other);
/* Whether two words are one but for capitals and accents. */
extern bool va_same_word(const char *one, const char *other);
/* A word as a register writes it: its first letter, and those behind a hyphen or an apostrophe, are capitals. */
extern const char *va_capitalised(VaArena *arena, const char *word, bool irish);

extern void va_read_name(VaFieldReader *reader, bool person);
extern void va_read_email(VaFieldReader *reader, bool person);
extern void va_read_phone(VaFieldReader *reader, bool person);
extern void va_read_number_field(VaFieldReader *reader, bool person);
extern void va_read_date(VaFieldReader *reader, bool person);
extern void va_read_address(VaFieldReader *reader, bool person);

#endif /* VOICEAGENT_PHRASES_FIELDS_INTERNAL_H */
