/*
 * The sandbox's people: the same seed gives the same call, the mix is what it says, forced numbers do what they
 * promise, and what a carrier reports of them is read back by the driver.
 */
#include "tap.h"

#include <math.h>

#include "pure/providers/common/analysis.h"
#include "pure/sandbox/plan.h"

#define CREATED INT64_C(1772800000000) /* 2026-03-06T12:26:40Z */

static VaPeopleOrder
order_for(const char *number, const char *reference)
{
	VaPeopleOrder order = {
		.seed = 42,
		.number = number,
		.reference = reference,
		.dial = 1,
		.customer_name = "Ann Smith",
		.variables = "{\"first_name\":\"Ann\"}",
		.first_message = "Hello Ann, this is Robin from Sunny Roofs.",
		.ring_timeout_s = 30,
		.max_duration_s = 600,
		.created_at = CREATED,
	};

	return order;
}

/* The report of a call, as the carrier writes it. */
static const char *
report_of(const VaPeopleOrder *order, const VaDisposition *disposition, const VaCarrierCall *talk, VaArena *arena)
{
	VaCarrierCall call = *talk;

	call.id = "7f3c1f5e-0000-4000-8000-000000000001";
	call.status = "ended";
	call.name = order->reference;
	call.number = order->number;
	call.metadata = "{\"attempt\":\"va-1-1\"}";
	call.variable_values = order->variables;
	call.created_at = order->created_at;
	call.started_at = disposition->answered ? order->created_at + disposition->ring_ms : 0;
	call.ended_at = order->created_at + disposition->ring_ms + va_people_talk_ms(talk);
	return va_carrier_report_body(&call, call.ended_at, arena);
}

static const VaEvent *
read_back(const char *body, VaArena *arena)
{
	VaEvents events = {0};
	const char *why = NULL;

	if (!va_driver("sandbox")->read_webhook(&(VaSignedMessage){ .body = body, .body_len = strlen(body) }, arena, &events, &why) || events.count != 1)
	{
		diag("not read: %s", why ? why : "(no reason)");
		return NULL;
	}
	return &events.items[0];
}

static void
test_same_again(void)
{
	VaArena one = {0}, two = {0};
	VaPeopleOrder order = order_for("+14155551234", "va-1-7");
	VaDisposition disposition, again;
	VaCarrierCall talk = { 0 };
	const char *body;

	va_people_decide(&order, &disposition);
	va_people_talk(&order, &disposition, &one, &talk);
	body = report_of(&order, &disposition, &talk, &one);
	va_people_decide(&order, &again);
	va_people_talk(&order, &again, &two, &talk);
	is_str(report_of(&order, &again, &talk, &two), body, "the same call twice gives the same report, byte for byte");
	va_arena_free(&two);
	for (int i = 0, other = 0; i <= 20; i++)
	{
		order.seed = 43 + i;
		va_people_decide(&order, &again);
		other += again.kind != disposition.kind;
		if (i == 20)
			ok(other > 5, "another seed gives other calls");
	}
	va_arena_free(&one);
}

