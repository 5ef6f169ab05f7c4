# The console's page in a browser, by people of three roles: what they see and may do, and what strangers wrote into names runs
# nothing.  With no Chromium, no node or no npm there is nothing to see.
use strict;
use warnings;

use IO::Compress::Gzip qw(gzip $GzipError);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
need_page($url);

my $tenant = create_tenant($node, 'va', 'Acme <b>Solar</b>', credits => 10000);
$node->safe_psql('va', "SELECT voiceagent.set_tenant_timezone($tenant, 'America/New_York')");
members($node, $tenant, qw(owner viewer agent));
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '86400')});
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.import_leads(csv := E'First name;Tel.\nAda;(212) 555-0100\n<img src=x onerror=alert(1)>;212-555-0101\n\u202Egnp.exe;212-555-0102\nCleo;212-555-0103\n', default_country := 'US');
	SELECT voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.');
	SELECT voiceagent.create_campaign('Spring </script><script>alert(1)</script>', (SELECT max(assistant_id) FROM voiceagent.assistants),
		settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}');
	SELECT voiceagent.add_leads(max(campaign_id)) FROM voiceagent.campaigns;
	SELECT voiceagent.start_campaign(max(campaign_id)) FROM voiceagent.campaigns});
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE tenant_id = $tenant", 'completed', 'a campaign has run', 60);
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.appointments WHERE tenant_id = $tenant AND status = 'pending'", 1, '... and an appointment was agreed');

# What the answers of these calls took, as a call that we hold tells at its end.
$node->safe_psql('va', qq{
	INSERT INTO voiceagent.events (tenant_id, call_id, campaign_id, lead_id, event_type, event_data, at, xid, month_slot)
	SELECT e.tenant_id, e.call_id, e.campaign_id, e.lead_id, 'media_ended',
		'{"turns": [{"turn": 2, "recognised_ms": 200, "first_token_ms": 500, "first_sound_ms": 800}, {"turn": 4, "recognised_ms": 250, "first_token_ms": 700, "first_sound_ms": 1300}]}', e.at, e.xid, e.month_slot
	FROM voiceagent.events e WHERE e.tenant_id = $tenant AND e.event_type = 'call_ended'});

# One on a real carrier, which nobody has armed.
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Real', (SELECT max(assistant_id) FROM voiceagent.assistants), settings := jsonb_build_object('provider_account_id',
		voiceagent.create_provider_account('vapi', 'Vapi', '{"api_key": "k"}', '{"phone_number_id": "p"}')));
	SELECT voiceagent.add_leads(max(campaign_id)) FROM voiceagent.campaigns});

# Members of another tenant log in at its own provider.
my $signed = create_tenant($node, 'va', 'Signed');
$node->safe_psql('va', "SELECT voiceagent.create_member($signed, 'signed\@example.com', '$console_password', 'agent'); INSERT INTO voiceagent.sign_ons (tenant_id, issuer, client_id, mail_domains, roles, new_members, required, changed_at) VALUES ($signed, 'https://id.example.com', 'us', '{example.com}', '{}', false, true, now())");

# What a visitor ever loads, in one language.
my $size = 0;
my @served = grep { !/^words-/ } map { s{.*/}{}r } grep { -f } glob $node->config_data('--sharedir') . '/voiceagent/console/*';
foreach my $name (@served, 'words-de.js')
{
	my $file = ask($url, 'GET', "/$name")->{content};
	gzip(\$file => \my $small, -Level => 9, -Minimal => 1) or die "$name: $GzipError";
	$size += length $small;
}
note("compressed: $size bytes");
cmp_ok($size, '<=', 125_000, 'the console has at most 125 kB beside preact, when compressed');
cmp_ok($size, '>', 50_000, '... all of which is counted');

# The link of a mail, as a member that forgot its password gets it.
$node->safe_psql('va', q{SELECT voiceagent.request_password_reset('agent@example.com')});
my $secret_of = q{SELECT convert_from(decode(regexp_replace(split_part(message, E'\r\n\r\n', 2), '\s', '', 'g'), 'base64'), 'UTF8') FROM voiceagent_private.sandbox_mailbox};
wait_for_sql($node, 'va', "SELECT count(*) FROM ($secret_of) m", 1, 'a mail is sent to who forgot a password', 30);
my ($reset) = $node->safe_psql('va', $secret_of) =~ /([A-Za-z0-9_-]{30,})/;

my @lines = visit('browser.js', $url, 300, $node->basedir . '/browser', $reset);
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 45, 'people of three roles use the page');
is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and every step is as it should be');
is_sql($node, 'va', "SELECT status FROM voiceagent.appointments WHERE tenant_id = $tenant AND said LIKE '%' ORDER BY appointment_id LIMIT 1", 'confirmed', 'what was clicked was done');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant AND phone = '+14155550177'", 1, '... and what was uploaded is there');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.campaign_confirmations WHERE tenant_id = $tenant AND confirmed_by ~ 'owner'", 1, '... and what was typed is confirmed, by whom');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, '... and no invariant is violated');
done_testing();
