# What a worker runs for each call is planned once: a function in SQL that the planner cannot dissolve is parsed and planned
# anew in each statement that calls it, so none is on the way of a call.  And no plan says the same again and again: each of its
# calls of functions is prepared anew in each batch, and a function that the planner dissolves has its arguments wherever it names them.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', track_functions => 'all', debug_print_plan => 'on', debug_pretty_print => 'off', log_line_prefix => '%b|');
my $tenant = create_tenant($node, 'va', 'Planned', credits => 5000);
wait_workers($node, 'the workers run');

# Of every kind: callbacks, bookings, voicemails, refusals, retries.
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '86400')});
as_tenant($node, 'va', $tenant, qq{
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
	SELECT $tenant, CASE WHEN i % 5 = 0 THEN '+1' || 200 + i / 5 || '55501' || to_char(i / 5 % 21, 'FM00') ELSE '+1' || 2122000000 + i END,
		'Lead', 'US', 'US-NY', '{America/New_York}', now() FROM generate_series(1, 150) i});
my $campaign = as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Planned', voiceagent.create_assistant('Ann', 'Hello {{first_name}}, this is Ann.', 'Be kind.'),
		settings => '{"max_concurrent_calls": 60, "call_interval": 0, "retry_attempts": 2, "breaker_min_calls": 100, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}')});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_leads($campaign), voiceagent.start_campaign($campaign)");
$node->safe_psql('va', 'SELECT pg_stat_reset()');
my $began = time;
wait_for_sql($node, 'va', "SELECT count(*) > 200 AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls) FROM voiceagent.calls WHERE outcome IS NOT NULL", 't', 'over 200 calls of every kind have ended', 300);
# A worker at rest tells its statistics when it ends, at the latest.
$node->restart;

# A constant is computed by calling the function, once a plan; what comes by time is called once a second at most.
my $few = 20 + time - $began;
my $called = "SELECT string_agg(format('%s: %s', f.funcname, f.calls), ', ' ORDER BY f.calls DESC) FROM pg_stat_user_functions f JOIN pg_proc p ON p.oid = f.funcid
	JOIN pg_language l ON l.oid = p.prolang WHERE f.calls > $few AND f.schemaname IN ('voiceagent', 'voiceagent_private') AND l.lanname";
is_sql($node, 'va', "$called = 'sql'", '', 'no function in SQL was called for each call');
isnt($node->safe_psql('va', "$called = 'plpgsql'"), '', '... and functions are counted');

# A worker's plan ends where any process tells the next thing: behind it there may be one of a client's.
my ($plans, $largest, $where) = (0, 0, '');
foreach my $plan (slurp_file($node->logfile) =~ /^voiceagent [a-z]+\|LOG:  plan:\n(.*?)^(?=[a-z ]+\|(?:STATEMENT|LOG):)/gms)
{
	# Retention and invoices are no part of a call; whether their turn comes within this test is a matter of speed.
	next if $plan =~ /PL\/pgSQL function voiceagent_private\.(?:retain_rows|empty_months|issue_invoices)\b/;
	my $calls = () = $plan =~ /\{(?:FUNCEXPR|OPEXPR|SCALARARRAYOPEXPR|DISTINCTEXPR) /g;
	$plans++;
	($largest, $where) = ($calls, $plan =~ /(PL\/pgSQL function \S+ line \d+)/) if $calls > $largest;
}
cmp_ok($plans, '>', 100, 'the workers\' plans are seen');
cmp_ok($largest, '<', 500, '... none of which calls as many functions: '.($where // 'a statement of a worker'));

$node->stop;
done_testing();
