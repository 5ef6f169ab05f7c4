/*
 * fuzz_intake.c
 *		Any bytes as a request that leaves leads, by any of its types: fields
 *		within the limits, in UTF-8, each at a path of its own; and a meaning
 *		whose places are fields.  The same fields mean the same again.
 */
#include "pure/intake/intake.h"
#include "pure/text/json.h"

#include <stdint.h>
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
check_text(const char *text)
{
	json_t *json = json_string(text); /* refuses what is not UTF-8 */

	check(json != NULL);
	json_decref(json);
}

static void
check_person(const VaIntakeBody *body, int person, VaArena *arena)
{
	VaIntakeMapped mapping[] = { { "phone", "a.b", -1 }, { "do_not_call", "dnd", -1 }, { "email", NULL, -1 } };
	VaIntakeField fields[VA_INTAKE_FIELDS_MAX];
	VaIntakeMeaning meanings[2];
	const char *why = NULL;
	bool good[2];
	int count = 0;

	for (int i = 0; i < body->count; i++)
		if (body->fields[i].person == 0 || body->fields[i].person == person)
			fields[count++] = body->fields[i];
	for (int i = 0; i < 2; i++)
		good[i] = va_intake_understand(fields, count, mapping, person % 2 ? 3 : 0, arena, &meanings[i], &why);
	check(good[0] == good[1] && (good[0] || why != NULL));
	if (!good[0])
		return;
	for (int field = 0; field < VA_LEAD_FIELDS; field++)
		check(meanings[0].column[field] >= -1 && meanings[0].column[field] < count &&
			  meanings[0].column[field] == meanings[1].column[field]);
	check(meanings[0].text_stop == NULL || meanings[0].texts == VA_INTAKE_NO);
	check(meanings[0].calls == meanings[1].calls && meanings[0].others == meanings[1].others);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = { NULL, "application/json", "application/x-www-form-urlencoded",
		"multipart/form-data; boundary=x" };
	static VaIntakeBody body;
	VaArena arena = { 0 };
	const char *why = NULL;

	if (size < 1)
		return 0;
	if (va_intake_read((const char *) data + 1, size - 1, types[data[0] % 4], &arena, &body, &why))
	{
		check(body.count > 0 && body.count <= VA_INTAKE_FIELDS_MAX);
		check(body.people >= 1 && body.people <= VA_INTAKE_PEOPLE_MAX);
		for (int i = 0; i < body.count; i++)
		{
			check(body.fields[i].person >= 0 && body.fields[i].person <= body.people);
			check(strlen(body.fields[i].path) <= (VA_INTAKE_LEVELS_MAX + 1) * (VA_INTAKE_NAME_MAX + 1));
			check_text(body.fields[i].path);
			check_text(body.fields[i].value);
		}
		for (int person = 1; person <= body.people; person++)
			check_person(&body, person, &arena);
	}
	else
		check(why != NULL);
	va_arena_free(&arena);
	return 0;
}
