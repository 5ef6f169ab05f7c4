/*-------------------------------------------------------------------------
 * url.h
 *		Where a request may go: strict http(s) URLs.
 *
 * Strict means that what this parser and the HTTP client understand cannot
 * differ: no userinfo, no fragments, no backslashes, spaces or controls, no
 * odd spellings of IPv4 (decimal, octal, hexadecimal, short), no percent
 * signs in the host.
 */
#ifndef VOICEAGENT_PURE_URL_H
#define VOICEAGENT_PURE_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"

#define VA_URL_MAX_LEN 2048

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

/* Everything but unreserved characters as %XX.  out holds 3*len+1; gives the length. */
extern size_t va_percent_encode(const char *text, size_t len, char *out);

#endif /* VOICEAGENT_PURE_URL_H */
