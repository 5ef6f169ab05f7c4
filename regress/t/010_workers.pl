# The life of workers: they come with the extension, come back, and never stand in a command's way.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $node = new_node('main', 'log_min_messages' => 'warning');

# The workers of this database, as others see them.
sub workers_sql
{
	my ($database) = @_;
	return "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database' AND backend_type LIKE 'voiceagent%'";
}

sub wait_for_workers
{
	my ($database, $name, $seconds) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return wait_for_sql($node, 'postgres', workers_sql($database), scalar @worker_kinds, $name, $seconds // 20);
}

# A command that must not take longer than this.
sub quick
{
	my ($database, $sql, $name, $seconds) = @_;
	my $start = time;
	my ($status, undef, $err) = $node->psql($database, $sql, timeout => 150);
	my $took = time - $start;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	ok($status == 0 && $took < ($seconds // 90), $name) or diag("status $status after $took s\n$err");
	return;
}

wait_for_workers('va', 'CREATE EXTENSION brings the workers', 30);
is_sql($node, 'va', 'SELECT string_agg(kind, \' \' ORDER BY kind) FROM voiceagent_private.worker_status() WHERE pid IS NOT NULL',
	"@worker_kinds", '... which shared memory knows');
is_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'voiceagent launcher' AND datname IS NULL},
	1, 'one launcher, connected to no database');

# Each comes back.
foreach my $kind (@worker_kinds, 'launcher')
{
	my ($pid) = worker_pids($node, "voiceagent $kind");
	$node->safe_psql('postgres', "SELECT pg_terminate_backend($pid)");
	wait_for_sql($node, 'postgres',
		"SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'voiceagent $kind' AND pid <> $pid", 1,
		"$kind is back after pg_terminate_backend", 30);
}
wait_for_workers('va', 'a new launcher starts nothing twice');
sleep 1.5;
wait_for_workers('va', '... nor later');

# Commands that need the database for themselves.
create_database($node, 'other');
wait_for_workers('other', 'a second database has its own workers');
quick('postgres', 'ALTER DATABASE other RENAME TO renamed', 'RENAME');
wait_for_workers('renamed', '... and the workers are back');
quick('postgres', 'CREATE DATABASE copy TEMPLATE renamed', 'use as TEMPLATE');
wait_for_workers('renamed', '... and the workers are back');
wait_for_workers('copy', '... and the copy has its own', 30);
mkdir($node->basedir . '/space');
my $space = $node->basedir . '/space';
$node->safe_psql('postgres', "CREATE TABLESPACE space LOCATION '$space'");
quick('postgres', 'ALTER DATABASE copy SET TABLESPACE space', 'SET TABLESPACE');
wait_for_workers('copy', '... and the workers are back');
quick('postgres', 'DROP DATABASE copy', 'DROP DATABASE');
is_sql($node, 'postgres', workers_sql('copy'), 0, '... and its workers are gone');
wait_for_workers('renamed', '... and nobody else\'s');

# A command that fails lets them go on.
my ($status, undef, $err) = $node->psql('postgres', 'ALTER DATABASE renamed RENAME TO va');
isnt($status, 0, 'a command that fails');
wait_for_workers('renamed', '... lets the workers come back');
# So does a session that dies while it has the database for itself.
my ($in, $out, $session_err) = ('', '', '');
my $timer = IPC::Run::timeout(300);
my $holder = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ], '<', \$in, '>', \$out, '2>', \$session_err, $timer);
$in .= "BEGIN; ALTER DATABASE renamed RENAME TO kept; SELECT 'pid', pg_backend_pid();\n";
$holder->pump until $out =~ /pid\|(\d+)/;
my ($holder_pid) = $out =~ /pid\|(\d+)/;
is_sql($node, 'postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent%' AND datname <> 'va'", 0,
	'while a transaction has a database for itself no worker is in it');
$node->safe_psql('postgres', "SELECT pg_terminate_backend($holder_pid)");
wait_for_workers('renamed', '... and when its session is ended they are back');
eval { $in .= "\\q\n"; $holder->finish; };

# A user who may not drop a database does not stop its workers by trying.
$node->safe_psql('postgres', 'CREATE ROLE nobody_special LOGIN');
my $pids = join ' ', worker_pids($node, undef, 'renamed');
($status) = $node->psql('postgres', 'SET ROLE nobody_special; DROP DATABASE renamed');
isnt($status, 0, 'a stranger cannot drop a database');
is(join(' ', worker_pids($node, undef, 'renamed')), $pids, '... and stops nobody by trying');

