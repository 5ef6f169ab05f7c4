/*-------------------------------------------------------------------------
 * replies.h
 *		Reading replies: what the drivers have in common.
 *
 * The one question about a dial that has no good answer is whether it may
 * have been placed.  So what lies between the first byte sent and a clear
 * refusal is UNKNOWN; a driver may know its carrier better and narrow that.
 */
#ifndef VOICEAGENT_PURE_REPLIES_H
#define VOICEAGENT_PURE_REPLIES_H

#include "provider.h"

#define VA_MESSAGE_MAX_CHARS 500 /* of a carrier's own words */
#define VA_NUMBERS_MAX 1000		 /* that are read of one list */

/* The meaning of a status other than 2xx for a request that changes something; 0 is no answer. */
extern VaDialKind va_status_kind(const VaHttpResponse *response);
/* Seconds, 0 = the answer names none. */
extern int64_t va_reply_retry_after(const VaHttpResponse *response);
/* The beginning of the carrier's words, in the arena; NULL stays. */
extern const char *va_reply_words(VaArena *arena, const char *text);
/* "http-404" */
extern const char *va_reply_cause(VaArena *arena, const VaHttpResponse *response);
/*
 * A decimal amount as carriers write it, in the arena: a text or a number;
 * NULL for what is none.  Charges are negative at some carriers: without_sign
 * gives the amount alone.
 */
extern const char *va_reply_money(VaArena *arena, const json_t *value, bool without_sign);
extern const char *va_money_text(VaArena *arena, const char *text, bool without_sign);
/* The body as JSON; NULL with *why.  json_decref() it. */
extern json_t *va_reply_json(const VaHttpResponse *response, VaArena *arena, const char **why);

/* The carrier's own words for a refusal, in the arena; NULL when there are none. */
typedef const char *(*VaReplyWords)(const VaHttpResponse *response, VaArena *arena);

/*
 * True when the answer is 2xx, whose body is the driver's to read.  Otherwise
 * the outcome is filled in but for the message, which the driver reads too
 * (va_status_kind() may be corrected by the carrier's own code).
 */
extern bool va_dial_answered(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome);
extern bool va_lookup_answered(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup);
/* Where absence proves: a 404 without a word of the carrier's is of a gateway before it, or of another address: RETRY. */
extern void va_lookup_in_own_words(VaLookup *lookup);
extern bool va_provider_request_answered(const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply);
/* ... with the carrier's own words, where it refuses. */
extern bool va_provider_request_done(
	const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply, VaReplyWords words);

/* The outcome of a provider request, why, and in which words. */
extern void va_reply_end(VaProviderReply *reply, VaDialKind kind, const char *cause, const char *message);
/* The answer to a provider request decides nothing: UNKNOWN, and why. */
extern void va_provider_request_unreadable(VaProviderReply *reply, const char *why);
/* The target of the provider request is gone, which is as good as done. */
extern void va_provider_request_already(VaProviderReply *reply);
/* True when the order asked for the recording itself, not where it is, and here it is. */
extern bool va_provider_request_media(VA_REPLY_ARGS);
extern void va_provider_request_no_recording(VaProviderReply *reply);
/* True when a carrier that tells nothing else of numbers is asked for a line type. */
extern bool va_asks_line_type(const VaProviderRequest *order, const char **why);
/* Our word for a carrier's line type, or else for its other; "unknown" for what we do not know; NULL: of another number. */
extern const char *va_line_type(
	const VaProviderRequest *order, const char *number, const char *type, const char *otherwise);
/* Where the numbers of a list go, *count at most (a list may hold more); NULL: va_provider_request_unreadable() has been told. */
extern VaCarrierNumber *va_provider_request_numbers(
	VaProviderReply *reply, VaArena *arena, const json_t *list, size_t *count);

/* A dial that was taken, by its status, but whose call is unknown: to be looked for. */
extern void va_dial_without_id(VaDialOutcome *outcome, const char *why);
/* A dial that was taken as call id, which is copied; without a valid one as va_dial_without_id(). */
extern void va_dial_placed(VaDialOutcome *outcome, VaArena *arena, const char *id, const char *why);

/*
 * The body of an answer to a lookup or a list; json_decref() it.  Until one of
 * the functions below has found something in it the lookup says to ask again.
 * NULL: there is none that can be read, and the lookup says all about it.
 */
extern json_t *va_lookup_json(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup, VaReplyWords words);
/* One call, as a lookup or a list holds it, as an event; *why is a text of the arena's or static. */
typedef bool (*VaCallReader)(const json_t *call, VaArena *arena, VaEvent *event, const char **why);
/* The one call of a lookup, if it can be read, or else why not. */
extern void va_lookup_call(VaLookup *lookup, VaArena *arena, const json_t *call, VaCallReader read);
/* All of a list, as the functions below do it one by one; counts tells of each whether it does (NULL: all do). */
extern void va_lookup_calls(
	VaLookup *lookup, VaArena *arena, const json_t *calls, VaCallReader read, bool (*counts)(const json_t *call));
