# Each task that sends requests for tenants gives each of them a share: while a slow server of one tenant keeps as many of its
# requests as it may have, one request of another tenant is answered, and what the first may have left is not used up.
use strict;
use warnings;

use IO::Socket::INET;
use POSIX ();
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

# Answers each request in a process of its own; below /slow, and to the key of the tenant that is slow, never: it waits until we leave.
my $listener = IO::Socket::INET->new(Listen => 500, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $server = fork() // die $!;
if (!$server)
{
	local $SIG{CHLD} = 'IGNORE';
	my $calls = 0;
	while (1)
	{
		my $client = $listener->accept or next;
		$calls++;
		next if fork();
		my $head = '';
		while ($head !~ /\r\n\r\n/) { sysread($client, $head, 4096, length $head) or last }
		if ($head =~ m{^\w+ /slow} || $head =~ /slow-key/) { 1 while sysread($client, $head, 65536); POSIX::_exit(0); }
		# The whole request: a socket that is closed over bytes that nobody read is reset.
		my ($len) = $head =~ /\ncontent-length: (\d+)/i;
		while (length($head) < index($head, "\r\n\r\n") + 4 + ($len // 0)) { sysread($client, $head, 65536, length $head) or last }
		my ($method, $path) = $head =~ m{^(\w+) (\S+)};
		my $body = $path =~ m{^/page} ? 'Roofs cost nine thousand euros.' : $path =~ m{/call} ? qq({"id": "call-$calls", "status": "in-progress"}) : '{"data": []}';
		my $type = $path =~ m{^/page} ? 'text/plain' : 'application/json';
		my $status = $method eq 'POST' && $path =~ m{/call$} ? 201 : 200;
		syswrite($client, "HTTP/1.1 $status OK\r\nContent-Type: $type\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body");
		POSIX::_exit(0);
	}
}
END { my $status = $?; kill 'KILL', $server if $server; $? = $status; }

my $url = "http://127.0.0.1:$port";
my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 240000);
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 100000) } qw(slow quick);
wait_workers($node, 'the workers are up');
my $fake = {port => $port, url => $url, key => 'quick-key', secret => 'webhook-secret-of-the-test'};
real_settings($node, $fake, provider_request_tries => 1, provider_request_concurrency => 32, send_lease => '5 minutes', knowledge_private_hosts => "127.0.0.1:$port");
my %account = (quick => real_account($node, $tenant{quick}, $fake), slow => real_account($node, $tenant{slow}, {%$fake, key => 'slow-key'}));

sub as { my ($whose, $sql) = @_; return $node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant{$whose}) \\g /dev/null\n$sql;\nCOMMIT"); }

# A sender: how n requests are made for a tenant; how many are on their way; which are answered.
my %sender = (
	provider_requests => {
		make => sub { my ($whose, $n) = @_; as($whose, qq{SELECT max(voiceagent_private.enqueue_provider_request($account{$whose}, 'say', jsonb_build_object('answer', '{"kind": "say", "text": "Hello"}'::jsonb, 'control_url', '$url/$whose/' || i))) FROM generate_series(1, $n) i}) },
		sent => q{SELECT count(*) FROM voiceagent.provider_requests WHERE tenant_id = %s AND state = 'sending'},
		done => q{SELECT count(*) > 0 FROM voiceagent.provider_requests WHERE tenant_id = %s AND kind = 'say' AND state = 'done'},
		most => 32 },
	outbox_sender => {
		make => sub {
			my ($whose, $n) = @_;
			as($whose, "SELECT count(s) FROM generate_series(1, $n) i CROSS JOIN LATERAL voiceagent.create_webhook_subscription('$url/$whose/' || i, ARRAY['balance_low']) s") if $n > 1;
			as($whose, "SELECT voiceagent.create_webhook_subscription('$url/$whose', ARRAY['balance_low'])") if $n == 1;
			as($whose, "SELECT count(voiceagent.test_webhook_subscription(subscription_id)) FROM voiceagent.webhook_subscriptions CROSS JOIN generate_series(1, " . ($n > 1 ? 4 : 1) . ") WHERE tenant_id = voiceagent.current_tenant()");
		},
		sent => q{SELECT count(*) FROM voiceagent_private.outbox WHERE tenant_id = %s AND claimed},
		done => q{SELECT count(*) > 0 FROM voiceagent.webhook_deliveries WHERE tenant_id = %s AND status = 'delivered'},
		most => 32 },
	pages => {
		make => sub { my ($whose, $n) = @_; my $path = $whose eq 'slow' ? '/slow' : '/page'; as($whose, "SELECT voiceagent.add_knowledge_page('$url$path/' || i, name := 'Page ' || i) FROM generate_series(1, $n) i") },
		sent => q{SELECT count(*) FROM voiceagent.knowledge_documents WHERE tenant_id = %s AND status = 'fetching'},
		done => q{SELECT count(*) > 0 FROM voiceagent.knowledge_documents WHERE tenant_id = %s AND status = 'ready'} },
	dialer => {
		make => sub { my ($whose, $n) = @_; start_leads($node, $tenant{$whose}, [ numbers($n) ], account => $account{$whose}, settings => {retry_attempts => 0, max_concurrent_calls => 1000}) },
		sent => q{SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = %s AND state = 'sending'},
		done => q{SELECT count(*) > 0 FROM voiceagent.attempts WHERE tenant_id = %s AND state = 'accepted'},
		most => 500 },
);
# What sends nothing for tenants, and what is not tried here.
my %else = ((map { $_ => q(goes through sender.c as these do) } qw(model_requests mail payments tool_requests calendar_fetches calendar_writes traces)), lookups => q(due_lookups() shares them out),
	map { $_ => 'no sender' } qw(sockets gateway inbox schedules jobs sandbox conditions calendar_files news figures exports web api api_2 api_3 api_4 deferred deferred_2 media tools));

