/*-------------------------------------------------------------------------
 * desk_turn.c
 *		The desk's reaction to a turn of the person, or to the answer of a tool.
 *
 * Each request rebuilds the state from all of these: nothing is remembered.
 */
#include "desk.h"

#include <string.h>

#define SILENCES_MAX 3
/* The least words of a message. */
#define MESSAGE_WORDS 5
/* The most words of a turn that gives a telephone number and nothing else. */
#define NUMBER_WORDS 16

static bool
means(const Heard *heard, uint64_t meanings)
{
	return (heard->meanings & meanings) != 0;
}

/* ---- times ---- */

/* Whether the slot is the time of the turn, as far as the turn names one. */
static bool
is_wanted(const Desk *desk, const Heard *wanted, const VaMoment *slot)
{
	if (wanted->minutes >= 0 && slot->minutes != wanted->minutes &&
		!(wanted->half_open && slot->minutes % 720 == wanted->minutes % 720))
		return false;
	if (!wanted->day || (desk->assistant->now == NULL && wanted->weekday == 0))
		return true;
	return wanted->weekday != 0 ? wanted->weekday == va_weekday(slot->day) : wanted->at.day == slot->day;
}

/* The slot that the turn chooses by its place or its hour, or NULL. */
static const VaMoment *
chosen_slot(const Desk *desk, const Heard *heard)
{
	for (int i = 0; i < desk->nslots; i++)
		if (heard->timed ? heard->minutes >= 0 && is_wanted(desk, heard, &desk->slots[i])
						 : MEANS(heard, i == 0 ? MEANS_FIRST : MEANS_SECOND))
			return &desk->slots[i];
	return NULL;
}

/* ---- the answer to what the deed has asked ---- */

/* To the read-back: only a clear yes agrees; what names another time, or a part of it, is another wish. */
static bool
hear_yes(Desk *desk, const Heard *heard)
{
	bool timed = va_desk_has_step(desk, AWAIT_TIME);
	bool named = timed && heard->timed;
	const VaMoment *slot = timed && desk->starts_at != NULL ? chosen_slot(desk, heard) : NULL;
	bool same = desk->starts_at != NULL
					? is_wanted(desk, heard, &desk->wanted.at)
					: desk->when != NULL && heard->when != NULL && strcmp(desk->when, heard->when) == 0;

	if (slot != NULL && strcmp(va_desk_iso(slot, desk->arena), desk->starts_at) != 0)
		va_desk_propose(desk, slot);
	else if (named && !same)
	{
		va_desk_take_time(desk, heard);
		return true;
	}
	else if (desk->deed == DEED_CANCEL && heard->day)
		desk->old_day = heard->when;
	else if (va_desk_clear_yes(heard, desk->assistant->language, desk->arena) ||
			 (desk->deed == DEED_CANCEL && MEANS(heard, MEANS_CANCEL) && MEANS(heard, MEANS_AGREE) && !heard->denies &&
				 !heard->asks && !MEANS(heard, MEANS_BUT)))
		desk->agreed = true;
	else if (slot == NULL && timed && (heard->denies || heard->unclear))
	{
		if (!va_desk_is_stuck(desk))
			va_desk_ask_time(desk);
		return true;
	}
	else if (slot == NULL && heard->denies)
	{
		va_desk_rest(desk, ACT_ELSE);
		return true;
	}
	/* A name or a number was taken down; anything else may be a wish. */
	else if (slot == NULL && heard->name == NULL && heard->number == NULL && !named &&
			 (heard->asks || !MEANS(heard, MEANS_AGREE)))
		return false;
	else if (heard->name == NULL && va_desk_is_stuck(desk))
		return true;
	va_desk_proceed(desk);
	return true;
}

