# VoiceAgentSellers: carriers that sell numbers, of a process of its own that keeps a record of what it was asked and what it
# did, whatever becomes of us; broken in ways that a test chooses by the name of an account: PROVIDER_FAULT.
#
#	start_sellers(\%fault);                 # name => {sold, later, answer}; answer($socket) is the first answer
#	new_seller($node, $tenant, 'twilio_stalls', 'twilio');  # an account of ours there, its id in $account{...}
#	asked('twilio_stalls', 'buy'); did('twilio_stalls', 'buy');  # lines of the record
package VoiceAgentSellers;

use strict;
use warnings;

use Exporter 'import';
use Fcntl qw(:flock);
use IO::Socket::INET;
use PostgreSQL::Test::Utils;
use Time::HiRes qw(sleep time);
use VoiceAgent;

our @EXPORT = qw(start_sellers new_seller reply record asked did owned sold_before hold lists_work $sellers_port @sellers %account);

our @sellers = qw(plivo telnyx twilio vonage);
our (%account, $sellers_port);
my ($dir, $server, %fault);

sub reply
{
	my ($socket, $status, $body, $more) = @_;
	syswrite($socket, "HTTP/1.1 $status X\r\nContent-Type: application/json\r\n" . ($more // '') . 'Content-Length: ' . length($body) . "\r\nConnection: close\r\n\r\n$body");
	return;
}

# Lines of the record: when, whose account, what (asked, buy, release, ...), about which number.
sub record { return map { [ split / / ] } split /\n/, slurp_file("$dir/record"); }

sub owned
{
	my ($account) = @_;
	my %has;
	foreach my $line (grep { $_->[1] eq $account } record())
	{
		$has{$line->[3]} = 1 if $line->[2] eq 'buy';
		delete $has{$line->[3]} if $line->[2] eq 'release';
	}
	return sort keys %has;
}

sub listed
{
	my ($provider, @numbers) = @_;
	my $list = sub { join(',', map { (my $digits = $_) =~ s/^\+//; sprintf($_[0], $digits) } @numbers) };
	return '{"incoming_phone_numbers": [' . $list->('{"phone_number": "+%1$s", "sid": "PN%1$032s"}') . '], "next_page_uri": null}' if $provider eq 'twilio';
	return '{"data": [' . $list->('{"phone_number": "+%1$s", "id": "%1$s"}') . '], "meta": {"page_number": 1, "total_pages": 1}}' if $provider eq 'telnyx';
	return '{"objects": [' . $list->('{"number": "%s"}') . '], "meta": {"next": null}}' if $provider eq 'plivo';
	return '[' . $list->('{"id": "vapi-%1$s", "number": "+%1$s", "createdAt": "2026-01-01T00:00:00.000Z"}') . ']' if $provider eq 'vapi';
	return '{"count": ' . @numbers . ', "numbers": [' . $list->('{"country": "US", "msisdn": "%s", "features": ["VOICE"]}') . ']}';
}

sub sold
{
	my ($provider, $digits) = @_;
	return sprintf('{"sid": "PN%032s", "phone_number": "+%s"}', $digits, $digits) if $provider eq 'twilio';
	return qq({"data": {"id": "order-1", "status": "pending", "phone_numbers": [{"phone_number": "+$digits", "status": "pending"}]}}) if $provider eq 'telnyx';
	return qq({"numbers": [{"number": "$digits", "status": "Success"}], "status": "fulfilled"}) if $provider eq 'plivo';
	return qq({"id": "vapi-$digits", "number": "+$digits"}) if $provider eq 'vapi';
	return '{"error-code": "200", "error-code-label": "success"}';
}

sub serve
{
	my ($socket) = @_;
	my $text = '';
	while ($text !~ /\r\n\r\n/) { sysread($socket, $text, 65536, length $text) or return }
	my ($length) = $text =~ /^content-length:\s*(\d+)/mi;
	my $at = index($text, "\r\n\r\n") + 4;
	while (length($text) < $at + ($length // 0)) { sysread($socket, $text, 65536, length $text) or return }
	my ($method, $account, $provider, $path) = $text =~ m{^([A-Z]+) /(\w+)/(\w+)(\S*)} or return;
	my $body = substr($text, $at);
	my ($digits) = "$path $body" =~ m{(?:PN0+|number=|number%3D|%2B|\+|msisdn=|Number/|phone_numbers/|vapi-)(1\d{10})\b};
	my $releases = $method eq 'DELETE' || $path =~ /cancel/;
	my $what = $releases ? 'release' : $path =~ /credential/ ? 'credential' : $path =~ /Available|available|search|country_iso/ ? 'search' : $method eq 'GET' ? 'list' : 'buy';
	# One after the other, so that the record is whole when it is read.
	open(my $record, '>>', "$dir/record");
	flock($record, LOCK_EX);
	my $number = defined $digits && $what ne 'search' ? "+$digits" : '-';
	my ($name) = $account =~ /^[a-z]+_(\w+)$/;
	my $changes = $what =~ /buy|release|credential/;
	my $fault = $changes && defined $name ? $fault{$name} : undef;
	my $again = grep { $_->[1] eq $account && $_->[2] eq "asked-$what" && $_->[3] eq $number } record();
	syswrite($record, time . " $account asked-$what $number\n");
	my $answer = $fault && !$again ? $fault->{answer} : undef;
	syswrite($record, time . " $account $what $number\n") if $changes && (!$fault || ($fault->{later} ? $again : $fault->{sold}));
	close $record;
	return $answer->($socket) if $answer;
	for (1 .. 600) { last if !$changes || !-e "$dir/hold"; sleep 0.1 }
	return reply($socket, 500, '{}') if $what eq 'list' && $fault{$name // ''}{deaf} && !-e "$dir/lists_work";
	return reply($socket, 200, listed($provider, owned($account))) if $what eq 'list';
	return reply($socket, 200, sprintf('{"available_phone_numbers": [{"phone_number": "+1212999%04d"}]}', scalar grep { $_->[2] eq 'asked-search' } record())) if $what eq 'search';
	return reply($socket, 200, '{"id": "cred-1"}') if $what eq 'credential';
	return reply($socket, $provider =~ /telnyx|vonage|vapi/ ? 200 : 204, $provider eq 'vonage' ? sold('vonage') : $provider =~ /telnyx|vapi/ ? '{"data": {}}' : '') if $what eq 'release';
	return reply($socket, $provider =~ /twilio|plivo/ ? 201 : 200, sold($provider, $digits));
}

sub start_sellers
{
	my ($faults) = @_;
	%fault = %$faults;
	$dir = PostgreSQL::Test::Utils::tempdir();
	append_to_file("$dir/record", '');
	my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 100, ReuseAddr => 1) or die $!;
	$sellers_port = $listener->sockport;
	$server = fork() // die $!;
	return if $server;
	$SIG{CHLD} = 'IGNORE';
	$SIG{PIPE} = 'IGNORE';
	while (1)
	{
		my $socket = $listener->accept or next;
		next if fork();
		alarm 90;
		close $listener;
		serve($socket);
		close $socket;
		require POSIX;
		POSIX::_exit(0);
	}
	return;
}

END { my $status = $?; kill 'KILL', $server if $server; $? = $status; }

# An account of the tenant's, armed later.  After create_samples().
sub new_seller
{
	my ($node, $tenant, $name, $provider) = @_;
	$account{$name} = as_tenant($node, 'va', $tenant, qq[SELECT voiceagent.create_provider_account('$provider', '$name', public.sample('$provider', 'credentials', false),
		public.sample('$provider', 'settings', true) || '{"base_url": "http://127.0.0.1:$sellers_port/$name/$provider"}')]);
	return;
}

sub asked { my ($name, $what) = @_; return grep { $_->[1] eq $name && $_->[2] eq "asked-$what" } record(); }
sub did { my ($name, $what) = @_; return grep { $_->[1] eq $name && $_->[2] eq $what } record(); }

# A number that the account has had for long.
sub sold_before { my ($name, $number) = @_; return append_to_file("$dir/record", time . " $name buy $number\n"); }

# While it is held (and no longer than a minute) nobody who asked for something to be done hears of it.
sub hold { my ($on) = @_; return $on ? append_to_file("$dir/hold", '') : unlink "$dir/hold"; }

# From now on all lists work.
sub lists_work { return append_to_file("$dir/lists_work", ''); }

1;
