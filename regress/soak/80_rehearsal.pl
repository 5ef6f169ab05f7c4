# Every caller that is rehearsed, and its twin that must not get what it wants, under seeds of faults: tools come twice or late, and
# callers hang up while they run.  What is judged is the rows that their calls leave.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults qw(try_psql wait_until);
use VoiceAgentSoak;

my $seed = seed();
my $node = new_node('main', log_statement => 'none');
my $tenant = create_tenant($node, 'va', 'Rehearses', credits => 1000);
sub sql { return as_tenant($node, 'va', $tenant, $_[0]) }

my $assistant = sql(q{SELECT voiceagent.create_assistant('Desk', 'Good day.', 'Be kind.')});
sql(qq{SELECT voiceagent.update_assistant($assistant, jsonb_build_object('settings', jsonb_build_object('tools', (SELECT jsonb_agg(tool) FROM voiceagent.list_tools()))))});
my $number = sql(qq{SELECT voiceagent.create_phone_number('+12125550001', details => '{"ai_assistant_id": $assistant}')});
sql(q{SELECT voiceagent.add_agent('Ann Lee', ARRAY['+12125550201'], wrap_up => '0')});
sql(q{SELECT voiceagent.set_listing_profile('real_estate')});
sql(q{SELECT voiceagent.add_listing('{"kind": "house", "address": "12 Oak Street", "price": 450000, "health": "the seller must sell"}', reference => 'A-1')});
# Somebody else's, which no caller may touch.
sql(q{SELECT voiceagent.book(NULL, date_trunc('hour', voiceagent.clock()) + interval '3 days', lead_id => voiceagent.add_lead('+12025550190', 'Eve', 'Adams'))});

my @personas = split /\n/, sql('SELECT persona FROM voiceagent.list_personas()');
cmp_ok(scalar @personas, '>=', 22, 'there are callers');
is(sql('SELECT count(*) FROM voiceagent.list_personas() p WHERE twin_of IS NULL AND NOT EXISTS (SELECT FROM voiceagent.list_personas() t WHERE t.twin_of = p.persona)'), 0,
	'each has a twin');

# What follows is done by the job; here by hand, so that no run waits.
my ($played, @failed) = 0;
for (my $round = 1; $round <= rounds(short => 10, long => 100) && time_left(); $round++)
{
	restart_choices($round);
	my $faults = $round == 1 ? 'NULL' : ($seed + $round) % 1000000;
	my $n = 0;
	sql(join('', map { "SELECT voiceagent.sandbox_call_in($number, '$_', '+1415555" . sprintf('%04d', (37 * $round + $n++) % 10000) . "', faults => $faults);\n" } @personas));
	# Put off where somebody else holds the tenant just then.
	ok(wait_until(sub {
		my (undef, $left) = try_psql($node, "BEGIN; SELECT voiceagent_private.set_tenant($tenant);
			UPDATE voiceagent_private.calls_to_follow SET due_at = voiceagent.clock() WHERE tenant_id = $tenant;
			SELECT voiceagent_private.follow_calls_of_tenant(1000); COMMIT;
			SELECT 'left: ' || count(*) FROM voiceagent_private.calls_to_follow WHERE tenant_id = $tenant");
		return ($left // '') =~ /left: 0$/;
	}, 120), "round $round: what follows is done");
	$played += @personas;
	my $report = sql(sprintf(q{SELECT persona, faults, verdict, (SELECT jsonb_agg(c) FROM jsonb_array_elements(checks) c WHERE NOT (c -> 'holds')::boolean) FROM voiceagent.rehearsal_report(%d) WHERE verdict <> 'rehearsed'},
		scalar @personas));
	push @failed, map { "round $round: $_" } split /\n/, $report;
}
is(join("\n", @failed), '', "$played calls, each leaves what it may");
is(sql(q{SELECT count(*) FROM voiceagent.appointments a JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE l.phone = '+12025550190' AND a.status IN ('pending', 'confirmed')}), 1, 'what another has booked stands');
is(sql(q{SELECT count(*) FROM voiceagent.transfer_list WHERE phone <> '+12125550201'}), 0, 'nobody was put through to a number that a caller dictated');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.leads', sql('SELECT count(*) FROM voiceagent.leads'), 'no statement that was dictated was run');
figure(name => 'rehearsed calls', value => $played, unit => 'calls', goal => '>= 200', count => $played);
well($node, 'after all');
done_testing();
