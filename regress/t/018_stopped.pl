# Races around a claim with voiceagent.dial_durability = standby, made to happen: the dialer stands still behind its claim, before it
# looks whether the standby has it, and meanwhile the settings are loaded anew, the dialer dies, the campaign is paused, or the standby
# is promoted without the claim.  Everybody is called once.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPoints;

my $carrier = start_carrier();
my $dir = PostgreSQL::Test::Utils::tempdir();
my $primary = new_real_node('primary', %VoiceAgentPoints::settings, allows_streaming => 1, wal_level => 'replica', max_wal_senders => 5,
	synchronous_standby_names => 'second', synchronous_commit => 'local', wal_sender_timeout => 0,
	'voiceagent.dial_durability' => 'standby', 'voiceagent.promotion_pause' => 1);
watch_points($primary);
my $tenant = create_tenant($primary, 'va', 'Stopped', credits => 10000);
real_settings($primary, $carrier);
my $account = real_account($primary, $tenant, $carrier);

sub calls_of
{
	my %n;
	$n{(split / /)[2]}++ foreach slurp_file($carrier->{witness}) =~ /^(.*)\n/mg;
	return [ map { $n{$_} // 0 } @_ ];
}

$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('second');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
my $port = PostgreSQL::Test::Cluster::get_free_port();
$standby->append_conf('postgresql.conf', "voiceagent.arming_file = '$dir/arming'\nvoiceagent.gateway_port = $port\n"
	. "voiceagent.public_base_url = 'http://127.0.0.1:$port'\nvoiceagent.dial_durability = local\nsynchronous_standby_names = ''\n");
$standby->start;
wait_for_sql($primary, 'va', 'SELECT coalesce(voiceagent_private.standby_wait(), $$flushed$$)', 'flushed', 'a standby streams');

# Leads whose dialer stands still behind its claim: the campaign and their numbers.
sub stopped_leads
{
	my ($what) = @_;
	my @numbers = numbers(4);
	stop_at($primary, 'after_claim', $tenant);
	my $campaign = start_leads($primary, $tenant, \@numbers, account => $account, settings => {retry_attempts => 0});
	ok(wait_stopped($primary, 'after_claim', 60), "$what: the dialer stands still behind its claim");
	is_deeply(calls_of(@numbers), [ 0, 0, 0, 0 ], '... and nobody is called');
	return ($campaign, @numbers);
}
my $taken_back = "SELECT count(*) > 0 FROM voiceagent.attempts WHERE tenant_id = $tenant AND error LIKE 'not-sent-in-time: no standby%'";

# ---- the settings are loaded anew ----
# They may name another standby, which the WAL senders know before the dialer does.

my (undef, @numbers) = stopped_leads('the settings are loaded anew');
is_sql($primary, 'va', $taken_back, 'f', '... no claim was taken back before');
$primary->reload;
sleep 0.5;
go_on($primary, 'after_claim');
wait_for_sql($primary, 'va', $taken_back, 't', '... its claim goes back, although the standby has it');
wait_completed($primary, '... and is made again');
is_deeply(calls_of(@numbers), [ 1, 1, 1, 1 ], '... everybody is called once');

# ---- the dialer dies ----

(undef, @numbers) = stopped_leads('the dialer dies');
my ($dialer) = split /\n/, $primary->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'voiceagent dialer' AND datname = 'va'});
go_on($primary, 'after_claim') if !kill 9, $dialer;
unlink $primary->data_dir . '/voiceagent/stop.after_claim';
wait_completed($primary, '... the next one asks the carrier');
is_deeply(calls_of(@numbers), [ 1, 1, 1, 1 ], '... everybody is called once');

# ---- the campaign is paused ----

(my $campaign, @numbers) = stopped_leads('the campaign is paused');
as_tenant($primary, 'va', $tenant, "SELECT voiceagent.pause_campaign($campaign)");
go_on($primary, 'after_claim');
wait_for_sql($primary, 'va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $campaign AND outcome IS NULL", 0, '... its calls end', 120);
is_deeply(calls_of(@numbers), [ 1, 1, 1, 1 ], '... everybody is called once');

# ---- the standby is promoted without the claim ----

$primary->wait_for_catchup($standby, 'flush', $primary->lsn('flush'));
my @last = numbers(4);
my $last = start_leads($primary, $tenant, \@last, account => $account, settings => {retry_attempts => 0}, start => 0);
sub starts { my ($hours) = @_; return "SELECT voiceagent.update_campaign($last, settings => jsonb_build_object('starts_at', voiceagent.clock() + interval '$hours hours'))" }
as_tenant($primary, 'va', $tenant, starts(1) . "; SELECT voiceagent.start_campaign($last)");
$primary->wait_for_catchup($standby, 'flush', $primary->lsn('flush'));
kill 'STOP', my $sender = $primary->safe_psql('va', q{SELECT pid FROM pg_stat_replication WHERE application_name = 'second'});
stop_at($primary, 'after_claim', $tenant);
as_tenant($primary, 'va', $tenant, starts(0));
ok(wait_stopped($primary, 'after_claim', 60), 'a promotion: the dialer stands still behind a claim that the standby lacks');
$standby->promote;
wait_for_sql($standby, 'va', 'SELECT voiceagent_private.arming()', 'arming_file_missing', '... the standby is promoted');
$standby->safe_psql('va', 'SELECT voiceagent.rearm()');
as_tenant($standby, 'va', $tenant, starts(0));
wait_for_sql($standby, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $last", 'completed', '... and dials', 120);
kill 'CONT', $sender;
go_on($primary, 'after_claim');
wait_for_sql($primary, 'va', "SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'sending'", 0, 'the old primary goes on', 60);
is_deeply(calls_of(@last), [ 1, 1, 1, 1 ], '... everybody is called once');
$standby->stop('immediate');
$primary->stop('immediate');
done_testing();