static void
test_mix(void)
{
	int count[VA_DISPOSITIONS] = {0};
	int answered = 0, machines = 0, faults = 0, losing = 0, changed = 0;
	const int calls = 20000;
	int64_t longest = 0;

	for (int i = 0; i < calls; i++)
	{
		char number[16], reference[24];
		VaPeopleOrder order;
		VaDisposition disposition, retry;

		snprintf(number, sizeof(number), "+1202%07d", 2000000 + i * 37);
		snprintf(reference, sizeof(reference), "va-9-%d", i);
		order = order_for(number, reference);
		va_people_decide(&order, &disposition);
		count[disposition.kind]++;
		answered += disposition.answered && disposition.kind != VA_DISPOSITION_VOICEMAIL;
		machines += disposition.kind == VA_DISPOSITION_VOICEMAIL;
		faults += disposition.faults != 0;
		losing += (disposition.faults & ~(VA_FAULT_LATE | VA_FAULT_DOUBLED | VA_FAULT_SWAPPED)) != 0;
		longest = disposition.ring_ms > longest ? disposition.ring_ms : longest;
		order.reference = "va-9-retry";
		va_people_decide(&order, &retry);
		changed += !disposition.answered && retry.answered;
	}
	ok(answered > calls * 42 / 100 && answered < calls * 48 / 100, "45 of 100 calls are answered by a person (%d of %d)", answered, calls);
	ok(count[VA_DISPOSITION_BOOKS] * 100 > (answered + machines) * 5, "more than 5 of 100 answered calls book (%d)", count[VA_DISPOSITION_BOOKS]);
	ok(count[VA_DISPOSITION_BOOKS] * 100 > answered * 12 && count[VA_DISPOSITION_BOOKS] * 100 < answered * 16, "about 14 of 100 conversations book");
	ok(count[VA_DISPOSITION_NO_ANSWER] > calls * 23 / 100 && count[VA_DISPOSITION_NO_ANSWER] < calls * 27 / 100, "a quarter is not answered");
	ok(count[VA_DISPOSITION_BUSY] > calls * 10 / 100 && count[VA_DISPOSITION_BUSY] < calls * 14 / 100, "12 of 100 are busy");
	ok(machines > calls * 8 / 100 && machines < calls * 12 / 100, "10 of 100 are machines");
	for (int i = 0; i < VA_DISPOSITIONS; i++)
		if (i != VA_DISPOSITION_TALKS_ON)
			ok(count[i] > 0, "some calls end with %s", va_people_kinds[i].name);
	ok(faults > calls * 4 / 100 && faults < calls * 8 / 100, "a few webhooks in 100 are late, doubled or swapped");
	is_int(losing, 0, "no ordinary call loses a webhook");
	is_int(longest, 30000, "nobody's telephone rings longer than it may");
	ok(changed > calls / 5, "a retry may be answered");
}

static void
check_event(const VaDisposition *disposition, const VaEvent *event, const char *name)
{
	static const char *const status[VA_DISPOSITIONS] = {
		[VA_DISPOSITION_NO_ANSWER] = "no_answer", [VA_DISPOSITION_BUSY] = "busy", [VA_DISPOSITION_MISDIALED] = "failed", [VA_DISPOSITION_FAILED] = "failed"};

	is_str(event->status, status[disposition->kind] ? status[disposition->kind] : "completed", "%s: status", name);
	ok(event->has_duration && (event->duration_seconds > 0) == disposition->answered, "%s: lasts only when it is answered", name);
	ok((atof(event->cost) > 0) == disposition->answered, "%s: costs only when it is answered", name);
	ok((event->answered_at != 0) == disposition->answered, "%s: time of the answer", name);
	is_str(event->attempt_ref, "va-1-1", "%s: our reference comes back", name);
}

static bool
flag(const json_t *data, const char *object, const char *member)
{
	return json_is_true(json_object_get(object == NULL ? data : json_object_get(data, object), member));
}

/* Is every member of these data asked for by the schema, down to the items of lists, and each choice one of its own? */
static bool
asked_for(const json_t *data, const json_t *schema)
{
	const json_t *properties = json_object_get(schema, "properties"), *choices = json_object_get(schema, "enum");
	const char *name;
	json_t *value;
	size_t i;
	bool found = choices == NULL;

	json_array_foreach(choices, i, value) found = found || json_equal(value, data);
	if (!found)
		return false;
	json_array_foreach(data, i, value) if (!asked_for(value, json_object_get(schema, "items")))
		return false;
	json_object_foreach((json_t *) data, name, value)
	{
		if (json_object_get(properties, name) == NULL)
			printf("# %s is not asked for\n", name);
		if (json_object_get(properties, name) == NULL || !asked_for(value, json_object_get(properties, name)))
			return false;
	}
	return true;
}

