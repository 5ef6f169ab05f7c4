/*-------------------------------------------------------------------------
 * people_talk.c
 *		The talk of one of the sandbox's people with the tenant's assistant, and
 *		what a carrier makes of it: turns, summary, the data read out of the
 *		conversation, costs.
 *
 * The embedded talker (talker.h) plays the assistant.  The person knows what it
 * wants, sees the assistant's last move, and answers that.
 *
 * Pure: no backend, no locks, no state.
 *-------------------------------------------------------------------------
 */
#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people_lines.h"

#define MESSAGES_MAX (32 + 2 * QUESTIONS_MAX)
#define ENDLESS_MESSAGES_MAX 400 /* then the time runs on without words */
#define MS_PER_WORD 380
#define PAUSE_MS 600
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

/* ---- the talk as it goes ---- */

typedef struct Scene
{
	VaDispositionKind kind;
	VaPeopleSpeaker person;
	Assistant assistant;
	Talk talk;
	int64_t created_at; /* ms since 1970 */
	int64_t ring_ms;
	double scale; /* the call's time to real time */
	int64_t at;	  /* ms since the answer */
	int64_t longest_ms;
	VaCarrierMessage *messages;
	int nmessages;
	int max_messages;
	bool asked_price;
	const json_t *schemas; /* {name: schema} of what is to be found out */
	json_t *answers;	   /* {name: value} of what was answered */
} Scene;

int
va_people_words(const char *text)
{
	int words = 1;

	for (; *text != '\0'; text++)
		words += *text == ' ';
	return words;
}

static void
add_words(Scene *scene, const char *role, const char *text)
{
	VaCarrierMessage *message = &scene->messages[scene->nmessages];
	int64_t length;

	if (scene->nmessages == scene->max_messages || text == NULL)
		return;
	length = MS_PER_WORD * va_people_words(text);
	message->role = role;
	message->text = text;
	message->at = scene->created_at + (int64_t) ((double) (scene->ring_ms + scene->at) / scene->scale);
	message->ends_at = message->at + (int64_t) ((double) length / scene->scale);
	message->seconds_from_start = (double) scene->at / 1000;
	message->duration = (double) length / 1000;
	scene->nmessages++;
	scene->at += length + PAUSE_MS + (int64_t) va_people_roll(&scene->person.rng, 900);
}

static void
person_says(Scene *scene, Says says)
{
	add_words(scene, "user", va_people_say(&scene->person, says, NULL));
}

/* What the assistant understands of a line; the others mean nothing to it. */
static unsigned int
meaning_of(Says says)
{
	static const struct
	{
		Says says;
		Meaning meaning;
	} means[] = { { SAYS_GREETS, MEANS_AGREE }, { SAYS_ASKS_WHO, MEANS_WHO }, { SAYS_CURIOUS, MEANS_AGREE },
		{ SAYS_ASKS_PRICE, MEANS_PRICE }, { SAYS_RIGHT, MEANS_AGREE }, { SAYS_SEND, MEANS_SEND },
		{ SAYS_LEAVES, MEANS_GOODBYE }, { SAYS_REFUSES, MEANS_REFUSE }, { SAYS_REFUSES_AGAIN, MEANS_REFUSE },
		{ SAYS_BUSY, MEANS_BUSY }, { SAYS_NAMES_CALLBACK, MEANS_CALLBACK }, { SAYS_OPTS_OUT, MEANS_OPT_OUT },
		{ SAYS_ASKS_ROBOT, MEANS_ROBOT }, { SAYS_SWEARS, MEANS_SWEARING } };

	for (size_t i = 0; i < sizeof(means) / sizeof(means[0]); i++)
		if (means[i].says == says)
			return 1u << means[i].meaning;
	return 0;
}

/* A line of the person, and what the assistant says to it. */
static void
exchange(Scene *scene, Says says)
{
	Heard heard = { .folded = " ", .minutes = -1, .meanings = meaning_of(says) };
	const char *email = says == SAYS_EMAIL ? va_people_email(&scene->person) : NULL;

	heard.text = va_people_say(&scene->person, says, email);
	heard.email = email;
	if (says == SAYS_NAMES_TIME || says == SAYS_WANTS_TIME ||
		(says == SAYS_NAMES_CALLBACK && scene->person.date[0] != '\0'))
		heard.when = scene->person.when;
	add_words(scene, "user", heard.text);
	va_embedded_hear_as(&scene->talk, &heard);
	add_words(scene, "bot", va_embedded_say(&scene->talk));
}

