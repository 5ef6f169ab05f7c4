/*
 * fuzz_plivo.c
 *		Any bytes as what Plivo may send, or be told: see drivers.h.
 */
#include "drivers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const queries[] = { "attempt=a1", "attempt=a1&as=amd", "as=recording", "as=answer", "as=leg",
										   "as=do&do=%7B%22kind%22%3A%22say%22%2C%22text%22%3A%22x%22%7D", NULL };
	static const VaProviderAccount carrier = { .credentials = { { "auth_id", "MA000000000000000001" }, { "auth_token", "t" } },
									   .ncredentials = 2 };

	fuzz_driver("plivo", &carrier, queries, data, size);
	return 0;
}
