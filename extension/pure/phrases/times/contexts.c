/*-------------------------------------------------------------------------
 * contexts.c
 *		Words whose meaning hangs on their neighbours, before times are read:
 *		names of people and of streets that hold a weekday, a month or a number
 *		are none, "pasado" may be a day, "passé" may be "after".
 *-------------------------------------------------------------------------
 */
#include <string.h>

#include "pure/phrases/times/times_internal.h"

#include <string.h>

/* Shorter words than this are too near to others: "mari", "sunny". */

/* Words of a name behind "my name is", no more than these. */
#define NAME_WORDS 3

static bool
is_of_name(int class)
{
	return class == VA_WORD_OTHER || class == VA_WORD_WEEKDAY || class == VA_WORD_WEEKDAY_SHORT ||
		   class == VA_WORD_MONTH || class == VA_WORD_MONTH_WEAK || class == VA_WORD_HOLIDAY || class == VA_WORD_CITY;
}

/* "me llamo Julio César Domingo": a name ends where its capital letters do. */
static void
read_name(VaScan *scan, size_t at)
{
	bool capital = va_lexeme(scan, at)->capital;

	for (size_t i = at; i < at + NAME_WORDS && is_of_name(va_lexeme(scan, i)->class); i++)
	{
		if (capital && !va_lexeme(scan, i)->capital)
			break;
		scan->items[i].class = VA_WORD_OTHER;
	}
}

/* "calle Dos de Mayo", "place du 8 mai": a number, and the month behind it. */
static void
read_counted_name(VaScan *scan, size_t from)
{
	size_t at = from;

	while (
		va_lexeme_is(scan, at, VA_WORD_THE) || va_lexeme_is(scan, at, VA_WORD_ON) || va_lexeme_is(scan, at, VA_WORD_OF))
		at++;
	/* "born on May 5th" */
	if ((va_lexeme_is(scan, at, VA_WORD_MONTH) || va_lexeme_is(scan, at, VA_WORD_MONTH_WEAK)) &&
		(va_lexeme_is(scan, at + 1, VA_WORD_NUMBER) || va_lexeme_is(scan, at + 1, VA_WORD_ORDINAL)))
		scan->items[at++].class = VA_WORD_OTHER;
	if (!va_lexeme_is(scan, at, VA_WORD_NUMBER) && !va_lexeme_is(scan, at, VA_WORD_ORDINAL))
		return;
	scan->items[at++].class = VA_WORD_OTHER;
	/* "Hausnummer acht bis zehn" */
	if ((va_lexeme_is(scan, at, VA_WORD_TO) || va_lexeme_is(scan, at, VA_WORD_UNTIL) ||
			va_lexeme_is(scan, at, VA_LEXEME_DASH)) &&
		va_lexeme_is(scan, at + 1, VA_WORD_NUMBER))
		scan->items[at++].class = VA_WORD_OTHER;
	while (va_lexeme_is(scan, at, VA_WORD_OF) || va_lexeme_is(scan, at, VA_WORD_ON) ||
		   va_lexeme_is(scan, at, VA_LEXEME_DASH))
		at++;
	if (va_lexeme_is(scan, at, VA_WORD_MONTH) || va_lexeme_is(scan, at, VA_WORD_MONTH_WEAK))
		scan->items[at++].class = VA_WORD_OTHER;
	/* "termina en dieciocho treinta" */
	while (va_lexeme_is(scan, at, VA_WORD_NUMBER) || va_lexeme_is(scan, at, VA_WORD_MINUTES) ||
		   (va_lexeme_is(scan, at, VA_WORD_UNIT) && (scan->traits & VA_LANGUAGE_HOUR_UNIT)))
		scan->items[at++].class = VA_WORD_OTHER;
}

/* "at 122 Friday Street": a name, with its number. */
static void
read_street(VaScan *scan, size_t at)
{
	size_t from = at;

	if (from == 0)
		return;
	switch (va_lexeme(scan, from - 1)->class)
	{
		case VA_WORD_WEEKDAY:
		case VA_WORD_MONTH:
		case VA_WORD_MONTH_WEAK:
		case VA_WORD_HOLIDAY:
			break;
		default:
			return;
	}
	from--;
	while (from > 0 && va_lexeme_is(scan, from - 1, VA_WORD_NUMBER))
		from--;
	for (size_t i = from; i <= at; i++)
		scan->items[i].class = VA_WORD_OTHER;
}

/* "at for thirty": as a number is written down that was said. */
static void
read_homophone(VaScan *scan, size_t at)
{
	VaLexeme *word = &scan->items[at];
	int minutes = va_lexeme(scan, at + 1)->value;

	if (!(scan->traits & VA_LANGUAGE_HOUR_MINUTES) || word->end - word->offset > 3 ||
		!va_lexeme_is(scan, at + 1, VA_WORD_NUMBER) || va_lexeme(scan, at + 1)->digits > 0 || minutes < 10 ||
		minutes > 59 || minutes % 5 != 0)
		return;
	word->value = word->class == VA_WORD_TO ? 2 : 4;
	word->class = VA_WORD_NUMBER;
}

static bool
says_tomorrow(const VaScan *scan)
{
	for (size_t i = 0; i < scan->count; i++)
		if (va_lexeme_is(scan, i, VA_WORD_DAY) && va_lexeme(scan, i)->value == 1)
			return true;
	return false;
}