/* The one call of a lookup, which could be read. */
extern void va_lookup_found(VaLookup *lookup, VaArena *arena, const VaEvent *event);
/*
 * A list: first the array (NULL: the answer is none), then each of its calls
 * that counts (NULL: one that could not be read), then the end, without which
 * a list that memory did not suffice for would pass as a whole one.
 */
extern void va_lookup_list(VaLookup *lookup, const json_t *calls);
extern void va_lookup_listed(VaLookup *lookup, VaArena *arena, const VaEvent *event);
extern void va_lookup_list_end(VaLookup *lookup, VaArena *arena);
/* The events of a list, one by one, where its calls are counted otherwise; false: out of memory. */
extern bool va_lookup_add(VaLookup *lookup, VaArena *arena, const VaEvent *event, int capacity);

/* A refusal as its status says it, which the carrier's own words and codes may correct. */
typedef struct VaCarrierRefusal
{
	VaDialKind kind;
	const char *cause;
	const char *message; /* the carrier's words; NULL = none could be read */
	int code;			 /* its own; 0 = none */
	bool dial;			 /* a dial was refused, not a question or a provider request */
	bool gone;			 /* there is no such call any more, or no such thing */
} VaCarrierRefusal;

/* The form of a carrier's answers.  Members are named by their path ("data.id"); NULL: the answer itself. */
typedef struct VaReplies
{
	/* root: the answer as JSON, or NULL */
	void (*refusal)(const VaHttpResponse *response, const json_t *root, VaArena *arena, VaCarrierRefusal *refusal);
	const char *id; /* to a dial: the call's */
	const char *call;
	VaCallReader read_call;
	const char *calls;
	VaCallReader read_listed;			/* one of calls */
	bool (*counts)(const json_t *call); /* NULL: each of them does */
	const char *unlisted;				/* why a call that is not found may yet be there; NULL: see absence_proves */
	bool absence_proves;				/* as VaDriver's */
} VaReplies;

extern void va_read_dial(
	const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome);
extern void va_read_looked_up(
	const VaReplies *replies, bool list, const VaHttpResponse *response, VaArena *arena, VaLookup *lookup);
/* The answer to a provider request, an object, or in it the object or array at path; NULL: the reply says why not. json_decref() *root. */
extern json_t *va_read_reply(const VaReplies *replies, const char *path, const VaHttpResponse *response, VaArena *arena,
	VaProviderReply *reply, json_t **root);
/* ... an object, and none other; json_decref() it. */
extern json_t *va_read_object(
	const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply);
/* The answer to a text, whose id is the member `id` (or the first there) of the answer, or of the object at path. */
extern void va_read_text(const VaReplies *replies, const char *path, const char *id, const VaHttpResponse *response,
	VaArena *arena, VaProviderReply *reply);
/* A text was taken under this id; NULL or not valid: unknown. */
extern void va_text_taken(VaProviderReply *reply, VaArena *arena, const char *id);
/* ... of which only counts whether it is a good one; otherwise false. */
extern bool va_read_accepted(
	const VaReplies *replies, const VaHttpResponse *response, VaArena *arena, VaProviderReply *reply);

/* An order to a live call, which may have ended; and that something shall end, for which that is as good. */
extern void va_read_changed(const VaReplies *replies, const VaHttpResponse *response, VaArena *arena,
	VaProviderReply *reply, bool gone_is_done);
/* The numbers of a list (NULL: the reply says what is wrong), as far as read() takes them. */
extern void va_read_numbers(const json_t *list, bool ours,
	bool (*read)(
		const VaProviderRequest *order, bool ours, const json_t *item, VaArena *arena, VaCarrierNumber *number),
	const VaProviderRequest *order, VaArena *arena, VaProviderReply *reply);
/* The id that the carrier gives a number that was bought; NULL: it tells none, but has perhaps sold it. */
extern void va_read_bought(const char *id, VaArena *arena, VaProviderReply *reply);

#define VA_READ_CHANGES(replies)                                    \
	static void read_changed(VA_REPLY_ARGS)                         \
	{                                                               \
		va_read_changed(&(replies), response, arena, reply, false); \
	}                                                               \
	static void read_ended(VA_REPLY_ARGS)                           \
	{                                                               \
		va_read_changed(&(replies), response, arena, reply, true);  \
	}

#define VA_READ_TEXT(replies, path, id)                             \
	static void read_text(VA_REPLY_ARGS)                            \
	{                                                               \
		va_read_text(&(replies), path, id, response, arena, reply); \
	}

/* A driver's readers of answers to dials, lookups and lists. */
#define VA_READ_REPLIES(replies)                                                                           \
	static void read_call_response(const VaHttpResponse *response, VaArena *arena, VaDialOutcome *outcome) \
	{                                                                                                      \
		va_read_dial(&(replies), response, arena, outcome);                                                \
	}                                                                                                      \
	static void read_lookup_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)     \
	{                                                                                                      \
		va_read_looked_up(&(replies), false, response, arena, lookup);                                     \
	}                                                                                                      \
	static void read_list_response(const VaHttpResponse *response, VaArena *arena, VaLookup *lookup)       \
	{                                                                                                      \
		va_read_looked_up(&(replies), true, response, arena, lookup);                                      \
	}

#endif /* VOICEAGENT_PURE_REPLIES_H */
