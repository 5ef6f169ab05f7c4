/*
 * Somebody who does many things at once in the lists of the console (chromium.js has the browser).
 *
 *	node many.js URL PASSWORD FOLDER FACTS	FACTS: JSON of what regress/t/959_console_forms.pl has made
 */
import { openBrowser, pause, step } from './chromium.js';

const [url, password, folder, said] = process.argv.slice(2);
const facts = JSON.parse(said);
const { run, tries, sees, click, go, picture, size, logsIn, finish } = await openBrowser(url, folder, password);
const shown = () => run(`document.querySelector('main').innerText`);
const rpc = (name, values) => run(`import('/app.js').then((api) => api.rpc(${JSON.stringify(name)}, ${JSON.stringify(values)})).then((answer) => ({ answer }), (e) => ({ status: e.status, message: e.message }))`);
const ticks = (words) => tries(`(() => { const all = [...document.querySelectorAll('main tbody tr, main .queue li')].filter((r) => ${JSON.stringify(words)}.some((w) => r.innerText.includes(w))).map((r) => r.querySelector('.tick')); all.forEach((x) => x && x.click()); return all.length >= ${words.length}; })()`);
const opens = async (label, values) => {
	await click(`${label} …`, '.many');
	return tries(`(() => { const f = document.querySelector('dialog[open] form'); if (!f || Object.entries(${JSON.stringify(values)}).some(([name, value]) => f.elements[name].options && ![...f.elements[name].options].some((o) => o.value === String(value)))) { return false; } for (const [name, value] of Object.entries(${JSON.stringify(values)})) { f.elements[name].value = value; } f.requestSubmit(); return true; })()`);
};
const tagged = async (tag) => (await rpc('lead_list', { tag })).answer.map((l) => l.first_name).sort().join();

await logsIn('owner');

/* ----- leads ----- */

await go('leads');
await sees(/Many 3\b/);
const three = ['Many 10', 'Many 11', 'Many 12'];
await ticks(three);
await opens('Add a tag', { tag: 'hot' });
step(await sees(/Add a tag: 3 of 3 done/) !== '' && await tagged('hot') === three.join(), 'three leads have a tag', await tagged('hot'));
step(await run(`document.querySelectorAll('main tbody .tick:checked').length`) === 0, '... and are ticked no more', await shown());
await picture('console-many');
await click('Undo', '.many');
step(await sees(/Undo: 3 of 3 done/) !== '' && await tagged('hot') === '', '... and it is undone', await tagged('hot'));
await ticks(three);
await rpc('erase_lead', { lead_id: facts.many + 10 });
await opens('Add a tag', { tag: 'warm' });
step(await sees(/Add a tag: 2 of 3 done[\s\S]*1 could not be done:\s+Many 11: /) !== '' && await tagged('warm') === 'Many 10,Many 12', 'of one that is gone meanwhile that is said, and the rest is done', await shown());
step(await run(`[...document.querySelectorAll('.many button')].every((b) => b.innerText !== 'Undo')`), '... and what cannot be undone exactly is not offered to be', await shown());
await click('Choose none', '.many');
await run(`document.querySelector('main thead .tick').click()`);
await click('All that match', '.many');
step(await sees(/118 chosen/) !== '', 'all that match are more than those shown', await shown());
await opens('Put into a campaign', {});
step(await sees(/Put into a campaign: 118 of 118 done/, 40000) !== '', '... and go into a campaign', await shown());
await ticks(['Many 20', 'Many 21']);
await opens('Never call again', { reason: 'Asked us' });
step(await sees(/Never call again: 2 of 2 done/) !== '' && (await rpc('stop_page', {})).answer.filter((d) => d.reason === 'Asked us').length === 2, 'two are never called again', await shown());

/* ----- one lead, whole ----- */

