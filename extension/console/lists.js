/* The lists of calls and of leads, what is searched for in them, and a file of leads taken in; and one lead. */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { local, Outcome } from '/day.js';
import { Sure } from '/forms.js';
import { Icon } from '/icons.js';
import { Importer, Imports, ofLeads } from '/imports.js';
import { Many, saveRows, TICKS, useTicks } from '/many.js';
import { Memory } from '/memory.js';
import { Area, Ask, Choice, countries, Dialog, Empty, Field, Form, Loaded, NotFound, Problem, Said, Table, useAction, usePage, WithReason } from '/parts.js';
import { fill, hour, named, nameOf, number, phone, seconds, stage, t, time, town, word } from '/texts.js';

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

/* ----- many at once ----- */

/* One page after the other, until there is no more, or enough. */
async function everyRow(ask, size) {
	const all = [];
	for (let some = await ask(null); ; some = await ask(all.at(-1))) {
		all.push(...some);
		if (some.length < size || all.length >= TICKS) {
			return all.slice(0, TICKS);
		}
	}
}

/* What is done with the leads of many rows; a call may have none. */
function useLeadDeeds(me, file, columns, some) {
	const [campaigns] = usePage(me.writes && some ? 'campaign_page' : null, {}, 60000);
	const [sequences] = usePage(me.writes && some ? 'sequence_page' : null, {}, 60000);
	const ids = (rows) => [...new Set(rows.map((row) => row.lead_id))];
	const fits = (row) => row.lead_id;
	const among = (rows, id) => ({ options: rows.map((row) => [row[id], row.name]) });
	const open = (campaigns || []).filter((c) => c.status !== 'stopped');
	const published = (sequences || []).filter((s) => s.version);
	const tag = html`<${Field} label=${t('tag')} name="tag" required maxlength="100" />`;
	const save = { label: t('save_rows'), local: (rows) => saveRows(file, columns, rows) };
	if (!me.writes) {
		return [save];
	}
	return [{ label: t('add_tag'), fits, fields: tag, all: (rows, v) => rpc('tag_leads', { lead_ids: ids(rows), tags: [v.tag] }), undo: (row, v) => rpc('untag_leads', { lead_ids: [row.lead_id], tags: [v.tag] }) },
		{ label: t('remove_tag'), fits, fields: tag, all: (rows, v) => rpc('untag_leads', { lead_ids: ids(rows), tags: [v.tag] }), undo: (row, v) => rpc('tag_leads', { lead_ids: [row.lead_id], tags: [v.tag] }) },
		open.length > 0 && { label: t('into_campaign'), fits, fields: html`<${Choice} label=${t('campaign')} name="campaign" ...${among(open, 'campaign_id')} />`, all: (rows, v) => later('add_leads', { campaign_id: Number(v.campaign), lead_ids: ids(rows) }),
			undo: (row, v) => rpc('remove_leads', { campaign_id: Number(v.campaign), lead_ids: [row.lead_id] }) },
		open.length > 0 && { label: t('out_of_campaign'), fits, fields: html`<${Choice} label=${t('campaign')} name="campaign" ...${among(open, 'campaign_id')} />`, all: (rows, v) => later('remove_leads', { campaign_id: Number(v.campaign), lead_ids: ids(rows) }),
			undo: (row, v) => rpc('add_leads', { campaign_id: Number(v.campaign), lead_ids: [row.lead_id] }) },
		published.length > 0 && { label: t('into_sequence'), fits, fields: html`<${Choice} label=${t('sequence')} name="sequence" ...${among(published, 'sequence_id')} />`, all: (rows, v) => rpc('enrol_leads', { sequence_id: Number(v.sequence), lead_ids: ids(rows) }),
			undo: (row, v) => rpc('unenrol_leads', { sequence_id: Number(v.sequence), lead_ids: [row.lead_id] }) },
		{ label: t('never_call'), fits: (row) => row.phone, fields: html`<${Field} label=${t('reason')} name="reason" required maxlength="200" />`, one: (row, v) => rpc('do_not_call', { phone: row.phone, reason: v.reason }) },
		save].filter(Boolean);
}

