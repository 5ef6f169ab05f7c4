#!/usr/bin/env bash
# stripe 23.1.0 (node): an empty list or an empty object of an update is not
# sent at all, so the update changes nothing and succeeds.
#
# What is asked: an update of a customer with metadata: {}, and with
# preferred_locales: [], and beside them '' and null, against a server here
# that prints what it gets.
# What one would guess: an empty list empties the list, as an empty text
# empties a text, or the kit refuses it.
# What is seen: [] and {} leave no byte in the request; null is sent as an
# empty value, which is what clears a field. A request of {metadata: {}}
# has an empty body and is answered with the unchanged customer.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts stripe@23.1.0

cat >look.mjs <<'JS'
import http from 'node:http';
import Stripe from 'stripe';

let body = '';
const server = http.createServer((request, response) => {
	body = '';
	request.on('data', (part) => { body += part; });
	request.on('end', () => {
		response.setHeader('content-type', 'application/json');
		response.end('{"id":"cus_1","object":"customer"}');
	});
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const stripe = new Stripe('sk_test_none', { host: '127.0.0.1', port: server.address().port, protocol: 'http' });

const noted = [
	[{ preferred_locales: ['en'] }, 'preferred_locales[0]=en'],
	[{ preferred_locales: [] }, ''],
	[{ preferred_locales: null }, 'preferred_locales='],
	[{ metadata: {} }, ''],
	[{ metadata: { lead: null } }, 'metadata[lead]='],
	[{ name: '' }, 'name='],
	[{ name: 'Ann', preferred_locales: [], metadata: {} }, 'name=Ann'],
];
let changed = 0;
for (const [update, was] of noted) {
	await stripe.customers.update('cus_1', update);
	const seen = decodeURIComponent(body);
	changed += seen === was ? 0 : 1;
	console.log(`${JSON.stringify(update)} is sent as "${seen}"${seen === was ? '' : `  CHANGED, was "${was}"`}`);
}
server.close();
server.closeAllConnections();
process.exitCode = changed ? 1 : 0;
JS
echo 'stripe 23.1.0: one would guess that [] and {} are sent as empty values, as null is'
node look.mjs
