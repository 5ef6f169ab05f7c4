/*-------------------------------------------------------------------------
 * train.c
 *		Learns which talks hold a doubtful opt-out, and says how well, each author
 *		judged by what the others taught.
 *
 *	train WEIGHTS AUTHOR.tsv... ORDINARY.jsonl...
 *
 * AUTHOR.tsv: label, language, form, direction, turns (regress/eval/README.md).  The talks of all .jsonl files without an opt-out count as
 * one author's ordinary ones; those with one are judged, never learned from.  So are SANDBOX calls to the sandbox's people, learned from
 * and not judged: they are short, as calls often are ("Yes, this is Linda Lee."), and what authors write is not.  The same files make
 * the same weights, byte for byte.
 *
 * With SCORES=FILE a line for each talk of an author goes there: its file, its line, and the least share of other talks, in per cent,
 * with which it is held, judged by what the others taught (nothing: it never is), and that of it or of one of its turns.
 *
 * Logistic regression, each feature weighed beforehand by the root of how much more often one side has it.  The rows are gone through in
 * several orders, with steps that shrink (AdaGrad); the mean of these runs generalises better than one exact minimum.
 *-------------------------------------------------------------------------
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/doubt/doubt.h"
#include "pure/sandbox/plan.h"

#define TURNS_MAX 64
#define FILES_MAX 64
/* Runs whose weights are averaged, the times that each goes through all rows, and how far it steps at first. */
#define RUNS 3
#define PASSES 8
#define STEP 0.5f
/* How often a talk without an opt-out counts: one that is held by mistake is worse than one that is missed. */
#define OTHERS 3
/* Calls, about half of which are answered by a person. */
#define SANDBOX 200

typedef enum Label
{
	OPTOUT,
	LOOKALIKE,
	ORDINARY
} Label;

typedef struct Talk
{
	Label label;
	int author;
	int line; /* of its file; of those that are no author's of this task, 0 */
	bool asr;
	bool text; /* written, and not said */
	bool learned;
	bool other; /* a machine, or a wrong number: what follows from it does not wait for a doubt; or the sandbox's */
	VaDoubtTurn turns[TURNS_MAX];
	size_t count;
	double score;
	double alone;
} Talk;

/* What is learned from: a window of a talk. */
typedef struct Row
{
	const Talk *talk;
	uint32_t *items; /* in their order */
	size_t count;
} Row;

typedef struct Model
{
	float weights[VA_DOUBT_FEATURES];
	float squares[VA_DOUBT_FEATURES]; /* of the slopes so far */
	float bias;
	float bias_squares;
} Model;

static Talk *talks;
static size_t ntalks, talks_size;
static Row *rows;
static size_t nrows, rows_size;
static const char *authors[FILES_MAX];
static int nauthors;
static bool texts; /* there are some: thresholds are theirs */

static void *
grow(void *items, size_t count, size_t *size, size_t each)
{
	if (count < *size)
		return items;
	*size = *size == 0 ? 1024 : 2 * *size;
	items = realloc(items, *size * each);
	if (items == NULL)
		exit(1);
	return items;
}

static Talk *
new_talk(Label label, int author)
{
	talks = grow(talks, ntalks, &talks_size, sizeof(Talk));
	talks[ntalks] = (Talk){ .label = label, .author = author, .learned = true };
	return &talks[ntalks++];
}

static void
add_turn(Talk *talk, const char *text, bool person)
{
	if (talk->count < TURNS_MAX)
		talk->turns[talk->count++] = (VaDoubtTurn){ strdup(text), strlen(text), person };
}

