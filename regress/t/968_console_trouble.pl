# The console's page when things go wrong: 100,000 leads, ids of another tenant, hostile words in transcripts and tools, a network
# that goes away, sessions that end.  With no Chromium, no node or no npm there is nothing to see.
use strict;
use warnings;

use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
need_page($url);
my $leads = 100_000;

# Both tenants have a number, a caller that has booked, and a campaign.
my $everything = q{
	SELECT voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You answer the telephone.', settings := '{"tools": ["free_slots", "book", "take_message"]}');
	SELECT voiceagent.create_campaign('Rare', max(assistant_id)) FROM voiceagent.assistants;
	SELECT voiceagent.create_phone_number('+1212555NUMBER', details := jsonb_build_object('ai_assistant_id', max(assistant_id), 'in_hours', 'assistant')) FROM voiceagent.assistants;
	SELECT voiceagent.add_agent('Mia', '{"+1 212 555 0199"}'), voiceagent.create_calendar('Visits'), voiceagent.add_lead('+14155550177', 'Needle'), voiceagent.wizard_start('roofing');
	SELECT voiceagent.sandbox_call_in(max(phone_number_id), 'books') FROM voiceagent.phone_numbers;
	SELECT voiceagent.sandbox_call_in(max(phone_number_id), caller := '+12125550120', lines := ARRAY['Hello <script>alert(1)</script>', U&'\202Egnihton']) FROM voiceagent.phone_numbers};
my %tenant = (One => '0101', Two => '0102');
foreach my $name (sort keys %tenant)
{
	my $number = $tenant{$name};
	$tenant{$name} = create_tenant($node, 'va', $name, credits => 1000);
	as_tenant($node, 'va', $tenant{$name}, $everything =~ s/NUMBER/$number/r);
}
my ($one, $two) = @tenant{qw(One Two)};
members($node, $one, 'owner');
my $member = $node->safe_psql('va', "SELECT voiceagent.create_member($two, 'other\@example.com', '$console_password', 'owner')");
$node->safe_psql('va', qq{
	INSERT INTO voiceagent.leads (tenant_id, phone, first_name, country, region, timezones, created_at)
	SELECT $one, '+1212' || (2000000 + i), 'Lead ' || i, 'US', 'US-NY', '{America/New_York}', now() FROM generate_series(1, $leads) i;
	ANALYZE voiceagent.leads;
	UPDATE voiceagent.call_tools SET result = U&'<img src=x onerror=alert(2)> \\202Etluser' WHERE tenant_id = $one});
# A superuser sees all rows.
sub of { my ($tenant, $sql) = @_; return as_tenant($node, 'va', $tenant, "$sql WHERE t.tenant_id = $tenant") + 0 }
my $hostile = of($one, q{SELECT max(t.call_id) FROM voiceagent.calls t});
# The call with hostile words has tools, too.
$node->safe_psql('va', "UPDATE voiceagent.call_tools SET call_id = $hostile, tool_call_id = concat(call_id, tool_call_id) WHERE tenant_id = $one");
my %its = map { $_->[0] => of($two, "SELECT max(t.$_->[0]_id) FROM voiceagent.$_->[1] t") } [ 'lead', 'leads' ], [ 'campaign', 'campaigns' ], [ 'assistant', 'assistants' ], [ 'call', 'calls' ], [ 'agent', 'agents' ],
	[ 'calendar', 'calendars' ], [ 'phone_number', 'phone_numbers' ], [ 'wizard', 'unfinished_wizards' ], [ 'provider_account', 'provider_accounts' ];
my $id = sub { my ($what) = @_; return ("${what}_id" => $its{$what}) };
my @others = (
	[ 'call_film', { $id->('call') } ], [ 'recording_link', { $id->('call') } ], [ 'explain_lead', { $id->('lead') } ], [ 'lead_page', { $id->('lead') } ], [ 'update_lead', { $id->('lead'), changes => { company => 'x' } } ],
	[ 'start_campaign', { $id->('campaign') } ], [ 'pause_campaign', { $id->('campaign') } ], [ 'preview_campaign', { $id->('campaign') } ], [ 'campaign_overview', { $id->('campaign') } ], [ 'update_assistant', { $id->('assistant'), changes => { name => 'x' } } ],
	[ 'update_agent', { $id->('agent'), changes => { name => 'x' } } ], [ 'remove_agent', { $id->('agent') } ], [ 'update_calendar', { $id->('calendar'), changes => { name => 'x' } } ],
	[ 'update_phone_number', { $id->('phone_number'), details => { friendly_name => 'x' } } ], [ 'wizard_step', { $id->('wizard') } ], [ 'update_provider_account', { $id->('provider_account'), active => JSON::PP::false } ],
	[ 'update_member', { member_id => $member + 0, active => JSON::PP::false } ]);
my $day = q{c.started_at >= date_trunc('day', voiceagent.clock() AT TIME ZONE t.timezone) AT TIME ZONE t.timezone};
my %facts = (leads => $leads, assistant => of($one, q{SELECT max(t.assistant_id) FROM voiceagent.assistants t}), needle => of($one, q{SELECT min(t.lead_id) FROM voiceagent.leads t}), call => $hostile, other_call => $its{call}, others => \@others,
	calls => of($one, "SELECT count(*) FROM voiceagent.calls c JOIN voiceagent.tenants t ON t.tenant_id = c.tenant_id AND $day"),
	answered => of($one, "SELECT count(*) FILTER (WHERE c.answered_at IS NOT NULL) FROM voiceagent.calls c JOIN voiceagent.tenants t ON t.tenant_id = c.tenant_id AND $day"));

my @lines = visit('trouble.js', $url, 400, $node->basedir . '/browser', encode_json(\%facts));
note($_) foreach grep { /^# the first/ } @lines;
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 19, 'the page bears trouble');
is(join("\n", grep { !/^ok|^1\.\.|^# the first/ } @lines), '', '... and every step is as it should be');
is(of($two, q{SELECT count(t.company) FROM voiceagent.leads t}), 0, 'nothing of the other tenant was changed');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
