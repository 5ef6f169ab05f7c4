// Peer of G7: a server that verifies a webhook, applies it by one SQL function and then answers.  node webhooks.js PORTFILE SECRET
const crypto = require('crypto');
const fs = require('fs');
const http = require('http');
const { Pool } = require('pg');

const pool = new Pool({ max: 16 });
const secret = process.argv[3];

async function take(body, headers) {
	const wanted = crypto.createHmac('sha256', secret).update(`${headers['x-timestamp']}.`).update(body).digest();
	const got = Buffer.from(headers['x-signature'] || '', 'hex');
	if (got.length !== wanted.length || !crypto.timingSafeEqual(wanted, got)) return 401;
	await pool.query({ name: 'apply', text: 'SELECT peer.apply($1::jsonb)', values: [body.toString()] });
	return 200;
}

const server = http.createServer((request, response) => {
	const chunks = [];
	request.on('data', (chunk) => chunks.push(chunk));
	request.on('end', () => take(Buffer.concat(chunks), request.headers).catch(() => 500).then((status) => {
		response.writeHead(status, { 'content-type': 'application/json' });
		response.end('{"received":true}');
	}));
});
server.listen(0, '127.0.0.1', () => fs.writeFileSync(process.argv[2], `${server.address().port}\n`));
