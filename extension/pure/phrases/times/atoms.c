/*-------------------------------------------------------------------------
 * atoms.c
 *		Finds the longest atom that begins at a word, and whether a number there
 *		is an hour.
 */
#include "times_internal.h"

/* Whether a number by itself is an hour, judging by the words beside it. */
static bool
is_bare_hour(const VaPass *pass, size_t at)
{
	const VaScan *scan = pass->scan;
	size_t last = at > 1 && va_lexeme_is(scan, at - 1, VA_WORD_THE) ? at - 2 : at - 1;
	int before = at > 0 ? va_lexeme(scan, last)->class : VA_LEXEME_END;
	int behind = va_lexeme(scan, at + 1)->class;
	bool clock = pass->current != NULL && pass->current->a.has_clock && !pass->current->a.moment;
	bool begins = at == 0 || before >= VA_WORD_CLASSES;

	switch (before)
	{
		case VA_WORD_TO:
		case VA_LEXEME_DASH:
			return clock && pass->link == VA_WORD_TO;
		case VA_WORD_AND:
		case VA_WORD_OR:
			return clock && (pass->link == VA_WORD_TO || pass->end + 1 == at);
		case VA_WORD_FROM:
		case VA_WORD_NOT:
			return va_may_follow_hour(scan, at + 1);
		case VA_WORD_BETWEEN:
			return behind == VA_WORD_AND;
		case VA_WORD_BEFORE:
		case VA_WORD_AFTER:
		case VA_WORD_UNTIL:
		case VA_WORD_NOT_BEFORE:
			return true;
		default:
			break;
	}
	/* "Wednesday at three, no, four" */
	if ((before == VA_LEXEME_COMMA || before == VA_WORD_WITHDRAW) && clock && (pass->end + 1 == at || pass->instead))
		return true;
	/* "de 10 a 12" */
	if ((before == VA_WORD_OF || before == VA_WORD_ON) &&
		(behind == VA_WORD_TO || behind == VA_LEXEME_DASH ||
			(behind == VA_WORD_AT && va_lexeme(scan, at + 1)->value == 1)) &&
		va_lexeme_is(scan, at + 2, VA_WORD_NUMBER))
		return true;
	/* "Monday 1 to 3", "10 bis 12 Uhr": the number is an hour if the other end is an hour. */
	if (behind == VA_WORD_TO || behind == VA_LEXEME_DASH || behind == VA_WORD_UNTIL ||
		(behind == VA_WORD_AT && va_lexeme(scan, at + 1)->value == 1))
		return (pass->end == at && pass->current != NULL && pass->last != VA_ATOM_CLOCK && behind != VA_WORD_UNTIL) ||
			   va_scan_clock(scan, at + 2, false).kind != VA_ATOM_NONE;
	/* "9 tomorrow", "ten on Thursday" */
	if ((begins || before == VA_WORD_WITHDRAW) && va_lexeme(scan, at)->value >= 1 && va_lexeme(scan, at)->value <= 24 &&
		(behind == VA_WORD_DAY || behind == VA_WORD_FITS ||
			(behind == VA_WORD_ON && (scan->traits & VA_LANGUAGE_HOUR_MINUTES) &&
				va_lexeme_is(scan, at + 2, VA_WORD_WEEKDAY))))
		return true;
	return pass->end == at && pass->current != NULL && (pass->last == VA_ATOM_DAY || pass->last == VA_ATOM_PART) &&
		   va_may_follow_hour(scan, at + 1);
}

static VaAtom
part_atom(VaDayPart part, size_t used)
{
	return (VaAtom){ .kind = VA_ATOM_PART, .used = used, .part = part, .day = VA_NO_DAY, .or_day = VA_NO_DAY };
}

static VaAtom
longer(VaAtom one, VaAtom other)
{
	return other.used > one.used ? other : one;
}

/* Whether nothing but words that join others stands here before one that says nothing of a time: "of the talk". */
static bool
joins_nothing(const VaScan *scan, size_t at)
{
	int class = va_lexeme(scan, at)->class;

	while (class == VA_WORD_THE || class == VA_WORD_ON || class == VA_WORD_IN || class == VA_WORD_OF)
		class = va_lexeme(scan, ++at)->class;
	return class == VA_WORD_OTHER || class == VA_LEXEME_COMMA || class == VA_LEXEME_STOP || class == VA_LEXEME_DASH ||
		   class == VA_LEXEME_END;
}

VaAtom
va_atom_at(const VaPass *pass, size_t at)
{
	VaScan *scan = pass->scan;
	const VaLexeme *word = va_lexeme(scan, at);
	bool behind_day = pass->current != NULL && pass->end == at && pass->last == VA_ATOM_DAY &&
					  pass->current->a.part == VA_PART_NONE && pass->link == 0;
	VaAtom best;

	if (joins_nothing(scan, at))
		return (VaAtom){ .kind = VA_ATOM_NONE };
	best = va_scan_zone(scan, at, pass->end == at && pass->last == VA_ATOM_CLOCK);
	/* "mein Name ist Montag", "chambre 12" */
	if (best.kind != VA_ATOM_NONE || (at > 0 && va_lexeme_is(scan, at - 1, VA_WORD_COUNTING)))
		return best;
	/* "Montag Morgen": after a day, the word is a part of that day. */
	if (behind_day && word->class == VA_WORD_MORNING)
		return part_atom(VA_PART_MORNING, 1);
	best = longer(longer(va_scan_day(scan, at), va_scan_period(scan, at)), va_scan_span(scan, at));
	if (best.kind == VA_ATOM_NONE || word->class == VA_WORD_AT || word->class == VA_WORD_ABOUT)
		best = longer(best, va_scan_clock(scan, at, is_bare_hour(pass, at)));
	return longer(best, va_scan_part(scan, at));
}
