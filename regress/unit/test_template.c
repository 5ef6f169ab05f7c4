/*
 * test_template.c
 *		Variables of prompts.
 */
#include "pure/text/template.h"

#include <sys/resource.h>

#include "tap.h"

static VaArena arena;

static const char *problem;

/* The names, joined. */
static const char *
list(const char *text, bool with_defaults)
{
	VaTemplateNames names;
	const char *joined = "";

	if (!va_template_variables(&arena, text, strlen(text), with_defaults, &names, &problem))
		return "(failed)";
	for (int i = 0; i < names.count; i++)
		joined = va_arena_printf(&arena, "%s%s%s", joined, i > 0 ? "," : "", names.names[i]);
	return joined;
}

static VaTemplateNames missing;

static const char *
fill(const char *text, const char *json)
{
	const char *why;
	json_t *variables = va_json_load(&arena, json, strlen(json), &why);
	const char *filled = va_template_fill(&arena, text, strlen(text), variables, &missing, &problem);

	json_decref(variables);
	return filled;
}

/* One variable named so many times, with a value of so many bytes; what is made, or -1. */
static long
filled_bytes(int tags, size_t bytes, bool is_spoken)
{
	char *text = va_arena_alloc(&arena, 5 * (size_t) tags + 1);
	char *value = va_arena_alloc(&arena, bytes + 1);
	const char *filled;

	for (int i = 0; i < tags; i++)
		memcpy(text + 5 * i, "{{a}}", 5);
	memset(value, 'x', bytes);
	problem = NULL;
	if (is_spoken)
		filled = va_template_spoken(&arena, text, va_arena_printf(&arena, "{\"a\":\"%s\"}", value), &problem);
	else
		filled = fill(text, va_arena_printf(&arena, "{\"a\":\"%s\"}", value));
	return filled == NULL ? -1 : (long) strlen(filled);
}

static void
test_limits(void)
{
	struct rusage before, after;

	is_int(filled_bytes(2, VA_TEMPLATE_MAX_FILLED / 2, false), VA_TEMPLATE_MAX_FILLED, "as long as may be");
	is_int(filled_bytes(2, VA_TEMPLATE_MAX_FILLED / 2 + 1, false), -1, "two bytes more");
	ok(strstr(problem, "longer than 1048576 bytes") != NULL, "says why");
	is_int(filled_bytes(2, VA_TEMPLATE_MAX_SPOKEN / 2, true), VA_TEMPLATE_MAX_SPOKEN, "as long as may be said");
	is_int(filled_bytes(2, VA_TEMPLATE_MAX_SPOKEN / 2 + 1, true), -1, "two bytes more");
	ok(strstr(problem, "longer than 65536 bytes") != NULL, "says why");
	is_int(filled_bytes(VA_TEMPLATE_MAX_TAGS, 1, false), VA_TEMPLATE_MAX_TAGS, "as many places as may be");
	is_int(filled_bytes(VA_TEMPLATE_MAX_TAGS + 1, 1, false), -1, "one more");
	ok(strstr(problem, "2000 places") != NULL, "says why");
	getrusage(RUSAGE_SELF, &before);
	is_int(filled_bytes(1000, 700000, false), -1, "a thousand times 700 kB");
	getrusage(RUSAGE_SELF, &after);
	ok(after.ru_maxrss - before.ru_maxrss < 32 * 1024, "takes no room for it");
}

/* {{a.b}}: the member b of the object a. */
static void
test_nested(void)
{
	const char *lead = "{\"property\":{\"age\":12,\"rooms\":[{\"name\":\"hall\"},\"attic\"],\"owner\":null,\"note\":\" \"},"
					   "\"city\":\"Reno\",\"property.size\":90,\"list\":[true,2.5],\"\":{\"\":1}}";

	is_str(fill("{{property.age}} {{ property.rooms.0.name }}, {{property.rooms.1}}, {{list.0}} {{list.1}}", lead), "12 hall, attic, true 2.5",
		   "members of objects, places of arrays");
	is_int(missing.count, 0, "none missing");
	is_str(fill("{{property.size}}", lead), "90", "a name with a dot is looked for as it is written first");
	is_str(fill("{{property}}{{property.rooms}}{{property.rooms.0}}{{property.owner}}{{property.note}}{{property.age.years}}{{city.name}}{{city.0}}", lead), "",
		   "an object, an array, null, blanks, and what would lie below a scalar");
	is_int(missing.count, 8, "count as missing");
	is_str(fill("{{list.2}}{{list.-1}}{{list.00}}{{list.01}}{{list.9999999999}}{{list.x}}{{property..age}}{{property.}}{{list.0.}}{{_.}}", lead), "",
		   "no such place, no such name");
	is_int(missing.count, 10, "count as missing");
	is_str(fill("{{property.floor | default: \"first\"}} {{property.age | default: \"?\"}}", lead), "first 12", "with a default");
	is_str(fill("{{customer.name}} {{customer.number}}", "{\"customer\":{\"name\":\"Ann\"}}"), "Ann {{customer.number}}",
		   "what the provider fills in, unless given");
	is_str(fill("{{a.b}}", "{\"a\":{\"b\":\"{{c}}\"},\"c\":\"evil\"}"), "{{c}}", "a value is no template");
	is_str(list("{{a.b.c.d.e.f.g.h}}", false), "a.b.c.d.e.f.g.h", "as deep as may be");
	is_str(list("{{a.b.c.d.e.f.g.h.i}}", false), "(failed)", "one level more");
	is_str(problem, "a variable of the text has more than 8 levels", "says why");
	is_str(list("{{a.b.c.d.e.f.g.h.i | default: 'x'}}", false), "(failed)", "with a default, too");
	is_str(fill("{{a.b.c.d.e.f.g.h}}", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":1}}}}}}}}"), "1", "filled");
	is_str(fill("{{a.b.c.d.e.f.g.h.i}}", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\":1}}}}}}}}}"), "", "not deeper");
	is_str(va_template_spoken(&arena, "{{a.0.b}}", "{\"a\":[{\"b\":\"spoken\"}]}", &problem), "spoken", "in what is spoken at once");
}

