# Every plpgsql function's statements, checked without being run: names and types that do not exist would
# otherwise show when a user's call first takes that branch.  Needs the extension plpgsql_check.
use strict;
use warnings;
use Test::More;

my $server = $ENV{VOICEAGENT_SERVER} or plan skip_all => 'needs the private server of regress/lib/check';
@ENV{qw(PGHOST PGPORT PGUSER)} = ("$server/sock", 54321, 'postgres');
my $database = "plpgsql_$$";

sub psql
{
	my ($in, $sql) = @_;
	open(my $out, '>', "$ENV{TESTDIR}/plpgsql.sql") or die $!;
	print $out $sql;
	close $out;
	my $rows = qx(psql -XAtq -v ON_ERROR_STOP=1 -d $in -f $ENV{TESTDIR}/plpgsql.sql 2>&1);
	return ($? == 0, $rows);
}

my ($ran, $output) = psql('postgres', q{SELECT count(*) FROM pg_available_extensions WHERE name = 'plpgsql_check'});
plan skip_all => 'this server has no plpgsql_check' if $ran && $output =~ /^0/;

($ran, $output) = psql('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'");
BAIL_OUT($output) unless $ran;
($ran, $output) = psql($database,
	'SET client_min_messages = warning; CREATE EXTENSION voiceagent CASCADE; CREATE EXTENSION plpgsql_check');
ok($ran, 'extension is created') or diag($output);

# The planner asks current_tenant() for its estimates, so somebody must be acting.  A trigger function is checked for each table that it serves.
my $check = q{
	SET client_min_messages = error;
	BEGIN;
	DO 'BEGIN PERFORM voiceagent_private.set_tenant(1); END';
	SELECT f.name || ':' || coalesce(c.lineno::text, '') || ' ' || c.level || ': ' || c.message || coalesce(' (' || c.detail || ')', '')
	       || coalesce(' in: ' || left(regexp_replace(c.query, '\s+', ' ', 'g'), 120), '')
	FROM (SELECT p.oid, n.nspname || '.' || p.proname AS name, coalesce(t.tgrelid, 0) AS relation
	      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
	           LEFT JOIN pg_trigger t ON t.tgfoid = p.oid
	      WHERE n.nspname IN ('voiceagent', 'voiceagent_private') AND l.lanname = 'plpgsql'
	            AND (p.prorettype <> 'trigger'::regtype OR t.oid IS NOT NULL) AND p.prorettype <> 'event_trigger'::regtype) f,
	     plpgsql_check_function_tb(f.oid, f.relation, fatal_errors := false, other_warnings := false,
	                               performance_warnings := false, extra_warnings := false, security_warnings := true) c
	WHERE c.level IN ('error', 'security')
	ORDER BY 1;
	COMMIT};
($ran, $output) = psql($database, $check);
my @errors = split /\n/, $output;

ok($ran && !@errors, 'every statement of every plpgsql function has a meaning') or diag(map { "    $_\n" } @errors);

($ran, $output) = psql($database, q{
	SET check_function_bodies = off;
	CREATE FUNCTION voiceagent.broken() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT no_such_column FROM voiceagent.leads); END';
	} . $check);
like($output, qr/no_such_column/, 'a column that is not there is noticed');

($ran, $output) = psql('postgres', "DROP DATABASE $database");
ok($ran, 'the scratch database is dropped') or diag($output);
done_testing();
