# VoiceAgentFaults: what the tests of the spine share: a carrier in a process of its own (the witness that survives
# every crash of the server), servers that are armed for it, campaigns on it or on the sandbox, and what must hold at
# the end of each.
#
#	my $carrier = start_carrier('429-percent' => 20);         # {url, witness, key, ...}
#	my $node = new_real_node('main');                         # vault key, arming file, gateway on a fixed port
#	my $account = real_account($node, $tenant, $carrier);     # armed
#	my $campaign = start_leads($node, $tenant, \@numbers, account => $account);
#	wait_completed($node, $tenant); is_well($node, 'after it'); is_witnessed($node, $carrier, 'after it');
package VoiceAgentFaults;

use strict;
use warnings;

use Exporter 'import';
use HTTP::Tiny;
use JSON::PP qw(decode_json encode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

our @EXPORT = qw(seeded build_carrier start_carrier stop_carrier restart_carrier carrier_stats new_real_node real_account start_leads keep_streaming recovery start_until try_psql numbers
  wait_until wait_completed wait_workers is_well is_witnessed witness_table forget_references real_settings create_samples crash_at calendar_crashes crash_file wait_crash checkpointer wait_noticed need_speech end_processes start_again);

# Every random choice of a test follows from this; SEED=n repeats a run.
sub seeded
{
	my $seed = $ENV{SEED} // int(time * 1000) % 1000000;
	srand($seed);
	note("SEED=$seed");
	return $seed;
}

# ---- the carrier ----

my @carriers;

# Its path: regress/lib/check has built it, else tests that run side by side build it once.
sub build_carrier
{
	return $ENV{VOICEAGENT_CARRIER} if -x ($ENV{VOICEAGENT_CARRIER} // '');
	my $output = `(mkdir -p .build && flock .build/carrier.lock make -s carrier) 2>&1`;
	die "the carrier does not build:\n$output" if $?;
	my $copy = PostgreSQL::Test::Utils::tempdir() . '/carrier';
	system('cp', '.build/carrier', $copy) == 0 or die "cp: $!";
	return $copy;
}

my $program;

# Options are those of regress/fakes/carrier.c.
sub start_carrier
{
	my (%options) = @_;
	$program //= build_carrier();
	my $dir = PostgreSQL::Test::Utils::tempdir();
	my %carrier = (key => 'real-key', secret => 'webhook-secret-of-the-test', witness => "$dir/witness", dir => $dir);
	append_to_file($carrier{witness}, '');
	my @arguments = ('--port-file', "$dir/port", '--witness', $carrier{witness}, '--key', $carrier{key},
		'--webhook-secret', $carrier{secret});
	foreach my $name (sort keys %options)
	{
		push @arguments, "--$name";
		push @arguments, $options{$name} if defined $options{$name};
	}
	$carrier{arguments} = \@arguments;
	launch_carrier(\%carrier);
	return \%carrier;
}

sub launch_carrier
{
	my ($carrier) = @_;
	my $dir = $carrier->{dir};
	unlink("$dir/port");
	my $pid = fork();
	if ($pid == 0)
	{
		open(STDERR, '>>', "$dir/log");
		exec($program, @{$carrier->{arguments}}) or die $!;
	}
	$carrier->{pid} = $pid;
	push @carriers, $pid;
	wait_until(sub { -s "$dir/port" }) or die 'the carrier does not listen';
	chomp(my $port = slurp_file("$dir/port"));
	@$carrier{qw(port url)} = ($port, "http://127.0.0.1:$port");
	return;
}

# After stop_carrier(): at the same address, with the calls of its witness.
sub restart_carrier
{
	my ($carrier) = @_;
	push @{$carrier->{arguments}}, '--port', $carrier->{port};
	return launch_carrier($carrier);
}

sub stop_carrier
{
	my ($carrier) = @_;
	kill 'KILL', $carrier->{pid};
	waitpid($carrier->{pid}, 0);
	@carriers = grep { $_ != $carrier->{pid} } @carriers;
	return;
}

END
{
	my $status = $?;
	kill 'KILL', @carriers if @carriers;
	$? = $status;
}

sub carrier_stats
{
	my ($carrier) = @_;
	return decode_json(HTTP::Tiny->new(timeout => 20)->get("$carrier->{url}/stats")->{content});
}

# ---- servers ----

# What a real carrier needs: a key file and an arming file outside of the data directory, and a gateway that has the
# same address after a crash.  Durability is claimed, so fsync is on.
sub new_real_node
{
	my ($name, %conf) = @_;
	my $dir = PostgreSQL::Test::Utils::tempdir();
	append_to_file("$dir/vault", '0123456789abcdef' x 4);
	chmod 0600, "$dir/vault";
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	return new_node($name,
		fsync => 'on',
		restart_after_crash => 'on',
		'voiceagent.crash_restart_delay_max' => 0,
		'voiceagent.vault_key_file' => "$dir/vault",
		'voiceagent.arming_file' => "$dir/arming",
		'voiceagent.gateway_port' => $port,
		'voiceagent.public_base_url' => "http://127.0.0.1:$port",
		%conf);
}

# Waits of a real carrier that a test can live through.
sub real_settings
{
	my ($node, $carrier, %more) = @_;
	my $hosts = join(' ', map { "127.0.0.1:$_->{port}" } ref $carrier eq 'ARRAY' ? @$carrier : ($carrier));
	my %settings = (allowed_private_hosts => $hosts, number_proof_hosts => $hosts, lease_grace => '1 second', send_lease => '5 seconds',
		lookup_interval => '1 second', lookup_limit => 3, absence_wait => '0',
		# Shares: the most that a tenant of the test may have.
		account_max_concurrent_calls => 1000, max_call_duration => '1 hour',
		# The calls of the carriers' fixtures are years old, and their recordings are kept until the test has seen them.
		retention_recordings => '100 years', %more);
	$node->safe_psql('va', join('', map { "SELECT voiceagent.set_setting('$_', '$settings{$_}');" } sort keys %settings));
	return;
}

# An armed account of the tenant at the carrier.
sub real_account
{
	my ($node, $tenant, $carrier, %of) = @_;
	my $name = $of{name} // 'Real';
	my $account = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('vapi', '$name',
		'{"api_key": "$carrier->{key}", "webhook_secret": "$carrier->{secret}"}',
		'{"phone_number_id": "p1", "base_url": "$carrier->{url}", "max_concurrent_calls": 1000}')});
	if ($of{armed} // 1)
	{
		$node->safe_psql('va', "SELECT voiceagent.arm($account, '$name')");
		wait_until(sub { $node->safe_psql('va', 'SELECT voiceagent_private.arming()') eq 'armed' }) or die 'not armed';
	}
	return $account;
}

# Makes public.sample(provider, part, required): credentials or settings of an account at a carrier, whichever it is, from
# what its fields say; with required those that it must have.
sub create_samples
{
	my ($node) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/pem';
	system("openssl genrsa -out $file 2048 2>/dev/null") == 0 or die 'openssl makes no key';
	my $pem = slurp_file($file);
	$node->safe_psql('va', 'CREATE TABLE public.pem AS SELECT $pem$' . $pem . '$pem$::text AS pem; GRANT SELECT ON public.pem TO PUBLIC');
	$node->safe_psql('va', q{
		CREATE FUNCTION public.sample(provider text, part text, required boolean) RETURNS jsonb LANGUAGE sql AS $$
			SELECT coalesce(jsonb_object_agg(f.name, CASE f.kind WHEN 'url' THEN to_jsonb(text 'https://example.com/x') WHEN 'e164' THEN to_jsonb(text '+12025550142') WHEN 'integer' THEN '7'
				WHEN 'boolean' THEN 'true' WHEN 'pem' THEN to_jsonb(p.pem) WHEN 'object' THEN '{"type": "hmac"}'::jsonb WHEN 'networks' THEN to_jsonb(text '192.0.2.0/24')
				ELSE to_jsonb(CASE f.name WHEN 'endpoint' THEN 'PJSIP/{number}@trunk' WHEN 'account_sid' THEN 'AC' || repeat('0a', 16) WHEN 'auth_id' THEN 'MA' || repeat('A0', 9)
					WHEN 'api_key' THEN CASE provider WHEN 'twilio' THEN 'SK' || repeat('0a', 16) ELSE 'leak-me-key' END WHEN 'public_key' THEN '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=' ELSE 'leak-me-' || f.name END) END), '{}')
			FROM voiceagent_private.account_fields(sample.provider) f, public.pem p WHERE f.part = sample.part AND (f.required OR NOT sample.required) $$});
	return;
}

# ---- campaigns ----

# So many numbers of an area code that nobody else has in this test.
my $area = 0;

sub numbers
{
	my ($count) = @_;
	my @areas = qw(212 213 305 312 404 415 512 602 617 702 713 718 303 206 214);
	my $code = $areas[$area++ % @areas];
	my $exchange = 600 + int($area / @areas);
	return map { sprintf('+1%s%03d%04d', $code, $exchange, 1000 + $_) } 1 .. $count;
}

# A zone in which it is early afternoon, whenever a test runs: a real carrier is asked only in hours that the law allows.
sub awake_zone
{
	my $behind = (gmtime)[2] - 13;
	return sprintf('Etc/GMT%+d', $behind);
}

# A running campaign with these numbers as new leads, in a place whose law knows hours but no holidays; its id.
sub start_leads
{
	my ($node, $tenant, $numbers, %of) = @_;
	my %settings = (call_interval => 0, breaker_failure_rate => 0, max_concurrent_calls => 100, retry_attempts => 1, retry_delay => '1 second',
		caller_name => 'Acme', caller_phone => '+1 800 555 0100', call_subject => 'roofs',
		retry_delay_busy => '1 second', retry_delay_no_answer => '1 second', retry_delay_unfinished => '1 second', callback_delay => '1 second', max_call_duration => '10 seconds', ring_timeout => '5 seconds',
		calling_hours => {start => '00:00', end => '24:00', days => [qw(mon tue wed thu fri sat sun)]}, %{$of{settings} // {}});
	$settings{provider_account_id} = $of{account} + 0 if defined $of{account};
	my $json = encode_json(\%settings);
	my $list = join(',', @$numbers);
	my $confirm = defined $of{account} && ($of{confirm} // 1) ? 'PERFORM voiceagent.confirm_campaign(v_campaign, c.name) FROM voiceagent.campaigns c WHERE c.campaign_id = v_campaign;' : '';
	my $start = ($of{start} // 1) ? 'PERFORM voiceagent.start_campaign(v_campaign);' : '';
	my $name = $of{name} // 'Campaign ' . (1 + int(rand(1e9)));
	my $zone = awake_zone();
	# Providers that converse are told what the law wants said; the others say it in their own words.
	my $itself = defined $of{itself} ? 'SELECT ' . ($of{itself} ? 'true' : 'false') : defined $of{account} ? "SELECT NOT p.converses FROM voiceagent.provider_accounts a JOIN voiceagent.providers p USING (provider) WHERE a.provider_account_id = $of{account}" : 'SELECT false';
	as_tenant($node, 'va', $tenant, qq{
		DO \$do\$
		DECLARE
			v_itself boolean := ($itself);
			v_assistant bigint := (SELECT min(assistant_id) FROM voiceagent.assistants WHERE tenant_id = $tenant AND (name = 'Ann herself') = v_itself);
			v_campaign bigint;
		BEGIN
			IF v_assistant IS NULL THEN
				v_assistant := voiceagent.create_assistant(CASE WHEN v_itself THEN 'Ann herself' ELSE 'Ann' END, 'Hello {{first_name}}', 'Be kind.',
					settings => CASE WHEN v_itself THEN '{"discloses": true}'::jsonb ELSE '{}' END);
			END IF;
			v_campaign := voiceagent.create_campaign('$name', v_assistant, settings => '$json');
			-- The law wants a consent: from each of them.
			PERFORM voiceagent.record_consent(voiceagent.add_lead(phone => n, first_name => 'Lead', timezone => '$zone', region => 'US-DC',
				campaign_id => v_campaign), 'call', 'test')
			FROM unnest(string_to_array('$list', ',')) n;
			$confirm
			$start
		END \$do\$});
	return as_tenant($node, 'va', $tenant, qq{SELECT campaign_id FROM voiceagent.campaigns WHERE tenant_id = $tenant AND name = '$name'});
}

# Somebody always waits to be dialled, on the sandbox and on the account (or on the sandbox alone, or on each of a list of
# accounts), at a pace; @$streams are the campaigns.
sub keep_streaming
{
	my ($node, $tenant, $account, $streams) = @_;
	my @accounts = (undef, ref $account ? @$account : $account // ());
	my %waiting = split /[|\n]/, $node->safe_psql('va', 'SELECT campaign_id, count(*) FROM voiceagent_private.call_queue GROUP BY 1');
	foreach my $i (0 .. $#accounts)
	{
		next if defined $streams->[$i] && ($waiting{$streams->[$i]} // 0) >= 15;
		$streams->[$i] = start_leads($node, $tenant, [ numbers(50) ], account => $accounts[$i], settings => {call_interval => 0.05, retry_attempts => 2});
	}
	return;
}

# Seconds from then to the next dial that was begun; with restarted: by a worker that has started since.
sub recovery
{
	my ($node, $tenant, $at, $restarted) = @_;
	my $since = $restarted ? q{(SELECT max(backend_start) FROM pg_stat_activity WHERE backend_type = 'voiceagent dialer')} : "to_timestamp($at)";
	my $sql = qq{SELECT extract(epoch FROM min(c.started_at)) - $at FROM voiceagent.calls c, (SELECT $since AS at OFFSET 0) s
		WHERE s.at >= to_timestamp($at) AND c.started_at >= s.at AND c.tenant_id = $tenant};
	my $found;
	wait_until(sub {
		my ($status, $out) = try_psql($node, $sql);
		$found = $out if defined $status && $status == 0 && $out ne '';
		return defined $found;
	}, 180);
	return $found;
}

# A statement to a server that may go down meanwhile.
sub try_psql
{
	my ($node, $sql) = @_;
	return eval { $node->psql('va', $sql) };
}

# Starts campaigns although the server may go down at any moment: until it says that they have left the draft.
sub start_until
{
	my ($node, $tenant, @campaigns) = @_;
	my $start = "BEGIN; SELECT voiceagent_private.set_tenant($tenant) IS NULL; "
	  . join('', map { "SELECT voiceagent.start_campaign($_);" } @campaigns) . ' COMMIT';
	my $drafts = q{SELECT count(*) FROM voiceagent.campaigns WHERE status = 'draft' AND campaign_id IN (} . join(',', @campaigns) . ')';
	return wait_until(sub {
		my ($status, $left) = try_psql($node, $drafts);
		return 1 if defined $status && $status == 0 && $left eq '0';
		try_psql($node, $start) if defined $status && $status == 0;
		return 0;
	});
}

# ---- waiting: by looking, for as long as it may take on a busy machine ----

sub wait_until
{
	my ($what, $seconds) = @_;
	my $over = deadline($seconds // 120);
	my $pause = 0.0125;
	while (1)
	{
		return 1 if $what->();
		return 0 if $over->();
		sleep $pause;
		# Nearly every look is a new session of a server.
		$pause *= 2 if $pause < 0.1;
	}
}

sub wait_workers
{
	my ($node, $name, $seconds) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return wait_for_sql($node, 'postgres',
		"SELECT count(*) FROM pg_stat_activity WHERE datname = 'va' AND backend_type ~ '^voiceagent (@{[ join '|', @worker_kinds ]})'",
		scalar @worker_kinds, $name, $seconds // 60);
}

# Every campaign ends by itself.
sub wait_completed
{
	my ($node, $name, $seconds) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return 1 if wait_for_sql($node, 'va',
		q{SELECT coalesce(string_agg(DISTINCT status, ','), '') FROM voiceagent.campaigns WHERE status <> 'draft'}, 'completed', $name, $seconds // 240);
	diag($node->safe_psql('va', q{SELECT 'campaign', campaign_id, status, status_reason FROM voiceagent.campaigns WHERE status <> 'completed';
		SELECT 'lead', campaign_id, lead_id, status, attempts, reason FROM voiceagent.campaign_leads WHERE status NOT IN ('completed', 'failed', 'skipped', 'expired') LIMIT 20;
		SELECT 'live', l.* FROM voiceagent_private.live_calls l LIMIT 20;
		SELECT 'attempt', a.attempt_id, a.state, a.http_status, a.error FROM voiceagent.attempts a WHERE a.state NOT IN ('accepted') LIMIT 20;
		SELECT 'inbox', i.* FROM voiceagent_private.inbox i LIMIT 20;
		SELECT 'lane', l.* FROM voiceagent_private.lanes l LIMIT 20;
		SELECT 'pacing', l.* FROM voiceagent_private.pacing l LIMIT 20;
		SELECT 'account', provider, trouble, opened_at, trips, resumes_at, armed_at FROM voiceagent.provider_accounts;
		SELECT 'failure', f.* FROM voiceagent.webhook_failures f LIMIT 20;
		SELECT 'status', s.component, s.state, s.last_error FROM voiceagent.status() s}));
	return 0;
}

# ---- crashes ----

# The next process that comes to this point dies there; "NAME.postmaster" takes the postmaster along.  Once only.
sub crash_at
{
	my ($node, $point) = @_;
	my $setting = $node->safe_psql('va', 'SHOW voiceagent.crash_points');
	if ($setting ne 'on')
	{
		# A worker takes the setting in with a turn of its own, some time after the call returns.
		my $turns = "SELECT string_agg(kind || ' ' || turns, ' ' ORDER BY kind) FROM voiceagent_private.worker_status() WHERE state = 'running'";
		my %before = split ' ', $node->safe_psql('va', $turns);
		$node->safe_psql('postgres', 'ALTER SYSTEM SET voiceagent.crash_points = on');
		$node->safe_psql('postgres', 'SELECT pg_reload_conf()');
		wait_until(sub { my %now = split ' ', $node->safe_psql('va', $turns); return !grep { ($now{$_} // 0) <= $before{$_} } keys %before }, 60)
		  or die "the workers did not take the crash points in";
	}
	$node->{checkpointer}{$point} = checkpointer($node);
	append_to_file(crash_file($node, $point), '');
	return;
}

# kill -9 in each step of a put, a second one and a delete into a calendar elsewhere: one event or none, and all is known.
# of: day, act (functions of the tenant -> their results), add (hour -> appointment), settles (name),
# pass_time, and there (deed, hour -> what is there and what is to be).
sub calendar_crashes
{
	my ($node, %of) = @_;
	mkdir $node->data_dir . '/voiceagent';
	my $hour = 0;
	foreach my $at (qw(mid_claim before_send after_send before_record))
	{
		foreach my $deed (qw(put again delete))
		{
			my ($was, $one) = map { sprintf '%02d:00', $_ } $hour, $hour + 1;
			my $appointment = $deed eq 'put' ? undef : $of{add}->($was);
			$of{settles}->("$at, $deed: before") if $deed ne 'put';
			crash_at($node, "calendar_writes_$at");
			# The crash may take along the session that has just brought it about: what was not done is done then.
			foreach my $try (1 .. 3)
			{
				eval {
					$appointment //= $node->safe_psql('va', "SELECT max(appointment_id) FROM voiceagent.appointments WHERE starts_at = '$of{day} $one UTC' AND status = 'confirmed'") || $of{add}->($one);
					$of{act}->("move_appointment($appointment, '$of{day} $one UTC')") if $deed eq 'again';
					$of{act}->("cancel_appointment($appointment, 'off')") if $deed eq 'delete';
					1;
				} and last;
				sleep 1;
				$node->poll_query_until('postgres', 'SELECT true');
			}
			wait_for_sql($node, 'va', "SELECT done = wanted AND (etag IS NULL) = ('$deed' = 'delete') FROM voiceagent.calendar_copies WHERE appointment_id = $appointment", 't', "$at, $deed: a process that dies is no loss", 90);
			ok(!-e crash_file($node, "calendar_writes_$at"), '... and it did die');
			my ($there, $expected) = $of{there}->($one);
			is($there, $deed eq 'delete' ? '' : $expected, '... and there is one event, or none');
			$hour += 2;
			$of{act}->("cancel_appointment($appointment, 'off')") if $deed ne 'delete';
			$of{pass_time}->();
			$of{settles}->("$at, $deed: after");
		}
	}
	$node->safe_psql('postgres', 'ALTER SYSTEM RESET voiceagent.crash_points');
	$node->reload;
	return;
}

sub crash_file
{
	my ($node, $point) = @_;
	return $node->data_dir . "/voiceagent/crash.$point";
}

sub wait_crash
{
	my ($node, $point, $seconds) = @_;
	my $file = crash_file($node, $point);
	return wait_until(sub { !-e $file }, $seconds) && wait_noticed($node->{checkpointer}{$point}, $seconds);
}

sub checkpointer
{
	my ($node) = @_;
	return $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'});
}

# The server ends all its processes once it has seen a crash; until then the dead one still stands in its tables.
sub wait_noticed
{
	my ($checkpointer, $seconds) = @_;
	return wait_until(sub { !kill(0, $checkpointer) }, $seconds);
}

# After kill -9 of the postmaster: until everything that holds its shared memory is gone, and it can start again.
sub end_processes
{
	my ($node, @pids) = @_;
	foreach my $pid (@pids)
	{
		wait_until(sub { !kill(0, $pid) }, 60) or die "process $pid does not leave with its postmaster";
	}
	return;
}

sub start_again
{
	my ($node) = @_;
	$node->{_pid} = undef;
	my $started = 0;
	for (1 .. 60)
	{
		$started = $node->start(fail_ok => 1);
		last if $started;
		sleep 0.5;
	}
	return $started;
}

# The program that speaks and listens; skips the test where it is not built.
sub need_speech
{
	my ($node) = @_;
	my $speech = $node->config_data('--pkglibdir') . '/voiceagent-speech';
	plan(skip_all => 'voiceagent-speech is not built: espeak-ng or pocketsphinx is missing') unless -x $speech;
	return $speech;
}

# ---- what must hold ----

# When everything has ended: explained leads, a ledger that adds up, nothing held, nothing violated.
sub is_well
{
	my ($node, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is_sql($node, 'va', 'SELECT invariant, detail FROM voiceagent.invariants() LIMIT 20', '', "$name: invariants() is empty");
	is_sql($node, 'va', q{SELECT m.status, m.reason, count(*) FROM voiceagent.campaign_leads m
		WHERE m.status NOT IN ('completed', 'failed', 'skipped', 'expired') OR (m.status <> 'completed' AND coalesce(m.reason, '') = '') GROUP BY 1, 2}, '',
		"$name: no lead is lost, each is explained");
	is_sql($node, 'va', 'SELECT tenant_id, sum(balance) FROM voiceagent.credit_accounts GROUP BY 1 HAVING sum(balance) <> 0', '',
		"$name: the ledger sums to 0");
	is_sql($node, 'va', q{SELECT a.tenant_id, a.account, a.balance, s.sum FROM voiceagent.credit_accounts a
		CROSS JOIN LATERAL (SELECT coalesce(sum(CASE WHEN t.to_account = a.account THEN t.amount ELSE -t.amount END), 0) FROM voiceagent.credit_transfers t
			WHERE t.tenant_id = a.tenant_id AND a.account IN (t.from_account, t.to_account)) s(sum) WHERE a.balance <> s.sum}, '',
		"$name: ... each balance is the sum of its entries");
	is_sql($node, 'va', q{SELECT (SELECT count(*) FROM voiceagent.credit_holds h WHERE h.state = 'held'
		AND NOT EXISTS (SELECT FROM voiceagent_private.live_calls l WHERE l.tenant_id = h.tenant_id AND l.call_id = h.call_id)),
		(SELECT count(*) FROM voiceagent.credit_accounts WHERE account = 'held' AND balance <> 0), (SELECT count(*) FROM voiceagent_private.live_calls)}, '0|0|0',
		"$name: ... nothing is held, no call is live");
	is_sql($node, 'va', q{SELECT c.call_id, c.outcome, c.credits FROM voiceagent.calls c LEFT JOIN voiceagent.credit_holds h
			ON h.tenant_id = c.tenant_id AND h.call_id = c.call_id
		WHERE CASE c.direction WHEN 'inbound' THEN num_nonnulls(h.call_id, c.credits) > 0
			ELSE h.call_id IS NULL OR c.credits IS DISTINCT FROM coalesce(h.charged, 0) OR (c.answered_at IS NULL AND c.credits <> 0) END}, '',
		"$name: ... each call is charged once, one that was not answered, or came in, nothing");
	return;
}

# References of attempts that were erased since, of which only the carriers know.
my %erased;

sub forget_references
{
	my (@references) = @_;
	$erased{$_} = 1 foreach @references;
	return;
}

# Statements that make a table witness (reference, number) of the carriers' own records: of the one that is given, or of each
# of a list of them; of the sandbox, which commits its record before it answers.
sub witness_table
{
	my ($carrier, $sandbox) = @_;
	my $sql = 'CREATE TEMP TABLE witness (reference text, number text);';
	foreach my $one (!$carrier ? () : ref $carrier eq 'ARRAY' ? @$carrier : ($carrier))
	{
		# The last line may be half written, by a carrier that has not answered yet.
		my @taken = map { [ split / / ] } slurp_file($one->{witness}) =~ /^(.*)\n/mg;
		$sql .= 'INSERT INTO witness VALUES ' . join(',', map { "('$_->[1]', '$_->[2]')" } @taken) . ';' if @taken;
	}
	$sql .= 'INSERT INTO witness SELECT reference, number FROM voiceagent_private.sandbox_calls;' if $sandbox;
	$sql .= 'DELETE FROM witness WHERE reference IN (' . join(',', map { "'$_'" } sort keys %erased) . ');' if %erased;
	return $sql;
}

# The carrier's own record: no attempt and no dial of a lead twice, none that we do not know or believe was not placed.
# (A carrier, or a list of them.)  Without one the sandbox's record, which it commits before it answers.  provider: of the
# accounts there; forgets: the carrier knows no call that is over, so that one may stay unknown.
sub is_witnessed
{
	my ($node, $carrier, $name, %of) = @_;
	my $copy = witness_table($carrier, !$carrier);
	my $provider = $of{provider} // ($carrier ? 'vapi' : 'sandbox');
	my $known = $of{forgets} ? q{'accepted', 'unknown'} : q{'accepted'};
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is_sql($node, 'va', "$copy SELECT reference, count(*) FROM witness GROUP BY 1 HAVING count(*) > 1", '',
		"$name: the carrier took no attempt twice");
	is_sql($node, 'va', qq{$copy SELECT c.campaign_id, c.lead_id, c.attempt_number, count(*) FROM witness w
		JOIN voiceagent.attempts a ON a.reference = w.reference JOIN voiceagent.calls c ON c.tenant_id = a.tenant_id AND c.call_id = a.call_id
		GROUP BY c.tenant_id, c.campaign_id, c.lead_id, c.attempt_number HAVING count(*) > 1}, '', "$name: ... nor a lead for the same dial");
	is_sql($node, 'va', qq{$copy SELECT w.reference, a.state FROM witness w LEFT JOIN voiceagent.attempts a ON a.reference = w.reference
		WHERE coalesce(a.state, '') NOT IN ($known)}, '', "$name: ... and we know of every call that it took");
	is_sql($node, 'va', qq{$copy SELECT a.attempt_id, a.reference FROM voiceagent.attempts a
		JOIN voiceagent.provider_accounts p ON p.tenant_id = a.tenant_id AND p.provider_account_id = a.provider_account_id AND p.provider = '$provider'
		WHERE a.state = 'accepted' AND NOT EXISTS (SELECT FROM witness w WHERE w.reference = a.reference)}, '', "$name: ... and believe in none that it did not");
	return;
}

1;
