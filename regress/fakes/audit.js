/*
 * All pages of the console by role and look, and a person in two workspaces (chromium.js has the browser).
 *
 *	node audit.js URL PASSWORD FOLDER FACTS	FACTS: JSON of what regress/t/964_console_audit.pl has made (AXE names axe-core's file)
 */
import { existsSync, readFileSync } from 'node:fs';
import { openBrowser, pause, step } from './chromium.js';

const [url, password, folder, said] = process.argv.slice(2);
const facts = JSON.parse(said);
const { page, run, tries, sees, click, go, picture, logsIn, leaves, size, finish } = await openBrowser(url, folder, password);
const shown = () => run('document.body.innerText');
const axe = existsSync(process.env.AXE || '') ? readFileSync(process.env.AXE, 'utf8') : null;

const roles = ['owner', 'agent', 'viewer'];
const looks = ['light', 'dark', 'narrow'];
const of = facts.things;
const pages = ['today', 'waiting', 'campaigns', 'campaigns?new=1', `campaigns/${of.campaigns}`, `campaigns/${of.campaigns}?tab=settings`, 'leads',
	`leads/${of.leads}`, 'calls', `calls/${of.calls}`, 'week', 'appointments', 'calendars', 'assistants', `assistants/${of.assistants}`, 'wizard', 'incoming',
	'agents', 'listings', 'report', 'figures', 'billing', 'money', 'tenant', 'team', 'accounts', 'own_tools', 'stops', 'cases', 'webhooks', 'connect', 'sequences', 'sequences?new=1', `sequences/${of.sequences}`, 'wishes', 'notices', 'tickets', `tickets/${of.tickets}`];

/* ----- what is wrong with the page that is open ----- */

async function judge(width, german = false) {
	const bad = await run(`(() => {
		const seen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && e.getClientRects().length > 0;
		const tell = (e) => e.outerHTML.slice(0, 120);
		const bad = [];
		if (document.documentElement.scrollWidth > ${width}) {
			bad.push('wide: ' + [...document.querySelectorAll('body *')].filter((e) => seen(e) && e.getBoundingClientRect().right > ${width} + 1 && !e.closest('.wide')).slice(-1).map(tell));
		}
		/* Links within a sentence are as high as its line; a control in a label is as large as the label. */
		const targets = [...document.querySelectorAll('button, summary, select, input:not([type=hidden]), textarea, a[href]')].filter((e) => seen(e) && !e.classList.contains('skip'));
		for (const e of targets) {
			const { width: w, height: h } = (e.closest('label') || e).getBoundingClientRect();
			if ((w < 24 || h < 24) && getComputedStyle(e).display !== 'inline') { bad.push('small: ' + tell(e)); }
			const name = e.getAttribute('aria-label') || e.innerText || (e.labels && [...e.labels].map((l) => l.innerText).join('')) || e.title || e.value;
			if (!String(name || '').trim()) { bad.push('no name: ' + tell(e)); }
		}
		if (document.querySelectorAll('h1').length !== 1) { bad.push('headings'); }
		const text = document.body.innerText;
		const odd = text.match(/.{0,30}(undefined|\\bNaN\\b|\\[object|\\bnull\\b|[a-z]+_[a-z]+\\().{0,30}/);
		if (odd) { bad.push('says ' + odd[0]); }
		/* What a reader of German is told in English, but for what people said and what says that it is English. */
		const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
		for (let n; ${german} && (n = walk.nextNode());) {
			if (!n.parentElement.closest('bdi, [lang=en], code, textarea, option, .letter') && / (the|of|is|are|that|with|and) /i.test(' ' + n.data.replaceAll(/[^a-z]/gi, ' ') + ' ')) { bad.push('English: ' + n.data.slice(0, 80)); }
		}
		return bad;
	})()`);
	if (axe) {
		await run(`window.axe ? 1 : (() => { ${axe}; return 1; })()`);
		bad.push(...await run(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
			.then((r) => r.violations.map((v) => v.id + ': ' + v.nodes[0].html.slice(0, 150)))`));
	}
	return bad;
}

async function looked(name, look) {
	await size(look === 'narrow' ? 390 : 1280, 800);
	await page('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: look === 'dark' ? 'dark' : 'light' }] });
	const german = look === 'narrow';
	await run(`import('/app.js').then((all) => all.setLanguage('${german ? 'de' : 'en'}'))`);
	await go(name);
	await sees(/^(?![\s\S]*(Loading|geladen) …)/);
	await pause(150);
	return judge(german ? 390 : 1280, german);
}

const found = {};
let views = 0;
const began = Date.now();
for (const [r, role] of roles.entries()) {
	step(await logsIn(role) !== '', `the ${role} logs in`, await shown());
	for (const [i, name] of pages.entries()) {
		for (const [l, look] of looks.entries()) {
			if (facts.turn === 'all' || (i + Number(facts.turn)) % 9 === r * 3 + l) {
				const bad = await looked(name, look);
				views += 1;
				if (bad.length > 0) {
					found[`${role}, ${name}, ${look}`] = bad.length;
					bad.forEach((what) => console.log(`# found, ${role}, ${name}, ${look}: ${what}`));
				}
			}
		}
	}
	await size(1280);
	await run(`import('/app.js').then((all) => all.setLanguage('en'))`);
	await go('today');
	await sees(/Live now/);
	await leaves();
}
console.log(`# ${views} views of ${pages.length} pages in ${Math.round((Date.now() - began) / 1000)} s, turn ${facts.turn}${axe ? '' : ', without axe-core'}`);
step(Object.keys(found).length === 0, 'nothing is wrong with what they see', found);
step(views >= pages.length, '... and every page was seen', views);

