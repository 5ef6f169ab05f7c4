/*
 * test_phrases_scores.c
 *		What talks are worth: intent, interest, mood, mark, objections, the step
 *		at which they ended, next steps, summaries; against labels that people gave.
 */
#include <strings.h>
#include <time.h>

#include "pure/phrases/scores.h"
#include "tap.h"

#define LINES_MAX 12
#define SILENT_MAX 3

/*
 * What a person that listens would note.  Each outcome stands with the turn
 * that shows it (-1: none), as outcome.h gives it.  NULL: not judged.
 */
typedef struct Labelled
{
	const char *name;
	VaOutcome outcome;
	int turn;
	const char *intent;
	const char *interest;
	const char *emotion;
	int csat;
	const char *objections; /* kind, then + worked, - did not, ? not known; in their order */
	const char *step;
	const char *ended_by;
	const char *next_steps;
	const char *lines[LINES_MAX]; /* A or P, a blank, the words */
} Labelled;

#define TALK(name, outcome, turn, intent, interest, emotion, csat, objections, step, ender, next, ...)       \
	{ name, VA_OUTCOME_##outcome, turn, #intent, #interest, #emotion, csat, objections, #step, #ender, next, \
		{ __VA_ARGS__ } },

static const Labelled en[] = {
#include "scores_en.inc"
};
static const Labelled es[] = {
#include "scores_es.inc"
};
static const Labelled fr[] = {
#include "scores_fr.inc"
};
static const Labelled de[] = {
#include "scores_de.inc"
};

static const struct
{
	const char *code;
	const Labelled *talks;
	size_t count;
} languages[] = { { "en-US", en, sizeof(en) / sizeof(en[0]) }, { "es-ES", es, sizeof(es) / sizeof(es[0]) },
	{ "fr-FR", fr, sizeof(fr) / sizeof(fr[0]) }, { "de-DE", de, sizeof(de) / sizeof(de[0]) } };

enum
{
	INTENT,
	INTEREST,
	EMOTION,
	CSAT,
	OBJECTIONS,
	STEP,
	ENDER,
	NEXT,
	MEASURES
};

static const char *const measures[MEASURES] = { "intent", "interest", "emotion", "csat", "objections", "step",
	"ended by", "next steps" };

typedef struct Count
{
	int right;
	int wrong;
	int silent;
} Count;

static size_t
turns_of(const Labelled *talk, VaTalkTurn *turns)
{
	size_t count = 0;

	while (count < LINES_MAX && talk->lines[count] != NULL)
	{
		const char *line = talk->lines[count];

		turns[count++] = (VaTalkTurn){ .text = line + 2, .len = strlen(line + 2), .person = line[0] == 'P' };
	}
	return count;
}

static VaTalkOutcome
outcome_of(const Labelled *talk, const VaTalkTurn *turns)
{
	VaTalkOutcome outcome = { .outcome = talk->outcome, .certain = true };

	if (talk->turn >= 0)
		outcome.words = (VaWords){ .turn = (size_t) talk->turn, .len = turns[talk->turn].len };
	if (talk->outcome == VA_OUTCOME_DO_NOT_CALL)
	{
		outcome.opt_out = true;
		outcome.opt_out_words = outcome.words;
	}
	return outcome;
}

/* Compares; what says "none" or "unknown" where something was expected is silent. */
static void
judge(Count *count, const char *language, const Labelled *talk, int measure, const char *got, const char *expected)
{
	if (strcmp(expected, "NULL") == 0)
		return;
	if (strcasecmp(got, expected) == 0)
	{
		count->right++;
		return;
	}
	diag("%s \"%s\": %s is %s, expected %s", language, talk->name, measures[measure], got, expected);
	if (got[0] == '\0' || strcmp(got, "none") == 0 || strcmp(got, "unknown") == 0 || strcmp(got, "0") == 0)
		count->silent++;
	else
		count->wrong++;
}

