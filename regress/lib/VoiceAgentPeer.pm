# VoiceAgentPeer: clients of the gateway by raw sockets, polite and otherwise.
#
#	my $answer = answer_of($socket = connection($port));      # {status, head, body}, or undef: it ended before
#	my $statuses = crowd(port => $port, connections => 64, next => sub { return shift @requests });   # {200 => 1000}
package VoiceAgentPeer;

use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use Errno;
use Exporter 'import';
use IO::Socket::INET;
use Time::HiRes qw(time);

our @EXPORT = qw(connection answer_of request_text send_raw signed crowd crowds gateway_pid memory_kb open_sockets cpu_seconds);

# A connection; from => '127.0.0.9': as another peer.
sub connection
{
	my ($port, %of) = @_;
	return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 20, $of{from} ? (LocalAddr => $of{from}) : ());
}

# One answer: {status, body, head}, or undef when the connection ends first.
sub answer_of
{
	my ($socket, $seconds) = @_;
	my $text = '';
	local $SIG{ALRM} = sub { die "no answer\n" };
	my $answer = eval {
		$! = 0;
		alarm($seconds // 30);
		while ($text !~ /\r\n\r\n/)
		{
			sysread($socket, $text, 1, length $text) or $!{EINTR} or return undef;
		}
		my ($status) = $text =~ m{^HTTP/1.1 (\d+)};
		my ($length) = $text =~ /^content-length:\s*(\d+)/mi;
		my $body = '';
		while (length $body < ($length // 0))
		{
			sysread($socket, $body, $length - length $body, length $body) or $!{EINTR} or return undef;
		}
		return {status => $status, body => $body, head => $text};
	};
	alarm 0;
	return $answer;
}

sub request_text
{
	my ($method, $path, $body, %headers) = @_;
	%headers = ('Content-Type' => 'application/json', Host => 'x', %headers);
	$headers{'Content-Length'} //= length $body if defined $body && !exists $headers{'Transfer-Encoding'};
	return "$method $path HTTP/1.1\r\n" . join('', map { "$_: $headers{$_}\r\n" } sort keys %headers) . "\r\n" . ($body // '');
}

# Sends the bytes on a connection of their own and returns its answer.
sub send_raw
{
	my ($port, $text, %of) = @_;
	my $socket = connection($port, %of) or return {status => 'refused', body => '', head => ''};
	syswrite($socket, $text);
	return answer_of($socket, $of{seconds}) // {status => 'dropped', body => '', head => ''};
}

# The headers of a genuine webhook.
sub signed
{
	my ($body, $secret, $timestamp) = @_;
	$timestamp //= int(time);
	return ('x-timestamp' => "$timestamp", 'x-signature' => hmac_sha256_hex("$timestamp.$body", $secret));
}

# Many connections of one process, each with one request under way.  next->() gives the text of a request, or undef when
# there are no more; done->(status, seconds, text) is called with each answer.  A connection that ends is opened anew, its
# request counted as "dropped" and (again => 1) sent once more.  Returns {status => how many}.
sub crowd
{
	my (%of) = @_;
	my (%counts, %busy);
	my $last = 0;

	my $start = sub {
		my ($socket, $text) = @_;
		if (!defined $text && !$last)
		{
			$text = $of{next}->();
			$last = 1 if !defined $text;
		}
		return close $socket if !defined $text;
		$busy{fileno $socket} = {socket => $socket, text => $text, got => '', at => time};
		syswrite($socket, $text);
	};
	my $open = sub {
		for (1 .. 50)
		{
			my $socket = connection($of{port}, from => $of{from});
			return $socket if $socket;
			select(undef, undef, undef, 0.05);
		}
		die "no connection to the gateway: $!\n";
	};
	my $finish = sub {
		my ($state, $status) = @_;
		delete $busy{fileno $state->{socket}};
		$counts{$status}++;
		$of{done}->($status, time - $state->{at}, $state->{text}) if $of{done};
	};
	$start->($open->()) for 1 .. $of{connections} // 32;
	while (%busy)
	{
		my $readable = '';
		vec($readable, $_, 1) = 1 foreach keys %busy;
		select($readable, undef, undef, 5) > 0 or next;
		foreach my $fd (grep { vec($readable, $_, 1) } keys %busy)
		{
			my $state = $busy{$fd};
			my $n = sysread($state->{socket}, $state->{got}, 65536, length $state->{got});
			if (!$n)
			{
				$finish->($state, 'dropped');
				close $state->{socket};
				$start->($open->(), $of{again} ? $state->{text} : undef);
				next;
			}
			my $end = index($state->{got}, "\r\n\r\n");
			next if $end < 0;
			my ($length) = $state->{got} =~ /^content-length:\s*(\d+)/mi;
			next if length $state->{got} < $end + 4 + $length;
			my ($status) = $state->{got} =~ m{^HTTP/1.1 (\d+)};
			my $ends = substr($state->{got}, 0, $end) =~ /^connection:\s*close/mi;
			$finish->($state, $status);
			if ($ends)
			{
				close $state->{socket};
				$state->{socket} = $open->() if !$last;
			}
			$start->($state->{socket}) if !$ends || !$last;
		}
	}
	return \%counts;
}

# Several such processes; each->(number) returns the arguments of the one.  Returns the sum of their counts; a process
# that dies counts as "died".
sub crowds
{
	my ($processes, $each) = @_;
	my (%counts, @children);
	foreach my $number (0 .. $processes - 1)
	{
		pipe(my $read, my $write) or die $!;
		my $pid = fork();
		if ($pid == 0)
		{
			my $text = eval { my $counts = crowd($each->($number)); join(' ', %$counts) } // "died 1";
			print STDERR $@ if $@;
			syswrite($write, $text);
			require POSIX;
			POSIX::_exit(0);
		}
		close $write;
		push @children, [ $pid, $read ];
	}
	foreach my $child (@children)
	{
		my ($pid, $read) = @$child;
		my %of = split / /, <$read> // 'died 1';
		$counts{$_} += $of{$_} foreach keys %of;
		waitpid($pid, 0);
	}
	return \%counts;
}

# ---- the process behind the gateway ----

sub gateway_pid
{
	my ($node, $database) = @_;
	return $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE backend_type = 'voiceagent gateway' AND datname = '" . ($database // 'va') . "'");
}

sub proc
{
	my ($pid, $file) = @_;
	open(my $in, '<', "/proc/$pid/$file") or return '';
	local $/;
	return <$in>;
}

# What it has for itself: memory that is shared with other processes comes and goes with what they touch.
sub memory_kb
{
	my ($pid) = @_;
	my ($anonymous) = proc($pid, 'status') =~ /^RssAnon:\s*(\d+)/m;
	return $anonymous;
}

# Files of tables come and go as the server likes.
sub open_sockets { return scalar grep { (readlink($_) // '') =~ /^socket:/ } glob("/proc/$_[0]/fd/*") }

sub cpu_seconds
{
	my ($pid) = @_;
	my @fields = split / /, proc($pid, 'stat') =~ s/^.*\) //r;
	return ($fields[11] + $fields[12]) / 100;
}

1;
