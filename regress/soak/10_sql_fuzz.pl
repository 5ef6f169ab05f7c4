# Every SQL function of ours is called with made-up arguments, by a tenant, the platform and a visitor (and what is
# written in C and private by a superuser): no crash, no internal error, no program that breaks its own rules.
# Runs on the build that stops at undefined behaviour where regress/lib/check has started one.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;
use VoiceAgentSoak;

use constant BATCH => 200;

my $seed = seed();
my $server = $ENV{VOICEAGENT_SERVER};
my $node;
my $database = 'fuzz';
my $log;
my @connection;
my $keys = PostgreSQL::Test::Utils::tempdir();

foreach my $name ('jwt', 'vault')
{
	append_to_file("$keys/$name", $name eq 'jwt' ? 'ca' x 32 : 'fe' x 32);
	chmod 0600, "$keys/$name";
}
my %conf = ('voiceagent.jwt_secret_file' => "$keys/jwt", 'voiceagent.vault_key_file' => "$keys/vault");

# Rows of statements, and whether they ran; what psql says on the way comes with them.
sub run_sql
{
	my ($in, @commands) = @_;
	my ($out, $err) = ('', '');
	my $ran = IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-F', "\t", '-d', $in, @connection, map { ref $_ ? ('-f', $$_) : ('-c', $_) } @commands ], '>', \$out, '2>', \$err);
	return ($ran, $out, $err);
}

sub must
{
	my ($ran, $out, $err) = run_sql(@_);
	die $err unless $ran;
	return $out =~ s/\n$//r;
}

if (defined $server && -S "$server/sock/.s.PGSQL.54321")
{
	@connection = ('-h', "$server/sock", '-p', 54321, '-U', 'postgres');
	$log = "$server/data/server.log";
	must('postgres', "ALTER SYSTEM SET $_ = '$conf{$_}'") foreach sort keys %conf;
	must('postgres', 'SELECT pg_reload_conf()');
	note('on the build that stops at undefined behaviour');
}
else
{
	$node = new_node('main', 'voiceagent.launcher' => 'off', database => '', %conf);
	@connection = ('-h', $node->host, '-p', $node->port);
	$log = $node->logfile;
}
my $log_began = -s $log;
must('postgres', "DROP DATABASE IF EXISTS $database", "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'");
must($database, 'SET client_min_messages = warning', 'CREATE EXTENSION voiceagent CASCADE', \'regress/lib/sql_fuzz.sql', 'SELECT fuzz.prepare()', \'regress/lib/fill.sql',
	'SELECT pg_temp.fill_tenant(own), pg_temp.fill_tenant(other) FROM fuzz.tenant',
	'UPDATE voiceagent_private.listing_totals t SET listings = (SELECT count(*) FROM voiceagent.listings l WHERE l.tenant_id = t.tenant_id)',
	# No version is ahead of what it is a version of, which only the functions see to.
	(map { "UPDATE voiceagent.${_}s o SET version = greatest(o.version, (SELECT max(v.version) FROM voiceagent.${_}_versions v WHERE v.tenant_id = o.tenant_id AND v.${_}_id = o.${_}_id))" } qw(assistant campaign)),
	'UPDATE voiceagent.experiments SET finished_at = started_at, winner = \'a\', end_campaign_version = 1 WHERE finished_at IS NULL', 'SELECT fuzz.read_ids()');

# A batch follows from its number and the seed alone.
my ($calls, $number, @offences, $crashed) = (0, 0);
my @callers = ('user', 'admin', 'private', 'user', 'user', 'anon');
my $batches = rounds(short => 5, long => 1_000_000 / BATCH);
my $began = time;

sub batch
{
	my ($nth, $loud) = @_;
	my $caller = $callers[ $nth % @callers ];
	my $from = ($seed * 7919 + $nth * 104729) % 2_000_000 / 1_000_000 - 1;
	return run_sql($database, 'SET client_min_messages = ' . ($loud ? 'info' : 'warning'), "SET statement_timeout = '300s'", "SELECT * FROM fuzz.run('$caller', $from, " . BATCH . ", " . ($loud ? 'true' : 'false') . ')');
}

