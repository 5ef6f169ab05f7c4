# The points of tests: each rare path of regress/lib/rare-paths is in the code, and is counted; a process can be stopped there, for one
# tenant alone.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPoints;

my @paths = rare_paths();
cmp_ok(scalar @paths, '>=', 60, scalar(@paths) . ' rare paths have names');
my %named = map { $_->[0] => 1 } @paths;
is(scalar keys %named, scalar @paths, '... one each');
my $sources = join '', map { slurp_file($_) } split /\n/, `find extension bgworkers -name '*.c'`;
my %statements = map { /^(\w+\.\w+)\t/ ? ($1 => 1) : () } split /\n/, slurp_file('regress/lib/fault-points');
my %senders = map { $_ => 1 } $sources =~ /VA_SENDER_WORDS\(\s*"(\w+)"/g;
is(join(' ', grep { !$statements{$_} && $sources !~ /VA_(?:SOMETIMES|STOP_POINT)\([^;]*"\Q$_\E"/ && !(/^(\w+)_answer_waits$/ && $senders{$1}) } map { $_->[0] } grep { $_->[1] eq 'C' } @paths),
	'', '... those of C are there');
my %tests = map { /(\w+)\.(?:pl|sql|spec)$/ ? ($1 => 1) : () } glob('regress/soak/*.pl regress/t/*.pl regress/sql/*.sql regress/specs/*.spec');
is(join(' ', grep { !$tests{$_} } map { @{$_->[3]} } @paths), '', '... and so are the tests that reach them');
cmp_ok(scalar(grep { @{$_->[3]} } @paths), '>=', 60, '... for sixty and more');

my $node = new_node('points', %VoiceAgentPoints::settings);
watch_points($node);
is_sql($node, 'va', 'SELECT count(*) FROM points.marks', scalar(grep { $_->[1] ne 'C' } @paths), 'each place in SQL is there once');
is_sql($node, 'va', 'SELECT count(*) FROM points.reached() WHERE times > 0', 0, 'none was reached yet');
foreach my $place ('> no such line', '> BEGIN')
{
	my (undef, undef, $err) = $node->psql('va', "SELECT points.mark('x', 'voiceagent_private.try_step', '$place')");
	like($err, qr/point x: /, "a place that is not there once is refused: $place");
}

# ---- counted, whatever becomes of the transaction ----

my ($one, $two) = map { create_tenant($node, 'va', "Tenant $_") } 1 .. 2;
as_tenant($node, 'va', $one, 'DO $$ BEGIN PERFORM voiceagent_private.take_claim_turn(); RAISE division_by_zero; EXCEPTION WHEN division_by_zero THEN NULL; END $$');
is_sql($node, 'va', q{SELECT times FROM points.reached() WHERE name = 'two_claimers'}, 1, 'a path is counted though its transaction is undone');

# ---- a session that is held ----

my $holder = $node->background_psql('va');
$holder->query_safe("SELECT points.hold('two_claimers', $one)");
my $claim = sub {
	my ($tenant) = @_;
	return "BEGIN; SELECT voiceagent_private.set_tenant($tenant); DELETE FROM voiceagent_private.claim_turns; SET lock_timeout = '1ms'; SELECT voiceagent_private.take_claim_turn(); COMMIT;\n";
};
my $other = $node->background_psql('va');
$other->query_safe($claim->($two));
pass('a session of another tenant goes on');
$other->query_until(qr/begun/, "\\echo begun\n" . $claim->($one));
wait_for_sql($node, 'va', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted}, 1, '... one of this tenant waits, whatever its lock_timeout');
$holder->query_safe("SELECT points.go('two_claimers', $one)");
wait_for_sql($node, 'va', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}, 0, '... until it may go on');
$_->quit foreach $holder, $other;

# ---- a worker that is stopped ----

my @campaigns;
stop_at($node, 'after_claim', $one);
foreach my $tenant ($one, $two)
{
	push @campaigns, start_leads($node, $tenant, [ numbers(3) ], settings => {retry_attempts => 0});
}
ok(wait_stopped($node, 'after_claim', 60), 'the dialer stands still behind a claim');
is_sql($node, 'va', "SELECT string_agg(state, ' ') FROM voiceagent.attempts WHERE tenant_id = $one", 'sending sending sending', '... which is committed');
my $events = $node->safe_psql('va', "SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = $one AND answered_at IS NOT NULL");
is($events, 0, '... and not answered, for nothing was sent');
ok(go_on($node, 'after_claim'), 'it may go on');
wait_completed($node, 'all are called');

# ---- a tenant whose claim meets a lock ----
# Its turn comes again and again, though its wait is over before the dialer looks whether it waits: it was forgotten after two.

my $lock = $node->background_psql('va');
my $late = start_leads($node, $one, [ numbers(2) ], settings => {retry_attempts => 0}, start => 0);
$lock->query_safe("BEGIN; SELECT voiceagent_private.set_tenant($one); SELECT voiceagent_private.lock_available()");
stop_at($node, 'claim_waits_for_lock');
as_tenant($node, 'va', $one, "SELECT voiceagent.start_campaign($late)");
foreach my $time (1 .. 4)
{
	ok(wait_stopped($node, 'claim_waits_for_lock', 60), "a claim waits for a lock in vain, and the dialer stands still, the time $time");
	sleep 0.1;
	go_on($node, 'claim_waits_for_lock');
	sleep 0.01;
	stop_at($node, 'claim_waits_for_lock') if $time < 4;
}
$lock->query_safe('ROLLBACK');
$lock->quit;
wait_completed($node, 'the tenant has its turn again');

my $reached = slurp_file($node->data_dir . '/voiceagent/reached');
like($reached, qr/^after_claim$/m, 'a point of C is counted as well');
$node->stop;
done_testing();
