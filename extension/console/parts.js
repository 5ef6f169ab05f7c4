/* What the pages are made of. */
import { html, useCallback, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { onEvents, rpc } from '/api.js';
import { Icon } from '/icons.js';
import { fill, language, number, t } from '/texts.js';

/* Names, transcripts and the like may have any direction, and must not turn the rest round. */
export const Said = ({ children }) => html`<bdi dir="auto">${children}</bdi>`;
export const said = (text) => html`<${Said}>${text}</${Said}>`;

/* What is wrong, by its kind; a refusal of the database's by its SQLSTATE, or by the first two letters of it. */
const kindOf = ({ status, code }) => (status === 0 ? 'no_connection' : code === '57014' ? 'too_slow' : status >= 500 ? 'server_fault'
	: [`err_${code}`, `err_${String(code).slice(0, 2)}`].find((key) => t(key) !== key) || 'err_other');

/* A text that names what we are made of, or a thing by its number, is for those who write programs. */
const forPeople = (text) => text && !/\bvoiceagent[._]|\b[a-z]+(_[a-z]+)*\([^)]*\)|\b[a-z]+_[a-z_]+\b|\b(lead|call|campaign|assistant|calendar|number) \d+\b/.test(text);

/* First in the reader's language; then what the database says of this very thing, which it says in one. */
export const Problem = ({ error }) => {
	if (!error) {
		return null;
	}
	const kind = kindOf(error);
	const said = kind.startsWith('err_') ? [error.message, error.details, error.hint].filter(forPeople) : [];
	const exact = said.length > 0 && ['err_PT422', 'err_PT409', 'err_22', 'err_23', 'err_other'].includes(kind);
	return html`<p class="card bad" role="alert">${(!exact || language() !== 'en') && t(kind)}${kind === 'server_fault' && ` (${error.code || error.status})`}
		${exact && said.map((text, i) => html`${(i > 0 || language() !== 'en') && html`<br />`}<span lang="en" class=${i > 1 ? 'dim' : null}>${text}</span>`)}</p>`;
};

/* However much happens, a page is asked for once in this time. */
const REST_MS = 1000;

/* The answer of a function, asked again when something has happened, and no sooner than after a rest: [answer, error, ask again]. */
export function usePage(name, values = {}, rest = REST_MS) {
	const [state, setState] = useState([null, null]);
	const key = JSON.stringify([name, values]);
	const asked = useRef(0);
	const resting = useRef(rest);
	resting.current = rest;
	const last = useRef(0);
	const load = useCallback(async () => {
		if (name === null) {
			return;
		}
		const mine = ++asked.current;
		last.current = Date.now();
		try {
			const answer = await rpc(name, JSON.parse(key)[1]);
			if (mine === asked.current) {
				setState([answer, null]);
			}
		} catch (error) {
			if (mine === asked.current) {
				setState([null, error]);
			}
		}
	}, [key]);
	useEffect(() => {
		let timer = null;
		load();
		const stop = onEvents(() => {
			timer = timer || setTimeout(() => {
				timer = null;
				load();
			}, Math.max(0, last.current + resting.current - Date.now()));
		});
		return () => {
			stop();
			clearTimeout(timer);
			asked.current += 1;
		};
	}, [load]);
	return [...state, load];
}

/* Does something, and says what came of it: [error, busy, do]. */
export function useAction(after) {
	const [error, setError] = useState(null);
	const [busy, setBusy] = useState(false);
	const act = async (work) => {
		setBusy(true);
		setError(null);
		try {
			await work();
			if (after) {
				await after();
			}
		} catch (problem) {
			setError(problem);
		}
		setBusy(false);
	};
	return [error, busy, act];
}

export const Loaded = ({ page: [answer, error], children }) => (error ? html`<${Problem} error=${error} />`
	: answer === null ? html`<p class="dim" role="status">${t('loading')}</p>` : children(answer));

/* A page that has nothing says what comes there, and offers the next step. */
export const Empty = ({ icon, text, children }) => html`<div class="empty"><${Icon} name=${icon} /><p>${text}</p>${children}</div>`;

/* What was asked for, and is not there. */
export const NotFound = ({ again }) => html`<${Empty} icon="search" text=${t('no_match')}><button onClick=${again}>${t('remove_filters')}</button></${Empty}>`;

/* To a call that stands beside, or to what else is called so. */
export const toCall = (id, text) => id && html`<a href=${`#/calls/${id}`}>${text || t('show')}</a>`;

/* columns: [heading, row => cell, class]; quiet: the page's heading says what it is; empty: what is said of no rows, without which nothing is. */
export function Table({ caption, rows, columns, id, quiet, empty }) {
	if (rows.length === 0) {
		return !empty ? null : typeof empty === 'string' ? html`${!quiet && html`<h2>${caption}</h2>`}<p class="dim">${empty}</p>` : empty;
	}
	/* A telephone shows each row as a card; it stays a table to whoever hears it. */
	return html`<div class="wide" tabindex="0" role="region" aria-label=${caption}><table role="table">
		<caption class=${quiet ? 'sr' : null}>${caption}</caption>
		<thead role="rowgroup"><tr role="row">${columns.map(([heading, , name]) => html`<th scope="col" role="columnheader" class=${name}>${heading}</th>`)}</tr></thead>
		<tbody role="rowgroup">${rows.map((row) => html`<tr role="row" key=${row[id]}>${columns.map(([heading, cell, name]) => html`<td role="cell" class=${name} data-label=${heading || null}>${cell(row)}</td>`)}</tr>`)}</tbody>
	</table></div>`;
}

