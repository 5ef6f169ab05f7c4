/*-------------------------------------------------------------------------
 * telnyx_internal.h
 *		Shared by the files of Telnyx's driver; no other includes it.
 *
 * As in provider.h: bytes in, structs out, every result in the caller's
 * arena.  After Telnyx's OpenAPI description, version 2 of the API.
 */
#ifndef VOICEAGENT_TELNYX_INTERNAL_H
#define VOICEAGENT_TELNYX_INTERNAL_H

#include "pure/providers/common/provider.h"
#include "pure/providers/common/replies.h"
#include "pure/providers/common/requests.h"

#define TELNYX_BASE_URL "https://api.telnyx.com/v2"
#define TELNYX_PAGE_MAX 250
#define TELNYX_TEXT_BLOCKED "40300" /* whoever wrote STOP gets none */
#define TELNYX_SPOKEN_MAX_CHARS 3000

/*
 * Our text in client_state, which comes back with every event of the call,
 * signed: the attempt's reference, and behind a semicolon one letter for
 * each thing that was ordered with the call.
 */
typedef struct TelnyxState
{
	const char *attempt_ref; /* NULL = none */
	bool streams;			 /* s: the audio goes to a socket from the answer on */
	bool detects;			 /* d: who answered comes later */
	bool leaves_message;	 /* m: ... and when a machine's greeting is over */
	bool other_leg;			 /* t: of the number that a call was transferred to */
	const char *first_leg;	 /* behind t: the id of that call; NULL = not given */
} TelnyxState;

/* telnyx_state.c */
extern const char *telnyx_state_text(const TelnyxState *state, VaArena *arena);
extern void telnyx_state_read(const char *client_state, VaArena *arena, TelnyxState *state);

/* telnyx_request.c */
extern bool telnyx_start(VaArena *arena, VaHttpRequest *request, const char *method, const VaProviderAccount *carrier,
	const char *path, const char **why);
extern bool telnyx_connection(const VaProviderAccount *carrier, const char **id, const char **why);
/* The members that connect a call's audio to a socket. */
extern void telnyx_set_stream(json_t *body, const char *stream_url);
/*
 * The member that has a call's events sent again when they are not taken (webhook_retries_policies of a dial, an answer
 * and a transfer).  end_is_waited_for: somebody waits at the telephone for what comes after the call's end, as after
 * that of a transfer's leg.
 */
extern void telnyx_set_retries(json_t *body, bool end_is_waited_for);
extern bool telnyx_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool telnyx_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool telnyx_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);

/* telnyx_provider_requests.c */
extern const VaProviderRequestDriver telnyx_requests[VA_PROVIDER_REQUEST_KINDS];

/* telnyx_event.c */
extern bool telnyx_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
/* A call as GET /calls/ID and a list of live ones give it. */
extern bool telnyx_read_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why);
extern bool telnyx_read_live_call(const json_t *call, VaArena *arena, VaEvent *event, const char **why);

/* telnyx.c */
extern const VaReplies telnyx_replies;

#endif /* VOICEAGENT_TELNYX_INTERNAL_H */
