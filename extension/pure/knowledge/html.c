/*-------------------------------------------------------------------------
 * html.c
 *		The text of an HTML page (contract in html.h).
 *
 * A reader goes over the page once.  Blanks and line ends are remembered, not
 * written, until a character follows, so that a page of nothing but tags makes
 * an empty text.  No locks, no global state.
 */
#include "html.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pure/text/utf8.h"

#define NAME_MAX_LEN 16
#define ENTITY_MAX_LEN 12

typedef enum Break
{
	BREAK_NONE = 0,
	BREAK_BLANK,
	BREAK_CELL,
	BREAK_LINE,
	BREAK_PARAGRAPH
} Break;

typedef struct Reader
{
	const char *at;
	const char *end;
	VaBuffer text;
	VaBuffer title;
	Break pending; /* before the next character */
	int heading;   /* hashes to write before it; 0 = none */
	bool item;	   /* a dash to write before it */
	bool in_title;
	char skipped[NAME_MAX_LEN + 1]; /* the element whose content is passed over; "" = none */
	int depth;						/* how many of it are open */
} Reader;

/* ---- characters ---- */

static void
add_text(Reader *reader, const char *bytes, size_t len)
{
	static const char hashes[] = "######";
	VaBuffer *text = &reader->text;

	if (reader->in_title)
	{
		if (reader->title.used + len <= VA_HTML_TITLE_MAX)
			va_buffer_add(&reader->title, bytes, len);
		return;
	}
	if (text->used > 0)
	{
		if (reader->pending == BREAK_PARAGRAPH)
			va_buffer_add(text, "\n\n", 2);
		else if (reader->pending == BREAK_LINE)
			va_buffer_add(text, "\n", 1);
		else if (reader->pending == BREAK_CELL)
			va_buffer_add(text, "; ", 2);
		else if (reader->pending == BREAK_BLANK)
			va_buffer_add(text, " ", 1);
	}
	if (reader->heading > 0)
	{
		va_buffer_add(text, hashes, reader->heading);
		va_buffer_add(text, " ", 1);
	}
	else if (reader->item)
		va_buffer_add(text, "- ", 2);
	reader->pending = BREAK_NONE;
	reader->heading = 0;
	reader->item = false;
	va_buffer_add(text, bytes, len);
}

static void
add_break(Reader *reader, Break kind)
{
	if (reader->in_title)
	{
		if (reader->title.used > 0 && reader->title.text[reader->title.used - 1] != ' ')
			va_buffer_add(&reader->title, " ", 1);
		return;
	}
	if (kind > reader->pending)
		reader->pending = kind;
}

/* Those that pages in English, Spanish, French and German use. */
static const struct
{
	const char *name;
	int32_t code;
} entities[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' },
	{ "ndash", 0x2013 }, { "mdash", 0x2014 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 }, { "sbquo", 0x201A },
	{ "ldquo", 0x201C }, { "rdquo", 0x201D }, { "bdquo", 0x201E }, { "hellip", 0x2026 }, { "euro", 0x20AC },
	{ "pound", 0xA3 }, { "copy", 0xA9 }, { "reg", 0xAE }, { "trade", 0x2122 }, { "deg", 0xB0 }, { "middot", 0xB7 },
	{ "bull", 0x2022 }, { "laquo", 0xAB }, { "raquo", 0xBB }, { "iexcl", 0xA1 }, { "iquest", 0xBF }, { "szlig", 0xDF },
	{ "agrave", 0xE0 }, { "aacute", 0xE1 }, { "acirc", 0xE2 }, { "auml", 0xE4 }, { "aring", 0xE5 }, { "aelig", 0xE6 },
	{ "ccedil", 0xE7 }, { "egrave", 0xE8 }, { "eacute", 0xE9 }, { "ecirc", 0xEA }, { "euml", 0xEB }, { "iacute", 0xED },
	{ "icirc", 0xEE }, { "iuml", 0xEF }, { "ntilde", 0xF1 }, { "oacute", 0xF3 }, { "ocirc", 0xF4 }, { "ouml", 0xF6 },
	{ "ugrave", 0xF9 }, { "uacute", 0xFA }, { "ucirc", 0xFB }, { "uuml", 0xFC }, { "Agrave", 0xC0 }, { "Aacute", 0xC1 },
	{ "Auml", 0xC4 }, { "Ccedil", 0xC7 }, { "Egrave", 0xC8 }, { "Eacute", 0xC9 }, { "Ntilde", 0xD1 },
	{ "Oacute", 0xD3 }, { "Ouml", 0xD6 }, { "Uuml", 0xDC }, { "oelig", 0x153 }, { "OElig", 0x152 } };

