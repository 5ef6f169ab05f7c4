/*
 * A person at a page, by Debian's Chromium over its pipe: no package of npm is needed.  Modules of the tests of the console.
 *
 *	CHROMIUM names the browser; PICTURES names a folder for pictures (those in extension/doc were made so, and went through
 *	pngquant 32)
 *
 * A step prints a line, "ok - ..." or "not ok - ...", and finish() 1..N.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

let steps = 0;
let failed = 0;
export function step(passed, what, found) {
	steps += 1;
	failed += passed ? 0 : 1;
	console.log(`${passed ? 'ok' : 'not ok'} ${steps} - ${what}`);
	if (!passed) {
		console.log(`# ${JSON.stringify(found)}`.slice(0, 2000));
	}
}

/* Whether so many ms are over, as deadline() of VoiceAgent.pm has it: of a machine that has a processor for each process which wants one. */
export function deadline(ms) {
	let [left, seen] = [ms, Date.now()];
	return () => {
		const now = Date.now();
		left -= (now - seen) * pace();
		seen = now;
		return left <= 0;
	};
}
function pace() {
	try {
		const want = [...readFileSync('/proc/stat', 'utf8').matchAll(/^procs_(?:running|blocked) (\d+)/gm)].reduce((sum, [, n]) => sum + Number(n), -1);
		return Math.min(1, cpus().length / Math.max(want, 1));
	} catch {
		return 1;
	}
}
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/* also: where else a page may go, as one that asks its user does. */
export async function openBrowser(url, folder, password, also = url) {
	const chromium = spawn(process.env.CHROMIUM, ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-pipe',
		'--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--mute-audio', `--user-data-dir=${folder}/profile`, 'about:blank'],
	{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
	const [, , , to, from] = chromium.stdio;
	let number = 0;
	let rest = '';
	const answers = new Map();
	const elsewhere = [];
	const streams = []; /* the tabs that asked for events */
	const complaints = [];
	from.on('data', (bytes) => {
		rest += bytes;
		for (let end = rest.indexOf('\0'); end >= 0; end = rest.indexOf('\0')) {
			const message = JSON.parse(rest.slice(0, end));
			rest = rest.slice(end + 1);
			if (message.id) {
				answers.get(message.id)(message);
				answers.delete(message.id);
			} else if (message.method === 'Network.requestWillBeSent' && !message.params.request.url.startsWith(url)) {
				elsewhere.push(message.params.request.url);
			} else if (message.method === 'Network.requestWillBeSent' && message.params.request.url.endsWith('/events')) {
				streams.push(message.sessionId);
			} else if (message.method === 'Runtime.exceptionThrown' || message.method === 'Page.javascriptDialogOpening'
				|| (message.method === 'Log.entryAdded' && /Content.Security.Policy|Uncaught/i.test(message.params.entry.text))) {
				complaints.push(message.params);
			}
		}
	});
	const send = (method, params = {}, sessionId = undefined) => new Promise((done, fail) => {
		number += 1;
		answers.set(number, (m) => (m.error ? fail(new Error(`${method}: ${m.error.message}`)) : done(m.result)));
		to.write(`${JSON.stringify({ id: number, method, params, sessionId })}\0`);
	});
	const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
	const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
	const page = (method, params) => send(method, params, sessionId);
	for (const domain of ['Page', 'Network', 'Runtime', 'Log', 'DOM']) {
		await page(`${domain}.enable`);
	}

	const evaluate = (expression) => page('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
	/* While a page is being loaded there is none to ask for a moment: then nothing was run, and it is asked again. */
	async function run(expression) {
		const ask = (times) => evaluate(expression).catch(async (error) => {
			if (times === 0 || !/execution context/.test(error.message)) { throw error; }
			await pause(500);
			return ask(times - 1);
		});
		const { result, exceptionDetails } = await ask(40);
		if (exceptionDetails) {
			throw new Error(exceptionDetails.exception.description);
		}
		return result.value;
	}
	/* Until the page has come to say so; what it says then. */
	async function sees(what, ms = 20000) {
		for (const over = deadline(ms); ; await pause(100)) {
			const text = await run('document.body ? document.body.innerText : ""');
			if (what.test(text)) {
				return text;
			}
			if (over()) {
				return '';
			}
		}
	}
	const key = (name, code, text) => page('Input.dispatchKeyEvent', { type: 'keyDown', key: name, code: name, windowsVirtualKeyCode: code, text })
		.then(() => page('Input.dispatchKeyEvent', { type: 'keyUp', key: name, code: name, windowsVirtualKeyCode: code }));
	const tab = () => key('Tab', 9);
	const enter = () => key('Enter', 13, '\r');
	const types = (text) => page('Input.insertText', { text });
	/* Until what it asks says yes. */
	const tries = async (expression, ms = 10000) => {
		for (const over = deadline(ms); ; await pause(100)) {
			if (await run(expression)) {
				return true;
			}
			if (over()) {
				return false;
			}
		}
	};
	const click = (label, within = 'main') => tries(`(() => { const b = [...document.querySelectorAll('${within} button, ${within} summary')].find((x) => x.innerText.trim() === ${JSON.stringify(label)}
		&& !x.disabled); if (b) { b.click(); } return Boolean(b); })()`);
	/* The button or link of the row that has these words. */
	const inRow = (words, label) => tries(`(() => {
		const row = [...document.querySelectorAll('main tr, main li.pack')].find((r) => r.innerText.includes(${JSON.stringify(words)}));
		const b = row && [...row.querySelectorAll('button, a')].find((x) => x.innerText.trim() === ${JSON.stringify(label)} && !x.disabled);
		if (b) { b.focus(); b.click(); }
		return Boolean(b);
	})()`);
	const go = (place) => run(`location.hash = '#/${place}'`);
	const fill = (name, value) => run(`(() => { const f = document.querySelector('main [name=${name}]'); f.value = ${JSON.stringify(value)}; f.dispatchEvent(new Event('input', { bubbles: true })); })()`);
	async function picture(name) {
		if (process.env.PICTURES) {
			const { data } = await page('Page.captureScreenshot', { format: 'png' });
			writeFileSync(`${process.env.PICTURES}/${name}.png`, Buffer.from(data, 'base64'));
		}
	}
	/* With the keyboard alone. */
	async function logsIn(who, word = password, has = /Live now/) {
		await page('Page.navigate', { url: `${url}/` });
		await sees(/voiceagent[\s\S]*Log in/);
		/* What was seen may be the page that is being left. */
		await tries(`(() => { const field = document.querySelector('[name=email]'); field?.focus(); return field !== null && document.activeElement === field; })()`);
		await types(`${who}@example.com`);
		await tab();
		await types(word);
		await enter();
		return sees(has);
	}
	const leaves = async () => {
		await run(`document.querySelector('.person').open = true`);
		await click('Log out', '.person');
		return sees(/Log in/);
	};
	/* The whole of a file input's page: what a person chooses there. */
	const choose = async (selector, files) => {
		await tries(`document.querySelector('${selector}') !== null`);
		const { result } = await page('Runtime.evaluate', { expression: `document.querySelector('${selector}')` });
		await page('DOM.setFileInputFiles', { objectId: result.objectId, files });
	};
	const size = (width, height = 900) => page('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 });
	/* Says how many steps there were, and ends. */
	const finish = () => {
		step(elsewhere.filter((u) => !/^(about|data|chrome)/.test(u) && !u.startsWith(also)).length === 0, 'no request went elsewhere', elsewhere);
		step(complaints.length === 0, 'nothing ran that was not ours, and nothing failed', complaints);
		console.log(`1..${steps}`);
		chromium.kill();
		process.exit(failed ? 1 : 0);
	};
	const close = () => chromium.kill();
	await size(1280);
	await page('Emulation.setLocaleOverride', { locale: 'en-US' });
	return { page, send, sessionId, streams, run, tries, sees, key, tab, enter, types, click, inRow, go, fill, picture, logsIn, leaves, choose, size, close, finish };
}