static void
test_forced(void)
{
	json_t *schema = va_analysis_schema(NULL);
	int n;
	const VaPeopleNumber *numbers = va_people_numbers(&n);

	for (int i = 0; i < n; i++)
	{
		VaArena arena = {0};
		char number[16];
		VaPeopleOrder order;
		VaDisposition disposition;
		VaCarrierCall talk = { 0 };
		const VaEvent *event;
		const char *why;
		json_t *data;

		snprintf(number, sizeof(number), "+1212555%04d", numbers[i].ending);
		order = order_for(number, "va-1-1");
		order.dial = numbers[i].busy_first + 1;
		ok(numbers[i].ending >= 100 && numbers[i].ending <= 199, "%s lies in 555-01xx", number);
		ok(va_people_number(number) == &numbers[i], "%s is found", number);
		va_people_decide(&order, &disposition);
		is_int(disposition.kind, numbers[i].kind, "%s: %s", number, va_people_kinds[numbers[i].kind].name);
		is_int(disposition.faults, numbers[i].faults, "%s: its faults", number);
		va_people_talk(&order, &disposition, &arena, &talk);
		event = read_back(report_of(&order, &disposition, &talk, &arena), &arena);
		if (!ok(event != NULL, "%s: the report is read back", number))
			continue;
		check_event(&disposition, event, number);
		if (disposition.answered)
		{
			ok(strstr(event->transcript, disposition.kind == VA_DISPOSITION_VOICEMAIL ? "Ann Smith" : "Hello Ann") != NULL || disposition.kind == VA_DISPOSITION_VOICEMAIL,
			   "%s: the first message is said", number);
			data = va_json_load(&arena, event->structured_data, strlen(event->structured_data), &why);
			is_int(flag(data, "appointment", "booked"), disposition.kind == VA_DISPOSITION_BOOKS, "%s: books or not", number);
			is_int(flag(data, "callback", "requested"), disposition.kind == VA_DISPOSITION_CALLBACK, "%s: callback or not", number);
			is_int(flag(data, NULL, "do_not_call"), disposition.kind == VA_DISPOSITION_OPTS_OUT, "%s: opts out or not", number);
			ok(asked_for(data, schema), "%s: the sandbox tells nothing that a real carrier is not asked for", number);
			json_decref(data);
		}
		va_arena_free(&arena);
	}
	json_decref(schema);
	{
		VaPeopleOrder order = order_for("+12125550118", "va-1-1");
		VaDisposition disposition;

		va_people_decide(&order, &disposition);
		is_int(disposition.kind, VA_DISPOSITION_BUSY, "555-0118 is busy at the first call");
		order.dial = 2;
		va_people_decide(&order, &disposition);
		is_int(disposition.kind, VA_DISPOSITION_BUSY, "... and at the second");
	}
	ok(va_people_number("+12125550099") == NULL && va_people_number("+12125550200") == NULL && va_people_number("+12125560100") == NULL &&
	   va_people_number("+442125550100") == NULL && va_people_number("+1212555010") == NULL && va_people_number("+121255501000") == NULL &&
	   va_people_number("+12125550199") == NULL && va_people_number(NULL) == NULL, "other numbers force nothing");
}

/* The view sandbox_numbers has them all. */
static void
test_documented(void)
{
	int n;
	const VaPeopleNumber *numbers = va_people_numbers(&n);
	char *sql = calloc(1, 65536);
	FILE *file = fopen("sql/35_provider/60_sandbox.sql", "r");
	int listed = 0;

	if (!ok(file != NULL && fread(sql, 1, 65535, file) > 0, "the install script is here"))
		return;
	fclose(file);
	for (int i = 0; i < n; i++)
	{
		char row[300];

		snprintf(row, sizeof(row), "\t\t('555-%04d', '", numbers[i].ending);
		ok(strstr(sql, row) != NULL, "the view sandbox_numbers has 555-%04d", numbers[i].ending);
	}
	for (const char *row = sql; (row = strstr(row, "\t\t('555-")) != NULL; row++)
		listed++;
	is_int(listed, n, "... and no others");
	free(sql);
}