/* ----- calls ----- */

export const outcomes = ['scheduled', 'callback', 'interested', 'not_interested', 'do_not_call', 'wrong_number', 'unfinished', 'completed', 'voicemail', 'no_answer', 'busy', 'failed'];

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

const callColumns = () => [[t('call'), (c) => c.call_id], [t('who'), (c) => c.who], [t('phone'), (c) => c.phone], [t('direction'), (c) => t(c.direction)], [t('when'), (c) => c.started_at], [t('outcome'), (c) => word(c.outcome)],
	[t('campaign'), (c) => c.campaign], [t('mood'), (c) => c.mood && t(`mood_${c.mood}`, c.mood)], [t('score'), (c) => c.score], [t('duration'), (c) => c.duration_seconds], [t('credits'), (c) => c.credits], [t('summary'), (c) => c.summary]];

export function Calls({ me, query }) {
	const [before, setBefore] = useState(null);
	const [wanted, want] = useAddress('calls', query, ['words', 'outcome', 'direction', 'campaign_id', 'from_day', 'until_day', 'mood', 'max_score', 'min_seconds', 'live']);
	const page = usePage('call_page', { before, ...wanted });
	const [campaigns] = usePage('campaign_page');
	const fields = [{ name: 'words', label: t('words'), maxlength: 200 }, { name: 'outcome', label: t('outcome'), options: outcomes.map((o) => [o, named(o)]) },
		{ name: 'direction', label: t('direction'), options: [['inbound', t('inbound')], ['outbound', t('outbound')]] },
		{ name: 'campaign_id', label: t('campaign'), options: (campaigns || []).map((c) => [c.campaign_id, c.name]) },
		{ name: 'from_day', label: t('from'), type: 'date' }, { name: 'until_day', label: t('until'), type: 'date' },
		{ name: 'mood', label: t('mood'), options: ['positive', 'neutral', 'annoyed', 'angry'].map((m) => [m, named(`mood_${m}`)]) },
		{ name: 'max_score', label: t('max_score'), options: [1, 2, 3, 4].map((n) => [n, fill('csat', n)]) }, { name: 'min_seconds', label: t('min_seconds'), type: 'number', min: 0 },
		{ name: 'live', label: t('live'), options: [['true', t('only_live')]] }];
	const [error, busy, act] = useAction(page[2]);
	const [note, setNote] = useState('');
	const stop = ({ reason }) => act(async () => setNote(fill('all_stopped', number(await later('stop_all', { reason })))));
	const find = (values) => {
		setBefore(null);
		want(values);
		/* The same words again: what has been said since. */
		page[2]();
	};
	const none = nothing(page, wanted, before);
	const ticks = useTicks('call_id', (c) => c.who || phone(c.phone));
	const deeds = useLeadDeeds(me, 'calls', callColumns(), ticks.rows.length > 0);
	const hang = { label: t('hang_up'), fits: (c) => ['initiated', 'ringing', 'in_progress'].includes(c.status), ask: t('hang_up_asks'), one: (c) => rpc('hang_up_call', { call_id: c.call_id }) };
	const every = () => everyRow((last) => rpc('call_page', { ...wanted, page_size: 200, before: last && last.call_id }), 200);
	return html`${!none && html`<${Filters} list="calls" find=${find} fields=${fields} wanted=${wanted} />`}
		${me.writes && !none && html`<p class="row end"><a class="button" href="#/calls?live=true">${t('only_live')}</a><${Dialog} label=${`${t('stop_all')} …`} disabled=${busy} title=${t('stop_all')}>${(close) => html`<p>${t('stop_all_asks')}</p><${Form} label=${t('stop_all')} busy=${busy} send=${(values) => {
			close();
			stop(values);
		}} also=${html`<button type="button" onClick=${close}>${t('keep_running')}</button>`}><${Field} label=${t('reason')} name="reason" required maxlength="500" /></${Form}>`}</${Dialog}></p>`}<${Problem} error=${error} />${note && html`<p class="good" role="status">${note}</p>`}
		<${Many} ticks=${ticks} deeds=${me.writes ? [hang, ...deeds] : deeds} every=${every} after=${page[2]} link=${(c) => `calls/${c.call_id}`} /><${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} quiet caption=${t('calls')} empty=${none ? html`<${Empty} icon="calls" text=${t('e_calls')}><a class="button" href="#/campaigns">${t('open_campaigns')}</a></${Empty}>` : html`<${NotFound} again=${() => find({})} />`} rows=${rows} id="call_id" columns=${[
			ticks.column(rows), [t('who'), (c) => html`<a href=${`#/calls/${c.call_id}`}><${Said}>${c.who || phone(c.phone)}</${Said}></a> <span title=${t(c.direction)}>${c.direction === 'inbound' ? '←' : '→'}</span>`], [t('when'), (c) => time(c.started_at), 'nw bare'], [t('outcome'), (c) => html`<${Outcome} call=${c} />`, 'bare'], [t('campaign'), (c) => html`<${Said}>${c.campaign}</${Said}>`, 'extra'], [t('mood'), (c) => c.mood && html`<span class="nw">${named(`mood_${c.mood}`)} ${c.score && `${c.score}/5`}</span>`, 'extra'],
			[t('duration'), (c) => seconds(c.duration_seconds), 'number extra'], [t('credits'), (c) => number(c.credits), 'number extra'],
			[t('summary'), (c) => html`<${Said}>${c.summary}</${Said}>${excerpt(c.excerpt)}`, wanted.words ? null : 'clip bare']]} />
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
		{ name: 'tag', label: t('tag'), maxlength: 100 }, { name: 'country', label: t('country_column'), options: countries() }];
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
	const ticks = useTicks('lead_id', (l) => nameOf(l) || phone(l.phone));
	const deeds = useLeadDeeds(me, 'leads', [[t('name'), nameOf], ...['company', 'phone', 'email'].map((key) => [t(key), (l) => l[key]]), [t('stage'), (l) => stage(l.stage)], [t('campaign'), (l) => l.campaign],
		[t('last_call'), (l) => l.last_call_at], [t('outcome'), (l) => word(l.last_outcome)], [t('next_try'), (l) => l.next_try_at]], ticks.rows.length > 0);
	const every = () => everyRow((last) => rpc('lead_list', { sort, page_size: 1000, ...wanted, ...(last ? { after: last.cursor } : {}) }), 1000);
	const [error, busy, act] = useAction(again);
	const add = (values, form, close) => act(async () => {
		await rpc('add_lead', Object.fromEntries(Object.entries(values).filter(([, value]) => value))).catch((problem) => {
			const [, lead] = /^It is lead (\d+)\.$/.exec(problem.details) || [];
			throw Object.assign(problem, lead ? { link: `#/leads/${lead}`, details: null } : {});
		});
		form.reset();
		close();
	});
	return html`${!none && html`<${Filters} list="leads" find=${find} fields=${fields} wanted=${wanted} />`}${me.writes && html`<p class="row end"><${Dialog} label=${t('add_lead')} title=${t('add_lead')}>${(close) => html`<${Problem} error=${error} />
			<${Form} send=${(values, form) => add(values, form, close)} busy=${busy} label=${t('save')}><${Field} label=${t('phone')} name="phone" type="tel" required maxlength="30" />
			${['first_name', 'last_name', 'company', 'email'].map((name) => html`<${Field} label=${named(name)} name=${name} maxlength="200" />`)}</${Form}>`}</${Dialog}></p>
		<${Importer} title=${t('upload')} way=${ofLeads} after=${again} />`}
		<${Many} ticks=${ticks} deeds=${deeds} every=${every} after=${page[2]} link=${(l) => `leads/${l.lead_id}`} />
		<div class="card">${!none && html`<${Choice} label=${t('sort')} name="sort" value=${sort} onChange=${(event) => {
			setAfter(null);
			setSort(event.target.value);
		}} options=${[['id', t('added')], ['name', t('name')], ['last_call', t('last_call')], ['next_try', t('next_try')]]} />`}
		<${Loaded} page=${page}>${(rows) => html`<${Table} quiet caption=${t('leads')} empty=${none ? html`<${Empty} icon="leads" text=${t('e_leads')} />` : html`<${NotFound} again=${() => find({})} />`} rows=${rows} id="lead_id" columns=${[
			ticks.column(rows), [t('name'), (l) => html`<a href=${`#/leads/${l.lead_id}`}><${Said}>${nameOf(l) || phone(l.phone)}</${Said}></a> <span class="dim"><${Said}>${l.company}</${Said}></span>`],
			[t('phone'), (l) => phone(l.phone), 'nw bare'], [t('email'), (l) => html`<${Said}>${l.email}</${Said}>`, 'extra'], [t('stage'), (l) => html`<span class="pill">${stage(l.stage)}</span>`, 'bare'],
			[t('campaign'), (l) => html`<${Said}>${l.campaign}</${Said}>`, 'extra'],
			[t('last_call'), (l) => l.last_call_id && html`<a href=${`#/calls/${l.last_call_id}`}>${time(l.last_call_at)}</a>`, 'nw'], [t('outcome'), (l) => named(l.last_outcome)],
			[t('next_try'), (l) => time(l.next_try_at)]]} />
			${after && html`<button onClick=${() => setAfter(null)}>${t('back')}</button>`}
			${rows.length === 50 && html`<button onClick=${() => setAfter(rows[49].cursor)}>${t('more')}</button>`}`}</${Loaded}></div>
		<${Imports} me=${me} />`;
}

/* ----- one lead: who it is, whether it may be called now, and what happened with that person ----- */

const icons = { call: 'calls', text: 'bubble', appointment: 'calendar', task: 'clock', consent: 'check', held: 'alert', do_not_call: 'stop', campaign: 'campaigns', added: 'leads' };

/* What it was, in words. */
function Thing({ x }) {
	switch (x.kind) {
		case 'call':
			return html`<a href=${`#/calls/${x.call_id}`}><b>${t('call')}, ${t(x.direction)}</b></a> ${seconds(x.seconds)} <${Outcome} call=${x} />${x.summary && html`<br /><span class="dim"><${Said}>${x.summary}</${Said}></span>`}`;
		case 'text':
			return html`<b>${t('sms')}, ${t(x.direction)}</b> ${x.direction === 'outbound' && word(`sms_${x.status}`)}${x.reason && html` <span class="dim"><${Said}>${x.reason}</${Said}></span>`}<q><${Said}>${x.body}</${Said}></q>`;
		case 'appointment':
			return html`<b>${local(x)}</b> ${word(x.status)}`;
		case 'task':
			return html`<b>${x.task === 'other' && x.finished_at ? t('note') : word(x.task)}</b> ${x.finished_at ? html`<span class="dim"><${Said}>${x.task === 'other' ? String(x.by || '').replace(/^member \d+ ?/, '') : t('done')}</${Said}></span>` : ''}${x.note && html`<br /><span class="dim"><${Said}>${x.note}</${Said}></span>`}`;
		case 'consent':
			return html`<b>${t(x.revoked_at ? 'consent_revoked' : `consent_${x.to}`)}</b><br /><span class="dim"><${Said}>${x.source}</${Said}></span>`;
		case 'held':
		case 'do_not_call':
			return html`<b>${t(x.kind === 'held' ? 'need_hold' : 'b_stop')}</b><br /><span class="dim"><${Said}>${x.quote || x.reason}</${Said}></span>`;
		case 'campaign':
			return html`<b>${t('campaign')}: <${Said}>${x.name}</${Said}></b>`;
		default:
			return html`<b>${t('lead_added')}</b>`;
	}
}

/* What the law and the lists say of a call now. */
function MayCall({ lead, may }) {
	const [hours, error] = usePage('callable_hours', { phone: lead.phone }, 60000);
	const now = may && hours && hours.callable;
	const when = !may ? t('b_stop') : hours && (now ? (hours.closes_at ? `${t('until')} ${hour(hours.closes_at)}` : '') : hours.opens_at ? `${t('from')} ${time(hours.opens_at, true)}` : t('b_hours'));
	return html`<section class="block"><h2>${t('may_call_now')}</h2><${Problem} error=${error} />${(hours || !may) && html`<p><span class=${`pill ${now ? 'good' : may ? 'warn' : 'bad'}`}><${Icon} name=${now ? 'check' : may ? 'clock' : 'stop'} />${t(now ? 'yes' : 'no')}</span> ${when}</p>`}
		${lead.timezones.length > 0 && html`<p class="dim">${lead.timezones.map(town).join(', ')}</p>`}<p class="dim">${t('may_call_by')}</p></section>`;
}

/* To what the person has agreed, and where; a call by a machine may need it. */
function Consents({ id, all, me, act, busy }) {
	const give = (values, form) => act(async () => {
		await rpc('record_consent', { lead_id: id, kind: values.kind, source: values.source, wording: values.wording || null });
		form.reset();
	});
	const kinds = [...new Set(all.map((c) => c.to))];
	return html`<section class="block"><h2>${t('consents')}</h2>${all.length === 0 ? html`<p class="dim">${t('none')}</p>`
		: html`<ol class="rows">${all.map((c) => html`<li key=${c.consent_id}><span class="grow"><b>${t(`consent_${c.to}`)}</b>
			<span class="dim">${time(c.granted_at)} · <${Said}>${c.source}</${Said}></span>${c.wording && html`<q><${Said}>${c.wording}</${Said}></q>`}</span></li>`)}</ol>`}
		${me.writes && html`<div class="row">${kinds.map((kind) => html`<${Sure} key=${kind} label=${`${t('revoke')}: ${t(`consent_${kind}`)}`} busy=${busy}
			act=${() => act(() => rpc('revoke_consent', { lead_id: id, kind }))} />`)}</div>
		<details><summary>${t('new_consent')}</summary><${Form} send=${give} busy=${busy} label=${t('save')}>
			<${Choice} label=${t('what')} name="kind" options=${['call', 'recording', 'text', 'appointment'].map((k) => [k, t(`consent_${k}`)])} />
			<${Field} label=${t('where_given')} name="source" required maxlength="500" /><${Field} label=${t('which_words')} name="wording" maxlength="2000" /></${Form}></details>`}</section>`;
}

/* What was changed, and nothing else: somebody may have changed the rest meanwhile.  What its file said has a + before its name. */
function changesOf(values, lead) {
	const changed = Object.entries(values).filter(([key, v]) => v !== String((key.startsWith('+ ') ? lead.context[key.slice(2)] : lead[key]) ?? ''));
	const of = (file) => Object.fromEntries(changed.filter(([key]) => key.startsWith('+ ') === file).map(([key, v]) => [file ? key.slice(2) : key, v || null]));
	const context = of(true);
	return { ...of(false), ...(Object.keys(context).length > 0 ? { context } : {}) };
}

export function Lead({ id, me, title, query }) {
	const page = usePage('lead_page', { lead_id: id });
	const [form] = usePage(me.writes ? 'campaign_form' : null, {}, 60000);
	const [runs] = usePage(me.writes ? 'campaign_page' : null, {}, 60000);
	const [older, setOlder] = useState([]); /* page by page */
	/* What somebody else changes meanwhile is shown, and takes nothing away that was typed. */
	const [saves, setSaves] = useState(0);
	const [error, busy, act] = useAction(page[2]);
	const lead = page[0] && page[0].lead;
	const name = lead && (nameOf(lead) || phone(lead.phone));
	useEffect(() => name && title(name), [name]);
	/* One that answers calls knows nothing to call for. */
	const callers = form ? form.assistants.filter(([, , answers]) => !answers) : [];
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ campaigns, timeline, consents, numbers, may_call: may, may_text: texts }) => {
		const others = (runs || []).filter((c) => !campaigns.some((x) => x.campaign_id === c.campaign_id));
		const all = [...timeline, ...older.flat()];
		const more = () => act(async () => setOlder([...older, await rpc('lead_timeline', { lead_id: id, before: all[all.length - 1].at })]));
		/* A note is a task that is done, or one of the day on which somebody is reminded. */
		const note = (values, form) => act(async () => {
			const task = await rpc('create_task', { kind: 'other', note: values.note, lead_id: id, due_at: values.remind ? new Date(`${values.remind}T09:00`).toISOString() : null });
			values.remind || await rpc('finish_task', { task_id: task });
			form.reset();
		});
		const change = (values) => act(async () => {
			const { tags, ...rest } = values;
			const now = [...new Set(tags.split(/[,;|]/).map((w) => w.trim()).filter(Boolean))];
			const [more, less] = [now.filter((w) => !lead.tags.includes(w)), lead.tags.filter((w) => !now.includes(w))];
			await rpc('update_lead', { lead_id: id, changes: changesOf(rest, lead) });
			more.length > 0 && await rpc('tag_leads', { lead_ids: [id], tags: more });
			less.length > 0 && await rpc('untag_leads', { lead_ids: [id], tags: less });
			await page[2]();
			setSaves(saves + 1);
		});
		const facts = [[t('phone'), phone(lead.phone)], ...numbers.map((n) => [`${t('phone')} ${n.number}`, phone(n.phone)]), [t('email'), lead.email], [t('company'), lead.company], [t('tag'), lead.tags.join(', ')], [t('stage'), stage(lead.status)],
			...Object.entries(lead.context).map(([key, value]) => [key.replaceAll('_', ' '), typeof value === 'object' ? '' : String(value)])].filter(([, value]) => value);
		return html`<div class="cols"><div><section class="block"><h2>${t('what_happened')}</h2><ol class="rows line">${all.map((x, i) => html`<li key=${`${x.kind}${x.at}${i}`}><span class="dot"><${Icon} name=${icons[x.kind] || 'info'} /></span>
				<span class="grow"><${Thing} x=${x} /></span><span class="dim nw">${time(x.at)}</span></li>`)}</ol>
				${(older.at(-1) || timeline).length >= 50 && html`<button disabled=${busy} onClick=${more}>${t('more')}</button>`}</section></div>
			<aside class="rail" aria-label=${t('about_it')}><${MayCall} lead=${lead} may=${may} />
				<section class="block"><h2>${t('about_it')}</h2><dl class="facts">${facts.map(([key, value]) => html`<dt><${Said}>${key}</${Said}></dt><dd><${Said}>${value}</${Said}></dd>`)}</dl></section>
				<${Memory} id=${id} me=${me} />
				${campaigns.length > 0 && html`<section class="block"><h2>${t('campaigns')}</h2><ol class="rows">${campaigns.map((c) => html`<li key=${c.campaign_id}><span class="grow"><a href=${`#/campaigns/${c.campaign_id}`}><b><${Said}>${c.name}</${Said}></b></a>${c.not_before && html`<span class="dim">${t('next_try')}: ${time(c.not_before)}</span>`}</span><span class="pill">${stage(c.status)}</span></li>`)}</ol></section>`}
				<${Consents} id=${id} all=${consents} me=${me} act=${act} busy=${busy} />
				${me.writes && others.length > 0 && html`<details class="card"><summary>${t('into_campaign')}</summary><${Form} busy=${busy} label=${t('add')}
					send=${(values) => act(() => later('add_leads', { campaign_id: Number(values.campaign), lead_ids: [id] }))}>
					<${Choice} label=${t('campaign')} name="campaign" options=${others.map((c) => [c.campaign_id, c.name])} /></${Form}></details>`}
				${me.writes && html`<details class="card" open=${Boolean(query.lacks)}><summary>${t('change')}</summary><${Form} key=${saves} busy=${busy} label=${t('save')} latest=${async () => {
						const { lead: l } = await rpc('lead_page', { lead_id: id });
						return { ...l, tags: l.tags.join(', '), ...Object.fromEntries(Object.entries(l.context).map(([key, v]) => [`+ ${key}`, v])) };
					}}
					send=${change}>
					${['first_name', 'last_name', 'company', 'email'].map((key) => html`<${Field} label=${named(key)} name=${key} value=${lead[key]} maxlength="200" />`)}
					<${Field} label=${t('tags')} name="tags" value=${lead.tags.join(', ')} maxlength="2000" help=${t('tags_help')} />
					<${Choice} label=${named('priority')} name="priority" value=${lead.priority} options=${[...'0123456789'].map((n) => [n, n])} />
					${[...new Set([...Object.keys(lead.context).filter((key) => typeof lead.context[key] !== 'object'), ...query.lacks ? query.lacks.split(',').filter((key) => !['first_name', 'last_name', 'company', 'email'].includes(key)) : []])].map((key) => html`<${Field} label=${key.replaceAll('_', ' ')} name=${`+ ${key}`} value=${lead.context[key] ?? ''} maxlength="500" />`)}</${Form}></details>
				<details class="card"><summary>${t('new_phone')}</summary>${numbers.map((n) => html`<p class="row">${phone(n.phone)} <${Sure} key=${n.number} label=${t('remove')} busy=${busy} act=${() => act(() => rpc('remove_lead_number', { lead_id: id, number: n.number }))} /></p>`)}
					<${Form} busy=${busy} label=${t('add')} send=${(values, form) => act(async () => {
						await rpc('add_lead_number', { lead_id: id, phone: values.phone });
						form.reset();
					})}><${Field} label=${t('phone')} name="phone" type="tel" required maxlength="40" help=${t('new_phone_help')} /></${Form}></details>`}
				${me.works && html`<details class="card"><summary>${t('note')}</summary><${Form} busy=${busy} label=${t('save')} send=${note}><${Area} label=${t('note')} name="note" rows="3" required maxlength="4000" />
					<${Field} label=${t('remind_on')} name="remind" type="date" help=${t('remind_help')} /></${Form}></details>`}
				${me.writes && may && texts && html`<section class="block"><${Form} busy=${busy} label=${t('send')} send=${(values, form) => act(async () => {
					await rpc('send_text', { lead_id: id, body: values.body });
					form.reset();
				})}><${Area} label=${t('sms')} name="body" rows="3" required maxlength="1600" /></${Form}></section>`}
				${me.writes && may && callers.length > 0 && html`<section class="block"><${Form} busy=${busy} label=${t('call_now')}
					send=${(values) => act(() => rpc('call_now', { lead_id: id, assistant_id: Number(values.assistant) }))}>
					<${Choice} label=${t('assistant')} name="assistant" options=${callers} /></${Form}></section>`}
				${me.owns && html`<section class="block"><${Ask} label=${t('forget')} disabled=${busy} title=${name} yes=${t('forget_yes')} no=${t('forget_no')} act=${() => act(async () => {
					await rpc('erase_lead', { lead_id: id });
					location.hash = '#/leads';
				})}><p>${t('forget_help')}</p></${Ask}></section>`}
				${me.writes && html`<p><a href=${`#/cases?phone=${encodeURIComponent(lead.phone)}`}>${t('case_file')}</a></p>`}
				${me.writes && may && html`<section class="block"><${WithReason} label=${t('never_call')} busy=${busy} act=${(reason) => act(() => rpc('do_not_call', { phone: lead.phone, reason }))} /></section>`}</aside></div>`;
	}}</${Loaded}>`;
}
