#!/usr/bin/env bash
# pg 8.23.1 (node-postgres) and postgres 3.4.9 (postgres.js): the same value
# for a jsonb column is stored as two different things.
#
# What is asked: an INSERT into a jsonb column of PostgreSQL 18.6 (PGlite
# 0.5.14) of the text '{"step":1}', as JSON.stringify() makes it, of the object
# {step: 1} and of the list ['a'].
# What one would guess: both drivers hand a text to the server as it is, as
# they do for each other type, and make JSON of objects and lists.
# What is seen: for the text, pg stores an object and postgres.js a string that
# holds JSON: settings->>'step' is NULL there, and no error is raised. For the
# list it is the other way: postgres.js stores it, pg makes an array of SQL of
# it, which the server refuses. Only the object is the same in both.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 postgres@3.4.9 @electric-sql/pglite@0.5.14 \
	@electric-sql/pglite-socket@0.2.17

cat >look.mjs <<'JS'
import pg from 'pg';
import postgres from 'postgres';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const db = await PGlite.create();
await db.exec('CREATE TABLE lead (settings jsonb)');
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' });
await server.start();
const login = { host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' };
const returning = "jsonb_typeof(settings) AS kind, settings->>'step' AS step";

async function by_pg(value) {
	const client = new pg.Client(login);
	await client.connect();
	try {
		const { rows } = await client.query(`INSERT INTO lead VALUES ($1) RETURNING ${returning}`, [value]);
		return rows[0];
	} catch (error) {
		return { kind: error.code, step: null };
	} finally {
		await client.end();
	}
}
async function by_postgres_js(value) {
	const sql = postgres({ ...login, max: 1 });
	try {
		const [row] = await sql`INSERT INTO lead VALUES (${value}) RETURNING ${sql.unsafe(returning)}`;
		return row;
	} finally {
		await sql.end();
	}
}

const noted = [
	['{"step":1}', 'object, step 1', 'string, step null'],
	[{ step: 1 }, 'object, step 1', 'object, step 1'],
	[['a'], '22P02, step null', 'array, step null'],
];
let changed = 0;
for (const [value, pg_was, other_was] of noted) {
	const seen = [await by_pg(value), await by_postgres_js(value)].map(({ kind, step }) => `${kind}, step ${step}`);
	const same = seen[0] === pg_was && seen[1] === other_was;
	changed += same ? 0 : 1;
	console.log(`${typeof value} ${JSON.stringify(value)}: pg stores ${seen[0]}; postgres.js stores ${seen[1]}`
		+ (same ? '' : `  CHANGED, was ${pg_was}; ${other_was}`));
}
await server.stop();
await db.close();
process.exitCode = changed ? 1 : 0;
JS
echo 'pg 8.23.1, postgres 3.4.9, PGlite 0.5.14: one would guess that both store the same'
node look.mjs
