/*
 * test_models.c
 *		The drivers of language models: every kind of reply, limits by their headers, schemas and what conforms to them, the language
 *		of an answer.  (Requests to the letter: r38_models.)
 */
#include "drivers.h"

#include "pure/models/models.h"
#include "pure/models/schema.h"

static VaModelReply reply;

static const char *
read_as(const char *driver, int status, const char *body)
{
	VaHttpResponse response = reply_of(status, body);
	VaModelOrder order = { .model = "m-1" };

	va_model_driver(driver)->read(&order, &response, &arena, &reply);
	return va_arena_printf(&arena, "%s|%s|%s|%d %ld %ld %ld", va_model_kind_name(reply.kind), reply.text != NULL ? reply.text : "",
						   reply.message != NULL ? reply.message : "", reply.counted, (long) reply.tokens_in, (long) reply.tokens_cached,
						   (long) reply.tokens_out);
}

/* ---- replies ---- */

static void
test_chat(void)
{
	is_str(read_as("openai", 200,
				   "{\"choices\":[{\"message\":{\"content\":\"Hi\",\"refusal\":null},\"finish_reason\":\"stop\"}],"
				   "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":4}}}"),
		   "answered|Hi||1 10 4 3", "an answer, with its tokens");
	is_str(read_as("openai", 200, "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"No.\"},\"finish_reason\":\"stop\"}]}"),
		   "refused||No.|0 0 0 0", "a refusal");
	is_str(read_as("openai", 200, "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":\"content_filter\"}]}"),
		   "refused||the vendor's filter withheld the answer|0 0 0 0", "a filter");
	is_str(read_as("compatible", 200, "{\"choices\":[{\"message\":{\"content\":\"He\"},\"finish_reason\":\"length\"}]}"),
		   "incomplete|He|the answer was cut off at max_tokens|0 0 0 0", "cut off");
	is_str(read_as("openai", 200, "{\"choices\":[]}"), "unreadable||the answer has no choices|0 0 0 0", "no choices");
	is_str(read_as("openai", 200, "[]"), "unreadable||the answer is not JSON: no object|0 0 0 0", "no object");
	is_str(read_as("openai", 200, "{\"choices\":[{\"message\":{}}]}"), "unreadable||the answer has no content|0 0 0 0", "no content");
}

static void
test_responses(void)
{
	is_str(read_as("openai_responses", 200,
				   "{\"status\":\"completed\",\"output\":[{\"type\":\"reasoning\",\"summary\":[]},{\"type\":\"message\",\"content\":["
				   "{\"type\":\"output_text\",\"text\":\"Hi\"},{\"type\":\"output_text\",\"text\":\" Ada\"}]}],"
				   "\"usage\":{\"input_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":2},\"output_tokens\":5}}"),
		   "answered|Hi Ada||1 9 2 5", "the texts of an answer");
	is_str(read_as("openai_responses", 200,
				   "{\"status\":\"completed\",\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"No.\"}]}]}"),
		   "refused||No.|0 0 0 0", "a refusal");
	is_str(read_as("openai_responses", 200,
				   "{\"status\":\"incomplete\",\"incomplete_details\":{\"reason\":\"max_output_tokens\"},\"output\":[{\"content\":[{\"type\":"
				   "\"output_text\",\"text\":\"H\"}]}]}"),
		   "incomplete|H|the answer was cut off at max_tokens|0 0 0 0", "cut off");
	is_str(read_as("openai_responses", 200, "{\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"Boom\"},\"output\":[]}"),
		   "server||Boom|0 0 0 0", "a failure with status 200");
	is_str(read_as("openai_responses", 200, "{\"status\":\"completed\",\"output\":[]}"), "unreadable||the answer has no text|0 0 0 0", "no text");
}

