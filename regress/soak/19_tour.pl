# The tour of README.md through PgBouncer in each of three cells, which share a directory: it goes as in one cell, no cell asks another
# or the directory for it, and what a cell does ask of the directory, the claim of a name, is one statement.
use strict;
use warnings;

use IO::Socket::INET;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my ($pgbouncer) = grep { -x } map { "$_/pgbouncer" } split(/:/, $ENV{PATH}), '/usr/sbin';
my $share = qx(pg_config --sharedir);
chomp $share;
plan skip_all => 'no plproxy' unless -e "$share/extension/plproxy.control";
plan skip_all => 'no pgbouncer' unless $pgbouncer;

my @cell = map { new_node($_, log_statement => 'all', log_line_prefix => '%m %u ') } qw(one two three);
my $directory = "host=@{[$cell[0]->host]} port=@{[$cell[0]->port]} dbname=directory";
sub run { my ($node, $database, @words) = @_; local @ENV{qw(PGHOST PGPORT)} = ($node->host, $node->port); my ($out, $err); return IPC::Run::run([ 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', $database, @words ], '>', \$out, '2>', \$err) || (diag($err), 0) }
sub fleet { my ($sql) = @_; return $cell[0]->safe_psql('directory', $sql) }
$cell[0]->safe_psql('postgres', 'CREATE DATABASE directory');
ok(run($cell[0], 'directory', '-f', 'extension/fleet/directory.sql'), 'a directory is made');
foreach my $n (1 .. 3)
{
	my $node = $cell[ $n - 1 ];
	$node->safe_psql('va', "SELECT voiceagent.set_cell($n); SELECT voiceagent.set_setting('sandbox_time_scale', '1000')");
	ok(run($node, 'va', '-v', "directory=$directory", '-f', 'extension/fleet/cell.sql'), "... and cell $n has its part");
	fleet("SELECT fleet.set_cell($n, 'host=@{[$node->host]} port=@{[$node->port]} dbname=va')");
}
my @tenant = map { fleet("CALL fleet.create_tenant('cell $_', 'Acme Solar', 'America/New_York', 1000, $_)") } 1 .. 3;
is(join(' ', map { ($_ >> 36) + 1 } @tenant), '1 2 3', 'a tenant in each cell, by its number');
foreach my $n (1 .. 3)
{
	$cell[ $n - 1 ]->safe_psql('postgres', "CREATE ROLE acme$n LOGIN");
	$cell[ $n - 1 ]->safe_psql('va', "SELECT voiceagent.map_role('acme$n', $tenant[$n - 1])");
}

my $dir = PostgreSQL::Test::Utils::tempdir();
my $port = PostgreSQL::Test::Cluster::get_free_port();
append_to_file("$dir/databases.ini", fleet('SELECT fleet.pgbouncer()') . "\n");
append_to_file("$dir/users", join('', map { qq{"acme$_" ""\n} } 1 .. 3));
append_to_file("$dir/pgbouncer.ini", "%include $dir/databases.ini\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = $port\nauth_type = trust\nauth_file = $dir/users\nunix_socket_dir =\n");
my $router = IPC::Run::start([ $pgbouncer, "$dir/pgbouncer.ini" ], '>', "$dir/out", '2>&1');
END { my $status = $?; if ($router) { eval { $router->signal('TERM'); $router->kill_kill(grace => 5) } } $? = $status }
ok(wait_until(sub { IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") }, 30), 'PgBouncer runs') or diag(slurp_file("$dir/out"));

# ---- the tour ----

my @blocks;
my $page = slurp_file('README.md');
push @blocks, [ $1, $2 ] while $page =~ /^```sql tenant ?(\w*)\n(.*?)^```$/msg;
cmp_ok(scalar @blocks, '>=', 5, 'a tour');
my @log = map { -s $_->logfile } @cell;
# Statements of other cells and of the directory, in all servers.
sub across { my $n = 0; foreach my $i (0 .. 2) { $n += () = slurp_server_log($cell[$i], $log[$i]) =~ / voiceagent_(?:cell|directory) LOG:  (?:execute [^:]+|statement): /g } return $n }
my %told;
foreach my $n (1 .. 3)
{
	my ($node, $tenant) = ($cell[ $n - 1 ], $tenant[ $n - 1 ]);
	my @psql = ('psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-d', "host=127.0.0.1 port=$port dbname=t$tenant user=acme$n");
	foreach my $block (@blocks)
	{
		my ($out, $err) = ('', '');
		my $sql = $block->[1];
		ok(IPC::Run::run(\@psql, '<', \$sql, '>', \$out, '2>', \$err), "cell $n: the block runs") or diag($sql, $err);
		next if $block->[0] ne 'start';
		wait_for_sql($node, 'va', "SELECT status FROM voiceagent.campaigns WHERE tenant_id = $tenant", 'completed', "cell $n: its campaign completes", 120);
	}
	$told{$n} = $node->safe_psql('va', "SELECT string_agg(concat_ws(' ', phone, status, outcome), ', ' ORDER BY call_id) FROM voiceagent.calls WHERE tenant_id = $tenant");
	like($told{$n}, qr/ completed scheduled,/, "cell $n: a visit is booked") or note($told{$n});
}
is($told{$_}, $told{1}, "the calls of cell $_ are those of the first") foreach 2, 3;
is(across(), 0, 'no cell was asked by another, or by the directory, nor the directory');
my $member = $cell[1]->safe_psql('va', "SELECT voiceagent.create_member($tenant[1], 'ann\@acme.example', 'correct horse battery')");
as_tenant($cell[1], 'va', $tenant[1], "SELECT voiceagent_private.prove_address($member)");
is(across(), 1, '... until a name is claimed');
fleet('SELECT count(*) FROM fleet.status()');
is(across(), 4, '... or the platform asks all cells');
done_testing();
