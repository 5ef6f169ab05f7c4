# Rare paths where sessions meet: one holds what another wants, takes it in between, or spends it; and those that tests in SQL and isolation
# tests walk, by regress/lib/rare-paths: these run once more on a server that counts them.  What they say is judged where they run by
# themselves; here only that each goes where it must.
use strict;
use warnings;

use File::Basename qw(dirname);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentPoints;
use VoiceAgentSoak;

my $node = new_node('main', wal_level => 'logical', 'voiceagent.launcher' => 'off', log_statement => 'none');
$node->safe_psql('va', "ALTER DATABASE va SET client_min_messages = warning;\n" . slurp_file('regress/fixtures/isolation.sql'));
my $tester = dirname($ENV{PG_REGRESS}) . '/../isolation/isolationtester';
local @ENV{qw(PGHOST PGPORT PGDATABASE PGTZ PGDATESTYLE)} = ($node->host, $node->port, 'va', 'UTC', 'ISO');
chdir 'regress' or die "regress: $!";

sub times_reached { return map { split /\|/ } split /\n/, $node->safe_psql('va', 'SELECT name, times FROM points.reached()') }

# ---- sessions that meet ----

$node->safe_psql('va', q{
	BEGIN;
	SELECT fixture.fix('rare', 3, 1000);
	SELECT public.act();
	SELECT voiceagent_private.store_terms('{US-NY}', voiceagent.clock());
	SELECT voiceagent_private.record_dials(ARRAY[c.attempt_id], ARRAY['accepted'], ARRAY['carrier-1'], ARRAY[NULL], ARRAY[201], ARRAY[NULL], ARRAY[0]) FROM voiceagent_private.claim_calls(1) c;
	SELECT voiceagent_private.store_webhooks(ARRAY[e.endpoint], ARRAY['rare'], ARRAY['{}'::jsonb], ARRAY[convert_to(jsonb_build_object('message', jsonb_build_object('type', 'end-of-call-report', 'timestamp', 1763651000000,
		'endedReason', 'customer-ended-call', 'startedAt', '2026-11-20T15:09:00Z', 'endedAt', '2026-11-20T15:10:00Z', 'call', jsonb_build_object('id', 'carrier-1', 'name', a.reference)))::text, 'UTF8')], 'http')
	FROM public.fixture f JOIN voiceagent.attempts a ON a.tenant_id = f.tenant CROSS JOIN LATERAL (SELECT min(w.endpoint_id) AS endpoint FROM voiceagent.webhook_endpoints w WHERE w.tenant_id = f.tenant) e;
	CREATE TABLE public.slots AS SELECT date_trunc('week', voiceagent.clock()) + interval '14 days 12 hours' + n * interval '1 hour' AS at, n FROM generate_series(0, 5) n;
	CREATE FUNCTION public.slot(n integer) RETURNS timestamptz LANGUAGE sql AS 'SELECT s.at FROM public.slots s WHERE s.n = $1';
	CREATE FUNCTION public.calendar() RETURNS bigint LANGUAGE sql AS 'SELECT min(c.calendar_id) FROM voiceagent.calendars c JOIN public.fixture f ON f.tenant = c.tenant_id';
	CREATE FUNCTION public.lead(n integer) RETURNS bigint LANGUAGE sql AS 'SELECT leads[n] FROM public.fixture';
	CREATE FUNCTION public.spend() RETURNS void LANGUAGE sql AS $$ SELECT voiceagent.adjust_credits(f.tenant, 1 - l.available, 'spent') FROM public.fixture f JOIN voiceagent.ledgers l ON l.tenant_id = f.tenant $$;
	SELECT points.mark('before_credits', 'voiceagent_private.claim_calls', '< v_paid := voiceagent_private.affordable_picks(v_placed, v_turns, v_now);');
	SELECT points.mark('before_hold', 'voiceagent_private.claim_calls', '> -- From here on the ledger is locked.');
	COMMIT;
});
my $as = "SELECT public.act();\n";
sub commits { return $node->safe_psql('va', "BEGIN; $as $_[0]; COMMIT") }

