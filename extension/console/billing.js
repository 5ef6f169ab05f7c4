/* The plan, what is charged and invoiced, and where credits came from. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Sure } from '/forms.js';
import { Choice, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { languageNames, number, t, time, word } from '/texts.js';

const said = (text) => html`<${Said}>${text}</${Said}>`;
const money = (amount, currency) => (amount === null || amount === undefined ? '' : `${number(amount)} ${currency}`);
const named = (key) => word(key);

export function Plan({ me, after }) {
	const page = usePage('plan_page');
	const [error, busy, act] = useAction(() => Promise.all([page[2](), after()]));
	const buttons = (plan, open) => (o) => me.writes && (!open ? html`<button disabled=${busy} onClick=${() => act(() => rpc('choose_plan', { plan: o.plan_id, currency: o.currency }))}>${t('choose')}</button>`
		: plan.plan !== o.name && (!o.currency || o.currency === plan.currency) && html`<button disabled=${busy} onClick=${() => act(() => rpc('change_plan', { plan: o.plan_id }))}>${t('change_to')}</button>`);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ plan, offers }) => {
		const open = plan && plan.state !== 'ended';
		const ends = plan && plan.state === 'canceled';
		return (plan || offers.length > 0) && html`<div class="card">${plan && html`<h2>${t('plan')}: ${said(plan.plan)}</h2>
			<p>${word(plan.state)} ${said(plan.reason)} · ${t('until')} ${time(plan.ends_at)} · ${money(plan.price, plan.currency)} ${plan.next_plan && html`· ${t('next_plan')}: ${said(plan.next_plan)}`}</p>
			${open && me.writes && html`<p><${Sure} key=${plan.state} label=${t(ends ? 'keep_plan' : 'cancel_plan')} busy=${busy} act=${() => act(() => rpc('cancel_plan', { undo: ends }))} /></p>`}`}
			<${Table} caption=${t('plans')} rows=${offers} columns=${[[t('name'), (o) => said(o.name)], [t('credits'), (o) => number(o.credits), 'number'], [t('price'), (o) => money(o.price, o.currency), 'number'],
				[t('has'), (o) => [...o.features.map(named), ...Object.entries(o.limits).map(([key, most]) => `${named(key)}: ${most}`)].join(', ')], [t('actions'), buttons(plan, open)]]} /></div>`;
	}}</${Loaded}>`;
}

/* Made when it is asked for the first time: asked again until it is there. */
export async function loadPdf(invoice) {
	for (let i = 0; i < 40; i += 1) {
		const { state, pdf } = await rpc('invoice_pdf', { invoice_id: invoice.invoice_id });
		if (pdf) {
			const bytes = Uint8Array.from(pdf.slice(2).match(/../g), (two) => parseInt(two, 16));
			const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' })), download: `${invoice.number}.pdf` });
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 60000);
			return;
		}
		if (state.startsWith('failed')) {
			throw new Error(state);
		}
		await new Promise((done) => setTimeout(done, 500));
	}
	throw new Error(t('loading'));
}

function Invoices({ invoices, details, me, act, busy }) {
	const [text, setText] = useState(null);
	const save = (values) => act(() => rpc('set_billing_details', { ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value || null])), country: values.country.toUpperCase() }));
	const b = details || {};
	return html`<div class="card"><${Table} caption=${t('invoices')} rows=${invoices} id="invoice_id" columns=${[[t('number'), (i) => i.number], [t('when'), (i) => i.issued_on], [t('what'), (i) => html`${word(i.kind)} ${said(i.item)}`],
			[t('price'), (i) => money(i.total, i.currency), 'number'], [t('tax'), (i) => money(i.tax, i.currency), 'number'],
			[t('actions'), (i) => html`<div class="row together"><button disabled=${busy} onClick=${() => act(async () => setText(await rpc('invoice', { invoice_id: i.invoice_id })))}>${t('show')}</button>
				<button disabled=${busy} onClick=${() => act(() => loadPdf(i))}>PDF</button></div>`]]} />${text && html`<pre>${said(text)}</pre>`}</div>
		<details class="card"><summary>${t('billing_details')}: ${said(b.name || t('nobody'))}</summary>${me.owns ? html`<${Form} key=${b.name} send=${save} busy=${busy} label=${t('save')}>
			<${Field} label=${t('name')} name="name" value=${b.name} required maxlength="200" /><label><span>${t('address')}</span><textarea name="address" required maxlength="1000">${b.address}</textarea></label>
			<${Field} label=${t('country_column')} name="country" value=${b.country} required maxlength="2" help="DE, US" /><${Field} label=${t('tax_number')} name="tax_number" value=${b.tax_number} maxlength="40" />
			<${Field} label=${t('email')} name="email" type="email" value=${b.email} /><${Choice} label=${t('language')} name="language" value=${b.language || 'en'} options=${Object.entries(languageNames)} /></${Form}>`
			: html`<p>${said([b.address, b.country, b.tax_number, b.email].filter(Boolean).join(', '))}</p>`}</details>`;
}

