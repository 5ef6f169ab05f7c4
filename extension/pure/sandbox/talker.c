/*-------------------------------------------------------------------------
 * talker.c
 *		Leads a call that the embedded talker makes, turn by turn.
 *
 * A talk goes through stages: permission, pitch, questions, the offer of an
 * appointment (or of contact, or of a callback), reading back, the end.  It
 * answers anything else first (a price, an objection, a request to be left
 * alone); then the stage continues where it was.  An assistant that has only a
 * prompt says that it cannot help, and offers a callback.
 *
 * Each request rebuilds the state from all the turns of the person and the
 * answers of the tools, so no memory is needed between requests.
 *-------------------------------------------------------------------------
 */
#include "talker.h"

#include <stdarg.h>
#include <string.h>

#include "pure/net/backoff.h"

#define SILENCES_MAX 3
#define REFUSALS_MAX 2
#define INSULTS_MAX 2
#define TIMES_LACKED_MAX 3

void
va_embedded_begin(Talk *talk, const Assistant *assistant, uint64_t seed, VaArena *arena)
{
	memset(talk, 0, sizeof(*talk));
	talk->assistant = assistant;
	talk->arena = arena;
	talk->rng = va_mix64(seed ^ 0x5eedULL);
}

void
va_embedded_end(Talk *talk)
{
	json_decref(talk->arguments);
	talk->arguments = NULL;
}

bool
va_embedded_over(const Talk *talk)
{
	return talk->nacts > 0 && ENDS_CALL(talk->acts[talk->nacts - 1]);
}

void
va_embedded_act(Talk *talk, Act next)
{
	const Assistant *assistant = talk->assistant;

	if (next == ACT_PITCH && assistant->offer == NULL)
	{
		if (!talk->pitched && talk->nacts == 0)
			va_embedded_act(talk, ACT_WHO_SHORT);
		talk->pitched = true;
		talk->stage = STAGE_CALLBACK;
		next = ACT_PERSON_CALLS;
	}
	if (next == ACT_WHO && assistant->offer == NULL)
		next = ACT_WHO_SHORT;
	/* Do not repeat the same offer. */
	if (next == ACT_PITCH && talk->pitched)
		next = ACT_INTEREST;
	talk->pitched = talk->pitched || next == ACT_PITCH || next == ACT_WHO;
	if (talk->nacts < ACTS_AT_ONCE)
		talk->acts[talk->nacts++] = next;
	if (ENDS_CALL(next))
		talk->stage = STAGE_OVER;
}

bool
va_talker_may_use(const Assistant *assistant, const char *tool)
{
	json_t *one;
	size_t i;

	json_array_foreach(assistant->tools, i, one)
	{
		const char *name = va_json_string(va_json_object(one, "function"), "name");

		if (name != NULL && strcmp(name, tool) == 0)
			return true;
	}
	return false;
}

bool
va_embedded_want(Talk *talk, const char *tool, ...)
{
	va_list pairs;
	const char *key;

	if (!va_talker_may_use(talk->assistant, tool))
		return false;
	va_embedded_end(talk);
	talk->wants = tool;
	talk->arguments = va_json_new_object();
	va_start(pairs, tool);
	while ((key = va_arg(pairs, const char *)) != NULL)
		va_json_set_text(talk->arguments, key, va_arg(pairs, const char *));
	va_end(pairs);
	return true;
}

/* ---- the stages ---- */

static void
offer(Talk *talk)
{
	Objective objective = talk->assistant->objective;

	talk->stage = STAGE_OFFER;
	if (objective == OBJECTIVE_APPOINTMENT && va_embedded_want(talk, "free_slots", (char *) NULL))
		return;
	va_embedded_act(talk, objective == OBJECTIVE_APPOINTMENT ? ACT_OFFER_TIME
						  : objective == OBJECTIVE_CALLBACK	 ? ACT_OFFER_CALLBACK
															 : ACT_OFFER_CONTACT);
}

static void
ask_next(Talk *talk)
{
	if (talk->question >= talk->assistant->nquestions)
	{
		offer(talk);
		return;
	}
	talk->stage = STAGE_QUESTIONS;
	talk->asked = talk->assistant->questions[talk->question++].text;
	va_embedded_act(talk, ACT_ASK);
}

