#!/usr/bin/env node
/*
 * requests.js [PROVIDER...]
 *	Every request that every driver can build is sent to a mock of its carrier's contract (specs/, see README.md), which
 *	refuses what breaks it; every example of a reply in the contract is read back.
 *
 * What there is to build is in cases/PROVIDER.js; a request that a driver can build and no case builds is a failure.
 * VENDORS=DIRECTORY with the vendors' own complete documents (specs/cuts.json says which) asks those, too.
 */
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const { Drivers, ok, done, skipAll, note } = require('./lib');

let prism;
try {
	prism = { ...require('@stoplight/prism-http'), ...require('@stoplight/prism-http-server') };
} catch (error) {
	skipAll('the mock of contracts is not installed');
}
const { cut, load, follow } = require('./specs/cut');
const specs = path.join(__dirname, 'specs');
const vendors = process.env.VENDORS;
const silent = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'success', 'start'].map((name) => [name, () => {}]));
silent.child = () => silent;

/* ---- mocks ---- */

const mocks = new Map();

/* A mock of specs/NAME, or of the vendor's document behind "vendor:NAME"; null when that is not at hand. */
async function mockOf(name) {
	if (mocks.has(name)) return mocks.get(name);
	let document;
	if (name.startsWith('vendor:')) {
		const plan = JSON.parse(fs.readFileSync(path.join(specs, 'cuts.json'), 'utf8'))[name.slice(7)];
		const source = vendors && path.join(vendors, plan.source);
		if (!source || !fs.existsSync(source)) {
			mocks.set(name, null);
			return null;
		}
		document = cut(load(source), plan.paths, plan);
	} else document = load(path.join(specs, name));
	const operations = await prism.getHttpOperationsFromSpec(JSON.parse(JSON.stringify(document)));
	const server = prism.createServer(operations, {
		cors: false,
		config: { isProxy: false, checkSecurity: true, validateRequest: true, validateResponse: true, errors: false, mock: { dynamic: false } },
		components: { logger: silent },
	});
	const mock = { name, document, server, address: new URL(await server.listen(0, '127.0.0.1')) };
	mocks.set(name, mock);
	return mock;
}

function send(mock, request, target, extra = {}) {
	return new Promise((resolve, reject) => {
		const headers = { ...request.headers, ...extra };
		if (request.body !== undefined) headers['Content-Length'] = Buffer.byteLength(request.body);
		const sent = http.request({ host: mock.address.hostname, port: mock.address.port, method: request.method, path: target, headers }, (response) => {
			const parts = [];
			response.on('data', (part) => parts.push(part));
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString('utf8') }));
		});
		sent.on('error', reject);
		sent.end(request.body);
	});
}

/* The operation of the document that a request means, with its path. */
function operationOf(document, method, target) {
	const asked = target.split('?')[0].split('/');
	let best;
	for (const [name, item] of Object.entries(document.paths)) {
		const parts = name.split('/');
		const fixed = parts.filter((part) => !part.includes('{')).length;
		if (parts.length === asked.length && item[method.toLowerCase()] && (!best || fixed > best.fixed) &&
			parts.every((part, i) => part === asked[i] || new RegExp(`^${part.replace(/[.]/g, '\\.').replace(/\{[^}]*\}/g, '.+')}$`).test(asked[i])))
			best = { name, fixed, operation: item[method.toLowerCase()] };
	}
	return best;
}

/* Which replies the contract shows: [{status, prefer}]. */
function repliesOf(document, operation) {
	const replies = [];
	for (const [status, reference] of Object.entries(operation.responses || {})) {
		if (!/^[2345]\d\d$/.test(status)) continue;
		const response = follow(document, reference);
		const names = new Set();
		for (const media of Object.values(response.content || {})) for (const name of Object.keys(media.examples || {})) names.add(name);
		for (const name of names) replies.push({ status: Number(status), prefer: `code=${status}, example=${name}` });
		if (names.size === 0) replies.push({ status: Number(status), prefer: `code=${status}` });
	}
	return replies;
}

/* Names in a form, and in a query, that the contract does not know: the mock lets them pass. */
function unknownNames(document, found, request, target) {
	if (!found) return [];
	const unknown = [];
	const item = document.paths[found.name];
	const parameters = [...(item.parameters || []), ...(found.operation.parameters || [])].map((one) => follow(document, one));
	const media = Object.entries((found.operation.requestBody || {}).content || {}).find(([type]) => type === 'application/x-www-form-urlencoded');
	for (const scheme of Object.values(document.securityDefinitions || (document.components || {}).securitySchemes || {})) if (scheme.in === 'query') parameters.push(scheme);
	for (const [name] of new URLSearchParams(target.split('?')[1] || ''))
		if (!parameters.some((one) => one.in === 'query' && (one.name === name || one.name === `${name}[]` || (one.style === 'deepObject' && name.startsWith(`${one.name}[`))))) unknown.push(`query ${name}`);
	if (String(request.headers['Content-Type']).startsWith('application/x-www-form-urlencoded')) {
		const schema = media && follow(document, media[1].schema);
		const known = new Set(parameters.filter((one) => one.in === 'formData').map((one) => one.name));
		for (const one of schema ? schema.oneOf || [schema] : []) for (const name of Object.keys(follow(document, one).properties || {})) known.add(name);
		for (const name of Object.keys((schema && schema.properties) || {})) known.add(name);
		for (const [name] of new URLSearchParams(request.body)) if (!known.has(name)) unknown.push(`form ${name}`);
	}
	return unknown;
}

