# The worker itself evaluates audiences: a lead that comes later, and one that is tagged, join the campaign and are
# called without anybody asking; a condition that fails says so; an idle database is left alone.
use strict;
use warnings;
use Test::More;
use VoiceAgent;

my $node = new_node('main', database => '');
$node->safe_psql('postgres', q{CREATE DATABASE calls TEMPLATE template0 ENCODING 'UTF8'});
$node->safe_psql('calls', q{
	CREATE EXTENSION voiceagent CASCADE;
	CREATE ROLE acme LOGIN;
	SELECT voiceagent.map_role('acme', voiceagent.create_tenant('acme', 'UTC', 1000));
});
sub acme { return $node->safe_psql('calls', $_[0], extra_params => [ '-U', 'acme' ]) }
$node->safe_psql('calls', q{SELECT voiceagent.set_setting('audience_interval', '10 seconds')});
acme(q{
	SELECT voiceagent.create_campaign('audience', voiceagent.create_assistant('A', 'Hello', 'Be kind.'), settings => '{"call_interval": 0,
		"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}');
	SELECT voiceagent.add_lead('+1 312 555 0100', 'Ann');
	SELECT voiceagent.create_audience('all with a name', 1, 'first_name IS NOT NULL');
	SELECT voiceagent.create_audience('tagged', 1, $$'vip' = ANY (tags)$$);
	SELECT voiceagent.create_audience('bad', 1, $$(context ->> 'budget')::integer > 3$$);
});
wait_for_sql($node, 'calls', 'SELECT count(*) FROM voiceagent.campaign_leads', '1', 'who is there joins at once');
acme('SELECT voiceagent.start_campaign(1)');
wait_for_sql($node, 'calls', q{SELECT string_agg(status, ' ' ORDER BY lead_id) FROM voiceagent.campaign_leads}, 'completed', 'and is called');
wait_for_sql($node, 'calls', 'SELECT status FROM voiceagent.campaigns', 'completed', 'nobody is left');
acme(q{
	SELECT voiceagent.add_lead('+1 312 555 0101', 'Bob', context => '{"budget": "x"}');
	SELECT voiceagent.add_lead('+1 312 555 0104');
	SELECT voiceagent.tag_leads('{3}', '{vip}');
});
wait_for_sql($node, 'calls', 'SELECT count(*) FROM voiceagent.calls', '3', 'who comes later, or is tagged, is called too', 60);
wait_for_sql($node, 'calls', q{SELECT error FROM voiceagent.audiences WHERE name = 'bad'}, '22P02 invalid input syntax for type integer: "x"', 'a condition that fails says so', 60);
acme('SELECT voiceagent.drop_audience(audience_id) FROM voiceagent.audiences');
wait_for_sql($node, 'calls', q{SELECT next_at FROM voiceagent_private.maintenance_jobs WHERE job = 'enrol_audiences'}, 'infinity', 'without audiences the maintenance job sleeps', 60);
done_testing();