/* Repeats the question that the stage waits for; a stage without one is at the pitch. */
static void
go_on(Talk *talk)
{
	static const Act again[STAGE_OVER + 1] = { [STAGE_QUESTIONS] = ACT_ASK,
		[STAGE_READ_BACK] = ACT_READ_BACK,
		[STAGE_EMAIL] = ACT_ASK_EMAIL,
		[STAGE_READ_EMAIL] = ACT_READ_EMAIL,
		[STAGE_CALLBACK] = ACT_ASK_WHEN_BACK,
		[STAGE_OVER] = ACT_GOODBYE };
	Act act = again[talk->stage];

	if (talk->stage == STAGE_OFFER)
		offer(talk);
	else if (talk->stage == STAGE_SLOTS)
	{
		talk->when = va_talker_say_moments(talk->slots, talk->nslots, talk->assistant->language, talk->arena);
		va_embedded_act(talk, talk->nslots > 1 ? ACT_SLOTS : ACT_ONE_SLOT);
	}
	else if (act == ACT_GREET || (act == ACT_ASK_WHEN_BACK && talk->assistant->offer == NULL))
	{
		talk->stage = act == ACT_GREET ? STAGE_PITCH : talk->stage;
		va_embedded_act(talk, ACT_PITCH);
	}
	else
		va_embedded_act(talk, act);
}

static void
say_agreed(Talk *talk)
{
	va_embedded_act(talk, talk->booked ? ACT_BOOKED : talk->callback ? ACT_CALLBACK_SET : ACT_CONTACTED);
}

static void
close_agreed(Talk *talk)
{
	if (talk->assistant->asks_email && talk->email == NULL && !talk->callback)
	{
		talk->stage = STAGE_EMAIL;
		va_embedded_act(talk, ACT_ASK_EMAIL);
	}
	else
		say_agreed(talk);
}

static void
set_callback(Talk *talk, const char *when)
{
	talk->callback = true;
	talk->when = when;
	if (!va_embedded_want(talk, "call_back", "when", when, "name", talk->name, (char *) NULL))
		va_embedded_act(talk, when == NULL ? ACT_CALLBACK_LATER : ACT_CALLBACK_SET);
}

static void
take_time(Talk *talk, const Heard *heard)
{
	talk->starts_at = NULL;
	if (talk->stage == STAGE_CALLBACK || talk->assistant->objective == OBJECTIVE_CALLBACK)
	{
		set_callback(talk, heard->when);
		return;
	}
	talk->when = heard->when;
	talk->stage = STAGE_READ_BACK;
	va_embedded_act(talk, ACT_READ_BACK);
}

static void
agree(Talk *talk)
{
	Objective objective = talk->assistant->objective;

	talk->agreed = true;
	switch (talk->stage)
	{
		case STAGE_PITCH:
			talk->interested = true;
			ask_next(talk);
			return;
		case STAGE_QUESTIONS:
			va_embedded_act(talk, ACT_ACKNOWLEDGE);
			ask_next(talk);
			return;
		case STAGE_OFFER:
			if (objective == OBJECTIVE_APPOINTMENT || objective == OBJECTIVE_CALLBACK)
				va_embedded_act(talk, ACT_ASK_TIME);
			else
				close_agreed(talk);
			return;
		case STAGE_READ_BACK:
			talk->booked = true;
			if (!va_embedded_want(talk, "book", "starts_at", talk->starts_at != NULL ? talk->starts_at : talk->when,
					"name", talk->name, (char *) NULL))
				close_agreed(talk);
			return;
		case STAGE_READ_EMAIL:
			if (talk->email_answers)
				ask_next(talk);
			else
				say_agreed(talk);
			return;
		default:
			go_on(talk);
			return;
	}
}

static void
refuse(Talk *talk)
{
	switch (talk->stage)
	{
		case STAGE_READ_BACK:
		case STAGE_SLOTS:
			/* The person refuses this time: ask for another one. */
			talk->when = NULL;
			talk->stage = STAGE_OFFER;
			va_embedded_act(talk, ACT_ASK_TIME);
			return;
		case STAGE_READ_EMAIL:
			talk->email = NULL;
			talk->stage = STAGE_EMAIL;
			va_embedded_act(talk, ACT_ASK_EMAIL);
			return;
		case STAGE_EMAIL:
			say_agreed(talk);
			return;
		case STAGE_QUESTIONS:
			va_embedded_act(talk, ACT_ACKNOWLEDGE);
			ask_next(talk);
			return;
		default:
			talk->refused = ++talk->refusals >= REFUSALS_MAX;
			va_embedded_act(talk, talk->refused ? ACT_REFUSED : ACT_SOFT);
			return;
	}
}

/* ---- answers besides the stage ---- */

