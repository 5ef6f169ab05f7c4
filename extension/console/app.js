/* The page: who is logged in, where in it, in which language. */
import { html, render, useEffect, useRef, useState } from '/vendor/preact-htm.js';
import { enter, login, logOut, resume, rpc, wear, whenEnded } from '/api.js';
import { ByProvider, Choice, Field, Form, Problem, Said, useAction } from '/parts.js';
import { asked, language, setLanguage, t } from '/texts.js';
import { Frame, homeOf, Languages, Tabs, pageName, placeOf, useDay } from '/frame.js';
import { Icon, Logo } from '/icons.js';
import { Finder } from '/finder.js';
import { Appointments, Today } from '/day.js';

/* All but the first page is loaded when it is opened, and once. */
const opened = new Map();
const part = (file, name) => function Part(props) {
	const [now, setNow] = useState(opened.get(file));
	const [error, setError] = useState(null);
	useEffect(() => {
		if (!now) {
			import(file).then((loaded) => {
				opened.set(file, loaded);
				setNow(loaded);
			}, setError);
		}
	}, []);
	/* After an update the files that are there go with those of a page that is loaded anew. */
	return now ? html`<${now[name]} ...${props} />` : error && html`<p class="card bad" role="alert">${t('not_loaded')} <button onClick=${() => location.reload()}>${t('load_anew')}</button></p>`;
};

const pages = { today: Today, waiting: part('/needs.js', 'Waiting'), campaigns: part('/campaign.js', 'Campaigns'), sequences: part('/sequences.js', 'Sequences'), connect: part('/connect.js', 'Connect'), calls: part('/lists.js', 'Calls'), leads: part('/lists.js', 'Leads'),
	appointments: Appointments, week: part('/week.js', 'Week'), calendars: part('/reception.js', 'Calendars'), incoming: part('/reception.js', 'Incoming'), agents: part('/reception.js', 'Agents'), listings: part('/listings.js', 'Listings'),
	assistants: part('/assistants.js', 'Assistants'), wizard: part('/assistants.js', 'Assistants'), own_tools: part('/settings.js', 'OwnTools'), money: part('/money.js', 'Money'), billing: part('/money.js', 'Credits'), figures: part('/reports.js', 'Figures'), report: part('/reports.js', 'Report'),
	accounts: part('/settings.js', 'Accounts'), team: part('/settings.js', 'Team'), tenant: part('/settings.js', 'Rules'), stops: part('/settings.js', 'Stops'), cases: part('/settings.js', 'Cases'), webhooks: part('/settings.js', 'Webhooks'), notices: part('/settings.js', 'Notices'), wishes: part('/settings.js', 'Wishes'), tickets: part('/tickets.js', 'Tickets') };
/* Pages of one thing: #/calls/12 */
const things = { calls: [part('/film.js', 'Film'), 'call'], leads: [part('/lists.js', 'Lead'), 'leads'], campaigns: [part('/campaign.js', 'Campaign'), 'campaign'], sequences: [part('/sequences.js', 'Sequence'), 'sequences'], assistants: [part('/assistants.js', 'Assistant'), 'assistant'],
	wizard: [part('/assistants.js', 'Wizard'), 'assistant'], tickets: [part('/tickets.js', 'Ticket'), 'ticket'] };

