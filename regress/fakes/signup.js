/*
 * Somebody that signs up by the page (chromium.js has the browser).
 *
 *	node signup.js URL PASSWORD FOLDER [TOKEN]
 *
 * Without a token it asks for a mail, with the one that was mailed it chooses a password.
 */
import { openBrowser, step } from './chromium.js';

const [url, password, folder, token] = process.argv.slice(2);
const { page, run, sees, click, finish } = await openBrowser(url, folder, password);
const shown = () => run('document.body.innerText');
const write = (name, value) => run(`{ const field = document.querySelector('[name=${name}]'); field.value = ${JSON.stringify(value)}; field.dispatchEvent(new Event('input', { bubbles: true })) }`);

await page('Page.navigate', { url: `${url}/#/signup${token ? `/${token}` : ''}` });
await sees(/Business/);
if (token) {
	await write('password', password);
	await click('Save', 'body');
	step(/Log in/.test(await sees(/Log in/)), 'whoever chooses a password is led to the login', await shown());
} else {
	await write('name', 'Pia & Co');
	await write('email', 'pia@example.com');
	await click('Send me a link', 'body');
	step(/A link is on its way to you/.test(await sees(/on its way/)), 'a visitor signs up, and is told of the mail', await shown());
}
await finish();
