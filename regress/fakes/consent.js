/*
 * Somebody that lets a program in (chromium.js has the browser): by its password, and where the console's session lasts.
 *
 *	node consent.js URL PASSWORD FOLDER QUERY
 *
 * QUERY is what the program asks at /oauth/authorize; it is answered at /health of the console, which is of this machine.
 */
import { openBrowser, pause, step } from './chromium.js';

const [url, password, folder, query] = process.argv.slice(2);
const { page, run, tries, sees, click, picture, logsIn, finish } = await openBrowser(url, folder, password);
const shown = () => run('document.body.innerText');
const asks = async () => {
	await page('Page.navigate', { url: `${url}/oauth/authorize?${query}` });
	return sees(/asks to see and do/);
};

step(/a robot.*asks to see and do[\s\S]*Password/.test(await asks()), 'the page asks for a login', await shown());
await picture('mcp-consent');
await run(`document.querySelector('[name=email]').value = 'viewer@example.com'; document.querySelector('[name=password]').value = 'a wrong one'`);
await click('Allow', 'body');
step(/Wrong e-mail address or password/.test(await sees(/Wrong/)), '... and says when it is wrong', await shown());
await run(`document.querySelector('[name=email]').value = 'viewer@example.com'; document.querySelector('[name=password]').value = ${JSON.stringify(password)}`);
await click('Allow', 'body');
step(await tries(`/health[?]code=vg_.*&state=abc&/.test(location.href)`), 'the program is let in', await run('location.href'));

await logsIn('manager');
await asks();
step(/You are logged in as manager@example.com [(]manager[)]/.test(await sees(/You are logged in/)), 'the console\'s session is used, and the page says whose it is', await shown());
step(await run(`document.getElementById('login').hidden`), '... without a password');
await picture('mcp-consent-session');
await click('Allow', 'body');
step(await tries(`/health[?]code=vg_/.test(location.href)`), '... and the program is let in', await run('location.href'));
await asks();
await pause(500);
await click('Refuse', 'body');
step(await tries(`/health[?]error=access_denied/.test(location.href)`), 'or it is not', await run('location.href'));
await finish();
