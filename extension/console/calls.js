/* The list of calls, and one call as a film: what was said, what was read in it, what it cost, why it was allowed. */
import { html, useState } from '/vendor/preact-htm.js';
import { Choice, Field, Form, Loaded, Said, Table, usePage } from '/parts.js';
import { clock, number, seconds, t, time, word } from '/texts.js';

const outcomes = ['scheduled', 'callback', 'interested', 'not_interested', 'do_not_call', 'wrong_number', 'unfinished', 'completed', 'voicemail', 'no_answer', 'busy', 'failed'];

/* What is searched for: only what was filled in. */
function Search({ find }) {
	const [campaigns] = usePage('campaign_page');
	const any = ['', t('any')];
	const send = (values) => find(Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')));
	return html`<details class="card"><summary>${t('search')}</summary><${Form} send=${send} label=${t('search')}><div class="row">
		<${Field} label=${t('words')} name="words" maxlength="200" />
		<${Choice} label=${t('outcome')} name="outcome" options=${[any, ...outcomes.map((o) => [o, word(o)])]} />
		<${Choice} label=${t('direction')} name="direction" options=${[any, ['inbound', t('inbound')], ['outbound', t('outbound')]]} />
		<${Choice} label=${t('campaign')} name="campaign_id" options=${[any, ...(campaigns || []).map((c) => [c.campaign_id, c.name])]} />
		<${Field} label=${t('from')} name="from_day" type="date" /><${Field} label=${t('until')} name="until_day" type="date" /></div></${Form}></details>`;
}

/* Words that were searched for stand between two stars. */
const excerpt = (text) => text && html`<br /><q><${Said}>${text.split('**').map((part, i) => (i % 2 ? html`<mark>${part}</mark>` : part))}</${Said}></q>`;

export function Calls() {
	const [before, setBefore] = useState(null);
	const [wanted, want] = useState({});
	const page = usePage('call_page', { before, ...wanted });
	const find = (values) => {
		setBefore(null);
		want(values);
		/* The same words again: what has been said since. */
		page[2]();
	};
	return html`<${Search} find=${find} /><${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} caption=${t('calls')} rows=${rows} id="call_id" columns=${[
			['', (c) => html`<a href=${`#/calls/${c.call_id}`}>${c.call_id}</a>`], [t('when'), (c) => time(c.started_at)],
			[t('who'), (c) => html`<${Said}>${c.who || c.phone}</${Said}> ${c.direction === 'inbound' ? '←' : '→'}`], [t('outcome'), (c) => word(c.outcome || c.status)], [t('duration'), (c) => seconds(c.duration_seconds), 'number'], [t('credits'), (c) => number(c.credits), 'number'],
			[t('summary'), (c) => html`<${Said}>${c.summary}</${Said}>${excerpt(c.excerpt)}`]]} />
		${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}
		${rows.length === 50 && html`<button onClick=${() => setBefore(rows[49].call_id)}>${t('more')}</button>`}</div>`}</${Loaded}>`;
}

/* The words of a turn, with those marked that prove something. */
function Words({ text, quotes }) {
	const found = quotes.map((quote) => [text.indexOf(quote), quote]).filter(([at]) => at >= 0).sort(([a], [b]) => a - b);
	const parts = [];
	let done = 0;
	for (const [at, quote] of found) {
		if (at >= done) {
			parts.push(text.slice(done, at), html`<mark>${quote}</mark>`);
			done = at + quote.length;
		}
	}
	return html`<${Said}>${parts} ${text.slice(done)}</${Said}>`;
}

export function Film({ id }) {
	const page = usePage('call_film', { call_id: id });
	return html`<${Loaded} page=${page}>${({ call, lead, turns, fields, reading, events, checks, appointments, ...film }) => {
		const quotes = (turn) => [...fields.filter((f) => f.turn === turn && f.quote).map((f) => f.quote),
			...(reading && reading.outcome_turn === turn && reading.outcome_quote ? [reading.outcome_quote] : [])];
		return html`
		<div class="card">
			<p><strong><${Said}>${lead ? [lead.first_name, lead.last_name].filter(Boolean).join(' ') : ''}</${Said}></strong> ${call.phone}
				${lead && lead.company && html` · <${Said}>${lead.company}</${Said}>`}</p>
			<p>${time(call.started_at)} · ${word(call.status)}${call.outcome && call.outcome !== call.status && html` · <strong>${word(call.outcome)}</strong>`} · ${seconds(call.duration_seconds)}</p>
			<p class="dim"><${Said}>${film.campaign}</${Said}> · <${Said}>${film.assistant}</${Said}></p>
			<p>${t('cost')}: ${number(call.credits)} ${t('credits')}${call.cost !== null && ` · ${number(call.cost)} ${call.cost_currency || ''}`}</p>
			${call.summary && html`<p><${Said}>${call.summary}</${Said}></p>`}
			${film.recorded && html`<p class="dim">${t('recorded')}</p>`}
			${appointments.map((a) => html`<p>${t('appointments')}: ${time(a.starts_at)}, ${word(a.status)}</p>`)}
		</div>
		<section class="card"><h2>${t('talk')}</h2>${turns.length === 0 ? html`<p class="dim">${t('none')}</p>`
			: html`<ol class="talk">${turns.map((u) => html`<li class=${u.speaker}><span class="dim">${t(`speaker_${u.speaker}`)}</span><br /><${Words} text=${u.text || ''} quotes=${quotes(u.turn)} /></li>`)}</ol>`}</section>
		<div class="card"><${Table} caption=${t('found')} rows=${fields} columns=${[[t('name'), (f) => html`<${Said}>${f.name.replaceAll('_', ' ')}</${Said}> <span class="dim">${word(f.label)}</span>`],
			[t('value'), (f) => html`<${Said}>${f.value}</${Said}>`], [t('said'), (f) => f.quote && html`<q><${Said}>${f.quote}</${Said}></q>`]]} /></div>
		<div class="card"><${Table} caption=${t('steps')} rows=${events} columns=${[[t('when'), (e) => clock(e.at)], [t('what'), (e) => word(e.event_type)]]} /></div>
		<div class="card"><${Table} caption=${t('checks')} rows=${checks} columns=${[[t('what'), (x) => word(x.rule)], [t('reason'), (x) => html`<${Said}>${x.detail}</${Said}>`]]} /></div>`;
	}}</${Loaded}>`;
}
