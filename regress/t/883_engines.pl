# Minds of vendors in calls that we hold: models that think, asked with the tenant's own keys; the tools that they use; what they cost;
# one that fails is replaced by the next, behind a filler, and by the embedded mind in the end.  Ears and voices: 891_ears_voices.pl.
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

# Its limits begin anew; its check, which a vendor that is told to fail would fail, too, is over before what follows.
sub well_again
{
	my ($account, $more) = @_;
	vendors_do($on);
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($account, active => true)" . ($more // ''));
	wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.model_request_queue', '0', 'its check is over', 30);
	return;
}

# ---- a mind ----

my $mind = model_account('openai', 'key-mind', '/v1', 'gpt-x', 1, '');
wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $mind", 'ok', 'an account of a mind is checked as any other', 30);
vendors_saw($on);
my $came = call('yes speaking', 'bye');
my @saw = vendors_saw($on);
is(wrong(@saw), '', 'the requests are as the vendor wants them');
like($came->{said}, qr/^customer: yes speaking\n${soon}You said yes speaking\. It costs \$1,250\.50, Dr\. Who\. Write to ann\@example\.com at 3:30 pm\.$/m, 'what the person says goes to the model, and its answer is said, without marks');
like($came->{said}, qr/^${soon}Goodbye then\.$/m, '... to its end');
is($came->{status}, 'closed', '... after which the tool end_call hangs up');
my @asked = grep { defined $_->{asked} } @saw;
is_deeply([ map { $_->{role} } @{ $asked[0]{asked} } ], [qw(system system assistant user)], 'the model is told of the prompt, of the telephone, and of all turns');
is_deeply($asked[0]{tools}, [qw(take_message end_call)], '... may use the assistant\'s tools, and may end the call');
is(failures($came->{call}), '', 'nothing has failed');
is_sql($node, 'va', "SELECT requests, tries, tokens_in, tokens_cached, tokens_out, cost_usd FROM voiceagent.model_usage WHERE purpose = 'call'", '2|2|100|20|40|0.00000000', 'what it read and wrote is counted, by its own count');

# ---- a tool ----

vendors_do($on, tool => {name => 'take_message', arguments => {message => 'Call me about the heat pump'}});
$came = call('yes speaking', 'bye');
@saw = vendors_saw($on);
is(wrong(@saw), '', 'a model that uses a tool is told of it as the vendor wants it');
is_sql($node, 'va', "SELECT tool, arguments ->> 'message', error FROM voiceagent.call_tools WHERE call_id = $came->{call}", 'take_message|Call me about the heat pump|', '... it is used');
my $told = $node->safe_psql('va', "SELECT left(result, 20) FROM voiceagent.call_tools WHERE call_id = $came->{call}");
like($came->{said}, qr/^assistant: (?:One moment, please\. )*The tool says: \Q$told\E/m, '... and the model answers with what it did');
@asked = grep { defined $_->{asked} } @saw;
is_deeply([ map { $_->{role} } @{ $asked[1]{asked} } ], [qw(system system assistant user assistant tool)], '... in the same turn');

# Servers of others write it in ways of their own.
my %book = (name => 'take_message', arguments => '{"message":"Call me about the roof"}');
foreach my $odd ([ 'without an id', 1, { function => \%book } ], [ 'without an id, with an object', 1, { id => '', function => { %book, arguments => { message => 'Call me about the roof' } } } ],
	[ 'twice without an index', 2, { id => 'a', function => \%book }, { id => 'a', function => \%book } ], [ 'cut off', 0, { id => 'a', function => { %book, arguments => '{"message":' } } ])
{
	my ($how, $used, @tools) = @$odd;
	vendors_do($on, deltas => [ map { { tool_calls => [$_] } } @tools ]);
	$came = call('yes speaking', 'bye');
	is(wrong(vendors_saw($on)), '', "a tool $how: the model is told of it");
	is_sql($node, 'va', "SELECT count(*) FROM voiceagent.call_tools WHERE call_id = $came->{call} AND arguments ->> 'message' = 'Call me about the roof' AND error IS NULL", $used, '... and it is used, unless nobody knows for what');
	like($came->{said}, qr/^assistant: (?:One moment, please\. )*The tool says: /m, '... and the talk goes on');
	is(failures($came->{call}), '', '... without a failure');
}
vendors_do($on, deltas => [ { content => '<think>The user said yes. Be brief.</th' }, { content => 'ink> The roof, then.' } ]);
$came = call('yes speaking', 'bye');
like($came->{said}, qr/^customer: yes speaking\n${soon}The roof, then\.$/m, 'thoughts are not said');
vendors_do($on, deltas => [ { content => 'The user said yes. ' }, { content => 'I must be brief.</think>The roof, then.' } ]);
$came = call('yes speaking', 'bye');
like($came->{said}, qr/^${soon}The roof, then\.$/m, '... nor where only their end is marked');
unlike($came->{said}, qr/brief/, '... as far as nobody has heard them');

# ---- one that fails, and the next ----

