/*
 * ablate.c
 *		What each pattern and each phrase of the tables is worth: how often it
 *		matched in corpora, and what the readings cost without it.
 *
 * Input: ablate.pl's.  A reading costs nothing if it is right, 1 if it is
 * silent, 2 if it is wrong; a list of an ordinary talk's person costs 3.
 *
 * ablate verdicts		a line for each reading: id, cost
 * ablate patterns		a line for each pattern and phrase: matches, readings, cost of its removal, language, act or class, words
 * ablate needless		the same, of those that nothing needs: one after the other is left out, the rarest first
 *
 * A second argument is a file of such lines: what they name is left out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pure/phrases/verify/outcome.h"

/* ---- what may be left out ---- */

typedef struct Part
{
	const void *key; /* a pattern, or the slot of a phrase */
	const char *language;
	int what; /* of a phrase its class */
	const char *words;
	bool off;
	size_t matches;
	size_t *readings;
	size_t count;
	size_t room;
} Part;

#define PARTS (1 << 16)

static Part parts[PARTS];
static size_t reading_now;
static bool noting;

static Part *
part_of(const void *key)
{
	size_t at = ((uintptr_t) key >> 2) * UINT64_C(0x9E3779B97F4A7C15) >> 48;

	while (parts[at].key != NULL && parts[at].key != key)
		at = (at + 1) & (PARTS - 1);
	return &parts[at];
}

static void
note(Part *part)
{
	if (!noting)
		return;
	part->matches++;
	if (part->count > 0 && part->readings[part->count - 1] == reading_now)
		return;
	if (part->count == part->room)
	{
		part->room = part->room == 0 ? 4 : 2 * part->room;
		part->readings = realloc(part->readings, part->room * sizeof(size_t));
	}
	part->readings[part->count++] = reading_now;
}

/* The scanners of patterns and of phrases, which ask whether a part is left out. */

#define va_match_from match_from
#include "pure/phrases/words/intents_match.c"
#undef va_match_from

size_t
va_match_from(const VaSpokenWords *words, size_t at, const char *pattern)
{
	size_t end = match_from(words, at, pattern);
	Part *part;

	if (end == 0)
		return 0;
	part = part_of(pattern);
	note(part);
	return part->off ? 0 : end;
}

#define va_phrase_meaning phrase_meaning
#include "pure/phrases/words/language.c"
#undef va_phrase_meaning

static const Slot *
slot_of(const VaPhraseLanguage *language, const char *const *words, size_t count)
{
	char key[KEY_MAX + 1] = "";
	uint32_t hash = HASH_START;

	for (size_t i = 0; i < count; i++)
	{
		strcat(strcat(key, words[i]), " ");
		hash = hash_on(hash, words[i]);
	}
	return &language->slots[place_of(language, hash, key)];
}

VaWordMeaning
va_phrase_meaning(const VaPhraseLanguage *language, const char *const *words, size_t count)
{
	for (;;)
	{
		VaWordMeaning meaning = phrase_meaning(language, words, count);
		Part *part;

		if (meaning.class == VA_WORD_OTHER)
			return meaning;
		part = part_of(slot_of(language, words, meaning.words));
		note(part);
		if (!part->off)
			return meaning;
		if (meaning.words == 1)
			return (VaWordMeaning){ .class = VA_WORD_OTHER, .words = 1 };
		count = meaning.words - 1;
	}
}

static void
list_patterns(const VaIntentTable *table, const char *language)
{
	for (size_t i = 0; table != NULL && i < table->count; i++)
	{
		Part *part = part_of(table->patterns[i].pattern);

		*part = (Part){
			.key = table->patterns[i].pattern, .language = language, .what = (int) table->patterns[i].intent
		};
		part->words = table->patterns[i].pattern;
	}
	if (table != NULL && table->halts != NULL)
		list_patterns(table->halts, language);
}

static void
list_phrases(const VaPhraseLanguage *language)
{
	for (size_t i = 0; i < SLOTS; i++)
	{
		const Slot *slot = &language->slots[i];
		Part *part;

		if (slot->key == 0 || slot->class == VA_WORD_OTHER)
			continue;
		part = part_of(slot);
		*part = (Part){
			.key = slot, .language = language->table->code, .what = slot->class, .words = language->keys + slot->key
		};
	}
}

/* ---- what is read ---- */

