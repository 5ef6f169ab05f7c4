/*
 * test_phrases_people.c
 *		What the sandbox's people mean is what is read from their words: each
 *		talk that they can hold, in which they also answer a tenant's questions,
 *		comes to what the person was made to want.
 */
#include "pure/phrases/verify/outcome.h"
#include "pure/sandbox/plan.h"
#include "tap.h"

#define PEOPLE 120
#define TURNS_MAX 80
#define CREATED INT64_C(1772800000000) /* 2026-03-06T12:26:40Z */
#define HOUR_MS INT64_C(3600000)

static const char *const questions[] = { NULL,
	"{\"timeframe\":{\"type\":\"string\",\"description\":\"when they want to start\",\"enum\":[\"now\",\"within three "
	"months\",\"later\"]},\"decides\":{\"type\":\"boolean\",\"description\":\"whether the person decides alone\"}}",
	"{\"budget\":{\"type\":\"number\",\"description\":\"budget in "
	"euros\"},\"need\":{\"type\":\"string\",\"description\":"
	"\"what the person needs\"},\"moves_on\":{\"type\":\"string\",\"format\":\"date\",\"description\":\"when they "
	"move\"}}" };

/* VA_OUTCOMES: whatever it comes to is fine, except a booking or an opt-out. */
static VaOutcome
wanted(VaDispositionKind kind)
{
	switch (kind)
	{
		case VA_DISPOSITION_BOOKS:
			return VA_OUTCOME_SCHEDULED;
		case VA_DISPOSITION_NOT_INTERESTED:
			return VA_OUTCOME_NOT_INTERESTED;
		case VA_DISPOSITION_CALLBACK:
			return VA_OUTCOME_CALLBACK;
		case VA_DISPOSITION_OPTS_OUT:
			return VA_OUTCOME_DO_NOT_CALL;
		case VA_DISPOSITION_VOICEMAIL:
			return VA_OUTCOME_VOICEMAIL;
		default:
			return VA_OUTCOMES;
	}
}

static size_t
turns_of(const VaCarrierCall *played, VaTalkTurn *turns)
{
	size_t count = 0;

	for (int i = 0; i < played->nmessages && count < TURNS_MAX; i++)
	{
		const VaCarrierMessage *message = &played->messages[i];
		bool person = strcmp(message->role, "user") == 0;

		if (!person && strcmp(message->role, "bot") != 0)
			continue;
		turns[count++] = (VaTalkTurn){ .person = person, .text = message->text, .len = strlen(message->text) };
	}
	return count;
}

/* The words of a talk that was read otherwise, once a kind. */
static void
show(const VaTalkTurn *turns, size_t count, VaOutcome outcome)
{
	for (size_t i = 0; i < count; i++)
		diag("%s %.*s", turns[i].person ? "p" : "a", (int) turns[i].len, turns[i].text);
	diag("read as %s", va_outcome_name(outcome));
}

static void
check_kind(VaDispositionKind kind, int ending, const char *asked)
{
	int other = 0;
	int uncertain = 0;
	int played = 0;

	for (int i = 0; i < PEOPLE; i++)
	{
		char number[24];
		VaArena arena = { 0 };
		VaTalkTurn turns[TURNS_MAX];
		VaPeopleOrder order = { .seed = (uint32_t) i,
			.number = number,
			.reference = "va-1-1",
			.dial = 1,
			.customer_name = i % 3 == 0 ? NULL : "Ada",
			.variables = "{\"first_name\":\"Ada\"}",
			.first_message = "Hi, this is Nova from Acme Solar. Am I speaking with Ada?",
			.extraction = asked,
			.ring_timeout_s = 30,
			.max_duration_s = 120,
			.created_at = CREATED + i * 37 * HOUR_MS };
		VaDisposition disposition;
		VaCarrierCall talk = { 0 };
		VaTalk heard;
		VaTalkOutcome found;
		VaTimeReference reference;
		int64_t minutes = order.created_at / 60000;

		snprintf(number, sizeof(number), "+1%d555%04d", 201 + i % 700, ending);
		reference = (VaTimeReference){ .day = (int32_t) (minutes / 1440), .minutes = (int32_t) (minutes % 1440) };
		va_people_decide(&order, &disposition);
		if (disposition.kind == kind && disposition.answered)
		{
			size_t count;

			va_people_talk(&order, &disposition, &arena, &talk);
			count = turns_of(&talk, turns);
			played++;
			if (!va_talk_read(&arena, turns, count, "en-US", &reference, &heard))
				ok(false, "a talk can be read");
			else
			{
				VaOutcome outcome = wanted(kind);

				va_read_outcome(&heard, &found);
				if (outcome == VA_OUTCOMES ? found.outcome == VA_OUTCOME_SCHEDULED || found.opt_out
										   : found.outcome != outcome)
				{
					if (other++ == 0)
						show(turns, count, found.outcome);
				}
				else
					uncertain += !found.certain;
			}
		}
		va_arena_free(&arena);
	}
	if (played == 0)
		return;
	ok(other == 0, "a lead that %s%s: %d of %d read otherwise", va_people_kinds[kind].name,
		asked == NULL ? "" : " and answers questions", other, played);
	diag("%s: %d of %d are not certain", va_people_kinds[kind].name, uncertain, played);
}

int
main(void)
{
	int count;
	const VaPeopleNumber *numbers = va_people_numbers(&count);

	for (int i = 0; i < count; i++)
	{
		if (numbers[i].faults != 0 || numbers[i].refusal != 0 || numbers[i].busy_first != 0)
			continue;
		for (size_t j = 0; j < sizeof(questions) / sizeof(questions[0]); j++)
			check_kind(numbers[i].kind, numbers[i].ending, questions[j]);
	}
	return done_testing();
}
