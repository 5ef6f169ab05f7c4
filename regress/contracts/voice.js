#!/usr/bin/env node
/*
 * voice.js
 *	Our computation of Silero's network against onnxruntime's, window after window, each by its own memory of those before; what is heard
 *	is between silence and noise, with tones and glides as voices have them.  COUNT windows, SEED=n repeats them.
 */
'use strict';
const fs = require('fs');
const { spawnSync } = require('child_process');
const { ok, done, note, skipAll } = require('./lib.js');

const WINDOW = 256;
const CONTEXT = 32;
const windows = Number(process.env.COUNT || 10000);
let seed = Number(process.env.SEED || 39);
const any = () => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed / 2 ** 32; };

/* Syllables of a buzz with three formants, hiss between them, and pauses. */
function sounds(count) {
	const samples = new Int16Array(count);
	let phase = 0;
	for (let at = 0; at < count;) {
		const length = Math.min(count - at, 800 + Math.floor(any() * 3000));
		const kind = any();
		const loud = 300 + any() * any() * 20000;
		const pitch = 80 + any() * 180;
		const formants = [300 + any() * 500, 900 + any() * 1300, 2200 + any() * 800];
		for (let i = 0; i < length; i++) {
			const shape = Math.sin(Math.PI * i / length) ** 0.5;
			let value = (any() - 0.5) * (kind < 0.25 ? 1 : kind < 0.4 ? 0.02 : 0.1);
			phase += pitch * (1 + 0.1 * Math.sin(i / 700)) / 8000;
			if (kind >= 0.4) formants.forEach((hz, n) => {
				const into = phase % 1 / pitch * 8000;
				value += Math.exp(-into / 25) * Math.sin(2 * Math.PI * hz * into / 8000) / (n + 1);
			});
			samples[at + i] = Math.max(-32768, Math.min(32767, Math.round(loud * shape * value)));
		}
		at += length;
	}
	return samples;
}

async function main() {
	const weights = process.env.VOICEAGENT_WEIGHTS;
	if (!weights || !fs.existsSync(weights)) skipAll("Silero's weights were not fetched");
	const ort = require('onnxruntime-web');
	ort.env.wasm.numThreads = 1;
	const session = await ort.InferenceSession.create(new Uint8Array(fs.readFileSync(weights)));
	const samples = sounds(windows * WINDOW);
	const program = process.env.VOICEAGENT_VOICE || '.build/contracts/voice';
	const ours = [[], ['plain']].map((how) => {
		const run = spawnSync(program, [weights, ...how], { input: Buffer.from(samples.buffer), maxBuffer: 1 << 26 });
		return String(run.stdout).trim().split('\n').map(Number);
	});
	const sr = new ort.Tensor('int64', BigInt64Array.from([8000n]), []);
	let state = new ort.Tensor('float32', new Float32Array(256), [2, 1, 128]);
	let context = new Float32Array(CONTEXT);
	const worst = [0, 0];
	let speech = 0;
	for (let n = 0; n < windows; n++) {
		const input = new Float32Array(CONTEXT + WINDOW);
		input.set(context);
		for (let i = 0; i < WINDOW; i++) input[CONTEXT + i] = samples[n * WINDOW + i] / 32768;
		context = input.slice(WINDOW);
		const { output, stateN } = await session.run({ input: new ort.Tensor('float32', input, [1, CONTEXT + WINDOW]), state, sr });
		state = stateN;
		speech += output.data[0] > 0.5;
		ours.forEach((values, k) => { worst[k] = Math.max(worst[k], Math.abs(values[n] - output.data[0])); });
	}
	note(`${windows} windows, ${speech} of them speech; furthest apart ${worst[0]}, without AVX2 ${worst[1]}`);
	ours.forEach((values, k) => ok(values.length === windows && worst[k] < 1e-5, `Silero's network is onnxruntime's within 1e-5${k ? ', without AVX2' : ''}`, worst[k]));
	ok(speech > windows / 50 && speech < windows - windows / 50, '... and some windows are speech and some are not', speech);
	done();
}
main();
