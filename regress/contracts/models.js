#!/usr/bin/env node
/*
 * models.js
 *	Every request that the drivers of language models build is sent to a mock of the vendor's contract (specs/, see README.md), which
 *	refuses what breaks it; the replies that the contract shows are read back.
 */
'use strict';
const http = require('http');
const path = require('path');
const { Drivers, ok, done, skipAll } = require('./lib');

let prism;
try {
	prism = { ...require('@stoplight/prism-http'), ...require('@stoplight/prism-http-server') };
} catch (error) {
	skipAll('the mock of contracts is not installed');
}
const { load } = require('./specs/cut');
const silent = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'success', 'start'].map((name) => [name, () => {}]));
silent.child = () => silent;

const schema = { type: 'object', properties: { name: { type: 'string', maxLength: 9 }, kind: { type: 'string', enum: ['a', 'b'] }, tags: { type: 'array', items: { type: 'object', properties: { t: { type: 'integer' } } } } }, required: ['name'] };
const user = { role: 'user', content: 'Hello' };
const requests = {
	'a question': { messages: [user] },
	'a talk': { messages: [{ role: 'system', content: 'Be brief.' }, { role: 'assistant', content: 'Hi' }, user], temperature: 0.4, max_tokens: 50, seed: 3 },
	'system alone': { messages: [{ role: 'system', content: 'Be brief.' }] },
	'hot': { messages: [user], temperature: 2 },
	'a schema': { messages: [user], schema, schema_name: 'person' },
};
const vendors = {
	openai: { spec: 'openai.yaml', base: 'https://api.openai.com/v1', path: '/chat/completions' },
	openai_responses: { spec: 'openai.yaml', base: 'https://api.openai.com/v1', path: '/responses' },
	anthropic: { spec: 'anthropic.yaml', base: 'https://api.anthropic.com', path: '/v1/messages' },
};

function send(address, request, target, extra = {}) {
	return new Promise((resolve, reject) => {
		const headers = { ...request.headers, ...extra };
		if (request.body !== undefined) headers['Content-Length'] = Buffer.byteLength(request.body);
		const sent = http.request({ host: address.hostname, port: address.port, method: request.method, path: target, headers }, (response) => {
			const parts = [];
			response.on('data', (part) => parts.push(part));
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString('utf8') }));
		});
		sent.on('error', reject);
		sent.end(request.body);
	});
}

function complaints(response) {
	try {
		return JSON.parse(response.headers['sl-violations'] || '[]').filter(({ location }) => location[0] === 'request');
	} catch (error) {
		return [];
	}
}

async function tryVendor(drivers, provider, { spec, base, path: endpoint }) {
	const operations = await prism.getHttpOperationsFromSpec(JSON.parse(JSON.stringify(load(path.join(__dirname, 'specs', spec)))));
	const server = prism.createServer(operations, {
		cors: false,
		config: { isProxy: false, checkSecurity: true, validateRequest: true, validateResponse: false, errors: false, mock: { dynamic: false } },
		components: { logger: silent },
	});
	const address = new URL(await server.listen(0, '127.0.0.1'));
	const order = (request, more = {}) => ({ key: 'sk-1', model: 'm-1', settings: {}, request, max_tokens: 100, ...more });
	const attempt = async (name, what, one, extra) => {
		const reply = await drivers.ask({ model_provider: provider, do: what, order: one });
		const built = reply.request;
		if (!ok(reply.ok && built.url.startsWith(base), `${provider}: ${name} is built`, JSON.stringify(reply))) return undefined;
		const response = await send(address, built, built.url.slice(base.length), extra);
		return { built, response };
	};
	for (const [name, request] of Object.entries(requests)) {
		const tried = await attempt(name, 'build_model', order(request));
		if (tried) ok(tried.response.status === 200 && complaints(tried.response).length === 0, `${provider}: ${name} keeps the contract`, tried.response.status + tried.response.body + JSON.stringify(complaints(tried.response)) + tried.built.body);
	}
	const repair = await attempt('a repair', 'build_model', order(requests['a schema'], { repair: { output: '{}', problem: '$ lacks "name"' } }));
	if (repair) {
		ok(repair.response.status === 200 && complaints(repair.response).length === 0, `${provider}: a repair keeps the contract`, repair.response.body);
		const read = await drivers.ask({ model_provider: provider, do: 'read_model', order: order({}), response: { status: 200, headers: [], body: repair.response.body } });
		ok(['answered', 'incomplete', 'refused'].includes(read.kind), `${provider}: its example is read: ${read.kind}`, JSON.stringify(read) + repair.response.body);
	}
	for (const what of ['check_model', 'list_models']) {
		const tried = await attempt(what, what, order({}));
		if (tried) ok(tried.response.status === 200, `${provider}: ${what} keeps the contract`, tried.response.body);
	}
	const keyless = await attempt('without a key', 'build_model', order(requests['a question'], { key: undefined }));
	if (keyless) ok(keyless.response.status === 401, `${provider}: ... is refused, so the mock does look`, keyless.response.body);
	const { request: broken } = await drivers.ask({ model_provider: provider, do: 'build_model', order: order(requests['a question']) });
	const answer = await send(address, { ...broken, body: JSON.stringify({ model: 'm-1' }) }, endpoint);
	ok(answer.status === 422 || answer.status === 400, `${provider}: ... and so is a request without messages`, answer.status + answer.body);
	await server.close();
}

(async () => {
	const drivers = new Drivers();
	for (const [provider, vendor] of Object.entries(vendors)) await tryVendor(drivers, provider, vendor);
	ok((await drivers.end()) === 0, 'the drivers end well');
	done();
})();
