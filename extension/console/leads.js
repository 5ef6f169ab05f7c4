/* Leads: a file taken in; the list, page by page. */
import { html, useState } from '/vendor/preact-htm.js';
import { outcomes } from '/calls.js';
import { Filters } from '/filters.js';
import { Importer, Imports, ofLeads } from '/imports.js';
import { Choice, Loaded, Said, Table, usePage } from '/parts.js';
import { t, time, word } from '/texts.js';

/* Of a lead; an appointment that is pending is another thing. */
const stageWord = (stage) => (stage === 'pending' ? t('new') : word(stage));
const stages = ['pending', 'retry', 'calling', 'contacted', 'failed', 'do_not_call'];

export function Leads({ me }) {
	const [sort, setSort] = useState('id');
	const [after, setAfter] = useState(null);
	const [wanted, want] = useState({});
	const page = usePage('lead_list', { sort, page_size: 50, ...wanted, ...(after ? { after } : {}) });
	const [campaigns] = usePage('campaign_page');
	const fields = [{ name: 'words', label: t('words_of_lead'), maxlength: 100 }, { name: 'stage', label: t('stage'), options: stages.map((s) => [s, stageWord(s)]) },
		{ name: 'outcome', label: t('outcome'), options: outcomes.map((o) => [o, word(o)]) }, { name: 'campaign_id', label: t('campaign'), options: (campaigns || []).map((c) => [c.campaign_id, c.name]) },
		{ name: 'tag', label: t('tag'), maxlength: 100 }, { name: 'country', label: t('country_column'), maxlength: 2 }];
	const again = () => {
		setAfter(null);
		page[2]();
	};
	const find = (values) => {
		setAfter(null);
		want(values);
		page[2]();
	};
	return html`<${Filters} list="leads" find=${find} fields=${fields} wanted=${wanted} />${me.writes && html`<${Importer} title=${t('upload')} way=${ofLeads} after=${again} />`}
		<div class="card"><${Choice} label=${t('sort')} name="sort" value=${sort} onChange=${(event) => {
			setAfter(null);
			setSort(event.target.value);
		}} options=${[['id', t('added')], ['name', t('name')], ['last_call', t('last_call')], ['next_try', t('next_try')]]} />
		<${Loaded} page=${page}>${(rows) => html`<${Table} caption=${t('leads')} rows=${rows} id="lead_id" columns=${[
			[t('name'), (l) => html`<${Said}>${[l.first_name, l.last_name].filter(Boolean).join(' ')}</${Said}> <span class="dim"><${Said}>${l.company}</${Said}></span>`],
			[t('phone'), (l) => l.phone], [t('email'), (l) => html`<${Said}>${l.email}</${Said}>`], [t('stage'), (l) => stageWord(l.stage)],
			[t('campaign'), (l) => html`<${Said}>${l.campaign}</${Said}>`],
			[t('last_call'), (l) => l.last_call_id && html`<a href=${`#/calls/${l.last_call_id}`}>${time(l.last_call_at)}</a>`], [t('outcome'), (l) => word(l.last_outcome)],
			[t('next_try'), (l) => time(l.next_try_at)]]} />
			${after && html`<button onClick=${() => setAfter(null)}>${t('back')}</button>`}
			${rows.length === 50 && html`<button onClick=${() => setAfter(rows[49].cursor)}>${t('more')}</button>`}`}</${Loaded}></div>
		<${Imports} />`;
}
