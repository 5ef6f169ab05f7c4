#!/usr/bin/env python3
"""generate.py PhoneNumberMetadata.xml timezones/map_data.txt geocoding/en/1.txt
generate.py [--output DIR] PhoneNumberMetadata.xml
generate.py --unicode

The first form writes plans.inc, zones.inc and examples.inc beside itself: the
number plans of every country as one minimised automaton over digits, the time
zones of number prefixes and of North American states, and a number of every
type and country for the tests.  The second writes plans.inc alone, for a test
that judges by another edition's plans.  The third writes unicode.inc: which
characters are letters and digits, by the Unicode edition of the Python that
runs it.
Only the standard library; the same input gives the same bytes.

How a plan becomes an automaton: the patterns of the general description and
of each number type run side by side as one NFA; the subset construction goes
level by level (a level is a length, so that the list of possible lengths is
part of the automaton), and equal states are stored once for all countries.
A state's verdict is 0 (no number), 1 (fits the general pattern only), or
2 + the number type.
"""
import os
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

HERE = OUTPUT = os.path.dirname(os.path.abspath(__file__))

# In the order in which a type is decided; fixed line and mobile come last and may coincide.
TYPES = ['premiumRate', 'tollFree', 'sharedCost', 'voip', 'personalNumber', 'pager', 'uan', 'voicemail',
         'fixedLine', 'mobile']
GENERAL_ONLY, FIRST_TYPE = 1, 2
FIXED_OR_MOBILE = FIRST_TYPE + len(TYPES)
MAX_LENGTH = 17
ALL_DIGITS = (1 << 10) - 1
NULLABLE = 1 << 10


# ---------------------------------------------------------------- expressions

class Pattern:
    """The small language in which the plans are written, as a tree."""

    def __init__(self, text):
        self.text, self.at, self.groups = text, 0, 0
        self.tree = self.alternatives()
        if self.at != len(text):
            raise ValueError('cannot read %r at %d' % (text, self.at))

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ''

    def take(self, token):
        if not self.text.startswith(token, self.at):
            raise ValueError('expected %r in %r at %d' % (token, self.text, self.at))
        self.at += len(token)

    def alternatives(self):
        branches = [self.sequence()]
        while self.peek() == '|':
            self.take('|')
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else ('or', branches)

    def sequence(self):
        items = []
        while self.peek() not in ('', '|', ')'):
            items.append(self.repeated())
        return ('seq', items)

    def repeated(self):
        item, low, high = self.atom(), 1, 1
        if self.peek() == '?':
            self.take('?')
            low = 0
        elif self.peek() == '{':
            bounds = re.compile(r'\{(\d+)(?:,(\d+))?\}').match(self.text, self.at)
            self.take(bounds.group(0))
            low = int(bounds.group(1))
            high = int(bounds.group(2) or low)
        if (low, high) == (1, 1):
            return item
        return ('seq', [item] * low + ([self.nested(item, high - low)] if high > low else []))

    @staticmethod
    def nested(item, times):
        """(item(item(...)?)?)?: greedy, and never tries the second before the first."""
        tree = ('opt', item)
        for _ in range(times - 1):
            tree = ('opt', ('seq', [item, tree]))
        return tree

    def atom(self):
        if self.text.startswith('(?:', self.at):
            self.take('(?:')
            tree = self.alternatives()
            self.take(')')
            return tree
        if self.text.startswith('(?', self.at):
            raise ValueError('unknown group in %r' % self.text)
        if self.peek() == '(':
            self.take('(')
            self.groups += 1
            number = self.groups
            tree = self.alternatives()
            self.take(')')
            return ('group', number, tree)
        if self.peek() == '$':
            self.take('$')
            return ('end',)
        if self.text.startswith('\\d', self.at):
            self.take('\\d')
            return ('set', ALL_DIGITS)
        if self.peek() == '[':
            close = self.text.index(']', self.at)
            body = self.text[self.at + 1:close]
            self.at = close + 1
            if not re.fullmatch(r'(\d-\d|\d)+', body):
                raise ValueError('unknown class [%s]' % body)
            mask = 0
            for low, high in re.findall(r'(\d)(?:-(\d))?', body):
                for digit in range(int(low), int(high or low) + 1):
                    mask |= 1 << digit
            return ('set', mask)
        if self.peek().isdigit():
            self.at += 1
            return ('set', 1 << int(self.text[self.at - 1]))
        raise ValueError('cannot read %r at %d' % (self.text, self.at))


