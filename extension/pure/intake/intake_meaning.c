/*-------------------------------------------------------------------------
 * intake_meaning.c
 *		Whose each field of a request is, and which column it is.  See intake.h.
 */
#include "intake_internal.h"

#include <ctype.h>
#include <string.h>

/* ---- whose it is ---- */

bool
va_intake_is_index(const char *segment, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit((unsigned char) segment[i]))
			return false;
	return len > 0;
}

typedef enum Kind
{
	KIND_NONE,
	KIND_NUMBER,
	KIND_NAME,
	KIND_OTHER /* and each further field its own */
} Kind;

static int
kind_of(const char *name)
{
	int field = va_lead_field_by_name(name);

	if (field == VA_LEAD_PHONE || (field >= VA_LEAD_PHONE2 && field <= VA_LEAD_PHONE5))
		return KIND_NUMBER;
	if (field == VA_LEAD_FIRST_NAME || field == VA_LEAD_LAST_NAME || field == VA_LEAD_NAME)
		return KIND_NAME;
	return field < 0 ? KIND_NONE : KIND_OTHER + field;
}

/* "phones" is called as "phone". */
static const char *
as_one(VaIntakeReader *reader, const char *name)
{
	size_t len = strlen(name);

	if (va_lead_field_by_name(name) < 0 && len > 2 && name[len - 1] == 's')
	{
		char *one = va_arena_strndup(reader->arena, name, len - 1);

		if (one != NULL && va_lead_field_by_name(one) >= 0)
			return one;
	}
	return name;
}

int
va_intake_beside(const VaIntakeReader *reader, int place, int from, char word[VA_CSV_WORD_MAX])
{
	const char *path = reader->fields[place].path;
	const char *last = strrchr(path, '.');
	size_t parent = last == NULL ? 0 : (size_t) (last - path) + 1;

	for (; from < reader->count; from++)
	{
		const char *other = reader->fields[from].path;

		if (from == place || strncmp(other, path, parent) != 0 || strchr(other + parent, '.') != NULL)
			continue;
		(void) va_csv_reduce(other + parent, strlen(other + parent), word);
		break;
	}
	return from;
}

/* Does anything beside it, or in a list beside it, say that this is no telephone: "type": "work fax", "is_fax": true? */
static bool
is_fax(const VaIntakeReader *reader, int place)
{
	const char *path = reader->fields[place].path;
	size_t parent = (size_t) (strrchr(path, '.') - path) + 1;

	for (int i = 0; i < reader->count; i++)
	{
		const char *value = reader->fields[i].value;
		char name[VA_CSV_WORD_MAX];
		char says[VA_CSV_WORD_MAX];

		if (i == place || strncmp(reader->fields[i].path, path, parent) != 0)
			continue;
		(void) va_csv_reduce(reader->fields[i].path + parent, strlen(reader->fields[i].path + parent), name);
		(void) va_csv_reduce(value, strlen(value), says);
		if (strstr(says, "fax") != NULL || (strstr(name, "fax") != NULL && va_lead_is_yes(value, strlen(value))))
			return true;
	}
	return false;
}

/*
 * The name of what stands in an object that is itself a field of the contact:
 * phone.full is phone, phone.mobile a mobile phone, name.first a first name.
 */
static const char *
inner_name(VaIntakeReader *reader, int place, const char *field, const char *member)
{
	static const char *const plain_values[] = { "value", "values", "answer", "stringvalue", NULL };
	static const char *const values[] = { "value", "values", "answer", "stringvalue", "number", "full", "e164",
		"international", "raw", "primary", "main", "default", NULL };
	char word[VA_CSV_WORD_MAX];
	int kind = kind_of(field);
	const char *both = member == NULL ? NULL : va_arena_printf(reader->arena, "%s %s", member, field);

	if (both == NULL || reader->fields[place].value == NULL ||
		(kind == KIND_NUMBER && (strpbrk(reader->fields[place].value, "0123456789") == NULL || is_fax(reader, place))))
		return NULL;
	(void) va_csv_reduce(member, strlen(member), word);
	if (va_intake_is(word, kind == KIND_NONE ? plain_values : values) ||
		(kind == KIND_OTHER + VA_LEAD_COMPANY && strcmp(word, "name") == 0) ||
		(kind == KIND_OTHER + VA_LEAD_EMAIL && strcmp(word, "address") == 0))
		return field;
	if (va_lead_field_by_name(both) >= 0)
		return both;
	return kind != KIND_NONE && kind_of(member) == kind ? member : NULL;
}

