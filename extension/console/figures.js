/* Files to take away, and talks that are judged by themselves. */
import { html } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Choice, Field, Form, Loaded, Problem, Said, Table, toCall, useAction, usePage } from '/parts.js';
import { number, t, time, word } from '/texts.js';

const kinds = ['calls', 'leads', 'transcripts', 'appointments', 'quality', 'ledger', 'analytics'].map((kind) => [kind, t(kind)]);
const formats = ['xlsx', 'csv', 'ndjson', 'json'].map((format) => [format, format]);
const size = (bytes) => (bytes < 1e6 ? `${number(Math.ceil(bytes / 1e3))} kB` : `${number(Math.ceil(bytes / 1e6))} MB`);
const share = (hits, all) => (all ? `${Math.round((100 * hits) / all)} %` : '');

/* The link is made when it is wanted, because it ends after a while. */
async function load(id) {
	const link = document.createElement('a');
	link.href = await rpc('export_link', { export_id: id, lifetime: '5 minutes' });
	link.click();
}

export function Figures({ me }) {
	const page = usePage('figures_page');
	const [error, busy, act] = useAction(page[2]);
	const request = ({ what, format, from, to }) => act(() => rpc('request_export', { what, format, from_day: from || null, to_day: to || null }));
	const schedule = ({ name, every, what, format }, form) => act(async () => {
		await rpc('create_export_schedule', { name, every, what, format });
		form.reset();
	});
	const every = ['day', 'week', 'month'].map((span) => [span, t(`every_${span}`)]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ exports, schedules, quality, questions, failed }) => html`
		<details class="card"><summary>${t('new_file')}</summary><${Form} send=${request} busy=${busy} label=${t('create')}>
			<${Choice} label=${t('what')} name="what" options=${kinds} value="calls" /><${Choice} label=${t('format')} name="format" options=${formats} value="xlsx" />
			<${Field} label=${t('from')} name="from" type="date" /><${Field} label=${t('until')} name="to" type="date" /></${Form}></details>
		<div class="card"><${Table} caption=${t('files')} empty=${t('e_files')} rows=${exports} id="export_id" columns=${[[t('what'), (x) => `${t(x.what)} (${x.format})`],
			[t('when'), (x) => time(x.created_at)], [t('status'), (x) => html`${word(x.state)} <${Said}>${x.error}</${Said}>`], [t('rows'), (x) => number(x.rows), 'number'],
			['', (x) => (x.state === 'done' ? html`<button disabled=${busy} onClick=${() => act(() => load(x.export_id))}>${t('load')} ${size(x.bytes)}</button>`
				: me.works && ['waiting', 'running'].includes(x.state) && html`<button disabled=${busy} onClick=${() => act(() => rpc('drop_export', { export_id: x.export_id }))}>${t('cancel')}</button>`)]]} /></div>
		<div class="card"><${Table} caption=${t('schedules')} empty=${t('e_schedules')} rows=${schedules} id="schedule_id" columns=${[[t('name'), (s) => html`<${Said}>${s.name}</${Said}>`],
			[t('what'), (s) => `${t(s.what)} (${s.format})`], [t('when'), (s) => `${t(`every_${s.every}`)} ${s.at.slice(0, 5)}`], [t('status'), (s) => html`<${Said}>${s.error}</${Said}>`],
			['', (s) => me.writes && html`<button disabled=${busy} onClick=${() => act(() => rpc('remove_export_schedule', { schedule_id: s.schedule_id }))}>${t('remove')}</button>`]]} /></div>
		${me.writes && html`<details class="card"><summary>${t('new_schedule')}</summary><${Form} send=${schedule} busy=${busy} label=${t('create')}>
			<${Field} label=${t('name')} name="name" required maxlength="100" /><${Choice} label=${t('when')} name="every" options=${every} value="week" />
			<${Choice} label=${t('what')} name="what" options=${kinds} value="calls" /><${Choice} label=${t('format')} name="format" options=${formats} value="xlsx" /></${Form}></details>`}
		<div class="card"><${Table} caption=${t('quality')} rows=${quality} id="version" columns=${[[t('assistant'), (q) => html`<${Said}>${q.assistant}</${Said}> ${q.version}`],
			[t('calls'), (q) => number(q.talks), 'number'], [t('passed'), (q) => share(q.passed, q.talks), 'number'], [t('score'), (q) => number(q.score), 'number']]} /></div>
		${questions.length > 0 && html`<div class="card"><${Table} caption=${t('questions')} rows=${questions} id="question" columns=${[['', (q) => html`<span lang="en">${q.asks}</span>`],
			[t('yes'), (q) => share(q.yes, q.talks), 'number']]} /></div>
		<div class="card"><${Table} caption=${t('not_passed')} rows=${failed} id="call_id" columns=${[[t('call'), (f) => toCall(f.call_id)],
			[t('score'), (f) => number(f.score), 'number'], ['', (f) => html`<span lang="en">${f.tags.join(', ')}</span>`]]} /></div>`}`}</${Loaded}>`;
}
