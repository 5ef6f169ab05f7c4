#!/usr/bin/env python3
"""A person behind a carrier: opens the socket of a call as the carrier does, listens, and speaks when it is silent.

caller.py DIALECT URL CALL SPEECH WAV [LINE...]
caller.py say SPEECH WAV LINE

DIALECT is the carrier's name, CALL its id of the call. SPEECH is the program voiceagent-speech, which says the lines; WAV is
left behind, the person on the left, the robot on the right. A line "!N" begins N ms after the robot has begun to speak, over its
words, and says the line behind it; "^N" coughs for N ms; "#K" presses the key K; "~" says nothing; "%N" breaks the socket N ms after the robot has begun,
"/N" N ms after the person's last word. What the robot sends must be what the carrier takes,
to the byte; else the status says what was not. Prints one JSON object: what came. Exit status 0 when the robot has closed the
socket, or has hung up.
"""
import base64, json, os, random, select, socket, struct, subprocess, sys, time, wave
from urllib.parse import urlsplit

RATE, QUIET_MS = 8000, 700
LONGEST_S = 90


class Breach(Exception):
    """The robot has sent what the carrier does not take."""


def must(holds, what):
    if not holds:
        raise Breach(what)


def mulaw(samples):
    out = bytearray()
    for value in struct.unpack(f'<{len(samples) // 2}h', samples):
        sign, value = (0x80, -value) if value < 0 else (0, value)
        value = min(value, 32635) + 132
        exponent = value.bit_length() - 8
        out.append(~(sign | exponent << 4 | value >> exponent + 3 & 15) & 255)
    return bytes(out)


def linear(code):
    code = ~code & 255
    value = ((code & 15) << 3) + 132 << (code >> 4 & 7)
    return 132 - value if code & 0x80 else value - 132


LINEAR = [struct.pack('<h', linear(code)) for code in range(256)]


class Json:
    """Twilio, and what the others that speak JSON have in common with it."""
    chunk_ms, stream, media = 20, {'streamSid': 'MZ1'}, 'media'

    def __init__(self, call):
        self.call, self.n = call, 0

    def begin(self):
        return [{'event': 'connected', 'protocol': 'Call', 'version': '1.0.0'},
                {'event': 'start', 'sequenceNumber': '1', 'streamSid': 'MZ1', 'start': {'accountSid': 'AC1', 'streamSid': 'MZ1', 'callSid': self.call,
                 'tracks': ['inbound'], 'mediaFormat': {'encoding': 'audio/x-mulaw', 'sampleRate': 8000, 'channels': 1}, 'customParameters': {}}}]

    def audio(self, samples):
        self.n += 1
        return {'event': 'media', 'sequenceNumber': str(self.n + 1), 'streamSid': 'MZ1', 'media':
                {'track': 'inbound', 'chunk': str(self.n), 'timestamp': str(self.n * 20), 'payload': base64.b64encode(mulaw(samples)).decode()}}

    def key(self, digit):
        return {'event': 'dtmf', 'streamSid': 'MZ1', 'dtmf': {'track': 'inbound_track', 'digit': digit}}

    def payload(self, message):
        must(set(message) == {'event', 'media', *self.stream} and set(message['media']) == {'payload'}, f'media: {sorted(message)}')
        return b''.join(LINEAR[code] for code in base64.b64decode(message['media']['payload'], validate=True))

    def hear(self, message):
        """('audio', samples), ('clear', what the carrier answers), ('end', None) or (None, None)"""
        must(isinstance(message, dict), 'a binary message')
        must(all(message.get(key) == value for key, value in self.stream.items()) or message['event'] == 'playAudio', f'another stream: {message}')
        if message['event'] == self.media:
            return 'audio', self.payload(message)
        if message['event'] == 'clear':
            must(set(message) == {'event', *self.stream}, f'clear: {message}')
            return 'clear', []
        must(message['event'] == 'mark' and message['mark']['name'], f'an event {message["event"]}')
        return None, None


class Exotel(Json):
    chunk_ms, stream = 100, {'stream_sid': 's'}

    def begin(self):
        return [{'event': 'connected'}, {'event': 'start', 'sequence_number': '1', 'stream_sid': 's', 'start': {'stream_sid': 's', 'call_sid': self.call,
                'account_sid': 'acme1', 'from': '0', 'to': '0', 'custom_parameters': {},
                'media_format': {'encoding': 'audio/x-raw', 'sample_rate': str(RATE), 'bit_rate': '16'}}}]

    def audio(self, samples):
        self.n += 1
        return {'event': 'media', 'sequence_number': str(self.n + 1), 'stream_sid': 's', 'media':
                {'chunk': str(self.n), 'timestamp': str(self.n * 100), 'payload': base64.b64encode(samples).decode()}}

    def key(self, digit):
        return {'event': 'dtmf', 'stream_sid': 's', 'dtmf': {'digit': digit, 'duration': '100'}}

    def payload(self, message):
        samples = base64.b64decode(message['media']['payload'], validate=True)
        must(3200 <= len(samples) <= 100000 and len(samples) % 320 == 0, f'{len(samples)} bytes of audio')
        return samples


