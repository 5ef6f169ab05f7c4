/* The lists of calls and of leads, what is searched for in them, and a file of leads taken in. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Importer, Imports, ofLeads } from '/imports.js';
import { Choice, Dialog, Empty, Field, Form, Loaded, NotFound, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { Outcome } from '/day.js';
import { named, nameOf, number, phone, seconds, stage, t, time } from '/texts.js';

/* ----- filters, which a member may keep ----- */

/*
 * The form of a list's filter: fields are its children, by the names of the function's arguments; find(filter) takes what was
 * filled in.  What is kept is shown in it, so that it can be changed.
 */
function Filters({ list, find, fields, wanted }) {
	const [kept, , again] = usePage('saved_filters', { page: list });
	const [open, setOpen] = useState(false);
	const [error, busy, act] = useAction(again);
	const filled = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
	const take = (filter) => {
		setOpen(true);
		find(filter);
	};
	const keep = ({ name }, form) => act(async () => {
		await rpc('save_filter', { page: list, name, filter: wanted });
		form.reset();
	});
	return html`${kept && kept.length > 0 && html`<div class="row chips" role="group" aria-label=${t('kept_filters')}>${kept.map(({ name, filter }) => html`<span class="row together" key=${name}>
			<button onClick=${() => take(filter)} aria-pressed=${JSON.stringify(filter) === JSON.stringify(wanted)}><bdi>${name}</bdi></button>
			<button disabled=${busy} aria-label=${`${t('remove')}: ${name}`} onClick=${() => act(() => rpc('remove_filter', { page: list, name }))}>×</button></span>`)}</div>`}
		<details class="card" open=${open} onToggle=${(event) => setOpen(event.target.open)}><summary>${t('search')}</summary><${Problem} error=${error} />
			<${Form} key=${JSON.stringify(wanted)} send=${(values) => find(filled(values))} label=${t('search')}><div class="row">${fields.map(({ name, options, ...rest }) => (options
				? html`<${Choice} name=${name} value=${wanted[name] ?? ''} options=${[['', t('any')], ...options]} ...${rest} />`
				: html`<${Field} name=${name} value=${wanted[name] ?? ''} ...${rest} />`))}</div></${Form}>
			${Object.keys(wanted).length > 0 && html`<${Form} send=${keep} busy=${busy} label=${t('keep_filter')}><${Field} label=${t('name')} name="name" required maxlength="60" /></${Form}>`}</details>`;
}

/* ----- calls ----- */

const outcomes = ['scheduled', 'callback', 'interested', 'not_interested', 'do_not_call', 'wrong_number', 'unfinished', 'completed', 'voicemail', 'no_answer', 'busy', 'failed'];

/* Words that were searched for stand between two stars. */
const excerpt = (text) => text && html`<br /><q><${Said}>${text.split('**').map((part, i) => (i % 2 ? html`<mark>${part}</mark>` : part))}</${Said}></q>`;

/* What is searched for stands in the address: [filter, put one there]. */
function useAddress(list, query, names) {
	const wanted = Object.fromEntries(Object.entries(query).filter(([name, value]) => names.includes(name) && value !== ''));
	return [wanted, (values) => {
		const words = new URLSearchParams(values).toString();
		location.hash = `#/${list}${words && `?${words}`}`;
	}];
}

/* There is nothing at all, and nothing was asked for. */
const nothing = (page, wanted, further) => page[0] !== null && page[0].length === 0 && Object.keys(wanted).length === 0 && !further;

