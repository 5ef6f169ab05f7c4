# Outgoing webhooks: what happens reaches a tenant's own server, signed, at least once, with an id that stays; whatever that
# server, or ours, does meanwhile.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256);
use IO::Select;
use POSIX ();
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults qw(crash_at crash_file);

# ---- a receiver: writes down what comes (a line of JSON each), answers as the path says ----

my $outside = PostgreSQL::Test::Utils::tempdir;
my $log = "$outside/received";
my $mode_file = "$outside/mode";
my $listener = IO::Socket::INET->new(Listen => 100, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $receiver = fork // die;
if ($receiver == 0)
{
	receive();
	POSIX::_exit(0);
}
$listener->close;

END { kill 'KILL', $receiver if $receiver; }

# What the paths answer now: {"/path": "200"}; "slow" never answers, "large" is 200 with more than anybody reads.
sub answer_with
{
	my (%modes) = @_;
	append_to_file("$mode_file.new", encode_json(\%modes));
	rename "$mode_file.new", $mode_file or die;
	return;
}

sub receive
{
	my $select = IO::Select->new($listener);
	my %buffer;
	while (1)
	{
		foreach my $socket ($select->can_read(1))
		{
			if ($socket == $listener)
			{
				$select->add(scalar $listener->accept);
				next;
			}
			my $n = sysread $socket, my $chunk, 65536;
			if (!$n)
			{
				$select->remove($socket);
				delete $buffer{$socket};
				close $socket;
				next;
			}
			$buffer{$socket} .= $chunk;
			while ($buffer{$socket} =~ /^(.*?)\r\n\r\n/s)
			{
				my $head = $1;
				my ($length) = $head =~ /^content-length: (\d+)/mi;
				last if length($buffer{$socket}) < length($head) + 4 + $length;
				my $body = substr $buffer{$socket}, length($head) + 4, $length;
				substr($buffer{$socket}, 0, length($head) + 4 + $length) = '';
				my ($method, $path) = $head =~ /^(\S+) (\S+)/;
				my %headers;
				/^([^:]+): (.*?)\r?$/ and $headers{ lc $1 } = $2 foreach split /\n/, $head;
				my $modes = -e $mode_file ? decode_json(slurp_file($mode_file)) : {};
				my $mode = $modes->{$path} // 200;
				append_to_file($log, encode_json({ method => $method, path => $path, headers => \%headers, body => $body, at => time }) . "\n");
				next if $mode eq 'slow';
				my $said = $mode eq 'large' ? 'x' x 70000 : '';
				my ($status, $extra) = split / /, $mode eq 'large' ? '200' : $mode, 2;
				my $lines = 'Content-Length: ' . length($said) . "\r\n" . (defined $extra ? "$extra\r\n" : '');
				syswrite $socket, "HTTP/1.1 $status X\r\n$lines\r\n$said";
			}
		}
	}
}

sub received
{
	my ($path) = @_;
	return grep { !defined $path || $_->{path} eq $path } map { decode_json($_) } split /\n/, (-e $log ? slurp_file($log) : '');
}

sub wait_received
{
	my ($path, $count, $name) = @_;
	my $until = deadline(60);
	sleep 0.05 while !$until->() && received($path) < $count;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return cmp_ok(scalar received($path), '>=', $count, $name);
}

# The signature as the standard has it, computed here from nothing but the secret.
sub signature
{
	my ($secret, $got) = @_;
	my $signed = join '.', @{ $got->{headers} }{ 'webhook-id', 'webhook-timestamp' }, $got->{body};
	utf8::downgrade($signed);		# bytes, as they came
	return 'v1,' . encode_base64(hmac_sha256($signed, decode_base64($secret =~ s/^whsec_//r)), '');
}

# ---- the server ----

append_to_file("$outside/vault", '42' x 32);
chmod 0600, "$outside/vault";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$outside/vault", restart_after_crash => 'on');
$node->safe_psql('va', "SELECT voiceagent.set_setting('$_->[0]', '$_->[1]')")
  foreach [ 'allowed_private_hosts', "127.0.0.1:$port" ], [ 'webhook_delivery_first_delay', '0.2 seconds' ], [ 'webhook_delivery_max_delay', '0.4 seconds' ],
  [ 'webhook_delivery_timeout', '5 seconds' ];
my $tenant = create_tenant($node, 'va', 'Outgoing webhooks', timezone => 'America/New_York');

# (id, secret) of a new target.
sub create_target
{
	my ($path, $kinds, $of) = @_;
	return split /\|/, as_tenant($node, 'va', $of // $tenant, "SELECT * FROM voiceagent.create_webhook_subscription('http://127.0.0.1:$port$path', $kinds)");
}

sub test_webhook_subscription
{
	my ($target, $of) = @_;
	return as_tenant($node, 'va', $of // $tenant, "SELECT voiceagent.test_webhook_subscription($target)");
}

sub delivery_is
{
	my ($delivery, $columns, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return wait_for_sql($node, 'va', "SELECT $columns FROM voiceagent.webhook_deliveries WHERE delivery_id = $delivery", $expected, $name, 90);
}

# ---- a campaign on the sandbox: calls, an appointment, the end ----

my ($main, $secret) = create_target('/main', 'NULL');
like($secret, qr/^whsec_[A-Za-z0-9+\/]{43}=$/, 'the secret has the form that the libraries take');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '36000')});
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.create_assistant('A', 'Hello {{first_name}}', 'Talk') AS assistant \gset
	SELECT voiceagent.add_lead('+12125550100', first_name := 'Zoë') AS one \gset
	SELECT voiceagent.add_lead('+12125550102', first_name := 'Ben') AS two \gset
	SELECT voiceagent.create_campaign('C', :assistant, settings := '{"call_interval": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}') AS campaign \gset
	SELECT voiceagent.add_leads(:campaign);
	SELECT voiceagent.start_campaign(:campaign)});
wait_received('/main', 4, 'two calls, an appointment and the end of the campaign are told');
sleep 0.5;
my @got = received('/main');
my @said = map { decode_json($_->{body}) } @got;
is(join(' ', sort map { $_->{type} } @said), 'appointment_booked call_finished call_finished campaign_stopped', '... each once');
is(scalar(grep { signature($secret, $_) eq $_->{headers}{'webhook-signature'} } @got), 4, '... signed so that an independent reader agrees');
is(scalar(grep { abs($_->{headers}{'webhook-timestamp'} - $_->{at}) < 60 } @got), 4, '... now');
is(scalar(grep { $got[$_]{headers}{'webhook-id'} eq $said[$_]{id} && $said[$_]{id} =~ /^msg_[0-9a-f]{32}$/ } 0 .. 3), 4, '... with its id outside and inside');
is(scalar(grep { $_->{version} == 1 && $_->{tenant_id} == $tenant && $_->{created_at} =~ /^\d{4}-\d\d-\d\dT.*\+00:00$/ } @said), 4, '... in version 1, of the tenant, in UTC');
my ($call) = grep { $_->{type} eq 'call_finished' && $_->{data}{outcome} eq 'scheduled' } @said;
is_as_tenant($node, 'va', $tenant, "SELECT c.phone, c.status, c.duration_seconds > 0, c.credits, c.summary IS NOT NULL FROM voiceagent.calls c WHERE c.call_id = $call->{data}{call_id}",
	join('|', $call->{data}{phone}, $call->{data}{status}, $call->{data}{duration_seconds} > 0 ? 't' : 'f', sprintf('%.6f', $call->{data}{credits}), defined $call->{data}{summary} ? 't' : 'f'),
	'a call is told as it is stored');
is($call->{data}{provider}, 'sandbox', '... and that it was the sandbox');
my ($appointment) = grep { $_->{type} eq 'appointment_booked' } @said;
is($appointment->{data}{status}, 'pending', 'an appointment is told');
is($appointment->{data}{call_id}, $call->{data}{call_id}, '... with its call');
my ($stopped) = grep { $_->{type} eq 'campaign_stopped' } @said;
is($stopped->{data}{event}, 'campaign_completed', 'the end of the campaign is told, and how it ended');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.confirm_appointment($appointment->{data}{appointment_id})");
wait_received('/main', 5, 'its confirmation is told');
is((map { decode_json($_->{body})->{data}{status} } received('/main'))[4], 'confirmed', '... as that');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.cancel_appointment($appointment->{data}{appointment_id}, 'ill')");
wait_received('/main', 6, 'so is that it was called off');
is((map { join(' ', @$_{qw(type)}, $_->{data}{status}) } map { decode_json($_->{body}) } received('/main'))[5], 'appointment_canceled canceled', '... as that');
is_sql($node, 'va', "SELECT count(*), count(DISTINCT message_id), min(tries), max(tries) FROM voiceagent.webhook_deliveries WHERE tenant_id = $tenant AND status = 'delivered'", '6|6|1|1',
	'all are noted as delivered at the first try');

# ---- what the documents tell receivers to do ----

my $page = slurp_file('extension/doc/webhooks-out.md');
SKIP:
{
	skip 'no node', 1 if system('command -v node > /dev/null') != 0;
	my ($recipe) = $page =~ /^```js\n(.*?)^```/ms;
	append_to_file("$outside/verify.mjs", $recipe . q{
import { readFileSync } from 'node:fs';
const [secret, log] = process.argv.slice(2);
const all = readFileSync(log, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const text = (got) => Buffer.from(got.body, 'latin1').toString();
console.log(all.length, all.filter((got) => verify(secret, got.headers, text(got))).length,
	all.filter((got) => verify(secret, got.headers, text(got) + ' ')).length,
	all.filter((got) => verify(secret, { ...got.headers, 'webhook-timestamp': got.headers['webhook-timestamp'] - 301 }, text(got))).length);
});
	is(`node $outside/verify.mjs $secret $log`, "6 6 0 0\n", "the documented recipe for Node takes what came, and nothing that was changed or is old");
}
my ($recipe) = $page =~ /^```sql platform\n(CREATE FUNCTION verify_delivery.*?)^```/ms;
$node->safe_psql('va', $recipe);
my @first = map { "'" . ($_ =~ s/'/''/gr) . "'" } $got[0]{headers}->@{ 'webhook-id', 'webhook-timestamp', 'webhook-signature' };
my $first_body = $got[0]{body} =~ s/'/''/gr;
utf8::downgrade($first_body);
is_sql($node, 'va', "SELECT verify_delivery('$secret', $first[0], $first[1], $first[2], '$first_body'), verify_delivery('$secret', $first[0], $first[1], $first[2], '$first_body ')",
	't|f', "... and its recipe for SQL");

# ---- failures, and an id that stays ----

answer_with('/main' => '500');
my $delivery = test_webhook_subscription($main);
delivery_is($delivery, 'status, last_status, last_error, tries > 1', 'pending|500|HTTP status 500|t', 'a target that fails is tried again');
answer_with();
delivery_is($delivery, 'status, last_status, last_error, done_at IS NULL', 'delivered|200||f', '... until it takes it');
my @tries = grep { decode_json($_->{body})->{type} eq 'test' } received('/main');
cmp_ok(scalar @tries, '>', 2, '... after several tries');
my %ids = map { $_->{headers}{'webhook-id'} => 1 } @tries;
my %bodies = map { $_->{body} => 1 } @tries;
is(join('|', scalar keys %ids, scalar keys %bodies), '1|1', '... with one id and the same bytes');

# ---- the worker dies with an answer in its hands ----

my ($once) = create_target('/once', q{ARRAY['balance_low']});
mkdir $node->data_dir . '/voiceagent';
crash_at($node, 'outbox_sender_before_record');
$delivery = test_webhook_subscription($once);
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.webhook_deliveries WHERE delivery_id = $delivery", 'delivered', 'a worker that dies between sending and recording: it is sent again', 60);
my @twice = received('/once');
is(scalar @twice, 2, '... so it came twice');
is($twice[0]{headers}{'webhook-id'}, $twice[1]{headers}{'webhook-id'}, '... with the same id');
ok(!-e crash_file($node, 'outbox_sender_before_record'), '... and it did die');
$node->safe_psql('postgres', 'ALTER SYSTEM RESET voiceagent.crash_points');
$node->reload;


# ---- given up, and replayed ----

my ($dead) = create_target('/dead', q{ARRAY['balance_low']});
answer_with('/dead' => '500');
$delivery = test_webhook_subscription($dead);
delivery_is($delivery, 'status, tries, last_status, done_at IS NOT NULL', 'dead|5|500|t', 'an outgoing webhook that nobody takes is dead after five tries');
my @at = map { $_->{at} } received('/dead');
is(scalar @at, 5, '... five and no more');
cmp_ok($at[1] - $at[0], '>=', 0.19, '... the second after the first delay');
cmp_ok($at[2] - $at[1], '>=', 0.39, '... the third after twice that');
is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.replay_webhook_delivery($delivery)", 't', 'it can be replayed');
sleep 0.7;
answer_with();
delivery_is($delivery, 'status, last_error IS NULL', 'delivered|t', '... and is delivered then');
my %again = map { $_->{headers}{'webhook-id'} => 1 } received('/dead');
is(scalar keys %again, 1, '... with the id that it had');
wait_for_sql($node, 'va', "SELECT failures, failing_since IS NULL, paused_until IS NULL, last_error IS NULL FROM voiceagent.webhook_subscriptions WHERE subscription_id = $dead", '0|t|t|t', '... and its target is well again');

answer_with('/dead' => '500');
test_webhook_subscription($dead) foreach 1 .. 3;
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.webhook_deliveries WHERE subscription_id = $dead AND status = 'dead'", '3', 'several outgoing webhooks to a target that fails', 60);
answer_with();
is_as_tenant($node, 'va', $tenant, "SELECT voiceagent.replay_dead_webhook_deliveries($dead)", '3', '... are replayed together');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.webhook_deliveries WHERE subscription_id = $dead AND status = 'delivered'", '4', '... and delivered');

# ---- what the target's answer says ----

my ($busy) = create_target('/busy', q{ARRAY['balance_low']});
answer_with('/busy' => '503 Retry-After: 2');
$delivery = test_webhook_subscription($busy);
wait_received('/busy', 1, 'a target that asks for a while');
answer_with();
delivery_is($delivery, 'status, tries', 'delivered|2', '... is asked again');
@at = map { $_->{at} } received('/busy');
cmp_ok($at[1] - $at[0], '>=', 1.9, '... when the while is over');

answer_with('/busy' => "302 Location: http://127.0.0.1:$port/elsewhere");
$delivery = test_webhook_subscription($busy);
delivery_is($delivery, 'status, last_error', 'dead|HTTP status 302: redirects are not followed', 'a redirect is not followed');
is(scalar received('/elsewhere'), 0, '... anywhere');

answer_with('/busy' => '410');
$delivery = test_webhook_subscription($busy);
delivery_is($delivery, 'status, last_status', 'dead|410', 'a target that is gone');
is_sql($node, 'va', "SELECT active, disabled_reason FROM voiceagent.webhook_subscriptions WHERE subscription_id = $busy", 'f|it answered 410: gone', '... is disabled');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.webhook_deliveries WHERE subscription_id = $main AND kind = 'webhook_subscription_disabled' AND status = 'delivered'", '1', '... and the other target is told');
my ($told) = map { $_->{data} } grep { $_->{type} eq 'webhook_subscription_disabled' } map { decode_json($_->{body}) } received('/main');
is($told->{subscription_id}, $busy, '... which');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.delete_webhook_subscription($busy)");

answer_with('/main' => 'large');
$delivery = test_webhook_subscription($main);
delivery_is($delivery, 'status, tries, last_status', 'delivered|1|200', 'a 200 is an answer, however much comes behind it');
answer_with();

# ---- somebody holds the target when its answers come ----

my $holder = create_tenant($node, 'va', 'Holder');
my ($held) = create_target('/held', q{ARRAY['campaign_stopped']}, $holder);
$node->safe_psql('va', q{SELECT voiceagent.set_setting('webhook_delivery_concurrency', '1')});
my $session = $node->background_psql('va');
$session->query_safe("BEGIN; SELECT voiceagent_private.set_tenant($holder) IS NULL; SELECT subscription_id FROM voiceagent.webhook_subscriptions WHERE subscription_id = $held FOR UPDATE");
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($holder); SELECT voiceagent_private.log_event('campaign_paused', i) FROM generate_series(1, 3) i; COMMIT");
wait_received('/held', 1, 'a target whose row somebody holds is told');
ok($node->wait_for_log(qr/answers to outgoing webhooks of tenant $holder wait for a transaction that holds their rows/), '... and its answer cannot be recorded');
delivery_is(test_webhook_subscription($main), 'status', 'delivered', 'other tenants are told meanwhile');
is(scalar received('/held'), 1, '... and it no more than may be on its way');
$session->query_safe('ROLLBACK');
$session->quit;
# A lease lasts for 25 seconds.
my $held_until = time;
wait_for_sql($node, 'va', "SELECT status, count(*), max(tries) FROM voiceagent.webhook_deliveries WHERE subscription_id = $held GROUP BY 1", 'delivered|3|1', '... when the row is free, all goes on', 60);
cmp_ok(time - $held_until, '<', 20, '... with the answer that was kept, and not when it counts as lost');
is(scalar received('/held'), 3, '... and nothing was sent twice');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('webhook_delivery_concurrency', NULL)});

# ---- one that fails for long ----

$node->safe_psql('va', q{SELECT voiceagent.set_setting('webhook_subscription_disable_after', '2 seconds')});
answer_with('/dead' => '500');
test_webhook_subscription($dead) foreach 1 .. 6;
wait_for_sql($node, 'va', "SELECT active, disabled_reason ~ '^[0-9]+ tries in a row have failed since ' FROM voiceagent.webhook_subscriptions WHERE subscription_id = $dead", 'f|t', 'a target that fails for long is disabled', 60);
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.webhook_deliveries WHERE subscription_id = $dead AND status = 'pending'", '0', '... and nothing waits for it');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.outbox WHERE subscription_id = $dead", '0', '... in the outbox either');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('webhook_subscription_disable_after', NULL)});

