# A pool of numbers, end to end through the workers: every call by one of them, and three lines are enough for a campaign that wants twenty.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Callers', credits => 1000);
wait_workers($node, 'the workers run');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_phone_number('+1212555000' || i, (SELECT provider_account_id FROM voiceagent.provider_accounts)) FROM generate_series(1, 3) i});
my $campaign = as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Pool', voiceagent.create_assistant('Ann', 'Hello {{first_name}}, this is Ann.', 'Sell heat pumps.'),
		settings => '{"max_concurrent_calls": 20, "call_interval": 0, "retry_attempts": 0, "breaker_failure_rate": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}')});
my $csv = join "\n", 'phone,first_name', map { sprintf '+1303600%04d,Ann', 1000 + $_ } 1 .. 240;
as_tenant($node, 'va', $tenant, "SELECT voiceagent.import_leads('$csv', campaign_id := $campaign)");
is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_campaign_numbers($campaign, ARRAY(SELECT phone_number_id FROM voiceagent.phone_numbers))", 3, 'a pool of three');
is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.start_campaign($campaign)", 'running', 'it starts');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $campaign", 'completed', 'it completes, though twenty could call at once');

is_as_tenant($node, 'va', $tenant, 'SELECT count(*) >= 240, count(*) = count(phone_number_id), count(DISTINCT phone_number_id) FROM voiceagent.attempts', 't|t|3', 'every call by a number of the pool');
# Not a third each: the sandbox sends now and then a webhook late, and until it comes the number is taken.
is_as_tenant($node, 'va', $tenant, q{SELECT min(total_calls) >= 30, sum(total_calls) = (SELECT count(*) FROM voiceagent.attempts) FROM voiceagent.phone_number_totals}, 't|t', '... none of which idles');
# An index holds that a number has one call at a time: here nothing runs into it.
unlike(slurp_server_log($node), qr/one_call_a_number/, 'no number was taken twice');
is_sql($node, 'va', 'SELECT * FROM voiceagent.invariants()', '', 'all that must hold holds');

$node->stop;
done_testing();