/* The objection that shares most words with the turn, or -1. */
static int
find_objection(const Talk *talk, const Heard *heard)
{
	const Assistant *assistant = talk->assistant;
	int best = -1;
	int most = 0;

	for (int i = 0; i < assistant->nobjections; i++)
	{
		int common = va_talker_common_words(assistant->objections[i], heard->folded);
		int words = va_talker_common_words(assistant->objections[i], assistant->objections[i]);

		/* "about" and "what" are in anything: require more than half of the words, or the only one. */
		if (common * 2 > words && !talk->answered_objections[i] && common > most)
		{
			most = common;
			best = i;
		}
	}
	return best;
}

bool
va_embedded_answer_known(Talk *talk, const Heard *heard)
{
	int objection = find_objection(talk, heard);

	if (objection >= 0)
	{
		talk->answered_objections[objection] = true;
		talk->answer = talk->assistant->answers[objection];
		va_embedded_act(talk, ACT_ANSWER);
	}
	else if (MEANS(heard, MEANS_PRICE) && (talk->assistant->price != NULL || talk->assistant->offer != NULL))
		va_embedded_act(talk, ACT_PRICE);
	else
		return false;
	return true;
}

bool
va_embedded_hear_end(Talk *talk, const Heard *heard)
{
	if (MEANS(heard, MEANS_OPT_OUT))
	{
		talk->opted_out = true;
		if (!va_embedded_want(talk, "opt_out", (char *) NULL))
			va_embedded_act(talk, ACT_OPTED_OUT);
	}
	else if (MEANS(heard, MEANS_VOICEMAIL) && !talk->assistant->inbound)
	{
		talk->machine = true;
		va_embedded_act(talk, ACT_VOICEMAIL);
	}
	else if (MEANS(heard, MEANS_WRONG_PERSON))
	{
		talk->wrong_person = true;
		va_embedded_act(talk, talk->assistant->inbound ? ACT_LEAVE : ACT_WRONG_PERSON);
	}
	else if (MEANS(heard, MEANS_SWEARING))
	{
		talk->refused = ++talk->insults >= INSULTS_MAX;
		va_embedded_act(talk, talk->refused ? ACT_PEACE : talk->assistant->inbound ? ACT_HELP : ACT_CALM);
	}
	else
		return false;
	return true;
}

static bool
hear_callback(Talk *talk, const Heard *heard)
{
	if (!MEANS(heard, MEANS_CALLBACK) && !MEANS(heard, MEANS_BUSY))
		return false;
	if (talk->stage == STAGE_QUESTIONS && !MEANS(heard, MEANS_CALLBACK))
		return false;
	if (heard->when != NULL || talk->stage == STAGE_CALLBACK)
		set_callback(talk, heard->when);
	else
	{
		talk->stage = STAGE_CALLBACK;
		va_embedded_act(talk, ACT_ASK_WHEN_BACK);
	}
	return true;
}

/* Answers a question or an aside, then continues the stage. */
static bool
hear_aside(Talk *talk, const Heard *heard)
{
	bool asks = talk->stage == STAGE_QUESTIONS;

	if (MEANS(heard, MEANS_INJECTION))
		va_embedded_act(talk, ACT_DEFLECT);
	else if (MEANS(heard, MEANS_ROBOT))
		va_embedded_act(talk, ACT_ROBOT);
	else if (MEANS(heard, MEANS_AGAIN) || (!asks && va_embedded_answer_known(talk, heard)))
		;
	else if (MEANS(heard, MEANS_WHO))
	{
		va_embedded_act(talk, ACT_WHO);
		if (talk->stage == STAGE_PERMISSION)
			talk->stage = STAGE_PITCH;
	}
	else if (MEANS(heard, MEANS_OTHER_LANGUAGE) || (MEANS(heard, MEANS_DOUBT) && !asks))
	{
		va_embedded_act(talk, MEANS(heard, MEANS_DOUBT) ? ACT_SOFT : ACT_LANGUAGE);
		return true;
	}
	else
		return false;
	go_on(talk);
	return true;
}

void
va_embedded_hear_silence(Talk *talk)
{
	if (++talk->silences >= SILENCES_MAX)
		va_embedded_act(talk, talk->assistant->inbound ? ACT_LEAVE : ACT_GIVE_UP);
	else
		va_embedded_act(talk, talk->silences == 1 ? ACT_STILL_THERE : ACT_PARDON);
}

/* Takes a turn with no other meaning as the answer to the last question. */
static void
hear_answer(Talk *talk, const Heard *heard)
{
	if (talk->stage == STAGE_QUESTIONS && talk->question > 0)
	{
		talk->given[talk->question - 1] = heard->text;
		va_embedded_act(talk, ACT_ACKNOWLEDGE);
		ask_next(talk);
		return;
	}
	if (talk->stage == STAGE_PERMISSION)
	{
		talk->stage = STAGE_PITCH;
		va_embedded_act(talk, ACT_PITCH);
		return;
	}
	if (talk->stage == STAGE_EMAIL)
	{
		va_embedded_act(talk, ACT_PARDON);
		return;
	}
	va_embedded_act(talk, talk->assistant->offer == NULL ? ACT_CANNOT : ACT_DEFLECT);
	go_on(talk);
}

