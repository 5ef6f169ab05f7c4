/*
 * Somebody that knows no SQL at the console (chromium.js has the browser): from an empty tenant to a confirmed appointment, and then
 * through what else a business sets up.
 *
 *	node newcomer.js URL PASSWORD FOLDER LOGIN TOOL	(AXE names axe-core's file: each page is judged by it)
 *
 * The tenant, its sandbox and the pack of credits are those of regress/t/965_console_work.pl.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { openBrowser, pause, step } from './chromium.js';

const [url, password, folder, who, toolUrl] = process.argv.slice(2);
const { page, run, tries, sees, click, inRow, go, picture, logsIn, choose, size, key, tab, enter, types, finish } = await openBrowser(url, folder, password);
const shown = () => run('document.body.innerText');
const q = JSON.stringify;

/* The control whose label begins with these words, in the last form that has one; an event tells the page of its value. */
const put = (label, value) => run(`(() => {
	const named = [...document.querySelectorAll('main label')].filter((l) => l.innerText.trim().startsWith(${q(label)})).pop();
	const f = named && named.querySelector('input, select, textarea');
	if (!f) { return false; }
	if (f.type === 'checkbox') { f.click(); return true; }
	f.value = ${q(value)};
	f.dispatchEvent(new Event(f.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
	return true;
})()`);
/* The option of a select by what it says. */
const pick = (label, text) => run(`(() => {
	const f = [...document.querySelectorAll('main select')].find((s) => (s.getAttribute('aria-label') || (s.labels[0] || {}).innerText || '').startsWith(${q(label)}));
	const o = f && [...f.options].find((x) => x.text === ${q(text)});
	if (!o) { return false; }
	f.value = o.value;
	f.dispatchEvent(new Event('change', { bubbles: true }));
	return true;
})()`);
async function opens(place, has) {
	await go(place);
	return sees(has);
}
async function judged(what, done, has, ms) {
	const found = done && await sees(has, ms);
	step(Boolean(found), what, found ? null : await shown());
	return found;
}

/* ----- from nothing to a confirmed appointment, with the keyboard alone ----- */

/* What has the focus, as it is called. */
const focused = () => run(`(() => { const e = document.activeElement; return (e.getAttribute('aria-label') || (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || '').trim(); })()`);
async function reaches(label) {
	for (let i = 0; i < 200; i += 1) {
		const at = await focused();
		if (i > 0 && (at === label || (/[:\n]/.test(at) && at.startsWith(label)))) {
			return true;
		}
		await tab();
	}
	return false;
}
const presses = async (label) => await reaches(label) && (await enter(), true);
async function writes(label, text) {
	await reaches(label);
	await types(text);
}
/* A select takes what is typed for the option that begins so. */
async function selects(label, letters) {
	await reaches(label);
	for (const letter of letters) {
		await key(letter, letter.toUpperCase().charCodeAt(0), letter);
	}
}
const goes = async (label, has) => await presses(label) && sees(has);

const began = Date.now();
await judged('an owner logs in to a tenant that has nothing', await logsIn(who), /First steps/);
await goes('Assistants', /New assistant/);
await selects('Profile', 'roof');
await presses('Go on');
for (let i = 1; i <= 10 && await sees(new RegExp(`Step ${i} / 10`), 20000); i += 1) {
	if (i < 10) {
		await presses('Go on');
	}
}
await judged('the wizard makes an assistant', await presses('Make the assistant'), /First message[\s\S]*What the assistant is told[\s\S]*Try it/);

