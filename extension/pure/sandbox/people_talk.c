/*-------------------------------------------------------------------------
 * people_talk.c
 *		What the sandbox's people say, and what a carrier makes of it: turns,
 *		summary, the data read out of the conversation, costs.
 *
 * Pure: no backend, no locks, no state.
 *-------------------------------------------------------------------------
 */
#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "people_answers.h"
#include "pure/net/backoff.h"

#define QUESTIONS_MAX 20 /* of the tenant's own that are asked */
#define MESSAGES_MAX (32 + 2 * QUESTIONS_MAX)
#define ENDLESS_MESSAGES_MAX 400 /* then the time runs on without words */
#define MS_PER_WORD 380
#define PAUSE_MS 600
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

/* ---- lines ---- */

#define PHRASINGS 4

/* One turn: whoever speaks chooses one of the phrasings. {name}, {when} and {hello} are filled in. */
typedef struct Line
{
	const char *role;
	const char *say[PHRASINGS];
} Line;

static const Line greeting[] = { { "bot", { "{hello}" } },
	{ "user",
		{ "Yes, this is {name}.", "Speaking. Who is this?", "Hello? Yes, that's me.", "Hi, yes. What is it about?" } },
	{ "bot", { "Thank you for taking the call. I will be brief: we help people like you save time and money. Is this a "
			   "good moment?",
				 "I am calling about the request on our website. Do you have a minute?",
				 "We have an offer that could fit you. May I explain it in one minute?" } },
	{ NULL, { NULL } } };

static const Line books[] = {
	{ "user", { "Sure, go ahead.", "Okay, one minute.", "Yes, I was waiting for your call, actually." } },
	{ "bot", { "In short, one of our specialists looks at your situation and shows you what you can save. It costs you "
			   "nothing.",
				 "A specialist would go through it with you, free of charge and without obligation." } },
	{ "user", { "That sounds good. What comes next?", "Hm, why not. What happens next?",
				  "I like that. Can we make an appointment?" } },
	{ "bot", { "Gladly. When would suit you?", "When would suit you for the appointment?" } },
	{ "user", { "{when} would work for me.", "Let me see. {when}, if that is possible.", "{when} suits me." } },
	{ "bot", { "Perfect, I have put you down: {when}.", "Wonderful. So {when}. You will get a confirmation." } },
	{ "user", { "Great, thank you. Bye!", "Thanks, talk to you then.", "Perfect. Have a nice day." } },
	{ NULL, { NULL } }
};

static const Line interested[] = { { "user", { "Yes, tell me more.", "Okay, what is it?", "If it is quick." } },
	{ "bot", { "A specialist of ours looks at your situation and makes you an offer that is yours to keep.",
				 "We compare what you have today with what you could have, free of charge." } },
	{ "user", { "What would that cost me?", "And what is the catch?", "How long does it take?" } },
	{ "bot", { "Nothing at all, and there is no obligation.", "It is free, and it takes about twenty minutes." } },
	{ "user", { "Interesting. Send me the details by e-mail and I will think about it.",
				  "That could be something for us. Please send me something in writing.",
				  "Sounds good, but I have to talk to my wife first. Send me the information." } },
	{ "bot", { "I will do that. Thank you for your time!", "Of course. Have a good day!" } }, { NULL, { NULL } } };

static const Line not_interested[] = { { "user", { "No, thank you, I am not interested.",
													 "We already have somebody for that.", "No. I don't need anything.",
													 "Honestly, this is not for me." } },
	{ "bot", { "I understand. May I ask what you use today?",
				 "That is all right. Is there anything that could change your mind?" } },
	{ "user", { "We are happy with what we have. Goodbye.", "No, really not. Bye.", "I just don't want it, sorry." } },
	{ NULL, { NULL } } };

static const Line callback[] = { { "user", { "I am in a meeting, I can't talk.", "It is a bad moment, I am driving.",
											   "Not now, sorry, I am at work." } },
	{ "bot", { "No problem. When may I call you back?", "I am sorry to disturb you. When would suit you better?" } },
	{ "user", { "Call me {when}.", "Try again {when}, please.", "{when} is better." } },
	{ "bot", { "I will. Until then!", "Thank you, I will call you {when}." } }, { NULL, { NULL } } };

