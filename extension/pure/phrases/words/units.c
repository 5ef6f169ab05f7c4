/*-------------------------------------------------------------------------
 * units.c
 *		Tokens put together into units.
 *
 * Pure: no state; all of it in the caller's arena.
 */
#include "pure/phrases/words/units.h"

#include "pure/phrases/words/digits.h"
#include "pure/text/utf8.h"

#define LOOK_AHEAD 5

typedef struct Maker
{
	VaArena *arena;
	const VaLexicon *lexicon;
	const VaPhraseTokens *tokens;
	VaUnits *units;
	char joint;
	bool tight;
	bool dots;
} Maker;

/* The written word in small letters, accents and all. */
static const char *
small_text(VaArena *arena, const char *text, size_t len)
{
	char *out = va_arena_alloc(arena, 2 * len + 1);
	size_t used = 0;

	for (size_t i = 0; out != NULL && i < len;)
	{
		int32_t code = 0;
		size_t step = va_utf8_next((const unsigned char *) text + i, len - i, &code);

		if (code > 0)
			used += va_utf8_write(va_small_letter(code), out + used);
		i += step;
	}
	return out == NULL ? "" : out;
}

static size_t
characters(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char) text[i] & 0xC0) != 0x80;
	return count;
}

/* The mark before a token counts as its joint: the strongest of several. */
static void
take_mark(Maker *maker, const VaPhraseToken *token)
{
	static const char order[] = " /:-,~;.!?";
	char mark = token->value > 0 && token->value < 0x80 ? (char) token->value : ' ';
	const char *old = strchr(order, maker->joint == '\0' ? ' ' : maker->joint);
	const char *fresh;

	if (token->value == 0x2026 || (mark == '.' && maker->joint == '.') || (mark == '.' && maker->dots))
	{
		maker->joint = '~';
		maker->dots = true;
		return;
	}
	if (token->value == 0x2013 || token->value == 0x2014)
		mark = ',';
	if (token->value == 0xBF || token->value == 0xA1)
		mark = '.';
	fresh = strchr(order, mark);
	if (maker->joint == '~' || fresh == NULL || mark == '\0')
		return;
	if (old == NULL || fresh > old)
		maker->joint = mark;
}

static VaUnit *
add_unit(Maker *maker, const VaPhraseToken *first, const VaPhraseToken *last)
{
	VaUnit *unit = &maker->units->items[maker->units->count++];
	size_t before = first->offset;
	const char *turn = maker->units->turn;

	*unit = (VaUnit){ .key = first->word[0] == '\0' ? "" : va_arena_strdup(maker->arena, first->word),
		.number = -1,
		.text = "",
		.word = "",
		.offset = first->offset,
		.end = last->offset + (size_t) last->len,
		.joint = maker->joint,
		.tight = maker->tight && first->glued,
		.capital = first->capital };
	if (unit->joint == ' ' && unit->tight)
	{
		unit->joint = '\0';
		if (before > 0 && (turn[before - 1] == '-' || turn[before - 1] == '\''))
			unit->joint = turn[before - 1];
		else if (before > 0 && ((unsigned char) turn[before - 1] & 0x80) != 0 && first->kind == VA_TOKEN_WORD)
			unit->joint = '\'';
	}
	maker->joint = ' ';
	maker->tight = true;
	maker->dots = false;
	return unit;
}

static void
add_number(Maker *maker, const VaPhraseToken *token)
{
	VaUnit *unit = add_unit(maker, token, token);

	unit->kinds = VA_NUMERAL;
	unit->number = token->value;
	unit->text = unit->word = va_arena_strndup(maker->arena, maker->units->turn + unit->offset, token->len);
}

/* @ _ + as they are written */
static bool
add_symbol(Maker *maker, const VaPhraseToken *token)
{
	VaUnit *unit;

	if (token->value != '@' && token->value != '_' && token->value != '+')
		return false;
	unit = add_unit(maker, token, token);
	unit->kinds = VA_SYMBOL;
	unit->text = unit->word = va_arena_strndup(maker->arena, maker->units->turn + unit->offset, 1);
	return true;
}

