# Whichever process dies, and at whatever moment: a worker, a client's backend, the launcher, the postmaster, the carrier.  Nobody is
# dialled twice by it, nothing is lost, the ledger adds up, and dialling goes on at once.
#
# Campaigns run at the sandbox and at three carriers in processes of their own, whose records survive everything and which
# lose some answers: one that can be asked about every call, one whose events come over a socket, and one where the same
# request dials once; beside them an import in pieces, an audience that enrols, outgoing webhooks, retention, erasures, a scrape of
# the metrics; and two other tenants, one whose sessions try whatever could stop others, and one whose server is slow.  A
# disturbance is one death:
#
#	at a named point    those of the sources (VA_CRASH_POINT), before and after each commit of a worker, and in the
#	                    middle of transactions: at a write to one of the tables
#	at random           kill -9 of a worker of each kind, of the launcher, of the postmaster, of the carrier
#	of a client         at a random moment, while it imports, launches, confirms, erases, exports
#
# They come in epochs, each on a server of its own: EPOCH=n repeats one.  VICTIM=postmaster makes those alone that end in the
# postmaster's death (or a worker's, a client's, the carrier's), so that a campaign that was cut short can be made whole.
#
# By its other name, 51_crash_beside.pl, it makes the other half of the short form, at the same time.
use strict;
use warnings;

use File::Find;
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP qw(decode_json);
use POSIX qw(strftime);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;
use VoiceAgentPbx;
use VoiceAgentSoak;

my $per_epoch = 40;
my @tables = qw(credit_holds credit_transfers calls attempts sends live_calls call_queue campaign_leads campaign_spending
  webhook_keys appointments webhook_deliveries outbox import_batches);

plan skip_all => 'the long form is whole in 51_crash' if long() && $0 =~ /beside/;

# ---- the points ----

sub sources
{
	my ($pattern) = @_;
	my %found;
	# In whatever folder: a point that is not looked for is a death that nobody tries.
	find({ no_chdir => 1, wanted => sub { /\.c$/ or return; $found{$_} = 1 foreach slurp_file($_) =~ /$pattern/g; } }, 'bgworkers', 'extension');
	return sort keys %found;
}

