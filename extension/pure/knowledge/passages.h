/*-------------------------------------------------------------------------
 * passages.h
 *		A document cut into passages: pieces of bounded length that can be found
 *		and quoted by themselves.
 *
 * Pure: bytes in, passages out, one pass over the bytes.  The text must be
 * valid UTF-8 without NUL.
 *
 * Text is cut at its paragraphs, Markdown at its headings as well; a passage
 * of Markdown knows the headings that it stands below.  Paragraphs are put
 * together while they fit; one that is too long is cut at the end of a
 * sentence, else at a space, else anywhere between two characters.  Each row of
 * a CSV file is a passage: with columns for a question and its answer the
 * question is the heading, otherwise the row's fields stand below their names.
 */
#ifndef VOICEAGENT_PASSAGES_H
#define VOICEAGENT_PASSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "pure/memory.h"

/* Bytes of a passage's heading, with all that it stands below. */
#define VA_PASSAGE_HEADING_MAX 300

typedef enum VaPassageKind
{
	VA_PASSAGES_TEXT = 0,
	VA_PASSAGES_MARKDOWN,
	VA_PASSAGES_CSV
} VaPassageKind;

typedef enum VaPassageStatus
{
	VA_PASSAGES_OK = 0,
	VA_PASSAGES_TOO_MANY, /* the rest was not read */
	VA_PASSAGES_BAD_CSV,  /* a quoted field never ends, or a row or field is too long */
	VA_PASSAGES_NO_MEMORY
} VaPassageStatus;

typedef struct VaPassage
{
	const char *heading; /* "" = none */
	const char *body;	 /* never empty */
} VaPassage;

typedef struct VaPassages
{
	VaPassage *items; /* all of it in the arena */
	size_t count;
	size_t size; /* of items */
} VaPassages;

/* max_bytes: of a passage's body, at least 100; max_passages: at least 1. */
extern VaPassageStatus va_cut_passages(VaArena *arena, VaPassageKind kind, const char *text, size_t len,
	size_t max_bytes, size_t max_passages, VaPassages *passages);

#endif /* VOICEAGENT_PASSAGES_H */
