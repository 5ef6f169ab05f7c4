/*-------------------------------------------------------------------------
 * talker_say.c
 *		Turns moves into words, in the assistant's language (talker.tsv).
 *-------------------------------------------------------------------------
 */
#include "talker.h"

#include <string.h>

#include "pure/engines/spoken.h"
#include "pure/sandbox/talker.inc"

const char *
va_talker_line(Language language, Act act, int phrasing)
{
	const char *line = moves[act][language][phrasing % PHRASINGS];

	return line != NULL ? line : moves[act][language][0];
}

const char *const *
va_talker_phrases(Language language, Meaning meaning)
{
	return phrases[meaning][language];
}

int
va_talker_act(const char *name)
{
	for (int i = 0; name != NULL && i < ACTS; i++)
		if (strcmp(move_names[i], name) == 0)
			return i;
	return -1;
}

static const char *const codes[LANGUAGES] = { "en", "es", "fr", "de", "it" };

const char *
va_talker_code(Language language)
{
	return codes[language];
}

Language
va_talker_language(const char *tag)
{
	for (int i = 0; tag != NULL && i < LANGUAGES; i++)
		if (strncmp(tag, codes[i], 2) == 0)
			return (Language) i;
	return LANGUAGE_EN;
}

/* Spells "ann@example.com" letter by letter, with blanks between. */
static const char *
spell(const char *text, VaArena *arena)
{
	VaBuffer out = { 0 };

	for (; text != NULL && *text != '\0'; text++)
	{
		va_buffer_add(&out, text, 1);
		if (text[1] != '\0')
			va_buffer_add(&out, " ", 1);
	}
	return va_buffer_finish(&out, arena);
}

/* "Tomorrow at 3" within a sentence: lowers the first letter, except for names with a capital in this language. */
static const char *
mid_sentence(const char *when, Language language, VaArena *arena)
{
	static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Die", "Mit", "Don", "Sam",
		"Fre", "Son", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Okt", "Nov", "Dec",
		"Dez" };
	char *lower = when == NULL ? NULL : va_arena_strdup(arena, when);

	if (lower == NULL || lower[0] < 'A' || lower[0] > 'Z')
		return lower;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((language == LANGUAGE_EN || language == LANGUAGE_DE) && strncmp(lower, names[i], 3) == 0)
			return lower;
	lower[0] = (char) (lower[0] - 'A' + 'a');
	return lower;
}

const char *
va_embedded_read_back(const Talk *talk)
{
	for (int i = 0; i < talk->nacts; i++)
		if (talk->acts[i] == ACT_READ_BACK && talk->starts_at == NULL)
			return mid_sentence(talk->when, talk->assistant->language, talk->arena);
	return NULL;
}

/* What a tenant has written, which may have marks of written text. */
static const char *
plain(const Talk *talk, const char *text)
{
	return text == NULL ? NULL : va_plain_text(talk->arena, text, strlen(text));
}

static const char *
word_for(Talk *talk, const char *mark)
{
	static const char *const businesses[LANGUAGES] = { "our company", "nuestra empresa", "notre société",
		"unserem Unternehmen", "la nostra azienda" };
	static const char *const assistants[LANGUAGES] = { "the assistant", "el asistente", "l'assistant", "der Assistent",
		"l'assistente" };
	const Assistant *assistant = talk->assistant;

	if (strcmp(mark, "answer") == 0)
		return talk->answer;
	if (strcmp(mark, "when") == 0)
		return mid_sentence(talk->when, assistant->language, talk->arena);
	if (strcmp(mark, "email") == 0)
		return spell(talk->email, talk->arena);
	if (strcmp(mark, "offer") == 0)
		return plain(talk, assistant->offer);
	if (strcmp(mark, "business") == 0)
		return assistant->business != NULL ? plain(talk, assistant->business) : businesses[assistant->language];
	return assistant->name != NULL ? plain(talk, assistant->name) : assistants[assistant->language];
}

/* Fills marks in one pass: marks in a filled-in value stay as they are. */
static void
add_line(VaBuffer *out, Talk *talk, const char *line)
{
	while (line != NULL && *line != '\0')
	{
		size_t len = strcspn(line, "{");
		const char *word;
		char mark[16];
		size_t width;

		va_buffer_add(out, line, len);
		line += len;
		if (*line == '\0')
			return;
		width = strcspn(line + 1, "}");
		if (width >= sizeof(mark))
			return;
		memcpy(mark, line + 1, width);
		mark[width] = '\0';
		word = word_for(talk, mark);
		if (word != NULL)
			va_buffer_add(out, word, strlen(word));
		line += width + 2;
	}
}

const char *
va_embedded_say(Talk *talk)
{
	const Assistant *assistant = talk->assistant;
	VaBuffer out = { 0 };

	if (talk->nacts == 0)
		va_embedded_act(talk, talk->stage == STAGE_OVER ? ACT_GOODBYE : assistant->inbound ? ACT_HELP : ACT_GREET);
	for (int i = 0; i < talk->nacts; i++)
	{
		Act act = talk->acts[i];
		const char *text = act == ACT_ASK								  ? talk->asked
						   : act == ACT_ANSWER							  ? talk->answer
						   : act == ACT_PRICE && assistant->price != NULL ? assistant->price
																		  : NULL;

		if (out.used > 0)
			va_buffer_add(&out, " ", 1);
		text = plain(talk, text);
		if (text != NULL && text[0] != '\0')
			va_buffer_printf(&out, "%s%s", text, strchr(".?!", text[strlen(text) - 1]) == NULL ? "." : "");
		else if (text == NULL)
			add_line(&out, talk, va_talker_line(assistant->language, act, (int) ((talk->rng >> (7 + i)) % PHRASINGS)));
	}
	return va_buffer_finish(&out, talk->arena);
}