def first_digits(tree):
    """Mask of the digits that can begin a match; NULLABLE if it can be empty."""
    kind = tree[0]
    if kind == 'set':
        return tree[1]
    if kind == 'end':
        return NULLABLE
    if kind == 'group':
        return first_digits(tree[2])
    if kind == 'opt':
        return first_digits(tree[1]) | NULLABLE
    if kind == 'or':
        mask = 0
        for branch in tree[1]:
            mask |= first_digits(branch)
        return mask
    mask = NULLABLE
    for item in tree[1]:
        mask = (mask & ~NULLABLE) | first_digits(item)
        if not mask & NULLABLE:
            break
    return mask


# ---------------------------------------------------------------- automaton

class Nfa:
    """Thompson's construction; several patterns share one set of states."""

    def __init__(self):
        self.moves, self.jumps = [], []

    def state(self):
        self.moves.append([])
        self.jumps.append([])
        return len(self.moves) - 1

    def build(self, tree, start):
        kind = tree[0]
        if kind == 'set':
            end = self.state()
            self.moves[start].append((tree[1], end))
            return end
        if kind == 'group':
            return self.build(tree[2], start)
        if kind == 'opt':
            end = self.build(tree[1], start)
            self.jumps[start].append(end)
            return end
        if kind == 'or':
            end = self.state()
            for branch in tree[1]:
                begin = self.state()
                self.jumps[start].append(begin)
                self.jumps[self.build(branch, begin)].append(end)
            return end
        if kind == 'end':
            raise ValueError('an end mark has no place in a plan')
        for item in tree[1]:
            inner = self.state()
            self.jumps[start].append(inner)
            start = self.build(item, inner)
        return start

    def closure(self, states):
        seen, todo = set(states), list(states)
        while todo:
            for target in self.jumps[todo.pop()]:
                if target not in seen:
                    seen.add(target)
                    todo.append(target)
        return frozenset(seen)


class Automaton:
    """Hash-consed acyclic states of all plans: (verdict, ten successors). State 0 is the dead one."""

    def __init__(self):
        self.rows = [(0,) * 11]
        self.index = {self.rows[0]: 0}

    def intern(self, row):
        if row not in self.index:
            self.index[row] = len(self.rows)
            self.rows.append(row)
        return self.index[row]

    def add_plan(self, descriptions):
        """descriptions: list of (kind, pattern, lengths or None); kind 0 is the general one."""
        nfa = Nfa()
        starts, finals = [], []
        for kind, pattern, lengths in descriptions:
            start = nfa.state()
            starts.append(start)
            finals.append((kind, nfa.build(Pattern(pattern).tree, start), lengths))
        memo, closures = {}, {}

        def verdict(states, depth):
            hits = {kind for kind, final, lengths in finals
                    if final in states and (kind == 0 or lengths is None or depth in lengths)}
            if 0 not in hits:
                return 0
            general_lengths = finals[0][2]
            if general_lengths is not None and depth not in general_lengths:
                return GENERAL_ONLY
            for number, name in enumerate(TYPES[:8]):
                if name in hits:
                    return FIRST_TYPE + number
            if 'fixedLine' in hits and 'mobile' in hits:
                return FIXED_OR_MOBILE
            for number, name in enumerate(TYPES[8:], 8):
                if name in hits:
                    return FIRST_TYPE + number
            return GENERAL_ONLY

        def visit(states, depth):
            if not states:
                return 0
            key = (states, depth)
            if key in memo:
                return memo[key]
            if depth > 30:
                raise ValueError('a plan without an end')
            targets = [set() for _ in range(10)]
            for state in states:
                for mask, target in nfa.moves[state]:
                    for digit in range(10):
                        if mask >> digit & 1:
                            targets[digit].add(target)
            row = [verdict(states, depth)]
            for digit in range(10):
                bare = frozenset(targets[digit])
                if bare not in closures:
                    closures[bare] = nfa.closure(bare)
                row.append(visit(closures[bare], depth + 1))
            memo[key] = self.intern(tuple(row))
            return memo[key]

        return visit(nfa.closure(starts), 0)


# ---------------------------------------------------------------- prefix programs

