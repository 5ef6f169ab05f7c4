/* Other programs: the addresses where they leave leads, what tells them, and those that work for a member by MCP. */
import { html, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Sure } from '/forms.js';
import { Icon } from '/icons.js';
import { Area, Choice, Empty, Field, Form, Loaded, Problem, said, Table, useAction, usePage } from '/parts.js';
import { fill, nameOf, named, number, phone, t, time } from '/texts.js';

/* What is copied as it stands; a page without TLS, from another machine, has no clipboard. */
function Copy({ label, text }) {
	const [done, setDone] = useState(false);
	return html`<div class="copy"><span class="label">${label}</span><div class="row together"><code class="grow">${text}</code>${navigator.clipboard && html`<button type="button" aria-label=${`${t('x_copy')}: ${label}`}
		onClick=${() => navigator.clipboard.writeText(text).then(() => setDone(true))}>${t(done ? 'x_copied' : 'x_copy')}</button>`}</div></div>`;
}

/* How often it is looked whether something came in. */
const LOOK_MS = 5000;

/* Programs, as they write themselves. */
const programs = { hubspot: 'HubSpot', salesforce: 'Salesforce', pipedrive: 'Pipedrive', gohighlevel: 'GoHighLevel', facebook: 'Facebook' };
const ours = ['phone', 'first_name', 'last_name', 'email', 'company'];

/* Shown this once: where to send, and how. */
function Once({ made, mapping }) {
	const send = ['Ada Roe', '(212) 555-0101'].map((value, i) => `--data-urlencode '${[mapping.name || 'name', mapping.phone || 'phone'][i]}=${value}'`);
	return html`<section class="note made" role="status"><div><h3>${t('x_once')}</h3><${Copy} label=${t('x_address')} text=${made.url} />
		${made.secret && html`<${Copy} label=${t('x_secret')} text=${made.secret} /><p class="dim">${t('x_sign')}</p>`}
		${!made.secret && html`<${Copy} label=${t('x_try')} text=${`curl '${made.url}' ${send.join(' ')}`} />`}
		<p>${t('x_fields')}</p><dl class="facts">${Object.entries({ ...Object.fromEntries(ours.map((f) => [f, f])), ...mapping }).map(([to, from]) => html`<dt>${named(to)}</dt><dd><code>${from}</code></dd>`)}</dl>
		${made.confirmation && html`<p>${t('x_confirm')} <b>${made.confirmation}</b></p>`}</div></section>`;
}

function NewIntake({ presets, campaigns, made, busy, act }) {
	const [preset, choose] = useState('');
	const known = (presets.find((p) => p.preset === preset) || { mapping: {} }).mapping;
	const send = (values, form) => act(async () => {
		const own = Object.fromEntries(ours.map((f) => [f, values[`of_${f}`]]).filter(([f, theirs]) => theirs && theirs !== known[f]));
		const consent = values.wording ? { kinds: ['call', ...(values.texts ? ['text'] : [])], wording: values.wording, always: true } : {};
		const answer = await rpc('create_intake', { name: values.name, campaign_id: values.campaign ? Number(values.campaign) : null, preset: preset || null, mapping: own, consent,
			daily_limit: Number(values.daily_limit), signed: Boolean(values.signed) });
		made({ ...answer, mapping: { ...known, ...own } });
		form.reset();
	});
	return html`<${Form} className="long" busy=${busy} label=${t('create')} send=${send}><div class="row"><${Field} label=${t('name')} name="name" required maxlength="200" placeholder=${t('x_name_is')} />
			<${Choice} label=${t('x_into')} name="campaign" options=${[['', t('x_no_campaign')], ...campaigns]} />
			<${Field} label=${t('x_limit')} name="daily_limit" type="number" min="1" max="100000" value="100" required /></div>
		<${Choice} label=${t('x_program')} value=${preset} onChange=${(e) => choose(e.target.value)} options=${[['', t('x_own')], ...presets.map((p) => [p.preset, programs[p.preset] || p.preset])]} />
		<p class="dim">${t(`x_how_${preset || 'own'}`)}</p>
		<details key=${preset}><summary>${t('x_names')}</summary><p class="dim">${t('x_names_help')}</p><div class="row">${ours.map((f) => html`<${Field} key=${f} label=${named(f)} name=${`of_${f}`} value=${known[f] || ''} placeholder=${f} maxlength="200" />`)}</div></details>
		<details><summary>${t('x_consent')}</summary><${Area} label=${t('x_wording')} name="wording" rows="2" maxlength="2000" /><p class="dim">${t('x_wording_help')}</p>
			<label class="check"><input type="checkbox" name="texts" /><span>${t('x_texts')}</span></label></details>
		<label class="check"><input type="checkbox" name="signed" /><span>${t('x_signed')}</span></label></${Form}>`;
}

