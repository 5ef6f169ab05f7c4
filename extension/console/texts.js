/* What the page says: its words in the visitor's language, which alone is loaded; numbers and times as people there write them. */
export const languages = ['en', 'es', 'fr', 'de', 'it'];
export const languageNames = { en: 'English', es: 'Español', fr: 'Français', de: 'Deutsch', it: 'Italiano' };

let code = 'en';
let texts;

export const language = () => code;
/* The language in which the database asks and writes, which it does in four. */
export const asked = () => (code === 'it' ? 'en' : code);

export async function setLanguage(wanted) {
	code = languages.includes(wanted) ? wanted : 'en';
	const [keys, said] = (await import(`/words-${code}.js`)).default.split('\n').map((line, i) => line.split(i ? '|' : ' '));
	let key = '';
	/* A key begins with so many letters of the one before. */
	texts = new Map(keys.map((k, i) => [key = key.slice(0, k[0]) + k.slice(1), said[i]]));
	document.documentElement.lang = code;
}
/* What was chosen in this tab comes before what the browser prefers. */
await setLanguage([sessionStorage.getItem('language'), ...(navigator.languages || [])].filter(Boolean).map((l) => l.slice(0, 2)).find((l) => languages.includes(l)));

export const t = (key, other) => texts.get(key) || other || key;
/* With a value for each % of it. */
export const fill = (key, ...values) => values.reduce((text, value) => text.replace('%', () => value), t(key));

export const number = (value) => (value === null || value === undefined ? '' : Number(value).toLocaleString(language(), { maximumFractionDigits: 2 }));
export const leadsWord = (n) => `${number(n)} ${t(n === 1 ? 'lead' : 'leads_word')}`;
/* A word of the database, as people say it. */
export const word = (key) => (key === null || key === undefined ? '' : key === 'do_not_call' ? t('do_not_call_one') : key === 'rejected' ? t('rejected_one')
	: t(String(key).replaceAll(' ', '_')).replaceAll('_', ' '));
/* The same as a heading has it, or a pill. */
export const named = (key) => word(key).replace(/^./u, (c) => c.toLocaleUpperCase(language()));
/* Where a lead stands: one that never answered has not failed. */
export const stage = (key) => t({ pending: 'p_new', new: 'p_new', queued: 'p_rest', retry: 'p_again', failed: 'p_lost', completed: 'p_done', skipped: 'p_out', expired: 'p_late' }[key] || '', named(key));
/* The database writes times on the tenant's clock, which is the one that people here mean, wherever their browser is. */
const told = (value, style) => (value ? new Date(`${String(value).slice(0, 19)}Z`).toLocaleString(language(), { timeZone: 'UTC', ...style }) : '');
export const clock = (value) => told(value, { timeStyle: 'medium' });
/* The year is told when it is another one. */
export const time = (value, weekday) => told(value, { ...(weekday ? { weekday: 'short' } : {}), month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit',
	...(String(value).slice(0, 4) === String(new Date().getFullYear()) ? {} : { year: 'numeric' }) });
/* What a lead is called, where that is known. */
export const nameOf = (lead) => [lead.first_name, lead.last_name].filter(Boolean).join(' ');
/* A number is written as people of its country write it where that is the tenant's own, which its clock tells; else as the world does. */
const homes = /^(America\/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Detroit|Boise|Anchorage|Indiana\/|Kentucky\/|North_Dakota\/|Toronto|Vancouver|Edmonton|Winnipeg|Regina|Halifax|St_Johns)|Pacific\/Honolulu|US\/|Canada\/)/;
let home = false;
let ours = '';
export const setHome = (zone) => {
	ours = zone || '';
	home = homes.test(zone || '');
};
export const phone = (value) => (home && /^\+1\d{10}$/.test(value || '') ? value.replace(/^\+1(...)(...)/, '($1) $2-') : value);
/* The words of a time that was agreed, without the day and hour that a tool wrote beside them: those the page writes itself. */
export const inWords = (said) => String(said || '').replace(/\b\d{4}-\d\d-\d\d\b(?:[T ]\d\d:\d\d(?::\d\d)?)?/g, '').trim();
/* An amount, as people there write their money. */
export const price = (amount, currency) => (amount === null || amount === undefined ? ''
	: new Intl.NumberFormat(language(), { style: 'currency', currency: currency || 'EUR' }).format(amount));
/* A zone, as people say it. */
export const town = (zone) => String(zone || '').split('/').pop().replaceAll('_', ' ');
/* The workspace's own. */
export const ourZone = () => ours;
export const ourTown = () => town(ours);
/* A heading's words within a sentence; German writes nouns as they are. */
export const inside = (text) => (language() === 'de' ? text : text.charAt(0).toLowerCase() + text.slice(1));
/* How long ago, as people say it, on the database's own clock. */
export function ago(at, now) {
	const minutes = at && now ? Math.round((Date.parse(String(now).replace(' ', 'T')) - Date.parse(String(at).replace(' ', 'T'))) / 60000) : NaN;
	const [n, unit] = Math.abs(minutes) < 60 ? [minutes, 'minute'] : Math.abs(minutes) < 1440 ? [minutes / 60, 'hour'] : [minutes / 1440, 'day'];
	return Number.isNaN(minutes) ? '' : minutes === 0 ? t('now') : new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: 'short' }).format(Math.abs(Math.round(n)));
}
export const day = (value) => told(value, { weekday: 'long', day: 'numeric', month: 'long' });
export const hour = (value) => told(value, { timeStyle: 'short' });
/* An hour of the day, and "09:00", as people there write them. */
export const hourName = (n) => new Date(Date.UTC(2024, 0, 1, n)).toLocaleTimeString(language(), { hour: 'numeric', timeZone: 'UTC' }).replace(/ (Uhr|h)$/, '');
export const clockTime = (text) => (text === '24:00' ? t('midnight') : /^\d?\d:\d\d/.test(text || '') ? hour(`2024-01-01 ${text.slice(0, 5).padStart(5, '0')}:00`) : text || '');
/* A day of the week: 1 is Monday. */
export const weekdayName = (n, style = 'short') => new Date(Date.UTC(2024, 0, n)).toLocaleDateString(language(), { weekday: style, timeZone: 'UTC' });
export const date = (value, year) => told(value, { month: 'short', day: 'numeric', ...year && { year: 'numeric' } });
export const seconds = (value) => (value === null || value === undefined ? '' : `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, '0')}`);
