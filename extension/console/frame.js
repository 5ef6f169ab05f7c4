/* The frame: the side bar with its groups, its badge and its credits; on a telephone a bar below, and the side bar as a sheet. */
import { html, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { usePage, Said } from '/parts.js';
import { Icon, Logo } from '/icons.js';
import { Workspaces } from '/workspaces.js';
import { fill, language, languageNames, languages, number, setHome, t } from '/texts.js';

/* A place: its name, its drawing, and the pages that are its tabs, the first of which its link leads to. */
export const place = (name, icon, ...tabs) => ({ name, icon, tabs });
const groups = [
	[null, [place('today', 'today', 'today'), place('needs_you', 'inbox', 'waiting'), place('notices', 'bell', 'notices')]],
	['outreach', [place('campaigns', 'campaigns', 'campaigns'), place('sequences', 'branch', 'sequences'), place('leads', 'leads', 'leads')]],
	['conversations', [place('calls', 'calls', 'calls'), place('calendar', 'calendar', 'week', 'appointments', 'calendars')]],
	['voice_group', [place('assistants', 'assistants', 'assistants'), place('receptionist', 'desk', 'incoming', 'agents'), place('catalogue', 'catalogue', 'listings')]],
	['business', [place('reports', 'reports', 'report', 'figures'), place('billing_page', 'billing', 'billing', 'money')]],
];
const below = [place('settings', 'settings', 'tenant', 'team', 'accounts', 'connect', 'webhooks', 'own_tools', 'stops', 'cases', 'wishes'), place('help', 'help', 'tickets')];
export const places = [...groups.flatMap(([, of]) => of), ...below];
/* The first places of a telephone's bar; the others are one press away. */
const bar = ['today', 'needs_you', 'calls', 'calendar'].map((name) => places.find((p) => p.name === name));

/* The wizard is at home among the assistants. */
export const homeOf = (page) => (page === 'wizard' ? 'assistants' : page);
export const placeOf = (page) => places.find((p) => p.tabs.includes(homeOf(page)));
/* What a page is called where it stands alone, and among the tabs of its place. */
const pageNames = { waiting: 'needs_you', listings: 'catalogue', figures: 'files_and_schedules', report: 'tab_overview', money: 'plan_and_statement', billing: 'tab_overview', tickets: 'help', incoming: 'numbers', agents: 'people', accounts: 'connections', own_tools: 'custom_tools', tenant: 'general', wishes: 'notices', calendars: 'hours_and_calendars' };
export const pageName = (page) => t(pageNames[page] || homeOf(page));

/* Other pages than the first need the news of the day less often. */
const SELDOM_MS = 10000;

/* What the frame says of the tenant: [day, waiting, error, ask again]. */
export function useDay(page) {
	const [day, error, again] = usePage('today_page', {}, ['today', 'waiting'].includes(page) ? undefined : SELDOM_MS);
	const [told, , tell] = usePage('my_notices', { language: language() }, SELDOM_MS);
	setHome(day && day.timezone);
	/* Where this browser's next login may begin: the page cannot know a workspace before somebody is logged in. */
	if (day && day.sign_on) {
		localStorage.sign_on = `/sign-on/${sessionStorage.workspace} ${new URL(day.sign_on).host}`;
	}
	return { day, error, unread: told ? told.length : 0, again: () => Promise.all([again(), tell()]), waiting: day ? Object.values(day.waiting).reduce((a, b) => a + b, 0) : 0 };
}

const Link = ({ to, now, count, note }) => html`<a class="to" href=${`#/${to.tabs[0]}`} aria-current=${to.tabs.includes(homeOf(now)) ? 'page' : null}><${Icon} name=${to.icon} />
	<span>${t(to.name)}</span>${count > 0 && html`<b class="count hot">${number(count)}</b>`}${note && html`<span class="count">${note}</span>`}</a>`;

/* How long the credits last at the pace of the last seven days. */
function Credits({ day }) {
	const [forecast] = usePage('credit_forecast', {}, 60000);
	const end = Array.isArray(forecast) && forecast.find((row) => row.event === 'used up');
	if (!day || day.available === null) {
		return null;
	}
	return html`<a class="credit" href="#/billing"><span><b>${number(Math.floor(day.available))}</b> ${t('credits_left')}</span>
		${end && html`<span class="dim">${end.days > 365 ? t('over_a_year') : fill('about_days', number(Math.max(0, Math.round(end.days))))}</span>`}</a>`;
}

export const Languages = ({ code, speak }) => html`<select name="language" aria-label=${t('language')} value=${code} onChange=${(event) => speak(event.target.value)}>
	${languages.map((l) => html`<option value=${l} lang=${l} selected=${l === code}>${languageNames[l]}</option>`)}</select>`;

/* Light or dark, as the system has it until a person says otherwise; kept in this tab alone. */
function Look() {
	const [look, setLook] = useState(document.documentElement.dataset.theme || '');
	const set = (event) => {
		setLook(event.target.value);
		document.documentElement.dataset.theme = event.target.value;
	};
	return html`<select name="look" aria-label=${t('look')} value=${look} onChange=${set}>${['', 'light', 'dark'].map((l) => html`<option value=${l} selected=${l === look}>${t(l ? `look_${l}` : 'look_system')}</option>`)}</select>`;
}

/* The name of the workspace, and behind it the others of the same person. */
function Ours({ name, move }) {
	const [open, setOpen] = useState(false);
	return html`<details class="drop" onToggle=${({ target }) => setOpen(target.open)}><summary title=${name}><${Logo} /><strong class="cut">
		<${Said}>${name || 'voiceagent'}</${Said}></strong><${Icon} name="down" /></summary>${open && html`<${Workspaces} enter=${move} />`}</details>`;
}

const letters = (name) => String(name || '').split(/[\s@.]+/).filter(Boolean).slice(0, 2).map((w) => [...w][0]).join('').toUpperCase();

/* The staff's has places of its own, no workspaces, no search. */
export function Frame({ me, now, news, code, speak, leave, move, search, staff, children }) {
	const [open, setOpen] = useState(false);
	const side = useRef(null);
	const { day, waiting, unread } = news;
	useEffect(() => setOpen(false), [now]);
	useEffect(() => {
		const close = (event) => event.key === 'Escape' && setOpen(false);
		addEventListener('keydown', close);
		return () => removeEventListener('keydown', close);
	}, []);
	/* An agent's work is not with money. */
	const may = (p) => !(p.name === 'billing_page' && me.role === 'agent');
	const more = () => {
		setOpen(!open);
		if (!open) {
			setTimeout(() => side.current && side.current.querySelector('a').focus());
		}
	};
	const link = (p) => may(p) && html`<${Link} key=${p.name} to=${p} now=${now} count=${p.name === 'needs_you' ? waiting : 0} note=${p.name === 'notices' ? unread > 0 && number(unread) : p.name === 'calls' && day && day.live > 0 ? `${number(day.live)} ${t('live_short')}` : null} />`;
	return html`<header class="topbar"><${Logo} /><strong class="cut"><${Said}>${day ? day.tenant : 'voiceagent'}</${Said}></strong>
			${!staff && html`<a class="button plain" href="#/notices" aria-label=${t('notices')}><${Icon} name="bell" />${unread > 0 && number(unread)}</a><button class="plain" aria-label=${t('find')} onClick=${search}><${Icon} name="search" /></button>`}</header>
		<div class="app"><aside class=${open ? 'side open' : 'side'} ref=${side}>
			<div class="ours">${staff ? html`<${Logo} /><strong class="grow">${day.tenant}</strong>` : html`<${Ours} name=${day && day.tenant} move=${move} />`}
				<button class="plain only-phone" aria-label=${t('close')} onClick=${() => setOpen(false)}><${Icon} name="close" /></button></div>
			${!staff && html`<button class="find" onClick=${search}><${Icon} name="search" /><span>${t('find')}</span><kbd>Ctrl K</kbd></button>`}
			<nav aria-label="voiceagent">${(staff ? [[null, staff]] : groups).map(([name, of]) => html`${name && html`<h2>${t(name)}</h2>`}${of.map(link)}`)}</nav>
			<div class="push"></div>
			${!staff && html`${me.role !== 'agent' && html`<${Credits} day=${day} />`}
			<nav aria-label=${t('settings')}>${below.map(link)}</nav>`}
			<details class="drop person"><summary><span class="badge" aria-hidden="true">${letters(me.email || me.subject || me.role)}</span><span class="cut"><${Said}>${me.email || me.subject || ''}</${Said}></span><${Icon} name="dots" /></summary>
				<div class="menu"><p class="dim">${t(`role_${me.role}`, me.role)}</p><${Languages} code=${code} speak=${speak} /><${Look} /><button onClick=${leave}>${t('log_out')}</button></div></details>
		</aside>${children}</div>
		<nav class="tabbar" aria-label=${t('more')}>${(staff || bar).slice(0, 4).map((p) => html`<${Link} key=${p.name} to=${p} now=${open ? null : now} count=${p.name === 'needs_you' ? waiting : 0} />`)}
			<button class="to" aria-expanded=${open} onClick=${more}><${Icon} name="menu" /><span>${t('more')}</span></button></nav>`;
}

/* The tabs of a place that has more than one page. */
export function Tabs({ now }) {
	const here = placeOf(now);
	return here && here.tabs.length > 1 && html`<nav class="tabs" aria-label=${t(here.name)}>${here.tabs.map((tab) => html`<a key=${tab} href=${`#/${tab}`} aria-current=${tab === now ? 'page' : null}>${pageName(tab)}</a>`)}</nav>`;
}
