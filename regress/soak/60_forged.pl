# Webhooks that are forged, stale, truncated, changed in a bit, meant for another endpoint or another tenant, or sent once
# more: none is accepted, no row changes, each is counted, and the server's log does not grow with them.  A hundred thousand in the long form.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;
use VoiceAgentSoak;

$SIG{PIPE} = 'IGNORE';
my $seed = seed();
my $wanted = rounds(short => 4000, long => 100_000);
my $carrier = start_carrier('no-webhooks' => undef);
my $node = new_real_node('main', log_statement => 'none');
real_settings($node, $carrier);
my ($port) = $node->safe_psql('postgres', 'SHOW voiceagent.public_base_url') =~ /(\d+)$/;

# ---- three endpoints: two of one tenant, one of another; each with secrets and calls of its own ----

my @endpoints;	# {secret, token, tenant}
my ($tenant, $other) = map { create_tenant($node, 'va', $_, credits => 1000) } 'Forged', 'Foreign';
foreach my $of ([ $tenant, 'One' ], [ $tenant, 'Two' ], [ $other, 'Three' ])
{
	my ($owner, $name) = @$of;
	my $secret = "the webhook secret of $name";
	my $account = as_tenant($node, 'va', $owner, qq{SELECT voiceagent.create_provider_account('vapi', '$name',
		'{"api_key": "$carrier->{key}", "webhook_secret": "$secret"}', '{"phone_number_id": "p1", "base_url": "$carrier->{url}"}')});
	$node->safe_psql('va', "SELECT voiceagent.arm($account, '$name')");
	push @endpoints, {secret => $secret, tenant => $owner, account => $account,
		token => $node->safe_psql('va', "SELECT token FROM voiceagent_private.endpoint_routes WHERE provider_account_id = $account")};
}
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'the accounts are armed');
start_leads($node, $_->{tenant}, [ numbers(2) ], account => $_->{account}, settings => {max_call_duration => '1 hour'}) foreach @endpoints;
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.attempts WHERE state = 'accepted' AND provider_call_id IS NOT NULL}, 6, 'six calls are live');
foreach my $endpoint (@endpoints)
{
	$endpoint->{calls} = [ map { [ split /\|/ ] } split /\n/,
		$node->safe_psql('va', "SELECT provider_call_id, reference FROM voiceagent.attempts WHERE provider_account_id = $endpoint->{account} ORDER BY 1") ];
}
# Nobody asks the carrier meanwhile: what changes, changes by webhooks.
stop_carrier($carrier);

my $serial = int(time * 1000);

# What would end a call and charge it, if it were believed.
sub report
{
	my ($endpoint) = @_;
	my ($id, $reference) = @{pick(@{$endpoint->{calls}})};
	return encode_json({message => {type => 'end-of-call-report', timestamp => ++$serial, endedReason => 'customer-ended-call', startedAt => '2026-11-20T15:09:00Z',
		endedAt => '2026-11-20T15:10:00Z', cost => 0.05, analysis => {summary => 'They talked.', successEvaluation => 'true', structuredData => {interest => 'high'}},
		call => {id => $id, name => $reference, assistantOverrides => {metadata => {attempt => $reference}}}}});
}

sub flip
{
	my ($text) = @_;
	my $at = between(0, length($text) - 1);
	substr($text, $at, 1) = chr(ord(substr($text, $at, 1)) ^ (1 << between(0, 6)));
	return $text;
}

sub post
{
	my ($endpoint, $body, %headers) = @_;
	return request_text('POST', '/webhooks/' . (ref $endpoint ? $endpoint->{token} : $endpoint), $body, %headers);
}

sub random_text { my ($length) = @_; return join '', map { pick('a' .. 'z', 'A' .. 'Z', 0 .. 9, '-', '_') } 1 .. $length }

# Genuine ones, which came before everything else.
my @genuine;
foreach my $endpoint (@endpoints)
{
	my ($id, $reference) = @{$endpoint->{calls}[0]};
	my $body = encode_json({message => {type => 'status-update', status => 'ringing', timestamp => ++$serial,
		call => {id => $id, name => $reference, assistantOverrides => {metadata => {attempt => $reference}}}}});
	push @genuine, [ $endpoint, $body ];
	is(send_raw($port, post($endpoint, $body, signed($body, $endpoint->{secret})))->{status}, 200, 'a genuine one is taken');
}
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... and applied');

