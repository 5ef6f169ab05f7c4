#!/usr/bin/env python3
"""phone_areas.py OLD_PLANS.inc NEW_PLANS.inc OURS.so

What an older edition of the number plans has and ours lacks: all of it, by a walk through both automata, not by chance.
Prints a line for each calling code and length: how many numbers are gone, and how many of a sample of them OURS.so
reads as another number, that is, as what their form became.
"""
import ctypes
import random
import re
import sys

sys.setrecursionlimit(10000)
SAMPLE = 300


class Plans:
    def __init__(self, path):
        with open(path, encoding='ascii') as source:
            text = source.read()

        def block(name):
            return re.search(r'\b%s\[[^=]*= \{(.*?)\};' % name, text, re.S).group(1)

        self.starts = {}
        for code, start in re.findall(r'\{"\w+", (\d+), (\d+),', block('plan_regions')):
            self.starts.setdefault(int(code), []).append(int(start))
        self.verdicts = list(map(int, re.findall(r'\d+', block('plan_verdict'))))
        rows = re.search(r'plan_next\[[^=]*= \{\n(.*?)\n\};', text, re.S).group(1)
        self.next = [tuple(map(int, row.split(','))) for row in re.findall(r'\{([\d,]+)\}', rows)]

    def step(self, states, digit):
        return tuple(self.next[state][digit] if state else 0 for state in states)

    def has(self, states):
        return any(self.verdicts[state] > 1 for state in states)


def main():
    old, new = Plans(sys.argv[1]), Plans(sys.argv[2])
    parse = ctypes.CDLL(sys.argv[3]).va_phone_parse
    chance = random.Random(1)

    for code in sorted(old.starts):
        known = {}

        def gone(was, now, left):
            """How many numbers of so many further digits are in the old plan and not in the new one."""
            if not any(was):
                return 0
            if left == 0:
                return int(old.has(was) and not new.has(now))
            if (was, now, left) not in known:
                known[was, now, left] = sum(gone(old.step(was, d), new.step(now, d), left - 1) for d in range(10))
            return known[was, now, left]

        def one(was, now, left):
            if left == 0:
                return ''
            ways = [gone(old.step(was, d), new.step(now, d), left - 1) for d in range(10)]
            digit = chance.choices(range(10), ways)[0]
            return str(digit) + one(old.step(was, digit), new.step(now, digit), left - 1)

        was, now = tuple(old.starts[code]), tuple(new.starts.get(code, [0]))
        for length in range(2, 18):
            count = gone(was, now, length)
            if count == 0:
                continue
            read = 0
            for _ in range(SAMPLE):
                number = ('+%d%s' % (code, one(was, now, length))).encode()
                phone = ctypes.create_string_buffer(512)
                read += parse(number, ctypes.c_size_t(len(number)), None, phone) == 0 and phone.value != number
            print('%d %d: %d gone, %d of 100 read as what they became' % (code, length, count, 100 * read // SAMPLE))


main()
