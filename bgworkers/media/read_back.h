/*-------------------------------------------------------------------------
 * read_back.h
 *		The day and the hour that words of a person name, to be read back.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_MEDIA_READ_BACK_H
#define VOICEAGENT_MEDIA_READ_BACK_H

#include <stdbool.h>
#include <stdint.h>

#define VA_READ_BACK_MAX 96

/* What was understood: as it is said, and as a tool takes it ("2026-11-26T15:00"). */
typedef struct VaReadBack
{
	char words[128]; /* the person's */
	char said[VA_READ_BACK_MAX];
	char local[20];
} VaReadBack;

/*
 * language: a tag; local_s: the clock of the call, in seconds since 1970 as if it were UTC.  false: the words name no day and hour
 * ahead, or several; then they are read back as they are.
 */
extern bool va_read_back(const char *words, const char *language, int64_t local_s, VaReadBack *back);

#endif /* VOICEAGENT_MEDIA_READ_BACK_H */
