/*-------------------------------------------------------------------------
 * url.c
 *		Strict http(s) URLs.  See url.h.
 *
 * Pure: no backend, no locks, no global state, no name resolution.
 */
#include "url.h"

#include <string.h>

#include <arpa/inet.h>

#include "pure/memory.h"

/* ---- URLs ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

static bool
starts_with(const char *text, size_t len, const char *prefix)
{
	size_t n = strlen(prefix);

	if (len < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(text[i]) != prefix[i])
			return false;
	return true;
}

static bool
ends_with(const char *text, const char *suffix)
{
	size_t len = strlen(text);
	size_t n = strlen(suffix);

	return len >= n && strcmp(text + len - n, suffix) == 0;
}

/*
 * A client may read a last label that begins with a digit as a number (so
 * 0x7f.1 and 2130706433 are 127.0.0.1 for some): such a host must be plain
 * dotted IPv4.
 */
static bool
parse_name(const char *text, size_t len, VaUrl *url, const char **why)
{
	size_t label = 0;
	unsigned char bytes[4];

	*why = "the host name is not valid";
	for (size_t i = 0; i <= len; i++)
	{
		if (i == len || text[i] == '.')
		{
			if (i == label || i - label > 63 || text[label] == '-' || text[i - 1] == '-')
				return false;
			if (i < len)
				label = i + 1;
		}
		else if (is_letter(text[i]) || is_digit(text[i]) || text[i] == '-' || text[i] == '_')
			url->host[i] = lower(text[i]);
		else
			return false;
		if (i < len && text[i] == '.')
			url->host[i] = '.';
	}
	url->host[len] = '\0';
	if (is_digit(text[label]))
	{
		/* inet_pton takes four decimal numbers without leading zeros only */
		if (inet_pton(AF_INET, url->host, bytes) != 1)
			return va_refuse(why, "the host is an odd spelling of an IPv4 address");
		url->ip_literal = true;
		url->host_class = va_address_class(bytes, 4);
	}
	else if (strcmp(url->host, "localhost") == 0 || ends_with(url->host, ".localhost"))
		url->host_class = VA_ADDRESS_LOOPBACK;
	return true;
}

static bool
parse_ipv6(const char *text, size_t len, VaUrl *url, const char **why)
{
	unsigned char bytes[16];

	for (size_t i = 0; i < len; i++)
		url->host[i] = lower(text[i]);
	url->host[len] = '\0';
	/* No zone: % is refused by inet_pton. */
	if (strlen(url->host) != len || inet_pton(AF_INET6, url->host, bytes) != 1)
		return va_refuse(why, "the host is not a valid IPv6 address");
	url->ip_literal = true;
	url->host_class = va_address_class(bytes, 16);
	return true;
}

static bool
parse_port(const char *port, size_t len, VaUrl *url, const char **why)
{
	int value = 0;

	for (size_t i = 0; i < len && i < 6; i++)
	{
		if (!is_digit(port[i]))
		{
			value = -1;
			break;
		}
		value = value * 10 + (port[i] - '0');
	}
	if (len == 0 || len > 5 || value < 1 || value > 65535)
		return va_refuse(why, "the port is not a number from 1 to 65535");
	url->port = (uint16_t) value;
	return true;
}

/* host[:port], nothing else. */
static bool
parse_authority(const char *text, size_t len, VaUrl *url, const char **why)
{
	const char *port = NULL;
	size_t host_len = len;
	size_t port_len = 0;

	if (memchr(text, '@', len) != NULL)
		return va_refuse(why, "a URL must not hold a user name or password");
	if (len > 0 && text[0] == '[')
	{
		const char *close = memchr(text, ']', len);

		if (close == NULL || (close + 1 < text + len && close[1] != ':'))
			return va_refuse(why, "the host is not a valid IPv6 address");
		if (close + 1 < text + len)
			port = close + 2;
		host_len = (size_t) (close - text) - 1;
		text++;
		if (host_len == 0 || host_len >= sizeof(url->host) || !parse_ipv6(text, host_len, url, why))
			return va_refuse(why, "the host is not a valid IPv6 address");
		port_len = port == NULL ? 0 : (size_t) (text - 1 + len - port);
	}
	else
	{
		const char *colon = memchr(text, ':', len);

		if (colon != NULL)
		{
			port = colon + 1;
			host_len = (size_t) (colon - text);
			port_len = len - host_len - 1;
		}
		if (host_len == 0 || host_len > 253)
			return va_refuse(why, "the URL has no host, or one that is too long");
		if (!parse_name(text, host_len, url, why))
			return false;
	}

	return port == NULL || parse_port(port, port_len, url, why);
}

static bool
parse_target(const char *text, size_t len, VaUrl *url, const char **why)
{
	size_t used = 0;

	if (len == 0 || text[0] == '?')
		url->target[used++] = '/';
	for (size_t i = 0; i < len; i++)
	{
		char c = text[i];

		if (c == '#')
			return va_refuse(why, "a URL must not hold a fragment");
		if (c == '%' && (i + 2 >= len || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
			return va_refuse(why, "a percent sign in a URL must be followed by two hexadecimal digits");
		if (!is_letter(c) && !is_digit(c) && strchr("-._~!$&'()*+,;=:@/?%", c) == NULL)
			return va_refuse(why, "the URL holds a character that must be percent-encoded");
		url->target[used++] = c;
	}
	url->target[used] = '\0';
	url->path_len = strcspn(url->target, "?");
	return true;
}

bool
va_url_parse(const char *text, size_t len, VaUrl *url, const char **why)
{
	const char *rest;
	size_t rest_len;
	size_t authority_len = 0;

	memset(url, 0, sizeof(*url));
	*why = NULL;
	if (len == 0 || len >= VA_URL_MAX_LEN)
		return va_refuse(why, len == 0 ? "the URL is empty" : "the URL is too long");
	if (memchr(text, '\0', len) != NULL)
		return va_refuse(why, "the URL holds a character that must be percent-encoded");
	if (starts_with(text, len, "https://"))
	{
		url->https = true;
		url->port = 443;
		rest = text + 8;
	}
	else if (starts_with(text, len, "http://"))
	{
		url->port = 80;
		rest = text + 7;
	}
	else
		return va_refuse(why, "a URL must begin with https:// or http://");
	rest_len = len - (size_t) (rest - text);
	while (authority_len < rest_len && strchr("/?#\\", rest[authority_len]) == NULL)
		authority_len++;
	return parse_authority(rest, authority_len, url, why) &&
		   parse_target(rest + authority_len, rest_len - authority_len, url, why);
}

size_t
va_percent_encode(const char *text, size_t len, char *out)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t used = 0;

	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (is_letter(text[i]) || is_digit(text[i]) || c == '-' || c == '.' || c == '_' || c == '~')
			out[used++] = text[i];
		else
		{
			out[used++] = '%';
			out[used++] = hex[c >> 4];
			out[used++] = hex[c & 15];
		}
	}
	out[used] = '\0';
	return used;
}
