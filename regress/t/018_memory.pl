# A worker that comes to rest gives the memory of its last burst back to the system, and sleeps on.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;

my $node = new_node('main', log_statement => 'none');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000'), voiceagent.set_setting('tenant_max_concurrent_calls', '1000'),
	voiceagent.set_setting('platform_max_concurrent_calls', '2000'), voiceagent.set_setting('account_max_concurrent_calls', '1000')});
my $tenant = create_tenant($node, 'va', 'Burst', credits => 1000000);
wait_workers($node, 'the workers run');
start_leads($node, $tenant, [ map { "+1212$_" } 2000001 .. 2003000 ], settings => {max_concurrent_calls => 1000, retry_attempts => 0});
my ($sandbox) = worker_pids($node, 'voiceagent sandbox', 'va');
# At most: it may be at rest before all that it has told is applied.
my $of_burst = 0;
ok(wait_until(sub {
	my $now = memory_kb($sandbox);
	$of_burst = $now if $now > $of_burst;
	return $node->safe_psql('va', q{SELECT string_agg(status, ',') FROM voiceagent.campaigns}) eq 'completed';
}, 300), 'a burst of calls');
# REST_AFTER_S of worker.c, and a little more: before its next look at the clock, on a machine that has time.
my $at_rest;
wait_until(sub { $at_rest = memory_kb($sandbox); return $at_rest < 0.9 * $of_burst }, 30);
cmp_ok($at_rest, '<', 0.9 * $of_burst, "the sandbox had $of_burst kB, and has $at_rest at rest");
# Its look at the clock each minute and its last count of statistics fall where they
# fall. What wakes it every few seconds leaves no window with one turn or none.
my $turns = q{SELECT turns FROM voiceagent_private.worker_status() WHERE kind = 'sandbox'};
my @woken;
for (1 .. 5)
{
	my $seen = $node->safe_psql('va', $turns);
	sleep 6;
	push @woken, $node->safe_psql('va', $turns) - $seen;
	last if $woken[-1] <= 1;
}
cmp_ok($woken[-1], '<=', 1, "... from which nothing wakes it again and again (turns in 6 s: @woken)");
is(join(' ', worker_pids($node, 'voiceagent sandbox', 'va')), $sandbox, 'it is the same one');

is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'all is well');
$node->stop('fast');
done_testing();
