/*-------------------------------------------------------------------------
 * feasts.c
 *		Feasts of other calendars; see feasts.h.
 *
 * The Hebrew calendar is arithmetic.  The others follow the moon: months begin
 * with it, and in India, a feast falls on the day whose sunrise, noon or
 * evening lies in its thirtieth of the month.  Sun and moon are those of the
 * first terms of their series (J. Meeus, Astronomical Algorithms).
 *-------------------------------------------------------------------------
 */
#include "pure/phrases/feasts.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "pure/phrases/calendar.h"
#include "pure/phrases/times_words.h"

/* 2000-01-01 12:00, from which the series count, as a day since 1970. */
#define EPOCH 10957.5
#define MONTH 29.530588861
/* The mean way of sun, and of moon from the sun, in degrees a day. */
#define SUN_DAY 0.985647
#define MOON_DAY 13.176396
/* Clocks of the earth are so far behind even time, in days (2000 to 2050). */
#define BEHIND (70.0 / 86400)
/* The day in Mecca ends so late, in days of UTC. */
#define MECCA_EVENING 0.63

/* A sentence is looked at several times, and people ask for the feasts of these years. */
#define KEPT 256

typedef enum Calendar
{
	HEBREW,	 /* month 1 is Tishri; month 7 the one of Passover */
	ISLAMIC, /* month, day */
	INDIAN,	 /* month from the new moon, 0 is Chaitra; day is the thirtieth */
	SOLAR,	 /* the sun enters a sign, 0 is Aries, of the fixed stars */
	ONAM,
	CHINESE,
	PARSI,	 /* years of 365 days */
	EASTERN, /* day counts from Easter */
	WESTERN
} Calendar;

typedef struct Feast
{
	Calendar calendar;
	int8_t month;
	int8_t day;
	int8_t shift; /* days later */
	int8_t days;  /* from the first to the last; 0: one day */
	bool last;	  /* of two days that begin in it, the second */
	float hour;	  /* of the day, UTC, that must lie in it */
} Feast;

