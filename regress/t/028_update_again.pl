# The update from 0.2: a database of that release, cut off in the middle of its work (fixtures/update-make), is restored on this
# library, updated, and goes on by itself: nothing is lost and nobody is called twice.  What an update refuses is in 023_update.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults qw(is_well wait_until wait_workers);

my $fixture = qx(gzip -dc regress/fixtures/update-0.2.sql.gz);
my ($then) = $fixture =~ /^-- clock: (\d+)$/m or die 'no time';
# As if it had been a minute ago.
my $node = new_node('main', database => '', 'voiceagent.clock_offset' => int($then + 60 - time), max_worker_processes => 20);
my $query = sub { $node->safe_psql('va', $_[0]) };
$node->safe_psql('postgres', q{CREATE DATABASE va TEMPLATE template0 ENCODING 'UTF8'});
$node->safe_psql('postgres', 'CREATE ROLE acme LOGIN');
my ($status, $out, $err) = $node->psql('va', q{SET client_min_messages = warning; CREATE EXTENSION voiceagent VERSION '0.2' CASCADE});
is($status, 0, 'the old version can be made, for a dump of it') or diag($err);
$query->('GRANT voiceagent_user TO acme');
IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('va') ], '<', \$fixture, '>', \$out, '2>', \$err) or die $err;
my %rows = map { $_ => $query->("SELECT count(*) FROM $_") } qw(voiceagent.tenants voiceagent.leads voiceagent.calls voiceagent.attempts
  voiceagent.campaign_leads voiceagent.credit_transfers voiceagent.webhooks voiceagent.events voiceagent.call_inbound);
my ($live, $waiting) = split /\|/, $query->('SELECT (SELECT count(*) FROM voiceagent_private.live_calls), (SELECT count(*) FROM voiceagent_private.inbox)');
cmp_ok($live, '>', 5, "$live calls are live");
cmp_ok($waiting, '>', 5, "... and $waiting webhooks wait");
# Stops in forms that countries have given up since, one of them a hold with its words, and leads in today's.
$query->(q{INSERT INTO voiceagent.do_not_call_list (tenant_id, phone, reason, source, call_id, created_at, held, turn, quote)
	SELECT 1, v.phone, v.reason, 'call', (SELECT min(c.call_id) FROM voiceagent.calls c WHERE c.tenant_id = 1), now(), v.quote IS NOT NULL, CASE WHEN v.quote IS NOT NULL THEN 3 END, v.quote
	FROM (VALUES ('+5215555550104', 'asked', NULL), ('+5215555550105', 'in doubt', 'rather not'), ('+5215555550106', 'in doubt', 'not now'), ('+525555550106', 'asked', NULL),
		('+5491123456700', 'asked', NULL), ('+553191234567', 'asked', NULL)) AS v(phone, reason, quote)});
$query->(q{INSERT INTO voiceagent.campaign_do_not_call_list (tenant_id, campaign_id, phone, reason, created_at) SELECT 1, min(c.campaign_id), '+22997123456', 'not here', now() FROM voiceagent.campaigns c WHERE c.tenant_id = 1});
$query->(q{INSERT INTO voiceagent_private.platform_do_not_call_list (entry, is_prefix, reason, created_at) VALUES ('+22507123456', false, 'a hospital', now()), ('+52199', true, 'an area', now())});
$query->(q{INSERT INTO voiceagent.leads (tenant_id, phone, country, timezones, created_at) SELECT 1, v.phone, v.country, '{UTC}', now()
	FROM (VALUES ('+525555550104', 'MX'), ('+525555550105', 'MX'), ('+525555550106', 'MX'), ('+541123456700', 'AR'), ('+5531991234567', 'BR'), ('+2290197123456', 'BJ'), ('+2250707123456', 'CI')) AS v(phone, country)});
$query->('ANALYZE');
wait_for_sql($node, 'va', q{SELECT string_agg(DISTINCT state, ' ') FROM voiceagent_private.worker_status()}, 'wrong_version', 'on this library it stands still');

is(($node->psql('va', 'ALTER EXTENSION voiceagent UPDATE'))[0], 0, 'the extension is updated');
is_sql($node, 'va', q{SELECT string_agg(concat_ws(' ', l.phone, y.layer), ', ' ORDER BY l.phone) FROM voiceagent.leads l
	LEFT JOIN LATERAL voiceagent_private.do_not_call_layers(1, l.phone, (SELECT min(c.campaign_id) FROM voiceagent.campaigns c WHERE c.tenant_id = 1), false) y ON true
	WHERE l.tenant_id = 1 AND l.timezones = '{UTC}' AND l.phone ~ '^[+](5|22)'},
	'+2250707123456 platform, +2290197123456 campaign, +525555550104 tenant, +525555550105 held, +525555550106 tenant, +541123456700 tenant, +5531991234567 tenant',
	'stops in forms that were given up hold for the leads that have today\'s, a doubt as a doubt');
is_sql($node, 'va', q{SELECT string_agg(concat_ws(' ', d.phone, d.held, d.turn, d.quote), ', ' ORDER BY d.phone COLLATE "C") FROM voiceagent.do_not_call_list d WHERE d.tenant_id = 1 AND d.phone ~ '^[+]52'},
	'+5215555550104 f, +5215555550105 t 3 rather not, +5215555550106 t 3 not now, +525555550104 f, +525555550105 t 3 rather not, +525555550106 f', '... with its turn and its words');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.platform_do_not_call_list WHERE entry LIKE '+52%'}, 1, '... and a prefix stays what it is');
wait_workers($node, '... and its workers run by themselves');
# Those that have asked for another hour are called then, and may ask again: a day at a time.
foreach my $day (1 .. 9)
{
	last if wait_until(sub { $query->(q{SELECT count(*) FROM voiceagent.campaigns WHERE status <> 'completed'}) == 0 }, 10);
	$node->safe_psql('postgres', "ALTER SYSTEM SET voiceagent.clock_offset = @{[ int($then + 60 - time) + $day * 86400 ]}");
	$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
}
wait_for_sql($node, 'va', q{SELECT string_agg(DISTINCT status, ' ') FROM voiceagent.campaigns}, 'completed', 'the campaigns complete');
is($query->(q{SELECT count(*) FROM voiceagent.calls WHERE direction = 'outbound' AND ended_at IS NULL}), 0, 'every call has ended');
is($query->('SELECT reference, count(*) FROM voiceagent_private.sandbox_calls GROUP BY 1 HAVING count(*) > 1'), '', 'no dial has reached the carrier twice');
$query->(q{SELECT voiceagent.map_role('acme', 1)});
is($node->safe_psql('va', 'SELECT count(*) > 0 FROM voiceagent.leads', extra_params => [ '-U', 'acme' ]), 't', 'a role that is mapped anew reads what is its own');
foreach my $table (sort keys %rows)
{
	cmp_ok($query->("SELECT count(*) FROM $table"), '>=', $rows{$table}, "nothing is lost of $table");
}
is_well($node, 'after the update');
$node->stop('fast');
done_testing();
