/*-------------------------------------------------------------------------
 * beside.c
 *		Moments that are counted from the last that was said: the next one, the
 *		week before that.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/times/join.h"

bool
va_join_ends_clause(const Join *join, size_t at)
{
	int class = va_lexeme(join->scan, at)->class;

	return class == VA_LEXEME_END || class == VA_LEXEME_STOP || class == VA_LEXEME_COMMA;
}

/* "this week or the next", "not this Friday, the one after": one further than what was said, at the same hour. */
void
va_join_read_next(Join *join, int value, size_t at)
{
	const VaMeant *old = join->current;
	bool day_after = value == 5;
	bool strong = value >= 5;
	bool listed = join->link == VA_WORD_OR || join->link == VA_WORD_AND;
	bool instead = old != NULL &&
				   (old->denied || join->withdraw || join->not || (day_after && !listed) || (strong && !listed));
	VaAtom next;
	VaSlots slots;

	/* "this Thursday, not next" */
	if (!strong && join->not &&join->not_at + 2 >= at &&
		(join->scan->traits & (VA_LANGUAGE_HOUR_MINUTES | VA_LANGUAGE_SCORES)) && old != NULL && !old->denied)
	{
		join->not = false;
		return;
	}
	if (value == 0 && join->link == VA_LEXEME_COMMA && !instead && va_is_end(join->scan, at + 1))
		join->said->unread++;
	if (old == NULL || old->shape == VA_SHAPE_RANGE || (join->link == 0 && !instead) ||
		(value == 3 && !instead && join->link != VA_WORD_OR))
	{
		join->said->unread += strong ? 1 : 0;
		return;
	}
	slots = old->a;
	next = slots.has_period ? slots.period : slots.day;
	if (slots.has_period && slots.period.grain == VA_GRAIN_MONTH)
		next.day = va_add_months(next.day, 1);
	else if (slots.has_period && !slots.period.spread &&
			 (slots.period.grain == VA_GRAIN_WEEK || slots.period.grain == VA_GRAIN_WEEKEND))
		next.day += 7;
	else if (!slots.has_period && slots.has_day && slots.day.weekday != 0)
	{
		next.day += 7;
		if (next.or_day != VA_NO_DAY)
			next.or_day += 7;
		next.plain = false;
	}
	else if (!day_after || !slots.has_day || slots.moment)
	{
		join->said->unread += strong ? 1 : 0;
		return;
	}
	if (day_after)
	{
		next = slots.day;
		next.day++;
		next.weekday = 0;
		next.any_month = false;
	}
	next.used = 1;
	if (instead)
	{
		join->not = false;
		for (VaMeant *each = join->said->items; each < join->said->items + join->said->count; each++)
			each->denied = each->denied || each == old || value == 6 ||
						   (each->a.has_day && slots.has_day && each->a.day.day == slots.day.day);
	}
	va_join_place(join, &next, at);
	if (!instead || join->current == old)
		return;
	join->current->denied = false;
	if (slots.has_period && slots.has_day)
	{
		join->current->a.has_day = true;
		join->current->a.day = slots.day;
	}
	join->current->a.has_clock = slots.has_clock;
	join->current->a.clock = slots.clock;
	join->current->a.part = slots.part;
}

/* "my lease ends on the first, so the week before that": the week before or after the last that was said. */
void
va_join_read_week_beside(Join *join, int value, size_t at)
{
	bool after = value == VA_NEXT_WEEK_AFTER;
	const VaMeant *old = join->current;
	VaAtom week;

	/* "this week or the week after" */
	if (after && (old == NULL || old->a.has_period || !old->a.has_day || old->a.day.weekday != 0))
	{
		va_join_read_next(join, 6, at);
		return;
	}
	if (old == NULL || old->shape == VA_SHAPE_RANGE || (!old->a.has_day && !old->a.has_period) ||
		(old->a.has_period && old->a.period.grain > VA_GRAIN_WEEKEND))
	{
		join->said->unread++;
		return;
	}
	week = va_period_atom(
		VA_GRAIN_WEEK, va_monday_of(old->a.has_day ? old->a.day.day : old->a.period.day) + (after ? 7 : -7), 1);
	for (VaMeant *each = join->said->items; each < join->said->items + join->said->count; each++)
		each->denied = each->denied || join->link != VA_WORD_OR;
	join->not = false;
	va_join_place(join, &week, at);
}
