# The page that connects other programs, in a browser: an owner makes an address that is shown once, sends a lead there, sees what came and
# what was refused, replaces and closes it, sees what a webhook is like, and has a program let in no longer; a viewer looks.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
need_page($url);
my $tenant = create_tenant($node, 'va', 'Roofs', credits => 1000);
my %member = members($node, $tenant, qw(owner viewer agent));
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_links', '$url')");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.gateway_address() IS NOT NULL', 't', 'the gateway is there', 30);
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Spring </script><script>alert(1)</script>', voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.'));
	SELECT count(*) FROM voiceagent.create_webhook_subscription('https://hooks.example.com/catch')});
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.add_appointment(now() + interval '3 days', lead_id := voiceagent.add_lead('+12125550999'), summary := 'a <i>viewing</i>')});
$node->safe_psql('va', "INSERT INTO voiceagent.connections (tenant_id, member_id, client_name, client_host, session_version, created_at, used_at) SELECT $tenant, m, '<b>Claude</b>', h, 1, now(), now() FROM (VALUES ($member{owner}, 'https://claude.example'), ($member{viewer}, 'https://one.example'), ($member{viewer}, 'https://two.example')) v(m, h)");
wait_for_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.webhook_deliveries WHERE kind = 'appointment_booked'", 't', 'a webhook was made', 30);

my @lines = visit('connect.js', $url, 280, $node->basedir . '/browser');
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 20, 'people of three roles use the page');
is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and every step is as it should be');
is_sql($node, 'va', q{SELECT i.active, i.joined, i.refused, c.wording, l.first_name FROM voiceagent.intakes i JOIN voiceagent.intake_requests r USING (tenant_id, intake_id) JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent.consents c USING (tenant_id, lead_id)
	WHERE i.name LIKE 'Form%' AND c.kind = 'call'}, 'f|1|1|Roofs may call me.|<img src=x onerror=alert(1)>', 'SQL has what was clicked and sent');
is_sql($node, 'va', 'SELECT string_agg(client_host, $$ $$ ORDER BY client_host) FROM voiceagent.connections', 'https://claude.example', '... and whom programs work for');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, '... and no invariant is violated');
done_testing();
