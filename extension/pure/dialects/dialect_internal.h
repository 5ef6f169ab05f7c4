/*-------------------------------------------------------------------------
 * dialect_internal.h
 *		The members of a dialect, and functions shared by several.
 */
#ifndef VOICEAGENT_DIALECT_INTERNAL_H
#define VOICEAGENT_DIALECT_INTERNAL_H

#include "dialect.h"

struct VaDialect
{
	const char *name;
	const char *id_name; /* JSON streams: what the stream's id is called in our messages; NULL: they have none */
	int piece_ms;
	int ahead_ms;
	int unit_bytes; /* a piece is a multiple of this; 0: of any length */
	bool (*read)(VaStream *stream, bool binary, const void *bytes, size_t len, VaArena *arena, VaMediaEvent *event,
		const char **why);
	bool (*open)(const VaStream *stream, VaArena *arena, VaMediaMessages *messages);
	bool (*audio)(const VaStream *stream, const uint8_t *audio, size_t len, VaArena *arena, VaMediaMessages *messages);
	bool (*clear)(const VaStream *stream, VaArena *arena, VaMediaMessages *messages);
	bool (*hang_up)(const VaStream *stream, VaArena *arena, VaMediaMessages *messages);
};

extern const VaDialect va_asterisk_dialect;
extern const VaDialect va_exotel_dialect;
extern const VaDialect va_plivo_dialect;
extern const VaDialect va_telnyx_dialect;
extern const VaDialect va_twilio_dialect;
extern const VaDialect va_vonage_dialect;

/* False: without memory. */
extern bool va_media_text(VaMediaMessages *messages, VaArena *arena, VaBuffer *text);

/* A stream begins: its id and format are kept; false: with why. */
extern bool va_media_start(VaStream *stream, const char *id, const char *encoding, int rate, const char **why);

/* A key that a message names, into the event; false: there is no such key. */
extern bool va_media_key(const char *text, VaMediaEvent *event);

#endif /* VOICEAGENT_DIALECT_INTERNAL_H */
