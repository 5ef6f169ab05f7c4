# A database that is restored from a dump into another cluster, whose transactions begin with other numbers: activity() has
# all that happened, nothing comes a second time, cursors stay good, and no outgoing webhook tells of what was before.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $old = new_node('old', 'voiceagent.launcher' => 'off');
# With an identifier of its own, and young.
my $new = new_node('new', 'voiceagent.launcher' => 'off', extra => ['--no-instructions']);
my $dump = $old->basedir . '/va.dump';
my $tenant = $old->safe_psql('va', q{SELECT voiceagent.create_tenant('Moved')});

sub use_up
{
	my ($node, $database, $transactions) = @_;
	$node->safe_psql($database, "DO \$\$ BEGIN FOR i IN 1 .. $transactions LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END \$\$");
	return;
}

sub happens
{
	my ($node, $database, @events) = @_;
	$node->safe_psql($database, "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent_private.log_event('$_', 1); COMMIT") foreach @events;
	return;
}

# What came after a cursor, in its order, and the last cursor.
sub activity
{
	my ($node, $database, $after) = @_;
	my $seen = $node->safe_psql($database, "BEGIN; SELECT voiceagent_private.set_tenant($tenant) IS NULL \\g /dev/null
		SELECT string_agg(event_type, ' ' ORDER BY ord), coalesce(max(cursor), $after) FROM voiceagent.activity($after) WITH ORDINALITY AS a(cursor, at, event_type, campaign_id, call_id, lead_id, event_data, ord);
		COMMIT");
	return split /\|/, $seen;
}

sub move
{
	my ($from, $database, $to, $as) = @_;
	$from->command_ok([ 'pg_dump', '-Fc', '-f', $dump, '-d', $from->connstr($database) ], "$as: dumped");
	$to->safe_psql('postgres', "CREATE DATABASE $as TEMPLATE template0 ENCODING 'UTF8'");
	$to->command_ok([ 'pg_restore', '--exit-on-error', '-d', $to->connstr($as), $dump ], "$as: restored");
	return;
}

use_up($old, 'va', 5000);
happens($old, 'va', qw(campaign_paused campaign_stopped));
my ($seen, $last) = activity($old, 'va', 0);
is($seen, 'campaign_paused campaign_stopped', 'two things happened in the old cluster');

move($old, 'va', $new, 'moved');
cmp_ok($new->safe_psql('moved', 'SELECT pg_current_xact_id()'), '<', $last, 'the new one is younger');
is(join(' ', activity($new, 'moved', 0)), "$seen $last", 'all that happened is there, although the new cluster has not got so far');
is((activity($new, 'moved', $last))[0], '', '... and nothing more');
happens($new, 'moved', 'own');
my ($news, $next) = activity($new, 'moved', $last);
is($news, 'own', 'what happens is news to whoever knew the rest');

# The counter of the new cluster comes to where the old events are.
$new->safe_psql('moved', "BEGIN; SELECT voiceagent_private.set_tenant($tenant);
	INSERT INTO voiceagent.webhook_subscriptions (tenant_id, url, kinds, home, created_at)
	VALUES ($tenant, 'https://crm.example/', voiceagent_private.webhook_kinds(), 'nowhere', voiceagent.clock());
	SELECT voiceagent_private.record_webhook_subscriptions(); COMMIT");
my $first = $new->safe_psql('moved', "SELECT min(xid) FROM voiceagent.events WHERE event_type = 'campaign_paused'");
use_up($new, 'moved', $first - 1 - $new->safe_psql('moved', 'SELECT pg_current_xact_id()'));
$new->safe_psql('moved', "DO \$\$ BEGIN FOR i IN 1 .. " . ($last - $first + 20) . " LOOP
	PERFORM voiceagent_private.set_tenant($tenant); PERFORM voiceagent_private.log_event('own', 1); COMMIT; END LOOP; END \$\$");
is_sql($new, 'moved', 'SELECT count(*) FROM voiceagent.webhook_deliveries', 0, 'no outgoing webhook of events from before the target was there');
($news, $next) = activity($new, 'moved', $next);
unlike($news, qr/campaign/, '... and nothing happens twice');

# Back again, and once more on the spot.
move($new, 'moved', $old, 'back');
happens($old, 'back', 'campaign_tripped');
is((activity($old, 'back', $next))[0], 'campaign_tripped', 'back in the old cluster the cursor is good, too');
my ($all, $end) = activity($old, 'back', 0);
like($all, qr/^campaign_paused campaign_stopped (own )+campaign_tripped$/, '... and the order is the one in which it happened');
move($old, 'back', $old, 'beside');
happens($old, 'beside', 'balance_low');
is((activity($old, 'beside', $end))[0], 'balance_low', 'a restore in the same cluster goes on behind it');
is_sql($old, 'beside', 'SELECT string_agg(DISTINCT era::text, \' \' ORDER BY era::text) FROM voiceagent_private.event_eras', '0 1 2', '... in the era that it had');
done_testing();