int
main(void)
{
	char *many = va_arena_alloc(&arena, 20 * (VA_TEMPLATE_MAX_VARIABLES + 1) + 1);
	char *end = many;

	is_str(list("", false), "", "nothing");
	is_str(list("Hi {{first_name}}, {{ company }} {{\tfirst_name\n}}", false), "first_name,company",
		   "in order, once");
	is_str(list("{{ a | default: \"x\" }} {{ b|default:'y' }} {{c}}", false), "c",
		   "with a default is not needed");
	is_str(list("{{ a | default: \"x\" }} {{ b|default:'y' }} {{c}}", true), "a,b,c", "unless asked for");
	is_str(list("{{}} {{ }} {{1a}} {{a b}} {a} {{a} {{a|upcase}} {{a | default: x}} {{", false), "",
		   "what is no variable");
	is_str(list("{{{a}}} {{{{b}}", false), "a,b", "more braces around");
	is_str(list("{{customer.number}} {{now}} {{date}} {{transport.x}} {{lead.city}}", false), "lead.city",
		   "the provider's own");
	is_str(list("{{local_date}} {{local_weekday}} {{local_time}} {{utc_offset}} {{timezone}} {{local_dates}} {{local}}", true),
		   "local_dates,local", "what every dial gives");
	is_str(fill("{{local_date}} {{timezone}}", "{\"timezone\":\"Europe/Paris\"}"), " Europe/Paris", "but it does have to give it");
	is_int(missing.count, 1, "else it is missing");
	is_str(fill("Now. {{slot_1}}{{memory}}", "{\"memory\":\"\"}"), "Now. ", "nothing may be free, or known");
	is_int(missing.count, 0, "... which is no lack");
	is_str(list("{{a", false), "", "cut off");
	is_str(list("{{a}", false), "", "cut off later");

	is_str(fill("Hi {{first_name}}!", "{\"first_name\":\"Ann\"}"), "Hi Ann!", "filled");
	is_str(fill("{{a}}{{b}}{{c}}{{d}}", "{\"a\":1,\"b\":2.5,\"c\":true,\"d\":\"\\u00e9\"}"),
		   "12.5true\xc3\xa9", "scalars");
	is_int(missing.count, 0, "none missing");
	is_str(fill("[{{a}}][{{b}}][{{c}}][{{d}}][{{a}}]", "{\"a\":null,\"b\":\"  \",\"c\":{}}"), "[][][][][]",
		   "missing is empty");
	is_int(missing.count, 4, "each is named once");
	is_str(missing.names[1], "b", "blank is missing");
	is_str(fill("{{ a | default: \"there\" }} {{ b | default: '' }}.", "{}"), "there .", "defaults");
	is_int(missing.count, 0, "a default is not missing");
	is_str(fill("{{a}}", "{\"a\":\"{{b}} {{a}}\",\"b\":\"evil\"}"), "{{b}} {{a}}", "a value is no template");
	is_str(fill("{{now}} {{x y}} {{", "{}"), "{{now}} {{x y}} {{", "what is not ours stays");
	is_str(fill("{{now}}", "{\"now\":\"noon\"}"), "noon", "unless given");
	is_str(va_template_spoken(&arena, "Hi {{customer.name}}, {{ date | default: 'today' }}{{now}} {{x}}{{ y }}.", "{\"y\":1}", &problem), "Hi, today 1.",
		   "nobody fills in what is spoken");
	is_str(va_template_spoken(&arena, "{{now}}", "{\"now\":\"noon\"}", &problem), "noon", "unless given");
	is_str(va_template_spoken(&arena, "Hello {{n}}, this is Nova. {{n}}, hear me! Hi, {{n}}! Dear {{n}} and {{m}}.", "{\"m\":\"Ann\"}", &problem),
		   "Hello, this is Nova. hear me! Hi! Dear and Ann.", "a name that nobody knows leaves no gap");
	is_str(va_template_spoken(&arena, "{{n}}, hello {{n}}", "{}", &problem), "hello ", "nor at the start");
	is_str(fill("plain", "{}"), "plain", "plain text");
	is_str(fill("", "{}"), "", "empty text");

	for (int i = 0; i <= VA_TEMPLATE_MAX_VARIABLES; i++)
		end += sprintf(end, "{{v%d}}", i);
	is_str(list(many, false), "(failed)", "too many variables");
	test_limits();
	test_nested();
	va_arena_free(&arena);
	return done_testing();
}
