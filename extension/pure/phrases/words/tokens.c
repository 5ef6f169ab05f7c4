/*-------------------------------------------------------------------------
 * tokens.c
 *		The tokenizer: words folded, numbers read, compounds parted.
 *
 * One pass over the bytes; a word is looked at again only where the language
 * writes words together and the word is in no table.
 */
#include "pure/phrases/words/tokens.h"

#include <ctype.h>
#include <string.h>

#include "pure/text/utf8.h"

typedef struct Reader
{
	VaPhraseTokens *tokens;
	const VaPhraseLanguage *language;
	const unsigned char *text;
	size_t len;
	size_t at;
	bool glued;
} Reader;

/* Latin-1's letters from U+00C0 on, folded; ? = no letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty";

int32_t
va_lookalike(int32_t code)
{
	/* From U+0370 and U+0400 on: what looks like no letter of Latin is '.'. */
	static const char greek[] = "...............j.................ab..ezh.ik.mn.o.p..ty.x....ae.i.a"
								"...e...ik..v.o.p..tu.x....ou....................................cj";
	static const char cyrillic[] = "ee...siij.......a.b..e....k.mho.pcty.x.........."
								   "a....e....k...o.pc.y.x..........ee...siij.......";
	char letter = '.';

	if (code < 0x370)
		return code;
	if (code >= 0xFF21 && code <= 0xFF3A)
		return code - 0xFF21 + 'a';
	if (code >= 0xFF41 && code <= 0xFF5A)
		return code - 0xFF41 + 'a';
	if (code >= 0x370 && code < 0x370 + (int32_t) sizeof(greek) - 1)
		letter = greek[code - 0x370];
	else if (code >= 0x400 && code < 0x400 + (int32_t) sizeof(cyrillic) - 1)
		letter = cyrillic[code - 0x400];
	return letter == '.' ? code : letter;
}

static inline bool
is_plain(unsigned char byte)
{
	return (unsigned char) ((byte | 0x20) - 'a') < 26;
}

