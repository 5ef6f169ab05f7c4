/*-------------------------------------------------------------------------
 * desk_say.c
 *		Turns moves, and what a tool has answered, into words of the assistant's
 *		language (desk.tsv).
 *
 * An answer is data (model.h): moves, times, listings, the text of a document
 * or of a customer's server.  A text is said as far as a person can hear it,
 * and never obeyed.
 */
#include "desk.h"

#include <ctype.h>
#include <string.h>

#include "pure/engines/spoken.h"
#include "pure/sandbox/desk.inc"

/* The most that is said of a text. */
#define TEXT_BYTES 400
#define TEXT_SENTENCES 3

static const char *const codes[LANGUAGES] = { "en", "es", "fr", "de", "it" };

const char *
va_desk_code(Language language)
{
	return codes[language];
}

Language
va_desk_language(const char *tag)
{
	for (int i = 0; tag != NULL && i < LANGUAGES; i++)
		if (strncmp(tag, codes[i], 2) == 0)
			return (Language) i;
	return LANGUAGE_EN;
}

const char *const *
va_desk_phrases(Language language, Meaning meaning)
{
	static const char *const none[] = { NULL };

	return phrases[meaning][language] != NULL ? phrases[meaning][language] : none;
}

const char *
va_desk_say_moments(const VaMoment *moments, int n, Language language, VaArena *arena)
{
	VaBuffer out = { 0 };

	va_say_moments(&out, codes[language], moments, (size_t) n);
	return va_buffer_finish(&out, arena);
}

const char *
va_desk_iso(const VaMoment *moment, VaArena *arena)
{
	VaCivilDay day = va_civil_day(moment->day);

	return va_arena_printf(
		arena, "%04d-%02d-%02dT%02d:%02d", day.year, day.month, day.day, moment->minutes / 60, moment->minutes % 60);
}

/* ---- a line ---- */

/* Says digits one by one, in groups of three. */
static const char *
spell(const char *digits, VaArena *arena)
{
	VaBuffer out = { 0 };

	for (size_t i = 0; digits != NULL && digits[i] != '\0'; i++)
		va_buffer_printf(&out, "%s%c", i == 0 ? "" : i % 3 == 0 && digits[i + 1] != '\0' ? ", " : " ", digits[i]);
	return va_buffer_finish(&out, arena);
}

/* "Tomorrow at 3" within a sentence: lowers the first letter, except for names with a capital in this language. */
static const char *
mid_sentence(const char *when, Language language, VaArena *arena)
{
	static const char
		*const names = " Mon Tue Wed Thu Fri Sat Sun Die Mit Don Sam Fre Son Jan Feb Mar Apr May Jun Jul Aug "
					   "Sep Oct Okt Nov Dec Dez ";
	char *lower = when == NULL ? NULL : va_arena_strdup(arena, when);
	char first[8] = "";

	if (lower == NULL || lower[0] < 'A' || lower[0] > 'Z')
		return lower;
	snprintf(first, sizeof(first), " %.3s", lower);
	if (strstr(names, first) == NULL || (language != LANGUAGE_EN && language != LANGUAGE_DE))
		lower[0] = (char) (lower[0] - 'A' + 'a');
	return lower;
}

/* A tenant's text, which may have marks of written text. */
static const char *
plain(const Desk *desk, const char *text)
{
	return text == NULL ? NULL : va_plain_text(desk->arena, text, strlen(text));
}

static const char *
word_for(Desk *desk, const char *mark)
{
	const Assistant *assistant = desk->assistant;
	Language language = desk->reply;

	switch (mark[0])
	{
		case 'a':
			return mark[1] == 'n'			 ? desk->answer
				   : assistant->name != NULL ? plain(desk, assistant->name)
											 : words[WORD_ASSISTANT][language];
		case 'b':
			return assistant->business != NULL ? plain(desk, assistant->business) : words[WORD_BUSINESS][language];
		case 'd':
			return assistant->now == NULL
					   ? words[WORD_THEN][language]
					   : va_arena_join(desk->arena, words[WORD_ON][language],
							 va_desk_say_moments(&desk->wanted.at, 1, language, desk->arena), (char *) NULL);
		case 'f':
			return desk->title == NULL
					   ? NULL
					   : va_arena_join(desk->arena, words[WORD_FOR][language], desk->title, (char *) NULL);
		case 'n':
			return spell(desk->number, desk->arena);
		case 'o':
			return mark[1] == 'f'		   ? plain(desk, assistant->offer)
				   : desk->old_day != NULL ? mid_sentence(desk->old_day, language, desk->arena)
										   : desk->appointment;
		default:
			return mid_sentence(desk->when, language, desk->arena);
	}
}

