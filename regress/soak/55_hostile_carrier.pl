# Carriers that answer with everything but an answer: slow, endless, cut off, too long, packed, redirected, not HTTP at
# all.  Each dial ends as unknown or refused, as it must, nobody is dialled twice, other carriers' calls do not wait, and
# the worker is afterwards as it was before.
use strict;
use warnings;

use IO::Socket::INET;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;
use VoiceAgentSoak;

$SIG{PIPE} = 'IGNORE';
my $seed = seed();
my $each = rounds(short => 1, long => 5);
my $good_calls = long() ? 400 : 40;
# Long enough for a busy machine to answer what is answered at all.
my $timeout = 10;

# ---- the carrier: the first word of the path says how it answers, to dials and to lookups alike ----

my $json = '{"id": "11111111-2222-4333-8444-555555555555", "status": "queued"}';
my $created = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n";
my $endless = sub { my ($socket, $piece) = @_; my $until = time + 20; 1 while time < $until && syswrite($socket, $piece) };
my $drip = sub { my ($socket, $text) = @_; foreach my $byte (split //, $text) { syswrite($socket, $byte) or return; sleep 0.3 } };
my $bomb;	# 20 MB of zeros in 20 kB
# name => [what the attempt becomes, what is said of it, how it is answered]
my %hostile = (
	slow_head => [ 'unknown', qr/[Tt]ime/, sub { $drip->($_[0], "${created}Content-Length: 2\r\n\r\n{}" . 'x' x 100) } ],
	slow_body => [ 'unknown', qr/[Tt]ime/, sub { syswrite($_[0], "${created}Content-Length: 100\r\n\r\n"); $drip->($_[0], $json . ' ' x 100) } ],
	silent => [ 'unknown', qr/[Tt]ime/, sub { sleep 20 } ],
	endless_body => [ 'unknown', qr/too large/, sub { syswrite($_[0], "$created\r\n"); $endless->($_[0], ' ' x 65536) } ],
	endless_chunks => [ 'unknown', qr/too large/, sub { syswrite($_[0], "${created}Transfer-Encoding: chunked\r\n\r\n"); $endless->($_[0], "8000\r\n" . ' ' x 32768 . "\r\n") } ],
	bad_chunks => [ 'unknown', qr/./, sub { syswrite($_[0], "${created}Transfer-Encoding: chunked\r\n\r\nzz\r\n$json\r\n0\r\n\r\n") } ],
	length_too_long => [ 'unknown', qr/./, sub { syswrite($_[0], "${created}Content-Length: 1000\r\n\r\n$json") } ],
	length_too_short => [ 'unknown', qr/./, sub { syswrite($_[0], "${created}Content-Length: 10\r\n\r\n$json") } ],
	length_huge => [ 'unknown', qr/./, sub { syswrite($_[0], "${created}Content-Length: 9223372036854775807\r\n\r\n$json") } ],
	length_negative => [ 'unknown', qr/./, sub { syswrite($_[0], "${created}Content-Length: -1\r\n\r\n") } ],
	# In the words of ours or, later than 8.5, of libcurl.
	long_header => [ 'unknown', qr/a header of the answer is too long|data field grew larger than allowed/, sub { syswrite($_[0], $created . 'X: ' . 'y' x 110_000 . "\r\nContent-Length: " . length($json) . "\r\n\r\n$json") } ],
	many_headers => [ 'unknown', qr/too large/, sub { syswrite($_[0], $created . join('', map { "X$_: yyyyyyyyyyyyyyyyyyyyy\r\n" } 1 .. 3000) . "\r\n") } ],
	continues => [ 'unknown', qr/too large/, sub { $endless->($_[0], "HTTP/1.1 100 Continue\r\n\r\n" x 1000) } ],
	early_hints => [ 'unknown', qr/too large/, sub { $endless->($_[0], "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" x 1000) } ],
	closes => [ 'unknown', qr/./, sub { } ],
	resets => [ 'unknown', qr/./, sub { setsockopt($_[0], SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) } ],
	cut_head => [ 'unknown', qr/./, sub { syswrite($_[0], "HTTP/1.1 201 Cre") } ],
	garbage_line => [ 'unknown', qr/./, sub { syswrite($_[0], "FOO BAR BAZ\r\n\r\n$json") } ],
	odd_version => [ 'unknown', qr/./, sub { syswrite($_[0], "HTTP/9.9 201 Created\r\n\r\n$json") } ],
	http09 => [ 'unknown', qr/./, sub { syswrite($_[0], $json) } ],
	binary => [ 'unknown', qr/./, sub { syswrite($_[0], join '', map { chr int rand 256 } 1 .. 5000) } ],
	status_zero => [ 'unknown', qr/./, sub { syswrite($_[0], "HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n") } ],
	status_999 => [ 'unknown', qr/./, sub { syswrite($_[0], "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n") } ],
	no_content => [ 'unknown', qr/./, sub { syswrite($_[0], "HTTP/1.1 204 No Content\r\n\r\n") } ],
	switches => [ 'unknown', qr/./, sub { syswrite($_[0], "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n") } ],
	zip_bomb => [ 'unknown', qr/./, sub { syswrite($_[0], "${created}Content-Encoding: gzip\r\nContent-Length: " . length($bomb) . "\r\n\r\n$bomb") } ],
	deep_json => [ 'unknown', qr/./, sub { my $deep = '[' x 200_000; syswrite($_[0], "${created}Content-Length: " . length($deep) . "\r\n\r\n$deep") } ],
	wide_json => [ 'unknown', qr/./, sub { my $wide = '{"id": ' . '1,"id":' x 50_000 . '1}'; syswrite($_[0], "${created}Content-Length: " . length($wide) . "\r\n\r\n$wide") } ],
	long_id => [ 'unknown', qr/./, sub { my $long = '{"id": "' . 'x' x 10_000 . '"}'; syswrite($_[0], "${created}Content-Length: " . length($long) . "\r\n\r\n$long") } ],
	zero_id => [ 'unknown', qr/./, sub { my $zero = '{"id": "a\\u0000b"}'; syswrite($_[0], "${created}Content-Length: " . length($zero) . "\r\n\r\n$zero") } ],
	error_500 => [ 'unknown', qr/./, sub { syswrite($_[0], "HTTP/1.1 500 Oops\r\nContent-Length: 3\r\n\r\nno\xff") } ],
	long_error => [ 'refused', qr/http-400/, sub { syswrite($_[0], "HTTP/1.1 400 Bad\r\nContent-Length: 500000\r\n\r\n" . "\xc3" x 500_000) } ],
	# Where the answer is certain: nothing was placed.
	redirect => [ 'refused', qr/./, sub { syswrite($_[0], "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:" . $_[0]->sockport . "/stolen/call\r\nContent-Length: 0\r\n\r\n") } ],
	redirect_private => [ 'refused', qr/./, sub { syswrite($_[0], "HTTP/1.1 308 Elsewhere\r\nLocation: http://169.254.169.254/latest/meta-data\r\nContent-Length: 0\r\n\r\n") } ],
	redirect_file => [ 'refused', qr/./, sub { syswrite($_[0], "HTTP/1.1 302 Elsewhere\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n") } ],
);
my $dir = PostgreSQL::Test::Utils::tempdir();
{
	my $zeros = '';
	IPC::Run::run([ 'gzip', '-9' ], '<', \('0' x 20_000_000), '>', \$bomb) or die 'gzip';
}
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1000, ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
append_to_file("$dir/dials", '');
my $server = fork();
if ($server == 0)
{
	$SIG{CHLD} = 'IGNORE';
	while (1)
	{
		my $socket = $listener->accept or next;
		next if fork();
		# Gone with the test, whatever becomes of the one that accepts.
		alarm 25;
		close $listener;
		my $text = '';
		while ($text !~ /\r\n\r\n/) { sysread($socket, $text, 65536, length $text) or last }
		my ($length) = $text =~ /^content-length:\s*(\d+)/mi;
		while (length($text) < index($text, "\r\n\r\n") + 4 + ($length // 0)) { sysread($socket, $text, 65536, length $text) or last }
		my ($method, $name) = $text =~ m{^(\w+) /(\w+)};
		open(my $dials, '>>', "$dir/dials");
		syswrite($dials, "$method $name\n");
		$hostile{$name}[2]->($socket) if $hostile{$name // ''};
		close $socket;
		require POSIX;
		POSIX::_exit(0);
	}
}
END { my $status = $?; kill 'KILL', $server if $server; $? = $status; }

my $carrier = start_carrier(seed => $seed % 1000);
my $node = new_real_node('main', log_statement => 'none', 'voiceagent.http_timeout_ms' => int(1000 * $timeout), 'voiceagent.http_max_in_flight' => 500, 'voiceagent.http_max_response_kb' => 256);
my $tenant = create_tenant($node, 'va', 'Hostile', credits => 100000);
my $polite = create_tenant($node, 'va', 'Polite', credits => 100000);
real_settings($node, [ $carrier, {port => $port} ], send_lease => '15 seconds', tenant_max_concurrent_calls => 2000, platform_max_concurrent_calls => 5000, account_max_concurrent_calls => 1000);
# One that is told to speak TLS to what does not.
$hostile{no_tls} = [ 'refused', qr/./, undef ];
my @names = sort keys %hostile;
my $list = join ',', @names;
my $numbers = join ',', numbers($each * @names);
my $zone = VoiceAgentFaults::awake_zone();
# An account, a campaign and its leads for each of them.
as_tenant($node, 'va', $tenant, qq[
	DO \$do\$
	DECLARE
		v_assistant bigint := voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.');
		v_names text[] := string_to_array('$list', ',');
		v_numbers text[] := string_to_array('$numbers', ',');
		v_account bigint;
		v_campaign bigint;
	BEGIN
		FOR i IN 1 .. cardinality(v_names) LOOP
			v_account := voiceagent.create_provider_account('vapi', v_names[i], '{"api_key": "k", "webhook_secret": "s"}',
				jsonb_build_object('phone_number_id', 'p1', 'max_concurrent_calls', 1000,
					'base_url', CASE v_names[i] WHEN 'no_tls' THEN 'https' ELSE 'http' END || '://127.0.0.1:$port/' || v_names[i]));
			v_campaign := voiceagent.create_campaign(v_names[i], v_assistant, settings => jsonb_build_object('provider_account_id', v_account, 'call_interval', 0,
				'breaker_failure_rate', 0, 'max_concurrent_calls', 500, 'retry_attempts', 0, 'caller_name', 'Acme', 'caller_phone', '+1 800 555 0100', 'call_subject', 'roofs',
				'calling_hours', '{"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}'::jsonb));
			PERFORM voiceagent.record_consent(voiceagent.add_lead(phone => v_numbers[n], first_name => 'Lead', timezone => '$zone', region => 'US-DC',
				campaign_id => v_campaign), 'call', 'test') FROM generate_series((i - 1) * $each + 1, i * $each) n;
		END LOOP;
	END \$do\$]);
$node->safe_psql('va', "SELECT voiceagent.arm(provider_account_id, name) FROM voiceagent.provider_accounts WHERE tenant_id = $tenant AND provider = 'vapi'");
my $good = real_account($node, $polite, $carrier);
wait_workers($node, 'the workers run');
# The process that dials reads what they answer.
my ($worker) = worker_pids($node, 'voiceagent dialer', 'va');
my $workers = join ' ', worker_pids($node, 'voiceagent dialer', 'va'), worker_pids($node, 'voiceagent requests', 'va');
my $first = start_leads($node, $polite, [ numbers(5) ], account => $good);
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $first", 'completed', 'a carrier that does as it should');
my $memory_before = memory_kb($worker);
my $sockets_before = open_sockets($worker);

# ---- all of them at once, and a carrier that is well beside them ----

as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.confirm_campaign(campaign_id, name), voiceagent.start_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = $tenant});
my $beside = start_leads($node, $polite, [ numbers($good_calls) ], account => $good, settings => {max_concurrent_calls => 500});
wait_for_sql($node, 'va', "SELECT count(DISTINCT c.lead_id) FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) WHERE c.campaign_id = $beside AND a.state = 'accepted'", $good_calls,
	'the dials of a carrier that is well', 180);
my $p99 = $node->safe_psql('va', "SELECT percentile_disc(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM a.answered_at - a.created_at)) FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) WHERE c.campaign_id = $beside");
cmp_ok($p99, '<', $timeout, sprintf('... are answered while the others stall (p99 %.0f ms)', 1000 * $p99));
figure(name => 'a dial beside hostile carriers, p99', value => sprintf('%.0f', 1000 * $p99), unit => 'ms', goal => '<= 1000', count => $good_calls);
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.attempts WHERE state = 'sending'}, 0, 'every request ends', 180);
# (Who was refused may have been dialled once more since.)
my %became = map { my ($name, @rest) = split /\|/, $_, 4; $name => \@rest } split /\n/, $node->safe_psql('va', qq{
	SELECT g.name, string_agg(DISTINCT CASE WHEN a.state IN ('unknown', 'not_placed') THEN 'unknown' ELSE a.state END, ','), count(DISTINCT c.lead_id), coalesce(min(a.error), '')
	FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) JOIN voiceagent.campaigns g USING (tenant_id, campaign_id) WHERE g.tenant_id = $tenant AND a.state <> 'sending' GROUP BY 1});
