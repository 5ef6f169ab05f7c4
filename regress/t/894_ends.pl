# An ear that hears by itself whether a pause is the end (Deepgram's Flux): the answer is begun before the turn is over, and thrown away when
# the person goes on, with the tool that it wanted.
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
my $of = spoken_tenant($on, 'Ends');

# The campaigns of this test have the assistant of that name.
as_tenant($node, 'va', $of->{tenant}, q{SELECT voiceagent.create_assistant('Ann herself', 'Hello {{first_name}}, this is Acme. Do you have a minute?',
	E'You call for Acme.\nYou offer roofs.', settings => '{"discloses": true, "tools": ["take_message"]}')});

# Behind a filler where the answer comes late.
my $soon = qr/(?:assistant: One moment, please\.\n)?assistant: (?:One moment, please\. )?/;

my $mind = engine_account($on, $of, 'openai', 'key-mind', '/v1', 'gpt-x', 1, '');
my $flux = engine_account($on, $of, 'deepgram', 'key-ear', '', 'flux-general-en', 1, '');
wait_for_sql($node, 'va', "SELECT string_agg(test_result, ' ') FROM voiceagent.model_accounts WHERE model_account_id IN ($mind, $flux)", 'ok ok', 'an account of Flux is checked as any other', 60);
vendors_do($on, lines => [ 'I would like ... a heat pump', 'bye now' ], tool => {name => 'take_message', arguments => {message => 'Nobody has said so'}});
vendors_saw($on);
my $came = talk($on, $of, 'I would like a heat pump', 'bye now');
my @saw = vendors_saw($on);
is(wrong(@saw), '', 'Flux is asked as its vendor wants it');
is(engine_failures($on, $came->{call}), '', '... and has not failed');
like($came->{said}, qr/^customer: I would like a heat pump\n${soon}You said I would like a heat pump\..*\ncustomer: bye now\n${soon}Goodbye then\.$/ms, '... its words are answered');
my @asked = map { $_->{asked}[-1]{content} } grep { defined $_->{asked} } @saw;
is_deeply(\@asked, [ 'I would like', 'I would like a heat pump', 'bye now' ], 'the answer is begun before the turn is over, and a right one is asked for once');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.call_tools WHERE call_id = $came->{call}", '0', '... while a tool that a wrong one wanted is not used');
done_testing();
