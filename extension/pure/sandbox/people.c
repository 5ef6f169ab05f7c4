/*-------------------------------------------------------------------------
 * people.c
 *		What the sandbox's people do: whether they answer, how it goes wrong.
 *		What they say is in people_talk.c.
 *
 * Pure: no backend, no locks, no state.
 *-------------------------------------------------------------------------
 */
#include "people.h"

#include <stdlib.h>
#include <string.h>

#include "pure/net/backoff.h"

#define RING_DEFAULT_S 30

static const VaPeopleNumber numbers[] = {
	{100, VA_FATE_BOOKS, 0, 0, false, 0, "answers and books an appointment"},
	{101, VA_FATE_INTERESTED, 0, 0, false, 0, "answers and is interested"},
	{102, VA_FATE_NOT_INTERESTED, 0, 0, false, 0, "answers and is not interested"},
	{103, VA_FATE_CALLBACK, 0, 0, false, 0, "answers and asks to be called back"},
	{104, VA_FATE_OPTS_OUT, 0, 0, false, 0, "answers and asks never to be called again"},
	{105, VA_FATE_NO_ANSWER, 0, 0, false, 0, "does not answer"},
	{106, VA_FATE_BUSY, 0, 0, false, 0, "is busy"},
	{107, VA_FATE_VOICEMAIL, 0, 0, false, 0, "a voicemail box answers"},
	{108, VA_FATE_MISDIALED, 0, 0, false, 0, "is not a number that can be reached (misdialed)"},
	{109, VA_FATE_FAILED, 0, 0, false, 0, "the carrier fails to connect"},
	{110, VA_FATE_INTERESTED, 0, 400, false, 0, "the request is refused with 400"},
	{111, VA_FATE_INTERESTED, 0, 429, true, 0, "the first request is answered 429, the next one taken; then interested"},
	{112, VA_FATE_INTERESTED, 0, 500, true, 0, "the first request is answered 500 and not taken, the next one taken; then interested"},
	{113, VA_FATE_INTERESTED, VA_FAULT_SILENT, 0, false, 0, "is interested, but no webhook is ever sent"},
	{114, VA_FATE_INTERESTED, VA_FAULT_SHUFFLED, 0, false, 0, "is interested; every webhook comes twice, late and out of order"},
	{115, VA_FATE_INTERESTED, VA_FAULT_DROPS, 0, false, 0, "the call is taken, but the connection drops before the answer; then interested"},
	{116, VA_FATE_TALKS_ON, 0, 0, false, 0, "talks until the longest call is over"},
	{117, VA_FATE_INTERESTED, VA_FAULT_NO_REPORT, 0, false, 0, "is interested, but the webhooks of the end of the call are lost"},
	{118, VA_FATE_INTERESTED, 0, 0, false, 2, "is busy twice, then answers and is interested"},
	{119, VA_FATE_SWEARS, 0, 0, false, 0, "answers and swears at the robot"},
	{120, VA_FATE_HANGS_UP, 0, 0, false, 0, "answers and hangs up at once"},
};

/* Of a thousand calls; a voicemail box is no person who answers. */
static const struct
{
	VaFateKind kind;
	int weight;
} mix[] = {
	{VA_FATE_NO_ANSWER, 250},
	{VA_FATE_BUSY, 120},
	{VA_FATE_VOICEMAIL, 100},
	{VA_FATE_FAILED, 50},
	{VA_FATE_MISDIALED, 30},
	{VA_FATE_BOOKS, 63},
	{VA_FATE_INTERESTED, 90},
	{VA_FATE_NOT_INTERESTED, 150},
	{VA_FATE_CALLBACK, 63},
	{VA_FATE_OPTS_OUT, 32},
	{VA_FATE_SWEARS, 22},
	{VA_FATE_HANGS_UP, 30},
};

static const char *const fate_names[VA_FATES] = {
	[VA_FATE_BOOKS] = "books",
	[VA_FATE_INTERESTED] = "interested",
	[VA_FATE_NOT_INTERESTED] = "not_interested",
	[VA_FATE_CALLBACK] = "callback",
	[VA_FATE_OPTS_OUT] = "opts_out",
	[VA_FATE_SWEARS] = "swears",
	[VA_FATE_HANGS_UP] = "hangs_up",
	[VA_FATE_TALKS_ON] = "talks_on",
	[VA_FATE_VOICEMAIL] = "voicemail",
	[VA_FATE_NO_ANSWER] = "no_answer",
	[VA_FATE_BUSY] = "busy",
	[VA_FATE_MISDIALED] = "misdialed",
	[VA_FATE_FAILED] = "failed",
};

const char *
va_fate_name(VaFateKind kind)
{
	return fate_names[kind];
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

static uint64_t
roll(uint64_t *dice, uint64_t sides)
{
	*dice = va_mix64(*dice + 0x9e3779b97f4a7c15ULL);
	return (*dice >> 11) % sides;
}

static VaFateKind
draw(uint64_t *dice)
{
	int total = 0;
	int point;

	for (size_t i = 0; i < sizeof(mix) / sizeof(mix[0]); i++)
		total += mix[i].weight;
	point = (int) roll(dice, (uint64_t) total);
	for (size_t i = 0; i < sizeof(mix) / sizeof(mix[0]); i++)
	{
		if (point < mix[i].weight)
			return mix[i].kind;
		point -= mix[i].weight;
	}
	return VA_FATE_NO_ANSWER;
}

/* No ordinary call loses a webhook; some come late, twice or out of order. */
static int
ordinary_faults(uint64_t *dice)
{
	switch (roll(dice, 50))
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
ring(const VaPeopleOrder *order, VaFate *fate)
{
	int64_t timeout = (order->ring_timeout_s > 0 ? order->ring_timeout_s : RING_DEFAULT_S) * INT64_C(1000);
	int64_t ms;

	fate->failed_reason = NULL;
	switch (fate->kind)
	{
		case VA_FATE_NO_ANSWER:
			ms = timeout;
			fate->failed_reason = "customer-did-not-answer";
			break;
		case VA_FATE_BUSY:
			ms = 1500 + (int64_t) roll(&fate->dice, 2000);
			fate->failed_reason = "customer-busy";
			break;
		case VA_FATE_MISDIALED:
			ms = 800 + (int64_t) roll(&fate->dice, 800);
			fate->failed_reason = "twilio-reported-customer-misdialed";
			break;
		case VA_FATE_FAILED:
			ms = 1000 + (int64_t) roll(&fate->dice, 3000);
			fate->failed_reason = "twilio-failed-to-connect-call";
			break;
		case VA_FATE_VOICEMAIL:
			ms = 15000 + (int64_t) roll(&fate->dice, 10000);
			break;
		default:
			ms = 3000 + (int64_t) roll(&fate->dice, 18000);
	}
	fate->answered = fate->failed_reason == NULL;
	/* Somebody who would answer does so before the caller gives up. */
	fate->ring_ms = ms > timeout ? timeout : ms;
}

void
va_people_decide(const VaPeopleOrder *order, VaFate *fate)
{
	const VaPeopleNumber *forced = va_people_number(order->number);

	memset(fate, 0, sizeof(*fate));
	fate->dice = hash_text(hash_text(order->seed, order->number), order->reference);
	if (forced != NULL)
	{
		fate->kind = order->dial > 0 && order->dial <= forced->busy_first ? VA_FATE_BUSY : forced->kind;
		fate->faults = forced->faults;
	}
	else
	{
		fate->kind = draw(&fate->dice);
		fate->faults = ordinary_faults(&fate->dice);
	}
	ring(order, fate);
}