static const Feast feasts[] = {
	[VA_FEAST_ROSH_HASHANAH] = { .calendar = HEBREW, .month = 1, .day = 1, .days = 2 },
	[VA_FEAST_YOM_KIPPUR] = { .calendar = HEBREW, .month = 1, .day = 10 },
	[VA_FEAST_SUKKOT] = { .calendar = HEBREW, .month = 1, .day = 15, .days = 8 },
	[VA_FEAST_SHEMINI_ATZERET] = { .calendar = HEBREW, .month = 1, .day = 22 },
	[VA_FEAST_SIMCHAT_TORAH] = { .calendar = HEBREW, .month = 1, .day = 23 },
	[VA_FEAST_HANUKKAH] = { .calendar = HEBREW, .month = 3, .day = 25, .days = 8 },
	[VA_FEAST_TU_BISHVAT] = { .calendar = HEBREW, .month = 5, .day = 15 },
	[VA_FEAST_PURIM] = { .calendar = HEBREW, .month = 7, .day = 1, .shift = -16 },
	[VA_FEAST_SHUSHAN_PURIM] = { .calendar = HEBREW, .month = 7, .day = 1, .shift = -15 },
	[VA_FEAST_PASSOVER] = { .calendar = HEBREW, .month = 7, .day = 15, .days = 8 },
	[VA_FEAST_YOM_HASHOAH] = { .calendar = HEBREW, .month = 7, .day = 27 },
	[VA_FEAST_YOM_HAATZMAUT] = { .calendar = HEBREW, .month = 8, .day = 5 },
	[VA_FEAST_LAG_BAOMER] = { .calendar = HEBREW, .month = 8, .day = 18 },
	[VA_FEAST_SHAVUOT] = { .calendar = HEBREW, .month = 9, .day = 6, .days = 2 },
	[VA_FEAST_TISHA_BAV] = { .calendar = HEBREW, .month = 11, .day = 9 },
	[VA_FEAST_ISLAMIC_NEW_YEAR] = { .calendar = ISLAMIC, .month = 1, .day = 1 },
	[VA_FEAST_ASHURA] = { .calendar = ISLAMIC, .month = 1, .day = 10 },
	[VA_FEAST_MAWLID] = { .calendar = ISLAMIC, .month = 3, .day = 12 },
	[VA_FEAST_ISRA] = { .calendar = ISLAMIC, .month = 7, .day = 27 },
	[VA_FEAST_RAMADAN] = { .calendar = ISLAMIC, .month = 9, .day = 1, .days = 28 },
	[VA_FEAST_LAYLAT_AL_QADR] = { .calendar = ISLAMIC, .month = 9, .day = 27 },
	[VA_FEAST_EID_AL_FITR] = { .calendar = ISLAMIC, .month = 10, .day = 1 },
	[VA_FEAST_LAST_FRIDAY] = { .calendar = ISLAMIC, .month = 10, .day = 1 },
	[VA_FEAST_EID_AL_ADHA] = { .calendar = ISLAMIC, .month = 12, .day = 10 },
	[VA_FEAST_CHINESE_NEW_YEAR] = { .calendar = CHINESE, .month = 0, .day = 0 },
	[VA_FEAST_UGADI] = { .calendar = INDIAN, .month = 0, .day = 1, .hour = 1.5F },
	[VA_FEAST_RAMA_NAVAMI] = { .calendar = INDIAN, .month = 0, .day = 9, .hour = 2.5F },
	[VA_FEAST_MAHAVIR] = { .calendar = INDIAN, .month = 0, .day = 13, .hour = -0.5F },
	[VA_FEAST_VESAK] = { .calendar = INDIAN, .month = 1, .day = 15, .last = true, .hour = 7 },
	[VA_FEAST_RATHA_YATRA] = { .calendar = INDIAN, .month = 3, .day = 2, .hour = 7 },
	[VA_FEAST_RAKSHA_BANDHAN] = { .calendar = INDIAN, .month = 4, .day = 15, .hour = 3 },
	[VA_FEAST_JANMASHTAMI] = { .calendar = INDIAN, .month = 4, .day = 23, .last = true, .hour = 13.5F },
	[VA_FEAST_GANESH_CHATURTHI] = { .calendar = INDIAN, .month = 5, .day = 4, .hour = 7 },
	[VA_FEAST_NAVARATRI] = { .calendar = INDIAN, .month = 6, .day = 1, .days = 9, .hour = 4 },
	[VA_FEAST_MAHA_SAPTAMI] = { .calendar = INDIAN, .month = 6, .day = 7, .hour = 1 },
	[VA_FEAST_MAHA_ASHTAMI] = { .calendar = INDIAN, .month = 6, .day = 8, .hour = 1 },
	[VA_FEAST_MAHA_NAVAMI] = { .calendar = INDIAN, .month = 6, .day = 9, .hour = 1 },
	[VA_FEAST_DUSSEHRA] = { .calendar = INDIAN, .month = 6, .day = 10, .hour = 10.5F },
	[VA_FEAST_VALMIKI] = { .calendar = INDIAN, .month = 6, .day = 15, .hour = 15.5F },
	[VA_FEAST_KARVA_CHAUTH] = { .calendar = INDIAN, .month = 6, .day = 19, .hour = 15 },
	[VA_FEAST_DHANTERAS] = { .calendar = INDIAN, .month = 6, .day = 28, .last = true, .hour = 11.5F },
	[VA_FEAST_CHOTI_DIWALI] = { .calendar = INDIAN, .month = 6, .day = 30, .shift = -1, .hour = 13 },
	[VA_FEAST_DIWALI] = { .calendar = INDIAN, .month = 6, .day = 30, .hour = 13 },
	[VA_FEAST_GOVARDHAN] = { .calendar = INDIAN, .month = 6, .day = 30, .shift = 1, .hour = 13 },
	[VA_FEAST_BHAI_DOOJ] = { .calendar = INDIAN, .month = 6, .day = 30, .shift = 2, .hour = 13 },
	[VA_FEAST_CHHATH] = { .calendar = INDIAN, .month = 6, .day = 30, .shift = 6, .hour = 13 },
	[VA_FEAST_GURU_GOBIND] = { .calendar = INDIAN, .month = 9, .day = 7, .hour = 1 },
	[VA_FEAST_VASANT_PANCHAMI] = { .calendar = INDIAN, .month = 10, .day = 5, .hour = 2 },
	[VA_FEAST_RAVIDAS] = { .calendar = INDIAN, .month = 10, .day = 15, .hour = 1.5F },
	[VA_FEAST_SARASWATI] = { .calendar = INDIAN, .month = 10, .day = 25, .hour = 2 },
	[VA_FEAST_SHIVARATRI] = { .calendar = INDIAN, .month = 10, .day = 29, .hour = 18 },
	[VA_FEAST_HOLIKA] = { .calendar = INDIAN, .month = 11, .day = 15, .hour = 13 },
	[VA_FEAST_HOLI] = { .calendar = INDIAN, .month = 11, .day = 15, .shift = 1, .hour = 13 },
	[VA_FEAST_VAISAKHI] = { .calendar = SOLAR, .month = 0, .day = 0, .hour = 5 },
	[VA_FEAST_RABINDRA] = { .calendar = SOLAR, .month = 0, .day = 0, .shift = 25, .hour = 7 },
	[VA_FEAST_BHOGI] = { .calendar = SOLAR, .month = 9, .day = 0, .shift = -1, .hour = 12 },
	[VA_FEAST_PONGAL] = { .calendar = SOLAR, .month = 9, .day = 0, .hour = 12 },
	[VA_FEAST_MATTU_PONGAL] = { .calendar = SOLAR, .month = 9, .day = 0, .shift = 1, .hour = 12 },
	[VA_FEAST_KAANUM_PONGAL] = { .calendar = SOLAR, .month = 9, .day = 0, .shift = 2, .hour = 12 },
	[VA_FEAST_ONAM] = { .calendar = ONAM, .month = 4, .day = 0, .hour = 4.5F },
	[VA_FEAST_PARSI_NEW_YEAR] = { .calendar = PARSI, .month = 0, .day = 0 },
	[VA_FEAST_EASTERN_PALM_SUNDAY] = { .calendar = EASTERN, .month = 0, .day = -7 },
	[VA_FEAST_EASTERN_GOOD_FRIDAY] = { .calendar = EASTERN, .month = 0, .day = -2 },
	[VA_FEAST_EASTERN_SATURDAY] = { .calendar = EASTERN, .month = 0, .day = -1 },
	[VA_FEAST_EASTERN_EASTER] = { .calendar = EASTERN, .month = 0, .day = 0 },
	[VA_FEAST_EASTERN_MONDAY] = { .calendar = EASTERN, .month = 0, .day = 1 },
	[VA_FEAST_LAZARUS_SATURDAY] = { .calendar = EASTERN, .month = 0, .day = -8 },
	[VA_FEAST_CLEAN_MONDAY] = { .calendar = EASTERN, .month = 0, .day = -48 },
	[VA_FEAST_GREAT_LENT] = { .calendar = EASTERN, .month = 0, .day = -48, .days = 39 },
	[VA_FEAST_LENT] = { .calendar = WESTERN, .month = 0, .day = -46, .days = 45 },
};

