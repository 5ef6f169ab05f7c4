/* Forms that are drawn from a list of fields: the steps of the wizard, and what pages change. */
import { html, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Choice, countries, Field, Form, Problem, Table, useAction, Wrong, zones } from '/parts.js';
import { date, fill, t, weekdayName, word } from '/texts.js';

/* A time of the day, however it is written: 9, 9:30, 9.30, 9am, 17 h. */
function timeOf(text) {
	const [, hours, minutes = '00', half] = /^(\d{1,2})(?:[:.h](\d\d))?\s*(am|pm|a\.m\.|p\.m\.|uhr|h)?$/i.exec(text.trim()) || [];
	return hours === undefined ? text.trim() : `${String(/^[ap]/i.test(half || '') ? (hours % 12) + (/^p/i.test(half) ? 12 : 0) : hours).padStart(2, '0')}:${minutes}`;
}

/* What is written as a line of text: how its value reads, and what a text says. */
const spans = [(value) => (value || []).map((span) => span.join('-')).join(', '),
	(text) => text.split(',').map((span) => span.trim()).filter(Boolean).map((span) => span.split(/\s*[-–]\s*/).map(timeOf))];
const written = {
	words: [(value) => (value || []).join(', '), (text) => text.split(/[,;\n]/).map((w) => w.trim()).filter(Boolean)],
	/* A line each: "2026-12-24 closed", "DE closed", "12-31 09:00-12:00". */
	days: [(value) => Object.entries(value || {}).map(([day, hours]) => `${day} ${hours}`).join('\n'),
		(text) => Object.fromEntries(text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
			const at = line.lastIndexOf(' ');
			return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
		}))],
	spans,
};

/* What is typed stays as it is typed, whatever it says so far. */
function Typed({ kind, label, name, value, set, rows, help }) {
	const [read, say] = written[kind];
	const [text, setText] = useState(() => read(value));
	const change = (event) => {
		setText(event.target.value);
		set(say(event.target.value));
	};
	return html`<label>${label}${rows ? html`<textarea name=${name} rows=${rows} value=${text} onInput=${change}></textarea>`
		: html`<input name=${name} value=${text} onInput=${change} />`}${help}</label>`;
}

/* Times of the day by half hours. */
export const halves = [...Array(49).keys()].map((i) => `${String(i >> 1).padStart(2, '0')}:${i % 2 ? '30' : '00'}`);
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const dayName = (n) => weekdayName(n + 1);

/* A time field has no end of the day: there midnight is it. */
const Clock = ({ value, end, set, ...rest }) => html`<input type="time" value=${value === '24:00' ? '00:00' : value ?? ''} onInput=${(event) => set(end && event.target.value === '00:00' ? '24:00' : event.target.value || null)} ...${rest} />`;

/* Hours of a week: of each day from when and until when, and again where it has a break. */
export function Week({ label, name, value, set, help }) {
	const [, drawn] = useState(null);
	const week = useRef(null);
	week.current ||= value && value.days ? Object.fromEntries(value.days.map((d) => [d, [[value.start, value.end]]])) : value || {};
	const put = (change) => {
		const now = { ...week.current, ...change };
		week.current = now;
		drawn(now);
		const open = Object.entries(now).filter(([, h]) => h && h.length > 0);
		set(open.length > 0 ? Object.fromEntries(open) : null);
	};
	const of = (day) => week.current[day] || [];
	/* What the first day has that is open, for the working days. */
	const first = weekdays.find((day) => of(day).length > 0);
	return html`<fieldset name=${name} class="hours"><legend>${label}</legend>${help}${weekdays.map((day, n) => html`<div class="row" role="group" key=${day} aria-label=${dayName(n)}><span class="label">${dayName(n)}</span>
		${of(day).length === 0 && html`<span class="dim">${t('closed')}</span>`}${of(day).map((span, i) => {
			const edge = (at) => html`<${Clock} end=${at === 1} name=${`${name} ${day} ${i} ${at}`} aria-label=${`${dayName(n)}: ${t(at ? 'open_until' : 'open_from')}`} value=${span[at]} set=${(time) => put({ [day]: of(day).map((s, k) => (k === i ? s.map((old, a) => (a === at ? time : old)) : s)) })} />`;
			return html`<span class="row together" key=${i}>${edge(0)}<span>–</span>${edge(1)}<button type="button" class="plain" aria-label=${`${t('remove')}: ${dayName(n)}`} onClick=${() => put({ [day]: of(day).filter((_, k) => k !== i) })}>×</button></span>`;
		})}<button type="button" class="plain" aria-label=${`${t('add')}: ${dayName(n)}`} onClick=${() => put({ [day]: [...of(day), of(day).length ? ['13:00', '17:00'] : ['09:00', '17:00']] })}>+</button></div>`)}
		${first && html`<button type="button" onClick=${() => put(Object.fromEntries(weekdays.slice(0, 5).map((day) => [day, of(first)])))}>${fill('as_on_working_days', dayName(weekdays.indexOf(first)))}</button>`}</fieldset>`;
}

