/*-------------------------------------------------------------------------
 * desk.c
 *		The desk's deeds, their steps, and calls that we make.
 *
 * A person wants a deed; the desk asks for what it lacks, reads back what it is
 * about to do, and does it after a clear yes to that (desk_turn.c).  A request
 * that it can neither do nor answer becomes a message in the person's words.
 */
#include "desk.h"

#include <string.h>

#define LOST_MAX 2
#define INSULTS_MAX 2
#define REFUSALS_MAX 2
#define STEPS_MAX 5
#define TRAIL_BYTES 1500
/* Any day will do where only the words of a time count. */
#define SOME_DAY 20000

/* The needs of a deed, in this order, and its tool. */
static const struct
{
	Await steps[STEPS_MAX];
	const char *tool;
	const char *arguments[STEPS_MAX];
	Act reads_back;
} deeds[] = { [DEED_BOOK] = { { AWAIT_TIME, AWAIT_YES, AWAIT_NAME }, "book", { "starts_at", "name", "listing", "note" },
				  ACT_READ_BACK },
	[DEED_MOVE] = { { AWAIT_NAME, AWAIT_OLD_DAY, AWAIT_TIME, AWAIT_YES }, "move_booking",
		{ "starts_at", "name", "day" }, ACT_READ_MOVE },
	[DEED_CANCEL] = { { AWAIT_NAME, AWAIT_OLD_DAY, AWAIT_YES }, "cancel_booking", { "name", "day" }, ACT_READ_CANCEL },
	[DEED_CALL] = { { AWAIT_TIME, AWAIT_YES, AWAIT_NAME }, "call_back", { "when", "name" }, ACT_READ_CALL },
	[DEED_MESSAGE] = {
		{ AWAIT_WORDS, AWAIT_NAME, AWAIT_NUMBER }, "take_message", { "message", "name", "phone" }, ACT_READ_NUMBER } };

static const Act asks[AWAIT_OVER + 1] = { [AWAIT_ANYTHING] = ACT_HELP,
	[AWAIT_PERMISSION] = ACT_PITCH,
	[AWAIT_INTEREST] = ACT_INTEREST,
	[AWAIT_ANSWER] = ACT_ASK,
	[AWAIT_CONTACT] = ACT_OFFER_CONTACT,
	[AWAIT_VISIT] = ACT_OFFER_VISIT,
	[AWAIT_MESSAGE] = ACT_OFFER_MESSAGE,
	[AWAIT_CHOICE] = ACT_SLOTS,
	[AWAIT_OLD_DAY] = ACT_ASK_DAY,
	[AWAIT_WORDS] = ACT_ASK_MESSAGE,
	[AWAIT_NAME] = ACT_ASK_NAME,
	[AWAIT_NUMBER] = ACT_NUMBER_OR,
	[AWAIT_NUMBER_RIGHT] = ACT_READ_NUMBER,
	[AWAIT_OVER] = ACT_GOODBYE };

void
va_desk_begin(Desk *desk, const Assistant *assistant, VaArena *arena)
{
	VaMoment now = { .day = SOME_DAY, .minutes = 1 };

	memset(desk, 0, sizeof(*desk));
	desk->assistant = assistant;
	desk->arena = arena;
	desk->reply = assistant->language;
	desk->await = assistant->inbound ? AWAIT_ANYTHING : AWAIT_PERMISSION;
	if (assistant->now != NULL)
		va_moment_at(assistant->now, &now);
	desk->now = (VaTimeReference){ now.day, now.minutes };
}

void
va_desk_end(Desk *desk)
{
	json_decref(desk->arguments);
	desk->arguments = NULL;
}

bool
va_desk_over(const Desk *desk)
{
	return desk->nacts > 0 && ENDS_CALL(desk->acts[desk->nacts - 1]);
}

void
va_desk_act(Desk *desk, Act next)
{
	if (next == ACT_WHO && desk->assistant->offer == NULL)
		next = ACT_WHO_SHORT;
	/* Do not repeat the same offer. */
	if (next == ACT_PITCH && desk->pitched)
		next = ACT_INTEREST;
	desk->pitched = desk->pitched || next == ACT_PITCH || next == ACT_WHO;
	if (desk->nacts < ACTS_AT_ONCE)
		desk->acts[desk->nacts++] = next;
	if (ENDS_CALL(next))
		desk->await = AWAIT_OVER;
}

void
va_desk_ask(Desk *desk, Await await, Act act)
{
	desk->await = await;
	va_desk_act(desk, act);
}

