/*-------------------------------------------------------------------------
 * lexemes.c
 *		Tokens into words with a meaning: the longest entries of the table,
 *		numbers, clocks and dates in digits.
 */
#include "pure/phrases/times/times_internal.h"

#include <string.h>

static const VaPhraseToken *
token(const VaScan *scan, size_t at)
{
	static const VaPhraseToken none = { .kind = VA_TOKEN_MARK, .value = 0, .word = "" };

	return at < scan->tokens.count ? &scan->tokens.items[at] : &none;
}

static bool
is_mark(const VaScan *scan, size_t at, int code, bool glued)
{
	const VaPhraseToken *mark = token(scan, at);

	return mark->kind == VA_TOKEN_MARK && mark->value == code && (!glued || mark->glued);
}

/* Digits that stand right behind what is before them. */
static bool
is_digits(const VaScan *scan, size_t at, int least, int most)
{
	const VaPhraseToken *number = token(scan, at);

	return number->kind == VA_TOKEN_NUMBER && number->glued && number->digits >= least && number->digits <= most;
}

static bool
is_word(const VaScan *scan, size_t at, const char *word)
{
	return token(scan, at)->kind == VA_TOKEN_WORD && strcmp(token(scan, at)->word, word) == 0;
}

static VaLexeme *
add(VaScan *scan, int class, int32_t value, size_t from, size_t tokens)
{
	const VaPhraseToken *last = token(scan, from + tokens - 1);
	VaLexeme *lexeme = &scan->items[scan->count++];

	*lexeme = (VaLexeme){ .class = class,
		.value = value,
		.value2 = -1,
		.capital = token(scan, from)->capital,
		.offset = token(scan, from)->offset,
		.end = (uint16_t) (last->offset + last->len) };
	return lexeme;
}

static int
full_year(const VaPhraseToken *year)
{
	int short_year = (int) year->value;

	if (year->digits == 4)
		return short_year;
	/* No appointment is made for 2074. */
	return year->digits == 2 ? (short_year > 60 ? 1900 : 2000) + short_year : 0;
}

static size_t
add_date(VaScan *scan, size_t at, size_t tokens, int64_t year, int64_t month, int64_t day)
{
	if (year < 1900 || year > 2199 || !va_is_civil_day((int) year, (int) month, (int) day))
		add(scan, VA_LEXEME_NO_TIME, 0, at, tokens);
	else
		add(scan, VA_LEXEME_DATE, va_day_number((int) year, (int) month, (int) day), at, tokens);
	return tokens;
}

/* 2026-03-18, 18/03/2026, 18.3.2026, 18-03-2026, 18/03, 18.03.; how many tokens, 0: no date. */
static size_t
read_date(VaScan *scan, size_t at)
{
	const VaPhraseToken *first = token(scan, at);
	int mark = (int) token(scan, at + 1)->value;
	bool glued = token(scan, at + 1)->kind == VA_TOKEN_MARK && token(scan, at + 1)->glued;
	int64_t a = first->value;
	int64_t b = token(scan, at + 2)->value;
	VaLexeme *lexeme;

	if (!glued || (mark != '-' && mark != '/' && mark != '.') || !is_digits(scan, at + 2, 1, 2))
		return 0;
	if (is_mark(scan, at + 3, mark, true) && is_digits(scan, at + 4, 1, 4))
	{
		const VaPhraseToken *third = token(scan, at + 4);

		if (first->digits == 4)
			return add_date(scan, at, 5, a, b, third->value);
		/* Month first, where the language has it and the day cannot be a month or the other way round. */
		if ((scan->traits & VA_LANGUAGE_MONTH_FIRST) && mark == '/' && (b > 12 || a <= 12))
			return add_date(scan, at, 5, full_year(third), a, b);
		return add_date(scan, at, 5, full_year(third), b, a);
	}
	/* 24/7 is always. */
	if (mark == '/' && !(a == 24 && b == 7) && first->digits <= 2 && a >= 1 && b >= 1 && a <= 31 && b <= 31 &&
		(a <= 12 || b <= 12))
	{
		lexeme = add(scan, VA_LEXEME_SLASH, (int32_t) a, at, 3);
		lexeme->value2 = (int32_t) b;
		return 3;
	}
	if (mark == '.' && first->digits <= 2 && a <= 31)
	{
		bool on = scan->count > 0 && scan->items[scan->count - 1].class == VA_WORD_ON;
		bool point = is_mark(scan, at + 3, '.', true) && (on || (scan->traits & VA_LANGUAGE_POINT_DATES));

		lexeme = add(scan, VA_LEXEME_POINT, (int32_t) a, at, point ? 4 : 3);
		lexeme->value2 = (int32_t) b;
		lexeme->digits = token(scan, at + 2)->digits;
		lexeme->sure = point;
		return point ? 4 : 3;
	}
	return 0;
}

