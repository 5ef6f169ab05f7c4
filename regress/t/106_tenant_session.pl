# One tenant's sessions, in the extension's database and in another one, cannot stop or slow another tenant: what takes of what the
# cluster has once is refused, or ended by its age, whatever the client sends or does not send; and meanwhile the other tenant's leads
# are dialled.
use strict;
use warnings;

use List::Util qw(max);

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPsql;

my $node = new_node('main', 'voiceagent.tenant_locks' => 100, max_prepared_transactions => 4, max_connections => 60);
my ($one, $other) = map { create_tenant($node, 'va', $_, credits => 100000) } 'One', 'Other';
wait_workers($node, 'the workers run');
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
$node->safe_psql('va', qq{CREATE ROLE one LOGIN CONNECTION LIMIT 20; SELECT voiceagent.map_role('one', $one);
	CREATE ROLE authenticator LOGIN NOINHERIT; GRANT voiceagent_anon, voiceagent_user, voiceagent_admin TO authenticator;
	CREATE ROLE staff LOGIN; GRANT voiceagent_admin TO staff; GRANT voiceagent_user TO staff; CREATE ROLE stranger LOGIN;
	ALTER SYSTEM SET voiceagent.authenticator = 'authenticator'});
$node->reload;
foreach my $database ('va', 'elsewhere')
{
	$node->safe_psql($database, q{CREATE SCHEMA own; GRANT ALL ON SCHEMA own TO one, authenticator, staff, stranger;
		CREATE SEQUENCE own.s; GRANT ALL ON SEQUENCE own.s TO one;
		DO $$ BEGIN FOR i IN 1..150 LOOP EXECUTE format('CREATE TABLE own.t%s (); GRANT SELECT ON own.t%s TO one', i, i); END LOOP; END $$});
}
as_tenant($node, 'va', $other, q{SELECT voiceagent.set_setting('sandbox_time_scale', '30')});

sub said
{
	my ($user, $database, $sql) = @_;
	my ($status, $out, $err) = $node->psql($database, $sql, on_error_stop => 0, extra_params => [ '-U', $user ]);
	return $err;
}

# ----- a history that a tenant takes along has rows, or an error that says how: never an empty file
my @partitioned = split /\n/, $node->safe_psql('va', q{SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'p' AND c.relnamespace = 'voiceagent'::regnamespace
	AND has_table_privilege('voiceagent_user', c.oid, 'SELECT') ORDER BY 1});
is("@partitioned", 'voiceagent.conversations voiceagent.events voiceagent.webhooks', 'these tables are partitioned, and a member reads them');
foreach my $table (@partitioned)
{
	like(said('one', 'va', "COPY $table TO STDOUT"), qr/would write no rows.*HINT:  Write COPY \(SELECT \* FROM \Q$table\E\) TO/s, "COPY of $table is refused, with what gives its rows");
	is(said('one', 'va', "COPY (SELECT * FROM $table) TO STDOUT"), '', '... and that is taken');
}
like(said('one', 'va', 'SET search_path = voiceagent; COPY events (event_id) TO STDOUT (FORMAT csv)'), qr/SELECT \* FROM voiceagent\.events/, '... by its short name, too');
is(said('one', 'va', 'COPY voiceagent.leads TO STDOUT'), '', 'a table that is not partitioned is copied');
like(said('one', 'va', 'COPY voiceagent.nowhere TO STDOUT'), qr/does not exist/, '... and one that is not there is not there');

