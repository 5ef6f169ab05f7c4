/*
 * fuzz_plivo.c
 *		Any bytes as a callback, a query, a reply, or part of an errand.
 */
#include "dialect_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const queries[] = { NULL, "attempt=a1", "attempt=a1&as=amd", "as=recording", "as=answer", "as=leg",
										   "as=do&do=%7B%22kind%22%3A%22say%22%2C%22text%22%3A%22x%22%7D" };
	const VaDialect *plivo = va_dialect("plivo");
	VaCarrier carrier = { .credentials = { { "auth_id", "MA000000000000000001" }, { "auth_token", "t" } }, .ncredentials = 2 };
	char *text = malloc(size + 1);
	VaErrandOrder order = { .carrier = &carrier };

	memcpy(text, data, size);
	text[size] = '\0';
	order.provider_call_id = order.digits = order.number = order.number_id = order.page = order.recording_url = text;
	order.country = order.area_code = order.contains = order.server_url = text;
	order.answer.text = order.answer.media_url = text;
	fuzz_webhook(plivo, data, size, "POST", queries[size % 7]);
	fuzz_webhook(plivo, data, 0, "GET", text);
	fuzz_replies(plivo, &order, data, size, size % 3 == 0 ? 400 : 200);
	order.recording_url = NULL;
	fuzz_replies(plivo, &order, data, size, 201);
	free(text);
	return 0;
}
