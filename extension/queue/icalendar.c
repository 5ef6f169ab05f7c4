/*-------------------------------------------------------------------------
 * icalendar.c
 *		Appointments as iCalendar text (RFC 5545), for calendars elsewhere.
 *
 * libical folds and escapes.  It knows nothing of characters that turn the
 * direction of what follows, and writes some control characters as they are:
 * those are taken out here, since names and summaries are strangers' words.
 *
 * No locks, no tables: the events come as an array of icalendar_event.  All of
 * libical's memory is malloc's, so it is freed on every way out.
 */
#include "postgres.h"

#include <libical/ical.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "pure/text/utf8.h"

#define PRODUCT "-//voiceagent//voiceagent//EN"

/* The attributes of voiceagent_private.icalendar_event. */
enum
{
	EVENT_UID,
	EVENT_SEQUENCE,
	EVENT_STATUS,
	EVENT_STARTS_AT,
	EVENT_ENDS_AT,
	EVENT_SUMMARY,
	EVENT_DESCRIPTION,
	EVENT_ORGANIZER,
	EVENT_ORGANIZER_NAME,
	EVENT_ATTENDEE,
	EVENT_ATTENDEE_NAME,
	EVENT_FIELDS
};

typedef struct Event
{
	Datum values[EVENT_FIELDS];
	bool nulls[EVENT_FIELDS];
} Event;

typedef struct Output
{
	const char *method;
	const char *name;
	const char *notice;
	TimestampTz stamp;
	Event *events;
	int nevents;
	icalcomponent *calendar;
	char *written;
	text *result;
} Output;

PG_FUNCTION_INFO_V1(va_sql_icalendar);

/* Marks that turn the direction of what follows: embeddings, overrides, isolates. */
static bool
turns_direction(int32 code)
{
	return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
		   (code >= 0x2066 && code <= 0x2069);
}

/* A line break stays one where it may (libical writes it as \n); all other control characters become a space. */
static char *
clean(const char *text, bool breaks)
{
	size_t left = strlen(text);
	char *cleaned = palloc(left + 1);
	char *to = cleaned;

	while (left > 0)
	{
		int32_t code;
		size_t len = va_utf8_next((const unsigned char *) text, left, &code);

		if (code == '\n' && breaks)
			*to++ = '\n';
		else if (code == '\r' && breaks && left > 1 && text[1] == '\n')
			;
		else if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029)
			*to++ = ' ';
		else if (!turns_direction(code))
		{
			memcpy(to, text, len);
			to += len;
		}
		text += len;
		left -= len;
	}
	*to = '\0';
	return cleaned;
}

static char *
text_of(const Event *event, int field, bool breaks)
{
	return event->nulls[field] ? NULL : clean(TextDatumGetCString(event->values[field]), breaks);
}

static struct icaltimetype
utc(TimestampTz at)
{
	struct icaltimetype time = icaltime_null_time();
	struct pg_tm tm;
	fsec_t fraction;

	if (TIMESTAMP_NOT_FINITE(at) || timestamp2tm(at, NULL, &tm, &fraction, NULL, NULL) != 0 || tm.tm_year < 1 ||
		tm.tm_year > 9999)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("a calendar has no such time")));
	time.year = tm.tm_year;
	time.month = tm.tm_mon;
	time.day = tm.tm_mday;
	time.hour = tm.tm_hour;
	time.minute = tm.tm_min;
	time.second = tm.tm_sec;
	time.zone = icaltimezone_get_utc_timezone();
	return time;
}

static struct icaltimetype
time_of(const Event *event, int field)
{
	if (event->nulls[field])
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("an event begins and ends")));
	return utc(DatumGetTimestampTz(event->values[field]));
}

/* An address is no TEXT, so libical escapes nothing in it. */
static const char *
mailto(const char *address)
{
	for (const char *at = address; *at != '\0'; at++)
		if (*at <= ' ' || *at > '~' || strchr("\"<>\\,;:", *at) != NULL)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a calendar takes no such address")));
	return psprintf("mailto:%s", address);
}

static void
add_name(icalproperty *property, char *name)
{
	if (name == NULL || name[0] == '\0')
		return;
	/* A parameter in quotes cannot hold one, and some readers take ^n for a line break (RFC 6868). */
	for (char *at = name; *at != '\0'; at++)
		if (*at == '"' || *at == '^')
			*at = '\'';
	icalproperty_add_parameter(property, icalparameter_new_cn(name));
}

static void
add_people(icalcomponent *to, const Event *event)
{
	char *organizer = text_of(event, EVENT_ORGANIZER, false);
	char *attendee = text_of(event, EVENT_ATTENDEE, false);
	icalproperty *property;

	if (organizer != NULL)
	{
		const char *address = mailto(organizer);
		char *name = text_of(event, EVENT_ORGANIZER_NAME, false);

		property = icalproperty_new_organizer(address);
		icalcomponent_add_property(to, property);
		add_name(property, name);
	}
	if (attendee != NULL)
	{
		const char *address = mailto(attendee);
		char *name = text_of(event, EVENT_ATTENDEE_NAME, false);

		property = icalproperty_new_attendee(address);
		icalcomponent_add_property(to, property);
		add_name(property, name);
		icalproperty_add_parameter(property, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT));
		icalproperty_add_parameter(property, icalparameter_new_partstat(ICAL_PARTSTAT_NEEDSACTION));
		icalproperty_add_parameter(property, icalparameter_new_rsvp(ICAL_RSVP_TRUE));
	}
}

