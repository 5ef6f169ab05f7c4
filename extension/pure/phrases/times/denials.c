/*-------------------------------------------------------------------------
 * denials.c
 *		What is denied and what is withdrawn.
 */
#include "pure/phrases/times/join.h"

static bool
lies_behind(const Join *join, const VaMeant *meant)
{
	int32_t today = join->scan->now.day;

	if (meant->a.moment)
		return meant->a.day.day < today ||
			   (meant->a.day.day == today && meant->a.clock.minutes < join->scan->now.minutes);
	if (meant->a.has_day)
		return meant->a.day.day < today ||
			   (meant->a.day.day == today && (!meant->a.has_clock || meant->a.part == VA_PART_MORNING));
	return meant->a.has_period && meant->a.period.day + (meant->a.period.grain == VA_GRAIN_WEEK ? 7 : 31) <= today;
}

/* A denied open range is the other one: "not before ten", "not until Friday", "not after five". */
void
va_join_deny(Join *join, VaMeant *meant)
{
	/* "gestern haben Sie angerufen": what lies behind is what is said. */
	if ((join->not_value == 8 || join->not_value == 9) && lies_behind(join, meant))
		return;
	switch (meant->shape)
	{
		case VA_SHAPE_BEFORE:
			meant->shape = VA_SHAPE_FROM;
			break;
		case VA_SHAPE_UNTIL:
			meant->away = join->not_value == 1;
			meant->shape = join->not_value == 1 ? VA_SHAPE_AFTER : VA_SHAPE_FROM;
			break;
		case VA_SHAPE_AFTER:
			meant->shape = VA_SHAPE_UNTIL;
			meant->denied = join->except;
			break;
		case VA_SHAPE_FROM:
			/* "je ne peux pas avant mardi": both words deny. */
			break;
		default:
			/* "away for two weeks", "I can't for two weeks" */
			if (join->scan->vague && va_lexeme_is(join->scan, meant->first, VA_WORD_IN) &&
				(va_lexeme(join->scan, meant->first)->value == VA_IN_FOR || join->not_value == 1))
				meant->shape = VA_SHAPE_FROM;
			else
				meant->denied = true;
			break;
	}
}

void
va_join_withdraw(Join *join, VaMeant *meant, const VaAtom *atom)
{
	VaMeant *old = join->current;

	if (old == NULL || old == meant)
		return;
	if (atom->kind == VA_ATOM_CLOCK || atom->kind == VA_ATOM_PART)
	{
		meant->a.has_day = old->a.has_day;
		meant->a.day = old->a.day;
		meant->a.has_period = old->a.has_period;
		meant->a.period = old->a.period;
		if (atom->kind == VA_ATOM_CLOCK)
			meant->a.part = old->a.part;
	}
	else if (atom->kind == VA_ATOM_DAY && old->a.has_clock && !old->a.moment && old->shape == VA_SHAPE_ONE)
	{
		/* Taken over only if no hour is said with the new day: see va_scan_said(). */
		meant->b.has_clock = true;
		meant->b.clock = old->a.clock;
		meant->b.part = old->a.part;
	}
	if (meant->zone == NULL)
		meant->zone = old->zone;
	for (VaMeant *each = join->said->items; each < meant; each++)
		each->denied = true;
}

void
va_join_deny_before(Join *join)
{
	if (join->not &&join->current != NULL && join->current->clause == join->clause &&
		join->not_at - join->current->end <= VA_DENIAL_REACH)
		for (VaMeant *each = join->current; !each->denied; each--)
		{
			/* "until Friday I have no time", "ab dem Dritten bin ich weg" */
			if (each->shape == VA_SHAPE_UNTIL)
			{
				each->away = true;
				/* "hasta septiembre nada" is from September on. */
				each->shape = each->a.has_period && (join->scan->traits & VA_LANGUAGE_AND_UNIT) ? VA_SHAPE_FROM
																								: VA_SHAPE_AFTER;
			}
			else if (each->shape == VA_SHAPE_FROM && join->not_value == 1)
				each->denied = true;
			else
				va_join_deny(join, each);
			if (!each->linked || each[-1].asked)
				break;
		}
	join->not = false;
}

/* Between a day and the word that tells what happened on it, no more words than these. */
#define HAPPENED_REACH 6

/* A day or a month of no year, a part of a day: "on Monday", "in May", "all morning". */
static bool
may_have_happened(const VaAtom *atom)
{
	return (atom->kind == VA_ATOM_DAY && atom->weekday != 0 && atom->plain) ||
		   (atom->kind == VA_ATOM_PERIOD && atom->grain == VA_GRAIN_MONTH) ||
		   (atom->kind == VA_ATOM_PART && atom->day == VA_NO_DAY);
}

