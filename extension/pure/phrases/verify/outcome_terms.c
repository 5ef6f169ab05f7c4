/*-------------------------------------------------------------------------
 * outcome_terms.c
 *		Whether what a person agrees to in a turn hangs on something else.
 *
 * "Only if my wife agrees", "Sure, said nobody ever" hang on whatever the turn
 * says; "if it were free" on a yes or a time in its own sentence: "If nobody
 * answers, ring the bell" takes nothing back.
 *
 * Pure: the turn once.
 */
#include "pure/phrases/verify/outcome_internal.h"

#define B(name) VA_BIT(VA_INTENT_##name)

/* Whether a time is named between two bytes of a turn. */
static bool
names_time(VaTalk *talk, size_t turn, size_t from, size_t to)
{
	const VaPhraseTimes *times = va_talk_times(talk, turn);

	for (size_t i = 0; times != NULL && i < times->count; i++)
	{
		if (times->items[i].offset >= from && times->items[i].offset < to)
			return true;
	}
	return false;
}

/* Whether the sentence of a proviso agrees to something, or there is no other. */
static bool
hangs(VaTalk *talk, size_t turn, const VaFinding *proviso)
{
	const VaTalkTurn *words = &talk->turns[turn];
	const VaFound *findings = &talk->acts[turn];
	size_t from = proviso->offset;
	size_t to = from + proviso->len;
	uint64_t bits = 0;

	va_talk_widen(words, ".?!;", &from, &to);
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];

		if (finding->offset >= from && finding->offset < to)
			bits |= VA_BIT(finding->intent);
	}
	if ((bits & B(CALLBACK)) != 0)
		return false;
	return (bits & VA_AGREES) != 0 || names_time(talk, turn, from, to);
}

bool
va_on_terms(VaTalk *talk, size_t turn)
{
	const VaFound *findings = &talk->acts[turn];

	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *finding = &findings->items[i];
		bool proviso = finding->intent == VA_INTENT_PROVISO;

		if (finding->sense != VA_SENSE_QUOTED &&
			((finding->strict && (proviso || finding->intent == VA_INTENT_SARCASM)) ||
				(proviso && hangs(talk, turn, finding))))
			return true;
	}
	return false;
}
