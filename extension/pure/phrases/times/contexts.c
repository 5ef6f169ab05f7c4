/*-------------------------------------------------------------------------
 * contexts.c
 *		Words whose meaning hangs on their neighbours, before times are read:
 *		names of people that hold a weekday or a month are none, "passé" may be
 *		"after".
 */
#include <string.h>

#include "pure/phrases/times/times_internal.h"

/* Words of a name behind "my name is", no more than these. */
#define NAME_WORDS 3
/* The least value of VA_WORD_FROM that stands before an hour: "desde las". */
#define FROM_HOUR 4

static bool
is_of_name(int class)
{
	return class == VA_WORD_OTHER || class == VA_WORD_WEEKDAY || class == VA_WORD_WEEKDAY_SHORT ||
		   class == VA_WORD_MONTH || class == VA_WORD_MONTH_WEAK || class == VA_WORD_HOLIDAY || class == VA_WORD_CITY;
}

/* "me llamo Julio César Domingo" */
static void
read_name(VaScan *scan, size_t at)
{
	for (size_t i = at; i < at + NAME_WORDS && is_of_name(va_lexeme(scan, i)->class); i++)
		scan->items[i].class = VA_WORD_OTHER;
}

/* "vom fünfzehnten an", but "rufen Sie am fünfzehnten an" */
static void
read_an(VaScan *scan, size_t at)
{
	size_t from = at;

	while (from > 0 && at - from < 4 && va_lexeme(scan, from - 1)->class != VA_WORD_ON &&
		   va_lexeme(scan, from - 1)->class != VA_WORD_OTHER && va_lexeme(scan, from - 1)->class < VA_WORD_CLASSES)
		from--;
	scan->items[at].class = VA_WORD_OTHER;
	if (from == 0 || from == at || !va_lexeme_is(scan, from - 1, VA_WORD_ON) ||
		va_lexeme(scan, from - 1)->end - va_lexeme(scan, from - 1)->offset != (int) strlen("vom"))
		return;
	scan->items[at].class = VA_WORD_ONWARD;
	scan->items[at].value = 0;
}

static bool
is_hour_word(int class)
{
	return class == VA_WORD_NUMBER || class == VA_WORD_NOON || class == VA_LEXEME_CLOCK || class == VA_LEXEME_POINT ||
		   class == VA_WORD_FRACTION;
}

/* "desde las nueve a las once": whether an hour stands before, with the word from which it counts. */
static bool
ends_hours(const VaScan *scan, size_t at)
{
	while (at > 0 && (is_hour_word(va_lexeme(scan, at - 1)->class) || va_lexeme_is(scan, at - 1, VA_WORD_MINUTES)))
		at--;
	return at > 0 && va_lexeme_is(scan, at - 1, VA_WORD_FROM) && va_lexeme(scan, at - 1)->value >= FROM_HOUR &&
		   (va_lexeme_is(scan, at, VA_WORD_NUMBER) || va_lexeme_is(scan, at, VA_WORD_NOON));
}

void
va_scan_contexts(VaScan *scan)
{
	for (size_t i = 0; i < scan->count; i++)
	{
		VaLexeme *word = &scan->items[i];

		if (word->class == VA_WORD_COUNTING && word->value == 1)
			read_name(scan, i + 1);
		else if (word->class == VA_WORD_AT && ends_hours(scan, i))
		{
			word->class = VA_WORD_TO;
			word->value = 0;
		}
		else if (word->class == VA_WORD_ONWARD && word->value == 2)
			read_an(scan, i);
		/* "pasado Reyes" */
		else if (word->class == VA_WORD_LAST && word->value == 3 && va_lexeme_is(scan, i + 1, VA_WORD_HOLIDAY))
			word->class = VA_WORD_AFTER;
		/* "just after three" is about three, "just after Easter" is after it. */
		else if (word->class == VA_WORD_ABOUT && word->value != 0 && !is_hour_word(va_lexeme(scan, i + 1)->class))
		{
			word->class = word->value > 0 ? VA_WORD_AFTER : VA_WORD_BEFORE;
			word->value = 0;
		}
		/* "passé seize heures" */
		else if (word->class == VA_WORD_LAST && word->value == 4 &&
				 (va_lexeme_is(scan, i + 1, VA_WORD_NUMBER) || va_lexeme_is(scan, i + 1, VA_WORD_NOON) ||
					 va_lexeme_is(scan, i + 1, VA_LEXEME_CLOCK)))
			word->class = VA_WORD_AFTER;
	}
}
