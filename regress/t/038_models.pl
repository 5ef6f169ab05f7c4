# Language models: a request is asked once, its answer is believed when it conforms, its price is paid, and whatever a vendor's server
# does (limits, faults, refusals, nonsense, silence) ends in a word and a sentence. Against a server that does it all.
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

# ---- a server of models: the last message says what it does ----

sub completion
{
	my ($text, %more) = @_;
	return {id => 'c', object => 'chat.completion', choices => [ {index => 0, message => {role => 'assistant', content => $text, refusal => undef}, finish_reason => 'stop', %more} ],
		usage => {prompt_tokens => 100, completion_tokens => 20, total_tokens => 120, prompt_tokens_details => {cached_tokens => 40}}};
}

my $json = JSON::PP->new->canonical;
my %count;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my $key = ($asked->{head} =~ /authorization: Bearer (\S+)/i)[0] // '';
	return (401, {error => {message => "Incorrect API key provided: $key", code => 'invalid_api_key'}}) if $key eq 'sk-wrong-key';
	return (404, {error => {message => 'Not Found'}}) if $asked->{path} =~ m{^/v1/models/};
	return (200, {object => 'list', data => [ map { {id => $_} } qw(m-1 m-2) ]}) if $asked->{path} eq '/v1/models';
	my $body = decode_json($asked->{body});
	my @messages = @{ $body->{messages} };
	my ($first) = map { $_->{content} } grep { $_->{role} eq 'user' } @messages;
	my $n = ++$count{$first};
	my ($what) = $first =~ /^(\w+)/;
	my $again = @messages > 1;
	return (200, completion('pong')) if $what eq 'ping';
	return (200, completion($json->encode({name => 'Ada', age => 40}))) if $what eq 'fits';
	return (200, completion($again ? '{"name": "Ada"}' : '{"name": 7}')) if $what eq 'mended';
	return (200, completion('{"name": 7}')) if $what eq 'never';
	return (200, completion('{"name": "A', finish_reason => 'length')) if $what eq 'short';
	return (200, completion($n > 1 ? '{"name": "Ada"}' : '{"name": "A', $n > 1 ? () : (finish_reason => 'length'))) if $what eq 'longer';
	return (200, completion(undef, message => {role => 'assistant', content => undef, refusal => 'I cannot help with that.'})) if $what eq 'refuse';
	return (200, completion('Bonjour, je vous appelle pour votre maison et vous avez une question, merci.')) if $what eq 'french';
	return (429, {error => {message => 'Rate limit reached', code => 'rate_limit_exceeded'}}, "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 700ms\r\n") if $what eq 'limit' && $n < 3;
	return (529, {type => 'error', error => {type => 'overloaded_error', message => 'Overloaded'}}, "retry-after: 1\r\n") if $what eq 'overload' && $n < 2;
	return (429, {error => {message => 'You have no credit left', code => 'insufficient_quota'}}) if $what eq 'quota';
	return (500, {error => {message => 'Boom'}}) if $what eq 'fault' && $n < 2;
	return (500, {error => {message => 'Boom'}}, "x-should-retry: false\r\n") if $what eq 'final';
	return (404, {error => {message => 'The model `m-1` does not exist', code => 'model_not_found'}}) if $what eq 'absent';
	return (307, {}, "Location: http://127.0.0.1:1/v1/chat/completions\r\n") if $what eq 'elsewhere';
	return (200, 'this is no JSON') if $what eq 'nonsense';
	return (200, completion('x' x 2_000_000)) if $what eq 'huge';
	return if $what eq 'dropped';
	# Apart from the others, who are answered meanwhile.
	if ($what eq 'stall') { return if fork(); sleep 30; POSIX::_exit(0) }
	# As the newest models do.
	return (400, {error => {message => "Unsupported value: '$_' is not supported with this model.", type => 'invalid_request_error', param => $_, code => 'unsupported_value'}})
		foreach grep { $what eq 'cold' && exists $body->{$_} } qw(temperature seed);
	return (200, completion("answer $n"));
});

