/*-------------------------------------------------------------------------
 * plivo_internal.h
 *		Shared by the files of Plivo's driver; no other includes it.
 *
 * As in provider.h: bytes in, structs out, every result in the caller's arena.
 */
#ifndef VOICEAGENT_PLIVO_INTERNAL_H
#define VOICEAGENT_PLIVO_INTERNAL_H

#include "pure/providers/common/provider.h"
#include "pure/providers/common/replies.h"
#include "pure/providers/common/requests.h"

#define PLIVO_BASE_URL "https://api.plivo.com"
#define PLIVO_API "/v1/Account/"
#define PLIVO_LIST_MAX 20 /* what a page of any list holds at most */
#define PLIVO_CURRENCY "USD"

/* plivo_request.c */

/* method .../Account/{auth_id}/PATH, who asks, Accept */
extern bool plivo_start(const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char *method,
	const char *path, const char **why);
/* ... with a JSON body, whose reference is taken. */
extern bool plivo_post(const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char *path,
	json_t *body, const char **why);
extern bool plivo_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool plivo_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool plivo_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);

/* plivo_document.c: Plivo XML */
extern bool plivo_build_answer(
	const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why);
/* NULL with *why */
extern const char *plivo_document(const VaAnswer *answer, VaArena *arena, const char **why);

/* plivo_event.c */
extern bool plivo_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
/* One record of a call that is over. */
extern bool plivo_read_record(const json_t *record, VaArena *arena, VaEvent *event, const char **why);

/* plivo_verify.c */
extern bool plivo_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why);

/* plivo_error.c: {"error": text} */
extern void plivo_read_refusal(
	const VaHttpResponse *response, const json_t *root, VaArena *arena, VaCarrierRefusal *refusal);

/* plivo.c */
extern const VaReplies plivo_replies;

/* plivo_provider_requests.c */
extern const VaProviderRequestDriver plivo_requests[VA_PROVIDER_REQUEST_KINDS];

#endif /* VOICEAGENT_PLIVO_INTERNAL_H */
