/*-------------------------------------------------------------------------
 * said_words.c
 *		A turn as words, for the patterns of intents.
 *
 * Pure.
 */
#include "pure/phrases/words/said_words.h"

#include <string.h>

static bool
is_apostrophe(const char *turn, size_t at)
{
	return turn[at] == '\'' || turn[at] == '`' || ((unsigned char) turn[at] & 0x80) != 0;
}

/* The marks of all languages: these do not agree on which one opens and which closes. */
static bool
is_quotation_mark(uint32_t mark)
{
	return mark == '"' || mark == 0xAB || mark == 0xBB || (mark >= 0x201C && mark <= 0x201E);
}

/* Where the words of a turn are cut: before its last sentence here, if that leaves most of them. */
static void
cut_words(VaSpokenWords *words, const VaPhraseTokens *tokens)
{
	const VaPhraseToken *last = &tokens->items[tokens->count - 1];
	size_t count = words->count;

	words->next = tokens->count == 0 ? VA_PHRASE_BYTES_MAX : (size_t) last->offset + last->len;
	for (size_t i = count; i-- > count / 2 + 1;)
	{
		if (words->items[i].begins)
		{
			words->next = words->items[i].offset;
			words->count = i;
			return;
		}
	}
}

/* "Do. Not. Call. Me.": as many words in a row that are a sentence each are one. */
#define STRESSED_MIN 3

static void
join_stressed(VaSpokenWords *words)
{
	for (size_t from = 0; from < words->count;)
	{
		size_t to = from;
		size_t whole = 0; /* not letters and digits, which are spelled */

		while (to < words->count && words->items[to].begins && (to + 1 == words->count || words->items[to + 1].begins))
			whole += words->items[to++].len > 1;
		for (size_t i = from + 1; whole >= STRESSED_MIN && i < to; i++)
			words->items[i].begins = false;
		from = to > from ? to : from + 1;
	}
}

void
va_said_words(VaSpokenWords *words, const char *turn, size_t len)
{
	VaPhraseTokens tokens;
	size_t used = 0;
	bool begins = true;
	bool clause = true;
	bool quoted = false;
	const VaPhraseToken *before = NULL;

	words->count = 0;
	words->next = 0;
	words->turn = turn;
	va_phrase_tokens(&tokens, turn, len, NULL);
	for (size_t i = 0; i < tokens.count; i++)
	{
		const VaPhraseToken *token = &tokens.items[i];
		VaSpokenWord *word = &words->items[words->count];
		const char *text = token->kind == VA_TOKEN_WORD ? token->word : "0";
		size_t text_len = strlen(text);

		if (token->kind == VA_TOKEN_MARK)
		{
			begins = begins || (token->value < 0x80 && strchr(".?!;", (int) token->value) != NULL);
			clause = clause || begins || token->value == ',';
			quoted = quoted != is_quotation_mark((uint32_t) token->value);
			before = NULL;
			continue;
		}
		if (used + text_len + 1 > sizeof(words->room))
			break;
		if (before != NULL && words->count > 0 && token->kind == VA_TOKEN_WORD && before->kind == VA_TOKEN_WORD &&
			token->glued && token->offset > before->offset + before->len && is_apostrophe(turn, token->offset - 1u) &&
			used > 0)
		{
			word--;
			memcpy(words->room + used - 1, text, text_len + 1);
			used += text_len;
			word->len += text_len;
			word->end = (size_t) token->offset + token->len;
			before = token;
			continue;
		}
		memcpy(words->room + used, text, text_len + 1);
		*word = (VaSpokenWord){ .text = words->room + used,
			.len = text_len,
			.offset = token->offset,
			.end = (size_t) token->offset + token->len,
			.begins = begins,
			.clause = clause,
			.quoted = quoted };
		used += text_len + 1;
		words->count++;
		begins = clause = false;
		before = token;
	}
	join_stressed(words);
	if (tokens.cut)
		cut_words(words, &tokens);
}
