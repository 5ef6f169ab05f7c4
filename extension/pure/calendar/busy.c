/*-------------------------------------------------------------------------
 * busy.c
 *		When the events of an iCalendar file take their owner's time.
 *
 * An event that repeats is followed from its start; each instance that another
 * event of its UID replaces (RECURRENCE-ID) gives way to that one.
 */
#include "busy.h"
#include "zones.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libical/ical.h>

#define DAY (INT64_C(24) * 60 * 60)
/* How far the clocks of time zones are from UTC. */
#define EASTMOST (INT64_C(14) * 60 * 60)
#define WESTMOST (INT64_C(12) * 60 * 60)

/* An instance that another event of the same UID replaces. */
typedef struct Replaced
{
	const char *uid;
	int64_t at;
	bool all; /* what follows is changed alike (RANGE=THISANDFUTURE) */
	int64_t shift;
	int64_t seconds; /* 0: as long as it was */
} Replaced;

typedef struct Reader
{
	VaBusy *busy;
	icaltimezone *home;
	const char *own;
	int64_t from;
	int64_t until;
	bool (*go_on)(void *);
	void *arg;
	Replaced *replaced;
	size_t nreplaced;
	size_t room; /* for spans */
	int zone_rules;
} Reader;

typedef struct Times
{
	icaltimetype *items; /* malloc'ed */
	int64_t *seconds;	 /* malloc'ed: how long each takes; 0: as long as the event's own instances */
	size_t count;
} Times;

/* One event: its first instance, and how long each takes. */
typedef struct Event
{
	icalcomponent *component;
	const char *uid;
	icaltimetype starts;
	int64_t seconds; /* of an instance that begins at a time of day */
	int clock_days;	 /* how many of them are days by the wall clock, which may have 23 or 25 hours */
	int days;		 /* of one of whole days; 0: it is none */
	bool replaces;	 /* an instance of another event */
	bool nowhere;	 /* unknown time zone */
	bool unended;	 /* its end was written, and cannot be read */
	Times except;	 /* EXDATE */
	Times dates;	 /* RDATE */
} Event;

static int64_t
instant(const Reader *reader, icaltimetype time)
{
	const icaltimezone *zone = icaltime_get_timezone(time);

	if (zone == NULL || time.is_date)
		zone = reader->home;
	if (time.is_date)
	{
		time.is_date = 0;
		time.hour = time.minute = time.second = 0;
	}
	return (int64_t) icaltime_as_timet_with_zone(time, zone);
}

/* A wall clock's time that comes twice, or never, as the other half of the readers takes it; else the same. */
static int64_t
other_reading(const Reader *reader, icaltimetype time, int64_t at)
{
	const icaltimezone *zone = icaltime_get_timezone(time);
	int64_t wall = (int64_t) icaltime_as_timet(time);
	int64_t shown[3];

	if (zone == NULL || time.is_date || icaltime_is_utc(time))
		return at;
	for (int i = 0; i < 3; i++)
	{
		icaltimetype back = icaltime_from_timet_with_zone((time_t) (at + (i - 1) * 3600), 0, zone);

		back.zone = NULL;
		shown[i] = (int64_t) icaltime_as_timet(back);
	}
	return shown[1] != wall ? at + wall - shown[1] : shown[0] == wall ? at - 3600 : shown[2] == wall ? at + 3600 : at;
}

/* The end of what begins then and lasts so long, of which so much are days by the wall clock: the later one by two readings. */
static int64_t
ends_at(const Reader *reader, icaltimetype starts, int64_t seconds, int clock_days)
{
	icaltimetype ends = starts;
	int64_t at, other;

	if (clock_days == 0)
		return instant(reader, starts) + seconds;
	icaltime_adjust(&ends, clock_days, 0, 0, 0);
	at = instant(reader, ends);
	other = other_reading(reader, ends, at);
	return (other > at ? other : at) + seconds - clock_days * DAY;
}

static int
clock_days_of(struct icaldurationtype lasts)
{
	return lasts.is_neg || lasts.weeks > 600 || lasts.days > 4000 ? 0 : (int) (lasts.weeks * 7 + lasts.days);
}