my @of_senders = map { my $sender = $_; map { "${sender}_$_" } sources(qr/\bcrash_point\(.*?, "(\w+)"\);/) } sources(qr/\bVaSender \w+ = \{\s*\.name = "(\w+)"/);
my @in_code = ((grep { $_ ne 'poke' } sources(qr/VA_CRASH_POINT\("(.*?)"\)/)), @of_senders);
# A maintenance job's step is a transaction of its own name.
my @maintenance_jobs = map { slurp_file($_) =~ /register_job\('(\w+)'/g } glob('sql/*/*.sql');
# Not: what is asked for only when hundreds of calls are unknown at once (t/053_reconcile.pl), or when a clock was set back
# (soak/53_time.pl).
my @transactions = grep { !/^ask for another page|the clock back$|the clock was set back$/ } sources(qr/(?:va_begin\(|try_step\(|\.(?:looking|recovering|claiming|recording) = )"(.*?)"/);
my @commits = map { ("before commit of $_", "after commit of $_") } @transactions, @maintenance_jobs;
my @writes = map { "write to $_" } @tables;

# ---- what will happen ----

seed();
my @workers = (@worker_kinds, 'launcher');
my @clients = qw(import launch confirm erase export);

# What a disturbance kills.
sub victim
{
	my ($disturbance) = @_;
	return 'postmaster' if $disturbance->{postmaster};
	return $disturbance->{how} eq 'point' ? 'worker' : $disturbance->{how};
}

# Each named point once, and the others in proportion.
sub deck
{
	my @points = (@in_code, @commits, @writes);
	return ((map { {how => 'point', what => $_} } @points),
		(map { {how => 'worker', what => pick(@workers)} } 1 .. 20),
		(map { {how => 'client', what => pick(@clients)} } 1 .. 10),
		(map { {how => 'point', what => pick(@points), postmaster => 1} } 1 .. 5),
		(map { {how => 'postmaster', what => 'postmaster'} } 1 .. 5),
		(map { {how => 'carrier', what => 'carrier'} } 1 .. 2));
}

sub short_deck
{
	return ((map { {how => 'point', what => $_} } @in_code, pick(@commits), 'write to credit_transfers'),
		{how => 'worker', what => pick(@workers)}, {how => 'client', what => 'import'}, {how => 'client', what => pick('launch', 'confirm')},
		{how => 'point', what => pick(@in_code), postmaster => 1}, {how => 'postmaster', what => 'postmaster'}, {how => 'carrier', what => 'carrier'});
}

# Every second of the short form, by its place: of two programs each makes what the other one does not.
my $half = $0 =~ /beside/ ? 1 : 0;
sub own_half
{
	my @deck = short_deck();
	return @deck[ grep { $_ % 2 == $half } 0 .. $#deck ];
}

# Deck by deck, so that a run that is ended early has been everywhere alike.
sub schedule
{
	my @list = long() ? map { shuffled(deck()) } 1 .. rounds(long => 20) : shuffled(own_half());
	return defined $ENV{VICTIM} ? grep { victim($_) eq $ENV{VICTIM} } @list : @list;
}

# ---- one server with all that goes on in it ----

my ($node, $carrier, $pbx, $tenant, $account, @accounts);
my (%kills, %reached, %missed, %recoveries);
my $violations = 0;
my $base;

# A carrier where the same request dials once: the answer to every fifth is lost.  Its calls are over when it is asked.
my %repeating = (witness => PostgreSQL::Test::Utils::tempdir() . '/witness');
{
	my (%taken, $dials);
	$repeating{port} = fake_carrier(sub {
		my ($asked) = @_;
		return (200, {data => [], meta => {total_pages => 1}}) if $asked->{path} =~ m{^/connections/};
		if ($asked->{method} eq 'GET' && $asked->{path} =~ m{^/calls/([^/?]+)})
		{
			my $ended = strftime('%Y-%m-%dT%H:%M:%SZ', gmtime);
			return (200, {data => {call_control_id => $1 =~ s/%([0-9A-F]{2})/chr(hex($1))/gier, is_alive => \0, end_time => $ended}});
		}
		return (200, {data => {result => 'ok'}}) if "$asked->{method} $asked->{path}" ne 'POST /calls';
		my $order = decode_json($asked->{body});
		append_to_file($repeating{witness}, sprintf("%d %s %s\n", time * 1000, $order->{command_id}, $order->{to})) unless $taken{ $order->{command_id} }++;
		return if ++$dials % 5 == 0;
		return (200, {data => {call_control_id => "v3:$order->{command_id}", is_alive => \1}});
	});
}

sub repeating_account
{
	return as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_provider_account('telnyx', 'Again', '{"api_key": "KEY-1"}',
		'{"connection_id": "7267", "from_number": "+12125550100", "base_url": "http://127.0.0.1:$repeating{port}", "calls_per_second": 100}')});
}

sub carriers
{
	return [ $carrier, $pbx, \%repeating ];
}

# Triggers of a superuser: whoever writes there dies in the middle of its transaction.
sub make_write_points
{
	$node->safe_psql('va', q{
		CREATE FUNCTION public.crash_here() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
		DECLARE
			c_point text := 'voiceagent/crash.write to ' || tg_table_name;
		BEGIN
			IF (pg_stat_file(c_point, true)).size IS NOT NULL THEN
				EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', format('rm %1$L && kill -9 $PPID', c_point));
			ELSIF (pg_stat_file(c_point || '.postmaster', true)).size IS NOT NULL THEN
				EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', format('rm %1$L && kill -9 $(head -1 postmaster.pid) $PPID', c_point || '.postmaster'));
			END IF;
			RETURN coalesce(new, old);
		END $$;
		DO $$
		DECLARE
			v_table regclass;
		BEGIN
			FOR v_table IN SELECT c.oid FROM pg_class c WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)
				AND c.relkind = 'r' AND c.relname IN (} . join(',', map { "'$_'" } @tables) . q{) LOOP
				EXECUTE format('CREATE TRIGGER crash_here BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION public.crash_here()', v_table);
			END LOOP;
		END $$});
	return;
}

# Somebody who asks language models, and wants no more of their answers than that they come.
sub ask_models
{
	$node->safe_psql('va', q{
		SELECT voiceagent_private.register_model_purpose('crash', 'crash_answered', 'A crash.');
		CREATE FUNCTION voiceagent_private.crash_answered(model_request_id bigint) RETURNS void LANGUAGE sql AS 'SELECT';
		GRANT EXECUTE ON FUNCTION voiceagent_private.crash_answered(bigint) TO voiceagent_worker});
	return;
}

# ---- two tenants that nobody wants beside them ----

# Answers each request in a process of its own, not much before the platform's patience ends.
sub slow_server
{
	my $listener = IO::Socket::INET->new(Listen => 100, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
	my $pid = fork() // die $!;
	return ($pid, $listener->sockport) if $pid;
	local $SIG{CHLD} = 'IGNORE';
	while (1)
	{
		my $client = $listener->accept or next;
		next if fork();
		my $asked = '';
		while ($asked !~ /\r\n\r\n/) { sysread($client, $asked, 65536, length $asked) or last }
		sleep 1.2;
		syswrite($client, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
		POSIX::_exit(0);
	}
}

# What the library refuses, what it bounds, and what it leaves: in a loop, by several sessions, which connect again. The loop is
# a second of a processor: in the short form they rest after each, so that most of the machine is left to what they disturb.
my $hostile_sql = join(";\n", q{NOTIFY flood}, q{SELECT pg_notify('flood', repeat('x', 7000)) FROM generate_series(1, 1000)},
	q{SELECT pg_advisory_lock(g) FROM generate_series(1, 100000) g}, q{BEGIN; LOCK TABLE voiceagent.leads; ROLLBACK}, q{CREATE TEMP TABLE t (a int)},
	q{SET statement_timeout = 0; SET work_mem = '1GB'; SET max_parallel_workers_per_gather = 8},
	q{BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT count(*) FROM voiceagent.leads; SELECT pg_current_xact_id(); SELECT pg_sleep(2); COMMIT},
	'BEGIN; ' . join('; ', map { "SAVEPOINT s$_; SELECT pg_current_xact_id()" } 1 .. 65) . '; ROLLBACK',
	q{SELECT count(*) FROM (SELECT g FROM generate_series(1, 200000) g ORDER BY md5(g::text)) s},
	q{BEGIN; DECLARE c CURSOR FOR SELECT * FROM voiceagent.leads, generate_series(1, 1000000); FETCH c; SELECT pg_sleep(0.5); FETCH c; COMMIT},
	q{SELECT rows_imported FROM voiceagent.import_leads(E'phone\n2125550100', dry_run => true)}, q{SELECT voiceagent.login('a@example.com', 'wrong password')}, '');

my $hostile_files = PostgreSQL::Test::Utils::tempdir_short();
sub hostile_sessions
{
	my ($sessions) = @_;
	my $connect = $node->connstr('va') . ' user=hostile';
	my $file = "$hostile_files/hostile.sql";
	append_to_file($file, $hostile_sql) unless -s $file;
	return map {
		my $pid = fork() // die $!;
		if (!$pid)
		{
			setpgrp(0, 0);
			open(STDIN, '<', '/dev/null');
			open(STDOUT, '>', '/dev/null');
			open(STDERR, '>', "$file.$_.err");
			while (1) { system('psql', '-Xq', '-d', $connect, '-f', $file); sleep(long() ? 0.1 : 20) }
		}
		$pid;
	} 1 .. $sessions;
}

my (@hostile, %slow);

# What the hostile sessions were told.
sub hostile_errors { return join('', map { slurp_file($_) } glob("$hostile_files/*.err")) }

sub start_neighbours
{
	my ($slow, $hostile) = map { create_tenant($node, 'va', $_, credits => 10000) } 'Slow', 'Hostile';
	as_tenant($node, 'va', $slow, "SELECT voiceagent.create_webhook_subscription('http://127.0.0.1:$slow{port}/', NULL)");
	start_leads($node, $slow, [ numbers(15) ], name => 'Slow');
	$node->safe_psql('va', "CREATE ROLE hostile LOGIN; SELECT voiceagent.map_role('hostile', $hostile)");
	@hostile = hostile_sessions(3);
	return;
}

sub end_neighbours
{
	like(hostile_errors(), qr/may not use NOTIFY.*may not use advisory locks.*too many open savepoints/s, 'a hostile tenant has tried what could stop others');
	kill 'KILL', (map { -$_ } @hostile), $slow{pid};
	waitpid($_, 0) foreach @hostile, $slow{pid};
	@hostile = %slow = ();
	return;
}

END { my $status = $?; kill 'KILL', (map { -$_ } @hostile), $slow{pid} // (); $? = $status; }

my (@streams, $audience_campaign, %import, $old_words);
# What the senders of other rooms are given to do, and how often.
my ($followed, $connected, $pack, $intake, %asked);

# A tool, a calendar, a mail account and a vendor of payments, all of them the slow server, which has nothing to tell.
sub ask_others
{
	$node->safe_psql('va', "SELECT voiceagent.set_payment_account('stripe', 'sk_good', webhook_secret := 'whsec_test_secret', base_url := 'http://127.0.0.1:$slow{port}');
		SELECT voiceagent.set_platform_mail_account('smtp://127.0.0.1:$slow{port}', 'platform\@example.com')");
	$pack = $node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Pack', 100, '{"USD": 10}')});
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_tool('ping', 'Answers.', '{"type": "object", "properties": {}}', 'http://127.0.0.1:$slow{port}/tool')});
	$intake = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.create_intake('Crash') ->> 'url'});
	$connected = as_tenant($node, 'va', $tenant, "SELECT voiceagent.connect_calendar(voiceagent.create_calendar('Connected', 'UTC'), 'http://127.0.0.1:$slow{port}/dav', 'ada', 'word')");
	$followed = as_tenant($node, 'va', $tenant, "SELECT voiceagent.follow_calendar(voiceagent.create_calendar('Followed', 'UTC'), 'http://127.0.0.1:$slow{port}/ics')");
	return;
}

sub start_epoch
{
	my ($epoch) = @_;
	$carrier = start_carrier(seed => between(1, 1e6), 'drop-after-accept-percent' => 3, 'garbage-percent' => 2, deliveries => PostgreSQL::Test::Utils::tempdir() . '/deliveries');
	$node = new_real_node("epoch$epoch", 'voiceagent.crash_points' => 'on', 'voiceagent.metrics_token' => 'a token of some length',
		log_min_messages => 'log', autovacuum_naptime => 10);
	unlink($repeating{witness});
	append_to_file($repeating{witness}, '');
	$pbx = start_pbx();
	pbx_control($pbx, 'lose?every=20');
	($base) = $node->safe_psql('va', 'SHOW voiceagent.public_base_url');
	$tenant = create_tenant($node, 'va', 'Crashes', credits => 1000000);
	@slow{qw(pid port)} = slow_server();
	real_settings($node, [ @{ carriers() }, \%slow ], webhook_delivery_first_delay => '0.2 seconds', webhook_delivery_max_delay => '0.5 seconds', webhook_delivery_timeout => '2 seconds',
		webhook_delivery_tries => 20, (map { ("${_}_private_hosts" => "127.0.0.1:$slow{port}") } qw(knowledge tool calendar mail)), model_request_timeout => '2 seconds', audience_interval => '10 seconds', retention_transcripts => '30 days');
	$node->safe_psql('va', $_) foreach "ALTER SYSTEM SET voiceagent.trace_endpoint = 'http://127.0.0.1:$slow{port}/v1/traces'", 'SELECT pg_reload_conf()';
	$account = real_account($node, $tenant, $carrier);
	@accounts = ($account, pbx_account($node, $tenant, $pbx), repeating_account());
	$node->safe_psql('va', "SELECT voiceagent.arm($accounts[1], 'PBX'), voiceagent.arm($accounts[2], 'Again')");
	make_write_points();
	ask_models();
	ask_others();
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_webhook_subscription('$carrier->{url}/deliveries', NULL)");
	$audience_campaign = start_leads($node, $tenant, [ numbers(2) ], name => 'Audience');
	as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_audience('imported', $audience_campaign, \$\$first_name = 'Imported'\$\$)});
	keep_old_words();
	%import = (rows => 0, batch => as_tenant($node, 'va', $tenant, 'SELECT voiceagent.begin_import()'));
	@streams = ();
	wait_workers($node, "epoch $epoch: the workers run");
	start_neighbours();
	return;
}

