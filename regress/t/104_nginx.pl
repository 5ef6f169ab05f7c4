# nginx ends TLS in front of the gateway, configured as the documents show: signed bodies pass unchanged, and what is too large,
# too slow or not meant for the world ends there.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults qw(wait_until);

my ($nginx) = grep { -x $_ } map { "$_/nginx" } split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin';
my ($openssl) = grep { -x $_ } map { "$_/openssl" } split(/:/, $ENV{PATH}), '/usr/bin';
plan skip_all => 'no nginx' unless defined $nginx && defined $openssl;
$SIG{PIPE} = 'IGNORE';

my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/vault", 'ab' x 32);
chmod 0600, "$dir/vault";
my ($gateway, $port) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 2;
my $node = new_node('main', fsync => 'on', 'voiceagent.vault_key_file' => "$dir/vault", 'voiceagent.gateway_port' => $gateway, 'voiceagent.gateway_timeout' => '2s',
	'voiceagent.metrics_token' => 'a token of the metrics', 'voiceagent.public_base_url' => "https://calls.example.com:$port");
my $tenant = create_tenant($node, 'va', 'Behind nginx');
my $secret = 'the secret of the carrier';
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('vapi', 'Main', '{"api_key": "k", "webhook_secret": "$secret"}', '{"phone_number_id": "p"}')});
my $url = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
my ($path) = $url =~ m{^https://calls\.example\.com:$port(/webhooks/\S+)$} or die $url;
wait_for_sql($node, 'va', q{SELECT state FROM voiceagent_private.worker_status() WHERE kind = 'gateway'}, 'running', 'the gateway runs');

# ----- the documented file, with this machine's addresses and a certificate of our own
my ($log, $made) = ('', '');
IPC::Run::run([ $openssl, 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=calls.example.com',
	'-addext', 'subjectAltName=DNS:calls.example.com', '-keyout', "$dir/calls.key", '-out', "$dir/calls.crt" ], '>', \$made, '2>&1') or die $made;
my $conf = readme_block('104_nginx');
foreach my $change ([ qr{server 127\.0\.0\.1:8455;}, "server 127.0.0.1:$gateway;" ], [ qr{listen 443 ssl;}, "listen 127.0.0.1:$port ssl;" ],
	[ qr{/etc/nginx/calls\.crt}, "$dir/calls.crt" ], [ qr{/etc/nginx/calls\.key}, "$dir/calls.key" ],
	[ qr{client_header_timeout 10s}, 'client_header_timeout 4s' ], [ qr{client_body_timeout 10s}, 'client_body_timeout 4s' ])
{
	my ($from, $to) = @$change;
	is($conf =~ s/$from/$to/g, 1, "the documented file has $from");
}
append_to_file("$dir/nginx.conf", "daemon off;\npid $dir/pid;\nerror_log $dir/error.log;\nworker_processes 1;\nevents {}\nhttp {\naccess_log off;\n"
	. join('', map { "${_}_temp_path $dir/$_;\n" } qw(client_body proxy fastcgi uwsgi scgi)) . $conf . "}\n");
my $proxy = IPC::Run::start([ $nginx, '-p', $dir, '-c', "$dir/nginx.conf", '-e', "$dir/error.log" ], '>', \$log, '2>&1');
END { my $status = $?; eval { $proxy->signal('TERM'); $proxy->kill_kill(grace => 5) } if defined $proxy; $? = $status; }
my $up = 0;
for (1 .. 600)
{
	last if $up = defined IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
	sleep 0.1;
}
ok($up, 'nginx runs') or diag($log, -e "$dir/error.log" ? slurp_file("$dir/error.log") : '');

# One request over TLS, the certificate checked by name; returns {status, text}.
sub request
{
	my ($method, $to, $body, $headers, @options) = @_;
	my %headers = ('Host' => 'calls.example.com', 'Connection' => 'close', 'Content-Type' => 'application/json', %{ $headers // {} });
	$headers{'Content-Length'} //= length $body unless $headers{'Transfer-Encoding'};
	my $text = "$method $to HTTP/1.1\r\n" . join('', map { "$_: $headers{$_}\r\n" } sort keys %headers) . "\r\n$body";
	my ($out, $err) = ('', '');
	eval {
		IPC::Run::run([ $openssl, 's_client', '-quiet', '-connect', "127.0.0.1:$port", '-servername', 'calls.example.com', '-verify_hostname', 'calls.example.com',
			'-verify_return_error', '-CAfile', "$dir/calls.crt", @options ], '<', \$text, '>', \$out, '2>', \$err, IPC::Run::timeout(60)); };
	return { status => $out =~ m{^HTTP/1\.1 (\d+)} ? $1 : "none: $err", text => $out };
}

my $n = 0;
sub webhook { return encode_json({ message => { type => 'status-update', status => 'ringing', timestamp => int(time * 1000), call => { id => 'call' . ++$n }, note => $_[0] // '' } }) }
sub signed
{
	my ($body, $with) = @_;
	my $at = int(time);
	return { 'x-timestamp' => $at, 'x-signature' => hmac_sha256_hex("$at.$body", $with // $secret) };
}
sub deliver { my ($body, @options) = @_; return request('POST', $path, $body, signed($body), @options)->{status} }
sub stored { return $node->safe_psql('va', q{SELECT encode(body, 'hex') FROM voiceagent.webhooks ORDER BY webhook_id DESC LIMIT 1}) }

# ----- what is signed passes, byte by byte
my $odd = webhook("tab\t quote\" \x{e9}") =~ s/^\{/ {\r\n\t /r . " \r\n\n";
is(deliver($odd), 200, 'a signed webhook over TLS');
is(stored(), unpack('H*', $odd), '... is stored as it was sent, with its odd white space');
my $large = webhook('x' x 900_000);
is(deliver($large), 200, 'one of 900 kB');
is(stored(), unpack('H*', $large), '... likewise');
my $chunked = webhook('chunked');
is(request('POST', $path, sprintf("3\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", substr($chunked, 0, 3), length($chunked) - 3, substr($chunked, 3)), { %{ signed($chunked) }, 'Transfer-Encoding' => 'chunked' })->{status}, 200, 'a chunked one');
is(stored(), unpack('H*', $chunked), '... is stored in one piece');
is(request('POST', $path, $odd, signed($odd, 'another secret'))->{status}, 401, 'a forged one is refused');
is(request('POST', '/webhooks/nobody', $odd, signed($odd))->{status}, 404, 'an unknown endpoint');

# ----- what is not for the world
is(HTTP::Tiny->new->get("http://127.0.0.1:$gateway/metrics", { headers => { authorization => 'Bearer a token of the metrics' } })->{status}, 200, 'inside there are metrics');
is(request('GET', '/metrics', '', { Authorization => 'Bearer a token of the metrics' })->{status}, 404, '... outside not, even with the token');
is(request('GET', '/health', '')->{status}, 404, '... nor anything else');

# ----- too large, too slow
my $before = $node->safe_psql('va', q{SELECT refused_too_large || ' ' || refused_too_slow FROM voiceagent_private.worker_status() WHERE kind = 'gateway'});
is(deliver(webhook('x' x 1_100_000)), 413, 'a body that is too large');
my ($in, $out, $slow_status) = ("POST $path HTTP/1.1\r\nHost: calls.example.com\r\nContent-Length: 100\r\n\r\n{", '', '');
my $slow = IPC::Run::start([ $openssl, 's_client', '-quiet', '-connect', "127.0.0.1:$port", '-servername', 'calls.example.com' ], '<', \$in, '>', \$out, '2>', \$slow_status, IPC::Run::timeout(90));
$slow->pump_nb for 1 .. 5;
is(deliver(webhook()), 200, 'while one client is slow another is served');
my $began = time;
eval { $slow->pump while $slow->pumpable && time - $began < 60 };
eval { $slow->finish };
unlike($out, qr{HTTP/1\.1 200}, '... and the slow one ends without an effect');
is($node->safe_psql('va', q{SELECT refused_too_large || ' ' || refused_too_slow FROM voiceagent_private.worker_status() WHERE kind = 'gateway'}), $before, 'both ended in nginx: the gateway has not seen them');

# ----- whose limit: one request a second of each client

# Twenty requests, where $from has a %s each from a network of its own; true when one of them is refused.
my $network = 0;
sub is_limited
{
	my ($from) = @_;
	my $client = HTTP::Tiny->new(timeout => 20);
	my %status;
	for (1 .. 20)
	{
		my $next = int(++$network / 250) . '.' . $network % 250 . '.1';
		$status{ $client->post("http://127.0.0.1:$gateway$path", { content => 'x', headers => { 'x-forwarded-for' => $from =~ s/%s/$next/gr } })->{status} }++;
	}
	return $status{429};
}
# A reload takes a moment, and a slow machine may need some tries until two requests fall into one second.
sub ends_limited { my ($name, $from) = @_; return ok(wait_until(sub { is_limited($from) }, 60), $name) }
sub ends_free { my ($name, $from) = @_; return ok(wait_until(sub { !is_limited($from) }, 60), $name) }
sub set_guc
{
	my ($name, $value) = @_;
	$node->safe_psql('postgres', "ALTER SYSTEM SET $name = '$value'");
	$node->reload;
	return;
}
set_guc('voiceagent.gateway_requests_per_second', 1);
ends_limited('clients of a proxy that is not known share one limit', '192.0.2.1, 10.%s');
set_guc('voiceagent.gateway_trusted_proxies', '::1 127.0.0.1');
ends_free('behind a known proxy each has its own, by what the proxy wrote last', '192.0.2.1, 10.%s');
ends_limited('... which holds for it', '10.%s, 192.0.2.1');
set_guc('voiceagent.gateway_trusted_proxies', '10.0.0.0/8');
ends_limited('a proxy that is known no more is not believed', '192.0.2.1, 10.%s');
set_guc('voiceagent.gateway_trusted_proxies', '127.0.0.0/8, ::1');
ends_free('... until it is in a network of known ones', '192.0.2.1, 10.%s');
set_guc('voiceagent.gateway_trusted_proxies', '127.0.0.0/8 10.0.0.0/8');
ends_limited('of two known ones in a row what the first wrote counts', '192.0.2.1, 10.%s');
my (undef, undef, $refusal) = $node->psql('postgres', q{ALTER SYSTEM SET voiceagent.gateway_trusted_proxies = '10.0.0.0/8 10.1.1.1/8'});
like($refusal, qr{"10\.1\.1\.1/8" is not a network: it has bits behind its length}, 'what is no network is refused when it is set');
set_guc('voiceagent.gateway_trusted_proxies', '127.0.0.1');
ok(wait_until(sub { deliver(webhook()) == 200 }, 60), 'nginx names its client');
set_guc('voiceagent.gateway_requests_per_second', 0);

# ----- the server is down
set_guc('voiceagent.launcher', 'off');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent gateway%'}, 0, 'the gateway is gone');
is(deliver(webhook()), 502, '... which the carrier is told');
set_guc('voiceagent.launcher', 'on');
wait_for_sql($node, 'va', q{SELECT state FROM voiceagent_private.worker_status() WHERE kind = 'gateway'}, 'running', 'it is back');
my $again = webhook();
my $delivered = '';
for (1 .. 20)
{
	last if ($delivered = deliver($again)) eq '200';
	sleep 1;
}
is($delivered, 200, '... and what is sent again is taken');

$node->stop('fast');
done_testing();