static bool
fail(Reader *reader, const char *problem)
{
	if (reader->busy->problem == NULL)
		reader->busy->problem = problem;
	return false;
}

/* The event of this instance takes time; false: there is no more room, or time to read. */
static bool
add_instance(Reader *reader, const Event *event, icaltimetype starts)
{
	VaBusy *busy = reader->busy;
	VaBusySpan span = { instant(reader, starts), 0 };

	if (event->days > 0)
	{
		icaltimetype ends = starts;

		icaltime_adjust(&ends, event->days, 0, 0, 0);
		span.ends = instant(reader, ends);
	}
	else
		span.ends = ends_at(reader, starts, event->seconds, event->clock_days);
	/* It takes the time by every reading. */
	if (event->nowhere)
	{
		span.starts = (int64_t) icaltime_as_timet_with_zone(starts, icaltimezone_get_utc_timezone()) - EASTMOST;
		span.ends = span.starts + EASTMOST + event->seconds + WESTMOST;
	}
	if (span.ends + 3600 <= reader->from || span.starts - 3600 >= reader->until || span.ends <= span.starts)
		return true;
	if (event->days == 0 && !event->nowhere)
	{
		int64_t other = other_reading(reader, starts, span.starts);

		span.ends += other > span.starts ? other - span.starts : 0;
		span.starts = other < span.starts ? other : span.starts;
	}
	if (busy->count >= VA_BUSY_SPANS_MAX)
		return fail(reader, "it has too many events");
	if (busy->count == reader->room)
	{
		size_t room = reader->room == 0 ? 64 : reader->room * 2;
		VaBusySpan *spans = realloc(busy->spans, room * sizeof(VaBusySpan));

		if (spans == NULL)
			return fail(reader, "there is no memory to read it");
		busy->spans = spans;
		reader->room = room;
	}
	busy->spans[busy->count++] = span;
	return true;
}

/* An event's property of a kind whose value says something. */
static bool
says(icalcomponent *component, icalproperty_kind kind, const char *name, const char *value)
{
	icalproperty *property = icalcomponent_get_first_property(component, kind);

	while (property != NULL)
	{
		const char *named = icalproperty_get_property_name(property);
		const char *text = icalproperty_get_value_as_string(property);

		if (named != NULL && text != NULL && strcasecmp(named, name) == 0 && strcasecmp(text, value) == 0)
			return true;
		property = icalcomponent_get_next_property(component, kind);
	}
	return false;
}

/* Where Microsoft's programs say how busy the owner is, nothing else counts; what is not FREE is busy. */
static const char *
busy_status(icalcomponent *component)
{
	icalproperty *property = icalcomponent_get_first_property(component, ICAL_X_PROPERTY);
	const char *named;

	for (; property != NULL; property = icalcomponent_get_next_property(component, ICAL_X_PROPERTY))
		if ((named = icalproperty_get_property_name(property)) != NULL &&
			(strcasecmp(named, "X-MICROSOFT-CDO-BUSYSTATUS") == 0 ||
				strcasecmp(named, "X-MICROSOFT-MSNCALENDAR-BUSYSTATUS") == 0))
			return icalproperty_get_value_as_string(property);
	return NULL;
}

/* Does the event leave its owner free, or is it one of ours that came back? */
static bool
is_free(const Reader *reader, icalcomponent *component, const char *uid)
{
	size_t own = reader->own != NULL ? strlen(reader->own) : 0;
	size_t len = uid != NULL ? strlen(uid) : 0;
	const char *status = busy_status(component);

	return says(component, ICAL_STATUS_PROPERTY, "STATUS", "CANCELLED") ||
		   (status != NULL ? strcasecmp(status, "FREE") == 0
						   : says(component, ICAL_TRANSP_PROPERTY, "TRANSP", "TRANSPARENT")) ||
		   (own > 0 && len >= own && strcmp(uid + len - own, reader->own) == 0);
}

static icaltimetype
time_of(icalcomponent *component, icalproperty_kind kind)
{
	icalproperty *property = icalcomponent_get_first_property(component, kind);

	return property != NULL ? icalproperty_get_datetime_with_component(property, component) : icaltime_null_time();
}

