/*-------------------------------------------------------------------------
 * rehearsal.c
 *		A scripted caller talks with an assistant (contract in rehearsal.h).
 *
 * Pure: no backend, no clock, no state.
 */
#include "rehearsal.h"

#include <string.h>

#include "desk.h"
#include "plan.h"
#include "pure/net/backoff.h"
#include "pure/providers/common/analysis.h"
#include "pure/sandbox/people_names.inc" /* Says */
#include "pure/text/template.h"
#include "pure/text/utf8.h"

#define MS_PER_WORD 350
#define PAUSE_MS 600
#define SILENCE_MS 5000
#define TURNS_DEFAULT 30
#define SILENCE "(silence)"
/* The longest call in a report: a rehearsal's monologue is not worth every second. */
#define LONGEST_MS (25 * 60 * 1000)

static int64_t
number_of(const json_t *object, const char *key, int64_t otherwise)
{
	double value;

	return va_json_number(object, key, &value) && value > -9e15 && value < 9e15 ? (int64_t) value : otherwise;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = va_json_string(object, key);

	return text == NULL ? "" : text;
}

static json_t *
turns_of(const json_t *talk)
{
	return json_object_get(talk, "turns");
}

static const json_t *
last_turn(const json_t *talk)
{
	return json_array_get(turns_of(talk), json_array_size(turns_of(talk)) - 1);
}

static bool
is_speaker(const json_t *turn, const char *speaker)
{
	return strcmp(text_of(turn, "speaker"), speaker) == 0;
}

static void
add_turn(json_t *talk, const char *speaker, const char *text, VaArena *arena)
{
	const char *cut = strlen(text) <= VA_REHEARSAL_TURN_BYTES
						  ? text
						  : va_utf8_text(arena, text, VA_REHEARSAL_TURN_BYTES, false, NULL);

	json_array_append_new(turns_of(talk), json_pack("{s:s,s:s}", "speaker", speaker, "text", cut == NULL ? "" : cut));
}

/* Phases: talk, analysis, done. */
static void
end_talk(json_t *talk, const char *ended_by)
{
	va_json_set_text(talk, "ended_by", ended_by);
	va_json_set_text(talk, "phase", "analysis");
}

json_t *
va_rehearsal_begin(const json_t *setup, VaArena *arena, const char **why)
{
	const json_t *variables = va_json_object(setup, "variables");
	const char *first = text_of(setup, "first_message");
	const char *prompt = text_of(setup, "system_prompt");
	json_t *talk;

	*why = NULL;
	first = va_template_fill(arena, first, strlen(first), variables, NULL, why);
	prompt = va_template_fill(arena, prompt, strlen(prompt), variables, NULL, why);
	if (first == NULL || prompt == NULL)
	{
		*why = *why == NULL ? "out of memory" : *why;
		return NULL;
	}
	talk = json_pack("{s:[],s:[],s:s,s:s,s:o}", "turns", "used", "phase", "talk", "prompt", prompt, "assistant",
		va_desk_filled(va_json_object(setup, "assistant"), variables, arena));
	add_turn(talk, "assistant", first, arena);
	return talk;
}

/* ---- the caller ---- */

/* Whether one of the texts, as words, is in the folded one. */
static bool
says_one(const json_t *texts, const char *folded, VaArena *arena)
{
	json_t *text;
	size_t i;

	json_array_foreach(texts, i, text)
	{
		const char *words = json_string_value(text);

		words = words == NULL ? NULL : va_desk_fold(words, json_string_length(text), arena);
		if (words != NULL && strlen(words) > 2 && strstr(folded, words) != NULL)
			return true;
	}
	return false;
}