/* The words from a token on, of at most count tokens, taken as one unit; how many tokens it takes. */
static size_t
add_words(Maker *maker, size_t at)
{
	const VaPhraseToken *tokens = maker->tokens->items;
	const char *words[LOOK_AHEAD];
	size_t count = 0;
	size_t used = 1;
	const VaLexiconEntry *lexeme;
	VaUnit *unit;
	size_t chars;

	while (count < LOOK_AHEAD && at + count < maker->tokens->count && tokens[at + count].kind == VA_TOKEN_WORD)
	{
		words[count] = tokens[at + count].word;
		count++;
	}
	lexeme = va_lexicon_find(maker->lexicon, words, count, &used);
	/* "I D" is spelled, "I'd" is not. */
	if (lexeme != NULL && used == 2 && words[0][1] == '\0' && words[1][1] == '\0' &&
		tokens[at + 1].offset == tokens[at].offset + tokens[at].len + 1 && !tokens[at + 1].glued)
		lexeme = va_lexicon_find(maker->lexicon, words, 1, &used);
	if (lexeme == NULL)
		used = 1;
	/* 3AH is of a post code. */
	if (lexeme != NULL && (lexeme->kinds & VA_FILLER) != 0 &&
		!(at > 0 && tokens[at].glued && tokens[at - 1].kind == VA_TOKEN_NUMBER))
	{
		maker->tight = false;
		return used;
	}
	unit = add_unit(maker, &tokens[at], &tokens[at + (lexeme == NULL ? 0 : used - 1)]);
	unit->text = unit->word = small_text(maker->arena, maker->units->turn + unit->offset, unit->end - unit->offset);
	chars = characters(unit->text, strlen(unit->text));
	if (lexeme != NULL)
	{
		unit->kinds = lexeme->kinds;
		unit->number = lexeme->number;
		if (lexeme->text[0] != '\0')
			unit->text = lexeme->text;
		/* Folded they are one. */
		if (strcmp(unit->text, "n") == 0 && strcmp(unit->word, "e\303\261e") == 0)
			unit->text = "\303\261";
	}
	if (lexeme == NULL && maker->lexicon->table->compounds)
	{
		bool ordinal = false;

		unit->number = va_compound_number(unit->key, &ordinal);
		if (unit->number >= 0)
			unit->kinds = ordinal ? VA_ORDINAL : VA_COUNTED;
	}
	if (used == 1 && chars == 1 && unit->joint != '\'')
		unit->kinds |= VA_LETTER;
	return lexeme == NULL ? 1 : used;
}

/* Whether a text has a small letter. */
static bool
has_small(const char *text, size_t len)
{
	for (size_t i = 0; i < len;)
	{
		int32_t code = 0;

		i += va_utf8_next((const unsigned char *) text + i, len - i, &code);
		if (code > 0 && va_great_letter(code) != code)
			return true;
	}
	return false;
}

static bool
has_capitals(const VaUnits *units, size_t len)
{
	int32_t code = 0;

	/* A text that is written in capitals says as little by them as one that has none. */
	if (len <= 1 || !has_small(units->turn, len))
		return false;
	/* Not single letters: those are spelled, and written with capitals. */
	for (size_t i = 0; i < units->count; i++)
	{
		if (units->items[i].capital && units->items[i].end - units->items[i].offset > 1)
			return true;
	}
	va_utf8_next((const unsigned char *) units->turn, len, &code);
	return code != va_small_letter(code);
}

bool
va_units(VaArena *arena, const VaLexicon *lexicon, const char *turn, size_t len, VaUnits *units)
{
	VaPhraseTokens tokens;
	Maker maker = { .arena = arena, .lexicon = lexicon, .tokens = &tokens, .units = units, .joint = '.' };

	va_phrase_tokens(&tokens, turn, len, NULL);
	*units = (VaUnits){ .turn = turn, .len = len };
	units->items = va_arena_alloc(arena, (tokens.count + 1) * sizeof(VaUnit));
	if (units->items == NULL)
		return false;
	for (size_t i = 0; i < tokens.count;)
	{
		const VaPhraseToken *token = &tokens.items[i];

		if (token->kind == VA_TOKEN_WORD)
			i += add_words(&maker, i);
		else if (token->kind == VA_TOKEN_NUMBER)
		{
			add_number(&maker, token);
			i++;
		}
		else
		{
			if (!add_symbol(&maker, token))
			{
				take_mark(&maker, token);
				maker.tight = maker.tight && token->glued;
			}
			i++;
		}
	}
	units->capitals = has_capitals(units, len);
	return !arena->oom;
}

VaYesNo
va_units_answer(const VaUnits *units)
{
	for (size_t i = 0; i < units->count && i < 4; i++)
	{
		if (va_unit_is(units, i, VA_NO))
			return VA_ANSWER_NO;
		if (va_unit_is(units, i, VA_YES))
			return VA_ANSWER_YES;
		if (!va_unit_is(units, i, VA_COMMON | VA_LEAD))
			break;
	}
	return VA_ANSWER_NONE;
}