# ----- what is refused, by every way to say it
my %refused = (
	NOTIFY => q{NOTIFY a}, 'NOTIFY in a DO block' => q{DO $$ BEGIN NOTIFY a; END $$},
	'pg_notify()' => q{SELECT pg_notify('a', 'b')}, 'pg_notify() in an expression' => q{DO $$ DECLARE x text; BEGIN x := pg_notify('a', 'b'); END $$},
	'pg_notify() by a FROM' => q{SELECT * FROM pg_notify('a', 'b')},
	'a flood' => q{SELECT pg_notify('a', repeat('x', 7000) || g) FROM generate_series(1, 100000) g},
	(map { ("$_()" => "SELECT $_(1)") } qw(pg_advisory_lock pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_xact_lock)),
	'many advisory locks' => q{SELECT count(pg_advisory_lock(g)) FROM generate_series(1, 100000) g},
	(map { ("$_, a large object" => $_) } 'SELECT lo_creat(-1)', q{SELECT lo_from_bytea(0, 'x')}, q{DO $$ BEGIN PERFORM lo_create(g) FROM generate_series(900, 999) g; END $$}, '\lo_import /etc/hostname'),
	'pg_logical_emit_message()' => q{SELECT pg_logical_emit_message(false, 'a', repeat('x', 1000))},
	'a temporary table' => q{CREATE TEMP TABLE a (b int)}, '... of a query' => q{CREATE TEMP TABLE a AS SELECT 1}, '... by INTO' => q{SELECT 1 AS b INTO TEMP a},
	'... in pg_temp' => q{CREATE TABLE pg_temp.a (b int)}, '... by search_path' => q{SET search_path = pg_temp; CREATE TABLE a (b int)},
	'... in a DO block' => q{DO $$ BEGIN CREATE TEMP TABLE a (b int); END $$}, 'a temporary view' => q{CREATE TEMP VIEW a AS SELECT 1},
	'a temporary sequence' => q{CREATE TEMP SEQUENCE a},
	'LOCK TABLE' => q{BEGIN; LOCK TABLE pg_catalog.pg_class IN ACCESS SHARE MODE}, 'PREPARE TRANSACTION' => q{BEGIN; PREPARE TRANSACTION 'a'},
	'a role set' => q{SET ROLE voiceagent_user; NOTIFY a}, 'a session authorization set' => q{SET SESSION AUTHORIZATION one; NOTIFY a});