# A month of words that nobody keeps any longer.
sub keep_old_words
{
	my $slot = $node->safe_psql('va', q{SELECT voiceagent_private.month_slot(voiceagent.clock() - interval '5 months')});
	$old_words = sprintf('voiceagent_private.conversations_%02d', $slot);
	$node->safe_psql('va', qq{INSERT INTO $old_words (tenant_id, call_id, month_slot, turns)
		SELECT $tenant, 1000000 + i, $slot, '[{"turn": 1, "speaker": "customer", "text": "Old words"}]' FROM generate_series(1, 1000) i ON CONFLICT DO NOTHING});
	return;
}

my ($appointed, $pages) = (0, 0);

# What a point may need to be reached: each of it may come in the middle of a crash.
sub provoke
{
	my ($point) = @_;
	if ($point =~ /commit of (recall|recover|resume)/)
	{
		# As a worker starts.
		my ($pid) = eval { worker_pids($node, $point =~ /sandbox/ ? 'voiceagent sandbox' : 'voiceagent dialer') };
		kill9($pid) if defined $pid;
	}
	elsif ($point =~ /commit of (\w+)$/ && grep { $_ eq $1 } @maintenance_jobs)
	{
		try_psql($node, "SELECT voiceagent_private.request_job('$1', '-infinity')");
	}
	elsif ($point =~ /socket of a carrier|a carrier can(?:not)? be heard|what goes on (?:there|at a carrier)/)
	{
		pbx_control($pbx, 'close');
	}
	elsif ($point =~ /provider_request/)
	{
		try_psql($node, "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.test_provider_account($account); COMMIT");
	}
	elsif ($point =~ /model_request|language models/)
	{
		# Of the embedded model.
		try_psql($node, qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant);
			SELECT voiceagent_private.request_model('crash', 1, '{"messages": [{"role": "user", "content": "ping"}]}'); COMMIT});
	}
	elsif ($point =~ /^pages_/)
	{
		# At the slow server, which has nothing to tell.
		$pages++;
		try_psql($node, qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant);
			SELECT voiceagent.add_knowledge_page('http://127.0.0.1:$slow{port}/$pages', name := 'Page $pages'); COMMIT});
	}
	elsif ($point =~ /^(tool_requests|calendar_fetches|calendar_writes|mail|payments)_/)
	{
		# All of them at the slow server.
		$asked{$1}++;
		try_psql($node, "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent." . {
			tool_requests => "test_tool('ping')", calendar_fetches => "refresh_followed_calendar($followed)", calendar_writes => "check_calendar_connection($connected)",
			mail => "invite_member('member$asked{mail}\@example.com')", payments => "buy($pack, 'stripe', 'USD', 'https://example.com/bought')"}->{$1} . '; COMMIT');
	}
	elsif ($point =~ /traces/)
	{
		# The latest call once more, at the slow server.
		try_psql($node, qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant);
			SELECT voiceagent_private.queue_traces(ARRAY(SELECT max(call_id) FROM voiceagent.calls WHERE tenant_id = $tenant)); COMMIT});
	}
	elsif ($point =~ /_intake$|take a lead in$|a lead that was refused$/)
	{
		# A lead of its own each time, or none.
		my $number = sprintf '+1212555%04d', ++$asked{intake} % 10_000;
		HTTP::Tiny->new(keep_alive => 0, timeout => 2)->request('POST', $intake, {content => $point =~ /refused/ ? '{"no": "lead"}' : qq({"phone": "$number"})});
	}
	elsif ($point =~ /metrics/)
	{
		HTTP::Tiny->new(keep_alive => 0, timeout => 2)->request('GET', "$base/metrics", {headers => {authorization => 'Bearer a token of some length'}});
	}
	elsif ($point =~ /appointments/)
	{
		# Each at a time of its own.
		$appointed++;
		try_psql($node, qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.add_appointment(voiceagent.clock() + interval '$appointed hours',
			lead_id => (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = $tenant), duration => '1 minute'); COMMIT});
	}
	elsif ($point =~ /import/)
	{
		try_psql($node, client_sql('import'));
	}
	elsif ($point =~ /what carriers say|lease has ended|look for webhooks|apply webhooks/)
	{
		# What the carrier says when asked is the inbox's to apply.
		try_psql($node, "UPDATE voiceagent_private.live_calls SET lease_until = voiceagent.clock(); SELECT voiceagent_private.poke('lookups')");
	}
	elsif ($point =~ /lanes/)
	{
		try_psql($node, "UPDATE voiceagent_private.lanes SET closes_at = voiceagent.clock() + interval '20 milliseconds' WHERE running");
	}
	return;
}

