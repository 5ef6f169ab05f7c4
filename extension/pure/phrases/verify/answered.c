/*-------------------------------------------------------------------------
 * answered.c
 *		The person's answer to a question of the assistant's.
 *
 * A turn asks it that has its words.  The person's words before the assistant
 * speaks again are the answer.
 */
#include "pure/phrases/verify/answered.h"

#include "pure/phrases/verify/reading_internal.h"

/* Word for word up to the question mark: "may we end this call" is another question. */
static bool
asks(const VaUnits *units, const VaUnits *question)
{
	size_t words = 0;

	while (words < question->count && (words == 0 || question->items[words].joint != '?'))
		words++;
	for (size_t i = 0; words > 0 && i + words <= units->count; i++)
	{
		size_t same = 0;

		while (same < words && strcmp(units->items[i + same].key, question->items[same].key) == 0)
			same++;
		if (same == words)
			return true;
	}
	return false;
}

/* "Yes, but", "yes, speaking", "yes, who is this?": it may be taken back, or answers who one is, or asks. */
static bool
is_hedged(const VaUnits *units, const VaTalkTurn *turn)
{
	static const char *const words[] = { "but", "if", "unless", "only", "pero", "solo", "mais", "sauf", "seulement",
		"aber", "wenn", "nur", "ma", "se", "speaking", "he", "she", "this", "who", "hello", "soy", "yo", "quien",
		"habla", "diga", "digame", "bueno", "moi", "meme", "qui", "allo", "apparat", "wer", "hallo", "dran",
		"that's me", "that is me", "c'est moi", "c'est bien moi", "das bin ich", "bin ich" };

	for (size_t i = 0; i < units->count; i++)
		for (size_t j = 0; j < sizeof(words) / sizeof(words[0]); j++)
			if (strcmp(units->items[i].key, words[j]) == 0 || strcmp(units->items[i].word, words[j]) == 0)
				return true;
	return memchr(turn->text, '?', turn->len) != NULL;
}

static bool
is_plain_yes(const VaFinding *finding)
{
	return finding->sense == VA_SENSE_PLAIN &&
		   (finding->intent == VA_INTENT_YES || finding->intent == VA_INTENT_ACCEPT);
}

/* "No problem", "of course": a no that lies in the words of a yes is none. */
static bool
lies_in_yes(const VaFindings *findings, size_t from, size_t to)
{
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *yes = &findings->items[i];

		if (is_plain_yes(yes) && yes->offset <= from && yes->offset + yes->len >= to)
			return true;
	}
	return false;
}

/* 1 yes, -1 no, 0 neither. */
static int
answer_of(const VaTalkTurn *turn, const VaUnits *units, const char *language)
{
	VaYesNo begins = va_units_answer(units);
	bool yes = begins == VA_ANSWER_YES || (units->count >= 2 && strcmp(units->items[0].key, "go") == 0 &&
											  strcmp(units->items[1].key, "ahead") == 0);
	VaFindings findings;

	va_read_done(language, true, turn->text, turn->len, &findings);
	if (begins == VA_ANSWER_NO && !lies_in_yes(&findings, units->items[0].offset, units->items[0].end))
		return -1;
	for (size_t i = 0; i < findings.count; i++)
	{
		const VaFinding *found = &findings.items[i];

		switch (found->intent)
		{
			case VA_INTENT_NO:
			case VA_INTENT_REFUSAL:
			case VA_INTENT_WITHDRAWAL:
			case VA_INTENT_OPT_OUT:
			case VA_INTENT_HALT:
				if (found->sense == VA_SENSE_PLAIN &&
					!lies_in_yes(&findings, found->offset, found->offset + found->len))
					return -1;
				break;
			case VA_INTENT_WRONG_NUMBER:
			case VA_INTENT_VOICEMAIL:
			case VA_INTENT_SCREENER:
			case VA_INTENT_OTHER:
				return 0;
			default:
				yes = yes || is_plain_yes(found);
		}
	}
	return yes && !is_hedged(units, turn) ? 1 : 0;
}

bool
va_answered(VaArena *arena, const VaTalkTurn *turns, size_t count, const char *language, const char *question,
	VaAnswered *answered)
{
	const VaLexicon *lexicon = va_lexicon(language);
	VaUnits wanted;

	*answered = (VaAnswered){ 0 };
	if (lexicon == NULL || !va_units(arena, lexicon, question, strlen(question), &wanted))
		return false;
	for (size_t i = 0; i < count; i++)
	{
		VaUnits units;
		int said = 0;

		if (turns[i].person)
			continue;
		if (!va_units(arena, lexicon, turns[i].text, turns[i].len, &units))
			return false;
		if (!asks(&units, &wanted))
			continue;
		answered->asked = true;
		for (size_t j = i + 1; j < count && turns[j].person && said >= 0; j++)
		{
			int more;

			if (!va_units(arena, lexicon, turns[j].text, turns[j].len, &units))
				return false;
			more = answer_of(&turns[j], &units, language);
			if (more == 0)
				continue;
			said = more;
			answered->answer = said;
			answered->turn = j;
		}
	}
	return true;
}