my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Acme', credits => 100);
my $other = create_tenant($node, 'va', 'Other', credits => 0);
wait_workers($node, 'the workers are up');
my $url = "http://127.0.0.1:$port/v1";
$node->safe_psql('va', qq{
	SELECT voiceagent.set_setting('model_private_hosts', '127.0.0.1:$port');
	SELECT voiceagent.set_setting('model_request_timeout', '5 seconds');
	SELECT voiceagent_private.register_model_purpose('test', 'test_model_answered', 'A test.');
	CREATE TABLE ended (model_request_id bigint PRIMARY KEY);
	GRANT INSERT ON ended TO voiceagent_worker;
	CREATE FUNCTION voiceagent_private.test_model_answered(model_request_id bigint) RETURNS void LANGUAGE sql AS 'INSERT INTO public.ended VALUES (model_request_id)';
	GRANT EXECUTE ON FUNCTION voiceagent_private.test_model_answered(bigint) TO voiceagent_worker});

sub acting
{
	my ($of, $sql) = @_;
	return $node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($of) \\g /dev/null\n$sql;\nCOMMIT");
}

my $schema = '{"type": "object", "properties": {"name": {"type": "string", "maxLength": 10}, "age": {"type": "integer"}}, "required": ["name"], "additionalProperties": false}';

