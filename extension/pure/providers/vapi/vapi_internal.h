/*-------------------------------------------------------------------------
 * vapi_internal.h
 *		Shared by the files of Vapi's driver; no other includes it.
 *
 * As in provider.h: bytes in, structs out, every result in the caller's arena.
 * After the API reference at docs.vapi.ai, and what the vendor really sends.
 */
#ifndef VOICEAGENT_VAPI_INTERNAL_H
#define VOICEAGENT_VAPI_INTERNAL_H

#include "pure/providers/common/provider.h"
#include "pure/providers/common/replies.h"
#include "pure/providers/common/requests.h"

#define VAPI_BASE_URL "https://api.vapi.ai"
#define VAPI_LIST_MAX 1000
#define VAPI_NAME_MAX_CHARS 40
#define VAPI_SPOKEN_MAX_CHARS 1000 /* of a message at the end, or on a voicemail */

/* vapi_reasons.c: what an endedReason means; started = somebody or something answered. */
typedef struct VapiReason
{
	const char *status;
	const char *cause_class;
} VapiReason;

extern VapiReason vapi_reason(const char *ended_reason, bool started);
/* True when the reason itself says that it was not answered, whatever startedAt says. */
extern bool vapi_reason_unanswered(const VapiReason *reason);

/* vapi.c: {"message": text | [texts], "error": text}, cut; or NULL. */
extern const char *vapi_error_message(const VaHttpResponse *response, VaArena *arena);

/* vapi_assistant.c: the assistant of a call, from its settings and the webhook's headers (objects) */
extern json_t *vapi_build_assistant(
	const VaCallOrder *order, const json_t *settings, const json_t *headers, VaArena *arena);
/* All that vapi_build_assistant() reads: orders with one key have one assistant. */
extern void vapi_assistant_key(VaBuffer *buffer, const VaCallOrder *order);

/* vapi_speech.c: how it speaks and listens */
extern void vapi_set_member(json_t *object, const char *key, const json_t *settings, const char *name);
extern void vapi_split_name(const char *text, const char **provider, const char **name, VaArena *arena);
extern json_t *vapi_begin_part(const json_t *settings, const char *name);
/* NULL: the assistant has no voice of its own. */
extern json_t *vapi_build_voice(const VaAssistant *assistant, const json_t *settings, VaArena *arena);
extern json_t *vapi_build_transcriber(const VaAssistant *assistant, const json_t *settings, VaArena *arena);
/* Whom it lets finish, and when silence ends the call. */
extern void vapi_set_turns(json_t *assistant, const VaCallOrder *order, const json_t *settings);
extern const char *vapi_goodbye(const char *language, const json_t *settings);

/* vapi_request.c: path behind the base URL, with the account's key */
extern bool vapi_start_request(VaArena *arena, VaHttpRequest *request, const char *method,
	const VaProviderAccount *carrier, const char *path, const char **why);
/*
 * The order as the carrier is to see it: without the lead's name, unless the account has send_lead_name.  A variable
 * of the name that the assistant's own text says stays, since a sentence without it would have a hole.
 */
extern VaCallOrder vapi_withhold_name(const VaCallOrder *order, VaArena *arena);
/*
 * {"assistant", "assistantOverrides"}: whoever talks, and what of it this call
 * alone has; of a dial, and of the answer to an incoming call (without an
 * attempt_ref).  The caller frees it; NULL: *why says what is no JSON object.
 */
extern json_t *vapi_build_conversation(const VaCallOrder *order, VaArena *arena, const char **why);
extern bool vapi_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool vapi_build_call_sandbox(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool vapi_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool vapi_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);

/* vapi_control.c: provider requests about one call, and the reply to an incoming one */
VA_PROVIDER_REQUEST(vapi, hangup);
extern bool vapi_build_transfer(VA_REQUEST_ARGS);
extern bool vapi_build_say(VA_REQUEST_ARGS);
extern void vapi_read_control(VA_REPLY_ARGS);
VA_PROVIDER_REQUEST(vapi, fetch_recording);
VA_PROVIDER_REQUEST(vapi, fetch_cost);
extern bool vapi_build_answer(
	const VaEvent *event, const VaAnswer *answer, VaArena *arena, VaDocument *document, const char **why);

/* vapi_account.c: provider requests about the account and its numbers */
VA_PROVIDER_REQUEST(vapi, check_account);
VA_PROVIDER_REQUEST(vapi, list_numbers);
extern bool vapi_build_buy_number(VA_REQUEST_ARGS);
extern bool vapi_build_create_number(VA_REQUEST_ARGS);
extern void vapi_read_new_number(VA_REPLY_ARGS);
extern bool vapi_build_release_number(VA_REQUEST_ARGS);
extern void vapi_read_gone_number(VA_REPLY_ARGS);
extern bool vapi_build_configure_number(VA_REQUEST_ARGS);
extern void vapi_read_changed_number(VA_REPLY_ARGS);
VA_PROVIDER_REQUEST(vapi, create_credential);

/* vapi_kept.c: assistants that stay at Vapi */
VA_PROVIDER_REQUEST(vapi, create_assistant);
VA_PROVIDER_REQUEST(vapi, update_assistant);
VA_PROVIDER_REQUEST(vapi, fetch_assistant);
VA_PROVIDER_REQUEST(vapi, find_assistant);
VA_PROVIDER_REQUEST(vapi, delete_assistant);
/*
 * The differences of a call's assistant from the kept one {"id", "body"}, into
 * overrides; false: the call cannot name that one.
 */
extern bool vapi_override_kept(const json_t *kept, const json_t *assistant, json_t *overrides);

/* vapi_voices.c */
VA_PROVIDER_REQUEST(vapi, list_voices);

/* vapi_event.c */
extern bool vapi_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
/* One Call object, as a lookup or a list gives it. */
extern bool vapi_read_call(json_t *call, VaArena *arena, VaEvent *event, const char **why);
/* The call's control URL when it is a URL. */
extern const char *vapi_control_url(const json_t *call, VaArena *arena);

/* The sandbox's alone: Vapi has no such provider requests. */
extern bool vapi_build_digits_sandbox(VA_REQUEST_ARGS);
extern bool vapi_build_play_sandbox(VA_REQUEST_ARGS);
extern bool vapi_build_balance_sandbox(VA_REQUEST_ARGS);
extern void vapi_read_balance_sandbox(VA_REPLY_ARGS);
extern bool vapi_build_text_sandbox(VA_REQUEST_ARGS);
extern void vapi_read_text_sandbox(VA_REPLY_ARGS);

#endif /* VOICEAGENT_VAPI_INTERNAL_H */
