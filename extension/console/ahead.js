/* Before a campaign starts: what stands in its way, what may be better, what it will do and cost; each in words, with what mends it. */
import { html, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { Icon } from '/icons.js';
import { Bars, Field, Form, Loaded, Problem, Said, useAction, usePage } from '/parts.js';
import { number, t, time, word } from '/texts.js';

/* What the database says, the words for it, and the page that mends it. */
const says = [
	[/^the tenant is not active/, 'c_business', 'tickets'], [/assistant is not active/, 'c_assistant', 'assistants'], [/account is not active/, 'c_account_off', 'accounts'],
	[/not armed/, 'c_not_armed', 'accounts'], [/public_base_url/, 'c_unreachable', 'tickets'], [/carrier account rests/, 'c_rests', 'accounts'], [/cannot place calls/, 'c_no_number', 'accounts'],
	[/^not confirmed/, 'c_confirm'], [/^paused/, 'c_paused'], [/^not enough credits/, 'c_credits', 'money'], [/^spend cap/, 'c_cap', 'money'], [/is archived/, 'c_archived'], [/has expired/, 'c_expired'],
	[/wants the caller named/, 'c_caller_name', 'tickets'], [/how to stop the calls|what the law wants said/, 'c_stop_words', 'assistants'], [/characters of one text/, 'c_long', 'assistants'],
	[/answered test call/, 'c_test_call', 'tickets'], [/whether a machine answers/, 'c_machine', 'accounts'], [/^variables of the prompt/, 'c_variables', 'leads'], [/no leads to call/, 'c_no_leads', 'leads'],
	[/^who calls back/, 'c_call_back', 'incoming'], [/^nobody has heard/, 'c_unheard', 'assistants'], [/wait for an approval/, 'c_approval', 'waiting'], [/^the tool/, 'c_tool', 'own_tools'],
];
/* Why a lead is not called. */
const why = [
	[/^completed/, 'b_done'], [/^failed/, 'b_failed'], [/^skipped/, 'b_skipped'], [/^expired/, 'b_expired'], [/do.not.call list is missing/, 'b_list'], [/^do_not_call|do.not.call|opt|blocked/i, 'b_stop'],
	[/^missing variable/, 'b_variable', 'leads'], [/^no attempts left/, 'b_tries'], [/^wrong number/, 'b_wrong'], [/consent/, 'b_consent', 'leads'], [/caller named/, 'b_name'], [/^unknown time zone/, 'b_zone', 'leads'],
	[/calling window/, 'b_hours'],
];
/* What nobody has words for is told as it is, without the names of what we are made of. */
const plain = (text) => text.replace(/\b\w+\([^)]*\)/g, '').replaceAll('_', ' ');
const read = (table, text) => table.find(([what]) => what.test(text)) || [null, null];

function Check({ level, text, note, mend }) {
	const icon = { bad: 'alert', warn: 'info', good: 'check', info: 'info' }[level];
	return html`<li class=${`check-row ${level}`}><span class="dot"><${Icon} name=${icon} /></span><span class="grow"><b>${text}</b>${note && html`<br /><span class="dim">${note}</span>`}</span>
		${mend && html`<a class="button" href=${`#/${mend}`}>${t(`open_${mend}`)}</a>`}</li>`;
}

const told = (level) => (text) => {
	const [, key, mend] = read(says, text);
	const count = /(\d+) of the leads/.exec(text);
	return html`<${Check} level=${level} text=${key ? `${t(key)}${count ? ` (${number(count[1])})` : ''}` : html`<${Said}>${plain(text)}</${Said}>`} note=${key && t(`${key}_help`) !== `${key}_help` && t(`${key}_help`)} mend=${mend} />`;
};
const blocked = ([text, n]) => {
	const [, key, mend] = read(why, text);
	return html`<${Check} level="info" text=${`${number(n)} ${t(n === 1 ? 'lead' : 'leads_word')}: ${key ? t(key) : plain(text)}`} mend=${mend} />`;
};

/* On a real carrier somebody types what a start would do, before anybody is called. */
function Confirm({ id, text, after }) {
	const [error, busy, act] = useAction(after);
	const send = ({ confirmation }) => act(() => rpc('confirm_campaign', { campaign_id: id, confirmation }));
	return html`<${Problem} error=${error} /><${Form} send=${send} busy=${busy} label=${t('confirm')}>
		<${Field} label=${`${t('type_this')}: ${text}`} name="confirmation" required autocomplete="off" /></${Form}>`;
}

/* Two weeks ahead, played on a copy. */
function Simulation({ id }) {
	const [rows, setRows] = useState(null);
	const [error, busy, act] = useAction();
	const whole = rows && rows.find((r) => r.day === null);
	return html`<${Problem} error=${error} /><button disabled=${busy} onClick=${() => act(async () => setRows(await later('simulate', { campaign_id: id })))}>${t('simulate')}</button>
		${whole && html`<${Bars} caption=${t('simulated')} bars=${rows.filter((r) => r.day && r.hour === null).map((r) => ({ ...r, name: r.day.slice(5) }))} />
			<p>${t('calls')} ${number(whole.calls)} · ${t('appointments')} ${number(whole.appointments)} · ${t('credits')} ${number(whole.credits)} <${Said}>${whole.note}</${Said}></p>`}`;
}

export function Preview({ id, close, me }) {
	const page = usePage('preview_campaign', { campaign_id: id });
	const fill = (key, values) => values.reduce((text, value) => text.replace('%', value), t(key));
	return html`<section class="ahead" aria-live="polite"><${Loaded} page=${page}>${(p) => {
		const from = p.assumptions.from_calls > 0 ? fill('ahead_from', [number(p.assumptions.from_calls), number(Math.round(p.assumptions.answer_rate * 100))]) : t('ahead_no_calls');
		return html`<header class="row"><h2 class="grow">${t('preview')}: <${Said}>${p.name}</${Said}></h2><span class="pill">${word(p.status)}</span></header>
		<p class=${p.obstacles.length ? 'bad' : 'good'}><b>${p.obstacles.length ? fill('ahead_stands', [number(p.obstacles.length)]) : t('ahead_ready')}</b></p>
		<ul class="checks">${p.obstacles.map(told('bad'))}${p.warnings.map(told('warn'))}
			<${Check} level=${p.callable > 0 ? 'good' : 'warn'} text=${fill('ahead_leads', [number(p.callable), number(p.leads), number(p.callable_now)])} note=${p.lawful ? t('ahead_lawful') : t('ahead_rehearsal')} />
			${Object.entries(p.blocked).map(blocked)}
			<${Check} level=${p.affordable ? 'good' : 'warn'} text=${fill('ahead_cost', [number(p.estimated_cost), number(p.credits_available)])} note=${fill('ahead_most', [number(p.worst_cost), number(p.credits_held_per_call)])} mend=${p.affordable ? null : 'money'} />
			<${Check} level="info" text=${fill('ahead_pace', [number(p.concurrent_calls), number(p.calls_per_hour > 3600 ? 3600 : p.calls_per_hour)])} note=${html`${p.estimated_finish && `${fill('ahead_done', [time(p.estimated_finish)])} `}${from}`} /></ul>
		${me.writes && p.confirmation && html`<${Confirm} id=${id} text=${p.confirmation} after=${page[2]} />`}`;
	}}</${Loaded}>
		<div class="row acts">${me.writes && html`<${Simulation} id=${id} />`}<button onClick=${close}>${t('close')}</button></div></section>`;
}