bool
va_embedded_choose_slot(Talk *talk, const Heard *heard)
{
	int chosen = -1;

	if (MEANS(heard, MEANS_FIRST) || (talk->nslots == 1 && MEANS(heard, MEANS_AGREE)))
		chosen = 0;
	else if (MEANS(heard, MEANS_SECOND) && talk->nslots > 1)
		chosen = 1;
	/* A caller that agrees, or gives a name, takes the first time: it is read back. */
	else if (talk->assistant->inbound && heard->when == NULL && !MEANS(heard, MEANS_REFUSE) &&
			 (MEANS(heard, MEANS_AGREE) || heard->name != NULL))
		chosen = 0;
	for (int i = 0; chosen < 0 && heard->minutes >= 0 && i < talk->nslots; i++)
		/* "nine" alone may mean nine in the evening. */
		if (talk->slots[i].minutes % 720 == heard->minutes % 720 &&
			(heard->weekday == 0 || heard->weekday == va_weekday(talk->slots[i].day)))
			chosen = i;
	if (chosen < 0)
		return false;
	talk->when = va_talker_say_moments(&talk->slots[chosen], 1, talk->assistant->language, talk->arena);
	{
		VaCivilDay day = va_civil_day(talk->slots[chosen].day);
		int minutes = talk->slots[chosen].minutes;

		talk->starts_at = va_arena_printf(
			talk->arena, "%04d-%02d-%02dT%02d:%02d", day.year, day.month, day.day, minutes / 60, minutes % 60);
	}
	talk->stage = STAGE_READ_BACK;
	va_embedded_act(talk, ACT_READ_BACK);
	return true;
}

/* Whether the stage expects a time: a day named in passing is not the day to meet. */
static bool
expects_time(const Talk *talk, const Heard *heard)
{
	Objective objective = talk->assistant->objective;

	return talk->stage == STAGE_OFFER || talk->stage == STAGE_SLOTS || talk->stage == STAGE_READ_BACK ||
		   talk->stage == STAGE_CALLBACK ||
		   (talk->stage == STAGE_PITCH && MEANS(heard, MEANS_AGREE) &&
			   (objective == OBJECTIVE_APPOINTMENT || objective == OBJECTIVE_CALLBACK));
}

/* Handles yes and no, and a time or an address beside them. */
static void
hear_word(Talk *talk, const Heard *heard)
{
	bool refuses = MEANS(heard, MEANS_REFUSE);

	if (talk->stage == STAGE_QUESTIONS && talk->question > 0)
		talk->given[talk->question - 1] = heard->text;
	if (talk->stage == STAGE_SLOTS && va_embedded_choose_slot(talk, heard))
		;
	else if (heard->when != NULL && !refuses && expects_time(talk, heard))
		take_time(talk, heard);
	else if (heard->email != NULL)
	{
		talk->email = heard->email;
		talk->email_answers = talk->email_answers || talk->stage == STAGE_QUESTIONS;
		talk->stage = STAGE_READ_EMAIL;
		va_embedded_act(talk, ACT_READ_EMAIL);
	}
	else if (refuses)
		refuse(talk);
	else if (MEANS(heard, MEANS_SEND) && talk->stage != STAGE_QUESTIONS && talk->stage != STAGE_READ_BACK)
	{
		talk->interested = true;
		if (talk->stage == STAGE_OFFER && talk->assistant->objective == OBJECTIVE_APPOINTMENT)
			close_agreed(talk);
		else
			agree(talk);
	}
	else if (MEANS(heard, MEANS_AGREE))
		agree(talk);
	else if (MEANS(heard, MEANS_GOODBYE))
		va_embedded_act(talk, ACT_GOODBYE);
	else
		hear_answer(talk, heard);
}

void
va_embedded_hear(Talk *talk, const char *said)
{
	Heard heard;

	va_talker_hear(said, talk->assistant->language, talk->arena, &heard);
	va_embedded_hear_as(talk, &heard);
}

