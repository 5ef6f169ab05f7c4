# Requests that take longer than a client waits: taken with 202, done once as their caller, answered to nobody else, and of tenants in turn.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFaults qw(wait_until);

my ($node, $url) = new_console();
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(One Two);
members($node, $tenant{One}, qw(owner viewer));
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant{Two}, 'other\@example.com', '$console_password', 'owner')");
my %token = map { $_ => login($node, "$_\@example.com") } qw(owner viewer other);
my %async = (Prefer => 'respond-async');

sub later
{
	my ($who, $function, $arguments) = @_;
	return ask($url, 'POST', "/rpc/$function", token => $token{$who}, body => encode_json($arguments), headers => {%async});
}
sub state_of { my ($who, $id) = @_; return decode_json(rpc($url, $token{$who}, 'deferred_request', { deferred_request_id => $id })->{content}) }
sub answered
{
	my ($who, $id) = @_;
	my $state;
	wait_until(sub { $state = state_of($who, $id); ($state->{state} // '') eq 'done' }, 120);
	return $state;
}

# ---- what is taken, and what is not ----

my $csv = "First name,Phone\nZoe,+14155550177\nMax,+14155550178\n";
my $taken = ask($url, 'POST', '/rpc/import_file', token => $token{owner}, body => $csv, headers => { %async, 'Content-Type' => 'application/octet-stream' });
is($taken->{status}, 202, 'an import that may be answered later is taken with 202');
my $id = decode_json($taken->{content})->{deferred_request_id};
my $done = answered('owner', $id);
is("$done->{status} $done->{answer}{rows_imported}", '200 2', '... and done: its answer is the one that the function would have given');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant{One}", 2, '... with the body as it came');
is_sql($node, 'va', "SELECT request IS NULL AND body IS NULL FROM voiceagent_private.deferred_requests WHERE deferred_request_id = $id", 't', '... which is not kept');
is_sql($node, 'va', "SELECT event_data ->> 'deferred_request_id' FROM voiceagent.events WHERE tenant_id = $tenant{One} AND event_type = 'request_answered'", $id, '... and an event tells of it');
is_sql($node, 'va', "SELECT asked_by ~ 'owner' FROM voiceagent_private.deferred_requests WHERE deferred_request_id = $id", 't', '... done for whoever asked');
is(later('owner', 'whoami', {})->{status}, 200, 'what takes no time is answered at once');
my $key = JSON::PP->new->allow_nonref->decode(rpc($url, $token{owner}, 'create_api_key', { label => 'bot', role => 'manager' })->{content});
is(ask($url, 'POST', '/rpc/preview_campaign', headers => { %async, 'X-API-Key' => $key }, body => '{"campaign_id": 1}')->{status}, 404, '... so is who proves itself by a key, which is kept nowhere');
is(ask($url, 'POST', '/rpc/simulate', headers => {%async}, body => '{"campaign_id": 1}')->{status}, 401, '... and a visitor is refused');

# ---- whose it is ----

is(rpc($url, $token{$_}, 'deferred_request', { deferred_request_id => $id })->{status}, 404, "$_ does not see it") foreach qw(viewer other);
is(rpc($url, $token{other}, 'cancel_deferred_request', { deferred_request_id => $id })->{status}, 404, '... nor ends it');
$done = answered('viewer', decode_json(later('viewer', 'import_leads', { csv => $csv })->{content})->{deferred_request_id});
is("$done->{status} $done->{answer}{code}", '403 PT403', 'what a viewer may not do at once it may not do later');
$done = answered('owner', decode_json(later('owner', 'simulate', { campaign_id => 77 })->{content})->{deferred_request_id});
is("$done->{status} $done->{answer}{code}", '404 PT404', 'a refusal is the answer, with its status');
is_sql($node, 'va', "SELECT bool_and(NOT request ? 'authorization') IS NOT FALSE FROM (SELECT request -> 'headers' AS request FROM voiceagent_private.deferred_requests) r", 't', 'no credential is kept');

# ---- one that takes long: others' turns, a cancel, an end of its process, a member that goes meanwhile ----

# A lead that somebody else is adding just now: an import with its number waits.
my $holder;
sub hold
{
	$holder = $node->background_psql('va');
	$holder->query_safe("BEGIN; SELECT voiceagent_private.set_tenant($tenant{One}); INSERT INTO voiceagent.leads (tenant_id, phone, timezones, created_at) VALUES ($tenant{One}, '$_[0]', '{UTC}', now())");
}
hold('+14155550179');
my $slow = decode_json(later('owner', 'import_leads', { csv => "Phone\n+14155550179\n" })->{content})->{deferred_request_id};
ok(wait_until(sub { state_of('owner', $slow)->{state} eq 'running' }, 60), 'one request runs, and waits for a lock of somebody else');
my ($second, $third) = map { decode_json(later('owner', 'import_leads', { csv => "Phone\n+1415555018$_\n" })->{content})->{deferred_request_id} } 0, 1;
is(answered('other', decode_json(later('other', 'import_leads', { csv => "Phone\n+14155550190\n" })->{content})->{deferred_request_id})->{status}, 200, '... another tenant\'s is done meanwhile');
is(state_of('owner', $second)->{state}, 'waiting', '... and the next of the same tenant has to wait');
is(rpc($url, $token{owner}, 'cancel_deferred_request', { deferred_request_id => $second })->{status}, 204, '... one that waits is');
is(state_of('owner', $second)->{state}, 'canceled', '... and says so');

my $ended = $node->safe_psql('va', "SELECT process FROM voiceagent_private.deferred_requests WHERE deferred_request_id = $slow");
$node->safe_psql('va', "SELECT pg_terminate_backend(pid) FROM voiceagent.status() WHERE component = '$ended'");
$holder->query_safe('ROLLBACK');
$holder->quit;
$done = answered('owner', $slow);
is("$done->{status} $done->{answer}{rows_imported}", '200 1', 'a request whose process was ended is done by the next one');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant{One} AND phone IN ('+14155550179', '+14155550180')", 1, '... once, and the cancelled one is not');
is(answered('owner', $third)->{status}, 200, '... and those behind it follow');

hold('+14155550186');
$slow = decode_json(later('owner', 'import_leads', { csv => "Phone\n+14155550186\n" })->{content})->{deferred_request_id};
ok(wait_until(sub { state_of('owner', $slow)->{state} eq 'running' }, 60), 'one runs');
is(rpc($url, $token{owner}, 'cancel_deferred_request', { deferred_request_id => $slow })->{status}, 204, '... and is cancelled');
is(state_of('owner', $slow)->{state}, 'canceled', '... it says so');
is(answered('owner', decode_json(later('owner', 'import_leads', { csv => "Phone\n+14155550183\n" })->{content})->{deferred_request_id})->{status}, 200, '... the next is done while the lock is held');
is(said(rpc($url, $token{owner}, 'cancel_deferred_request', { deferred_request_id => $slow })), '409 PT409', '... and what is over is not cancelled');
is(said(rpc($url, $token{owner}, 'cancel_deferred_request', { deferred_request_id => 987654321987 })), '404 PT404', 'a request that never was is none of mine');
$holder->query_safe('ROLLBACK');
$holder->quit;
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $tenant{One} AND phone = '+14155550186'", 0, '... nothing of it was done');
hold('+14155550184');
$done = answered('owner', decode_json(later('owner', 'import_leads', { csv => "Phone\n+14155550184\n" })->{content})->{deferred_request_id});
is("$done->{status} $done->{answer}{code}: $done->{answer}{message}", '409 55P03: the rows that this needs were being changed for ten seconds', 'one that waits too long for a lock gives up, and says so in words');
$holder->query_safe('ROLLBACK');
$holder->quit;

hold('+14155550182');
$slow = decode_json(later('owner', 'import_leads', { csv => "Phone\n+14155550182\n" })->{content})->{deferred_request_id};
ok(wait_until(sub { state_of('owner', $slow)->{state} eq 'running' }, 60), 'again one runs');
my $late = decode_json(later('viewer', 'preview_campaign', { campaign_id => 1 })->{content})->{deferred_request_id};
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant{One}); UPDATE voiceagent.members SET active = false WHERE email ~ 'viewer'; COMMIT");
$holder->query_safe('ROLLBACK');
$holder->quit;
my $answer = "SELECT status FROM voiceagent_private.deferred_requests WHERE deferred_request_id = $late";
ok(wait_until(sub { $node->safe_psql('va', $answer) ne '' }, 60), 'a member is switched off while its request waits');
like($node->safe_psql('va', $answer), qr/^40[13]$/, '... which is refused then');

# ---- two that take long leave a process to a third tenant's ----

$node->safe_psql('va', q{CREATE FUNCTION voiceagent.slow_test(seconds float) RETURNS text LANGUAGE sql AS 'SELECT pg_sleep(seconds)::text'; GRANT EXECUTE ON FUNCTION voiceagent.slow_test(float) TO voiceagent_user;
	INSERT INTO voiceagent_private.registrations (kind, name) VALUES ('deferred', 'slow_test')});
my $three = create_tenant($node, 'va', 'Three', credits => 1000);
$node->safe_psql('va', "SELECT voiceagent.create_member($three, 'third\@example.com', '$console_password', 'owner')");
$token{third} = login($node, 'third@example.com');
my %long = map { $_ => decode_json(later($_, 'slow_test', { seconds => 100 })->{content})->{deferred_request_id} } qw(owner other);
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.deferred_requests WHERE state = 'running'}, 2, 'two tenants\' requests run', 60);
is(answered('third', decode_json(later('third', 'import_leads', { csv => "Phone\n+14155550190\n" })->{content})->{deferred_request_id})->{status}, 200, '... a third tenant\'s is done');
is_sql($node, 'va', q{SELECT string_agg(process || ' ' || state || ' ' || tries, ', ' ORDER BY state) FROM voiceagent_private.deferred_requests WHERE function_name = 'slow_test'}, 'deferred running 1, deferred waiting 0', '... while one of the others waits for the process of what takes long');
is(decode_json(later('other', 'whoami', {})->{content})->{role}, 'owner', '... and what takes no time is answered at once');
is(rpc($url, $token{$_}, 'cancel_deferred_request', { deferred_request_id => $long{$_} })->{status}, 204, '... each is cancelled') foreach qw(owner other);

