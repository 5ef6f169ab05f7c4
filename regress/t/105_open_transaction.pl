# A tenant keeps a transaction open in which it has called all that it can: no other tenant waits for it, nor does a
# worker for longer than a moment; and its own calls lose nothing by it.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

my $keys = PostgreSQL::Test::Utils::tempdir();
foreach my $name ('jwt', 'vault')
{
	append_to_file("$keys/$name", $name eq 'jwt' ? 'ca' x 32 : 'fe' x 32);
	chmod 0600, "$keys/$name";
}
my $node = new_node('main', 'voiceagent.launcher' => 'off', 'voiceagent.jwt_secret_file' => "$keys/jwt", 'voiceagent.vault_key_file' => "$keys/vault", restart_after_crash => 'on');

# ----- every function, by two tenants, whose tables hold a row each
$node->safe_psql('va', slurp_file('regress/lib/sql_fuzz.sql'));
$node->safe_psql('va', 'SELECT fuzz.prepare()');
foreach my $of ('own', 'other')
{
	fill_every_table($node, 'va', $node->safe_psql('va', "SELECT $of FROM fuzz.tenant"));
}
$node->safe_psql('va', 'SELECT fuzz.read_ids()');

# A session that stays in its transaction behind these statements, until release().
sub hold
{
	my ($user, $sql) = @_;
	my $script = $node->basedir . "/hold.sql";
	my $said = $node->basedir . "/held";
	unlink $said, $script;
	append_to_file($script, "\\set ON_ERROR_ROLLBACK on\nBEGIN;\n$sql;\n\\! echo held >> $said\nSELECT pg_sleep(300)\n");
	my $holder = { out => '' };
	$holder->{run} = IPC::Run::start([ 'psql', '-XAtq', '-h', $node->host, '-p', $node->port, '-U', $user, '-d', 'va', '-f', $script ], '>', \$holder->{out}, '2>&1');
	my $until = time + 60;
	sleep 0.05 while !-e $said && time < $until && $holder->{run}->pumpable;
	ok(-e $said, "$user holds what it has") or diag($holder->{out});
	return $holder;
}

sub release
{
	my ($holder) = @_;
	$node->safe_psql('postgres', q{SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(300)'});
	IPC::Run::finish($holder->{run});
	return;
}

my $superuser = $node->safe_psql('va', 'SELECT current_user');
my $holder = hold($superuser, 'CREATE TABLE fuzz.calls AS SELECT * FROM fuzz.call_all(\'fuzz_user\')');
my $waited = $node->safe_psql('va', q{SET fuzz.of = 'other'; SET lock_timeout = '2s'; CREATE TABLE fuzz.calls_of_other AS SELECT * FROM fuzz.call_all('fuzz_other');
	SELECT call FROM fuzz.calls_of_other WHERE state IN ('55P03', '40P01')});
is($waited, '', 'no function of another tenant waits');
is_sql($node, 'va', q{SELECT count(*) FILTER (WHERE state = 'ok') > 40 AND count(*) > 80 FROM fuzz.calls_of_other}, 't', '... and many of them succeed')
  or diag($node->safe_psql('va', 'SELECT state, count(*) FROM fuzz.calls_of_other GROUP BY 1'));
# It can fail: a table of one row that all tenants change.
$node->safe_psql('va', q{CREATE TABLE fuzz.shared (n int); INSERT INTO fuzz.shared VALUES (1);
	CREATE FUNCTION voiceagent.broken() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'UPDATE fuzz.shared SET n = n + 1'; GRANT EXECUTE ON FUNCTION voiceagent.broken TO voiceagent_user;
	INSERT INTO fuzz.function SELECT 1000, 'user', 'fuzz_user', 'voiceagent.broken'::regproc, false});
release($holder);
$holder = hold($superuser, 'SELECT count(*) FROM fuzz.call_all(\'fuzz_user\')');
is($node->safe_psql('va', q{SET fuzz.of = 'other'; SET lock_timeout = '1s'; SELECT count(*) FROM fuzz.call_all('fuzz_other') WHERE state = '55P03' AND call LIKE '%broken%'}), 1, 'what waits is seen');
release($holder);
drop_database($node, 'va');
create_database($node, 'va');
$node->append_conf('postgresql.conf', 'voiceagent.launcher = on');
$node->reload;

# ----- the workers
my ($one, $other) = map { create_tenant($node, 'va', $_, credits => 100000) } 'One', 'Other';
wait_workers($node, 'the workers run');
$node->safe_psql('va', "CREATE ROLE one LOGIN; SELECT voiceagent.map_role('one', $one)");
as_tenant($node, 'va', $one, q{SELECT voiceagent.set_setting('sandbox_time_scale', '30')});

# What a tenant can lock while its calls are under way; the second holds leads, but not the tenant's lock.
my %held = (
	'all that it has' => q{SELECT voiceagent.tag_leads((SELECT array_agg(lead_id) FROM voiceagent.leads), '{vip}');
		SELECT count(voiceagent.update_lead(lead_id, '{"company": "x"}')) FROM voiceagent.leads;
		SELECT count(voiceagent.do_not_call(phone, 'x')) FROM (SELECT phone FROM voiceagent.leads LIMIT 3) l;
		SELECT count(voiceagent.record_consent(lead_id, 'call', 'x', 'y')) FROM voiceagent.leads;
		SELECT count(voiceagent.add_leads(campaign_id)) FROM voiceagent.campaigns;
		SELECT count(voiceagent.update_campaign(campaign_id, '{"max_concurrent_calls": 7}')) FROM voiceagent.campaigns;
		SELECT count(voiceagent.pause_campaign(campaign_id)), count(voiceagent.resume_campaign(campaign_id)) FROM voiceagent.campaigns;
		SELECT voiceagent.stop_all('x')},
	'its leads' => q{SELECT count(voiceagent.update_lead(lead_id, '{"company": "x"}')) FROM voiceagent.leads});
foreach my $what (sort keys %held)
{
	start_leads($node, $one, [ numbers(20) ]);
	wait_for_sql($node, 'va', "SELECT count(*) >= 5 FROM voiceagent_private.live_calls WHERE tenant_id = $one", 't', "$what: calls of the one are under way");
	my $log = -s $node->logfile;
	$holder = hold('one', $held{$what});
	# A worker that comes back must not wait either.
	kill('TERM', map { worker_pids($node, "voiceagent $_") } 'dialer', 'requests', 'keeper') if $what eq 'its leads';
	sleep 1;
	start_leads($node, $other, [ numbers(12) ]);
	ok(wait_until(sub { $node->safe_psql('va', "SELECT bool_and(status NOT IN ('pending', 'queued', 'calling')) FROM voiceagent.campaign_leads WHERE tenant_id = $other") eq 't' }), '... the other\'s are dialled, and their results come in');
	is_sql($node, 'va', q{SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(300)'}, 1, '... while it is held');
	release($holder);
	ok(wait_until(sub { $node->safe_psql('va', "SELECT count(*) FROM voiceagent_private.live_calls WHERE tenant_id = $one") == 0 && $node->safe_psql('va', "SELECT count(*) FROM voiceagent.campaign_leads WHERE tenant_id = $one AND status IN ('queued', 'calling')") == 0 }, 120), '... and let go, the one\'s calls end, too');
	is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.webhook_failures', 0, '... and no webhook was given up');
	well($node, $what);
}
$node->stop;
done_testing();
