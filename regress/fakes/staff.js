/*
 * Five people of the platform's staff at their side of the console (chromium.js has the browser).
 *
 *	node staff.js URL PASSWORD FOLDER SECRETS TENANT
 *
 * Of the platform it expects what regress/t/973_staff_page.pl made; SECRETS is {name: what its one-time passwords are made of}.
 */
import { createHmac } from 'node:crypto';
import { openBrowser, step } from './chromium.js';

const [url, password, folder, secrets, tenant] = process.argv.slice(2);
const { page, run, tries, sees, tab, enter, types, click, inRow, go, fill, picture, size, finish, logsIn: asMember, leaves: memberLeaves } = await openBrowser(url, folder, password);
const body = () => run('document.body.innerText');

/* RFC 6238, in a third language. */
function code(who) {
	const bits = [...JSON.parse(secrets)[who]].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
	const mac = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))).update(counter).digest();
	return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}
/* With the keyboard alone. */
async function logsIn(who) {
	await page('Page.navigate', { url: `${url}/#/staff` });
	await sees(/Platform staff[\s\S]*One-time code/);
	await run(`document.forms[0].reset(), document.querySelector('[name=email]').focus()`);
	await types(`${who}@platform.example`);
	await tab();
	await types(password);
	await tab();
	await types(code(who));
	await enter();
	return sees(/Needs you[\s\S]*Tenants/);
}
async function leaves() {
	await run(`document.querySelector('.person').open = true`);
	await click('Log out', '.person');
	return sees(/One-time code/);
}
const places = () => run(`[...document.querySelectorAll('.side nav a')].map((a) => a.innerText.split('\\n')[0]).join(', ')`);
const rows = () => run(`[...document.querySelectorAll('main tbody tr')].map((r) => r.innerText.replace(/\\s+/g, ' ')).join('; ')`);
const reason = async (words) => {
	await tries(`document.querySelector('main [name=reason]') !== null`);
	await fill('reason', words);
	return run(`document.querySelector('main [name=reason]').form.requestSubmit()`);
};
const says = (label) => tries(`(() => { const b = [...document.querySelectorAll('dialog[open] button')].find((x) => x.innerText.trim() === ${JSON.stringify(label)}); if (b) { b.click(); } return Boolean(b); })()`);
const ofTenant = async () => {
	await go('staff/tenants');
	await sees(/Booked[\s\S]*Acme/);
	await run(`[...document.querySelectorAll('main td a')].find((a) => a.innerText.includes('Acme')).click()`);
	return sees(/Time zone/);
};
/* As people see it: a broad page and a telephone, light and dark. */
async function pictures(name) {
	if (process.env.PICTURES) {
		for (const look of ['light', 'dark']) {
			await run(`document.documentElement.dataset.theme = '${look}'`);
			await picture(`${name}-${look}`);
			await size(390, 844);
			await picture(`${name}-${look}-390`);
			await size(1280);
		}
		await run(`document.documentElement.dataset.theme = ''`);
	}
}

/* ----- an owner of a tenant, at whose provider members log in ----- */

await asMember('owner');
await go('tenant');
await sees(/Members can log in at your identity provider/);
await click('Add');
const entry = (label, value) => tries(`(() => { const l = [...document.querySelectorAll('main form label')].find((x) => x.innerText.startsWith(${JSON.stringify(label)})); const f = l && l.querySelector('input, textarea');
	if (f) { f.value = ${JSON.stringify(value)}; f.dispatchEvent(new Event('input', { bubbles: true })); } return Boolean(f); })()`);
await entry('Address of the provider', 'https://id.acme.example');
await entry('Client ID', 'console');
await entry('Client secret', 'between us');
await entry('Domains', 'acme.example, example.com');
await entry('Roles', 'sales manager\ndesk agent');
await pictures('sign-on');
await run(`document.querySelector('main form.card').requestSubmit()`);
step((await sees(/Give the provider/)).includes(`/sign-on/${tenant}/back`), 'an owner has members log in at its provider, and reads what to tell it', await body());
await inRow('id.acme.example', 'Change');
await run(`[...document.querySelectorAll('main form.card input[type=checkbox]')][0].click()`);
await run(`document.querySelector('main form.card').requestSubmit()`);
await tries(`!document.querySelector('main form.card h2')`);
await page('Page.reload');
await sees(/Give the provider/);
await memberLeaves();
step(await tries(`document.querySelector('a[href="/sign-on/${tenant}"]')?.innerText === 'Log in with id.acme.example'`), '... and the page where this browser logs in leads there', await body());
await pictures('login-by-provider');

