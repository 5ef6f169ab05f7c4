/*-------------------------------------------------------------------------
 * turns.h
 *		The turns of a talk out of jsonb.
 */
#ifndef VOICEAGENT_PHRASES_TURNS_H
#define VOICEAGENT_PHRASES_TURNS_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

#include "pure/phrases/times/times.h"
#include "pure/phrases/verify/talk.h"

/* The turns of a talk that somebody has spoken, and the place of each in the array, from 1 on. */
typedef struct VaSpokenTurns
{
	VaTalkTurn *turns;
	int32 *places;
	size_t count;
	size_t unknown; /* turns of unknown speakers: they are not in the list */
} VaSpokenTurns;

/* Anything but an array has no turns; of a long one come the last VA_FIELD_TURNS_MAX. */
extern VaSpokenTurns va_spoken_turns(Jsonb *turns);

/* The clock of the person that speaks, of a timestamp without zone. */

/* Whether words are read as said then: in a year from 1900 to 2199. */
extern bool va_is_time_reference(Timestamp reference);
/* PT422: a year before 1900 or after 2199. */
extern VaTimeReference va_time_reference(Timestamp reference);

#endif /* VOICEAGENT_PHRASES_TURNS_H */
