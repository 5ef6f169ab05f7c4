/*-------------------------------------------------------------------------
 * day_counts.c
 *		Days that are counted from another: in two weeks, a week from Monday,
 *		two days ago, the day after Christmas, vendredi en huit.
 */
#include "pure/phrases/times/times_internal.h"

/* A count of days, weeks, months or years: "two weeks", "a week", "week"; lexemes, 0: none. */
static size_t
count_of_days(const VaScan *scan, size_t at, int *days, int *months)
{
	const VaLexeme *first = va_lexeme(scan, at);
	size_t used = 0;
	int count = 1;

	*days = 0;
	*months = 0;
	if ((first->class == VA_WORD_NUMBER || first->class == VA_WORD_ARTICLE) && first->value >= 1 && first->value <= 400)
	{
		count = first->value;
		used = 1;
		first = va_lexeme(scan, at + 1);
	}
	if (first->class == VA_WORD_SPAN && first->value < 0)
	{
		*months = -first->value;
		return used + 1;
	}
	if (first->class == VA_WORD_YEAR && used > 0)
	{
		*months = 12 * count;
		return used + 1;
	}
	if (first->class != VA_WORD_UNIT)
		return 0;
	switch (first->value)
	{
		case VA_UNIT_DAY:
			*days = count;
			if ((scan->traits & VA_LANGUAGE_WEEK_IS_EIGHT) && (count == 8 || count == 15))
				*days = count - 1;
			/* "dentro de unos días" */
			if (used == 0 && scan->vague)
				*days = 3;
			return used == 0 && !scan->vague ? 0 : used + 1;
		case VA_UNIT_WEEK:
			*days = 7 * count;
			return used + 1;
		case VA_UNIT_FORTNIGHT:
			*days = 14 * count;
			return used + 1;
		case VA_UNIT_MONTH:
			*months = count;
			return used == 0 ? 0 : used + 1;
		case VA_UNIT_YEAR:
			*months = 12 * count;
			return used == 0 ? 0 : used + 1;
		default:
			return 0;
	}
}

static VaAtom
shifted(VaAtom atom, int days, int months, size_t used)
{
	if (atom.kind != VA_ATOM_DAY)
		return atom;
	atom.day = va_add_months(atom.day + days, months);
	if (atom.or_day != VA_NO_DAY)
		atom.or_day = va_add_months(atom.or_day + days, months);
	atom.used = used;
	atom.plain = false;
	return atom;
}

/* in two days, two weeks from Monday, a week before Christmas, two days ago. */
static VaAtom
counted_day(const VaScan *scan, size_t from)
{
	size_t at = from;
	bool in = va_lexeme_is(scan, at, VA_WORD_IN);
	bool ago = va_is_ago(scan, at);
	bool until;
	int days;
	int months;
	size_t used;
	VaAtom today = va_day_atom(scan->now.day, 1);
	VaAtom base;
	const VaLexeme *behind;

	until = in && va_is_within(scan, at);
	if (in || ago)
		at++;
	while (until && va_lexeme_is(scan, at, VA_WORD_THE))
		at++;
	if (until && va_lexeme_is(scan, at, VA_WORD_NEXT) && va_lexeme(scan, at)->value < 2)
		at++;
	used = count_of_days(scan, at, &days, &months);
	if (used == 0)
		return VA_NOTHING;
	at += used;
	behind = va_lexeme(scan, at);
	if (ago)
		return shifted(today, -days, -months, at - from);
	if (behind->class == VA_WORD_AGO)
		return shifted(today, -days, -months, at + 1 - from);
	if (behind->class == VA_WORD_FROM_NOW)
	{
		base = shifted(today, days, months, at + 1 - from);
		base.counted = months != 0;
		return base;
	}
	/* a week tomorrow, a week Wednesday, a week this Friday */
	if ((behind->class == VA_WORD_DAY) && !in && months == 0 && days % 7 == 0)
	{
		base = behind->class == VA_WORD_DAY ? va_scan_relative_day(scan, at) : va_scan_simple_day(scan, at);
		return shifted(base, days, 0, at + base.used - from);
	}
	if (behind->class == VA_WORD_FROM || behind->class == VA_WORD_AFTER || behind->class == VA_WORD_BEFORE ||
		(behind->class == VA_WORD_ON && !in && months == 0 && days % 7 == 0))
	{
		int sign = behind->class == VA_WORD_BEFORE ? -1 : 1;

		base = va_scan_simple_day(scan, behind->class == VA_WORD_ON ? at : at + 1);
		if (base.kind == VA_ATOM_DAY)
			return shifted(
				base, sign * days, sign * months, at + base.used + (behind->class == VA_WORD_ON ? 0 : 1) - from);
	}
	if (in)
	{
		/* "in two weeks" may be the week; "in two months" the month: a day is what the count gives. */
		base = shifted(today, days, months, at - from);
		base.counted = months != 0;
		base.until = until;
		base.weeks = days % 7 == 0 && days > 0 && months == 0;
		return base;
	}
	return VA_NOTHING;
}

VaAtom
va_scan_day(const VaScan *scan, size_t at)
{
	VaAtom atom = counted_day(scan, at);
	int days;
	int months;
	size_t used;

	if (atom.kind == VA_ATOM_NONE)
		atom = va_scan_simple_day(scan, at);
	/* Friday in a week, Monday week, vendredi en huit */
	if (atom.kind == VA_ATOM_DAY &&
		(atom.weekday != 0 || va_lexeme_is(scan, at, VA_WORD_DAY) || va_lexeme_is(scan, at, VA_WORD_MORNING)))
	{
		size_t behind = at + atom.used;
		bool in = va_lexeme_is(scan, behind, VA_WORD_IN);
		if (va_lexeme_is(scan, behind, VA_WORD_LATER))
			return shifted(atom, va_lexeme(scan, behind)->value, 0, atom.used + 1);
		used = count_of_days(scan, in ? behind + 1 : behind, &days, &months);
		if (used > 0 && months == 0 && days > 0 && (in || (used == 1 && (scan->traits & VA_LANGUAGE_HOUR_MINUTES))) &&
			days % 7 == 0)
			atom = shifted(atom, days, 0, atom.used + used + (in ? 1 : 0));
	}
	return atom;
}
