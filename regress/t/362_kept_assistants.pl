# Assistants that are kept at Vapi, against a carrier in a process of its own that makes, changes and loses them: a burst of versions is one
# request, a crash makes no second assistant, and a call never names one that is not in step.
use strict;
use warnings;

use IO::Socket::INET;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

# POST /tell/WHAT is the test's own word to it.
my (%there, $made, @next);
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my ($method, $path) = @$asked{qw(method path)};
	if ($path =~ m{^/tell/(\w+)})
	{
		%there = () if $1 eq 'lose';
		$_->{firstMessage} = 'changed there' foreach $1 eq 'change' ? values %there : ();
		push @next, $1 if $1 =~ /^(limit|fault|hang)$/;
		return (200, [sort keys %there]);
	}
	return (201, {id => 'call-' . ++$made, monitor => {}}) if $path eq '/call' && (!(JSON::PP->new->decode($asked->{body})->{assistantId}) || $there{ JSON::PP->new->decode($asked->{body})->{assistantId} });
	return (400, {message => q{Couldn't get assistant. It does not exist.}, statusCode => 400}) if $path eq '/call';
	return (404, {}) if $path !~ m{^/assistant(?:/([\w-]+))?(?:\?|$)};
	my $id = $1;
	my $how = $method eq 'GET' && !$id ? '' : shift @next // '';
	return (429, {message => 'slow down'}, "Retry-After: 1\r\n") if $how eq 'limit';
	return (503, {}) if $how eq 'fault';
	return (200, [map { {id => $_, createdAt => '2026-01-01T00:00:00Z', metadata => $there{$_}{metadata}} } sort keys %there]) if $method eq 'GET' && !$id;
	return (404, {message => 'Not Found', statusCode => 404}) if $id && !$there{$id};
	if ($method eq 'POST' || $method eq 'PATCH')
	{
		$id //= 'as-' . ++$made;
		$there{$id} = {%{ $there{$id} // {} }, %{ JSON::PP->new->decode($asked->{body}) }, id => $id, orgId => 'org-1'};
		return () if $how eq 'hang';
		return ($method eq 'POST' ? 201 : 200, $there{$id});
	}
	delete $there{$id} if $method eq 'DELETE';
	return (200, $there{$id} // {id => $id});
});

sub bid
{
	my ($what) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die $!;
	print $socket "POST /tell/$what HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
	my @lines = <$socket>;
	return $lines[-1];
}

my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 2000);
my $tenant = create_tenant($node, 'va', 'Acme', credits => 1000);
wait_workers($node, 'the workers are up');
my $fake = {port => $port, url => "http://127.0.0.1:$port", key => 'real-key', secret => 'webhook-secret-of-the-test'};
real_settings($node, $fake, provider_request_tries => 3, provider_request_lookup_interval => '100 milliseconds');
my $account = real_account($node, $tenant, $fake);
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);
my $ada = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_assistant('Ada', 'Hello', 'Sell.')});

sub keep { return as_tenant($node, 'va', $tenant, "SELECT voiceagent.keep_assistant($ada, $account)") }
sub say { my ($words) = @_; return as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_assistant($ada, '{"first_message": "$words"}')}) }
sub synced { my ($words, $name) = @_; local $Test::Builder::Level = $Test::Builder::Level + 1; return wait_for_sql($node, 'va', "SELECT status || ' ' || (body ->> 'firstMessage') FROM voiceagent.kept_assistants WHERE assistant_id = $ada", "synced $words", $name, 40) }
sub asked { my ($method) = @_; return scalar came($method, qr{^/assistant(?:/|$)}) }
sub status { return $node->safe_psql('va', "SELECT concat_ws(': ', status, reason) FROM voiceagent.kept_assistants WHERE assistant_id = $ada") }

(my $block = readme_block('362_kept_assistants')) =~ s/\(1, 2\)/($ada, $account)/;
$block =~ s/\(1\)/($ada)/;
like(as_tenant($node, 'va', $tenant, $block), qr/\S/, 'what the page on assistants shows can be done');
synced('Hello', 'an assistant is made at the carrier');
is(asked('POST'), 1, '... by one request');
unlike($node->safe_psql('va', 'SELECT body::text FROM voiceagent.kept_assistants'), qr/real-key|webhook-secret|X-Vapi|"server"/, '... and what is known of it holds no secret');

# A burst of versions, whose first request may be on its way already.
as_tenant($node, 'va', $tenant, join "\n", 'BEGIN;', (map { qq{SELECT voiceagent.update_assistant($ada, '{"first_message": "Hello $_"}');} } 1 .. 20), 'COMMIT');
synced('Hello 20', 'twenty versions');
is(asked('PATCH'), 1, '... are one request, of the newest');

