#!/usr/bin/env bash
# libphonenumber-js 1.13.16 and google-libphonenumber 3.2.47: of the numbers
# that regulators keep for films and examples, some are valid and their
# neighbours are not.
#
# What is asked: whether numbers of the reserved ranges of the United States,
# the United Kingdom, France and Australia, which nobody can have, are valid.
# What one would guess: one rule for all: they are in the plan and valid, or
# nobody can have them and they are invalid.
# What is seen: 212 555 0100, London's 020 7946 0123, France's 01 99 00 12 34
# and Australia's 0491 570 006 are valid; the United Kingdom's 07700 900123 and
# 01632 960123 and France's 06 39 98 01 23 are not. So a test file of British
# mobiles is refused as a whole where one of Londoners passes, and "valid" does
# not mean that a number may be dialled.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts libphonenumber-js@1.13.16 google-libphonenumber@3.2.47

cat >look.cjs <<'JS'
const parse = require('libphonenumber-js/max');
const { PhoneNumberUtil } = require('google-libphonenumber');
const util = PhoneNumberUtil.getInstance();

const noted = [
	['United States, 555-0100', '+12125550100', true],
	['United Kingdom, London', '+442079460123', true],
	['United Kingdom, no area', '+441632960123', false],
	['United Kingdom, mobile', '+447700900123', false],
	['France, Paris', '+33199001234', true],
	['France, mobile', '+33639980123', false],
	['Australia, mobile', '+61491570006', true],
];
let changed = 0;
for (const [what, number, was] of noted) {
	const seen = [parse(number).isValid(), util.isValidNumber(util.parse(number))];
	const same = seen.every((valid) => valid === was);
	changed += same ? 0 : 1;
	console.log(`${what}, ${number}: valid ${seen.join(' and ')}${same ? '' : `  CHANGED, was ${was} in both`}`);
}
process.exitCode = changed ? 1 : 0;
JS
echo 'libphonenumber-js 1.13.16 and google-libphonenumber 3.2.47: one would guess the same answer for all seven'
node look.cjs
