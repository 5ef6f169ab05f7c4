/* Sequences: what follows what for a lead.  A published version is drawn with where leads stand in it; its draft is changed beside it. */
import { html, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { Entry, Sure } from '/forms.js';
import { NEVER_MS } from '/campaign.js';
import { Icon } from '/icons.js';
import { outcomes } from '/lists.js';
import { Ask, Choice, Dialog, Empty, Field, Form, Loaded, Problem, said, Table, useAction, usePage } from '/parts.js';
import { fill, language, nameOf, named, number, phone, t, time, word } from '/texts.js';

/* ----- what a step is, in words ----- */

const deeds = { call: 'calls', text: 'bubble', wait: 'clock', condition: 'branch', task: 'check', move: 'campaigns', webhook: 'plug' };
const heard = ['replied', 'called', 'booked'];
const units = { minute: 60, hour: 3600, day: 86400 };

/* A length of time as the database has it, "2 days" or "48:00:00": [number, unit], or none that we would write. */
function lengthOf(text) {
	const [, n, unit] = /^(\d+) (minute|hour|day)s?$/.exec(text || '') || [];
	const [, h, m, s] = /^(\d+):(\d\d):(\d\d)$/.exec(text || '') || [];
	const all = h === undefined ? n * units[unit] : h * 3600 + m * 60 + Number(s);
	const best = all > 0 && all % 86400 === 0 ? 'day' : all % 3600 === 0 ? 'hour' : 'minute';
	return Number.isNaN(all) ? [null, 'hour'] : [Math.round(all / units[best]), best];
}
const lasts = (text) => {
	const [n, unit] = lengthOf(text);
	return n === null ? text : new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: 'long' }).format(n);
};
const anyOf = (words) => new Intl.ListFormat(language(), { type: 'disjunction' }).format(words);
const nameAt = (steps, i) => steps[i].name || `step_${i + 1}`;
/* Where a step leads, by its place from 1; 0: the end.  A draft says it by name, a version by place. */
function leadsTo(steps, i, key) {
	const to = steps[i][key];
	return typeof to === 'number' ? to : to === 'end' ? 0 : to ? steps.findIndex((_, n) => nameAt(steps, n) === to) + 1 : (i + 2) % (steps.length + 1);
}
const placeName = (n) => (n > 0 ? fill('q_step', n) : t('q_end'));

function asks({ outcome, tag, field, is, ...other } = {}) {
	return outcome ? fill('q_if_outcome', anyOf(outcome.map(word))) : tag ? fill('q_if_tag', tag) : field ? fill('q_if_field', field, is) : t(other.booked ? 'q_if_booked' : 'q_if_replied');
}

/* Its title, and what else is to be said of it. */
function described(s, campaigns) {
	const campaign = (id) => (campaigns.find(([key]) => String(key) === String(id)) || [])[1] || '?';
	switch (s.do) {
		case 'call':
		case 'move':
			return [t(`q_${s.do}`), campaign(s.campaign_id), s.do === 'call' && fill('q_within', lasts(s.within || '7 days'))];
		case 'wait':
			return [(s.for || []).length > 0 ? fill('q_wait_for', anyOf(s.for.map((h) => t(`q_h_${h}`)))) : t('q_wait'), null, fill(s.for?.length > 0 ? 'q_within' : 'q_for', lasts(s.within))];
		case 'condition':
			return [asks(s.if), null, null];
		default:
			return [t(`q_${s.do}`), null, null, s.text || s.note];
	}
}

/* Ways that are not to the next step, as arcs beside the list. */
function Arcs({ list, ways }) {
	const [paths, setPaths] = useState([]);
	useEffect(() => {
		const draw = () => {
			const at = [...list.current.children].map((li) => li.offsetTop + 23);
			setPaths(ways.map(([from, to, kind]) => [`M44 ${at[from] + 6}C${36 - 8 * Math.min(4, to - from)} ${at[from] + 30} ${36 - 8 * Math.min(4, to - from)} ${at[to] - 30} 42 ${at[to] - 4}`, kind]));
		};
		draw();
		addEventListener('resize', draw);
		return () => removeEventListener('resize', draw);
	}, [JSON.stringify(ways)]);
	return html`<svg class="arcs" aria-hidden="true">${paths.map(([d, kind]) => html`<path class=${kind} d=${d} />`)}</svg>`;
}