static void
read_author(FILE *in, int author)
{
	static char line[65536];
	int number = 0;

	while (fgets(line, sizeof(line), in) != NULL)
	{
		char *rest = line;
		char *label = strsep(&rest, "\t");
		char *form;
		Talk *talk;

		(void) strsep(&rest, "\t");
		form = strsep(&rest, "\t");
		(void) strsep(&rest, "\t");
		number++;
		if (rest == NULL)
			continue;
		talk = new_talk(label[0] == 'o' && label[1] == 'p' ? OPTOUT : label[0] == 'l' ? LOOKALIKE : ORDINARY, author);
		talk->line = number;
		talk->asr = strcmp(form, "asr") == 0;
		talk->text = strcmp(form, "text") == 0;
		texts = texts || talk->text;
		rest[strcspn(rest, "\n")] = '\0';
		for (char *turn = rest; turn != NULL;)
		{
			char *next = strstr(turn, " | ");

			if (next != NULL)
				*next = '\0';
			if (strncmp(turn, "P: ", 3) == 0 || strncmp(turn, "A: ", 3) == 0)
				add_turn(talk, turn + 3, turn[0] == 'P');
			turn = next == NULL ? NULL : next + 3;
		}
	}
}

static void
read_talks(FILE *in, int author)
{
	static char line[262144];

	while (fgets(line, sizeof(line), in) != NULL)
	{
		json_t *item = json_loads(line, 0, NULL);
		json_t *turn;
		size_t i;
		bool opt_out = json_is_true(json_object_get(json_object_get(item, "expected"), "opt_out"));
		const char *class = json_string_value(json_object_get(item, "class"));
		Talk *talk;

		if (item == NULL)
			continue;
		talk = new_talk(opt_out ? OPTOUT : ORDINARY, author);
		talk->learned = !opt_out;
		talk->other = class != NULL && (strcmp(class, "voicemail") == 0 || strcmp(class, "wrong_number") == 0);
		json_array_foreach(json_object_get(item, "turns"), i, turn)
		{
			const char *speaker = json_string_value(json_object_get(turn, "speaker"));

			if (speaker != NULL)
				add_turn(talk, json_string_value(json_object_get(turn, "text")), strcmp(speaker, "person") == 0);
		}
		json_decref(item);
	}
}

static void
talk_with_sandbox(int author)
{
	static const char *const first[] = { "Linda", "Michael", "Wei", "Fatima", "Juan", "Priya", "Olga", "Klaus", "Marie", "Siobhan" };
	static const char *const last[] = { "Lee", "Smith", "Garcia", "Okafor", "Patel", "Novak", "Dubois", "Schmidt", "Clark", "Stone", "Fox" };
	static const char *const opening[] = { "Hi %s, this is Robin from Sunny Roofs. Do you have a minute?",
		"Hello %s, this is an automated assistant calling for Brightway Insurance. Is now a good time?",
		"Good morning, am I speaking with %s? It is about your check-up at Harbor Dental." };

	for (int i = 0; i < SANDBOX; i++)
	{
		VaArena arena = { 0 };
		char number[16], reference[24], name[40], message[160];
		VaPeopleOrder order = { .seed = 1, .number = number, .reference = reference, .dial = 1, .customer_name = name,
			.first_message = message, .max_duration_s = 600, .created_at = INT64_C(1772800000000) };
		VaDisposition who;
		VaCarrierCall said = { 0 };

		snprintf(number, sizeof(number), "+1212556%04d", i);
		snprintf(reference, sizeof(reference), "va-1-%d", i);
		snprintf(name, sizeof(name), "%s %s", first[i % 10], last[i % 11]);
		snprintf(message, sizeof(message), opening[i % 3], first[i % 10]);
		va_people_decide(&order, &who);
		/* A person that swears at a robot may well want no more calls: such a talk is no ordinary one. */
		if (who.answered && who.kind != VA_DISPOSITION_OPTS_OUT && who.kind != VA_DISPOSITION_SWEARS && who.kind != VA_DISPOSITION_VOICEMAIL)
		{
			Talk *talk = new_talk(ORDINARY, author);

			/* It counts for nothing where authors are judged. */
			talk->other = true;
			va_people_talk(&order, &who, &arena, &said);
			for (int t = 0; t < said.nmessages; t++)
				add_turn(talk, said.messages[t].text, strcmp(said.messages[t].role, "user") == 0);
		}
		va_arena_free(&arena);
	}
}

