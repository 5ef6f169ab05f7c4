# Many that listen to one tenant: the database is asked once for all that wait at the same cursor, each of whom is still who its
# token says; people's requests go before such questions.
use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use JSON::PP qw(decode_json encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
my ($port) = $url =~ /:(\d+)$/;
my ($one, $two) = map { create_tenant($node, 'va', $_, credits => 1000) } 'One', 'Two';
my %member = members($node, $one, qw(owner agent viewer));
$member{helper} = $node->safe_psql('va', "SELECT voiceagent.create_member($one, 'helper\@example.com', '$console_password', 'agent')");
$node->safe_psql('va', "SELECT voiceagent.create_member($two, 'other\@example.com', '$console_password', 'owner')");
my %token = map { $_ => login($node, "$_\@example.com") } keys %member, 'other';

my $asked = q{SELECT sum(commits) FROM voiceagent_private.worker_status() WHERE kind ~ '^api'};
sub listen_for
{
	my ($token, $after, $more) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 30) or die "connect: $!";
	print $socket "GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer $token\r\n", $more // '', defined $after ? "Last-Event-ID: $after\r\n" : '', "\r\n";
	return $socket;
}
sub heard { my ($socket) = @_; local $/; return IO::Select->new($socket)->can_read(60) ? scalar(<$socket>) // '' : '' }
sub count_of { return $node->safe_psql('va', $asked) }
# Until the processes api have come to rest, also where sixty sockets take their time.
sub settled { my ($before, $now) = (-1, count_of()); ($before, $now) = ($now, (sleep(3), count_of())[1]) while $before != $now; return $now }
sub cursor_of { my ($text) = @_; return ($text =~ /.*^id: (\d+)$/ms)[0] }
sub happens { my ($tenant) = @_; as_tenant($node, 'va', $tenant, q{SELECT voiceagent_private.log_event('noted')}); return }

# ---- once for all ----

my $cursor = cursor_of(heard(listen_for($token{owner})));
heard(listen_for($token{$_})) foreach keys %member;
my @waiting = map { my $name = $_; map { listen_for($token{$name}, $cursor) } 1 .. 20 } sort keys %member;
my $before = settled();
is(settled(), $before, 'while nothing happens nobody is asked');
happens($one);
my %heard;
$heard{ cursor_of($_) // 'nothing' }++ foreach map { heard($_) } @waiting;
is(join(' ', values %heard), 80, 'eighty that listen are told the same');
cmp_ok(settled() - $before, '<=', 6, '... for which the database was asked once for each role, not eighty times');
($cursor) = keys %heard;
$before = settled();
# The one that has waited longest asks for all.
my @names = (qw(owner viewer agent helper)) x 5;
@waiting = map { listen_for($token{$_}, $cursor) } @names;
settled();
is(count_of(), $before, '... and not at all when they come again');
happens($two);
is(settled() - $before, 0, 'what happens to another tenant is not asked for them');

# ---- one that may no more ----

rpc($url, $token{owner}, 'update_member', { member_id => $member{helper}, active => JSON::PP::false });
$before = time;
my %status;
foreach my $i (grep { $names[$_] eq 'helper' } 0 .. $#names) { $status{ heard($waiting[$i]) =~ m{^HTTP/1.1 (\d+)} ? $1 : 'none' }++ }
is(join(' ', map { "$_ $status{$_}" } sort keys %status), '401 5', 'a member that is put off hears no more');
cmp_ok(time - $before, '<', 5, '... within five seconds');
happens($one);
%status = ();
foreach my $i (grep { $names[$_] ne 'helper' } 0 .. $#names) { my $text = heard($waiting[$i]); $status{ $text =~ m{^HTTP/1.1 (\d+)} ? "$1 " . ($text =~ /"noted"/ ? 'told' : 'not told') : 'none' }++ }
is(join(', ', map { "$_ $status{$_}" } sort keys %status), '200 told 15', '... which stops none of the others');
like(heard(listen_for($token{helper}, $cursor)), qr{^HTTP/1.1 403 }, '... and does not come in again');
rpc($url, $token{viewer}, 'end_sessions');
like(heard(listen_for($token{viewer}, $cursor)), qr{^HTTP/1.1 401 }, 'a session that was ended hears nothing');

# ---- what the one is told is not told the other ----

my ($zoned, $plain, $behind) = (listen_for($token{owner}, $cursor, "Prefer: timezone=Asia/Tokyo\r\n"), listen_for($token{owner}, $cursor), listen_for($token{other}, 1));
like(heard($zoned), qr/\+09:00"/, 'a listener is told times in the zone that it prefers');
like(heard($plain), qr/\+00:00"/, '... and another in its own');
unlike(heard($behind), qr/"campaign_id" : [^n]/, 'another tenant is told of its own');

# ---- an event behind an older transaction that is given up ----

$cursor = cursor_of(heard(listen_for($token{owner})));
my $open = $node->background_psql('va');
$open->query_safe("BEGIN; DO 'BEGIN PERFORM voiceagent_private.set_tenant($one); PERFORM voiceagent_private.log_event(''held''); END'");
happens($one);
my $held = listen_for($token{owner}, $cursor);
$before = count_of();
$node->poll_query_until('va', "SELECT ($asked) > $before") or die 'nobody asked';
$open->query_safe('ROLLBACK');
$open->quit;
like(heard($held), qr/"noted"/, 'what waited for an older transaction is told when that is given up, which is no news');

# ---- people first ----

# A request that takes its time, and says which commit of the process it came behind.
$node->safe_psql('va', qq{CREATE FUNCTION voiceagent.slow_test(seconds float) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS
	'DECLARE before bigint := ($asked)::bigint; BEGIN PERFORM pg_sleep(seconds); RETURN before; END'; GRANT EXECUTE ON FUNCTION voiceagent.slow_test(float) TO voiceagent_user} =~ s/'\^api'/''^api''/r);
$node->append_conf('postgresql.conf', 'voiceagent.api_processes = 1');
$node->reload;
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.worker_status() WHERE kind ~ '^api' AND state = 'running'}, 1, 'there is one process api', 30);
sub send_slow
{
	my ($token, $seconds) = @_;
	my $body = encode_json({ seconds => $seconds });
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 30) or die "connect: $!";
	print $socket "POST /rpc/slow_test HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer $token\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
	return $socket;
}
sub commits_before { my ($socket) = @_; return (heard($socket) =~ /^(\d+)\s*$/m)[0] }
# A question waits for a second at most, so on a machine that stands still it may be tried again.
my $people_first = 0;
for (my $until = time + 120; !$people_first && time < $until;)
{
	my $listener = listen_for($token{owner}, cursor_of(heard(listen_for($token{owner}))));
	sleep 0.5;
	my $busy = send_slow($token{other}, 0.5);
	sleep 0.1;
	happens($one);
	sleep 0.15;
	my $later = send_slow($token{owner}, 0);
	my ($at_first, $at_last) = map { commits_before($_) } $busy, $later;
	$people_first = defined $at_first && defined $at_last && $at_last == $at_first + 1;
	like(heard($listener), qr/"noted"/, 'what happened is told') if $people_first;
}
ok($people_first, '... after what people had asked for later');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
