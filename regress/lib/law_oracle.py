#!/usr/bin/env python3
"""law_oracle.py WHAT COUNT SEED [FILE]: random questions about the law with slow, obviously right answers, one a line.

WHAT is a function of QUESTIONS below.  Each yields rows for COPY (tabs between columns, \\N for NULL); the server
answers the same questions, and the test compares.  Nothing of the server's way of reckoning is used here: a place is
asked for its wall clock quarter by quarter, a calendar day by day.  Times are microseconds since 1970.
"""
import json
import random
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

QUARTER = 900
DAY = 86400
YEARS = (2025, 2030)
INFINITY = 'infinity'
DAYS = ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
MONTHS = ('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec')


# ----- wall clocks -----

class Wall:
    """The wall clock of a zone: how far it is ahead of UTC, asked for every quarter of an hour."""
    all = {}
    whole = {}

    def __init__(self, name):
        self.zone = ZoneInfo(name)
        self.days = {}

    @classmethod
    def of(cls, name):
        if name not in cls.all:
            cls.all[name] = cls(name)
        return cls.all[name]

    def day(self, day):
        """A UTC day as pieces (seconds from its start, seconds of it, seconds ahead), a new one where the clock changes."""
        pieces = self.days.get(day)
        if pieces is None:
            pieces = []
            for second in range(0, DAY, QUARTER):
                ahead = int(datetime.fromtimestamp(day * DAY + second, self.zone).utcoffset().total_seconds())
                assert ahead % QUARTER == 0, self.zone
                if pieces and pieces[-1][2] == ahead:
                    pieces[-1][1] += QUARTER
                else:
                    pieces.append([second, QUARTER, ahead])
            if len(pieces) == 1:
                pieces = self.whole.setdefault(pieces[0][2], pieces)
            self.days[day] = pieces
        return pieces


class Fixed:
    def __init__(self, hours):
        self.hours = hours

    def day(self, day):
        return [[0, DAY, self.hours * 3600]]


# Where the clock is not changed any more since 2026, by tz data of 2026f: hours ahead of UTC in winter.
CHANGED = {'America/Vancouver': -7, 'Canada/Pacific': -7, 'America/Edmonton': -6, 'Canada/Mountain': -6, 'America/Yellowknife': -6, 'America/Inuvik': -6,
           'America/Winnipeg': -5, 'Canada/Central': -5, 'America/Rainy_River': -5, 'America/Havana': -4, 'Africa/Casablanca': 0, 'Africa/El_Aaiun': 0}


def walls(zones):
    """The clocks to obey; nobody knows where: those of the whole globe; None: a zone that is none."""
    if not zones:
        return [Fixed(hours) for hours in range(-12, 15)]
    if any(zone not in PLACES for zone in zones):
        return None
    # Where this machine's zones lack a law that changed the clock, what they say and what the law says.
    stale = [CHANGED[zone] for zone in zones if zone in CHANGED
             and datetime(2026, 12, 1, 12, tzinfo=timezone.utc).astimezone(ZoneInfo(zone)).utcoffset() != timedelta(hours=CHANGED[zone])]
    return [Wall.of(zone) for zone in zones] + [Fixed(hours) for hours in stale]


# ----- windows -----

def open_minutes(triples):
    """The minutes of each weekday that lie in a window; None: hours that cannot be read."""
    if triples is None or len(triples) == 0 or len(triples) % 3 != 0:
        return None
    week = [bytearray(1440) for _ in DAYS]
    for i in range(0, len(triples), 3):
        weekday, start, end = triples[i:i + 3]
        if not 0 <= weekday <= 6 or not 0 <= start < end <= 1440:
            return None
        week[weekday][start:end] = b'\1' * (end - start)
    return week


def common_minutes(one, other):
    return [(int.from_bytes(a, 'big') & int.from_bytes(b, 'big')).to_bytes(1440, 'big') for a, b in zip(one, other)]


