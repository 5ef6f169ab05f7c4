/*-------------------------------------------------------------------------
 * dialect.h
 *		Carriers' messages over the socket of a call's audio: bytes in,
 *		events out, and our messages the other way.
 *
 * A dialect is one carrier's protocol.  It knows no socket, no clock and no
 * call: whoever owns the socket hands over whole messages, and sends what is
 * written here.  Nothing else knows a dialect's name.
 *
 * Spoken: Asterisk (chan_websocket, JSON and plain text), Exotel (Voicebot
 * applet, AgentStream), Plivo (Audio Streams), Telnyx (Media Streaming), Twilio
 * (Media Streams), Vonage (WebSockets).
 */
#ifndef VOICEAGENT_DIALECT_H
#define VOICEAGENT_DIALECT_H

#include "pure/audio/audio.h"
#include "pure/memory.h"

typedef struct VaDialect VaDialect;

#define VA_STREAM_ID_MAX 100
/* The longest message that carries audio, in seconds of it. */
#define VA_MEDIA_SECONDS_MAX 2

/* A socket's state; begin with va_stream_begin(). */
typedef struct VaStream
{
	const VaDialect *dialect;
	bool started;
	bool plain; /* Asterisk: its commands are words, not JSON */
	char stream_id[VA_STREAM_ID_MAX + 1];
	VaAudioFormat format; /* of what comes */
	VaAudioFormat out;	  /* ... and of what we send */
} VaStream;

typedef enum VaMediaKind
{
	VA_MEDIA_NOTHING, /* to be passed over */
	VA_MEDIA_START,
	VA_MEDIA_AUDIO,
	VA_MEDIA_KEY,
	VA_MEDIA_FULL,	/* the carrier's buffer is full: send no more ... */
	VA_MEDIA_ROOM,	/* ... until this */
	VA_MEDIA_CLEAR, /* the talk begins anew */
	VA_MEDIA_STOP
} VaMediaKind;

/* A value not given is NULL; texts and audio live in the arena, or are the message's. */
typedef struct VaMediaEvent
{
	VaMediaKind kind;
	const char *call_id; /* START, STOP: the carrier's id of the call */
	const char *account; /* START: ... of the account */
	const uint8_t *audio;
	size_t audio_len;
	int64_t chunk; /* AUDIO: its number; 0: not given */
	char key;
	const char *reason; /* STOP: in the carrier's words */
} VaMediaEvent;

typedef struct VaMediaMessage
{
	const void *bytes;
	size_t len;
	bool binary;
} VaMediaMessage;

#define VA_MEDIA_MESSAGES_MAX 4

typedef struct VaMediaMessages
{
	VaMediaMessage items[VA_MEDIA_MESSAGES_MAX];
	int count;
} VaMediaMessages;

/* The dialect of that name; NULL: we do not speak it. */
extern const VaDialect *va_dialect(const char *name);
extern const char *va_dialect_name(const VaDialect *dialect);
/* Audio goes out in pieces of this long, so far ahead of real time. */
extern int va_dialect_piece_ms(const VaDialect *dialect);
extern int va_dialect_ahead_ms(const VaDialect *dialect);

extern void va_stream_begin(VaStream *stream, const VaDialect *dialect);

/* A whole message; false: it breaks the protocol, with why in words, and the socket is to be closed. */
extern bool va_stream_read(VaStream *stream, bool binary, const void *bytes, size_t len, VaArena *arena,
	VaMediaEvent *event, const char **why);

/* Messages of ours: at the start, before any audio; for samples of ours, at the stream's rate; to drop what was not
 * played yet; to hang up, before the socket is closed.  Some have nothing to send: count is 0.  False: without memory. */
extern bool va_stream_open(const VaStream *stream, VaArena *arena, VaMediaMessages *messages);
extern bool va_stream_audio(
	const VaStream *stream, const int16_t *samples, size_t n, VaArena *arena, VaMediaMessages *messages);
extern bool va_stream_clear(const VaStream *stream, VaArena *arena, VaMediaMessages *messages);
extern bool va_stream_hang_up(const VaStream *stream, VaArena *arena, VaMediaMessages *messages);

#endif /* VOICEAGENT_DIALECT_H */
