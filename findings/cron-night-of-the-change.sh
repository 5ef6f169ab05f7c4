#!/usr/bin/env bash
# cron-parser 5.10.6, croner 11.0.1 and cron 4.4.0: in the nights in which
# clocks change, one rule runs three times, once or not at all.
#
# What is asked: "*/20 2 * * *" (02:00, 02:20, 02:40) in Berlin in the night of
# 29 March 2026, which has no such hour, and "*/30 2 * * *" in that of
# 25 October, which has it twice; and how often each runs.
# What one would guess: schedulers of node that take a zone agree: none of the
# missing hour or all of it an hour later, and the repeated hour once.
# What is seen: in March cron-parser runs all three, an hour later, cron one
# only, at 03:00, croner none. In October croner runs the four half hours, the
# others two. A rule of one time, "30 2 * * *", runs in March in all three: at
# 03:30 by cron-parser, at 03:00 by the others.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts cron-parser@5.10.6 croner@11.0.1 cron@4.4.0 luxon@3.7.2

cat >look.cjs <<'JS'
const { CronExpressionParser } = require('cron-parser');
const { Cron } = require('croner');
const { CronTime } = require('cron');
const { DateTime } = require('luxon');

const tz = 'Europe/Berlin';
const schedulers = {
	'cron-parser': (rule, from) => {
		const runs = CronExpressionParser.parse(rule, { currentDate: from, tz });
		return () => runs.next().toDate();
	},
	'croner': (rule, from) => {
		const job = new Cron(rule, { timezone: tz, paused: true });
		let at = from;
		return () => { at = job.nextRun(at); return at; };
	},
	'cron': (rule, from) => {
		const time = new CronTime(rule, tz);
		let at = DateTime.fromJSDate(from, { zone: tz });
		return () => { at = time.getNextDateFrom(at, tz); return at.toJSDate(); };
	},
};
/* rule, the day, the runs of the day in UTC */
const noted = [
	['*/20 2 * * *', '2026-03-29', { 'cron-parser': '01:00 01:20 01:40', 'croner': '', 'cron': '01:00' }],
	['30 2 * * *', '2026-03-29', { 'cron-parser': '01:30', 'croner': '01:00', 'cron': '01:00' }],
	['*/30 2 * * *', '2026-10-25', { 'cron-parser': '00:00 00:30', 'croner': '00:00 00:30 01:00 01:30', 'cron': '00:00 00:30' }],
];
let changed = 0;
for (const [rule, day, was] of noted) {
	for (const [name, start] of Object.entries(schedulers)) {
		const next = start(rule, new Date(Date.parse(day) - 7200000));
		const runs = [];
		for (let at = next(); at < Date.parse(day) + 43200000; at = next())
			runs.push(at.toISOString().slice(11, 16));
		const seen = runs.join(' ');
		changed += seen === was[name] ? 0 : 1;
		console.log(`"${rule}" on ${day} by ${name}: ${runs.length} runs, ${seen || 'none'} (UTC)`
			+ (seen === was[name] ? '' : `  CHANGED, was ${was[name]}`));
	}
}
process.exitCode = changed ? 1 : 0;
JS
echo 'cron-parser 5.10.6, croner 11.0.1, cron 4.4.0: one would guess that all three run alike'
TZ=UTC node look.cjs
