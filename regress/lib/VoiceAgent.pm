# VoiceAgent: what the TAP tests share: servers with the extension, and ways to hurt and to watch them.
#
#	my $node = new_node('main');                            # started, database "va" has the extension
#	my $node = new_node('main', 'voiceagent.x' => 'on');    # with settings
#	$node->safe_psql('va', 'SELECT ...');
package VoiceAgent;

use strict;
use warnings;

use Exporter 'import';
use Fcntl qw(:flock);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgentPoints;
use VoiceAgentPsql;

our @EXPORT = qw(@worker_kinds new_node create_database drop_database is_same create_tenant as_tenant is_as_tenant is_sql deadline wait_for_sql stays kill9 wait_gone worker_pids
  config_tables row_counts documents readme_block readme_blocks table_sums fill_every_table slurp_server_log);

# The workers of a database that has the sandbox.
our @worker_kinds = qw(applier dialer gateway keeper requests sandbox);

# Whatever ended a server, or killed a process of it, leaves no invariant violated: looked at when the test is done, in each database
# that has the extension, where the server has come back.
my (%nodes, $ended);
sub is_whole
{
	my ($node) = @_;
	my $asks = sub { $node->safe_psql($_[0], $_[1], timeout => 180) };
	my ($failed, $recovers) = $node->psql('postgres', 'SELECT pg_is_in_recovery()');
	return if $failed || $recovers eq 't';
	foreach my $database (split /\n/, $asks->('postgres', 'SELECT datname FROM pg_database WHERE datallowconn'))
	{
		next if $asks->($database, q{SELECT to_regprocedure('voiceagent.invariants()') IS NULL}) eq 't';
		is($asks->($database, 'SELECT * FROM voiceagent.invariants()'), '', "no invariant of $database is violated after what ended there");
	}
	return;
}
{
	no strict 'refs';
	no warnings 'redefine';
	foreach my $deed (qw(stop restart))
	{
		my $was = PostgreSQL::Test::Cluster->can($deed);
		*{"PostgreSQL::Test::Cluster::$deed"} = sub { $ended = 1; note_points($_[0]); goto &$was };
	}
	my $done = Test::Builder->can('done_testing');
	*Test::Builder::done_testing = sub { judge_points(); if ($ended) { $ended = 0; is_whole($nodes{$_}) foreach sort keys %nodes } goto &$done };
	# A name that goes on with "..." has the one that it goes on from before it, so that a line of a report can be read alone.
	my $ok = Test::Builder->can('ok');
	my $stem = '';
	*Test::Builder::ok = sub {
		my ($builder, $test, $name) = @_;
		if (($name // '') =~ /^\.\.\. (.*)/s) { @_ = ($builder, $test, "$stem ... $1") }
		else { $stem = $name // '' }
		goto &$ok;
	};
}

# The soaks and the tests of regress/lib/rare-paths count the rare paths that they walk; any test does with VOICEAGENT_POINTS=1.
my $watches = $0 =~ m{/soak/} || $ENV{VOICEAGENT_POINTS} || must_reach();

# A started server with the library preloaded; its database "va" has the extension (none when the setting
# "database" is ''); "allows_streaming" and "extra" (of initdb) are those of init().  Other settings go into postgresql.conf.
sub new_node
{
	my ($name, %conf) = @_;
	my $database = delete $conf{database} // 'va';
	my %init;
	foreach my $option ('allows_streaming', 'extra')
	{
		$init{$option} = delete $conf{$option} if exists $conf{$option};
	}
	my $node = PostgreSQL::Test::Cluster->new($name);
	my $copied = $database eq 'va' && !$init{extra};

	# The environment's locale is C.UTF-8, so the databases are UTF8.  init() goes its whole way; only the data directory that
	# initdb would make is copied.
	my @copy = $copied ? ('cp', '-Rp', seed_cluster(), $node->data_dir) : ();
	my $run = \&PostgreSQL::Test::Utils::system_or_bail;
	{
		no warnings 'redefine';
		local *PostgreSQL::Test::Utils::system_or_bail = sub { $run->(@copy && $_[0] eq 'initdb' ? @copy : @_) };
		$node->init(%init);
	}
	%conf = (
		shared_preload_libraries => 'voiceagent',
		max_worker_processes => 32,
		# Tests crash a server more often in a minute than a sound one ever does.
		'voiceagent.crash_restart_delay_max' => 0,
		timezone => 'UTC',
		datestyle => 'ISO, MDY',
		$watches && $database eq 'va' ? %VoiceAgentPoints::settings : (),
		# init() gives such a server ten connections, and there are locks by their number: a dump restored needs more.
		$init{allows_streaming} ? (max_locks_per_transaction => 128) : (),
		%conf);
	foreach my $key (sort keys %conf)
	{
		my $value = $conf{$key} =~ s/'/''/gr;
		$node->append_conf('postgresql.conf', "$key = '$value'");
	}
	$node->start;
	$nodes{$name} = $node;
	create_database($node, $database) if $database ne '' && !$copied;
	watch_points($node) if $watches && $database eq 'va';
	return $node;
}

# The data directory of a cluster whose database "va" has the extension, for others to begin as: made by the first test of
# a run that wants one, since to make it takes longer than many a test. Its template "va_template" is the same, for more
# databases: the workers of "va" stay connected to that, so that it cannot be one.
sub seed_cluster
{
	my $seed = $ENV{VOICEAGENT_SEED} // "$ENV{TESTDATADIR}_seed";
	my $command = PostgreSQL::Test::Utils->can('system_or_bail');
	open(my $lock, '>', "$seed.lock") or die "$seed.lock: $!";
	flock($lock, LOCK_EX) or die "$seed.lock: $!";
	return $seed if -e "$seed.whole";
	my $sockets = PostgreSQL::Test::Utils::tempdir_short();
	$command->('initdb', '-D', $seed, '-A', 'trust', '-N');
	$command->('pg_ctl', '-D', $seed, '-w', '-l', "$seed.log", '-o', "-c fsync=off -c wal_level=minimal -c max_wal_senders=0 -c shared_preload_libraries=voiceagent -c voiceagent.launcher=off -c wal_recycle=off -c port=5432 -c listen_addresses= -c unix_socket_directories=$sockets", 'start');
	my @psql = ('psql', '-Xq', '-h', $sockets, '-p', 5432, '-d');
	$command->(@psql, 'postgres', '-c', q{CREATE DATABASE va TEMPLATE template0 ENCODING 'UTF8'});
	$command->(@psql, 'va', '-c', 'SET client_min_messages = warning', '-c', 'CREATE EXTENSION voiceagent CASCADE');
	$command->(@psql, 'postgres', '-c', 'CREATE DATABASE va_template TEMPLATE va',
		'-c', 'ALTER DATABASE va_template IS_TEMPLATE true ALLOW_CONNECTIONS false');
	$command->('pg_ctl', '-D', $seed, '-w', '-m', 'fast', 'stop');
	unlink "$seed/postmaster.opts";
	open(my $whole, '>', "$seed.whole") or die "$seed.whole: $!";
	return $seed;
}

# A database with the extension.
sub create_database
{
	my ($node, $database) = @_;
	if ($node->safe_psql('postgres', q{SELECT count(*) FROM pg_database WHERE datname = 'va_template'}))
	{
		$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE va_template");
		return;
	}
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'");
	$node->safe_psql($database, 'SET client_min_messages = warning; CREATE EXTENSION voiceagent CASCADE');
	return;
}

sub drop_database
{
	my ($node, $database) = @_;
	$node->safe_psql('postgres', "DROP DATABASE $database");
	return;
}

# A tenant by the public function, with its sandbox account and calendar; returns its id.
sub create_tenant
{
	my ($node, $database, $name, %of) = @_;
	my $timezone = $of{timezone} // 'UTC';
	my $credits = $of{credits} // 1000;
	return $node->safe_psql($database,
		"SELECT voiceagent.create_tenant(name := '$name', timezone := '$timezone', credits := $credits)");
}

# Statements in one transaction of a superuser who acts for a tenant (policies do not bind a superuser: what a
# member sees is asked as a member).
sub acting_for
{
	my ($tenant, $sql) = @_;
	$sql =~ s/;\s*$//;
	return "BEGIN;\nDO 'BEGIN PERFORM voiceagent_private.set_tenant($tenant); END';\n$sql;\nCOMMIT;\n";
}

# The rows of such statements; dies on an error.
sub as_tenant
{
	my ($node, $database, $tenant, $sql) = @_;
	return $node->safe_psql($database, acting_for($tenant, $sql));
}

sub is_as_tenant
{
	my ($node, $database, $tenant, $sql, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is_sql($node, $database, acting_for($tenant, $sql), $expected, $name);
}

# One assertion on the rows of one query: unaligned, columns by |, rows by newline.
sub is_sql
{
	my ($node, $database, $sql, $expected, $name) = @_;
	my ($status, $out, $err) = $node->psql($database, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $passed = is($status == 0 ? $out : "error: $err", $expected, $name);
	diag($err) if !$passed && $err ne '';
	return $passed;
}

# A function that says whether so many seconds are over.  They are those of a machine that has a processor for each process which
# wants one: where six want two, a second lasts three.  So a wait sees on a quiet machine that a wake was lost, and does not
# fail on a busy one.  At most five times as long.
sub deadline
{
	my ($seconds) = @_;
	my ($left, $seen, $last) = ($seconds, time, time + 5 * $seconds);
	return sub {
		my $now = time;
		$left -= ($now - $seen) * _pace();
		$seen = $now;
		return $left <= 0 || $now > $last;
	};
}

# How fast the machine is for each process: 1, or less where more want to run, or wait for a disk, than it has processors.
my $processors;
sub _pace
{
	open(my $stat, '<', '/proc/stat') or return 1;
	my @lines = <$stat>;
	$processors //= grep { /^cpu\d/ } @lines;
	# Without whoever looks.
	my $want = -1;
	$want += $_ foreach map { /^procs_(?:running|blocked) (\d+)/ } @lines;
	return $want > $processors && $processors ? $processors / $want : 1;
}

# Ask until the answer is as expected (default t); one assertion.  A server that is down is asked again.
sub wait_for_sql
{
	my ($node, $database, $sql, $expected, $name, $seconds) = @_;
	$expected //= 't';
	my $over = deadline($seconds // 60);
	my ($status, $out, $err) = (1, '', '');
	# One session as long as it lasts: it is gone when the wait is over.
	my $statements = VoiceAgentPsql::plainly($node, $database, $sql);
	my ($session, $pause);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	while (!$over->())
	{
		if (defined $statements)
		{
			$session //= eval { VoiceAgentPsql->connect($node, $database) };
			undef $statements if !defined $session && $@ eq '';
			($status, $out, $err) = defined $session ? $session->run($statements) : (2, '', $@);
			# After an error the next question must not find its transaction.
			undef $session if $status;
		}
		else
		{
			# A psql whose connection is refused may be gone before it has read its statement: that dies.
			($status, $out, $err) = eval { $node->psql($database, $sql) };
			($out, $err) = ('', $@) if $@ ne '';
		}
		chomp $out;
		if (defined $status && $status == 0 && $out eq $expected)
		{
			$session->close if defined $session;
			return pass($name // $sql);
		}
		$pause = defined $pause && $pause < 0.1 ? 2 * $pause : $pause // 0.0125;
		sleep $pause;
	}
	$session->close if defined $session;
	fail($name // $sql);
	diag("     got: $out\nexpected: $expected\n" . ($err // ''));
	return 0;
}

# A count that is to stay as it is for so many seconds, after so long: in one of five tries. What comes once in a minute falls
# where it falls; what comes again and again leaves no try without it.
sub stays
{
	my ($node, $database, $sql, $after, $seconds, $name) = @_;
	my @grown;
	for (1 .. 5)
	{
		sleep $after;
		my $before = $node->safe_psql($database, $sql);
		sleep $seconds;
		push @grown, $node->safe_psql($database, $sql) - $before;
		last if $grown[-1] == 0;
	}
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is($grown[-1], 0, $name) || diag("grown by: @grown");
}

# Kill a process the hard way and wait until it is gone.
sub kill9
{
	my ($pid) = @_;
	$ended = 1;
	kill 'KILL', $pid or return 0;
	return wait_gone($pid);
}

sub wait_gone
{
	my ($pid, $seconds) = @_;
	my $over = deadline($seconds // 30);
	while (!$over->())
	{
		# A zombie that its parent has not reaped yet is gone for our purpose.
		return 1 if !kill(0, $pid);
		# It may go between two looks.
		my $stat = -d '/proc/self' ? eval { slurp_file("/proc/$pid/stat") } : 'unknown';
		return 1 if !defined $stat || $stat =~ /\) Z /;
		sleep 0.05;
	}
	return 0;
}

# Process ids of our workers, all or of one kind (backend_type begins with "voiceagent"), in one database or all.
sub worker_pids
{
	my ($node, $like, $database) = @_;
	my $where = "backend_type LIKE '" . ($like // 'voiceagent%') . "'";
	$where .= " AND datname = '$database'" if defined $database;
	return split /\n/, $node->safe_psql('postgres', "SELECT pid FROM pg_stat_activity WHERE $where ORDER BY pid");
}

# Every table whose rows pg_dump takes along, with the condition on them: "schema.table WHERE ...".
sub config_tables
{
	my ($node, $database) = @_;
	return split /\n/, $node->safe_psql($database, q{
		SELECT c.oid::regclass::text COLLATE "C" || ' t ' || coalesce(u.condition, '')
		FROM pg_extension e, unnest(e.extconfig, e.extcondition) AS u (oid, condition) JOIN pg_class c ON c.oid = u.oid
		WHERE e.extname = 'voiceagent' AND c.relkind = 'r' ORDER BY 1});
}

# What $expression (of rows t) says about each of them, a line each.
sub over_config_tables
{
	my ($node, $database, $expression) = @_;
	my @tables = config_tables($node, $database);
	return '' unless @tables;
	# In an order: several processes may read the tables.
	return $node->safe_psql($database,
		join(' UNION ALL ', map { "SELECT '" . (split / /)[0] . " ' || $expression FROM $_" } @tables) . ' ORDER BY 1');
}

# "schema.table rows" for all of them, as one text.
sub row_counts
{
	my ($node, $database) = @_;
	return over_config_tables($node, $database, 'count(*)');
}

# A checksum of the rows of every such table, as one text.
sub table_sums
{
	my ($node, $database) = @_;
	return over_config_tables($node, $database, 'coalesce(sum(hashtextextended(t::text, 0)), 0)');
}

# One assertion on two such texts; only the lines that differ are shown.
sub is_same
{
	my ($got, $expected, $name) = @_;
	my %got = map { $_ => 1 } split /\n/, $got;
	my %expected = map { $_ => 1 } split /\n/, $expected;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return 1 if ok($got eq $expected, $name);
	diag("     got: $_") foreach grep { !$expected{$_} } sort keys %got;
	diag("expected: $_") foreach grep { !$got{$_} } sort keys %expected;
	return 0;
}

# One row of this tenant in every table, see fill.sql; returns what got none, with the reason.
sub fill_every_table
{
	my ($node, $database, $tenant) = @_;
	return $node->safe_psql($database, slurp_file('regress/lib/fill.sql') . "SELECT * FROM pg_temp.fill_tenant($tenant);");
}

# The users' documents, in the order in which a reader may meet them.
sub documents
{
	return ('README.md', sort glob('extension/doc/*.md'));
}

# The text of the block with that mark in README.md or a page of extension/doc: ```language MARK
sub readme_block
{
	my ($mark, $nth) = @_;
	my @blocks = map { slurp_file($_) =~ /^```\w+ \Q$mark\E\n(.*?)^```$/msg } documents();
	die "no document has a block $mark" unless @blocks > ($nth // 0);
	return $blocks[ $nth // 0 ];
}

# All blocks of one page that a test runs in their order: ```language MARK WORDS, as [WORDS, text].
sub readme_blocks
{
	my ($mark, $page) = @_;
	my $text = slurp_file("extension/doc/$page");
	my @blocks;
	push @blocks, [ $1, $2 ] while $text =~ /^```\w+ \Q$mark\E ([^\n]*)\n(.*?)^```$/msg;
	return @blocks;
}

sub slurp_server_log
{
	my ($node, $offset) = @_;
	return slurp_file($node->logfile, $offset // 0);
}

1;