/* numbers: what came of each step; told: what the preview says of it. */
function Drawn({ steps, campaigns, numbers = [], told }) {
	const list = useRef(null);
	const ways = steps.flatMap((s, i) => ['then', ...('else' in s || ['wait', 'condition'].includes(s.do) ? ['else'] : [])].map((key) => [i, leadsTo(steps, i, key), key])
		.map(([from, to, key]) => [from, to > 0 ? to - 1 : steps.length, key]).filter(([from, to]) => to !== from + 1));
	const of = (n) => numbers.find((x) => x.step === n) || {};
	return html`<div class=${`flow ${ways.length > 0 ? 'ways' : ''}`}><${Arcs} list=${list} ways=${ways} /><ol class="rows line" ref=${list}>${steps.map((s, i) => {
		const [title, where, more, words] = described(s, campaigns);
		const stands = (campaigns.find(([key]) => key === s.campaign_id) || [])[2];
		const n = of(i + 1);
		const seen = told && told.find((x) => x.step === i + 1);
		const two = ['wait', 'condition'].includes(s.do) && !(s.do === 'wait' && !(s.for || []).length);
		const to = (key) => placeName(leadsTo(steps, i, key));
		return html`<li key=${i} class=${told && !seen ? 'off' : null}><span class=${`dot ${n.waiting > 0 ? 'k1' : ''}`}><${Icon} name=${deeds[s.do] || 'info'} /></span>
			<span class="grow"><b>${i + 1}. ${said(title)}</b>${where && html` ${said(where)}`} ${['draft', 'paused', 'stopped'].includes(stands) && html`<span class="pill warn">${named(stands)}</span>`} <span class="dim">${[s.after && lengthOf(s.after)[0] !== 0 && fill('q_after', lasts(s.after)), more].filter(Boolean).join(' · ')}</span>
				${words && html` <q>${said(words)}</q>`}
				${two ? html`<br /><span class="pill good">${t(s.do === 'wait' ? 'q_heard' : 'yes')}: ${to('then')}</span> <span class="pill">${t(s.do === 'wait' ? 'q_over' : 'no')}: ${to('else')}</span>`
		: leadsTo(steps, i, 'then') !== (i + 2) % (steps.length + 1) && html`<br /><span class="pill">${fill('q_then', to('then'))}</span>`}
				${seen && html`<br /><span class=${seen.reason ? 'bad' : 'good'}>${time(seen.at, true)} ${said(seen.reason || seen.says)}</span>`}
				<${Ends} of=${n.stopped} /></span>
			${n.step && html`<span class="here">${n.waiting > 0 && html`<b>${fill('q_here', number(n.waiting))}</b>`}${n.taken > 0 && html`<span class="dim">${fill('q_taken', number(n.taken))}${n.refused > 0 && `, ${fill('q_refused', number(n.refused))}`}</span>`}</span>`}</li>`;
	})}<li><span class="dot"><${Icon} name="stop" /></span><span class="grow"><b>${t('q_end')}</b></span></li></ol></div>`;
}

/* How enrolments ended at a step: done, or why they stopped. */
const Ends = ({ of }) => of && html`<details><summary>${fill('q_ended', number(Object.values(of).reduce((all, n) => all + n, 0)))}</summary><ul>${Object.entries(of).map(([why, n]) => html`<li key=${why}>${number(n)}: ${why === 'done' ? t('q_done') : html`<span lang="en">${said(why)}</span>`}</li>`)}</ul></details>`;

/* ----- the draft ----- */

function Span({ label, value, set }) {
	const [n, unit] = lengthOf(value);
	const put = (count, of) => set(count === '' ? null : `${count} ${of}`);
	return html`<label class="span"><span>${t(label)}</span><span class="row together"><input class="short" type="number" min="0" value=${n ?? ''} placeholder=${n === null ? value : null} onInput=${(e) => put(e.target.value, unit)} />
		<select aria-label=${t('q_unit')} onChange=${(e) => put(n ?? 1, e.target.value)}>${Object.keys(units).map((u) => html`<option value=${u} selected=${u === unit}>${t(`q_${u}`)}</option>`)}</select></span></label>`;
}

