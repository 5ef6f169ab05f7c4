/*
 * fuzz_telnyx.c
 *		Any bytes as what Telnyx may send, or be told: see dialects.h.
 */
#include "dialects.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const VaCarrier carrier = { .credentials = { { "api_key", "KEY-123456" } },
									   .ncredentials = 1,
									   .settings = { { "connection_id", "77" }, { "from_number", "+14155550101" } },
									   .nsettings = 2 };

	fuzz_dialect("telnyx", &carrier, NULL, data, size);
	return 0;
}