export function Calls({ query }) {
	const [before, setBefore] = useState(null);
	const [wanted, want] = useAddress('calls', query, ['words', 'outcome', 'direction', 'campaign_id', 'from_day', 'until_day']);
	const page = usePage('call_page', { before, ...wanted });
	const [campaigns] = usePage('campaign_page');
	const fields = [{ name: 'words', label: t('words'), maxlength: 200 }, { name: 'outcome', label: t('outcome'), options: outcomes.map((o) => [o, named(o)]) },
		{ name: 'direction', label: t('direction'), options: [['inbound', t('inbound')], ['outbound', t('outbound')]] },
		{ name: 'campaign_id', label: t('campaign'), options: (campaigns || []).map((c) => [c.campaign_id, c.name]) },
		{ name: 'from_day', label: t('from'), type: 'date' }, { name: 'until_day', label: t('until'), type: 'date' }];
	const find = (values) => {
		setBefore(null);
		want(values);
		/* The same words again: what has been said since. */
		page[2]();
	};
	const none = nothing(page, wanted, before);
	return html`${!none && html`<${Filters} list="calls" find=${find} fields=${fields} wanted=${wanted} />`}<${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} quiet caption=${t('calls')} empty=${none ? html`<${Empty} icon="calls" text=${t('e_calls')}><a class="button" href="#/campaigns">${t('open_campaigns')}</a></${Empty}>` : html`<${NotFound} again=${() => find({})} />`} rows=${rows} id="call_id" columns=${[
			[t('who'), (c) => html`<a href=${`#/calls/${c.call_id}`}><${Said}>${c.who || phone(c.phone)}</${Said}></a> <span title=${t(c.direction)}>${c.direction === 'inbound' ? '←' : '→'}</span>`], [t('when'), (c) => time(c.started_at), 'nw'], [t('outcome'), (c) => html`<${Outcome} call=${c} />`], [t('campaign'), (c) => html`<${Said}>${c.campaign}</${Said}>`],
			[t('duration'), (c) => seconds(c.duration_seconds), 'number'], [t('credits'), (c) => number(c.credits), 'number'],
			[t('summary'), (c) => html`<${Said}>${c.summary}</${Said}>${excerpt(c.excerpt)}`]]} />
		${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}
		${rows.length === 50 && html`<button onClick=${() => setBefore(rows[49].call_id)}>${t('more')}</button>`}</div>`}</${Loaded}>`;
}

/* ----- leads ----- */

const stages = ['pending', 'retry', 'calling', 'contacted', 'failed', 'do_not_call'];

export function Leads({ me, query }) {
	const [sort, setSort] = useState('id');
	const [after, setAfter] = useState(null);
	const [wanted, want] = useAddress('leads', query, ['words', 'stage', 'outcome', 'campaign_id', 'tag', 'country']);
	const page = usePage('lead_list', { sort, page_size: 50, ...wanted, ...(after ? { after } : {}) });
	const [campaigns] = usePage('campaign_page');
	const fields = [{ name: 'words', label: t('words_of_lead'), maxlength: 100 }, { name: 'stage', label: t('stage'), options: stages.map((s) => [s, stage(s)]) },
		{ name: 'outcome', label: t('outcome'), options: outcomes.map((o) => [o, named(o)]) }, { name: 'campaign_id', label: t('campaign'), options: (campaigns || []).map((c) => [c.campaign_id, c.name]) },
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
	const none = nothing(page, wanted, after);
	const [error, busy, act] = useAction(again);
	const add = (values, form, close) => act(async () => {
		await rpc('add_lead', Object.fromEntries(Object.entries(values).filter(([, value]) => value)));
		form.reset();
		close();
	});
	return html`${!none && html`<${Filters} list="leads" find=${find} fields=${fields} wanted=${wanted} />`}${me.writes && html`<p class="row end"><${Dialog} label=${t('add_lead')} title=${t('add_lead')}>${(close) => html`<${Problem} error=${error} />
			<${Form} send=${(values, form) => add(values, form, close)} busy=${busy} label=${t('save')}><${Field} label=${t('phone')} name="phone" type="tel" required maxlength="30" />
			${['first_name', 'last_name', 'company', 'email'].map((name) => html`<${Field} label=${named(name)} name=${name} maxlength="200" />`)}</${Form}>`}</${Dialog}></p>
		<${Importer} title=${t('upload')} way=${ofLeads} after=${again} />`}
		<div class="card">${!none && html`<${Choice} label=${t('sort')} name="sort" value=${sort} onChange=${(event) => {
			setAfter(null);
			setSort(event.target.value);
		}} options=${[['id', t('added')], ['name', t('name')], ['last_call', t('last_call')], ['next_try', t('next_try')]]} />`}
		<${Loaded} page=${page}>${(rows) => html`<${Table} quiet caption=${t('leads')} empty=${none ? html`<${Empty} icon="leads" text=${t('e_leads')} />` : html`<${NotFound} again=${() => find({})} />`} rows=${rows} id="lead_id" columns=${[
			[t('name'), (l) => html`<a href=${`#/leads/${l.lead_id}`}><${Said}>${nameOf(l) || phone(l.phone)}</${Said}></a> <span class="dim"><${Said}>${l.company}</${Said}></span>`],
			[t('phone'), (l) => phone(l.phone), 'nw'], [t('email'), (l) => html`<${Said}>${l.email}</${Said}>`], [t('stage'), (l) => html`<span class="pill">${stage(l.stage)}</span>`],
			[t('campaign'), (l) => html`<${Said}>${l.campaign}</${Said}>`],
			[t('last_call'), (l) => l.last_call_id && html`<a href=${`#/calls/${l.last_call_id}`}>${time(l.last_call_at)}</a>`, 'nw'], [t('outcome'), (l) => named(l.last_outcome)],
			[t('next_try'), (l) => time(l.next_try_at)]]} />
			${after && html`<button onClick=${() => setAfter(null)}>${t('back')}</button>`}
			${rows.length === 50 && html`<button onClick=${() => setAfter(rows[49].cursor)}>${t('more')}</button>`}`}</${Loaded}></div>
		<${Imports} me=${me} />`;
}
