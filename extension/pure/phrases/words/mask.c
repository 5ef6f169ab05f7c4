/*-------------------------------------------------------------------------
 * mask.c
 *		Spoken words that must not be kept.
 *
 * Most texts have neither so many digits nor a word of a code, and are not
 * looked at closely.  A phrase is read once in each language, because people
 * and carriers change it, and what a language takes for a card is masked.
 */
#include "mask.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "pure/phrases/words/mask_internal.h"
#include "pure/phrases/words/tokens.h"
#include "pure/text/json.h"

#define CARD_LEAST 13
#define CARD_MOST 19
#define CODE_LEAST 3
#define CODE_MOST 8
/* How many words may stand between a word of a code and its digits. */
#define CODE_REACH 6
/* The input read at once: less than the tokenizer takes. */
#define PIECE VA_MASK_PIECE
#define GROUPS_MAX 64

/* Digits that were said in one go, and the bytes they take. */
typedef struct Group
{
	size_t begin;
	size_t end;
	char digits[20];
	size_t token; /* the first of them */
} Group;

/* In small letters, without accents. */
static const char *const code_words[] = { "pin", "pincode", "cvv", "cvc", "csc", "passcode", "password", "code", "otp",
	"codigo", "clave", "contrasena", "cryptogramme", "geheimzahl", "prufziffer", "prufnummer", "kartenprufnummer",
	"kennwort", "passwort", "sicherheitscode", "tan", "codice" };
/* Beside "code" they make it one that anybody may know. */
static const char *const open_words[] = { "zip", "postal", "postcode", "post", "area", "country", "dialing", "dial",
	"promo", "discount", "coupon", "dress", "bar", "qr", "source", "building", "fiscale", "pais", "avviamento",
	"sconto", "promotion", "reduction", "descuento", "ape", "naf" };

static bool
is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof((words)[0]))

static bool
passes_luhn(const char *digits, size_t count)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++)
	{
		int digit = digits[count - 1 - i] - '0';

		if (i % 2 == 1)
			digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
		sum += digit;
	}
	return sum % 10 == 0;
}

/* As the issuers' numbers begin, in their lengths. */
static bool
is_card(const char *digits, size_t count)
{
	int two = (digits[0] - '0') * 10 + digits[1] - '0';
	bool begins = false;

	if (count < CARD_LEAST || count > CARD_MOST)
		return false;
	if (digits[0] == '4')
		begins = count == 13 || count == 16 || count == 19;
	else if ((two >= 51 && two <= 55) || (two >= 22 && two <= 27) || two == 35)
		begins = count == 16;
	else if (two == 34 || two == 37)
		begins = count == 15;
	else if (two == 30 || two == 36 || two == 38 || two == 39)
		begins = count == 14 || count == 16;
	else if (digits[0] == '6' || two == 50 || two >= 56)
		begins = digits[0] != '7' && digits[0] != '8' && digits[0] != '9' && count >= 16;
	return begins && passes_luhn(digits, count);
}

/* A number of one word, or of tens and ones: "forty two seventy one" is two of them, whatever else it may be. */
static VaPhraseNumber
read_short(VaPhraseTokens *tokens, size_t at, const VaPhraseLanguage *language)
{
	size_t count = tokens->count;
	VaPhraseNumber number;

	tokens->count = at + 1;
	number = va_phrase_number(tokens, at, language);
	if (number.tokens == 1 && number.value >= 20 && number.value <= 90 && number.value % 10 == 0 && at + 1 < count)
	{
		VaPhraseNumber more;

		tokens->count = at + 2;
		more = va_phrase_number(tokens, at, language);
		number = more.tokens == 2 && more.value < 100 ? more : number;
	}
	tokens->count = count;
	return number;
}