# ---- the table of tasks names them all ----

my ($table) = slurp_file('bgworkers/runtime/worker.c') =~ /task_table\[VA_TASKS\] = \{(.*?)\};/s;
my %name_of = (outbox => 'outbox_sender');
my @tasks = map { $name_of{ lc $_ } // lc $_ } $table =~ /\[VA_TASK_(\w+)\]/g;
is(join(' ', sort @tasks), join(' ', sort(keys %sender, keys %else)), 'every task is a sender that is tried here, or is said to be none');

# ---- a slow server of one tenant, and one request of another ----

$node->safe_psql('va', "SELECT voiceagent.set_setting('tenant_max_concurrent_calls', '1000')");
my %n = (outbox_sender => 20, pages => 20, provider_requests => 60, dialer => 300);
foreach my $name (qw(provider_requests outbox_sender pages dialer))
{
	my $of = $sender{$name};
	$of->{make}->('slow', $n{$name});
	wait_for_sql($node, 'va', sprintf("SELECT (%s) >= 2", sprintf $of->{sent}, $tenant{slow}), 't', "$name: a tenant's server keeps its requests", 180);
	$of->{make}->('quick', 1);
	wait_for_sql($node, 'va', sprintf($of->{done}, $tenant{quick}), 't', '... another tenant\'s request is answered meanwhile', 120);
	# One that has waited for its timeout rests, and is sent again.
	wait_for_sql($node, 'va', sprintf("SELECT (%s) >= 2", sprintf $of->{sent}, $tenant{slow}), 't', '... while the first one\'s still wait', 180);
	cmp_ok($node->safe_psql('va', sprintf $of->{sent}, $tenant{slow}), '<=', $of->{most}, '... of which half of all may be on their way') if $of->{most};
}
# What ends a call has lanes of its own, which four tenants do not fill.
my $hangups = q{SELECT max(voiceagent_private.enqueue_provider_request(%s, 'hangup', jsonb_build_object('provider_call_id', 'c' || i, 'control_url', '%s/' || i))) FROM generate_series(1, %s) i};
foreach my $name (map { "ends$_" } 1 .. 4)
{
	$tenant{$name} = create_tenant($node, 'va', $name, credits => 1000);
	$account{$name} = real_account($node, $tenant{$name}, {%$fake, key => 'slow-key'});
	as($name, sprintf $hangups, $account{$name}, "$url/slow", 20);
	wait_for_sql($node, 'va', "SELECT count(*) >= 8 FROM voiceagent.provider_requests WHERE tenant_id = $tenant{$name} AND state = 'sending'", 't', "$name ends calls at a slow server", 180);
}
as('quick', sprintf $hangups, $account{quick}, "$url/quick", 1);
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.provider_requests WHERE tenant_id = $tenant{quick} AND kind = 'hangup'", 'done', '... and another one at once', 180);
$node->stop('immediate');
done_testing();
