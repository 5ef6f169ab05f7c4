/* The staff's side: what waits over all tenants, tenants, how the platform is, its settings, its people.  In English alone, as what it reads is. */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { rpc, wear } from '/api.js';
import { Frame, place as to } from '/frame.js';
import { Icon, Logo } from '/icons.js';
import { Ask, Bars, ByProvider, Choice, Dialog, Empty, Field, Form, Loaded, Problem, Said, said, Table, useAction, usePage, WithReason } from '/parts.js';
import { date, named, number, phone, price, t, time } from '/texts.js';
import { priorities, standing, Thread, Words } from '/tickets.js';

const tenant = (id, name) => html`<a href=${`#/staff/tenant?id=${id}`}>${said(name)}</a>`;
const Pill = ({ kind, children }) => html`<span class=${`pill ${kind}`}>${children}</span>`;

/* ----- the way in ----- */

function Door({ note, entered }) {
	const [error, busy, act] = useAction();
	const [app, setApp] = useState(null);
	const send = (values) => act(async () => {
		wear(await rpc('staff_login', values));
		entered(await rpc('staff_whoami'));
	});
	const join = (values) => act(async () => setApp(await rpc('set_staff_password', values)));
	return html`<div class="door"><main id="main"><${Form} className="card narrow" send=${send} busy=${busy} label=${t('log_in')}>
			<h1><${Logo} /> Platform staff</h1>${note && html`<p role="status">${note}</p>`}
			<${Field} label=${t('email')} name="email" type="email" required autocomplete="username" />
			<${Field} label=${t('password')} name="password" type="password" required autocomplete="current-password" />
			<${Field} label="One-time code" name="code" required maxlength="6" inputmode="numeric" autocomplete="one-time-code" /></${Form}>
		<div class="narrow"><${Problem} error=${error} /><${ByProvider} kept=${localStorage.staff_sign_on} /></div>
		<details class="narrow"><summary>I was invited</summary>${app ? html`<p role="status">Give this to your app for one-time passwords, then log in. It is shown once.<br /><a href=${app.uri}>Open the app</a> <code>${app.secret}</code></p>`
		: html`<${Form} send=${join} busy=${busy} label=${t('save')}><${Field} label="Invitation" name="invitation" required />
			<${Field} label=${t('new_password')} name="password" type="password" required minlength="8" autocomplete="new-password" /></${Form}>`}</details></main></div>`;
}

/* A deed with a form of its own, and what it answers. */
function Deed({ label, send, after, children }) {
	const [done, setDone] = useState('');
	const [, busy, act] = useAction(after);
	return html`<details class="card"><summary>${label}</summary>${done && html`<p class="good" role="status">${done}</p>`}<${Form} busy=${busy} label=${label} send=${(given, form) => act(async () => {
		setDone('');
		const answer = await send(given);
		setDone(typeof answer === 'string' ? answer : t('saved'));
		form.reset();
	})}>${children}</${Form}></details>`;
}

/* A list in which words are looked for: rows of which each has all of them. */
const Finder = ({ find }) => html`<label>${t('search')}<input type="search" onInput=${(e) => find(e.target.value.toLowerCase().split(/\s+/))} /></label>`;
const has = (words, ...texts) => words.every((w) => texts.join(' ').replaceAll('_', ' ').toLowerCase().includes(w));

/* ----- what waits ----- */

const kinds = { ticket: ['Ticket', 'answer a ticket'], mail: ['Mail', 'answer a ticket'], approval: ['Spending', 'decide about spending'], second: ['Second person', 'find a second person'], asked: ['You asked', 'find a second person'] };
const waits = (me, rows) => rows.filter((w) => kinds[w.kind] && me.may.includes(kinds[w.kind][1]));

/* A mail that fits no ticket of its sender's. */
function Mail({ id, mails, act, busy, close }) {
	const mail = mails && mails.find((m) => m.mail_id === id);
	const settle = (values) => {
		close();
		act(() => rpc('settle_ticket_mail', { mail_id: id, ...values }));
	};
	return html`<p class="letter">${said(mail && mail.message)}</p><${Form} send=${(values) => settle({ tenant_id: Number(values.tenant), ...(values.ticket ? { ticket_id: Number(values.ticket) } : {}) })} busy=${busy} label="Put it there" also=${html`<button type="button" disabled=${busy} onClick=${() => settle({})}>Put it aside</button><button type="button" onClick=${close}>${t('cancel')}</button>`}>
		<${Field} label="Number of the tenant" name="tenant" type="number" required /><${Field} label="Number of its ticket" help="None: a new one" name="ticket" type="number" /></${Form}>`;
}

