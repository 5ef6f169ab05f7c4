/*-------------------------------------------------------------------------
 * plan.c
 *		The plan of a call of the carrier, and how far it is at a
 *		moment.
 *
 * Nothing here but the call: no clock, no loop, no backend header, no locks.
 */
#include "plan.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pure/net/backoff.h"
#include "pure/text/json.h"

#define RING_DEFAULT_S 30
#define LATE_MS 400			 /* of real time */
#define LONGEST_MS 3240000.0 /* of the call's time: a longer call runs as fast as needed */

/* ---- who answers ---- */

uint64_t
va_people_roll(uint64_t *rng, uint64_t sides)
{
	*rng = va_mix64(*rng + 0x9e3779b97f4a7c15ULL);
	return (*rng >> 11) % sides;
}

void
va_people_decide(const VaPeopleOrder *order, VaDisposition *disposition)
{
	/* No ordinary call loses a webhook; some come late, twice or out of order. */
	static const int faults[] = { VA_FAULT_LATE, VA_FAULT_DOUBLED, VA_FAULT_SWAPPED };
	const VaPeopleNumber *forced = va_people_number(order->number);
	int64_t timeout = (order->ring_timeout_s > 0 ? order->ring_timeout_s : RING_DEFAULT_S) * INT64_C(1000);
	const VaPeopleKind *kind = va_people_kinds;
	uint64_t fault;

	memset(disposition, 0, sizeof(*disposition));
	disposition->rng = va_hash_text(va_mix64(va_hash_text(va_mix64(order->seed), order->number)), order->reference);
	if (forced != NULL)
	{
		kind += order->dial > 0 && order->dial <= forced->busy_first ? VA_DISPOSITION_BUSY : forced->kind;
		disposition->faults = forced->faults;
	}
	else
	{
		for (int point = (int) va_people_roll(&disposition->rng, 1000); point >= kind->weight; kind++)
			point -= kind->weight;
		fault = va_people_roll(&disposition->rng, 50);
		disposition->faults = fault < sizeof(faults) / sizeof(faults[0]) ? faults[fault] : 0;
	}
	disposition->kind = (VaDispositionKind) (kind - va_people_kinds);
	disposition->answered = kind->told[0] != '\0';
	disposition->ring_ms = kind->ring_ms + (int64_t) va_people_roll(&disposition->rng, (uint64_t) kind->ring_span_ms);
	/* Somebody who would answer does so before the caller gives up. */
	disposition->ring_ms = disposition->ring_ms > timeout ? timeout : disposition->ring_ms;
}

/* ---- the webhooks, and when ---- */

static void
add_step(VaSandboxPlay *play, StepKind kind, int64_t at)
{
	if (play->nsteps < VA_SANDBOX_STEPS && (play->settled & (1u << kind)) == 0)
		play->steps[play->nsteps++] = (Step){ kind, at };
}

static int64_t
real_ms(const VaSandboxPlay *play, int64_t call_ms)
{
	return (int64_t) ((double) call_ms / play->scale);
}

void
va_sandbox_plan(VaSandboxPlay *play)
{
	int64_t answer = real_ms(play, play->disposition.ring_ms);
	int64_t end = play->carrier.ended_at - play->carrier.created_at;
	int64_t report = end + real_ms(play, VA_SANDBOX_ANALYSIS_MS);
	int faults = play->disposition.faults;
	bool answered = play->carrier.started_at != 0;

	play->step = play->nsteps = 0;
	play->tries = 0;
	if ((faults & VA_FAULT_SILENT) != 0 || (play->server_url == NULL && play->gateway_path == NULL))
		add_step(play, STEP_NOTHING, report);
	else if ((faults & VA_FAULT_SHUFFLED) != 0)
	{
		/* Every step twice, the last first, after everything has happened. */
		for (int kind = 2 * STEP_REPORT + 1; kind >= 0; kind--)
			if (kind % (STEP_REPORT + 1) != STEP_IN_PROGRESS || answered)
				add_step(play, (StepKind) (kind % (STEP_REPORT + 1)), end + LATE_MS);
	}
	else
	{
		add_step(play, STEP_RINGING, 0);
		if (answered && (faults & VA_FAULT_SWAPPED) == 0)
			add_step(play, STEP_IN_PROGRESS, answer);
		if ((faults & VA_FAULT_NO_REPORT) != 0)
			add_step(play, STEP_NOTHING, report);
		else
		{
			add_step(play, STEP_ENDED, end);
			add_step(play, STEP_REPORT, report + ((faults & VA_FAULT_LATE) != 0 ? LATE_MS : 0));
		}
		if (answered && (faults & VA_FAULT_SWAPPED) != 0)
			add_step(play, STEP_IN_PROGRESS, report);
	}
	if ((faults & VA_FAULT_DOUBLED) != 0)
		for (int i = 0, n = play->nsteps; i < n; i++)
			add_step(play, play->steps[i].kind, report);
}

