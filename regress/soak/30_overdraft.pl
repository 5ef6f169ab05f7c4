# A hundred sessions spend one balance: nobody overdraws, no session fails, none loses a charge to a deadlock, and the
# ledger adds up.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentSoak;

my $seed = seed();
my $node = new_node('main', max_connections => 150, log_statement => 'none');
my $tenant = create_tenant($node, 'va', 'Spenders', credits => 1000);
my $each = long() ? 300 : 20;

# Hold 1 to 3 calls, sometimes more than there is, and settle them for less, for all, or for more than was held. Call ids
# are unique by session and turn.
my $script = $node->basedir . '/spend.sql';
append_to_file($script, <<"SQL");
\\set turn random(1, 1000000000)
\\set n random(1, 3)
\\set amount random(1, 20)
\\set cost random(0, 25)
BEGIN;
SELECT voiceagent_private.set_tenant($tenant);
SELECT * FROM voiceagent_private.hold_credits(ARRAY(SELECT :client_id * 10000000000 + :turn::bigint * 10 + i FROM generate_series(1, :n) i), ARRAY(SELECT :amount FROM generate_series(1, :n)));
COMMIT;
BEGIN;
SELECT voiceagent_private.set_tenant($tenant);
SELECT * FROM voiceagent_private.settle_holds(ARRAY(SELECT :client_id * 10000000000 + :turn::bigint * 10 + i FROM generate_series(1, :n) i), ARRAY(SELECT :cost FROM generate_series(1, :n)));
COMMIT;
SQL

# Nobody else is in the ledger: what the balance was, is, and was spent must agree at any time.
my $granted = 1000;
my $done = 0;
for (my $round = 1; $round <= rounds(short => 1, long => 20) && time_left(); $round++)
{
	restart_choices($round);
	if ($round > 1)
	{
		$node->safe_psql('va', "SELECT voiceagent.adjust_credits($tenant, 1000, 'round $round')");
		$granted += 1000;
	}
	my ($stdout, $stderr) = ('', '');
	my $fine = IPC::Run::run([ 'pgbench', '-n', '-c', '100', '-j', '4', '-t', $each, '--random-seed', $seed + $round, '-f', $script, '-h', $node->host, '-p', $node->port, 'va' ],
		'>', \$stdout, '2>', \$stderr);
	ok($fine, "round $round: no session fails") or diag(substr($stderr, 0, 2000));
	like($stdout, qr{transactions actually processed: (\d+)/\1\b}, '... and every transaction is done');
	$done += 100 * $each;
}
is_as_tenant($node, 'va', $tenant, 'SELECT * FROM voiceagent_private.check_credit()', '', 'the ledger adds up, entry by entry');
is_sql($node, 'va', "SELECT held = 0, available + spent FROM (SELECT max(balance) FILTER (WHERE account = 'available') AS available, max(balance) FILTER (WHERE account = 'held') AS held,
	max(balance) FILTER (WHERE account = 'spent') AS spent FROM voiceagent.credit_accounts WHERE tenant_id = $tenant) b", "t|$granted.000000", 'what was granted is available or spent, nothing is held');
my ($least, $below) = split /\|/, $node->safe_psql('va', "SELECT min(available_after), count(*) FILTER (WHERE available_after < 0) FROM voiceagent.credit_transfers WHERE tenant_id = $tenant");
cmp_ok($least, '<', 20, 'the balance ran low');
is($below, 0, '... and never below zero');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.credit_holds WHERE tenant_id = $tenant AND state = 'held'", 0, 'every hold has ended');
my $deadlocks = () = slurp_server_log($node) =~ /deadlock detected/g;
is($deadlocks, 0, 'no deadlock');
figure(name => '100 sessions on one balance: overdrafts', value => $below, unit => '', goal => '= 0', count => $done);
figure(name => '100 sessions on one balance: deadlocks', value => $deadlocks, unit => '', goal => '= 0', count => $done);
$node->stop('fast');
done_testing();
