#!/usr/bin/env bash
# pg 8.23.1, postgres 3.4.9 and PGlite 0.5.14: 'infinity' of a timestamptz is a
# number in one driver and an invalid Date in two.
#
# What is asked: timestamptz 'infinity', as a "hold until" may keep it,
# read by each driver, compared with the present and given back as a parameter.
# What one would guess: the drivers agree, or refuse it; "until > now" holds.
# What is seen: pg gives the number Infinity: the comparison holds, it can be
# written back, and in JSON it is null. postgres.js and PGlite give a Date that
# is invalid: it is neither before nor after anything, so a lead on hold for
# good counts as free at once, and writing it back throws.
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
const query = "SELECT 'infinity'::timestamptz AS held_until";
const back = 'SELECT ($1::timestamptz)::text AS stored';

async function look(run) {
	const { held_until: until } = (await run(query))[0];
	let stored;
	try {
		stored = (await run(back, [until]))[0].stored;
	} catch (error) {
		stored = 'an error';
	}
	return `${until} (${typeof until}), held now: ${until > new Date()}, in JSON ${JSON.stringify(until)}, `
		+ `written back as ${stored}`;
}
const drivers = {
	pg: async () => {
		const client = new pg.Client(login);
		await client.connect();
		const seen = await look(async (text, values) => (await client.query(text, values)).rows);
		await client.end();
		return seen;
	},
	'postgres.js': async () => {
		const sql = postgres({ ...login, max: 1 });
		const seen = await look((text, values) => sql.unsafe(text, values));
		await sql.end();
		return seen;
	},
	PGlite: () => look(async (text, values) => (await db.query(text, values)).rows),
};
const number = 'Infinity (number), held now: true, in JSON null, written back as infinity';
const invalid = 'Invalid Date (object), held now: false, in JSON null, written back as an error';
const noted = { pg: number, 'postgres.js': invalid, PGlite: invalid };
let changed = 0;
for (const [name, read] of Object.entries(drivers)) {
	const seen = await read();
	changed += seen === noted[name] ? 0 : 1;
	console.log(`${name}: ${seen}${seen === noted[name] ? '' : `  CHANGED, was ${noted[name]}`}`);
}
await server.stop();
await db.close();
process.exitCode = changed ? 1 : 0;
JS
echo 'pg 8.23.1, postgres 3.4.9, PGlite 0.5.14: one would guess that all three say the same, held now: true'
node look.mjs
