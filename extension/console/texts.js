/* What the page says: its words in the visitor's language, which alone is loaded; numbers and times as people there write them. */
export const languages = ['en', 'es', 'fr', 'de'];
export const languageNames = { en: 'English', es: 'Español', fr: 'Français', de: 'Deutsch' };

let code = 'en';
let texts;

export const language = () => code;

export async function setLanguage(wanted) {
	code = languages.includes(wanted) ? wanted : 'en';
	texts = new Map((await import(`/words-${code}.js`)).default.trim().split('\n').map((line) => line.split('|')));
	document.documentElement.lang = code;
}
await setLanguage((navigator.languages || []).map((l) => l.slice(0, 2)).find((l) => languages.includes(l)));

export const t = (key) => texts.get(key) || key;

export const number = (value) => (value === null || value === undefined ? '' : Number(value).toLocaleString(language(), { maximumFractionDigits: 2 }));
/* A word of the database, as people say it. */
export const word = (key) => (key === null || key === undefined ? '' : key === 'do_not_call' ? t('do_not_call_one') : key === 'rejected' ? t('rejected_one')
	: t(String(key).replaceAll(' ', '_')).replaceAll('_', ' '));
/* The database writes times on the tenant's clock, which is the one that people here mean, wherever their browser is. */
const told = (value, style) => (value ? new Date(`${String(value).slice(0, 19)}Z`).toLocaleString(language(), { timeZone: 'UTC', ...style }) : '');
export const clock = (value) => told(value, { timeStyle: 'medium' });
export const time = (value) => told(value, { dateStyle: 'medium', timeStyle: 'short' });
export const seconds = (value) => (value === null || value === undefined ? '' : `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, '0')}`);