writeFileSync(`${folder}/people.csv`, 'Kontakt;Wohin;Produkt\nAda;(212) 555-0100;Roof\nBen;212-555-0101;Roof\nBad;12345;Roof\nCleo;212-555-0103;Roof\n');
await goes('Leads', /Upload/);
step(await reaches('Drop a file here, or choose one.'), 'a file is chosen by a control that has the focus', await focused());
await choose('input[type=file]', [`${folder}/people.csv`]);
await judged('a file shows its columns, and lacks the phone number', true, /Columns of the file[\s\S]*Which column is the phone number/);
step(/kept under its heading/.test(await shown()) && /555-0100/.test(await shown()), '... with what they are taken for and their first values', await shown());
await selects('Taken for: Kontakt', 'first n');
await selects('Taken for: Wohin', 'pho');
await writes('Country of numbers without a country code', 'US');
await judged('a column is said to be another, and the file is checked first', await presses('Check only'), /nothing was imported:[\s\S]*Can be imported: 3[\s\S]*Rejected: 1[\s\S]*12345/);
await size(1280, 700);
await picture('console-import');
await size(1280);
await judged('... and then taken in', await presses('Import'), /Imported: 3 [\s\S]*Cleo/);
step(!/nothing was imported/.test(await shown()), '... in truth', await shown());

await goes('Campaigns', /New campaign/);
await presses('New campaign');
await sees(/Assistant\s+New Roofs/);
await writes('Name', 'Roofs');
await selects('Calls from', '12');
await selects('Calls until', 'mid');
await reaches('Sun');
await key(' ', 32, ' ');
await judged('a campaign is made, and looked at ahead', await presses('Create the campaign'), /Roofs[\s\S]*Draft[\s\S]*3 of 3 leads can be called, 3 of them now[\s\S]*credits; you have/);
await judged('... and simulated, as a chart', await presses('Simulate'), /The next two weeks, on a copy[\s\S]*Calls [1-9]/);
step(await run(`Number(document.querySelector('main svg.bars rect.all')?.getAttribute('height')) > 0`), '... with calls in it', await shown());
await judged('... and its start asks first', await presses('Start …'), /Start Roofs[\s\S]*Not yet[\s\S]*Start now/);
await judged('... and it comes to its end', await presses('Start now'), /Roofs[\s\S]*Completed[\s\S]*100 % done of 3 leads[\s\S]*From call to appointment/, 60000);
await goes('Calendar', /This week/);
await goes('Appointments', /To confirm/);
await judged('an appointment was agreed, and is confirmed', await presses('Confirm'), /Confirmed/);
console.log(`# from nothing to a confirmed appointment in ${Math.round((Date.now() - began) / 1000)} seconds`);

/* ----- the call as a film, to be heard ----- */

await run(`[...document.querySelectorAll('main td a')].pop().click()`);
await judged('a call is a film', true, /Conversation[\s\S]*Assistant[\s\S]*Why it was allowed/);
const heard = `(() => { const a = document.querySelector('audio'); return a && a.readyState > 0 && a.duration; })()`;
for (let i = 0; i < 100 && !await run(heard); i += 1) {
	await pause(100);
}
step(await run(heard) > 1, '... whose recording can be heard', await shown());
const part = await run(`fetch(document.querySelector('audio').src, { headers: { Range: 'bytes=0-3' } }).then(async (r) => [r.status, r.headers.get('Content-Type'), r.headers.get('Content-Range'), await r.text()])`);
step(part[0] === 206 && part[1] === 'audio/wav' && /^bytes 0-3\/\d+$/.test(part[2]) && part[3] === 'RIFF', '... by ranges', part);
const marks = await run(`[...document.querySelectorAll('.axis circle')].map((c) => c.getAttribute('aria-label'))`);
step(marks.some((m) => /Assistant: /.test(m)) && marks.some((m) => /Customer: /.test(m)), '... its turns are on one axis', marks);
await run(`[...document.querySelectorAll('.axis circle.customer')].pop().focus()`);
await enter();
await pause(300);
step(await run(`document.querySelector('audio').currentTime`) > 0, '... and a key plays from there', await run(`document.querySelector('audio').currentTime`));
step(!(await run(`document.documentElement.outerHTML`)).includes('.wav'), 'where the carrier keeps it is not told', null);
const link = await run(`document.querySelector('audio').src`);
const asked = (what) => run(`fetch(${q(what)}).then((r) => r.status)`);
step(await asked(`${link.slice(0, -1)}${link.endsWith('0') ? '1' : '0'}`) === 404 && await asked(link.replace(/(\d+)-([0-9a-f]{64})$/, (m, end, sign) => `${Number(end) + 9}-${sign}`)) === 404, 'a link that was changed leads nowhere', link);
step(await run(`import('/app.js').then((api) => api.rpc('open_recording_link', { link: ${q(link.split('/').pop())} })).then(() => 0, (e) => e.status)`) === 404, '... and a good one tells no address', null);
await size(1280, 800);
await run('scrollTo(0, 0)');
await picture('console-film');
await size(1280);

