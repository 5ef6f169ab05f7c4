/* The list of calls, and what is searched for in it. */
import { html, useState } from '/vendor/preact-htm.js';
import { Filters } from '/filters.js';
import { Loaded, Said, Table, usePage } from '/parts.js';
import { number, seconds, t, time, word } from '/texts.js';

export const outcomes = ['scheduled', 'callback', 'interested', 'not_interested', 'do_not_call', 'wrong_number', 'unfinished', 'completed', 'voicemail', 'no_answer', 'busy', 'failed'];

/* Words that were searched for stand between two stars. */
const excerpt = (text) => text && html`<br /><q><${Said}>${text.split('**').map((part, i) => (i % 2 ? html`<mark>${part}</mark>` : part))}</${Said}></q>`;

export function Calls() {
	const [before, setBefore] = useState(null);
	const [wanted, want] = useState({});
	const page = usePage('call_page', { before, ...wanted });
	const [campaigns] = usePage('campaign_page');
	const fields = [{ name: 'words', label: t('words'), maxlength: 200 }, { name: 'outcome', label: t('outcome'), options: outcomes.map((o) => [o, word(o)]) },
		{ name: 'direction', label: t('direction'), options: [['inbound', t('inbound')], ['outbound', t('outbound')]] },
		{ name: 'campaign_id', label: t('campaign'), options: (campaigns || []).map((c) => [c.campaign_id, c.name]) },
		{ name: 'from_day', label: t('from'), type: 'date' }, { name: 'until_day', label: t('until'), type: 'date' }];
	const find = (values) => {
		setBefore(null);
		want(values);
		/* The same words again: what has been said since. */
		page[2]();
	};
	return html`<${Filters} list="calls" find=${find} fields=${fields} wanted=${wanted} /><${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} caption=${t('calls')} rows=${rows} id="call_id" columns=${[
			['', (c) => html`<a href=${`#/calls/${c.call_id}`}>${c.call_id}</a>`], [t('when'), (c) => time(c.started_at)],
			[t('who'), (c) => html`<${Said}>${c.who || c.phone}</${Said}> ${c.direction === 'inbound' ? '←' : '→'}`], [t('outcome'), (c) => word(c.outcome || c.status)], [t('duration'), (c) => seconds(c.duration_seconds), 'number'], [t('credits'), (c) => number(c.credits), 'number'],
			[t('summary'), (c) => html`<${Said}>${c.summary}</${Said}>${excerpt(c.excerpt)}`]]} />
		${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}
		${rows.length === 50 && html`<button onClick=${() => setBefore(rows[49].call_id)}>${t('more')}</button>`}</div>`}</${Loaded}>`;
}