/* The digits that begin at a token, as they are written or said; how many tokens, 0: none. */
static size_t
read_group(
	VaPhraseTokens *tokens, size_t at, const VaPhraseLanguage *language, bool shortly, const char *text, Group *group)
{
	static const char *const ones[] = { "un", "une", "uno", "una", "ein", "one" };

	const VaPhraseToken *token = &tokens->items[at];
	size_t taken = 1;

	group->begin = token->offset;
	group->token = at;
	if (token->kind == VA_TOKEN_NUMBER)
	{
		if (token->len > CARD_MOST)
			return 0;
		memcpy(group->digits, text + token->offset, token->len);
		group->digits[token->len] = '\0';
	}
	else if (token->kind == VA_TOKEN_WORD && (strcmp(token->word, "oh") == 0 || strcmp(token->word, "o") == 0))
		strcpy(group->digits, "0");
	else if (token->kind == VA_TOKEN_WORD)
	{
		VaPhraseNumber number = shortly ? read_short(tokens, at, language) : va_phrase_number(tokens, at, language);

		/* Alone it is an article. */
		if (number.tokens == 0 && IS_ONE_OF(token->word, ones))
			number = (VaPhraseNumber){ .value = 1, .tokens = 1 };
		if (number.tokens == 0 || number.ordinal || number.value < 0 || number.value > 9999)
			return 0;
		taken = number.tokens;
		snprintf(group->digits, sizeof(group->digits), "%d", (int) number.value);
	}
	else
		return 0;
	group->end = tokens->items[at + taken - 1].offset + tokens->items[at + taken - 1].len;
	return taken;
}

/* Whether a word of a code stands soon before a token. */
static bool
follows_code(const VaPhraseTokens *tokens, size_t at)
{
	size_t words = 0;

	for (size_t i = at; i > 0 && words <= CODE_REACH; i--)
	{
		const VaPhraseToken *token = &tokens->items[i - 1];

		if (token->kind != VA_TOKEN_WORD)
			continue;
		words++;
		if (!IS_ONE_OF(token->word, code_words))
			continue;
		return !(i > 1 && IS_ONE_OF(tokens->items[i - 2].word, open_words)) &&
			   !(i < tokens->count && IS_ONE_OF(tokens->items[i].word, open_words));
	}
	return false;
}

static void
hide(bool *hidden, const Group *first, const Group *last)
{
	memset(hidden + first->begin, true, last->end - first->begin);
}

/* A run of groups: the longest card in it, then the next; or a code. */
static void
judge_run(const VaPhraseTokens *tokens, const Group *groups, size_t count, bool *hidden)
{
	char digits[GROUPS_MAX * 20];
	size_t total = 0;
	bool found = false;

	for (size_t i = 0; i < count; i++)
	{
		size_t len = 0;

		for (size_t last = i; last < count && len <= CARD_MOST; last++)
		{
			memcpy(digits + len, groups[last].digits, strlen(groups[last].digits));
			len += strlen(groups[last].digits);
			if (is_card(digits, len))
			{
				hide(hidden, &groups[i], &groups[last]);
				found = true;
			}
		}
		total += strlen(groups[i].digits);
	}
	if (!found && count > 0 && total >= CODE_LEAST && total <= CODE_MOST && follows_code(tokens, groups[0].token))
		hide(hidden, &groups[0], &groups[count - 1]);
}

static void
read_piece(
	const char *text, size_t len, const VaPhraseLanguage *language, bool shortly, VaPhraseTokens *tokens, bool *hidden)
{
	Group groups[GROUPS_MAX];
	size_t count = 0;

	va_phrase_tokens(tokens, text, len, language);
	for (size_t i = 0; i < tokens->count;)
	{
		const VaPhraseToken *token = &tokens->items[i];
		size_t taken = count < GROUPS_MAX ? read_group(tokens, i, language, shortly, text, &groups[count]) : 0;

		if (taken > 0)
		{
			count++;
			i += taken;
			continue;
		}
		i++;
		/* Allowed between the groups of one number. */
		if (count > 0 && count < GROUPS_MAX &&
			((token->kind == VA_TOKEN_MARK && strchr("-.,/", (int) token->value) != NULL) ||
				(token->kind == VA_TOKEN_WORD && (strcmp(token->word, "uh") == 0 || strcmp(token->word, "um") == 0))))
			continue;
		judge_run(tokens, groups, count, hidden);
		count = 0;
	}
	judge_run(tokens, groups, count, hidden);
}

