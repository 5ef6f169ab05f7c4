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

/* The answer of a function, to its named arguments, or to a Blob as the one that has no name; throws a Refusal. */
export async function rpc(name, values = {}, options = {}) {
	const whole = values instanceof Blob;
	const headers = { 'Content-Type': whole ? 'application/octet-stream' : 'application/json', ...options };
	if (token) {
		headers.Authorization = `Bearer ${token}`;
	}
	const mine = token;
	let answer;
	try {
		answer = await fetch(`/rpc/${name}`, { method: 'POST', headers, body: whole ? values : JSON.stringify(values), cache: 'no-store' });
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
	if (answer.status === 401 && !['renew_session', 'add_workspace'].includes(name) && mine && mine === token) {
		forget();
	}
	/* Where passwords are not taken, the way in is the workspace's own provider. */
	const [there] = /\/sign-on\/\d+/.exec((answer.status === 403 && body && body.hint) || '') || [];
	if (there) {
		location.href = there;
	}
	throw new Refusal(answer.status, body || {});
}

/* The same of what may take minutes: the door keeps it, and events tell when to look for the answer. */
export async function later(name, values) {
	const taken = await rpc(name, values, { Prefer: 'respond-async' });
	const id = taken && taken.deferred_request_id;
	while (id) {
		const stop = await new Promise((done) => {
			const end = onEvents((events) => events.some((e) => e.event_type === 'request_answered') && done(end));
			setTimeout(done, 3000, end);
		});
		stop();
		const { state, status, answer } = await rpc('deferred_request', { deferred_request_id: id });
		if (state === 'canceled' || status >= 400) {
			throw new Refusal(status || 409, answer || { message: state });
		} else if (state === 'done') {
			return answer;
		}
	}
	return taken;
}

const payload = (jwt) => JSON.parse(atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
let renewal = null;

/* A session goes on while the page is open: renewed when half of the token's time is over, until the database says no.  The staff's do not. */
function take(fresh) {
	const { iat, exp, tenant_id: workspace, member_id: who } = payload(fresh);
	token = fresh;
	member = `${workspace} ${who}`;
	gone = false;
	clearTimeout(renewal);
	if (!who) {
		return;
	}
	sessionStorage.setItem('workspace', workspace);
	renewal = setTimeout(async () => {
		try {
			take(await rpc('renew_session'));
		} catch {
			/* It ends with its time; a network that was away has the other half of it to come back. */
			renewal = token === fresh && setTimeout(() => rpc('renew_session').then(take, () => {}), (exp - iat) * 250);
		}
	}, Math.min((exp - iat) * 500, 2 ** 31 - 1));
}

export async function login(values) {
	take(await rpc('login', values));
	share();
}

/* Another workspace of the same person, without the password. */
export async function enter(workspace) {
	take(await rpc('switch_workspace', { tenant_id: workspace }));
	share();
}

/* Who was logged in last, and whether that has ended by itself: then what was typed is kept for it. */
let member = '';
let gone = false;
export const whoIs = () => member;
export const lapsed = () => gone;

/* Somebody of the staff, or the same as a tenant: another token, and the one before. */
export function wear(fresh) {
	const before = token;
	take(fresh);
	if (payload(fresh).tenant_id) {
		share();
	} else {
		session += 1;
	}
	return before;
}

/*
 * What was logged in before the page was loaded anew goes on: a cookie that no script reads has the token for the renewal
 * alone.  It is of all tabs; this one may have been in another workspace.
 */
export async function resume() {
	const was = Number(sessionStorage.getItem('workspace'));
	const answer = await fetch('/rpc/renew', { method: 'POST', cache: 'no-store' });
	if (answer.ok) {
		take(await answer.json());
		if (!payload(token).tenant_id) {
			return 'staff';
		}
		if (was && was !== payload(token).tenant_id) {
			await enter(was).catch(share);
		} else {
			share();
		}
	}
	return answer.ok;
}

/* Whoever logs out leaves nothing behind: the cookie first, so that who loads the page anew at once, or closes it, is not in again. */
export async function logOut() {
	await fetch('/rpc/renew', { method: 'DELETE', keepalive: true, signal: AbortSignal.timeout(3000) }).catch(() => {});
	forget();
	gone = false;
	sessionStorage.clear();
}

export function forget() {
	clearTimeout(renewal);
	token = null;
	gone = true;
	ended();
}

/* ----- events: one stream of a browser, whoever wants to know ----- */

const listeners = new Set();

export function onEvents(listener) {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/* Counts the logins of this page: a stream ends with the login that it was for, and not when its token is renewed. */
let session = 0;

/*
 * Of the tabs that look at one tenant one asks, and tells the others; when it ends, another asks.  A page without TLS, from another
 * machine, has no locks: there each tab asks.
 */
function share() {
	const mine = ++session;
	const name = `voiceagent events ${payload(token).tenant_id}`;
	const channel = new BroadcastChannel(name);
	const tell = (events) => listeners.forEach((listener) => listener(events));
	channel.onmessage = ({ data }) => (token && mine === session ? tell(data) : channel.close());
	const ask = () => listen(mine, (events) => {
		tell(events);
		channel.postMessage(events);
	});
	if (navigator.locks) {
		navigator.locks.request(name, ask);
	} else {
		ask();
	}
}

async function listen(mine, tell) {
	let last = null;
	let wait = 1000;
	while (token && mine === session) {
		const shown = token;
		const headers = { Authorization: `Bearer ${shown}`, ...(last ? { 'Last-Event-ID': last } : {}) };
		try {
			const answer = await fetch('/events', { headers, cache: 'no-store' });
			const text = await answer.text();
			if (!token || mine !== session) {
				return;
			}
			if (token !== shown && !answer.ok) {
				continue;
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
				tell(events);
			}
		} catch {
			await pause(wait);
			wait = Math.min(wait * 2, 30000);
		}
	}
}