# DROP of some other database, under load, never waits for us (ProcSignalBarrier).
foreach my $round (1 .. 10)
{
	$node->safe_psql('postgres', "CREATE DATABASE short$round");
	$node->safe_psql('renamed', "SELECT voiceagent_private.poke(k) FROM unnest('{@{[ join ',', @worker_kinds ]}}'::text[]) k");
	quick('postgres', "DROP DATABASE short$round", "another database goes, round $round");
}

# DROP EXTENSION.
quick('renamed', 'DROP EXTENSION voiceagent', 'DROP EXTENSION');
wait_for_sql($node, 'postgres', workers_sql('renamed'), 0, '... ends the workers', 30);
quick('renamed', 'SET client_min_messages = warning; CREATE EXTENSION voiceagent', 'CREATE EXTENSION again');
wait_for_workers('renamed', '... brings them back');
quick('renamed', 'BEGIN; DROP EXTENSION voiceagent; ROLLBACK', 'DROP EXTENSION, rolled back');
wait_for_workers('renamed', '... leaves them');
quick('renamed', 'DROP EXTENSION pgcrypto CASCADE', 'the extension goes with one that it needs');
wait_for_sql($node, 'postgres', workers_sql('renamed'), 0, '... and the workers with it', 30);

# With data it needs a word.
create_database($node, 'laden');
wait_for_workers('laden', 'a database with data');
create_tenant($node, 'laden', 'Kept');
foreach my $command ('DROP EXTENSION voiceagent', 'DROP EXTENSION pgcrypto CASCADE', 'DROP EXTENSION btree_gist CASCADE')
{
	(undef, undef, $err) = $node->psql('laden', $command);
	like($err, qr/holds the data of tenants/, "$command is refused");
}
like($err, qr/HINT:.*voiceagent\.allow_drop_with_data/, '... with a hint');
wait_for_workers('laden', '... and the workers go on');
quick('laden', 'SET voiceagent.allow_drop_with_data = on; DROP EXTENSION voiceagent', 'with the setting it goes');
drop_database($node, $_) foreach ('laden', 'renamed');

# A poke wakes one kind, at commit only.
# Transactions tell: a worker that is poked looks for work; a turn for a timer of the loop's own is none.
sub commits { return $node->safe_psql('va', "SELECT commits FROM voiceagent_private.worker_status() WHERE kind = '$_[0]'"); }
# Both workers' looks at the clock and last counts of statistics fall where they fall: what wakes one by such a poke leaves no try without a commit.
sub wakes_nobody
{
	my ($kind, $name, @actions) = @_;
	my @woken;
	for (1 .. 5)
	{
		sleep 1.5;
		my $before = commits($kind);
		$node->safe_psql('va', $_) foreach @actions;
		sleep 0.5;
		push @woken, commits($kind) - $before;
		last if $woken[-1] == 0;
	}
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is($woken[-1], 0, $name) || diag("commits: @woken");
}
wakes_nobody('applier', 'a poke that is rolled back wakes nobody', q{BEGIN; SELECT voiceagent_private.poke('applier'); ROLLBACK},
	q{BEGIN; SAVEPOINT s; SELECT voiceagent_private.poke('applier'); ROLLBACK TO s; COMMIT});
my $applier = commits('applier');
my $committed = q{BEGIN; SAVEPOINT s; SELECT voiceagent_private.poke('applier'); RELEASE s; COMMIT};
$node->safe_psql('va', $committed);
wait_for_sql($node, 'va', "SELECT commits > $applier FROM voiceagent_private.worker_status() WHERE kind = 'applier'", 't',
	'one that is committed does', 15);
