# A tenant moves to a cell whose disk is full: before it has left the move ends and says so, and the tenant is served on; when it has
# left that stands in status(), and the move goes on when there is room, run again if it has ended.  All rows come, and nobody is called twice.
use strict;
use warnings;

use VoiceAgentMemory;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

my $small = $ENV{VOICEAGENT_SMALL};
plan skip_all => 'no mount namespace of our own for a small file system' unless defined $small;

seed();
my $ballast = "$small/ballast";
mkdir "$small/there";
my %cell = (wal_level => 'logical', max_wal_senders => 8, max_replication_slots => 8, max_locks_per_transaction => 128, wal_retrieve_retry_interval => '100ms');
my ($one, $two) = map { new_node($_, %cell) } qw(one two);
$two->safe_psql('va', 'SELECT voiceagent.set_cell(2)');
$two->safe_psql('postgres', "CREATE TABLESPACE small LOCATION '$small/there'");
$two->safe_psql('postgres', 'ALTER DATABASE va SET TABLESPACE small');
$_->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '1000')}) foreach $one, $two;
my $tenant = create_tenant($one, 'va', 'Mover', credits => 1000000);
my ($script) = map { $_->[1] } grep { $_->[0] eq 'move-tenant' } readme_blocks('019_cells', 'scale.md');
my $dir = PostgreSQL::Test::Utils::tempdir();
# It leaves when it is told.
$script =~ s{^(?=\tleave=)}{\twhile [ -e "$dir/wait" ]; do sleep 0.05; done\n}m or die;
append_to_file("$dir/$_->[0]", $_->[1]) foreach [ 'move-tenant', $script ], [ wait => '' ];
my @move = ('bash', "$dir/move-tenant", $tenant, map { "host=@{[$_->host]} port=@{[$_->port]} dbname=va" } $one, $two);
my ($said, $why) = ('', '');
start_leads($one, $tenant, [ numbers(300) ], settings => {call_interval => 0.1, retry_attempts => 0, max_concurrent_calls => 5});
my $calls = "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant";
sub calls_on { my ($where, $name) = @_; my $now = $where->safe_psql('va', $calls); return ok(wait_until(sub { $where->safe_psql('va', $calls) > $now + 5 }), $name) }
calls_on($one, 'a tenant calls');

# Rows still fit into pages that are there: until a table has had to do without.
sub fill_there
{
	open(my $file, '>', $ballast) or die $!;
	foreach my $size (1 << 20, 1 << 12)
	{
		while (defined(my $n = syswrite($file, "\0" x $size))) { last if $n < $size }
	}
	close($file);
	$two->psql('va', q{CREATE TABLE public.filler AS SELECT repeat('x', 1000) FROM generate_series(1, 1000)});
	return;
}

# ---- before it leaves ----

fill_there();
ok(!IPC::Run::run(\@move, '>', \$said, '2>', \$why), 'a disk that is full there ends the move before it has left');
like($why, qr/No space left on device/, '... which says so');
is_sql($one, 'va', "SELECT voiceagent.tenant_move($tenant) ->> 'served'", 'true', '... the tenant is served on');
calls_on($one, '... and calls');
unlink $ballast;

# ---- when it leaves ----

my $moving = IPC::Run::start(\@move, '>', \$said, '2>', \$why);
wait_for_sql($two, 'va', q{SELECT count(*) FROM pg_subscription}, 1, 'with room it is copied');
my $offset = -s $two->logfile;
fill_there();
unlink "$dir/wait";
ok(wait_until(sub { slurp_server_log($two, $offset) =~ /could not (extend|write)/ }), 'a disk that is full when it leaves is in the log there');
wait_for_sql($one, 'va', "SELECT voiceagent.tenant_move($tenant) ->> 'state'", 'gone', '... the tenant has left') or do { $moving->pump_nb; diag($said =~ s{(.*\n)\1+}{$1}gr, $why) };
like($one->safe_psql('va', "SELECT state FROM voiceagent.status() WHERE component = 'move of tenant $tenant'"), qr/nobody serves it before that cell takes it/, '... which status() says');
unlink $ballast;
# No session may begin there, and then the script has ended and is run again.
ok($moving->finish || IPC::Run::run(\@move, '>', \$said, '2>', \$why), '... and with room the move goes on to its end') or diag($said, $why);
is_sql($two, 'va', "SELECT m.v ->> 'state', m.v ->> 'digest' IS NOT NULL FROM voiceagent.tenant_move($tenant) AS m(v)", 'here|t', '... with rows that are equal by their digest');
is_sql($one, 'va', $calls, 0, '... and none here');
wait_for_sql($two, 'va', "SELECT count(*) FROM voiceagent.campaigns WHERE tenant_id = $tenant AND status = 'running'", 0, 'the campaign ends', 300);
wait_for_sql($two, 'va', 'SELECT count(*) FROM voiceagent_private.live_calls', 0, 'no call stays live', 60);
is_sql($two, 'va', "SELECT count(*), count(DISTINCT lead_id) FROM voiceagent.calls WHERE tenant_id = $tenant", '300|300', '... every lead was called, and nobody twice')
  or diag($two->safe_psql('va', "SELECT lead_id, call_id, status, outcome, cause, cause_class, counts, attempt_number, started_at FROM voiceagent.calls WHERE tenant_id = $tenant
	AND lead_id IN (SELECT lead_id FROM voiceagent.calls WHERE tenant_id = $tenant GROUP BY 1 HAVING count(*) > 1) ORDER BY 1, 2"));
is_witnessed($two, undef, 'by the sandbox');
done_testing();
