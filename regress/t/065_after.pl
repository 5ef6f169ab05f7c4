# What becomes of leads by itself, through the workers: a lead's second number, the retry of an unfinished call, the
# follow-up, the end of a campaign, and leads without any calling window (X2, X16, X18, F81).
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'After', credits => 1000);
wait_workers($node, 'the workers run');

sub sql { return as_tenant($node, 'va', $tenant, $_[0]); }
sub campaign
{
	my ($name, $settings, @phones) = @_;
	my $id = sql("SELECT voiceagent.create_campaign('$name', (SELECT min(assistant_id) FROM voiceagent.assistants), settings => '{\"call_interval\": 0, $settings}')");
	sql("SELECT voiceagent.add_leads($id, ARRAY[" . join(', ', map { "voiceagent.add_lead('$_')" } @phones) . '])');
	return $id;
}
my $leads = q{SELECT right(l.phone, 4), m.status, coalesce(m.last_outcome, '-'), m.attempts FROM voiceagent.campaign_leads m JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE campaign_id = %s ORDER BY 1, 2};

sql(q{SELECT voiceagent.create_assistant('Ann', 'Hello, this is Ann.', 'Be kind.')});

# ---- several numbers, unfinished calls, and a follow-up into a campaign that was done ----

my $next = campaign('Next', '"retry_attempts": 0', '+12125550101');
sql("SELECT voiceagent.start_campaign($next)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $next", 'completed', 'the other campaign is done');
my $first = campaign('First', '"retry_attempts": 1, "tries_per_number": 1', '+13035550105', '+13035550120', '+14045550105');
sql(q{SELECT voiceagent.add_lead_number(lead_id, '+14045550101') FROM voiceagent.leads WHERE phone = '+14045550105'});
sql("SELECT voiceagent.set_follow_up($first, 'no_answer', $next), voiceagent.set_follow_up($first, 'unfinished', $next, '1 second')");
sql("SELECT voiceagent.start_campaign($first)");
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.campaigns WHERE campaign_id IN ($first, $next) AND status = 'completed' AND EXISTS (SELECT FROM voiceagent.campaign_leads m WHERE m.campaign_id = $next AND m.lead_id IN (SELECT lead_id FROM voiceagent.leads WHERE phone = '+13035550120') AND m.status = 'failed')", 2, 'both are done in the end');
is_as_tenant($node, 'va', $tenant, sprintf($leads, $first), "0105|completed|interested|2\n0105|failed|no_answer|2\n0120|failed|unfinished|2",
	'a second number answered; who hung up was called again');
is_as_tenant($node, 'va', $tenant, "SELECT number, right(phone, 4), outcome FROM voiceagent.calls WHERE phone LIKE '+1404%' ORDER BY call_id", "1|0105|no_answer\n2|0101|interested", '... dialled in turn');
is_as_tenant($node, 'va', $tenant, sprintf($leads, $next), "0101|completed|interested|1\n0105|failed|no_answer|1\n0120|failed|unfinished|1", 'who ended so was followed up, once');

# ---- the end of a campaign ----

my $ends = campaign('Ends', '"expires_after": "3 seconds", "call_interval": 600', map { "+1505555010$_" } 1, 2, 3);
sql("SELECT voiceagent.start_campaign($ends)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $ends", 'completed', 'a campaign ends when its time is over');
is_as_tenant($node, 'va', $tenant, "SELECT count(*) FILTER (WHERE m.status = 'expired'), count(*) FILTER (WHERE m.attempts > 0), count(DISTINCT m.reason) FROM voiceagent.campaign_leads m WHERE campaign_id = $ends",
	'2|1|1', '... with who was not dialled by then expired');
is_as_tenant($node, 'va', $tenant, "SELECT count(*) FROM voiceagent.events WHERE event_type = 'lead_expired' AND campaign_id = $ends", 2, '... and told');

# ---- no hour at which they may be called ----

my $never = campaign('Never', '"calling_hours": {"start": "10:00", "end": "19:00"}, "no_window_give_up_after": "2 seconds"', '+18005550101');
sql("SELECT voiceagent.start_campaign($never)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $never", 'completed', 'a campaign whose leads have no calling window does not run for ever');
is_as_tenant($node, 'va', $tenant, "SELECT m.status, m.reason, m.attempts FROM voiceagent.campaign_leads m WHERE campaign_id = $never", 'expired|no calling window|0', '... and says why');

is_well($node, 'the end');
$node->stop;
done_testing();
