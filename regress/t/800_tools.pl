# An assistant at Vapi uses tools while it talks: the carrier asks through the gateway, and is answered in the form that it wants, once
# for all, whatever dies between the tool's commit and the answer.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my ($ours, $caller) = ('+12125550177', '+14155550100');

my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (200, 'Order 7 leaves today.') if $asked->{path} eq '/tool';
	return (200, [ {id => 'n1', number => $ours, createdAt => '2026-01-02T03:04:05Z'} ]) if $asked->{method} eq 'GET' && $asked->{path} =~ m{^/phone-number};
	return (200, {id => 'n1', number => $ours}) if $asked->{method} eq 'PATCH';
	return (404, {});
});
my $gateway = PostgreSQL::Test::Cluster::get_free_port();
my $node = new_real_node('main', 'voiceagent.gateway_port' => $gateway, 'voiceagent.public_base_url' => "http://127.0.0.1:$gateway");
my $tenant = create_tenant($node, 'va', 'Receives', credits => 1000);
real_settings($node, {port => $port}, tool_private_hosts => "127.0.0.1:$port");
wait_workers($node, 'the workers run');
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('vapi', 'Vapi', '{"api_key": "the key"}',
	'{"phone_number_id": "n1", "base_url": "http://127.0.0.1:$port"}')});
my $endpoint = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'Vapi')");
my $assistant = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Desk', 'Hello, how can I help?', 'Be kind.')});
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_assistant($assistant, '{"settings": {"tools": ["free_slots", "book", "take_message"]}}')});
my $number = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_phone_number('$ours', $account, '{"ai_assistant_id": $assistant}')});
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.phone_numbers WHERE phone_number_id = $number", 'ready', 'the number is found in the account', 30);
as_tenant($node, 'va', $tenant, "SELECT voiceagent.receive_calls($number)");
ok(wait_until(sub { came('PATCH', qr{/phone-number/n1$}) }, 30), 'the number is told to ask us');
my ($told) = map { $json->decode($_->{body})->{server} } came('PATCH', qr{/phone-number/n1$});

