/*
 * test_desk.c
 *		Callers who hesitate, correct themselves, interrupt and name odd hours
 *		want appointments of the desk (data/desk_callers.tsv): nothing is booked
 *		but what the caller has last agreed to, and few talks end as a message.
 *
 * SHOW=FILE writes the talks there, to be read.
 */
#include "tap.h"

#include <stdlib.h>
#include <string.h>

#include "pure/sandbox/desk.h"

#define TURNS_MAX 24
#define SLOT_MINUTES 45
#define FIELDS 7

static const char now[] = "2026-03-17T12:00";
/* Taken: the first minutes of appointments of others. */
static const char *const busy[] = { "2026-03-19T14:00", "2026-03-20T10:00", "2026-03-23T17:00" };

typedef struct Caller
{
	char *fields[FIELDS]; /* style, opening, wants, correction, wants then, yes, name */
	VaArena arena;
	char wants[20];	 /* as it stands now */
	char agreed[20]; /* the read-back that it has last agreed to */
	char booked[20];
	bool corrected;
	bool agrees; /* the line that is said next is a yes to the read-back */
	bool message;
	const char *line;
} Caller;

static FILE *shown;

/* ---- a calendar, open on working days from 9 to 17 ---- */

static bool
is_free(const VaMoment *at)
{
	if (va_weekday(at->day) > 5 || at->minutes < 540 || at->minutes + SLOT_MINUTES > 1020)
		return false;
	for (size_t i = 0; i < sizeof(busy) / sizeof(busy[0]); i++)
	{
		VaMoment taken;

		if (va_moment_at(busy[i], &taken) && taken.day == at->day && abs(taken.minutes - at->minutes) < SLOT_MINUTES)
			return false;
	}
	return true;
}

static json_t *
free_slots(const char *day, VaArena *arena)
{
	json_t *times = json_array();
	VaMoment from;
	VaMoment at;
	bool closed;

	if (day == NULL || !va_moment_at(day, &from))
		va_moment_at(now, &from);
	closed = va_weekday(from.day) > 5;
	if (is_free(&from))
		json_array_append_new(times, json_string(va_desk_iso(&from, arena)));
	at = (VaMoment){ from.day, 540 };
	while (json_array_size(times) < 4)
	{
		if ((at.day > from.day || at.minutes > from.minutes) && is_free(&at))
			json_array_append_new(times, json_string(va_desk_iso(&at, arena)));
		at.minutes += SLOT_MINUTES;
		if (at.minutes >= 1020)
			at = (VaMoment){ at.day + 1, 540 };
	}
	return closed ? json_pack("{s:[s,s],s:o}", "moves", "closed", "slots", "times", times)
				  : json_pack("{s:[s],s:o}", "moves", "slots", "times", times);
}

static json_t *
use_tool(Caller *caller, const char *tool, const json_t *arguments)
{
	const char *at = va_json_string(arguments, "starts_at");

	if (strcmp(tool, "free_slots") == 0)
		return free_slots(va_json_string(arguments, "day"), &caller->arena);
	if (strcmp(tool, "book") == 0)
	{
		snprintf(caller->booked, sizeof(caller->booked), "%s", at == NULL ? "nothing" : at);
		return json_pack("{s:[s],s:[s]}", "moves", "is_booked", "times", at == NULL ? "" : at);
	}
	caller->message = caller->message || strcmp(tool, "take_message") == 0;
	return json_pack("{s:[s]}", "moves",
		strcmp(tool, "find_knowledge") == 0 ? "not_known"
		: strcmp(tool, "transfer") == 0		? "offer_message"
											: "message_noted");
}

/* ---- the caller ---- */

static const char *
say_wanted(Caller *caller, const char *before)
{
	VaMoment at;

	if (!va_moment_at(caller->wants, &at))
		return "Whenever you have something free.";
	return va_arena_join(
		&caller->arena, before, va_desk_say_moments(&at, 1, LANGUAGE_EN, &caller->arena), ".", (char *) NULL);
}

/* Takes one of the times offered, if it is not the one that is wanted. */
static const char *
choose(Caller *caller, const Desk *desk)
{
	for (int i = 0; i < desk->nslots; i++)
		if (strcmp(va_desk_iso(&desk->slots[i], &caller->arena), caller->wants) == 0)
			return say_wanted(caller, "Then ");
	snprintf(caller->wants, sizeof(caller->wants), "%s", va_desk_iso(&desk->slots[1], &caller->arena));
	return "The second one, please.";
}

