/* What the pages are made of. */
import { createContext, html, useCallback, useContext, useEffect, useLayoutEffect, useRef, useState } from '/vendor/preact-htm.js';
import { lapsed, onEvents, rpc, whoIs } from '/api.js';
import { Icon } from '/icons.js';
import { fill, language, number, ourZone, t } from '/texts.js';

/* Names, transcripts and the like may have any direction, and must not turn the rest round. */
export const Said = ({ children }) => html`<bdi dir="auto">${children}</bdi>`;
export const said = (text) => html`<${Said}>${text}</${Said}>`;

/* What is wrong, by its kind; a refusal of the database's by its SQLSTATE, or by the first two letters of it. */
const kindOf = ({ status, code }) => (status === 0 ? 'no_connection' : code === '57014' ? 'too_slow' : status >= 500 ? 'server_fault'
	: [`err_${code}`, `err_${String(code).slice(0, 2)}`].find((key) => t(key) !== key) || 'err_other');

/* What only those can follow who write programs: functions, notations, what PostgreSQL says of its own. */
const programs = /\bvoiceagent[._]|\b[a-z]+(_[a-z]+)*\(|\[\[|=>|\b(violates|relation)\b|invalid input syntax|out of range/;
/* Of the names that a program has for things, those that the form shows are said as it does. */
const plain = (text, names) => text.replace(/\bvoiceagent[._]|(?<=[a-z_])\(\)/g, '').replace(/\b[a-z]+(_[a-z0-9]+)+\b/g, (key) => (names[key] ? `“${names[key]}”` : key.replaceAll('_', ' ')));

/* First in the reader's language; then what the database says of this very thing, which it says in one: the reason always, and of the rest what people can follow. */
function explain(error, names = {}) {
	if (error.theirs !== undefined) {
		return [fill('meanwhile', error.theirs || '–'), []];
	}
	const kind = kindOf(error);
	const ours = t(`says_${error.message}`.replaceAll(' ', '_'), ' ');
	if (ours !== ' ') {
		return [ours, []];
	}
	const tells = error.message && (['err_PT422', 'err_PT409', 'err_PT402', 'err_other'].includes(kind) || (['err_22', 'err_23', 'err_PT403'].includes(kind) && !programs.test(error.message)));
	const said = tells ? [error.message, ...[error.details, error.hint].filter((text) => text && !programs.test(text))].map((text) => plain(text, names)) : [];
	const first = said.length > 0 && language() === 'en' ? '' : `${t(kind)}${kind === 'server_fault' ? ` (${error.code || error.status})` : ''}`;
	return [first, said];
}

/* The same in a line. */
export const reasonOf = (error) => explain(error).flat().filter(Boolean).join(' ');

/* It stays in sight while its page is scrolled. */
export const Problem = ({ error, names }) => {
	if (!error) {
		return null;
	}
	const [first, said] = explain(error, names);
	return html`<p class="card bad" role="alert">${first}
		${said.map((text, i) => html`${(i > 0 || first) && html`<br />`}<span lang="en" class=${i > 1 ? 'dim' : null}>${text}</span>`)}
		${error.link && html` <a href=${error.link}>${t('show')}</a>`}</p>`;
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

/* The form that is being sent: it shows a refusal itself. */
let sending = null;

/* Does something, and says what came of it: [error, busy, do]. */
export function useAction(after) {
	const [error, setError] = useState(null);
	const [busy, setBusy] = useState(false);
	const act = async (work) => {
		const refuse = sending || setError;
		const from = document.activeElement;
		setBusy(true);
		setError(null);
		try {
			await work();
			if (after) {
				await after();
			}
		} catch (problem) {
			refuse(problem);
			/* A button that rests meanwhile loses the focus. */
			setTimeout(() => document.activeElement === document.body && from.isConnected && from.focus({ preventScroll: true }), 50);
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
		<tbody role="rowgroup">${rows.map((row) => html`<tr role="row" key=${row[id]}>${columns.map(([heading, cell, name]) => html`<td role="cell" class=${name} data-label=${typeof heading === 'string' && heading ? heading : null}>${cell(row)}</td>`)}</tr>`)}</tbody>
	</table></div>`;
}

/* What a form was refused: the field, and what is said beside it. */
const Sent = createContext({ fields: new Set() });

/* How a form calls its fields, by their names. */
const namesOf = (form) => Object.fromEntries([...form.elements].filter((e) => e.name).map((e) => [e.name.replace(/^. /, ''),
	((e.labels && e.labels[0] && (e.labels[0].querySelector('span') || e.labels[0])) || e.querySelector('legend') || e).textContent.replace(/ \*$/, '')]));

/* Of its fields the one that a refusal names first. */
function fieldOf({ message = '', details, hint, field, status }, fields, form) {
	if (field) {
		return fields.find((name) => name === field);
	}
	/* Where a text is quoted, the one that has it. */
	const quoted = [/^At: (.+)$/s.exec(details || '')?.[1], ...[...message.matchAll(/"([^"]{2,})"/g)].map(([, text]) => text.replace(/(\.{3}|…)$/, ''))].filter(Boolean);
	const has = fields.find((name) => quoted.some((text) => (form.elements[name].value || '').includes(text)));
	if (has) {
		return has;
	}
	/* Of a kind that the form asks for once. */
	const kind = [[/\b(URL|host)\b/, 'url'], [/phone number/, 'tel'], [/e-?mail/i, 'email'], [/password/, 'password'], [/type date/, 'date'], [/type timestamp/, 'datetime-local']].find(([says]) => says.test(message))?.[1];
	const such = fields.filter((name) => form.elements[name].type === kind);
	if (such.length === 1) {
		return such[0];
	}
	/* A key of one word is a word of the language, too: it counts where it stands first, or is quoted. */
	const at = (name, text) => (text || '').search(new RegExp(/_/.test(name) ? `\\b${name.replace(/^. /, '')}\\b` : `^${name}\\b|"${name}"`));
	return [message, details, hint].map((text) => fields.filter((name) => at(name, text) >= 0).sort((a, b) => at(a, text) - at(b, text))[0]).find(Boolean)
		|| (status === 422 && fields.length === 1 ? fields[0] : undefined);
}

/* What is wrong with a field stands beside it. */
export const Wrong = ({ name }) => {
	const { fields, field, says } = useContext(Sent);
	fields.add(name);
	return name && name === field ? says : null;
};
const judged = (name) => (useContext(Sent).field === name ? { 'aria-invalid': 'true' } : {});

/* What can be typed into, and comes back: no password, no file. */
const typed = (form) => [...form.elements].filter((e) => e.name && 'value' in e && !/password|checkbox|radio|file|button|fieldset/.test(e.type));

/* What was typed when a session ended, or the page was loaded anew, is there again for the same member: in this tab alone. It tells what the fields began with. */
function useDraft(form, label) {
	const begun = useRef({});
	useEffect(() => {
		const mine = form.current;
		const key = `draft ${whoIs()} ${location.hash} ${label}`;
		const kept = JSON.parse(sessionStorage.getItem(key) || 'null');
		sessionStorage.removeItem(key);
		begun.current = Object.fromEntries(typed(mine).map((e) => [e.name, e.value]));
		/* As an attribute it counts only while the page loads. */
		mine.querySelector('[autofocus]')?.focus();
		for (const [name, value] of kept || []) {
			const control = mine.elements[name];
			if (control && 'value' in control) {
				mine.closest('details') && (mine.closest('details').open = true);
				control.value = value;
				control.dispatchEvent(new Event(control.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
			}
		}
		const keep = () => {
			const now = typed(mine).filter((e) => e.name in begun.current && e.value !== begun.current[e.name]).map((e) => [e.name, e.value]);
			now.length > 0 && sessionStorage.setItem(key, JSON.stringify(now));
		};
		/* What the page shows by the first key is what was begun with. */
		const touched = new Set();
		mine.addEventListener('input', ({ target: e }) => {
			if (e.name in begun.current && e.defaultValue && !touched.has(e.name)) {
				begun.current[e.name] = e.defaultValue;
			}
			touched.add(e.name);
		});
		addEventListener('pagehide', keep);
		return () => {
			removeEventListener('pagehide', keep);
			lapsed() && keep();
		};
	}, []);
	return begun;
}

/* Of the fields that were changed here the first that somebody else has changed since, and to what; it is told once, so that the next press of the button goes on. */
async function clash(form, begun, latest) {
	const now = await latest();
	const other = typed(form).find((e) => e.name in now && e.value !== begun[e.name] && ![begun[e.name], e.value].includes(`${now[e.name] ?? ''}`));
	if (other) {
		begun[other.name] = `${now[other.name] ?? ''}`;
		throw Object.assign(new Error('changed meanwhile'), { field: other.name, theirs: begun[other.name] });
	}
}

/* A form whose fields are read by name when it is sent.  What it is refused stands beside the field that is named, else by the button, in sight. about: of which thing it is, where a page has several; latest: asks what its fields are now. */
export function Form({ children, send, label, busy, className, also, about = '', latest }) {
	const [error, setError] = useState(null);
	const form = useRef(null);
	const fields = useRef(new Set());
	const begun = useDraft(form, `${label} ${about}`);
	const submit = async (event) => {
		event.preventDefault();
		const mine = event.target;
		setError(null);
		try {
			latest && await clash(mine, begun.current, latest);
		} catch (problem) {
			setError(problem);
			return;
		}
		sending = setError;
		try {
			send(Object.fromEntries(new FormData(mine)), mine);
		} finally {
			sending = null;
		}
	};
	const field = error && fieldOf(error, [...fields.current].filter((name) => name && form.current.elements[name]), form.current);
	const says = error && html`<${Problem} error=${error} names=${namesOf(form.current)} />`;
	/* With the words: nobody sees them without the focus. */
	useLayoutEffect(() => {
		if (error) {
			const there = form.current.querySelector('[role=alert]');
			const control = field && form.current.elements[field];
			const it = control && (control.tagName === 'FIELDSET' ? control.querySelector('input, select') : control);
			it && it.focus && it.focus({ preventScroll: true });
			there && there.scrollIntoView({ block: 'center' });
		}
	}, [error]);
	return html`<form class=${className} onSubmit=${submit} ref=${form}><${Sent.Provider} value=${{ fields: fields.current, field, says }}>${children}${error && !field && says}
		<p class="row"><button class="main" disabled=${busy}>${label}</button>${also}</p></${Sent.Provider}></form>`;
}

/* A value that nobody listens to is what the control begins with: what was typed since is not taken away when the page changes. */
export const Field = ({ label, help, name, type, value, ...rest }) => html`<label><span>${label}</span>
	<input name=${name} type=${type || 'text'} ...${rest.onInput ? { value } : { defaultValue: value }} ...${judged(name)} ...${rest} />${help && html`<span class="dim">${help}</span>`}<${Wrong} name=${name} /></label>`;

export const Area = ({ label, name, value, ...rest }) => html`<label><span>${label}</span><textarea name=${name} ...${judged(name)} ...${rest}>${value}</textarea><${Wrong} name=${name} /></label>`;

/* Connections, as a choice: [id, name, whether it rehearses]. */
export const byLine = (accounts) => accounts.map(([id, name, sandbox]) => [id, sandbox ? `${name} (${t('rehearsal')})` : name]);

export const Choice = ({ label, name, options, value, ...rest }) => html`<label><span>${label}</span>
	<select name=${name} ...${rest.onChange ? { value } : {}} ...${judged(name)} ...${rest}>${options.map(([key, text]) => html`<option value=${key} selected=${String(key) === String(value)}>${text}</option>`)}</select><${Wrong} name=${name} /></label>`;

/* All zones of time, ours first; and all countries, by what people call them. One that is had is among them, whatever it is. */
export const zones = (had) => [...new Set([had, ourZone(), ...Intl.supportedValuesOf('timeZone')])].filter(Boolean).map((z) => [z, z.replaceAll('_', ' ')]);
export function countries(had) {
	const names = new Intl.DisplayNames([language()], { type: 'region', fallback: 'none' });
	const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
	const real = letters.flatMap((a) => letters.map((b) => a + b)).filter((c) => !/^(EU|EZ|UN|QO|X[AB]|ZZ)$/.test(c) && new Intl.Locale(`und-${c}`).region === c && names.of(c));
	return [...had && !real.includes(had) ? [[had, had]] : [], ...real.map((c) => [c, names.of(c)]).sort(([, a], [, b]) => a.localeCompare(b, language()))];
}

/* A reason is asked for in place, and the button does it. */
export function WithReason({ label, act, busy }) {
	const [open, setOpen] = useState(false);
	if (!open) {
		return html`<button disabled=${busy} onClick=${() => setOpen(true)}>${label}</button>`;
	}
	return html`<${Form} label=${label} busy=${busy} send=${({ reason }) => act(reason)}>
		<${Field} label=${t('reason')} name="reason" required maxlength="500" autofocus />
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

/* The page as it stands, on paper or as a file. */
export const Print = () => html`<button onClick=${() => print()}>${t('print')}</button>`;

/* Where one has logged in before by a provider, or could have, one may again: kept is "address host". */
export const ByProvider = ({ kept = '' }) => {
	const [to, host] = kept.split(' ');
	return to && html`<p><a class="button" href=${to}>${fill('sign_on_with', host)}</a></p>`;
};
