/*-------------------------------------------------------------------------
 * numbers.c
 *		Numbers in words: how units, tens and hundreds go together.
 *
 * The words are in the languages' tables; here are the ways to join them:
 * "twenty-three", "treinta y cinco", "quatre-vingt-dix", "dreiundzwanzig",
 * "three hundred and five".
 */
#include "pure/phrases/words/tokens.h"

typedef struct Run
{
	const VaPhraseTokens *tokens;
	const VaPhraseLanguage *language;
	unsigned traits;
	size_t at;
	int64_t total;	 /* thousands and more */
	int64_t current; /* below a thousand */
	int64_t last;	 /* what was added last; -1: nothing yet */
	bool ordinal;
} Run;

static VaWordMeaning
meaning_at(const Run *run, size_t at)
{
	const char *words[4];
	size_t count = 0;

	while (count < 4 && at + count < run->tokens->count && run->tokens->items[at + count].kind == VA_TOKEN_WORD)
	{
		words[count] = run->tokens->items[at + count].word;
		count++;
	}
	if (count == 0)
		return (VaWordMeaning){ .class = VA_WORD_OTHER };
	return va_phrase_meaning(run->language, words, count);
}

static bool
is_tens(int64_t value)
{
	return value >= 20 && value <= 90 && value % 10 == 0;
}

/* A cardinal or an ordinal behind what there is; false: it begins another number. */
static bool
add_value(Run *run, int64_t value)
{
	int64_t last = run->last;

	if (last < 0 || last >= 1000)
	{
		if (last >= 1000 && value >= 1000)
			return false;
		run->current = value;
	}
	else if (last >= 100 && last % 100 == 0 && value < 100 && value > 0)
		run->current += value;
	else if (is_tens(last) && value > 0 && value < 10 &&
			 !(run->traits & (VA_LANGUAGE_UNIT_FIRST | VA_LANGUAGE_AND_UNIT)))
		run->current += value;
	else if ((run->traits & VA_LANGUAGE_SCORES) && (last == 60 || last == 80) && value >= 10 && value < 20)
		run->current += value;
	else if ((run->traits & VA_LANGUAGE_SCORES) && last == 4 && value == 20)
	{
		run->current += 76;
		value = 80;
	}
	else
		return false;
	run->last = value;
	return true;
}

static bool
add_multiple(Run *run, int64_t value)
{
	if (value == 100)
	{
		/* "seventeen hundred" as well */
		int64_t units = run->last >= 1 && run->last < 100 && run->current < 100 ? run->current : 0;

		if (run->last >= 0 && run->last < 1000 && units == 0)
			return false;
		run->current += units == 0 ? 100 : units * 99;
		run->last = 100;
		return true;
	}
	if ((run->last == 0 && run->current == 0) || run->last >= 1000 || (run->total > 0 && value > 1000))
		return false;
	run->total += (run->current == 0 ? 1 : run->current) * value;
	run->current = 0;
	run->last = value;
	return true;
}

/* "and" within a number: a hundred and five, treinta y cinco, vingt et un, drei und zwanzig.  The next value, or 0. */
static int64_t
behind_and(const Run *run)
{
	VaWordMeaning next = meaning_at(run, run->at + 1);
	bool value = next.class == VA_WORD_NUMBER || next.class == VA_WORD_ORDINAL || next.class == VA_WORD_ARTICLE;
	bool joined = run->at + 1 < run->tokens->count && run->tokens->items[run->at].joined;

	if (!value || next.value <= 0)
		return 0;
	if (run->traits & VA_LANGUAGE_UNIT_FIRST)
		return run->last > 0 && run->last < 10 && is_tens(next.value) && joined ? next.value : 0;
	if (run->traits & VA_LANGUAGE_AND_UNIT)
		return is_tens(run->last) && run->last >= 30 && next.value < 10 ? next.value : 0;
	if (run->traits & VA_LANGUAGE_SCORES)
		return (is_tens(run->last) && next.value == 1) || (run->last == 60 && next.value == 11) ? next.value : 0;
	return (run->last == 100 || run->last == 1000) && next.value < 100 ? next.value : 0;
}

/* One more word; false: the number has ended before it. */
static bool
take_word(Run *run)
{
	VaWordMeaning meaning = meaning_at(run, run->at);

	switch (meaning.class)
	{
		case VA_WORD_ORDINAL:
		case VA_WORD_NUMBER:
			if (!add_value(run, meaning.value))
				return false;
			run->ordinal = meaning.class == VA_WORD_ORDINAL;
			run->at += meaning.words;
			return true;
		case VA_WORD_ARTICLE:
			/* "a hundred", "einundzwanzig"; "vingt et un" comes by its "and" */
			if (run->last < 0)
			{
				VaWordMeaning next = meaning_at(run, run->at + 1);

				if (next.class != VA_WORD_MULTIPLE && !(next.class == VA_WORD_AND && run->tokens->count > run->at + 1 &&
														  run->tokens->items[run->at + 1].joined))
					return false;
			}
			if (!add_value(run, 1))
				return false;
			run->at++;
			return true;
		case VA_WORD_MULTIPLE:
			if (!add_multiple(run, meaning.value))
				return false;
			run->at++;
			return true;
		case VA_WORD_AND:
		{
			int64_t value = behind_and(run);

			if (value == 0)
				return false;
			run->ordinal = meaning_at(run, run->at + 1).class == VA_WORD_ORDINAL;
			run->current += value;
			run->last = value;
			run->at += 1 + meaning_at(run, run->at + 1).words;
			return true;
		}
		default:
			return false;
	}
}

VaPhraseNumber
va_phrase_number(const VaPhraseTokens *tokens, size_t at, const VaPhraseLanguage *language)
{
	Run run = { .tokens = tokens, .language = language, .at = at, .last = -1 };
	VaWordMeaning first;

	if (at >= tokens->count)
		return (VaPhraseNumber){ 0 };
	if (tokens->items[at].kind == VA_TOKEN_NUMBER)
		return (VaPhraseNumber){ .value = tokens->items[at].value, .tokens = tokens->items[at].value < 0 ? 0 : 1 };
	run.traits = va_phrase_traits(language);
	first = meaning_at(&run, at);
	if (first.class == VA_WORD_AND)
		return (VaPhraseNumber){ 0 };
	/* Bounded: a run ends where a value does not fit behind the last, and each adds to a total that is bounded. */
	while (!run.ordinal && run.at < tokens->count && run.at - at < 24 && take_word(&run))
		;
	if (run.at == at || run.last < 0)
		return (VaPhraseNumber){ 0 };
	return (VaPhraseNumber){
		.value = run.total + run.current, .tokens = run.at - at, .ordinal = run.ordinal, .words = true
	};
}