wakes_nobody('keeper', '... and nobody else', $committed);
($status, undef, $err) = $node->psql('va', q{BEGIN; SELECT voiceagent_private.poke('applier'); PREPARE TRANSACTION 'x'});
like($err, qr/cannot PREPARE a transaction that has woken/, 'it cannot be prepared');
($status, undef, $err) = $node->psql('postgres', q{BEGIN; ALTER DATABASE va SET voiceagent.gateway_port = 0; PREPARE TRANSACTION 'x'});
like($err, qr/cannot PREPARE a transaction that has changed voiceagent's settings of a database/, '... nor can what has workers read their settings again');
($status, undef, $err) = $node->psql('va', q{SELECT voiceagent_private.poke('nonsense')});
like($err, qr/there is no worker and no task of the name "nonsense"/, 'a name that means nothing is refused');

# PostgreSQL resets the latch while a worker waits for a lock in its turn: what was announced meanwhile is not lost
# (after a second the worker writes its statistics, and would see it then).
sub commits_after
{
	my ($action) = @_;
	sleep 1.5;
	my $before = commits('applier');
	$action->();
	sleep 0.5;
	return commits('applier') - $before;
}
my $poke = q{SELECT voiceagent_private.poke('applier')};
my $locker = $node->background_psql('va');
sub poke_a_waiting_worker
{
	$locker->query_safe('BEGIN; LOCK TABLE voiceagent_private.inbox IN ACCESS EXCLUSIVE MODE');
	$node->safe_psql('va', $poke);
	$node->poll_query_until('va', q{SELECT count(*) = 1 FROM pg_locks WHERE relation = 'voiceagent_private.inbox'::regclass AND NOT granted});
	$node->safe_psql('va', $poke) if $_[0];
	$locker->query_safe('COMMIT');
}
my $once = commits_after(sub { poke_a_waiting_worker(0) });
# Most of the time: under load a turn may take longer, and something else may bring one.
my @twice = map { commits_after(sub { poke_a_waiting_worker(1) }) } 1 .. 3;
$locker->quit;
cmp_ok(scalar(grep { $_ > $once } @twice), '>=', 2, 'a poke that comes while a worker waits for a lock has a turn of its own')
	or diag("$once commits for one poke, @twice for two");

# The watch of the clock can wait for more pokes, since every dial is one; the dialer looks at each (the fifth of a second: runtime.h).
sub looks_for_jobs
{
	# A worker keeps what it counts for a second.
	sleep 1.5;
	return $node->safe_psql('va', q{SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relid = 'voiceagent_private.maintenance_jobs'::regclass});
}
my $looked = looks_for_jobs();
my $poking = time;
# The next comes when the dialer has looked: how often it was not seen to within ten seconds.
my $unseen = $node->safe_psql('va', q{CREATE TEMP TABLE unseen (i integer); DO $$
	DECLARE
		v_before bigint;
	BEGIN
		FOR i IN 1 .. 60 LOOP
			v_before := (SELECT commits FROM voiceagent_private.worker_status() WHERE kind = 'dialer');
			PERFORM voiceagent_private.poke('dialer', 'keeper');
			COMMIT;
			PERFORM pg_sleep(0.02);
			FOR j IN 1 .. 500 LOOP
				EXIT WHEN (SELECT commits FROM voiceagent_private.worker_status() WHERE kind = 'dialer') > v_before;
				PERFORM pg_sleep(0.02);
				IF j = 500 THEN INSERT INTO unseen VALUES (i); END IF;
			END LOOP;
		END LOOP;
	END $$; SELECT count(*) FROM unseen});
$poking = time - $poking;
wait_for_sql($node, 'va', qq{SELECT seq_scan + coalesce(idx_scan, 0) > $looked FROM pg_stat_user_tables WHERE relid = 'voiceagent_private.maintenance_jobs'::regclass}, 't', 'the statistics are there');
$looked = looks_for_jobs() - $looked;
is($unseen, 0, 'pokes that come one after the other are looked at');
# A look for a maintenance job reads the table once, and so does one at the clock.
ok($looked <= 2 * ($poking / 0.2 + 2), '... but not each of them by those who can wait') or diag("$looked times in $poking s");

# A fast shutdown with workers in three databases.
create_database($node, $_) foreach ('two', 'three');
wait_for_workers($_, "database $_ beside the others") foreach ('two', 'three');
my $start = time;
$node->stop('fast');
# Who does not hear of it works on until its next look at the clock.
ok(time - $start < 20, 'a fast shutdown waits for nobody') or diag(time - $start);
$node->start;
wait_for_workers($_, "$_ has its workers after a restart") foreach ('va', 'two', 'three');
$node->stop('immediate');
$node->start;
wait_for_workers($_, "$_ has its workers after recovery") foreach ('va', 'two', 'three');

# The launcher's switch.
$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.launcher = off');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent%'}, 1,
	'voiceagent.launcher = off stops all workers', 30);
$node->safe_psql('postgres', 'ALTER SYSTEM RESET voiceagent.launcher');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_workers($_, "$_ has them back") foreach ('va', 'two');
$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.sandbox = off');
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'voiceagent sandbox'}, 0,
	'voiceagent.sandbox = off stops the embedded carrier alone', 30);
wait_for_sql($node, 'postgres', workers_sql('va'), $#worker_kinds, '... the others stay', 30);

$node->stop;
done_testing();
