/*-------------------------------------------------------------------------
 * events.c
 *		Reading events: what the drivers have in common.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "events.h"

#include <stdlib.h>
#include <string.h>

#include "pure/net/backoff.h"
#include "pure/net/url.h"
#include "replies.h"
#include "requests.h"

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

static const char *
key_part(VaArena *arena, const char *text)
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
va_key(VaArena *arena, const char *const *parts, size_t n)
{
	const char *key = parts[0];

	for (size_t i = 1; i < n && key != NULL; i++)
		key = va_arena_join(arena, key, ":", key_part(arena, parts[i]), NULL);
	return key;
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
		return va_refuse(why, key == NULL ? "the key is missing" : "the key is not one of 0 to 9, * and #");
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

int
va_event_times(const VaEvent *event)
{
	const char *times = event->kind != VA_EVENT_STREAM || event->event_key == NULL ? NULL
																				   : strrchr(event->event_key, ':');

	return times == NULL ? 0 : atoi(times + 1);
}

/* ---- sources ---- */

bool
va_is(const char *text, const char *word)
{
	return text != NULL && strcmp(text, word) == 0;
}

bool
va_about(const VaSource *source, const char *as)
{
	return va_is(va_form_value(&source->query, "as"), as);
}

const char *
va_told(const VaSource *source, const char *name)
{
	const json_t *value;

	if (source->json == NULL)
		return va_form_value(&source->form, name);
	value = json_object_get(source->json, name);
	if (json_is_number(value))
		return va_decimal_text(source->arena, json_number_value(value));
	return json_string_length(value) > 0 ? va_arena_strdup(source->arena, json_string_value(value)) : NULL;
}

void
va_leave_out(json_t *details, const char *name)
{
	json_t *left = json_object_get(details, "leftOut");
	const json_t *known;
	size_t i;

	json_array_foreach(left, i, known) if (va_is(json_string_value(known), name)) return;
	if (left == NULL)
		json_object_set_new(details, "leftOut", left = json_array());
	json_array_append_new(left, json_string(name));
}

/* A value that cannot even be text is reported and left out. */
static const char *
told_text(VaSource *source, const char *name)
{
	const char *text = va_told(source, name);
	const json_t *value = json_object_get(source->json, name);

	if (text == NULL && value != NULL && !json_is_null(value) && !json_is_string(value))
		va_leave_out(source->details, name);
	return text;
}

static bool
read_time(VaArena *arena, const char *text, int64_t *ms)
{
	if (va_time_parse(text, ms) || (strlen(text) < 30 && va_time_parse(va_arena_join(arena, text, "Z", NULL), ms)))
		return true;
	if (!va_http_date(text, ms))
		return false;
	*ms *= 1000;
	return va_time_in_range(*ms);
}

int64_t
va_told_time(VaSource *source, const char *name)
{
	const char *text = told_text(source, name);
	int64_t ms;

	if (text == NULL)
		return 0;
	if (read_time(source->arena, text, &ms))
		return ms;
	va_leave_out(source->details, name);
	return 0;
}

double
va_told_seconds(VaSource *source, const char *name)
{
	const char *text = told_text(source, name);
	const char *amount = va_money_text(source->arena, text, false);

	if (amount != NULL && amount[0] != '-' && strtod(amount, NULL) < 1e7)
		return strtod(amount, NULL);
	if (text != NULL)
		va_leave_out(source->details, name);
	return -1;
}

const char *
va_told_cost(VaSource *source, const char *name, bool negative)
{
	const char *text = told_text(source, name);
	const char *cost = va_money_text(source->arena, text, negative);

	if (cost != NULL && cost[0] != '-')
		return cost;
	if (text != NULL)
		va_leave_out(source->details, name);
	return NULL;
}

/* ---- events ---- */

static void
add_details(const VaEventReader *reader, VaSource *source)
{
	const char *key;
	json_t *value;

	for (const VaNamedText *kept = reader->kept; kept != NULL && kept->name != NULL; kept++)
	{
		const char *text = va_utf8_cut(source->arena, va_told(source, kept->name), VA_MESSAGE_MAX_CHARS);

		if (text != NULL)
			json_object_set_new(source->details, kept->value, json_string(text));
	}
	if (reader->not_kept == NULL)
		return;
	json_object_foreach((json_t *) source->json, key, value)
	{
		bool known = json_is_object(value) || json_is_array(value) || json_is_null(value);

		for (const char *const *name = reader->not_kept; *name != NULL && !known; name++)
			known = strcmp(key, *name) == 0;
		if (!known)
			json_object_set(source->details, key, value);
	}
}

static bool
read_source(const VaEventReader *reader, VaSource *source, VaEvent *event, const char **why)
{
	bool good;

	source->details = va_json_new_object();
	good = reader->read(source, event, why);
	if (good)
		add_details(reader, source);
	if (reader->kept != NULL || reader->not_kept != NULL || json_object_size(source->details) > 0)
		event->details = va_json_text(source->arena, source->details);
	json_decref(source->details);
	return good;
}

