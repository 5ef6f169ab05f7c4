# Six races, made to happen: a process stands still before a request leaves, before a carrier's answer is recorded (and goes on, or dies),
# behind what is stored, in the middle of a merge and in the middle of what is applied, and meanwhile others do what they may.
# Everybody is called once at most, each call is charged once, and nothing is left over.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPoints;

my $carrier = start_carrier();
my $node = new_real_node('main', %VoiceAgentPoints::settings);
watch_points($node);
my $tenant = create_tenant($node, 'va', 'Stopped', credits => 10000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');

sub calls_of
{
	my %n;
	$n{(split / /)[2]}++ foreach slurp_file($carrier->{witness}) =~ /^(.*)\n/mg;
	return join ' ', map { $n{$_} // 0 } @_;
}
sub start { return start_leads($node, $tenant, $_[0], account => $account, settings => {retry_attempts => 0, call_interval => 0}, start => $_[1] // 1) }
sub lead_of { return $node->safe_psql('va', "SELECT lead_id FROM voiceagent.leads WHERE tenant_id = $tenant AND phone = '$_[0]'") }
# A session that begins a transaction of the tenant with this statement, and goes on or waits.
sub session { my $psql = $node->background_psql('va'); return {psql => $psql, pid => $psql->query_safe('SELECT pg_backend_pid()')} }
sub begin
{
	my ($session, $sql) = @_;
	$session->{psql}->query_until(qr/begun/, "\\echo begun\nBEGIN; SELECT voiceagent_private.set_tenant($tenant); $sql; COMMIT;\n");
	return $session;
}
sub waits { my ($session, $name) = @_; return wait_for_sql($node, 'va', "SELECT wait_event_type FROM pg_stat_activity WHERE pid = $session->{pid}", 'Lock', $name) }
sub comes_to_its_end { my ($session) = @_; $session->{psql}->query('SELECT 1'); return $session->{psql}->quit }
sub ended
{
	my ($campaign, $name) = @_;
	# A call of an earlier campaign may have met the stop point: nobody may have been called yet.
	wait_for_sql($node, 'va', "SELECT (SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $campaign AND outcome IS NULL) + (SELECT count(*) FROM voiceagent.campaign_leads WHERE campaign_id = $campaign AND status IN ('queued', 'calling', 'retry'))", 0, $name, 120);
	is_sql($node, 'va', "SELECT count(*) FROM voiceagent.credit_holds WHERE tenant_id = $tenant AND state = 'held'", 0, '... and hold no credits');
	is_sql($node, 'va', "SELECT count(*) FROM (SELECT call_id FROM voiceagent.credit_transfers WHERE tenant_id = $tenant AND from_account = 'held' AND to_account = 'spent' GROUP BY call_id HAVING count(*) > 1) x", 0, '... none is charged twice');
}

# ---- before a request leaves, the campaign is stopped ----

my @numbers = numbers(3);
stop_at($node, 'before_send', $tenant);
my $campaign = start(\@numbers);
ok(wait_stopped($node, 'before_send', 60), 'the dialer stands still before it sends');
is(calls_of(@numbers), '0 0 0', '... and nobody is called');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.stop_campaign($campaign)");
go_on($node, 'before_send');
ended($campaign, 'the calls of a campaign that is stopped meanwhile end');
# What was claimed before the stop leaves.
is(calls_of(@numbers), '1 1 1', '... nobody is called twice');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.campaign_leads WHERE campaign_id = $campaign AND status IN ('queued', 'calling', 'retry')", 0, '... and nobody waits');

# ---- before the carrier's answer is recorded, the call ends ----

@numbers = numbers(3);
stop_at($node, 'before_record');
$campaign = start(\@numbers);
ok(wait_stopped($node, 'before_record', 60), 'the dialer stands still before it records the answers');
my $reports = "SELECT count(*) >= 3 FROM voiceagent.webhooks w WHERE w.tenant_id = $tenant AND convert_from(w.body, 'UTF8') LIKE '%end-of-call-report%' AND w.received_at > (SELECT max(created_at) FROM voiceagent.campaigns)";
wait_for_sql($node, 'va', $reports, 't', '... until the carrier has told that they ended', 120);
go_on($node, 'before_record');
ended($campaign, 'calls whose end was told before their beginning end');
is(calls_of(@numbers), '1 1 1', '... everybody is called once');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.campaign_id = $campaign AND a.state <> 'accepted'", 0, '... by a dial that the carrier took');

# ---- before the carrier's answer is recorded, the dialer dies ----

@numbers = numbers(3);
stop_at($node, 'before_record');
$campaign = start(\@numbers);
ok(wait_stopped($node, 'before_record', 60), 'the dialer stands still before it records the answers');
my ($dialer) = worker_pids($node, 'voiceagent dialer');
kill 9, $dialer;
wait_gone($dialer);
unlink $node->data_dir . '/voiceagent/stop.before_record';
wait_workers($node, '... and dies');
ended($campaign, 'calls whose answers died with it end');
is(calls_of(@numbers), '1 1 1', '... everybody is called once');

# ---- behind what is stored, the gateway dies ----

@numbers = numbers(3);
stop_at($node, 'after_store');
$campaign = start(\@numbers);
ok(wait_stopped($node, 'after_store', 60), 'the gateway stands still behind what it has stored');
my ($gateway) = worker_pids($node, 'voiceagent gateway');
kill 9, $gateway;
wait_gone($gateway);
unlink $node->data_dir . '/voiceagent/stop.after_store';
wait_workers($node, '... and dies');
ended($campaign, 'calls of which the carrier tells once more end');
is(calls_of(@numbers), '1 1 1', '... everybody is called once');

# ---- in the middle of a merge, their campaign starts ----

@numbers = numbers(2);
$campaign = start(\@numbers, 0);
my ($one, $two) = map { lead_of($_) } @numbers;
$node->safe_psql('va', q{SELECT points.mark('leads_are_locked', 'voiceagent.merge_leads', $$> v_campaigns := voiceagent_private.lock_merge(ARRAY[keep, gone], '{}');$$)});
my ($holder, $merger, $starter) = map { session() } 1 .. 3;
$holder->{psql}->query_safe("SELECT points.hold('leads_are_locked', $tenant)");
begin($merger, "SELECT voiceagent.merge_leads($one, $two)");
waits($merger, 'a merge stands still behind its locks');
begin($starter, "SELECT voiceagent.start_campaign($campaign)");
waits($starter, '... their campaign is started, which waits');
is(calls_of(@numbers), '0 0', '... and neither of the two is called');
$holder->{psql}->query_safe("SELECT points.go('leads_are_locked', $tenant)");
comes_to_its_end($_) foreach $merger, $starter, $holder;
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant AND lead_id IN ($one, $two)", 1, '... they are one person');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $campaign", 'completed', '... whose campaign ends', 120);
ended($campaign, '... and whose call ends');
is(calls_of(@numbers), '1 0', '... who is called once, by the number of the lead that stays');

is_witnessed($node, $carrier, 'the carrier');

# ---- in the middle of what is applied, the person is erased ----

@numbers = numbers(1);
stop_at($node, 'mid_apply', $tenant);
$campaign = start(\@numbers);
ok(wait_stopped($node, 'mid_apply', 60), 'webhooks are applied, and the process stands still');
my $lead = lead_of($numbers[0]);
forget_references($node);
my $eraser = begin(session(), "SELECT voiceagent.erase_lead($lead, 'asked')");
waits($eraser, '... the person asks to be erased, which waits');
go_on($node, 'mid_apply');
comes_to_its_end($eraser);
ended($campaign, 'the call of a person that is erased meanwhile ends');
is(calls_of(@numbers), '1', '... who was called once');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant AND lead_id = $lead", 0, '... and is erased', 120);

is_well($node, 'after all that');
$node->stop;
done_testing();
