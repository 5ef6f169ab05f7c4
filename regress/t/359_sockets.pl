# The room of carriers whose events come over a socket that we open, against a fake one: calls are told by it alone, it is
# opened again after every fault, what was not heard meanwhile is asked for, and while it is closed nobody is dialled.
use strict;
use warnings;

use IO::Socket::IP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPbx;

my $pbx = start_pbx();
my ($dir, $port) = @$pbx{qw(dir port)};
sub control { return pbx_control($pbx, @_); }
sub asked { return pbx_asked($pbx, @_); }

# A name that has an address that may not be asked, and two where nobody listens, before the one where it does.
my $cc = `cc -O1 -Wall -shared -fPIC -o $dir/resolver.so regress/fakes/resolver.c -ldl 2>&1`;
is($?, 0, 'the resolver builds') or BAIL_OUT($cc);
append_to_file("$dir/hosts", "pbx.rebind.test 169.254.169.254 ::1 127.0.0.2 127.0.0.1\n");
local $ENV{LD_PRELOAD} = "$dir/resolver.so";
local $ENV{VA_RESOLVER} = "$dir/hosts";
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Acme', credits => 100000);
wait_workers($node, 'the workers are up');
real_settings($node, {port => $port}, max_call_duration => '10 minutes');
my $account = pbx_account($node, $tenant, $pbx);
my $outbound = q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'voiceagent requests'};
my $resting = "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account";

# ---- nothing before it is armed ----

sub signals
{
	my $worker = $node->safe_psql('va', $outbound);
	# Those above 31 are the C library's, which it takes for its threads.
	return join(' ', map { hex(substr($_, 8)) & 0x7fffffff } slurp_file("/proc/$worker/status") =~ /^Sig(?:Cgt|Ign):\s*(\S+)/mg);
}

my $signals = signals();
my $maps = sub { slurp_file('/proc/' . $node->safe_psql('va', $outbound) . '/maps') };
sleep 1;
is(asked('/ari/events'), 0, 'no socket before the account is armed');
unlike($maps->(), qr/evlib_uv/, '... not even the library is set up');
like($node->safe_psql('va', qq{BEGIN; SELECT voiceagent.arm($account, 'PBX');
	SELECT resumes_at || ' ' || trouble FROM voiceagent.provider_accounts WHERE provider_account_id = $account; COMMIT}),
	qr/^infinity its events cannot be heard/m, 'an account that is armed rests until it is heard, in the same commit');
ok(wait_until(sub { control('state')->{sockets} == 1 }), 'it is opened then');
is(asked('GET /ari/events\?app=test$'), 1, '... for the application');
wait_for_sql($node, 'va', $resting, 'well', '... and the account may dial');
is(signals(), $signals, "the worker's signals are as before");

# ---- a campaign that is told by it alone ----

my $campaign = start_leads($node, $tenant, [ numbers(5) ], account => $account, settings => {retry_attempts => 0});
wait_completed($node, 'a campaign through it ends');
is_sql($node, 'va', "SELECT count(*), count(*) FILTER (WHERE cause = 'q850-16') FROM voiceagent.calls WHERE campaign_id = $campaign", '5|5',
	'... each call as the socket told');
is_sql($node, 'va', q{SELECT string_agg(DISTINCT source, ',') FROM voiceagent.webhooks}, 'socket', '... and nobody was asked');

# ---- idle means zero statements ----

my $reads = q{SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_all_indexes WHERE indexrelname = 'endpoint_routes_provider'};
stays($node, 'va', $reads, 2, 2, 'an open socket that is silent costs no statement');

# ---- what cannot be read ----

sub frames
{
	my ($kind) = @_;
	return $node->safe_psql('va', "SELECT value FROM voiceagent_private.counters() WHERE metric = 'socket_frames' AND label = '$kind'");
}

