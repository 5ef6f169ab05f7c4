/*
 * fuzz_template.c
 *		Any bytes as a template, and any as the value of its variables: what is
 *		made is never longer than its limit, and what is not made says why.
 *
 * The first byte says how often the template is repeated, the second how long
 * the value is: short inputs then come near the limits and beyond.  The value
 * stands at the top, in objects and in an array, and one name goes down into
 * itself, so that names with dots lead somewhere and nowhere.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pure/text/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
repeat(const uint8_t *data, size_t size, size_t times)
{
	char *text = malloc(size * times + 1);

	for (size_t i = 0; i < times; i++)
		memcpy(text + i * size, data, size);
	text[size * times] = '\0';
	return text;
}

static void
check(const char *filled, size_t limit, const char *why)
{
	if (filled == NULL ? why == NULL : strlen(filled) > limit)
		abort();
}

/* Any bytes as a name: its levels lie within it, and are never more than the limit. */
static void
check_path(const char *name)
{
	VaTemplateStep steps[VA_TEMPLATE_MAX_DEPTH];
	size_t len = strnlen(name, VA_TEMPLATE_NAME_MAX);
	int levels = va_template_path(name, len, steps);
	const char *at = name;

	if (levels == 1 || levels > VA_TEMPLATE_MAX_DEPTH)
		abort();
	for (int i = 0; i < levels; i++)
	{
		if (steps[i].name != at || steps[i].len == 0 || steps[i].index < -1)
			abort();
		at += steps[i].len + 1;
	}
	if (levels > 0 && at != name + len + 1)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t letter = 'x';
	VaArena arena = { 0 };
	VaTemplateNames names;
	const char *why = NULL;
	const char *filled;
	char *text;
	char *value;
	json_t *variables;

	if (size < 2)
		return 0;
	text = repeat(data + 2, size - 2, 1 + (data[0] >= 0xf0 ? (data[0] - 0xefu) * 16u : 0));
	value = repeat(&letter, 1, data[1] * (size_t) (data[1] < 0xf0 ? 1 : 64));
	variables = json_pack("{s:s, s:i, s:{s:s, s:[s, {s:b}, n], s:{s:{s:i}}}, s:i}", "a", value, "b", 1, "c", "a", value, "b",
						  value, "a", 1, "c", "c", "a", 2, "c.b", 3);
	check_path(text);
	if (!va_template_variables(&arena, text, strlen(text), true, &names, &why) && why == NULL)
		abort();
	if (names.count > VA_TEMPLATE_MAX_VARIABLES)
		abort();
	why = NULL;
	filled = va_template_fill(&arena, text, strlen(text), variables, &names, &why);
	check(filled, VA_TEMPLATE_MAX_FILLED, why);
	why = NULL;
	filled = va_template_spoken(&arena, text, "{\"a\": \"{{b}}\"}", &why);
	check(filled, VA_TEMPLATE_MAX_SPOKEN, why);
	json_decref(variables);
	va_arena_free(&arena);
	free(value);
	free(text);
	return 0;
}
