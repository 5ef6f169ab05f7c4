#!/usr/bin/env bash
# sdp-transform 3.0.0: a media line with a number of ports loses its type, its
# port, its protocol and its payloads, and no error is raised.
#
# What is asked: a session description with the two media lines
# "m=audio 54400 RTP/AVP 0" and "m=audio 54402/2 RTP/AVP 8", read and written.
# What one would guess: "/2" is in the grammar of RFC 8866 (5.14, a number of
# ports), so it is read, or parse() throws.
# What is seen: the second line is read as a medium of which only the
# attributes are left, and write() makes "m=undefined NaN undefined" of it
# (blanks at the end): an answer that the far side cannot read. A service in
# the middle that only changes one attribute passes this on.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts sdp-transform@3.0.0

cat >look.mjs <<'JS'
import { createRequire } from 'node:module';
const sdp = createRequire(import.meta.url)('sdp-transform');

const offer = ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0',
	'm=audio 54400 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'm=audio 54402/2 RTP/AVP 8', 'a=rtpmap:8 PCMA/8000', ''].join('\r\n');
const noted = ['m=audio 54400 RTP/AVP 0', 'm=undefined NaN undefined'];
const read = sdp.parse(offer);
const written = sdp.write(read).split('\r\n').filter((line) => line.startsWith('m=')).map((line) => line.trim());
const media = read.media.map(({ type, port, protocol, rtp }) => ({ type, port, protocol, rtp }));
media.forEach((medium, i) => console.log(`read:    ${JSON.stringify(medium)}\nwritten: ${written[i]}`));
const same = JSON.stringify(written) === JSON.stringify(noted) && media[1].port === undefined
	&& media[1].rtp[0].codec === 'PCMA';
console.log(same ? 'as noted' : `CHANGED, was ${noted.join(' and ')}`);
process.exitCode = same ? 0 : 1;
JS
echo 'sdp-transform 3.0.0: one would guess port 54402 and "m=audio 54402/2 RTP/AVP 8", or an error'
node look.mjs