/* A time whose zone is named, and known neither to the file nor to us. */
static bool
has_no_zone(icalproperty *property, icalcomponent *component)
{
	icaltimetype time = property != NULL ? icalproperty_get_datetime_with_component(property, component)
										 : icaltime_null_time();

	return property != NULL && icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER) != NULL &&
		   !icaltime_is_null_time(time) && !time.is_date && icaltime_get_timezone(time) == NULL;
}

static bool
is_nowhere(icalcomponent *component, icalproperty_kind kind)
{
	return has_no_zone(icalcomponent_get_first_property(component, kind), component);
}

static int64_t
period_seconds(const Reader *reader, struct icalperiodtype period)
{
	int64_t ends = icaltime_is_null_time(period.end)
					   ? ends_at(reader, period.start, icaldurationtype_as_int(period.duration),
							 clock_days_of(period.duration))
					   : instant(reader, period.end);

	return ends - instant(reader, period.start);
}

/* All values of a kind of property: libical walks through a component's properties once at a time. */
static Times
times_of(const Reader *reader, icalcomponent *component, icalproperty_kind kind)
{
	int room = icalcomponent_count_properties(component, kind);
	bool placed = !is_nowhere(component, ICAL_DTSTART_PROPERTY);
	Times times = { room > 0 ? calloc((size_t) room, sizeof(icaltimetype)) : NULL,
		room > 0 ? calloc((size_t) room, sizeof(int64_t)) : NULL, 0 };
	icalproperty *property = times.items != NULL && times.seconds != NULL
								 ? icalcomponent_get_first_property(component, kind)
								 : NULL;

	for (; property != NULL && times.count < (size_t) room; property = icalcomponent_get_next_property(component, kind))
	{
		icaltimetype time = kind == ICAL_RDATE_PROPERTY ? icalproperty_get_rdate(property).time
														: icalproperty_get_exdate(property);

		if (!icaltime_is_null_time(time))
			time = icalproperty_get_datetime_with_component(property, component);
		else if (kind == ICAL_RDATE_PROPERTY)
		{
			time = icalproperty_get_rdate(property).period.start;
			times.seconds[times.count] = period_seconds(reader, icalproperty_get_rdate(property).period);
		}
		/* Which instance that takes out is unknown. */
		if (kind == ICAL_EXDATE_PROPERTY && placed && has_no_zone(property, component))
			reader->busy->skipped++;
		else if (!icaltime_is_null_time(time))
			times.items[times.count++] = time;
	}
	return times;
}

/* Whether the words of libical, which end with the text, are of a property of this name. */
static bool
is_about(const char *words, const char *name)
{
	const char *named = words != NULL ? strstr(words, " property") : NULL;
	size_t len = strlen(name);

	return named != NULL && (size_t) (named - words) >= len && strncmp(named - len, name, len) == 0;
}

/* Whether libical could not read a property of this name. */
static bool
is_refused(icalcomponent *component, const char *name)
{
	icalproperty *property = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY);

	while (property != NULL && !is_about(icalproperty_get_xlicerror(property), name))
		property = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY);
	return property != NULL;
}

/* False: the event cannot be placed. */
static bool
read_event(const Reader *reader, icalcomponent *component, Event *event)
{
	icaltimetype ends = time_of(component, ICAL_DTEND_PROPERTY);
	icalproperty *lasts = icalcomponent_get_first_property(component, ICAL_DURATION_PROPERTY);

	memset(event, 0, sizeof(*event));
	event->component = component;
	event->uid = icalcomponent_get_uid(component);
	event->starts = time_of(component, ICAL_DTSTART_PROPERTY);
	event->replaces = icalcomponent_get_first_property(component, ICAL_RECURRENCEID_PROPERTY) != NULL;
	event->unended = is_refused(component, "DTEND") || is_refused(component, "DURATION");
	if (icaltime_is_null_time(event->starts) || !icaltime_is_valid_time(event->starts))
		return false;
	if (!icaltime_is_null_time(ends))
		event->seconds = instant(reader, ends) - instant(reader, event->starts);
	else if (lasts != NULL)
	{
		event->seconds = icaldurationtype_as_int(icalproperty_get_duration(lasts));
		event->clock_days = clock_days_of(icalproperty_get_duration(lasts));
	}
	else if (event->starts.is_date || event->unended)
		event->seconds = DAY;
	/* Many programs write a day so. */
	if (event->starts.is_date && event->seconds == 0)
		event->seconds = DAY;
	event->nowhere = is_nowhere(component, ICAL_DTSTART_PROPERTY) || is_nowhere(component, ICAL_DTEND_PROPERTY);
	if (event->nowhere && event->seconds < 0)
		event->seconds = 0;
	/* By the wall clock: a day may have 23 hours. */
	if (event->starts.is_date)
		event->days = (int) ((event->seconds + DAY / 2) / DAY);
	if (event->seconds < 0 || event->seconds > 3660 * DAY)
		return false;
	event->except = times_of(reader, component, ICAL_EXDATE_PROPERTY);
	event->dates = times_of(reader, component, ICAL_RDATE_PROPERTY);
	return true;
}

