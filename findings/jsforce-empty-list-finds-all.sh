#!/usr/bin/env bash
# jsforce 3.10.16 (Salesforce): a condition over an empty list is left out, so
# the query that should find nobody finds everybody.
#
# What is asked: the SOQL that find() makes of a list of names, of an empty
# list, of undefined, of null, and of a Date.
# What one would guess: $in: [] finds nothing, or is refused; a Date becomes a
# literal that SOQL knows.
# What is seen: $in: [] and undefined leave no WHERE: "SELECT Id FROM Lead". A
# Date is put in as Date.toString() has it, without quotes, which is no SOQL;
# SfDate.toDateTimeLiteral() makes one that is. null is a condition, = null.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts jsforce@3.10.16

cat >look.cjs <<'JS'
const { Connection, SfDate } = require('jsforce');

/* No request is made: toSOQL() only writes the query. */
const salesforce = new Connection({ instanceUrl: 'http://127.0.0.1', accessToken: 'none', version: '60.0' });
const day = new Date('2026-01-05T15:00:00Z');
const noted = [
	["Name $in ['Ann', 'Bob']", { Name: { $in: ['Ann', 'Bob'] } }, " WHERE Name IN ('Ann', 'Bob')"],
	['Name $in []', { Name: { $in: [] } }, ''],
	['Name $nin []', { Name: { $nin: [] } }, ''],
	['Name undefined', { Name: undefined }, ''],
	['Name null', { Name: null }, ' WHERE Name = null'],
	['Phone and Name $in []', { Phone: '+12125550100', Name: { $in: [] } }, " WHERE Phone = '+12125550100'"],
	['CreatedDate of a Date', { CreatedDate: { $gte: day } },
		' WHERE CreatedDate >= Mon Jan 05 2026 15:00:00 GMT+0000 (Coordinated Universal Time)'],
	['CreatedDate of a literal', { CreatedDate: { $gte: SfDate.toDateTimeLiteral(day) } },
		' WHERE CreatedDate >= 2026-01-05T15:00:00Z'],
];
async function main() {
	let changed = 0;
	for (const [what, condition, where] of noted) {
		const seen = await salesforce.sobject('Lead').find(condition, 'Id').toSOQL();
		const was = `SELECT Id FROM Lead${where}`;
		changed += seen.trim() === was ? 0 : 1;
		console.log(`${what}: ${seen}${seen.trim() === was ? '' : `  CHANGED, was ${was}`}`);
	}
	process.exitCode = changed ? 1 : 0;
}
main();
JS
echo 'jsforce 3.10.16: one would guess that $in [] finds nobody'
TZ=UTC node look.cjs
