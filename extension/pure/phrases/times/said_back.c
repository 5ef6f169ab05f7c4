/*-------------------------------------------------------------------------
 * said_back.c
 *		Words that point back at what was said: "the same time", "after that",
 *		"is fine", "that day".
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/times/join.h"

/* "the same time": the hour that was said. */
void
va_join_read_same(Join *join, size_t at)
{
	/* "I could do four that day": of which, is not read. */
	if (va_lexeme(join->scan, at)->value == 1)
	{
		join->said->unread += join->said->count > 1 && join->end == at && !join->current->a.has_day ? 1 : 0;
		join->others++;
		return;
	}
	for (size_t i = join->said->count; i-- > 0;)
		if (join->said->items[i].a.has_clock && !join->said->items[i].a.moment)
		{
			VaAtom clock = join->said->items[i].a.clock;

			clock.used = 1;
			join->others++;
			va_join_place(join, &clock, at);
			return;
		}
	join->said->hours++;
	join->others++;
}

/* "after that", at the end of a clause: after the day that was said. */
void
va_join_read_then(Join *join, int value, size_t at)
{
	VaMeant *meant = join->current;

	/* "d'ici une semaine j'y verrai clair, rappelez-moi à ce moment-là" */
	if (value == 0)
	{
		if (meant != NULL && meant->shape == VA_SHAPE_UNTIL && meant->by && meant->a.has_day)
			meant->shape = VA_SHAPE_ONE;
		join->others++;
		return;
	}
	/* "I work until five, after that is fine" */
	if (meant != NULL && !meant->denied && meant->shape == VA_SHAPE_UNTIL && value > 0)
		meant->shape = VA_SHAPE_AFTER;
	/* "I start at nine, so before that" */
	else if (meant != NULL && meant->a.has_clock && !meant->a.moment && !meant->denied &&
			 meant->shape == VA_SHAPE_ONE && va_is_end(join->scan, at + 1) &&
			 (join->but || join->link == VA_LEXEME_COMMA))
	{
		meant->shape = value > 0 ? VA_SHAPE_FROM : VA_SHAPE_BEFORE;
		meant->end = at + 1;
	}
	else if (meant != NULL && meant->a.has_day && !meant->a.has_clock && !meant->denied &&
			 meant->shape == VA_SHAPE_ONE && va_is_end(join->scan, at + 1))
	{
		meant->shape = value > 0 ? VA_SHAPE_AFTER : VA_SHAPE_BEFORE;
		meant->end = at + 1;
	}
	/* "wir schließen um zwei, also vorher" */
	else if (meant != NULL && !meant->denied && meant->shape == VA_SHAPE_ONE && meant->a.has_clock &&
			 !meant->a.moment && va_is_end(join->scan, at + 1))
		meant->shape = value > 0 ? VA_SHAPE_FROM : VA_SHAPE_BEFORE;
	else
		join->others++;
}

/* "call me on Monday", "Monday is fine": of all that is said, that is meant. */
void
va_join_read_asking(Join *join, const VaLexeme *word, size_t at)
{
	/* "am Dienstag schon.", but "schon am Dienstag" */
	if (word->class == VA_WORD_CALL && word->value == 2 && !va_is_end(join->scan, at + 1))
		return;
	if (word->class == VA_WORD_CALL && word->value == 0)
	{
		join->asks = true;
		/* "no te puedo atender, márcame a las ocho", but "no vengan antes de las diez" */
		if (join->not_at + 1 != at)
			join->not = false;
		join->others++;
	}
	else if (join->current != NULL && !join->current->denied && at - join->current->end <= VA_DENIAL_REACH / 2)
		join->current->asked = true;
}
