#!/usr/bin/env bash
# PostgreSQL 18.6 (PGlite 0.5.14): COPY ... ON_ERROR ignore passes over a bad
# row when a domain has the rule, and fails as a whole when the table has it.
#
# What is asked: a file of three leads, the second with a bad number, copied
# with ON_ERROR ignore into tables that state the same rule in other ways.
# What one would guess: "ignore" ignores the rows that do not fit.
# What is seen: only a text that does not become a value of the column's type
# is passed over. CHECK and NOT NULL of a domain belong to its type: the other
# two rows are stored. The same CHECK or NOT NULL on the column, a key that
# comes twice, or a row with a column too few ends the COPY with nothing stored.
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
const rule = "~ '^[+][0-9]{8,15}$'";
await db.exec(`CREATE DOMAIN phone AS text CHECK (VALUE ${rule}); CREATE DOMAIN wanted AS text NOT NULL`);

const good = 'Ann,+12125550100', last = 'Cem,+12125550102';
/* what has the rule, the type of the column, the second row, rows stored or the error */
const noted = [
	['CHECK of a domain', 'phone', 'Bob,none', 2],
	['CHECK of the column', `text CHECK (phone ${rule})`, 'Bob,none', '23514'],
	['NOT NULL of a domain', 'wanted', 'Bob,', 2],
	['NOT NULL of the column', 'text NOT NULL', 'Bob,', '23502'],
	['a length of the type', 'varchar(12)', 'Bob,+1212555010100', 2],
	['UNIQUE', 'text UNIQUE', 'Bob,+12125550100', '23505'],
	['the number of columns', 'text', 'Bob', '22P04'],
];
let changed = 0;
for (const [what, type, second, was] of noted) {
	await db.exec(`DROP TABLE IF EXISTS lead; CREATE TABLE lead (name text, phone ${type})`);
	let seen;
	try {
		await db.query("COPY lead FROM '/dev/blob' (FORMAT csv, ON_ERROR ignore)", [],
			{ blob: new Blob([[good, second, last, ''].join('\n')]) });
		seen = (await db.query('SELECT count(*)::int AS n FROM lead')).rows[0].n;
	} catch (error) {
		seen = error.code;
	}
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${typeof seen === 'number' ? `${seen} of 3 rows stored` : `error ${seen}, nothing stored`}`
		+ (seen === was ? '' : `  CHANGED, was ${was}`));
}
await db.close();
process.exitCode = changed ? 1 : 0;
JS
echo 'PostgreSQL 18.6 of PGlite 0.5.14: one would guess 2 of 3 rows each time'
node look.mjs
