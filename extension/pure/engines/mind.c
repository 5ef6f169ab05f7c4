/*-------------------------------------------------------------------------
 * mind.c
 *		Streams of language models, read event by event.
 */
#include "mind.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/text/json.h"
#include "spoken.h"

/* A sentence that does not end is cut at a comma behind so many bytes. */
#define LONG_SENTENCE 240

/* ---- sentences ---- */

/* "Dr.", "z.B.", an initial or the number of an item are followed by a point that ends nothing. */
static bool
is_abbreviation(const char *text, size_t at)
{
	static const char *const words[] = { "mr", "mrs", "ms", "dr", "st", "no", "inc", "ltd", "sr", "jr", "vs", "e.g",
		"i.e", "approx", "z.b", "bzw", "ca", "nr", "sra", "srta", "ud", "mme", "mlle", "etc", NULL };
	size_t begin = at;
	bool digits = true;

	while (begin > 0 && !isspace((unsigned char) text[begin - 1]))
		begin--;
	for (size_t i = begin; i < at; i++)
		digits = digits && isdigit((unsigned char) text[i]);
	if (at == begin || at - begin == 1 || (digits && at - begin <= 2))
		return true;
	for (int i = 0; words[i] != NULL; i++)
		if (strlen(words[i]) == at - begin && strncasecmp(words[i], text + begin, at - begin) == 0)
			return true;
	return false;
}

size_t
va_sentence_length(const char *text, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++)
	{
		if (text[i] == '\n')
			return i + 1;
		if (strchr("!?.", text[i]) != NULL && isspace((unsigned char) text[i + 1]) &&
			(text[i] != '.' || !is_abbreviation(text, i)))
			return i + 2;
		if (i > LONG_SENTENCE && strchr(",;:", text[i]) != NULL && text[i + 1] == ' ')
			return i + 2;
	}
	return 0;
}

static void
tell(VaMindStream *stream, const char *text, size_t len)
{
	VaArena arena = { 0 };
	char *plain = va_plain_text(&arena, text, len);

	stream->told += len;
	if (plain != NULL && plain[0] != '\0' && stream->told <= VA_MIND_TEXT_MAX)
		stream->say(stream->ctx, plain);
	va_arena_free(&arena);
}

static void
add_text(VaMindStream *stream, const char *text)
{
	size_t begin = 0;
	size_t len;

	stream->began = true;
	va_buffer_add(&stream->text, text, strlen(text));
	if (stream->text.failed)
		return;
	while ((len = va_sentence_length(stream->text.text + begin, stream->text.used - begin)) > 0)
	{
		tell(stream, stream->text.text + begin, len);
		begin += len;
	}
	memmove(stream->text.text, stream->text.text + begin, stream->text.used - begin);
	stream->text.used -= begin;
}

/* ---- tools ---- */

static VaMindTool *
tool_of(VaMindStream *stream, int index)
{
	for (int i = 0; i < stream->ntools; i++)
		if (stream->tools[i].index == index)
			return &stream->tools[i];
	if (stream->ntools == VA_MIND_TOOLS_MAX)
		return NULL;
	stream->tools[stream->ntools].index = index;
	return &stream->tools[stream->ntools++];
}

static void
add_tool(VaMindStream *stream, int index, const char *id, const char *name, const char *arguments)
{
	VaMindTool *tool = tool_of(stream, index);

	if (tool == NULL)
		return;
	stream->began = true;
	if (id != NULL)
		snprintf(tool->id, sizeof(tool->id), "%s", id);
	if (name != NULL)
		snprintf(tool->name, sizeof(tool->name), "%s", name);
	if (arguments != NULL)
		va_buffer_add(&tool->arguments, arguments, strlen(arguments));
}

static int64_t
count(const json_t *object, const char *key)
{
	double value;

	return va_json_number(object, key, &value) && value > 0 ? (int64_t) fmin(value, 1e9) : 0;
}

static int
index_of(const json_t *object)
{
	return (int) fmin((double) count(object, "index"), 1000);
}

/* ---- events ---- */

static void
set_error(VaMindStream *stream, const json_t *error)
{
	const char *message = va_json_string(error, "message");

	snprintf(stream->error, sizeof(stream->error), "%s", message != NULL ? message : "the stream ended with an error");
}

