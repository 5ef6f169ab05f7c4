#!/usr/bin/env bash
# standardwebhooks 1.1.1 (node; many vendors' and CRMs' webhooks): what verify()
# returns of a body that it has verified is not that body: long ids are rounded.
#
# What is asked: verify() of signed bodies with an id of 17 digits, an amount
# with a fraction, a key that stands twice, and no body at all.
# What one would guess: what was signed comes back as it was.
# What is seen: it comes back through JSON.parse: 9007199254740993 ends in 2,
# 19.90 is 19.9, of two keys the later one is left, and of an empty body there
# is undefined. {jsonParse: false} returns undefined of every body: the bytes
# that were verified are to be parsed by whoever has them.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts standardwebhooks@1.1.1

cat >look.mjs <<'JS'
import { Webhook } from 'standardwebhooks';

const hook = new Webhook('whsec_' + Buffer.alloc(24, 7).toString('base64'));
const verified = (body, options) => {
	const now = new Date();
	const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(now / 1000)), 'webhook-signature': hook.sign('msg_1', now, body) };
	return JSON.stringify(hook.verify(body, headers, options)) ?? 'undefined';
};
const noted = [
	['{"contact":9007199254740993}', undefined, '{"contact":9007199254740992}'],
	['{"amount":19.90}', undefined, '{"amount":19.9}'],
	['{"phone":"+12125550100","phone":"+12125550101"}', undefined, '{"phone":"+12125550101"}'],
	['', undefined, 'undefined'],
	['{"contact":1}', { jsonParse: false }, 'undefined'],
];
let changed = 0;
for (const [body, options, was] of noted) {
	const seen = verified(body, options);
	changed += seen === was ? 0 : 1;
	console.log(`${body || '(no body)'}${options ? ' unparsed' : ''} comes back as ${seen}${seen === was ? '' : `  CHANGED, was ${was}`}`);
}
process.exitCode = changed ? 1 : 0;
JS
echo 'standardwebhooks 1.1.1: one would guess that what was verified comes back as it was signed'
node look.mjs