foreach my $name (@names)
{
	my ($state, $said) = @{$hostile{$name}};
	my ($states, $leads, $error) = @{$became{$name} // [ '', 0, '' ]};
	is("$states $leads", "$state $each", "$name: $error");
	like($error, $said, '... and why');
}
my %dials;
$dials{$_}++ foreach split /\n/, slurp_file("$dir/dials");
is_deeply({map { $_ => $dials{"POST $_"} // 0 } grep { $hostile{$_}[0] eq 'unknown' } keys %hostile}, {map { $_ => $each } grep { $hostile{$_}[0] eq 'unknown' } keys %hostile},
	'whoever may have placed a call is not asked to place it again');
is($dials{'POST stolen'} // 0, 0, 'no redirect is followed');
is(join(' ', worker_pids($node, 'voiceagent dialer', 'va'), worker_pids($node, 'voiceagent requests', 'va')), $workers, 'they are the same workers as at the beginning');
ok(wait_until(sub { return ($dials{'GET closes'} // 0) > 0 || slurp_file("$dir/dials") =~ /^GET closes$/m }), 'what is unknown is asked about') or diag(join ' ', %dials);
my $grown = memory_kb($worker) - $memory_before;
cmp_ok($grown, '<=', 65536, "the worker's own memory stays bounded ($grown kB more)");
figure(name => 'memory of the dialler after hostile answers', value => int($grown / 1024), unit => 'MB more', goal => '<= 64');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE campaign_id = $beside", 'completed', 'the campaign of the carrier that is well completes');
well($node, 'after all that', carrier => $carrier);
as_tenant($node, 'va', $tenant, 'SELECT voiceagent.stop_campaign(campaign_id) FROM voiceagent.campaigns WHERE tenant_id = ' . $tenant . q{ AND status NOT IN ('completed', 'stopped', 'draft')});
$node->stop('fast');
done_testing();
