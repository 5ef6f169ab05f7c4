# With voiceagent.dial_durability = standby a call is stored on a standby before its carrier is asked, whatever COMMIT
# says, so that no failover dials it once more.  DURABILITY=local shows what happens without: people are called twice.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;

my $durability = $ENV{DURABILITY} // 'standby';
my $carrier = start_carrier();
my $dir = PostgreSQL::Test::Utils::tempdir();
# Only dials wait for the standby here: what the test itself commits must not, when there is none.
my $primary = new_real_node('primary', allows_streaming => 1, wal_level => 'replica', max_wal_senders => 5,
	synchronous_standby_names => 'second', synchronous_commit => 'local', wal_sender_timeout => 0,
	'voiceagent.dial_durability' => $durability, 'voiceagent.promotion_pause' => 1);
my $tenant = create_tenant($primary, 'va', 'Durable', credits => 10000);
real_settings($primary, $carrier);
my $account = real_account($primary, $tenant, $carrier);

sub dialled { return map { (split / /)[2] } slurp_file($carrier->{witness}) =~ /^(.*)\n/mg }
sub calls_of { my %n; $n{$_}++ foreach dialled(); return \%n }

# ---- without a standby ----

my $wait = 'SELECT voiceagent_private.standby_wait()';
is_sql($primary, 'va', $wait, 'no_standby', 'no standby: no call may leave') if $durability eq 'standby';
my $first = start_leads($primary, $tenant, [ numbers(6) ], account => $account, settings => {retry_attempts => 0});
if ($durability eq 'standby')
{
	sleep 2;
	is(scalar dialled(), 0, '... and the carrier is not asked');
	is_sql($primary, 'va', q{SELECT state FROM voiceagent.status() WHERE component = 'standbys'}, 'no_standby', '... status() says why');
	is_sql($primary, 'va', 'SELECT voiceagent_private.real_carriers_wait()',
		'too few synchronous standbys are connected (voiceagent.dial_durability)', '... and so it is said of a lead that waits');
	is_sql($primary, 'va', "SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = $tenant", 0, '... and nothing was claimed for it');
	$primary->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
	start_leads($primary, $tenant, [ numbers(3) ], settings => {retry_attempts => 0});
	wait_for_sql($primary, 'va', "SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'", 3, '... while the sandbox, which calls nobody, waits for no standby');
}

# ---- with one ----

$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('second');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
my $port = PostgreSQL::Test::Cluster::get_free_port();
$standby->append_conf('postgresql.conf', "voiceagent.arming_file = '$dir/arming'\nvoiceagent.gateway_port = $port\n"
	. "voiceagent.public_base_url = 'http://127.0.0.1:$port'\nvoiceagent.promotion_pause = 3600\n"
	. "voiceagent.dial_durability = local\nsynchronous_standby_names = ''\n");
$standby->start;
wait_for_sql($primary, 'va', 'SELECT coalesce(voiceagent_private.standby_wait(), $$flushed$$)', 'flushed', 'a standby streams') if $durability eq 'standby';
wait_completed($primary, 'the calls are placed');
is(scalar dialled(), 6, '... each once');

# ---- a standby that does not flush ----

my @numbers = numbers(8);
my $second = start_leads($primary, $tenant, \@numbers, account => $account, settings => {retry_attempts => 0}, start => 0);
sub starts { my ($hours) = @_; return "SELECT voiceagent.update_campaign($second, settings => jsonb_build_object('starts_at', voiceagent.clock() + interval '$hours hours'))" }
as_tenant($primary, 'va', $tenant, starts(1) . "; SELECT voiceagent.start_campaign($second)");
$primary->wait_for_catchup($standby, 'flush', $primary->lsn('flush'));
my $sender = $primary->safe_psql('va', q{SELECT pid FROM pg_stat_replication WHERE application_name = 'second'});
kill 'STOP', $sender;
as_tenant($primary, 'va', $tenant, starts(0));
my $unsent = "SELECT count(*) > 0 FROM voiceagent.attempts WHERE tenant_id = $tenant AND error LIKE 'not-sent-in-time: no standby%'";
if ($durability eq 'standby')
{
	wait_for_sql($primary, 'va', $wait, 'standby_behind', 'a standby that flushes nothing: a claim waits in vain', 30);
	wait_for_sql($primary, 'va', $unsent, 't', '... and its attempt says why nothing was sent');
	is_sql($primary, 'va', "SELECT count(*) FROM voiceagent_private.call_queue WHERE campaign_id = $second", 8, '... and all wait in the queue again');
	is_sql($primary, 'va', "SELECT max(attempts) FROM voiceagent.campaign_leads WHERE campaign_id = $second", 0, '... not counted as tried');
}
else
{
	wait_until(sub { dialled() >= 14 });
}

# ---- a failover ----

$standby->promote;
wait_for_sql($standby, 'va', 'SELECT voiceagent_private.arming()', 'arming_file_missing', 'promoted: its own arming file is missing');
$standby->safe_psql('va', 'SELECT voiceagent.disarm()');
is_sql($standby, 'va', 'SELECT voiceagent.rearm()', 'f', '... rearm() does nothing where disarm() was the last word');
$standby->safe_psql('va', "SELECT voiceagent.arm($account, 'Real')");
is_sql($standby, 'va', 'SELECT voiceagent.rearm()', 't', '... and arms what was armed');
wait_for_sql($standby, 'va', 'SELECT voiceagent_private.arming()', 'just_promoted', '... armed, it waits until the old primary has surely ended');
as_tenant($standby, 'va', $tenant, starts(0));
sleep 2;
is(scalar dialled(), $durability eq 'standby' ? 6 : 14, '... and asks nobody');
$standby->append_conf('postgresql.conf', 'voiceagent.promotion_pause = 1');
$standby->reload;
wait_for_sql($standby, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $second", 'completed', '... and it dials', 120);
is_deeply([ map { calls_of()->{$_} // 0 } @numbers ], [ map { 1 } @numbers ], 'everybody is called once');
# The old primary goes on, and knows nothing of it.
kill 'CONT', $sender;
wait_for_sql($primary, 'va', $wait, 'no_standby', 'the old primary has no standby any more') if $durability eq 'standby';
sleep 2;
is_deeply([ map { calls_of()->{$_} // 0 } @numbers ], [ map { 1 } @numbers ], '... and calls nobody');
$standby->stop('immediate');
$primary->stop('immediate');
done_testing();
