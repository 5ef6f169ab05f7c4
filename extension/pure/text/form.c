/*-------------------------------------------------------------------------
 * form.c
 *		Bodies and queries of the type application/x-www-form-urlencoded, and
 *		bodies of multipart/form-data.
 *
 * Pure: no backend, no locks, no global state.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem, mempcpy */
#endif
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

/* Bytes that stand for themselves everywhere; of the others, too, most do, but are looked at. */
static const bool plain[256] = {
	[' ' ... '$'] = true, ['\'' ... '*'] = true, [',' ... '<'] = true, ['>' ... '~'] = true
};

typedef struct Reader
{
	const char *text;
	const char *end;
	char *out; /* as much room as text, and 1 for each piece */
	bool nuls;
	VaArena *arena;
} Reader;

/*
 * The text up to "&", or also up to "=", decoded to where it lies with a NUL
 * behind it.  Nearly always that is the result; what is not ASCII is looked
 * at, and copied, by va_utf8_text().
 */
static const char *
decode(Reader *reader, bool name, size_t *len)
{
	const char *text = reader->text;
	const char *end = reader->end;
	char *start = reader->out;
	char *to = start;
	bool odd = false;

	for (; text < end; text++)
	{
		unsigned char c = (unsigned char) *text;

		if (!plain[c])
		{
			if (c == '&' || (c == '=' && name))
				break;
			if (c == '+')
				c = ' ';
			else if (c == '%' && end - text > 2 && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0)
			{
				c = (unsigned char) (hex_value(text[1]) * 16 + hex_value(text[2]));
				text += 2;
			}
			odd |= c >= 0x80 || (c == '\0' && !reader->nuls);
		}
		*to++ = (char) c;
	}
	reader->text = text;
	*len = (size_t) (to - start);
	if (odd)
		return va_utf8_text(reader->arena, start, *len, reader->nuls, len);
	*to = '\0';
	reader->out = to + 1;
	return start;
}

bool
va_form_read(const void *body, size_t len, bool nuls, VaArena *arena, VaForm *form, const char **why)
{
	Reader reader = { body, NULL, NULL, nuls, arena };
	VaFormField fields[VA_FORM_FIELDS_MAX];
	int count = 0;

	memset(form, 0, sizeof(*form));
	*why = "out of memory";
	/* No bytes need no address. */
	if (len == 0)
		return true;
	reader.end = reader.text + len;
	/* A piece ends with a "=" or "&" in whose place is its NUL; the last one may end with neither. */
	reader.out = va_arena_alloc(arena, len + 2);
	if (reader.out == NULL)
		return false;
	while (reader.text < reader.end)
	{
		VaFormField *field = &fields[count];

		if (*reader.text == '&')
		{
			reader.text++;
			continue;
		}
		if (count == VA_FORM_FIELDS_MAX)
			return va_refuse(why, "the form has too many fields");
		*field = (VaFormField){ .value = "" };
		field->name = decode(&reader, true, &field->name_len);
		if (reader.text < reader.end && *reader.text == '=')
		{
			reader.text++;
			field->value = decode(&reader, false, &field->value_len);
		}
		count++;
	}
	form->fields = va_arena_alloc(arena, sizeof(VaFormField) * (size_t) (count + 1));
	if (arena->oom)
		return false;
	memcpy(form->fields, fields, sizeof(VaFormField) * (size_t) count);
	form->count = count;
	return true;
}

bool
va_form_read_parts(const void *body, size_t len, VaArena *arena, VaForm *form, const char **why)
{
	const char *at = memmem(body, len, "\r\n", 2);
	const char *end = (const char *) body + len;
	const char *boundary = at == NULL ? NULL
									  : va_arena_printf(
											arena, "\r\n%.*s", (int) (at - (const char *) body), (const char *) body);
	const char *next;

	memset(form, 0, sizeof(*form));
	*why = "the form has no parts";
	form->fields = va_arena_alloc(arena, sizeof(VaFormField) * VA_FORM_FIELDS_MAX);
	if (boundary == NULL || form->fields == NULL)
		return false;
	for (; (next = memmem(at, (size_t) (end - at), boundary, strlen(boundary))) != NULL; at = next + strlen(boundary))
	{
		const char *value = memmem(at, (size_t) (next - at), "\r\n\r\n", 4);
		const char *name = value == NULL ? NULL : memmem(at, (size_t) (value - at), " name=\"", 7);
		const char *name_end = name == NULL ? NULL : memchr(name + 7, '"', (size_t) (value - name) - 7);
		VaFormField *field = &form->fields[form->count];

		if (name_end == NULL)
			continue;
		if (form->count++ == VA_FORM_FIELDS_MAX)
			return va_refuse(why, "the form has too many fields");
		field->name = va_utf8_text(arena, name + 7, (size_t) (name_end - name) - 7, false, &field->name_len);
		field->value = va_utf8_text(arena, value + 4, (size_t) (next - value) - 4, false, &field->value_len);
	}
	return !arena->oom;
}

const char *
va_form_value(const VaForm *form, const char *name)
{
	size_t len = name == NULL ? 0 : strlen(name);

	for (int i = 0; name != NULL && i < form->count; i++)
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
		int at = i;

		for (; at > 0 && compare_fields(&field, &form->fields[at - 1]) < 0; at--)
			form->fields[at] = form->fields[at - 1];
		form->fields[at] = field;
	}
}

size_t
va_form_size(const VaForm *form)
{
	size_t size = 0;

	for (int i = 0; i < form->count; i++)
		size += form->fields[i].name_len + form->fields[i].value_len;
	return size;
}

char *
va_form_write(char *to, const VaFormField *field, char between)
{
	to = mempcpy(to, field->name, field->name_len);
	if (between != '\0')
		*to++ = between;
	return mempcpy(to, field->value, field->value_len);
}
