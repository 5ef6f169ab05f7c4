/*-------------------------------------------------------------------------
 * events.h
 *		Reading events: what the drivers have in common.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_EVENTS_H
#define VOICEAGENT_PURE_EVENTS_H

#include "provider.h"

typedef struct VaMeaning
{
	const char *status; /* NULL = says nothing */
	const char *cause_class;
} VaMeaning;

/* What a carrier's word means; the last of a list has no word. */
typedef struct VaWord
{
	const char *word;
	VaMeaning meaning;
} VaWord;

/* What a carrier's code means; the last of a list begins with 0. */
typedef struct VaReason
{
	int low;
	int high;
	VaMeaning meaning;
} VaReason;

/* The first of the list that fits, or NULL; so it is for a word or a code that is NULL. */
extern const VaWord *va_word_of(const VaWord *words, const char *word);
extern const VaReason *va_reason_of(const VaReason *reasons, const char *code);

/* Whole seconds that a call can last, or -1. */
extern int64_t va_seconds_of(const char *text);
/* What a carrier tells, as a part of an event's key: at most 40 bytes of it, "" for NULL. */
extern const char *va_key_part(VaArena *arena, const char *text);
/* A URL, with what belongs behind it; NULL for what is none. */
extern const char *va_link_of(VaArena *arena, const char *text, const char *suffix);
/* As JSON: details, which is used up, and those members of told that are scalars and not in the list of names, which NULL ends. */
extern const char *va_event_details(VaArena *arena, json_t *details, const json_t *told, const char *const *left_out);

/* The end of reading a webhook: false, with no events, when it is not good or memory is out. */
extern bool va_events_end(VaEvents *events, const VaArena *arena, bool good, const char **why);

/*
 * The key that was pressed in the event's call, as the carrier writes it; the
 * same again is the same event.  False: it is not one of 0 to 9, * and #.
 */
extern bool va_event_key(VaEvent *event, const char *key, VaArena *arena, const char **why);

/* The key of the event that a call's socket has begun to talk: of the call's id. */
#define VA_STREAM_BEGUN_KEY "%s:stream:begun"

/*
 * A carrier that comes back because the socket of a call has gone: the event,
 * and of it how many times that has been.
 */
extern void va_event_returns(VaEvent *event, const char *times, VaArena *arena);
extern int va_event_times(const VaEvent *event);
/* The cause of a SILENT event: what the carrier says of the account's stream_url; why may be NULL. */
extern const char *va_stream_cause(VaArena *arena, const char *status, const char *why);

#endif /* VOICEAGENT_PURE_EVENTS_H */