/* The answer to the assistant's last question. */
static void
answer(Scene *scene)
{
	const Question *question = &scene->assistant.questions[scene->talk.question - 1];
	const json_t *schema = question->field == NULL ? NULL : va_json_object(scene->schemas, question->field);
	Heard heard = { .folded = " ", .minutes = -1 };
	json_t *value;

	heard.text = va_people_answer(&scene->person, question->text, schema, &value);
	if (schema != NULL && value != NULL)
		json_object_set(scene->answers, question->field, value);
	json_decref(value);
	add_words(scene, "user", heard.text);
	va_embedded_hear_as(&scene->talk, &heard);
	add_words(scene, "bot", va_embedded_say(&scene->talk));
}

/* What somebody says who does not want to talk; *last: and then hangs up. */
static Says
turn_down(Scene *scene, Act act, bool *last)
{
	switch (scene->kind)
	{
		case VA_DISPOSITION_CALLBACK:
			return act == ACT_ASK_WHEN_BACK ? SAYS_NAMES_CALLBACK : SAYS_BUSY;
		case VA_DISPOSITION_OPTS_OUT:
			return SAYS_OPTS_OUT;
		case VA_DISPOSITION_SWEARS:
			*last = va_people_roll(&scene->person.rng, 2) == 0 && scene->asked_price;
			if (scene->asked_price)
				return SAYS_SWEARS;
			scene->asked_price = true;
			return SAYS_ASKS_ROBOT;
		case VA_DISPOSITION_NOT_INTERESTED:
			return act == ACT_SOFT ? SAYS_REFUSES_AGAIN : SAYS_REFUSES;
		default:
			return SAYS_TALKS_ON;
	}
}

/* What the person says to the assistant's last move. */
static Says
reply(Scene *scene, Act act, bool *last)
{
	bool books = scene->kind == VA_DISPOSITION_BOOKS;

	if (act == ACT_READ_BACK || act == ACT_READ_EMAIL)
		return SAYS_RIGHT;
	if (act == ACT_ASK_EMAIL)
		return SAYS_EMAIL;
	if (!books && scene->kind != VA_DISPOSITION_INTERESTED)
		return turn_down(scene, act, last);
	switch (act)
	{
		case ACT_OFFER_TIME:
		case ACT_OFFER_CALLBACK:
		case ACT_PERSON_CALLS:
			return books ? SAYS_NAMES_TIME : SAYS_SEND;
		case ACT_ASK_TIME:
		case ACT_ASK_WHEN_BACK:
			return books ? SAYS_NAMES_TIME : SAYS_LEAVES;
		case ACT_OFFER_CONTACT:
			return books ? SAYS_WANTS_TIME : SAYS_SEND;
		default:
			if (books || scene->asked_price || va_people_roll(&scene->person.rng, 2) == 0)
				return SAYS_CURIOUS;
			scene->asked_price = true;
			return SAYS_ASKS_PRICE;
	}
}

static void
play(Scene *scene)
{
	bool last = false;

	exchange(scene, va_people_roll(&scene->person.rng, 3) == 0 ? SAYS_ASKS_WHO : SAYS_GREETS);
	while (!va_embedded_over(&scene->talk) && !last && scene->nmessages + 1 < scene->max_messages &&
		   scene->at < scene->longest_ms)
	{
		Act act = scene->talk.acts[scene->talk.nacts - 1];
		Says says;

		if (act == ACT_ASK && scene->talk.question > 0 && scene->kind != VA_DISPOSITION_TALKS_ON)
		{
			answer(scene);
			continue;
		}
		says = reply(scene, act, &last);
		if (last)
			person_says(scene, says);
		else
			exchange(scene, says);
	}
	if (scene->kind == VA_DISPOSITION_BOOKS)
		person_says(scene, SAYS_THANKS);
}

