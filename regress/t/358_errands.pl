# Errands: what the outbound worker asks of carriers besides dials, against a carrier in a process of its own that is
# slow, fails, or is not there; and a crash between the request and its answer.
use strict;
use warnings;

use IO::Socket::INET;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;

# A carrier's control URL: answers as the path says, and notes who came.
my $listener = IO::Socket::INET->new(Listen => 20, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $seen = PostgreSQL::Test::Utils::tempdir() . '/seen';
append_to_file($seen, '');
my $server = fork() // die $!;
if (!$server)
{
	my %count;
	while (my $client = $listener->accept)
	{
		my $head = '';
		while (my $line = <$client>) { $head .= $line; last if $line eq "\r\n"; }
		my ($method, $path) = $head =~ m{^(\S+) (\S+)};
		my ($length) = $head =~ /content-length: (\d+)/i;
		read($client, my $body, $length // 0) if $length;
		open(my $note, '>>', $seen); print $note "$method $path ", $body // '', "\n"; close $note;
		my $n = ++$count{$path};
		my ($status, $more) = $path =~ m{^/(\d+)} ? ($1, '') : (200, '');
		if ($path =~ m{^/later(\d*)}) { ($status, $more) = $n == 1 ? (429, "Retry-After: 1\r\n") : (200, ''); }
		if ($path =~ m{^/once}) { ($status, $more) = $n == 1 ? (0, '') : (200, ''); }
		if ($path =~ m{^/slow}) { sleep 3; }
		print $client "HTTP/1.1 $status X\r\n${more}Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}" if $status;
		close $client;
	}
	exit 0;
}

my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 1500);
my $tenant = $node->safe_psql('va', q{SELECT voiceagent.create_tenant('Acme')});
wait_workers($node, 'the workers are up');
my $fake = {port => $port, url => "http://127.0.0.1:$port", key => 'real-key', secret => 'webhook-secret-of-the-test'};
real_settings($node, $fake, errand_tries => 3);
my $account = real_account($node, $tenant, $fake, armed => 0);

sub errand
{
	my ($kind, $path) = @_;
	return acting(qq{SELECT voiceagent_private.enqueue_errand($account, '$kind', '{"control_url": "http://127.0.0.1:$port$path"}')});
}

sub acting
{
	my ($sql) = @_;
	my $out = $node->safe_psql('va', "BEGIN; SELECT voiceagent_private.act_for($tenant) \\g /dev/null\n$sql;\nCOMMIT");
	return $out;
}

sub ended
{
	my ($errand, $state, $error, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	wait_for_sql($node, 'va', "SELECT state FROM voiceagent.errands WHERE errand_id = $errand", $state, $name, 30);
	like($node->safe_psql('va', "SELECT coalesce(error, '') FROM voiceagent.errands WHERE errand_id = $errand"), $error, '... and says why') if defined $error;
	return;
}

sub came { my ($path) = @_; return scalar grep { m{^\S+ \Q$path\E } } split /\n/, slurp_file($seen); }

my $e = errand('hangup', '/200/unarmed');
ended($e, 'failed', qr/this database may not use real carriers/, 'an unarmed database changes nothing at a carrier');
is(came('/200/unarmed'), 0, '... and the carrier heard nothing');

$node->safe_psql('va', "SELECT voiceagent.arm($account, 'Real')");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'armed', 10);
$e = errand('hangup', '/200/a');
ended($e, 'done', qr/^$/, 'a command goes out at once');
is(came('/200/a'), 1, '... once');
$e = errand('hangup', '/404/b');
ended($e, 'done', undef, 'a call that is over is hung up');
is($node->safe_psql('va', "SELECT result ->> 'already' FROM voiceagent.errands WHERE errand_id = $e"), 'true', '... it was so already');
$e = errand('hangup', '/400/c');
ended($e, 'failed', qr/http-400/, 'a refusal is final');
is(came('/400/c'), 1, '... and not repeated');
$e = errand('hangup', '/401/d');
ended($e, 'failed', qr/http-401/, 'so is a bad key');
$e = errand('hangup', '/later');
ended($e, 'done', undef, '429 with Retry-After is obeyed');
is(came('/later'), 2, '... by coming again');
$e = errand('hangup', '/once');
ended($e, 'done', undef, 'no answer: a harmless command is sent again');
is(came('/once'), 2, '... once more');
$e = errand('hangup', '/slow');
ended($e, 'failed', qr/no-answer-from-provider/, 'a carrier that stalls is given up after errand_tries');
is(came('/slow'), 3, '... which are three');
$e = acting("SELECT voiceagent_private.enqueue_errand($account, 'hangup', '{\"control_url\": \"http://127.0.0.1:1/x\"}')");
ended($e, 'failed', undef, 'an address of our own network that the platform has not allowed is refused');

# A crash between the request and its answer.
crash_at($node, 'errands_before_record');
$e = errand('hangup', '/200/crash');
wait_crash($node, 'errands_before_record');
ended($e, 'done', undef, 'after a crash a harmless command is sent again');
is(came('/200/crash'), 2, '... so it was sent twice');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.errand_queue', '0', 'nothing is left over');
is_sql($node, 'va', "SELECT coalesce(string_agg(invariant, ','), '') FROM voiceagent.invariants()", '', 'the invariants hold');

kill 'KILL', $server;
waitpid($server, 0);
$node->stop;
done_testing();
