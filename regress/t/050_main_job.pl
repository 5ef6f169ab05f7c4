# The main job, end to end through the workers: a CSV file becomes finished calls, appointments and a settled ledger; every
# lead is explained, and nothing is missed by whoever watches (README's promise).
use strict;
use warnings;

use JSON::PP qw(decode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $seed = seeded();
my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Main Job', credits => 5000);
my $other = create_tenant($node, 'va', 'Neighbour', credits => 10);
wait_workers($node, 'the workers run');
is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('sandbox_seed', '$seed')", '', 'the people are seeded');

# A promised callback may lie days ahead: they pass faster here.
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '14400')});

# ---- a file, with what files have ----

my @rows = ('First Name,Last Name,Phone,E-mail,Company,product');
push @rows, sprintf('Ann%d,"O\'Neil, %d",(%s) %03d-%04d,ann%d@example.com,Acme,heat pump', $_, $_, (qw(212 303 404 512 617))[ $_ % 5 ], 600 + int($_ / 5) % 90, 1000 + $_, $_)
  foreach 1 .. 300;
push @rows, 'Opt,Out,+1 212 555 0104,,,', 'No,Answer,+1 212 555 0105,,,', 'Wrong,Number,+1 212 555 0108,,,', 'Never,Call,+1 212 555 0101,,,';
push @rows, 'Bad,Number,12345,,,', 'Again,"O\'Neil",(303) 600-1001,,,', 'Formula,X,=cmd(),,,';
my $csv = join("\r\n", @rows) . "\r\n";
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.do_not_call('+12125550101', 'asked by letter')});
is_as_tenant($node, 'va', $tenant, "SELECT rows_read, rows_imported, rows_rejected, rows_duplicate, rows_do_not_call FROM voiceagent.import_leads(\$csv\$$csv\$csv\$, default_country => 'US')",
	'307|303|2|1|1', 'a CSV file is imported, what is wrong with it is counted');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.import_errors WHERE reason <> ''}, 4, '... and told');

# Some ask to be called on Monday: at the usual scale of the sandbox that can be a minute and a half away, three times over.
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
my $campaign = as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Spring', voiceagent.create_assistant('Ann', 'Hello {{first_name}}, this is Ann.', 'Sell heat pumps.'),
		settings => '{"max_concurrent_calls": 60, "call_interval": 0, "retry_attempts": 2, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}')});
is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_leads($campaign)", 303, 'its leads join a campaign');

# ---- somebody watches: a subscriber, and a reader with a cursor ----

my $channel = as_tenant($node, 'va', $tenant, 'SELECT voiceagent.subscribe()');
my ($in, $out, $err) = ('', '', '');
my $listener = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('va') ], '<', \$in, '>', \$out, '2>', \$err, IPC::Run::timeout(900));
$in .= "LISTEN \"$channel\"; SELECT 'listening';\n";
$listener->pump until $out =~ /listening/;

is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.start_campaign($campaign)", 'running', 'started');
my ($cursor, @seen, $active, $status, %pages) = (0);
# The queue comes last: what it says is then no older than the end that campaign_progress told.
my $watch = sub {
	my $sql = "SELECT 'event', cursor, event_type, call_id, lead_id FROM voiceagent.activity($cursor, 50);
		SELECT 'active', count(*) FROM voiceagent.active_calls;
		SELECT 'progress', status, total_leads = waiting_leads + calling_leads + completed_leads + failed_leads + skipped_leads, live_calls = calling_leads FROM voiceagent.campaign_progress;
		SELECT 'status', voiceagent.queue_status($campaign)";
	my $rest = '';
	foreach my $line (split /\n/, as_tenant($node, 'va', $tenant, $sql))
	{
		my ($kind, @values) = split /\|/, $line, -1;
		if ($kind eq 'event')
		{
			push @seen, join('|', @values[1 .. 3]);
			$cursor = $values[0];
		}
		$active = $values[0] if $kind eq 'active' && $values[0] > ($active // 0);
		$rest = $values[0] if $kind eq 'progress';
		$pages{$values[1]}++ if $kind eq 'progress';
		if ($kind eq 'status')
		{
			my $now = decode_json($values[0]);
			$status = $now;
			$pages{bad}++ if $now->{totalContacts} != 303 || $now->{processedContacts} + $now->{waitingContacts} + $now->{liveCalls} > 303;
		}
	}
	return $rest eq 'completed';
};
ok(wait_until($watch, 200), 'the campaign completes by itself');
is($active > 0, 1, 'active_calls showed live calls');
is($pages{f} // 0, 0, 'in every look at campaign_progress the leads add up');
is($pages{bad} // 0, 0, '... and in queue_status()');
is("$status->{totalContacts} $status->{processedContacts} $status->{waitingContacts} $status->{liveCalls}", '303 303 0 0', 'queue_status() ends with all processed');
$in .= "SELECT 'more';\n";
$listener->pump until $out =~ /more/;
# psql tells of notifications after a statement.
$in .= "SELECT 'and more';\n";
$listener->pump until $out =~ /and more/;
like($out, qr/Asynchronous notification "\Q$channel\E"/, 'the subscriber was told by NOTIFY');
$in .= "\\q\n";
$listener->finish;

# ---- nothing was missed, nothing came twice ----

wait_until(sub { $watch->(); return @seen >= $node->safe_psql('va', "SELECT count(*) FROM voiceagent.events WHERE tenant_id = $tenant") });
my @all = split /\n/, $node->safe_psql('va', "SELECT event_type, call_id, lead_id FROM voiceagent.events WHERE tenant_id = $tenant");
is(join("\n", sort @seen) eq join("\n", sort @all), 1, 'a reader with a cursor, while workers wrote, has seen every event once') or diag(scalar(@seen) . ' of ' . scalar(@all));
is_as_tenant($node, 'va', $other, 'SELECT count(*) FROM voiceagent.activity()', 0, 'the neighbour none');

# ---- what came of it ----

is_well($node, 'the end');
is_witnessed($node, undef, 'the sandbox');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FILTER (WHERE outcome = 'scheduled') >= 0.05 * count(*) FILTER (WHERE status = 'completed') AND count(*) FILTER (WHERE status = 'completed') > 50 FROM voiceagent.calls},
	't', 'at least 5 % of the answered calls book');
# Some carriers' analyses are missing or of another kind, on purpose: there the words alone tell, and a person decides.
is_as_tenant($node, 'va', $tenant, q{SELECT c.call_id, c.outcome, a.detected_by FROM voiceagent.calls c FULL JOIN voiceagent.appointments a USING (tenant_id, call_id)
	WHERE (c.outcome IS NOT DISTINCT FROM 'scheduled') <> (a.call_id IS NOT NULL) AND (c.outcome = 'completed' AND a.detected_by = '{rules}') IS NOT TRUE}, '', '... each with its appointment, and nobody else has one but who agreed in words');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) > 0 FROM voiceagent.appointments WHERE status = 'pending'}, 't', '... which waits for a person');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FILTER (WHERE ended_at > voiceagent.clock()), count(*) FILTER (WHERE answered_at < started_at OR ended_at < answered_at OR ended_at < started_at),
	count(*) FILTER (WHERE answered_at IS NOT NULL AND duration_seconds > 10) > 50 FROM voiceagent.calls}, '0|0|t', 'no call ends in the future, or before it began; people talk for a while all the same');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.call_turns t WHERE t.at > voiceagent.clock()}, 0, '... nor is anything said in the future');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FILTER (WHERE answered_at IS NULL), count(*) FILTER (WHERE answered_at IS NOT NULL) > 50 FROM voiceagent.calls WHERE recording_url IS NOT NULL}, '0|t',
	'only calls that were answered are recorded');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.calls WHERE status <> 'completed' AND credits <> 0}, 0, 'no charge for a call that was not answered');