const Staff = part('/staff.js', 'Staff');
const Acting = part('/staff.js', 'Acting');

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
		<h1><${Logo} /> voiceagent</h1>
		${note && html`<p role="status">${note}</p>`}
		<${Field} label=${t('email')} name="email" type="email" required autocomplete="username" />
		<${Field} label=${t('password')} name="password" type="password" required autocomplete="current-password" />
		${tenants && html`<${Choice} label=${t('which')} name="tenant_id" options=${tenants.map((x) => [x.tenant_id, x.name])} />`}
		<${Problem} error=${error} />
	</${Form}><div class="narrow"><${ByProvider} kept=${localStorage.sign_on} /></div><${Forgotten} /></main>`;
}

const Card = ({ children }) => html`<main id="main"><div class="card narrow"><h1><${Logo} /> voiceagent</h1>${children}</div></main>`;

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

/* A business signs up; the token: what was mailed (m...), or an invitation (i...). */
function SignUp({ token }) {
	const [done, setDone] = useState('');
	const [error, busy, act] = useAction();
	const mailed = token?.[0] === 'm';
	const send = (said) => act(async () => {
		await rpc(mailed ? 'confirm_signup' : 'sign_up', { ...said, ...mailed ? { token } : { invitation: token, language: asked() }, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
		setDone(mailed ? 'password_set' : 'signup_sent');
	});
	return html`<${Card}>${done ? html`<p role="status">${t(done)} ${mailed && html`<a href="#/today">${t('log_in')}</a>`}</p>`
		: html`<${Form} send=${send} busy=${busy} label=${t(mailed ? 'save' : 'send_link')}>
			<${Field} label=${t('business')} name="name" required=${!mailed} />
			${mailed ? html`<${Field} label=${t('new_password')} name="password" type="password" required minlength="8" autocomplete="new-password" />`
				: html`<${Field} label=${t('email')} name="email" type="email" required />`}</${Form}>`}
		<${Problem} error=${error} /></${Card}>`;
}

/* From the link of a mail: no more of them, or that the address is its own. */
const Once = (name, label, done) => function Link({ token }) {
	const [address, setAddress] = useState(null);
	const [error, busy, act] = useAction();
	const send = () => act(async () => setAddress(await rpc(name, { token })));
	return html`<${Card}>${address ? html`<p role="status">${t(done)} <${Said}>${address}</${Said}></p>`
		: html`<p><button class="main" disabled=${busy} onClick=${send}>${t(label)}</button></p>`}
		<${Problem} error=${error} /></${Card}>`;
};

function Forgotten() {
	const [sent, setSent] = useState(false);
	const [error, busy, act] = useAction();
	const send = ({ email }) => act(async () => {
		await rpc('request_password_reset', { email, language: asked() });
		setSent(true);
	});
	return html`<details class="narrow"><summary>${t('forgotten')}</summary>${sent ? html`<p role="status">${t('reset_sent')}</p>`
		: html`<${Form} send=${send} busy=${busy} label=${t('send_link')}><${Field} label=${t('email')} name="email" type="email" required /></${Form}>`}
		<${Problem} error=${error} /></details>`;
}

/* Pages of a link that was mailed, for whoever has it. */
const mailed = { signup: SignUp, password: NewPassword, unsubscribe: Once('unsubscribe', 'unsubscribe', 'unsubscribed'), confirm: Once('confirm_address', 'confirm', 'confirmed_to') };

/* Where one is: #/page/id?what=is&asked=for */
function where() {
	const [path, query] = location.hash.split('?');
	const [, page, id] = path.split('/');
	return { page: page || 'today', id, query: Object.fromEntries(new URLSearchParams(query || '')) };
}

function Page({ me, place, news }) {
	const heading = useRef(null);
	/* What a thing is called, when its page knows that. */
	const [title, setTitle] = useState(['', '']);
	const here = `${place.page}/${place.id}`;
	useEffect(() => heading.current && heading.current.focus(), [place.page, place.id]);
	const known = Object.hasOwn(pages, place.page);
	const [One, name] = (known && place.id !== undefined && things[place.page]) || [];
	useEffect(() => {
		document.title = `${news.waiting > 0 ? `(${news.waiting}) ` : ''}${known ? pageName(place.page) : ''} · voiceagent`;
	});
	if (!known || (place.id !== undefined && (!One || !/^\d{1,18}$/.test(place.id)))) {
		return html`<div class="head"><h1 tabindex="-1" ref=${heading}>${t('not_found')}</h1></div>`;
	}
	const Many = pages[place.page];
	const group = placeOf(place.page);
	return html`<div class="head">${One && html`<a class="crumb" href=${`#/${homeOf(place.page)}`}><${Icon} name="left" />${pageName(place.page)}</a>`}
			<h1 tabindex="-1" ref=${heading}><bdi>${One ? (title[0] === here && title[1]) || `${t(name)} ${place.id}` : group.tabs.length > 1 ? t(group.name) : pageName(place.page)}</bdi></h1></div>
		${!One && html`<${Tabs} now=${place.page} />`}
		<div class="body">${One ? html`<${One} key=${place.id} id=${Number(place.id)} me=${me} query=${place.query} title=${(text) => setTitle([here, text])} />` : html`<${Many} key=${place.page} me=${me} query=${place.query} news=${news} />`}</div>`;
}

/* For whoever is logged in: the frame and the page in it. */
function Inside({ me, place, ...rest }) {
	const news = useDay(place.page);
	const [finds, find] = useState(false);
	useEffect(() => {
		const keys = (event) => {
			if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
				event.preventDefault();
				find(true);
			}
		};
		addEventListener('keydown', keys);
		return () => removeEventListener('keydown', keys);
	}, []);
	return html`<${Frame} me=${me} now=${place.page} news=${news} search=${() => find(true)} ...${rest}>
		<main id="main" class="sheet" tabindex="-1"><${Page} me=${me} place=${place} news=${news} /></main></${Frame}>
		${finds && html`<${Finder} me=${me} close=${() => find(false)} />`}`;
}

function App() {
	const [me, setMe] = useState(null);
	const [ready, setReady] = useState(false);
	const [note, setNote] = useState('');
	const [place, setPlace] = useState(where());
	const [code, setCode] = useState(language());
	const [staff, setStaff] = useState(null);
	/* As which tenant somebody of the staff acts, and the token that it goes back to. */
	const [acting, setActing] = useState(null);
	const left = useRef(null);
	const back = () => {
		const { token, tenant } = left.current;
		left.current = null;
		wear(token);
		setActing(null);
		setMe(null);
		location.hash = `#/staff/tenant?id=${tenant}`;
		rpc('stop_acting').catch(() => {});
	};
	const act = async (tenant, name, fresh) => {
		left.current = { tenant, token: wear(fresh) };
		location.hash = '#/today';
		setMe(await rpc('whoami'));
		setActing(name);
	};
	useEffect(() => {
		addEventListener('hashchange', () => setPlace(where()));
		resume().then((on) => (on === 'staff' ? rpc('staff_whoami').then((who) => {
			setStaff(who);
			location.hash = location.hash.startsWith('#/staff') ? location.hash : '#/staff/work';
		}) : on && rpc('whoami').then(setMe))).catch(() => {}).then(() => setReady(true));
		whenEnded(() => {
			if (left.current) {
				back();
				return;
			}
			setMe(null);
			setStaff(null);
			setNote(t('ended'));
		});
	}, []);
	const leave = async () => {
		left.current = null;
		await logOut();
		setMe(null);
		setActing(null);
		setNote('');
	};
	const move = async (workspace) => {
		await enter(workspace);
		location.hash = '#/today';
		setMe(await rpc('whoami'));
	};
	const speak = (wanted) => setLanguage(wanted).then(() => {
		sessionStorage.setItem('language', wanted);
		setCode(wanted);
	});
	if (Object.hasOwn(mailed, place.page) && /^[\w-]*$/.test(place.id || '')) {
		return html`<${mailed[place.page]} token=${place.id} />`;
	}
	if (place.page === 'staff' && !acting) {
		return ready && html`<${Staff} me=${staff} place=${place} note=${note} act=${act} leave=${leave} code=${code} speak=${speak} entered=${(who) => {
			setNote('');
			setStaff(who);
		}} />`;
	}
	const may = me && { ...me, writes: ['owner', 'manager'].includes(me.role), works: me.role !== 'viewer', owns: me.role === 'owner' };
	return html`<a class="skip" href="#main" onClick=${(event) => {
			event.preventDefault();
			document.querySelector('main').focus();
		}}>${t('skip')}</a>
		${acting && html`<${Acting} name=${acting} role=${me.role} back=${back} />`}
		${me ? html`<${Inside} key=${me.member_id} me=${may} place=${place} code=${code} speak=${speak} leave=${leave} move=${move} />`
		: ready && html`<div class="door"><${Login} note=${note} entered=${(who) => {
			setNote('');
			setMe(who);
		}} /><p class="narrow"><${Languages} code=${code} speak=${speak} /></p></div>`}`;
}

render(html`<${App} />`, document.getElementById('app'));
