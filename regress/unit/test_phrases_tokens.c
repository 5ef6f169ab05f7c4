/*
 * test_phrases_tokens.c
 *		Words, numbers and marks of what was said, in four languages; numbers
 *		in words; bounds.
 */
#include "tap.h"

#include <stdint.h>

#include "pure/phrases/words/tokens.h"

static VaPhraseTokens tokens;

/* The tokens with a bar between them, and a tilde where one is glued to the one before. */
static const char *
shown(const char *code, const char *text)
{
	static char out[8192];
	size_t used = 0;

	va_phrase_tokens(&tokens, text, strlen(text), va_phrase_language(code));
	out[0] = '\0';
	for (size_t i = 0; i < tokens.count; i++)
	{
		const VaPhraseToken *token = &tokens.items[i];

		used += (size_t) snprintf(out + used, sizeof(out) - used, "%s%s%.*s",
			i == 0		   ? ""
			: token->glued ? "~"
						   : "|",
			token->word, token->kind == VA_TOKEN_WORD ? 0 : (int) token->len, text + token->offset);
	}
	return out;
}

static void
test_words(void)
{
	is_str(shown("en", "Half past three, o'clock"), "half|past|three~,|o~clock", "words, marks, an apostrophe");
	is_str(shown("es", "Ma\xc3\xb1"
					   "ana a las 3:30"),
		"manana|a|las|3~:~30", "accents go, digits and marks are tokens");
	is_str(shown("fr", "apr\xc3\xa8s-demain \xc3\xa0 14h30"), "apres~demain|a|14~h~30", "a hyphen parts words");
	is_str(shown("en", "3 p.m. on the 20th-ish"), "3|pm|on|the|20~th~ish", "letters with points are one word");
	is_str(shown("en", "2-4pm"), "2~-~4~pm", "a hyphen between digits stays");
	is_str(shown("de", "Dreiundzwanzigster gr\xc3\xbc\xc3\x9f"
					   "e"),
		"drei~und~zwanzigster|grusse", "compounds");
	is_str(shown("de", "am 20. M\xc3\xa4rz"), "am|20~.|marz", "an ordinal's point");
	is_str(shown("en", "a\xcc\x81 \xff\xfe z"), "a|\xff~\xfe|z", "combining accents go; what is no UTF-8 is a mark");
	is_str(shown("en", "'tis \xe2\x80\x99n"), "'~tis|\xe2\x80\x99~n", "an apostrophe before a word is a mark");
}

static void
number(const char *code, const char *text, long long value, size_t used)
{
	VaPhraseNumber read;

	va_phrase_tokens(&tokens, text, strlen(text), va_phrase_language(code));
	read = va_phrase_number(&tokens, 0, va_phrase_language(code));
	ok(read.value == value && read.tokens == used, "%s: \"%s\" is %lld in %zu tokens (%lld in %zu)", code, text, value,
		used, (long long) read.value, read.tokens);
}

static void
test_numbers(void)
{
	number("en", "twenty-three people", 23, 2);
	number("en", "two thirty", 2, 1);
	number("en", "three hundred and five", 305, 4);
	number("en", "two thousand and twenty six", 2026, 5);
	number("en", "a hundred", 100, 2);
	number("en", "a dog", 0, 0);
	number("en", "four two", 4, 1);
	number("en", "one million two hundred thousand", 1200000, 5);
	number("en", "and five", 0, 0);
	number("es", "treinta y cinco", 35, 3);
	number("es", "tres y media", 3, 1);
	number("es", "diez y cinco", 10, 1);
	number("es", "veintid\xc3\xb3s", 22, 1);
	number("es", "dos mil veintis\xc3\xa9is", 2026, 3);
	number("fr", "quatre-vingt-dix-neuf", 99, 4);
	number("fr", "soixante et onze", 71, 3);
	number("fr", "vingt et un", 21, 3);
	number("fr", "quatre-vingts", 80, 2);
	number("fr", "deux cent quarante-deux", 242, 4);
	number("de", "dreiundzwanzig", 23, 3);
	number("de", "einundzwanzig", 21, 3);
	number("de", "hundertf\xc3\xbcnf", 105, 2);
	number("de", "zweitausendsechsundzwanzig", 2026, 5);
	number("de", "drei und vier", 3, 1);
	number("en", "1250", 1250, 1);
	number("en", "999999999999999999", 999999999999999999, 1);
	number("en", "9999999999999999999", -1, 0);
	va_phrase_tokens(&tokens, "einundzwanzigsten", 17, va_phrase_language("de"));
	ok(va_phrase_number(&tokens, 0, va_phrase_language("de")).ordinal, "an ordinal in one word");
}

static void
test_bounds(void)
{
	static char text[20001];
	VaPhraseNumber read;

	memset(text, 'a', 20000);
	va_phrase_tokens(&tokens, text, 20000, va_phrase_language("de"));
	ok(tokens.cut && tokens.count == 1 && strlen(tokens.items[0].word) == VA_PHRASE_WORD_MAX,
		"a word of 20,000 letters");
	for (size_t i = 1; i < 20000; i += 2)
		text[i] = ' ';
	va_phrase_tokens(&tokens, text, 20000, NULL);
	ok(tokens.cut && tokens.count == VA_PHRASE_TOKENS_MAX, "no more than %d tokens", VA_PHRASE_TOKENS_MAX);
	text[0] = '\0';
	for (int i = 0; i < 300; i++)
		strcat(text, "hundred ");
	va_phrase_tokens(&tokens, text, strlen(text), va_phrase_language("en"));
	read = va_phrase_number(&tokens, 0, va_phrase_language("en"));
	ok(read.tokens > 0 && read.value < INT64_C(1000000000000), "a run of hundreds ends");
	va_phrase_tokens(&tokens, "", 0, NULL);
	is_int(tokens.count, 0, "no words, no tokens");
}

static void
test_tables(void)
{
	for (size_t n = 0; va_phrase_language_code(n) != NULL; n++)
	{
		const VaPhraseLanguage *language = va_phrase_language(va_phrase_language_code(n));

		is_str(va_phrase_fault(language), NULL, "no phrase of %s has two meanings", va_phrase_language_code(n));
	}
	ok(va_phrase_language("en-US") != NULL && va_phrase_language("de_CH") != NULL, "tags with a region");
	ok(va_phrase_language("xx") == NULL && va_phrase_language("") == NULL && va_phrase_language(NULL) == NULL &&
			va_phrase_language("eng") == NULL,
		"no other language");
}

int
main(void)
{
	test_words();
	test_numbers();
	test_bounds();
	test_tables();
	return done_testing();
}
