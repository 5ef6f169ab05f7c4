/* One lead: who it is, whether it may be called now, and what happened with that person. */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { local, Outcome } from '/day.js';
import { Sure } from '/forms.js';
import { Icon } from '/icons.js';
import { Ask, Choice, Field, Form, Loaded, Problem, Said, useAction, usePage, WithReason } from '/parts.js';
import { hour, named, nameOf, phone, seconds, stage, t, time, town, word } from '/texts.js';

const icons = { call: 'calls', text: 'bubble', appointment: 'calendar', task: 'clock', consent: 'check', held: 'alert', do_not_call: 'stop', campaign: 'campaigns', added: 'leads' };

/* What it was, in words. */
function Thing({ x }) {
	switch (x.kind) {
		case 'call':
			return html`<a href=${`#/calls/${x.call_id}`}><b>${t('call')}, ${t(x.direction)}</b></a> ${seconds(x.seconds)} <${Outcome} call=${x} />${x.summary && html`<br /><span class="dim"><${Said}>${x.summary}</${Said}></span>`}`;
		case 'text':
			return html`<b>${t('sms')}, ${t(x.direction)}</b> ${x.direction === 'outbound' && word(`sms_${x.status}`)}${x.reason && html` <span class="dim"><${Said}>${x.reason}</${Said}></span>`}<q><${Said}>${x.body}</${Said}></q>`;
		case 'appointment':
			return html`<b>${local(x)}</b> ${word(x.status)}`;
		case 'task':
			return html`<b>${word(x.task)}</b> ${x.finished_at ? t('done') : ''}${x.note && html`<br /><span class="dim"><${Said}>${x.note}</${Said}></span>`}`;
		case 'consent':
			return html`<b>${t(x.revoked_at ? 'consent_revoked' : `consent_${x.to}`)}</b><br /><span class="dim"><${Said}>${x.source}</${Said}></span>`;
		case 'held':
		case 'do_not_call':
			return html`<b>${t(x.kind === 'held' ? 'need_hold' : 'b_stop')}</b><br /><span class="dim"><${Said}>${x.quote || x.reason}</${Said}></span>`;
		case 'campaign':
			return html`<b>${t('campaign')}: <${Said}>${x.name}</${Said}></b>`;
		default:
			return html`<b>${t('lead_added')}</b>`;
	}
}

/* What the law and the lists say of a call now. */
function MayCall({ lead, may }) {
	const [hours, error] = usePage('callable_hours', { phone: lead.phone }, 60000);
	const now = may && hours && hours.callable;
	const when = !may ? t('b_stop') : hours && (now ? (hours.closes_at ? `${t('until')} ${hour(hours.closes_at)}` : '') : hours.opens_at ? `${t('from')} ${time(hours.opens_at, true)}` : t('b_hours'));
	return html`<section class="block"><h2>${t('may_call_now')}</h2><${Problem} error=${error} />${(hours || !may) && html`<p><span class=${`pill ${now ? 'good' : may ? 'warn' : 'bad'}`}><${Icon} name=${now ? 'check' : may ? 'clock' : 'stop'} />${t(now ? 'yes' : 'no')}</span> ${when}</p>`}
		${lead.timezones.length > 0 && html`<p class="dim">${lead.timezones.map(town).join(', ')}</p>`}<p class="dim">${t('may_call_by')}</p></section>`;
}

/* To what the person has agreed, and where; a call by a machine may need it. */
function Consents({ id, all, me, act, busy }) {
	const give = (values, form) => act(async () => {
		await rpc('record_consent', { lead_id: id, kind: values.kind, source: values.source, wording: values.wording || null });
		form.reset();
	});
	const kinds = [...new Set(all.map((c) => c.to))];
	return html`<section class="block"><h2>${t('consents')}</h2>${all.length === 0 ? html`<p class="dim">${t('none')}</p>`
		: html`<ol class="rows">${all.map((c) => html`<li key=${c.consent_id}><span class="grow"><b>${t(`consent_${c.to}`)}</b>
			<span class="dim">${time(c.granted_at)} · <${Said}>${c.source}</${Said}></span>${c.wording && html`<q><${Said}>${c.wording}</${Said}></q>`}</span></li>`)}</ol>`}
		${me.writes && html`<div class="row">${kinds.map((kind) => html`<${Sure} key=${kind} label=${`${t('revoke')}: ${t(`consent_${kind}`)}`} busy=${busy}
			act=${() => act(() => rpc('revoke_consent', { lead_id: id, kind }))} />`)}</div>
		<details><summary>${t('new_consent')}</summary><${Form} send=${give} busy=${busy} label=${t('save')}>
			<${Choice} label=${t('what')} name="kind" options=${['call', 'recording', 'text', 'appointment'].map((k) => [k, t(`consent_${k}`)])} />
			<${Field} label=${t('where_given')} name="source" required maxlength="500" /><${Field} label=${t('which_words')} name="wording" maxlength="2000" /></${Form}></details>`}</section>`;
}