static bool
is_replaced(const Reader *reader, const Event *event, int64_t at)
{
	if (event->replaces || event->uid == NULL)
		return false;
	for (size_t i = 0; i < reader->nreplaced; i++)
		if (reader->replaced[i].at == at && strcmp(reader->replaced[i].uid, event->uid) == 0)
			return true;
	return false;
}

static bool
is_excepted(const Reader *reader, const Event *event, icaltimetype starts)
{
	int64_t at = instant(reader, starts);

	for (size_t i = 0; i < event->except.count; i++)
	{
		icaltimetype except = event->except.items[i];

		/* A date takes out whatever begins on it. */
		if (except.is_date ? icaltime_compare_date_only(except, starts) == 0 : instant(reader, except) == at)
			return true;
	}
	return is_replaced(reader, event, at);
}

/* An instance, as the latest change of all that follow has it. */
static bool
add_followed(Reader *reader, const Event *event, icaltimetype starts)
{
	const Replaced *last = NULL;
	Event one = *event;
	int64_t at = instant(reader, starts);

	for (const Replaced *other = reader->replaced; other < reader->replaced + reader->nreplaced; other++)
		if (other->all && other->at < at && event->uid != NULL && strcmp(other->uid, event->uid) == 0 &&
			(last == NULL || last->at < other->at))
			last = other;
	if (last != NULL)
	{
		icaltime_adjust(&starts, 0, 0, 0, (int) last->shift);
		one.clock_days = last->seconds > 0 ? 0 : one.clock_days;
		one.seconds = last->seconds > 0 ? last->seconds : one.seconds;
	}
	return add_instance(reader, &one, starts);
}

/* Rules that repeat within a day would go on for centuries before they say that nothing fits. */
static bool
repeats_by_days(struct icalrecurrencetype rule)
{
	return rule.freq == ICAL_DAILY_RECURRENCE || rule.freq == ICAL_WEEKLY_RECURRENCE ||
		   rule.freq == ICAL_MONTHLY_RECURRENCE || rule.freq == ICAL_YEARLY_RECURRENCE;
}

/* A rule that is not followed is busy from its first time to its last one, as far as that is known. */
static bool
add_whole_rule(Reader *reader, const Event *event, struct icalrecurrencetype rule)
{
	Event whole = *event;
	int64_t starts = instant(reader, event->starts);
	int64_t ends = icaltime_is_null_time(rule.until) ? reader->until : instant(reader, rule.until) + DAY;
	int64_t unit = rule.freq == ICAL_HOURLY_RECURRENCE	   ? 3600
				   : rule.freq == ICAL_MINUTELY_RECURRENCE ? 60
				   : rule.freq == ICAL_SECONDLY_RECURRENCE ? 1
														   : 0;
	bool plain = rule.by_second[0] == ICAL_RECURRENCE_ARRAY_MAX && rule.by_minute[0] == ICAL_RECURRENCE_ARRAY_MAX &&
				 rule.by_hour[0] == ICAL_RECURRENCE_ARRAY_MAX && rule.by_day[0] == ICAL_RECURRENCE_ARRAY_MAX &&
				 rule.by_month_day[0] == ICAL_RECURRENCE_ARRAY_MAX && rule.by_month[0] == ICAL_RECURRENCE_ARRAY_MAX;

	reader->busy->skipped++;
	if (unit > 0 && rule.count > 0 && plain)
		ends = starts + unit * rule.interval * (rule.count - 1) + event->seconds;
	ends = ends < reader->until ? ends : reader->until;
	if (ends - starts > event->seconds)
		whole.seconds = ends - starts;
	whole.days = whole.clock_days = 0;
	return add_instance(reader, &whole, event->starts);
}

