/*-------------------------------------------------------------------------
 * people.c
 *		The sandbox's people (people.tsv): whether they answer, what they say to
 *		the tenant's assistant, and what a carrier makes of it.
 *
 * The words of an answer bear its value out: an analysis without words is not
 * believed.  One analysis in twenty is wrong on purpose, as a model's may be: so
 * that it is seen, before real money is spent, that nothing is done on its word.
 */
#include "plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "pure/net/backoff.h"
#include "pure/sandbox/people_names.inc" /* Says, Topic */

#define WAYS 4
#define CHOICE_BYTES_MAX 200
#define MESSAGES_MAX (32 + 2 * QUESTIONS_MAX)
#define ENDLESS_MESSAGES_MAX 400 /* then the time runs on without words */
#define MS_PER_WORD 380
#define PAUSE_MS 600
#define DAY_MS INT64_C(86400000)
/* One of so many analyses is wrong; one of so many of these is not there, and one is of another kind. */
#define ANALYSES_PER_WRONG 20
#define WRONG_KINDS 5

/* A step of a script: a line of the person, a move of the assistant, or one of these. */
#define BOT(act) (-1 - (int) (act))
enum
{
	END = 1000,
	FIRST_MESSAGE,
	OPENING,
	QUESTIONS, /* each question of the assistant's, and its answer */
	PRICE,	   /* perhaps it asks for the price */
	TIMED	   /* the rest only if it names a time */
};

#include "pure/sandbox/people.inc"

const VaPeopleNumber *
va_people_numbers(int *count)
{
	*count = (int) (sizeof(numbers) / sizeof(numbers[0]));
	return numbers;
}

const VaPeopleNumber *
va_people_number(const char *number)
{
	if (number == NULL || strlen(number) != 12 || strncmp(number, "+1", 2) != 0 ||
		strspn(number + 2, "0123456789") != 10 || strncmp(number + 5, "55501", 5) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].ending == atoi(number + 8))
			return &numbers[i];
	return NULL;
}

/* ---- the talk as it goes ---- */

