/* Today, what waits for a person, appointments. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Loaded, Problem, Said, Table, useAction, usePage, WithReason } from '/parts.js';
import { number, t, time } from '/texts.js';

const Figure = ({ label, value, href }) => html`<div class="card"><span class="dim">${href ? html`<a href=${href}>${label}</a>` : label}</span>
	<span class="figure">${number(value)}</span></div>`;

function Hours({ hours }) {
	const most = Math.max(1, ...hours.map((h) => h.calls));
	const of = new Map(hours.map((h) => [h.hour, h]));
	const label = `${t('hours')}: ${hours.map((h) => `${h.hour}:00 ${h.calls}, ${t('answered')} ${h.answered}`).join('; ') || t('none')}`;
	return html`<figure class="card"><figcaption>${t('hours')}</figcaption>
		<svg class="bars" viewBox="0 0 480 110" role="img" aria-label=${label}>
		${[...Array(24).keys()].map((hour) => {
			const { calls = 0, answered = 0 } = of.get(hour) || {};
			const height = (n) => (n / most) * 90;
			return html`<g><rect class="all" x=${hour * 20 + 2} width="16" y=${92 - height(calls)} height=${height(calls)} />
				<rect class="some" x=${hour * 20 + 2} width="16" y=${92 - height(answered)} height=${height(answered)} />
				${hour % 6 === 0 && html`<text x=${hour * 20 + 2} y="106">${hour}:00</text>`}</g>`;
		})}</svg></figure>`;
}

export function Today() {
	const page = usePage('today_page');
	return html`<${Loaded} page=${page}>${(day) => html`
		<p><strong><${Said}>${day.tenant}</${Said}></strong> <span class="dim">${day.timezone}</span></p>
		<div class="cards">
			<${Figure} label=${t('live')} value=${day.live} href="#/calls" />
			<${Figure} label=${t('calls')} value=${day.calls} href="#/calls" />
			<${Figure} label=${t('answered')} value=${day.answered} />
			<${Figure} label=${t('appointments')} value=${day.appointments} href="#/appointments" />
			<${Figure} label=${t('opted_out')} value=${day.opted_out} />
			<${Figure} label=${t('waiting')} value=${Object.values(day.waiting).reduce((a, b) => a + b, 0)} href="#/waiting" />
			<${Figure} label=${t('spent')} value=${day.credits} href="#/money" />
			<${Figure} label=${t('available')} value=${day.available} href="#/money" />
		</div>
		${!day.complete && html`<p class="dim">${t('partly')}</p>`}
		<${Hours} hours=${day.hours} />
		<div class="card"><${Table} caption=${t('next')} rows=${day.next} id="appointment_id" columns=${[
			[t('when'), (a) => `${a.local} ${a.timezone}`], [t('who'), (a) => html`<${Said}>${a.who}</${Said}>`]]} /></div>`}</${Loaded}>`;
}

const local = (a) => html`${a.local}<br /><span class="dim">${a.timezone}</span>`;
const call = (a) => a.call_id && html`<a href=${`#/calls/${a.call_id}`}>${a.call_id}</a>`;

function Decide({ appointment, me, act, busy }) {
	if (!me.writes || !['pending', 'conflict'].includes(appointment.status)) {
		return null;
	}
	const id = { appointment_id: appointment.appointment_id };
	return html`<div class="row">
		${appointment.status === 'pending' && html`<button class="main" disabled=${busy} onClick=${() => act(() => rpc('confirm_appointment', id))}>${t('confirm')}</button>`}
		<${WithReason} label=${t('reject')} busy=${busy} act=${(reason) => act(() => rpc('reject_appointment', { ...id, reason }))} /></div>`;
}

export function Waiting({ me }) {
	const page = usePage('waiting_page');
	const [error, busy, act] = useAction(page[2]);
	const settle = (w) => me.writes && (w.kind === 'hold'
		? html`<${WithReason} label=${t('release')} busy=${busy} act=${(why) => act(() => rpc('release_holds', { call_ids: [w.call_id], why }))} />`
		: w.kind === 'unresolved call' ? html`<div class="row">${[true, false].map((placed) => html`<button disabled=${busy}
			onClick=${() => act(() => rpc('resolve_call', { call_id: w.call_id, placed }))}>${t(placed ? 'placed' : 'not_placed')}</button>`)}</div>` : null);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(all) => html`
		<div class="card"><${Table} caption=${t('appointments')} rows=${all.appointments} id="appointment_id" columns=${[
			[t('when'), local], [t('who'), (a) => html`<${Said}>${a.who}</${Said}>`], [t('said'), (a) => html`<q><${Said}>${a.said}</${Said}></q>`],
			[t('status'), (a) => a.status], [t('calls'), call], [t('actions'), (a) => html`<${Decide} appointment=${a} me=${me} act=${act} busy=${busy} />`]]} /></div>
		<div class="card"><${Table} caption=${t('tasks')} rows=${all.tasks} id="task_id" columns=${[
			[t('when'), (k) => time(k.due_at)], [t('who'), (k) => html`<${Said}>${k.contact_name || k.contact_phone}</${Said}>`], ['', (k) => html`${k.kind} ${k.priority}<br /><${Said}>${k.note}</${Said}>`],
			[t('calls'), call], [t('actions'), (k) => me.works && html`<button disabled=${busy} onClick=${() => act(() => rpc('finish_task', { task_id: k.task_id }))}>${t('done')}</button>`]]} /></div>
		<div class="card"><${Table} caption=${t('others')} rows=${all.others} columns=${[
			[t('when'), (w) => time(w.since)], ['', (w) => w.kind], [t('who'), (w) => html`<${Said}>${w.who}</${Said}>`],
			[t('said'), (w) => html`<${Said}>${w.what}</${Said}> ${w.quote && html`<q><${Said}>${w.quote}</${Said}></q>`}`], [t('calls'), call], [t('actions'), settle]]} /></div>`}</${Loaded}>`;
}

export function Appointments({ me }) {
	const [before, setBefore] = useState(null);
	const page = usePage('appointment_page', { before });
	const [error, busy, act] = useAction(page[2]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} caption=${t('appointments')} rows=${rows} id="appointment_id" columns=${[
			[t('when'), local], [t('who'), (a) => html`<${Said}>${a.who}</${Said}>`], [t('status'), (a) => a.status],
			[t('said'), (a) => html`<${Said}>${a.said}</${Said}>`], [t('calls'), call],
			[t('actions'), (a) => html`<${Decide} appointment=${a} me=${me} act=${act} busy=${busy} />`]]} />
		${rows.length === 50 && html`<button onClick=${() => setBefore(rows[49].appointment_id)}>${t('more')}</button>`}</div>`}</${Loaded}>`;
}
