# What a tenant's own session keeps across a change of identity (plans, cursors), and what it can have the server print, tell nothing of others.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $keys = PostgreSQL::Test::Utils::tempdir();
append_to_file("$keys/jwt", 'ca' x 32);
chmod 0600, "$keys/jwt";
my $node = new_node('main', 'voiceagent.jwt_secret_file' => "$keys/jwt");
my ($a, $b) = map { create_tenant($node, 'va', $_, credits => 100) } 'Asker', 'Other';
$node->safe_psql('va', qq{
	CREATE ROLE pooled LOGIN IN ROLE voiceagent_user;
	CREATE ROLE visitor LOGIN IN ROLE voiceagent_anon;
	INSERT INTO voiceagent.leads (tenant_id, phone, timezones, created_at)
	SELECT CASE WHEN g <= 30 THEN $a ELSE $b END, '+1212555' || lpad(g::text, 4, '0'), '{UTC}', now() FROM generate_series(1, 100) g;});
my %token = map {
	my $address = "owner$_\@example.com";
	my @out = split /\n/, $node->safe_psql('va', "SELECT voiceagent.create_member($_, '$address', 'correct horse'); SELECT voiceagent.login('$address', 'correct horse')");
	($_ => $out[-1])
} $a, $b;

sub session
{
	my ($role, $sql) = @_;
	my ($status, $out, $err) = $node->psql('va', $sql, on_error_stop => 0, extra_params => [ '-U', $role ]);
	return ($out, $err);
}

my ($out, $err) = session('pooled', qq{
	\\set VERBOSITY sqlstate
	SET plan_cache_mode = force_generic_plan;
	PREPARE mine(text) AS SELECT count(*) FROM voiceagent.leads WHERE phone > \$1;
	EXECUTE mine('+');
	SET voiceagent.token = '$token{$a}';
	EXECUTE mine('+');
	SET voiceagent.token = 'x';
	EXECUTE mine('+');
	SELECT count(*) FROM voiceagent.leads;
	SET voiceagent.token = '$token{$b}';
	EXECUTE mine('+');
	RESET voiceagent.token;
	EXECUTE mine('+');});
is($out, "30\n70", 'a prepared statement gives the rows of whoever is proven when it runs');
is(() = $err =~ /PT401/g, 4, '... and without a proof, or with a bad one, an error, whenever its plan was made');

($out, $err) = session('pooled', qq{
	SET voiceagent.token = '$token{$a}';
	PREPARE mine AS SELECT phone FROM voiceagent.leads ORDER BY lead_id;
	RESET voiceagent.token;
	EXECUTE mine;
	SET voiceagent.token = '$token{$a}';
	EXPLAIN EXECUTE mine;});
unlike($out, qr/rows=0 /, 'no plan is kept that was made for nobody');

foreach my $scan ('enable_indexscan', 'enable_seqscan')
{
	($out, $err) = session('pooled', qq{
		\\set VERBOSITY sqlstate
		SET $scan = off;
		SET enable_bitmapscan = off;
		BEGIN;
		SET LOCAL voiceagent.token = '$token{$a}';
		DECLARE mine CURSOR FOR SELECT 'row' FROM voiceagent.leads;
		FETCH 2 FROM mine;
		SET LOCAL voiceagent.token = 'x';
		FETCH 2 FROM mine;
		ROLLBACK;});
	is($out, "row\nrow", "a cursor gives no row more once the proof is gone ($scan off)");
	like($err, qr/PT401/, '... but says so');
}

# Whatever the server can be told to print, it prints of the caller's own statement alone.
my $prints = "SET client_min_messages = log; SET debug_print_plan = on; SET debug_print_parse = on; SET debug_print_rewritten = on;";
foreach my $case ([ 'pooled', "SET voiceagent.token = '$token{$a}';", 'SELECT voiceagent.whoami()' ],
	[ 'pooled', "SET voiceagent.token = '$token{$a}';", q{SELECT voiceagent.add_lead('+12125559999')} ],
	[ 'visitor', '', "SELECT voiceagent.login('owner$b\@example.com', 'wrong')" ])
{
	my ($role, $proof, $statement) = @$case;

	(undef, $err) = session($role, "$proof $prints $statement;");
	my @plans = $err =~ /LOG:  plan:/g;
	is(scalar(@plans), 1, "$statement shows its own plan and none of what it runs");
}
done_testing();