static double
sine(double degrees)
{
	return sin(fmod(degrees, 360) * 0.017453292519943295);
}

/* An angle between -180 and 180. */
static double
half_turn(double degrees)
{
	degrees = fmod(degrees + 180, 360);
	return (degrees < 0 ? degrees + 360 : degrees) - 180;
}

/* Where the sun is seen, in degrees from the equinox. */
static double
sun(double at)
{
	double t = (at + BEHIND - EPOCH) / 36525;
	double anomaly = 357.52911 + 35999.05029 * t;

	return 280.46077 + 36000.76983 * t + (1.914602 - 0.004817 * t) * sine(anomaly) + 0.019993 * sine(2 * anomaly) +
		   0.000289 * sine(3 * anomaly) - 0.00478 * sine(125.04 - 1934.136 * t);
}

static double
moon(double at)
{
	/* Multiples of elongation, the sun's anomaly, the moon's, its distance from the node; millionths of a degree. */
	static const struct
	{
		int8_t elongation, sun, moon, node;
		int32_t part;
	} terms[] = { { 0, 0, 1, 0, 6288774 }, { 2, 0, -1, 0, 1274027 }, { 2, 0, 0, 0, 658314 }, { 0, 0, 2, 0, 213618 },
		{ 0, 1, 0, 0, -185116 }, { 0, 0, 0, 2, -114332 }, { 2, 0, -2, 0, 58793 }, { 2, -1, -1, 0, 57066 },
		{ 2, 0, 1, 0, 53322 }, { 2, -1, 0, 0, 45758 }, { 0, 1, -1, 0, -40923 }, { 1, 0, 0, 0, -34720 },
		{ 0, 1, 1, 0, -30383 }, { 2, 0, 0, -2, 15327 }, { 0, 0, 1, 2, -12528 }, { 0, 0, 1, -2, 10980 },
		{ 4, 0, -1, 0, 10675 }, { 0, 0, 3, 0, 10034 }, { 4, 0, -2, 0, 8548 } };
	double t = (at + BEHIND - EPOCH) / 36525;
	double elongation = 297.8501921 + 445267.1114034 * t;
	double of_sun = 357.5291092 + 35999.0502909 * t;
	double of_moon = 134.9633964 + 477198.8675055 * t;
	double node = 93.2720950 + 483202.0175233 * t;
	double sum = 0;

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		sum += terms[i].part * sine(terms[i].elongation * elongation + terms[i].sun * of_sun + terms[i].moon * of_moon +
									terms[i].node * node);
	return 218.3164477 + 481267.88123421 * t + sum / 1e6;
}

