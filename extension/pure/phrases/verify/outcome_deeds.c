/*-------------------------------------------------------------------------
 * outcome_deeds.c
 *		Deeds of each turn of a talk, as its outcome is judged.
 *
 * Pure.
 */
#include "pure/phrases/verify/outcome_internal.h"

#include <string.h>
#include <strings.h>

bool
va_asks_at(const VaTalkTurn *turn, size_t at)
{
	for (; at < turn->len; at++)
	{
		if (turn->text[at] == '?')
			return true;
		if (turn->text[at] == '.' || turn->text[at] == '!')
			return false;
	}
	return false;
}

/* Whether a sentence ends between two places of a turn. */
static bool
ends_between(const VaTalkTurn *turn, size_t from, size_t to)
{
	for (; from < to; from++)
	{
		if (strchr(".?!;\n", turn->text[from]) != NULL)
			return true;
	}
	return false;
}

/*
 * "Say stop and we won't call again": what the assistant offers to do, on terms
 * that stand in the same sentence, is no promise.
 */
static bool
on_terms(const VaTalkTurn *turn, const VaFound *findings, const VaFinding *finding)
{
	for (size_t i = 0; i < findings->count; i++)
	{
		const VaFinding *terms = &findings->items[i];
		bool before = terms->offset < finding->offset;

		if (terms->intent == VA_ACT_TERMS &&
			!ends_between(turn, before ? terms->offset : finding->offset, before ? finding->offset : terms->offset))
			return true;
	}
	return false;
}

static void
read_finding(const VaTalkTurn *turn, const VaFound *findings, const VaFinding *finding, VaDeeds *deeds)
{
	uint64_t bit = VA_BIT(finding->intent);
	size_t end = finding->offset + finding->len;
	bool plain = finding->sense == VA_SENSE_PLAIN || !turn->person;
	bool asked = va_asks_at(turn, end);

	/* "If you wish to leave a message": said under a condition, and an announcement all the same. */
	if (turn->person && finding->intent == VA_INTENT_VOICEMAIL)
	{
		deeds->announces++;
		deeds->strict |= finding->strict ? bit : 0;
	}
	if (turn->person && finding->intent == VA_INTENT_SCREENER)
	{
		deeds->screens++;
		deeds->strict |= finding->strict ? bit : 0;
	}
	if (!plain)
		deeds->other |= bit;
	else if (asked)
		deeds->asked |= bit;
	else if (finding->intent == VA_ACT_STOP && on_terms(turn, findings, finding))
		deeds->other |= bit;
	else
		deeds->said |= bit;
	if (finding->sense == VA_SENSE_QUOTED && turn->person)
		deeds->quoted |= bit;
	if (finding->strict && plain)
		deeds->strict |= bit;
	deeds->lawful = deeds->lawful || (finding->lawful && plain);
	if (!plain || asked || !turn->person)
		return;
	if ((bit & VA_AGREES) != 0)
		deeds->agrees = end;
	if (finding->intent == VA_INTENT_REFUSAL)
		deeds->refuses = end;
}

/* The last byte of a turn that is no blank and no quotation mark; 0: there is none. */
static char
last_byte(const VaTalkTurn *turn)
{
	for (size_t at = turn->len; at-- > 0;)
	{
		if (strchr(" \n\t\"')", turn->text[at]) == NULL)
			return turn->text[at];
	}
	return '\0';
}

/* "Tuesday... oh, my battery is about to d": a letter, a comma or a dash behind sentences that were ended. */
static bool
is_cut(const VaTalkTurn *turn)
{
	char last = last_byte(turn);
	bool marked = false;

	for (size_t at = 0; at < turn->len; at++)
		marked = marked || turn->text[at] == '.' || turn->text[at] == '!' || turn->text[at] == '?';
	return (marked && last >= 'a' && last <= 'z') || last == ',' || last == '-' ||
		   (turn->len > 3 && (memcmp(turn->text + turn->len - 3, "\342\200\223", 3) == 0 ||
								 memcmp(turn->text + turn->len - 3, "\342\200\224", 3) == 0));
}

VaDeeds *
va_read_deeds(VaTalk *talk)
{
	VaDeeds *all = va_arena_alloc(talk->arena, (talk->count + 1) * sizeof(VaDeeds));
	size_t ended = 0;

	if (all == NULL)
		return NULL;
	for (size_t i = 0; i < talk->count; i++)
	{
		const VaTalkTurn *turn = &talk->turns[i];
		VaDeeds *deeds = &all[i];
		char last = last_byte(turn);

		for (size_t j = 0; j < talk->acts[i].count; j++)
			read_finding(turn, &talk->acts[i], &talk->acts[i].items[j], deeds);
		deeds->question = last == '?';
		deeds->cut = is_cut(turn);
		deeds->person = turn->person;
		ended += last == '.' || last == '!' || last == '?';
	}
	/* A transcriber that writes no marks ends every sentence so. */
	for (size_t i = 0; i < talk->count; i++)
		all[i].cut = all[i].cut && ended * 3 + 2 >= talk->count * 2;
	return all;
}

bool
va_begins(const VaTalkTurn *turn, const char *words, const char *marks)
{
	while (*words != '\0')
	{
		size_t len = strcspn(words, "|");

		if (turn->len >= len && strncasecmp(turn->text, words, len) == 0 &&
			(turn->len == len || strchr(marks, turn->text[len]) != NULL))
			return true;
		words += len + (words[len] == '|');
	}
	return false;
}
