/* The week: who goes where when, and what is still to be decided. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Another } from '/needs.js';
import { local, standing } from '/day.js';
import { Icon } from '/icons.js';
import { Choice, Dialog, Field, Form, Loaded, Problem, Said, useAction, usePage, WithReason } from '/parts.js';
import { date, inWords, hour, hourName, named, nameOf, number, phone, t, town, weekdayName } from '/texts.js';

const minute = (at) => Number(at.slice(11, 13)) * 60 + Number(at.slice(14, 16));
const plus = (day, n) => new Date(Date.parse(`${day}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10);

/* What of a day an event has: [from, until] in minutes; null where it is on another day. */
function within(x, day) {
	const from = x.starts_at.slice(0, 10) < day ? 0 : x.starts_at.slice(0, 10) > day ? null : minute(x.starts_at);
	const until = x.ends_at.slice(0, 10) > day ? 1440 : x.ends_at.slice(0, 10) < day ? null : minute(x.ends_at);
	return from === null || until === null || until <= from ? null : [from, until];
}

/* Side by side where they are at one time: [event, from, until, column, of how many]. */
function placed(list, day) {
	const rows = list.map((x) => [x, ...(within(x, day) || [])]).filter((r) => r.length === 3).sort((a, b) => a[1] - b[1] || b[2] - a[2]);
	const ends = [];
	const all = rows.map(([x, from, until]) => {
		const free = ends.findIndex((end) => end <= from);
		const column = free < 0 ? ends.length : free;
		ends[column] = until;
		return [x, from, until, column];
	});
	return all.map((r) => [...r, all.filter((o) => o[1] < r[2] && r[1] < o[2]).reduce((most, o) => Math.max(most, o[3] + 1), 1)]);
}

/* An appointment for a lead, by hand. */
function Book({ calendars, monday, after, main }) {
	const [found, setFound] = useState([]);
	const [error, busy, act] = useAction(after);
	const look = async (event) => {
		const words = event.target.value.trim();
		setFound(words.length > 1 ? await rpc('lead_list', { words, page_size: 20 }).catch(() => []) : []);
	};
	const send = (values, form, close) => act(async () => {
		await rpc('add_appointment', { starts_at: values.at, lead_id: Number(values.lead), calendar_id: Number(values.calendar), summary: values.summary || null });
		form.reset();
		close();
	});
	return html`<${Dialog} main=${main} label=${t('book')} title=${t('book_title')}>${(close) => html`<${Problem} error=${error} />
		<${Form} send=${(values, form) => send(values, form, close)} busy=${busy || found.length === 0} label=${t('book_it')} also=${html`<button type="button" onClick=${close}>${t('cancel')}</button>`}><${Field} label=${t('with_whom')} name="words" onInput=${look} placeholder=${t('words_of_lead')} autocomplete="off" />
			${found.length > 0 && html`<${Choice} label=${t('lead')} name="lead" options=${found.map((l) => [l.lead_id, `${nameOf(l)} ${phone(l.phone)}`])} />`}
			<${Field} label=${t('when')} name="at" type="datetime-local" required value=${`${monday}T10:00`} /><${Choice} label=${t('calendar')} name="calendar" options=${calendars.map((c) => [c.calendar_id, c.name])} />
			<${Field} label=${t('what_about')} name="summary" maxlength="200" /></${Form}>`}</${Dialog}>`;
}

function Chosen({ a, me, act, busy, close }) {
	const id = { appointment_id: a.appointment_id };
	return html`<section class="block chosen-one" aria-live="polite"><header><h2><${Said}>${a.who}</${Said}></h2><button class="plain" aria-label=${t('close')} onClick=${close}><${Icon} name="close" /></button></header>
		<p><b>${local(a)}</b></p><p><span class=${`pill ${standing[a.status] || ''}`}>${named(a.status)}</span> ${a.seat && html`<${Said}>${a.seat}</${Said}>`}</p>${inWords(a.said) && html`<blockquote><mark><${Said}>${inWords(a.said)}</${Said}></mark></blockquote>`}${a.summary && html`<p class="dim"><${Said}>${a.summary}</${Said}></p>`}
		<div class="row acts">${me.writes && a.status === 'pending' && html`<button class="main" disabled=${busy} onClick=${() => act(() => rpc('confirm_appointment', id))}>${t('confirm')}</button>`}
			${me.writes && a.status !== 'held' && html`<${Another} item=${a} act=${act} busy=${busy} />`}${me.writes && a.status !== 'held' && html`<${WithReason} label=${t(a.status === 'confirmed' ? 'call_off' : 'reject')} busy=${busy} act=${(reason) => act(() => rpc(a.status === 'confirmed' ? 'cancel_appointment' : 'reject_appointment', { ...id, reason }))} />`}
			${a.lead_id && html`<a class="button" href=${`#/leads/${a.lead_id}`}>${t('open_lead')}</a>`}${a.call_id && html`<a class="button" href=${`#/calls/${a.call_id}`}>${t('hear_call')}</a>`}</div></section>`;
}