my %frames = map { $_ => frames($_) } qw(stored silent unreadable foreign);
control('send', 'garbage');
control('send', '[' x 1000);
control('send', '');
control('binary', join('', map { chr } 0 .. 255));
control('send', '{"type": 7}');
control('send', '{"type":"Unheard","timestamp":"2026-01-01T00:00:00.000+0000","application":"test"}') foreach 1 .. 3;
control('send', '{"type":"ChannelDestroyed","timestamp":"2026-01-01T00:00:00.000+0000","application":"another","channel":{"id":"stranger.2","state":"Up"},"cause":16}');
control('send', '{"type":"ChannelDestroyed","timestamp":"2026-01-01T00:00:00.000+0000","channel":{"id":"stranger.1","state":"Up"},"cause":16}');
ok(wait_until(sub { slurp_server_log($node) =~ /sends messages that cannot be read or stored/ }), 'garbage is logged');
ok(wait_until(sub { frames('unreadable') == $frames{unreadable} + 5 }), '... and counted') or diag(frames('unreadable') - $frames{unreadable});
ok(wait_until(sub { frames('silent') == $frames{silent} + 3 }), '... apart from events of an unknown kind');
ok(wait_until(sub { frames('foreign') == $frames{foreign} + 1 }), '... and those of another application, which are dropped');
ok(wait_until(sub { frames('stored') == $frames{stored} + 1 }), '... and what is stored');
control('send', 'more of it') foreach 1 .. 150;
ok(wait_until(sub { frames('unreadable') == $frames{unreadable} + 155 }), 'more of it is counted');
is(scalar(() = slurp_server_log($node) =~ /sends messages that cannot be read or stored/g), 1, '... and not logged for a minute');
is(control('state')->{sockets}, 1, '... and the socket stays, since it has brought something else before');
like($node->safe_psql('va', 'SELECT voiceagent.metrics()'), qr/^voiceagent_socket_frames_total\{result="unreadable"\} \d+$/m, '... which an operator sees');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.webhook_failures', 1, 'a call that is nobody\'s is set aside');

my $opened = asked('/ari/events');
control('close');
ok(wait_until(sub { asked('/ari/events') > $opened && control('state')->{sockets} > 0 }), 'a socket that is closed is opened anew');
$opened = asked('/ari/events');
control('send', 'nothing else') foreach 1 .. 100;
ok(wait_until(sub { asked('/ari/events') > $opened && control('state')->{sockets} > 0 }), '... and one that brings nothing but garbage, too');
like(slurp_server_log($node), qr/is closed: it sends nothing that can be read/, '... which is logged');

$opened = asked('/ari/events');
my $large = frames('too_large');
control('flood?bytes=10000000');
ok(wait_until(sub { asked('/ari/events') > $opened }), 'after a frame of 10 MB it is opened anew');
like(slurp_server_log($node), qr/is closed: a message was too large/, '... which is logged');
is(frames('too_large'), $large + 1, '... and counted');
$opened = asked('/ari/events');
control('raw', "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
ok(wait_until(sub { asked('/ari/events') > $opened && control('state')->{sockets} > 0 }), '... and after bytes that are no frame');
wait_for_sql($node, 'va', $resting, 'well', 'the account is well again');

# ---- a gap: what happened meanwhile is asked for ----

sub live_call
{
	control('hold');
	my $id = start_leads($node, $tenant, [ numbers(1) ], account => $account, settings => {max_call_duration => '10 minutes', retry_attempts => 0});
	wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE campaign_id = $id", 'in_progress', 'a call goes on');
	return ($id, $node->safe_psql('va', "SELECT reference FROM voiceagent.attempts JOIN voiceagent.calls USING (tenant_id, call_id) WHERE campaign_id = $id"));
}

# What is said in a call comes to its end while the socket is closed.
sub unheard
{
	my ($channel) = @_;
	control('refuse?status=503');
	control('close');
	ok(wait_until(sub { $node->safe_psql('va', $resting) =~ /cannot be heard/ }), 'the socket is closed');
	control("played?id=$channel");
	control('refuse?status=0');
	# It waits for nothing, however often it has failed.
	$node->safe_psql('va', "SELECT voiceagent.arm($account, 'PBX')");
	return;
}

my ($id, $reference) = live_call();
control('refuse?status=503');
control('close');
ok(wait_until(sub { $node->safe_psql('va', $resting) =~ /cannot be heard/ }), 'while the socket is closed the account rests');
my $dials = asked('POST /ari/channels');
my $waiting = start_leads($node, $tenant, [ numbers(1) ], account => $account, settings => {retry_attempts => 0});
control("forget?id=$reference");
sleep 1;
is(asked('POST /ari/channels'), $dials, '... and nobody is dialled');
my $lookups = asked("GET /ari/channels/$reference");
control('hold?hold=0');
control('refuse?status=0');
ok(wait_until(sub { asked("GET /ari/channels/$reference") > $lookups }), 'once it is open the carrier is asked about the call');
wait_for_sql($node, 'va', "SELECT outcome IS NOT NULL FROM voiceagent.calls WHERE campaign_id = $id", 't', '... which is over');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $waiting AND cause = 'q850-16'", 1, '... and who waited is dialled');

# ---- somebody calls, and nobody told us ----

# Armed again it waits for nothing, however often it has failed by now.
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'PBX')");
wait_for_sql($node, 'va', $resting, 'well', 'it is well');

