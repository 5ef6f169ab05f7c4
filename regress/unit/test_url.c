/*
 * test_url.c
 *		Strict URLs, classes of addresses, percent-encoding.
 */
#include "pure/net/url.h"

#include "tap.h"

static const char *why;
static VaUrl url;

static bool
parse(const char *text)
{
	return va_url_parse(text, strlen(text), &url, &why);
}

static void
test_good(void)
{
	ok(parse("https://API.Vapi.ai"), "host alone");
	is_str(url.host, "api.vapi.ai", "host in lower case");
	is_int(url.port, 443, "default port");
	is_str(url.target, "/", "path");
	ok(url.https && !url.ip_literal && url.host_class == VA_ADDRESS_PUBLIC, "a public name");
	ok(parse("http://h.example:8080/a/b%20c?x=1&y=@"), "port, path, query");
	is_int(url.port, 8080, "port");
	is_str(url.target, "/a/b%20c?x=1&y=@", "target");
	is_int(url.path_len, 8, "path's length");
	ok(parse("http://h.example?q"), "query without path");
	is_str(url.target, "/?q", "gets a path");
	ok(parse("http://127.0.0.1:1/") && url.ip_literal && url.host_class == VA_ADDRESS_LOOPBACK,
	   "IPv4 loopback");
	ok(parse("http://[::1]:65535/x") && url.host_class == VA_ADDRESS_LOOPBACK && url.port == 65535,
	   "IPv6 loopback");
	is_str(url.host, "::1", "without brackets");
	ok(parse("https://[2A00:1450::8a]") && url.host_class == VA_ADDRESS_PUBLIC, "public IPv6");
	ok(parse("http://localhost/") && url.host_class == VA_ADDRESS_LOOPBACK, "localhost");
	ok(parse("http://a.LOCALHOST/") && url.host_class == VA_ADDRESS_LOOPBACK, "a name below localhost");
	ok(parse("http://[::ffff:10.0.0.1]/") && url.host_class == VA_ADDRESS_PRIVATE, "mapped private IPv4");
	ok(parse("http://1a.example/") && !url.ip_literal, "a label that begins with a digit");
}

static void
test_bad(void)
{
	static const char *const bad[] = {
		"",
		"h.example",
		"//h.example",
		"ftp://h.example",
		"https:/h.example",
		"https://",
		"https:///x",
		"https://:80",
		"https://u@h.example",
		"https://u:p@h.example",
		"https://h.example@evil",
		"https://h.example:0",
		"https://h.example:65536",
		"https://h.example:",
		"https://h.example:8x",
		"https://h.example:000080",
		"https://h.example:-1",
		"https://h..example",
		"https://.example",
		"https://example.",
		"https://-a.example",
		"https://a-.example",
		"https://h%2eexample",
		"https://h_\xc3\xa9.example",
		"https://h example/",
		"https://h.example/a b",
		"https://h.example/#f",
		"https://h.example\\@evil",
		"https://h.example/a\\b",
		"https://h.example/%zz",
		"https://h.example/%1",
		"https://h.example/\n",
		"https://h.example\r\nX: y",
		"http://2130706433/",
		"http://0x7f000001/",
		"http://0x7f.1/",
		"http://0177.0.0.1/",
		"http://127.1/",
		"http://127.0.0.01/",
		"http://1.2.3.4.5/",
		"http://256.1.1.1/",
		"http://127.0.0.1./",
		"http://a.1/",
		"http://a.0x1/",
		"http://[::1",
		"http://::1/",
		"http://[::1]x/",
		"http://[127.0.0.1]/",
		"http://[::1%25lo]/",
		"http://[]/",
		"http://[fe80::1%lo]/",
		"http://h.example/\xc3\xa9",
		"http://h.example/<",
		"http://h.example/\"",
		"http://h.example/{x}",
	};
	char longest[VA_URL_MAX_LEN + 1];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!parse(bad[i]) && why != NULL, "refused: %zu", i);
	ok(!va_url_parse("http://h.example/\0x", 19, &url, &why), "a NUL byte");
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "http://h.example/", 17);
	ok(!va_url_parse(longest, VA_URL_MAX_LEN, &url, &why), "too long");
	ok(va_url_parse(longest, VA_URL_MAX_LEN - 1, &url, &why), "just not too long");
	memset(longest + 7, 'b', 64);
	longest[71] = '\0';
	ok(!parse(longest), "a label of 64");
}

int
main(void)
{
	char out[64];

	test_good();
	test_bad();
	is_int(va_percent_encode("a b/\xc3\xa9~", 7, out), 15, "percent-encoded length");
	is_str(out, "a%20b%2F%C3%A9~", "percent-encoded");
	return done_testing();
}
