/*-------------------------------------------------------------------------
 * talk.h
 *		The turns of a talk with what the scanners find in them, found once for
 *		all that read the talk.
 *
 * Pure: linear in the turns' bytes.  Intents and acts are read at
 * once, times of a turn when somebody asks for them.  A talk of more than
 * VA_TALK_TURNS_MAX turns is read from its end: the last words count.
 */
#ifndef VOICEAGENT_PHRASES_TALK_H
#define VOICEAGENT_PHRASES_TALK_H

#include "pure/memory.h"
#include "pure/phrases/words/intents.h"
#include "pure/phrases/times/times.h"

#define VA_TALK_TURNS_MAX 10000

typedef struct VaTalkTurn
{
	const char *text;
	size_t len;
	bool person; /* not the assistant */
} VaTalkTurn;

#define VA_DOUBT_UNASKED (-1)

typedef struct VaTalk
{
	const VaTalkTurn *turns; /* the last VA_TALK_TURNS_MAX of those given */
	size_t count;
	const char *language;
	VaFound *findings;		   /* one per turn: the person's intents; of the assistant's empty */
	VaFound *acts;			   /* what is done in a turn: the person's intents, the assistant's acts */
	VaPhraseTimes **times;	   /* lazily, NULL until asked */
	VaPhraseTimes *spare;	   /* for the next of them */
	VaTimeReference reference; /* the person's clock */
	int doubt;		 /* va_doubt_share() as another tells it; VA_DOUBT_UNASKED: ours is asked where it matters */
	size_t weighed;	 /* patterns of which it was asked */
	bool referenced; /* false: it is not known, the reference is any moment, and no time's day means anything */
	VaArena *arena;
} VaTalk;

/* The turns live as long as the talk.  false: no table has the language, or no memory (the arena's oom). */
extern bool va_talk_read(VaArena *arena, const VaTalkTurn *turns, size_t count, const char *language,
	const VaTimeReference *reference, VaTalk *talk);
/* The moments that a turn names; NULL: no memory.  They live as long as the arena. */
extern const VaPhraseTimes *va_talk_times(VaTalk *talk, size_t turn);
/* Widens a stretch of a turn, in bytes, up to one of some marks on either side. */
extern void va_talk_widen(const VaTalkTurn *turn, const char *marks, size_t *from, size_t *to);

#endif /* VOICEAGENT_PHRASES_TALK_H */
