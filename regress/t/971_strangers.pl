# Strangers of one network, and two greedy tenants, fill every door and every queue behind it: another tenant's requests, logins,
# mails and recordings go on.  What decides is whether all are answered, and how much of the others' was done meanwhile, not time.
use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use JSON::PP qw(decode_json encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFaults qw(wait_until);

$SIG{PIPE} = 'IGNORE';
my ($node, $url) = new_console('voiceagent.gateway_trusted_proxies' => '127.0.0.1', 'voiceagent.api_processes' => 2);
my ($port) = $url =~ /:(\d+)$/;
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(Greedy Greedier Quiet);
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant{$_}, '\L$_\E\@example.com', '$console_password', 'owner')") foreach keys %tenant;
my %token = map { $_ => login($node, "\L$_\E\@example.com") } keys %tenant;
$node->safe_psql('va', q{CREATE FUNCTION voiceagent.slow_test(seconds float) RETURNS text LANGUAGE sql AS 'SELECT pg_sleep(seconds)::text'; GRANT EXECUTE ON FUNCTION voiceagent.slow_test(float) TO voiceagent_user});

# ----- who floods: processes that keep so many requests under way, each on a connection of its own, until they are told to stop

my @floods;
END { my $status = $?; kill 'KILL', map { $_->{pid} } @floods; $? = $status; }

# request->(n) is the text of the n-th one; what was done of it is counted by the bytes of a file, and what was refused is not.
sub flood
{
	my ($at_once, $request) = @_;
	my $file = $node->basedir . '/answers.' . @floods;
	append_to_file($file, '');
	my $pid = fork() // die $!;
	if (!$pid)
	{
		open my $count, '>>', $file or die $!;
		my ($select, $n, %text) = (IO::Select->new, 0);
		while (1)
		{
			while ($select->count < $at_once)
			{
				my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 30) or next;
				syswrite($socket, $request->(++$n));
				$select->add($socket);
			}
			foreach my $socket ($select->can_read(1))
			{
				next if sysread($socket, $text{$socket}, 65536, length($text{$socket} // ''));
				syswrite($count, '.') if ($text{$socket} // '') !~ m{^HTTP/1.1 (?:429|503)};
				delete $text{$socket};
				$select->remove($socket);
				close $socket;
			}
		}
	}
	push @floods, { pid => $pid, file => $file };
	return;
}
sub flooded { my $n = 0; $n += -s $_->{file} foreach @floods; return $n }
sub ebb { kill 'KILL', map { $_->{pid} } @floods; waitpid $_->{pid}, 0 foreach @floods; @floods = () }

sub request_of
{
	my ($path, $body, %headers) = @_;
	return join("\r\n", ($body eq '' ? 'GET' : 'POST') . " $path HTTP/1.1", 'Host: x', 'Connection: close', 'Content-Type: application/json', 'Content-Length: ' . length $body, (map { "$_: $headers{$_}" } sort keys %headers), '', $body);
}
sub bearer { return (Authorization => "Bearer $token{$_[0]}") }
# One of so many addresses of one /64.
sub stranger { return ('X-Forwarded-For' => sprintf('2001:db8:0:7::%x', $_[0])) }

# ----- who stays

# All that it asks for, one after the other: their statuses; how much of the others' was done, and the times as a note.
sub served
{
	my ($name, $times, $one) = @_;
	my ($before, %status, @took) = (flooded());
	for (1 .. $times)
	{
		my $began = time;
		$status{ $one->($_) }++;
		push @took, (time - $began) * 1000;
	}
	my $meanwhile = flooded() - $before;
	@took = sort { $a <=> $b } @took;
	diag(sprintf '%s: p50 %.0f ms, p95 %.0f ms; meanwhile %d of others', $name, $took[ @took / 2 ], $took[ @took * 0.95 ], $meanwhile);
	return (join(' ', map { "$_: $status{$_}" } sort keys %status), $meanwhile);
}
sub whoami { return rpc($url, $token{Quiet}, 'whoami')->{status} }
sub logs_in { return ask($url, 'POST', '/rpc/login', body => encode_json({ email => 'quiet@example.com', password => $console_password }), headers => { 'X-Forwarded-For' => '192.0.2.9' })->{status} }
sub is_served
{
	my ($name, $times, $most, $one) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($statuses, $meanwhile) = served($name, $times, $one);
	is($statuses, "200: $times", "$name: all are answered");
	cmp_ok($meanwhile, '<=', $most, '... before the many have their turns');
	return;
}
is_served('nobody else', 20, 0, \&whoami);

# ----- strangers of one network who log in, each from an address of its own

my $login = encode_json({ email => 'nobody@example.com', password => 'wrong horse' });
flood(200, sub { my ($n) = @_; request_of('/rpc/login', $login =~ s/nobody/nobody$n/r, stranger($n)) });
ok(wait_until(sub { flooded() > 120 }, 60), 'strangers log in without end');
is_served('whoami() beside strangers', 20, 150, \&whoami);
is_served('logins beside strangers', 10, 600, \&logs_in);
flood(100, sub { my ($n) = @_; request_of("/recordings/1-$n-0-1-" . 'a' x 64, '', stranger($n)) });
is_served('whoami() beside strangers with links', 20, 600, \&whoami);
ebb();

# ----- tenants whose functions are slow

flood(8, sub { request_of('/rpc/slow_test', '{"seconds": 1.2}', bearer($_[0] % 2 ? 'Greedy' : 'Greedier')) }) for 1 .. 2;
ok(wait_until(sub { flooded() > 3 }, 60), 'two tenants use all that they are given');
is_served('whoami() beside two greedy tenants', 20, 10, \&whoami);
is_served('logins beside two greedy tenants', 10, 40, \&logs_in);
flood(100, sub { my ($n) = @_; request_of('/rpc/login', $login =~ s/nobody/nobody$n/r, stranger($n)) });
is_served('whoami() beside all of them', 20, 150, \&whoami);
ok(wait_until(sub { logs_in() == 200 }, 60), '... and people log in');
my @before = map { -s $_->{file} } @floods;
ok(wait_until(sub { my $i = 0; !grep { -s $_->{file} <= $before[ $i++ ] } @floods }, 60), '... and none of the many waits for ever');
ebb();

is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
