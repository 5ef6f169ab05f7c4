# The processes of a database: each is named, a process that stands still or ends stops none of the others, and a server
# with the default number of slots has the same work done by fewer of them.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $status = q{SELECT string_agg(component || ' ' || state, ', ' ORDER BY component) FROM voiceagent.status() WHERE component = ANY ('{%s}')};
my $all_run = join ', ', map { "$_ running" } @worker_kinds;
$status = sprintf $status, join ',', @worker_kinds;
my $pids = q{SELECT count(DISTINCT pid) FROM voiceagent_private.worker_status()};

# Has the job run since?
my $job = q{SELECT ran_at > '%s' FROM voiceagent_private.maintenance_jobs WHERE job = 'expire_leads'};
sub job_runs
{
	my ($node, $name, $seconds) = @_;
	my $since = $node->safe_psql('va', 'SELECT voiceagent.clock()');
	$node->safe_psql('va', q{SELECT voiceagent_private.request_job('expire_leads', '-infinity')});
	return wait_for_sql($node, 'va', sprintf($job, $since), 't', $name, $seconds // 60);
}
sub calls_end
{
	my ($node, $tenant, $name, $seconds) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $campaign = start_leads($node, $tenant, [ numbers(5) ]);
	return wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $campaign", 'completed', $name, $seconds // 60);
}

# ---- a process for each ----

my $node = new_node('main', 'voiceagent.sandbox_port' => 0);
wait_for_sql($node, 'va', $status, $all_run, 'status() names the processes', 30);
is_sql($node, 'va', $pids, scalar @worker_kinds, '... each is one of its own');
is_sql($node, 'postgres', q{SELECT string_agg(backend_type || ' ' || application_name, ', ' ORDER BY backend_type) FROM pg_stat_activity WHERE datname = 'va' AND backend_type LIKE 'voiceagent %'},
	join(', ', map { "voiceagent $_ voiceagent $_" } @worker_kinds), '... and pg_stat_activity knows them by name');
my $tenant = create_tenant($node, 'va', 'One');
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '3600')});
calls_end($node, $tenant, 'calls are placed and end');
job_runs($node, 'what time brings is done');

my %pid = map { $_ => (worker_pids($node, "voiceagent $_", 'va'))[0] } @worker_kinds;
foreach my $still ([qw(requests keeper)], ['keeper'], ['requests'])
{
	my $what = join ' and ', @$still;
	kill 'STOP', @pid{@$still};
	calls_end($node, $tenant, "while $what stand still calls are placed, answered and settled");
	job_runs($node, '... and what time brings is done') unless grep { $_ eq 'keeper' } @$still;
	kill 'CONT', @pid{@$still};
}
kill 'STOP', $pid{dialer}, $pid{applier}, $pid{gateway};
job_runs($node, 'while nobody dials, takes webhooks or applies them what time brings is done');
my $commits = q{(SELECT commits FROM voiceagent_private.worker_status() WHERE kind = 'requests')};
my $before = $node->safe_psql('va', "SELECT $commits");
$node->safe_psql('va', q{SELECT voiceagent_private.poke('lookups')});
wait_for_sql($node, 'va', "SELECT $commits > $before", 't', '... and it is looked for calls to ask about', 30);
kill 'CONT', $pid{dialer}, $pid{applier}, $pid{gateway};

# ---- one that stands still is noticed by the others ----

sub process_state { return "SELECT state FROM voiceagent.status() WHERE component = '$_[0]'" }
$node->append_conf('postgresql.conf', 'voiceagent.standstill_after = 6');
$node->reload;
kill 'STOP', $pid{sandbox}, $pid{requests};
# Before the pokes: the server may be slow to return from them.
my $since = time;
$node->safe_psql('va', q{SELECT voiceagent_private.poke('lookups')});
$node->safe_psql('va', q{SELECT voiceagent_private.poke('dialer')});
wait_for_sql($node, 'va', process_state('requests'), 'standing_still', 'a process that has work and finishes no turn is said to stand still');
cmp_ok(time - $since, '>=', 6, '... not sooner than voiceagent.standstill_after');
is_sql($node, 'va', process_state('sandbox'), 'running', '... one without work is not');
like(slurp_server_log($node), qr/WARNING:  process "requests" of voiceagent \(PID $pid{requests}\) stands still: it has had work for \d+ s/, '... in the log');
my $told = () = slurp_server_log($node) =~ /stands still/g;
is($told, 1, '... once, though all of the others see it');
like(slurp_server_log($node), qr/HINT:  Look at what it waits for .*pg_terminate_backend\($pid{requests}\)/, '... with what to do');
is_sql($node, 'va', q{SELECT voiceagent.health() ->> 'problems' LIKE '%process requests is standing_still%'}, 't', '... and health() names it');
kill 'CONT', $pid{sandbox}, $pid{requests};
wait_for_sql($node, 'va', $status, $all_run, '... until it goes on', 30);
like(slurp_server_log($node), qr/LOG:  process "requests" of voiceagent goes on after \d+ s/, '... which the log tells');
kill 'STOP', $pid{dialer};
my $waiting = start_leads($node, $tenant, [ numbers(5) ]);
$node->safe_psql('va', q{SELECT voiceagent_private.poke('keeper')});
wait_for_sql($node, 'va', "BEGIN; DO 'BEGIN PERFORM voiceagent_private.set_tenant($tenant); END'; SELECT voiceagent.explain_campaign($waiting); COMMIT", 'process "dialer" stands still', 'a campaign that waits for such a process says so');
kill 'CONT', $pid{dialer};
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $waiting", 'completed', '... and goes on with it', 30);
$node->append_conf('postgresql.conf', 'voiceagent.standstill_after = 60');
$node->reload;

