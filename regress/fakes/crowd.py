#!/usr/bin/env python3
"""Many sockets at a process media, whose first sound is measured, or who are in the way of others.

crowd.py strangers PORT EACH       EACH sockets of each kind that proves nothing, opened anew when one is closed, until stdin ends
crowd.py calls URL MODE SOUND ID... calls by Exotel at URL, one an ID

MODE is how a call sends: "heard" (silence, until each call has heard something or is closed, and a second longer), "held" (silence),
"fast" (SOUND, as fast as it is taken), "talk" (SOUND, a second of silence, SOUND ...); the last three until stdin ends. SOUND is a
file of 16-bit samples at 8000 a second, or "". Prints "ready" once each socket was answered, and one JSON object at its end.
"""
import base64, json, os, selectors, socket, struct, sys, time
from urllib.parse import urlsplit

CHUNK_S, CHUNK = 0.1, 1600
# Sockets of a kind of stranger that are opened at a time.
BURST = 5
UPGRADE = 'GET {} HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n'
selector = selectors.DefaultSelector()


def frame(message, code=1):
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    head = struct.pack('!BB', 0x80 | code, 0x80 | len(data)) if len(data) < 126 else struct.pack('!BBH', 0x80 | code, 0x80 | 126, len(data))
    return head + b'\0\0\0\0' + data


class Line:
    def __init__(self, port, head, then=b''):
        self.at, self.first, self.open, self.closed = time.time(), None, None, None
        self.pending, self.unsent, self.then, self.sent = b'', head.encode(), then, 0
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(('127.0.0.1', port))
        selector.register(self.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, self)

    def end(self):
        if self.closed is None:
            self.closed = time.time()
            selector.unregister(self.socket)
            self.socket.close()

    def send(self, data=b''):
        self.unsent += data
        try:
            while self.unsent and self.closed is None:
                self.unsent = self.unsent[self.socket.send(self.unsent):]
        except BlockingIOError:
            pass
        except OSError:
            self.end()
        if self.closed is None:
            selector.modify(self.socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if self.unsent else 0), self)

    def read(self):
        try:
            piece = self.socket.recv(1 << 20)
        except BlockingIOError:
            return
        except OSError:
            piece = b''
        if not piece:
            return self.end()
        self.pending += piece
        if self.open is None:
            if b'\r\n\r\n' not in self.pending:
                return
            head, self.pending = self.pending.split(b'\r\n\r\n', 1)
            if b' 101 ' not in head.split(b'\r\n')[0]:
                return self.end()
            self.open = time.time()
            self.send(self.then)
        while len(self.pending) >= 2 and self.closed is None:
            code, length, at = self.pending[0] & 15, self.pending[1] & 127, 2
            if length == 126:
                length, at = struct.unpack('!H', self.pending[2:4])[0], 4
            elif length == 127:
                length, at = struct.unpack('!Q', self.pending[2:10])[0], 10
            if len(self.pending) < at + length:
                return
            data, self.pending = self.pending[at:at + length], self.pending[at + length:]
            if code == 8:
                return self.end()
            if code == 9:
                self.send(frame(data, 10))
            elif code == 1 and self.first is None and b'"media"' in data:
                self.first = time.time()


def look(seconds):
    """What has come meanwhile; False: stdin has ended."""
    for key, events in selector.select(max(seconds, 0)):
        if key.data is None:
            return os.read(0, 1) != b''
        if events & selectors.EVENT_WRITE:
            key.data.send()
        if events & selectors.EVENT_READ and key.data.closed is None:
            key.data.read()
    return True


def tell(word):
    print(word, flush=True)


def strangers(port, each):
    made_up = 'MadeUpMadeUpMadeUpMadeUpMadeUpMadeUpMadeUp{:05d}'
    kinds = [lambda n: ('', b''), lambda n: ('GET /media/exotel/', b''), lambda n: (UPGRADE.format('/media/exotel/' + made_up.format(n)), b''),
             lambda n: (UPGRADE.format('/media/exotel/' + made_up.format(n)), b'\x81\xfe\x10\x00\0\0\0\0{"event":'),
             lambda n: (UPGRADE.format('/voice/stream/x?carrier=twilio&token=' + made_up.format(n)), frame({'event': 'connected'}))]
    lines, opened, closed, upgraded, began = [], 0, 0, 0, None
    while True:
        gone = [line for line in lines if line[1].closed is not None]
        closed += len(gone)
        upgraded += sum(line[1].open is not None for line in gone)
        lines = [line for line in lines if line[1].closed is None]
        for kind in range(len(kinds)):
            # Not all in one burst, whose size would be this machine's speed.
            for _ in range(min(BURST, each - sum(line[0] == kind for line in lines))):
                lines.append((kind, Line(port, *kinds[kind](opened))))
                opened += 1
        began = began or time.time()
        if began is not True and time.time() - began > 2:
            began = True
            tell('ready')
        if not look(0.02):
            break
        time.sleep(0.02)
    tell(json.dumps({'opened': opened, 'closed': closed, 'upgraded': upgraded, 'open': len(lines)}))


def calls(url, mode, sound, ids):
    url = urlsplit(url)
    sound = open(sound, 'rb').read() if sound else b''
    sound = sound.ljust(-(-len(sound) // CHUNK) * CHUNK, b'\0')
    turns = [sound[i:i + CHUNK] for i in range(0, len(sound), CHUNK)] + [bytes(CHUNK)] * 10
    lines, ready, over = [], False, None
    for name in ids:
        begin = frame({'event': 'connected'}) + frame({'event': 'start', 'sequence_number': '1', 'stream_sid': 's', 'start': {
            'stream_sid': 's', 'call_sid': name, 'account_sid': 'acme1', 'from': '0', 'to': '0', 'custom_parameters': {},
            'media_format': {'encoding': 'audio/x-raw', 'sample_rate': '8000', 'bit_rate': '16'}}})
        lines.append(Line(url.port, UPGRADE.format(url.path + '/' + name), begin))
        look(0)
    while True:
        now = time.time()
        for line in lines:
            if line.open is None or line.closed is not None:
                continue
            while line.closed is None and (not line.unsent if mode == 'fast' else line.open + line.sent * CHUNK_S <= now):
                samples = turns[line.sent % len(turns)] if mode in ('fast', 'talk') and line.first is not None else bytes(CHUNK)
                line.sent += 1
                line.send(frame({'event': 'media', 'sequence_number': str(line.sent + 1), 'stream_sid': 's', 'media': {
                    'chunk': str(line.sent), 'timestamp': str(line.sent * 100), 'payload': base64.b64encode(samples).decode()}}))
        if not ready and all(line.open is not None or line.closed is not None for line in lines):
            ready = True
            tell('ready')
        if mode == 'heard' and all(line.first is not None or line.closed is not None for line in lines):
            over = over or now + 1
        if not look(0.005 if mode == 'fast' else 0.01) or (over is not None and now > over):
            break
    first = sorted(round((line.first - line.at) * 1000) for line in lines if line.first is not None)
    tell(json.dumps({'held': sum(line.first is not None and line.closed is None for line in lines),
                     'closed': sum(line.closed is not None for line in lines),
                     'sent_s': round(sum(line.sent for line in lines) * CHUNK_S),
                     'first_ms': first[len(first) // 2] if first else None,
                     'p95_ms': first[min(len(first) * 95 // 100, len(first) - 1)] if first else None}))


selector.register(0, selectors.EVENT_READ, None)
if sys.argv[1] == 'strangers':
    strangers(int(sys.argv[2]), int(sys.argv[3]))
else:
    calls(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5:])