/* To the question for a time, or to the choice between times: "yes" to two of them is none. */
static bool
hear_when(Desk *desk, const Heard *heard)
{
	const VaMoment *slot = desk->await == AWAIT_CHOICE ? chosen_slot(desk, heard) : NULL;

	if (slot != NULL)
	{
		va_desk_propose(desk, slot);
		va_desk_proceed(desk);
	}
	else if (heard->timed)
		va_desk_take_time(desk, heard);
	else if (heard->unclear)
		va_desk_ask_time(desk);
	else if (desk->deed == DEED_CALL && (means(heard, M(ANY) | M(CALLBACK)) || heard->when != NULL))
	{
		desk->when = "";
		desk->agreed = true;
		va_desk_proceed(desk);
	}
	else if (heard->when != NULL || MEANS(heard, MEANS_ANY))
	{
		desk->wanted = *heard;
		va_desk_find_times(desk);
	}
	else if (heard->asks || !means(heard, M(REFUSE) | M(NO) | M(AGREE)))
		return false;
	else if ((MEANS(heard, MEANS_REFUSE) && desk->lost > 0) || (heard->denies && MEANS(heard, MEANS_THANKS)))
		va_desk_rest(desk, ACT_ELSE);
	else if (va_desk_is_stuck(desk))
		;
	else if (MEANS(heard, MEANS_AGREE))
		va_desk_again(desk);
	else
		va_desk_ask_time(desk);
	return true;
}

/* To "May I take it down?" */
static bool
hear_offered_message(Desk *desk, const Heard *heard)
{
	bool longer = heard->words >= MESSAGE_WORDS;
	bool tells = MEANS(heard, MEANS_MESSAGE);
	bool wishes = (heard->day && (heard->minutes >= 0 || heard->part >= 0)) ||
				  (heard->unclear && heard->words < 2 * MESSAGE_WORDS) ||
				  means(heard, M(VISIT) | M(SEARCH) | M(CANCEL) | M(MOVE) | M(PRICE) | M(HOURS) | M(CALLBACK));

	if (means(heard, M(NO_MESSAGE) | M(GOODBYE)) || (heard->denies && !tells))
	{
		va_desk_rest(desk, MEANS(heard, MEANS_GOODBYE) ? ACT_LEAVE : ACT_ELSE);
		return true;
	}
	/* A question or another wish comes first; what it says goes with the message. */
	if (!tells && !va_desk_clear_yes(heard, desk->assistant->language, desk->arena) &&
		(wishes || heard->asks || (!longer && !MEANS(heard, MEANS_AGREE) && heard->name == NULL)))
	{
		desk->words = longer ? va_desk_joined(desk, desk->words, heard->text) : desk->words;
		return false;
	}
	va_desk_begin_message(desk, longer ? heard->text : NULL);
	return true;
}

/* To the question for a number, or to its read-back.  No caller is asked for ever: the number of the call remains. */
static void
hear_number(Desk *desk, const Heard *heard)
{
	if (desk->deed == DEED_MESSAGE && heard->number == NULL && heard->words > MESSAGE_WORDS &&
		!MEANS(heard, MEANS_SAME_NUMBER))
		desk->words = va_desk_joined(desk, desk->words, heard->text);
	if (heard->number == NULL && desk->await == AWAIT_NUMBER_RIGHT && (heard->denies || !MEANS(heard, MEANS_AGREE)))
	{
		desk->number = NULL;
		va_desk_ask(desk, AWAIT_NUMBER, ACT_ASK_NUMBER);
		return;
	}
	if (heard->number == NULL)
		desk->number_known = desk->await == AWAIT_NUMBER_RIGHT || heard->denies ||
							 means(heard, M(SAME_NUMBER) | M(AGREE) | M(GOODBYE)) || ++desk->lost > 1;
	if (desk->deed != DEED_NONE)
		va_desk_proceed(desk);
	else if (desk->number_known)
		va_desk_rest(desk, ACT_ELSE);
	else
		va_desk_ask(desk, AWAIT_NUMBER_RIGHT, ACT_READ_NUMBER);
}

/* The thing on offer that the turn names by its place or by a word of its title. */
static bool
choose_listing(Desk *desk, const Heard *heard)
{
	int chosen = MEANS(heard, MEANS_FIRST) ? 0 : MEANS(heard, MEANS_SECOND) ? 1 : -1;

	for (int i = 0; chosen < 0 && i < desk->nlistings; i++)
	{
		const char *title = va_desk_fold(desk->titles[i], strlen(desk->titles[i]), desk->arena);

		if (title != NULL && va_desk_common_words(title, heard->folded) > 0)
			chosen = i;
	}
	if (chosen < 0 || chosen >= desk->nlistings)
		return false;
	desk->listing = desk->listings[chosen];
	desk->title = desk->titles[chosen];
	return true;
}

