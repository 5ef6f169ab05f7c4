/*-------------------------------------------------------------------------
 * vapi_internal.h
 *		What the files of Vapi's dialect share; nobody else includes it.
 *
 * As in provider.h: bytes in, structs out, every result in the caller's arena.
 * After the API reference at docs.vapi.ai, and what the vendor really sends.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_VAPI_INTERNAL_H
#define VOICEAGENT_VAPI_INTERNAL_H

#include "provider.h"

#define VAPI_BASE_URL "https://api.vapi.ai"
#define VAPI_ID_MAX 100 /* bytes of a call id; the vendor's are UUIDs */
#define VAPI_LIST_MAX 1000

/* vapi_reasons.c: what an endedReason means; started = somebody or something answered. */
typedef struct VapiReason
{
	const char *status;
	const char *cause_class;
} VapiReason;

extern VapiReason vapi_reason(const char *ended_reason, bool started);
/* True when the reason itself says that nobody answered, whatever startedAt says. */
extern bool vapi_reason_unanswered(const VapiReason *reason);

/* vapi_request.c */
extern bool vapi_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request,
							const char **why);
extern bool vapi_build_call_sandbox(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request,
									const char **why);
extern bool vapi_build_hangup(const char *control_url, const char *api_key, VaArena *arena,
							  VaHttpRequest *request, const char **why);
extern bool vapi_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request,
							  const char **why);
extern bool vapi_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request,
							const char **why);
extern bool vapi_id_valid(const char *id);

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

static inline char *
vapi_copy(const VapiSource *source, const char *text)
{
	return va_arena_strdup(source->arena, text);
}

/* vapi_report.c */
extern void vapi_read_report(const VapiSource *source, const json_t *artifact, const json_t *analysis, VaEvent *event);
/* A cost that is none, or out of range, makes the event malformed. */
extern bool vapi_read_cost(const VapiSource *source, VaEvent *event, const char **why);
/* "assistant", "customer", "system", "tool"; NULL for a role that we do not know. */
extern const char *vapi_speaker(const char *role);

/* vapi_event.c */
extern bool vapi_read_webhook(const VaHeader *headers, int nheaders, const void *body, size_t len,
							  VaArena *arena, VaEvents *events, const char **why);
/* One Call object, as a lookup or a list gives it. */
extern bool vapi_read_call(json_t *call, VaArena *arena, VaEvent *event, const char **why);
/* The call's control URL when it is a URL. */
extern const char *vapi_control_url(const json_t *call, VaArena *arena);

/* vapi.c */
extern const VaDialect va_dialect_vapi;
extern const VaDialect va_dialect_sandbox;

#endif /* VOICEAGENT_VAPI_INTERNAL_H */