static double
ahead_of_sun(double at)
{
	return moon(at) - sun(at);
}

/* From the fixed stars, as in India: the equinox moves back. */
static double
sun_in_stars(double at)
{
	return sun(at) - 23.853 - (at - EPOCH) / 365.25 * 0.013969;
}

static double
moon_in_stars(double at)
{
	return moon(at) - 23.853 - (at - EPOCH) / 365.25 * 0.013969;
}

/* When an angle is reached, near a moment: a few steps by its mean way. */
static double
when(double (*angle)(double at), double degrees, double at, double a_day)
{
	for (int i = 0; i < 5; i++)
	{
		double off = half_turn(angle(at) - degrees);

		at -= off / a_day;
		/* Some ten seconds. */
		if (fabs(off) < 1e-4 * a_day)
			break;
	}
	return at;
}

static double
new_moon(int number)
{
	return when(ahead_of_sun, 0, EPOCH + 5.59766 + MONTH * number, MOON_DAY - SUN_DAY);
}

/* The last new moon before a moment. */
static double
new_moon_before(double at)
{
	int number = (int) floor((at - EPOCH - 5.59766) / MONTH) + 1;
	double found = new_moon(number);

	while (found > at)
		found = new_moon(--number);
	return found;
}

/* The day of year 1 of the Hebrew calendar's first month is day 1 - 2092590 since 1970; how many days before its nth year. */
static int32_t
hebrew_days(int year)
{
	int64_t months = (235 * (int64_t) year - 234) / 19;
	int64_t day = 29 * months + (12084 + 13753 * months) / 25920;

	return (int32_t) (3 * (day + 1) % 7 < 3 ? day + 1 : day);
}

/* The first of Tishri in a year of ours. */
static int32_t
hebrew_year(int ours)
{
	int year = ours + 3761;
	int32_t before = hebrew_days(year - 1);
	int32_t here = hebrew_days(year);
	int32_t behind = hebrew_days(year + 1);

	/* No year has 356 days, and none of 382 stands before a long one. */
	return here - 2092590 + (behind - here == 356 ? 2 : here - before == 382 ? 1 : 0);
}