bool
va_desk_may_use(const Assistant *assistant, const char *tool)
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
va_desk_want(Desk *desk, const char *tool, const char *key, const char *value)
{
	if (!va_desk_may_use(desk->assistant, tool))
		return false;
	va_desk_end(desk);
	desk->wants = tool;
	desk->arguments = va_json_new_object();
	va_json_set_text(desk->arguments, key, value);
	return true;
}

const char *
va_desk_joined(const Desk *desk, const char *before, const char *after)
{
	if (before == NULL || after == NULL)
		return before == NULL ? after : before;
	return strlen(before) > TRAIL_BYTES || strstr(before, after) != NULL
			   ? before
			   : va_arena_join(desk->arena, before, " ", after, (char *) NULL);
}

/* ---- the steps of a deed ---- */

bool
va_desk_has_step(const Desk *desk, Await step)
{
	for (int i = 0; i < STEPS_MAX; i++)
		if (deeds[desk->deed].steps[i] == step)
			return true;
	return false;
}

static bool
lacks(const Desk *desk, Await step)
{
	bool inbound = desk->assistant->inbound;

	return step == AWAIT_TIME	   ? desk->when == NULL
		   : step == AWAIT_OLD_DAY ? desk->old_day == NULL && !desk->booked
		   : step == AWAIT_WORDS   ? desk->words == NULL || desk->unsaid
		   : step == AWAIT_NAME	   ? desk->name == NULL && inbound
		   : step == AWAIT_NUMBER  ? !desk->number_known && inbound
								   : !desk->agreed;
}

void
va_desk_propose(Desk *desk, const VaMoment *slot)
{
	desk->wanted = (Heard){ .at = *slot, .minutes = slot->minutes, .part = -1, .day = true };
	desk->starts_at = va_desk_iso(slot, desk->arena);
	desk->when = va_desk_say_moments(slot, 1, desk->assistant->language, desk->arena);
	desk->agreed = false;
}

void
va_desk_ask_time(Desk *desk)
{
	desk->when = desk->starts_at = NULL;
	desk->agreed = false;
	va_desk_ask(desk, AWAIT_TIME, desk->deed == DEED_CALL ? ACT_ASK_WHEN_BACK : ACT_ASK_TIME);
}

/* Asks a tool what is free from the time that is wanted; without one the time is as the person says it. */
void
va_desk_find_times(Desk *desk)
{
	const Heard *wanted = &desk->wanted;
	bool clock = desk->assistant->now != NULL;
	VaMoment from = { wanted->at.day, wanted->minutes >= 0 ? wanted->minutes : wanted->part >= 0 ? wanted->part : 0 };
	bool dated = clock && (wanted->day || wanted->minutes >= 0);
	const char *iso = va_desk_iso(&from, desk->arena);
	/* A day alone names no hour. */
	const char *day = !dated									? wanted->when
					  : wanted->minutes < 0 && wanted->part < 0 ? va_arena_strndup(desk->arena, iso, strcspn(iso, "T"))
																: iso;

	desk->when = desk->starts_at = NULL;
	if (desk->deed != DEED_CALL && va_desk_want(desk, "free_slots", "day", day))
		va_json_set_text(desk->arguments, "listing", desk->listing);
	else if (wanted->when == NULL)
		va_desk_ask_time(desk);
	else if (wanted->minutes < 0 && desk->deed != DEED_CALL)
		va_desk_ask(desk, AWAIT_TIME, ACT_ASK_HOUR);
	else
	{
		desk->when = wanted->when;
		desk->agreed = false;
		if (clock && wanted->minutes >= 0)
			va_desk_propose(desk, &from);
		va_desk_proceed(desk);
	}
}

void
va_desk_take_time(Desk *desk, const Heard *heard)
{
	Heard *wanted = &desk->wanted;
	Heard before = *wanted;
	bool clock = desk->assistant->now != NULL;

	*wanted = *heard;
	/* The day of that name next to the one that was talked about. */
	if (heard->weekday != 0 && before.day && before.at.day > heard->at.day)
		wanted->at.day = before.at.day + (heard->weekday - va_weekday(before.at.day) + 10) % 7 - 3;
	wanted->weekday = clock ? 0 : heard->weekday;
	if (heard->later != 0 && before.minutes >= 0)
	{
		*wanted = before;
		wanted->minutes = wanted->at.minutes = (before.minutes + heard->later + 1440) % 1440;
	}
	else if (!heard->day && (before.day || desk->nslots > 0))
	{
		wanted->day = true;
		wanted->at.day = before.day ? before.at.day : desk->slots[0].day;
		if (!clock && before.when != NULL && before.minutes < 0)
			wanted->when = va_desk_joined(desk, before.when, heard->when);
	}
	else if (heard->day && heard->minutes < 0 && heard->part < 0 && before.minutes >= 0)
	{
		wanted->minutes = wanted->at.minutes = before.minutes;
		wanted->half_open = before.half_open;
	}
	va_desk_find_times(desk);
}

