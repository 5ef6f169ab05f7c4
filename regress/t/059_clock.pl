# A clock that was ahead by a month and is set back: campaigns with hours dial on the day that it is now, at once; nothing
# that was written meanwhile is lost; and a campaign that cannot start holds up neither lanes nor other starts.  Whoever holds
# a row of a tenant while the clock is set back keeps that tenant's waits where they are until then, and nothing else.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

# Friday, 11:00 in New York, within the hours; and the evening of a Tuesday of the next month but one.
my $node = new_node('main');
sub set_clock
{
	my ($to) = @_;
	my $offset = $node->safe_psql('postgres', "SELECT round(extract(epoch FROM timestamptz '$to' - clock_timestamp()))");
	$node->safe_psql('postgres', "ALTER SYSTEM SET voiceagent.clock_offset = '$offset s'");
	$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
	return;
}
my $today = '2027-06-18 15:00+00';
my $ahead = '2027-08-03 21:00+00';
set_clock($today);

my $tenant = create_tenant($node, 'va', 'Clock', credits => 5000);
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
sub to_campaign
{
	my ($name, $leads, $settings) = @_;
	my $csv = join('', "phone\n", map { "+1 212 555 01$_\n" } @$leads);
	return qq{
		SELECT batch_id FROM voiceagent.import_leads(\$csv\$$csv\$csv\$) \\g /dev/null
		SELECT voiceagent.create_campaign('$name', voiceagent.create_assistant('Ann', 'Hello.', 'Sell heat pumps.'),
			settings => '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "10:00", "end": "13:00"}}'::jsonb || '$settings') AS campaign \\gset
		SELECT voiceagent.add_leads(:campaign, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE right(phone, 2) = ANY ('{@{[join ',', @$leads]}}'))) \\g /dev/null
		SELECT voiceagent.start_campaign(:campaign) \\g /dev/null
		SELECT :campaign};
}
sub campaign { return as_tenant($node, 'va', $tenant, to_campaign(@_)); }
sub status { return "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $_[0]" }

# ---- it runs at its time, and does not when the clock is ahead ----

my $first = campaign('Today', ['00'], '{}');
wait_for_sql($node, 'va', status($first), 'completed', 'a campaign runs within its hours');
set_clock($ahead);
my $second = campaign('Ahead', ['01', '02'], '{}');
is_sql($node, 'va', "SELECT bool_and(opens_at > '2027-08-04') FROM voiceagent_private.lanes WHERE campaign_id = $second", 't', 'with the clock ahead it waits for another day');
my $events = $node->safe_psql('va', "SELECT count(*) FROM voiceagent.events WHERE at > '2027-08-01'");
cmp_ok($events, '>', 0, '... and writes into another month');
# The clock of its own time has been seen by the worker.
wait_for_sql($node, 'va', "SELECT max(ran_at) > '2027-08-01' FROM voiceagent_private.maintenance_jobs", 't', 'the worker has seen it');

# ---- back ----

set_clock($today);
wait_for_sql($node, 'va', status($second), 'completed', 'with the clock set back it runs at once');
wait_for_sql($node, 'va', "SELECT ran_at < '2027-07-01' AND failures = 0 FROM voiceagent_private.maintenance_jobs WHERE job = 'empty_months'", 't', 'old months are emptied meanwhile');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE at > '2027-08-01'", $events, '... and nothing is lost that was written under the clock ahead');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');

# ---- two that are to start, one of which cannot ----

$node->safe_psql('va', q{CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$;
	CREATE TRIGGER refuse BEFORE UPDATE ON voiceagent.campaigns FOR EACH ROW WHEN (new.name = 'Broken' AND new.status = 'running') EXECUTE FUNCTION refuse()});
my $broken = campaign('Broken', ['03'], '{"starts_at": "2027-06-18 15:30+00"}');
my $well = campaign('Well', ['04'], '{"starts_at": "2027-06-18 15:31+00"}');
set_clock('2027-06-18 15:32+00');
wait_for_sql($node, 'va', status($well), 'completed', 'a campaign starts behind one that cannot');
is_sql($node, 'va', status($broken), 'scheduled', '... which is still to start');
$node->safe_psql('va', 'DROP FUNCTION refuse() CASCADE');
set_clock('2027-06-18 15:45+00');
wait_for_sql($node, 'va', status($broken), 'completed', '... and does when it can');

# ---- back again, while somebody holds an account of one tenant ----