static void
add_event(const Output *output, const Event *event)
{
	icalcomponent *to = icalcomponent_new_vevent();
	char *uid = text_of(event, EVENT_UID, false);
	char *status = text_of(event, EVENT_STATUS, false);
	char *summary = text_of(event, EVENT_SUMMARY, false);
	char *description = text_of(event, EVENT_DESCRIPTION, true);
	icalproperty_status kind;

	/* The calendar frees it, whatever is raised below. */
	icalcomponent_add_component(output->calendar, to);
	kind = status != NULL ? icalproperty_string_to_status(status) : ICAL_STATUS_NONE;
	if (uid == NULL || event->nulls[EVENT_SEQUENCE] ||
		(kind != ICAL_STATUS_CONFIRMED && kind != ICAL_STATUS_TENTATIVE && kind != ICAL_STATUS_CANCELLED))
		ereport(
			ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("an event has a uid, a sequence and a status")));
	icalcomponent_add_property(to, icalproperty_new_uid(uid));
	icalcomponent_add_property(to, icalproperty_new_sequence(DatumGetInt32(event->values[EVENT_SEQUENCE])));
	icalcomponent_add_property(to, icalproperty_new_dtstamp(utc(output->stamp)));
	icalcomponent_add_property(to, icalproperty_new_dtstart(time_of(event, EVENT_STARTS_AT)));
	icalcomponent_add_property(to, icalproperty_new_dtend(time_of(event, EVENT_ENDS_AT)));
	icalcomponent_add_property(to, icalproperty_new_status(kind));
	if (summary != NULL)
		icalcomponent_add_property(to, icalproperty_new_summary(summary));
	if (description != NULL)
		icalcomponent_add_property(to, icalproperty_new_description(description));
	add_people(to, event);
}

static void
add_extension(icalcomponent *to, const char *name, const char *value)
{
	icalproperty *property;

	if (value == NULL)
		return;
	property = icalproperty_new_x(value);
	icalproperty_set_x_name(property, name);
	icalcomponent_add_property(to, property);
}

static void
write_calendar(Output *output)
{
	output->calendar = icalcomponent_new_vcalendar();
	icalcomponent_add_property(output->calendar, icalproperty_new_version("2.0"));
	icalcomponent_add_property(output->calendar, icalproperty_new_prodid(PRODUCT));
	if (output->method != NULL)
	{
		icalproperty_method method = icalproperty_string_to_method(output->method);

		if (method != ICAL_METHOD_REQUEST && method != ICAL_METHOD_CANCEL && method != ICAL_METHOD_PUBLISH)
			ereport(
				ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a calendar's method is REQUEST, CANCEL or "
																		 "PUBLISH")));
		icalcomponent_add_property(output->calendar, icalproperty_new_method(method));
	}
	add_extension(output->calendar, "X-WR-CALNAME", output->name);
	add_extension(output->calendar, "X-WR-CALDESC", output->notice);
	for (int i = 0; i < output->nevents; i++)
	{
		CHECK_FOR_INTERRUPTS();
		add_event(output, &output->events[i]);
	}
	output->written = icalcomponent_as_ical_string_r(output->calendar);
	if (output->written == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

static void
read_events(Output *output, ArrayType *events)
{
	TupleDesc desc = lookup_rowtype_tupdesc_copy(ARR_ELEMTYPE(events), -1);
	Datum *values;
	bool *nulls;

	if (desc->natts != EVENT_FIELDS)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("these are no events of a calendar")));
	deconstruct_array(events, ARR_ELEMTYPE(events), -1, false, TYPALIGN_DOUBLE, &values, &nulls, &output->nevents);
	output->events = palloc(sizeof(Event) * (size_t) (output->nevents + 1));
	for (int i = 0; i < output->nevents; i++)
	{
		HeapTupleHeader header;
		HeapTupleData tuple = { 0 };

		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a calendar's events are no nulls")));
		header = DatumGetHeapTupleHeader(values[i]);
		tuple.t_len = HeapTupleHeaderGetDatumLength(header);
		tuple.t_data = header;
		heap_deform_tuple(&tuple, desc, output->events[i].values, output->events[i].nulls);
	}
}

/* icalendar(method, name, notice, stamp, events) -> text */
Datum
va_sql_icalendar(PG_FUNCTION_ARGS)
{
	Output output = { 0 };

	if (PG_ARGISNULL(3) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	output.method = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	output.name = PG_ARGISNULL(1) ? NULL : clean(text_to_cstring(PG_GETARG_TEXT_PP(1)), false);
	output.notice = PG_ARGISNULL(2) ? NULL : clean(text_to_cstring(PG_GETARG_TEXT_PP(2)), false);
	output.stamp = PG_GETARG_TIMESTAMPTZ(3);
	read_events(&output, PG_GETARG_ARRAYTYPE_P(4));
	/* Else it ends the process at what it takes for a mistake. */
	icalerror_set_errors_are_fatal(false);
	PG_TRY();
	{
		write_calendar(&output);
		output.result = cstring_to_text(output.written);
	}
	PG_FINALLY();
	{
		free(output.written);
		if (output.calendar != NULL)
			icalcomponent_free(output.calendar);
	}
	PG_END_TRY();
	PG_RETURN_TEXT_P(output.result);
}