static void
ask_step(Desk *desk, Await step)
{
	if (step == AWAIT_NUMBER && desk->number != NULL)
		step = AWAIT_NUMBER_RIGHT;
	if (step != AWAIT_TIME)
		va_desk_ask(desk, step, step == AWAIT_YES ? deeds[desk->deed].reads_back : asks[step]);
	else if (desk->await == AWAIT_TIME)
		va_desk_ask_time(desk);
	else
	{
		desk->await = AWAIT_TIME;
		va_desk_find_times(desk);
	}
}

void
va_desk_rest(Desk *desk, Act act)
{
	desk->deed = DEED_NONE;
	desk->lost = 0;
	va_desk_ask(desk, AWAIT_ANYTHING, desk->assistant->inbound ? act : ACT_GOODBYE);
}

static const char *
argument_of(const Desk *desk, const char *name)
{
	const struct
	{
		const char *name;
		const char *value;
	} known[] = { { "name", desk->name }, { "listing", desk->listing }, { "note", desk->note },
		{ "day", desk->old_day }, { "message", desk->words }, { "phone", desk->number } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].value;
	return desk->starts_at != NULL ? desk->starts_at : desk->when;
}

static void
do_deed(Desk *desk)
{
	Deed deed = desk->deed;
	const char *const *name = deeds[deed].arguments;

	desk->callback = desk->callback || deed == DEED_CALL;
	if (va_desk_want(desk, deeds[deed].tool, *name, argument_of(desk, *name)))
		while (*++name != NULL)
			va_json_set_text(desk->arguments, *name, argument_of(desk, *name));
	else if (deed == DEED_MESSAGE)
	{
		va_desk_act(desk, ACT_MESSAGE_KEPT);
		va_desk_rest(desk, ACT_ELSE);
	}
	else if (desk->assistant->inbound)
		va_desk_begin_message(desk, desk->trail);
	else
	{
		desk->booked = desk->booked || deed == DEED_BOOK;
		va_desk_act(desk, deed == DEED_BOOK								? ACT_BOOKED
						  : deed != DEED_CALL							? ACT_CONTACTED
						  : desk->when == NULL || desk->when[0] == '\0' ? ACT_CALLBACK_LATER
																		: ACT_CALLBACK_SET);
	}
}

/* Asks for the first thing that the deed lacks, or does it. */
void
va_desk_proceed(Desk *desk)
{
	for (int i = 0; i < STEPS_MAX && deeds[desk->deed].steps[i] != AWAIT_ANYTHING; i++)
		if (lacks(desk, deeds[desk->deed].steps[i]))
		{
			ask_step(desk, deeds[desk->deed].steps[i]);
			return;
		}
	do_deed(desk);
}

void
va_desk_begin_deed(Desk *desk, Deed deed, const Heard *heard)
{
	/* A request that cannot be noted is a message, and no time is promised. */
	if (deed == DEED_CALL && desk->assistant->inbound && !va_desk_may_use(desk->assistant, "call_back"))
	{
		va_desk_begin_message(desk, heard->text);
		return;
	}
	desk->deed = deed;
	desk->await = AWAIT_ANYTHING;
	desk->agreed = false;
	desk->when = desk->starts_at = desk->note = NULL;
	desk->trail = heard->text;
	desk->lost = desk->nslots = 0;
	desk->unsaid = false;
	/* Another hour of a booking is on its day. */
	if (deed == DEED_MOVE && desk->booked && heard->minutes >= 0 && !heard->day)
	{
		va_desk_take_time(desk, heard);
		return;
	}
	desk->wanted = (Heard){ .minutes = -1, .part = -1 };
	/* The day alone of an appointment that is to be moved is the old one. */
	if (va_desk_has_step(desk, AWAIT_TIME) && heard->when != NULL &&
		(heard->minutes >= 0 || (heard->day && (deed != DEED_MOVE || desk->booked))))
		desk->wanted = *heard;
	va_desk_proceed(desk);
}

