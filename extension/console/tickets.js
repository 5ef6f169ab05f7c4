/* What the platform's staff is asked, and its answers. */
import { html } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Area, Choice, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { asked, named, t, time, word } from '/texts.js';

export const standing = (ticket) => t({ open: 'waiting', answered: 'answered', resolved: 'resolved' }[ticket.state]);
export const Words = () => html`<${Area} label=${t('message')} name="message" rows="4" required maxlength="20000" />`;
const categories = ['technical', 'billing', 'feature_request', 'account', 'phone_number_request'];
export const priorities = ['normal', 'high', 'low'];
export const Thread = ({ messages, side }) => html`<ol class="talk">${messages.map((m) => html`<li key=${m.message_number} class=${m.side === side ? 'assistant' : ''}><span class="dim"><${Said}>${m.author}</${Said}> ${time(m.created_at)}</span><div class="letter"><${Said}>${m.message}</${Said}></div></li>`)}</ol>`;

export function Tickets({ me }) {
	const page = usePage('ticket_page');
	const [error, busy, act] = useAction();
	const ask = (values) => act(async () => {
		location.hash = `#/tickets/${await rpc('open_ticket', { ...values, language: asked() })}`;
	});
	return html`<${Problem} error=${error} />
		${me.works && html`<details class="card"><summary>${t('new_ticket')}</summary><${Form} send=${ask} busy=${busy} label=${t('send')}>
			<${Choice} label=${t('category')} name="category" options=${categories.map((c) => [c, word(c)])} />
			<${Choice} label=${named('priority')} name="priority" options=${priorities.map((p) => [p, t(`prio_${p}`)])} />
			<${Field} label=${t('subject')} name="subject" required maxlength="200" /><${Words} /></${Form}></details>`}
		<${Loaded} page=${page}>${(rows) => html`<div class="card"><${Table} caption=${t('tickets')} empty=${t('e_tickets')} rows=${rows} id="ticket_id" columns=${[
			[t('subject'), (k) => html`<a href=${`#/tickets/${k.ticket_id}`}><${Said}>${k.subject}</${Said}></a>`], [t('when'), (k) => time(k.changed_at)], [t('category'), (k) => word(k.category)], [t('status'), standing]]} /></div>`}</${Loaded}>`;
}

export function Ticket({ id, me }) {
	const page = usePage('ticket_thread', { ticket_id: id });
	const [error, busy, act] = useAction(page[2]);
	const reply = ({ message }, form) => act(async () => {
		await rpc('write_ticket', { ticket_id: id, message });
		form.reset();
	});
	return html`<${Loaded} page=${page}>${(k) => html`<div class="card"><h2><${Said}>${k.subject}</${Said}></h2>
		<p class="dim">${word(k.category)} · ${standing(k)}</p>
		<${Thread} messages=${k.messages} side="tenant" />
		<${Problem} error=${error} />
		${me.works && html`<${Form} send=${reply} busy=${busy} label=${t('reply')}><${Words} /></${Form}>
			${k.state !== 'resolved' && html`<button disabled=${busy} onClick=${() => act(() => rpc('resolve_ticket', { ticket_id: id }))}>${t('resolve')}</button>`}`}</div>`}</${Loaded}>`;
}
