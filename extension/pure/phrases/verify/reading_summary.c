/*-------------------------------------------------------------------------
 * reading_summary.c
 *		Whether a model's summary of a talk says what the talk does not.
 *
 * Its own words it may choose.  Its numbers, dates, times and names are looked
 * for as those of any other text: in the words of both sides, since what the
 * assistant says is the business's own.
 *
 * Pure.
 */
#include "pure/phrases/verify/reading_internal.h"

/* A Monday morning: "tomorrow" is as far from it in the text as in the talk. */
static const VaTimeReference any_moment = { .day = 10959, .minutes = 600 };

/*
 * Keeps of the moments that a text names those that the talk names, too: their
 * words need not be the same.  A value that is no moment is judged word by
 * word. false: one of another time.
 */
static bool
keep_said(VaReader *reader, const char *text, VaPhraseTimes *times)
{
	size_t kept = 0;

	for (size_t i = 0; i < times->count; i++)
	{
		VaReadValue value = { .name = "summary", .type = VA_VALUE_TEXT, .len = times->items[i].len };
		VaSupport support;

		value.text = va_arena_strndup(reader->arena, text + times->items[i].offset, value.len);
		support = value.text == NULL ? VA_SUPPORT_MISSING : va_judge_time(reader, "moment", NULL, &value);
		if (support == VA_SUPPORT_SUPPORTED)
			times->items[kept++] = times->items[i];
		else if (support != VA_SUPPORT_FORM)
			return false;
	}
	times->count = kept;
	return true;
}

static bool
in_time(const VaPhraseTimes *times, const VaUnit *unit)
{
	for (size_t i = 0; i < times->count; i++)
	{
		if (unit->offset >= times->items[i].offset && unit->end <= times->items[i].offset + times->items[i].len)
			return true;
	}
	return false;
}

/* The words that must occur.  In German every noun has a capital: there a first name, and what follows a title. */
static bool
is_name(const VaReader *reader, const VaUnits *units, size_t at)
{
	const VaUnit *unit = &units->items[at];

	if (va_unit_is(units, at, VA_MONTH))
		return true;
	if (!unit->capital)
		return false;
	return va_unit_is(units, at, VA_GIVEN) || (at > 0 && va_unit_is(units, at - 1, VA_TITLE)) ||
		   (!va_unit_begins(units, at) && !reader->lexicon->table->compounds);
}

static bool
all_said(VaReader *reader, const VaUnits *units, const VaPhraseTimes *times)
{
	for (size_t i = 0; i < units->count; i++)
	{
		const VaUnit *unit = &units->items[i];
		bool number = unit->number >= 0 && va_unit_is(units, i, VA_NUMBERS);

		if (in_time(times, unit) || (!number && (unit->key[0] == '\0' || !is_name(reader, units, i))))
			continue;
		if ((number ? va_reading_find_number(reader, unit->number * VA_MICRO)
					: va_reading_find(reader, va_reading_stem(unit->key))) == NULL)
			return false;
	}
	return true;
}

bool
va_summary_stands(VaArena *arena, const VaReadingOrder *given, const char *text, size_t len)
{
	VaReadingOrder order = *given;
	VaReader reader = { .arena = arena, .order = &order, .lexicon = va_lexicon(order.language) };
	VaPhraseTimes times;
	VaUnits units;

	order.reference = &any_moment;
	if (reader.lexicon == NULL || order.count == 0 || len > VA_READING_VALUE_MAX || !va_reading_take_turns(&reader) ||
		reader.tainted || !va_reading_open_turns(&reader) || !va_units(arena, reader.lexicon, text, len, &units))
		return false;
	for (size_t i = 0; i < reader.talk.count - reader.first; i++)
		reader.vouched[i] = 1;
	va_phrase_times(text, len, va_phrase_language(order.language), any_moment, &times);
	return keep_said(&reader, text, &times) && all_said(&reader, &units, &times) && !arena->oom;
}
