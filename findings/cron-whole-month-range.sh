#!/usr/bin/env bash
# cron 4.4.0 and graphile-worker 0.17.3: a range over all days of the month
# turns an "each day" into "Mondays only".
#
# What is asked: "0 9 1-31 * 1" and, beside it, "0 9 1-30 * 1" and
# "0 9 * * 1", the days of December 2026, in four schedulers of node.
# What one would guess: cron's rule is that a job runs when either the day of
# the month or the day of the week fits, unless one of them is written as a
# star. 1-31 is not a star, so the job runs on each day, nearly the same days
# as with 1-30.
# What is seen: cron-parser 5.10.6 and croner 11.0.1 run it on 31 days. cron
# and graphile-worker take a list that has all days for a star and run it on
# the four Mondays; with 1-30 they run it on 30 days.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts cron@4.4.0 graphile-worker@0.17.3 cron-parser@5.10.6 \
	croner@11.0.1 luxon@3.7.2

cat >look.cjs <<'JS'
const { CronTime } = require('cron');
const { CronExpressionParser } = require('cron-parser');
const { Cron } = require('croner');
const { parseCrontab } = require('graphile-worker');
const { DateTime } = require('luxon');

const begin = new Date('2026-12-01T00:00:00Z'), end = new Date('2027-01-01T00:00:00Z');
function until_end(next) {
	const days = [];
	for (let at = next(); at < end; at = next())
		days.push(at.getUTCDate());
	return days;
}
const schedulers = {
	'cron-parser': (rule) => {
		const runs = CronExpressionParser.parse(rule, { currentDate: begin, tz: 'UTC' });
		return until_end(() => runs.next().toDate());
	},
	'croner': (rule) => {
		const job = new Cron(rule, { timezone: 'UTC', paused: true });
		let at = begin;
		return until_end(() => { at = job.nextRun(at); return at; });
	},
	'cron': (rule) => {
		const time = new CronTime(rule, 'UTC');
		let at = DateTime.fromJSDate(begin, { zone: 'UTC' });
		return until_end(() => { at = time.getNextDateFrom(at, 'UTC'); return at.toJSDate(); });
	},
	'graphile-worker': (rule) => {
		const [item] = parseCrontab(`${rule} job`);
		const days = Array.from({ length: 31 }, (_, i) => i + 1);
		return days.filter((date) => item.match({ min: 0, hour: 9, date, month: 12,
			dow: new Date(Date.UTC(2026, 11, date)).getUTCDay() }));
	},
};
const noted = {
	'0 9 1-31 * 1': { 'cron-parser': 31, 'croner': 31, 'cron': 4, 'graphile-worker': 4 },
	'0 9 1-30 * 1': { 'cron-parser': 30, 'croner': 30, 'cron': 30, 'graphile-worker': 30 },
	'0 9 * * 1': { 'cron-parser': 4, 'croner': 4, 'cron': 4, 'graphile-worker': 4 },
};
let changed = 0;
for (const [rule, was] of Object.entries(noted)) {
	for (const [name, days_of] of Object.entries(schedulers)) {
		const days = days_of(rule);
		const same = days.length === was[name];
		changed += same ? 0 : 1;
		console.log(`"${rule}" by ${name}: ${days.length} days in December 2026 (${days.slice(0, 4).join(', ')} ...)`
			+ (same ? '' : `  CHANGED, was ${was[name]}`));
	}
}
process.exitCode = changed ? 1 : 0;
JS
echo 'cron 4.4.0, graphile-worker 0.17.3, cron-parser 5.10.6, croner 11.0.1: one would guess 31 days for 1-31'
TZ=UTC node look.cjs
