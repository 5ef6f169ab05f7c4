/*-------------------------------------------------------------------------
 * line.c
 *		The line of a call: where it is opened, what goes out, and which keys
 *		are pressed on it.
 *
 * Frames of 20 ms of ours become messages of the size that the carrier takes.
 * Keys are gathered until "#" or a pause ends them, and are then what the
 * person has said.
 */
#include "line.h"

#include <string.h>

#include "said.h"

/* So long after the last key they are complete. */
#define PAUSE_MS 1500

/* ---- where it is opened ---- */

static bool
copy_word(char *to, size_t size, const char *from, size_t len)
{
	if (len == 0 || len >= size)
		return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

/* A query's value of a name; "": nothing that fits. */
static void
read_parameter(const char *query, const char *name, char *value, size_t size)
{
	size_t len = strlen(name);

	value[0] = '\0';
	for (const char *at = query; at != NULL && value[0] == '\0'; at = strchr(at, '&'))
	{
		at += at[0] == '&';
		if (strncmp(at, name, len) == 0 && at[len] == '=')
			(void) copy_word(value, size, at + len + 1, strcspn(at + len + 1, "&"));
	}
}

/* /voice/stream/CALL?token=TOKEN&carrier=DIALECT */
static bool
read_stream_path(VaAddress *address, const char *rest, const char *query)
{
	char dialect[20];

	read_parameter(query, "carrier", dialect, sizeof(dialect));
	read_parameter(query, "token", address->token, sizeof(address->token));
	address->dialect = va_dialect(dialect);
	if (address->dialect == NULL || address->token[0] == '\0' || strchr(rest, '/') != NULL)
		return false;
	return copy_word(address->reference, sizeof(address->reference), rest, strlen(rest));
}

/* /media/DIALECT/TOKEN/CALL, where the call is our reference of it, or the carrier's id of one that comes in; the query has it, too, at some carriers. */
bool
va_address_read(VaAddress *address, const char *path, const char *query)
{
	static const char prefix[] = "/media/";
	static const char stream[] = "/voice/stream/";
	char dialect[20];
	const char *at = path;
	size_t len;

	if (strncmp(at, stream, strlen(stream)) == 0)
		return read_stream_path(address, at + strlen(stream), query);
	if (strncmp(at, prefix, strlen(prefix)) != 0)
		return false;
	at += strlen(prefix);
	len = strcspn(at, "/");
	if (!copy_word(dialect, sizeof(dialect), at, len) || at[len] != '/')
		return false;
	address->dialect = va_dialect(dialect);
	if (address->dialect == NULL)
		return false;
	at += len + 1;
	len = strcspn(at, "/");
	if (!copy_word(address->token, sizeof(address->token), at, len))
		return false;
	at += len;
	if (at[0] == '/')
		return strchr(at + 1, '/') == NULL &&
			   copy_word(address->reference, sizeof(address->reference), at + 1, strlen(at + 1));
	read_parameter(query, "attempt", address->reference, sizeof(address->reference));
	return true;
}

/* ---- going out ---- */

/* Messages to the carrier, unless they could not be made. */
static void
send_messages(VaMediaCall *call, bool made, const VaMediaMessages *messages)
{
	for (int i = 0; made && call->socket != NULL && i < messages->count; i++)
		(void) va_socket_send(
			call->socket, messages->items[i].bytes, messages->items[i].len, messages->items[i].binary);
}

/* The start of the stream is answered, what was sent is dropped, or the call hung up. */
static void
tell_carrier(VaMediaCall *call, bool (*build)(const VaStream *, VaArena *, VaMediaMessages *))
{
	VaArena arena = { 0 };
	VaMediaMessages messages = { .count = 0 };

	send_messages(call, build(&call->stream, &arena, &messages), &messages);
	va_arena_free(&arena);
}

void
va_call_open_stream(VaMediaCall *call)
{
	tell_carrier(call, va_stream_open);
}

static void
send_piece(VaMediaCall *call)
{
	VaArena arena = { 0 };
	VaMediaMessages messages = { .count = 0 };
	size_t n = (size_t) call->npiece * VA_FRAME_SAMPLES;
	int16_t *samples = va_arena_alloc(&arena, va_resampled_max(call->out, n) * sizeof(*samples));

	if (samples != NULL && n > 0)
		send_messages(call,
			va_stream_audio(&call->stream, samples, va_resample(call->out, call->piece, n, samples), &arena, &messages),
			&messages);
	call->npiece = 0;
	va_arena_free(&arena);
}

/* All frames that are due; a piece that is not full waits, unless nothing follows. */
void
va_call_send_due(VaMediaCall *call, int64_t now_ms, int64_t unix_ms)
{
	int whole = va_dialect_piece_ms(call->stream.dialect) / VA_FRAME_MS;

	/* The carrier has run out of what we had: what it did not have in time was late. */
	if (call->turn_sent_ms > 0 && call->playout.began_ms != 0 && va_playout_waiting(&call->playout) > 0 &&
		va_playout_unheard(&call->playout, now_ms) == 0)
		call->figures.frames_late += 1 + (now_ms - call->playout.began_ms - call->playout.sent_ms) / VA_FRAME_MS;
	while (
		!call->full && va_playout_frame(&call->playout, now_ms, call->piece + (size_t) call->npiece * VA_FRAME_SAMPLES))
	{
		call->npiece++;
		call->figures.frames_out++;
		if (call->turn_began == 0)
			va_call_begins_to_speak(call, now_ms, unix_ms);
		call->turn_sent_ms += VA_FRAME_MS;
		va_call_note_answer(call, now_ms);
		if (call->npiece == whole)
			send_piece(call);
	}
	if (call->script.law_words != NULL)
		va_call_note_law(call, now_ms);
	if (va_playout_waiting(&call->playout) == 0 && call->npiece > 0)
		send_piece(call);
}

static void
drop_sent(VaMediaCall *call)
{
	call->npiece = 0;
	tell_carrier(call, va_stream_clear);
}

void
va_call_clear(VaMediaCall *call)
{
	va_playout_clear(&call->playout);
	drop_sent(call);
}

void
va_call_hold(VaMediaCall *call, int64_t now_ms)
{
	call->turn_sent_ms -= va_playout_hold(&call->playout, now_ms);
	drop_sent(call);
}

void
va_call_leave_place(VaMediaCall *call)
{
	if (call->proven)
		va_share_give(call->share, call->owner);
	if (call->share == VA_SHARE_CALLS && call->owner == VA_NEVER_ARMED)
		va_share_give(VA_SHARE_TRIALS, call->tenant_id);
	call->proven = false;
	call->share = VA_SHARE_WAITING;
}

VaMediaCall *
va_call_to_open(VaMediaCall *calls)
{
	VaMediaCall *next = NULL;

	for (int round = 0; round < 2 && next == NULL; round++)
	{
		if (round > 0)
			va_share_empty(VA_SHARE_ROUND);
		for (VaMediaCall *call = calls; call != NULL; call = call->next)
			if (call->talk.state == VA_TALK_ASKED && va_share_taken(VA_SHARE_ROUND, call->owner) == 0 &&
				(next == NULL || call->arrived_ms <= next->arrived_ms))
				next = call;
	}
	if (next != NULL)
		va_share_take_many(VA_SHARE_ROUND, next->owner, 1);
	return next;
}

void
va_call_close(VaMediaCall *call)
{
	if (call->socket == NULL)
		return;
	if (call->hung_up)
		tell_carrier(call, va_stream_hang_up);
	va_socket_finish(call->socket);
	call->socket = NULL;
	va_call_leave_place(call);
}

/* ---- keys ---- */

void
va_keypad_add(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms)
{
	if (call->npressed == 0)
		call->pressed_began = unix_ms;
	call->pressed[call->npressed++] = key;
	call->pressed_ms = now_ms;
}

const char *
va_keypad_take(VaMediaCall *call, int64_t now_ms)
{
	if (call->npressed == 0 || (call->pressed[call->npressed - 1] != '#' && call->npressed < VA_KEYS_MAX &&
								   now_ms - call->pressed_ms < PAUSE_MS))
		return NULL;
	call->pressed[call->npressed] = '\0';
	call->npressed = 0;
	return call->pressed;
}
