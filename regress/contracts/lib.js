/*
 * lib.js
 *	What the scripts here share: the drivers as a child process that is asked line by line, and TAP.
 */
'use strict';
const { spawn } = require('child_process');
const readline = require('readline');

/* The program of driver.c.  ask() gives its answer; questions may be asked without waiting. */
class Drivers {
	constructor(program = process.env.VOICEAGENT_DRIVER || '.build/contracts/driver') {
		this.waiting = [];
		this.child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
		readline.createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift().resolve(JSON.parse(line)));
		this.ended = new Promise((resolve) => this.child.on('close', (code, signal) => {
			for (const { reject } of this.waiting) reject(new Error(`the drivers ended: ${signal || code}`));
			resolve(code);
		}));
	}

	ask(question) {
		return new Promise((resolve, reject) => {
			this.waiting.push({ resolve, reject });
			this.child.stdin.write(JSON.stringify(question) + '\n');
		});
	}

	async end() {
		this.child.stdin.end();
		return this.ended;
	}
}

let count = 0;
let failed = 0;

function ok(good, name, detail) {
	console.log(`${good ? 'ok' : 'not ok'} ${++count} - ${String(name).replace(/#/g, '\\#').replace(/\n/g, ' ')}`);
	if (!good) {
		failed++;
		for (const line of String(detail === undefined ? '' : detail).slice(0, 1500).split('\n')) console.log(`# ${line}`);
	}
	return good;
}

function done() {
	console.log(`1..${count}`);
	process.exitCode = failed ? 1 : 0;
}

function skipAll(reason) {
	console.log(`1..0 # SKIP ${reason}`);
	process.exit(0);
}

const note = (text) => console.log(`# ${text}`);

module.exports = { Drivers, ok, done, skipAll, note };
