/*
 * fuzz_asterisk.c
 *		Any bytes as a frame of Asterisk's socket, as its answer, and as an
 *		order to it, whose account is in the bytes as well: see dialects.h.
 */
#include "dialects.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const VaDialect *asterisk = va_dialect("asterisk");
	VaArena arena = { 0 };
	VaEvents events;
	VaErrandOrder errand = { 0 };
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
	fuzz_replies(asterisk, &errand, data, size);
	fuzz_call(asterisk, NULL, data, size);
	if (va_call_order_read((const char *) data, size, &arena, &call, &why))
	{
		errand.carrier = call.carrier;
		errand.answer = call.answer;
		errand.attempt_ref = call.attempt_ref;
		errand.digits = call.to_extension;
		errand.reason = call.customer_name;
		errand.recording_url = call.server_url;
		fuzz_errands(asterisk, &errand, &arena);
	}
	va_arena_free(&arena);
	return 0;
}
