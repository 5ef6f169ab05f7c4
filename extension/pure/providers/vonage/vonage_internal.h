/*-------------------------------------------------------------------------
 * vonage_internal.h
 *		Shared by the files of Vonage's driver; no other includes it.
 *
 * As in provider.h: bytes in, structs out, every result in the caller's
 * arena.  After Vonage's descriptions of its Voice (v1), Numbers and Account
 * APIs.  Its numbers have no plus.
 */
#ifndef VOICEAGENT_VONAGE_INTERNAL_H
#define VOICEAGENT_VONAGE_INTERNAL_H

#include "pure/providers/common/provider.h"
#include "pure/providers/common/replies.h"
#include "pure/providers/common/requests.h"

#define VONAGE_API_URL "https://api.nexmo.com"
#define VONAGE_REST_URL "https://rest.nexmo.com"
#define VONAGE_PAGE_MAX 100
#define VONAGE_TALK_MAX_CHARS 1500

/* vonage_request.c */
/* With a token that the application's key has signed. */
extern bool vonage_start(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *path, const char **why);
/* With the account's key and secret, which its older interfaces want in the query. */
extern bool vonage_start_rest(VaArena *arena, VaHttpRequest *request, const char *method,
	const VaProviderAccount *carrier, const char *path, const char **why);
extern bool vonage_bearer(VaHttpRequest *request, VaArena *arena, const VaProviderAccount *carrier, const char **why);
extern bool vonage_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool vonage_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool vonage_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);

/* vonage_ncco.c: what a call does, as a new array; NULL with why. */
extern json_t *vonage_ncco(const VaAnswer *answer, VaArena *arena, const char **why);
/* url with what events are to bring back: the attempt, and what they are about. */
extern const char *vonage_event_url(VaArena *arena, const char *url, const char *attempt_ref, const char *about);
/* language and style of what is said */
extern void vonage_set_voice(json_t *talk, const VaAnswer *answer);
extern bool vonage_build_answer(
	const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why);

/* vonage_provider_requests.c */
extern const VaProviderRequestDriver vonage_requests[VA_PROVIDER_REQUEST_KINDS];

/* vonage_token.c */
extern bool vonage_verify(const VaWebhookAuth *auth, const VaSignedMessage *message, int64_t now, const char **why);
/* The api_key that the token of a webhook names, or NULL; the token is not verified here. */
extern const char *vonage_token_account(const VaSignedMessage *message, VaArena *arena);
/* The question of a GET, as the JSON that its signature covers. */
extern const char *vonage_query_json(const VaSignedMessage *message, VaArena *arena);
extern bool vonage_is_get(const VaSignedMessage *message);

/* vonage_event.c */
extern bool vonage_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
/* A call as a lookup or a list gives it. */
extern bool vonage_read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why);

/* vonage.c */
extern const VaReplies vonage_replies;

#endif /* VOICEAGENT_VONAGE_INTERNAL_H */