/* Does it say what happened? */
static bool
is_event(const char *rest)
{
	static const char *const parts[] = { "event", "action", "trigger", "topic", "operation", "hook", "changetype",
		"subscriptiontype", NULL };
	static const char *const heads[] = { "meta", "event", "webhook", "hook", "header", "headers", NULL };
	const char *dot = strchr(rest, '.');
	char word[VA_CSV_WORD_MAX];

	if (dot != NULL)
	{
		(void) va_csv_reduce(rest, (size_t) (dot - rest), word);
		if (!va_intake_is(word, heads))
			return false;
		rest = dot + 1;
	}
	(void) va_csv_reduce(rest, strlen(rest), word);
	return strchr(rest, '.') == NULL && (strcmp(word, "type") == 0 || va_csv_has_part(word, parts));
}

static void
look_at(VaIntakeReader *reader, int place)
{
	const char *path = reader->fields[place].path;
	const char *at = path;
	const char *dot;
	VaIntakeSeen *seen = &reader->seen[place];
	char *field;
	const char *member = NULL;
	int members = 0;

	for (; (dot = strchr(at, '.')) != NULL; at = dot + 1)
	{
		VaIntakeHolder holder = va_intake_holder(at, (size_t) (dot - at));

		/* "1.3" is the name of a field. */
		if (holder == VA_INTAKE_OTHER &&
			(!va_intake_is_index(at, (size_t) (dot - at)) || va_intake_is_index(dot + 1, strlen(dot + 1))))
			break;
		if (holder != VA_INTAKE_FIELDS)
			seen->level = (size_t) (dot - path);
	}
	seen->rest = at = va_intake_name(at);
	seen->event = is_event(seen->rest);
	field = va_arena_strndup(reader->arena, at, strcspn(at, "."));
	for (dot = strchr(at, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
		if (!va_intake_is_index(dot + 1, strcspn(dot + 1, ".")))
		{
			member = dot + 1;
			members++;
		}
	if (field == NULL || members > 1)
		return;
	seen->name = as_one(reader, field);
	if (member != NULL)
		seen->name = inner_name(
			reader, place, seen->name, va_arena_strndup(reader->arena, member, strcspn(member, ".")));
	/* In a list of what is no field of ours the first has the name, the others keep their places. */
	else if (at[strlen(field)] != '\0' && strcmp(at + strlen(field), ".0") != 0 && kind_of(seen->name) == KIND_NONE)
		seen->name = NULL;
}

/* ---- one number, or a refusal to guess ---- */

static bool
same_number(const char *a, const char *b)
{
	char digits[2][32];
	const char *texts[2] = { a, b };
	size_t len[2] = { 0, 0 };

	for (int i = 0; i < 2; i++)
		for (const char *c = texts[i]; *c != '\0' && len[i] < sizeof(digits[i]); c++)
			if (isdigit((unsigned char) *c))
				digits[i][len[i]++] = *c;
	if (len[0] < 7 || len[1] < 7)
		return len[0] == len[1] && memcmp(digits[0], digits[1], len[0]) == 0;
	return len[0] >= len[1] ? memcmp(digits[0] + len[0] - len[1], digits[1], len[1]) == 0
							: memcmp(digits[1] + len[1] - len[0], digits[0], len[0]) == 0;
}

static bool
at_level_of(const VaIntakeReader *reader, int a, int b)
{
	return reader->seen[a].level == reader->seen[b].level &&
		   strncmp(reader->fields[a].path, reader->fields[b].path, reader->seen[a].level) == 0;
}

static bool
is_called(const VaIntakeReader *reader, int place, const char *header)
{
	const char *name = reader->seen[place].name;

	return name != NULL && va_csv_find_column(&name, 1, header) == 0;
}

/* Is it a number of the contact, with so many digits at least? */
static bool
is_number(const VaIntakeReader *reader, int place, const char *mapped, int least)
{
	const char *name = reader->seen[place].name;
	int digits = 0;

	for (const char *c = reader->fields[place].value; *c != '\0'; c++)
		digits += isdigit((unsigned char) *c) != 0;
	return name != NULL && digits >= least &&
		   (kind_of(name) == KIND_NUMBER || (mapped != NULL && is_called(reader, place, mapped)));
}

/* Numbers of the contact stand in one object; where another has one as well, only the same. */
static bool
find_number(VaIntakeReader *reader, const char *mapped, const char **why)
{
	/* "number": 12 is hardly one, but nothing better may be there. */
	for (int least = 7; least > 0 && reader->phone < 0; least -= 6)
		for (int i = 0; i < reader->count; i++)
			if (is_number(reader, i, mapped, least) &&
				(reader->phone < 0 || reader->seen[i].level > reader->seen[reader->phone].level))
				reader->phone = i;
	for (int i = 0; i < reader->count && reader->phone >= 0; i++)
	{
		bool same = false;

		if (!is_number(reader, i, mapped, 7) || at_level_of(reader, i, reader->phone))
			continue;
		for (int k = 0; k < reader->count && !same; k++)
			same = is_number(reader, k, mapped, 7) && at_level_of(reader, k, reader->phone) &&
				   same_number(reader->fields[i].value, reader->fields[k].value);
		if (!same)
			return va_refuse(
				why, va_arena_printf(reader->arena, "two fields are the number of the lead: \"%.100s\" and \"%.100s\"",
						 reader->fields[reader->phone].path, reader->fields[i].path));
		reader->seen[i].name = NULL;
	}
	return true;
}

/* ---- columns ---- */

/* By its whole path, else by its name, best beside the number. */
static int
place_of(const VaIntakeReader *reader, const char *header)
{
	int found = -1;

	for (int i = 0; i < reader->count; i++)
		if (strcmp(reader->fields[i].path, header) == 0)
			return i;
	for (int i = 0; i < reader->count; i++)
		if (is_called(reader, i, header) &&
			(found < 0 || (reader->phone >= 0 && at_level_of(reader, i, reader->phone) &&
							  !at_level_of(reader, found, reader->phone))))
			found = i;
	return found;
}

static void
guess_columns(VaIntakeReader *reader, int column[VA_LEAD_FIELDS])
{
	static const VaLeadField names[] = { VA_LEAD_FIRST_NAME, VA_LEAD_LAST_NAME, VA_LEAD_NAME };
	const char *headers[VA_INTAKE_FIELDS_MAX];
	bool named = false;

	/* First what stands beside the number; a form around it has a name as well. */
	for (int turn = 0; turn < 2; turn++)
	{
		int open[VA_LEAD_FIELDS];

		for (int i = 0; i < reader->count; i++)
			headers[i] = reader->seen[i].name != NULL &&
								 (turn > 0 || reader->phone < 0 || at_level_of(reader, i, reader->phone))
							 ? reader->seen[i].name
							 : "";
		memcpy(open, column, sizeof(open));
		va_csv_map_columns(headers, reader->count, column);
		for (int i = 0; i < 3; i++)
			named = named || column[names[i]] >= 0;
		for (int field = 0; field < VA_LEAD_FIELDS && turn == 0; field++)
			if (column[field] < 0 && open[field] == VA_CSV_UNMAPPED &&
				!(named && (field == VA_LEAD_NAME || field == VA_LEAD_FIRST_NAME || field == VA_LEAD_LAST_NAME)))
				column[field] = VA_CSV_UNMAPPED;
	}
}

/* ---- events ---- */

/* A word of the value that says that somebody goes: ContactDelete, invitee.canceled. */
static bool
takes_away(const char *value)
{
	static const char *const ends[] = { "delete", "deleted", "deletion", "remove", "removed", "cancel", "canceled",
		"cancelled", "unsubscribe", "unsubscribed", "archive", "archived", "destroy", "destroyed", "trashed", NULL };

	if (strlen(value) > 80 || strchr(value, ' ') != NULL)
		return false;
	while (*value != '\0')
	{
		size_t len = 1;
		char word[VA_CSV_WORD_MAX];

		while (isalpha((unsigned char) value[len]) &&
			   !(isupper((unsigned char) value[len]) && islower((unsigned char) value[len - 1])))
			len++;
		(void) va_csv_reduce(value, len, word);
		for (const char *const *end = ends; *end != NULL; end++)
			if (strlen(word) >= strlen(*end) && strcmp(word + strlen(word) - strlen(*end), *end) == 0)
				return true;
		value += len;
	}
	return false;
}

/* "isDeleted": true, "deleted_at": "2026-11-28": a mark that somebody is gone already. */
static bool
is_gone(const char *rest, const char *value)
{
	static const char *const marks[] = { "deleted", "removed", "archived", "trashed", "destroyed", NULL };
	char word[VA_CSV_WORD_MAX];
	size_t len;

	(void) va_csv_reduce(rest, strlen(rest), word);
	len = strlen(word);
	if (len > 2 && strcmp(word + len - 2, "at") == 0)
		word[len - 2] = '\0';
	return strchr(rest, '.') == NULL && va_intake_is(word + (strncmp(word, "is", 2) == 0 ? 2 : 0), marks) &&
		   value[0] != '\0' && value[0] != '0' && !va_lead_is_no(value, strlen(value));
}

/* ---- all of it ---- */

/* The mapping; the places that it gives to consent and refusal stay with their readers. */
static void
map_fields(VaIntakeReader *reader, VaIntakeMapped *mapping, int mapped)
{
	int *column = reader->meaning->column;

	for (int field = 0; field < VA_LEAD_FIELDS; field++)
		column[field] = VA_CSV_UNMAPPED;
	for (int i = 0; i < mapped; i++)
	{
		int field = va_lead_field_by_name(mapping[i].key);

		mapping[i].place = mapping[i].header == NULL ? -1 : place_of(reader, mapping[i].header);
		/* Fields missing here are not asked for. */
		if (field >= 0 && (mapping[i].place >= 0 || mapping[i].header == NULL))
			column[field] = mapping[i].place;
	}
}

/* The first number is the lead's. */
static void
put_number_first(int column[VA_LEAD_FIELDS])
{
	for (int n = 2; n <= VA_LEAD_NUMBERS && column[VA_LEAD_PHONE] < 0; n++)
	{
		column[VA_LEAD_PHONE] = column[VA_LEAD_NUMBER_FIELD(n)];
		column[VA_LEAD_NUMBER_FIELD(n)] = -1;
	}
}

bool
va_intake_understand(const VaIntakeField *fields, int count, VaIntakeMapped *mapping, int mapped, VaArena *arena,
	VaIntakeMeaning *meaning, const char **why)
{
	VaIntakeReader reader = { .fields = fields, .count = count, .arena = arena, .phone = -1, .meaning = meaning };
	const char *number = NULL;
	int stop;
	int consent;

	memset(meaning, 0, sizeof(*meaning));
	for (int i = 0; i < count; i++)
		look_at(&reader, i);
	for (int i = 0; i < mapped; i++)
		if (mapping[i].header != NULL && va_lead_field_by_name(mapping[i].key) == VA_LEAD_PHONE)
			number = mapping[i].header;
	/* A whole path needs no guess. */
	for (int i = 0; i < count && number != NULL; i++)
		if (strcmp(fields[i].path, number) == 0 && strchr(number, '.') != NULL)
			reader.phone = i;
	if (reader.phone < 0 && !find_number(&reader, number, why))
		return false;
	map_fields(&reader, mapping, mapped);
	stop = meaning->column[VA_LEAD_DO_NOT_CALL];
	consent = meaning->column[VA_LEAD_CONSENT];
	meaning->column[VA_LEAD_DO_NOT_CALL] = meaning->column[VA_LEAD_CONSENT] = -1;
	guess_columns(&reader, meaning->column);
	put_number_first(meaning->column);
	for (int i = 0; i < count; i++)
	{
		meaning->names[i] = reader.seen[i].name != NULL ? reader.seen[i].name : fields[i].path;
		for (int k = 0; k < i; k++)
			if (meaning->names[k] != NULL && strcmp(meaning->names[k], meaning->names[i]) == 0)
				meaning->names[i] = fields[i].path;
		if (meaning->event == NULL && reader.seen[i].event && takes_away(fields[i].value))
			meaning->event = fields[i].value;
		else if (meaning->event == NULL && is_gone(reader.seen[i].rest, fields[i].value))
			meaning->event = fields[i].path;
	}
	va_intake_hear(&reader, stop, consent);
	return !arena->oom || va_refuse(why, "out of memory");
}
