/* Numbers and their hours, incoming calls, the people to whom calls are put through, calendars. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Editable, Sure, weekdays } from '/forms.js';
import { byLine, Choice, Field, Form, Loaded, Problem, Said, said, Table, toCall, useAction, usePage } from '/parts.js';
import { clockTime, named, number, phone, t, time, town, weekdayName, word } from '/texts.js';

const yes = (value) => t(value ? 'yes' : 'no');
/* A choice among rows: their ids, and what each is called. */
const among = (rows, id, name) => ({ kind: 'choice', choices: rows.map((row) => row[id]), labels: Object.fromEntries(rows.map((row) => [row[id], row[name]])) });
const answerers = ['assistant', 'forward', 'message', 'reject'];
const answers = { kind: 'choice', choices: answerers };

function numberFields(assistants, calendars) {
	const labels = Object.fromEntries(answerers.map((a) => [a, t(`answer_${a}`)]));
	return [['friendly_name', 'name', { max: 200 }], ['ai_assistant_id', 'assistant', among(assistants, 'assistant_id', 'name')], ['is_active', 'active', { kind: 'boolean' }],
		['business_hours_start', 'open_from', { kind: 'time' }], ['business_hours_end', 'open_until', { kind: 'time', end: true }],
		['in_hours', 'in_hours', { ...answers, choices: [...answerers, 'stop_line'], labels: { ...labels, stop_line: t('answer_stop_line') }, help: t('by_itself') }], ['after_hours', 'after_hours', { ...answers, labels, help: t('by_itself') }],
		['forward_to_number', 'forward', {}], ['timezone', 'timezone', { kind: 'zone' }], ['greeting_message', 'greeting', { kind: 'long_text', max: 2000 }], ['after_hours_message', 'closed_message', { kind: 'long_text', max: 2000 }],
		['other_days', 'other_days', { kind: 'days', help: t('other_days_help') }], ['known_callers_only', 'known_only', { kind: 'boolean' }],
		['calls_per_day', 'calls_per_day', { kind: 'number', min: 1 }], ['calls_per_caller', 'calls_per_caller', { kind: 'number', min: 1 }],
		['calendar_id', 'calendar', among(calendars, 'calendar_id', 'name')]].map(([key, label, rest]) => ({ kind: 'text', key, label: t(label), ...rest }));
}

async function changeNumber(n, { calendar_id: calendar, ...details }) {
	if (Object.keys(details).length > 0) {
		await rpc('update_phone_number', { phone_number_id: n.phone_number_id, details });
	}
	if (calendar !== undefined) {
		await rpc('use_calendar', { calendar_id: calendar && Number(calendar), phone_number_id: n.phone_number_id });
	}
}

const withId = (details) => (details.ai_assistant_id ? { ...details, ai_assistant_id: Number(details.ai_assistant_id) } : details);

export function Incoming({ me }) {
	const page = usePage('incoming_page');
	const [made] = usePage('assistant_page');
	const [calendars] = usePage('calendar_page');
	const [form] = usePage(me.writes ? 'campaign_form' : null, {}, 60000);
	const lines = byLine((form && form.accounts) || []).map(([id, name]) => ({ id, name }));
	const fields = numberFields(((made && made.assistants) || []).filter((a) => a.active), calendars || []);
	const entered = { key: 'phone_number', label: t('phone'), kind: 'text', needed: true };
	return html`<${Loaded} page=${page}>${({ numbers, calls }) => html`
		<${Editable} main caption=${t('numbers')} empty=${t('e_numbers')} rows=${numbers} id="phone_number_id" after=${page[2]} label=${t('new_number')} fields=${fields} columns=${[
			[t('phone'), (n) => html`<b class="num">${phone(n.phone_number)}</b>`], [t('name'), (n) => said(n.name)], [t('status'), (n) => html`${n.state === 'ready' && !n.assistant && !n.forward_to && !n.details.greeting_message ? html`<span class="pill warn">${t('number_nobody')}</span>` : html`<span class=${`pill ${n.state === 'ready' ? 'good' : 'warn'}`}>${t(`number_${n.state}`, named(n.state))}</span>`}`],
			[t('assistant'), (n) => said(n.assistant)], [t('forward'), (n) => phone(n.forward_to)],
			[t('when'), (n) => n.from && `${clockTime(n.from)} – ${clockTime(n.until)} ${n.timezone ? `(${town(n.timezone)})` : ''}`]]}
			values=${(n) => ({ ...n.details, calendar_id: n.calendar_id })} change=${me.writes && ((n, changes) => changeNumber(n, withId(changes)))}
			newFields=${[entered, { key: 'provider_account_id', label: t('connection'), ...among(lines, 'id', 'name') }]}
			fresh=${{ provider_account_id: ((form && form.accounts.find(([, , sandbox]) => !sandbox)) || [])[0] }} add=${me.writes && (({ provider_account_id: line, ...values }) => rpc('create_phone_number', { ...values, ...(line ? { provider_account_id: Number(line) } : {}) }))} />
		<div class="card"><${Table} caption=${t('calls')} rows=${calls} id="call_id" columns=${[
			[t('when'), (c) => toCall(c.call_id, time(c.started_at))], [t('who'), (c) => said(c.who || phone(c.from))],
			[t('phone'), (c) => phone(c.to)], [t('answered'), (c) => yes(c.answered)], [t('outcome'), (c) => named(c.outcome)],
			[t('summary'), (c) => said(c.summary)]]} /></div>`}</${Loaded}>`;
}