/* What happens, as a program would be told it: its fields in words, and not as a text of the machine's. */
function Sample({ kinds }) {
	const [rows, setRows] = useState(null);
	const [error, busy, act] = useAction();
	const look = (kind) => act(async () => setRows(await rpc('sample_events', { kind, max_events: 1 })));
	const flat = (value, name) => (value && typeof value === 'object' ? Object.entries(value).flatMap(([key, v]) => flat(v, name ? `${name}.${key}` : key)) : [[name, value]]);
	return html`<details><summary>${t('x_sample')}</summary><${Form} className="inline" busy=${busy} label=${t('show')} send=${({ kind }) => look(kind)}><${Choice} label=${t('what')} name="kind" options=${kinds.map((k) => [k, t(`w_${k}`)])} /></${Form}><${Problem} error=${error} />
		${rows && (rows.length > 0 ? html`<dl class="facts wide-facts">${flat(rows[0]).filter(([, v]) => v !== null && v !== '').map(([key, v]) => html`<dt><code>${key}</code></dt><dd>${said(String(v))}</dd>`)}</dl>` : html`<p class="dim" role="status">${t('x_no_sample')}</p>`)}</details>`;
}

/* Programs that speak MCP, such as assistants of other makers. */
function Mcp({ me, mcp, connected, act, busy }) {
	const at = mcp || `${location.origin}/mcp`;
	return html`<section class="block"><h2>${t('x_mcp')}</h2><p class="dim">${t('x_mcp_help')}</p>
		${mcp ? html`<${Copy} label=${t('x_mcp_login')} text=${at} /><p class="dim">${t('x_mcp_where')}</p>` : html`<p class="dim">${t('x_mcp_none')}</p>`}
		<details><summary>${t('x_mcp_key')}</summary><p class="dim">${t('x_key_help')} <a href="#/team">${t('x_keys')}</a></p><${Copy} label="Claude Code" text=${`claude mcp add --transport http voiceagent ${at}/key --header "Authorization: Bearer va_..."`} />
			<${Copy} label="Cursor" text=${`{"mcpServers": {"voiceagent": {"url": "${at}/key", "headers": {"Authorization": "Bearer va_..."}}}}`} />
			<${Copy} label="VS Code" text=${`{"servers": {"voiceagent": {"type": "http", "url": "${at}/key", "headers": {"Authorization": "Bearer va_..."}}}}`} /></details>
		<h3>${t('x_let_in')}</h3><div class="card"><${Table} quiet caption=${t('x_let_in')} id="connection_id" rows=${connected} empty=${t('none')} columns=${[[t('name'), (c) => html`<b>${said(c.name)}</b><br /><span class="dim">${said(c.host)}</span>`], [t('x_works_for'), (c) => said(c.email)],
			[t('since'), (c) => time(c.created_at)], [t('x_used'), (c) => time(c.used_at)],
			['', (c) => (me.owns || c.member_id === me.member_id) && html`<${Sure} label=${t('revoke')} busy=${busy} act=${() => act(() => rpc('revoke_connection', { connection_id: c.connection_id }))} />`]]} /></div></section>`;
}