typedef struct Scene
{
	const VaPeopleOrder *order;
	const VaDisposition *disposition;
	VaArena *arena;
	uint64_t rng;
	Assistant assistant;
	Desk desk;
	const char *name; /* the person's */
	const char *when; /* the words of the time that the person names */
	char date[16];	  /* 2026-03-09; "" without a time */
	char time[8];	  /* 15:30 */
	int64_t at;		  /* ms since the answer */
	int64_t longest_ms;
	VaCarrierMessage *messages;
	int nmessages, max_messages;
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

const char *
va_people_line(int language, int says)
{
	return lines[says][language][0];
}

static void
add_words(Scene *scene, const char *role, const char *text)
{
	const VaPeopleOrder *order = scene->order;
	double scale = order->time_scale > 0 ? order->time_scale : 1;
	VaCarrierMessage *message = &scene->messages[scene->nmessages];
	int64_t length;

	if (scene->nmessages == scene->max_messages || text == NULL)
		return;
	length = MS_PER_WORD * va_people_words(text);
	message->role = role;
	message->text = text;
	message->at = order->created_at + (int64_t) ((double) (scene->disposition->ring_ms + scene->at) / scale);
	message->ends_at = message->at + (int64_t) ((double) length / scale);
	message->seconds_from_start = (double) scene->at / 1000;
	message->duration = (double) length / 1000;
	scene->nmessages++;
	scene->at += length + PAUSE_MS + (int64_t) va_people_roll(&scene->rng, 900);
}

/* One of the ways to say it; answer fills {answer}. */
static const char *
say(Scene *scene, Says says, const char *answer)
{
	const char *const *ways = lines[says][scene->assistant.language];
	uint64_t n = 1;
	const char *line;
	const char *open;
	char *said;
	char *at;

	while (n < WAYS && ways[n] != NULL)
		n++;
	line = ways[va_people_roll(&scene->rng, n)];
	open = strchr(line, '{');
	if (open == NULL)
		return line;
	said = va_arena_printf(scene->arena, "%.*s%s%s", (int) (open - line), line,
		open[1] == 'n'	 ? scene->name
		: open[1] == 'w' ? scene->when
						 : answer,
		strchr(open, '}') + 1);
	at = said == NULL ? NULL : said + (open - line);
	/* A time may begin a sentence. */
	if (at != NULL && (at == said || (at - said > 2 && strchr(".?!", at[-2]) != NULL)) && *at >= 'a' && *at <= 'z')
		*at = (char) (*at - 'a' + 'A');
	return said;
}

static void
assistant_says(Scene *scene, Act act)
{
	scene->desk.acts[0] = act;
	scene->desk.nacts = 1;
	scene->desk.when = scene->when;
	add_words(scene, "bot", va_desk_say(&scene->desk));
}

/* ---- answers to the tenant's questions ---- */

/* The kind of a question by its first words that are known; TOPICS: any. */
static Topic
topic_of(const Scene *scene, const char *question)
{
	const char *folded = va_desk_fold(question, strlen(question), scene->arena);

	for (int topic = 0; folded != NULL && topic < TOPICS; topic++)
		for (const char *const *phrase = topics[topic][scene->assistant.language]; *phrase != NULL; phrase++)
		{
			const char *at = strstr(folded, *phrase);

			/* Other words than the first are of a yes or no only by chance. */
			if (at == folded || (at != NULL && topic != TOPIC_YES_NO))
				return (Topic) topic;
		}
	return TOPICS;
}

/* Says it, and makes it the value: the answer, or the words without their last mark. */
static const char *
say_text(Scene *scene, Says says, const char *text, json_t **value)
{
	const char *said = say(scene, says, text);

	*value = text != NULL ? json_string(text) : json_stringn(said, strlen(said) - 1);
	return said;
}

static const char *
email_of(const Scene *scene)
{
	const char *folded = va_desk_fold(scene->name, strlen(scene->name), scene->arena);
	int n = folded == NULL ? 0 : (int) strcspn(folded + 1, " ");

	return va_arena_printf(scene->arena, "%.*s@example.com", n == 0 ? 4 : n, n == 0 ? "alex" : folded + 1);
}

/* The answer to a question by the JSON schema of its field, or by its words (NULL); *value: of the field, NULL: none. */
static const char *
answer(Scene *scene, const char *question, const json_t *schema, json_t **value)
{
	const char *type = va_json_string(schema, "type");
	const char *description = va_json_string(schema, "description");
	const char *asked = description == NULL ? "" : description;
	const json_t *choices = va_json_array(schema, "enum");
	size_t nchoices = json_array_size(choices);
	Topic topic = topic_of(scene, question);
	bool text = type != NULL && strcmp(type, "string") == 0;
	bool number = type != NULL ? strcmp(type, "integer") == 0 || strcmp(type, "number") == 0 : topic == TOPIC_NUMBER;
	int n;

	*value = NULL;
	if (nchoices > 0)
	{
		const char *choice = json_string_value(json_array_get(choices, (size_t) va_people_roll(&scene->rng, nchoices)));

		return choice == NULL || strlen(choice) > CHOICE_BYTES_MAX ? say(scene, SAYS_ANYTHING, NULL)
																   : say_text(scene, SAYS_CHOOSES, choice, value);
	}
	if (strstr(asked, "(E.164)") != NULL)
		return say_text(scene, SAYS_PHONE, scene->order->number, value);
	if (strstr(asked, "(YYYY-MM-DD)") != NULL)
	{
		*value = scene->date[0] == '\0' ? NULL : json_string(scene->date);
		return say(scene, SAYS_CHOOSES, scene->when);
	}
	if (strstr(asked, "mail") != NULL && strchr(question, '@') == NULL)
		return say_text(scene, SAYS_EMAIL, email_of(scene), value);
	if (number || (text && topic == TOPIC_NUMBER))
	{
		n = 2 + (int) va_people_roll(&scene->rng, 10);
		*value = text ? json_sprintf("%d", n) : json_integer(n);
		return say(scene, SAYS_NUMBER, va_arena_printf(scene->arena, "%d", n));
	}
	if (!text && (topic == TOPIC_YES_NO || type != NULL))
	{
		n = (int) va_people_roll(&scene->rng, 2);
		*value = json_boolean(n == 0);
		return say(scene, n == 0 ? SAYS_YES : SAYS_NO, NULL);
	}
	return say_text(
		scene, topic == TOPIC_NAMED ? SAYS_NAMED : SAYS_ANYTHING, topic == TOPIC_NAMED ? scene->name : NULL, value);
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
		add_words(scene, "user", answer(scene, question->text, schema, &value));
		if (schema != NULL && value != NULL)
			json_object_set(scene->answers, question->field, value);
		json_decref(value);
	}
}

