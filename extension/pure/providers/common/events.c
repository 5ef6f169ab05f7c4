/*-------------------------------------------------------------------------
 * events.c
 *		Reading events: what the drivers have in common.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "events.h"

#include <stdlib.h>
#include <string.h>

#include "pure/net/url.h"

#define KEY_PART_BYTES 40

const VaWord *
va_word_of(const VaWord *words, const char *word)
{
	for (; word != NULL && words->word != NULL; words++)
		if (strcmp(word, words->word) == 0)
			return words;
	return NULL;
}

const VaReason *
va_reason_of(const VaReason *reasons, const char *code)
{
	int value = code == NULL ? 0 : atoi(code);

	for (; value > 0 && reasons->low > 0; reasons++)
		if (value >= reasons->low && value <= reasons->high)
			return reasons;
	return NULL;
}

int64_t
va_seconds_of(const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text);

	if (len == 0 || len > 7 || strspn(text, "0123456789") != len)
		return -1;
	return atoi(text);
}

const char *
va_key_part(VaArena *arena, const char *text)
{
	char *part = text == NULL ? NULL : va_utf8_cut(arena, text, KEY_PART_BYTES);
	size_t len = part == NULL ? 0 : strlen(part);

	if (part == NULL)
		return "";
	/* In bytes, for the whole key is bounded so; to the end of a character. */
	if (len > KEY_PART_BYTES)
	{
		len = KEY_PART_BYTES;
		while (len > 0 && ((unsigned char) part[len] & 0xc0) == 0x80)
			len--;
		part[len] = '\0';
	}
	return part;
}

const char *
va_link_of(VaArena *arena, const char *text, const char *suffix)
{
	VaUrl url;
	const char *why;

	if (text == NULL || !va_url_parse(text, strlen(text), &url, &why))
		return NULL;
	return va_arena_join(arena, text, suffix, NULL);
}

const char *
va_event_details(VaArena *arena, json_t *details, const json_t *told, const char *const *left_out)
{
	const char *key;
	json_t *value;
	const char *text;

	json_object_foreach((json_t *) told, key, value)
	{
		bool known = json_is_object(value) || json_is_array(value) || json_is_null(value);

		for (const char *const *name = left_out; *name != NULL && !known; name++)
			known = strcmp(key, *name) == 0;
		if (!known)
			json_object_set(details, key, value);
	}
	text = va_json_text(arena, details);
	json_decref(details);
	return text;
}

bool
va_events_end(VaEvents *events, const VaArena *arena, bool good, const char **why)
{
	if (arena->oom)
	{
		*why = "out of memory";
		good = false;
	}
	if (!good)
		memset(events, 0, sizeof(*events));
	return good;
}

bool
va_event_key(VaEvent *event, const char *key, VaArena *arena, const char **why)
{
	if (key == NULL || strlen(key) != 1 || strspn(key, "0123456789*#") != 1)
	{
		*why = key == NULL ? "the key is missing" : "the key is not one of 0 to 9, * and #";
		return false;
	}
	event->kind = VA_EVENT_KEY;
	event->key = va_arena_strdup(arena, key);
	event->event_key = va_arena_printf(arena, "%s:key:%s", event->provider_call_id, key);
	return true;
}

const char *
va_stream_cause(VaArena *arena, const char *status, const char *why)
{
	return va_utf8_cut(arena,
		why == NULL ? va_arena_printf(arena, "stream_url: %s", status)
					: va_arena_printf(arena, "stream_url: %s, %s", status, why),
		100);
}

void
va_event_returns(VaEvent *event, const char *times, VaArena *arena)
{
	event->kind = VA_EVENT_STREAM;
	event->wants_answer = true;
	event->event_key = va_arena_printf(arena, "%s:again:%d", event->provider_call_id, times == NULL ? 0 : atoi(times));
}

int
va_event_times(const VaEvent *event)
{
	const char *times = event->kind != VA_EVENT_STREAM || event->event_key == NULL ? NULL
																				   : strrchr(event->event_key, ':');

	return times == NULL ? 0 : atoi(times + 1);
}
