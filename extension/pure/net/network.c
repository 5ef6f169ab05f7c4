/*-------------------------------------------------------------------------
 * network.c
 *		Lists of networks.  See network.h.
 *
 * Pure: no backend, no locks, no global state.
 */
#include "network.h"

#include <arpa/inet.h>
#include <string.h>

#include "pure/memory.h"

#define SEPARATORS " \t\r\n,"
/* The longest address and "/128". */
#define WORD_MAX (INET6_ADDRSTRLEN + 4)

typedef struct Network
{
	unsigned char bytes[16];
	int len;  /* 4 or 16 */
	int bits; /* of the prefix */
} Network;

/* len bytes of text as an address, IPv4 out of its IPv6 coat; false when it is none. */
static bool
read_address(const char *text, Network *network)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	network->len = 4;
	if (inet_pton(AF_INET, text, network->bytes) == 1)
		return true;
	network->len = 16;
	if (inet_pton(AF_INET6, text, network->bytes) != 1)
		return false;
	if (memcmp(network->bytes, mapped, sizeof(mapped)) == 0)
	{
		memmove(network->bytes, network->bytes + 12, 4);
		network->len = 4;
	}
	return true;
}

/* One to three digits up to max; -1 otherwise. */
static int
read_bits(const char *text, int max)
{
	int value = 0;

	if (*text == '\0' || strlen(text) > 3 || (text[0] == '0' && text[1] != '\0'))
		return -1;
	for (; *text != '\0'; text++)
	{
		if (*text < '0' || *text > '9')
			return -1;
		value = value * 10 + (*text - '0');
	}
	return value <= max ? value : -1;
}

static bool
same_prefix(const unsigned char *a, const unsigned char *b, int bits)
{
	int rest = bits % 8;

	if (memcmp(a, b, (size_t) (bits / 8)) != 0)
		return false;
	return rest == 0 || (a[bits / 8] >> (8 - rest)) == (b[bits / 8] >> (8 - rest));
}

/* Whether bits are set behind the prefix: 10.1.2.3/8 is more likely a slip than meant. */
static bool
has_host_bits(const Network *network)
{
	static const unsigned char zeros[16];
	unsigned char rest[16];

	memcpy(rest, network->bytes, sizeof(rest));
	for (int bit = 0; bit < network->bits; bit++)
		rest[bit / 8] &= (unsigned char) ~(0x80 >> (bit % 8));
	return memcmp(rest, zeros, (size_t) network->len) != 0;
}

static bool
read_network(const char *word, size_t len, Network *network, const char **why)
{
	char text[WORD_MAX + 1];
	char *slash;
	int coat; /* bits of the IPv6 coat that IPv4 came in */

	*why = "it is not a numeric address";
	if (len > WORD_MAX)
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	slash = strchr(text, '/');
	if (slash != NULL)
		*slash = '\0';
	if (!read_address(text, network))
		return false;
	coat = network->len == 4 && strchr(text, ':') != NULL ? 96 : 0;
	network->bits = 8 * network->len;
	if (slash == NULL)
		return true;
	*why = "the length behind the slash is not one of its kind of address";
	network->bits = read_bits(slash + 1, network->bits + coat) - coat;
	if (network->bits < 0)
		return false;
	*why = "it has bits behind its length";
	return !has_host_bits(network);
}

/* The next word of the list; its length, 0 at the end. */
static size_t
next_word(const char **list)
{
	*list += strspn(*list, SEPARATORS);
	return strcspn(*list, SEPARATORS);
}

bool
va_networks_valid(const char *list, const char **bad, size_t *bad_len, const char **why)
{
	Network network;
	size_t len;

	for (; (len = next_word(&list)) > 0; list += len)
	{
		if (!read_network(list, len, &network, why))
		{
			*bad = list;
			*bad_len = len;
			return false;
		}
	}
	return true;
}

bool
va_networks_hold(const char *list, const char *address)
{
	Network peer;
	Network network;
	const char *why;
	size_t len;

	if (*list == '\0' || !read_address(address, &peer))
		return false;
	for (; (len = next_word(&list)) > 0; list += len)
		if (read_network(list, len, &network, &why) && network.len == peer.len &&
			same_prefix(network.bytes, peer.bytes, network.bits))
			return true;
	return false;
}

bool
va_networks_admit(const char *list, const char *address, const char **why)
{
	if (list[0] == '\0' || strcmp(list, VA_NETWORKS_ANY) == 0 || (address != NULL && va_networks_hold(list, address)))
		return true;
	return va_refuse(why,
		address == NULL ? "the sender's address is not known" : "the sender's address is not one of webhook_peers");
}