/* Returns false if the turn is about something else. */
static bool
hear_step(Desk *desk, const Heard *heard)
{
	bool bare = means(heard, M(AGREE) | M(REFUSE) | M(THANKS) | M(NO) | M(ANY) | M(GOODBYE));
	bool longer = heard->words > MESSAGE_WORDS;

	if (desk->deed == DEED_MESSAGE && MEANS(heard, MEANS_NO_MESSAGE))
	{
		va_desk_rest(desk, MEANS(heard, MEANS_GOODBYE) ? ACT_LEAVE : ACT_ELSE);
		return true;
	}
	switch (desk->await)
	{
		case AWAIT_YES:
			return hear_yes(desk, heard);
		case AWAIT_CHOICE:
		case AWAIT_TIME:
			return hear_when(desk, heard);
		case AWAIT_MESSAGE:
			return hear_offered_message(desk, heard);
		case AWAIT_NUMBER:
		case AWAIT_NUMBER_RIGHT:
			hear_number(desk, heard);
			return true;
		case AWAIT_VISIT:
			if (heard->denies && !MEANS(heard, MEANS_GOODBYE))
			{
				va_desk_rest(desk, ACT_ELSE);
				return true;
			}
			if (!choose_listing(desk, heard) && !means(heard, M(AGREE) | M(VISIT)) && !heard->timed)
				return false;
			if (desk->listing == NULL)
				va_desk_act(desk, ACT_WHICH);
			else
				va_desk_begin_deed(desk, DEED_BOOK, heard);
			return true;
		case AWAIT_OLD_DAY:
			if (!heard->day)
				return false;
			/* With an hour it is the new time. */
			if (heard->minutes >= 0 && desk->deed == DEED_MOVE)
				desk->wanted = *heard;
			else
				desk->old_day = heard->when;
			if (heard->minutes >= 0 && va_desk_is_stuck(desk))
				return true;
			break;
		case AWAIT_WORDS:
			if (means(heard, M(GOODBYE) | M(NO_MESSAGE)))
				return false;
			if (longer || (heard->name == NULL && heard->number == NULL && !bare))
				desk->words = va_desk_joined(desk, desk->words, heard->text);
			desk->unsaid = false;
			break;
		case AWAIT_NAME:
			if (va_desk_has_step(desk, AWAIT_TIME) && heard->timed)
			{
				va_desk_take_time(desk, heard);
				return true;
			}
			if ((longer || heard->timed) && desk->deed == DEED_MESSAGE)
				desk->words = va_desk_joined(desk, desk->words, heard->text);
			desk->number_known = desk->number_known || MEANS(heard, MEANS_GOODBYE);
			if (heard->name == NULL && (longer || bare || heard->timed))
				desk->name = longer || heard->denies || MEANS(heard, MEANS_GOODBYE) || ++desk->lost > 1 ? "" : NULL;
			else
				desk->name = va_desk_name(heard, desk->assistant->language, desk->arena);
			break;
		default:
			return false;
	}
	va_desk_proceed(desk);
	return true;
}

/* ---- wishes ---- */

/* Looks up what is on offer: what somebody seeks, a house by its address, or the price of the last one. */
static bool
look_up(Desk *desk, const Heard *heard)
{
	bool address = strpbrk(heard->text, "0123456789") != NULL && heard->when == NULL && heard->number == NULL &&
				   !heard->unclear && heard->words > 2 && heard->words < 2 * MESSAGE_WORDS;

	desk->asked_for = heard->text;
	desk->by_address = address && strstr(heard->folded, " bed") == NULL;
	return (MEANS(heard, MEANS_PRICE) && desk->listing != NULL &&
			   va_desk_want(desk, "lookup_listing", "listing", desk->listing)) ||
		   ((MEANS(heard, MEANS_SEARCH) || address) && va_desk_want(desk, "find_listings", "words", heard->text));
}

/* "12 Elm Court" outside of the words of a time. */
static bool
names_house(const Heard *heard)
{
	for (const char *c = heard->text; (c = strpbrk(c, "0123456789")) != NULL; c += strspn(c, "0123456789"))
	{
		size_t n = strspn(c, "0123456789");
		const char *time = heard->when == NULL ? NULL : strstr(heard->text, heard->when);

		if (c[n] == ' ' && c[n + 1] >= 'A' && c[n + 1] <= 'Z' && c[n + 2] >= 'a' &&
			(time == NULL || c < time || c >= time + strlen(heard->when)))
			return true;
	}
	return false;
}

