/*-------------------------------------------------------------------------
 * people_talk.c
 *		The talk of one of the sandbox's people with the tenant's assistant, and
 *		what a carrier makes of it: turns, summary, the data read out of the
 *		conversation, costs.
 *
 * Each person has its script, in which the desk's words answer its own.  One analysis in twenty is wrong on
 * purpose, as a model's may be: so that it is seen, before real money is spent,
 * that nothing is done on its word alone.
 *-------------------------------------------------------------------------
 */
#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "people_lines.h"
#include "pure/net/backoff.h"

#define MESSAGES_MAX (32 + 2 * QUESTIONS_MAX)
#define ENDLESS_MESSAGES_MAX 400 /* then the time runs on without words */
#define MS_PER_WORD 380
#define PAUSE_MS 600
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
/* One of so many analyses is wrong; one of so many of these is not there, and one is of another kind. */
#define ANALYSES_PER_WRONG 20
#define KINDS 5

/* ---- the talk as it goes ---- */

typedef struct Scene
{
	VaDispositionKind kind;
	const VaPeopleOrder *order;
	VaPeopleSpeaker person;
	Assistant assistant;
	Desk desk;
	int64_t ring_ms;
	double scale; /* the call's time to real time */
	int64_t at;	  /* ms since the answer */
	int64_t longest_ms;
	VaCarrierMessage *messages;
	int nmessages;
	int max_messages;
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
	message->at = scene->order->created_at + (int64_t) ((double) (scene->ring_ms + scene->at) / scene->scale);
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

/* ---- how it goes ---- */

/* A move of the assistant, or a line of the person. */
#define BOT(act) (-1 - (int) (act))
#define QUESTIONS 1000 /* each question of the assistant's, and its answer */
#define PRICE 1001	   /* perhaps it asks for the price */
#define TIMED 1002	   /* the rest only if it names a time */
#define END 1003

static const int scripts[VA_DISPOSITIONS][12] = {
	[VA_DISPOSITION_BOOKS] = { SAYS_CURIOUS, QUESTIONS, BOT(ACT_ASK_TIME), SAYS_NAMES_TIME, BOT(ACT_READ_BACK),
		SAYS_RIGHT, BOT(ACT_BOOKED), SAYS_THANKS, END },
	[VA_DISPOSITION_INTERESTED] = { PRICE, SAYS_CURIOUS, QUESTIONS, BOT(ACT_OFFER_CONTACT), SAYS_SEND,
		BOT(ACT_CONTACTED), END },
	[VA_DISPOSITION_NOT_INTERESTED] = { SAYS_REFUSES, BOT(ACT_SOFT), SAYS_REFUSES_AGAIN, BOT(ACT_REFUSED), END },
	[VA_DISPOSITION_CALLBACK] = { SAYS_BUSY, BOT(ACT_ASK_WHEN_BACK), SAYS_NAMES_CALLBACK, TIMED, BOT(ACT_READ_CALL),
		SAYS_RIGHT, BOT(ACT_CALLBACK_SET), END },
	[VA_DISPOSITION_OPTS_OUT] = { SAYS_OPTS_OUT, BOT(ACT_OPTED_OUT), END },
	[VA_DISPOSITION_SWEARS] = { SAYS_ASKS_ROBOT, BOT(ACT_ROBOT), SAYS_SWEARS, BOT(ACT_CALM), SAYS_SWEARS,
		BOT(ACT_PEACE), END },
	[VA_DISPOSITION_TALKS_ON] = { SAYS_TALKS_ON, BOT(ACT_CANNOT_HERE), END },
};

static void
assistant_says(Scene *scene, Act act)
{
	scene->desk.acts[0] = act;
	scene->desk.nacts = 1;
	scene->desk.when = scene->person.when;
	add_words(scene, "bot", va_desk_say(&scene->desk));
}

static void
ask_questions(Scene *scene)
{
	for (int i = 0; i < scene->assistant.nquestions; i++)
	{
		const Question *question = &scene->assistant.questions[i];
		const json_t *schema = question->field == NULL ? NULL : va_json_object(scene->schemas, question->field);
		json_t *value;

		scene->desk.asked = question->text;
		assistant_says(scene, ACT_ASK);
		add_words(scene, "user", va_people_answer(&scene->person, question->text, schema, &value));
		if (schema != NULL && value != NULL)
			json_object_set(scene->answers, question->field, value);
		json_decref(value);
	}
}

/* The assistant knows the price, or says that it does not. */
static void
ask_price(Scene *scene)
{
	if (va_people_roll(&scene->person.rng, 2) != 0)
		return;
	person_says(scene, SAYS_ASKS_PRICE);
	scene->desk.answer = scene->assistant.price;
	assistant_says(scene, scene->assistant.price != NULL ? ACT_ANSWER : ACT_CANNOT_HERE);
}

static void
play(Scene *scene)
{
	bool endless = scene->kind == VA_DISPOSITION_TALKS_ON;
	bool who = va_people_roll(&scene->person.rng, 3) == 0;

	person_says(scene, who ? SAYS_ASKS_WHO : SAYS_GREETS);
	assistant_says(scene, who ? ACT_WHO : ACT_PITCH);
	do
	{
		for (const int *step = scripts[scene->kind]; *step != END; step++)
		{
			if (*step == TIMED && scene->person.date[0] == '\0')
			{
				assistant_says(scene, ACT_CALLBACK_LATER);
				break;
			}
			if (*step < 0)
				assistant_says(scene, (Act) (-1 - *step));
			else if (*step == QUESTIONS)
				ask_questions(scene);
			else if (*step == PRICE)
				ask_price(scene);
			else if (*step != TIMED)
				person_says(scene, (Says) *step);
		}
	} while (endless && scene->nmessages + 1 < scene->max_messages && scene->at < scene->longest_ms);
}

/* ---- days and hours ---- */

typedef struct Appointment
{
	char date[16]; /* 2026-03-09 */
	char time[8];  /* 15:30 */
	const char *phrase;
} Appointment;

/* A working day within `days` days, between 9 and 17:30 in the lead's place: "Friday, 27 November at 3:30 pm". */
static void
choose_time(VaPeopleSpeaker *person, const VaPeopleOrder *order, int days, Appointment *out)
{
	static const char *const on[LANGUAGES] = { "on ", "", "", "am ", "" };
	int hours = order->number != NULL && strncmp(order->number, "+1", 2) == 0 ? -6 : 1;
	int ahead = 1 + (int) va_people_roll(&person->rng, (uint64_t) days);
	VaMoment moment = { .minutes = 9 * 60 + 30 * (int) va_people_roll(&person->rng, 18) };
	const char *iso;

	moment.day = (int32_t) ((order->created_at + hours * HOUR_MS) / DAY_MS) + ahead;
	/* Not on a Sunday. */
	moment.day += va_weekday(moment.day) == 7;
	iso = va_desk_iso(&moment, person->arena);
	snprintf(out->date, sizeof(out->date), "%.10s", iso == NULL ? "" : iso);
	snprintf(out->time, sizeof(out->time), "%.5s", iso == NULL ? "" : iso + 11);
	out->phrase = va_arena_join(person->arena, on[person->language],
		va_desk_say_moments(&moment, 1, person->language, person->arena), (char *) NULL);
}

/* ---- what is read out of it ---- */

/* The data but for the times, and the summary behind the name; a time follows where one was named. */
static const struct
{
	const char *data;
	const char *told;
} usual[VA_DISPOSITIONS] = {
	[VA_DISPOSITION_BOOKS] = { "'interest':'high','qualified':true,'intent':'schedule','emotion':'positive',"
							   "'ended_at_step':'farewell','csat':5,'next_steps':['meet']",
		" agreed to an appointment " },
	[VA_DISPOSITION_INTERESTED] = { "'interest':'medium','qualified':true,'intent':'information','emotion':'positive',"
									"'ended_at_step':'farewell','csat':4,'next_steps':['send_information']",
		" is interested and wants the details in writing" },
	[VA_DISPOSITION_NOT_INTERESTED] = { "'interest':'none','intent':'not_interested','emotion':'neutral',"
										"'ended_at_step':'objection','objections':[{'kind':'no_need','worked':false}]",
		" was friendly but is not interested in the offer" },
	[VA_DISPOSITION_CALLBACK] = { "'interest':'unknown','intent':'callback','emotion':'neutral',"
								  "'ended_at_step':'closing','objections':[{'kind':'no_time','worked':true}],"
								  "'next_steps':['call_back']",
		" had no time and asked to be called back " },
	[VA_DISPOSITION_OPTS_OUT] = { "'interest':'none','do_not_call':true,'intent':'opt_out','emotion':'annoyed',"
								  "'ended_at_step':'greeting','next_steps':['remove_from_list']",
		" asked to be taken off the list and not to be called again" },
	[VA_DISPOSITION_SWEARS] = { "'interest':'none','intent':'complaint','emotion':'angry','ended_at_step':'objection',"
								"'csat':1,'objections':[{'kind':'robot','worked':false}]",
		" did not want to talk to a machine, swore and hung up" },
	[VA_DISPOSITION_HANGS_UP] = { "'interest':'unknown'", " hung up at once" },
	[VA_DISPOSITION_TALKS_ON] = { "'interest':'unknown','intent':'general','emotion':'neutral','ended_at_step':'pitch'",
		" talked about other things until the time was over" },
	[VA_DISPOSITION_VOICEMAIL] = { "'interest':'unknown'", ": a voicemail box answered" },
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
structured(VaDispositionKind kind, const Appointment *time, VaArena *arena)
{
	char *text = va_arena_printf(arena, "{%s}", usual[kind].data);
	json_t *data;

	for (char *c = text; c != NULL && (c = strchr(c, '\'')) != NULL;)
		*c = '"';
	data = text == NULL ? va_json_new_object() : json_loads(text, 0, NULL);
	json_object_set_new(data, "appointment", agreed("booked", kind == VA_DISPOSITION_BOOKS ? time : NULL));
	json_object_set_new(data, "callback", agreed("requested", kind == VA_DISPOSITION_CALLBACK ? time : NULL));
	for (int i = 0; i < 2; i++)
		if (json_object_get(data, i == 0 ? "do_not_call" : "qualified") == NULL)
			json_object_set_new(data, i == 0 ? "do_not_call" : "qualified", json_false());
	return data;
}

/* The person names a time, or "later". */
static void
set_time(Scene *scene, Appointment *time)
{
	VaPeopleSpeaker *person = &scene->person;
	bool calls_back = scene->kind == VA_DISPOSITION_CALLBACK;

	choose_time(person, scene->order, calls_back ? 3 : 20, time);
	if (calls_back && va_people_roll(&person->rng, 3) == 0)
	{
		time->date[0] = time->time[0] = '\0';
		time->phrase = va_people_say(person, SAYS_LATER, NULL);
	}
	person->when = time->phrase;
	person->date = time->date;
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
	if (hello != NULL && hello[0] != '\0')
		add_words(scene, "bot", hello);
	else
		assistant_says(scene, ACT_GREET);
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

/* ---- what is wrong with it ---- */

/* Makes something in it untrue of such a person.  Returns what, or NULL: nothing is. */
static const char *
mislead(const Scene *scene, bool other, json_t *data)
{
	json_t *appointment = json_object_get(data, "appointment");
	VaCivilDay day = va_civil_day((int32_t) (scene->order->created_at / DAY_MS) + 3);
	bool books = scene->kind == VA_DISPOSITION_BOOKS;

	if (books && !json_is_true(json_object_get(appointment, "booked")))
		return NULL;
	if (books && other)
	{
		/* An hour that no person of ours names. */
		json_object_del(appointment, "phrase");
		json_object_set_new(appointment, "time", json_string("06:35"));
		return "another hour";
	}
	if (!books && (other || (scene->kind != VA_DISPOSITION_INTERESTED && scene->kind != VA_DISPOSITION_CALLBACK)))
	{
		json_object_set_new(data, "appointment",
			json_pack("{s:b,s:o,s:s,s:s}", "booked", 1, "date",
				json_sprintf("%04d-%02d-%02d", day.year, day.month, day.day), "time", "15:00", "phrase",
				"in three days at 3 pm"));
		return "a booking";
	}
	/* Only where the words show the opposite: elsewhere nobody could tell that it is wrong. */
	json_object_set_new(data, "do_not_call", json_true());
	return "an opt-out";
}

/* Makes one in twenty analyses wrong; false: it is not there. */
static bool
mislead_some(const Scene *scene, const VaDisposition *disposition, json_t *data)
{
	/* The talk's own chances go on as they were. */
	uint64_t chance = va_mix64(disposition->rng ^ 0x6d69736c656164ULL);
	bool booked = json_is_true(json_object_get(json_object_get(data, "appointment"), "booked"));
	int kind = (int) (chance / ANALYSES_PER_WRONG / 2 % KINDS);
	const char *what = "another kind";

	/* Numbers that force something do just that. */
	if (va_people_number(scene->order->number) != NULL || chance % ANALYSES_PER_WRONG != 0)
		return true;
	if (kind == 1)
		/* Words where the schema has truth values and objects, as a model without a schema answers. */
		json_object_update_new(
			data, json_pack("{s:s,s:i,s:n}", "appointment", booked ? "yes" : "none", "interest", 3, "do_not_call"));
	else
		what = mislead(scene, chance / ANALYSES_PER_WRONG % 2 == 0, data);
	if (what != NULL)
		json_object_set_new(data, "wrong_on_purpose", json_string(what));
	return kind != 0;
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
	va_desk_read_assistant(&scene->assistant, told, schemas, arena);
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
	va_desk_begin(&scene->desk, &scene->assistant, arena);
	scene->order = order;
	scene->ring_ms = disposition->ring_ms;
	scene->scale = order->time_scale > 0 ? order->time_scale : 1;
	scene->longest_ms = (int64_t) (order->max_duration_s * 1000);
	scene->schemas = schemas;
	scene->answers = va_json_new_object();
	scene->max_messages = disposition->kind == VA_DISPOSITION_TALKS_ON ? ENDLESS_MESSAGES_MAX : MESSAGES_MAX;
	scene->messages = va_arena_alloc(arena, sizeof(VaCarrierMessage) * (size_t) scene->max_messages);
}

static void
tell(Scene *scene, const VaDisposition *disposition, const Appointment *time, VaPeopleTalk *talk)
{
	VaArena *arena = scene->person.arena;
	VaDispositionKind kind = scene->at > scene->longest_ms ? VA_DISPOSITION_TALKS_ON : scene->kind;
	bool timed = kind == VA_DISPOSITION_BOOKS || kind == VA_DISPOSITION_CALLBACK;
	json_t *data = structured(kind, time, arena);

	talk->messages = scene->messages;
	talk->nmessages = scene->nmessages;
	talk->talk_ms = scene->at;
	talk->summary = kind != scene->kind ? "The time was over before the conversation came to the point."
										: va_arena_join(arena, scene->person.name, usual[kind].told,
											  timed ? scene->person.when : "", ".", (char *) NULL);
	/* What was agreed after the end was not agreed. */
	if (scene->at > scene->longest_ms)
	{
		cut(talk, scene->longest_ms);
		talk->ended_reason = "exceeded-max-duration";
		json_object_clear(scene->answers);
	}
	talk->success_evaluation = json_is_true(json_object_get(data, "qualified")) ? "true" : "false";
	json_object_update_missing(data, scene->answers);
	if (mislead_some(scene, disposition, data))
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
	json_t *filled = va_desk_filled(written, variables, arena);

	json_decref(written);
	return filled;
}

void
va_people_talk(const VaPeopleOrder *order, const VaDisposition *disposition, VaArena *arena, VaPeopleTalk *talk)
{
	Scene scene = { 0 };
	Appointment time = { 0 };
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
		set_time(&scene, &time);
		talk->ended_reason = play_disposition(&scene, order->first_message);
		tell(&scene, disposition, &time, talk);
		for (int i = 0; i < scene.nmessages; i++)
			scene.messages[i].text = va_arena_strdup(arena, scene.messages[i].text);
	}
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
	data = structured(VA_DISPOSITION_HANGS_UP, NULL, arena);
	talk->structured_data = va_json_text(arena, data);
	json_decref(data);
	charge(talk, arena);
}