export function Week({ me, query }) {
	const from = /^\d{4}-\d\d-\d\d$/.test(query.from || '') ? query.from : null;
	const calendar = /^\d+$/.test(query.calendar || '') ? Number(query.calendar) : null;
	const page = usePage('calendar_week', { ...(from ? { from_day: from } : {}), ...(calendar ? { calendar_id: calendar } : {}) });
	const [error, busy, act] = useAction(page[2]);
	const [chosen, choose] = useState(null);
	const go = (change) => {
		location.hash = `#/week?${new URLSearchParams(Object.entries({ from, calendar, ...change }).filter(([, v]) => v))}`;
	};
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(w) => {
		const days = [...Array(7).keys()].map((i) => plus(w.monday, i));
		const all = w.appointments;
		const minutes = days.flatMap((d) => all.map((a) => within(a, d)).filter(Boolean).flat());
		const first = Math.floor(Math.min(8 * 60, ...minutes) / 60);
		const last = Math.ceil(Math.max(18 * 60, ...minutes) / 60);
		const one = all.find((a) => a.appointment_id === chosen);
		const open = all.filter((a) => ['pending', 'conflict'].includes(a.status));
		const shut = (d) => w.calendars.length > 0 && w.calendars.filter((c) => !calendar || c.calendar_id === calendar).every((c) => c.closed.includes(d));
		const at = (f, u, column = 0, of = 1) => ({ top: `${((f - first * 60) / 60) * 3}rem`, height: `${Math.max(((u - f) / 60) * 3, 1.5)}rem`, left: `${(100 * column) / of}%`, width: `${100 / of}%` });
		return html`<div class="row wide-row week-head"><div class="row together"><button aria-label=${t('week_before')} onClick=${() => go({ from: plus(w.monday, -7) })}><${Icon} name="left" /></button>
				<button onClick=${() => go({ from: null })} disabled=${days.includes(w.today)}>${t('this_week')}</button><button aria-label=${t('week_after')} class="turned" onClick=${() => go({ from: plus(w.monday, 7) })}><${Icon} name="left" /></button>
				<b>${date(days[0])} – ${date(days[6])}</b></div><div class="row">${w.calendars.length > 1 && html`<select aria-label=${t('calendar')} value=${calendar || ''} onChange=${(e) => go({ calendar: e.target.value })}><option value="">${t('all_calendars')}</option>${w.calendars.map((c) => html`<option value=${c.calendar_id} selected=${c.calendar_id === calendar}>${c.name}</option>`)}</select>`}
				${me.writes && html`<${Book} main=${!one || one.status !== 'pending'} calendars=${w.calendars} monday=${days.includes(w.today) ? plus(w.today, 1) : w.monday} after=${page[2]} />`}</div></div>
		<p class="dim">${t('on_your_clock')} (${town(w.timezone)}). ${open.length > 0 && html`<a href="#/waiting?kind=appointment">${number(open.length)} ${t('to_decide')}</a>`}</p>
		${one && html`<${Chosen} a=${one} me=${me} act=${act} busy=${busy} close=${() => choose(null)} />`}
		<div class="week"><div class="hours" aria-hidden="true">${[...Array(last - first).keys()].map((i) => html`<span>${hourName(first + i)}</span>`)}</div>
			${days.map((d, i) => {
				const rows = placed(all, d);
				return html`<section class=${`day${d === w.today ? ' now' : ''}${shut(d) ? ' shut' : ''}`} key=${d} aria-label=${`${weekdayName(i + 1, 'long')} ${date(d)}`}><h3><span>${weekdayName(i + 1)}</span> ${Number(d.slice(8))}</h3>
					<ol style=${{ height: `${(last - first) * 3}rem` }}>${w.busy.map((b) => within(b, d)).filter(Boolean).map(([f, u]) => html`<li class="taken" style=${at(Math.max(f, first * 60), Math.min(u, last * 60))}><span class="sr">${t('busy_elsewhere')}</span></li>`)}
						${rows.map(([a, f, u, column, of]) => html`<li style=${at(f, u, column, of)}><button class=${`event ${a.status}`} aria-pressed=${a.appointment_id === chosen} onClick=${() => choose(a.appointment_id)} title=${`${a.who || ''} ${named(a.status)}`}><b>${hour(a.starts_at)}</b> <${Said}>${a.who}</${Said}><span class="sr">, ${named(a.status)}</span></button></li>`)}
						${d === w.today && minute(w.now) >= first * 60 && minute(w.now) < last * 60 && html`<li class="line-now" style=${{ top: `${((minute(w.now) - first * 60) / 60) * 3}rem` }}></li>`}</ol>${rows.length === 0 && html`<p class="dim none">${t('nothing_that_day')}</p>`}</section>`;
			})}</div>`;
	}}</${Loaded}>`;
}
