/*-------------------------------------------------------------------------
 * passages.c
 *		A document cut into passages (contract in passages.h).
 *
 * A cutter holds the passage that is being put together and the headings that
 * it stands below.  No locks, no global state.
 */
#include "passages.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/csv/csv_reader.h"

#define HEADING_LEVELS 6

typedef struct Cutter
{
	VaArena *arena;
	VaPassages *passages;
	size_t max_bytes;
	size_t max_passages;
	VaBuffer body; /* the passage so far */
	char headings[HEADING_LEVELS][VA_PASSAGE_HEADING_MAX + 1];
	VaPassageStatus status;
} Cutter;

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

static void
trim(const char **text, size_t *len)
{
	while (*len > 0 && is_blank((*text)[0]))
	{
		(*text)++;
		(*len)--;
	}
	while (*len > 0 && is_blank((*text)[*len - 1]))
		(*len)--;
}

/* At most max bytes, and no part of a character. */
static size_t
whole_characters(const char *text, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && ((unsigned char) text[max] & 0xC0) == 0x80)
		max--;
	return max;
}

/* ---- passages ---- */

static bool
room_for_another(Cutter *cutter)
{
	VaPassages *passages = cutter->passages;
	size_t size = passages->size == 0 ? 64 : passages->size * 2;
	VaPassage *items;

	if (passages->count >= cutter->max_passages)
	{
		cutter->status = VA_PASSAGES_TOO_MANY;
		return false;
	}
	if (passages->count < passages->size)
		return true;
	items = va_arena_alloc(cutter->arena, size * sizeof(VaPassage));
	if (items == NULL)
	{
		cutter->status = VA_PASSAGES_NO_MEMORY;
		return false;
	}
	if (passages->count > 0)
		memcpy(items, passages->items, passages->count * sizeof(VaPassage));
	passages->items = items;
	passages->size = size;
	return true;
}

static void
add_passage(Cutter *cutter, const char *heading, const char *body, size_t len)
{
	VaPassage *passage;

	trim(&body, &len);
	if (len == 0 || cutter->status != VA_PASSAGES_OK || !room_for_another(cutter))
		return;
	passage = &cutter->passages->items[cutter->passages->count++];
	passage->heading = va_arena_strdup(cutter->arena, heading);
	passage->body = va_arena_strndup(cutter->arena, body, len);
	if (passage->heading == NULL || passage->body == NULL)
		cutter->status = VA_PASSAGES_NO_MEMORY;
}

/* "Prices > Roofs": the headings above, as far as there is room. */
static const char *
heading_path(const Cutter *cutter, char *path)
{
	size_t used = 0;

	path[0] = '\0';
	for (int level = 0; level < HEADING_LEVELS; level++)
	{
		const char *heading = cutter->headings[level];
		size_t len = strlen(heading);

		if (len == 0)
			continue;
		if (used > 0 && used + 3 < VA_PASSAGE_HEADING_MAX)
		{
			memcpy(path + used, " > ", 3);
			used += 3;
		}
		len = whole_characters(heading, len, VA_PASSAGE_HEADING_MAX - used);
		memcpy(path + used, heading, len);
		used += len;
		path[used] = '\0';
	}
	return path;
}

static void
end_passage(Cutter *cutter)
{
	char path[VA_PASSAGE_HEADING_MAX + 1];

	if (cutter->body.failed)
		cutter->status = VA_PASSAGES_NO_MEMORY;
	else if (cutter->body.used > 0)
		add_passage(cutter, heading_path(cutter, path), cutter->body.text, cutter->body.used);
	cutter->body.used = 0;
}

/* Where a text that is too long is cut: behind a sentence in its second half, else at a space there, else anywhere. */
static size_t
cut_at(const char *text, size_t max)
{
	size_t space = 0;

	for (size_t i = max - 1; i > max / 2; i--)
	{
		if (!is_blank(text[i]))
			continue;
		if (text[i] == '\n' || strchr(".!?;", text[i - 1]) != NULL)
			return i;
		if (space == 0)
			space = i;
	}
	return space > 0 ? space : max;
}

