/*-------------------------------------------------------------------------
 * outcome_stops.c
 *		Whether a person asks in a turn to be called no more.
 *
 * Pure: the turn and the one before it.
 */
#include "pure/phrases/outcome_internal.h"

#define B(name) VA_BIT(VA_INTENT_##name)
#define ACT(name) VA_BIT(VA_ACT_##name)

/* Whether the person says anything after a turn. */
static bool
speaks_after(const VaTalk *talk, size_t turn)
{
	while (++turn < talk->count)
	{
		if (talk->turns[turn].person)
			return true;
	}
	return false;
}

/*
 * "Stop.", in a turn that says nothing else: not if the person goes on to book,
 * nor in answer to "Shall I read it back?" if the talk goes on.
 */
static bool
halts(const VaTalk *talk, const VaDeeds *deeds, const VaAgreement *agreement, size_t turn)
{
	bool cued = turn > 0 && !deeds[turn - 1].person && va_does(&deeds[turn - 1], ACT(CUE));

	return va_does(&deeds[turn], B(HALT)) && !(agreement->agreed && agreement->since > turn) &&
		   !(cued && speaks_after(talk, turn));
}

bool
va_asks_for_end(const VaTalk *talk, const VaDeeds *deeds, const VaAgreement *agreement, size_t turn)
{
	const VaDeeds *said = &deeds[turn];
	const VaDeeds *before = turn > 0 && !deeds[turn - 1].person ? &deeds[turn - 1] : NULL;
	bool asked = before != NULL && (before->asked & ACT(STOP)) != 0;
	bool offered = before != NULL && (before->other & ACT(STOP)) != 0;

	return va_does(said, B(OPT_OUT)) || halts(talk, deeds, agreement, turn) ||
		   (offered && va_begins(&talk->turns[turn], "stop|stopp", " .!,")) ||
		   (asked && va_begins(&talk->turns[turn], "none|keine|ninguna|ninguno|aucun", ".!,")) ||
		   (asked && (said->said & B(YES)) != 0 && (said->said & B(NO)) == 0);
}
