#!/usr/bin/env python3
"""smtpd.py PORT LOG [CERTIFICATE KEY]   a mail server on the loopback that writes down what it takes, a line of JSON each

It takes AUTH PLAIN of us:secret, and STARTTLS with a certificate.  By the recipient's name: nobody@ is unknown (550), later@ is not
taken the first time (451), full@ never (552 after the message), slow@ is not answered.  auth@ as the sender wants a login.
"""
import base64, json, socketserver, ssl, sys, threading, time

port, log = int(sys.argv[1]), sys.argv[2]
context = None
if len(sys.argv) > 4:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
seen, lock = set(), threading.Lock()


def note(**what):
    with lock, open(log, 'a') as out:
        out.write(json.dumps(what) + '\n')


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write((text + '\r\n').encode())

    def handle(self):
        user = sender = recipient = None
        secure = False
        self.say('220 test ESMTP')
        while True:
            line = self.rfile.readline().decode('latin-1').rstrip('\r\n')
            word = line[:4].upper()
            if not line or word == 'QUIT':
                self.say('221 bye')
                return
            if word == 'EHLO':
                extras = ['AUTH PLAIN'] + (['STARTTLS'] if context and not secure else [])
                self.say('\r\n'.join(['250-test'] + ['250-' + x for x in extras[:-1]] + ['250 ' + extras[-1]]))
            elif word == 'STAR':
                self.say('220 go ahead')
                try:
                    self.connection = context.wrap_socket(self.connection, server_side=True)
                except (ssl.SSLError, OSError) as error:
                    note(tls=type(error).__name__)
                    return
                self.rfile, self.wfile, secure = self.connection.makefile('rb'), self.connection.makefile('wb', 0), True
            elif word == 'AUTH':
                if len(line.split()) < 3:
                    self.say('334 ')
                    line = 'AUTH PLAIN ' + self.rfile.readline().decode().strip()
                _, name, password = base64.b64decode(line.split()[2]).decode().split('\0')
                if (name, password) == ('us', 'secret'):
                    user = name
                self.say('235 welcome' if user else '535 wrong password')
            elif word == 'MAIL':
                sender = line[line.index('<') + 1:line.index('>')]
                self.say('530 log in first' if sender.startswith('auth@') and not user else '250 ok')
            elif word == 'RCPT':
                recipient = line[line.index('<') + 1:line.index('>')]
                name = recipient.split('@')[0]
                if name == 'slow':
                    time.sleep(60)
                first = recipient not in seen
                seen.add(recipient)
                self.say('550 no such user' if name == 'nobody' else '451 come back later' if name == 'later' and first else '250 ok')
            elif word == 'DATA':
                self.say('354 go on')
                lines = []
                while (got := self.rfile.readline()) not in (b'.\r\n', b''):
                    lines.append(got[1:] if got.startswith(b'.') else got)
                if recipient.startswith('full@'):
                    self.say('552 mailbox is full')
                    continue
                note(user=user, sender=sender, recipient=recipient, secure=secure, message=b''.join(lines).decode('latin-1'))
                self.say('250 taken')
            else:
                self.say('250 ok')


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


Server(('127.0.0.1', port), Session).serve_forever()