/* ---- days and hours ---- */

typedef struct Appointment
{
	char date[16]; /* 2026-03-09 */
	char time[8];  /* 15:30 */
	const char *phrase;
} Appointment;

/* The hours in which the day is the same for both sides, wherever in those countries a number is. */
#define SURE_FROM 5
#define SURE_UNTIL 20

/*
 * Roughly where the number is: good enough for "tomorrow" to be the same day for
 * both sides.  False for a place where a person rather says the date.
 */
static bool
knows_tomorrow(const VaPeopleOrder *order, int64_t *local)
{
	const char *number = order->number == NULL ? "" : order->number;
	int hours = strncmp(number, "+1", 2) == 0 ? -6 : 1;

	*local = order->created_at + hours * HOUR_MS;
	return (strncmp(number, "+1", 2) == 0 || strncmp(number, "+3", 2) == 0 || strncmp(number, "+4", 2) == 0) &&
		   *local / HOUR_MS % 24 >= SURE_FROM && *local / HOUR_MS % 24 < SURE_UNTIL;
}

/* "Friday, 27 November at 3:30 pm", in the person's language. */
static const char *
say_moment(const VaPeopleSpeaker *person, const VaMoment *moment)
{
	static const char *const on[LANGUAGES] = { "on ", "", "", "am ", "" };

	return va_arena_join(person->arena, on[person->language],
		va_talker_say_moments(moment, 1, person->language, person->arena), (char *) NULL);
}

/* A working day within `days` days, between 9 and 17:30 in the lead's place. */
static void
choose_time(VaPeopleSpeaker *person, const VaPeopleOrder *order, int days, Appointment *out)
{
	int64_t local;
	bool knows = knows_tomorrow(order, &local);
	int ahead = 1 + (int) va_people_roll(&person->rng, (uint64_t) days);
	VaMoment moment = { .minutes = 9 * 60 + 30 * (int) va_people_roll(&person->rng, 18) };
	VaCivilDay day;
	const char *at;

	moment.day = (int32_t) (local / DAY_MS) + ahead;
	/* Not on a Sunday. */
	if (va_weekday(moment.day) == 7)
	{
		moment.day++;
		ahead++;
	}
	day = va_civil_day(moment.day);
	snprintf(out->date, sizeof(out->date), "%04d-%02d-%02d", day.year, day.month, day.day);
	snprintf(out->time, sizeof(out->time), "%02d:%02d", moment.minutes / 60 % 24, moment.minutes % 60);
	out->phrase = say_moment(person, &moment);
	at = person->language == LANGUAGE_EN && out->phrase != NULL ? strstr(out->phrase, " at ") : NULL;
	if (at != NULL && knows && ahead == 1)
		out->phrase = va_arena_join(person->arena, "tomorrow", at, (char *) NULL);
	else if (at != NULL && knows && ahead == 2 && va_people_roll(&person->rng, 2) == 0)
		out->phrase = va_arena_join(person->arena, "the day after tomorrow", at, (char *) NULL);
	else if (at != NULL && knows && ahead <= 6)
		out->phrase = va_arena_join(
			person->arena, va_arena_strndup(person->arena, out->phrase, strcspn(out->phrase, ",")), at, (char *) NULL);
}

/* ---- what is read out of it ---- */

typedef struct Findings
{
	const char *intent; /* NULL: none, and nothing else of these */
	const char *emotion;
	const char *step;
	const char *next_step; /* NULL: none */
	const char *objection; /* NULL: none */
	bool overcome;
	int csat; /* 0: it gave no mark */
	const char *interest;
	bool do_not_call;
	bool qualified;
	const char *told; /* the summary, behind the name; a time follows where one was named */
	const Appointment *appointment;
	const Appointment *callback; /* date "" = without a time */
} Findings;

