# One tenant's locks and errors, and what a single answer, frame or request does to a worker: it waits calmly, tries again
# as soon as it said it would, leaves no request without an answer, and drops nothing but what cannot be stored.  That each
# statement may fail for one tenant and no other notices: soak/56_faults.pl.
use strict;
use warnings;

use JSON::PP qw(encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPbx;
use VoiceAgentPeer;

my $carrier = start_carrier('no-webhooks' => undef);
my $pbx = start_pbx();
my $node = new_real_node('main', 'voiceagent.fault_points' => 'on', log_min_messages => 'log');
real_settings($node, [ $carrier, $pbx ]);
my ($one, $other) = map { create_tenant($node, 'va', $_, credits => 100000) } 'One', 'Other';
my $account = real_account($node, $one, $carrier);
wait_workers($node, 'the workers run');
my $endpoint = as_tenant($node, 'va', $one, "SELECT voiceagent.create_endpoint($account)");
my ($port, $path) = $endpoint =~ m{:(\d+)(/.*)};

# A session that stays in a transaction with what the statement has locked.
sub hold
{
	my ($sql) = @_;
	my $session = {in => "BEGIN;\n$sql;\n\\echo held\n", out => ''};
	$session->{run} = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('va') ], '<', \$session->{in}, '>', \$session->{out}, '2>&1');
	my $until = deadline(60);
	sleep 0.01 while !$until->() && do { $session->{run}->pump_nb; $session->{out} !~ /held/ };
	return $session;
}

sub release
{
	my ($session) = @_;
	$session->{in} .= "COMMIT;\n\\q\n";
	$session->{run}->finish;
	return time;
}

# What a worker does in a second, over some seconds.
sub worked
{
	my ($kind, $what, $seconds) = @_;
	my $sql = "SELECT $what FROM voiceagent_private.worker_status() WHERE kind = '$kind'";
	my $began = time;
	my $before = $node->safe_psql('va', $sql);
	sleep $seconds;
	return ($node->safe_psql('va', $sql) - $before) / (time - $began);
}

sub fault
{
	my ($name, $text) = @_;
	my $file = $node->data_dir . "/voiceagent/fault.$name";
	defined $text ? append_to_file($file, $text) : unlink $file;
	return;
}

sub hits
{
	my ($name) = @_;
	return scalar(() = slurp_server_log($node) =~ /fault point "\Q$name\E" raises/g);
}

# Seconds from then until the query says t.
sub seconds_until
{
	my ($since, $sql) = @_;
	return $node->safe_psql('va', qq{DO \$\$ BEGIN FOR i IN 1 .. 6000 LOOP EXIT WHEN ($sql); PERFORM pg_sleep(0.01); END LOOP; END \$\$;
		SELECT extract(epoch FROM clock_timestamp()) - $since});
}

# What is to take less than so many seconds does so in one of five tries, however slow the machine is.
sub in_time
{
	my ($limit, $name, $try) = @_;
	my @took;
	for (1 .. 5)
	{
		push @took, $try->();
		last if $took[-1] < $limit;
	}
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return cmp_ok($took[-1], '<', $limit, $name) || diag("took: @took");
}

# ---- what is due and locked ----

start_leads($node, $one, [ numbers(1) ], account => $account, settings => {max_call_duration => '1 hour'});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.live_calls WHERE tenant_id = $one AND provider_call_id IS NOT NULL", 1, 'a call is live');
my $held = hold("UPDATE voiceagent_private.live_calls SET lookups = lookups");
$node->safe_psql('va', "UPDATE voiceagent_private.sends SET lease_until = voiceagent.clock(); SELECT voiceagent_private.poke('lookups')");
release($held);
$node->safe_psql('va', "UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock() - interval '1 second'");
$held = hold("SELECT FROM voiceagent_private.live_calls FOR UPDATE");
$node->safe_psql('va', "SELECT voiceagent_private.poke('lookups')");
cmp_ok(worked('requests', 'commits', 2), '<=', 40, 'a lease that has ended, and that somebody has locked, is looked at five times a second');
my $since = release($held);
cmp_ok(seconds_until($since, "SELECT bool_and(asked_at IS NOT NULL) FROM voiceagent_private.live_calls"), '<', 20, '... and at once when it is let go');

# ---- leases that end later than another ----