static void
objections_text(const VaTalkScores *scores, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0; i < scores->nobjections; i++)
		snprintf(text + strlen(text), size - strlen(text), "%s%s%c", i > 0 ? " " : "",
			va_objection_name(scores->objections[i].kind), "?+-"[scores->objections[i].worked]);
}

static void
next_steps_text(const VaTalkScores *scores, char *text, size_t size)
{
	text[0] = '\0';
	for (size_t i = 0; i < scores->nnext_steps; i++)
		snprintf(text + strlen(text), size - strlen(text), "%s%s", i > 0 ? " " : "",
			va_next_step_name(scores->next_steps[i].kind));
}

static void
judge_talk(const char *language, const Labelled *labelled, Count counts[MEASURES])
{
	VaArena arena = { 0 };
	VaTalkTurn turns[LINES_MAX];
	size_t count = turns_of(labelled, turns);
	VaTalkOutcome outcome = outcome_of(labelled, turns);
	VaTalk talk;
	VaTalkScores scores;
	char text[256];
	char number[2] = "0";
	char expected[2] = "0";

	if (!va_talk_read(&arena, turns, count, language, NULL, &talk) || !va_read_scores(&talk, &outcome, &scores))
	{
		ok(false, "%s: is read", labelled->name);
		return;
	}
	number[0] = (char) ('0' + scores.csat);
	expected[0] = (char) ('0' + labelled->csat);
	judge(&counts[INTENT], language, labelled, INTENT, va_talk_intent_name(scores.intent), labelled->intent);
	judge(&counts[INTEREST], language, labelled, INTEREST, va_interest_name(scores.interest), labelled->interest);
	judge(&counts[EMOTION], language, labelled, EMOTION, va_emotion_name(scores.emotion), labelled->emotion);
	judge(&counts[CSAT], language, labelled, CSAT, number, expected);
	objections_text(&scores, text, sizeof(text));
	judge(&counts[OBJECTIONS], language, labelled, OBJECTIONS, text, labelled->objections);
	judge(&counts[STEP], language, labelled, STEP, va_talk_step_name(scores.step), labelled->step);
	judge(&counts[ENDER], language, labelled, ENDER, va_talk_ender_name(scores.ended_by), labelled->ended_by);
	next_steps_text(&scores, text, sizeof(text));
	judge(&counts[NEXT], language, labelled, NEXT, text, labelled->next_steps);
	va_arena_free(&arena);
}

static void
test_labelled(void)
{
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
	{
		Count counts[MEASURES] = { 0 };

		ok(languages[i].count >= 25, "%s: %zu labelled talks", languages[i].code, languages[i].count);
		for (size_t j = 0; j < languages[i].count; j++)
			judge_talk(languages[i].code, &languages[i].talks[j], counts);
		for (int m = 0; m < MEASURES; m++)
		{
			diag("%s %s: %d right, %d wrong, %d silent", languages[i].code, measures[m], counts[m].right,
				counts[m].wrong, counts[m].silent);
			is_int(counts[m].wrong, 0, "%s: no %s is wrong", languages[i].code, measures[m]);
			ok(counts[m].silent <= SILENT_MAX, "%s: ... and few are not known", languages[i].code);
		}
	}
}

/* One person's turn behind a neutral question, and a thanks. */
static VaEmotion
mood_of(const char *language, const char *words)
{
	VaArena arena = { 0 };
	VaTalkTurn turns[] = { { .text = "Ok.", .len = 3 }, { .text = words, .len = strlen(words), .person = true } };
	VaTalkOutcome outcome = { .outcome = VA_OUTCOME_COMPLETED, .certain = true };
	VaTalk talk;
	VaTalkScores scores;
	VaEmotion emotion = VA_EMOTION_NONE;

	if (va_talk_read(&arena, turns, 2, language, NULL, &talk) && va_read_scores(&talk, &outcome, &scores) &&
		scores.nemotions == 1)
		emotion = scores.emotions[0].emotion;
	va_arena_free(&arena);
	return emotion;
}