static const Line opts_out[] = { { "user", { "How did you get this number? Take me off your list.",
											   "Stop calling me. Remove my number, please.",
											   "I don't want these calls. Never call me again." } },
	{ "bot", { "I am sorry. I take you off our list at once; you will not be called again.",
				 "I apologise. Your number is being removed now." } },
	{ "user", { "Good. Goodbye.", "I hope so.", "Thank you." } }, { NULL, { NULL } } };

static const Line swears[] = {
	{ "user", { "Is this a robot? Are you kidding me?", "Oh for God's sake, another damn machine." } },
	{ "bot", { "I am a virtual assistant, that is right. May I still tell you why I am calling?",
				 "Yes, I am an automated assistant. I will be very brief." } },
	{ "user", { "Go to hell, you stupid tin can!", "I don't talk to bloody computers. Get lost!",
				  "Shove it, you piece of junk." } },
	{ NULL, { NULL } }
};

static const Line talks_on[] = { { "user", { "Well, that reminds me of something. Let me tell you.",
											   "And another thing, before I forget.",
											   "You know, in my day this was all different.",
											   "My neighbour had exactly the same, and do you know what he did?" } },
	{ "bot", { "I see. May I come back to why I am calling?", "That is interesting. Would you like an appointment?",
				 "I understand. Please go on.", "Thank you for telling me." } },
	{ NULL, { NULL } } };

static const Line hangs_up[] = { { "bot", { "{hello}" } },
	{ "user", { "Hello?", "Hello? ... Hello?", "Sorry, I can't hear you." } }, { NULL, { NULL } } };

static const Line voicemail[] = {
	{ "user", { "You have reached the voicemail of {name}. Please leave a message after the tone.",
				  "The person you are calling is not available. Please record your message after the beep." } },
	{ NULL, { NULL } }
};

/* ---- the talk as it goes ---- */

typedef struct Stage
{
	VaArena *arena;
	uint64_t rng;
	const char *name;
	const char *hello;
	const char *when;
	int64_t created_at; /* ms since 1970 */
	int64_t ring_ms;
	double scale; /* the call's time to real time */
	int64_t at;	  /* ms since the answer */
	VaCarrierMessage *messages;
	int nmessages;
	int max_messages;
	const char *questions; /* JSON: {name: schema} of what is asked besides; NULL: nothing */
	json_t *answers;	   /* {name: value} of what was answered */
} Stage;

static uint64_t
roll(Stage *stage, uint64_t sides)
{
	stage->rng = va_mix64(stage->rng + 0x9e3779b97f4a7c15ULL);
	return (stage->rng >> 11) % sides;
}

static const char *
word_for(const Stage *stage, const char *mark, size_t len)
{
	if (len == 6 && strncmp(mark, "{name}", len) == 0)
		return stage->name;
	if (len == 6 && strncmp(mark, "{when}", len) == 0)
		return stage->when;
	if (len == 7 && strncmp(mark, "{hello}", len) == 0)
		return stage->hello;
	return NULL;
}

/* The line with its marks filled in, and a capital at its start. */
static const char *
spoken(Stage *stage, const char *line)
{
	const char *text = "";
	const char *from = line;
	const char *open;
	char *result;

	while ((open = strchr(from, '{')) != NULL)
	{
		const char *close = strchr(open, '}');
		const char *word = close == NULL ? NULL : word_for(stage, open, (size_t) (close - open) + 1);

		if (word == NULL)
			break;
		text = va_arena_printf(stage->arena, "%s%.*s%s", text, (int) (open - from), from, word);
		from = close + 1;
	}
	result = va_arena_printf(stage->arena, "%s%s", text, from);
	if (result != NULL && result[0] >= 'a' && result[0] <= 'z')
		result[0] = (char) (result[0] - 'a' + 'A');
	return result;
}

static int
count_words(const char *text)
{
	int words = 1;

	for (; *text != '\0'; text++)
		words += *text == ' ';
	return words;
}

