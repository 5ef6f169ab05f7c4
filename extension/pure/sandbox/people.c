/*-------------------------------------------------------------------------
 * people.c
 *		What the sandbox's people do: whether they answer, how it goes wrong.
 *		What they say is in people_talk.c.
 *
 * Pure: no backend, no locks, no state.
 *-------------------------------------------------------------------------
 */
#include "people_lines.h"

#include <stdlib.h>
#include <string.h>

#include "pure/net/backoff.h"

#define RING_DEFAULT_S 30

static const VaPeopleNumber numbers[] = {
	{ 100, VA_DISPOSITION_BOOKS, 0, 0, false, 0, "answers and books an appointment" },
	{ 101, VA_DISPOSITION_INTERESTED, 0, 0, false, 0, "answers and is interested" },
	{ 102, VA_DISPOSITION_NOT_INTERESTED, 0, 0, false, 0, "answers and is not interested" },
	{ 103, VA_DISPOSITION_CALLBACK, 0, 0, false, 0, "answers and asks to be called back" },
	{ 104, VA_DISPOSITION_OPTS_OUT, 0, 0, false, 0, "answers and asks never to be called again" },
	{ 105, VA_DISPOSITION_NO_ANSWER, 0, 0, false, 0, "does not answer" },
	{ 106, VA_DISPOSITION_BUSY, 0, 0, false, 0, "is busy" },
	{ 107, VA_DISPOSITION_VOICEMAIL, 0, 0, false, 0, "a voicemail box answers" },
	{ 108, VA_DISPOSITION_MISDIALED, 0, 0, false, 0, "is not a number that can be reached (misdialed)" },
	{ 109, VA_DISPOSITION_FAILED, 0, 0, false, 0, "the carrier fails to connect" },
	{ 110, VA_DISPOSITION_INTERESTED, 0, 400, false, 0, "the request is refused with 400" },
	{ 111, VA_DISPOSITION_INTERESTED, 0, 429, true, 0,
		"the first request is answered 429, the next one taken; then interested" },
	{ 112, VA_DISPOSITION_INTERESTED, 0, 500, true, 0,
		"the first request is answered 500 and not taken, the next one taken; then interested" },
	{ 113, VA_DISPOSITION_INTERESTED, VA_FAULT_SILENT, 0, false, 0, "is interested, but no webhook is ever sent" },
	{ 114, VA_DISPOSITION_INTERESTED, VA_FAULT_SHUFFLED, 0, false, 0,
		"is interested; every webhook comes twice, late and out of order" },
	{ 115, VA_DISPOSITION_INTERESTED, VA_FAULT_DROPS, 0, false, 0,
		"the call is taken, but the connection drops before the answer; then interested" },
	{ 116, VA_DISPOSITION_TALKS_ON, 0, 0, false, 0, "talks until the longest call is over" },
	{ 117, VA_DISPOSITION_INTERESTED, VA_FAULT_NO_REPORT, 0, false, 0,
		"is interested, but the webhooks of the end of the call are lost" },
	{ 118, VA_DISPOSITION_INTERESTED, 0, 0, false, 2, "is busy twice, then answers and is interested" },
	{ 119, VA_DISPOSITION_SWEARS, 0, 0, false, 0, "answers and swears at the robot" },
	{ 120, VA_DISPOSITION_HANGS_UP, 0, 0, false, 0, "answers and hangs up at once" },
};

/* In each thousand calls; a voicemail box does not count as a person that answers. */
static const struct
{
	VaDispositionKind kind;
	int weight;
} mix[] = {
	{ VA_DISPOSITION_NO_ANSWER, 250 },
	{ VA_DISPOSITION_BUSY, 120 },
	{ VA_DISPOSITION_VOICEMAIL, 100 },
	{ VA_DISPOSITION_FAILED, 50 },
	{ VA_DISPOSITION_MISDIALED, 30 },
	{ VA_DISPOSITION_BOOKS, 63 },
	{ VA_DISPOSITION_INTERESTED, 90 },
	{ VA_DISPOSITION_NOT_INTERESTED, 150 },
	{ VA_DISPOSITION_CALLBACK, 63 },
	{ VA_DISPOSITION_OPTS_OUT, 32 },
	{ VA_DISPOSITION_SWEARS, 22 },
	{ VA_DISPOSITION_HANGS_UP, 30 },
};

