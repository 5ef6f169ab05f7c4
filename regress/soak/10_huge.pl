# Every function that a tenant, the platform's staff or a visitor may call, with one argument as large as a value gets
# (a gigabyte; the short form: a megabyte): it is refused in a few words, or taken, and the server lives.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentSoak;

my $size = long() ? 1_000_000_000 : 1_000_000;
# The slowest that was seen took half a minute of a gigabyte: a cost that grows with the square is hours.
my $timeout_s = long() ? 600 : 60;

seed();
my $node = new_node('main', 'voiceagent.launcher' => 'off', database => '', log_statement => 'none', log_min_error_statement => 'panic');
$node->safe_psql('postgres', q{CREATE DATABASE huge TEMPLATE template0 ENCODING 'UTF8'});
foreach my $step (['-c', 'SET client_min_messages = warning; CREATE EXTENSION voiceagent CASCADE'], ['-f', 'regress/lib/sql_fuzz.sql', '-c', 'SELECT fuzz.prepare()',
		'-f', 'regress/lib/fill.sql', '-c', 'SELECT pg_temp.fill_tenant(own), pg_temp.fill_tenant(other) FROM fuzz.tenant', '-c', 'SELECT fuzz.read_ids()', '-f', 'regress/lib/sql_huge.sql'])
{
	command_ok([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('huge'), @$step ], 'prepared');
}

# Whether the call is refused is its own matter; a session that is gone, or an internal error, is not.
my $all = $node->safe_psql('huge', 'SELECT count(*) FROM fuzz.huge_call');
my @order = shuffled(1 .. $all);
my ($calls, @offences) = (0);
my $rounds = rounds(short => 60, long => $all);
foreach my $n (@order)
{
	last unless $calls < $rounds && time_left() && @offences < 20;
	my ($out, $err) = ('', '');
	$node->psql('huge', "SET statement_timeout = '${timeout_s}s'; SELECT * FROM fuzz.huge($size, $n, $n)", stdout => \$out, stderr => \$err);
	push @offences, "call $n: $out $err" if $out ne '' || $err ne '';
	$calls++;
}
is(@offences, 0, "$calls of $all calls with $size bytes: each is taken, or refused in a few words") or diag(map { substr($_, 0, 1500) . "\n" } @offences);
is($node->safe_psql('huge', 'SELECT count(*) > 0 FROM fuzz.states WHERE state = \'PT422\''), 't', '... some are refused');
note($node->safe_psql('huge', q{SELECT format('%s %s took %s', function::regproc, state, took) FROM fuzz.states WHERE caller = 'huge' ORDER BY took DESC LIMIT 5}));

# It can fail: a function that says what it was given, by an error that is no refusal of ours, whose texts are cut.
my $found = $node->safe_psql('huge', q{BEGIN; CREATE FUNCTION voiceagent.broken(what text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no %', what USING ERRCODE = '22023'; END $$;
	GRANT EXECUTE ON FUNCTION voiceagent.broken TO voiceagent_user; INSERT INTO fuzz.argument SELECT 'voiceagent.broken'::regproc, 1, 'what', 'text', false, '-', 'b', 'text'::regtype;
	INSERT INTO fuzz.huge_call VALUES (0, 'fuzz_user', 'voiceagent.broken'::regproc, 1, 'repeat(''x'', SIZE)'); SELECT offence FROM fuzz.huge(100000, 0, 0); ROLLBACK});
is($found, 'a message of 100003 characters', 'what quotes all of it is seen');
unlike(slurp_file($node->logfile), qr/PANIC|was terminated by signal|TRAP:/, 'nothing of it in the log');
figure(name => "calls with an argument of $size bytes", value => $calls, unit => 'calls', goal => long() ? ">= $all" : undef, count => $calls);
figure(name => '... that crash, fail inside, or quote all of it', value => scalar @offences, unit => 'calls', goal => '= 0', count => $calls);
$node->stop;
done_testing();
