"""What the caps of a number mean, written down anew: caps.py make COUNT SEED > cases; caps.py check < answers.

A case is a line id, dials, zones, per_day, per_24h, lifetime, at (tab-separated; times as seconds since 1970).  An
answer adds the instant from which the number may be called, "infinity" for never.  An instant is right if the caps
allow it, and not the second before it (nor any other second from `at` on that is tried).
"""
import random
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

# Zones whose clocks leap at midnight, skip a day, turn by half an hour, and ordinary ones.
ZONES = ["Africa/Cairo", "America/Havana", "Asia/Beirut", "America/Asuncion", "America/Sao_Paulo", "Asia/Gaza", "Pacific/Apia",
         "Australia/Lord_Howe", "America/New_York", "America/Los_Angeles", "America/Phoenix", "America/Indiana/Knox", "Europe/London",
         "Europe/Paris", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]
INFO = {name: ZoneInfo(name) for name in ZONES}
DAY = 86400


def date(second, zone):
    return datetime.fromtimestamp(second, timezone.utc).astimezone(INFO[zone]).date()


def allowed(dials, zones, per_day, per_24h, lifetime, second):
    """Whether one call more is within every cap at this second."""
    if lifetime and len(dials) >= lifetime:
        return False
    last = [d for d in dials if d > second - DAY]
    if per_24h and len(last) >= per_24h:
        return False
    if per_day:
        if not zones:
            return len(last) < per_day
        for zone in zones:
            if len([d for d in dials if date(d, zone) == date(second, zone)]) >= per_day:
                return False
    return True


def make(count, seed):
    rng = random.Random(seed)
    # Half of the instants lie near a change of some zone's offset.
    changes = []
    for name in ZONES:
        for day in range(14000, 21900):
            a, b = (datetime.fromtimestamp(s * DAY, timezone.utc).astimezone(INFO[name]).utcoffset() for s in (day, day + 1))
            if a != b:
                changes.append(((day + rng.random()) * DAY, name))
    for case in range(count):
        zones = sorted(rng.sample(ZONES, rng.choice([0, 1, 1, 1, 2, 3])))
        at = int(rng.uniform(14000, 21900) * DAY)
        if rng.random() < 0.5:
            at, zone = rng.choice(changes)
            at = int(at + rng.uniform(-DAY, DAY))
            zones = sorted(set(zones + [zone]))[:3]
        if rng.random() < 0.2:
            at -= at % 1800
        dials = [at - rng.choice([rng.randrange(0, 2 * DAY), rng.randrange(0, 2 * DAY), DAY, rng.randrange(0, 90 * DAY)])
                 for _ in range(rng.randrange(0, 6))]
        caps = [rng.choice(["\\N", 1, 2, 3]) for _ in range(2)] + [rng.choice(["\\N", "\\N", 3, 5])]
        print(case, "{%s}" % ",".join(map(str, dials)), "{%s}" % ",".join(zones), *caps, at, sep="\t")


def check():
    seen = wrong = later = never = 0
    for line in sys.stdin:
        _, dials, zones, per_day, per_24h, lifetime, at, answer = line.rstrip("\n").split("\t")
        dials = [int(d) for d in dials.strip("{}").split(",") if d]
        zones = [z for z in zones.strip("{}").split(",") if z]
        caps = [0 if c == "\\N" else int(c) for c in (per_day, per_24h, lifetime)]
        at = int(at)
        seen += 1
        if answer == "infinity":
            never += 1
            right = not any(allowed(dials, zones, *caps, at + days * DAY) for days in (0, 1, 3, 400))
        else:
            answer = float(answer)
            later += answer > at
            tried = [] if answer == at else [answer - 1, at, (at + answer) // 2, (at + 3 * answer) // 4]
            right = answer >= at and allowed(dials, zones, *caps, answer) and not any(allowed(dials, zones, *caps, t) for t in tried)
        if not right:
            wrong += 1
            if wrong <= 10:
                print("wrong:", line.rstrip("\n"))
    print(f"{seen} seen, {wrong} wrong")
    print(f"{later} later, {never} never")


if sys.argv[1] == "make":
    make(int(sys.argv[2]), int(sys.argv[3]))
else:
    check()
