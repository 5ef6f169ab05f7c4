#!/usr/bin/env python3
"""calendar_oracle.py COUNT SEED DAYS: random calendars, what is booked in them, and ten questions each of which slots are
free within DAYS days, with slow, obviously right answers.  A calendar is a line of JSON, which t/750_free_slots reads.

Nothing of the server's way of reckoning is used: each slot is held against each booking, each day counts all bookings, and a
local time is looked for among all offsets that its zone has around it.  Times are seconds since 1970.
"""
import functools
import json
import random
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

ZONES = ('UTC', 'Europe/Berlin', 'America/New_York', 'America/Sao_Paulo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Europe/Dublin',
         'America/St_Johns', 'Africa/Casablanca', 'Pacific/Kiritimati', 'Asia/Beirut', 'America/Havana', 'Pacific/Auckland')
DAYS = ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
MINUTE, HOUR, DAY = 60, 3600, 86400


def wall(zone, at):
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None)


@functools.lru_cache(1_000_000)
def instant(zone, local):
    """The instant of a local time: the later of two; of a time that is skipped, as far behind its start as it says."""
    naive = int((local - datetime(1970, 1, 1)).total_seconds())
    offsets = {int((wall(zone, naive + quarter * 900) - datetime(1970, 1, 1)).total_seconds()) - (naive + quarter * 900)
               for quarter in range(-112, 113)}
    found = [naive - offset for offset in offsets if wall(zone, naive - offset) == local]
    if found:
        return max(found)
    # Skipped: the offset that held until then.
    return naive - min(offset for offset in offsets if wall(zone, naive - offset) > local)


def text(minute):
    return '%02d:%02d' % divmod(minute, 60)


def some_spans(rng):
    edges = sorted(rng.sample(range(0, 1441, rng.choice((5, 15, 60))), 2 * rng.choice((1, 1, 2))))
    return [edges[i:i + 2] for i in range(0, len(edges), 2)]


@functools.lru_cache
def changes(zone):
    """Days around which the zone's clocks change."""
    noon = [int(datetime(2030, 1, 1, 12, tzinfo=timezone.utc).timestamp()) + i * DAY for i in range(700)]
    return [date(2030, 1, 1) + timedelta(days=i) for i in range(700)
            if wall(zone, noon[i]).time() != wall(zone, noon[i] + 2 * DAY).time()]


def some_calendar(rng):
    zone = ZoneInfo(rng.choice(ZONES))
    # Half of them near a change of the clocks.
    day = date(2030, 1, 1) + timedelta(days=rng.randrange(700))
    if rng.random() < 0.5:
        day = rng.choice(changes(zone) or [day]) - timedelta(days=rng.randrange(1, 6))
    now = int(datetime(day.year, day.month, day.day, rng.randrange(24), rng.randrange(60), 37, tzinfo=timezone.utc).timestamp())
    week = None if rng.random() < 0.15 else {d: some_spans(rng) for d in DAYS if rng.random() < 0.7}
    if week == {}:
        week = None
    special = {}
    for _ in range(rng.randrange(4)):
        special[(day + timedelta(days=rng.randrange(20))).isoformat()] = rng.choice((None, some_spans(rng)))
    length = rng.choice((10, 15, 30, 45, 60, 90, 240)) * MINUTE
    return {'zone': zone, 'now': now, 'week': week, 'special': special, 'length': length,
            'step': rng.choice((None, length, 15 * MINUTE, 20 * MINUTE, 60 * MINUTE)),
            'before': rng.choice((0, 0, 5, 30)) * MINUTE, 'after': rng.choice((0, 0, 10, 15)) * MINUTE,
            'notice': rng.choice((0, 0, 1, 5, 30)) * HOUR, 'horizon': rng.choice((9, 400, 400)) * DAY,
            'limit': rng.choice((None, None, 1, 3)), 'capacity': rng.choice((1, 1, 2, 3))}


def some_bookings(rng, calendar, days):
    """Rows (seat, starts, ends, buffer, status, held until): nothing of a seat overlaps, whatever the buffers are now."""
    rows = []
    for seat in range(1, calendar['capacity'] + rng.choice((0, 0, 1)) + 1):
        at = calendar['now'] // 300 * 300 - 2 * DAY
        until = calendar['now'] + days * DAY
        spread = rng.choice((2, 12, 48)) if days < 100 else rng.choice((12, 48))
        while at < until:
            at += rng.randrange(0, spread * 12) * 300
            ends = at + rng.choice((10, 30, 60, 300)) * MINUTE
            buffer = rng.choice((0, 0, 5, 20)) * MINUTE
            status = rng.choice(('confirmed', 'confirmed', 'pending', 'held', 'held', 'canceled'))
            rows.append((seat, at, ends, buffer, status,
                         calendar['now'] + rng.choice((-60, 60)) if status == 'held' else None))
            at = ends + buffer
    return rows


def free(calendar, rows, start, until, most):
    zone = calendar['zone']
    gap = max(calendar['before'], calendar['after'])
    rows = [r for r in rows if r[4] in ('confirmed', 'pending') or r[4] == 'held' and r[5] > calendar['now']]
    earliest = max(start, calendar['now'] + calendar['notice'])
    local = wall(zone, calendar['now']) + timedelta(seconds=calendar['horizon'])
    latest = instant(zone, local.replace(second=0)) + local.second
    found = []
    day = wall(zone, start).date() - timedelta(days=1)
    while day <= wall(zone, until).date() + timedelta(days=1) and len(found) < most:
        spans = [[0, 1440]] if calendar['week'] is None else calendar['week'].get(DAYS[day.weekday()], [])
        if day.isoformat() in calendar['special']:
            spans = calendar['special'][day.isoformat()] or []
        midnight = datetime(day.year, day.month, day.day)
        full = calendar['limit'] is not None and \
            sum(wall(zone, r[1]).date() == day for r in rows) >= calendar['limit']
        closed = 0
        for opens, closes in [] if full else spans:
            # Spans that a skipped hour lays over each other are one: the second goes on where the first closes.
            at = max(closed, instant(zone, midnight + timedelta(minutes=opens)))
            end = instant(zone, midnight + timedelta(minutes=closes))
            closed = max(closed, end)
            while at + calendar['length'] <= end:
                seats = [s for s in range(1, calendar['capacity'] + 1)
                         if not any(r[0] == s and r[1] < at + calendar['length'] + gap
                                    and r[2] + max(gap, r[3]) > at for r in rows)]
                if seats and start <= at < until and earliest <= at <= latest and len(found) < most:
                    found.append([at, len(seats)])
                at += calendar['step'] or calendar['length']
        day += timedelta(days=1)
    return found


def main():
    count, seed, days = (int(word) for word in sys.argv[1:4])
    rng = random.Random(seed)
    for _ in range(count):
        calendar = some_calendar(rng)
        rows = some_bookings(rng, calendar, days)
        questions = []
        for _ in range(10):
            start = calendar['now'] + rng.randrange(-DAY, 6 * DAY, 60) // 60 * 60
            until = start + rng.randrange(0, days * DAY, 60) // 60 * 60
            most = rng.choice((1, 3, 50, 50000))
            questions.append([start, until, most, free(calendar, rows, start, until, most)])
        week = calendar['week']
        print(json.dumps({**calendar, 'zone': calendar['zone'].key, 'rows': rows, 'questions': questions,
                          'week': week and {d: [[text(m) for m in s] for s in spans] for d, spans in week.items()},
                          'special': {d: s and [[text(m) for m in p] for p in s] for d, s in calendar['special'].items()}}))


main()
