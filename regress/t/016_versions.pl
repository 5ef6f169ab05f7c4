# Upgrades: an update while a campaign runs; SQL and library of versions that do not fit, said clearly instead of half working.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my ($version) = slurp_file('voiceagent.control') =~ /^default_version = '(\d+\.\d+)'/m or die 'version';
my ($major, $minor) = split /\./, $version;
# As a later release of the same library, a later one, and one from before.
my @made;
my ($next, $future, $past) = ("$version.1", "$major." . ($minor + 1), '0.0');
chomp(my $share = qx(pg_config --sharedir));

sub script
{
	my ($from, $to, $sql) = @_;
	push @made, "$share/extension/voiceagent--$from--$to.sql";
	open(my $file, '>', $made[-1]) or die "$share: $!";
	print $file $sql;
	close $file;
	return;
}
my $change = q{
CREATE FUNCTION voiceagent.next_feature() RETURNS text LANGUAGE sql IMMUTABLE RETURN 'next';
ALTER FUNCTION voiceagent.next_feature() OWNER TO voiceagent_owner;
ALTER TABLE voiceagent.leads ADD COLUMN next_note text;
SELECT voiceagent_private.is_platform();
};
script($version, $next, $change);
script($next, $future, 'SELECT 1;');
script($past, $next, 'SELECT 1;');
script($future, $next, 'SELECT 1;');

# ----- an update while a campaign runs
my $carrier = start_carrier('delay-ms' => 100);
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Upgraded', credits => 100000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');
my $campaign = start_leads($node, $tenant, [ numbers(120) ], account => $account, settings => {max_concurrent_calls => 10});
wait_for_sql($node, 'va', q{SELECT count(*) > 20 FROM voiceagent.calls}, 't', 'a campaign is under way');
my ($status, $out, $err) = $node->psql('va', "ALTER EXTENSION voiceagent UPDATE TO '$next'");
is($status, 0, 'the extension is updated meanwhile') or diag($err);
my $calls = $node->safe_psql('va', 'SELECT count(*) FROM voiceagent.calls');
cmp_ok($calls, '<', 120, "... after $calls calls");
is_sql($node, 'va', 'SELECT voiceagent.next_feature()', 'next', 'what is new is there');
wait_completed($node, 'the campaign completes on the new SQL');
is_well($node, 'after the update');
is_witnessed($node, $carrier, 'the carrier');

# ----- to SQL that the running library does not serve
($status, $out, $err) = $node->psql('va', "ALTER EXTENSION voiceagent UPDATE TO '$future'");
like($err, qr/has version \Q$future\E, but the server runs the library of version \Q$version\E/, 'an update beyond the running library is refused');
like($err, qr/HINT:  Install the library of that version, and restart the server/, '... with what comes first');
is_sql($node, 'va', q{SELECT extversion FROM pg_extension WHERE extname = 'voiceagent'}, $next, '... and nothing has changed');
wait_workers($node, 'the workers run on');

# ----- SQL from before what the library serves, as after a jump over versions
my $states = q{SELECT string_agg(DISTINCT state, ' ') FROM voiceagent_private.worker_status()};
my $member = sub { my ($status, $out, $err) = $node->psql('va', "SELECT voiceagent_private.set_tenant($tenant)"); return $err };
foreach my $case ([ $past, 'HINT:  Run ALTER EXTENSION voiceagent UPDATE in this database' ], [ $future, 'HINT:  Install the library of that version' ])
{
	my ($sql, $hint) = @$case;
	$node->safe_psql('va', "UPDATE pg_extension SET extversion = '$sql' WHERE extname = 'voiceagent'");
	my $offset = -s $node->logfile;
	$node->restart;
	wait_for_sql($node, 'va', $states, 'wrong_version', "SQL of version $sql: the workers rest", 30);
	like($member->(), qr/has version \Q$sql\E, but.*\Q$hint\E/s, '... and functions say why, and what to do');
	sleep 2;
	my @said = slurp_server_log($node, $offset) =~ /LOG:  extension voiceagent has version \Q$sql\E/g;
	is(scalar @said, 1, '... the log says it once');
	($status, $out, $err) = $node->psql('va', "ALTER EXTENSION voiceagent UPDATE TO '$next'");
	is($status, 0, '... an update to what is served goes') or diag($err);
	wait_workers($node, '... and they work again, without a restart');
	is($member->(), '', '... as do functions');
}
is_well($node, 'in the end');

# ----- files of a newer release beside a library that the server loaded before
$node->safe_psql('postgres', q{CREATE DATABASE fresh TEMPLATE template0 ENCODING 'UTF8'});
script($version, $future, 'SELECT 1;');
($status, $out, $err) = $node->psql('fresh', "SET client_min_messages = warning; CREATE EXTENSION voiceagent VERSION '$future' CASCADE");
like($err, qr/the server runs the library of version/, 'CREATE EXTENSION of a newer version is refused, too');
is_sql($node, 'fresh', q{SELECT count(*) FROM pg_extension WHERE extname = 'voiceagent'}, 0, '... as a whole');

$node->stop('fast');
# Only ours: other tests run beside this one, with updates of their own.
unlink @made;
done_testing();
