/* The place of settings: each of its pages, in one file that is loaded when one of them is opened. */
import { html, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { forget, rpc } from '/api.js';
import { DaysOff, daysIn, Editable, halves, Sure, Week, weekdays } from '/forms.js';
import { Icon } from '/icons.js';
import { Many, useTicks } from '/many.js';
import { Area, Choice, countries, Empty, Field, Form, Loaded, Problem, Said, said, Table, toCall, useAction, usePage, WithReason } from '/parts.js';
import { asked, clockTime, fill, language, named, number, phone, t, time, town, weekdayName, word } from '/texts.js';

/* ----- the workspace's settings with what they mean, who may not be called, and where we tell what happens ----- */

/* Of each group: the settings, and how each is said. */
const groups = {
	sg_business: { caller_name: 'text', default_country: 'country' },
	sg_hours: { calling_hours: 'hours', days_off: 'days' },
	sg_calls: { max_concurrent_calls: 'number', call_interval: 'seconds', max_call_duration: 'minutes', ring_timeout: 'seconds', machine_detection: 'machine', record_calls: 'switch', announce_recording: 'switch' },
	sg_again: { retry_attempts: 'number', retry_delay_no_answer: 'minutes', retry_delay_busy: 'minutes', number_calls_per_day: 'number', call_back_missed: 'switch' },
	sg_safe: { require_consent: 'switch', require_test_call: 'switch' },
	sg_mail: { mail_invitations: 'switch', mail_information: 'switch' },
	sg_money: { auto_spend: 'switch', auto_spend_per_campaign: 'credits', tenant_spend_cap_per_day: 'credits', balance_low_credits: 'credits' },
	sg_keep: { retention_calls: 'keep', retention_transcripts: 'keep', retention_recordings: 'keep', retention_mails: 'keep', retention_tasks: 'keep', retention_imports: 'keep' },
};
const keeps = ['30 days', '90 days', '180 days', '390 days', '2 years', '5 years', '10 years'];
/* "390 days", as people say it. */
const span = (text) => {
	const [, n, unit] = /^(\d+) (day|mon|year)/.exec(text) || [];
	return n ? new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: unit === 'mon' ? 'month' : unit, unitDisplay: 'long' }).format(n) : text;
};

/* Hours of a day, on the days that are ticked; or of each day its own. */
function Hours({ id, value, off, set }) {
	const h = JSON.parse(value);
	const [each, setEach] = useState(!h.start);
	const week = useRef(h);
	if (each && !off) {
		return html`<${Form} send=${() => set(JSON.stringify(week.current || {}))} label=${t('save')}><${Week} name="calling_hours" label=${t('s_calling_hours')} value=${h} set=${(now) => (week.current = now)} /></${Form}>`;
	}
	const days = h.days || weekdays;
	const put = (change) => set(JSON.stringify({ start: h.start, end: h.end, days, ...change }));
	const at = (key, label) => html`<select aria-label=${t(label)} disabled=${off} value=${h[key]} onChange=${(e) => put({ [key]: e.target.value })}>${[...new Set([...halves, h[key]])].sort().map((x) => html`<option value=${x} selected=${x === h[key]}>${clockTime(x)}</option>`)}</select>`;
	return h.start ? html`<div id=${id}><div class="row together">${at('start', 'calls_from')}<span>–</span>${at('end', 'calls_until')}</div>
		<div class="row days">${weekdays.map((d, i) => html`<label class="check"><input type="checkbox" disabled=${off} checked=${days.includes(d)} onChange=${() => put({ days: weekdays.filter((x) => (x === d) !== days.includes(x)) })} /><span>${weekdayName(i + 1)}</span></label>`)}</div>
		${!off && html`<button class="plain" onClick=${() => setEach(true)}>${t('hours_each_day')}</button>`}</div>` : html`<p class="dim">${t('hours_by_day')}</p>`;
}