/* ----- what is looked for again ----- */

await opens('calls', /Search/);
await click('Search');
await sees(/Campaign\s+All\s+Roofs/);
await put('Outcome', 'scheduled');
for (let i = 0; i < 40 && await run(`document.querySelectorAll('main tbody tr').length`) !== 1; i += 1) {
	/* Calls are found soon after their end. */
	await run(`document.querySelector('main details form').requestSubmit()`);
	await pause(500);
}
await put('Name', 'Agreed');
await judged('a search is kept under a name', await click('Keep this search'), /Agreed[\s\S]*Search/);
await go('today');
await sees(/Live now/);
await opens('calls', /Agreed/);
let listed = 0;
for (let i = 0; i < 120 && (listed = await run(`document.querySelectorAll('main tbody tr').length`)) < 3; i += 1) await pause(250);
step(listed >= 3, '... and does not hold until it is asked for', await shown());
await click('Agreed');
await judged('... which finds the same again', true, /Agreed(?![\s\S]*Cleo)[\s\S]*Ada/);

/* ----- people, hours, offers ----- */

await opens('agents', /New agent/);
await click('New agent');
await put('Name', 'Mia');
await put('Telephone numbers', '+1 212 555 0199');
await put('Skills', 'roofs, solar');
await judged('an agent is added', await click('Save'), /Mia[\s\S]*\(212\) 555-0199[\s\S]*there[\s\S]*roofs, solar/);
await inRow('Mia', 'Change');
await put('Active', '');
for (let i = 0; i < 2; i += 1) {
	await run(`document.querySelector('main fieldset.hours [role=group] > button').click()`);
	await pause(100);
}
await run(`(() => { const e = document.querySelectorAll('main fieldset.hours input')[1]; e.value = '12:00'; e.dispatchEvent(new Event('input', { bubbles: true })); })()`);
await judged('... and switched off', await click('Save'), /Mia[\s\S]*off/);

await opens('incoming', /Enter a number|Add one of your numbers/);
await click('Enter a number');
await put('Phone', '+1 212 555 9000');
await judged('a number is entered', await click('Save'), /\(212\) 555-9000/);
await inRow('(212) 555-9000', 'Change');
await put('Open from', '09:00');
await put('Open until', '17:00');
await put('Forwards to', '+1 212 555 0199');
await put('Other days', '2026-12-24 closed\nDE closed');
await put('Calls a day at most', '50');
await judged('... and has hours', await click('Save'), /\(212\) 555-9000[\s\S]*\(212\) 555-0199[\s\S]*9:00 AM – 5:00 PM/);
await inRow('(212) 555-9000', 'Change');
await put('Forwards to', '12');
await judged('... and what is no number is refused in words', await click('Save'), /invalid phone number/);
await click('Cancel');

await opens('calendars', /New calendar/);
await click('New calendar');
await put('Name', 'Visits');
await put('Length of an appointment in minutes', '45');
await run(`document.querySelectorAll('main fieldset.hours [role=group] > button')[1].click()`);
await pause(100);
await run(`document.querySelectorAll('main fieldset.hours input').forEach((e, i) => { e.value = ['10:00', '16:00'][i]; e.dispatchEvent(new Event('input', { bubbles: true })); })`);
await judged('a calendar is made', await click('Save'), /Visits[\s\S]*Tue 10:00 AM – 4:00 PM[\s\S]*45/);
await click('Hours of one day');
await put('When', '2030-12-24');
await put('Reason', 'Holiday');
await judged('... and closed on a day', await click('Save'), /2030-12-24[\s\S]*closed[\s\S]*Holiday/);

