/*
 * fuzz_telnyx.c
 *		Any bytes as what Telnyx may send, or be told: see drivers.h.
 */
#include "drivers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const VaProviderAccount carrier = { .credentials = { { "api_key", "KEY-123456" } },
									   .ncredentials = 1,
									   .settings = { { "connection_id", "77" }, { "from_number", "+14155550101" } },
									   .nsettings = 2 };

	fuzz_driver("telnyx", &carrier, NULL, data, size);
	return 0;
}