/* 15:30, 15:30:20, 14h30, 14 h 30, 14h; 0: no clock. */
static size_t
read_clock(VaScan *scan, size_t at)
{
	const VaPhraseToken *first = token(scan, at);
	size_t tokens = 0;
	int64_t minutes = 0;
	int seconds = -1;
	bool sure = first->digits == 2 && first->value < 10;
	VaLexeme *lexeme;

	if (first->digits > 2)
		return 0;
	if (is_mark(scan, at + 1, ':', true) && is_digits(scan, at + 2, 2, 2) &&
		60 * first->value + token(scan, at + 2)->value > (token(scan, at + 2)->value < 60 ? 1440 : 0))
	{
		add(scan, VA_LEXEME_NO_TIME, 0, at, 3);
		return 3;
	}
	if (first->value > 24)
		return 0;
	if (is_mark(scan, at + 1, ':', true) && is_digits(scan, at + 2, 2, 2))
	{
		minutes = token(scan, at + 2)->value;
		tokens = 3;
		if (is_mark(scan, at + 3, ':', true) && is_digits(scan, at + 4, 2, 2))
		{
			seconds = (int) token(scan, at + 4)->value;
			tokens = 5;
		}
	}
	else if ((is_word(scan, at + 1, "h") || is_word(scan, at + 1, "hrs")) &&
			 (token(scan, at + 1)->glued || !(scan->traits & VA_LANGUAGE_HOUR_MINUTES)))
	{
		const VaPhraseToken *next = token(scan, at + 2);

		tokens = 2;
		sure = sure || first->value > 12;
		if (next->kind == VA_TOKEN_NUMBER && next->digits == 2 && next->value < 60)
		{
			minutes = next->value;
			tokens = 3;
		}
	}
	if (tokens == 0 || minutes > 59 || seconds > 59 || first->value * 60 + minutes > 1440)
		return 0;
	lexeme = add(scan, VA_LEXEME_CLOCK, (int32_t) (first->value * 60 + minutes), at, tokens);
	lexeme->value2 = seconds;
	lexeme->sure = sure;
	/* Written with an h, it may be so many hours as well. */
	lexeme->digits = is_mark(scan, at + 1, ':', true) ? 0 : 1;
	return tokens;
}