$node->safe_psql('va', "SELECT voiceagent.set_setting('deferred_requests_max', '1')");
hold('+14155550200');
my @many = map { later('owner', 'import_leads', { csv => "Phone\n+1415555020$_\n" })->{status} } 0 .. 1;
is("@many", '202 429', 'no tenant has more that wait than the platform allows');
$holder->query_safe('ROLLBACK');
$holder->quit;
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.deferred_requests WHERE request IS NOT NULL", 0, 'all are answered', 60);
is_sql($node, 'va', "SELECT max(count) FROM (SELECT count(*) FROM voiceagent_private.deferred_requests WHERE tenant_id = $tenant{One} GROUP BY tenant_id) n", 1, '... and no more answers are kept');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.registrations r WHERE r.kind = 'deferred' AND r.name NOT IN (SELECT proname FROM pg_proc WHERE pronamespace = 'voiceagent'::regnamespace)}, 0, 'every function that may be deferred is one of the API');
$node->safe_psql('va', "UPDATE voiceagent_private.deferred_requests SET ended_at = ended_at - interval '2 days'; SELECT voiceagent_private.request_job('forget_deferred', '-infinity')");
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.deferred_requests', 0, 'a day later they are forgotten', 60);
wait_for_sql($node, 'va', q{SELECT string_agg(DISTINCT state, ' ') FROM voiceagent.status() WHERE component ~ '^deferred'}, 'resting', 'with nothing to do the processes end', 60);
done_testing();
