/*-------------------------------------------------------------------------
 * twilio_internal.h
 *		Shared by the files of Twilio's driver; no other includes it.
 *
 * As in provider.h: bytes in, structs out, every result in the caller's arena.
 */
#ifndef VOICEAGENT_TWILIO_INTERNAL_H
#define VOICEAGENT_TWILIO_INTERNAL_H

#include "pure/providers/common/provider.h"
#include "pure/providers/common/replies.h"
#include "pure/providers/common/requests.h"

#define TWILIO_BASE_URL "https://api.twilio.com"
#define TWILIO_API "/2010-04-01/Accounts/"
#define TWILIO_LIST_MAX 1000
#define TWILIO_TEXT_BLOCKED "21610" /* whoever wrote STOP gets none */

/* twilio_request.c */

/* method .../Accounts/{sid}PATH, who asks, Accept */
extern bool twilio_start(const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char *method,
	const char *path, const char **why);
extern bool twilio_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool twilio_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool twilio_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);

/* twilio_document.c: TwiML, NULL with *why */
extern const char *twilio_document(const VaAnswer *answer, VaArena *arena, const char **why);
/* Touch-tones into a live call, which then goes on as answer says (STREAM), or waits a minute. */
extern const char *twilio_digits_document(const char *digits, const VaAnswer *answer, VaArena *arena, const char **why);
extern bool twilio_build_answer(
	const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why);

/* twilio_event.c */
extern bool twilio_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
/* One Call resource. */
extern bool twilio_read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why);

/* twilio_verify.c */
extern bool twilio_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why);

/* twilio_error.c: {code, message, more_info, status} */
extern void twilio_read_refusal(
	const VaHttpResponse *response, const json_t *root, VaArena *arena, VaCarrierRefusal *refusal);

/* twilio.c */
extern const VaReplies twilio_replies;

/* twilio_provider_requests.c */
extern const VaProviderRequestDriver twilio_requests[VA_PROVIDER_REQUEST_KINDS];

#endif /* VOICEAGENT_TWILIO_INTERNAL_H */
