# Purchases, releases and what else is sent once, while we die at every point around the sending: a worker by kill -9, or the
# whole server with it, or all by an immediate stop. By the carriers' own record nothing happens twice; whatever was lost has
# an end that is true, by the carrier's list or by a person; a purchase that is done is one number.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSellers;

start_sellers({});
my $node = new_real_node('main', log_statement => 'none', 'voiceagent.http_timeout_ms' => 60000);
my $tenant = create_tenant($node, 'va', 'Buys', credits => 1000);
real_settings($node, {port => $sellers_port}, provider_request_tries => 4, provider_request_lookup_interval => '200 milliseconds');
create_samples($node);
new_seller($node, $tenant, $_, $_) foreach @sellers, 'vapi';
new_seller($node, $tenant, 'seeks', 'twilio');
$node->safe_psql('va', "SELECT voiceagent.arm(provider_account_id, name) FROM voiceagent.provider_accounts WHERE tenant_id = $tenant AND provider <> 'sandbox'");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'the accounts are armed', 30);
wait_workers($node, 'the workers run');

sub one { my ($sql) = @_; return $node->safe_psql('va', $sql); }

my %provider = (map({ $_ => $_ } @sellers), seeks => 'twilio');
# Where the worker dies; what must not have been sent then, or must have been answered, is said by what follows.
my @points = qw(provider_requests_mid_claim provider_requests_before_send provider_requests_after_send provider_requests_before_record provider_requests_mid_record provider_requests_after_record);
my (%bought, %kept);
my $round = 0;

# A purchase at each seller, of a number and of one that is searched for, and the release of the number of a round before;
# then somebody dies ($how), and all has its end.
sub endure
{
	my ($name, $how) = @_;
	$round++;
	my @buys = map { [ $sellers[$_], sprintf('+1213%03d%04d', 600 + $round, 1000 + $_) ] } 0 .. $#sellers;
	my $sql = join('', map { "SELECT voiceagent.buy_number($account{$_->[0]}, '$_->[1]');" } @buys)
	  . "SELECT voiceagent.buy_number($account{seeks}, country => 'US');"
	  . join('', map { "SELECT voiceagent.release_number(phone_number_id) FROM voiceagent.phone_numbers WHERE phone_number = '$kept{$_}' AND state = 'ready';" } sort keys %kept);
	my $released = keys %kept;
	$how->($sql);
	wait_for_sql($node, 'va', 'SELECT true', 't', "$name: the server is back", 120);
	subtest "$name: whatever was lost has its end" => sub {
		wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.provider_requests WHERE state IN ('queued', 'sending', 'unknown')}, 0, 'it has its end', 180)
		  or diag(one(q{SELECT provider_request_id, kind, state, tries, next_at - voiceagent.clock(), request_data, error FROM voiceagent.provider_requests WHERE state IN ('queued', 'sending', 'unknown') LIMIT 30}));
		my @wrong;
		foreach my $what (qw(buy release))
		{
			my %times;
			$times{"$_->[1] $_->[3]"}++ foreach grep { $_->[2] eq $what } record();
			push @wrong, map { "$what $_: $times{$_} times" } grep { $times{$_} > 1 } sort keys %times;
		}
		is("@wrong", '', 'the carriers sold and took back nothing twice');
		# What we believe is what they know.
		my $ours = one(q{SELECT string_agg(a.name || ' ' || n.phone_number, ',' ORDER BY a.name, n.phone_number) FROM voiceagent.phone_numbers n
			JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id) WHERE n.state = 'ready'});
		is($ours, join(',', map { my $a = $_; map { "$a $_" } owned($a) } sort keys %provider), 'what is ready is what they have sold');
		is_sql($node, 'va', q{SELECT e.provider_request_id, e.state, count(n.phone_number_id) FROM voiceagent.provider_requests e
			LEFT JOIN voiceagent.phone_numbers n ON n.tenant_id = e.tenant_id AND n.phone_number = e.request_data ->> 'number' AND n.state IN ('ready', 'removed')
			WHERE e.kind = 'buy_number' GROUP BY 1, 2 HAVING count(n.phone_number_id) <> (e.state = 'done')::integer}, '', 'a purchase that is done is one number, one that failed none');
		is_sql($node, 'va', 'SELECT * FROM voiceagent.unresolved_provider_requests', '', 'nothing is unresolved');
		is_sql($node, 'va', "SELECT coalesce(string_agg(invariant || detail, ','), '') FROM voiceagent.invariants()", '', 'the invariants hold');
		is_sql($node, 'va', q{SELECT provider_request_id, error FROM voiceagent.provider_requests WHERE error LIKE '%could not be used%'}, '', 'every result could be used');
	};
	$bought{$name} = grep { my $n = $_->[1]; grep { $_->[2] eq 'buy' && $_->[3] eq $n } record() } @buys;
	%kept = map { my ($a, $n) = @$_; (grep { $_ eq $n } owned($a)) ? ($a => $n) : () } @buys;
	return;
}

sub at_point
{
	my ($point) = @_;
	return sub {
		crash_at($node, $point);
		as_tenant($node, 'va', $tenant, $_[0]);
		ok(wait_crash($node, $point), "a worker dies at $point");
	};
}

