# Create, drop, several databases, dump and restore: over the catalog, so that later tables are covered too.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main', database => '');

# Twice in each of two databases; nothing is left of it but the roles, which the cluster shares.
foreach my $database ('one', 'two')
{
	create_database($node, $database);
	is_sql($node, $database, q{SELECT count(*) FROM pg_extension WHERE extname = 'voiceagent'}, 1, "$database: created");
	my $created = $node->safe_psql($database,
		q{SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
		  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'voiceagent')});
	my ($status, undef, $err) = $node->psql($database, 'DROP EXTENSION voiceagent');
	is($status, 0, "$database: dropped") or diag($err);
	is_sql($node, $database,
		q{SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'voiceagent%'},
		0, "$database: no relation is left");
	is_sql($node, $database,
		q{SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname LIKE 'voiceagent%'},
		0, "$database: no function is left");
	($status, undef, $err) = $node->psql($database, 'SET client_min_messages = warning; CREATE EXTENSION voiceagent');
	is($status, 0, "$database: created again") or diag($err);
	is_sql($node, $database,
		q{SELECT count(*) FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
		  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'voiceagent')}, $created, "$database: the same objects");
}

is_sql($node, 'postgres',
	q{SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles
	  WHERE rolname LIKE 'voiceagent%' AND (rolcanlogin OR rolsuper OR rolbypassrls)}, '',
	'none of our roles logs in or steps over policies');

# CREATE EXTENSION in another encoding.
SKIP:
{
	skip 'the guard is not there yet', 1
	  unless -f 'sql/00_kernel/00_guard.sql' && slurp_file('sql/00_kernel/00_guard.sql') =~ /UTF8/;
	$node->safe_psql('postgres', q{CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'});
	my ($status, undef, $err) = $node->psql('latin', 'CREATE EXTENSION voiceagent CASCADE');
	like($err, qr/UTF8/, 'a database that is not UTF8 is refused with the reason');
}

# What a tenant would have: filled through the public functions as far as they exist.
sub fill
{
	my ($database) = @_;
	my $have = sub { $node->safe_psql($database, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'voiceagent'::regnamespace AND proname = '$_[0]'") };
	if ($have->('create_tenant'))
	{
		$node->safe_psql($database, q{SELECT voiceagent.create_tenant('Dump ' || g, 'UTC', 10) FROM generate_series(1, 3) g});
	}
	return;
}

# Dump and restore into a fresh database, twice: a dump of a restored database is as good.
fill('one');
my $from = 'one';
foreach my $to ('restored', 'restored_again')
{
	my $counts = row_counts($node, $from);
	my $sequences = q{
		SELECT coalesce(string_agg(s.schemaname || '.' || s.sequencename || '=' || coalesce(s.last_value, 0), ' '
		                           ORDER BY s.schemaname, s.sequencename), '')
		FROM pg_sequences s WHERE s.schemaname IN ('voiceagent', 'voiceagent_private')};
	my $values = $node->safe_psql($from, $sequences);
	my $dump = $node->basedir . "/$from.sql";
	$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr($from) ], "$from: dumped");
	$node->safe_psql('postgres', "CREATE DATABASE $to TEMPLATE template0 ENCODING 'UTF8'");
	$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr($to) ], "$to: restored");
	is(row_counts($node, $to), $counts, "$to: every table has its rows");
	is($node->safe_psql($to, $sequences), $values, "$to: every sequence goes on");
	# And the restored database takes new rows: no key was used before.
	fill($to) if $counts ne '';
	pass("$to: takes new rows");
	$from = $to;
}

# Restart with the extension in several databases, and stop: nothing hangs.
$node->restart;
is_sql($node, 'two', q{SELECT count(*) FROM pg_extension WHERE extname = 'voiceagent'}, 1, 'restarted');
drop_database($node, $_) foreach 'one', 'two', 'restored', 'restored_again';
is_sql($node, 'postgres', q{SELECT count(*) FROM pg_database WHERE datname IN ('one', 'two')}, 0, 'databases dropped');
$node->stop('fast');

done_testing();
