/*-------------------------------------------------------------------------
 * outcome_stops.c
 *		Whether a person asks to be called no more, or takes back what it agreed to.
 *
 * Pure: each turn once.
 */
#include "pure/phrases/verify/outcome_internal.h"

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

/* The person's turn before the assistant promises to call no more: it was asked for, in words that are not known. */
size_t
va_promised_end(const VaTalk *talk, const VaDeeds *all)
{
	size_t person = VA_NO_TURN;
	size_t promised = VA_NO_TURN;
	bool wrong = false;

	for (size_t i = 0; i < talk->count; i++)
	{
		const VaDeeds *deeds = &all[i];

		if (deeds->person)
		{
			person = i;
			wrong = wrong || va_does(deeds, B(WRONG_NUMBER));
		}
		/* "The visit is deleted" promises none. */
		else if (person != VA_NO_TURN && !wrong && (deeds->said & ACT(STOP)) != 0 &&
				 (deeds->said & B(WRONG_NUMBER)) == 0 &&
				 (deeds->said & (ACT(VISIT) | ACT(CANCEL))) != (ACT(VISIT) | ACT(CANCEL)) &&
				 ((all[person].said & (B(ACCEPT) | B(INTEREST))) == 0 || (all[person].other & B(OPT_OUT)) != 0))
			promised = person;
	}
	return promised;
}

/* Whether a time was dropped, or the person took back what it had said, and no yes to a question came behind it. */
bool
va_ends_withdrawn(const VaTalk *talk, const VaDeeds *all, const VaAgreement *agreement)
{
	for (size_t i = talk->count; i-- > 0;)
	{
		const VaDeeds *deeds = &all[i];

		if (!deeds->person)
			continue;
		if ((deeds->said & B(WITHDRAWAL)) != 0)
			return true;
		if ((deeds->said & VA_AGREES) != 0 && i > 0 && all[i - 1].question)
			return false;
	}
	return agreement->dropped;
}
