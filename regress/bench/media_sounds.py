#!/usr/bin/env python3
"""media_sounds.py SPEECH MANY [DIR]    what callers say in the bench MEDIA; without DIR, what the embedded ear makes of sentences

Leaves files of mu-law in DIR: talk (one answer), word-N (phrases that count as words), cough-N (bursts of noise that swell and fade),
mhm-N (a hum, rising and falling); MANY of each, always the same. Without DIR it prints how many words of MANY sentences of the ear's
grammar were heard wrong, and how many of MANY others were taken for a phrase, in percent, by the confidence that the engine asks for.
"""
import math, random, re, struct, sys

sys.path.insert(0, 'regress/fakes')
from caller import LINEAR, Speech, mulaw

program, MANY, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None
random.seed(39)
source = open('bgworkers/media/engines/grammar.h').read()
engine = open('bgworkers/media/engines/embedded.c').read()
least, digits = (int(re.search(rf'{name} (\d+)', engine)[1]) for name in ('CONFIDENCE_LEAST', 'CONFIDENCE_DIGITS'))
grammar = ''.join(re.findall(r'"([^"]*)"', source)).replace('\\n', ' ')
rules = dict(re.findall(r'<(\w+)> = (.*?);', grammar))


def alternatives(text):
    depth, parts = 0, ['']
    for letter in text:
        depth += (letter == '[') - (letter == ']')
        if letter == '|' and depth == 0:
            parts.append('')
        else:
            parts[-1] += letter
    return parts


def sentence(text):
    """One of those that a rule means."""
    text = random.choice(alternatives(text))
    text = re.sub(r'\[([^]]*)\]', lambda m: random.choice(['', sentence(m[1])]), text)
    text = re.sub(r'<(\w+)>', lambda m: sentence(rules[m[1]]), text)
    return ' '.join(text.replace('+', '').split())


def foreign():
    return random.choice([
        f"{random.choice(['my husband', 'our neighbour', 'the manager', 'her sister'])} {random.choice(['usually handles', 'was asking about', 'forgot to pay'])} "
        f"{random.choice(['the insurance', 'the electricity bill', 'our old contract', 'these garden chairs'])}",
        f"{random.choice(['the dog', 'somebody', 'the postman'])} {random.choice(['broke', 'painted', 'carried away'])} "
        f"{random.choice(['a window', 'the kitchen table', 'every single box'])} {random.choice(['last winter', 'during the holidays', 'behind the garage'])}",
        f"{random.choice(['could you send', 'they never mailed', 'where did you put'])} {random.choice(['the brochure', 'an invoice', 'those documents'])} "
        f"{random.choice(['to my office', 'with the signature', 'for the accountant'])}"])


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        row, before = [i + 1], row
        for j, y in enumerate(b):
            row.append(min(before[j + 1] + 1, row[j] + 1, before[j] + (x != y)))
    return row[-1]


def samples_of(values):
    return b''.join(struct.pack('<h', int(max(-32000, min(32000, v)))) for v in values)


def cough(ms):
    shape, value, out = random.uniform(0.2, 0.7), 0, []
    for i in range(ms * 8):
        value = shape * value + random.uniform(-12000, 12000)
        out.append(value * math.sin(math.pi * i / (ms * 8)) ** 0.5)
    return samples_of(out)


def hum(ms):
    pitch, phase, out = random.uniform(95, 230), 0, []
    for i in range(ms * 8):
        at = i / (ms * 8)
        phase += 2 * math.pi * pitch * (1 + 0.15 * math.sin(2 * math.pi * at)) / 8000
        # A breath between the two halves of "mhm".
        loud = 0.15 if 0.42 < at < 0.55 else math.sin(math.pi * at) ** 0.5
        out.append(5000 * loud * (math.sin(phase) + 0.4 * math.sin(2 * phase) + random.gauss(0, 0.02)))
    return samples_of(out)


def trimmed(samples):
    values = struct.unpack(f'<{len(samples) // 2}h', samples)
    loud = [i for i, v in enumerate(values) if abs(v) > 600]
    return struct.pack(f'<{loud[-1] + 1 - loud[0]}h', *values[loud[0]:loud[-1] + 1])


class Ear(Speech):
    def __init__(self):
        super().__init__(program)
        body = grammar.replace(';', ';\n').encode()
        self.socket.sendall(struct.pack('III', len(body), 1, 2) + body)
        kind, why = self.answer()
        assert kind == 7, why

    def words(self, samples):
        """As they come over a line, with silence around them."""
        line = b''.join(LINEAR[code] for code in mulaw(samples))
        body = struct.pack('I', 1) + bytes(3200) + line + bytes(8000)
        self.socket.sendall(struct.pack('III', len(body), 2, 3) + body)
        kind, heard = self.answer()
        if kind != 6 or len(heard) < 4:
            return []
        text = heard[4:].split(b'\0')[0].decode().split()
        sure = struct.unpack('i', heard[:4])[0]
        return text if text and sure >= (digits if text[0] in rules['digit'] else least) else []

    def say(self, text):
        body = b'en\0' + random.choice([b'male', b'female']) + b'\0' + text.encode()
        self.socket.sendall(struct.pack('III', len(body), 1, 1) + body)
        kind, samples = self.answer()
        assert kind == 5, samples
        return samples


def leave_sounds(ear):
    kinds = {'word': lambda: ear.say(random.choice(['stop calling me', 'i am not interested', 'what does it cost', 'call me later',
                                                    'i am driving', 'who is calling', 'no thank you', 'are you a robot'])),
             'cough': lambda: cough(random.randint(120, 420)), 'mhm': lambda: hum(random.randint(250, 480))}
    for kind, make in kinds.items():
        for n in range(MANY):
            with open(f'{folder}/{kind}-{n:03d}', 'wb') as out:
                out.write(mulaw(trimmed(make())))
    with open(f'{folder}/talk', 'wb') as out:
        out.write(mulaw(trimmed(ear.say('yes speaking'))))


def judge(ear):
    asked = [sentence(rules['turn']).split() for _ in range(MANY)]
    wrong = sum(distance(said, ear.words(ear.say(' '.join(said)))) for said in asked)
    taken = sum(bool(ear.words(ear.say(foreign()))) for _ in range(MANY))
    print(f'{100 * wrong / sum(map(len, asked)):.1f} {100 * taken / MANY:.1f}')


leave_sounds(Ear()) if folder else judge(Ear())
