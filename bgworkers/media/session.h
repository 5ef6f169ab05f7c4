/*-------------------------------------------------------------------------
 * session.h
 *		The session of a call: whose it is, what is said in it, and its end.
 */
#ifndef VOICEAGENT_MEDIA_SESSION_H
#define VOICEAGENT_MEDIA_SESSION_H

#include "call.h"

/* Within a transaction: sets the call's tenant, and has the row of its session at hand; else why it is refused. */
extern const char *va_media_find_session(VaMediaCall *call);

/* Within a transaction: sets the tenant; whose its sockets and calls are (places.h). */
extern int64 va_media_owner(int64 tenant_id);

/* From that row. */
extern void va_media_read_script(VaCallScript *script);

/* Its turns that were not kept, as JSON; NULL without memory. */
extern char *va_media_turns_json(const VaMediaCall *call, VaArena *arena);

/* arg: a VaMediaCall that is over. The call's events tell what was measured; or why there was no session. */
extern void va_media_end_session(void *arg);

/* The call that it wanted, if it is among these, will tell how many were. */
extern void va_media_count_refusal(VaMediaCall *calls, const VaMediaCall *refused);

#endif /* VOICEAGENT_MEDIA_SESSION_H */
