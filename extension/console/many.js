/* Many rows of a list at once: ticks, what is done with all that are ticked, and what of it was refused, row by row. */
import { html, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { Ask, Dialog, Form, reasonOf } from '/parts.js';
import { fill, number, t } from '/texts.js';

/* So many are asked for beside each other, so many in one question, and so many are ticked at most. */
const BESIDE = 4;
const TOGETHER = 500;
export const TICKS = 5000;
const UNDO_MS = 60000;

/* The rows that are ticked, by their key: they stay so while the list goes on. name(row): what it is called. */
export function useTicks(key, name) {
	const [ticked, setTicked] = useState(new Map());
	const put = (rows, on) => setTicked((old) => {
		const now = new Map(old);
		rows.forEach((row) => (on ? now.size < TICKS && now.set(row[key], row) : now.delete(row[key])));
		return now;
	});
	const has = (row) => ticked.has(row[key]);
	const box = (row) => html`<input class="tick" type="checkbox" aria-label=${`${t('choose_one')}: ${name(row)}`} checked=${has(row)} onChange=${(event) => put([row], event.target.checked)} />`;
	const head = (rows) => html`<input class="tick" type="checkbox" aria-label=${t('all_shown')} checked=${rows.length > 0 && rows.every(has)} onChange=${(event) => put(rows, event.target.checked)} />`;
	return { key, name, rows: [...ticked.values()], put, box, head, clear: () => setTicked(new Map()), column: (rows) => [head(rows), box, 'narrow'] };
}

/* Rows as a file that a spreadsheet opens; what would be a formula there is text. */
export function saveRows(file, columns, rows) {
	const cell = (value) => `"${String(value ?? '').replace(/^(?=[=@\t\r]|[+-](?!\d+$))/, "'").replaceAll('"', '""')}"`;
	const text = [columns.map(([heading]) => heading), ...rows.map((row) => columns.map(([, of]) => of(row)))].map((line) => line.map(cell).join(',')).join('\r\n');
	const href = URL.createObjectURL(new Blob(['\uFEFF', text, '\r\n'], { type: 'text/csv' }));
	Object.assign(document.createElement('a'), { href, download: `${file}.csv` }).click();
	URL.revokeObjectURL(href);
}

/* Does it for all; of what is asked for in one question, finds the rows for which it was refused. exact: nothing of it had been so before. */
async function doAll(deed, rows, values, state, tell) {
	const refuse = (some, error) => state.refused.push(...some.map((row) => [row, error]));
	const count = (some) => {
		state.seen += some.length;
		tell();
	};
	const together = async (some) => {
		const error = await deed.all(some, values).then((n) => {
			state.exact = state.exact && n === some.length;
			state.well.push(...some);
		}, (e) => e);
		if (!error) {
			return count(some);
		}
		const same = async (row) => deed.all([row], values).then(() => {
			state.exact = false;
			return false;
		}, (e) => e.message === error.message && e.details === error.details);
		if (some.length === 1 || ![404, 409, 422].includes(error.status) || (await same(some[0]) && await same(some.at(-1)))) {
			refuse(some, error);
			return count(some);
		}
		const half = Math.ceil(some.length / 2);
		await together(some.slice(0, half));
		return together(some.slice(half));
	};
	if (deed.all) {
		for (let i = 0; i < rows.length && !state.stopped; i += TOGETHER) {
			await together(rows.slice(i, i + TOGETHER));
		}
		return;
	}
	const rest = [...rows];
	await Promise.all([...Array(BESIDE)].map(async () => {
		while (rest.length > 0 && !state.stopped) {
			const row = rest.shift();
			await deed.one(row, values).then(() => state.well.push(row), (error) => {
				refuse([row], error);
				/* Without a network, or a session, the rest would be refused, too. */
				state.stopped = state.stopped || [0, 401].includes(error.status);
			});
			count([row]);
		}
	}));
}

/*
 * What is done with those that are ticked. deeds: {label, fits(row), fields, ask, all(rows, values) or one(row, values), undo(row, values), main}.
 * every(): all that match, where the list shows some of them.
 */
export function Many({ ticks, deeds, every, after, link }) {
	const [run, setRun] = useState(null);
	const [busy, setBusy] = useState(false);
	const going = useRef(null);
	useEffect(() => {
		const timer = run && run.undo && setTimeout(() => setRun((now) => ({ ...now, undo: null })), UNDO_MS);
		return () => clearTimeout(timer);
	}, [run && run.undo]);
	const act = async (deed, rows, values, undoes) => {
		const state = { label: deed.label, of: rows.length, seen: 0, well: [], refused: [], exact: true, stopped: false };
		const tell = () => setRun({ ...state });
		going.current = state;
		setBusy(true);
		tell();
		await doAll(deed, rows, values, state, tell);
		ticks.put(state.well, false);
		state.over = true;
		state.undo = !undoes && deed.undo && state.well.length > 0 && (deed.one || state.exact) ? () => act({ label: t('undo'), one: (row) => deed.undo(row, values) }, state.well, values, true) : null;
		tell();
		setBusy(false);
		await after();
	};
	const all = async () => {
		setBusy(true);
		try {
			ticks.put(await every(), true);
		} catch (error) {
			setRun({ label: t('all_that_match'), of: 0, seen: 0, well: [], refused: [[null, error]], over: true });
		}
		setBusy(false);
	};
	const { rows } = ticks;
	const button = (deed) => {
		const fit = deed.fits ? rows.filter(deed.fits) : rows;
		const label = fit.length < rows.length ? `${deed.label} (${number(fit.length)})` : deed.label;
		if (fit.length === 0) {
			return null;
		}
		if (deed.fields) {
			return html`<${Dialog} key=${deed.label} label=${`${label} …`} main=${deed.main} disabled=${busy} title=${`${deed.label}: ${number(fit.length)}`}>${(close) => html`<${Form} label=${deed.label} busy=${busy} send=${(values) => {
				close();
				act(deed, fit, values);
			}} also=${html`<button type="button" onClick=${close}>${t('cancel')}</button>`}>${deed.fields}</${Form}>`}</${Dialog}>`;
		}
		return deed.ask ? html`<${Ask} key=${deed.label} label=${`${label} …`} main=${deed.main} disabled=${busy} title=${`${deed.label}: ${number(fit.length)}`} yes=${deed.label} no=${t('cancel')} act=${() => act(deed, fit, {})}><p>${deed.ask}</p></${Ask}>`
			: html`<button key=${deed.label} class=${deed.main ? 'main' : null} disabled=${busy} onClick=${() => (deed.local ? deed.local(fit) : act(deed, fit, {}))}>${label}</button>`;
	};
	return (rows.length > 0 || run) && html`<div class="many" role="region" aria-label=${t('many')}>
		${rows.length > 0 && html`<div class="row"><b>${fill('n_chosen', number(rows.length))}</b>${every && html`<button class="plain" disabled=${busy} onClick=${all}>${t('all_that_match')}</button>`}<button class="plain" disabled=${busy} onClick=${ticks.clear}>${t('choose_none')}</button></div>
			<div class="row">${deeds.map(button)}</div>`}
		${run && html`<div role="status"><p class="row"><span>${run.label}: ${fill('many_done', number(run.well.length), number(run.of))}${run.stopped && ` ${t('stopped_there')}`}</span>
			${!run.over && html`<progress max=${run.of} value=${run.seen} aria-label=${run.label}></progress><button onClick=${() => (going.current.stopped = true)}>${t('stop')}</button>`}
			${run.over && run.undo && html`<button onClick=${run.undo}>${t('undo')}</button>`}${run.over && html`<button class="plain" aria-label=${t('close')} onClick=${() => setRun(null)}>×</button>`}</p>
			${run.over && run.refused.length > 0 && html`<details open><summary class="bad">${fill('many_refused', number(run.refused.length))}</summary><ul>${run.refused.slice(0, 100).map(([row, error]) => html`<li>
				${row && html`<a href=${`#/${link(row)}`}><bdi>${ticks.name(row)}</bdi></a>: `}${reasonOf(error)}</li>`)}</ul></details>`}</div>`}</div>`;
}
