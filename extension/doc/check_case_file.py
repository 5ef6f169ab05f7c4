#!/usr/bin/env python3
"""Checks a case file (voiceagent.case_file) without a database.

    check_case_file.py FILE [KEY]

FILE is the JSON as case_file() returned it.  KEY is what case_file_key() of the
database that made it returns; without one the file's own key is used, which
proves that nothing was changed, and not by whom it was signed.

A digest is SHA-256 of the digest before it, the part's name and its content,
joined by newlines; the signature is Ed25519 over the format, a newline and the
last digest.  Needs Python 3 and OpenSSL's command.  Ends with 0 when all is
well, 1 when not, 2 when the file cannot be read.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

FORMAT = 'voiceagent case file 1'


def signature_is_good(key, signature, message):
    with tempfile.TemporaryDirectory() as folder:
        def kept(name, content):
            path = os.path.join(folder, name)
            with open(path, 'wb') as file:
                file.write(content)
            return path
        # SubjectPublicKeyInfo of Ed25519 (RFC 8410), which OpenSSL reads.
        der = kept('key', bytes.fromhex('302a300506032b6570032100') + key)
        done = subprocess.run(['openssl', 'pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', der, '-rawin',
                               '-in', kept('message', message), '-sigfile', kept('signature', signature)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return done.returncode == 0


def check(file, known_key):
    """The first thing that is wrong, or None."""
    if file['format'] != FORMAT:
        return f'this is no file of the format "{FORMAT}"'
    digest = ''
    for part in file['parts']:
        digest = hashlib.sha256('\n'.join([digest, part['name'], part['content']]).encode()).hexdigest()
        if digest != part['digest']:
            return f'the part "{part["name"]}", or the order before it, is not what was signed'
    if known_key and file['key'] != known_key:
        return 'it was signed by another key'
    if not signature_is_good(bytes.fromhex(file['key']), bytes.fromhex(file['signature']),
                             f'{FORMAT}\n{digest}'.encode()):
        return 'the signature is not of these parts'
    return None


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        with open(sys.argv[1], encoding='utf-8') as stream:
            file = json.load(stream)
        wrong = check(file, sys.argv[2] if len(sys.argv) == 3 else None)
        about = json.loads(file['parts'][0]['content'])
    except (OSError, ValueError, KeyError, IndexError, TypeError) as problem:
        print(f'This is no case file: {problem}')
        return 2
    if wrong:
        print(f'Not as it was signed: {wrong}.')
        return 1
    print(f'Good: {len(file["parts"])} parts about {about["phone"]}, made by {about["tenant"]} at {about["made_at"]}.')
    if len(sys.argv) == 2:
        print(f'Signed by {file["key"]}: ask the platform whether that is its key.')
    return 0


if __name__ == '__main__':
    sys.exit(main())
