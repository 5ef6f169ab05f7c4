/*
 * fuzz_exotel.c
 *		Any bytes as what Exotel may send, or be told: see drivers.h.
 */
#include "drivers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const VaProviderAccount carrier = { .credentials = { { "api_key", "key-1234" }, { "api_token", "token-1234" } },
									   .ncredentials = 2,
									   .settings = { { "account_sid", "acme1" }, { "caller_id", "08040001234" }, { "flow_id", "9" } },
									   .nsettings = 3 };

	fuzz_driver("exotel", &carrier, NULL, data, size);
	return 0;
}
