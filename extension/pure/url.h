/*-------------------------------------------------------------------------
 * url.h
 *		Where a request may go: strict http(s) URLs, and what kind of address
 *		a host is.
 *
 * Strict means that what this parser and the HTTP client understand cannot
 * differ: no userinfo, no fragments, no backslashes, spaces or controls, no
 * odd spellings of IPv4 (decimal, octal, hexadecimal, short), no percent
 * signs in the host.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_PURE_URL_H
#define VOICEAGENT_PURE_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VA_URL_MAX_LEN 2048

typedef enum VaAddressClass
{
	VA_ADDRESS_PUBLIC,
	VA_ADDRESS_LOOPBACK,   /* 127/8, ::1, localhost */
	VA_ADDRESS_PRIVATE,	   /* RFC 1918, 100.64/10, fc00::/7 */
	VA_ADDRESS_LINK_LOCAL, /* 169.254/16 (cloud metadata), fe80::/10 */
	VA_ADDRESS_RESERVED	   /* unspecified, multicast, documentation, the rest */
} VaAddressClass;

typedef struct VaUrl
{
	bool https;
	char host[256]; /* lower case, an IPv6 literal without its brackets */
	uint16_t port;	/* the scheme's default when the URL has none */
	bool ip_literal;
	VaAddressClass host_class;		 /* of a literal or "localhost"; a name is PUBLIC until resolved */
	char target[VA_URL_MAX_LEN + 1]; /* path and query, at least "/" */
	size_t path_len;				 /* characters of target before the "?" */
} VaUrl;

/* *why is a static text. */
extern bool va_url_parse(const char *text, size_t len, VaUrl *url, const char **why);

/* bytes: 4 (IPv4) or 16 (IPv6; v4-mapped, NAT64 and 6to4 count as the IPv4 inside). */
extern VaAddressClass va_address_class(const unsigned char *bytes, int len);
/* A numeric address in text, as getaddrinfo's results are printed; not one = RESERVED. */
extern VaAddressClass va_address_class_text(const char *text);
extern const char *va_address_class_name(VaAddressClass address_class);

/* Everything but unreserved characters as %XX.  out holds 3*len+1; gives the length. */
extern size_t va_percent_encode(const char *text, size_t len, char *out);

#endif /* VOICEAGENT_PURE_URL_H */