/* Day and hour are the ones that are said. */
static void
test_dates(void)
{
	int wrong = 0, unsaid = 0, past = 0;

	for (int i = 0; i < 300; i++)
	{
		VaArena arena = {0};
		char reference[24];
		VaPeopleOrder order;
		VaDisposition disposition;
		VaCarrierCall talk = { 0 };
		const char *why, *phrase, *date;
		json_t *data;
		int year, month, day, ahead = 0;

		snprintf(reference, sizeof(reference), "va-1-%d", i);
		order = order_for("+12125550100", reference);
		va_people_decide(&order, &disposition);
		va_people_talk(&order, &disposition, &arena, &talk);
		data = va_json_load(&arena, talk.structured_data, strlen(talk.structured_data), &why);
		phrase = va_json_string(va_json_object(data, "appointment"), "phrase");
		date = va_json_string(va_json_object(data, "appointment"), "date");
		sscanf(date, "%d-%d-%d", &year, &month, &day);
		/* The call is on a Friday morning where the number is. */
		ahead = (int) (va_days_from_civil(year, month, day) - va_days_from_civil(2026, 3, 6));
		past += ahead < 1;
		if (strncmp(phrase, "tomorrow", 8) == 0)
			wrong += ahead != 1;
		else if (strncmp(phrase, "the day after", 13) == 0)
			wrong += ahead != 2;
		else if (strncmp(phrase, "in ", 3) == 0)
			wrong += ahead != atoi(phrase + 3);
		else
			wrong += strncmp(phrase + 3, (const char *[]) {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}[(ahead + 1) % 7], 3) != 0;
		{
			bool said = false;

			for (int m = 0; m < talk.nmessages; m++)
				said |= strcmp(talk.messages[m].role, "user") == 0 && strstr(talk.messages[m].text, phrase + 1) != NULL;
			unsaid += !said;
		}
		json_decref(data);
		va_arena_free(&arena);
	}
	is_int(wrong, 0, "the date is the day that was said");
	is_int(unsaid, 0, "the lead says day and hour");
	is_int(past, 0, "no appointment lies in the past");
}

static void
test_limits(void)
{
	VaArena arena = {0};
	VaPeopleOrder order = order_for("+12125550116", "va-1-1");
	VaDisposition disposition;
	VaCarrierCall talk = { 0 };
	int64_t end;

	va_people_decide(&order, &disposition);
	va_people_talk(&order, &disposition, &arena, &talk);
	is_int(va_people_talk_ms(&talk), 600000, "555-0116 talks as long as it may");
	is_str(talk.ended_reason, "exceeded-max-duration", "... and is cut off");
	order.max_duration_s = 43200;
	va_people_talk(&order, &disposition, &arena, &talk);
	ok(talk.nmessages <= 400 && va_people_talk_ms(&talk) == 43200000, "twelve hours stay within bounds");
	order = order_for("+12125550100", "va-1-1");
	order.max_duration_s = 10;
	va_people_decide(&order, &disposition);
	va_people_talk(&order, &disposition, &arena, &talk);
	is_int(va_people_talk_ms(&talk), 10000, "a conversation is cut at the longest duration");
	ok(strstr(talk.structured_data, "\"booked\":false") != NULL, "... and what came later was not agreed");

	order.max_duration_s = 600;
	va_people_talk(&order, &disposition, &arena, &talk);
	end = disposition.ring_ms + va_people_talk_ms(&talk);
	va_people_hang_up(&disposition, end, &arena, &talk);
	is_str(talk.ended_reason, "customer-ended-call", "a hang-up after the end changes nothing");
	va_people_hang_up(&disposition, disposition.ring_ms + 5000, &arena, &talk);
	ok(va_people_talk_ms(&talk) == 5000 && strcmp(talk.ended_reason, "manually-canceled") == 0, "a hang-up ends the talk there");
	va_people_hang_up(&disposition, 1, &arena, &talk);
	ok(va_people_talk_ms(&talk) == 0 && talk.nmessages == 0 && strcmp(talk.cost, "0") == 0, "a hang-up while it rings costs nothing");
	va_arena_free(&arena);
}

int
main(void)
{
	test_same_again();
	test_mix();
	test_forced();
	test_documented();
	test_dates();
	test_limits();
	return done_testing();
}
