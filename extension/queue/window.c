/*-------------------------------------------------------------------------
 * window.c
 *		When a person may be called: the hours that are open in every zone
 *		in which the person may be, by the campaign's hours and by the law's.
 *
 * An instant is open in a zone if the wall clock there lies in one of the
 * weekday's windows [start, end) of every set of hours, on a local date that
 * is not closed.  That is judged segment by segment between changes of the
 * zone's offset, so an hour that a change of daylight saving skips or repeats
 * is open exactly as the wall clock says; adding local times to dates would
 * shift it.
 *
 * No locks, no tables; the only state is the backend's cache of zones.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "core/compat.h"
#include "lead/zone.h"

#define DAY_SECONDS 86400
#define LOOK_BACK_DAYS 1
#define LOOK_AHEAD_DAYS 14
#define LOOK_AHEAD_CLOSED_DAYS 35
#define MAX_ZONES 64
#define MAX_WINDOWS 500
#define MAX_CLOSED 1000
#define EVE 7
#define CHANGE (-1)
#define OFF (-2)
#define EPOCH_DAYS (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE)

/*
 * The wall clock's seconds of one weekday (0 = Monday; EVE: the day before a
 * closed one, besides) in which calls are allowed, on local days from since on
 * and before until (days since 1970); OFF: on those days none are.
 */
typedef struct Window
{
	int weekday;
	int64 start;
	int64 end;
	int64 since;
	int64 until;
} Window;

typedef struct Hours
{
	int count;
	int64 days_off;
	Window windows[MAX_WINDOWS];
} Hours;

/* All that a wall clock must satisfy: every set of hours, and no closed date (days since 1970). */
typedef struct Calendar
{
	int nhours;
	Hours hours[2];
	int nclosed;
	int64 closed[MAX_CLOSED];
} Calendar;

/* NULL, and no offset: the zone is fixed at that many seconds east. */
typedef struct Zone
{
	const pg_tz *tz;
	int64 fixed_offset;
} Zone;

PG_FUNCTION_INFO_V1(va_sql_window_at);

/*
 * The zones to obey.  Unknown place: every hour of the globe counts, so only
 * calls around the clock are open.  Returns -1 for a zone that is none.
 */
