/*-------------------------------------------------------------------------
 * turns.h
 *		The turns of a talk out of jsonb.
 */
#ifndef VOICEAGENT_PHRASES_TURNS_H
#define VOICEAGENT_PHRASES_TURNS_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "pure/phrases/verify/talk.h"

/* The turns of a talk that somebody has spoken, and the place of each in the array, from 1 on. */
typedef struct VaSpokenTurns
{
	VaTalkTurn *turns;
	int32 *places;
	size_t count;
	size_t unknown; /* turns with words of whom nobody knows: they are not among them */
} VaSpokenTurns;

/* Anything but an array has no turns; of a long one come the last VA_FIELD_TURNS_MAX. */
extern VaSpokenTurns va_spoken_turns(Jsonb *turns);

#endif /* VOICEAGENT_PHRASES_TURNS_H */
