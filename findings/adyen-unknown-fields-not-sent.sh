#!/usr/bin/env bash
# @adyen/api-library 32.1.0: a field that this version of the kit does not know
# is not sent, and one of an answer is not handed on; neither is told.
#
# What is asked: a payment session with captureDelayHours, with the same name
# misspelt, and with a field of the future, through a client that keeps the
# request here; and an answer that has a field more.
# What one would guess: the kit sends what it is given, as stripe 23.1.0 does,
# and the server refuses what it does not know; an answer comes whole.
# What is seen: the request is built from the kit's own list of fields: the
# misspelt and the new one are gone, so the payment is captured by the
# account's delay. The answer's new field is gone too, while a new word in a
# field that is known comes through. A price of 10.5 in JPY, whose smallest
# unit is 1, is sent as it is.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @adyen/api-library@32.1.0 stripe@23.1.0

cat >look.cjs <<'JS'
const { Client, CheckoutAPI } = require('@adyen/api-library');
const Stripe = require('stripe');
const http = require('node:http');

let changed = 0;
function note(what, seen, was) {
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${seen}${seen === was ? '' : `  CHANGED, was ${was}`}`);
}
async function adyen(fields) {
	const client = new Client({ apiKey: 'none', environment: 'TEST' });
	let sent;
	client.httpClient = { request: async (_, body) => {
		sent = body;
		return '{"id":"one","mode":"of the future","newest":"field"}';
	} };
	const order = { merchantAccount: 'shop', reference: 'one', returnUrl: 'https://example.com' };
	const answer = await new CheckoutAPI(client).PaymentsApi.sessions({ ...order, ...fields });
	const own = Object.entries(JSON.parse(sent)).filter(([name]) => !(name in order));
	return { sent: JSON.stringify(Object.fromEntries(own)), answer: JSON.stringify(answer) };
}
async function stripe(fields) {
	let body = '';
	const server = http.createServer((request, response) => {
		request.on('data', (part) => { body += part; });
		request.on('end', () => {
			response.setHeader('content-type', 'application/json');
			response.end('{"id":"one"}');
		});
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address();
	const kit = new (Stripe.default || Stripe)('sk_test_none', { host: '127.0.0.1', port, protocol: 'http' });
	await kit.paymentIntents.create(fields);
	server.close();
	server.closeAllConnections();
	return body;
}
async function main() {
	note('adyen, captureDelayHours', (await adyen({ captureDelayHours: 48 })).sent, '{"captureDelayHours":48}');
	note('adyen, misspelt', (await adyen({ captureDelayHour: 48 })).sent, '{}');
	note('adyen, a field of the future', (await adyen({ newest: 1 })).sent, '{}');
	note('adyen, 10.5 in JPY', (await adyen({ amount: { value: 10.5, currency: 'JPY' } })).sent,
		'{"amount":{"currency":"JPY","value":10.5}}');
	note('adyen, the answer', (await adyen({})).answer, '{"id":"one","mode":"of the future"}');
	note('stripe, a field of the future', await stripe({ amount: 1000, newest: 1 }), 'amount=1000&newest=1');
	process.exitCode = changed ? 1 : 0;
}
main();
JS
echo '@adyen/api-library 32.1.0, stripe 23.1.0: one would guess that each field is sent'
node look.cjs
