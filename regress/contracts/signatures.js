#!/usr/bin/env node
/*
 * signatures.js [PROVIDER...]
 *	Webhooks as carriers sign them, judged by us and by the carrier's own library: both must agree on every one, and on the
 *	same one with one bit changed.  COUNT (10000) messages a carrier; SEED=n repeats them.
 */
'use strict';
const crypto = require('crypto');
const querystring = require('querystring');
const { Drivers, ok, done, skipAll, note } = require('./lib');

const library = (name) => {
	try {
		return require(name);
	} catch (error) {
		return null;
	}
};
const COUNT = Number(process.env.COUNT || 10000);
const SEED = Number(process.env.SEED || crypto.randomBytes(4).readUInt32BE());
const NOW = Math.floor(Date.now() / 1000); /* Telnyx' library reads the clock itself */

/* ---- generated messages ---- */

let state = SEED >>> 0;
function random() {
	state = (state + 0x6d2b79f5) >>> 0;
	let t = state;
	t = Math.imul(t ^ (t >>> 15), t | 1);
	t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (part) => random() < part;
const times = (n, make) => Array.from({ length: n }, make);
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const word = (least = 1, most = 12) => times(least + below(most - least + 1), () => pick(LETTERS)).join('');
const PIECES = ['é', 'ß', '李', '\u{1F600}', ' ', '+', '&', '=', '%', '?', '#', '/', ':', '"', "'", '<', '.', ',', ';', '~', '*', '!', '\n', '\t', '\r\n', '\u00A0', '\uFFFD', '[]', '\u202E', 'İ', 'ﬁ', '\u{10FFFF}'];
const text = () => times(below(6), () => (chance(0.6) ? word(1, 6) : pick(PIECES))).join('');
const NAMES = ['CallSid', 'CallStatus', 'From', 'To', 'Digits', 'SpeechResult', 'a', 'A', 'aa', 'Z', '_', 'Legs[0]', 'x.y', 'é', '李', '\u{1F600}', '\uFB01', '10', '9', 'CallUUID', 'Event'];
const name = () => (chance(0.8) ? pick(NAMES) : word() + (chance(0.2) ? pick(PIECES) : ''));

/* A text in a form or a query, in one of the ways that there are to write it. */
function encoded(value, raw) {
	const way = below(4);
	if (way === 0) return encodeURIComponent(value).replace(/%20/g, '+');
	if (way === 1) return encodeURIComponent(value);
	if (way === 2) return [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
	return encodeURIComponent(value).replace(/%(2[1-9A-F]|3A|3B|40|5B|5D)/gi, (whole, hex) => (raw && !/^(2[356BF])$/i.test(hex) ? String.fromCharCode(parseInt(hex, 16)) : whole));
}

/* name=value, with names that repeat, values that are empty, and equal pairs. */
function pairs(most) {
	const list = times(below(most + 1), () => [name(), text()]);
	if (list.length > 0 && chance(0.3)) list.push([pick(list)[0], text()]);
	if (list.length > 0 && chance(0.2)) list.push([...pick(list)]);
	return list;
}
const written = (list, raw) => list.map(([key, value]) => `${encoded(key, raw)}=${encoded(value, raw)}`).join('&');

const host = () => `${pick(['hooks', 'Hooks', 'h', 'a-b', word(1, 8)])}.example.${pick(['com', 'org'])}`;
const path = () => '/' + times(below(4), () => (chance(0.85) ? word() : encodeURIComponent(text()))).join('/');

function bitOf(buffer, index) {
	const copy = Buffer.from(buffer);
	copy[index >> 3] ^= 1 << (index & 7);
	return copy;
}
const changed = (buffer) => (buffer.length === 0 ? Buffer.from('x') : bitOf(buffer, below(buffer.length * 8)));

/* Another URL of the same form.  Twilio's library takes the same one written otherwise (the host's case, an escape's), too. */
const plainUrl = (url) => `${new URL(url).href.split('?')[0]}?${querystring.stringify(querystring.parse(url.split('?').slice(1).join('?')))}`;
function changedUrl(url) {
	for (let tries = 0; tries < 200; tries++) {
		const bytes = Buffer.from(url);
		const index = bytes.indexOf('/', 8) < 0 ? 8 : 8 + below(bytes.length - 8);
		const other = bitOf(bytes, index * 8 + below(7)).toString('latin1');
		if (/^https?:\/\/[A-Za-z0-9.-]+(:[0-9]+)?\/[A-Za-z0-9\-._~\/?&=%+]*$/.test(other) && !/%(?![0-9A-Fa-f]{2})/.test(other) && URL.canParse(other) && plainUrl(other) !== plainUrl(url)) return other;
	}
	return `${url}x`;
}
const changedWord = (value) => {
	const index = below(value.length);
	const other = String.fromCharCode(value.charCodeAt(index) ^ 1);
	return value.slice(0, index) + other + value.slice(index + 1);
};

/* ---- carriers: make() a signed message, alter() one bit of it, judge() by the library ---- */

const form = (buffer) => {
	const params = Object.create(null);
	for (const [key, value] of new URLSearchParams(buffer.toString('utf8')))
		params[key] = key in params ? [].concat(params[key], value) : value;
	return { ...params };
};
const FORM = 'application/x-www-form-urlencoded';

const carriers = {
	twilio: {
		library: 'twilio',
		make(twilio) {
			const scheme = pick(['https', 'https', 'http']);
			const port = pick(['', '', ':443', ':80', ':8443']);
			const kind = pick(['form', 'form', 'form', 'get', 'json']);
			const message = { secret: word(32, 32), method: kind === 'get' ? 'GET' : 'POST', body: Buffer.alloc(0), headers: {} };
			let query = written(pairs(kind === 'get' ? 6 : 3), true);
			if (kind === 'json') {
				message.body = Buffer.from(JSON.stringify({ [name()]: text(), list: times(below(3), text) }));
				query = `${query}${query ? '&' : ''}bodySHA256=${crypto.createHash('sha256').update(message.body).digest('hex')}`;
				message.headers['content-type'] = 'application/json';
			} else if (kind === 'form') {
				message.body = Buffer.from(written(pairs(10), true));
				message.headers['content-type'] = pick([FORM, `${FORM}; charset=UTF-8`]);
			}
			message.url = `${scheme}://${host()}${port}${path()}${query || chance(0.1) ? `?${query}` : ''}`;
			let signed = message.url;
			if (chance(0.3)) signed = port ? signed.replace(port, '') : signed.replace(/^(https?:\/\/[^/]*)/, `$1${scheme === 'https' ? ':443' : ':80'}`);
			message.headers['x-twilio-signature'] = twilio.getExpectedTwilioSignature(message.secret, signed, kind === 'form' ? form(message.body) : {});
			return message;
		},
		judge(twilio, { secret, url, method, body, headers }) {
			const signature = headers['x-twilio-signature'];
			if (headers['content-type'] === 'application/json') return twilio.validateRequestWithBody(secret, signature, url, body.toString('utf8'));
			return twilio.validateRequest(secret, signature, url, method === 'GET' ? {} : form(body));
		},
		alter(message) {
			const what = pick(['signature', 'secret', 'url', message.body.length > 0 ? 'body' : 'url']);
			if (what === 'signature') message.headers['x-twilio-signature'] = changed(Buffer.from(message.headers['x-twilio-signature'], 'base64')).toString('base64');
			else if (what === 'secret') message.secret = changedWord(message.secret);
			else if (what === 'url') message.url = changedUrl(message.url);
			else message.body = changed(message.body);
		},
	},

	plivo: {
		library: 'plivo',
		/* The library signs nothing: what it compares with is overheard. */
		overhear(plivo, message) {
			const { createHmac } = crypto;
			let digest;
			crypto.createHmac = (...of) => {
				const hmac = createHmac(...of);
				const { digest: finish } = hmac;
				hmac.digest = function (...how) { return (digest = finish.apply(this, how)); };
				return hmac;
			};
			try {
				this.judge(plivo, message);
			} finally {
				crypto.createHmac = createHmac;
			}
			return digest;
		},
		make(plivo) {
			const get = chance(0.3);
			const query = written(pairs(3), false);
			const message = {
				secret: word(28, 40), method: get ? 'GET' : 'POST', body: Buffer.alloc(0),
				url: `https://${host().toLowerCase()}${pick(['', '', ':8443'])}${path()}${query ? `?${query}` : ''}`,
				headers: { 'x-plivo-signature-v3-nonce': times(20, () => below(10)).join(''), 'x-plivo-signature-v3': 'x' },
			};
			if (!get) {
				message.body = Buffer.from(written(pairs(10), true));
				message.headers['content-type'] = FORM;
			}
			const signature = this.overhear(plivo, message);
			message.headers['x-plivo-signature-v3'] = chance(0.2) ? `${crypto.createHash('sha256').update(word()).digest('base64')},${signature}` : signature;
			return message;
		},
		judge(plivo, { secret, url, method, body, headers }) {
			return plivo.validateV3Signature(method, url, headers['x-plivo-signature-v3-nonce'], secret, headers['x-plivo-signature-v3'], method === 'GET' ? {} : form(body));
		},
		alter(message) {
			const what = pick(['signature', 'nonce', 'secret', 'url', message.body.length > 0 ? 'body' : 'url']);
			const all = message.headers['x-plivo-signature-v3'].split(',');
			if (what === 'signature') message.headers['x-plivo-signature-v3'] = [...all.slice(0, -1), changed(Buffer.from(all.pop(), 'base64')).toString('base64')].join(',');
			else if (what === 'nonce') message.headers['x-plivo-signature-v3-nonce'] = changedWord(message.headers['x-plivo-signature-v3-nonce']);
			else if (what === 'secret') message.secret = changedWord(message.secret);
			else if (what === 'url') message.url = changedUrl(message.url);
			else message.body = changed(message.body);
		},
	},

	telnyx: {
		library: 'telnyx/lib/webhooks',
		keys: null,
		make() {
			this.keys = this.keys || times(20, () => {
				const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
				return { privateKey, secret: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64') };
			});
			const { privateKey, secret } = pick(this.keys);
			const body = Buffer.from(JSON.stringify({ data: { event_type: 'call.hangup', id: crypto.randomUUID(), payload: { text: text(), [name()]: text() } } }, null, pick([0, 1, '\t'])));
			/* Not so near to the limit that the time which passes decides. */
			const at = String(NOW + pick([0, -1, 1, -100, 200, -240, 240, -400, 400, -1e6]));
			return {
				secret, method: 'POST', url: 'https://hooks.example.com/w', body,
				headers: { 'content-type': 'application/json', 'telnyx-timestamp': at, 'telnyx-signature-ed25519': crypto.sign(null, Buffer.concat([Buffer.from(`${at}|`), body]), privateKey).toString('base64') },
			};
		},
		judge: ({ TelnyxWebhook }, { secret, body, headers }) => new TelnyxWebhook(secret).verify(body.toString('utf8'), headers).then(() => true, () => false),
		alter(message) {
			const what = pick(['signature', 'key', 'time', 'body', 'body']);
			const signature = 'telnyx-signature-ed25519';
			if (what === 'signature') message.headers[signature] = changed(Buffer.from(message.headers[signature], 'base64')).toString('base64');
			else if (what === 'key') message.secret = changed(Buffer.from(message.secret, 'base64')).toString('base64');
			else if (what === 'time') message.headers['telnyx-timestamp'] = changedWord(message.headers['telnyx-timestamp']);
			else message.body = changed(message.body);
		},
	},

	vonage: {
		library: '@vonage/jwt',
		make() {
			const secret = word(16, 64);
			const body = Buffer.from(JSON.stringify({ uuid: crypto.randomUUID(), status: pick(['started', 'completed']), detail: text(), [name()]: text() }));
			const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
			const claims = {
				iat: NOW + pick([0, -1, 1, -100, 200, -240, 240, -400, 400, -1e6]), jti: crypto.randomUUID(), iss: 'Vonage',
				payload_hash: crypto.createHash('sha256').update(body).digest('hex'), api_key: word(8, 8), application_id: crypto.randomUUID(),
			};
			const signed = `${part(pick([{ alg: 'HS256', typ: 'JWT' }, { typ: 'JWT', alg: 'HS256' }]))}.${part(claims)}`;
			return {
				secret, method: 'POST', url: 'https://hooks.example.com/w', body,
				headers: { 'content-type': 'application/json', authorization: `Bearer ${signed}.${crypto.createHmac('sha256', secret).update(signed).digest('base64url')}` },
			};
		},
		/* The library judges the token; what its claims say of the body and the time is left to its user, as documented. */
		judge({ verifySignature }, { secret, body, headers }) {
			const token = headers.authorization.slice(7);
			if (!verifySignature(token, secret)) return false;
			const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
			return claims.iss === 'Vonage' && Math.abs(NOW - claims.iat) <= 300 && claims.payload_hash === crypto.createHash('sha256').update(body).digest('hex');
		},
		alter(message) {
			const what = pick(['token', 'token', 'secret', 'body']);
			if (what === 'token') {
				const parts = message.headers.authorization.slice(7).split('.');
				const index = below(3);
				parts[index] = changed(Buffer.from(parts[index], 'base64url')).toString('base64url');
				message.headers.authorization = `Bearer ${parts.join('.')}`;
			} else if (what === 'secret') message.secret = changedWord(message.secret);
			else message.body = changed(message.body);
		},
	},
};

/* ---- both judge ---- */

async function theirs(carrier, sdk, message) {
	try {
		return Boolean(await carrier.judge(sdk, message));
	} catch (error) {
		return false;
	}
}

const question = (provider, { secret, url, method, body, headers }) => ({
	provider, do: 'verify', secret, now: NOW,
	message: { method, url, query: url.includes('?') ? url.slice(url.indexOf('?') + 1) : undefined, headers, body_base64: body.toString('base64') },
});

async function tryCarrier(drivers, provider, carrier, sdk) {
	const counts = { good: 0, bad: 0, different: 0 };
	const different = [];
	for (let from = 0; from < COUNT; from += 500) {
		const batch = [];
		for (let i = from; i < Math.min(from + 500, COUNT); i++) {
			const message = carrier.make(sdk);
			const other = { ...message, headers: { ...message.headers } };
			carrier.alter(other);
			batch.push(message, other);
		}
		await Promise.all(batch.map(async (message) => {
			const [ours, their] = await Promise.all([drivers.ask(question(provider, message)), theirs(carrier, sdk, message)]);
			counts[their ? 'good' : 'bad']++;
			if (ours.ok !== their) {
				counts.different++;
				if (different.length < 3) different.push(`${their ? 'they take' : 'we take'} ${JSON.stringify({ ...message, body: message.body.toString('utf8') })}: ${ours.why}`);
			}
		}));
	}
	ok(counts.different === 0, `${provider}: we agree with its library on ${2 * COUNT} messages (${counts.good} good)`, `${counts.different} differ\n${different.join('\n')}`);
	ok(counts.good >= COUNT * 0.4 && counts.bad >= COUNT * 0.9, `${provider}: of both kinds there are enough`, JSON.stringify(counts));
}

async function main() {
	const wanted = process.argv.slice(2);
	const drivers = new Drivers();
	const known = await drivers.ask({ do: 'describe' });
	note(`SEED=${SEED}`);
	let tried = 0;
	for (const [provider, carrier] of Object.entries(carriers)) {
		if (!known[provider] || (wanted.length > 0 && !wanted.includes(provider))) continue;
		const sdk = library(carrier.library);
		if (!sdk) continue;
		tried++;
		await tryCarrier(drivers, provider, carrier, sdk);
	}
	ok((await drivers.end()) === 0, 'the drivers end well');
	if (tried === 0) skipAll("no carrier's library is installed");
	done();
}

main().catch((error) => {
	ok(false, 'ended early', `${error.stack} (SEED=${SEED})`);
	done();
	process.exit(1);
});