function Work({ me, work }) {
	const [mails] = usePage(work[0] && work[0].some((w) => w.kind === 'mail') ? 'list_ticket_mails' : null);
	const [error, busy, act] = useAction(work[2]);
	const reason = (label, run) => html`<${WithReason} label=${label} busy=${busy} act=${(comment) => act(() => run(comment))} />`;
	const decide = (w, approve) => (comment) => rpc('decide_spending', { tenant_id: w.tenant_id, approval_id: w.id, approve, comment });
	const second = (w, agree) => (comment) => rpc('second_deed', { deed_id: w.id, agree, comment });
	const deeds = {
		mail: (w) => html`<${Dialog} label="Read…" title=${w.what}>${(close) => html`<${Mail} id=${w.id} mails=${mails} act=${act} busy=${busy} close=${close} />`}</${Dialog}>`,
		ticket: (w) => html`<a class="button" href=${`#/staff/ticket?tenant=${w.tenant_id}&id=${w.id}`}>${t('answer')}</a>`,
		approval: (w) => html`${reason(t('approve'), decide(w, true))}${reason(t('reject'), decide(w, false))}`,
		second: (w) => html`<${Ask} label="Agree…" disabled=${busy} title="Your word makes two" yes="Do it" no=${t('cancel')} act=${() => act(second(w, true))}><p>${said(w.what)}</p></${Ask}>${reason('Refuse', second(w, false))}`,
		asked: (w) => html`<${Ask} label="Take back…" disabled=${busy} title="Nobody is to do it" yes="Take it back" no=${t('cancel')} act=${() => act(second(w, false))}><p>${said(w.what)}</p></${Ask}>`,
	};
	const due = (w) => (new Date(w.due_at) > new Date() ? time(w.due_at) : html`<${Pill} kind="bad">${w.kind === 'asked' ? 'nobody decided in time' : 'late'}</${Pill}> ${time(w.due_at)}`);
	return html`<${Problem} error=${error} /><${Loaded} page=${work}>${(all) => html`<${Table} quiet caption="What waits" id="key" rows=${waits(me, all).map((w) => ({ ...w, key: w.kind + w.id }))}
		empty=${html`<${Empty} icon="check" text="Nothing waits for you." />`} columns=${[[t('what'), (w) => html`<${Pill}>${kinds[w.kind][0]}</${Pill}> ${said(w.what)}`],
			['Tenant', (w) => w.tenant_id && tenant(w.tenant_id, w.tenant)], ['Due', due], ['', (w) => html`<div class="row">${deeds[w.kind](w)}</div>`]]} />`}</${Loaded}>`;
}

function Ticket({ me, query, work, title }) {
	const of = { tenant_id: Number(query.tenant), ticket_id: Number(query.id) };
	const page = usePage('read_ticket', of);
	const [macros] = usePage('list_ticket_macros');
	useEffect(() => title(page[0] && page[0].subject), [page[0]]);
	const [error, busy, act] = useAction(() => Promise.all([page[2](), work[2]()]));
	const reply = ({ message, resolved }, form) => act(async () => {
		await rpc('answer_ticket', { ...of, message, resolved: resolved === 'on' });
		form.reset();
	});
	const close = (k) => ({ found, reason }) => act(() => rpc('close_number_request', { tenant_id: of.tenant_id, number_request_id: k.number_request_id,
		reason, ...(found ? { status: 'fulfilled', phone_number_id: Number(found) } : { status: 'rejected' }) }));
	return html`<${Loaded} page=${page}>${(k) => html`<div class="row under"><span class="dim">${named(k.category)} · ${standing(k)} ·</span> ${tenant(of.tenant_id, 'the tenant')}<select aria-label="Priority" disabled=${busy} value=${k.priority} onChange=${(e) => act(() => rpc('update_ticket', { ...of, priority: e.target.value }))}>
			${priorities.map((p) => html`<option value=${p} selected=${p === k.priority}>${t(`prio_${p}`)}</option>`)}</select></div>
		<${Thread} messages=${k.messages} side="staff" /><${Problem} error=${error} />
		<${Form} send=${reply} busy=${busy} label=${t('reply')}>${macros && macros.length > 0 && html`<${Choice} label="Ready words" name="macro" options=${[['', ''], ...macros.map((m) => [`/${m.name}`, m.name])]}
				onInput=${(e) => { e.target.form.elements.message.value = e.target.value; }} />`}<${Words} />
			<label class="check"><input type="checkbox" name="resolved" /><span>${t('resolve')}</span></label></${Form}>
		${k.number_request_id && k.state !== 'resolved' && me.may.includes('close a request for a number') && html`<details><summary>Close the request for a number</summary><${Form} send=${close(k)} busy=${busy} label=${t('save')}>
			<${Choice} label="Found" name="found" options=${[['', 'There is none'], ...(k.numbers || [])]} /><${Field} label=${t('reason')} name="reason" maxlength="1000" /></${Form}></details>`}`}</${Loaded}>`;
}

