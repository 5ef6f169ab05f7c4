/*
 * A manager connects calendars on the page of connections: Google's, where it is sent and comes back from, and one by CalDAV.
 *
 *	node google.js URL PASSWORD FOLDER GOOGLE
 *
 * Google is that of regress/t/759_google_page.pl.
 */
import { openBrowser, step } from './chromium.js';

const [url, password, folder, google] = process.argv.slice(2);
const { run, tries, sees, click, inRow, go, logsIn, finish } = await openBrowser(url, folder, password, google);
const shown = () => run('document.body.innerText');
const q = JSON.stringify;
/* The control of the form that has this label. */
const put = (label, value) => tries(`(() => {
	const l = [...document.querySelectorAll('main form label')].filter((x) => x.innerText.trim().startsWith(${q(label)})).pop();
	const f = l && l.querySelector('input, select');
	if (!f) { return false; }
	f.value = ${q(value)};
	f.dispatchEvent(new Event(f.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
	return true;
})()`);
const host = google.replace('http://', '');
const row = (rest) => new RegExp(`${host.replace('.', '[.]')}[\\s\\S]*${rest}`);

step(await logsIn('manager') !== '', 'a manager logs in', await shown());
await go('accounts');
await sees(/Written into other calendars/);
await click('Connect a calendar');
await click('On to Google');
step(await sees(row('Works')) !== '', 'Google is asked, and sends its user back: the calendar works', await shown());
step(!/state|code/.test(await run('location.href')), '... and the address says nothing of it any more', await run('location.href'));
step(await sees(/\d [AP]M \/ –/) !== '', '... and was read', await shown());
await click('Connect a calendar');
await put('How', 'dav');
await put('Address', 'https://calendar.example.com/dav');
await put('User', 'ada');
await put('App password', 'pass: word');
await put('When', 'at_once');
await click('Connect', 'main form');
step(await sees(/calendar[.]example[.]com/) !== '', 'another one is connected by CalDAV', await shown());
step(await tries(`(() => {
	const r = [...document.querySelectorAll('main tr')].find((x) => x.innerText.includes(${q(host)}));
	const s = r && r.querySelector('select');
	if (!s) { return false; }
	s.value = 'at_once';
	s.dispatchEvent(new Event('change', { bubbles: true }));
	return true;
})()`), 'what is written is chosen in place', await shown());
step(await tries(`(() => {
	const r = [...document.querySelectorAll('main tr')].find((x) => x.innerText.includes(${q(host)}));
	const s = r && r.querySelector('select');
	if (!s) { return false; }
	s.value = 'nothing';
	s.dispatchEvent(new Event('change', { bubbles: true }));
	return true;
})()`) && await sees(/All events that we entered there are deleted there/) !== '' && await inRow(host, 'Cancel') && await tries(`[...document.querySelectorAll('main tr')].find((x) => x.innerText.includes(${q(host)})).querySelector('select').value === 'at_once'`), 'taking all events away is asked first, and can be left', await shown());
step(await inRow('calendar.example.com', 'Remove') && await inRow('calendar.example.com', 'Really?') && await tries(`!document.querySelector('main').innerText.includes('calendar.example.com')`), 'one is removed', await shown());
await run(`location.hash = '#/team'`);
await sees(/manager@example[.]com/);
await run(`location.hash = '#/accounts?error=access_denied&state=abc'`);
step(await sees(/Google has given no code/) !== '', 'who says no at Google is told so', await shown());
finish();