export function Agents({ me }) {
	const page = usePage('agent_page');
	return html`<${Loaded} page=${page}>${({ agents, transfers, members }) => {
		const fields = [['name', 'name', { needed: true, max: 100 }], ['phones', 'phones', { kind: 'words', help: t('phones_help') }], ['active', 'active', { kind: 'boolean' }],
			['tier', 'tier', { kind: 'number', min: 1, max: 1000, help: t('tier_help') }], ['skills', 'skills', { kind: 'words' }], ['member_id', 'member', among(members, 'member_id', 'email')],
			['timezone', 'timezone', { kind: 'zone' }], ['wrap_up', 'wrap_up', { kind: 'minutes', min: 0 }], ['hours', 'open_hours', { kind: 'week', help: t('week_help') }]]
			.map(([key, label, rest]) => ({ kind: 'text', key, label: t(label), ...rest }));
		const sent = (values) => (values.member_id ? { ...values, member_id: Number(values.member_id) } : values);
		return html`<${Editable} main caption=${t('agents')} empty=${t('e_agents')} rows=${agents} id="agent_id" after=${page[2]} label=${t('new_agent')} fields=${fields} columns=${[
			[t('name'), (a) => said(a.name)], [t('phone'), (a) => a.phones.map(phone).join(', ')], [t('status'), (a) => t(!a.active ? 'inactive' : a.is_busy ? 'busy_now' : a.is_there ? 'there' : 'away')],
			[t('tier'), (a) => a.tier, 'number'], [t('skills'), (a) => said(a.skills.join(', '))], [t('transfers'), (a) => number(a.transfers), 'number']]}
			add=${me.writes && (({ active, ...values }) => rpc('add_agent', sent(values)))}
			change=${me.writes && ((a, changes) => rpc('update_agent', { agent_id: a.agent_id, changes: sent(changes) }))}
			remove=${me.writes && ((a) => rpc('remove_agent', { agent_id: a.agent_id }))} />
		<div class="card"><${Table} caption=${t('transfers')} empty=${t('e_transfers')} rows=${transfers} id="transfer_id" columns=${[[t('when'), (x) => time(x.requested_at)], [t('call'), (x) => toCall(x.call_id)],
			[t('agents'), (x) => said(x.agent || x.phone)], [t('reason'), (x) => said(x.reason)], [t('status'), (x) => word(x.state)]]} /></div>`;
	}}</${Loaded}>`;
}

const dayWord = (day) => weekdayName(weekdays.indexOf(day) + 1);
const spansOf = (hours) => (hours ? hours.map((span) => span.map(clockTime).join(' – ')).join(', ') : t('closed'));
/* What a week says, shortly. */
const weekOf = (hours) => (!hours ? t('always') : hours.days ? `${clockTime(hours.start)} – ${clockTime(hours.end)} ${hours.days.map(dayWord).join(' ')}`
	: weekdays.filter((day) => hours[day] && hours[day].length > 0).map((day) => `${dayWord(day)} ${spansOf(hours[day])}`).join('; '));

