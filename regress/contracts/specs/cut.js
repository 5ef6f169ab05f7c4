/*
 * cut.js
 *	cut(document, paths, {depth, close}): an OpenAPI document with these paths alone and what they refer to.
 *	Without prose.  depth > 0: a schema that many references deep is "anything", so that recursive ones end.
 *	close: the bodies of requests hold what is declared and nothing else.
 *
 *	node cut.js DIRECTORY	writes the cuts of cuts.json whose sources lie in DIRECTORY
 */
'use strict';
const fs = require('fs');
const path = require('path');

const PROSE = new Set(['description', 'summary', 'externalDocs', 'tags', 'discriminator', 'title', 'operationId']);

function cut(document, paths, { depth = 0, close = false } = {}) {
	const kept = {};
	const copy = (value, level, names) => {
		if (Array.isArray(value)) return value.map((item) => copy(item, level, false));
		if (value === null || typeof value !== 'object') return value;
		if (typeof value.$ref === 'string' && value.$ref.startsWith('#/')) return refer(value.$ref, level);
		const out = {};
		for (const [key, member] of Object.entries(value)) {
			if (!names && (key.startsWith('x-') || (PROSE.has(key) && (typeof member === 'string' || key === 'tags' || key === 'externalDocs' || key === 'discriminator')))) continue;
			if (key === 'example' || key === 'examples' || key === 'enum' || key === 'default') out[key] = member;
			else if (key === 'responses' && !names)
				out[key] = Object.fromEntries(Object.entries(member).map(([status, response]) => [status, response.$ref ? copy(response, level, false) : { description: '', ...copy(response, level, false) }]));
			else out[key] = copy(member, level, key === 'properties' || key === 'paths' || key === 'schemas');
		}
		return out;
	};
	const refer = (ref, level) => {
		const parts = ref.slice(2).split('/').map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
		const schema = parts[parts.length - 2] === 'schemas' || parts[0] === 'definitions';
		const next = schema ? level + 1 : level;
		if (schema && depth > 0 && next > depth) return {};
		let from = document;
		for (const part of parts) from = from && from[part];
		if (from === undefined) return {};
		const name = parts[parts.length - 1] + (schema && depth > 0 ? `__${next}` : '');
		let to = kept;
		for (const part of parts.slice(0, -1)) to = to[part] = to[part] || {};
		if (!(name in to)) {
			to[name] = {};
			to[name] = copy(from, next, false);
		}
		return { $ref: '#/' + [...parts.slice(0, -1), name].map((part) => part.replace(/~/g, '~0').replace(/\//g, '~1')).join('/') };
	};
	const out = {};
	for (const key of ['openapi', 'swagger', 'consumes', 'produces', 'security', 'securityDefinitions'])
		if (document[key] !== undefined) out[key] = copy(document[key], 0, true);
	out.info = { title: document.info.title, version: String(document.info.version), license: document.info.license };
	out.paths = {};
	for (const wanted of paths) {
		const [, method, name] = /^(?:([A-Z]+) )?(.*)$/.exec(wanted);
		if (!document.paths[name]) throw new Error(`no path ${name}`);
		for (const [key, value] of Object.entries(document.paths[name]))
			if (key === 'parameters' || (['get', 'post', 'put', 'patch', 'delete'].includes(key) && (!method || key === method.toLowerCase())))
				out.paths[name] = { ...out.paths[name], [key]: copy(value, 0, false) };
	}
	for (const [part, members] of Object.entries(kept)) out[part] = members;
	const schemes = document.components && document.components.securitySchemes;
	if (schemes) out.components = { ...out.components, securitySchemes: copy(schemes, 0, true) };
	for (const item of Object.values(out.paths))
		for (const operation of Object.values(item))
			for (const [type, media] of Object.entries((operation.requestBody && operation.requestBody.content) || {})) finishBody(out, type, media, close);
	return out;
}

const follow = (document, value) =>
	value && value.$ref ? value.$ref.slice(2).split('/').reduce((at, part) => at[part.replace(/~1/g, '/').replace(/~0/g, '~')], document) : value;

/* Lists in forms are repeated names: OpenAPI's default, which the mock has to be told. */
function finishBody(document, type, media, close) {
	const schema = follow(document, media.schema) || {};
	for (const one of schema.oneOf || [schema]) {
		const real = follow(document, one);
		if (close && real.properties && !real.allOf) real.additionalProperties = false;
		if (type === 'application/x-www-form-urlencoded')
			for (const [name, property] of Object.entries(real.properties || {}))
				if (property.type === 'array') media.encoding = { ...media.encoding, [name]: { style: 'form', explode: true } };
	}
}

function load(file) {
	const text = fs.readFileSync(file, 'utf8');
	return file.endsWith('.json') ? JSON.parse(text) : require('@stoplight/yaml').parse(text);
}

module.exports = { cut, load, follow };

if (require.main === module) {
	const cuts = JSON.parse(fs.readFileSync(path.join(__dirname, 'cuts.json'), 'utf8'));
	for (const [name, { source, paths, kept, depth, close }] of Object.entries(cuts))
		if (kept) {
			const document = cut(load(path.join(process.argv[2], source)), paths, { depth, close });
			fs.writeFileSync(path.join(__dirname, name), JSON.stringify(document, null, '\t') + '\n');
		}
}
