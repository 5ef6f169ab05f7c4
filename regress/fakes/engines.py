#!/usr/bin/env python3
"""engines.py LOG    fakes of the vendors that listen, think and speak in calls, on one port of the loopback, which is printed first

Deepgram (/v1/listen, and Flux at /v2/listen), OpenAI's and Anthropic's streams (/v1/chat/completions, /v1/messages), ElevenLabs (/v1/text-to-speech/) and OpenAI
Realtime (/v1/realtime) are as strict as the vendors: what breaks their contract is refused, and written to LOG as {"wrong": ...}; all else
that comes, too, a line of JSON each.  Keys are key-ear, key-mind, key-voice and key-whole; what begins with "second" is good as well.
POST /fake {"lines": [...], "faults": {"mind": "silent"}} says what the person says next, and what goes wrong from then on: silent, closed,
refused (401), limited (429), rubbish, cut; "tool": {"name", "arguments"} is wanted next, by whoever thinks; of an account whose key begins with "second" nothing does.
"deltas": [...] are the whole of a model's next answer, as chat completions have them.
"""
import base64, hashlib, json, math, socketserver, struct, sys, threading, time
from urllib.parse import parse_qs, urlsplit

log, lock = sys.argv[1], threading.Lock()
state = {'lines': [], 'faults': {}, 'tool': None, 'deltas': None}


def note(**what):
    with lock, open(log, 'a') as out:
        out.write(json.dumps(what) + '\n')


class Wrong(Exception):
    pass


def want(true, what):
    if not true:
        raise Wrong(what)


def mulaw_to_linear(byte):
    byte = ~byte & 0xff
    value = (((byte & 15) << 3) + 132 << (byte >> 4 & 7)) - 132
    return -value if byte & 128 else value


LINEAR = [mulaw_to_linear(b) for b in range(256)]
LOUD = bytes(abs(value) > 600 for value in LINEAR)


def linear_to_mulaw(value):
    sign, value = (128, -value) if value < 0 else (0, value)
    value = min(value, 32635) + 132
    exponent = max(value.bit_length() - 8, 0)
    return ~(sign | exponent << 4 | value >> exponent + 3 & 15) & 0xff


def tone(seconds):
    wave = bytes(linear_to_mulaw(int(9000 * math.sin(2 * math.pi * 400 * i / 8000))) for i in range(800))
    return (wave * (int(seconds * 10) + 1))[:int(seconds * 8000)]


class Ears:
    """Tells speech from silence by energy, and which of the lines it was by their order."""
    quiet_frames = 20

    def __init__(self):
        self.loud = self.quiet = 0

    def frame(self, audio):
        events = []
        for at in range(0, len(audio), 160):
            piece = audio[at:at + 160]
            if 1 in piece.translate(LOUD):
                self.loud, self.quiet = self.loud + 1, 0
                if self.loud == 8:
                    events.append('began')
            else:
                self.quiet += 1
                if self.quiet == self.quiet_frames and self.loud >= 8:
                    events.append('ended')
                if self.quiet >= self.quiet_frames:
                    self.loud = 0
        return events

    def line(self):
        self.loud = 0
        with lock:
            return state['lines'].pop(0) if state['lines'] else ''


