# A prompt that one lead's values blow up costs that lead its call, and says so: the carrier's process neither grows nor
# stops, and the next lead of the same campaign is talked to.
use strict;
use warnings;
use Test::More;
use PostgreSQL::Test::Utils;
use VoiceAgent;

my $node = new_node('main', database => '');
$node->safe_psql('postgres', q{CREATE DATABASE calls TEMPLATE template0 ENCODING 'UTF8'});
$node->safe_psql('calls', q{
	CREATE EXTENSION voiceagent CASCADE;
	CREATE ROLE acme LOGIN;
	SELECT voiceagent.map_role('acme', voiceagent.create_tenant('acme', 'UTC', 1000));
});
my $campaign = $node->safe_psql('calls', q{
	SELECT voiceagent.create_campaign('limits', voiceagent.create_assistant('A', 'Hello', repeat('{{a}}', 1000)), settings => '{"call_interval": 0,
		"calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}');
	SELECT voiceagent.add_lead('+1 312 555 0100', context => jsonb_build_object('a', repeat('x', 700000)), campaign_id => 1, priority => 0) > 0;
	SELECT voiceagent.add_lead('+1 312 555 0101', context => '{"a": "b"}', campaign_id => 1) > 0;
	SELECT voiceagent.start_campaign(1);
}, extra_params => [ '-U', 'acme' ]);
# A request that a busy machine could not send in time is made again, so that a lead may have more than one call.
wait_for_sql($node, 'calls', q{SELECT EXISTS (SELECT FROM voiceagent.attempts WHERE error LIKE '%longer than%')
	AND EXISTS (SELECT FROM voiceagent.calls WHERE provider_call_id IS NOT NULL AND outcome IS NOT NULL)}, 't', 'both calls end', 120);
is($node->safe_psql('calls', q{SELECT DISTINCT l.phone, c.provider_call_id IS NOT NULL FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) ORDER BY 1}),
	"+13125550100|f\n+13125550101|t", 'the carrier took only the one that it can hold');
like($node->safe_psql('calls', q{SELECT string_agg(a.error, ' ') FROM voiceagent.attempts a}), qr/longer than 1048576 bytes/, 'the other says why');
unlike(slurp_file($node->logfile), qr/terminated by signal|out of memory/, 'no process died of it');
my ($peak) = sort { $b <=> $a } map { qx(cat /proc/$_/status) =~ /VmHWM:\s+(\d+)/ ? $1 : 0 }
	split /\n/, $node->safe_psql('calls', q{SELECT pid FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent%'});
cmp_ok($peak, '<', 300_000, 'kB: none of our processes has grown');
done_testing();
