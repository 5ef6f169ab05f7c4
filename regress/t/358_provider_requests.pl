# Provider requests: what the process requests asks of carriers besides dials, against a carrier in a process of its own that is
# slow, fails, or is not there; and a crash between the request and its answer.
use strict;
use warnings;

use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

# A carrier's control URL answers as the path says.
my %count;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my $path = $asked->{path};
	my $first = !$count{$path}++;
	return $first ? (429, {}, "Retry-After: 1\r\n") : (200, {}) if $path =~ m{^/later};
	return $first ? () : (200, {}) if $path =~ m{^/once};
	# Apart from the others, who are answered meanwhile.
	if ($path =~ m{^/slow}) { return if fork(); sleep 30; POSIX::_exit(0) }
	if ($path =~ m{^/assistant})
	{
		my ($key) = $asked->{head} =~ /authorization: Bearer (\S+)/i;
		my %org = ('real-key' => 'org-1', 'real-key-2' => 'org-1', 'stolen-key' => 'org-2');
		return $org{$key} ? (200, [{id => 'a', orgId => $org{$key}}]) : (401, {message => 'Invalid Key. Hot tip, you may be using the public key.', statusCode => 401});
	}
	return ($path =~ m{^/(\d+)} ? $1 : 200, {});
});

my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 5000);
my $tenant = create_tenant($node, 'va', 'Acme', credits => 1000);
wait_workers($node, 'the workers are up');
my $fake = {port => $port, url => "http://127.0.0.1:$port", key => 'real-key', secret => 'webhook-secret-of-the-test'};
real_settings($node, $fake, provider_request_tries => 3);
my $account = real_account($node, $tenant, $fake, armed => 0);

sub provider_request
{
	my ($kind, $path) = @_;
	return acting(qq{SELECT voiceagent_private.enqueue_provider_request($account, '$kind', '{"control_url": "http://127.0.0.1:$port$path"}')});
}

sub acting
{
	my ($sql) = @_;
	my $out = $node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant) \\g /dev/null\n$sql;\nCOMMIT");
	return $out;
}

sub ended
{
	my ($provider_request, $state, $error, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	wait_for_sql($node, 'va', "SELECT state FROM voiceagent.provider_requests WHERE provider_request_id = $provider_request", $state, $name, 120);
	like($node->safe_psql('va', "SELECT coalesce(error, '') FROM voiceagent.provider_requests WHERE provider_request_id = $provider_request"), $error, '... and says why') if defined $error;
	return;
}

sub times_asked { my ($path) = @_; return scalar came(undef, qr{^\Q$path\E$}); }

my $e = provider_request('say', '/200/unarmed');
ended($e, 'failed', qr/this database may not use real carriers/, 'an unarmed database changes nothing at a carrier');
is(times_asked('/200/unarmed'), 0, '... and the carrier heard nothing');
$e = provider_request('hangup', '/200/goodbye');
ended($e, 'done', qr/^$/, '... but ends the calls of an account whose key was given here');
is(times_asked('/200/goodbye'), 1, '... once');
$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET home = 'elsewhere' WHERE provider_account_id = $account");
$e = provider_request('hangup', '/200/copy');
ended($e, 'failed', qr/another database/, 'a copy ends nobody\'s calls');
is(times_asked('/200/copy'), 0, '... and the carrier heard nothing');
$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET home = voiceagent_private.home() WHERE provider_account_id = $account");

# A new account can be tested before anybody allows it to dial.
sub tested
{
	my ($result, $message, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $test = as_tenant($node, 'va', $tenant, "SELECT voiceagent.test_provider_account($account)");
	wait_for_sql($node, 'va', "SELECT state IN ('done', 'failed') FROM voiceagent.provider_requests WHERE provider_request_id = $test", 't', $name);
	like($node->safe_psql('va', "SELECT concat_ws(' ', test_result, test_message, account_ref) FROM voiceagent.provider_accounts WHERE provider_account_id = $account"), qr/^$result.*$message/, "... $result");
	return;
}
sub account { my ($what) = @_; return $node->safe_psql('va', "SELECT $what FROM voiceagent.provider_accounts WHERE provider_account_id = $account") }
tested('ok', 'org-1', 'an account is tested before it is armed');
$node->safe_psql('va', "UPDATE voiceagent.provider_accounts SET home = 'elsewhere' WHERE provider_account_id = $account");
tested('failed', 'another database than this copy', 'a copy does not even ask');
is(times_asked('/assistant?limit=1'), 1, '... and the carrier heard nothing');
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, credentials => '{"api_key": "wrong-key"}')});
tested('failed', 'Hot tip', 'a wrong key: the credentials were given here, so the carrier is asked, and its words are kept');
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, credentials => '{"api_key": "real-key"}', settings => '{"org_id": "org-9"}')});
tested('failed', 'answers for another account', 'a key that opens another account than the one that is named');
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, settings => '{"org_id": null}')});
tested('ok', 'org-1', 'and again as it should be');
unlike($node->safe_psql('va', 'SELECT string_agg(e::text, chr(10)) FROM voiceagent.provider_requests e'), qr/real-key|wrong-key|webhook-secret/, 'no provider request holds a secret');

