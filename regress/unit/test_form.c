/*
 * test_form.c
 *		Forms and queries as the vendors' libraries read them, the order in
 *		which they are signed, and the XML that is written.
 */
#include "pure/text/form.h"
#include "pure/text/utf8.h"
#include "pure/text/xml.h"

#include "tap.h"

static VaArena arena;
static const char *why;

/* "name=value|name=value" */
static const char *
shown(const char *body, size_t len, bool nuls, bool sorted)
{
	VaForm form;
	VaBuffer buffer = { 0 };

	if (!va_form_read(body, len, nuls, &arena, &form, &why))
		return why;
	if (sorted)
		va_form_sort(&form);
	for (int i = 0; i < form.count; i++)
	{
		const VaFormField *field = &form.fields[i];

		va_buffer_printf(&buffer, "%s", i > 0 ? "|" : "");
		va_buffer_add(&buffer, field->name, field->name_len);
		va_buffer_printf(&buffer, "=");
		for (size_t j = 0; j < field->value_len; j++)
			va_buffer_add(&buffer, field->value[j] == '\0' ? "<NUL>" : &field->value[j], field->value[j] == '\0' ? 5 : 1);
	}
	return va_buffer_finish(&buffer, &arena);
}

#define READS(body, expected, name) is_str(shown(body, sizeof(body) - 1, false, false), expected, name)
#define SORTS(body, expected, name) is_str(shown(body, sizeof(body) - 1, false, true), expected, name)

static void
test_reading(void)
{
	READS("", "", "nothing");
	READS("a=1&b=2", "a=1|b=2", "two fields");
	READS("&&a=1&&&b=2&", "a=1|b=2", "empty pieces are left out");
	READS("a&b=&=c&=", "a=|b=|=c|=", "empty names and values");
	READS("a=1=2", "a=1=2", "an equals sign in a value");
	READS("a+b=c+d%2B%20", "a b=c d+ ", "blanks and a plus");
	READS("a=%41%6a%6A", "a=Ajj", "bytes in both cases");
	READS("a=%&b=%4&c=%zz&d=%%41&e=%4%41", "a=%|b=%4|c=%zz|d=%A|e=%4A", "a percent sign that begins no byte");
	READS("To=%2B14155550100&From=%2b14155550101", "To=+14155550100|From=+14155550101", "numbers");
	READS("a=1&b=2&a=3", "a=1|b=2|a=3", "a repeated name keeps its order");
	READS("%61=%C3%A9&b=\xC3\xA9", "a=\xC3\xA9|b=\xC3\xA9", "UTF-8, escaped and raw");
	READS("a=x%00y", "a=x" VA_REPLACEMENT "y", "a NUL");
	READS("a=x\0y", "a=x" VA_REPLACEMENT "y", "a raw NUL");
	is_str(shown("a=x%00y", 7, true, false), "a=x<NUL>y", "a NUL that is signed");
	READS("a=%FF%C3", "a=" VA_REPLACEMENT VA_REPLACEMENT, "what is no UTF-8");
	/* One for each longest part that could have begun a character. */
	READS("a=%E2%82x", "a=" VA_REPLACEMENT "x", "a character cut off");
	READS("a=%ED%A0%80", "a=" VA_REPLACEMENT VA_REPLACEMENT VA_REPLACEMENT, "half a surrogate pair");
	READS("a=%F0%9F%98", "a=" VA_REPLACEMENT, "three bytes of four");
	READS("a=%F5%80%C0%80", "a=" VA_REPLACEMENT VA_REPLACEMENT VA_REPLACEMENT VA_REPLACEMENT, "bytes of no character");
	READS("a=%F0%9F%98%80", "a=\xF0\x9F\x98\x80", "four bytes of four");
	SORTS("b=1&a=2&b=0&a=10", "a=10|a=2|b=0|b=1", "sorted by name and value");
	SORTS("ab=1&a=2&a=", "a=|a=2|ab=1", "a shorter one first");
	SORTS("%EF%BF%BD=1&%F0%9F%98%80=2&z=3", "z=3|\xF0\x9F\x98\x80=2|" VA_REPLACEMENT "=1",
		  "in the order of UTF-16");
}

static void
test_limits(void)
{
	VaBuffer buffer = { 0 };
	VaForm form;
	const char *body;

	for (int i = 0; i < VA_FORM_FIELDS_MAX; i++)
		va_buffer_printf(&buffer, "f%d=%d&&", i, i);
	body = va_buffer_finish(&buffer, &arena);
	ok(va_form_read(body, strlen(body), false, &arena, &form, &why), "as many fields as may be");
	is_int(form.count, VA_FORM_FIELDS_MAX, "all are there");
	is_str(va_form_value(&form, "f255"), "255", "the last has its value");
	is_str(va_form_value(&form, "f256"), NULL, "none of that name");
	body = va_arena_printf(&arena, "%sx", body);
	ok(!va_form_read(body, strlen(body), false, &arena, &form, &why), "one more is too many");
	is_str(why, "the form has too many fields", "and says so");
	ok(va_form_read("a=&a=1", 6, false, &arena, &form, &why), "an empty one first");
	is_str(va_form_value(&form, "a"), NULL, "the first of a name counts");
}

