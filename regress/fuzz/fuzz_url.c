/*
 * fuzz_url.c
 *		Any bytes as a URL, an address, a Retry-After value: no
 *		crash, and a URL that is taken is one that comes out as it went in.
 */
#include "pure/net/backoff.h"
#include "pure/net/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	VaUrl url;
	VaUrl again;
	const char *why = NULL;
	char *text = malloc(size + 1);
	int64_t seconds = 0;

	memcpy(text, data, size);
	text[size] = '\0';
	if (va_url_parse((const char *) data, size, &url, &why))
	{
		char rebuilt[VA_URL_MAX_LEN + 400];
		bool v6 = strchr(url.host, ':') != NULL;
		int len = snprintf(rebuilt, sizeof(rebuilt), "%s://%s%s%s:%d%s", url.https ? "https" : "http",
						   v6 ? "[" : "", url.host, v6 ? "]" : "", url.port, url.target);

		if (len < VA_URL_MAX_LEN &&
			(!va_url_parse(rebuilt, (size_t) len, &again, &why) || memcmp(&url, &again, sizeof(url)) != 0))
			abort();
		if (url.ip_literal && va_address_class_text(url.host) != url.host_class)
			abort();
	}
	else if (why == NULL)
		abort();
	va_address_class_text(text);
	if (va_retry_after(text, 1700000000, &seconds) && (seconds < 0 || seconds > VA_RETRY_AFTER_MAX))
		abort();
	free(text);
	return 0;
}
