#!/usr/bin/env bash
# wavefile 11.0.0: a recording in mu-law that is brought to 16 bits by its depth becomes noise at full scale.
#
# What is asked: toBitDepth('16') on a recording as carriers and PBXs store it,
# one byte of mu-law (G.711) a sample.
# What one would guess: the samples are decoded, as fromMuLaw() does; or it is
# refused, as toSampleRate() refuses a compressed file.
# What is seen: the decoded samples are taken for ones of eight bits and cut:
# all but silence is 32767 or -32768, in a file whose header says plain PCM, so
# every player takes it and plays noise. At 32 bits with a point they are 8 and
# 62 where 1 is the greatest.
# Ask fmt.audioFormat (7 and 6 are no PCM) and decode first.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts wavefile@11.0.0

cat >look.cjs <<'JS'
const { WaveFile } = require('wavefile');

let changed = 0;
function see(what, seen, guess, was) {
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${seen}, one would guess ${guess}` + (seen === was ? '' : `  CHANGED, was ${was}`));
}

const spoken = [0, 1000, -1000, 8000];
const told = new WaveFile();
told.fromScratch(1, 8000, '16', spoken);
told.toMuLaw();
const recording = told.toBuffer();
const read = (how) => {
	const file = new WaveFile(recording);
	try {
		how(file);
	} catch (e) {
		return `refused: ${e.message}`;
	}
	return `format ${file.fmt.audioFormat}: ${Array.from(file.getSamples()).map((v) => Math.round(v)).join(' ')}`;
};

see('fromMuLaw()', read((f) => f.fromMuLaw()), 'format 1: about 0 1000 -1000 8000', 'format 1: 0 988 -988 7932');
see("toBitDepth('16')", read((f) => f.toBitDepth('16')), 'the same, or a refusal', 'format 1: 0 32767 -32768 32767');
see("toBitDepth('32f')", read((f) => f.toBitDepth('32f')), 'values within 1', 'format 3: 0 8 -8 62');
see('toSampleRate(16000)', read((f) => f.toSampleRate(16000)), 'a refusal',
	"refused: wavefile can't change the sample rate of compressed files.");
process.exitCode = changed ? 1 : 0;
JS
node look.cjs