static void
test_moods(void)
{
	static const struct
	{
		const char *language;
		const char *words;
		VaEmotion emotion;
	} moods[] = { { "en", "Thank you so much, you're a lifesaver.", VA_EMOTION_POSITIVE },
		{ "en", "Great!", VA_EMOTION_POSITIVE }, { "en", "Great.", VA_EMOTION_NEUTRAL },
		{ "en", "Oh great, another call, just what I needed!", VA_EMOTION_NONE },
		{ "en", "Yeah, right. I love it.", VA_EMOTION_NONE },
		{ "en", "My wife says she loves it.", VA_EMOTION_NEUTRAL },
		{ "en", "He told me he was furious.", VA_EMOTION_NONE }, { "en", "I'm not angry.", VA_EMOTION_NONE },
		{ "en", "I don't love it.", VA_EMOTION_NONE }, { "en", "This is ridiculous.", VA_EMOTION_ANNOYED },
		{ "en", "I'm furious with you people.", VA_EMOTION_ANGRY },
		{ "en", "I already told you no, and now I'm furious.", VA_EMOTION_ANGRY },
		{ "en", "I don't understand.", VA_EMOTION_CONFUSED }, { "en", "I'm not sure.", VA_EMOTION_HESITANT },
		{ "en", "My phone died.", VA_EMOTION_NEUTRAL }, { "en", "My mother died last week.", VA_EMOTION_SAD },
		{ "en", "My mother died last week, thank you so much.", VA_EMOTION_NONE },
		{ "en", "Take me off your list.", VA_EMOTION_NONE }, { "en", "Thursday at two.", VA_EMOTION_NEUTRAL },
		{ "es", "Qué ilusión, otra llamada.", VA_EMOTION_NONE }, { "es", "No se preocupe.", VA_EMOTION_NEUTRAL },
		{ "es", "No lo sé.", VA_EMOTION_HESITANT }, { "es", "Estoy encantada.", VA_EMOTION_POSITIVE },
		{ "es", "No estoy furioso.", VA_EMOTION_NONE }, { "es", "Se me murió el móvil.", VA_EMOTION_NEUTRAL },
		{ "es", "Ya estoy harto.", VA_EMOTION_ANNOYED }, { "es", "Mi marido dice que está furioso.", VA_EMOTION_NONE },
		{ "fr", "Je ne suis pas sûr.", VA_EMOTION_HESITANT }, { "fr", "Merci beaucoup.", VA_EMOTION_NEUTRAL },
		{ "fr", "Merci infiniment.", VA_EMOTION_POSITIVE }, { "fr", "Je ne suis pas furieux.", VA_EMOTION_NONE },
		{ "fr", "Mon téléphone est mort.", VA_EMOTION_NEUTRAL }, { "fr", "Mon père est mort.", VA_EMOTION_SAD },
		{ "fr", "C'est scandaleux.", VA_EMOTION_ANGRY }, { "fr", "Il ne manquait plus que ça.", VA_EMOTION_NONE },
		{ "de", "Na toll, schon wieder ein Anruf.", VA_EMOTION_ANNOYED },
		{ "de", "Das hat mir gerade noch gefehlt.", VA_EMOTION_NONE },
		{ "de", "Ich bin nicht wütend.", VA_EMOTION_NONE }, { "de", "Ich bin mir nicht sicher.", VA_EMOTION_HESITANT },
		{ "de", "Das ist eine Frechheit.", VA_EMOTION_ANGRY }, { "de", "Vielen Dank.", VA_EMOTION_NEUTRAL },
		{ "de", "Tausend Dank, das freut mich.", VA_EMOTION_POSITIVE },
		{ "de", "Meine Frau sagt, das ist wirklich toll.", VA_EMOTION_NONE },
		{ "de", "Mein Akku ist gestorben.", VA_EMOTION_NEUTRAL } };

	for (size_t i = 0; i < sizeof(moods) / sizeof(moods[0]); i++)
		is_str(va_emotion_name(mood_of(moods[i].language, moods[i].words)), va_emotion_name(moods[i].emotion), "%s: %s",
			moods[i].language, moods[i].words);
}