/* What it finds, when there is something. */
step(/Acme Solar[\s\S]*Other Roofs/.test(await logsIn('both', password, /Which business/)), 'who has two workspaces says which', await shown());
await click('Log in');
step(await sees(/Live now/) !== '', '... and is in', await shown());
await run(`(() => { const b = document.createElement('button'); b.style.cssText = 'width:20px;height:20px;min-height:0;padding:0'; document.querySelector('main').append(b); })()`);
const planted = (await judge(1280)).join('\n');
step(/small: <button/.test(planted) && /no name: <button/.test(planted), '... by a judge that sees', planted);
await run(`document.querySelector('main > button').remove()`);

/* ----- what is done about a person, a call, a number ----- */

const q = JSON.stringify;
/* Fills the form whose button says so, and presses it. */
const sends = (label, values) => tries(`(() => {
	const b = [...document.querySelectorAll('main form button')].find((x) => x.innerText.trim() === ${q(label)} && !x.disabled);
	if (!b) { return false; }
	for (const [name, value] of Object.entries(${q(values)})) { b.form.elements[name].value = value; }
	b.form.requestSubmit();
	return true;
})()`);
const unfolds = (label) => tries(`(() => { const s = [...document.querySelectorAll('main summary')].find((x) => x.innerText.trim() === ${q(label)}); if (s) { s.parentNode.open = true; } return Boolean(s); })()`);
const then = async (what, done, has) => step(done && await sees(has) !== '', what, await shown());
await go(`leads/${of.leads}`);
await sees(/What happened/);
step(await tries(`[...(document.querySelector('main [name=assistant]') || { options: [] }).options].map((o) => o.text).join() === 'Nova'`), 'a lead is called by who calls, and not by who answers', await shown());
await unfolds('Write down a consent');
await then('a consent is written down', await sends('Save', { kind: 'call', source: 'A form of ours' }), /Consents\s+Agreed to calls[\s\S]*A form of ours/);
await click('Revoke: Agreed to calls');
await then('... and taken back', await click('Really?'), /Took consent back[\s\S]*Consents\s+None/);
await go(`cases?phone=${encodeURIComponent(facts.phone)}`);
await sees(/No number is in dispute/);
await then('a case file is made, and loaded', await click('Case file'), /The file has [1-9]\d* calls/);
await unfolds('Keep a number');
await then('a number is kept', await sends('Keep a number', { phone: facts.phone, reason: 'A lawsuit' }), /A lawsuit[\s\S]*No longer keep/);
await go(`calls/${of.calls}`);
await then('a vendor that failed is told', true, /deepgram failed in this call; another went on/i);
await click('Never call again');
await then('who wants no more calls is put on the list from the call', await sends('Never call again', { reason: 'Said so' }), /Conversation/);
await go(`leads/${of.leads - 1}`);
await unfolds('Put into a campaign');
await then('a lead is put into a campaign', await sends('Add', {}), /Campaigns\s+Later[\s\S]*Spring/);
await go(`assistants/${of.assistants}`);
await sees(/Try it/);
step(facts.ends > 0 ? await sees(/Where talks end/) !== '' : !/Where talks end/.test(await shown()), `where talks end is told where that is known: ${facts.ends}`, await shown());
await unfolds('Call my telephone');
await then("one's own telephone is called", await sends('Call now', { phone: '+12125550177' }), /A call follows/);
await go('calendars');
await sees(/In other calendars/);
await then('a calendar is shown elsewhere', await sends('Subscribe to it, or get an address', { url: '' }), new RegExp(`${url}/calendar/[\\w-]+[.]ics`));
await then('... and follows another', await sends('Subscribe to it, or get an address', { url: 'https://example.com/basic.ics' }), /Its times are blocked from now on[\s\S]*example[.]com/);
await click('Remove');
step(await click('Really?') && await tries(`!document.querySelector('main').innerText.includes('example.com')`), '... and no more', await shown());
await go('tickets');
await unfolds('Ask us something');
await then('a question is urgent', await sends('Send', { category: 'billing', priority: 'high', subject: 'A bill', message: 'It is twice there.' }), /A bill[\s\S]*It is twice there/);
await go('incoming');
await then('a number is entered at a connection', true, /Numbers/);

