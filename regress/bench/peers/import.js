// Peer of G1: an import as it is usually written: papaparse, libphonenumber-js, COPY into a staging table, INSERT ... ON CONFLICT.
// node import.js FILE -> rows a second
const fs = require('fs');
const { Client } = require('pg');
const copy = require('pg-copy-streams').from;
const { parsePhoneNumberFromString } = require('libphonenumber-js');

const columns = 'tenant_id, first_name, last_name, phone, email, company, extra';
const escaped = (value) => (value === null || value === undefined ? '\\N' :
	String(value).replace(/[\\\t\n\r]/g, (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }[c])));

async function main() {
	const began = process.hrtime.bigint();
	const db = new Client();
	let rows = 0, bad = 0;
	await db.connect();
	await db.query('CREATE TEMP TABLE staged (LIKE peer INCLUDING DEFAULTS)');
	const out = db.query(copy(`COPY staged (${columns}) FROM STDIN`));
	await new Promise((resolve, reject) => {
		require('papaparse').parse(fs.createReadStream(process.argv[2]), {
			header: true, skipEmptyLines: true, error: reject, complete: resolve,
			chunk: (result, parser) => {
				const lines = [];
				for (const row of result.data) {
					const phone = parsePhoneNumberFromString(row.phone || '', 'US');
					rows++;
					if (!phone || !phone.isValid()) { bad++; continue; }
					const { first_name, last_name, phone: _, email, company, ...extra } = row;
					lines.push([1, first_name, last_name, phone.number, email || null, company, JSON.stringify(extra)].map(escaped).join('\t'));
				}
				if (lines.length && !out.write(lines.join('\n') + '\n')) {
					parser.pause();
					out.once('drain', () => parser.resume());
				}
			},
		});
	});
	await new Promise((resolve, reject) => { out.on('finish', resolve); out.on('error', reject); out.end(); });
	await db.query(`INSERT INTO peer (${columns}) SELECT ${columns} FROM staged s WHERE NOT EXISTS (SELECT FROM stop WHERE stop.phone = s.phone) ON CONFLICT DO NOTHING`);
	console.log(Math.round(rows / (Number(process.hrtime.bigint() - began) / 1e9)));
	await db.end();
}
main().catch((error) => { console.error(error); process.exit(1); });