function Control({ name, kind, value, off, set }) {
	const id = `set-${name}`;
	const change = (event) => set(event.target.value === '' ? null : ['minutes', 'seconds'].includes(kind) ? `${event.target.value} ${kind}` : event.target.value);
	const pick = (options) => html`<select id=${id} disabled=${off} value=${value} onChange=${change}>${options.map(([key, text]) => html`<option value=${key} selected=${key === value}>${text}</option>`)}</select>`;
	switch (kind) {
		case 'switch':
			return html`<input id=${id} class="switch" type="checkbox" role="switch" disabled=${off} checked=${['on', 'true'].includes(value)} onChange=${(event) => set(event.target.checked ? 'on' : 'off')} />`;
		case 'hours':
			return html`<${Hours} id=${id} value=${value} off=${off} set=${set} />`;
		case 'days':
			return off ? html`<${DaysOff} label=${t('s_days_off')} value=${value} off />`
				: html`<${Form} send=${(values) => set(daysIn(values, name) || null)} label=${t('save')}><${DaysOff} name=${name} label=${t('s_days_off')} value=${value} /></${Form}>`;
		case 'machine':
			return pick(['off', 'detect', 'message'].map((m) => [m, t(`machine_${m}`)]));
		case 'keep':
			return pick([...new Set([...(name === 'retention_transcripts' ? keeps.slice(0, 4) : keeps), value])].map((k) => [k, span(k)]));
		case 'country':
			return pick(countries(value));
		case 'text':
			return html`<input id=${id} disabled=${off} defaultValue=${value} maxlength="200" onChange=${change} />`;
		default:
			return html`<span class="row together"><input id=${id} class="short" type="number" min="0" step="any" disabled=${off} defaultValue=${value} onChange=${change} />${kind !== 'number' && html`<span class="dim">${t(`unit_${kind}`)}</span>`}</span>`;
	}
}

/* Each acts at once, and says so. */
export function Rules({ me }) {
	const page = usePage('settings_page');
	const [error, , act] = useAction(page[2]);
	const [done, setDone] = useState('');
	const [bad, setBad] = useState('');
	const set = (key) => (value) => {
		setDone('');
		setBad(key);
		act(async () => {
			await rpc('set_setting', { key, value });
			setDone(key);
			setBad('');
		});
	};
	return html`<${Loaded} page=${page}>${({ tenant, settings, accounts, rates, sign_on: provider }) => html`<p class="dim under"><${Said}>${tenant.name}</${Said}> · ${town(tenant.timezone)}</p>
		${Object.entries(groups).map(([group, of]) => html`<section class="block settings" key=${group}><h2>${t(group)}</h2>${Object.entries(of).filter(([key]) => settings[key]).map(([key, kind]) => html`<div class="setting" key=${key}>
			<div class="grow"><label for=${`set-${key}`}>${t(`s_${key}`)}</label><p class="dim">${t(`s_${key}_help`, ' ')}</p>${bad === key && html`<${Problem} error=${error} />`}</div>
			<div class="value">${done === key && html`<span class="good" role="status"><${Icon} name="check" />${t('saved')}</span>`}
				<${Control} key=${JSON.stringify(settings[key])} name=${key} kind=${kind} value=${settings[key].value} off=${!me.writes} set=${set(key)} />
				${settings[key].own && me.writes && html`<button class="plain" onClick=${() => set(key)(null)} title=${t('as_before_help')}>${t('as_before')}</button>`}</div></div>`)}</section>`)}
		${me.owns && html`<${SignOn} me=${me} provider=${provider} after=${page[2]} />`}
		${accounts.length > 0 && html`<${Rates} accounts=${accounts} rates=${rates} me=${me} after=${page[2]} />`}`}</${Loaded}>`;
}

/* Members may log in at the workspace's own provider. */
function SignOn({ me, provider, after }) {
	const set = (values) => rpc('set_sign_on', values);
	const at = `${location.origin}/sign-on/${me.tenant_id}`;
	const fields = [['issuer', 'text', { needed: true, max: 500 }], ['client_id', 'text', { needed: true, max: 500 }], ['client_secret', 'text', { max: 500 }], ['mail_domains', 'words'], ['roles', 'days'], ['new_members', 'boolean'], ['required', 'boolean']];
	return html`<section class="block"><${Editable} caption=${t('sign_on')} empty=${t('so_help')} id="issuer" rows=${provider ? [provider] : []} label=${t('add')} add=${!provider && set} fresh=${{ mail_domains: [] }}
		change=${(old, changes) => set({ ...old, ...changes })} remove=${() => rpc('drop_sign_on')} after=${after} fields=${fields.map(([key, kind, more]) => ({ key, kind, label: t(`so_${key}`), ...more }))}
		columns=${[[t('so_issuer'), (s) => html`<${Said}>${s.issuer}</${Said}>`], [t('so_mail_domains'), (s) => s.mail_domains.join(', ')]]} />
		${provider && html`<p class="dim">${fill('so_tell', at, `${at}/back`)}</p>`}</section>`;
}