/* ----- tenants ----- */

const health = (x) => (!x.active ? ['', 'Switched off'] : x.braked ? ['bad', 'Braked'] : x.standing === 'refused' ? ['bad', 'Refused'] : x.owed > 0 ? ['warn', 'Owes credits']
	: x.available <= 0 ? ['warn', 'Out of credits'] : x.standing === 'verified' ? ['good', 'Well'] : ['warn', x.standing === 'new' ? 'New' : 'Asks to be verified']);
const Health = ({ of }) => html`<${Pill} kind=${health(of)[0]}>${health(of)[1]}</${Pill}>`;
const order = ['bad', 'warn', 'good', ''];
const SHOWN = 100;

function Tenants({ me }) {
	const [after, setAfter] = useState(0);
	const [words, find] = useState('');
	const page = usePage('list_tenants', { after_id: after, max: SHOWN, words: words.length > 2 || /^\d+$/.test(words) ? words : null });
	const [usage] = usePage('tenant_usage');
	const used = (x) => (usage || []).find((u) => u.tenant_id === x.tenant_id) || {};
	const sorted = (all) => [...all].sort((a, b) => order.indexOf(health(a)[0]) - order.indexOf(health(b)[0]));
	return html`<label>${t('search')}<input type="search" value=${words} onInput=${(e) => find(e.target.value)} /></label>
		<${Loaded} page=${page}>${(all) => html`<${Table} quiet caption="Tenants" id="tenant_id" rows=${sorted(all)} empty=${html`<${Empty} icon="leads" text="No tenant fits." />`} columns=${[
			['Tenant', (x) => tenant(x.tenant_id, x.name)], ['Health', (x) => html`<${Health} of=${x} />`], ['Live', (x) => number(x.live_calls), 'number'], ['Calls, 30 days', (x) => number(used(x).calls), 'number'],
			[t('answered'), (x) => used(x).calls > 0 && `${Math.round((100 * used(x).answered) / used(x).calls)} %`, 'number'], ['Booked', (x) => number(used(x).booked), 'number'],
			[t('credits'), (x) => number(Math.floor(x.available)), 'number'], [t('waiting'), (x) => number(x.tickets + x.approvals), 'number']]} />
			${me.may.includes('create a tenant') && html`<${Deed} label="Invite a tenant" send=${async ({ email }) => (await rpc('invite_tenant', email ? { email } : {})) || `Mailed to ${email}.`}>
				<${Field} label=${t('email')} name="email" type="email" help="Of its first owner, who names the tenant. None: a link to pass on, good for seven days." /></${Deed}>`}
			<p class="row">${after > 0 && html`<button onClick=${() => setAfter(0)}>${t('back')}</button>`}${all.length === SHOWN && html`<button onClick=${() => setAfter(all[SHOWN - 1].tenant_id)}>${t('more')}</button>`}</p>`}</${Loaded}>`;
}

