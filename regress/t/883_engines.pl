# Engines in calls that we hold: vendors' models that think, ears and voices, asked with the tenant's own keys; what they cost; what fails
# is replaced by the next of its kind, behind a filler, and by the embedded chain in the end.
use strict;
use warnings;

use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $json = JSON::PP->new->canonical;
my $n = 0;
my $on = spoken_server();
my ($node, $dir, $vendor_port) = @$on{qw(node dir vendors)};
my $of = spoken_tenant($on, 'Engines');
my ($tenant, $account) = @$of{qw(tenant account)};

# The campaigns of this test have the assistant of that name.
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Ann herself', 'Hello {{first_name}}, this is Acme. Do you have a minute?',
	E'You call for Acme.\nYou offer roofs.', settings => '{"discloses": true, "tools": ["take_message"]}')});

# A whole call: who says what. Returns what came of it, and its number.
sub call
{
	my (@lines) = @_;
	my ($is) = dialled($on, $of, [ sprintf('+12125550%03d', 140 + ++$n) ]);
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'python3', 'regress/fakes/caller.py', 'exotel', $is->{stream}, $is->{sid}, $on->{speech}, "$dir/$n.wav", @lines ], '>', \$out, '2>', \$err);
	my $call = $is->{call};
	wait_until(sub { $node->safe_psql('va', "SELECT count(*) FROM voiceagent.events WHERE call_id = $call AND event_type = 'media_ended'") eq '1' }, 20);
	my $said = $node->safe_psql('va', "SELECT string_agg(speaker || ': ' || text, E'\\n' ORDER BY turn) FROM voiceagent.call_turns WHERE call_id = $call");
	note("$out$err$said");
	return {%{ $json->decode($out || '{}') }, call => $call, said => $said};
}

sub model_account
{
	my ($provider, $key, $base, $model, $place, $more) = @_;
	return as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_model_account('$provider', '$provider $key', '$key', '$model',
		'http://127.0.0.1:$vendor_port$base', '{"in_calls": $place$more}')});
}

sub failures { return $node->safe_psql('va', "SELECT string_agg(concat_ws(' ', event_data ->> 'engine', event_data ->> 'provider', event_data ->> 'why'), E'\\n' ORDER BY event_id) FROM voiceagent.events WHERE call_id = $_[0] AND event_type = 'media_engine_failed'"); }
sub wrong { return join("\n", map { "$_->{path}: $_->{wrong}" } grep { defined $_->{wrong} } @_); }

# ---- a mind ----

my $mind = model_account('openai', 'key-mind', '/v1', 'gpt-x', 1, '');
wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $mind", 'ok', 'an account of a mind is checked as any other', 30);
vendors_saw($on);
my $came = call('yes speaking', 'bye');
my @saw = vendors_saw($on);
is(wrong(@saw), '', 'the requests are as the vendor wants them');
like($came->{said}, qr/^customer: yes speaking\n(?:assistant: One moment, please\.\n)?assistant: (?:One moment, please\. )?You said yes speaking\. It costs \$1,250\.50, Dr\. Who\. Write to ann\@example\.com at 3:30 pm\.$/m, 'what the person says goes to the model, and its answer is said, without marks');
like($came->{said}, qr/^assistant: Goodbye then\.$/m, '... to its end');
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
like($came->{said}, qr/^customer: yes speaking\n(?:assistant: One moment, please\.\n)?assistant: (?:One moment, please\. )?The roof, then\.$/m, 'thoughts are not said');
vendors_do($on, deltas => [ { content => 'The user said yes. ' }, { content => 'I must be brief.</think>The roof, then.' } ]);
$came = call('yes speaking', 'bye');
like($came->{said}, qr/^assistant: (?:One moment, please\. )?The roof, then\.$/m, '... nor where only their end is marked');
unlike($came->{said}, qr/brief/, '... as far as nobody has heard them');

# ---- one that fails, and the next ----

my $second = model_account('anthropic', 'second-mind', '', 'claude-x', 2, '');
foreach my $fault (['empty', 'its answer is empty'], ['silent', 'it did not answer in time'], ['limited', 'HTTP status 429: no'], ['rubbish', 'an event of the stream is not JSON'])
{
	vendors_do($on, $fault->[0] eq 'empty' ? (deltas => [ { content => '<think>Hm.</think>' }, { tool_calls => [ { id => 'a', function => { arguments => '{}' } } ] } ]) : (faults => {mind => $fault->[0]}));
	$came = call('yes speaking', 'bye');
	is(wrong(vendors_saw($on)), '', "a mind is $fault->[0]: the requests are right all the same");
	is(failures($came->{call}), "mind openai $fault->[1]", '... which the call\'s events say');
	like($came->{said}, qr/^customer: yes speaking\n(?:assistant: One moment, please\.\n)?assistant: (?:One moment, please\. )?You said yes speaking\./m, '... and the next one answers the same');
	like($came->{said}, qr/^customer: yes speaking\nassistant: One moment, please\./m, '... behind a filler') if $fault->[0] eq 'silent';
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($mind, active => true)");
}
is_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent.model_usage WHERE purpose = 'call' AND provider = 'anthropic' AND tokens_in > 0", 't', 'each counts for itself');
vendors_do($on, faults => {mind => 'silent'});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($second, active => false)");
$came = call('yes speaking', 'no thank you i am not interested', 'bye');
is(failures($came->{call}), 'mind openai it did not answer in time', 'without a next one');
like($came->{said}, qr/^customer: yes speaking\n(?:assistant: .*\n)?assistant: /m, '... the embedded mind goes on');
is($came->{status}, 'closed', '... to the end');

