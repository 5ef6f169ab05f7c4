/*-------------------------------------------------------------------------
 * talker_in.c
 *		Leads a call that the embedded talker takes: it finds the caller's
 *		request, uses a tool or takes a message, and offers more help.
 *-------------------------------------------------------------------------
 */
#include "talker.h"

#include <string.h>

/* The least words of a message or a search. */
#define MESSAGE_WORDS 5
/* The most questions of the assistant's own before a booking. */
#define QUESTIONS_OF_CALLER 2

static int
count_words(const Heard *heard)
{
	int words = -1;

	for (const char *c = heard->folded; *c != '\0'; c++)
		words += *c == ' ';
	return words;
}

static void
ask(Talk *talk, Stage stage, Act act)
{
	talk->stage = stage;
	va_embedded_act(talk, act);
}

/* What nobody could answer is part of the message. */
static void
take_message(Talk *talk, const Heard *heard)
{
	const char *message = talk->unanswered == NULL || talk->unanswered == heard->text
							  ? heard->text
							  : va_arena_join(talk->arena, talk->unanswered, " ", heard->text, (char *) NULL);

	talk->unanswered = NULL;
	if (va_embedded_want(talk, "take_message", "message", message, "name", talk->name, (char *) NULL))
		return;
	va_embedded_act(talk, ACT_MESSAGE_KEPT);
	ask(talk, STAGE_PERMISSION, ACT_ELSE);
}

static void
take_callback(Talk *talk, const Heard *heard)
{
	if (!va_embedded_want(talk, "call_back", "when", heard->when, "name", talk->name, (char *) NULL))
		take_message(talk, heard);
}

/* Asks for free slots from the time that the turn names, for the listing described last; an hour alone names no day. */
static void
find_times(Talk *talk, const Heard *heard)
{
	const char *when = heard->day || heard->minutes < 0 ? heard->when : NULL;

	if (heard->unclear)
	{
		ask(talk, STAGE_OFFER, ACT_ASK_TIME);
		return;
	}
	/* An hour alone is one of the day that was offered. */
	if (when == NULL && heard->minutes >= 0 && talk->stage == STAGE_SLOTS)
	{
		VaCivilDay offered = va_civil_day(talk->slots[0].day);

		when = va_arena_printf(talk->arena, "%04d-%02d-%02dT%02d:%02d", offered.year, offered.month, offered.day,
			heard->minutes / 60, heard->minutes % 60);
	}
	talk->wanted_minutes = when != NULL ? heard->minutes : -1;
	talk->wanted_weekday = heard->weekday;
	if (!va_embedded_want(talk, "free_slots", "day", when, "listing", talk->listing, (char *) NULL))
	{
		va_embedded_act(talk, ACT_CANNOT);
		ask(talk, STAGE_MESSAGE, ACT_OFFER_MESSAGE);
	}
}

/* Asks a little of what the assistant is to find out, then whether there is more to do. */
void
va_embedded_ask_caller(Talk *talk)
{
	bool more = talk->question < talk->assistant->nquestions && talk->question < QUESTIONS_OF_CALLER;

	if (more)
		talk->asked = talk->assistant->questions[talk->question++].text;
	ask(talk, more ? STAGE_QUESTIONS : STAGE_PERMISSION, more ? ACT_ASK : ACT_ELSE);
}

static void
book(Talk *talk)
{
	if (talk->name == NULL)
		ask(talk, STAGE_NAME, ACT_ASK_NAME);
	else if (!va_embedded_want(talk, "book", "starts_at", talk->starts_at != NULL ? talk->starts_at : talk->when,
				 "name", talk->name, "listing", talk->listing, (char *) NULL))
		ask(talk, STAGE_MESSAGE, ACT_OFFER_MESSAGE);
	else
		talk->booked = true;
}

/* The first number of a turn, without the marks between its groups of digits; NULL without one. */
static const char *
find_amount(const Heard *heard, VaArena *arena)
{
	const char *c = heard->text + strcspn(heard->text, "0123456789");
	VaBuffer digits = { 0 };

	for (; (*c >= '0' && *c <= '9') || (strchr("., ", *c) != NULL && c[0] != '\0' && c[1] >= '0' && c[1] <= '9'); c++)
		if (*c >= '0' && *c <= '9')
			va_buffer_add(&digits, c, 1);
	return digits.used == 0 ? NULL : va_buffer_finish(&digits, arena);
}

static void
take_offer(Talk *talk, const Heard *heard)
{
	static const struct
	{
		const char *word;
		const char *currency;
	} words[] = { { " dol", "USD" }, { " euro", "EUR" }, { " pound", "GBP" }, { " libra", "GBP" }, { " livre", "GBP" },
		{ " pfund", "GBP" }, { " sterlin", "GBP" } };
	const char *currency = NULL;
	const char *amount = find_amount(heard, talk->arena);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(heard->folded, words[i].word) != NULL)
			currency = words[i].currency;
	if (amount == NULL || currency == NULL)
	{
		talk->unanswered = heard->text;
		ask(talk, STAGE_DICTATES, ACT_ASK_AMOUNT);
	}
	else if (!va_embedded_want(talk, "make_offer", "amount", amount, "currency", currency, "listing", talk->listing,
				 "name", talk->name, "subject", talk->listing == NULL ? heard->text : NULL, (char *) NULL))
		take_message(talk, heard);
}

