# Calls whose end was told us, but not applied yet: their carrier is not asked about them, however far behind the applier is.
# It is asked about those of which nothing was told, in their time, and once nothing waits any more about all that are live.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;
use VoiceAgentPeer;

# Says of every call that it goes on; takes calls, but keeps every fourth answer for itself.
my $n = 12;
my $taken = 0;
my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (200, []) if $asked->{path} =~ m{\?};
	return (200, {id => $1, type => 'outboundPhoneCall', status => 'in-progress'}) if $asked->{path} =~ m{^/call/(.+)};
	return ++$taken % 4 ? (201, {id => "theirs-$taken", status => 'queued'}) : (200, 'what?');
});
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Told', credits => 1000);
# A list is read for what is lost, in which it is not: that it was not placed is to take longer than this test.
real_settings($node, {port => $port}, lookup_interval => '1 second', lookup_limit => 100, account_breaker_failure_rate => 0);
my $account = real_account($node, $tenant, {key => 'k', secret => 's', url => "http://127.0.0.1:$port"});
wait_workers($node, 'the workers run');
my ($webhooks, $path) = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)") =~ m{:(\d+)(/.*)};
start_leads($node, $tenant, [ numbers($n) ], account => $account, settings => {max_call_duration => '1 hour', retry_attempts => 0});
wait_for_sql($node, 'va', q{SELECT count(*) FILTER (WHERE state = 'accepted'), count(*) FILTER (WHERE state = 'unknown') FROM voiceagent.attempts}, '9|3', 'calls are live, and of some the answer was lost');
my %reference = split /[|\n]/, $node->safe_psql('va', q{SELECT reference, coalesce(provider_call_id, '') FROM voiceagent.attempts ORDER BY provider_call_id IS NULL, attempt_id});
my @known = sort { $a cmp $b } grep { $reference{$_} ne '' } keys %reference;
my @lost = sort { $a cmp $b } grep { $reference{$_} eq '' } keys %reference;

# The carrier tells the end of a call, by our reference, or, where it echoes none, by its own id.
sub tell_end
{
	my ($id, $reference) = @_;
	my %call = (id => $id, defined $reference ? (name => $reference, assistantOverrides => {metadata => {attempt => $reference}}) : ());
	my $body = encode_json({message => {type => 'end-of-call-report', endedReason => 'customer-ended-call', timestamp => int(time * 1000),
		startedAt => '2026-11-20T15:09:00Z', endedAt => '2026-11-20T15:10:00Z', call => \%call}});
	return send_raw($webhooks, request_text('POST', $path, $body, signed($body, 's')))->{status};
}

# All leases end now: of which of the known ids the carrier is asked then, and whether for lists; these are expected.
sub asked_when_leases_end
{
	my ($expected) = @_;
	my $before = () = came('GET', qr{.});
	my %ids = map { $reference{$_} => 1 } @known;
	my $asked = sub {
		my @came = came('GET', qr{.});
		my %asked = map { m{^/call/([^?]+)} ? ($ids{$1} ? ($1 => 1) : ()) : ('lists' => 1) } map { $_->{path} } @came[$before .. $#came];
		return join(' ', sort keys %asked);
	};
	$node->safe_psql('va', "UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock(), lookups = 0; SELECT voiceagent_private.poke('lookups')");
	wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.live_calls WHERE lease_until <= voiceagent.clock()', 0, 'every lease was looked after');
	is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.live_calls WHERE lookups > 0', scalar(split / /, $expected), '... with a question for each that is to be asked about');
	wait_until(sub { $asked->() eq $expected }, $expected eq '' ? 0.5 : 60);
	return $asked->();
}

# Somebody changes many of the tenant's leads, and takes his time: nothing of it is applied meanwhile.
my $holder = $node->background_psql('va');
$holder->query_safe("BEGIN; DO 'BEGIN PERFORM voiceagent_private.set_tenant($tenant); PERFORM voiceagent_private.lock_tenant(true); END'");
my ($told_by_reference, $told_by_id, @untold) = @known;
is(tell_end($reference{$told_by_reference}, $told_by_reference), 200, 'an end is told by our reference');
is(tell_end($reference{$told_by_id}), 200, '... one by the id of the carrier');
is(tell_end("theirs-late-$_", $_), 200, '... and that of a call of which we do not know the id') foreach @lost;
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 2 + @lost, '... all of which wait');
my $expected = join(' ', sort map { $reference{$_} } @untold);
is(asked_when_leases_end($expected), $expected, 'the carrier is asked about those alone whose end was not told, and for no list');

is(tell_end($reference{$_}, $_), 200, 'the rest is told') foreach @untold;
is(asked_when_leases_end(''), '', '... and nothing is asked any more');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.live_calls', $n, '... though all of them are live');
$holder->query_safe('COMMIT');
$holder->quit;
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.live_calls', 0, 'when it is applied, all of them have ended');
is_sql($node, 'va', q{SELECT count(*), min(status), max(status) FROM voiceagent.calls}, "$n|completed|completed", '... as was told');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
$node->stop;
done_testing();
