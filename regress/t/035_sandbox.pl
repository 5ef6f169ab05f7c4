# The embedded carrier, by HTTP: who may call, what it answers, its webhooks and their signatures, repetition until
# they are acknowledged, and that a killed carrier goes on with the calls it had taken.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256_hex);
use HTTP::Tiny;
use IO::Select;
use IO::Socket::INET;
use JSON::PP qw(decode_json encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults qw(build_carrier);

my $dir = PostgreSQL::Test::Utils::tempdir();
my $carrier = eval { build_carrier() };
ok(defined $carrier && -x $carrier, 'the carrier builds as a process of its own') or BAIL_OUT($@);

# ---- a listener: one line of JSON per request; answers with the status in the file "answer" ----

my $log = "$dir/webhooks";
my $answer = "$dir/answer";

sub answers
{
	my ($status) = @_;
	open(my $out, '>', "$answer.new") or die $!;
	print $out $status;
	close($out);
	rename("$answer.new", $answer) or die $!;
}

sub listen_for_ever
{
	my ($server) = @_;
	my $select = IO::Select->new($server);
	my %buffer;
	$SIG{PIPE} = 'IGNORE';
	while (1)
	{
		foreach my $socket ($select->can_read(1))
		{
			if ($socket == $server)
			{
				my $new = $server->accept or next;
				$select->add($new);
				$buffer{$new} = '';
				next;
			}
			if (!sysread($socket, $buffer{$socket}, 65536, length $buffer{$socket}))
			{
				$select->remove($socket);
				delete $buffer{$socket};
				close($socket);
				next;
			}
			while ($buffer{$socket} =~ /\A(.*?)\r\n\r\n/s)
			{
				my $head = $1;
				my ($length) = $head =~ /^content-length:\s*(\d+)/mi;
				last if length($buffer{$socket}) < length($head) + 4 + ($length // 0);
				my $body = substr($buffer{$socket}, length($head) + 4, $length // 0);
				substr($buffer{$socket}, 0, length($head) + 4 + ($length // 0), '');
				my %headers = map { lc $_->[0] => $_->[1] } map { [ split /:\s*/, $_, 2 ] } split /\r\n/, $head =~ s/\A[^\n]*\n//r;
				my $status = slurp_file($answer);
				open(my $out, '>>', $log) or die $!;
				print $out encode_json({headers => \%headers, body => $body, status => $status, path => (split / /, $head)[1]}), "\n";
				close($out);
				syswrite($socket, "HTTP/1.1 $status x\r\nContent-Length: 2\r\n\r\n{}");
			}
		}
	}
}

answers(200);
open(my $touch, '>', $log) or die $!;
close($touch);
my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 100) or die $!;
my $hook = 'http://127.0.0.1:' . $server->sockport . '/hook';
my $listener = fork();
if ($listener == 0)
{
	listen_for_ever($server);
	exit 0;
}
close($server);
END { kill 'KILL', $listener if $listener; }

# The webhooks of a call so far: [type, status, acknowledged or not, everything]
sub webhooks
{
	my ($id) = @_;
	my @found;
	foreach my $line (split /\n/, slurp_file($log))
	{
		my $one = eval { decode_json($line) } or next;
		my $message = decode_json($one->{body})->{message};
		next if $message->{call}{id} ne $id;
		push @found, {name => $message->{status} // $message->{type}, message => $message, acknowledged => $one->{status} == 200, %$one};
	}
	return @found;
}

sub names { return join(' ', map { $_->{name} } @_) }

sub wait_for
{
	my ($what, $name, $seconds) = @_;
	my $until = time + ($seconds // 60);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	while (time < $until)
	{
		return pass($name) if $what->();
		sleep 0.05;
	}
	return fail($name);
}

# ---- the server ----

my $node = new_node('main', restart_after_crash => 'on');
my $tenant = create_tenant($node, 'va', 'Sandbox One');
my $other = create_tenant($node, 'va', 'Sandbox Two');

sub account_of
{
	return $node->safe_psql('va', "SELECT min(provider_account_id) FROM voiceagent_private.endpoint_routes WHERE tenant_id = $_[0]");
}

# As the server makes it: an HMAC over the database, the purpose, the generation of the key, the end and whose it is.
my $audience = $node->safe_psql('va', 'SELECT voiceagent.token_audience()');
sub secret_of
{
	my ($of, $purpose) = @_;
	my $account = account_of($of);
	my $signed = join '', map { "$_\0" } 'voiceagent signature', $audience, 'sandbox', 'this start of the server', 0, "$of:$account:$purpose";
	my $secret = hmac_sha256_hex($signed, slurp_file($node->data_dir . '/voiceagent/sandbox.key'));
	return ($purpose eq 'api_key' ? "sandbox-$of-$account-" : '') . $secret;
}

my $port_query = q{SELECT coalesce(port, 0) FROM voiceagent_private.worker_status() WHERE kind = 'sandbox'};
wait_for(sub { $node->safe_psql('va', $port_query) > 0 }, 'the carrier listens');

my ($key, $other_key) = map { secret_of($_, 'api_key') } $tenant, $other;
my $webhook_secret = secret_of($tenant, 'webhook_secret');
my $http = HTTP::Tiny->new(timeout => 20);

# ask(METHOD, PATH, body or undef, key): the answer, with the JSON in it
sub ask
{
	my ($method, $path, $body, $with) = @_;
	my %headers;
	$headers{authorization} = 'Bearer ' . ($with // $key) unless defined $with && $with eq '';
	my $base = $path =~ /^http/ ? '' : 'http://127.0.0.1:' . $node->safe_psql('va', $port_query);
	my $answer = $http->request($method, "$base$path",
		{headers => \%headers, defined $body ? (content => ref $body ? encode_json($body) : $body) : ()});
	$answer->{json} = eval { decode_json($answer->{content}) };
	return $answer;
}

my $count = 0;

sub order
{
	my ($ending, %more) = @_;
	my $reference = $more{reference} // 'va-test-' . ++$count;
	return {
		name => $reference,
		customer => {number => "+1212555$ending", name => 'Ann Smith', externalId => $reference},
		assistant => {name => 'Robin', firstMessage => 'Hello {{first_name}}, this is Robin.', maxDurationSeconds => 600,
			server => {url => $hook}},
		assistantOverrides => {variableValues => {first_name => 'Ann'}, metadata => {attempt => $reference}},
	};
}

sub place
{
	my ($ending, %more) = @_;
	return ask('POST', '/call', order($ending, %more));
}

# ---- who may ----

is(ask('POST', '/call', order('0100'), '')->{status}, 401, 'no key');
is(ask('POST', '/call', order('0100'), $key =~ s/.$/$& eq '0' ? '1' : '0'/er)->{status}, 401, 'a key with another last digit');
is(ask('POST', '/call', order('0100'), $key =~ s/^sandbox-\d+/sandbox-$other/r)->{status}, 401, 'a key that names another tenant');
is(ask('GET', '/assistant?limit=1')->{status}, 200, 'a good key');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.sandbox_calls', 0, 'nothing was dialled');

# ---- a call ----

my $placed = place('0100');
is($placed->{status}, 201, 'a call is taken');
is($placed->{json}{status}, 'queued', '... and queued');
my $id = $placed->{json}{id};
wait_for(sub { webhooks($id) >= 4 }, 'its webhooks arrive');
my @hooks = webhooks($id);
is(names(@hooks), 'ringing in-progress ended end-of-call-report', '... in order');
is(scalar(grep { $_->{headers}{'x-signature'} eq hmac_sha256_hex("$_->{headers}{'x-timestamp'}.$_->{body}", $webhook_secret) } @hooks), 4,
	'... all signed with the account\'s secret');
ok(abs($hooks[0]{headers}{'x-timestamp'} - time) < 120, '... with the time of now');
my $report = $hooks[3]{message};
is($report->{call}{assistantOverrides}{metadata}{attempt}, 'va-test-4', '... with the reference of the attempt');
like($report->{artifact}{transcript}, qr/^AI: Hello Ann, this is Robin\./, 'the first message is spoken');
ok($report->{analysis}{structuredData}{appointment}{booked}, 'the lead books');
my $body = unpack('H*', $hooks[3]{body});
is_sql($node, 'va', qq{SELECT status, cause_class, duration_seconds BETWEEN 20 AND 600, cost > 0 AND cost_currency = 'USD', answered_at >= created_at
	FROM voiceagent.read_webhook('sandbox', NULL, decode('$body', 'hex'))}, 'completed|ok|t|t|t', 'the driver reads it, minutes long');
wait_for_sql($node, 'va', "SELECT done_at - created_at < interval '30 seconds' FROM voiceagent_private.sandbox_calls WHERE carrier_call_id = '$id'", 't',
	'it is over in no time');
my $fetched = ask('GET', "/call/$id");
is($fetched->{json}{status}, 'ended', 'a look-up finds it ended');
is($fetched->{json}{endedAt}, $report->{endedAt}, '... at the same time as the report says');
is(ask('GET', "/call/$id", undef, $other_key)->{status}, 404, 'another tenant\'s key does not find it');
is(scalar @{ask('GET', '/call', undef, $other_key)->{json}}, 0, '... nor in its list');
is(ask('GET', '/call/00000000-0000-4000-8000-000000000000')->{status}, 404, 'there is no other call');
is(ask('GET', '/call/' . ('x' x 36))->{status}, 404, '... nor one of a strange name');
is(ask('PATCH', "/call/$id", {name => 'x'})->{status}, 200, 'a new name is taken');

# ---- what is refused ----

is(ask('POST', '/call', 'not JSON')->{status}, 400, 'a body that is no JSON');
is(ask('POST', '/call', {})->{status}, 400, 'an order without a number');
is(ask('POST', '/call', {%{order('0100')}, customer => {number => '555'}})->{status}, 400, 'a number that is not E.164');
is(place('0110')->{status}, 400, '555-0110 is refused');
is(place('0111')->{status}, 429, '555-0111 is too many at first');
is(place('0111')->{status}, 201, '... and then taken');
is(place('0112')->{status}, 500, '555-0112 fails at first');
is(place('0112')->{status}, 201, '... and then is taken');

# ---- faults ----

my $silent = place('0113')->{json}{id};
my $shuffled = place('0114')->{json}{id};
my $lost = place('0117')->{json}{id};
is(place('0115', reference => 'dropped')->{status}, 599, '555-0115 drops the connection');
wait_for(sub { webhooks($shuffled) >= 8 }, '555-0114 sends everything twice');
is(names(webhooks($shuffled)), join(' ', ('end-of-call-report ended in-progress ringing') x 2), '... in the wrong order');
wait_for(sub { webhooks($lost) >= 2 }, '555-0117 begins');
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.sandbox_calls WHERE done_at IS NULL}, 0, 'all is over');
is(names(webhooks($lost)), 'ringing in-progress', '... and its end is lost');
is(names(webhooks($silent)), '', '555-0113 sends nothing');
is(ask('GET', "/call/$silent")->{json}{endedReason}, 'assistant-ended-call', '... but knows how it ended');
my ($dropped) = grep { $_->{name} eq 'dropped' } @{ask('GET', '/call?limit=1000&createdAtGe=2000-01-01T00%3A00%3A00.000Z')->{json}};
ok($dropped, 'the list finds the call whose answer was lost');
is(scalar @{ask('GET', '/call?createdAtGe=2190-01-01T00%3A00%3A00.000Z')->{json}}, 0, 'a list of the future is empty');
is(scalar @{ask('GET', '/call?limit=2')->{json}}, 2, 'a list has its limit');
is(ask('GET', '/call?createdAtGe=yesterday')->{status}, 400, '... and wants proper times');

my @busy = map { my $call = place('0118')->{json}{id}; wait_for(sub { names(webhooks($call)) =~ /report/ }, "555-0118, call $_"); $call } 1 .. 3;
is(join(' ', map { ask('GET', "/call/$_")->{json}{endedReason} } @busy), 'customer-busy customer-busy assistant-ended-call',
	'555-0118 is busy twice, then answers');

# The witness: a reference that is dialled twice shows.
place('0105', reference => 'twice');
place('0105', reference => 'twice');
is_sql($node, 'va', q{SELECT reference, max(accepted) FROM voiceagent_private.sandbox_calls GROUP BY 1 HAVING max(accepted) > 1}, 'twice|2',
	'a second dial of one reference is counted');

# ---- until they are acknowledged ----

answers(503);
my $repeated = place('0101')->{json}{id};
wait_for(sub { webhooks($repeated) >= 3 }, 'a webhook that is not acknowledged is repeated');
is(names(webhooks($repeated)) =~ s/(ringing ?)+//r, '', '... and what follows waits');
answers(200);
wait_for(sub { names(grep { $_->{acknowledged} } webhooks($repeated)) eq 'ringing in-progress ended end-of-call-report' }, '... until they all are');
my @bodies = map { $_->{body} } grep { $_->{name} eq 'ringing' } webhooks($repeated);
is(scalar(grep { $_ ne $bodies[0] } @bodies), 0, '... with the same bytes');

# ---- hanging up ----

as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '10')});
my $long = place('0116')->{json};
wait_for(sub { ask('GET', "/call/$long->{id}")->{json}{status} eq 'in-progress' }, 'a call is answered');
is(ask('POST', $long->{monitor}{controlUrl}, {type => 'say', content => 'x'}, '')->{status}, 200, 'its control URL takes words');
is(ask('POST', $long->{monitor}{controlUrl}, {type => 'end-call'}, '')->{status}, 200, '... and ends it');
wait_for(sub { names(webhooks($long->{id})) eq 'ringing in-progress ended end-of-call-report' }, 'the end is told');
is((webhooks($long->{id}))[3]{message}{endedReason}, 'manually-canceled', '... with its reason');
is(ask('GET', "/call/$long->{id}")->{json}{endedReason}, 'manually-canceled', 'and a look-up knows it');
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '3600')});

