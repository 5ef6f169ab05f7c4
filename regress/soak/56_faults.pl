# Each statement that a worker executes for a tenant fails for one tenant, again and again, for as long as that lasts: another
# tenant's dials, webhooks, lookups, outgoing webhooks and starts go on within a second, and nothing of its own is lost.
#
# The statements are those of regress/lib/fault-points; regress/lint/source.pl sees that none is missing there.
use strict;
use warnings;

use HTTP::Tiny;
use IPC::Open2 qw(open2);
use JSON::PP qw(decode_json encode_json);
use POSIX qw(strftime);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;
use VoiceAgentPbx;
use VoiceAgentPeer;
use VoiceAgentSoak;

# How long each may take, on a machine that serves it sooner while nothing fails; how many errors a second one tenant may have us raise, and log.
my $within = 1;
my $errors_a_second = 100;

seed();

# ---- the points ----

my @points = map { /^(\w+\.\w+)\t(\w+)$/ ? {name => $1, way => $2} : () } split /\n/, slurp_file('regress/lib/fault-points');
cmp_ok(scalar @points, '>=', 30, 'statements that can fail for one tenant');
# One of each way of isolation, and another by lot.
my @sample = qw(dial.record_statement lookup_answers.store_statement account.account_statement inbox.apply_statement socket_frames.store_statement);
if (defined $ENV{POINTS})
{
	@points = grep { my $point = $_; grep { $point->{name} =~ /^$_$/ } split / /, $ENV{POINTS} } @points;
}
elsif (long())
{
	@points = shuffled(@points);
}
else
{
	my %sampled = map { $_ => 1 } @sample, map { $_->{name} } (shuffled(@points))[0];
	@points = grep { $sampled{ $_->{name} } } @points;
}

# ---- the carriers ----

# Another tenant's: its calls go on for as long as they may, and all that happens in them is what we say.
my $calm = start_carrier('no-webhooks' => undef, deliveries => PostgreSQL::Test::Utils::tempdir() . '/deliveries');
my $carrier = start_carrier(seed => between(1, 1e6), 'drop-after-accept-percent' => 10, deliveries => PostgreSQL::Test::Utils::tempdir() . '/deliveries');
my $pbx = start_pbx();
# The same request dials once: the answer to every third is lost.
my $repeating;
{
	my (%taken, $dials);
	$repeating = {port => fake_carrier(sub {
		my ($asked) = @_;
		return (200, {data => [], meta => {total_pages => 1}}) if $asked->{path} =~ m{^/connections/};
		if ($asked->{method} eq 'GET' && $asked->{path} =~ m{^/calls/([^/?]+)})
		{
			my $ended = strftime('%Y-%m-%dT%H:%M:%SZ', gmtime);
			return (200, {data => {call_control_id => $1 =~ s/%([0-9A-F]{2})/chr(hex($1))/gier, is_alive => \0, end_time => $ended}});
		}
		return (200, {data => {result => 'ok'}}) if "$asked->{method} $asked->{path}" ne 'POST /calls';
		my $order = decode_json($asked->{body});
		return if ++$dials % 3 == 0;
		return (200, {data => {call_control_id => "v3:$order->{command_id}", is_alive => \1}});
	})};
}

# ---- two tenants ----

my $node = new_real_node('main', 'voiceagent.fault_points' => 'on', 'voiceagent.metrics_token' => 'a token of some length', log_min_messages => 'log');
my ($base) = $node->safe_psql('va', 'SHOW voiceagent.public_base_url');
real_settings($node, [ $calm, $carrier, $pbx, $repeating ], webhook_delivery_first_delay => '0.2 seconds', webhook_delivery_max_delay => '0.5 seconds', webhook_delivery_timeout => '2 seconds',
	webhook_delivery_tries => 20, lookup_interval => '2 seconds', sandbox_time_scale => 600);
$node->safe_psql('va', q{SELECT voiceagent_private.register_model_purpose('faults', 'none', 'A test.')});
my ($one, $other) = map { create_tenant($node, 'va', $_, credits => 1000000) } 'One', 'Other';
my $account = real_account($node, $one, $carrier);
my @accounts = ($account, pbx_account($node, $one, $pbx), as_tenant($node, 'va', $one, qq{SELECT voiceagent.create_provider_account('telnyx', 'Again', '{"api_key": "KEY-1"}',
	'{"connection_id": "7267", "from_number": "+12125550100", "base_url": "http://127.0.0.1:$repeating->{port}", "calls_per_second": 100}')}));
