# Statements of tests go over a socket of our own (VoiceAgentPsql): it says what psql says.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main', 'voiceagent.launcher' => 'off');

sub same
{
	my ($name, $database, $sql, %params) = @_;
	my $ours = VoiceAgentPsql::instead($node, $database, $sql, %params);
	my @real = VoiceAgentPsql::real($node, $database, $sql, %params);
	return is_deeply($ours, \@real, $name);
}

same('one row', 'va', 'SELECT 1');
same('no row, no column, no statement', 'va', "SELECT 1 WHERE false; SELECT; ;\n-- nothing\n");
same('values that are null, empty, long, and of several lines', 'va', q{SELECT NULL, '', 'a|b', E'x\ny\n', repeat('z', 100000), 'é', true, '\x00'::bytea});
same('several statements, each in a transaction of its own', 'va',
	"CREATE TABLE made (a int);\nINSERT INTO made VALUES (1), (2) RETURNING a;\nVACUUM made;\nTABLE made; DROP TABLE made;\nSHOW work_mem");
same('quotes and comments', 'va', <<'SQL');
-- a ; comment
SELECT 'it''s; -- none', "relname" /* nor here ; ' */ FROM pg_class WHERE oid = 1259;
SELECT $q$ ; $$ ' $q$, E'\'; ', (SELECT 1), ARRAY[1, 2], 'a:b', 1::text
SQL
same('webhook_deliveries', 'va', "DO \$\$\nBEGIN\n\tRAISE NOTICE 'n %', 1 USING HINT = 'h';\n\tRAISE WARNING 'w';\nEND\n\$\$;\nSELECT 2");
same('an error ends it', 'va', "SELECT 1;\nSELECT 1 / 0;\nSELECT 3");
same('... unless it need not', 'va', "SELECT 1; SELECT 1 / 0; SELECT 3", on_error_stop => 0);
same('an error shows where', 'va', "SELECT 1;\n\nSELECT 2,\n\tnowhere\nFROM pg_class");
same('... with its detail, hint and context', 'va',
	q{DO $$ BEGIN RAISE EXCEPTION 'e' USING DETAIL = 'd', HINT = 'h', ERRCODE = 'PT422'; END $$});
same('a transaction that is aborted', 'va', "BEGIN; SELECT nothing(); COMMIT", on_error_stop => 0);
same('no such database', 'nowhere', 'SELECT 1');
same('no such role', 'va', 'SELECT 1', extra_params => [ '-U', 'nobody' ]);
same('a session that is ended', 'va', "SELECT 1;\nSELECT pg_terminate_backend(pg_backend_pid());\nSELECT 2");
same('who asks', 'va', "SELECT session_user, current_setting('application_name'), current_setting('client_encoding'), current_setting('TimeZone')");
{
	local $ENV{PGOPTIONS} = '-c work_mem=123kB -c search_path=x\\ y';
	same('options of the environment', 'va', 'SHOW work_mem; SHOW search_path');
}
my $left = VoiceAgentPsql::instead($node, 'va', 'SET work_mem = 1234; SELECT 1');
same('nothing is left of the session before', 'va', 'SHOW work_mem');
foreach my $sql ("\\echo here", 'COPY (SELECT 1) TO STDOUT', "SELECT :'name'", "SELECT 'open", 'SELECT /* a /* b */ ; */ 1', 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END')
{
	is(VoiceAgentPsql::instead($node, 'va', $sql), undef, "left to psql: $sql");
}
is(VoiceAgentPsql::instead($node, 'va', 'SELECT 1', $_->[0] => $_->[1]), undef, "left to psql: $_->[0]") foreach [ timeout => 5 ], [ extra_params => [ '-v', 'x=1' ] ];
$node->stop;
same('no server', 'va', 'SELECT 1');
done_testing();
