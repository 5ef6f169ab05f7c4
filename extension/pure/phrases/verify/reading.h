/*-------------------------------------------------------------------------
 * reading.h
 *		Checks the values that an analysis of a talk claims against the talk's
 *		words, and reads further values in these.
 *
 * Pure: turns and values in, a verdict on each value out, values that rules
 * add, and the whole as JSON.  Linear in the turns' bytes and in the values;
 * the limits below bound both.  Words that a person speaks to the model
 * ("ignore your instructions") bear nothing out but an opt-out.
 *
 * The stricter wins: an opt-out of either side counts, a booking that the words
 * do not contain is none.
 */
#ifndef VOICEAGENT_PHRASES_READING_H
#define VOICEAGENT_PHRASES_READING_H

#include "pure/phrases/verify/outcome.h"

/* Values of an analysis that are read; the rest does not count. */
#define VA_READING_VALUES_MAX 100
/* Fields of a schema that are known; a value of any other is beyond the schema. */
#define VA_READING_FIELDS_MAX 100
/* Objects, lists and values of an analysis that are looked at. */
#define VA_READING_PARTS_MAX 400
/* Choices of a field, and of all of them. */
#define VA_READING_CHOICES_MAX 25
#define VA_READING_ALL_CHOICES_MAX 250
/* How many levels of objects and lists a value may lie below the analysis. */
#define VA_READING_DEPTH_MAX 4
/* Bytes of a path of names, and of a value; longer ones are not read. */
#define VA_READING_NAME_MAX 200
#define VA_READING_VALUE_MAX 4000
/* Bytes of a quote, and of a value as they are shown. */
#define VA_READING_QUOTE_MAX 160
#define VA_READING_SHOWN_MAX 300
/* Turns, the newest, in which values are looked for; opt-outs and outcomes are looked for in all. */
#define VA_READING_TURNS_MAX 500
/* Bytes of a reading. */
#define VA_READING_BYTES_MAX 32768
/* The number of these rules: readings of one number mean the same. */
#define VA_READING_RULES 1

typedef enum VaSupport
{
	VA_SUPPORT_SUPPORTED = 0,
	VA_SUPPORT_UNCHECKED, /* words do not decide it */
	VA_SUPPORT_MISSING,
	VA_SUPPORT_OTHER,
	VA_SUPPORT_DENIED,
	VA_SUPPORT_FORM,
	VA_SUPPORT_UNKNOWN, /* in no schema */
	VA_SUPPORT_EMPTY,	/* says nothing: unknown, n/a */
	VA_SUPPORT_UNREAD,	/* beyond a limit */
	VA_SUPPORTS
} VaSupport;

typedef enum VaValueType
{
	VA_VALUE_TEXT = 0,
	VA_VALUE_NUMBER,
	VA_VALUE_BOOLEAN, /* text: true or false */
	VA_VALUE_NULL,
	VA_VALUE_WHOLE /* an object or a list, which is judged as a whole */
} VaValueType;

typedef struct VaReadValue
{
	const char *name; /* path, points between its parts; a list's place is a number from 0 on */
	VaValueType type;
	const char *text; /* with a NUL behind it */
	size_t len;
	/* of the verdict */
	const char *kind;
	VaSupport support;
	bool counts;
	bool shown; /* has a row; what says nothing has none */
	bool rules; /* rules have found it */
	VaWords words;
} VaReadValue;

/* A schema's word on a field; NULL: none. */
typedef struct VaAskedField
{
	const char *name; /* path, as above, without places of lists */
	const char *type; /* string, number, integer, boolean */
	const char *format;
	const char *about;
	const char **choices;
	size_t nchoices;
} VaAskedField;

typedef struct VaReadingOrder
{
	const VaTalkTurn *turns;
	const int32_t *places; /* the number of each turn as it is shown; NULL: from 1 on */
	size_t count;
	size_t unknown; /* more turns, of unknown speakers: no evidence, and the reading counts them */
	const char *language;
	const VaTimeReference *reference; /* the person's clock; NULL: not known */
	const int *doubt; /* what a classifier says, va_doubt_share(); NULL: ours is asked where it matters */
	const VaAskedField *fields;
	size_t nfields;
	bool fields_known; /* what is in no schema does not count */
} VaReadingOrder;

typedef struct VaReading
{
	VaReadValue *values; /* those given, then those that rules add */
	size_t count;
	size_t given;
	char *json;
} VaReading;

/* The names that every analysis may have ("interest", "appointment.date"), VA_READING_NAMES of them; NULL: no more. */
#define VA_READING_NAMES 23
extern const char *va_reading_name(size_t n);
/* unread: how many values more the analysis had.  false: no table has the language, nobody spoke, or no memory (the arena's oom). */
extern bool va_read_conversation(VaArena *arena, const VaReadingOrder *order, const VaReadValue *values, size_t count,
	size_t unread, VaReading *reading);
/*
 * Whether a text about the talk says nothing that the talk does not: its
 * numbers, dates, times and names are all in the words of either side, in
 * which the person does not speak to the model.  Nothing of order but turns and
 * language is read.
 */
extern bool va_summary_stands(VaArena *arena, const VaReadingOrder *order, const char *text, size_t len);
extern const char *va_support_name(VaSupport support);

#endif /* VOICEAGENT_PHRASES_READING_H */
