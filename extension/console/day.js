/* Today, what waits for a person, appointments. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Bars, Loaded, Problem, Said, Table, useAction, usePage, WithReason } from '/parts.js';
import { number, t, time, word } from '/texts.js';

/* On the tenant's clock, and on the other's where that shows something else. */
const local = (a) => html`${time(a.starts_at)}${a.local.slice(0, 16) !== String(a.starts_at).replace('T', ' ').slice(0, 16)
	&& html`<br /><span class="dim">${time(a.local)} ${a.timezone}</span>`}`;
const call = (a) => a.call_id && html`<a href=${`#/calls/${a.call_id}`}>${a.call_id}</a>`;

const Figure = ({ label, value, href }) => html`<div class="card"><span class="dim">${href ? html`<a href=${href}>${label}</a>` : label}</span>
	<span class="figure">${number(value)}</span></div>`;

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
		<${Bars} caption=${t('hours')} bars=${[...Array(24).keys()].map((hour) => ({ name: `${hour}:00`, ...day.hours.find((h) => h.hour === hour) }))} />
		<div class="card"><${Table} caption=${t('next')} rows=${day.next} id="appointment_id" columns=${[
			[t('when'), local], [t('who'), (a) => html`<${Said}>${a.who}</${Said}>`]]} /></div>`}</${Loaded}>`;
}

function Decide({ appointment, me, act, busy }) {
	if (!me.writes || !['pending', 'conflict'].includes(appointment.status)) {
		return null;
	}
	const id = { appointment_id: appointment.appointment_id };
	return html`<div class="row together">
		${appointment.status === 'pending' && html`<button class="main" disabled=${busy} onClick=${() => act(() => rpc('confirm_appointment', id))}>${t('confirm')}</button>`}
		<${WithReason} label=${t('reject')} busy=${busy} act=${(reason) => act(() => rpc('reject_appointment', { ...id, reason }))} /></div>`;
}

/* The first of many, and more of them when they are asked for. */
function First({ rows, ...rest }) {
	const [shown, show] = useState(20);
	return html`<div class="card"><${Table} rows=${rows.slice(0, shown)} ...${rest} />
		${rows.length > shown && html`<button onClick=${() => show(shown + 50)}>${t('more')} (${number(rows.length - shown)})</button>`}</div>`;
}

const who = (a) => html`<${Said}>${a.who}</${Said}>`;

/* The page on which what waits is settled, where it is not this one. */
const settled = { campaign: 'campaigns', ticket: 'tickets', approval: 'money', 'low balance': 'money', calendar: 'calendars', tool: 'own_tools' };

function Settle({ waits, me, act, busy }) {
	if (!me.writes) {
		return null;
	}
	if (waits.kind === 'hold') {
		return html`<${WithReason} label=${t('release')} busy=${busy} act=${(why) => act(() => rpc('release_holds', { call_ids: [waits.call_id], why }))} />`;
	}
	if (waits.kind === 'late callback') {
		return waits.what.startsWith('given up') && html`<button disabled=${busy} onClick=${() => act(() => rpc('follow_up_done', { lead_id: waits.lead_id }))}>${t('done')}</button>`;
	}
	if (['uncertain outcome', 'conflict'].includes(waits.kind)) {
		return html`<${WithReason} label=${t('accept')} busy=${busy} act=${(why) => act(() => rpc('accept_outcomes', { call_ids: [waits.call_id], why }))} />`;
	}
	return waits.kind === 'unresolved call' && html`<div class="row">${[true, false].map((placed) => html`<button disabled=${busy}
		onClick=${() => act(() => rpc('resolve_call', { call_id: waits.call_id, placed }))}>${t(placed ? 'placed' : 'not_placed')}</button>`)}</div>`;
}

export function Waiting({ me }) {
	const page = usePage('waiting_page');
	const [error, busy, act] = useAction(page[2]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(all) => html`
		<${First} caption=${t('tasks')} rows=${all.tasks} id="task_id" columns=${[
			[t('when'), (k) => time(k.due_at)], [t('who'), (k) => html`<${Said}>${k.contact_name || k.contact_phone}</${Said}>`],
			[t('what'), (k) => html`${word(k.kind)} · ${word(k.priority)}<br /><${Said}>${k.note}</${Said}>`],
			[t('call'), call], [t('actions'), (k) => me.works && html`<button disabled=${busy} onClick=${() => act(() => rpc('finish_task', { task_id: k.task_id }))}>${t('done')}</button>`]]} />
		<${First} caption=${t('appointments')} rows=${all.appointments} id="appointment_id" columns=${[
			[t('when'), local], [t('who'), who], [t('said'), (a) => html`<q><${Said}>${a.said}</${Said}></q>`],
			[t('status'), (a) => word(a.status)], [t('call'), call], [t('actions'), (a) => html`<${Decide} appointment=${a} me=${me} act=${act} busy=${busy} />`]]} />
		<${First} caption=${t('others')} rows=${all.others} columns=${[
			[t('when'), (w) => time(w.since)], [t('what'), (w) => (settled[w.kind] ? html`<a href=${`#/${settled[w.kind]}`}>${word(w.kind)}</a>` : word(w.kind))], [t('who'), who],
			[t('said'), (w) => html`<${Said}>${w.what}</${Said}> ${w.quote && html`<q><${Said}>${w.quote}</${Said}></q>`}`], [t('call'), call],
			[t('actions'), (w) => html`<${Settle} waits=${w} me=${me} act=${act} busy=${busy} />`]]} />`}</${Loaded}>`;
}

export function Appointments({ me }) {
	const [before, setBefore] = useState(null);
	const page = usePage('appointment_page', { before });
	const [error, busy, act] = useAction(page[2]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} caption=${t('appointments')} rows=${rows} id="appointment_id" columns=${[
			[t('when'), local], [t('who'), who], [t('status'), (a) => word(a.status)],
			[t('said'), (a) => html`<${Said}>${a.said}</${Said}>`], [t('call'), call],
			[t('actions'), (a) => html`<${Decide} appointment=${a} me=${me} act=${act} busy=${busy} />`]]} />
		${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}
		${rows.length === 50 && html`<button onClick=${() => setBefore(rows[49].appointment_id)}>${t('more')}</button>`}</div>`}</${Loaded}>`;
}
