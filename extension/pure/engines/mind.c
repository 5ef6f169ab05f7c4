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
/* ... the first of an answer behind so many: the voice begins with it while the rest is written. */
#define FIRST_CLAUSE 30

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

static size_t
part_length(const char *text, size_t len, size_t clause)
{
	for (size_t i = 0; i + 1 < len; i++)
	{
		if (text[i] == '\n')
			return i + 1;
		if (strchr("!?.", text[i]) != NULL && isspace((unsigned char) text[i + 1]) &&
			(text[i] != '.' || !is_abbreviation(text, i)))
			return i + 2;
		if (i > clause && strchr(",;:", text[i]) != NULL && text[i + 1] == ' ')
			return i + 2;
	}
	return 0;
}

size_t
va_sentence_length(const char *text, size_t len)
{
	return part_length(text, len, LONG_SENTENCE);
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

/* ---- what is no word of the answer ---- */

#define THOUGHTS 8
/* A model's thoughts (the first eight), and tools that its server did not read.  Where thoughts end that did not begin, all before them was theirs. */
static const struct
{
	const char *begins;
	const char *ends; /* "": the mark alone is left out */
} unspoken[] = { { "<think>", "</think>" }, { "<thinking>", "</thinking>" }, { "<thought>", "</thought>" },
	{ "<reasoning>", "</reasoning>" }, { "<reflection>", "</reflection>" }, { "<seed:think>", "</seed:think>" },
	{ "[think]", "[/think]" }, { "\xE2\x97\x81think\xE2\x96\xB7", "\xE2\x97\x81/think\xE2\x96\xB7" },
	{ "<|channel|>analysis<|message|>", "<|end|>" }, { "<|channel|>commentary", "<|call|>" },
	{ "<|start|>assistant", "" }, { "<|channel|>final<|message|>", "" }, { "<|return|>", "" }, { "<|im_end|>", "" },
	{ "<tool_call>", "</tool_call>" } };

/* Does text begin with mark?  part: as far as it has come. */
static bool
is_mark(const char *text, size_t len, const char *mark, bool *part)
{
	size_t whole = strlen(mark);

	if (whole == 0 || strncasecmp(text, mark, len < whole ? len : whole) != 0)
		return false;
	*part = *part || len < whole;
	return len >= whole;
}

static void
cut_out(VaMindStream *stream, size_t from, size_t len)
{
	stream->text.used -= len;
	memmove(stream->text.text + from, stream->text.text + from + len, stream->text.used - from);
	stream->seen = from;
}

/* Everything before was thoughts; those of the next answer wait for their end. */
static void
take_back(VaMindStream *stream)
{
	if (stream->told > 0 && stream->unsay != NULL)
		stream->unsay(stream->ctx);
	stream->told = 0;
	stream->thinks_first = true;
	stream->waits = false;
}

/* The mark at this byte has its effect; false: there is none, or (part) not all of it. */
static bool
take_mark(VaMindStream *stream, size_t at, bool *part)
{
	const char *text = stream->text.text + at;
	size_t len = stream->text.used - at;

	for (size_t i = 0; i < sizeof(unspoken) / sizeof(unspoken[0]); i++)
	{
		const char *begins = unspoken[i].begins, *ends = unspoken[i].ends;

		if (stream->until == NULL && is_mark(text, len, begins, part))
		{
			stream->until = ends[0] != '\0' ? ends : NULL;
			stream->waits = false;
			cut_out(stream, at, strlen(begins));
			return true;
		}
		if ((stream->until == NULL || stream->until == ends) && is_mark(text, len, ends, part))
		{
			size_t from = stream->until != NULL ? stream->seen : i >= THOUGHTS ? at : 0;

			if (from == 0 && stream->until == NULL && i < THOUGHTS)
				take_back(stream);
			stream->until = NULL;
			cut_out(stream, from, at + strlen(ends) - from);
			return true;
		}
	}
	return false;
}

/* Up to seen the text is known to be words, unless until is awaited. */
static void
leave_out(VaMindStream *stream)
{
	for (size_t at = stream->seen; at < stream->text.used;)
	{
		bool part = false;

		if (strchr("<[\xE2", stream->text.text[at]) != NULL && take_mark(stream, at, &part))
			at = stream->seen;
		else if (part)
		{
			if (stream->until != NULL)
				cut_out(stream, stream->seen, at - stream->seen);
			return;
		}
		else if (stream->until == NULL)
			stream->seen = ++at;
		else
			at++;
	}
	if (stream->until != NULL)
		stream->text.used = stream->seen;
}

/* Sentences that have ended. */
static void
tell_sentences(VaMindStream *stream)
{
	size_t begin = 0;
	size_t len;

	if (stream->text.failed || stream->text.used == 0)
		return;
	leave_out(stream);
	while (!stream->waits && (len = part_length(stream->text.text + begin, stream->seen - begin,
								  stream->told == 0 ? FIRST_CLAUSE : LONG_SENTENCE)) > 0)
	{
		tell(stream, stream->text.text + begin, len);
		begin += len;
	}
	memmove(stream->text.text, stream->text.text + begin, stream->text.used - begin);
	stream->text.used -= begin;
	stream->seen -= begin;
	if (stream->text.used <= VA_MIND_TEXT_MAX)
		return;
	/* So much is no sentence; where thoughts come first it is one of theirs. */
	stream->text.used = stream->seen = 0;
	if (stream->waits)
		stream->until = unspoken[0].ends;
	else
		snprintf(stream->error, sizeof(stream->error), "a sentence of the stream is too long");
}

static void
add_text(VaMindStream *stream, const char *text)
{
	stream->began = true;
	va_buffer_add(&stream->text, text, strlen(text));
}

/* A text, or parts of which some are text. */
static void
add_content(VaMindStream *stream, const json_t *content)
{
	if (json_is_string(content) && json_string_length(content) > 0)
		add_text(stream, json_string_value(content));
	for (size_t i = 0; i < json_array_size(content); i++)
	{
		const char *text = va_json_string(json_array_get(content, i), "text");

		stream->began = true;
		if (text != NULL)
			add_text(stream, text);
	}
}

/* ---- tools ---- */

bool
va_mind_arguments(const VaMindTool *tool, VaArena *arena, const char **text)
{
	const char *why = NULL;
	json_t *json = tool->arguments.used == 0 ? va_json_new_object()
											 : va_json_load(arena, tool->arguments.text, tool->arguments.used, &why);
	bool whole;

	/* Some servers write it as a text within a text. */
	if (json_is_string(json))
	{
		json_t *inner = va_json_load(arena, json_string_value(json), json_string_length(json), &why);

		json_decref(json);
		json = inner;
	}
	whole = json_is_object(json);
	*text = whole ? va_json_text(arena, json) : "{}";
	json_decref(json);
	return whole && *text != NULL;
}

static bool
is_whole(const VaMindTool *tool)
{
	VaArena arena = { 0 };
	const char *text;
	bool whole = tool->arguments.used > 0 && va_mind_arguments(tool, &arena, &text);

	va_arena_free(&arena);
	return whole;
}

/*
 * Is it another call than this one, whatever its index?  With an id or a name of its own; or with the same name once more when the
 * arguments were there already.
 */
static bool
is_another(const VaMindTool *tool, const char *id, const char *name, const char *arguments)
{
	if (id != NULL && tool->id[0] != '\0' && strcmp(tool->id, id) != 0)
		return true;
	if (name == NULL || tool->name[0] == '\0')
		return false;
	return strcmp(tool->name, name) != 0 || (arguments != NULL && is_whole(tool));
}

/* The last one of this index (-1: it has none), or a new one; NULL: there are too many. */
static VaMindTool *
tool_of(VaMindStream *stream, int index, const char *id, const char *name, const char *arguments)
{
	for (int i = stream->ntools - 1; i >= 0; i--)
	{
		VaMindTool *tool = &stream->tools[i];

		if (index >= 0 && tool->index >= 0 && tool->index != index)
			continue;
		if (is_another(tool, id, name, arguments))
			break;
		return tool;
	}
	if (stream->ntools == VA_MIND_TOOLS_MAX)
		return NULL;
	stream->tools[stream->ntools].index = index;
	return &stream->tools[stream->ntools++];
}

static void
add_tool(VaMindStream *stream, int index, const char *id, const char *name, const json_t *arguments)
{
	char *dumped = json_is_object(arguments) ? json_dumps(arguments, JSON_COMPACT) : NULL;
	const char *text = dumped != NULL ? dumped : json_string_value(arguments);
	VaMindTool *tool = tool_of(stream, index, id, name, text);

	if (tool != NULL)
	{
		stream->began = true;
		if (id != NULL)
			snprintf(tool->id, sizeof(tool->id), "%s", id);
		if (name != NULL)
			snprintf(tool->name, sizeof(tool->name), "%s", name);
		if (text != NULL)
			va_buffer_add(&tool->arguments, text, strlen(text));
		if (tool->arguments.failed || tool->arguments.used > VA_MIND_EVENT_MAX)
			snprintf(stream->error, sizeof(stream->error), "arguments of the stream are too long");
	}
	free(dumped);
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
	return json_is_number(json_object_get(object, "index")) ? (int) fmin((double) count(object, "index"), 1000) : -1;
}

/* ---- events ---- */

static void
set_error(VaMindStream *stream, const json_t *event)
{
	const char *message = va_json_string(va_json_object(event, "error"), "message");

	if (message == NULL)
		message = va_json_string(event, "error");

	snprintf(stream->error, sizeof(stream->error), "%s", message != NULL ? message : "the stream ended with an error");
}

static void
read_openai(VaMindStream *stream, const json_t *event)
{
	const json_t *choice = json_array_get(va_json_array(event, "choices"), 0);
	const json_t *delta = va_json_object(choice, va_json_object(choice, "delta") != NULL ? "delta" : "message");
	const json_t *tools = va_json_array(delta, "tool_calls");
	const json_t *older = va_json_object(delta, "function_call");
	const json_t *usage = va_json_object(event, "usage");

	if (va_json_object(event, "error") != NULL || va_json_string(event, "error") != NULL)
		set_error(stream, event);
	add_content(stream, json_object_get(delta, "content"));
	add_content(stream, json_object_get(delta, "refusal"));
	if (older != NULL)
		add_tool(stream, -1, NULL, va_json_string(older, "name"), json_object_get(older, "arguments"));
	for (size_t i = 0; i < json_array_size(tools); i++)
	{
		const json_t *tool = json_array_get(tools, i);
		const json_t *function = va_json_object(tool, "function");

		add_tool(stream, index_of(tool), va_json_string(tool, "id"), va_json_string(function, "name"),
			json_object_get(function, "arguments"));
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
		set_error(stream, event);
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
	{
		const json_t *input = va_json_object(block, "input");

		add_tool(stream, index_of(event), va_json_string(block, "id"), va_json_string(block, "name"),
			json_object_size(input) > 0 ? input : NULL);
	}
	else if (strcmp(type, "content_block_start") == 0)
		add_content(stream, json_object_get(block, "text"));
	else if (strcmp(type, "content_block_delta") == 0 && text != NULL)
		add_text(stream, text);
	else if (strcmp(type, "content_block_delta") == 0 && va_json_string(delta, "partial_json") != NULL)
		add_tool(stream, index_of(event), NULL, NULL, json_object_get(delta, "partial_json"));
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
	tell_sentences(stream);
	return stream->error[0] == '\0';
}

void
va_mind_finish(VaMindStream *stream)
{
	if (stream->text.used > 0 && !stream->text.failed && stream->until == NULL)
		tell(stream, stream->text.text, stream->text.used);
	stream->text.used = stream->seen = 0;
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
