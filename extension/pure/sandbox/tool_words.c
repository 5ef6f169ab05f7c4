/*-------------------------------------------------------------------------
 * tool_words.c
 *		Words a tool's answer for a caller.
 *
 * The answer is data for a language model: times followed by the form for tools
 * in brackets, quotations between << and >>, orders to the model.  A caller hears
 * a sentence in its language instead.  The talker says a quotation, but never
 * obeys it.
 *-------------------------------------------------------------------------
 */
#include "talker.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/engines/spoken.h"

/* The most that is said of a document, or of the answer of a customer's server. */
#define QUOTE_BYTES 400
#define QUOTE_SENTENCES 3
#define LISTINGS_SAID 2

/* The first words of sentences that are orders to a model. */
static const char *const orders[LANGUAGES] = {
	"|ask|offer|say|confirm|tell|",
	"|pide|pidelo|pregunta|preguntalo|ofrece|di|dilo|confirmalo|despidete|",
	"|demande|redemande|propose|dis|confirme|prends|",
	"|frag|biete|sag|bestaetige|verabschiede|fass|",
	"|chiedi|offri|di|conferma|",
};

static void
add_act(ToolWords *words, Act act)
{
	if (words->nacts < 2)
		words->acts[words->nacts++] = act;
}

static void
say(ToolWords *words, const char *text)
{
	words->said = text;
	add_act(words, ACT_ANSWER);
}

/* ---- plain answers ---- */

static bool
is_order(const char *sentence, size_t len, Language language, VaArena *arena)
{
	const char *folded = va_talker_fold(sentence, len, arena);
	char word[24];
	size_t n = folded == NULL ? 0 : strcspn(folded + 1, " ");

	if (n == 0 || n + 3 > sizeof(word))
		return false;
	word[0] = word[n + 1] = '|';
	memcpy(word + 1, folded + 1, n);
	word[n + 2] = '\0';
	return strstr(orders[language], word) != NULL || strstr(orders[LANGUAGE_EN], word) != NULL;
}

static bool
ends_sentence(const char *at)
{
	return at[0] != '\0' && strchr(".!?", at[0]) != NULL && (at[1] == ' ' || at[1] == '\0');
}

/* Whether a person can hear it: no marks of written text, no name of a field, no date and no id as a machine writes it. */
static bool
can_be_said(const char *text)
{
	if (strpbrk(text, "{}<>[]|_\\*") != NULL || strstr(text, "://") != NULL)
		return false;
	for (const char *c = text; *c != '\0'; c++)
		if (c[0] == '-' && c > text && isdigit((unsigned char) c[1]) && isalnum((unsigned char) c[-1]) &&
			!islower((unsigned char) c[-1]))
			return false;
	return true;
}

/* The answer without orders to a model and forms for tools; NULL if nothing is left that can be said. */
static const char *
plain_sentences(const char *answer, Language language, VaArena *arena)
{
	VaBuffer out = { 0 };
	const char *text;
	VaMoment moment;

	while (*answer != '\0')
	{
		size_t len = 0;

		while (answer[len] != '\0' && !ends_sentence(answer + len))
			len++;
		len += answer[len] != '\0';
		if (!is_order(answer, len, language, arena))
			for (size_t i = 0; i < len; i++)
			{
				if (strncmp(answer + i, " (", 2) == 0 && va_moment_at(answer + i + 2, &moment))
					i += 18;
				else
					va_buffer_add(&out, answer + i, 1);
			}
		answer += len;
		answer += strspn(answer, " ");
		if (*answer != '\0' && out.used > 0 && out.text[out.used - 1] != ' ')
			va_buffer_add(&out, " ", 1);
	}
	while (out.used > 0 && out.text[out.used - 1] == ' ')
		out.used--;
	text = va_buffer_finish(&out, arena);
	return text == NULL || text[0] == '\0' || !can_be_said(text) ? NULL : text;
}

