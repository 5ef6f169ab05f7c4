/*
 * People of three roles at the console (chromium.js has the browser).
 *
 *	node browser.js URL PASSWORD FOLDER RESET
 *
 * Of the tenant it expects what regress/t/961_console_page.pl made.
 */
import { writeFileSync } from 'node:fs';
import { deadline, openBrowser, pause, step } from './chromium.js';

const [url, password, folder, reset] = process.argv.slice(2);
const { page, send, sessionId, streams, run, tries, sees, key, enter, types, click, go, fill, picture, logsIn, leaves, choose, size, finish } = await openBrowser(url, folder, password);

/* ----- the owner ----- */

const today = await logsIn('owner');
step(today.includes('Acme <b>Solar</b>'), 'an owner logs in by the keyboard, and sees its day', today);
step(/Calls\s+[1-9]/.test(today), '... with the calls of the day', today);
const weight = await run(`Promise.all(performance.getEntriesByType('resource').filter((r) => /[.](js|css|svg)$/.test(r.name)).map(async (r) => (await new Response((await (await fetch(r.name)).blob()).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()).byteLength)).then((all) => all.reduce((a, b) => a + b, 0))`);
step(weight > 20000 && weight <= 55000, 'what a visitor loads at first has at most 55 kB', weight);
await picture('today');
const pages = { campaigns: /Spring/, calls: /Cleo/, leads: /212/, waiting: /Ada/, appointments: /Ada/, incoming: /Numbers/, agents: /Put through/, calendars: /Length of an appointment in minutes/, listings: /What do you offer/, assistants: /Nova/, money: /Statement/, figures: /Files by themselves/, week: /This week[\s\S]*Mon/, billing: /Spent by day/, report: /From call to appointment/, tenant: /How long we keep things/, stops: /Look up/, webhooks: /Tell a server|Nothing is told/, accounts: /Real|Vapi/, notices: /Mark all as read/, wishes: /Daily e-mail/, team: /viewer@example.com/ };
for (const [name, has] of Object.entries(pages)) {
	await go(name);
	const text = await sees(has);
	step(text !== '', `the page ${name} shows what there is`, await run('document.body.innerText'));
	await picture(name);
}
await go('notices');
await sees(/Mark all as read/);
step(await run(`document.querySelectorAll('main td b').length`) > 0 && await tries(`[...document.querySelectorAll('.side a.to .count')].some((c) => Number(c.innerText) > 0)`), 'a member sees what it was told, and how much it has not read', await run('document.body.innerText'));
await click('Mark all as read');
step(await tries(`document.querySelectorAll('main td b').length === 0 && document.querySelector('.side a[href="#/notices"] .count') === null`), '... and marks it as read', await run('document.body.innerText'));
await go('wishes');
step(/owner@example.com: No notices are mailed there/.test(await sees(/Daily e-mail/)), 'it is told why it gets no mail', await run('document.body.innerText'));
const wish = `document.querySelector('main tbody input[aria-label$="By e-mail"]')`;
const wished = await run(`${wish}.checked`);
await run(`${wish}.click()`);
await tries(`!${wish}.disabled`);
await go('today');
await sees(/Calls/);
await go('wishes');
await sees(/Daily e-mail/);
step(await run(`${wish}.checked`) === !wished, '... and says how it wants to be told', await run('document.body.innerText'));
await run(`(() => { const f = document.querySelectorAll('main form')[0]; f.elements.from.value = '22:00'; f.elements.to.value = '07:00'; f.requestSubmit(); })()`);
step(await tries(`document.querySelector('main form').elements.from.value.startsWith('22:00') && !document.querySelector('main form button').disabled`), '... and when not', await run('document.body.innerText'));
await go('team');
await sees(/viewer@example.com/);
step(await run(`document.activeElement.tagName`) === 'H1', 'a page that comes has the focus', await run('document.activeElement.outerHTML'));
await go('leads');
const leads = await sees(/onerror/);
step(leads.includes('<img src=x onerror=alert(1)>'), 'what a name has of HTML is text', leads);
step(await run(`document.querySelectorAll('main img, main script').length`) === 0, '... and nothing else', null);
step(await run(`[...document.querySelectorAll('main td bdi')].some((b) => b.innerText.includes('\\u202e'))`), 'a name that turns the direction is alone in it', leads);
await go('calls');
await sees(/Cleo/);
const search = (name, value) => run(`(() => { const f = document.querySelector('main details form'); f.reset(); f.elements.${name}.value = ${JSON.stringify(value)}; f.requestSubmit(); })()`);
/* Calls are found soon after their end. */
for (let i = 0; i < 40 && await run(`document.querySelectorAll('main tbody tr').length`) !== 1; i += 1) {
	await search('outcome', 'scheduled');
	await pause(500);
}
step(await run('location.hash') === '#/calls?outcome=scheduled', 'what is searched for stands in the address', await run('location.hash'));
step(/[Aa]ppointment agreed/.test(await run(`document.querySelector('main tbody')?.innerText`)), 'calls are found by their outcome', await run('document.body.innerText'));
await search('words', 'xyzzyx');
step(await sees(/Nothing matches/) !== '', '... and by words, which nobody has said', await run('document.body.innerText'));
await search('words', '');
await sees(/Cleo/);
await run(`document.querySelector('main td a').click()`);
const film = await sees(/Conversation[\s\S]*Why it was allowed/);
step(/Assistant[\s\S]+Customer/.test(film) && /Cost: /.test(film), 'a call is a film: who said what, and what it cost', film);
step(/Half of the answers came within 0.8 s, nine in ten within 0.8 s/.test(await run('document.body.innerText')) && await run(`document.querySelectorAll('main svg.falls rect').length`) === 6, '... and what its answers took, each as heard, thought and spoken', await run('document.body.innerText'));
await picture('film');

