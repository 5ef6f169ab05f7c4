/* What needs a person: one queue, the proof and the decision side by side. */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Icon } from '/icons.js';
import { Correct } from '/forms.js';
import { Many, useTicks } from '/many.js';
import { Choice, Field, Form, Loaded, Problem, Said, useAction, usePage, WithReason } from '/parts.js';
import { ago, inWords, number, phone, seconds, t, time, word } from '/texts.js';
import { local } from '/day.js';

/* Of each kind: its drawing, how urgent it is, and the page where it is settled when it is not settled here. */
const known = {
	hold: ['stop', 0], appointment: ['calendar', 1], conflict: ['alert', 1], approval: ['billing', 2, 'money'], late_callback: ['clock', 3], task: ['clock', 3],
	campaign: ['campaigns', 4, 'campaigns'], sequence: ['branch', 4, 'sequences'], law: ['info', 4, 'campaigns'], unresolved_call: ['calls', 5], uncertain_outcome: ['info', 6], tool_conflict: ['alert', 6],
	low_balance: ['billing', 4, 'money'], ticket: ['bubble', 5, 'tickets'], tool: ['plug', 5, 'own_tools'], calendar: ['calendar', 5, 'calendars'], number: ['calls', 5, 'incoming'],
};
const kindOf = (key) => known[key] || ['info', 7];

/* A short name of a text, for an address. */
const hash = (text) => [...String(text)].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 0x7fffffff, 7).toString(36);
/* A kind that is younger than this page has the database's word for it. */
const called = (kind) => t(`need_${kind}`, word(kind));

/* When it is: an appointment's time, a task's, or since when it waits. */
const dateOf = (w) => String(w.starts_at || w.due_at || w.since);

/* Every row of the three lists as one of a queue: the most urgent first, and of those the oldest; or by date. */
function queue({ appointments, tasks, others }, dated) {
	const rows = [
		...appointments.map((a) => ({ ...a, kind: a.status === 'conflict' ? 'conflict' : 'appointment', key: `a${a.appointment_id}`, since: a.created_at, quote: inWords(a.said) })),
		...tasks.map((k) => ({ ...k, task: k.kind, kind: 'task', key: `t${k.task_id}`, who: k.contact_name || k.contact_phone, since: k.due_at, quote: k.note })),
		...others.map((o) => ({ ...o, kind: o.kind === 'conflict' ? 'tool_conflict' : o.kind.replaceAll(' ', '_') })).map((o) => ({ ...o, key: `${o.kind} ${o.call_id || o.lead_id || `${o.campaign_id || ''}.${hash(o.what)}`}` })),
	];
	return rows.sort((a, b) => (dated ? dateOf(a).localeCompare(dateOf(b)) : kindOf(a.kind)[1] - kindOf(b.kind)[1] || String(a.since).localeCompare(String(b.since))));
}

/* What it is, in a sentence; what the database says of things outside of calls names them, and is shown as it is. */
const byName = ['campaign', 'sequence', 'law', 'ticket', 'tool', 'calendar', 'number', 'low_balance'];
const title = (w) => w.who || (w.kind === 'approval' ? t('need_approval') : called(w.kind));
const line = (w) => (['appointment', 'conflict'].includes(w.kind) ? html`${local(w)}${w.kind === 'conflict' && html` · ${t('time_taken')}`}`
	: w.kind === 'task' ? html`${word(w.task)} · ${time(w.due_at)}`
	: byName.includes(w.kind) ? html`<${Said}>${w.what}</${Said}>` : called(w.kind));

/* The turn in which the words were said, with those marked, and who said it when. */
function Proof({ film, quote }) {
	const turn = film && quote && film.turns.find((u) => (u.text || '').includes(quote));
	if (!turn) {
		return quote ? html`<blockquote><mark><${Said}>${quote}</${Said}></mark></blockquote>` : null;
	}
	const at = turn.text.indexOf(quote);
	/* What the assistant asked proves nothing without the answer. */
	const answer = turn.speaker === 'assistant' && film.turns.slice(film.turns.indexOf(turn) + 1).find((u) => u.speaker === 'customer');
	return html`<blockquote class=${turn.speaker}><${Said}>${turn.text.slice(0, at)}<mark>${quote}</mark>${turn.text.slice(at + quote.length)}</${Said}>
		<footer class="dim">${t(`speaker_${turn.speaker}`)}${turn.second !== null && turn.second !== undefined && ` · ${seconds(turn.second)}`}</footer></blockquote>
		${answer && html`<blockquote class="customer"><mark><${Said}>${answer.text}</${Said}></mark><footer class="dim">${t('speaker_customer')}</footer></blockquote>`}`;
}

