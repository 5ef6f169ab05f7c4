/*
 * People of three roles at the page of sequences (chromium.js has the browser).
 *
 *	node sequences.js URL PASSWORD FOLDER
 *
 * Of the tenant it expects what regress/t/986_sequences_page.pl made.
 */
import { openBrowser, step } from './chromium.js';

const [url, password, folder] = process.argv.slice(2);
const { run, tries, sees, click, go, fill, picture, logsIn, leaves, size, finish } = await openBrowser(url, folder, password);
const shown = () => run('document.body.innerText');
const q = JSON.stringify;
const card = (n) => `document.querySelectorAll('main fieldset.card')[${n - 1}]`;
/* The control of a step that has this label. */
const put = (n, label, value) => tries(`(() => {
	const l = [...${card(n)}.querySelectorAll('label:not(.check)')].find((x) => x.innerText.trim().startsWith(${q(label)}));
	const f = l && l.querySelector('input, select, textarea');
	const o = f && f.tagName === 'SELECT' && [...f.options].find((x) => x.innerText.startsWith(${q(value)}));
	if (!f || (f.tagName === 'SELECT' && !o)) { return false; }
	f.value = o ? o.value : ${q(value)};
	f.dispatchEvent(new Event(o ? 'change' : 'input', { bubbles: true }));
	return true;
})()`);
const tick = (label, within) => tries(`(() => { const l = [...${within}.querySelectorAll('label.check')].find((x) => x.innerText.trim() === ${q(label)}); if (l) { l.querySelector('input').click(); } return Boolean(l); })()`);
const agrees = (label) => tries(`(() => { const b = [...document.querySelectorAll('dialog[open] button')].find((x) => x.innerText.trim() === ${q(label)} && !x.disabled); if (b) { b.click(); } return Boolean(b); })()`);
const speaks = (code) => run(`(() => { const s = document.querySelector('select[name=language]'); s.value = ${q(code)}; s.dispatchEvent(new Event('change', { bubbles: true })); })()`);

await logsIn('owner');
await size(1280, 1500);
await go('sequences');
step(/Before <b>now<\/b>\s+Running\s+2\s+0/.test(await sees(/Before <b>now/)), 'an owner sees the sequences, as they are called', await shown());
await run(`document.querySelector('main td a').click()`);
const before = await sees(/Version 1[\s\S]*3 ended here/);
step(/1\. Send a text[\s\S]*Hello \{\{first_name\}\}[\s\S]*3 have done it, 3 refused/.test(before), 'one is drawn with what came of each step', await shown());
await click('3 ended here');
step(/3:\s+refused: no recorded consent to get texts/.test(await sees(/3:\s+refused/)), '... and why leads ended there', await shown());
await picture('sequence-before');

await go('sequences');
await sees(/New sequence/);
await run(`[...document.querySelectorAll('main a')].find((a) => a.innerText === 'New sequence').click()`);
await sees(/Save the draft/);
await fill('name', 'After <i>the form</i>');
await put(1, 'Campaign', 'Spring');
await put(1, 'Time after', '10');
await click('Add a step');
await put(2, 'What', 'Wait');
await put(2, 'At most', '2');
await put(2, 'If so', 'end');
await click('Add a step');
await put(3, 'What', 'Condition');
await put(3, 'Depends on', 'how the last call ended');
await tick('No answer', card(3));
await tick('Busy', card(3));
await click('Add a step');
await put(4, 'What', 'Send a text');
step(await put(3, 'No', 'end'), 'steps are written one after another, and lead to later ones', await shown());
await picture('sequence-draft');
await click('Save the draft');
const drawn = await sees(/No lead uses it yet[\s\S]*4\. Send a text/);
step(/1\. Call in campaign Spring <\/script><script>alert\(1\)<\/script>\s+Draft\s+after 10 hours · 7 days at most/.test(drawn) && /2\. Wait until the lead answers by text 2 days at most\s+If so: end\s+When the time is over: step 3/.test(drawn)
	&& /3\. Did the last call end with no answer or busy\?\s+Yes: step 4\s+No: end/.test(drawn), 'a draft is drawn in words, with where each step leads', drawn);
