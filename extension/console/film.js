/* One call as a film: its recording, what was said on the same axis, what was read in it, what it cost, why it was allowed. */
import { html, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { Figure, Key, Waterfall } from '/charts.js';
import { rpc } from '/api.js';
import { Correct, Sure } from '/forms.js';
import { Icon } from '/icons.js';
import { Ask, Field, Form, Loaded, Print, Problem, Said, Table, useAction, usePage, WithReason } from '/parts.js';
import { clock, fill, named, nameOf, number, phone, seconds, t, time, word } from '/texts.js';

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
	return html`<${Said}>${parts}${text.slice(done)}</${Said}>`;
}

/* What stands at its head is not told again below. */
const above = ['csat', 'csat_score', 'emotion', 'outcome', 'summary', 'evaluation'];
/* A mood is a word or two; how a call went is none. */
const moodOf = (text) => (text && !/\bwent\b/i.test(text) ? t(`mood_${text}`, word(text)) : '');

/* What a tool was given, whatever it is made of, as words. */
const listed = (value) => (value && typeof value === 'object' ? Object.values(value).map(listed).join(', ') : `${value ?? ''}`);

/* A value that was read, as people say it. */
function Value({ value }) {
	const plain = `${value ?? ''}`;
	if (/^[[{]/.test(plain)) {
		try {
			return html`<${Said}>${listed(JSON.parse(plain))}</${Said}>`;
		} catch { /* It is not what it looks like. */ }
	}
	return html`<${Said}>${['true', 'false'].includes(plain) ? t(plain === 'true' ? 'yes' : 'no') : /^[a-z_]+$/.test(plain) ? word(plain) : plain}</${Said}>`;
}
/* Why a call was allowed: to the minute, and with numbers as people write them. */
const reason = (text) => String(text || '').replace(/(\d\d:\d\d):\d\d(?:\.\d+)?[-+]\d\d(?::?\d\d)?/g, '$1').replace(/\+\d{8,15}/g, phone);

/* Seconds between two times as the database writes them. */
const since = (from, at) => (from && at ? (new Date(at) - new Date(from)) / 1000 : null);

/* Turns, tools and checks on one axis, as long as the call; what has a time is a button that plays from there. */
function Axis({ marks, length, play }) {
	const place = (at) => Math.round((960 * Math.min(Math.max(at, 0), length)) / length) + 20;
	return html`<svg class="axis" viewBox="0 0 1000 64" role="group" aria-label=${t('axis')}>
		<line x1="20" x2="980" y1="32" y2="32" />
		<text x="20" y="60">0:00</text><text x="980" y="60" text-anchor="end">${seconds(length)}</text>
		${marks.map((mark) => html`<circle class=${mark.kind} cx=${place(mark.at)} cy=${mark.kind === 'customer' ? 44 : mark.kind === 'assistant' ? 20 : 32} r="6" tabindex="0" role="button"
			aria-label=${`${seconds(mark.at)} ${mark.label}`} onClick=${() => play(mark.at)} onKeyDown=${(event) => ['Enter', ' '].includes(event.key) && (event.preventDefault(), play(mark.at))}>
			<title>${seconds(mark.at)} ${mark.label}</title></circle>`)}</svg>`;
}

/* A link is made when it is wanted, because it ends; it says nothing of where the carrier keeps the recording. */
function Recording({ id, player }) {
	const [link, setLink] = useState(null);
	const [error, setError] = useState(null);
	useEffect(() => {
		rpc('recording_link', { call_id: id }).then(setLink, setError);
	}, [id]);
	return html`${error && (error.status ? html`<${Problem} error=${error} />` : html`<p class="dim" role="status">${error.message}</p>`)}${link && !error && html`<audio controls preload="metadata" src=${link} ref=${player} aria-label=${t('recording')} onError=${() => setError(new Error(t('not_heard')))}></audio>`}`;
}

/* Milliseconds from the end of what the person said. */
const wait = (ms) => (ms === null || ms === undefined ? '' : `${number(ms / 1000)} s`);
/* What so many of the answers took at most. */
const quick = (times, part) => times.map((x) => x.first_sound_ms).filter(Boolean).sort((a, b) => a - b)[Math.floor((times.filter((x) => x.first_sound_ms).length - 1) * part)];
const LIVE_MS = 1000;

/* What may be done while it lasts. */
function Live({ id, now }) {
	const [error, busy, act] = useAction();
	const send = (name) => (values, form) => act(() => rpc(name, { call_id: id, ...values }).then(() => form.reset()));
	return html`<section class="block live-now" aria-live="polite"><header><h2>${t('live')}</h2><span class="pill good live">${t('live_short')}</span></header><${Problem} error=${error} />
		${now && (now.words || now.saying) && html`<p class="letter"><span class="dim">${t(now.saying ? 'speaker_assistant' : 'speaker_customer')}:</span> <${Said}>${now.saying || now.words}</${Said}> …</p>`}
		<div class="row"><${Form} className="inline" send=${send('say_in_call')} busy=${busy} label=${t('send')}><${Field} label=${t('say_this')} name="said" required maxlength="500" autocomplete="off" /></${Form}>
			<${Form} className="inline" send=${send('transfer_call')} busy=${busy} label=${t('transfer')}><${Field} label=${t('put_to')} name="number" type="tel" required maxlength="30" /></${Form}>
			<${Sure} label=${t('hang_up')} busy=${busy} act=${() => act(() => rpc('hang_up_call', { call_id: id }))} /></div></section>`;
}

/* What may be done about one that is over. */
function CallDeeds({ call, again }) {
	const [error, busy, act] = useAction(again);
	const [done, setDone] = useState(false);
	const { call_id, phone: of } = call;
	return html`<${Problem} error=${error} /><div class="row acts">
		${done ? html`<span class="good" role="status">${t('call_follows')}</span>`
		: html`<${Ask} label=${t('call_back')} disabled=${busy} title=${`${t('call_back')}: ${phone(of)}`} yes=${t('call_now')} no=${t('not_yet')}
			act=${() => act(() => rpc('call_back', { call_id }).then(() => setDone(true)))}><p>${t('calls_at_once')}</p></${Ask}>`}
		<${Print} /><${Correct} call_id=${call_id} act=${act} busy=${busy} />
		${of && html`<${WithReason} label=${t('never_call')} busy=${busy} act=${(reason) => act(() => rpc('do_not_call', { phone: of, reason }))} />`}</div>`;
}

export function Film({ id, me, title }) {
	/* One that lasts is asked for with what is being said. */
	const [lasts, setLasts] = useState(false);
	const page = usePage(lasts ? 'live_page' : 'call_film', { call_id: id });
	const [film, , load] = page;
	const over = Boolean(film && film.call.ended_at);
	useEffect(() => film && setLasts(!over), [film && film.call.call_id, over]);
	const who = film && ((film.lead && nameOf(film.lead)) || phone(film.call.phone));
	useEffect(() => who && title(`${t('call')}: ${who}`), [who]);
	/* What is said in a call that is not over is no event. */
	useEffect(() => {
		const timer = film && !film.call.ended_at && setInterval(load, LIVE_MS);
		return () => clearInterval(timer);
	}, [film && film.call.ended_at, load]);
	const player = useRef(null);
	const play = (at) => {
		if (player.current) {
			player.current.currentTime = Math.max(0, at);
			player.current.play().catch(() => {});
		}
	};
	return html`<${Loaded} page=${page}>${({ call, lead, turns, fields, reading, tools, times, events, checks, appointments, ...film }) => {
		const quotes = (turn) => [...fields.filter((f) => f.turn === turn && f.quote).map((f) => f.quote),
			...(reading && reading.outcome_turn === turn && reading.outcome_quote ? [reading.outcome_quote] : [])];
		/* Seconds of the talk: from when somebody answered. */
		const from = call.answered_at || call.started_at;
		const said = (u) => u.second ?? since(from, u.at);
		const marks = [...turns.map((u) => ({ kind: u.speaker, at: said(u), label: `${t(`speaker_${u.speaker}`)}: ${(u.text || '').slice(0, 80)}` })),
			...tools.map((u) => ({ kind: 'event', at: since(from, u.at), label: `${t('speaker_tool')}: ${word(u.tool)}` })),
			...events.map((e) => ({ kind: 'event', at: since(from, e.at), label: word(e.event_type) }))].filter((mark) => mark.at !== null && mark.at >= 0);
		const mood = reading ? [call.evaluation && named(call.evaluation), moodOf(reading.emotion) && `${t('mood')}: ${moodOf(reading.emotion)}`, reading.csat_score && fill('csat', reading.csat_score)].filter(Boolean) : [];
		const length = Math.max(1, call.duration_seconds || 0, ...marks.filter((mark) => mark.kind !== 'event').map((mark) => mark.at));
		return html`${!call.ended_at && me.writes && html`<${Live} id=${id} now=${film.now} />`}
		<div class="card">
			<p><strong><${Said}>${lead ? nameOf(lead) : ''}</${Said}></strong> ${phone(call.phone)}
				${lead && lead.company && html` · <${Said}>${lead.company}</${Said}>`}</p>
			<p>${time(call.started_at)} · ${word(call.status)}${call.outcome && call.outcome !== call.status && html` · <strong>${word(call.outcome)}</strong>`} · ${seconds(call.duration_seconds)}</p>
			${t(`cause_${call.cause_class}`, ' ') !== ' ' && html`<p class="bad">${t(`cause_${call.cause_class}`)}</p>`}
			<p class="dim"><${Said}>${film.campaign}</${Said}> · <${Said}>${film.assistant}</${Said}></p>
			<p>${t('cost')}: ${number(call.credits) || '–'} ${t('credits')}${call.cost !== null && ` · ${number(call.cost)} ${call.cost_currency || ''}`}</p>
			${call.summary && html`<p><${Said}>${call.summary}</${Said}></p>`}
			${appointments.map((a) => html`<p>${t('appointments')}: ${time(a.starts_at)}, ${word(a.status)}</p>`)}
			${mood.length > 0 && html`<p>${mood.join(' · ')}</p>`}
			${events.filter((e) => e.vendor).map((e) => html`<p class="note"><${Icon} name="info" /><span>${fill('vendor_failed', word(e.vendor))}
				<span class="dim" lang="en"><${Said}>${e.why}</${Said}></span></span></p>`)}
			${call.ended_at && me.writes && html`<${CallDeeds} call=${call} again=${load} />`}
		</div>
		<section class="card"><h2>${t('talk')}</h2>${film.recorded && html`<${Recording} id=${id} player=${player} />`}
			${marks.length > 0 && html`<${Axis} marks=${marks.filter((mark) => mark.at <= length)} length=${length} play=${play} />`}
			${turns.length === 0 ? html`<p class="dim">${t('no_talk')}</p>`
			: html`<ol class="talk">${turns.map((u) => html`<li class=${u.speaker}><span class="dim">${t(`speaker_${u.speaker}`)} ${said(u) !== null && seconds(Math.max(0, said(u)))}</span><br />${u.speaker === 'tool' ? html`<details><summary>${t('show')}</summary><${Said}>${u.text}</${Said}></details>` : html`<${Words} text=${u.text || ''} quotes=${quotes(u.turn)} />`}</li>`)}</ol>`}</section>
		<div class="card"><${Table} caption=${t('found')} rows=${fields.filter((f) => !above.includes(f.name))} columns=${[[t('name'), (f) => html`<${Said}>${t(`field_${f.name}`, word(f.name.replaceAll('.', ' ')))}</${Said}> ${f.label === 'not proved' && f.value !== null && html`<span class="dim">${t('not_proved')}</span>`}`],
			[t('value'), (f) => html`<${Value} value=${f.value} />`], [t('said'), (f) => f.quote && html`<q><${Said}>${f.quote}</${Said}></q>`]]} /></div>
		${tools.length > 0 && html`<div class="card"><${Table} caption=${t('tools')} rows=${tools} columns=${[[t('when'), (u) => clock(u.at)], [t('what'), (u) => html`${word(u.tool)} <${Said}>${listed(u.arguments)}</${Said}>`],
			[t('said'), (u) => html`<${Said}>${u.result}</${Said}> <span class="dim">${word(u.error)}</span>`], [t('duration'), (u) => wait(u.took_ms), 'number']]} /></div>`}
		${times.length > 0 && html`<${Figure} title=${t('times')} note=${html`<${Key} of="all">${t('recognised')}</${Key}><${Key} of="some">${t('thought')}</${Key}><${Key} of="won">${t('spoken')}</${Key}>`} says=${fill('answers_say', wait(quick(times, 0.5)), wait(quick(times, 0.9)))}
			table=${{ rows: times, id: 'turn', columns: [[t('step'), (x) => x.turn, 'number'], [t('recognised'), (x) => wait(x.recognised_ms), 'number'],
			[t('thought'), (x) => wait(x.first_token_ms), 'number'], [t('spoken'), (x) => wait(x.first_sound_ms), 'number'], [t('vendor'), (x) => [x.ear, x.mind, x.voice].filter(Boolean).join(', ')]] }}>
			<${Waterfall} caption=${`${t('times')}: ${times.map((x) => wait(x.first_sound_ms)).join('; ')}`} rows=${times.map((x) => [x.recognised_ms || 0, x.first_token_ms || 0, x.first_sound_ms || 0])} /></${Figure}>`}
		<details class="card"><summary>${t('steps')}</summary><${Table} quiet caption=${t('steps')} rows=${events} columns=${[[t('when'), (e) => clock(e.at)], [t('what'), (e) => word(e.event_type)]]} /></details>
		<details class="card"><summary>${t('checks')}</summary><${Table} quiet caption=${t('checks')} rows=${checks} columns=${[[t('what'), (x) => t(`rule_${x.rule}`, word(x.rule))], [t('reason'), (x) => html`<span lang="en"><${Said}>${reason(x.detail)}</${Said}></span>`]]} /></details>`;
	}}</${Loaded}>`;
}