/* ----- what needs a person ----- */

const badge = () => run(`Number(document.querySelector('.side .count.hot')?.innerText || 0)`);
await go('waiting?kind=appointment');
step(/Appointment to confirm[\s\S]*Why we think so/.test(await sees(/Why we think so[\s\S]*Details/)), 'what needs a person is shown beside what proves it', await run('document.body.innerText'));
step(await run(`document.querySelector('.detail mark').innerText.length`) > 0, '... with the words that were said', await run('document.body.innerText'));
const waits = await badge();
step(waits > 0 && waits === await run(`Number(document.querySelector('.bar .chip').innerText.match(/[0-9]+/)[0])`) && (await run('document.title')).startsWith(`(${waits})`), 'the badge, the title and the list have one number', [waits, await run('document.title'), await run('document.body.innerText')]);
step(!/[{}_]|\w\(\)|SELECT/.test(await run(`document.querySelector('main').innerText`)), '... and no word of the machine', await run(`document.querySelector('main').innerText`));
const chosen = await run(`document.querySelectorAll('.queue li').length`);
await run(`document.querySelector('main').focus()`);
await key('c', 67, 'c');
step(await tries(`document.querySelectorAll('.queue li').length < ${chosen} || document.querySelector('.empty')`), 'a key confirms, and the row is gone', await run('document.body.innerText'));
step(await tries(`Number(document.querySelector('.side .count.hot')?.innerText || 0) === ${waits - 1}`), '... and the badge has one less', await badge());
await go('appointments');
step(await sees(/[Cc]onfirmed/) !== '', '... and the appointment is confirmed', await run('document.body.innerText'));

/* ----- search ----- */

