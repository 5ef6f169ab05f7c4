/* The place of money: each of its pages, in one file that is loaded when one of them is opened. */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Columns, Figure, Key } from '/charts.js';
import { Sure } from '/forms.js';
import { Icon } from '/icons.js';
import { Area, Choice, countries, Dialog, Field, Form, Loaded, Problem, Said, said, Table, toCall, useAction, usePage, WithReason } from '/parts.js';
import { date, fill, languageNames, named, number, price, seconds, t, time, word } from '/texts.js';

/* ----- plan and statement: the plan, packs and their orders, invoices, and what came and went ----- */

const call = (s) => toCall(s.call_id);
/* The database's own word of a kind of entry, or what stands there. */
const entry = (text) => named(String(text || '').replaceAll(' ', '_'));

/* What is to be spent waits for an owner. */
function Approvals({ approvals, me, act, busy }) {
	const decide = (a) => me.owns && a.state === 'waiting' && html`<div class="row together">
		<button class="main" disabled=${busy} onClick=${() => act(() => rpc('approve_spending', { approval_id: a.approval_id }))}>${t('approve')}</button>
		<${WithReason} label=${t('reject')} busy=${busy}
			act=${(comment) => act(() => rpc('reject_spending', { approval_id: a.approval_id, comment }))} /></div>`;
	return approvals.length > 0 && html`<section class="block"><h2>${t('approvals')}</h2><${Table} quiet caption=${t('approvals')} rows=${approvals}
		id="approval_id" columns=${[[t('what'), (a) => html`${t(`spend_${a.kind}`)} ${said(a.name)}`], [t('estimate'), (a) => number(a.estimate), 'number'],
		[t('reason'), (a) => said(a.reason)], [t('who'), (a) => said(a.requested_by)], [t('until'), (a) => time(a.expires_at)],
		[t('status'), (a) => html`${named(a.state)} ${said([a.decided_by, a.decision].filter(Boolean).join(': '))}`], ['', decide]]} /></section>`;
}

function Orders({ orders, me, act, busy }) {
	const pay = (o) => me.writes && (o.state === 'waiting' && o.vendor === 'embedded'
		? html`<button class="main" disabled=${busy} onClick=${() => act(() => rpc('pay_embedded', { order_id: o.order_id }))}>${t('pay_embedded')}</button>`
		: o.approve_url && o.state === 'waiting' && html`<a class="button main" href=${/^https:/.test(o.approve_url) ? o.approve_url : null}
			rel="noreferrer">${t('pay')}</a>`);
	/* A vendor's page leads back here: what came of it is asked for at once. */
	useEffect(() => {
		orders.filter((o) => me.writes && o.vendor !== 'embedded' && o.state === 'waiting')
			.forEach((o) => rpc('payment_returned', { order_id: o.order_id }).catch(() => {}));
	}, []);
	const cancel = (o) => me.writes && ['waiting_approval', 'creating', 'waiting'].includes(o.state)
		&& html`<button disabled=${busy} onClick=${() => act(() => rpc('cancel_order', { order_id: o.order_id }))}>${t('cancel')}</button>`;
	const state = (o) => html`${named(o.state)} <span class="dim">${o.state !== 'paid' && o.vendor !== 'embedded' && said(o.reason)} ${said(word(o.method))}</span>`;
	return orders.length > 0 && html`<section class="block"><h2>${t('orders')}</h2><${Table} quiet caption=${t('orders')} rows=${orders} id="order_id"
		columns=${[[t('when'), (o) => time(o.created_at), 'nw'], [t('what'), (o) => said(o.pack)], [t('credits'), (o) => number(o.credits), 'number'],
			[t('minutes'), (o) => number(o.minutes), 'number'], [t('price'), (o) => price(o.price, o.currency), 'number'], [t('status'), state],
			['', (o) => html`<div class="row together">${pay(o)}${cancel(o)}</div>`]]} /></section>`;
}