$node->safe_psql('va', "SELECT voiceagent.arm($accounts[1], 'PBX'), voiceagent.arm($accounts[2], 'Again')");
my $others = real_account($node, $other, $calm, name => 'Calm');
my ($target, $targets) = map { (split /\|/, as_tenant($node, 'va', $_->[0], "SELECT subscription_id FROM voiceagent.create_webhook_subscription('$_->[1]{url}/deliveries', NULL)"))[0] } [ $one, $carrier ], [ $other, $calm ];
wait_workers($node, 'the workers run');

my %endpoint = map { $_->[0] => [ as_tenant($node, 'va', $_->[0], "SELECT voiceagent.create_endpoint($_->[1])") =~ m{:(\d+)(/.*)} ] } [ $one, $account ], [ $other, $others ];

sub webhook
{
	my ($of, $tenant, $call, $status) = @_;
	my ($port, $path) = @{ $endpoint{$tenant} };
	my $body = encode_json({message => {timestamp => int(time * 1000), type => 'status-update', status => $status,
		call => {id => $call->{id}, name => $call->{reference}, assistantOverrides => {metadata => {attempt => $call->{reference}}}}}});
	return request_text('POST', $path, $body, signed($body, $of->{secret}));
}

sub deliver
{
	my ($of, $tenant, @deliveries) = @_;
	my ($port) = @{ $endpoint{$tenant} };
	my @sockets = map { connection($port) } @deliveries;
	syswrite($sockets[$_], webhook($of, $tenant, @{ $deliveries[$_] })) foreach 0 .. $#deliveries;
	return map { (answer_of($_, 10) // {status => 'dropped'})->{status} } @sockets;
}

# A live call of the tenant's at the account: {call, id, reference}.
sub live_call
{
	my ($tenant, $at) = @_;
	my ($call, $id, $reference) = split /\|/, $node->safe_psql('va', qq{SELECT call_id, provider_call_id, reference FROM voiceagent_private.live_calls
		WHERE tenant_id = $tenant AND provider_account_id = $at AND provider_call_id IS NOT NULL ORDER BY call_id DESC LIMIT 1});
	return defined $id ? {call => $call, id => $id, reference => $reference} : undef;
}

# ---- what the one does ----

my (@streams, $scheduled);

# Until a worker comes by the statement: again and again, whatever of it fails.
sub provoke
{
	my ($way) = @_;
	my $act = "BEGIN; SELECT voiceagent_private.set_tenant($one)";
	keep_streaming($node, $one, \@accounts, \@streams);
	# What an earlier error has left to its lease must not keep all the lines.
	try_psql($node, "UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock() WHERE tenant_id = $one AND lookups > 1; SELECT voiceagent_private.poke('lookups')");
	start_leads($node, $one, [ numbers(3) ]) if $way eq 'stream';
	if ($way eq 'setting')
	{
		try_psql($node, "$act; SELECT voiceagent.set_setting('retry_delay', '${\ between(1, 9) } seconds'); COMMIT");
		start_leads($node, $one, [ numbers(3) ]);
	}
	elsif ($way eq 'hang')
	{
		pbx_control($pbx, 'close');
	}
	elsif ($way eq 'lanes')
	{
		try_psql($node, "UPDATE voiceagent_private.lanes SET closes_at = voiceagent.clock() + interval '20 milliseconds' WHERE running AND tenant_id = $one; SELECT voiceagent_private.poke('schedules')");
	}
	elsif ($way eq 'schedule')
	{
		$scheduled = start_leads($node, $one, [ numbers(1) ], settings => {starts_at => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time + 1))});
	}
	elsif ($way eq 'lease' || $way eq 'lost')
	{
		my $which = $way eq 'lost' ? 'provider_call_id IS NULL' : "provider <> 'sandbox'";
		try_psql($node, "UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock() WHERE tenant_id = $one AND $which; SELECT voiceagent_private.poke('lookups')");
	}
	elsif ($way eq 'provider_request')
	{
		try_psql($node, "$act; SELECT voiceagent.test_provider_account($account); COMMIT");
	}
	elsif ($way eq 'model_request')
	{
		try_psql($node, "$act; SELECT voiceagent_private.request_model('faults', 1, '{\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}'); COMMIT");
	}
	elsif ($way eq 'delivery')
	{
		try_psql($node, "$act; SELECT voiceagent.test_webhook_subscription($target); COMMIT");
	}
	elsif ($way eq 'audience')
	{
		try_psql($node, "$act; SELECT voiceagent.create_audience('faults', max(c.campaign_id), 'false') FROM voiceagent.campaigns c
			WHERE c.tenant_id = $one AND NOT EXISTS (SELECT FROM voiceagent.audiences a WHERE a.tenant_id = $one); COMMIT");
		try_psql($node, "UPDATE voiceagent_private.audience_turns SET next_at = '-infinity' WHERE tenant_id = $one AND NOT evaluated; SELECT voiceagent_private.poke('conditions')");
	}
	elsif ($way eq 'metrics')
	{
		HTTP::Tiny->new(keep_alive => 0, timeout => 2)->request('GET', "$base/metrics", {headers => {authorization => 'Bearer a token of some length'}});
	}
	elsif ($way eq 'take' || $way eq 'store')
	{
		my $call = live_call($one, $account);
		deliver($carrier, $one, map { [ $call, $way eq 'take' ? 'ended' : pick(qw(ringing in-progress)) ] } 1 .. $way eq 'take' ? 1 : 20) if defined $call;
	}
	return;
}

# ---- what the other does meanwhile ----

# A session that stays: to start one takes longer, on a busy machine, than what is measured here.
my $session;
sub ask
{
	my ($sql) = @_;
	$session //= do {
		my %of;
		$of{pid} = open2($of{out}, $of{in}, 'psql', '-XAtq', '-d', $node->connstr('va'));
		\%of;
	};
	print { $session->{in} } "$sql;\n\\echo the end\n";
	$session->{in}->flush;
	my $rows = '';
	while (defined(my $line = readline $session->{out}))
	{
		return $rows if $line eq "the end\n";
		$rows .= $line;
	}
	die "the session has ended: $sql";
}

