/*
 * Stands in for PostgREST where there is none: the little of it that regress/postgrest/client.js uses, as PostgREST 13
 * was seen to behave.  It proves our side (roles, the pre-request function, the functions' shapes, our errors), not
 * PostgREST's.
 *
 *	node postgrest.js FILE		the file that is PostgREST's own configuration; prints the port it listens on
 *
 * One transaction a request: role, claims and headers as settings, the pre-request function, then the query as the
 * request's role; a GET runs in a read-only transaction, where a function that writes fails.  The argument of a function
 * that has no name is the body as it came; a result of the type "text/csv" is the file itself to a client that accepts it.
 * Two faults of the real one are here as well: a request with bytes that are no UTF-8 gives its connection back to the pool
 * inside of its transaction, and an error's message goes into the status line as it is.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

/* The driver lies where the test installed it. */
const pg = createRequire(`${process.cwd()}/`)('pg');
const conf = Object.fromEntries([...readFileSync(process.argv[2], 'utf8').matchAll(/^([a-z-]+) = "?([^"\n]*)"?$/gm)].map((m) => [m[1], m[2]]));
const secret = conf['jwt-secret'].startsWith('@') ? readFileSync(conf['jwt-secret'].slice(1)) : Buffer.from(conf['jwt-secret']);
const schema = conf['db-schemas'];
const pool = new pg.Pool({ connectionString: conf['db-uri'], max: Number(conf['db-pool'] ?? 10) });
/* Values travel as PostgreSQL writes them: the answer is made by the server. */
const name = (text) => `"${text.replaceAll('"', '""')}"`;

class Refusal extends Error {
	constructor(status, code, message) {
		super(message);
		Object.assign(this, { status, code });
	}
}

function claims_of(authorization) {
	if (!authorization) {
		return { role: conf['db-anon-role'] };
	}
	const [head, body, signature] = authorization.replace(/^Bearer /i, '').split('.');
	const expected = createHmac('sha256', secret).update(`${head}.${body}`).digest();
	const given = Buffer.from(signature ?? '', 'base64url');
	if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
		throw new Refusal(401, 'PGRST301', 'No suitable key or wrong key type');
	}
	const claims = JSON.parse(Buffer.from(body, 'base64url'));
	if (claims.exp <= Date.now() / 1000) {
		throw new Refusal(401, 'PGRST303', 'JWT expired');
	}
	return { role: conf['db-anon-role'], ...claims };
}

/* PostgREST keeps the functions' shapes; a stand-in may ask each time. */
async function function_shape(client, proname) {
	const { rows: [shape] } = await client.query(
		`SELECT p.proargnames[:p.pronargs] AS names, p.pronargdefaults AS defaults, p.provolatile AS volatility,
			ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY a(t, n) ORDER BY n) AS types,
			r.typname AS result, p.proretset AS returns_set, p.prorettype = 'void'::regtype AS returns_nothing,
			p.prorettype = 'record'::regtype OR r.typtype = 'c' AS returns_row
		 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_type r ON r.oid = p.prorettype
		 WHERE n.nspname = $1 AND p.proname = $2`, [schema, proname]);
	return shape;
}

async function rpc(client, proname, body, headers) {
	const shape = await function_shape(client, proname);
	if (!shape) {
		throw new Refusal(404, 'PGRST202', `Could not find the function ${schema}.${proname} in the schema cache`);
	}
	const f = `${name(schema)}.${name(proname)}`;
	let call = `${f}()`;
	let from = '';
	const values = [];
	if (shape.names === null && shape.types.length === 1) {
		const binary = shape.types[0] === 'bytea';
		if (binary !== (headers['content-type'] === 'application/octet-stream')) {
			throw new Refusal(404, 'PGRST202', `Could not find the function ${schema}.${proname} in the schema cache`);
		}
		call = `${f}($1::${shape.types[0]})`;
		values.push(binary ? body : body.toString());
	} else {
		const given = Object.keys(body.length ? JSON.parse(body) : {});
		const names = shape.names ?? [];
		const needed = names.slice(0, names.length - shape.defaults);
		if (given.some((k) => !names.includes(k)) || needed.some((k) => !given.includes(k))) {
			throw new Refusal(404, 'PGRST202', `Could not find the function ${schema}.${proname}(${given.join(', ')}) in the schema cache`);
		}
		if (given.length > 0) {
			const columns = given.map((k) => `${name(k)} ${shape.types[names.indexOf(k)]}`).join(', ');
			from = `json_to_record($1::json) AS body(${columns}) CROSS JOIN LATERAL `;
			call = `${f}(${given.map((k) => `${name(k)} := body.${name(k)}`).join(', ')})`;
			values.push(body.toString());
		}
	}
	const value = shape.returns_row ? 'to_json(r)' : 'to_json(r.value)';
	const alias = shape.returns_row ? 'r' : 'r(value)';
	const { rows } = await client.query(`SELECT ${shape.returns_nothing ? 'NULL' : value}::text AS answer FROM ${from}${call} AS ${alias}`, values);
	if (shape.returns_nothing) {
		return { status: 204, body: '' };
	}
	if (shape.result === 'text/csv' && headers.accept?.includes('text/csv')) {
		return { status: 200, type: 'text/csv', body: JSON.parse(rows[0].answer ?? '""') };
	}
	const answers = rows.map((row) => row.answer ?? 'null');
	return { status: 200, body: shape.returns_set ? `[${answers.join(',')}]` : answers[0] };
}

