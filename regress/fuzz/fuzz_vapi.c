/*
 * fuzz_vapi.c
 *		Any bytes as what the carrier may send, or be told (see drivers.h), and
 *		as an order that our own side of it reads.
 */
#include "drivers.h"

#include "pure/providers/vapi/vapi_carrier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const VaDriver *vapi = va_driver("vapi");
	VaArena arena = { 0 };
	VaProviderRequest provider_request = { 0 };
	VaCarrierOrder order;
	VaCallOrder call;
	VaHttpRequest request;
	const char *why = NULL;

	fuzz_webhook(vapi, &(VaSignedMessage){ .body = data, .body_len = size });
	fuzz_replies(vapi, &provider_request, data, size);
	fuzz_call(vapi, NULL, data, size);
	va_carrier_read_order(data, size, &arena, &order, &why);
	if (va_call_order_read((const char *) data, size, &arena, &call, &why) &&
		vapi->build_call(&call, &arena, &request, &why))
		check(va_carrier_read_order(request.body, request.body_len, &arena, &order, &why) || why != NULL);
	va_arena_free(&arena);
	return 0;
}
