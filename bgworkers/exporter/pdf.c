/*-------------------------------------------------------------------------
 * pdf.c
 *		A text as PDF over libharu (contract in exporter.h).
 *
 * libharu keeps its first error and does nothing more after it, so what it
 * says is looked at once, at the end.  It writes each character by itself and
 * from the left: what is written from the right, or whose letters join, counts
 * as lacking, because it would be there in the wrong form.
 */
#include "postgres.h"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <hpdf_fontdef.h>

#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "exporter.h"

#define SIZE 9.0f
#define LEADING 13.0f
#define MARGIN 56.0f
#define READ_SIZE 65536

typedef struct Writer
{
	HPDF_Doc pdf;
	HPDF_FontDef glyphs;
	HPDF_Font font;
	HPDF_Page page;
	float y;	 /* of the next line */
	int columns; /* of a line */
	StringInfo lacks;
} Writer;

static void
next_line(Writer *writer, const char *text)
{
	if (writer->page == NULL || writer->y < MARGIN)
	{
		writer->page = HPDF_AddPage(writer->pdf);
		HPDF_Page_SetSize(writer->page, HPDF_PAGE_SIZE_A4, HPDF_PAGE_PORTRAIT);
		HPDF_Page_SetFontAndSize(writer->page, writer->font, SIZE);
		writer->y = HPDF_Page_GetHeight(writer->page) - MARGIN;
	}
	if (text[0] != '\0')
	{
		HPDF_Page_BeginText(writer->page);
		HPDF_Page_TextOut(writer->page, MARGIN, writer->y, text);
		HPDF_Page_EndText(writer->page);
	}
	writer->y -= LEADING;
}

/* Hebrew, Arabic and their neighbours; scripts of India and further east whose letters join. */
static bool
needs_shaping(pg_wchar code)
{
	return (code >= 0x0590 && code <= 0x109F) || (code >= 0x1780 && code <= 0x18AF) ||
		   (code >= 0xFB1D && code <= 0xFDFF) || (code >= 0xFE70 && code <= 0xFEFC);
}

static bool
is_shown(const Writer *writer, pg_wchar code)
{
	/* libharu counts in 16 bits. */
	return code >= 0x20 && code <= 0xFFFF && !needs_shaping(code) &&
		   HPDF_TTFontDef_GetGlyphid(writer->glyphs, (HPDF_UINT16) code) != 0;
}

static void
append_character(Writer *writer, StringInfo line, const char *character, int len)
{
	char one[8] = "";

	if (is_shown(writer, utf8_to_unicode((const unsigned char *) character)))
	{
		appendBinaryStringInfo(line, character, len);
		return;
	}
	appendStringInfoChar(line, '?');
	memcpy(one, character, len);
	if (strstr(writer->lacks->data, one) == NULL)
		appendStringInfoString(writer->lacks, one);
}

static void
write_body(Writer *writer, const char *body)
{
	StringInfoData line;
	int column = 0;

	initStringInfo(&line);
	for (const char *c = body; *c != '\0';)
	{
		int len = pg_utf_mblen((const unsigned char *) c);

		if (*c == '\n' || column == writer->columns)
		{
			next_line(writer, line.data);
			resetStringInfo(&line);
			column = 0;
		}
		if (*c != '\n')
		{
			append_character(writer, &line, c, len);
			column++;
		}
		c += len;
	}
	if (line.len > 0)
		next_line(writer, line.data);
}

static HPDF_Date
date_of(TimestampTz at)
{
	struct pg_tm tm;
	fsec_t fraction;
	HPDF_Date date = { 0 };

	if (timestamp2tm(at, NULL, &tm, &fraction, NULL, NULL) != 0)
		return date;
	date.year = tm.tm_year;
	date.month = tm.tm_mon;
	date.day = tm.tm_mday;
	date.hour = tm.tm_hour;
	date.minutes = tm.tm_min;
	date.seconds = tm.tm_sec;
	date.ind = 'Z';
	return date;
}

static void
take_bytes(HPDF_Doc pdf, StringInfo out)
{
	HPDF_UINT32 n;

	HPDF_SaveToStream(pdf);
	HPDF_ResetStream(pdf);
	do
	{
		enlargeStringInfo(out, READ_SIZE);
		n = READ_SIZE;
		HPDF_ReadFromStream(pdf, (HPDF_BYTE *) out->data + out->len, &n);
		out->len += (int) n;
	} while (n == READ_SIZE && (Size) out->len < MaxAllocSize / 2);
	out->data[out->len] = '\0';
}

static bool
open_font(Writer *writer, const char *file)
{
	const char *name;

	HPDF_UseUTFEncodings(writer->pdf);
	name = HPDF_LoadTTFontFromFile(writer->pdf, file, HPDF_TRUE);
	if (name == NULL)
		return false;
	writer->font = HPDF_GetFont(writer->pdf, name, "UTF-8");
	writer->glyphs = HPDF_GetFontDef(writer->pdf, name);
	return writer->font != NULL && writer->glyphs != NULL;
}

const char *
va_pdf_make(const VaPdfForm *form, StringInfo out, StringInfo lacks)
{
	Writer writer = { .pdf = HPDF_New(NULL, NULL), .lacks = lacks };
	const char *why = NULL;
	float width;

	if (writer.pdf == NULL)
		return "out of memory";
	if (!open_font(&writer, form->font))
		why = psprintf("the font \"%s\" cannot be read (error %lx)", form->font, HPDF_GetError(writer.pdf));
	else
	{
		/* All characters have one width; an em has a thousand units. */
		width = HPDF_Font_GetUnicodeWidth(writer.font, 'M') * SIZE / 1000;
		writer.columns = width > 0 ? (int) ((595 - 2 * MARGIN) / width) : 80;
		HPDF_SetCompressionMode(writer.pdf, HPDF_COMP_ALL);
		HPDF_SetInfoAttr(writer.pdf, HPDF_INFO_TITLE, form->title);
		HPDF_SetInfoDateAttr(writer.pdf, HPDF_INFO_CREATION_DATE, date_of(form->made_at));
		write_body(&writer, form->body);
		take_bytes(writer.pdf, out);
		if (HPDF_GetError(writer.pdf) != HPDF_OK)
			why = psprintf("libharu has the error %lx", HPDF_GetError(writer.pdf));
	}
	HPDF_Free(writer.pdf);
	return why;
}
