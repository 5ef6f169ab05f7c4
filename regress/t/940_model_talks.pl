# A test in which a vendor's model plays the assistant: turn by turn through the workers, at servers that speak OpenAI's chat and
# Anthropic's messages, k talks a caller. What the server does wrong fails the talk that it happens in, in words, and never the run.
use strict;
use warnings;

use JSON::PP;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my %count;
my @lines = ('We offer a free visit about your roof. Does that sound useful to you?', 'How old is the roof?', 'Which day and what time would suit you?',
	'Tomorrow at 3 pm. Is that right?', 'Your visit is booked for tomorrow at 3 pm. Thank you, goodbye.');
my %booked = (appointment => {booked => JSON::PP::true, phrase => 'Tomorrow at 3 pm'}, interest => 'high', qualified => JSON::PP::true, do_not_call => JSON::PP::false,
	wrong_number => JSON::PP::false, callback => {requested => JSON::PP::false});

# What the server does is said by the first word of the caller, in the turn that its second word names.
sub turn
{
	my ($asked) = @_;
	my $body = decode_json($asked->{body});
	my @said = grep { $_->{role} eq 'user' && $_->{content} ne 'Begin.' } @{ $body->{messages} };
	return {what => 'ping', text => 'pong', turn => 0} unless $said[0]{content} =~ /^(\w+), yes/i;
	my $analysis = $body->{response_format} || $body->{output_config};
	my $turn = $analysis ? 'analysis' : scalar @said;
	return {what => lc $1, turn => $turn, text => $analysis ? $json->encode(\%booked) : $lines[$turn - 1] // 'Goodbye.', times => ++$count{"$1 $turn"}};
}

sub openai
{
	my ($text, %more) = @_;
	return {id => 'c', object => 'chat.completion', choices => [ {index => 0, message => {role => 'assistant', content => $text, refusal => undef}, finish_reason => 'stop', %more} ],
		usage => {prompt_tokens => 100, completion_tokens => 20, total_tokens => 120}};
}

sub answer
{
	my ($asked) = @_;
	return (404, {error => {message => 'Not Found'}}) if $asked->{path} =~ m{/models/};
	return (200, {object => 'list', data => [ map { {id => $_} } qw(m-1 claude-1) ]}) if $asked->{path} =~ m{/models};
	my $turn = turn($asked);
	if ($asked->{path} =~ m{/v1/messages$})
	{
		return (529, {type => 'error', error => {type => 'overloaded_error', message => 'Overloaded'}}, "retry-after: 1\r\n") if $turn->{what} eq 'clouds' && $turn->{turn} eq '2' && $turn->{times} == 1;
		return (200, {id => 'msg_1', type => 'message', role => 'assistant', model => 'claude-1', content => [ {type => 'text', text => $turn->{text}} ], stop_reason => 'end_turn',
			usage => {input_tokens => 100, output_tokens => 20}});
	}
	my $at = "$turn->{what} $turn->{turn}";
	return (429, {error => {message => 'Rate limit reached', code => 'rate_limit_exceeded'}}, "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 500ms\r\n") if $at eq 'limit 2' && $turn->{times} <= 2;
	return (200, openai(undef, message => {role => 'assistant', content => undef, refusal => 'I cannot help with that.'})) if $at eq 'refuse 3';
	return (200, openai('{"appointment": {"boo', finish_reason => 'length')) if $at eq 'short analysis';
	return (200, openai('{"interest": 7}')) if $at eq 'wrong analysis';
	return (200, openai('{"interest": 7}')) if $at eq 'mended analysis' && $turn->{times} == 1;
	return (200, openai('Bonjour, je vous appelle pour votre maison et vous avez une question, merci. Au revoir.')) if $at eq 'french 1';
	return (200, '{"choices": [') if $at eq 'broken 2';
	return (200, openai('{{first_name}} {% raw %} \'); DROP TABLE x; -- << }}')) if $at eq 'evil 2';
	# Apart from the others, who are answered meanwhile.
	if ($at eq 'stall 2') { return if fork; sleep 60; POSIX::_exit(0); }
	sleep 0.5 if $at eq 'slow 2';
	sleep 1.5 if $at eq 'pause 2';
	return (200, openai($turn->{text}));
}

my $port = fake_carrier(\&answer);
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Tester', credits => 100);
my $other = create_tenant($node, 'va', 'Other', credits => 100);
wait_workers($node, 'the workers are up');
$node->safe_psql('va', qq{SELECT voiceagent.set_setting('model_private_hosts', '127.0.0.1:$port'), voiceagent.set_setting('model_request_timeout', '6 seconds')});
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_request_tries', '2')");
my $account = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_model_account('compatible', 'Own', 'sk-right-key', 'm-1', 'http://127.0.0.1:$port/v1')");
my $anthropic = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_model_account('anthropic', 'Clouds', 'sk-ant-key', 'claude-1', 'http://127.0.0.1:$port')");
wait_for_sql($node, 'va', "SELECT string_agg(test_result, ',' ORDER BY model_account_id) FROM voiceagent.model_accounts", 'ok,ok', 'both accounts are good');
my $assistant = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Nova', 'Hello {{first_name}}, this is Nova, an automated assistant of Acme Solar.',
	E'You are Nova, the voice assistant of Acme Solar.\n## Goal: an appointment\nAgree on a day and an hour.\n')});

