// Peer of G2: graphile-worker drains N jobs that do nothing, with its local queue.  node queue.js N -> jobs a second
const { Pool } = require('pg');
const { run, runMigrations, Logger } = require('graphile-worker');

const total = Number(process.argv[2]);
const logger = new Logger(() => () => {});

async function main() {
	const pgPool = new Pool({ max: 30 });
	await runMigrations({ pgPool, logger });
	await pgPool.query('TRUNCATE graphile_worker._private_jobs');
	await pgPool.query(`SELECT count(graphile_worker.add_job('noop', json_build_object('id', g))) FROM generate_series(1, $1::int) g`, [total]);
	await pgPool.query('ANALYZE graphile_worker._private_jobs');
	let left = total, ready;
	const all = new Promise((resolve) => { ready = resolve; });
	const start = process.hrtime.bigint();
	const runner = await run({
		pgPool, logger, concurrency: 24, noHandleSignals: true,
		taskList: { noop: async () => { if (--left === 0) ready(); } },
		preset: { worker: { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
	});
	await all;
	while (Number((await pgPool.query('SELECT count(*) FROM graphile_worker._private_jobs')).rows[0].count) > 0);
	console.log(Math.round(total / (Number(process.hrtime.bigint() - start) / 1e9)));
	await runner.stop();
	process.exit(0);
}
main().catch((error) => { console.error(error); process.exit(1); });