/* A request for something that a tool or a person can do. */
static bool
hear_wish(Desk *desk, const Heard *heard)
{
	const Assistant *assistant = desk->assistant;
	bool booking = desk->deed == DEED_BOOK && !desk->booked;

	if (MEANS(heard, MEANS_MESSAGE) && !MEANS(heard, MEANS_NO_MESSAGE))
		va_desk_begin_message(desk, heard->words > MESSAGE_WORDS + 2 ? heard->text : desk->words);
	/* The deeds of a person. */
	else if (assistant->inbound && means(heard, M(OFFER) | M(SEND)) && !booking)
		va_desk_begin_message(desk, heard->text);
	else if (MEANS(heard, MEANS_CANCEL) || (MEANS(heard, MEANS_MOVE) && !booking && desk->deed != DEED_MOVE) ||
			 (desk->booked && desk->deed == DEED_NONE && heard->timed && !means(heard, M(CALLBACK) | M(VISIT))))
	{
		desk->old_day = heard->day && heard->minutes < 0 && !desk->booked ? heard->when : desk->old_day;
		va_desk_begin_deed(desk, MEANS(heard, MEANS_CANCEL) ? DEED_CANCEL : DEED_MOVE, heard);
	}
	else if (MEANS(heard, MEANS_CALLBACK) || (MEANS(heard, MEANS_BUSY) && !assistant->inbound))
		va_desk_begin_deed(desk, DEED_CALL, heard);
	else if (look_up(desk, heard))
		;
	else if (!booking && names_house(heard) && heard->timed &&
			 va_desk_want(desk, "find_listings", "words", heard->text))
	{
		desk->asked_for = heard->text;
		desk->by_address = desk->then_books = true;
		desk->pending = *heard;
	}
	else if (!booking &&
			 (MEANS(heard, MEANS_VISIT) || heard->unclear || (heard->day && (heard->minutes >= 0 || heard->part >= 0))))
		va_desk_begin_deed(desk, DEED_BOOK, heard);
	else
		return false;
	return true;
}

/* Any other turn: a question is looked up, and what is not known can be taken down. */
static void
hear_anything(Desk *desk, const Heard *heard)
{
	bool inbound = desk->assistant->inbound;
	bool waits = desk->await != AWAIT_ANYTHING;
	bool leaves = MEANS(heard, MEANS_GOODBYE) ||
				  (!waits && heard->words < 2 * MESSAGE_WORDS && (heard->denies || MEANS(heard, MEANS_THANKS)));
	bool agrees = va_desk_clear_yes(heard, desk->assistant->language, desk->arena);

	if (MEANS(heard, MEANS_HOURS) && desk->assistant->hours != NULL)
	{
		desk->answer = desk->assistant->hours;
		va_desk_act(desk, ACT_ANSWER);
	}
	else if (!va_desk_answer_known(desk, heard) && inbound && MEANS(heard, MEANS_THINK))
		va_desk_act(desk, ACT_ACKNOWLEDGE);
	if (desk->nacts > 0 && waits)
		va_desk_again(desk);
	else if (desk->nacts > 0)
		va_desk_act(desk, inbound ? ACT_ELSE : ACT_GOODBYE);
	else if (inbound && !waits && heard->name != NULL && heard->words <= MESSAGE_WORDS && !heard->asks)
		va_desk_act(desk, ACT_HELP);
	else if (inbound && !leaves && heard->words >= MESSAGE_WORDS - 1 - heard->asks && (heard->asks || !agrees) &&
			 (!waits || heard->asks) && va_desk_want(desk, "find_knowledge", "question", heard->text))
		desk->asked_for = heard->text;
	else if (leaves)
		va_desk_act(desk, inbound ? ACT_LEAVE : ACT_GOODBYE);
	/* "Hello?", "Yes." */
	else if (inbound && !waits && (heard->words < (heard->asks ? 3 : MESSAGE_WORDS) || agrees))
		va_desk_act(desk, ACT_HELP);
	else if (inbound && !waits)
		va_desk_offer_message(desk, heard->text, ACT_CANNOT);
	else if (!va_desk_is_stuck(desk))
	{
		if (heard->asks || !inbound)
			va_desk_act(desk, ACT_CANNOT_HERE);
		va_desk_again(desk);
	}
}

