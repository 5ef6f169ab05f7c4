/* The workspace's settings with what they mean, who may not be called, and where we tell what happens. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { halves, weekdays } from '/forms.js';
import { Icon } from '/icons.js';
import { Choice, Empty, Field, Form, Loaded, Problem, Said, Table, toCall, useAction, usePage, WithReason } from '/parts.js';
import { clockTime, fill, named, number, phone, t, time, town, weekdayName } from '/texts.js';

/* Of each group: the settings, and how each is said. */
const groups = {
	sg_business: { caller_name: 'text', default_country: 'text' },
	sg_hours: { calling_hours: 'hours' },
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

/* Hours of a day, on the days that are ticked; hours by day stay as they are. */
function Hours({ id, value, off, set }) {
	const h = JSON.parse(value);
	const days = h.days || weekdays;
	const put = (change) => set(JSON.stringify({ start: h.start, end: h.end, days, ...change }));
	const at = (key, label) => html`<select aria-label=${t(label)} disabled=${off} value=${h[key]} onChange=${(e) => put({ [key]: e.target.value })}>${[...new Set([...halves, h[key]])].sort().map((x) => html`<option value=${x} selected=${x === h[key]}>${clockTime(x)}</option>`)}</select>`;
	return h.start ? html`<div id=${id}><div class="row together">${at('start', 'calls_from')}<span>–</span>${at('end', 'calls_until')}</div>
		<div class="row days">${weekdays.map((d, i) => html`<label class="check"><input type="checkbox" disabled=${off} checked=${days.includes(d)} onChange=${() => put({ days: weekdays.filter((x) => (x === d) !== days.includes(x)) })} /><span>${weekdayName(i + 1)}</span></label>`)}</div></div>` : html`<p class="dim">${t('hours_by_day')}</p>`;
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
		case 'machine':
			return pick(['off', 'detect', 'message'].map((m) => [m, t(`machine_${m}`)]));
		case 'keep':
			return pick([...new Set([...(name === 'retention_transcripts' ? keeps.slice(0, 4) : keeps), value])].map((k) => [k, span(k)]));
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
	return html`<${Loaded} page=${page}>${({ tenant, settings, accounts, rates }) => html`<p class="dim under"><${Said}>${tenant.name}</${Said}> · ${town(tenant.timezone)}</p>
		${Object.entries(groups).map(([group, of]) => html`<section class="block settings" key=${group}><h2>${t(group)}</h2>${Object.entries(of).filter(([key]) => settings[key]).map(([key, kind]) => html`<div class="setting" key=${key}>
			<div class="grow"><label for=${`set-${key}`}>${t(`s_${key}`)}</label><p class="dim">${t(`s_${key}_help`, ' ')}</p>${bad === key && html`<${Problem} error=${error} />`}</div>
			<div class="value">${done === key && html`<span class="good" role="status"><${Icon} name="check" />${t('saved')}</span>`}
				<${Control} key=${JSON.stringify(settings[key])} name=${key} kind=${kind} value=${settings[key].value} off=${!me.writes} set=${set(key)} />
				${settings[key].own && me.writes && html`<button class="plain" onClick=${() => set(key)(null)} title=${t('as_before_help')}>${t('as_before')}</button>`}</div></div>`)}</section>`)}
		${accounts.length > 0 && html`<${Rates} accounts=${accounts} rates=${rates} me=${me} after=${page[2]} />`}`}</${Loaded}>`;
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