function Tenant({ me, query, title, act: enter }) {
	const id = Number(query.id);
	const page = usePage('tenant_page', { tenant_id: id });
	const [note, setNote] = useState('');
	const [asks, ask] = useState(null);
	const [error, busy, act] = useAction(page[2]);
	const may = (right) => me.may.includes(right);
	const [members] = usePage(may('list the members of a tenant') ? 'list_members' : null, { tenant_id: id });
	useEffect(() => title(page[0] && page[0].name), [page[0]]);
	/* What is too much for one is offered to two. */
	const run = (deed, values, done) => act(async () => {
		ask(null);
		setNote('');
		const given = { tenant_id: id, ...values };
		try {
			await rpc(deed, given);
			setNote(done);
		} catch (problem) {
			if (!may('find a second person') || !/second person/.test(problem.message)) {
				throw problem;
			}
			ask({ deed, arguments: given });
		}
	});
	const second = () => act(async () => {
		await rpc('ask_second', asks);
		ask(null);
		setNote('A second person was asked.');
	});
	const reason = (label, work) => html`<${WithReason} label=${label} busy=${busy} act=${work} />`;
	return html`<${Problem} error=${error} />${note && html`<p class="good" role="status">${note}</p>`}
		${asks && html`<p class="note" role="status"><${Icon} name="info" /><span class="grow">This is more than one person may give or take on a day.</span><button class="main" disabled=${busy} onClick=${second}>Ask a second person</button></p>`}
		<${Loaded} page=${page}>${(x) => html`<div class="cols"><div><section class="block first-block"><div class="row"><${Health} of=${x} /><${Pill}>${named(x.standing)}</${Pill}><span class="dim">${said(x.braked)}</span></div>
			${x.problems.length > 0 && html`<ul>${x.problems.map((p) => html`<li class="warned">${said(p)}</li>`)}</ul>`}</section>
			${x.days.length > 0 && html`<${Bars} plain caption="Calls, 30 days" bars=${x.days.map((d) => ({ ...d, name: date(d.day) }))} />`}
			<div class="row acts">${may('act as a tenant') && reason('Act as this tenant…', (why) => act(async () => enter(id, x.name, await rpc('act_as_tenant', { tenant_id: id, reason: why }))))}
				${may('stop calls') && reason('Stop its calls…', (why) => run('stop_tenant', { reason: why }, 'Its campaigns are stopped, and its calls end.'))}
				${may('activate or deactivate a tenant') && html`<${Ask} label=${x.active ? 'Switch off…' : 'Switch on…'} disabled=${busy} title=${x.name} yes=${x.active ? 'Switch off' : 'Switch on'} no=${t('cancel')} act=${() => run('set_tenant_active', { active: !x.active }, t('saved'))}>
					<p>${x.active ? 'It reads, but changes nothing and calls nobody.' : 'It may work and call again.'}</p></${Ask}>`}</div>
			${may('adjust credits') && html`<section class="block"><h2>${t('credits')}</h2><${Form} className="inline" busy=${busy} label="Give or take" send=${({ amount, why }) => run('adjust_credits', { amount: Number(amount), reason: why }, 'Done.')}>
				<${Field} label=${t('credits')} name="amount" type="number" step="any" required /><${Field} label=${t('reason')} name="why" required maxlength="500" /></${Form}>
				${x.owed > 0 && reason('Forgive its debt…', (why) => run('forgive_debt', { reason: why }, 'Done.'))}</section>`}
			${may('judge a tenant') && html`<section class="block"><h2>Standing</h2><${Form} className="inline" busy=${busy} label=${t('save')} send=${({ standing, why }) => run('set_tenant_standing', { standing, reason: why }, t('saved'))}>
				<${Choice} label="Standing" name="standing" value=${x.standing} options=${['new', 'asked', 'verified', 'refused'].map((s) => [s, named(s)])} /><${Field} label=${t('reason')} name="why" required maxlength="500" /></${Form}></section>`}
			${x.orders.length > 0 && html`<section class="block"><h2>Paid</h2><${Table} quiet caption="Paid" id="order_id" rows=${x.orders} columns=${[[t('when'), (o) => time(o.created_at)], [t('what'), (o) => said(o.pack_name)], [t('credits'), (o) => number(o.credits), 'number'],
				['Price', (o) => price(o.price, o.currency), 'number'], ['Left', (o) => price(o.left, o.currency), 'number'], ['', (o) => o.left > 0 && reason('Refund…', (why) => run('refund_order', { order_id: o.order_id, reason: why }, 'The refund is on its way.'))]]} /></section>`}
			${x.log.length > 0 && html`<section class="block"><h2>Log</h2><${Log} rows=${x.log} /></section>`}</div>
			<div class="rail"><dl class="facts">${[[t('credits'), number(x.available)], ['Held', number(x.held)], ['Owed', number(x.owed)], ['Live calls', number(x.live_calls)], [t('tickets'), number(x.tickets)], ['Time zone', x.timezone], ['Since', date(x.created_at)],
				...['calls', 'booked', 'minutes'].map((k) => [`${named(k)}, 30 days`, number(x.days.reduce((sum, d) => sum + Number(d[k]), 0))])].map(([k, v]) => html`<dt>${k}</dt><dd>${v}</dd>`)}</dl>
				${members && html`<section class="block"><h2>${t('people')}</h2><ul class="rows">${members.map((m) => html`<li><span class="grow cut">${said(m.email)}</span><${Pill}>${m.active ? t(`role_${m.role}`) : 'Off'}</${Pill}></li>`)}</ul></section>`}</div></div>`}</${Loaded}>`;
}