const Ticks = ({ label, of, value = [], set }) => html`<fieldset><legend>${t(label)}</legend><div class="ticks">${of.map(([key, name]) => html`<label class="check"><input type="checkbox" checked=${value.includes(key)}
	onChange=${() => set(of.map(([k]) => k).filter((k) => (k === key) !== value.includes(k)))} /><span>${name}</span></label>`)}</div></fieldset>`;
const events = () => heard.map((h) => [h, t(`q_h_${h}`)]);

/* What a condition asks, and what it asks it of. */
function If({ value, set }) {
	const kind = Object.keys(value || { replied: true })[0];
	const begun = { outcome: { outcome: [] }, replied: { replied: true }, booked: { booked: true }, tag: { tag: '' }, field: { field: '', is: '' } };
	const line = (key, label) => html`<${Entry} field=${{ label: t(label), kind: 'text', max: 200, needed: true }} value=${value[key]} set=${(x) => set({ ...value, [key]: x ?? '' })} />`;
	return html`<${Choice} label=${t('q_asks')} value=${kind} onChange=${(e) => set(begun[e.target.value])} options=${Object.keys(begun).map((k) => [k, t(`q_k_${k}`)])} />
		${kind === 'outcome' ? html`<${Ticks} label="outcome" of=${outcomes.map((o) => [o, named(o)])} value=${value.outcome} set=${(x) => set({ outcome: x })} />`
		: kind === 'tag' ? line('tag', 'tag') : kind === 'field' && html`${line('field', 'q_field')}${line('is', 'q_is')}`}`;
}

function StepCard({ steps, i, campaigns, put, away, move }) {
	const s = steps[i];
	const set = (key) => (value) => put({ ...s, [key]: value });
	const choose = (key, label, options) => html`<${Choice} label=${t(label)} value=${s[key] || ''} onChange=${(e) => put({ ...s, [key]: /^\d+$/.test(e.target.value) ? Number(e.target.value) : e.target.value })} options=${options} />`;
	const among = [['', ''], ...campaigns];
	const ways = [['', t('q_next')], ...steps.slice(i + 1).map((x, n) => [x.name, fill('q_step', i + n + 2)]), ['end', t('q_end')]];
	const two = ['condition', 'wait'].includes(s.do);
	const long = (key, label, max) => html`<${Entry} field=${{ label: t(label), kind: 'long_text', max }} value=${s[key]} set=${set(key)} />`;
	return html`<fieldset class="card"><legend>${i + 1}. ${t(`q_${s.do}`)}</legend><div class="row">
		<${Choice} label=${t('what')} value=${s.do} onChange=${(e) => put({ do: e.target.value, name: s.name, ...(e.target.value === 'wait' ? { for: ['replied'], within: '1 day' } : e.target.value === 'condition' ? { if: { replied: true } } : {}) })} options=${Object.keys(deeds).map((d) => [d, t(`q_${d}`)])} />
		${['call', 'move'].includes(s.do) && choose('campaign_id', 'campaign', among)}${s.do === 'move' && choose('from', 'q_from', among)}
		${s.do !== 'wait' && html`<${Span} label="q_when" value=${s.after || '0 hours'} set=${set('after')} />`}${['call', 'wait', 'task'].includes(s.do) && html`<${Span} label="q_most" value=${s.within || (s.do === 'call' ? '7 days' : '')} set=${set('within')} />`}</div>
		${s.do === 'text' && long('text', 'sms', 1000)}${s.do === 'task' && long('note', 'q_note', 1000)}
		${s.do === 'condition' && html`<${If} value=${s.if} set=${set('if')} />`}${s.do === 'wait' && html`<${Ticks} label="q_until" of=${events()} value=${s.for} set=${set('for')} />`}
		<div class="row">${choose('then', two ? (s.do === 'wait' ? 'q_heard' : 'yes') : 'q_after_it', ways)}${two && choose('else', s.do === 'wait' ? 'q_over' : 'no', ways)}
			${!two && choose('refused', 'q_if_refused', [['', t('q_r_stop')], ['next', t('q_r_next')]])}</div>
		<div class="row"><button type="button" disabled=${i === 0} onClick=${() => move(-1)}>${t('q_up')}</button><button type="button" disabled=${i === steps.length - 1} onClick=${() => move(1)}>${t('q_down')}</button>
			<button type="button" onClick=${away}>${t('remove')}</button></div></fieldset>`;
}