sub caller_named
{
	my ($name, $more) = @_;
	$more //= '';
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_test_caller('$name', '[{"turn": 1, "say": "$name, yes, what is this about?"}, {"turn": 2, "say": "That sounds good."}, {"turn": 3, "say": "About 15 years."},
		{"turn": 4, "say": "Tomorrow at 3 pm."}, {"say": "Yes, that is right.", "again": true}]', '[{"path": "outcome", "is": "=", "value": "scheduled"}, {"path": "appointments.0.time", "is": "=", "value": "15:00"},
		{"path": "said", "is": "lacks", "value": "bonjour"}, {"path": "talk.turns", "is": ">=", "value": 8}]', variables := '{"first_name": "Fran"}')});
	return;
}

# A run to its end, and its report: "caller|talks|passed|verdict|failed predicate" a line.
sub run_of
{
	my ($callers, $args, $seconds) = @_;
	my $run = as_tenant($node, 'va', $tenant, "SELECT voiceagent.test_assistant($assistant, callers := '{$callers}', model_account_id := $account" . ($args ? ", $args" : '') . ')');
	wait_for_sql($node, 'va', "SELECT status FROM voiceagent.test_runs WHERE test_run_id = $run", 'talked', "the talks of $callers are over", $seconds // 180);
	return ($run, as_tenant($node, 'va', $tenant, "SELECT caller, talks, passed, verdict, failed_predicate FROM voiceagent.test_report($run)"));
}
sub transcript { my ($run, $caller) = @_; return as_tenant($node, 'va', $tenant, "SELECT transcript FROM voiceagent.test_report($run) WHERE caller IS NOT DISTINCT FROM " . ($caller ? "'$caller'" : 'NULL')); }

# ---- a model that does what it should, k times ----

caller_named($_) foreach qw(agrees_to limit refuse short wrong mended french broken evil stall slow pause clouds);
my ($run, $report) = run_of('agrees_to', 'k := 3');
is($report, "|3|3|passed|\nagrees_to|3|3|passed|", 'a model that leads to an appointment passes, three times of three');
like(transcript($run), qr/^1 of 1 callers passed all of their 3 talks \(pass\^3 1\.0000, 95 % from 0\.2065 to 1\.0000\)$/, '... which the report says, with its interval');
is(as_tenant($node, 'va', $tenant, "SELECT DISTINCT tested FROM voiceagent.test_report($run)"), 'tested by a model', '... tested by a model');
is(as_tenant($node, 'va', $tenant, "SELECT method, model, status FROM voiceagent.test_runs WHERE test_run_id = $run"), 'model|m-1|done', '... by its name');
is((split /\n/, transcript($run, 'agrees_to'))[-1], "AI: $lines[-1]", '... in the words of the model');
is(as_tenant($node, 'va', $tenant, "SELECT DISTINCT end_state #>> '{appointments,0,said}' || ' ' || (end_state #>> '{appointments,0,time}') FROM voiceagent.test_talks WHERE test_run_id = $run"), 'Tomorrow at 3 pm 15:00', '... and its data become an appointment, as in a call');
is($node->safe_psql('va', "SELECT count(*), count(DISTINCT object_id), sum(tokens_in), min(provider) FROM voiceagent.model_requests WHERE purpose = 'prompt_test' AND object_id = $run"), '18|1|1800|compatible', 'five turns and an analysis a talk, each counted');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls") . $node->safe_psql('va', "SELECT count(*) FROM voiceagent.appointments") . $node->safe_psql('va', 'SELECT count(*) FROM voiceagent.tenants'), '002', '... and nothing is left of the calls');
my ($first) = map { decode_json($_->{body}) } grep { $_->{body} =~ /"agrees_to, yes/ } came('POST', qr{/chat/completions});
is_deeply([ map { $_->{role} } @{ $first->{messages} } ], [ qw(system assistant user) ], 'the model is asked as in a call');
like($first->{messages}[1]{content}, qr/^Hello Fran, /, '... with the variables filled in');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.assistant_verdicts"), 0, 'chosen callers that pass say nothing of a version');

# ---- what a server does wrong ----

($run, $report) = run_of('limit');
is($report, "|1|1|passed|\nlimit|1|1|passed|", 'a limit is waited out');
cmp_ok($node->safe_psql('va', "SELECT concurrency FROM voiceagent.model_accounts WHERE model_account_id = $account"), '<', 8, '... and fewer are asked at once for a while');

($run, $report) = run_of('stall');
is($report, "|1|0|failed|\nstall|1|0|failed|the model did not answer: lost", 'a server that stalls fails the talk');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.assistant_verdicts"), 0, '... which says nothing of the version');

($run, $report) = run_of('refuse,short,wrong,mended,french,broken,evil,stall,slow', '', 300);
my %found = map { (split /\|/)[0] => $_ } split /\n/, $report;
is($found{''}, '|9|3|failed|', 'of nine callers at a bad server three pass');
is($found{mended}, 'mended|1|1|passed|', 'an analysis that does not conform is repaired');
is($found{slow}, 'slow|1|1|passed|', 'a slow answer is an answer');
is($found{evil}, 'evil|1|1|passed|', 'what a model says is words');
like(transcript($run, 'evil'), qr/\QAI: {{first_name}} {% raw %} '); DROP TABLE x; -- << }}\E/, '... as they are');
is($found{refuse}, 'refuse|1|0|failed|the model did not answer: refusal', 'a refusal fails the talk');
is($found{short}, 'short|1|0|failed|the model did not answer: incomplete', 'so does an analysis that is cut off');
is($found{wrong}, 'wrong|1|0|failed|the model did not answer: schema', '... or does not conform');
is($found{broken}, 'broken|1|0|failed|the model did not answer: unreadable', '... or an answer that is no JSON');
is($found{stall}, 'stall|1|0|failed|the model did not answer: lost', '... or none');
like($found{french}, qr/^french\|1\|0\|failed\|outcome = scheduled, but it is |^french\|1\|0\|failed\|said lacks bonjour/, 'an assistant that speaks another language fails by what it said');
like(transcript($run, 'refuse'), qr/How old is the roof\?\nUser: About 15 years\.$/, 'a talk that broke off shows how far it came');
is($node->safe_psql('va', "SELECT verdict, method, test_run_id = $run FROM voiceagent.assistant_verdicts"), 'failed|model|t', 'the version has failed, tested by a model');
my ($code, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.create_campaign('Refused', $assistant)");
like($err, qr/version 1 of the assistant has failed its test/, '... and is given to no campaign');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.test_report($run)");
my $by_rules = as_tenant($node, 'va', $tenant, "SELECT voiceagent.test_assistant($assistant)");
like($node->safe_psql('va', "SELECT verdict || method || (test_run_id < $by_rules OR verdict = 'failed') FROM voiceagent.assistant_verdicts"), qr/^failed/, 'rules do not clear what a model has failed in');

# ---- Anthropic's messages ----

$run = as_tenant($node, 'va', $tenant, "SELECT voiceagent.test_assistant($assistant, callers := '{clouds}', k := 2, model_account_id := $anthropic, model := 'claude-1')");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.test_runs WHERE test_run_id = $run", 'talked', 'talks with a server of messages are over', 180);
is(as_tenant($node, 'va', $tenant, "SELECT caller, tested, talks, passed, verdict, failed_predicate FROM voiceagent.test_report($run)"), "|tested by a model|2|2|passed|\nclouds|tested by a model|2|2|passed|", '... and pass, after a rest that it asked for');
my @messages = map { decode_json($_->{body}) } came('POST', qr{/v1/messages$});
is_deeply([ map { $_->{role} } @{ $messages[-1]{messages} } ], [ 'user', ('assistant', 'user') x 5, 'assistant', 'user' ], '... each asked with the whole talk, which begins with the user');
like($messages[-1]{system}, qr/^You are Nova/, '... and the prompt apart from it');

# ---- budgets and what stands in the way ----

as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_tokens_per_day', '1000')");
($run, $report) = run_of('agrees_to', 'k := 2');
is($report, "|2|0|failed|\nagrees_to|2|0|failed|the model did not answer: budget", 'a budget that is used up fails the talks, and says so');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_tokens_per_day', '5000000')");
foreach my $case ([ "model_account_id := $account + 1000", qr/there is no such model account/ ], [ "model_account_id := $account, model := 'no such'", qr/not the name of a model/ ], [ "model := 'm-1'", qr/a model needs its account/ ])
{
	($code, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.test_assistant($assistant, callers := '{agrees_to}', $case->[0])");
	like($err, $case->[1], "refused: $case->[0]");
}
my $others = as_tenant($node, 'va', $other, "SELECT voiceagent.create_assistant('Theirs', 'Hello, this is a robot.', 'You sell.')");
($code, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($other); SELECT voiceagent.test_assistant($others, callers := '{agrees}', model_account_id := $account)");
like($err, qr/there is no such model account/, 'another tenant\'s account is none');

# ---- a run whose next turn cannot be asked ends all the same ----

$run = as_tenant($node, 'va', $tenant, "SELECT voiceagent.test_assistant($assistant, callers := '{pause}', model_account_id := $account)");
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.model_requests WHERE object_id = $run AND purpose = 'prompt_test'", '2', 'a talk is under way');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.archive_model_account($account)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.test_runs WHERE test_run_id = $run", 'talked', 'its account is archived, and the talk ends', 120);
like(as_tenant($node, 'va', $tenant, "SELECT verdict, failed_predicate FROM voiceagent.test_report($run) WHERE caller = 'pause'"), qr/^failed\|the model (?:did not answer: account|could not be asked for the next turn: there is no such model account)$/, '... and says why');
is_sql($node, 'va', 'SELECT * FROM voiceagent.invariants()', '', 'all that must hold holds');
done_testing();