/* What a deed was of, in a line: amounts, reasons. */
const told = (value) => (value && typeof value === 'object' ? Object.entries(value).map(([key, v]) => `${key.replaceAll('_', ' ')}: ${told(v)}`).join(', ') : `${value ?? ''}`);

const Log = ({ rows, more = [] }) => html`<${Table} quiet caption="Log" id="audit_id" rows=${rows} columns=${[[t('when'), (a) => time(a.at), 'nw'], [t('who'), (a) => said(a.actor)], [t('what'), (a) => html`${named(a.action)} <span class="dim">${said(a.object)} ${more.length === 0 && said(told(a.new_value))}</span>`], ...more]} />`;

/* ----- the platform ----- */

/* Whom no tenant calls. */
function Blocked({ me }) {
	const page = usePage('list_platform_do_not_call', { max_rows: 200 });
	const [error, busy, act] = useAction(page[2]);
	const again = (b) => !b.is_prefix && me.may.includes('allow a number for all tenants') && html`<${WithReason} label="Allow again…" busy=${busy} act=${(reason) => act(() => rpc('platform_allow_call', { phone: b.entry, reason }))} />`;
	return html`<section class="block"><h2>Blocked for all tenants</h2><${Problem} error=${error} /><${Loaded} page=${page}>${(rows) => html`<${Table} quiet caption="Blocked for all tenants" id="entry" rows=${rows} columns=${[[t('phone'), (b) => `${phone(b.entry)}${b.is_prefix ? ' …' : ''}`], [t('reason'), (b) => said(b.reason)], [t('since'), (b) => time(b.created_at)], ['', again]]} />`}</${Loaded}>
		${me.may.includes('block a number for all tenants') && html`<${Deed} label="Block a number" send=${(given) => rpc('platform_do_not_call', given)} after=${page[2]}><${Field} label=${t('phone')} name="phone" type="tel" required /><${Field} label=${t('reason')} name="reason" required maxlength="500" /></${Deed}>`}</section>`;
}

function Platform({ me }) {
	const page = usePage('health');
	const [parts] = usePage('status');
	return html`<${Loaded} page=${page}>${(h) => html`<section class="block first-block">${h.ok ? html`<${Pill} kind="good"><${Icon} name="check" />All well</${Pill}>`
			: html`<ul class="rows line">${h.problems.map((p) => html`<li><${Pill} kind="bad"><${Icon} name="alert" />Not well</${Pill}><span class="grow">${said(p)}</span></li>`)}</ul>`}</section>`}</${Loaded}>
		${parts && html`<${Table} quiet caption="Parts" id="component" rows=${parts} columns=${[['Part', (p) => said(p.component)], [t('status'), (p) => said(p.state)], [t('since'), (p) => time(p.since)], [t('waiting'), (p) => number(p.queue_depth), 'number'], ['Last trouble', (p) => said(p.last_error)]]} />`}
		${me.may.includes("read the platform's do-not-call list") && html`<${Blocked} me=${me} />`}`;
}

function Settings({ me }) {
	const page = usePage('list_settings');
	const log = usePage(me.may.includes('read the audit of the platform') ? 'platform_audit' : null, { max: 1000 });
	const [words, find] = useState([]);
	const [error, busy, act] = useAction(() => Promise.all([page[2](), log[2]()]));
	const put = (key, value, close) => act(async () => {
		await rpc('set_setting', { key, value });
		close();
	});
	const change = (s) => me.may.includes('change a setting') && s.levels.includes('platform') && html`<${Dialog} label=${t('change')} title=${s.key.replaceAll('_', ' ')}>${(close) => html`<p class="dim">${s.description}. ${s.range}</p>
		<${Problem} error=${error} /><${Form} send=${({ value }) => put(s.key, value, close)} busy=${busy} label=${t('save')} also=${html`<button type="button" onClick=${close}>${t('cancel')}</button>${s.origin === 'platform' && html`<button type="button" onClick=${() => put(s.key, null, close)}>As delivered</button>`}`}>
			<${Field} label=${t('value')} name="value" value=${s.value} /></${Form}>`}</${Dialog}>`;
	const old = log[0] ? log[0].filter((a) => a.action === 'set_setting').slice(0, 50) : [];
	return html`<${Finder} find=${find} /><${Loaded} page=${page}>${(all) => html`<${Table} quiet caption=${t('settings')} id="key" rows=${all.filter((s) => has(words, s.key, s.description)).slice(0, words.length > 0 ? 300 : 50)}
			empty=${html`<${Empty} icon="settings" text="No setting fits." />`} columns=${[['Setting', (s) => html`<b>${named(s.key)}</b><br /><span class="dim">${s.description}</span>`], [t('value'), (s) => said(s.value)], ['', (s) => s.origin === 'platform' && html`<${Pill} kind="warn">Changed</${Pill}>`], ['', change]]} />`}</${Loaded}>
		${old.length > 0 && html`<section class="block"><h2>What was changed</h2><${Log} rows=${old} more=${[['Before', (a) => said(a.old_value ?? '–')], ['Now', (a) => said(a.new_value ?? '–')]]} /></section>`}`;
}