void
va_embedded_hear_as(Talk *talk, const Heard *heard)
{
	talk->nacts = 0;
	talk->wants = NULL;
	talk->rng = va_mix64(talk->rng);
	talk->name = heard->name != NULL ? heard->name : talk->name;
	if (talk->stage == STAGE_OVER)
	{
		/* An opt-out still counts after the goodbye. */
		if (!MEANS(heard, MEANS_OPT_OUT) || !va_embedded_hear_end(talk, heard))
			va_embedded_act(talk, ACT_GOODBYE);
		return;
	}
	if (MEANS(heard, MEANS_SILENCE))
	{
		va_embedded_hear_silence(talk);
		return;
	}
	talk->silences = 0;
	if (va_embedded_hear_end(talk, heard))
		return;
	if (talk->assistant->inbound)
	{
		va_embedded_hear_incoming(talk, heard);
		return;
	}
	if (!hear_callback(talk, heard) && !hear_aside(talk, heard))
		hear_word(talk, heard);
}

/* ---- answers of tools ---- */

/* The times that a tool offers; for a caller, the one that it wants, if that is free. */
static void
offer_slots(Talk *talk)
{
	Heard wanted = { .minutes = talk->wanted_minutes, .weekday = talk->wanted_weekday };

	talk->stage = STAGE_SLOTS;
	talk->booked = false;
	if (!talk->assistant->inbound || talk->wanted_minutes < 0)
		return;
	if (va_embedded_choose_slot(talk, &wanted))
		talk->acts[0] = ACT_READ_BACK;
	else
	{
		talk->acts[1] = talk->acts[talk->nacts - 1];
		talk->acts[0] = ACT_TAKEN;
	}
	talk->nacts = talk->stage == STAGE_READ_BACK ? 1 : 2;
}

static void
ask_time_again(Talk *talk)
{
	/* A caller is not asked for ever. */
	bool enough = talk->assistant->inbound && ++talk->times_lacked >= TIMES_LACKED_MAX;

	talk->stage = enough ? STAGE_MESSAGE : STAGE_OFFER;
	talk->booked = false;
	if (enough)
		talk->acts[talk->nacts - 1] = ACT_OFFER_MESSAGE;
}

/* What a caller is asked after the sentence about a tool's answer. */
static void
ask_caller_next(Talk *talk, Act last)
{
	const Assistant *assistant = talk->assistant;

	if (last == ACT_FOUND)
	{
		talk->unanswered = NULL;
		/* A service is not looked at. */
		talk->stage = talk->visits ? STAGE_VISIT : STAGE_OFFER;
		va_embedded_act(talk, talk->visits ? ACT_OFFER_VISIT : ACT_OFFER_TIME);
	}
	else if (last == ACT_NOT_FOUND && talk->asks_price && (assistant->price != NULL || assistant->offer != NULL))
	{
		talk->nacts = 0;
		talk->stage = STAGE_PERMISSION;
		va_embedded_act(talk, ACT_PRICE);
		va_embedded_act(talk, ACT_ELSE);
	}
	else if (last == ACT_IS_BOOKED || last == ACT_IS_PENDING)
		va_embedded_ask_caller(talk);
	else if (!va_embedded_over(talk))
	{
		talk->stage = last == ACT_NOT_FOUND || last == ACT_NOT_KNOWN ? STAGE_MESSAGE : STAGE_PERMISSION;
		va_embedded_act(talk, talk->stage == STAGE_MESSAGE ? ACT_OFFER_MESSAGE : ACT_ELSE);
	}
}

void
va_embedded_tool(Talk *talk, const char *tool, const json_t *data)
{
	Act last;

	va_embedded_say_tool(talk, data);
	last = talk->acts[talk->nacts - 1];
	if (last == ACT_ASK_TIME && strcmp(tool, "call_back") == 0)
		last = talk->acts[talk->nacts - 1] = ACT_ASK_WHEN_BACK;
	if (last == ACT_SLOTS || last == ACT_ONE_SLOT)
		offer_slots(talk);
	else if (last == ACT_ASK_TIME)
		ask_time_again(talk);
	else if (last == ACT_ASK_WHEN_BACK)
		talk->stage = STAGE_CALLBACK;
	else if (last == ACT_OFFER_MESSAGE)
		talk->stage = STAGE_MESSAGE;
	else if (last == ACT_ASK_NUMBER)
		talk->stage = STAGE_DICTATES;
	else if (last == ACT_PUT_THROUGH)
		talk->stage = STAGE_PERMISSION;
	else if (talk->assistant->inbound)
		ask_caller_next(talk, last);
	/* An appointment that waits for a person, and a call back, end the call: nothing more is promised. */
	else if (last == ACT_IS_PENDING || last == ACT_CALL_NOTED || last == ACT_CALL_NOTED_SOON)
		va_embedded_act(talk, ACT_GOODBYE);
	else if (last == ACT_IS_BOOKED)
	{
		talk->nacts = 0;
		close_agreed(talk);
	}
}
