/*
 * test_json.c
 *		The tolerant reader, instants and decimals.
 */
#include "pure/text/instant.h"
#include "pure/text/json.h"
#include "pure/text/utf8.h"

#include "tap.h"

static VaArena arena;

static const char *
reread(const char *text, size_t len)
{
	const char *why = NULL;
	json_t *json = va_json_load(&arena, text, len, &why);
	const char *again = json == NULL ? va_arena_printf(&arena, "error: %s", why) : va_json_text(&arena, json);

	json_decref(json);
	return again;
}

#define REREAD(text) reread(text, sizeof(text) - 1)

static void
test_reading(void)
{
	is_str(REREAD("{\"b\":1,\"a\":[true,null,0.1]}"), "{\"a\":[true,null,0.1],\"b\":1}", "sorted, shortest");
	is_str(REREAD("\"a\\u0000b\""),
		   "\"a\xef\xbf\xbd"
		   "b\"",
		   "a NUL is replaced");
	is_str(REREAD("\"\\\\u0000\""), "\"\\\\u0000\"", "an escaped backslash is not an escape");
	is_str(REREAD("\"\\\\\\u0000\""), "\"\\\\\xef\xbf\xbd\"", "after one there may be an escape");
	is_str(REREAD("\"\\ud83d\\ude00\""), "\"\xf0\x9f\x98\x80\"", "a pair of surrogates");
	is_str(REREAD("\"\\ud83d\""), "\"\xef\xbf\xbd\"", "half a pair");
	is_str(REREAD("\"\\ude00\\ud83d\""), "\"\xef\xbf\xbd\xef\xbf\xbd\"", "a pair the wrong way round");
	is_str(REREAD("\"\\ud83d\\ud83d\\ude00\""), "\"\xef\xbf\xbd\xf0\x9f\x98\x80\"",
		   "half a pair before a pair");
	is_str(REREAD("{\"\\u0000\":1}"), "{\"\xef\xbf\xbd\":1}", "in a key");
	is_str(REREAD(""), "error: the body is empty", "empty");
	ok(strncmp(REREAD("\"\\ud8"), "error: not valid JSON", 21) == 0, "cut in an escape");
	ok(strncmp(REREAD("{\"a\":1}x"), "error: not valid JSON", 21) == 0, "a tail");
	ok(strncmp(REREAD("\"\xff\""), "error: not valid JSON", 21) == 0, "not UTF-8");
	ok(strncmp(REREAD("\"a\0b\""), "error: not valid JSON", 21) == 0, "a raw NUL");
	ok(strncmp(REREAD("123456789012345678901234567890"), "error: not valid JSON", 21) == 0, "a huge integer");
	ok(strncmp(REREAD("1e999"), "error: not valid JSON", 21) == 0, "a huge real");
	ok(strstr(REREAD("{\"token\":s3cret}"), "s3cret") == NULL, "an error quotes nothing");
}