/* ----- what is sold ----- */

const amounts = (prices) => Object.entries(prices).map(([currency, v]) => price(v, currency)).join(', ') || 'Free';
/* "EUR 250, USD 270.50" as the database takes it. */
const byCurrency = (words) => Object.fromEntries([...words.toUpperCase().matchAll(/([A-Z]{3})\s*([\d.]+)/g)].map(([, currency, v]) => [currency, Number(v)]));
const given = (values) => Object.fromEntries(Object.entries(values).filter(([, v]) => v !== ''));
const dated = (values, key) => given({ ...values, [key]: values[key] && new Date(values[key]).toISOString() });
const Prices = ({ required }) => html`<${Field} label="Prices before tax" name="prices" required=${required} help="EUR 250, USD 270.50" pattern="[A-Za-z]{3} *[\\d.]+( *, *[A-Za-z]{3} *[\\d.]+)*" />`;

function Sales({ me }) {
	const page = usePage('what_is_sold');
	const [error, busy, act] = useAction(page[2]);
	const may = (right) => me.may.includes(right);
	const end = (right, deed, key) => (x) => may(right) && html`<${Ask} label="Sell no longer…" disabled=${busy} title=${x.name} yes="Take it off the list" no=${t('cancel')} act=${() => act(() => rpc(deed, { [key]: x[key] }))}><p>Whoever has it keeps it.</p></${Ask}>`;
	const pack = ({ prices, ...values }) => rpc('create_credit_pack', { ...given(values), prices: byCurrency(prices) });
	const plan = (features) => ({ name, level, credits, minutes, trial, prices, ...values }) => rpc('create_plan', { ...given({ name, level, credits, minutes }), prices: byCurrency(prices), trial: `${trial || 0} days`,
		features: features.filter((f) => values[f.feature] === 'on').map((f) => f.feature), limits: Object.fromEntries(features.filter((f) => f.kind === 'limit' && values[f.feature]).map((f) => [f.feature, Number(values[f.feature])])) });
	const Credits = () => html`<${Field} label=${t('credits')} name="credits" type="number" min="0" step="any" required /><${Field} label=${t('minutes')} name="minutes" type="number" min="0" step="any" />`;
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(s) => html`<section class="block first-block"><h2>Prices</h2><${Table} quiet caption="Prices" id="operation" rows=${s.prices} columns=${[[t('what'), (p) => named(p.operation)], [t('credits'), (p) => `${number(p.credits)} ${p.unit === 'each' ? 'each' : 'a minute'}`, 'number'],
				['Then', (p) => p.next && `${number(p.next.credits)} from ${time(p.next.from)}`]]} />
			${may('set a price') && html`<${Deed} label="Set a price" after=${page[2]} send=${(values) => rpc('set_price', dated(values, 'valid_from'))}>
				<${Choice} label=${t('what')} name="operation" options=${s.prices.map((p) => [p.operation, named(p.operation)])} /><${Field} label=${t('credits')} name="credits" type="number" min="0" step="any" required />
				<${Field} label="From" name="valid_from" type="datetime-local" help="None: now" /></${Deed}>`}</section>
		<section class="block"><h2>Packs</h2><${Table} quiet caption="Packs" id="pack_id" rows=${s.packs} columns=${[['Pack', (p) => said(p.name)], [t('credits'), (p) => number(p.credits), 'number'], [t('minutes'), (p) => number(p.minutes), 'number'], ['Prices', (p) => amounts(p.prices)],
				['', end('take a pack of credits off the list', 'archive_credit_pack', 'pack_id')]]} />
			${may('sell credits') && html`<${Deed} label="Sell a pack" after=${page[2]} send=${pack}><${Field} label=${t('name')} name="name" required maxlength="200" /><${Credits} /><${Prices} required /></${Deed}>`}</section>
		<section class="block"><h2>Plans</h2><${Table} quiet caption="Plans" id="plan_id" rows=${s.plans} columns=${[['Plan', (p) => said(p.name)], ['Rank', (p) => number(p.level), 'number'], [t('credits'), (p) => number(p.credits), 'number'], ['Prices', (p) => amounts(p.prices)],
				['Has', (p) => [...p.features, ...Object.entries(p.limits).map(([key, v]) => `${v} ${key}`)].map((key) => key.replaceAll('_', ' ')).join(', ')], ['', end('take a plan off the list', 'archive_plan', 'plan_id')]]} />
			${may('sell a plan') && html`<${Deed} label="Sell a plan" after=${page[2]} send=${plan(s.features)}><${Field} label=${t('name')} name="name" required maxlength="200" /><${Field} label="Rank" name="level" type="number" required /><${Credits} /><${Prices} />
				<${Field} label="Days of trial" name="trial" type="number" />${s.features.map((f) => (f.kind === 'limit' ? html`<${Field} label=${`At most: ${f.description}`} name=${f.feature} type="number" />` : html`<label class="check"><input type="checkbox" name=${f.feature} /><span>${f.description}</span></label>`))}</${Deed}>`}</section>
		<section class="block"><h2>Coupons</h2><${Table} quiet caption="Coupons" id="code" rows=${s.coupons} columns=${[['Code', (c) => said(c.code)], ['Less', (c) => `${c.percent} %`, 'number'], ['Periods', (c) => (c.periods ? number(c.periods) : 'all'), 'number'], ['Left', (c) => (c.uses_left === null ? 'any' : number(c.uses_left)), 'number'], [t('until'), (c) => time(c.expires_at)]]} />
			${may('make a coupon') && html`<${Deed} label="Make a coupon" after=${page[2]} send=${(values) => rpc('create_coupon', dated(values, 'expires_at'))}><${Field} label="Code" name="code" required maxlength="40" pattern="[A-Z0-9\\-]{3,40}" />
				<${Field} label="Per cent less" name="percent" type="number" required /><${Field} label="Periods" name="periods" type="number" help="None: all" /><${Field} label="Tenants" name="uses" type="number" help="None: any" /><${Field} label=${t('until')} name="expires_at" type="datetime-local" /></${Deed}>`}</section>`}</${Loaded}>`;
}

/* ----- the law, as the gates read it ----- */

const rules = { verified: 'good', unverified: 'warn', platform: 'warn', default: '' };

function Law() {
	const page = usePage('list_calling_rules');
	const [words, find] = useState([]);
	const days = (r) => [r.effective_from && `${t('from')} ${date(r.effective_from)}`, r.effective_until && `${t('until')} ${date(r.effective_until)}`].filter(Boolean).join(' ');
	return html`<${Finder} find=${find} /><${Loaded} page=${page}>${(rows) => html`<${Table} quiet caption="Rules" id="key" rows=${rows.filter((r) => has(words, r.jurisdiction, r.rule, r.value, r.source, r.note, r.status)).slice(0, 200).map((r) => ({ ...r, key: `${r.jurisdiction} ${r.rule} ${r.effective_from}` }))}
		empty=${html`<${Empty} icon="search" text="No rule fits." />`} columns=${[['Place', (r) => r.jurisdiction], ['Rule', (r) => html`<b>${r.rule.replaceAll('_', ' ')}</b><br />${said(r.value)}<br /><span class="dim">${said(r.note)}</span>`], [t('since'), days],
			['Source', (r) => html`<${Pill} kind=${rules[r.status]}>${named(r.status)}</${Pill}> <span class="dim">${said(r.source)} ${r.source_date && date(r.source_date)} ${said(r.tightened_by)}</span>`]]} />`}</${Loaded}>`;
}

const all = ['support', 'finance', 'operator', 'owner'];
function People({ me }) {
	const page = usePage('list_staff');
	const [log] = usePage(me.may.includes('read the audit of the platform') ? 'platform_audit' : null, { max: 1000 });
	const [words, find] = useState([]);
	const [error, busy, act] = useAction(page[2]);
	const owns = (s) => me.may.includes('change the staff') && s.staff_id !== me.staff_id;
	const put = (s, change) => act(() => rpc('update_staff', { staff_id: s.staff_id, ...change }));
	const tick = (s, role) => html`<label class="check"><input type="checkbox" disabled=${busy} checked=${s.roles.includes(role)} onChange=${() => put(s, { roles: all.filter((r) => (r === role) !== s.roles.includes(r)) })} /><span>${role}</span></label>`;
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(rows) => html`<${Table} quiet caption=${t('people')} id="staff_id" rows=${rows} columns=${[[t('email'), (s) => said(s.email)], ['No.', (s) => s.staff_id],
			['Roles', (s) => (owns(s) ? html`<div class="row days">${all.map((r) => tick(s, r))}</div>` : s.roles.join(', '))], [t('status'), (s) => html`<${Pill} kind=${s.active ? 'good' : ''}>${s.active ? (s.has_password ? 'Active' : 'Invited') : 'Off'}</${Pill}>`], ['Logged in', (s) => number(s.sessions), 'number'],
			['', (s) => owns(s) && html`<div class="row"><button disabled=${busy} onClick=${() => put(s, { active: !s.active })}>${t(s.active ? 'switch_off' : 'switch_on')}</button>${s.sessions > 0 && html`<button disabled=${busy} onClick=${() => act(() => rpc('end_staff_sessions', { staff_id: s.staff_id }))}>Log out</button>`}</div>`]]} />
		${log && html`<section class="block"><h2>Log</h2><${Finder} find=${find} /><${Log} rows=${log.filter((a) => has(words, a.actor, a.action, a.object, told(a.new_value), time(a.at))).slice(0, 100)} /></section>`}`}</${Loaded}>`;
}