def minutes_of_day(clocks, week, closed, day):
    """A UTC day, minute by minute: 1 where every clock shows an open minute of a local day that is not closed."""
    result = (1 << (8 * 1440)) - 1
    for clock in clocks:
        parts = []
        for start, length, ahead in clock.day(day):
            local = day * DAY + start + ahead
            while length > 0:
                local_day, second = divmod(local, DAY)
                piece = min(length, DAY - second)
                parts.append(bytes(piece // 60) if local_day in closed
                             else (week(local_day) if callable(week) else week[(local_day + 3) % 7])[second // 60:(second + piece) // 60])
                local += piece
                length -= piece
        result &= int.from_bytes(b''.join(parts), 'big')
    return result.to_bytes(1440, 'big')


def find_window(clocks, week, closed, at, days_off=0):
    """(opens, closes) in seconds of the window that contains at, or of the next one; None: none in sight."""
    if clocks is None or week is None:
        return None
    day = (at - DAY) // DAY
    origin = day * 1440
    minutes = bytearray()

    def seek(value, minute, limit):
        """The first minute from that one on that is open (1) or closed (0), or where the limit (seconds) lies."""
        while minute * 60 < limit:
            while minute - origin >= len(minutes):
                minutes.extend(minutes_of_day(clocks, week, closed, day + len(minutes) // 1440))
            found = minutes.find(value, minute - origin)
            if found >= 0:
                return origin + found
            minute = origin + len(minutes)
        return minute

    now = at // 60
    limit = at + 14 * DAY
    begin = seek(1, now, limit)
    if begin * 60 >= limit:
        # Two weeks have every weekday twice; only closed dates can hide a window for longer.
        limit = at + (35 + days_off) * DAY
        begin = seek(1, begin, limit) if closed else begin + 35 * 1440
        if begin * 60 >= limit:
            return None
    end = seek(0, begin, limit)
    if begin == now:
        while begin * 60 > at - DAY and minutes[begin - 1 - origin]:
            begin -= 1
    return max(begin * 60, at - DAY), min(end * 60, limit)


# ----- random questions -----

PLACES = {zone for zone in available_timezones() if '/' in zone} | {'UTC'}
PLACE_LIST = sorted(PLACES)
AMERICA = ['America/New_York', 'America/Chicago', 'America/Denver', 'America/Los_Angeles', 'America/Phoenix', 'America/Anchorage',
           'Pacific/Honolulu', 'America/Toronto', 'America/St_Johns', 'America/Halifax', 'America/Puerto_Rico', 'America/Indiana/Knox']
NO_PLACES = ['Mars/Olympus', 'XYZ3', 'UTC-3', 'EST5EDT', '', 'Europe/', '/', 'America']


def random_zones(r):
    kind = r.random()
    if kind < 0.02:
        return []
    pool = AMERICA if r.random() < 0.4 else PLACE_LIST
    zones = r.sample(pool, 1 if kind < 0.6 else r.randint(2, 4) if kind < 0.95 else r.randint(5, 10))
    if r.random() < 0.01:
        zones[r.randrange(len(zones))] = r.choice(NO_PLACES)
    return zones


def random_hours(r):
    kind = r.random()
    if kind < 0.35:
        start, end = r.randint(6, 12) * 60, r.randint(16, 22) * 60
        return [n for day in range(r.choice((5, 6, 6, 7, 7))) for n in (day, start, end)]
    if kind < 0.45:
        return [n for day in range(7) for n in (day, 0, 1440)]
    if kind < 0.65:
        triples = []
        for day in range(7):
            if r.random() < 0.8:
                noon = r.randint(11 * 60, 13 * 60)
                triples += [day, r.randint(360, 600), noon, day, noon + r.randint(0, 120), r.randint(960, 1440)]
        return triples
    if kind < 0.8:
        # Small hours, in which clocks are put forward and back, and nights over midnight.
        return [n for day in r.sample(range(7), r.randint(1, 7)) for n in (day, r.randint(0, 120), r.randint(121, 240), day, r.randint(1260, 1400), 1440)]
    if kind < 0.97:
        triples = []
        for _ in range(r.randint(1, 8)):
            start = r.randrange(1440)
            triples += [r.randrange(7), start, r.randint(start + 1, 1440)]
        return triples
    return r.choice(([], [0, 600], [7, 0, 60], [0, 600, 600], [0, 700, 600], [0, -1, 60], [0, 0, 1441]))


def random_closed(r, at):
    kind = r.random()
    today = date.fromtimestamp(at)
    if kind < 0.4:
        return []
    if kind < 0.9:
        return sorted({today + timedelta(days=r.randint(-3, 20)) for _ in range(r.randint(1, 6))})
    # So many that the next window lies weeks ahead, or nowhere.
    return [today + timedelta(days=d) for d in range(-3, 40) if r.random() < 0.9]


def random_days_off(r, at):
    """Triples -2, first day, day behind the last, since 2000: days of the campaign's own, some of them weeks."""
    today = (date.fromtimestamp(at) - date(2000, 1, 1)).days
    spans = [(today + r.randint(-5, 15), r.choice((1, 1, 2, 4, 30, 60))) for _ in range(r.choice((0, 0, 1, 1, 2, 3)))]
    return [n for first, long in spans for n in (-2, first, first + long)]


def random_instant(r, zones):
    """Mostly anywhere in the span; often near a change of a clock; sometimes on a round minute."""
    at = r.randrange(*(int(datetime(y, 1, 1, tzinfo=timezone.utc).timestamp()) for y in (YEARS[0], YEARS[1] + 1)))
    if r.random() < 0.3 and zones and zones[0] in PLACES:
        year = r.randint(*YEARS)
        month = r.choice((3, 4, 9, 10, 11))
        at = int(datetime(year, month, 1, tzinfo=timezone.utc).timestamp()) + r.randrange(30 * DAY)
        wall = Wall.of(zones[0])
        for day in range(at // DAY, at // DAY + 30):
            if len(wall.day(day)) > 1:
                at = day * DAY + r.randrange(-2 * DAY, 3 * DAY)
                break
    if r.random() < 0.3:
        at -= at % r.choice((60, 900, 3600))
    return at, r.choice((0, 0, 0, r.randrange(1000000)))


def literal(values):
    if values is None:
        return '\\N'
    return '{' + ','.join('"%s"' % v if isinstance(v, str) else str(v) for v in values) + '}'


def micros(second, micro=0):
    return str(second * 1000000 + micro)


def answer(window):
    return [INFINITY, INFINITY] if window is None else [micros(window[0]), micros(window[1])]


def windows(count, seed, _file):
    """zones, calling hours, law's hours (NULL: not lawful), closed dates, at -> opens, closes"""
    r = random.Random(seed)
    for _ in range(count):
        zones = random_zones(r)
        at, micro = random_instant(r, zones)
        calling = random_hours(r)
        week = open_minutes(calling)
        law = closed = None
        if r.random() < 0.8:
            law, closed = random_hours(r), random_closed(r, at)
            other = open_minutes(law)
            week = None if week is None or other is None else common_minutes(week, other)
        days = {d.toordinal() - date(1970, 1, 1).toordinal() for d in closed or ()}
        off = random_days_off(r, at) if week is not None else []
        lasts = sum(off[2::3]) - sum(off[1::3])
        for first, end in zip(off[1::3], off[2::3]):
            days |= {d + (date(2000, 1, 1) - date(1970, 1, 1)).days for d in range(first, end)}
        yield [literal(zones), literal(calling + off), literal(law), literal(closed), micros(at, micro)] + answer(find_window(walls(zones), week, days, at, lasts))


# ----- the law -----

def easter(year):
    """Meeus's reckoning."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    n = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + n + 90) // 25
    return date(year, month, (h - m + n + month + 19) % 32)


def is_holiday(rule, day):
    """Does the rule close that day?  Judged from the day, not from the rule."""
    rule = rule.lower().strip()
    words = rule.split()
    if len(rule) == 10 and rule[4] == '-':
        return day.isoformat() == rule
    if words[0][2] == '-' and words[0][0].isdigit():
        fixed = words[0]
        how = ' '.join(words[1:])
        is_day = lambda d: d.strftime('%m-%d') == fixed
        if is_day(day):
            return True
        weekday = day.weekday()
        yesterday, tomorrow = day - timedelta(1), day + timedelta(1)
        if how and weekday == 0 and is_day(yesterday):
            return True
        if how == 'observed' and weekday == 4 and is_day(tomorrow):
            return True
        return how == 'observed next' and weekday == 0 and is_day(day - timedelta(2))
    if rule.startswith('easter'):
        base = day - timedelta(int(rule[6:] or 0))
        return base == easter(base.year)
    if words[1] in ('before', 'after'):
        # The nearest such weekday: a week further on it would not be.
        ends = [date(y, *map(int, words[2].split('-'))) for y in (day.year - 1, day.year, day.year + 1)]
        far = [(e - day if words[1] == 'before' else day - e).days for e in ends]
        return DAYS[day.weekday()] == words[0] and any(1 <= f <= 7 for f in far)
    last = words[2]
    base = day - timedelta(int(last[3:] or 0))
    if DAYS[base.weekday()] != words[1] or MONTHS[base.month - 1] != last[:3]:
        return False
    if words[0] == 'last':
        return (base + timedelta(7)).month != base.month
    return (base.day - 1) // 7 + 1 == int(words[0][0])


def hours_minutes(hours):
    """Calling hours as people write them -> the open minutes of each weekday."""
    minute = lambda hhmm: int(hhmm[:2]) * 60 + int(hhmm[3:])
    if 'start' in hours:
        hours = {day: [[hours['start'], hours['end']]] for day in hours.get('days', DAYS)}
    return open_minutes([n for day, spans in hours.items() if day in DAYS for s in spans for n in (DAYS.index(day), minute(s[0]), minute(s[1]))])


class Law:
    def __init__(self, file):
        with open(file, encoding='utf-8') as f:
            self.rows = json.load(f)
        self.ends = sorted({row[k] for row in self.rows for k in ('first', 'last')})
        self.places = sorted({row['jurisdiction'] for row in self.rows} - {'*'}) + ['BR', 'MX', 'US-NY', 'US-NJ', 'US-OH']
        self.known = {}

    def in_force(self, jurisdiction, kind, day):
        """The values that hold on a local day."""
        day = day.isoformat()
        rows = [row for row in self.rows if row['rule'] == kind and row['first'] <= day <= row['last']]
        base = {row['jurisdiction'] for row in rows if not row['tightened']}
        parts = [p for p in jurisdiction.split('|') if p]
        countries = [p[:2] for p in parts]
        general = not parts or any(c not in base for c in countries)
        return [row['value'] for row in rows
                if (row['jurisdiction'] in parts or row['jurisdiction'] in countries or general and row['jurisdiction'] == '*'
                     or any(row['jurisdiction'].startswith(p + '-') for p in parts if len(p) == 2))]

    def same(self, jurisdiction, day):
        """What is known of a place holds between two days on which any rule begins or ends."""
        return jurisdiction, sum(end <= day.isoformat() for end in self.ends), day.isoformat() in self.ends

    def week(self, jurisdiction, day):
        """The open minutes of each weekday, and those of a holiday's eve, as the law of that day has them."""
        key = self.same(jurisdiction, day)
        if key not in self.known:
            week, eve = [b'\1' * 1440 for _ in DAYS], [b'\1' * 1440]
            for hours in self.in_force(jurisdiction, 'hours', day):
                week = common_minutes(week, hours_minutes(hours))
                if 'eve' in hours:
                    eve = common_minutes(eve, hours_minutes({'mon': hours['eve']})[:1])
            self.known[key] = week, eve[0]
        return self.known[key]

    def in_force_on(self, jurisdiction, kind, day):
        key = (kind,) + self.same(jurisdiction, day)
        if key not in self.known:
            self.known[key] = self.in_force(jurisdiction, kind, day)
        return self.known[key]

    def closed_on(self, jurisdiction, day):
        key = ('closed', jurisdiction, day)
        if key not in self.known:
            self.known[key] = any(is_holiday(rule, day) for value in self.in_force_on(jurisdiction, 'holidays', day) for rule in value.values())
        return self.known[key]

    def open_on(self, jurisdiction, calling, closed):
        """A function: the open minutes of a local day."""
        def minutes(local_day):
            week, eve = self.week(jurisdiction, date(1970, 1, 1) + timedelta(local_day))
            weekday = (local_day + 3) % 7
            both = [week[weekday]] if local_day + 1 not in closed else common_minutes([week[weekday]], [eve])
            return common_minutes(both, [calling[weekday]])[0]
        return minutes

    def holidays(self, jurisdiction, first, last):
        rules, found = {}, []
        for n in range((last - first).days + 1):
            day = first + timedelta(n)
            key = self.same(jurisdiction, day)
            if key not in rules:
                rules[key] = [rule for value in self.in_force(jurisdiction, 'holidays', day) for rule in value.values()]
            if any(is_holiday(rule, day) for rule in rules[key]):
                found.append(day)
        return found

    def on(self, jurisdiction, kind, at):
        """The values of all days that it is anywhere on earth."""
        days = {(datetime.fromtimestamp(at, timezone.utc) + timedelta(hours=h)).date() for h in range(-12, 15)}
        return [v for day in days for v in self.in_force(jurisdiction, kind, day)]

    def least(self, jurisdiction, kind, at):
        return min((v for v in self.on(jurisdiction, kind, at) if v is not None), default=None)

    def any(self, jurisdiction, kind, at):
        return any(self.on(jurisdiction, kind, at))


def law(count, seed, file):
    """jurisdiction, zones, calling hours, at -> opens, closes, holidays of 40 days, caps, what is required"""
    r = random.Random(seed)
    book = Law(file)
    for _ in range(count):
        jurisdiction = '|'.join(r.sample(book.places, r.choice((1, 1, 1, 2, 3)))) if r.random() < 0.95 else ''
        zones = random_zones(r)
        at, micro = random_instant(r, zones)
        if r.random() < 0.1:
            # Near the day of a change.
            at = int(datetime.fromisoformat(r.choice([end for end in book.ends if end[:1] == '2']) + 'T00:00+00:00').timestamp()) + r.randrange(-30 * DAY, 3 * DAY)
        elif r.random() < 0.3:
            at = int(datetime(r.randint(*YEARS), 12, 20, tzinfo=timezone.utc).timestamp()) + r.randrange(20 * DAY)
        calling = random_hours(r)
        week = open_minutes(calling)
        today = datetime.fromtimestamp(at, timezone.utc).date()
        holidays = book.holidays(jurisdiction, today - timedelta(3), today + timedelta(40))
        days = {d.toordinal() - date(1970, 1, 1).toordinal() for d in holidays}
        # That no date of the next weeks is closed does not mean that none is: the year has some.
        more = days or (set([0]) if book.holidays(jurisdiction, today - timedelta(3), today + timedelta(400)) else set())
        common = None if week is None else book.open_on(jurisdiction, week, days)
        yield [jurisdiction, literal(zones), literal(calling), micros(at, micro)] + answer(find_window(walls(zones), common, more, at)) + [
            literal([d.isoformat() for d in holidays])] + [
            '\\N' if v is None else str(v) for v in (book.least(jurisdiction, k, at) for k in ('calls_per_day', 'calls_per_24h', 'calls_lifetime'))] + [
            'tf'[not book.any(jurisdiction, k, at)] for k in ('require_consent', 'disclose_ai', 'disclose_caller', 'disclose_recording')]


# ----- claims: the law of a dial of one person, by a caller's number, after what was agreed and dialled before -----

CLAIM_PLACES = [('US', 'America/New_York'), ('US-FL', 'America/New_York'), ('US-PA', 'America/New_York'), ('US-CT', 'America/New_York'), ('US-NY', 'America/New_York'), ('US-NY|US-CT', 'America/New_York'), ('US-ME', 'America/New_York'), ('US-CA', 'America/Los_Angeles'),
                ('US-IN', 'America/Indiana/Indianapolis|America/Chicago'), ('US-SD', 'America/Chicago|America/Denver'), ('US-LA', 'America/Chicago'), ('US-TX', 'America/Chicago'),
                ('US-OR', 'America/Los_Angeles'), ('US-PA|US-NJ', 'America/New_York'), ('CA-ON', 'America/Toronto'), ('CA-BC', 'America/Vancouver'), ('CA-QC', 'America/Toronto'),
                ('GB', 'Europe/London'), ('DE', 'Europe/Berlin'), ('FR', 'Europe/Paris'), ('ES', 'Europe/Madrid|Atlantic/Canary'), ('IT', 'Europe/Rome'), ('NL', 'Europe/Amsterdam'),
                ('AT', 'Europe/Vienna'), ('CH', 'Europe/Zurich'), ('AU', 'Australia/Sydney'), ('AU', 'Australia/Perth|Australia/Eucla'), ('IN', 'Asia/Kolkata')]
CALLERS = ['+33162000001', '+33612345678', '+34400123456', '+34600123456', '+911400000001', '+911600000001', '+919000000001', '+12025550100', '+4930123456', '\\N']
HOUR = 3600


def claim_people(count, seed, _file):
    """person, jurisdiction, zones, whether it is to be sold to, consents (from, until or nothing), calls (began, ended, outcome), all of them before the last column"""
    for n, p in enumerate(people_of(count, seed)):
        yield [str(n + 1), p['place'], literal(p['zones']), 'tf'[not p['sells']], json.dumps([[micros(a), b] for a, b in p['consents']]),
               json.dumps([[micros(a), micros(b), o] for a, b, o in p['calls']])]


def people_of(count, seed):
    r = random.Random(seed)
    for _ in range(max(25, count // 500)):
        place, zones = r.choice(CLAIM_PLACES)
        last = r.randrange(*(int(datetime(y, 1, 1, tzinfo=timezone.utc).timestamp()) for y in (2026, 2028)))
        if r.random() < 0.25:
            # Around the days on which the shipped law changes.
            last = int(datetime.fromisoformat(r.choice(['2026-08-02', '2026-08-11', '2026-09-22', '2026-10-18'])).replace(tzinfo=timezone.utc).timestamp()) - r.randrange(35 * DAY)
        calls = []
        for _ in range(r.choice((0, 0, 1, 2, 3, 5, 9))):
            began = last - r.choice((r.randrange(30 * HOUR), r.randrange(35 * DAY), r.randrange(65 * DAY)))
            calls.append((began, began + r.randrange(4 * HOUR), r.choice(('not_interested', 'no_answer', 'no_answer', 'interested'))))
        consents = [(last + r.randrange(-800 * DAY, 60 * DAY), r.random() < 0.25) for _ in range(r.choice((0, 1, 1, 2)))]
        yield {'place': place, 'sells': r.random() < 0.7, 'zones': zones.split('|'), 'last': max([last] + [e for _, e, _ in calls]), 'calls': calls, 'consents': consents}


def on_days(book, place, kind, days):
    return [v for day in days for v in book.in_force_on(place, kind, day) if v is not None]


def judge(book, p, at, caller):
    clocks = walls(p['zones'])
    locals_ = []
    for clock in clocks:
        second = at % DAY
        ahead = next(a for start, length, a in clock.day(at // DAY) if start <= second < start + length)
        locals_.append(at + ahead)
    days = [date(1970, 1, 1) + timedelta(x // DAY) for x in locals_[:len(p['zones'])]]
    days = [min(days) + timedelta(n) for n in range((max(days) - min(days)).days + 1)]
    is_open = True
    for local in locals_:
        day = date(1970, 1, 1) + timedelta(local // DAY)
        week, eve = book.week(p['place'], day)
        minute = local % DAY // 60
        is_open = (is_open and not book.closed_on(p['place'], day) and week[day.weekday()][minute]
                   and (not book.closed_on(p['place'], day + timedelta(1)) or eve[minute]))
    value = lambda kind: on_days(book, p['place'], kind, days)
    valid = min(value('consent_valid'), default=None)
    series = value('caller_prefixes')
    holds = any(not revoked and given <= at and (valid is None or given > at - valid * DAY) for given, revoked in p['consents'])
    first = any(value('opt_out_first'))
    said = {part for kind in ('opening', 'contact_said') for rows in value(kind) for part in rows}
    if not is_open:
        verdict = 'closed'
    elif any(value('require_consent') + value('human_first')) and not holds:
        verdict = 'no_consent'
    elif any(len(p['calls']) >= most for most in value('calls_lifetime')):
        verdict = 'lifetime'
    elif is_capped(p, at, value, locals_[:len(p['zones'])], clocks):
        verdict = 'capped'
    elif any(caller == '\\N' or not any(caller.startswith(prefix.split(':')[-1]) for prefix in prefixes) for prefixes in series):
        verdict = 'series'
    else:
        verdict = 'ok'
    check = p['sells'] and any(value('number_check'))
    return verdict + (' first' if first else '') + (' check' if check else '') + opening_of(said, p['sells'])


def opening_of(said, sells):
    """What is said for a purpose: each part with its earliest second, and that behind the name."""
    latest = {}
    for rule in said:
        purpose, _, rest = rule.rpartition(':')
        part, *when = rest.split(' ')
        if purpose in ('', 'promotional' if sells else 'service'):
            by = latest.setdefault(part, {})
            for second in when:
                side = '+' if second[0] == '+' else ''
                by[side] = min(by.get(side, 99), int(second))
    return ''.join(f" {part}{by.get('', '')}/{by.get('+', '')}" for part, by in sorted(latest.items()))


def is_capped(p, at, value, locals_, clocks):
    began = [a for a, _, _ in p['calls']]
    day_of = lambda clock, t: (t + next(a for s, n, a in clock.day(t // DAY) if s <= t % DAY < s + n)) // DAY
    if any(sum(t > at - DAY for t in began) >= most for most in value('calls_per_24h')):
        return True
    for most in value('calls_per_day'):
        for clock, local in zip(clocks, locals_):
            if sum(day_of(clock, t) == local // DAY for t in began) >= most:
                return True
    for w in value('calls_per_window'):
        length = w['hours'] * HOUR if 'hours' in w else w['days'] * DAY
        if sum(t > at - length for t in began) >= w['calls']:
            return True
    refusals = [(a, e) for a, e, o in p['calls'] if o == 'not_interested']
    return any(refusals and max(refusals)[1] > at - rest * DAY for rest in value('refusal_rest'))


def claims(count, seed, file):
    """person, caller's number, at -> verdict"""
    book = Law(file)
    r = random.Random(seed + 1)
    people = list(people_of(count, seed))
    for _ in range(count):
        n = r.randrange(len(people))
        at = people[n]['last'] + 1 + r.choice((r.randrange(2 * DAY), r.randrange(70 * DAY)))
        if r.random() < 0.2:
            at -= at % 60
            at = max(at, people[n]['last'] + 1)
        caller = r.choice(CALLERS)
        yield [str(n + 1), caller, micros(at), judge(book, people[n], at, caller)]


QUESTIONS = {'windows': windows, 'law': law, 'people': claim_people, 'claims': claims}

if __name__ == '__main__':
    ask = QUESTIONS[sys.argv[1]]
    write = sys.stdout.write
    if int(sys.argv[2]) < 200000:
        # Reading a clock is what takes the time: a short run reads fewer.
        YEARS = (2026, 2027)
        PLACE_LIST = random.Random(int(sys.argv[3])).sample(PLACE_LIST, 80)
    for row in ask(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else None):
        write('\t'.join(row) + '\n')