# ---- clients ----

my $piece = 25;
my @subject;

# Prepares the operation, and says what a client sends; an import's piece is the next one.
sub prepare_client
{
	my ($what) = @_;
	@subject = ();
	if ($what eq 'launch' || $what eq 'confirm')
	{
		@subject = start_leads($node, $tenant, [ numbers(20) ], account => $account, start => 0, confirm => $what eq 'launch' ? 1 : 0);
	}
	elsif ($what eq 'erase')
	{
		@subject = split /\n/, $node->safe_psql('va', qq{SELECT lead_id FROM voiceagent.campaign_leads WHERE tenant_id = $tenant AND status = 'completed' ORDER BY lead_id LIMIT 1});
		forget_references(split /\n/, $node->safe_psql('va', qq{SELECT a.reference FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id)
			WHERE tenant_id = $tenant AND c.lead_id = $subject[0]})) if @subject;
	}
	return;
}

sub client_sql
{
	my ($what) = @_;
	my $sql = $what eq 'launch' ? "SELECT voiceagent.start_campaign($subject[0])"
	  : $what eq 'confirm' ? "SELECT voiceagent.confirm_campaign($subject[0], name), voiceagent.start_campaign($subject[0]) FROM voiceagent.campaigns WHERE campaign_id = $subject[0]"
	  : $what eq 'erase' ? (@subject ? "SELECT voiceagent.erase_lead($subject[0])" : 'SELECT 1')
	  : $what eq 'export' ? "SELECT count(*) FROM voiceagent.export_tenant()"
	  : "SELECT voiceagent.append_import($import{batch}, convert_to('" . import_rows() . "', 'UTF8'))";
	return "BEGIN; SELECT voiceagent_private.set_tenant($tenant) IS NULL; $sql; COMMIT;";
}