static const Findings usual[VA_DISPOSITIONS] = {
	[VA_DISPOSITION_BOOKS] = { "schedule", "positive", "farewell", "meet", NULL, false, 5, "high", false, true,
		" agreed to an appointment ", NULL, NULL },
	[VA_DISPOSITION_INTERESTED] = { "information", "positive", "farewell", "send_information", NULL, false, 4, "medium",
		false, true, " is interested and wants the details in writing", NULL, NULL },
	[VA_DISPOSITION_NOT_INTERESTED] = { "not_interested", "neutral", "objection", NULL, "no_need", false, 0, "none",
		false, false, " was friendly but is not interested in the offer", NULL, NULL },
	[VA_DISPOSITION_CALLBACK] = { "callback", "neutral", "closing", "call_back", "no_time", true, 0, "unknown", false,
		false, " had no time and asked to be called back ", NULL, NULL },
	[VA_DISPOSITION_OPTS_OUT] = { "opt_out", "annoyed", "greeting", "remove_from_list", NULL, false, 0, "none", true,
		false, " asked to be taken off the list and not to be called again", NULL, NULL },
	[VA_DISPOSITION_SWEARS] = { "complaint", "angry", "objection", NULL, "robot", false, 1, "none", false, false,
		" did not want to talk to a machine, swore and hung up", NULL, NULL },
	[VA_DISPOSITION_HANGS_UP] = { NULL, NULL, NULL, NULL, NULL, false, 0, "unknown", false, false, " hung up at once",
		NULL, NULL },
	[VA_DISPOSITION_TALKS_ON] = { "general", "neutral", "pitch", NULL, NULL, false, 0, "unknown", false, false,
		" talked about other things until the time was over", NULL, NULL },
	[VA_DISPOSITION_VOICEMAIL] = { NULL, NULL, NULL, NULL, NULL, false, 0, "unknown", false, false,
		": a voicemail box answered", NULL, NULL },
};

static json_t *
agreed(const char *what, const Appointment *appointment)
{
	json_t *object = json_pack("{s:b}", what, appointment != NULL);

	if (appointment == NULL)
		return object;
	va_json_set_text(object, "phrase", appointment->phrase);
	if (appointment->date[0] != '\0')
	{
		va_json_set_text(object, "date", appointment->date);
		va_json_set_text(object, "time", appointment->time);
	}
	return object;
}

static json_t *
structured(const Findings *found)
{
	json_t *data = json_pack("{s:o,s:o,s:s,s:b,s:b}", "appointment", agreed("booked", found->appointment), "callback",
		agreed("requested", found->callback), "interest", found->interest, "do_not_call", found->do_not_call,
		"qualified", found->qualified);

	if (found->intent == NULL)
		return data;
	va_json_set_text(data, "intent", found->intent);
	va_json_set_text(data, "emotion", found->emotion);
	va_json_set_text(data, "ended_at_step", found->step);
	if (found->csat > 0)
		json_object_set_new(data, "csat", json_integer(found->csat));
	if (found->objection != NULL)
		json_object_set_new(
			data, "objections", json_pack("[{s:s,s:b}]", "kind", found->objection, "worked", found->overcome));
	if (found->next_step != NULL)
		json_object_set_new(data, "next_steps", json_pack("[s]", found->next_step));
	return data;
}

/* The person names a time, or "later". */
static void
set_time(Scene *scene, const VaPeopleOrder *order, Appointment *time, Findings *found)
{
	VaPeopleSpeaker *person = &scene->person;
	bool calls_back = scene->kind == VA_DISPOSITION_CALLBACK;

	choose_time(person, order, calls_back ? 3 : 20, time);
	if (calls_back && va_people_roll(&person->rng, 3) == 0)
	{
		time->date[0] = time->time[0] = '\0';
		time->phrase = va_people_say(person, SAYS_LATER, NULL);
	}
	person->when = time->phrase;
	person->date = time->date;
	if (calls_back)
		found->callback = time;
	else if (scene->kind == VA_DISPOSITION_BOOKS)
		found->appointment = time;
}