# ---- our own gateway, wherever it listens by now ----

my $token = $node->safe_psql('va', "SELECT token FROM voiceagent_private.endpoint_routes WHERE tenant_id = $tenant");
my $moved = order('0105', reference => 'moved');
$moved->{assistant}{server}{url} = "http://127.0.0.1:1/webhooks/$token";
is(ask('POST', '/call', $moved)->{status}, 201, 'a call for a gateway that has moved');
wait_for_sql($node, 'va', qq{SELECT count(*) FROM voiceagent.webhooks WHERE tenant_id = $tenant}, 3, '... finds it and is believed');

# ---- killed ----

answers(503);
my @pending = map { place($_)->{json}{id} } '0100', '0102', '0105', '0106', '0104';
wait_for(sub { my $n = grep { webhooks($_) } @pending; $n == 5 }, 'five calls cannot tell anybody');
my ($pid) = worker_pids($node, 'voiceagent sandbox%');
ok($pid && kill9($pid), 'the carrier is killed');
answers(200);
wait_for_sql($node, 'va', 'SELECT count(*) > 0 FROM (' . $port_query . ') s(port) WHERE port > 0', 't', 'it comes back');
foreach my $call (@pending)
{
	wait_for(sub { names(grep { $_->{acknowledged} } webhooks($call)) =~ /ringing.* ended end-of-call-report/ }, 'a call that it had taken goes on');
}
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.sandbox_calls WHERE done_at IS NULL', 0, 'nothing is left over');
is_sql($node, 'va', q{SELECT count(*), max(accepted) FROM voiceagent_private.sandbox_calls WHERE carrier_call_id IN ('} . join("','", @pending) . q{')},
	'5|1', 'nobody was dialled again');
