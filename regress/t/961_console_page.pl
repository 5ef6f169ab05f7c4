# The console's page in a browser, by people of three roles: what they see and may do, and what strangers wrote into names runs
# nothing.  With no Chromium, no node or no npm there is nothing to see.
use strict;
use warnings;

use HTTP::Tiny;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

sub on_path { my ($program) = @_; return (grep { -x } map { "$_/$program" } split /:/, $ENV{PATH})[0] }
my $chromium = on_path('chromium');
plan skip_all => 'no chromium and node on the PATH' unless $chromium && on_path('node');

my $node = new_node('main', 'voiceagent.sandbox' => 'on', 'voiceagent.web_port' => 0);
my $secret = $node->basedir . '/jwt';
append_to_file($secret, 'a secret of more than thirty-two bytes');
chmod 0600, $secret;
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$secret'");
my $vault = $node->basedir . '/vault';
append_to_file($vault, 'ab' x 32);
chmod 0600, $vault;
$node->append_conf('postgresql.conf', "voiceagent.vault_key_file = '$vault'");
$node->reload;
wait_for_sql($node, 'va', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', 'the console is there', 30);
my $url = $node->safe_psql('va', q{SELECT voiceagent_private.worker_address('web')});
if (HTTP::Tiny->new->get("$url/")->{status} != 200)
{
	note('skipped: the console is not installed here, npm was not to be had');
	done_testing();
	exit;
}

my $tenant = create_tenant($node, 'va', 'Acme <b>Solar</b>', credits => 10000);
$node->safe_psql('va', "SELECT voiceagent.set_tenant_timezone($tenant, 'America/New_York')");
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant, '$_\@example.com', 'correct horse', '$_')") foreach qw(owner viewer agent);
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.set_setting('sandbox_time_scale', '86400');
	SELECT voiceagent.import_leads(csv := E'First name;Tel.\nAda;(212) 555-0100\n<img src=x onerror=alert(1)>;212-555-0101\n\u202Egnp.exe;212-555-0102\nCleo;212-555-0103\n', default_country := 'US');
	SELECT voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.');
	SELECT voiceagent.create_campaign('Spring </script><script>alert(1)</script>', (SELECT max(assistant_id) FROM voiceagent.assistants),
		settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}');
	SELECT voiceagent.add_leads(max(campaign_id)) FROM voiceagent.campaigns;
	SELECT voiceagent.start_campaign(max(campaign_id)) FROM voiceagent.campaigns});
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE tenant_id = $tenant", 'completed', 'a campaign has run', 60);
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.appointments WHERE tenant_id = $tenant AND status = 'pending'", 1, '... and an appointment was agreed');

# One on a real carrier, which nobody has armed.
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Real', (SELECT max(assistant_id) FROM voiceagent.assistants), settings := jsonb_build_object('provider_account_id',
		voiceagent.create_provider_account('vapi', 'Vapi', '{"api_key": "k"}', '{"phone_number_id": "p"}')));
	SELECT voiceagent.add_leads(max(campaign_id)) FROM voiceagent.campaigns});

# The link of a mail, as a member that forgot its password gets it.
$node->safe_psql('va', q{SELECT voiceagent.request_password_reset('agent@example.com')});
my $secret_of = q{SELECT convert_from(decode(regexp_replace(split_part(message, E'\r\n\r\n', 2), '\s', '', 'g'), 'base64'), 'UTF8') FROM voiceagent_private.sandbox_mailbox};
wait_for_sql($node, 'va', "SELECT count(*) FROM ($secret_of) m", 1, 'a mail is sent to who forgot a password', 30);
my ($reset) = $node->safe_psql('va', $secret_of) =~ /([A-Za-z0-9_-]{30,})/;

my $folder = $node->basedir . '/browser';
mkdir $folder or die "$folder: $!";
my @lines;
{
	local $ENV{CHROMIUM} = $chromium;
	local $ENV{HOME} = $folder;
	@lines = split /\n/, qx(timeout 300 node regress/fakes/browser.js $url 'correct horse' $folder $reset 2>&1);
}
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 45, 'people of three roles use the page');
is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and every step is as it should be');
is_sql($node, 'va', "SELECT status FROM voiceagent.appointments WHERE tenant_id = $tenant AND said LIKE '%' ORDER BY appointment_id LIMIT 1", 'confirmed', 'what was clicked was done');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant AND phone = '+14155550177'", 1, '... and what was uploaded is there');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.campaign_confirmations WHERE tenant_id = $tenant AND confirmed_by ~ 'owner'", 1, '... and what was typed is confirmed, by whom');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, '... and no invariant is violated');
done_testing();