sub import_rows
{
	my $from = $import{rows};
	return ($from == 0 ? "phone,first_name\n" : '') . join('', map { sprintf("+1 773 %03d %04d,Imported\n", 600 + int($_ / 5000), 1000 + $_ % 5000) } $from .. $from + $piece - 1);
}

# All of it or nothing; the rest is done now.
sub check_client
{
	my ($what) = @_;
	if ($what eq 'launch' || $what eq 'confirm')
	{
		my ($status, $gone) = split /\|/, $node->safe_psql('va', qq{SELECT status,
			(SELECT count(*) FROM voiceagent.campaign_leads m WHERE m.campaign_id = c.campaign_id AND m.status <> 'pending')
			FROM voiceagent.campaigns c WHERE campaign_id = $subject[0]});
		ok("$status $gone" eq 'draft 0' || $status ne 'draft' && $gone == 20, "$what: all of it or nothing") or diag("$status $gone");
		try_psql($node, client_sql($what)) if $status eq 'draft';
		return;
	}
	if ($what eq 'erase' && @subject)
	{
		try_psql($node, client_sql('erase'));
	}
	return;
}

sub check_import
{
	my $read = $node->safe_psql('va', "SELECT rows_read FROM voiceagent.import_batches WHERE batch_id = $import{batch}");
	ok($read == $import{rows} || $read == $import{rows} + $piece, 'the import is where it was, or a piece further') or diag("$read, was $import{rows}");
	$import{rows} = $read;
	return;
}

