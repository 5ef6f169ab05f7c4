# The console as people of three roles see it, light, dark and 390 pixels wide: names, contrast, targets of 24 pixels, nothing beyond the
# side, no value that is none.  Each page is judged once, by a role and a look that turn with the day; AUDIT=5 is another turn, and
# AUDIT=all judges all of them (some minutes):
#
#	AUDIT=all TESTS=964_console_audit regress/lib/check tap
#
# Beside it, a person in two workspaces.
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

my $tenant = create_tenant($node, 'va', 'Acme Solar', credits => 10000);
my $other = create_tenant($node, 'va', 'Other Roofs', credits => 100);
members($node, $tenant, qw(owner viewer agent));
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant, 'both\@example.com', '$console_password'), voiceagent.create_member($other, 'both\@example.com', '$console_password', 'viewer')");
my $theirs = as_tenant($node, 'va', $other, q{SELECT voiceagent.add_lead('+12125550199', first_name => 'Theirs')});
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '86400')});
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.import_leads(csv := (SELECT E'First name;Last name;Tel.;Product\n' || string_agg(format(E'%s;Baker;212-555-0%s;Roof\n', CASE i WHEN 7 THEN repeat('Long ', 20) ELSE 'Ada' || i END, 100 + i), '') FROM generate_series(1, 30) i), default_country := 'US');
	SELECT voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people about {{Product}}.');
	SELECT voiceagent.create_assistant('Desk', 'You have reached Acme.', 'You answer calls.');
	SELECT voiceagent.create_phone_number('+12125550190', details := jsonb_build_object('ai_assistant_id', max(assistant_id))) FROM voiceagent.assistants;
	SELECT voiceagent.create_campaign('Spring', (SELECT min(assistant_id) FROM voiceagent.assistants),
		settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}');
	SELECT voiceagent.add_leads(max(campaign_id)) FROM voiceagent.campaigns;
	SELECT voiceagent.start_campaign(max(campaign_id)) FROM voiceagent.campaigns;
	SELECT voiceagent.create_campaign('Later', (SELECT min(assistant_id) FROM voiceagent.assistants));
	SELECT voiceagent.create_calendar('Visits');
	SELECT voiceagent.add_agent('Mia', '{+12125550123}');
	SELECT voiceagent.do_not_call('+12125550111', 'asked for it');
	SELECT voiceagent.create_task('other', 'Call the miller');
	SELECT voiceagent.create_sequence('After', jsonb_build_array(jsonb_build_object('do', 'call', 'campaign_id', max(campaign_id), 'then', 'end'), '{"do": "wait", "for": ["replied"], "within": "2 days"}'::jsonb)) FROM voiceagent.campaigns;
	SELECT voiceagent.publish_sequence(max(sequence_id)) FROM voiceagent.sequences;
	SELECT voiceagent.create_intake('Form') IS NULL;
	SELECT voiceagent.open_ticket('A question', 'What is a credit?')});
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE tenant_id = $tenant AND name = 'Spring'", 'completed', 'a campaign has run', 60);

# A vendor failed in the latest call.
$node->safe_psql('va', qq{INSERT INTO voiceagent.events (tenant_id, call_id, campaign_id, lead_id, event_type, event_data, at, xid, month_slot)
	SELECT e.tenant_id, e.call_id, e.campaign_id, e.lead_id, 'media_engine_failed', '{"provider": "deepgram", "engine": "ear", "why": "no answer in 1500 ms"}', e.at, e.xid, e.month_slot
	FROM voiceagent.events e WHERE e.tenant_id = $tenant AND e.event_type = 'call_ended' ORDER BY e.call_id DESC LIMIT 1});
my $of = sub { as_tenant($node, 'va', $tenant, "SELECT max($_[1]) FROM voiceagent.$_[0]") };
# What a person says in the sandbox is not ours to choose: two leads side by side that have not asked to be called no more.
my $lead = as_tenant($node, 'va', $tenant, q{SELECT max(l.lead_id) FROM voiceagent.leads l JOIN voiceagent.leads p ON p.lead_id = l.lead_id - 1
	WHERE NOT EXISTS (SELECT FROM voiceagent.do_not_call_list d WHERE d.phone IN (l.phone, p.phone))});
my $ends = as_tenant($node, 'va', $tenant, 'SELECT count(*) FROM voiceagent.talk_ends((SELECT min(assistant_id) FROM voiceagent.assistants))');
my %facts = (ends => $ends + 0, phone => $of->('calls', 'phone') // '', theirs => $theirs + 0, turn => $ENV{AUDIT} // int(time / 86400), things => { calls => $of->('calls', 'call_id'), leads => $lead,
	campaigns => $of->('campaigns', 'campaign_id') - 1, assistants => $of->('assistants', 'assistant_id') - 1, tickets => $of->('tickets', 'ticket_id'), sequences => $of->('sequences', 'sequence_id') });
my @lines = visit('audit.js', $url, 1500, $node->basedir . '/browser', encode_json(\%facts));
note($_) foreach grep { /^# [a-z\d]/ } @lines;
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 14, 'people of three roles look at the pages');
is(join("\n", grep { !/^ok|^1\.\.|^# [a-z\d]/ } @lines), '', '... and all is as it should be');
is_as_tenant($node, 'va', $tenant, q{SELECT concat_ws(' ', (SELECT string_agg(concat_ws(' ', kind, source, revoked_at IS NOT NULL), ', ') FROM voiceagent.consents WHERE source LIKE 'A form%'),
	(SELECT string_agg(reason, ', ') FROM voiceagent.legal_holds), (SELECT string_agg(concat_ws(' ', priority, category), ', ' ORDER BY ticket_id DESC) FROM voiceagent.tickets), (SELECT count(*) FROM voiceagent.do_not_call_list WHERE reason = 'Said so'),
	(SELECT count(*) FROM voiceagent.own_numbers WHERE phone = '+12125550177'), (SELECT count(*) FROM voiceagent.followed_calendars),
	(SELECT count(*) FROM voiceagent.campaign_leads m JOIN voiceagent.campaigns c USING (tenant_id, campaign_id) WHERE c.name = 'Later'))},
	'call A form of ours t A lawsuit high billing, normal technical 1 1 0 1', 'SQL has what was done');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
