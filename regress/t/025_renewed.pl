# Somebody's snapshot keeps every row that our queues have had.  Then the keeper writes them anew: the dead rows are gone, whoever
# looks, also by that snapshot, finds what waits, by every index, and replication has nothing to tell.  A table that the snapshot
# has looked at stays as it is, and nobody waits for it.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', wal_level => 'logical', autovacuum => 'off');
my $tenant = create_tenant($node, 'va', 'Held');
wait_workers($node, 'the workers run');
$node->safe_psql('va', 'CREATE PUBLICATION told FOR ALL TABLES');
$node->safe_psql('va', q{SELECT pg_create_logical_replication_slot('told', 'test_decoding')});

my $rows = q{SELECT string_agg(s::text, ' ' ORDER BY s.first_call_id) FROM voiceagent_private.sends s};
my $by_key = "SET enable_seqscan = off; SET enable_bitmapscan = off; SELECT s.lease_until FROM voiceagent_private.sends s WHERE s.tenant_id = $tenant AND s.first_call_id = 7002";
# Claims whose requests are on their way for a year, among thousands that are over.
sub wear
{
	my ($table, $from) = @_;
	$node->safe_psql('va', $table eq 'sends' ? qq{
		INSERT INTO voiceagent_private.sends (tenant_id, first_call_id, lease_until, call_ids)
		SELECT $tenant, $from + n, now() + interval '1 year' + n * interval '1 hour', ARRAY[$from + n] FROM generate_series(1, 9000) n;
		DELETE FROM voiceagent_private.sends WHERE first_call_id % 1000 > 3 AND first_call_id > $from} : qq{
		INSERT INTO voiceagent_private.calls_to_follow (tenant_id, call_id, due_at) SELECT $tenant, n, now() + interval '1 year' FROM generate_series(1, 9000) n;
		DELETE FROM voiceagent_private.calls_to_follow WHERE call_id > 5});
	# Transactions that the snapshot may not see.
	$node->safe_psql('va', q{DO $$ BEGIN FOR i IN 1..700 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$});
	return;
}

sub file { return $node->safe_psql('va', "SELECT pg_relation_filenode('voiceagent_private.$_[0]')") }
# Something for the keeper to do, until this is true.
sub until_true
{
	my ($true, $name) = @_;
	wait_for_sql($node, 'va', "SELECT $true FROM voiceagent_private.request_job('check_rules', voiceagent.clock())", 't', $name) and return;
	diag(join("\n", (grep { /anew|ERROR|WARNING/ } split /\n/, slurp_file($node->logfile))[0 .. 19]) . $node->safe_psql('va', q{
		SELECT to_jsonb(j) FROM voiceagent_private.maintenance_jobs j WHERE job = 'check_rules'; SELECT pid, xact_start, state, query, wait_event FROM pg_stat_activity;
		SELECT relname, n_live_tup, n_dead_tup FROM pg_stat_all_tables WHERE relname IN ('sends', 'calls_to_follow')}));
	die;
}

# ----- nobody looks back: that is vacuum's
wear('sends', 0);
my $before = file('sends');
my $ran = $node->safe_psql('va', q{SELECT ran_at FROM voiceagent_private.maintenance_jobs WHERE job = 'check_rules'});
$node->safe_psql('va', q{VACUUM voiceagent_private.sends; SELECT voiceagent_private.request_job('check_rules', voiceagent.clock())});
wait_for_sql($node, 'va', "SELECT ran_at IS DISTINCT FROM nullif('$ran', '')::timestamptz FROM voiceagent_private.maintenance_jobs WHERE job = 'check_rules'", 't', 'the keeper works');
is(file('sends'), $before, 'what vacuum has done is let be');
$node->safe_psql('va', 'DELETE FROM voiceagent_private.sends; VACUUM voiceagent_private.sends');

# ----- a stranger's snapshot, of before all that follows
my $stranger = $node->background_psql('va');
$stranger->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class');
my $watcher = $node->background_psql('va');
$watcher->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM voiceagent_private.calls_to_follow');
# The keeper may look at any time: not before all has been noted.
my $keeps = $node->background_psql('va');
$keeps->query_safe('BEGIN; LOCK TABLE voiceagent_private.sends IN ACCESS SHARE MODE');
wear('sends', 7000);
wear('calls_to_follow');
my $there = $node->safe_psql('va', $rows);
my $size = $node->safe_psql('va', q{SELECT pg_total_relation_size('voiceagent_private.sends')});
$node->safe_psql('va', q{SELECT count(*) FROM pg_logical_slot_get_changes('told', NULL, NULL)});
my $watched = file('calls_to_follow');
$before = file('sends');
$keeps->query_safe('COMMIT');
$keeps->quit;
until_true("pg_relation_filenode('voiceagent_private.sends') <> $before", 'a queue with many dead rows is written anew');

is($node->safe_psql('va', $rows), $there, 'the rows are those that were there');
like($there, qr/7002/, '... some');
cmp_ok($node->safe_psql('va', q{SELECT pg_total_relation_size('voiceagent_private.sends')}), '<', $size / 10, '... in a small file');
is($node->safe_psql('va', $by_key), $node->safe_psql('va', "SELECT lease_until FROM voiceagent_private.sends WHERE first_call_id = 7002"), '... and are found by their key');
my ($status, $out, $err) = $node->psql('va', "INSERT INTO voiceagent_private.sends (tenant_id, first_call_id, lease_until, call_ids) VALUES ($tenant, 7002, now(), '{7002}')");
like($err, qr/duplicate key/, '... of which there is one');
is($stranger->query_safe($rows), $there, 'whoever looks by the old snapshot finds what waits now');
is($node->safe_psql('va', q{SELECT count(*) FROM pg_logical_slot_get_changes('told', NULL, NULL) WHERE data LIKE '%private.sends%'}), 0, 'replication has nothing to tell');
$node->safe_psql('va', "UPDATE voiceagent_private.sends SET lease_until = lease_until + interval '1 day' WHERE first_call_id = 7002; DELETE FROM voiceagent_private.sends WHERE first_call_id = 7003");
is($node->safe_psql('va', $rows) eq $there, '', 'its rows change');
is($stranger->query_safe($rows), $there, '... and the old snapshot does not see it');

# ----- a table that a snapshot has looked at
is(file('calls_to_follow'), $watched, 'a table that somebody has looked at stays as it is');
is($watcher->query_safe('SELECT count(*) FROM voiceagent_private.calls_to_follow'), 0, '... and is as it was for that somebody');
$watcher->quit;
until_true("pg_relation_filenode('voiceagent_private.calls_to_follow') <> $watched", '... until that is over');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent_private.calls_to_follow'), 5, '... with its rows');
$stranger->quit;
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent_private.maintenance_jobs WHERE failures > 0"), 0, 'no job has failed');
unlike(slurp_server_log($node), qr/PANIC|TRAP|signal 11|ERROR:.*renew/, 'nothing went wrong');
done_testing();
