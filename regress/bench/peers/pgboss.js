// Peer of G2 and G12: pg-boss.  node pgboss.js drain N -> jobs a second (fetch and complete, four loops of 500); node pgboss.js idle
const module_ = require('pg-boss');
const PgBoss = module_.PgBoss || module_.default || module_;

async function main() {
	const [, , mode, count] = process.argv;
	const boss = new PgBoss({ max: 8, ...(mode === 'drain' ? { supervise: false, schedule: false } : {}) });
	boss.on('error', () => {});
	await boss.start();
	// A queue of its own for each run: one with jobs that are done cannot be deleted.
	const queue = `noop${process.pid}`;
	await boss.createQueue(queue);
	if (mode === 'idle') {
		await boss.work(queue, async () => {});
		return;
	}
	for (let i = 0; i < count; i += 5000)
		await boss.insert(Array.from({ length: Math.min(5000, count - i) }, (_, j) => ({ name: queue, data: { id: i + j } })));
	let n = 0;
	const began = process.hrtime.bigint();
	await Promise.all(Array.from({ length: 4 }, async () => {
		for (;;) {
			const jobs = await boss.fetch(queue, { batchSize: 500 });
			if (!jobs || !jobs.length) return;
			await boss.complete(queue, jobs.map((job) => job.id));
			n += jobs.length;
		}
	}));
	if (n < count) throw new Error(`${n} of ${count} jobs`);
	console.log(Math.round(n / (Number(process.hrtime.bigint() - began) / 1e9)));
	process.exit(0);
}
main().catch((error) => { console.error(error); process.exit(1); });
