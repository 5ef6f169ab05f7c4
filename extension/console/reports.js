/* Whether it gets better: a period beside the one before it. */
import { html, useState } from '/vendor/preact-htm.js';
import { ByDay, Ended, Funnel } from '/campaign.js';
import { Figure, Heat, Key, Line, share } from '/charts.js';
import { Icon } from '/icons.js';
import { Empty, Loaded, Said, Table, usePage } from '/parts.js';
import { date, fill, number, t } from '/texts.js';

/* How it differs from before; more is better of most things. */
function Change({ now, before, points, less }) {
	const by = points ? Math.round(now - before) : before > 0 ? Math.round((100 * (now - before)) / before) : null;
	if (by === null || Number.isNaN(by)) {
		return html`<small class="dim">${t('none_before')}</small>`;
	}
	const better = less ? by < 0 : by > 0;
	return html`<small class=${by === 0 ? 'dim' : better ? 'good' : 'warned'}>${by === 0 ? t('as_much') : html`<span aria-hidden="true">${by > 0 ? '↑' : '↓'}</span> ${points ? fill('was_before', `${number(Math.round(before))} %`) : fill(by > 0 ? 'percent_more' : 'percent_less', number(Math.abs(by)))}`}</small>`;
}

const spans = [7, 21, 90];
const per = (a, b) => (b > 0 ? (100 * a) / b : NaN);

export function Report({ query }) {
	const days = spans.includes(Number(query.days)) ? Number(query.days) : 21;
	const [campaigns] = usePage('campaign_page', {}, 60000);
	const campaign = /^\d+$/.test(query.campaign || '') ? Number(query.campaign) : null;
	/* The last day is the database's own today. */
	const page = usePage('report_page', { days, ...(campaign ? { campaign_id: campaign } : {}) }, 10000);
	const [chosen, choose] = useState('booked');
	const go = (change) => {
		const all = { days, ...(campaign ? { campaign } : {}), ...change };
		location.hash = `#/report?${new URLSearchParams(Object.entries(all).filter(([, v]) => v))}`;
	};
	return html`<div class="bar" role="group" aria-label=${t('period')}>${spans.map((n) => html`<button class="chip" aria-pressed=${n === days} onClick=${() => go({ days: n })}>${fill('last_days', n)}</button>`)}
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
		return html`<div class="tiles">${tiles.map(([key, label, value, change]) => html`<${key ? 'button' : 'div'} class="tile" aria-pressed=${key ? key === chosen : null} onClick=${key && (() => choose(key))}><span class="dim">${label}</span><b class="figure">${value}</b>${change}</${key ? 'button' : 'div'}>`)}</div>
			<${Figure} title=${title} note=${html`<${Key} of="some">${fill('last_days', days)}</${Key}><${Key} of="dash">${t('days_before')}</${Key}>`} says=${fill('report_says', number(n.calls), date(r.from), date(r.to), number(b.calls))}
				table=${{ rows: r.days, id: 'day', columns: [[t('when'), (d) => date(d.day)], ...['calls', 'answered', 'booked'].map((key) => [names[key], (d) => number(d[key]), 'number']), [t('days_before'), (d) => number(d.before[chosen]), 'number']] }}>
				<${Line} caption=${`${title}: ${points.map((p) => `${p.name} ${number(p.value)}`).join('; ')}`} points=${points} /></${Figure}>
			<div class="cols"><div>${n.calls > 0 && html`<${Funnel} numbers=${[n.calls, n.answered, n.reached, n.interested, n.booked]} agreed=${r.outcomes && r.outcomes.scheduled} />`}<${Heat} hours=${r.hours} />
				${days <= 21 && html`<${ByDay} days=${r.days} />`}</div>
			<aside class="rail" aria-label=${t('how_ended')}><${Ended} outcomes=${r.outcomes} campaign=${campaign} />
				${r.campaigns.length > 0 && html`<section class="block"><h2>${t('campaigns')}</h2><ol class="rows">${r.campaigns.map((c) => html`<li key=${c.campaign_id}><a class="go" href=${`#/campaigns/${c.campaign_id}`}><span class="grow"><b class="cut"><${Said}>${c.name}</${Said}></b><span class="dim">${fill('campaign_line', number(c.calls), share(c.reached, c.calls))}</span></span><span class="pill good"><${Icon} name="calendar" />${number(c.booked)}</span></a></li>`)}</ol></section>`}</aside></div>`;
	}}</${Loaded}>`;
}
