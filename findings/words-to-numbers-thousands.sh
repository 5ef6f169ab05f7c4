#!/usr/bin/env bash
# words-to-numbers 1.5.1: an offer of four hundred thirty-two thousand is read as 2,430.
#
# What is asked: which number an amount is that a caller says, as an ear writes
# it down: an offer, a budget, a mileage.
# What one would guess: who reads "three hundred fifty two" as 352 and "two
# hundred thousand" as 200000 reads both put together.
# What is seen: before "thousand" only a single word or a round hundred counts whole.
# In "twenty five thousand" the thousand goes with the five, and the twenty is
# added: 5020. "one hundred twenty five thousand" is 5120, "three hundred fifty
# thousand" 50300, with and without "and". Nothing is refused, and each is
# a number that somebody might have said. Years ("two thousand twenty six") and
# amounts below a thousand are right.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts words-to-numbers@1.5.1

cat >look.cjs <<'JS'
const { wordsToNumbers } = require('words-to-numbers');

let changed = 0;
for (const [said, guess, was] of [
	['three hundred fifty two', 352, 352],
	['two thousand twenty six', 2026, 2026],
	['two hundred thousand', 200000, 200000],
	['one million two hundred thousand', 1200000, 1200000],
	['twenty five thousand', 25000, 5020],
	['nine hundred fifteen thousand', 915000, 15900],
	['one hundred twenty five thousand', 125000, 5120],
	['three hundred and fifty thousand', 350000, 50300],
	['four hundred thirty two thousand', 432000, 2430],
]) {
	const seen = wordsToNumbers(said);
	changed += seen === was ? 0 : 1;
	console.log(`${said}: ${seen}, one would guess ${guess}` + (seen === was ? '' : `  CHANGED, was ${was}`));
}
process.exitCode = changed ? 1 : 0;
JS
node look.cjs