void
va_desk_begin_message(Desk *desk, const char *words)
{
	desk->deed = DEED_MESSAGE;
	/* A question asked before the offer goes with it. */
	desk->words = va_desk_joined(desk, desk->await == AWAIT_MESSAGE ? desk->words : NULL, words);
	desk->unsaid = desk->unsaid && words == NULL;
	desk->lost = 0;
	va_desk_proceed(desk);
}

void
va_desk_offer_message(Desk *desk, const char *words, Act act)
{
	bool goes_on = desk->await == AWAIT_MESSAGE || desk->deed == DEED_MESSAGE;

	desk->deed = DEED_NONE;
	desk->words = va_desk_joined(desk, goes_on ? desk->words : NULL, words);
	va_desk_ask(desk, AWAIT_MESSAGE, act);
}

bool
va_desk_is_stuck(Desk *desk)
{
	if (++desk->lost <= LOST_MAX)
		return false;
	if (desk->assistant->inbound)
		va_desk_offer_message(desk, desk->trail, ACT_CANNOT);
	else
		va_desk_act(desk, ACT_GOODBYE);
	return true;
}

void
va_desk_again(Desk *desk)
{
	if (desk->await == AWAIT_CHOICE)
		desk->when = va_desk_say_moments(desk->slots, desk->nslots, desk->assistant->language, desk->arena);
	if (desk->await == AWAIT_PERMISSION && desk->assistant->offer != NULL)
		desk->await = AWAIT_INTEREST;
	if (desk->await >= AWAIT_TIME && desk->await < AWAIT_OVER)
		ask_step(desk, desk->await);
	else if (desk->await == AWAIT_PERMISSION)
		va_desk_pitch(desk, &(Heard){ .text = "", .folded = " ", .minutes = -1, .part = -1 });
	else
		va_desk_act(desk, desk->await == AWAIT_INTEREST && !desk->pitched ? ACT_PITCH : asks[desk->await]);
}

/* ---- calls that we make ---- */

static void
ask_next(Desk *desk, const Heard *heard)
{
	Objective objective = desk->assistant->objective;

	if (desk->question < desk->assistant->nquestions)
	{
		desk->asked = desk->assistant->questions[desk->question++].text;
		va_desk_ask(desk, AWAIT_ANSWER, ACT_ASK);
	}
	else if (objective == OBJECTIVE_APPOINTMENT || objective == OBJECTIVE_CALLBACK)
		va_desk_begin_deed(desk, objective == OBJECTIVE_CALLBACK ? DEED_CALL : DEED_BOOK, heard);
	else
		va_desk_ask(desk, AWAIT_CONTACT, ACT_OFFER_CONTACT);
}

/* An assistant that has only a prompt offers that a person calls. */
void
va_desk_pitch(Desk *desk, const Heard *heard)
{
	if (desk->assistant->offer != NULL)
	{
		va_desk_ask(desk, AWAIT_INTEREST, ACT_PITCH);
		return;
	}
	if (!desk->pitched)
		va_desk_act(desk, ACT_WHO_SHORT);
	desk->pitched = true;
	va_desk_begin_deed(desk, DEED_CALL, heard);
	if (desk->await == AWAIT_TIME)
		desk->acts[desk->nacts - 1] = ACT_PERSON_CALLS;
}

bool
va_desk_hear_called(Desk *desk, const Heard *heard)
{
	if (desk->await < AWAIT_PERMISSION || desk->await > AWAIT_CONTACT)
		return false;
	if (desk->await == AWAIT_ANSWER)
	{
		desk->given[desk->question - 1] = heard->text;
		va_desk_act(desk, ACT_ACKNOWLEDGE);
		ask_next(desk, &(Heard){ .text = heard->text, .minutes = -1, .part = -1 });
	}
	else if (MEANS(heard, MEANS_REFUSE) || MEANS(heard, MEANS_DOUBT))
	{
		desk->refused = MEANS(heard, MEANS_REFUSE) && ++desk->refusals >= REFUSALS_MAX;
		va_desk_act(desk, desk->refused ? ACT_REFUSED : ACT_SOFT);
	}
	else if ((heard->day || heard->minutes >= 0) && (MEANS(heard, MEANS_VISIT) || MEANS(heard, MEANS_AGREE)))
		va_desk_begin_deed(desk, DEED_BOOK, heard);
	else if (MEANS(heard, MEANS_SEND) || MEANS(heard, MEANS_THINK) ||
			 (desk->await == AWAIT_CONTACT && MEANS(heard, MEANS_AGREE)))
	{
		desk->interested = true;
		va_desk_act(desk, ACT_CONTACTED);
	}
	else if (desk->await == AWAIT_INTEREST && MEANS(heard, MEANS_AGREE))
	{
		desk->interested = true;
		ask_next(desk, heard);
	}
	else if (MEANS(heard, MEANS_GOODBYE))
		va_desk_act(desk, ACT_GOODBYE);
	else if (desk->await == AWAIT_PERMISSION)
		va_desk_pitch(desk, heard);
	else
		return false;
	return true;
}

