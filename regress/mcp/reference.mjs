// reference.mjs URL KEY: the reference's own tests, and its client, against the door for API keys; a line of TAP each.
//
// The tests know no keys: a proxy adds it.  What needs fixtures of theirs (tools of certain names, resources, prompts) does not apply.
import http from 'node:http';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, key] = process.argv.slice(2);
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
console.log(`1..${n}`);
