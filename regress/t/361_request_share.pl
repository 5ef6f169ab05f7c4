# Servers of one tenant that never answer take no other tenant's turn: its requests to carriers go on meanwhile, and what ends
# a call waits for nobody, not even for requests of the same tenant.
use strict;
use warnings;

use IO::Socket::INET;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;
use VoiceAgentFaults;

# Answers each request in a process of its own; below /slow never: it waits until we leave.
my $listener = IO::Socket::INET->new(Listen => 200, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $server = fork() // die $!;
if (!$server)
{
	local $SIG{CHLD} = 'IGNORE';
	while (1)
	{
		my $client = $listener->accept or next;
		next if fork();
		my $head = '';
		while ($head !~ /\r\n\r\n/) { sysread($client, $head, 4096, length $head) or last }
		if ($head =~ m{^\w+ /slow}) { sysread($client, $head, 1); POSIX::_exit(0) }
		syswrite($client, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
		POSIX::_exit(0);
	}
}
END { my $status = $?; kill 'KILL', $server if $server; $? = $status; }
my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 240000);
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(Slow Quick);
wait_workers($node, 'the workers are up');
my $fake = {port => $port, url => "http://127.0.0.1:$port", key => 'real-key', secret => 'webhook-secret-of-the-test'};
real_settings($node, $fake, provider_request_tries => 1, provider_request_concurrency => 32);
my %account = map { $_ => real_account($node, $tenant{$_}, $fake) } sort keys %tenant;

sub provider_requests
{
	my ($whose, $kind, $path, $n) = @_;
	return $node->safe_psql('va', qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant{$whose}) \\g /dev/null
		SELECT max(voiceagent_private.enqueue_provider_request($account{$whose}, '$kind', jsonb_build_object('answer', '{"kind": "say", "text": "Hello"}'::jsonb, 'control_url', 'http://127.0.0.1:$port$path/' || i))) FROM generate_series(1, $n) i;
		COMMIT});
}

# While those that are slow have no end.
sub is_done
{
	my ($provider_request, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return wait_for_sql($node, 'va', "SELECT state FROM voiceagent.provider_requests WHERE provider_request_id = $provider_request", 'done', $name, 30);
}

provider_requests('Slow', 'say', '/slow', 60);
wait_for_sql($node, 'va', "SELECT count(*) >= 30 FROM voiceagent.provider_requests WHERE state = 'sending'", 't', 'a tenant\'s servers keep its requests', 30);
cmp_ok($node->safe_psql('va', "SELECT count(*) FROM voiceagent.provider_requests WHERE state = 'sending'"), '<=', 32, 'which are half of all at most');
is_done(provider_requests('Quick', 'say', '/quick', 1), 'another tenant is served');
is_done(provider_requests('Quick', 'hangup', '/quick', 10), 'its hang-ups are');
is_done(provider_requests('Slow', 'hangup', '/ends', 10), 'so are those of the tenant that waits');
provider_requests('Slow', 'hangup', '/slow-end', 40);
is_done(provider_requests('Quick', 'hangup', '/quick', 10), 'slow hang-ups hold up no others');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.provider_requests WHERE state NOT IN ('queued', 'sending', 'done')}, 0, '... and are still held');
done_testing();
