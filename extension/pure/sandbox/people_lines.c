/*-------------------------------------------------------------------------
 * people_lines.c
 *		The words of the sandbox's people.  Those of an answer bear its value
 *		out: a carrier's analysis that nobody said is not believed.
 *-------------------------------------------------------------------------
 */
#include "people_lines.h"

#include <stdio.h>
#include <string.h>

#include "pure/net/backoff.h"

#define WAYS 4
#define CHOICE_BYTES_MAX 200

#include "pure/sandbox/people.inc"

uint64_t
va_people_roll(uint64_t *rng, uint64_t sides)
{
	*rng = va_mix64(*rng + 0x9e3779b97f4a7c15ULL);
	return (*rng >> 11) % sides;
}

static const char *
word_for(const VaPeopleSpeaker *speaker, const char *mark, const char *answer)
{
	return strncmp(mark, "{name}", 6) == 0 ? speaker->name : strncmp(mark, "{when}", 6) == 0 ? speaker->when : answer;
}

const char *
va_people_say(VaPeopleSpeaker *speaker, Says says, const char *answer)
{
	const char *const *ways = lines[says][speaker->language];
	const char *line;
	const char *open;
	char *said;
	char *at;
	int n = 0;

	while (n < WAYS && ways[n] != NULL)
		n++;
	line = ways[va_people_roll(&speaker->rng, (uint64_t) n)];
	open = strchr(line, '{');
	if (open == NULL)
		return line;
	said = va_arena_printf(
		speaker->arena, "%.*s%s%s", (int) (open - line), line, word_for(speaker, open, answer), strchr(open, '}') + 1);
	at = said == NULL ? NULL : said + (open - line);
	/* A time may begin a sentence. */
	if (at != NULL && (at == said || (at - said > 2 && strchr(".?!", at[-2]) != NULL)) && *at >= 'a' && *at <= 'z')
		*at = (char) (*at - 'a' + 'A');
	return said;
}

const char *
va_people_line(Language language, Says says)
{
	return lines[says][language][0];
}

const char *
va_people_email(const VaPeopleSpeaker *speaker)
{
	char first[24];
	int n = 0;

	for (const char *c = speaker->name; *c != '\0' && *c != ' ' && n + 1 < (int) sizeof(first); c++)
		if ((*c | 0x20) >= 'a' && (*c | 0x20) <= 'z')
			first[n++] = (char) (*c | 0x20);
	first[n] = '\0';
	return va_arena_printf(speaker->arena, "%s@example.com", n == 0 ? "alex" : first);
}

/* ---- questions ---- */

/* The kind of a question by its first words that are known; TOPICS: any. */
static Topic
topic_of(const VaPeopleSpeaker *speaker, const char *question)
{
	const char *folded = va_desk_fold(question, strlen(question), speaker->arena);

	for (int topic = 0; folded != NULL && topic < TOPIC_YES_NO; topic++)
		if (va_desk_says(folded, topics[topic][speaker->language]))
			return (Topic) topic;
	for (const char *const *start = topics[TOPIC_YES_NO][speaker->language]; folded != NULL && *start != NULL; start++)
		if (strncmp(folded, *start, strlen(*start)) == 0)
			return TOPIC_YES_NO;
	return TOPICS;
}

/* Says it, and makes it the value: the answer, or the words without their last mark. */
static const char *
say_text(VaPeopleSpeaker *speaker, Says says, const char *text, json_t **value)
{
	const char *said = va_people_say(speaker, says, text);

	*value = text != NULL ? json_string(text) : json_stringn(said, strlen(said) - 1);
	return said;
}

static bool
speaks_of(const json_t *schema, const char *words)
{
	const char *description = va_json_string(schema, "description");

	return description != NULL && strstr(description, words) != NULL;
}

const char *
va_people_answer(VaPeopleSpeaker *speaker, const char *question, const json_t *schema, json_t **value)
{
	const char *type = va_json_string(schema, "type");
	const json_t *choices = va_json_array(schema, "enum");
	Topic topic = topic_of(speaker, question);
	bool text = type != NULL && strcmp(type, "string") == 0;
	bool number = type != NULL ? strcmp(type, "integer") == 0 || strcmp(type, "number") == 0 : topic == TOPIC_NUMBER;
	const json_t *choice;
	int n;

	*value = NULL;
	if (json_array_size(choices) > 0)
	{
		choice = json_array_get(choices, (size_t) va_people_roll(&speaker->rng, json_array_size(choices)));
		if (!json_is_string(choice) || json_string_length(choice) > CHOICE_BYTES_MAX)
			return va_people_say(speaker, SAYS_ANYTHING, NULL);
		return say_text(speaker, SAYS_CHOOSES, json_string_value(choice), value);
	}
	if (speaks_of(schema, "(E.164)"))
		return say_text(speaker, SAYS_PHONE, speaker->number, value);
	if (speaks_of(schema, "(YYYY-MM-DD)"))
	{
		*value = speaker->date[0] == '\0' ? NULL : json_string(speaker->date);
		return va_people_say(speaker, SAYS_CHOOSES, speaker->when);
	}
	if (schema != NULL && strchr(question, '@') == NULL && speaks_of(schema, "mail"))
		return say_text(speaker, SAYS_EMAIL, va_people_email(speaker), value);
	if (number || (text && topic == TOPIC_NUMBER))
	{
		n = 2 + (int) va_people_roll(&speaker->rng, 10);
		*value = text ? json_sprintf("%d", n) : json_integer(n);
		return va_people_say(speaker, SAYS_NUMBER, va_arena_printf(speaker->arena, "%d", n));
	}
	if (!text && (topic == TOPIC_YES_NO || type != NULL))
	{
		n = (int) va_people_roll(&speaker->rng, 2);
		*value = json_boolean(n == 0);
		return va_people_say(speaker, n == 0 ? SAYS_YES : SAYS_NO, NULL);
	}
	if (topic == TOPIC_NAMED)
		return say_text(speaker, SAYS_NAMED, speaker->name, value);
	return say_text(speaker, SAYS_ANYTHING, NULL, value);
}
