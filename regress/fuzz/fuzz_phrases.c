/*
 * fuzz_phrases.c
 *		Any bytes as a phrase in any language, at any time: no more tokens,
 *		moments and alternatives than their bounds, quotes within the words, and
 *		readings that can be written down.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pure/phrases/times/times.h"
#include "pure/phrases/words/tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static VaPhraseTokens tokens;
	const VaPhraseLanguage *language;
	VaPhraseTimes times;
	VaTimeReference now;
	size_t languages = 0;

	if (size < 4)
		return 0;
	while (va_phrase_language_code(languages) != NULL)
		languages++;
	language = va_phrase_language(va_phrase_language_code(data[0] % languages));
	now.day = -25567 + (data[1] * 256 + data[2]);
	now.minutes = data[3] * 1439 / 255;
	data += 4;
	size -= 4;
	va_phrase_tokens(&tokens, (const char *) data, size, language);
	check(tokens.count <= VA_PHRASE_TOKENS_MAX);
	for (size_t i = 0; i < tokens.count; i++)
	{
		check((size_t) tokens.items[i].offset + tokens.items[i].len <= size);
		check(strlen(tokens.items[i].word) <= VA_PHRASE_WORD_MAX);
		check(va_phrase_number(&tokens, i, language).tokens <= tokens.count - i);
	}
	va_phrase_times((const char *) data, size, language, now, &times);
	check(times.count <= VA_PHRASE_TIMES_MAX);
	for (size_t i = 0; i < times.count; i++)
	{
		char text[VA_PHRASE_TIME_TEXT_MAX];
		const VaPhraseTime *time = &times.items[i];

		check(time->alternative == 1 || time->alternative == 2);
		check(time->offset + time->len <= size && time->len > 0);
		va_phrase_time_text(time, text);
		check(strlen(text) >= 3 && strlen(text) < VA_PHRASE_TIME_TEXT_MAX - 1);
		check(time->from.minutes >= 0 && time->from.minutes < 1440 && time->to.minutes >= 0 && time->to.minutes < 1440);
	}
	return 0;
}