static void
read_openai(VaMindStream *stream, const json_t *event)
{
	const json_t *choice = json_array_get(va_json_array(event, "choices"), 0);
	const json_t *delta = va_json_object(choice, "delta");
	const json_t *tools = va_json_array(delta, "tool_calls");
	const json_t *usage = va_json_object(event, "usage");
	const char *text = va_json_string(delta, "content");

	if (va_json_object(event, "error") != NULL)
		set_error(stream, va_json_object(event, "error"));
	if (text == NULL)
		text = va_json_string(delta, "refusal");
	if (text != NULL)
		add_text(stream, text);
	for (size_t i = 0; i < json_array_size(tools); i++)
	{
		const json_t *tool = json_array_get(tools, i);
		const json_t *function = va_json_object(tool, "function");

		add_tool(stream, index_of(tool), va_json_string(tool, "id"), va_json_string(function, "name"),
			va_json_string(function, "arguments"));
	}
	if (usage != NULL)
	{
		stream->counted = true;
		stream->tokens_in = count(usage, "prompt_tokens");
		stream->tokens_cached = count(va_json_object(usage, "prompt_tokens_details"), "cached_tokens");
		stream->tokens_out = count(usage, "completion_tokens");
	}
}

static void
read_anthropic(VaMindStream *stream, const json_t *event)
{
	const char *type = va_json_string(event, "type");
	const json_t *usage = va_json_object(va_json_object(event, "message"), "usage");
	const json_t *delta = va_json_object(event, "delta");
	const json_t *block = va_json_object(event, "content_block");
	const char *text = va_json_string(delta, "text");
	const char *kind = va_json_string(block, "type");

	if (type == NULL)
		return;
	if (strcmp(type, "error") == 0)
		set_error(stream, va_json_object(event, "error"));
	else if (strcmp(type, "message_stop") == 0)
		stream->done = true;
	else if (strcmp(type, "message_start") == 0 && usage != NULL)
	{
		stream->tokens_cached = count(usage, "cache_read_input_tokens");
		stream->tokens_in = count(usage, "input_tokens") + stream->tokens_cached +
							count(usage, "cache_creation_input_tokens");
	}
	else if (strcmp(type, "message_delta") == 0 && va_json_object(event, "usage") != NULL)
	{
		stream->counted = true;
		stream->tokens_out = count(va_json_object(event, "usage"), "output_tokens");
	}
	else if (strcmp(type, "content_block_start") == 0 && kind != NULL && strcmp(kind, "tool_use") == 0)
		add_tool(stream, index_of(event), va_json_string(block, "id"), va_json_string(block, "name"), NULL);
	else if (strcmp(type, "content_block_delta") == 0 && text != NULL)
		add_text(stream, text);
	else if (strcmp(type, "content_block_delta") == 0 && va_json_string(delta, "partial_json") != NULL)
		add_tool(stream, index_of(event), NULL, NULL, va_json_string(delta, "partial_json"));
}

/* "data: ..."; names of events, comments and other fields say nothing that the data does not. */
static void
read_line(VaMindStream *stream, const char *line, size_t len)
{
	VaArena arena = { 0 };
	const char *why = NULL;
	json_t *event;

	if (len < 5 || strncmp(line, "data:", 5) != 0)
		return;
	line += 5;
	len -= 5;
	while (len > 0 && *line == ' ')
	{
		line++;
		len--;
	}
	if (len == 6 && strncmp(line, "[DONE]", 6) == 0)
	{
		stream->done = true;
		return;
	}
	event = va_json_load(&arena, line, len, &why);
	if (!json_is_object(event))
		snprintf(stream->error, sizeof(stream->error), "an event of the stream is not JSON");
	else if (stream->anthropic)
		read_anthropic(stream, event);
	else
		read_openai(stream, event);
	json_decref(event);
	va_arena_free(&arena);
}

bool
va_mind_feed(VaMindStream *stream, const char *bytes, size_t len)
{
	while (len > 0 && stream->error[0] == '\0')
	{
		const char *end = memchr(bytes, '\n', len);
		size_t piece = end != NULL ? (size_t) (end - bytes) : len;
		size_t used;

		va_buffer_add(&stream->line, bytes, piece);
		if (stream->line.failed || stream->line.used > VA_MIND_EVENT_MAX)
			snprintf(stream->error, sizeof(stream->error), "an event of the stream is too long");
		else if (end != NULL)
		{
			used = stream->line.used;
			if (used > 0 && stream->line.text[used - 1] == '\r')
				used--;
			if (used > 0)
				read_line(stream, stream->line.text, used);
			stream->line.used = 0;
		}
		bytes += piece + (end != NULL);
		len -= piece + (end != NULL);
	}
	return stream->error[0] == '\0';
}

void
va_mind_finish(VaMindStream *stream)
{
	if (stream->text.used > 0 && !stream->text.failed)
		tell(stream, stream->text.text, stream->text.used);
	stream->text.used = 0;
}

void
va_mind_free(VaMindStream *stream)
{
	free(stream->line.text);
	free(stream->text.text);
	for (int i = 0; i < stream->ntools; i++)
		free(stream->tools[i].arguments.text);
	memset(stream, 0, sizeof(*stream));
}
