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
use VoiceAgentFake;
use VoiceAgentFaults qw(wait_until);

$SIG{PIPE} = 'IGNORE';
my ($node, $url) = new_console('voiceagent.gateway_trusted_proxies' => '127.0.0.1', 'voiceagent.api_processes' => 2);
my ($port) = $url =~ /:(\d+)$/;
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(Greedy Greedier Greediest Greed Quiet);
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
	unlink $file;
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
# In its turn: behind each request of ours stands one of each of the two at most, of sixteen that wait, and what ran before.
is_served('whoami() beside two greedy tenants', 20, 40 + 4, \&whoami);
# The flood that was has used up its own network's turns, and nobody else's.
is_served('logins beside two greedy tenants', 10, 20 + 4, \&logs_in);
flood(100, sub { my ($n) = @_; request_of('/rpc/login', $login =~ s/nobody/nobody$n/r, stranger($n)) });
is_served('whoami() beside all of them', 20, 150, \&whoami);
ok(wait_until(sub { logs_in() == 200 }, 60), '... and people log in');
my @before = map { -s $_->{file} } @floods;
ok(wait_until(sub { my $i = 0; !grep { -s $_->{file} <= $before[ $i++ ] } @floods }, 60), '... and none of the many waits for ever');
ebb();

# ----- tenants whose servers never give a recording