/* Returns why the call ends: by the lead, or by the assistant. */
static const char *
play_disposition(Scene *scene, const char *hello)
{
	if (scene->kind == VA_DISPOSITION_VOICEMAIL)
	{
		person_says(scene, SAYS_MACHINE);
		return "voicemail";
	}
	add_words(scene, "bot", hello != NULL && hello[0] != '\0' ? hello : va_embedded_say(&scene->talk));
	if (scene->kind == VA_DISPOSITION_HANGS_UP)
		person_says(scene, SAYS_HANGS_UP);
	else
		play(scene);
	if (scene->kind == VA_DISPOSITION_TALKS_ON)
		scene->at = scene->longest_ms + 1;
	return scene->kind == VA_DISPOSITION_CALLBACK || scene->kind == VA_DISPOSITION_INTERESTED ||
				   scene->kind == VA_DISPOSITION_TALKS_ON
			   ? "assistant-ended-call"
			   : "customer-ended-call";
}

/* ---- money ---- */

/* Ten-thousandths of a dollar per minute. */
#define TRANSPORT_RATE 140
#define TRANSCRIBER_RATE 95
#define MODEL_RATE 200
#define VOICE_RATE 360

static int64_t
part(int64_t talk_ms, int64_t rate, VaArena *arena, const char **out)
{
	int64_t amount = (talk_ms * rate + 59999) / 60000;

	*out = va_arena_printf(arena, "%d.%04d", (int) (amount / 10000), (int) (amount % 10000));
	return amount;
}

static void
charge(VaPeopleTalk *talk, VaArena *arena)
{
	int64_t total = 0;

	total += part(talk->talk_ms, TRANSPORT_RATE, arena, &talk->cost_transport);
	total += part(talk->talk_ms, TRANSCRIBER_RATE, arena, &talk->cost_transcriber);
	total += part(talk->talk_ms, MODEL_RATE, arena, &talk->cost_model);
	total += part(talk->talk_ms, VOICE_RATE, arena, &talk->cost_voice);
	talk->cost = va_arena_printf(arena, "%d.%04d", (int) (total / 10000), (int) (total % 10000));
}

/* ---- out ---- */

/* Nothing said after that counts. */
static void
cut(VaPeopleTalk *talk, int64_t talk_ms)
{
	talk->talk_ms = talk_ms;
	while (talk->nmessages > 0 && talk->messages[talk->nmessages - 1].seconds_from_start * 1000 >= (double) talk_ms)
		talk->nmessages--;
}

static void
set_scene(Scene *scene, const VaPeopleOrder *order, const VaDisposition *disposition, json_t *told, json_t *schemas,
	const char *first_name, VaArena *arena)
{
	scene->kind = disposition->kind;
	va_talker_read_assistant(&scene->assistant, told, schemas, arena);
	scene->person = (VaPeopleSpeaker){ .arena = arena,
		.rng = disposition->rng,
		.language = scene->assistant.language,
		.name = first_name == NULL ? "Alex" : first_name,
		.number = order->number,
		.date = "" };
	scene->person.when = va_people_say(&scene->person, SAYS_LATER, NULL);
	/* Here people are called, and want what they want, and so there is something to talk about. */
	scene->assistant.inbound = false;
	if (scene->assistant.offer == NULL)
		scene->assistant.offer = va_people_say(&scene->person, SAYS_OFFER, NULL);
	if (scene->kind == VA_DISPOSITION_BOOKS && scene->assistant.objective == OBJECTIVE_CALLBACK)
		scene->assistant.objective = OBJECTIVE_APPOINTMENT;
	va_embedded_begin(&scene->talk, &scene->assistant, disposition->rng, arena);
	scene->created_at = order->created_at;
	scene->ring_ms = disposition->ring_ms;
	scene->scale = order->time_scale > 0 ? order->time_scale : 1;
	scene->longest_ms = (int64_t) (order->max_duration_s * 1000);
	scene->schemas = schemas;
	scene->answers = va_json_new_object();
	scene->max_messages = disposition->kind == VA_DISPOSITION_TALKS_ON ? ENDLESS_MESSAGES_MAX : MESSAGES_MAX;
	scene->messages = va_arena_alloc(arena, sizeof(VaCarrierMessage) * (size_t) scene->max_messages);
}

/* What was agreed after the end was not agreed. */
static void
cut_short(Scene *scene, VaPeopleTalk *talk, Findings *found)
{
	cut(talk, scene->longest_ms);
	talk->ended_reason = "exceeded-max-duration";
	*found = usual[VA_DISPOSITION_TALKS_ON];
	if (scene->kind != VA_DISPOSITION_TALKS_ON)
		talk->summary = "The time was over before the conversation came to the point.";
	json_object_clear(scene->answers);
}