typedef struct Reading
{
	char kind[10];
	char id[40];
	char language[3];
	char *expected;
	VaTimeReference reference;
	VaTalkTurn turns[200];
	size_t count;
	int cost;
} Reading;

static Reading **readings;
static size_t nreadings;

static int
compare_words(const void *one, const void *other)
{
	return strcmp(*(char *const *) one, *(char *const *) other);
}

/* The moments of a list have no order. */
static void
sort_list(char *list)
{
	char *items[40];
	char copy[1000];
	size_t count = 0;

	snprintf(copy, sizeof(copy), "%s", list);
	for (char *at = copy; at != NULL && count < 40;)
	{
		char *next = strstr(at, ", ");

		if (next != NULL)
		{
			*next = '\0';
			next += 2;
		}
		items[count++] = at;
		at = next;
	}
	qsort(items, count, sizeof(char *), compare_words);
	list[0] = '\0';
	for (size_t i = 0; i < count; i++)
		strcat(strcat(list, i == 0 ? "" : ", "), items[i]);
}

static bool
is_expected(const char *got, const char *expected)
{
	char wanted[1000];

	while (*expected != '\0')
	{
		const char *end = strstr(expected, " | ");
		size_t len = end == NULL ? strlen(expected) : (size_t) (end - expected);

		snprintf(wanted, sizeof(wanted), "%.*s", (int) len, expected);
		sort_list(wanted);
		if (strcmp(wanted, got) == 0)
			return true;
		expected += len + (end == NULL ? 0 : 3);
	}
	return false;
}

static int
cost_of_time(const Reading *reading)
{
	VaPhraseTimes times;
	char got[1000] = "none";

	va_phrase_times(reading->turns[0].text, reading->turns[0].len, va_phrase_language(reading->language),
		reading->reference, &times);
	for (size_t i = 0; i < times.count && times.items[i].alternative == times.items[0].alternative; i++)
	{
		char text[VA_PHRASE_TIME_TEXT_MAX];

		va_phrase_time_text(&times.items[i], text);
		if (i == 0)
			got[0] = '\0';
		strcat(strcat(got, i == 0 ? "" : ", "), text);
	}
	sort_list(got);
	return is_expected(got, reading->expected) ? 0 : strcmp(got, "none") == 0 ? 1 : 2;
}

static int
cost_of_talk(const Reading *reading, VaArena *arena)
{
	char outcome[40];
	int opt_out;
	char time[VA_PHRASE_TIME_TEXT_MAX] = "none";
	const char *times = strrchr(reading->expected, ';') + 2;
	VaTalk talk;
	VaTalkOutcome found;
	int cost;

	sscanf(reading->expected, "%39s ; %d", outcome, &opt_out);
	if (!va_talk_read(arena, reading->turns, reading->count, reading->language, &reading->reference, &talk))
		return 9;
	va_read_outcome(&talk, &found);
	if (found.timed)
		va_phrase_time_text(&found.time, time);
	cost = !found.certain ? 1 : strcmp(va_outcome_name(found.outcome), outcome) == 0 ? 0 : 2;
	cost += is_expected(time, times) ? 0 : !found.timed ? 1 : 2;
	return cost + (found.opt_out == (opt_out != 0) ? 0 : 2);
}

static int
cost_of_stop(const Reading *reading, VaArena *arena)
{
	VaTalk talk;
	VaTalkOutcome found;

	if (!va_talk_read(arena, reading->turns, reading->count, reading->language, &reading->reference, &talk))
		return 9;
	va_read_outcome(&talk, &found);
	if (strcmp(reading->expected, "optout") == 0)
		return !found.opt_out ? 2 : found.opt_out_sure ? 0 : 1;
	return !found.opt_out ? 0 : found.opt_out_sure ? 3 : 1;
}

static int
cost_of(size_t at)
{
	const Reading *reading = readings[at];
	VaArena arena = { 0 };
	int cost;

	reading_now = at;
	cost = strcmp(reading->kind, "time") == 0	? cost_of_time(reading)
		   : strcmp(reading->kind, "talk") == 0 ? cost_of_talk(reading, &arena)
												: cost_of_stop(reading, &arena);
	va_arena_free(&arena);
	return cost;
}