bool
va_webhook_read(const VaEventReader *reader, const VaSignedMessage *message, json_t *root, VaArena *arena,
	VaEvents *events, const char **why)
{
	const char *query = message->query == NULL ? "" : message->query;
	VaSource source = { .arena = arena, .json = root };
	const char *attempt;
	bool good = false;

	*events = (VaEvents){ .items = va_arena_alloc(arena, sizeof(VaEvent)), .count = 1 };
	if (events->items != NULL && va_form_read(query, strlen(query), false, arena, &source.query, why) &&
		(root != NULL || va_form_read(message->body, message->body_len, false, arena, &source.form, why)))
	{
		if (va_is(message->method, "GET"))
			source.form = source.query;
		attempt = va_form_value(&source.query, "attempt");
		if (va_printable(attempt) && strlen(attempt) <= VA_ATTEMPT_REF_MAX)
			events->items->attempt_ref = attempt;
		if (root != NULL && !json_is_object(root))
			*why = "the body is not a JSON object";
		else
			good = read_source(reader, &source, events->items, why);
	}
	json_decref(root);
	return va_events_end(events, arena, good, why);
}

bool
va_call_read(const VaEventReader *reader, const json_t *call, VaArena *arena, VaEvent *event, const char **why)
{
	json_t *nothing = va_json_new_object();
	VaSource source = { .arena = arena, .json = json_is_object(call) ? call : nothing };
	bool good;

	memset(event, 0, sizeof(*event));
	good = read_source(reader, &source, event, why);
	json_decref(nothing);
	if (arena->oom)
		*why = "out of memory";
	return good && !arena->oom;
}

void
va_event_end(VaEvent *event, double seconds)
{
	bool completed = strcmp(event->status, "completed") == 0;

	event->kind = VA_EVENT_REPORT;
	event->has_duration = !completed || seconds >= 0;
	if (!completed || seconds < 0)
		return;
	event->duration_seconds = seconds;
	if (event->answered_at == 0 && event->ended_at != 0)
		event->answered_at = event->ended_at - (int64_t) (seconds * 1000);
	if (!va_time_in_range(event->answered_at))
		event->answered_at = 0;
}

VaSourceReader
va_about_reader(const VaAbout *list, const VaSource *source)
{
	while (list->as != NULL && !va_about(source, list->as))
		list++;
	return list->read;
}

bool
va_read_digits(VaSource *source, VaEvent *event, const char **why)
{
	event->wants_answer = true;
	return va_event_key(event, va_told(source, "Digits"), source->arena, why);
}

bool
va_read_return(VaSource *source, VaEvent *event, const char **why)
{
	const char *times = va_form_value(&source->query, "times");

	event->kind = VA_EVENT_STREAM;
	event->wants_answer = true;
	event->event_key = va_arena_printf(
		source->arena, "%s:again:%d", event->provider_call_id, times == NULL ? 0 : atoi(times));
	return true;
}

void
va_event_stream(VaSource *source, VaEvent *event, const char *what, const char *begun, const char *failed,
	const char *why, const char *id)
{
	const char *call = event->provider_call_id != NULL ? event->provider_call_id : event->attempt_ref;

	event->kind = va_is(what, failed) ? VA_EVENT_SILENT : VA_EVENT_OTHER;
	if (event->kind == VA_EVENT_SILENT)
		event->cause = va_stream_cause(source->arena, what, why);
	event->event_key = va_is(what, begun) ? va_arena_printf(source->arena, VA_STREAM_BEGUN_KEY, call)
										  : VA_KEY(source->arena, call, "stream", id, what);
}

bool
va_was_untaken(const char *status)
{
	return va_is(status, "no-answer") || va_is(status, "busy") || va_is(status, "failed") || va_is(status, "timeout");
}

const VaReason va_sip_codes[] = {
	{ 404, 404, { "failed", "bad_number" } },
	{ 410, 410, { "failed", "bad_number" } },
	{ 484, 484, { "failed", "bad_number" } },
	{ 604, 604, { "failed", "bad_number" } },
	{ 408, 408, { "no_answer", "no_answer" } },
	{ 480, 480, { "no_answer", "no_answer" } },
	{ 603, 603, { "no_answer", "no_answer" } },
	{ 608, 608, { "no_answer", "no_answer" } }, /* a network turns the caller away, not the person */
	{ 607, 607, { "failed", "bad_number" } },	/* unwanted: the person asks for no more calls */
	{ 486, 486, { "busy", "busy" } },
	{ 600, 600, { "busy", "busy" } },
	{ 500, 599, { "failed", "retry" } },
	{ 0 },
};

bool
va_sip_unwanted(const char *code)
{
	return va_is(code, "607") || va_is(code, "608");
}
