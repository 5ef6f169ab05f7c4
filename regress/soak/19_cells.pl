# Two cells, a tenant whose campaign calls all the time, and moves there and back by the script of doc/scale.md: the script is
# killed in the middle of its work, again and again, and so are backends of both servers, which then restart.  In the end every lead
# was called once, all rows are in one cell, and between the last dial there and the first one here lies about a second.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;

seed();
my %conf = (wal_level => 'logical', max_worker_processes => 48, max_wal_senders => 16, max_replication_slots => 16,
	wal_retrieve_retry_interval => '100ms', max_locks_per_transaction => 128, restart_after_crash => 'on', fsync => 'on');
my @cell = map { new_node($_, %conf) } qw(one two);
$cell[1]->safe_psql('va', 'SELECT voiceagent.set_cell(2)');
$_->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '1000')}) foreach @cell;
my $beside = create_tenant($cell[1], 'va', 'Beside', credits => 1000000);
my $tenant = create_tenant($cell[0], 'va', 'Mover', credits => 1000000);

my ($script) = map { $_->[1] } grep { $_->[0] eq 'move-tenant' } readme_blocks('019_cells', 'scale.md');
my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/move-tenant", $script);
chmod 0755, "$dir/move-tenant";

# Begins to move the tenant; the process, which leads a group of its own.
sub begin_move
{
	my ($from, $to) = @_;
	my @place = map { "host=@{[$_->host]} port=@{[$_->port]} dbname=va" } $from, $to;
	my $pid = fork();
	if ($pid == 0)
	{
		setpgrp;
		open(STDOUT, '>>', "$PostgreSQL::Test::Utils::log_path/19_cells_script.log");
		open(STDERR, '>&', \*STDOUT);
		exec("$dir/move-tenant", $tenant, @place) or die $!;
	}
	return $pid;
}

# Kills it after so many seconds; its status, undef when it was killed.
sub end_move
{
	my ($pid, $seconds) = @_;
	my $until = time + $seconds;
	while (time < $until)
	{
		return $? if waitpid($pid, 1) == $pid;
		sleep 0.01;
	}
	kill 'KILL', -$pid;
	waitpid($pid, 0);
	return undef;
}

# A process of a server that has to do with the move, or nobody: its server restarts.
sub kill_backend
{
	my ($node) = @_;
	my ($status, $pid) = try_psql($node, q{SELECT pid FROM pg_stat_activity WHERE backend_type IN ('walsender', 'logical replication worker')
		OR (backend_type = 'client backend' AND query ~ 'voiceagent.(leave|take|remove|offer|expect)_tenant' AND pid <> pg_backend_pid()) ORDER BY random() LIMIT 1});
	return 0 unless defined $status && $status == 0 && $pid;
	note("kill -9 $pid of @{[$node->name]}");
	kill9($pid);
	# The server restarts by itself.
	wait_until(sub { my ($failed) = try_psql($node, 'SELECT 1'); defined $failed && $failed == 0 }) or die 'the server does not come back';
	return 1;
}

my $rounds = rounds(short => 2, long => 100);
my ($from, $to) = @cell;
my @campaigns;
sub call_more { push @campaigns, start_leads($from, $tenant, [ numbers(1200) ], settings => {call_interval => 0.05, retry_attempts => 0, max_concurrent_calls => 5}); return }
my @tables = split /\n/, $from->safe_psql('va', q{SELECT m.tab FROM voiceagent_private.move_plan() m WHERE m.how <> 'stays'});
my $calls = "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant";
my ($killed, $crashed, @gaps) = (0, 0);
for my $round (1 .. $rounds)
{
	last unless time_left();
	call_more();
	wait_until(sub { $from->safe_psql('va', $calls) >= 20 * @campaigns }) or die 'nobody is called';
	# The last round is left in peace, so that its gap is that of a move.
	my $peace = $round == $rounds;
	my ($tries, $status) = (0);
	my $began = $from->safe_psql('va', 'SELECT clock_timestamp()');
	until (defined $status && $status == 0)
	{
		die 'the move does not end' if ++$tries > 60;
		my $pid = begin_move($from, $to);
		my $patience = $peace || $tries > 6 ? 240 : between(50, 1600) / 1000;
		$status = end_move($pid, $patience);
		$killed += !defined $status;
		$crashed += kill_backend(pick(@cell)) if !$peace && $tries <= 3;
	}
	is_sql($to, 'va', "SELECT m.v ->> 'state' FROM voiceagent.tenant_move($tenant) AS m(v)", 'here', "round $round: the tenant is there, after $tries tries");
	is($from->safe_psql('va', join(' UNION ALL ', map { "SELECT '$_' FROM $_ WHERE tenant_id = $tenant" } @tables)), '', '... and no row is left here');
	is_sql($to, 'va', "SELECT count(*) FROM voiceagent_private.parked_rows", 0, '... with nothing parked');
	my $now = $to->safe_psql('va', $calls);
	ok(wait_until(sub { $to->safe_psql('va', $calls) > $now + 10 }), '... and calls on');
	push @gaps, $to->safe_psql('va', "SELECT max(EXTRACT(epoch FROM d)) FROM (SELECT created_at - lag(created_at) OVER (ORDER BY created_at) AS d, created_at FROM voiceagent.attempts WHERE tenant_id = $tenant) x WHERE created_at > '$began'");
	note("round $round: $tries tries, $gaps[-1] s without a dial");
	($from, $to) = ($to, $from);
}
wait_for_sql($from, 'va', "SELECT count(*) FROM voiceagent.campaigns WHERE tenant_id = $tenant AND status = 'running'", 0, 'the campaigns end', 300);
wait_for_sql($from, 'va', 'SELECT count(*) FROM voiceagent_private.live_calls', 0, 'no call stays live', 60);
# A server that is killed between a claim and its request leaves an attempt of which the carrier knows nothing: it is asked, the attempt
# is not_placed, and the lead is called. is_witnessed() fails if the carrier took one of these.
my $dials = "voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) WHERE tenant_id = $tenant AND a.state";
is_sql($from, 'va', "SELECT count(*), count(DISTINCT c.lead_id) FROM $dials <> 'not_placed'", join('|', (1200 * @campaigns) x 2), 'every lead was called, and nobody twice');
cmp_ok($from->safe_psql('va', "SELECT count(*) FROM $dials = 'not_placed'"), '<=', 5 * $crashed, '... and what was never sent is what was being sent when a server crashed');
note("not placed: $_") foreach split /\n/, $from->safe_psql('va', "SELECT c.lead_id, c.call_id, a.error, a.created_at FROM $dials = 'not_placed' ORDER BY 1, 2");
is_witnessed($from, undef, 'by the sandbox');
is_sql($_, 'va', 'SELECT invariant, detail FROM voiceagent.invariants() LIMIT 20', '', 'invariants() is empty in ' . $_->name) foreach @cell;
note("scripts killed: $killed, servers crashed: $crashed");
figure(name => 'a move in peace, longest time without a dial', value => sprintf('%.2f', $gaps[-1]), unit => 's', goal => '<= 1', count => $rounds);
done_testing();