/* ----- one person, two workspaces ----- */

const opens = async () => {
	await run(`document.querySelector('.ours details').open || document.querySelector('.ours summary').click()`);
	return sees(/Other Roofs[\s\S]*Viewer/);
};
const asks = (name, values) => run(`import('/app.js').then((api) => api.rpc(${JSON.stringify(name)}, ${JSON.stringify(values)})).then((a) => a, (e) => e.status)`);
step(/Acme Solar\s+Owner · \d+ waiting[\s\S]*Other Roofs\s+Viewer/.test(await opens()), 'a person sees its workspaces, with its role and what waits', await shown());
step((await judge(1280)).length === 0, '... in a menu that all can use', await judge(1280));
await picture('console-workspaces');
await go(`leads/${facts.theirs}`);
step(await sees(/Not found here[\s\S]*another workspace/) !== '', "an address of another workspace's lead says so", await shown());
await opens();
await click('Other Roofs\nViewer', '.ours');
step(await tries(`import('/app.js').then((api) => api.rpc('whoami')).then((w) => w.role === 'viewer')`) && /Other Roofs/.test(await sees(/Other Roofs[\s\S]*Live now/)), 'one click leads there', await shown());
await go(`leads/${facts.theirs}`);
step(await sees(/Theirs/) !== '', '... where that lead is', await shown());
step(await asks('add_lead', { phone: '+12125550155' }) === 403, '... and no more may be done than there', null);
await page('Page.reload', {});
step(await sees(/Other Roofs[\s\S]*Theirs/) !== '', 'a reload stays there', await shown());
/* As another tab leaves it: the cookie is of another workspace. */
await run(`import('/app.js').then((api) => api.rpc('my_workspaces')).then((all) => import('/app.js').then((api) => api.rpc('switch_workspace', { tenant_id: all.find((w) => !w.here).tenant_id })))`);
await page('Page.reload', {});
step(await sees(/Other Roofs[\s\S]*Theirs/) !== '', '... also when another tab has gone elsewhere', await shown());
await opens();
await run(`document.querySelector('.ours details details').open = true`);
await run(`(() => { const f = document.querySelector('.ours form'); f.elements.password.value = 'wrong horse'; f.requestSubmit(); })()`);
step(await sees(/password is wrong/) !== '', 'a wrong password adds no workspace', await shown());
finish();
