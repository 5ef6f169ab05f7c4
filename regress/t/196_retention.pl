# Retention beside dialling: what nobody keeps goes by itself, a month at a time or row by row, while a campaign runs; a
# reader of an old month stops no dial, and the month goes when the reader has.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', autovacuum => 'off');
my $long = create_tenant($node, 'va', 'Keeps as long as the platform', credits => 5000);
my $short = create_tenant($node, 'va', 'Keeps less', credits => 5000);
wait_workers($node, 'the workers run');

# ---- old rows: a month that is long over, and for the second tenant calls that have ended then ----

my $slot = $node->safe_psql('va', q{SELECT voiceagent_private.month_slot(voiceagent.clock() - interval '5 months')});
my $partition = sprintf 'voiceagent_private.conversations_%02d', $slot;
$node->safe_psql('va', qq{
	INSERT INTO $partition (tenant_id, call_id, month_slot, turns)
	SELECT $long, 1000000 + i, $slot, jsonb_build_array(jsonb_build_object('turn', 1, 'speaker', 'customer', 'text', 'Old words, ' || i))
	FROM generate_series(1, 150000) i});
my $calls = 3000;
$node->safe_psql('va', qq{
	SET session_replication_role = replica;
	INSERT INTO voiceagent.calls (tenant_id, campaign_id, lead_id, phone, assistant_id, assistant_version, campaign_version,
		provider_account_id, attempt_number, status, outcome, transcript, recording_url, credits, started_at, ended_at)
	SELECT $short, 1, 1, '+12125550100', 1, 1, 1, 1, 1, 'completed', 'completed', 'Old words', 'https://carrier.example/' || i, 0,
		voiceagent.clock() - interval '5 months', voiceagent.clock() - interval '5 months' FROM generate_series(1, $calls) i;
	INSERT INTO $partition (tenant_id, call_id, month_slot, turns)
	SELECT $short, c.call_id, $slot, '[{"turn": 1, "speaker": "customer", "text": "Old words"}]' FROM voiceagent.calls c});
my $last = $node->safe_psql('va', 'SELECT max(call_id) FROM voiceagent.calls');
sub size_of { return $node->safe_psql('va', "SELECT pg_relation_size('$partition')") }
my $full = size_of();
cmp_ok($full, '>', 1e7, 'an old month is full');

# ---- a reader in the way, a campaign beside it ----

my $reader = $node->background_psql('va');
$reader->query_safe("BEGIN; SELECT count(*) FROM $partition");
$node->safe_psql('va', q{SELECT voiceagent.set_setting('retention_transcripts', '60 days')});
as_tenant($node, 'va', $short, q{SELECT voiceagent.set_setting('retention_transcripts', '30 days'), voiceagent.set_setting('retention_recordings', '30 days')});
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
my $csv = join('', "phone\n", map { sprintf "+1 212 %03d %04d\n", 600 + $_ % 90, 1000 + $_ } 1 .. 60);
my $campaign = as_tenant($node, 'va', $short, qq{
	SELECT rows_imported AS imported FROM voiceagent.import_leads(\$csv\$$csv\$csv\$) \\gset
	SELECT voiceagent.create_campaign('Beside', voiceagent.create_assistant('Ann', 'Hello.', 'Sell heat pumps.'),
		settings => '{"max_concurrent_calls": 60, "call_interval": 0, "retry_attempts": 0, "breaker_failure_rate": 0}')});
my $began = $node->safe_psql('va', 'SELECT voiceagent.clock()');
as_tenant($node, 'va', $short, "SELECT voiceagent.add_leads($campaign); SELECT voiceagent.start_campaign($campaign)");
$node->safe_psql('va', qq{SELECT voiceagent_private.request_job(d, voiceagent.clock()) FROM unnest('{empty_months,begin_retention,retain_rows}'::text[]) d;
	UPDATE voiceagent_private.retention_marks SET next_at = '-infinity'});
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $campaign", 'completed', 'a campaign completes meanwhile', 120);
wait_for_sql($node, 'va', "SELECT count(transcript) + count(recording_url) FROM voiceagent.calls WHERE tenant_id = $short AND call_id <= $last", 0, 'old calls lose their words and recordings', 120);
wait_for_sql($node, 'va', "SELECT count(*) FROM $partition WHERE tenant_id = $short", 0, 'the turns of who keeps less go row by row', 60);
is_sql($node, 'va', "SELECT count(*) FROM $partition WHERE tenant_id = $long", 150000, '... and nobody else\'s');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $short AND call_id > $last AND transcript IS NULL AND duration_seconds > 0", 0, '... nor those of today');
is(size_of(), $full, 'a month that somebody reads is left alone');
is_sql($node, 'va', q{SELECT job FROM voiceagent_private.maintenance_jobs WHERE failures > 0}, '', '... which is no failure');
is_sql($node, 'va', "SELECT count(*) FROM pg_locks WHERE NOT granted", 0, '... and nobody waits behind it');