# ---- an ear and a voice ----

vendors_do($on, lines => [ 'I would like a heat pump', 'bye now' ]);
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($mind, active => true); SELECT voiceagent.update_model_account($second, active => true)");
my $ear = model_account('deepgram', 'key-ear', '', 'nova-3', 1, '');
my $voice = model_account('elevenlabs', 'key-voice', '', 'eleven_flash_v2_5', 1, ', "voice": "v-1"');
wait_for_sql($node, 'va', "SELECT string_agg(test_result, ' ') FROM voiceagent.model_accounts WHERE model_account_id IN ($ear, $voice)", 'ok ok', 'accounts of an ear and a voice are checked, too', 30);
vendors_saw($on);
$came = call('I would like a heat pump', 'bye now');
@saw = vendors_saw($on);
is(wrong(@saw), '', 'ear and voice are asked as their vendors want it');
is(failures($came->{call}), '', 'nothing has failed');
like($came->{said}, qr/^customer: I would like a heat pump\nassistant: You said I would like a heat pump\. It costs \$1,250\.50, Dr\. Who\..*\ncustomer: bye now\nassistant: Goodbye then\.$/ms, 'what the ear has heard is answered, and kept as it was written');
is_sql($node, 'va', "SELECT string_agg(DISTINCT confidence::text, ' ') FROM voiceagent.call_turns WHERE call_id = $came->{call} AND speaker = 'customer'", '0.98', '... and how sure the ear was');
my @spoken = map { $_->{spoken} } grep { defined $_->{spoken} } @saw;
ok((grep { $_ eq 'It costs one thousand two hundred fifty dollars and fifty cents, Dr. Who.' } @spoken), '... and spoken in words');
ok((grep { $_ eq 'Write to ann at example dot com at three thirty pm.' } @spoken), '... signs included');
ok($came->{longest_wait_ms} < 3000, "... soon ($came->{longest_wait_ms} ms)");
is_sql($node, 'va', "SELECT string_agg(provider || ' ' || (tokens_in > 3) || ' ' || tokens_out, ', ' ORDER BY provider) FROM voiceagent.model_usage WHERE purpose = 'call' AND provider IN ('deepgram', 'elevenlabs')", 'deepgram true 0, elevenlabs true 0', 'seconds and letters are counted');

# ---- what is the same in every call ----

$came = call('I would like a heat pump', 'bye now');
my @again = map { $_->{spoken} } grep { defined $_->{spoken} } vendors_saw($on);
my @once = grep { my $text = $_; !grep { $_ eq $text } @again } @spoken;
note("asked once: @once; in each call: @again");
ok(scalar(@once), 'words that are the same in every call are asked of the voice once');
ok((grep { /^Hello/ } @spoken) && (grep { /^Hello/ } @again), '... but not those with a name, in whatever call');
cmp_ok($node->safe_psql('va', "SELECT (event_data ->> 'kept_sentences')::integer FROM voiceagent.events WHERE call_id = $came->{call} AND event_type = 'media_ended'"), '>', 0, '... and said from what was kept');

# ---- ears and voices that fail ----

