/* How long the money lasts, what it was spent on, and what waits for a yes. */
import { html } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { loadPdf } from '/billing.js';
import { Columns, Figure, Key } from '/charts.js';
import { Icon } from '/icons.js';
import { Dialog, Form, Loaded, Problem, Said, Table, useAction, usePage, WithReason } from '/parts.js';
import { date, fill, named, number, price, t, time, word } from '/texts.js';

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
