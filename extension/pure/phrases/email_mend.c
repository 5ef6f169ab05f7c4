/*-------------------------------------------------------------------------
 * email_mend.c
 *		What changes an e-mail address that is known: other digits, another
 *		ending, a part that is said otherwise.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/email_internal.h"

size_t
va_email_find_part(const VaEmailAddress *address, const char *word, int at_least)
{
	size_t best = address->count;
	int most = at_least - 1;

	for (size_t i = 0; i < address->count; i++)
	{
		int likeness = va_email_is_mark(address->parts[i]) ? 0 : va_likeness(address->parts[i], word);

		if (likeness > most)
		{
			most = likeness;
			best = i;
		}
	}
	return best;
}

/* "No, seven two": other digits. */
static bool
mend_digits(VaEmailAddress *known, const char *digits)
{
	for (size_t i = 0; i < known->count; i++)
	{
		if (strspn(known->parts[i], "0123456789") == strlen(known->parts[i]) && strcmp(known->parts[i], digits) != 0)
		{
			known->parts[i] = digits;
			return true;
		}
	}
	return false;
}

/* The last part of the domain: "punto es", "dot org". */
static bool
mend_ending(VaEmailAddress *known, const VaEmailAddress *said)
{
	size_t count = said->count;

	/* "punto es, punto es" */
	if (count == 4 && strcmp(said->parts[0], said->parts[2]) == 0 && strcmp(said->parts[1], said->parts[3]) == 0)
		count = 2;
	if (said->count < 2 || known->count < 2 || strcmp(said->parts[0], ".") != 0 || said->at != SIZE_MAX)
		return false;
	while (known->count > 0 && strcmp(known->parts[known->count - 1], ".") != 0)
		known->count--;
	if (known->count == 0)
		return false;
	known->count--;
	for (size_t i = 0; i < count; i++)
		va_email_add(known, said->parts[i]);
	return true;
}

bool
va_email_mend(VaEmailAddress *known, const VaEmailAddress *said, char without, bool denied)
{
	VaEmailAddress made = *said;
	size_t marks = 0;

	if (without != '\0' && va_email_without(known, without))
		return true;
	for (size_t i = 0; i < said->count; i++)
		marks += va_email_is_mark(said->parts[i]);
	if (said->count == 0)
		return false;
	if (said->parts[0][0] == '.' && said->count > 1)
		return mend_ending(known, said);
	if (said->count == 1 && strspn(said->parts[0], "0123456789") == strlen(said->parts[0]))
		return mend_digits(known, said->parts[0]);
	/* Behind it: "odell dot org". */
	if (marks == 1 && said->count == 3 && said->parts[1][0] == '.')
	{
		size_t part = va_email_find_part(known, said->parts[0], 900);

		if (part < known->count && part > known->at && part + 2 < known->count && known->parts[part + 1][0] == '.' &&
			va_email_find_part(known, said->parts[2], 900) != 0)
		{
			known->parts[part] = said->parts[0];
			known->parts[part + 2] = said->parts[2];
			known->count = part + 3;
			return true;
		}
	}
	/* Before the at sign: "m dot lindqvist". */
	if (marks > 0 && said->count > marks + 1 && !va_email_is_mark(said->parts[0]) &&
		!va_email_is_mark(said->parts[said->count - 1]))
	{
		made.at = SIZE_MAX;
		for (size_t i = known->at; i < known->count; i++)
			va_email_add(&made, known->parts[i]);
		*known = made;
		return true;
	}
	for (size_t i = 0; i < said->count; i++)
	{
		size_t part = va_email_is_mark(said->parts[i]) ? known->count : va_email_find_part(known, said->parts[i], 1);

		if (part == known->count)
			return false;
		if (denied || strcmp(known->parts[part], said->parts[i]) != 0)
			known->parts[part] = said->parts[i];
	}
	return true;
}
