# Removal, as the documents tell it: with live data only when it is meant, without a trace, and only when nobody else needs the roles.
use strict;
use warnings;

use IPC::Run ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main');
# What a database and the cluster hold, by name: to be the same afterwards.
my $traces = q{
	SELECT 'namespace ' || nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
	UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE oid >= 16384
	UNION ALL SELECT 'relation ' || oid::regclass FROM pg_class WHERE oid >= 16384 AND relnamespace <> 'pg_toast'::regnamespace
	UNION ALL SELECT 'type ' || oid::regtype FROM pg_type WHERE oid >= 16384
	UNION ALL SELECT 'operator ' || oid::regoperator FROM pg_operator WHERE oid >= 16384
	UNION ALL SELECT 'extension ' || extname FROM pg_extension
	UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
	UNION ALL SELECT 'cast ' || castsource::regtype || ' ' || casttarget::regtype FROM pg_cast WHERE oid >= 16384
	UNION ALL SELECT 'default acl ' || defaclrole::regrole FROM pg_default_acl
	UNION ALL SELECT 'initial privileges ' || objoid FROM pg_init_privs WHERE objoid >= 16384
	UNION ALL SELECT 'setting of ' || setrole::regrole FROM pg_db_role_setting WHERE setrole <> 0
	UNION ALL SELECT 'role ' || rolname FROM pg_roles
	UNION ALL SELECT 'shared description ' || description FROM pg_shdescription
	UNION ALL SELECT 'depends on a role: ' || classid::regclass || ' ' || objid FROM pg_shdepend
		WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND deptype IN ('o', 'a', 'r')
	ORDER BY 1};
$node->safe_psql('postgres', q{CREATE DATABASE bare TEMPLATE template0 ENCODING 'UTF8'; DROP DATABASE va;
	ALTER DATABASE va_template IS_TEMPLATE false; DROP DATABASE va_template});
$node->safe_psql('postgres', "DROP ROLE voiceagent_anon, voiceagent_user, voiceagent_admin, voiceagent_worker, voiceagent_guest, voiceagent_api, voiceagent_staff, voiceagent_owner");
my $before = $node->safe_psql('bare', $traces);
my $created = $node->safe_psql('postgres', q{CREATE DATABASE va TEMPLATE template0 ENCODING 'UTF8'});
# Both at once: the roles are the cluster's.
my %told = map { $_ => '' } 'va', 'bare';
my @installs = map { IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr($_), '-c', 'SET client_min_messages = warning', '-c', 'CREATE EXTENSION voiceagent CASCADE' ], '>&', \$told{$_}) } sort keys %told;
IPC::Run::finish($_) foreach @installs;
is(join('', values %told), '', 'two databases that make the extension at once wait for each other');

# A tenant with a login role, in the middle of a campaign.
my $tenant = create_tenant($node, 'va', 'Leaving', credits => 100000);
wait_workers($node, 'the workers run');
$node->safe_psql('va', "CREATE ROLE acme LOGIN; SELECT voiceagent.map_role('acme', $tenant); CREATE ROLE watcher LOGIN IN ROLE voiceagent_user, voiceagent_admin");
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '3600')});
start_leads($node, $tenant, [ numbers(200) ], settings => {max_concurrent_calls => 5});
wait_for_sql($node, 'va', 'SELECT count(*) > 3 FROM voiceagent.calls', 't', 'a campaign runs');

my ($drop, $roles) = (readme_block('003_uninstall', 0), readme_block('003_uninstall', 1));
my ($status, $out, $err) = $node->psql('va', 'DROP EXTENSION voiceagent');
like($err, qr/holds the data of tenants.*HINT:  Take a dump/s, 'with live data the extension is not dropped by the way');
wait_for_sql($node, 'va', 'SELECT count(*) > 5 FROM voiceagent.calls', 't', '... and the campaign goes on');
($status, $out, $err) = $node->psql('va', $drop);
is($status, 0, 'dropped, when it is meant') or diag($err);
is_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE datname = 'va' AND backend_type LIKE 'voiceagent%'}, 0, 'its workers are gone');
($status, $out, $err) = $node->psql('postgres', $roles);
like($err, qr/cannot be dropped because some objects depend on it.*database bare/s, 'the roles stay while another database needs them, which is named');
is_sql($node, 'bare', 'SELECT count(*) > 3 FROM voiceagent.status()', 't', '... and that one is whole');
($status, $out, $err) = $node->psql('bare', $drop);
is($status, 0, 'dropped there, too') or diag($err);
($status, $out, $err) = $node->psql('postgres', $roles);
is($status, 0, 'now the roles can be dropped') or diag($err);
$node->safe_psql('postgres', 'DROP ROLE acme, watcher');
foreach my $database ('va', 'bare')
{
	is_same($node->safe_psql($database, $traces), $before, "$database: nothing is left");
}
is_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent%' AND backend_type <> 'voiceagent launcher'}, 0, 'no worker is left');
is_sql($node, 'postgres', q{SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'}, 0, '... and no lock');

# Again, from nothing.
$node->safe_psql('va', 'SET client_min_messages = warning; CREATE EXTENSION voiceagent CASCADE');
wait_workers($node, 'created again: the workers run');
$tenant = create_tenant($node, 'va', 'Back', credits => 10);
is_well($node, 'it is as new') if $tenant;

# Without the library.
$node->safe_psql('va', $drop);
$node->safe_psql('postgres', $roles);
$node->adjust_conf('postgresql.conf', 'shared_preload_libraries', "''");
$node->restart;
is_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'voiceagent%'}, 0, 'without preloading not even the launcher');
is_same($node->safe_psql('va', $traces), $before, '... and nothing of it in the catalogs');
$node->stop('fast');
done_testing();
