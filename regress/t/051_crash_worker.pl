# A worker, or the backend that launches, dies at any moment: no lead is dialled twice (the carriers' own records are the
# witnesses), nothing is lost, the ledger adds up, and the workers are back at once (DESIGN 3, invariants 1, 3, 4, 5).
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

# ---- named points, each while calls of both carriers are on their way ----

foreach my $point ('after_claim', 'before_send', 'after_send', 'before_record', 'before_store', 'after_store', 'mid_apply', 'sandbox_accepted')
{
	my @campaigns = map { start_leads($node, $tenant, [ numbers(12) ], start => 0, account => $_) } $account, undef;
	crash_at($node, $point);
	try_psql($node, "BEGIN; SELECT voiceagent_private.act_for($tenant) IS NULL; SELECT voiceagent.start_campaign($_); COMMIT") foreach @campaigns;
	ok(wait_crash($node), "a worker dies at $point");
	my $since = time;
	wait_workers($node, "... and the workers are back after $point", 60);
	note(sprintf('back after %.1f s', time - $since));
	ok(start_until($node, $tenant, @campaigns), '... and work');
}
wait_completed($node, 'after crashes at every named point every campaign completes by itself');
is_well($node, 'after crashes at every named point');
is_witnessed($node, $carrier, 'the real carrier');
is_witnessed($node, undef, 'the sandbox');
is_sql($node, 'va', q{SELECT count(*) > 0 FROM voiceagent.attempts WHERE state = 'accepted' AND http_status IS NULL}, 't',
	'calls whose answer was lost were found at the carrier');

# ---- kill -9 at random moments ----

foreach my $round (1 .. 3)
{
	my $real = start_leads($node, $tenant, [ numbers(15) ], account => $account);
	start_leads($node, $tenant, [ numbers(15) ]);
	sleep rand(1.5);
	my $kind = (qw(outbound inbound sandbox))[ int(rand(3)) ];
	my ($pid) = worker_pids($node, "voiceagent $kind");
	ok(!defined $pid || kill9($pid), "round $round: kill -9 of $kind");
	wait_workers($node, '... and the workers are back', 60);
}
wait_completed($node, 'after kills at random moments every campaign completes by itself');
is_well($node, 'after kills at random moments');
is_witnessed($node, $carrier, 'the real carrier');
is_witnessed($node, undef, 'the sandbox');

# ---- the backend that launches ----

my $dialled = () = slurp_file($carrier->{witness}) =~ /\n/g;
foreach my $how ('in its transaction', 'at its commit')
{
	my $draft = start_leads($node, $tenant, [ numbers(50) ], account => $account, start => 0);
	my ($in, $out, $err) = ('', '', '');
	my $session = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('va') ], '<', \$in, '>', \$out, '2>', \$err, IPC::Run::timeout(120));
	$in .= "BEGIN; SELECT 'pid', pg_backend_pid(); SELECT voiceagent_private.act_for($tenant) IS NULL; SELECT voiceagent.start_campaign($draft);\n";
	$session->pump until $out =~ /running/;
	my ($pid) = $out =~ /pid\|(\d+)/;
	if ($how eq 'in its transaction')
	{
		ok(kill9($pid), "kill -9 of a backend that launches, $how");
	}
	else
	{
		# Whether it has committed or not is all the same, as long as it is one of the two.
		$in .= "COMMIT;\n";
		$session->pump_nb;
		ok(1, "kill -9 of a backend that launches, $how");
		kill 'KILL', $pid;
	}
	eval { $session->kill_kill };
	wait_workers($node, '... and the workers are back', 60);
	my ($status, $queued) = split /\|/, $node->safe_psql('va', qq{SELECT status,
		(SELECT count(*) FROM voiceagent.campaign_leads m WHERE m.campaign_id = c.campaign_id AND m.status <> 'pending')
		FROM voiceagent.campaigns c WHERE campaign_id = $draft});
	if ($how eq 'in its transaction')
	{
		is("$status $queued", 'draft 0', '... nothing of the launch is left');
	}
	else
	{
		ok("$status $queued" eq 'draft 0' || ($status ne 'draft' && $queued == 50), '... all of the launch or nothing') or diag("$status $queued");
	}
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.start_campaign($draft)") if $status eq 'draft';
}
wait_completed($node, 'a campaign that is launched again completes');
is_well($node, 'after kills of launching backends');
is_witnessed($node, $carrier, 'the real carrier');

# ---- the launcher of workers; and a stop with calls on their way ----

start_leads($node, $tenant, [ numbers(40) ], account => $account);
my ($launcher) = worker_pids($node, 'voiceagent launcher');
ok(kill9($launcher), 'kill -9 of the launcher');
wait_workers($node, '... and the workers are back', 60);
start_leads($node, $tenant, [ numbers(40) ], account => $account);
$node->restart;
wait_workers($node, 'a restart in the middle of a campaign', 60);
wait_completed($node, '... every campaign completes by itself');
is_well($node, 'after a restart');
is_witnessed($node, $carrier, 'the real carrier');
is_witnessed($node, undef, 'the sandbox');

$node->stop;
done_testing();