/*
 * Readers disagree about the numbers of weeks: such a rule may fit any day.
 * The first time is busy whether the rule fits it or not.
 */
static bool
add_rule(Reader *reader, const Event *event, struct icalrecurrencetype rule)
{
	icalrecur_iterator *instances;
	icaltimetype next;
	bool all = true;

	if (rule.by_week_no[0] != ICAL_RECURRENCE_ARRAY_MAX)
	{
		struct icalrecurrencetype any = icalrecurrencetype_from_string("FREQ=DAILY");

		any.until = rule.until;
		rule = any;
		reader->busy->skipped++;
	}
	if (!repeats_by_days(rule))
		return add_whole_rule(reader, event, rule);
	/* A date as the end of times is the whole of that day, where the event is. */
	if (rule.until.is_date && !icaltime_is_null_time(rule.until) && !event->starts.is_date)
	{
		rule.until = icaltime_set_timezone(&rule.until, icaltime_get_timezone(event->starts));
		rule.until.is_date = 0;
		rule.until.hour = 23;
		rule.until.minute = rule.until.second = 59;
	}
	instances = icalrecur_iterator_new(rule, event->starts);
	if (instances == NULL)
		return add_whole_rule(reader, event, rule);
	next = icalrecur_iterator_next(instances);
	if ((icaltime_is_null_time(next) || instant(reader, next) != instant(reader, event->starts)) &&
		!is_excepted(reader, event, event->starts))
		all = add_followed(reader, event, event->starts);
	for (; all && !icaltime_is_null_time(next); next = icalrecur_iterator_next(instances))
	{
		if (instant(reader, next) >= reader->until)
			break;
		if (!reader->go_on(reader->arg))
			all = fail(reader, "it takes too long to read");
		else if (instant(reader, next) + event->seconds + DAY > reader->from && !is_excepted(reader, event, next))
			all = add_followed(reader, event, next);
	}
	icalrecur_iterator_free(instances);
	return all;
}

static bool
add_dates(Reader *reader, const Event *event)
{
	for (size_t i = 0; i < event->dates.count; i++)
	{
		Event one = *event;

		if (!reader->go_on(reader->arg))
			return fail(reader, "it takes too long to read");
		if (event->dates.seconds[i] > 0)
		{
			one.seconds = event->dates.seconds[i];
			one.days = one.clock_days = 0;
		}
		if (!is_excepted(reader, event, event->dates.items[i]) && !add_instance(reader, &one, event->dates.items[i]))
			return false;
	}
	return true;
}

/* A rule that cannot be read may fit any day; one that repeats within a day any time. */
static bool
add_refused_rule(Reader *reader, const Event *event, const char *words)
{
	static const char *const within[] = { "HOURLY", "MINUTELY", "SECONDLY", "BYHOUR", "BYMINUTE", "BYSECOND" };
	struct icalrecurrencetype rule = icalrecurrencetype_from_string("FREQ=DAILY");

	for (size_t i = 0; i < sizeof(within) / sizeof(within[0]); i++)
		if (strcasestr(words, within[i]) != NULL)
			return add_whole_rule(reader, event, rule);
	reader->busy->skipped++;
	return add_rule(reader, event, rule);
}

/* A time that cannot be read often begins with its day, and all of that is busy. */
static bool
add_refused_dates(Reader *reader, const Event *event, const char *words)
{
	Event day = *event;

	day.days = 1;
	for (const char *at = strrchr(words, ':'); at != NULL && *at != '\0'; at++)
		if (strspn(at, "0123456789") == 8)
		{
			icaltimetype date = icaltime_from_day_of_year(1, 1970);

			if (sscanf(at, "%4d%2d%2d", &date.year, &date.month, &date.day) == 3 &&
				!add_instance(reader, &day, icaltime_normalize(date)))
				return false;
			at += 7;
		}
	return true;
}

