# VoiceAgentPbx: a carrier with a socket of events (regress/fakes/events.py) in a process of its own.
#
#	my $pbx = start_pbx();                       # {port, witness, ...}: whom it called, a line each, as start_carrier()'s
#	my $account = pbx_account($node, $tenant, $pbx);
#	pbx_control($pbx, 'close');                  # what the fake can be told; its answer: {sockets, channels}
#	pbx_asked($pbx, 'POST /ari/channels');       # how often it was asked that
#	stop_pbx($pbx); start_pbx($pbx);             # at the same port, without its calls
package VoiceAgentPbx;

use strict;
use warnings;

use Exporter 'import';
use HTTP::Tiny;
use JSON::PP qw(decode_json);
use PostgreSQL::Test::Utils;
use VoiceAgent;
use VoiceAgentFaults qw(wait_until);

our @EXPORT = qw(start_pbx stop_pbx pbx_account pbx_control pbx_asked);

my $http = HTTP::Tiny->new(timeout => 20);
my %running;

sub start_pbx
{
	my ($pbx) = @_;
	$pbx //= {dir => PostgreSQL::Test::Utils::tempdir()};
	my $dir = $pbx->{dir};
	$pbx->{witness} = "$dir/witness";
	append_to_file($pbx->{witness}, '');
	unlink("$dir/port");
	$pbx->{pid} = fork() // die $!;
	if (!$pbx->{pid})
	{
		open(STDERR, '>>', "$dir/log");
		exec('python3', 'regress/fakes/events.py', "$dir/port", $pbx->{port} // 0, $pbx->{witness}) or die $!;
	}
	$running{ $pbx->{pid} } = 1;
	wait_until(sub { -s "$dir/port" }) or die 'the fake does not listen';
	chomp($pbx->{port} = slurp_file("$dir/port"));
	return $pbx;
}

sub stop_pbx
{
	my ($pbx) = @_;
	kill 'KILL', $pbx->{pid};
	waitpid($pbx->{pid}, 0);
	delete $running{ $pbx->{pid} };
	return;
}

END { my $status = $?; kill 'KILL', keys %running if %running; $? = $status; }

# An account of the tenant, not armed.
sub pbx_account
{
	my ($node, $tenant, $pbx) = @_;
	return as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('asterisk', 'PBX',
		'{"username": "us", "password": "secret-of-the-test"}',
		'{"base_url": "http://127.0.0.1:$pbx->{port}/ari", "endpoint": "PJSIP/{number}\@trunk", "app": "test", "media": "sound:silence/10", "max_concurrent_calls": 100}')});
}

sub pbx_control
{
	my ($pbx, $what, $body) = @_;
	my $reply = $http->post("http://127.0.0.1:$pbx->{port}/control/$what", {content => $body // ''});
	die "$what: $reply->{status} $reply->{content}" unless $reply->{success};
	return decode_json($reply->{content});
}

sub pbx_asked
{
	my ($pbx, $pattern) = @_;
	return scalar grep { /$pattern/ } split /\n/, $http->get("http://127.0.0.1:$pbx->{port}/control/log")->{content};
}

1;
