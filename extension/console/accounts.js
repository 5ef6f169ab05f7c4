/* Accounts at carriers, and at vendors of models, ears and voices. Keys go to the vault, and never come back. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Sure } from '/forms.js';
import { Choice, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { t, time, word } from '/texts.js';

const said = (text) => html`<${Said}>${text}</${Said}>`;
const state = (a) => html`${t(a.active ? 'active' : 'inactive')} <span class="dim">${said(a.trouble)} ${a.tested_at && html`${time(a.tested_at)}: ${word(a.test_result)} ${said(a.test_message)}`}</span>`;

/* What the carrier's driver asks for; a value of another kind than text is JSON. */
function NewCarrier({ providers, busy, act }) {
	const [provider, choose] = useState(providers[0].provider);
	const { credentials, settings } = providers.find((p) => p.provider === provider);
	const values = (fields, given, prefix) => Object.fromEntries((fields || []).filter((f) => given[prefix + f.name]).map((f) => [f.name, ['text', 'url', 'e164'].includes(f.kind) ? given[prefix + f.name] : JSON.parse(given[prefix + f.name])]));
	const send = (given, form) => act(async () => {
		await rpc('create_provider_account', { provider, name: given.name, credentials: values(credentials, given, 'c '), settings: values(settings, given, 's ') });
		form.reset();
	});
	const field = (prefix, type) => (f) => html`<${Field} label=${f.name.replaceAll('_', ' ')} name=${prefix + f.name} type=${type} help=${f.about} required=${f.required} autocomplete="off" />`;
	return html`<details class="card"><summary>${t('new_carrier')}</summary><${Form} send=${send} busy=${busy} label=${t('create')}>
		<${Choice} label=${t('carrier')} name="provider" value=${provider} onChange=${(event) => choose(event.target.value)} options=${providers.map((p) => [p.provider, p.title])} />
		<${Field} label=${t('name')} name="name" required maxlength="200" />${(credentials || []).map(field('c ', 'password'))}${(settings || []).filter((f) => f.required).map(field('s ', 'text'))}
		<details><summary>${t('more')}</summary>${(settings || []).filter((f) => !f.required).map(field('s ', 'text'))}</details></${Form}></details>`;
}

function NewModel({ vendors, busy, act }) {
	const send = (given, form) => act(async () => {
		await rpc('create_model_account', { provider: given.provider, name: given.name, api_key: given.api_key, default_model: given.default_model, base_url: given.base_url || null,
			settings: { ...(given.in_calls ? { in_calls: Number(given.in_calls) } : {}), ...(given.voice ? { voice: given.voice } : {}) } });
		form.reset();
	});
	return html`<details class="card"><summary>${t('new_model')}</summary><${Form} send=${send} busy=${busy} label=${t('create')}>
		<${Choice} label=${t('vendor')} name="provider" options=${vendors} /><${Field} label=${t('name')} name="name" required maxlength="200" />
		<${Field} label=${t('key')} name="api_key" type="password" required autocomplete="off" /><${Field} label=${t('model')} name="default_model" required />
		<${Field} label=${t('base_url')} name="base_url" type="url" /><${Field} label=${t('voice')} name="voice" /><${Field} label=${t('in_calls')} name="in_calls" type="number" min="1" max="20" help=${t('in_calls_help')} /></${Form}></details>`;
}

export function Accounts({ me }) {
	const page = usePage('account_page');
	const [error, busy, act] = useAction(page[2]);
	const actions = (id, test, change, away) => (a) => me.owns && html`<div class="row together">${test(a) && html`<button disabled=${busy} onClick=${() => act(() => rpc(test(a), { [id]: a[id] }))}>${t('test')}</button>`}
		<button disabled=${busy} onClick=${() => act(() => rpc(change, { [id]: a[id], active: !a.active }))}>${t(a.active ? 'switch_off' : 'switch_on')}</button>
		${away && html`<${Sure} label=${t('remove')} busy=${busy} act=${() => act(() => rpc(away, { [id]: a[id] }))} />`}</div>`;
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ carriers, models, providers, vendors }) => {
		const titles = Object.fromEntries(providers.map((p) => [p.provider, p.title]));
		const tested = Object.fromEntries(providers.map((p) => [p.provider, p.can_be_tested]));
		return html`<div class="card"><${Table} caption=${t('carriers')} rows=${carriers} id="provider_account_id" columns=${[[t('name'), (a) => said(a.name)], [t('carrier'), (a) => titles[a.provider] || word(a.provider)], [t('status'), state],
			[t('armed'), (a) => time(a.armed_at)], [t('actions'), actions('provider_account_id', (a) => tested[a.provider] && 'test_provider_account', 'update_provider_account')]]} /></div>
		${me.owns && html`<${NewCarrier} providers=${providers} busy=${busy} act=${act} />`}
		<div class="card"><${Table} caption=${t('models')} empty=${t('e_models')} rows=${models} id="model_account_id" columns=${[[t('name'), (a) => said(a.name)], [t('vendor'), (a) => a.provider.replaceAll('_', ' ')], [t('model'), (a) => a.default_model], [t('in_calls'), (a) => a.in_calls, 'number'], [t('status'), state],
			[t('actions'), actions('model_account_id', () => 'check_model_account', 'update_model_account', 'archive_model_account')]]} /></div>
		${me.owns && html`<${NewModel} vendors=${vendors} busy=${busy} act=${act} />`}`;
	}}</${Loaded}>`;
}
