#!/usr/bin/env bash
# chrono-node 2.10.3: the times at which people ask to be called again are read
# in part, and the part is given as the whole.
#
# What is asked: seven phrases of telephone calls, said on Saturday 11 July 2026
# at 10:00 in New York, with forwardDate on.
# What one would guess: a phrase is understood, or nothing is found.
# What is seen: "in an hour and a half" is in one hour, "Tuesday week" is the
# next Tuesday, "12 tonight" was two hours after the call, at noon, and "at 5"
# and "from 2 to 4" are in the night of the next day. "between 2 and 4" and
# "half past three", as plain as the others, find nothing. The text that was
# used is in the result ("in an hour"), and is the only sign.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts chrono-node@2.10.3

cat >look.mjs <<'JS'
import * as chrono from 'chrono-node';

const now = { instant: new Date('2026-07-11T14:00:00Z'), timezone: -240 };
const local = (date) => new Date(date.getTime() - 240 * 60000).toISOString().slice(0, 16);
/* phrase, what a person means, what is found */
const noted = [
	['in an hour and a half', '2026-07-11T11:30', '2026-07-11T11:00 by "in an hour"'],
	['Tuesday week', '2026-07-21', '2026-07-14T12:00 by "Tuesday"'],
	['12 tonight', '2026-07-12T00:00', '2026-07-11T12:00 by "12 tonight"'],
	['at 5', '2026-07-11T17:00', '2026-07-12T05:00 by "at 5"'],
	['from 2 to 4', '2026-07-11T14:00', '2026-07-12T02:00 by "from 2 to 4"'],
	['between 2 and 4', '2026-07-11T14:00', 'nothing'],
	['half past three', '2026-07-11T15:30', 'nothing'],
];
let changed = 0;
for (const [phrase, meant, was] of noted) {
	const [found] = chrono.parse(`Call me ${phrase}, please`, now, { forwardDate: true });
	const seen = found ? `${local(found.start.date())} by "${found.text}"` : 'nothing';
	changed += seen === was ? 0 : 1;
	console.log(`"${phrase}" (one would guess ${meant}): ${seen}${seen === was ? '' : `  CHANGED, was ${was}`}`);
}
process.exitCode = changed ? 1 : 0;
JS
echo 'chrono-node 2.10.3, on Saturday 11 July 2026 at 10:00 in New York'
TZ=UTC node look.mjs
