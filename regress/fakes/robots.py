#!/usr/bin/env python3
"""robots.py LOG    people that talk with our assistants in calls, by sounds that a fake ear and a fake voice know

The vendors of engines.py, but a sound of theirs says which words it stands for: five tones, four hexadecimal digits and their sum.  So what
a person says is recognised exactly, and as wrongly as the test wants it.  POST /fake {"people": [{"stream", "sid", "lines", "rate",
"seed"}], "at_once": n} has these people talk, and answers with what came of each when all have ended: {"talks": [...]}.  Lines are those
of scripted callers (sandbox/rehearsal.h), one text each; besides, "" is silence, and "break": true lets the carrier lose the socket.
A rate is of words that the ear gets wrong: left out, doubled by another, or taken for another, of those that all people say.

A mind of theirs thinks as those lines tell which have a "then": {"use": [[TOOL, ARGUMENTS], ...], "say": TEXT, "end": true}. To the line
it uses these tools, one after the other, and says the text, or what the last one has answered, which "{{result}}" is in it. "{{free}}" in an argument is
the first time that it has called free before, as it was said; what stands in brackets there is for minds.

Exotel ("carrier") loses a call with its socket.  Twilio comes back: it asks "redirect", an address, signed with "token" as if it were
"signed_as", after the pause that the document wants, what to do, and goes where the stream in the answer leads, to "host".  What came of it has
"gaps", the seconds from each loss to the first sound of ours.
"""
import base64, functools, hashlib, hmac, json, random, re, threading, time, unicodedata, urllib.parse, urllib.request
from concurrent.futures import ThreadPoolExecutor

import caller
import engines
from caller import DIALECTS, Socket
from engines import LINEAR, LOUD, linear_to_mulaw

caller.mulaw = functools.lru_cache(8192)(caller.mulaw)

RATE, TONE_MS, QUIET_S, LONGEST_S = 8000, 60, 0.4, 90
SYMBOL = RATE * TONE_MS // 1000
WINDOW = 160
FREQUENCIES = [500 + 150 * k for k in range(16)]
# What is said while an answer takes long.
FILLERS = ('One moment, please.', 'Einen Moment bitte.', 'Un momento, por favor.', 'Un instant, s\'il vous plaît.')


def waves():
    """(cosine, sine) of each frequency over a window, and the sound of each symbol."""
    import math
    at = [[(math.cos(2 * math.pi * f * i / RATE), math.sin(2 * math.pi * f * i / RATE)) for i in range(WINDOW)] for f in FREQUENCIES]
    sounds = [[int(9000 * math.sin(2 * math.pi * f * i / RATE)) for i in range(SYMBOL)] for f in FREQUENCIES]
    return at, sounds


AT, SOUNDS = waves()
codes, meanings, lock = {}, [None], threading.Lock()


def code_of(meaning):
    """The number of a sentence, or of what somebody says once: (words, rate, seed)."""
    with lock:
        if meaning not in codes:
            codes[meaning] = len(meanings) % 65536
            meanings.append(meaning)
        return codes[meaning]


def samples_of(code):
    digits = [code >> shift & 15 for shift in (12, 8, 4, 0)]
    return [value for digit in digits + [sum(digits) * 7 + 3 & 15] for value in SOUNDS[digit]]


def symbol_at(samples):
    powers = [sum(s * c for s, (c, _) in zip(samples, wave)) ** 2 + sum(s * d for s, (_, d) in zip(samples, wave)) ** 2 for wave in AT]
    return powers.index(max(powers))


