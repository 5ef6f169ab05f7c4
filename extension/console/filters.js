/* What is looked for in a list; the member keeps what it looks for again. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Choice, Field, Form, Problem, useAction, usePage } from '/parts.js';
import { t } from '/texts.js';

/*
 * The form of a list's filter: fields are its children, by the names of the function's arguments; find(filter) takes what was
 * filled in.  What is kept is shown in it, so that it can be changed.
 */
export function Filters({ list, find, fields, wanted }) {
	const [kept, , again] = usePage('saved_filters', { page: list });
	const [open, setOpen] = useState(false);
	const [error, busy, act] = useAction(again);
	const filled = (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
	const take = (filter) => {
		setOpen(true);
		find(filter);
	};
	const keep = ({ name }, form) => act(async () => {
		await rpc('save_filter', { page: list, name, filter: wanted });
		form.reset();
	});
	return html`${kept && kept.length > 0 && html`<div class="row chips" role="group" aria-label=${t('kept_filters')}>${kept.map(({ name, filter }) => html`<span class="row together" key=${name}>
			<button onClick=${() => take(filter)} aria-pressed=${JSON.stringify(filter) === JSON.stringify(wanted)}><bdi>${name}</bdi></button>
			<button disabled=${busy} aria-label=${`${t('remove')}: ${name}`} onClick=${() => act(() => rpc('remove_filter', { page: list, name }))}>×</button></span>`)}</div>`}
		<details class="card" open=${open} onToggle=${(event) => setOpen(event.target.open)}><summary>${t('search')}</summary><${Problem} error=${error} />
			<${Form} key=${JSON.stringify(wanted)} send=${(values) => find(filled(values))} label=${t('search')}><div class="row">${fields.map(({ name, options, ...rest }) => (options
				? html`<${Choice} name=${name} value=${wanted[name] ?? ''} options=${[['', t('any')], ...options]} ...${rest} />`
				: html`<${Field} name=${name} value=${wanted[name] ?? ''} ...${rest} />`))}</div></${Form}>
			${Object.keys(wanted).length > 0 && html`<${Form} send=${keep} busy=${busy} label=${t('keep_filter')}><${Field} label=${t('name')} name="name" required maxlength="60" /></${Form}>`}</details>`;
}