static const char *const disposition_names[VA_DISPOSITIONS] = {
	[VA_DISPOSITION_BOOKS] = "books",
	[VA_DISPOSITION_INTERESTED] = "interested",
	[VA_DISPOSITION_NOT_INTERESTED] = "not_interested",
	[VA_DISPOSITION_CALLBACK] = "callback",
	[VA_DISPOSITION_OPTS_OUT] = "opts_out",
	[VA_DISPOSITION_SWEARS] = "swears",
	[VA_DISPOSITION_HANGS_UP] = "hangs_up",
	[VA_DISPOSITION_TALKS_ON] = "talks_on",
	[VA_DISPOSITION_VOICEMAIL] = "voicemail",
	[VA_DISPOSITION_NO_ANSWER] = "no_answer",
	[VA_DISPOSITION_BUSY] = "busy",
	[VA_DISPOSITION_MISDIALED] = "misdialed",
	[VA_DISPOSITION_FAILED] = "failed",
};

const char *
va_disposition_name(VaDispositionKind kind)
{
	return disposition_names[kind];
}

const VaPeopleNumber *
va_people_numbers(int *count)
{
	*count = (int) (sizeof(numbers) / sizeof(numbers[0]));
	return numbers;
}

const VaPeopleNumber *
va_people_number(const char *number)
{
	int ending;

	if (number == NULL || strlen(number) != 12 || strncmp(number, "+1", 2) != 0 ||
		strspn(number + 2, "0123456789") != 10 || strncmp(number + 5, "55501", 5) != 0)
		return NULL;
	ending = atoi(number + 8);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].ending == ending)
			return &numbers[i];
	return NULL;
}

/* FNV-1a, well mixed: the same on every machine. */
static uint64_t
hash_text(uint64_t seed, const char *text)
{
	uint64_t hash = 0xcbf29ce484222325ULL ^ va_mix64(seed);

	for (; text != NULL && *text != '\0'; text++)
		hash = (hash ^ (unsigned char) *text) * 0x100000001b3ULL;
	return va_mix64(hash);
}

static VaDispositionKind
draw(uint64_t *rng)
{
	int point = (int) va_people_roll(rng, 1000);

	for (size_t i = 0; i < sizeof(mix) / sizeof(mix[0]); i++)
	{
		if (point < mix[i].weight)
			return mix[i].kind;
		point -= mix[i].weight;
	}
	return VA_DISPOSITION_NO_ANSWER;
}

/* No ordinary call loses a webhook; some come late, twice or out of order. */
static int
ordinary_faults(uint64_t *rng)
{
	switch (va_people_roll(rng, 50))
	{
		case 0:
			return VA_FAULT_LATE;
		case 1:
			return VA_FAULT_DOUBLED;
		case 2:
			return VA_FAULT_SWAPPED;
	}
	return 0;
}

/* How long it rings, and why nobody is there. */
static void
ring(const VaPeopleOrder *order, VaDisposition *disposition)
{
	int64_t timeout = (order->ring_timeout_s > 0 ? order->ring_timeout_s : RING_DEFAULT_S) * INT64_C(1000);
	int64_t ms;

	disposition->failed_reason = NULL;
	switch (disposition->kind)
	{
		case VA_DISPOSITION_NO_ANSWER:
			ms = timeout;
			disposition->failed_reason = "customer-did-not-answer";
			break;
		case VA_DISPOSITION_BUSY:
			ms = 1500 + (int64_t) va_people_roll(&disposition->rng, 2000);
			disposition->failed_reason = "customer-busy";
			break;
		case VA_DISPOSITION_MISDIALED:
			ms = 800 + (int64_t) va_people_roll(&disposition->rng, 800);
			disposition->failed_reason = "twilio-reported-customer-misdialed";
			break;
		case VA_DISPOSITION_FAILED:
			ms = 1000 + (int64_t) va_people_roll(&disposition->rng, 3000);
			disposition->failed_reason = "twilio-failed-to-connect-call";
			break;
		case VA_DISPOSITION_VOICEMAIL:
			ms = 15000 + (int64_t) va_people_roll(&disposition->rng, 10000);
			break;
		default:
			ms = 3000 + (int64_t) va_people_roll(&disposition->rng, 18000);
	}
	disposition->answered = disposition->failed_reason == NULL;
	/* Somebody who would answer does so before the caller gives up. */
	disposition->ring_ms = ms > timeout ? timeout : ms;
}

void
va_people_decide(const VaPeopleOrder *order, VaDisposition *disposition)
{
	const VaPeopleNumber *forced = va_people_number(order->number);

	memset(disposition, 0, sizeof(*disposition));
	disposition->rng = hash_text(hash_text(order->seed, order->number), order->reference);
	if (forced != NULL)
	{
		disposition->kind = order->dial > 0 && order->dial <= forced->busy_first ? VA_DISPOSITION_BUSY : forced->kind;
		disposition->faults = forced->faults;
	}
	else
	{
		disposition->kind = draw(&disposition->rng);
		disposition->faults = ordinary_faults(&disposition->rng);
	}
	ring(order, disposition);
}