/* The plain letters of a character in small form, at most two; 0: it is no letter. */
static size_t
fold(int32_t code, char out[2])
{
	const char *pair = NULL;

	if ((code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z'))
	{
		out[0] = (char) (code | 0x20);
		return 1;
	}
	if (code < 0xC0)
		return 0;
	code = va_lookalike(code);
	if (code < 0x80)
	{
		out[0] = (char) code;
		return 1;
	}
	if (code == 0xDF)
		pair = "ss";
	else if (code == 0xC6 || code == 0xE6)
		pair = "ae";
	else if (code == 0x152 || code == 0x153)
		pair = "oe";
	if (pair != NULL)
	{
		memcpy(out, pair, 2);
		return 2;
	}
	if (code >= 0xC0 && code <= 0xFF && latin[code - 0xC0] != '?')
	{
		out[0] = latin[code - 0xC0];
		return 1;
	}
	if (code >= 0x100 && code < 0x250)
	{
		/* Letters of other languages stay letters, so that a word is not cut in two. */
		out[0] = 'x';
		return 1;
	}
	return 0;
}

static bool
is_capital(int32_t code)
{
	return (code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7) || code == 0x152;
}

/* Combining accents, soft hyphens, joiners and the byte order mark: as if they were not there. */
static bool
is_nothing(int32_t code)
{
	return (code >= 0x300 && code <= 0x36F) || code == 0xAD || (code >= 0x200B && code <= 0x200F) ||
		   (code >= 0x202A && code <= 0x202E) || (code >= 0x2060 && code <= 0x2064) || code == 0xFEFF;
}

static bool
is_space(int32_t code)
{
	return (code >= 0 && code <= ' ') || code == 0x7F || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) ||
		   code == 0x202F || code == 0x3000 || code == 0x2028 || code == 0x2029;
}

static bool
is_apostrophe(int32_t code)
{
	return code == '\'' || code == 0x2019 || code == 0x2018 || code == '`' || code == 0xB4;
}

/* The character at a place; its length, 0 at the end. */
static size_t
peek(const Reader *reader, size_t at, int32_t *code)
{
	if (at >= reader->len)
		return 0;
	/* Nearly every byte. */
	if (reader->text[at] < 0x80)
	{
		*code = reader->text[at];
		return 1;
	}
	return va_utf8_next(reader->text + at, reader->len - at, code);
}

static bool
letter_at(const Reader *reader, size_t at)
{
	int32_t code = 0;
	char out[2];

	return peek(reader, at, &code) > 0 && fold(code, out) > 0;
}

static VaPhraseToken *
add_token(Reader *reader, VaTokenKind kind, size_t from, size_t to)
{
	VaPhraseTokens *tokens = reader->tokens;
	VaPhraseToken *token;

	if (tokens->count == VA_PHRASE_TOKENS_MAX)
	{
		tokens->cut = true;
		return NULL;
	}
	token = &tokens->items[tokens->count++];
	*token = (VaPhraseToken){
		.kind = kind, .offset = (uint16_t) from, .len = (uint16_t) (to - from), .glued = reader->glued, .word = ""
	};
	reader->glued = true;
	return token;
}

/* A word's letters into the room, with its NUL: text[from, to). */
static char *
keep_letters(Reader *reader, size_t from, size_t to)
{
	VaPhraseTokens *tokens = reader->tokens;
	char *word = tokens->room + tokens->used;
	size_t used = 0;

	while (from < to)
	{
		int32_t code = 0;
		char out[2];
		size_t folded;

		if (is_plain(reader->text[from]))
		{
			word[used] = (char) (reader->text[from++] | 0x20);
			used += used < VA_PHRASE_WORD_MAX;
			continue;
		}
		from += peek(reader, from, &code);
		folded = fold(code, out);
		for (size_t i = 0; i < folded && used < VA_PHRASE_WORD_MAX; i++)
			word[used++] = out[i];
	}
	word[used] = '\0';
	tokens->used += used + 1;
	return word;
}

/* The parts of a word that is put together ("dreiundzwanzigsten"); 0: it is not. */
static size_t
part_word(const Reader *reader, const char *word, uint8_t lengths[8])
{
	const char *one[1] = { word };
	size_t len = reader->language == NULL ? 0 : strlen(word);
	size_t parts = 0;
	size_t at = 0;
	bool compounds;

	if (len < 6 || va_phrase_meaning(reader->language, one, 1).class != VA_WORD_OTHER)
		return 0;
	compounds = va_phrase_traits(reader->language) & VA_LANGUAGE_COMPOUNDS;
	while (at < len)
	{
		size_t part = va_phrase_prefix(reader->language, word + at, len - at);

		if (part < 3 || parts == 8)
			return 0;
		lengths[parts++] = (uint8_t) part;
		at += part;
	}
	/* Elsewhere only "threeish" is two words. */
	one[0] = word + len - lengths[parts - 1];
	if (!compounds && (parts != 2 || va_phrase_meaning(reader->language, one, 1).class != VA_WORD_ISH))
		return 0;
	return parts > 1 ? parts : 0;
}

/* A word that the tokens have already, as its parts, each with a NUL of its own. */
static void
add_parts(Reader *reader, VaPhraseToken *token, const uint8_t *lengths, size_t parts)
{
	VaPhraseToken whole = *token;
	char letters[VA_PHRASE_WORD_MAX + 1];
	const char *from = letters;

	strcpy(letters, whole.word);
	reader->tokens->used = (size_t) (whole.word - reader->tokens->room);
	for (size_t i = 0; i < parts; i++)
	{
		char *word = reader->tokens->room + reader->tokens->used;

		if (reader->tokens->used + lengths[i] + 1 > sizeof(reader->tokens->room))
			return;
		if (i > 0)
			token = add_token(reader, VA_TOKEN_WORD, whole.offset, whole.offset + (size_t) whole.len);
		if (token == NULL)
			return;
		memcpy(word, from, lengths[i]);
		word[lengths[i]] = '\0';
		reader->tokens->used += lengths[i] + 1u;
		from += lengths[i];
		token->word = word;
		token->capital = whole.capital;
		token->joined = i > 0;
	}
}

/* Letters with points: "p.m.", "E.S.T"; where they end, or 0. */
static size_t
end_of_initials(const Reader *reader, size_t at)
{
	size_t letters = 0;
	size_t end = 0;

	/* Nearly every word. */
	if (at + 1 >= reader->len || reader->text[at + 1] != '.')
		return 0;
	while (at < reader->len && isalpha(reader->text[at]) && letters < 6)
	{
		letters++;
		end = at + 1;
		if (end >= reader->len || reader->text[end] != '.')
		{
			/* "p.m" is whole; "a.monday" is none. */
			if (letter_at(reader, end))
				return 0;
			break;
		}
		end = at + 2;
		at += 2;
	}
	return letters >= 2 ? end : 0;
}

static void
read_word(Reader *reader)
{
	size_t from = reader->at;
	size_t to = end_of_initials(reader, from);
	int32_t first = 0;
	uint8_t lengths[8];
	size_t parts;
	VaPhraseToken *token;

	peek(reader, from, &first);
	if (to == 0)
	{
		int32_t code = 0;
		size_t len;
		char out[2];

		for (to = from; to < reader->len; to += len)
		{
			while (to < reader->len && is_plain(reader->text[to]))
				to++;
			/* Nearly always. */
			if (to == reader->len || reader->text[to] < 0x80)
				break;
			len = peek(reader, to, &code);
			if (fold(code, out) == 0 && !is_nothing(code))
				break;
		}
	}
	reader->at = to;
	token = add_token(reader, VA_TOKEN_WORD, from, to);
	if (token == NULL)
		return;
	token->capital = is_capital(first);
	token->word = keep_letters(reader, from, to);
	parts = part_word(reader, token->word, lengths);
	if (parts > 0)
		add_parts(reader, token, lengths, parts);
}

static void
read_digits(Reader *reader)
{
	size_t from = reader->at;
	int64_t value = 0;
	size_t digits;
	VaPhraseToken *token;

	while (reader->at < reader->len && isdigit(reader->text[reader->at]))
	{
		if (reader->at - from < 18)
			value = value * 10 + (reader->text[reader->at] - '0');
		reader->at++;
	}
	digits = reader->at - from;
	token = add_token(reader, VA_TOKEN_NUMBER, from, reader->at);
	if (token == NULL)
		return;
	token->digits = digits > 18 ? 18 : (uint8_t) digits;
	token->value = digits > 18 ? -1 : value;
}

static void
read_mark(Reader *reader, int32_t code, size_t len)
{
	size_t from = reader->at;
	bool letters = letter_at(reader, from + len);
	VaPhraseToken *token;

	reader->at += len;
	/* Between letters these part two words and say nothing; so does the hyphen of "3-ish". */
	if (letters && reader->glued && reader->tokens->count > 0 &&
		(is_apostrophe(code) || code == '-' || code == 0x2010 || code == 0x2011))
	{
		VaTokenKind before = reader->tokens->items[reader->tokens->count - 1].kind;

		if (before == VA_TOKEN_WORD || (before == VA_TOKEN_NUMBER && code == '-'))
			return;
	}
	token = add_token(reader, VA_TOKEN_MARK, from, reader->at);
	if (token != NULL)
		token->value = code;
}

void
va_phrase_tokens(VaPhraseTokens *tokens, const char *text, size_t len, const VaPhraseLanguage *language)
{
	Reader reader = { .tokens = tokens, .language = language, .text = (const unsigned char *) text };

	tokens->count = 0;
	tokens->used = 0;
	tokens->cut = len > VA_PHRASE_BYTES_MAX;
	reader.len = tokens->cut ? VA_PHRASE_BYTES_MAX : len;
	while (reader.at < reader.len && tokens->count < VA_PHRASE_TOKENS_MAX)
	{
		int32_t code = 0;
		char out[2];
		size_t used = peek(&reader, reader.at, &code);

		if (is_plain(reader.text[reader.at]))
			read_word(&reader);
		else if (is_space(code))
		{
			reader.glued = false;
			reader.at += used;
		}
		else if (is_nothing(code))
			reader.at += used;
		else if (code >= '0' && code <= '9')
			read_digits(&reader);
		else if (fold(code, out) > 0)
			read_word(&reader);
		else
			read_mark(&reader, code, used);
	}
	if (reader.at < reader.len)
		tokens->cut = true;
}
