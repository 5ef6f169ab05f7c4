# A tool of the tenant's own is asked before each dial, ahead of it: a yes dials, with what it tells of the lead; a no, no answer and
# nonsense put the lead off, with the reason; three failures in a row pause the campaign; and no claim waits for any of it.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my $mended = PostgreSQL::Test::Utils::tempdir . '/mended';
# A server that knows the leads by their names.
my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (503, {}) if $asked->{path} eq '/broken' && !-e $mended;
	my ($name) = split / /, $json->decode($asked->{body})->{name};
	return (200, {dial => JSON::PP::false, reason => 'a customer  already', until => '2099-01-01T10:00:00Z'}) if $name eq 'No';
	return (200, {dial => JSON::PP::false}) if $name eq 'Never';
	return (200, {dial => 'yes'}) if $name eq 'Vague';
	if ($name eq 'Slow') { return if fork(); alarm 15; sleep 60; }
	return (200, {dial => JSON::PP::true, variables => {plan => 'gold {{phone}}', phone => '+12125550999', 'Bad name' => 1}});
});
my $node = new_real_node('main');
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(Asks Breaks);
$node->safe_psql('va', "SELECT voiceagent.set_setting('tool_private_hosts', '127.0.0.1:$port')");
wait_workers($node, 'the workers are up');

sub tool { my ($of, $path) = @_; as_tenant($node, 'va', $tenant{$of}, qq{SELECT secret FROM voiceagent.create_tool('crm', 'Knows customers', '{"type": "object", "properties": {}}', 'http://127.0.0.1:$port$path')}); return; }

# A campaign that calls these people.
sub campaign
{
	my ($of, @names) = @_;
	my $n = 0;
	my $leads = join ', ', map { sprintf q{voiceagent.add_lead(phone => '%s', first_name => '%s', context => '{"plan": "old"}')},
		# What comes of the others is chance; this one answers.
		$_ eq 'Yes1' ? '+12125550101' : sprintf('+1415666%d%03d', $tenant{$of} % 10, $n++), $_ } @names;
	my $campaign = as_tenant($node, 'va', $tenant{$of}, qq{SELECT voiceagent.create_campaign('Asked', voiceagent.create_assistant('Asks', 'Your plan is {{plan}}.', 'Be kind.'), 'sales',
		'{"before_dial": "crm", "call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}')});
	as_tenant($node, 'va', $tenant{$of}, "SELECT voiceagent.add_leads($campaign, ARRAY[$leads])");
	return $campaign;
}
sub calls { my ($of, $what) = @_; return "SELECT $what FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE c.tenant_id = $tenant{$of}"; }
sub put_off { my ($of, $name, $what) = @_; return "SELECT $what FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent_private.call_queue q USING (tenant_id, campaign_id, lead_id) WHERE m.tenant_id = $tenant{$of} AND l.first_name = '$name'"; }

# ---- what is no tool is none to be asked ----

my ($code, undef, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant{Asks}); SELECT voiceagent.create_campaign('None', voiceagent.create_assistant('None', 'Hello', 'Be kind.'), 'sales', '{\"before_dial\": \"crm\"}')");
like($err, qr/before_dial names no tool of your own/, 'a campaign cannot have a tool asked that there is not');

# ---- yes, no, nonsense, silence ----

tool('Asks', '/crm');
my $campaign = campaign('Asks', (map { "Yes$_" } 1 .. 6), qw(No Never Vague Slow));
like(as_tenant($node, 'va', $tenant{Asks}, "SELECT voiceagent.preview_campaign($campaign) ->> 'warnings'"), qr/the tool crm is asked before each dial, and was not asked here/, 'a preview says that it has not asked');
is(scalar(came('POST', qr{/crm})), 0, '... and has not');
as_tenant($node, 'va', $tenant{Asks}, "SELECT voiceagent.start_campaign($campaign)");
wait_for_sql($node, 'va', calls('Asks', "count(*) FILTER (WHERE first_name LIKE 'Yes%'), count(*) FILTER (WHERE first_name NOT LIKE 'Yes%')"), '6|0', 'who may be dialled is, nobody else, and none waits for the slow one', 90);
my ($asked) = map { $json->decode($_->{body}) } grep { $_->{body} =~ /Yes1/ } came('POST', qr{/crm});
is_deeply([ @$asked{qw(type campaign_id name)}, $asked->{variables}{plan} ], [ 'dial', $campaign, 'Yes1', 'old' ], 'the server is told who is to be called');
wait_for_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.calls c CROSS JOIN LATERAL jsonb_array_elements(coalesce((SELECT k.turns FROM voiceagent.conversations k WHERE k.tenant_id = c.tenant_id AND k.call_id = c.call_id), '[]')) t WHERE c.tenant_id = $tenant{Asks} AND t::text LIKE '%Your plan is gold { {phone} }.%'", 't', 'what it tells of a lead is said, and fills no variable of ours', 120);
wait_for_sql($node, 'va', put_off('Asks', 'No', "m.reason, q.not_before < now() + interval '31 days', q.not_before > now() + interval '29 days'"), 'the tool crm said no: a customer already|t|t', 'a no puts the lead off, for a month at most', 90);
wait_for_sql($node, 'va', put_off('Asks', 'Never', "m.reason, q.not_before > now() + interval '10 minutes'"), 'the tool crm said no: no reason|t', '... without a time for before_dial_retry', 90);
wait_for_sql($node, 'va', put_off('Asks', 'Vague', 'm.reason'), 'the tool crm gave no answer: the answer has no "dial": true or false', 'nonsense is no yes', 90);
wait_for_sql($node, 'va', put_off('Asks', 'Slow', "m.reason LIKE 'the tool crm gave no answer: %'"), 't', 'nor is silence', 90);
is_as_tenant($node, 'va', $tenant{Asks}, "SELECT count(*) FROM voiceagent.explain_lead((SELECT lead_id FROM voiceagent.leads WHERE tenant_id = $tenant{Asks} AND first_name = 'No')) WHERE why LIKE '%Put off: the tool crm said no: a customer already.%'", 1, 'explain_lead() says so');
is_sql($node, 'va', "SELECT count(DISTINCT lead_id) FROM voiceagent.events WHERE tenant_id = $tenant{Asks} AND event_type = 'lead_put_off' AND event_data ->> 'reason' LIKE 'the tool crm%'", 4, '... and an event of each');
# By chance one of those who were called was promised another call.
is_sql($node, 'va', calls('Asks', "count(DISTINCT lead_id), count(*) FILTER (WHERE first_name NOT LIKE 'Yes%')"), '6|0', '... of whom nobody was called');