my $commits = "SELECT commits FROM voiceagent_private.worker_status() WHERE kind = 'requests'";
start_leads($node, $one, [ numbers(1) ], account => $account, settings => {max_call_duration => '1 hour'});
wait_for_sql($node, 'va', "SELECT count(*) > 0 FROM voiceagent_private.live_calls WHERE tenant_id = $one AND state = 'accepted'", 't', 'another call is live');
sleep 1;
my $asked = $node->safe_psql('va', $commits);
start_leads($node, $one, [ numbers(1) ], account => $account, settings => {max_call_duration => '1 hour'}) foreach 1 .. 4;
wait_for_sql($node, 'va', "SELECT count(*) > 4 FROM voiceagent_private.live_calls WHERE tenant_id = $one AND state = 'accepted'", 't', '... and four more, whose leases end later');
cmp_ok($node->safe_psql('va', $commits) - $asked, '<=', 4, '... which wakes nobody who looks for leases');

# ---- a claim that fails ----

# As when somebody holds its rows: nothing else brings the claim up again.
fault('dialer.claim_statement', "$other 55P03");
start_leads($node, $other, [ numbers(1) ]);
ok(wait_until(sub { hits('dialer.claim_statement') }), 'a claim fails');
fault('dialer.claim_statement');
cmp_ok(seconds_until(time, "SELECT count(*) > 0 FROM voiceagent.calls WHERE tenant_id = $other"), '<', 30, '... and is made again soon, though nobody tells');

my $dialled = "SELECT count(*) > 1 FROM voiceagent.calls WHERE tenant_id";
$held = hold("SELECT FROM voiceagent.ledgers WHERE tenant_id = $one FOR UPDATE");
start_leads($node, $one, [ numbers(1) ], account => $account);
start_leads($node, $other, [ numbers(1) ]);
wait_for_sql($node, 'va', "$dialled = $other", 't', 'a ledger that somebody holds is no wait for another tenant');
$since = release($held);
cmp_ok(seconds_until($since, "$dialled = $one"), '<', 30, "... and its own tenant's claim is made when it is let go");

# ---- a commit that fails ----

# A constraint that is checked at the commit fails that of one tenant: its claims, and then the answers that come with another's.
$node->safe_psql('va', qq{
	CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN RAISE EXCEPTION 'refused at the commit'; END \$\$;
	CREATE CONSTRAINT TRIGGER refuse_claim AFTER INSERT ON voiceagent_private.live_calls DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW WHEN (NEW.tenant_id = $one) EXECUTE FUNCTION public.refuse()});
my $mine = $node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $one");
start_leads($node, $one, [ numbers(1) ], account => $account);
ok(wait_until(sub { slurp_server_log($node) =~ /could not claim calls of tenant $one: P0001: refused/ }), 'a commit of claims fails');
my $theirs = "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $other";
my $earlier = $node->safe_psql('va', $theirs);
start_leads($node, $other, [ numbers(1) ]);
cmp_ok(seconds_until(time, "SELECT ($theirs) > $earlier"), '<', 10, '... and another tenant is dialled meanwhile');
is_sql($node, 'va', "SELECT string_agg(state, ' ') FROM voiceagent_private.worker_status() WHERE kind = 'dialer'", 'running', '... by a worker that is well');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $one", $mine, '... of what failed nothing is there');
$node->safe_psql('va', qq{
	DROP TRIGGER refuse_claim ON voiceagent_private.live_calls;
	CREATE CONSTRAINT TRIGGER refuse_answer AFTER UPDATE ON voiceagent_private.live_calls DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW WHEN (NEW.tenant_id = $one AND NEW.state = 'accepted' AND OLD.state = 'sending') EXECUTE FUNCTION public.refuse()});
cmp_ok(seconds_until(time, "SELECT count(*) > $mine FROM voiceagent.calls WHERE tenant_id = $one"), '<', 30, '... and what failed is claimed again soon');
ok(wait_until(sub { slurp_server_log($node) =~ /could not record answers to calls of tenant $one: P0001: refused/ }), 'a commit of answers fails, for that tenant');
$earlier = $node->safe_psql('va', $theirs);
start_leads($node, $other, [ numbers(1) ]);
cmp_ok(seconds_until(time, "SELECT ($theirs) > $earlier AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls WHERE tenant_id = $other AND state = 'sending')"), '<', 10, '... and not for another');
$node->safe_psql('va', 'DROP TRIGGER refuse_answer ON voiceagent_private.live_calls; DROP FUNCTION public.refuse()');

# ---- webhooks that cannot be applied ----