/* ----- support ----- */

await page('Page.navigate', { url: `${url}/#/staff` });
await sees(/One-time code/);
await pictures('login');
await run(`(() => { const f = document.forms[0]; f.elements.email.value = 'sue@platform.example'; f.elements.password.value = 'wrong horse'; f.elements.code.value = '000000'; f.requestSubmit(); })()`);
step(await tries(`document.querySelector('[role=alert]') !== null`), 'a wrong password is said to be wrong', await body());
const first = await logsIn('sue');
step(/Charged twice/.test(await sees(/Charged twice/)), 'support logs in by the keyboard, with a one-time code, and sees the ticket that waits', first);
step(!/Spending|Second person/.test(await rows()), '... and nothing that others decide', await rows());
step(await places() === 'Needs you, Tenants, Health, Law, Settings', '... and its places', await places());
step(await tries(`document.querySelector('.side .count.hot')?.innerText === '3'`), '... with how much waits', await body());
await pictures('work');
await page('Page.reload');
step(/Charged twice/.test(await sees(/Charged twice/)), 'a page that is loaded again goes on', await body());
await inRow('Charged twice', 'Answer');
step(/Please look/.test(await sees(/Please look\./)), 'it reads the ticket', await body());
await pictures('ticket');
await fill('message', 'We give it back.');
await run(`(() => { const f = document.querySelector('main [name=message]').form; f.elements.resolved.checked = true; f.requestSubmit(); })()`);
step(/We give it back/.test(await sees(/We give it back\.[\s\S]*Reply/)), '... and answers', await body());
await go('staff/work');
await sees(/A number in DE/);
step(!/Charged twice/.test(await rows()), '... and it waits no more', await rows());
await inRow('A number in DE', 'Answer');
await sees(/Close the request/);
await run(`(() => { const f = document.querySelector('main [name=found]').form; f.elements.reason.value = 'Nothing there'; f.requestSubmit(); })()`);
step(await tries(`!document.querySelector('main [name=found]')`), 'it closes a request for a number', await body());
await go('staff/work');
await sees(/A bargain/);
await inRow('A bargain', 'Read…');
step(await tries(`document.querySelector('dialog[open]').innerText.includes('Buy our pills.')`), '... and reads a mail that fits no ticket', await body());
await says('Put it aside');
step(await tries(`!document.querySelector('main').innerText.includes('A bargain')`), '... which it puts aside', await body());
const seen = await ofTenant();
step(/Acme <b>Solar<\/b>/.test(seen) && /Act as this tenant/.test(seen), 'it looks at a tenant', seen);
step(!/Stop its calls|Switch off|Give or take|Refund|Standing\n/.test(seen), '... and is offered nothing that it may not do', seen);
step(/owner@example.com/.test(await sees(/owner@example.com/)), '... nor less than it may see', await body());
await go('staff/settings');
await sees(/Setting[\s\S]*Value/);
step(!/Change\b/.test(await rows()), 'it reads the settings, and changes none', await rows());
await go('staff/health');
step(await sees(/applier[\s\S]*running/) !== '', 'it sees how the platform is', await body());
await pictures('health');
await leaves();

/* ----- finance, with a second person ----- */

