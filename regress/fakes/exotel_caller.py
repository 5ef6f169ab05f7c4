#!/usr/bin/env python3
"""A person behind Exotel: opens the socket of a call as Exotel does, listens, and speaks when it is silent.

exotel_caller.py URL CALL_SID SPEECH WAV [LINE...]

SPEECH is the program voiceagent-speech, which says the lines; WAV is left behind, the person on the left, the robot on the right.
A line "!N" begins N ms after the robot has begun to speak, over its words, and says the line behind it; "#K" presses the key K;
"~" says nothing. Prints one JSON object: what came. Exit status 0 when the robot has closed the socket.
"""
import base64, json, os, select, socket, struct, subprocess, sys, time, wave
from urllib.parse import urlsplit

RATE, CHUNK_MS, QUIET_MS = 8000, 100, 700
CHUNK = RATE * CHUNK_MS // 1000 * 2
LONGEST_S = 90


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
        body = b'en\0female\0' + text.encode()
        self.socket.sendall(struct.pack('III', len(body), 1, 1) + body)
        kind, samples = self.answer()
        assert kind == 5, samples
        return samples


class Socket:
    def __init__(self, url):
        at = urlsplit(url)
        self.socket = socket.create_connection((at.hostname, at.port), 10)
        key = base64.b64encode(os.urandom(16)).decode()
        target = at.path + ('?' + at.query if at.query else '')
        self.socket.sendall(f'GET {target} HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
                            f'Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n'.encode())
        head = b''
        while b'\r\n\r\n' not in head:
            piece = self.socket.recv(4096)
            if not piece:
                raise SystemExit(json.dumps({'status': 'closed before the upgrade'}))
            head += piece
        head, self.pending = head.split(b'\r\n\r\n', 1)
        if b' 101 ' not in head.split(b'\r\n')[0]:
            raise SystemExit(json.dumps({'status': head.split(b'\r\n')[0].decode()}))
        self.closed = False

    def send(self, message):
        data = json.dumps(message).encode()
        mask = os.urandom(4)
        head = b'\x81' + (struct.pack('!B', 0x80 | len(data)) if len(data) < 126 else struct.pack('!BH', 0x80 | 126, len(data)))
        self.frame(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

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
            elif code == 1:
                yield json.loads(data)


def loud(samples):
    values = struct.unpack(f'<{len(samples) // 2}h', samples)
    return bool(values) and max(map(abs, values)) > 300


def main():
    url, sid, program, path, *lines = sys.argv[1:]
    speech = Speech(program) if any(line[0] not in '#~' for line in lines) else None
    said = [(line, speech.say(line.split(' ', 1)[1] if line[0] == '!' else line) if line[0] not in '#~' else b'') for line in lines]
    line = Socket(url)
    line.send({'event': 'connected'})
    line.send({'event': 'start', 'sequence_number': '1', 'stream_sid': 's', 'start': {'stream_sid': 's', 'call_sid': sid,
               'account_sid': 'acme1', 'from': '0', 'to': '0', 'custom_parameters': {},
               'media_format': {'encoding': 'audio/x-raw', 'sample_rate': str(RATE), 'bit_rate': '16'}}})
    begun, chunk, mine, theirs = time.time(), 0, b'', []
    ours, clears, ends, first, silent_after = b'', 0, 0.0, None, None
    heard_until, robot_began = 0.0, None
    while not line.closed and time.time() - begun < LONGEST_S:
        now = time.time() - begun
        for message in line.messages(begun + chunk * CHUNK_MS / 1000 - time.time()):
            now = time.time() - begun
            if message['event'] == 'media':
                samples = base64.b64decode(message['media']['payload'])
                start = max(now, heard_until)
                if robot_began is None or start - heard_until > 0.3:
                    robot_began = start
                first = first if first is not None else now
                heard_until = start + len(samples) / 2 / RATE
                theirs.append((start, samples))
            elif message['event'] == 'clear':
                clears += 1
                theirs = [(at, s[:max(0, int((now - at) * RATE)) * 2]) for at, s in theirs]
                heard_until = now
        if time.time() < begun + chunk * CHUNK_MS / 1000:
            continue
        if not ours and said and first is not None:
            text = said[0][0]
            if text[0] == '!' and robot_began is not None and heard_until > now and now - robot_began > int(text[1:].split(' ')[0]) / 1000 \
                    or text[0] != '!' and heard_until < now - QUIET_MS / 1000 and now - ends > QUIET_MS / 1000 and robot_began is not None:
                _, ours = said.pop(0)
                robot_began = robot_began if text[0] == '!' else None
                if text[0] == '#':
                    line.send({'event': 'dtmf', 'stream_sid': 's', 'dtmf': {'digit': text[1], 'duration': '100'}})
        piece, ours = ours[:CHUNK], ours[CHUNK:]
        if piece:
            ends = now
        piece = piece.ljust(CHUNK, b'\0')
        mine += piece
        chunk += 1
        line.send({'event': 'media', 'sequence_number': str(chunk + 1), 'stream_sid': 's', 'media':
                   {'chunk': str(chunk), 'timestamp': str(chunk * CHUNK_MS), 'payload': base64.b64encode(piece).decode()}})
    length = max([len(mine) // 2] + [int(at * RATE) + len(s) // 2 for at, s in theirs])
    left, right = bytearray(mine.ljust(length * 2, b'\0')), bytearray(length * 2)
    for at, samples in theirs:
        right[int(at * RATE) * 2:int(at * RATE) * 2 + len(samples)] = samples
    with wave.open(path, 'wb') as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b''.join(bytes(left[i:i + 2] + right[i:i + 2]) for i in range(0, length * 2, 2)))
    print(json.dumps({'status': 'closed' if line.closed else 'still open', 'seconds': round(time.time() - begun, 1), 'clears': clears,
                      'first_sound_ms': None if first is None else round(first * 1000),
                      'robot_seconds': round(sum(len(s) for _, s in theirs if loud(s)) / 2 / RATE, 1), 'unsaid': len(said)}))
    sys.exit(0 if line.closed else 1)


main()
