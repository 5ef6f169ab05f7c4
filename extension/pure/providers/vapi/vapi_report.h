/*-------------------------------------------------------------------------
 * vapi_report.h
 *		An ended call in Vapi's words, and where
 *		the members of an event stand.  Private to vapi_*.c.
 *
 * Results live in the source's arena.
 */
#ifndef VOICEAGENT_VAPI_REPORT_H
#define VOICEAGENT_VAPI_REPORT_H

#include "pure/providers/common/provider.h"

/* Where an event's members stand: a webhook's message, and the call in it or by itself. */
typedef struct VapiSource
{
	json_t *message; /* NULL for a lookup */
	json_t *call;
	VaArena *arena;
} VapiSource;

/* The message's member, else the call's; NULL when neither has it. */
static inline json_t *
vapi_member(const VapiSource *source, const char *key)
{
	json_t *value = json_object_get(source->message, key);

	if (value == NULL || json_is_null(value))
		value = json_object_get(source->call, key);
	return value == NULL || json_is_null(value) ? NULL : value;
}

/* NULL for what is no text, and for none. */
static inline const char *
vapi_text(const VapiSource *source, const char *key)
{
	const char *text = json_string_value(vapi_member(source, key));

	return text != NULL && text[0] != '\0' ? text : NULL;
}

static inline char *
vapi_copy(const VapiSource *source, const char *text)
{
	return va_arena_strdup(source->arena, text);
}

/* Turns and transcript, recordings, analysis; true when the customer is among those who spoke. */
extern bool vapi_read_report(const VapiSource *source, const json_t *artifact, const json_t *analysis, VaEvent *event);
/* A number, and in range. */
extern bool vapi_cost_usable(const json_t *cost);
extern void vapi_read_cost(const VapiSource *source, VaEvent *event);
/* "assistant", "customer", "system", "tool"; NULL for a role that we do not know. */
extern const char *vapi_speaker(const char *role);

#endif /* VOICEAGENT_VAPI_REPORT_H */