# A session waits for what another holds, no longer than it may.
sub meets
{
	my ($path, $holds, $deed) = @_;
	my %before = times_reached();
	my $holder = $node->background_psql('va');
	$holder->query_safe("BEGIN; $as $holds");
	my (undef, undef, $err) = $node->psql('va', "BEGIN; $as SET LOCAL lock_timeout = '50ms'; SET LOCAL statement_timeout = '5s'; $deed; ROLLBACK");
	$holder->query_safe('ROLLBACK');
	$holder->quit;
	my %after = times_reached();
	return cmp_ok($after{$path}, '>', $before{$path}, "$path: a session meets another") || diag($err);
}

# A session that waits for another's lock finds what it wants gone.
sub finds_gone
{
	my ($path, $takes, $deed) = @_;
	my %before = times_reached();
	my ($one, $taker) = map { $node->background_psql('va', on_error_stop => 0) } 1 .. 2;
	$taker->query_safe("BEGIN; $as $takes");
	$one->query_until(qr/begun/, "\\echo begun\nBEGIN; $as $deed; ROLLBACK;\n\\echo over\n");
	wait_for_sql($node, 'va', q{SELECT count(*) > 0 FROM pg_locks WHERE NOT granted}, 't', "$path: a session waits for another");
	$taker->query_safe('COMMIT');
	$one->query('SELECT 1');
	$_->quit foreach $one, $taker;
	my %after = times_reached();
	return cmp_ok($after{$path}, '>', $before{$path}, "$path: a session finds that it is gone");
}

# One looks, another commits, the first one goes on: in a transaction that sees nothing new, or stopped at a point.
sub overtaken
{
	my ($path, $point, $commits, $deed) = @_;
	my %before = times_reached();
	my ($one, $holder) = map { $node->background_psql('va', on_error_stop => 0) } 1 .. 2;
	if ($point ne '')
	{
		$holder->query_safe("SELECT points.hold('$point')");
		$one->query_until(qr/begun/, "\\echo begun\nBEGIN; $as $deed; ROLLBACK;\n\\echo over\n");
		wait_for_sql($node, 'va', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted}, 1, "$path: a session stands still");
	}
	else { $one->query("BEGIN ISOLATION LEVEL REPEATABLE READ; $as") }
	commits($commits);
	$holder->query_safe("SELECT points.go('$point')") if $point ne '';
	$one->query($point ne '' ? 'SELECT 1' : "$deed; ROLLBACK");
	$_->quit foreach $one, $holder;
	my %after = times_reached();
	return cmp_ok($after{$path}, '>', $before{$path}, "$path: a session is overtaken");
}

meets('claim_meets_locked_campaign', 'SELECT FROM voiceagent.campaigns WHERE campaign_id = (SELECT campaign FROM public.fixture) FOR UPDATE',
	"SELECT voiceagent_private.suspend_from_claim((SELECT campaign FROM public.fixture), 'not confirmed', voiceagent.clock())");
meets('ledger_is_held', 'LOCK TABLE voiceagent.ledgers IN EXCLUSIVE MODE', 'SELECT voiceagent_private.try_lock_ledger()');
meets('terms_meet_lock', 'LOCK TABLE voiceagent_private.jurisdiction_terms IN SHARE MODE', "SELECT voiceagent_private.renew_terms_in_passing(voiceagent.clock() + interval '3 years')");
meets('law_meets_lock', 'LOCK TABLE voiceagent_private.law_tightenings IN SHARE MODE', q{SELECT voiceagent_private.set_tenant(0); SELECT voiceagent.tighten_rule('US-NY', 'hours', '{"start": "11:00", "end": "15:00"}', 'x')});
meets('month_is_held', 'SELECT count(*) FROM voiceagent.events', "SELECT voiceagent_private.empty_slot('voiceagent.events', voiceagent_private.month_slot(voiceagent.clock() - interval '3 months'))");
meets('lone_webhook_meets_lock', 'SELECT FROM voiceagent.calls WHERE tenant_id = (SELECT tenant FROM public.fixture) FOR UPDATE',
	'SELECT voiceagent_private.apply_bare((SELECT min(i.webhook_id) FROM voiceagent_private.inbox i WHERE i.tenant_id = (SELECT tenant FROM public.fixture)))');