# ---- the reader stays for more than a day ----

my $reader_pid = $reader->query_safe('SELECT pg_backend_pid()');
my $status = q{SELECT pid || ' ' || state FROM voiceagent.status() WHERE component = 'retention'};
my $broken = q{SELECT detail FROM voiceagent.invariants() WHERE invariant LIKE '%month%'};
is_sql($node, 'va', $status, '', 'for an hour it is no news');
$node->safe_psql('va', q{UPDATE voiceagent_private.busy_months SET first_failed_at = first_failed_at - interval '23 hours'});
like($node->safe_psql('va', $status), qr/^$reader_pid month slot $slot of transcripts .* read by process $reader_pid \(\w+\)$/, 'then status() names the process that reads it');
$node->safe_psql('va', q{SELECT voiceagent_private.request_job('empty_months', voiceagent.clock())});
wait_for_sql($node, 'va', q{SELECT ran_at > voiceagent.clock() - interval '5 seconds' AND requested_at IS NULL FROM voiceagent_private.maintenance_jobs WHERE job = 'empty_months'}, 't', 'it is tried again');
is_sql($node, 'va', "SELECT count(*) FROM $partition", 150000, '... and within the first day nothing goes row by row');
is_sql($node, 'va', $broken, '', '... nor is an invariant violated');
$node->safe_psql('va', q{UPDATE voiceagent_private.busy_months SET first_failed_at = first_failed_at - interval '2 hours'});
like($node->safe_psql('va', $broken), qr/month slot $slot of transcripts .* process $reader_pid/, 'after a day it is one, and names the process');
$node->safe_psql('va', q{SELECT voiceagent_private.request_job('empty_months', voiceagent.clock())});
wait_for_sql($node, 'va', "SELECT count(*) FROM $partition", 0, '... and the month goes row by row', 120);
is(size_of(), $full, '... beside the reader');
is_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.call_turns WHERE tenant_id = $short", 't', '... and this month is as it was');

# ---- the reader goes ----

$reader->query_safe('COMMIT');
$reader->quit;
$node->safe_psql('va', q{SELECT voiceagent_private.request_job('empty_months', voiceagent.clock())});
wait_for_sql($node, 'va', "SELECT pg_relation_size('$partition')", 0, 'then the month is emptied whole');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.busy_months', 0, '... and is held up by nobody');
is_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.call_turns WHERE tenant_id = $short", 't', '... and this month is as it was');
$node->safe_psql('va', "DELETE FROM voiceagent.calls WHERE call_id <= $last");
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');

# ---- a person is forgotten while being called, by the worker itself ----

as_tenant($node, 'va', $short, q{SELECT voiceagent.set_setting('sandbox_time_scale', '60')});
my $second = as_tenant($node, 'va', $short, q{
	SELECT voiceagent.create_campaign('Erase', voiceagent.create_assistant('Bea', 'Hello.', 'Sell.'), settings => '{"call_interval": 0}')});
my $lead = as_tenant($node, 'va', $short, "SELECT voiceagent.add_lead('+1 212 555 0100', first_name => 'Zebra', campaign_id => $second)");
as_tenant($node, 'va', $short, "SELECT voiceagent.start_campaign($second)");
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.live_calls WHERE lead_id = $lead", 1, 'a call is live');
is_as_tenant($node, 'va', $short, "SELECT voiceagent.erase_lead($lead, 'asked') ->> 'status'", 'waiting', 'its erasure waits for its end');
as_tenant($node, 'va', $short, q{SELECT voiceagent.set_setting('sandbox_time_scale', NULL)});
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.erasures WHERE lead_id = $lead", 'done', '... and is carried out then', 120);
is_sql($node, 'va', "SELECT (SELECT count(*) FROM voiceagent.leads WHERE lead_id = $lead), (SELECT count(*) FROM voiceagent.calls WHERE lead_id = $lead)", '0|0', 'nothing of the person is left');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 0, 'the inbox is empty');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.webhook_failures', 0, '... and nothing was set aside');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');

done_testing();
