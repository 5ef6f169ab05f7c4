#!/usr/bin/env python3
"""A carrier with a socket of events, for tests: as much of ARI as it takes to be dialled, asked and listened to.

events.py PORT_FILE [PORT [WITNESS]]

Whom it calls stands in the file WITNESS, "MILLISECONDS REFERENCE NUMBER" for each, before that is answered.
A call is answered and over at once, unless POST /control/hold came before.  Then calls stay until POST
/control/destroy?id=ID (an event is sent) or /control/forget?id=ID (nobody is told).  The socket does what it is told:
/control/send (the body as a text frame), /control/raw (the body as it is), /control/flood?bytes=N (a frame of N bytes),
/control/binary (the body as a binary frame), /control/close, /control/freeze (it stays, but nobody reads or answers),
/control/refuse?status=N (0: as before).  /control/incoming?id=ID&number=N is somebody who calls; with quiet=1 the socket
does not tell.  /control/list?status=N is how it answers who asks for all channels.  /control/lose?every=N: the answer
to every Nth dial is lost (0: none), whom it calls is called all the same.  What is played in a channel goes on until
/control/played?id=ID (an event is sent).
GET /control/log gives what was asked, a line each.
"""
import base64
import hashlib
import json
import os
import socket
import socketserver
import struct
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
USER = "Basic " + base64.b64encode(b"us:secret-of-the-test").decode()

lock = threading.Lock()
log = []
channels = {}
playbacks = {}
sockets = []
state = {"hold": False, "refuse": 0, "freeze": None, "list": 200, "lose": 0, "dials": 0}

def now():
    t = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t)) + ".%03d+0000" % (t % 1 * 1000)

def frame(payload, opcode=1):
    n = len(payload)
    if n < 126:
        head = struct.pack("!BB", 0x80 | opcode, n)
    elif n < 65536:
        head = struct.pack("!BBH", 0x80 | opcode, 126, n)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 127, n)
    return head + payload

def send(data):
    with lock:
        for sock in list(sockets):
            try:
                sock.sendall(data)
            except OSError:
                sockets.remove(sock)

def tell(kind, channel, **more):
    event = dict(more, type=kind, timestamp=now(), application="test", channel=dict(channel))
    send(frame(json.dumps(event).encode()))

def witness(ident, endpoint):
    if len(sys.argv) > 3:
        with open(sys.argv[3], "a") as f:
            f.write("%d %s %s\n" % (time.time() * 1000, ident, endpoint.split("/")[1].split("@")[0]))
            f.flush()
            os.fsync(f.fileno())

def destroy(ident, cause=16):
    channel = channels.pop(ident, None)
    if channel is not None:
        tell("ChannelDestroyed", channel, cause=cause, cause_txt="")

def answer(channel, hold):
    for status in ("Ringing", "Up"):
        channel["state"] = status
        tell("ChannelStateChange", channel)
    tell("StasisStart", channel, args=["attempt", channel["id"]])
    if not hold:
        destroy(channel["id"])