/* ---- a turn ---- */

/* The turn's values, whatever was asked: a name, a number, and the person's words. */
static void
take_down(Desk *desk, const Heard *heard)
{
	desk->name = heard->name != NULL ? heard->name : desk->name;
	desk->number_known = desk->number_known && heard->number == NULL;
	desk->number = heard->number != NULL ? heard->number : desk->number;
	if (desk->deed != DEED_NONE && heard->words > 2)
		desk->trail = va_desk_joined(desk, desk->trail, heard->text);
}

static void
hear_person_wanted(Desk *desk, const Heard *heard)
{
	desk->asked_for = heard->text;
	desk->unsaid = heard->words < 3 * MESSAGE_WORDS;
	if (MEANS(heard, MEANS_NO_MESSAGE) && desk->await == AWAIT_MESSAGE)
	{
		va_desk_act(desk, ACT_NOBODY);
		va_desk_rest(desk, ACT_ELSE);
	}
	else if (va_desk_want(desk, "transfer", "reason", heard->text))
		;
	else if (!desk->assistant->inbound)
		va_desk_begin_deed(desk, DEED_CALL, heard);
	else
	{
		va_desk_act(desk, ACT_NOBODY);
		va_desk_offer_message(desk, heard->text, ACT_OFFER_MESSAGE);
	}
}

void
va_desk_hear(Desk *desk, const char *said)
{
	Heard turn;
	const Heard *heard = &turn;
	bool inbound = desk->assistant->inbound;
	bool dictates;

	va_desk_hear_turn(said == NULL ? "" : said, desk->assistant->language, &desk->now, desk->arena, &turn);
	if (va_desk_has_step(desk, AWAIT_TIME) &&
		(desk->await == AWAIT_YES || desk->await == AWAIT_TIME || desk->await == AWAIT_CHOICE))
		va_desk_hear_hour(&turn, desk->assistant->language, &desk->now, desk->arena);
	dictates = desk->await == AWAIT_WORDS && heard->words >= MESSAGE_WORDS;
	desk->nacts = 0;
	desk->wants = NULL;
	desk->reply = desk->assistant->language;
	if (desk->await == AWAIT_OVER)
	{
		/* An opt-out still counts after the goodbye. */
		if (!MEANS(heard, MEANS_OPT_OUT) || !va_desk_hear_end(desk, heard))
			va_desk_act(desk, ACT_GOODBYE);
		return;
	}
	if (MEANS(heard, MEANS_SILENCE))
	{
		va_desk_act(desk, ++desk->silences < SILENCES_MAX ? ACT_STILL_THERE : inbound ? ACT_LEAVE : ACT_GIVE_UP);
		return;
	}
	desk->silences = 0;
	if (va_desk_hear_end(desk, heard) || (!dictates && va_desk_hear_aside(desk, heard)))
		return;
	take_down(desk, heard);
	if (MEANS(heard, MEANS_PERSON))
		hear_person_wanted(desk, heard);
	else if (!inbound && desk->deed == DEED_NONE && desk->await != AWAIT_ANSWER && means(heard, M(CALLBACK) | M(BUSY)))
		va_desk_begin_deed(desk, DEED_CALL, heard);
	else if (!inbound && desk->deed == DEED_NONE && desk->await != AWAIT_ANSWER && va_desk_answer_known(desk, heard))
		va_desk_again(desk);
	else if (va_desk_hear_called(desk, heard) || hear_step(desk, heard))
		;
	else if (heard->number != NULL && desk->deed == DEED_NONE && heard->words <= NUMBER_WORDS)
		va_desk_ask(desk, AWAIT_NUMBER_RIGHT, ACT_READ_NUMBER);
	else if (!hear_wish(desk, heard))
		hear_anything(desk, heard);
}

/* ---- answers of tools ---- */

