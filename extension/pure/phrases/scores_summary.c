/*-------------------------------------------------------------------------
 * scores_summary.c
 *		One to three sentences about a talk, in its language.
 *
 * They hold what was found and the words that show it, and nothing else: what
 * the talk came to, what the person objected or wanted, what is to be done.
 *
 * Pure.
 */
#include <string.h>

#include "pure/phrases/scores_internal.h"

/* Bytes of a quote in a summary. */
#define QUOTE_MAX 80
#define OBJECTIONS_MAX 2

static const VaScoreTexts *
texts_of(const char *tag)
{
	for (size_t i = 0; i < va_score_ntexts; i++)
	{
		if ((tag[0] | 0x20) == va_score_texts[i].language[0] && (tag[1] | 0x20) == va_score_texts[i].language[1])
			return &va_score_texts[i];
	}
	return NULL;
}

static void
add(VaBuffer *buffer, const char *text)
{
	va_buffer_add(buffer, text, strlen(text));
}

/* " (“words”)", with blanks for what would break a line, cut between characters. */
static void
add_quote(VaBuffer *buffer, const VaScoring *scoring, const VaScoreTexts *texts, VaWords words)
{
	const char *text;
	size_t len = words.len;

	if (len == 0)
		return;
	text = scoring->talk->turns[words.turn].text + words.offset;
	if (len > QUOTE_MAX)
	{
		for (len = QUOTE_MAX; len > 0 && ((unsigned char) text[len] & 0xC0) == 0x80; len--)
			;
	}
	add(buffer, " (");
	add(buffer, texts->open);
	for (size_t i = 0; i < len; i++)
	{
		char c = (unsigned char) text[i] < ' ' ? ' ' : text[i];

		va_buffer_add(buffer, &c, 1);
	}
	add(buffer, len < words.len ? "…" : "");
	add(buffer, texts->close);
	add(buffer, ")");
}

static int
digits(const char *text, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* A moment of a day, or of an hour, as people write it; false: it is of another form. */
static bool
add_time(VaBuffer *buffer, const VaScoreTexts *texts, const char *time)
{
	size_t len = strlen(time);
	int year = len >= 10 ? digits(time, 4) : -1;
	int month = len >= 10 ? digits(time + 5, 2) : -1;
	int day = len >= 10 ? digits(time + 8, 2) : -1;

	if (year < 0 || month < 1 || month > 12 || day < 1 || (len != 10 && len != 13 && len != 16) ||
		(len > 10 && time[10] != 'T'))
		return false;
	if (day == 1 && texts->first_day != NULL)
		add(buffer, texts->first_day);
	else
		va_buffer_printf(buffer, "%d", day);
	va_buffer_printf(buffer, "%s%s%s%d", texts->after_day, texts->months[month - 1], texts->before_year, year);
	if (len > 10)
		va_buffer_printf(
			buffer, "%s%.2s:%s%s", texts->before_clock, time + 11, len == 16 ? time + 14 : "00", texts->after_clock);
	return true;
}

/* What the talk came to. */
static void
add_outcome(VaBuffer *buffer, const VaScoring *scoring, const VaScoreTexts *texts)
{
	const VaTalkOutcome *outcome = scoring->outcome;

	if (!va_is_certain(outcome) && outcome->words.len > 0)
		add(buffer, texts->unsure);
	add(buffer, outcome->outcome == VA_OUTCOME_SCHEDULED && !outcome->certain ? texts->spoken_of
																			  : texts->outcomes[outcome->outcome]);
	if (outcome->timed)
	{
		char time[VA_PHRASE_TIME_TEXT_MAX];
		size_t used = buffer->used;

		va_phrase_time_text(&outcome->time, time);
		add(buffer, texts->colon);
		if (!add_time(buffer, texts, time))
		{
			/* "Next week" stays as it was said. */
			buffer->used = used;
			add_quote(buffer, scoring, texts, outcome->time_words);
		}
	}
	else if (outcome->outcome != VA_OUTCOME_VOICEMAIL && outcome->outcome != VA_OUTCOME_UNFINISHED &&
			 outcome->outcome != VA_OUTCOME_COMPLETED)
		add_quote(buffer, scoring, texts, outcome->words);
	add(buffer, ".");
}

/* What the person objected; if nothing, what it wanted. */
static void
add_reasons(VaBuffer *buffer, const VaScoring *scoring, const VaScoreTexts *texts)
{
	const VaTalkScores *scores = scoring->scores;
	size_t said = 0;

	for (size_t i = 0; i < scores->nobjections && said < OBJECTIONS_MAX; i++)
	{
		const VaObjection *objection = &scores->objections[i];

		/* The first sentence has said it. */
		if (objection->kind == VA_OBJECTION_NOT_INTERESTED && scoring->outcome->outcome == VA_OUTCOME_NOT_INTERESTED)
			continue;
		add(buffer, said++ == 0 ? texts->objection : ", ");
		add(buffer, texts->objections[objection->kind]);
		add_quote(buffer, scoring, texts, objection->words);
	}
	if (said == 0 && scores->intent_words.len > 0 && texts->intents[scores->intent] != NULL)
	{
		add(buffer, " ");
		add(buffer, texts->intents[scores->intent]);
		add_quote(buffer, scoring, texts, scores->intent_words);
		said++;
	}
	if (said > 0)
		add(buffer, ".");
}

static void
add_next_steps(VaBuffer *buffer, const VaScoring *scoring, const VaScoreTexts *texts)
{
	const VaTalkScores *scores = scoring->scores;
	size_t said = 0;

	for (size_t i = 0; i < scores->nnext_steps; i++)
	{
		const VaNextStep *step = &scores->next_steps[i];

		/* The first sentence has said them. */
		if (texts->next_steps[step->kind] == NULL)
			continue;
		add(buffer, said++ == 0 ? texts->next : ", ");
		add(buffer, texts->next_steps[step->kind]);
		if (step->value != NULL)
			va_buffer_printf(buffer, " (%s)", step->value);
	}
	if (said > 0)
		add(buffer, ".");
}

void
va_score_summary(VaScoring *scoring)
{
	const VaScoreTexts *texts = texts_of(scoring->talk->language);
	VaBuffer buffer = { 0 };

	if (texts == NULL || scoring->talk->count == 0)
		return;
	add_outcome(&buffer, scoring, texts);
	add_reasons(&buffer, scoring, texts);
	add_next_steps(&buffer, scoring, texts);
	scoring->scores->summary = va_buffer_finish(&buffer, scoring->talk->arena);
}
