/*-------------------------------------------------------------------------
 * jsonb_text.c
 *		jsonb of a text that we have written.
 *
 * Values lie in the text until the jsonb is made of them; at anything but what
 * is plain here jsonb_in() reads the whole anew, and decides alone what is no
 * JSON.  No state, no locks.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgrprotos.h"

#include "core/jsonb_text.h"

#define DEPTH_MAX 32
#define STRING_MAX 1000000

static bool read_value(const char **at, JsonbValue *value, int depth);

/* The bytes behind a quote; false: one of them is escaped, or must not be there. */
static bool
read_string(const char **at, JsonbValue *value)
{
	const char *from = *at;
	const char *to = from;

	while ((unsigned char) *to >= ' ' && *to != '"' && *to != '\\')
		to++;
	value->type = jbvString;
	value->val.string.val = unconstify(char *, from);
	value->val.string.len = (int) Min(to - from, STRING_MAX);
	*at = to + 1;
	return *to == '"' && to - from < STRING_MAX;
}

static bool
read_number(const char **at, JsonbValue *value)
{
	size_t sign = **at == '-';
	size_t whole = strspn(*at + sign, "0123456789");
	size_t decimals = (*at)[sign + whole] == '.' ? strspn(*at + sign + whole + 1, "0123456789") : 0;
	size_t len = sign + whole + (decimals > 0 ? decimals + 1 : 0);

	if (whole == 0 || (whole > 1 && (*at)[sign] == '0') || strchr(",]}", (*at)[len]) == NULL)
		return false;
	value->type = jbvNumeric;
	value->val.numeric = len < 18 && whole == len
							 ? int64_to_numeric(strtoll(*at, NULL, 10))
							 : DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(pnstrdup(*at, len)),
								   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
	*at += len;
	return true;
}

/* As jsonb has them: by length, then by bytes. */
static int
compare_keys(const JsonbValue *one, const JsonbValue *other)
{
	if (one->val.string.len != other->val.string.len)
		return one->val.string.len - other->val.string.len;
	return memcmp(one->val.string.val, other->val.string.val, one->val.string.len);
}

/* False: the object has its key. */
static bool
insert_pair(JsonbPair *pairs, int count, const JsonbPair *pair)
{
	int place = count;
	int compared = 1;

	while (place > 0 && (compared = compare_keys(&pair->key, &pairs[place - 1].key)) < 0)
		place--;
	if (compared == 0)
		return false;
	memmove(&pairs[place + 1], &pairs[place], (count - place) * sizeof(JsonbPair));
	pairs[place] = *pair;
	return true;
}

static bool
read_members(const char **at, JsonbValue *value, bool object, int depth)
{
	char close = object ? '}' : ']';
	int count = 0;
	int room = 8;
	void *members = palloc(room * sizeof(JsonbPair));
	bool good = depth < DEPTH_MAX;

	if (**at != close)
		for (; good; (*at)++)
		{
			JsonbPair pair = { 0 };

			CHECK_FOR_INTERRUPTS();
			if (count == room)
				members = repalloc_huge(members, (room *= 2) * sizeof(JsonbPair));
			if (object)
				good = *(*at)++ == '"' && read_string(at, &pair.key) && *(*at)++ == ':';
			good = good && read_value(at, &pair.value, depth + 1);
			if (good && object)
				good = insert_pair(members, count, &pair);
			else if (good)
				((JsonbValue *) members)[count] = pair.value;
			count++;
			if (!good || **at != ',')
				break;
		}
	value->type = object ? jbvObject : jbvArray;
	if (object)
		value->val.object.pairs = members;
	else
		value->val.array.elems = members;
	if (object)
		value->val.object.nPairs = count;
	else
		value->val.array.nElems = count;
	return good && *(*at)++ == close;
}

static bool
read_value(const char **at, JsonbValue *value, int depth)
{
	static const char *const words[] = { "null", "false", "true" };

	if (**at == '"' || **at == '{' || **at == '[')
	{
		char opens = *(*at)++;

		return opens == '"' ? read_string(at, value) : read_members(at, value, opens == '{', depth);
	}
	for (int i = 0; i < (int) lengthof(words); i++)
		if (strncmp(*at, words[i], strlen(words[i])) == 0)
		{
			*at += strlen(words[i]);
			value->type = i == 0 ? jbvNull : jbvBool;
			value->val.boolean = i == 2;
			return true;
		}
	return read_number(at, value);
}

Datum
va_jsonb_of_text(const char *text)
{
	const char *at = text;
	JsonbValue value = { 0 };

	if ((*text == '{' || *text == '[') && read_value(&at, &value, 0) && *at == '\0')
		return JsonbPGetDatum(JsonbValueToJsonb(&value));
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
}