sub ask_as_other
{
	my ($sql) = @_;
	return ask("BEGIN; SELECT voiceagent_private.set_tenant($other) \\g /dev/null\n$sql; COMMIT");
}

# Two campaigns that have only to be started: one at the carrier, one by time.
my @ready;
sub prepare
{
	my $dial = start_leads($node, $other, [ numbers(1) ], account => $others, start => 0, settings => {max_call_duration => '1 hour'});
	my $later = start_leads($node, $other, [ numbers(1) ], start => 0, settings => {starts_at => strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(time + 86400))});
	as_tenant($node, 'va', $other, "SELECT voiceagent.start_campaign($later)");
	push @ready, [ $dial, $later ];
	return;
}

# A call of the other's that is live at its carrier.
sub others_call
{
	my $live;
	wait_until(sub {
		my ($call, $id, $reference) = split /\||\n/, ask(qq{SELECT l.call_id, l.provider_call_id, l.reference FROM voiceagent_private.live_calls l
			JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE l.tenant_id = $other AND l.provider_account_id = $others AND l.provider_call_id IS NOT NULL
				AND c.status <> 'in_progress' ORDER BY l.call_id DESC LIMIT 1});
		$live = {call => $call, id => $id, reference => $reference} if defined $id;
		return defined $live;
	}, 60);
	return $live;
}