/* Another time is written on the clock on which the appointment is shown. */
export function Another({ item, act, busy }) {
	const [open, setOpen] = useState(false);
	const offset = String(item.starts_at).slice(19).replace(/^\.\d+/, '');
	return open ? html`<${Form} label=${t('offer_time')} busy=${busy} send=${({ at }) => act(() => rpc('move_appointment', { appointment_id: item.appointment_id, starts_at: `${at}:00${offset}` }))}>
			<${Field} label=${t('another_time_on')} type="datetime-local" name="at" required value=${String(item.starts_at).replace(' ', 'T').slice(0, 16)} />
			<button type="button" onClick=${() => setOpen(false)}>${t('cancel')}</button></${Form}>`
		: html`<button disabled=${busy} data-key="m" onClick=${() => setOpen(true)}>${t('another_time')}</button>`;
}

/* What may be done about it, by its kind; the first is what is mostly done. */
function Deeds({ item, me, act, busy, approvals }) {
	const main = (label, work) => html`<button class="main" disabled=${busy} data-key="c" onClick=${() => act(work)}>${label}</button>`;
	const reason = (label, work) => html`<${WithReason} label=${label} busy=${busy} act=${(why) => act(() => work(why))} />`;
	const page = kindOf(item.kind)[2];
	const elsewhere = page && html`<a class="button main" href=${`#/${page}`}>${t(`open_${page}`)}</a>`;
	if (item.kind === 'task') {
		return me.works && html`${main(t('done'), () => rpc('finish_task', { task_id: item.task_id }))}
			${item.promise && reason(t('withdraw'), (why) => rpc('finish_task', { task_id: item.task_id, result: why, kept: false }))}`;
	} else if (!me.writes) {
		return html`<p class="dim">${t('only_managers')}</p>`;
	}
	switch (item.kind) {
		case 'appointment':
		case 'conflict':
			return html`${item.kind === 'appointment' && main(t('confirm'), () => rpc('confirm_appointment', { appointment_id: item.appointment_id }))}
				<${Another} item=${item} act=${act} busy=${busy} />${reason(t('reject'), (why) => rpc('reject_appointment', { appointment_id: item.appointment_id, reason: why }))}`;
		case 'hold': {
			const phones = phonesOf(item);
			return html`${phones.length > 0 && main(t('never_call'), () => Promise.all(phones.map((phone) => rpc('do_not_call', { phone, reason: t('said_so') }))))}
				${reason(t('release'), (why) => (item.call_id ? rpc('release_holds', { call_ids: [item.call_id], why }) : Promise.all(phones.map((phone) => rpc('release_text_stop', { phone, reason: why })))))}`;
		}
		case 'late_callback':
			return String(item.what).startsWith('given up') ? main(t('done'), () => rpc('follow_up_done', { lead_id: item.lead_id })) : html`<a class="button" href="#/campaigns">${t('open_campaigns')}</a>`;
		case 'unresolved_call':
			return [true, false].map((placed) => html`<button disabled=${busy} onClick=${() => act(() => rpc('resolve_call', { call_id: item.call_id, placed }))}>${t(placed ? 'placed' : 'not_placed')}</button>`);
		case 'uncertain_outcome':
		case 'tool_conflict':
			return html`${reason(t('accept'), (why) => rpc('accept_outcomes', { call_ids: [item.call_id], why }))}<${Correct} call_id=${item.call_id} act=${act} busy=${busy} />`;
		case 'approval': {
			const one = approvals.find((a) => a.created_at === item.since);
			return one && me.owns ? html`${main(t('approve'), () => rpc('approve_spending', { approval_id: one.approval_id }))}
				${reason(t('reject'), (comment) => rpc('reject_spending', { approval_id: one.approval_id, comment }))}` : elsewhere;
		}
		default:
			return elsewhere;
	}
}