class Plivo(Json):
    stream, media = {'streamId': 's'}, 'playAudio'

    def begin(self):
        return [{'event': 'start', 'sequenceNumber': 0, 'start': {'callId': self.call, 'streamId': 's', 'accountId': 'MA1', 'tracks': ['inbound'],
                'mediaFormat': {'encoding': 'audio/x-mulaw', 'sampleRate': 8000}}, 'extra_headers': 'k=v'}]

    def audio(self, samples):
        self.n += 1
        return {'event': 'media', 'sequenceNumber': self.n + 1, 'streamId': 's', 'media': {'track': 'inbound', 'timestamp': str(1700000000000 + self.n * 20),
                'chunk': self.n, 'payload': base64.b64encode(mulaw(samples)).decode()}}

    def key(self, digit):
        return {'event': 'dtmf', 'streamId': 's', 'dtmf': {'track': 'inbound', 'digit': digit, 'timestamp': '1'}}

    def payload(self, message):
        media = message['media']
        must(set(message) == {'event', 'media'} and media['contentType'] == 'audio/x-mulaw' and media['sampleRate'] == 8000
             and len(media['payload']) <= 16384, f'playAudio: {message}')
        return b''.join(LINEAR[code] for code in base64.b64decode(media['payload'], validate=True))

    def hear(self, message):
        if isinstance(message, dict) and message['event'] == 'clearAudio':
            must(message == {'event': 'clearAudio', 'streamId': 's'}, f'clearAudio: {message}')
            return 'clear', [{'event': 'clearedAudio', 'streamId': 's', 'sequenceNumber': self.n}]
        return super().hear(message)


