# The same webhooks ten times, shuffled, through the real gateway: the same final database as in order, once (DESIGN 3,
# invariants 3 and 4).
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;
use List::Util qw(shuffle);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $seed = seeded();
my $carrier = start_carrier(seed => $seed % 1000, 'no-webhooks' => undef);
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Replay', credits => 5000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');

# ---- the starting database: calls that the carrier has taken, and of which nothing was told yet ----

# Every kind of end, and numbers that follow the mix.  No retry falls due while the test looks.
my @numbers = ((map { sprintf('+1%s555%04d', 212, $_) } 100 .. 109, 116, 118, 119, 120), numbers(40));
my $campaign = start_leads($node, $tenant, \@numbers, account => $account, settings => {max_call_duration => '1 hour', retry_attempts => 1,
	map { $_ => '20 days' } qw(retry_delay retry_delay_busy retry_delay_no_answer callback_delay)});
my $count = @numbers;
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.attempts WHERE state = 'accepted' AND provider_call_id IS NOT NULL}, $count, 'all calls are taken');
$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.launcher = off');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type IN ('voiceagent inbound', 'voiceagent outbound', 'voiceagent sandbox')}, 0, 'the workers stop');

# What the carrier would tell of each call, from what it answers when it is asked.
my $http = HTTP::Tiny->new(timeout => 20, default_headers => {authorization => "Bearer $carrier->{key}"});
my $json = JSON::PP->new->canonical;
my (@in_order, %calls);
my $at = int(time * 1000);
foreach my $row (map { [ split /\|/ ] } split /\n/, $node->safe_psql('va', 'SELECT provider_call_id, reference FROM voiceagent.attempts ORDER BY attempt_id'))
{
	my ($id) = @$row;
	my $call;
	wait_until(sub { $call = $json->decode($http->get("$carrier->{url}/call/$id")->{content}); return $call->{status} eq 'ended' });
	my %common = (call => {map { $_ => $call->{$_} } grep { exists $call->{$_} } qw(id name assistantOverrides phoneNumberId customer)});
	foreach my $status ('ringing', $call->{startedAt} ? 'in-progress' : ())
	{
		push @in_order, $json->encode({message => {%common, type => 'status-update', status => $status, timestamp => ++$at}});
	}
	push @in_order, $json->encode({message => {%common, type => 'status-update', status => 'ended', endedReason => $call->{endedReason}, timestamp => ++$at}});
	push @in_order, $json->encode({message => {%common, type => 'end-of-call-report', timestamp => ++$at,
		map { $_ => $call->{$_} } grep { exists $call->{$_} } qw(endedReason startedAt endedAt cost analysis artifact messages transcript summary recordingUrl)}});
}
note(scalar(@in_order) . ' webhooks');
# From here on there are only these words: who asks the carrier gets no answer.
stop_carrier($carrier);

# ---- copies of it ----

my @databases = ('in_order', map { "shuffled$_" } 1 .. 2);
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE va") foreach @databases;
# Each has a gateway of its own, on a port that is free.
$node->safe_psql('postgres', "ALTER DATABASE $_ SET voiceagent.gateway_port = 0") foreach @databases;
$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.sandbox = off');
$node->safe_psql('postgres', 'ALTER DATABASE va RENAME TO start');
$node->safe_psql('postgres', 'ALTER DATABASE start ALLOW_CONNECTIONS false');
$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.launcher = on');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');