/* Steps are known by names that stay when others come before them. */
const withNames = (steps) => steps.map((s, i) => ({ ...s, name: nameAt(steps, i) }));
const filled = (s) => Object.fromEntries(Object.entries(s).filter(([, value]) => value !== null && value !== ''));

function Draft({ name = '', draft, campaigns, save, cancel }) {
	const [steps, setSteps] = useState(() => withNames(draft.steps));
	const [stops, setStops] = useState(draft.stop_on);
	const [error, busy, act] = useAction();
	const put = (i) => (s) => setSteps(steps.map((old, n) => (n === i ? s : old)));
	const move = (i) => (by) => setSteps(steps.map((s, n) => (n === i ? steps[i + by] : n === i + by ? steps[i] : s)));
	const add = () => setSteps([...steps, { do: 'text', name: `step_${Math.max(0, ...steps.map((s) => Number(s.name.replace(/\D/g, '')))) + 1}` }]);
	return html`<${Form} className="long" busy=${busy} label=${t('q_save')} send=${(values) => act(() => save({ name: values.name, steps: steps.map(filled), stop_on: stops }))} also=${html`<button type="button" onClick=${cancel}>${t('cancel')}</button>`}>
		<${Field} label=${t('name')} name="name" value=${name} required maxlength="200" />
		${steps.map((s, i) => html`<${StepCard} key=${s.name} steps=${steps} i=${i} campaigns=${campaigns} put=${put(i)} away=${() => setSteps(steps.filter((_, n) => n !== i))} move=${move(i)} />`)}
		${steps.length < 50 && html`<p><button type="button" onClick=${add}>${t('q_add')}</button></p>`}
		<${Ticks} label="q_stops" of=${events()} value=${stops} set=${setStops} /><p class="dim">${t('q_stops_help')}</p><${Problem} error=${error} /></${Form}>`;
}

/* ----- one sequence ----- */

/* What it would do with a lead, in a clock that runs ahead. */
function Trial({ id, show, told }) {
	const [error, busy, act] = useAction();
	const [who, setWho] = useState(null);
	const [hears, setHears] = useState([]);
	const send = ({ words }) => act(async () => {
		const [lead] = await rpc('lead_list', { words, page_size: 1 });
		setWho(lead ? nameOf(lead) || phone(lead.phone) : '');
		/* What the text or the note will say, and how a condition is met. */
		show(lead ? (await rpc('preview_sequence', { sequence_id: id, lead_id: lead.lead_id, heard: hears })).map((x) => ({ ...x, says: { 'condition: yes': t('yes'), 'condition: no': t('no') }[x.what] || (/^(text|task): ([^]*)/.exec(x.what) || [])[2] || '' })) : null);
	});
	return html`<section class="block"><h2>${t('q_try')}</h2><p class="dim">${t('q_try_help')}</p><${Form} busy=${busy} label=${t('q_foresee')} send=${send}>
		<${Field} label=${t('words_of_lead')} name="words" required maxlength="100" /><${Ticks} label="q_suppose" of=${events()} value=${hears} set=${setHears} /></${Form}><${Problem} error=${error} />
		${(told || who === '') && html`<p role="status">${who ? html`${t('q_seen')} <b>${said(who)}</b>` : t('no_match')}</p>`}${told && html`<button onClick=${() => show(null)}>${t('q_back')}</button>`}</section>`;
}

function Enrol({ id, campaigns, after }) {
	const [error, busy, act] = useAction(after);
	const [note, setNote] = useState(null);
	const [form] = usePage('campaign_form', {}, 60000);
	const send = (values, close) => act(async () => {
		const [kind, key] = values.whom.split(' ');
		setNote(await later('enrol_listed_leads', { sequence_id: id, tag: values.tag || null, outcome: values.outcome || null, [kind === 'batch' ? 'batch_id' : 'campaign_id']: key ? Number(key) : null }));
		close();
	});
	return html`<${Problem} error=${error} />${note && html`<p class="note" role="status">${fill('q_enrolled', number(note.enrolled))} ${note.more && t('q_more')}</p>`}
		<${Dialog} label=${t('q_enrol')} title=${t('q_enrol')} disabled=${busy}>${(close) => html`<p>${t('q_enrol_help')}</p><${Form} busy=${busy} label=${t('q_enrol_yes')} send=${(values) => send(values, close)} also=${html`<button type="button" onClick=${close}>${t('cancel')}</button>`}>
			<${Choice} label=${t('leads')} name="whom" required options=${[['', ''], ['all', t('q_every')], ...campaigns.map(([key, name]) => [`campaign ${key}`, fill('q_of_campaign', name)]), ...((form && form.imports) || []).map(([key, at, n]) => [`batch ${key}`, fill('leads_of_import', time(at), number(n))])]} />
			<${Choice} label=${t('q_last')} name="outcome" options=${[['', t('any')], ...outcomes.map((o) => [o, named(o)])]} /><${Field} label=${t('leads_with_tag')} name="tag" maxlength="100" /></${Form}>`}</${Dialog}>`;
}