/* ---- how it goes ---- */

static void
play(Scene *scene)
{
	const char *first = scene->order->first_message;
	bool endless = scene->disposition->kind == VA_DISPOSITION_TALKS_ON;

	for (const int *step = va_people_kinds[scene->disposition->kind].script; *step != END; step++)
	{
		bool by_chance = (*step == OPENING && va_people_roll(&scene->rng, 3) == 0) ||
						 (*step == PRICE && va_people_roll(&scene->rng, 2) == 0);

		if (*step == FIRST_MESSAGE && first != NULL && first[0] != '\0')
			add_words(scene, "bot", first);
		else if (*step == FIRST_MESSAGE)
			assistant_says(scene, ACT_GREET);
		else if (*step == OPENING)
		{
			add_words(scene, "user", say(scene, by_chance ? SAYS_ASKS_WHO : SAYS_GREETS, NULL));
			assistant_says(scene, by_chance ? ACT_WHO : ACT_PITCH);
		}
		else if (*step == QUESTIONS)
			ask_questions(scene);
		else if (*step == PRICE && by_chance)
		{
			/* The assistant knows it, or says that it does not. */
			add_words(scene, "user", say(scene, SAYS_ASKS_PRICE, NULL));
			scene->desk.answer = scene->assistant.price;
			assistant_says(scene, scene->assistant.price != NULL ? ACT_ANSWER : ACT_CANNOT_HERE);
		}
		else if (*step == TIMED && scene->date[0] == '\0')
		{
			assistant_says(scene, ACT_CALLBACK_LATER);
			return;
		}
		else if (*step < 0)
			assistant_says(scene, (Act) (-1 - *step));
		else if (*step < END)
			add_words(scene, "user", say(scene, (Says) *step, NULL));
		/* Its last two steps for ever. */
		if (endless && step[1] == END && scene->nmessages + 1 < scene->max_messages && scene->at < scene->longest_ms)
			step -= 2;
	}
	if (endless)
		scene->at = scene->longest_ms + 1;
}

/*
 * The person names a time: a working day between 9 and 17:30 in its place, "Friday, 27 November at 3:30 pm"; to be called
 * back perhaps just "later".
 */
static void
choose_time(Scene *scene)
{
	static const char *const on[LANGUAGES] = { "on ", "", "", "am ", "" };
	const VaPeopleOrder *order = scene->order;
	bool calls_back = scene->disposition->kind == VA_DISPOSITION_CALLBACK;
	int64_t zone_ms = order->number != NULL && strncmp(order->number, "+1", 2) == 0 ? -DAY_MS / 4 : DAY_MS / 24;
	int ahead = 1 + (int) va_people_roll(&scene->rng, calls_back ? 3 : 20);
	VaMoment moment = { .minutes = 9 * 60 + 30 * (int) va_people_roll(&scene->rng, 18) };
	const char *iso;

	if (calls_back && va_people_roll(&scene->rng, 3) == 0)
	{
		scene->when = say(scene, SAYS_LATER, NULL);
		return;
	}
	moment.day = (int32_t) ((order->created_at + zone_ms) / DAY_MS) + ahead;
	/* Not on a Sunday. */
	moment.day += va_weekday(moment.day) == 7;
	iso = va_desk_iso(&moment, scene->arena);
	if (iso == NULL)
		return;
	memcpy(scene->date, iso, 10);
	memcpy(scene->time, iso + 11, 5);
	scene->when = va_arena_join(scene->arena, on[scene->assistant.language],
		va_desk_say_moments(&moment, 1, scene->assistant.language, scene->arena), (char *) NULL);
}

/* ---- what is read out of it ---- */