/* A paragraph joins the passage, or begins the next. */
static void
add_paragraph(Cutter *cutter, const char *text, size_t len)
{
	trim(&text, &len);
	if (len == 0)
		return;
	if (cutter->body.used > 0 && cutter->body.used + 2 + len > cutter->max_bytes)
		end_passage(cutter);
	while (len > cutter->max_bytes && cutter->status == VA_PASSAGES_OK)
	{
		size_t part = cut_at(text, whole_characters(text, len, cutter->max_bytes));

		va_buffer_add(&cutter->body, text, part);
		end_passage(cutter);
		text += part;
		len -= part;
		trim(&text, &len);
	}
	if (len == 0 || cutter->status != VA_PASSAGES_OK)
		return;
	if (cutter->body.used > 0)
		va_buffer_add(&cutter->body, "\n\n", 2);
	va_buffer_add(&cutter->body, text, len);
}

/* ---- text and Markdown ---- */

/* The level of a line such as "## Prices", 1 to 6; 0: it is no heading. */
static int
heading_level(const char *line, size_t len)
{
	int level = 0;

	while ((size_t) level < len && line[level] == '#')
		level++;
	return level >= 1 && level <= HEADING_LEVELS && (size_t) level < len && is_blank(line[level]) ? level : 0;
}

static void
take_heading(Cutter *cutter, int level, const char *text, size_t len)
{
	char *heading = cutter->headings[level - 1];

	trim(&text, &len);
	while (len > 0 && text[len - 1] == '#')
		len--;
	trim(&text, &len);
	end_passage(cutter);
	len = whole_characters(text, len, VA_PASSAGE_HEADING_MAX);
	memcpy(heading, text, len);
	heading[len] = '\0';
	for (int below = level; below < HEADING_LEVELS; below++)
		cutter->headings[below][0] = '\0';
}

static bool
is_fence(const char *line, size_t len)
{
	trim(&line, &len);
	return len >= 3 && (memcmp(line, "```", 3) == 0 || memcmp(line, "~~~", 3) == 0);
}

static void
cut_text(Cutter *cutter, const char *text, size_t len, bool markdown)
{
	const char *end = text + len;
	const char *paragraph = text;
	bool fenced = false;

	for (const char *line = text; line < end && cutter->status == VA_PASSAGES_OK;)
	{
		const char *newline = memchr(line, '\n', end - line);
		const char *next = newline == NULL ? end : newline + 1;
		const char *content = line;
		size_t content_len = next - line;
		int level;

		trim(&content, &content_len);
		if (markdown && is_fence(content, content_len))
			fenced = !fenced;
		level = markdown && !fenced ? heading_level(content, content_len) : 0;
		if (level > 0 || content_len == 0)
		{
			add_paragraph(cutter, paragraph, line - paragraph);
			paragraph = next;
		}
		if (level > 0)
			take_heading(cutter, level, content + level, content_len - level);
		line = next;
	}
	add_paragraph(cutter, paragraph, end - paragraph);
	end_passage(cutter);
}

/* ---- CSV ---- */

static const char *const question_names[] = { "question", "questions", "q", "pregunta", "preguntas", "frage", "fragen",
	"faq", NULL };
static const char *const answer_names[] = { "answer", "answers", "a", "respuesta", "respuestas", "antwort", "antworten",
	"r\xC3\xA9ponse", "reponse", "r\xC3\xA9ponses", NULL };

static bool
is_named(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcasecmp(name, *names) == 0)
			return true;
	return false;
}

typedef struct Header
{
	const char **names;
	int count;
	int question; /* -1 = none */
	int answer;
} Header;