await opens('listings', /What do you offer/);
await judged('a business says what it offers', await click('Create'), /New offer/);
await click('New offer');
await put('Address', '12 Oak Street');
await put('Price', '350000');
await judged('... and adds one', await click('Save'), /12 Oak Street[\s\S]*350/);
writeFileSync(`${folder}/houses.csv`, 'Reference,Where,Price,Bedrooms\nA1,7 Elm Road,200000,3\nA2,9 Pine Lane,cheap,2\n');
await choose('input[type=file]', [`${folder}/houses.csv`]);
await sees(/Columns of the file/);
await pick('Taken for: Where', 'Address');
await judged('a file of them is taken in, row by row', await click('Import'), /Imported: 1[\s\S]*Rejected: 1[\s\S]*cheap[\s\S]*/);
await judged('... and is in the list', true, /7 Elm Road/);
await put('Words said', 'elm');
await judged('... which is searched by words', await click('Search'), /7 Elm Road(?![\s\S]*12 Oak Street)/);

/* ----- a question to the staff ----- */

await opens('tickets', /Ask us something/);
await click('Ask us something');
await put('Subject', 'The number shows as spam');
await put('Message', 'Since Monday.');
await judged('the staff is asked something', await click('Send'), /The number shows as spam[\s\S]*Waiting[\s\S]*Since Monday\./);
await put('Message', 'It is the one that ends in 9000.');
await judged('... and told more', await click('Reply'), /Since Monday\.[\s\S]*ends in 9000/);
await judged('... which is settled', await click('It is settled'), /settled/);
await opens('tickets', /something is broken[\s\S]*settled/);

/* ----- a tool of one's own: made, asked, switched off by its failures and on by hand, changed, given a new secret, removed ----- */

await opens('own_tools', /New tool/);
await click('New tool');
await put('Name', 'order_state');
await put('What it is for', 'Tells where an order is');
await put('Address', toolUrl);
await put('What it is told', 'an order');
await judged('a tool that is told nothing of a schema is refused, with what one is', await click('Save'), /the parameters of a tool are a JSON Schema[\s\S]*For example/);
await put('What it is told', '{"type": "object", "properties": {"order": {"type": "string"}}, "required": ["order"]}');
await judged('a tool of one\'s own is made, and its secret shown', await click('Save'), /order_state[\s\S]*Tells where an order is[\s\S]*shown once: whsec_/);
const secretOf = `document.querySelector('main code').innerText`;
const secret = await run(secretOf);
await click('Test');
await put('Arguments', '{"order": "7"}');
await judged('... it is asked, and its answer is read', await click('Send'), /answered \(\d[^)]*ms\):[\s\S]*Order 7 leaves today/i);
await put('Arguments', '{"order": "0"}');
for (let i = 0; i < 3; i += 1) {
	await click('Send');
	await sees(/no answer \([^)]*ms\): HTTP status 503/i);
}
await judged('... which three failures switch off', true, /order_state[\s\S]*off[\s\S]*HTTP status 503[\s\S]*Switch on/);
await judged('... and its owner on', await click('Switch on'), /^(?![\s\S]*Switch on)[\s\S]*order_state/);
await inRow('order_state', 'Change');
await put('What it is for', 'Tells where a parcel is');
await judged('... it is changed', await click('Save'), /order_state[\s\S]*Tells where a parcel is/);
await inRow('order_state', 'New secret');
await click('Really?');
step(await tries(`${secretOf} !== ${q(secret)} && ${secretOf}.startsWith('whsec_')`), '... and has another secret', await shown());
await click('New tool');
await put('Name', 'spare');
await put('What it is for', 'Nothing');
await put('Address', toolUrl);
await judged('one more', await click('Save'), /spare[\s\S]*Nothing/);
await inRow('spare', 'Remove');
await judged('... is removed', await click('Really?'), /^(?![\s\S]*spare)[\s\S]*order_state/);

/* ----- money: nothing is spent by itself any more ----- */

