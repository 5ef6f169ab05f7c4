#!/usr/bin/env bash
# @supabase/postgrest-js 2.109.0: contains() writes an array without quotes, so
# one name with a comma is asked for as two, and the text "null" as NULL.
#
# What is asked: the filters that contains(), overlaps() and in() make of the
# names "Smith, Ann", "null" and " lead ", and what PostgreSQL 18.6 (PGlite
# 0.5.14) reads in the array.
# What one would guess: a list in the program is the same list in the query;
# in() quotes a member that has a comma.
# What is seen: in() does. contains() and overlaps() write {Smith, Ann}, in
# which the server reads the two members Smith and Ann: who is filed as
# "Smith, Ann" is not found, and others are. null becomes NULL, and blanks at
# the ends are lost. A text in place of the list, '{"Smith, Ann"}', is handed
# on as it is.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @supabase/postgrest-js@2.109.0 @electric-sql/pglite@0.5.14

cat >look.mjs <<'JS'
import { createRequire } from 'node:module';
import { PGlite } from '@electric-sql/pglite';
const { PostgrestClient } = createRequire(import.meta.url)('@supabase/postgrest-js');

let filter;
const client = new PostgrestClient('http://127.0.0.1', { fetch: async (url) => {
	filter = new URL(String(url)).searchParams.get('names');
	return new Response('[]', { status: 200, headers: { 'content-type': 'application/json' } });
} });
const db = await PGlite.create();
const read = async (text) => JSON.stringify((await db.query('SELECT $1::text::text[] AS a', [text])).rows[0].a);

/* filter, value, as written, as the server reads the array */
const noted = [
	['in', ['Smith, Ann'], 'in.("Smith, Ann")', null],
	['contains', ['Smith, Ann'], 'cs.{Smith, Ann}', '["Smith","Ann"]'],
	['overlaps', ['Smith, Ann'], 'ov.{Smith, Ann}', '["Smith","Ann"]'],
	['contains', ['null'], 'cs.{null}', '[null]'],
	['contains', [' lead '], 'cs.{ lead }', '["lead"]'],
	['contains', '{"Smith, Ann"}', 'cs.{"Smith, Ann"}', '["Smith, Ann"]'],
];
let changed = 0;
for (const [name, value, written, was] of noted) {
	await client.from('leads').select('*')[name]('names', value);
	const array = was === null ? null : await read(filter.slice(3));
	const same = filter === written && array === was;
	changed += same ? 0 : 1;
	console.log(`${name}(${JSON.stringify(value)}): ${filter}${array === null ? '' : `, read as ${array}`}`
		+ (same ? '' : `  CHANGED, was ${written}, ${was}`));
}
await db.close();
process.exitCode = changed ? 1 : 0;
JS
echo '@supabase/postgrest-js 2.109.0, PGlite 0.5.14: one would guess that each list is read as it was given'
node look.mjs
