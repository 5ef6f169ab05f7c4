# A carrier that takes longer to answer a dial than the lookups take to give it up, and that knows nothing of the call until
# then: nobody is dialled twice, whether the worker lives meanwhile or not.  And one that cannot be
# asked any more at all: its calls do not live for ever.  Meanwhile no table is locked: they can all be rewritten.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;

my $carrier = start_carrier(seed => seeded(), 'delay-ms' => 20000, unlisted => undef, 'no-webhooks' => undef);
my $node = new_real_node('main', 'voiceagent.http_timeout_ms' => 60000);
my $tenant = create_tenant($node, 'va', 'Slow', credits => 1000);
# Three questions, a second between them, from five seconds after the claim, as far as that setting goes.
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');

sub dials { my $count = () = slurp_file($carrier->{witness}) =~ /\n/g; return $count; }
sub attempts { return "SELECT count(*), min(a.state), count(c.provider_call_id) FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.campaign_id = $_[0]"; }

my $patient = start_leads($node, $tenant, [ numbers(1) ], account => $account, settings => {retry_attempts => 0});
wait_for_sql($node, 'va', attempts($patient), '1|sending|0', 'a dial is on its way', 30);
# Each on its own, so that a worker's transaction of a moment is not in the way for longer.
$node->safe_psql('va', q{
	SET lock_timeout = '10s';
	DO $$
	DECLARE
		v_table regclass;
	BEGIN
		FOR v_table IN SELECT c.oid FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) LOOP
			EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', v_table);
			COMMIT;
		END LOOP;
	END $$;
	VACUUM FULL voiceagent_private.call_queue, voiceagent_private.live_calls, voiceagent.attempts, voiceagent.calls, voiceagent_private.inbox;
});
is_sql($node, 'va', attempts($patient), '1|sending|0', '... and still when every table has been locked and the busiest have been rewritten');
wait_for_sql($node, 'va', attempts($patient), '1|accepted|1', 'a dial that is answered after 20 seconds is the only one, and known by the carrier\'s id', 90);
is(dials(), 1, '... as the carrier knows');

my $orphan = start_leads($node, $tenant, [ numbers(1) ], account => $account, settings => {retry_attempts => 0});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $orphan", 1, 'another dial is on its way');
sleep 1;
$node->stop('immediate');
$node->start;
wait_for_sql($node, 'va', attempts($orphan), '1|accepted|1', 'a dial whose worker has died before the carrier took it is found, and the only one', 120);
is(dials(), 2, '... as the carrier knows');

is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.calls WHERE cause = 'not_placed'}, 0, 'none was taken for not placed');

my $forgotten = start_leads($node, $tenant, [ numbers(1) ], account => $account, settings => {retry_attempts => 0});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $forgotten", 1, 'a last dial is on its way');
stop_carrier($carrier);
# As if it had begun two days ago.
$node->safe_psql('va', "UPDATE voiceagent_private.live_calls SET ends_by = voiceagent.clock() - interval '2 days', failing_since = voiceagent.clock() - interval '1 day', lease_until = voiceagent.clock(), answer_due = NULL, state = 'unknown' WHERE campaign_id = $forgotten; SELECT voiceagent_private.poke('lookups')");
wait_for_sql($node, 'va', "SELECT c.status, c.cause, h.state FROM voiceagent.calls c JOIN voiceagent.credit_holds h USING (tenant_id, call_id) WHERE c.campaign_id = $forgotten",
	'failed|unresolved|voided', '... and ends when its carrier could not be asked for longer than there is patience', 120);
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
$node->stop;
done_testing();