const fills = (name, values) => tries(`(() => { document.querySelectorAll('main details').forEach((d) => { d.open = true; }); const e = document.querySelector('main [name="${name}"]'); if (!e) { return false; } for (const [n, v] of Object.entries(${JSON.stringify(values)})) { e.form.elements[n].value = v; } e.form.requestSubmit(); return true; })()`);
await go(`leads/${facts.lead}`);
await sees(/What happened/);
await fills('note', { note: 'Her husband decides' });
step(await sees(/Note \(?owner@example.com\)?[\s\S]*Her husband decides/) !== '', 'a note stands with who wrote it', await shown());
await fills('tags', { tags: 'roof, warm , roof' });
step(await sees(/Tag\s+roof, warm/) !== '' && await tagged('roof') === 'Ada', 'its tags are changed', await shown());
await fills('tags', { tags: 'warm' });
step(await tries(`!document.querySelector('dl.facts').innerText.includes('roof')`) && await tagged('roof') === '', '... and taken off', await shown());
await run(`[...document.querySelectorAll('main [name=phone]')][0].value = '(212) 555-7100'; [...document.querySelectorAll('main [name=phone]')][0].form.requestSubmit()`);
step(await sees(/Phone 2\s+\(212\) 555-7100/) !== '', 'it has another number', await shown());
await fills('note', { note: 'Ring then', remind: '2031-01-02' });
await go('waiting?kind=task');
step(await sees(/Ring then/) !== '', 'a note of a day waits for a person', await shown());

/* ----- copies ----- */

await go(`assistants/${facts.assistant}`);
await sees(/Make a copy/);
await click('Make a copy');
step(await tries(`document.querySelector('h1').innerText === 'Copy of Nova'`), 'an assistant is copied', await shown());
await fills('voice', { voice: 'Clara', language: 'de' });
step(await tries(`[...document.querySelectorAll('dl.facts dd')].map((d) => d.innerText).join().includes('German,Clara,2')`), '... and speaks another language, with another voice', await shown());
await go(`campaigns?new=1&from=${facts.campaign}`);
step(await tries(`document.querySelector('main [name=name]')?.value === 'Copy of Spring'`), 'a campaign is copied', await shown());
await run(`document.querySelector('main [name=name]').form.requestSubmit()`);
step(await tries(`/#\\/campaigns\\/\\d+\\?tab=ahead/.test(location.hash) && document.querySelector('h1').innerText === 'Copy of Spring'`), '... and looked over', await shown());

/* ----- what needs a person ----- */

await go('waiting?kind=task');
await sees(/Task 3/);
await ticks(['Task 1', 'Task 2']);
step(await opens('Give to a colleague', { member: facts.agent }) && await sees(/Give to a colleague: 2 of 2 done/) !== '', 'two tasks are given to a colleague', await shown());
await ticks(['Task 1', 'Task 2']);
step(await opens('Put off', { days: '7' }) && await sees(/Put off: 2 of 2 done/) !== '', '... and put off', await shown());
await ticks(['Task 3', 'Task 4']);
await click('Done', '.many');
step(await sees(/Done: 2 of 2 done/) !== '' && await tries(`!document.querySelector('.queue').innerText.includes('Task 3')`), 'two are done at once', await shown());
await click('Undo', '.many');
step(await sees(/Undo: 2 of 2 done[\s\S]*Task 3/) !== '', '... and are to do again', await shown());
await go('waiting?order=date');
step(await tries(`document.querySelector('.bar .chip:last-child').getAttribute('aria-pressed') === 'true'`), 'the queue is read by date', await shown());
await size(390, 844);
await go('leads');
await sees(/Many 3\b/);
step(await run(`(() => { const t = document.querySelector('main tbody .tick').getBoundingClientRect(); return t.right <= 390 && document.documentElement.scrollWidth <= 390; })()`), 'a telephone has the ticks, too', await run('document.documentElement.scrollWidth'));
await size(1280);

/* ----- notices and calls ----- */

await go('notices');
await sees(/Mark all as read/);
await run(`document.querySelector('main thead .tick').click()`);
await click('Mark as read', '.many');
step(await sees(/Mark as read: [1-9]\d* of [1-9]\d* done/) !== '', 'notices are marked as read', await shown());
await go('calls');
await tries(`document.querySelectorAll('main tbody .tick').length > 0`);
await run(`document.querySelector('main thead .tick').click()`);
step(await sees(/chosen[\s\S]*Never call again[\s\S]*Save as a file/) !== '', 'calls are ticked', await shown());
finish();
