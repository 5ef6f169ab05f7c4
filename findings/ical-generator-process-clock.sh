#!/usr/bin/env bash
# ical-generator 10.2.0: a zone that is set beside a native Date does not
# convert the time. The clock of the process is written under the zone's name.
#
# What is asked: an event at 15:00 UTC on 5 January 2026, given as a Date, with
# the zone America/New_York on the event, on the calendar, or nowhere.
# What one would guess: with the zone, DTSTART;TZID=America/New_York and the
# wall clock of New York, 10:00; the file is the same on each server.
# What is seen: on the event, TZID=America/New_York stands before the wall
# clock of the process: 15:00 on a server in UTC (five hours late), 00:00 of
# the next day on one in Tokyo. On the calendar, the same figures stand there
# with no zone at all, so each reader takes them as its own time. Only without
# any zone the instant is kept.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ical-generator@10.2.0

cat >look.mjs <<'JS'
import ical from 'ical-generator';

const zone = 'America/New_York';
const noted = {
	UTC: {
		'no zone': 'DTSTART:20260105T150000Z',
		'zone on the event': 'DTSTART;TZID=America/New_York:20260105T150000',
		'zone on the calendar': 'DTSTART:20260105T150000',
	},
	'Asia/Tokyo': {
		'no zone': 'DTSTART:20260105T150000Z',
		'zone on the event': 'DTSTART;TZID=America/New_York:20260106T000000',
		'zone on the calendar': 'DTSTART:20260106T000000',
	},
};
const ways = {
	'no zone': [{}, {}],
	'zone on the event': [{}, { timezone: zone }],
	'zone on the calendar': [{ timezone: zone }, {}],
};
let changed = 0;
for (const [way, [calendar, event]] of Object.entries(ways)) {
	const file = ical(calendar);
	file.createEvent({ id: 'one', summary: 'Call', start: new Date('2026-01-05T15:00:00Z'), ...event });
	const seen = file.toString().split('\r\n').find((line) => line.startsWith('DTSTART'));
	const was = noted[process.env.TZ][way];
	changed += seen === was ? 0 : 1;
	console.log(`process in ${process.env.TZ}, ${way}: ${seen}${seen === was ? '' : `  CHANGED, was ${was}`}`);
}
process.exitCode = changed ? 1 : 0;
JS
echo 'ical-generator 10.2.0, an event at 15:00 UTC: one would guess DTSTART;TZID=America/New_York:20260105T100000'
failed=0
TZ=UTC node look.mjs || failed=1
TZ=Asia/Tokyo node look.mjs || failed=1
exit $failed
