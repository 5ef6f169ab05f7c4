# The postmaster dies, at named points and at random: after the restart every call that was being sent, unknown or live is
# reconciled with its carrier; nobody is dialled twice, nothing is lost (DESIGN 3, invariants 1, 3, 4, 5).
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $seed = seeded();
my $carrier = start_carrier(seed => $seed);
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Crashes', credits => 100000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');

my @points = ('after_claim', 'before_send', 'after_send', 'before_record', 'before_store', 'after_store', 'mid_apply', 'sandbox_accepted', 'random', 'random');
foreach my $point (@points)
{
	my @campaigns = map { start_leads($node, $tenant, [ numbers(10) ], start => 0, account => $_) } $account, undef;
	my @pids = split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
	my ($postmaster) = split /\n/, slurp_file($node->data_dir . '/postmaster.pid');
	crash_at($node, "$point:postmaster") if $point ne 'random';
	try_psql($node, "BEGIN; SELECT voiceagent_private.act_for($tenant) IS NULL; SELECT voiceagent.start_campaign($_); COMMIT") foreach @campaigns;
	if ($point eq 'random')
	{
		sleep rand(1.5);
		kill 'KILL', $postmaster;
	}
	ok($point eq 'random' || wait_crash($node), "the postmaster dies: $point");
	end_processes($node, $postmaster, @pids);
	ok(start_again($node), '... the server starts again');
	wait_workers($node, '... with its workers', 60);
	ok(start_until($node, $tenant, @campaigns), '... which work');
}
wait_completed($node, 'every campaign completes by itself');
is_well($node, 'after it');
is_witnessed($node, $carrier, 'the real carrier');
is_witnessed($node, undef, 'the sandbox');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.sandbox_calls WHERE done_at IS NULL}, 0, 'the sandbox has told everything');

$node->stop;
done_testing();
