/*
 * api.js URL ONE OTHER CAMPAIGN SECONDS [simulate|login|broken]
 *
 * Asks whoami as ONE (a token) 20 times a second, while OTHER makes trouble.  Prints p50 and p99 in ms, how many of the one's
 * requests were not answered 200 within ten seconds, and how many of the other's were answered 200.
 */
const [url, one, other, campaign, seconds, trouble] = process.argv.slice(2);
const until = Date.now() + Number(seconds) * 1000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const post = (name, body, headers) => fetch(`${url}/rpc/${name}`, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(10000),
	headers: { 'Content-Type': 'application/json', ...headers } }).then(async (r) => { await r.arrayBuffer(); return r.status; }, () => 0);
const bearer = (token) => ({ Authorization: `Bearer ${token}` });
let done = 0;

async function again(work, wait) {
	while (Date.now() < until) {
		const status = await work();
		done += status === 200 ? 1 : 0;
		await pause(wait(status));
	}
}

const troubles = {
	simulate: () => Array.from({ length: 12 }, (_, n) => again(() => post('simulate', { campaign_id: Number(campaign), days: 14, seed: n }, bearer(other)),
		(status) => (status === 200 ? 0 : 250))),
	login: () => Array.from({ length: 40 }, (_, n) => again(() => post('login', { email: `stranger${n}@example.com`, password: 'a wrong horse' }), () => 1000)),
	broken: () => Array.from({ length: 2 }, () => again(() => post('whoami', {}, { ...bearer(other), 'X-Note': '\u00ff' }), () => 5)),
};

async function main() {
	const running = trouble ? troubles[trouble]() : [];
	await pause(500);
	const took = [];
	const answers = [];
	let refused = 0;
	while (Date.now() < until) {
		const from = performance.now();
		answers.push(post('whoami', {}, bearer(one)).then((status) => {
			took.push(performance.now() - from);
			refused += status === 200 ? 0 : 1;
		}));
		await pause(50);
	}
	await Promise.all([...answers, ...running]);
	took.sort((a, b) => a - b);
	const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))].toFixed(1);
	console.log(at(0.5), at(0.99), refused, done);
}
main();