/* The first line whose conditions hold, and that it was said. */
static const json_t *
choose_line(const json_t *setup, json_t *talk, int turn, VaArena *arena)
{
	const char *said = text_of(last_turn(talk), "text");
	const char *folded = va_desk_fold(said, strlen(said), arena);
	json_t *used = json_object_get(talk, "used");
	json_t *line;
	size_t i;

	json_array_foreach(json_object_get(setup, "lines"), i, line)
	{
		int64_t at = number_of(line, "turn", 0);
		const json_t *heard = va_json_array(line, "heard");
		bool was_used = false;
		json_t *one;
		size_t j;

		if (i >= VA_REHEARSAL_LINES_MAX || folded == NULL)
			break;
		json_array_foreach(used, j, one) was_used = was_used || json_integer_value(one) == (json_int_t) i;
		if ((was_used && !json_is_true(json_object_get(line, "again"))) || (at != 0 && at != turn) ||
			(heard != NULL && !says_one(heard, folded, arena)) ||
			says_one(va_json_array(line, "not_heard"), folded, arena))
			continue;
		json_array_append_new(used, json_integer((json_int_t) i));
		return line;
	}
	return NULL;
}

/* One of several texts, by the seed and the turn. */
static const char *
one_of(const json_t *texts, uint64_t seed, int turn)
{
	size_t n = json_array_size(texts);

	if (json_is_string(texts))
		return json_string_value(texts);
	if (n == 0)
		return NULL;
	return json_string_value(json_array_get(texts, (size_t) (va_mix64(seed + (uint64_t) turn) % n)));
}

static Language
language_of(const json_t *setup)
{
	return va_desk_language(text_of(setup, "language"));
}

/* Every few words one that the line swallows. */
static const char *
garble(const char *text, uint64_t seed, VaArena *arena)
{
	VaBuffer out = { 0 };

	for (uint64_t word = 0; *text != '\0'; word++)
	{
		size_t len = strcspn(text, " ");

		len += text[len] == ' ';
		if (va_mix64(seed + word) % 4 == 0)
			va_buffer_add(&out, "... ", 4);
		else
			va_buffer_add(&out, text, len);
		text += len;
	}
	return va_buffer_finish(&out, arena);
}

static const char *
ramble(const char *text, Language language, VaArena *arena)
{
	VaBuffer out = { 0 };

	va_buffer_printf(&out, "%s ", text);
	for (int i = 0; i < 30; i++)
		va_buffer_printf(&out, "%s ", va_people_line((int) language, SAYS_RAMBLES));
	return va_buffer_finish(&out, arena);
}

/* The assistant was cut short by the caller: what was said of its last turn. */
static void
interrupt(json_t *talk, VaArena *arena)
{
	json_t *turn = json_array_get(turns_of(talk), json_array_size(turns_of(talk)) - 1);
	const char *text = text_of(turn, "text");
	size_t half = strlen(text) / 2;

	while (half > 0 && text[half] != ' ')
		half--;
	text = half == 0 ? NULL : va_arena_join(arena, va_arena_strndup(arena, text, half), " -", (char *) NULL);
	if (text != NULL)
		json_object_set_new(turn, "text", json_string(text));
}

/* The caller's next words; *hangs_up: the caller then ends the call. */
static const char *
caller_says(const json_t *setup, json_t *talk, bool *hangs_up, VaArena *arena)
{
	/* They take turns, and the assistant begins. */
	int turn = (int) (json_array_size(turns_of(talk)) + 1) / 2;
	uint64_t seed = (uint64_t) number_of(setup, "seed", 0);
	Language language = language_of(setup);
	const char *fault = "";
	const json_t *line;
	const char *text;
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(setup, "faults"), i, one)
	{
		if (fault[0] == '\0' && number_of(one, "turn", 0) == turn)
			fault = text_of(one, "fault");
	}
	if (strcmp(fault, "silence") == 0)
		return "";
	if (strcmp(fault, "wrong_language") == 0 || strcmp(fault, "injection") == 0)
		return va_people_line((int) language, fault[0] == 'w' ? SAYS_FOREIGN : SAYS_ORDERS);
	line = choose_line(setup, talk, turn, arena);
	*hangs_up = json_is_true(json_object_get(line, "hang_up"));
	text = one_of(line != NULL ? json_object_get(line, "say") : json_object_get(setup, "otherwise"), seed, turn);
	if (text == NULL)
		text = line != NULL ? "" : va_people_line((int) language, SAYS_GO_ON);
	if (strcmp(fault, "interruption") == 0)
		interrupt(talk, arena);
	return strcmp(fault, "garbled") == 0	 ? garble(text, seed + (uint64_t) turn * 1000, arena)
		   : strcmp(fault, "monologue") == 0 ? ramble(text, language, arena)
											 : text;
}

