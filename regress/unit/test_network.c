/*-------------------------------------------------------------------------
 * test_network.c
 *		Which networks hold which addresses.
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "pure/net/network.h"

static void
test_hold(void)
{
	static const struct
	{
		const char *list;
		const char *address;
		bool holds;
	} cases[] = {
		{ "", "127.0.0.1", false },
		{ "127.0.0.1", "127.0.0.1", true },
		{ "127.0.0.1", "127.0.0.10", false },
		{ "127.0.0.10", "127.0.0.1", false },
		{ "::1 127.0.0.1", "127.0.0.1", true },
		{ "::1,127.0.0.1", "::1", true },
		{ "10.0.0.0/8", "10.255.255.255", true },
		{ "10.0.0.0/8", "11.0.0.0", false },
		{ "172.16.0.0/12", "172.31.0.1", true },
		{ "172.16.0.0/12", "172.32.0.0", false },
		{ "192.168.4.0/22", "192.168.7.255", true },
		{ "192.168.4.0/22", "192.168.8.0", false },
		{ "0.0.0.0/0", "203.0.113.7", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "::/0", "10.0.0.1", false },
		{ "10.0.0.7/32", "10.0.0.7", true },
		{ "10.0.0.6/31", "10.0.0.7", true },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "fd00::/8  10.0.0.0/8", "10.1.1.1", true },
		{ "::ffff:10.0.0.0/104", "10.1.1.1", true },
		{ "::ffff:10.0.0.0/104", "11.1.1.1", false },
		{ "10.0.0.0/8", "::ffff:10.1.1.1", true },
		{ "10.0.0.0/8", "nonsense", false },
		{ "10.0.0.0/8", "", false },
		{ "10.0.0.0/33 10.0.0.1/8 x", "10.0.0.1", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(va_networks_hold(cases[i].list, cases[i].address) == cases[i].holds, "\"%s\" %s %s", cases[i].list,
		   cases[i].holds ? "holds" : "does not hold", cases[i].address);
}

static void
test_valid(void)
{
	static const char *const bad[] = {
		"x", "localhost", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8x", "10.0.0.0/8/8",
		"10.0.0.1/8", "10.0.0/8", "::/129", "::1/64", "fe80::1%lo", "::ffff:10.0.0.0/95", "[::1]", "127.0.0.1:80",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd/128",
	};
	const char *word;
	const char *why;
	size_t len;

	ok(va_networks_valid("", &word, &len, &why), "none");
	ok(va_networks_valid("  ", &word, &len, &why), "spaces");
	ok(va_networks_valid("10.0.0.0/8, ::1\t127.0.0.1", &word, &len, &why), "several");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!va_networks_valid(bad[i], &word, &len, &why) && len == strlen(bad[i]) && why != NULL, "no network: %s", bad[i]);
	ok(!va_networks_valid("10.0.0.0/8 nobody ::1", &word, &len, &why), "one bad word");
	is_mem(word, len, "nobody", 6, "... is named");
}

static void
test_admit(void)
{
	const char *why = NULL;

	ok(va_networks_admit("", "203.0.113.7", &why) && va_networks_admit("", NULL, &why), "no list: everybody");
	ok(va_networks_admit("any", "203.0.113.7", &why) && va_networks_admit("any", NULL, &why), "any: everybody");
	ok(va_networks_admit("203.0.113.0/28", "203.0.113.7", &why) && why == NULL, "one of a network");
	ok(!va_networks_admit("203.0.113.0/28", "203.0.113.77", &why) && why != NULL, "one of none");
	ok(!va_networks_admit("203.0.113.0/28", NULL, &why), "from nowhere");
}

int
main(void)
{
	test_hold();
	test_admit();
	test_valid();
	return done_testing();
}