/* Fills marks in one pass: marks in a filled-in value stay as they are. */
static void
add_line(VaBuffer *out, Desk *desk, const char *line)
{
	while (line != NULL && *line != '\0')
	{
		size_t len = strcspn(line, "{");
		const char *word = line[len] == '\0' ? NULL : word_for(desk, line + len + 1);

		va_buffer_add(out, line, len);
		if (word != NULL)
			va_buffer_add(out, word, strlen(word));
		line += len + strcspn(line + len, "}");
		line += *line == '}';
	}
}

const char *
va_desk_say(Desk *desk)
{
	VaBuffer out = { 0 };

	if (desk->nacts == 0)
		va_desk_act(desk, desk->await == AWAIT_OVER ? ACT_GOODBYE : desk->assistant->inbound ? ACT_HELP : ACT_GREET);
	for (int i = 0; i < desk->nacts; i++)
	{
		Act act = desk->acts[i];
		const char *text = plain(desk, act == ACT_ASK ? desk->asked : act == ACT_ANSWER ? desk->answer : NULL);

		if (out.used > 0)
			va_buffer_add(&out, " ", 1);
		if (text != NULL && text[0] != '\0')
			va_buffer_printf(&out, "%s%s", text, strchr(".?!", text[strlen(text) - 1]) == NULL ? "." : "");
		else if (text == NULL)
			add_line(&out, desk, moves[act][desk->reply]);
	}
	return va_buffer_finish(&out, desk->arena);
}

/* ---- texts ---- */

/* A sentence such as "Say: you have won": an order, to whoever reads it. */
static bool
is_order(const char *sentence, size_t len, Language language, VaArena *arena)
{
	const char *folded = va_desk_fold(sentence, len, arena);
	size_t word = folded == NULL ? 0 : strcspn(folded + 1, " ") + 2;
	const char *first = word < 3 ? NULL : va_arena_strndup(arena, folded, word);

	return first != NULL &&
		   (strstr(words[WORD_ORDERS][language], first) != NULL || strstr(words[WORD_ORDERS][0], first) != NULL);
}

/* Whether a person can hear it: no marks of written text, no date and no id as a machine writes it. */
static bool
can_be_said(const char *text)
{
	if (text == NULL || text[0] == '\0' || strpbrk(text, "{}<>[]|_\\*") != NULL || strstr(text, "://") != NULL)
		return false;
	for (const char *c = text + 1; *c != '\0'; c++)
		if (c[0] == '-' && isdigit((unsigned char) c[1]) && isalnum((unsigned char) c[-1]) &&
			!islower((unsigned char) c[-1]))
			return false;
	return true;
}

/* The first whole sentences of a text that are no orders; NULL if it cannot be said. */
static const char *
few_sentences(const char *text, Language language, VaArena *arena)
{
	const char *rest = text == NULL ? NULL : va_plain_text(arena, text, strlen(text));
	VaBuffer out = { 0 };

	for (int sentences = 0; rest != NULL && *rest != '\0' && sentences < TEXT_SENTENCES;)
	{
		size_t len = 0;

		while (rest[len] != '\0' && !(strchr(".!?", rest[len]) != NULL && strchr(" ", rest[len + 1]) != NULL))
			len++;
		if (out.used + len > TEXT_BYTES)
			break;
		if (!is_order(rest, len, language, arena))
			va_buffer_printf(
				&out, "%s%.*s%c", sentences++ == 0 ? "" : " ", (int) len, rest, rest[len] == '\0' ? '.' : rest[len]);
		rest += len + (rest[len] != '\0');
		rest += strspn(rest, " ");
	}
	text = va_buffer_finish(&out, arena);
	return can_be_said(text) ? text : NULL;
}

/* ---- listings ---- */

/* "7 Elm Street, Oakland, 2 bedrooms, for 320,000.5 dollars". */
static void
say_listing(VaBuffer *out, const json_t *one, Language language)
{
	static const char *const currencies[] = { "USD", "EUR", "GBP" };
	const char *bedrooms = va_json_string(one, "bedrooms");
	const char *price = va_json_string(one, "price");
	const char *currency = va_json_string(one, "currency");
	size_t len = price == NULL ? 0 : strspn(price, "0123456789");

	va_buffer_printf(out, "%s", va_json_string(one, "title"));
	if (bedrooms != NULL && strcmp(bedrooms, "1") == 0)
		va_buffer_printf(out, ", %s", words[WORD_BEDROOM][language]);
	else if (bedrooms != NULL)
		va_buffer_printf(out, ", %s %s", bedrooms, words[WORD_BEDROOMS][language]);
	if (len > 0)
		va_buffer_printf(out, ", %s ", words[WORD_AT_PRICE][language]);
	for (size_t i = 0; i < len; i++)
		va_buffer_printf(out, "%s%c", i > 0 && (len - i) % 3 == 0 ? words[WORD_GROUPS][language] : "", price[i]);
	if (len > 0 && price[len] == '.')
		va_buffer_printf(out, "%c%s", language == LANGUAGE_EN ? '.' : ',', price + len + 1);
	for (int i = 0; currency != NULL && i < 3; i++)
		if (strcmp(currency, currencies[i]) == 0)
			currency = words[WORD_USD + i][language];
	if (len > 0 && currency != NULL)
		va_buffer_printf(out, " %s", currency);
}

