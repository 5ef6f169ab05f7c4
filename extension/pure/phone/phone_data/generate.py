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

OUTPUT = os.path.dirname(os.path.abspath(__file__))

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


def write_plans(territories):
    automaton, programs, table, rules = Automaton(), Programs(), [], ['']
    # Territories of one calling code lie side by side, the main one first, else by name.
    order = sorted(territories, key=lambda t: (t['code'], not t['main'], t['id']))
    for t in order:
        if max(t['lengths']) > MAX_LENGTH:
            raise ValueError('a number of %s is longer than %d digits' % (t['id'], MAX_LENGTH))
        if len(str(t['code'])) + max(t['lengths']) > 19:
            raise ValueError('a number of %s does not fit 64 bits' % t['id'])
        start = automaton.add_plan([(0, t['general'], t['lengths'])] + t['types'])
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


def read_zones(path):
    prefixes = {}
    with open(path, encoding='utf-8') as source:
        for line in source:
            line = line.strip()
            if line and not line.startswith('#'):
                prefix, zones = line.split('|')
                prefixes[prefix] = tuple(sorted(zones.split('&')))
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


def zones_of_states(prefixes, areas):
    """Union over a state's own area codes; those that span states count only if it has no other."""
    def zones_of_area(area):
        found = set()
        for prefix, zones in prefixes.items():
            if prefix.startswith('1' + area):
                found.update(zones)
        return found

    result = {}
    for region in sorted({r for regions in areas.values() for r in regions.split('|')}):
        own = [a for a in sorted(areas) if areas[a] == region]
        shared = [a for a in sorted(areas) if region in areas[a].split('|')]
        for candidates in (own, shared):
            zones = set().union(*[zones_of_area(a) for a in candidates]) if candidates else set()
            if zones:
                break
        result[region] = tuple(sorted(zones))
    return result


def write_zones(zone_path, area_path):
    prefixes, areas = read_zones(zone_path), read_areas(area_path)
    states = zones_of_states(prefixes, areas)
    # An area code that was opened after the map was drawn has its state's zones, not all of North America's.
    derived = {}
    for area, regions in areas.items():
        if not any(p.startswith('1' + area) for p in prefixes):
            derived['1' + area] = tuple(sorted(set().union(*[states[r] for r in regions.split('|')])))
    prefixes = dict(prefixes, **{p: z for p, z in derived.items() if z})

    sets = sorted(set(prefixes.values()) | {z for z in states.values() if z})
    set_index = {zones: number for number, zones in enumerate(sets, 1)}
    names = sorted({zone for zones in sets for zone in zones})

    # The trie with every default pushed down to its leaves, so that equal branches are one.
    trie = {}
    for prefix, zones in prefixes.items():
        node = trie
        for digit in prefix:
            node = node.setdefault(digit, {})
        node['set'] = set_index[zones]
    rows, index = [], {}
    LEAF = 0x8000

    def visit(node, inherited):
        own = node.get('set', inherited)
        children = tuple(visit(node[str(d)], own) if str(d) in node else LEAF | own for d in range(10))
        if all(child == LEAF | own for child in children):
            return LEAF | own
        row = (own,) + children
        if row not in index:
            index[row] = len(rows)
            rows.append(row)
        return index[row]

    root = visit(trie, 0)
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
    body += '\nstatic const ZoneState zone_states[%d] = {\n%s};\n' % (len(state_rows), ''.join(state_rows))
    write('zones.inc', 'Time zones of number prefixes and of states, regions of area codes.', body)
    print('zones: %d prefixes (%d derived), %d names, %d sets, %d states, %d KB' % (
        len(prefixes), len(derived), len(names), len(sets), len(rows), len(rows) * 22 // 1024))


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
        write_plans(territories)
        write_zones(arguments[1], arguments[2])
        write_examples(territories)
    else:
        sys.exit(__doc__)


main()
