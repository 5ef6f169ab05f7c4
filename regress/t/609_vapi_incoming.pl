# Somebody calls a number at Vapi: its assistant-request, through the gateway, is answered with the number's assistant, and the
# call's report comes back to us, with what the caller said.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my ($ours, $caller) = ('+12125550177', '+14155550100');

my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (200, [ {id => 'n1', number => $ours, createdAt => '2026-01-02T03:04:05Z'} ]) if $asked->{method} eq 'GET' && $asked->{path} =~ m{^/phone-number};
	return (200, {id => 'n1', number => $ours}) if $asked->{method} eq 'PATCH';
	return (404, {});
});
my $gateway = PostgreSQL::Test::Cluster::get_free_port();
my $node = new_real_node('main', 'voiceagent.gateway_port' => $gateway, 'voiceagent.public_base_url' => "http://127.0.0.1:$gateway");
my $tenant = create_tenant($node, 'va', 'Called', credits => 1000);
real_settings($node, {port => $port});
wait_workers($node, 'the workers run');
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('vapi', 'Vapi', '{"api_key": "the key"}',
	'{"phone_number_id": "n1", "base_url": "http://127.0.0.1:$port"}')});
my $endpoint = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'Vapi')");
my $assistant = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Desk', 'Hello {{first_name}}, how can I help?', 'Be kind.')});
my $lead = as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_lead('$caller', 'Ann')");
my $number = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_phone_number('$ours', $account, '{"ai_assistant_id": $assistant}')});
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.phone_numbers WHERE phone_number_id = $number", 'ready', 'the number is found in the account', 30);

# ---- where Vapi is to ask, and what proves that it does

as_tenant($node, 'va', $tenant, "SELECT voiceagent.receive_calls($number)");
ok(wait_until(sub { came('PATCH', qr{/phone-number/n1$}) }, 30), 'the number is told to ask us');
my ($told) = map { $json->decode($_->{body})->{server} } came('PATCH', qr{/phone-number/n1$});
is($told->{url}, $endpoint, '... at our endpoint');
is(scalar(keys %{$told->{headers}}), 1, '... with the secret that no credential at Vapi has');

sub ring_up
{
	my ($headers, %message) = @_;
	$message{call} = {id => 'in-1', orgId => 'o1', type => 'inboundPhoneCall', phoneNumberId => 'n1', %{$message{call} // {}}};
	return HTTP::Tiny->new(timeout => 20)->post($endpoint, {headers => {'content-type' => 'application/json', %$headers},
		content => $json->encode({message => {timestamp => 1700000000000, customer => {number => $caller}, phoneNumber => {number => $ours}, %message}})});
}

# ---- the question

is(ring_up({}, type => 'assistant-request')->{status}, 401, 'who is not Vapi is told nothing');
my $began = time;
my $reply = ring_up($told->{headers}, type => 'assistant-request');
my $took = time - $began;
is($reply->{status}, 200, 'somebody calls');
cmp_ok($took, '<', 7.5, '... and Vapi hears what to do while it waits');
my $answer = $json->decode($reply->{content});
is(join(' ', sort keys %$answer), 'assistant assistantOverrides', '... with an assistant, and no error to be said');
is($answer->{assistant}{firstMessage}, 'You are talking to an AI assistant. This call is recorded. Hello {{first_name}}, how can I help?', '... which says first what the law wants');
is($answer->{assistantOverrides}{variableValues}{first_name}, 'Ann', '... to whom it is');
is_deeply([ @{$answer->{assistant}{server}}{qw(url headers)} ], [ $endpoint, $told->{headers} ], '... and whose events come to us, with the same proof');
ok((grep { $_ eq 'end-of-call-report' } @{$answer->{assistant}{serverMessages}}), '... its report among them');
is(ring_up($told->{headers}, type => 'assistant-request')->{content}, $reply->{content}, 'asked again Vapi is told the same');

# ---- the end

is(ring_up($told->{headers}, type => 'status-update', status => 'in-progress', startedAt => '2023-11-14T22:13:30.000Z')->{status}, 200, 'the call goes on');
my %report = (type => 'end-of-call-report', endedReason => 'customer-ended-call', startedAt => '2023-11-14T22:13:30.000Z', endedAt => '2023-11-14T22:14:10.000Z', cost => 0.0934,
	artifact => {transcript => "AI: Hello\nUser: Stop calling me.\n", recordingUrl => 'https://storage.vapi.ai/x.wav',
		messages => [ {role => 'bot', message => 'Hello', time => 1700000010000}, {role => 'user', message => 'Stop calling me.', time => 1700000012000} ]},
	analysis => {summary => 'They want no calls.', structuredData => {interest => 'none'}});
is(ring_up($told->{headers}, %report)->{status}, 200, 'its report comes, twice') for 1 .. 2;
wait_for_sql($node, 'va', q{SELECT i.answer, c.outcome, c.duration_seconds, c.cost, c.cost_currency, c.summary, c.recording_url, c.structured_data ->> 'interest', c.ended_at IS NOT NULL,
	c.lead_id FROM voiceagent.calls c JOIN voiceagent.call_inbound i USING (tenant_id, call_id)}, "converse|completed|40.000|0.093400|USD|They want no calls.|https://storage.vapi.ai/x.wav|none|t|$lead", 'and is kept with the call, once', 30);
is_sql($node, 'va', 'SELECT phone, source FROM voiceagent.do_not_call_list', "$caller|call", 'who said "stop calling me" is on the list');
is_sql($node, 'va', "SELECT status FROM voiceagent.leads WHERE lead_id = $lead", 'do_not_call', '... and no lead any more that is called');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.events WHERE event_type = 'lead_opted_out'}, 1, '... told once');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.webhook_failures', 0, 'nothing was set aside');

