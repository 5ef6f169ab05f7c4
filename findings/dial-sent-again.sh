#!/usr/bin/env bash
# telnyx 7.24.0 and plivo 4.79.0 send the request that starts a phone call up
# to three times, unasked; twilio 6.3.1 and @vonage/server-sdk 3.27.0 send it
# once.
#
# What is asked: one outbound call by each vendor's kit, from a server that
# answers each request with 503 (or 429).
# What one would guess: a POST that makes a telephone ring is not repeated by
# a library unless somebody asks for it, or it carries a key by which the
# vendor can tell the repetition from a second call.
# What is seen: telnyx sends it three times on 503 and on 429, with no
# idempotency key among its headers. plivo sends it three times on 503 and once
# on 429, and a text message once only: its list of hosts to fall back to holds
# the same host three times. A server that failed after it had dialled makes
# the telephone ring again.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts telnyx@7.24.0 plivo@4.79.0 twilio@6.3.1 \
	@vonage/server-sdk@3.27.0

cat >look.cjs <<'JS'
const http = require('node:http');
const { generateKeyPairSync } = require('node:crypto');
const to = '+12125550100', from = '+12125550101';
let status = 503, asked = [];
const server = http.createServer((request, response) => {
	request.resume();
	request.on('end', () => {
		asked.push(request.headers);
		response.writeHead(status, { 'content-type': 'application/json' });
		response.end('{"message":"not now","code":1}');
	});
});

/* plivo's addresses are fixed: answer in the place of its HTTP client. */
const axios = require(require.resolve('axios', { paths: [require.resolve('plivo')] }));
axios.defaults.adapter = async (config) => {
	asked.push(config.headers);
	const refused = { status, data: {}, headers: {}, config };
	throw new axios.AxiosError('refused', 'ERR_BAD_RESPONSE', config, null, refused);
};

server.listen(0, '127.0.0.1', async () => {
	const base = `http://127.0.0.1:${server.address().port}`;
	const Telnyx = require('telnyx');
	const telnyx = new (Telnyx.default || Telnyx)({ apiKey: 'key', baseURL: base });
	const { Client } = require('plivo');
	const plivo = new Client('MA' + 'X'.repeat(18), 'token');
	const twilio = require('twilio');
	class Here extends twilio.RequestClient {
		request(options) {
			return super.request({ ...options, uri: options.uri.replace(/^https:..[^/]*/, base) });
		}
	}
	const account = twilio('AC' + '0'.repeat(32), 'token', { httpClient: new Here() });
	const { Vonage } = require('@vonage/server-sdk');
	const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
		.privateKey.export({ type: 'pkcs8', format: 'pem' });
	const applicationId = '11111111-1111-1111-1111-111111111111';
	const vonage = new Vonage({ applicationId, privateKey }, { apiHost: base });

	const ways = {
		'telnyx, a call': () => telnyx.calls.dial({ connection_id: '1', from, to }),
		'plivo, a call': () => plivo.calls.create(from, to, 'https://example.com/answer'),
		'plivo, a text': () => plivo.messages.create({ src: from, dst: to, text: 'Hello' }),
		'twilio, a call': () => account.calls.create({ from, to, twiml: '<Response/>' }),
		'vonage, a call': () => vonage.voice.createOutboundCall({
			to: [{ type: 'phone', number: to.slice(1) }],
			from: { type: 'phone', number: from.slice(1) },
			ncco: [{ action: 'talk', text: 'Hello' }],
		}),
	};
	const noted = {
		503: { 'telnyx, a call': 3, 'plivo, a call': 3, 'plivo, a text': 1, 'twilio, a call': 1, 'vonage, a call': 1 },
		429: { 'telnyx, a call': 3, 'plivo, a call': 1, 'plivo, a text': 1, 'twilio, a call': 1, 'vonage, a call': 1 },
	};
	let changed = 0;
	for (status of [503, 429]) {
		for (const [way, send] of Object.entries(ways)) {
			asked = [];
			await send().then(() => { throw new Error('not refused'); }, () => 0);
			const keys = asked.flatMap((headers) => Object.keys(headers)).filter((name) => /idempotency/i.test(name));
			const same = asked.length === noted[status][way] && keys.length === 0;
			changed += same ? 0 : 1;
			console.log(`${status}: ${way} is sent ${asked.length} times, idempotency keys: ${keys.length}`
				+ (same ? '' : `  CHANGED, was ${noted[status][way]} and 0`));
		}
	}
	server.close();
	server.closeAllConnections();
	process.exitCode = changed ? 1 : 0;
});
JS
echo 'telnyx 7.24.0, plivo 4.79.0, twilio 6.3.1, @vonage/server-sdk 3.27.0: one would guess that each is sent once'
NODE_NO_WARNINGS=1 node look.cjs