/* Complaints about the request: those that make the mock refuse it, and those that it only mentions. */
function violationsOf(response) {
	try {
		return JSON.parse(response.headers['sl-violations'] || '[]').filter(({ location }) => location[0] === 'request');
	} catch (error) {
		return []; /* too many to be told, of its own reply */
	}
}

/* ---- one request ---- */

const GOOD = new Set(['accepted', 'found']);

function headersFor(response) {
	return Object.entries(response.headers).filter(([name]) => !name.startsWith('sl-')).map(([name, value]) => [name, String(value)]);
}

async function tryRequest(drivers, provider, cases, name, question, expectation, seen) {
	const built = await drivers.ask(question);
	if (expectation.refused) {
		ok(!built.ok && built.why, `${provider} ${name}: refused${built.why ? ` (${built.why})` : ''}`, JSON.stringify(built));
		return;
	}
	if (!ok(built.ok, `${provider} ${name}: built`, built.why)) return;
	/* What a carrier is answered goes to where its contract says what that may be, as a request of ours. */
	if (question.do === 'answer')
		built.request = { method: 'POST', url: expectation.to, headers: { 'Content-Type': built.content_type }, body: built.body };
	const server = cases.servers.filter(({ base }) => built.request.url.startsWith(base)).sort((a, b) => b.base.length - a.base.length)[0];
	if (!ok(server, `${provider} ${name}: goes to a server that we know`, built.request.url)) return;
	const request = cases.adjust ? cases.adjust({ ...built.request }) : built.request;
	let target = request.url.slice((server.strip === undefined ? server.base : server.strip).length);
	if (!target.startsWith('/')) target = `/${target}`;
	for (const spec of server.specs) {
		const mock = await mockOf(spec);
		if (!mock) continue;
		const label = `${provider} ${name} (${spec})`;
		const response = await send(mock, request, target, expectation.prefer ? { Prefer: expectation.prefer } : {});
		const violations = violationsOf(response);
		/* It was taken; only an answer is more than the mock can make up. */
		const speechless = response.status === 500 && response.body.includes('SCHEMA_TOO_COMPLEX');
		const found = operationOf(mock.document, request.method, target);
		violations.push(...unknownNames(mock.document, found, request, target));
		if (!ok((response.status < 400 || expectation.prefer || speechless) && violations.length === 0, `${label}: within the contract`,
			`${response.status} ${JSON.stringify(violations)}\n${request.method} ${request.url}\n${(request.body || '').slice(0, 600)}\n${response.body.slice(0, 300)}`)) continue;
		/* The vendor's own documents have few examples, and what the mock makes up is no reply. */
		if (spec.startsWith('vendor:') || question.do === 'answer') continue;
		const read = { ...question, do: question.do.replace(/^build_/, 'read_').replace(/^provider_request:/, 'read_provider_request:') };
		const readBack = async (reply, what) => {
			const got = await drivers.ask({ ...read, response: { status: reply.status, headers: headersFor(reply), body: reply.body } });
			const good = GOOD.has(got.kind);
			const wanted = expectation.read && expectation.read(reply, got);
			ok(got.ok && (wanted === undefined ? (reply.status < 300 ? good : !good || got.already || got.recording_url) : wanted),
				`${label}: ${what} is ${got.kind}`, `${JSON.stringify(got)}\n${reply.status} ${reply.body}`);
		};
		await readBack(response, 'the reply');
		const key = found && `${spec} ${request.method} ${found.name} ${read.do}`;
		if (!found || seen.has(key)) continue;
		seen.add(key);
		for (const { status, prefer } of repliesOf(mock.document, found.operation)) {
			const example = await send(mock, request, target, { Prefer: prefer });
			if (example.status !== status) note(`${label}: no reply for ${prefer}: ${example.status} ${example.body.slice(0, 200)}`);
			else await readBack(example, prefer);
		}
	}
}

async function tryProvider(drivers, provider, facts) {
	const cases = require(`./cases/${provider}`);
	const seen = new Set();
	const wanted = new Set([...facts.provider_requests.map((name) => `provider_request:${name}`), 'build_call', ...(facts.lookup ? ['build_lookup'] : []), ...(facts.list ? ['build_list'] : [])]);
	for (const { name, do: what, order, answer, ...expectation } of cases.all()) {
		wanted.delete(what);
		await tryRequest(drivers, provider, cases, name, { provider, do: what, answer, order: { carrier: cases.carrier, ...order } }, expectation, seen);
	}
	for (const what of cases.elsewhere || []) wanted.delete(what);
	ok(wanted.size === 0, `${provider}: every request that it can build is tried`, [...wanted].join(' '));
}

async function main() {
	const drivers = new Drivers();
	const facts = await drivers.ask({ do: 'describe' });
	for (const provider of Object.keys(facts).filter((name) => name !== 'ok' && (process.argv.length < 3 || process.argv.includes(name)))) {
		if (!fs.existsSync(path.join(__dirname, 'cases', `${provider}.js`))) {
			note(`${provider}: no contract`);
			continue;
		}
		await tryProvider(drivers, provider, facts[provider]);
	}
	ok((await drivers.end()) === 0, 'the drivers end well');
	for (const mock of mocks.values()) if (mock) await mock.server.close();
	done();
}

main().catch((error) => {
	ok(false, 'ended early', `${error.stack}`);
	done();
	process.exit(1);
});
