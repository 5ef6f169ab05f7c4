/*-------------------------------------------------------------------------
 * html.h
 *		The text of an HTML page, as Markdown with its headings.
 *
 * Pure: bytes in, text out.  One pass without a tree, because what is wanted
 * is words and headings: no nesting can make it recurse or grow, and the text
 * is never longer than three times the page.  Parts not for people (scripts,
 * styles, navigation, forms' fields) are left out; tags that are unknown or
 * malformed are passed over.
 */
#ifndef VOICEAGENT_HTML_H
#define VOICEAGENT_HTML_H

#include <stddef.h>

#include "pure/memory.h"

/* Bytes of a page's title. */
#define VA_HTML_TITLE_MAX 200

typedef struct VaHtmlText
{
	char *text;	 /* "" if there is none; NULL: no memory */
	char *title; /* of <title>; "" if there is none */
} VaHtmlText;

/* html: valid UTF-8 without NUL; the result lies in the arena. */
extern VaHtmlText va_html_to_text(VaArena *arena, const char *html, size_t len);

#endif /* VOICEAGENT_HTML_H */