await run(`import('/app.js').then((api) => api.rpc('set_setting', { key: 'auto_spend', value: 'off' }))`);
await opens('money', /Packs of credits/);
await click('Invoices are addressed to: nobody');
await put('Name', 'New Roofs GmbH');
await put('Address', 'Street 3\n10115 Berlin');
await put('Country', 'DE');
await judged('it is said to whom invoices are written', await click('Save'), /Invoices are addressed to: New Roofs GmbH/);
await judged('a pack is bought, and waits for an owner', await inRow('Small', 'Buy'), /Order[\s\S]*1,000[\s\S]*waits for approval/i);
await judged('... that approves it', await click('Approve'), /Pay \(a test, no money\)/);
await judged('... and pays', await click('Pay (a test, no money)'), /Small[\s\S]*1,000[\s\S]*paid/i);
await judged('... and has an invoice of it', true, /Invoices[\s\S]*INV-1[\s\S]*119[\s\S]*19/, 60000);
await judged('... which is read', await inRow('INV-1', 'Show'), /Voice GmbH[\s\S]*New Roofs GmbH/);
await inRow('INV-1', 'PDF');
step(await tries(`!document.querySelector('main [role=alert]') && [...document.querySelectorAll('main button')].some((b) => b.innerText === 'PDF' && !b.disabled)`, 30000), '... and loaded as a PDF', await shown());
step(/Where your credits came from[\s\S]*Purchase[\s\S]*1,000/.test(await shown()), '... and says where its credits came from', await shown());
await judged('a card is kept', await click('Add a test card'), /What is charged[\s\S]*embedded card/);
await click('Buy by itself');
await put('When credits are below', '50');
await put('A month at most', '500');
await run(`[...document.querySelectorAll('main form')].find((f) => f.elements.most).requestSubmit()`);
await judged('... with which credits are bought by themselves', true, /Buy by itself: When fewer than 50 are left[^%]*€500/);
await judged('... until that is stopped', await click('Stop'), /Buy by itself: off/);
await judged('a plan is chosen', await inRow('Basic', 'Choose'), /Your plan: Basic[\s\S]*On trial/);
await judged('... given up', await click('Cancel the plan') && await click('Really?'), /Your plan: Basic[\s\S]*Cancelled/);
await judged('... kept after all', await click('Keep the plan') && await click('Really?'), /Your plan: Basic[\s\S]*On trial/);
await judged('... and changed for a higher one', await inRow('Pro', 'Change to this'), /Your plan: Pro/);
await click('Statement by days');
await run(`(() => { const f = [...document.querySelectorAll('main details form')].pop(); f.elements.from.value = '2020-01-01'; f.elements.to.value = '2040-01-01'; })()`);
await run(`[...document.querySelectorAll('main details form')].pop().requestSubmit()`);
await judged('the statement of some days has the purchase', true, /Opening balance[\s\S]*Purchase[\s\S]*Closing balance/);

/* ----- tools, and accounts with keys ----- */

await opens('assistants', /First message/);
await tries(`document.querySelector('main td a') !== null`);
await run(`document.querySelector('main td a').click()`);
await sees(/Tools \(\d+\)/);
for (let i = 0; i < 20 && await run(`(() => { const b = [...document.querySelectorAll('.rail label input')].find((x) => x.checked && !x.disabled); if (b) { b.click(); } return Boolean(b); })()`); i += 1) {
	await tries(`![...document.querySelectorAll('.rail label input')].some((x) => x.disabled)`);
}
await put('Free times', '');
await judged('an assistant is given a tool', true, /Tools \(1\)/);
await judged('... and is tested by callers', await click('Test'), /What callers found[\s\S]*(rehearsed|failed)/i);
await judged('an assistant is talked to', await click('Conversation (Rehearsed)'), /You say/);
await judged('... and answers somebody who types', await put('You say', 'Who is there?') && await click('Send'), /Nova[\s\S]*Who is there\?\s+\S/);
step(await run(`document.querySelectorAll('main details pre').length`) > 3, '... whose talks can be read', await shown());
await opens('accounts', /Models, ears and voices/);
await click('New account at a vendor');
await put('Vendor', 'deepgram');
await put('Name', 'Ear');
await put('Key', 'dg-secret-key');
await put('Model', 'nova-3');
await put('Place in calls', '1');
await judged('an ear is set up', await click('Create'), /Ear[\s\S]*deepgram[\s\S]*nova-3/);
await run(`document.querySelectorAll('main details').forEach((d) => { d.open = false; })`);
await click('New account at a carrier');
await run(`(() => { const f = document.querySelector('main form'); f.elements.provider.value = 'vapi'; f.elements.provider.dispatchEvent(new Event('change', { bubbles: true })); })()`);
await sees(/api key/);
await run(`(() => { const f = document.querySelector('main form'); f.elements.name.value = 'Line'; f.elements['c api_key'].value = 'vapi-secret-key'; f.elements['s phone_number_id'].value = 'p1'; f.requestSubmit(); })()`);
await judged('an account at a carrier, too', true, /Line\s+Vapi/);
step(!/secret-key/.test(await run('document.documentElement.outerHTML') + JSON.stringify(await run(`import('/app.js').then((api) => api.rpc('account_page'))`))), '... whose keys never come back', null);
await judged('... which is switched off', await inRow('Line', 'Switch off'), /Line[\s\S]*off/);