/* ----- the frame ----- */

const pages = { work: ['Needs you', Work], ticket: ['Ticket', Ticket, 'work'], tenants: ['Tenants', Tenants], tenant: ['Tenant', Tenant, 'tenants'], health: ['Health', Platform], sales: ['Sales', Sales], law: ['Law', Law], settings: ['Settings', Settings], people: ['Staff', People] };

function Inside({ me, place, leave, code, speak, act }) {
	const work = usePage('staff_work', {});
	const [name, title] = useState('');
	if (me.sign_on) {
		localStorage.staff_sign_on = `/sign-on/staff ${new URL(me.sign_on).host}`;
	}
	const open = [to('needs_you', 'inbox', 'staff/work', 'staff/ticket'), to('Tenants', 'leads', 'staff/tenants', 'staff/tenant'), ...(me.may.includes('see how the platform is') ? [to('Health', 'alert', 'staff/health')] : []), ...(me.may.includes('see what is sold') ? [to('Sales', 'billing', 'staff/sales')] : []), to('Law', 'reports', 'staff/law'), to('settings', 'settings', 'staff/settings'),
		...(me.may.includes('list the staff') ? [to('Staff', 'desk', 'staff/people')] : [])];
	const [label, Page, home] = pages[place.id] || pages.work;
	/* Nothing tells the staff what happens: it is asked for. */
	useEffect(() => {
		const timer = setInterval(work[2], 60000);
		return () => clearInterval(timer);
	}, []);
	useEffect(() => {
		work[2]();
		title('');
		document.title = `${label} · voiceagent`;
		document.querySelector('h1').focus();
	}, [place.id, place.query.id]);
	return html`<${Frame} me=${{ email: me.email, role: me.roles.join(', ') }} now=${`staff/${place.id}`} staff=${open} news=${{ day: { tenant: 'Platform staff' }, waiting: work[0] ? waits(me, work[0]).length : 0 }} code=${code} speak=${speak} leave=${leave}>
		<main id="main" class="sheet" tabindex="-1"><div class="head">${home && html`<a class="crumb" href=${`#/staff/${home}`}><${Icon} name="left" />${pages[home][0]}</a>`}<h1 tabindex="-1"><bdi>${(home && name) || label}</bdi></h1></div>
		<div class="body"><${Page} key=${`${place.id} ${place.query.id}`} me=${me} query=${place.query} work=${work} title=${title} act=${act} /></div></main></${Frame}>`;
}

export function Staff(props) {
	useEffect(() => {
		props.speak('en');
	}, []);
	return props.me ? html`<${Inside} ...${props} />` : html`<${Door} ...${props} />`;
}

/* Whoever acts as a tenant sees it on every page, and ends it. */
export const Acting = ({ name, role, back }) => html`<p class="acting" role="status"><${Icon} name="alert" /><span class="grow">You are in <b>${said(name)}</b>, ${role === 'viewer' ? 'to look' : 'to act'}. They were told.</span><button onClick=${back}>Back to the platform</button></p>`;
