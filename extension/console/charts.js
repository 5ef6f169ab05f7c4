/* Charts of our own: bars, a line with the period before, a funnel, a heat of the week; each says in a sentence what it shows, and has its numbers. */
import { html } from '/vendor/preact-htm.js';
import { Table } from '/parts.js';
import { fill, hourName, number, t, weekdayName } from '/texts.js';

export const share = (part, all) => (all > 0 ? `${number(Math.round((100 * part) / all))} %` : '');

/* A section with a heading; its table is behind it. */
export const Figure = ({ title, note, says, children, table }) => html`<section class="block figure-of"><header><h2>${title}</h2>${note && html`<span class="legend">${note}</span>`}</header>${children}
	${says && html`<p class="dim says">${says}</p>`}
	${table && html`<details class="behind"><summary>${t('as_table')}</summary><${Table} quiet caption=${title} ...${table} /></details>`}</section>`;

export const Key = ({ of, children }) => html`<i class=${of}></i>${children}`;

/* Rows of [name, number, class, address]: each a bar, with its share of the row before, or of the first. */
export function Rows({ caption, rows, of = 'before' }) {
	const most = Math.max(1, ...rows.map(([, n]) => n));
	return html`<table class="meter" aria-label=${caption}><tbody>${rows.map(([name, n, kind, href], i) => html`<tr key=${name}><th scope="row">${href ? html`<a href=${href}>${name}</a>` : name}</th>
		<td class="track" aria-hidden="true"><svg><rect class="rest" width=${`${(100 * (of === 'before' && i > 0 ? rows[i - 1][1] : n)) / most}%`} height="100%" rx="3" /><rect class=${kind || 'some'} width=${`${(100 * n) / most}%`} height="100%" rx="3" /></svg></td>
		<td class="num"><b>${number(n)}</b></td>${of === 'before' && html`<td class="num dim">${i > 0 ? share(n, rows[i - 1][1]) : ''}</td>`}</tr>`)}</tbody></table>`;
}

const days = [1, 2, 3, 4, 5, 6, 7];
/* Fewer calls than these say nothing of an hour. */
const ENOUGH = 5;

/* How many of the calls of each hour of the week were answered, in per cent. */
export function Heat({ hours }) {
	if (hours.length === 0) {
		return null;
	}
	const at = new Map(hours.map((h) => [h.weekday * 24 + h.hour, h]));
	const first = Math.min(9, ...hours.map((h) => h.hour));
	const used = [...Array(Math.max(17, ...hours.map((h) => h.hour)) - first + 1).keys()].map((i) => first + i);
	const best = hours.filter((h) => h.calls >= ENOUGH).sort((a, b) => b.answered / b.calls - a.answered / a.calls)[0];
	const cell = (day, hour) => {
		const h = at.get(day * 24 + hour);
		const rate = h && h.answered / h.calls;
		return h ? html`<td class=${h.calls < ENOUGH ? 'few' : `h${Math.min(4, Math.floor(rate * 8))}`} title=${`${weekdayName(day)} ${hourName(hour)}: ${number(h.answered)} / ${number(h.calls)}`}>${Math.round(100 * rate)}</td>` : html`<td class="none">–</td>`;
	};
	/* Upright where it is narrow, so that nothing is cut. */
	const upright = matchMedia('(max-width: 48rem)').matches;
	const [rows, columns] = upright ? [used, days] : [days, used];
	const name = (x, ofDay) => (ofDay ? weekdayName(x) : hourName(x));
	return html`<${Figure} title=${t('when_answered')} note=${t('when_answered_note')} says=${best && fill('best_hour', weekdayName(best.weekday, 'long'), hourName(best.hour), share(best.answered, best.calls))}>
		<table class="heat" aria-label=${t('when_answered')}><thead><tr><td></td>${columns.map((c) => html`<th scope="col">${name(c, upright)}</th>`)}</tr></thead>
		<tbody>${rows.map((r) => html`<tr key=${r}><th scope="row">${name(r, !upright)}</th>${columns.map((c) => (upright ? cell(c, r) : cell(r, c)))}</tr>`)}</tbody></table></${Figure}>`;
}

/* A number that is pleasant on an axis, and not less. */
const nice = (n) => {
	const ten = 10 ** Math.floor(Math.log10(Math.max(1, n)));
	return [1, 2, 5, 10].map((x) => x * ten).find((x) => x >= n);
};
const HIGH = 132;
const axis = (most) => html`${[0, 0.5, 1].map((part) => html`<line x1="0" x2="100%" y1=${HIGH - part * 112} y2=${HIGH - part * 112} />`)}<text x="0" y="14">${number(most)}</text>`;
const names = (bars, wide) => bars.map((b, i) => i % Math.ceil(bars.length / 8) === 0 && html`<text class="mid" x=${`${4 + (i + 0.5) * wide}%`} y="150">${b.name}</text>`);

/* Bars of {name, parts: [[class, number]]}, one part on the other. */
export function Columns({ caption, bars }) {
	const sum = (b) => b.parts.reduce((all, [, n]) => all + n, 0);
	const most = nice(Math.max(1, ...bars.map(sum)));
	const wide = 96 / Math.max(bars.length, 7);
	return html`<svg class="bars" role="img" aria-label=${caption}>${axis(most)}${bars.map((b, i) => {
		let base = HIGH;
		return html`<g>${b.parts.map(([kind, n]) => {
			const high = (n / most) * 112;
			base -= high;
			return html`<rect class=${kind} x=${`${4 + i * wide + wide * 0.15}%`} width=${`${wide * 0.7}%`} y=${base} height=${high} />`;
		})}</g>`;
	})}${names(bars, wide)}</svg>`;
}

/* A level by day, {name, value, before}: the period before is dashed. */
export function Line({ caption, points }) {
	const most = nice(Math.max(1, ...points.flatMap((p) => [p.value, p.before || 0])));
	const wide = 96 / points.length;
	const y = (n) => HIGH - (n / most) * 112;
	const path = (of, kind) => points.slice(1).map((p, i) => (p[of] === null || p[of] === undefined ? null
		: html`<line class=${kind} x1=${`${4 + (i + 0.5) * wide}%`} x2=${`${4 + (i + 1.5) * wide}%`} y1=${y(points[i][of])} y2=${y(p[of])} />`));
	return html`<svg class="bars" role="img" aria-label=${caption}>${axis(most)}${path('before', 'was')}${path('value', 'is')}${names(points, wide)}</svg>`;
}

/* What each answer took: heard, thought, spoke, on one axis in milliseconds; a line stands at one second. */
const ANSWERS = 30;
export function Waterfall({ caption, rows }) {
	const shown = rows.slice(0, ANSWERS);
	const most = Math.max(1200, ...shown.flatMap((r) => r.map(Number)));
	const x = (ms) => `${(100 * ms) / most}%`;
	return html`<svg class="falls" role="img" aria-label=${caption} height=${shown.length * 20}>${shown.map((r, i) => r.map((ms, k) => {
		const from = Math.max(0, ...r.slice(0, k));
		return ms > from && html`<rect class=${['all', 'some', 'won'][k]} x=${x(from)} width=${x(ms - from)} y=${i * 20 + 3} height="14" />`;
	}))}<line x1=${x(1000)} x2=${x(1000)} y1="0" y2=${shown.length * 20} /></svg>`;
}
