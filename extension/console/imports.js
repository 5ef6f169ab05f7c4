/* A file taken in: its columns and what each is taken for, what would come of it, and then the import. */
import { html, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { Ask, Choice, countries, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { fill, leadsWord, number, t, time, word } from '/texts.js';

const PIECE = 256 * 1024;
/* So much of a file is looked at for its columns, and so much is checked: a request has 4 MB and 5 seconds. */
const BEGINNING = 64 * 1024;
const CHECKED = 3 * 1024 * 1024;
const hex = [...Array(256).keys()].map((n) => n.toString(16).padStart(2, '0'));
const bytesOf = async (blob) => `\\x${Array.from(new Uint8Array(await blob.arrayBuffer()), (b) => hex[b]).join('')}`;

export const counts = ['read', 'imported', 'updated', 'duplicate', 'do_not_call', 'rejected'];
export const heading = (name) => t(name === 'read' ? 'rows' : name);

const errorColumns = [['row_number', 'row', 'number'], ['kind', null], ['column', 'column'], ['value', 'value'], ['reason', 'reason']];

/* The database says what is wrong with a row in English; what mostly is has words of the page's own. */
const reasons = [['same', /^same number as row (\d+)/, (row) => Number(row) + 1], ['lead', /^already a lead/], ['phone', /phone number|has cut the number/],
	['stop', /do.not.call|opted out/], ['mail', /e-mail/], ['fields', /^the row has (\d+) fields, the header has (\d+)/],
	['consent', /consent/]];
function inOurs(text) {
	const [key, found, as] = reasons.map(([k, words, as = Number]) => [k, words.exec(text), as]).find(([, m]) => m) || [];
	return key && fill(`row_${key}`, ...found.slice(1).map((x) => number(as(x))));
}

/* The lead that has the number is a link. */
function wrong(e, key) {
	const [, text, lead] = /^(.*?)(?: \(lead (\d+)\))?$/s.exec(e[key] ?? '');
	/* Rows are counted as a spreadsheet does, which shows the heading as the first. */
	return key === 'kind' ? word(e.kind) : key === 'row_number' ? number(e[key] + 1) : key !== 'reason' ? html`<${Said}>${e[key]}</${Said}>`
		: html`${inOurs(text) || html`<span lang="en">${text}</span>`}${lead && html` <a href=${`#/leads/${lead}`}>${t('open_lead')}</a>`}`;
}

/* What was wrong, page by page. */
export function Errors({ batch }) {
	const [after, setAfter] = useState(null);
	const page = usePage('import_error_page', { batch_id: batch, page_size: 50, after });
	return html`<${Loaded} page=${page}>${(rows) => html`<${Table} caption=${t('problems')} empty=${t('none')} rows=${rows} id="cursor" columns=${
		errorColumns.map(([key, label, name]) => [label ? t(label) : '', (e) => wrong(e, key), name])} />
		${after && html`<button type="button" onClick=${() => setAfter(null)}>${t('back')}</button>`}
		${rows.length === 50 && html`<button type="button" onClick=${() => setAfter(rows[49].cursor)}>${t('more')}</button>`}
		${rows.some((e) => e.kind === 'rejected') && html`<button type="button" onClick=${() => rpc('rejected_csv', { batch_id: batch }).then(save)}>${t('rejected')} (CSV)</button>`}`}</${Loaded}>`;
}

/* A file that the browser keeps. */
function save(text) {
	const href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
	Object.assign(document.createElement('a'), { href, download: 'refused.csv' }).click();
	URL.revokeObjectURL(href);
}

const totals = (result) => counts.filter((name) => result[`rows_${name}`] !== undefined)
	.map((name) => `${result.dry && name === 'imported' ? t('importable') : heading(name)}: ${number(result[`rows_${name}`])}`).join(' · ');

/* ----- leads ----- */

/*
 * In pieces, each of which is a commit; a piece may end anywhere.  The file's name, size and time are the import's key, so where one
 * was broken off, by a lost connection or a closed page, the same file goes on.
 */
async function takeLeads(file, { mapping, country }, told) {
	const key = `${file.name.slice(-100)} ${file.size} ${file.lastModified}`;
	const broken = (await rpc('import_page')).find((b) => b.status === 'open' && (b.key || '').startsWith(`${key} `));
	const batch = broken ? broken.batch_id : await rpc('begin_import', { mapping, idempotency_key: `${key} ${crypto.getRandomValues(new Uint32Array(1))[0]}`,
		...(country ? { default_country: country } : {}) });
	for (let from = broken ? broken.bytes_read : 0; from < file.size; from += PIECE) {
		await rpc('append_import', { batch_id: batch, chunk: await bytesOf(file.slice(from, from + PIECE)) });
		told(Math.min(100, (100 * (from + PIECE)) / file.size));
	}
	const result = await later('finish_import', { batch_id: batch });
	return { ...result, batch_id: batch };
}

/* A long file is checked up to the last whole line of its beginning. */
async function checkLeads(file, { mapping, country }) {
	let part = file;
	if (file.size > CHECKED) {
		const start = new Uint8Array(await file.slice(0, CHECKED).arrayBuffer());
		part = file.slice(0, start.lastIndexOf(10) + 1 || CHECKED);
	}
	const result = await rpc('import_file', new Blob([part]), { 'Import-Dry-Run': 'true', 'Import-Mapping': encodeURIComponent(JSON.stringify(mapping)),
		...(country ? { 'Import-Country': country } : {}) });
	return { ...result, partly: part !== file };
}

export const ofLeads = {
	columns: async (file, mapping) => rpc('import_columns', { beginning: await bytesOf(file.slice(0, BEGINNING)), whole: file.size <= BEGINNING, mapping }),
	check: checkLeads,
	take: takeLeads,
	needs: 'phone',
	others: 'as_context',
	country: true,
	errors: (result) => html`<${Errors} key=${result.batch_id} batch=${result.batch_id} />`,
};

/* ----- listings ----- */

async function textOf(file) {
	const bytes = await file.arrayBuffer();
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder('windows-1252').decode(bytes);
	}
}

export const ofListings = (profile) => {
	const ask = (dry) => async (file, { mapping }) => {
		const r = await later('import_listings', { csv: await textOf(file), profile, mapping, dry_run: dry });
		return { rows_read: r.rows_read, rows_imported: r.rows_added, rows_updated: r.rows_updated, rows_rejected: r.rows_rejected, errors: r.errors };
	};
	return {
		columns: async (file, mapping) => rpc('listing_import_columns', { beginning: await bytesOf(file.slice(0, BEGINNING)), whole: file.size <= BEGINNING, profile, mapping }),
		check: ask(true),
		take: ask(false),
		others: 'left_out',
		errors: ({ errors }) => html`<${Table} caption=${t('problems')} rows=${errors} columns=${[[t('row'), (e) => e.row, 'number'], [t('column'), (e) => html`<${Said}>${e.attribute}</${Said}>`],
			[t('value'), (e) => html`<${Said}>${e.value}</${Said}>`], [t('reason'), (e) => html`<${Said}>${e.problem}</${Said}>`]]} />`,
	};
};

/* ----- the page ----- */

/* What was chosen otherwise than it is taken for by itself, as a mapping says it. */
function mappingOf({ fields, columns }, chosen) {
	const mapping = {};
	for (const field of fields) {
		const own = columns.find((c) => c.field === field);
		const wanted = columns.find((c) => (chosen[c.place] ?? c.field) === field);
		if ((own && own.place) !== (wanted && wanted.place)) {
			mapping[field] = wanted ? wanted.header : null;
		}
	}
	return mapping;
}

/* A column is one field at most, and a field one column. */
function FileColumns({ read, chosen, choose, others }) {
	const put = (column, field) => choose({ ...chosen, ...Object.fromEntries(read.columns.filter((c) => field !== '' && (chosen[c.place] ?? c.field) === field).map((c) => [c.place, ''])), [column.place]: field });
	const now = (c) => chosen[c.place] ?? (read.fields.includes(c.field) ? c.field : '');
	return html`<${Table} caption=${t('columns')} rows=${read.columns} id="place" columns=${[[t('column'), (c) => html`<${Said}>${c.header}</${Said}>`],
		[t('first_rows'), (c) => html`<span class="dim"><${Said}>${c.samples.filter(Boolean).join(' · ')}</${Said}></span>`],
		[t('taken_for'), (c) => html`<select aria-label=${`${t('taken_for')}: ${c.header}`} value=${now(c)} onChange=${(event) => put(c, event.target.value)}>
			<option value="">${c.field === null ? t('left_out') : t(others)}</option>${read.fields.map((f) => html`<option value=${f} selected=${f === now(c)}>${f === 'country' ? t('country_column') : word(f)}</option>`)}</select>`]]} />`;
}

export function Importer({ title, way, after }) {
	const [file, setFile] = useState(null);
	const [read, setRead] = useState(null);
	const [chosen, choose] = useState({});
	const [country, setCountry] = useState('');
	const [percent, setPercent] = useState(null);
	const [result, setResult] = useState(null);
	const [over, setOver] = useState(false);
	const [error, busy, act] = useAction();
	const look = (dropped) => dropped && act(async () => {
		setFile(null);
		setResult(null);
		setRead(await way.columns(dropped, {}));
		choose({});
		setFile(dropped);
	});
	const run = (dry) => act(async () => {
		const options = { mapping: mappingOf(read, chosen), country };
		setResult(null);
		setPercent(0);
		try {
			setResult({ ...await (dry ? way.check : way.take)(file, options, setPercent), dry });
		} finally {
			setPercent(null);
		}
		if (!dry) {
			setFile(null);
			await after();
		}
	});
	const lacks = read && way.needs && !read.columns.some((c) => (chosen[c.place] ?? c.field) === way.needs);
	return html`<section class="card"><h2>${title}</h2><${Problem} error=${error} />
		<div class=${over ? 'zone over' : 'zone'} onDragOver=${(event) => {
			event.preventDefault();
			setOver(true);
		}} onDragLeave=${() => setOver(false)} onDrop=${(event) => {
			event.preventDefault();
			setOver(false);
			look(event.dataTransfer.files[0]);
		}}><label>${t('drop')}
			<input type="file" accept=".csv,.txt,.tsv,text/csv" disabled=${busy} onChange=${(event) => {
				look(event.target.files[0]);
				event.target.value = '';
			}} /></label></div>
		${file && html`<p><strong><${Said}>${file.name}</${Said}></strong></p><${FileColumns} read=${read} chosen=${chosen} choose=${choose} others=${way.others} />
			${way.country && html`<${Choice} label=${t('country')} name="country" value=${country} onChange=${(event) => setCountry(event.target.value)} options=${[['', ''], ...countries()]} />`}
			${lacks && html`<p class="bad" role="status">${t('lacks_phone')}</p>`}
			<p class="row"><button disabled=${busy || lacks} onClick=${() => run(true)}>${t('check')}</button>
				<button class="main" disabled=${busy || lacks} onClick=${() => run(false)}>${t('import')}</button></p>`}
		${percent !== null && html`<p role="status"><progress max="100" value=${percent} aria-label=${t('import')}></progress></p>`}
		${result && html`<p role="status">${result.dry && html`<strong>${t(result.partly ? 'checked_part' : 'checked')}</strong> `}${totals(result)}</p>${way.errors(result)}`}
	</section>`;
}

/* An import is taken back as a whole; where some of it were called, they are named, and may stay. */
function TakeBack({ b, busy, act }) {
	const [called, setCalled] = useState(null);
	const undo = (keep) => act(async () => {
		try {
			await later('undo_import', { batch_id: b.batch_id, keep_called: keep });
		} catch (error) {
			if (error.status !== 409 || !/ lead \d+ /.test(error.details)) {
				throw error;
			}
			setCalled([...error.details.matchAll(/lead (\d+) /g)].map(([, id]) => id));
		}
	});
	return called ? html`<div><p>${t('were_called')} ${called.map((id) => html`<a href=${`#/leads/${id}`}>${t('lead')} ${id}</a> `)}</p><button class="bad" disabled=${busy} onClick=${() => undo(true)}>${t('take_others_back')}</button></div>`
		: html`<${Ask} label=${t('take_back')} disabled=${busy} title=${`${t('take_back')}: ${leadsWord(b.rows_imported)}`} yes=${t('take_back')} no=${t('cancel')} act=${() => undo(false)}><p>${t('take_back_asks')}</p></${Ask}>`;
}

/* The latest imports, which tell how far one is that goes on elsewhere. */
export function Imports({ me }) {
	const page = usePage('import_page');
	const [error, busy, act] = useAction(page[2]);
	const [batch, setBatch] = useState(null);
	return html`<${Loaded} page=${page}>${(rows) => rows.length > 0 && html`<details class="card"><summary>${t('imported')}</summary>
		<${Table} caption=${t('imported')} rows=${rows} id="batch_id" columns=${[[t('when'), (b) => time(b.created_at)], [t('status'), (b) => word(b.status)],
			...counts.map((name) => [heading(name), (b) => number(b[`rows_${name}`]), 'number']),
			['', (b) => html`<div class="row together"><button onClick=${() => setBatch(b.batch_id)}>${t('problems')}</button>${me.writes && !b.undone_at && b.rows_imported > 0
				&& html`<${TakeBack} b=${b} busy=${busy} act=${act} />`}</div>`]]} /><${Problem} error=${error} />
		${batch !== null && html`<${Errors} key=${batch} batch=${batch} />`}</details>`}</${Loaded}>`;
}
