/*-------------------------------------------------------------------------
 * scores_json.c
 *		Scores as members of a JSON object.
 *
 * Members that hold nothing are absent; neutral turns are not listed.
 *
 * Pure.
 */
#include <string.h>

#include "pure/phrases/scores_internal.h"
#include "pure/text/json.h"

static size_t
whole_characters(const char *text, size_t len, size_t most)
{
	if (len <= most)
		return len;
	while (most > 0 && ((unsigned char) text[most] & 0xC0) == 0x80)
		most--;
	return most;
}

static int
place_of(const VaScoresShown *shown, size_t turn)
{
	return shown->places == NULL ? (int) (turn + shown->skipped) + 1 : (int) shown->places[turn + shown->skipped];
}

/* ,"turn":3,"quote":"..." */
static void
add_words(VaBuffer *buffer, const VaTalk *talk, const VaScoresShown *shown, VaWords words)
{
	const char *text;

	if (words.len == 0)
		return;
	text = talk->turns[words.turn].text + words.offset;
	va_buffer_printf(buffer, ",\"turn\":%d,\"quote\":", place_of(shown, words.turn));
	va_buffer_json_string(buffer, text, whole_characters(text, words.len, VA_SCORES_QUOTE_MAX));
}

static void
add_emotion(VaBuffer *buffer, const VaTalk *talk, const VaTalkScores *scores, const VaScoresShown *shown)
{
	size_t listed = 0;
	size_t first = scores->nemotions;

	/* The newest, as many as are shown. */
	while (first > 0 && listed < VA_SCORES_EMOTIONS_MAX)
		listed += scores->emotions[--first].emotion != VA_EMOTION_NEUTRAL;
	if (scores->emotion == VA_EMOTION_NONE && listed == 0)
		return;
	va_buffer_printf(buffer, ",\"emotion\":{\"value\":\"%s\"",
		scores->emotion == VA_EMOTION_NONE ? "unknown" : va_emotion_name(scores->emotion));
	add_words(buffer, talk, shown, scores->emotion_words);
	for (size_t i = first, n = 0; i < scores->nemotions && listed > 0; i++)
	{
		const VaTurnEmotion *emotion = &scores->emotions[i];

		if (emotion->emotion != VA_EMOTION_NEUTRAL)
			va_buffer_printf(buffer, "%s{\"turn\":%d,\"value\":\"%s\"}", n++ == 0 ? ",\"turns\":[" : ",",
				place_of(shown, emotion->words.turn), va_emotion_name(emotion->emotion));
	}
	va_buffer_printf(buffer, listed > 0 ? "]}" : "}");
}

static void
add_objections(VaBuffer *buffer, const VaTalk *talk, const VaTalkScores *scores, const VaScoresShown *shown)
{
	for (size_t i = 0; i < scores->nobjections; i++)
	{
		const VaObjection *objection = &scores->objections[i];

		va_buffer_printf(
			buffer, "%s{\"kind\":\"%s\"", i == 0 ? ",\"objections\":[" : ",", va_objection_name(objection->kind));
		add_words(buffer, talk, shown, objection->words);
		if (objection->worked != VA_WORKED_UNKNOWN)
			va_buffer_printf(buffer, ",\"worked\":%s", objection->worked == VA_WORKED_YES ? "true" : "false");
		va_buffer_add(buffer, "}", 1);
	}
	if (scores->nobjections > 0)
		va_buffer_add(buffer, "]", 1);
}

static void
add_next_steps(VaBuffer *buffer, const VaTalk *talk, const VaTalkScores *scores, const VaScoresShown *shown)
{
	for (size_t i = 0; i < scores->nnext_steps; i++)
	{
		const VaNextStep *step = &scores->next_steps[i];

		va_buffer_printf(
			buffer, "%s{\"step\":\"%s\"", i == 0 ? ",\"next_steps\":[" : ",", va_next_step_name(step->kind));
		if (step->value != NULL)
		{
			va_buffer_printf(buffer, ",\"value\":");
			va_buffer_json_string(
				buffer, step->value, whole_characters(step->value, strlen(step->value), VA_SCORES_QUOTE_MAX));
		}
		add_words(buffer, talk, shown, step->words);
		va_buffer_add(buffer, "}", 1);
	}
	if (scores->nnext_steps > 0)
		va_buffer_add(buffer, "]", 1);
}

void
va_scores_json(VaBuffer *buffer, const VaTalk *talk, const VaTalkScores *scores, const VaScoresShown *shown)
{
	if (scores->intent != VA_TALK_NONE)
	{
		va_buffer_printf(buffer, ",\"intent\":{\"value\":\"%s\",\"score\":%.2f", va_talk_intent_name(scores->intent),
			scores->intent_score);
		add_words(buffer, talk, shown, scores->intent_words);
		va_buffer_add(buffer, "}", 1);
	}
	if (scores->interest != VA_INTEREST_UNKNOWN)
	{
		va_buffer_printf(buffer, ",\"interest\":{\"value\":\"%s\"", va_interest_name(scores->interest));
		add_words(buffer, talk, shown, scores->interest_words);
		va_buffer_add(buffer, "}", 1);
	}
	if (scores->csat > 0)
	{
		va_buffer_printf(buffer, ",\"csat\":{\"value\":%d", scores->csat);
		add_words(buffer, talk, shown, scores->csat_words);
		va_buffer_add(buffer, "}", 1);
	}
	if (shown->emotions)
		add_emotion(buffer, talk, scores, shown);
	add_objections(buffer, talk, scores, shown);
	if (scores->step != VA_STEP_NONE)
		va_buffer_printf(buffer, ",\"ended_at_step\":\"%s\"", va_talk_step_name(scores->step));
	if (scores->ended_by != VA_ENDER_UNKNOWN)
		va_buffer_printf(buffer, ",\"ended_by\":\"%s\"", va_talk_ender_name(scores->ended_by));
	add_next_steps(buffer, talk, scores, shown);
	if (scores->summary != NULL)
	{
		va_buffer_printf(buffer, ",\"summary\":");
		va_buffer_json_string(buffer, scores->summary, strlen(scores->summary));
	}
}