# kind -> [the answer to it, a request of it].  Bodies and times are such that only what is named is wrong.
my %kinds = (
	'no signature' => [ 401, sub { my $e = pick(@endpoints); post($e, report($e)) } ],
	'a random signature' => [ 401, sub { my $e = pick(@endpoints); post($e, report($e), 'x-timestamp' => int(time), 'x-signature' => join('', map { sprintf '%x', between(0, 15) } 1 .. 64)) } ],
	'an empty signature' => [ 401, sub { my $e = pick(@endpoints); post($e, report($e), 'x-timestamp' => int(time), 'x-signature' => '') } ],
	'a guessed secret' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); post($e, $b, signed($b, pick('', 'secret', "$e->{secret} ", $e->{token}))) } ],
	'the secret of another account' => [ 401, sub { my $b = report($endpoints[0]); post($endpoints[0], $b, signed($b, $endpoints[1]{secret})) } ],
	'the secret of another tenant' => [ 401, sub { my $b = report($endpoints[0]); post($endpoints[0], $b, signed($b, $endpoints[2]{secret})) } ],
	'genuine at another endpoint' => [ 401, sub { my $b = report($endpoints[1]); post($endpoints[0], $b, signed($b, $endpoints[1]{secret})) } ],
	"genuine at another tenant's endpoint" => [ 401, sub { my $b = report($endpoints[2]); post($endpoints[1], $b, signed($b, $endpoints[2]{secret})) } ],
	'stale' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); post($e, $b, signed($b, $e->{secret}, int(time) - between(301, 1_000_000))) } ],
	'from the future' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); post($e, $b, signed($b, $e->{secret}, int(time) + between(400, 1_000_000))) } ],
	'a bit of the body' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); post($e, flip($b), signed($b, $e->{secret})) } ],
	'a digit of the signature' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); my %s = signed($b, $e->{secret});
		substr($s{'x-signature'}, between(0, 63), 1) =~ tr/0-9a-f/1-9a-f0/; post($e, $b, %s) } ],
	'another timestamp' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); my %s = signed($b, $e->{secret}); $s{'x-timestamp'} -= between(1, 200); post($e, $b, %s) } ],
	'a timestamp that is none' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); post($e, $b, signed($b, $e->{secret}, pick('', 'now', '-1', '1e9', '99999999999999999999', '0x65', int(time) . '.5', ' '))) } ],
	'a truncated body' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); post($e, substr($b, 0, between(0, length($b) - 1)), signed($b, $e->{secret})) } ],
	'a truncated signature' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); my %s = signed($b, $e->{secret}); $s{'x-signature'} = substr($s{'x-signature'}, 0, between(1, 63)); post($e, $b, %s) } ],
	'more behind the body' => [ 401, sub { my $e = pick(@endpoints); my $b = report($e); post($e, $b . pick(' ', "\n", "\0", '{}'), signed($b, $e->{secret})) } ],
	'an endpoint of nobody' => [ 404, sub { my $e = pick(@endpoints); my $b = report($e); post(random_text(43), $b, signed($b, $e->{secret})) } ],
	'a digit of the endpoint' => [ 404, sub { my $e = pick(@endpoints); my $b = report($e); my $t = $e->{token}; substr($t, between(0, 42), 1) = '~'; post($t, $b, signed($b, $e->{secret})) } ],
	'an endpoint of any text' => [ 404, sub { my $e = pick(@endpoints); my $b = report($e); post(random_text(between(1, 200)) . pick('', "'", '%00', '/', '..', '%27--'), $b, signed($b, $e->{secret})) } ],
	# Within its time a copy of a genuine one cannot be told from the carrier's own repetition: it is acknowledged, and nothing follows.
	'replayed' => [ 200, sub { my ($e, $b) = @{pick(@genuine)}; post($e, $b, signed($b, $e->{secret})) } ],
);

