#!/usr/bin/env bash
# number-to-words 1.2.4 and written-number 0.11.1: a price of 12.99 is said as twelve by one and as thirteen by the other.
#
# What is asked: which words a voice is given for a price, a deposit, a balance.
# What one would guess: a fraction is said, as to-words 5.7.0 has it ("Twelve
# Dollars And Ninety Nine Cents"), or refused, as number-to-words refuses what
# is no number; and both say the same.
# What is seen: number-to-words cuts the fraction off, so a customer hears less
# than is charged, and half a dollar is "zero". written-number rounds in all
# of its languages, so the same half a dollar is "one"; a balance of -3 is an
# empty string, of which a voice says nothing; and a language that it does
# not have, such as German, is English without a word. Split an amount
# into whole units and cents before either sees it.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts number-to-words@1.2.4 written-number@0.11.1 to-words@5.7.0

cat >look.cjs <<'JS'
const { toWords } = require('number-to-words');
const writtenNumber = require('written-number');
const { ToWords } = require('to-words');

let changed = 0;
function see(what, seen, guess, was) {
	changed += seen === was ? 0 : 1;
	console.log(`${what}: "${seen}", one would guess "${guess}"` + (seen === was ? '' : `  CHANGED, was "${was}"`));
}

const dollars = new ToWords({ localeCode: 'en-US' });
for (const [amount, guess, cut, rounded] of [
	[12.99, 'twelve point nine nine', 'twelve', 'thirteen'],
	[0.5, 'zero point five', 'zero', 'one'],
	[-3, 'minus three', 'minus three', ''],
	[21, 'twenty-one', 'twenty-one', 'twenty-one'],
]) {
	see(`number-to-words, ${amount}`, toWords(amount), guess, cut);
	see(`written-number, ${amount}`, writtenNumber(amount), guess, rounded);
}
see('written-number in French, 12.99', writtenNumber(12.99, { lang: 'fr' }), 'douze virgule quatre-vingt-dix-neuf', 'treize');
see('written-number in German, 12', writtenNumber(12, { lang: 'de' }), 'zwölf', 'twelve');
see('to-words as an amount, 12.99', dollars.convert(12.99, { currency: true }), 'Twelve Dollars And Ninety Nine Cents Only',
	'Twelve Dollars And Ninety Nine Cents Only');
process.exitCode = changed ? 1 : 0;
JS
node look.cjs
