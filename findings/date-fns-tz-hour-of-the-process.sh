#!/usr/bin/env bash
# date-fns-tz 3.2.0: a time that is formatted for another zone is an hour late
# when the process's own zone skips that hour.
#
# What is asked: formatInTimeZone() of instants on 8 March 2026 for UTC, Tokyo
# and London, in a process in UTC and in one in New York, where clocks go from
# 02:00 to 03:00 that day.
# What one would guess: the zone is named in the call, so the zone of the
# process plays no part.
# What is seen: in New York, 02:30 UTC is printed as 03:30, and 02:15 in Tokyo
# and in London as 03:15: the function makes a Date that has the wished figures
# in the process's zone, where no 02:30 exists. Neighbours are right, so two
# instants an hour apart print the same time.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts date-fns-tz@3.2.0 date-fns@4.4.0

cat >look.cjs <<'JS'
const { formatInTimeZone } = require('date-fns-tz');

/* instant, zone, as the zone's clock has it, as a process in New York prints it */
const noted = [
	['2026-03-08T01:30:00Z', 'UTC', '2026-03-08 01:30', '2026-03-08 01:30'],
	['2026-03-08T02:30:00Z', 'UTC', '2026-03-08 02:30', '2026-03-08 03:30'],
	['2026-03-08T03:30:00Z', 'UTC', '2026-03-08 03:30', '2026-03-08 03:30'],
	['2026-03-07T17:15:00Z', 'Asia/Tokyo', '2026-03-08 02:15', '2026-03-08 03:15'],
	['2026-03-08T02:15:00Z', 'Europe/London', '2026-03-08 02:15', '2026-03-08 03:15'],
];
let changed = 0;
for (const [instant, zone, right, in_new_york] of noted) {
	const was = process.env.TZ === 'UTC' ? right : in_new_york;
	const seen = formatInTimeZone(new Date(instant), zone, 'yyyy-MM-dd HH:mm');
	changed += seen === was ? 0 : 1;
	console.log(`process in ${process.env.TZ}: ${instant} for ${zone} is ${seen}, one would guess ${right}`
		+ (seen === was ? '' : `  CHANGED, was ${was}`));
}
process.exitCode = changed ? 1 : 0;
JS
echo 'date-fns-tz 3.2.0 with date-fns 4.4.0'
failed=0
TZ=UTC node look.cjs || failed=1
TZ=America/New_York node look.cjs || failed=1
exit $failed
