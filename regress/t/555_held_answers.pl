# A transaction that holds calls over and over while carriers answer their dials: the answers that are put off, once or many
# times, are recorded, every call ends, and the process that dials ends when it is told to.
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'One', credits => 100000);
wait_workers($node, 'the workers run');
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '600')});

my $script = $node->basedir . '/hold.sql';
append_to_file($script, q{DO $$ BEGIN LOOP PERFORM FROM voiceagent.calls WHERE status = 'initiated' FOR UPDATE SKIP LOCKED; PERFORM pg_sleep(0.05); COMMIT; END LOOP; END $$;});
my $out = '';
my $holder = IPC::Run::start([ 'psql', '-XAtq', '-h', $node->host, '-p', $node->port, '-d', 'va', '-f', $script ], '>', \$out, '2>&1');
start_leads($node, $tenant, [ numbers(150) ]);
ok(wait_until(sub { $node->safe_psql('va', "SELECT count(*) FROM voiceagent.campaign_leads WHERE tenant_id = $tenant AND status IN ('queued', 'calling')") == 0 }, 240), 'every call ends');
is_sql($node, 'va', "SELECT count(*) >= 100 FROM voiceagent.attempts WHERE tenant_id = $tenant AND state = 'accepted'", 't', '... which the carrier took');
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'DO $$ BEGIN LOOP%'});
IPC::Run::finish($holder);
my ($pid) = worker_pids($node, 'voiceagent dialer');
kill('TERM', $pid);
ok(wait_until(sub { !kill(0, $pid) }, 30), 'the process that dials ends when it is told to');
wait_workers($node, '... and comes back');
well($node, 'held answers');
$node->stop;
done_testing();
