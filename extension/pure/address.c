/*-------------------------------------------------------------------------
 * address.c
 *		Is an IP address one of the public internet?  No locking, no memory.
 *
 * After the registries of special-purpose addresses (RFC 6890 and its
 * updates); an IPv6 address that carries an IPv4 one is judged by that.
 *-------------------------------------------------------------------------
 */
#include "address.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static VaAddressKind
judge_number(uint32_t ip)
{
	static const struct
	{
		uint32_t network;
		int bits;
	} not_public[] = {
		{0x00000000, 8},  /* this network */
		{0x0a000000, 8},  /* private */
		{0x64400000, 10}, /* carrier-grade NAT */
		{0xa9fe0000, 16}, /* link-local: metadata services of clouds */
		{0xac100000, 12}, /* private */
		{0xc0000000, 24}, /* protocol assignments */
		{0xc0a80000, 16}, /* private */
		{0xc6120000, 15}, /* benchmarks */
		{0xe0000000, 3},  /* multicast, reserved, broadcast */
	};

	if ((ip >> 24) == 127)
		return VA_ADDRESS_LOOPBACK;
	for (size_t i = 0; i < sizeof(not_public) / sizeof(not_public[0]); i++)
		if ((ip >> (32 - not_public[i].bits)) == (not_public[i].network >> (32 - not_public[i].bits)))
			return VA_ADDRESS_PRIVATE;
	return VA_ADDRESS_PUBLIC;
}

static uint32_t
ipv4_in(const unsigned char *bytes)
{
	return ((uint32_t) bytes[0] << 24) | ((uint32_t) bytes[1] << 16) | ((uint32_t) bytes[2] << 8) | bytes[3];
}

VaAddressKind
va_judge_ipv4(const unsigned char *ip)
{
	return judge_number(ipv4_in(ip));
}

VaAddressKind
va_judge_ipv6(const unsigned char *ip)
{
	static const unsigned char zeros[15] = {0};
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};

	if (memcmp(ip, zeros, 15) == 0 && ip[15] == 1)
		return VA_ADDRESS_LOOPBACK;
	if (memcmp(ip, mapped, 12) == 0 || memcmp(ip, nat64, 12) == 0)
		return judge_number(ipv4_in(ip + 12));
	if (memcmp(ip, zeros, 12) == 0)
		return VA_ADDRESS_PRIVATE; /* unspecified, IPv4-compatible */
	if (ip[0] == 0x20 && ip[1] == 0x02)
		return judge_number(ipv4_in(ip + 2)); /* 6to4 */
	/* Only 2000::/3 is global unicast; the rest is unique local, link-local, multicast, reserved. */
	return (ip[0] & 0xe0) == 0x20 ? VA_ADDRESS_PUBLIC : VA_ADDRESS_PRIVATE;
}