/* What carriers charge, where they do not say it themselves. */
function Rates({ accounts, rates, me, after }) {
	const [error, busy, act] = useAction(after);
	const send = (values, form) => act(async () => {
		await rpc('set_account_rate', { provider_account_id: Number(values.account), price_per_minute: Number(values.price), currency: values.currency.toUpperCase(), prefix: values.prefix, direction: values.direction });
		form.reset();
	});
	return html`<section class="block"><h2>${t('sg_rates')}</h2><p class="dim">${t('sg_rates_help')}</p><${Problem} error=${error} />
		<${Table} quiet caption=${t('sg_rates')} rows=${rates} id="rate_id" columns=${[[t('connection'), (r) => html`<${Said}>${r.account}</${Said}>`], [t('direction'), (r) => t(r.direction)], [t('numbers_beginning'), (r) => r.prefix || t('any')], [t('a_minute'), (r) => `${number(r.price_per_minute)} ${r.currency}`, 'number'], [t('since'), (r) => time(r.since)]]} />
		${me.writes && html`<details><summary>${t('new_rate')}</summary><${Form} send=${send} busy=${busy} label=${t('save')}><div class="row"><${Choice} label=${t('connection')} name="account" options=${accounts} />
			<${Choice} label=${t('direction')} name="direction" options=${[['outbound', t('outbound')], ['inbound', t('inbound')]]} /><${Field} label=${t('numbers_beginning')} name="prefix" maxlength="9" placeholder="+1212" />
			<${Field} label=${t('a_minute')} name="price" type="number" min="0" step="any" required /><${Field} label=${t('currency')} name="currency" required maxlength="3" value="USD" /></div></${Form}></details>`}</section>`;
}

export function Stops({ me, query }) {
	const [before, setBefore] = useState(null);
	const words = query.words || '';
	const page = usePage('stop_page', { words, ...before });
	const [error, busy, act] = useAction(page[2]);
	const [note, setNote] = useState('');
	const add = (values, form) => act(async () => {
		setNote('');
		await rpc('do_not_call', { phone: values.phone, reason: values.reason || t('said_so') });
		setNote(fill('is_listed', values.phone));
		form.reset();
	});
	const find = ({ words: asked }) => {
		setBefore(null);
		location.hash = `#/stops${asked ? `?${new URLSearchParams({ words: asked })}` : ''}`;
	};
	return html`<p class="dim under">${t('stops_help')}</p><${Problem} error=${error} />${note && html`<p class="good" role="status">${note}</p>`}
		${me.writes && html`<${Form} className="inline" send=${add} busy=${busy} label=${t('never_call')}><${Field} label=${t('phone')} name="phone" type="tel" required maxlength="40" /><${Field} label=${t('reason')} name="reason" maxlength="200" /></${Form}>`}
		<form class="row find-in" role="search" onSubmit=${(event) => {
			event.preventDefault();
			find(Object.fromEntries(new FormData(event.target)));
		}}><label><span>${t('look_up')}</span><input name="words" type="search" maxlength="100" placeholder=${t('look_up_help')} defaultValue=${words} /></label><button>${t('find')}</button></form>
		<${Loaded} page=${page}>${(rows) => html`<div class="card"><${Table} quiet caption=${t('stops')} id="phone" rows=${rows} empty=${words ? html`<p role="status">${fill('not_listed', words)}</p>` : html`<${Empty} icon="stop" text=${t('e_stops')} />`} columns=${[
			[t('phone'), (d) => html`<span class="num">${phone(d.phone)}</span>`], [t('reason'), (d) => html`<${Said}>${d.reason}</${Said}>`], [t('how'), (d) => html`<span class=${d.held ? 'pill warn' : 'pill'}>${t(d.held ? 'need_hold' : `stop_${d.source}`)}</span> ${toCall(d.call_id)}`], [t('since'), (d) => time(d.created_at)],
			['', (d) => me.owns && !d.held && html`<${WithReason} label=${t('take_off')} busy=${busy} act=${(reason) => act(() => rpc('allow_call', { phone: d.phone, reason }))} />`]]} />
			${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}${rows.length >= 50 && html`<button onClick=${() => setBefore({ before: rows.at(-1).created_at, before_phone: rows.at(-1).phone })}>${t('more')}</button>`}</div>`}</${Loaded}>`;
}

