/* The people of the tenant, and its API keys. */
import { html, useState } from '/vendor/preact-htm.js';
import { forget, rpc } from '/api.js';
import { Choice, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { t, time } from '/texts.js';

const roles = () => ['owner', 'manager', 'agent', 'viewer'].map((role) => [role, t(`role_${role}`)]);

export function Team({ me }) {
	const page = usePage('team_page');
	const [key, setKey] = useState(null);
	const [error, busy, act] = useAction(page[2]);
	const change = (member, changes) => act(() => rpc('update_member', { member_id: member.member_id, ...changes }));
	const addMember = (values, form) => act(async () => {
		await rpc('create_member', { tenant_id: me.tenant_id, email: values.email, password: values.password, role: values.role });
		form.reset();
	});
	const addKey = (values, form) => act(async () => {
		setKey(await rpc('create_api_key', { label: values.label, role: values.role }));
		form.reset();
	});
	const everywhere = () => act(async () => {
		await rpc('end_sessions');
		forget();
	});
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ members, api_keys: keys }) => html`
		<div class="card"><${Table} caption=${t('team')} rows=${members} id="member_id" columns=${[[t('email'), (m) => html`<${Said}>${m.email}</${Said}>`],
			[t('role'), (m) => (me.owns ? html`<select aria-label=${t('role')} disabled=${busy} value=${m.role} onChange=${(event) => change(m, { role: event.target.value })}>
				${roles().map(([role, name]) => html`<option value=${role} selected=${role === m.role}>${name}</option>`)}</select>` : t(`role_${m.role}`))],
			[t('active'), (m) => (me.owns ? html`<input class="tick" type="checkbox" aria-label=${t('active')} disabled=${busy} checked=${m.active} onChange=${(event) => change(m, { active: event.target.checked })} />` : t(m.active ? 'yes' : 'no'))],
			[t('added'), (m) => time(m.created_at)]]} />
			<p class="acts"><button disabled=${busy} onClick=${everywhere}>${t('everywhere')}</button></p></div>
		${me.owns && html`<details class="card"><summary>${t('new_member')}</summary><${Form} send=${addMember} busy=${busy} label=${t('create')}>
			<${Field} label=${t('email')} name="email" type="email" required /><${Field} label=${t('password')} name="password" type="password" required minlength="8" autocomplete="new-password" />
			<${Choice} label=${t('role')} name="role" options=${roles()} value="agent" /></${Form}></details>`}
		<div class="card"><${Table} caption=${t('api_keys')} empty=${t('e_keys')} rows=${keys} id="api_key_id" columns=${[[t('label'), (k) => html`<${Said}>${k.label}</${Said}> …${k.hint}`], [t('role'), (k) => t(`role_${k.role}`)], [t('when'), (k) => time(k.created_at)],
			[t('status'), (k) => (k.revoked_at ? time(k.revoked_at) : me.owns && html`<button disabled=${busy} onClick=${() => act(() => rpc('revoke_api_key', { api_key_id: k.api_key_id }))}>${t('revoke')}</button>`)]]} />
			${key && html`<p role="status">${t('shown_once')} <code>${key}</code></p>`}</div>
		${me.owns && html`<details class="card"><summary>${t('new_key')}</summary><${Form} send=${addKey} busy=${busy} label=${t('create')}>
			<${Field} label=${t('label')} name="label" required maxlength="200" /><${Choice} label=${t('role')} name="role" options=${roles()} value="agent" /></${Form}></details>`}`}</${Loaded}>`;
}