/* 0 to 25; more: no letter of ASCII. */
static inline unsigned int
letter(char c)
{
	return (unsigned int) ((c | 0x20) - 'a');
}

/* How words of numbers begin, by their first letter, in the languages there are; most words do not. */
static bool
may_be_number(const char *word, size_t len)
{
	static const char *const seconds[] = { ['a' - 'a'] = "c",
		['c' - 'a'] = "uie",
		['d' - 'a'] = "oieru",
		['e' - 'a'] = "il",
		['f' - 'a'] = "oi\xc3",
		['h' - 'a'] = "u",
		['n' - 'a'] = "iueoa",
		['o' - 'a'] = "nhct",
		['q' - 'a'] = "u",
		['s' - 'a'] = "ieo",
		['t' - 'a'] = "wher",
		['u' - 'a'] = "n",
		['v' - 'a'] = "ei",
		['z' - 'a'] = "ew\xc3" };
	unsigned int first = letter(word[0]);
	/* In small form, if it is of ASCII. */
	char second = (char) ((unsigned char) word[1] < 0x80 ? word[1] | 0x20 : word[1]);

	if (len < 2 || first >= sizeof(seconds) / sizeof(seconds[0]) || seconds[first] == NULL)
		return false;
	for (const char *each = seconds[first]; *each != '\0'; each++)
		if (*each == second)
			return true;
	return false;
}

#define BIT(letter) (UINT32_C(1) << ((letter) - 'a'))