/* After "May I take a message?": the message, unless the turn is another request. */
static bool
hear_message(Talk *talk, const Heard *heard, bool agrees)
{
	const unsigned int others = 1u << MEANS_PERSON | 1u << MEANS_MESSAGE | 1u << MEANS_VISIT | 1u << MEANS_SEARCH |
								1u << MEANS_PRICE | 1u << MEANS_CANCEL | 1u << MEANS_ROBOT | 1u << MEANS_WHO |
								1u << MEANS_HOURS | 1u << MEANS_AGAIN | 1u << MEANS_INJECTION | 1u << MEANS_SEND |
								1u << MEANS_OTHER_LANGUAGE;

	if (MEANS(heard, MEANS_REFUSE) || MEANS(heard, MEANS_GOODBYE) || (heard->meanings & others) != 0)
		return false;
	if (count_words(heard) >= MESSAGE_WORDS || (talk->unanswered != NULL && !agrees))
		take_message(talk, heard);
	else if (agrees || va_talker_capitals(heard->text, talk->arena) != NULL)
		ask(talk, STAGE_DICTATES, ACT_ASK_MESSAGE);
	else
		return false;
	return true;
}

/* Takes the answer to the last question.  Returns false if the turn is about something else. */
static bool
hear_stage(Talk *talk, const Heard *heard)
{
	bool agrees = MEANS(heard, MEANS_AGREE) && !MEANS(heard, MEANS_REFUSE);
	Stage stage = talk->stage;
	const char *name;

	switch (stage)
	{
		case STAGE_SLOTS:
			if (va_embedded_choose_slot(talk, heard))
				return true;
			if (heard->when != NULL)
			{
				find_times(talk, heard);
				return true;
			}
			break;
		case STAGE_OFFER:
			if (heard->when != NULL)
				find_times(talk, heard);
			else if (agrees && !MEANS(heard, MEANS_GOODBYE))
				ask(talk, STAGE_OFFER, ACT_ASK_TIME);
			else
				break;
			return true;
		case STAGE_READ_BACK:
			name = heard->name != NULL ? heard->name : va_talker_capitals(heard->text, talk->arena);
			talk->name = name != NULL ? name : talk->name;
			/* A caller that tells its name agrees. */
			agrees = agrees || (name != NULL && heard->when == NULL && !MEANS(heard, MEANS_REFUSE));
			if (!agrees && !MEANS(heard, MEANS_REFUSE))
				break;
			if (agrees)
				book(talk);
			else
				ask(talk, STAGE_OFFER, ACT_ASK_TIME);
			return true;
		case STAGE_QUESTIONS:
			if (MEANS(heard, MEANS_GOODBYE) || (MEANS(heard, MEANS_THANKS) && count_words(heard) < MESSAGE_WORDS))
				break;
			if (heard->minutes >= 0 &&
				va_embedded_want(talk, "move_booking", "starts_at", heard->when, "name", talk->name, (char *) NULL))
				return true;
			talk->given[talk->question - 1] = heard->text;
			va_embedded_ask_caller(talk);
			return true;
		case STAGE_NAME:
			/* "Yes, it is." is no name. */
			if (heard->name != NULL ||
				(heard->meanings & (1u << MEANS_AGREE | 1u << MEANS_REFUSE | 1u << MEANS_THANKS)) == 0)
				talk->name = va_talker_name(heard, talk->assistant->language, talk->arena);
			book(talk);
			return true;
		case STAGE_CALLBACK:
			take_callback(talk, heard);
			return true;
		case STAGE_VISIT:
			if (!agrees && !MEANS(heard, MEANS_FIRST))
				break;
			find_times(talk, heard);
			return true;
		case STAGE_MESSAGE:
			return hear_message(talk, heard, agrees);
		case STAGE_DICTATES:
			if (MEANS(heard, MEANS_GOODBYE))
				break;
			take_message(talk, heard);
			return true;
		default:
			break;
	}
	return false;
}