# Delivered as by eight connections of a carrier that sends what is not acknowledged again.
sub deliver_all
{
	my ($database, @webhooks) = @_;
	wait_for_sql($node, $database, 'SELECT voiceagent_private.gateway_address() IS NOT NULL', 't', "$database: the gateway is open");
	my $base = $node->safe_psql($database, 'SELECT voiceagent_private.gateway_address()');
	my $token = $node->safe_psql($database, "SELECT token FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account");
	my $parts = $database eq 'in_order' ? 1 : 8;
	my @children;
	foreach my $part (0 .. $parts - 1)
	{
		my $pid = fork();
		if ($pid == 0)
		{
			my $client = HTTP::Tiny->new(timeout => 60);
			my $bad = 0;
			foreach my $i (grep { $_ % $parts == $part } 0 .. $#webhooks)
			{
				my $timestamp = int(time);
				my $answer = $client->post("$base/webhooks/$token", {content => $webhooks[$i], headers => {'content-type' => 'application/json',
					'x-timestamp' => $timestamp, 'x-signature' => hmac_sha256_hex("$timestamp.$webhooks[$i]", $carrier->{secret})}});
				$bad = 1 if $answer->{status} != 200;
			}
			require POSIX;
			POSIX::_exit($bad);
		}
		push @children, $pid;
	}
	my $bad = 0;
	foreach my $pid (@children)
	{
		waitpid($pid, 0);
		$bad ||= $?;
	}
	is($bad, 0, "$database: " . scalar(@webhooks) . ' deliveries are answered with 200');
	wait_for_sql($node, $database, 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... and applied');
	return;
}

# All that matters, without the ids and times of this run.
sub final
{
	my ($database) = @_;
	return $node->safe_psql($database, q{
		SELECT 'call', l.phone, c.attempt_number, c.status, c.outcome, c.evaluation, c.cause, c.cause_class, c.duration_seconds, c.cost_usd, c.credits, c.summary, md5(c.transcript),
			c.recording_url, c.structured_data, c.answered_at, c.ended_at, h.state, h.amount, h.charged, a.state, a.provider_call_id
		FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent.attempts a USING (tenant_id, call_id)
		LEFT JOIN voiceagent.credit_holds h USING (tenant_id, call_id) ORDER BY l.phone, c.attempt_number;
		SELECT 'lead', phone, status, status_reason, qualified, call_attempts FROM voiceagent.leads ORDER BY phone;
		SELECT 'member', l.phone, m.status, m.reason, m.attempts, m.last_outcome, q.priority, q.reason, q.not_before > now() + interval '1 day' FROM voiceagent.campaign_leads m
		JOIN voiceagent.leads l USING (tenant_id, lead_id) LEFT JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) ORDER BY l.phone;
		SELECT 'turn', l.phone, t.turn, t.speaker, t.text FROM voiceagent.call_turns t JOIN voiceagent.calls c USING (tenant_id, call_id) JOIN voiceagent.leads l USING (tenant_id, lead_id) ORDER BY l.phone, t.turn;
		SELECT 'account', tenant_id, account, balance FROM voiceagent.credit_accounts ORDER BY 2, 3;
		SELECT 'transfer', l.phone, t.operation, t.from_account, t.to_account, t.amount FROM voiceagent.credit_transfers t LEFT JOIN voiceagent.calls c USING (tenant_id, call_id)
		LEFT JOIN voiceagent.leads l USING (tenant_id, lead_id) ORDER BY 2, 3, 4, 5, 6;
		SELECT 'appointment', l.phone, p.starts_at IS NOT NULL, p.ends_at - p.starts_at FROM voiceagent.appointments p JOIN voiceagent.leads l USING (tenant_id, lead_id) ORDER BY 2;
		SELECT 'listed', phone, reason, source FROM voiceagent.do_not_call_list ORDER BY phone;
		SELECT 'event', e.event_type, l.phone, count(*) FROM voiceagent.events e LEFT JOIN voiceagent.leads l USING (tenant_id, lead_id)
		WHERE e.event_type NOT IN ('call_ringing', 'call_answered') GROUP BY 2, 3 ORDER BY 2, 3;
		SELECT 'live', count(*) FROM voiceagent_private.live_calls;
		SELECT 'campaign', status, status_reason FROM voiceagent.campaigns;
		SELECT 'stored', count(*), (SELECT count(*) FROM voiceagent.webhook_failures) FROM voiceagent.webhooks WHERE source <> 'lookup'});
}

deliver_all('in_order', @in_order);
my $expected = final('in_order');
my $ended = () = $expected =~ /^call\|.*\|(?:posted|voided)\|/mg;
is($ended, $count, 'in order, once: every call has ended and is settled');
foreach my $database (grep { $_ ne 'in_order' } @databases)
{
	deliver_all($database, shuffle((@in_order) x 10));
	is_same(final($database), $expected, "$database: ten times, shuffled: the same final database");
	is_sql($node, $database, 'SELECT * FROM voiceagent.invariants()', '', '... and nothing is violated');
}

$node->stop;
done_testing();
