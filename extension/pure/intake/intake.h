/*-------------------------------------------------------------------------
 * intake.h
 *		The body of a request that leaves leads: its fields, and what they mean.
 *
 * Strangers write it, so the work is linear in its bytes, and its fields,
 * levels, names and people are few; what goes beyond is refused or left out
 * where it is met.  Fields count by where they stand: at the top, or in an
 * object that is the contact.  Another object is context.
 *
 * Pure: no backend, no locks, no global state.
 */
#ifndef VOICEAGENT_PURE_INTAKE_H
#define VOICEAGENT_PURE_INTAKE_H

#include "pure/csv/csv_header.h"
#include "pure/memory.h"

#define VA_INTAKE_FIELDS_MAX 200
#define VA_INTAKE_LEVELS_MAX 8
#define VA_INTAKE_NAME_MAX 200
#define VA_INTAKE_PEOPLE_MAX 20

typedef struct VaIntakeField
{
	const char *path; /* a.b.0 */
	const char *value;
	int person; /* from 1; 0: of all of them */
} VaIntakeField;

typedef struct VaIntakeBody
{
	int people;
	int count;
	VaIntakeField fields[VA_INTAKE_FIELDS_MAX];
} VaIntakeBody;

/* type: the Content-Type or NULL.  False: *why says why not, in the arena or static. */
extern bool va_intake_read(
	const char *bytes, size_t len, const char *type, VaArena *arena, VaIntakeBody *body, const char **why);

/* Do these bytes of a path's segment name what holds the contact, or its fields?  Lists of such are people. */
typedef enum VaIntakeHolder
{
	VA_INTAKE_OTHER,
	VA_INTAKE_CONTACT,
	VA_INTAKE_FIELDS /* no level of its own */
} VaIntakeHolder;
extern VaIntakeHolder va_intake_holder(const char *segment, size_t len);

/* A field's name without what a form builder numbers it by: "q5_phoneNumber". */
extern const char *va_intake_name(const char *name);

/* A person's wish on calls, texts, or both; the higher one wins. */
typedef enum VaIntakeAnswer
{
	VA_INTAKE_SILENT,
	VA_INTAKE_YES,
	VA_INTAKE_UNCLEAR, /* something that is neither: no yes is made of it */
	VA_INTAKE_NO
} VaIntakeAnswer;

/* An entry of a mapping; header is NULL where no field is to be this. */
typedef struct VaIntakeMapped
{
	const char *key;
	const char *header;
	int place; /* of the field that it is; -1: none */
} VaIntakeMapped;

typedef struct VaIntakeMeaning
{
	const char *names[VA_INTAKE_FIELDS_MAX]; /* of columns; NULL: it has been understood and is no column */
	int column[VA_LEAD_FIELDS];				 /* the place of each field, or -1; consents are not here */
	const char *event;						 /* the word of a request that adds no lead, or NULL */
	const char *text_stop;					 /* the path that says that texts are not wanted, or NULL */
	const char *unread;						 /* the path of what looks like a consent and is not understood, or NULL */
	VaIntakeAnswer calls;
	VaIntakeAnswer texts;
	VaIntakeAnswer others; /* what speaks of neither */
} VaIntakeMeaning;

/* False: *why says which two fields contradict each other. */
extern bool va_intake_understand(const VaIntakeField *fields, int count, VaIntakeMapped *mapping, int mapped,
	VaArena *arena, VaIntakeMeaning *meaning, const char **why);

/* Is a reduced name one of these words? */
extern bool va_intake_is(const char *word, const char *const *words);

#endif /* VOICEAGENT_PURE_INTAKE_H */
