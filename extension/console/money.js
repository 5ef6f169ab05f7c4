/* Money: what is there, what is bought and approved, and the statement. */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Billing, Plan } from '/billing.js';
import { Choice, Field, Form, Loaded, Problem, Said, Table, toCall, useAction, usePage, WithReason } from '/parts.js';
import { number, seconds, t, time, word } from '/texts.js';

const call = (s) => toCall(s.call_id);
const said = (text) => html`<${Said}>${text}</${Said}>`;

/* What is to be spent waits for an owner. */
function Approvals({ approvals, me, act, busy }) {
	const decide = (a) => me.owns && a.state === 'waiting' && html`<div class="row together">
		<button class="main" disabled=${busy} onClick=${() => act(() => rpc('approve_spending', { approval_id: a.approval_id }))}>${t('approve')}</button>
		<${WithReason} label=${t('reject')} busy=${busy} act=${(comment) => act(() => rpc('reject_spending', { approval_id: a.approval_id, comment }))} /></div>`;
	return html`<div class="card"><${Table} caption=${t('approvals')} rows=${approvals} id="approval_id" columns=${[
		[t('what'), (a) => html`${t(`spend_${a.kind}`)} ${said(a.name || a.order_id)}`], [t('estimate'), (a) => number(a.estimate), 'number'], [t('reason'), (a) => said(a.reason)],
		[t('who'), (a) => said(a.requested_by)], [t('until'), (a) => time(a.expires_at)], [t('status'), (a) => html`${word(a.state)} ${said([a.decided_by, a.decision].filter(Boolean).join(': '))}`],
		[t('actions'), decide]]} /></div>`;
}

function Orders({ orders, me, act, busy }) {
	const pay = (o) => me.writes && (o.state === 'waiting' && o.vendor === 'embedded'
		? html`<button class="main" disabled=${busy} onClick=${() => act(() => rpc('pay_embedded', { order_id: o.order_id }))}>${t('pay_embedded')}</button>`
		: o.approve_url && o.state === 'waiting' && html`<a href=${/^https:/.test(o.approve_url) ? o.approve_url : null} rel="noreferrer">${t('pay')}</a>`);
	/* A vendor's page leads back here: what came of it is asked for at once. */
	useEffect(() => {
		orders.filter((o) => me.writes && o.vendor !== 'embedded' && o.state === 'waiting').forEach((o) => rpc('payment_returned', { order_id: o.order_id }).catch(() => {}));
	}, []);
	const open = (o) => me.writes && ['waiting_approval', 'creating', 'waiting'].includes(o.state);
	return html`<div class="card"><${Table} caption=${t('orders')} rows=${orders} id="order_id" columns=${[[t('when'), (o) => time(o.created_at)], [t('what'), (o) => said(o.pack)],
		[t('credits'), (o) => number(o.credits), 'number'], [t('minutes'), (o) => number(o.minutes), 'number'], [t('price'), (o) => `${number(o.price)} ${o.currency}`, 'number'],
		[t('status'), (o) => html`${word(o.state)} <span class="dim">${o.state !== 'paid' && said(o.reason)} ${said(o.method)}</span>`],
		[t('actions'), (o) => html`<div class="row together">${pay(o)}${open(o) && html`<button disabled=${busy} onClick=${() => act(() => rpc('cancel_order', { order_id: o.order_id }))}>${t('cancel')}</button>`}</div>`]]} /></div>`;
}

function Wallet({ me, after }) {
	const page = usePage('wallet_page');
	const [error, busy, act] = useAction(() => Promise.all([page[2](), after()]));
	const buy = (offer, vendor) => act(() => rpc('buy', { pack: offer.pack_id, currency: offer.currency, vendor, return_url: `${location.origin}/#/money` }));
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ vendors, offers, orders, approvals }) => html`
		<${Approvals} approvals=${approvals} me=${me} act=${act} busy=${busy} />
		<div class="card"><${Table} caption=${t('packs')} rows=${offers} columns=${[[t('name'), (o) => said(o.name)], [t('credits'), (o) => number(o.credits), 'number'],
			[t('price'), (o) => `${number(o.price)} ${o.currency}`, 'number'],
			[t('actions'), (o) => me.writes && html`<div class="row together">${vendors.map((vendor) => html`<button disabled=${busy} onClick=${() => buy(o, vendor)}>${t('buy')} (${vendor})</button>`)}</div>`]]} /></div>
		<${Orders} orders=${orders} me=${me} act=${act} busy=${busy} />`}</${Loaded}>`;
}

/* By days of the tenant, with the balance after each line. */
function Statement() {
	const [lines, setLines] = useState(null);
	const [error, busy, act] = useAction();
	const ask = ({ from, to }) => act(async () => setLines(await rpc('statement', { from_day: from, to_day: to || null })));
	return html`<details class="card"><summary>${t('by_days')}</summary><${Problem} error=${error} /><${Form} send=${ask} busy=${busy} label=${t('show')}><div class="row">
		<${Field} label=${t('from')} name="from" type="date" required /><${Field} label=${t('until')} name="to" type="date" /></div></${Form}>
		${lines && html`<${Table} caption=${t('by_days')} empty=${t('none')} rows=${lines} columns=${[[t('when'), (s) => time(s.at)], [t('what'), (s) => html`${word(s.kind)} ${said(s.details)}`], [t('call'), call],
			[t('duration'), (s) => seconds(s.duration_seconds), 'number'], [t('credits'), (s) => number(s.amount), 'number'], [t('balance'), (s) => number(s.balance), 'number']]} />`}</details>`;
}

export function Money({ me }) {
	const [before, setBefore] = useState(null);
	const page = usePage('money_page', { before });
	return html`<${Loaded} page=${page}>${({ balance, campaigns, prices, statement }) => html`
		<div class="cards">${['available', 'held', balance && balance.minutes !== null && 'minutes'].filter(Boolean).map((name) => html`<div class="card"><span class="dim">${t(name)}</span><span class="figure">${number(balance && balance[name])}</span></div>`)}</div>
		<${Plan} me=${me} after=${page[2]} /><${Wallet} me=${me} after=${page[2]} /><${Billing} me=${me} />
		<div class="card"><${Table} caption=${t('campaigns')} rows=${campaigns} id="campaign_id" columns=${[[t('name'), (c) => said(c.name)],
			[t('spent'), (c) => number(c.credits), 'number'], [t('cost'), (c) => Object.entries(c.costs || {}).map(([currency, sum]) => `${number(sum)} ${currency}`).join(', ')]]} /></div>
		<div class="card"><${Table} caption=${t('prices')} rows=${prices} id="operation" columns=${[[t('what'), (p) => word(p.operation)], [t('credits'), (p) => `${number(p.credits)} / ${word(p.unit)}`, 'number']]} /></div>
		<div class="card"><${Table} caption=${t('statement')} rows=${statement} id="transaction_id" columns=${[[t('when'), (s) => time(s.at)], [t('what'), (s) => word(s.operation)],
			[t('credits'), (s) => s.minutes === null ? number(s.change) : `${number(s.minutes)} min`, 'number'], [t('call'), call], [t('reason'), (s) => said(t(String(s.reference || '').replaceAll(' ', '_'), s.reference))]]} />
		${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}
		${statement.length === 50 && html`<button onClick=${() => setBefore(statement[49].transaction_id)}>${t('more')}</button>`}</div>
		<${Statement} />`}</${Loaded}>`;
}
