/*-------------------------------------------------------------------------
 * talk.c
 *		Reading the turns of a talk once.
 *
 * Pure.
 */
#include "pure/phrases/verify/talk.h"

#include <string.h>

/* A Monday morning (3 January 2000), where the moment of a talk is not known. */
#define ANY_DAY 10959
#define ANY_MINUTES 600

static bool
keep(VaArena *arena, const VaFindings *findings, VaFound *found)
{
	VaFinding *items;

	if (findings->count == 0)
		return true;
	items = va_arena_alloc(arena, findings->count * sizeof(VaFinding));
	if (items == NULL)
		return false;
	memcpy(items, findings->items, findings->count * sizeof(VaFinding));
	*found = (VaFound){ .items = items, .count = findings->count };
	return true;
}

bool
va_talk_read(VaArena *arena, const VaTalkTurn *turns, size_t count, const char *language,
	const VaTimeReference *reference, VaTalk *talk)
{
	const VaPhraseLanguage *table = language == NULL ? NULL : va_phrase_language(language);

	*talk = (VaTalk){ .turns = turns,
		.count = count,
		.language = language,
		.reference = { .day = ANY_DAY, .minutes = ANY_MINUTES },
		.referenced = reference != NULL,
		.doubt = VA_DOUBT_UNASKED,
		.arena = arena };
	if (table == NULL)
		return false;
	if (count > VA_TALK_TURNS_MAX)
	{
		talk->turns += count - VA_TALK_TURNS_MAX;
		talk->count = VA_TALK_TURNS_MAX;
	}
	if (reference != NULL)
		talk->reference = *reference;
	talk->findings = va_arena_alloc(arena, (talk->count + 1) * sizeof(VaFound));
	talk->acts = va_arena_alloc(arena, (talk->count + 1) * sizeof(VaFound));
	talk->times = va_arena_alloc(arena, (talk->count + 1) * sizeof(VaPhraseTimes *));
	if (talk->findings == NULL || talk->acts == NULL || talk->times == NULL)
		return false;
	for (size_t i = 0; i < talk->count; i++)
	{
		const VaTalkTurn *turn = &talk->turns[i];
		VaFindings done;

		va_read_done(language, turn->person, turn->text, turn->len, &done);
		if (!keep(arena, &done, &talk->acts[i]))
			return false;
		if (turn->person)
			talk->findings[i] = talk->acts[i];
	}
	return true;
}

const VaPhraseTimes *
va_talk_times(VaTalk *talk, size_t turn)
{
	if (talk->times[turn] == NULL)
	{
		static VaPhraseTimes none;
		VaPhraseTimes *times = talk->spare != NULL ? talk->spare : va_arena_alloc(talk->arena, sizeof(VaPhraseTimes));
		bool empty;

		if (times == NULL)
			return NULL;
		va_phrase_times(
			talk->turns[turn].text, talk->turns[turn].len, va_phrase_language(talk->language), talk->reference, times);
		/* Nearly every turn names no moment. */
		empty = times->count == 0 && !times->cut && !times->doubt;
		talk->spare = empty ? times : NULL;
		talk->times[turn] = empty ? &none : times;
	}
	return talk->times[turn];
}

void
va_talk_widen(const VaTalkTurn *turn, const char *marks, size_t *from, size_t *to)
{
	while (*from > 0 && strchr(marks, turn->text[*from - 1]) == NULL)
		(*from)--;
	while (*to < turn->len && strchr(marks, turn->text[*to]) == NULL)
		(*to)++;
}