class Programs:
    """Prefix expressions for the little backtracking machine: they have captures, so order matters."""

    def __init__(self):
        self.code, self.known = [], {}
        self.at('')

    def at(self, text):
        if text not in self.known:
            pattern = Pattern(text)
            if pattern.groups > 2:
                raise ValueError('more than two groups in %r' % text)
            self.known[text] = (len(self.code), first_digits(pattern.tree), pattern.groups)
            self.emit(pattern.tree)
            self.code.append(('MATCH', 0, 0))
        return self.known[text]

    def emit(self, tree):
        kind = tree[0]
        if kind == 'set':
            self.code.append(('SET', tree[1], 0))
        elif kind == 'end':
            self.code.append(('END', 0, 0))
        elif kind == 'group':
            self.code.append(('SAVE', 0, 2 * (tree[1] - 1)))
            self.emit(tree[2])
            self.code.append(('SAVE', 0, 2 * (tree[1] - 1) + 1))
        elif kind == 'opt':
            here = len(self.code)
            self.code.append(None)
            self.emit(tree[1])
            self.code[here] = ('TRY', first_digits(tree[1]), len(self.code) - here)
        elif kind == 'or':
            exits = []
            for number, branch in enumerate(tree[1]):
                here = len(self.code)
                last = number == len(tree[1]) - 1
                if not last:
                    self.code.append(None)
                self.emit(branch)
                if not last:
                    exits.append(len(self.code))
                    self.code.append(None)
                    self.code[here] = ('TRY', first_digits(branch), len(self.code) - here)
            for place in exits:
                self.code[place] = ('JUMP', 0, len(self.code) - place)
        else:
            for item in tree[1]:
                self.emit(item)


# ---------------------------------------------------------------- number plans

def squeeze(text):
    return re.sub(r'\s+', '', text or '')


def lengths_of(text):
    lengths = set()
    for part in squeeze(text).replace('[', '').replace(']', '').split(','):
        if part:
            low, _, high = part.partition('-')
            lengths.update(range(int(low), int(high or low) + 1))
    return lengths


def read_territories(path):
    territories = []
    for node in ElementTree.parse(path).getroot().iter('territory'):
        types, examples, lengths, local = [], [], set(), set()
        for name in TYPES:
            child = node.find(name)
            if child is None:
                continue
            pattern = squeeze(child.findtext('nationalNumberPattern'))
            possible = child.find('possibleLengths')
            if not pattern or pattern == 'NA' or possible is None:
                continue
            own = lengths_of(possible.get('national'))
            lengths |= own
            local |= lengths_of(possible.get('localOnly'))
            types.append((name, pattern, own))
            if child.findtext('exampleNumber'):
                examples.append((name, squeeze(child.findtext('exampleNumber'))))
        general = squeeze(node.find('generalDesc').findtext('nationalNumberPattern'))
        prefix = squeeze(node.get('nationalPrefixForParsing')) or squeeze(node.get('nationalPrefix'))
        territories.append({
            'id': node.get('id'), 'code': int(node.get('countryCode')),
            'main': node.get('mainCountryForCode') == 'true',
            'idd': squeeze(node.get('internationalPrefix')), 'leading': squeeze(node.get('leadingDigits')),
            'prefix': prefix, 'transform': squeeze(node.get('nationalPrefixTransformRule')),
            'general': general, 'types': types, 'lengths': lengths, 'local': local - lengths,
            'examples': examples})
    return territories


def bits(numbers):
    return sum(1 << number for number in numbers)


def wrapped(items, width=112):
    lines, line = [], ''
    for item in items:
        if line and len(line) + 1 + len(item) > width:
            lines.append('\t' + line)
            line = item
        else:
            line = line + ' ' + item if line else item
    if line:
        lines.append('\t' + line)
    return '\n'.join(lines) + '\n'


BANNER = '''/*
 * %s
 *		%s
 *
 * Made by generate.py; do not edit.  From data of the libphonenumber project,
 * Copyright (C) The Libphonenumber Authors, Apache License 2.0: see NOTICE.
 */
'''


def write(name, purpose, body):
    with open(os.path.join(OUTPUT, name), 'w', encoding='ascii', newline='\n') as out:
        out.write(BANNER % (name, purpose))
        out.write(body)


def read_area_codes():
    """area_codes.txt: code -> (state, the codes whose towns it shares, in service since or '')."""
    codes = {}
    with open(os.path.join(HERE, 'area_codes.txt'), encoding='ascii') as source:
        for line in source:
            if not line.startswith('#'):
                code, state, shared, since = line.rstrip('\n').split('|')
                codes[code] = (state, shared.split(), since)
    return codes