# Seconds until each of them is done; undef: not within ten.
sub measure
{
	my ($live) = @_;
	my ($campaign, $later) = @{ shift @ready };
	my $since = 'extract(epoch FROM clock_timestamp())';
	my %began;
	# To the server's clock, which is ours: it is the same machine.
	$began{webhook} = time;
	my ($status) = deliver($calm, $other, [ $live, 'in-progress' ]);
	$began{webhook} = undef if $status ne '200';
	my $done = sub { my ($sql) = @_; my ($at) = split /\n/, ask_as_other("$sql \\g /dev/null\nCOMMIT; SELECT $since \\g\nBEGIN"); return $at };
	$began{dial} = $done->("SELECT voiceagent.start_campaign($campaign)");
	($began{start}) = split /\n/, ask_as_other(qq{SELECT voiceagent.update_campaign($later, jsonb_build_object('starts_at', clock_timestamp() + interval '0.3 seconds')) \\g /dev/null
		SELECT extract(epoch FROM starts_at) FROM voiceagent.campaigns WHERE campaign_id = $later});
	my ($delivery) = split /\n/, ask_as_other("SELECT voiceagent.test_webhook_subscription($targets)");
	$began{delivery} = time;
	ask("UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock() WHERE tenant_id = $other AND call_id = $live->{call}; SELECT voiceagent_private.poke('lookups') \\g /dev/null\n");
	$began{lookup} = time;
	my %done = (
		webhook => "(SELECT answered_at IS NOT NULL OR status = 'in_progress' FROM voiceagent.calls WHERE tenant_id = $other AND call_id = $live->{call})",
		dial => "EXISTS (SELECT FROM voiceagent.calls c JOIN voiceagent.attempts a USING (tenant_id, call_id) WHERE c.tenant_id = $other AND c.campaign_id = $campaign AND a.state = 'accepted')",
		start => "(SELECT status <> 'scheduled' FROM voiceagent.campaigns WHERE tenant_id = $other AND campaign_id = $later)",
		delivery => "EXISTS (SELECT FROM voiceagent.webhook_deliveries WHERE tenant_id = $other AND delivery_id = $delivery AND status = 'delivered')",
		lookup => "EXISTS (SELECT FROM voiceagent.webhooks w WHERE w.tenant_id = $other AND w.source = 'lookup' AND w.received_at > to_timestamp($began{lookup} - 0.2))");
	my @names = sort keys %done;
	my $list = join(', ', map { "($_, $done{$names[$_]})" } 0 .. $#names);
	my %seen = split /[|\n]/, ask(qq{
		CREATE TEMP TABLE IF NOT EXISTS seen (n int PRIMARY KEY, at numeric); TRUNCATE seen;
		DO \$\$ BEGIN
			FOR i IN 1 .. 1000 LOOP
				INSERT INTO seen SELECT v.n, $since FROM (VALUES $list) v(n, done) WHERE v.done ON CONFLICT DO NOTHING;
				EXIT WHEN (SELECT count(*) FROM seen) = ${\ scalar @names };
				PERFORM pg_sleep(0.01);
			END LOOP;
		END \$\$;
		SELECT n, at FROM seen});
	return map { my $name = $names[$_]; ($name => defined $seen{$_} && defined $began{$name} ? sprintf('%.3f', $seen{$_} - $began{$name}) : undef) } 0 .. $#names;
}

# The slowest of what took too long, or nothing.  What is slow for another reason than the error is not slow each time.
my %all;
sub too_slow
{
	my ($slow);
	for (1 .. (long() ? 3 : 6))
	{
		prepare() unless @ready;
		my $live = others_call();
		my %took = defined $live ? measure($live) : (call => undef);
		push @{ $all{$_} }, $took{$_} foreach keys %took;
		$slow = join(', ', map { "$_: " . ($took{$_} // 'not at all') } grep { !defined $took{$_} || $took{$_} > $within } sort keys %took);
		return '' if $slow eq '';
		sleep 0.5;
	}
	return $slow;
}

# ---- one point after the other ----

# An account that fails rests for minutes, and so does its tenant with it: an owner that has mended it need not wait.
sub mend_accounts
{
	try_psql($node, "BEGIN; SELECT voiceagent_private.set_tenant($one); SELECT voiceagent.update_provider_account(provider_account_id, active => true)
		FROM voiceagent.provider_accounts WHERE tenant_id = $one AND resumes_at < 'infinity'; COMMIT");
	return;
}

# What the one's campaigns say of themselves.
sub why_not
{
	diag(as_tenant($node, 'va', $one, 'SELECT count(*), min(campaign_id), max(campaign_id), status, waiting_leads > 0, status_reason FROM voiceagent.campaign_progress GROUP BY 4, 5, 6 ORDER BY 1 DESC LIMIT 20'));
	diag($node->safe_psql('va', "SELECT provider, state, count(*), min(lease_until - voiceagent.clock()), max(lease_until - voiceagent.clock()) FROM voiceagent_private.live_calls WHERE tenant_id = $one GROUP BY 1, 2"));
	diag($node->safe_psql('va', "SELECT provider_account_id, avoid_until, dials, failed, limited_share, slowed_to, lowered_to, failures FROM voiceagent_private.account_dials WHERE tenant_id = $one"));
	return;
}

sub hits
{
	my ($name, $offset) = @_;
	return scalar(() = slurp_file($node->logfile, $offset) =~ /fault point "\Q$name\E" raises/g);
}

start_leads($node, $other, [ numbers(3) ], account => $others, settings => {max_call_duration => '1 hour'});
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.live_calls WHERE tenant_id = $other AND provider_call_id IS NOT NULL", 3, 'calls of the other are live');
keep_streaming($node, $one, \@accounts, \@streams);
if (!long())
{
	# Beside other tests a slow machine takes longer for all that it does, also for this.
	my @took;
	for (1 .. 3)
	{
		prepare();
		my %took = measure(others_call() // die 'no call of the other is live');
		push @took, map { $_ // 10 } values %took;
	}
	my $usual = percentile(100, @took);
	$within = 2 * $usual if 2 * $usual > $within;
	note("each may take $within s");
}
is(too_slow(), '', 'the other is served at once while nothing fails');

my @failed;
foreach my $point (@points)
{
	last unless time_left();
	my ($name, $way) = @$point{qw(name way)};
	my $file = $node->data_dir . "/voiceagent/fault.$name";
	my $log = -s $node->logfile;
	my $began = time;
	prepare() unless @ready;
	append_to_file($file, $way eq 'metrics' ? '0' : $one);
	my $next = 0;
	my $reached = wait_until(sub {
		if (time >= $next)
		{
			provoke($way);
			$next = time + 0.7;
		}
		return hits($name, $log);
	});
	ok($reached, "$name is reached") or why_not();
	provoke($way);
	my $slow = too_slow();
	is($slow, '', '... and while it fails for the one the other is served at once');
	# A fast machine comes to more calls in a second, each of which fails once or twice.
	my $calls = $node->safe_psql('va', "SELECT count(*) FROM voiceagent.attempts WHERE tenant_id = $one");
	my $most = $errors_a_second + 2 * $calls / (time - $began);
	my $rate = hits($name, $log) / (time - $began);
	cmp_ok($rate, '<=', $most, '... nor is it tried without end') or push @failed, "$name $rate";
	push @failed, "$name: $slow" if $slow ne '';
	unlink $file;
	mend_accounts();
}
diag(join "\n", 'failed:', @failed) if @failed;

# ---- nothing is lost ----

unlink glob($node->data_dir . '/voiceagent/fault.*');
$node->safe_psql('va', "SELECT voiceagent_private.poke('dialer', 'requests', 'keeper', 'applier')");
deliver($calm, $other, map { my ($call, $id, $reference) = split /\|/; [ {id => $id, reference => $reference}, 'ended' ] } split /\n/,
	$node->safe_psql('va', "SELECT call_id, provider_call_id, reference FROM voiceagent_private.live_calls WHERE tenant_id = $other AND provider_call_id IS NOT NULL"));
stop_carrier($calm);
restart_carrier($calm);
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.call_queue WHERE tenant_id = $one", 0, 'what fails no more goes on: the one is dialled to the end', 400) or why_not();
well($node, 'after it', carrier => [ $calm, $carrier, $pbx ]);
foreach my $what (sort keys %all)
{
	my @seconds = map { $_ // 10 } @{ $all{$what} };
	figure(name => "faults: one tenant's errors, another's $what, p95", value => sprintf('%.2f', percentile(95, @seconds)), unit => 's', goal => '<= 1', count => scalar @seconds);
}
figure(name => 'faults: statements that failed for one tenant', value => scalar @points, count => scalar @failed);
close $session->{in};
waitpid($session->{pid}, 0);
$node->stop;
done_testing();