my ($other, $held) = map { create_tenant($node, 'va', $_) } 'Other', 'Held';
set_clock('2027-06-19 16:00+00');
wait_for_sql($node, 'va', "SELECT max(ran_at) > '2027-06-19' FROM voiceagent_private.maintenance_jobs", 't', 'the clock is ahead by a day');
$node->safe_psql('va', "INSERT INTO voiceagent_private.waiting_erasures (tenant_id, erasure_id, next_at) VALUES ($other, 1, voiceagent.clock() + interval '5 hours');
	UPDATE voiceagent.provider_accounts SET resumes_at = voiceagent.clock() + interval '5 hours' WHERE tenant_id IN ($other, $held)");
my $holder = $node->background_psql('va');
$holder->query_safe("BEGIN; SELECT FROM voiceagent.provider_accounts WHERE tenant_id = $held FOR UPDATE");
my $log = -s $node->logfile;
set_clock('2027-06-18 16:00+00');
# In hours.
sub hours { return "SELECT string_agg(DISTINCT round(extract(epoch FROM at - voiceagent.clock()) / 3600)::text, ' ') FROM ($_[0]) w(at)"; }
my $before = hours('SELECT next_at FROM voiceagent_private.waiting_erasures');
my $rests = hours('SELECT paused_until FROM voiceagent.webhook_subscriptions');
my $others = hours("SELECT resumes_at FROM voiceagent.provider_accounts WHERE tenant_id = $other");
my $helds = hours("SELECT resumes_at FROM voiceagent.provider_accounts WHERE tenant_id = $held");
wait_for_sql($node, 'va', $others, 5, 'the clock is set back while an account is held: those of other tenants follow');
my $meanwhile = campaign('Meanwhile', ['05'], '{}');
wait_for_sql($node, 'va', status($meanwhile), 'completed', '... and campaigns start and run');
sleep 3;
is_sql($node, 'va', $before, 5, '... all that waits has moved, and once');
is_sql($node, 'va', $others, 5, '... also what comes after the place that is held');
is_sql($node, 'va', $helds, 29, '... what is held waits');
$holder->query_safe('COMMIT');
wait_for_sql($node, 'va', $helds, 5, '... and follows once it is let go');
is_sql($node, 'va', $before, 5, '... alone');
$holder->quit;
unlike(slurp_file($node->logfile, $log), qr/canceling statement due to lock timeout/, 'nobody has waited for a lock');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');

# A table that nobody can write to: what comes before it is not moved again, and the lanes are rolled.
set_clock('2027-06-19 16:00+00');
wait_for_sql($node, 'va', "SELECT max(ran_at) > '2027-06-19' FROM voiceagent_private.maintenance_jobs", 't', 'the clock is ahead again');
$node->safe_psql('va', "UPDATE voiceagent_private.waiting_erasures SET next_at = voiceagent.clock() + interval '5 hours';
	INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, paused_until, created_at)
	VALUES ($other, 'https://example.com/', '{}', '', voiceagent.clock() + interval '5 hours', voiceagent.clock())");
$holder = $node->background_psql('va');
$holder->query_safe('BEGIN; LOCK TABLE voiceagent.webhook_subscriptions IN SHARE MODE');
set_clock('2027-06-18 16:00+00');
wait_for_sql($node, 'va', $before, 5, 'a table is locked: what comes before it follows');
my $behind = campaign('Behind', ['06'], '{}');
wait_for_sql($node, 'va', status($behind), 'completed', '... campaigns start and run');
sleep 3;
is_sql($node, 'va', $before, 5, '... and it has moved once');
is_sql($node, 'va', $rests, 29, '... what is in the table waits');
$holder->query_safe('COMMIT');
wait_for_sql($node, 'va', $rests, 5, '... and follows once it can be written to');
$holder->quit;

# ---- back again, before somebody commits what was reckoned by the clock before ----

set_clock('2027-06-19 16:00+00');
wait_for_sql($node, 'va', "SELECT max(ran_at) > '2027-06-19' FROM voiceagent_private.maintenance_jobs", 't', 'the clock is ahead once more');
$node->safe_psql('va', q{UPDATE voiceagent_private.waiting_erasures SET next_at = voiceagent.clock() + interval '50 hours'});
my $begun = $node->background_psql('va');
my $tardy = create_tenant($node, 'va', 'Tardy', credits => 5000);
my $late = $begun->query_safe("BEGIN; DO 'BEGIN PERFORM voiceagent_private.set_tenant($tardy); END'; @{[to_campaign('Late', ['07'], '{}')]};");
set_clock('2027-06-18 16:00+00');
wait_for_sql($node, 'va', $before, 50, 'the clock is set back, and what waits has moved');
# The lanes are the last to follow.
my $next = campaign('Next', ['08'], '{}');
wait_for_sql($node, 'va', status($next), 'completed', '... campaigns run');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.campaigns WHERE campaign_id = $late", 0, '... while a campaign is started by the clock before');
$begun->query_safe('COMMIT');
is_sql($node, 'va', "SELECT next_due > voiceagent.clock() + interval '20 hours' FROM voiceagent_private.lanes WHERE campaign_id = $late", 't', '... which would be due a day late');
$begun->quit;
wait_for_sql($node, 'va', status($late), 'completed', '... and follows');
is_sql($node, 'va', $before, 50, '... alone: what has waited for longer than the step moves once');

# ---- back by mistake, and forward again at once ----

set_clock('2027-06-19 17:00+00');
wait_for_sql($node, 'va', "SELECT max(ran_at) > '2027-06-19' FROM voiceagent_private.maintenance_jobs", 't', 'the clock is ahead');
$node->safe_psql('va', q{UPDATE voiceagent_private.waiting_erasures SET next_at = voiceagent.clock() + interval '50 hours'});
set_clock('2027-06-18 17:00+00');
wait_for_sql($node, 'va', $before, 50, '... and set back');
set_clock('2027-06-19 17:00+00');
wait_for_sql($node, 'va', "SELECT voiceagent.clock() > '2027-06-19'", 't', '... and ahead again at once');
$node->safe_psql('va', q{UPDATE voiceagent_private.waiting_erasures SET next_at = voiceagent.clock() + interval '30 hours'});
sleep 12;
is_sql($node, 'va', $before, 30, '... where what is written now stays');

# ---- back while a call of the sandbox is live ----

$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '10')});
my $live = campaign('Live', ['09'], '{"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $live AND provider_call_id IS NOT NULL AND outcome IS NULL", 1, 'a call is live');
set_clock('2027-06-18 18:00+00');
wait_for_sql($node, 'va', status($live), 'completed', '... and comes to its end with the clock set back by a day');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.sandbox_calls WHERE done_at IS NULL", 0, '... at its carrier, too');

$node->stop;
done_testing();
