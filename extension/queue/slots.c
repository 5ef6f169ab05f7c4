/*-------------------------------------------------------------------------
 * slots.c
 *		A calendar's opening hours as spans of real time, and the slots in them
 *		that a seat is free for.
 *
 * The wall clock of the calendar's zone says when a day opens and closes, as
 * "timestamp AT TIME ZONE zone" reads it: a time that a change of daylight
 * saving skips counts as one an hour later, one that it repeats as the second.
 * From the opening on slots follow each other in real time, so that no change
 * of the clock makes two of them overlap.
 *
 * No locks, no tables: what is booked comes as arrays in the order of its start.
 * One pass over the days, one over what each seat has.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "core/compat.h"
#include "lead/zone.h"

#define DAY_MINUTES 1440
/* Longer than a zone's day ever is: where the walk over the days ends. */
#define LONG_DAY ((TimestampTz) 50 * SECS_PER_HOUR * USECS_PER_SEC)
/* So far ahead a clock of open hours looks. */
#define CLOCK_MAX ((TimestampTz) 400 * USECS_PER_DAY)

/* From one minute of a day until another; key: the weekday (0 = Monday), or a place in the list of special days. */
typedef struct Span
{
	int key;
	int opens;
	int closes;
} Span;

typedef struct Spans
{
	int count;
	Span *spans;
} Spans;

typedef struct Hours
{
	pg_tz *zone;
	Spans week;
	/* Days, ascending, whose spans replace those of their weekday. */
	int nspecial;
	DateADT *special;
	Spans special_spans;
} Hours;

/* A walk over the openings of the days; last: no opening begins before it. */
typedef struct Walk
{
	const Hours *hours;
	DateADT day;
	int next;
	TimestampTz last;
} Walk;

typedef struct Opening
{
	DateADT day;
	TimestampTz opens;
	TimestampTz closes;
} Opening;

/* The bookings of a seat, ascending; next: the first that has not ended where the pass is. */
typedef struct Seat
{
	int number;
	int count;
	int next;
	TimestampTz *starts;
	TimestampTz *ends;
} Seat;

typedef struct Bookings
{
	int nseats;
	Seat *seats;
	/* The starts of all of them, whatever the seat, and where the day begins in these. */
	int count;
	TimestampTz *starts;
	int next;
	int day_limit;
	int64 gap;
} Bookings;

PG_FUNCTION_INFO_V1(va_sql_open_hours);
PG_FUNCTION_INFO_V1(va_sql_open_slots);
PG_FUNCTION_INFO_V1(va_sql_open_until);
PG_FUNCTION_INFO_V1(va_sql_open_time);

static Datum *
elements(FunctionCallInfo fcinfo, int argument, Oid type, int length, int *count)
{
	Datum *values;
	bool *nulls;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argument), type, length, true, length == 8 ? TYPALIGN_DOUBLE : TYPALIGN_INT,
		&values, &nulls, count);
	for (int i = 0; i < *count; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("a calendar's arrays have no nulls")));
	}
	return values;
}

static Spans
spans_of(FunctionCallInfo fcinfo, int argument, int keys)
{
	Spans spans;
	int count;
	Datum *values = elements(fcinfo, argument, INT4OID, sizeof(int32), &count);

	if (count % 3 != 0)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("hours are triples")));
	spans.count = count / 3;
	spans.spans = palloc((Size) (spans.count + 1) * sizeof(Span));
	for (int i = 0; i < spans.count; i++)
	{
		Span *span = &spans.spans[i];

		span->key = DatumGetInt32(values[3 * i]);
		span->opens = DatumGetInt32(values[3 * i + 1]);
		span->closes = DatumGetInt32(values[3 * i + 2]);
		if (span->key < 0 || span->key >= keys || span->opens < 0 || span->closes > DAY_MINUTES ||
			span->opens >= span->closes)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("hours are out of range")));
	}
	return spans;
}

