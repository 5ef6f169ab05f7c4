/* Plan and statement: the plan, packs and their orders, invoices, and what came and went. */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Billing, Offers, Plan } from '/billing.js';
import { Field, Form, Loaded, Problem, Said, Table, toCall, useAction, usePage, WithReason } from '/parts.js';
import { named, number, price, seconds, t, time, word } from '/texts.js';

const call = (s) => toCall(s.call_id);
const said = (text) => html`<${Said}>${text}</${Said}>`;
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
	const state = (o) => html`${named(o.state)} <span class="dim">${o.state !== 'paid' && said(o.reason)} ${said(word(o.method))}</span>`;
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
