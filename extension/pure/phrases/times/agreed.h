/*-------------------------------------------------------------------------
 * agreed.h
 *		When something was agreed for, or a person wants to be called again: of
 *		the words, and of the day and hour that an analysis has heard in them.
 *
 * Pure: words and civil fields in, civil fields out.  A day in the words comes
 * before the one that was heard, unless they bear that out; two hours that are
 * not one are none.
 */
#ifndef VOICEAGENT_PHRASE_AGREED_H
#define VOICEAGENT_PHRASE_AGREED_H

#include "pure/phrases/times/times.h"

typedef struct VaAgreedText
{
	const char *text;
	size_t len;
} VaAgreedText;

typedef struct VaAgreedWords
{
	VaAgreedText heard;	 /* day and hour, as an analysis gives them; may be empty */
	VaAgreedText phrase; /* the person's own words; may be empty */
	const VaPhraseLanguage *language;
	VaTimeReference now; /* on the clock that is meant */
	bool callback;		 /* a day, a week or a month is enough, and begins with its first minute */
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
} VaAgreed;

extern void va_agreed_time(const VaAgreedWords *words, VaAgreed *agreed);
/*
 * The zone that words name behind an hour, or that is by itself a name, in the
 * language or in English: IANA's, or an offset's; NULL: none.  room: of 24 bytes.
 */
extern const char *va_named_zone(VaAgreedText text, bool name, const VaPhraseLanguage *language, char *room);
/* Whether words are a day or an hour, in whichever language, and nothing else. */
extern bool va_is_time(const char *text, size_t len);

#endif /* VOICEAGENT_PHRASE_AGREED_H */
