# The webhooks of every kind of call, each a hundred times, in any order, through the real gateway and inbox: each tenant
# ends with the same rows as the one whose webhooks came once, in order.  Five hundred
# shuffles in the long form.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentPeer;
use VoiceAgentSoak;

$SIG{PIPE} = 'IGNORE';
my $seed = seed();
# Each copy of the database holds so many tenants, each with its own shuffle.
my $tenants = long() ? 50 : 5;
my $replays = long() ? 100 : 20;
my $shuffles = rounds(short => 5, long => 500);
my $carrier = start_carrier(seed => $seed % 1000, 'no-webhooks' => undef);
my $node = new_real_node('main', max_wal_size => '4GB', log_statement => 'none');
real_settings($node, $carrier);

# ---- the starting database: calls that the carrier has taken, and of which nothing was told yet ----

# Every kind of end, and two of the mix.  No retry falls due while the test looks.
my @numbers = ((map { sprintf('+1%s555%04d', 212, $_) } 100 .. 109, 116, 118, 119, 120), numbers(2));
my (@tenants, @accounts);
foreach my $n (1 .. $tenants)
{
	push @tenants, create_tenant($node, 'va', "Replay $n", credits => 5000);
	push @accounts, as_tenant($node, 'va', $tenants[-1], qq{SELECT voiceagent.create_provider_account('vapi', 'Real',
		'{"api_key": "$carrier->{key}", "webhook_secret": "$carrier->{secret}"}', '{"phone_number_id": "p1", "base_url": "$carrier->{url}", "max_concurrent_calls": 1000}')});
	$node->safe_psql('va', "SELECT voiceagent.arm($accounts[-1], 'Real')");
}
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'the accounts are armed');
start_leads($node, $tenants[$_], \@numbers, account => $accounts[$_], settings => {max_call_duration => '1 hour', retry_attempts => 1,
	map { $_ => '20 days' } qw(retry_delay retry_delay_busy retry_delay_no_answer retry_delay_unfinished callback_delay)}) foreach 0 .. $#tenants;
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.attempts WHERE state = 'accepted' AND provider_call_id IS NOT NULL}, $tenants * @numbers, 'all calls are taken', 120);
$node->safe_psql('postgres', "ALTER SYSTEM SET $_") foreach 'voiceagent.launcher = off', 'voiceagent.sandbox = off';
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
wait_for_sql($node, 'postgres', "SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ '^voiceagent (@{[ join '|', @worker_kinds ]})'", 0, 'the workers stop');

# What the carrier would tell of each call, from what it answers when it is asked.
my $http = HTTP::Tiny->new(timeout => 20, default_headers => {authorization => "Bearer $carrier->{key}"});
my $json = JSON::PP->new->canonical;
my %told;	# tenant -> webhooks, in order
my $at = int(time * 1000);
foreach my $row (map { [ split /\|/ ] } split /\n/, $node->safe_psql('va', 'SELECT tenant_id, provider_call_id FROM voiceagent.attempts ORDER BY attempt_id'))
{
	my ($tenant, $id) = @$row;
	my $call;
	wait_until(sub { $call = $json->decode($http->get("$carrier->{url}/call/$id")->{content}); return $call->{status} eq 'ended' });
	my %common = (call => {map { $_ => $call->{$_} } grep { exists $call->{$_} } qw(id name assistantOverrides phoneNumberId customer)});
	push @{$told{$tenant}}, map { $json->encode({message => {%common, type => 'status-update', status => $_, timestamp => ++$at}}) }
		'ringing', $call->{startedAt} ? 'in-progress' : ();
	push @{$told{$tenant}}, $json->encode({message => {%common, type => 'status-update', status => 'ended', endedReason => $call->{endedReason}, timestamp => ++$at}});
	push @{$told{$tenant}}, $json->encode({message => {%common, type => 'end-of-call-report', timestamp => ++$at,
		map { $_ => $call->{$_} } grep { exists $call->{$_} } qw(endedReason startedAt endedAt cost analysis artifact messages transcript summary recordingUrl)}});
}
my %tokens = map { split /\|/ } split /\n/, $node->safe_psql('va', q{SELECT tenant_id, token FROM voiceagent_private.endpoint_routes WHERE provider = 'vapi'});
# From here on there are only these words: who asks the carrier gets no answer.
stop_carrier($carrier);
$node->safe_psql('postgres', 'ALTER DATABASE va RENAME TO start');
$node->safe_psql('postgres', 'ALTER DATABASE start ALLOW_CONNECTIONS false');
# Nobody is dialled any more: what is asked is what the rows say, not what a power cut leaves of them.
$node->safe_psql('postgres', "ALTER SYSTEM SET $_") foreach 'fsync = off', 'voiceagent.gateway_port = 0', 'voiceagent.launcher = on';
$node->safe_psql('postgres', 'SELECT pg_reload_conf()');