static int
compare_item(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *) a;
	uint32_t other = *(const uint32_t *) b;

	return (one > other) - (one < other);
}

static void
add_row(VaDoubtFeatures *features, const Talk *talk, size_t from, size_t count)
{
	Row *row;

	if (!va_doubt_features(features, talk->turns + from, count))
		exit(1);
	rows = grow(rows, nrows, &rows_size, sizeof(Row));
	row = &rows[nrows++];
	row->talk = talk;
	row->count = features->count;
	row->items = malloc((features->count + 1) * sizeof(uint32_t));
	memcpy(row->items, features->items, features->count * sizeof(uint32_t));
	qsort(row->items, row->count, sizeof(uint32_t), compare_item);
}

static void
make_rows(void)
{
	VaDoubtFeatures *features = calloc(1, sizeof(VaDoubtFeatures));

	for (size_t i = 0; i < ntalks; i++)
	{
		const Talk *talk = &talks[i];
		size_t persons = 0;
		size_t begin;
		size_t end;

		for (size_t t = 0; t < talk->count; t++)
			persons += talk->turns[t].person;
		/* Where an opt-out stands in a long talk nobody says: it is learned from as a whole. */
		if (talk->label != OPTOUT && persons > VA_DOUBT_WINDOW)
			persons = VA_DOUBT_WINDOW;
		for (size_t first = 0; talk->learned && persons > 0 && first < talk->count; first++)
		{
			if (!talk->turns[first].person)
				continue;
			end = va_doubt_window(talk->turns, talk->count, first, persons, &begin);
			if (end > 0)
				add_row(features, talk, begin, end - begin);
		}
	}
	va_doubt_free(features);
	free(features);
}

/* How much more often one side has each feature, as a factor. */
static float *
feature_factors(int without)
{
	float *ours = malloc(sizeof(float) * VA_DOUBT_FEATURES);
	float *theirs = malloc(sizeof(float) * VA_DOUBT_FEATURES);
	double our_sum = VA_DOUBT_FEATURES;
	double their_sum = VA_DOUBT_FEATURES;

	for (size_t f = 0; f < VA_DOUBT_FEATURES; f++)
		ours[f] = theirs[f] = 1;
	for (size_t i = 0; i < nrows; i++)
	{
		bool opts_out = rows[i].talk->label == OPTOUT;
		float *side = opts_out ? ours : theirs;
		float times = opts_out ? 1 : OTHERS;

		if (rows[i].talk->author == without)
			continue;
		*(opts_out ? &our_sum : &their_sum) += (double) times * (double) rows[i].count;
		for (size_t f = 0; f < rows[i].count; f++)
			side[rows[i].items[f]] += times;
	}
	for (size_t f = 0; f < VA_DOUBT_FEATURES; f++)
		ours[f] = (float) sqrt(fabs(log(ours[f] / our_sum) - log(theirs[f] / their_sum)));
	free(theirs);
	return ours;
}

static float
step(float *squares, float slope, float by)
{
	*squares += slope * slope;
	return by * slope / sqrtf(*squares);
}

/* One step down for what the model says of a row. */
static void
learn_row(Model *model, const float *factors, const Row *row, float by)
{
	bool opts_out = row->talk->label == OPTOUT;
	float part = 1 / sqrtf((float) (row->count == 0 ? 1 : row->count));
	float said = 0;
	float slope;

	for (size_t f = 0; f < row->count; f++)
		said += model->weights[row->items[f]] * factors[row->items[f]];
	said = model->bias + said * part;
	slope = opts_out ? -1 / (1 + expf(said)) : OTHERS / (1 + expf(-said));
	/* It is learned well enough. */
	if (fabsf(slope) < 1e-4f)
		return;
	model->bias -= step(&model->bias_squares, slope, by);
	for (size_t f = 0; f < row->count; f++)
	{
		uint32_t item = row->items[f];

		/* One that both sides have alike says nothing, and has no slope. */
		if (factors[item] > 0)
			model->weights[item] -= step(&model->squares[item], slope * part * factors[item], by);
	}
}