foreach my $database ('va', 'elsewhere')
{
	foreach my $what (sort keys %refused)
	{
		like(said('one', $database, $refused{$what}), qr/a tenant's session may not use/, "$database: $what is refused");
	}
	like(said('authenticator', $database, 'SET ROLE voiceagent_admin; NOTIFY a'), qr/may not use NOTIFY/, "$database: ... to the role of PostgREST, whatever it becomes");
	foreach my $user ('staff', 'stranger')
	{
		is(said($user, $database, q{NOTIFY a; SELECT pg_notify('a', 'b'); SELECT pg_advisory_xact_lock(1)}), '', "$database: $user is left alone");
	}
	is(said('one', $database, 'LISTEN a'), '', "$database: LISTEN stays");
	# ----- what is counted
	like(said('one', $database, q{DO $$ BEGIN FOR i IN 1..150 LOOP EXECUTE 'SELECT FROM own.t' || i; END LOOP; END $$}), qr/holds too many locks/, "$database: many relations");
	like(said('one', $database, 'BEGIN; SET voiceagent.tenant_locks = 0'), qr/permission denied/, "$database: the bound is not the tenant's to set");
	like(said('one', $database, 'BEGIN; ' . join('', map { "SAVEPOINT s$_; SELECT pg_current_xact_id();" } 1 .. 65)), qr/too many open savepoints/, "$database: 65 open subtransactions");
	is(said('one', $database, join('; ', 'BEGIN', (map { "SAVEPOINT s; SELECT pg_current_xact_id(); RELEASE s" } 1 .. 30), 'COMMIT')), '', '... but one after another are none');
}
is($node->safe_psql('postgres', q{SELECT pg_notification_queue_usage(), count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid IN (1, 2)}), '0|0', 'nothing of it is left in the queue and in the lock table');
# A membership that comes and goes changes the session that is there.
is(said('stranger', 'va', 'NOTIFY a'), '', 'a stranger may');
$node->safe_psql('va', 'GRANT voiceagent_user TO stranger');
like(said('stranger', 'va', 'NOTIFY a'), qr/may not use/, '... and a member may not');
$node->safe_psql('va', 'REVOKE voiceagent_user FROM stranger');

# ----- what is ended
sub connection
{
	my ($database, $user) = @_;
	my $socket = IO::Socket::UNIX->new(Peer => $node->host . '/.s.PGSQL.' . $node->port) or die "connect: $!";
	my $self = bless { socket => $socket, read => '' }, 'VoiceAgentPsql';
	my $start = pack('N', 196608) . "user\0$user\0database\0$database\0\0";
	syswrite($socket, pack('N', 4 + length $start) . $start);
	while (my ($type, $body) = $self->next_message) { last if $type eq 'Z' }
	return $self;
}

sub until_end
{
	my ($self) = @_;
	my $error = '';
	local $SIG{ALRM} = sub { die "nobody has ended the session\n" };
	alarm 60;
	while (my ($type, $body) = eval { $self->next_message }) { $error .= join(' ', $body) if $type eq 'E' }
	alarm 0;
	return $error =~ s/\0/ /gr;
}

sub parse_execute
{
	my ($self, $sql) = @_;
	$self->send_message('P', "\0$sql\0" . pack('n', 0));
	$self->send_message('B', "\0\0" . pack('nnn', 0, 0, 0));
	$self->send_message('E', "\0" . pack('N', 0));
	$self->send_message('H', '');
	return;
}

$node->append_conf('postgresql.conf', "voiceagent.tenant_transaction = '3s'\nvoiceagent.tenant_statement = '1s'\n");
$node->reload;
my $unset = q{SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0};
my $by = sub { qr/exceeded the setting voiceagent\.tenant_$_[0]/ };
foreach my $database ('va', 'elsewhere')
{
	my $log = -s $node->logfile;
	my @held;
	foreach my $sql ('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM own.t1', 'BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM own.t1', 'BEGIN; SELECT pg_current_xact_id()',
		'BEGIN; ' . join(';', map { "TABLE own.t$_" } 1 .. 50))
	{
		my $self = connection($database, 'one');
		$self->send_message('Q', "$unset; $sql\0");
		push @held, [ substr($sql, 0, 40), $self ];
	}
	my $parsed = connection($database, 'one');
	$parsed->send_message('P', "\0TABLE own.t1\0" . pack('n', 0));
	$parsed->send_message('H', '');
	my $piped = connection($database, 'one');
	parse_execute($piped, 'SELECT 1 FROM own.t1');
	push @held, [ 'a Parse and no more', $parsed ], [ 'a pipeline without Sync', $piped ];
	# The other's leads are dialled beside all of it.
	start_leads($node, $other, [ numbers(12) ]);
	ok(wait_until(sub { $node->safe_psql('va', "SELECT bool_and(status NOT IN ('pending', 'queued', 'calling')) FROM voiceagent.campaign_leads WHERE tenant_id = $other") eq 't' }), "$database: the other's leads are dialled meanwhile");
	like(until_end($_->[1]), $by->('transaction'), "$database: $_->[0]: ended by its age") foreach @held;
	my $cursor = connection($database, 'one');
	$cursor->send_message('Q', "$unset; BEGIN; DECLARE c CURSOR FOR SELECT * FROM generate_series(1, 1000000)\0");
	my $fetches = 0;
	local $SIG{PIPE} = 'IGNORE';
	while ($fetches++ < 100) { last unless $cursor->send_message('Q', "FETCH c\0"); select(undef, undef, undef, 0.1); }
	cmp_ok($fetches, '<', 100, "$database: a cursor that is fetched now and then is ended");
	like(until_end($cursor), $by->('transaction'), '... by the age of its transaction');
	like(said('one', $database, "$unset; SELECT pg_sleep(60)"), $by->('statement'), "$database: a statement is ended by its age");
	like(said('one', $database, qq{$unset; DO \$\$ BEGIN LOOP BEGIN PERFORM pg_sleep(0.01); EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END \$\$}), $by->('statement'), '... one that catches all errors too');
	like(slurp_file($node->logfile, $log), $by->('transaction'), '... and the log says by which setting');
	is(said('staff', $database, 'SELECT pg_sleep(2)'), '', "$database: staff may take its time");
}

# Only a function that takes long takes long: its name in the text does nothing, before, beside or after it.
$node->safe_psql('va', q{CREATE FUNCTION own.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(2); RETURN NULL; END $$;
	CREATE TRIGGER slow AFTER INSERT ON voiceagent.leads FOR EACH STATEMENT EXECUTE FUNCTION own.slow()});
my $import = q{voiceagent.import_leads(E'phone\n2125550100')};
is(said('one', 'va', "SELECT rows_read FROM $import"), '', 'an import may last longer than a statement');
is(said('one', 'va', "SELECT rows_read FROM $import; SELECT 1"), '', '... in a text of several');
$node->safe_psql('va', 'DROP TRIGGER slow ON voiceagent.leads');
like(said('one', 'va', "SELECT CASE WHEN now() IS NULL THEN ($import).rows_read END, pg_sleep(60)"), $by->('statement'), 'one that is named and does not run gives no time');
like(said('one', 'va', "SELECT rows_read, pg_sleep(60) FROM $import"), $by->('statement'), '... nor does one that has run');
like(said('one', 'va', "SELECT rows_read FROM (SELECT pg_sleep(60) OFFSET 0) s, LATERAL (SELECT * FROM $import WHERE s IS NOT NULL) i"), $by->('statement'), '... nor one that will');
like(said('one', 'va', q{DO $$ BEGIN PERFORM voiceagent.import_leads('phone', mapping => '[]'); EXCEPTION WHEN OTHERS THEN PERFORM pg_sleep(60); END $$}), $by->('statement'), '... nor one that has failed');

# A listener whose client reads nothing would hold the queue of notifications for ever: no statement is under way.
my $deaf = connection('elsewhere', 'one');
$deaf->send_message('Q', "LISTEN loud\0");
while (my ($type) = $deaf->next_message) { last if $type eq 'Z' }
my $flood = q{SELECT count(pg_notify('loud', repeat('x', 7000) || g)) FROM generate_series(1, 2000) g};
$node->safe_psql('elsewhere', $flood);
my $listener = q{SELECT l.role::regrole || ' ' || (l.since IS NOT NULL) FROM voiceagent_private.listeners() l};
is_sql($node, 'va', $listener, 'one true', 'a listener that reads nothing is seen');
my $held = q{SELECT component, state, pid = (SELECT l.pid FROM voiceagent_private.listeners() l) FROM voiceagent_private.queue_trouble(0)};
like($node->safe_psql('va', $held), qr/^notification queue\|[0-9.]+ % full: one listens, and reads nothing .*\|t$/, '... and named as what holds the queue');
ok(wait_until(sub { $node->safe_psql('va', $listener) eq '' }), '... and ended');
is_sql($node, 'elsewhere', "$flood; NOTIFY loud", 2000, '... so that the queue is free');
like($node->safe_psql('va', 'SELECT pg_notification_queue_usage()'), qr/^0$/, '... and empty');
my $hearing = connection('elsewhere', 'one');
$hearing->send_message('Q', "LISTEN loud\0");
while (my ($type) = $hearing->next_message) { last if $type eq 'Z' }
$node->safe_psql('elsewhere', 'SELECT pg_sleep(4); NOTIFY loud');
my $heard = '';
while (my ($type) = $hearing->next_message) { $heard = $type; last if $type eq 'A' }
is($heard, 'A', '... and one that hears is left alone');
undef $hearing;
# An idle session that has no transaction is left.
my $idle = connection('va', 'one');
$idle->send_message('Q', "SELECT 1\0");
$node->safe_psql('va', 'SELECT pg_sleep(4)');
$idle->send_message('Q', "SELECT 'still here'\0");
my $answer = '';
for (1 .. 12) { my ($type, $body) = $idle->next_message or last; $answer .= $body; last if $answer =~ /still here/ }
like($answer, qr/still here/, 'a session without a transaction is left alone');
is_sql($node, 'va', 'SELECT locks >= 18 FROM voiceagent_private.tenant_sessions() WHERE pid IS NULL AND role IS NULL', 't', 'the sessions that were ended are counted');

# ----- memory, processor
$node->append_conf('postgresql.conf', "voiceagent.tenant_statement = '60s'\nvoiceagent.tenant_transaction = '120s'\nvoiceagent.tenant_memory = 100MB\n");
$node->reload;
foreach my $sql (q{SELECT length(string_agg(repeat('x', 1000000), '')) FROM generate_series(1, 900)}, q{SELECT cardinality(array_agg(g)) FROM generate_series(1, 30000000) g},
	q{SET work_mem = '2GB'; SELECT count(*) FROM (SELECT g::text || repeat('x', 200) FROM generate_series(1, 3000000) g ORDER BY 1) s})
{
	like(said('one', 'elsewhere', $sql), qr/out of memory/, 'much memory: a clean error');
}
is(said('one', 'va', q{SELECT count(*) FROM voiceagent.leads}), '', '... and what is usual works');
my $plan = $node->safe_psql('elsewhere', q{SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET max_parallel_workers_per_gather = 4; EXPLAIN SELECT count(*) FROM pg_proc},
	extra_params => [ '-U', 'one' ]);
unlike($plan, qr/Gather/, 'no parallel workers, whatever the tenant sets');
my $pid = connection('va', 'one');
$pid->send_message('Q', "SELECT 'pid' || pg_backend_pid()\0");
$answer = '';
while (my ($type, $body) = $pid->next_message) { $answer .= $body; last if $answer =~ /pid\d+/ }
my ($number) = $answer =~ /pid(\d+)/;
is((split ' ', slurp_file("/proc/$number/stat") =~ s/.*\)//r)[16], max(10, getpriority(0, 0)), 'the others go first on the processor');

# ----- connections up to the limit, and logins that fail in a loop
my @crowd = map { connection('elsewhere', 'one') } 1 .. 30;
said('one', 'va', q{SELECT voiceagent.login('nobody@example.com', 'wrong')}) for 1 .. 20;
start_leads($node, $other, [ numbers(12) ]);
ok(wait_until(sub { $node->safe_psql('va', "SELECT bool_and(status NOT IN ('pending', 'queued', 'calling')) FROM voiceagent.campaign_leads WHERE tenant_id = $other") eq 't' }), 'a crowd of connections: the other\'s leads are dialled');
$node->stop;
done_testing();
