/* The page of consent: in the visitor's language, and with the console's session where that lasts. */
const language = ['es', 'fr', 'de', 'it'].find((code) => navigator.language.startsWith(code));
if (language) {
	document.documentElement.lang = language;
	document.querySelectorAll('[data-' + language + ']').forEach((one) => { one.textContent = one.dataset[language]; });
}
const renewed = await fetch('/rpc/renew', { method: 'POST' });
const token = renewed.ok && await renewed.json();
if (token) {
	const who = await (await fetch('/rpc/whoami', { headers: { Authorization: 'Bearer ' + token } })).json();
	document.forms[0].session.value = token;
	document.getElementById('login').hidden = true;
	document.getElementById('known').hidden = false;
	document.querySelector('#known strong').textContent = who.email + ' (' + who.role + ')';
}
