/* Campaigns: what they do, start and pause. */
import { html, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { Preview } from '/ahead.js';
import { Choice, Empty, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { leadsWord, number, t, word } from '/texts.js';

function NewCampaign({ after, open, set }) {
	const [answer] = usePage('assistant_page');
	const [error, busy, act] = useAction(after);
	const [added, setAdded] = useState(null);
	const assistants = ((answer && answer.assistants) || []).filter((a) => a.active);
	const send = (values, form) => act(async () => {
		/* Without hours of its own it has those of the business. */
		const settings = values.from && values.until ? { calling_hours: { start: values.from, end: values.until, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] } } : {};
		const campaign = await rpc('create_campaign', { name: values.name, assistant_id: Number(values.assistant_id), settings });
		setAdded(values.all ? await later('add_leads', { campaign_id: campaign }) : null);
		form.reset();
	});
	if (answer && assistants.length === 0) {
		return open && html`<${Empty} icon="assistants" text=${t('needs_assistant')}><a class="button main" href="#/assistants">${t('first_assistant')}</a></${Empty}>`;
	}
	return html`<details class="card" open=${open} onToggle=${(event) => set(event.target.open)}><summary>${t('new_campaign')}</summary><${Problem} error=${error} />
		${added !== null && html`<p role="status">${t('all_leads')}: ${number(added)}. ${t('others_in')}</p>`}
		<${Form} send=${send} busy=${busy || assistants.length === 0} label=${t('create')}><${Field} label=${t('name')} name="name" required maxlength="200" />
		<${Choice} label=${t('assistant')} name="assistant_id" options=${assistants.map((a) => [a.assistant_id, a.name])} />
		<div class="row"><${Field} label=${t('calls_from')} name="from" placeholder="09:00" pattern="[0-9]{1,2}:[0-9]{2}" /><${Field} label=${t('calls_until')} name="until" placeholder="20:00" pattern="[0-9]{1,2}:[0-9]{2}" /></div>
		<label class="check"><input type="checkbox" name="all" />${t('all_leads')}</label></${Form}></details>`;
}

export function Campaigns({ me }) {
	const page = usePage('campaign_page');
	const [looked, look] = useState(null);
	const [open, set] = useState(false);
	const none = page[0] !== null && page[0].length === 0;
	const [error, busy, act] = useAction(page[2]);
	const button = (name, label, c) => html`<button disabled=${busy} onClick=${() => act(() => later(name, { campaign_id: c.campaign_id }))}>${label}</button>`;
	const actions = (c) => html`<div class="row">${c.status !== 'completed' && html`<button onClick=${() => look(c.campaign_id)}>${t('preview')}</button>`}
		${me.writes && (c.status === 'running' ? button('pause_campaign', t('pause'), c)
			: c.status === 'paused' ? button('resume_campaign', t('resume'), c) : c.status === 'completed' ? null : button('start_campaign', t('start'), c))}</div>`;
	return html`<${Problem} error=${error} />
		${looked !== null && html`<${Preview} key=${looked} id=${looked} me=${me} close=${() => look(null)} />`}
		<${Loaded} page=${page}>${(rows) => html`<div class="card"><${Table} quiet caption=${t('campaigns')} empty=${!open && html`<${Empty} icon="campaigns" text=${t('e_campaigns')}>${me.writes && html`<button class="main" onClick=${() => set(true)}>${t('new_campaign')}</button>`}</${Empty}>`} rows=${rows} id="campaign_id" columns=${[
			[t('name'), (c) => html`<${Said}>${c.name}</${Said}>`], [t('status'), (c) => html`<span class=${`pill ${{ running: 'good live', paused: 'warn' }[c.status] || ''}`}>${word(c.status)}</span><br /><span class="dim"><${Said}>${c.status_reason}</${Said}></span>`],
			[t('progress'), (c) => html`<progress max="100" value=${c.percent_done || 0} aria-label=${t('progress')}></progress> <span class="nw">${number(c.percent_done || 0)} %</span><br /><span class="dim">${leadsWord(c.total_leads)}</span>`],
			[t('calls'), (c) => number(c.calls), 'number'], [t('answered'), (c) => number(c.answered_calls), 'number'], [t('appointments'), (c) => number(c.appointments_agreed), 'number'],
			[t('spent'), (c) => number(c.credits_spent), 'number'], [t('actions'), actions]]} /></div>`}</${Loaded}>
		${me.writes && (open || !none) && html`<${NewCampaign} after=${page[2]} open=${open} set=${set} />`}`;
}
