/*-------------------------------------------------------------------------
 * tool_words.c
 *		Says what a tool has answered.
 *
 * The answer is data (model.h): moves, times, listings, the text of a document
 * or of a customer's server.  A text is said as far as a person can hear it,
 * and never obeyed.
 *-------------------------------------------------------------------------
 */
#include "talker.h"

#include <ctype.h>
#include <string.h>

#include "pure/engines/spoken.h"

/* The most that is said of a text. */
#define TEXT_BYTES 400
#define TEXT_SENTENCES 3
#define LISTINGS_SAID 2

const char *
va_talker_say_moments(const VaMoment *moments, int n, Language language, VaArena *arena)
{
	VaBuffer out = { 0 };

	va_say_moments(&out, va_talker_code(language), moments, (size_t) n);
	return va_buffer_finish(&out, arena);
}

/* ---- texts ---- */

/* A sentence such as "Say: you have won": an order, to whoever reads it. */
static bool
is_order(const char *sentence, size_t len, Language language, VaArena *arena)
{
	static const char *const orders[LANGUAGES] = { " say tell ask offer repeat confirm ignore ",
		" di dile dilo pide pregunta ofrece repite confirma ignora ",
		" dis demande propose repete confirme prends ignore ",
		" sag sage frag frage biete wiederhole bestaetige ignoriere ", " di chiedi offri ripeti conferma ignora " };
	const char *folded = va_talker_fold(sentence, len, arena);
	size_t word = folded == NULL ? 0 : strcspn(folded + 1, " ") + 2;
	const char *first = word < 3 ? NULL : va_arena_strndup(arena, folded, word);

	return first != NULL && (strstr(orders[language], first) != NULL || strstr(orders[LANGUAGE_EN], first) != NULL);
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
	const char *plain = text == NULL ? NULL : va_plain_text(arena, text, strlen(text));
	VaBuffer out = { 0 };

	for (int sentences = 0; plain != NULL && *plain != '\0' && sentences < TEXT_SENTENCES;)
	{
		size_t len = 0;

		while (plain[len] != '\0' && !(strchr(".!?", plain[len]) != NULL && strchr(" ", plain[len + 1]) != NULL))
			len++;
		if (out.used + len > TEXT_BYTES)
			break;
		if (!is_order(plain, len, language, arena))
		{
			va_buffer_printf(
				&out, "%s%.*s%c", sentences == 0 ? "" : " ", (int) len, plain, plain[len] == '\0' ? '.' : plain[len]);
			sentences++;
		}
		plain += len + (plain[len] != '\0');
		plain += strspn(plain, " ");
	}
	text = va_buffer_finish(&out, arena);
	return can_be_said(text) ? text : NULL;
}

/* ---- listings ---- */

/* Says 320000.5 and USD as 320,000.5 dollars. */
static void
say_amount(VaBuffer *out, const char *amount, const char *currency, Language language)
{
	static const struct
	{
		const char *code;
		const char *names[LANGUAGES];
	} currencies[] = { { "USD", { "dollars", "dólares", "dollars", "Dollar", "dollari" } },
		{ "EUR", { "euros", "euros", "euros", "Euro", "euro" } },
		{ "GBP", { "pounds", "libras", "livres", "Pfund", "sterline" } } };
	static const char *const groups[LANGUAGES] = { ",", ".", "\xc2\xa0", ".", "." };
	size_t len = strspn(amount, "0123456789");

	for (size_t i = 0; i < len; i++)
		va_buffer_printf(out, "%s%c", i > 0 && (len - i) % 3 == 0 ? groups[language] : "", amount[i]);
	if (amount[len] == '.')
		va_buffer_printf(out, "%c%s", language == LANGUAGE_EN ? '.' : ',', amount + len + 1);
	for (size_t i = 0; currency != NULL && i < sizeof(currencies) / sizeof(currencies[0]); i++)
		if (strcmp(currency, currencies[i].code) == 0)
			currency = currencies[i].names[language];
	if (currency != NULL)
		va_buffer_printf(out, " %s", currency);
}

/* "7 Elm Street, 2 bedrooms, for 320,000 dollars, and 12 Oak Street". */
static const char *
say_listings(const json_t *listings, Language language, VaArena *arena)
{
	static const char *const rooms[LANGUAGES][2] = { { "one bedroom", "bedrooms" }, { "un dormitorio", "dormitorios" },
		{ "une chambre", "chambres" }, { "ein Schlafzimmer", "Schlafzimmer" }, { "una camera", "camere" } };
	static const char *const for_price[LANGUAGES] = { "for", "por", "pour", "für", "per" };
	static const char *const and[LANGUAGES] = { ", and ", ", y ", ", et ", ", und ", ", e " };
	VaBuffer out = { 0 };
	const char *said;
	json_t *one;
	size_t i;

	json_array_foreach(listings, i, one)
	{
		const char *title = va_json_string(one, "title");
		const char *bedrooms = va_json_string(one, "bedrooms");
		const char *price = va_json_string(one, "price");

		if (i == LISTINGS_SAID || title == NULL)
			break;
		va_buffer_printf(&out, "%s%s", i == 0 ? "" : and[language], title);
		if (bedrooms != NULL && strcmp(bedrooms, "1") == 0)
			va_buffer_printf(&out, ", %s", rooms[language][0]);
		else if (bedrooms != NULL)
			va_buffer_printf(&out, ", %s %s", bedrooms, rooms[language][1]);
		if (price != NULL && isdigit((unsigned char) price[0]))
		{
			va_buffer_printf(&out, ", %s ", for_price[language]);
			say_amount(&out, price, va_json_string(one, "currency"), language);
		}
	}
	said = va_buffer_finish(&out, arena);
	return can_be_said(said) ? said : NULL;
}

/* ---- moves ---- */

/* The move, or the one instead of it where the data lack what it says. */
static Act
possible(const Talk *talk, Act act)
{
	if (act == ACT_SLOTS)
		return talk->nslots > 1 ? act : talk->nslots == 1 ? ACT_ONE_SLOT : ACT_ASK_TIME;
	if (act == ACT_FOUND && talk->answer == NULL)
		return ACT_NOT_FOUND;
	return act == ACT_ANSWER && talk->answer == NULL ? ACT_NOT_KNOWN : act;
}

void
va_embedded_say_tool(Talk *talk, const json_t *data)
{
	Language language = talk->assistant->language;
	const json_t *listings = va_json_array(data, "listings");
	json_t *one;
	size_t i;

	talk->nacts = talk->nslots = 0;
	talk->wants = NULL;
	json_array_foreach(va_json_array(data, "times"), i, one)
	{
		if (talk->nslots < SLOTS_MAX && json_is_string(one) &&
			va_moment_at(json_string_value(one), &talk->slots[talk->nslots]))
			talk->nslots++;
	}
	if (talk->nslots > 0)
		talk->when = va_talker_say_moments(talk->slots, talk->nslots, language, talk->arena);
	talk->answer = listings != NULL ? say_listings(listings, language, talk->arena)
									: few_sentences(va_json_string(data, "text"), language, talk->arena);
	if (listings != NULL)
	{
		one = json_array_get(listings, 0);
		talk->listing = va_arena_strdup(talk->arena, va_json_string(one, "reference"));
		talk->visits = json_is_true(json_object_get(one, "visit"));
	}
	json_array_foreach(va_json_array(data, "moves"), i, one)
	{
		int act = va_talker_act(json_string_value(one));

		if (act >= 0)
			va_embedded_act(talk, possible(talk, (Act) act));
	}
	if (talk->nacts == 0)
		va_embedded_act(talk, ACT_DID_NOT_WORK);
}
