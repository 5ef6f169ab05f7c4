#!/usr/bin/env bash
# csv-parse 7.0.3 and csvtojson 2.0.14: a London number of a list is dialled in Germany, and every check says that it is valid.
#
# What is asked: whether a list of leads in E.164 that is read with the types
# of its values ("cast", "checkType") still holds numbers in E.164; and what
# libphonenumber-js 1.13.16 makes of them with the country of the office.
# What one would guess: a value that begins with "+" is no number, as papaparse
# 5.7.1 (dynamicTyping) has it; and digits that begin with 44 are British, or
# are refused.
# What is seen: csv-parse and csvtojson read "+442079460018" as the number
# 442079460018. The plus, which alone says that the country stands in the
# digits, is gone. With US as the office's country the number is invalid, with
# GB it is the right one, so tests at home show nothing; with DE it is
# +49 442079460018, valid, a fixed line: German numbers have so many lengths
# that the digits of other countries fit in. "00442079460018" loses its zeros in
# all three. Ask for text, and refuse a number without a plus that is longer
# than the country's own usual ones.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts csv-parse@7.0.3 csvtojson@2.0.14 papaparse@5.7.1 libphonenumber-js@1.13.16

cat >look.cjs <<'JS'
const { parse } = require('csv-parse/sync');
const csvtojson = require('csvtojson');
const papaparse = require('papaparse');
const { parsePhoneNumber } = require('libphonenumber-js/max');

let changed = 0;
function see(what, seen, guess, was) {
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${seen}, one would guess ${guess}` + (seen === was ? '' : `  CHANGED, was ${was}`));
}
function typed(value) {
	return `${typeof value} ${value}`;
}

async function main() {
	// Numbers of films: Ofcom's and the North American ones.
	for (const [written, guess, one, other, third] of [
		['+442079460018', 'string +442079460018', 'number 442079460018', 'number 442079460018', 'string +442079460018'],
		['+12125550101', 'string +12125550101', 'number 12125550101', 'number 12125550101', 'string +12125550101'],
		['00442079460018', 'string 00442079460018', 'number 442079460018', 'number 442079460018', 'number 442079460018'],
	]) {
		const text = `name,phone\nAda,${written}\n`;
		see(`csv-parse, cast, ${written}`, typed(parse(text, { columns: true, cast: true })[0].phone), guess, one);
		see(`csvtojson, checkType, ${written}`, typed((await csvtojson({ checkType: true }).fromString(text))[0].phone), guess, other);
		see(`papaparse, dynamicTyping, ${written}`, typed(papaparse.parse(text, { header: true, dynamicTyping: true }).data[0].phone),
			guess, third);
	}
	for (const [office, guess, was] of [
		['GB', '+442079460018 valid', '+442079460018 valid'],
		['US', 'not valid', 'not valid'],
		['DE', 'not valid', '+49442079460018 valid FIXED_LINE'],
	]) {
		const number = parsePhoneNumber('442079460018', office);
		const kind = office === 'GB' ? '' : ` ${number.getType()}`;
		see(`442079460018 for an office in ${office}`, number.isValid() ? `${number.number} valid${kind}` : 'not valid', guess, was);
	}
	process.exitCode = changed ? 1 : 0;
}
main();
JS
node look.cjs
