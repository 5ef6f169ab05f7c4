/*-------------------------------------------------------------------------
 * events.h
 *		Reading events: what the drivers have in common.
 */
#ifndef VOICEAGENT_PURE_EVENTS_H
#define VOICEAGENT_PURE_EVENTS_H

#include "provider.h"
#include "pure/text/form.h"

/*
 * The content of a webhook, or of a call in an answer: an object, or a form, and the query of our own URL. Only
 * ids and states are indispensable: another member that cannot be read counts as absent, and the event's details
 * name it ("leftOut").
 */
typedef struct VaSource
{
	VaArena *arena;
	const json_t *json; /* NULL: the form tells */
	VaForm form;
	VaForm query;
	json_t *details; /* of the event that is read; a driver may add to them */
} VaSource;

typedef bool (*VaSourceReader)(VaSource *source, VaEvent *event, const char **why);

typedef struct VaEventReader
{
	VaSourceReader read;
	const VaNamedText *kept;	 /* what the details say: the carrier's name, and ours for it; the last has no name */
	const char *const *not_kept; /* of an object: its other members that are scalars are kept, too; NULL: none is */
} VaEventReader;

/* The one event of a webhook; root, whose reference is taken, is what its body holds, and NULL where that is a form. */
extern bool va_webhook_read(const VaEventReader *reader, const VaSignedMessage *message, json_t *root, VaArena *arena,
	VaEvents *events, const char **why);
/* The event that tells of a call, as a lookup or a list holds it. */
extern bool va_call_read(
	const VaEventReader *reader, const json_t *call, VaArena *arena, VaEvent *event, const char **why);

/* A text that is not empty, or a whole number as text; NULL: not given. */
extern const char *va_told(const VaSource *source, const char *name);
extern bool va_is(const char *text, const char *word);
/* Milliseconds, 0: not given.  A time without a zone is UTC. */
extern int64_t va_told_time(VaSource *source, const char *name);
/* -1: not given, or more than a call can last. */
extern double va_told_seconds(VaSource *source, const char *name);
/* The charge; it is negative at some carriers, and nonsense at others.  NULL: not given. */
extern const char *va_told_cost(VaSource *source, const char *name, bool negative);
/* The member of this name cannot be read: the details (or another object) say so. */
extern void va_leave_out(json_t *details, const char *name);
/* Does our own URL say that the webhook is about that ("as")? */
extern bool va_about(const VaSource *source, const char *as);

/*
 * The end of a call that has its status: unless it is `completed` it was not answered. seconds: how long it lasted
 * otherwise (-1: not given), from which follows when it was answered.
 */
extern void va_event_end(VaEvent *event, double seconds);

typedef struct VaMeaning
{
	const char *status; /* NULL = says nothing */
	const char *cause_class;
} VaMeaning;

/* The meaning of a carrier's word; the last of a list has no word. */
typedef struct VaWord
{
	const char *word;
	VaMeaning meaning;
} VaWord;

/* The meaning of a carrier's code; the last of a list begins with 0. */
typedef struct VaReason
{
	int low;
	int high;
	VaMeaning meaning;
} VaReason;

/* The first of the list that fits, or NULL; so it is for a word or a code that is NULL. */
extern const VaWord *va_word_of(const VaWord *words, const char *word);
extern const VaReason *va_reason_of(const VaReason *reasons, const char *code);

/* Parts of an event's key: at most 40 bytes of what a carrier tells, "" for NULL. */
extern const char *va_key(VaArena *arena, const char *const *parts, size_t n);
#define VA_KEY(arena, ...) \
	va_key(arena, (const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))
/* A URL, with what belongs behind it; NULL for what is none. */
extern const char *va_link_of(VaArena *arena, const char *text, const char *suffix);
/* The end of reading a webhook: false, with no events, when it is not good or memory is out. */
extern bool va_events_end(VaEvents *events, const VaArena *arena, bool good, const char **why);

/*
 * The key that was pressed in the event's call, as the carrier writes it; the
 * same again is the same event.  False: it is not one of 0 to 9, * and #.
 */
extern bool va_event_key(VaEvent *event, const char *key, VaArena *arena, const char **why);

/* The key of the event that a call's socket has begun to talk: of the call's id. */
#define VA_STREAM_BEGUN_KEY "%s:stream:begun"

/* How many times a carrier has come back because the socket of a call has gone (va_read_return()). */
extern int va_event_times(const VaEvent *event);
/* The cause of a SILENT event: what the carrier says of the account's stream_url; why may be NULL. */
extern const char *va_stream_cause(VaArena *arena, const char *status, const char *why);

/* An event's subject by our own URL; the last of a list has no word. */
typedef struct VaAbout
{
	const char *as;
	VaSourceReader read;
} VaAbout;

/* NULL: none of the list. */
extern VaSourceReader va_about_reader(const VaAbout *list, const VaSource *source);
/* A key that a document has listened for ("Digits"), and a carrier that asks anew since the socket has gone; both are forms. */
extern bool va_read_digits(VaSource *source, VaEvent *event, const char **why);
extern bool va_read_return(VaSource *source, VaEvent *event, const char **why);
/* The socket `id` that talks has begun, or failed (because of why), or does something else. */
extern void va_event_stream(VaSource *source, VaEvent *event, const char *what, const char *begun, const char *failed,
	const char *why, const char *id);
/* The end of a forwarded call that was not taken; other words mean that it was taken, or not waited for. */
extern bool va_was_untaken(const char *status);

/* SIP codes that mean the same at all carriers. */
extern const VaReason va_sip_codes[];
/* A person (607), or a network that takes the caller for one of spam (608), wants no calls of this number. */
extern bool va_sip_unwanted(const char *code);

#endif /* VOICEAGENT_PURE_EVENTS_H */
