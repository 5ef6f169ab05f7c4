# A call whose carrier took it and then dropped the connection is looked for in the carrier's list of calls.  While
# only a part of the list can be read nothing follows from its absence: it is not called again.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

# A call takes some kilobytes in a list: a first page does not fit, a smaller one does.  Few webhooks come through
# the gateway, so that the list is nearly the only way.
my $node = new_node('main', 'voiceagent.http_max_response_kb' => 48, 'voiceagent.gateway_requests_per_second' => 1);
my $tenant = create_tenant($node, 'va', 'Lists', credits => 10000);
$node->safe_psql('postgres', 'CREATE ROLE lists LOGIN');
$node->safe_psql('va', "SELECT voiceagent.map_role('lists', $tenant)");

sub member { return $node->safe_psql('va', $_[0], extra_params => [ '-U', 'lists' ]); }

# 555-0115 drops the connection, 555-0101 is interested.
my @areas = (201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231,
	234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308, 309,
	310, 312, 313, 314);
my @drops = grep { $_ % 10 == 5 } @areas;
my $csv = "phone\n" . join('', map { ("+1${_}5550101\n", "+1${_}5550102\n", $_ % 10 == 5 ? "+1${_}5550115\n" : ()) } @areas);
member("SELECT voiceagent.import_leads('$csv')");
member(q{
	SELECT voiceagent.create_assistant('a', 'Hello.', 'Talk.');
	SELECT voiceagent.create_campaign('c', 1, settings := '{"max_concurrent_calls": 100, "call_interval": 0, "retry_attempts": 0,
		"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}');
	SELECT voiceagent.add_leads(1); SELECT voiceagent.start_campaign(1)});
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.calls WHERE phone NOT LIKE '%5550115' AND outcome IS NOT NULL}, 2 * @areas,
	'the other calls come to their end', 240);
# Time for more lookups than the setting lookup_limit.
sleep 15;
is_sql($node, 'va', q{SELECT max(n), max(accepted) FROM (SELECT count(*) AS n, max(accepted) AS accepted
	FROM voiceagent_private.sandbox_calls GROUP BY number) AS c}, '1|1', 'by the carrier\'s own record nobody was called twice');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
$node->stop;
done_testing();
