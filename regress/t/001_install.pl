# Create, drop, several databases, dump and restore: over the catalog, so that later tables are covered too.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

# No workers: made-up rows are compared here, and workers would go on with them.
my $node = new_node('main', database => '', 'voiceagent.launcher' => 'off');

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
$node->safe_psql('postgres', q{CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'});
my ($latin, undef, $refusal) = $node->psql('latin', 'CREATE EXTENSION voiceagent CASCADE');
is($latin, 3, 'a database that is not UTF8 is refused');
like($refusal, qr/UTF8/, '... with the reason');

# A role of ours that could log in would void the policies.
$node->safe_psql('postgres', 'CREATE DATABASE strong TEMPLATE template0');
$node->safe_psql('postgres', 'ALTER ROLE voiceagent_user LOGIN');
(undef, undef, $refusal) = $node->psql('strong', 'CREATE EXTENSION voiceagent CASCADE');
like($refusal, qr/role "voiceagent_user" exists with attributes/, 'a role that may log in is refused');
$node->safe_psql('postgres', 'ALTER ROLE voiceagent_user NOLOGIN');

# Dump and restore into a fresh database, twice: a dump of a restored database is as good.
foreach my $tenant (901, 902)
{
	is(fill_every_table($node, 'one', $tenant), '', "every table takes a row of tenant $tenant");
}
# Identity columns are used as a user would: the next key is a new one also after a restore.
my $next = q{INSERT INTO voiceagent.leads (tenant_id, phone, timezones, created_at) VALUES (901, '+1202556%04d', '{UTC}', '2026-03-04')};
$node->safe_psql('one', sprintf($next, $_)) foreach 1 .. 3;

my $sequences = q{
	SELECT coalesce(string_agg(s.schemaname || '.' || s.sequencename || '=' || coalesce(s.last_value, 0), E'\\n'
	                           ORDER BY s.schemaname, s.sequencename), '')
	FROM pg_sequences s WHERE s.schemaname IN ('voiceagent', 'voiceagent_private')};
my $from = 'one';
my $phone = 10;
foreach my $to ('restored', 'restored_again')
{
	my $counts = row_counts($node, $from);
	my $values = $node->safe_psql($from, $sequences);
	my $dump = $node->basedir . "/$from.sql";
	$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr($from) ], "$from: dumped");
	$node->safe_psql('postgres', "CREATE DATABASE $to TEMPLATE template0 ENCODING 'UTF8'");
	$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr($to) ], "$to: restored");
	is_same(row_counts($node, $to), $counts, "$to: every table has its rows");
	is_same($node->safe_psql($to, $sequences), $values, "$to: every sequence goes on");
	is_same(table_sums($node, $to), table_sums($node, $from), "$to: every row is the same");
	my ($status, undef, $err) = $node->psql($to, sprintf($next, $phone++));
	is($status, 0, "$to: takes new rows") or diag($err);
	is(fill_every_table($node, $to, 903), '', "$to: takes a new tenant");
	$from = $to;
}

# Restart with the extension in several databases, now with their workers, and stop: nothing hangs.
$node->append_conf('postgresql.conf', "voiceagent.launcher = on");
$node->restart;
is_sql($node, 'two', q{SELECT count(*) FROM pg_extension WHERE extname = 'voiceagent'}, 1, 'restarted');
drop_database($node, $_) foreach 'one', 'two', 'restored', 'restored_again';
is_sql($node, 'postgres', q{SELECT count(*) FROM pg_database WHERE datname IN ('one', 'two')}, 0, 'databases dropped');
$node->stop('fast');

done_testing();