$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid{$_})") foreach ('requests', 'keeper');
wait_for_sql($node, 'va', $status, $all_run, 'processes that are ended come back', 30);
calls_end($node, $tenant, '... and calls go on');
is((worker_pids($node, 'voiceagent dialer', 'va'))[0], $pid{dialer}, '... by the dialer that was there before');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', '0', '... without a violation');
$node->stop;

# ---- the default of PostgreSQL ----

my $small = new_node('small', max_worker_processes => 8);
wait_for_sql($small, 'va', $status, $all_run, 'with eight slots every kind of work is done', 30);
is_sql($small, 'va', $pids, 4, '... by four processes');
is_sql($small, 'va', q{SELECT string_agg(DISTINCT pid::text, ' ') = (SELECT pid::text FROM voiceagent_private.worker_status() WHERE kind = 'requests')
	FROM voiceagent_private.worker_status() WHERE kind IN ('keeper', 'sandbox')}, 't', '... keeper and sandbox are the process requests');
like(slurp_server_log($small), qr/LOG:  voiceagent runs the work of keeper and sandbox in the process "requests", because max_worker_processes is 8/, '... which the log tells');
is_sql($small, 'va', 'SELECT per_database, shared, running, waiting, left_for_others FROM voiceagent.worker_slots()', '4|t|4|0|1', 'worker_slots() knows it');
is_sql($small, 'va', q{SELECT advice ~ 'with max_worker_processes = 16 and a restart' FROM voiceagent.worker_slots()}, 't', '... and what to do');
my $two = create_tenant($small, 'va', 'Two');
as_tenant($small, 'va', $two, q{SELECT voiceagent.set_setting('sandbox_time_scale', '3600')});
calls_end($small, $two, 'calls are placed and end');
job_runs($small, 'what time brings is done');
$small->safe_psql('va', 'CREATE TABLE public.many AS SELECT i FROM generate_series(1, 200000) i; ANALYZE public.many');
like($small->safe_psql('va', q{SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
	EXPLAIN (ANALYZE, COSTS off, TIMING off) SELECT count(*) FROM public.many}), qr/Workers Launched: 2/, 'and a parallel query gets its workers');

# A second database takes what there is, and none of the first's work stops.
create_database($small, 'second');
wait_for_sql($small, 'second', q{SELECT state FROM voiceagent_private.worker_status() WHERE kind = 'dialer'}, 'running', 'a second database dials', 30);
calls_end($small, $two, '... and the first one does, too');
is_sql($small, 'va', 'SELECT count(*) FROM voiceagent.invariants()', '0', '... without a violation');
$small->stop;

# ---- slots for one database, and then a second comes ----

my $grown = new_node('grown', max_worker_processes => 13);
wait_for_sql($grown, 'va', $pids, 6, 'with slots enough each has its own', 30);
create_database($grown, 'second');
wait_for_sql($grown, 'va', $pids, 4, 'a second database has them share', 30);
wait_for_sql($grown, 'va', $status, $all_run, '... every work is done', 30);
wait_for_sql($grown, 'second', $status, $all_run, '... in both', 30);
my $three = create_tenant($grown, 'va', 'Three');
as_tenant($grown, 'va', $three, q{SELECT voiceagent.set_setting('sandbox_time_scale', '3600')});
calls_end($grown, $three, '... calls are placed and end');
job_runs($grown, '... what time brings is done');
$grown->stop;
done_testing();