await logsIn('fay');
step(await places() === 'Needs you, Tenants, Sales, Law, Settings', 'finance has other places', await places());
const paid = await ofTenant();
step(/Paid[\s\S]*Big[\s\S]*100/.test(paid) && !/Stop its calls|owner@example/.test(paid), '... and sees what was paid', paid);
await inRow('Big', 'Refund…');
await reason('Bought twice');
step(/more than one person/.test(await sees(/more than one person/)), 'a refund that is too much for one', await body());
await pictures('second');
await click('Ask a second person');
step(await sees(/A second person was asked/) !== '', '... is asked of two', await body());
await run(`(() => { const f = document.querySelector('main [name=amount]').form; f.elements.amount.value = '900'; f.elements.why.value = 'too much'; f.requestSubmit(); })()`);
step(await sees(/Done\./) !== '', 'it gives less alone', await body());
await run(`(() => { const f = document.querySelector('main [name=amount]').form; f.elements.amount.value = '900'; f.elements.why.value = 'too much'; f.requestSubmit(); })()`);
await sees(/more than one person/);
await click('Ask a second person');
await sees(/was asked/);
await go('staff/work');
await sees(/adjust credits/);
await inRow('adjust credits', 'Take back…');
await says('Take it back');
step(await tries(`!document.querySelector('main tbody')?.innerText.includes('adjust credits')`), 'it takes back what it asked for', await rows());
step(/You asked refund order/.test(await rows()), '... and sees what still waits for another', await rows());
await leaves();
await logsIn('finn');
await sees(/refund order/);
step(/Second person refund order \(order id: \d+, reason: Bought twice\), asked by staff 2/.test(await rows()), 'a second person reads what is asked', await rows());
await inRow('refund order', 'Agree…');
await says('Do it');
step(await tries(`!/refund order/.test(document.querySelector('main').innerText)`), '... and agrees', await body());
await leaves();

/* ----- an operator ----- */

await logsIn('otto');
await go('staff/health');
await sees(/Block a number/);
await run(`(() => { const f = document.querySelector('main [name=phone]').form; f.elements.phone.value = '+1 212 555 0199'; f.elements.reason.value = 'Threats'; f.requestSubmit(); })()`);
step(/Threats/.test(await sees(/2125550199[\s\S]*Threats/)), 'an operator blocks a number for all tenants', await body());
await inRow('Threats', 'Allow again…');
await reason('Settled');
step(await tries(`!/Threats/.test(document.querySelector('main').innerText)`), '... and allows it again', await body());
await go('staff/work');
await sees(/Spending/);
await inRow('Spending', 'Approve');
await reason('Known to us');
step(await tries(`!/Spending/.test(document.querySelector('main').innerText)`), 'an operator decides spending', await body());
await go('staff/settings');
await sees(/Setting[\s\S]*Value/);
await run(`(() => { const f = document.querySelector('main input[type=search]'); f.value = 'ticket warning'; f.dispatchEvent(new Event('input', { bubbles: true })); })()`);
await tries(`document.querySelectorAll('main tbody tr').length < 8`);
await inRow('Ticket warning', 'Change');
await run(`(() => { const f = document.querySelector('dialog[open] form'); f.elements.value.value = '2 hours'; f.requestSubmit(); })()`);
step(/What was changed[\s\S]*staff 4 \(operator\)[\s\S]*02:00:00/.test(await sees(/What was changed[\s\S]*02:00:00/)), '... sets what holds for all, which is written down', await body());
await pictures('settings');
await go('staff/tenants');
await sees(/Out of credits/);
step(/Other Roofs Out of credits/.test(await rows()) && /Acme <b>Solar<\/b> Well 3/.test(await rows()), '... sees the tenants, those that are not well first', await rows());
step((await rows()).indexOf('Other') < (await rows()).indexOf('Acme'), '... in this order', await rows());
await pictures('tenants');
await ofTenant();
await pictures('tenant');
await click('Act as this tenant…');
await reason('ticket 1');
step(/You are in Acme <b>Solar<\/b>[\s\S]*Live now/.test(await sees(/You are in[\s\S]*Live now/)), '... enters its account', await body());
await pictures('acting');
await go('campaigns');
step(/You are in[\s\S]*Long/.test(await sees(/Long/)), '... says so on every page', await body());
await click('Back to the platform', '.acting');
step(/Time zone/.test(await sees(/Time zone/)) && !/You are in/.test(await body()), '... and leaves it', await body());
await click('Stop its calls…');
await reason('Complaints');
step(await sees(/its calls end/) !== '', '... stops its calls', await body());
await click('Switch off…');
await says('Switch off');
step(await sees(/Switched off/) !== '', '... and switches it off', await body());
await leaves();

/* ----- an owner ----- */