static bool
take_header(Cutter *cutter, const VaCsvRow *row, Header *header)
{
	header->question = header->answer = -1;
	header->count = row->count;
	header->names = va_arena_alloc(cutter->arena, (row->count + 1) * sizeof(char *));
	for (int i = 0; header->names != NULL && i < row->count; i++)
	{
		const char *name = row->text + row->fields[i].start;
		size_t len = row->fields[i].len;

		trim(&name, &len);
		header->names[i] = va_arena_strndup(cutter->arena, name, whole_characters(name, len, VA_PASSAGE_HEADING_MAX));
		if (header->names[i] == NULL)
			return false;
		if (header->question < 0 && is_named(header->names[i], question_names))
			header->question = i;
		else if (header->answer < 0 && is_named(header->names[i], answer_names))
			header->answer = i;
	}
	return header->names != NULL;
}

static void
take_question(Cutter *cutter, const VaCsvRow *row, const Header *header)
{
	const VaCsvField *question = &row->fields[header->question];
	const VaCsvField *answer = &row->fields[header->answer];

	take_heading(cutter, 1, row->text + question->start, question->len);
	add_paragraph(cutter, row->text + answer->start, answer->len);
	end_passage(cutter);
}

static void
take_row(Cutter *cutter, const VaCsvRow *row, const Header *header)
{
	VaBuffer line = { 0 };

	if (header->question >= 0 && header->answer >= 0)
	{
		if (header->question < row->count && header->answer < row->count)
			take_question(cutter, row, header);
		return;
	}
	for (int i = 0; i < row->count && i < header->count; i++)
	{
		const char *value = row->text + row->fields[i].start;
		size_t len = row->fields[i].len;

		trim(&value, &len);
		if (len == 0)
			continue;
		if (header->names[i][0] != '\0')
			va_buffer_printf(&line, "%s: ", header->names[i]);
		va_buffer_add(&line, value, len);
		va_buffer_add(&line, "\n", 1);
	}
	if (line.failed)
		cutter->status = VA_PASSAGES_NO_MEMORY;
	else if (line.used > 0)
		add_paragraph(cutter, line.text, line.used);
	end_passage(cutter);
	free(line.text);
}

static void
cut_csv(Cutter *cutter, const char *text, size_t len)
{
	const char *end = text + len;
	VaCsvReader *reader = va_csv_open(va_csv_sniff(text, end));
	Header header = { 0 };
	bool last = false;

	if (reader == NULL)
		cutter->status = VA_PASSAGES_NO_MEMORY;
	while (cutter->status == VA_PASSAGES_OK && !last)
	{
		VaCsvRow row;
		VaCsvStatus status = va_csv_next(reader, &text, end, &row);

		last = status == VA_CSV_MORE;
		if (last)
			status = va_csv_end(reader, &row);
		if (status == VA_CSV_ROW && header.names == NULL)
		{
			if (!take_header(cutter, &row, &header))
				cutter->status = VA_PASSAGES_NO_MEMORY;
		}
		else if (status == VA_CSV_ROW)
			take_row(cutter, &row, &header);
		else if (status != VA_CSV_MORE)
			cutter->status = status == VA_CSV_NO_MEMORY ? VA_PASSAGES_NO_MEMORY : VA_PASSAGES_BAD_CSV;
	}
	va_csv_close(reader);
}

VaPassageStatus
va_cut_passages(VaArena *arena, VaPassageKind kind, const char *text, size_t len, size_t max_bytes, size_t max_passages,
	VaPassages *passages)
{
	Cutter cutter = { .arena = arena, .passages = passages, .max_bytes = max_bytes, .max_passages = max_passages };

	memset(passages, 0, sizeof(*passages));
	/* A byte order mark is no part of the text. */
	if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
	{
		text += 3;
		len -= 3;
	}
	if (kind == VA_PASSAGES_CSV)
		cut_csv(&cutter, text, len);
	else
		cut_text(&cutter, text, len, kind == VA_PASSAGES_MARKDOWN);
	free(cutter.body.text);
	return arena->oom ? VA_PASSAGES_NO_MEMORY : cutter.status;
}
