#!/usr/bin/env python3
"""business_clock.py SEED TRIPLES   calendars, and times in them, as the clock of open hours has to tell them

Minute by minute, with another language's zones: for each of twelve calendars (zones where clocks change, hours over the change, days that
are different) a year and a half of minutes, of which each is open or is not.  A line of output is: zone, week, days, hours of the days,
from, seconds, when so many open seconds have passed ('' where the minutes end before), until, and the open seconds before it.
"""
import bisect, datetime, itertools, random, sys, zoneinfo

seed, triples = int(sys.argv[1]), int(sys.argv[2])
rnd = random.Random(seed)
ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kolkata', 'Africa/Cairo',
         'Pacific/Auckland', 'Asia/Tehran', 'America/Sao_Paulo', 'Europe/London', 'Atlantic/Azores']
UTC = datetime.timezone.utc
FIRST, DAYS = datetime.date(2026, 1, 1), 550
EPOCH = datetime.datetime(2025, 12, 30, tzinfo=UTC)
MINUTES = (DAYS + 4) * 1440


def spans():
    edges = sorted(rnd.sample(range(0, 1441, rnd.choice([1, 5, 15, 30])), 2 * rnd.choice([1, 1, 2, 3])))
    return list(zip(edges[::2], edges[1::2]))


def minute_of(day, minute, zone):
    wall = datetime.datetime.combine(day + datetime.timedelta(days=minute // 1440), datetime.time(minute % 1440 // 60, minute % 60))
    # A time that the zone skips is an hour later, one that it has twice the second.
    late = max((wall.replace(tzinfo=zone, fold=f) - wall.replace(tzinfo=zone, fold=f).utcoffset()).replace(tzinfo=UTC) for f in (0, 1))
    return int((late - EPOCH).total_seconds()) // 60


def calendar(name):
    zone = zoneinfo.ZoneInfo(name)
    week = {d: spans() for d in range(7) if rnd.random() < 0.8} or {0: [(540, 1020)]}
    special = {FIRST + datetime.timedelta(days=d): rnd.choice([[], spans()]) for d in rnd.sample(range(DAYS), 25)}
    opens = bytearray(MINUTES)
    for n in range(-1, DAYS + 1):
        day = FIRST + datetime.timedelta(days=n)
        for begin, end in special.get(day, week.get(day.weekday(), [])):
            for minute in range(max(minute_of(day, begin, zone), 0), min(minute_of(day, end, zone), MINUTES)):
                opens[minute] = 1
    days = sorted(special)
    braces = lambda numbers: '{' + ','.join(str(n) for n in numbers) + '}'
    return (name, braces(n for d in sorted(week) for s in week[d] for n in (d, *s)), braces(days),
            braces(n for i, d in enumerate(days) for s in special[d] for n in (i, *s)), [0] + list(itertools.accumulate(opens)))


calendars = [calendar(z) for z in ZONES]
for _ in range(triples):
    name, week, days, hours, passed = rnd.choice(calendars)
    start = rnd.randrange(3 * 1440, (DAYS - 60) * 1440)
    amount = rnd.choice([0, 1, 30, 240, 480, 1440, rnd.randrange(1, 20000)])
    end = bisect.bisect_left(passed, passed[start] + amount, lo=start)
    # Nothing to wait for: the first moment that is open.
    if amount == 0:
        end = bisect.bisect_right(passed, passed[start], lo=start) - 1
    until = start + rnd.randrange(0, 60 * 1440)
    at = lambda m: (EPOCH + datetime.timedelta(minutes=m)).strftime('%Y-%m-%d %H:%M+00')
    print(name, week, days, hours, at(start), 60 * amount, at(end) if end < (DAYS - 1) * 1440 else '', at(until), 60 * (passed[until] - passed[start]), sep='\t')