# ---- copies of it ----

# A copy with a gateway on a port that is free; the port.
sub copy_database
{
	my ($database) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE start STRATEGY file_copy");
	my $address;
	wait_until(sub { $address = $node->safe_psql($database, 'SELECT voiceagent_private.gateway_address()'); return $address ne '' }, 60)
	  or die "no gateway in $database";
	return $address =~ /(\d+)$/ ? $1 : die $address;
}

# Requests are signed for a chunk at a time, so that none gets stale.
sub deliver_all
{
	my ($port, $connections, @webhooks) = @_;
	my %counts;
	while (my @chunk = splice @webhooks, 0, 50000)
	{
		my $processes = $connections > 1 ? 2 : 1;
		my $some = crowds($processes, sub {
			my ($number) = @_;
			my @mine = @chunk[ grep { $_ % $processes == $number } 0 .. $#chunk ];
			return (port => $port, connections => $connections / $processes, again => 1, next => sub {
				my $webhook = shift @mine or return undef;
				my ($tenant, $body) = @$webhook;
				return request_text('POST', "/webhooks/$tokens{$tenant}", $body, signed($body, $carrier->{secret}));
			});
		});
		$counts{$_} += $some->{$_} foreach keys %$some;
	}
	return join ' ', map { "$_:$counts{$_}" } sort keys %counts;
}

# Every table with rows of tenants, by tenant: all columns but the times and the numbers of this run.
my %passed_over = (
	# The raw words are kept as they came first; which of two of one event that is, is chance.
	'voiceagent.webhooks' => 'what came',
	'voiceagent_private.inbox' => 'what came',
	# Each backend adds to rows of its own; invariants() compares their sums with the calls and leads, which are compared here.
	'voiceagent.campaign_counters' => 'what came',
	# Up to which event the figures are folded; what they say is compared.
	'voiceagent_private.figure_marks' => 'what came',
	# Whether a call rang is told only when that comes before its end.
	'voiceagent_private.job_rests' => 'what came',
	'voiceagent.events' => "event_type NOT IN ('call_ringing', 'call_answered')",
);

sub final
{
	my ($database, $only) = @_;
	# The figures follow the calls: all of them, before they are compared.
	foreach my $tenant (@tenants)
	{
		wait_until(sub { $node->safe_psql($database, VoiceAgent::acting_for($tenant, "SELECT voiceagent_private.unfolded_calls() = '{}'")) eq 't' }, 60)
		  or die "the figures of tenant $tenant are not folded";
	}
	my @parts = split /\n/, $node->safe_psql($database, q{
		SELECT c.oid::regclass::text || ' ' || string_agg(a.attname, ' ' ORDER BY a.attnum) FILTER (WHERE a.atttypid NOT IN ('timestamptz'::regtype, 'tstzrange'::regtype)
				AND a.attidentity = '' AND a.attname NOT IN ('event_id', 'webhook_id', 'transfer_id', 'appointment_id', 'task_id', 'xid'))
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
			AND EXISTS (SELECT FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id')
		GROUP BY c.oid ORDER BY 1});
	my @queries;
	foreach my $part (@parts)
	{
		my ($table, @columns) = split / /, $part;
		my $where = $passed_over{$table} // 'true';
		next if $where eq 'what came';
		# The amounts are the same, the balances between two of them are not.
		@columns = grep { !/_(?:before|after)$/ } @columns if $table eq 'voiceagent.credit_transfers';
		my $row = 'ROW(' . join(',', map { $_ eq 'event_data' ? "t.event_data - '{not_before,appointment_id,task_id}'::text[]" : "t.$_" } @columns) . ')::text';
		return $node->safe_psql($database, "SELECT $row FROM $table t WHERE tenant_id = $only->[0] AND $where ORDER BY 1") if $only && $only->[1] eq $table;
		push @queries, "SELECT tenant_id, '$table ' || md5(coalesce(string_agg($row, chr(10) ORDER BY $row COLLATE \"C\"), '')) || ' ' || count(*) AS line FROM $table t WHERE $where GROUP BY 1";
	}
	my %final;
	push @{$final{$_->[0]}}, $_->[1] foreach map { [ split /\|/ ] } split /\n/, $node->safe_psql($database, join(' UNION ALL ', @queries) . ' ORDER BY 1, 2');
	return {map { $_ => join("\n", @{$final{$_}}) } @tenants};
}

my $port = copy_database('in_order');
my @in_order = map { my $tenant = $_; map { [ $tenant, $_ ] } @{$told{$tenant}} } @tenants;
is(deliver_all($port, 1, @in_order), '200:' . @in_order, 'in order, once: ' . scalar(@in_order) . ' webhooks of ' . $tenants * @numbers . ' calls');
wait_for_sql($node, 'in_order', 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... and applied');
my $expected = final('in_order');
is_sql($node, 'in_order', q{SELECT count(*) FILTER (WHERE state = 'held'), count(*) FROM voiceagent.credit_holds}, '0|' . $tenants * @numbers, '... every call has ended and is settled');

my ($done, $other, $delivered, $began) = (0, 0, 0, time);
for (my $copy = 1; $done < $shuffles && time_left(); $copy++)
{
	restart_choices($copy);
	$port = copy_database("shuffled$copy");
	my @some = @tenants[ 0 .. ($shuffles - $done < $tenants ? $shuffles - $done : $tenants) - 1 ];
	# Each tenant's own order, the tenants' webhooks among each other.
	my @queues = map { my $tenant = $_; [ map { [ $tenant, $_ ] } shuffled(map { ($_) x $replays } @{$told{$tenant}}) ] } @some;
	my @all;
	while (@queues = grep { @$_ } @queues)
	{
		push @all, map { shift @$_ } @queues;
	}
	is(deliver_all($port, 64, @all), '200:' . @all, "copy $copy: " . @some . " shuffles of everything $replays times, " . @all . ' deliveries');
	wait_for_sql($node, "shuffled$copy", 'SELECT count(*) FROM voiceagent_private.inbox', 0, '... applied', 300);
	my $final = final("shuffled$copy");
	my @differ = grep { $final->{$_} ne $expected->{$_} } @some;
	is("@differ", '', '... each tenant has the rows of the one whose webhooks came once, in order');
	if (@differ)
	{
		my ($tenant) = @differ;
		is_same($final->{$tenant}, $expected->{$tenant}, "tenant $tenant");
		my %was = map { $_ => 1 } split /\n/, $expected->{$tenant};
		my ($table) = map { (split / /)[0] } grep { !$was{$_} } split /\n/, $final->{$tenant};
		is_same(final("shuffled$copy", [ $tenant, $table ]), final('in_order', [ $tenant, $table ]), "... $table");
	}
	well($node, '...', database => "shuffled$copy");
	$done += @some;
	$other += @differ;
	$delivered += @all;
	$node->safe_psql('postgres', "ALTER DATABASE shuffled$copy ALLOW_CONNECTIONS false");
	$node->safe_psql('postgres', "DROP DATABASE shuffled$copy WITH (FORCE)");
}
figure(name => "webhooks replayed $replays times, shuffled: other final states", value => $other, unit => 'shuffles', goal => '= 0', count => $done);
figure(name => '... deliveries', value => $delivered, unit => 'webhooks', count => $done);
note(sprintf('%d deliveries in %.1f s', $delivered, time - $began));
$node->stop('fast');
done_testing();
