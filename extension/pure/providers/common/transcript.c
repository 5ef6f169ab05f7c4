/*-------------------------------------------------------------------------
 * transcript.c
 *		A transcript that is plain text, "AI: Hello" and "User: Hi" on lines of
 *		their own, as the turns that it tells of.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "transcript.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "pure/text/json.h"

#define LABEL_MAX 24

typedef struct Label
{
	const char *word;
	const char *speaker;
} Label;

/* The words under which recorders write the two sides. */
static const Label labels[] = {
	{ "ai", "assistant" },
	{ "assistant", "assistant" },
	{ "bot", "assistant" },
	{ "agent", "assistant" },
	{ "voice assistant", "assistant" },
	{ "user", "customer" },
	{ "customer", "customer" },
	{ "caller", "customer" },
	{ "callee", "customer" },
	{ "human", "customer" },
	{ "lead", "customer" },
	{ "system", "system" },
	{ "tool", "tool" },
};

/* A turn that is being read: its lines lie one behind the other in the text, and may be joined with blanks. */
typedef struct Turn
{
	const char *speaker; /* NULL = none yet */
	VaBuffer text;
} Turn;

static const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end && isspace((unsigned char) *at))
		at++;
	return at;
}

/* Behind a time before the label, "[00:12]" or "(12.5)"; else the same place. */
static const char *
skip_time(const char *at, const char *end)
{
	const char *p = at;

	if (p == end || (*p != '[' && *p != '('))
		return at;
	for (p++; p < end && (isdigit((unsigned char) *p) || strchr(":., ", *p) != NULL); p++)
		;
	return p < end && (*p == ']' || *p == ')') ? skip_blanks(p + 1, end) : at;
}

/* The speaker that a line names, and where its words begin; NULL: it goes on with the turn before. */
static const char *
label_of(const char *line, const char *end, const char **words)
{
	const char *at = skip_time(skip_blanks(line, end), end);
	const char *colon = memchr(at, ':', (size_t) (end - at) > LABEL_MAX ? LABEL_MAX : (size_t) (end - at));

	if (colon == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strlen(labels[i].word) == (size_t) (colon - at) &&
			strncasecmp(labels[i].word, at, (size_t) (colon - at)) == 0)
		{
			*words = skip_blanks(colon + 1, end);
			return labels[i].speaker;
		}
	return NULL;
}

static void
end_turn(VaBuffer *turns, Turn *turn, int *count, VaArena *arena)
{
	const char *text = va_buffer_finish(&turn->text, arena);

	if (turn->speaker == NULL || text == NULL || text[0] == '\0')
		return;
	va_buffer_printf(
		turns, "%c{\"turn\":%d,\"speaker\":\"%s\",\"text\":", *count == 0 ? '[' : ',', *count + 1, turn->speaker);
	va_buffer_json_string(turns, text, strlen(text));
	va_buffer_add(turns, "}", 1);
	(*count)++;
}

const char *
va_transcript_turns(VaArena *arena, const char *transcript, bool *customer)
{
	VaBuffer turns = { 0 };
	Turn turn = { 0 };
	int count = 0;
	const char *next;

	*customer = false;
	for (const char *line = transcript; *line != '\0'; line = next)
	{
		const char *end = line + strcspn(line, "\n");
		const char *words = skip_blanks(line, end);
		const char *speaker = label_of(line, end, &words);

		next = *end == '\n' ? end + 1 : end;
		while (end > words && isspace((unsigned char) end[-1]))
			end--;
		if (speaker != NULL)
		{
			end_turn(&turns, &turn, &count, arena);
			turn.speaker = speaker;
		}
		/* Words before the first label have no speaker. */
		if (turn.speaker == NULL || end == words)
			continue;
		if (strcmp(turn.speaker, "customer") == 0)
			*customer = true;
		if (turn.text.used > 0)
			va_buffer_add(&turn.text, " ", 1);
		va_buffer_add(&turn.text, words, (size_t) (end - words));
	}
	end_turn(&turns, &turn, &count, arena);
	if (count > 0)
		va_buffer_add(&turns, "]", 1);
	next = va_buffer_finish(&turns, arena);
	return count > 0 ? next : NULL;
}