function Wallet({ me, after }) {
	const page = usePage('wallet_page');
	const [error, busy, act] = useAction(() => Promise.all([page[2](), after()]));
	const buy = (offer, vendor) => act(() => rpc('buy', { pack: offer.pack_id, currency: offer.currency, vendor, return_url: `${location.origin}/#/money` }));
	const buttons = (o, vendors) => me.writes && vendors.map((vendor) => html`<button disabled=${busy} onClick=${() => buy(o, vendor)}>
		${vendors.length > 1 ? `${t('buy')} (${named(vendor)})` : t('buy')}</button>`);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ vendors, offers, orders, approvals }) => html`
		<${Approvals} approvals=${approvals} me=${me} act=${act} busy=${busy} />
		<${Orders} orders=${orders} me=${me} act=${act} busy=${busy} />
		${offers.length > 0 && html`<section class="block"><h2>${t('packs')}</h2><${Offers} rows=${offers.map((o) => [`${o.pack_id} ${o.currency}`, o.name,
			`${number(o.credits)} ${t('credits_left')}`, price(o.price, o.currency), '', buttons(o, vendors)])} /></section>`}`}</${Loaded}>`;
}

/* By days of the tenant, with the balance after each line. */
function Statement() {
	const [lines, setLines] = useState(null);
	const [error, busy, act] = useAction();
	const ask = ({ from, to }) => act(async () => setLines(await rpc('statement', { from_day: from, to_day: to || null })));
	return html`<details class="card"><summary>${t('by_days')}</summary><${Problem} error=${error} />
		<${Form} send=${ask} busy=${busy} label=${t('show')}><div class="row">
		<${Field} label=${t('from')} name="from" type="date" required /><${Field} label=${t('until')} name="to" type="date" /></div></${Form}>
		${lines && html`<${Table} caption=${t('by_days')} empty=${t('none')} rows=${lines} columns=${[[t('when'), (s) => time(s.at), 'nw'],
			[t('what'), (s) => html`${entry(s.kind)} ${said(s.details)}`], [t('call'), call], [t('duration'), (s) => seconds(s.duration_seconds), 'number'],
			[t('credits'), (s) => number(s.amount), 'number'], [t('balance'), (s) => number(s.balance), 'number']]} />`}</details>`;
}

const costs = (c) => Object.entries(c.costs || {}).map(([currency, sum]) => price(sum, currency)).join(', ');
const change = (s) => (s.minutes === null ? number(s.change) : `${number(s.minutes)} ${t('unit_minutes')}`);

export function Money({ me }) {
	const [before, setBefore] = useState(null);
	const page = usePage('money_page', { before });
	return html`<${Loaded} page=${page}>${({ balance, campaigns, prices, statement }) => html`
		<div class="tiles">${['available', 'held', balance && balance.minutes !== null && 'minutes'].filter(Boolean).map((name) => html`<div class="tile">
			<span class="dim">${t(name)}</span><b class="figure">${number(balance && balance[name])}</b></div>`)}</div>
		<${Plan} me=${me} after=${page[2]} /><${Wallet} me=${me} after=${page[2]} /><${Billing} me=${me} />
		<section class="block"><h2>${t('on_statement')}</h2><${Table} quiet caption=${t('statement')} empty=${t('none')} rows=${statement} id="transaction_id"
			columns=${[[t('when'), (s) => time(s.at), 'nw'], [t('what'), (s) => entry(s.operation)], [t('credits'), change, 'number'], [t('call'), call],
			[t('reason'), (s) => said(t(String(s.reference || '').replaceAll(' ', '_'), s.reference || ' '))]]} />
			${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}
			${statement.length === 50 && html`<button onClick=${() => setBefore(statement[49].transaction_id)}>${t('more')}</button>`}</section>
		<${Statement} />
		${campaigns.length > 0 && html`<section class="block"><h2>${t('spent_by_campaign')}</h2><${Table} quiet caption=${t('spent_by_campaign')} rows=${campaigns}
			id="campaign_id" columns=${[[t('name'), (c) => html`<a href=${`#/campaigns/${c.campaign_id}`}>${said(c.name)}</a>`],
			[t('spent'), (c) => number(c.credits), 'number'], [t('cost'), costs, 'number']]} /></section>`}
		<section class="block"><h2>${t('prices')}</h2><dl class="facts">${prices.map((p) => html`<dt>${word(p.operation)}</dt>
			<dd>${number(p.credits)} ${t('credits_left')} / ${word(p.unit)}</dd>`)}</dl></section>`}</${Loaded}>`;
}

/* ----- the plan, what is charged and invoiced, and where credits came from ----- */

/* What a plan has, as a sentence. */
const features = (o) => [...o.features.map((f) => word(f)),
	...Object.entries(o.limits).map(([key, most]) => `${word(key)}: ${number(most)}`)].join(', ');

/* What is sold, a card each: its name, what is in it, its price, and what may be done with it. */
export const Offers = ({ rows }) => html`<ul class="packs">${rows.map(([key, name, what, cost, note, deed]) => html`<li class="pack" key=${key}>
	<span><b>${said(name)}</b> ${what}${note && html`<br /><span class="dim">${note}</span>`}</span>
	<b class="num">${cost}</b>${deed}</li>`)}</ul>`;

export function Plan({ me, after }) {
	const page = usePage('plan_page');
	const [error, busy, act] = useAction(() => Promise.all([page[2](), after()]));
	const choose = (o) => act(() => rpc('choose_plan', { plan: o.plan_id, currency: o.currency }));
	const deed = (plan, open) => (o) => me.writes && (!open ? html`<button disabled=${busy} onClick=${() => choose(o)}>${t('choose')}</button>`
		: plan.plan !== o.name && (!o.currency || o.currency === plan.currency)
			&& html`<button disabled=${busy} onClick=${() => act(() => rpc('change_plan', { plan: o.plan_id }))}>${t('change_to')}</button>`);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ plan, offers }) => {
		const open = plan && plan.state !== 'ended';
		const ends = plan && plan.state === 'canceled';
		const its = plan && [price(plan.price, plan.currency), `${t('until')} ${time(plan.ends_at)}`,
			plan.next_plan && `${t('next_plan')}: ${plan.next_plan}`, plan.reason].filter(Boolean).join(' · ');
		const rows = offers.map((o) => [`${o.plan_id} ${o.currency}`, o.name, `${number(o.credits)} ${t('credits_left')}`,
			o.price ? price(o.price, o.currency) : '', features(o), deed(plan, open)(o)]);
		return (plan || offers.length > 0) && html`<section class="block first-block">
			<header><h2>${plan ? html`${t('your_plan')}: ${said(plan.plan)}` : t('plans')}</h2>
				${plan && html`<span class=${`pill ${plan.state === 'active' ? 'good' : 'warn'}`}>${named(plan.state)}</span>`}</header>
			${plan && html`<div class="row wide-row"><p>${said(its)}</p>${open && me.writes && html`<${Sure} key=${plan.state}
				label=${t(ends ? 'keep_plan' : 'cancel_plan')} busy=${busy} act=${() => act(() => rpc('cancel_plan', { undo: ends }))} />`}</div>`}
			<${Offers} rows=${rows} /></section>`;
	}}</${Loaded}>`;
}

