/*-------------------------------------------------------------------------
 * pdf.h
 *		A text as PDF, in a font of fixed width that is embedded in it.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PDF_H
#define VOICEAGENT_PDF_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/timestamp.h"

typedef struct VaPdfForm
{
	const char *title; /* of the document, in ASCII */
	const char *body;  /* UTF-8; its lines are broken where the page ends */
	const char *font;  /* a TrueType file */
	TimestampTz made_at;
} VaPdfForm;

/*
 * The document in out, and in lacks the characters, each once and in UTF-8,
 * that it cannot show: a question mark stands for each.  NULL, or why there is
 * none.
 */
extern const char *va_pdf_make(const VaPdfForm *form, StringInfo out, StringInfo lacks);

#endif /* VOICEAGENT_PDF_H */