static int
collect_zones(ArrayType *names, Zone *zones)
{
	Datum *values;
	bool *nulls;
	int count;

	deconstruct_array(names, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	if (count > MAX_ZONES)
		return -1;
	if (count == 0)
	{
		for (int hour = -12; hour <= 14; hour++)
		{
			zones[count].tz = NULL;
			zones[count++].fixed_offset = hour * 3600;
		}
		return count;
	}
	for (int i = 0, n = count; i < n; i++)
	{
		zones[i].tz = nulls[i] ? NULL : va_find_zone(TextDatumGetCString(values[i]));
		if (zones[i].tz == NULL)
			return -1;
		/* Which of the two clocks applies there does not matter: both must allow the call. */
		if (va_zone_is_stale(zones[i].tz, &zones[count].fixed_offset))
			count++;
	}
	return count;
}

/*
 * Triples weekday, start minute, end minute.  Those of a campaign also have
 * triples OFF, first day, day behind the last.  Those of a law also have eves,
 * and triples CHANGE, day, 0: what follows holds instead from that day on.
 * False for what is none.
 */
static bool
collect_hours(ArrayType *triples, Hours *hours, bool law)
{
	Datum *values;
	bool *nulls;
	int count;
	int64 since = PG_INT64_MIN;

	hours->count = 0;
	hours->days_off = 0;
	deconstruct_array(triples, INT4OID, sizeof(int32), true, TYPALIGN_INT, &values, &nulls, &count);
	if (count % 3 != 0 || count / 3 > MAX_WINDOWS)
		return false;
	for (int i = 0; i < count / 3; i++)
	{
		int weekday, start, end;

		if (nulls[3 * i] || nulls[3 * i + 1] || nulls[3 * i + 2])
			return false;
		weekday = DatumGetInt32(values[3 * i]);
		start = DatumGetInt32(values[3 * i + 1]);
		end = DatumGetInt32(values[3 * i + 2]);
		if (law && weekday == CHANGE)
		{
			since = (int64) start + EPOCH_DAYS;
			for (int j = 0; j < hours->count; j++)
				hours->windows[j].until = Min(hours->windows[j].until, since);
			continue;
		}
		if (!law && weekday == OFF)
		{
			hours->windows[hours->count++] = (Window){ OFF, 0, 0, (int64) start + EPOCH_DAYS,
				(int64) end + EPOCH_DAYS };
			hours->days_off += (int64) end - start;
			continue;
		}
		/* An eve without hours, 0 to 0, is closed. */
		if (weekday < 0 || weekday > (law ? EVE : 6) || start < 0 || end > 1440 || start >= end + (weekday == EVE))
			return false;
		hours->windows[hours->count++] = (Window){ weekday, start * 60, end * 60, since, PG_INT64_MAX };
	}
	return hours->count > 0;
}

static bool
collect_closed(ArrayType *dates, Calendar *calendar)
{
	Datum *values;
	bool *nulls;
	int count;

	deconstruct_array(dates, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &values, &nulls, &count);
	if (count > MAX_CLOSED)
		return false;
	for (int i = 0; i < count; i++)
	{
		if (nulls[i] || DATE_NOT_FINITE(DatumGetDateADT(values[i])))
			return false;
		calendar->closed[i] = (int64) DatumGetDateADT(values[i]) + EPOCH_DAYS;
	}
	calendar->nclosed = count;
	return true;
}

static bool
is_closed(const Calendar *calendar, int64 day)
{
	for (int i = 0; i < calendar->nclosed; i++)
	{
		if (calendar->closed[i] == day)
			return true;
	}
	return false;
}

/* Is that second of a weekday in the hours, and what is the next second at which this may change? */
static bool
hours_open(const Hours *hours, int64 day, int weekday, int64 second, int64 *edge)
{
	/* Hours without eves close none. */
	bool open = weekday == EVE;
	bool named = false;

	for (int i = 0; i < hours->count; i++)
	{
		const Window *window = &hours->windows[i];

		if ((window->weekday != weekday && window->weekday != OFF) || day < window->since || day >= window->until)
			continue;
		if (window->weekday == OFF)
			return false;
		if (!named)
			open = false;
		named = true;
		if (second >= window->start && second < window->end)
			open = true;
		if (window->start > second)
			*edge = Min(*edge, window->start);
		if (window->end > second)
			*edge = Min(*edge, window->end);
	}
	return open;
}

/* Is the zone open at t, and until when does that answer hold? */
static bool
zone_open(const Zone *zone, const Calendar *calendar, pg_time_t t, pg_time_t *until)
{
	int64 offset = zone->fixed_offset;
	int64 local, day, second, edge = DAY_SECONDS;
	int weekday;
	bool open;
	pg_time_t change = 0;
	bool changes = false;

	if (zone->tz != NULL)
	{
		long int before, after;
		int before_dst, after_dst;

		changes = pg_next_dst_boundary(&t, &before, &before_dst, &change, &after, &after_dst, zone->tz) > 0;
		offset = before;
	}
	local = t + offset;
	day = local / DAY_SECONDS - (local % DAY_SECONDS < 0 ? 1 : 0);
	second = local - day * DAY_SECONDS;
	/* 1 January 1970 was a Thursday. */
	weekday = (int) (((day + 3) % 7 + 7) % 7);
	open = !is_closed(calendar, day);
	for (int i = 0; open && i < calendar->nhours; i++)
		open = hours_open(&calendar->hours[i], day, weekday, second, &edge) &&
			   (!is_closed(calendar, day + 1) || hours_open(&calendar->hours[i], day, EVE, second, &edge));
	*until = t + (edge - second);
	if (changes && change > t && change < *until)
		*until = change;
	return open;
}

static bool
all_open(const Zone *zones, int nzones, const Calendar *calendar, pg_time_t t, pg_time_t *until)
{
	bool open = true;

	*until = t + DAY_SECONDS;
	for (int i = 0; i < nzones; i++)
	{
		pg_time_t zone_until;

		if (!zone_open(&zones[i], calendar, t, &zone_until))
			open = false;
		*until = Min(*until, zone_until);
	}
	return open;
}

static TimestampTz
from_time(pg_time_t t)
{
	return (TimestampTz) (t - (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64) SECS_PER_DAY) * USECS_PER_SEC;
}

/*
 * The open window that contains at, or the next one.  The walk begins a day
 * before, so that the window's own beginning is found.  An answer ends at
 * the latest after two weeks: around the clock is asked again then.  Two
 * weeks have every weekday twice; where holidays or days off may close both,
 * the walk goes on until one is found.
 */
static bool
find_window(const Zone *zones, int nzones, const Calendar *calendar, pg_time_t at, pg_time_t *opens, pg_time_t *closes)
{
	pg_time_t limit = at + LOOK_AHEAD_DAYS * DAY_SECONDS;
	int64 days_off = calendar->hours[0].days_off;
	pg_time_t last = calendar->nclosed + days_off > 0 ? at + (LOOK_AHEAD_CLOSED_DAYS + days_off) * DAY_SECONDS : limit;
	pg_time_t t = at - LOOK_BACK_DAYS * DAY_SECONDS;
	bool inside = false;

	*opens = t;
	for (;;)
	{
		pg_time_t until;
		bool open;

		CHECK_FOR_INTERRUPTS();
		if (t >= limit)
		{
			if (inside || limit == last)
				break;
			limit = last;
			continue;
		}
		open = all_open(zones, nzones, calendar, t, &until);
		if (open && !inside)
			*opens = t;
		else if (!open && inside && t > at)
			break;
		inside = open;
		t = until;
	}
	*closes = Min(t, limit);
	return inside;
}

/*
 * window_of(timezones text[], triples int[], at), and window_within() with
 * the law's triples int[] and closed dates after them: opens_at, closes_at.
 */
Datum
va_sql_window_at(PG_FUNCTION_ARGS)
{
	TupleDesc tupdesc;
	Datum values[2];
	bool nulls[2] = { false, false };
	Zone zones[2 * MAX_ZONES];
	Calendar calendar;
	int nzones = -1;
	bool readable = false;
	pg_time_t opens, closes;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");

	memset(zones, 0, sizeof(zones));
	calendar.nhours = calendar.nclosed = 0;
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !TIMESTAMP_NOT_FINITE(PG_GETARG_TIMESTAMPTZ(2)))
	{
		nzones = collect_zones(PG_GETARG_ARRAYTYPE_P(0), zones);
		readable = collect_hours(PG_GETARG_ARRAYTYPE_P(1), &calendar.hours[calendar.nhours++], false);
	}
	/* A law that cannot be read closes, as hours do. */
	if (readable && PG_NARGS() > 3)
		readable = !PG_ARGISNULL(3) && !PG_ARGISNULL(4) &&
				   collect_hours(PG_GETARG_ARRAYTYPE_P(3), &calendar.hours[calendar.nhours++], true) &&
				   collect_closed(PG_GETARG_ARRAYTYPE_P(4), &calendar);

	values[0] = values[1] = TimestampTzGetDatum(DT_NOEND);
	if (nzones > 0 && readable &&
		find_window(zones, nzones, &calendar, timestamptz_to_time_t(PG_GETARG_TIMESTAMPTZ(2)), &opens, &closes))
	{
		values[0] = TimestampTzGetDatum(from_time(opens));
		values[1] = TimestampTzGetDatum(from_time(closes));
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls)));
}