static int32_t
hebrew(const Feast *feast, int feast_number, int year)
{
	/* Days from the first of Tishri to months 1 to 5, of which two are long or short with the year. */
	static const int before[] = { 0, 0, 30, 59, 89, 118 };
	/* And from the fifteenth of the month of Passover to the first of months 7 to 11. */
	static const int behind[] = { -14, 16, 45, 75, 104 };
	/* Months 2 to 5 lie in the winter, which began with the year before. */
	bool winter = feast->month >= 2 && feast->month <= 5;
	int32_t first = hebrew_year(feast->month == 5 ? year - 1 : year);
	int32_t length = hebrew_year(feast->month == 5 ? year : year + 1) - first;
	int32_t day;

	if (feast->month == 1)
		return first + feast->day - 2;
	if (winter)
		return first + before[feast->month] + (length % 10 == 5 ? 1 : 0) -
			   (feast->month > 3 && length % 10 == 3 ? 1 : 0) + feast->day - 2;
	/* Passover is 163 days before the new year. */
	day = first - 163 + behind[feast->month - 7] + feast->day - 1 + feast->shift;
	/* The ninth of Av is no sabbath, and the day of independence stays away from it. */
	if (feast_number == VA_FEAST_TISHA_BAV && va_weekday(day) == 6)
		day++;
	if (feast_number == VA_FEAST_YOM_HAATZMAUT)
		day += va_weekday(day) == 5 ? -1 : va_weekday(day) == 6 ? -2 : va_weekday(day) == 1 && year >= 2004 ? 1 : 0;
	if (feast_number == VA_FEAST_YOM_HAATZMAUT && va_weekday(day) == 5)
		day--;
	return day - 1;
}

/* The first day of the Islamic month that a number of new moons since January 2000 begins: the day after the evening. */
static int32_t
islamic_month(int number)
{
	static _Thread_local struct
	{
		int key;
		int32_t day;
	} kept[KEPT];
	unsigned slot = (unsigned) number % KEPT;

	if (kept[slot].day == 0 || kept[slot].key != number)
	{
		kept[slot].day = (int32_t) floor(new_moon(number) - MECCA_EVENING) + 2;
		kept[slot].key = number;
	}
	return kept[slot].day;
}

/* The first from a day on. */
static int32_t
islamic(const Feast *feast, int32_t from)
{
	/* The new moon of January 2000 began the tenth month, Shawwal. */
	int number = (int) floor((from - EPOCH - 5.59766) / MONTH) - 2;
	int32_t day;

	for (int i = 0; i < 16; i++, number++)
	{
		int month = (number + 9) % 12;

		if ((month < 0 ? month + 12 : month) + 1 != feast->month)
			continue;
		day = islamic_month(number) + feast->day - 1;
		if (feast == &feasts[VA_FEAST_LAST_FRIDAY])
			day -= (va_weekday(day) + 1) % 7 + 1;
		if (day >= from)
			return day;
	}
	return from;
}

/* When the sun enters a sign of the stars in a year; the last three of them in its first months. */
static double
sign(int year, int nth)
{
	double near = va_day_number(year, 4, 14) + 30.44 * nth - (nth >= 9 ? 365.25 : 0);

	return when(sun_in_stars, 30 * nth, near, SUN_DAY);
}

/* The day whose hour lies between two moments, or else the one that they lie in. */
static int32_t
day_between(double first, double behind, const Feast *feast)
{
	double hour = (double) feast->hour / 24;
	int32_t day = (int32_t) ceil(first - hour);

	if (day + hour >= behind)
		return day - 1;
	return feast->last && day + 1 + hour < behind ? day + 1 : day;
}

static int32_t
indian(const Feast *feast, int year)
{
	/* A month has the name of the sign that the sun enters in it; of two, the first is a leap month. */
	double start = new_moon_before(sign(year, feast->month));
	double part = MONTH / 30;
	double first = when(ahead_of_sun, 12 * (feast->day - 1), start + part * (feast->day - 1), MOON_DAY - SUN_DAY);
	double behind = when(ahead_of_sun, 12 * feast->day, first + part, MOON_DAY - SUN_DAY);

	return day_between(first, behind, feast) + feast->shift;
}