static void
say_words(Stage *stage, const char *role, const char *text)
{
	VaCarrierMessage *message = &stage->messages[stage->nmessages];
	int64_t length;

	if (stage->nmessages == stage->max_messages || text == NULL)
		return;
	length = MS_PER_WORD * count_words(text);
	message->role = role;
	message->text = text;
	message->at = stage->created_at + (int64_t) ((double) (stage->ring_ms + stage->at) / stage->scale);
	message->ends_at = message->at + (int64_t) ((double) length / stage->scale);
	message->seconds_from_start = (double) stage->at / 1000;
	message->duration = (double) length / 1000;
	stage->nmessages++;
	stage->at += length + PAUSE_MS + (int64_t) roll(stage, 900);
}

static void
say(Stage *stage, const Line *line)
{
	int choices = 0;

	if (stage->nmessages == stage->max_messages)
		return;
	while (choices < PHRASINGS && line->say[choices] != NULL)
		choices++;
	say_words(stage, line->role, spoken(stage, line->say[roll(stage, (uint64_t) choices)]));
}

/* The tenant's own questions, each with its answer. */
static void
ask(Stage *stage)
{
	const char *why;
	/* What follows goes as it would without them. */
	uint64_t kept = stage->rng;
	uint64_t rng = kept;
	json_t *asked = va_json_load(stage->arena, stage->questions, strlen(stage->questions), &why);
	const char *name;
	json_t *schema;

	json_object_foreach(asked, name, schema)
	{
		VaPeopleAnswer answer;

		if (json_object_size(stage->answers) == QUESTIONS_MAX)
			break;
		va_people_answer(stage->arena, &rng, stage->name, name, schema, &answer);
		if (answer.value == NULL)
			continue;
		say_words(stage, "bot", answer.question);
		say_words(stage, "user", answer.said);
		json_object_set_new(stage->answers, name, answer.value);
	}
	json_decref(asked);
	stage->rng = kept;
}

static void
play(Stage *stage, const Line *lines)
{
	for (; lines->role != NULL; lines++)
		say(stage, lines);
}

/* Before the last line, a person that came to the point is asked. */
static void
play_and_ask(Stage *stage, const Line *lines)
{
	for (; lines->role != NULL; lines++)
	{
		if (lines[1].role == NULL && stage->questions != NULL)
			ask(stage);
		say(stage, lines);
	}
}

/* ---- days and hours ---- */

typedef struct Appointment
{
	char date[16];	 /* 2026-03-09 */
	char time[8];	 /* 15:30 */
	char phrase[80]; /* tomorrow at 3:30 pm */
} Appointment;

/* The hours of hours_from_utc() in which the day is the same wherever a number of that prefix is. */
#define SURE_FROM 5
#define SURE_UNTIL 20

/*
 * Roughly where the number is, in hours from UTC: good enough for "tomorrow"
 * to be the same day for both sides within ordinary calling hours.
 */