step(await run(`document.querySelectorAll('main svg.arcs path').length`) === 2 && await run(`document.querySelectorAll('main img, main script, main i:not([class])').length`) === 0, '... with its ways as arcs, and a name is text alone', await run(`document.querySelector('main').innerHTML`));
await click('Publish …');
await agrees('Publish');
step(await sees(/step 4: a text has 1 to 1000 characters/) !== '', 'what cannot be so is refused, and says why', await shown());
await run(`[...document.querySelectorAll('main a')].find((a) => a.innerText === 'Change').click()`);
await sees(/Save the draft/);
step(await run(`${card(2)}.querySelector('input[type=number]').value`) === '2' && await run(`${card(1)}.querySelector('input[type=number]').value`) === '10', 'the draft is as it was saved', await shown());
await put(4, 'Text message', 'Hello {{first_name}}, when shall we call?');
await click('Save the draft');
await sees(/when shall we call/);
await run(`(() => { const f = document.querySelector('main [name=words]'); f.value = 'Ada'; f.form.requestSubmit(); })()`);
step(/for Ada/.test(await sees(/The steps show it for Ada[\s\S]*/)) && await run(`document.querySelectorAll('main .flow .off').length`) === 1 && /\w{3}, \w{3} \d+, \d+:\d\d [AP]M No/.test(await shown()), 'a lead is tried: what would happen, when, and what would not', await shown());
await picture('sequence-tried');
await click('Back to the numbers');
await click('Publish …');
await agrees('Publish');
step(await sees(/Version 1, since/) !== '', 'it is published', await shown());
await click('Put leads in');
await run(`document.querySelector('dialog[open] [name=tag]').value = 'roof'`);
await agrees('Put them in');
step(await run(`document.querySelector('dialog[open] [name=whom]').matches(':invalid')`), 'nobody is put in before it is said who', await shown());
await run(`document.querySelector('dialog[open] [name=whom]').value = 'all'`);
await agrees('Put them in');
step(await sees(/Leads enrolled: 2[\s\S]*/) !== '' && /2 here now/.test(await sees(/2 here now/)), 'leads with a tag are put in, and are seen at their step', await shown());
await picture('sequence-under-way');
await click('Pause …');
await agrees('Take them later');
step(/all steps are taken later/.test(await sees(/Paused[\s\S]*/)), 'it is paused, and says what becomes of its steps', await shown());
await go('waiting?kind=sequence');
step(/After <i>the form<\/i> is paused, with leads in it[\s\S]*Open sequences/.test(await sees(/takes no step until you resume it/)) && /Sequence is paused 1/.test(await shown()), '... and needs a person, in words', await shown());
await run('history.back()');
await sees(/all steps are taken later/);
await click('Resume');
step(await tries(`document.querySelector('main .pill').innerText === 'Running'`), '... and goes on', await shown());
await click('Pause …');
await agrees('Drop them');
step(await sees(/steps that fall due are dropped/) !== '', '... or drops what is due', await shown());
await click('Resume');
await tries(`document.querySelector('main .pill').innerText === 'Running'`);
await click('After calls of a campaign');
await tick('No answer', `document.querySelector('.rail details[open]')`);
await click('Save', '.rail');
step(await tries(`/Spring[^\\n]*\\s+no answer/.test(document.querySelector('.rail').innerText)`), 'an outcome begins it by itself', await shown());
await run(`[...document.querySelectorAll('main a')].find((a) => a.innerText === 'Change').click()`);
await sees(/Save the draft/);
await click('Down');
await click('Save the draft');
step(/leads to|leads back/.test(await sees(/The draft differs/) && await click('Publish …') && await agrees('Publish') && await sees(/Version 1 [\s\S]*|leads back/)) || await sees(/Version 2, since/) !== '', 'a changed draft is told, and is the next version', await shown());
step(await sees(/Version 2, since/) !== '' && /2 here now/.test(await shown()), '... while who is under way is still counted', await shown());
const german = async () => {
	await speaks('de');
	const text = await sees(/Version 2, seit/);
	await speaks('en');
	return text;
};
const words = await german();
step(/Anrufen in Kampagne[\s\S]*Warten, bis der Kontakt per SMS antwortet[\s\S]*Endete|Ergab der letzte Anruf/.test(words) && !/\bq_|_/.test(words.split('Version 2')[1].replace(/\{\{.*?\}\}/g, '')), 'in German, too', words);
await size(390, 1400);
step(await run(`document.documentElement.scrollWidth <= 390`), 'a telephone shows it whole', await run('document.documentElement.scrollWidth'));
await picture('sequence-narrow');
await go('sequences?new=1');
await sees(/Save the draft/);
step(await run(`document.documentElement.scrollWidth <= 390`), '... and its form', await run('document.documentElement.scrollWidth'));
await picture('sequence-narrow-draft');
await size(1280, 1500);

for (const who of ['agent', 'viewer']) {
	await leaves();
	await logsIn(who);
	await go('sequences');
	await sees(/After <i>/);
	await run(`[...document.querySelectorAll('main td a')].find((a) => a.innerText.startsWith('After')).click()`);
	step(/Call in campaign/.test(await sees(/Version 2, since[\s\S]*/)) && !/Publish|Pause|Put leads|Change|Remove/.test(await run(`document.querySelector('main').innerText`)), `the role ${who} sees it, and is offered no change`, await shown());
	await go('sequences?new=1');
	step(await sees(/After <i>/) !== '' && !/Save the draft/.test(await shown()), '... nor a new one', await shown());
}
finish();
