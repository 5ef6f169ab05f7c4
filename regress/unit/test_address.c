/*-------------------------------------------------------------------------
 * test_address.c
 *		Which addresses are public.
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "pure/net/address.h"

int
main(void)
{
	static const char *const cases[][2] = {
		{ "8.8.8.8", "public" },
		{ "127.255.0.1", "loopback" },
		{ "10.1.2.3", "private" },
		{ "172.15.0.1", "public" },
		{ "172.16.0.1", "private" },
		{ "172.31.255.255", "private" },
		{ "172.32.0.0", "public" },
		{ "192.168.1.1", "private" },
		{ "192.169.1.1", "public" },
		{ "100.63.255.255", "public" },
		{ "100.64.0.1", "private" },
		{ "100.127.255.255", "private" },
		{ "100.128.0.1", "public" },
		{ "169.254.169.254", "link_local" },
		{ "0.0.0.0", "reserved" },
		{ "192.0.2.1", "reserved" },
		{ "198.18.0.1", "reserved" },
		{ "198.19.255.255", "reserved" },
		{ "198.20.0.1", "public" },
		{ "203.0.113.9", "reserved" },
		{ "223.255.255.255", "public" },
		{ "224.0.0.1", "reserved" },
		{ "255.255.255.255", "reserved" },
		{ "::", "reserved" },
		{ "::1", "loopback" },
		{ "::ffff:127.0.0.1", "loopback" },
		{ "::ffff:8.8.8.8", "public" },
		{ "::127.0.0.1", "loopback" },
		{ "64:ff9b::a9fe:a9fe", "link_local" },
		{ "2002:7f00:1::", "loopback" },
		{ "fe80::1", "link_local" },
		{ "fe80::1%eth0", "link_local" },
		{ "febf::1", "link_local" },
		{ "fec0::1", "private" },
		{ "fc00::1", "private" },
		{ "fd12::1", "private" },
		{ "ff02::1", "reserved" },
		{ "2001:db8::1", "reserved" },
		{ "2001::1", "reserved" },
		{ "2606:4700::1111", "public" },
		{ "100::1", "reserved" },
		{ "4000::1", "reserved" },
		{ "93.184.216.34", "public" },
		{ "::ffff:10.0.0.1", "private" },
		{ "::8.8.8.8", "reserved" },
		{ "2002:c0a8:1::", "private" },
		{ "2a00:1450::", "public" },
		{ "3fff:fff::1", "reserved" },
		{ "", "reserved" },
		{ "nonsense", "reserved" },
		{ "0177.0.0.1", "reserved" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(va_address_class_name(va_address_class_text(cases[i][0])), cases[i][1], "%s", cases[i][0]);

	is_str(va_address_class_name(va_address_class((const unsigned char *) "abc", 3)), "reserved", "neither 4 nor 16 bytes");
	return done_testing();
}
