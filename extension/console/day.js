/* Today, and appointments. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Icon } from '/icons.js';
import { Bars, Empty, Loaded, Problem, Said, Table, toCall, useAction, usePage, WithReason } from '/parts.js';
import { day, hour, hourName, inside, inWords, leadsWord, named, number, phone, t, time, town, word } from '/texts.js';

/* How an appointment stands, as a colour. */
export const standing = { confirmed: 'good', pending: 'warn', conflict: 'bad' };
/* On the tenant's clock, and on the other's where that shows something else. */
export const local = (a) => html`${time(a.starts_at, true)}${a.local.slice(0, 16) !== String(a.starts_at).replace('T', ' ').slice(0, 16)
	&& html`<br /><span class="dim">${time(a.local, true)} (${town(a.timezone)})</span>`}`;

/* What needs a person, in words, the most of one kind first. */
function Needs({ waiting, all }) {
	const words = Object.entries(waiting).sort(([, a], [, b]) => b - a).map(([kind, n]) => `${number(n)} ${n === 1 ? inside(t(`need_${kind.replaceAll(' ', '_')}`, word(kind))) : t(`needs_${kind.replaceAll(' ', '_')}`, word(kind))}`);
	return html`<section class="asks"><${Icon} name="inbox" /><p class="grow"><b>${number(all)} ${t(all === 1 ? 'thing_needs_you' : 'things_need_you')}</b> <span class="dim">${words.join(', ')}.</span></p>
		<a class="button main" href="#/waiting">${t('review')} ${number(all)}</a></section>`;
}

const Tile = ({ label, value, note, href }) => html`<${href ? 'a' : 'div'} class="tile" href=${href}><span class="dim">${label}</span><b class="figure">${number(value)}</b><small class="dim">${note}</small></${href ? 'a' : 'div'}>`;

/* What a new tenant does first; the next step alone is blue. */
function First({ done, one }) {
	const steps = [['first_assistant', '#/assistants', done.assistants], ['first_leads', '#/leads', done.leads], ['first_test', one ? `#/assistants/${one}` : '#/assistants', done.tests], ['first_campaign', '#/campaigns?new=1', done.campaigns], ['first_start', '#/campaigns', done.calls]];
	const next = steps.findIndex(([, , is]) => !is);
	return html`<section class="first block"><h2>${t('first_steps')}</h2><ol>${steps.map(([key, href, is], i) => html`<li class=${is ? 'did' : null}><span class="dot">${is ? html`<${Icon} name="check" />` : i + 1}</span>
		<span class="grow"><b>${t(key)}</b><br /><span class="dim">${t(`${key}_help`)}</span></span>${!is && html`<a class=${i === next ? 'button main' : 'button'} href=${href}>${t(`${key}_do`)}</a>`}</li>`)}</ol></section>`;
}

