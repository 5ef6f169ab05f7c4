/* The plan, what is charged and invoiced, and where credits came from. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Sure } from '/forms.js';
import { Choice, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { date, fill, languageNames, named, number, price, t, time, word } from '/texts.js';

const said = (text) => html`<${Said}>${text}</${Said}>`;
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
	const save = (values) => act(() => rpc('set_billing_details', { ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value || null])),
		country: values.country.toUpperCase() }));
	return html`<details class="card"><summary>${t('billing_details')}: ${said(b.name || t('nobody'))}</summary>
		${me.owns ? html`<${Form} key=${b.name} send=${save} busy=${busy} label=${t('save')}>
			<${Field} label=${t('name')} name="name" value=${b.name} required maxlength="200" />
			<label><span>${t('address')}</span><textarea name="address" required maxlength="1000">${b.address}</textarea></label>
			<${Field} label=${t('country_column')} name="country" value=${b.country} required maxlength="2" help="DE, US" />
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
