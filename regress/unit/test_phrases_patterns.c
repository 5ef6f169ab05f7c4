/*
 * test_phrases_patterns.c
 *		Every pattern matches the words that stand beside it, and not the others.
 */
#include "pure/phrases/words/said_words.h"
#include "tap.h"

static const struct
{
	const char *id;
	const char *pattern;
	const char *says;
	const char *other;
} examples[] = {
#include "pure/phrases/examples.inc"
};

static bool
matches(const char *said, const char *pattern)
{
	VaSpokenWords words;

	va_said_words(&words, said, strlen(said));
	for (size_t i = 0; i < words.count; i++)
	{
		if (va_match_from(&words, i, pattern) > 0)
			return true;
	}
	return false;
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
	{
		bool says = matches(examples[i].says, examples[i].pattern);

		ok(says && !matches(examples[i].other, examples[i].pattern), "%s: \"%s\", and not \"%s\"", examples[i].id,
			examples[i].says, examples[i].other);
	}
	return done_testing();
}
