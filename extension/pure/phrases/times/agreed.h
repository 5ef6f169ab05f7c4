/*-------------------------------------------------------------------------
 * agreed.h
 *		When something was agreed for, or a person wants to be called again: of
 *		the words, and of the day and hour that somebody else has heard in them.
 *
 * Pure: words and civil fields in, civil fields out.  What the words plainly
 * say comes before what was heard; where they leave it open the latter counts,
 * if they bear it out.  What is not plain is no time.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PHRASE_AGREED_H
#define VOICEAGENT_PHRASE_AGREED_H

#include "pure/phrases/times/times.h"

/* Bytes of the name of a zone, with its NUL. */
#define VA_ZONE_NAME_MAX 48

typedef struct VaAgreedText
{
	const char *text;
	size_t len;
} VaAgreedText;

/* An instant with its offset from UTC, as programs write it. */
typedef struct VaAgreedInstant
{
	int32_t day; /* in UTC */
	int minutes; /* after midnight in UTC */
	int seconds;
	size_t local; /* how much of the text stands before the offset */
} VaAgreedInstant;

typedef struct VaAgreedWords
{
	VaAgreedText day; /* as somebody has heard them; each may be empty */
	VaAgreedText hour;
	VaAgreedText phrase; /* the person's own */
	const VaPhraseLanguage *language;
	VaTimeReference now; /* on the clock that is meant */
	bool no_clock;		 /* by whose clock an hour is meant, nobody can tell */
	/* When an instant that day gives is, on that clock. */
	bool instant;
	int32_t instant_day;
	int instant_minutes;
} VaAgreedWords;

typedef enum VaAgreedKind
{
	VA_AGREED_NONE = 0, /* no time is said, or it is not plain */
	VA_AGREED_TIME,
	VA_AGREED_PERSON /* a day that only a person can tell, or none ever */
} VaAgreedKind;

typedef struct VaAgreed
{
	VaAgreedKind kind;
	int32_t day;
	int minutes; /* after midnight */
	int seconds;
	bool instant; /* it is the instant that was given */
} VaAgreed;

typedef enum VaAgreedZone
{
	VA_ZONE_NOT_NAMED = 0,
	VA_ZONE_NAMED,
	VA_ZONE_OPEN /* letters that several places use: IST */
} VaAgreedZone;

/* The day and hour of an appointment: both must be said. */
extern void va_agreed_time(const VaAgreedWords *words, VaAgreed *agreed);
/* When to call again: an hour, or the beginning of the first day or part of the day. */
extern void va_callback_time(const VaAgreedWords *words, VaAgreed *agreed);
/* Whether words, in whichever language, name a day or an hour that they do not rule out. */
extern bool va_names_time(const char *text, size_t len);
/* The first instant with an offset that words give; false: none. */
extern bool va_find_instant(const char *text, size_t len, VaAgreedInstant *instant);
/* The zone that the words name, or else the one that was heard (by whatever name), by IANA's name. */
extern VaAgreedZone va_agreed_zone(const VaAgreedWords *words, VaAgreedText heard, char *zone);

#endif /* VOICEAGENT_PHRASE_AGREED_H */