static void
read_input(void)
{
	static char line[65536];
	Reading *reading = NULL;

	while (fgets(line, sizeof(line), stdin) != NULL)
	{
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0')
			reading = NULL;
		else if (reading == NULL)
		{
			int year, month, day, hour, minute;
			char at[40];

			reading = calloc(1, sizeof(Reading));
			if (sscanf(line, "%9s %39s %2s %39s", reading->kind, reading->id, reading->language, at) != 4 ||
				sscanf(at, "%d-%d-%dT%d:%d", &year, &month, &day, &hour, &minute) != 5)
				exit(1);
			reading->expected = strdup(strrchr(line, '\t') + 1);
			reading->reference = (VaTimeReference){ va_day_number(year, month, day), hour * 60 + minute };
			readings = realloc(readings, (nreadings + 1) * sizeof(Reading *));
			readings[nreadings++] = reading;
		}
		else if (reading->count < 200)
			reading->turns[reading->count++] = (VaTalkTurn){
				.text = strdup(line + 2), .len = strlen(line + 2), .person = line[0] == 'p'
			};
	}
}

/* ---- what a part is worth ---- */

/* What the readings that it matches cost more without it. */
static int
loss_of(Part *part)
{
	int loss = 0;

	part->off = true;
	for (size_t i = 0; i < part->count; i++)
		loss += cost_of(part->readings[i]) - readings[part->readings[i]]->cost;
	part->off = false;
	return loss;
}

static void
print_part(const Part *part, int loss)
{
	printf("%zu\t%zu\t%d\t%s\t%d\t%s\n", part->matches, part->count, loss, part->language, part->what, part->words);
}

static int
by_matches(const void *one, const void *other)
{
	const Part *a = *(Part *const *) one;
	const Part *b = *(Part *const *) other;

	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	return strlen(a->words) > strlen(b->words) ? -1 : strlen(a->words) < strlen(b->words);
}

static void
find_needless(void)
{
	static Part *order[PARTS];
	size_t count = 0;

	for (size_t i = 0; i < PARTS; i++)
	{
		if (parts[i].key != NULL)
			order[count++] = &parts[i];
	}
	qsort(order, count, sizeof(Part *), by_matches);
	for (size_t i = 0; i < count; i++)
	{
		Part *part = order[i];
		int loss = part->count == 0 ? 0 : loss_of(part);

		/* What asks for an end of calls stays though no corpus has it. */
		if (loss > 0 || (part->what == VA_INTENT_OPT_OUT && loss == 0 && strchr(part->words, '|') != NULL))
			continue;
		part->off = true;
		for (size_t j = 0; j < part->count; j++)
			readings[part->readings[j]]->cost = cost_of(part->readings[j]);
		print_part(part, loss);
	}
}

static void
leave_out(const char *file)
{
	static char line[4096];
	FILE *in = fopen(file, "r");

	while (in != NULL && fgets(line, sizeof(line), in) != NULL)
	{
		char language[3];
		int what;
		int words = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%*u\t%*u\t%*d\t%2s\t%d\t%n", language, &what, &words) < 2 || words == 0)
			exit(1);
		for (size_t i = 0; i < PARTS; i++)
		{
			Part *part = &parts[i];

			if (part->key != NULL && part->what == what && strcmp(part->language, language) == 0 &&
				strcmp(part->words, line + words) == 0)
				part->off = true;
		}
	}
	if (in != NULL)
		fclose(in);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	for (size_t i = 0; va_intents[i] != NULL; i++)
	{
		list_patterns(va_intents[i], va_intents[i]->language);
		list_patterns(va_acts[i], va_acts[i]->language);
	}
	for (size_t i = 0; va_phrase_language_code(i) != NULL; i++)
		list_phrases(va_phrase_language(va_phrase_language_code(i)));
	if (argc > 2)
		leave_out(argv[2]);
	read_input();
	noting = true;
	for (size_t i = 0; i < nreadings; i++)
	{
		readings[i]->cost = cost_of(i);
		if (strcmp(what, "verdicts") == 0)
			printf("%s\t%s\t%s\t%d\n", readings[i]->kind, readings[i]->language, readings[i]->id, readings[i]->cost);
	}
	noting = false;
	if (strcmp(what, "needless") == 0)
		find_needless();
	for (size_t i = 0; strcmp(what, "patterns") == 0 && i < PARTS; i++)
	{
		if (parts[i].key != NULL)
			print_part(&parts[i], parts[i].count == 0 ? 0 : loss_of(&parts[i]));
	}
	return 0;
}
