# Peers of the gateway that mean no good: what is malformed gets its status and an end, who is slow, idle, many or greedy
# takes nothing from the others, and afterwards the gateway is as it was before.
use strict;
use warnings;

use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;
use VoiceAgentSoak;

$SIG{PIPE} = 'IGNORE';
my $seed = seed();
my $max = long() ? 1000 : 200;
my $each = long() ? 200 : 50;
my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/vault", 'ab' x 32);
chmod 0600, "$dir/vault";
my $node = new_node('main', fsync => 'on', log_statement => 'none', 'voiceagent.vault_key_file' => "$dir/vault", 'voiceagent.sandbox' => 'off',
	'voiceagent.gateway_timeout' => '2s', 'voiceagent.gateway_max_connections' => $max, 'voiceagent.gateway_max_connections_per_peer' => $each,
	'voiceagent.gateway_max_buffer' => '8MB');
my $secret = 'the secret of the carrier';
my $tenant = create_tenant($node, 'va', 'Attacked');
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('vapi', 'Main', '{"api_key": "k", "webhook_secret": "$secret"}', '{"phone_number_id": "p"}')});
my $token = $node->safe_psql('va', "SELECT token FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.gateway_address() IS NOT NULL', 't', 'the gateway is open');
my ($port) = $node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()') =~ /(\d+)$/;
my $path = "/webhooks/$token";
my $n = 0;

sub webhook { return encode_json({message => {type => 'status-update', status => 'ringing', timestamp => int(time * 1000), call => {id => "call$$." . ++$n}, note => $_[0] // ''}}) }
sub genuine { my ($body) = @_; $body //= webhook(); return request_text('POST', $path, $body, signed($body, $secret)) }
sub stored { return $node->safe_psql('va', 'SELECT count(*) FROM voiceagent.webhooks') }

# ---- the polite one: a process that sends a genuine webhook every so often, each on a new connection ----

sub start_polite
{
	my ($every) = @_;
	pipe(my $read, my $write) or die $!;
	my $pid = fork();
	if ($pid == 0)
	{
		my $ended = 0;
		local $SIG{TERM} = sub { $ended = 1 };
		my @lines;
		while (!$ended)
		{
			my $began = time;
			my $answer = send_raw($port, genuine(), from => '127.0.0.77', seconds => 20);
			push @lines, "$answer->{status} " . (time - $began);
			sleep $every;
		}
		print $write map { "$_\n" } @lines;
		close $write;
		require POSIX;
		POSIX::_exit(0);
	}
	close $write;
	return {pid => $pid, read => $read};
}

# {status => how many}, and the seconds that each took.
sub end_polite
{
	my ($polite) = @_;
	kill 'TERM', $polite->{pid};
	my (%statuses, @times);
	while (my $line = readline $polite->{read})
	{
		my ($status, $took) = split / /, $line;
		$statuses{$status}++;
		push @times, $took;
	}
	waitpid($polite->{pid}, 0);
	return (\%statuses, @times);
}

# While $what->() goes on, every one of the polite client is answered with 200, in time.
sub is_undisturbed
{
	my ($name, $what) = @_;
	my $polite = start_polite(0.05);
	$what->();
	my ($statuses, @times) = end_polite($polite);
	my $count = @times;
	my $p99 = percentile(99, @times);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is(join(' ', map { "$_:$statuses->{$_}" } sort keys %$statuses), "200:$count", "$name: each of $count genuine webhooks of another peer is taken");
	# Beside other tests in time is what ends within the twenty seconds for which it waits.
	cmp_ok($p99 // 99, '<', long() ? 3 : 20, sprintf('... in time (p99 %.0f ms)', 1000 * ($p99 // 99)));
	figure(name => "a genuine webhook during: $name, p99", value => sprintf('%.0f', 1000 * ($p99 // 99)), unit => 'ms', goal => '<= 100', count => $count);
	return;
}

# Runs in processes of their own, all ended at the end; returns when each of them says that it is ready.
sub attackers
{
	my ($processes, $attack) = @_;
	my @children;
	foreach my $number (1 .. $processes)
	{
		pipe(my $read, my $write) or die $!;
		my $pid = fork();
		if ($pid == 0)
		{
			eval { $attack->($number, sub { syswrite($write, "ready\n") }); 1 } or print STDERR "# $@";
			require POSIX;
			POSIX::_exit(0);
		}
		close $write;
		push @children, {pid => $pid, read => $read};
	}
	readline $_->{read} foreach @children;
	return sub { kill 'KILL', map { $_->{pid} } @children; waitpid($_->{pid}, 0) foreach @children };
}

is(send_raw($port, genuine())->{status}, 200, 'a genuine webhook') for 1 .. 20;
my $pid = gateway_pid($node);
my $sockets_before = open_sockets($pid);
my $memory_before = memory_kb($pid);
my ($most_sockets, $most_memory) = (0, 0);

sub look
{
	my ($sockets, $memory) = (open_sockets($pid), memory_kb($pid));
	$most_sockets = $sockets if $sockets > $most_sockets;
	$most_memory = $memory if $memory > $most_memory;
	return $sockets;
}

# ---- what is malformed: one answer, and the end; nothing behind it is read as a request ----

my $smuggled = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
my $head = "POST $path HTTP/1.1\r\nHost: x\r\n";
my $chunked = "${head}Transfer-Encoding: chunked\r\n\r\n";
my @malformed = (
	[ 400, 'both lengths', "${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n$smuggled" ],
	[ 400, 'both lengths, the other way around', "${head}Transfer-Encoding: chunked\r\nContent-Length: 40\r\n\r\n0\r\n\r\n$smuggled" ],
	[ 400, 'two lengths', "${head}Content-Length: 0\r\nContent-Length: 35\r\n\r\n$smuggled" ],
	[ 400, 'two equal lengths', "${head}Content-Length: 0\r\nContent-Length: 0\r\n\r\n$smuggled" ],
	[ 400, 'a list of lengths', "${head}Content-Length: 0, 35\r\n\r\n$smuggled" ],
	(map { [ 400, "the length \"$_\"", "${head}Content-Length: $_\r\n\r\n$smuggled" ] } '', '+0', '-1', '0x0', '0 0', '1e1', '00000000000000000000', '18446744073709551616', '9223372036854775808', "0\x0b"),
	[ 413, 'a length that is too large', "${head}Content-Length: 999999999\r\n\r\n$smuggled" ],
	(map { [ 501, "the coding \"$_\"", "${head}Transfer-Encoding: $_\r\n\r\n0\r\n\r\n$smuggled" ] } 'gzip', 'gzip, chunked', 'chunked, chunked', 'xchunked', 'chunked;x', 'identity', '', '"chunked"'),
	[ 501, 'two codings', "${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n$smuggled" ],
	[ 400, 'a space before the colon', "${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n$smuggled" ],
	[ 400, 'a coding on a folded line', "${head}X: y\r\n Transfer-Encoding: chunked\r\n\r\n$smuggled" ],
	(map { [ 400, "the chunk size \"" . ($_ =~ s/[^ -~]/?/gr) . '"', "$chunked$_\r\n0\r\n\r\n$smuggled" ] } 'x', '-1', '+1', '0x1', '', ' 1', '100000000', 'fffffffffffffffff', "1\x00", "1\t", '1,1', '0' x 70, '1;' . 'x' x 80),
	[ 413, 'a chunk that is too large', "${chunked}7fffffff\r\n$smuggled" ],
	[ 400, 'a chunk that is longer than it says', "${chunked}1\r\nxy\r\n0\r\n\r\n$smuggled" ],
	[ 400, 'a chunk with a bare line feed', "${chunked}1\nx\r\n0\r\n\r\n$smuggled" ],
	[ 400, 'an endless trailer', $chunked . "0\r\nX: " . 'y' x 5000 . "\r\n\r\n$smuggled" ],
	[ 431, 'many trailers', $chunked . "0\r\n" . "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" x 1000 . "\r\n$smuggled" ],
	[ 431, 'an endless header', "${head}X: " . 'y' x 20000 . "\r\n\r\n" ],
	[ 431, 'too many headers', $head . join('', map { "X$_: y\r\n" } 1 .. 64) . "\r\n" ],
	[ 414, 'a huge URL', 'GET /' . 'x' x 9000 . " HTTP/1.1\r\nHost: x\r\n\r\n" ],
	[ 431, 'an endless URL', 'GET /' . 'x' x 20000 ],
	[ 400, 'HTTP/0.9', "GET /\r\n" ],
	[ 505, 'HTTP/1.2', "GET / HTTP/1.2\r\nHost: x\r\n\r\n$smuggled" ],
	[ 505, 'the preface of HTTP/2', "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" ],
	[ 400, 'no host', "GET /health HTTP/1.1\r\n\r\n$smuggled" ],
	[ 400, 'two hosts', "GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n$smuggled" ],
	[ 400, 'a host with a control character', "GET /health HTTP/1.1\r\nHost: x\x01\r\n\r\n$smuggled" ],
	[ 400, 'an absolute URL: this is no proxy', "GET http://169.254.169.254/latest/meta-data HTTP/1.1\r\nHost: x\r\n\r\n$smuggled" ],
	[ 400, 'CONNECT', "CONNECT 10.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n$smuggled" ],
	[ 400, 'a zero byte in the head', "GET /health HTTP/1.1\r\nHost: x\r\nX: \x00\r\n\r\n$smuggled" ],
	[ 400, 'a zero byte in the URL', "GET /hea\x00lth HTTP/1.1\r\nHost: x\r\n\r\n$smuggled" ],
	[ 400, 'a space in the URL', "GET /health x HTTP/1.1\r\nHost: x\r\n\r\n$smuggled" ],
	[ 400, 'a bare carriage return', "GET /health HTTP/1.1\r\nHost: x\rX: y\r\n\r\n$smuggled" ],
	[ 400, 'bare line feeds', "GET /health HTTP/1.1\nHost: x\n\n$smuggled" ],
	[ 400, 'an empty line first', "\r\n$smuggled" ],
	[ 400, 'a header without a colon', "${head}nonsense\r\n\r\n$smuggled" ],
	[ 400, 'a header without a name', "$head: y\r\n\r\n$smuggled" ],
	[ 417, 'an expectation', "${head}Expect: 200-ok\r\nContent-Length: 0\r\n\r\n$smuggled" ],
	[ 400, 'a TLS hello', "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" . 'x' x 500 ],
	[ 400, 'SSH', "SSH-2.0-OpenSSH_9.2\r\n" ],
	[ 400, "PostgreSQL's own", "\x00\x00\x00\x08\x04\xd2\x16\x2f" ],
	[ 400, 'binary rubbish', "\xff\xfe\xfd" . join('', map { chr between(0, 255) } 1 .. 500) ],
	[ 400, 'zeros', "\x00" x 100 ],
);
foreach my $case (@malformed)
{
	my ($status, $name, $text) = @$case;
	my ($answer, $more, $took);
	# What is given up after its time takes long each time; a slow machine does not.
	for (1 .. 5)
	{
		my $socket = connection($port);
		my $began = time;
		syswrite($socket, $text);
		$answer = answer_of($socket, 20);
		$more = '';
		my $rest = 0;
		eval { local $SIG{ALRM} = sub { die }; alarm 20; 1 while ($rest = sysread($socket, $more, 1000, length $more)); alarm 0; };
		alarm 0;
		$took = time - $began;
		last if $took < 1.9;
	}
	is(($answer ? $answer->{status} : 'none') . ($more eq '' ? '' : ", then $more"), $status, "$name: " . ($answer ? $answer->{body} =~ s/\n//r : ''));
	cmp_ok($took, '<', 1.9, '... at once') if $took >= 1.9;
}
is(stored(), 20, 'nothing of that was stored');

# ---- what is unusual, and right ----

my $body = webhook();
my $socket = connection($port);
syswrite($socket, "${head}Expect: 100-continue\r\nContent-Length: " . length($body) . "\r\n" . join('', map { my %s = signed($body, $secret); "$_: $s{$_}\r\n" } qw(x-timestamp x-signature)) . "\r\n");
my $go_on = '';
sysread($socket, $go_on, 25);
is($go_on, "HTTP/1.1 100 Continue\r\n\r\n", 'who asks before it sends the body is told to go on');
syswrite($socket, $body);
is(answer_of($socket)->{status}, 200, '... and answered');
is(send_raw($port, "GET /health HTTP/1.0\r\n\r\n")->{status}, 200, 'HTTP/1.0 without a host');
$socket = connection($port);
syswrite($socket, genuine());
shutdown($socket, 1);
is((answer_of($socket) // {status => 'none'})->{status}, 200, 'who sends no more may still read');
$socket = connection($port);
syswrite($socket, genuine() x 3 . "GET /health HTTP/1.1\r\nHost: x\r\n\r\n" x 20);
shutdown($socket, 1);
is(join(' ', map { (answer_of($socket) // {status => 'none'})->{status} } 1 .. 23), join(' ', (200) x 23), '... all answers to what it sent in one piece');

# ---- who goes away: at each byte of a request ----

my $whole = genuine();
my $stored_before = stored();
my $step = long() ? 1 : 7;
for (my $bytes = 0; $bytes < length $whole; $bytes += $step)
{
	my $gone = connection($port) or die $!;
	syswrite($gone, substr($whole, 0, $bytes));
	# With a reset, or with an end.
	setsockopt($gone, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) if $bytes % 2;
	close $gone;
}
is(stored(), $stored_before, 'a request that ends at any byte but its last has no effect');
is(send_raw($port, $whole)->{status}, 200, '... the whole one has');
look();

# ---- mutants of a request ----

my $mutants = rounds(short => 200, long => 20000);
my %allowed = map { $_ => 1 } qw(200 400 401 404 405 408 413 414 417 422 429 431 501 503 505 dropped);
my @odd;
for my $round (1 .. $mutants)
{
	last unless time_left();
	restart_choices('mutant', $round);
	my $text = genuine();
	for (1 .. between(1, 4))
	{
		last if length $text < 2;
		my $at = between(0, length($text) - 1);
		my $how = between(0, 5);
		if ($how == 0) { substr($text, $at, 1) = chr between(0, 255) }
		elsif ($how == 1) { substr($text, $at, between(0, 20)) = '' }
		elsif ($how == 2) { substr($text, $at, 0) = pick("\r\n", "\n", "\0", ' ', ':', "\t", '0', '-', "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", chr(255)) }
		elsif ($how == 3) { substr($text, $at, 0) = substr($text, between(0, length($text) - 1), between(1, 200)) }
		elsif ($how == 4) { $text = substr($text, 0, $at + 1) }
		else { $text .= substr($text, 0, $at) }
	}
	my $gone = connection($port) or die $!;
	syswrite($gone, $text);
	shutdown($gone, 1);
	my $answer = answer_of($gone, 20) // {status => 'dropped'};
	push @odd, "$answer->{status}: $text" unless $allowed{$answer->{status} // ''};
	close $gone;
}
is("@odd", '', "$mutants mutants of a request: each gets a status that fits, or an end");
is(gateway_pid($node), $pid, '... and the gateway lives');

# ---- who is slow ----

my $crowd = $each < 60 ? 15 : 60;
is_undisturbed('slow heads and bodies', sub {
	my $stop = attackers(3, sub {
		my ($number, $ready) = @_;
		my $slow_head = "POST $path HTTP/1.1\r\nHost: x\r\nX-Slow: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy";
		my $slow_body = request_text('POST', $path, undef, 'Content-Length' => 1000) . 'x' x 900;
		my @slow;
		for (my $tick = 0; ; $tick++)
		{
			# A peer that is thrown out comes back.
			@slow = grep { defined $_->{socket} } @slow;
			while (@slow < $crowd)
			{
				my $text = $number == 2 ? $slow_body : $slow_head;
				my $at = $number == 2 ? length($text) - 900 : 5;
				my $new = connection($port, from => "127.1.$number.1") or last;
				syswrite($new, substr($text, 0, $at));
				push @slow, {socket => $new, text => $text, at => $at};
			}
			foreach my $one (@slow)
			{
				my $gone = '';
				vec($gone, fileno $one->{socket}, 1) = 1;
				# An answer or an end.
				$one->{socket} = undef if select($gone, undef, undef, 0) > 0 || !syswrite($one->{socket}, substr($one->{text}, $one->{at}++, 1));
			}
			$ready->() if $tick == 0;
			sleep 0.1;
		}
	});
	for (1 .. (long() ? 300 : 25))
	{
		look();
		sleep 0.1;
	}
	$stop->();
});
cmp_ok($node->safe_psql('va', q{SELECT refused_too_slow FROM voiceagent_private.worker_status() WHERE kind = 'gateway'}), '>', 0, '... the slow ones are refused and counted');

# ---- who is many: more connections than there are places, from many addresses and from one ----

my $idle = rounds(short => 1200, long => 10000);
is_undisturbed("$idle idle connections", sub {
	my $addresses = 20;
	my $stop = attackers($addresses, sub {
		my ($number, $ready) = @_;
		my @held;
		# A thousand from one address, or as many as each address has.
		foreach my $i (1 .. $idle / $addresses)
		{
			my $new = connection($port, from => '127.2.' . ($number <= 5 ? 1 : $number) . '.1') or next;
			syswrite($new, $number % 2 ? 'GET /hea' : "GET /health HTTP/1.1\r\nHost: x\r\n\r\n") if $number % 3;
			push @held, $new;
		}
		$ready->();
		sleep 1000;
	});
	for (1 .. (long() ? 50 : 10))
	{
		look();
		sleep 0.1;
	}
	$stop->();
});
cmp_ok($most_sockets, '<=', $sockets_before + $max + 40, "the gateway never had more connections than it may ($most_sockets sockets)");
my $many = $node->safe_psql('va', q{SELECT refused_too_many FROM voiceagent_private.worker_status() WHERE kind = 'gateway'});
cmp_ok($many, '>=', $idle - $max, '... whoever had no place is counted');

# One address has its share of the places, and no more.
my @mine = map { connection($port, from => '127.0.3.1') } 1 .. $each;
my $answer = send_raw($port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", from => '127.0.3.1');
is("$answer->{status} $answer->{body}", "503 too many connections from one address\n", 'one connection more than voiceagent.gateway_max_connections_per_peer');
is(send_raw($port, genuine(), from => '127.0.5.1')->{status}, 200, '... which is no matter of another address');
close $_ foreach @mine;
ok(wait_until(sub { return send_raw($port, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", from => '127.0.3.1')->{status} eq '200' }), '... and ends with the connections');

# ---- who is greedy: bodies that never end ----

is_undisturbed('bodies of a megabyte that never end', sub {
	my $stop = attackers(2, sub {
		my ($number, $ready) = @_;
		my $text = request_text('POST', $path, undef, 'Content-Length' => 1_000_000) . 'x' x 999_999;
		my @held;
		for (my $i = 0; ; $i++)
		{
			my $new = connection($port, from => "127.4.$number.1");
			next unless $new;
			local $SIG{ALRM} = sub { die };
			eval { alarm 2; my $at = 0; while ($at < length $text) { $at += syswrite($new, $text, 65536, $at) || last } alarm 0 };
			alarm 0;
			push @held, $new;
			shift @held if @held > 40;
			$ready->() if $i == 10;
			sleep 0.02;
		}
	});
	for (1 .. (long() ? 200 : 12))
	{
		look();
		sleep 0.1;
	}
	$stop->();
});

# ---- who is loud: a thousand webhooks of rubbish a second ----

my $loud = long() ? 60 : 1.5;
is_undisturbed('1000 webhooks of rubbish a second', sub {
	my $stop = attackers(1, sub {
		my ($number, $ready) = @_;
		my $serial = 0;
		my $began = time;
		crowd(port => $port, connections => 20, from => '127.0.5.1', again => 0, next => sub {
			$ready->() if $serial == 50;
			my $ahead = $began + ++$serial / 1000 - time;
			sleep $ahead if $ahead > 0;
			my $rubbish = webhook('rubbish');
			return request_text('POST', $serial % 3 ? $path : '/webhooks/' . ('x' x 35) . sprintf('%08d', $serial), $rubbish, signed($rubbish, 'not the secret'));
		});
	});
	for (1 .. $loud * 10)
	{
		look();
		sleep 0.1;
	}
	$stop->();
});

# ---- afterwards ----

is(gateway_pid($node), $pid, 'it is the same gateway as at the beginning');
ok(wait_until(sub { return open_sockets($pid) <= $sockets_before }), 'every connection is closed') or diag(open_sockets($pid) . " sockets, $sockets_before before");
# The buffers that were allowed, as much again for what malloc keeps, and a little for each connection.
my $bound = $memory_before + 2 * 8192 + 12 * $max + 8192;
cmp_ok($most_memory, '<=', $bound, "the gateway's own memory stays bounded: $memory_before kB before, $most_memory kB at most");
figure(name => 'memory of the gateway under attack, at most', value => int(($most_memory - $memory_before) / 1024), unit => 'MB more', goal => '<= ' . int(($bound - $memory_before) / 1024));
figure(name => 'sockets left over after it', value => open_sockets($pid) - $sockets_before, unit => 'sockets', goal => '= 0');
my $quiet = wait_until(sub { my $cpu = cpu_seconds($pid); sleep 1; return cpu_seconds($pid) - $cpu <= 0.02 });
ok($quiet, '... and it is idle');
my $log = slurp_file($node->logfile);
my $lines = () = $log =~ /\n/g;
cmp_ok($lines, '<=', 200 + (long() ? 2000 : 0), "the log has $lines lines in all");
unlike($log, qr/too many open files|PANIC|terminated by signal/i, '... and no trouble');
is(send_raw($port, genuine())->{status}, 200, 'a genuine webhook is taken');
$node->stop('fast');
done_testing();