static json_t *
agreed(const Scene *scene, const char *what, bool agreed)
{
	return !agreed					? json_pack("{s:b}", what, 0)
		   : scene->date[0] == '\0' ? json_pack("{s:b,s:s}", what, 1, "phrase", scene->when)
									: json_pack("{s:b,s:s,s:s,s:s}", what, 1, "phrase", scene->when, "date",
										  scene->date, "time", scene->time);
}

static json_t *
structured(const Scene *scene, VaDispositionKind kind)
{
	json_t *data = json_loads(va_people_kinds[kind].data, 0, NULL);

	json_object_set_new(data, "appointment", agreed(scene, "booked", kind == VA_DISPOSITION_BOOKS));
	json_object_set_new(data, "callback", agreed(scene, "requested", kind == VA_DISPOSITION_CALLBACK));
	return data;
}

/* Makes something untrue in one of twenty analyses; false: it is not there. */
static bool
mislead(const Scene *scene, json_t *data)
{
	/* The talk's own chances go on as they were. */
	uint64_t chance = va_mix64(scene->disposition->rng ^ 0x6d69736c656164ULL);
	uint64_t wrong = chance / ANALYSES_PER_WRONG / 2 % WRONG_KINDS;
	bool other = chance / ANALYSES_PER_WRONG % 2 == 0;
	VaDispositionKind kind = scene->disposition->kind;
	bool books = kind == VA_DISPOSITION_BOOKS;
	json_t *appointment = json_object_get(data, "appointment");
	bool booked = json_is_true(json_object_get(appointment, "booked"));
	VaCivilDay day = va_civil_day((int32_t) (scene->order->created_at / DAY_MS) + 3);
	const char *what = "an opt-out";

	/* Numbers that force something do just that. */
	if (va_people_number(scene->order->number) != NULL || chance % ANALYSES_PER_WRONG != 0)
		return true;
	if (wrong == 1)
	{
		/* Words where the schema has truth values and objects, as a model without a schema answers. */
		what = "another kind";
		json_object_update_new(
			data, json_pack("{s:s,s:i,s:n}", "appointment", booked ? "yes" : "none", "interest", 3, "do_not_call"));
	}
	else if (books && !booked)
		what = NULL;
	else if (books && other)
	{
		/* An hour that no person of ours names. */
		what = "another hour";
		json_object_del(appointment, "phrase");
		json_object_set_new(appointment, "time", json_string("06:35"));
	}
	else if (!books && (other || (kind != VA_DISPOSITION_INTERESTED && kind != VA_DISPOSITION_CALLBACK)))
	{
		what = "a booking";
		json_object_set_new(data, "appointment",
			json_pack("{s:b,s:o,s:s,s:s}", "booked", 1, "date",
				json_sprintf("%04d-%02d-%02d", day.year, day.month, day.day), "time", "15:00", "phrase",
				"in three days at 3 pm"));
	}
	else
		/* Only where the words show the opposite: elsewhere the error could not be found. */
		json_object_set_new(data, "do_not_call", json_true());
	va_json_set_text(data, "wrong_on_purpose", what);
	return wrong != 0;
}

/* ---- out ---- */

int64_t
va_people_talk_ms(const VaCarrierCall *call)
{
	return llround(call->duration_s * 1000);
}

/* Nothing said after that counts; its costs are in dollars, at ten-thousandths of one per minute. */
static void
end_at(VaCarrierCall *call, int64_t talk_ms, const char *reason, VaArena *arena)
{
	const struct
	{
		int rate;
		const char **cost;
	} parts[] = { { 140, &call->cost_transport }, { 95, &call->cost_transcriber }, { 200, &call->cost_model },
		{ 360, &call->cost_voice } };
	int total = 0;

	call->duration_s = (double) talk_ms / 1000;
	call->ended_reason = reason;
	while (call->nmessages > 0 && call->messages[call->nmessages - 1].seconds_from_start >= call->duration_s)
		call->nmessages--;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
	{
		int amount = (int) ((talk_ms * parts[i].rate + 59999) / 60000);

		total += amount;
		*parts[i].cost = talk_ms == 0 ? NULL : va_arena_printf(arena, "%d.%04d", amount / 10000, amount % 10000);
	}
	call->cost = talk_ms == 0 ? "0" : va_arena_printf(arena, "%d.%04d", total / 10000, total % 10000);
}