await page('Input.dispatchKeyEvent', { type: 'keyDown', key: 'k', code: 'KeyK', windowsVirtualKeyCode: 75, modifiers: 2 });
step(await tries(`document.querySelector('dialog.finder[open]') !== null && document.activeElement.type === 'search'`), 'Ctrl K opens the search', await run('document.body.innerText'));
await types('Cleo');
step(await tries(`[...document.querySelectorAll('.finder a')].some((a) => a.innerText.includes('Cleo') && a.hash.startsWith('#/leads/'))`), '... which finds a lead by its name', await run(`document.querySelector('.finder')?.innerText`));
await run(`[...document.querySelectorAll('.finder a')].find((a) => a.hash.startsWith('#/leads/')).click()`);
const one = await sees(/Cleo[\s\S]*What happened[\s\S]*May we call now/);
step(/[Cc]all back/.test(one) && /Came to your leads/.test(one) && /Campaign: Spring/.test(one) && await tries(`document.querySelector('h1').innerText.trim() === 'Cleo' && /^(Yes|No)$/.test(document.querySelector('.rail .pill')?.innerText.trim())`), '... whose page says what happened, and whether it may be called', await run('document.body.innerText'));
await page('Input.dispatchKeyEvent', { type: 'keyDown', key: 'k', code: 'KeyK', windowsVirtualKeyCode: 75, modifiers: 2 });
await tries(`document.querySelector('dialog.finder[open]') !== null`);
await run(`(() => { const f = document.querySelector('.finder input'); f.value = 'bill'; f.dispatchEvent(new Event('input', { bubbles: true })); })()`);
await tries(`document.querySelector('.finder a').innerText === 'Billing'`);
await enter();
step(await tries(`location.hash === '#/billing' && !document.querySelector('.finder')`), '... and Enter opens what is first', await run('location.hash'));
await run(`document.querySelector('button.find').click()`);
await tries(`document.querySelector('dialog.finder[open]') !== null`);
await run(`(() => { const f = document.querySelector('.finder input'); f.value = 'spring'; f.dispatchEvent(new Event('input', { bubbles: true })); })()`);
step(await tries(`[...document.querySelectorAll('.finder a')].some((a) => /^#\\/campaigns\\/\\d+$/.test(a.hash))`), '... and finds campaigns', await run(`document.querySelector('.finder').innerText`));
await run(`(() => { const f = document.querySelector('.finder input'); f.value = 'new campaign'; f.dispatchEvent(new Event('input', { bubbles: true })); })()`);
step(await tries(`[...document.querySelectorAll('.finder a')].some((a) => a.hash === '#/campaigns?new=1')`), '... and what may be done', await run(`document.querySelector('.finder').innerText`));
await run(`document.querySelector('.finder').close()`);

await go('leads');
await sees(/Upload/);
writeFileSync(`${folder}/leads.csv`, 'First name,Phone\nZoe,+1 415 555 0177\nBad,12345\n');
await choose('input[type=file]', [`${folder}/leads.csv`]);
await sees(/Columns of the file/);
await click('Import');
const imported = await sees(/Imported: 1[\s\S]*Rejected: 1[\s\S]*rejected/i);
step(imported !== '', 'a file is taken in, and its bad row is told', await run('document.body.innerText'));
step(await sees(/Zoe/) !== '', '... and its good one is in the list', await run('document.body.innerText'));

