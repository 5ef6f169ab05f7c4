/* What a member was told, and how it wants to be. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Icon } from '/icons.js';
import { Empty, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { asked, t, time } from '/texts.js';

export function Notices({ news }) {
	const page = usePage('my_notices', { unread_only: false });
	const [error, busy, act] = useAction(() => Promise.all([page[2](), news.again()]));
	const read = (ids) => act(() => rpc('read_notices', { member_notice_ids: ids }));
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(rows) => html`<div class="card">
		<${Table} quiet caption=${t('notices')} id="member_notice_id" rows=${rows} empty=${html`<${Empty} icon="bell" text=${t('none')} />`} columns=${[
			[t('what'), (n) => html`<a href=${`#/${n.page}`} onClick=${() => n.read_at || read([n.member_notice_id])}>${n.read_at ? n.title : html`<b>${n.title}</b>`}</a><br /><span class="dim"><${Said}>${n.who}</${Said}></span>`],
			[t('when'), (n) => time(n.at)], ['', (n) => !n.read_at && html`<button disabled=${busy} onClick=${() => read([n.member_notice_id])}>${t('mark_read')}</button>`]]} />
		<p class="row acts"><a class="button" href="#/wishes">${t('settings')}</a>${rows.some((n) => !n.read_at) && html`<button disabled=${busy} onClick=${() => read(null)}>${t('mark_all_read')}</button>`}</p></div>`}</${Loaded}>`;
}

const ways = ['mail', 'digest', 'text'];

export function Wishes() {
	const page = usePage('notice_settings', { language: asked() });
	const [error, busy, act] = useAction(page[2]);
	const [sent, setSent] = useState('');
	const set = (values) => act(() => rpc('set_notices', { language: asked(), ...values }));
	const hours = ({ from, to, digest }) => set({ quiet_from: (to && from) || '00:00', quiet_to: (from && to) || '00:00', digest_at: digest });
	const link = () => act(async () => {
		await rpc('mail_address_link', { language: asked() });
		setSent('link');
	});
	const number = ({ phone, code }) => act(async () => {
		if (code) {
			setSent(await rpc('confirm_notice_phone', { code }) ? '' : 'code');
		} else {
			await rpc('set_notice_phone', { phone: phone || null });
			setSent(phone && 'code');
		}
	});
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${(w) => html`
		${w.no_mail_because && html`<div class="note"><${Icon} name="info" /><span><${Said}>${w.email}</${Said}>: ${t(w.no_mail_because)} ${w.no_mail_because === 'not_confirmed' && html`<button disabled=${busy || sent === 'link'} onClick=${link}>${t('send_link')}</button>`}</span></div>`}
		<div class="card"><${Table} quiet caption=${t('notices')} id="kind" rows=${w.kinds} columns=${[[t('what'), (k) => k.name], ...ways.map((way) => [t(`by_${way}`), (k) => html`<input class="tick" type="checkbox" aria-label=${`${k.name}: ${t(`by_${way}`)}`} disabled=${busy || (way === 'text' && !w.phone)} checked=${k.by.includes(way)}
			onChange=${() => set({ kinds: { [k.kind]: ways.filter((x) => (x === way) !== k.by.includes(x)) } })} />`])]} /></div>
		<div class="card"><${Form} send=${hours} busy=${busy} label=${t('save')}><div class="row"><${Field} label=${t('quiet_from')} name="from" type="time" value=${w.quiet_from} /><${Field} label=${t('until')} name="to" type="time" value=${w.quiet_to} />
			<${Field} label=${t('by_digest')} name="digest" type="time" value=${w.digest_at} required /></div></${Form}>
			<${Form} key=${sent} send=${number} busy=${busy} label=${t('save')}>${sent === 'code' ? html`<${Field} label=${t('code')} name="code" required inputmode="numeric" />` : html`<${Field} label=${t('text_phone')} name="phone" type="tel" value=${w.phone} />`}</${Form}></div>`}</${Loaded}>`;
}