static void
tell(Scene *scene, VaCarrierCall *call)
{
	const VaPeopleKind *kind = &va_people_kinds[scene->disposition->kind];
	bool late = scene->at > scene->longest_ms;
	VaDispositionKind read = late ? VA_DISPOSITION_TALKS_ON : scene->disposition->kind;
	bool timed = read == VA_DISPOSITION_BOOKS || read == VA_DISPOSITION_CALLBACK;
	json_t *data = structured(scene, read);

	call->messages = scene->messages;
	call->nmessages = scene->nmessages;
	end_at(
		call, late ? scene->longest_ms : scene->at, late ? "exceeded-max-duration" : kind->ended_reason, scene->arena);
	call->summary = late && read != scene->disposition->kind
						? "The time was over before the conversation came to the point."
						: va_arena_join(
							  scene->arena, scene->name, kind->told, timed ? scene->when : "", ".", (char *) NULL);
	/* An agreement after the end is none. */
	if (late)
		json_object_clear(scene->answers);
	call->success_evaluation = json_is_true(json_object_get(data, "qualified")) ? "true" : "false";
	json_object_update_missing(data, scene->answers);
	if (mislead(scene, data))
		call->structured_data = va_json_text(scene->arena, data);
	else
		call->summary = call->success_evaluation = NULL;
	json_decref(data);
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
va_people_talk(const VaPeopleOrder *order, const VaDisposition *disposition, VaArena *arena, VaCarrierCall *call)
{
	bool endless = disposition->kind == VA_DISPOSITION_TALKS_ON;
	json_t *variables = load(arena, order->variables, NULL);
	json_t *told = load(arena, order->assistant, variables);
	json_t *schemas = load(arena, order->extraction, variables);
	const char *first_name = order->customer_name != NULL && order->customer_name[0] != '\0'
								 ? order->customer_name
								 : va_json_string(variables, "first_name");
	Scene scene = { .order = order,
		.disposition = disposition,
		.arena = arena,
		.rng = disposition->rng,
		.name = first_name != NULL ? first_name : "Alex",
		.longest_ms = (int64_t) (order->max_duration_s * 1000),
		.schemas = schemas,
		.answers = va_json_new_object(),
		.max_messages = endless ? ENDLESS_MESSAGES_MAX : MESSAGES_MAX };

	call->nmessages = 0;
	call->summary = call->structured_data = call->success_evaluation = NULL;
	end_at(call, 0, va_people_kinds[disposition->kind].ended_reason, arena);
	va_desk_read_assistant(&scene.assistant, told, schemas, arena);
	/* Here people are called, and want what they want, and so there is something to talk about. */
	scene.assistant.inbound = false;
	scene.when = say(&scene, SAYS_LATER, NULL);
	if (scene.assistant.offer == NULL)
		scene.assistant.offer = say(&scene, SAYS_OFFER, NULL);
	va_desk_begin(&scene.desk, &scene.assistant, arena);
	scene.messages = va_arena_alloc(arena, sizeof(VaCarrierMessage) * (size_t) scene.max_messages);
	if (disposition->answered && scene.messages != NULL)
	{
		choose_time(&scene);
		play(&scene);
		tell(&scene, call);
		for (int i = 0; i < scene.nmessages; i++)
			scene.messages[i].text = va_arena_strdup(arena, scene.messages[i].text);
	}
	json_decref(scene.answers);
	json_decref(variables);
	json_decref(told);
	json_decref(schemas);
}

void
va_people_hang_up(const VaDisposition *disposition, int64_t after_ms, VaArena *arena, VaCarrierCall *call)
{
	const Scene nothing = { 0 };
	int64_t talk_ms = after_ms - disposition->ring_ms;
	bool talked = disposition->answered && talk_ms >= 0;
	json_t *data = structured(&nothing, VA_DISPOSITION_HANGS_UP);

	if (talk_ms < va_people_talk_ms(call))
	{
		call->nmessages = talked ? call->nmessages : 0;
		call->summary = talked ? "The caller's side ended the call." : NULL;
		call->success_evaluation = talked ? "false" : NULL;
		call->structured_data = talked ? va_json_text(arena, data) : NULL;
		end_at(call, talked ? talk_ms : 0, "manually-canceled", arena);
	}
	json_decref(data);
}
