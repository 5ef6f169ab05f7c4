/*-------------------------------------------------------------------------
 * promises.c
 *		The promises and reported deeds of a talk's assistant for the
 *		person: whether anything bears it is for others to see.
 *
 * Pure: each turn once.  "If you like, I will send it", and what it asks the
 * person without a yes to it, is no promise.
 */
#include "pure/phrases/verify/outcome_internal.h"

#define B(name) VA_BIT(VA_INTENT_##name)

/* The person's reply to a promise in a turn: 1 yes, -1 no, 0 neither. */
static int
answer_to(const VaDeeds *deeds, size_t count, size_t turn)
{
	bool more = va_does(&deeds[turn], VA_BIT(VA_ACT_MORE));

	for (size_t i = turn + 1; i < count; i++)
	{
		if (!deeds[i].person)
			continue;
		/* "Anything else?" "No." */
		if ((deeds[i].said & (B(REFUSAL) | B(WITHDRAWAL) | (more ? 0 : B(NO)))) != 0)
			return (deeds[i].said & VA_AGREES) != 0 ? 0 : -1;
		return (deeds[i].said & VA_AGREES) != 0;
	}
	return 0;
}

/* The first moment that is named within a sentence. */
static const VaPhraseTime *
time_within(VaTalk *talk, VaWords words)
{
	const VaPhraseTimes *times = va_talk_times(talk, words.turn);

	for (size_t i = 0; times != NULL && i < times->count; i++)
	{
		if (times->items[i].offset >= words.offset && times->items[i].offset < words.offset + words.len)
			return &times->items[i];
	}
	return NULL;
}

void
va_read_promises(VaTalk *talk, VaPromise promises[VA_PROMISES])
{
	VaDeeds *deeds = talk->count == 0 ? NULL : va_read_deeds(talk);

	for (size_t kind = 0; kind < VA_PROMISES; kind++)
		promises[kind] = (VaPromise){ .time = NULL };
	for (size_t i = 0; deeds != NULL && i < talk->count; i++)
	{
		const VaTalkTurn *turn = &talk->turns[i];

		for (size_t j = 0; !turn->person && j < talk->acts[i].count; j++)
		{
			const VaFinding *finding = &talk->acts[i].items[j];
			size_t from = finding->offset;
			size_t to = finding->offset + finding->len;
			VaWords words;
			int answer;

			if (finding->intent < VA_PROMISE_CALL || finding->intent > VA_PROMISE_CONNECT ||
				finding->sense != VA_SENSE_PLAIN ||
				/* "Dann rufe ich Sie nicht mehr an." */
				(finding->intent == VA_PROMISE_CALL &&
					((deeds[i].said | deeds[i].asked | deeds[i].other) & VA_BIT(VA_ACT_STOP)) != 0))
				continue;
			answer = answer_to(deeds, talk->count, i);
			if (answer < 0 || (answer == 0 && va_asks_at(turn, to)))
				continue;
			va_talk_widen(turn, ".?!\n", &from, &to);
			while (from < finding->offset && turn->text[from] == ' ')
				from++;
			words = (VaWords){ .turn = i, .offset = from, .len = to - from };
			promises[finding->intent - VA_PROMISE_CALL] = (VaPromise){ words, time_within(talk, words) };
		}
	}
}

const char *
va_promise_name(size_t kind)
{
	return ((const char *const[]){ "call", "send", "note", "book", "ask", "connect" })[kind];
}
