/*-------------------------------------------------------------------------
 * model_material.c
 *		What the sandbox's language model knows of a member of a schema, by
 *		its name: from the conversation, or from the prompt.
 *-------------------------------------------------------------------------
 */
#include "model_internal.h"

#include <string.h>

#include "pure/text/utf8.h"

/* ---- what a conversation came to ---- */

static bool
is_called(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

const char *
va_model_interest_of(const Talk *talk)
{
	if (talk->opted_out || talk->refused)
		return "none";
	if (talk->booked)
		return "high";
	if (talk->interested && !talk->callback)
		return "medium";
	return "unknown";
}

/* 1 = true, 0 = false, -1 = not known by its name. */
int
va_model_known_boolean(const Member *member, const char *name)
{
	const Talk *talk = member->material->talk;

	if (talk == NULL)
		return -1;
	if (strcmp(name, "booked") == 0 || strcmp(name, "slot_booked") == 0 || strcmp(name, "appointment_booked") == 0)
		return talk->booked;
	if (strcmp(name, "requested") == 0 || strcmp(name, "callback") == 0 || strcmp(name, "callback_requested") == 0)
		return talk->callback;
	if (strcmp(name, "do_not_call") == 0 || strcmp(name, "opted_out") == 0)
		return talk->opted_out;
	if (strcmp(name, "wrong_number") == 0)
		return talk->wrong_person;
	if (strcmp(name, "qualified") == 0 || strcmp(name, "success") == 0 || strcmp(name, "goal_reached") == 0)
		return talk->booked || (talk->interested && !talk->refused && !talk->opted_out);
	if (strcmp(name, "voicemail") == 0)
		return talk->machine;
	return -1;
}

/* The answer to the question of these words; NULL = it was not asked, or not answered. */
const char *
va_model_given_answer(const Member *member, const json_t *schema, const char *name)
{
	const Material *material = member->material;
	const char *description = va_json_string(schema, "description");
	const char *words = va_arena_join(
		material->arena, name, " ", description == NULL ? "" : description, (char *) NULL);
	const char *folded = words == NULL ? NULL : va_model_fold(words, strlen(words), material->arena);
	const char *best = NULL;
	int most = 0;

	for (int i = 0; material->talk != NULL && material->prompt != NULL && i < material->prompt->nquestions; i++)
	{
		const char *question = material->prompt->questions[i];
		int common;

		if (question == NULL || material->talk->given[i] == NULL)
			continue;
		common = va_model_common_words(folded, va_model_fold(question, strlen(question), material->arena));
		if (common > most)
		{
			most = common;
			best = material->talk->given[i];
		}
	}
	return best;
}

static const char *
talk_summary(const Member *member)
{
	const Talk *talk = member->material->talk;

	if (talk->opted_out)
		return "The person asked not to be called again.";
	if (talk->wrong_person)
		return "The number is not that of the person.";
	if (talk->machine)
		return "A voicemail box answered.";
	if (talk->booked)
		return va_arena_join(member->material->arena, "An appointment was agreed: ", talk->when, ".", (char *) NULL);
	if (talk->callback)
		return va_arena_join(member->material->arena, "The person asked to be called back",
			talk->when == NULL ? "" : ": ", talk->when == NULL ? "" : talk->when, ".", (char *) NULL);
	if (talk->refused)
		return "The person is not interested.";
	return talk->interested ? "The person is interested." : "The conversation came to no clear result.";
}

const char *
va_model_spoken_text(const Member *member, const json_t *schema, const char *name)
{
	static const char *const phrases[] = { "phrase", "starts_at", "when", "said", NULL };
	static const char *const summaries[] = { "summary", "notes", "result", NULL };
	const Talk *talk = member->material->talk;
	bool appointment = strcmp(member->parent, "appointment") == 0;
	bool callback = strcmp(member->parent, "callback") == 0;

	if (is_called(name, phrases))
		return appointment ? (talk->booked ? talk->when : NULL)
			   : callback  ? (talk->callback ? talk->when : NULL)
						   : talk->when;
	if (strcmp(name, "email") == 0 || strstr(name, "e_mail") != NULL || strstr(name, "email") != NULL)
		return talk->email;
	if (strcmp(name, "slot_booked") == 0)
		return talk->booked ? talk->when : NULL;
	if (appointment || callback)
		return NULL;
	if (is_called(name, summaries))
		return talk_summary(member);
	return va_model_given_answer(member, schema, name);
}

/* ---- what a prompt says ---- */

/* One line of the assistant's, as it would say it at that point. */
static const char *
line_of(const Member *member, Act act)
{
	Talk talk;

	va_model_talk_begin(&talk, member->material->prompt, member->material->rng, member->material->arena);
	talk.rng = member->material->rng;
	talk.acts[0] = act;
	talk.nacts = 1;
	return va_model_talk_say(&talk);
}

/* The sentence of the material with the most of these words. */
static const char *
find_sentence(const Member *member, const char *folded)
{
	VaArena *arena = member->material->arena;
	const char *text = member->material->text;
	const char *best = NULL;
	size_t best_len = 0;
	int most = 0;

	for (int i = 0; *text != '\0' && i < 500; i++)
	{
		size_t len = strcspn(text, ".!?\n");
		int common = va_model_common_words(folded, va_model_fold(text, len < 500 ? len : 500, arena));

		if (common > most)
		{
			most = common;
			best = text;
			best_len = len < 500 ? len : 500;
		}
		text += len;
		text += strspn(text, ".!?\n >-*#");
	}
	return best == NULL ? NULL : va_utf8_text(arena, best, best_len, false, NULL);
}

const char *
va_model_written_text(const Member *member, const json_t *schema, const char *name)
{
	static const struct
	{
		const char *part; /* of the member's name */
		Act act;
	} parts[] = { { "open", ACT_GREET }, { "greet", ACT_GREET }, { "intro", ACT_GREET }, { "pitch", ACT_PITCH },
		{ "offer", ACT_PITCH }, { "value", ACT_PITCH }, { "action", ACT_OFFER_TIME }, { "closing", ACT_OFFER_TIME },
		{ "close", ACT_OFFER_TIME }, { "goodbye", ACT_GOODBYE }, { "price", ACT_PRICE },
		{ "voicemail", ACT_VOICEMAIL } };
	const Prompt *prompt = member->material->prompt;
	const char *description = va_json_string(schema, "description");
	const char *words;

	/* A sentence of the order is none of what was said. */
	if (strcmp(name, "summary") == 0)
		return "Nothing was said.";
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(name, parts[i].part) != NULL)
			return line_of(member, parts[i].act);
	if (strstr(name, "question") != NULL)
		return member->index < prompt->nquestions ? prompt->questions[member->index]
												  : line_of(member, ACT_OFFER_CONTACT);
	if (strstr(name, "objection") != NULL && member->index < prompt->nobjections)
		return prompt->written_objections[member->index];
	if ((strstr(name, "answer") != NULL || strstr(name, "reply") != NULL) && member->index < prompt->nobjections &&
		prompt->answers[member->index] != NULL)
		return prompt->answers[member->index];
	words = va_arena_join(member->material->arena, name, " ", description == NULL ? "" : description, (char *) NULL);
	if (words != NULL)
		words = find_sentence(member, va_model_fold(words, strlen(words), member->material->arena));
	return words != NULL ? words : line_of(member, ACT_WHO);
}
