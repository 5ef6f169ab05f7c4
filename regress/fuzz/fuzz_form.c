/*
 * fuzz_form.c
 *		Any bytes as a form: fields within the limits that can be stored, the
 *		same again when written and read once more, and sorted in order.  The
 *		same bytes as a text of an XML document leave it well-formed.
 */
#include "pure/text/form.h"
#include "pure/text/json.h"
#include "pure/net/url.h"
#include "pure/text/xml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool condition)
{
	if (!condition)
		abort();
}

static void
check_text(const char *text, size_t len, bool nuls)
{
	json_t *json = json_stringn(text, len); /* refuses what is not UTF-8 */

	check(json != NULL);
	json_decref(json);
	check(text[len] == '\0');
	check(nuls || strlen(text) == len);
}

static void
add_encoded(VaBuffer *buffer, VaArena *arena, const char *text, size_t len)
{
	char *out = va_arena_alloc(arena, len * 3 + 1);

	va_buffer_add(buffer, out, va_percent_encode(text, len, out));
}

static void
check_again(const VaForm *form, bool nuls, VaArena *arena)
{
	VaBuffer buffer = { 0 };
	VaForm again;
	const char *why;
	const char *text;

	for (int i = 0; i < form->count; i++)
	{
		va_buffer_printf(&buffer, "%s", i > 0 ? "&" : "");
		add_encoded(&buffer, arena, form->fields[i].name, form->fields[i].name_len);
		va_buffer_printf(&buffer, "=");
		add_encoded(&buffer, arena, form->fields[i].value, form->fields[i].value_len);
	}
	text = va_buffer_finish(&buffer, arena);
	check(va_form_read(text, strlen(text), nuls, arena, &again, &why));
	check(again.count == form->count);
	for (int i = 0; i < form->count; i++)
		check(again.fields[i].name_len == form->fields[i].name_len &&
			  again.fields[i].value_len == form->fields[i].value_len &&
			  memcmp(again.fields[i].name, form->fields[i].name, form->fields[i].name_len) == 0 &&
			  memcmp(again.fields[i].value, form->fields[i].value, form->fields[i].value_len) == 0);
	va_form_sort(&again);
	check(again.count == form->count);
}

static void
check_xml(const char *text, VaArena *arena)
{
	VaXml xml = { 0 };
	const char *document;
	const char *begin;
	int tags = 0;

	va_xml_open(&xml, "a");
	va_xml_attribute(&xml, "b", text);
	va_xml_text(&xml, text);
	document = va_xml_finish(&xml, arena);
	check(document != NULL);
	begin = document;
	for (; *document != '\0'; document++)
	{
		check((unsigned char) *document >= 0x20 || *document == '\n' || *document == '\t');
		tags += *document == '<';
	}
	/* The declaration, and the element as one or two tags. */
	check(tags == (text[0] == '\0' ? 2 : 3));
	check_text(begin, (size_t) (document - begin), false);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaArena arena = { 0 };
	VaForm form;
	const char *why = NULL;

	/* Both types, one of them with NULs and without. */
	for (int type = 0; type < 3; type++)
	{
		bool nuls = type == 1;

		if (type == 2 ? !va_form_read_parts(data, size, &arena, &form, &why)
					  : !va_form_read(data, size, nuls, &arena, &form, &why))
		{
			check(why != NULL);
			continue;
		}
		check(form.count <= VA_FORM_FIELDS_MAX);
		for (int i = 0; i < form.count; i++)
		{
			check_text(form.fields[i].name, form.fields[i].name_len, nuls);
			check_text(form.fields[i].value, form.fields[i].value_len, nuls);
		}
		check_again(&form, nuls, &arena);
	}
	check_xml(va_arena_strndup(&arena, (const char *) data, size), &arena);
	va_arena_free(&arena);
	return 0;
}
