#!/usr/bin/env bash
# pg 8.23.1 (node-postgres): a numeric comes as text, an array of numeric as
# floating point numbers.
#
# What is asked: 12345678901234567.89 and 0.10 in PostgreSQL 18.6 (PGlite
# 0.5.14), each as numeric and in a numeric[]; then the array that was read is
# written back.
# What one would guess: pg gives numeric as text so that no digit is lost, and
# an array of numeric as an array of such texts.  postgres 3.4.9 (postgres.js)
# gives both as text.
# What is seen: pg makes numbers of the array's members: 12345678901234568 and
# 0.1. An UPDATE that writes back what a SELECT read changes the stored
# amounts, and array_agg() of a column loses what the column keeps.
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
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' });
await server.start();
const login = { host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' };
let changed = 0;
function note(what, seen, was) {
	const same = JSON.stringify(seen) === was;
	changed += same ? 0 : 1;
	console.log(`${what}: ${JSON.stringify(seen)}${same ? '' : `  CHANGED, was ${was}`}`);
}

await db.exec(`CREATE TABLE bill (total numeric, amounts numeric[]);
	INSERT INTO bill VALUES (12345678901234567.89, '{12345678901234567.89,0.10}')`);
const text = async () => (await db.query('SELECT amounts::text FROM bill')).rows[0].amounts;

const sql = postgres({ ...login, max: 1 });
const [other] = await sql`SELECT total, amounts FROM bill`;
note('postgres.js, numeric', other.total, '"12345678901234567.89"');
note('postgres.js, numeric[]', other.amounts, '["12345678901234567.89","0.10"]');
await sql.end();

const client = new pg.Client(login);
await client.connect();
const { rows: [bill] } = await client.query('SELECT total, amounts FROM bill');
note('pg, numeric', bill.total, '"12345678901234567.89"');
note('pg, numeric[]', bill.amounts, '[12345678901234568,0.1]');
note('stored before', await text(), '"{12345678901234567.89,0.10}"');
await client.query('UPDATE bill SET amounts = $1', [bill.amounts]);
note('stored after pg wrote back what it read', await text(), '"{12345678901234568,0.1}"');
await client.end();
await server.stop();
await db.close();
process.exitCode = changed ? 1 : 0;
JS
echo 'pg 8.23.1, postgres 3.4.9, PGlite 0.5.14: one would guess text for both, and that nothing changes'
node look.mjs
