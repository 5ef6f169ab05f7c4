/* The page: who is logged in, where in it, in which language. */
import { html, render, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { forget, login, rpc, whenEnded } from '/api.js';
import { Choice, Field, Form, Problem, Said, useAction } from '/parts.js';
import { languageNames, languages, language, setLanguage, t } from '/texts.js';
import { Appointments, Today, Waiting } from '/day.js';
import { Calls, Leads } from '/lists.js';
import { Film } from '/film.js';
import { Campaigns } from '/campaigns.js';
import { Assistants, Wizard } from '/assistants.js';
import { Agents, Calendars, Incoming } from '/reception.js';
import { Listings } from '/listings.js';
import { Accounts } from '/accounts.js';
import { Money } from '/money.js';
import { Figures } from '/figures.js';
import { Team } from '/team.js';
import { Ticket, Tickets } from '/tickets.js';
import { OwnTools } from '/tools.js';

const pages = { today: Today, campaigns: Campaigns, calls: Calls, leads: Leads, waiting: Waiting, appointments: Appointments,
	incoming: Incoming, agents: Agents, calendars: Calendars, listings: Listings, assistants: Assistants, own_tools: OwnTools, money: Money, figures: Figures, accounts: Accounts, team: Team, tickets: Tickets };
/* Pages of one thing: #/calls/12 */
const things = { calls: [Film, 'call'], assistants: [Wizard, 'assistant'], tickets: [Ticket, 'ticket'] };

function Login({ note, entered }) {
	const [tenants, setTenants] = useState(null);
	const [error, busy, act] = useAction();
	const send = (values) => act(async () => {
		try {
			await login({ email: values.email, password: values.password, ...(values.tenant_id ? { tenant_id: Number(values.tenant_id) } : {}) });
		} catch (problem) {
			/* The address has logins in several tenants, and details are the choice. */
			if (problem.status === 409 && problem.details) {
				setTenants(JSON.parse(problem.details));
				return;
			}
			throw problem;
		}
		entered(await rpc('whoami'));
	});
	return html`<main id="main"><${Form} className="card narrow" send=${send} busy=${busy} label=${t('log_in')}>
		<h1>voiceagent</h1>
		${note && html`<p role="status">${note}</p>`}
		<${Field} label=${t('email')} name="email" type="email" required autocomplete="username" />
		<${Field} label=${t('password')} name="password" type="password" required autocomplete="current-password" />
		${tenants && html`<${Choice} label=${t('which')} name="tenant_id" options=${tenants.map((x) => [x.tenant_id, x.name])} />`}
		<${Problem} error=${error} />
	</${Form}><${Forgotten} /></main>`;
}

const Card = ({ children }) => html`<main id="main"><div class="card narrow"><h1>voiceagent</h1>${children}</div></main>`;

/* From the link of a mail: a new password. */
function NewPassword({ token }) {
	const [done, setDone] = useState(false);
	const [error, busy, act] = useAction();
	const send = ({ password }) => act(async () => {
		await rpc('set_password', { token, new_password: password });
		setDone(true);
	});
	return html`<${Card}>${done ? html`<p role="status">${t('password_set')} <a href="#/today">${t('log_in')}</a></p>`
		: html`<${Form} send=${send} busy=${busy} label=${t('save')}>
			<${Field} label=${t('new_password')} name="password" type="password" required minlength="8" autocomplete="new-password" /></${Form}>`}
		<${Problem} error=${error} /></${Card}>`;
}

/* From the link of a mail: no more of them. */
function Unsubscribe({ token }) {
	const [address, setAddress] = useState(null);
	const [error, busy, act] = useAction();
	const send = () => act(async () => setAddress(await rpc('unsubscribe', { token })));
	return html`<${Card}>${address ? html`<p role="status">${t('unsubscribed')} <${Said}>${address}</${Said}></p>`
		: html`<p><button class="main" disabled=${busy} onClick=${send}>${t('unsubscribe')}</button></p>`}
		<${Problem} error=${error} /></${Card}>`;
}

function Forgotten() {
	const [sent, setSent] = useState(false);
	const [error, busy, act] = useAction();
	const send = ({ email }) => act(async () => {
		await rpc('request_password_reset', { email, language: language() });
		setSent(true);
	});
	return html`<details class="narrow"><summary>${t('forgotten')}</summary>${sent ? html`<p role="status">${t('reset_sent')}</p>`
		: html`<${Form} send=${send} busy=${busy} label=${t('send_link')}><${Field} label=${t('email')} name="email" type="email" required /></${Form}>`}
		<${Problem} error=${error} /></details>`;
}

/* Pages of a link that was mailed, for whoever has it. */
const mailed = { password: NewPassword, unsubscribe: Unsubscribe };

function where() {
	const [, page, id] = location.hash.split('?')[0].split('/');
	return { page: page || 'today', id };
}

function Page({ me, place }) {
	const heading = useRef(null);
	useEffect(() => heading.current && heading.current.focus(), [place.page, place.id]);
	const known = Object.hasOwn(pages, place.page);
	const [One, name] = (known && place.id !== undefined && things[place.page]) || [];
	useEffect(() => {
		document.title = `${known ? t(place.page) : ''} · voiceagent`;
	});
	if (!known || (place.id !== undefined && (!One || !/^\d{1,18}$/.test(place.id)))) {
		return html`<h1 tabindex="-1" ref=${heading}>${t('not_found')}</h1>`;
	}
	const Many = pages[place.page];
	return html`<h1 tabindex="-1" ref=${heading}>${One ? `${t(name)} ${place.id}` : t(place.page)}</h1>
		${One ? html`<${One} key=${place.id} id=${Number(place.id)} me=${me} />` : html`<${Many} key=${place.page} me=${me} />`}`;
}

function App() {
	const [me, setMe] = useState(null);
	const [note, setNote] = useState('');
	const [place, setPlace] = useState(where());
	const [code, setCode] = useState(language());
	useEffect(() => {
		addEventListener('hashchange', () => setPlace(where()));
		whenEnded(() => {
			setMe(null);
			setNote(t('ended'));
		});
	}, []);
	const leave = () => {
		forget();
		setNote('');
	};
	const speak = (event) => {
		const wanted = event.target.value;
		setLanguage(wanted).then(() => setCode(wanted));
	};
	if (Object.hasOwn(mailed, place.page) && /^[\w-]+$/.test(place.id || '')) {
		return html`<${mailed[place.page]} token=${place.id} />`;
	}
	const may = me && { ...me, writes: ['owner', 'manager'].includes(me.role), works: me.role !== 'viewer', owns: me.role === 'owner' };
	return html`<a class="skip" href="#main" onClick=${(event) => {
			event.preventDefault();
			document.querySelector('main').focus();
		}}>${t('skip')}</a>
		<header><strong>voiceagent</strong>
			${me && html`<span><${Said}>${me.email}</${Said}> <span class="dim">${me.role}</span></span>`}
			<select aria-label=${t('language')} value=${code} onChange=${speak}>${languages.map((l) => html`<option value=${l} lang=${l}>${languageNames[l]}</option>`)}</select>
			${me && html`<button onClick=${leave}>${t('log_out')}</button>`}
		</header>
		${me ? html`<nav aria-label="voiceagent">${Object.keys(pages).map((page) => html`<a href=${`#/${page}`} aria-current=${page === place.page ? 'page' : null}>${t(page)}</a>`)}</nav>
			<main id="main" tabindex="-1"><${Page} me=${may} place=${place} /></main>`
		: html`<${Login} note=${note} entered=${(who) => {
			setNote('');
			setMe(who);
		}} />`}`;
}

render(html`<${App} />`, document.getElementById('app'));