/*
 * Events that libical could not read are busy, and counted.  The properties
 * are walked once, and before their times are added, which walks those of the
 * component as well; of more than a few, any day may be one.
 */
static bool
add_refused(Reader *reader, const Event *event)
{
	icalproperty *property = icalcomponent_get_first_property(event->component, ICAL_XLICERROR_PROPERTY);
	const char *timed[VA_BUSY_REFUSED_MAX];
	size_t count = 0;

	for (; property != NULL; property = icalcomponent_get_next_property(event->component, ICAL_XLICERROR_PROPERTY))
	{
		const char *words = icalproperty_get_xlicerror(property);
		bool dates = is_about(words, "RDATE");

		reader->busy->skipped += dates || is_about(words, "DTEND") || is_about(words, "DURATION") ||
								 is_about(words, "EXDATE");
		if (!dates && !is_about(words, "RRULE"))
			continue;
		if (count == VA_BUSY_REFUSED_MAX)
			return add_whole_rule(reader, event, icalrecurrencetype_from_string("FREQ=DAILY"));
		timed[count++] = words;
	}
	for (size_t i = 0; i < count; i++)
		if (!(is_about(timed[i], "RDATE") ? add_refused_dates : add_refused_rule)(reader, event, timed[i]))
			return false;
	return true;
}

/* The instances of an event that was read. */
static bool
add_instances(Reader *reader, const Event *event)
{
	icalproperty *property = icalcomponent_get_first_property(event->component, ICAL_RRULE_PROPERTY);

	if (!add_refused(reader, event))
		return false;
	if (property == NULL && !is_excepted(reader, event, event->starts) && !add_instance(reader, event, event->starts))
		return false;
	for (; property != NULL; property = icalcomponent_get_next_property(event->component, ICAL_RRULE_PROPERTY))
		if (!add_rule(reader, event, icalproperty_get_rrule(property)))
			return false;
	return add_dates(reader, event);
}

/* Times of a VFREEBUSY, whatever kind of busy they are. */
static bool
add_free_busy(Reader *reader, icalcomponent *component)
{
	icalproperty *property = icalcomponent_get_first_property(component, ICAL_FREEBUSY_PROPERTY);

	for (; property != NULL; property = icalcomponent_get_next_property(component, ICAL_FREEBUSY_PROPERTY))
	{
		icalparameter *type = icalproperty_get_first_parameter(property, ICAL_FBTYPE_PARAMETER);
		struct icalperiodtype period = icalproperty_get_freebusy(property);
		Event event = { .component = component, .starts = period.start, .seconds = period_seconds(reader, period) };

		if (!reader->go_on(reader->arg))
			return fail(reader, "it takes too long to read");
		if (type != NULL && icalparameter_get_fbtype(type) == ICAL_FBTYPE_FREE)
			continue;
		if (icaltime_is_null_time(period.start) || event.seconds < 0 || event.seconds > 3660 * DAY)
			reader->busy->skipped++;
		else if (!add_instance(reader, &event, period.start))
			return false;
		else
			reader->busy->events++;
	}
	return true;
}

static bool
add_event(Reader *reader, icalcomponent *component)
{
	Event event;
	bool all = true;

	if (is_free(reader, component, icalcomponent_get_uid(component)))
		return true;
	if (read_event(reader, component, &event))
	{
		reader->busy->events++;
		reader->busy->skipped += event.nowhere;
		all = add_instances(reader, &event);
	}
	else
		reader->busy->skipped++;
	free(event.except.items);
	free(event.except.seconds);
	free(event.dates.items);
	free(event.dates.seconds);
	return all;
}