my %second = (ear => model_account('deepgram', 'second-ear', '', 'nova-3', 2, ''), voice => model_account('elevenlabs', 'second-voice', '', 'eleven_flash_v2_5', 2, ', "voice": "v-2"'));
foreach my $fault (['ear', 'silent', 'it did not say in time what it had heard'], ['ear', 'closed', 'the connection was closed'], ['voice', 'silent', 'it did not speak in time'],
	['voice', 'limited', 'HTTP status 429'])
{
	my ($kind, $what, $why) = @$fault;
	vendors_do($on, lines => [ 'I would like a heat pump', 'bye now', 'bye now' ], faults => {$kind => $what});
	$came = call('I would like a heat pump', 'bye now');
	is(wrong(grep { ($_->{wrong} // '') !~ /as the test wants/ } vendors_saw($on)), '', "the $kind is $what: the others are asked rightly");
	like(failures($came->{call}), qr/^$kind \w+ $why/, '... which the call\'s events say');
	like($came->{said}, qr/^customer: I would like a heat pump\n.*You said I would like a heat pump/ms, '... and the talk goes on');
	is($came->{status}, 'closed', '... to its end');
	ok($came->{longest_wait_ms} < 3500, "... without a long silence ($came->{longest_wait_ms} ms)");
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($_, active => true)") foreach $ear, $voice;
}
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($_, active => false)") foreach $second{ear}, $second{voice};
vendors_do($on, faults => {ear => 'silent', voice => 'silent', mind => 'silent'});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($second, active => false)");
$came = call('yes speaking', 'no thank you i am not interested', 'bye');
is(join(' ', sort map { (split ' ')[0] } split /\n/, failures($came->{call})), 'ear mind voice', 'all of them are silent');
like($came->{said}, qr/^customer: yes speaking\n(?:assistant: .*\n)+customer: no thank you i am not interested\nassistant: /m, '... and the embedded chain holds the call');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($_, active => false)") foreach $ear, $voice;

# ---- an engine that is all of them ----

vendors_do($on, lines => [ 'I would like a heat pump', 'bye now' ]);
my $whole = model_account('openai_realtime', 'key-whole', '/v1', 'gpt-realtime', 1, ', "voice": "cedar"');
vendors_saw($on);
$came = call('I would like a heat pump', 'bye now');
@saw = vendors_saw($on);
is(wrong(@saw), '', 'the whole is asked as its vendor wants it');
is(failures($came->{call}), '', '... and does not fail');
like($came->{said}, qr/^customer: I would like a heat pump\nassistant: The whole has heard I would like a heat pump\.\ncustomer: bye now\nassistant: Goodbye from the whole\.$/m, 'what both have said is kept');
is($came->{status}, 'closed', '... and the tool end_call hangs up');
my ($session) = map { $_->{session} } grep { defined $_->{session} } @saw;
is_deeply([ $session->{audio}{output}{voice}, map { $_->{name} } @{ $session->{tools} } ], [qw(cedar take_message end_call)], 'voice and tools are the account\'s and the call\'s');
is_deeply([ grep { defined $_->{asked} } @saw ], [], 'no other mind is asked');
is_sql($node, 'va', "SELECT tokens_in, tokens_cached, tokens_out FROM voiceagent.model_usage WHERE purpose = 'call' AND provider = 'openai_realtime'", '40|10|20', 'its tokens are counted');
vendors_do($on, lines => [ 'I would like a heat pump', 'bye now' ], tool => {name => 'take_message', arguments => {message => 'Call me about the roof'}});
$came = call('I would like a heat pump', 'bye now');
@saw = vendors_saw($on);
is(wrong(@saw), '', 'it uses a tool');
is_sql($node, 'va', "SELECT tool, arguments ->> 'message', error FROM voiceagent.call_tools WHERE call_id = $came->{call}", 'take_message|Call me about the roof|', '... which does what it is to do');
is_deeply([ map { "$_->{item}{type} $_->{item}{call_id}" } grep { defined $_->{item} } @saw ], [ 'function_call_output c7' ], '... is told of it');
like($came->{said}, qr/^assistant: (?:One moment, please\. )*The whole has heard the tool\.$/m, '... and goes on');
vendors_do($on, faults => {whole => 'closed'});
$came = call('yes speaking', 'no thank you i am not interested', 'bye');
like(failures($came->{call}), qr/^whole openai_realtime the connection was closed/, 'when it goes');
like($came->{said}, qr/^customer: yes speaking\nassistant: /m, '... the chain goes on');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($whole, active => false)");

# ---- how long people wait ----

is_sql($node, 'va', "SELECT count(*) > 10, bool_and(first_sound_ms >= recognised_ms), bool_or(filled), count(*) FILTER (WHERE first_token_ms IS NULL) < count(*) FROM voiceagent.turn_times", 't|t|t|t', 'what each answer took is told');
is_sql($node, 'va', "SELECT bool_and(first_sound_ms <= before) FROM (SELECT first_sound_ms, lag(first_sound_ms) OVER () AS before FROM voiceagent.turn_times) t", 't', '... the slowest first');
is_sql($node, 'va', "SELECT string_agg(DISTINCT concat_ws(' ', ear, mind, voice), ', ') LIKE '%deepgram openai elevenlabs%' FROM voiceagent.turn_times", 't', '... and by whom');

# ---- a budget ----

vendors_do($on);
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($mind, active => true); SELECT voiceagent.set_setting('model_usd_per_day', '1')");
vendors_saw($on);
$came = call('yes speaking', 'bye');
is_deeply([ grep { defined $_->{asked} } vendors_saw($on) ], [], 'a model without a price is not asked where there is a budget in dollars');
$node->safe_psql('va', "SELECT voiceagent.set_model_price('openai', 'gpt', 1000, 100, 2000)");
$came = call('yes speaking', 'bye');
like($came->{said}, qr/You said yes speaking/, '... and is with one');
is_sql($node, 'va', "SELECT cost_usd FROM voiceagent.model_usage WHERE purpose = 'call' AND provider = 'openai' AND cost_usd > 0", '0.16200000', '... which counts');

unlike(slurp_file($node->logfile), qr/key-mind|second-mind/, 'no key is in the log');
done_testing();
