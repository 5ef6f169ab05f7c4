/*-------------------------------------------------------------------------
 * fuzz_phone.c
 *		libFuzzer: any bytes as a telephone number.
 *
 * The first two bytes choose the default country.  What is accepted must be well formed
 * and must be read again as itself.
 *-------------------------------------------------------------------------
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/phone/phone.h"

#define REQUIRE(condition) \
	do \
	{ \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require_empty(const VaPhone *phone)
{
	VaPhone		zero;

	memset(&zero, 0, sizeof(zero));
	REQUIRE(memcmp(phone, &zero, sizeof(zero)) == 0);
}

static void
require_well_formed(const VaPhone *phone)
{
	size_t		len = strlen(phone->e164);
	size_t		zones;
	const char *names[VA_PHONE_MAX_ZONES];
	VaPhone		again;

	REQUIRE(len > 3 && len < 22 && phone->e164[0] == '+' && phone->e164[1] != '0');
	REQUIRE(strspn(phone->e164 + 1, "0123456789") == len - 1);
	REQUIRE(strspn(phone->extension, "0123456789") == strlen(phone->extension));
	REQUIRE(strtoull(phone->e164 + 1, NULL, 10) == phone->digits);
	REQUIRE(strcmp(phone->region, "001") == 0 || va_phone_region_exists(phone->region));
	REQUIRE(phone->type > 1);
	zones = va_zone_set_members(va_phone_zone_set(phone->e164), names, VA_PHONE_MAX_ZONES);
	REQUIRE(zones == 0 || strchr(names[zones - 1], '/') != NULL);
	REQUIRE(va_phone_parse(phone->e164, len, NULL, &again) != VA_PHONE_NOT_A_NUMBER);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char		region[3] = "";
	char	   *text;
	VaPhone		phone;
	VaPhoneVerdict verdict;

	if (size < 2)
		return 0;
	memcpy(region, data, 2);
	/* A block of its own, so that a byte read too far is seen. */
	text = malloc(size - 2 + (size == 2));
	if (text == NULL)
		return 0;
	memcpy(text, data + 2, size - 2);
	memset(&phone, 0xff, sizeof(phone));
	verdict = va_phone_parse(text, size - 2, region, &phone);
	REQUIRE(va_phone_verdict_text(verdict) != NULL);
	if (verdict == VA_PHONE_OK)
		require_well_formed(&phone);
	else
		require_empty(&phone);
	free(text);

	/* The same bytes as names. */
	if (size < 64)
	{
		char		name[64];
		const char *zones[VA_PHONE_MAX_ZONES];

		memcpy(name, data, size);
		name[size] = '\0';
		REQUIRE(va_zone_set_members(va_zone_set_of_region(NULL, name), zones, VA_PHONE_MAX_ZONES) <= VA_PHONE_MAX_ZONES);
		REQUIRE(va_phone_zone_set(name) < va_zone_set_count());
		(void) va_phone_subdivision(name);
		(void) va_phone_region_exists(name);
	}
	return 0;
}