/* 20th, 1er, 3o, 20. before a month; 0: none. */
static size_t
read_ordinal(VaScan *scan, size_t at)
{
	static const char *const suffixes[] = { "st", "nd", "rd", "th", "er", "ere", "eme", "ro", "ra", "te", "ten", "ter",
		"tes", "ste", "sten", "ster" };
	const VaPhraseToken *next = token(scan, at + 1);
	int32_t value = (int32_t) token(scan, at)->value;
	VaLexeme *lexeme;

	if (value < 1 || value > 31 || !next->glued)
		return 0;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (is_word(scan, at + 1, suffixes[i]) && (value == 1 || strcmp(suffixes[i], "er") != 0))
		{
			lexeme = add(scan, VA_WORD_ORDINAL, value, at, 2);
			lexeme->digits = token(scan, at)->digits;
			return 2;
		}
	/* A point is an ordinal's where more follows, or where "am", "der" stands before it. */
	if ((scan->traits & VA_LANGUAGE_POINT_DATES) && is_mark(scan, at + 1, '.', true) &&
		!(token(scan, at + 2)->kind == VA_TOKEN_NUMBER && token(scan, at + 2)->glued))
	{
		int before = scan->count > 0 ? scan->items[scan->count - 1].class : VA_LEXEME_END;

		if (at + 2 < scan->tokens.count || before == VA_WORD_ON || before == VA_WORD_THE || before == VA_WORD_UNTIL ||
			before == VA_WORD_FROM || before == VA_WORD_BEFORE || before == VA_WORD_AFTER)
		{
			lexeme = add(scan, VA_WORD_ORDINAL, value, at, 2);
			lexeme->digits = token(scan, at)->digits;
			return 2;
		}
	}
	return 0;
}

static bool
is_money(const VaScan *scan, size_t at)
{
	const VaPhraseToken *mark = token(scan, at);

	return mark->kind == VA_TOKEN_MARK &&
		   (mark->value == '$' || mark->value == 0xA3 || mark->value == 0x20AC || mark->value == '%' ||
			   mark->value == '#' || mark->value == 0xB2 || mark->value == 0xBA);
}

/* A number with what makes it none: money, decimals, a telephone number; 0: it is one. */
static size_t
read_no_number(VaScan *scan, size_t at)
{
	size_t tokens = 1;

	/* 3,50 and 1.250.000, 24/7, 555-0100-22 */
	while ((is_mark(scan, at + tokens, ',', true) || is_mark(scan, at + tokens, '.', true) ||
			   is_mark(scan, at + tokens, '-', true) || is_mark(scan, at + tokens, '/', true)) &&
		   is_digits(scan, at + tokens + 1, 1, 18) && tokens < 20)
		tokens += 2;
	if (is_money(scan, at + tokens) || (at > 0 && is_money(scan, at - 1)))
	{
		add(scan, VA_WORD_OTHER, 0, at, tokens);
		return tokens;
	}
	/* A range in digits goes on as numbers: 2-4, 10-12 */
	if (tokens > 3 || (tokens == 3 && !is_mark(scan, at + 1, '-', true)) || token(scan, at)->digits > 4)
	{
		add(scan, VA_WORD_OTHER, 0, at, tokens);
		return tokens;
	}
	return 0;
}

static size_t
read_number(VaScan *scan, size_t at)
{
	size_t tokens = read_clock(scan, at);
	VaLexeme *lexeme;

	if (tokens == 0 && !(at > 0 && is_money(scan, at - 1)))
		tokens = read_date(scan, at);
	if (tokens > 0)
	{
		/* 3.50 with a currency behind it */
		if (is_money(scan, at + tokens))
			scan->items[scan->count - 1].class = VA_WORD_OTHER;
		return tokens;
	}
	tokens = read_ordinal(scan, at);
	if (tokens == 0)
		tokens = read_no_number(scan, at);
	if (tokens > 0)
		return tokens;
	lexeme = add(scan, VA_WORD_NUMBER, (int32_t) token(scan, at)->value, at, 1);
	lexeme->digits = token(scan, at)->digits;
	lexeme->sure = lexeme->digits == 2 && lexeme->value < 10;
	return 1;
}

/* A mark that may stand within an entry: "Buß- und Bettag", "St. Patrick's Day". */
static bool
is_inner_mark(const VaScan *scan, size_t at)
{
	return (is_mark(scan, at, '-', true) || is_mark(scan, at, '\'', true) || is_mark(scan, at, 0x2019, true) ||
			   (is_mark(scan, at, '/', true) && is_word(scan, at - 1, "w")) ||
			   (is_mark(scan, at, '.', true) && is_word(scan, at - 1, "st"))) &&
		   token(scan, at + 1)->kind == VA_TOKEN_WORD;
}

