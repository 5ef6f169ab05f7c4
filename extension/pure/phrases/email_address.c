/*-------------------------------------------------------------------------
 * email_address.c
 *		An e-mail address in the making: its parts, and how they are written.
 *
 * Pure: no state.
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/email_internal.h"

#include "pure/text/utf8.h"

#define EMAIL_MAX 254

bool
va_email_is_mark(const char *part)
{
	return part[0] != '\0' && part[1] == '\0' && strchr("@.-_+", part[0]) != NULL;
}

void
va_email_add(VaEmailAddress *address, const char *part)
{
	if (address->count >= VA_EMAIL_PARTS_MAX)
		return;
	if (part[0] == '@' && address->at == SIZE_MAX)
		address->at = address->count;
	address->parts[address->count++] = part;
}

/* Letters that spell the part before them take its place, else they follow it. */
void
va_email_add_letters(VaEmailAddress *address, const char *letters)
{
	size_t last = address->count;
	size_t first = address->at == SIZE_MAX ? 0 : address->at + 1;
	char both[2 * VA_SPELLED_MAX];

	/* "gmc kenna, so G M C K E double N A" */
	if (last > first + 1 && !va_email_is_mark(address->parts[last - 1]) &&
		!va_email_is_mark(address->parts[last - 2]) &&
		strlen(address->parts[last - 2]) + strlen(address->parts[last - 1]) < VA_SPELLED_MAX)
	{
		strcpy(both, address->parts[last - 2]);
		strcat(both, address->parts[last - 1]);
		if (va_likeness(both, letters) > 900)
		{
			address->parts[last - 2] = letters;
			address->count--;
			return;
		}
	}

	if (last > first && !va_email_is_mark(address->parts[last - 1]) && strlen(letters) > 1 &&
		strlen(address->parts[last - 1]) > 1 && va_words_alike(address->parts[last - 1], letters))
		address->parts[last - 1] = letters;
	else
		va_email_add(address, letters);
}

void
va_email_cut(VaEmailAddress *address, size_t count)
{
	address->count = count;
	if (address->at != SIZE_MAX && address->at >= count)
		address->at = SIZE_MAX;
}

/* The point and the last part of the domain are there. */
bool
va_email_is_whole(const VaEmailAddress *address)
{
	return address->at != SIZE_MAX && address->at > 0 && address->count > address->at + 3 &&
		   !va_email_is_mark(address->parts[address->count - 1]) &&
		   strcmp(address->parts[address->count - 2], ".") == 0;
}

/* Addresses have no accents; German writes its umlauts in two letters. */
static void
add_plain(VaBuffer *out, const char *text, bool german)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len;)
	{
		int32_t code = 0;
		size_t step = va_utf8_next((const unsigned char *) text + i, len - i, &code);
		char bytes[4];

		if (code == 0xDF)
			va_buffer_add(out, "ss", 2);
		else if (code > 0 && code != ' ' && code != '\'' && !(code == '-' && len > 1))
		{
			va_buffer_add(out, bytes, va_utf8_write(va_plain_letter(va_small_letter(code)), bytes));
			if (german && (code == 0xE4 || code == 0xF6 || code == 0xFC))
				va_buffer_add(out, "e", 1);
		}
		i += step;
	}
}

const char *
va_email_written(VaFieldReader *reader, const VaEmailAddress *address)
{
	VaBuffer out = { 0 };

	for (size_t i = 0; i < address->count; i++)
		add_plain(&out, address->parts[i], reader->lexicon->table->compounds);
	return va_buffer_finish(&out, reader->arena);
}

bool
va_email_is_right(const char *text)
{
	const char *at = text == NULL ? NULL : strchr(text, '@');
	const char *dot = at == NULL ? NULL : strrchr(at, '.');

	return dot != NULL && at > text && dot > at + 1 && strlen(dot) > 2 && strlen(text) <= EMAIL_MAX &&
		   strstr(text, "..") == NULL && strchr(at + 1, '@') == NULL && strstr(text, ".@") == NULL && text[0] != '.';
}

