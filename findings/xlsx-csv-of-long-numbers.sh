#!/usr/bin/env bash
# xlsx 0.18.5: a workbook's American numbers come whole into the CSV, and all British mobiles of a block become one.
#
# What is asked: what sheet_to_csv() makes of a column of telephone numbers
# that a workbook holds as numbers (typed without a plus, format General); and
# exceljs 4.4.0 of the same file.
# What one would guess: a CSV is written for other programs, so the digits are
# all there; if some were not, an office would see it with its own numbers.
# What is seen: sheet_to_csv() writes what a cell of General would show in a
# wide column: eleven digits as they are, from twelve on six significant ones
# and an exponent. +1 212 555 0100 has eleven, so a list of American numbers is
# right. +44 7700 900123 has twelve: "4.47701E+11", as has every other number
# of its million, so who looks for duplicates by that text keeps one of them.
# sheet_to_json() of the same sheet has all digits, and so has sheet_to_csv()
# with rawNumbers; exceljs writes all digits into its CSV.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5 exceljs@4.4.0

cat >look.cjs <<'JS'
const xlsx = require('xlsx');
const exceljs = require('exceljs');

let changed = 0;
function see(what, seen, guess, was) {
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${seen}, one would guess ${guess}` + (seen === was ? '' : `  CHANGED, was ${was}`));
}

async function main() {
	// Numbers of films: the North American ones, Ofcom's, the Bundesnetzagentur's.
	const numbers = [12125550100, 447700900123, 447700900456, 491713920012];
	const made = xlsx.utils.book_new();
	xlsx.utils.book_append_sheet(made, xlsx.utils.aoa_to_sheet([['phone'], ...numbers.map((number) => [number])]), 'leads');
	const file = xlsx.write(made, { type: 'buffer', bookType: 'xlsx' });

	const sheet = xlsx.read(file).Sheets.leads;
	const plain = xlsx.utils.sheet_to_csv(sheet).trim().split('\n').slice(1);
	const raw = xlsx.utils.sheet_to_csv(sheet, { rawNumbers: true }).trim().split('\n').slice(1);
	const json = xlsx.utils.sheet_to_json(sheet);
	const workbook = new exceljs.Workbook();
	await workbook.xlsx.load(file);
	const other = (await workbook.csv.writeBuffer()).toString().trim().split('\n').slice(1);

	const was = ['12125550100', '4.47701E+11', '4.47701E+11', '4.91714E+11'];
	numbers.forEach((number, n) => {
		const digits = String(number);
		see(`sheet_to_csv, ${digits}`, plain[n], digits, was[n]);
		see(`sheet_to_csv with rawNumbers, ${digits}`, raw[n], digits, digits);
		see(`sheet_to_json, ${digits}`, String(json[n].phone), digits, digits);
		see(`exceljs, ${digits}`, other[n], digits, digits);
	});
	see('different numbers in the CSV of four', String(new Set(plain).size), '4', '3');
	process.exitCode = changed ? 1 : 0;
}
main();
JS
node look.cjs
