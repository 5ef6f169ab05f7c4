/*-------------------------------------------------------------------------
 * address.c
 *		Is an IP address one of the public internet?  See address.h.
 *
 * Pure: no backend, no locks, no global state, no name resolution.
 */
#include "address.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* The first bits of an address, and what lies there.  The first match counts. */
typedef struct AddressRange
{
	unsigned char prefix[16];
	int bits;
	VaAddressClass address_class;
} AddressRange;

static const AddressRange ranges4[] = {
	{ { 127 }, 8, VA_ADDRESS_LOOPBACK }, { { 10 }, 8, VA_ADDRESS_PRIVATE }, { { 172, 16 }, 12, VA_ADDRESS_PRIVATE },
	{ { 192, 168 }, 16, VA_ADDRESS_PRIVATE }, { { 100, 64 }, 10, VA_ADDRESS_PRIVATE }, /* carrier-grade NAT */
	{ { 169, 254 }, 16, VA_ADDRESS_LINK_LOCAL }, { { 0 }, 8, VA_ADDRESS_RESERVED },
	{ { 192, 0, 0 }, 24, VA_ADDRESS_RESERVED }, { { 192, 0, 2 }, 24, VA_ADDRESS_RESERVED },
	{ { 192, 88, 99 }, 24, VA_ADDRESS_RESERVED }, { { 198, 18 }, 15, VA_ADDRESS_RESERVED },
	{ { 198, 51, 100 }, 24, VA_ADDRESS_RESERVED }, { { 203, 0, 113 }, 24, VA_ADDRESS_RESERVED },
	{ { 224 }, 3, VA_ADDRESS_RESERVED }, /* multicast and all above */
};

static const AddressRange ranges6[] = {
	{ { 0xfc }, 7, VA_ADDRESS_PRIVATE },
	{ { 0xfe, 0x80 }, 10, VA_ADDRESS_LINK_LOCAL },
	{ { 0xfe, 0xc0 }, 10, VA_ADDRESS_PRIVATE }, /* the old site-local */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, VA_ADDRESS_RESERVED },
	{ { 0x20, 0x01, 0x00 }, 23, VA_ADDRESS_RESERVED }, /* Teredo, benchmarking, ORCHID */
	{ { 0x3f, 0xff }, 20, VA_ADDRESS_RESERVED },
};

static bool
in_range(const unsigned char *address, const AddressRange *range)
{
	int whole = range->bits / 8;
	int rest = range->bits % 8;

	if (memcmp(address, range->prefix, (size_t) whole) != 0)
		return false;
	return rest == 0 || (address[whole] >> (8 - rest)) == (range->prefix[whole] >> (8 - rest));
}

static VaAddressClass
class_of_ipv6(const unsigned char *bytes)
{
	static const unsigned char zeros[16];
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(bytes, zeros, 15) == 0 && bytes[15] <= 1)
		return bytes[15] == 1 ? VA_ADDRESS_LOOPBACK : VA_ADDRESS_RESERVED;
	/* An IPv4 address in another coat is judged as what it leads to. */
	if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, nat64, 12) == 0)
		return va_address_class(bytes + 12, 4);
	/* The IPv4-compatible ones were given up: nothing public lies there. */
	if (memcmp(bytes, zeros, 12) == 0)
	{
		VaAddressClass inside = va_address_class(bytes + 12, 4);

		return inside == VA_ADDRESS_PUBLIC ? VA_ADDRESS_RESERVED : inside;
	}
	if (bytes[0] == 0x20 && bytes[1] == 0x02)
		return va_address_class(bytes + 2, 4);
	for (size_t i = 0; i < sizeof(ranges6) / sizeof(ranges6[0]); i++)
		if (in_range(bytes, &ranges6[i]))
			return ranges6[i].address_class;
	/* Only 2000::/3 is handed out. */
	return (bytes[0] & 0xe0) == 0x20 ? VA_ADDRESS_PUBLIC : VA_ADDRESS_RESERVED;
}

VaAddressClass
va_address_class(const unsigned char *bytes, int len)
{
	if (len == 16)
		return class_of_ipv6(bytes);
	if (len != 4)
		return VA_ADDRESS_RESERVED;
	for (size_t i = 0; i < sizeof(ranges4) / sizeof(ranges4[0]); i++)
		if (in_range(bytes, &ranges4[i]))
			return ranges4[i].address_class;
	return VA_ADDRESS_PUBLIC;
}

VaAddressClass
va_address_class_text(const char *text)
{
	unsigned char bytes[16];
	char bare[64];
	const char *zone = strchr(text, '%');
	size_t len = zone != NULL ? (size_t) (zone - text) : strlen(text);

	if (len >= sizeof(bare))
		return VA_ADDRESS_RESERVED;
	memcpy(bare, text, len);
	bare[len] = '\0';
	if (inet_pton(AF_INET, bare, bytes) == 1)
		return va_address_class(bytes, 4);
	if (inet_pton(AF_INET6, bare, bytes) == 1)
		return va_address_class(bytes, 16);
	return VA_ADDRESS_RESERVED;
}

const char *
va_address_class_name(VaAddressClass address_class)
{
	static const char *const names[] = {
		[VA_ADDRESS_PUBLIC] = "public",
		[VA_ADDRESS_LOOPBACK] = "loopback",
		[VA_ADDRESS_PRIVATE] = "private",
		[VA_ADDRESS_LINK_LOCAL] = "link_local",
		[VA_ADDRESS_RESERVED] = "reserved",
	};

	return names[address_class];
}
