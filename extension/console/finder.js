/* Search: leads by name and number, calls by the words that were said, and the pages; everything that is found is a link. */
import { html, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Icon } from '/icons.js';
import { Problem, Said } from '/parts.js';
import { places } from '/frame.js';
import { named, nameOf, phone, t, time } from '/texts.js';

/* After the last key that was pressed. */
const WAIT_MS = 300;

const NOTHING = { leads: [], calls: [], campaigns: [], assistants: [] };
/* A deed: what it is called, where it begins, and what its doer must be. */
const DEEDS = [['new_campaign', 'campaigns?new=1', 'writes'], ['upload', 'leads', 'writes'], ['new_assistant', 'assistants', 'writes'], ['buy_credits', 'billing', 'writes'],
	['new_member', 'team', 'owns'], ['new_number', 'incoming', 'writes'], ['new_file', 'figures'], ['new_ticket', 'tickets', 'works'], ['stops', 'stops', 'writes']];

export function Finder({ close, me }) {
	const dialog = useRef(null);
	const [words, setWords] = useState('');
	const [found, setFound] = useState(NOTHING);
	useEffect(() => {
		const opener = document.activeElement;
		dialog.current.showModal();
		return () => opener && opener.focus && opener.focus();
	}, []);
	useEffect(() => {
		const asked = words.trim();
		let wanted = asked.length > 1;
		if (!wanted) {
			setFound(NOTHING);
			return () => {};
		}
		const timer = setTimeout(async () => {
			const answer = await rpc('search_all', { words: asked }).catch((error) => ({ ...NOTHING, error }));
			wanted && setFound(answer);
		}, WAIT_MS);
		return () => {
			wanted = false;
			clearTimeout(timer);
		};
	}, [words]);
	const low = words.trim().toLowerCase();
	const pages = places.filter((p) => t(p.name).toLowerCase().includes(low));
	/* What is done from here, by whoever may. */
	const deeds = DEEDS.filter(([key, , needs]) => low.length > 1 && (!needs || me[needs]) && t(key).toLowerCase().includes(low));
	const link = (href, icon, text, note) => html`<li><a href=${href} onClick=${close}><${Icon} name=${icon} /><span class="cut grow">${text}</span><span class="dim cut">${note}</span></a></li>`;
	const group = (name, rows) => rows.length > 0 && html`<section><h2>${t(name)}</h2><ul>${rows}</ul></section>`;
	/* Enter opens the first, arrows go through them. */
	const keys = (event) => {
		const all = [...dialog.current.querySelectorAll('a')];
		const at = all.indexOf(document.activeElement);
		if (event.key === 'Enter' && at < 0 && all[0]) {
			event.preventDefault();
			all[0].click();
		} else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
			event.preventDefault();
			const to = all[at + (event.key === 'ArrowDown' ? 1 : -1)];
			(to || dialog.current.querySelector('input')).focus();
		}
	};
	return html`<dialog class="finder" ref=${dialog} aria-label=${t('find')} onClose=${close} onKeyDown=${keys} onClick=${(event) => event.target === dialog.current && close()}>
		<label><span class="sr">${t('find')}</span><input type="search" maxlength="100" placeholder=${t('find_help')} value=${words} onInput=${(event) => setWords(event.target.value)} /></label>
		${group('leads', found.leads.map((l) => link(`#/leads/${l.lead_id}`, 'leads', html`<${Said}>${nameOf(l) || phone(l.phone)}</${Said}>`, phone(l.phone))))}
		${group('calls', found.calls.map((c) => link(`#/calls/${c.call_id}`, 'calls', html`<${Said}>${c.who || phone(c.phone)}</${Said}>`, time(c.started_at))))}
		${group('campaigns', found.campaigns.map((c) => link(`#/campaigns/${c.campaign_id}`, 'campaigns', html`<${Said}>${c.name}</${Said}>`, named(c.status))))}
		${group('assistants', found.assistants.map((a) => link(`#/assistants/${a.assistant_id}`, 'assistants', html`<${Said}>${a.name}</${Said}>`)))}
		${group('actions', deeds.map(([key, place]) => link(`#/${place}`, 'check', t(key))))}
		${group('pages', pages.map((p) => link(`#/${p.tabs[0]}`, p.icon, t(p.name))))}
		<${Problem} error=${found.error} />
		${words.trim().length > 1 && !found.error && pages.length + deeds.length + Object.values(found).reduce((n, rows) => n + rows.length, 0) === 0 && html`<p class="dim" role="status">${t('nothing_found')}</p>`}</dialog>`;
}
