/*-------------------------------------------------------------------------
 * reading_json.c
 *		A reading as JSON: what was heard, and every value with the words that
 *		bear it out.
 *
 * Members that hold nothing are absent.  Rows that do not fit are left out and
 * counted; their verdicts hold.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

#include <ctype.h>

#include "pure/text/json.h"

/* Bytes that a row takes at most besides its name, value and quote. */
#define ROW_BYTES 200

static size_t
whole_characters(const char *text, size_t len, size_t most)
{
	if (len <= most)
		return len;
	len = most;
	while (len > 0 && ((unsigned char) text[len] & 0xC0) == 0x80)
		len--;
	return len;
}

static void
add_text(VaBuffer *buffer, const char *text, size_t len, size_t most)
{
	size_t whole = whole_characters(text, len, most);

	va_buffer_json_string(buffer, text, whole);
	if (whole < len && !buffer->failed)
	{
		buffer->used--;
		va_buffer_add(buffer, "\342\200\246\"", 4);
	}
}

/* "turn": 3, "quote": "..." */
static void
add_words(VaReader *reader, VaBuffer *buffer, VaWords words)
{
	size_t given = words.turn + (reader->order->count - reader->talk.count);
	const VaTalkTurn *turn = &reader->order->turns[given];

	if (words.len == 0)
		return;
	while (words.offset > 0 && ((unsigned char) turn->text[words.offset] & 0xC0) == 0x80)
	{
		words.offset--;
		words.len++;
	}
	while (
		words.offset + words.len < turn->len && ((unsigned char) turn->text[words.offset + words.len] & 0xC0) == 0x80)
		words.len++;
	va_buffer_printf(buffer, ",\"turn\":%d,\"quote\":",
		reader->order->places == NULL ? (int) given + 1 : (int) reader->order->places[given]);
	add_text(buffer, turn->text + words.offset, words.len, VA_READING_QUOTE_MAX);
}

static bool
is_json_number(const char *text)
{
	size_t digits = 0;

	if (strlen(text) > 40)
		return false;
	text += *text == '-';
	if (*text == '0' && isdigit((unsigned char) text[1]))
		return false;
	for (; isdigit((unsigned char) *text); text++)
		digits++;
	if (digits > 0 && *text == '.')
	{
		for (text++, digits = 0; isdigit((unsigned char) *text); text++)
			digits++;
	}
	return digits > 0 && *text == '\0';
}

static void
add_value(VaBuffer *buffer, const VaReadValue *value)
{
	if (value->type == VA_VALUE_WHOLE || value->type == VA_VALUE_NULL)
		return;
	va_buffer_printf(buffer, ",\"value\":");
	if (value->type == VA_VALUE_BOOLEAN || (value->type == VA_VALUE_NUMBER && is_json_number(value->text)))
		va_buffer_add(buffer, value->text, value->len);
	else
		add_text(buffer, value->text, value->len, VA_READING_SHOWN_MAX);
}

static void
add_row(VaReader *reader, VaBuffer *buffer, const VaReadValue *value)
{
	va_buffer_printf(buffer, "{\"name\":");
	add_text(buffer, value->name, strlen(value->name), VA_READING_NAME_MAX);
	if (value->kind != NULL)
		va_buffer_printf(buffer, ",\"kind\":\"%s\"", value->kind);
	add_value(buffer, value);
	va_buffer_printf(buffer, ",\"origin\":\"%s\",\"support\":\"%s\",\"counts\":%s", value->rules ? "rules" : "carrier",
		va_support_name(value->support), value->counts ? "true" : "false");
	add_words(reader, buffer, value->words);
	va_buffer_add(buffer, "}", 1);
}

static void
add_rows(VaReader *reader, VaBuffer *buffer, size_t unread)
{
	size_t rows = 0;

	/* Findings of rules are shown in any case. */
	for (size_t pass = 0; pass < 2; pass++)
	{
		for (size_t i = pass == 0 ? reader->given : 0; i < (pass == 0 ? reader->count : reader->given); i++)
		{
			if (!reader->values[i].shown)
				continue;
			/* Each byte of a text may be six of JSON. */
			if (buffer->used + ROW_BYTES + 6 * (VA_READING_NAME_MAX + VA_READING_SHOWN_MAX + VA_READING_QUOTE_MAX) >
				VA_READING_BYTES_MAX)
			{
				unread++;
				continue;
			}
			va_buffer_printf(buffer, rows++ == 0 ? ",\"fields\":[" : ",");
			add_row(reader, buffer, &reader->values[i]);
		}
	}
	if (rows > 0)
		va_buffer_add(buffer, "]", 1);
	if (unread > 0)
		va_buffer_printf(buffer, ",\"unread\":%zu", unread);
}