$node->safe_psql('va', "SELECT voiceagent.arm($account, 'Real')");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 30);
$e = provider_request('hangup', '/200/a');
ended($e, 'done', qr/^$/, 'a command goes out at once');
is(times_asked('/200/a'), 1, '... once');
$e = provider_request('hangup', '/404/b');
ended($e, 'done', undef, 'a call that is over is hung up');
is($node->safe_psql('va', "SELECT result ->> 'already' FROM voiceagent.provider_requests WHERE provider_request_id = $e"), 'true', '... it was so already');
$e = provider_request('hangup', '/400/c');
ended($e, 'failed', qr/http-400/, 'a refusal is final');
is(times_asked('/400/c'), 1, '... and not repeated');
$e = provider_request('hangup', '/401/d');
ended($e, 'failed', qr/http-401/, 'so is a bad key');
$e = provider_request('hangup', '/later');
ended($e, 'done', undef, '429 with Retry-After is obeyed');
is(times_asked('/later'), 2, '... by coming again');
$e = provider_request('hangup', '/once');
ended($e, 'done', undef, 'no answer: a harmless command is sent again');
is(times_asked('/once'), 2, '... once more');
$e = provider_request('hangup', '/slow');
ended($e, 'failed', qr/no-answer-from-provider/, 'a carrier that stalls is given up after provider_request_tries');
is(times_asked('/slow'), 3, '... which are three');
$e = acting("SELECT voiceagent_private.enqueue_provider_request($account, 'hangup', '{\"control_url\": \"http://127.0.0.1:1/x\"}')");
ended($e, 'failed', qr/address is not allowed/, 'an address of our own network that the platform has not allowed is refused');
# SQL refuses what a carrier lacks; so does the room, should such a provider request be there all the same.
my $lacks = $node->safe_psql('va', q{SELECT min(c) FROM (SELECT c FROM voiceagent.providers p, unnest(p.capabilities) c WHERE voiceagent_private.is_provider_request(c) OFFSET 0) k WHERE NOT voiceagent_private.driver_can('vapi', c)});
isnt($lacks, '', "Vapi lacks something: $lacks");
$e = acting(qq{WITH e AS (INSERT INTO voiceagent.provider_requests (tenant_id, kind, provider_account_id, next_at, created_at) VALUES ($tenant, '$lacks', $account, now(), now()) RETURNING provider_request_id)
	INSERT INTO voiceagent_private.provider_request_queue (tenant_id, provider_request_id, provider_account_id, next_at) SELECT $tenant, provider_request_id, $account, now() FROM e RETURNING provider_request_id});
acting(q{SELECT voiceagent_private.poke('provider_requests')});
ended($e, 'failed', qr/the carrier does not offer this/, 'a provider request that the driver has no entry for is refused');

# A crash between the request and its answer.
crash_at($node, 'provider_requests_before_record');
$e = provider_request('hangup', '/200/crash');
wait_crash($node, 'provider_requests_before_record');
ended($e, 'done', undef, 'after a crash a harmless command is sent again');
is(times_asked('/200/crash'), 2, '... so it was sent twice');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.provider_request_queue', '0', 'nothing is left over');
is_sql($node, 'va', "SELECT coalesce(string_agg(invariant, ','), '') FROM voiceagent.invariants()", '', 'the invariants hold');