/* libical works out a zone's own rules at once, for centuries, wherever in the file the zone stands. */
static bool
zones_are_harmless(Reader *reader, icalcomponent *component)
{
	icalcompiter parts = icalcomponent_begin_component(component, ICAL_ANY_COMPONENT);
	icalcomponent *part;
	icalproperty *rule;

	if (icalcomponent_isa(component) == ICAL_XSTANDARD_COMPONENT ||
		icalcomponent_isa(component) == ICAL_XDAYLIGHT_COMPONENT)
	{
		int first_year = time_of(component, ICAL_DTSTART_PROPERTY).year;

		rule = icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY);
		for (; rule != NULL; rule = icalcomponent_get_next_property(component, ICAL_RRULE_PROPERTY))
		{
			if (icalproperty_get_rrule(rule).freq != ICAL_YEARLY_RECURRENCE || first_year < 1600)
				return fail(reader, "a time zone in it changes more than once a year");
			if (++reader->zone_rules > VA_BUSY_ZONE_RULES_MAX)
				return fail(reader, "it has too many time zones");
		}
	}
	for (; (part = icalcompiter_deref(&parts)) != NULL; icalcompiter_next(&parts))
		if (!zones_are_harmless(reader, part))
			return false;
	return true;
}

static bool
changes_all(icalcomponent *component)
{
	icalproperty *property = icalcomponent_get_first_property(component, ICAL_RECURRENCEID_PROPERTY);

	return property != NULL && icalproperty_get_first_parameter(property, ICAL_RANGE_PARAMETER) != NULL;
}

static bool
note_replaced(Reader *reader, icalcomponent *calendar)
{
	icalcompiter events = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
	icalcomponent *event;
	size_t room = (size_t) icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT);

	reader->replaced = calloc(room + 1, sizeof(Replaced));
	if (reader->replaced == NULL)
		return fail(reader, "there is no memory to read it");
	for (; (event = icalcompiter_deref(&events)) != NULL; icalcompiter_next(&events))
	{
		icaltimetype at = time_of(event, ICAL_RECURRENCEID_PROPERTY);
		const char *uid = icalcomponent_get_uid(event);

		Replaced one = { .uid = uid, .at = instant(reader, at) };
		icaltimetype starts = time_of(event, ICAL_DTSTART_PROPERTY);
		icaltimetype ends = time_of(event, ICAL_DTEND_PROPERTY);

		if (uid == NULL || icaltime_is_null_time(at) || reader->nreplaced >= room)
			continue;
		one.shift = instant(reader, starts) - one.at;
		one.seconds = icaltime_is_null_time(ends) ? 0 : instant(reader, ends) - instant(reader, starts);
		one.all = changes_all(event) && !is_nowhere(event, ICAL_DTSTART_PROPERTY) && !at.is_date && !starts.is_date &&
				  llabs(one.shift) < 366 * DAY;
		/* If what it replaces or changes is unknown, the events stay as they were. */
		reader->busy->skipped += is_nowhere(event, ICAL_RECURRENCEID_PROPERTY) || (changes_all(event) && !one.all);
		if (!is_nowhere(event, ICAL_RECURRENCEID_PROPERTY))
			reader->replaced[reader->nreplaced++] = one;
	}
	return true;
}

/*
 * A rule up to end as its writer meant it, written to a place that is not
 * behind it -> the end of that: COUNT beside UNTIL, which libical refuses and
 * others read, goes, since what ends later is not known; so do blanks, parts
 * of programs of their own, and parts without a value.
 */
static char *
mend_rule(const char *rule, const char *end, char *to)
{
	const char *begin = to;
	bool until = memmem(rule, (size_t) (end - rule), "UNTIL=2", 7) != NULL;

	for (const char *part = rule; part < end;)
	{
		size_t n = strcspn(part, ";\r\n");
		size_t blank = strspn(part, " \t");
		const char *value = memchr(part, '=', n);
		const char *fraction = memchr(part, '.', n);
		bool goes = value == NULL || value == part + n - 1 || strncasecmp(part + blank, "X-", 2) == 0 ||
					(until && strncasecmp(part + blank, "COUNT=", 6) == 0);
		const char *next = part + n < end ? part + n + 1 : end;

		if (!goes)
		{
			if (to > begin)
				*to++ = ';';
			for (const char *from = part + blank; from < part + n; from++)
				if (*from != ' ' && (fraction == NULL || from < fraction || *from == 'Z'))
					*to++ = *from;
		}
		part = next;
	}
	return to;
}

