// Peer of G3: each graphile-worker job posts a request as large as ours.  node dispatch.js URL N -> requests a second
const http = require('http');
const { Pool } = require('pg');
const { run, runMigrations, Logger } = require('graphile-worker');

const url = process.argv[2], total = Number(process.argv[3]);
const logger = new Logger(() => () => {});
const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });
const padding = 'x'.repeat(1500);

function post(body) {
	return new Promise((resolve, reject) => {
		const request = http.request(url, { method: 'POST', agent,
			headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
		(response) => { response.resume(); response.on('end', resolve); });
		request.on('error', reject);
		request.end(body);
	});
}

async function main() {
	const pgPool = new Pool({ max: 50 });
	await runMigrations({ pgPool, logger });
	await pgPool.query('TRUNCATE graphile_worker._private_jobs');
	await pgPool.query(`SELECT count(graphile_worker.add_job('post', json_build_object('id', g))) FROM generate_series(1, $1::int) g`, [total]);
	await pgPool.query('ANALYZE graphile_worker._private_jobs');
	let left = total, ready;
	const all = new Promise((resolve) => { ready = resolve; });
	const start = process.hrtime.bigint();
	const runner = await run({
		pgPool, logger, concurrency: 100, noHandleSignals: true,
		taskList: { post: async (job) => { await post(JSON.stringify({ ...job, padding })); if (--left === 0) ready(); } },
		preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0 } },
	});
	await all;
	while (Number((await pgPool.query('SELECT count(*) FROM graphile_worker._private_jobs')).rows[0].count) > 0);
	console.log(Math.round(total / (Number(process.hrtime.bigint() - start) / 1e9)));
	await runner.stop();
	process.exit(0);
}
main().catch((error) => { console.error(error); process.exit(1); });
