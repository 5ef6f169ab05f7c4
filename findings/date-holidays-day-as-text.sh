#!/usr/bin/env bash
# date-holidays 3.26.5: a day as text is that of Greenwich, so in America Christmas Day is "Christmas Eve".
#
# What is asked: whether nobody may be called on a day that a list has as
# "2026-12-25", in the United States and in Germany, and whether the 10th of
# May 2026 is a holiday in Germany.
# What one would guess: isHoliday() takes its text for a day of that country,
# as getHolidays() writes days; and what is no public holiday is none.
# What is seen: the text becomes midnight in Greenwich, which west of it is
# still the evening before: "2026-12-25" is answered with Christmas Eve, of
# type "optional", and "2026-12-26" with Christmas Day; whoever asks for a
# "public" one dials on Christmas Day and rests on the next. East of Greenwich
# all is as one would guess, so a test in Europe shows nothing. Noon of that day in
# the country's own zone is safe. And Mother's Day is a holiday, of type
# "observance": the answer is not false where people work.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts date-holidays@3.26.5

cat >look.cjs <<'JS'
const Holidays = require('date-holidays');

const noted = [
	['US', '2026-12-25', 'Christmas Day (public)', 'Christmas Eve (optional)'],
	['US', '2026-12-26', 'none', 'Christmas Day (public)'],
	['US', '2026-12-25T12:00:00-05:00', 'Christmas Day (public)', 'Christmas Day (public)'],
	['DE', '2026-12-25', '1. Weihnachtstag (public)', '1. Weihnachtstag (public)'],
	['DE', '2026-05-10', 'none', 'Muttertag (observance)'],
];
let changed = 0;
for (const [country, day, guess, was] of noted) {
	const found = new Holidays(country).isHoliday(day.includes('T') ? new Date(day) : day);
	const seen = found ? found.map((h) => `${h.name} (${h.type})`).join(', ') : 'none';
	changed += seen === was ? 0 : 1;
	console.log(`${country} ${day}: ${seen}, one would guess ${guess}` + (seen === was ? '' : `  CHANGED, was ${was}`));
}
process.exitCode = changed ? 1 : 0;
JS
echo 'date-holidays 3.26.5'
for zone in UTC Asia/Tokyo America/New_York; do TZ=$zone node look.cjs; done
