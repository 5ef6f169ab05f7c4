# Traces of calls, sent to an OpenTelemetry collector: each call that ended, whole, of its own tenant, in OTLP's JSON read strictly; whatever the
# collector answers, or a worker's death takes with it; nothing is sent without an endpoint, and a collector that hangs stops nobody.
use strict;
use warnings;

use B ();
use IO::Socket::INET;
use JSON::PP;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

# ---- a collector: keeps what comes, answers as the file says; below "slow" it does not answer ----

my $outside = PostgreSQL::Test::Utils::tempdir;
my ($log, $mode_file) = ("$outside/received", "$outside/mode");
my $listener = IO::Socket::INET->new(Listen => 100, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $collector = fork // die;
if ($collector == 0)
{
	local $SIG{CHLD} = 'IGNORE';
	while (1)
	{
		my $client = $listener->accept or next;
		next if fork;
		my $got = '';
		while ($got !~ /\r\n\r\n/) { sysread($client, $got, 65536, length $got) or POSIX::_exit(0) }
		my ($length) = $got =~ /\ncontent-length: (\d+)/i;
		my $from = index($got, "\r\n\r\n") + 4;
		while (length($got) < $from + $length) { sysread($client, $got, 65536, length $got) or POSIX::_exit(0) }
		my ($status, $more) = split / /, slurp_file($mode_file), 2;
		append_to_file($log, encode_json({status => $status, head => substr($got, 0, $from), body => substr($got, $from)}) . "\n");
		if ($status eq 'slow') { 1 while sysread($client, $got, 65536); POSIX::_exit(0); }
		syswrite($client, "HTTP/1.1 $status X\r\nContent-Type: application/json\r\nContent-Length: 2\r\n" . ($more ? "$more\r\n" : '') . "Connection: close\r\n\r\n{}");
		POSIX::_exit(0);
	}
}
$listener->close;
END { my $status = $?; kill 'KILL', $collector if $collector; $? = $status; }

sub answers { my ($mode) = @_; open(my $file, '>', "$mode_file.new") or die $!; print $file $mode; close $file; rename("$mode_file.new", $mode_file) or die $!; return; }
sub received { my ($status) = @_; return grep { !defined $status || $_->{status} eq $status } map { decode_json($_) } split /\n/, (-e $log ? slurp_file($log) : ''); }

# ---- OTLP's JSON, as the proto and its mapping have it: the first fault, or nothing ----

sub is_text { my ($value) = @_; return defined $value && !ref $value && B::svref_2object(\$value)->FLAGS & B::SVf_POK; }
sub is_number { my ($value) = @_; return defined $value && !ref $value && !(B::svref_2object(\$value)->FLAGS & B::SVf_POK); }

sub only
{
	my ($where, $object, %fields) = @_;
	return "$where is no object" if ref $object ne 'HASH';
	foreach my $name (sort keys %$object)
	{
		return "$where has $name" if !$fields{$name};
		my $bad = $fields{$name}->("$where.$name", $object->{$name});
		return $bad if $bad;
	}
	return '';
}
sub list { my ($of) = @_; return sub { my ($where, $value) = @_; return "$where is no list" if ref $value ne 'ARRAY'; foreach my $one (@$value) { my $bad = $of->($where, $one); return $bad if $bad; } return ''; }; }
sub text { my ($pattern) = @_; return sub { my ($where, $value) = @_; return is_text($value) && $value =~ $pattern ? '' : "$where: " . ($value // 'null'); }; }
sub enum { my ($most) = @_; return sub { my ($where, $value) = @_; return is_number($value) && $value =~ /^\d+$/ && $value <= $most ? '' : "$where: " . ($value // 'null'); }; }

my $value = sub
{
	my ($where, $given) = @_;
	return "$where: not one value" if ref $given ne 'HASH' || keys %$given != 1;
	return only($where, $given, stringValue => text(qr/^/), intValue => text(qr/^-?\d+$/), boolValue => sub { JSON::PP::is_bool($_[1]) ? '' : $_[0] }, doubleValue => sub { is_number($_[1]) ? '' : $_[0] });
};
my $attributes = list(sub { only(@_, key => text(qr/^[a-z][a-z_.]+$/), value => $value) });
my $time = text(qr/^[1-9]\d{18}$/);
my $span = sub
{
	return only(@_, traceId => text(qr/^(?!0+$)[0-9a-f]{32}$/), spanId => text(qr/^(?!0+$)[0-9a-f]{16}$/), parentSpanId => text(qr/^(?!0+$)[0-9a-f]{16}$/), name => text(qr/./),
		kind => enum(5), startTimeUnixNano => $time, endTimeUnixNano => $time, attributes => $attributes,
		events => list(sub { only(@_, name => text(qr/./), timeUnixNano => $time) }), status => sub { only(@_, code => enum(2), message => text(qr/^[A-Za-z0-9_. ]+$/)) });
};
my $scope = sub { only(@_, scope => sub { only(@_, name => text(qr/^voiceagent$/)) }, spans => list($span)) };
my $resource = sub { only(@_, resource => sub { only(@_, attributes => $attributes) }, scopeSpans => list($scope)) };
sub faults { my ($document) = @_; return only('request', $document, resourceSpans => list($resource)); }
sub attribute { my ($of, $key) = @_; my ($one) = grep { $_->{key} eq $key } @{$of->{attributes}}; return $one ? (values %{$one->{value}})[0] : undef; }

# What such requests say: of each call its tenant, trace id, spans by name, and in how many requests it was.
sub calls
{
	my %calls;
	foreach my $got (@_)
	{
		my $document = decode_json($got->{body});
		foreach my $of (@{$document->{resourceSpans}})
		{
			my $spans = $of->{scopeSpans}[0]{spans};
			foreach my $root (grep { !defined $_->{parentSpanId} } @$spans)
			{
				my $call = $calls{attribute($root, 'voiceagent.call.id')} //= {};
				my @mine = grep { $_->{traceId} eq $root->{traceId} } @$spans;
				$call->{sent}++;
				$call->{tenants}{attribute($of->{resource}, 'voiceagent.tenant.id')} = 1;
				$call->{traces}{$root->{traceId}} = 1;
				$call->{spans} = join ' ', sort map { $_->{name} =~ s/ .*//r } @mine;
				$call->{ids}{join ' ', sort map { "$_->{name} $_->{spanId}" } @mine} = 1;
			}
		}
	}
	return %calls;
}

# ---- off: nothing is written down, and nothing sent ----

answers('200');
my $node = new_node('main', restart_after_crash => 'on');
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 100000) } qw(one other);
wait_workers($node, 'the workers are up');
my $live = 'SELECT count(*) FROM voiceagent_private.live_calls';
my $ended = 'SELECT count(*) FROM voiceagent.calls WHERE outcome IS NOT NULL';
sub begin { my ($whose, $n) = @_; start_leads($node, $tenant{$whose}, [ numbers($n) ], settings => {retry_attempts => 0}); return; }
begin('one', 3);
wait_for_sql($node, 'va', $ended, 3, 'calls end without an endpoint', 180);
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.trace_queue', 0, '... and nothing waits to be sent');

# ---- a collector that cannot take them now, and then can ----

$node->append_conf('postgresql.conf', "voiceagent.trace_endpoint = 'http://127.0.0.1:$port/v1/traces'");
answers('503 Retry-After: 1');
$node->restart;
wait_workers($node, 'with an endpoint the workers are up');
my $n = $ENV{TRACES_CALLS} // 30;
begin($_, $n) foreach qw(one other);
wait_for_sql($node, 'va', 'SELECT count(*) >= 5 FROM voiceagent_private.trace_queue WHERE tries > 0', 't', 'a collector that answers 503', 180);
is(scalar(received('200')), 0, '... was sent nothing by the calls before');
answers('200');
my $done = 'SELECT count(*) FROM voiceagent_private.trace_queue';
my $all = 3 + 2 * $n;
# Workers die meanwhile: those who end calls, and the one who sends.
foreach my $kind (qw(requests applier dialer requests))
{
	my ($pid) = worker_pids($node, 'va', $kind);
	kill9($pid) if $pid;
	sleep 1;
}
wait_for_sql($node, 'va', $ended, $all, 'all calls end, whatever died', 300);
wait_for_sql($node, 'va', $done, 0, '... and all traces are taken', 300);
my @taken = received('200');
is(join(', ', grep { $_ } map { faults(decode_json($_->{body})) } received()), '', 'each request is OTLP in JSON, read strictly');
is(scalar(grep { $_->{head} !~ m{^POST /v1/traces HTTP/1\.1\r\n} || $_->{head} !~ m{\r\ncontent-type: application/json\r\n}i } received()), 0, '... posted as such');
my %calls = calls(@taken);
my %whose = map { split /\|/ } split /\n/, $node->safe_psql('va', "SELECT call_id, tenant_id FROM voiceagent.calls ORDER BY call_id OFFSET 3");
is(join(' ', sort { $a <=> $b } keys %calls), join(' ', sort { $a <=> $b } keys %whose), 'each call that ended since was taken, and no other');
is(scalar(grep { join(' ', keys %{$calls{$_}{tenants}}) ne $whose{$_} } keys %calls), 0, '... of its own tenant');
is(scalar(grep { $calls{$_}{spans} !~ /\bcall\b.*\bdial\b.*\bsettle_holds\b/ } keys %calls), 0, '... from claim to settlement');
my %ids = map { map { $_ => 1 } keys %{$_->{traces}} } values %calls;
is(scalar(keys %ids), scalar(keys %calls), '... with a trace of its own');
my %each = calls(received());
is(scalar(grep { keys %{$_->{traces}} != 1 } values %each), 0, '... the same in each request');
unlike(join('', map { $_->{body} } received()), qr/\+1\d{10}|Lead|Hello|"Ann|Acme/, 'no request has a name, a number or a word of people');

# ---- a request whose sender dies ----

my $first = (sort { $a <=> $b } keys %whose)[0];
mkdir $node->data_dir . '/voiceagent';
foreach my $at (qw(after_send before_record))
{
	my $before = received('200');
	crash_at($node, "traces_$at");
	as_tenant($node, 'va', $whose{$first}, "SELECT voiceagent_private.queue_traces(ARRAY[$first])");
	wait_for_sql($node, 'va', $done, 0, "$at: a process that dies has its request sent again", 120);
	ok(!-e crash_file($node, "traces_$at"), '... and it did die');
	my %again = calls((received('200'))[$before .. scalar(received('200')) - 1]);
	is(scalar(keys %{$again{$first}{ids}}), 1, '... with the same ids');
}

# ---- a collector that hangs, or refuses ----

answers('slow');
my $hung = received('slow');
begin('one', 4);
wait_for_sql($node, 'va', 'SELECT count(*) > 0 FROM voiceagent_private.trace_queue WHERE claimed', 't', 'a collector that hangs', 180);
begin('other', 4);
wait_for_sql($node, 'va', $ended, $all + 8, '... stops no call', 300);
cmp_ok(scalar(received('slow')), '>', $hung, '... and was asked');
is_sql($node, 'va', q{SELECT bool_and(state LIKE '% calls wait, 0 were dropped' AND queue_depth > 0) FROM voiceagent.status() WHERE component = 'traces'}, 't', '... which status() tells');
answers('400');
wait_for_sql($node, 'va', $done, 0, 'a collector that refuses is not asked again', 300);
is_sql($node, 'va', q{SELECT last_error LIKE '%400%' AND state = '0 calls wait, ' || (SELECT sum(dropped) FROM voiceagent_private.trace_drops) || ' were dropped' FROM voiceagent.status() WHERE component = 'traces'}, 't', '... and status() counts what was dropped, with the reason');
is_sql($node, 'va', "SELECT sum(dropped) FROM voiceagent_private.trace_drops", 8, '... each of them');
if (my $kept = $ENV{TRACES_KEPT}) { append_to_file($kept, join('', map { "$_->{body}\n" } @taken)); }
$node->stop('immediate');
done_testing();