/* The code of "#8364", "#x20AC" or a name; -1: it is none. */
static int32_t
entity_code(const char *name, size_t len)
{
	int32_t code = 0;

	if (len > 1 && name[0] == '#')
	{
		bool hex = name[1] == 'x' || name[1] == 'X';
		size_t from = hex ? 2 : 1;

		for (size_t i = from; i < len; i++)
		{
			char c = name[i];
			int digit = c >= '0' && c <= '9'							? c - '0'
						: hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
																		: -1;

			if (digit < 0)
				return -1;
			code = code * (hex ? 16 : 10) + digit;
			if (code > 0x10FFFF)
				return -1;
		}
		return len == from || code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0xD800 && code < 0xE000) ? -1
																												: code;
	}
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (strlen(entities[i].name) == len && memcmp(entities[i].name, name, len) == 0)
			return entities[i].code;
	return -1;
}

static void
take_entity(Reader *reader)
{
	const char *name = reader->at + 1;
	size_t len = 0;
	int32_t code;
	char bytes[4];

	while (name + len < reader->end && len < ENTITY_MAX_LEN && name[len] != ';')
		len++;
	code = name + len < reader->end && name[len] == ';' ? entity_code(name, len) : -1;
	if (code < 0)
	{
		add_text(reader, "&", 1);
		reader->at++;
		return;
	}
	reader->at = name + len + 1;
	if (code == ' ' || code == 0xA0)
		add_break(reader, BREAK_BLANK);
	else
		add_text(reader, bytes, va_utf8_write(code, bytes));
}

/* ---- tags ---- */

static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcasecmp(name, *names) == 0)
			return true;
	return false;
}

/* Passed over with all that they hold; the first three hold bytes, not elements. */
static const char *const raw_elements[] = { "script", "style", "textarea", NULL };
static const char *const skipped_elements[] = { "script", "style", "textarea", "noscript", "template", "svg", "nav",
	"iframe", "object", "select", "button", "canvas", "audio", "video", "math", NULL };
static const char *const paragraphs[] = { "p", "div", "section", "article", "main", "header", "footer", "aside", "ul",
	"ol", "dl", "table", "blockquote", "pre", "form", "fieldset", "figure", "address", "hr", "body", "details", NULL };
static const char *const lines[] = { "br", "li", "tr", "dt", "dd", "figcaption", "summary", "caption", "option", NULL };

/* Behind the tag that begins at tag; quotes of attributes may hold ">". */
static const char *
after_tag(const char *tag, const char *end)
{
	char quote = '\0';
	bool value = false;

	for (; tag < end; tag++)
	{
		if (quote != '\0')
		{
			if (*tag == quote)
				quote = '\0';
		}
		else if (*tag == '>')
			return tag + 1;
		else if (value && (*tag == '"' || *tag == '\''))
			quote = *tag;
		value = *tag == '=' || (value && (*tag == ' ' || *tag == '\n' || *tag == '\t'));
	}
	return end;
}

/* Behind a comment, which may hold ">", or another declaration. */
static const char *
after_declaration(const char *at, const char *end)
{
	bool comment = end - at >= 3 && memcmp(at, "!--", 3) == 0;

	for (at += comment ? 3 : 0; at < end; at++)
	{
		at = memchr(at, '>', end - at);
		if (at == NULL)
			return end;
		if (!comment || (at[-1] == '-' && at[-2] == '-'))
			return at + 1;
	}
	return end;
}

