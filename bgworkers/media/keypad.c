/*-------------------------------------------------------------------------
 * keypad.c
 *		What a person presses on its telephone.
 *
 * The key that opts out counts at once.  Other keys are gathered until
 * "#" or a pause ends them, and are then what the person has said: a turn, which
 * the assistant answers.
 */
#include "call.h"

#include "call_internal.h"

/* So long after the last key they are complete. */
#define PAUSE_MS 1500

/* What we are saying ends where it is. */
static void
fall_silent(VaMediaCall *call, int64_t unix_ms)
{
	call->held_ms = 0;
	call->verdict_due = false;
	va_call_cut_short(call, unix_ms);
	va_call_clear(call);
}

static void
gather(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms)
{
	if (call->phase != VA_CALL_TALKS || !va_call_law_is_said(call) || call->npressed == VA_KEYS_MAX)
		return;
	if (call->npressed == 0)
		call->pressed_began = unix_ms;
	call->pressed[call->npressed++] = key;
	call->pressed_ms = call->quiet_since = now_ms;
	if (call->nsentences > 0)
		fall_silent(call, unix_ms);
}

void
va_keypad_press(VaMediaCall *call, char key, int64_t now_ms, int64_t unix_ms)
{
	if (call->opted_out || (call->phase != VA_CALL_TALKS && call->phase != VA_CALL_LEAVES))
		return;
	if (key != call->script.opt_out_key)
	{
		gather(call, key, now_ms, unix_ms);
		return;
	}
	call->opted_out = true;
	call->confidence = -1;
	fall_silent(call, unix_ms);
	va_call_add_turn(call, true, &key, 1, unix_ms);
}

void
va_keypad_turn(VaMediaCall *call, int64_t now_ms)
{
	bool ended;

	if (call->npressed == 0)
		return;
	ended = call->pressed[call->npressed - 1] == '#' || call->npressed == VA_KEYS_MAX ||
			now_ms - call->pressed_ms >= PAUSE_MS;
	/* A sentence of the person's that is being understood comes first. */
	if (!ended || call->answer_due || va_engines_listening(call))
		return;
	call->pressed[call->npressed] = '\0';
	call->npressed = 0;
	call->began_ms = call->pressed_began;
	call->spoke_ms = call->pressed_ms;
	call->confidence = -1;
	call->engines.heard_by = NULL;
	if (call->nsentences > 0)
		fall_silent(call, call->pressed_began);
	va_call_heard(call, call->pressed, true, now_ms);
}