# A client in a process of its own, which prints its backend's pid first.  No pipes: what is started beside it would keep
# them open.
my $clients = 0;
sub start_client
{
	my ($sql) = @_;
	my $name = PostgreSQL::Test::Utils::tempdir_short() . '/client' . ++$clients;
	append_to_file("$name.sql", "SELECT pg_backend_pid();\n$sql\n");
	my @command = ('psql', '-XAtq', '-d', $node->connstr('va'), '-f', "$name.sql");
	my $pid = fork();
	if ($pid == 0)
	{
		open(STDIN, '<', '/dev/null');
		open(STDOUT, '>', "$name.out");
		open(STDERR, '>', "$name.err");
		exec(@command) or die $!;
	}
	return {pid => $pid, output => "$name.out"};
}

sub wait_client
{
	my ($client) = @_;
	waitpid($client->{pid}, 0);
	return $?;
}

# Until the server answers; after a death, until it has noticed that one: a worker has started since.
sub wait_up
{
	my ($death) = @_;
	my $workers = 'SELECT count(*) FROM pg_stat_activity WHERE backend_type = \'voiceagent dialer\'';
	my $sql = defined $death ? "$workers AND backend_start >= to_timestamp($death)" : 'SELECT 1';
	wait_until(sub { my ($status, $out) = try_psql($node, $sql); return defined $status && $status == 0 && $out eq '1' }, 60);
	return;
}

# A client that is killed so many milliseconds after its transaction began, or afterwards.
sub kill_client
{
	my ($what, $ms) = @_;
	prepare_client($what);
	my $client = start_client(client_sql($what));
	wait_until(sub { -s "$client->{output}" });
	my ($pid) = slurp_file($client->{output}) =~ /^(\d+)/;
	sleep $ms / 1000;
	my $at = time;
	kill 'KILL', $pid;
	return $at if wait_client($client) != 0;
	# It had been done before; its backend may have died on its way out all the same, which is noticed by now.
	sleep 0.5;
	wait_up();
	return undef;
}

