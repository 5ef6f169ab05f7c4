# A long run on the sandbox: the workers' memory and descriptors do not grow, the tables that every call changes stay small
# and clean, no lease is forgotten; and when all is done, nothing happens at all.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
# What a million calls leave is more than fits into memory.
BEGIN { $ENV{DISK} = 1 if $ENV{VOICEAGENT_SOAK} }
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;
use VoiceAgentSoak;

seed();
# As a server of this work would have it: vacuum looks often.
my $node = new_node('main', log_statement => 'none', autovacuum => 'on', autovacuum_naptime => '1s', max_wal_size => '4GB', checkpoint_timeout => '30min');
$node->safe_psql('va', q{
	SELECT voiceagent.set_setting('sandbox_time_scale', '36000'), voiceagent.set_setting('tenant_max_concurrent_calls', '1000'),
		voiceagent.set_setting('platform_max_concurrent_calls', '2000'), voiceagent.set_setting('account_max_concurrent_calls', '1000')});
my @tenants = map { create_tenant($node, 'va', "Long $_", credits => 100000000) } 1 .. (long() ? 4 : 2);
foreach my $tenant (@tenants)
{
	as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('A', 'Hello', 'Be kind.')});
}
wait_workers($node, 'the workers run');
my $wanted = $ENV{CALLS} // (long() ? 1_000_000 : 300);
my $piece = long() ? 2000 : 100;

# New people, and a campaign that calls them; by import, as many come.
my $area = 200;
my $next = 2000000;

sub feed
{
	my ($tenant, $n) = (@_, $piece);
	my $from = $next;
	$next += $n;
	($area, $next) = ($area + 1, 2000000) if $next > 9_900_000;
	my $name = "'Campaign $area $from'";
	return $node->safe_psql('va', qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant) AS was \\gset
		SELECT voiceagent.create_campaign($name, (SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = $tenant), settings =>
			'{"call_interval": 0, "max_concurrent_calls": 250, "breaker_failure_rate": 0, "retry_attempts": 1, "retry_delay": 1, "retry_delay_busy": 1, "retry_delay_no_answer": 1, "retry_delay_unfinished": 1, "callback_delay": 1, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}') AS c \\gset
		SELECT count(*) FROM voiceagent.import_leads('phone,first_name,timezone' || chr(10) || (SELECT string_agg('+1' || 212 + $area % 2 * 93 || i || ',Lead,America/New_York', chr(10)) FROM generate_series($from, $from + $n - 1) i), campaign_id := :c);
		SELECT voiceagent.start_campaign(:c); COMMIT});
}

# ---- what is looked at ----

sub workers
{
	my %of;
	foreach my $kind (@worker_kinds)
	{
		my ($pid) = worker_pids($node, "voiceagent $kind", 'va');
		$of{$kind} = {pid => $pid, kb => memory_kb($pid), fds => open_sockets($pid)} if $pid;
	}
	return \%of;
}

sub calls { return $node->safe_psql('va', q{SELECT coalesce((SELECT max(call_id) FROM voiceagent.calls), 0)}) }

# Rows of these come and go with every call, however many calls there were.
my $hot = q{'call_queue', 'live_calls', 'inbox', 'lanes', 'pacing', 'claim_turns', 'ledgers', 'maintenance_jobs'};

sub tables
{
	my %of;
	foreach my $line (split /\n/, $node->safe_psql('va', "SELECT relname, n_dead_tup, pg_table_size(relid) / 1024 FROM pg_stat_user_tables WHERE relname IN ($hot)"))
	{
		my ($name, $dead, $kb) = split /\|/, $line;
		$of{$name} = {dead => $dead, kb => $kb};
	}
	return \%of;
}

# With nothing under way: how much a worker holds for calls that are is another matter than what it keeps of those that were.
# A few calls come last: webhooks that come one by one go another way than many, whose plans a worker makes when it first does.
sub at_rest
{
	my ($name) = @_;
	my $under_way = 'SELECT (SELECT count(*) FROM voiceagent_private.live_calls) + (SELECT count(*) FROM voiceagent_private.inbox)';
	wait_for_sql($node, 'va', $under_way, 0, $name, 300);
	feed($tenants[0], 10);
	wait_for_sql($node, 'va', "$under_way + (SELECT count(*) FROM voiceagent.campaigns WHERE status = 'running')", 0, '... and some more, one by one', 300);
	# REST_AFTER_S of worker.c, and a little more.
	sleep 7 if long();
	return workers();
}