/* A form whose fields are read by name when it is sent. */
export function Form({ children, send, label, busy, className, also }) {
	const submit = (event) => {
		event.preventDefault();
		send(Object.fromEntries(new FormData(event.target)), event.target);
	};
	return html`<form class=${className} onSubmit=${submit}>${children}<p class="row"><button class="main" disabled=${busy}>${label}</button>${also}</p></form>`;
}

/* A value that nobody listens to is what the control begins with: what was typed since is not taken away when the page changes. */
export const Field = ({ label, help, name, type, value, ...rest }) => html`<label><span>${label}</span>
	<input name=${name} type=${type || 'text'} ...${rest.onInput ? { value } : { defaultValue: value }} ...${rest} />${help && html`<span class="dim">${help}</span>`}</label>`;

/* Connections, as a choice: [id, name, whether it rehearses]. */
export const byLine = (accounts) => accounts.map(([id, name, sandbox]) => [id, sandbox ? `${name} (${t('rehearsal')})` : name]);

export const Choice = ({ label, name, options, value, ...rest }) => html`<label><span>${label}</span>
	<select name=${name} ...${rest.onChange ? { value } : {}} ...${rest}>${options.map(([key, text]) => html`<option value=${key} selected=${String(key) === String(value)}>${text}</option>`)}</select></label>`;

/* A reason is asked for in place, and the button does it. */
export function WithReason({ label, act, busy }) {
	const [open, setOpen] = useState(false);
	if (!open) {
		return html`<button disabled=${busy} onClick=${() => setOpen(true)}>${label}</button>`;
	}
	return html`<${Form} label=${label} busy=${busy} send=${({ reason }) => act(reason)}>
		<${Field} label=${t('reason')} name="reason" required maxlength="500" />
		<button type="button" onClick=${() => setOpen(false)}>${t('cancel')}</button></${Form}>`;
}

/* A button that opens a dialog; what is in it is told how to close it. */
export function Dialog({ label, main, disabled, title, children }) {
	const dialog = useRef(null);
	return html`<button class=${main ? 'main' : null} disabled=${disabled} onClick=${() => dialog.current.showModal()}>${label}</button>
		<dialog class="ask" ref=${dialog} aria-label=${title}><h2><${Said}>${title}</${Said}></h2>${children(() => dialog.current.close())}</dialog>`;
}

/* What cannot be taken back, or costs, is asked first: a dialog says what will be, and names both ways. */
export const Ask = ({ label, main, disabled, title, yes, no, act, children }) => html`<${Dialog} label=${label} main=${main} disabled=${disabled} title=${title}>${(close) => html`${children}
	<div class="row acts"><button onClick=${close}>${no}</button><button class="main" onClick=${() => {
		close();
		act();
	}}>${yes}</button></div>`}</${Dialog}>`;

/* Calls, and among them those that were answered: bars of {name, calls, answered}; places are shares of the width, text keeps its size. */
export function Bars({ caption, bars, plain }) {
	const most = Math.max(1, ...bars.map((b) => Number(b.calls) || 0));
	const wide = 100 / Math.max(bars.length, 12);
	const label = `${caption}: ${bars.filter((b) => b.calls).map((b) => `${b.name} ${number(b.calls)}, ${t('answered')} ${number(b.answered)}`).join('; ') || t('none')}`;
	const bar = (name, n = 0, i) => html`<rect class=${name} x=${`${i * wide + wide * 0.15}%`} width=${`${wide * 0.7}%`} y=${132 - (n / most) * 112} height=${(n / most) * 112} rx="2" />`;
	const every = Math.ceil(bars.length / 7);
	return html`<figure class=${plain ? 'chart' : 'card chart'}>${!plain && html`<figcaption>${caption}</figcaption>`}<svg class="bars" role="img" aria-label=${label}>
		${[0, 0.5, 1].map((part) => html`<line x1="0" x2="100%" y1=${132 - part * 112} y2=${132 - part * 112} />`)}<text x="0" y="14">${number(most)}</text>
		${bars.map((b, i) => html`<g>${bar('all', b.calls, i)}${bar('some', b.answered, i)}${i % every === 0 && html`<text class="mid" x=${`${(i + 0.5) * wide}%`} y="150">${b.name}</text>`}</g>`)}</svg></figure>`;
}

/* Where one has logged in before by a provider, or could have, one may again: kept is "address host". */
export const ByProvider = ({ kept = '' }) => {
	const [to, host] = kept.split(' ');
	return to && html`<p><a class="button" href=${to}>${fill('sign_on_with', host)}</a></p>`;
};