/* Outcomes of campaigns that begin it by themselves. */
function Starts({ id, starts, campaigns, writes, act, busy }) {
	const [chosen, choose] = useState([]);
	const on = (campaign, list) => act(async () => {
		await rpc('start_sequence_on', { sequence_id: id, campaign_id: campaign, outcomes: list });
		choose([]);
	});
	return html`<section class="block"><h2>${t('q_begins')}</h2><ol class="rows">${starts.map((b) => html`<li key=${b.campaign_id}><span class="grow"><b>${said((campaigns.find(([key]) => key === b.campaign_id) || [])[1] || '?')}</b>
			<span class="dim">${anyOf(b.outcomes.map(word))}</span></span>${writes && html`<${Sure} label=${t('remove')} busy=${busy} act=${() => on(b.campaign_id, [])} />`}</li>`)}</ol>
		${starts.length === 0 && html`<p class="dim">${t('q_by_hand')}</p>`}
		${writes && campaigns.length > 0 && html`<details><summary>${t('q_new_start')}</summary><${Form} busy=${busy} label=${t('save')} send=${(values) => on(Number(values.campaign), chosen)}>
			<${Choice} label=${t('campaign')} name="campaign" options=${campaigns} /><${Ticks} label="q_ends_so" of=${outcomes.map((o) => [o, named(o)])} value=${chosen} set=${choose} /></${Form}></details>`}</section>`;
}

