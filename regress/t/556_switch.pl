# A running campaign is moved from one carrier to another by one UPDATE, back again while the database crashes, and falls back
# by itself when its carrier goes down: no lead is lost, none is dialled twice.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $seed = seeded();
my %fault = ('429-percent' => 2, '500-percent' => 5, 'drop-after-accept-percent' => 5, 'garbage-percent' => 5);
my %carrier = map { $_ => start_carrier(seed => $seed, 'time-scale' => 40, %fault) } 'first', 'second';
my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 3000, 'voiceagent.http_max_in_flight' => 100);
my $tenant = create_tenant($node, 'va', 'Switches', credits => 1000000);
real_settings($node, [ values %carrier ], tenant_max_concurrent_calls => 2000, platform_max_concurrent_calls => 5000, account_max_concurrent_calls => 1000);
my %account = map { $_ => real_account($node, $tenant, $carrier{$_}, name => $_) } sort keys %carrier;
wait_workers($node, 'the workers run');

sub dials { my $count = () = slurp_file($carrier{$_[0]}{witness}) =~ /\n/g; return $count; }
sub calls
{
	my ($campaign, $account, $where) = @_;
	return $node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $campaign AND provider_account_id = $account{$account} AND " . ($where // 'true'));
}

my $live;

# As a member does: of all that a campaign has, this one column may be written.
sub switch
{
	my ($campaign, $to) = @_;
	$live = as_tenant($node, 'va', $tenant, "SELECT count(*) FROM voiceagent_private.live_calls WHERE campaign_id = $campaign; SET LOCAL ROLE voiceagent_user; UPDATE voiceagent.campaigns SET provider_account_id = $account{$to} WHERE campaign_id = $campaign");
	# A claim that began before it may still be about to commit, with calls of the old one.
	my $done = $node->safe_psql('va', 'SELECT pg_snapshot_xmax(pg_current_snapshot())');
	wait_for_sql($node, 'va', "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= '$done'::xid8", 't', 'what ran at the switch has ended');
	return $node->safe_psql('va', 'SELECT coalesce(max(call_id), 0) FROM voiceagent.calls');
}

sub each_once
{
	my ($campaign, $leads, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is_sql($node, 'va', "SELECT count(*), count(DISTINCT c.lead_id), max(c.attempt_number) FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id)
		WHERE c.campaign_id = $campaign AND a.state = 'accepted'", "$leads|$leads|1", "$name: each lead was dialled once, as its first attempt");
	return;
}

# ---- one UPDATE ----

my $n = 240;
my $campaign = start_leads($node, $tenant, [ numbers($n) ], name => 'moves', account => $account{first},
	settings => {max_concurrent_calls => 40, retry_attempts => 0, call_interval => 0.02});
ok(wait_until(sub { calls($campaign, 'first') >= 50 }), 'a campaign dials through its carrier');
my $last = switch($campaign, 'second');
cmp_ok($live, '>', 0, 'at the switch calls are live on the old one');
ok(wait_until(sub { calls($campaign, 'second', 'outcome IS NOT NULL') >= 50 }), '... and it goes on through the other');
is(calls($campaign, 'first', "call_id > $last"), 0, '... which alone has dialled since');

# ---- back again, while a backend dies ----

$last = switch($campaign, 'first');
crash_at($node, 'after_claim');
ok(wait_crash($node, 'after_claim', 60), 'the dialer dies between its claim and the carrier');
wait_for_sql($node, 'va', 'SELECT true', 't', 'the server is back');
wait_workers($node, '... with its workers', 60);
ok(wait_until(sub { calls($campaign, 'first', "call_id > $last") > 0 }), '... and dials through the first again');
is(calls($campaign, 'second', "call_id > $last"), 0, '... alone');
wait_completed($node, 'the campaign is completed', 240);
each_once($campaign, $n, 'after two switches and a crash');
is(dials('first') + dials('second'), $n, '... as the carriers know');
cmp_ok(dials($_), '>=', 30, "... the $_ had its share") foreach 'first', 'second';
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE campaign_id = $campaign AND event_type = 'campaign_switched'", 2, '... and activity() tells');
is_well($node, 'after the switches');
is_witnessed($node, [ values %carrier ], 'the carriers');

# ---- it falls back by itself ----

my $before = dials('first') + dials('second');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('account_breaker_window', '10 seconds')});
$campaign = start_leads($node, $tenant, [ numbers($n) ], name => 'falls back', account => $account{first}, start => 0,
	settings => {max_concurrent_calls => 40, retry_attempts => 0, call_interval => 0.1});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_campaign_accounts($campaign, ARRAY[$account{first}, $account{second}]); SELECT voiceagent.start_campaign($campaign)");
ok(wait_until(sub { calls($campaign, 'first') >= 30 }), 'a campaign with two carriers dials through the first');
stop_carrier($carrier{first});
wait_for_sql($node, 'va', "SELECT opened_at IS NOT NULL FROM voiceagent.provider_accounts WHERE provider_account_id = $account{first}", 't',
	'which goes down: its breaker opens');
ok(wait_until(sub { calls($campaign, 'second', 'outcome IS NOT NULL') >= 30 }), '... and the second carries on');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.status() WHERE component LIKE 'carrier account % (first)' AND state LIKE 'breaker %'
	AND last_error LIKE '%(call %'}, 1, '... status() says so, and names calls');
is_sql($node, 'va', "SELECT status_reason IS NULL FROM voiceagent.campaigns WHERE campaign_id = $campaign", 't', '... the campaign is not held back');
# A probe that meets one of the faults has the account rest again, and so may the next, until no lead is left to probe with.
push @{ $carrier{first}{arguments} }, map { ("--$_", 0) } sort keys %fault;
restart_carrier($carrier{first});
# What is left lasts until the account has rested, twice if it must; then all of them at once.
sub set_interval { return as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_campaign($campaign, '{"call_interval": $_[0]}')}); }
set_interval(1);
wait_for_sql($node, 'va', "SELECT opened_at IS NULL FROM voiceagent.provider_accounts WHERE provider_account_id = $account{first}", 't',
	'the carrier is back: a probe closes the breaker');
set_interval(0.02);
is_sql($node, 'va', q{SELECT array_agg(DISTINCT event_type ORDER BY event_type) FROM voiceagent.events WHERE event_type LIKE 'carrier_%'}, '{carrier_failing,carrier_recovered}',
	'... activity() tells both');
wait_completed($node, 'the campaign is completed', 240);
each_once($campaign, $n, 'after the outage');
is(dials('first') + dials('second') - $before, $n, '... as the carriers know');
is_well($node, 'after the outage');
is_witnessed($node, [ values %carrier ], 'the carriers');

$node->stop;
done_testing();
