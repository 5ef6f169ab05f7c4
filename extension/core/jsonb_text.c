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
compare_pairs(const void *one, const void *other)
{
	const JsonbValue *a = &((const JsonbPair *) one)->key;
	const JsonbValue *b = &((const JsonbPair *) other)->key;
	int longer = a->val.string.len - b->val.string.len;

	return longer != 0 ? longer : memcmp(a->val.string.val, b->val.string.val, a->val.string.len);
}

static bool
read_object(const char **at, JsonbValue *value, int depth)
{
	int room = 8;
	JsonbPair *pairs = palloc(room * sizeof(JsonbPair));
	int count = 0;

	for (bool more = **at != '}'; more;)
	{
		if (count == room)
			pairs = repalloc_huge(pairs, (room *= 2) * sizeof(JsonbPair));
		if (*(*at)++ != '"' || !read_string(at, &pairs[count].key) || *(*at)++ != ':' ||
			!read_value(at, &pairs[count++].value, depth + 1))
			return false;
		more = **at == ',';
		*at += more;
	}
	qsort(pairs, count, sizeof(JsonbPair), compare_pairs);
	for (int i = 1; i < count; i++)
		if (compare_pairs(&pairs[i - 1], &pairs[i]) == 0)
			return false;
	value->type = jbvObject;
	value->val.object.pairs = pairs;
	value->val.object.nPairs = count;
	return *(*at)++ == '}';
}

static bool
read_array(const char **at, JsonbValue *value, int depth)
{
	int room = 8;
	JsonbValue *elems = palloc(room * sizeof(JsonbValue));
	int count = 0;

	for (bool more = **at != ']'; more;)
	{
		if (count == room)
			elems = repalloc_huge(elems, (room *= 2) * sizeof(JsonbValue));
		if (!read_value(at, &elems[count++], depth + 1))
			return false;
		more = **at == ',';
		*at += more;
	}
	value->type = jbvArray;
	value->val.array.elems = elems;
	value->val.array.nElems = count;
	value->val.array.rawScalar = false;
	return *(*at)++ == ']';
}

static bool
read_value(const char **at, JsonbValue *value, int depth)
{
	static const char *const words[] = { "null", "false", "true" };

	switch (depth < DEPTH_MAX ? *(*at)++ : '\0')
	{
		case '"':
			return read_string(at, value);
		case '{':
			return read_object(at, value, depth);
		case '[':
			return read_array(at, value, depth);
		case '\0':
			return false;
		default:
			(*at)--;
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
