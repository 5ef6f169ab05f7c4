/*-------------------------------------------------------------------------
 * playout.c
 *		Our speech, frame by frame.
 */
#include "playout.h"

#include <stdlib.h>
#include <string.h>

/* Room for a little more than is appended at a time; the memory is given back when all was said. */
#define ROOM_LEAST ((size_t) VA_AUDIO_RATE)

bool
va_playout_add(VaPlayout *playout, const int16_t *samples, size_t n)
{
	size_t waits = playout->used - playout->first;

	if (n > VA_PLAYOUT_SAMPLES_MAX || waits > VA_PLAYOUT_SAMPLES_MAX - n)
		return false;
	if (playout->first > 0)
	{
		memmove(playout->samples, playout->samples + playout->first, waits * sizeof(*samples));
		playout->first = 0;
		playout->used = waits;
	}
	if (waits + n > playout->room)
	{
		size_t room = waits + n < ROOM_LEAST ? ROOM_LEAST : waits + n;
		int16_t *moved = realloc(playout->samples, room * sizeof(*samples));

		if (moved == NULL)
			return false;
		playout->samples = moved;
		playout->room = room;
	}
	if (n > 0)
		memcpy(playout->samples + waits, samples, n * sizeof(*samples));
	playout->used = waits + n;
	return true;
}

static void
remember(VaPlayout *playout, const int16_t *frame)
{
	if (playout->recent == NULL)
		playout->recent = malloc(VA_RECENT_SAMPLES * sizeof(*frame));
	if (playout->recent == NULL)
		return;
	for (size_t i = 0; i < VA_FRAME_SAMPLES; i++)
		playout->recent[playout->nrecent++ % VA_RECENT_SAMPLES] = frame[i];
}

static int
ahead(const VaPlayout *playout)
{
	return playout->ahead_ms != 0 ? playout->ahead_ms : VA_AHEAD_MS;
}

static bool
has_ended(const VaPlayout *playout, int64_t now_ms)
{
	return playout->began_ms != 0 && playout->began_ms + playout->sent_ms <= now_ms;
}

bool
va_playout_frame(VaPlayout *playout, int64_t now_ms, int16_t *frame)
{
	size_t n = playout->used - playout->first;

	if (n == 0)
		return false;
	/* After a pause, and after a stall of ours, the clock begins anew: what is late is not hurried out. */
	if (playout->began_ms == 0 || has_ended(playout, now_ms))
	{
		playout->began_ms = now_ms;
		playout->sent_ms = 0;
	}
	if (playout->began_ms + playout->sent_ms > now_ms + ahead(playout))
		return false;
	n = n > VA_FRAME_SAMPLES ? VA_FRAME_SAMPLES : n;
	memcpy(frame, playout->samples + playout->first, n * sizeof(*frame));
	memset(frame + n, 0, (VA_FRAME_SAMPLES - n) * sizeof(*frame));
	remember(playout, frame);
	playout->first += n;
	playout->sent_ms += VA_FRAME_MS;
	if (playout->first == playout->used)
	{
		free(playout->samples);
		playout->samples = NULL;
		playout->first = playout->used = playout->room = 0;
	}
	return true;
}

int64_t
va_playout_due(const VaPlayout *playout)
{
	if (playout->used == playout->first)
		return -1;
	return playout->began_ms == 0 ? 0 : playout->began_ms + playout->sent_ms - ahead(playout);
}

int64_t
va_playout_unheard(const VaPlayout *playout, int64_t now_ms)
{
	if (playout->began_ms == 0 || has_ended(playout, now_ms))
		return 0;
	return playout->began_ms + playout->sent_ms - now_ms;
}

int64_t
va_playout_waiting(const VaPlayout *playout)
{
	return (int64_t) (playout->used - playout->first) * 1000 / VA_AUDIO_RATE;
}

int64_t
va_playout_hold(VaPlayout *playout, int64_t now_ms)
{
	size_t n = (size_t) va_playout_unheard(playout, now_ms) * VA_AUDIO_RATE / 1000;
	size_t waits = playout->used - playout->first;
	int16_t *again = malloc((n + waits + 1) * sizeof(*again));

	playout->began_ms = playout->sent_ms = 0;
	if (n > VA_RECENT_SAMPLES)
		n = VA_RECENT_SAMPLES;
	if (n > playout->nrecent || playout->recent == NULL || again == NULL)
	{
		free(again);
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		again[i] = playout->recent[(playout->nrecent - n + i) % VA_RECENT_SAMPLES];
	if (waits > 0)
		memcpy(again + n, playout->samples + playout->first, waits * sizeof(*again));
	free(playout->samples);
	playout->samples = again;
	playout->first = 0;
	playout->used = playout->room = n + waits;
	return (int64_t) n * 1000 / VA_AUDIO_RATE;
}

void
va_playout_clear(VaPlayout *playout)
{
	playout->first = playout->used = 0;
	playout->began_ms = 0;
	playout->sent_ms = 0;
}

void
va_playout_free(VaPlayout *playout)
{
	free(playout->samples);
	free(playout->recent);
	memset(playout, 0, sizeof(*playout));
}
