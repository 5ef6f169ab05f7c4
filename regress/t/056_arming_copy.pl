# A copy does not dial: an account that is not armed, a driven clock, a restored dump, a copied data directory, a standby and
# its promotion leave the real carrier's record as it is, while their sandbox works.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentMemory;

my $carrier = start_carrier();
my $node = new_real_node('main', allows_streaming => 1, wal_level => 'replica', max_wal_senders => 5);
my $tenant = create_tenant($node, 'va', 'Copies', credits => 10000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier, armed => 0);
wait_workers($node, 'the workers run');

sub dials { my $count = () = slurp_file($carrier->{witness}) =~ /\n/g; return $count }

# A campaign on the sandbox shows that whoever does not dial is awake.
sub sandbox_works
{
	my ($server, $database, $name) = @_;
	my $campaign = as_tenant($server, $database, $tenant, q{
		SELECT voiceagent.create_campaign('Rehearsal ' || gen_random_uuid(), (SELECT min(assistant_id) FROM voiceagent.assistants),
			settings => '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}')});
	my ($number) = numbers(1);
	as_tenant($server, $database, $tenant, "SELECT voiceagent.add_lead(phone => '$number', first_name => 'Lead', campaign_id => $campaign)");
	as_tenant($server, $database, $tenant, "SELECT voiceagent.start_campaign($campaign)");
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return wait_for_sql($server, $database, "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $campaign", 'completed', $name, 180);
}

my $real = start_leads($node, $tenant, [ numbers(20) ], account => $account, settings => {max_concurrent_calls => 3, retry_attempts => 0});
my $left = "SELECT count(*) > 0 FROM voiceagent_private.call_queue WHERE campaign_id = $real";
sandbox_works($node, 'va', 'an account that is not armed: the sandbox works');
is(dials(), 0, '... and the real carrier is not asked');

# The cluster is armed for another account of the tenant: this one still waits.
my $second = real_account($node, $tenant, $carrier, name => 'Armed');
sandbox_works($node, 'va', 'an armed cluster: the sandbox works');
is(dials(), 0, '... and an account that is not armed itself does not dial');

# With a driven clock.
$node->safe_psql('postgres', q{ALTER SYSTEM SET voiceagent.clock_offset = '1s'});
$node->restart;
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed');
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'Real')");
sandbox_works($node, 'va', 'a driven clock: the sandbox works');
is(dials(), 0, '... and nobody is dialled');

# Copies of this moment, when everything is ready to dial.
$node->backup('base');
my $dump = $node->basedir . '/dump.sql';
$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('va') ], 'dumped');
$node->stop;
my $copied = $node->data_dir . '_copied';
system('cp', '-a', $node->data_dir, $copied) == 0 or die 'cp';

# The data directory, copied while the server was down, started in another place.
my $copy = PostgreSQL::Test::Cluster->new('copy');
mkdir($copy->basedir) if !-d $copy->basedir;
rename($copied, $copy->data_dir) or die "rename: $!";
my $free = PostgreSQL::Test::Cluster::get_free_port();
$copy->append_conf('postgresql.conf', "port = @{[$copy->port]}\nvoiceagent.gateway_port = $free\nvoiceagent.clock_offset = 0\nunix_socket_directories = '@{[$copy->host]}'");
$copy->append_conf('postgresql.auto.conf', 'voiceagent.clock_offset = 0');
$copy->start;
wait_for_sql($copy, 'va', 'SELECT voiceagent_private.arming()', 'armed_for_another_data_directory', 'a copied data directory is not armed');
sandbox_works($copy, 'va', '... its sandbox works');
is_sql($copy, 'va', $left, 't', '... people wait to be dialled');
is(dials(), 0, '... and nobody is');
my (undef, undef, $err) = $copy->psql('va', "SELECT voiceagent.arm($account, 'Real')");
like($err, qr/cannot be used/, '... nor can it be armed with the same file');
$copy->stop;

# The same copy put where the original was: another directory under the same name.
my $original = $node->data_dir;
rename($original, "${original}_aside") or die "rename: $!";
system('cp', '-a', "${original}_aside", $original) == 0 or die 'cp';
$node->append_conf('postgresql.auto.conf', 'voiceagent.clock_offset = 0');
$node->start;
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed_for_another_data_directory', 'a copy in the same place is not armed');
sandbox_works($node, 'va', '... its sandbox works');
is(dials(), 0, '... and nobody is dialled');
$node->stop;
system('rm', '-rf', $original);
rename("${original}_aside", $original) or die "rename: $!";

# A standby, and its promotion.
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->append_conf('postgresql.conf', "voiceagent.gateway_port = $free");
$standby->append_conf('postgresql.auto.conf', 'voiceagent.clock_offset = 0');
$standby->start;
wait_for_sql($standby, 'va', 'SELECT voiceagent_private.arming()', 'standby', 'a standby is not armed');
is_sql($standby, 'va', $left, 't', '... though people wait');
$standby->promote;
wait_for_sql($standby, 'va', 'SELECT voiceagent_private.arming()', 'armed_for_another_data_directory', '... nor when it is promoted');
sandbox_works($standby, 'va', '... its sandbox works');
is(dials(), 0, '... and nobody is dialled');
$standby->stop;

# The original, with its own clock, dials; a restored dump beside it does not.
$node->append_conf('postgresql.auto.conf', 'voiceagent.clock_offset = 1');
$node->start;
$node->safe_psql('postgres', q{CREATE DATABASE restored TEMPLATE template0 ENCODING 'UTF8'});
$node->safe_psql('postgres', "ALTER DATABASE restored SET voiceagent.gateway_port = 0");
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('restored') ], 'restored');
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.pause_campaign($real); COMMIT");
$node->safe_psql('postgres', q{ALTER SYSTEM SET voiceagent.clock_offset = 0});
$node->restart;
wait_for_sql($node, 'restored', 'SELECT voiceagent_private.arming()', 'database_not_armed', 'a restored dump is not armed');
sandbox_works($node, 'restored', '... its sandbox works');
is_sql($node, 'restored', $left, 't', '... people wait to be dialled');
is(dials(), 0, '... and nobody is');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.resume_campaign($real)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $real", 'completed', 'the original dials', 180);
is(dials(), 20, '... everybody once');
is_well($node, 'the original');
is_witnessed($node, $carrier, 'the carrier');

$node->stop;
done_testing();