/* Days on which nobody is called: of each row from when and, where there are several, until when; the last row is for more.  daysIn(): what of them a form has sent, as the setting has it. */
const daySpans = (text) => (text || '').split(', ').filter(Boolean).map((span) => span.split('..'));
export const daysIn = (values, name) => Object.keys(values).filter((key) => key.startsWith(name) && key.endsWith(' 0') && values[key])
	.map((key) => [...new Set([values[key], values[key.replace(/0$/, '1')] || values[key]])].join('..')).join(', ');
export const daysSay = (text) => daySpans(text).map((span) => span.map((day) => date(day, true)).join(' – ')).join(', ');
export function DaysOff({ label, name, value, off, help }) {
	const [days, setDays] = useState(() => daySpans(value));
	const put = (i, at, day) => setDays(Object.assign([...days], { [i]: Object.assign([...days[i] || ['', '']], { [at]: day }) }));
	const edge = (i, at) => html`<input type="date" name=${`${name} ${i} ${at}`} aria-label=${`${label}: ${t(at ? 'until' : 'from')}`} disabled=${off} min=${at ? days[i] && days[i][0] : null}
		value=${(days[i] && days[i][at]) || ''} onInput=${(event) => put(i, at, event.target.value)} />`;
	return html`<fieldset class="hours"><legend>${label}</legend>${help && html`<p class="dim">${help}</p>`}${[...days, null].map((day, i) => (day || !off) && html`<div class="row together" key=${i}>${edge(i, 0)}<span>–</span>${edge(i, 1)}
		${day && !off && html`<button type="button" class="plain" aria-label=${`${t('remove')}: ${daysSay(day.filter(Boolean).join('..'))}`} onClick=${() => setDays(days.filter((_, k) => k !== i))}>×</button>`}</div>`)}</fieldset>`;
}

