/*
 * fuzz_twilio.c
 *		Any bytes as what Twilio may send, or be told: see drivers.h.
 */
#include "drivers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const queries[] = { "attempt=a1", "attempt=a1&as=amd", "as=recording", "as=answer", "as=leg",
										   "bodySHA256=00", NULL };
	static const VaProviderAccount carrier = { .credentials = { { "account_sid", "AC00000000000000000000000000000001" }, { "auth_token", "t" } },
									   .ncredentials = 2 };

	fuzz_driver("twilio", &carrier, queries, data, size);
	return 0;
}