static void
add_outcome(VaReader *reader, VaBuffer *buffer)
{
	const VaTalkOutcome *outcome = &reader->outcome;

	va_buffer_printf(buffer, ",\"outcome\":{\"value\":\"%s\",\"certain\":%s", va_outcome_name(outcome->outcome),
		outcome->certain ? "true" : "false");
	if (outcome->screened)
		va_buffer_printf(buffer, ",\"screened\":true");
	add_words(reader, buffer, outcome->words);
	va_buffer_add(buffer, "}", 1);
	if (outcome->timed)
	{
		char text[VA_PHRASE_TIME_TEXT_MAX];

		va_phrase_time_text(&outcome->time, text);
		va_buffer_printf(buffer, ",\"time\":{\"reading\":\"%s\"", text);
		add_words(reader, buffer, outcome->time_words);
		va_buffer_add(buffer, "}", 1);
	}
}

/* An uncertain opt-out: an analysis says so and the words do not, or the words may. */
static void
add_doubt(VaReader *reader, VaBuffer *buffer)
{
	const VaTalkOutcome *outcome = &reader->outcome;
	const VaReadValue *denied = NULL;
	bool listed = outcome->opt_out && outcome->opt_out_sure;

	for (size_t i = 0; i < reader->count && !listed; i++)
	{
		const VaReadValue *value = &reader->values[i];

		if (strcmp(value->name, "do_not_call") != 0 || va_reading_word(value) <= 0)
			continue;
		listed = value->counts;
		if (value->support == VA_SUPPORT_DENIED)
			denied = value;
	}
	if (listed || (denied == NULL && !outcome->opt_out))
		return;
	va_buffer_printf(buffer, ",\"opt_out_doubt\":{\"why\":\"%s\"", denied != NULL ? "denied" : "unclear");
	add_words(reader, buffer, denied != NULL ? denied->words : outcome->opt_out_words);
	va_buffer_add(buffer, "}", 1);
}

static void
add_promises(VaReader *reader, VaBuffer *buffer)
{
	VaPromise promises[VA_PROMISES];
	const char *before = ",\"promises\":[";

	va_read_promises(&reader->talk, promises);
	for (size_t kind = 0; kind < VA_PROMISES; kind++)
	{
		char text[VA_PHRASE_TIME_TEXT_MAX];

		if (promises[kind].words.len == 0)
			continue;
		va_buffer_printf(buffer, "%s{\"kind\":\"%s\"", before, va_promise_name(kind));
		add_words(reader, buffer, promises[kind].words);
		if (promises[kind].time != NULL)
		{
			va_phrase_time_text(promises[kind].time, text);
			va_buffer_printf(buffer, ",\"time\":\"%s\"", text);
		}
		va_buffer_add(buffer, "}", 1);
		before = ",";
	}
	if (before[1] == '\0')
		va_buffer_add(buffer, "]", 1);
}

/* An analysis and the words are of two minds; as tool_conflicts() of SQL tells it of a tool. */
static void
add_conflict(VaReader *reader, VaBuffer *buffer)
{
	char text[VA_PHRASE_TIME_TEXT_MAX] = "";
	const char *other = reader->conflict_value;

	if (reader->conflict == NULL)
		return;
	if (reader->outcome.timed)
		va_phrase_time_text(&reader->outcome.time, text);
	va_buffer_printf(buffer, ",\"conflict\":[{\"name\":");
	add_text(buffer, reader->conflict, strlen(reader->conflict), VA_READING_NAME_MAX);
	va_buffer_printf(buffer, ",\"words\":\"%s%s%s\",\"other\":", va_outcome_name(reader->outcome.outcome),
		text[0] == '\0' ? "" : " ", text);
	add_text(buffer, other == NULL ? "yes" : other, strlen(other == NULL ? "yes" : other), VA_READING_SHOWN_MAX);
	va_buffer_printf(buffer, "}]");
}

char *
va_reading_json(VaReader *reader, size_t unread)
{
	VaBuffer buffer = { 0 };
	const char *facts = va_reading_facts(reader);

	va_buffer_printf(&buffer, "{\"rules\":%d,\"language\":", VA_READING_RULES);
	add_text(&buffer, reader->talk.language, strlen(reader->talk.language), 20);
	add_outcome(reader, &buffer);
	add_doubt(reader, &buffer);
	add_conflict(reader, &buffer);
	add_promises(reader, &buffer);
	va_buffer_printf(&buffer, ",\"summary\":");
	add_text(&buffer, facts == NULL ? "" : facts, facts == NULL ? 0 : strlen(facts), VA_READING_SHOWN_MAX);
	if (reader->order->unknown > 0)
		va_buffer_printf(&buffer, ",\"unknown_speakers\":%zu", reader->order->unknown);
	add_rows(reader, &buffer, unread);
	va_buffer_add(&buffer, "}", 1);
	return va_buffer_finish(&buffer, reader->arena);
}