/* Made when it is asked for the first time: asked again until it is there. */
export async function loadPdf(invoice) {
	for (let i = 0; i < 40; i += 1) {
		const { state, pdf } = await rpc('invoice_pdf', { invoice_id: invoice.invoice_id });
		if (pdf) {
			const bytes = Uint8Array.from(pdf.slice(2).match(/../g), (two) => parseInt(two, 16));
			const href = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
			Object.assign(document.createElement('a'), { href, download: `${invoice.number}.pdf` }).click();
			setTimeout(() => URL.revokeObjectURL(href), 60000);
			return;
		}
		if (state.startsWith('failed')) {
			throw new Error(state);
		}
		await new Promise((done) => setTimeout(done, 500));
	}
	throw new Error(t('loading'));
}

function Details({ b, me, act, busy }) {
	const save = (values) => act(() => rpc('set_billing_details', Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value || null]))));
	return html`<details class="card"><summary>${t('billing_details')}: ${said(b.name || t('nobody'))}</summary>
		${me.owns ? html`<${Form} key=${b.name} send=${save} busy=${busy} label=${t('save')}>
			<${Field} label=${t('name')} name="name" value=${b.name} required maxlength="200" />
			<${Area} label=${t('address')} name="address" required maxlength="1000" value=${b.address} />
			<${Choice} label=${t('country_column')} name="country" value=${b.country} required options=${[['', ''], ...countries(b.country)]} />
			<${Field} label=${t('tax_number')} name="tax_number" value=${b.tax_number} maxlength="40" />
			<${Field} label=${t('email')} name="email" type="email" value=${b.email} />
			<${Choice} label=${t('language')} name="language" value=${b.language || 'en'} options=${Object.entries(languageNames).slice(0, 4)} /></${Form}>`
			: html`<p>${said([b.address, b.country, b.tax_number, b.email].filter(Boolean).join(', '))}</p>`}</details>`;
}