await go('campaigns');
await sees(/Spring/);
await run(`[...document.querySelectorAll('main td a')].find((a) => a.innerText.includes('Spring')).click()`);
const whole = await sees(/100 % done of 4 leads[\s\S]*From call to appointment[\s\S]*When people answer[\s\S]*How calls ended/);
step(whole !== '' && /Completed/.test(whole), 'a campaign has a page: where it is, and what it came to', await run('document.body.innerText'));
step(await run(`document.querySelectorAll('main svg.progress rect').length > 0 && [...document.querySelectorAll('main .heat td')].some((d) => /^[0-9]+$/.test(d.innerText)) && document.querySelectorAll('main .behind tbody tr').length > 0`), '... in charts with their numbers', await run(`document.querySelector('main').innerHTML`));
step(!/_|\w\(\)/.test(whole.split('From call')[1]), '... in words', whole);
await picture('campaign');
await go('campaigns?new=1');
await sees(/Who calls whom/);
await fill('name', 'Autumn');
await fill('max_concurrent_calls', '3');
await run(`document.querySelector('main form').requestSubmit()`);
step(/Draft/.test(await sees(/Autumn[\s\S]*you have [\d,]+/)) && /#\/campaigns\/\d+\?tab=ahead/.test(await run('location.hash')), 'a campaign is made, and looked over before it starts', await run('document.body.innerText'));
step(!/[{}_\[\]]|\w\(\)/.test(await run(`document.querySelector('.ahead').innerText`)), '... in words', await run(`document.querySelector('.ahead').innerText`));
await go((await run('location.hash')).replace(/^#\/|ahead$/g, '') + 'settings');
await sees(/Trying again/);
step(await run(`document.querySelector('main [name=max_concurrent_calls]').value`) === '3', '... keeps what it was given', await run('document.body.innerText'));
await fill('retry_attempts', '1');
await fill('retry_delay_busy', '45');
await run(`document.querySelector('main form').requestSubmit()`);
step(await sees(/Saved\./) !== '' && await tries(`document.querySelector('main [name=retry_delay_busy]').value === '45'`), '... and all may be changed later', await run('document.body.innerText'));
await go((await run('location.hash')).replace(/^#\/|settings$/g, '') + 'ahead');
await sees(/you have [\d,]+/);
await click('Start …');
step(await tries(`document.querySelector('dialog.ask[open]')?.innerText.includes('Start Autumn')`), 'a start asks first, and says what it will do', await run('document.body.innerText'));
await click('Start now');
step(await sees(/Autumn[\s\S]{0,40}(Running|Completed)/, 10000) !== '', '... and it starts', await run('document.body.innerText'));

await go('campaigns');
await sees(/Real/);
step(await run(`(() => { [...document.querySelectorAll('main td a')].find((a) => a.innerText === 'Real').click(); return true; })()`)
	&& await sees(/type: call \d+ people/) !== '', 'one on a real carrier says what to type', await run('document.body.innerText'));
step(await run(`[...document.querySelectorAll('main .ahead > .acts button')].find((b) => b.innerText === 'Start …').disabled`), '... and does not start before', await run('document.body.innerText'));
const confirms = (words) => run(`(() => { const f = document.querySelector('main [name=confirmation]'); f.value = ${JSON.stringify(words)}; f.form.requestSubmit(); })()`);
await confirms('yes');
step(await sees(/the confirmation is not right/) !== '', '... and takes nothing else', await run('document.body.innerText'));
await confirms((await run('document.body.innerText')).match(/type: (call \d+ people)/)[1]);
step(await tries(`!document.querySelector('main [name=confirmation]')`), '... but that', await run('document.body.innerText'));

await go('assistants');
await sees(/New assistant/);
await run(`document.querySelector('main [name=profile]').value = 'roofing'; document.querySelector('main form').requestSubmit()`);
step(await sees(/Step 1 \/ 10/) !== '', 'the wizard asks', await run('document.body.innerText'));
const reasons = `[...document.querySelectorAll('main label')].find((l) => l.innerText.startsWith('Why people choose you')).querySelector('textarea')`;
for (let i = 1; i < 10; i += 1) {
	if (i === 2) {
		step(await run(`${reasons}.value`) !== '', 'a step begins with its defaults', null);
		await run(`(() => { const f = ${reasons}; f.value = ''; f.dispatchEvent(new Event('input', { bubbles: true })); })()`);
	}
	await run(`document.querySelector('main form').requestSubmit()`);
	if (await sees(new RegExp(`Step ${i + 1} / 10`), 8000) === '') {
		break;
	}
	if (i === 2) {
		await click('Back');
		await sees(/Step 2 \/ 10/);
		step(await run(`${reasons}.value`) === '', '... and what was taken away stays away', await run(`${reasons}.value`));
		await run(`document.querySelector('main form').requestSubmit()`);
		await sees(/Step 3 \/ 10/);
	}
}
step(await sees(/Step 10 \/ 10/, 1000) !== '', '... step by step, and takes its defaults', await run('document.body.innerText'));
step(await sees(/Am I speaking with[\s\S]*What the assistant is told[\s\S]*Acme/) !== '', '... shows at last the texts that it makes', await run('document.body.innerText'));
await picture('review');
await click('Make the assistant');
step(await sees(/First message[\s\S]*What the assistant is told[\s\S]*Try it/) !== '' && /^#\/assistants\/\d+$/.test(await run('location.hash')), '... and makes an assistant, which has a page', await run('document.body.innerText'));
await run(`import('/app.js').then((api) => api.rpc('create_assistant', { name: 'Holey', first_message: 'Hello {{nobody_has_this}}', system_prompt: 'You call people.' }))`);
await go('today');
await go('assistants');
await sees(/Holey/);
await run(`[...document.querySelectorAll('main td a')].find((a) => a.innerText === 'Holey').click()`);
await sees(/Try it/);
await click('Test');
step(await sees(/failed: error: unknown_variable/, 20000) !== '', 'a test that failed says why', await run('document.body.innerText'));

await go('team');
await sees(/viewer@example.com/);
const roles = `[...document.querySelectorAll('main td select')].map((s) => s.value).sort().join()`;
step(await run(roles) === 'agent,owner,viewer', 'the team shows the role of each', await run(roles));
const becomes = (now, then) => run(`(() => { const s = [...document.querySelectorAll('main td select')].find((x) => x.value === '${now}'); s.value = '${then}'; s.dispatchEvent(new Event('change', { bubbles: true })); })()`);
await becomes('agent', 'manager');
step(await tries(`${roles} === 'manager,owner,viewer' && !document.querySelector('main [role=alert]')`), '... and gives another', await run('document.body.innerText'));
await becomes('manager', 'agent');
await tries(`${roles} === 'agent,owner,viewer'`);

/* ----- settings, who may not be called, who is told, and reports ----- */

await go('tenant');
await sees(/How long we keep things/);
const sets = (key, value) => run(`(() => { const f = document.querySelector('#set-${key}'); f.value = ${JSON.stringify(value)}; f.dispatchEvent(new Event('change', { bubbles: true })); })()`);
await sets('max_concurrent_calls', '7');
step(await tries(`/Saved/.test(document.querySelector('#set-max_concurrent_calls').closest('.setting').innerText)`), 'a setting acts at once, and says so', await run('document.body.innerText'));
step(await run(`import('/app.js').then((api) => api.rpc('get_setting', { key: 'max_concurrent_calls' }))`) === '7', '... in truth', null);
await sets('retry_attempts', '-3');
step(await tries(`document.querySelector('#set-retry_attempts').closest('.setting').querySelector('[role=alert]') !== null`), '... and what cannot be is refused beside it', await run('document.body.innerText'));
await run(`document.querySelector('#set-max_concurrent_calls').closest('.setting').querySelector('button').click()`);
step(await tries(`document.querySelector('#set-max_concurrent_calls').value === '10'`), '... and goes back to what it was', await run('document.body.innerText'));
step(!/_|\w\(\)/.test(await run(`document.querySelector('main').innerText`)), '... in words', await run(`document.querySelector('main').innerText`));
await go('stops');
await sees(/Look up/);
await fill('phone', '+1 212 555 0142');
await fill('reason', 'a letter');
await run(`document.querySelector('main form.inline').requestSubmit()`);
step(await sees(/\(212\) 555-0142[\s\S]*a letter[\s\S]*By hand/) !== '', 'a number is put on the list of whom nobody calls', await run('document.body.innerText'));
await run(`(() => { const f = document.querySelector('main form.find-in'); f.elements.words.value = '555-0142'; f.requestSubmit(); })()`);
step(await tries(`document.querySelectorAll('main tbody tr').length === 1 && location.hash === '#/stops?words=555-0142'`), '... found by its number', await run('document.body.innerText'));
await click('Take off …');
await run(`(() => { const f = document.querySelector('main td form'); f.elements.reason.value = 'asked us to'; f.requestSubmit(); })()`);
step(await sees(/555-0142 is not on the list/) !== '', '... and taken off with a reason', await run('document.body.innerText'));
await go('webhooks');
await sees(/Tell a server/);
await fill('url', 'https://example.com/hook');
await run(`document.querySelector('main details form').requestSubmit()`);
step(/everything/.test(await sees(/It is shown once:[\s\S]*example.com\/hook[\s\S]*Works/)), 'a server is told of everything, and its secret is shown once', await run('document.body.innerText'));
await run(`import('/app.js').then(async (api) => { const [lead] = await api.rpc('lead_list', { words: 'Cleo' }); return api.rpc('add_appointment', { lead_id: lead.lead_id, starts_at: new Date(Date.now() + 120000).toISOString() }); })`);
// Two minutes from now may be another week.
await go(`week?from=${new Date(Date.now() + 120000).toLocaleDateString('sv', { timeZone: 'America/New_York' })}`);
step(await tries(`[...document.querySelectorAll('main .event.confirmed')].some((e) => e.innerText.includes('Cleo'))`), 'a week shows who is met when', await run('document.body.innerText'));
await run(`[...document.querySelectorAll('main .event')].find((e) => e.innerText.includes('Cleo')).click()`);
await sees(/Call off …/);
await click('Call off …');
await fill('reason', 'ill');
await run(`document.querySelector('main .chosen-one form').requestSubmit()`);
step(await tries(`![...document.querySelectorAll('main .event')].some((e) => e.innerText.includes('Cleo'))`), '... and what is called off is gone', await run('document.body.innerText'));
await go('billing');
await sees(/Spent by day/);
const rest = await run(`import('/app.js').then((api) => api.rpc('today_page')).then((d) => Math.floor(d.available))`);
step(await run(`Number(document.querySelector('main .huge').innerText.replace(/\\D/g, ''))`) === rest, 'billing has as many credits as SQL', [rest, await run('document.body.innerText')]);
await go('report');
await sees(/From call to appointment/);
const told = await run(`import('/app.js').then((api) => api.rpc('overview')).then((o) => o.total_calls)`);
step(await run(`Number([...document.querySelectorAll('main .tile')].find((x) => x.innerText.startsWith('Calls')).querySelector('.figure').innerText)`) === told && told > 0, 'a report has as many calls as SQL', [told, await run('document.body.innerText')]);
await run(`document.querySelector('main .tile').click()`);
step(await tries(`document.querySelector('main h2').innerText === 'Calls by day' && document.querySelectorAll('main svg.bars line.is').length === 20`), '... and a tile chooses what is drawn', await run('document.body.innerText'));
await picture('report');

/* ----- another tenant's, and what there is not ----- */

await go('calls/999999999');
step(await sees(/[Nn]ot found/) !== '', 'a call of nobody or of another tenant is not found', await run('document.body.innerText'));
await go('constructor');
step(await sees(/no such page/) !== '', 'nor is a page that there is not', await run('document.body.innerText'));

/* ----- narrow, and in other languages ----- */

await size(390, 800);
await go('today');
await sees(/Live now/);
await click('More', '.tabbar');
step(await run(`document.querySelector('.side .credit').offsetHeight > 0 && [...document.querySelectorAll('.side a.to')].filter((a) => a.offsetHeight >= 40).length >= 12`), 'a telephone has all places one press away', await run('document.body.innerText'));
await click('More', '.tabbar');
step(await run(`document.querySelector('header').offsetHeight < 130 && document.documentElement.scrollWidth <= 390`), 'the header of a telephone is low', await run(`document.querySelector('header').offsetHeight`));
await picture('telephone');
await size(375, 800);
for (const name of ['today', 'campaigns', 'calls', 'leads', 'report', 'tenant', 'stops', 'week', 'billing']) {
	await go(name);
	await pause(500);
	step(await run('document.documentElement.scrollWidth <= 375'), `${name} fits into 375 pixels`, await run('document.documentElement.scrollWidth'));
}
await picture('narrow');
await size(1280);
for (const [code, word] of [['es', 'Contactos'], ['fr', 'Contacts'], ['de', 'Kampagnen'], ['it', 'Contatti']]) {
	await run(`(() => { const s = document.querySelector('select[name=language]'); s.value = '${code}'; s.dispatchEvent(new Event('change', { bubbles: true })); })()`);
	step(await sees(new RegExp(word)) !== '' && await run('document.documentElement.lang') === code, `it speaks ${code}`, await run('document.body.innerText'));
}
await run(`(() => { const s = document.querySelector('select[name=language]'); s.value = 'en'; s.dispatchEvent(new Event('change', { bubbles: true })); })()`);

/* ----- two tabs, one stream; a file that the one has made is in the other ----- */

const { targetId: secondTab } = await send('Target.createTarget', { url: `${url}/#/figures` });
const { sessionId: second } = await send('Target.attachToTarget', { targetId: secondTab, flatten: true });
await send('Network.enable', {}, second);
const there = async (expression) => (await send('Runtime.evaluate', { expression, returnByValue: true }, second)).result.value;
async function seesThere(what, ms = 20000) {
	for (const over = deadline(ms); !over(); await pause(100)) {
		if (what.test(await there('document.body ? document.body.innerText : ""') || '')) {
			return true;
		}
	}
	return false;
}
step(await seesThere(/Files by themselves/), 'a second tab, as one that is loaded anew, is logged in', await there('document.body.innerText'));
await go('figures');
await sees(/Files by themselves/);
await click('New file');
await click('Create');
step(await sees(/Load \d/, 60000) !== '', 'a file is made, and can be loaded', await run('document.body.innerText'));
step(await seesThere(/Load \d/), '... which the second tab shows, too', await there('document.body.innerText'));
step(streams.includes(sessionId) && !streams.includes(second), '... without asking for events itself', streams);
await send('Target.closeTarget', { targetId: secondTab });

/* ----- names for every control ----- */

const nameless = `[...document.querySelectorAll('input, select, textarea, button, a')].filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length))).map((e) => e.outerHTML)`;
for (const name of Object.keys(pages)) {
	await go(name);
	await sees(pages[name]);
	const found = await run(nameless);
	step(found.length === 0, `on ${name} every control has a name`, found);
}

/* ----- by role ----- */

step(await leaves() !== '', 'logged out, the page asks again', await run('document.body.innerText'));
step(await run(`Object.keys(localStorage).length + Object.keys(sessionStorage).length + document.cookie.length`) === 0, '... and nothing was stored', null);
await logsIn('viewer');
const buttons = {};
for (const name of Object.keys(pages)) {
	await go(name);
	await sees(pages[name]);
	buttons[name] = (await run(`[...document.querySelectorAll('main button:not(.chip, .tile, .event, .week-head button, .queue button, .only-phone)')].map((b) => b.textContent.trim())`)).filter((b) => !['Before it starts', 'End all sessions', 'Problems', 'More', 'Back', 'Search', 'Show'].includes(b)
		/* What it may see, it may have as a file, and on paper. */
		&& b !== 'Print' && !(name === 'figures' && (b === 'Create' || b.startsWith('Load')))
		/* What it is told is its own. */
		&& !['notices', 'wishes'].includes(name));
}
step(Object.values(buttons).every((b) => b.length === 0), 'a viewer is offered nothing that it may not', buttons);
await leaves();
await go(`password/${reset}`);
await sees(/New password/);
await fill('password', `${password} anew`);
await run(`document.querySelector('main form').requestSubmit()`);
step(await sees(/The password is set/) !== '', 'the link of a mail sets a new password', await run('document.body.innerText'));
await page('Page.navigate', { url: `${url}/#/today` });
step(await logsIn('agent', `${password} anew`) !== '', '... with which its owner logs in', await run('document.body.innerText'));
await go('team');
await sees(/viewer@example.com/);
step(await run(`document.querySelectorAll('main select, main input').length`) === 0, 'an agent changes no member', null);
await leaves();
await tries(`document.querySelector('form [name=email]') !== null`);
await run(`(() => { const f = document.querySelector('form'); f.elements.email.value = 'signed@example.com'; f.elements.password.value = ${JSON.stringify(password)}; f.requestSubmit(); })()`);
step(await tries(`/^\\/sign-on\\/\\d+$/.test(location.pathname)`), 'where passwords are not taken, a member is led to the provider', await run('location.href'));

finish();