static void
test_anthropic(void)
{
	is_str(read_as("anthropic", 200,
				   "{\"type\":\"message\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},{\"type\":\"text\",\"text\":\"Hi\"}],"
				   "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":5,\"cache_creation_input_tokens\":1,"
				   "\"output_tokens\":3}}"),
		   "answered|Hi||1 16 5 3", "an answer; what the cache gave and took is read, too");
	is_str(read_as("anthropic", 200, "{\"content\":[],\"stop_reason\":\"refusal\"}"), "refused||the model would not answer|0 0 0 0", "a refusal");
	is_str(read_as("anthropic", 200, "{\"content\":[{\"type\":\"text\",\"text\":\"H\"}],\"stop_reason\":\"max_tokens\"}"),
		   "incomplete|H|the answer was cut off at max_tokens|0 0 0 0", "cut off");
	is_str(read_as("anthropic", 200, "{\"content\":[],\"stop_reason\":\"model_context_window_exceeded\"}"),
		   "incomplete||the messages fill all that the model can hold|0 0 0 0", "too long a conversation");
	is_str(read_as("anthropic", 200, "{\"content\":[],\"stop_reason\":\"end_turn\"}"), "unreadable||the answer has no text|0 0 0 0", "no text");
}

static void
test_refusals(void)
{
	const struct
	{
		int status;
		const char *body;
		const char *kind;
	} cases[] = {
		{ 400, "{\"error\":{\"message\":\"Bad\",\"type\":\"invalid_request_error\"}}", "bad_request" },
		/* As vendors and servers say that they take no parameter; a number that is too large, or another code, is something else. */
		{ 400, "{\"error\":{\"message\":\"Unsupported value: 'temperature' does not support 0.0 with this model.\",\"param\":\"temperature\","
			   "\"code\":\"unsupported_value\"}}", "bad_parameter" },
		{ 400, "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"`temperature` is deprecated for this model.\"}}",
		  "bad_parameter" },
		{ 400, "{\"error\":{\"message\":\"temperature: Extra inputs are not permitted\",\"type\":\"invalid_request_error\"}}", "bad_parameter" },
		{ 400, "{\"error\":\"Unrecognized request argument supplied: stream_options\"}", "bad_parameter" },
		{ 422, "{\"message\":\"unknown field seed\"}", "bad_parameter" },
		{ 400, "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.\","
			   "\"param\":\"max_tokens\",\"code\":\"unsupported_parameter\"}}", "bad_parameter" },
		{ 400, "{\"error\":{\"message\":\"max_tokens is too large: 32000\",\"param\":\"max_tokens\",\"code\":\"invalid_value\"}}", "bad_request" },
		{ 400, "{\"error\":{\"message\":\"Invalid messages: temperature of the sea\",\"param\":\"messages\"}}", "bad_request" },
		{ 500, "{\"error\":{\"message\":\"temperature sensor failed\"}}", "server" },
		{ 401, "{\"error\":{\"message\":\"no key for temperature\"}}", "bad_key" },
		{ 401, "{\"error\":{\"message\":\"Key\"}}", "bad_key" },
		{ 403, "", "bad_key" },
		{ 402, "{\"error\":{\"type\":\"billing_error\",\"message\":\"Pay\"}}", "quota" },
		{ 404, "{\"error\":{\"message\":\"The model `x` does not exist\",\"code\":\"model_not_found\"}}", "bad_model" },
		{ 404, "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model: x\"}}", "bad_model" },
		{ 404, "{\"error\":\"no such page\"}", "bad_request" },
		{ 408, "", "server" },
		{ 409, "", "server" },
		{ 413, "", "bad_request" },
		{ 429, "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow\"}}", "limited" },
		{ 429, "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"Pay\"}}", "quota" },
		{ 500, "<html>", "server" },
		{ 503, "", "overloaded" },
		{ 504, "{\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"Slow\"}}", "server" },
		{ 529, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}", "overloaded" },
		{ 302, "", "bad_request" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (const VaModelDriver *const *driver = va_model_drivers(); *driver != NULL; driver++)
		{
			(void) read_as((*driver)->name, cases[i].status, cases[i].body);
			is_str(va_model_kind_name(reply.kind), cases[i].kind, "%s: status %d", (*driver)->name, cases[i].status);
			ok(reply.message != NULL && strstr(reply.message, va_arena_printf(&arena, "%d", cases[i].status)) != NULL, "... with its status in words");
		}
	reply.message = NULL;
	(void) read_as("openai", 0, NULL);
	is_str(va_model_kind_name(reply.kind), "lost", "no answer after something was sent");
}

/* ---- limits ---- */

static void
is_rest(int64_t ms, const char *headers, int retry_after_s, bool refused, const char *name)
{
	int64_t got = va_model_rest_ms(headers, retry_after_s, refused, INT64_C(1700000000000));

	ok(got == ms, "%s: %ld", name, (long) got);
}

static void
test_limits(void)
{
	is_rest(1500, "Retry-After-Ms: 1500\r\nretry-after: 9\r\n", 9, true, "retry-after-ms goes first");
	is_rest(9000, "x-ratelimit-reset-requests: 1s\r\n", 9, true, "then retry-after");
	is_rest(360000, "x-ratelimit-remaining-tokens: 0\r\nx-ratelimit-reset-tokens: 6m0s\r\nx-ratelimit-reset-requests: 12ms\r\n", -1, true, "a duration to the reset of what is used up");
	is_rest(12, "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 12ms\nx-ratelimit-reset-tokens: 6m0s\n", -1, true, "... in milliseconds");
	is_rest(3600000, "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 400h\n", -1, true, "an hour at most");
	is_rest(30000, "anthropic-ratelimit-requests-remaining: 0\r\nanthropic-ratelimit-requests-reset: 2023-11-14T22:13:50Z\r\n", -1, true, "an instant");
	is_rest(0, "anthropic-ratelimit-requests-remaining: 0\r\nanthropic-ratelimit-requests-reset: 2020-11-14T22:13:50Z\r\n", -1, true, "... that has passed");
	is_rest(2000, "x-ratelimit-remaining-requests: 3\nx-ratelimit-reset-requests: 2s\n", -1, true, "a refusal that names nothing used up: the longest reset");
	is_rest(0, "x-ratelimit-remaining-requests: 3\nx-ratelimit-reset-requests: 2s\n", -1, false, "an answer with requests left: none");
	is_rest(2000, "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 2s\n", 7, false, "an answer that was the last: until the reset");
	is_rest(0, "x-ratelimit-remaining-requests: -1\nx-ratelimit-reset-requests: 0\n", -1, true, "odd ones");
	is_rest(0, "x-ratelimit-reset-requests: soon\nretry-after-ms: never\n", -1, true, "nonsense");
	is_rest(0, NULL, -1, true, "no headers");
	ok(va_model_final("X-Should-Retry: false\r\n") && !va_model_final("x-should-retry: true\r\n") && !va_model_final(NULL), "x-should-retry");
}

/* ---- schemas ---- */

static bool
conforms(const char *schema, const char *value)
{
	json_t *s = va_json_load(&arena, schema, strlen(schema), &why);
	json_t *v = va_schema_load(value, &arena, &why);
	bool good = false;

	if (va_schema_check(s, &arena, &why) && v != NULL)
	{
		va_schema_prune(s, v);
		good = va_schema_conforms(s, v, &arena, &why);
	}
	json_decref(s);
	json_decref(v);
	return good;
}

#define PERSON \
	"{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":3},\"age\":{\"type\":\"integer\",\"minimum\":0}," \
	"\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]},\"maxItems\":2},\"nick\":{\"type\":[\"string\",\"null\"]}}," \
	"\"required\":[\"name\"],\"additionalProperties\":false}"

static void
refuses(const char *value, const char *expected)
{
	ok(!conforms(PERSON, value), "refused: %s", value);
	is_str(why, expected, "... by its place");
}

static void
test_values(void)
{
	ok(conforms(PERSON, "{\"name\":\"Ada\",\"age\":4e1,\"tags\":[\"a\",\"b\"],\"nick\":null}"), "a value that conforms");
	ok(conforms(PERSON, " ```json\n{\"name\":\"Zoë\"}\n``` "), "... in a code fence; length is counted in characters");
	ok(conforms(PERSON, "{\"name\":\"Ada\",\"age\":null}"), "what may be left out may be null, as strict schemas have it");
	refuses("{}", "$ lacks \"name\"");
	refuses("{\"name\":null}", "$.name must be of type string");
	refuses("{\"name\":\"\"}", "$.name must have at least 1 characters");
	refuses("{\"name\":\"Adam\"}", "$.name must have at most 3 characters");
	refuses("{\"name\":\"A\",\"age\":1.5}", "$.age must be of type integer");
	refuses("{\"name\":\"A\",\"age\":-1}", "$.age must be at least 0");
	refuses("{\"name\":\"A\",\"tags\":[\"a\",\"c\"]}", "$.tags[1] must be one of [\"a\",\"b\"]");
	refuses("{\"name\":\"A\",\"tags\":[\"a\",\"a\",\"a\"]}", "$.tags must have at most 2 items");
	refuses("{\"name\":\"A\",\"tags\":{}}", "$.tags must be of type array");
	refuses("{\"name\":\"A\",\"nick\":1}", "$.nick must be of type string or null");
	refuses("{\"name\":\"A\",\"x\":1}", "$ has \"x\", which the schema does not know");
	refuses("[]", "$ must be of type object");
	ok(!conforms(PERSON, "{\"name\":\"A"), "JSON that is cut off is none");
}

static bool
allowed(const char *schema)
{
	json_t *s = va_json_load(&arena, schema, strlen(schema), &why);
	bool good = va_schema_check(s, &arena, &why);

	json_decref(s);
	return good;
}

/* {"type": "object", "properties": {"p": ...}} so many times, one in the other. */
static const char *
deep_schema(int levels)
{
	VaBuffer buffer = { 0 };

	for (int i = 0; i < levels; i++)
		va_buffer_printf(&buffer, "{\"type\":\"object\",\"properties\":{\"p\":");
	va_buffer_printf(&buffer, "{\"type\":\"null\"}");
	for (int i = 0; i < levels; i++)
		va_buffer_printf(&buffer, "}}");
	return va_buffer_finish(&buffer, &arena);
}

static const char *
wide_schema(int properties)
{
	VaBuffer buffer = { 0 };

	va_buffer_printf(&buffer, "{\"type\":\"object\",\"properties\":{");
	for (int i = 0; i < properties; i++)
		va_buffer_printf(&buffer, "%s\"p%d\":{\"type\":\"null\"}", i > 0 ? "," : "", i);
	va_buffer_printf(&buffer, "}}");
	return va_buffer_finish(&buffer, &arena);
}

static void
test_schemas(void)
{
	ok(allowed(deep_schema(VA_SCHEMA_DEPTH - 1)), "as deep as a schema may be");
	ok(!allowed(deep_schema(VA_SCHEMA_DEPTH)) && strstr(why, "a schema may have 10 levels") != NULL, "... and no deeper");
	ok(!allowed(deep_schema(1000)), "... by far");
	ok(allowed(wide_schema(VA_SCHEMA_PROPERTIES)), "as wide as an object may be");
	ok(!allowed(wide_schema(VA_SCHEMA_PROPERTIES + 1)) && strstr(why, "at most 100 properties") != NULL, "... and no wider");
	ok(!allowed("[]") && !allowed("1") && !allowed("{}"), "what is no schema");
	for (const VaModelDriver *const *driver = va_model_drivers(); *driver != NULL; driver++)
		ok(va_model_driver((*driver)->name) == *driver, "%s is found by its name", (*driver)->name);
	ok(va_model_driver("nobody") == NULL, "nobody is not");
}

int
main(void)
{
	test_chat();
	test_responses();
	test_anthropic();
	test_refusals();
	test_limits();
	test_values();
	test_schemas();
	va_arena_free(&arena);
	return done_testing();
}