# ---- deaths ----

sub processes
{
	return split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
}

sub revive
{
	my (@pids) = @_;
	end_processes($node, @pids);
	start_again($node) or die 'the server does not start again';
	return;
}

# Returns when it happened, or nothing when it did not.
sub disturb
{
	my ($d) = @_;
	my $delay = between(0, 300) / 1000;
	my ($postmaster) = split /\n/, slurp_file($node->data_dir . '/postmaster.pid');
	my @pids = $d->{how} eq 'postmaster' || $d->{postmaster} ? ($postmaster, processes()) : ();
	if ($d->{how} eq 'point')
	{
		my $name = $d->{what} . ($d->{postmaster} ? '.postmaster' : '');
		my $file = crash_file($node, $name);
		append_to_file($file, '');
		# When it was last alive: the next worker may have begun before we see that it has died.
		my $at = my $next = time;
		my $until = $at + 20;
		while (-e $file && $at < $until)
		{
			if ($at >= $next)
			{
				provoke($d->{what});
				$next = $at + 0.7;
			}
			sleep 0.01;
			my $now = time;
			$at = $now if -e $file;
		}
		if (unlink $file)
		{
			$missed{$d->{what}}++;
			note("not reached: $name");
			# What was tried to get there may have killed somebody just now.
			wait_until(sub { return eval { $node->safe_psql('postgres', 'SELECT 1') } }, 60);
			return;
		}
		$reached{$d->{what}}++;
		revive(@pids) if $d->{postmaster};
		return $at;
	}
	sleep $delay;
	if ($d->{how} eq 'client')
	{
		return kill_client($d->{what}, between(0, 30));
	}
	if ($d->{how} eq 'carrier')
	{
		stop_carrier($carrier);
		sleep $delay;
		restart_carrier($carrier);
		return time;
	}
	if ($d->{how} eq 'postmaster')
	{
		my $at = time;
		kill 'KILL', $postmaster;
		revive(@pids);
		return $at;
	}
	my ($pid) = worker_pids($node, "voiceagent $d->{what}");
	return unless defined $pid;
	my $at = time;
	kill9($pid);
	return $at;
}

sub one_disturbance
{
	my ($d) = @_;
	my $what = $d->{how} . ($d->{postmaster} ? ' of the postmaster' : '') . ": $d->{what}";
	keep_streaming($node, $tenant, \@accounts, \@streams);
	# Now and then an import is under way as well.
	my $beside = between(1, 3) == 1 && $d->{what} !~ /import/;
	my $at;
	my $asked = time;
	if ($beside)
	{
		my $client = start_client(client_sql('import') =~ s/COMMIT;/SELECT pg_sleep(0.2); COMMIT;/r);
		$at = disturb($d);
		wait_client($client);
	}
	else
	{
		$at = disturb($d);
	}
	if (!defined $at)
	{
		check_client($d->{what}) if $d->{how} eq 'client';
		check_import();
		return;
	}
	$kills{ victim($d) }++;
	note(sprintf('%s, %.1f s after it was asked for', $what, $at - $asked));
	# Meanwhile all may have been dialled; then how soon the next one is says nothing of the recovery.
	my $late = $at - $asked > 0.7;
	if ($late)
	{
		wait_up($d->{how} eq 'carrier' ? undef : $at);
		keep_streaming($node, $tenant, \@accounts, \@streams);
	}
	my $seconds = recovery($node, $tenant, $at, $d->{how} ne 'carrier');
	ok(defined $seconds, "$what: dialling goes on");
	push @{ $recoveries{ $d->{how} eq 'carrier' ? 'carrier' : $d->{postmaster} || $d->{how} eq 'postmaster' ? 'postmaster' : 'worker' } }, $seconds
	  if defined $seconds && !$late;
	check_client($d->{what}) if $d->{how} eq 'client';
	check_import();
	$violations++ unless well($node, $what, carrier => carriers(), lease_seconds => 60);
	return;
}