#define PART(name, value) "--b\r\nContent-Disposition: form-data; filename=\"x\"; name=\"" name "\"\r\nX: 1\r\n\r\n" value "\r\n"

static void
test_parts(void)
{
	static const char *const bad[] = { "--b", "--b--", "--" };
	static const char *const none[] = { "\r\n", "--b\r\n--b\r\n--b--", "--b\r\n\r\nx\r\n--b--", "--b\r\nname=\"a\"\r\n\r\nx\r\n--b--",
		"--b\r\n name=\"a\r\n\r\nx\r\n--b--", PART("a", "cut off") };
	VaBuffer buffer = { 0 };
	VaForm form;
	const char *body = PART("a", "1") PART("b", "") PART("c", "x\r\ny\xff") "--b--\r\n" PART("d", "behind the end");

	ok(va_form_read_parts(body, strlen(body), &arena, &form, &why) && form.count >= 3, "parts");
	is_str(va_form_value(&form, "a"), "1", "the first");
	is_str(va_form_value(&form, "b"), NULL, "an empty one");
	is_str(va_form_value(&form, "c"), "x\r\ny\xef\xbf\xbd", "of two lines, with a byte that is none");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!va_form_read_parts(bad[i], strlen(bad[i]), &arena, &form, &why), "no line: %s", bad[i]);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		ok(va_form_read_parts(none[i], strlen(none[i]), &arena, &form, &why) && form.count == 0, "no part: %s", none[i]);
	for (int i = 0; i < VA_FORM_FIELDS_MAX; i++)
		va_buffer_printf(&buffer, PART("f%d", "%d"), i, i);
	body = va_buffer_finish(&buffer, &arena);
	body = va_arena_printf(&arena, "%s--b--", body);
	ok(va_form_read_parts(body, strlen(body), &arena, &form, &why), "as many parts as there may be fields");
	is_str(va_form_value(&form, "f255"), "255", "the last has its value");
	body = va_arena_printf(&arena, "%s%s", PART("g", "1"), body);
	ok(!va_form_read_parts(body, strlen(body), &arena, &form, &why), "one more is too many");
	is_str(why, "the form has too many fields", "and says so");
}

static void
test_xml(void)
{
	VaXml xml = { 0 };

	va_xml_open(&xml, "Response");
	va_xml_open(&xml, "Say");
	va_xml_attribute(&xml, "voice", NULL);
	va_xml_attribute(&xml, "language", "en\"<&>'\n\r\t");
	va_xml_text(&xml, "<Hangup/> & \"x\" ]]> \x01\xFF\xEF\xBF\xBF\r\n\t\xC3\xA9");
	va_xml_close(&xml);
	va_xml_element(&xml, "Hangup", NULL);
	is_str(va_xml_finish(&xml, &arena),
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"
		   "<Say language=\"en&quot;&lt;&amp;&gt;'&#10;&#13;&#9;\">"
		   "&lt;Hangup/&gt; &amp; \"x\" ]]&gt; " VA_REPLACEMENT VA_REPLACEMENT VA_REPLACEMENT "&#13;\n\t\xC3\xA9</Say>"
		   "<Hangup/></Response>",
		   "a document");
	is_str(va_xml_finish(&xml, &arena), NULL, "an empty one is none");
	va_xml_element(&xml, "Response", NULL);
	va_xml_element(&xml, "Response", NULL);
	is_str(va_xml_finish(&xml, &arena), NULL, "two roots are none");
	va_xml_text(&xml, "x");
	is_str(va_xml_finish(&xml, &arena), NULL, "text without a root is none");
	va_xml_element(&xml, "Response", "x");
	va_xml_attribute(&xml, "a", "b");
	is_str(va_xml_finish(&xml, &arena), NULL, "nor an attribute without its tag");
	for (int i = 0; i <= VA_XML_DEPTH_MAX; i++)
		va_xml_open(&xml, "a");
	is_str(va_xml_finish(&xml, &arena), NULL, "nor what is too deep");
	va_xml_close(&xml);
	is_str(va_xml_finish(&xml, &arena), NULL, "nor an end without a beginning");
}

int
main(void)
{
	test_reading();
	test_limits();
	test_parts();
	test_xml();
	va_arena_free(&arena);
	return done_testing();
}