static int
hours_from_utc(const char *number)
{
	static const struct
	{
		const char *prefix;
		int hours;
	} places[] = {
		{ "+1", -6 },
		{ "+52", -6 },
		{ "+55", -3 },
		{ "+54", -3 },
		{ "+57", -5 },
		{ "+351", 0 },
		{ "+353", 0 },
		{ "+44", 0 },
		{ "+27", 2 },
		{ "+20", 2 },
		{ "+234", 1 },
		{ "+254", 3 },
		{ "+30", 2 },
		{ "+358", 2 },
		{ "+380", 2 },
		{ "+7", 3 },
		{ "+90", 3 },
		{ "+971", 4 },
		{ "+966", 3 },
		{ "+972", 2 },
		{ "+92", 5 },
		{ "+91", 5 },
		{ "+880", 6 },
		{ "+66", 7 },
		{ "+84", 7 },
		{ "+62", 7 },
		{ "+60", 8 },
		{ "+65", 8 },
		{ "+63", 8 },
		{ "+86", 8 },
		{ "+852", 8 },
		{ "+886", 8 },
		{ "+81", 9 },
		{ "+82", 9 },
		{ "+61", 10 },
		{ "+64", 12 },
		{ "+3", 1 },
		{ "+4", 1 },
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (number != NULL && strncmp(number, places[i].prefix, strlen(places[i].prefix)) == 0)
			return places[i].hours;
	return 0;
}

static void
clock_words(int minutes, char *out, size_t size)
{
	int hour = minutes / 60;
	int twelve = hour % 12 == 0 ? 12 : hour % 12;
	const char *half = hour < 12 ? "am" : "pm";

	if (minutes % 60 == 0)
		snprintf(out, size, "%d %s", twelve, half);
	else
		snprintf(out, size, "%d:%02d %s", twelve, minutes % 60, half);
}

/* A working day within `days` days, between 9 and 17:30 in the lead's place. */
static void
choose_time(Stage *stage, const VaPeopleOrder *order, int days, Appointment *out)
{
	static const char *const weekdays[] = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday" };
	static const char *const months[] = { "January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" };
	int64_t local = order->created_at + hours_from_utc(order->number) * HOUR_MS;
	int ahead = 1 + (int) roll(stage, (uint64_t) days);
	int minutes = 9 * 60 + 30 * (int) roll(stage, 18);
	time_t day = (time_t) ((local + ahead * DAY_MS) / 1000);
	struct tm tm;
	char hour[16];

	gmtime_r(&day, &tm);
	if (tm.tm_wday == 0)
	{
		ahead++;
		day += DAY_MS / 1000;
		gmtime_r(&day, &tm);
	}
	strftime(out->date, sizeof(out->date), "%Y-%m-%d", &tm);
	snprintf(out->time, sizeof(out->time), "%02d:%02d", minutes / 60 % 24, minutes % 60);
	clock_words(minutes, hour, sizeof(hour));
	/* Around midnight nobody knows here whose tomorrow that is. */
	if (local / HOUR_MS % 24 < SURE_FROM || local / HOUR_MS % 24 >= SURE_UNTIL)
		snprintf(out->phrase, sizeof(out->phrase), "on %s, %s %d at %s", weekdays[tm.tm_wday], months[tm.tm_mon],
			tm.tm_mday, hour);
	else if (ahead == 1)
		snprintf(out->phrase, sizeof(out->phrase), "tomorrow at %s", hour);
	else if (ahead == 2 && roll(stage, 2) == 0)
		snprintf(out->phrase, sizeof(out->phrase), "the day after tomorrow at %s", hour);
	else if (ahead <= 6)
		snprintf(out->phrase, sizeof(out->phrase), "on %s at %s", weekdays[tm.tm_wday], hour);
	else
		snprintf(out->phrase, sizeof(out->phrase), "in %d days at %s", ahead, hour);
}

/* ---- what is read out of it ---- */

typedef struct Findings
{
	const Appointment *appointment;
	const Appointment *callback; /* date "" = without a time */
	const char *interest;
	const char *intent; /* NULL: none, and nothing else of these */
	const char *emotion;
	const char *objection; /* NULL: none */
	bool overcome;
	int csat; /* 0: it gave no mark */
	const char *step;
	const char *next_step; /* NULL: none */
	bool do_not_call;
	bool qualified;
	const char *summary;
	const char *success;
} Findings;

static json_t *
agreed(const char *what, const Appointment *appointment)
{
	json_t *object = json_pack("{s:b}", what, appointment != NULL);

	if (appointment == NULL)
		return object;
	json_object_set_new(object, "phrase", json_string(appointment->phrase));
	if (appointment->date[0] != '\0')
	{
		json_object_set_new(object, "date", json_string(appointment->date));
		json_object_set_new(object, "time", json_string(appointment->time));
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
	json_object_set_new(data, "intent", json_string(found->intent));
	json_object_set_new(data, "emotion", json_string(found->emotion));
	json_object_set_new(data, "ended_at_step", json_string(found->step));
	if (found->csat > 0)
		json_object_set_new(data, "csat", json_integer(found->csat));
	if (found->objection != NULL)
		json_object_set_new(
			data, "objections", json_pack("[{s:s,s:b}]", "kind", found->objection, "worked", found->overcome));
	if (found->next_step != NULL)
		json_object_set_new(data, "next_steps", json_pack("[s]", found->next_step));
	return data;
}

/* What the person thinks of the call, as an analysis would tell it. */
static void
feel(Findings *found, const char *intent, const char *emotion, const char *step, const char *next_step)
{
	found->intent = intent;
	found->emotion = emotion;
	found->step = step;
	found->next_step = next_step;
}

static const char *
lead_name(const VaPeopleOrder *order, VaArena *arena)
{
	const char *why;
	json_t *variables;
	const char *first;

	if (order->customer_name != NULL && order->customer_name[0] != '\0')
		return order->customer_name;
	if (order->variables == NULL)
		return "Alex";
	variables = va_json_load(arena, order->variables, strlen(order->variables), &why);
	first = va_json_string(variables, "first_name");
	first = first == NULL ? "Alex" : va_arena_strdup(arena, first);
	json_decref(variables);
	return first;
}

static void
play_callback(Stage *stage, const VaPeopleOrder *order, Appointment *time, Findings *found)
{
	choose_time(stage, order, 3, time);
	if (roll(stage, 3) == 0)
	{
		time->date[0] = time->time[0] = '\0';
		snprintf(time->phrase, sizeof(time->phrase), "later");
	}
	stage->when = time->phrase;
	play(stage, greeting);
	play(stage, callback);
	found->callback = time;
	feel(found, "callback", "neutral", "closing", "call_back");
	found->objection = "no_time";
	found->overcome = true;
	found->interest = "unknown";
	found->summary = va_arena_printf(
		stage->arena, "%s had no time and asked to be called back %s.", stage->name, time->phrase);
	found->success = "false";
}

static void
play_booking(Stage *stage, const VaPeopleOrder *order, Appointment *time, Findings *found)
{
	choose_time(stage, order, 20, time);
	stage->when = time->phrase;
	play(stage, greeting);
	play_and_ask(stage, books);
	found->appointment = time;
	feel(found, "schedule", "positive", "farewell", "meet");
	found->csat = 5;
	found->interest = "high";
	found->qualified = true;
	found->summary = va_arena_printf(stage->arena, "%s agreed to an appointment %s.", stage->name, time->phrase);
	found->success = "true";
}

static void
play_refusal(Stage *stage, VaDispositionKind kind, Findings *found)
{
	play(stage, greeting);
	found->success = "false";
	found->interest = "none";
	if (kind == VA_DISPOSITION_OPTS_OUT)
	{
		play(stage, opts_out);
		feel(found, "opt_out", "annoyed", "greeting", "remove_from_list");
		found->do_not_call = true;
		found->summary = va_arena_printf(
			stage->arena, "%s asked to be taken off the list and not to be called again.", stage->name);
	}
	else if (kind == VA_DISPOSITION_SWEARS)
	{
		play(stage, swears);
		feel(found, "complaint", "angry", "objection", NULL);
		found->objection = "robot";
		found->csat = 1;
		found->summary = va_arena_printf(
			stage->arena, "%s did not want to talk to a machine, swore and hung up.", stage->name);
	}
	else
	{
		play_and_ask(stage, not_interested);
		feel(found, "not_interested", "neutral", "objection", NULL);
		found->objection = "no_need";
		found->interest = roll(stage, 2) == 0 ? "none" : "low";
		found->summary = va_arena_printf(
			stage->arena, "%s was friendly but is not interested in the offer.", stage->name);
	}
}

static void
play_interest(Stage *stage, Findings *found)
{
	play(stage, greeting);
	play_and_ask(stage, interested);
	feel(found, "information", "positive", "farewell", "send_information");
	found->csat = 4;
	found->interest = roll(stage, 2) == 0 ? "high" : "medium";
	found->qualified = true;
	found->summary = va_arena_printf(stage->arena, "%s is interested and wants the details in writing.", stage->name);
	found->success = "true";
}

static void
play_endless(Stage *stage, double max_duration_s, Findings *found)
{
	play(stage, greeting);
	while (stage->nmessages < stage->max_messages && stage->at < max_duration_s * 1000)
		play(stage, talks_on);
	stage->at = (int64_t) (max_duration_s * 1000) + 1;
	feel(found, "general", "neutral", "pitch", NULL);
	found->summary = va_arena_printf(
		stage->arena, "%s talked about other things until the time was over.", stage->name);
}

/* True when the lead, and not the assistant, ends the call. */
static bool
play_disposition(Stage *stage, const VaPeopleOrder *order, VaDispositionKind kind, Appointment *time, Findings *found)
{
	found->interest = "unknown";
	found->success = "false";
	switch (kind)
	{
		case VA_DISPOSITION_BOOKS:
			play_booking(stage, order, time, found);
			return true;
		case VA_DISPOSITION_CALLBACK:
			play_callback(stage, order, time, found);
			return false;
		case VA_DISPOSITION_INTERESTED:
			play_interest(stage, found);
			return false;
		case VA_DISPOSITION_TALKS_ON:
			play_endless(stage, order->max_duration_s, found);
			return false;
		case VA_DISPOSITION_VOICEMAIL:
			play(stage, voicemail);
			found->summary = "A voicemail box answered.";
			return false;
		case VA_DISPOSITION_HANGS_UP:
			play(stage, hangs_up);
			found->summary = va_arena_printf(stage->arena, "%s hung up at once.", stage->name);
			return true;
		default:
			play_refusal(stage, kind, found);
			return true;
	}
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

void
va_people_talk(const VaPeopleOrder *order, const VaDisposition *disposition, VaArena *arena, VaPeopleTalk *talk)
{
	Stage stage = { .arena = arena, .rng = disposition->rng, .when = "later" };
	Appointment time = { 0 };
	Findings found = { 0 };
	int64_t longest = (int64_t) (order->max_duration_s * 1000);
	json_t *data;
	bool lead_ends;

	memset(talk, 0, sizeof(*talk));
	talk->ended_reason = disposition->failed_reason;
	if (!disposition->answered)
	{
		talk->cost = "0";
		return;
	}
	stage.name = lead_name(order, arena);
	stage.hello = order->first_message != NULL && order->first_message[0] != '\0'
					  ? order->first_message
					  : va_arena_printf(arena, "Hello, am I speaking with %s?", stage.name);
	stage.created_at = order->created_at;
	stage.ring_ms = disposition->ring_ms;
	stage.scale = order->time_scale > 0 ? order->time_scale : 1;
	stage.questions = order->extraction;
	stage.answers = va_json_new_object();
	stage.max_messages = disposition->kind == VA_DISPOSITION_TALKS_ON ? ENDLESS_MESSAGES_MAX : MESSAGES_MAX;
	stage.messages = va_arena_alloc(arena, sizeof(VaCarrierMessage) * (size_t) stage.max_messages);
	if (stage.messages == NULL || stage.hello == NULL)
	{
		json_decref(stage.answers);
		return;
	}
	lead_ends = play_disposition(&stage, order, disposition->kind, &time, &found);
	talk->messages = stage.messages;
	talk->nmessages = stage.nmessages;
	talk->talk_ms = stage.at;
	talk->ended_reason = disposition->kind == VA_DISPOSITION_VOICEMAIL ? "voicemail"
						 : lead_ends								   ? "customer-ended-call"
																	   : "assistant-ended-call";
	if (talk->talk_ms > longest)
	{
		/* What was agreed after the end was not agreed. */
		cut(talk, longest);
		talk->ended_reason = "exceeded-max-duration";
		found.appointment = found.callback = NULL;
		found.interest = "unknown";
		found.success = "false";
		found.objection = NULL;
		found.csat = 0;
		feel(&found, "general", "neutral", "pitch", NULL);
		if (disposition->kind != VA_DISPOSITION_TALKS_ON)
			found.summary = "The time was over before the conversation came to the point.";
	}
	talk->summary = found.summary;
	talk->success_evaluation = found.success;
	data = structured(&found);
	if (strcmp(talk->ended_reason, "exceeded-max-duration") != 0)
		json_object_update_missing(data, stage.answers);
	json_decref(stage.answers);
	va_people_mislead(order, disposition, data);
	talk->structured_data = va_json_text(arena, data);
	json_decref(data);
	charge(talk, arena);
}

void
va_people_hang_up(const VaDisposition *disposition, int64_t after_ms, VaArena *arena, VaPeopleTalk *talk)
{
	Findings found = { .interest = "unknown" };
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
	data = structured(&found);
	talk->structured_data = va_json_text(arena, data);
	json_decref(data);
	charge(talk, arena);
}