static int
mark_of(const char *language, const char *question, const char *answer)
{
	VaArena arena = { 0 };
	VaTalkTurn turns[] = { { .text = question, .len = strlen(question) },
		{ .text = answer, .len = strlen(answer), .person = true } };
	VaTalkOutcome outcome = { .outcome = VA_OUTCOME_COMPLETED, .certain = true };
	VaTalk talk;
	VaTalkScores scores = { 0 };

	if (va_talk_read(&arena, turns, 2, language, NULL, &talk))
		va_read_scores(&talk, &outcome, &scores);
	va_arena_free(&arena);
	return scores.csat;
}

static void
test_marks(void)
{
	static const char *const ask = "How would you rate us from one to five?";
	static const struct
	{
		const char *language;
		const char *question;
		const char *answer;
		int mark;
	} marks[] = { { "en", NULL, "Five", 5 }, { "en", NULL, "a 4.", 4 }, { "en", NULL, "4/5", 4 },
		{ "en", NULL, "Four out of five", 4 }, { "en", NULL, "One.", 1 }, { "en", NULL, "4.5", 0 },
		{ "en", NULL, "four and a half", 0 }, { "en", NULL, "not a five", 0 }, { "en", NULL, "-3", 0 },
		{ "en", NULL, "zero", 0 }, { "en", NULL, "six", 0 }, { "en", NULL, "10", 0 }, { "en", NULL, "7 out of 10", 0 },
		{ "en", NULL, "three or four", 0 }, { "en", NULL, "Well, that was a good one for me I think", 0 },
		{ "en", NULL, "My wife would say five, but she told me we have two dogs, three cats and so on", 0 },
		{ "en", NULL, "My wife says five stars", 0 }, { "en", NULL, "Yes.", 0 }, { "en", "Anything else?", "Five.", 0 },
		{ "en", "Anything else?", "Five stars from me.", 5 }, { "en", "Where do you stay?", "In a five star hotel", 0 },
		{ "en", "Does between one and five suit you?", "Four.", 0 },
		{ "en", "On a scale of one to ten, how satisfied are you?", "Four.", 0 },
		{ "es", "Del uno al cinco, ¿qué nota nos pone?", "Un cuatro.", 4 },
		{ "es", "¿Le viene bien de una a cinco?", "A las cuatro.", 0 },
		{ "fr", "De un à cinq, quelle note nous donnez-vous ?", "Quatre.", 4 },
		{ "fr", "Entre une heure et cinq heures ?", "Quatre.", 0 },
		{ "de", "Wie viele Sterne geben Sie uns?", "Fünf.", 5 },
		{ "de", "Welche Note geben Sie uns, von eins bis fünf?", "Eins.", 0 },
		{ "de", "Von eins bis fünf, wobei fünf sehr zufrieden ist?", "Vier.", 4 } };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		is_int(mark_of(marks[i].language, marks[i].question == NULL ? ask : marks[i].question, marks[i].answer),
			marks[i].mark, "%s: %s %s", marks[i].language, marks[i].question == NULL ? "" : marks[i].question,
			marks[i].answer);
}