/* "mañana o pasado", "mañana no, pasado": the day after tomorrow. */
static bool
is_day_after(const VaScan *scan, size_t at)
{
	int before = at > 0 ? va_lexeme(scan, at - 1)->class : VA_LEXEME_STOP;
	int behind = va_lexeme(scan, at + 1)->class;

	if (before != VA_LEXEME_STOP && before != VA_LEXEME_COMMA && before != VA_WORD_OR && before != VA_WORD_WITHDRAW &&
		before != VA_WORD_NOT && before != VA_WORD_AND && before != VA_WORD_UNTIL && before != VA_WORD_BUT)
		return false;
	if (behind == VA_WORD_UNIT || behind == VA_WORD_NUMBER || behind == VA_WORD_WEEKDAY || behind == VA_WORD_THE ||
		behind == VA_WORD_ON || behind == VA_WORD_OTHER)
		return false;
	return says_tomorrow(scan);
}

/* "Mittwoch mein Name", "Herr Sonntag": the word beside it, and the same word wherever it stands by itself. */
static void
read_surname(VaScan *scan, size_t at)
{
	size_t name = va_lexeme(scan, at)->value == 3 ? at + 1 : at - 1;
	int class = name < scan->count ? va_lexeme(scan, name)->class : VA_LEXEME_END;
	int32_t value = va_lexeme(scan, name)->value;

	/* "Sonntag ist mein Name" */
	if (name == at - 1 && class == VA_WORD_OTHER && at > 1)
	{
		name = at - 2;
		class = va_lexeme(scan, name)->class;
		value = va_lexeme(scan, name)->value;
	}
	if ((class == VA_LEXEME_COMMA) && at > 1)
	{
		name = at - 2;
		class = va_lexeme(scan, name)->class;
		value = va_lexeme(scan, name)->value;
	}
	if (va_lexeme(scan, at)->value == 3)
		scan->items[at].class = VA_WORD_OTHER;
	if ((class != VA_WORD_WEEKDAY && class != VA_WORD_MONTH && class != VA_WORD_MONTH_WEAK) ||
		(name > 0 && va_lexeme_is(scan, name - 1, VA_WORD_ON)))
		return;
	for (size_t i = 0; i < scan->count; i++)
		if (va_lexeme(scan, i)->class == class && va_lexeme(scan, i)->value == value &&
			(i == 0 || !va_lexeme_is(scan, i - 1, VA_WORD_ON)))
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
is_count(int class)
{
	return class == VA_WORD_NUMBER || class == VA_WORD_ARTICLE || class == VA_WORD_UNIT || class == VA_WORD_MINUTES ||
		   class == VA_WORD_FRACTION || class == VA_WORD_SPAN || class == VA_WORD_NOON;
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
	return at > 0 && va_lexeme_is(scan, at - 1, VA_WORD_FROM) && va_lexeme(scan, at - 1)->value >= VA_FROM_HOUR &&
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
		else if (word->class == VA_WORD_COUNTING && word->value >= 2)
			read_surname(scan, i);
		else if (word->class == VA_WORD_ONWARD && word->value == 2)
			read_an(scan, i);
		else if (word->class == VA_WORD_PAST && word->value == -1 && (scan->traits & VA_LANGUAGE_AND_UNIT) &&
				 !is_count(i > 0 ? va_lexeme(scan, i - 1)->class : VA_LEXEME_END))
			word->class = is_count(va_lexeme(scan, i + 1)->class) ? VA_WORD_AT : VA_WORD_THE;
		/* "está mañana por la tarde", written without its accent */
		else if (word->class == VA_WORD_TODAY_PART && word->value == VA_PART_MORNING &&
				 va_lexeme_is(scan, i + 1, VA_WORD_PART) && va_lexeme(scan, i + 1)->value != VA_PART_MORNING)
		{
			word->class = VA_WORD_DAY;
			word->value = 1;
		}
		/* "pasado", and nothing else */
		else if (word->class == VA_WORD_LAST && word->value == 3 && scan->count == 1)
		{
			word->class = VA_WORD_DAY;
			word->value = 2;
		}
		else if (word->class == VA_WORD_COUNTING)
			read_counted_name(scan, i + 1);
		else if (word->class == VA_WORD_COUNTED && word->value == VA_COUNTED_STREET)
			read_street(scan, i);
		else if ((word->class == VA_WORD_TO || (word->class == VA_WORD_OTHER && word->value == 4)) && i > 0 &&
				 va_lexeme_is(scan, i - 1, VA_WORD_AT))
			read_homophone(scan, i);
		else if (word->class == VA_WORD_LAST && word->value == 3 && is_day_after(scan, i))
		{
			word->class = VA_WORD_DAY;
			word->value = 2;
		}
		/* "pasado Reyes" */
		else if (word->class == VA_WORD_LAST && word->value == 3 && va_lexeme_is(scan, i + 1, VA_WORD_HOLIDAY))
			word->class = VA_WORD_AFTER;
		/* "dans les trois prochains jours" */
		else if (word->class == VA_WORD_ABOUT && va_lexeme_is(scan, i + 1, VA_WORD_NUMBER) &&
				 va_lexeme_is(scan, i + 2, VA_WORD_NEXT) && va_lexeme_is(scan, i + 3, VA_WORD_UNIT))
			word->class = VA_WORD_THE;
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