/* Arguments 0 to 3: zone, triples of the week, special days, triples of these. */
static Hours
hours_of(FunctionCallInfo fcinfo)
{
	Hours hours;
	Datum *days;

	hours.zone = va_find_zone(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	if (hours.zone == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the calendar has no known time zone")));
	hours.week = spans_of(fcinfo, 1, 7);
	days = elements(fcinfo, 2, DATEOID, sizeof(DateADT), &hours.nspecial);
	hours.special = palloc((Size) (hours.nspecial + 1) * sizeof(DateADT));
	for (int i = 0; i < hours.nspecial; i++)
		hours.special[i] = DatumGetDateADT(days[i]);
	hours.special_spans = spans_of(fcinfo, 3, hours.nspecial);
	return hours;
}

static DateADT
local_day(TimestampTz at, pg_tz *zone)
{
	struct pg_tm tm;
	fsec_t fsec;
	int offset;

	if (timestamp2tm(at, &offset, &tm, &fsec, NULL, zone) != 0)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
	return date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE;
}

/* The instant of a minute of a day; minute 1440 is midnight of the next. */
static TimestampTz
instant(DateADT day, int minute, pg_tz *zone)
{
	struct pg_tm tm = { 0 };
	int offset;
	TimestampTz at;

	j2date(day + minute / DAY_MINUTES + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	tm.tm_hour = minute % DAY_MINUTES / 60;
	tm.tm_min = minute % 60;
	offset = DetermineTimeZoneOffset(&tm, zone);
	if (tm2timestamp(&tm, 0, &offset, &at) != 0)
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range")));
	return at;
}

/* The spans of a day, and the key that they have there. */
static const Spans *
spans_on(const Hours *hours, DateADT day, int *key)
{
	int low = 0, high = hours->nspecial;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (hours->special[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < hours->nspecial && hours->special[low] == day)
	{
		*key = low;
		return &hours->special_spans;
	}
	/* 1 January 2000, day 0, was a Saturday. */
	*key = (int) (((day + 5) % 7 + 7) % 7);
	return &hours->week;
}

/* The next opening that begins before until; false where there is none. */
static bool
next_opening(Walk *walk, TimestampTz until, Opening *opening)
{
	for (;; walk->day++, walk->next = 0)
	{
		int key;
		const Spans *spans = spans_on(walk->hours, walk->day, &key);

		CHECK_FOR_INTERRUPTS();
		for (int i = walk->next; i < spans->count; i++)
		{
			const Span *span = &spans->spans[i];

			if (span->key != key)
				continue;
			opening->day = walk->day;
			opening->opens = instant(walk->day, span->opens, walk->hours->zone);
			opening->closes = instant(walk->day, span->closes, walk->hours->zone);
			if (opening->opens >= until)
				return false;
			/*
			 * Times that the zone skips are those of the next hour or, at the date line, of the next day, where others may
			 * lie already: what overlaps goes on where the first closes, so that openings stay in order.
			 */
			opening->opens = Max(opening->opens, walk->last);
			if (opening->opens >= opening->closes)
				continue;
			walk->last = opening->closes;
			walk->next = i + 1;
			return true;
		}
		if (instant(walk->day, 0, walk->hours->zone) >= until + LONG_DAY)
			return false;
	}
}

static Walk
walk_from(const Hours *hours, TimestampTz from)
{
	Walk walk = { hours, local_day(from, hours->zone), 0, DT_NOBEGIN };

	return walk;
}

/* open_hours(zone, week, special days, their hours, from, until) -> day, opens_at, closes_at, of those that touch [from, until) */
Datum
va_sql_open_hours(PG_FUNCTION_ARGS)
{
	Hours hours = hours_of(fcinfo);
	TimestampTz from = PG_GETARG_TIMESTAMPTZ(4);
	TimestampTz until = PG_GETARG_TIMESTAMPTZ(5);
	Walk walk = walk_from(&hours, from);
	Opening opening;
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	while (next_opening(&walk, until, &opening))
	{
		Datum values[3] = { DateADTGetDatum(opening.day), TimestampTzGetDatum(opening.opens),
			TimestampTzGetDatum(opening.closes) };
		bool nulls[3] = { false, false, false };

		if (opening.closes > from)
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* open_until(zone, week, special days, their hours, from, time) -> when so much open time has passed; NULL: not within CLOCK_MAX */
Datum
va_sql_open_until(PG_FUNCTION_ARGS)
{
	Hours hours = hours_of(fcinfo);
	TimestampTz from = PG_GETARG_TIMESTAMPTZ(4);
	int64 left = PG_GETARG_INT64(5) * USECS_PER_SEC;
	Walk walk = walk_from(&hours, from);
	Opening opening;

	while (next_opening(&walk, from + CLOCK_MAX, &opening))
	{
		TimestampTz begins = Max(opening.opens, from);

		if (opening.closes <= begins)
			continue;
		if (left <= opening.closes - begins)
			PG_RETURN_TIMESTAMPTZ(begins + left);
		left -= opening.closes - begins;
	}
	PG_RETURN_NULL();
}

/* open_time(zone, week, special days, their hours, from, until) -> seconds of open time between them */
Datum
va_sql_open_time(PG_FUNCTION_ARGS)
{
	Hours hours = hours_of(fcinfo);
	TimestampTz from = PG_GETARG_TIMESTAMPTZ(4);
	TimestampTz until = Min(PG_GETARG_TIMESTAMPTZ(5), from + CLOCK_MAX);
	Walk walk = walk_from(&hours, from);
	Opening opening;
	int64 open = 0;

	while (next_opening(&walk, until, &opening))
		open += Max(Min(opening.closes, until) - Max(opening.opens, from), 0);
	PG_RETURN_INT64(open / USECS_PER_SEC);
}

/* Does what is booked on a seat, as booked_between() has it, take this one? */
static bool
takes(int32 booked, int32 seat)
{
	return booked == 0 || booked == seat || booked == -seat;
}

/* Arguments 8 to 13: the gap, the limit a day, the seats, and seat, start and end of what is booked. */
static Bookings
bookings_of(FunctionCallInfo fcinfo)
{
	Bookings b;
	int nstarts, nends;
	Datum *numbers = elements(fcinfo, 10, INT4OID, sizeof(int32), &b.nseats);
	Datum *seats = elements(fcinfo, 11, INT4OID, sizeof(int32), &b.count);
	Datum *starts = elements(fcinfo, 12, TIMESTAMPTZOID, sizeof(TimestampTz), &nstarts);
	Datum *ends = elements(fcinfo, 13, TIMESTAMPTZOID, sizeof(TimestampTz), &nends);

	if (nstarts != b.count || nends != b.count)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR), errmsg("bookings are of different numbers")));
	b.gap = (int64) PG_GETARG_INT32(8) * USECS_PER_SEC;
	b.day_limit = PG_GETARG_INT32(9);
	b.next = 0;
	b.starts = palloc((Size) (nstarts + 1) * sizeof(TimestampTz));
	b.count = 0;
	/* A followed calendar's event is no appointment of ours: no limit a day counts it. */
	for (int i = 0; i < nstarts; i++)
		if (DatumGetInt32(seats[i]) > 0)
			b.starts[b.count++] = DatumGetTimestampTz(starts[i]);
	b.seats = palloc0((Size) (b.nseats + 1) * sizeof(Seat));
	for (int s = 0; s < b.nseats; s++)
	{
		Seat *seat = &b.seats[s];

		seat->number = DatumGetInt32(numbers[s]);
		for (int i = 0; i < nstarts; i++)
			seat->count += takes(DatumGetInt32(seats[i]), seat->number);
		seat->starts = palloc((Size) (seat->count + 1) * sizeof(TimestampTz));
		seat->ends = palloc((Size) (seat->count + 1) * sizeof(TimestampTz));
		seat->count = 0;
		for (int i = 0; i < nstarts; i++)
		{
			if (!takes(DatumGetInt32(seats[i]), seat->number))
				continue;
			seat->starts[seat->count] = DatumGetTimestampTz(starts[i]) - b.gap;
			seat->ends[seat->count++] = DatumGetTimestampTz(ends[i]);
		}
	}
	return b;
}

/* Has the day as many as it may?  Days come in their order. */
static bool
day_is_full(Bookings *b, DateADT day, pg_tz *zone)
{
	TimestampTz begins, ends;
	int last;

	if (b->day_limit <= 0)
		return false;
	begins = instant(day, 0, zone);
	ends = instant(day, DAY_MINUTES, zone);
	while (b->next < b->count && b->starts[b->next] < begins)
		b->next++;
	for (last = b->next; last < b->count && b->starts[last] < ends; last++)
		;
	return last - b->next >= b->day_limit;
}

/* The free seats of a slot, ascending as they were given.  Slots come in the order of their start. */
static int
free_seats(Bookings *b, TimestampTz start, TimestampTz end, Datum *numbers)
{
	int count = 0;

	for (int i = 0; i < b->nseats; i++)
	{
		Seat *seat = &b->seats[i];

		while (seat->next < seat->count && seat->ends[seat->next] <= start)
			seat->next++;
		if (seat->next == seat->count || seat->starts[seat->next] >= end)
			numbers[count++] = Int32GetDatum(seat->number);
	}
	return count;
}

/*
 * open_slots(zone, week, special days, their hours, from, until, length, step,
 * gap, limit a day, seats, seat[], start[], end[], most) -> starts_at, seats.
 * Length, step and gap are seconds; the end of a booking has its gap, its
 * start has not.
 */
Datum
va_sql_open_slots(PG_FUNCTION_ARGS)
{
	Hours hours = hours_of(fcinfo);
	TimestampTz from = PG_GETARG_TIMESTAMPTZ(4);
	TimestampTz until = PG_GETARG_TIMESTAMPTZ(5);
	int64 length = (int64) PG_GETARG_INT32(6) * USECS_PER_SEC;
	int64 step = (int64) PG_GETARG_INT32(7) * USECS_PER_SEC;
	Bookings b = bookings_of(fcinfo);
	int left = PG_GETARG_INT32(14);
	Datum *numbers = palloc((Size) (b.nseats + 1) * sizeof(Datum));
	Walk walk = walk_from(&hours, from);
	Opening opening;
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	if (length <= 0 || step <= 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("a slot has a length")));
	InitMaterializedSRF(fcinfo, 0);
	while (left > 0 && next_opening(&walk, until, &opening))
	{
		TimestampTz start = opening.opens;

		if (day_is_full(&b, opening.day, hours.zone))
			continue;
		if (start < from)
			start += (from - start + step - 1) / step * step;
		for (; left > 0 && start < until && start + length <= opening.closes; start += step)
		{
			int count = free_seats(&b, start, start + length, numbers);
			Datum values[2];
			bool nulls[2] = { false, false };

			if (count == 0)
				continue;
			values[0] = TimestampTzGetDatum(start);
			values[1] = PointerGetDatum(construct_array(numbers, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
			pfree(DatumGetPointer(values[1]));
			left--;
		}
	}
	return (Datum) 0;
}