static size_t
marked_before(bool marked, size_t word)
{
	return marked && word > 0 ? 1 : 0;
}

/* Words that say about when, which is enough for who is to be called again. */
static VaWordMeaning
vague_word(VaScan *scan, VaWordMeaning meaning)
{
	if (meaning.class < VA_WORD_FEW || meaning.class > VA_WORD_FAR)
		return meaning;
	if (meaning.class == VA_WORD_SEASON)
	{
		bool these = scan->count > 0 && va_is_this(scan, scan->count - 1);

		/* "call me in the summer": a person must tell when. */
		if (scan->vague && (these || meaning.value < 8))
			meaning = (VaWordMeaning){ .class = VA_WORD_FAR, .value = VA_FAR_PERIOD, .words = meaning.words };
		else
			meaning.class = these ? VA_WORD_UNCLEAR : VA_WORD_OTHER;
		return meaning;
	}
	if (!scan->vague)
		/* "at for thirty" is seen by its value: see contexts.c */
		meaning.class = meaning.value == VA_FAR_SOME_DAY && meaning.class == VA_WORD_FAR ? VA_WORD_FILLER
																						 : VA_WORD_OTHER;
	else if (meaning.class == VA_WORD_FOR)
	{
		meaning.class = VA_WORD_IN;
		meaning.value = VA_IN_FOR;
	}
	else if (meaning.class == VA_WORD_FEW)
	{
		meaning.class = VA_WORD_NUMBER;
		/* "a few" */
		if (scan->count > 0 && scan->items[scan->count - 1].class == VA_WORD_ARTICLE)
			scan->count--;
	}
	return meaning;
}

/* An entry that words begin with, or a shorter one where the words behind it need its end. */
static VaWordMeaning
shorter_meaning(const VaPhraseLanguage *language, const char *const *words, size_t count, VaWordMeaning meaning)
{
	/* "el lunes en quince", but "en quince días" */
	if (meaning.class == VA_WORD_LATER && meaning.words < count &&
		va_phrase_meaning(language, words + meaning.words, count - meaning.words).class == VA_WORD_UNIT)
		meaning = va_phrase_meaning(language, words, 1);
	/* "demain ou après-demain", "une heure de l'après-midi" */
	if ((meaning.class == VA_WORD_ONWARD || meaning.class == VA_WORD_ZONE_TIME) && meaning.words == 2 && count > 2)
	{
		VaWordMeaning behind = va_phrase_meaning(language, words + 1, count - 1);

		if (behind.words > 1 && (meaning.class == VA_WORD_ONWARD || behind.class == VA_WORD_PART))
			meaning = va_phrase_meaning(language, words, 1);
	}
	/* "the week after Easter" */
	if (meaning.class == VA_WORD_NEXT && meaning.value >= 6 && meaning.words < count)
		meaning = va_phrase_meaning(language, words, 1);
	return meaning;
}

