#!/usr/bin/env bash
# PostgreSQL 18.6 (PGlite 0.5.14): JSON_TABLE and JSON_VALUE make NULL of what
# does not fit, and ERROR ON ERROR of the table does not reach its columns.
#
# What is asked: three payments of a webhook, the amount of one of them written
# "12,50", summed as numeric by JSON_TABLE, by jsonb_to_recordset() and by a
# cast.
# What one would guess: an error, as a cast and jsonb_to_recordset() raise
# (22P02); at the least when JSON_TABLE ends with ERROR ON ERROR.
# What is seen: JSON_TABLE sums the other two and says nothing, with its
# ERROR ON ERROR too: only the same words behind the column raise the error.
# JSON_VALUE gives NULL for 2.5 as integer (a cast of jsonb rounds it) and for
# "EURO" as char(3); DEFAULT 0 ON EMPTY does not help, since it is not empty.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @electric-sql/pglite@0.5.14

cat >look.mjs <<'JS'
import { PGlite } from '@electric-sql/pglite';

const db = await PGlite.create();
const payments = `'[{"amount":"12,50"},{"amount":10},{"amount":2.25}]'`;
const table = (column, whole) =>
	`SELECT sum(amount) FROM json_table(${payments}, '$[*]' COLUMNS (amount numeric PATH '$.amount' ${column}) ${whole})`;
const value = (rest) => `SELECT json_value('{"amount":"12,50","count":2.5,"currency":"EURO"}', ${rest})`;
const noted = [
	['JSON_TABLE', table('', ''), '12.25'],
	['JSON_TABLE with ERROR ON ERROR', table('', 'ERROR ON ERROR'), '12.25'],
	['JSON_TABLE, ERROR ON ERROR at the column', table('ERROR ON ERROR', ''), '22P02'],
	['jsonb_to_recordset()', `SELECT sum(amount) FROM jsonb_to_recordset(${payments}) AS p(amount numeric)`, '22P02'],
	['JSON_VALUE of "12,50" as numeric', value("'$.amount' RETURNING numeric"), 'null'],
	['... with DEFAULT 0 ON EMPTY', value("'$.amount' RETURNING numeric DEFAULT 0 ON EMPTY"), 'null'],
	['JSON_VALUE of 2.5 as integer', value("'$.count' RETURNING integer"), 'null'],
	['a cast of jsonb 2.5 to integer', "SELECT jsonb '2.5'::integer", '3'],
	['JSON_VALUE of "EURO" as char(3)', value("'$.currency' RETURNING char(3)"), 'null'],
];
let changed = 0;
for (const [what, query, was] of noted) {
	let seen;
	try {
		seen = String(Object.values((await db.query(query)).rows[0])[0]);
	} catch (error) {
		seen = error.code;
	}
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${seen}${seen === was ? '' : `  CHANGED, was ${was}`}`);
}
await db.close();
process.exitCode = changed ? 1 : 0;
JS
echo 'PostgreSQL 18.6 of PGlite 0.5.14: one would guess error 22P02 wherever an amount does not fit'
node look.mjs