static const char *
to_read_back(Caller *caller, const Desk *desk)
{
	const char *read = desk->starts_at == NULL ? "" : desk->starts_at;

	if (!caller->corrected && strcmp(caller->fields[3], "-") != 0)
	{
		caller->corrected = true;
		snprintf(caller->wants, sizeof(caller->wants), "%s", caller->fields[4]);
		return caller->fields[3];
	}
	if (strcmp(caller->wants, "any") == 0)
		snprintf(caller->wants, sizeof(caller->wants), "%s", read);
	if (strcmp(caller->wants, read) != 0)
		return say_wanted(caller, "No, I mean ");
	caller->agrees = true;
	return caller->fields[5];
}

static const char *
answer(Caller *caller, const Desk *desk)
{
	switch (desk->acts[desk->nacts - 1])
	{
		case ACT_SLOTS:
			return choose(caller, desk);
		case ACT_ONE_SLOT:
		case ACT_READ_BACK:
			return to_read_back(caller, desk);
		case ACT_ASK_TIME:
			return say_wanted(caller, "");
		case ACT_ASK_NAME:
			return caller->fields[6];
		case ACT_NUMBER_OR:
			return "This number.";
		case ACT_ELSE:
			return "No, thank you. Goodbye.";
		case ACT_CANNOT:
		case ACT_OFFER_MESSAGE:
			return "Yes, please.";
		default:
			return caller->fields[1];
	}
}

/* ---- the talks ---- */

static void
play(Caller *caller)
{
	static const char *const tools[] = { "free_slots", "book", "take_message", "find_knowledge", "move_booking",
		"cancel_booking", "transfer", NULL };
	Assistant assistant = { .inbound = true, .business = "Acme", .now = now };
	json_t *offered = json_array();
	Desk desk;

	for (int i = 0; tools[i] != NULL; i++)
		json_array_append_new(offered, json_pack("{s:{s:s}}", "function", "name", tools[i]));
	assistant.tools = offered;
	va_desk_begin(&desk, &assistant, &caller->arena);
	snprintf(caller->wants, sizeof(caller->wants), "%s", caller->fields[2]);
	caller->line = caller->fields[1];
	for (int turn = 0; turn < TURNS_MAX; turn++)
	{
		if (caller->agrees)
			snprintf(caller->agreed, sizeof(caller->agreed), "%s", desk.starts_at == NULL ? "" : desk.starts_at);
		caller->agrees = false;
		va_desk_hear(&desk, caller->line);
		if (shown != NULL)
			fprintf(shown, "caller:    %s\n", caller->line);
		while (desk.wants != NULL)
		{
			const char *tool = desk.wants;
			json_t *data = use_tool(caller, tool, desk.arguments);

			va_desk_tool(&desk, tool, data);
			json_decref(data);
		}
		if (shown != NULL)
			fprintf(shown, "assistant: %s\n", va_desk_say(&desk));
		if (va_desk_over(&desk))
			break;
		caller->line = answer(caller, &desk);
	}
	va_desk_end(&desk);
	json_decref(offered);
}

/* The talks of one style, or of all (NULL). */
static void
play_all(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[1000];
	int talks = 0;
	int differ = 0;
	int unbooked = 0;

	if (!ok(file != NULL, "%s is here", path))
		return;
	while (fgets(line, sizeof(line), file) != NULL)
	{
		Caller caller = { 0 };
		char *rest = line;

		if (line[0] == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < FIELDS; i++)
			if ((caller.fields[i] = strsep(&rest, "\t")) == NULL)
				exit(!ok(false, "line \"%s\" has all its fields", line));
		talks++;
		if (shown != NULL)
			fprintf(shown, "\n-- %s, wants %s, then %s\n", caller.fields[0], caller.fields[2], caller.fields[4]);
		play(&caller);
		if (caller.booked[0] != '\0' &&
			(strcmp(caller.booked, caller.wants) != 0 || strcmp(caller.booked, caller.agreed) != 0))
		{
			differ++;
			diag("%s: booked %s, agreed to %s, wants %s", caller.fields[1], caller.booked, caller.agreed, caller.wants);
		}
		if (caller.booked[0] == '\0')
		{
			unbooked++;
			diag("%s: %s", caller.message ? "a message" : "nothing", caller.fields[1]);
		}
		va_arena_free(&caller.arena);
	}
	fclose(file);
	is_int(differ, 0, "of %d talks no booking differs from what the caller agreed to", talks);
	ok(unbooked * 10 <= talks, "%d of %d talks end without a booking", unbooked, talks);
}

int
main(void)
{
	if (getenv("SHOW") != NULL)
		shown = fopen(getenv("SHOW"), "w");
	play_all("regress/unit/data/desk_callers.tsv");
	if (shown != NULL)
		fclose(shown);
	return done_testing();
}
