# People who call us through a real Asterisk: each hears what the number says at that hour, is put through, or is refused
# for the right reason; whoever dies meanwhile, we or Asterisk, no call is lost, taken twice or left open.
#
# VOICEAGENT_ASTERISK is the root that `asterisk build` has made; sipp is who calls.
use strict;
use warnings;

use IO::Socket::INET;
use MIME::Base64 qw(encode_base64);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $tree = $ENV{VOICEAGENT_ASTERISK} or die 'VOICEAGENT_ASTERISK is not set';
my $script = 'regress/asterisk/asterisk';
my $dir = PostgreSQL::Test::Utils::tempdir_short();
my ($ari, $sip, $peer) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 3;
my $sounds = "sound:$tree/usr/share/asterisk/sounds/en_US_f_Allison";
my %callers;

sub start_asterisk
{
	return system($script, 'start', $tree, $dir, $ari, $sip, $peer) == 0;
}

END
{
	my $status = $?;
	kill 'KILL', $_ foreach keys %callers;
	system($script, 'stop', $dir, 'KILL') if -e "$dir/pid";
	$? = $status;
}

# Somebody calls the number; what became of it is in the file that is returned, a line each.
my $caller = 0;

sub call_in
{
	my ($number, %of) = @_;
	my ($port, $media) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 2;
	my $name = "$dir/caller" . ++$caller;
	my $scenario = slurp_file('regress/asterisk/caller.xml');
	$scenario =~ s/\@HOLD\@/$of{hold} \/\/ 240000/ge;
	$scenario =~ s/\@PATIENCE\@/$of{patience} \/\/ 60000/ge;
	append_to_file("$name.xml", $scenario);
	my $pid = fork() // die $!;
	if (!$pid)
	{
		chdir $dir;
		open(STDOUT, '>', "$name.out");
		open(STDERR, '>&', \*STDOUT);
		exec($ENV{PWD} . "/$script", 'sipp', $tree, "127.0.0.1:$sip", '-sf', "$name.xml", '-s', $number, '-i', '127.0.0.1', '-p', $port, '-mp', $media,
			'-m', 1, '-nostdin', '-trace_logs', '-log_file', "$name.log") or die $!;
	}
	$callers{$pid} = 1;
	return "$name.log";
}

sub told
{
	my ($log) = @_;
	return -e $log ? join(', ', split /\n/, slurp_file($log)) : '';
}

sub hears
{
	my ($log, $expected, $name, $timeout) = @_;
	wait_until(sub { told($log) eq $expected }, $timeout // 180);
	is(told($log), $expected, $name);
	return;
}

# What has been played so far, in order.
sub played
{
	return join(' ', slurp_file("$dir/log/messages") =~ /Playing '\S*?([\w-]+)\.\w+'/g);
}

ok(start_asterisk(), 'Asterisk starts') or BAIL_OUT(slurp_file("$dir/console.log"));
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Acme', credits => 1000);
wait_workers($node, 'the workers are up');
real_settings($node, {port => $ari});
my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('asterisk', 'PBX',
	'{"username": "voiceagent", "password": "secret-of-the-test"}',
	'{"base_url": "http://127.0.0.1:$ari/ari", "endpoint": "PJSIP/{number}\@trunk", "media": "$sounds/hello-world", "max_concurrent_calls": 2,
	  "transfer_context": "forward"}')});

my $deaf = call_in('12025550142');
hears($deaf, 'refused 503', 'who calls before anybody listens is asked to try again');

$node->safe_psql('va', "SELECT voiceagent.arm($account, 'PBX')");
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', 'its events are heard', 180);

my $number = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_phone_number('+12025550142', $account, '{"greeting_message": "$sounds/hello-world"}')});

sub number_says
{
	my ($details) = @_;
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_phone_number($number, '$details')});
	return;
}

# The call that came last.
my $last = 'SELECT %s FROM (SELECT i.from_number, i.to_number, i.phone_number_id, i.answer, i.told, c.*
	FROM voiceagent.calls c JOIN voiceagent.call_inbound i USING (tenant_id, call_id)) i ORDER BY call_id DESC LIMIT 1';

