/*
 * test_doubt.c
 *		Which talks may hold an opt-out: sentences that are in no corpus, bounds,
 *		and the order of the words that features are made of.
 */
#include "tap.h"

#include <math.h>
#include <stdint.h>

#include "pure/doubt/doubt.h"
#include "pure/sandbox/plan.h"

#define MANY 5000

static double
score_of(const char *one, const char *two)
{
	VaDoubtTurn turns[] = { { one, strlen(one), true }, { two, two == NULL ? 0 : strlen(two), true } };
	VaDoubt doubt;

	return va_doubt(turns, two == NULL ? 1 : 2, &va_doubt_weights, false, &doubt) ? doubt.score : -INFINITY;
}

static void
is_doubtful(double score, bool doubtful, const char *words)
{
	int share = va_doubt_share(&va_doubt_weights, score);

	ok((share >= 1 && share <= 3) == doubtful, "%s: %s (%d %%)", doubtful ? "doubted" : "not doubted", words, share);
}

static void
test_sentences(void)
{
	static const char *const wanted[] = { "Please don't ever phone this house again.",
		"you people need to lose my number and quit bothering my mother", "No me vuelvan a marcar nunca, por favor.",
		"Ne me rappelez plus jamais, effacez mon numéro.", "Rufen Sie hier bitte nicht mehr an und löschen Sie meine Nummer." };
	static const char *const ordinary[] = { "Yes, Thursday at three would be lovely, thank you.",
		"How much does the small one cost?", "Sí, mañana por la tarde me viene bien.", "Oui, c'est bien moi, je vous écoute.",
		"Ja, der Termin am Montag passt mir gut." };
	/* Before whoever asks has heard an answer. */
	static const char *const questions[] = { "Wait, am I talking to a robot?", "are you a robot", "Is this a real person?",
		"uh who is this", "is this one of those ai things", "¿Es usted un robot?", "¿Quién es, por favor?", "vous êtes un robot",
		"C'est qui ?", "Sind Sie eine Maschine?", "wer ist denn da" };
	static const char *const refusals[] = { "You robots again?", "stop calling me robot", "who is this and where did you get my number",
		"Sag dem Roboter, er soll hier nicht mehr anrufen." };

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		is_doubtful(score_of(wanted[i], NULL), true, wanted[i]);
	for (size_t i = 0; i < sizeof(ordinary) / sizeof(ordinary[0]); i++)
		is_doubtful(score_of(ordinary[i], NULL), false, ordinary[i]);
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
		is_doubtful(score_of(questions[i], NULL), false, questions[i]);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		is_doubtful(score_of(refusals[i], NULL), true, refusals[i]);
	ok(va_doubt_weights.thresholds[0] > va_doubt_weights.thresholds[2] &&
		   va_doubt_weights.thresholds[2] > va_doubt_weights.thresholds[VA_DOUBT_THRESHOLDS - 1],
		"the more may be held by mistake the less is needed");
	is_int(va_doubt_share(&va_doubt_weights, 1000), 1, "the least share");
	is_int(va_doubt_share(&va_doubt_weights, -1000), 0, "what nobody doubts");
}

/* What is no part of what was learned: other names, other openings, and all languages. */
static void
test_short_talks(void)
{
	static const char *const said[] = { "Hello?", "Yes, this is Nora Callahan.", "Speaking. Who is this?", "Yes, Hugo Martin here.", "Sí, soy Lucía Ramos.",
		"¿Diga?", "Oui, c'est Chloé Blanc.", "Allô ? C'est à quel sujet ?", "Ja, hier ist Birgit Vogel.", "Ines Becker, guten Tag. Worum geht es?",
		"No me interesa, gracias.", "Là je suis au travail, rappelez-moi ce soir." };
	int held = 0, people = 0;

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		is_doubtful(score_of(said[i], NULL), false, said[i]);
	for (int i = 0; i < 3000; i++)
	{
		VaArena arena = { 0 };
		char number[32];
		VaPeopleOrder order = { .seed = 48, .number = number, .reference = "va-1-1", .dial = 1, .customer_name = i % 2 ? "Svetlana Wright" : "Ngozi Black",
			.first_message = "Hi, your roof is 14 years old. May we look at it?", .max_duration_s = 600, .created_at = INT64_C(1772800000000) };
		VaDisposition who;
		VaCarrierCall talk = { 0 };
		VaDoubtTurn turns[64];
		VaDoubt doubt;
		size_t count = 0;

		snprintf(number, sizeof(number), "+1415557%04d", i);
		va_people_decide(&order, &who);
		if (!who.answered || who.kind == VA_DISPOSITION_OPTS_OUT || who.kind == VA_DISPOSITION_VOICEMAIL)
			continue;
		va_people_talk(&order, &who, &arena, &talk);
		for (int t = 0; t < talk.nmessages && count < 64; t++)
			turns[count++] = (VaDoubtTurn){ talk.messages[t].text, strlen(talk.messages[t].text), strcmp(talk.messages[t].role, "user") == 0 };
		people++;
		if (va_doubt(turns, count, &va_doubt_weights, false, &doubt) && va_doubt_share(&va_doubt_weights, doubt.score) > 0 && va_doubt_share(&va_doubt_weights, doubt.score) <= 3)
			held++;
		va_arena_free(&arena);
	}
	diag("of %d talks of the sandbox %d are held", people, held);
	ok(people > 1000 && held * 50 <= people, "at most 2 %% of the sandbox's talks are held at the threshold of 3 %%");
}

