/*-------------------------------------------------------------------------
 * people_lines.c
 *		The words of the sandbox's people, and their answers to questions.
 *
 * Pure: no backend, no locks, no state.  The words of an answer bear its value
 * out, as a person's would: a carrier's analysis that nobody said is not
 * believed.
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

static Topic
topic_of(const VaPeopleSpeaker *speaker, const char *question)
{
	const char *folded = va_talker_fold(question, strlen(question), speaker->arena);

	for (int topic = 0; folded != NULL && topic < TOPIC_YES_NO; topic++)
		if (va_talker_says(folded, topics[topic][speaker->language]))
			return (Topic) topic;
	for (const char *const *start = topics[TOPIC_YES_NO][speaker->language]; folded != NULL && *start != NULL; start++)
		if (strncmp(folded, *start, strlen(*start)) == 0)
			return TOPIC_YES_NO;
	return TOPICS;
}

static const char *
say_number(VaPeopleSpeaker *speaker, Topic topic, json_t **value)
{
	int number = (2 + (int) va_people_roll(&speaker->rng, 10)) * (topic == TOPIC_MONEY ? 500 : 1);

	*value = json_integer(number);
	return va_people_say(speaker, SAYS_NUMBER, va_arena_printf(speaker->arena, "%d", number));
}

static const char *
say_yes_or_no(VaPeopleSpeaker *speaker, json_t **value)
{
	bool yes = va_people_roll(&speaker->rng, 2) == 0;

	*value = json_boolean(yes);
	return va_people_say(speaker, yes ? SAYS_YES : SAYS_NO, NULL);
}

static const char *
say_text(VaPeopleSpeaker *speaker, Says says, const char *text, json_t **value)
{
	const char *said = va_people_say(speaker, says, text);

	/* What has no value of its own is told in the person's words, without the last mark. */
	*value = text != NULL ? json_string(text) : json_stringn(said, strlen(said) - 1);
	return said;
}

static const char *
say_choice(VaPeopleSpeaker *speaker, const json_t *choices, json_t **value)
{
	const json_t *choice = json_array_get(choices, (size_t) va_people_roll(&speaker->rng, json_array_size(choices)));

	if (!json_is_string(choice) || json_string_length(choice) > CHOICE_BYTES_MAX)
		return va_people_say(speaker, SAYS_ANYTHING, NULL);
	return say_text(speaker, SAYS_CHOOSES, json_string_value(choice), value);
}

static const char *
say_by_topic(VaPeopleSpeaker *speaker, Topic topic, json_t **value)
{
	static const Says says[] = {
		[TOPIC_WHO] = SAYS_WHO, [TOPIC_PLACE] = SAYS_PLACE, [TOPIC_MONEY] = SAYS_MONEY, [TOPIC_SOON] = SAYS_SOON
	};

	if (topic == TOPIC_NUMBER)
		return say_number(speaker, topic, value);
	if (topic == TOPIC_YES_NO)
		return say_yes_or_no(speaker, value);
	if (topic == TOPIC_NAMED)
		return say_text(speaker, SAYS_NAMED, speaker->name, value);
	return say_text(speaker, topic == TOPICS ? SAYS_ANYTHING : says[topic], NULL, value);
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
	const char *said;

	*value = NULL;
	if (json_array_size(choices) > 0)
		return say_choice(speaker, choices, value);
	if (type != NULL && strcmp(type, "boolean") == 0)
		return say_yes_or_no(speaker, value);
	if (type != NULL && (strcmp(type, "integer") == 0 || strcmp(type, "number") == 0))
		return say_number(speaker, topic, value);
	if (speaks_of(schema, "(E.164)"))
		return say_text(speaker, SAYS_PHONE, speaker->number, value);
	if (speaks_of(schema, "(YYYY-MM-DD)"))
	{
		*value = speaker->date[0] == '\0' ? NULL : json_string(speaker->date);
		return va_people_say(speaker, SAYS_CHOOSES, speaker->when);
	}
	if (schema != NULL && strchr(question, '@') == NULL && speaks_of(schema, "mail"))
		return say_text(speaker, SAYS_EMAIL, va_people_email(speaker), value);
	said = say_by_topic(speaker, topic, value);
	/* A text that is to be found out may be a number or a yes. */
	if (type != NULL && strcmp(type, "string") == 0 && !json_is_string(*value))
	{
		json_decref(*value);
		*value = json_stringn(said, strlen(said) - 1);
	}
	return said;
}