my $hanging = IO::Socket::INET->new(Listen => 200, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $carrier = fake_carrier(sub { return (200, 'RIFF' . ('x' x 4) . 'WAVEfmt ' . ('y' x 5000)) });
$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$carrier,127.0.0.1:" . $hanging->sockport . "')");
my %link;
foreach my $name (sort keys %tenant)
{
	as_tenant($node, 'va', $tenant{$name}, q{
		SELECT voiceagent.set_setting('sandbox_time_scale', '3600'), voiceagent.add_lead('+12125550100', 'Ada'), voiceagent.create_assistant('Nova', 'Hello, this is Nova.', 'You call people.');
		SELECT voiceagent.create_campaign('Spring', max(assistant_id), settings := '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}') FROM voiceagent.assistants;
		SELECT voiceagent.add_leads(max(campaign_id)) FROM voiceagent.campaigns;
		SELECT voiceagent.start_campaign(max(campaign_id)) FROM voiceagent.campaigns});
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant{$name} AND recording_url IS NOT NULL", 1, "$name has a recording", 60);
	my $at = $name eq 'Quiet' ? $carrier : $hanging->sockport;
	my $keeper = as_tenant($node, 'va', $tenant{$name}, qq{SELECT voiceagent.create_provider_account('exotel', 'Keeper', '{"api_key": "k", "api_token": "t"}', '{"account_sid": "acme1", "webhook_peers": "127.0.0.1", "base_url": "http://127.0.0.1:$at"}')});
	$node->safe_psql('va', "UPDATE voiceagent.calls SET recording_url = 'http://127.0.0.1:$at/a.wav', provider_account_id = $keeper WHERE tenant_id = $tenant{$name}");
	$link{$name} = as_tenant($node, 'va', $tenant{$name}, "SELECT voiceagent.recording_link(call_id) FROM voiceagent.calls WHERE tenant_id = $tenant{$name}");
}
flood(40, sub { request_of($link{ (qw(Greedy Greedier Greediest Greed))[ $_[0] % 4 ] }, '', stranger($_[0])) });
my @hang;
$hanging->timeout(60);
push @hang, $hanging->accept || () for 1 .. 4;
is(scalar @hang, 4, 'four tenants have all that fetch recordings, from a server that hangs');
# Each time another one, since one that was fetched is kept.
my $recording = sub { $node->safe_psql('va', "UPDATE voiceagent.calls SET recording_url = 'http://127.0.0.1:$carrier/$_[0].wav' WHERE tenant_id = $tenant{Quiet}"); return ask($url, 'GET', $link{Quiet}, headers => { 'X-Forwarded-For' => '192.0.2.9' })->{status} };
is_served('recordings beside those that never come', 6, 0, $recording);
ebb();
$node->safe_psql('va', q{UPDATE voiceagent.calls c SET provider_account_id = a.provider_account_id FROM voiceagent.provider_accounts a WHERE a.tenant_id = c.tenant_id AND a.provider = 'sandbox'});

# ----- sessions of a login role that compare passwords in a loop

$node->safe_psql('va', "CREATE ROLE mapped LOGIN; CREATE ROLE looping LOGIN IN ROLE voiceagent_user; SELECT voiceagent.map_role('mapped', $tenant{Greedy})");
like(($node->psql('va', q{SELECT voiceagent.login('quiet@example.com', 'wrong horse')}, extra_params => [ '-U', 'mapped' ]))[2], qr/a login role that stands for a tenant does not log in/, 'a mapped login role has no login()');
my $loop = q{DO $$ BEGIN FOR i IN 1 .. 100000 LOOP BEGIN PERFORM voiceagent.login('nobody' || i || '@example.com', 'wrong horse'); EXCEPTION WHEN OTHERS THEN END; END LOOP; END $$};
my @loops = map { IPC::Run::start([ 'psql', '-XAtq', '-h', $node->host, '-p', $node->port, '-U', 'looping', '-d', 'va', '-c', $loop ], '>', '/dev/null', '2>&1') } 1 .. 3;
wait_for_sql($node, 'va', q{SELECT count(*) FROM pg_stat_activity WHERE usename = 'looping' AND state = 'active'}, 3, 'three sessions compare passwords', 60);
is_served('logins beside three looping sessions', 40, 0, \&logs_in);
$_->kill_kill(grace => 1) foreach @loops;
$node->safe_psql('va', q{SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'looping'});

# ----- password resets

sub waiting { return $node->safe_psql('va', 'SELECT count(*) FROM voiceagent_private.password_requests') }
# Nobody looks them up meanwhile.
my $keeper = $node->background_psql('va');
$keeper->query_safe('BEGIN; LOCK TABLE voiceagent_private.password_links IN ACCESS EXCLUSIVE MODE');
my (undef, undef, $err) = $node->psql('va', q{SELECT count(voiceagent.request_password_reset('a' || i || '@example.com')) FROM generate_series(1, 200) i}, extra_params => [ '-U', 'looping' ]);
like($err, qr/too many password resets at once/, 'a login role has its share of the resets that wait');
sub resets { return ask($url, 'POST', '/rpc/request_password_reset', body => encode_json({ email => $_[0] }), headers => { 'X-Forwarded-For' => $_[1] })->{status} }
my %reset;
$reset{ resets("b$_\@example.com", '2001:db8:0:7::' . sprintf('%x', $_)) }++ foreach 1 .. 30;
is("$reset{204} $reset{429}", '20 10', '... and so has a network of strangers') or diag(join ' ', %reset);
is(resets('quiet@example.com', '192.0.2.9'), 204, '... another network has its own');
my $n = waiting();
is(resets('quiet@example.com', '192.0.3.9'), 204, '... an address that waits is answered the same');
is(waiting(), $n, '... and is not doubled');
$keeper->query_safe('ROLLBACK');
$keeper->quit;
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.password_requests', 0, 'all are looked up', 60);
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.mails WHERE kind = 'password_reset' AND recipient = 'quiet@example.com'}, 1, '... and the member is mailed');
my $invited = "SELECT count(*) FROM voiceagent_private.password_links l JOIN voiceagent.members m USING (tenant_id, member_id) WHERE m.email = 'new\@example.com'";
as_tenant($node, 'va', $tenant{Quiet}, q{SELECT voiceagent.invite_member('new@example.com')});
is(resets('new@example.com', '192.0.2.9'), 204, 'somebody asks for a reset of one who is invited');
wait_for_sql($node, 'va', $invited, 2, '... who has both links', 60);
as_tenant($node, 'va', $tenant{Quiet}, q{SELECT voiceagent.set_setting('mails_per_day', '1')});
is_sql($node, 'va', qq{SET voiceagent.token = ''; SELECT count(*) FROM voiceagent.mails WHERE kind = 'password_reset' AND status = 'refused'}, 0, '... the reset takes none of the mails of a day');

is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
