# While workers dial: start, pause, resume and stop by many sessions at once, opt-outs, and a balance that runs out. Nobody
# is dialled twice or after the opt-out is committed, nothing deadlocks, and the campaign says what it waits for.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $seed = seeded();
my $carrier = start_carrier(seed => $seed % 1000, 'delay-ms' => 20);
my $node = new_real_node('main', deadlock_timeout => '200ms');
my $tenant = create_tenant($node, 'va', 'Storms', credits => 100000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
my $second = real_account($node, $tenant, $carrier, name => 'Second');
wait_workers($node, 'the workers run');

# ---- start, pause, resume, stop, modify ----

my @campaigns = map { start_leads($node, $tenant, [ numbers(150) ], account => $account, settings => {max_concurrent_calls => 12}) } 1 .. 2;
my $script = $node->basedir . '/storm.sql';
open(my $file, '>', $script) or die $!;
print $file <<"SQL";
\\set campaign random(0, 1)
\\set what random(1, 7)
\\set calls random(5, 20)
BEGIN;
SELECT voiceagent_private.set_tenant($tenant);
SELECT set_config('storm.campaign', ('{$campaigns[0],$campaigns[1]}'::text[])[1 + :campaign], true), set_config('storm.what', :what::text, true), set_config('storm.calls', :calls::text, true);
DO \$\$
DECLARE
	v_campaign bigint := current_setting('storm.campaign');
BEGIN
	CASE current_setting('storm.what')::integer
		WHEN 1 THEN PERFORM voiceagent.pause_campaign(v_campaign);
		WHEN 2 THEN PERFORM voiceagent.resume_campaign(v_campaign);
		WHEN 3 THEN PERFORM voiceagent.stop_campaign(v_campaign);
		WHEN 4 THEN PERFORM voiceagent.start_campaign(v_campaign);
		WHEN 5 THEN PERFORM voiceagent.set_campaign_accounts(v_campaign, ARRAY[$second, $account]);
		WHEN 6 THEN UPDATE voiceagent.campaigns SET provider_account_id = CASE provider_account_id WHEN $account THEN $second ELSE $account END
			WHERE campaign_id = v_campaign;
		ELSE PERFORM voiceagent.update_campaign(v_campaign, jsonb_build_object('max_concurrent_calls', current_setting('storm.calls')));
	END CASE;
EXCEPTION WHEN SQLSTATE 'PT409' THEN
	-- What is stopped cannot be resumed, what has nobody left not be started.
	NULL;
END \$\$;
COMMIT;
SQL
close($file);
my ($stdout, $stderr) = ('', '');
my $calm = IPC::Run::run([ 'pgbench', '-n', '-c', '6', '-j', '2', '-t', '25', '--random-seed', $seed, '-f', $script, '-h', $node->host, '-p', $node->port, 'va' ],
	'>', \$stdout, '2>', \$stderr);
ok($calm, 'six sessions start, pause, resume, stop, switch and modify two campaigns: no error, no deadlock') or diag(substr($stderr, 0, 2000));
like($stdout, qr{actually processed: 150/150}, '... every one of them');
ok(start_storm_again($_), "campaign $_ is taken up again") foreach @campaigns;
wait_completed($node, '... and completes by itself');
is_well($node, 'after the storm');
is_witnessed($node, $carrier, 'the carrier');
unlike(slurp_server_log($node), qr/deadlock detected/, 'no worker met a deadlock either');

sub start_storm_again
{
	my ($campaign) = @_;
	my ($status, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant) IS NULL; SELECT voiceagent.start_campaign($campaign); COMMIT");
	# It may have completed, or lost all its leads to a stop.
	return 1 if $status == 0 || $err =~ /has no leads to call/ && $node->safe_psql('va', "UPDATE voiceagent.campaigns SET status = 'completed', ended_at = now() WHERE campaign_id = $campaign AND status = 'stopped' RETURNING 1") ne 'x';
	diag($err);
	return 0;
}

# ---- opt-outs while the campaign dials ----

my @numbers = numbers(120);
my $campaign = start_leads($node, $tenant, \@numbers, account => $account, settings => {max_concurrent_calls => 6});
my %calls_at_opt_out;
foreach (1 .. 25)
{
	my $number = $numbers[ int(rand(@numbers)) ];
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.do_not_call('$number', 'asked by letter')");
	# Committed: what is there now is all there may ever be.
	$calls_at_opt_out{$number} //= $node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls WHERE phone = '$number'");
}
wait_completed($node, 'a campaign whose leads opt out one by one completes by itself');
my @late = grep { $node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls WHERE phone = '$_'") != $calls_at_opt_out{$_} } sort keys %calls_at_opt_out;
is("@late", '', 'no dial after the commit of do_not_call()');
cmp_ok(scalar(grep { $_ == 0 } values %calls_at_opt_out), '>', 0, '... which spared some every call');
is_well($node, 'after opt-outs');
is_witnessed($node, $carrier, 'the carrier');

# ---- credits run out, and come ----

my $poor = create_tenant($node, 'va', 'Poor', credits => 0.5);
my $poor_account = real_account($node, $poor, $carrier);
my $poor_campaign = start_leads($node, $poor, [ numbers(30) ], account => $poor_account, settings => {retry_attempts => 0});
wait_for_sql($node, 'va', "SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = $poor_campaign", 'running|out of credits', 'a campaign that is out of credits says so');
is_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.campaign_leads WHERE campaign_id = $poor_campaign AND status IN ('queued', 'retry')", 't', '... and keeps its leads');
is_sql($node, 'va', "SELECT min(balance) >= 0 FROM voiceagent.credit_accounts WHERE tenant_id = $poor AND account <> 'funding'", 't', '... nothing is overdrawn');
$node->safe_psql('va', "SELECT voiceagent.adjust_credits($poor, 100, 'paid')");
wait_completed($node, 'a top-up lets it go on by itself, and complete');
is_sql($node, 'va', "SELECT status_reason FROM voiceagent.campaigns WHERE campaign_id = $poor_campaign", '', '... with nothing left to say');
is_well($node, 'after the top-up');
is_witnessed($node, $carrier, 'the carrier');

$node->stop;
done_testing();
