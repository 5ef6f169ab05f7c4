#!/usr/bin/env bash
# pg 8.23.1 (node-postgres): a server or a role that sets intervalstyle makes
# intervals come as nothing, without an error.
#
# What is asked: interval '1 day 02:30' and '1 year 2 months' in PostgreSQL
# 18.6 (PGlite 0.5.14), with each of the four values of intervalstyle (which
# ALTER ROLE or a configuration file may set), and what happens when the value
# that was read is written back.
# What one would guess: the driver sets the styles that it can read when it
# connects, or it refuses a text that it cannot read.
# What is seen: only the style postgres is read. With iso_8601,
# postgres_verbose and sql_standard both intervals are an empty object, which
# prints as no time at all and is written back as zero seconds.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 @electric-sql/pglite@0.5.14 \
	@electric-sql/pglite-socket@0.2.17

cat >look.mjs <<'JS'
import pg from 'pg';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const db = await PGlite.create();
const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' });
await server.start();
const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'postgres' });
await client.connect();

/* style, what is read, what the first is when it is written back, in hours */
const noted = [
	['postgres', '{"wait":{"days":1,"hours":2,"minutes":30},"term":{"years":1,"months":2}}', 26.5],
	['postgres_verbose', '{"wait":{},"term":{}}', 0],
	['iso_8601', '{"wait":{},"term":{}}', 0],
	['sql_standard', '{"wait":{},"term":{}}', 0],
];
let changed = 0;
for (const [style, was, hours] of noted) {
	await client.query(`SET intervalstyle = ${style}`);
	const { rows: [read] } = await client.query(
		"SELECT interval '1 day 02:30:00' AS wait, interval '1 year 2 months' AS term");
	const { rows: [back] } = await client.query(
		'SELECT (extract(epoch FROM $1::interval) / 3600)::float8 AS hours', [read.wait]);
	const same = JSON.stringify(read) === was && back.hours === hours;
	changed += same ? 0 : 1;
	console.log(`${style}: read ${JSON.stringify(read)}, 26.5 hours are written back as ${back.hours}`
		+ (same ? '' : `  CHANGED, was ${was} and ${hours}`));
}
await client.end();
await server.stop();
await db.close();
process.exitCode = changed ? 1 : 0;
JS
echo 'pg 8.23.1, PGlite 0.5.14: one would guess the same interval in each style, or an error'
node look.mjs