as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_phone_number('+12025550142', $account, '{\"greeting_message\": \"sound:hello\"}')");
control('incoming?id=1.1&number=12025550142');
my $caller = q{SELECT coalesce(string_agg(told || ' ' || (ended_at IS NULL), ', ' ORDER BY provider_call_id), '') FROM voiceagent.call_inbound};
wait_for_sql($node, 'va', $caller, 'say true', 'who calls is answered and spoken to');
# It is told in a commit, and asked after it.
wait_until(sub { asked('POST /ari/channels/1.1/play') > 0 });
is(asked('POST /ari/channels/1.1/play'), 1, '... once');
control('list?status=503');
control('close');
my $lists = asked('GET /ari/channels$');
ok(wait_until(sub { asked('GET /ari/channels$') >= $lists + 2 }), 'a carrier that does not list its live calls is asked again');
is(scalar(() = slurp_server_log($node) =~ /does not list its live calls/g), 1, '... and that is logged once');
control('forget?id=1.1');
control('incoming?id=1.2&number=12025550142&quiet=1');
control('list?status=200');
wait_for_sql($node, 'va', $caller, 'say false, say true', 'whose call has ended untold is gone; who came untold is spoken to', 120);
wait_until(sub { asked('POST /ari/channels/1.[12]/answer') > 1 });
is(asked('POST /ari/channels/1.[12]/answer'), 2, '... each is taken once');
control('close');
$lists = asked('GET /ari/channels$');
ok(wait_until(sub { asked('GET /ari/channels$') > $lists }), 'it is asked whenever the socket opens');
sleep 0.5;
is(asked('POST /ari/channels/1.2/(answer|play)'), 2, '... and what is known already has no effect');
# What he hears is over, which nobody tells us any more.
is(asked('DELETE /ari/channels/1.2'), 0, '... nor has what he hears come to its end');
unheard('1.2');
wait_for_sql($node, 'va', $caller, 'say false, hangup false', 'what came to its end while nobody listened is asked for, and has its effect', 120);
wait_until(sub { asked('DELETE /ari/channels/1.2') > 0 });
is(asked('DELETE /ari/channels/1.2'), 1, '... once');
is(asked('POST /ari/channels/1.2/variable\?variable=TIMEOUT%28absolute%29&value=600'), 1, 'the carrier was told how long he may be on the line');
($id, $reference) = live_call();
wait_until(sub { asked("POST /ari/channels/$reference/play") > 0 });
unheard($reference);
wait_for_sql($node, 'va', "SELECT cause FROM voiceagent.calls WHERE campaign_id = $id", 'q850-16', '... and so is it in a call of ours', 120);
control('hold?hold=0');

# ---- another listener takes our place ----

wait_for_sql($node, 'va', $resting, 'well', 'it is well');
$opened = asked('/ari/events');
control('send', '{"type":"ApplicationReplaced","timestamp":"2026-01-01T00:00:00.000+0000","application":"test"}');
ok(wait_until(sub { $node->safe_psql('va', $resting) =~ /another listener has taken over/ }), 'once another listens the account rests');
sleep 3;
is(asked('/ari/events'), $opened, '... and does not take its place back at once');
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'PBX')");
wait_for_sql($node, 'va', $resting, 'well', '... unless it is armed again');
$opened = asked('/ari/events');

