// Signs bodies, one a line, as the carrier does: "timestamp <tab> signature <tab> body".  node sign.js SECRET < bodies > requests
const crypto = require('crypto');
const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter((line) => line !== '');
const secret = process.argv[2], now = Math.floor(Date.now() / 1000);
process.stdout.write(lines.map((body) =>
	`${now}\t${crypto.createHmac('sha256', secret).update(`${now}.${body}`).digest('hex')}\t${body}\n`).join(''));
