/* The list of calls, and what is searched for in it. */
import { html, useState } from '/vendor/preact-htm.js';
import { Choice, Field, Form, Loaded, Said, Table, usePage } from '/parts.js';
import { number, seconds, t, time, word } from '/texts.js';

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
