#!/usr/bin/env python3
"""gap_sounds.py SPEECH DIR    400 turns of callers for the bench GAP, always the same: what they were asked, what they say, where they pause

Leaves in DIR a file of mu-law for each part of a turn, without silence around it, and `turns`: kind, question, and then for each part its
file, its words as an ear that streams would write them, and the silence behind it in ms (0: it is the last), with tabs between.  Pauses
inside a turn are drawn from a log-normal distribution (median 420 ms, sigma 0.45, 220 to 1,500 ms), as people's are.
"""
import os, random, struct, sys

sys.path.insert(0, 'regress/fakes')
from caller import Speech, mulaw

program, folder = sys.argv[1:3]
random.seed(71)
DIGITS = 'zero one two three four five six seven eight nine'.split()
NAMES = 'miller kowalski schneider obrien fitzgerald nakamura petrov castellano whitfield jorgensen'.split()
DAYS = 'monday tuesday wednesday thursday friday'.split()
HOURS = 'nine ten eleven two three four'.split()
AREAS = '212 415 305 312 206 617 503 404'.split()


def spoken(digits):
    return ' '.join(DIGITS[int(d)] for d in digits)


def number():
    digits = random.choice(AREAS) + str(random.randint(2, 9)) + ''.join(random.choice('0123456789') for _ in range(6))
    cuts = random.choice([(3, 6), (3, 6, 8), (3,), (2, 4, 6, 8)])
    groups = [spoken(digits[a:b]) for a, b in zip((0,) + cuts, cuts + (10,))]
    if random.random() < 0.4:
        groups[0] = random.choice(["it's ", 'sure that is ', 'my number is ']) + groups[0]
    return 'At which telephone number can we reach you?', groups


def hesitates():
    return random.choice([
        ('Which day and what time would suit you?', ['um', f'on {random.choice(DAYS)} at {random.choice(HOURS)}']),
        ('Which day and what time would suit you?', ['let me see um', f'{random.choice(DAYS)} at {random.choice(HOURS)} would work']),
        ('How can I help you?', ['yes hello um', 'i have a question about the bill']),
        ('How can I help you?', ['i need uh', 'somebody who looks at the roof']),
        ('Does that sound useful to you?', ['well um', 'not really no']),
        ('What is it about?', ['the heating er', 'it makes a noise'])])


def goes_on():
    return random.choice([
        ('How can I help you?', ['i would like to change my appointment and', 'i have a question about the price']),
        ('How can I help you?', ['i am calling because', 'the boiler has stopped']),
        ('Which day and what time would suit you?', [f'on {random.choice(DAYS)} or', f'on {random.choice(DAYS)} at {random.choice(HOURS)}']),
        ('Does that sound useful to you?', ['yes but', 'not before the summer']),
        ('What may I pass on?', ['please tell him that', 'the delivery comes on friday']),
        ('What may I pass on?', ['the keys are with my', 'neighbour on the second floor']),
        ('How many windows does it have?', ['there are six in the front and', 'four in the back']),
        # Nothing shows here that more comes.
        ('How can I help you?', ['i need an appointment', 'for my mother']),
        ('Which day and what time would suit you?', [f'on {random.choice(DAYS)}', f'at {random.choice(HOURS)}']),
        ('What may I pass on?', ['the roof is leaking', 'since the storm last night'])])


def spells():
    name = random.choice(NAMES)
    letters = list(name.upper())
    cut = random.randint(2, len(letters) - 2)
    first, second = ' '.join(letters[:cut]), ' '.join(letters[cut:])
    return 'May I have your name, please?', random.choice([[name, f'{first} {second}'], [f'{name} {first}', second], [f"{name} that's", f'{first} {second}'], [first, second]])


def plain():
    return random.choice([
        ('Is that right?', random.choice(['yes', "yes that's right", 'no', 'no thank you', 'yes please'])),
        ('Which day and what time would suit you?', f'on {random.choice(DAYS)} at {random.choice(HOURS)}'),
        ('How many windows does it have?', random.choice(['four', 'about twelve', 'six'])),
        ('Does that sound useful to you?', random.choice(['i am not interested', 'that sounds good', 'not really', 'what does it cost'])),
        ('How can I help you?', random.choice(['i would like an appointment', 'my sink is leaking', 'are you a robot', 'stop calling me', 'call me back tomorrow'])),
        ('May I have your name, please?', random.choice(['ann ' + random.choice(NAMES), random.choice(NAMES)])),
        ('At which telephone number can we reach you?', random.choice(['the same one', spoken(random.choice(AREAS) + '6465501')]))])


def trimmed(samples):
    values = struct.unpack(f'<{len(samples) // 2}h', samples)
    loud = [i for i, v in enumerate(values) if abs(v) > 600]
    return struct.pack(f'<{loud[-1] + 1 - loud[0]}h', *values[loud[0]:loud[-1] + 1])


voice = Speech(program)
with open(f'{folder}/turns', 'w') as out:
    for n in range(400):
        kind, make = [('number', number), ('um', hesitates), ('and', goes_on), ('spelling', spells), ('plain', plain)][n % 5]
        question, parts = make()
        parts = [parts] if isinstance(parts, str) else parts
        row = [kind, question]
        for i, part in enumerate(parts):
            file = f'{folder}/{n}-{i}'
            with open(file, 'wb') as sound:
                # Letters are said with blanks between them, one by one.
                sound.write(mulaw(trimmed(voice.say(part))))
            pause = 0 if i + 1 == len(parts) else int(min(1500, max(220, random.lognormvariate(6.04, 0.45))))
            row += [file, part, str(pause)]
        out.write('\t'.join(row) + '\n')
