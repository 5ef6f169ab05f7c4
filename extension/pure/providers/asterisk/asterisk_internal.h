/*-------------------------------------------------------------------------
 * asterisk_internal.h
 *		Shared by the files of Asterisk's driver; no other includes it.
 *
 * The driver speaks ARI, Asterisk's REST interface with its socket of events,
 * as versions 20 to 23 have it.  Our attempt reference is the channel's id.
 */
#ifndef VOICEAGENT_ASTERISK_INTERNAL_H
#define VOICEAGENT_ASTERISK_INTERNAL_H

#include <string.h>

#include "pure/providers/common/provider.h"
#include "pure/providers/common/replies.h"
#include "pure/providers/common/requests.h"

/* The Stasis application that calls are given to when the account names none. */
#define ASTERISK_APP "voiceagent"
/* The section of websocket_client.conf that leads to our socket, likewise. */
#define ASTERISK_CONNECTION "voiceagent"
/* Asterisk gives up ringing after so long unless told otherwise. */
#define ASTERISK_RING_TIMEOUT_S 30

/*
 * A call is recorded, both sides of it, by a second channel that listens to it
 * (a "snoop") and bears its id with this behind it; our own ids hold no dot.
 */
#define ASTERISK_RECORDER ".rec"
/*
 * The audio of a call that we hold goes through a bridge with the call's id and this behind it, to a channel to our
 * socket, whose id has a dash and digits behind that: an id that exists, asked for again, crashes Asterisk 22.10.
 */
#define ASTERISK_MEDIA ".media"
/* The first argument that a channel comes into our application with, when it is not an attempt's. */
#define ASTERISK_INBOUND "inbound"
#define ASTERISK_RECORD "record"

/* A text that may be missing (NULL). */
static inline bool
is_text(const char *one, const char *other)
{
	return one != NULL && strcmp(one, other) == 0;
}

/* Is it a channel to our socket? */
static inline bool
asterisk_is_media(const char *id)
{
	return id != NULL && strstr(id, ASTERISK_MEDIA "-") != NULL;
}

/* asterisk_cause.c: how a call ended, from Q.850's cause and SIP's status (0 = not given). */
typedef struct AsteriskEnd
{
	const char *status;
	const char *cause_class;
} AsteriskEnd;

extern AsteriskEnd asterisk_end(int cause, int tech_cause, bool answered);

/* asterisk_request.c */
/* Its Stasis application: Asterisk tells each its own calls, and each to one listener. */
extern const char *asterisk_app(const VaProviderAccount *carrier);
extern bool asterisk_check_carrier(const VaProviderAccount *carrier, VaArena *arena, const char **why);
extern bool asterisk_socket_url(
	const VaProviderAccount *carrier, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool asterisk_build_call(const VaCallOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool asterisk_build_lookup(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
extern bool asterisk_build_list(const VaLookupOrder *order, VaArena *arena, VaHttpRequest *request, const char **why);
/* The name of the PJSIP endpoint that calls go through; NULL = the account goes by none. */
extern const char *asterisk_trunk(const VaProviderAccount *carrier, VaArena *arena);
extern bool asterisk_build_check(VA_REQUEST_ARGS);
extern bool asterisk_build_hangup(VA_REQUEST_ARGS);
extern bool asterisk_build_transfer(VA_REQUEST_ARGS);
extern bool asterisk_plays(const char *said);
extern bool asterisk_build_say(VA_REQUEST_ARGS);
extern bool asterisk_build_play(VA_REQUEST_ARGS);
extern bool asterisk_build_dtmf(VA_REQUEST_ARGS);
extern bool asterisk_build_take(VA_REQUEST_ARGS);
extern bool asterisk_build_limit(VA_REQUEST_ARGS);
extern bool asterisk_build_check_playback(VA_REQUEST_ARGS);
extern bool asterisk_build_stream(VA_REQUEST_ARGS);
extern bool asterisk_build_end_stream(VA_REQUEST_ARGS);
/* The next step; NULL: none. */
extern const char *asterisk_next_step(const VaProviderRequest *order);
extern bool asterisk_build_record(VA_REQUEST_ARGS);
extern bool asterisk_build_fetch_recording(VA_REQUEST_ARGS);

/* asterisk_event.c */
extern bool asterisk_read_webhook(const VaSignedMessage *message, VaArena *arena, VaEvents *events, const char **why);
/* One Channel object, as a lookup or a list gives it; false: it is not a channel. */
extern bool asterisk_read_channel(const json_t *channel, VaArena *arena, VaEvent *event, const char **why);
/* With what a channel came into our application ("voiceagent,inbound,+12125550100"): the nth word; NULL = none. */
extern const char *asterisk_application_word(const json_t *channel, int n, VaArena *arena);

/* asterisk_waiting.c */
/* The frames that GET /channels makes up for, and the ids of all channels; false: it is no list of channels. */
extern bool asterisk_read_waiting(const VaProviderAccount *carrier, const VaHttpResponse *response, VaArena *arena,
	VaWaiting *waiting, const char **why);

#endif /* VOICEAGENT_ASTERISK_INTERNAL_H */