const host = (url) => String(url).replace(/^https?:\/\//, '');

export function Webhooks({ me }) {
	const page = usePage('webhook_page');
	const [error, busy, act] = useAction(page[2]);
	const [secret, setSecret] = useState(null);
	const create = (values, form) => act(async () => {
		const wanted = new FormData(form).getAll('kinds');
		setSecret((await rpc('create_webhook_subscription', { url: values.url, description: values.description || null, kinds: wanted.length > 0 ? wanted : null })).secret);
		form.reset();
	});
	const deed = (name, label, s, after = () => {}) => html`<button disabled=${busy} onClick=${() => act(async () => after(await rpc(name, { subscription_id: s.subscription_id })))}>${t(label)}</button>`;
	return html`<p class="dim under">${t('webhooks_help')}</p><${Problem} error=${error} />
		${secret && html`<p class="note" role="status"><${Icon} name="info" /><span>${t('secret_once')}<br /><code>${secret}</code></span></p>`}
		<${Loaded} page=${page}>${({ subscriptions, deliveries, kinds }) => html`<div class="card"><${Table} quiet caption=${t('webhooks')} id="subscription_id" rows=${subscriptions} empty=${html`<${Empty} icon="plug" text=${t('e_webhooks')} />`} columns=${[
			[t('address'), (s) => html`<b><${Said}>${host(s.url)}</${Said}></b><br /><span class="dim"><${Said}>${s.description}</${Said}></span>`], [t('status'), (s) => html`<span class=${`pill ${!s.active ? '' : s.failing_since ? 'bad' : 'good'}`}>${t(!s.active ? 'hook_off' : s.failing_since ? 'hook_failing' : 'hook_well')}</span>`],
			[t('told_of'), (s) => (s.kinds.length === kinds.length ? t('everything') : s.kinds.map((k) => t(`w_${k}`)).join(', '))],
			['', (s) => me.owns && html`<div class="row">${s.active && deed('test_webhook_subscription', 'test', s)}${s.active ? deed('disable_webhook_subscription', 'switch_off', s) : deed('enable_webhook_subscription', 'switch_on', s)}
				${deed('rotate_webhook_subscription_secret', 'new_secret', s, setSecret)}${deed('delete_webhook_subscription', 'remove', s)}</div>`]]} /></div>
		${me.owns && html`<details class="card" open=${subscriptions.length === 0}><summary>${t('new_webhook')}</summary><${Form} send=${create} busy=${busy} label=${t('add')}><${Field} label=${t('address')} name="url" type="url" required placeholder="https://example.com/hook" maxlength="2000" />
			<${Field} label=${t('description')} name="description" maxlength="200" /><details><summary>${t('only_some')}</summary><div class="ticks">${kinds.map((k) => html`<label class="check"><input type="checkbox" name="kinds" value=${k} /><span>${t(`w_${k}`)}</span></label>`)}</div></details></${Form}></details>`}
		${deliveries.length > 0 && html`<section class="block"><h2>${t('latest_sent')}</h2><${Table} quiet caption=${t('latest_sent')} id="delivery_id" rows=${deliveries} columns=${[[t('what'), (d) => t(`w_${d.kind}`, named(d.kind))], [t('when'), (d) => time(d.at)], [t('status'), (d) => html`<span class=${`pill ${{ delivered: 'good', dead: 'bad' }[d.status] || ''}`}>${t(`sent_${d.status}`)}</span>`],
			[t('tries'), (d) => number(d.tries), 'number'], [t('answer'), (d) => d.last_status, 'number'], ['', (d) => me.owns && d.status === 'dead' && html`<button disabled=${busy} onClick=${() => act(() => rpc('replay_webhook_delivery', { delivery_id: d.delivery_id }))}>${t('again')}</button>`]]} /></section>`}`}</${Loaded}>`;
}

/* ----- the people of the tenant, and its API keys ----- */

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

/* ----- accounts at carriers, and at vendors of models, ears and voices. Keys go to the vault, and never come back ----- */

const state = (a) => html`${t(a.active ? 'active' : 'inactive')} <span class="dim">${said(a.trouble)} ${a.tested_at && html`${time(a.tested_at)}: ${word(a.test_result)} ${said(a.test_message)}`}</span>`;

/* What the carrier's driver asks for; a value of another kind than text is JSON. The carrier where one has an account comes first, what one runs oneself last; it is asked at once, and its answer stands in the list. */
function NewCarrier({ providers, carriers, busy, act }) {
	const rank = ({ provider }) => (carriers.some((c) => c.provider === provider) ? 0 : provider === 'asterisk' ? 2 : 1);
	const ordered = [...providers].sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title));
	const [provider, choose] = useState(ordered[0].provider);
	const { credentials, settings, can_be_tested: tested } = providers.find((p) => p.provider === provider);
	const values = (fields, given, prefix) => Object.fromEntries((fields || []).filter((f) => given[prefix + f.name]).map((f) => [f.name, ['text', 'url', 'e164'].includes(f.kind) ? given[prefix + f.name] : json(given[prefix + f.name])]));
	const send = (given, form) => act(async () => {
		const made = await rpc('create_provider_account', { provider, name: given.name, credentials: values(credentials, given, 'c '), settings: values(settings, given, 's ') });
		form.reset();
		tested && await rpc('test_provider_account', { provider_account_id: made });
	});
	/* What a carrier calls so; an identifier is no secret. */
	const called = (name) => name.replaceAll('_', ' ').replace(/\b(sid|api|id|url)\b|^./g, (x) => x.toUpperCase());
	const field = (prefix, type) => (f) => html`<${Field} label=${called(f.name)} name=${prefix + f.name} type=${/(sid|_id|username)$/.test(f.name) ? 'text' : type} help=${f.about && html`<span lang="en">${f.about}</span>`} required=${f.required} autocomplete="off" />`;
	return html`<details class="card"><summary>${t('new_carrier')}</summary><${Form} send=${send} busy=${busy} label=${t('create')}>
		<${Choice} label=${t('carrier')} name="provider" value=${provider} onChange=${(event) => choose(event.target.value)} options=${ordered.map((p) => [p.provider, p.title])} />
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

const joined = (...parts) => said(parts.flat().filter(Boolean).join(': '));

/* Calendars into which appointments are written; whoever comes back from Google brings what it says. */
function Written({ query }) {
	const page = usePage('calendar_page');
	const [error, busy, act] = useAction(page[2]);
	const [how, choose] = useState('google');
	/* The connection whose events somebody is about to have taken away. */
	const [empties, setEmpties] = useState(null);
	useEffect(() => {
		if (query.state) {
			history.replaceState(null, '', '#/accounts');
			act(() => rpc('finish_google', { state: query.state, code: query.code || '' }));
		}
	}, []);
	const google = async (values) => location.assign((await rpc('connect_google', values)).allow_at);
	const send = ({ whose, name, ...given }, form) => act(async () => {
		const values = { ...given, ...JSON.parse(whose), name: name || null };
		await (how === 'google' ? google(values) : rpc('connect_calendar', values));
		form.reset();
	});
	const kinds = [['confirmed', t('confirmed')], ['at_once', t('at_once')]];
	return html`<section class="block"><h2>${t('written')}</h2><p class="dim">${t('written_help')}</p><${Problem} error=${error} /><${Loaded} page=${page}>${(calendars) => html`<div class="card"><${Table} quiet caption=${t('written')} rows=${calendars.flatMap((c) => c.written.map((w) => ({ ...w, calendar: c.name })))} id="key" columns=${[
			[t('calendar'), (w) => joined(w.calendar, w.person)], [t('address'), (w) => joined(w.url.split('/')[2], w.name)],
			[t('status'), (w) => html`<span class=${`pill ${{ ready: 'good', failed: 'bad' }[w.status]}`}>${t({ ready: 'hook_well', failed: 'failed' }[w.status] || 'waiting')}</span> <span class="dim">${joined(w.reason, w.problems)}</span>`],
			[t('last_read'), (w) => `${time(w.read_at) || '–'} / ${time(w.written_at) || '–'}`],
			[t('when'), (w) => html`<select key=${empties === null} aria-label=${t('when')} onChange=${(e) => (e.target.value === 'nothing' ? setEmpties(w) : act(() => rpc('check_calendar_connection', { ...w.id, writes: e.target.value })))}>${[...kinds, ['nothing', t('writes_nothing')]].map(([k, name]) => html`<option value=${k} selected=${k === w.writes}>${name}</option>`)}</select>
				${empties && empties.key === w.key && html`<p class="bad" role="alert">${t('writes_nothing_help')}</p><div class="row together"><button disabled=${busy} onClick=${() => setEmpties(null)}>${t('cancel')}</button><button disabled=${busy} onClick=${() => {
				setEmpties(null);
				act(() => rpc('check_calendar_connection', { ...w.id, writes: 'nothing' }));
			}}>${t('writes_nothing')}</button></div>`}`],
			['', (w) => html`<div class="row together">${w.provider === 'google' && w.status !== 'ready' && html`<button disabled=${busy} onClick=${() => act(() => google(w.id))}>${t('allow_again')}</button>`}
				${w.status === 'failed' && html`<button disabled=${busy} onClick=${() => act(() => rpc('wake_calendar_connection', w.id))}>${t('try_now')}</button>`}<button disabled=${busy} onClick=${() => act(() => rpc('check_calendar_connection', w.id))}>${t('write_anew')}</button><${Sure} label=${t('remove')} busy=${busy} act=${() => act(() => rpc('disconnect_calendar', w.id))} /></div>`]]} /></div>
		<details class="card"><summary>${t('connect_calendar')}</summary><${Form} send=${send} busy=${busy} label=${t(how === 'google' ? 'on_to_google' : 'connect')}>
			<${Choice} label=${t('calendar')} name="whose" options=${calendars.flatMap(({ calendar_id, name, people }) => [{}, ...people].map((p) => [JSON.stringify({ calendar_id, person: p.name }), [name, p.name].filter(Boolean).join(': ')]))} />
			<${Choice} label=${t('how')} value=${how} onChange=${(e) => choose(e.target.value)} options=${[['google', 'Google Calendar'], ['dav', 'CalDAV (iCloud …)']]} />
			${how === 'dav' && html`<${Field} label=${t('address')} name="url" type="url" required /><${Field} label=${t('user')} name="username" required /><${Field} label=${t('app_password')} name="password" type="password" autocomplete="off" />`}
			<${Field} label=${t('name_there')} name="name" /><${Choice} label=${t('when')} name="writes" options=${kinds} /></${Form}></details>`}</${Loaded}></section>`;
}

export function Accounts({ me, query }) {
	const page = usePage('account_page');
	const [error, busy, act] = useAction(page[2]);
	const actions = (id, test, change, away) => (a) => me.owns && html`<div class="row together">${test(a) && html`<button disabled=${busy} onClick=${() => act(() => rpc(test(a), { [id]: a[id] }))}>${t('test')}</button>`}
		<button disabled=${busy} onClick=${() => act(() => rpc(change, { [id]: a[id], active: !a.active }))}>${t(a.active ? 'switch_off' : 'switch_on')}</button>
		${away && html`<${Sure} label=${t('remove')} busy=${busy} act=${() => act(() => rpc(away, { [id]: a[id] }))} />`}</div>`;
	return html`<${Problem} error=${error} /><div><${Loaded} page=${page}>${({ carriers, models, providers, vendors }) => {
		const titles = Object.fromEntries(providers.map((p) => [p.provider, p.title]));
		const tested = Object.fromEntries(providers.map((p) => [p.provider, p.can_be_tested]));
		return html`<div class="card"><${Table} caption=${t('carriers')} rows=${carriers} id="provider_account_id" columns=${[[t('name'), (a) => said(a.name)], [t('carrier'), (a) => titles[a.provider] || word(a.provider)], [t('status'), state],
			[t('armed'), (a) => time(a.armed_at)], [t('actions'), actions('provider_account_id', (a) => tested[a.provider] && 'test_provider_account', 'update_provider_account')]]} /></div>
		${me.owns && html`<${NewCarrier} providers=${providers} carriers=${carriers} busy=${busy} act=${act} />`}
		<div class="card"><${Table} caption=${t('models')} empty=${t('e_models')} rows=${models} id="model_account_id" columns=${[[t('name'), (a) => said(a.name)], [t('vendor'), (a) => a.provider.replaceAll('_', ' ')], [t('model'), (a) => a.default_model], [t('in_calls'), (a) => a.in_calls, 'number'], [t('status'), state],
			[t('actions'), actions('model_account_id', () => 'check_model_account', 'update_model_account', 'archive_model_account')]]} /></div>
		${me.owns && html`<${NewModel} vendors=${vendors} busy=${busy} act=${act} />`}`;
	}}</${Loaded}></div>${me.writes && html`<${Written} query=${query} />`}`;
}

/* ----- tools of the tenant's own: its server is asked, under a secret that is shown once ----- */

const empty = '{"type": "object", "properties": {}}';
/* What is no JSON goes as a text, of which the database says what is wrong. */
function json(text) {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/* The tenant's server has seconds to answer. */
function Tried({ tools, after }) {
	const [answer, setAnswer] = useState(null);
	const [error, busy, act] = useAction(after);
	const ask = (values) => act(async () => {
		setAnswer(null);
		const id = await rpc('test_tool', { name: values.name, arguments: json(values.arguments) });
		let now;
		do {
			await new Promise((done) => setTimeout(done, 300));
			now = await rpc('test_of_tool', { ask_id: id });
		} while (!['answered', 'failed'].includes(now.state));
		setAnswer(now);
	});
	return html`<details class="card"><summary>${t('test')}</summary><${Form} send=${ask} busy=${busy} label=${t('send')}>
			<${Choice} label=${t('own_tools')} name="name" options=${tools.map((x) => [x.name, x.name])} />
			<${Area} label=${t('arguments')} name="arguments" maxlength="8000" value="{}" /></${Form}>
		<${Problem} error=${error} />
		${answer && html`<p role="status">${t(answer.error ? 'no_answer' : 'answered')} (${number(answer.ms)} ms): ${said(answer.error || answer.answer)}</p>`}</details>`;
}

export function OwnTools({ me }) {
	const page = usePage('tool_page');
	const [secret, setSecret] = useState(null);
	const [error, busy, act] = useAction(page[2]);
	const fields = [['description', { kind: 'long_text', max: 1000 }], ['address', { key: 'url', needed: true, max: 2000, help: 'https://…' }],
		['parameters', { kind: 'long_text', help: 'JSON Schema' }]].map(([key, rest]) => ({ kind: 'text', key, label: t(key), ...rest }));
	const sent = (values) => ({ ...values, ...('parameters' in values ? { parameters: json(values.parameters) } : {}) });
	const state = (x) => (!x.disabled_at ? html`${t('active')} <span class="dim">${said(x.last_error)}</span>` : html`${t('inactive')} ${time(x.disabled_at)} ${said(x.last_error)}
		${me.owns && html`<button disabled=${busy} onClick=${() => act(() => rpc('update_tool', { name: x.name }))}>${t('switch_on')}</button>`}`);
	const rotate = (x) => me.owns && html`<${Sure} label=${t('new_secret')} busy=${busy} act=${() => act(async () => setSecret(await rpc('rotate_tool_secret', { name: x.name })))} />`;
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(tools) => html`
		<${Editable} empty=${t('e_tools')} caption=${t('own_tools')} rows=${tools} id="tool_id" after=${page[2]} label=${t('new_own_tool')} fields=${fields} fresh=${{ parameters: empty }} columns=${[
			[t('name'), (x) => x.name], [t('description'), (x) => said(x.description)], [t('address'), (x) => said(x.url)], [t('status'), state], ['', rotate]]}
			values=${(x) => ({ ...x, parameters: JSON.stringify(x.parameters, null, 1) })}
			newFields=${[{ kind: 'text', key: 'name', label: t('name'), needed: true, max: 40, help: 'a-z 0-9 _' }, ...fields]}
			add=${me.owns && (async (values) => setSecret((await rpc('create_tool', sent(values))).secret))}
			change=${me.owns && ((x, changes) => rpc('update_tool', { name: x.name, ...sent(changes) }))}
			remove=${me.owns && ((x) => rpc('delete_tool', { name: x.name }))} />
		${secret && html`<p class="card" role="status">${t('shown_once')} <code>${secret}</code></p>`}
		${me.writes && tools.length > 0 && html`<${Tried} tools=${tools} after=${page[2]} />`}`}</${Loaded}>`;
}

