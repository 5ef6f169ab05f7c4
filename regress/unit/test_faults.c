/*
 * test_faults.c
 *		What a dial's answer means when the carrier, or the way to it, is broken:
 *		the same for every driver.  Nothing may be taken for placed that was
 *		not, and nothing for not placed that may have been.
 */
#include "pure/providers/common/provider.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define FAULTY ((VaDialKind) 30)

typedef struct Fault
{
	const char *name;
	int status;
	bool sent;
	const char *body;
	const char *header;
	const char *value;
} Fault;

static VaDialKind
kind_of(const VaDriver *driver, const Fault *fault, int64_t *wait)
{
	VaArena arena = { 0 };
	VaDialOutcome outcome = { 0 };
	VaHeader header = { fault->header, fault->value };
	VaHttpResponse response = { 0 };
	VaDialKind kind;

	response.status = fault->status;
	response.sent = fault->sent;
	response.headers = &header;
	response.nheaders = fault->header != NULL ? 1 : 0;
	response.body = fault->body != NULL ? fault->body : "";
	response.body_len = strlen(response.body);
	response.now = 1700000000;
	driver->read_call_response(&response, &arena, &outcome);
	kind = outcome.kind;
	*wait = outcome.retry_after_s;
	if (kind == VA_DIAL_ACCEPTED && outcome.provider_call_id == NULL && !driver->refs_are_ids)
		kind = FAULTY;
	va_arena_free(&arena);
	return kind;
}

static void
expect(const VaDriver *driver, const Fault *fault, unsigned allowed, int64_t wait_wanted)
{
	int64_t wait;
	VaDialKind kind = kind_of(driver, fault, &wait);

	ok(kind < FAULTY && (allowed & (1u << kind)) != 0 && (wait_wanted == 0 || wait == wait_wanted), "%s, %s: %s", driver->name,
	   fault->name, kind < FAULTY ? va_dial_kind_name(kind) : "accepted without an id");
}

#define MAY(kind) (1u << (kind))

int
main(void)
{
	static const char *const garbage[] = { "", "{", "<html>Bad gateway</html>", "null", "[]", "{\"id\": 7}", "\xff\xfe" };

	for (int i = 0; va_driver_at(i) != NULL; i++)
	{
		const VaDriver *d = va_driver_at(i);
		unsigned perhaps = MAY(VA_DIAL_UNKNOWN);

		expect(d, &(Fault){ "refused before it was sent", 0, false, NULL, NULL, NULL }, MAY(VA_DIAL_REFUSED_RETRY), 0);
		expect(d, &(Fault){ "stalled after the headers, reset in the body, or too large", 0, true, NULL, NULL, NULL }, perhaps, 0);
		expect(d, &(Fault){ "429", 429, true, "{}", NULL, NULL }, MAY(VA_DIAL_RATE_LIMITED), 0);
		expect(d, &(Fault){ "429 that names a time", 429, true, "{}", "Retry-After", "17" }, MAY(VA_DIAL_RATE_LIMITED), 17);
		expect(d, &(Fault){ "500", 500, true, "{}", NULL, NULL }, perhaps, 0);
		expect(d, &(Fault){ "502", 502, true, "<html>", NULL, NULL }, perhaps, 0);
		expect(d, &(Fault){ "504", 504, true, "", NULL, NULL }, perhaps, 0);
		expect(d, &(Fault){ "401", 401, true, "{}", NULL, NULL }, MAY(VA_DIAL_BAD_ACCOUNT), 0);
		expect(d, &(Fault){ "400", 400, true, "{}", NULL, NULL }, MAY(VA_DIAL_REFUSED_PERMANENT) | MAY(VA_DIAL_BAD_ACCOUNT), 0);
		expect(d, &(Fault){ "a redirect", 302, true, "", "Location", "https://elsewhere.example/" },
			   perhaps | MAY(VA_DIAL_REFUSED_PERMANENT) | MAY(VA_DIAL_BAD_ACCOUNT), 0);
		for (size_t g = 0; g < sizeof(garbage) / sizeof(garbage[0]); g++)
			for (int status = 200; status <= 201; status++)
				expect(d, &(Fault){ garbage[g][0] == '\0' ? "success without a body" : "success with garbage", status, true, garbage[g], NULL, NULL },
					   perhaps | (d->refs_are_ids ? MAY(VA_DIAL_ACCEPTED) : 0), 0);
	}
	return done_testing();
}
