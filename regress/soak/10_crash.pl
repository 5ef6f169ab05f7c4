# kill -9 of a worker of each kind while a campaign of the sandbox runs: nothing is lost, nobody is dialled twice.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

seed();
my $node = new_node('main', restart_after_crash => 'on');
my $tenant = create_tenant($node, 'va', 'Crashes', credits => 100000);
wait_workers($node, 'the workers run');
my @recoveries;
for (my $round = 1; $round <= rounds(short => 2, long => 10) && time_left(); $round++)
{
	restart_choices($round);
	start_leads($node, $tenant, [ numbers(10) ]);
	sleep between(0, 1000) / 1000;
	my $kind = pick(qw(outbound inbound sandbox launcher));
	my ($pid) = worker_pids($node, "voiceagent $kind");
	ok(!defined $pid || kill9($pid), "round $round: kill -9 of $kind");
	my $since = time;
	wait_workers($node, '... and the workers are back', 60);
	push @recoveries, time - $since;
	well($node, "round $round");
}
figure(name => 'kill -9 of a worker: back p99', value => sprintf('%.2f', percentile(99, @recoveries)), unit => 's', goal => '<= 3', count => scalar @recoveries);
wait_completed($node, 'every campaign completes by itself');
well($node, 'at the end', lease_seconds => 0);
$node->stop;
done_testing();
