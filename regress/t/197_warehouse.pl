# What extension/doc/warehouse.md says of logical replication: a publication of one tenant sends its rows and nobody else's, while a
# campaign runs; an erasure arrives, a month that retention empties does not; a filter that cannot be is refused.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_real_node('main', wal_level => 'logical', max_wal_senders => 5, max_replication_slots => 5);
my @tenant = map { create_tenant($node, 'va', $_, credits => 1000) } 'Ours', 'Theirs';
$node->safe_psql('va', q{SELECT voiceagent.set_setting('sandbox_time_scale', '1000')});

# As the page has it, of the tenant that we have.
my ($publication, $columns) = map { $_->[1] } readme_blocks('197_warehouse', 'warehouse.md');
my @tables = $publication =~ /TABLE voiceagent\.(\w+)/g;
$publication =~ s/tenant_id = 1/tenant_id = $tenant[0]/g;
$node->safe_psql('va', $publication);
my ($status, $out, $err) = $node->psql('va', 'CREATE PUBLICATION other FOR TABLE voiceagent.conversations WHERE (tenant_id = 1)');
like($err, qr/publish_via_partition_root/, 'a filter on a ring needs its root, as the page says');

# The warehouse: the same columns, the key, nothing else.
my $warehouse = PostgreSQL::Test::Cluster->new('warehouse');
$warehouse->init;
$warehouse->append_conf('postgresql.conf', 'max_logical_replication_workers = 8');
$warehouse->start;
$warehouse->safe_psql('postgres', 'CREATE SCHEMA voiceagent;' . $node->safe_psql('va', $columns));
$warehouse->safe_psql('postgres', sprintf q{CREATE SUBSCRIPTION warehouse CONNECTION '%s' PUBLICATION tenant_1}, $node->connstr('va') =~ s/'/''/gr);

# Both call at the same time.
my @campaign = map { start_leads($node, $_, [ numbers(12) ], settings => {max_concurrent_calls => 5, retry_attempts => 0}) } @tenant;
ok(wait_until(sub { $node->safe_psql('va', q{SELECT count(*) FROM voiceagent.conversations}) >= 10 }), 'both tenants call');
ok(wait_until(sub { $node->safe_psql('va', 'SELECT count(*) FROM voiceagent_private.live_calls') == 0 }), '... and have called');

sub arrived { $node->wait_for_catchup('warehouse'); return; }
$warehouse->wait_for_subscription_sync($node, 'warehouse');
arrived();
foreach my $table (@tables)
{
	my $here = $node->safe_psql('va', "SELECT count(*) FROM voiceagent.$table WHERE tenant_id = $tenant[0]");
	is_sql($warehouse, 'postgres', "SELECT count(*), count(*) FILTER (WHERE tenant_id <> $tenant[0]) FROM voiceagent.$table", "$here|0", "$table has arrived, of the one tenant ($here rows)");
}
my $talks = $warehouse->safe_psql('postgres', 'SELECT count(*) FROM voiceagent.conversations');
cmp_ok($talks, '>', 0, 'what was said is among it');

# A person is forgotten there, too.
my ($lead, $phone) = split /\|/, $node->safe_psql('va', "SELECT lead_id, phone FROM voiceagent.leads WHERE tenant_id = $tenant[0] ORDER BY lead_id LIMIT 1");
as_tenant($node, 'va', $tenant[0], "SELECT voiceagent.erase_lead($lead)");
arrived();
is_sql($warehouse, 'postgres', "SELECT count(*) FROM voiceagent.leads WHERE phone = '$phone'", 0, 'an erasure arrives');

# What retention does with a whole month.
my $slot = $node->safe_psql('va', "SELECT tableoid::regclass FROM voiceagent.conversations LIMIT 1");
$talks = $warehouse->safe_psql('postgres', 'SELECT count(*) FROM voiceagent.conversations');
$node->safe_psql('va', "TRUNCATE $slot");
arrived();
is_sql($warehouse, 'postgres', 'SELECT count(*) FROM voiceagent.conversations', $talks, 'a month that is emptied here stays there');
is_sql($warehouse, 'postgres', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id <> $tenant[0]", 0, 'nothing of the other tenant in the end');
$warehouse->stop;
$node->stop('fast');
done_testing();
