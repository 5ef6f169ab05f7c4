/* Before a campaign starts: what stands in its way, what may be better, what it will do and cost; each in words, with what mends it. */
import { html, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { Icon } from '/icons.js';
import { Ask, Bars, Field, Form, Loaded, Problem, Said, useAction, usePage } from '/parts.js';
import { fill, leadsWord, number, t, time } from '/texts.js';

/* Where a check is mended. */
export const places = { help: 'tickets', assistant: 'assistants', connections: 'accounts', credits: 'money', leads: 'leads', numbers: 'incoming', approval: 'waiting', tools: 'own_tools', settings: 'tenant' };
const marks = { stops: ['bad', 'alert'], warns: ['warn', 'info'], good: ['good', 'check'], leads: ['', 'info'], tells: ['', 'info'] };

function Check({ check: { state, mend, key }, id, text, note, lacking }) {
	const [level, icon] = marks[state];
	/* The one lead, and what it lacks. */
	const lacks = lacking && /variable/.test(key);
	const place = lacks ? `leads/${lacking.lead_id}?lacks=${lacking.variables}` : mend === 'campaign' ? `campaigns/${id}?tab=settings` : places[mend];
	return html`<li class=${`check-row ${level}`}><span class="dot"><${Icon} name=${icon} /></span><span class="grow"><b>${text}</b>${note && html`<br /><span class="dim">${note}</span>`}${lacks && html`<br /><b><${Said}>${lacking.variables.join(', ').replaceAll('_', ' ')}</${Said}></b>`}</span>
		${place && html`<a class="button" href=${`#/${place}`}>${t(lacks ? 'open_lead' : mend === 'campaign' ? 'change' : `open_${place}`)}</a>`}</li>`;
}

/* What a check says, and what stands below it, by its key. */
function told(c, p) {
	const help = t(`c_${c.key}_help`, ' ');
	if (c.state === 'leads') {
		return [`${leadsWord(c.number)}: ${t(`b_${c.key}`)}`];
	} else if (c.key === 'leads') {
		return [fill('ahead_leads', number(p.callable), number(p.leads), number(p.callable_now)), t(p.lawful ? 'ahead_lawful' : 'ahead_rehearsal')];
	} else if (c.key === 'cost') {
		return [fill('ahead_cost', number(p.estimated_cost), number(p.credits_available)), fill('ahead_most', number(p.worst_cost), number(p.credits_held_per_call))];
	} else if (c.key === 'pace') {
		const from = p.assumptions.from_calls > 0 ? fill('ahead_from', number(p.assumptions.from_calls), number(Math.round(p.assumptions.answer_rate * 100))) : t('ahead_no_calls');
		return [fill('ahead_pace', number(p.concurrent_calls), number(Math.min(p.calls_per_hour, 3600))), `${p.estimated_finish ? `${fill('ahead_done', time(p.estimated_finish))} ` : ''}${from}`];
	}
	/* The law's own words are in one language. */
	return [`${t(`c_${c.key}`)}${c.number ? ` (${number(c.number)})` : ''}`, c.key === 'law' ? html`<span lang="en"><${Said}>${c.says}</${Said}></span>` : help.trim()];
}

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

/* Whoever starts it has looked it over: the button stands below what was found. */
export function Ahead({ id, me, status, started }) {
	const page = usePage('preview_campaign', { campaign_id: id }, 10000);
	const [error, busy, act] = useAction(started);
	return html`<section class="ahead" aria-live="polite"><${Loaded} page=${page}>${(p) => {
		const stands = p.checks.filter((c) => c.state === 'stops').length;
		return html`<p class=${stands ? 'bad' : 'good'}><b>${stands ? fill(stands === 1 ? 'ahead_stands_one' : 'ahead_stands', number(stands)) : t('ahead_ready')}</b></p>
		<ul class="checks">${p.checks.map((c) => {
			const [text, note] = told(c, p);
			return html`<${Check} key=${c.key + c.state} check=${c} id=${id} text=${text} note=${note} lacking=${p.lacking} />`;
		})}</ul>
		${me.writes && p.confirmation && p.checks.some((c) => c.key === 'confirm') && html`<${Confirm} id=${id} text=${p.confirmation} after=${page[2]} />`}
		<${Problem} error=${error} />
		<div class="row acts">${me.writes && status !== 'scheduled' && html`<${Ask} main label=${t('start_ask')} disabled=${busy || stands > 0} title=${`${t('start_this')} ${p.name}`} yes=${t('start_now')} no=${t('not_yet')} act=${() => act(() => later('start_campaign', { campaign_id: id }))}>
				<p>${fill('ahead_leads', number(p.callable), number(p.leads), number(p.callable_now))}.</p>${!p.lawful && html`<p>${t('ahead_rehearsal')}</p>`}<p>${fill('ahead_cost', number(p.estimated_cost), number(p.credits_available))}.</p></${Ask}>`}
			${me.writes && html`<${Simulation} id=${id} />`}</div>`;
	}}</${Loaded}></section>`;
}
