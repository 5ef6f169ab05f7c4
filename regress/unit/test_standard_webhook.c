/* Signatures of outgoing webhooks: the example that the Standard Webhooks libraries are tested with, and what is no secret. */
#include "pure/auth/standard_webhook.h"

#include "tap.h"

int
main(void)
{
	static const char body[] = "{\"test\": 2432232314}";
	char out[VA_STANDARD_SIGNATURE_SIZE];

	ok(va_standard_webhook_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body,
								strlen(body), out),
	   "signs");
	is_str(out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "as the published example");
	ok(va_standard_webhook_sign("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body,
								strlen(body), out),
	   "the prefix may be left out");
	is_str(out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "... with the same result");
	ok(va_standard_webhook_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265331, body,
								strlen(body), out) &&
		   strcmp(out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=") != 0,
	   "another time is another signature");
	ok(!va_standard_webhook_sign("whsec_", "m", 1, body, strlen(body), out), "no secret");
	ok(!va_standard_webhook_sign("whsec_*not base64*", "m", 1, body, strlen(body), out), "no base64");
	ok(!va_standard_webhook_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
								 "0123456789012345678901234567890123456789012345678901234567890123456789", 1, body,
								 strlen(body), out),
	   "an id that is too long");
	ok(va_standard_webhook_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "m", INT64_MAX, "", 0, out), "an empty body");
	return done_testing();
}
