/*-------------------------------------------------------------------------
 * intake_internal.h
 *		Shared by the two readers of a request's fields; for no other file.
 */
#ifndef VOICEAGENT_PURE_INTAKE_INTERNAL_H
#define VOICEAGENT_PURE_INTAKE_INTERNAL_H

#include "intake.h"

/* A field as it stands in its path. */
typedef struct VaIntakeSeen
{
	const char *rest; /* the path behind what holds the contact */
	size_t level;	  /* bytes of the path up to the object that holds it */
	const char *name; /* of the contact's own; NULL: somebody else's, or nothing of ours */
	bool event;		  /* it names what happened */
} VaIntakeSeen;

typedef struct VaIntakeReader
{
	const VaIntakeField *fields;
	int count;
	VaArena *arena;
	VaIntakeSeen seen[VA_INTAKE_FIELDS_MAX];
	int phone; /* the place of a number of the contact; -1: none yet */
	VaIntakeMeaning *meaning;
} VaIntakeReader;

/* Is a segment of a path a place in a list? */
extern bool va_intake_is_index(const char *segment, size_t len);
/* The next place from this on that stands in the same object; count: none. */
extern int va_intake_beside(const VaIntakeReader *reader, int place, int from, char word[VA_CSV_WORD_MAX]);

/* The fields' wish on calls and texts; stop, consent: the mapping's places of them, or what it says in their stead. */
extern void va_intake_hear(VaIntakeReader *reader, int stop, int consent);

#endif /* VOICEAGENT_PURE_INTAKE_INTERNAL_H */
