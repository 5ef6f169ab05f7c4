/* The place of reports: each of its pages, in one file that is loaded when one of them is opened. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { ByDay, Ended, Funnel } from '/campaign.js';
import { Figure, Heat, Key, Line, share } from '/charts.js';
import { Icon } from '/icons.js';
import { outcomes } from '/lists.js';
import { Choice, Empty, Field, Form, Loaded, Print, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { date, fill, named, number, t, time, word } from '/texts.js';

/* ----- whether it gets better: a period beside the one before it ----- */

/* How it differs from before; more is better of most things. */
function Change({ now, before, points, less }) {
	const by = points ? Math.round(now - before) : before > 0 ? Math.round((100 * (now - before)) / before) : null;
	if (by === null || Number.isNaN(by)) {
		return html`<small class="dim">${t('none_before')}</small>`;
	}
	const better = less ? by < 0 : by > 0;
	return html`<small class=${by === 0 ? 'dim' : better ? 'good' : 'warned'}>${by === 0 ? t('as_much') : html`<span aria-hidden="true">${by > 0 ? '↑' : '↓'}</span> ${points ? fill('was_before', `${number(Math.round(before))} %`) : fill(by > 0 ? 'percent_more' : 'percent_less', number(Math.abs(by)))}`}</small>`;
}

const periods = [7, 21, 90];
const per = (a, b) => (b > 0 ? (100 * a) / b : NaN);

export function Report({ query }) {
	const days = periods.includes(Number(query.days)) ? Number(query.days) : 21;
	const [campaigns] = usePage('campaign_page', {}, 60000);
	const campaign = /^\d+$/.test(query.campaign || '') ? Number(query.campaign) : null;
	/* The last day is the database's own today. */
	const page = usePage('report_page', { days, ...(campaign ? { campaign_id: campaign } : {}) }, 10000);
	const [chosen, choose] = useState('booked');
	const go = (change) => {
		const all = { days, ...(campaign ? { campaign } : {}), ...change };
		location.hash = `#/report?${new URLSearchParams(Object.entries(all).filter(([, v]) => v))}`;
	};
	return html`<div class="bar" role="group" aria-label=${t('period')}>${periods.map((n) => html`<button class="chip" aria-pressed=${n === days} onClick=${() => go({ days: n })}>${fill('last_days', n)}</button>`)}
			<select class="chip" aria-label=${t('campaign')} value=${campaign || ''} onChange=${(event) => go({ campaign: event.target.value })}><option value="">${t('all_campaigns')}</option>${(campaigns || []).map((c) => html`<option value=${c.campaign_id} selected=${c.campaign_id === campaign}>${c.name}</option>`)}</select></div>
		<${Loaded} page=${page}>${(r) => {
		const { now: n, before: b } = r;
		if (n.calls === 0 && b.calls === 0) {
			return html`<${Empty} icon="reports" text=${t('e_report')}><a class="button" href="#/campaigns">${t('open_campaigns')}</a></${Empty}>`;
		}
		const tiles = [['calls', t('calls'), number(n.calls), html`<${Change} now=${n.calls} before=${b.calls} />`], ['answered', t('answered'), share(n.answered, n.calls) || '–', html`<${Change} points now=${per(n.answered, n.calls)} before=${per(b.answered, b.calls)} />`],
			['booked', t('appointments'), number(n.booked), html`<${Change} now=${n.booked} before=${b.booked} />`],
			[null, t('opted_out'), number(n.opt_outs), html`<${Change} less now=${n.opt_outs} before=${b.opt_outs} />`], [null, t('each_appointment'), n.booked > 0 ? number(n.credits / n.booked) : '–', b.booked > 0 && n.booked > 0 ? html`<${Change} less now=${n.credits / n.booked} before=${b.credits / b.booked} />` : html`<small class="dim">${t('in_credits')}</small>`]];
		const names = { calls: t('calls'), answered: t('answered'), booked: t('appointments') };
		const points = r.days.map((d) => ({ name: date(d.day), value: d[chosen], before: d.before[chosen] }));
		const title = fill('x_by_day', names[chosen]);
		return html`<p class="row end"><${Print} /></p><div class="tiles">${tiles.map(([key, label, value, change]) => html`<${key ? 'button' : 'div'} class="tile" aria-pressed=${key ? key === chosen : null} onClick=${key && (() => choose(key))}><span class="dim">${label}</span><b class="figure">${value}</b>${change}</${key ? 'button' : 'div'}>`)}</div>
			<${Figure} title=${title} note=${html`<${Key} of="some">${fill('last_days', days)}</${Key}><${Key} of="dash">${t('days_before')}</${Key}>`} says=${fill('report_says', number(n.calls), date(r.from), date(r.to), number(b.calls))}
				table=${{ rows: r.days, id: 'day', columns: [[t('when'), (d) => date(d.day)], ...['calls', 'answered', 'booked'].map((key) => [names[key], (d) => number(d[key]), 'number']), [t('days_before'), (d) => number(d.before[chosen]), 'number']] }}>
				<${Line} caption=${`${title}: ${points.map((p) => `${p.name} ${number(p.value)}`).join('; ')}`} points=${points} /></${Figure}>
			<div class="cols"><div>${n.calls > 0 && html`<${Funnel} numbers=${[n.calls, n.answered, n.reached, n.interested, n.booked]} agreed=${r.outcomes && r.outcomes.scheduled} />`}<${Heat} hours=${r.hours} />
				${days <= 21 && html`<${ByDay} days=${r.days} />`}</div>
			<aside class="rail" aria-label=${t('how_ended')}><${Ended} outcomes=${r.outcomes} campaign=${campaign} />
				${r.campaigns.length > 0 && html`<section class="block"><h2>${t('campaigns')}</h2><ol class="rows">${r.campaigns.map((c) => html`<li key=${c.campaign_id}><a class="go" href=${`#/campaigns/${c.campaign_id}`}><span class="grow"><b class="cut"><${Said}>${c.name}</${Said}></b><span class="dim">${fill('campaign_line', number(c.calls), share(c.reached, c.calls))}</span></span><span class="pill good"><${Icon} name="calendar" />${number(c.booked)}</span></a></li>`)}</ol></section>`}</aside></div>`;
	}}</${Loaded}>`;
}