class Telnyx(Json):
    """Its messages come in another order than they were sent in: every tenth overtakes the one before."""
    stream, held = {}, None

    def begin(self):
        return [{'event': 'connected', 'version': '1.0.0'},
                {'event': 'start', 'sequence_number': '1', 'start': {'user_id': 'u', 'call_control_id': self.call, 'call_session_id': 's', 'from': '+1', 'to': '+1',
                 'client_state': 'b64', 'media_format': {'encoding': 'PCMU', 'sample_rate': 8000, 'channels': 1}}, 'stream_id': 'id'}]

    def audio(self, samples):
        self.n += 1
        return {'event': 'media', 'sequence_number': str(self.n + 1), 'stream_id': 'id', 'media':
                {'track': 'inbound', 'chunk': str(self.n), 'timestamp': str(self.n * 20), 'payload': base64.b64encode(mulaw(samples)).decode()}}

    def key(self, digit):
        return {'event': 'dtmf', 'stream_id': 'id', 'occurred_at': 'x', 'sequence_number': '5', 'dtmf': {'digit': digit}}

    def payload(self, message):
        samples = super().payload(message)
        must(160 <= len(samples) // 2 <= 240000, f'{len(samples) // 2} samples of audio')
        return samples


class Vonage(Json):
    def begin(self):
        return [{'event': 'websocket:connected', 'content-type': 'audio/l16;rate=8000'}]

    def audio(self, samples):
        return samples

    def key(self, digit):
        return {'event': 'websocket:dtmf', 'digit': digit, 'duration': 260}

    def hear(self, message):
        if isinstance(message, bytes):
            must(len(message) == 320, f'{len(message)} bytes of audio')
            return 'audio', message
        if message == {'action': 'clear'}:
            return 'clear', [{'event': 'websocket:cleared'}]
        must(message.get('action') == 'notify' and message['payload']['id'], f'a message {message}')
        return None, None


class Asterisk(Json):
    """In words, as versions that know no JSON; what comes before it buffers is lost there, so it must not come."""
    buffers = False

    def begin(self):
        return [f'MEDIA_START connection_id:c channel:WebSocket/c channel_id:{self.call}.media format:ulaw optimal_frame_size:160 ptime:20']

    def audio(self, samples):
        return mulaw(samples)

    def key(self, digit):
        return f'DTMF_END digit:{digit} channel_id:{self.call}.media'

    def hear(self, message):
        if isinstance(message, bytes):
            must(self.buffers and len(message) <= 65500, 'audio that is not buffered')
            return 'audio', b''.join(LINEAR[code] for code in message)
        must(isinstance(message, str) and len(message) <= 128, f'a message {message}')
        if message == 'START_MEDIA_BUFFERING':
            self.buffers = True
        elif message == 'FLUSH_MEDIA':
            self.buffers = False
            return 'clear', []
        elif message == 'HANGUP':
            return 'end', None
        else:
            must(message.split(' ')[0] == 'MARK_MEDIA', f'a command {message}')
        return None, None


DIALECTS = {'asterisk': Asterisk, 'exotel': Exotel, 'plivo': Plivo, 'telnyx': Telnyx, 'twilio': Json, 'vonage': Vonage}


class Speech:
    def __init__(self, program):
        ours, theirs = socket.socketpair()
        self.process = subprocess.Popen([program], stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        theirs.close()
        self.socket = ours
        self.answer()

    def exactly(self, n):
        got = b''
        while len(got) < n:
            piece = self.socket.recv(n - len(got))
            if not piece:
                raise EOFError('voiceagent-speech has ended')
            got += piece
        return got

    def answer(self):
        length, _, kind = struct.unpack('III', self.exactly(12))
        return kind, self.exactly(length)

    def say(self, text):
        if text[0] == '^':
            noise = random.Random(1)
            return b''.join(struct.pack('<h', noise.randint(-9000, 9000)) for _ in range(int(text[1:]) * RATE // 1000))
        body = b'en\0female\0' + text.encode()
        self.socket.sendall(struct.pack('III', len(body), 1, 1) + body)
        kind, samples = self.answer()
        assert kind == 5, samples
        return samples


class Socket:
    def __init__(self, url):
        # TLS ends at a proxy; the person stands behind it.
        at = urlsplit(url)
        self.socket = socket.create_connection((at.hostname, at.port), 10)
        key = base64.b64encode(os.urandom(16)).decode()
        target = at.path + ('?' + at.query if at.query else '')
        self.socket.sendall(f'GET {target} HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                            f'Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n'.encode())
        head = b''
        while b'\r\n\r\n' not in head:
            try:
                piece = self.socket.recv(4096)
            except OSError:
                piece = b''
            if not piece:
                print(json.dumps({'status': 'closed before the upgrade'}))
                raise SystemExit(1)
            head += piece
        head, self.pending = head.split(b'\r\n\r\n', 1)
        if b' 101 ' not in head.split(b'\r\n')[0]:
            raise SystemExit(json.dumps({'status': head.split(b'\r\n')[0].decode()}))
        self.closed = False

    def send(self, message):
        data = message if isinstance(message, bytes) else (message if isinstance(message, str) else json.dumps(message)).encode()
        mask = os.urandom(4)
        head = (b'\x82' if isinstance(message, bytes) else b'\x81') \
            + (struct.pack('!B', 0x80 | len(data)) if len(data) < 126 else struct.pack('!BH', 0x80 | 126, len(data))
               if len(data) < 65536 else struct.pack('!BQ', 0x80 | 127, len(data)))
        masked = int.from_bytes(data, 'little') ^ int.from_bytes((mask * (len(data) // 4 + 1))[:len(data)], 'little')
        self.frame(head + mask + masked.to_bytes(len(data), 'little'))

    def frame(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            self.closed = True

    def messages(self, wait):
        ready, _, _ = select.select([self.socket], [], [], max(wait, 0))
        if ready:
            try:
                piece = self.socket.recv(1 << 20)
            except OSError:
                piece = b''
            if not piece:
                self.closed = True
            self.pending += piece
        while len(self.pending) >= 2:
            code, length, at = self.pending[0] & 15, self.pending[1] & 127, 2
            if length == 126:
                length, at = struct.unpack('!H', self.pending[2:4])[0], 4
            elif length == 127:
                length, at = struct.unpack('!Q', self.pending[2:10])[0], 10
            if len(self.pending) < at + length:
                return
            data, self.pending = self.pending[at:at + length], self.pending[at + length:]
            if code == 8:
                self.closed = True
                return
            if code == 9:
                self.frame(struct.pack('!BB', 0x8a, 0x80 | len(data)) + b'\0\0\0\0' + data)
            elif code == 2:
                yield data
            elif code == 1:
                yield json.loads(data) if data[:1] == b'{' else data.decode()


def loud(samples):
    values = struct.unpack(f'<{len(samples) // 2}h', samples)
    return bool(values) and max(map(abs, values)) > 300


def order(dialect, message):
    """What is sent now for a message: Telnyx keeps no order."""
    if not isinstance(dialect, Telnyx):
        return [message]
    if dialect.n % 10 == 0:
        dialect.held = message
        return []
    sent, dialect.held = ([message, dialect.held] if dialect.held else [message]), None
    return sent


def say(program, path, line):
    """Only leaves the sound of a line behind."""
    with wave.open(path, 'wb') as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(Speech(program).say(line))


def main():
    if sys.argv[1] == 'say':
        return say(*sys.argv[2:])
    name, url, call, program, path, *lines = sys.argv[1:]
    dialect = DIALECTS[name](call)
    chunk_ms = dialect.chunk_ms
    size = RATE * chunk_ms // 1000 * 2
    speech = Speech(program) if any(line[0] not in '#~%/' for line in lines) else None
    said = [(line, speech.say(line.split(' ', 1)[1] if line[0] == '!' else line) if line[0] not in '#~%/' else b'') for line in lines]
    line = Socket(url)
    for message in dialect.begin():
        line.send(message)
    begun, chunk, mine, theirs = time.time(), 0, b'', []
    ours, clears, ends, first, breach = b'', 0, 0.0, None, None
    heard_until, robot_began, longest, answered = 0.0, None, 0.0, 0.0
    while not line.closed and time.time() - begun < LONGEST_S:
        now = time.time() - begun
        for message in line.messages(begun + chunk * chunk_ms / 1000 - time.time()):
            now = time.time() - begun
            try:
                what, heard = dialect.hear(message)
            except (Breach, KeyError, TypeError, ValueError) as error:
                breach, line.closed = f'{type(error).__name__}: {error}', True
                break
            if what == 'audio':
                start = max(now, heard_until)
                if robot_began is None or start - heard_until > 0.3:
                    robot_began = start
                first = first if first is not None else now
                heard_until = start + len(heard) / 2 / RATE
                if ends > answered and not ours and loud(heard):
                    longest, answered = max(longest, now - ends), ends
                theirs.append((start, heard))
            elif what == 'clear':
                clears += 1
                theirs = [(at, s[:max(0, int((now - at) * RATE)) * 2]) for at, s in theirs]
                heard_until = now
                for answer in heard:
                    line.send(answer)
            elif what == 'end':
                line.closed = True
        if time.time() < begun + chunk * chunk_ms / 1000:
            continue
        if not ours and said and first is not None:
            text = said[0][0]
            if text[0] == '/' and ends > 0 and now - ends > int(text[1:]) / 1000:
                line.socket.close()
                line.closed = True
                break
            if text[0] in '!%' and robot_began is not None and heard_until > now and now - robot_began > int(text[1:].split(' ')[0]) / 1000 \
                    or text[0] not in '!%/' and heard_until < now - QUIET_MS / 1000 and now - ends > QUIET_MS / 1000 and robot_began is not None:
                _, ours = said.pop(0)
                robot_began = robot_began if text[0] == '!' else None
                if text[0] == '%':
                    line.socket.close()
                    line.closed = True
                    break
                if text[0] == '#':
                    line.send(dialect.key(text[1]))
        piece, ours = ours[:size], ours[size:]
        if piece:
            ends = now
            # The next line waits for an answer to this one, however long the ear takes.
            robot_began = robot_began if ours else None
        piece = piece.ljust(size, b'\0')
        mine += piece
        chunk += 1
        for message in order(dialect, dialect.audio(piece)):
            line.send(message)
    length = max([len(mine) // 2] + [int(at * RATE) + len(s) // 2 for at, s in theirs])
    left, right = bytearray(mine.ljust(length * 2, b'\0')), bytearray(length * 2)
    for at, samples in theirs:
        right[int(at * RATE) * 2:int(at * RATE) * 2 + len(samples)] = samples
    with wave.open(path, 'wb') as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b''.join(bytes(left[i:i + 2] + right[i:i + 2]) for i in range(0, length * 2, 2)))
    print(json.dumps({'status': breach if breach else 'closed' if line.closed else 'still open', 'seconds': round(time.time() - begun, 1), 'clears': clears,
                      'first_sound_ms': None if first is None else round(first * 1000),
                      'robot_seconds': round(sum(len(s) for _, s in theirs if loud(s)) / 2 / RATE, 1), 'unsaid': len(said),
                      'longest_wait_ms': round(longest * 1000)}))
    sys.exit(0 if line.closed and not breach else 1)


if __name__ == '__main__':
    main()