sub store
{
	my ($tenant, $key) = @_;
	return as_tenant($node, 'va', $tenant, qq{SELECT voiceagent_private.store_webhooks(ARRAY[(SELECT min(endpoint_id) FROM voiceagent.webhook_endpoints WHERE tenant_id = $tenant)],
		ARRAY['$key'], ARRAY['{}'::jsonb], ARRAY['{}'::bytea], 'http'), voiceagent_private.poke('applier')});
}

fault('inbox.apply_statement', '0 55P03');
store($one, 'k1');
ok(wait_until(sub { hits('inbox.apply_statement') >= 1 }), "a tenant's webhooks cannot be applied");
$node->safe_psql('va', "DELETE FROM voiceagent_private.inbox WHERE tenant_id = $one");
sleep 1.5;
my $before = hits('inbox.apply_statement');
store($other, 'k2');
ok(wait_until(sub { hits('inbox.apply_statement') > $before }), "... and another's, while the first has nothing left to wait for");
cmp_ok(worked('applier', 'turns', 2), '<=', 20, '... which is waited for, not turned for');
fault('inbox.apply_statement');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... and applied when nothing is wrong any more');
fault('inbox.apply_statement', "$one XX000");
$before = hits('inbox.apply_statement');
store($one, 'k4');
ok(wait_until(sub { hits('inbox.apply_statement') > $before }), 'what fails for another reason');
is_sql($node, 'va', q{SELECT errors FROM voiceagent_private.worker_status() WHERE kind = 'applier'}, 0, '... is no error of the worker');
fault('inbox.apply_statement');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... and applied when nothing is wrong any more');

# ---- somebody changes many leads ----

my $tries = 0;
in_time(1, '... and not for longer', sub {
	my $holder = hold("SELECT voiceagent_private.set_tenant($one); SELECT voiceagent_private.lock_tenant(true)");
	store($one, 'k3' . ++$tries);
	sleep 2.8;
	is_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.inbox WHERE tenant_id = $one", 1, 'a webhook waits for who changes leads');
	return seconds_until(release($holder), "SELECT count(*) = 0 FROM voiceagent_private.inbox WHERE tenant_id = $one");
});

# ---- the gateway has no memory ----

sub ask { return send_raw($port, request_text('POST', $path, '{}'), seconds => 60)->{status} }

is(ask(), 401, 'a webhook without a signature is refused');
fault('gateway.answer', '0 53200');
is(ask(), 503, '... and without memory for the answer it is to be sent again');
fault('gateway.answer');
is(ask(), 401, '... which is answered then');

# ---- a frame that cannot be stored ----

my $pbx_account = pbx_account($node, $other, $pbx);
$node->safe_psql('va', "SELECT voiceagent.arm($pbx_account, 'PBX')");
ok(wait_until(sub { pbx_control($pbx, 'state')->{sockets} == 1 }), 'a socket is open');
$node->safe_psql('va', q{CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		IF position('poison' IN convert_from(new.body, 'UTF8')) > 0 THEN RAISE EXCEPTION 'it cannot be stored'; END IF; RETURN new; END $$;
	GRANT EXECUTE ON FUNCTION public.refuse() TO PUBLIC;
	CREATE TRIGGER refuse BEFORE INSERT ON voiceagent.webhooks FOR EACH ROW EXECUTE FUNCTION public.refuse()});
sub frame
{
	my ($id) = @_;
	return encode_json({type => 'StasisStart', application => 'test', timestamp => '2026-11-20T15:09:00.000+0000', args => [],
		channel => {id => $id, name => "PJSIP/$id", state => 'Up', caller => {name => '', number => '+12125550142'}, connected => {name => '', number => ''},
			dialplan => {context => 'x', exten => '12125550100', priority => 1}, creationtime => '2026-11-20T15:09:00.000+0000', language => 'en'}});
}
pbx_control($pbx, 'send', frame($_)) foreach 'good-1', 'poison-2', 'good-3';
wait_for_sql($node, 'va', q{SELECT string_agg(substring(convert_from(body, 'UTF8') FROM '(good|poison)-\d'), ',' ORDER BY webhook_id) FROM voiceagent.webhooks WHERE source = 'socket' AND convert_from(body, 'UTF8') ~ '(good|poison)-\d'},
	'good,good', 'of three frames the one that cannot be stored is dropped', 30);
like(slurp_server_log($node), qr/cannot be read or stored/, '... and the log says so');
start_leads($node, $other, [ numbers(1) ], account => $pbx_account, settings => {retry_attempts => 0});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $other AND cause = 'q850-16'", 1, '... and what comes behind it has its effect');

$node->stop;
stop_pbx($pbx);
stop_carrier($carrier);
done_testing();