meets('request_done_meets_lock', 'LOCK TABLE voiceagent.account_voices IN SHARE MODE', q{SELECT voiceagent_private.on_provider_request_done(jsonb_populate_record(NULL::voiceagent.provider_requests, jsonb_build_object('kind', 'list_voices',
	'tenant_id', f.tenant, 'provider_account_id', (SELECT min(a.provider_account_id) FROM voiceagent.provider_accounts a WHERE a.tenant_id = f.tenant), 'result', '{"voices": [{"vendor": "x", "voice": "y", "name": "z"}]}'::jsonb))) FROM public.fixture f});
commits(q{SELECT voiceagent.publish_sequence(voiceagent.create_sequence('s', '[{"do": "webhook"}]'))});
commits(q{SELECT voiceagent.enrol_leads((SELECT min(s.sequence_id) FROM voiceagent.sequences s JOIN public.fixture f ON f.tenant = s.tenant_id), ARRAY[public.lead(2)])});
meets('step_meets_lock', 'LOCK TABLE voiceagent.events IN SHARE MODE', q{SELECT voiceagent_private.try_step(s, v, 1, ARRAY[e.enrolment_id]) FROM public.fixture f JOIN voiceagent.sequences s ON s.tenant_id = f.tenant
	JOIN voiceagent.sequence_versions v USING (tenant_id, sequence_id) JOIN voiceagent.sequence_enrolments e USING (tenant_id, sequence_id)});

overtaken('seat_taken_in_between', '', "SELECT voiceagent.book(public.calendar(), public.slot(0), lead_id => public.lead(1))", "SELECT voiceagent.book(public.calendar(), public.slot(0), lead_id => public.lead(2))");
commits('SELECT voiceagent.book(public.calendar(), public.slot(1), lead_id => public.lead(2))');
overtaken('move_collides', '', "SELECT voiceagent.book(public.calendar(), public.slot(2), lead_id => public.lead(3))",
	"SELECT voiceagent.move_appointment((SELECT max(a.appointment_id) FROM voiceagent.appointments a WHERE a.lead_id = public.lead(2)), public.slot(2))");
commits('SELECT voiceagent.book(public.calendar(), public.slot(3), lead_id => public.lead(3))');
commits("UPDATE voiceagent.appointments SET status = 'conflict', conflict_reason = 'overlap' WHERE starts_at = public.slot(3)");
overtaken('appointment_collides', '', "SELECT voiceagent.book(public.calendar(), public.slot(3), lead_id => public.lead(1))",
	"SELECT voiceagent.confirm_appointment((SELECT min(a.appointment_id) FROM voiceagent.appointments a WHERE a.starts_at = public.slot(3)))");
overtaken('claim_lacks_credits', 'before_credits', 'SELECT public.spend()', 'SELECT public.claim(5)');
commits("SELECT voiceagent.adjust_credits((SELECT tenant FROM public.fixture), 500, 'more')");
overtaken('claim_is_made_again', 'before_hold', 'SELECT public.spend()', 'SELECT public.claim(5)');
finds_gone('webhook_of_call_erased_meanwhile', 'SET LOCAL session_replication_role = replica; DELETE FROM voiceagent.calls WHERE tenant_id = (SELECT tenant FROM public.fixture)', 'SELECT voiceagent_private.apply_inbox(10)');
$node->safe_psql('va', 'CALL fixture.clear()');

my $mover = create_tenant($node, 'va', 'Mover');
$node->safe_psql('va', "SELECT voiceagent.offer_tenant($mover, 2)");
$node->safe_psql('va', "SELECT voiceagent.leave_tenant($mover)") foreach 1 .. 2;
$as = '';
meets('move_meets_claim', 'LOCK TABLE voiceagent_private.parked_rows IN SHARE MODE', "SELECT voiceagent.leave_tenant($mover)");

# ---- tests that walk them ----

# Of the short form one each.
my @named = sort { $a cmp $b } keys %{ { map { $_ => 1 } grep { /^[ir]\d/ } map { @{$_->[3]} } rare_paths() } };
foreach my $test (long() ? @named : $named[0] // ())
{
	my %before = times_reached();
	my @command = $test =~ /^i/ ? ("$tester '' < specs/$test.spec") : ("psql -Xq < sql/$test.sql");
	system("@command > '$PostgreSQL::Test::Utils::tmp_check/$test.out' 2>&1");
	my %after = times_reached();
	is(join(' ', grep { $after{$_} == $before{$_} } must_reach($test)), '', "$test walks where it must");
}
chdir '..' or die "..: $!";
done_testing();