sub last_call_is
{
	my ($what, $expected, $name, $timeout) = @_;
	return wait_for_sql($node, 'va', sprintf($last, $what), $expected, $name, $timeout // 180);
}

# ---- in business hours, after them, put through ----

hears(call_in('12025550142'), 'answered, hung up', 'a caller is answered, and hung up when all is said');
is(played(), 'hello-world', '... with the recording that is the greeting');
last_call_is(q{concat_ws('|', from_number, to_number, phone_number_id, answer, told, outcome, ended_at IS NOT NULL, duration_seconds BETWEEN 0.5 AND 20)},
	"+12025550111|+12025550142|$number|say|hangup|completed|t|t", '... it is noted whole')
	or diag($node->safe_psql('va', 'SELECT * FROM voiceagent.call_inbound'));
is_sql($node, 'va', 'SELECT string_agg(kind || \' \' || state, \', \' ORDER BY provider_request_id) FROM voiceagent.provider_requests', 'limit done, answer done, say done, hangup done', '... in four requests');

number_says(qq({"greeting_message": "$sounds/demo-echotest"}));
hears(call_in('+12025550142', hold => 2000), 'answered, left', 'a caller who hangs up himself');
is(played(), 'hello-world demo-echotest', '... has heard the greeting that is a recording');
last_call_is(q{outcome || '|' || (ended_at IS NOT NULL)}, 'completed|true', '... and his call is over');

my $hours = as_tenant($node, 'va', $tenant, q{SELECT format('"business_hours_start": "%s", "business_hours_end": "%s", "timezone": "UTC"',
	to_char(voiceagent.clock() AT TIME ZONE 'UTC' + interval '2 hours', 'HH24:MI'), to_char(voiceagent.clock() AT TIME ZONE 'UTC' + interval '4 hours', 'HH24:MI'))});
number_says(qq({$hours, "after_hours_message": "$sounds/beep"}));
hears(call_in('12025550142'), 'answered, hung up', 'a caller outside of business hours');
is(played(), 'hello-world demo-echotest beep', '... hears that');

number_says('{"forward_to_number": "+12126001999"}');
hears(call_in('12025550142'), 'answered, hung up', 'or is put through, until the other hangs up');
last_call_is(q{concat_ws('|', answer, told, ended_at IS NOT NULL, outcome)}, 'forward|transfer|t|completed', '... and we hear of its end');
like(slurp_file("$dir/log/messages"), qr/Called Local\/12126001999\@people/, '... to the number that it is forwarded to');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.webhook_failures', 0, '... whose own call is none of ours');
number_says('{"forward_to_number": null, "after_hours_message": null}');
hears(call_in('12025550142'), 'refused 486', 'a number that is closed and has nothing to say is busy');
number_says('{"business_hours_start": null, "business_hours_end": null}');

# ---- refused ----

hears(call_in('12025550999'), 'refused 404', 'a number that nobody has is not there');
last_call_is(q{concat_ws('|', to_number, answer, told, ended_at IS NOT NULL)}, '+12025550999|reject|hangup|t', '... which is noted');
number_says('{"is_active": false}');
hears(call_in('12025550142'), 'refused 486', 'a number that is switched off is busy');
number_says('{"is_active": true}');

# A greeting of a minute.
append_to_file("$dir/silence.ulaw", "\xff" x 1440000);
number_says(qq({"greeting_message": "sound:$dir/silence"}));
my @held = map { call_in('12025550142') } 1 .. 2;
hears($_, 'answered', 'a line is taken') foreach @held;
hears(call_in('12025550142'), 'refused 486', 'who comes when all lines of the account are taken hears that');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.call_inbound WHERE ended_at IS NULL', 2, '... two go on');

# ---- we die, and they go on ----

$node->stop('immediate');
sleep 1;
is(told($_), 'answered', 'the server dies, and the call goes on') foreach @held;
$node->start;
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.call_inbound WHERE ended_at IS NULL', 2, '... and is still known', 180);
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', '... and heard again', 180);
sleep 1;
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.provider_requests e WHERE e.kind = 'say' AND EXISTS (SELECT FROM voiceagent.call_inbound i
	WHERE i.ended_at IS NULL AND i.provider_call_id = e.request_data ->> 'provider_call_id')}, 2, '... and told nothing twice');
system($script, 'cli', $tree, $dir, 'channel', 'request', 'hangup', 'all') == 0 or die;
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.call_inbound WHERE ended_at IS NULL', 0, '... its end is heard', 180);

my $gone = call_in('12025550142');
hears($gone, 'answered', 'another caller');
last_call_is('answered_at IS NOT NULL', 't', '... is known to be answered');
$node->stop('immediate');
system($script, 'cli', $tree, $dir, 'channel', 'request', 'hangup', 'all') == 0 or die;
hears($gone, 'answered, hung up', 'a call ends while the server is down');
$node->start;
last_call_is(q{concat_ws('|', ended_at IS NOT NULL, outcome)}, 't|completed', '... it is over when it comes back', 180);