const pace = (c) => html`<li><a class="go" href=${`#/campaigns/${c.campaign_id}`}><b class="cut"><${Said}>${c.name}</${Said}></b><span class="dim">${named(c.status)}</span></a>
	<progress max="100" value=${c.percent_done || 0} aria-label=${t('progress')}></progress>
	<small class="dim row wide-row"><span>${number(c.percent_done || 0)} % · ${leadsWord(c.total_leads)}</span><span>${number(c.appointments_agreed)} ${inside(t('appointments'))}</span></small></li>`;

/* A word with a shape and a colour for what came of a call. */
const moods = { scheduled: ['good', 'calendar'], interested: ['good', 'check'], callback: ['warn', 'clock'], do_not_call: ['bad', 'stop'], failed: ['bad', 'alert'] };
export const Outcome = ({ call: c }) => {
	const [mood, icon] = moods[c.outcome] || ['', ''];
	return html`<span class=${`pill ${mood}`}>${icon && html`<${Icon} name=${icon} />`}${named(c.outcome || c.status)}</span>`;
};

export function Today({ me, news }) {
	const { day: now } = news;
	const [campaigns] = usePage('campaign_page', {}, 5000);
	const [calls] = usePage('call_page', { page_size: 8 }, 3000);
	const [things] = usePage(me.writes ? 'assistant_page' : null, {}, 60000);
	const [leads] = usePage('lead_list', { page_size: 1 }, 60000);
	const one = things && things.assistants[0];
	const [first] = usePage(one && me.writes ? 'assistant_detail' : null, { assistant_id: one && one.assistant_id }, 60000);
	const running = (campaigns || []).filter((c) => ['running', 'paused'].includes(c.status)).slice(0, 5);
	const called = campaigns && campaigns.some((c) => c.calls > 0 || c.status !== 'draft');
	const done = campaigns && things && leads && { assistants: things.assistants.length > 0, leads: leads.length > 0,
		tests: called || (first && first.tests.length > 0), campaigns: campaigns.length > 0, calls: called };
	const live = (calls || []).filter((c) => !['completed', 'failed', 'no_answer', 'busy', 'canceled', 'voicemail'].includes(c.status) && c.duration_seconds === null);
	const latest = (calls || []).filter((c) => !live.includes(c)).slice(0, 6);
	return html`<${Loaded} page=${[now, news.error]}>${(d) => {
		const used = d.hours.map((h) => h.hour);
		/* The hours that were used, and working hours round them. */
		const first = Math.min(8, ...used);
		const bars = [...Array(Math.max(18, ...used) - first + 1).keys()].map((i) => ({ name: hourName(first + i), ...d.hours.find((h) => h.hour === first + i) }));
		return html`<p class="dim under"><${Said}>${d.tenant}</${Said}> · ${day(d.now)}, ${hour(d.now)} <span title=${d.timezone}>(${town(d.timezone)})</span></p>
		${news.waiting > 0 && html`<${Needs} waiting=${d.waiting} all=${news.waiting} />`}
		${done && !Object.values(done).every(Boolean) && html`<${First} done=${done} one=${one && one.assistant_id} />`}
		<div class="tiles"><${Tile} label=${t('calls')} value=${d.calls} href="#/calls" />
			<${Tile} label=${t('answered')} value=${d.answered} note=${d.calls > 0 && `${number(Math.round((100 * d.answered) / d.calls))} %`} href="#/calls" />
			<${Tile} label=${t('appointments')} value=${d.appointments} href="#/appointments" />
			<${Tile} label=${t('opted_out')} value=${d.opted_out} href="#/calls?outcome=do_not_call" />
			<${Tile} label=${t('spent')} value=${d.credits} note=${d.appointments > 0 && `${number(d.credits / d.appointments)} ${t('for_each_appointment')}`} href="#/money" /></div>
		${!d.complete && html`<p class="dim">${t('partly')}</p>`}
		<div class="cols"><div>
			<section class="block"><header><h2>${t('hours')}</h2><span class="legend"><i class="some"></i>${t('answered')} <i class="all"></i>${t('not_answered')}</span></header>
				${d.calls > 0 ? html`<${Bars} caption=${t('hours')} bars=${bars} plain />` : html`<p class="dim">${t('no_calls_yet')}</p>`}</section>
			${running.length > 0 && html`<section class="block"><header><h2>${t('running_campaigns')}</h2><a href="#/campaigns">${t('all_campaigns')}</a></header><ol class="paces">${running.map(pace)}</ol></section>`}
			${latest.length > 0 && html`<section class="block"><header><h2>${t('latest_results')}</h2><a href="#/calls">${t('all_calls')}</a></header>
				<ol class="rows">${latest.map((c) => html`<li key=${c.call_id}><a class="go" href=${`#/calls/${c.call_id}`}><span class="dim num at">${hour(c.started_at)}</span><span class="grow"><b class="cut"><${Said}>${c.who || phone(c.phone)}</${Said}></b>
					${c.summary && html`<span class="cut dim"><${Said}>${c.summary}</${Said}></span>`}</span><${Outcome} call=${c} /></a></li>`)}</ol></section>`}</div>
		<aside class="rail" aria-label=${t('live')}><section class="block"><header><h2>${t('live')}</h2><span class=${d.live > 0 ? 'pill good live' : 'pill'}>${number(d.live)} ${d.live === 1 ? inside(t('call')) : t('calls_word')}</span></header>
				${live.length > 0 ? html`<ol class="rows">${live.map((c) => html`<li key=${c.call_id}><a class="go" href=${`#/calls/${c.call_id}`}><span class="dot"><${Icon} name="calls" /></span><b class="cut grow"><${Said}>${c.who || phone(c.phone)}</${Said}></b><span class="dim">${word(c.status)}</span></a></li>`)}</ol>` : html`<p class="dim">${t('nobody_called')}</p>`}</section>
			<section class="block"><header><h2>${t('next')}</h2><a href="#/week">${t('calendar')}</a></header>
				${d.next.length > 0 ? html`<ol class="rows">${d.next.map((a) => html`<li key=${a.appointment_id}><span class="grow"><b class="cut"><${Said}>${a.who}</${Said}></b><span class="dim">${local(a)}</span></span></li>`)}</ol>` : html`<p class="dim">${t('none_agreed')}</p>`}</section></aside></div>`;
	}}</${Loaded}>`;
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

const who = (a) => html`<${Said}>${a.who}</${Said}>`;

export function Appointments({ me }) {
	const [before, setBefore] = useState(null);
	const page = usePage('appointment_page', { before });
	const [error, busy, act] = useAction(page[2]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} quiet caption=${t('appointments')} empty=${html`<${Empty} icon="calendar" text=${t('e_appointments')} />`} rows=${rows} id="appointment_id" columns=${[
			[t('when'), local], [t('who'), who], [t('status'), (a) => html`<span class=${`pill ${standing[a.status] || ''}`}>${named(a.status)}</span>`],
			[t('said'), (a) => html`<${Said}>${inWords(a.said)}</${Said}>`], [t('call'), (a) => toCall(a.call_id)],
			[t('actions'), (a) => html`<${Decide} appointment=${a} me=${me} act=${act} busy=${busy} />`]]} />
		${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}
		${rows.length === 50 && html`<button onClick=${() => setBefore(rows[49].appointment_id)}>${t('more')}</button>`}</div>`}</${Loaded}>`;
}
