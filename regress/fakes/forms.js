/*
 * Somebody who fills every form of the console wrongly once (chromium.js has the browser).
 *
 *	node forms.js URL PASSWORD FOLDER FACTS	FACTS: JSON of what regress/t/959_console_forms.pl has made
 *
 * What is refused must be said in sight, in the form, with the field named where it is one field's fault, and in words of people.
 */
import { openBrowser, pause, step } from './chromium.js';

const [url, password, folder, said] = process.argv.slice(2);
const facts = JSON.parse(said);
const { page, run, tries, sees, click, go, logsIn, leaves, finish } = await openBrowser(url, folder, password);
const shown = () => run('document.body.innerText');

/* Where forms stand, and what opens them. */
const pages = [['agents', 'New agent'], ['agents', 'Change'], ['incoming', 'Enter a number'], ['incoming', 'Change'], ['calendars', 'New calendar'], ['calendars', 'Change'], ['calendars', 'Hours of one day'],
	['leads', 'Add a lead'], [`leads/${facts.lead}`], ['campaigns?new=1'], [`campaigns/${facts.campaign}?tab=settings`], ['assistants'], [`assistants/${facts.assistant}`], ['listings'], ['figures'], ['billing'], ['money'],
	['tenant'], ['tenant', 'Add'], ['team'], ['accounts'], ['own_tools', 'New tool'], ['stops'], ['cases'], ['webhooks'], ['connect'], ['wishes'], ['tickets'], ['sequences?new=1'], [`calls/${facts.call}`, 'Correct …'], [`calls/${facts.call}`, 'Never call again']];

/* Fills a form as nobody should, and sends it past what the browser itself would say. */
const spoil = (n) => run(`(async () => {
	const form = window.forms[${n}];
	if (!form || !form.isConnected || !form.checkVisibility()) { return null; }
	form.noValidate = true;
	const set = (e, value) => {
		e.focus();
		Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value').set.call(e, value);
		e.dispatchEvent(new Event('input', { bubbles: true }));
	};
	for (const e of form.elements) {
		const wrong = { tel: '12', email: 'nowhere', url: 'nowhere', number: '-7', date: '', 'datetime-local': '1990-01-01T00:00', password: 'x', text: 'x_y('.repeat(1000) }[e.type] ?? (e.tagName === 'TEXTAREA' ? 'x_y('.repeat(20000) : null);
		const value = wrong === '' && e.required ? '2026-01-01' : wrong;
		if (e.name && wrong !== null && !e.disabled) { set(e, e.maxLength > 0 ? value.slice(0, e.maxLength) : value); }
	}
	const label = form.querySelector('button.main')?.innerText;
	scrollTo(0, 0);
	document.querySelector('main').scrollTop = 0;
	await new Promise((done) => setTimeout(done, 100));
	form.requestSubmit();
	return label;
})()`);
const judged = (n) => run(`(() => {
	const form = window.forms[${n}];
	const alert = form.isConnected && form.querySelector('[role=alert]');
	if (!alert) { return null; }
	const r = alert.getBoundingClientRect();
	const label = alert.closest('label, fieldset');
	const names = [...form.querySelectorAll('label > span:first-child, legend')].map((l) => l.innerText.replace(/ [*]$/, '')).filter(Boolean);
	return { text: alert.innerText, seen: r.height > 0 && r.top >= 0 && r.bottom <= innerHeight, named: Boolean(label) || /the platform has not said/.test(alert.innerText) || names.some((name) => alert.innerText.toLowerCase().includes(name.toLowerCase())) || names.length === 1,
		focus: form.contains(document.activeElement), machine: /[a-z]_[a-z]|\\(\\)/.test(alert.innerText.replaceAll(/“[^”]*”|"[^"]*"|x_y/g, '')) };
})()`);

await logsIn('owner');
let refused = 0;
let taken = 0;
for (const [place, opener] of pages) {
	await go('today');
	await sees(/Live now/);
	await go(place);
	await pause(300);
	await sees(/^(?![\s\S]*Loading …)/);
	await tries(`document.querySelector('main .body')?.innerText.length > 5`);
	await pause(700);
	opener && await click(opener);
	await pause(300);
	await run(`document.querySelectorAll('main details').forEach((d) => { d.open = true; })`);
	const many = await run(`(window.forms = [...document.querySelectorAll('main form')].filter((f) => f.querySelector('button.main'))).length`);
	opener && step(many > 0, `${place}, ${opener}: a form opens`, await shown());
	for (let n = 0; n < many; n += 1) {
		const label = await spoil(n);
		if (label === null || label === undefined) { continue; }
		const told = `document.querySelector('main [role=alert]') !== null || !window.forms[${n}].isConnected || !window.forms[${n}].querySelector('button.main').disabled`;
		await pause(400);
		await tries(told, 20000);
		await pause(200);
		const it = await judged(n);
		if (it === null) {
			taken += 1;
			const elsewhere = await run(`[...document.querySelectorAll('main [role=alert]')].find((a) => !window.forms.some((f) => f.contains(a)))?.innerText ?? null`);
			elsewhere !== null && step(false, `${place}, ${label}: what is refused is said in the form`, elsewhere);
			await run(`document.querySelectorAll('main details').forEach((d) => { d.open = true; })`);
			continue;
		}
		refused += 1;
		step(it.seen && it.focus && it.named && !it.machine, `${place}, ${label}: a refusal is in sight, with its field, in words`, it);
	}
}
console.log(`# ${refused} refused, ${taken} taken`);
step(refused >= 25, 'forms are refused', refused);
finish();
