/*
 * fuzz_vonage.c
 *		Any bytes as what Vonage may send, or be told: see drivers.h.
 */
#include "drivers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const VaProviderAccount carrier = { .credentials = { { "application_id", "app-1" },
														{ "private_key", "****" },
														{ "api_key", "abcd1234" },
														{ "api_secret", "secret-secret" } },
									   .ncredentials = 4,
									   .settings = { { "from_number", "+14155550101" } },
									   .nsettings = 1 };

	fuzz_driver("vonage", &carrier, NULL, data, size);
	return 0;
}