/* One of them, with what proves it and whom it is about. */
function Detail({ item, back, ...rest }) {
	const [film] = usePage(item.call_id ? 'call_film' : null, { call_id: item.call_id });
	const [wallet] = usePage(item.kind === 'approval' ? 'wallet_page' : null);
	const approvals = (wallet && wallet.approvals) || [];
	const one = approvals.find((a) => a.created_at === item.since);
	const lead = film && film.lead;
	const facts = [[t('phone'), lead && phone(lead.phone)], [t('company'), lead && lead.company], [t('email'), lead && lead.email], [t('campaign'), film && film.campaign],
		[t('assistant'), film && film.assistant], [t('outcome'), film && film.call.outcome && word(film.call.outcome)], [t('estimate'), one && `${number(one.estimate)} ${t('credits')}`],
		[t('until'), one && time(one.expires_at)]].filter(([, value]) => value);
	return html`<article class="detail" aria-label=${title(item)}>
		<button class="plain only-phone" onClick=${back}><${Icon} name="left" />${t('needs_you')}</button>
		<header><h2>${item.lead_id ? html`<a href=${`#/leads/${item.lead_id}`}><${Said}>${title(item)}</${Said}></a>` : html`<${Said}>${title(item)}</${Said}>`}</h2><span class=${`pill k${kindOf(item.kind)[1]}`}><${Icon} name=${kindOf(item.kind)[0]} />${called(item.kind)}</span></header>
		${['appointment', 'conflict'].includes(item.kind) && html`<p class="when"><b>${local(item)}</b>${item.kind === 'conflict' && html`<span class="bad">${t('time_taken')}</span>`}</p>`}
		${item.kind === 'task' && html`<p class="when"><b>${time(item.due_at)}</b><span class="dim">${word(item.priority)}</span></p>`}
		${byName.includes(item.kind) && html`<p><${Said}>${item.what}</${Said}></p>`}
		${item.quote && html`<section><h3>${t(item.call_id ? 'why_we_think_so' : 'said')}</h3><${Proof} film=${film} quote=${item.quote} /></section>`}
		${film && film.call.summary && html`<p class="dim"><${Said}>${film.call.summary}</${Said}></p>`}
		<p class="dim">${t(item.kind === 'hold' && !item.call_id ? 'then_text' : `then_${item.kind}`, ' ')}</p>
		<div class="row acts"><${Deeds} item=${item} approvals=${approvals} ...${rest} />${item.call_id && html`<a class="button" href=${`#/calls/${item.call_id}`}><${Icon} name="play" />${t('hear_call')}</a>`}</div>
		${facts.length > 0 && html`<section><h3>${t('about_it')}</h3><dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd><${Said}>${value}</${Said}></dd>`)}</dl></section>`}
	</article>`;
}

/* What several may be told at once; each deed is done with those that it fits. */
function useDeeds(me, some) {
	const [people] = usePage(me.works && some ? 'agent_page' : null, {}, 60000);
	const of = (...kinds) => (w) => kinds.includes(w.kind);
	const reason = html`<${Field} label=${t('reason')} name="reason" required maxlength="500" />`;
	const later = (days) => new Date(Date.now() + days * 86400000).toISOString();
	const task = [{ label: t('done'), fits: of('task'), main: true, one: (w) => rpc('finish_task', { task_id: w.task_id }), undo: (w) => rpc('reopen_task', { task_id: w.task_id, due_at: w.due_at }) },
		{ label: t('snooze'), fits: of('task'), fields: html`<${Choice} label=${t('until')} name="days" options=${[[1, t('in_a_day')], [3, t('in_three_days')], [7, t('in_a_week')]]} />`,
			one: (w, v) => rpc('reopen_task', { task_id: w.task_id, due_at: later(v.days) }), undo: (w) => rpc('reopen_task', { task_id: w.task_id, due_at: w.due_at }) },
		{ label: t('assign'), fits: of('task'), fields: html`<${Choice} label=${t('member')} name="member" options=${[['', t('anybody')], ...((people && people.members) || []).map((m) => [m.member_id, m.email])]} />`,
			one: (w, v) => rpc('assign_task', { task_id: w.task_id, member_id: v.member ? Number(v.member) : null }), undo: (w) => rpc('assign_task', { task_id: w.task_id, member_id: w.member_id }) }];
	return !me.works ? [] : !me.writes ? task : [{ label: t('confirm'), fits: of('appointment'), main: true, ask: t('then_appointment'), one: (w) => rpc('confirm_appointment', { appointment_id: w.appointment_id }) },
		{ label: t('reject'), fits: of('appointment', 'conflict'), fields: reason, one: (w, v) => rpc('reject_appointment', { appointment_id: w.appointment_id, reason: v.reason }) }, ...task,
		{ label: t('accept'), fits: of('uncertain_outcome', 'tool_conflict'), fields: reason, one: (w, v) => rpc('accept_outcomes', { call_ids: [w.call_id], why: v.reason }) },
		{ label: t('never_call'), fits: (w) => w.kind === 'hold' && phonesOf(w).length > 0, fields: reason, one: (w, v) => Promise.all(phonesOf(w).map((phone) => rpc('do_not_call', { phone, reason: v.reason }))) },
		{ label: t('release'), fits: (w) => w.kind === 'hold' && w.call_id, fields: reason, one: (w, v) => rpc('release_holds', { call_ids: [w.call_id], why: v.reason }) }];
}

/* The numbers of which it is not certain whether they may be called. */
const phonesOf = (item) => String(item.what).split(': ')[0].split(', ').filter((p) => /^\+\d+$/.test(p));

const typing = (e) => /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) || e.ctrlKey || e.metaKey || e.altKey;
const SHOWN = 100;

export function Waiting({ me, query, news }) {
	const page = usePage('waiting_page');
	const [error, busy, act] = useAction(() => Promise.all([page[2](), news.again()]));
	const [place, setPlace] = useState(0);
	const [shown, show] = useState(SHOWN);
	const [old, showOld] = useState(false);
	const all = page[0] ? queue(page[0], query.order === 'date') : [];
	const now = news.day ? String(news.day.now) : '';
	/* Appointments whose time has passed come last, and are folded. */
	const gone = (w) => w.starts_at && now && Date.parse(w.starts_at) < Date.parse(now);
	const fit = all.filter((w) => !query.kind || w.kind === query.kind);
	const past = fit.filter(gone);
	const rows = [...fit.filter((w) => !gone(w)), ...(old || past.length === fit.length ? past : [])];
	const ticks = useTicks('key', (w) => title(w));
	const deeds = useDeeds(me, ticks.rows.length > 0);
	const found = rows.findIndex((w) => w.key === query.item);
	/* The row that was decided is gone: the next one has its place. */
	const at = found >= 0 ? found : Math.min(place, rows.length - 1);
	const item = rows[at];
	const address = (change) => {
		const now = Object.entries({ ...query, ...change }).filter(([, value]) => value);
		location.hash = `#/waiting${now.length ? `?${new URLSearchParams(now)}` : ''}`;
	};
	const choose = (n) => {
		setPlace(n);
		address({ item: rows[n].key });
	};
	useEffect(() => {
		const keys = (event) => {
			if (typing(event)) {
				return;
			}
			const to = { j: at + 1, k: at - 1 }[event.key];
			if (to !== undefined && rows[to]) {
				choose(to);
			} else if (event.key === 'x' && item && me.works) {
				ticks.put([item], !ticks.rows.some((w) => w.key === item.key));
			} else if (['c', 'm', 'r'].includes(event.key)) {
				const button = document.querySelector(`.detail [data-key=${event.key}]`);
				if (button) {
					event.preventDefault();
					button.click();
				}
			}
		};
		addEventListener('keydown', keys);
		return () => removeEventListener('keydown', keys);
	});
	const counts = [...new Set(all.map((w) => w.kind))].map((kind) => [kind, all.filter((w) => w.kind === kind).length]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${() => (all.length === 0
		? html`<div class="empty"><${Icon} name="check" /><p>${t('nothing_waits')}</p><a class="button" href="#/today">${t('today')}</a></div>`
		: html`<div class="bar" role="group" aria-label=${t('needs_you')}><button class="chip" aria-pressed=${!query.kind} onClick=${() => address({ kind: '', item: '' })}>${t('any')} ${number(all.length)}</button>
			${counts.map(([kind, n]) => html`<button class="chip" key=${kind} aria-pressed=${query.kind === kind} onClick=${() => address({ kind, item: '' })}>${called(kind)} ${number(n)}</button>`)}
			<button class="chip" aria-pressed=${query.order === 'date'} onClick=${() => address({ order: query.order ? '' : 'date' })}>${t('by_date')}</button></div>
		${me.works && html`<${Many} ticks=${ticks} deeds=${deeds} every=${async () => rows} after=${() => Promise.all([page[2](), news.again()])} link=${(w) => `waiting?item=${encodeURIComponent(w.key)}`} />`}
		<p class="dim keys">${t('keys_help')}</p>
		<div class=${query.item ? 'split chosen' : 'split'}><ol class="queue">${me.works && html`<li class="together row all"><label class="check">${ticks.head(rows.slice(0, shown))}<span>${t('all_shown')}</span></label></li>`}
			${rows.slice(0, shown).map((w, n) => html`<li key=${w.key}>${me.works && ticks.box(w)}<button aria-current=${n === at ? 'true' : null} onClick=${() => choose(n)}>
				<span class=${`dot k${kindOf(w.kind)[1]}`}><${Icon} name=${kindOf(w.kind)[0]} /></span>
				<span class="grow"><b class="cut"><${Said}>${title(w)}</${Said}></b><span class="two dim">${line(w)}${w.quote && html` · “<${Said}>${w.quote}</${Said}>”`}</span></span>
				<span class="dim num">${ago(w.since, news.day && news.day.now)}</span></button></li>`)}
				${rows.length > shown && html`<li><button class="center" onClick=${() => show(shown + SHOWN)}>${t('more')} (${number(rows.length - shown)})</button></li>`}
				${past.length > 0 && past.length < fit.length && html`<li><button class="center" aria-expanded=${old} onClick=${() => showOld(!old)}>${t('past_dates')} (${number(past.length)})</button></li>`}</ol>
			${item && html`<${Detail} key=${item.key} item=${item} me=${me} act=${act} busy=${busy} back=${() => address({ item: '' })} />`}</div>`)}</${Loaded}>`;
}
