# VoiceAgentFake: an HTTP server in a process of its own that answers as a test says, one request at a time, and keeps a record
# of what it was asked.
#
#	my $port = fake_carrier(sub { my ($asked) = @_; return (200, {id => 'c-1'}) });
#	came('POST', qr{/calls$})      # what it was asked: {method, path, head, body}, in order; undef: by any method
#
# The answer is a status, what its body says (a text, or what is written as JSON) and lines of its head, if any; without a
# status the connection is closed and nothing said.  What the answering code remembers is remembered in that process alone.
package VoiceAgentFake;

use strict;
use warnings;

use Exporter 'import';
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(fake_carrier fake_exotel came seen);

my $json = JSON::PP->new->canonical;
my ($record, @servers);

sub hear
{
	my ($client) = @_;
	my $head = '';
	while (my $line = <$client>) { $head .= $line; last if $line eq "\r\n"; }
	my ($method, $path) = $head =~ m{^(\S+) (\S+)};
	my ($length) = $head =~ /^content-length: (\d+)/mi;
	my $body = '';
	read($client, $body, $length) if $length;
	return {method => $method, path => $path, head => $head, body => $body};
}

sub say_back
{
	my ($client, $status, $reply, $more) = @_;
	my $text = ref $reply ? $json->encode($reply) : $reply;
	print $client "HTTP/1.1 $status X\r\n", $more // '', "Content-Type: application/json\r\nContent-Length: ", length($text), "\r\nConnection: close\r\n\r\n$text";
	return;
}

sub fake_carrier
{
	my ($answer) = @_;
	my $listener = IO::Socket::INET->new(Listen => 500, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
	$record = PostgreSQL::Test::Utils::tempdir() . '/seen';
	append_to_file($record, '');
	my $server = fork() // die $!;
	# Each of several is ended: one that is left holds the output of the test open, and its harness waits for ever.
	push @servers, $server if $server;
	return $listener->sockport if $server;
	@servers = ();
	local $SIG{PIPE} = 'IGNORE';
	while (my $client = $listener->accept)
	{
		# A browser opens more connections than it uses.
		next if !IO::Select->new($client)->can_read(3);
		my $asked = hear($client);
		next if !defined $asked->{path};
		append_to_file($record, $json->encode($asked) . "\n");
		my ($status, $reply, $more) = $answer->($asked);
		say_back($client, $status, $reply, $more) if $status;
		close $client;
	}
	exit 0;
}

# Exotel, which takes every dial; a call is "sid-" and our reference. Of a call that it has reported ended, by POST /ended with
# {sid, seconds, at}, it says so when it is asked; it knows no other.
sub fake_exotel
{
	my %ended;
	return fake_carrier(sub {
		my ($asked) = @_;
		if ($asked->{path} eq '/ended')
		{
			my $call = $json->decode($asked->{body});
			$ended{$call->{sid}} = {Sid => $call->{sid}, Status => 'completed', DateUpdated => $call->{at}, EndTime => $call->{at}, Duration => $call->{seconds}};
			return (200, {});
		}
		my ($ref) = $asked->{body} =~ /CustomField=([^&]+)/;
		return (200, {Call => {Sid => "sid-$ref", Status => 'in-progress'}}) if $asked->{path} =~ m{/connect\.json$};
		my ($sid) = $asked->{path} =~ m{/Calls/([^/.?]+)};
		return defined $sid && $ended{$sid} ? (200, {Call => $ended{$sid}}) : (404, {});
	});
}

END { my $status = $?; kill 'KILL', @servers; $? = $status; }

# The record, for a person.
sub seen { return slurp_file($record); }

sub came
{
	my ($method, $path) = @_;
	# The last line may be in the middle of being written.
	return grep { (!defined $method || $_->{method} eq $method) && $_->{path} =~ $path } map { $json->decode($_) } seen() =~ /^(.*)\n/mg;
}

1;