# A redirect would take the password elsewhere.
control('refuse?status=302');
control('close');
ok(wait_until(sub { asked('/ari/events') >= $opened + 3 }), 'a redirect is an error');
is(asked('/elsewhere'), 0, '... and not followed');
control('refuse?status=0');
wait_for_sql($node, 'va', $resting, 'well', '... and well again');

# ---- half open: the other side is there, and says nothing ----

$opened = asked('/ari/events');
control('freeze');
ok(wait_until(sub { asked('/ari/events') > $opened }), 'a socket that gives no sign of life is given up');
wait_for_sql($node, 'va', $resting, 'well', '... and opened anew');

# ---- nobody is there who could listen ----

my ($launcher) = worker_pids($node, 'voiceagent launcher');
kill 'STOP', $launcher;
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(' . $node->safe_psql('va', $outbound) . ')');
wait_for_sql($node, 'postgres', $outbound =~ s/SELECT pid/SELECT count(*)/r, '0', 'the process that listens has ended');
$node->safe_psql('va', q{SELECT voiceagent_private.poke('dialer')});
wait_for_sql($node, 'va', $resting, 'its events cannot be heard: nobody listens', '... so the account is not dialled');
kill 'CONT', $launcher;
wait_for_sql($node, 'va', $resting, 'well', '... until somebody does');

# ---- crashes ----

($id, $reference) = live_call();
kill9($node->safe_psql('va', $outbound));
ok(wait_until(sub { (try_psql($node, 'SELECT 1'))[1] // '' eq '1' }), 'the worker was killed');
control("destroy?id=$reference");
wait_for_sql($node, 'va', "SELECT outcome IS NOT NULL FROM voiceagent.calls WHERE campaign_id = $id", 't', 'a call that ended meanwhile ends here', 120);
wait_for_sql($node, 'va', $resting, 'well', '... and the socket is open');

# The carrier restarts: its calls are gone.
($id, $reference) = live_call();
stop_pbx($pbx);
ok(wait_until(sub { $node->safe_psql('va', $resting) =~ /cannot be heard/ }), 'the carrier has gone');
start_pbx($pbx);
wait_for_sql($node, 'va', "SELECT outcome IS NOT NULL FROM voiceagent.calls WHERE campaign_id = $id", 't', '... and its calls with it', 120);
wait_for_sql($node, 'va', $resting, 'well', '... until it is back');

# ---- another password, and none ----

as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, '{"password": "wrong"}')});
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'PBX')");
ok(wait_until(sub { $node->safe_psql('va', $resting) =~ /cannot be heard/ }), 'a wrong password is told');

# ---- names and addresses ----

sub move
{
	my ($host) = @_;
	$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:$port $host')");
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_provider_account($account, '{"password": "secret-of-the-test"}', settings => '{"base_url": "http://$host/ari"}')});
	$node->safe_psql('va', "SELECT voiceagent.arm($account, 'PBX')");
	return;
}

move("pbx.rebind.test:$port");
wait_for_sql($node, 'va', $resting, 'well', 'of the addresses of a name all that may be are tried, until one answers');
cmp_ok(scalar(() = slurp_file("$dir/hosts.log") =~ /^pbx\.rebind\.test$/mg), '>=', 1, '... as the name has them');
SKIP:
{
	my $listener = IO::Socket::IP->new(LocalHost => '::1', Listen => 10) or skip 'no IPv6', 1;
	move('[::1]:' . $listener->sockport);
	local $SIG{ALRM} = sub { die 'nobody came' };
	alarm 170;
	my $peer = $listener->accept;
	my $head = '';
	1 while $head !~ /\r\n\r\n/ && sysread($peer, $head, 4096, length($head));
	alarm 0;
	like($head, qr/^host: \[::1\]:@{[ $listener->sockport ]}\r$/mi, 'an address of IPv6 is named in brackets');
}
is_well($node, 'at the end');
$node->stop;
done_testing();
