/* Leads: a file taken in, with what was wrong in it; the list, page by page. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Choice, Field, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { number, t, time, word } from '/texts.js';

const PIECE = 256 * 1024;
const hex = [...Array(256).keys()].map((n) => n.toString(16).padStart(2, '0'));

/* In pieces, as large as memory and the door like them; a piece may end anywhere. */
async function importFile(file, country, told) {
	const batch = await rpc('begin_import', country ? { default_country: country } : {});
	for (let from = 0; from < file.size; from += PIECE) {
		const bytes = new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer());
		await rpc('append_import', { batch_id: batch, chunk: `\\x${Array.from(bytes, (b) => hex[b]).join('')}` });
		told(Math.min(100, (100 * (from + PIECE)) / file.size));
	}
	const result = await rpc('finish_import', { batch_id: batch });
	return { ...result, batch_id: batch };
}

const counts = ['read', 'imported', 'rejected', 'duplicate', 'do_not_call', 'updated'];
const heading = (name) => t(name === 'read' ? 'rows' : name);

function Errors({ batch }) {
	const page = usePage('import_error_page', { batch_id: batch });
	return html`<${Loaded} page=${page}>${(rows) => html`<${Table} caption=${`${t('problems')} (${batch})`} rows=${rows} columns=${[
		[t('row'), (e) => e.row_number, 'number'], ['', (e) => e.kind], [t('column'), (e) => html`<${Said}>${e.column}</${Said}>`],
		[t('value'), (e) => html`<${Said}>${e.value}</${Said}>`], [t('reason'), (e) => html`<${Said}>${e.reason}</${Said}>`]]} />`}</${Loaded}>`;
}

function Upload({ after }) {
	const [percent, setPercent] = useState(null);
	const [result, setResult] = useState(null);
	const [country, setCountry] = useState('');
	const [over, setOver] = useState(false);
	const [error, busy, act] = useAction(after);
	const take = (file) => file && act(async () => {
		setResult(null);
		setPercent(0);
		try {
			setResult(await importFile(file, country.trim().toUpperCase(), setPercent));
		} finally {
			setPercent(null);
		}
	});
	const dropped = (event) => {
		event.preventDefault();
		setOver(false);
		take(event.dataTransfer.files[0]);
	};
	return html`<section class="card"><h2>${t('upload')}</h2><${Problem} error=${error} />
		<${Field} label=${t('country')} name="country" maxlength="2" size="4" placeholder="US" value=${country} onInput=${(event) => setCountry(event.target.value)} />
		<div class=${over ? 'drop over' : 'drop'} onDragOver=${(event) => {
			event.preventDefault();
			setOver(true);
		}} onDragLeave=${() => setOver(false)} onDrop=${dropped}><label>${t('drop')}
			<input type="file" accept=".csv,.txt,.tsv,text/csv" disabled=${busy} onChange=${(event) => {
				take(event.target.files[0]);
				event.target.value = '';
			}} /></label></div>
		${percent !== null && html`<p role="status"><progress max="100" value=${percent} aria-label=${t('upload')}></progress></p>`}
		${result && html`<p role="status">${counts.map((name) => html`${heading(name)}: ${number(result[`rows_${name}`])} · `)}</p><${Errors} key=${result.batch_id} batch=${result.batch_id} />`}
	</section>`;
}

function Imports() {
	const page = usePage('import_page');
	const [batch, setBatch] = useState(null);
	return html`<${Loaded} page=${page}>${(rows) => rows.length > 0 && html`<details class="card"><summary>${t('imported')}</summary>
		<${Table} caption=${t('imported')} rows=${rows} id="batch_id" columns=${[['', (b) => b.batch_id], [t('when'), (b) => time(b.created_at)], [t('status'), (b) => word(b.status)],
			...counts.map((name) => [heading(name), (b) => number(b[`rows_${name}`]), 'number']),
			['', (b) => html`<button onClick=${() => setBatch(b.batch_id)}>${t('problems')}</button>`]]} />
		${batch !== null && html`<${Errors} key=${batch} batch=${batch} />`}</details>`}</${Loaded}>`;
}

export function Leads({ me }) {
	const [sort, setSort] = useState('id');
	const [after, setAfter] = useState(null);
	const page = usePage('lead_list', { sort, page_size: 50, ...(after ? { after } : {}) });
	const again = () => {
		setAfter(null);
		page[2]();
	};
	return html`${me.writes && html`<${Upload} after=${again} />`}
		<div class="card"><${Choice} label=${t('sort')} name="sort" value=${sort} onChange=${(event) => {
			setAfter(null);
			setSort(event.target.value);
		}} options=${[['id', t('added')], ['name', t('name')], ['last_call', t('last_call')], ['next_try', t('next_try')]]} />
		<${Loaded} page=${page}>${(rows) => html`<${Table} caption=${t('leads')} rows=${rows} id="lead_id" columns=${[
			[t('name'), (l) => html`<${Said}>${[l.first_name, l.last_name].filter(Boolean).join(' ')}</${Said}> <span class="dim"><${Said}>${l.company}</${Said}></span>`],
			[t('phone'), (l) => l.phone], [t('email'), (l) => html`<${Said}>${l.email}</${Said}>`], [t('stage'), (l) => word(l.stage)],
			[t('campaign'), (l) => html`<${Said}>${l.campaign}</${Said}>`],
			[t('last_call'), (l) => l.last_call_id && html`<a href=${`#/calls/${l.last_call_id}`}>${time(l.last_call_at)}</a>`], [t('outcome'), (l) => word(l.last_outcome)],
			[t('next_try'), (l) => time(l.next_try_at)]]} />
			${after && html`<button onClick=${() => setAfter(null)}>${t('back')}</button>`}
			${rows.length === 50 && html`<button onClick=${() => setAfter(rows[49].cursor)}>${t('more')}</button>`}`}</${Loaded}></div>
		<${Imports} />`;
}