/* ---- what may be said at any time ---- */

bool
va_desk_hear_end(Desk *desk, const Heard *heard)
{
	bool inbound = desk->assistant->inbound;

	if (MEANS(heard, MEANS_OPT_OUT))
	{
		desk->opted_out = true;
		if (!va_desk_want(desk, "opt_out", "", NULL))
			va_desk_act(desk, ACT_OPTED_OUT);
	}
	else if (MEANS(heard, MEANS_VOICEMAIL) && !inbound)
	{
		desk->machine = true;
		va_desk_act(desk, ACT_VOICEMAIL);
	}
	else if (MEANS(heard, MEANS_WRONG_PERSON))
	{
		desk->wrong_person = true;
		va_desk_act(desk, inbound ? ACT_LEAVE : ACT_WRONG_PERSON);
	}
	else if (MEANS(heard, MEANS_SWEARING))
	{
		desk->refused = ++desk->insults >= INSULTS_MAX;
		va_desk_act(desk, desk->refused ? ACT_PEACE : inbound ? ACT_HELP : ACT_CALM);
	}
	else
		return false;
	return true;
}

bool
va_desk_hear_aside(Desk *desk, const Heard *heard)
{
	static const struct
	{
		Meaning meaning;
		Act act;
	} asides[] = { { MEANS_INJECTION, ACT_CANNOT_HERE }, { MEANS_SOURCE, ACT_SOURCE }, { MEANS_STOP, ACT_STOP },
		{ MEANS_RECORDED, ACT_RECORDED }, { MEANS_ROBOT, ACT_ROBOT }, { MEANS_LANGUAGES, ACT_SPEAKS_EN },
		{ MEANS_OTHER_LANGUAGE, ACT_SPEAKS_EN }, { MEANS_CAN, ACT_CAN }, { MEANS_WHO, ACT_WHO } };

	for (size_t i = 0; i < sizeof(asides) / sizeof(asides[0]); i++)
	{
		Act act = asides[i].act;

		if (!MEANS(heard, asides[i].meaning))
			continue;
		desk->reply = heard->spoken;
		va_desk_act(desk, act == ACT_SPEAKS_EN						   ? act + desk->assistant->language
						  : act == ACT_WHO && desk->assistant->inbound ? ACT_WHO_SHORT
						  : act == ACT_CAN && !va_desk_may_use(desk->assistant, "free_slots") ? ACT_CAN_MESSAGE
																							  : act);
		if (desk->reply == desk->assistant->language)
			va_desk_again(desk);
		return true;
	}
	if (MEANS(heard, MEANS_AGAIN))
		va_desk_again(desk);
	return MEANS(heard, MEANS_AGAIN);
}

int
va_desk_common_words(const char *folded, const char *other)
{
	int common = 0;

	for (const char *word = folded; word[0] != '\0' && word[1] != '\0'; word += strcspn(word + 1, " ") + 1)
	{
		int len = (int) strcspn(word + 1, " ") + 2;
		char needle[32];

		snprintf(needle, sizeof(needle), "%.*s", len, word);
		common += len >= 6 && len < (int) sizeof(needle) && strstr(other, needle) != NULL;
	}
	return common;
}

bool
va_desk_answer_known(Desk *desk, const Heard *heard)
{
	const Assistant *assistant = desk->assistant;
	const char *answer = MEANS(heard, MEANS_PRICE) ? assistant->price : NULL;
	int most = 0;

	for (int i = 0; i < assistant->nobjections; i++)
	{
		int common = va_desk_common_words(assistant->objections[i], heard->folded);

		/* "about" and "what" are in anything: require more than half of the words, or the only one. */
		if (common * 2 <= va_desk_common_words(assistant->objections[i], assistant->objections[i]) || common <= most)
			continue;
		most = common;
		answer = assistant->answers[i];
	}
	if (answer == NULL)
		return false;
	desk->answer = answer;
	va_desk_act(desk, ACT_ANSWER);
	return true;
}