sub sends
{
	my ($headers, %message) = @_;
	$message{call} = {id => 'in-1', orgId => 'o1', type => 'inboundPhoneCall', phoneNumberId => 'n1', %{$message{call} // {}}};
	return HTTP::Tiny->new(timeout => 20)->post($endpoint, {headers => {'content-type' => 'application/json', %$headers},
		content => $json->encode({message => {timestamp => 1700000000000, customer => {number => $caller}, phoneNumber => {number => $ours}, %message}})});
}

# [id, name, arguments]...
sub asks
{
	my ($headers, $call, @tools) = @_;
	return sends($headers, type => 'tool-calls', call => {id => $call},
		toolCallList => [ map { {id => $_->[0], type => 'function', function => {name => $_->[1], arguments => $json->encode($_->[2])}} } @tools ]);
}

# ---- the document, and an answer

my $document = $json->decode(sends($told->{headers}, type => 'assistant-request')->{content})->{assistant};
is(join(' ', map { $_->{function}{name} // $_->{type} } @{$document->{model}{tools}}), 'free_slots book take_message endCall', 'the assistant is given its tools');
is_deeply([ grep { $_ eq 'tool-calls' } @{$document->{serverMessages}} ], ['tool-calls'], '... and asks us for them');
is($document->{server}{backoffPlan}{type}, 'exponential', '... again, if it is not answered');
sends($told->{headers}, type => 'status-update', status => 'in-progress', startedAt => '2023-11-14T22:13:30.000Z');

is(asks({}, 'in-1', [ 't0', 'free_slots', {} ])->{status}, 401, 'who is not Vapi has no tools');
my $reply = asks($told->{headers}, 'in-1', [ 't1', 'free_slots', {} ], [ 't2', 'hack', {} ]);
is($reply->{status}, 200, 'tools are answered');
unlike($reply->{content}, qr/\n/, '... on one line');
my $results = $json->decode($reply->{content})->{results};
is_deeply([ map { $_->{toolCallId} } @$results ], [ 't1', 't2' ], '... each by its id, in their order');
like($results->[0]{result}, qr/^Free: \w+day /, '... with a sentence');
is($results->[1]{result}, 'There is no such tool.', '... also where nothing is done');
my ($slot) = $results->[0]{result} =~ /\((\d{4}-\d\d-\d\dT\d\d:\d\d)\)/;
my $nine = asks($told->{headers}, 'in-1', map { [ "n$_", 'free_slots', {} ] } 1 .. 9);
is(scalar(grep { $_->{result} =~ /^Free/ } @{$json->decode($nine->{content})->{results}}), 8, 'a message has at most eight tools');
is(asks($told->{headers}, 'nobody', [ 't1', 'free_slots', {} ])->{status}, 200, 'of a call that is not there nothing is told');

# ---- whatever dies, one booking and one task

my $n = 0;
foreach my $point ('before commit of run a tool', 'after commit of run a tool', 'before commit of take webhooks in', 'after commit of take webhooks in')
{
	$n++;
	my @tools = ([ "book$n", 'book', {starts_at => $slot, name => 'Ann Miller'} ], [ "message$n", 'take_message', {message => 'Call me back.', name => 'Ann'} ]);
	crash_at($node, $point);
	asks($told->{headers}, 'in-1', @tools);
	ok(wait_crash($node, $point, 60), "$point the gateway dies");
	my $again;
	ok(wait_until(sub { $again = asks($told->{headers}, 'in-1', @tools); $again->{status} == 200 }, 120), '... and is asked again');
	my ($booked, $noted) = map { $_->{result} } @{$json->decode($again->{content})->{results}};
	like($booked, qr/^Noted: .*\Q$slot\E/, '... the slot is booked');
	is($noted, 'The message is noted.', '... and the message noted');
}
is_sql($node, 'va', q{SELECT count(*), min(status) FROM voiceagent.appointments}, '1|pending', 'one booking');
wait_for_sql($node, 'va', q{SELECT kind, note, contact_phone FROM voiceagent.tasks}, "message|Call me back.|$caller", 'one task', 60);

# ---- a tool of the tenant's own: the model is told to try again, and then has the answer

as_tenant($node, 'va', $tenant, qq{SELECT secret FROM voiceagent.create_tool('order_state', 'Where an order is', '{"type": "object", "properties": {"order": {"type": "string"}}}', 'http://127.0.0.1:$port/tool')});
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_assistant($assistant, '{"settings": {"tools": ["take_message", "order_state"]}}')});
my $own = $json->decode(sends($told->{headers}, type => 'assistant-request', call => {id => 'in-3'})->{content})->{assistant};
is_deeply([ grep { ($_->{function}{name} // '') eq 'order_state' } @{$own->{model}{tools}} ],
	[ {type => 'function', function => {name => 'order_state', description => 'Where an order is', parameters => {type => 'object', properties => {order => {type => 'string'}}}}} ], 'the assistant is given a tool of the tenant\'s own');
sends($told->{headers}, type => 'status-update', status => 'in-progress', startedAt => '2023-11-14T22:13:30.000Z', call => {id => 'in-3'});
my ($tries, $said) = (0);
ok(wait_until(sub { $said = $json->decode(asks($told->{headers}, 'in-3', [ 'own' . $tries++, 'order_state', {order => '7'} ])->{content})->{results}[0]{result}; return $said !~ /^One moment/ }, 60), '... which is told to wait a moment');
is($said, 'The answer is: << Order 7 leaves today. >>', '... and then has its answer, whatever id it asks under');
is(scalar(came('POST', qr{/tool$})), 1, '... for which the server was asked once');

# ---- to a person: the carrier asks to whom, and is told the same whenever it asks the same

as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_assistant($assistant, '{"settings": {"tools": ["take_message", "transfer"]}}')});
my $other = $json->decode(sends($told->{headers}, type => 'assistant-request', call => {id => 'in-2'})->{content})->{assistant};
is(join(' ', map { $_->{function}{name} // $_->{type} } @{$other->{model}{tools}}), 'take_message transferCall endCall', 'the assistant can put a call through');
ok((grep { $_ eq 'transfer-destination-request' } @{$other->{serverMessages}}), '... and asks us to whom');
sends($told->{headers}, type => 'status-update', status => 'in-progress', startedAt => '2023-11-14T22:13:30.000Z', call => {id => 'in-2'});
sub to_whom { return sends($told->{headers}, type => 'transfer-destination-request', timestamp => $_[0], call => {id => 'in-2'}) }
is($json->decode(to_whom(1700000020000)->{content})->{error}, 'Nobody can take the call now. Offer to take a message.', 'nobody is there, and the model is told so');
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.add_agent('Ann Lee', ARRAY['+12125550201'])});
my $through = to_whom(1700000021000);
is_deeply($json->decode($through->{content})->{destination}, {type => 'number', number => '+12125550201', callerId => $ours, message => 'One moment, I am putting you through.',
	transferPlan => {mode => 'warm-transfer-experimental', message => "Call from $caller.",
		fallbackPlan => {message => 'Sorry, nobody can come to the telephone now. I can take a message.', endCallEnabled => JSON::PP::false}}},
	'somebody is, and hears who calls; when nobody takes it the caller has the assistant again');
is(to_whom(1700000021000)->{content}, $through->{content}, '... once, however often the carrier sends it');
is_sql($node, 'va', 'SELECT agent, phone, way, state FROM voiceagent.transfer_list', 'Ann Lee|+12125550201|warm|put_through', '... which is kept');

# ---- the end: the booking is the caller's, who is a lead now

sends($told->{headers}, type => 'end-of-call-report', endedReason => 'customer-ended-call', startedAt => '2023-11-14T22:13:30.000Z', endedAt => '2023-11-14T22:14:10.000Z',
	artifact => {transcript => "AI: Hello\nUser: A viewing, please.\n", messages => [ {role => 'bot', message => 'Hello', time => 1700000010000}, {role => 'user', message => 'A viewing, please.', time => 1700000012000} ]},
	analysis => {structuredData => {interest => 'high'}});
wait_for_sql($node, 'va', q{SELECT l.phone, l.first_name, l.tags, a.status, c.summary LIKE 'Call from Ann. Intent: %. Outcome: an appointment was agreed, a message was left.%'
	FROM voiceagent.appointments a JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent.calls c USING (tenant_id, call_id)},
	"$caller|Ann|{incoming}|pending|t", 'the caller is a lead, whose the booking is', 60);
is($json->decode(asks($told->{headers}, 'in-1', [ 'late', 'book', {starts_at => $slot} ])->{content})->{results}[0]{result}, 'This call is over.', 'after the end nothing is done');

# ---- who may hear what: the caller is known by a number that anybody may forge, and proves who it is

$node->safe_psql('va', qq{UPDATE voiceagent.leads SET context = context || '{"date_of_birth": "1980-03-14", "postcode": "10115"}' WHERE phone = '$caller'});
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('identity_facts', 'date_of_birth, postcode')});
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_assistant($assistant, '{"settings": {"tools": ["find_knowledge", "prove_identity", "check_code"], "tool_levels": {"find_knowledge": "two_facts"}}}')});
sends($told->{headers}, type => 'assistant-request', call => {id => 'in-4'});
sends($told->{headers}, type => 'status-update', status => 'in-progress', startedAt => '2023-11-14T22:13:30.000Z', call => {id => 'in-4'});
my $need = 'Nothing was done: that needs proof of who is speaking. Use prove_identity or send_code if you have them. Else offer a person, or to take a message.';
my %two = (fact => 'date_of_birth', other_fact => 'postcode', other_said => '10115');
is_deeply([ map { $_->{result} } @{$json->decode(asks($told->{headers}, 'in-4', [ 'k1', 'find_knowledge', {question => 'hours', verified => JSON::PP::true} ],
	[ 'p1', 'prove_identity', {%two, said => '1980-03-15'} ], [ 'k2', 'find_knowledge', {question => 'hours'} ], [ 'c1', 'check_code', {digits => '123456'} ],
	[ 'p2', 'prove_identity', {%two, said => '1980-03-14'} ], [ 'k3', 'find_knowledge', {question => 'hours'} ])->{content})->{results}} ],
	[ $need, 'That does not match. Do not say what is wrong.', $need, 'There is no code that is good. Send another.', 'It is proved who is speaking.', 'The documents do not say.' ],
	'below its level a tool is refused, whatever the model says, until the caller has proved who it is');
is_sql($node, 'va', q{SELECT tool_call_id, data ->> 'needs', data ->> 'has', arguments ? 'said' OR arguments ? 'digits' FROM voiceagent.call_tools
	WHERE tool_call_id IN ('k1', 'p1', 'c1') ORDER BY 1}, "c1|||f\nk1|two_facts|number_seen|f\np1|||f", '... the refusal is kept, and what was said to prove it is not');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.webhook_failures', 0, 'nothing was set aside');
is_well($node, 'after all');
done_testing();