while ($number < $batches && time_left() && @offences < 20)
{
	# Short form: the first batches of another seed each time; the rest follows in the long one.
	my ($ran, $out, $err) = batch($number);
	if (!$ran)
	{
		$crashed = "batch $number: $err";
		# Once more, aloud: the last call that was begun is the one.
		if ($err =~ /server closed the connection|terminat/)
		{
			sleep 5;
			(undef, undef, my $said) = batch($number, 1);
			$crashed .= ((grep { /^INFO/ } split /\n(?=INFO|WARNING|psql|server)/, $said)[-1] // '');
		}
		last;
	}
	push @offences, "batch $number: $out" if $out ne '';
	$number++;
	$calls += BATCH;
}
is($crashed, undef, "$calls calls: the server lives");
is(@offences, 0, '... and none of them offends') or diag(map { substr($_, 0, 3000) . "\n" } @offences);

# The generator gets through: most functions succeed at times, all are called.
SKIP:
{
	skip 'the server is gone', 3 if $crashed;
	my $functions = must($database, 'SELECT count(DISTINCT function) FROM fuzz.function');
	my $called = must($database, 'SELECT count(DISTINCT function) FROM fuzz.states');
	my $succeeded = must($database, q{SELECT count(DISTINCT function) FROM fuzz.states WHERE state = 'ok'});
	note("$functions functions, $called called, $succeeded with success");
	cmp_ok($called, '>=', $functions * (long() ? 1 : 0.5), 'they are called');
	cmp_ok($succeeded, '>=', $functions * (long() ? 0.5 : 0.2), '... many with success');
	# It can fail: a function that breaks its own rules, and has internal errors.
	my (undef, $found) = run_sql($database, 'BEGIN', q{CREATE FUNCTION voiceagent.broken(nothing text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
			IF nothing IS NULL THEN RETURN (SELECT no_column FROM voiceagent.tenants); ELSIF nothing = 'x' THEN RETURN 1; END IF; RAISE EXCEPTION 'x' USING ERRCODE = 'XX000'; END $$},
		'GRANT EXECUTE ON FUNCTION voiceagent.broken TO voiceagent_user', q{DELETE FROM fuzz.function WHERE caller = 'user'},
		q{INSERT INTO fuzz.argument SELECT 'voiceagent.broken'::regproc, 1, 'nothing', 'text', false, '-', 'b', 'text'::regtype},
		q{INSERT INTO fuzz.function VALUES (1, 'user', 'fuzz_user', 'voiceagent.broken'::regproc, false)}, q{SELECT DISTINCT left(offence, 12), state FROM fuzz.run('user', 0, 250) ORDER BY 1, 2},
		q{SELECT fuzz.offends('user', 'ok', NULL, 1500)}, 'ROLLBACK');
	is($found, "a program th\t42703\nan internal \tXX000\na call that takes long\n", 'what offends is seen');
}
must('postgres', "DROP DATABASE $database", 'DROP ROLE fuzz_user', 'DROP ROLE fuzz_other', 'DROP ROLE fuzz_admin', 'DROP ROLE fuzz_anon', 'ALTER SYSTEM RESET ALL', 'SELECT pg_reload_conf()') unless $crashed;
unlike(slurp_file($log, $log_began), qr/PANIC|was terminated by signal|TRAP:|runtime error:|reference leak/, 'nothing of it in the log');
figure(name => 'SQL calls with made-up arguments', value => $calls, unit => 'calls', goal => long() ? '>= 1000000' : undef, count => $calls);
figure(name => '... that crash, fail inside, or break a rule', value => @offences + ($crashed ? 1 : 0), unit => 'calls', goal => '= 0', count => $calls);
note(sprintf '%.1f ms per call', 1000 * (time - $began) / ($calls || 1));
$node->stop if $node;
done_testing();
