# Which process applies webhooks: a few are applied before they are answered, many are answered when they are stored, and
# nobody waits for the applier.  One whose batches are slow, whatever is in them, makes them no smaller than pays.
use strict;
use warnings;

use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;

# TAKE_MAX of gateway.c
my $at_once = 8;
my $carrier = start_carrier('no-webhooks' => undef);
my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Many', credits => 1000);
real_settings($node, $carrier);
my $account = real_account($node, $tenant, $carrier);
wait_workers($node, 'the workers run');
my $url = as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_endpoint($account)");
my ($port, $path) = $url =~ m{:(\d+)(/.*)};
start_leads($node, $tenant, [ map { sprintf '+1212555%04d', 100 + $_ } 1 .. $at_once + 1 ], account => $account, settings => {max_call_duration => '1 hour', call_interval => 0});
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.attempts WHERE state = 'accepted' AND provider_call_id IS NOT NULL}, $at_once + 1, 'calls are live');
my @calls = map { [ split /\|/ ] } split /\n/, $node->safe_psql('va', 'SELECT call_id, provider_call_id, reference FROM voiceagent.attempts ORDER BY 1');
my ($applier) = worker_pids($node, 'voiceagent applier');
my $waiting = 'SELECT count(*) FROM voiceagent_private.inbox';

sub webhook
{
	my ($call, $word) = @_;
	my %message = (timestamp => int(time * 1000), call => {id => $call->[1], name => $call->[2], assistantOverrides => {metadata => {attempt => $call->[2]}}});
	@message{qw(type status)} = ('status-update', $word) if $word ne 'report';
	@message{qw(type endedReason startedAt endedAt cost)} = ('end-of-call-report', 'customer-ended-call', '2026-11-20T15:09:00Z', '2026-11-20T15:10:00Z', 0.05) if $word eq 'report';
	my $body = encode_json({message => \%message});
	return request_text('POST', $path, $body, signed($body, $carrier->{secret}));
}

# All of them come in one turn of the gateway, which knows their connections already; their answers.
sub deliver_together
{
	my (@texts) = @_;
	my $gateway = gateway_pid($node);
	my @sockets = map { connection($port) } @texts;
	foreach (@sockets) { syswrite($_, request_text('GET', '/health')); answer_of($_) }
	kill 'STOP', $gateway;
	syswrite($sockets[$_], $texts[$_]) foreach 0 .. $#texts;
	kill 'CONT', $gateway;
	my %answers;
	$answers{(answer_of($_) // {status => 'dropped'})->{status}}++ foreach @sockets;
	return join ', ', map { "$_: $answers{$_}" } sort keys %answers;
}

sub with_status { return scalar $node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls WHERE status = '$_[0]'") }

kill 'STOP', $applier;
is(send_raw($port, webhook($calls[0], 'ringing'))->{status}, 200, 'one webhook, while the applier can do nothing');
is(with_status('ringing'), 1, '... has its effect when it is answered');
is(deliver_together(map { webhook($calls[$_], 'ringing') } 1 .. $at_once), "200: $at_once", 'a few at once');
is(with_status('ringing'), $at_once + 1, '... too');
is_sql($node, 'va', $waiting, 0, '... and none waits');

is(deliver_together(map { webhook($_, 'in-progress') } @calls), '200: ' . @calls, 'one more at once that only raise their calls');
is(with_status('in_progress'), scalar @calls, '... have their effect, however many');
is_sql($node, 'va', $waiting, 0, '... and none waits');
is(deliver_together(map { webhook($_, 'ended') } @calls), '200: ' . @calls, 'as many that say more are answered');
is_sql($node, 'va', $waiting, scalar @calls, '... for which they wait');
my $began = time;
is(send_raw($port, webhook($calls[0], 'report'))->{status}, 200, 'one that comes while the applier has work');
cmp_ok(time - $began, '<', 20, '... waits for nobody');
is_sql($node, 'va', $waiting, @calls + 1, '... but has its effect after the others');
kill 'CONT', $applier;
wait_for_sql($node, 'va', $waiting, 0, 'the applier goes on');
is(with_status('in_progress'), $#calls, '... and gives all of them theirs');

kill 'STOP', $applier;
is(deliver_together(map { webhook($calls[$_], 'report') } 1 .. $at_once), "200: $at_once", 'a few that come when the applier rests again');
is(with_status('completed'), $at_once + 1, '... have their effect at once again');
kill 'CONT', $applier;
wait_completed($node, 'the campaign completes by itself');

# On a busy machine a batch of one takes as long as one of thirty.
my $many = 600;
my $idle = encode_json({message => {type => 'speech-update', call => {id => $calls[0][1], name => $calls[0][2], assistantOverrides => {metadata => {attempt => $calls[0][2]}}}}});
$node->safe_psql('va', q{
	CREATE TABLE public.batch (applied integer);
	CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN INSERT INTO public.batch SELECT count(*) FROM gone; PERFORM pg_sleep(0.06); RETURN NULL; END $$;
	ALTER FUNCTION public.slow SECURITY DEFINER;
	CREATE TRIGGER slow AFTER DELETE ON voiceagent_private.inbox REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.slow()});
$node->safe_psql('va', qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant);
	SELECT voiceagent_private.store_webhooks(array_agg(e.endpoint_id), array_agg('many ' || i), array_agg('{}'::jsonb),
		array_agg(convert_to('$idle', 'UTF8')), 'http', array_agg(NULL::text))
	FROM (SELECT max(endpoint_id) AS endpoint_id FROM voiceagent.webhook_endpoints WHERE tenant_id = $tenant AND provider_account_id = $account) e, generate_series(1, $many) i;
	SELECT voiceagent_private.poke('inbox'); COMMIT});
wait_for_sql($node, 'va', $waiting, 0, 'many webhooks, in batches that are slow', 120);
is_sql($node, 'va', 'SELECT sum(applied) FROM public.batch', $many, '... are all applied');
cmp_ok($node->safe_psql('va', 'SELECT count(*) FROM public.batch'), '<=', $many / 24, '... and by few batches');
$node->safe_psql('va', 'DROP TRIGGER slow ON voiceagent_private.inbox');

# ---- a batch that is the victim of a deadlock ----
# The applier tries it again at once.

$node->safe_psql('va', q{
	CREATE SEQUENCE public.victims;
	CREATE FUNCTION public.victim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
	BEGIN IF nextval('public.victims') = 1 THEN RAISE deadlock_detected; END IF; RETURN NULL; END $$;
	CREATE TRIGGER victim AFTER DELETE ON voiceagent_private.inbox FOR EACH STATEMENT EXECUTE FUNCTION public.victim()});
$node->safe_psql('va', qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant);
	SELECT voiceagent_private.store_webhooks(ARRAY[max(endpoint_id)], ARRAY['victim'], ARRAY['{}'::jsonb], ARRAY[convert_to('$idle', 'UTF8')], 'http')
	FROM voiceagent.webhook_endpoints WHERE tenant_id = $tenant AND provider_account_id = $account;
	SELECT voiceagent_private.poke('inbox'); COMMIT});
wait_for_sql($node, 'va', $waiting, 0, 'a batch that is the victim of a deadlock is applied');
is_sql($node, 'va', 'SELECT last_value > 1 FROM public.victims', 't', '... by another try');
$node->safe_psql('va', 'DROP TRIGGER victim ON voiceagent_private.inbox');
is_well($node, 'after all that');

$node->stop;
done_testing();
