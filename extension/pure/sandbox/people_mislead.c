/*-------------------------------------------------------------------------
 * people_mislead.c
 *		One in twenty of the sandbox's analyses is wrong on purpose, as a
 *		model's may be: so that it is seen, before real money is spent, that
 *		nothing is done on its word alone.
 *
 * Pure: no backend, no locks, no state.
 *-------------------------------------------------------------------------
 */
#include "people_lines.h"

#include "pure/net/backoff.h"

#define IN_ANALYSES 20
#define DAYS_AHEAD 3
/* One of so many wrong analyses is not there, and one is of another kind. */
#define KINDS 5

static void
invent_booking(const VaPeopleOrder *order, json_t *data)
{
	VaCivilDay day = va_civil_day((int32_t) (order->created_at / 86400000) + DAYS_AHEAD);

	json_object_set_new(data, "appointment",
		json_pack("{s:b,s:o,s:s,s:s}", "booked", 1, "date",
			json_sprintf("%04d-%02d-%02d", day.year, day.month, day.day), "time", "15:00", "phrase",
			"in three days at 3 pm"));
}

/* An hour that no person of ours names. */
static void
change_hour(json_t *data)
{
	json_t *appointment = json_object_get(data, "appointment");

	json_object_del(appointment, "phrase");
	json_object_set_new(appointment, "time", json_string("06:35"));
}

/* Words where the schema has truth values and objects, as a model without a schema answers. */
static void
change_kind(json_t *data)
{
	bool booked = json_is_true(json_object_get(json_object_get(data, "appointment"), "booked"));

	json_object_set_new(data, "appointment", json_string(booked ? "yes" : "none"));
	json_object_set_new(data, "interest", json_integer(3));
	json_object_set_new(data, "do_not_call", json_null());
}

/* What is untrue of such a person, and says so by its name; NULL: nothing is. */
static const char *
mislead(const VaPeopleOrder *order, VaDispositionKind kind, bool other, json_t *data)
{
	switch (kind)
	{
		case VA_DISPOSITION_BOOKS:
			if (!json_is_true(json_object_get(json_object_get(data, "appointment"), "booked")))
				return NULL;
			if (other)
			{
				change_hour(data);
				return "another hour";
			}
			break;
		case VA_DISPOSITION_INTERESTED:
		case VA_DISPOSITION_CALLBACK:
			if (other)
			{
				invent_booking(order, data);
				return "a booking";
			}
			break;
		default:
			invent_booking(order, data);
			return "a booking";
	}
	/* Only where the words show the opposite: elsewhere nobody could tell that it is wrong. */
	json_object_set_new(data, "do_not_call", json_true());
	return "an opt-out";
}

bool
va_people_mislead(const VaPeopleOrder *order, const VaDisposition *disposition, json_t *data)
{
	/* The talk's own chances go on as they were. */
	uint64_t chance = va_mix64(disposition->rng ^ 0x6d69736c656164ULL);
	const char *what;

	/* Numbers that force something do just that. */
	if (va_people_number(order->number) != NULL || chance % IN_ANALYSES != 0)
		return true;
	chance /= IN_ANALYSES;
	if (chance / 2 % KINDS == 0)
		return false;
	if (chance / 2 % KINDS == 1)
	{
		change_kind(data);
		what = "another kind";
	}
	else
		what = mislead(order, disposition->kind, chance % 2 == 0, data);
	if (what != NULL)
		json_object_set_new(data, "wrong_on_purpose", json_string(what));
	return true;
}
