/* What is known of a person: each fact with the words that prove it and where they stand; a member corrects or forgets it. */
import { html } from '/vendor/preact-htm.js';
import { Icon } from '/icons.js';
import { Dialog, Field, Form, Problem, Said, useAction, usePage, WithReason } from '/parts.js';
import { named, t, time, town } from '/texts.js';
import { rpc } from '/api.js';

const TELLS = ['stands', 'contradicted', 'doubtful'];
const tells = (m) => TELLS.includes(m.state);

/* An appointment is told by the clock of its place. */
const shown = (m) => (m.what === 'promise' ? m.due_at && html`${t('until')} ${time(m.due_at)}` : m.what === 'appointment' ? `${time(m.value.slice(0, 16).replace(' ', 'T'))} (${town(m.value.slice(17))})` : html`<${Said}>${m.value}</${Said}>`);

/* Where it stands: the call, of which a link tells all, or whose word it is. */
const source = (m) => (m.source === 'call' ? html`<a href=${`#/calls/${m.source_id}`}>${t('call')} · ${time(m.said_at)}</a>`
	: html`<span class="dim">${m.source === 'member' ? html`<${Said}>${m.said_by.replace(/^member( \d+ ?)?/, '') || t('member')}</${Said}>` : t(`known_${m.source}`)} · ${time(m.said_at)}</span>`);

function Fact({ m, children }) {
	return html`<li><span class="grow"><span><b>${m.what === 'field' ? html`<${Said}>${m.name.replaceAll(/[._]/g, ' ')}</${Said}>` : named(m.what)}</b> ${shown(m)}
		${m.state !== 'stands' && html` <span class=${`pill ${tells(m) ? 'warn' : ''}`}>${tells(m) && html`<${Icon} name="alert" />`}${t(`known_${m.state}`)}</span>`}${m.played && html` <span class="pill">${t('sandbox')}</span>`}</span>
		${m.quote && m.quote !== m.value && html`<q><${Said}>${m.quote}</${Said}></q>`}${source(m)}${children}</span></li>`;
}

export function Memory({ id, me }) {
	const [facts, failed, again] = usePage('lead_memory', { lead_id: id });
	const [error, busy, act] = useAction(again);
	if (!facts || facts.length === 0) {
		return html`<${Problem} error=${failed} />`;
	}
	const told = facts.filter(tells);
	const past = facts.filter((m) => !tells(m));
	/* What is said of a field is said of all of its values. */
	const newest = (m) => m.what === 'field' && told.find((x) => x.what === 'field' && x.name === m.name) === m;
	return html`<section class="block"><h2>${t('known')}</h2><${Problem} error=${error} /><ol class="rows">${told.map((m) => html`<${Fact} m=${m}>${me.writes && newest(m) && html`<span><span class="row">
			<${Dialog} label=${t('correct')} disabled=${busy} title=${`${t('correct')}: ${m.name.replaceAll(/[._]/g, ' ')}`}>${(close) => html`<${Form} busy=${busy} label=${t('save')} send=${(values) => act(async () => {
				await rpc('correct_memory', { lead_id: id, name: m.name, value: values.value, why: values.reason });
				close();
			})}><${Field} label=${t('value')} name="value" value=${m.value} required maxlength="300" /><${Field} label=${t('reason')} name="reason" required maxlength="500" /></${Form}>`}</${Dialog}>
			<${WithReason} label=${t('known_forget')} busy=${busy} act=${(why) => act(() => rpc('forget_memory', { lead_id: id, name: m.name, why }))} /></span></span>`}</${Fact}>`)}</ol>
		${past.length > 0 && html`<details><summary>${t('known_past')}</summary><ol class="rows">${past.map((m) => html`<${Fact} m=${m} />`)}</ol></details>`}</section>`;
}
