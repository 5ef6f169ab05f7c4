/*-------------------------------------------------------------------------
 * line.h
 *		The line of a call: where a carrier opens its socket, and what goes out.
 */
#ifndef VOICEAGENT_MEDIA_LINE_H
#define VOICEAGENT_MEDIA_LINE_H

#include "call.h"

/* Returns false if the address is not ours. */
extern bool va_address_read(VaAddress *address, const char *path, const char *query);

/* Answers the start of the stream. */
extern void va_call_open_stream(VaMediaCall *call);

/* All frames that are due. */
extern void va_call_send_due(VaMediaCall *call, int64_t now_ms, int64_t unix_ms);
/* Nothing of what was sent and not been heard is to be heard. */
extern void va_call_clear(VaMediaCall *call);
/* ... but by and by, if it is said again: it waits. */
extern void va_call_hold(VaMediaCall *call, int64_t now_ms);

/* Which of these calls is opened next, the first that waits; each owner has one in a round: none waits for all those of another. */
extern VaMediaCall *va_call_to_open(VaMediaCall *calls);

/* Closes its socket, if any; after a hangup of ours, once that is kept: a carrier asks at once for the next step. */
extern void va_call_close(VaMediaCall *call);
/* Its place is free for another: for itself, where its carrier opens another socket. */
extern void va_call_leave_place(VaMediaCall *call);

/* A key that waits for more of them; there is room for it. */
extern void va_keypad_add(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms);
/* Those that are complete, which are the caller's until the next is pressed; NULL: none are. */
extern const char *va_keypad_take(VaMediaCall *call, int64_t now_ms);

#endif /* VOICEAGENT_MEDIA_LINE_H */
