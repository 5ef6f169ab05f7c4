# Dials that a carrier has answered with an error, and of which it is then asked for a list: one that is in it was placed;
# what is not in it was not, if the list is one and each call in it can be read.  One list that names all calls of its time
# answers for all that were lost, so that a hundred of them do not wait for each other.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use POSIX 'strftime';
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $said = PostgreSQL::Test::Utils::tempdir() . '/said';
sub say_lists { unlink $said; append_to_file($said, $_[0]); return; }
say_lists('gone');

# Every dial fails; the first of each campaign was placed all the same.
my $n = 100;
my (%placed, %dialled);
my $port = fake_carrier(sub {
	my ($asked) = @_;
	my ($of, $rest) = $asked->{path} =~ m{^/(\w+)(/.*)};
	if ($asked->{method} eq 'POST')
	{
		$dialled{$of}++;
		my $order = decode_json($asked->{body});
		$placed{$of} //= {id => "theirs-$of", type => 'outboundPhoneCall', status => 'in-progress', createdAt => strftime('%Y-%m-%dT%H:%M:%S.000Z', gmtime),
			customer => $order->{customer}, metadata => $order->{assistantOverrides}{metadata} // $order->{assistant}{metadata}};
		return (500, {message => 'Oops'});
	}
	return (200, $placed{$of}) if $rest =~ m{^/call/};
	my $how = slurp_file($said);
	return (404, {message => 'Not here'}) if $how eq 'gone';
	return (200, [ 42 ]) if $how eq 'broken';
	# By another clock the call would be in the list of another time.
	return (200, [], 'Date: ' . strftime('%a, %d %b %Y %H:%M:%S GMT', gmtime(time + 4800)) . "\r\n") if $how eq 'ahead';
	return (200, [], 'Date: ' . strftime('%a, %d %b %Y %H:%M:%S GMT', gmtime(time - 600)) . "\r\n") if $how eq 'behind';
	# A long list takes its time (not while dials wait for this process).
	sleep 0.3 if $dialled{$of} == $n;
	return (200, [ $placed{$of} ]);
});
sub dials { my ($of) = @_; return scalar(my @dials = came('POST', qr{^/$of/call$})); }
sub lists { my ($of) = @_; return scalar(my @lists = came('GET', qr{^/$of/call\?})); }

my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 10000, 'voiceagent.http_max_in_flight' => 500);
my $tenant = create_tenant($node, 'va', 'Absent', credits => 10000);
real_settings($node, {port => $port}, tenant_max_concurrent_calls => 500, platform_max_concurrent_calls => 500, account_max_concurrent_calls => 1000,
	# Every dial fails here, and all of them have to leave before the first has.
	account_breaker_failure_rate => 0);
my %account = map { $_ => real_account($node, $tenant, {key => 'k', secret => 's', url => "http://127.0.0.1:$port/$_"}, name => $_) } 'few', 'many';
wait_workers($node, 'the workers run');
sub states { my ($of) = @_; return "SELECT string_agg(x.state || ' ' || x.n, ', ' ORDER BY x.state) FROM (SELECT a.state::text, count(*) AS n FROM voiceagent.attempts a
	WHERE a.provider_account_id = $account{$of} GROUP BY 1) x"; }

# ---- what is no list, and what cannot be read, says nothing ----

# Dials them all once, and whom it has to dial again not yet: until then nobody is known to be absent.
sub dial_once
{
	my ($of, $n) = @_;
	say_lists('gone');
	my $campaign = start_leads($node, $tenant, [ numbers($n) ], account => $account{$of}, settings => {max_concurrent_calls => 200});
	wait_until(sub { dials($of) == $n }) or die "not all of $of were dialled";
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.pause_campaign($campaign)");
	return;
}

dial_once('few', 3);
foreach my $how ('gone', 'broken', 'ahead', 'behind')
{
	say_lists($how);
	my $before = lists('few');
	ok(wait_until(sub { lists('few') >= $before + 6 }), "$how: lists are asked for") or diag(seen());
	is_sql($node, 'va', states('few'), 'unknown 3', '... and nobody is known to be absent');
	is_sql($node, 'va', "SELECT sum(misses), min(failed_lookups) > 0 FROM voiceagent_private.live_calls WHERE provider_account_id = $account{few}", '0|t', '... it counts as a question without an answer');
}
say_lists('well');
wait_for_sql($node, 'va', states('few'), 'accepted 1, not_placed 2', 'a list that can be read: one was placed, the others were not', 180);

# ---- one list for all ----

dial_once('many', $n);
say_lists('well');
# As when a worker starts: all are to be asked about now; the first list may come before the statement returns.
my $before = lists('many');
$node->safe_psql('va', "UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock(), lookups = 0 WHERE provider_account_id = $account{many}; SELECT voiceagent_private.poke('lookups')");
wait_for_sql($node, 'va', states('many'), 'accepted 1, not_placed ' . ($n - 1), "of $n, too", 180);
cmp_ok(lists('many') - $before, '>=', 3, 'what is absent was so in three lists');
cmp_ok(lists('many') - $before, '<', $n / 2, '... which were not read for each anew') or diag(lists('many') - $before);
is_sql($node, 'va', qq{SELECT count(*) FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
	WHERE a.provider_account_id = $account{many} AND a.state = 'not_placed' AND (c.outcome <> 'canceled' OR c.counts OR c.credits <> 0)}, 0, 'they cost nothing, and do not count');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
$node->stop;
done_testing();
