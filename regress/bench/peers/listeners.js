/*
 * listeners.js URL TOKENS N   holds N requests of /events, by the tokens of the file TOKENS in turn, and asks again as a browser does
 *
 * Prints "held N" once all are answered with a cursor and ask behind it, then goes on until it is killed.
 */
import http from 'node:http';
import { readFileSync } from 'node:fs';

const [url, tokens, wanted] = process.argv.slice(2);
const bearers = readFileSync(tokens, 'utf8').trim().split('\n');
const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });
let held = 0;
let refused = 0;

function ask(n, last) {
	const headers = { Authorization: `Bearer ${bearers[n % bearers.length]}`, ...(last ? { 'Last-Event-ID': last } : {}) };
	const request = http.get(`${url}/events`, { agent, headers }, (answer) => {
		let text = '';
		answer.on('data', (bytes) => { text += bytes; });
		answer.on('end', () => {
			if (answer.statusCode !== 200) {
				refused += 1;
				setTimeout(() => ask(n, last), 500);
				return;
			}
			const next = (text.match(/^id: (\d+)/gm) || []).pop();
			if (!last && next) {
				held += 1;
			}
			ask(n, next ? next.slice(4) : last);
		});
	});
	request.on('error', () => setTimeout(() => ask(n, last), 500));
}

/* A few at a time: a browser's first question is answered at once. */
let begun = 0;
const begin = setInterval(() => {
	for (let i = 0; i < 20 && begun < Number(wanted) && begun - held < 100; i += 1) {
		ask(begun, null);
		begun += 1;
	}
	if (held >= Number(wanted)) {
		clearInterval(begin);
		console.log(`held ${held}`);
		console.log(`refused ${refused}`);
	}
}, 20);
