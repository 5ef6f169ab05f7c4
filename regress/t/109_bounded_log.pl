# No tenant's session fills the disk of the log: what it raises at LOG and below is dropped, its warnings, errors and refusals are bounded a session
# and second, and counted; the platform's own lines stay.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;

# LOG_BYTES_S and LOG_LINES_S of extension/guard/log_bound.c.
my ($bytes_a_second, $lines_a_second) = (64 * 1024, 50);
my $node = new_node('main', log_statement => 'none', log_min_messages => 'warning');
my $tenant = create_tenant($node, 'va', 'Loud');
$node->safe_psql('va', qq{CREATE ROLE loud LOGIN; SELECT voiceagent.map_role('loud', $tenant)});
my $rounds = 20000;
my $dropped = 0;

sub flood
{
	my ($what, $role, $sql) = @_;
	my $before = length slurp_server_log($node);
	my $began = time;
	$node->psql('va', $sql, on_error_stop => 0, extra_params => [ '-U', $role ]);
	return (substr(slurp_server_log($node), $before), time - $began);
}

sub loop { my ($raise) = @_; return "SET client_min_messages = error; DO \$\$ BEGIN FOR i IN 1..$rounds LOOP $raise; END LOOP; END \$\$"; }

my %flood = (
	'RAISE LOG' => loop(q{RAISE LOG 'canary % %', i, repeat('x', 200)}),
	'RAISE WARNING' => loop(q{RAISE WARNING 'canary % %', i, repeat('x', 200)}),
	'long lines' => loop(q{RAISE WARNING E'canary \n%', repeat(E'\n', 10000)}),
	'debug_print_plan' => 'SET debug_print_plan = on;' . 'SELECT 1 AS canary;' x 2000,
	'syntax errors' => 'canary canary;' x 2000,
	'errors of values' => q{SELECT 'canary'::integer;} x 2000,
	'long statements' => join('', map { "SELECT 1/0 AS canary, '" . 'x' x 20000 . "';\n" } 1 .. 300),
	refusals => q{SELECT voiceagent.add_lead('canary');} x 2000);
foreach my $what (sort keys %flood)
{
	my ($log, $took) = flood($what, 'loud', $flood{$what});
	my $lines = () = $log =~ /(?:LOG|WARNING|ERROR):  /g;
	cmp_ok(length $log, '<=', $bytes_a_second * ($took + 2), "$what: bytes are bounded");
	cmp_ok($lines, '<=', $lines_a_second * ($took + 2), '... and lines');
	my $now = $node->safe_psql('va', 'SELECT locks FROM voiceagent_private.tenant_sessions() WHERE role = 0 AND pid IS NULL');
	cmp_ok($now, '>', $dropped, '... and what is dropped is counted');
	is($now - $dropped, $rounds, '... all of it') if $what eq 'RAISE LOG';
	unlike($log, qr/canary/, '... all of it') if $what eq 'RAISE LOG';
	like($log, qr/canary|refused \(PT422\)/, '... what fits is there') if $what !~ /RAISE LOG|long lines/;
	$dropped = $now;
}
is($node->safe_psql('va', q{SELECT queue_depth FROM voiceagent.status() WHERE component = 'log'}), $dropped, 'status() tells the platform');
$rounds = 500;
my ($log) = flood('the platform', 'postgres', loop(q{RAISE LOG 'canary % of the platform', i}) . ';' . loop(q{RAISE WARNING 'canary % of the platform', i}));
is(scalar(() = $log =~ /canary \d+ of the platform/g), 1000, 'what the platform says stays, all of it');
is($node->safe_psql('va', 'SELECT locks FROM voiceagent_private.tenant_sessions() WHERE role = 0 AND pid IS NULL'), $dropped, '... and nothing of it counts');
done_testing();