export function Entry({ field, value, set, problem }) {
	const label = html`<span>${field.label}${field.required && ' *'}</span>`;
	const help = html`${field.help && html`<span class="dim">${field.help}</span>`}${problem && html`<span class="bad" role="alert">${problem}</span>`}<${Wrong} name=${field.key} />`;
	const number = ['number', 'minutes'].includes(field.kind);
	const change = (event) => set(event.target.value === '' ? null : number ? Number(event.target.value) : event.target.value);
	if (field.kind === 'list') {
		return html`<${List} field=${field} value=${value || []} set=${set} problem=${problem} />`;
	}
	if (field.kind === 'week') {
		return html`<${Week} label=${field.label} name=${field.key} value=${value} set=${set} help=${help} />`;
	}
	if (field.kind === 'words' || field.kind === 'days' || field.kind === 'spans') {
		return html`<${Typed} kind=${field.kind} label=${label} name=${field.key} value=${value} set=${set} help=${help} rows=${field.kind === 'days' && 3} />`;
	}
	if (field.kind === 'boolean') {
		return html`<label class="check"><input name=${field.key} type="checkbox" checked=${value === true} onChange=${(event) => set(event.target.checked)} />${label}${help}</label>`;
	}
	if (field.kind === 'time') {
		return html`<label>${label}<${Clock} name=${field.key} end=${field.end} value=${value && value.slice(0, 5)} set=${set} />${help}</label>`;
	}
	if (field.kind === 'choice' || field.kind === 'zone') {
		const choices = field.kind === 'zone' ? zones(value) : field.choices.map((c) => [c, (field.labels && field.labels[c]) || c]);
		return html`<label>${label}<select name=${field.key} value=${value ?? ''} onChange=${change}><option value=""></option>
			${choices.map(([c, says]) => html`<option value=${c} selected=${String(c) === String(value)}>${says}</option>`)}</select>${help}</label>`;
	}
	if (field.kind === 'country') {
		/* A part of one may be written, too. */
		return html`<label>${label}<input name=${field.key} list="countries" maxlength=${field.max} value=${value ?? ''} onInput=${change} />
			<datalist id="countries">${countries().map(([c, says]) => html`<option value=${c}>${says}</option>`)}</datalist>${help}</label>`;
	}
	if (field.kind === 'long_text') {
		return html`<label>${label}<textarea name=${field.key} maxlength=${field.max} value=${value ?? ''} onInput=${change}></textarea>${help}</label>`;
	}
	return html`<label>${label}<input name=${field.key} type=${number ? 'number' : field.kind === 'date' ? 'date' : 'text'} step=${number ? 'any' : null} min=${field.min} max=${number ? field.max : null}
		maxlength=${number ? null : field.max} required=${field.needed} value=${value ?? ''} onInput=${change} />${help}</label>`;
}

function List({ field, value, set, problem }) {
	const plain = field.fields.length === 1 && field.fields[0].key === '*';
	const put = (i, entry) => set(value.map((old, at) => (at === i ? entry : old)));
	return html`<fieldset><legend>${field.label}</legend>${field.help && html`<p class="dim">${field.help}</p>`}
		${problem && html`<p class="bad" role="alert">${problem}</p>`}
		${value.map((entry, i) => html`<div class="card" key=${i}>
			${plain ? html`<${Entry} field=${field.fields[0]} value=${entry} set=${(x) => put(i, x)} />`
				: field.fields.map((f) => html`<${Entry} key=${f.key} field=${f} value=${entry[f.key]} set=${(x) => put(i, { ...entry, [f.key]: x })} />`)}
			<button type="button" onClick=${() => set(value.filter((_, at) => at !== i))}>${t('remove')}</button></div>`)}
		${value.length < field.max && html`<button type="button" onClick=${() => set([...value, plain ? '' : {}])}>${t('add')}</button>`}</fieldset>`;
}

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/* Of these fields, which stand side by side: two that belong together. */
const wide = (f) => ['week', 'days', 'long_text', 'list', 'words', 'boolean'].includes(f.kind);

/* A thing's fields; what is saved is only what was changed, and not over what somebody else has changed since: that is shown first. */
function Editor({ title, about, fields, values, latest, save, close, busy }) {
	const [begun, setBegun] = useState(values);
	const [now, setNow] = useState(values);
	const heading = useRef(null);
	useEffect(() => heading.current.focus(), []);
	const send = () => {
		const changed = fields.filter((f) => !same(now[f.key], begun[f.key]));
		save(Object.fromEntries(changed.map((f) => [f.key, f.kind === 'minutes' && now[f.key] !== null ? `${now[f.key]} minutes` : now[f.key] ?? null])), async () => {
			const theirs = await latest();
			const other = theirs && changed.find((f) => !same(theirs[f.key], begun[f.key]) && !same(theirs[f.key], now[f.key]));
			if (other) {
				setBegun({ ...begun, [other.key]: theirs[other.key] });
				const told = theirs[other.key];
				throw Object.assign(new Error('changed meanwhile'), { field: other.key, theirs: written[other.kind] ? written[other.kind][0](told) : other.labels ? other.labels[told] : typeof told === 'object' ? '' : told });
			}
		});
	};
	return html`<${Form} className="card" about=${about} send=${send} busy=${busy} label=${t('save')} also=${html`<button type="button" onClick=${close}>${t('cancel')}</button>`}>
		<h2 tabindex="-1" ref=${heading}>${title}</h2><div class="pairs">
		${fields.map((f) => html`<div class=${wide(f) ? 'both' : null} key=${f.key}><${Entry} field=${f} value=${now[f.key]} set=${(x) => setNow((all) => ({ ...all, [f.key]: x }))} /></div>`)}</div></${Form}>`;
}