/* ---- requests ---- */

static json_t *
messages_of(const json_t *talk)
{
	json_t *messages = json_pack("[{s:s,s:s}]", "role", "system", "content", text_of(talk, "prompt"));
	json_t *turn;
	size_t i;

	json_array_foreach(turns_of(talk), i, turn)
	{
		const char *text = text_of(turn, "text");

		json_array_append_new(
			messages, json_pack("{s:s,s:s}", "role", is_speaker(turn, "assistant") ? "assistant" : "user", "content",
						  text[0] == '\0' ? SILENCE : text));
	}
	return messages;
}

/* The desk uses the member assistant; a vendor's model uses the prompt. */
static json_t *
request_of(const json_t *setup, const json_t *talk)
{
	json_t *assistant = json_copy(json_object_get(talk, "assistant"));
	json_t *messages = messages_of(talk);
	bool talks = strcmp(text_of(talk, "phase"), "talk") == 0;
	json_t *request;

	if (assistant == NULL)
		assistant = va_json_new_object();
	if (va_json_string(assistant, "language") == NULL)
		va_json_set_text(assistant, "language", text_of(setup, "language"));
	if (!talks)
		json_array_append_new(messages,
			json_pack("{s:s,s:s}", "role", "user", "content",
				"The call is over. Fill in the JSON schema with what was said in it, and with nothing else."));
	request = json_pack("{s:s,s:o,s:I,s:o}", "model", VA_MODEL_NAME, "messages", messages, "seed",
		(json_int_t) number_of(setup, "seed", 0), "assistant", assistant);
	if (talks)
		json_object_set_new(request, "tools",
			json_pack("[{s:s,s:{s:s,s:s,s:{s:s,s:{}}}}]", "type", "function", "function", "name", "end_call",
				"description", "Ends the call.", "parameters", "type", "object", "properties"));
	else
		json_object_set_new(request, "response_format",
			json_pack("{s:s,s:{s:s,s:o}}", "type", "json_schema", "json_schema", "name", "structured_data", "schema",
				va_analysis_schema(va_json_object(setup, "settings"))));
	return request;
}

json_t *
va_rehearsal_next(const json_t *setup, json_t *talk, VaArena *arena, const char **why)
{
	int64_t max_turns = number_of(setup, "max_turns", TURNS_DEFAULT);
	bool hangs_up = false;
	json_t *request;
	const char *text;

	*why = NULL;
	if (max_turns < 1 || max_turns > VA_REHEARSAL_TURNS_MAX)
		max_turns = VA_REHEARSAL_TURNS_MAX;
	if (strcmp(text_of(talk, "phase"), "done") == 0)
		return NULL;
	if (strcmp(text_of(talk, "phase"), "talk") == 0 && is_speaker(last_turn(talk), "assistant"))
	{
		if ((int64_t) json_array_size(turns_of(talk)) >= max_turns)
			end_talk(talk, "limit");
		else
		{
			text = caller_says(setup, talk, &hangs_up, arena);
			add_turn(talk, "customer", text == NULL ? "" : text, arena);
			if (hangs_up)
				end_talk(talk, "customer");
		}
	}
	request = request_of(setup, talk);
	if (request == NULL)
		*why = "out of memory";
	return request;
}