my $second = model_account('anthropic', 'second-mind', '', 'claude-x', 2, '');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.model_request_queue', '0', 'both are checked', 30);
foreach my $fault (['empty', 'its answer is empty'], ['silent', 'it did not answer in time'], ['limited', 'HTTP status 429: no'], ['rubbish', 'an event of the stream is not JSON'])
{
	vendors_do($on, $fault->[0] eq 'empty' ? (deltas => [ { content => '<think>Hm.</think>' }, { tool_calls => [ { id => 'a', function => { arguments => '{}' } } ] } ]) : (faults => {mind => $fault->[0]}));
	$came = call('yes speaking', 'bye');
	is(wrong(vendors_saw($on)), '', "a mind is $fault->[0]: the requests are right all the same");
	# It is asked again at the person's next turn; twice in a row is enough.
	my $times = $fault->[0] eq 'empty' ? 1 : 2;
	is(failures($came->{call}), join("\n", ("mind openai $fault->[1]") x $times), '... which the call\'s events say, each time');
	is_sql($node, 'va', "SELECT DISTINCT event_data ->> 'error' FROM voiceagent.events WHERE call_id = $came->{call} AND event_type = 'media_engine_failed'",
		{silent => 'llm_timeout', limited => 'llm_rate_limit'}->{ $fault->[0] } // 'llm_failure', '... a limit as a limit');
	like($came->{said}, qr/^customer: yes speaking\n${soon}You said yes speaking\./m, '... and the next one answers the same');
	like($came->{said}, qr/^customer: yes speaking\nassistant: One moment, please\./m, '... behind a filler') if $fault->[0] eq 'silent';
	well_again($mind);
}
is_sql($node, 'va', 'SELECT bool_or(filled) FROM voiceagent.turn_times', 't', '... of which is told how long people wait');
is_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.model_usage WHERE purpose = 'call' AND provider = 'anthropic' AND tokens_in > 0", 't', 'each counts for itself');
vendors_do($on, faults => {mind => 'silent'});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($second, active => false)");
$came = call('yes speaking', 'no thank you i am not interested', 'bye');
is(failures($came->{call}), join("\n", ('mind openai it did not answer in time') x 2), 'without a next one');
like($came->{said}, qr/^customer: yes speaking\n(?:assistant: .*\n)?assistant: /m, '... the embedded mind goes on');
is($came->{status}, 'closed', '... to the end');

# ---- one that was slow once; one that knows us no more ----

well_again($mind);
vendors_do($on, deltas => [ { content => '<think>Hm.</think>' } ]);
vendors_saw($on);
$came = call('yes speaking', 'what does it cost', 'bye');
like($came->{said}, qr/^customer: what does it cost\n${soon}You said what does it cost\./m, 'a model that failed once is asked again at the next turn');
is(failures($came->{call}), 'mind openai its answer is empty', '... and has not failed for good');
vendors_do($on, faults => {mind => 'refused'});
$came = call('yes speaking', 'no thank you i am not interested', 'bye');
is(scalar(split /\n/, failures($came->{call})), 1, 'one that refuses the key is asked once');

# ---- one that takes no temperature ----

vendors_do($on);
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.update_assistant(assistant_id, '{"settings": {"discloses": true, "temperature": 0.4}}') FROM voiceagent.assistants WHERE name = 'Ann herself'});
well_again($mind);
wait_for_sql($node, 'va', "SELECT test_message FROM voiceagent.model_accounts WHERE model_account_id = $mind", 'the key is good, and the model gpt-x is there; it takes no temperature', 'the check of an account asks as calls do', 30);
$node->safe_psql('va', "UPDATE voiceagent.model_accounts SET settings = settings - 'without'");
$came = call('yes speaking', 'bye');
like($came->{said}, qr/^customer: yes speaking\n${soon}You said yes speaking\./m, 'in a call it is asked once more without');
is(failures($came->{call}), '', '... which is no failure');
wait_for_sql($node, 'va', "SELECT settings -> 'without' FROM voiceagent.model_accounts WHERE model_account_id = $mind", '{"gpt-x": ["temperature"]}', '... and is remembered', 30);

# ---- what is ours to answer ----

well_again($mind);
vendors_do($on);
vendors_saw($on);
$came = call('yes speaking', 'are you a robot', 'how did you get my number', 'bye');
like($came->{said}, qr/^customer: are you a robot\n${soon}I am an automated assistant, not a person\.$/m, 'whether it is a machine, we answer');
like($came->{said}, qr/^customer: how did you get my number\n${soon}By our records you gave it to us yourself, with your consent, on \w+ \d+, \d{4}\.$/m, '... and where its number came from');
is_deeply([ grep { defined $_->{asked} && $_->{asked}[-1]{content} =~ /robot|number/ } vendors_saw($on) ], [], '... and no model is asked');
vendors_do($on, deltas => [ { content => 'No, I am a real person. My name is Ann.' } ]);
$came = call('tell me honestly my dear because i would like to know it are you a robot or somebody real', 'bye');
like($came->{said}, qr/assistant: (?:One moment, please\. )?I am an automated assistant, not a person\. My name is Ann\.$/m, 'no model says that it is a person');

# ---- a budget ----

vendors_do($on);
well_again($mind, "; SELECT voiceagent.set_setting('model_usd_per_day', '1')");
vendors_saw($on);
$came = call('yes speaking', 'bye');
is_deeply([ grep { defined $_->{asked} } vendors_saw($on) ], [], 'a model without a price is not asked where there is a budget in dollars');
$node->safe_psql('va', "SELECT voiceagent.set_model_price('openai', 'gpt', 1000, 100, 2000)");
$came = call('yes speaking', 'bye');
like($came->{said}, qr/You said yes speaking/, '... and is with one');
is_sql($node, 'va', "SELECT cost_usd FROM voiceagent.model_usage WHERE purpose = 'call' AND provider = 'openai' AND cost_usd > 0", '0.16200000', '... which counts');

unlike(slurp_file($node->logfile), qr/key-mind|second-mind/, 'no key is in the log');
done_testing();
