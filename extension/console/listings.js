/* What the tenant has to offer, by the attributes of its kinds. */
import { html, useState } from '/vendor/preact-htm.js';
import { rpc } from '/api.js';
import { Editable } from '/forms.js';
import { Importer, ofListings } from '/imports.js';
import { Choice, Field, Form, Loaded, Problem, Said, useAction, usePage } from '/parts.js';
import { date, number, t, time, word } from '/texts.js';

/* The attributes that a row shows; all of them are in its form. */
const SHOWN = 6;
/* What comes with a kind has words of its own; what a business has added is called as it wrote it. */
const own = (key) => t(`at_${key}`, `${key.charAt(0).toUpperCase()}${key.slice(1).replaceAll('_', ' ')}`);
const called = (attribute) => own(attribute.name);
const chosen = (attribute) => Object.fromEntries((attribute.values || []).map((v) => [v, t(`at_${v}`, v)]));
function shown(attribute, value) {
	const text = attribute.type === 'number' ? number(value) : attribute.type === 'date' ? date(value) : t(`at_${attribute.values ? value : ''}`, value ?? ' ');
	return attribute.type === 'boolean' ? value !== null && value !== undefined && t(value ? 'yes' : 'no') : html`<${Said}>${text}</${Said}>`;
}

function NewKind({ after }) {
	const [error, busy, act] = useAction(after);
	return html`<section class="card"><h2>${t('new_kind')}</h2><${Problem} error=${error} />
		<${Form} send=${({ profile }) => act(() => rpc('set_listing_profile', { profile }))} busy=${busy} label=${t('create')}>
		<${Choice} label=${t('what')} name="profile" options=${['real_estate', 'services'].map((p) => [p, t(p)])} /></${Form}></section>`;
}

async function save(listing, { reference, ...attributes }) {
	await rpc('update_listing', { listing_id: listing.listing_id, ...(reference === undefined ? {} : { reference }),
		...(Object.keys(attributes).length > 0 ? { attributes } : {}) });
}

function OfKind({ kind, before, setBefore, me }) {
	const [words, setWords] = useState('');
	const page = usePage(...(words ? ['find_listings', { filters: { profile: kind.profile }, words, max_listings: 50 }]
		: ['listing_page', { profile: kind.profile, before }]));
	/* How often callers spoke of each. */
	const [stats] = usePage('listing_stats', {}, 60000);
	const often = (l, key) => number(((stats || []).find((s) => s.listing_id === l.listing_id) || {})[key]);
	const fields = [{ key: 'reference', label: t('reference'), kind: 'text', max: 100 }, ...kind.attributes.map((a) => ({ key: a.name, kind: a.type, needed: a.required && a.type === 'text',
		label: `${called(a)}${a.unit ? ` (${own(a.unit).toLowerCase()})` : ''}`,
		min: a.minimum, choices: a.values, labels: chosen(a), required: a.required }))];
	const [way] = useState(() => ofListings(kind.profile));
	const values = (l) => ({ reference: l.reference, ...l.attributes });
	return html`<${Form} className="card" send=${(form) => setWords(form.words.trim())} label=${t('search')}><${Field} label=${t('words')} name="words" type="search" maxlength="200" /></${Form}>
		<${Loaded} page=${page}>${({ listings, unknown_words: unknown }) => html`
			${words && unknown && unknown.length > 0 && html`<p role="status">${t('unknown_words')}: <${Said}>${unknown.join(', ')}</${Said}></p>`}
			<${Editable} caption=${t('listings')} rows=${listings} id="listing_id" after=${page[2]} label=${t('new_listing')} fields=${fields} values=${values} columns=${[
			[t('reference'), (l) => html`<${Said}>${l.reference ?? l.listing_id}</${Said}>`], ...kind.attributes.slice(0, SHOWN).map((a) => [called(a), (l) => shown(a, l.attributes[a.name]), a.type === 'number' ? 'number' : null]),
			[t('until'), (l) => time(l.active_until)], [t('calls'), (l) => often(l, 'total'), 'number'],
			[t('appointments'), (l) => often(l, 'viewings_scheduled'), 'number']]}
			add=${me.writes && (({ reference, ...attributes }) => rpc('add_listing', { profile: kind.profile, reference: reference ?? null, attributes }))}
			change=${me.writes && save} remove=${me.writes && ((l) => rpc('remove_listing', { listing_id: l.listing_id }))} />
			${me.writes && html`<${Importer} title=${t('upload')} way=${way} after=${page[2]} />`}
			${before && html`<button onClick=${() => setBefore(null)}>${t('back')}</button>`}
			${!words && listings.length === 50 && html`<button onClick=${() => setBefore(listings[49].listing_id)}>${t('more')}</button>`}`}</${Loaded}>`;
}

export function Listings({ me }) {
	const [chosen, choose] = useState(null);
	const [before, setBefore] = useState(null);
	const page = usePage('listing_page', { page_size: 1 });
	return html`<${Loaded} page=${page}>${({ profiles }) => {
		const kind = profiles.find((p) => p.profile === chosen) || profiles[0];
		return html`${profiles.length > 1 && html`<${Choice} label=${t('what')} value=${kind.profile} options=${profiles.map((p) => [p.profile, word(p.profile)])} onChange=${(event) => {
			setBefore(null);
			choose(event.target.value);
		}} />`}
		${kind && html`<${OfKind} key=${kind.profile} kind=${kind} before=${before} setBefore=${setBefore} me=${me} />`}
		${me.writes && profiles.length === 0 && html`<${NewKind} after=${page[2]} />`}`;
	}}</${Loaded}>`;
}