function Invoices({ invoices, details, me, act, busy }) {
	const [text, setText] = useState(null);
	const show = (i) => act(async () => setText(await rpc('invoice', { invoice_id: i.invoice_id })));
	const deeds = (i) => html`<div class="row together"><button disabled=${busy} onClick=${() => show(i)}>${t('show')}</button>
		<button disabled=${busy} onClick=${() => act(() => loadPdf(i))}>PDF</button></div>`;
	return html`${invoices.length > 0 && html`<section class="block"><h2>${t('invoices')}</h2><${Table} quiet caption=${t('invoices')} rows=${invoices}
			id="invoice_id" columns=${[[t('number'), (i) => i.number], [t('when'), (i) => date(i.issued_on)],
			[t('what'), (i) => html`${named(i.kind)} ${said(i.item)}`], [t('price'), (i) => price(i.total, i.currency), 'number'],
			[t('tax'), (i) => price(i.tax, i.currency), 'number'], ['', deeds]]} />${text && html`<pre>${said(text)}</pre>`}</section>`}
		<${Details} b=${details || {}} me=${me} act=${act} busy=${busy} />`;
}

/* What may be charged, and what is bought by itself with it. */
function TopUp({ methods, topUp, me, act, busy }) {
	const [wallet] = usePage('wallet_page');
	const offers = (wallet && wallet.offers) || [];
	const embedded = wallet && wallet.vendors.includes('embedded');
	const set = ({ offer, below, most, method }) => act(() => rpc('set_top_up', { pack: Number(offer.split(' ')[0]), currency: offer.split(' ')[1],
		below: Number(below), most_per_month: Number(most), method_id: Number(method) }));
	const remove = (m) => me.owns && html`<${Sure} label=${t('remove')} busy=${busy}
		act=${() => act(() => rpc('remove_payment_method', { method_id: m.method_id }))} />`;
	const add = me.owns && embedded && html`<button disabled=${busy} onClick=${() => act(() => rpc('add_embedded_method'))}>${t('add_method')}</button>`;
	return (methods.length > 0 || topUp || add) && html`<section class="block"><header><h2>${t('methods')}</h2>${add}</header>
		<ul class="rows">${methods.map((m) => html`<li key=${m.method_id}><span class="grow"><b>${said(m.shown)}</b>
			<span class="dim">${said(m.added_by)} · ${time(m.created_at)}</span></span>${remove(m)}</li>`)}</ul>
		${topUp && html`<div class="row wide-row"><p>${t('top_up')}: ${topUp.active
			? fill('top_up_says', number(topUp.below), price(topUp.most_per_month, topUp.currency)) : t('inactive')} ${said(topUp.reason)}</p>
			${me.owns && topUp.active && html`<button disabled=${busy} onClick=${() => act(() => rpc('stop_top_up'))}>${t('stop')}</button>`}</div>`}
		${me.owns && methods.length > 0 && offers.length > 0 && html`<details><summary>${t('top_up')}</summary>
			<${Form} send=${set} busy=${busy} label=${t('save')}><div class="row">
			<${Choice} label=${t('packs')} name="offer" options=${offers.map((o) => [`${o.pack_id} ${o.currency}`, `${o.name}, ${price(o.price, o.currency)}`])} />
			<${Choice} label=${t('methods')} name="method" options=${methods.map((m) => [m.method_id, m.shown])} />
			<${Field} label=${t('below')} name="below" type="number" min="1" required />
			<${Field} label=${t('a_month')} name="most" type="number" min="1" step="any" required /></div></${Form}></details>`}</section>`;
}

