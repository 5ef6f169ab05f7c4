/*
 * fuzz_html.c
 *		Any bytes as a page, and as a document of each kind: valid text, never
 *		more than its bound, and passages within theirs, all of them of that text.
 */
#include "pure/knowledge/html.h"
#include "pure/knowledge/passages.h"
#include "pure/text/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES 120
#define MAX_PASSAGES 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

static void
check_text(const char *text)
{
	size_t len = strlen(text);
	int32_t code;

	for (size_t i = 0; i < len;)
	{
		i += va_utf8_next((const unsigned char *) text + i, len - i, &code);
		check(code > 0);
	}
}

static void
check_passages(VaArena *arena, VaPassageKind kind, const char *text, size_t len)
{
	VaPassages passages;
	VaPassageStatus status = va_cut_passages(arena, kind, text, len, MAX_BYTES, MAX_PASSAGES, &passages);

	check(status != VA_PASSAGES_NO_MEMORY);
	check(passages.count <= MAX_PASSAGES);
	for (size_t i = 0; i < passages.count; i++)
	{
		check(passages.items[i].body[0] != '\0');
		check(strlen(passages.items[i].body) <= MAX_BYTES);
		check(strlen(passages.items[i].heading) <= VA_PASSAGE_HEADING_MAX);
		check_text(passages.items[i].body);
		check_text(passages.items[i].heading);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	size_t len;
	const char *text = va_utf8_text(&arena, data, size, false, &len);
	VaHtmlText page = va_html_to_text(&arena, text, len);

	check(page.text != NULL && page.title != NULL);
	check(strlen(page.text) <= 3 * len);
	check(strlen(page.title) <= VA_HTML_TITLE_MAX + 1);
	check_text(page.text);
	check_text(page.title);
	check_passages(&arena, VA_PASSAGES_MARKDOWN, page.text, strlen(page.text));
	for (int kind = VA_PASSAGES_TEXT; kind <= VA_PASSAGES_CSV; kind++)
		check_passages(&arena, (VaPassageKind) kind, text, len);
	va_arena_free(&arena);
	return 0;
}