const operators = { eq: '=', neq: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/* Nothing that is written comes back: our roles may write to no table, and PostgreSQL's own refusal is the answer. */
async function write(client, relation, method) {
	const table = `${name(schema)}.${name(relation)}`;
	const change = { POST: `INSERT INTO ${table} DEFAULT VALUES`, PATCH: `UPDATE ${table} SET tenant_id = tenant_id WHERE false`,
		DELETE: `DELETE FROM ${table} WHERE false` }[method];
	await client.query(`WITH pgrst_source AS (${change} RETURNING 1) SELECT count(*) FROM pgrst_source`);
	return { status: 204, body: '' };
}

/* Node reads the bytes of headers as Latin-1. */
function is_utf8(text) {
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
		return true;
	} catch {
		return false;
	}
}

/* A zone that there is not is passed over. */
async function prefer(client, header) {
	const zone = /timezone=([^,;\s]+)/.exec(header ?? '')?.[1];
	if (zone) {
		await client.query(`SELECT set_config('timezone', z.name, true) FROM pg_timezone_names z WHERE z.name = $1`, [zone]);
	}
}

async function read(client, relation, query, accept) {
	const values = [];
	const where = [];
	for (const [column, filter] of query) {
		if (['select', 'order', 'limit'].includes(column)) {
			continue;
		}
		const [, operator, value] = filter.match(/^(\w+)\.(.*)$/s);
		if (operator === 'is') {
			where.push(`${name(column)} IS ${{ null: 'NULL', true: 'TRUE', false: 'FALSE' }[value]}`);
		} else {
			values.push(value);
			where.push(`${name(column)} ${operators[operator]} $${values.length}`);
		}
	}
	const columns = (query.get('select') ?? '*').split(',').map((c) => (c === '*' ? c : name(c))).join(', ');
	const order = (query.get('order') ?? '').split(',').filter(Boolean).map((o) => o.split('.')).map(([c, way]) => `${name(c)} ${way === 'desc' ? 'DESC' : 'ASC'}`);
	const { rows } = await client.query(`SELECT to_json(q)::text AS answer FROM (SELECT ${columns} FROM ${name(schema)}.${name(relation)}
		${where.length ? `WHERE ${where.join(' AND ')}` : ''} ${order.length ? `ORDER BY ${order.join(', ')}` : ''}) q`, values);
	if (accept?.includes('vnd.pgrst.object')) {
		if (rows.length !== 1) {
			throw new Refusal(406, 'PGRST116', 'Cannot coerce the result to a single JSON object');
		}
		return { status: 200, body: rows[0].answer };
	}
	return { status: 200, body: `[${rows.map((row) => row.answer).join(',')}]` };
}

function status_of(error, role) {
	const own = /^PT(\d{3})$/.exec(error.code ?? '');
	return own ? Number(own[1]) : error.code === '25006' ? 405 : error.code === '42501' ? (role === conf['db-anon-role'] ? 401 : 403)
		: /^(22|23|P0001)/.test(error.code) ? 400 : error.code === '42P01' ? 404 : 500;
}

async function serve(request, body) {
	const url = new URL(request.url, 'http://stand-in');
	const [, first, second] = url.pathname.split('/');
	const reading = request.method === 'GET' || request.method === 'HEAD';
	const claims = claims_of(request.headers.authorization);
	const client = await pool.connect();
	let broken = false;
	try {
		await client.query(reading ? 'BEGIN READ ONLY' : 'BEGIN');
		await client.query(`SELECT set_config('role', $1, true), set_config('request.jwt.claims', $2, true), set_config('request.headers', $3, true),
			set_config('request.method', $4, true), set_config('request.path', $5, true)`,
		[claims.role, JSON.stringify(claims), JSON.stringify(request.headers), request.method, url.pathname]);
		await prefer(client, request.headers.prefer);
		await client.query(`SELECT ${conf['db-pre-request']}()`);
		broken = !request.rawHeaders.every(is_utf8);
		if (broken) {
			throw new Refusal(500, 'PGRSTX00', 'Something went wrong');
		}
		const answer = first === 'rpc'
			? await rpc(client, second, reading ? Buffer.from(JSON.stringify(Object.fromEntries(url.searchParams))) : body, request.headers)
			: reading ? await read(client, first, url.searchParams, request.headers.accept) : await write(client, first, request.method);
		await client.query('COMMIT');
		return answer;
	} catch (error) {
		if (!broken) {
			await client.query('ROLLBACK');
		}
		if (error instanceof Refusal) {
			throw error;
		}
		return { status: status_of(error, claims.role), reason: /^PT/.test(error.code) ? error.message : undefined,
			body: JSON.stringify({ code: error.code, message: error.message, details: error.detail ?? null, hint: error.hint ?? null }) };
	} finally {
		client.release();
	}
}

const server = createServer((request, response) => {
	const chunks = [];
	request.on('data', (chunk) => chunks.push(chunk));
	request.on('end', async () => {
		let answer;
		try {
			answer = await serve(request, Buffer.concat(chunks));
		} catch (error) {
			answer = { status: error.status ?? 500, body: JSON.stringify({ code: error.code ?? 'XX000', message: error.message, details: null, hint: null }) };
		}
		const type = `Content-Type: ${answer.type ?? 'application/json'}; charset=utf-8`;
		const head = answer.reason ? `HTTP/1.1 ${answer.status} ${answer.reason}\r\n${type}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(answer.body)}\r\n\r\n` : '';
		if (head) {
			request.socket.end(head + (request.method === 'HEAD' ? '' : answer.body));
			return;
		}
		response.writeHead(answer.status, { 'Content-Type': type.slice(14) });
		response.end(request.method === 'HEAD' ? '' : answer.body);
	});
});
server.listen(Number(conf['server-port'] ?? 0), conf['server-host'], () => console.log(server.address().port));