static void
tell(Scene *scene, const VaPeopleOrder *order, const VaDisposition *disposition, Findings *found, VaPeopleTalk *talk)
{
	VaArena *arena = scene->person.arena;
	bool timed = found->appointment != NULL || found->callback != NULL;
	json_t *data;

	talk->messages = scene->messages;
	talk->nmessages = scene->nmessages;
	talk->talk_ms = scene->at;
	if (talk->talk_ms > scene->longest_ms)
		cut_short(scene, talk, found);
	if (talk->summary == NULL)
		talk->summary = va_arena_join(
			arena, scene->person.name, found->told, timed ? scene->person.when : "", ".", (char *) NULL);
	talk->success_evaluation = found->qualified ? "true" : "false";
	data = structured(found);
	json_object_update_missing(data, scene->answers);
	if (va_people_mislead(order, disposition, data))
		talk->structured_data = va_json_text(arena, data);
	else
		talk->summary = talk->success_evaluation = NULL;
	json_decref(data);
	charge(talk, arena);
}

/* The JSON with the lead's values in its texts.  These are the talk's words: it is kept until they are written. */
static json_t *
load(VaArena *arena, const char *text, const json_t *variables)
{
	const char *why;
	json_t *written = text == NULL ? NULL : va_json_load(arena, text, strlen(text), &why);
	json_t *filled = va_talker_filled(written, variables, arena);

	json_decref(written);
	return filled;
}

static void
keep_words(Scene *scene)
{
	for (int i = 0; i < scene->nmessages; i++)
		scene->messages[i].text = va_arena_strdup(scene->person.arena, scene->messages[i].text);
}

void
va_people_talk(const VaPeopleOrder *order, const VaDisposition *disposition, VaArena *arena, VaPeopleTalk *talk)
{
	Scene scene = { 0 };
	Appointment time = { 0 };
	Findings found = usual[disposition->kind];
	json_t *variables;
	json_t *told;
	json_t *schemas;

	memset(talk, 0, sizeof(*talk));
	talk->ended_reason = disposition->failed_reason;
	if (!disposition->answered)
	{
		talk->cost = "0";
		return;
	}
	variables = load(arena, order->variables, NULL);
	told = load(arena, order->assistant, variables);
	schemas = load(arena, order->extraction, variables);
	set_scene(&scene, order, disposition, told, schemas,
		order->customer_name != NULL && order->customer_name[0] != '\0' ? order->customer_name
																		: va_json_string(variables, "first_name"),
		arena);
	if (scene.messages != NULL)
	{
		set_time(&scene, order, &time, &found);
		talk->ended_reason = play_disposition(&scene, order->first_message);
		tell(&scene, order, disposition, &found, talk);
		keep_words(&scene);
	}
	va_embedded_end(&scene.talk);
	json_decref(scene.answers);
	json_decref(variables);
	json_decref(told);
	json_decref(schemas);
}

void
va_people_hang_up(const VaDisposition *disposition, int64_t after_ms, VaArena *arena, VaPeopleTalk *talk)
{
	json_t *data;
	int64_t talk_ms = after_ms > disposition->ring_ms ? after_ms - disposition->ring_ms : 0;

	if (after_ms >= disposition->ring_ms + talk->talk_ms)
		return;
	talk->ended_reason = "manually-canceled";
	if (after_ms < disposition->ring_ms || !disposition->answered)
	{
		talk->talk_ms = 0;
		talk->nmessages = 0;
		talk->summary = talk->structured_data = talk->success_evaluation = NULL;
		talk->cost = "0";
		talk->cost_transport = talk->cost_model = talk->cost_voice = talk->cost_transcriber = NULL;
		return;
	}
	cut(talk, talk_ms);
	talk->summary = "The caller's side ended the call.";
	talk->success_evaluation = "false";
	data = structured(&usual[VA_DISPOSITION_HANGS_UP]);
	talk->structured_data = va_json_text(arena, data);
	json_decref(data);
	charge(talk, arena);
}