is_as_tenant($node, 'va', $tenant, q{SELECT (SELECT sum(credits) FROM voiceagent.calls) = b.posted, available + posted = 5000, held = 0 FROM voiceagent.credit_balance b}, 't|t|t',
	'what was charged is what is missing');
is_as_tenant($node, 'va', $tenant, q{SELECT max(n), max(n) FILTER (WHERE phone = '+12125550105') FROM (SELECT o.phone, count(*) FILTER (WHERE o.before IS DISTINCT FROM 'callback') AS n FROM (
	SELECT l.phone, lag(c.outcome) OVER (PARTITION BY l.lead_id ORDER BY c.call_id) AS before FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id)) o GROUP BY 1) x}, '3|3',
	'no lead was dialled more often than retry_attempts + 1, promised call backs apart');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.calls WHERE phone = '+12125550101'}, 0, 'nobody on the list was dialled');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) > 0, count(*) FILTER (WHERE later) FROM (SELECT EXISTS (SELECT FROM voiceagent.calls n WHERE n.phone = c.phone AND n.call_id > c.call_id) AS later
	FROM voiceagent.calls c WHERE c.outcome = 'do_not_call') x}, 't|0', 'whoever opted out was not dialled again');
is_as_tenant($node, 'va', $tenant, q{SELECT m.status, m.reason, l.status FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE l.phone = '+12125550104'}, 'skipped|do_not_call|do_not_call',
	'... and is on the list');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.campaign_leads m WHERE NOT EXISTS (SELECT FROM voiceagent.explain_lead(m.lead_id) e WHERE e.what IN ('ended', 'lead_failed', 'lead_skipped'))}, 0,
	'explain_lead() tells of each');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.calls c WHERE c.status = 'completed' AND NOT EXISTS (SELECT FROM voiceagent.call_turns t WHERE t.call_id = c.call_id)}, 0, 'each answered call has its turns');
is_as_tenant($node, 'va', $tenant, q{SELECT p.status, p.total_leads, p.percent_done, p.calls = (SELECT count(*) FROM voiceagent.calls), p.credits_spent = (SELECT sum(credits) FROM voiceagent.calls) FROM voiceagent.campaign_progress p},
	'completed|303|100.0|t|t', 'campaign_progress agrees');
is_sql($node, 'va', q{SELECT voiceagent.health() ->> 'ok'}, 'true', 'health() is well');

# ---- launch: all or nothing, and idempotent ----

# The leads are named once: those that the first launch has called may opt out before the second.
my $leads = as_tenant($node, 'va', $tenant, q{SELECT ARRAY(SELECT lead_id FROM voiceagent.leads WHERE status <> 'do_not_call' ORDER BY 1 LIMIT 20)});
my $launch = qq{SELECT (voiceagent.launch_campaign('$leads', (SELECT min(assistant_id) FROM voiceagent.assistants), 'Again', 'key-1') ->> 'campaign_id')};
my ($first, $second) = map { as_tenant($node, 'va', $tenant, $launch) } 1 .. 2;
is($first, $second, 'a launch with the same key is the same campaign');

$node->stop;
done_testing();