/* ----- files to take away ----- */

const kinds = ['calls', 'leads', 'transcripts', 'appointments', 'ledger', 'analytics'].map((kind) => [kind, t(kind)]);
const formats = ['xlsx', 'csv', 'ndjson', 'json'].map((format) => [format, format]);
const size = (bytes) => (bytes < 1e6 ? `${number(Math.ceil(bytes / 1e3))} kB` : `${number(Math.ceil(bytes / 1e6))} MB`);

/* The link is made when it is wanted, because it ends after a while. */
async function load(id) {
	const link = document.createElement('a');
	link.href = await rpc('export_link', { export_id: id, lifetime: '5 minutes' });
	link.click();
}

export function Figures({ me }) {
	const page = usePage('figures_page');
	const [error, busy, act] = useAction(page[2]);
	const [runs] = usePage('campaign_page', {}, 60000);
	const request = ({ what, format, from, to, campaign, outcome }) => act(() => rpc('request_export', { what, format, from_day: from || null, to_day: to || null, campaign_id: campaign ? Number(campaign) : null, outcome: outcome || null }));
	const schedule = ({ name, every, what, format }, form) => act(async () => {
		await rpc('create_export_schedule', { name, every, what, format });
		form.reset();
	});
	const every = ['day', 'week', 'month'].map((span) => [span, t(`every_${span}`)]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ exports, schedules }) => html`
		<details class="card"><summary>${t('new_file')}</summary><${Form} send=${request} busy=${busy} label=${t('create')}>
			<${Choice} label=${t('what')} name="what" options=${kinds} value="calls" /><${Choice} label=${t('format')} name="format" options=${formats} value="xlsx" />
			<div class="pairs"><${Field} label=${t('from')} name="from" type="date" /><${Field} label=${t('until')} name="to" type="date" />
			<${Choice} label=${t('campaign')} name="campaign" options=${[['', t('any')], ...(runs || []).map((c) => [c.campaign_id, c.name])]} /><${Choice} label=${t('outcome')} name="outcome" options=${[['', t('any')], ...outcomes.map((o) => [o, named(o)])]} /></div></${Form}></details>
		<div class="card"><${Table} caption=${t('files')} empty=${t('e_files')} rows=${exports} id="export_id" columns=${[[t('what'), (x) => `${t(x.what)} (${x.format})`],
			[t('when'), (x) => time(x.created_at)], [t('status'), (x) => html`${word(x.state)} <${Said}>${x.error}</${Said}>`], [t('rows'), (x) => number(x.rows), 'number'],
			['', (x) => (x.state === 'done' ? html`<button disabled=${busy} onClick=${() => act(() => load(x.export_id))}>${t('load')} ${size(x.bytes)}</button>`
				: me.works && ['waiting', 'running'].includes(x.state) && html`<button disabled=${busy} onClick=${() => act(() => rpc('drop_export', { export_id: x.export_id }))}>${t('cancel')}</button>`)]]} /></div>
		<div class="card"><${Table} caption=${t('schedules')} empty=${t('e_schedules')} rows=${schedules} id="schedule_id" columns=${[[t('name'), (s) => html`<${Said}>${s.name}</${Said}>`],
			[t('what'), (s) => `${t(s.what)} (${s.format})`], [t('when'), (s) => `${t(`every_${s.every}`)} ${s.at.slice(0, 5)}`], [t('status'), (s) => html`<${Said}>${s.error}</${Said}>`],
			['', (s) => me.writes && html`<button disabled=${busy} onClick=${() => act(() => rpc('remove_export_schedule', { schedule_id: s.schedule_id }))}>${t('remove')}</button>`]]} /></div>
		${me.writes && html`<details class="card"><summary>${t('new_schedule')}</summary><${Form} send=${schedule} busy=${busy} label=${t('create')}>
			<${Field} label=${t('name')} name="name" required maxlength="100" /><${Choice} label=${t('when')} name="every" options=${every} value="week" />
			<${Choice} label=${t('what')} name="what" options=${kinds} value="calls" /><${Choice} label=${t('format')} name="format" options=${formats} value="xlsx" /></${Form}></details>`}`}</${Loaded}>`;
}