/* ---- the call ---- */

static void
set_times(VaSandboxCall *call)
{
	VaSandboxPlay *play = call->play;
	VaCarrierCall *carrier = &play->carrier;

	carrier->created_at = call->record.created_at;
	carrier->started_at = !play->disposition.answered ? 0
													  : carrier->created_at + real_ms(play, play->disposition.ring_ms);
	carrier->ended_at = carrier->created_at + real_ms(play, play->disposition.ring_ms + va_people_talk_ms(carrier));
	if (call->record.unanalysed)
		carrier->summary = carrier->structured_data = carrier->success_evaluation = NULL;
}

/* One more turn, in its place. */
static void
add_message(VaSandboxPlay *play, VaArena *arena, int64_t real_at, const char *role, const char *text)
{
	VaCarrierCall *call = &play->carrier;
	double at = (double) real_at * play->scale - (double) play->disposition.ring_ms;
	VaCarrierMessage *messages = va_arena_alloc(arena, sizeof(VaCarrierMessage) * (size_t) (call->nmessages + 1));
	int place = call->nmessages;

	if (messages == NULL || text == NULL || at < 0)
		return;
	at = fmin(at, call->duration_s * 1000);
	while (place > 0 && call->messages[place - 1].seconds_from_start * 1000 > at)
		place--;
	for (int i = 0; i < call->nmessages; i++)
		messages[i < place ? i : i + 1] = call->messages[i];
	messages[place] = (VaCarrierMessage){ .role = role, .text = text, .seconds_from_start = at / 1000 };
	messages[place].at = messages[place].ends_at = call->created_at +
												   real_ms(play, play->disposition.ring_ms + (int64_t) at);
	call->messages = messages;
	call->nmessages++;
}

static void
obey(VaSandboxCall *call)
{
	VaSandboxPlay *play = call->play;
	const char *why;
	json_t *commands;
	json_t *command;
	size_t i;

	if (call->record.commands == NULL || !play->disposition.answered)
		return;
	commands = va_json_load(&call->arena, call->record.commands, strlen(call->record.commands), &why);
	json_array_foreach(commands, i, command)
	{
		bool system = strcmp(va_json_string(command, "role"), "system") == 0;

		add_message(play, &call->arena, json_integer_value(json_object_get(command, "at")), system ? "system" : "bot",
			va_arena_strdup(&call->arena, va_json_string(command, "text")));
		if (system && json_is_true(json_object_get(command, "ends")))
			play->carrier.ended_reason = "assistant-forwarded-call";
	}
	json_decref(commands);
}

void
va_sandbox_compose(VaSandboxCall *call)
{
	VaSandboxPlay *play = call->play;
	double total;

	play->order.seed = call->record.seed;
	play->order.dial = call->record.dial;
	play->order.created_at = call->record.created_at;
	play->scale = play->order.time_scale = call->record.time_scale >= 1 ? call->record.time_scale : 1;
	va_people_decide(&play->order, &play->disposition);
	va_people_talk(&play->order, &play->disposition, &call->arena, &play->carrier);
	total = (double) (play->disposition.ring_ms + va_people_talk_ms(&play->carrier));
	if (total > LONGEST_MS)
	{
		/* Its turns have the faster call's times, too. */
		play->scale = play->order.time_scale *= total / LONGEST_MS;
		va_people_talk(&play->order, &play->disposition, &call->arena, &play->carrier);
	}
	if (call->record.hung_up_at != 0)
	{
		int64_t after = (int64_t) fmax(0, (double) (call->record.hung_up_at - call->record.created_at) * play->scale);

		va_people_hang_up(&play->disposition, after, &call->arena, &play->carrier);
		play->disposition.answered = play->disposition.answered && after >= play->disposition.ring_ms;
		play->disposition.ring_ms = after < play->disposition.ring_ms ? after : play->disposition.ring_ms;
	}
	set_times(call);
	obey(call);
}

void
va_sandbox_script(VaSandboxCall *call)
{
	va_sandbox_compose(call);
	va_sandbox_plan(call->play);
}

/* ---- as it is at a moment ---- */

const char *
va_sandbox_recording_url(const VaSandboxRecord *record, int own_port, VaArena *arena)
{
	return va_arena_printf(arena, "http://127.0.0.1:%d/recordings/%" PRId64 "-%" PRId64 "-%s.wav", own_port,
		record->tenant_id, record->provider_account_id, record->id);
}

