/*-------------------------------------------------------------------------
 * agreed_internal.h
 *		What the files behind agreed.h share: what one text says, as options.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASE_AGREED_INTERNAL_H
#define VOICEAGENT_PHRASE_AGREED_INTERNAL_H

#include "pure/phrases/times/agreed.h"
#include "pure/phrases/times/times_internal.h"

/* Days that words rule out; more are not kept. */
#define VA_DENIED_MAX 8

/* One moment that words may mean. */
typedef struct VaOption
{
	bool has_day;
	int32_t day; /* the first; without has_day that of the next such hour */
	int32_t last;
	int said; /* VA_SAID_... */
	VaTimeGrain grain;
	int stage;
	bool has_clock;
	int minutes;
	int seconds;
	int end_minutes; /* of a range of hours; else minutes */
	VaDayPart part;
	bool after; /* from it on */
	bool until; /* up to it */
} VaOption;

typedef struct VaDenied
{
	int32_t first;
	int32_t last;
	bool clock; /* only an hour of it */
} VaDenied;

typedef struct VaOptions
{
	VaOption items[VA_PHRASE_TIMES_MAX];
	size_t count;
	bool doubt; /* days are named, and nobody can tell which one is meant */
	bool unread;
	bool named; /* moments, be they ruled out */
	VaDenied denied[VA_DENIED_MAX];
	size_t denied_count;
	VaDayPart denied_part;
	bool far;
	bool never;
	bool another_day;
	bool new_year;
	bool later;		/* "later this week" */
	bool has_clock; /* an hour beside a week or a month, which has none of its own */
	int minutes;
	const char *zone; /* the name of an offset lives in zone_room */
	char zone_room[24];
} VaOptions;

/* What was heard of the day and hour. */
typedef struct VaHeard
{
	bool has_day;
	bool bad_day; /* something was heard of it that is no day */
	int32_t day;
	bool has_clock;
	int minutes;
	int seconds;
	bool half_open;
	VaDayPart part;
	bool instant;
} VaHeard;

extern void va_read_options(
	VaAgreedText text, const VaPhraseLanguage *language, VaTimeReference now, bool vague, VaOptions *options);
extern void va_read_heard(const VaAgreedWords *words, const VaOptions *phrase, VaHeard *heard);
/* Whether a day that was heard may be the one that an option names. */
extern bool va_option_fits(const VaOption *option, int32_t day, int32_t today);
/* Whether words rule a day out. */
extern bool va_options_deny(const VaOptions *options, int32_t day);
/* The hour that an option means, with what was heard; -1: none that is plain. */
extern int va_option_clock(const VaOption *option, const VaHeard *heard);
/* The hour that was heard, in the part of the day that words name; -1: none. */
extern int va_heard_clock(const VaHeard *heard, VaDayPart part);

#endif /* VOICEAGENT_PHRASE_AGREED_INTERNAL_H */