my $state = sub {
	my $tables = $node->safe_psql('va', q{SELECT string_agg(c.oid::regclass::text, ' ' ORDER BY 1) FROM pg_class c
		WHERE c.relkind = 'r' AND NOT c.relispartition AND c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)});
	# How far the keeper has counted calls, and looked for old rows, moves on by the clock; what was refused is noted at its endpoint.
	return join("\n", grep { !/^voiceagent_private\.(?:figure_marks|retention_marks|endpoint_routes) / } split /\n/, table_sums($node, 'va')) . "\n" . join("\n", split(/\n/, $node->safe_psql('va', q{SELECT count(*), sum(hashtextextended(w::text, 0)) FROM voiceagent.webhooks w;
		SELECT count(*), sum(hashtextextended(e::text, 0)) FROM voiceagent.events e; SELECT count(*) FROM voiceagent_private.inbox; SELECT sum(hashtextextended(l::text, 0)) FROM voiceagent_private.live_calls l;
		SELECT sum(hashtextextended((to_jsonb(r) - '{refused_at,refused_peer,refused_why}'::text[])::text, 0)) FROM voiceagent_private.endpoint_routes r})));
};
my $counted = sub { return {split /[|\n]/, $node->safe_psql('va', q{SELECT label, value FROM voiceagent_private.counters() WHERE metric = 'webhooks'})} };
my $before = $state->();
my $counts_before = $counted->();
my $pid = gateway_pid($node);
my $memory_before = memory_kb($pid);
my $log_before = -s $node->logfile;
my $cpu_before = cpu_seconds($pid);
my $began = time;
my @names = sort keys %kinds;
my %sent = map { $_ => 0 } @names;
my %answers;
my $left = $wanted;
while ($left > 0 && time_left())
{
	my $some = $left < 10000 ? $left : 10000;
	restart_choices($left);
	my @plan = map { pick(@names) } 1 .. $some;
	$sent{$_}++ foreach @plan;
	my $counts = crowds(2, sub {
		my ($number) = @_;
		my @mine = @plan[ grep { $_ % 2 == $number } 0 .. $#plan ];
		restart_choices($left, $number);
		my %kind_of;
		return (port => $port, connections => 32, next => sub {
				my $kind = shift @mine // return undef;
				my $text = $kinds{$kind}[1]->();
				$kind_of{$text} = $kind;
				return $text;
			},
			done => sub {
				my ($status, undef, $text) = @_;
				my $kind = $kind_of{$text};
				print STDERR "# $kind: answered $status\n" if $status ne $kinds{$kind}[0];
			});
	});
	$answers{$_} += $counts->{$_} foreach keys %$counts;
	$left -= $some;
}
my $total = 0;
$total += $_ foreach values %sent;
my $seconds = time - $began;
my %expected;
$expected{$kinds{$_}[0]} += $sent{$_} foreach @names;
is_deeply(\%answers, \%expected, "$total webhooks that must not be believed, of " . scalar(@names) . ' kinds: each is answered as it should be');
is_same($state->(), $before, '... no row of any table has changed');
my $counts = $counted->();
is($counts->{refused} - $counts_before->{refused}, $expected{401}, '... all that were refused are counted');
is($counts->{unknown_endpoint} - $counts_before->{unknown_endpoint}, $expected{404}, '... and those for nobody');
is($counts->{failed}, $counts_before->{failed}, '... none failed');
is(gateway_pid($node), $pid, '... by one and the same gateway');
# The first refusal is told at once, whatever it was; the next ones a minute later.
my $told = qr/The last forged or stale one came from 127\.0\.0\.1 for endpoint \d+: \S+/;
wait_until(sub { substr(slurp_file($node->logfile), $log_before) =~ $told }, 180);
my $log = substr(slurp_file($node->logfile), $log_before);
my @lines = grep { /gateway refused requests/ } split /\n/, $log;
cmp_ok(scalar @lines, '<=', 1 + int($seconds / 60) + 1, '... the log has a line a minute about it');
cmp_ok(length $log, '<=', 4000 * (1 + $seconds / 60), '... and grows by no more');
my $said = 0;
$said += /(\d+) forged or stale, (\d+) for unknown/ ? $1 + $2 : 0 foreach @lines;
cmp_ok($said, '>', 0, '... which counts them');
like($log, $told, '... and says why the last of them was refused');
unlike($log, qr/the webhook secret of|x-signature/, '... without a secret');
# Before the genuine reports that follow: the gateway raises their calls itself, and the functions that end a call take some
# 7,000 kB when they are first used (PL/pgSQL functions and plans, which are kept).  The forged ones fill the memory of
# endpoints, unknown ones included, which has a bound.
my $grown = memory_kb($pid) - $memory_before;
cmp_ok($grown, '<=', 4096, "the gateway's own memory has not grown with them ($grown kB)");
# The last word: what is genuine is still taken.
foreach my $endpoint (@endpoints)
{
	my $body = report($endpoint);
	is(send_raw($port, post($endpoint, $body, signed($body, $endpoint->{secret})))->{status}, 200, 'afterwards a genuine one is taken');
}
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.calls WHERE status = 'completed'}, 3, '... with its effect');
well($node, 'after all that');
figure(name => 'forged, stale, truncated, misdirected, replayed webhooks: accepted', value => ($answers{200} // 0) - ($expected{200} // 0), unit => 'webhooks', goal => '= 0', count => $total);
figure(name => '... CPU of the gateway for each', value => sprintf('%.0f', (cpu_seconds($pid) - $cpu_before) * 1e6 / $total), unit => 'us', count => $total);
$node->stop('fast');
done_testing();
