/*-------------------------------------------------------------------------
 * outcome_moments.c
 *		What a moment says of itself, and two that may be one.
 *
 * Pure.
 */
#include "pure/phrases/verify/outcome_moments.h"

const VaTimePoint *
va_moment_point(const VaPhraseTime *time)
{
	return time->from.grain != VA_GRAIN_NONE ? &time->from : &time->to;
}

bool
va_moment_dated(const VaPhraseTime *time)
{
	const VaTimePoint *point = va_moment_point(time);

	return point->dated && !point->implied && point->grain <= VA_GRAIN_DAY;
}

bool
va_moment_clocked(const VaPhraseTime *time)
{
	return va_moment_point(time)->grain <= VA_GRAIN_HOUR;
}

bool
va_moment_vague(const VaPhraseTime *time)
{
	return va_moment_point(time)->grain > VA_GRAIN_DAY;
}

/* A day with its hour: enough to come. */
bool
va_moment_whole(const VaPhraseTime *time)
{
	return va_moment_dated(time) && va_moment_clocked(time);
}

bool
va_moment_part(const VaPhraseTime *time)
{
	return va_moment_point(time)->grain == VA_GRAIN_PART && !va_moment_point(time)->dated;
}

/* An hour of no day. */
bool
va_moment_loose(const VaPhraseTime *time)
{
	return va_moment_clocked(time) && !va_moment_dated(time);
}

static bool
same_hour(const VaTimePoint *one, const VaTimePoint *other)
{
	return one->minutes % 720 == other->minutes % 720;
}

/* Whether two may be one moment, of which each says a part. */
bool
va_moments_fit(const VaPhraseTime *one, const VaPhraseTime *other)
{
	const VaTimePoint *a = va_moment_point(one);
	const VaTimePoint *b = va_moment_point(other);

	if (va_moment_vague(one) || va_moment_vague(other))
		return a->grain == b->grain && a->day == b->day && a->stage == b->stage && !one->range && !other->range;
	if (va_moment_dated(one) && va_moment_dated(other) && a->day != b->day)
		return false;
	if (va_moment_clocked(one) && va_moment_clocked(other) && !one->range && !other->range && !same_hour(a, b))
		return false;
	return true;
}

static int
in_part(int minutes, VaDayPart part)
{
	return (part == VA_PART_AFTERNOON || part == VA_PART_EVENING) && minutes < 720 ? minutes + 720 : minutes;
}

static void
put_day(VaTimePoint *point, int32_t day)
{
	if (point->grain == VA_GRAIN_NONE)
		return;
	point->day = day;
	point->dated = true;
	point->implied = false;
}

/* What is said now, with what it leaves out of what was said before. */
VaPhraseTime
va_moments_join(const VaPhraseTime *before, const VaPhraseTime *now)
{
	VaPhraseTime time = *now;
	const VaTimePoint *old = va_moment_point(before);

	if (va_moment_vague(before) || va_moment_vague(now))
		return time;
	if (!va_moment_dated(now) && va_moment_dated(before))
	{
		int32_t first = time.from.day;

		put_day(&time.from, old->day);
		put_day(
			&time.to, old->day + (time.from.grain != VA_GRAIN_NONE && time.to.day > first ? time.to.day - first : 0));
	}
	if (!va_moment_clocked(now) && va_moment_clocked(before) &&
		(!va_moment_dated(now) || !va_moment_dated(before) || va_moment_point(now)->day == old->day))
	{
		VaDayPart part = va_moment_point(now)->part;
		int32_t day = va_moment_dated(now) ? va_moment_point(now)->day : old->day;

		time = *before;
		time.from.minutes = in_part(time.from.minutes, part);
		if (va_moment_dated(now) || va_moment_dated(before))
			put_day(&time.from, day);
		if (time.to.grain != VA_GRAIN_NONE && (va_moment_dated(now) || va_moment_dated(before)))
			put_day(&time.to, day);
	}
	else if (va_moment_clocked(now) && old->grain == VA_GRAIN_PART && !now->range)
		time.from.minutes = in_part(time.from.minutes, old->part);
	else if (va_moment_clocked(now) && va_moment_clocked(before) && !now->range && !before->range &&
			 same_hour(&now->from, &before->from) && before->from.minutes >= 720)
		time.from.minutes = before->from.minutes;
	return time;
}