sub end_epoch
{
	my ($epoch) = @_;
	keep_old_words();
	try_psql($node, client_sql('import'));
	check_import();
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.finish_import($import{batch})");
	is_sql($node, 'va', "SELECT rows_imported FROM voiceagent.import_batches WHERE batch_id = $import{batch}", $import{rows}, "epoch $epoch: every row of the import is there once");
	try_psql($node, q{SELECT voiceagent_private.request_job(d, '-infinity') FROM unnest('{enrol_audiences,empty_months}'::text[]) d});
	wait_for_sql($node, 'va', qq{SELECT count(*) FROM voiceagent.leads d WHERE d.tenant_id = $tenant AND d.first_name = 'Imported'
		AND NOT EXISTS (SELECT FROM voiceagent.campaign_leads m WHERE m.tenant_id = d.tenant_id AND m.lead_id = d.lead_id AND m.campaign_id = $audience_campaign)}, 0,
		'... and the audience has taken each in');
	wait_completed($node, '... every campaign completes by itself');
	wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.webhook_deliveries WHERE status = 'pending'}, 0, '... every outgoing webhook is delivered');
	is_sql($node, 'va', q{SELECT t.name FROM voiceagent.tenants t WHERE t.name = 'Slow' AND NOT EXISTS (SELECT FROM voiceagent.webhook_deliveries d
		WHERE d.tenant_id = t.tenant_id AND d.status = 'delivered')}, '', '... those to the slow server too');
	my %got = map { $_ => 1 } split /\n/, slurp_file((grep { /deliveries$/ } @{ $carrier->{arguments} })[-1]);
	is_sql($node, 'va', q{SELECT status, count(*) FROM voiceagent.webhook_deliveries WHERE status <> 'delivered' GROUP BY 1}, '', '... none is given up');
	ok(scalar(keys %got) >= $node->safe_psql('va', q{SELECT count(*) FROM voiceagent.webhook_deliveries WHERE status = 'delivered' AND tenant_id = } . $tenant), '... each has come');
	wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.model_request_queue}, 0, '... every request of a language model has come to its end');
	wait_for_sql($node, 'va', "SELECT count(*) FROM $old_words", 0, '... and the month that nobody keeps is empty');
	is_sql($node, 'va', q{SELECT job, last_error FROM voiceagent_private.maintenance_jobs WHERE failures > 0}, '', '... no maintenance job fails');
	is_well($node, "epoch $epoch");
	is_witnessed($node, $carrier, 'the real carrier');
	is_witnessed($node, $pbx, 'the one with a socket', provider => 'asterisk', forgets => 1);
	is_witnessed($node, \%repeating, 'the one that dials once', provider => 'telnyx', forgets => 1);
	is_witnessed($node, undef, 'the sandbox');
	is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.webhook_failures}, 0, '... no webhook is set aside');
	$violations++ unless well($node, "epoch $epoch", carrier => carriers(), lease_seconds => 0);
	end_neighbours();
	$node->stop;
	stop_pbx($pbx);
	stop_carrier($carrier);
	$node->clean_node if Test::More->builder->is_passing;
	return;
}

restart_choices('schedule');
my @schedule = schedule();
my $epoch = 0;
while (@schedule && time_left())
{
	my @disturbances = splice(@schedule, 0, $per_epoch);
	$epoch++;
	next if defined $ENV{EPOCH} && $epoch != $ENV{EPOCH};
	restart_choices("epoch $epoch");
	start_epoch($epoch);
	my $round = 0;
	foreach my $d (@disturbances)
	{
		restart_choices("epoch $epoch round " . ++$round);
		one_disturbance($d);
		last unless time_left();
	}
	end_epoch($epoch);
	last if defined $ENV{EPOCH};
}

# ---- figures ----

my $total = 0;
$total += $_ foreach values %kills;
figure(name => 'crash: kill -9 of workers and backends', value => ($kills{worker} // 0) + ($kills{client} // 0), goal => '>= 1000');
figure(name => 'crash: kill -9 of the postmaster', value => $kills{postmaster} // 0, goal => '>= 200');
figure(name => 'crash: kill -9 of the carrier', value => $kills{carrier} // 0);
my @named = (@in_code, @commits, @writes);
my ($least) = sort { $a <=> $b } map { $reached{$_} // 0 } @named;
figure(name => 'crash: named points', value => scalar @named);
figure(name => 'crash: deaths at each named point, at least', value => $least, goal => '>= 20');
figure(name => 'crash: violations', value => $violations, goal => '= 0', count => $total);
foreach my $who (sort keys %recoveries)
{
	figure(name => "crash: kill -9 ($who) to the first new dial, p$_", value => sprintf('%.2f', percentile($_, @{ $recoveries{$who} })), unit => 's',
		goal => $who eq 'worker' ? '<= 3' : undef, count => scalar @{ $recoveries{$who} }) foreach 50, 99;
}
diag("not reached: $_ ($missed{$_} times)") foreach sort keys %missed;
done_testing();
