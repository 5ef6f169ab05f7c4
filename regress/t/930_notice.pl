# Notices: what happens reaches a tenant's own server, signed, at least once, with an id that stays; whatever that
# server, or ours, does meanwhile.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256);
use IO::Select;
use POSIX ();
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

# ---- a receiver: writes down what comes (a line of JSON each), answers as the path says ----

my $outside = PostgreSQL::Test::Utils::tempdir;
my $log = "$outside/received";
my $mode_file = "$outside/mode";
my $listener = IO::Socket::INET->new(Listen => 100, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $receiver = fork // die;
if ($receiver == 0)
{
	receive();
	POSIX::_exit(0);
}
$listener->close;

END { kill 'KILL', $receiver if $receiver; }

# What the paths answer now: {"/path": "200"}; "slow" never answers.
sub answer_with
{
	my (%modes) = @_;
	append_to_file("$mode_file.new", encode_json(\%modes));
	rename "$mode_file.new", $mode_file or die;
	return;
}

sub receive
{
	my $select = IO::Select->new($listener);
	my %buffer;
	while (1)
	{
		foreach my $socket ($select->can_read(1))
		{
			if ($socket == $listener)
			{
				$select->add(scalar $listener->accept);
				next;
			}
			my $n = sysread $socket, my $chunk, 65536;
			if (!$n)
			{
				$select->remove($socket);
				delete $buffer{$socket};
				close $socket;
				next;
			}
			$buffer{$socket} .= $chunk;
			while ($buffer{$socket} =~ /^(.*?)\r\n\r\n/s)
			{
				my $head = $1;
				my ($length) = $head =~ /^content-length: (\d+)/mi;
				last if length($buffer{$socket}) < length($head) + 4 + $length;
				my $body = substr $buffer{$socket}, length($head) + 4, $length;
				substr($buffer{$socket}, 0, length($head) + 4 + $length) = '';
				my ($method, $path) = $head =~ /^(\S+) (\S+)/;
				my %headers;
				/^([^:]+): (.*?)\r?$/ and $headers{ lc $1 } = $2 foreach split /\n/, $head;
				my $modes = -e $mode_file ? decode_json(slurp_file($mode_file)) : {};
				my $mode = $modes->{$path} // 200;
				append_to_file($log, encode_json({ method => $method, path => $path, headers => \%headers, body => $body, at => time }) . "\n");
				next if $mode eq 'slow';
				my ($status, $extra) = split / /, $mode, 2;
				my $lines = "Content-Length: 0\r\n" . (defined $extra ? "$extra\r\n" : '');
				syswrite $socket, "HTTP/1.1 $status X\r\n$lines\r\n";
			}
		}
	}
}

sub received
{
	my ($path) = @_;
	return grep { !defined $path || $_->{path} eq $path } map { decode_json($_) } split /\n/, (-e $log ? slurp_file($log) : '');
}

sub wait_received
{
	my ($path, $count, $name) = @_;
	my $until = time + 30;
	sleep 0.05 while time < $until && received($path) < $count;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return cmp_ok(scalar received($path), '>=', $count, $name);
}

# The signature as the standard has it, computed here from nothing but the secret.
sub signature
{
	my ($secret, $got) = @_;
	my $signed = join '.', @{ $got->{headers} }{ 'webhook-id', 'webhook-timestamp' }, $got->{body};
	utf8::downgrade($signed);		# bytes, as they came
	return 'v1,' . encode_base64(hmac_sha256($signed, decode_base64($secret =~ s/^whsec_//r)), '');
}

# ---- the server ----

append_to_file("$outside/vault", '42' x 32);
chmod 0600, "$outside/vault";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$outside/vault", restart_after_crash => 'on');
$node->safe_psql('va', "SELECT voiceagent.set_setting('$_->[0]', '$_->[1]')")
  foreach [ 'allowed_private_hosts', "127.0.0.1:$port" ], [ 'notice_first_delay', '0.2 seconds' ], [ 'notice_max_delay', '0.4 seconds' ],
  [ 'notice_timeout', '1 second' ];
my $tenant = create_tenant($node, 'va', 'Notices', timezone => 'America/New_York');

# (id, secret) of a new target.
sub create_target
{
	my ($path, $kinds, $of) = @_;
	return split /\|/, as_tenant($node, 'va', $of // $tenant, "SELECT * FROM voiceagent.create_notice_target('http://127.0.0.1:$port$path', $kinds)");
}

sub test_notice
{
	my ($target, $of) = @_;
	return as_tenant($node, 'va', $of // $tenant, "SELECT voiceagent.test_notice($target)");
}

sub delivery_is
{
	my ($delivery, $columns, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return wait_for_sql($node, 'va', "SELECT $columns FROM voiceagent.notice_deliveries WHERE delivery_id = $delivery", $expected, $name, 30);
}

# ---- a campaign on the sandbox: calls, an appointment, the end ----

my ($main, $secret) = create_target('/main', 'NULL');
like($secret, qr/^whsec_[A-Za-z0-9+\/]{43}=$/, 'the secret has the form that the libraries take');
as_tenant($node, 'va', $tenant, q{
	SELECT voiceagent.set_setting('sandbox_time_scale', '36000');
	SELECT voiceagent.create_assistant('A', 'Hello {{first_name}}', 'Talk') AS assistant \gset
	SELECT voiceagent.add_lead('+12125550100', first_name := 'Zoë') AS one \gset
	SELECT voiceagent.add_lead('+12125550102', first_name := 'Ben') AS two \gset
	SELECT voiceagent.create_campaign('C', :assistant, settings := '{"call_interval": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}') AS campaign \gset
	SELECT voiceagent.add_leads(:campaign);
	SELECT voiceagent.start_campaign(:campaign)});
wait_received('/main', 4, 'two calls, an appointment and the end of the campaign are told');
sleep 0.5;
my @got = received('/main');
my @said = map { decode_json($_->{body}) } @got;
is(join(' ', sort map { $_->{type} } @said), 'appointment_booked call_finished call_finished campaign_stopped', '... each once');
is(scalar(grep { signature($secret, $_) eq $_->{headers}{'webhook-signature'} } @got), 4, '... signed so that an independent reader agrees');
is(scalar(grep { abs($_->{headers}{'webhook-timestamp'} - $_->{at}) < 60 } @got), 4, '... now');
is(scalar(grep { $got[$_]{headers}{'webhook-id'} eq $said[$_]{id} && $said[$_]{id} =~ /^msg_[0-9a-f]{32}$/ } 0 .. 3), 4, '... with its id outside and inside');
is(scalar(grep { $_->{version} == 1 && $_->{tenant_id} == $tenant && $_->{created_at} =~ /^\d{4}-\d\d-\d\dT.*\+00:00$/ } @said), 4, '... in version 1, of the tenant, in UTC');
my ($call) = grep { $_->{type} eq 'call_finished' && $_->{data}{outcome} eq 'scheduled' } @said;
is_as_tenant($node, 'va', $tenant, "SELECT c.phone, c.status, c.duration_seconds > 0, c.credits, c.summary IS NOT NULL FROM voiceagent.calls c WHERE c.call_id = $call->{data}{call_id}",
	join('|', $call->{data}{phone}, $call->{data}{status}, $call->{data}{duration_seconds} > 0 ? 't' : 'f', sprintf('%.6f', $call->{data}{credits}), defined $call->{data}{summary} ? 't' : 'f'),
	'a call is told as it is stored');
is($call->{data}{provider}, 'sandbox', '... and that it was the sandbox');
my ($appointment) = grep { $_->{type} eq 'appointment_booked' } @said;
is($appointment->{data}{status}, 'pending', 'an appointment is told');
is($appointment->{data}{call_id}, $call->{data}{call_id}, '... with its call');
my ($stopped) = grep { $_->{type} eq 'campaign_stopped' } @said;
is($stopped->{data}{event}, 'campaign_completed', 'the end of the campaign is told, and how it ended');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.confirm_appointment($appointment->{data}{appointment_id})");
wait_received('/main', 5, 'its confirmation is told');
is((map { decode_json($_->{body})->{data}{status} } received('/main'))[4], 'confirmed', '... as that');
is_sql($node, 'va', "SELECT count(*), count(DISTINCT message_id), min(tries), max(tries) FROM voiceagent.notice_deliveries WHERE tenant_id = $tenant AND status = 'delivered'", '5|5|1|1',
	'all are noted as delivered at the first try');

# ---- failures, and an id that stays ----

answer_with('/main' => '500');
my $delivery = test_notice($main);
delivery_is($delivery, 'status, last_status, last_error, tries > 1', 'pending|500|HTTP status 500|t', 'a target that fails is tried again');
answer_with();
delivery_is($delivery, 'status, last_status, last_error, done_at IS NULL', 'delivered|200||f', '... until it takes it');
my @tries = grep { decode_json($_->{body})->{type} eq 'test' } received('/main');
cmp_ok(scalar @tries, '>', 2, '... after several tries');
my %ids = map { $_->{headers}{'webhook-id'} => 1 } @tries;
my %bodies = map { $_->{body} => 1 } @tries;
is(join('|', scalar keys %ids, scalar keys %bodies), '1|1', '... with one id and the same bytes');

# ---- the worker dies with an answer in its hands ----

my ($once) = create_target('/once', q{ARRAY['balance_low']});
mkdir $node->data_dir . '/voiceagent';
append_to_file($node->data_dir . '/voiceagent/crash.once', '');
$node->safe_psql('postgres', q{ALTER SYSTEM SET voiceagent.crash_point = 'courier_before_record:once'});
$node->reload;
sleep 1;
$delivery = test_notice($once);
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.notice_deliveries WHERE delivery_id = $delivery", 'delivered', 'a worker that dies between sending and recording: it is sent again', 60);
my @twice = received('/once');
is(scalar @twice, 2, '... so it came twice');
is($twice[0]{headers}{'webhook-id'}, $twice[1]{headers}{'webhook-id'}, '... with the same id');
ok(!-e $node->data_dir . '/voiceagent/crash.once', '... and it did die');
$node->safe_psql('postgres', 'ALTER SYSTEM RESET voiceagent.crash_point');
$node->reload;

$node->stop;
done_testing();