export function Lead({ id, me, title }) {
	const page = usePage('lead_page', { lead_id: id });
	const [form] = usePage(me.writes ? 'campaign_form' : null, {}, 60000);
	const [runs] = usePage(me.writes ? 'campaign_page' : null, {}, 60000);
	const [older, setOlder] = useState([]); /* page by page */
	const [error, busy, act] = useAction(page[2]);
	const lead = page[0] && page[0].lead;
	const name = lead && (nameOf(lead) || phone(lead.phone));
	useEffect(() => name && title(name), [name]);
	/* One that answers calls knows nothing to call for. */
	const callers = form ? form.assistants.filter(([, , answers]) => !answers) : [];
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ campaigns, timeline, consents, may_call: may, may_text: texts }) => {
		const others = (runs || []).filter((c) => !campaigns.some((x) => x.campaign_id === c.campaign_id));
		const all = [...timeline, ...older.flat()];
		const more = () => act(async () => setOlder([...older, await rpc('lead_timeline', { lead_id: id, before: all[all.length - 1].at })]));
		const facts = [[t('phone'), phone(lead.phone)], [t('email'), lead.email], [t('company'), lead.company], [t('tag'), lead.tags.join(', ')], [t('stage'), stage(lead.status)],
			...Object.entries(lead.context).map(([key, value]) => [key.replaceAll('_', ' '), typeof value === 'object' ? '' : String(value)])].filter(([, value]) => value);
		return html`<div class="cols"><div><section class="block"><h2>${t('what_happened')}</h2><ol class="rows line">${all.map((x, i) => html`<li key=${`${x.kind}${x.at}${i}`}><span class="dot"><${Icon} name=${icons[x.kind] || 'info'} /></span>
				<span class="grow"><${Thing} x=${x} /></span><span class="dim nw">${time(x.at)}</span></li>`)}</ol>
				${(older.at(-1) || timeline).length >= 50 && html`<button disabled=${busy} onClick=${more}>${t('more')}</button>`}</section></div>
			<aside class="rail" aria-label=${t('about_it')}><${MayCall} lead=${lead} may=${may} />
				<section class="block"><h2>${t('about_it')}</h2><dl class="facts">${facts.map(([key, value]) => html`<dt><${Said}>${key}</${Said}></dt><dd><${Said}>${value}</${Said}></dd>`)}</dl></section>
				${campaigns.length > 0 && html`<section class="block"><h2>${t('campaigns')}</h2><ol class="rows">${campaigns.map((c) => html`<li key=${c.campaign_id}><span class="grow"><a href=${`#/campaigns/${c.campaign_id}`}><b><${Said}>${c.name}</${Said}></b></a>${c.not_before && html`<span class="dim">${t('next_try')}: ${time(c.not_before)}</span>`}</span><span class="pill">${stage(c.status)}</span></li>`)}</ol></section>`}
				<${Consents} id=${id} all=${consents} me=${me} act=${act} busy=${busy} />
				${me.writes && others.length > 0 && html`<details class="card"><summary>${t('into_campaign')}</summary><${Form} busy=${busy} label=${t('add')}
					send=${(values) => act(() => later('add_leads', { campaign_id: Number(values.campaign), lead_ids: [id] }))}>
					<${Choice} label=${t('campaign')} name="campaign" options=${others.map((c) => [c.campaign_id, c.name])} /></${Form}></details>`}
				${me.writes && html`<details class="card"><summary>${t('change')}</summary><${Form} key=${JSON.stringify(lead)} busy=${busy} label=${t('save')}
					send=${(values) => act(() => rpc('update_lead', { lead_id: id, changes: Object.fromEntries(Object.entries(values).map(([key, v]) => [key, v || null])) }))}>
					${['first_name', 'last_name', 'company', 'email'].map((key) => html`<${Field} label=${named(key)} name=${key} value=${lead[key]} maxlength="200" />`)}
					<${Choice} label=${named('priority')} name="priority" value=${lead.priority} options=${[...'0123456789'].map((n) => [n, n])} /></${Form}></details>`}
				${me.writes && may && texts && html`<section class="block"><${Form} busy=${busy} label=${t('send')} send=${(values, form) => act(async () => {
					await rpc('send_text', { lead_id: id, body: values.body });
					form.reset();
				})}><label><span>${t('sms')}</span><textarea name="body" rows="3" required maxlength="1600" /></label></${Form}></section>`}
				${me.writes && may && callers.length > 0 && html`<section class="block"><${Form} busy=${busy} label=${t('call_now')}
					send=${(values) => act(() => rpc('call_now', { lead_id: id, assistant_id: Number(values.assistant) }))}>
					<${Choice} label=${t('assistant')} name="assistant" options=${callers} /></${Form}></section>`}
				${me.owns && html`<section class="block"><${Ask} label=${t('forget')} disabled=${busy} title=${name} yes=${t('forget_yes')} no=${t('forget_no')} act=${() => act(async () => {
					await rpc('erase_lead', { lead_id: id });
					location.hash = '#/leads';
				})}><p>${t('forget_help')}</p></${Ask}></section>`}
				${me.writes && html`<p><a href=${`#/cases?phone=${encodeURIComponent(lead.phone)}`}>${t('case_file')}</a></p>`}
				${me.writes && may && html`<section class="block"><${WithReason} label=${t('never_call')} busy=${busy} act=${(reason) => act(() => rpc('do_not_call', { phone: lead.phone, reason }))} /></section>`}</aside></div>`;
	}}</${Loaded}>`;
}