/* Two or more parts that stand together, of which the letters are the one word: "klein law", K L E I N L A W. */
static bool
spell_several(VaFieldReader *reader, VaEmailAddress *address, const char *letters)
{
	for (size_t i = 0; i < address->count; i++)
	{
		const char *both = "";

		for (size_t j = i; j < address->count && j < i + 3 && !va_email_is_mark(address->parts[j]); j++)
		{
			both = va_arena_join(reader->arena, both, address->parts[j], NULL);
			if (both == NULL)
				return false;
			if (j == i || va_likeness(both, letters) < 800)
				continue;
			address->parts[i] = letters;
			memmove(
				&address->parts[i + 1], &address->parts[j + 1], (address->count - j - 1) * sizeof(address->parts[0]));
			address->count -= j - i;
			if (address->at != SIZE_MAX && address->at > i)
				address->at -= j - i;
			return true;
		}
	}
	return false;
}

/* Letters spell the part that they are most like; false: none. */
bool
va_email_respell(VaFieldReader *reader, VaEmailAddress *address, const char *letters)
{
	size_t best = VA_EMAIL_PARTS_MAX;
	int most = 0;

	if (strlen(letters) < 2)
		return false;
	for (size_t i = 0; i < address->count; i++)
	{
		int likeness = va_email_is_mark(address->parts[i]) || strlen(address->parts[i]) < 2
						   ? 0
						   : va_likeness(address->parts[i], letters);

		if (likeness > most)
		{
			most = likeness;
			best = i;
		}
	}
	/* The address has it among other letters. */
	if (most < 700 && strstr(va_email_written(reader, address), letters) != NULL)
		return true;
	if (most < 900 && spell_several(reader, address, letters))
		return true;
	if (best == VA_EMAIL_PARTS_MAX)
		return false;
	address->parts[best] = letters;
	return true;
}

/* A symbol that is not there after all. */
bool
va_email_without(VaEmailAddress *address, char symbol)
{
	bool found = false;

	for (size_t i = 0; i < address->count && i < address->at;)
	{
		if (address->parts[i][0] != symbol || address->parts[i][1] != '\0')
		{
			i++;
			continue;
		}
		memmove(&address->parts[i], &address->parts[i + 1], (address->count - i - 1) * sizeof(address->parts[0]));
		address->count--;
		if (address->at != SIZE_MAX)
			address->at--;
		found = true;
	}
	return found;
}

/* Providers whose domain needs no more words. */
void
va_email_finish(const VaLexicon *lexicon, VaEmailAddress *address)
{
	static const char *const known[] = { "gmail", "googlemail", "icloud", "aol", "protonmail", NULL };
	size_t first = address->at + 1;
	const char *last;

	if (address->at == SIZE_MAX || address->count <= first)
		return;
	/* "tiret blanc, tiret du six": the hyphen again */
	if (address->at > 2 && strcmp(address->parts[address->at - 1], "-") == 0)
	{
		memmove(&address->parts[address->at - 1], &address->parts[address->at],
			(address->count - address->at) * sizeof(address->parts[0]));
		address->at--;
		address->count--;
		first--;
	}
	/* Germany's largest is said without its hyphen. */
	if (address->count > first + 1 && address->count < VA_EMAIL_PARTS_MAX && strcmp(address->parts[first], "t") == 0 &&
		strcmp(address->parts[first + 1], "online") == 0)
	{
		memmove(&address->parts[first + 2], &address->parts[first + 1],
			(address->count - first - 1) * sizeof(address->parts[0]));
		address->parts[first + 1] = "-";
		address->count++;
	}
	for (size_t i = first; i < address->count; i++)
	{
		if (strcmp(address->parts[i], ".") == 0)
			return;
	}
	last = address->parts[address->count - 1];
	if (address->count > first + 1 && address->count < VA_EMAIL_PARTS_MAX)
	{
		size_t used;
		const VaLexiconEntry *word = va_lexicon_find(lexicon, &last, 1, &used);

		/* "at web de" */
		if (word == NULL || (word->kinds & VA_ENDING) == 0 || va_email_is_mark(address->parts[address->count - 2]))
			return;
		address->parts[address->count - 1] = ".";
		va_email_add(address, last);
		return;
	}
	for (size_t i = 0; known[i] != NULL && address->count == first + 1; i++)
	{
		if (strcmp(known[i], last) != 0)
			continue;
		va_email_add(address, ".");
		va_email_add(address, "com");
		return;
	}
}