/* What may be charged, and what is bought by itself with it. */
function TopUp({ methods, topUp, me, act, busy }) {
	const [wallet] = usePage('wallet_page');
	const offers = (wallet && wallet.offers) || [];
	const embedded = wallet && wallet.vendors.includes('embedded');
	const set = ({ offer, below, most, method }) => act(() => rpc('set_top_up', { pack: Number(offer.split(' ')[0]), currency: offer.split(' ')[1], below: Number(below), most_per_month: Number(most), method_id: Number(method) }));
	return html`<div class="card"><${Table} caption=${t('methods')} rows=${methods} id="method_id" columns=${[[t('what'), (m) => said(m.shown)], [t('who'), (m) => said(m.added_by)], [t('when'), (m) => time(m.created_at)],
			[t('actions'), (m) => me.owns && html`<${Sure} label=${t('remove')} busy=${busy} act=${() => act(() => rpc('remove_payment_method', { method_id: m.method_id }))} />`]]} />
		${me.owns && embedded && html`<p><button disabled=${busy} onClick=${() => act(() => rpc('add_embedded_method'))}>${t('add_method')}</button></p>`}
		${topUp && html`<p>${t('top_up')}: ${topUp.active ? html`${t('below')} ${number(topUp.below)}, ${t('a_month')} ${money(topUp.most_per_month, topUp.currency)}` : t('inactive')} ${said(topUp.reason)}
			${me.owns && topUp.active && html`<button disabled=${busy} onClick=${() => act(() => rpc('stop_top_up'))}>${t('stop')}</button>`}</p>`}
		${me.owns && methods.length > 0 && offers.length > 0 && html`<details><summary>${t('top_up')}</summary><${Form} send=${set} busy=${busy} label=${t('save')}>
			<${Choice} label=${t('packs')} name="offer" options=${offers.map((o) => [`${o.pack_id} ${o.currency}`, `${o.name}, ${money(o.price, o.currency)}`])} />
			<${Choice} label=${t('methods')} name="method" options=${methods.map((m) => [m.method_id, m.shown])} />
			<${Field} label=${t('below')} name="below" type="number" min="1" required /><${Field} label=${t('a_month')} name="most" type="number" min="1" step="any" required /></${Form}></details>`}</div>`;
}

export function Billing({ me }) {
	const page = usePage('billing_page');
	const [error, busy, act] = useAction(page[2]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ details, invoices, methods, top_up: topUp, grants }) => html`
		<${TopUp} methods=${methods} topUp=${topUp} me=${me} act=${act} busy=${busy} />
		<${Invoices} invoices=${invoices} details=${details} me=${me} act=${act} busy=${busy} />
		<div class="card"><${Table} caption=${t('grants')} rows=${grants} id="grant_id" columns=${[[t('what'), (g) => html`${word(g.source)} ${said(g.reason)}`], [t('credits'), (g) => number(g.credits), 'number'],
			[t('available'), (g) => number(g.rest), 'number'], [t('spent'), (g) => number(g.used), 'number'], [t('until'), (g) => time(g.expires_at)], [t('status'), (g) => word(g.state)]]} /></div>`}</${Loaded}>`;
}
