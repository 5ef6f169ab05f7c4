/*-------------------------------------------------------------------------
 * vapi_report.c
 *		An ended call in Vapi's words: turns and
 *		transcript, cost, recordings, analysis.
 *
 * The same members stand in several places, by age of the call and by kind of
 * message; the first that holds something counts.  No locking.
 */
#include "vapi_report.h"

#include <math.h>
#include <string.h>

#include "pure/providers/common/events.h"
#include "pure/providers/common/transcript.h"

#define COST_MAX 1000000.0

/* ---- conversation ---- */

const char *
vapi_speaker(const char *role)
{
	static const char *const names[][2] = {
		{ "bot", "assistant" },
		{ "assistant", "assistant" },
		{ "user", "customer" },
		{ "customer", "customer" },
		{ "system", "system" },
		{ "tool_calls", "tool" },
		{ "tool_call_result", "tool" },
		{ "tool", "tool" },
		{ "function_call", "tool" },
		{ "function_result", "tool" },
	};

	for (size_t i = 0; role != NULL && i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(role, names[i][0]) == 0)
			return names[i][1];
	return NULL;
}

/* The speech; a tool's request or answer in words that can be read. */
static const char *
turn_text(const json_t *message, VaArena *arena)
{
	const char *text = va_json_string(message, "message");
	const json_t *calls = va_json_array(message, "toolCalls");

	if (text == NULL)
		text = va_json_string(message, "content");
	if (text == NULL)
		text = va_json_string(message, "result");
	if (text == NULL && json_array_size(calls) > 0)
		text = va_json_text(arena, calls);
	return text;
}

/*
 * The conversation as it is written down: turns as JSON, and for those that
 * were spoken a text.  Written directly, since this is most of a report.
 */
typedef struct Conversation
{
	int count;
	bool customer; /* has a turn */
	VaBuffer turns;
	VaBuffer spoken;
} Conversation;

static void
add_turn(Conversation *conversation, const json_t *message, VaArena *arena)
{
	const char *known = vapi_speaker(va_json_string(message, "role"));
	/* Words are kept whoever spoke them; without a speaker they are no evidence. */
	const char *who = known == NULL ? "unknown" : known;
	const char *text = turn_text(message, arena);
	VaBuffer *turns = &conversation->turns;
	double value;

	if (text == NULL)
		return;
	va_buffer_printf(turns, "%c{\"turn\":%d,\"speaker\":\"%s\",\"text\":", conversation->count == 0 ? '[' : ',',
		conversation->count + 1, who);
	va_buffer_json_string(turns, text, strlen(text));
	if (va_json_number(message, "time", &value) && value >= 0 && va_time_in_range((int64_t) fmin(value, 1e15)))
		va_buffer_printf(turns, ",\"at_ms\":%lld", (long long) value);
	if (va_json_number(message, "secondsFromStart", &value) && value >= 0 && value < 1e6)
		va_buffer_printf(turns, ",\"seconds_from_start\":%.10g", value < 1e-4 ? 0.0 : value);
	va_buffer_add(turns, "}", 1);
	conversation->count++;
	if (strcmp(who, "customer") == 0)
		conversation->customer = true;

	if (strcmp(who, "assistant") != 0 && strcmp(who, "customer") != 0)
		return;
	va_buffer_add(&conversation->spoken,
		strcmp(who, "assistant") == 0 ? "AI: " : "User: ", strcmp(who, "assistant") == 0 ? 4 : 6);
	va_buffer_add(&conversation->spoken, text, strlen(text));
	va_buffer_add(&conversation->spoken, "\n", 1);
}

/* Turns, and the vendor's transcript or else one made of the turns; true when the customer has a turn. */
static bool
read_conversation(const VapiSource *source, const json_t *artifact, VaEvent *event)
{
	const json_t *messages = va_json_array(artifact, "messages");
	const char *transcript = va_json_string(artifact, "transcript");
	Conversation conversation = { 0 };
	const json_t *message;
	const char *spoken;
	size_t i;

	if (messages == NULL)
		messages = va_json_array(source->message, "messages");
	if (messages == NULL)
		messages = va_json_array(source->call, "messages");
	json_array_foreach(messages, i, message) add_turn(&conversation, message, source->arena);
	va_buffer_printf(&conversation.turns, conversation.count == 0 ? "[]" : "]");
	event->turns = va_buffer_finish(&conversation.turns, source->arena);
	spoken = va_buffer_finish(&conversation.spoken, source->arena);

	if (transcript == NULL)
		transcript = vapi_text(source, "transcript");
	if (transcript != NULL && transcript[0] != '\0')
		event->transcript = vapi_copy(source, transcript);
	else if (spoken != NULL && spoken[0] != '\0')
		event->transcript = spoken;
	/* A report may have the text alone: what it asks of us counts all the same. */
	if (conversation.count == 0 && event->transcript != NULL)
	{
		const char *turns = va_transcript_turns(source->arena, event->transcript, &conversation.customer);

		if (turns != NULL)
			event->turns = turns;
	}
	return conversation.customer;
}

