/*-------------------------------------------------------------------------
 * telnyx_state.c
 *		The text that Telnyx carries for us through a call.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "telnyx_internal.h"

#include <string.h>

#include <sodium.h>

#define STATE_MAX \
	(VA_ATTEMPT_REF_MAX + VA_CALL_ID_MAX + 8) /* bytes of ours; others may write more, which is not ours then */

const char *
telnyx_state_text(const TelnyxState *state, VaArena *arena)
{
	const char *text = va_arena_printf(arena, "%s%s%s%s%s%s%s", state->attempt_ref != NULL ? state->attempt_ref : "",
		state->streams || state->detects || state->leaves_message || state->other_leg ? ";" : "",
		state->streams ? "s" : "", state->detects ? "d" : "", state->leaves_message ? "m" : "",
		state->other_leg ? "t" : "", state->other_leg && state->first_leg != NULL ? state->first_leg : "");
	size_t len = text == NULL ? 0 : strlen(text);
	char *encoded = va_arena_alloc(arena, sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL));

	if (text == NULL || encoded == NULL)
		return NULL;
	va_base64_encode(text, len, encoded);
	return encoded;
}

void
telnyx_state_read(const char *client_state, VaArena *arena, TelnyxState *state)
{
	char text[STATE_MAX + 1];
	size_t len = 0;
	char *flags;

	memset(state, 0, sizeof(*state));
	if (client_state == NULL || strlen(client_state) > STATE_MAX * 2 ||
		!va_base64_decode(client_state, strlen(client_state), (unsigned char *) text, STATE_MAX, &len))
		return;
	text[len] = '\0';
	if (strlen(text) != len || !va_printable(text))
		return;
	flags = strchr(text, ';');
	if (flags != NULL && flags[1] == 't')
	{
		*flags = '\0';
		state->other_leg = true;
		state->first_leg = va_id_valid(flags + 2) ? va_arena_strdup(arena, flags + 2) : NULL;
	}
	else if (flags != NULL)
	{
		*flags++ = '\0';
		state->streams = strchr(flags, 's') != NULL;
		state->detects = strchr(flags, 'd') != NULL;
		state->leaves_message = strchr(flags, 'm') != NULL;
	}
	if (text[0] != '\0' && strlen(text) <= VA_ATTEMPT_REF_MAX)
		state->attempt_ref = va_arena_strdup(arena, text);
}
