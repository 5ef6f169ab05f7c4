/*-------------------------------------------------------------------------
 * fields.h
 *		Values that a person gives in a talk: names, e-mail addresses, telephone
 *		numbers, numbers, dates with a year, postal addresses.
 *
 * Pure: turns in, a value with the turn that proves it out; linear in the
 * turns' bytes.  Each kind is a state that turns change: the person says a
 * value, spells it, mends it ("no, with a C"), takes it back; the assistant
 * reads it back, and the person agrees or not.  What stays open is no value.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASES_FIELDS_H
#define VOICEAGENT_PHRASES_FIELDS_H

#include "pure/phrases/lexicon.h"

#define VA_FIELD_TURNS_MAX 10000

typedef enum VaFieldKind
{
	VA_FIELD_NAME = 0,
	VA_FIELD_EMAIL,
	VA_FIELD_PHONE,
	VA_FIELD_NUMBER,
	VA_FIELD_DATE,
	VA_FIELD_ADDRESS,
	VA_FIELD_KINDS
} VaFieldKind;

typedef struct VaTalkTurn
{
	const char *text;
	size_t len;
	bool person; /* not the assistant */
} VaTalkTurn;

typedef struct VaFieldValue
{
	const char *value; /* in the arena; NULL: none was given, or it stayed open */
	size_t turn;	   /* the last that gave a part of it, from 0 on */
	size_t offset;	   /* its bytes of that turn */
	size_t len;
	size_t agreed; /* these are a "yes" to the assistant's turn before this one, which said it; 0: they are not */
} VaFieldValue;

/* The kind of a name such as "email"; VA_FIELD_KINDS: there is none. */
extern VaFieldKind va_field_kind(const char *name);
extern const char *va_field_kind_name(VaFieldKind kind);
/* false: no memory. */
extern bool va_read_field(VaArena *arena, const VaLexicon *lexicon, const VaTalkTurn *turns, size_t nturns,
	VaFieldKind kind, VaFieldValue *value);

#endif /* VOICEAGENT_PHRASES_FIELDS_H */