static size_t
read_word(VaScan *scan, size_t at)
{
	const char *words[VA_PHRASE_ENTRY_WORDS];
	size_t count = 0;
	VaWordMeaning meaning;
	VaPhraseNumber number;
	bool marked = is_inner_mark(scan, at + 1);

	while (
		count < VA_PHRASE_ENTRY_WORDS && token(scan, at + count + marked_before(marked, count))->kind == VA_TOKEN_WORD)
	{
		words[count] = token(scan, at + count + marked_before(marked, count))->word;
		count++;
	}
	/* "4 p. m." */
	if (count == 1 && (strcmp(words[0], "p") == 0 || strcmp(words[0], "a") == 0) && is_mark(scan, at + 1, '.', true) &&
		is_word(scan, at + 2, "m") && scan->count > 0)
	{
		size_t used = is_mark(scan, at + 3, '.', true) ? 4 : 3;

		add(scan, VA_WORD_HALF_DAY, words[0][0] == 'p' ? 12 : 0, at, used);
		return used;
	}
	meaning = va_phrase_meaning(scan->language, words, count);
	/* The mark is of the entry, or ends it. */
	if (marked && meaning.words > 1)
	{
		if (meaning.class != VA_WORD_FILLER)
			add(scan, meaning.class, meaning.value, at, meaning.words + 1);
		return meaning.words + 1;
	}
	if (marked)
		count = 1;
	meaning = shorter_meaning(scan->language, words, count, meaning);
	if (meaning.class == VA_WORD_NUMBER || meaning.class == VA_WORD_MULTIPLE || meaning.class == VA_WORD_ORDINAL ||
		meaning.class == VA_WORD_ARTICLE)
	{
		number = va_phrase_number(&scan->tokens, at, scan->language);
		if (number.tokens >= meaning.words && number.value >= 0 && number.value < 1000000)
		{
			add(scan, number.ordinal ? VA_WORD_ORDINAL : VA_WORD_NUMBER, (int32_t) number.value, at, number.tokens);
			return number.tokens;
		}
	}
	/* "war" is not "wär", nor "hatte" "hätte". */
	if (meaning.class == VA_WORD_NOT && meaning.value == 8 && (scan->traits & VA_LANGUAGE_COMPOUNDS) &&
		token(scan, at)->len != strlen(words[0]))
		meaning.class = VA_WORD_OTHER;
	meaning = vague_word(scan, meaning);
	if (meaning.class != VA_WORD_FILLER)
		add(scan, meaning.class, meaning.value, at, meaning.words);
	return meaning.words;
}

static size_t
read_mark(VaScan *scan, size_t at)
{
	int code = (int) token(scan, at)->value;
	int class = VA_WORD_OTHER;

	switch (code)
	{
		case ',':
			class = VA_LEXEME_COMMA;
			break;
		case '.':
		case ';':
		case ':':
		case '!':
		case '?':
		case 0x2026:
			class = VA_LEXEME_STOP;
			break;
		case '-':
		case 0x2013:
		case 0x2014:
			class = VA_LEXEME_DASH;
			break;
		case '@':
			class = VA_WORD_AT;
			break;
		case '&':
			class = VA_WORD_AND;
			break;
		case '%':
			class = VA_WORD_COUNTED;
			break;
		case '+':
			/* UTC+2 */
			class = VA_WORD_OTHER;
			break;
		default:
			return 1;
	}
	if ((code == '+' || code == '-') && scan->count > 0 && scan->items[scan->count - 1].class == VA_WORD_ZONE &&
		(is_digits(scan, at + 1, 1, 2) || is_digits(scan, at + 1, 4, 4)))
	{
		int64_t hours = token(scan, at + 1)->value;
		int64_t minutes = 0;
		size_t tokens = 2;

		if (token(scan, at + 1)->digits == 4)
		{
			minutes = hours % 100;
			hours /= 100;
		}
		else if (is_mark(scan, at + 2, ':', true) && is_digits(scan, at + 3, 2, 2))
		{
			minutes = token(scan, at + 3)->value;
			tokens = 4;
		}
		if (hours <= 14 && minutes < 60)
		{
			add(scan, VA_LEXEME_OFFSET, (int32_t) (60 * hours + minutes) * (code == '-' ? -1 : 1), at, tokens);
			return tokens;
		}
	}
	add(scan, class, 0, at, 1);
	return 1;
}

void
va_scan_lexemes(VaScan *scan)
{
	size_t at = 0;

	scan->count = 0;
	while (at < scan->tokens.count && scan->count < VA_PHRASE_TOKENS_MAX)
	{
		switch (token(scan, at)->kind)
		{
			case VA_TOKEN_NUMBER:
				at += read_number(scan, at);
				break;
			case VA_TOKEN_WORD:
				at += read_word(scan, at);
				break;
			default:
				at += read_mark(scan, at);
				break;
		}
	}
	scan->items[scan->count] = (VaLexeme){ .class = VA_LEXEME_END };
}
