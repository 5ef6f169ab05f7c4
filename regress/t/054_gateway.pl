# The door: what is forged, stale, misdirected, oversized or malformed gets its status and no effect, what is genuine one
# effect however often it comes, and an answer only when it is committed.
use strict;
use warnings;

use JSON::PP qw(decode_json encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;

$SIG{PIPE} = 'IGNORE';
my $carrier = start_carrier('no-webhooks' => undef);
my $node = new_real_node('main', 'voiceagent.gateway_timeout' => '2s', 'voiceagent.gateway_max_body_kb' => 64);
my $tenant = create_tenant($node, 'va', 'Door', credits => 1000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');
my $base = $node->safe_psql('postgres', 'SHOW voiceagent.public_base_url');
my ($port) = $base =~ /(\d+)$/;
my $url = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
like($url, qr{^\Q$base\E/webhooks/[A-Za-z0-9_-]{43}$}, 'an endpoint has a URL that nobody guesses, below the public address');
my ($token) = $url =~ m{([^/]+)$};

# ---- a client ----

sub request { return send_raw($port, request_text(@_)) }

# The headers of a webhook of this account's carrier.
sub genuine
{
	my ($body, $timestamp, $secret) = @_;
	return signed($body, $secret // $carrier->{secret}, $timestamp);
}

sub deliver { my ($body) = @_; return request('POST', "/webhooks/$token", $body, genuine($body))->{status} }

# ---- calls to speak of ----

# All four are people who show interest, whether the carrier is asked or we tell.
my $campaign = start_leads($node, $tenant, [ map { "+1${_}5550101" } 212, 213, 305, 312 ], account => $account, settings => {max_call_duration => '1 hour'});
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.attempts WHERE state = 'accepted' AND provider_call_id IS NOT NULL}, 4, 'four calls are live');
my @calls = map { [ split /\|/ ] } split /\n/, $node->safe_psql('va', 'SELECT call_id, provider_call_id, reference FROM voiceagent.attempts ORDER BY 1');

sub webhook
{
	my ($call, $word, %more) = @_;
	my %message = (timestamp => int(time * 1000), call => {id => $call->[1], name => $call->[2], assistantOverrides => {metadata => {attempt => $call->[2]}}});
	if ($word eq 'report')
	{
		@message{qw(type endedReason startedAt endedAt cost analysis)} = ('end-of-call-report', 'customer-ended-call', '2026-11-20T15:09:00Z',
			'2026-11-20T15:10:00Z', 0.05, {summary => 'They talked.', successEvaluation => 'true', structuredData => {interest => 'high'}});
	}
	else
	{
		@message{qw(type status)} = ('status-update', $word);
	}
	return encode_json({message => {%message, %more}});
}

my $stored = q{SELECT count(*) FROM voiceagent.webhooks};

sub status_of { return $node->safe_psql('va', "SELECT status FROM voiceagent.calls WHERE call_id = $_[0][0]") }

# ---- who is refused ----

my $good = webhook($calls[0], 'ringing');
my $path = "/webhooks/$token";
is(request('POST', $path, $good)->{status}, 401, 'no signature');
is(request('POST', $path, $good, genuine($good, undef, 'another secret'))->{status}, 401, 'a forged signature');
is(request('POST', $path, "$good ", genuine($good))->{status}, 401, 'one of another body');
is(request('POST', $path, $good, genuine($good), 'x-timestamp' => int(time) + 1)->{status}, 401, 'one of another time');
is(request('POST', $path, $good, genuine($good, int(time) - 3600))->{status}, 401, 'a stale one');
is(request('POST', $path, $good, genuine($good, int(time) + 3600))->{status}, 401, 'one from the future');
unlike(request('POST', $path, $good)->{body}, qr/signature|timestamp|secret/i, '... and a stranger is not told why');
is(request('POST', '/webhooks/' . ('x' x 43), $good, genuine($good))->{status}, 404, 'an unknown endpoint');
is(request('POST', '/webhooks/' . ('x' x 3000), $good, genuine($good))->{status}, 404, '... of any length');
is(request('POST', '/webhooks/', $good, genuine($good))->{status}, 404, '... or none');
my $wrong = request('GET', $path);
is($wrong->{status}, 405, 'a wrong method');
like($wrong->{head}, qr/^Allow: POST\r$/mi, '... is told the right one');
is(request('DELETE', $path)->{status}, 405, 'another wrong method');
is(request('POST', $path, 'x' x 70000, genuine('x' x 70000))->{status}, 413, 'an oversized body');
is(request('POST', $path, undef, 'Content-Length' => 99999999)->{status}, 413, '... is refused before it is sent');
is(send_raw($port, "POST $path HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxx")->{status}, 400, 'two lengths');
is(send_raw($port, "POST $path HTTP/1.1\r\nHost: x\r\nX: " . ('y' x 20000) . "\r\n\r\n")->{status}, 431, 'an oversized head');
is(send_raw($port, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")->{status}, 400, 'a TLS hello');
is(request('GET', '/')->{status}, 404, 'another path');
is_sql($node, 'va', $stored, 0, 'nothing of all that was stored');
is(status_of($calls[0]), 'initiated', '... or had an effect');

# ---- health ----

my $health = request('GET', '/health');
is("$health->{status} $health->{body}", '200 {"status":"ok"}', 'GET /health');
is(request('POST', '/health', '{}')->{status}, 405, '... only');

# ---- what is genuine ----

is(deliver($good), 200, 'a genuine webhook') for 1 .. 3;
is_sql($node, 'va', $stored, 1, '... three times is stored once');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE call_id = $calls[0][0]", 'ringing', '... and has its effect');
my $plain = webhook($calls[0], 'in-progress');
is(request('POST', $path, $plain, genuine($plain), 'Content-Type' => 'text/plain')->{status}, 200, 'another content type');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE call_id = $calls[0][0]", 'in_progress', '... is read all the same');
my $chunked = webhook($calls[1], 'ringing');
is(request('POST', $path, sprintf("5\r\n%s\r\n%x;ext=1\r\n%s\r\n0\r\n\r\n", substr($chunked, 0, 5), length($chunked) - 5, substr($chunked, 5)), genuine($chunked),
	'Transfer-Encoding' => 'chunked')->{status}, 200, 'a chunked body');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE call_id = $calls[1][0]", 'ringing', '... is read');
my @pipelined = map { webhook($calls[$_], 'ringing') } 2, 3;
my $socket = connection($port);
syswrite($socket, join('', (map { request_text('POST', $path, $_, genuine($_)) } @pipelined), request_text('GET', '/health')));
is(join(' ', map { my $a = answer_of($socket); $a ? $a->{status} : 'none' } 1 .. 3), '200 200 200', 'three requests at once on one connection');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE status = 'ringing'", 3, '... have their effects');

# ---- the end of a call, and what comes after it ----

my $report = webhook($calls[0], 'report');
is(deliver($report), 200, 'the report of a call') for 1 .. 2;
wait_for_sql($node, 'va', "SELECT status, outcome, credits > 0 FROM voiceagent.calls WHERE call_id = $calls[0][0]", 'completed|interested|t', '... ends and charges it');
my $everything = "SELECT c::text FROM voiceagent.calls c WHERE call_id = $calls[0][0]";
my $before = $node->safe_psql('va', $everything);
is(deliver(webhook($calls[0], 'ringing', timestamp => int(time * 1000) + 7)), 200, 'a late ringing');
is(deliver(webhook($calls[0], 'report', timestamp => int(time * 1000) + 8, endedReason => 'customer-busy')), 200, 'a second report');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... are applied');
is_sql($node, 'va', $everything, $before, '... and change nothing');

# ---- genuine, but not to be read ----

my %aside = ('not JSON at all' => qr/./, '{"message": {"type": "status-update", "status": "ringing"}}' => qr/./, '[]' => qr/./);
foreach my $body (sort keys %aside)
{
	my $count = $node->safe_psql('va', 'SELECT count(*) FROM voiceagent.webhook_failures');
	is(deliver($body), 422, "malformed: $body") for 1 .. 2;
	wait_for_sql($node, 'va', "SELECT count(*) - $count FROM voiceagent.webhook_failures WHERE reason <> ''", 1, '... is set aside once, with the reason');
}
my $unknown = webhook([ 0, '11111111-2222-4333-8444-555555555555', 'va-1-999999-00000000' ], 'ringing');
is(deliver($unknown), 200, 'a webhook about a call that is not ours');
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.webhook_failures WHERE reason LIKE '%names no call%'}, 1, '... is set aside, and says so');
my ($failed) = split /\n/, $node->safe_psql('va', 'SELECT webhook_id FROM voiceagent.webhook_failures ORDER BY 1 LIMIT 1');
is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.replay_webhook($failed)", 'queued', 'one that was set aside can be replayed');
wait_for_sql($node, 'va', "SELECT (SELECT count(*) FROM voiceagent_private.inbox), (SELECT count(*) FROM voiceagent.webhook_failures WHERE webhook_id = $failed)", '0|1',
	'... and is set aside again when it is no better');
my $other = create_tenant($node, 'va', 'Other');
my (undef, undef, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($other) IS NULL; SELECT voiceagent.replay_webhook($failed)");
like($err, qr/webhook $failed not found/, '... but not by another tenant');

# ---- a secret that does not open ----

my $theirs = real_account($node, $other, $carrier);
my ($their_token) = as_tenant($node, 'va', $other, "SELECT voiceagent.create_endpoint($theirs)") =~ m{([^/]+)$};
sub deliver_theirs { my $body = webhook([ 0, 'theirs-' . int(rand(1e9)), 'x' ], 'ringing'); return request('POST', "/webhooks/$their_token", $body, genuine($body)) }
# Damages them, and mends them again; the gateway hears of it as of any change of a secret.
sub damage_theirs
{
	return $node->safe_psql('va', "UPDATE voiceagent_private.secrets SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE tenant_id = $other;
		SELECT voiceagent_private.poke('gateway')");
}
is(deliver_theirs()->{status}, 200, "another tenant's webhook");
damage_theirs();
ok(wait_until(sub { return deliver_theirs()->{status} eq '503' }, 60), '... whose secret does not open any more is to be sent again');
my @alone;
foreach (1 .. 20)
{
	my @connections = (connection($port), connection($port));
	my @bodies = (webhook([ 0, "theirs-$_", 'x' ], 'ringing'), webhook($calls[0], 'ringing', timestamp => int(time * 1000) + $_));
	syswrite($connections[$_], request_text('POST', '/webhooks/' . ($their_token, $token)[$_], $bodies[$_], genuine($bodies[$_]))) for 0, 1;
	push @alone, join(' ', map { my $a = answer_of($_); $a ? $a->{status} : 'none' } @connections);
}
is(join(', ', @alone), join(', ', ('503 200') x 20), '... alone: who comes with it is answered as ever');
like(deliver_theirs()->{body}, qr/send again/, '... and told so');
is(scalar(() = slurp_file($node->logfile) =~ /LOG:  could not read webhook endpoint \d+ of tenant $other: /g), 1, '... which is logged once');
damage_theirs();
ok(wait_until(sub { return deliver_theirs()->{status} eq '200' }, 60), '... until it opens again');

# ---- by SQL, as an anonymous role ----

my $told; # the last error of it, as its caller sees it
sub by_sql
{
	my ($body, %headers) = @_;
	my $json = encode_json(\%headers);
	my $hex = unpack('H*', $body);
	my ($status, $out, $error) = $node->psql('va', qq{\\set VERBOSITY verbose\nSET ROLE voiceagent_anon; SELECT voiceagent.receive_webhook('} . ($headers{token} // $token)
		. qq{', '$json', decode('$hex', 'hex'))});
	$told = $error;
	return $status == 0 ? $out : $error =~ /ERROR:  (\w+)/ ? $1 : $error;
}
my $sql = webhook($calls[1], 'in-progress');
is(by_sql($sql, genuine($sql)), '{"received": true}', 'receive_webhook() as an anonymous role') for 1 .. 2;
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE call_id = $calls[1][0]", 'in_progress', '... has its effect');
is(by_sql($sql), 'PT401', '... refuses what is not signed');
is(by_sql($sql, genuine($sql, int(time) - 3600)), 'PT401', '... or stale');
unlike($told, qr/DETAIL|timestamp|stale/, '... and tells a stranger no more than that');
like(slurp_file($node->logfile), qr/webhook refused\n[^\n]*DETAIL:  Endpoint \d+: /, '... what the operator reads in the log');
is(by_sql($sql, genuine($sql), token => 'x'), 'PT404', '... or for nobody');
like(by_sql('nonsense', genuine('nonsense')), qr/"set_aside"/, '... and sets aside what is malformed');

# The same through PostgREST: the body is the one unnamed argument, headers come in lower case by a setting.
sub by_json
{
	my ($body, %headers) = @_;
	my %lower = map { lc $_ => $headers{$_} } keys %headers;
	my ($status, $out, $error) = $node->psql('va', qq{\\set VERBOSITY verbose\nBEGIN; SET LOCAL ROLE voiceagent_anon;
		SELECT set_config('request.headers', \$h\$} . encode_json(\%lower) . qq{\$h\$, true) \\gset
		SELECT voiceagent.receive_json_webhook(\$b\$$body\$b\$); COMMIT});
	return $status == 0 ? $out : $error =~ /ERROR:  (\w+)/ ? $1 : $error;
}
# Odd spaces, an escape, a key twice, a last newline: jsonb would change every one of them.
my $odd = webhook($calls[1], 'in-progress') =~ s/^\{/{ "odd" :  "\\u0041",   "odd":1.50, /r . "\n";
is(by_json($odd, genuine($odd), 'X-Voiceagent-Endpoint' => $token), '{"received": true}', 'receive_json_webhook() takes a signature over odd JSON');
is(by_json("$odd ", genuine($odd), 'X-Voiceagent-Endpoint' => $token), 'PT401', '... and refuses the same JSON with a space more');
is(by_json($odd, genuine($odd)), 'PT422', '... or without an endpoint');
is(by_json($odd, genuine($odd), 'X-Voiceagent-Endpoint' => 'x'), 'PT404', '... or for nobody');
my ($status) = $node->psql('va', 'SET ROLE voiceagent_anon; SELECT * FROM voiceagent.webhooks');
isnt($status, 0, '... and shows nothing');

# ---- too slow, too many ----

my $slow = connection($port);
syswrite($slow, "POST $path HTTP/1.1\r\nHost: x\r\nContent-");
my $answer = answer_of($slow);
ok(!defined $answer || $answer->{status} == 408, 'a client that does not finish its head is dropped');
$slow = connection($port);
syswrite($slow, request_text('POST', $path, undef, 'Content-Length' => 1000) . 'half');
$answer = answer_of($slow);
ok(!defined $answer || $answer->{status} == 408, '... or its body');
$node->safe_psql('postgres', q{ALTER SYSTEM SET voiceagent.gateway_requests_per_second = 1});
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
my %seen;
ok(wait_until(sub { $seen{request('GET', '/health')->{status}}++ for 1 .. 20; return $seen{429} }, 60), 'more requests than a peer may make are answered with 429');
$node->safe_psql('postgres', q{ALTER SYSTEM RESET voiceagent.gateway_requests_per_second});
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
ok(wait_until(sub { my %now; $now{request('GET', '/health')->{status}}++ for 1 .. 20; return !$now{429} }, 60), '... until the limit is lifted');
ok($node->safe_psql('va', q{SELECT refused_too_many > 0 AND refused_too_large > 0 AND refused_too_slow > 0 AND refused_malformed > 0
	FROM voiceagent_private.worker_status() WHERE kind = 'gateway'}) eq 't', 'all of it is counted');

# ---- answered after the commit ----

foreach my $point ('before_store', 'after_store')
{
	my $call = $calls[$point eq 'before_store' ? 2 : 3];
	my $last = webhook($call, 'report');
	crash_at($node, $point);
	# Its first try dies with the gateway; the carrier sends it until it is told that it has arrived.
	is(deliver($last), 'dropped', "$point: a crash, and no answer");
	ok(wait_crash($node, $point), '... for the gateway died');
	wait_workers($node, '... the workers are back', 120);
	is_sql($node, 'va', "SELECT count(*) FROM voiceagent.webhooks WHERE body = decode('" . unpack('H*', $last) . "', 'hex')", $point eq 'after_store' ? 1 : 0,
		$point eq 'after_store' ? '... it had been stored' : '... it had not been stored');
	ok(wait_until(sub { return deliver($last) eq '200' }, 60), '... sent again, it is answered');
	is_sql($node, 'va', "SELECT count(*) FROM voiceagent.webhooks WHERE body = decode('" . unpack('H*', $last) . "', 'hex')", 1, '... and is stored once');
	wait_for_sql($node, 'va', "SELECT status, outcome, credits > 0 FROM voiceagent.calls WHERE call_id = $call->[0]", 'completed|interested|t', '... with its effect');
}
is(deliver(webhook($calls[1], 'report')), 200, 'the last report');
wait_completed($node, 'the campaign completes by itself');
is_well($node, 'after all that');
is_witnessed($node, $carrier, 'the carrier');

$node->stop;
done_testing();