static size_t
tag_name(const char *at, const char *end, char *name)
{
	size_t len = 0;

	while (at + len < end && len < NAME_MAX_LEN &&
		   (((at[len] | 0x20) >= 'a' && (at[len] | 0x20) <= 'z') || (at[len] >= '0' && at[len] <= '9')))
	{
		name[len] = at[len];
		len++;
	}
	name[len] = '\0';
	return len;
}

static bool
is_heading(const char *name)
{
	return (name[0] | 0x20) == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0';
}

static void
take_element(Reader *reader, const char *name, bool closing)
{
	if (strcasecmp(name, "title") == 0)
	{
		/* The first one, and not one within a picture. */
		reader->in_title = !closing && reader->title.used == 0;
		return;
	}
	if (is_heading(name))
	{
		add_break(reader, BREAK_PARAGRAPH);
		reader->item = false;
		reader->heading = closing ? 0 : name[1] - '0';
	}
	else if (is_one_of(name, paragraphs))
	{
		add_break(reader, BREAK_PARAGRAPH);
		reader->heading = 0;
	}
	else if (is_one_of(name, lines))
	{
		add_break(reader, BREAK_LINE);
		reader->item = !closing && strcasecmp(name, "li") == 0;
	}
	else if (strcasecmp(name, "td") == 0 || strcasecmp(name, "th") == 0)
		add_break(reader, BREAK_CELL);
}

/* Within an element that is passed over: only its own tags count. */
static void
skip_within(Reader *reader, const char *name, bool closing)
{
	if (strcasecmp(name, reader->skipped) != 0)
		return;
	reader->depth += closing ? -1 : 1;
	if (reader->depth <= 0)
		reader->skipped[0] = '\0';
}

static void
take_tag(Reader *reader)
{
	const char *at = reader->at + 1;
	bool closing = at < reader->end && *at == '/';
	char name[NAME_MAX_LEN + 1];

	if (at < reader->end && (*at == '!' || *at == '?'))
	{
		reader->at = after_declaration(at, reader->end);
		return;
	}
	if (tag_name(at + closing, reader->end, name) == 0)
	{
		/* A "<" that begins no tag is a character. */
		if (reader->skipped[0] == '\0')
			add_text(reader, "<", 1);
		reader->at++;
		return;
	}
	if (reader->skipped[0] != '\0' && is_one_of(reader->skipped, raw_elements) && !closing)
	{
		/* In a script "<b" is no tag. */
		reader->at++;
		return;
	}
	reader->at = after_tag(at, reader->end);
	if (reader->skipped[0] != '\0')
		skip_within(reader, name, closing);
	else if (!closing && is_one_of(name, skipped_elements) && reader->at[-2] != '/')
	{
		add_break(reader, BREAK_BLANK);
		strcpy(reader->skipped, name);
		reader->depth = 1;
	}
	else
		take_element(reader, name, closing);
}

VaHtmlText
va_html_to_text(VaArena *arena, const char *html, size_t len)
{
	Reader reader = { .at = html, .end = html + len };
	VaHtmlText result;

	while (reader.at < reader.end)
	{
		const char *from = reader.at;

		if (*from == '<')
			take_tag(&reader);
		else if (reader.skipped[0] != '\0')
		{
			const char *next = memchr(from, '<', reader.end - from);

			reader.at = next == NULL ? reader.end : next;
		}
		else if (*from == '&')
			take_entity(&reader);
		else if ((unsigned char) *from <= ' ' || *from == 0x7F)
		{
			add_break(&reader, BREAK_BLANK);
			reader.at++;
		}
		else
		{
			while (reader.at < reader.end && (unsigned char) *reader.at > ' ' && *reader.at != '<' &&
				   *reader.at != '&' && *reader.at != 0x7F)
				reader.at++;
			add_text(&reader, from, reader.at - from);
		}
	}
	result.text = va_buffer_finish(&reader.text, arena);
	result.title = va_buffer_finish(&reader.title, arena);
	return result;
}
