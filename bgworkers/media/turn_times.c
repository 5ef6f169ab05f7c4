/*-------------------------------------------------------------------------
 * turn_times.c
 *		What each answer took: noted when it is heard, kept with its words.
 */
#include <stdlib.h>

#include "call_internal.h"

static void
add_times(VaMediaCall *call, VaTurnTimes times)
{
	VaTurnTimes *more = realloc(call->times, sizeof(*more) * (size_t) (call->ntimes + 1));

	if (more == NULL)
		return;
	times.voice = call->nsentences == 0 || call->sentences[0].voice == NULL
					  ? NULL
					  : call->sentences[0].voice->driver->provider;
	call->times = more;
	call->times[call->ntimes++] = times;
}

void
va_call_note_greeting(VaMediaCall *call, int64_t now_ms)
{
	add_times(call, (VaTurnTimes){ .recognised_ms = -1, .token_ms = -1, .sound_ms = now_ms - call->opened_ms });
}

/* The answer that is due, of which the first sound came then; -1: none did. */
static void
note_times(VaMediaCall *call, int64_t sound_ms)
{
	VaEngines *engines = &call->engines;
	int64_t from = call->asked_ms;
	VaTurnTimes times = { .sound_ms = sound_ms, .token_ms = -1, .filled = call->filled, .ear = engines->heard_by };

	/* "I did not catch that" has no turn of the person's before it. */
	for (const VaTurn *at = call->unheard > 0 ? NULL : call->turns; at != NULL; at = at->next)
		times.turn = at->is_customer ? at->number : times.turn;
	times.recognised_ms = engines->heard_at >= from ? engines->heard_at - from : -1;
	if (engines->token_at != 0)
	{
		times.token_ms = engines->token_at > from ? engines->token_at - from : 0;
		times.mind = engines->thought_by;
	}
	add_times(call, times);
	engines->token_at = call->asked_ms = 0;
	call->filled = false;
}

void
va_call_note_answer(VaMediaCall *call, int64_t now_ms)
{
	int64_t filler_ms = 0;

	for (int i = 0; i < call->nsentences; i++)
		filler_ms += call->sentences[i].filler ? call->sentences[i].ms + VA_FRAME_MS : 0;
	call->filled |= filler_ms > 0;
	if (call->asked_ms == 0 || call->filler || call->turn_sent_ms <= filler_ms)
		return;
	call->figures.answer_ms += now_ms - call->asked_ms;
	call->figures.answers++;
	note_times(call, now_ms - call->asked_ms);
}

void
va_call_note_cut(VaMediaCall *call)
{
	if (call->asked_ms != 0)
		note_times(call, -1);
}

static void
set_number(json_t *turn, const char *name, int64_t number)
{
	if (number >= 0)
		json_object_set_new(turn, name, json_integer(number));
}

char *
va_call_turn_times(const VaMediaCall *call, VaArena *arena)
{
	json_t *turns = json_array();
	char *text;

	for (int i = 0; i < call->ntimes; i++)
	{
		const VaTurnTimes *times = &call->times[i];
		json_t *turn = json_pack("{s:b}", "filled", times->filled);

		set_number(turn, "turn", times->turn > 0 ? times->turn : -1);
		set_number(turn, "recognised_ms", times->recognised_ms);
		set_number(turn, "first_token_ms", times->token_ms);
		set_number(turn, "first_sound_ms", times->sound_ms);
		va_json_set_text(turn, "ear", times->ear);
		va_json_set_text(turn, "mind", times->mind);
		va_json_set_text(turn, "voice", times->voice);
		json_array_append_new(turns, turn);
	}
	text = va_json_text(arena, turns);
	json_decref(turns);
	return text;
}