sub ask
{
	my ($words, %more) = @_;
	my $request = $json->encode({messages => [ {role => 'user', content => $words} ], map({ $_ => $more{$_} } grep { exists $more{$_} } qw(language max_tokens temperature seed)),
		$more{schema} ? (schema => decode_json($schema)) : ()});
	return acting($more{tenant} // $tenant, "SELECT voiceagent_private.request_model('test', 1, \$r\$$request\$r\$)");
}

sub ended
{
	my ($id, $status, $reason, $error, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	wait_for_sql($node, 'va', "SELECT status || coalesce(' ' || reason, '') FROM voiceagent.model_requests WHERE model_request_id = $id", join(' ', $status, $reason // ()), $name, 120);
	like($node->safe_psql('va', "SELECT coalesce(error, '') FROM voiceagent.model_requests WHERE model_request_id = $id"), $error, '... and says why') if defined $error;
	return;
}

# Statements are logged here, and the test's own name the keys.
sub server_log { return join "\n", grep { !/statement: / } split /\n/, slurp_server_log($node); }

sub of_request { my ($id, $columns) = @_; return $node->safe_psql('va', "SELECT $columns FROM voiceagent.model_requests WHERE model_request_id = $id"); }
sub times_asked { my ($words) = @_; return scalar grep { $_->{body} =~ /"\Q$words\E/ } came('POST', qr{/chat/completions}); }

# ---- the embedded model ----

my $id = ask('ping');
ended($id, 'done', undef, qr/^$/, 'without an account the embedded model answers');
is(of_request($id, 'provider, tries, tokens_out > 0, credits, cost_usd = 0'), 'sandbox|1|t|0.000000|t', '... and costs nothing');
is($node->safe_psql('va', "SELECT count(*) FROM ended WHERE model_request_id = $id"), 1, '... and the handler of the purpose was called, once');
$id = ask('Write a script', schema => 1);
ended($id, 'done', undef, undef, 'it fills a schema');
like(of_request($id, 'output'), qr/"name": "[^"]{0,10}"/, '... within its bounds');

# ---- an account of one's own ----

my $account = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_model_account('compatible', 'Own', 'sk-right-key', 'm-1', '$url')");
wait_for_sql($node, 'va', "SELECT test_result || ': ' || test_message FROM voiceagent.model_accounts WHERE model_account_id = $account", 'ok: the key is good, and the model m-1 is there', 'a new account is checked at once');
my $wrong = as_tenant($node, 'va', $other, "SELECT voiceagent.create_model_account('compatible', 'Own', 'sk-right-key', 'm-9', '$url')");
wait_for_sql($node, 'va', "SELECT test_result || ': ' || test_message FROM voiceagent.model_accounts WHERE model_account_id = $wrong", 'failed: there is no model "m-9" at this server; it has: m-1, m-2', 'a model that is not there is said before it is needed');
as_tenant($node, 'va', $other, "SELECT voiceagent.update_model_account($wrong, api_key => 'sk-wrong-key')");
wait_for_sql($node, 'va', "SELECT test_message FROM voiceagent.model_accounts WHERE model_account_id = $wrong", 'HTTP status 401: Incorrect API key provided: ****', 'a wrong key is said, and not shown');
like(of_request($node->safe_psql('va', "SELECT max(model_request_id) FROM voiceagent.model_requests WHERE purpose = 'check_account'"), 'status, reason'), qr/^failed\|bad_key$/, '... with a word for programs');
unlike($node->safe_psql('va', "SELECT m::text FROM voiceagent.model_requests m") . $node->safe_psql('va', "SELECT a::text FROM voiceagent.model_accounts a") . server_log(), qr/sk-(?:wrong|right)-key/, 'no key in a row or in the log');
as_tenant($node, 'va', $other, "SELECT voiceagent.archive_model_account($wrong)");

$node->safe_psql('va', "SELECT voiceagent.set_model_price('compatible', 'm-', 10, 1, 100)");
$id = ask('ping');
ended($id, 'done', undef, qr/^$/, 'a request goes to the own account');
is(of_request($id, 'output_text, tokens_in, tokens_cached, tokens_out, cost_usd, credits'), 'pong|100|40|20|0.00264000|0.000000', '... and tokens and dollars are written down, cached ones by their own price');
is(times_asked('ping'), 1, '... asked once');
my ($sent) = grep { $_->{body} =~ /"ping"/ } came('POST', qr{/chat/completions});
like($sent->{head}, qr/authorization: Bearer sk-right-key/i, '... with the key');

# ---- answers that cannot be used ----

$id = ask('fits', schema => 1);
ended($id, 'done', undef, undef, 'an answer that conforms is taken');
is(of_request($id, 'output'), '{"age": 40, "name": "Ada"}', '... as JSON');
$id = ask('mended', schema => 1);
ended($id, 'done', undef, undef, 'one that does not is repaired once');
is(of_request($id, 'output, repairs, tries, tokens_in'), '{"name": "Ada"}|1|2|200', '... and both tries are paid');
my ($repair) = grep { $_->{body} =~ /"mended/ && $_->{body} =~ /cannot be used/ } came('POST', qr{/chat/completions});
like($repair->{body}, qr/\$\.name must be of type string/, '... told what was wrong');
$id = ask('never', schema => 1);
ended($id, 'failed', 'schema', qr/^\$\.name must be of type string$/, 'one that never does fails');
is(times_asked('never'), 2, '... after one repair');
$id = ask('short', schema => 1);
ended($id, 'failed', 'incomplete', qr/cut off at max_tokens/, 'one that is cut off fails');
$id = ask('longer', schema => 1, max_tokens => 100);
ended($id, 'done', undef, undef, '... unless twice the room will do');
is_deeply([ map { decode_json($_->{body})->{max_tokens} } grep { $_->{body} =~ /"longer/ } came('POST', qr{/chat/completions}) ], [ 100, 200 ], '... which it is given once');
$id = ask('refuse');
ended($id, 'refused', 'refusal', qr/^I cannot help with that\.$/, 'a refusal is one, in its own words');
is(times_asked('refuse'), 1, '... and is not argued with');
$id = ask('french', language => 'en-US');
ended($id, 'failed', 'language', qr/in the language fr, not in en-US/, 'an answer in another language is none');
is(times_asked('french'), 2, '... after one repair');
$id = ask('french too', language => 'fr-FR');
ended($id, 'done', undef, undef, '... in the language that was asked for it is');

# ---- limits and faults ----

sub concurrency { return $node->safe_psql('va', "SELECT concurrency FROM voiceagent.model_accounts WHERE model_account_id = $account"); }
sub well { return $node->safe_psql('va', "UPDATE voiceagent.model_accounts SET resumes_at = NULL, opened_at = NULL, trips = 0, failures = 0, trouble = NULL, concurrency = 8, answered = 0") }

$id = ask('limit');
ended($id, 'done', undef, undef, 'a limit is waited out');
cmp_ok(of_request($id, 'extract(epoch FROM done_at - created_at)'), '>=', 1.4, '... as long as the header of its reset said, each time');
is(of_request($id, 'tries'), 1, '... and what it refused counts as no try');
cmp_ok(concurrency(), '<', 8, '... and fewer requests go at once');
my $lowered = concurrency();
ended($_, 'done', undef, undef, 'good answers') foreach map { ask("more $_") } 1 .. $lowered + 1;
cmp_ok(concurrency(), '>', $lowered, '... let their number rise again');
well();
$id = ask('overload');
ended($id, 'done', undef, undef, 'a server that is overloaded is left alone for as long as it asks');
cmp_ok(of_request($id, 'extract(epoch FROM done_at - created_at)'), '>=', 0.9, '... retry-after');
well();
$id = ask('fault');
ended($id, 'done', undef, undef, 'a fault of the server is tried again');
is(of_request($id, 'tries'), 2, '... and counts');
$id = ask('final');
ended($id, 'failed', 'bad_request', qr/HTTP status 500: Boom/, '... but not when the server says that it is in vain');
$id = ask('absent');
ended($id, 'failed', 'bad_model', qr/`m-1` does not exist/, 'a model that is gone');
$id = ask('elsewhere');
ended($id, 'failed', 'bad_request', qr/redirects are not followed/, 'a redirect is not followed');
well();
$id = ask('quota');
ended($id, 'failed', 'quota', qr/no credit left/, 'an account without money is said');
like($node->safe_psql('va', "SELECT opened_at IS NOT NULL, trouble FROM voiceagent.model_accounts WHERE model_account_id = $account"), qr/^t\|HTTP status 429: You have no credit left$/, '... and its breaker opens');
like(as_tenant($node, 'va', $tenant, 'SELECT voiceagent.health()'), qr/model account $account \(Own\): breaker open, .*HTTP status 429: You have no credit left/, '... and health() says so');
like(as_tenant($node, 'va', $tenant, "SELECT component, state FROM voiceagent.status() WHERE component LIKE 'model%'"), qr/^model account $account \(Own\)\|breaker open, the next probe at [\d:]{8} UTC$/m, '... and status(), with the time of the next probe');
is_sql($node, 'va', "SELECT event_data ->> 'trouble' FROM voiceagent.events WHERE event_type = 'model_account_failing' ORDER BY event_id DESC LIMIT 1", 'HTTP status 429: You have no credit left', '... and an event, of which outgoing webhooks tell');
well();
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_request_tries', '2')");
my $before = $node->safe_psql('va', "SELECT coalesce(sum(tokens_lost), 0) FROM voiceagent.model_usage WHERE tenant_id = $tenant");
$id = ask('stall');
ended($id, 'failed', 'lost', qr/time/i, 'a server that stalls is given up');
is(of_request($id, 'tries'), 2, '... after as many tries as the setting allows');
cmp_ok($node->safe_psql('va', "SELECT sum(tokens_lost) FROM voiceagent.model_usage WHERE tenant_id = $tenant"), '>=', $before + 4000, '... each of which counts in the budget');
well();
$id = ask('nonsense');
ended($id, 'failed', 'unreadable', qr/not JSON/, 'what is no answer is none');
well();
$id = ask('huge');
ended($id, 'failed', 'lost', qr/too large/, 'an answer without end is not read');
well();

# ---- a model that refuses parameters ----

$id = ask('cold', temperature => 0.3, seed => 7);
ended($id, 'done', undef, qr/^$/, 'a model that takes no temperature and no seed is asked without');
is(of_request($id, "tries, output_text, request -> 'without'"), '3|answer 3|["temperature", "seed"]', '... once for each');
is(times_asked('cold'), 3, '... and no oftener');
is($node->safe_psql('va', "SELECT settings -> 'without' FROM voiceagent.model_accounts WHERE model_account_id = $account"), '{"m-1": ["seed", "temperature"]}', '... which the account remembers');
$id = ask('cold again', temperature => 0.3, seed => 7);
ended($id, 'done', undef, undef, 'the next request');
is(of_request($id, 'tries'), 1, '... goes without at once');

# ---- the breaker ----

as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_request_give_up_after', '5 seconds')");
ask("dropped $_") foreach 1 .. 5;
wait_for_sql($node, 'va', "SELECT opened_at IS NOT NULL AND resumes_at > voiceagent.clock() + interval '20 seconds' FROM voiceagent.model_accounts WHERE model_account_id = $account", 't', 'five failures in a row open the breaker');
my $held = times_asked('ping');
$id = ask('ping');
ended($id, 'failed', 'gave_up', qr/waited longer than .* allows: \w/, 'what waits for it fails in time, and says for what it waited');
is(times_asked('ping'), $held, '... unasked');
well();

# ---- budgets ----

as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_tokens_per_day', '2000')");
$id = ask('ping budget');
ended($id, 'failed', 'budget', qr/budget for language models is used up: \d+ of 2000 tokens/, 'a budget that is used up fails closed');
is(times_asked('ping budget'), 0, '... unasked');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_tokens_per_day', '5000000'), voiceagent.set_setting('model_usd_per_day', '0.01')");
$id = ask('ping dollars');
ended($id, 'failed', 'budget', qr/of 0\.01 US dollars/, 'so does one of dollars');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_usd_per_day', '0')");

# ---- the platform's account, for credits ----

as_tenant($node, 'va', $tenant, "SELECT voiceagent.archive_model_account($account)");
my $platform = $node->safe_psql('va', "SELECT voiceagent.create_platform_model_account('compatible', 'Ours', 'sk-house-key', 'm-1', '$url')");
wait_for_sql($node, 'va', 'SELECT test_message FROM voiceagent.list_platform_model_accounts()', 'the key is good, and the model m-1 is there', 'an account of the platform is checked at once');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.model_requests WHERE of_platform", '0', '... and no tenant has a trace of it');
$id = ask('ping unpriced');
ended($id, 'failed', 'account', qr/no price for the model m-1/, 'the platform sells nothing without a price');
$node->safe_psql('va', "SELECT voiceagent.set_model_price('compatible', 'm-', 10, 1, 100, 1000, 100, 10000)");
$id = ask('ping house');
ended($id, 'done', undef, undef, 'a tenant without an account uses the platform\'s');
is(of_request($id, 'of_platform, credits'), 't|0.264000', '... and is charged for its tokens');
is($node->safe_psql('va', "SELECT available, held, spent FROM voiceagent.ledgers WHERE tenant_id = $tenant"), '99.736000|0.000000|0.264000', '... exactly');
$id = ask('dropped house');
ended($id, 'failed', 'lost', undef, 'an answer that is lost');
is($node->safe_psql('va', "SELECT available, held FROM voiceagent.ledgers WHERE tenant_id = $tenant"), '99.736000|0.000000', '... costs the tenant nothing');
$node->safe_psql('va', 'UPDATE voiceagent_private.platform_model_accounts SET resumes_at = NULL, opened_at = NULL, failures = 0');
$id = ask('ping poor', tenant => $other);
ended($id, 'failed', 'credits', qr/not enough credits/, 'a tenant without credits asks nothing');
unlike($node->safe_psql('va', "SELECT a::text FROM voiceagent_private.platform_model_accounts a") . $node->safe_psql('va', 'SELECT * FROM voiceagent.platform_audit()') . server_log(), qr/sk-house-key/, 'the platform\'s key is nowhere to be seen');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.invariants()"), 0, 'all that must hold holds');

# ---- a server within our own network is not asked, whatever its name says ----

my $inside = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_model_account('compatible', 'Inside', 'sk-right-key', 'm-1', 'https://localhost.localdomain:$port/v1')");
wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $inside", 'failed', 'a name that leads into our own network', 120);
like($node->safe_psql('va', "SELECT test_message FROM voiceagent.model_accounts WHERE model_account_id = $inside"), qr/address is not allowed, or there is none/, '... is said, and not asked');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.archive_model_account($inside)");

# ---- figures ----

like($node->safe_psql('va', 'SELECT voiceagent.metrics()'), qr/^voiceagent_model_requests_waiting 0$/m, 'nothing waits for a model');
like($node->safe_psql('va', 'SELECT voiceagent.metrics()'), qr/^voiceagent_platform_model_accounts_failing 0$/m, '... and the platform\'s account is well');

# ---- the documents ----

is($node->psql('va', 'BEGIN; ' . readme_block('038_models', 2) . '; ROLLBACK'), 0, 'what extension/doc/models.md shows the platform can be done');
as_tenant($node, 'va', $tenant, readme_block('038_models') . readme_block('038_models', 1) . '; ROLLBACK; BEGIN');

# ---- a crash between the request and its answer ----

as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_setting('model_request_give_up_after', '10 minutes')");
my $crashed = ask('stall crash');
ok(wait_until(sub { times_asked('stall crash') == 1 }), 'the model is asked');
kill9($node->safe_psql('va', "SELECT pid FROM voiceagent.status() WHERE component = 'requests'"));
ended($crashed, 'failed', 'lost', undef, 'a request whose worker dies is asked again, and no more often than the setting allows');
is(of_request($crashed, 'tries'), 2, '... both tries counted');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.invariants()"), 0, '... and no credits stay held');
is($node->safe_psql('va', "SELECT count(*) FROM ended"), $node->safe_psql('va', "SELECT count(*) FROM voiceagent.model_requests WHERE purpose = 'test' AND done_at IS NOT NULL"), 'each end was told once');
done_testing();