/* A summary says what was found, in the talk's language. */
static void
test_summaries(void)
{
	static const VaTimeReference tuesday = { .day = 20529, .minutes = 620 }; /* 17 March 2026 */
	static const struct
	{
		const char *language;
		const char *time;
		const char *summary;
	} cases[] = { { "en", "tomorrow at three",
					  "An appointment was agreed: 18 March 2026 at 15:00. Objections: the price (“too expensive”)." },
		{ "es", "mañana a las tres",
			"Se acordó una cita: 18 de marzo de 2026 a las 15:00. Objeciones: el precio («muy caro»)." },
		{ "fr", "demain à quinze heures",
			"Un rendez-vous a été convenu : 18 mars 2026 à 15:00. Objections : le prix (« trop cher »)." },
		{ "de", "morgen um drei",
			"Ein Termin wurde vereinbart: 18. März 2026 um 15:00 Uhr. Einwände: der Preis („zu teuer“)." },
		{ "en", "next week", "An appointment was agreed (“next week”). Objections: the price (“too expensive”)." } };
	static const char *const prices[] = { "It's too expensive.", "Es muy caro.", "C'est trop cher.",
		"Das ist zu teuer.", "It's too expensive." };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		VaArena arena = { 0 };
		VaTalkTurn turns[] = { { .text = prices[i], .len = strlen(prices[i]), .person = true },
			{ .text = "Ok", .len = 2 }, { .text = cases[i].time, .len = strlen(cases[i].time), .person = true } };
		VaTalkOutcome outcome = { .outcome = VA_OUTCOME_SCHEDULED,
			.certain = true,
			.timed = true,
			.words = { .turn = 2, .len = turns[2].len },
			.time_words = { .turn = 2, .len = turns[2].len } };
		VaTalk talk;
		VaTalkScores scores = { 0 };

		va_talk_read(&arena, turns, 3, cases[i].language, &tuesday, &talk);
		outcome.time = va_talk_times(&talk, 2)->items[0];
		va_read_scores(&talk, &outcome, &scores);
		is_str(scores.summary, cases[i].summary, "%s: %s", cases[i].language, cases[i].time);
		ok(scores.nnext_steps == 1 && scores.next_steps[0].kind == VA_NEXT_MEET && scores.step == VA_STEP_AGREED,
			"... it was agreed on, and they meet");
		outcome.certain = false;
		memset(&scores, 0, sizeof(scores));
		va_read_scores(&talk, &outcome, &scores);
		ok(scores.nnext_steps == 1 && scores.next_steps[0].kind == VA_NEXT_CONFIRM_APPOINTMENT &&
				scores.next_steps[0].value != NULL && scores.step != VA_STEP_AGREED,
			"... that is not certain, so it is asked about");
		va_arena_free(&arena);
	}
}

static double
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* Many turns that match everything, and no turns. */
static void
test_bounds(void)
{
	static const char *const said[] = { "Too expensive! I already told you no, this is ridiculous, call me back.",
		"Does Thursday at two or Friday at four suit you, and how would you rate us from one to five?" };
	enum
	{
		MANY = 10000
	};
	VaTalkTurn *turns = calloc(MANY, sizeof(VaTalkTurn));
	VaTalkOutcome outcome = { .outcome = VA_OUTCOME_COMPLETED, .certain = true };
	VaArena arena = { 0 };
	VaTalk talk;
	VaTalkScores scores;
	double before;

	for (size_t i = 0; i < MANY; i++)
		turns[i] = (VaTalkTurn){ .text = said[i % 2], .len = strlen(said[i % 2]), .person = i % 2 == 0 };
	ok(va_talk_read(&arena, turns, MANY, "en", NULL, &talk), "10,000 turns");
	before = milliseconds();
	ok(va_read_scores(&talk, &outcome, &scores), "... have scores");
	ok(milliseconds() - before < 5000, "... within seconds");
	is_int(scores.nemotions, MANY / 2, "... a mood for each of the person's");
	ok(scores.nobjections <= VA_OBJECTIONS && scores.nnext_steps <= VA_NEXT_KINDS, "... each kind once");
	ok(strlen(scores.summary) < 1024, "... and a short summary");
	va_arena_free(&arena);
	va_talk_read(&arena, turns, 0, "en", NULL, &talk);
	ok(va_read_scores(&talk, &outcome, &scores) && scores.summary == NULL && scores.step == VA_STEP_NONE,
		"no turns, no scores");
	va_arena_free(&arena);
	free(turns);
}

int
main(void)
{
	test_labelled();
	test_moods();
	test_marks();
	test_summaries();
	test_bounds();
	return done_testing();
}
