# A database that has dialled, dumped and restored in each way that there is: the same rows in every table, and what was
# under way goes on there.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

seed();
my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Restored', credits => 100000);
my $calls = long() ? 5000 : 100;
foreach (1 .. $calls / 100)
{
	start_leads($node, $tenant, [ numbers(100) ], settings => {max_concurrent_calls => 50});
}
wait_for_sql($node, 'va', 'SELECT count(*) > ' . $calls / 2 . ' FROM voiceagent.calls', 't', 'campaigns call', 600);
# As somebody dumps who wants to compare: nothing changes meanwhile.
$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.launcher = off');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ '^voiceagent (in|out|sand)'}, 0, 'the workers have stopped');
sub sums { return join("\n", sort split /\n/, table_sums($node, $_[0])) }
my $sums = sums('va');
my $tables = () = $sums =~ /\n/g;

# pg_restore -j loads without looking at foreign keys: each is asked for rows that point nowhere.
my $orphans = q{
	CREATE FUNCTION pg_temp.orphans(k pg_constraint) RETURNS bigint LANGUAGE plpgsql AS $$
	DECLARE
		v_count bigint;
	BEGIN
		EXECUTE format('SELECT count(*) FROM %s a WHERE %s AND NOT EXISTS (SELECT FROM %s b WHERE %s)', k.conrelid::regclass,
			(SELECT string_agg(format('a.%I IS NOT NULL', attname), ' AND ') FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = ANY (k.conkey)),
			k.confrelid::regclass,
			(SELECT string_agg(format('a.%I = b.%I', n.attname, f.attname), ' AND ') FROM unnest(k.conkey, k.confkey) u (near, far)
				JOIN pg_attribute n ON n.attrelid = k.conrelid AND n.attnum = u.near JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = u.far))
		INTO v_count;
		RETURN v_count;
	END $$;
	SELECT k.conrelid::regclass, k.conname FROM pg_constraint k WHERE k.contype = 'f' AND pg_temp.orphans(k) > 0};
my $dir = $node->basedir;
my %dump = (plain => [ 'pg_dump', '-f', "$dir/plain" ], custom => [ 'pg_dump', '-Fc', '-f', "$dir/custom" ],
	directory => [ 'pg_dump', '-Fd', '-j', 4, '-f', "$dir/directory" ]);
my %restore = (plain => [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/plain" ], custom => [ 'pg_restore', '-e', "$dir/custom" ],
	directory => [ 'pg_restore', '-e', '-j', 4, "$dir/directory" ]);
my $differ = 0;
foreach my $way (long() ? sort keys %dump : 'directory')
{
	$node->command_ok([ @{ $dump{$way} }, '-d', $node->connstr('va') ], "$way: dumped");
	$node->safe_psql('postgres', "CREATE DATABASE $way TEMPLATE template0 ENCODING 'UTF8'");
	$node->command_ok([ @{ $restore{$way} }, '-d', $node->connstr($way) ], "$way: restored");
	$differ++ if !is_same(sums($way), $sums, "$way: every row of every table is the same");
	is_sql($node, $way, $orphans, '', "$way: ... and points to what is there");
	well($node, $way, database => $way);
}
figure(name => 'dump and restore: ways that differ', value => $differ, unit => '', goal => '= 0', count => $tables + 1);

# On its own: what waited is dialled, by the sandbox.
drop_database($node, 'va');
$node->safe_psql('postgres', 'ALTER SYSTEM RESET voiceagent.launcher');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_sql($node, 'directory', q{SELECT string_agg(DISTINCT status, ',') FROM voiceagent.campaigns WHERE tenant_id = } . $tenant, 'completed', 'the campaigns go on to their end', 600);
well($node, 'then', database => 'directory');
$node->stop('fast');
done_testing();