/* ---- answers ---- */

/* A vendor's model without tools ends a call by its words. */
static bool
says_goodbye(const json_t *setup, const char *text, VaArena *arena)
{
	size_t len = strlen(text);
	const char *folded = va_desk_fold(len > 60 ? text + len - 60 : text, len > 60 ? 60 : len, arena);

	return va_desk_says(folded, va_desk_phrases(language_of(setup), MEANS_GOODBYE));
}

void
va_rehearsal_answer(const json_t *setup, json_t *talk, const char *text, bool ends, VaArena *arena)
{
	const char *why;
	json_t *data;

	if (strcmp(text_of(talk, "phase"), "analysis") == 0)
	{
		data = va_json_load(arena, text, strlen(text), &why);
		if (!json_is_object(data))
			json_object_set_new(talk, "unread", json_true());
		json_object_set_new(talk, "data", json_is_object(data) ? json_incref(data) : va_json_new_object());
		json_decref(data);
		va_json_set_text(talk, "phase", "done");
		return;
	}
	add_turn(talk, "assistant", text, arena);
	if (ends || says_goodbye(setup, text, arena))
		end_talk(talk, "assistant");
}

/* ---- as a carrier tells of it ---- */

/* How the carrier would have said that it ended. */
static const char *
ended_reason(const json_t *talk)
{
	const char *by = text_of(talk, "ended_by");
	const json_t *before = json_array_get(turns_of(talk), json_array_size(turns_of(talk)) - 2);

	if (strcmp(by, "customer") == 0)
		return "customer-ended-call";
	if (strcmp(by, "limit") == 0)
		return "exceeded-max-duration";
	return is_speaker(before, "customer") && text_of(before, "text")[0] == '\0' ? "silence-timed-out"
																				: "assistant-ended-call";
}

const char *
va_rehearsal_report(const json_t *talk, const VaRehearsalCall *call, VaArena *arena)
{
	VaCarrierMessage *messages = va_arena_alloc(
		arena, sizeof(VaCarrierMessage) * (json_array_size(turns_of(talk)) + 1));
	VaCarrierCall carrier = { .id = call->id, .status = "ended", .name = call->reference, .number = call->number };
	json_t *metadata = json_pack("{s:s}", "attempt", call->reference);
	int64_t at = 0;
	json_t *turn;
	size_t i;

	carrier.metadata = va_json_text(arena, metadata);
	json_decref(metadata);
	if (messages == NULL)
		return NULL;
	json_array_foreach(turns_of(talk), i, turn)
	{
		const char *text = text_of(turn, "text");
		int64_t length = MS_PER_WORD * va_people_words(text);
		VaCarrierMessage *message = &messages[carrier.nmessages];

		if (text[0] == '\0')
		{
			at += SILENCE_MS;
			continue;
		}
		if (at + length > LONGEST_MS)
			length = 0;
		*message = (VaCarrierMessage){ .role = is_speaker(turn, "assistant") ? "bot" : "user",
			.text = text,
			.at = at,
			.ends_at = at + length,
			.seconds_from_start = (double) at / 1000,
			.duration = (double) length / 1000 };
		at += length + PAUSE_MS;
		carrier.nmessages++;
	}
	for (int n = 0; n < carrier.nmessages; n++)
	{
		messages[n].at += call->ended_at - at;
		messages[n].ends_at += call->ended_at - at;
	}
	carrier.messages = messages;
	carrier.created_at = carrier.started_at = call->ended_at - at;
	carrier.ended_at = carrier.updated_at = call->ended_at;
	carrier.duration_s = (double) at / 1000;
	carrier.ended_reason = ended_reason(talk);
	carrier.cost = "0";
	carrier.structured_data = va_json_text(arena, json_object_get(talk, "data"));
	return va_carrier_report_body(&carrier, carrier.ended_at, arena);
}