static void
test_windows(void)
{
	static const char stop[] = "Please don't ever phone this house again.";
	VaDoubtTurn *turns = calloc(MANY, sizeof(VaDoubtTurn));
	VaDoubt alone;
	VaDoubt among;

	for (size_t i = 0; i < MANY; i++)
		turns[i] = (VaDoubtTurn){ "Yes, that is right.", 19, true };
	ok(va_doubt(turns, MANY, &va_doubt_weights, false, &alone) && va_doubt_share(&va_doubt_weights, alone.score) == 0, "a long ordinary talk");
	turns[MANY - 90] = (VaDoubtTurn){ stop, strlen(stop), true };
	ok(va_doubt(turns, MANY, &va_doubt_weights, false, &among) && va_doubt_share(&va_doubt_weights, among.score) > 0, "one sentence in a long talk is seen");
	is_int((long) among.turn, MANY - 90, "... and named");
	turns[MANY - 90] = turns[0];
	turns[0] = (VaDoubtTurn){ stop, strlen(stop), true };
	ok(va_doubt(turns, MANY, &va_doubt_weights, false, &among) && among.score == alone.score, "turns before the newest are not read");
	free(turns);
}

static void
test_hostile(void)
{
	static char bytes[1 << 20];
	VaDoubtTurn turn = { bytes, sizeof(bytes), true };
	VaDoubt doubt;
	VaDoubtFeatures *features = calloc(1, sizeof(VaDoubtFeatures));

	ok(!va_doubt(NULL, 0, &va_doubt_weights, false, &doubt), "nobody spoke");
	ok(va_doubt_share(&va_doubt_weights, score_of("", NULL)) == 0, "no word");
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char) (i * 7919 >> 3);
	ok(va_doubt(&turn, 1, &va_doubt_weights, false, &doubt) && isfinite(doubt.score), "a megabyte of any bytes");
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i % 2 ? ' ' : 'a';
	ok(va_doubt(&turn, 1, &va_doubt_weights, false, &doubt) && isfinite(doubt.score), "a megabyte of words of one letter");
	memset(bytes, 'n', sizeof(bytes));
	ok(va_doubt(&turn, 1, &va_doubt_weights, false, &doubt) && va_doubt_share(&va_doubt_weights, doubt.score) == 0, "a word of a megabyte");
	for (size_t i = 0; i + 6 < sizeof(bytes); i += 6)
		memcpy(bytes + i, "never ", 6);
	ok(va_doubt_features(features, &turn, 1) && features->count < 10000, "features of a turn are bounded");
	va_doubt_free(features);
	free(features);
}

/* Texts of an author that nobody has learned from, and that saw no rule: of opt-outs, and of texts that only sound like one. */
static void
test_texts(void)
{
	static char line[65536];
	FILE *file = fopen("regress/eval/texts/held.tsv", "r");
	int all[2] = { 0 };
	int stopped[2] = { 0 };
	int passed[2] = { 0 };
	double score;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
	{
		const char *said = strstr(line, "\tP: ");
		bool other = strncmp(line, "optout\t", 7) != 0;
		int share;

		if (said == NULL || !va_doubt_text(said + 4, strcspn(said + 4, "\n"), &va_text_weights, &score))
			break;
		share = va_doubt_share(&va_text_weights, score);
		all[other]++;
		stopped[other] += share == 1;
		passed[other] += share == 0 || share > 15;
	}
	if (file != NULL)
		fclose(file);
	ok(all[0] == 600 && all[1] == 601, "the held texts are there (%d, %d)", all[0], all[1]);
	ok(passed[0] <= 12, "%d of them are passed over", passed[0]);
	ok(stopped[0] >= 435, "%d stop at once", stopped[0]);
	ok(stopped[1] <= 6, "%d that only sound like one do", stopped[1]);
	ok(passed[1] >= 500, "%d of these wait for nobody", passed[1]);
	ok(va_doubt_text("", 0, &va_text_weights, &score) && va_doubt_share(&va_text_weights, score) == 0, "no word");
}

/* What callers ask for, behind what an assistant says first: nobody has learned from it. */
static void
test_requests(void)
{
	static const char *const openings[] = { "Hello, how can I help you?",
		"You are talking to an AI assistant on behalf of Lone Star Homes. This call is recorded. Hello, how can I help you?",
		"You are talking to an AI assistant on behalf of Reception Co. Hello, how can I help?" };
	static char line[4096];
	FILE *file = fopen("regress/eval/requests/held.tsv", "r");
	int all = 0;
	int held = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
	{
		const char *said = strchr(line, '\t');
		bool doubted = false;

		if (said == NULL)
			continue;
		for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++)
		{
			VaDoubtTurn turns[] = { { openings[i], strlen(openings[i]), false }, { said + 1, strcspn(said + 1, "\n"), true },
				{ "Thank you, noted.", 17, false } };
			VaDoubt doubt;
			int share = va_doubt(turns, 3, &va_doubt_weights, false, &doubt) ? va_doubt_share(&va_doubt_weights, doubt.score) : 0;

			doubted = doubted || (share >= 1 && share <= 3);
		}
		all++;
		held += doubted;
	}
	if (file != NULL)
		fclose(file);
	ok(all == 100, "the requests are there (%d)", all);
	ok(held <= 6, "%d of them are held where no tool acts", held);
}

int
main(void)
{
	ok(memcmp(va_doubt_weights.magic, "VADOUBT1", 8) == 0, "the weights are of this form");
	ok(memcmp(va_text_weights.magic, "VADOUBT1", 8) == 0, "... and those of texts");
	test_sentences();
	test_short_talks();
	test_windows();
	test_hostile();
	test_texts();
	test_requests();
	return done_testing();
}