/* ----- what a member was told, and how it wants to be ----- */

export function Notices({ news }) {
	const page = usePage('my_notices', { unread_only: false, language: language() });
	const [error, busy, act] = useAction(() => Promise.all([page[2](), news.again()]));
	const read = (ids) => act(() => rpc('read_notices', { member_notice_ids: ids }));
	const ticks = useTicks('member_notice_id', (n) => n.title);
	const deeds = [{ label: t('mark_read'), fits: (n) => !n.read_at, all: (rows) => rpc('read_notices', { member_notice_ids: rows.map((n) => n.member_notice_id) }) }];
	return html`<${Problem} error=${error} /><${Many} ticks=${ticks} deeds=${deeds} after=${() => Promise.all([page[2](), news.again()])} link=${(n) => n.page} /><${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} quiet caption=${t('notices')} id="member_notice_id" rows=${rows} empty=${html`<${Empty} icon="bell" text=${t('none')} />`} columns=${[
			ticks.column(rows), [t('what'), (n) => html`<a href=${`#/${n.page}`} onClick=${() => n.read_at || read([n.member_notice_id])}>${n.read_at ? n.title : html`<b>${n.title}</b>`}</a><br /><span class="dim"><${Said}>${n.who}</${Said}></span>`],
			[t('when'), (n) => time(n.at)], ['', (n) => !n.read_at && html`<button disabled=${busy} onClick=${() => read([n.member_notice_id])}>${t('mark_read')}</button>`]]} />
		<p class="row acts"><a class="button" href="#/wishes">${t('settings')}</a>${rows.some((n) => !n.read_at) && html`<button disabled=${busy} onClick=${() => read(null)}>${t('mark_all_read')}</button>`}</p></div>`}</${Loaded}>`;
}

const ways = ['mail', 'digest', 'text'];

export function Wishes() {
	const page = usePage('notice_settings', { language: language() });
	const [error, busy, act] = useAction(page[2]);
	const [sent, setSent] = useState('');
	const set = (values) => act(() => rpc('set_notices', { language: asked(), ...values }));
	const hours = ({ from, to, digest }) => set({ quiet_from: (to && from) || '00:00', quiet_to: (from && to) || '00:00', digest_at: digest });
	const link = () => act(async () => {
		await rpc('mail_address_link', { language: asked() });
		setSent('link');
	});
	const number = ({ phone, code }) => act(async () => {
		if (code) {
			setSent(await rpc('confirm_notice_phone', { code }) ? '' : 'code');
		} else {
			await rpc('set_notice_phone', { phone: phone || null });
			setSent(phone && 'code');
		}
	});
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(w) => html`
		${w.no_mail_because && html`<div class="note"><${Icon} name="info" /><span><${Said}>${w.email}</${Said}>: ${t(w.no_mail_because)} ${w.no_mail_because === 'not_confirmed' && html`<button disabled=${busy || sent === 'link'} onClick=${link}>${t('send_link')}</button>`}</span></div>`}
		<div class="card"><${Table} quiet caption=${t('notices')} id="kind" rows=${w.kinds} columns=${[[t('what'), (k) => k.name], ...ways.map((way) => [t(`by_${way}`), (k) => html`<input class="tick" type="checkbox" aria-label=${`${k.name}: ${t(`by_${way}`)}`} disabled=${busy || (way === 'text' && !w.phone)} checked=${k.by.includes(way)}
			onChange=${() => set({ kinds: { [k.kind]: ways.filter((x) => (x === way) !== k.by.includes(x)) } })} />`])]} /></div>
		<div class="card"><${Form} send=${hours} busy=${busy} label=${t('save')}><div class="row"><${Field} label=${t('quiet_from')} name="from" type="time" value=${w.quiet_from} /><${Field} label=${t('until')} name="to" type="time" value=${w.quiet_to} />
			<${Field} label=${t('by_digest')} name="digest" type="time" value=${w.digest_at} required /></div></${Form}>
			<${Form} key=${sent} send=${number} busy=${busy} label=${t('save')}>${sent === 'code' ? html`<${Field} label=${t('code')} name="code" required inputmode="numeric" />` : html`<${Field} label=${t('text_phone')} name="phone" type="tel" value=${w.phone} />`}</${Form}></div>`}</${Loaded}>`;
}