/* Joins folded lines, and says how deep components lie in each other: libical frees them by recursion. */
static int
unfold(char *text)
{
	char *to = text;
	int depth = 0, deepest = 0;

	for (const char *from = text; *from != '\0';)
	{
		const char *fold = from[0] == '\r' ? from + 1 : from;

		if (fold[0] == '\n' && (fold[1] == ' ' || fold[1] == '\t'))
			from = fold + 2;
		else
			*to++ = *from++;
	}
	*to = '\0';
	to = text;
	for (const char *line = text; *line != '\0';)
	{
		const char *next = line + strcspn(line, "\n");
		bool is_rule = strncasecmp(line, "RRULE:", 6) == 0;
		const char *end = is_rule ? line + strcspn(line, "\r\n") : next;

		if (strncasecmp(line, "BEGIN", 5) == 0)
			depth++;
		else if (strncasecmp(line, "END", 3) == 0)
			depth--;
		deepest = depth > deepest ? depth : deepest;
		/* Everything moves up once, whatever rules leave behind. */
		memmove(to, line, is_rule ? 6 : (size_t) (end - line));
		to += is_rule ? 6 : end - line;
		if (is_rule)
			to = mend_rule(line + 6, end, to);
		next += strspn(next, "\r\n");
		memmove(to, end, (size_t) (next - end));
		to += next - end;
		line = next;
	}
	*to = '\0';
	return deepest;
}

static bool
read_calendar(Reader *reader, icalcomponent *calendar)
{
	icalcompiter events;
	icalcomponent *event;

	va_name_zones(calendar);
	events = icalcomponent_begin_component(calendar, ICAL_VFREEBUSY_COMPONENT);
	for (; (event = icalcompiter_deref(&events)) != NULL; icalcompiter_next(&events))
		if (!add_free_busy(reader, event))
			return false;
	if (!note_replaced(reader, calendar))
		return false;
	events = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
	for (; (event = icalcompiter_deref(&events)) != NULL; icalcompiter_next(&events))
	{
		if (!reader->go_on(reader->arg))
			return fail(reader, "it takes too long to read");
		if (!add_event(reader, event))
			return false;
	}
	return true;
}

bool
va_busy_read(char *text, size_t len, const char *zone, const char *own, int64_t from, int64_t until,
	bool (*go_on)(void *), void *arg, VaBusy *busy)
{
	Reader reader = { .busy = busy, .own = own, .from = from, .until = until, .go_on = go_on, .arg = arg };
	icalcomponent *file;

	memset(busy, 0, sizeof(*busy));
	icalerror_set_errors_are_fatal(0);
	reader.home = icaltimezone_get_builtin_timezone(zone);
	if (reader.home == NULL)
		return fail(&reader, "the calendar's time zone is unknown here");
	if (strlen(text) != len || strcasestr(text, "BEGIN:VCALENDAR") == NULL)
		return fail(&reader, "it is no iCalendar file");
	if (unfold(text) > VA_BUSY_DEPTH_MAX)
		return fail(&reader, "its parts lie too deep in each other");
	file = icalparser_parse_string(text);
	if (file == NULL)
		return fail(&reader, "it is no iCalendar file");
	if (!zones_are_harmless(&reader, file))
		;
	else if (icalcomponent_isa(file) == ICAL_VCALENDAR_COMPONENT)
		read_calendar(&reader, file);
	else
	{
		/* Several in one file. */
		icalcompiter calendars = icalcomponent_begin_component(file, ICAL_VCALENDAR_COMPONENT);
		icalcomponent *calendar = icalcompiter_deref(&calendars);

		if (calendar == NULL)
			fail(&reader, "it is no iCalendar file");
		for (; calendar != NULL && busy->problem == NULL; calendar = icalcompiter_next(&calendars))
		{
			free(reader.replaced);
			reader.replaced = NULL;
			reader.nreplaced = 0;
			read_calendar(&reader, calendar);
		}
	}
	free(reader.replaced);
	icalcomponent_free(file);
	if (busy->problem == NULL)
		return true;
	va_busy_free(busy);
	return false;
}

void
va_busy_free(VaBusy *busy)
{
	free(busy->spans);
	busy->spans = NULL;
	busy->count = 0;
}