# ---- a slow one holds up nobody ----

my ($slow) = create_target('/slow', q{ARRAY['balance_low']});
answer_with('/slow' => 'slow');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('webhook_delivery_timeout', '20 seconds')});
test_webhook_subscription($slow) foreach 1 .. 10;
wait_received('/slow', 4, 'a target that never answers');
$delivery = test_webhook_subscription($main);
delivery_is($delivery, 'status', 'delivered', 'another is told meanwhile');
@at = map { $_->{at} } received('/slow');
cmp_ok((reverse received('/main'))[0]{at} - $at[0], '<', 20, '... before the slow one is given up');
wait_received('/slow', 8, 'others follow when it is');
@at = map { $_->{at} } received('/slow');
is(scalar(grep { $at[$_] - $at[ $_ - 4 ] < 10 } 4 .. $#at), 0, '... and no more than four are on their way to the slow one');
wait_for_sql($node, 'va', "SELECT bool_or(last_error LIKE 'Timeout%') FROM voiceagent.webhook_deliveries WHERE subscription_id = $slow", 't', 'a try that takes too long is given up');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.delete_webhook_subscription($slow)");
$node->safe_psql('va', q{SELECT voiceagent.set_setting('webhook_delivery_timeout', '5 seconds')});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.outbox WHERE subscription_id = $slow", '0', '... and with the target what waits for it');

# ---- secrets ----

answer_with();
my $new = as_tenant($node, 'va', $tenant, "SELECT voiceagent.rotate_webhook_subscription_secret($main)");
$delivery = test_webhook_subscription($main);
delivery_is($delivery, 'status', 'delivered', 'an outgoing webhook after the rotation of its secret');
my ($signed) = reverse received('/main');
is($signed->{headers}{'webhook-signature'}, signature($new, $signed) . ' ' . signature($secret, $signed), '... has two signatures, the new one first');
$node->safe_psql('va', "UPDATE voiceagent.webhook_subscriptions SET previous_secret_until = voiceagent.clock() WHERE subscription_id = $main");
$delivery = test_webhook_subscription($main);
delivery_is($delivery, 'status', 'delivered', 'when the old one has ended');
($signed) = reverse received('/main');
is($signed->{headers}{'webhook-signature'}, signature($new, $signed), '... there is one');
$node->safe_psql('va', "UPDATE voiceagent_private.secrets SET sealed = sealed || '\\x00' WHERE name = (SELECT voiceagent_private.secret_name('notice_target', subscription_id, secret_version) FROM voiceagent.webhook_subscriptions WHERE subscription_id = $main)");
$new = as_tenant($node, 'va', $tenant, "SELECT voiceagent.rotate_webhook_subscription_secret($main)");
$delivery = test_webhook_subscription($main);
delivery_is($delivery, 'status', 'delivered', 'a secret that opens no more is replaced at once');
($signed) = reverse received('/main');
is($signed->{headers}{'webhook-signature'}, signature($new, $signed), '... by one that signs alone');

# ---- where it may go ----

my ($tls) = split /\|/, as_tenant($node, 'va', $tenant, "SELECT * FROM voiceagent.create_webhook_subscription('https://127.0.0.1:$port/tls', ARRAY['balance_low'])");
my ($plain) = create_target('/plain', q{ARRAY['balance_low']});
my $connections = received();
$node->safe_psql('va', q{SELECT voiceagent.set_setting('allowed_private_hosts', NULL)});
delivery_is(test_webhook_subscription($tls), 'status, last_error', q{dead|the host's address is not allowed, or there is none}, 'a private address is refused when it is connected to');
delivery_is(test_webhook_subscription($plain), 'status, last_error', 'dead|the platform no longer allows this host', '... and a host that is no longer allowed');
$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$port')");
is(scalar received(), $connections, '... and nothing arrives');
SKIP:
{
	skip 'no openssl', 1 if system('command -v openssl > /dev/null') != 0;
	my $tls_port = PostgreSQL::Test::Cluster::get_free_port();
	system("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout $outside/key -out $outside/crt > /dev/null 2>&1") == 0 or die 'no certificate';
	my $server = fork // die;
	if ($server == 0)
	{
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		exec 'openssl', 's_server', '-accept', $tls_port, '-key', "$outside/key", '-cert', "$outside/crt", '-quiet', '-www' or POSIX::_exit(1);
	}
	# A server that does not listen yet would be refused for another reason.
	my $listens = time + 60;
	sleep 0.1 until time > $listens || IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $tls_port);
	$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1')");
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.update_webhook_subscription($tls, url := 'https://127.0.0.1:$tls_port/')");
	delivery_is(test_webhook_subscription($tls), q{status, CASE WHEN last_error ~* 'certificate' THEN 'certificate' ELSE last_error END}, 'dead|certificate', 'a certificate that nobody vouches for is refused');
	kill 'KILL', $server;
	waitpid $server, 0;
}
as_tenant($node, 'va', $tenant, "SELECT voiceagent.delete_webhook_subscription($_)") foreach $tls, $plain;

# ---- tenants ----

my $other = create_tenant($node, 'va', 'Other', credits => 50);
my ($others) = create_target('/other', 'NULL', $other);
my $mine = received('/main');
as_tenant($node, 'va', $other, q{SELECT voiceagent.set_setting('balance_low_credits', '20')});
$node->safe_psql('va', "SELECT voiceagent.adjust_credits($other, -40, 'spent elsewhere')");
wait_received('/other', 1, 'a tenant is told that its balance is low');
my ($low) = map { decode_json($_->{body}) } received('/other');
is(join('|', $low->{type}, $low->{data}{balance} + 0, $low->{data}{threshold} + 0), 'balance_low|10|20', '... and how low');
is(scalar received('/main'), $mine, '... and nobody else is');
$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($other, false)");
$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($other); SELECT voiceagent_private.log_event('campaign_paused', 1); COMMIT");
sleep 1;
is(scalar received('/other'), 1, 'a tenant that is not active is told nothing');
is_sql($node, 'va', "SELECT status FROM voiceagent.webhook_deliveries WHERE tenant_id = $other AND kind = 'campaign_stopped'", 'pending', '... for the time being');
$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($other, true)");
wait_received('/other', 2, '... until it is active again');

# ---- a copy tells nobody ----

answer_with('/main' => '500', '/other' => '500');
$delivery = test_webhook_subscription($main);
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.webhook_deliveries WHERE delivery_id = $delivery AND tries > 0", 'pending', 'an outgoing webhook waits');
$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.launcher = off');
$node->reload;
$node->poll_query_until('postgres', "SELECT count(*) = 0 FROM pg_stat_activity WHERE backend_type ~ '^voiceagent (@{[ join '|', @worker_kinds ]})'");
$node->safe_psql('postgres', 'CREATE DATABASE copy TEMPLATE va');
answer_with();
my $before = received();
$node->safe_psql('va', 'UPDATE voiceagent_private.outbox SET next_at = next_at + interval $$1 hour$$');
$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.launcher = on');
$node->reload;
wait_for_sql($node, 'copy', "SELECT last_error ~ 'another database' FROM voiceagent.webhook_subscriptions WHERE subscription_id = $main", 't', 'a copy of the database does not send what waits in it');
is(scalar received(), $before, '... nothing');
$node->safe_psql('va', 'UPDATE voiceagent_private.outbox SET next_at = voiceagent.clock(); SELECT voiceagent_private.poke($$outbox$$)');
delivery_is($delivery, 'status', 'delivered', '... the original does');
as_tenant($node, 'copy', $tenant, "SELECT voiceagent.enable_webhook_subscription($main)");
wait_for_sql($node, 'copy', "SELECT status FROM voiceagent.webhook_deliveries WHERE delivery_id = $delivery", 'delivered', '... and the copy, when it is told that it may');
drop_database($node, 'copy');

# ---- idle, and at the end ----

wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.outbox}, '0', 'the outbox is empty');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', '0', 'and no invariant is violated');
stays($node, 'va', q{SELECT commits FROM voiceagent_private.worker_status() WHERE kind = 'requests'}, 1, 2, 'with nothing to tell the worker runs no statement');

answer_with('/main' => 'slow');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('webhook_delivery_timeout', '20 seconds')});
my $count = received('/main');
$delivery = test_webhook_subscription($main);
wait_received('/main', $count + 1, 'an outgoing webhook on its way');
my $began = time;
$node->stop;
cmp_ok(time - $began, '<', 15, '... does not hold up the end of the server');
answer_with();
$node->start;
delivery_is($delivery, 'status', 'delivered', '... and is sent again after its start');
$node->stop;
done_testing();