/* Whether the time that is wanted is among those that are free: then it is read back. */
static bool
found_wanted(Desk *desk, const json_t *data)
{
	json_t *one;
	size_t i;

	json_array_foreach(desk->wanted.minutes < 0 ? NULL : va_json_array(data, "times"), i, one)
	{
		VaMoment slot;

		if (!json_is_string(one) || !va_moment_at(json_string_value(one), &slot) ||
			!is_wanted(desk, &desk->wanted, &slot))
			continue;
		desk->nacts = 0;
		va_desk_propose(desk, &slot);
		va_desk_proceed(desk);
		return true;
	}
	/* "In the morning" may begin before it is open. */
	if (desk->wanted.minutes < 0 && desk->nacts == 2 && desk->acts[0] == ACT_CLOSED)
		desk->acts[0] = desk->acts[--desk->nacts];
	if (desk->nacts == 1 && desk->nslots > 0 &&
		(desk->wanted.minutes >= 0 ||
			(desk->wanted.day && desk->assistant->now != NULL && desk->wanted.at.day != desk->slots[0].day)))
	{
		desk->acts[desk->nacts++] = desk->acts[0];
		desk->acts[0] = desk->wanted.minutes >= 0 ? ACT_TAKEN : ACT_NONE_FREE;
	}
	return false;
}

/* The object of the search is missing: perhaps the documents know, or else a person. */
static void
not_found(Desk *desk, bool listing)
{
	desk->nacts = 0;
	if (listing && va_desk_want(desk, "find_knowledge", "question", desk->asked_for))
		return;
	if (desk->deed == DEED_NONE)
		va_desk_offer_message(desk, desk->asked_for, ACT_CANNOT);
	else
	{
		desk->note = va_desk_joined(desk, desk->note, desk->asked_for);
		va_desk_act(desk, ACT_CANNOT_HERE);
		va_desk_again(desk);
	}
}

void
va_desk_tool(Desk *desk, const char *tool, const json_t *data)
{
	bool waits = desk->deed != DEED_NONE;
	Act last;

	va_desk_say_tool(desk, data);
	if (strcmp(tool, "free_slots") == 0 && found_wanted(desk, data))
		return;
	last = desk->acts[desk->nacts - 1];
	if (last == ACT_SLOTS || last == ACT_ONE_SLOT)
	{
		/* A single one is its own read-back. */
		desk->deed = waits ? desk->deed : DEED_BOOK;
		desk->agreed = false;
		desk->await = last == ACT_SLOTS ? AWAIT_CHOICE : AWAIT_YES;
		if (last == ACT_ONE_SLOT)
			va_desk_propose(desk, &desk->slots[0]);
	}
	else if (last == ACT_ASK_TIME || last == ACT_OFFER_MESSAGE)
	{
		desk->nacts--;
		if (last == ACT_OFFER_MESSAGE)
			va_desk_offer_message(desk, waits ? desk->trail : desk->asked_for, ACT_OFFER_MESSAGE);
		else if (!va_desk_is_stuck(desk))
			va_desk_ask_time(desk);
	}
	else if (last == ACT_ASK_NUMBER)
	{
		desk->words = desk->deed == DEED_MESSAGE ? desk->words : desk->trail;
		desk->deed = DEED_MESSAGE;
		desk->number = NULL;
		desk->number_known = false;
		desk->await = AWAIT_NUMBER;
	}
	else if (last == ACT_NO_BOOKING)
		va_desk_offer_message(desk, desk->trail, ACT_OFFER_MESSAGE);
	else if (last == ACT_NOT_FOUND || last == ACT_NOT_KNOWN)
		not_found(desk, last == ACT_NOT_FOUND);
	else if (desk->then_books && (last == ACT_FOUND || last == ACT_NOT_FOUND))
	{
		desk->nacts = 0;
		desk->then_books = false;
		va_desk_begin_deed(desk, DEED_BOOK, &desk->pending);
	}
	else if (last == ACT_FOUND && !waits)
		va_desk_ask(desk, AWAIT_VISIT, desk->visits ? ACT_OFFER_VISIT : ACT_OFFER_APPOINTMENT);
	else if ((last == ACT_FOUND || last == ACT_ANSWER) && waits)
		va_desk_again(desk);
	else if (last == ACT_PUT_THROUGH)
		desk->deed = DEED_NONE, desk->await = AWAIT_ANYTHING;
	else if (!va_desk_over(desk))
	{
		desk->booked = (desk->booked || last == ACT_IS_BOOKED || last == ACT_IS_PENDING) && last != ACT_IS_CANCELED;
		desk->appointment = desk->booked && desk->when != NULL ? desk->when : desk->appointment;
		desk->words = last == ACT_MESSAGE_NOTED ? NULL : desk->words;
		va_desk_rest(desk, ACT_ELSE);
	}
}