sub overdue { return $node->safe_psql('va', q{SELECT coalesce(extract(epoch FROM max(voiceagent.clock() - lease_until)), 0) FROM voiceagent_private.live_calls}) }

# ---- the run ----

my $warm = long() ? ($wanted >= 500_000 ? 50_000 : $wanted / 10) : 100;
my ($before, %dead, %size, @overdue, $began_at);
my $turn = 0;
my $began = time;
my $told = $began;
my $calls = 0;
while (($calls = calls()) < $wanted && time_left())
{
	my $waiting = $node->safe_psql('va', 'SELECT count(*) FROM (SELECT FROM voiceagent_private.call_queue LIMIT 100000) q');
	feed($tenants[ $turn++ % @tenants ]) if $waiting < 2 * $piece;
	push @overdue, overdue();
	my $tables = tables();
	foreach my $name (keys %$tables)
	{
		$dead{$name} = $tables->{$name}{dead} if $tables->{$name}{dead} > ($dead{$name} // 0);
		push @{ $size{$name} }, $tables->{$name}{kb};
	}
	if (!$before && $calls >= $warm)
	{
		as_tenant($node, 'va', $_, q{SELECT voiceagent.stop_all('measured')}) foreach @tenants;
		$before = at_rest('every call comes to its end');
		# What was stopped waits in the queue, and nobody is fed while that is full. Whose last call has ended since is done.
		as_tenant($node, 'va', $_, q{SELECT voiceagent.start_campaign(campaign_id) FROM voiceagent.campaign_progress WHERE status = 'stopped' AND waiting_leads > 0}) foreach @tenants;
		$began_at = calls();
		$_ = [] foreach values %size;
	}
	if (long() && time - $told > 60)
	{
		my $now = workers();
		note(sprintf('%d s, %d calls: %s', time - $began, $calls, join(', ', map { "$_ $now->{$_}{kb} kB, $now->{$_}{fds} sockets" } @worker_kinds)));
		$told = time;
	}
	sleep(long() ? 1 : 0.2);
}
my $seconds = time - $began;
as_tenant($node, 'va', $_, q{SELECT voiceagent.stop_all('enough')}) foreach @tenants;
my $after = at_rest('every call comes to its end');
$before //= $after;
$began_at //= $calls;
cmp_ok($calls, '>', 100, "$calls calls in " . int($seconds) . ' s');
foreach my $kind (@worker_kinds)
{
	is($after->{$kind}{pid}, $before->{$kind}{pid}, "the $kind worker is the same");
	my $growth = 100 * ($after->{$kind}{kb} - $before->{$kind}{kb}) / $before->{$kind}{kb};
	# The short form has not enough calls behind it to speak of growth.
	figure(name => "long run: memory of the $kind worker", value => sprintf('%+.1f', $growth), unit => "% of $before->{$kind}{kb} kB at call $began_at", goal => '<= 5', count => $calls);
	cmp_ok($growth, '<', long() ? 25 : 100, "the $kind worker's memory does not grow without end");
	# As many as may be under way at a time, and as many that are kept for the next requests.
	cmp_ok($after->{$kind}{fds}, '<=', 600, '... nor its sockets');
	figure(name => "long run: sockets of the $kind worker", value => $after->{$kind}{fds} - $before->{$kind}{fds}, unit => "more than $before->{$kind}{fds}", goal => '<= 400', count => $calls);
}
foreach my $name (sort keys %size)
{
	my @kb = @{ $size{$name} } or next;
	# A table of a few pages has not grown when it has a few more.
	my $quarter = percentile(100, @kb[ 0 .. $#kb / 4 ], 256);
	figure(name => "long run: $name, dead rows at most", value => $dead{$name} // 0, unit => '', goal => '<= 50000', count => $calls);
	figure(name => "long run: $name, size at the end to its largest in the first quarter", value => sprintf('%.2f', $kb[-1] / $quarter), unit => "of $quarter kB", goal => '<= 1.5', count => scalar @kb);
}
my $overdue = percentile(100, @overdue);
cmp_ok($overdue, '<', long() ? 30 : 120, 'no lease is forgotten');
figure(name => 'long run: a live call past its lease, longest', value => sprintf('%.1f', $overdue), unit => 's', goal => '<= 30', count => scalar @overdue);

well($node, 'after it');
$node->stop('fast');
done_testing();
