# Each thing that makes a lead callable wakes the dialer, which looks at that tenant alone: a campaign waits, the thing
# changes, and a call follows though nothing else happens. Other tenants, whose campaigns wait for their pace, are at rest.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults qw(wait_until);

# The machine's clock, which the test moves on, and a Friday, 11:00 in New York.
my $machine = PostgreSQL::Test::Utils::tempdir() . '/clock';
my $later = 0;
append_to_file($machine, pack('q', $later));
system_or_bail('cc', '-O2', '-shared', '-fPIC', '-o', "$machine.so", 'regress/fakes/clock.c');
my $node;
{
	local @ENV{qw(LD_PRELOAD VOICEAGENT_CLOCK)} = ("$machine.so", $machine);
	$node = new_node('main');
}
sub set_clock
{
	my ($to) = @_;
	my $offset = $node->safe_psql('postgres', "SELECT round(extract(epoch FROM timestamptz '$to' - clock_timestamp()))");
	$node->safe_psql('postgres', "ALTER SYSTEM SET voiceagent.clock_offset = '$offset s'");
	$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
	return;
}
set_clock('2027-06-18 15:00+00');

my %tenant;
my %campaign;
# A tenant and its campaign of two leads, which runs; at first: SQL of the tenant before the campaign is made.
sub waiting
{
	my ($name, %given) = @_;
	my $tenant = $tenant{$name} = create_tenant($node, 'va', $name, credits => $given{credits} // 1000);
	my $settings = $given{settings} // '{}';
	$campaign{$name} = as_tenant($node, 'va', $tenant, qq{
		SELECT voiceagent.set_setting('sandbox_time_scale', '@{[$given{scale} // 1]}') \\g /dev/null
		@{[$given{first} // '']}
		SELECT batch_id FROM voiceagent.import_leads(E'phone\\n+1 212 555 0100\\n+1 212 555 0101\\n') \\g /dev/null
		SELECT voiceagent.create_campaign('$name', voiceagent.create_assistant('Ann', 'Hello.', 'Sell heat pumps.'),
			settings => '{"call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "10:00", "end": "13:00"}}'::jsonb || '$settings') AS campaign \\gset
		SELECT voiceagent.add_leads(:campaign, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant())) \\g /dev/null
		SELECT voiceagent.start_campaign(:campaign) \\g /dev/null
		@{[$given{then} // '']}
		SELECT :campaign});
	return;
}
sub calls { return "SELECT count(*) FROM voiceagent.calls WHERE tenant_id = $tenant{$_[0]} AND direction = 'outbound'" }
# The calls that it has before the change and follow it.
sub wakes
{
	my ($name, $before, $change, $after) = @_;
	wait_for_sql($node, 'va', calls($name), $before, "$name: $before of its calls are dialled") if $before;
	# The round that its start has caused comes to its end.
	sleep 1;
	is_sql($node, 'va', calls($name), $before, '... no more are');
	ref $change ? $change->() : as_tenant($node, 'va', $tenant{$name}, $change =~ s/:campaign/$campaign{$name}/gr);
	wait_for_sql($node, 'va', calls($name), $after, '... and the change is followed by a dial');
	return;
}

$node->safe_psql('va', "SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1')");
waiting('platform');
wakes('platform', 1, sub { $node->safe_psql('va', "SELECT voiceagent.set_setting('platform_max_concurrent_calls', '500')") }, 2);

# ---- beside tenants of default settings ----

waiting("rests $_", settings => '{"call_interval": 900}') foreach 1 .. 5;
wait_for_sql($node, 'va', calls("rests $_"), 1, "tenant $_ has dialled and waits for its pace") foreach 1 .. 5;

waiting('pace', settings => '{"call_interval": 3}');
wait_for_sql($node, 'va', calls('pace'), 2, 'pace: the next call follows in time');
waiting('cap of the campaign', settings => '{"max_concurrent_calls": 1}');
wakes('cap of the campaign', 1, q(SELECT voiceagent.update_campaign(:campaign, '{"max_concurrent_calls": 2}')), 2);
waiting('cap freed', scale => 3600, settings => '{"max_concurrent_calls": 1}');
wait_for_sql($node, 'va', calls('cap freed'), 2, 'cap freed: the end of a call is followed by the next');
waiting('cap of the tenant', first => q(SELECT voiceagent.set_setting('tenant_max_concurrent_calls', '1') \g /dev/null));
wakes('cap of the tenant', 1, q(SELECT voiceagent.set_setting('tenant_max_concurrent_calls', '2')), 2);
my $own = 'ARRAY(SELECT provider_account_id FROM voiceagent.provider_accounts WHERE tenant_id = voiceagent.current_tenant())';
waiting('account', then => qq(SELECT voiceagent.update_provider_account(a, active => false) FROM unnest($own) a \\g /dev/null), settings => '{"max_concurrent_calls": 1}');
my $had = $node->safe_psql('va', calls('account'));
as_tenant($node, 'va', $tenant{account}, q(SELECT voiceagent.update_campaign(:campaign, '{"max_concurrent_calls": 2}')) =~ s/:campaign/$campaign{account}/gr);
wakes('account', $had, "SELECT voiceagent.update_provider_account(a, active => true) FROM unnest($own) a", 2);
waiting('credits', then => q(SELECT voiceagent.adjust_credits(voiceagent.current_tenant(), -1000, 'spent') \g /dev/null));
wakes('credits', 0, sub { $node->safe_psql('va', "SELECT voiceagent.adjust_credits($tenant{credits}, 1000, 'bought')") }, 2);
waiting('consent', settings => '{"require_consent": true}');
wakes('consent', 0, q(SELECT voiceagent.record_consent(lead_id, 'call', 'form') FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant();
	SELECT voiceagent.add_leads(:campaign, ARRAY(SELECT lead_id FROM voiceagent.leads WHERE tenant_id = voiceagent.current_tenant())) \g /dev/null
	SELECT voiceagent.start_campaign(:campaign)), 2);
waiting('paused', then => q(SELECT voiceagent.pause_campaign(:campaign) \g /dev/null), settings => '{"max_concurrent_calls": 1}');
$had = $node->safe_psql('va', calls('paused'));
wakes('paused', $had, q(SELECT voiceagent.resume_campaign(:campaign)), 1) if $had == 0;
waiting('lead');
wakes('lead', 2, q(SELECT voiceagent.add_lead('+1 212 555 0102', campaign_id => :campaign)), 3);
waiting('tenant', settings => '{"call_interval": 1}', then => q(SELECT voiceagent.pause_campaign(:campaign) \g /dev/null));
$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($tenant{tenant}, false)");
$had = $node->safe_psql('va', calls('tenant'));
wakes('tenant', $had, sub {
	$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($tenant{tenant}, true)");
	as_tenant($node, 'va', $tenant{tenant}, "SELECT voiceagent.resume_campaign($campaign{tenant})");
}, 2);
waiting('hours', settings => '{"calling_hours": {"start": "14:00", "end": "16:00"}}');
wakes('hours', 0, sub { set_clock('2027-06-18 18:30+00') }, 2);

# ---- more tenants than a round serves ----

$node->safe_psql('va', q{
	DO $$
	DECLARE
		t bigint;
		c bigint;
	BEGIN
		FOR i IN 1 .. 250 LOOP
			t := voiceagent.create_tenant('crowd ' || i, 'UTC', 1000);
			PERFORM voiceagent_private.set_tenant(t);
			PERFORM voiceagent.import_leads(E'phone\\n+1 212 555 0100\\n');
			c := voiceagent.create_campaign('crowd', voiceagent.create_assistant('Ann', 'Hello.', 'Be kind.'), settings => '{"sandbox_obeys_law": "off", "calling_hours":
				{"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}}');
			PERFORM voiceagent.add_leads(c, ARRAY(SELECT l.lead_id FROM voiceagent.leads l WHERE l.tenant_id = t));
			PERFORM voiceagent.start_campaign(c);
			UPDATE voiceagent.provider_accounts a SET active = false WHERE a.tenant_id = t;
			PERFORM voiceagent_private.set_tenant(0);
		END LOOP;
	END
	$$});
$node->safe_psql('postgres', q{ALTER SYSTEM SET track_functions = 'pl'});
# The dialer looks at everybody after a reload.
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
my $claims = q{SELECT coalesce(sum(calls), 0) FROM pg_stat_user_functions WHERE funcname = 'claim_calls'};
ok(wait_until(sub { return $node->safe_psql('va', $claims) >= 250 }, 60), 'each of 250 tenants that cannot dial is looked at');
ok(wait_until(sub { my $had = $node->safe_psql('va', $claims); sleep 4; return $node->safe_psql('va', $claims) - $had < 5 }, 60), '... and then left in peace');

# ---- a sweep of everybody, where a round happens five minutes after the last: five pass over who was looked at in vain ----

sub sweep
{
	my ($seconds) = @_;
	open(my $clock, '+<', $machine) or die "$machine: $!";
	syswrite($clock, pack('q', $later += $seconds)) == 8 or die "$machine: $!";
	close $clock;
	as_tenant($node, 'va', $tenant{lead}, "SELECT voiceagent.add_lead('+1 212 555 02' || to_char(" . int($later / 301) . ", 'FM00'), campaign_id => $campaign{lead})");
	sleep 3;
	return $node->safe_psql('va', $claims);
}
# How many rounds there have been already nobody knows; so from one that looks at them.
$had = $node->safe_psql('va', $claims);
ok(wait_until(sub { return sweep(301) - $had >= 250 }, 120), 'one sweep in some looks at them all');
ok(wait_until(sub { my $before = $node->safe_psql('va', $claims); sleep 4; return $node->safe_psql('va', $claims) - $before < 5 }, 60), '... to the end');
$had = $node->safe_psql('va', $claims);
# A machine that is slow ends the round above in the first of these, and the last may begin the next one.
my @claims = map { sweep(301) } 1 .. 5;
cmp_ok($claims[-1] - $had, '<', 625, 'five sweeps pass over those who were looked at in vain');
ok(wait_until(sub { return sweep(301) - $had >= 250 }, 40), '... and one of the next looks at them all the same');
($tenant{poked}, $tenant{timed}) = split /\n/, $node->safe_psql('va', q{SELECT tenant_id FROM voiceagent.tenants WHERE name IN ('crowd 100', 'crowd 200') ORDER BY 1});
is_sql($node, 'va', calls($_), 0, "$_: one of them has dialled nobody") foreach qw(poked timed);
as_tenant($node, 'va', $tenant{poked}, "SELECT voiceagent.update_provider_account(a, active => true) FROM unnest($own) a");
wait_for_sql($node, 'va', calls('poked'), 1, '... its account is switched on, and a call follows');
# Its lead is due in half an hour: it was looked at in vain again since, for a poke and a second time.
$node->safe_psql('va', qq{
	UPDATE voiceagent_private.call_queue SET not_before = voiceagent.clock() + interval '30 minutes' WHERE tenant_id = $tenant{timed};
	UPDATE voiceagent_private.lanes SET next_due = voiceagent.clock() + interval '30 minutes' WHERE tenant_id = $tenant{timed} AND next_due < 'infinity'});
as_tenant($node, 'va', $tenant{timed}, "SELECT voiceagent.update_provider_account(a, active => true) FROM unnest($own) a");
sweep(301);
is_sql($node, 'va', calls('timed'), 0, 'timed: its lead is not due yet');
sweep(1801);
wait_for_sql($node, 'va', calls('timed'), 1, '... and is dialled when it is');

is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
$node->stop;
done_testing();