/* What cannot be taken back is clicked twice. */
export function Sure({ label, busy, act }) {
	const [asked, ask] = useState(false);
	return html`<button disabled=${busy} class=${asked ? 'bad' : null} onBlur=${() => ask(false)} onClick=${() => (asked ? act() : ask(true))}>${asked ? t('sure') : label}</button>`;
}

/*
 * Rows that are added, changed and removed in place.  add(values), change(row, changes) and remove(row) ask the database; without one
 * nobody is offered it.  values(row): what its fields are now; newFields and fresh: the fields of a new one, and what they begin with.
 */
export function Editable({ main, caption, empty, rows, id, columns, fields, newFields = fields, add, change, remove, values = (row) => row, fresh = {}, label, after }) {
	const [open, setOpen] = useState(null);
	const [error, busy, act] = useAction(after);
	/* The row that is open, as the page has it by now. */
	const rowsNow = useRef(rows);
	rowsNow.current = rows;
	const latest = async () => {
		await after();
		await new Promise((drawn) => setTimeout(drawn, 50));
		const row = open !== null && open !== 'new' && rowsNow.current.find((r) => r[id] === open[id]);
		return row ? values(row) : null;
	};
	const done = (work, check = () => {}) => act(async () => {
		await check();
		await work();
		setOpen(null);
	});
	const of = (row) => html`<div class="row together">${change && html`<button disabled=${busy} onClick=${() => setOpen(row)}>${t('change')}</button>`}
		${remove && html`<${Sure} label=${t('remove')} busy=${busy} act=${() => done(() => remove(row))} />`}</div>`;
	return html`<${Problem} error=${error} />
		<div class="card"><${Table} caption=${caption} empty=${empty} rows=${rows} id=${id} columns=${change || remove ? [...columns, [t('actions'), of]] : columns} />
			${add && html`<p><button class=${main && open === null ? 'main' : null} disabled=${busy} onClick=${() => setOpen('new')}>${label}</button></p>`}</div>
		${open === 'new' && html`<${Editor} key="new" title=${label} fields=${newFields} values=${fresh} busy=${busy} close=${() => setOpen(null)} latest=${() => null} save=${(now) => done(() => add({ ...fresh, ...now }))} />`}
		${open !== null && open !== 'new' && html`<${Editor} key=${open[id]} about=${open[id]} title=${[t('change'), open.name || open.phone_number].filter(Boolean).join(': ')} fields=${fields} values=${values(open)} latest=${latest} busy=${busy} close=${() => setOpen(null)}
			save=${(changes, check) => done(() => change(open, changes), check)} />`}`;
}

/* What a call came to, as a person has heard it. */
const outcomes = ['scheduled', 'interested', 'callback', 'not_interested', 'do_not_call', 'wrong_number'];

export function Correct({ call_id, act, busy }) {
	const [open, setOpen] = useState(false);
	return open ? html`<${Form} label=${t('save')} busy=${busy} send=${({ outcome, why }) => act(() => rpc('correct_call', { call_id, outcome, why }))}>
			<${Choice} label=${t('outcome')} name="outcome" options=${outcomes.map((o) => [o, word(o)])} /><${Field} label=${t('reason')} name="why" required maxlength="500" />
			<button type="button" onClick=${() => setOpen(false)}>${t('cancel')}</button></${Form}>`
		: html`<button disabled=${busy} onClick=${() => setOpen(true)}>${t('correct_it')}</button>`;
}