/* In the sun's fifth sign, the last day of the moon's twenty-second of twenty-seven. */
static int32_t
onam(const Feast *feast, int year)
{
	double first = sign(year, feast->month);
	double last = sign(year, feast->month + 1);
	double at = when(moon_in_stars, 280, last - 13, MOON_DAY);

	while (at > last - 1)
		at = when(moon_in_stars, 280, at - 27.3, MOON_DAY);
	while (at + 27.4 < last)
		at = when(moon_in_stars, 280, at + 27.3, MOON_DAY);
	if (at < first)
		at = when(moon_in_stars, 280, at + 27.3, MOON_DAY);
	return day_between(at, when(moon_in_stars, 280 + 360.0 / 27, at + 1, MOON_DAY), feast);
}

static double
beijing_day(double at)
{
	return floor(at + 8.0 / 24);
}

/* The second new moon behind the month of the winter solstice; never before 21 January. */
static int32_t
chinese(int year)
{
	double solstice = beijing_day(when(sun, 270, va_day_number(year - 1, 12, 21), SUN_DAY));
	int number = (int) floor((solstice - EPOCH - 5.59766) / MONTH) + 1;
	double day;

	while (beijing_day(new_moon(number)) > solstice)
		number--;
	day = beijing_day(new_moon(number + 2));
	if (day < va_day_number(year, 1, 21))
		day = beijing_day(new_moon(number + 3));
	return (int32_t) day;
}

int32_t
va_eastern_easter(int year)
{
	int moon_age = (19 * (year % 19) + 15) % 30;
	int days = moon_age + (2 * (year % 4) + 4 * (year % 7) - moon_age + 34) % 7 + 114;

	/* The Julian calendar is behind ours. */
	return va_day_number(year, days / 31, 1) + days % 31 + year / 100 - year / 400 - 2;
}

static int32_t
reckon(int number, int year)
{
	const Feast *feast = &feasts[number];

	switch (feast->calendar)
	{
		case HEBREW:
			return hebrew(feast, number, year);
		case INDIAN:
			return indian(feast, year);
		case SOLAR:
			return (int32_t) floor(sign(year, feast->month) + (double) feast->hour / 24) + feast->shift;
		case ONAM:
			return onam(feast, year);
		case CHINESE:
			return chinese(year);
		case PARSI:
			/* 16 August 2020; the first that begins in a year. */
			return va_day_number(2020, 8, 16) + 365 * (year - 2020);
		case EASTERN:
			return va_eastern_easter(year) + feast->day;
		default:
			return va_easter(year) + feast->day;
	}
}

static int32_t
feast_in(int number, int year)
{
	static _Thread_local struct
	{
		int key;
		int32_t day;
	} kept[KEPT];
	int key = year * VA_FEASTS + number + 1;
	unsigned slot = (unsigned) key % KEPT;

	if (kept[slot].key != key)
	{
		kept[slot].day = reckon(number, year);
		kept[slot].key = key;
	}
	return kept[slot].day;
}

int32_t
va_feast_from(int feast, int32_t day)
{
	int year = va_civil_day(day).year;
	int32_t found = day;

	if (feasts[feast].calendar == ISLAMIC)
		return islamic(&feasts[feast], day);
	for (int i = 0; i < 3; i++)
	{
		found = feast_in(feast, year + i);
		if (found >= day)
			break;
	}
	return found;
}

int
va_feast_days(int feast, int32_t first)
{
	/* A month of 29 or 30 days. */
	if (feast == VA_FEAST_RAMADAN)
		return islamic(&feasts[VA_FEAST_EID_AL_FITR], first) - 1 - first;
	return feasts[feast].days;
}

int
va_feast_eve(int feast)
{
	return feasts[feast].calendar == HEBREW && feasts[feast].days == 0 ? 1 : 0;
}