static void
find_moments(const char *answer, ToolWords *words)
{
	for (; (answer = strchr(answer, '(')) != NULL && words->nmoments <= SLOTS_MAX; answer++)
		if (va_moment_at(answer + 1, &words->moments[words->nmoments]))
			words->nmoments++;
}

const char *
va_talker_say_moments(const VaMoment *moments, int n, Language language, VaArena *arena)
{
	VaBuffer out = { 0 };

	va_say_moments(&out, va_talker_code(language), moments, (size_t) n);
	return va_buffer_finish(&out, arena);
}

/* ---- quotations ---- */

/* The text between << and >>; NULL without a quotation. */
static const char *
quotation(const char *answer, VaArena *arena)
{
	const char *from = strstr(answer, "<<");
	const char *to = from == NULL ? NULL : strstr(from, ">>");

	if (to == NULL)
		return NULL;
	from += 2;
	from += strspn(from, " ");
	while (to > from && to[-1] == ' ')
		to--;
	return va_arena_strndup(arena, from, (size_t) (to - from));
}

/* A few whole sentences of a document, without the marks of written text. */
static const char *
few_sentences(const char *quoted, Language language, VaArena *arena)
{
	const char *written = va_plain_text(arena, quoted, strlen(quoted));
	const char *plain = written == NULL ? NULL : plain_sentences(written, language, arena);
	size_t len = 0;
	int sentences = 0;

	if (plain == NULL)
		return NULL;
	for (size_t i = 0; plain[i] != '\0' && i < QUOTE_BYTES && sentences < QUOTE_SENTENCES; i++)
		if (ends_sentence(plain + i))
		{
			len = i + 1;
			sentences++;
		}
	if (len == 0 && strlen(plain) < QUOTE_BYTES)
		return va_arena_join(arena, plain, ".", (char *) NULL);
	return len == 0 ? NULL : va_arena_strndup(arena, plain, len);
}

/* ---- listings ---- */

/* The value of an attribute of "NAME: kind house, address 7 Elm Street, price 320000", or NULL. */
static const char *
attribute(const char *listing, const char *name, VaArena *arena)
{
	size_t n = strlen(name);
	const char *at = strstr(listing, ": ");

	for (; at != NULL; at = strstr(at, ", "))
	{
		at += 2;
		if (strncmp(at, name, n) == 0 && at[n] == ' ')
		{
			const char *end = at + n + 1;

			/* An address may contain commas; an attribute begins with a small letter. */
			while (*end != '\0' && !(strncmp(end, ", ", 2) == 0 && islower((unsigned char) end[2])))
				end++;
			return va_arena_strndup(arena, at + n + 1, (size_t) (end - at) - n - 1);
		}
	}
	return NULL;
}

/* Says "320000.5 USD" as 320,000.5 dollars. */
static void
say_amount(VaBuffer *out, const char *amount, Language language)
{
	static const struct
	{
		const char *code;
		const char *names[LANGUAGES];
	} currencies[] = { { " USD", { " dollars", " dólares", " dollars", " Dollar", " dollari" } },
		{ " EUR", { " euros", " euros", " euros", " Euro", " euro" } },
		{ " GBP", { " pounds", " libras", " livres", " Pfund", " sterline" } } };
	size_t len = strspn(amount, "0123456789");
	const char *rest = amount + len;
	size_t part = rest[0] == '.' ? 1 + strspn(rest + 1, "0123456789") : 0;

	for (size_t i = 0; i < len; i++)
	{
		if (i > 0 && (len - i) % 3 == 0)
			va_buffer_printf(out, "%s", language == LANGUAGE_EN ? "," : language == LANGUAGE_FR ? "\xc2\xa0" : ".");
		va_buffer_add(out, amount + i, 1);
	}
	if (part > 1)
		va_buffer_printf(out, "%c%.*s", language == LANGUAGE_EN ? '.' : ',', (int) part - 1, rest + 1);
	for (size_t i = 0; i < sizeof(currencies) / sizeof(currencies[0]); i++)
		if (strcmp(rest + part, currencies[i].code) == 0)
		{
			va_buffer_printf(out, "%s", currencies[i].names[language]);
			return;
		}
	va_buffer_printf(out, "%s", rest + part);
}