def add_new_area_codes(territories, codes):
    """Where the plans lack an area code in service, its numbers have the shape NXX-NXX-XXXX."""
    for country in ('US', 'CA'):
        new = [code for code in sorted(codes) if codes[code][2] and codes[code][0].startswith(country)]
        territory = next(t for t in territories if t['id'] == country)
        if new:
            territory['types'] = [
                (name, '%s|(?:%s)[2-9]\\d{6}' % (pattern, '|'.join(new)) if name in ('fixedLine', 'mobile') else pattern,
                 lengths) for name, pattern, lengths in territory['types']]


def write_plans(territories):
    """Returns the automaton and each territory's first state."""
    automaton, programs, table, rules, starts = Automaton(), Programs(), [], [''], {}
    # Territories of one calling code lie side by side, the main one first, else by name.
    order = sorted(territories, key=lambda t: (t['code'], not t['main'], t['id']))
    for t in order:
        if max(t['lengths']) > MAX_LENGTH:
            raise ValueError('a number of %s is longer than %d digits' % (t['id'], MAX_LENGTH))
        if len(str(t['code'])) + max(t['lengths']) > 19:
            raise ValueError('a number of %s does not fit 64 bits' % t['id'])
        start = starts[t['id'], t['code']] = automaton.add_plan([(0, t['general'], t['lengths'])] + t['types'])
        idd = programs.at(t['idd']) if t['idd'] else (0, 0, 0)
        prefix = programs.at(t['prefix']) if t['prefix'] else (0, 0, 0)
        leading = programs.at(t['leading']) if t['leading'] else (0, 0, 0)
        if t['transform'] not in rules:
            rules.append(t['transform'])
        table.append('\t{"%s", %d, %d, 0x%x, 0x%x, %d, 0x%x, %d, 0x%x, %d, %d, %d, 0x%x},\n' % (
            t['id'], t['code'], start, bits(t['lengths']), bits(t['local']), idd[0], idd[1],
            prefix[0], prefix[1], prefix[2], rules.index(t['transform']), leading[0], leading[1]))
    if len(automaton.rows) > 65535 or len(programs.code) > 65535:
        raise ValueError('too many states for 16 bits')

    codes = {}
    for number, t in enumerate(order):
        codes.setdefault(t['code'], []).append(number)
    code_table = ['0'] * 1000
    for number, code in enumerate(sorted(codes), 1):
        code_table[code] = str(number)
    by_letters = ['-1'] * 676
    for number, t in enumerate(order):
        if t['id'] != '001':
            by_letters[(ord(t['id'][0]) - 65) * 26 + ord(t['id'][1]) - 65] = str(number)

    body = '\n/* Every country\'s plan: its text, calling code, state, lengths, prefixes. */\n'
    body += 'static const PlanRegion plan_regions[%d] = {\n%s};\n' % (len(order), ''.join(table))
    body += '\n/* A calling code\'s territories: first and count, the main one first. */\n'
    body += 'static const PlanCode plan_codes[%d] = {\n\t{0, 0},\n%s};\n' % (
        len(codes) + 1, ''.join('\t{%d, %d},\n' % (codes[c][0], len(codes[c])) for c in sorted(codes)))
    body += '\n/* The calling code as a number -> its place in plan_codes, 0 = none. */\n'
    body += 'static const uint8_t plan_code_index[1000] = {\n%s};\n' % wrapped([n + ',' for n in code_table])
    body += '\n/* Two letters -> the place in plan_regions, -1 = none. */\n'
    body += 'static const int16_t plan_by_letters[676] = {\n%s};\n' % wrapped([n + ',' for n in by_letters])
    body += '\nstatic const char *const plan_rules[%d] = {\n\t%s\n};\n' % (
        len(rules), ', '.join('"%s"' % r for r in rules))
    body += '\n/* Expressions of prefixes. */\nstatic const PlanStep plan_steps[%d] = {\n%s};\n' % (
        len(programs.code), wrapped(['{STEP_%s, 0x%x, %d},' % step for step in programs.code]))
    body += '\n/* Verdict of each state. */\nstatic const uint8_t plan_verdict[%d] = {\n%s};\n' % (
        len(automaton.rows), wrapped(['%d,' % row[0] for row in automaton.rows]))
    body += '\n/* Successor of each state for each digit. */\nstatic const uint16_t plan_next[%d][10] = {\n%s};\n' % (
        len(automaton.rows), wrapped(['{%s},' % ','.join(map(str, row[1:])) for row in automaton.rows]))
    write('plans.inc', 'The number plans of every country.', body)
    print('plans: %d territories, %d states, %d steps, %d KB' % (
        len(order), len(automaton.rows), len(programs.code),
        (len(automaton.rows) * 21 + len(programs.code) * 6 + len(order) * 32) // 1024))
    return automaton.rows, starts


# ---------------------------------------------------------------- time zones

SUBDIVISIONS = {
    'US': 'AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,'
          'DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,'
          'KS Kansas,KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,'
          'MS Mississippi,MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,'
          'NM New Mexico,NY New York,NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,'
          'PA Pennsylvania,RI Rhode Island,SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,'
          'VT Vermont,VA Virginia,WA Washington,WV West Virginia,WI Wisconsin,WY Wyoming',
    'CA': 'AB Alberta,BC British Columbia,MB Manitoba,NB New Brunswick,NL Newfoundland and Labrador,'
          'NT Northwest Territories,NS Nova Scotia,NU Nunavut,ON Ontario,PE Prince Edward Island,QC Quebec,'
          'SK Saskatchewan,YT Yukon'}


# Zones that the source writes by their former names.
MODERN_ZONES = {
    'Africa/Asmera': 'Africa/Asmara', 'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
    'America/Godthab': 'America/Nuuk', 'Asia/Calcutta': 'Asia/Kolkata', 'Asia/Katmandu': 'Asia/Kathmandu',
    'Asia/Rangoon': 'Asia/Yangon', 'Atlantic/Faeroe': 'Atlantic/Faroe', 'Pacific/Enderbury': 'Pacific/Kanton',
    'Pacific/Ponape': 'Pacific/Pohnpei', 'Pacific/Truk': 'Pacific/Chuuk'}


# Zones that the source has not, and gives as another country's: clocks there change on days of their own.
OWN_ZONES = {'970': ('Asia/Gaza', 'Asia/Hebron')}


def read_zones(path):
    prefixes = {}
    with open(path, encoding='utf-8') as source:
        for line in source:
            line = line.strip()
            if line and not line.startswith('#'):
                prefix, zones = line.split('|')
                prefixes[prefix] = OWN_ZONES.get(prefix) or tuple(sorted(zones.split('&')))
    return prefixes


# How the source writes some of them.
SPELLINGS = {'British Colombia': 'British Columbia', 'Washington D.C.': 'District of Columbia', 'Washington State': 'Washington'}


def read_areas(path):
    """The states of each area code, by what is told of the code itself, else by what is told of its exchanges."""
    regions = {}
    for country in SUBDIVISIONS:
        for entry in SUBDIVISIONS[country].split(','):
            code, _, name = entry.partition(' ')
            regions[code] = regions[name] = '%s-%s' % (country, code)
    whole, parts = {}, {}
    with open(path, encoding='utf-8') as source:
        for line in source:
            line = line.strip()
            if not line or line.startswith('#'):
                continue
            prefix, place = line.split('|')
            # "Town, ST", or names of states.
            names = [place.rpartition(', ')[2]] if ', ' in place else place.split('/')
            names = {SPELLINGS.get(name, name) for name in names}
            if prefix.startswith('1') and len(prefix) >= 4 and names <= regions.keys():
                table = whole if len(prefix) == 4 else parts
                table.setdefault(prefix[1:4], set()).update(regions[name] for name in names)
    return {area: '|'.join(sorted(states)) for area, states in sorted(dict(parts, **whole).items())}


# States of several zones, in the data's names; of every other one the data must have one zone.
STATE_ZONES = {
    'US-AK': 'Anchorage Adak Juneau', 'US-AZ': 'Phoenix Denver', 'US-FL': 'New_York Chicago',
    'US-ID': 'Boise Denver Los_Angeles', 'US-IN': 'New_York Chicago', 'US-KS': 'Chicago Denver',
    'US-KY': 'New_York Chicago', 'US-MI': 'New_York Chicago', 'US-ND': 'Chicago Denver North_Dakota/Center',
    'US-NE': 'Chicago Denver', 'US-NV': 'Los_Angeles Boise Denver', 'US-OR': 'Los_Angeles Denver',
    'US-SD': 'Chicago Denver North_Dakota/Center', 'US-TN': 'New_York Chicago', 'US-TX': 'Chicago Denver',
    'CA-BC': 'Vancouver Edmonton', 'CA-NL': 'St_Johns Halifax', 'CA-ON': 'Toronto Winnipeg',
    'CA-NT': 'Edmonton Fort_Nelson Toronto Vancouver Winnipeg', 'CA-NU': 'Edmonton Fort_Nelson Toronto Vancouver Winnipeg',
    'CA-YT': 'Edmonton Fort_Nelson Toronto Vancouver Winnipeg', 'CA-QC': 'Toronto Halifax', 'CA-SK': 'Regina Edmonton'}
# Lloydminster keeps the time of Alberta; no place in Alaska keeps Hawaii's, and Labrador has a summer time.
MORE_ZONES = {'306': {'America/Edmonton'}}
WRONG_ZONES = {('907', 'Pacific/Honolulu'), ('709', 'America/Puerto_Rico')}


def zones_of_areas(prefixes, areas, codes):
    """
    The zones of each area code and state of the US and Canada.  A number there may have been ported and its owner have
    moved within the area, so that an exchange narrows nothing: an area code has the zones of all its exchanges, and an
    overlay those of the codes whose towns it shares, whatever the data says of the overlay itself.
    """
    def own(area):
        if area in codes:
            return set().union(*[own(shared) for shared in codes[area][1]])
        found = set(MORE_ZONES.get(area, ())).union(*[z for p, z in prefixes.items() if p.startswith('1' + area)])
        return {zone for zone in found if (area, zone) not in WRONG_ZONES}

    states = {state: {'America/' + zone for zone in zones.split()} for state, zones in STATE_ZONES.items()}
    for area, regions in sorted(areas.items(), key=lambda item: len(item[1])):
        for state in set(regions.split('|')) - set(STATE_ZONES):
            # An area code that spans states counts for those that have no other.
            if regions == state or state not in states:
                states.setdefault(state, set()).update(own(area))
    for state, zones in states.items():
        if state not in STATE_ZONES and len(zones) != 1:
            raise ValueError('%s has %s' % (state, sorted(zones)))
    of_areas = {}
    for area, regions in areas.items():
        its_states = set().union(*[states[r] for r in regions.split('|')])
        # One that was opened after the map was drawn has its state's zones, not all of North America's.
        of_areas['1' + area] = tuple(sorted(own(area) or its_states))
        if not its_states.issuperset(own(area)):
            raise ValueError('%s of %s has %s' % (area, regions, sorted(own(area))))
    return of_areas, {state: tuple(sorted(zones)) for state, zones in states.items()}


class CountryZones:
    """
    Which numbers have a place.  A fixed line is where its prefix is; any other number (mobile, toll-free, ...) is all
    over its country.  Mobile numbers of Mexico, Argentina and Brazil have area codes, those of +1 too.
    """
    PLACED_MOBILES = (1, 52, 54, 55)
    FIXED, MOBILE = FIRST_TYPE + TYPES.index('fixedLine'), FIRST_TYPE + TYPES.index('mobile')

    def __init__(self, plan_rows, starts, prefixes):
        self.rows, self.kinds = plan_rows, {}
        self.countries = {}
        for (name, code), start in starts.items():
            self.countries.setdefault(str(code), []).append(start)
        fixed = {}
        for code, begins in self.countries.items():
            for start in begins:
                fixed[code, start] = set().union(*[
                    zones for p, zones in prefixes.items() if p.startswith(code) and p != code and
                    True in self.kinds_of(int(code), self.after(start, p[len(code):]))])
        # The zones of a territory: its calling code's without those in which only a neighbour has fixed lines.
        self.zones = {}
        for code, begins in self.countries.items():
            whole = set().union(*[zones for p, zones in prefixes.items() if p.startswith(code)])
            for start in begins:
                others = set().union(*[fixed[code, other] for other in begins if other != start])
                self.zones[code, start] = whole - (others - fixed[code, start])

    def after(self, state, digits):
        for digit in digits:
            state = self.rows[state][1 + int(digit)]
        return state

    def placed(self, code, verdict):
        """True for a number with a place, False for one without, None for none."""
        if verdict < FIRST_TYPE:
            return None
        return verdict == self.FIXED or code in self.PLACED_MOBILES and verdict in (self.MOBILE, FIXED_OR_MOBILE)

    def kinds_of(self, code, state):
        """Whether numbers with and without a place can follow."""
        placed_mobile = code in self.PLACED_MOBILES
        if state == 0:
            return frozenset()
        if (placed_mobile, state) not in self.kinds:
            row = self.rows[state]
            self.kinds[placed_mobile, state] = frozenset().union(
                {self.placed(code, row[0])} - {None}, *[self.kinds_of(code, next_) for next_ in row[1:]])
        return self.kinds[placed_mobile, state]

    def anywhere(self, code, states):
        """All zones of the territories that have numbers without a place here."""
        return set().union(*[self.zones[code, start] for start, state in states
                             if False in self.kinds_of(int(code), state)])


def write_zones(zone_path, area_path, plan_rows, starts):
    prefixes, areas, codes = read_zones(zone_path), read_areas(area_path), read_area_codes()
    for area, (state, shared, _) in codes.items():
        if any(areas[other] != state for other in shared) or areas.setdefault(area, state) != state:
            raise ValueError('%s is not of %s' % (area, state))
    of_areas, states = zones_of_areas(prefixes, areas, codes)
    prefixes = dict({p: z for p, z in prefixes.items() if p[:4] not in of_areas}, **of_areas)
    countries = CountryZones(plan_rows, starts, prefixes)

    # The trie with every default pushed down to its leaves, so that equal branches are one.
    trie = {}
    for prefix, zones in prefixes.items():
        node = trie
        for digit in prefix:
            node = node.setdefault(digit, {})
        node['set'] = zones

    def decide(node, inherited, digits, code, plan):
        """The zones of every prefix: node of the map beside states of the plans that share the calling code."""
        own = node.get('set', inherited)
        key = (own, code, tuple(plan)) if plan and not set(node) - {'set'} else None
        if key in known:
            return known[key]
        if key:
            known[key] = decide_anew(node, own, digits, code, plan)
            return known[key]
        return decide_anew(node, own, digits, code, plan)

    def decide_anew(node, own, digits, code, plan):
        if not plan and digits in countries.countries:
            code, plan = digits, [(start, start) for start in countries.countries[digits]]
        kinds = frozenset().union(*[countries.kinds_of(int(code), state) for _, state in plan]) if plan else {True}
        if kinds == {False}:
            return tuple(sorted(countries.anywhere(code, plan).union(own)))
        if kinds != {True, False} and not set(node) - {'set'}:
            return own
        here = [countries.placed(int(code), plan_rows[state][0]) for _, state in plan]
        return (tuple(sorted(countries.anywhere(code, plan))) if False in here else own,) + tuple(
            decide(node.get(str(d), {}), own, digits + str(d), code,
                   [(start, plan_rows[state][1 + d]) for start, state in plan if state]) for d in range(10))

    known = {}
    decided = decide(trie, (), '', '', [])
    found, todo, seen = set(states.values()), [decided], set()
    while todo:
        tree = todo.pop()
        if tree and not isinstance(tree[0], str):
            if id(tree) not in seen:
                seen.add(id(tree))
                todo += tree
        elif tree:
            found.add(tree)
    country_zones = {name: set(countries.zones[str(code), start]) for (name, code), start in starts.items() if name != '001'}
    for country in SUBDIVISIONS:
        country_zones[country] = set().union(*[z for state, z in states.items() if state.startswith(country)])
    sets = sorted(found | {tuple(sorted(zones)) for zones in country_zones.values() if zones})
    set_index = {zones: number for number, zones in enumerate([()] + sets)}
    names = sorted({zone for zones in sets for zone in zones})
    rows, index, visited = [], {}, {}
    LEAF = 0x8000

    def visit(tree):
        if id(tree) not in visited:
            visited[id(tree)] = visit_anew(tree)
        return visited[id(tree)]

    def visit_anew(tree):
        if not tree or isinstance(tree[0], str):
            return LEAF | set_index[tree]
        own = set_index[tree[0]]
        children = tuple(visit(child) for child in tree[1:])
        if all(child == LEAF | own for child in children):
            return LEAF | own
        row = (own,) + children
        if row not in index:
            index[row] = len(rows)
            rows.append(row)
        return index[row]

    root = visit(decided)
    members, starts = [], [0]
    for zones in sets:
        starts.append(len(members))
        members += [names.index(zone) for zone in zones]
    starts.append(len(members))

    texts = sorted(set(areas.values()))
    area_table = ['0'] * 800
    for area, regions in areas.items():
        area_table[int(area) - 200] = str(texts.index(regions) + 1)
    state_rows = []
    for country in sorted(SUBDIVISIONS):
        for entry in SUBDIVISIONS[country].split(','):
            code, _, name = entry.partition(' ')
            key = '%s-%s' % (country, code)
            if states.get(key):
                state_rows.append('\t{"%s", "%s", "%s", %d},\n' % (country, code, name, set_index[states[key]]))

    state_rows += ['\t{"%s", "", "", %d},\n' % (name, set_index[tuple(sorted(zones))])
                   for name, zones in sorted(country_zones.items())]

    if max(map(len, sets)) > 64:
        raise ValueError('more zones in a set than VA_PHONE_MAX_ZONES')
    body = '\n#define ZONE_ROOT %d\n#define ZONE_LEAF 0x8000\n#define ZONE_SETS %d\n' % (root, len(sets))
    body += '\nstatic const char *const zone_names[%d] = {\n%s};\n' % (
        len(names), wrapped(['"%s",' % MODERN_ZONES.get(n, n) for n in names]))
    body += '\n/* Members of every set; set n reaches from zone_starts[n] to zone_starts[n + 1]; set 0 is empty. */\n'
    body += 'static const uint16_t zone_members[%d] = {\n%s};\n' % (len(members), wrapped(['%d,' % m for m in members]))
    body += '\nstatic const uint16_t zone_starts[%d] = {\n%s};\n' % (len(starts), wrapped(['%d,' % s for s in starts]))
    body += '\n/* Per state: the set if the digits end here, then ten successors; ZONE_LEAF marks a set. */\n'
    body += 'static const uint16_t zone_next[%d][11] = {\n%s};\n' % (
        len(rows), wrapped(['{%s},' % ','.join(map(str, row)) for row in rows]))
    body += '\n/* Area code - 200 -> 1 + place in area_regions. */\n'
    body += 'static const uint8_t area_index[800] = {\n%s};\n' % wrapped([n + ',' for n in area_table])
    body += '\nstatic const char *const area_regions[%d] = {\n%s};\n' % (
        len(texts), wrapped(['"%s",' % text for text in texts]))
    body += '\n/* Countries follow the states. */\nstatic const ZoneState zone_states[%d] = {\n%s};\n' % (len(state_rows), ''.join(state_rows))
    write('zones.inc', 'Time zones of number prefixes and of states, regions of area codes.', body)
    print('zones: %d prefixes, %d names, %d sets, %d states, %d KB' % (
        len(prefixes), len(names), len(sets), len(rows), len(rows) * 22 // 1024))


def write_examples(territories):
    lines = []
    for t in sorted(territories, key=lambda t: (t['code'], not t['main'], t['id'])):
        for name, number in t['examples']:
            lines.append('\t{"%s", %d, "%s", "%s"},\n' % (t['id'], t['code'], name, number))
    write('examples.inc', 'One number of every type and country, for the tests.',
          '\nstatic const PlanExample plan_examples[%d] = {\n%s};\n' % (len(lines), ''.join(lines)))


def write_unicode():
    zeros, ranges = [], []
    for point in range(0x80, 0x110000):
        category = unicodedata.category(chr(point))
        if category == 'Nd' and unicodedata.decimal(chr(point)) == 0:
            zeros.append(point)
        if category[0] in 'LN':
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1][1] = point
            else:
                ranges.append([point, point])
    body = '\n/* By Unicode %s. */\n' % unicodedata.unidata_version
    body += '\n/* The zero of every other row of decimal digits; the nine others follow it. */\n'
    body += 'static const uint32_t unicode_zeros[%d] = {\n%s};\n' % (
        len(zeros), wrapped(['0x%x,' % z for z in zeros]))
    body += '\n/* Letters and numbers beyond ASCII: first and last of each run. */\n'
    body += 'static const uint32_t unicode_letters[%d][2] = {\n%s};\n' % (
        len(ranges), wrapped(['{0x%x,0x%x},' % tuple(r) for r in ranges]))
    write('unicode.inc', 'Digits and letters of all scripts.', body)


def main():
    global OUTPUT
    arguments = sys.argv[1:]
    if len(arguments) > 2 and arguments[0] == '--output':
        OUTPUT = arguments[1]
        del arguments[:2]
    sys.setrecursionlimit(10000)
    if arguments == ['--unicode']:
        write_unicode()
    elif len(arguments) == 1:
        write_plans(read_territories(arguments[0]))
    elif len(arguments) == 3:
        territories = read_territories(arguments[0])
        add_new_area_codes(territories, read_area_codes())
        write_zones(arguments[1], arguments[2], *write_plans(territories))
        write_examples(territories)
    else:
        sys.exit(__doc__)


main()