/* Handles a request for something that a tool or a person can do. */
static bool
hear_wish(Talk *talk, const Heard *heard)
{
	if (MEANS(heard, MEANS_INJECTION))
		va_embedded_act(talk, ACT_DEFLECT_IN);
	else if (MEANS(heard, MEANS_PERSON))
	{
		if (!va_embedded_want(talk, "transfer", "reason", heard->text, (char *) NULL))
		{
			va_embedded_act(talk, ACT_NOBODY);
			ask(talk, STAGE_MESSAGE, ACT_OFFER_MESSAGE);
		}
		return true;
	}
	else if (MEANS(heard, MEANS_MESSAGE) && count_words(heard) >= MESSAGE_WORDS + 2)
		take_message(talk, heard);
	else if (MEANS(heard, MEANS_MESSAGE))
		ask(talk, STAGE_DICTATES, ACT_ASK_MESSAGE);
	else if (MEANS(heard, MEANS_CANCEL) &&
			 va_embedded_want(talk, "cancel_booking", "name", talk->name, "day", heard->when, (char *) NULL))
		talk->booked = false;
	else if (MEANS(heard, MEANS_CALLBACK))
		take_callback(talk, heard);
	else if (MEANS(heard, MEANS_OFFER))
		take_offer(talk, heard);
	else if (MEANS(heard, MEANS_PRICE) && talk->listing != NULL &&
			 va_embedded_want(talk, "lookup_listing", "listing", talk->listing, (char *) NULL))
		;
	/* "And the brakes?" */
	else if ((MEANS(heard, MEANS_SEARCH) || MEANS(heard, MEANS_PRICE) ||
				 (talk->asks_price && count_words(heard) < MESSAGE_WORDS && strchr(heard->text, '?') != NULL)) &&
			 va_embedded_want(talk, "find_listings", "words", heard->text, (char *) NULL))
	{
		talk->unanswered = heard->text;
		talk->asks_price = talk->asks_price || MEANS(heard, MEANS_PRICE);
	}
	else if (MEANS(heard, MEANS_HOURS) && talk->assistant->hours != NULL)
	{
		talk->answer = talk->assistant->hours;
		va_embedded_act(talk, ACT_ANSWER);
		ask(talk, STAGE_PERMISSION, ACT_ELSE);
	}
	else if (((MEANS(heard, MEANS_SEND) && !MEANS(heard, MEANS_GOODBYE)) || heard->email != NULL) &&
			 va_embedded_want(talk, "send_information", "what", heard->text, "email", heard->email, "name", talk->name,
				 (char *) NULL))
		;
	else if (MEANS(heard, MEANS_VISIT) || heard->unclear || (heard->when != NULL && heard->minutes >= 0))
		find_times(talk, heard);
	else if (va_embedded_answer_known(talk, heard))
		ask(talk, STAGE_PERMISSION, ACT_ELSE);
	/* "Great, thanks. That was all." */
	else if (MEANS(heard, MEANS_THANKS) && count_words(heard) < MESSAGE_WORDS + 3 && strchr(heard->text, '?') == NULL)
		va_embedded_act(talk, ACT_LEAVE);
	/* "My name is Ann Miller." */
	else if (heard->name != NULL && (heard->meanings & ~(1u << MEANS_NAME)) == 0 &&
			 count_words(heard) <= MESSAGE_WORDS + 2)
	{
		va_embedded_act(talk, ACT_ACKNOWLEDGE);
		ask(talk, STAGE_PERMISSION, ACT_ELSE);
	}
	/* A question about the assistant itself is no question to a document. */
	else if (count_words(heard) >= MESSAGE_WORDS && !MEANS(heard, MEANS_GOODBYE) && !MEANS(heard, MEANS_ROBOT) &&
			 !MEANS(heard, MEANS_WHO) && !MEANS(heard, MEANS_AGAIN) && !MEANS(heard, MEANS_OTHER_LANGUAGE) &&
			 va_embedded_want(talk, "find_knowledge", "question", heard->text, (char *) NULL))
		talk->unanswered = heard->text;
	else
		return false;
	return true;
}

void
va_embedded_hear_incoming(Talk *talk, const Heard *heard)
{
	bool dictates = talk->stage == STAGE_DICTATES || talk->stage == STAGE_CALLBACK;

	/* A request for a person counts at any stage, one for a call back or an offer where nothing is dictated. */
	if ((MEANS(heard, MEANS_PERSON) || (!dictates && (MEANS(heard, MEANS_CALLBACK) || MEANS(heard, MEANS_OFFER)))) &&
		hear_wish(talk, heard))
		return;
	if (hear_stage(talk, heard) || hear_wish(talk, heard))
		return;
	if (MEANS(heard, MEANS_ROBOT) || MEANS(heard, MEANS_WHO))
	{
		va_embedded_act(talk, MEANS(heard, MEANS_ROBOT) ? ACT_ROBOT : ACT_WHO_SHORT);
		va_embedded_act(talk, ACT_HELP);
	}
	else if (MEANS(heard, MEANS_AGAIN) || MEANS(heard, MEANS_OTHER_LANGUAGE))
		va_embedded_act(talk, MEANS(heard, MEANS_AGAIN) ? ACT_HELP : ACT_LANGUAGE);
	else if (MEANS(heard, MEANS_GOODBYE) || MEANS(heard, MEANS_REFUSE))
		va_embedded_act(talk, ACT_LEAVE);
	/* "Hello?", "Yes." */
	else if (count_words(heard) < MESSAGE_WORDS &&
			 (heard->meanings & (1u << MEANS_PRICE | 1u << MEANS_SEARCH | 1u << MEANS_HOURS)) == 0)
		va_embedded_act(talk, ACT_HELP);
	else
	{
		talk->unanswered = heard->text;
		va_embedded_act(talk, ACT_CANNOT);
		ask(talk, STAGE_MESSAGE, ACT_OFFER_MESSAGE);
	}
}