/* ---- money ---- */

bool
vapi_cost_usable(const json_t *cost)
{
	return json_is_number(cost) && json_number_value(cost) >= 0 && json_number_value(cost) <= COST_MAX;
}

void
vapi_read_cost(const VapiSource *source, VaEvent *event)
{
	const json_t *cost = vapi_member(source, "cost");
	json_t *breakdown = vapi_member(source, "costBreakdown");
	const json_t *costs = vapi_member(source, "costs");

	if (!json_is_object(breakdown))
		breakdown = va_json_object(source->call, "costBreakdown");
	if (cost == NULL)
		cost = json_object_get(breakdown, "total");
	if (vapi_cost_usable(cost))
	{
		event->cost = va_decimal_text(source->arena, json_number_value(cost));
		event->cost_currency = "USD";
	}
	if (breakdown != NULL)
		event->cost_breakdown = va_json_text(source->arena, breakdown);
	else if (json_is_array(costs))
	{
		json_t *sums = va_json_new_object();
		const json_t *item;
		size_t i;

		json_array_foreach(costs, i, item)
		{
			const char *type = va_json_string(item, "type");
			double value;

			if (type != NULL && va_json_number(item, "cost", &value))
				json_object_set_new(sums, type, json_real(value + json_number_value(json_object_get(sums, type))));
		}
		event->cost_breakdown = va_json_text(source->arena, sums);
		json_decref(sums);
	}
}

/* ---- recordings, analysis ---- */

static void
read_recordings(const VapiSource *source, const json_t *artifact, VaEvent *event)
{
	const json_t *recording = va_json_object(artifact, "recording");
	const char *mono = va_json_string(artifact, "recordingUrl");
	const char *stereo = va_json_string(artifact, "stereoRecordingUrl");

	if (mono == NULL)
		mono = va_json_string(va_json_object(recording, "mono"), "combinedUrl");
	if (mono == NULL)
		mono = vapi_text(source, "recordingUrl");
	if (mono == NULL)
		mono = va_json_string(artifact, "presignedMonoUrl");
	if (stereo == NULL)
		stereo = va_json_string(recording, "stereoUrl");
	if (stereo == NULL)
		stereo = vapi_text(source, "stereoRecordingUrl");
	if (stereo == NULL)
		stereo = va_json_string(artifact, "presignedStereoUrl");
	/* Only what is a web address: it is shown as a link. */
	event->recording_url = va_link_of(source->arena, mono, NULL);
	event->stereo_recording_url = va_link_of(source->arena, stereo, NULL);
}

static void
read_analysis(const VapiSource *source, const json_t *analysis, VaEvent *event)
{
	const char *summary = va_json_string(analysis, "summary");
	const json_t *data = json_object_get(analysis, "structuredData");
	const json_t *success = json_object_get(analysis, "successEvaluation");

	if (summary == NULL)
		summary = vapi_text(source, "summary");
	if (summary != NULL && summary[0] != '\0')
		event->summary = vapi_copy(source, summary);
	if (data != NULL && !json_is_null(data))
		event->structured_data = va_json_text(source->arena, data);
	if (json_is_string(success))
		event->success_evaluation = vapi_copy(source, json_string_value(success));
	else if (json_is_boolean(success) || json_is_number(success))
		event->success_evaluation = va_json_text(source->arena, success);
}

bool
vapi_read_report(const VapiSource *source, const json_t *artifact, const json_t *analysis, VaEvent *event)
{
	bool spoke = read_conversation(source, artifact, event);

	read_recordings(source, artifact, event);
	read_analysis(source, analysis, event);
	return spoke;
}