# ---- three failures in a row: the campaign is paused, and goes on when a person says so ----

tool('Breaks', '/broken');
$node->safe_psql('va', "SELECT voiceagent.set_setting('before_dial_retry', '5 seconds')");
my $paused = campaign('Breaks', map { "Yes$_" } 1 .. 6);
as_tenant($node, 'va', $tenant{Breaks}, "SELECT voiceagent.start_campaign($paused)");
wait_for_sql($node, 'va', "SELECT status, status_reason FROM voiceagent.campaigns WHERE campaign_id = $paused", 'paused|the tool crm is switched off (before_dial): HTTP status 503', 'a tool that fails three times in a row pauses the campaign, which says why', 90);
is_sql($node, 'va', calls('Breaks', 'count(*)'), 0, '... and nobody was called');
append_to_file($mended, '');
as_tenant($node, 'va', $tenant{Breaks}, "SELECT voiceagent.resume_campaign($paused)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $paused", 'paused', 'it is paused again while the tool is off', 90);
as_tenant($node, 'va', $tenant{Breaks}, "SELECT voiceagent.update_tool('crm')");
as_tenant($node, 'va', $tenant{Breaks}, "SELECT voiceagent.resume_campaign($paused)");
wait_for_sql($node, 'va', calls('Breaks', 'count(*)'), 6, 'switched on again, it is asked anew, and they are called', 90);

# ---- the tenant has a tool asked while its campaigns run ----

my $later = create_tenant($node, 'va', 'Later', credits => 1000);
$tenant{Later} = $later;
tool('Later', '/crm');
my $before = campaign('Later', 'Yes1');
as_tenant($node, 'va', $later, "SELECT voiceagent.update_campaign($before, '{\"before_dial\": null}')");
as_tenant($node, 'va', $later, "SELECT voiceagent.start_campaign($before)");
wait_for_sql($node, 'va', calls('Later', 'count(*)'), 1, 'a campaign of a tenant that has none asked dials', 90);
as_tenant($node, 'va', $later, "SELECT voiceagent.set_setting('before_dial', 'crm')");
as_tenant($node, 'va', $later, "SELECT voiceagent.add_lead('+12125550188', 'Yes', campaign_id := $before, context := '{\"plan\": \"old\"}'), voiceagent.add_lead('+12125550189', 'Never', campaign_id := $before, context := '{\"plan\": \"old\"}')");
wait_for_sql($node, 'va', calls('Later', 'count(*)'), 2, '... and once it has, about those that come later', 120);
wait_for_sql($node, 'va', "SELECT reason FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE m.tenant_id = $later AND l.first_name = 'Never'", 'the tool crm said no: no reason', '... whose no counts', 120);

# ---- a lead that is erased leaves nothing of it; a tool that is deleted stops who needs it ----

as_tenant($node, 'va', $tenant{Asks}, "SELECT voiceagent.erase_lead((SELECT lead_id FROM voiceagent.leads WHERE tenant_id = $tenant{Asks} AND first_name = 'No'))");
is_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.tool_asks a WHERE a.tenant_id = $tenant{Asks} AND NOT EXISTS (SELECT FROM voiceagent.leads l WHERE l.lead_id = a.lead_id)", 0, 'the erasure of a lead takes along what was asked of it');
as_tenant($node, 'va', $tenant{Asks}, "SELECT voiceagent.delete_tool('crm')");
wait_for_sql($node, 'va', "SELECT status_reason FROM voiceagent.campaigns WHERE campaign_id = $campaign", 'the tool crm is gone (before_dial)', 'a campaign whose tool is gone is paused', 90);
$node->stop('immediate');
done_testing();