/* A calendar elsewhere that shows ours, and one whose times are taken here. */
function Elsewhere({ calendars, after }) {
	const [error, busy, act] = useAction(after);
	const [note, setNote] = useState(null);
	const send = ({ calendar, url }, form) => act(async () => {
		const id = { calendar_id: Number(calendar) };
		setNote(url ? await rpc('follow_calendar', { ...id, url }).then(() => ({ text: t('follows_it') })) : await rpc('calendar_link', id));
		form.elements.url.value = '';
	});
	return html`<section class="block"><h2>${t('elsewhere')}</h2><p class="dim">${t('elsewhere_help')}</p><${Problem} error=${error} />
		${note && html`<p class="note" role="status">${note.link ? html`<code>${new URL(note.link, location.href).href}</code>` : note.text}</p>`}
		<ol class="rows">${calendars.flatMap((c) => c.follows.map((f) => html`<li key=${f.followed_id}><span class="grow">
			${said(f.origin)} <span class="dim">${said(c.name)}</span></span><${Sure} label=${t('remove')} busy=${busy}
			act=${() => act(() => rpc('unfollow_calendar', { followed_id: f.followed_id }))} /></li>`))}</ol>
		<${Form} send=${send} busy=${busy} label=${t('link_or_follow')}>
			<${Choice} label=${t('calendar')} name="calendar" options=${calendars.map((c) => [c.calendar_id, c.name])} />
			<${Field} label=${t('its_address')} name="url" type="url" maxlength="2000" placeholder="https://calendar.google.com/…/basic.ics" /></${Form}></section>`;
}

export function Calendars({ me }) {
	const page = usePage('calendar_page');
	return html`<${Loaded} page=${page}>${(calendars) => {
		const fields = [['name', 'name', { needed: true, max: 100 }], ['timezone', 'timezone', { kind: 'zone' }], ['slot_length', 'slot_length', { kind: 'minutes', min: 1 }], ['buffer_before', 'buffer_before', { kind: 'minutes', min: 0 }],
			['buffer_after', 'buffer_after', { kind: 'minutes', min: 0 }], ['notice', 'notice', { kind: 'minutes', min: 0 }], ['day_limit', 'day_limit', { kind: 'number', min: 1 }], ['capacity', 'capacity', { kind: 'number', min: 1, max: 100 }],
			['holiday_country', 'holidays', { kind: 'country', max: 6, help: 'DE, US-CA' }],
			['booking_confirms', 'booking_confirms', { kind: 'choice', choices: ['at_once', 'by_person'], labels: { at_once: t('at_once'), by_person: t('by_person') } }],
			['hours', 'open_hours', { kind: 'week', help: t('week_help') }]].map(([key, label, rest]) => ({ kind: 'text', key, label: t(label), ...rest }));
		const days = calendars.flatMap((c) => c.days.map((d) => ({ ...d, key: `${c.calendar_id} ${d.day}`, calendar_id: c.calendar_id, calendar: c.name })));
		const day = [{ key: 'calendar_id', label: t('calendar'), ...among(calendars, 'calendar_id', 'name') }, { key: 'day', label: t('when'), kind: 'date', needed: true },
			{ key: 'hours', label: t('open_hours'), kind: 'spans', help: t('day_help') }, { key: 'reason', label: t('reason'), kind: 'text', max: 200 }];
		return html`<${Editable} main caption=${t('calendars')} empty=${t('e_calendars')} rows=${calendars} id="calendar_id" after=${page[2]} label=${t('new_calendar')} fields=${fields} columns=${[
			[t('name'), (c) => said(c.name)], [t('open_hours'), (c) => `${weekOf(c.hours)} (${town(c.timezone)})`], [t('slot_length'), (c) => number(c.slot_length), 'number'],
			[t('holidays'), (c) => c.holiday_country], [t('people'), (c) => said(c.people.map((p) => p.name).join(', '))]]}
			add=${me.writes && ((values) => rpc('create_calendar', values))}
			change=${me.writes && ((c, changes) => rpc('update_calendar', { calendar_id: c.calendar_id, changes }))} />
		<${Editable} caption=${t('other_days')} rows=${days} id="key" after=${page[2]} label=${t('new_day')} fields=${day} fresh=${{ calendar_id: calendars[0] && calendars[0].calendar_id }} columns=${[
			[t('when'), (d) => d.day], [t('calendar'), (d) => said(d.calendar)], [t('open_hours'), (d) => spansOf(d.hours)], [t('reason'), (d) => said(d.reason)]]}
			add=${me.writes && ((values) => rpc('set_calendar_day', { ...values, calendar_id: Number(values.calendar_id) }))}
			remove=${me.writes && ((d) => rpc('clear_calendar_day', { calendar_id: d.calendar_id, day: d.day }))} />
		${me.writes && calendars.length > 0 && html`<${Elsewhere} calendars=${calendars} after=${page[2]} />`}`;
	}}</${Loaded}>`;
}
