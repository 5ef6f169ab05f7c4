/*-------------------------------------------------------------------------
 * vendor.h
 *		Shared by engines of vendors.
 */
#ifndef VOICEAGENT_MEDIA_ENGINE_VENDOR_H
#define VOICEAGENT_MEDIA_ENGINE_VENDOR_H

#include "engines.h"
#include "http/websocket.h"

/* Sound of the person that waits for the vendor's socket, as mu-law: five seconds, and then the oldest has no room. */
#define VA_UNSENT_MAX 40000

/* samples NULL: silence. Drops what was sent. */
extern void va_unsent_add(VaBuffer *waiting, const int16_t *samples, size_t n);
extern void va_unsent_drop(VaBuffer *waiting, size_t sent);

/* Opens a socket with the account's key behind scheme ("Bearer "). NULL: the engine has failed; url NULL: no memory. */
extern VaSocket *va_vendor_connect(VaEngine *engine, const char *url, const char *scheme);
/* Has the engine fail if the vendor has closed the socket. */
extern void va_vendor_closed(VaEngine *engine, const VaSocket *socket);
/*
 * The kind of failure for va_engine_fail() that a result shows, and why in
 * words; parameter (NULL: not wanted): what the model can go without, or NULL.
 */
extern const char *va_vendor_refusal(
	const VaEngine *engine, const VaHttpResult *result, char *why, size_t whylen, const char **parameter);

#endif /* VOICEAGENT_MEDIA_ENGINE_VENDOR_H */
