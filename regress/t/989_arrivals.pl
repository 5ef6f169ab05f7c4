# On an armed carrier: leads of an intake, and those whom a follow-up brings, are dialled within what a person confirmed ahead, each with its
# consent, and nobody beyond it; what the sandbox heard counts for none of them.
use strict;
use warnings;

use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;

my $json = JSON::PP->new->canonical->utf8;
my $carrier = start_carrier();
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Arrivals', credits => 10000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');
my ($port) = $node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()') =~ /:(\d+)$/;
my $zone = VoiceAgentFaults::awake_zone();
my @numbers = numbers(6);

# A campaign by the carrier that awaits its leads.
sub awaits
{
	my ($name, $settings) = @_;
	my $campaign = start_leads($node, $tenant, [], account => $account, name => $name, confirm => 0, start => 0, settings => {retry_attempts => 0, %{$settings // {}}});
	return $campaign;
}
sub confirm_and_start
{
	my ($campaign, $text) = @_;
	is(as_tenant($node, 'va', $tenant, "SELECT voiceagent.preview_campaign($campaign) ->> 'confirmation'"), $text, "what is to be typed: $text");
	return as_tenant($node, 'va', $tenant, "SELECT voiceagent.confirm_campaign($campaign, '$text'); SELECT voiceagent.start_campaign($campaign)");
}
sub dials { my ($campaign) = @_; return "SELECT count(*) FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.campaign_id = $campaign AND a.state <> 'sending'" }
sub held { my ($campaign) = @_; return $node->safe_psql('va', "SELECT suspended FROM voiceagent_private.pacing WHERE campaign_id = $campaign") }

my $forms = awaits('Forms');
my $next = awaits('Next', {arrivals_a_day => 2});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_follow_up($forms, e.value, $next) FROM voiceagent.enumerations e WHERE e.enumeration = 'call_outcome' AND e.value <> 'do_not_call'");
my $intake = $json->decode(as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_intake('Web form', campaign_id := $forms, daily_limit := 3, consent := '"
	. $json->encode({kinds => ['call'], wording => 'Acme may call me.', always => JSON::PP::true}) . "')"));
my ($path) = $intake->{url} =~ m{(/intake/.*)};
is(confirm_and_start($forms, 'call 0 people, and up to 3 a day'), "0\nrunning", 'an empty campaign of an intake is confirmed ahead, and runs');
is(confirm_and_start($next, 'call 0 people, and up to 2 a day'), "0\nrunning", '... so is one that a follow-up leads to');

my @came = map { $json->decode(send_raw($port, request_text('POST', $path, $json->encode({phone => $_, first_name => 'Lead', timezone => $zone, region => 'US-DC'}), 'Content-Type' => 'application/json'))->{body})->{outcome} } @numbers[0 .. 3];
is("@came", 'added added added kept', 'three leads join, the fourth is beyond what was confirmed');
wait_for_sql($node, 'va', dials($forms), 3, 'the first three are dialled, and nobody else');
is(held($forms), '', '... and the campaign is not held back');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.eligibility e JOIN voiceagent.attempts a USING (tenant_id, attempt_id) JOIN voiceagent.calls c ON c.tenant_id = a.tenant_id AND c.call_id = a.call_id WHERE c.campaign_id = $forms AND e.consent_id IS NOT NULL AND c.lawful", 3, '... lawfully: each with its consent');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.campaign_leads WHERE campaign_id = $forms AND status IN ('completed', 'failed')", 3, 'their calls end', 120);
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.campaign_leads WHERE campaign_id = $next", "3", '... and each takes its step');
wait_for_sql($node, 'va', "SELECT suspended FROM voiceagent_private.pacing WHERE campaign_id = $next", 'not confirmed: more than a tenth was added to its leads after it was confirmed', 'two were confirmed: with the third the campaign waits for a person');
cmp_ok($node->safe_psql('va', dials($next)), '<=', 2, '... and no more than two were dialled');
my $text = as_tenant($node, 'va', $tenant, "SELECT voiceagent.preview_campaign($next) ->> 'confirmation'");
as_tenant($node, 'va', $tenant, "SELECT voiceagent.confirm_campaign($next, '$text')");
wait_for_sql($node, 'va', dials($next), 3, 'confirmed again, all three are dialled', 120);
is_witnessed($node, $carrier, 'at the end');
is_sql($node, 'va', 'SELECT invariant, detail FROM voiceagent.invariants()', '', 'nothing is violated');
done_testing();