void
va_sandbox_describe(const VaSandboxCall *call, int64_t now, int own_port, VaArena *arena, VaCarrierCall *out)
{
	const VaSandboxPlay *play = call->play;
	int64_t length = play->carrier.ended_at - call->record.created_at;
	int64_t passed = now == VA_SANDBOX_AT_ITS_END ? length : now - call->record.created_at;

	*out = play->carrier;
	out->control_url = va_arena_printf(arena, "http://127.0.0.1:%d/call/%s/control", own_port, call->record.id);
	if (play->records && out->started_at != 0)
		out->recording_url = va_sandbox_recording_url(&call->record, own_port, arena);
	out->status = "ended";
	out->updated_at = play->carrier.ended_at;
	if (passed >= length)
		return;
	out->ended_reason = NULL;
	out->ended_at = 0;
	out->recording_url = NULL;
	if (out->started_at != 0 && now < out->started_at)
		out->started_at = 0;
	out->status = out->started_at != 0 ? "in-progress" : passed > 0 ? "ringing" : "queued";
	out->updated_at = out->started_at != 0 ? out->started_at : out->created_at;
}

/* A step's webhook, as the carrier sends it. */
const char *
va_sandbox_step_body(const VaSandboxCall *call, StepKind kind, int own_port, VaArena *arena)
{
	VaCarrierCall carrier;

	va_sandbox_describe(call, VA_SANDBOX_AT_ITS_END, own_port, arena, &carrier);
	if (kind == STEP_REPORT)
		return va_carrier_report_body(&carrier, carrier.ended_at + real_ms(call->play, VA_SANDBOX_ANALYSIS_MS), arena);
	return va_carrier_status_body(&carrier,
		kind == STEP_RINGING	   ? "ringing"
		: kind == STEP_IN_PROGRESS ? "in-progress"
								   : "ended",
		kind == STEP_RINGING	   ? carrier.created_at
		: kind == STEP_IN_PROGRESS ? carrier.started_at
								   : carrier.ended_at,
		arena);
}

/* ---- from what is stored of it: every text is copied ---- */

static const char *
copy_of(VaArena *arena, const json_t *json, const char *key)
{
	const char *text = va_json_string(json, key);

	return text == NULL ? NULL : va_arena_strdup(arena, text);
}

static void
read_remembered(VaSandboxCall *call, const json_t *json)
{
	VaArena *arena = &call->arena;
	VaSandboxPlay *play = call->play;
	VaPeopleOrder *order = &play->order;
	VaCarrierCall *carrier = &play->carrier;
	double number;

	carrier->id = call->record.id;
	carrier->number = order->number = call->record.number;
	order->reference = call->record.reference;
	carrier->name = copy_of(arena, json, "name");
	carrier->external_id = copy_of(arena, json, "external_id");
	carrier->phone_number_id = copy_of(arena, json, "phone_number_id");
	carrier->customer_name = order->customer_name = copy_of(arena, json, "customer_name");
	carrier->metadata = copy_of(arena, json, "metadata");
	carrier->variable_values = order->variables = copy_of(arena, json, "variables");
	order->first_message = copy_of(arena, json, "first_message");
	order->extraction = copy_of(arena, json, "extraction");
	order->assistant = copy_of(arena, json, "assistant");
	order->max_duration_s = va_json_number(json, "max_duration_s", &number) ? number : 600;
	order->ring_timeout_s = va_json_number(json, "ring_timeout_s", &number) ? (int) number : 0;
	play->server_url = copy_of(arena, json, "server_url");
	play->gateway_path = copy_of(arena, json, "gateway_path");
	play->records = json_is_true(json_object_get(json, "record"));
}

VaSandboxCall *
va_sandbox_new(const VaSandboxRecord *record)
{
	VaSandboxCall *call = calloc(1, sizeof(VaSandboxCall));
	const char *why;
	json_t *json;

	if (call == NULL)
		return NULL;
	call->record = *record;
	call->record.reference = va_arena_strdup(&call->arena, record->reference);
	call->record.number = va_arena_strdup(&call->arena, record->number);
	call->record.request = va_arena_strdup(&call->arena, record->request);
	call->record.commands = va_arena_strdup(&call->arena, record->commands);
	call->play = va_arena_alloc(&call->arena, sizeof(VaSandboxPlay));
	json = call->arena.oom ? NULL : va_json_load(&call->arena, record->request, strlen(record->request), &why);
	if (json != NULL)
		read_remembered(call, json);
	json_decref(json);
	if (json == NULL || call->arena.oom)
	{
		va_sandbox_free(call);
		return NULL;
	}
	return call;
}

void
va_sandbox_set_assistant(VaSandboxCall *call, const char *assistant)
{
	const char *why;
	json_t *request = va_json_load(&call->arena, call->record.request, strlen(call->record.request), &why);

	va_json_set_text(request, "assistant", assistant);
	call->record.request = va_json_text(&call->arena, request);
	call->play->order.assistant = va_arena_strdup(&call->arena, assistant);
	json_decref(request);
}

void
va_sandbox_free(VaSandboxCall *call)
{
	VaArena arena;

	if (call == NULL)
		return;
	arena = call->arena;
	free(call);
	va_arena_free(&arena);
}

VaSandboxCall *
va_sandbox_load(const VaSandboxRecord *record)
{
	VaSandboxCall *call = va_sandbox_new(record);

	if (call != NULL)
		va_sandbox_script(call);
	return call;
}