/* How the words of codes begin, as they are written. */
static bool
may_be_code(const char *word, size_t len)
{
	static const char *const begins[] = { "pin", "pass", "pr\xc3\xbc", "cv", "csc", "cod", "c\xc3\xb3", "clav",
		"contras", "crypt", "otp", "geheim", "karten", "kenn", "sicher", "tan" };

	/* Their second letters by their first. */
	static const uint32_t seconds[26] = { ['c' - 'a'] = BIT('v') | BIT('s') | BIT('o') | BIT('l') | BIT('r'),
		['g' - 'a'] = BIT('e'),
		['k' - 'a'] = BIT('a') | BIT('e'),
		['o' - 'a'] = BIT('t'),
		['p' - 'a'] = BIT('i') | BIT('a') | BIT('r'),
		['s' - 'a'] = BIT('i'),
		['t' - 'a'] = BIT('a') };

	if (len < 2 || letter(word[0]) > 25 ||
		(letter(word[1]) < 26 && (seconds[letter(word[0])] >> letter(word[1]) & 1) == 0))
		return false;
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (begins[i][0] == (word[0] | 0x20) && len >= strlen(begins[i]) &&
			strncasecmp(word, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/*
 * Whether a close look can find anything: enough figures in a row, or words
 * that may be some, or a word of a code and a few.  Nearly every text ends
 * here.
 */
bool
va_mask_look(const char *text, size_t len, VaMaskLook *look)
{
	size_t figures = 0;
	size_t most_figures = 0;
	size_t run = 0;
	size_t longest = 0;

	*look = (VaMaskLook){ 0 };
	for (size_t i = 0; i < len;)
	{
		unsigned char c = (unsigned char) text[i];
		size_t from = i;
		size_t named = c == '&' || c == ':' ? va_mask_named_sign(text, len, i) : 0;

		if (named > 0)
		{
			i += named;
			continue;
		}
		if (c >= '0' && c <= '9')
		{
			figures++;
			most_figures = figures > most_figures ? figures : most_figures;
			look->digits++;
			i++;
			continue;
		}
		while (i < len && (letter(text[i]) < 26 ||
							  ((unsigned char) text[i] >= 0x80 && !va_mask_is_foreign((unsigned char) text[i]))))
			i++;
		if (i == from && (c >= 0x80 || (c == '\\' && i + 1 < len && text[i + 1] == 'u')))
		{
			/* It is of another script, maybe as JSON has it, and may be a digit. */
			figures++;
			most_figures = figures > most_figures ? figures : most_figures;
			i += c >= 0x80 ? 1 : 6;
			while (c >= 0x80 && i < len && ((unsigned char) text[i] & 0xC0) == 0x80)
				i++;
			continue;
		}
		if (i == from)
		{
			/* Allowed between the groups of a number. */
			figures = c == ' ' || (c >= ',' && c <= '/') || c == '\\' || va_mask_is_sign((char) c) ? figures : 0;
			i += c == '\\' ? 2 : 1;
			continue;
		}
		figures = 0;
		run = may_be_number(text + from, i - from) ? run + 1 : 0;
		look->digits += run > 0;
		longest = run > longest ? run : longest;
		look->codes = look->codes || may_be_code(text + from, i - from);
	}
	look->spoken = longest >= 2;
	look->told = most_figures >= 2 || look->spoken;
	return most_figures >= CARD_LEAST || longest >= 7 || (look->codes && (most_figures >= CODE_LEAST || look->spoken));
}

/* Whether a member of JSON has what somebody says in a turn. */
static bool
is_turn(const char *key, size_t len)
{
	static const char *const names[] = { "text", "message", "content", "transcript" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (len == strlen(names[i]) && memcmp(key, names[i], len) == 0)
			return true;
	return false;
}

/* The name that we gave a call at its carrier (50_queue/45_place.sql), which every webhook has: long numbers of a cell, and no card. */
static bool
is_reference(const char *text, size_t len)
{
	size_t i = 2;

	if (len < 14 || memcmp(text, "va-", 3) != 0)
		return false;
	for (int numbers = 0; numbers < 2; numbers++)
	{
		size_t from = ++i;

		while (i < len && text[i] >= '0' && text[i] <= '9')
			i++;
		if (i == from || i - from > 18 || i == len || text[i] != '-')
			return false;
	}
	return len - i == 9 && strspn(text + i + 1, "0123456789abcdef") >= 8;
}

/* The same of any text, or number that may be a card, in JSON as it is written; of turns, of all together. */
static bool
is_json_worth_a_look(const char *text, size_t len)
{
	VaMaskLook look;
	size_t digits = 0;
	size_t told = 0;
	bool codes = false;
	const char *key = "";
	size_t key_len = 0;

	for (size_t i = 0; i < len; i++)
	{
		size_t from = i + 1;

		digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
		if (digits >= CARD_LEAST && text[i + 1 - digits] >= '2')
			return true;
		if (text[i] != '"')
			continue;
		for (i = from; i < len && text[i] != '"'; i++)
			i += text[i] == '\\' ? 1 : 0;
		if (i > len)
			return false;
		if (i + 1 < len && text[i + 1] == ':')
		{
			key = text + from;
			key_len = i - from;
			continue;
		}
		if (is_reference(text + from, i - from))
			continue;
		if (va_mask_look(text + from, i - from, &look) && i - from >= CODE_LEAST)
			return true;
		if ((look.told || look.codes) && is_turn(key, key_len))
		{
			told += look.told ? look.digits : 0;
			codes = codes || look.codes;
			if (told >= CARD_LEAST || (codes && told >= CODE_LEAST))
				return true;
		}
	}
	return false;
}

void
va_mask_read(const char *text, size_t len, bool spoken, bool *hidden)
{
	VaPhraseTokens tokens;
	const char *code;

	/* Figures are the same in every language. */
	for (size_t n = 0; (code = va_phrase_language_code(n)) != NULL && (spoken || n == 0); n++)
	{
		read_piece(text, len, va_phrase_language(code), false, &tokens, hidden);
		if (spoken)
			read_piece(text, len, va_phrase_language(code), true, &tokens, hidden);
	}
}

char *
va_mask_words(VaArena *arena, const VaMaskOwn *own, const char *text, size_t len)
{
	const char *written = text;
	bool *hidden;
	VaMaskLook look;
	bool over = memchr(text, '\n', len) != NULL;
	bool closely = len >= CODE_LEAST &&
				   (va_mask_look(text, len, &look) || (over && look.told && look.digits >= CARD_LEAST));

	if (closely)
		text = va_mask_plain(arena, text, len);
	if ((!closely && own == NULL) || len == 0 || (hidden = va_arena_alloc(arena, len)) == NULL)
		return NULL;
	memset(hidden, false, len);
	for (size_t from = 0; closely && from < len;)
	{
		size_t to = from;
		size_t blank = 0;

		/* A line, or as much of it as is read at once, to a blank. */
		while (to < len && text[to] != '\n' && to - from < PIECE)
		{
			blank = text[to] == ' ' ? to : blank;
			to++;
		}
		if (to < len && text[to] != '\n' && blank > from)
			to = blank;
		if (va_mask_look(text + from, to - from, &look))
			va_mask_read(text + from, to - from, look.spoken, hidden + from);
		from = to < len ? to + 1 : to;
	}
	if (closely && over)
		va_mask_lines(arena, text, len, hidden);
	if (own != NULL)
		va_mask_shapes(arena, own, written, len, hidden);
	return memchr(hidden, true, len) == NULL ? NULL : va_mask_hidden(arena, written, len, hidden);
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);

	return len >= strlen(end) && strcasecmp(text + len - strlen(end), end) == 0;
}

/* A member that names or reaches something, or says when. */
static bool
is_spared(const char *key)
{
	static const char *const ends[] = { "id", "sid", "uuid", "url", "uri", "phone", "number", "time", "timestamp",
		"hash", "token", "signature", "secret", "_at", "_ms", "At", "from", "to", "caller", "version" };

	/* "What they said" has no id. */
	if (key == NULL || ends_with(key, "said") || ends_with(key, "paid"))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(key, ends[i]))
			return true;
	return false;
}

/* The value that takes the place of one; NULL: it stays. */
static json_t *
masked_value(VaArena *arena, const VaMaskOwn *own, const char *key, json_t *value)
{
	char number[32];
	char *masked;

	if (is_spared(key))
		return NULL;
	own = va_mask_own_of(own, key, value);
	if (json_is_string(value))
	{
		masked = json_string_value(value)[0] == '+'
					 ? NULL
					 : va_mask_words(arena, own, json_string_value(value), json_string_length(value));
		return masked == NULL ? NULL : json_string(masked);
	}
	if (!json_is_integer(value))
		return NULL;
	snprintf(number, sizeof(number), "%lld", (long long) json_integer_value(value));
	return is_card(number, strlen(number)) || (own != NULL && va_mask_words(arena, own, number, strlen(number)) != NULL)
			   ? json_string(VA_MASKED)
			   : NULL;
}

bool
va_mask_json(VaArena *arena, const VaMaskOwn *own, json_t *json)
{
	bool changed = false;
	const char *key;
	json_t *value;
	json_t *masked;
	size_t i;

	if (json_is_object(json))
		json_object_foreach(json, key, value)
		{
			if ((masked = masked_value(arena, own, key, value)) != NULL)
				changed = json_object_set_new(json, key, masked) == 0 || changed;
			else
			{
				VaMaskOwn data;

				changed = va_mask_json(arena, va_mask_own_below(own, key, &data), value) || changed;
			}
		}
	else if (json_is_array(json))
	{
		json_array_foreach(json, i, value)
		{
			if ((masked = masked_value(arena, own, NULL, value)) != NULL)
				changed = json_array_set_new(json, i, masked) == 0 || changed;
			else
				changed = va_mask_json(arena, own, value) || changed;
		}
		changed = va_mask_turns(arena, json) || changed;
	}
	return changed;
}

char *
va_mask_body(VaArena *arena, const VaMaskOwn *own, const char *body, size_t len, size_t *masked_len)
{
	const char *why;
	json_t *json;
	char *masked = NULL;

	if (len == 0)
		return NULL;
	if (body[0] != '{' && body[0] != '[')
		return va_mask_form(arena, own, body, len, masked_len);
	if (own == NULL && !is_json_worth_a_look(body, len))
		return NULL;
	json = va_json_load(arena, body, len, &why);
	if (json != NULL && va_mask_json(arena, own, json) && (masked = va_json_text(arena, json)) != NULL)
		*masked_len = strlen(masked);
	json_decref(json);
	return masked;
}