class Handler(socketserver.StreamRequestHandler):
    def reply(self, status, body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.wfile.write(b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(data)) + data)

    def handle(self):
        try:
            while self.one():
                pass
        except OSError:
            pass

    def one(self):
        line = self.rfile.readline().decode("latin1").split()
        if len(line) < 2:
            return False
        headers = {}
        while True:
            h = self.rfile.readline().decode("latin1").strip()
            if not h:
                break
            name, _, value = h.partition(":")
            headers[name.lower()] = value.strip()
        body = self.rfile.read(int(headers.get("content-length", 0)))
        url = urlsplit(line[1])
        query = {k: v[0] for k, v in parse_qs(url.query).items()}
        if url.path.startswith("/control/"):
            return self.control(url.path[9:], query, body)
        log.append("%s %s" % (line[0], line[1]))
        if headers.get("authorization") != USER:
            self.reply(401, {"message": "Authentication required"})
        elif url.path == "/ari/events":
            return self.events(headers)
        elif url.path == "/ari/channels":
            self.reply(state["list"], list(channels.values()) if state["list"] == 200 else {"message": "not now"})
        elif url.path.startswith("/ari/channels/"):
            return self.channel(line[0], url.path[14:].split("/"), query)
        elif url.path.startswith("/ari/playbacks/"):
            playback = playbacks.get(url.path[15:])
            self.reply(404 if playback is None else 200, playback or {"message": "Playback not found"})
        elif url.path.startswith("/ari/endpoints/"):
            technology, resource = url.path[15:].split("/", 1)
            self.reply(200, {"technology": technology, "resource": resource, "state": "online", "channel_ids": []})
        else:
            self.reply(200, {"system": {"version": "22.0.0"}})
        return True

    def channel(self, method, path, query):
        ident = path[0]
        channel = channels.get(ident)
        if method == "POST" and len(path) == 1:
            if channel is not None:
                self.reply(409, {"message": "Channel with given unique ID already exists"})
                return True
            channel = {"id": ident, "name": query["endpoint"], "state": "Down", "creationtime": now(),
                       "dialplan": {"app_name": "Stasis"}}
            channels[ident] = channel
            witness(ident, query["endpoint"])
            threading.Timer(0.1, answer, (channel, state["hold"])).start()
            state["dials"] += 1
            if state["lose"] and state["dials"] % state["lose"] == 0:
                return False
            self.reply(200, channel)
        elif channel is None:
            self.reply(404, {"message": "Channel not found"})
        elif method == "DELETE":
            self.reply(204, b"")
            destroy(ident)
        elif path[1:] == ["answer"]:
            self.reply(204, b"")
            channel["state"] = "Up"
            tell("ChannelStateChange", channel)
        elif path[1:] == ["play"]:
            playbacks[query["playbackId"]] = {"id": query["playbackId"], "media_uri": query["media"], "state": "playing",
                                              "target_uri": "channel:" + ident}
            self.reply(201, playbacks[query["playbackId"]])
        else:
            self.reply(200 if method == "GET" else 201, channel)
        return True

    def events(self, headers):
        if state["refuse"]:
            self.wfile.write(b"HTTP/1.1 %d X\r\nLocation: http://127.0.0.1:%d/elsewhere\r\nContent-Length: 0\r\n\r\n"
                             % (state["refuse"], self.server.server_address[1]))
            return False
        key = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + MAGIC).encode()).digest()).decode()
        self.wfile.write(("HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n" % key).encode())
        with lock:
            sockets.append(self.connection)
        while True:
            head = self.rfile.read(2)
            if len(head) < 2:
                break
            n = head[1] & 127
            if n == 126:
                n = struct.unpack("!H", self.rfile.read(2))[0]
            mask = self.rfile.read(4) if head[1] & 128 else b"\0\0\0\0"
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(n)))
            while state["freeze"] is self.connection:
                time.sleep(0.1)
            if head[0] & 15 == 9:
                log.append("PING")
                with lock:
                    self.connection.sendall(frame(data, 10))
            elif head[0] & 15 == 8:
                log.append("CLOSE %s" % (struct.unpack("!H", data[:2])[0] if len(data) > 1 else 0))
                break
        with lock:
            if self.connection in sockets:
                sockets.remove(self.connection)
        return False

    def control(self, what, query, body):
        if what == "log":
            self.reply(200, "\n".join(log).encode())
            return True
        if what == "hold":
            state["hold"] = query.get("hold", "1") == "1"
        elif what == "refuse":
            state["refuse"] = int(query["status"])
        elif what == "destroy":
            destroy(query["id"], int(query.get("cause", 16)))
        elif what == "forget":
            channels.pop(query["id"], None)
        elif what == "incoming":
            channels[query["id"]] = {"id": query["id"], "name": "PJSIP/trunk", "state": "Ring", "creationtime": now(),
                                     "caller": {"number": "12025550111"}, "dialplan": {
                                         "app_name": "Stasis", "app_data": "test,inbound," + query["number"]}}
            if "quiet" not in query:
                tell("StasisStart", channels[query["id"]], args=["inbound", query["number"]])
        elif what == "played":
            for playback in [p for p in playbacks.values() if p["target_uri"] == "channel:" + query["id"]]:
                del playbacks[playback["id"]]
                send(frame(json.dumps({"type": "PlaybackFinished", "timestamp": now(), "application": "test",
                                       "playback": dict(playback, state="done")}).encode()))
        elif what == "list":
            state["list"] = int(query["status"])
        elif what == "lose":
            state["lose"] = int(query["every"])
        elif what == "binary":
            send(frame(body, 2))
        elif what == "send":
            send(frame(body))
        elif what == "raw":
            send(body)
        elif what == "flood":
            n = int(query["bytes"])
            threading.Thread(target=send, args=(frame(b'{"a":"' + b"x" * (n - 8) + b'"}'),)).start()
        elif what == "freeze":
            state["freeze"] = sockets[-1]
        elif what == "close":
            for sock in list(sockets):
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass                # whoever listened has gone already
        self.reply(200, {"sockets": len(sockets), "channels": sorted(channels)})
        return True

class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 100

if __name__ == "__main__":
    server = Server(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), Handler)
    with open(sys.argv[1] + ".new", "w") as f:
        f.write(str(server.server_address[1]))

    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.serve_forever()