# Rotation of the key: the account rests until the carrier has named it, and then dials on; another's key disarms it.
as_tenant($node, 'va', $tenant, "SELECT voiceagent.rotate_credential($account, 'api_key', 'real-key-2')");
wait_for_sql($node, 'va', "SELECT armed_at IS NOT NULL AND resumes_at IS NULL AND trouble IS NULL AND test_result = 'ok' FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 't', 'a new key of the same account');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.rotate_credential($account, 'api_key', 'stolen-key')");
wait_for_sql($node, 'va', "SELECT armed_at IS NULL AND resumes_at IS NULL AND trouble LIKE '%another account%' FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 't', 'the key of another account');

# At every carrier an account is made of what its fields say; what is missing, not known or of the wrong kind is named, and its value never.
create_samples($node);
my @providers = split /\n/, $node->safe_psql('va', q{SELECT provider FROM voiceagent.providers WHERE provider <> 'sandbox'});
foreach my $provider (@providers)
{
	my $made = $node->safe_psql('va', qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant) \\g /dev/null
		DO \$\$
		DECLARE
			v_credentials jsonb := public.sample('$provider', 'credentials', false);
			v_settings jsonb := public.sample('$provider', 'settings', true) || '{"base_url": "https://example.com"}';
			f record;
			v_state text := '';
		BEGIN
			BEGIN
				PERFORM voiceagent.create_provider_account('$provider', 'Sample of $provider', v_credentials, v_settings);
			EXCEPTION WHEN OTHERS THEN
				v_state := v_state || format(E'%s %s; ', SQLSTATE, SQLERRM);
			END;
			FOR f IN SELECT * FROM voiceagent_private.account_fields('$provider') x WHERE x.required OR x.part = 'settings' LOOP
				BEGIN
					IF f.required THEN
						PERFORM voiceagent.create_provider_account('$provider', 'Less', CASE f.part WHEN 'credentials' THEN v_credentials - f.name ELSE v_credentials END,
							CASE f.part WHEN 'settings' THEN v_settings - f.name ELSE v_settings END);
					ELSE
						PERFORM voiceagent.create_provider_account('$provider', 'Wrong', v_credentials, v_settings || jsonb_build_object(f.name, '[["leak-me"]]'::jsonb));
					END IF;
					v_state := v_state || f.name || ' was taken; ';
				EXCEPTION WHEN OTHERS THEN
					IF SQLSTATE <> 'PT422' OR SQLERRM LIKE '%leak-me%' OR (f.required AND strpos(SQLERRM, '"' || f.name || '"') = 0) THEN
						v_state := v_state || format(E'%s: %s %s; ', f.name, SQLSTATE, SQLERRM);
					END IF;
				END;
			END LOOP;
			BEGIN
				PERFORM voiceagent.create_provider_account('$provider', 'More', v_credentials || '{"nonsense": "leak-me"}', v_settings);
			EXCEPTION WHEN OTHERS THEN
				v_state := v_state || CASE WHEN SQLERRM NOT LIKE '%have no "nonsense"' THEN SQLERRM ELSE '' END;
			END;
			PERFORM set_config('va_test.state', v_state, false);
		END \$\$;
		COMMIT;
		SELECT current_setting('va_test.state')});
	is($made, '', "$provider: an account of what its fields say");
}

# Deactivation: no new dials; live calls go on, and can be ended.
my $carrier = start_carrier('time-scale' => 20);
real_settings($node, [ $fake, $carrier ]);
$account = real_account($node, $tenant, $carrier, name => 'Talking');
my $live = start_leads($node, $tenant, [ '+12125550116', '+13125550101' ], account => $account,
	settings => {max_call_duration => '20 minutes', retry_attempts => 0, max_concurrent_calls => 1});
my $calls = "SELECT string_agg(status, ',' ORDER BY call_id) FROM voiceagent.calls WHERE campaign_id = $live";
ok(wait_until(sub { $node->safe_psql('va', $calls) eq 'in_progress' }, 60), 'somebody talks, and somebody waits');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_provider_account($account, active => false)");
sleep 2;
is($node->safe_psql('va', $calls), 'in_progress', 'the account is no longer active: who talks goes on');
my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE campaign_id = $live");
$e = as_tenant($node, 'va', $tenant, "SELECT voiceagent.hang_up_call($call)");
ended($e, 'done', undef, 'until the call is hung up');
ok(wait_until(sub { $node->safe_psql('va', "SELECT outcome IS NOT NULL FROM voiceagent.calls WHERE call_id = $call") eq 't' }, 60), '... and is over');
my (undef, undef, $over) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.hang_up_call($call)");
like($over, qr/the call is over/, '... for good');
sleep 3;
unlike($node->safe_psql('va', $calls), qr/,/, '... and who waits is not dialled');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_provider_account($account, active => true)");
ok(wait_until(sub { $node->safe_psql('va', $calls) =~ /,/ }, 60), 'until it is active again');
is_sql($node, 'va', "SELECT coalesce(string_agg(invariant, ','), '') FROM voiceagent.invariants()", '', 'the invariants hold');

$node->stop;
done_testing();
