# Ears, voices, and what is both and a mind, of vendors in calls that we hold: asked with the tenant's own keys; what they cost; one that
# fails is replaced by the next of its kind, and by the embedded chain in the end; how long people wait.
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
my $of = spoken_tenant($on, 'Voices');
my $tenant = $of->{tenant};

# The campaigns of this test have the assistant of that name.
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Ann herself', 'Hello {{first_name}}, this is Acme. Do you have a minute?',
	E'You call for Acme.\nYou offer roofs.', settings => '{"discloses": true, "tools": ["take_message"]}')});

# Behind a filler where the answer comes late.
my $soon = qr/(?:assistant: One moment, please\.\n)?assistant: (?:One moment, please\. )?/;

sub call { return talk($on, $of, @_) }
sub model_account { return engine_account($on, $of, @_) }
sub failures { return engine_failures($on, @_) }

# ---- an ear and a voice ----

vendors_do($on, lines => [ 'I would like a heat pump', 'bye now' ]);
my $mind = model_account('openai', 'key-mind', '/v1', 'gpt-x', 1, '');
my $ear = model_account('deepgram', 'key-ear', '', 'nova-3', 1, '');
my $voice = model_account('elevenlabs', 'key-voice', '', 'eleven_flash_v2_5', 1, ', "voice": "v-1"');
wait_for_sql($node, 'va', "SELECT string_agg(test_result, ' ') FROM voiceagent.model_accounts WHERE model_account_id IN ($mind, $ear, $voice)", 'ok ok ok', 'accounts of an ear and a voice are checked, too', 30);
vendors_saw($on);
my $came = call('I would like a heat pump', 'bye now');
my @saw = vendors_saw($on);
is(wrong(@saw), '', 'ear and voice are asked as their vendors want it');
is(failures($came->{call}), '', 'nothing has failed');
like($came->{said}, qr/^customer: I would like a heat pump\n${soon}You said I would like a heat pump\. It costs \$1,250\.50, Dr\. Who\..*\ncustomer: bye now\n${soon}Goodbye then\.$/ms, 'what the ear has heard is answered, and kept as it was written');
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
$came = call('yes speaking', 'no thank you i am not interested', 'bye');
is(join(' ', sort map { (split ' ')[0] } split /\n/, failures($came->{call})), 'ear mind mind voice', 'all of them are silent, the mind at both turns');
like($came->{said}, qr/^customer: yes speaking\n(?:assistant: .*\n)+customer: no thank you i am not interested\nassistant: /m, '... and the embedded chain holds the call');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($_, active => false)") foreach $ear, $voice;

# ---- each answer is timed ----

is_sql($node, 'va', "SELECT count(*) FROM (SELECT t.*, lead(t.speaker) OVER w AS next, lead(t.text) OVER w AS answer FROM voiceagent.call_turns t WINDOW w AS (PARTITION BY t.call_id ORDER BY t.turn)) t
	WHERE t.speaker = 'customer' AND t.next = 'assistant' AND t.answer <> 'One moment, please.' AND NOT EXISTS (SELECT FROM voiceagent.turn_times m WHERE m.call_id = t.call_id AND m.turn = t.turn AND m.first_sound_ms IS NOT NULL)",
	0, 'every answer is timed');

# ---- an engine that is all of them ----

vendors_do($on, lines => [ 'I would like a heat pump', 'bye now' ]);
my $whole = model_account('openai_realtime', 'key-whole', '/v1', 'gpt-realtime', 1, ', "voice": "cedar"');
vendors_saw($on);
$came = call('I would like a heat pump', 'bye now');
@saw = vendors_saw($on);
is(wrong(@saw), '', 'the whole is asked as its vendor wants it');
is(failures($came->{call}), '', '... and does not fail');
like($came->{said}, qr/^customer: I would like a heat pump\n${soon}The whole has heard I would like a heat pump\.\ncustomer: bye now\n${soon}Goodbye from the whole\.$/m, 'what both have said is kept');
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

is_sql($node, 'va', q{SELECT count(*) FROM (SELECT t.at, lag(t.at) OVER (PARTITION BY t.call_id ORDER BY t.turn) AS before FROM voiceagent.call_turns t) x
	WHERE x.at < x.before OR x.at < '2020-01-01'}, 0, 'turns stand in the order in which they began');

# ---- how long people wait ----

is_sql($node, 'va', "SELECT max(first_sound_ms) FILTER (WHERE filled) > 1000, count(*) FILTER (WHERE recognised_ms IS NULL) >= count(DISTINCT call_id) FROM voiceagent.turn_times", 't|t', '... and not what fills the silence before it, and the greeting, too');
is_sql($node, 'va', "SELECT string_agg(t::text, ' ') FROM (SELECT t.*, count(*) OVER (PARTITION BY call_id, turn) AS n FROM voiceagent.turn_times t WHERE turn IS NOT NULL) t WHERE n > 1", '', '... once');
is_sql($node, 'va', "SELECT count(*) > 10 FROM voiceagent.events WHERE event_type = 'call_reported' AND event_data ? 'turns'", 't', '... and that is kept with the words');
is_sql($node, 'va', "SELECT count(*) > 10, bool_and(first_sound_ms >= recognised_ms), count(*) FILTER (WHERE first_token_ms IS NULL) < count(*) FROM voiceagent.turn_times", 't|t|t', 'what each answer took is told');
is_sql($node, 'va', "SELECT bool_and(first_sound_ms <= before) FROM (SELECT first_sound_ms, lag(first_sound_ms) OVER () AS before FROM voiceagent.turn_times) t", 't', '... the slowest first');
is_sql($node, 'va', "SELECT string_agg(DISTINCT concat_ws(' ', ear, mind, voice), ', ') LIKE '%deepgram openai elevenlabs%' FROM voiceagent.turn_times", 't', '... and by whom');

# ---- calls whose engines fail in the same second ----

# Of a tenant's calls all is kept at once.
my $count = q{SELECT coalesce(substring(voiceagent.metrics() FROM 'voiceagent_errors_total\{name="tts_failure"\} (\d+)')::int, 0)};
my $events = "SELECT count(*) FROM voiceagent.events WHERE event_type = 'media_engine_failed' AND event_data ->> 'error' = 'tts_failure'";
my ($counted, $told) = map { $node->safe_psql('va', $_) } $count, $events;
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_model_account($voice, active => true)");
vendors_do($on, faults => {voice => 'limited'});
my $desk = receiver($on, $of);
is(crowd_of(calls => $desk->{url}, 'heard', '', incoming($on, $desk, 4))->{held}, 4, 'calls are held, whose voice fails');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.events e JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.direction = 'inbound' AND e.event_type = 'media_ended'", 4, '... to their end', 60);
cmp_ok($told = $node->safe_psql('va', $events) - $told, '>', 0, '... which their events say');
is($node->safe_psql('va', $count) - $counted, $told, '... and metrics() counts each');

unlike(slurp_file($node->logfile), qr/key-(?:mind|ear|voice|whole)|second-(?:ear|voice)/, 'no key is in the log');
done_testing();
