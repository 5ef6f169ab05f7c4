#!/usr/bin/env bash
# ical.js 2.2.1: a duration in hours is added to the wall clock, so an event
# across a change of clocks is an hour too short or too long.
#
# What is asked: events in New York that begin on 7 March 2026 (clocks go
# forward in that night) or on 31 October (they go back) and last PT23H, PT24H
# or P1D.
# What one would guess: RFC 5545 3.3.6 tells days from hours. A day is nominal:
# P1D ends at 09:00 of the next day. Hours are exact: PT24H ends 24 hours
# later, at 10:00 in March and at 08:00 in October.
# What is seen: PT24H ends where P1D ends, at 09:00: 23 hours later in March,
# 25 in October. PT23H lasts 22 and 24 hours. A night shift of PT8H from 22:00
# lasts 7 or 9.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ical.js@2.2.1

cat >look.mjs <<'JS'
import ICAL from 'ical.js';

const change = (name, start, rule, from, to) => [`BEGIN:${name}`, `DTSTART:${start}`, `RRULE:FREQ=YEARLY;${rule}`,
	`TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`, `END:${name}`];
const file = (start, duration) => ['BEGIN:VCALENDAR', 'VERSION:2.0', 'BEGIN:VTIMEZONE', 'TZID:America/New_York',
	...change('STANDARD', '20071104T020000', 'BYMONTH=11;BYDAY=1SU', '-0400', '-0500'),
	...change('DAYLIGHT', '20070311T020000', 'BYMONTH=3;BYDAY=2SU', '-0500', '-0400'),
	'END:VTIMEZONE', 'BEGIN:VEVENT', 'UID:one', `DTSTART;TZID=America/New_York:${start}`, `DURATION:${duration}`,
	'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

/* start, duration, the hours between start and end by the standard, and as noted */
const noted = [
	['20260307T090000', 'P1D', 23, 23],
	['20260307T090000', 'PT24H', 24, 23],
	['20260307T090000', 'PT23H', 23, 22],
	['20260307T220000', 'PT8H', 8, 7],
	['20261031T090000', 'P1D', 25, 25],
	['20261031T090000', 'PT24H', 24, 25],
	['20261031T220000', 'PT8H', 8, 9],
	['20260601T090000', 'PT24H', 24, 24],
];
let changed = 0;
for (const [start, duration, right, was] of noted) {
	const calendar = new ICAL.Component(ICAL.parse(file(start, duration)));
	ICAL.TimezoneService.register(calendar.getFirstSubcomponent('vtimezone'));
	const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent'));
	const seen = (event.endDate.toJSDate() - event.startDate.toJSDate()) / 3600000;
	changed += seen === was ? 0 : 1;
	console.log(`${start} ${duration}: lasts ${seen} hours, one would guess ${right}`
		+ (seen === was ? '' : `  CHANGED, was ${was}`));
}
process.exitCode = changed ? 1 : 0;
JS
echo 'ical.js 2.2.1'
TZ=UTC node look.mjs