export function Sequence({ id, me, title, query }) {
	/* What happens meanwhile takes nothing away that was typed. */
	const page = usePage('sequence_detail', { sequence_id: id }, query.edit ? NEVER_MS : 3000);
	const [error, busy, act] = useAction(page[2]);
	const [told, show] = useState(null);
	/* A step that is taken is told by no event. */
	useEffect(() => {
		const timer = setInterval(query.edit ? () => {} : page[2], 5000);
		return () => clearInterval(timer);
	}, [page[2], query.edit]);
	/* What is typed outlives an answer that did not come. */
	const last = useRef(null);
	last.current = page[0] || last.current;
	const q = page[0];
	useEffect(() => q && title(q.name), [q && q.name]);
	const here = `#/sequences/${id}`;
	const save = async (changes) => {
		await rpc('update_sequence', { sequence_id: id, changes });
		/* What was refused before has been changed. */
		await act(() => {});
		location.hash = here;
	};
	return html`<${Problem} error=${error || (last.current && page[1])} /><${Loaded} page=${last.current ? [last.current] : page}>${(s) => {
		if (query.edit && me.writes) {
			return html`<${Draft} name=${s.name} draft=${s.draft} campaigns=${s.campaigns} save=${save} cancel=${() => { location.hash = here; }} />`;
		}
		const open = !s.version || s.changed;
		return html`<div class="row wide-row sub"><p class="row"><span class=${`pill ${s.paused_at ? 'warn' : s.version ? 'good' : ''}`}>${named(s.paused_at ? 'paused' : s.version ? 'running' : 'draft')}</span>
				<span class="dim">${s.version ? fill('q_published', s.version, time(s.published_at)) : t('q_unpublished')}${s.paused_at && ` · ${t(`q_due_${s.pause_due}`)}`}</span></p>
			${me.writes && html`<div class="row"><a class="button" href=${`${here}?edit=1`}>${t('change')}</a>
				${s.version && (s.paused_at ? html`<button disabled=${busy} onClick=${() => act(() => rpc('resume_sequence', { sequence_id: id }))}>${t('resume')}</button>`
		: html`<${Dialog} label=${`${t('pause')} …`} title=${t('q_pause')} disabled=${busy}>${(close) => html`<p>${t('q_pause_help')}</p><div class="row acts">${['shift', 'expire'].map((due) => html`<button class=${due === 'shift' ? 'main' : null} onClick=${() => {
			close();
			act(() => rpc('pause_sequence', { sequence_id: id, due }));
		}}>${t(`q_p_${due}`)}</button>`)}<button onClick=${close}>${t('cancel')}</button></div>`}</${Dialog}>`)}
				${open && html`<${Ask} main label=${`${t('q_publish')} …`} disabled=${busy} title=${fill('q_publish_what', (s.version || 0) + 1)} yes=${t('q_publish')} no=${t('cancel')} act=${() => act(() => rpc('publish_sequence', { sequence_id: id }))}><p>${t('q_publish_help')}</p></${Ask}>`}</div>`}</div>
		${s.version && s.changed && html`<p class="note" role="status"><${Icon} name="info" /><span>${t('q_changed')}</span></p>`}
		<div class="cols"><div>${(told || open) && html`<section class="block"><h2>${t('q_draft')}</h2>${s.draft.steps.length > 0 ? html`<${Drawn} steps=${s.draft.steps} campaigns=${s.campaigns} told=${told} />` : html`<p class="dim">${t('q_no_steps')}</p>`}</section>`}
			${s.version && !told && html`<section class="block"><h2>${fill('q_version', s.version)}</h2><${Drawn} steps=${s.steps} campaigns=${s.campaigns} numbers=${s.numbers} /></section>`}</div>
		<aside class="rail" aria-label=${t('about_it')}>${me.writes && s.version && html`<section class="block"><h2>${t('q_who')}</h2><${Enrol} id=${id} campaigns=${s.campaigns} after=${page[2]} /></section>`}
			<${Starts} id=${id} starts=${s.starts} campaigns=${s.campaigns} writes=${me.writes} act=${act} busy=${busy} />
			<section class="block"><h2>${t('q_stops')}</h2><p>${(s.version ? s.stop_on : s.draft.stop_on).map((h) => t(`q_h_${h}`)).join(', ')}</p><p class="dim">${t('q_stops_help')}</p></section>
			${s.draft.steps.length > 0 && html`<${Trial} id=${id} show=${show} told=${told} />`}</aside></div>`;
	}}</${Loaded}>`;
}

/* ----- all of them ----- */

function Fresh() {
	const [runs] = usePage('campaign_page');
	const made = async (values) => {
		location.hash = `#/sequences/${await rpc('create_sequence', values)}`;
	};
	return runs && html`<${Draft} draft=${{ steps: [{ do: 'call', campaign_id: runs[0]?.campaign_id }], stop_on: heard }} campaigns=${runs.map((c) => [c.campaign_id, c.name])} save=${made} cancel=${() => { location.hash = '#/sequences'; }} />`;
}

export function Sequences({ me, query }) {
	const page = usePage('sequence_page');
	const start = me.writes && html`<a class="button main" href="#/sequences?new=1">${t('q_new')}</a>`;
	return query.new && me.writes ? html`<${Fresh} />` : html`<${Loaded} page=${page}>${(rows) => html`${rows.length > 0 && html`<p class="row end">${start}</p>`}<div class="card"><${Table} quiet caption=${t('sequences')} id="sequence_id" rows=${rows}
		empty=${html`<${Empty} icon="branch" text=${t('e_sequences')}>${start}</${Empty}>`} columns=${[[t('name'), (s) => html`<a href=${`#/sequences/${s.sequence_id}`}>${said(s.name)}</a>`],
		[t('status'), (s) => html`<span class=${`pill ${s.paused_at ? 'warn' : s.version ? 'good' : ''}`}>${named(s.paused_at ? 'paused' : s.version ? 'running' : 'draft')}</span> ${s.changed && html`<span class="pill">${t('q_differs')}</span>`}`],
		[t('q_steps'), (s) => number(s.steps), 'number'], [t('q_under_way'), (s) => (s.under_way > 10000 ? fill('q_over_n', number(10000)) : number(s.under_way)), 'number']]} /></div>`}</${Loaded}>`;
}
