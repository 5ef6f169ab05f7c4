#!/usr/bin/env bash
# JsSIP 3.13.8 and sip.js 0.21.2: a SIP URI that is read and written again has
# another user part when the number carries parameters.
#
# What is asked: sip:+12125550100;ext=5@example.com, read by each library and
# turned into text, as it is when the URI becomes the target of a request.
# What one would guess: the same URI. ";" and "=" may stand unescaped in the
# user part, and RFC 3261 19.1.4 says that a reserved character and its %HH
# form are not equal.
# What is seen: both write sip:+12125550100%3Bext%3D5@example.com, also
# sip.js's toRaw(): a proxy that reads ";ext=5" or ";phone-context=" in the
# number (RFC 3966 in a SIP URI) sees a user of another name. drachtio-srf
# 5.0.29 hands the user part on as it stands.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts jssip@3.13.8 sip.js@0.21.2 drachtio-srf@5.0.29

cat >look.cjs <<'JS'
const JsSIP = require('jssip');
const { UserAgent } = require('sip.js');
const { parseUri } = require('drachtio-srf');

const users = ['alice', '+12125550100', '+12125550100;ext=5', '5550100;phone-context=+1212'];
const writers = {
	'jssip': (uri) => JsSIP.URI.parse(uri).toString(),
	'sip.js': (uri) => UserAgent.makeURI(uri).toString(),
	'sip.js, toRaw()': (uri) => UserAgent.makeURI(uri).toRaw(),
	'drachtio-srf': (uri) => `sip:${parseUri(uri).user}@${parseUri(uri).host}`,
};
let changed = 0;
for (const user of users) {
	const uri = `sip:${user}@example.com`;
	for (const [name, write] of Object.entries(writers)) {
		const escaped = `sip:${user.replace(';', '%3B').replace('=', '%3D')}@example.com`;
		const was = name === 'drachtio-srf' ? uri : escaped;
		const seen = write(uri);
		changed += seen === was ? 0 : 1;
		console.log(`${name}: ${uri} is written as ${seen}${seen === was ? '' : `  CHANGED, was ${was}`}`);
	}
}
process.exitCode = changed ? 1 : 0;
JS
echo 'jssip 3.13.8, sip.js 0.21.2, drachtio-srf 5.0.29: one would guess that each URI is written as it was read'
node look.cjs
