// Peer of G2, G3, G5, G6: graphile-worker with its local queue.
//
//   node graphile.js drain N noop|whole          N jobs that do nothing, or what whole.sql does -> jobs a second
//   node graphile.js drain N post|wholepost URL  ... each posts a request as large as ours      -> jobs a second
//   node graphile.js idle                        until it is killed
//   node graphile.js work URL                    posts whatever comes, until it is killed
const http = require('http');
const { Pool } = require('pg');
const { run, runMigrations, Logger } = require('graphile-worker');

const [, , mode, count, task, target] = process.argv;
const url = mode === 'work' ? count : target;
const total = Number(count);
const logger = new Logger(() => () => {});
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(process.env.IN_FLIGHT || 200) });
const padding = 'x'.repeat(1500);
const pgPool = new Pool({ max: 50 });
pgPool.on('error', () => {});
pgPool.on('connect', (client) => client.on('error', () => {}));

function post(body) {
	return new Promise((resolve, reject) => {
		const request = http.request(url, { method: 'POST', agent,
			headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
		(response) => {
			const chunks = [];
			response.on('data', (chunk) => chunks.push(chunk));
			response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks)).id));
		});
		request.on('error', reject);
		request.end(body);
	});
}
const place = async (job) => (await pgPool.query({ name: 'place', text: 'SELECT whole.place($1) AS id', values: [job.id] })).rows[0].id;
const placed = (id, carrier) => pgPool.query({ name: 'placed', text: 'SELECT whole.placed($1, $2)', values: [id, carrier] });
const tasks = {
	noop: async () => {},
	whole: async (job) => { const id = await place(job); await placed(id, `c${id}`); },
	post: (job) => post(JSON.stringify({ ...job, padding })),
	wholepost: async (job) => { const id = await place(job); await placed(id, await post(JSON.stringify({ ...job, padding }))); },
};
const start = (taskList, preset = {}) => run({ pgPool, logger, concurrency: Number(process.env.IN_FLIGHT || (url ? 100 : 24)), noHandleSignals: true, taskList,
	preset: { worker: preset } });

async function drain() {
	await runMigrations({ pgPool, logger });
	await pgPool.query('TRUNCATE graphile_worker._private_jobs');
	await pgPool.query(`SELECT count(graphile_worker.add_job($2, json_build_object('id', g))) FROM generate_series(1, $1::int) g`, [total, task]);
	await pgPool.query('ANALYZE graphile_worker._private_jobs');
	let left = total, ready;
	const all = new Promise((resolve) => { ready = resolve; });
	const began = process.hrtime.bigint();
	const runner = await start({ [task]: async (job) => { await tasks[task](job); if (--left === 0) ready(); } },
		{ localQueue: { size: Number(process.env.IN_FLIGHT || 500) }, completeJobBatchDelay: 0, failJobBatchDelay: 0 });
	await all;
	while (Number((await pgPool.query('SELECT count(*) FROM graphile_worker._private_jobs')).rows[0].count) > 0);
	console.log(Math.round(total / (Number(process.hrtime.bigint() - began) / 1e9)));
	await runner.stop();
	process.exit(0);
}

({ drain, work: () => start({ post: tasks.post }), idle: async () => { await runMigrations({ pgPool, logger }); await start({ noop: async () => {} }); } })[mode]()
	.catch((error) => { console.error(error); process.exit(1); });