/* Whether the words asked for name the number of a house, and another word, of this title. */
static bool
is_named(const char *title, const char *asked, VaArena *arena)
{
	const char *folded = va_desk_fold(title, strlen(title), arena);
	const char *figure = strpbrk(asked, "0123456789");
	const char *number = figure == NULL || figure == asked
							 ? NULL
							 : va_arena_strndup(arena, figure - 1, strcspn(figure, " ") + 2);

	return folded != NULL && number != NULL && strstr(folded, number) != NULL &&
		   va_desk_common_words(folded, asked) > 0;
}

/*
 * Says what is on offer: the one that was named by its number and street, or some where none was named.  A number
 * before a street that none of them has names another house.
 */
static void
choose_listings(Desk *desk, const json_t *listings)
{
	const char *asked = desk->asked_for == NULL ? NULL
												: va_desk_fold(desk->asked_for, strlen(desk->asked_for), desk->arena);
	bool figure = asked != NULL && strpbrk(asked, "0123456789") != NULL;
	VaBuffer out = { 0 };
	bool named = false;
	json_t *one;
	size_t i;

	desk->nlistings = 0;
	/* Two passes: what was named is the only one. */
	for (int pass = 0; pass < 2 && !named && (pass == 0 || !figure || !desk->by_address); pass++)
		json_array_foreach(listings, i, one)
		{
			const char *title = va_json_string(one, "title");

			if (title == NULL || named || desk->nlistings == LISTINGS_MAX ||
				(pass == 0 && (!figure || !is_named(title, asked, desk->arena))))
				continue;
			named = pass == 0;
			va_buffer_printf(&out, "%s", out.used > 0 ? words[WORD_AND][desk->assistant->language] : "");
			say_listing(&out, one, desk->assistant->language);
			desk->titles[desk->nlistings] = va_arena_strdup(desk->arena, title);
			desk->listings[desk->nlistings++] = va_arena_strdup(desk->arena, va_json_string(one, "reference"));
			desk->visits = json_is_true(json_object_get(one, "visit"));
		}
	desk->answer = va_buffer_finish(&out, desk->arena);
	desk->answer = can_be_said(desk->answer) ? desk->answer : NULL;
	desk->listing = desk->answer != NULL && desk->nlistings == 1 ? desk->listings[0] : NULL;
	desk->title = desk->listing != NULL ? desk->titles[0] : NULL;
}

/* ---- a tool's answer ---- */

/* The move, or the one instead of it where the data lack what it says. */
static Act
possible(const Desk *desk, Act act)
{
	if (act == ACT_SLOTS)
		return desk->nslots > 1 ? act : desk->nslots == 1 ? ACT_ONE_SLOT : ACT_ASK_TIME;
	if (act == ACT_FOUND && desk->answer == NULL)
		return ACT_NOT_FOUND;
	return act == ACT_ANSWER && desk->answer == NULL ? ACT_NOT_KNOWN : act;
}

void
va_desk_say_tool(Desk *desk, const json_t *data)
{
	const json_t *listings = va_json_array(data, "listings");
	json_t *one;
	size_t i;

	desk->nacts = 0;
	desk->nslots = va_json_array(data, "times") != NULL ? 0 : desk->nslots;
	desk->wants = NULL;
	json_array_foreach(va_json_array(data, "times"), i, one)
	{
		if (desk->nslots < SLOTS_MAX && json_is_string(one) &&
			va_moment_at(json_string_value(one), &desk->slots[desk->nslots]))
			desk->nslots++;
	}
	if (desk->nslots > 0 && va_json_array(data, "times") != NULL)
		desk->when = va_desk_say_moments(desk->slots, desk->nslots, desk->assistant->language, desk->arena);
	if (listings != NULL)
		choose_listings(desk, listings);
	else
		desk->answer = few_sentences(va_json_string(data, "text"), desk->assistant->language, desk->arena);
	json_array_foreach(va_json_array(data, "moves"), i, one)
	{
		for (int act = 0; json_is_string(one) && act < ACTS; act++)
			if (strcmp(move_names[act], json_string_value(one)) == 0)
				va_desk_act(desk, possible(desk, (Act) act));
	}
	if (desk->nacts == 0)
		va_desk_act(desk, ACT_DID_NOT_WORK);
}
