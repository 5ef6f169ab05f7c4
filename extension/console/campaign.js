/* Campaigns; of one, where it is and what holds it up, what it comes to, before it starts, and its settings, all of which may be changed later. */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { Ahead, places } from '/ahead.js';
import { Columns, Figure, Heat, Key, Rows, share } from '/charts.js';
import { DaysOff, daysIn, daysSay, halves, Sure, weekdays } from '/forms.js';
import { Icon } from '/icons.js';
import { Ask, byLine, Choice, Empty, Field, Form, Loaded, Print, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { clockTime, date, fill, leadsWord, named, number, phone, t, time, weekdayName } from '/texts.js';

const moods = { running: 'good live', paused: 'warn', scheduled: 'warn', stopped: 'bad' };
export const State = ({ status }) => html`<span class=${`pill ${moods[status] || ''}`}>${named(status)}</span>`;

/* Lets one that runs rest, and one that rests go on. */
const turns = { running: ['pause_campaign', 'pause'], paused: ['resume_campaign', 'resume'] };
function Turn({ c, act, busy }) {
	const [name, label] = turns[c.status] || [];
	return name && html`<button disabled=${busy} onClick=${() => act(() => later(name, { campaign_id: c.campaign_id }))}>${t(label)}</button>`;
}

/* What holds it up, as a sentence, and where that is mended: the database says both by key. */
export function Held({ held, next, id }) {
	if (!held) {
		return null;
	}
	const { key, mend, says } = held;
	const place = { start: `campaigns/${id}?tab=ahead`, campaign: `campaigns/${id}?tab=settings` }[mend] || places[mend];
	const text = key === 'other' ? html`<span lang="en"><${Said}>${says}</${Said}></span>` : t(`held_${key}`, `${t(`c_${key}`)}.`);
	const label = { start: 'preview', campaign: 'change' }[mend] || `open_${places[mend]}`;
	return html`<p class="note"><${Icon} name="info" /><span>${text}${['hours', 'due'].includes(key) && next && ` ${fill('on_again', time(next))}`}
		${place && html` <a href=${`#/${place}`}>${t(label)}</a>`}</span></p>`;
}

/* Its leads by where they are, as one bar; each number leads to them. */
function Progress({ c, preview }) {
	const of = `#/leads?campaign_id=${c.campaign_id}`;
	const parts = [['done', c.completed_leads, 'p_done'], ['lost', c.failed_leads, 'p_lost'], ['out', c.skipped_leads + c.expired_leads, 'p_out'], ['live', c.calling_leads, 'p_live'], ['rest', c.waiting_leads, 'p_rest']].filter(([, n]) => n > 0);
	let x = 0;
	const end = preview && c.waiting_leads > 0 && preview.estimated_finish;
	return html`<section class="block"><header><h2>${number(c.percent_done || 0)} % ${t('done_of')} ${leadsWord(c.total_leads)}</h2>${end && html`<span>${fill('ahead_done', time(end, true))}</span>`}</header>
		<svg class="progress" role="img" aria-label=${parts.map(([, n, key]) => `${t(key)} ${number(n)}`).join(', ')}>${parts.map(([kind, n]) => {
			const wide = (100 * n) / c.total_leads;
			x += wide;
			return html`<rect class=${kind} x=${`${x - wide}%`} width=${`${wide}%`} height="12" />`;
		})}</svg>
		<ul class="parts">${parts.map(([kind, n, key]) => html`<li><a href=${of}><b class="num"><${Key} of=${kind} />${number(n)}</b><span class="dim">${t(key)}</span></a></li>`)}</ul></section>`;
}

const shades = { scheduled: 'won', interested: 'some', callback: 'some', not_interested: 'some', do_not_call: 'lost', wrong_number: 'lost' };
export const Ended = ({ outcomes, title = t('how_ended'), campaign }) => {
	const rows = Object.entries(outcomes).sort(([, a], [, b]) => b - a);
	return rows.length > 0 && html`<${Figure} title=${title}><${Rows} of="all" caption=${title} rows=${rows.map(([key, n]) => [named(key), n, shades[key] || 'all', `#/calls?outcome=${key}${campaign ? `&campaign_id=${campaign}` : ''}`])} /></${Figure}>`;
};
export const steps = ['calls', 'answered', 'f_reached', 'f_interested', 'appointments'];
/* agreed: the calls that ended with an agreement, of which some may not stand. */
const funnelSays = (numbers, agreed) => [numbers[2] > 0 && fill('funnel_says', number(numbers[2]), number(numbers[4])),
	agreed > numbers[4] && fill('agreed_not_standing', number(agreed - numbers[4]))].filter(Boolean).join(' ');
export const Funnel = ({ numbers, agreed }) => html`<${Figure} title=${t('funnel')} says=${funnelSays(numbers, agreed)}>
	<${Rows} caption=${t('funnel')} rows=${numbers.map((n, i) => [t(steps[i]), n, i === 4 ? 'won' : i === 0 ? 'all' : 'some'])} /></${Figure}>`;
export const ByDay = ({ days, title = t('by_day') }) => days.length > 0 && html`<${Figure} title=${title} note=${html`<${Key} of="won">${t('appointments')}</${Key}><${Key} of="some">${t('answered')}</${Key}><${Key} of="all">${t('not_answered')}</${Key}>`}
		table=${{ rows: days, id: 'day', columns: [[t('when'), (d) => date(d.day)], [t('calls'), (d) => number(d.calls), 'number'], [t('answered'), (d) => number(d.answered), 'number'], [t('appointments'), (d) => number(d.booked), 'number']] }}>
	<${Columns} caption=${`${title}: ${days.map((d) => `${date(d.day)} ${number(d.calls)}`).join('; ')}`} bars=${days.map((d) => ({ name: date(d.day), parts: [['won', d.booked], ['some', d.answered - d.booked], ['all', d.calls - d.answered]] }))} /></${Figure}>`;

function Overview({ o }) {
	const { campaign: c } = o;
	const open = ['running', 'paused', 'scheduled'].includes(c.status);
	const [preview] = usePage(open ? 'preview_campaign' : null, { campaign_id: c.campaign_id }, 60000);
	const facts = [[t('lines'), o.lines && fill('of_lines', number(c.live_calls), number(o.lines))], [t('pace'), fill('last_hour', number(o.last_hour))], [t('next_call'), o.next_call && time(o.next_call)], [t('connection'), c.account]];
	const cost = [[t('spent'), `${number(o.credits)} ${t('credits_left')}`], [t('to_come'), preview && c.waiting_leads + c.calling_leads > 0 && `${number(preview.estimated_cost)} ${t('credits_left')}`], [t('each_appointment'), o.funnel[4] > 0 && number(o.credits / o.funnel[4])]];
	const list = (rows) => html`<dl class="facts">${rows.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd><${Said}>${value}</${Said}></dd>`)}</dl>`;
	return html`<div class="cols"><div>${c.total_leads > 0 ? html`<${Progress} c=${c} preview=${preview} />` : html`<section class="block"><p>${t('c_no_leads')}. <a href=${`#/campaigns/${c.campaign_id}?tab=settings`}>${t('add_some')}</a></p></section>`}
			${o.funnel[0] > 0 && html`<${Funnel} numbers=${o.funnel} agreed=${o.outcomes.scheduled} /><${Heat} hours=${o.hours} /><${ByDay} days=${o.days} />`}</div>
		<aside class="rail" aria-label=${t('right_now')}>${open && html`<section class="block"><h2>${t('right_now')}</h2>${list(facts)}</section>`}
			<${Held} held=${c.archived_at ? null : o.held} next=${o.next_call} id=${c.campaign_id} />
			<section class="block"><h2>${t('cost')}</h2>${list(cost)}</section><${Ended} outcomes=${o.outcomes} campaign=${c.campaign_id} /></aside></div>`;
}

/* ----- its form ----- */

export const NEVER_MS = 1e9;
const unitOf = (key) => (key === 'call_interval' ? 'seconds' : 'minutes');
const spans = ['retry_delay_no_answer', 'retry_delay_busy', 'max_call_duration', 'call_interval'];

/* What of the form differs from what it began with; what was emptied goes back to the workspace's own. */
function changes(values, { campaign, settings }, all) {
	const was = campaign || {};
	const changed = {};
	const put = (key, value, before) => {
		if (JSON.stringify(value ?? null) !== JSON.stringify(before ?? null)) {
			changed[key] = value ?? null;
		}
	};
	put('provider_account_id', values.provider_account_id ? Number(values.provider_account_id) : null, was.provider_account_id);
	put('starts_at', values.starts_at || null, was.starts_at);
	put('expires_at', values.expires_at || null, was.expires_at);
	put('phone_number_ids', all('numbers').map(Number), was.phone_number_ids || []);
	if (values.from !== undefined) {
		const { own, usual } = settings.calling_hours;
		const now = { start: values.from || usual.start, end: values.until || usual.end, days: all('days') };
		const as = (h) => h && { start: h.start, end: h.end, days: h.days || weekdays };
		/* What is as everywhere is nothing of its own. */
		put('calling_hours', JSON.stringify(now) === JSON.stringify(as(usual)) ? null : now, as(own));
	}
	put('days_off', daysIn(values, 'days_off') || null, settings.days_off.own);
	for (const key of ['max_concurrent_calls', 'retry_attempts', 'spend_cap', 'spend_cap_per_day', ...spans]) {
		const value = values[key] === '' ? null : Number(values[key]);
		put(key, value, settings[key].own);
		if (changed[key] && spans.includes(key)) {
			changed[key] = `${value} ${unitOf(key)}`;
		}
	}
	put('machine_detection', values.machine_detection || null, settings.machine_detection.own);
	return changed;
}

const Group = ({ title, help, children }) => html`<fieldset class="group"><legend>${t(title)}</legend>${help && html`<p class="dim">${t(help)}</p>`}${children}</fieldset>`;

/* A time of the day, and whatever else it is. */
function At({ label, name, own, usual }) {
	const all = [...new Set([...halves, ...(own ? [own] : [])])].sort();
	return html`<${Choice} label=${label} name=${name} value=${own || ''} options=${[['', fill('as_usual', clockTime(usual))], ...all.map((x) => [x, clockTime(x)])]} />`;
}

export function CampaignForm({ id, from, made, cancel }) {
	/* What happens meanwhile takes nothing away that was typed. */
	const page = usePage('campaign_form', id || from ? { campaign_id: id || Number(from) } : {}, NEVER_MS);
	const [error, busy, act] = useAction();
	const [note, setNote] = useState('');
	return html`<${Loaded} page=${page}>${(f) => {
		const { campaign: c, settings: s } = f;
		const send = (values, form) => act(async () => {
			setNote('');
			/* A copy has all of it, and not what differs. */
			const none = { ...f, campaign: null, settings: Object.fromEntries(Object.entries(s).map(([key, v]) => [key, { ...v, own: null }])) };
			const wanted = { ...(from && !hours.start ? { calling_hours: s.calling_hours.own } : {}), ...changes(values, from ? none : f, (name) => new FormData(form).getAll(name)) };
			let campaign = id;
			if (id) {
				const further = { ...wanted, ...(values.name !== c.name ? { name: values.name } : {}), ...(Number(values.assistant_id) !== c.assistant_id ? { assistant_id: Number(values.assistant_id) } : {}) };
				Object.keys(further).length > 0 && await rpc('update_campaign', { campaign_id: id, settings: further });
			} else {
				/* What was given nothing has the workspace's own. */
				const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null && value.length !== 0));
				campaign = await rpc('create_campaign', { name: values.name, assistant_id: Number(values.assistant_id), settings: given });
			}
			const [kind, batch] = values.leads.split(' ');
			const added = kind === 'free' ? await later('add_leads', { campaign_id: campaign })
				: kind === 'batch' || values.tag ? await later('add_listed_leads', { campaign_id: campaign, batch_id: kind === 'batch' ? Number(batch) : null, tag: values.tag || null }) : null;
			setNote(`${t('saved')}${added === null ? '' : ` ${t('leads_in')}: ${number(added)}.`}`);
			await page[2]();
			made && made(campaign);
		});
		const plain = (key, label, rest = {}) => html`<${Field} key=${key} label=${t(label)} name=${key} type="number" min="0" step="any" value=${s[key].own ?? ''} placeholder=${number(s[key].usual)} ...${rest} />`;
		const { usual } = s.calling_hours;
		const hours = s.calling_hours.own || usual;
		return html`<${Form} key=${JSON.stringify(f)} className="long" send=${send} busy=${busy} label=${t(id ? 'save' : 'create_campaign')} also=${cancel && html`<button type="button" onClick=${cancel}>${t('cancel')}</button>`}>
			${note && html`<p class="good" role="status">${note}</p>`}
			<${Group} title="g_who"><div class="row"><${Field} label=${t('name')} name="name" value=${!c ? '' : from ? fill('copy_of', c.name) : c.name} required maxlength="200" />
				<${Choice} label=${t('assistant')} name="assistant_id" value=${c ? c.assistant_id : f.assistants[0] && f.assistants[0][0]}
					options=${f.assistants.map(([key, name, answers]) => [key, answers ? `${name} (${t('answers_calls')})` : name])} /></div>
				<div class="row"><${Choice} label=${t('connection')} name="provider_account_id" value=${c ? c.provider_account_id : f.accounts[0] && f.accounts[0][0]} options=${byLine(f.accounts)} />
				<${Choice} label=${t('whom')} name="leads" value=${c ? '' : 'free'} options=${[['', t('leads_none')], ['free', t('all_leads')], ...f.imports.map(([key, at, n]) => [`batch ${key}`, fill('leads_of_import', time(at), number(n))])]} />
				<${Field} label=${t('leads_with_tag')} name="tag" maxlength="100" /></div>
				${f.numbers.length > 0 && html`<div role="group" aria-label=${t('calls_with')}><span class="label">${t('calls_with')}</span>${f.numbers.map(([key, n, name]) => html`<label class="check"><input type="checkbox" name="numbers" value=${key} defaultChecked=${c && c.phone_number_ids.includes(key)} /><span class="num">${phone(n)} <${Said}>${name}</${Said}></span></label>`)}</div>`}</${Group}>
			<${Group} title="when" help="s_calling_hours_help">${hours.start ? html`<div class="row"><${At} label=${t('calls_from')} name="from" own=${s.calling_hours.own && hours.start} usual=${usual.start} /><${At} label=${t('calls_until')} name="until" own=${s.calling_hours.own && hours.end} usual=${usual.end} /></div>
				<div class="row days" role="group" aria-label=${t('days')}>${weekdays.map((d, i) => html`<label class="check"><input type="checkbox" name="days" value=${d} defaultChecked=${(hours.days || weekdays).includes(d)} /><span>${weekdayName(i + 1)}</span></label>`)}</div>` : html`<p class="dim">${t('hours_by_day')}</p>`}
				<${DaysOff} label=${t('s_days_off')} name="days_off" value=${s.days_off.own} help=${s.days_off.usual && fill('days_off_usual', daysSay(s.days_off.usual))} />
				<div class="row"><${Field} label=${t('begins')} name="starts_at" type="datetime-local" value=${c && c.starts_at} /><${Field} label=${t('ends')} name="expires_at" type="datetime-local" value=${c && c.expires_at} /></div></${Group}>
			<${Group} title="pace" help="g_usual"><div class="row">${plain('max_concurrent_calls', 's_max_concurrent_calls', { min: 1, step: 1 })}${plain('call_interval', 'between_calls')}${plain('max_call_duration', 'longest_call')}</div>
				<${Choice} label=${t('s_machine_detection')} name="machine_detection" value=${s.machine_detection.own || ''} options=${[['', fill('as_usual', t(`machine_${s.machine_detection.usual}`))], ...['off', 'detect', 'message'].map((m) => [m, t(`machine_${m}`)])]} /></${Group}>
			<${Group} title="sg_again" help="g_usual"><div class="row">${plain('retry_attempts', 's_retry_attempts', { step: 1 })}${plain('retry_delay_no_answer', 'after_no_answer')}${plain('retry_delay_busy', 'after_busy')}</div></${Group}>
			<${Group} title="g_money" help="g_money_help"><div class="row">${plain('spend_cap', 'cap_all')}${plain('spend_cap_per_day', 'cap_day')}</div></${Group}>
			<${Problem} error=${error} /></${Form}>`;
	}}</${Loaded}>`;
}

/* ----- the page ----- */

export function Campaign({ id, me, title, query }) {
	const page = usePage('campaign_overview', { campaign_id: id }, 4000);
	const [o] = page;
	const [error, busy, act] = useAction(page[2]);
	useEffect(() => o && title(o.campaign.name), [o && o.campaign.name]);
	return html`<${Loaded} page=${page}>${(all) => {
		const { campaign: c } = all;
		const before = ['draft', 'scheduled', 'stopped'].includes(c.status) && !c.archived_at;
		const tabs = ['overview', before && 'ahead', me.writes && 'settings'].filter(Boolean);
		const now = tabs.includes(query.tab) ? query.tab : c.status === 'draft' && c.calls === 0 ? 'ahead' : 'overview';
		return html`<div class="row wide-row sub"><p class="row"><${State} status=${c.status} /><span class="dim"><${Said}>${c.assistant}</${Said}> · ${c.rehearses ? t('rehearsal') : html`<${Said}>${c.account}</${Said}>`}</span></p>
			<div class="row">${me.writes && html`<${Turn} c=${c} act=${act} busy=${busy} />`}
				${me.writes && ['running', 'paused', 'scheduled'].includes(c.status) && html`<${Ask} label=${`${t('stop')} …`} disabled=${busy} title=${c.name}
					yes=${t('stop_campaign')} no=${t('keep_running')} act=${() => act(() => later('stop_campaign', { campaign_id: id }))}><p>${fill('stop_asks', number(c.calling_leads))}</p></${Ask}>`}
				${me.writes && ['completed', 'stopped'].includes(c.status) && c.calls > 0 && html`<button disabled=${busy} onClick=${() => act(async () => {
					location.hash = `#/campaigns/${await later('redial_campaign', { campaign_id: id })}?tab=ahead`;
				})}>${t('redial')}</button>`}
				${me.writes && html`<a class="button" href=${`#/campaigns?new=1&from=${id}`}>${t('copy_it')}</a>`}<${Print} />
				${before && now !== 'ahead' && html`<a class=${now === 'overview' ? 'button main' : 'button'} href=${`#/campaigns/${id}?tab=ahead`}>${t('preview')}</a>`}</div></div><${Problem} error=${error} />
		<nav class="tabs" aria-label=${t('campaign')}>${tabs.map((tab) => html`<a key=${tab} href=${`#/campaigns/${id}?tab=${tab}`} aria-current=${tab === now ? 'page' : null}>${t(`tab_${tab}`)}</a>`)}
			<a href=${`#/leads?campaign_id=${id}`}>${t('leads')} <span class="num">${number(c.total_leads)}</span></a><a href=${`#/calls?campaign_id=${id}`}>${t('calls')} <span class="num">${number(all.funnel[0])}</span></a></nav>
		${now === 'overview' ? html`<${Overview} o=${all} />` : now === 'ahead' ? html`<${Ahead} id=${id} me=${me} status=${c.status} started=${page[2]} />` : html`<${CampaignForm} id=${id} />`}`;
	}}</${Loaded}>`;
}

/* ----- all of them: which works, and where each is ----- */

/* An assistant that calls is needed first. */
function New({ from, made, cancel }) {
	const [answer] = usePage('assistant_page');
	return answer && (answer.assistants.some((a) => a.active) ? html`<section class="block"><h2>${t('new_campaign')}</h2><${CampaignForm} from=${from} made=${made} cancel=${cancel} /></section>`
		: html`<${Empty} icon="assistants" text=${t('needs_assistant')}><a class="button main" href="#/assistants">${t('first_assistant')}</a></${Empty}>`);
}

export function Campaigns({ me, query }) {
	const page = usePage('campaign_page');
	const [error, busy, act] = useAction(page[2]);
	/* A start leads through what stands in its way and what it costs. */
	const actions = (c) => (me.writes && turns[c.status] ? html`<${Turn} c=${c} act=${act} busy=${busy} />`
		: c.status === 'draft' && html`<a class="button" href=${`#/campaigns/${c.campaign_id}?tab=ahead`}>${t('preview')}</a>`);
	/* Of several that run, all rest at once. */
	const rest = (rows) => {
		const all = rows.filter((c) => c.status === 'running');
		return all.length > 1 && html`<${Sure} label=${t('pause_all')} busy=${busy}
			act=${() => act(() => Promise.all(all.map((c) => later('pause_campaign', { campaign_id: c.campaign_id }))))} />`;
	};
	const start = html`<a class="button main" href="#/campaigns?new=1">${t('new_campaign')}</a>`;
	if (query.new && me.writes) {
		return html`<${New} from=${query.from} made=${(id) => { location.hash = `#/campaigns/${id}?tab=ahead`; }} cancel=${() => { location.hash = '#/campaigns'; }} />`;
	}
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(rows) => html`${me.writes && rows.length > 0 && html`<p class="row end">${rest(rows)}${start}</p>`}
		<div class="card"><${Table} quiet caption=${t('campaigns')} empty=${html`<${Empty} icon="campaigns" text=${t('e_campaigns')}>${me.writes && start}</${Empty}>`} rows=${rows} id="campaign_id" columns=${[
			[t('name'), (c) => html`<a href=${`#/campaigns/${c.campaign_id}`}><${Said}>${c.name}</${Said}></a>`], [t('status'), (c) => html`<${State} status=${c.status} />`],
			[t('progress'), (c) => html`<progress max="100" value=${c.percent_done || 0} aria-label=${t('progress')}></progress> <span class="nw">${number(c.percent_done || 0)} %</span><br /><span class="dim">${leadsWord(c.total_leads)}</span>`],
			[t('calls'), (c) => number(c.calls), 'number'], [t('answered'), (c) => number(c.answered_calls), 'number'], [t('appointments'), (c) => number(c.appointments_agreed), 'number'],
			[t('spent'), (c) => number(c.credits_spent), 'number'], ['', actions]]} /></div>`}</${Loaded}>`;
}