def meaning_of(samples):
    """Of a sound that begins with its first symbol; None: it was cut short, or is none."""
    if len(samples) < 4 * SYMBOL + WINDOW:
        return None
    digits = [symbol_at(samples[n * SYMBOL + (SYMBOL - WINDOW) // 2:][:WINDOW]) for n in range(5)]
    code = digits[0] << 12 | digits[1] << 8 | digits[2] << 4 | digits[3]
    return meanings[code] if digits[4] == sum(digits[:4]) * 7 + 3 & 15 and code < len(meanings) else None


vocabulary, minds = [], {}


def misheard(words, rate, seed):
    """(what the ear makes of it, how many words it got wrong)"""
    chance, heard, wrong = random.Random(f'{seed} {words}'), [], 0
    for word in words.split():
        if chance.random() * 100 >= rate:
            heard.append(word)
            continue
        wrong += 1
        how = chance.randrange(3)
        heard += [] if how == 0 else [word, chance.choice(vocabulary)] if how == 1 else [chance.choice(vocabulary)]
    return ' '.join(heard), wrong


class Ears(engines.Ears):
    """Hears a person's sound as it comes, and tells its words when it has ended."""
    quiet_frames = 12

    def __init__(self):
        super().__init__()
        self.sound = b''

    def frame(self, audio):
        if self.sound or 1 in audio.translate(LOUD):
            self.sound += audio
        return super().frame(audio)

    def line(self):
        sound, self.sound, self.loud = [LINEAR[b] for b in self.sound], b'', 0
        start = next((i for i, s in enumerate(sound) if abs(s) > 600), len(sound))
        meaning = meaning_of(sound[start:])
        if not isinstance(meaning, tuple):
            engines.note(wrong=f'a sound of {len(sound) - start} samples that is nobody\'s', path='/v1/listen')
            return ''
        words, wrong = misheard(*meaning)
        engines.note(heard=words, said=meaning[0], rate=meaning[1], words=len(meaning[0].split()), words_wrong=wrong)
        return words


class Session(engines.Session):
    ears = Ears

    def sound_of(self, text):
        return bytes(linear_to_mulaw(s) for s in samples_of(code_of(text))) + b'\xff' * 640

    def stream(self, kind, pieces, pause=0.005, cut=None):
        # A sound that comes late may be said with a pause in it, and is not known then.
        return super().stream(kind, [b''.join(pieces)] if kind == 'audio/basic' else pieces, pause, cut)

    def thought(self, messages):
        last = max(n for n, message in enumerate(messages) if message['role'] == 'user')
        engines.want(messages[last]['content'] in minds, f'words that nobody says: {messages[last]["content"]}')
        then, results = minds[messages[last]['content']], [message['content'] for message in messages[last:] if message['role'] == 'tool']
        uses = then.get('use', [])
        if len(results) < len(uses):
            tool, arguments = uses[len(results)]
            told = [message['content'] for message in messages if message['role'] in ('assistant', 'tool')]
            free = [re.split(r'; | \(|\.$', text)[0] for words in told for text in re.split('(?:Free|Libre|Frei) ?: ', words)[1:2]]
            return '', tool, json.dumps(arguments, ensure_ascii=False).replace('{{free}}', (free or ['?'])[-1])
        said = re.sub(r' \(\d{4}-[^)]*\)', '', results[-1] if results else '')
        return then.get('say', '{{result}}').replace('{{result}}', said), 'end_call' if then.get('end') else None, '{}'

    def told(self, what):
        if 'people' not in what:
            return super().told(what)
        minds.update({line['say']: line['then'] for person in what['people'] for line in person['lines'] if 'then' in line})
        vocabulary[:] = sorted({word for person in what['people'] for line in person['lines'] for word in line['say'].split()})
        with ThreadPoolExecutor(what['at_once']) as pool:
            return {'talks': list(pool.map(lambda person: Person(person).talk(), what['people']))}


def fold(text):
    plain = unicodedata.normalize('NFKD', text.lower().replace("'", '').replace('\u2019', ''))
    return ' ' + ' '.join(re.findall('[a-z0-9]+', ''.join(c for c in plain if not unicodedata.combining(c)))) + ' '


class Person:
    def __init__(self, person):
        self.person, self.used, self.turns, self.last = person, set(), 0, None
        self.said, self.heard, self.gaps, self.lost, self.pause = [], [], [], None, 0

    def next_line(self, words):
        """As choose_line() of sandbox/rehearsal.c."""
        folded = fold(words)
        says = lambda texts: any(len(fold(text)) > 2 and fold(text) in folded for text in texts)
        self.turns += 1
        for n, line in enumerate(self.person['lines']):
            if n in self.used and not line.get('again') or line.get('turn', self.turns) != self.turns \
                    or 'heard' in line and not says(line['heard']) or says(line.get('not_heard', [])):
                continue
            self.used.add(n)
            return line
        return {'say': 'Mhm, go on.'}

    def answer(self, sentences):
        """What is said to these sentences, or None: there is more to come."""
        words = ' '.join(sentences)
        if words in FILLERS:
            return None
        # Asked again, one says it again.
        if self.last is None or not any(asks in words for asks in ('Could you say it again?', 'the line broke off')):
            self.last = self.next_line(words)
        return self.last

    def talk(self):
        begun, stream, status = time.time(), self.person['stream'], ''
        while stream:
            try:
                status = self.hold(Socket(stream))
            except (OSError, SystemExit) as error:
                status = str(error)
            self.lost = self.lost or time.time()
            stream = self.again() if status not in ('still open', 'hung up') else None
        return {'status': status, 'seconds': round(time.time() - begun, 1), 'said': self.said, 'heard': self.heard, 'gaps': self.gaps}

    def again(self):
        """Where the carrier connects the call again; None: nowhere."""
        person, form = self.person, {'AccountSid': 'AC' + '0a' * 16, 'CallSid': self.person['sid'], 'CallStatus': 'in-progress', 'Direction': 'outbound-api'}
        while 'redirect' in person and time.time() < self.lost + 60:
            time.sleep(self.pause)
            text = person['signed_as'] + person['redirect'].split('/', 3)[3] + ''.join(name + form[name] for name in sorted(form))
            signed = base64.b64encode(hmac.new(person['token'].encode(), text.encode(), hashlib.sha1).digest()).decode()
            try:
                with urllib.request.urlopen(urllib.request.Request(person['redirect'], urllib.parse.urlencode(form).encode(), {'X-Twilio-Signature': signed}), timeout=10) as answer:
                    document = answer.read().decode().replace('&amp;', '&')
            except OSError:
                document = ''
            if '<Hangup' in document:
                return None
            # What is done when the stream has gone.
            self.pause = 0.5 if not document else int((re.findall('<Pause length="([0-9]+)"', document.split('</Connect>')[-1]) or [0])[0])
            if (found := re.search('<Redirect[^>]*>([^<#]+)', document)):
                person['redirect'] = '/'.join(person['redirect'].split('/', 3)[:3] + found.group(1).split('/', 3)[3:])
            if (found := re.search('<Stream url="([^"]+)"', document)):
                return 'ws://' + person['host'] + '/' + found.group(1).split('/', 3)[3]
        return None

    def hold(self, line):
        size, mine, theirs, new, until, spoke, hangs_up = RATE // 10 * 2, b'', b'', [], 0.0, 0.0, False
        dialect = DIALECTS[self.person.get('carrier', 'exotel')](self.person['sid'])
        for message in dialect.begin():
            line.send(message)
        begun, chunk = time.time(), 0
        while not line.closed:
            for message in line.messages(begun + chunk * 0.1 - time.time()):
                what, heard = dialect.hear(message)
                if what == 'audio':
                    until = max(time.time(), until) + len(heard) / 2 / RATE
                    theirs += heard
                    if self.lost is not None:
                        self.gaps.append(round(time.time() - self.lost, 2))
                        self.lost = None
                elif what == 'clear':
                    until, theirs = time.time(), b''
            now = time.time()
            if now < begun + chunk * 0.1:
                continue
            if now - begun > LONGEST_S:
                return 'still open'
            told, theirs = self.sentences(theirs)
            new += told
            if new and not hangs_up and not mine and now > until + QUIET_S and now > spoke + QUIET_S:
                says = self.answer(new)
                if says is not None:
                    self.heard += new
                    new = []
                    self.said.append(says['say'])
                    hangs_up = says.get('hang_up', False)
                    if says['say']:
                        code = code_of((says['say'], self.person['rate'], f"{self.person['seed']} {len(self.said)}"))
                        mine = b''.join(s.to_bytes(2, 'little', signed=True) for s in samples_of(code))
            piece, mine = mine[:size], mine[size:]
            spoke = now if piece else spoke
            line.send(dialect.audio(piece.ljust(size, b'\0')))
            chunk += 1
            if hangs_up and not mine and now > spoke + 1.5:
                line.socket.close()
                return 'hung up'
        self.heard += new
        return 'closed'

    def sentences(self, sound):
        """The sentences in a stretch of sound, and what is left of it; of one that was cut short there is nothing."""
        samples = memoryview(sound).cast('h')
        told, at = [], 0
        while at < len(samples):
            if abs(samples[at]) <= 300:
                at += 1
                continue
            if at + 5 * SYMBOL > len(samples):
                break
            meaning = meaning_of(samples[at:at + 5 * SYMBOL].tolist())
            told += [meaning] if isinstance(meaning, str) else []
            at += 5 * SYMBOL + 40
        return told, sound[min(at, len(samples)) * 2:]


if __name__ == '__main__':
    engines.serve(Session)