/* Adds the weights of one run through all rows but an author's, in an order of its own, to a sum. */
static void
add_run(VaDoubtWeights *weights, float *sum, const float *factors, int without, uint32_t *random)
{
	Model *model = calloc(1, sizeof(Model));
	const Row **order = malloc(nrows * sizeof(Row *));
	size_t count = 0;

	for (size_t i = 0; i < nrows; i++)
	{
		if (rows[i].talk->author != without)
			order[count++] = &rows[i];
	}
	for (int pass = 0; pass < PASSES; pass++)
	{
		for (size_t i = count - 1; i > 0; i--)
		{
			const Row *row = order[i];
			size_t other;

			*random = *random * 1664525u + 1013904223u;
			other = (*random >> 8) % (i + 1);
			order[i] = order[other];
			order[other] = row;
		}
		for (size_t i = 0; i < count; i++)
			learn_row(model, factors, order[i], STEP * (float) (PASSES - pass) / PASSES);
	}
	weights->bias += model->bias / RUNS;
	for (size_t f = 0; f < VA_DOUBT_FEATURES; f++)
		sum[f] += model->weights[f] * factors[f] / RUNS;
	free(order);
	free(model);
}

/* Weights learned from all authors but one (-1: all). */
static VaDoubtWeights *
learn(int without)
{
	VaDoubtWeights *weights = calloc(1, sizeof(VaDoubtWeights));
	float *factors = feature_factors(without);
	float *sum = calloc(VA_DOUBT_FEATURES, sizeof(float));
	float most = 0;
	uint32_t random = 1;

	for (int run = 0; run < RUNS; run++)
		add_run(weights, sum, factors, without, &random);
	memcpy(weights->magic, "VADOUBT1", 8);
	for (size_t f = 0; f < VA_DOUBT_FEATURES; f++)
		most = fmaxf(most, fabsf(sum[f]));
	weights->scale = most / 127;
	for (size_t f = 0; f < VA_DOUBT_FEATURES; f++)
		weights->weights[f] = (int8_t) lrintf(sum[f] / weights->scale);
	free(sum);
	free(factors);
	return weights;
}

static void
judge(const VaDoubtWeights *weights, int author)
{
	for (size_t i = 0; i < ntalks; i++)
	{
		VaDoubt doubt;

		if (talks[i].author != author)
			continue;
		if (talks[i].text)
		{
			if (!va_doubt_text(talks[i].turns[0].text, talks[i].turns[0].len, weights, &doubt.score))
				exit(1);
			doubt.alone = doubt.score;
		}
		else if (!va_doubt(talks[i].turns, talks[i].count, weights, false, &doubt))
			doubt.score = doubt.alone = -100;
		talks[i].score = doubt.score;
		talks[i].alone = doubt.alone;
	}
}

static double
share_over(double threshold, Label label, int author, int form)
{
	size_t all = 0;
	size_t over = 0;

	for (size_t i = 0; i < ntalks; i++)
	{
		if (talks[i].label != label || talks[i].other || (author >= 0 && talks[i].author != author) ||
			(form >= 0 && talks[i].asr != form))
			continue;
		all++;
		over += talks[i].score > threshold;
	}
	return all == 0 ? 0 : 100.0 * (double) over / (double) all;
}

static int
compare_double(const void *a, const void *b)
{
	double one = *(const double *) a;
	double other = *(const double *) b;

	return (one < other) - (one > other);
}