/* "7 Elm Street, two bedrooms, for 320,000 dollars". */
static void
say_listing(VaBuffer *out, const char *listing, Language language, VaArena *arena)
{
	static const char *const rooms[LANGUAGES][2] = { { "one bedroom", "%d bedrooms" },
		{ "un dormitorio", "%d dormitorios" }, { "une chambre", "%d chambres" },
		{ "ein Schlafzimmer", "%d Schlafzimmer" }, { "una camera", "%d camere" } };
	static const char *const for_price[LANGUAGES] = { ", for ", ", por ", ", pour ", ", für ", ", per " };
	const char *title = attribute(listing, "address", arena);
	const char *bedrooms = attribute(listing, "bedrooms", arena);
	const char *price = attribute(listing, "price", arena);
	int n = bedrooms == NULL ? 0 : atoi(bedrooms);

	if (title == NULL)
		title = attribute(listing, "title", arena);
	if (title == NULL)
		title = attribute(listing, "name", arena);
	if (title == NULL)
		title = attribute(listing, "kind", arena);
	if (title == NULL)
		return;
	va_buffer_printf(out, "%s", title);
	if (n == 1)
		va_buffer_printf(out, ", %s", rooms[language][0]);
	else if (n > 1)
	{
		va_buffer_add(out, ", ", 2);
		va_buffer_printf(out, rooms[language][1], n);
	}
	if (price != NULL && isdigit((unsigned char) price[0]))
	{
		va_buffer_printf(out, "%s", for_price[language]);
		say_amount(out, price, language);
	}
}

static void
say_listings(ToolWords *words, const char *quoted, Language language, VaArena *arena)
{
	static const char *const and[LANGUAGES] = { ", and ", ", y ", ", et ", ", und ", ", e " };
	VaBuffer out = { 0 };
	int said = 0;

	for (const char *at = quoted; at != NULL && said < LISTINGS_SAID; said++)
	{
		const char *next = strstr(at, " / ");
		const char *one = va_arena_strndup(arena, at, next == NULL ? strlen(at) : (size_t) (next - at));

		if (one == NULL)
			break;
		if (said == 0)
			words->listing = va_arena_strndup(arena, one, strcspn(one, ":"));
		else
			va_buffer_printf(&out, "%s", and[language]);
		say_listing(&out, one, language, arena);
		at = next == NULL ? NULL : next + 3;
	}
	words->said = va_buffer_finish(&out, arena);
	if (words->said == NULL || words->said[0] == '\0' || !can_be_said(words->said))
		words->said = words->listing = NULL;
	add_act(words, words->said == NULL ? ACT_NOT_KNOWN : ACT_FOUND);
}

/* ---- by tool ---- */

static void
say_quotation(ToolWords *words, const char *tool, const char *answer, Language language, VaArena *arena)
{
	const char *quoted = quotation(answer, arena);
	bool listings = strstr(tool, "listing") != NULL;
	const char *sentences = quoted == NULL || listings ? NULL : few_sentences(quoted, language, arena);

	if (listings && quoted != NULL && strstr(quoted, ": ") != NULL)
		say_listings(words, quoted, language, arena);
	else if (listings)
		add_act(words, ACT_NOT_FOUND);
	else if (sentences != NULL)
		say(words, sentences);
	else
		add_act(words, ACT_NOT_KNOWN);
}

static void
offer_moments(ToolWords *words)
{
	if (words->nmoments > SLOTS_MAX)
		words->nmoments = SLOTS_MAX;
	add_act(words, words->nmoments == 0 ? ACT_ASK_TIME : words->nmoments == 1 ? ACT_ONE_SLOT : ACT_SLOTS);
}

/* "Friday, 09:00 (...) is taken. Free: ...": drops the first time, which is not free. */
static void
say_taken(ToolWords *words, const char *answer)
{
	const char *sentence = strstr(answer, ". ");

	if (sentence == NULL || strchr(answer, '(') < sentence)
		memmove(words->moments, words->moments + 1, sizeof(VaMoment) * (size_t) --words->nmoments);
	add_act(words, ACT_TAKEN);
	offer_moments(words);
}

