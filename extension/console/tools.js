/* Tools of the tenant's own: its server is asked, under a secret that is shown once. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Editable, Sure } from '/forms.js';
import { Choice, Form, Loaded, Problem, Said, useAction, usePage } from '/parts.js';
import { number, t, time } from '/texts.js';

const said = (text) => html`<${Said}>${text}</${Said}>`;
const empty = '{"type": "object", "properties": {}}';
/* What is no JSON goes as a text, of which the database says what is wrong. */
function json(text) {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/* The tenant's server has seconds to answer. */
function Tried({ tools, after }) {
	const [answer, setAnswer] = useState(null);
	const [error, busy, act] = useAction(after);
	const ask = (values) => act(async () => {
		setAnswer(null);
		const id = await rpc('test_tool', { name: values.name, arguments: json(values.arguments) });
		let now;
		do {
			await new Promise((done) => setTimeout(done, 300));
			now = await rpc('test_of_tool', { ask_id: id });
		} while (!['answered', 'failed'].includes(now.state));
		setAnswer(now);
	});
	return html`<details class="card"><summary>${t('test')}</summary><${Form} send=${ask} busy=${busy} label=${t('send')}>
			<${Choice} label=${t('own_tools')} name="name" options=${tools.map((x) => [x.name, x.name])} />
			<label><span>${t('arguments')}</span><textarea name="arguments" maxlength="8000">{}</textarea></label></${Form}>
		<${Problem} error=${error} />
		${answer && html`<p role="status">${t(answer.error ? 'no_answer' : 'answered')} (${number(answer.ms)} ms): ${said(answer.error || answer.answer)}</p>`}</details>`;
}

export function OwnTools({ me }) {
	const page = usePage('tool_page');
	const [secret, setSecret] = useState(null);
	const [error, busy, act] = useAction(page[2]);
	const fields = [['description', { kind: 'long_text', max: 1000 }], ['address', { key: 'url', needed: true, max: 2000, help: 'https://…' }],
		['parameters', { kind: 'long_text', help: 'JSON Schema' }]].map(([key, rest]) => ({ kind: 'text', key, label: t(key), ...rest }));
	const sent = (values) => ({ ...values, ...('parameters' in values ? { parameters: json(values.parameters) } : {}) });
	const state = (x) => (!x.disabled_at ? html`${t('active')} <span class="dim">${said(x.last_error)}</span>` : html`${t('inactive')} ${time(x.disabled_at)} ${said(x.last_error)}
		${me.owns && html`<button disabled=${busy} onClick=${() => act(() => rpc('update_tool', { name: x.name }))}>${t('switch_on')}</button>`}`);
	const rotate = (x) => me.owns && html`<${Sure} label=${t('new_secret')} busy=${busy} act=${() => act(async () => setSecret(await rpc('rotate_tool_secret', { name: x.name })))} />`;
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(tools) => html`
		<${Editable} empty=${t('e_tools')} caption=${t('own_tools')} rows=${tools} id="tool_id" after=${page[2]} label=${t('new_own_tool')} fields=${fields} fresh=${{ parameters: empty }} columns=${[
			[t('name'), (x) => x.name], [t('description'), (x) => said(x.description)], [t('address'), (x) => said(x.url)], [t('status'), state], ['', rotate]]}
			values=${(x) => ({ ...x, parameters: JSON.stringify(x.parameters, null, 1) })}
			newFields=${[{ kind: 'text', key: 'name', label: t('name'), needed: true, max: 40, help: 'a-z 0-9 _' }, ...fields]}
			add=${me.owns && (async (values) => setSecret((await rpc('create_tool', sent(values))).secret))}
			change=${me.owns && ((x, changes) => rpc('update_tool', { name: x.name, ...sent(changes) }))}
			remove=${me.owns && ((x) => rpc('delete_tool', { name: x.name }))} />
		${secret && html`<p class="card" role="status">${t('shown_once')} <code>${secret}</code></p>`}
		${me.writes && tools.length > 0 && html`<${Tried} tools=${tools} after=${page[2]} />`}`}</${Loaded}>`;
}