export function Connect({ me }) {
	const page = usePage('connect_page', {}, 2000);
	const [error, busy, act] = useAction(page[2]);
	const [made, setMade] = useState(null);
	/* What comes in is told by no event. */
	useEffect(() => {
		const timer = setInterval(page[2], LOOK_MS);
		return () => clearInterval(timer);
	}, [page[2]]);
	const renew = (i) => act(async () => setMade({ ...await rpc('renew_intake', { intake_id: i.intake_id }), mapping: i.mapping }));
	/* What is typed outlives an answer that did not come. */
	const last = useRef(null);
	last.current = page[0] || last.current;
	return html`<${Problem} error=${error || (last.current && page[1])} /><${Loaded} page=${last.current ? [last.current] : page}>${(p) => html`<section class="block"><h2>${t('x_leads')}</h2><p class="dim">${t('x_leads_help')}</p>${made && html`<${Once} made=${made} mapping=${made.mapping} />`}
			<div class="card"><${Table} quiet caption=${t('x_leads')} id="intake_id" rows=${p.intakes} empty=${html`<${Empty} icon="plug" text=${t('e_intakes')} />`} columns=${[[t('name'), (i) => html`<b>${said(i.name)}</b>`], [t('campaign'), (i) => said(i.campaign || '–')],
				[t('status'), (i) => html`<span class=${`pill ${i.active ? 'good' : ''}`}>${t(i.active ? 'x_open' : 'x_closed')}</span>`], [t('x_joined'), (i) => number(i.joined), 'number'],
				[t('x_refused'), (i) => i.last_refusal && html`${number(i.refused)} <span class="dim" lang="en">${said(i.last_refusal)}</span>`],
				['', (i) => me.writes && i.active && html`<div class="row together"><${Sure} label=${t('x_renew')} busy=${busy} act=${() => renew(i)} /><${Sure} label=${t('x_close')} busy=${busy} act=${() => act(() => rpc('close_intake', { intake_id: i.intake_id }))} /></div>`]]} /></div>
			${me.writes && html`<details class="card" open=${p.intakes.length === 0}><summary>${t('x_new')}</summary><${NewIntake} presets=${p.presets} campaigns=${p.campaigns} made=${setMade} busy=${busy} act=${act} /></details>`}
			${p.requests.length > 0 && html`<h3>${t('x_came')}</h3><div class="card"><${Table} quiet caption=${t('x_came')} id="key" rows=${p.requests.map((r, key) => ({ key, ...r }))} columns=${[[t('when'), (r) => time(r.received_at), 'nw'],
				[t('who'), (r) => (r.lead_id ? html`<a href=${`#/leads/${r.lead_id}`}>${said(nameOf(r) || phone(r.phone))}</a>` : '–')], [t('x_by'), (r) => said(r.intake)], [t('outcome'), (r) => html`<span class=${`pill ${{ added: 'good', refused: 'bad', do_not_call: 'warn' }[r.outcome] || ''}`}>${t(`x_o_${r.outcome.replaceAll(' ', '_')}`)}</span>`]]} /></div>`}</section>
		<section class="block"><h2>${t('x_told')}</h2><p class="dim">${t('x_told_help')}</p><ul class="steps-of"><li><b>Zapier</b> Webhooks by Zapier, Catch Hook</li><li><b>Make</b> Webhooks, Custom webhook</li><li><b>n8n</b> Webhook, POST, Production URL</li></ul>
			<p><a class="button" href="#/webhooks">${t('x_subscribe')}</a></p><${Sample} kinds=${p.kinds} /></section>
		<${Mcp} me=${me} mcp=${p.mcp} connected=${p.programs} act=${act} busy=${busy} />`}</${Loaded}>`;
}
