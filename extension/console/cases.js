/* Numbers in dispute: what there is about one, signed, as a file, and what is kept until the dispute is over. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Icon } from '/icons.js';
import { Empty, Field, Form, Loaded, Problem, Said, Table, useAction, usePage, WithReason } from '/parts.js';
import { fill, number, phone, t, time } from '/texts.js';

export function Cases({ me, query }) {
	const page = usePage('legal_hold_page');
	const [error, busy, act] = useAction(page[2]);
	const [note, setNote] = useState('');
	/* As it came, to the byte: the check of its signature is another program's. */
	const load = (of) => act(async () => {
		const file = await rpc('case_file', { phone: of });
		const href = URL.createObjectURL(new Blob([JSON.stringify(file)], { type: 'application/json' }));
		Object.assign(document.createElement('a'), { href, download: `case-${of.replace(/\D/g, '')}.json` }).click();
		URL.revokeObjectURL(href);
		setNote(fill('case_has', number(file.parts.filter((p) => p.name.startsWith('call')).length)));
	});
	const hold = (values, form) => act(async () => {
		await rpc('place_legal_hold', values);
		form.reset();
	});
	const field = html`<${Field} label=${t('phone')} name="phone" type="tel" required maxlength="40" value=${query.phone} />`;
	const lift = (h) => (reason) => act(() => rpc('lift_legal_hold', { phone: h.phone, reason }));
	const deeds = (h) => html`<div class="row">
		${me.writes && html`<button disabled=${busy} onClick=${() => load(h.phone)}>${t('case_file')}</button>`}
		${me.owns && html`<${WithReason} label=${t('lift')} busy=${busy} act=${lift(h)} />`}</div>`;
	const columns = [
		[t('phone'), (h) => html`<span class="num">${phone(h.phone)}</span>`],
		[t('reason'), (h) => html`<${Said}>${h.reason}</${Said}>`],
		[t('who'), (h) => html`<${Said}>${h.held_by.replace(/^member \d+ /, '')}</${Said}>`],
		[t('since'), (h) => time(h.created_at)], ['', deeds]];
	return html`<p class="dim under">${t('cases_help')}</p><${Problem} error=${error} />
		${note && html`<p class="good" role="status">${note}</p>`}
		${me.writes && html`<${Form} className="inline" busy=${busy} label=${t('case_file')}
			send=${(values) => load(values.phone)}>${field}</${Form}>`}
		<${Loaded} page=${page}>${(rows) => html`<div class="card"><${Table} caption=${t('holds')} id="phone" rows=${rows}
			empty=${html`<${Empty} icon="check" text=${t('e_holds')} />`} columns=${columns} /></div>`}</${Loaded}>
		${me.owns && html`<details class="card"><summary>${t('new_hold')}</summary>
			<${Form} send=${hold} busy=${busy} label=${t('new_hold')}>${field}
				<${Field} label=${t('reason')} name="reason" required maxlength="1000" /></${Form}></details>`}`;
}
