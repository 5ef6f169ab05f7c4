# Sequences by the workers: calls, texts, tasks and webhooks follow by themselves, in time; whoever is killed when, each step is taken
# once; a tenant with thousands that are due does not keep another's waiting; where nothing is due nothing is asked.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $seed = seeded();
my $node = new_node('main', autovacuum => 'off', log_statement => 'none', restart_after_crash => 'on');
my ($tenant, $other) = map { create_tenant($node, 'va', $_, credits => 10000) } qw(Sequences Other);
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000'), voiceagent.set_setting('calling_hours', '{"start": "00:00", "end": "24:00"}')});
# While there are none of these, which is what the planner will believe to the end.
$node->safe_psql('va', 'VACUUM ANALYZE');
wait_workers($node, 'the workers run');
sub own { return as_tenant($node, 'va', $tenant, $_[0]) }
sub published { my ($of, $steps) = @_; return as_tenant($node, 'va', $of, "SELECT voiceagent.create_sequence('s', '$steps') AS s \\gset\nSELECT :s + 0 * voiceagent.publish_sequence(:s)") }
sub enrol { my ($of, $sequence, $where) = @_; return as_tenant($node, 'va', $of, "SELECT voiceagent.enrol_leads($sequence, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = $of AND $where ORDER BY lead_id))") }
sub leads
{
	my ($of, $n, $area) = @_;
	return as_tenant($node, 'va', $of, "INSERT INTO voiceagent.leads (tenant_id, phone, first_name, timezones, country, region, created_at)
		SELECT $of, '+1$area' || lpad(i::text, 7, '0'), 'Lead', '{America/New_York}', 'US', 'US-NY', voiceagent.clock() FROM generate_series(5550000, 5549999 + $n) i");
}

# ---- a call, what came of it, and what follows ----

my $campaign = start_leads($node, $tenant, [ numbers(1) ]);
my $sequence = published($tenant, qq{[{"do": "call", "campaign_id": $campaign}, {"do": "task", "note": "Called {{first_name}}"}, {"do": "webhook"}]});
own(q{SELECT voiceagent.add_lead('+12125550190', 'Ada')});
is(enrol($tenant, $sequence, q{first_name = 'Ada'}), 1, 'a lead is enrolled');
wait_for_sql($node, 'va', "SELECT state, step FROM voiceagent.sequence_enrolments WHERE sequence_id = $sequence", 'done|3', '... and goes through, when its call has ended', 60);
is_sql($node, 'va', "SELECT bool_and(ended_at < (SELECT created_at FROM voiceagent.tasks)) FROM voiceagent.calls WHERE campaign_id = $campaign AND phone = '+12125550190'", 't',
	'... which was called by the campaign, before the task was made');
is_sql($node, 'va', 'SELECT note FROM voiceagent.tasks', 'Called Ada', '... with its name');

# ---- a campaign that nobody has started ----

my $draft = own(q{SELECT voiceagent.create_campaign('Draft', min(assistant_id)) FROM voiceagent.assistants});
my $into = published($tenant, qq{[{"do": "call", "campaign_id": $draft}]});
is(enrol($tenant, $into, q{first_name = 'Ada'}), 1, 'a lead is enrolled, whose campaign is a draft');
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.sequence_enrolments WHERE sequence_id = $into", 'listening', '... and stands there', 60);
is(own(q{SELECT what FROM voiceagent.waiting WHERE kind = 'campaign'}), 'Draft: leads are brought into it, and it is a draft', '... which waits for a person, who is told');
own("SELECT voiceagent.unenrol_leads($into, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE first_name = 'Ada'))");

# ---- texts, and a reply ----

my $number = own(qq{INSERT INTO voiceagent.phone_numbers (tenant_id, phone_number, provider_account_id, state, proof, country, timezone, is_primary, created_at)
	SELECT $tenant, '+12135550100', min(provider_account_id), 'ready', 'tenant', 'US', 'UTC', true, voiceagent.clock() FROM voiceagent.provider_accounts WHERE tenant_id = $tenant RETURNING phone_number_id});
own("SELECT voiceagent.set_text_sender($number, '10dlc')");
my $zone = VoiceAgentFaults::awake_zone();
my %lead = map { $_ => own("SELECT voiceagent.add_lead('+1212555018$_', 'Texted', timezone := '$zone', region := 'US-DC')") } 1 .. 3;
own("SELECT voiceagent.record_consent($lead{$_}, 'text', 'form', 'Acme may text me.')") foreach 1, 2;
my $texts = published($tenant, q{[{"do": "text", "text": "Hello {{first_name}}"}, {"do": "wait", "for": [], "within": "1 hour"}, {"do": "text", "text": "Still there?"}]});
is(enrol($tenant, $texts, q{first_name = 'Texted'}), 3, 'three are enrolled');
sub states { my ($of, $expected, $name) = @_; return wait_for_sql($node, 'va', "SELECT string_agg(concat_ws(' ', step, state, reason), ', ' ORDER BY lead_id) FROM voiceagent.sequence_enrolments WHERE sequence_id = $of", $expected, $name, 60) }
states($texts, '2 listening, 2 listening, 1 stopped refused: no recorded consent to get texts', '... who may be written to is');
wait_for_sql($node, 'va', "SELECT string_agg(DISTINCT status, ' ' ORDER BY status) FROM voiceagent.texts WHERE tenant_id = $tenant", 'refused sent', '... by the carrier');
own("SELECT voiceagent.sandbox_text($number, '+12125550181', 'When can you come?')");
states($texts, '2 stopped replied, 2 listening, 1 stopped refused: no recorded consent to get texts', '... and a reply ends it, at once');
own("SELECT voiceagent.sandbox_text($number, '+12125550182', 'Leave me alone, please stop calling me')");
states($texts, '2 stopped replied, 2 stopped replied, 1 stopped refused: no recorded consent to get texts', '... as an opt-out does');

# ---- nothing is due ----

my $idle = published($tenant, '[{"do": "webhook", "after": "1 hour"}]');
is(enrol($tenant, $idle, q{first_name = 'Ada'}), 1, 'a step is due in an hour');
sub commits { return $node->safe_psql('va', "SELECT commits FROM voiceagent_private.worker_status() WHERE kind = 'keeper'") }
my ($before, $silent, $until) = (commits(), 0, deadline(60));
until ($silent || $until->())
{
	sleep 3;
	my $now = commits();
	$silent = $now eq $before;
	$before = $now;
}
ok($silent, '... until then the keeper asks nothing for seconds');

# ---- thousands that are due, and another tenant's one; and a keeper that is killed ----

my $n = 3000;
leads($tenant, $n, '305');
leads($other, 1, '305');
my $steps = '[{"do": "webhook"}, {"do": "condition", "if": {"replied": true}, "else": "w"}, {"do": "task"}, {"do": "wait", "name": "w", "within": "0 seconds"}, {"do": "task", "kind": "call_back"}, {"do": "webhook"}]';
my ($many, $one) = map { published($_, $steps) } $tenant, $other;
is(enrol($tenant, $many, q{phone LIKE '+1305%'}), $n, 'thousands are enrolled');
is(enrol($other, $one, 'true'), 1, '... and one of another tenant');
# Whoever kills a worker so has the server recover: it is asked again until it answers.
sub asked { my ($sql) = @_; my $until = deadline(60); my ($status, $out) = (1); ($status, $out) = $node->psql('va', $sql) while $status && !$until->(); return $out }
sub left { return asked("SELECT count(*) FROM voiceagent.sequence_enrolments WHERE sequence_id = $many AND ended_at IS NULL") }
my ($first, $kills) = (undef, 0);
$until = deadline(300);
while (left() > 0 && !$until->())
{
	$first //= left() if asked("SELECT state FROM voiceagent.sequence_enrolments WHERE sequence_id = $one") eq 'done';
	sleep 0.2 + rand(0.7);
	next if $kills >= 4;
	my $pid = asked(q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'voiceagent keeper'}) or next;
	kill9($pid) and $kills++;
}
is(left(), 0, "all of them go through, though the keeper is killed $kills times (seed $seed)");
cmp_ok($first // 0, '>', 0, '... and the other tenant\'s before them');
is_sql($node, 'va', "SELECT count(*), count(DISTINCT (enrolment_id, f.step)) FROM voiceagent.sequence_effects f JOIN voiceagent.sequence_enrolments e USING (tenant_id, enrolment_id) WHERE sequence_id = $many",
	join('|', (5 * $n) x 2), '... each step taken once');
is_sql($node, 'va', "SELECT count(*), count(DISTINCT lead_id) FROM voiceagent.tasks WHERE tenant_id = $tenant AND kind = 'call_back'", "$n|$n", '... a task each');
is_sql($node, 'va', "SELECT count(*), count(DISTINCT lead_id) FROM voiceagent.events WHERE tenant_id = $tenant AND event_type = 'sequence_step' AND event_data ->> 'sequence_id' = '$many'", join('|', 2 * $n, $n), '... two webhooks each');
cmp_ok(own("SELECT voiceagent.enrol_listed_leads($many) IS NOT NULL \\g /dev/null\nSELECT sum(idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname = 'sequence_enrolments'"),
	'<', 10 * $n, 'who was in it is looked up lead by lead');
my $none = published($tenant, $steps);
cmp_ok(own("SELECT voiceagent.enrol_listed_leads($none, outcome := 'voicemail') \\g /dev/null\nSELECT sum(idx_scan) FROM pg_stat_xact_user_tables WHERE relname = 'campaign_leads'"),
	'>=', $n, '... and so is how the last call of each ended, where no campaign is named: not in a list of all calls');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'all that must hold holds');
done_testing();
