# Campaigns through a real Asterisk: whoever answers hears a recording, and every other end has its outcome; who hangs
# up, restarts or dies, on either side, loses no call and repeats none.  First with people in Asterisk's own dialplan,
# then over SIP with sipp as the telephone network.
#
# VOICEAGENT_ASTERISK is the root that `asterisk build` has made.
use strict;
use warnings;

use File::Copy;
use HTTP::Tiny;
use JSON::PP qw(decode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $tree = $ENV{VOICEAGENT_ASTERISK} or die 'VOICEAGENT_ASTERISK is not set';
my $script = 'regress/asterisk/asterisk';
my $dir = PostgreSQL::Test::Utils::tempdir_short();
my ($ari, $sip, $peer, $media) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 4;
my $url = "http://127.0.0.1:$ari/ari";
my $hello = "sound:$tree/usr/share/asterisk/sounds/en_US_f_Allison/hello-world";
my $asked = HTTP::Tiny->new(timeout => 10);

sub start_asterisk
{
	return system($script, 'start', $tree, $dir, $ari, $sip, $peer) == 0;
}

sub ari
{
	my ($method, $path, $auth) = @_;
	my $reply = $asked->request($method, "http://" . ($auth // 'voiceagent:secret-of-the-test') . "\@127.0.0.1:$ari/ari$path");
	return wantarray ? ($reply->{status}, $reply->{content}) : $reply->{status};
}

# Calls that Asterisk has seen since it started, as it counts them itself.
sub calls_seen
{
	return `$script cli $tree $dir core show channels count` =~ /^(\d+) calls? processed/m ? $1 : -1;
}

my $sipp;

END
{
	my $status = $?;
	kill 'KILL', $sipp if $sipp;
	system($script, 'stop', $dir, 'KILL') if -e "$dir/pid";
	$? = $status;
}

ok(start_asterisk(), 'Asterisk starts') or BAIL_OUT(slurp_file("$dir/console.log"));
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Acme', credits => 100000);
wait_workers($node, 'the workers are up');
real_settings($node, {port => $ari});

sub account
{
	my ($name, %of) = @_;
	my $settings = JSON::PP->new->canonical->encode({base_url => $url, endpoint => $of{endpoint}, app => $of{app},
		exists $of{media} && !defined $of{media} ? () : (media => $of{media} // $hello), max_concurrent_calls => 50, caller_id => '+12025550100'});
	my $password = $of{password} // 'secret-of-the-test';
	return as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('asterisk', '$name',
		'{"username": "voiceagent", "password": "$password"}', '$settings')});
}

sub arm
{
	my ($account, $name) = @_;
	$node->safe_psql('va', "SELECT voiceagent.arm($account, '$name')");
	return wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well',
		"$name: its events are heard", 180);
}

# ---- is it there? ----

sub check_account
{
	my ($account) = @_;
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.test_provider_account($account)");
	my $result = "SELECT test_result, test_message FROM voiceagent.provider_accounts WHERE provider_account_id = $account AND tested_at IS NOT NULL";
	wait_until(sub { $node->safe_psql('va', $result) ne '' }, 180);
	return $node->safe_psql('va', $result);
}

my $people = account('People', endpoint => 'Local/{digits}@people', app => 'people');
like(check_account($people), qr/^ok\|Asterisk \d+/, 'an account is tested before it is armed');
like(check_account(account('Stranger', endpoint => 'Local/{digits}@people', app => 'stranger', password => 'wrong-password')),
	qr/^failed\|.*(Authentication required|http-401)/i, '... a wrong password is told');
# Its trunk is asked for its state.
wait_until(sub { (ari('GET', '/endpoints/PJSIP/silent'))[1] =~ /"offline"/ }, 60);
foreach (['silent', qr/^failed\|.*its trunk PJSIP\/silent is offline: no call goes through it/], ['nowhere', qr/^failed\|.*has no trunk PJSIP\/nowhere/],
	['trunk', qr/^ok\|Asterisk, trunk PJSIP\/trunk: online/])
{
	my ($name, $says) = @$_;
	like(check_account(account("By $name", endpoint => "PJSIP/{number}\@$name", app => "by-$name")), $says, "... a trunk's state is told: $name");
}
arm($people, 'People');

# ---- every end of a call ----

my @numbers = map { "+1212600$_" } qw(1100 1101 1486 1480 1404 1603 1503 1999);

sub outcomes
{
	my ($campaign) = @_;
	return $node->safe_psql('va', qq{SELECT right(l.phone, 3), c.status, c.cause_class, c.cause, CASE WHEN c.duration_seconds > 0 THEN 'talked' ELSE '' END,
		CASE WHEN c.credits > 0 THEN 'charged' ELSE '' END
		FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE c.campaign_id = $campaign ORDER BY 1});
}

my $campaign = start_leads($node, $tenant, \@numbers, account => $people, settings => {retry_attempts => 0, ring_timeout => '5 seconds', max_call_duration => '30 seconds'});
wait_completed($node, 'a campaign with people who are busy, away, not there, or answer, ends');
is(outcomes($campaign), join("\n",
	'100|completed|ok|q850-16|talked|charged', '101|completed|ok|q850-16|talked|charged', '404|failed|bad_number|q850-1||',
	'480|no_answer|no_answer|q850-19 unheard||', '486|busy|busy|q850-17||', '503|failed|retry|q850-0||', '603|busy|busy|q850-21||',
	'999|completed|ok|q850-16|talked|charged'), '... and each call has its outcome');
is_sql($node, 'va', q{SELECT string_agg(kind || ' ' || state, ', ' ORDER BY provider_request_id) FROM voiceagent.provider_requests WHERE call_id IN
	(SELECT call_id FROM voiceagent.calls JOIN voiceagent.leads USING (tenant_id, lead_id) WHERE leads.phone = '+12126001100')}, 'record done, say done, record done, hangup done',
	'who answers hears the recording, and then we hang up');
# ---- both sides are recorded, when the campaign wants it ----

my $recorded = q{SELECT recording_url FROM voiceagent.calls JOIN voiceagent.leads USING (tenant_id, lead_id) WHERE leads.phone = '%s'};
wait_for_sql($node, 'va', q{SELECT c.recording_url = 'recording:' || a.reference FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id)
	JOIN voiceagent.leads l ON l.tenant_id = c.tenant_id AND l.lead_id = c.lead_id WHERE l.phone = '+12126001100'}, 't', 'a call that was recorded names its recording', 180);
my ($name) = $node->safe_psql('va', sprintf($recorded, '+12126001100')) =~ /^recording:(.*)/;
my ($status, $sound) = ari('GET', "/recordings/stored/$name/file");
ok($status == 200 && $sound =~ /^RIFF/, '... which Asterisk has');
cmp_ok(length $sound, '>', 8000, '... and something is to be heard in it');
isnt($sound =~ tr/\0//, length $sound, '... that is not silence');
is_sql($node, 'va', sprintf($recorded, '+12126001486'), '', 'a call that nobody answered has none');
start_leads($node, $tenant, ['+12126009100'], account => $people, settings => {retry_attempts => 0, record_calls => JSON::PP::false});
wait_completed($node, 'a campaign that wants no recording');
is_sql($node, 'va', sprintf($recorded, '+12126009100'), '', '... has none');
is_sql($node, 'va', q{SELECT string_agg(kind || ' ' || state, ', ' ORDER BY provider_request_id) FROM voiceagent.provider_requests WHERE call_id IN
	(SELECT call_id FROM voiceagent.calls JOIN voiceagent.leads USING (tenant_id, lead_id) WHERE leads.phone = '+12126009100')}, 'say done, hangup done',
	'... and asks for none');

is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.webhook_failures}, 0, 'every event was of a call of ours');
is_sql($node, 'va', qq{SELECT count(*) FROM voiceagent.attempts WHERE reference <> provider_call_id}, 0, 'our reference is the id of the channel');

# ---- the same dial twice ----

my $ref = 'va-test-twice';
is(ari('POST', "/channels/$ref?endpoint=Local/12126001777\@people&app=people&timeout=20"), 200, 'a call with our id');
is(ari('POST', "/channels/$ref?endpoint=Local/12126001777\@people&app=people&timeout=20"), 409, '... is not placed twice');
is(ari('DELETE', "/channels/$ref"), 204, '... and is ended');

# ---- we die, and it goes on ----

# Three minutes of silence.
append_to_file("$dir/silence.ulaw", "\xff" x 1440000);
my $long = account('Long', endpoint => 'Local/{digits}@people', app => 'long', media => "sound:$dir/silence");
arm($long, 'Long');

sub live_call
{
	my ($number, %of) = @_;
	my $id = start_leads($node, $tenant, [$number], account => $long, settings => {retry_attempts => 0, max_call_duration => '5 minutes', %{$of{settings} // {}}});
	wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE campaign_id = $id", 'in_progress', $of{name}, 180);
	return ($id, $node->safe_psql('va', "SELECT reference FROM voiceagent.attempts JOIN voiceagent.calls USING (tenant_id, call_id) WHERE campaign_id = $id"));
}

my $seen = calls_seen();
my ($id, $channel) = live_call('+12126001777', name => 'a call goes on');
$node->stop('immediate');
is(ari('GET', "/channels/$channel"), 200, 'the server dies, and the call goes on');
$node->start;
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.live_calls WHERE state = 'accepted' AND lookups >= 0", 1, '... it is still known');
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $long", 'well', '... and heard again', 180);
sleep 1;
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.provider_requests JOIN voiceagent.calls USING (tenant_id, call_id) WHERE campaign_id = $id AND kind = 'say'", 1,
	'... and is not told again what it was told');
is(ari('DELETE', "/channels/$channel?reason=normal"), 204, 'it is hung up');
wait_for_sql($node, 'va', "SELECT status || ' ' || cause_class FROM voiceagent.calls WHERE campaign_id = $id", 'completed ok', '... which is heard', 180);

# A lead that was lost would be called again in a second.
($id, $channel) = live_call('+12126002777', name => 'another call goes on', settings => {retry_attempts => 1});
$node->stop('immediate');
is(ari('DELETE', "/channels/$channel?reason=normal"), 204, 'a call ends while the server is down');
$node->start;
wait_for_sql($node, 'va', "SELECT outcome IS NOT NULL FROM voiceagent.calls WHERE campaign_id = $id", 't', '... it is over when it comes back', 180);
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $id", 'completed', '... and so is its campaign', 180);
is(calls_seen() - $seen, 2, 'nobody was dialled twice');

# ---- Asterisk dies ----

($id, $channel) = live_call('+12126003777', name => 'a third call goes on');
system($script, 'stop', $dir, 'KILL');
wait_for_sql($node, 'va', "SELECT trouble ~ 'cannot be heard' FROM voiceagent.provider_accounts WHERE provider_account_id = $long", 't', 'Asterisk dies: its account rests', 180);
my $waiting = start_leads($node, $tenant, ['+12126004999'], account => $long, settings => {retry_attempts => 0});
ok(start_asterisk(), 'it starts again');
wait_for_sql($node, 'va', "SELECT concat_ws('|', status, cause_class, cause, coalesce(credits, 0)::integer) FROM voiceagent.calls WHERE campaign_id = $id",
	'failed|unresolved|unresolved|0', '... the call is over, and nobody can tell how', 180);
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE campaign_id = $waiting", 'completed', '... who waited meanwhile is called', 180);
is(calls_seen(), 1, '... and nobody else');

# ---- a live call does as it is told ----

($id, $channel) = live_call('+12126008777', name => 'a fourth call goes on');
my $call = $node->safe_psql('va', "SELECT call_id FROM voiceagent.calls WHERE campaign_id = $id");
as_tenant($node, 'va', $tenant, "SELECT voiceagent.send_digits($call, '12w#')");
as_tenant($node, 'va', $tenant, "SELECT voiceagent.play_in_call($call, 'sound:beep')");
wait_for_sql($node, 'va', "SELECT string_agg(kind || ' ' || state, ', ' ORDER BY provider_request_id) FROM voiceagent.provider_requests WHERE call_id = $call AND kind <> 'record'",
	'say done, send_dtmf done, play done', 'it sends keys and plays', 180);
as_tenant($node, 'va', $tenant, "SELECT voiceagent.hang_up_call($call)");
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE call_id = $call", 'completed', '... and is hung up', 180);

# ---- it ends a call by itself ----

my $began = time;
($id, $channel) = live_call('+12126005777', name => 'a call with a limit', settings => {ring_timeout => '5 seconds', max_call_duration => '10 seconds'});
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE campaign_id = $id", 'completed', '... is ended at its limit', 180);
# Ringing has its time, too, and the law its shortest; who answered would stay for five minutes, and hear three.
cmp_ok(time - $began, '<', 170, '... by Asterisk');

# ---- nothing to say ----

my $mute = account('Mute', endpoint => 'Local/{digits}@people', app => 'mute', media => undef);
arm($mute, 'Mute');
$campaign = start_leads($node, $tenant, ['+12126006777'], account => $mute, settings => {retry_attempts => 0, max_call_duration => '5 minutes'});
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.calls WHERE campaign_id = $campaign", 'completed', 'a call that cannot be spoken to is ended', 180)
	or diag($node->safe_psql('va', "SELECT cause, cause_class FROM voiceagent.calls WHERE campaign_id = $campaign"));
is_sql($node, 'va', "SELECT error ~ 'speaks no text' FROM voiceagent.provider_requests JOIN voiceagent.calls USING (tenant_id, call_id) WHERE campaign_id = $campaign AND kind = 'say'", 't',
	'... and why stands in the provider request');

# ---- the account that campaigns take by themselves ----

as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('default_provider', 'asterisk')});
$campaign = start_leads($node, $tenant, ['+12126007486'], start => 0);
is_sql($node, 'va', "SELECT provider_account_id = $people FROM voiceagent.campaigns WHERE campaign_id = $campaign", 't', 'a campaign that names no account takes the first');

# ---- over SIP ----

copy('regress/asterisk/network.xml', "$dir/network.xml") or die $!;
$sipp = fork() // die $!;
if (!$sipp)
{
	open(STDOUT, '>', "$dir/sipp.out");
	open(STDERR, '>&', \*STDOUT);
	exec($script, 'sipp', $tree, '-sf', "$dir/network.xml", '-i', '127.0.0.1', '-p', $peer, '-mp', $media, '-nostdin') or die $!;
}
my $trunk = account('Trunk', endpoint => 'PJSIP/{number}@trunk', app => 'trunk');
arm($trunk, 'Trunk');
$campaign = start_leads($node, $tenant, [ map { "+1212601$_" } qw(1100 1486 1480 1404 1603 1503) ], account => $trunk,
	settings => {retry_attempts => 0, ring_timeout => '5 seconds', max_call_duration => '30 seconds'});
wait_completed($node, 'a campaign over SIP ends');
is(outcomes($campaign), join("\n",
	'100|completed|ok|q850-16|talked|charged', '404|failed|bad_number|q850-1 sip-404||', '480|no_answer|no_answer|q850-19 sip-480||',
	'486|busy|busy|q850-17 sip-486||', '503|failed|retry|q850-34 sip-503||', '603|busy|busy|q850-21 sip-603||'),
	'... and each call has its outcome');
my $refused = start_leads($node, $tenant, ['+12126011403'], account => $trunk, settings => {retry_attempts => 0});
wait_for_sql($node, 'va', "SELECT cause_class FROM voiceagent.calls WHERE campaign_id = $refused LIMIT 1", 'account', 'a trunk that refuses us is the account\'s trouble', 180);
# What becomes of numbers that moved, of a circle in the network, of a nuisance; of an account that is not paid; of a trunk that says nothing.
foreach my $of ([ 'Elsewhere', [ qw(1301 1302 1483 1608) ], "301|failed|bad_number|q850-16 sip-301||\n302|failed|refused|q850-23 sip-302||\n483|failed|retry|q850-19 sip-483||\n608|failed|refused|q850-127 sip-608||" ],
	[ 'Unpaid', ['1402'], '402|failed|account|q850-127 sip-402||' ], [ 'Dead', ['1000'], '000|failed|account|q850-19 sip-480 unheard||' ])
{
	my ($name, $kinds, $comes) = @$of;
	my $account = account($name, endpoint => 'PJSIP/{number}@trunk', app => lc $name);
	arm($account, $name);
	my $calls = start_leads($node, $tenant, [ map { "+1212602$_" } @$kinds ], account => $account, settings => {retry_attempts => 0, ring_timeout => '5 seconds'});
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $calls AND outcome IS NOT NULL", scalar(@$kinds), "$name: each call has ended", 180);
	is(outcomes($calls), $comes, '... and each has its outcome');
}

is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.invariants()}, 0, 'at the end: invariants() is empty');
$node->stop;
done_testing();