export function Billing({ me }) {
	const page = usePage('billing_page');
	const [error, busy, act] = useAction(page[2]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ details, invoices, methods, top_up: topUp, grants }) => html`
		<${TopUp} methods=${methods} topUp=${topUp} me=${me} act=${act} busy=${busy} />
		<${Invoices} invoices=${invoices} details=${details} me=${me} act=${act} busy=${busy} />
		${grants.length > 0 && html`<section class="block"><h2>${t('grants')}</h2><${Table} quiet caption=${t('grants')} rows=${grants} id="grant_id" columns=${[
			[t('what'), (g) => html`${named(g.source)} ${said(g.reason)}`], [t('credits'), (g) => number(g.credits), 'number'],
			[t('available'), (g) => number(g.rest), 'number'], [t('spent'), (g) => number(g.used), 'number'],
			[t('until'), (g) => g.expires_at !== 'infinity' && time(g.expires_at)], [t('status'), (g) => named(g.state)]]} /></section>`}`}</${Loaded}>`;
}

/* ----- how long the money lasts, what it was spent on, and what waits for a yes ----- */

/* Packs as cards; who is asked for the money is asked only where there are several. */
function Buy({ wallet, act, busy }) {
	const buy = (values, close) => act(async () => {
		const [pack, currency] = values.pack.split(' ');
		close();
		await rpc('buy', { pack: Number(pack), currency, vendor: values.vendor || wallet.vendors[0], return_url: `${location.origin}/#/money` });
		location.hash = '#/money';
	});
	return html`<${Dialog} main label=${t('buy_credits')} title=${t('buy_title')}>${(close) => html`
		<${Form} send=${(values) => buy(values, close)} busy=${busy} label=${t('buy_this')} also=${html`<button type="button" onClick=${close}>${t('cancel')}</button>`}><div class="packs">${wallet.offers.map((o, i) => html`<label class="pack"><input type="radio" name="pack" value=${`${o.pack_id} ${o.currency}`} defaultChecked=${i === 0} />
			<span><b>${number(o.credits)}</b> ${t('credits_left')}<br /><span class="dim"><${Said}>${o.name}</${Said}></span></span><b class="num">${price(o.price, o.currency)}</b></label>`)}</div>
			${wallet.vendors.length > 1 && html`<label><span>${t('pay_by')}</span><select name="vendor">${wallet.vendors.map((v) => html`<option value=${v}>${named(v)}</option>`)}</select></label>`}<p class="dim">${t('buy_help')}</p></${Form}>`}</${Dialog}>`;
}

function Approval({ a, me, act, busy }) {
	return html`<section class="asks"><${Icon} name="billing" /><p class="grow"><b>${t(`spend_${a.kind}`)} <${Said}>${a.name || ''}</${Said}></b> <span class="dim">${fill('up_to', number(a.estimate))} <${Said}>${a.requested_by}</${Said}> · ${t('until')} ${time(a.expires_at)}</span></p>
		${me.owns && html`<div class="row"><button disabled=${busy} onClick=${() => act(() => rpc('approve_spending', { approval_id: a.approval_id }))}>${t('approve')}</button><${WithReason} label=${t('reject')} busy=${busy} act=${(comment) => act(() => rpc('reject_spending', { approval_id: a.approval_id, comment }))} /></div>`}</section>`;
}

