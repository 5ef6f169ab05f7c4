# Speech does not wait for the disk: where flushing the log takes 700 ms, calls are heard and greeted as ever, what is said is answered,
# and it is kept.  A standby that does not answer holds up no end.  And nobody is promised anything before no crash can take it back: an
# opt-out is confirmed when it has been flushed.
use strict;
use warnings;

use IPC::Run qw(start finish);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSpoken;

my $disk = PostgreSQL::Test::Utils::tempdir() . '/disk';
append_to_file($disk, pack('q', 0));
system_or_bail('cc', '-O2', '-shared', '-fPIC', '-o', "$disk.so", 'regress/fakes/disk.c');
sub disk_takes { my ($ms) = @_; open(my $file, '+<', $disk) or die $!; syswrite($file, pack('q', $ms)); close $file; return; }
my $on;
{
	local @ENV{qw(LD_PRELOAD VOICEAGENT_DISK)} = ("$disk.so", $disk);
	$on = spoken_server(conf => {wal_level => 'replica', max_wal_senders => 5});
}
my $node = $on->{node};
my $of = spoken_tenant($on, 'Acme');

# A call, and the person in it, who says these lines.
sub person
{
	my ($call, @lines) = @_;
	my %of = (%$call, out => '', err => '');
	$of{run} = start([ 'python3', 'regress/fakes/caller.py', 'exotel', $call->{stream}, $call->{sid}, $on->{speech}, "$on->{dir}/$call->{call}.wav", @lines ], '>', \$of{out}, '2>', \$of{err});
	return \%of;
}
sub said { my ($person) = @_; return "SELECT count(*) FROM voiceagent.call_turns WHERE call_id = $person->{call} AND speaker = 'customer'"; }

# ---- speech goes on ----

my @calls = dialled($on, $of, [ map { sprintf('+12125550%03d', 200 + $_) } 1 .. 6 ]);
disk_takes(700);
my @people = map { person($_, 'yes speaking', 'no thank you i am not interested', 'goodbye') } @calls;
finish($_->{run}) foreach @people;
disk_takes(0);
my $ids = join ',', map { $_->{call} } @people;
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE call_id IN ($ids) AND event_type = 'media_ended'", 6, 'calls end while the disk takes 700 ms for each flush', 60);
my ($sent, $late) = split /\|/, $node->safe_psql('va', "SELECT sum((event_data ->> 'frames_out')::int), sum((event_data ->> 'frames_late')::int) FROM voiceagent.events WHERE call_id IN ($ids) AND event_type = 'media_ended'");
note("$late frames of $sent were late");
cmp_ok($late * 10, '<', $sent, '... and no call waited for it while another was kept');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.call_turns WHERE call_id IN ($ids) AND text = 'yes speaking'", 6, '... what was said is kept');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.call_turns t WHERE call_id IN ($ids) AND text = 'yes speaking' AND EXISTS (SELECT FROM voiceagent.call_turns a WHERE a.call_id = t.call_id AND a.turn > t.turn AND a.speaker = 'assistant')", 6, '... and answered');

# ---- a standby that does not answer holds up no end ----

my ($heard) = dialled($on, $of, [ '+12125550210' ], settings => {opt_out_confirmation => 'You are on the list, and nobody of us will ever call you again, whatever comes.'});
my $stays = person($heard, 'yes speaking', 'stop calling me', '~');
sub promised { my ($call) = @_; return wait_until(sub { as_tenant($node, 'va', $of->{tenant}, "SELECT saying LIKE '%on the list%' FROM voiceagent.live_words($call->{call})") eq 't' }, 60) }
ok(promised($heard), 'a person is promised no more calls');
$node->safe_psql('va', "ALTER SYSTEM SET synchronous_standby_names = '*'");
$node->safe_psql('va', 'SELECT pg_reload_conf()');
ok(finish($stays->{run}), '... and we hang up, though from then on no standby answers') or diag($stays->{err});
$node->safe_psql('va', 'ALTER SYSTEM RESET synchronous_standby_names');
$node->safe_psql('va', 'SELECT pg_reload_conf()');

# ---- a promise waits for it ----

my ($is) = dialled($on, $of, [ '+12125550220' ], settings => {opt_out_confirmation => 'You are on the list.'});
my $caller = person($is, 'yes speaking', 'stop calling me', '~');
wait_for_sql($node, 'va', said($caller), 1, 'a person talks', 60);
# Nobody but the process media flushes anything now, and that only after two seconds.
my @others = split /\n/, $node->safe_psql('va', q{SELECT pid FROM pg_stat_activity WHERE backend_type NOT IN ('client backend', 'checkpointer', 'voiceagent media')});
kill 'STOP', @others;
wait_for_sql($node, 'va', said($caller), 2, '... and wants no calls, while nobody flushes what is committed', 60);
my ($from, $before) = (time, $node->lsn('flush'));
ok(promised($is), '... which is confirmed all the same');
cmp_ok(time - $from, '>', 1, '... but not at once');
note(sprintf('after %.1f s; flushed to %s and then %s', time - $from, $before, $node->lsn('flush')));
$node->stop('immediate');
kill 'CONT', @others;
finish($caller->{run});
$node->start;
is_sql($node, 'va', "SELECT text FROM voiceagent.call_turns WHERE call_id = $is->{call} AND speaker = 'customer' ORDER BY turn DESC LIMIT 1", 'stop calling me', 'what was confirmed outlives the server');
wait_for_sql($node, 'va', "SELECT source FROM voiceagent.do_not_call_list WHERE phone = '+12125550220'", 'call', '... and the number is on the list');

done_testing();