/* ----- numbers in dispute: what there is about one, signed, as a file, and what is kept until the dispute is over ----- */

export function Cases({ me, query }) {
	const page = usePage('legal_hold_page');
	const [error, busy, act] = useAction(page[2]);
	const [note, setNote] = useState('');
	/* As it came, to the byte: the check of its signature is another program's. */
	const load = (of) => act(async () => {
		const file = await rpc('case_file', { phone: of });
		const href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: 'application/json' }));
		Object.assign(document.createElement('a'), { href, download: `case-${of.replace(/\D/g, '')}.json` }).click();
		URL.revokeObjectURL(href);
		setNote(fill('case_has', number(file.parts.filter((p) => /call \d/.test(p.name)).length)));
	});
	const hold = (values, form) => act(async () => {
		await rpc('place_legal_hold', values);
		form.reset();
	});
	const field = html`<${Field} label=${t('phone')} name="phone" type="tel" required maxlength="40" value=${query.phone} />`;
	const lift = (h) => (reason) => act(() => rpc('lift_legal_hold', { phone: h.phone, reason }));
	const deeds = (h) => html`<div class="row">
		${me.writes && html`<button disabled=${busy} onClick=${() => load(h.phone)}>${t('case_file')}</button>`}
		${me.owns && html`<${WithReason} label=${t('lift')} busy=${busy} act=${lift(h)} />`}</div>`;
	const columns = [
		[t('phone'), (h) => html`<span class="num">${phone(h.phone)}</span>`],
		[t('reason'), (h) => html`<${Said}>${h.reason}</${Said}>`],
		[t('who'), (h) => html`<${Said}>${h.held_by.replace(/^member \d+ /, '')}</${Said}>`],
		[t('since'), (h) => time(h.created_at)], ['', deeds]];
	return html`<p class="dim under">${t('cases_help')}</p><${Problem} error=${error} />
		${note && html`<p class="good" role="status">${note}</p>`}
		${me.writes && html`<${Form} className="inline" busy=${busy} label=${t('case_file')}
			send=${(values) => load(values.phone)}>${field}</${Form}>`}
		<${Loaded} page=${page}>${(rows) => html`<div class="card"><${Table} caption=${t('holds')} id="phone" rows=${rows}
			empty=${html`<${Empty} icon="check" text=${t('e_holds')} />`} columns=${columns} /></div>`}</${Loaded}>
		${me.owns && html`<details class="card"><summary>${t('new_hold')}</summary>
			<${Form} send=${hold} busy=${busy} label=${t('new_hold')}>${field}
				<${Field} label=${t('reason')} name="reason" required maxlength="1000" /></${Form}></details>`}`;
}