export function Credits({ me }) {
	const page = usePage('billing_overview', {}, 5000);
	const [error, busy, act] = useAction(page[2]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ balance, ends, lapse, days, wallet, plan, billing }) => {
		const waits = wallet.approvals.filter((a) => a.state === 'waiting');
		const open = wallet.orders.filter((o) => ['waiting', 'waiting_approval', 'creating'].includes(o.state));
		const spent = days.reduce((sum, d) => sum + Number(d.campaigns) + Number(d.incoming), 0);
		const grants = billing.grants.filter((g) => g.state === 'open');
		return html`${waits.map((a) => html`<${Approval} key=${a.approval_id} a=${a} me=${me} act=${act} busy=${busy} />`)}
		<div class="cols"><div><section class="block first-block"><div class="row wide-row"><span class="dim">${t('credits')}</span>${me.writes && wallet.offers.length > 0 && wallet.vendors.length > 0 && html`<${Buy} wallet=${wallet} act=${act} busy=${busy} />`}</div>
				<b class="huge num">${number(Math.floor(balance ? balance.available : 0))}</b>
				<p>${ends ? fill(ends.days > 365 ? 'lasts_long' : 'lasts', number(Math.max(0, Math.round(ends.days))), date(ends.at)) : t('nothing_spent')} ${balance && balance.held > 0 && html`<span class="dim">${fill('held_by_calls', number(balance.held))}</span>`}</p>
				${balance && balance.minutes !== null && balance.minutes !== undefined && html`<p>${fill('minutes_left', number(balance.minutes))}</p>`}${lapse && html`<p class="warned">${fill('lapses', number(lapse.credits), date(lapse.at))}</p>`}</section>
			${open.length > 0 && html`<p class="note"><${Icon} name="billing" /><span>${fill('orders_open', number(open.length))} <a href="#/money">${t('pay')}</a></span></p>`}
			<${Figure} title=${t('spent_by_day')} note=${html`<${Key} of="some">${t('outbound')}</${Key}><${Key} of="won">${t('inbound')}</${Key}>`} says=${fill('spent_says', number(Math.round(spent)))}
				table=${{ rows: days, id: 'day', columns: [[t('when'), (d) => date(d.day)], [t('outbound'), (d) => number(d.campaigns), 'number'], [t('inbound'), (d) => number(d.incoming), 'number']] }}>
				<${Columns} caption=${`${t('spent_by_day')}: ${days.map((d) => `${date(d.day)} ${number(Number(d.campaigns) + Number(d.incoming))}`).join('; ')}`} bars=${days.map((d) => ({ name: date(d.day), parts: [['some', Number(d.campaigns)], ['won', Number(d.incoming)]] }))} /></${Figure}>
			${billing.invoices.length > 0 && html`<section class="block"><header><h2>${t('latest_invoices')}</h2><a href="#/money">${t('all_invoices')}</a></header><${Table} quiet caption=${t('latest_invoices')} id="invoice_id" rows=${billing.invoices.slice(0, 3)} columns=${[[t('number'), (i) => i.number], [t('what'), (i) => html`<${Said}>${i.item || word(i.kind)}</${Said}>`], [t('when'), (i) => date(i.issued_on)],
				[t('price'), (i) => price(i.total, i.currency), 'number'], ['', (i) => html`<button disabled=${busy} aria-label=${`PDF ${i.number}`} onClick=${() => act(() => loadPdf(i))}>PDF</button>`]]} /></section>`}</div>
		<aside class="rail" aria-label=${t('plan')}><section class="block"><header><h2>${t('plan')}</h2>${plan && html`<span class=${`pill ${plan.state === 'active' ? 'good' : 'warn'}`}>${named(plan.state)}</span>`}</header>
				${plan ? html`<p><b><${Said}>${plan.plan}</${Said}></b> ${price(plan.price, plan.currency || 'EUR')}</p><p class="dim">${t('until')} ${time(plan.ends_at)}</p>` : html`<p class="dim">${t('no_plan')}</p>`}<p><a class="button" href="#/money">${t(plan ? 'change_plan' : 'see_plans')}</a></p></section>
			<section class="block"><h2>${t('top_up')}</h2>${billing.top_up && billing.top_up.active ? html`<p>${fill('top_up_says', number(billing.top_up.below), price(billing.top_up.most_per_month, billing.top_up.currency))}</p>` : html`<p class="dim">${t('top_up_off')}</p>`}</section>
			${billing.methods.length > 0 && html`<section class="block"><h2>${t('methods')}</h2><ul class="rows">${billing.methods.map((m) => html`<li key=${m.method_id}><span class="dot"><${Icon} name="billing" /></span><span class="grow"><b><${Said}>${m.shown}</${Said}></b><span class="dim"><${Said}>${m.added_by}</${Said}></span></span></li>`)}</ul></section>`}
			${grants.length > 0 && html`<section class="block"><h2>${t('grants')}</h2><dl class="facts">${grants.slice(0, 6).map((g) => html`<dt>${named(g.source)}</dt><dd>${fill('left_of', number(g.rest), number(g.credits))}${g.expires_at && g.expires_at !== 'infinity' && html`<br /><span class="dim">${t('until')} ${time(g.expires_at)}</span>`}</dd>`)}</dl></section>`}</aside></div>`;
	}}</${Loaded}>`;
}