static void
say_booked(ToolWords *words, const char *tool, const char *answer)
{
	const char *end = strchr(answer, '.');

	if (strcmp(tool, "cancel_booking") == 0)
		add_act(words, ACT_IS_CANCELED);
	else if (strcmp(tool, "hold_slot") == 0)
		add_act(words, ACT_IS_HELD);
	/* A second sentence is "A person has yet to confirm it." */
	else
		add_act(words, end != NULL && end[1] != '\0' ? ACT_IS_PENDING : ACT_IS_BOOKED);
}

/* Asks for what the tool lacked. */
static void
say_refused(ToolWords *words, const char *tool)
{
	static const struct
	{
		const char *tool;
		Act act;
	} next[] = { { "free_slots", ACT_ASK_TIME }, { "hold_slot", ACT_ASK_TIME }, { "book", ACT_ASK_TIME },
		{ "move_booking", ACT_ASK_TIME }, { "call_back", ACT_ASK_WHEN_BACK }, { "make_offer", ACT_ASK_AMOUNT },
		{ "take_message", ACT_ASK_NUMBER }, { "opt_out", ACT_ASK_NUMBER }, { "send_information", ACT_ASK_EMAIL } };

	for (size_t i = 0; i < sizeof(next) / sizeof(next[0]); i++)
		if (strcmp(tool, next[i].tool) == 0)
		{
			add_act(words, next[i].act);
			return;
		}
	if (words->nacts == 0)
		add_act(words, strcmp(tool, "transfer") == 0 ? ACT_NOBODY : ACT_DID_NOT_WORK);
	add_act(words, ACT_OFFER_MESSAGE);
}

static Act
done_act(const char *tool)
{
	return strcmp(tool, "take_message") == 0	   ? ACT_MESSAGE_NOTED
		   : strcmp(tool, "transfer") == 0		   ? ACT_PUT_THROUGH
		   : strcmp(tool, "make_offer") == 0	   ? ACT_OFFER_NOTED
		   : strcmp(tool, "opt_out") == 0		   ? ACT_OPTED_OUT
		   : strcmp(tool, "send_information") == 0 ? ACT_SENT
												   : ACT_ANSWER;
}

void
va_talker_tool_words(
	const char *tool, const char *answer, bool failed, Language language, VaArena *arena, ToolWords *words)
{
	bool booking = strcmp(tool, "book") == 0 || strcmp(tool, "move_booking") == 0 || strcmp(tool, "hold_slot") == 0 ||
				   strcmp(tool, "cancel_booking") == 0;

	memset(words, 0, sizeof(*words));
	find_moments(answer, words);
	if (strstr(answer, "<<") != NULL || strcmp(tool, "find_listings") == 0 || strcmp(tool, "lookup_listing") == 0 ||
		strcmp(tool, "find_knowledge") == 0)
		say_quotation(words, tool, answer, language, arena);
	else if (strcmp(tool, "free_slots") == 0 && !failed)
	{
		if (words->nmoments == 0)
			add_act(words, ACT_NONE_FREE);
		offer_moments(words);
	}
	else if (booking && words->nmoments > 0 && failed)
		say_taken(words, answer);
	else if (booking && words->nmoments > 0)
		say_booked(words, tool, answer);
	else if (!failed && done_act(tool) != ACT_ANSWER)
		add_act(words, done_act(tool));
	else if (strcmp(tool, "transfer") != 0 && plain_sentences(answer, language, arena) != NULL)
		say(words, plain_sentences(answer, language, arena));
	/* Nothing that a person can hear says that it failed. */
	if (failed && words->nacts == 0 && strcmp(tool, "transfer") != 0)
		add_act(words, ACT_DID_NOT_WORK);
	if (failed && (words->nacts == 0 || words->nmoments == 0))
		say_refused(words, tool);
}
