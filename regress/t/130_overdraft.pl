# A hundred sessions spend one balance: nobody overdraws, no session fails, and the ledger adds up.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('overdraft', max_connections => 150);
my $tenant = $node->safe_psql('va', "SELECT voiceagent.create_tenant('Spenders', 'UTC', 1000)");

# 100 sessions, 30 transactions each: hold 1 to 3 calls, sometimes more than there is, and settle them for
# less, for all, or for more than was held. Call ids are unique by session and turn.
my $script = $node->basedir . '/spend.sql';
open(my $out, '>', $script) or die "$script: $!";
print $out <<"SQL";
\\set turn random(1, 1000000000)
\\set n random(1, 3)
\\set amount random(1, 20)
\\set cost random(0, 25)
BEGIN;
SELECT voiceagent_private.act_for($tenant);
SELECT * FROM voiceagent_private.hold_credits(ARRAY(SELECT :client_id * 10000000000 + :turn::bigint * 10 + i FROM generate_series(1, :n) i), ARRAY(SELECT :amount FROM generate_series(1, :n)));
COMMIT;
BEGIN;
SELECT voiceagent_private.act_for($tenant);
SELECT * FROM voiceagent_private.settle_holds(ARRAY(SELECT :client_id * 10000000000 + :turn::bigint * 10 + i FROM generate_series(1, :n) i), ARRAY(SELECT :cost FROM generate_series(1, :n)));
COMMIT;
SQL
close($out);
my ($stdout, $stderr) = ('', '');
my $ok = IPC::Run::run([ 'pgbench', '-n', '-c', '100', '-j', '4', '-t', '30', '-f', $script, '-h', $node->host, '-p', $node->port, 'va' ],
	'>', \$stdout, '2>', \$stderr);
ok($ok, 'no session fails, and none loses a charge to a deadlock') or diag($stderr);
like($stdout, qr{transactions actually processed: 3000/3000}, 'every transaction is done');

my $act = "SELECT voiceagent_private.act_for($tenant)";
is($node->safe_psql('va', "BEGIN; $act \\g /dev/null\nSELECT count(*) FROM voiceagent_private.check_credit(); COMMIT;"), '0', 'the ledger adds up, entry by entry');
is($node->safe_psql('va', "SELECT available >= 0 AND held = 0 AND available + posted = 1000 FROM (SELECT max(balance) FILTER (WHERE account = 'available') AS available, max(balance) FILTER (WHERE account = 'held') AS held, max(balance) FILTER (WHERE account = 'spent') AS posted FROM voiceagent.credit_accounts WHERE tenant_id = $tenant) b"),
	't', 'what was granted is available or spent, nothing is held');
is($node->safe_psql('va', "SELECT min(available_after) >= 0 AND min(available_after) < 20 FROM voiceagent.credit_transfers WHERE tenant_id = $tenant"), 't', 'the balance ran low and never below zero');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.credit_holds WHERE tenant_id = $tenant AND state = 'held'"), '0', 'every hold has ended');

$node->stop;
done_testing();