await logsIn('olga');
await go('staff/tenants');
await sees(/Invite a tenant/);
await run(`(() => { document.querySelector('main details').open = true; document.querySelector('main form [type=email]').form.requestSubmit(); })()`);
step(/Nobody signs up here|nobody signs up here/.test(await sees(/obody signs up here/)), 'an owner who invites reads why nobody can sign up', await body());
await go('staff/sales');
await sees(/Coupons[\s\S]*Make a coupon/);
step(/Big 5,000\s+0?\s*€100/.test(await rows()), 'an owner sees what is sold', await rows());
const looks = (words) => run(`(() => { const f = document.querySelector('main input[type=search]'); f.value = ${JSON.stringify(words)}; f.dispatchEvent(new Event('input', { bubbles: true })); })()`);
const deed = (label, values) => tries(`(() => {
	const d = [...document.querySelectorAll('main details')].find((x) => x.querySelector('summary').innerText.trim() === ${JSON.stringify(label)});
	if (!d) { return false; }
	d.open = true;
	for (const [name, value] of Object.entries(${JSON.stringify(values)})) { const f = d.querySelector('[name=' + name + ']'); if (value === true) { f.checked = true; } else { f.value = value; } }
	d.querySelector('form').requestSubmit();
	return true;
})()`);
await deed('Set a price', { operation: 'call', credits: '2.5' });
step(/Call 2.5 a minute/.test(await tries(`/2.5 a minute/.test(document.querySelector('main').innerText)`) && await rows()), '... sets a price', await rows());
await deed('Sell a pack', { name: 'Tiny <b>', credits: '100', prices: 'usd 9.50, eur 9' });
step(/Tiny <b> 100/.test(await tries(`/9.50/.test(document.querySelector('main').innerText)`) && await rows()), '... sells a pack', await rows());
await deed('Sell a plan', { name: 'Basic', level: '1', credits: '50', prices: 'USD 49', trial: '14', calendars: true, campaigns: '3' });
step(/Basic 1 50 \$49.00 calendars, 3 campaigns/.test(await tries(`/3 campaigns/.test(document.querySelector('main').innerText)`) && await rows()), '... sells a plan', await rows());
await deed('Make a coupon', { code: 'SPRING-26', percent: '20', periods: '3' });
step(/SPRING-26 20 % 3 any/.test(await tries(`/SPRING-26/.test(document.querySelector('main').innerText)`) && await rows()), '... makes a coupon', await rows());
await deed('Sell a pack', { name: 'Comma', credits: '100', prices: 'EUR 2,50' });
step(await run(`document.querySelector('main [name=prices]:invalid') !== null`), '... and no price is half read', await body());
await deed('Sell a pack', { name: 'Bad', credits: '100', prices: 'XXX 9' });
step(await sees(/XXX/) !== '', '... is told which currency there is not', await body());
await inRow('Tiny', 'Sell no longer…');
await says('Take it off the list');
step(await tries(`!/Tiny/.test(document.querySelector('main table:nth-of-type(1)')?.closest('.sheet').innerText)`), '... takes one off the list', await rows());
await pictures('sales');
await go('staff/law');
await sees(/Verified/);
await looks('us-ct hours');
step(/^US-CT hours .*09:00-20:00.*$/.test(await tries(`[...document.querySelectorAll('main tbody tr')].every((r) => /US-CT/.test(r.innerText))`) && await rows()), '... reads the law of a place', await rows());
await pictures('law');
await go('staff/people');
step(/otto@platform.example/.test(await sees(/otto@platform.example/)), 'an owner sees who is in the staff', await body());
await pictures('people');
await looks('set price');
step(await tries(`/credits: 2.5/.test(document.querySelector('main').innerText) && !/coupon/i.test(document.querySelector('main').innerText)`), '... finds a deed in the log, with its amount', await rows());
await looks('');
step(await run(`[...document.querySelectorAll('main tbody tr')].find((r) => r.innerText.includes('olga')).querySelector('button, input') === null`), '... changes not the own account', await rows());
await inRow('sue@', 'Switch off');
step(await tries(`[...document.querySelectorAll('main tbody tr')].find((r) => r.innerText.includes('sue@')).innerText.includes('Switch on')`), '... takes somebody out', await rows());
await run(`[...document.querySelectorAll('main tbody tr')].find((r) => r.innerText.includes('finn@')).querySelectorAll('input')[2].click()`);
step(await tries(`[...document.querySelectorAll('main tbody tr')].find((r) => r.innerText.includes('finn@')).querySelectorAll('input:checked').length === 2`), '... gives another a role more', await rows());
await leaves();
step(await run(`Object.keys(localStorage).filter((key) => key !== 'sign_on').length + Object.keys(sessionStorage).length + document.cookie.length`) === 0, 'whoever logs out leaves nothing behind but where to log in', null);
finish();
