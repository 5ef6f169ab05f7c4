/*
 * fuzz_asterisk.c
 *		Any bytes as a frame of Asterisk's socket, as its answer, and as an
 *		order to it, whose account is in the bytes as well: see drivers.h.
 */
#include "drivers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const VaDriver *asterisk = va_driver("asterisk");
	VaArena arena = { 0 };
	VaEvents events;
	VaProviderRequest provider_request = { 0 };
	VaCallOrder call;
	VaSignedMessage frame = { .body = data, .body_len = size };
	const char *why = NULL;

	fuzz_webhook(asterisk, &frame);
	if (asterisk->read_webhook(&frame, &arena, &events, &why))
		for (int i = 0; i < events.count; i++)
		{
			check(va_id_valid(events.items[i].provider_call_id));
			check(events.items[i].kind != VA_EVENT_REPORT ||
				  (events.items[i].status != NULL && events.items[i].cause_class != NULL));
		}
	fuzz_replies(asterisk, &provider_request, data, size);
	fuzz_call(asterisk, NULL, data, size);
	if (va_call_order_read((const char *) data, size, &arena, &call, &why))
	{
		provider_request.carrier = call.carrier;
		provider_request.answer = call.answer;
		provider_request.attempt_ref = call.attempt_ref;
		provider_request.digits = call.to_extension;
		provider_request.reason = call.customer_name;
		provider_request.recording_url = call.server_url;
		fuzz_provider_requests(asterisk, &provider_request, &arena);
	}
	va_arena_free(&arena);
	return 0;
}