bid('limit');
say('after a limit');
synced('after a limit', '429 is obeyed');
bid('fault');
say('after a fault');
synced('after a fault', 'a fault passes');

# What others do there.
bid('change');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.check_assistant_at_carrier($ada)");
wait_for_sql($node, 'va', 'SELECT status FROM voiceagent.kept_assistants', 'drifted', 'what was changed there is noticed', 30);
like(status(), qr/firstMessage/, '... and named');
keep();
synced('after a fault', '... and sent again, when a person says so');
bid('lose');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.check_assistant_at_carrier($ada)");
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.provider_requests WHERE kind = 'create_assistant' AND state = 'done'}, '2', 'what was deleted there is made again', 30);
synced('after a fault', '... as it was');

# Nobody has to ask: it is looked at from time to time.
$node->safe_psql('va', "SELECT voiceagent.set_setting('kept_assistant_check', '1 minute')");
sub later
{
	# As if the last look had been long ago.
	$node->safe_psql('va', "UPDATE voiceagent.kept_assistants SET created_at = created_at - interval '2 minutes', changed_at = changed_at - interval '2 minutes', checked_at = checked_at - interval '2 minutes';
		UPDATE voiceagent.provider_requests SET created_at = created_at - interval '2 minutes' WHERE state = 'done'; SELECT voiceagent_private.request_job('check_kept_assistants', voiceagent.clock())");
	return;
}
bid('change');
later();
wait_for_sql($node, 'va', 'SELECT status FROM voiceagent.kept_assistants', 'drifted', 'what others change there is noticed by itself', 40);
like(as_tenant($node, 'va', $tenant, 'SELECT voiceagent.health()'), qr/assistant $ada is kept at provider account $account and calls carry it all the same: it was changed there: firstMessage/, '... and health() says so');
keep();
synced('after a fault', '... and mended');
my $made_before = asked('POST');
bid('lose');
later();
ok(wait_until(sub { asked('POST') > $made_before }, 40), 'what is deleted there is made again by itself');
synced('after a fault', '... as it was');

# Whether it was made is not known: the carrier's list says so, and there is no second one.
as_tenant($node, 'va', $tenant, "SELECT voiceagent.stop_keeping_assistant($ada, $account)");
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.kept_assistants', '0', 'deleted there, when it is to be kept no longer', 30);
is(bid('list'), '[]', '... and gone');
bid('hang');
keep();
synced('after a fault', 'an answer that got lost: found by our reference');
is(scalar(@{ decode_json(bid('list')) }), 1, '... and not made a second time');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.stop_keeping_assistant($ada, $account)");
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.kept_assistants', '0', 'deleted once more', 30);
crash_at($node, 'provider_requests_before_record');
keep();
wait_crash($node, 'provider_requests_before_record');
synced('after a fault', 'a crash between the request and its answer');
is(scalar(@{ decode_json(bid('list')) }), 1, '... makes no second one either');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.unresolved_provider_requests', '0', '... and leaves nothing for a person');

# A call names it, until it is lost there: then the lead is called with the assistant itself.
bid('lose');
as_tenant($node, 'va', $tenant, qq{
	SELECT voiceagent.add_lead('+14155550143');
	SELECT voiceagent.create_campaign('Kept', assistant_id => $ada, settings => jsonb_build_object('provider_account_id', $account, 'call_interval', 0, 'calling_hours', '{"start": "00:00", "end": "24:00"}'::jsonb, 'caller_name', 'Acme'));});
my $campaign = $node->safe_psql('va', 'SELECT max(campaign_id) FROM voiceagent.campaigns');
like(as_tenant($node, 'va', $tenant, "SELECT voiceagent.preview_request($campaign, (SELECT min(lead_id) FROM voiceagent.leads))"), qr/"assistantId": "as-\d+"/, 'a call would name the kept assistant');
like($node->safe_psql('va', qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant) \\g /dev/null
SELECT voiceagent_private.miss_kept_assistants($account) \\g /dev/null
SELECT count(*) FILTER (WHERE voiceagent_private.kept_for_call(assistant_id, version, provider_account_id) IS NOT NULL) || ' of ' || count(*) FROM voiceagent.kept_assistants; COMMIT}),
	qr/^0 of 1$/m, '... but not once a dial was told that it is not there');
synced('after a fault', '... until it is there again');
is_sql($node, 'va', "SELECT coalesce(string_agg(invariant, ','), '') FROM voiceagent.invariants()", '', 'the invariants hold');

done_testing();
