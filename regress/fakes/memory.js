/*
 * What is known of a lead, at its page (chromium.js has the browser): an owner reads it, corrects and forgets; a viewer only reads.
 *
 *	node memory.js URL PASSWORD FOLDER LEAD
 *
 * Of the tenant it expects what regress/t/974_memory_page.pl made.
 */
import { openBrowser, step } from './chromium.js';

const [url, password, folder, lead] = process.argv.slice(2);
const { run, tries, sees, click, go, picture, logsIn, leaves, size, finish } = await openBrowser(url, folder, password);
const q = JSON.stringify;
const shown = () => run('document.body.innerText');
const facts = () => run(`[...document.querySelectorAll('main section.block')].filter((s) => s.querySelector('h2')?.innerText.trim() === 'What we know').map((s) => s.innerText).join()`);
const inFact = (words, label) => tries(`(() => {
	const b = [...document.querySelectorAll('main li')].filter((x) => x.innerText.includes(${q(words)})).flatMap((x) => [...x.querySelectorAll('button')]).find((x) => x.innerText.trim() === ${q(label)} && !x.disabled);
	if (b) { b.click(); }
	return Boolean(b);
})()`);

await logsIn('owner');
await size(1280, 1800);
await go(`leads/${lead}`);
await sees(/What we know[\s\S]*Correct/);
const all = await facts();
step(/budget 300[\s\S]*contradicted[\s\S]*a list/.test(all.replace(/\s+/g, ' ')) && /budget 500/.test(all.replace(/\s+/g, ' ')), 'both values of a field stand there, the older one as contradicted', all);
step(/My budget is 500 dollars/.test(all) && await run(`[...document.querySelectorAll('main li a')].some((a) => a.innerText.startsWith('Call ·') && a.href.includes('#/calls/'))`), '... with the words that prove it, and the call', all);
step(/Promise/.test(all) && /Appointment\s+[^\n]*\(New York\)/.test(all), 'a promise and an appointment are among them, the time by the clock of its place', all);
step(/<b>x<\/b>/.test(all) && await run(`document.querySelectorAll('main li bdi b').length`) === 0, 'what people have said is text', all);
step(await run(`[...document.querySelectorAll('main li')].filter((x) => /budget/.test(x.innerText) && [...x.querySelectorAll('button')].some((b) => b.innerText === 'Correct')).length`) === 1, 'a field is corrected once, whatever was said of it', all);
await picture('memory');
await inFact('500', 'Correct');
await run(`(() => { const d = document.querySelector('dialog[open]'); d.querySelector('[name=value]').value = '700'; d.querySelector('[name=reason]').value = 'She wrote a letter.'; d.querySelector('form').requestSubmit(); })()`);
await sees(/budget\s+700/);
const corrected = (await facts()).replace(/\s+/g, ' ');
step(/budget 700/.test(corrected) && !/budget 500/.test(corrected.split('No longer holds')[0]), 'the right value stands in the place of both', corrected);
await click('No longer holds');
step(/budget 500 corrected/.test((await facts()).replace(/\s+/g, ' ')), '... and what was said is not lost', await facts());
await inFact('city', 'Forget it');
await tries(`(() => { const f = document.querySelector('main li .row > form'); if (f) { f.querySelector('[name=reason]').value = 'She asked us to.'; f.requestSubmit(); } return Boolean(f); })()`);
await sees(/No longer holds/);
const gone = await tries(`[...document.querySelectorAll('main li')].some((x) => /city/.test(x.innerText) && /withdrawn/.test(x.innerText))`);
step(gone, 'one is forgotten', await facts());
await leaves();

await logsIn('viewer');
await go(`leads/${lead}`);
await sees(/What we know[\s\S]*budget\s+700/);
step(await run(`[...document.querySelectorAll('main button')].every((b) => !/^(Correct|Forget it)$/.test(b.innerText))`), 'a viewer reads it and changes nothing', await shown());
await finish();
