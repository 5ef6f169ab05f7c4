/*
 * The door to the database: functions, events, and the token, which is kept in this tab's memory alone.
 */
let token = null;
let ended = () => {};

export class Refusal extends Error {
	constructor(status, body) {
		super(body.message || `HTTP ${status}`);
		Object.assign(this, { status, code: body.code, details: body.details, hint: body.hint });
	}
}

export function whenEnded(listener) {
	ended = listener;
}

/* The answer of a function; throws a Refusal. */
export async function rpc(name, values = {}) {
	const headers = { 'Content-Type': 'application/json' };
	if (token) {
		headers.Authorization = `Bearer ${token}`;
	}
	const mine = token;
	let answer;
	try {
		answer = await fetch(`/rpc/${name}`, { method: 'POST', headers, body: JSON.stringify(values), cache: 'no-store' });
	} catch (error) {
		throw new Refusal(0, { message: String(error.message) });
	}
	const text = await answer.text();
	let body = null;
	try {
		body = text === '' ? null : JSON.parse(text);
	} catch {
		throw new Refusal(answer.status, { message: text.slice(0, 200) });
	}
	if (answer.ok) {
		return body;
	}
	if (answer.status === 401 && mine && mine === token) {
		forget();
	}
	throw new Refusal(answer.status, body || {});
}

export async function login(values) {
	token = await rpc('login', values);
	listen(token);
}

export function forget() {
	token = null;
	ended();
}

/* ----- events: one stream, whoever wants to know ----- */

const listeners = new Set();

export function onEvents(listener) {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function listen(mine) {
	let last = null;
	let wait = 1000;
	while (token === mine) {
		const headers = { Authorization: `Bearer ${mine}`, ...(last ? { 'Last-Event-ID': last } : {}) };
		try {
			const answer = await fetch('/events', { headers, cache: 'no-store' });
			const text = await answer.text();
			if (token !== mine) {
				return;
			}
			if (answer.status === 401 || answer.status === 403) {
				forget();
				return;
			}
			if (!answer.ok) {
				throw new Error(text);
			}
			wait = 1000;
			const events = [];
			for (const line of text.split('\n')) {
				if (line.startsWith('id: ')) {
					last = line.slice(4);
				} else if (line.startsWith('data: ')) {
					events.push(...JSON.parse(line.slice(6)));
				}
			}
			if (events.length > 0) {
				listeners.forEach((listener) => listener(events));
			}
		} catch {
			await pause(wait);
			wait = Math.min(wait * 2, 30000);
		}
	}
}
