#!/usr/bin/env bash
# opening_hours 3.15.0: a rule for Saturday ends Friday's night at midnight.
#
# What is asked: "Fr 22:00-04:00; Sa 10:00-12:00" at 02:00 on Saturday
# 5 December 2026, with and without the rule for Saturday, and with a comma in
# the place of the semicolon. Beside it, two rules for the same days.
# What one would guess: the night that began on Friday goes on until 04:00,
# whatever Saturday's own hours are; two rules for the same days add up.
# What is seen: with the second rule it is closed at 02:00: a rule after a
# semicolon takes the place of all that fell on its day before, also of the
# hours that came over from the day before. "Mo-Fr 09:00-12:00; Mo-Fr
# 13:00-17:00" is closed in the morning for the same reason. A comma adds.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts opening_hours@3.15.0

cat >look.cjs <<'JS'
const OpeningHours = require('opening_hours');

const noted = [
	['Fr 22:00-04:00', '2026-12-05T02:00', true, true],
	['Fr 22:00-04:00; Sa 10:00-12:00', '2026-12-05T02:00', true, false],
	['Fr 22:00-04:00, Sa 10:00-12:00', '2026-12-05T02:00', true, true],
	['Mo-Fr 09:00-12:00; Mo-Fr 13:00-17:00', '2026-12-01T10:00', true, false],
	['Mo-Fr 09:00-12:00, 13:00-17:00', '2026-12-01T10:00', true, true],
];
const word = (open) => open ? 'open' : 'closed';
let changed = 0;
for (const [hours, at, guess, was] of noted) {
	const seen = new OpeningHours(hours).getState(new Date(at));
	changed += seen === was ? 0 : 1;
	console.log(`"${hours}" at ${at}: ${word(seen)}, one would guess ${word(guess)}`
		+ (seen === was ? '' : `  CHANGED, was ${word(was)}`));
}
process.exitCode = changed ? 1 : 0;
JS
echo 'opening_hours 3.15.0'
TZ=UTC node look.cjs
