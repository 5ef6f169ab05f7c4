# A call that we hold and that a model hands over to another assistant of the tenant's.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $on = spoken_server();
my $node = $on->{node};
my $of = spoken_tenant($on, 'Engines');
my $tenant = $of->{tenant};

# The campaigns of this test have the assistant of that name.
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Ann herself', 'Hello {{first_name}}, this is Acme. Do you have a minute?',
	E'You call for Acme.\nYou offer roofs.', settings => '{"discloses": true, "tools": ["take_message"]}')});

# Behind a filler where the answer comes late.
my $soon = qr/(?:assistant: One moment, please\.\n)?assistant: (?:One moment, please\. )?/;

sub call { return talk($on, $of, @_) }
sub model_account { return engine_account($on, $of, @_) }
sub failures { return engine_failures($on, @_) }

my $mind = model_account('openai', 'key-mind', '/v1', 'gpt-x', 1, '');
wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $mind", 'ok', 'an account of a mind is checked', 30);
vendors_saw($on);
my ($came, @saw, @asked);
# ---- another assistant ----

as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Berta', 'This is Berta now.', 'You are Berta.', settings => '{"discloses": true, "tools": ["opt_out"]}');
	SELECT voiceagent.update_assistant(assistant_id, '{"settings": {"discloses": true, "tools": ["take_message", "hand_over"]}}') FROM voiceagent.assistants WHERE name = 'Ann herself'});
vendors_do($on, tool => {name => 'hand_over', arguments => {assistant => 'Berta'}});
$came = call('yes speaking', 'what does it cost', 'bye');
@saw = vendors_saw($on);
is(wrong(@saw), '', 'a call that is handed over: the requests are as the vendor wants them');
like($came->{said}, qr/^customer: yes speaking\n(?:assistant: One moment, please\.\n)?assistant: [^\n]*This is Berta now\.\ncustomer: what does it cost\n${soon}You said what does it cost\./m, '... the other assistant begins with its own words, and goes on');
@asked = grep { defined $_->{asked} } @saw;
like($asked[-1]{asked}[0]{content}, qr/^You are Berta\./, '... by its own prompt');
is_deeply([ grep { $_ eq 'yes speaking' } map { $_->{content} } @{ $asked[-1]{asked} } ], ['yes speaking'], '... and knows what was said before');
is_deeply($asked[-1]{tools}, [qw(opt_out end_call)], '... with its own tools');
is_sql($node, 'va', "SELECT a.name FROM voiceagent.calls c JOIN voiceagent.assistants a USING (tenant_id, assistant_id) WHERE c.call_id = $came->{call}", 'Berta', '... and the call is its');
is(failures($came->{call}), '', '... and nothing has failed');

# The answer of another tool that was wanted in the same breath does not take it back.
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.update_assistant(assistant_id, '{"settings": {"discloses": true, "tools": ["take_message"]}}') FROM voiceagent.assistants WHERE name = 'Berta'});
vendors_do($on, deltas => [ map { { tool_calls => [$_] } } {index => 0, id => 'a', function => {name => 'hand_over', arguments => '{"assistant": "Berta"}'}},
	{index => 1, id => 'b', function => {name => 'take_message', arguments => '{"message": "The gate is open.", "name": "Ida"}'}} ]);
$came = call('yes speaking', 'what does it cost', 'bye');
like($came->{said}, qr/This is Berta now\./, 'two tools at once: the other assistant goes on');
is_sql($node, 'va', "SELECT string_agg(t.tool, ' ' ORDER BY t.called_at, t.tool) FROM voiceagent.call_tools t WHERE t.call_id = $came->{call} AND t.error IS NULL", 'hand_over take_message', '... and both were used');
$node->stop;
done_testing;
