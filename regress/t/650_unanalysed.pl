# A campaign on a carrier that sends no analysis (sandbox_analysis = none), through the workers: what was agreed is pending and uncertain,
# and waits for a person; an opt-out in the words is obeyed all the same.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Words Alone', credits => 1000);
wait_workers($node, 'the workers run');
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_analysis', 'none')});
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.add_lead(phone => '+1' || area || '555010' || last)
	FROM unnest('{212,303,404,512}'::text[]) area, generate_series(0, 4) last});
my $campaign = as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_campaign('Words', voiceagent.create_assistant('Ann', 'Hello, this is Ann.', 'Sell heat pumps.'),
		settings => '{"max_concurrent_calls": 20, "call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}')});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_leads($campaign), voiceagent.start_campaign($campaign)");
ok(wait_until(sub { as_tenant($node, 'va', $tenant, 'SELECT count(*) FROM (SELECT lead_id FROM voiceagent.calls WHERE outcome IS NOT NULL GROUP BY 1) l') >= 20 }), 'every lead was called');
# An opt-out that is heard while the call is live is the carrier's word for it.
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.call_fields WHERE origin <> 'rules' AND name <> 'do_not_call'}, 0, 'no analysis came');
cmp_ok(as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.waiting WHERE kind = 'appointment'}), '>', 0, 'appointments are pending');
# Eight people choose freely: one that names a half hour that another has taken is in conflict, not pending.
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.appointments
	WHERE NOT (status = 'pending' OR status = 'conflict' AND conflict_reason = 'taken')}, 0, '... and none stands');
is_as_tenant($node, 'va', $tenant, q{SELECT count(DISTINCT phone) FROM voiceagent.calls WHERE uncertain = 'review' AND right(phone, 4) = '0103'}, 4,
	'a call that was asked for waits for a person');
# Not everybody says what the time is for: "When would suit you?" may ask for a visit or for a call.
is_as_tenant($node, 'va', $tenant, q{SELECT count(DISTINCT phone) FROM voiceagent.calls WHERE uncertain IN ('acted', 'review') AND right(phone, 4) = '0100'}, 4,
	'... and so is a visit, or it waits for a person');
cmp_ok(as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.waiting WHERE kind = 'appointment' AND what LIKE '%uncertain%'}), '>', 0,
	'... and says so where it waits');
is_as_tenant($node, 'va', $tenant, q{SELECT count(*) FROM voiceagent.calls c JOIN voiceagent.do_not_call_list d USING (tenant_id, phone)
	WHERE right(c.phone, 4) = '0104'}, 4, 'an opt-out is obeyed');
is_as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_analysis', 'decided')}, '', 'with its analysis again');
$node->stop('fast');
done_testing();