is(place('0101')->{status}, 201, 'and it takes new calls');

# ---- idle ----

wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.sandbox_calls WHERE done_at IS NULL', 0, 'all quiet');
my $commits = q{SELECT commits FROM voiceagent_private.worker_status() WHERE kind = 'sandbox'};
stays($node, 'va', $commits, 0.5, 1, 'an idle carrier commits nothing');

# ---- forgotten ----

$node->safe_psql('va', q{UPDATE voiceagent_private.sandbox_calls SET created_at = created_at - interval '2 days' WHERE reference <> 'twice'});
$node->safe_psql('va', 'SELECT voiceagent_private.sandbox_delete(1000)');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.sandbox_calls', 2, 'old calls are forgotten');

# ---- the process of its own ----

my $witness = "$dir/witness";
my $alone = fork();
if ($alone == 0)
{
	exec($carrier, '--port-file', "$dir/port", '--witness', $witness, '--key', 'k', '--webhook-secret', 's') or die $!;
}
wait_for(sub { -s "$dir/port" }, 'a carrier alone listens');
my $alone_url = 'http://127.0.0.1:' . (slurp_file("$dir/port") =~ s/\n//r);
my $alone_call = ask('POST', "$alone_url/call", order('0100', reference => 'alone'), 'k');
is($alone_call->{status}, 201, '... and takes a call');
like(slurp_file($witness), qr/^\d+ alone \+12125550100 $alone_call->{json}{id} /m, '... and has noted it before');
wait_for(sub { webhooks($alone_call->{json}{id}) >= 4 }, '... and tells');
is((webhooks($alone_call->{json}{id}))[0]{headers}{'x-signature'},
	hmac_sha256_hex((webhooks($alone_call->{json}{id}))[0]{headers}{'x-timestamp'} . '.' . (webhooks($alone_call->{json}{id}))[0]{body}, 's'),
	'... and signs');
is(ask('GET', "$alone_url/call/$alone_call->{json}{id}", undef, 'k')->{json}{status}, 'ended', '... and knows it later');
kill 'TERM', $alone;
waitpid($alone, 0);
is($?, 0, '... and ends when told');

$node->stop('fast');
done_testing();