/* What is read quickly is what jansson makes of it: a report, and a hundred thousand that a few bytes of it were changed in. */
static void
test_quickly(void)
{
	static const char report[] = "{ \"message\":{\"type\":\"end-of-call-report\",\"cost\": 0.0842,\"startedAt\":1764300000123, \"n\":[1,0,12.50, true,false ,null,\"\"],"
		"\"said\":\"AI: \\\"Hello\\\", gr\xc3\xbc\xc3\x9f\\/\\n\\t\\\\ \\u00e9\",\"e\":{},\"l\" : [ ], \"d\":-1.5e3,\"cost\":2}}\n";
	static const char bytes[] = "{}[],:\"\\/0123456789.-+eE \n\tutrfnxa\x01\xc3\xbc\xff";
	const char *plain[] = { "{\"a\":[1,0,0.5,12.50,true,false,null,\"\\n\\\"\\\\\",{}],\"a\":2 }", "[]", "\"\xc3\xbc\"", " 7 ", "null", NULL };
	const char *strange[] = { "", "01", "1.", ".5", "1.2.3", "-1", "1e3", "[1,]", "{\"a\"}", "{\"a\":1,}", "[1 2]", "truex", "\"\\u00e9\"", "\"\xff\"", "\"a\nb\"", "{1:2}", "[", "\"", "123456789012345678",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", NULL };
	uint32_t seed = 1;
	int same = 0;
	int other = 0;

	for (int i = 0; plain[i] != NULL; i++)
	{
		json_t *quick = va_json_read_quickly(plain[i], strlen(plain[i]));
		json_t *slow = json_loads(plain[i], JSON_DECODE_ANY, NULL);

		ok(quick != NULL && json_equal(quick, slow), "plain: %s", plain[i]);
		json_decref(quick);
		json_decref(slow);
	}
	for (int i = 0; strange[i] != NULL; i++)
		ok(va_json_read_quickly(strange[i], strlen(strange[i])) == NULL, "left to jansson: %s", strange[i]);
	for (int n = 0; n < 100000; n++)
	{
		char text[sizeof(report)];
		size_t len = sizeof(report) - 1;
		json_t *quick;
		json_t *slow;

		memcpy(text, report, sizeof(report));
		/* What jansson has to read is taken out of most. */
		if (n % 10 != 0)
		{
			memcpy(strstr(text, "\\u00e9"), "plain ", 6);
			memcpy(strstr(text, "-1.5e3"), "1.5223", 6);
		}
		for (int changes = n % 4; changes > 0; changes--)
		{
			seed = seed * 1664525u + 1013904223u;
			text[(seed >> 8) % len] = bytes[(seed >> 20) % (sizeof(bytes) - 1)];
		}
		quick = va_json_read_quickly(text, len);
		slow = quick == NULL ? NULL : json_loadb(text, len, JSON_DECODE_ANY, NULL);
		if (quick != NULL && slow != NULL && json_equal(quick, slow))
			same++;
		else if (quick != NULL)
			other++;
		json_decref(quick);
		json_decref(slow);
	}
	is_int(other, 0, "nothing is read otherwise");
	ok(same > 20000, "... of %d that were", same);
}

static void
is_time(const char *text, long long expected)
{
	int64_t ms = -1;

	is_int(va_time_parse(text, &ms) ? ms : -1, expected, "%s", text);
}

static void
test_times(void)
{
	is_time("1970-01-01T00:00:00Z", 0);
	is_time("2023-11-14T22:13:20.000Z", 1700000000000);
	is_time("2023-11-14T22:13:20.1234567Z", 1700000000123);
	is_time("2023-11-15T03:43:20+05:30", 1700000000000);
	is_time("2023-11-14T22:13:20-0000", 1700000000000);
	is_time("2023-11-14 22:13:20", 1700000000000);
	is_time("2024-02-29T00:00:00Z", 1709164800000);
	is_time("2023-02-29T00:00:00Z", -1);
	is_time("2100-02-29T00:00:00Z", -1);
	is_time("2023-13-01T00:00:00Z", -1);
	is_time("2023-11-14T24:00:00Z", -1);
	is_time("2023-11-14T22:13Z", -1);
	is_time("2023-11-14T22:13:20.Z", -1);
	is_time("2023-11-14T22:13:20Zx", -1);
	is_time("9999-12-31T00:00:00Z", -1);
	is_time("1969-12-31T23:59:59Z", -1);
	is_time("", -1);
	is_str(va_time_text(&arena, 1709164800001), "2024-02-29T00:00:00.001Z", "a leap day");
	ok(va_time_text(&arena, -1) == NULL, "before the epoch");
	for (int64_t day = 0; day < 84006; day += 37)
	{
		int64_t back = -1;
		char *text = va_time_text(&arena, day * 86400000 + day);

		if (!va_time_parse(text, &back) || back != day * 86400000 + day)
			ok(false, "%s goes there and back", text);
	}
}

/* Every byte of ASCII, written as a JSON string, is read back. */
static void
test_buffer(void)
{
	VaBuffer buffer = { 0 };
	char text[128];
	const char *why;
	char *written;
	json_t *json;

	for (int i = 1; i < 128; i++)
		text[i - 1] = (char) i;
	text[127] = '\0';
	va_buffer_json_string(&buffer, text, 127);
	written = va_buffer_finish(&buffer, &arena);
	json = va_json_load(&arena, written, strlen(written), &why);
	is_str(json_string_value(json), text, "every character is escaped as it must be");
	json_decref(json);
	is_str(va_buffer_finish(&buffer, &arena), "", "an empty buffer");
	for (int i = 0; i < 10000; i++)
		va_buffer_printf(&buffer, "%d,", i % 10);
	is_int(strlen(va_buffer_finish(&buffer, &arena)), 20000, "a long one");
}

/* What is written is what jansson writes, byte for byte. */
static void
is_as_jansson(const char *source)
{
	VaArena arena = { 0 };
	json_t *json = json_loads(source, JSON_DECODE_ANY, NULL);
	char *dumped = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));

	is_str(va_json_text(&arena, json), dumped, "%.60s", source);
	free(dumped);
	json_decref(json);
	va_arena_free(&arena);
}