/* ----- for people that see little: narrow, dark, and by axe ----- */

const pages = ['today', 'campaigns', 'calls', 'leads', 'waiting', 'appointments', 'incoming', 'agents', 'calendars', 'listings', 'assistants', 'own_tools', 'money', 'figures', 'accounts', 'team'];
const calls = await run(`import('/app.js').then((api) => api.rpc('call_page', {})).then((rows) => rows.map((c) => c.call_id))`);
const leads = await run(`import('/app.js').then((api) => api.rpc('lead_list', {})).then((rows) => rows.map((l) => l.lead_id))`);
const campaigns = await run(`import('/app.js').then((api) => api.rpc('campaign_page', {})).then((rows) => rows.map((c) => c.campaign_id))`);
pages.push(`calls/${calls[0]}`, `leads/${leads[0]}`, 'week', 'report', 'billing', 'tenant', 'stops', 'webhooks', `campaigns/${campaigns.at(-1)}`, `campaigns/${campaigns.at(-1)}?tab=settings`, 'campaigns?new=1');
const axe = existsSync(process.env.AXE || '') ? readFileSync(process.env.AXE, 'utf8') : null;
const look = (scheme) => page('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
const judge = async () => {
	await run(`window.axe ? 1 : (() => { ${axe}; return 1; })()`);
	return run(`axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => v.id + ': ' + v.nodes[0].html.slice(0, 150)))`);
};
const wide = {};
const found = {};
for (const name of pages) {
	await size(375, 800);
	await go(name);
	await sees(/^(?![\s\S]*Loading …)/);
	await pause(200);
	if (await run('document.documentElement.scrollWidth') > 375) {
		wide[name] = await run(`[...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > 376 && !e.closest('.wide')).slice(0, 3).map((e) => e.outerHTML.slice(0, 200))`);
	}
	await size(1280);
	for (const scheme of axe ? ['light', 'dark'] : []) {
		await look(scheme);
		const bad = await judge();
		if (bad.length > 0) {
			found[`${name}, ${scheme}`] = bad;
		}
	}
	await look('light');
}
step(Object.keys(wide).length === 0, `${pages.length} pages fit into 375 pixels`, wide);
step(Object.keys(found).length === 0, axe ? `axe-core finds nothing serious on ${pages.length} pages, light and dark` : 'axe-core was not to be had, nothing was judged', found);
if (axe) {
	await run(`document.querySelector('main').append(Object.assign(new Image(), { src: '/icon.svg' }))`);
	step((await judge()).some((v) => /image-alt/.test(v)), '... and it would', null);
	await run(`document.querySelector('main > img').remove()`);
}
await size(1280, 800);
await look('dark');
await go('today');
await sees(/Live now/);
await picture('console-today');
await look('light');
await size(375, 700);
await go('money');
await sees(/Packs of credits/);
await picture('console-money');
await size(1280, 800);
finish();
