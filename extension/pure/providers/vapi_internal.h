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
#include "replies.h"
#include "requests.h"

#define VAPI_BASE_URL "https://api.vapi.ai"
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
extern bool vapi_build_hangup(const VaErrandOrder *order, VaArena *arena, VaHttpRequest *request,
								  const char **why);
extern bool vapi_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request,
							  const char **why);
extern bool vapi_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request,
							const char **why);

/* vapi_event.c */
extern bool vapi_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
/* One Call object, as a lookup or a list gives it. */
extern bool vapi_read_call(json_t *call, VaArena *arena, VaEvent *event, const char **why);
/* The call's control URL when it is a URL. */
extern const char *vapi_control_url(const json_t *call, VaArena *arena);

#endif /* VOICEAGENT_VAPI_INTERNAL_H */