bool
va_join_has_happened(const Join *join, const VaAtom *atom, size_t at)
{
	return join->happened && at - join->happened_at <= HAPPENED_REACH && may_have_happened(atom);
}

void
va_join_read_happened(Join *join, size_t at)
{
	VaMeant *meant = join->current;

	join->happened = true;
	join->happened_at = at;
	if (meant != NULL && meant->clause == join->clause && at - meant->end <= HAPPENED_REACH &&
		may_have_happened(meant->a.has_day ? &meant->a.day : &meant->a.period))
		meant->denied = true;
}

/* "no" by itself, between commas and the like, takes back what was said. */
static bool
stands_alone(const Join *join, size_t at)
{
	int behind = va_lexeme(join->scan, at + 1)->class;
	int before = at > 0 ? va_lexeme(join->scan, at - 1)->class : VA_LEXEME_END;

	return (behind == VA_LEXEME_COMMA || behind == VA_LEXEME_STOP || behind == VA_LEXEME_DASH) &&
		   (before == VA_LEXEME_COMMA || before == VA_LEXEME_STOP || before == VA_LEXEME_DASH || before == VA_WORD_OR);
}

/* A word that denies: of what follows in its clause, or of what stands before it. */
void
va_join_read_denial(Join *join, const VaLexeme *word, size_t at, bool adjacent)
{
	/* "espere, no, el viernes" */
	if (join->withdraw && word->class == VA_WORD_NOT && word->value == 3 && join->current != NULL)
		return;
	/* "je vous ai appelés hier et personne n'a répondu" */
	if (join->link == VA_WORD_AND)
	{
		join->link = 0;
		join->clause++;
	}
	/* "bis Mai nichts", "Montag gesagt": of what stands right before it, or of nothing. */
	if (word->value == 7 && !adjacent && va_join_atom(join, at + 1).kind != VA_ATOM_DAY)
		return;
	/* "demain, impossible": of what stands before it, also behind a comma. */
	if ((word->value == 5 || word->value == 9) && join->current != NULL && at - join->current->end <= 6)
	{
		join->current->clause = join->clause;
		join->not = true;
		join->not_value = word->value;
		join->not_at = at;
		va_join_deny_before(join);
		return;
	}
	if (word->value == 3 && stands_alone(join, at))
	{
		join->withdraw = true;
		return;
	}
	/* "a las cuatro no, a las cinco": of the same day. */
	if (adjacent && word->value == 3 && (join->last == VA_ATOM_CLOCK || join->last == VA_ATOM_PART) &&
		va_lexeme_is(join->scan, at + 1, VA_LEXEME_COMMA) && va_join_atom(join, at + 2).kind == join->last)
	{
		join->withdraw = true;
		return;
	}
	/* "el lunes no el martes a las doce", without marks: it is the other. */
	if (adjacent && word->value == 3 && !join->rather && !join->current->asked && join->last == VA_ATOM_DAY &&
		va_join_atom(join, at + 1).kind == VA_ATOM_DAY)
	{
		join->not = true;
		join->not_value = 0;
		join->not_at = at;
		va_join_deny_before(join);
		return;
	}
	/* "ah no que el sábado trabajo entonces el domingo" */
	if (adjacent && (word->value == 2 || word->value == 7))
	{
		join->not = true;
		join->not_at = at;
		va_join_deny_before(join);
		return;
	}
	/* "el viernes no me cuadra": of what stands before it, unless a time follows at once. */
	if (adjacent && word->class == VA_WORD_NOT && va_join_atom(join, at + 1).kind == VA_ATOM_NONE &&
		!(va_lexeme_is(join->scan, va_skip_of(join->scan, at + 1), VA_WORD_NEXT) &&
			(join->scan->traits & (VA_LANGUAGE_HOUR_MINUTES | VA_LANGUAGE_SCORES))) &&
		!va_lexeme_is(join->scan, at + 1, VA_WORD_BEFORE) && !va_lexeme_is(join->scan, at + 1, VA_WORD_UNTIL) &&
		!va_lexeme_is(join->scan, at + 1, VA_WORD_AFTER))
	{
		join->not = true;
		if (word->value >= 8)
			join->not_value = word->value;
		join->not_at = at;
		va_join_deny_before(join);
		return;
	}
	/* "rather Saturday than Friday": of what follows at once, if of anything. */
	if (word->value == 4 && word->class == VA_WORD_NOT && va_join_atom(join, at + 1).kind == VA_ATOM_NONE)
		return;
	join->not = true;
	join->not_value = word->value == 4 ? 2 : word->value;
	join->except = word->class == VA_WORD_EXCEPT;
	join->not_at = at;
}