# ---- an opt-out in doubt: an analysis says so, and the words say the opposite

my $visitor = '+12125550177';
my %visit = (customer => {number => $visitor}, call => {id => 'in-9'});
is(ring_up($told->{headers}, %$_, %visit)->{status}, 200, "a stranger calls: $_->{type}") foreach {type => 'assistant-request'},
	{type => 'status-update', status => 'in-progress', startedAt => '2023-11-14T22:13:30.000Z'},
	{%report, analysis => {summary => 'They agreed on a visit.', structuredData => {do_not_call => JSON::PP::true}}, artifact => {messages => [
		{role => 'bot', message => 'When would suit you?', time => 1700000010000}, {role => 'user', message => 'Monday at 3 pm works for me.', time => 1700000012000},
		{role => 'bot', message => 'Wonderful, I have put you down for Monday at 3 pm.', time => 1700000014000}, {role => 'user', message => 'Great, see you then.', time => 1700000016000} ]}};
wait_for_sql($node, 'va', "SELECT held, reason FROM voiceagent.do_not_call_list WHERE phone = '$visitor'", 't|an analysis says that the person opted out, and the words say otherwise',
	'... whose number is held', 30);
my $visited = $node->safe_psql('va', "SELECT call_id FROM voiceagent.call_inbound WHERE from_number = '$visitor'");
is_as_tenant($node, 'va', $tenant, 'SELECT kind, call_id, what FROM voiceagent.waiting', "hold|$visited|$visitor: an analysis says that the person opted out, and the words say otherwise",
	'... which waits for a person');
is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.release_holds(ARRAY[$visited], 'listened')", 1, '... who has listened, and releases it');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.do_not_call_list WHERE phone = '$visitor'", 0, '... so that nothing of it is left');
is_sql($node, 'va', "SELECT held FROM voiceagent.do_not_call_list WHERE phone = '$caller'", 'f', '... and what was certain stays');

# ---- without an assistant

as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_phone_number($number, '{"ai_assistant_id": null, "greeting_message": "We have moved."}')});
is(ring_up($told->{headers}, type => 'assistant-request', call => {id => 'in-2'})->{content}, '{"error":"We have moved."}', 'a number without one says its greeting, and that is all');

is_well($node, 'after all');
done_testing();