class Session(socketserver.StreamRequestHandler):
    ears = Ears

    def handle(self):
        try:
            while self.request_of():
                pass
        except (OSError, EOFError, ValueError):
            pass

    def fault(self, kind, key):
        return '' if key.startswith('second') else state['faults'].get(kind, '')

    def request_of(self):
        first = self.rfile.readline().decode()
        if not first:
            return False
        method, target, _ = first.split(' ')
        heads = {}
        while (line := self.rfile.readline().decode().strip()):
            name, value = line.split(':', 1)
            heads[name.lower()] = value.strip()
        body = self.rfile.read(int(heads.get('content-length', 0)))
        at = urlsplit(target)
        note(method=method, path=at.path, query=at.query)
        try:
            if at.path == '/fake':
                return self.answer(200, json.dumps(self.told(json.loads(body))).encode())
            if method == 'GET' and heads.get('upgrade') == 'websocket':
                return self.socket(at, heads)
            return self.http(method, at, heads, body)
        except Wrong as wrong:
            note(wrong=str(wrong), path=at.path)
            return self.answer(400, json.dumps({'error': {'message': str(wrong), 'type': 'invalid_request_error'}}).encode())

    def told(self, what):
        state.update(what)
        return {}

    def answer(self, status, body, kind='application/json'):
        self.wfile.write(f'HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body)
        return True

    def stream(self, kind, pieces, pause=0.005, cut=None):
        self.wfile.write(f'HTTP/1.1 200 X\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n'.encode())
        for n, piece in enumerate(pieces):
            if n == cut:
                return False
            self.wfile.write(f'{len(piece):x}\r\n'.encode() + piece + b'\r\n')
            self.wfile.flush()
            time.sleep(pause)
        self.wfile.write(b'0\r\n\r\n')
        return True

    # ---- HTTP ----

    def http(self, method, at, heads, body):
        if at.path in ('/v1/projects', '/v1/user') or at.path.startswith('/v1/models'):
            return self.answer(200, b'{"id": "m", "projects": [], "data": [{"id": "m"}]}')
        what = json.loads(body)
        mind = at.path in ('/v1/chat/completions', '/v1/messages')
        key = heads.get('xi-api-key') or heads.get('x-api-key') or heads.get('authorization', '').replace('Bearer ', '')
        if key not in ('key-mind' if mind else 'key-voice', 'second-mind' if mind else 'second-voice'):
            return self.answer(401, b'{"error": {"message": "no such key", "type": "authentication_error"}}')
        fault = self.fault('mind' if mind else 'voice', key)
        if fault == 'silent':
            time.sleep(30)
            return False
        if fault in ('refused', 'limited'):
            return self.answer(401 if fault == 'refused' else 429, b'{"error": {"message": "no", "type": "x"}, "detail": {"message": "no"}}')
        if fault == 'closed':
            return False
        if fault == 'rubbish':
            return self.stream('text/event-stream', [b'data: {"choices": [\n\n'] * 3)
        if mind:
            return self.think(at.path == '/v1/messages', what, heads, 3 if fault == 'cut' else None)
        return self.speak(at, what, 1 if fault == 'cut' else None)

    def thought(self, messages):
        """(what is said to these messages, the tool that is wanted or None, its arguments)"""
        last, result = messages[-1]['content'], messages[-1]['role'] == 'tool'
        if state['tool'] and not result:
            wanted, state['tool'] = state['tool'], None
            return '', wanted['name'], json.dumps(wanted['arguments'])
        if 'bye' in str(last):
            return 'Goodbye then.', 'end_call', '{}'
        text = f'The tool says: {last}' if result else f'You said **{last}**. It costs $1,250.50, Dr. Who. Write to ann@example.com at 3:30 pm.'
        return text, None, '{}'

    def think(self, anthropic, what, heads, cut):
        # As the newest models do.
        if 'temperature' in what:
            return self.answer(400, b'{"type": "error", "error": {"type": "invalid_request_error", "message": "`temperature` is deprecated for this model."}}')
        if 'tools' not in what and what.get('max_tokens', what.get('max_completion_tokens')) == 16:
            return self.answer(200, b'{"content": [{"type": "text", "text": "yes"}], "stop_reason": "end_turn", "choices": [{"message": {"content": "yes"}}]}')
        want(what.get('stream') is True and what.get('model'), 'stream and model')
        messages, tools = what['messages'], [t.get('name') or t['function']['name'] for t in what.get('tools', [])]
        roles = [m['role'] for m in messages]
        if anthropic:
            want(heads.get('anthropic-version') and what.get('max_tokens'), 'anthropic-version and max_tokens')
            want(roles[0] == 'user' and set(roles) <= {'user', 'assistant'} and isinstance(what.get('system'), str), 'roles')
            want(all('input_schema' in t for t in what['tools']), 'input_schema')
        else:
            want(what['stream_options'] == {'include_usage': True}, 'stream_options')
            want(set(roles) <= {'system', 'user', 'assistant', 'tool'} and all(t['type'] == 'function' for t in what['tools']), 'roles')
        note(asked=messages, tools=tools)
        text, tool, arguments = self.thought(messages)
        words = [word + ' ' for word in text.split(' ') if word]
        if anthropic:
            events = [('message_start', {'message': {'usage': {'input_tokens': 50, 'output_tokens': 1}}}), ('ping', {}),
                      ('content_block_start', {'index': 0, 'content_block': {'type': 'text', 'text': ''}})]
            events += [('content_block_delta', {'index': 0, 'delta': {'type': 'text_delta', 'text': w}}) for w in words]
            if tool:
                events += [('content_block_start', {'index': 1, 'content_block': {'type': 'tool_use', 'id': 't1', 'name': tool, 'input': {}}}),
                           ('content_block_delta', {'index': 1, 'delta': {'type': 'input_json_delta', 'partial_json': arguments}})]
            events += [('message_delta', {'delta': {'stop_reason': 'end_turn'}, 'usage': {'output_tokens': 20}}), ('message_stop', {})]
            pieces = [f'event: {name}\ndata: {json.dumps(dict(data, type=name))}\n\n'.encode() for name, data in events]
        else:
            deltas = [{'role': 'assistant', 'content': ''}] + [{'content': w} for w in words]
            if tool:
                deltas += [{'tool_calls': [{'index': 0, 'id': 'c1', 'type': 'function', 'function': {'name': tool, 'arguments': ''}}]},
                           {'tool_calls': [{'index': 0, 'function': {'arguments': arguments}}]}]
            if state['deltas']:
                deltas, state['deltas'] = state['deltas'], None
            chunks = [{'object': 'chat.completion.chunk', 'choices': [{'index': 0, 'delta': d, 'finish_reason': None}], 'usage': None} for d in deltas]
            chunks.append({'choices': [], 'usage': {'prompt_tokens': 50, 'completion_tokens': 20, 'prompt_tokens_details': {'cached_tokens': 10}}})
            pieces = [b'data: ' + json.dumps(c).encode() + b'\n\n' for c in chunks] + [b'data: [DONE]\n\n']
        return self.stream('text/event-stream', pieces, cut=cut)

    def sound_of(self, text):
        return tone(0.3 + 0.045 * len(text))

    def speak(self, at, what, cut):
        query = parse_qs(at.query)
        want(at.path.endswith('/stream') and len(at.path.split('/')) == 5, 'path')
        want(query.get('output_format') == ['ulaw_8000'] and what.get('model_id'), 'output_format and model_id')
        want(what['text'].strip(), 'text')
        note(spoken=what['text'], voice=at.path.split('/')[3])
        sound = self.sound_of(what['text'])
        return self.stream('audio/basic', [sound[i:i + 1601] for i in range(0, len(sound), 1601)], cut=cut)

    # ---- WebSocket ----

    def socket(self, at, heads):
        whole = at.path == '/v1/realtime'
        want(whole or at.path in ('/v1/listen', '/v2/listen'), 'no such socket')
        scheme, _, key = heads.get('authorization', '').partition(' ')
        fault = self.fault('whole' if whole else 'ear', key)
        if scheme != ('Bearer' if whole else 'Token') or key not in (('key-whole',) if whole else ('key-ear', 'second-ear')) or fault == 'refused':
            return self.answer(401, b'{"err_code": "INVALID_AUTH"}')
        accept = base64.b64encode(hashlib.sha1((heads['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest())
        self.wfile.write(b'HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ' + accept + b'\r\n\r\n')
        try:
            (self.realtime if whole else self.flux if at.path == '/v2/listen' else self.listen)(parse_qs(at.query), key)
        except Wrong as wrong:
            note(wrong=str(wrong), path=at.path)
            self.frame(8, struct.pack('!H', 1008) + str(wrong).encode())
        return False

    def frame(self, code, data):
        head = bytes([128 | code]) + (bytes([len(data)]) if len(data) < 126 else struct.pack('!BH', 126, len(data)) if len(data) < 65536
                                      else struct.pack('!BQ', 127, len(data)))
        with lock:
            self.wfile.write(head + data)

    def tell(self, **what):
        self.frame(1, json.dumps(what).encode())

    def messages(self):
        while True:
            a, b = self.rfile.read(2)
            want(b & 128, 'a frame of a client is masked')
            length = b & 127
            if length > 125:
                length = struct.unpack('!H' if length == 126 else '!Q', self.rfile.read(2 if length == 126 else 8))[0]
            mask, data = self.rfile.read(4), self.rfile.read(length)
            data = (int.from_bytes(data, 'little') ^ int.from_bytes((mask * (length // 4 + 1))[:length], 'little')).to_bytes(length, 'little')
            if a & 15 == 8:
                return
            if a & 15 == 9:
                self.frame(10, data)
            else:
                yield a & 15, data

    def listen(self, query, key):
        want(query.get('encoding') == ['mulaw'] and query.get('sample_rate') == ['8000'] and query.get('model'), 'encoding, sample_rate, model')
        want(query.get('interim_results') == ['true'] and int(query['endpointing'][0]) >= 10, 'interim_results, endpointing')
        ears, said = self.ears(), ''

        def results(text, final, speech_final=False, from_finalize=False):
            self.tell(type='Results', channel_index=[0, 1], start=0.0, duration=1.0, is_final=final, speech_final=speech_final,
                      from_finalize=from_finalize, channel={'alternatives': [{'transcript': text, 'confidence': 0.98 if text else 0, 'words': []}]},
                      metadata={'request_id': 'r'})

        for code, data in self.messages():
            fault = self.fault('ear', key)
            if fault == 'closed':
                raise Wrong('DATA-0000, as the test wants')
            if code == 1:
                kind = json.loads(data)['type']
                want(kind in ('KeepAlive', 'Finalize', 'CloseStream'), 'a control message')
                if kind == 'CloseStream':
                    return
                if kind == 'KeepAlive':
                    note(kept_alive=True)
                if kind == 'Finalize' and fault != 'silent':
                    said = ears.line() if ears.loud >= 8 else said
                    results(said, True, from_finalize=True)
                    said = ''
                continue
            want(0 < len(data) <= 2000, 'audio of 20 to 250 ms')
            for event in ears.frame(data) if fault != 'silent' else []:
                if event == 'began':
                    results(''.join(state['lines'][:1])[:10].strip(), False)
                else:
                    line = ears.line()
                    note(heard=line)
                    results(line, True, speech_final=True)

    def flux(self, query, key):
        """A line "a ... b" is told eagerly as a, and resumed."""
        want(query.get('encoding') == ['mulaw'] and query.get('sample_rate') == ['8000'] and query['model'][0].startswith('flux'), 'encoding, sample_rate, model')
        want(0.5 <= float(query['eot_threshold'][0]) <= 1 and 0.3 <= float(query['eager_eot_threshold'][0]) <= 0.9
             and int(query['eot_timeout_ms'][0]) >= 500 and not set(query) & {'language', 'interim_results', 'endpointing'}, 'thresholds')
        ears, turn = self.ears(), 0

        def info(event, text):
            self.tell(type='TurnInfo', request_id='r', sequence_id=1, event=event, turn_index=turn, audio_window_start=0.0, audio_window_end=1.0,
                      transcript=text, words=[], end_of_turn_confidence=0.8)

        self.tell(type='Connected', request_id='r', sequence_id=0)
        for code, data in self.messages():
            if code == 1:
                kind = json.loads(data)['type']
                want(kind in ('CloseStream', 'Configure', 'ForceEndTurn'), 'a control message of Flux')
                if kind == 'CloseStream':
                    return
                continue
            for event in ears.frame(data):
                if event == 'began':
                    info('StartOfTurn', '')
                    continue
                parts = ears.line().split(' ... ')
                for n in range(len(parts)):
                    info('EagerEndOfTurn', ' '.join(parts[:n + 1]))
                    time.sleep(0.2)
                    if n + 1 < len(parts):
                        info('TurnResumed', ' '.join(parts[:n + 1]))
                info('EndOfTurn', ' '.join(parts))
                turn += 1

    def realtime(self, query, key):
        want(query.get('model'), 'model')
        ears, ready, audio = Ears(), False, 0
        self.tell(type='session.created', session={'id': 's'})
        for code, data in self.messages():
            want(code == 1, 'text alone')
            event = json.loads(data)
            fault = self.fault('whole', key)
            if fault == 'closed':
                raise Wrong('closed, as the test wants')
            kind = event['type']
            if kind == 'session.update':
                session = event['session']
                want(session['type'] == 'realtime' and session['output_modalities'] == ['audio'], 'a session')
                want(session['audio']['input']['format'] == {'type': 'audio/pcmu'} and session['audio']['output']['format'] == {'type': 'audio/pcmu'}, 'pcmu')
                want(session['audio']['input']['transcription']['model'] and session['audio']['input']['turn_detection']['type'] == 'semantic_vad', 'turns')
                want(all(t['type'] == 'function' and 'name' in t for t in session['tools']), 'tools are flat')
                ready = True
                note(session=session)
                self.tell(type='session.updated', session=session)
            elif kind == 'input_audio_buffer.append':
                want(ready, 'audio before the session')
                for sign in ears.frame(base64.b64decode(event['audio'], validate=True)) if fault != 'silent' else []:
                    if sign == 'began':
                        self.tell(type='input_audio_buffer.speech_started', audio_start_ms=audio, item_id='i')
                    else:
                        threading.Thread(target=self.respond, args=(ears.line(),)).start()
            elif kind == 'conversation.item.create':
                note(item=event['item'])
            elif kind == 'response.create':
                threading.Thread(target=self.respond, args=('the tool',)).start()
            elif kind in ('conversation.item.truncate', 'response.cancel'):
                note(told=event)
            else:
                raise Wrong('an event ' + kind)

    def respond(self, line):
        try:
            self.tell(type='input_audio_buffer.speech_stopped', audio_end_ms=1, item_id='i')
            self.tell(type='input_audio_buffer.committed', item_id='i', previous_item_id=None)
            self.tell(type='response.created', response={'id': 'r', 'status': 'in_progress'})
            if line != 'the tool':
                self.tell(type='conversation.item.input_audio_transcription.completed', item_id='i', content_index=0, transcript=line,
                          usage={'type': 'duration', 'seconds': 1})
            if state['tool']:
                wanted, state['tool'] = state['tool'], None
                item = {'id': 'f', 'type': 'function_call', 'status': 'completed', 'call_id': 'c7', 'name': wanted['name'], 'arguments': json.dumps(wanted['arguments'])}
                self.tell(type='response.output_item.done', response_id='r', output_index=0, item=item)
                self.tell(type='response.done', response={'id': 'r', 'status': 'completed', 'output': [item], 'usage': {}})
                return
            text = 'Goodbye from the whole.' if 'bye' in line else f'The whole has heard {line}.'
            sound = tone(2)
            for word in text.split(' '):
                self.tell(type='response.output_audio_transcript.delta', response_id='r', item_id='o' + line, output_index=0, content_index=0,
                          delta=word if word == text.split(' ')[0] else ' ' + word)
            for at in range(0, len(sound), 1600):
                self.tell(type='response.output_audio.delta', response_id='r', item_id='o' + line, output_index=0, content_index=0,
                          delta=base64.b64encode(sound[at:at + 1600]).decode())
            self.tell(type='response.output_audio_transcript.done', response_id='r', item_id='o' + line, transcript=text)
            self.tell(type='response.output_audio.done', response_id='r', item_id='o' + line)
            output = []
            if 'bye' in line:
                output = [{'id': 'f', 'type': 'function_call', 'status': 'completed', 'call_id': 'c1', 'name': 'end_call', 'arguments': '{}'}]
                self.tell(type='response.output_item.done', response_id='r', output_index=1, item=output[0])
            self.tell(type='response.done', response={'id': 'r', 'status': 'completed', 'output': output, 'usage': {
                'total_tokens': 30, 'input_tokens': 20, 'output_tokens': 10, 'input_token_details': {'cached_tokens': 5}}})
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address, request_queue_size = True, True, 100


def serve(session=Session):
    with Server(('127.0.0.1', 0), session) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == '__main__':
    serve()
