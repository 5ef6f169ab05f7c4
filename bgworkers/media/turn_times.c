/*-------------------------------------------------------------------------
 * turn_times.c
 *		What each answer took: noted when it is heard, told when the call ends.
 */
#include <stdlib.h>

#include "call_internal.h"

void
va_call_note_times(VaMediaCall *call, int64_t now_ms)
{
	VaEngines *engines = &call->engines;
	int turn = 0;

	for (const VaTurn *at = call->turns; at != NULL; at = at->next)
		turn = at->is_customer ? at->number : turn;
	if (call->times == NULL)
		call->times = calloc(VA_TIMES_MAX, sizeof(*call->times));
	/* "I did not catch that" answers nothing. */
	if (call->times == NULL || call->ntimes == VA_TIMES_MAX || engines->heard_at == 0 || turn == 0)
		return;
	call->times[call->ntimes++] = (VaTurnTimes){ .turn = turn,
		.recognised_ms = engines->heard_at > call->spoke_ms ? engines->heard_at - call->spoke_ms : 0,
		.token_ms = engines->token_at == 0				 ? -1
					: engines->token_at > call->spoke_ms ? engines->token_at - call->spoke_ms
														 : 0,
		.sound_ms = now_ms - call->spoke_ms,
		.filled = call->filler,
		.ear = engines->heard_by,
		.mind = engines->token_at == 0 ? NULL : engines->thought_by,
		.voice = call->nsentences > 0 && call->sentences[0].voice != NULL ? call->sentences[0].voice->driver->provider
																		  : NULL };
	engines->heard_at = engines->token_at = 0;
}

char *
va_call_turn_times(const VaMediaCall *call, VaArena *arena)
{
	json_t *turns = json_array();
	char *text;

	for (int i = 0; i < call->ntimes; i++)
	{
		const VaTurnTimes *times = &call->times[i];
		json_t *turn = json_pack("{s:i,s:I,s:I,s:b}", "turn", times->turn, "recognised_ms",
			(json_int_t) times->recognised_ms, "first_sound_ms", (json_int_t) times->sound_ms, "filled", times->filled);

		if (times->token_ms >= 0)
			json_object_set_new(turn, "first_token_ms", json_integer(times->token_ms));
		va_json_set_text(turn, "ear", times->ear);
		va_json_set_text(turn, "mind", times->mind);
		va_json_set_text(turn, "voice", times->voice);
		json_array_append_new(turns, turn);
	}
	text = va_json_text(arena, turns);
	json_decref(turns);
	return text;
}