# What he hears comes to its end meanwhile, of which nobody tells us any more.
append_to_file("$dir/pause.ulaw", "\xff" x 96000);
number_says(qq({"greeting_message": "sound:$dir/pause"}));
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', 'it is heard once more', 180);
my $paused = call_in('12025550142');
hears($paused, 'answered', 'a caller who is told little');
wait_for_sql($node, 'va', q{SELECT string_agg(state, '') FROM voiceagent.provider_requests WHERE kind = 'say' AND request_data ->> 'provider_call_id' =
	(SELECT provider_call_id FROM voiceagent.call_inbound ORDER BY call_id DESC LIMIT 1)}, 'done', '... is told it');
$node->stop('immediate');
sleep 13;
is(told($paused), 'answered', '... and waits in silence while the server is down');
$node->start;
hears($paused, 'answered, hung up', '... until it asks whether that is over', 180);

# A greeting that is longer than a call may be.
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('max_call_duration', '10 seconds')});
number_says(qq({"greeting_message": "sound:$dir/silence"}));
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', 'it is heard then', 180);
my $long = call_in('12025550142');
hears($long, 'answered', 'a caller');
my $answered_at = time;
hears($long, 'answered, hung up', '... is cut off by Asterisk itself at the longest duration');
cmp_ok(time - $answered_at, '<', 150, '... of ten seconds, not of the recording');
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('max_call_duration', '10 minutes')});

# Somebody comes while we are there and do not listen, and we never read of it.
my $outbound = $node->safe_psql('va', q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'voiceagent requests'});
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', 'it is heard again', 180);
my $calls = $node->safe_psql('va', 'SELECT count(*) FROM voiceagent.call_inbound');
number_says(qq({"greeting_message": "$sounds/beep"}));
# In the middle of nothing, holding nothing.
sleep 1;
kill 'STOP', $outbound;
my $lost = call_in('12025550142');
ok(wait_until(sub { `$script cli $tree $dir core show channels count` =~ /^1 active channel/m }), 'somebody calls while the worker stands still');
sleep 1;
is(told($lost), '', '... and waits');
$node->stop('immediate');
$node->start;
hears($lost, 'answered, hung up', '... until it has been started again');
is_sql($node, 'va', "SELECT count(*) - $calls FROM voiceagent.call_inbound", 1, '... he called once');
is_sql($node, 'va', q{SELECT string_agg(e.kind, ', ' ORDER BY e.provider_request_id) FROM voiceagent.provider_requests e WHERE e.request_data ->> 'provider_call_id' =
	(SELECT provider_call_id FROM voiceagent.call_inbound ORDER BY call_id DESC LIMIT 1)}, 'limit, answer, say, hangup', '... and was taken once');

# ---- Asterisk dies ----

number_says(qq({"greeting_message": "sound:$dir/silence"}));
my $cut = call_in('12025550142');
hears($cut, 'answered', 'a last caller');
last_call_is('answered_at IS NOT NULL', 't', '... is known to be answered');
system($script, 'stop', $dir, 'KILL');
ok(start_asterisk(), 'Asterisk is killed and starts again');
last_call_is(q{concat_ws('|', ended_at IS NOT NULL, outcome)}, 't|completed', '... his call is over, though it might last for ten minutes', 180);
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', '... and the account is well', 180);

# ---- another node listens to our application ----

my $other = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $ari) or die $!;
print $other "GET /ari/events?app=voiceagent HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n",
	'Sec-WebSocket-Key: ', encode_base64('0123456789abcdef', ''), "\r\nAuthorization: Basic ", encode_base64('voiceagent:secret-of-the-test', ''), "\r\n\r\n";
like(scalar <$other>, qr/ 101 /, 'another listener comes');
wait_for_sql($node, 'va', "SELECT trouble ~ 'another listener has taken over' FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 't',
	'... and the account rests', 180);
close $other;
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'PBX')");
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', '... until it is armed again', 180);

is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.webhook_failures}, 0, 'at the end: every event was of a call that is known');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.call_inbound WHERE ended_at IS NULL}, 0, '... every call is over');
is_sql($node, 'va', q{SELECT sum(credits) IS NULL FROM voiceagent.calls}, 't', '... nothing was charged');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.invariants()}, 0, '... invariants() is empty');
$node->stop;
done_testing();