sub with_postmaster
{
	my ($point) = @_;
	return sub {
		crash_at($node, "$point.postmaster");
		my ($postmaster) = split /\n/, slurp_file($node->data_dir . '/postmaster.pid');
		my @pids = split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
		# The server may be gone before it has said that this is committed.
		eval { as_tenant($node, 'va', $tenant, $_[0]) };
		ok(wait_crash($node, "$point.postmaster"), "the server dies at $point");
		end_processes($node, $postmaster, @pids);
		ok(start_again($node), '... and starts again');
	};
}

endure('nobody dies', sub { as_tenant($node, 'va', $tenant, $_[0]) });
is($bought{'nobody dies'}, @sellers, 'while nobody dies all is sold');
foreach my $point (@points)
{
	endure($point, at_point($point));
	endure("$point with the postmaster", with_postmaster($point)) if $point =~ /before_send|after_send|before_record|mid_record/;
}
is($bought{provider_requests_before_send}, 0, 'what died before the sending is not sold, and is not asked for again');
is($bought{provider_requests_mid_claim}, @sellers, 'what died before it was to be sent is bought after all');
cmp_ok($bought{provider_requests_before_record}, '>=', 1, 'of what died before the answer was noted some was sold');

# All answers are held back, and the server is stopped meanwhile.
endure('immediate stop', sub {
	hold(1);
	as_tenant($node, 'va', $tenant, $_[0]);
	ok(wait_until(sub { scalar(grep { $_->[2] eq 'buy' } record()) >= scalar(@sellers) * 3 && one(q{SELECT count(*) FROM voiceagent.provider_requests WHERE kind = 'buy_number' AND state = 'sending'}) >= @sellers }, 50),
		'all are on their way');
	$node->stop('immediate');
	hold(0);
	$node->start;
});
is($bought{'immediate stop'}, @sellers, 'what the carriers had sold by then is ours');

# A session that holds the rows of a provider request while its answer comes does not lose the answer.
hold(1);
my $held = sprintf('+1214%07d', 5551000);
as_tenant($node, 'va', $tenant, "SELECT voiceagent.buy_number($account{twilio}, '$held')");
ok(wait_until(sub { grep { $_->[2] eq 'buy' && $_->[3] eq $held } record() }), 'a number is being bought');
my $script = $node->basedir . '/hold.sql';
append_to_file($script, "BEGIN; SELECT 1 FROM voiceagent.provider_requests WHERE request_data ->> 'number' = '$held' FOR UPDATE; SELECT pg_sleep(4); COMMIT");
my $holder = IPC::Run::start([ 'psql', '-XAtq', '-h', $node->host, '-p', $node->port, '-d', 'va', '-f', $script ], '>', '/dev/null', '2>&1');
wait_for_sql($node, 'va', q{SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(4)%'}, 1, '... somebody holds its provider request');
hold(0);
wait_for_sql($node, 'va', "SELECT state FROM voiceagent.phone_numbers WHERE phone_number = '$held'", 'ready', '... it is the tenant\'s when that one lets go', 120);
IPC::Run::finish($holder);
is(one("SELECT count(*) FROM voiceagent.events v JOIN voiceagent.provider_requests e ON e.provider_request_id::text = v.event_data ->> 'provider_request_id' WHERE v.event_type = 'provider_request_unknown' AND e.request_data ->> 'number' = '$held'"), 0,
	'... and nothing was unknown');

# What has no number cannot be found in a list: a person says what became of it, and it goes on.
my $number = one(q{SELECT min(n.phone_number_id) FROM voiceagent.phone_numbers n JOIN voiceagent.provider_accounts a USING (tenant_id, provider_account_id) WHERE a.name = 'telnyx' AND n.state = 'ready'});
crash_at($node, 'provider_requests_before_record');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.connect_number($number, $account{vapi})");
ok(wait_crash($node, 'provider_requests_before_record'), 'a worker dies before the answer to a credential is noted');
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.unresolved_provider_requests WHERE kind = 'create_credential' AND hint LIKE 'Look in the carrier''s console%'}, 1, '... which is unresolved', 180);
my $provider_request = one('SELECT provider_request_id FROM voiceagent.unresolved_provider_requests');
my $theirs = "$account{vapi} vapi-" . one("SELECT substr(phone_number, 2) FROM voiceagent.phone_numbers WHERE phone_number_id = $number");
crash_at($node, 'provider_requests_before_record');
is(as_tenant($node, 'va', $tenant, "SELECT voiceagent.resolve_provider_request($provider_request, true, 'cred-1')"), 'done', 'somebody has found it');
ok(wait_crash($node, 'provider_requests_before_record'), 'a worker dies before the answer to the number is noted');
wait_for_sql($node, 'va', "SELECT provider_account_id || ' ' || provider_number_id FROM voiceagent.phone_numbers WHERE phone_number_id = $number",
	$theirs, 'the carrier\'s list finds it', 180);
is(scalar(grep { $_->[1] eq 'vapi' && $_->[2] =~ /^asked-(buy|credential)/ } record()), 2, 'each was asked for once');
is_sql($node, 'va', "SELECT coalesce(string_agg(invariant, ','), '') FROM voiceagent.invariants()", '', 'the invariants hold');

$node->stop;
done_testing();
