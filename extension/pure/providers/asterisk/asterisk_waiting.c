/*-------------------------------------------------------------------------
 * asterisk_waiting.c
 *		The activity at an Asterisk: its list of channels, read as the frames
 *		that its socket would have brought.
 *
 * No frame reports a channel that came into our application while our socket
 * was closed, but its place in the dialplan still says with what it came: of
 * that its StasisStart is made up.
 */
#include "asterisk_internal.h"

/* The frame with which a channel came into our application, if it is one that waits for us; NULL: it is not. */
static const char *
waiting_frame(const json_t *channel, const char *app, VaArena *arena)
{
	const char *first = asterisk_application_word(channel, 1, arena);
	const char *second = asterisk_application_word(channel, 2, arena);
	const char *created = va_json_string(channel, "creationtime");
	const char *text;
	json_t *frame;

	if (!is_text(asterisk_application_word(channel, 0, arena), app) || created == NULL ||
		!(is_text(first, ASTERISK_INBOUND) || is_text(first, ASTERISK_RECORD) ||
			asterisk_is_media(va_json_string(channel, "id"))))
		return NULL;
	frame = json_pack("{s:s, s:s, s:s, s:[s*], s:O}", "type", "StasisStart", "timestamp", created, "application", app,
		"args", first, "channel", channel);
	if (frame != NULL && second != NULL)
		json_array_append_new(json_object_get(frame, "args"), json_string(second));
	text = va_json_text(arena, frame);
	json_decref(frame);
	return text;
}

bool
asterisk_read_waiting(const VaProviderAccount *carrier, const VaHttpResponse *response, VaArena *arena,
	VaWaiting *waiting, const char **why)
{
	json_t *root = va_reply_json(response, arena, why);
	json_t *channel;
	size_t i;

	memset(waiting, 0, sizeof(*waiting));
	if (!json_is_array(root) || response->status != 200)
	{
		if (*why == NULL)
			*why = "the answer is no list of channels";
		json_decref(root);
		return false;
	}
	waiting->ids = va_arena_alloc(arena, sizeof(char *) * (json_array_size(root) + 1));
	waiting->frames = va_arena_alloc(arena, sizeof(char *) * (json_array_size(root) + 1));
	json_array_foreach(root, i, channel)
	{
		const char *id = va_json_string(channel, "id");
		const char *frame;

		if (arena->oom || !va_id_valid(id))
			continue;
		waiting->ids[waiting->nids++] = va_arena_strdup(arena, id);
		frame = waiting_frame(channel, asterisk_app(carrier), arena);
		if (frame != NULL)
			waiting->frames[waiting->nframes++] = frame;
	}
	json_decref(root);
	*why = "out of memory";
	return !arena->oom;
}
