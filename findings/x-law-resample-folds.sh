#!/usr/bin/env bash
# x-law 0.3.1: a voice brought from 16 to 8 kHz keeps what a telephone cannot carry, as tones that nobody said.
#
# What is asked: to make the 16 kHz that a synthetic voice delivers into the
# 8 kHz of a call (G.711), by the resampler of a library for just that.
# What one would guess: what is above 4 kHz is gone, as it is with wavefile
# 11.0.0 by default.
# What is seen: there is no low-pass. A tone of 7 kHz, of which an "s" is full,
# comes out as one of 1 kHz, as loud, in the middle of the speech; 6 kHz as 2.
# wavefile's own methods "point" and "linear" do the same. Let a resampler that
# filters (soxr, swr, wavefile's default) make the 8 kHz, and encode then.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts x-law@0.3.1 wavefile@11.0.0

cat >look.cjs <<'JS'
const { utils } = require('x-law');
const { WaveFile } = require('wavefile');

let changed = 0;
// The loudest sample in the middle, and the pitch by its changes of sign.
function heard(samples) {
	const middle = Array.from(samples).slice(100, 7900);
	const peak = Math.max(...middle.map(Math.abs));
	let signs = 0;
	for (let i = 1; i < middle.length; i++) signs += (middle[i] < 0) !== (middle[i - 1] < 0) ? 1 : 0;
	return peak < 400 ? 'silence' : `${Math.round((signs / 2 / middle.length) * 8000 / 100) * 100} Hz, ${peak > 4000 ? 'loud' : 'soft'}`;
}
function see(what, seen, guess, was) {
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${seen}, one would guess ${guess}` + (seen === was ? '' : `  CHANGED, was ${was}`));
}

for (const [pitch, guess, was] of [[1000, '1000 Hz, loud', '1000 Hz, loud'], [3000, '3000 Hz, loud', '3000 Hz, loud'],
	[6000, 'silence', '2000 Hz, loud'], [7000, 'silence', '1000 Hz, loud']]) {
	const tone = Int16Array.from({ length: 16000 }, (_, i) => Math.round(8000 * Math.sin((2 * Math.PI * pitch * i) / 16000)));
	const made = utils.resample(Buffer.from(tone.buffer), 16000, 8000, 16);
	see(`x-law, ${pitch} Hz`, heard(new Int16Array(new Uint8Array(made).buffer)), guess, was);
	for (const [method, then] of [[undefined, guess], ['point', was], ['linear', was]]) {
		const file = new WaveFile();
		file.fromScratch(1, 16000, '16', tone);
		file.toSampleRate(8000, method && { method });
		see(`wavefile ${method ?? 'by default'}, ${pitch} Hz`, heard(file.getSamples()), guess, then);
	}
}
process.exitCode = changed ? 1 : 0;
JS
node look.cjs
