// reference.mjs URL KEY PASSWORD: the reference's own tests, and its client, against the door for API keys, and its client
// against the one for programs, which viewer@example.com lets in; a line of TAP each.
//
// The tests know no keys: a proxy adds it.  What needs fixtures of theirs (tools of certain names, resources, prompts) does not apply.
import http from 'node:http';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, key, password] = process.argv.slice(2);
const door = new URL('/mcp/key', url);
const program = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const foreign = /prompts-list|resources-|undeclared-capability|missing-capability|independent-requests|no-log-without/;
let n = 0;
function ok(good, name, why = '') {
	console.log(`${good ? 'ok' : 'not ok'} ${++n} - ${name}`);
	if (!good)
		console.log(String(why).replace(/^/gm, '# '));
}

const proxy = http.createServer((request, response) => {
	const asked = http.request(door, { method: request.method, headers: { ...request.headers, authorization: `Bearer ${key}` } }, answer => {
		response.writeHead(answer.statusCode, answer.headers);
		answer.pipe(response);
	});
	asked.on('error', () => response.destroy());
	request.pipe(asked);
});
await new Promise(done => proxy.listen(0, '127.0.0.1', done));
const at = `http://localhost:${proxy.address().port}/mcp`;

const scenarios = { '2025-11-25': ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'],
	'2026-07-28': ['server-stateless', 'tools-list', 'caching', 'dns-rebinding-protection'] };
for (const [revision, names] of Object.entries(scenarios))
	for (const name of names)
		await new Promise(done => execFile(process.execPath, [program, 'server', '--url', at, '--spec-version', revision, '--scenario', name],
			{ timeout: 60000 }, (error, out, err) => {
				const checks = [...out.matchAll(/\[([\w-]+) *\] \S*?(SUCCESS|FAILURE)/g)];
				const failed = checks.filter(check => check[2] === 'FAILURE' && !foreign.test(check[1])).map(check => check[1]);
				const good = checks.filter(check => check[2] === 'SUCCESS').length;
				ok(good > 0 && failed.length === 0, `conformance ${revision} ${name}: ${good} checks`, failed.join(' ') + out + err);
				done();
			}));
proxy.close();

const transport = new StreamableHTTPClientTransport(door, { requestInit: { headers: { Authorization: `Bearer ${key}` } } });
const client = new Client({ name: 'reference', version: '1' });
await client.connect(transport);
let page, tools = [];
do {
	page = await client.listTools(page ? { cursor: page.nextCursor } : {});
	tools.push(...page.tools);
} while (page.nextCursor);
ok(tools.length > 20 && new Set(tools.map(t => t.name)).size === tools.length, 'the client lists the tools, page after page', tools.length);
const read = await client.callTool({ name: 'phone_numbers', arguments: {} });
ok(!read.isError && Array.isArray(read.structuredContent.rows), '... reads a view', JSON.stringify(read));
const wrong = await client.callTool({ name: 'set_primary_number', arguments: { phone_number_id: 77 } });
ok(wrong.isError && /[.]$/.test(wrong.content[0].text), '... and is told in a sentence what a tool refuses', JSON.stringify(wrong));
await client.close();

// A person at the page of consent, and a program that keeps what it is given.
let kept = {}, location;
const provider = {
	redirectUrl: 'http://127.0.0.1:49152/callback',
	clientMetadata: { client_name: 'reference', redirect_uris: ['http://127.0.0.1/callback'], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
	state: () => 'a state',
	clientInformation: () => kept.client, saveClientInformation: client => { kept.client = client; },
	tokens: () => kept.tokens, saveTokens: tokens => { kept.tokens = tokens; },
	codeVerifier: () => kept.verifier, saveCodeVerifier: verifier => { kept.verifier = verifier; },
	async redirectToAuthorization(at) {
		const page = await (await fetch(at)).text();
		const form = new URLSearchParams([...page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(found => [found[1], found[2].replaceAll('&amp;', '&')]));
		form.set('email', 'viewer@example.com');
		form.set('password', password);
		form.set('answer', 'allow');
		location = (await fetch(new URL('/oauth/authorize', url), { method: 'POST', body: form, redirect: 'manual' })).headers.get('location');
	}
};
const mcp = new URL('/mcp', url);
const connect = async () => {
	const granted = new Client({ name: 'reference', version: '1' });
	const transport = new StreamableHTTPClientTransport(mcp, { authProvider: provider });
	try {
		await granted.connect(transport);
	} catch (error) {
		if (!location)
			throw error;
		await transport.finishAuth(new URL(location).searchParams.get('code'));
		location = undefined;
		await granted.connect(new StreamableHTTPClientTransport(mcp, { authProvider: provider }));
	}
	return granted;
};
let granted = await connect();
const who = (await granted.callTool({ name: 'whoami', arguments: {} })).structuredContent;
ok(who.email === 'viewer@example.com' && who.role === 'viewer', 'the client finds out, registers, is let in and works for who let it in', JSON.stringify(who));
await granted.close();
const before = kept.tokens.access_token;
kept.tokens = { ...kept.tokens, access_token: 'vo_of_yesterday' };
granted = await connect();
ok((await granted.listTools()).tools.length > 0 && kept.tokens.access_token !== before, '... and renews its tokens by itself');
await granted.close();
console.log(`1..${n}`);
