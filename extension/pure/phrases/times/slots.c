/*-------------------------------------------------------------------------
 * slots.c
 *		The words for one moment: which atoms go together.
 */
#include "pure/phrases/times/times_internal.h"

bool
va_slots_fit(const VaSlots *slots, const VaAtom *atom)
{
	if (slots->moment)
		return false;
	switch (atom->kind)
	{
		case VA_ATOM_DAY:
			/* "in three weeks, on Tuesday" */
			if (slots->has_day && slots->day.weeks && atom->weekday != 0 && atom->plain)
				return true;
			/* "ocho de marzo, lunes" */
			if (slots->has_day && slots->day.in_month && atom->weekday != 0 && atom->plain && !slots->has_clock)
				return va_weekday(slots->day.day) == atom->weekday;
			/* "Friday at 3 pm, March 20th", "next Friday at 3 pm, the 27th": the date says which. */
			if (slots->has_day && slots->has_clock && slots->day.weekday != 0 && atom->in_month)
				return slots->day.day == atom->day || slots->day.or_day == atom->day;
			if (slots->has_day)
				return slots->day.day == atom->day && !slots->has_clock;
			if (slots->has_period && slots->period.grain == VA_GRAIN_MONTH && atom->any_month)
				return true;
			return !slots->has_period || (slots->period.grain == VA_GRAIN_WEEK && atom->weekday != 0 && atom->plain);
		case VA_ATOM_PERIOD:
			if (slots->has_day && !slots->has_period)
				return ((atom->grain == VA_GRAIN_WEEK && slots->day.weekday != 0) ||
						   (atom->grain == VA_GRAIN_WEEKEND && slots->day.weekday >= 6)) &&
					   slots->day.plain;
			return !slots->has_day && !slots->has_period && !slots->has_clock && slots->part == VA_PART_NONE;
		case VA_ATOM_CLOCK:
			if (slots->has_clock && slots->clock.minutes == atom->minutes)
				return true;
			return !slots->has_clock && (slots->has_day || !slots->has_period);
		case VA_ATOM_PART:
			return slots->part == VA_PART_NONE || slots->part == atom->part;
		case VA_ATOM_MOMENT:
			return !slots->has_period && !slots->has_clock && slots->part == VA_PART_NONE &&
				   (!slots->has_day || slots->day.day == atom->day);
		default:
			return false;
	}
}

void
va_slots_put(const VaScan *scan, VaSlots *slots, const VaAtom *atom)
{
	switch (atom->kind)
	{
		case VA_ATOM_DAY:
			slots->day_behind = slots->has_clock;
			if (slots->has_day && slots->day.in_month && atom->weekday != 0)
				break;
			if (slots->has_day && slots->day.weeks && atom->weekday != 0)
			{
				slots->day.day += atom->weekday - va_weekday(slots->day.day);
				slots->day.weeks = false;
				break;
			}
			slots->has_day = true;
			slots->day = *atom;
			if (atom->part != VA_PART_NONE && slots->part == VA_PART_NONE)
				slots->part = atom->part;
			break;
		case VA_ATOM_PERIOD:
			slots->has_period = true;
			slots->period = *atom;
			break;
		case VA_ATOM_CLOCK:
			slots->has_clock = true;
			slots->clock = *atom;
			break;
		case VA_ATOM_PART:
			slots->part = atom->part;
			if (atom->day != VA_NO_DAY && !slots->has_day)
			{
				slots->has_day = true;
				slots->day = (VaAtom){ .kind = VA_ATOM_DAY, .day = atom->day, .or_day = VA_NO_DAY };
			}
			break;
		case VA_ATOM_MOMENT:
			slots->moment = true;
			slots->has_day = true;
			slots->has_clock = true;
			slots->day = *atom;
			slots->clock = *atom;
			break;
		default:
			break;
	}
}

int32_t
va_value_and_part(const VaScan *scan, size_t at, VaDayPart *part)
{
	int32_t value = va_lexeme(scan, at)->value;

	*part = (VaDayPart) ((value + 50000) / 100000);
	return value - (int32_t) *part * 100000;
}

bool
va_slots_same_kind(const VaSlots *slots, const VaAtom *atom)
{
	return (atom->kind == VA_ATOM_DAY && slots->has_day && !slots->has_clock) ||
		   (atom->kind == VA_ATOM_CLOCK && slots->has_clock) || (atom->kind == VA_ATOM_PERIOD && slots->has_period) ||
		   (atom->kind == VA_ATOM_DAY && slots->has_day && slots->has_clock);
}

VaShape
va_shape_of(int open, bool from_on)
{
	switch (open)
	{
		case VA_WORD_AFTER:
			return VA_SHAPE_AFTER;
		case VA_WORD_BEFORE:
			return VA_SHAPE_BEFORE;
		case VA_WORD_UNTIL:
			return VA_SHAPE_UNTIL;
		case VA_WORD_NOT_BEFORE:
			return VA_SHAPE_FROM;
		default:
			return from_on ? VA_SHAPE_FROM : VA_SHAPE_ONE;
	}
}

bool
va_may_follow_hour(const VaScan *scan, size_t at)
{
	switch (va_lexeme(scan, at)->class)
	{
		case VA_WORD_OTHER:
		case VA_WORD_COUNTED:
		case VA_WORD_UNIT:
		case VA_WORD_MULTIPLE:
		case VA_WORD_SPAN:
		case VA_WORD_NUMBER:
		case VA_WORD_ORDINAL:
		case VA_WORD_MONTH:
		case VA_WORD_OF:
			return false;
		default:
			return true;
	}
}

bool
va_is_time_word(int class)
{
	switch (class)
	{
		case VA_WORD_NEXT:
		case VA_WORD_LAST:
		case VA_WORD_FRACTION:
		case VA_WORD_MINUTES:
		case VA_WORD_PAST:
		case VA_WORD_AND_HALF:
		case VA_WORD_DAY_SHIFT:
		case VA_WORD_WEEK_OF:
		case VA_WORD_LATER:
		case VA_WORD_OCLOCK:
		case VA_WORD_HALF_DAY:
		case VA_LEXEME_CLOCK:
		case VA_LEXEME_NO_TIME:
		case VA_LEXEME_POINT:
		case VA_LEXEME_SLASH:
			return true;
		default:
			return false;
	}
}