/* The score above which a share of the talks, or texts, without an opt-out lies. */
static void
find_thresholds(float *thresholds)
{
	double *scores = malloc(ntalks * sizeof(double));
	size_t count = 0;

	for (size_t i = 0; i < ntalks; i++)
	{
		if (talks[i].label != OPTOUT && !talks[i].other && talks[i].text == texts)
			scores[count++] = talks[i].score;
	}
	qsort(scores, count, sizeof(double), compare_double);
	for (int percent = 1; percent <= VA_DOUBT_THRESHOLDS; percent++)
		thresholds[percent - 1] = (float) scores[count * (size_t) percent / 100];
	free(scores);
}

static void
print_figures(const float *thresholds)
{
	static const int percents[] = { 1, 2, 3, 5, 8, 10 };

	printf("opt-outs that the classifier doubts, each author judged by what the others taught (%zu talks)\n", ntalks);
	printf("%-28s %8s %8s %8s %8s %8s\n", "threshold", "caught", "as asr", "clean", "alike", "ordinary");
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++)
	{
		double at = thresholds[percents[i] - 1];

		printf("%2d %% of other talks          %7.1f%% %7.1f%% %7.1f%% %7.1f%% %7.1f%%\n", percents[i],
			share_over(at, OPTOUT, -1, -1), share_over(at, OPTOUT, -1, 1), share_over(at, OPTOUT, -1, 0),
			share_over(at, LOOKALIKE, -1, -1), share_over(at, ORDINARY, -1, -1));
	}
	for (int author = 0; author < nauthors - 1; author++)
		printf("at 3 %%, %-20s %7.1f%% %17s %7.1f%% %7.1f%%\n", authors[author],
			share_over(thresholds[2], OPTOUT, author, -1), "", share_over(thresholds[2], LOOKALIKE, author, -1),
			share_over(thresholds[2], ORDINARY, author, -1));
}

static bool
write_scores(const char *path, const float *thresholds)
{
	FILE *out = fopen(path, "w");

	for (size_t i = 0; out != NULL && i < ntalks; i++)
	{
		double scores[] = { talks[i].score, fmax(talks[i].score, talks[i].alone) };

		if (talks[i].line == 0)
			continue;
		fprintf(out, "%s\t%d", authors[talks[i].author], talks[i].line);
		for (size_t s = 0; s < 2; s++)
		{
			int percent = 1;

			while (percent <= VA_DOUBT_THRESHOLDS && scores[s] <= thresholds[percent - 1])
				percent++;
			fprintf(out, percent <= VA_DOUBT_THRESHOLDS ? "\t%d" : "\t", percent);
		}
		fputc('\n', out);
	}
	return out != NULL && fclose(out) == 0;
}

int
main(int argc, char **argv)
{
	VaDoubtWeights *weights;
	FILE *out;

	for (int i = 2; i < argc && nauthors < FILES_MAX; i++)
	{
		FILE *in = fopen(argv[i], "r");
		const char *name = strrchr(argv[i], '/');
		bool tsv = strstr(argv[i], ".tsv") != NULL;

		if (in == NULL)
			return 1;
		/* What is no author's of this task is one author's. */
		if (tsv || nauthors == 0 || strcmp(authors[nauthors - 1], "talks") != 0)
			authors[nauthors++] = tsv ? name == NULL ? argv[i] : name + 1 : "talks";
		(tsv ? read_author : read_talks)(in, nauthors - 1);
		fclose(in);
	}
	authors[nauthors++] = "sandbox";
	talk_with_sandbox(nauthors - 1);
	make_rows();
	for (int author = 0; author < nauthors; author++)
	{
		weights = learn(author);
		judge(weights, author);
		free(weights);
	}
	weights = learn(-1);
	find_thresholds(weights->thresholds);
	print_figures(weights->thresholds);
	if (getenv("SCORES") != NULL && !write_scores(getenv("SCORES"), weights->thresholds))
		return 1;
	out = fopen(argv[1], "w");
	return out == NULL || fwrite(weights, sizeof(VaDoubtWeights), 1, out) != 1 || fclose(out) != 0;
}
