/*-------------------------------------------------------------------------
 * turn_times.c
 *		The time of each answer: noted when it is heard, kept with its words.
 */
#include <stdlib.h>

#include "said.h"

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
	add_times(call, (VaTurnTimes){ .recognised_ms = -1, .token_ms = -1, .sound_ms = now_ms - call->talk.opened_ms });
}

/* The answer that is due, of which the first sound came then; -1: none did. */
static void
note_times(VaMediaCall *call, int64_t sound_ms)
{
	VaEngines *engines = &call->engines;
	int64_t from = call->asked_ms;
	VaTurnTimes times = { .sound_ms = sound_ms, .token_ms = -1, .filled = call->filled, .ear = engines->heard_by };

	/* "I did not catch that" has no turn of the person's before it. */
	for (const VaTurn *at = call->talk.unheard > 0 ? NULL : call->turns; at != NULL; at = at->next)
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
	if (call->asked_ms == 0 || call->talk.fills || call->turn_sent_ms <= filler_ms)
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

/* Unknown values are below 0, and left out. */
static json_t *
number(int64_t value)
{
	return value >= 0 ? json_integer(value) : NULL;
}

char *
va_call_law_times(const VaMediaCall *call, VaArena *arena)
{
	json_t *parts = json_array();
	char *text;

	for (int i = 0; i < VA_SENTENCES_MAX && call->law_ms[i] != 0; i++)
		json_array_append_new(parts, call->law_ms[i] > 0 ? json_integer(call->law_ms[i]) : json_null());
	text = va_json_text(arena, parts);
	json_decref(parts);
	return text;
}

char *
va_call_turn_times(const VaMediaCall *call, VaArena *arena)
{
	json_t *turns = json_array();
	char *text;

	for (int i = 0; i < call->ntimes; i++)
	{
		const VaTurnTimes *t = &call->times[i];

		json_array_append_new(turns, json_pack("{s:b,s:o*,s:o*,s:o*,s:o*,s:s*,s:s*,s:s*}", "filled", t->filled, "turn",
										 number(t->turn > 0 ? t->turn : -1), "recognised_ms", number(t->recognised_ms),
										 "first_token_ms", number(t->token_ms), "first_sound_ms", number(t->sound_ms),
										 "ear", t->ear, "mind", t->mind, "voice", t->voice));
	}
	text = va_json_text(arena, turns);
	json_decref(turns);
	return text;
}
