#!/usr/bin/env bash
# luxon 3.7.2 and dayjs 1.11.23: a wall clock time in the hour that comes
# twice is read by the season in which the program runs.
#
# What is asked: 01:30 on 1 November 2026 in New York and 02:30 on 25 October
# 2026 in Berlin. Clocks go back then, and each of the two times comes twice.
# What one would guess: a library has a rule, the first or the second of the
# two, and keeps to it.  moment-timezone 0.6.6 does: it takes the first.
# What is seen: luxon and dayjs begin with the offset that the zone has today.
# The same line of code gives the first time when it runs in July and the
# second when it runs in December, so an appointment that was booked in summer
# and is read again in winter moves by an hour.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts luxon@3.7.2 dayjs@1.11.23 moment-timezone@0.6.6

cat >look.cjs <<'JS'
const { mock } = require('node:test');
const { DateTime, Settings } = require('luxon');
const dayjs = require('dayjs');
dayjs.extend(require('dayjs/plugin/utc'));
dayjs.extend(require('dayjs/plugin/timezone'));
const moment = require('moment-timezone');

const readers = {
	luxon: (time, zone) => DateTime.fromISO(time, { zone }).toMillis(),
	dayjs: (time, zone) => dayjs.tz(time.replace('T', ' '), zone).valueOf(),
	'moment-timezone': (time, zone) => moment.tz(time, zone).valueOf(),
};
const times = [
	['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
	['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
];
const noted = {
	luxon: { '2026-07-01': 'first', '2026-12-01': 'second' },
	dayjs: { '2026-07-01': 'first', '2026-12-01': 'second' },
	'moment-timezone': { '2026-07-01': 'first', '2026-12-01': 'first' },
};
let changed = 0;
for (const today of ['2026-07-01', '2026-12-01']) {
	mock.timers.enable({ apis: ['Date'], now: new Date(today + 'T12:00:00Z') });
	Settings.resetCaches();
	for (const [time, zone, first] of times) {
		for (const [name, read] of Object.entries(readers)) {
			const hours = (read(time, zone) - Date.parse(first)) / 3600000;
			const seen = hours === 0 ? 'first' : hours === 1 ? 'second' : `${hours} h off`;
			const as = seen === noted[name][today] ? '' : `  CHANGED, was ${noted[name][today]}`;
			changed += as ? 1 : 0;
			console.log(`run on ${today}: ${name} reads ${time} in ${zone} as the ${seen}${as}`);
		}
	}
	mock.timers.reset();
}
process.exitCode = changed ? 1 : 0;
JS
echo 'luxon 3.7.2, dayjs 1.11.23, moment-timezone 0.6.6: one would guess that the day of the run does not matter'
TZ=UTC NODE_NO_WARNINGS=1 node look.cjs
