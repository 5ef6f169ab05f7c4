/*
 * People of three roles at the page that connects other programs (chromium.js has the browser), and a program that leaves leads.
 *
 *	node connect.js URL PASSWORD FOLDER
 *
 * Of the tenant it expects what regress/t/987_connect_page.pl made.
 */
import { openBrowser, step } from './chromium.js';

const [url, password, folder] = process.argv.slice(2);
const { page, run, tries, sees, click, inRow, go, fill, picture, logsIn, leaves, size, finish } = await openBrowser(url, folder, password);
const shown = () => run('document.body.innerText');
const q = JSON.stringify;
const choose = (words, value) => tries(`(() => {
	const f = [...document.querySelectorAll('main label')].find((x) => x.innerText.trim().startsWith(${q(words)}))?.querySelector('select');
	const o = f && [...f.options].find((x) => x.innerText.startsWith(${q(value)}));
	if (o) { f.value = o.value; f.dispatchEvent(new Event('change', { bubbles: true })); }
	return Boolean(o);
})()`);
const codes = () => run(`[...document.querySelectorAll('.made .copy code')].map((c) => c.innerText)`);
const leave = async (to, body) => (await fetch(to, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).status;
const speaks = (code) => run(`(() => { const s = document.querySelector('select[name=language]'); s.value = ${q(code)}; s.dispatchEvent(new Event('change', { bubbles: true })); })()`);
/* A refusal is counted without an event. */
const again = async () => {
	await go('today');
	await sees(/Live now/);
	await go('connect');
	return sees(/What came in lately/);
};

await logsIn('owner');
await size(1280, 1800);
/* As in a tab that was open while the console was updated. */
await page('Network.setBlockedURLs', { urls: ['*/office.js'] });
await go('connect');
step(/the console was updated/.test(await sees(/Load anew/)), 'what is not there any more says so', await shown());
await page('Network.setBlockedURLs', { urls: [] });
await click('Load anew');
const first = await sees(/No program sends leads here yet[\s\S]*Programs with access/);
step(first.includes(`${url}/mcp`) && /Claude and ChatGPT/.test(first) && /Zapier[\s\S]*Make[\s\S]*n8n/.test(first), 'an owner sees how leads come, who is told, and the address for programs', await shown());
step(first.split('<b>Claude</b>').length === 4 && await run(`document.querySelectorAll('main td b b').length`) === 0, '... with the programs that were let in, whose names are text', first);
await fill('name', 'Form <b>1</b>');
await choose('Its leads join', 'Spring');
step(/HubSpot: a workflow/.test(await choose('What sends them', 'HubSpot') && await sees(/HubSpot: a workflow/)) && await run(`document.querySelector('[name=of_first_name]').value`) === 'firstname', 'a program is chosen, whose fields are known', await shown());
await click('What people agree to there');
await run(`document.querySelector('[name=wording]').value = 'Roofs may call me.'`);
await picture('connect-form');
await click('Create');
await sees(/Copy this now/);
const [address, curl] = await codes();
step(/^http:.*\/intake\/\S{20,}$/.test(address) && curl.includes(address) && curl.includes('phone=') && /First name\s+firstname/.test(await shown()), 'the address is shown, and what to copy', await shown());
await picture('connect-once');
const sent = { vid: 7, properties: { phone: { value: '(212) 555-0101' }, firstname: { value: '<img src=x onerror=alert(1)>' } } };
step(await leave(address, sent) === 200, 'a program leaves a lead there', await shown());
step(/<img src=x onerror=alert\(1\)>\s+Form <b>1<\/b>\s+Added/.test(await sees(/What came in lately[\s\S]*Added/)), '... which is seen', await shown());
step(await run(`document.querySelectorAll('main img, main script').length`) === 0, '... and is text', await run(`document.querySelector('main').innerHTML`));
step(await leave(address, { vid: 8, firstname: 'Bob' }) === 422 && /1 no field is a phone number/.test(await again()), 'what is no lead is refused, and the page says why', await shown());
step(!(await shown()).includes(address) && !/Copy this now/.test(await shown()), 'the address is not shown again', await shown());
await inRow('Form <b>1</b>', 'Replace');
await inRow('Form <b>1</b>', 'Really?');
await sees(/Copy this now/);
const [other] = await codes();
step(other !== address && await leave(address, { vid: 9, phone: '(212) 555-0102' }) === 401 && await leave(other, sent) === 200, 'it is replaced: the old one is over, and the same again has no effect', other);
await inRow('Form <b>1</b>', 'Close');
await inRow('Form <b>1</b>', 'Really?');
step(await sees(/Form <b>1<\/b>[\s\S]{0,90}Closed/) !== '' && await leave(other, { vid: 10, phone: '(212) 555-0103' }) === 401, 'one is closed', await shown());
await again();
await click('New address');
await fill('name', 'Signed');
await run(`document.querySelector('[name=signed]').click()`);
await click('Create');
await sees(/Copy this now[\s\S]*X-Intake-Signature/);
step((await codes()).length === 2 && await leave((await codes())[0], { phone: '(212) 555-0104' }) === 401, 'one that is signed shows its secret, and takes nothing unsigned', await codes());
await click('See what is sent');
await run(`(() => { const f = document.querySelector('main [name=kind]'); f.value = 'call_finished'; f.form.requestSubmit(); })()`);
step(await sees(/Nothing of this kind has been sent yet/) !== '', 'what was never sent is told so', await shown());
await run(`(() => { const f = document.querySelector('main [name=kind]'); f.value = 'appointment_booked'; f.form.requestSubmit(); })()`);
step(/data\.summary\s+a <i>viewing<\/i>/.test(await sees(/data\.summary/)), 'what was sent is seen field by field', await shown());
await click('With a key: Claude Code, Cursor, VS Code');
step((await run(`[...document.querySelectorAll('main .copy code')].map((c) => c.innerText).join()`)).includes(`${url}/mcp/key`), 'a program with a key has its lines to copy', await shown());
await picture('connect');
await inRow('https://one.example', 'Revoke');
await inRow('https://one.example', 'Really?');
step(await tries(`!document.querySelector('main').innerText.includes('one.example')`), 'an owner ends a program of another member', await shown());
await speaks('de');
const german = await sees(/Kontakte aus anderen Programmen[\s\S]*Zugelassene Programme/);
step(german !== '' && !/\b[xe]_\w/.test(await run(`(() => { const m = document.querySelector('main').cloneNode(true); m.querySelectorAll('code').forEach((c) => c.remove()); return m.textContent; })()`)), 'in German, too', german);
await speaks('en');
await size(390, 1800);
step(await run(`document.documentElement.scrollWidth <= 390`), 'a telephone shows it whole', await run('document.documentElement.scrollWidth'));
await picture('connect-narrow');
await size(1280, 1500);

for (const who of ['agent', 'viewer']) {
	await leaves();
	await logsIn(who);
	await go('connect');
	step(/two\.example/.test(await sees(/Programs with access[\s\S]*/)) && !/New address|Replace|Close\b/.test(await run(`document.querySelector('main').innerText`)), `the role ${who} sees it, and is offered no address`, await shown());
}
step(await run(`document.querySelectorAll('main table:last-of-type button').length`) === 1, 'a viewer may end its own programs, and no other', await shown());
await inRow('https://two.example', 'Revoke');
await inRow('https://two.example', 'Really?');
step(await tries(`!document.querySelector('main').innerText.includes('two.example')`), '... and does', await shown());
finish();
