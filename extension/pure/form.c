/*-------------------------------------------------------------------------
 * form.c
 *		Bodies and queries of the type application/x-www-form-urlencoded.
 *
 * Pure: no backend, no locks, no global state.
 *-------------------------------------------------------------------------
 */
#include "form.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/*
 * text[0..len) decoded to *out, which holds len + 1 bytes.  Nearly always that
 * is the result, and *out moves behind it; what is not ASCII is looked at, and
 * copied, by va_utf8_text().
 */
static const char *
decode(const char *text, size_t len, bool nuls, VaArena *arena, char **out, size_t *out_len)
{
	const char *end = text + len;
	char *start = *out;
	char *to = start;
	unsigned char seen = 0;
	bool nul = false;

	while (text < end)
	{
		char c = *text++;

		if (c == '+')
			c = ' ';
		else if (c == '%' && end - text >= 2 && hex_value(text[0]) >= 0 && hex_value(text[1]) >= 0)
		{
			c = (char) (hex_value(text[0]) * 16 + hex_value(text[1]));
			text += 2;
		}
		seen |= (unsigned char) c;
		nul |= c == '\0';
		*to++ = c;
	}
	if (seen >= 0x80 || (nul && !nuls))
		return va_utf8_text(arena, start, (size_t) (to - start), nuls, out_len);
	*to = '\0';
	*out = to + 1;
	*out_len = (size_t) (to - start);
	return start;
}

bool
va_form_read(const void *body, size_t len, bool nuls, VaArena *arena, VaForm *form, const char **why)
{
	const char *text = body;
	const char *end = text + len;
	char *out;
	int pieces = 0;

	memset(form, 0, sizeof(*form));
	*why = "out of memory";
	if (len == 0)
		return true;
	for (const char *p = text; p < end; pieces++)
	{
		const char *ampersand = memchr(p, '&', (size_t) (end - p));

		pieces -= ampersand == p;
		p = ampersand == NULL ? end : ampersand + 1;
	}
	if (pieces > VA_FORM_FIELDS_MAX)
	{
		*why = "the form has too many fields";
		return false;
	}
	form->fields = va_arena_alloc(arena, sizeof(VaFormField) * (size_t) (pieces + 1));
	/* Names and values, each with a NUL instead of the '=' or '&' behind it. */
	out = va_arena_alloc(arena, len + 2);
	if (form->fields == NULL || out == NULL)
		return false;
	for (const char *p = text; p < end;)
	{
		const char *ampersand = memchr(p, '&', (size_t) (end - p));
		const char *stop = ampersand == NULL ? end : ampersand;
		const char *equals = memchr(p, '=', (size_t) (stop - p));

		if (stop > p)
		{
			VaFormField *field = &form->fields[form->count++];

			if (equals == NULL)
				equals = stop;
			field->name = decode(p, (size_t) (equals - p), nuls, arena, &out, &field->name_len);
			field->value = equals == stop ? ""
										  : decode(equals + 1, (size_t) (stop - equals - 1), nuls, arena, &out,
												   &field->value_len);
		}
		p = stop + 1;
	}
	if (arena->oom)
	{
		memset(form, 0, sizeof(*form));
		return false;
	}
	return true;
}

const char *
va_form_value(const VaForm *form, const char *name)
{
	size_t len = strlen(name);

	for (int i = 0; i < form->count; i++)
		if (form->fields[i].name_len == len && memcmp(form->fields[i].name, name, len) == 0)
			return form->fields[i].value_len > 0 ? form->fields[i].value : NULL;
	return NULL;
}

/* UTF-8 in the order of its UTF-16: only there do characters above U+FFFF come before U+E000. */
static int
compare_text(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t common = a_len < b_len ? a_len : b_len;

	for (size_t i = 0; i < common; i++)
	{
		unsigned char x = (unsigned char) a[i];
		unsigned char y = (unsigned char) b[i];

		if (x == y)
			continue;
		if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0))
			return x > y ? -1 : 1;
		return x > y ? 1 : -1;
	}
	return a_len == b_len ? 0 : (a_len > b_len ? 1 : -1);
}

static inline int
compare_fields(const VaFormField *x, const VaFormField *y)
{
	int order = compare_text(x->name, x->name_len, y->name, y->name_len);

	return order != 0 ? order : compare_text(x->value, x->value_len, y->value, y->value_len);
}

static int
compare_pointers(const void *a, const void *b)
{
	return compare_fields(a, b);
}

/* A webhook's two dozen fields are sorted faster where they lie than by qsort(), which copies them twice. */
#define SORT_IN_PLACE_MAX 48

void
va_form_sort(VaForm *form)
{
	if (form->count > SORT_IN_PLACE_MAX)
	{
		qsort(form->fields, (size_t) form->count, sizeof(VaFormField), compare_pointers);
		return;
	}
	for (int i = 1; i < form->count; i++)
	{
		VaFormField field = form->fields[i];
		int low = 0;
		int high = i;

		while (low < high)
		{
			int middle = (low + high) / 2;

			if (compare_fields(&field, &form->fields[middle]) < 0)
				high = middle;
			else
				low = middle + 1;
		}
		memmove(&form->fields[low + 1], &form->fields[low], sizeof(field) * (size_t) (i - low));
		form->fields[low] = field;
	}
}