static void
test_writing(void)
{
	static const char *const sources[] = {
		"{}", "[]", "null", "true", "false", "\"\"", "0", "-9223372036854775808", "9223372036854775807", "1.5", "-0.0", "1e300", "1e-7", "100000.0", "0.1",
		"\"\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f \\\" \\\\ / \\u007f \\u00e9 \\u674e \\ud83d\\ude00\"",
		"{\"b\":1,\"a\":[1,[2,{\"z\":null,\"y\":{}}],\"x\"],\"\":true,\"ab\":\"\",\"\\u00e9\":0,\"A\":false,\"a\\\"b\":1.25}",
		"{\"k40\":1,\"k39\":1,\"k38\":1,\"k37\":1,\"k36\":1,\"k35\":1,\"k34\":1,\"k33\":1,\"k32\":1,\"k31\":1,\"k30\":1,\"k29\":1,\"k28\":1,\"k27\":1,"
		"\"k26\":1,\"k25\":1,\"k24\":1,\"k23\":1,\"k22\":1,\"k21\":1,\"k20\":1,\"k19\":1,\"k18\":1,\"k17\":1,\"k16\":1,\"k15\":1,\"k14\":1,\"k13\":1,"
		"\"k12\":1,\"k11\":1,\"k10\":1,\"k09\":1,\"k08\":1,\"k07\":1,\"k06\":1,\"k05\":1,\"k04\":1,\"k03\":1,\"k02\":1,\"k01\":1}"
	};

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		is_as_jansson(sources[i]);
}

/* In the newest block, at its end, and in one of its own. */
static void
test_printing(void)
{
	VaArena arena = { 0 };
	char *long_text = malloc(20001);
	int wrong = 0;

	memset(long_text, 'x', 20000);
	long_text[20000] = '\0';
	for (int i = 0; i < 3000; i++)
	{
		const char *text = va_arena_printf(&arena, "%d:%.*s", i, i % 97, long_text);

		wrong += text == NULL || atoi(text) != i || strlen(text) != strlen(va_arena_printf(&arena, "%d:", i)) + (size_t) (i % 97);
	}
	is_int(wrong, 0, "many short texts");
	ok(strcmp(va_arena_printf(&arena, "%s", long_text), long_text) == 0, "a long one");
	is_str(va_arena_printf(&arena, "%s", ""), "", "none");
	free(long_text);
	va_arena_free(&arena);
}

int
main(void)
{
	test_writing();
	test_printing();
	test_buffer();
	test_reading();
	test_quickly();
	test_times();
	is_str(va_decimal_text(&arena, 0), "0", "zero");
	is_str(va_decimal_text(&arena, 0.1234), "0.1234", "four decimals");
	is_str(va_decimal_text(&arena, 1e-7), "0.0000001", "no exponent");
	is_str(va_decimal_text(&arena, 12), "12", "whole");
	ok(va_decimal_text(&arena, 1e300) == NULL, "too large");
	is_str(va_utf8_cut(&arena, "a\xc3\xa9\xc3\xa9z", 3), "a\xc3\xa9\xc3\xa9", "cut between characters");
	va_arena_free(&arena);
	return done_testing();
}
