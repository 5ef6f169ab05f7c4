/*-------------------------------------------------------------------------
 * outcome_stops.c
 *		Whether a person asks to be called no more, or takes back what it agreed to.
 *
 * Pure: each turn once.
 */
#include "pure/phrases/verify/outcome_internal.h"

#include <string.h>

#include "pure/doubt/doubt.h"

#define B(name) VA_BIT(VA_INTENT_##name)
#define ACT(name) VA_BIT(VA_ACT_##name)

/*
 * An opt-out by a pattern is listed if the person says no more than
 * VA_PLAIN_STOP_WORDS from its turn on, or the classifier takes the talk for one and at most
 * so many per cent of other talks; up to the other share it is held, as it
 * is where few words follow it ("thank you very much" is none), or where it is a short sentence of its own.
 * Measured on the talks of regress/eval/doubt.
 */
#define LISTED_DOUBT_MAX 1
#define HELD_DOUBT_MAX 3
#define LAST_WORDS_MAX 8
#define COURTESY_WORDS_MAX 4
#define SENTENCE_WORDS_MAX 3
/* Patterns of one talk, the newest, of which the classifier is asked; more of them are held. */
#define WEIGHED_MAX 8

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

/* How many words the person says from a byte of a turn on, up to one more than most; of a later turn no more than few count as none. */
static size_t
words_from(const VaTalk *talk, size_t turn, size_t offset, size_t most, size_t few)
{
	size_t words = 0;

	for (size_t i = turn; i < talk->count; i++, offset = 0)
	{
		const VaTalkTurn *said = &talk->turns[i];
		size_t more = said->person ? va_count_words(said->text + offset, said->len - offset, most) : 0;

		if (words <= most && (i == turn || more > few))
			words += more;
	}
	return words;
}

/* Where the turn lies that is so many turns of the person away, or the end of the talk. */
static size_t
persons_away(const VaTalk *talk, size_t turn, size_t persons, bool back)
{
	while (persons > 0 && (back ? turn > 0 : turn + 1 < talk->count))
	{
		turn += back ? (size_t) -1 : 1;
		persons -= talk->turns[turn].person;
	}
	return turn;
}

/*
 * The classifier's result for the windows around a turn, or of a turn among
 * them: "Thursday is fine" before it does not drown a pattern.
 */
static int
doubt_at(VaTalk *talk, size_t turn)
{
	size_t from = persons_away(talk, turn, VA_DOUBT_WINDOW - 1, true);
	size_t to = persons_away(talk, turn, VA_DOUBT_WINDOW - 1, false) + 1;
	VaDoubtTurn *turns;
	VaDoubt doubt;

	if (talk->doubt != VA_DOUBT_UNASKED)
		return talk->doubt;
	from -= from > 0;
	turns = va_arena_alloc(talk->arena, (to - from) * sizeof(VaDoubtTurn));
	for (size_t i = from; turns != NULL && i < to; i++)
		turns[i - from] = (VaDoubtTurn){ talk->turns[i].text, talk->turns[i].len, talk->turns[i].person };
	if (turns == NULL || !va_doubt(turns, to - from, &va_doubt_weights, false, &doubt))
		return HELD_DOUBT_MAX;
	return va_doubt_share(&va_doubt_weights, doubt.score > doubt.alone ? doubt.score : doubt.alone);
}

/* Whether the sentence around a byte has hardly a word besides a pattern's: more sentences after it take nothing back. */
static bool
is_short_sentence(const VaTalkTurn *said, size_t offset)
{
	size_t from = offset;
	size_t to = offset;

	while (from > 0 && strchr(".!?", said->text[from - 1]) == NULL)
		from--;
	while (to < said->len && strchr(".!?", said->text[to]) == NULL)
		to++;
	return va_count_words(said->text + from, to - from, SENTENCE_WORDS_MAX) <= SENTENCE_WORDS_MAX;
}

/* A pattern's words may be said of anything ("I told my ex never to call again"): they need a second witness. */
static VaStop
weigh(VaTalk *talk, const VaDeeds *said, size_t turn)
{
	const VaFound *findings = &talk->findings[turn];
	size_t offset = 0;
	bool alone = false;
	int doubt;

	if (said->lawful || words_from(talk, turn, 0, VA_PLAIN_STOP_WORDS, 0) <= VA_PLAIN_STOP_WORDS)
		return VA_STOP_CERTAIN;
	doubt = talk->weighed++ < WEIGHED_MAX ? doubt_at(talk, turn) : HELD_DOUBT_MAX;
	if (doubt > 0 && doubt <= LISTED_DOUBT_MAX)
		return VA_STOP_CERTAIN;
	for (size_t i = 0; i < findings->count; i++)
	{
		if (findings->items[i].intent == VA_INTENT_OPT_OUT && findings->items[i].sense == VA_SENSE_PLAIN)
		{
			offset = findings->items[i].offset;
			alone = alone || is_short_sentence(&talk->turns[turn], offset);
		}
	}
	/* The person's last words are held in any case. */
	if (alone || (doubt > 0 && doubt <= HELD_DOUBT_MAX) ||
		words_from(talk, turn, offset, LAST_WORDS_MAX, COURTESY_WORDS_MAX) <= LAST_WORDS_MAX)
		return VA_STOP_DOUBTFUL;
	return VA_STOP_NONE;
}

/* "May we call you again?" "No. And ...": a no to calls that names no other time. */
static bool
refuses_calls(VaTalk *talk, const VaDeeds *deeds, size_t turn)
{
	const VaFound *findings = &talk->findings[turn];
	const VaPhraseTimes *asked;
	const VaPhraseTimes *named;

	if (findings->count == 0 || findings->items[0].intent != VA_INTENT_NO || findings->items[0].offset > 0 ||
		findings->items[0].sense != VA_SENSE_PLAIN || turn == 0 || deeds[turn - 1].person ||
		(deeds[turn - 1].asked & ACT(CALL)) == 0 || (deeds[turn - 1].asked & ACT(VISIT)) != 0)
		return false;
	asked = va_talk_times(talk, turn - 1);
	named = va_talk_times(talk, turn);
	return asked != NULL && asked->count == 0 && named != NULL && named->count == 0;
}

VaStop
va_asks_for_end(VaTalk *talk, const VaDeeds *deeds, const VaAgreement *agreement, size_t turn)
{
	const VaDeeds *said = &deeds[turn];
	const VaDeeds *before = turn > 0 && !deeds[turn - 1].person ? &deeds[turn - 1] : NULL;
	bool asked = before != NULL && (before->asked & ACT(STOP)) != 0;
	bool offered = before != NULL && (before->other & ACT(STOP)) != 0;

	if (halts(talk, deeds, agreement, turn) || (offered && va_begins(&talk->turns[turn], "stop|stopp", " .!,")) ||
		(asked && va_begins(&talk->turns[turn], "none|keine|ninguna|ninguno|aucun", ".!,")) ||
		(asked && (said->said & B(YES)) != 0 && (said->said & B(NO)) == 0))
		return VA_STOP_CERTAIN;
	if (va_does(said, B(OPT_OUT)))
		return weigh(talk, said, turn);
	return refuses_calls(talk, deeds, turn) ? VA_STOP_DOUBTFUL : VA_STOP_NONE;
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
				 ((all[person].said & B(ACCEPT)) == 0 || (all[person].other & B(OPT_OUT)) != 0))
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
