# Every carrier that dials by HTTP, and every way in which it, or the way to it, can be broken: what is surely not placed is
# dialled again, what may have been placed never, and what becomes of the account is said once.  A new carrier is among
# them by itself.
use strict;
use warnings;

use Digest::SHA qw(sha1_hex);
use IO::Socket::INET;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

$SIG{PIPE} = 'IGNORE';
my $dir = PostgreSQL::Test::Utils::tempdir();
# Long enough for an answer of a slow machine.
my $timeout = 12;
my $largest_kb = 32;
my $json = '{"sid": "CA1", "id": "c-1"';

# ---- the faults ----

# In what state the attempt ends.
my %class = (
	refused_retry => {state => 'refused', queue => 'carrier failed', again => 1, opens => 1},
	rate_limited => {state => 'refused', queue => 'carrier busy', again => 1, opens => 0},
	bad_account => {state => 'refused', queue => 'carrier account', again => 0, opens => 1},
	unknown => {state => 'unknown', queue => '', again => 0, opens => 1},
);
sub answer
{
	my ($status, $more, $body) = @_;
	$body //= '';
	return sub { syswrite($_[0], "HTTP/1.1 $status X\r\nContent-Type: application/json\r\n${more}Content-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body") };
}
# name => its class, the attempt's status and words, how long the account rests at least, and how a dial is answered.
my %fault = (
	not_there => {class => 'refused_retry', error => qr/^connection-failed/},
	wrong_name => {class => 'refused_retry', error => qr/^connection-failed: SSL/},
	private_name => {class => 'refused_retry', error => qr/^connection-failed: the host's address is not allowed, or there is none/},
	stalls => {class => 'unknown', error => qr/[Tt]imeout/, answer => sub { syswrite($_[0], "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n"); sleep 3 * $timeout }},
	resets => {class => 'unknown', error => qr/^no-answer-from-provider/, answer => sub {
		syswrite($_[0], "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n$json");
		sleep 0.1;
		setsockopt($_[0], SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) }},
	ends_early => {class => 'unknown', error => qr/^no-answer-from-provider/, answer => sub { syswrite($_[0], "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n$json") }},
	busy => {class => 'rate_limited', status => 429, rests => 1, error => qr/429|rate-limited/, answer => answer(429, '', '{}')},
	busy_until => {class => 'rate_limited', status => 429, rests => 4, error => qr/429|rate-limited/, answer => answer(429, "Retry-After: 4\r\n", '{}')},
	fails => {class => 'unknown', status => 500, error => qr/500/, answer => answer(500, '', '{"message": "Oops"}')},
	gateway_fails => {class => 'unknown', status => 502, error => qr/502/, answer => answer(502, '', '<html>Bad gateway</html>')},
	garbage => {class => 'unknown', status => 200, error => qr/./, answer => answer(200, '', "<html>\xff\xfe$json")},
	empty => {class => 'unknown', status => 201, error => qr/./, answer => answer(201, '', '')},
	too_large => {class => 'unknown', error => qr/too large/, answer => answer(200, '', "$json}" . ' ' x (2048 * $largest_kb))},
	redirects => {class => 'bad_account', status => 307, error => qr/307/, answer => sub { answer(307, 'Location: http://127.0.0.1:' . $_[0]->sockport . "/stolen/x\r\n")->(@_) }},
	# What is said to a request that is sent again says nothing of the one before.
	lost_then_busy => {class => 'unknown', status_varies => 1, error => qr/./, answer => sub { answer(429, '', '{}')->(@_) if $_[1] }},
	lost_then_denied => {class => 'unknown', status_varies => 1, error => qr/./, answer => sub { answer(403, '', '{}')->(@_) if $_[1] }},
	# The proof that wrong_name is refused for the name alone: this one is talked to.
	right_name => {class => 'unknown', error => qr/[Tt]imeout/, only_first => 1},
);

# ---- the carriers ----

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1000, ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $nobody = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Proto => 'tcp') or die $!;
append_to_file("$dir/seen", '');
my @processes;
my $server = fork() // die $!;
if ($server == 0)
{
	$SIG{CHLD} = 'IGNORE';
	while (1)
	{
		my $socket = $listener->accept or next;
		next if fork();
		alarm 60;
		close $listener;
		my $text = '';
		while ($text !~ /\r\n\r\n/) { sysread($socket, $text, 65536, length $text) or last }
		my ($length) = $text =~ /^content-length:\s*(\d+)/mi;
		my $body = index($text, "\r\n\r\n") + 4;
		while (length($text) < $body + ($length // 0)) { sysread($socket, $text, 65536, length $text) or last }
		my ($method, $name, $provider) = $text =~ m{^([A-Z]+) /(\w+)/(\w+)} ? ($1, $2, $3) : ('?', '?', '?');
		my $before = grep { index($_, " POST $provider $name ") > 0 } split /\n/, slurp_file("$dir/seen");
		open(my $seen, '>>', "$dir/seen");
		syswrite($seen, join(' ', time, $method, $provider, $name, sha1_hex(substr($text, $body))) . "\n");
		# A question what became of a dial gets no answer that says anything.
		my $how = $method ne 'POST' ? answer(500, '', '{}') : $fault{$name}{answer} // answer(201, '', "$json}");
		$how->($socket, $before);
		close $socket;
		require POSIX;
		POSIX::_exit(0);
	}
}
push @processes, $server;
END { my $status = $?; kill 'KILL', @processes; $? = $status; }

# Our own authority, one certificate for who answers and one for somebody else.
my %tls = (right_name => 'right.rebind.test', wrong_name => 'somebody.example');
my $made = `cd $dir && (openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj '/CN=Authority of the test'
	for name in right_name wrong_name; do openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \$name.key -out \$name.csr -subj "/CN=\$name"; done
	for of in @{[map { "$_:$tls{$_}" } sort keys %tls]}; do
		echo "subjectAltName=DNS:\${of#*:}" > ext
		openssl x509 -req -in \${of%%:*}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out \${of%%:*}.pem -days 2 -extfile ext
	done) 2>&1`;
plan(skip_all => "openssl makes no certificates: $made") unless -s "$dir/wrong_name.pem" && -s "$dir/right_name.pem";
my %tls_port;
foreach my $name (sort keys %tls)
{
	$tls_port{$name} = PostgreSQL::Test::Cluster::get_free_port();
	pipe(my $from, my $to) or die $!;
	my $pid = fork() // die $!;
	if ($pid == 0)
	{
		open(STDIN, '<&', $from);
		close $to;
		open(STDOUT, '>>', "$dir/$name.seen");
		open(STDERR, '>>', "$dir/$name.log");
		exec('openssl', 's_server', '-quiet', '-accept', "127.0.0.1:$tls_port{$name}", '-cert', "$dir/$name.pem", '-key', "$dir/$name.key") or die $!;
	}
	close $from;
	push @processes, $pid;
	# What it would send; it must not see the end of it.
	$tls{$name} = $to;
}
foreach my $library (['resolver', '-ldl'], ['authority', '-lcurl -ldl'])
{
	my $cc = `cc -O1 -Wall -shared -fPIC -o $dir/$library->[0].so regress/fakes/$library->[0].c $library->[1] 2>&1`;
	is($?, 0, "the $library->[0] builds") or BAIL_OUT($cc);
}
append_to_file("$dir/hosts", "$_.rebind.test 127.0.0.1\n") foreach qw(right wrong private);
local $ENV{LD_PRELOAD} = "$dir/resolver.so:$dir/authority.so";
local $ENV{VA_RESOLVER} = "$dir/hosts";
local $ENV{VA_AUTHORITY} = "$dir/ca.pem";
my %base = (not_there => 'http://127.0.0.1:' . $nobody->sockport, private_name => "https://private.rebind.test:$port",
	right_name => "https://right.rebind.test:$tls_port{right_name}", wrong_name => "https://wrong.rebind.test:$tls_port{wrong_name}");

# ---- the server: an account, a campaign and a lead for each of them ----

my $node = new_real_node('main', log_statement => 'none', 'voiceagent.http_timeout_ms' => 1000 * $timeout, 'voiceagent.http_max_response_kb' => $largest_kb, 'voiceagent.http_max_in_flight' => 500);
my $tenant = create_tenant($node, 'va', 'Unlucky', credits => 100000);
real_settings($node, [], allowed_private_hosts => "127.0.0.1:$port 127.0.0.1:" . $nobody->sockport . " right.rebind.test:$tls_port{right_name} wrong.rebind.test:$tls_port{wrong_name}",
	account_breaker_min_dials => 1, tenant_max_concurrent_calls => 1000, platform_max_concurrent_calls => 1000);
create_samples($node);
# A carrier with a socket does not dial without it (359_sockets).
my @providers = split /\n/, $node->safe_psql('va', q{
	SELECT p.provider FROM voiceagent.providers p, voiceagent_private.driver_facts(p.provider) f WHERE p.provider <> 'sandbox' AND NOT f.has_socket});
cmp_ok(scalar @providers, '>=', 6, "there are carriers: @providers");
my @cells;
foreach my $name (sort keys %fault)
{
	foreach my $provider ($fault{$name}{only_first} ? $providers[0] : @providers)
	{
		push @cells, {key => "$provider $name", provider => $provider, name => $name, base => ($base{$name} // "http://127.0.0.1:$port") . "/$name/$provider"};
	}
}
my @numbers = numbers(scalar @cells);
$cells[$_]{number} = $numbers[$_] foreach 0 .. $#cells;
my $table = JSON::PP->new->encode(\@cells);
my $zone = VoiceAgentFaults::awake_zone();
as_tenant($node, 'va', $tenant, qq[
	DO \$do\$
	DECLARE
		v_assistant bigint := voiceagent.create_assistant('Ann', 'Hello {{first_name}}', 'Be kind.', settings => '{"discloses": true}');
		v_account bigint;
		v_campaign bigint;
		r record;
	BEGIN
		FOR r IN SELECT * FROM jsonb_to_recordset('$table') AS x(key text, provider text, base text, number text) LOOP
			v_account := voiceagent.create_provider_account(r.provider, r.key, public.sample(r.provider, 'credentials', false),
				public.sample(r.provider, 'settings', true) || jsonb_build_object('base_url', r.base, 'max_concurrent_calls', 100)
				-- What a dial needs at some carriers: whom it is from, and where it goes.
				|| (SELECT coalesce(jsonb_object_agg(f.name, '+12025550142'), '{}') FROM voiceagent_private.account_fields(r.provider) f
					WHERE f.part = 'settings' AND (f.kind = 'e164' OR f.name IN ('caller_id', 'flow_id'))));
			PERFORM voiceagent.create_endpoint(v_account);
			v_campaign := voiceagent.create_campaign(r.key, v_assistant, settings => jsonb_build_object('provider_account_id', v_account, 'call_interval', 0,
				'breaker_failure_rate', 0, 'retry_attempts', 2, 'retry_delay', '1 second', 'caller_name', 'Acme', 'caller_phone', '+1 800 555 0100', 'call_subject', 'roofs',
				'calling_hours', '{"start": "00:00", "end": "24:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}'::jsonb));
			PERFORM voiceagent.record_consent(voiceagent.add_lead(phone => r.number, first_name => 'Lead', timezone => '$zone', region => 'US-DC',
				campaign_id => v_campaign), 'call', 'test');
		END LOOP;
	END \$do\$]);
$node->safe_psql('va', "SELECT voiceagent.arm(provider_account_id, name) FROM voiceagent.provider_accounts WHERE tenant_id = $tenant AND provider <> 'sandbox'");
wait_for_sql($node, 'va', 'SELECT voiceagent_private.arming()', 'armed', 'the accounts are armed', 30);
wait_workers($node, 'the workers run');

# ---- the dials ----

as_tenant($node, 'va', $tenant, 'SELECT voiceagent.confirm_campaign(campaign_id, name), voiceagent.start_campaign(campaign_id) FROM voiceagent.campaigns');
my $again = join ',', map { "'$_->{key}'" } grep { $class{$fault{$_->{name}}{class}}{again} } @cells;
my $dials = q{FROM voiceagent.attempts a JOIN voiceagent.calls c USING (tenant_id, call_id) JOIN voiceagent.campaigns g USING (tenant_id, campaign_id)};
wait_for_sql($node, 'va', "SELECT count(DISTINCT g.name) $dials WHERE a.state <> 'sending'", scalar @cells, 'each of them was dialled and has its end', 240);
wait_for_sql($node, 'va', "SELECT count(*) FROM (SELECT g.name $dials WHERE g.name IN ($again) GROUP BY 1 HAVING count(*) > 1) x", scalar(split /,/, $again),
	'what was surely not placed is dialled again', 240);
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.pause_campaign(campaign_id) FROM voiceagent.campaigns WHERE status = 'running'});
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.attempts WHERE state = 'sending'}, 0, 'nothing is on its way', 120);
# Twice, since of the second question it is sure that the first has been sent.
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.live_calls l, voiceagent_private.driver_facts(l.provider) f
	WHERE l.state = 'unknown' AND l.lookups < 2 AND (f.lists_calls OR f.refs_are_ids)}, 0, 'of what is unknown the carrier has been asked', 240);

my %became = map { my ($key, $row) = split /\|/, $_, 2; $key => decode_json($row) } split /\n/, $node->safe_psql('va', qq{
	SELECT g.name, jsonb_build_object('attempts', t.attempts, 'states', t.states, 'status', t.status, 'error', t.error, 'ended', t.ended, 'counted', m.attempts, 'lead', m.status, 'repeats', f.dial_repeatable_s > 0, 'asks', f.lists_calls OR f.refs_are_ids,
		'queue', (SELECT q.reason FROM voiceagent_private.call_queue q WHERE q.campaign_id = g.campaign_id),
		'live', (SELECT string_agg(l.state, ',') FROM voiceagent_private.live_calls l JOIN voiceagent.calls c USING (tenant_id, call_id) WHERE c.campaign_id = g.campaign_id),
		'opened', a.opened_at IS NOT NULL, 'trouble', a.trouble,
		'said', (SELECT count(*) FROM voiceagent.events e WHERE e.event_type = 'carrier_failing' AND e.event_data ->> 'provider_account_id' = a.provider_account_id::text),
		'told', (SELECT count(*) FROM voiceagent.events e WHERE e.event_type = 'call_ended' AND e.campaign_id = g.campaign_id))
	FROM voiceagent.campaigns g JOIN voiceagent.campaign_leads m USING (tenant_id, campaign_id)
	JOIN voiceagent.provider_accounts a ON a.provider_account_id = g.provider_account_id
	CROSS JOIN LATERAL voiceagent_private.driver_facts(a.provider) f
	CROSS JOIN LATERAL (SELECT count(*) AS attempts, string_agg(DISTINCT a.state, ',') AS states, max(a.http_status) AS status, min(a.error) AS error,
		count(*) FILTER (WHERE c.ended_at IS NOT NULL) AS ended $dials WHERE g.campaign_id = m.campaign_id) t});
my (%posts, %gets, %strangers);
foreach my $line (split /\n/, slurp_file("$dir/seen"))
{
	my ($at, $method, $provider, $name, $body) = split / /, $line;
	push @{$posts{"$provider $name"}}, [ $at, $body ] if $method eq 'POST';
	$gets{"$provider $name"}++ if $method eq 'GET';
	$strangers{"$method $provider $name"}++ if $name eq 'stolen' || $method eq '?' || !$fault{$name} || $base{$name};
}
foreach my $cell (@cells)
{
	my ($fault, $key) = ($fault{$cell->{name}}, $cell->{key});
	my $class = $class{$fault->{class}};
	my $is = $became{$key} // {};
	my $posts = $posts{$key} // [];
	subtest "$key: $fault->{class}" => sub {
		is($is->{states}, $class->{state}, 'what becomes of the attempt');
		is($is->{status}, $fault->{status}, '... with the status') unless $fault->{status_varies};
		like($is->{error}, $fault->{error}, '... and the words');
		is($is->{queue} // '', $class->{queue}, 'where the lead waits');
		is($is->{live}, $class->{queue} eq '' ? 'unknown' : undef, '... or what is known of its call');
		is($is->{lead}, $class->{queue} eq '' ? 'calling' : 'retry', '... as it says itself');
		is($is->{counted}, $class->{queue} eq '' ? 1 : 0, 'only what may have been placed counts as an attempt');
		is($is->{attempts}, 1, 'it was dialled once') unless $class->{again};
		# A carrier that promises to dial once gets the same request again.
		my %different = map { $_->[1] => 1 } @$posts;
		is(scalar keys %different, $fault->{answer} ? $is->{attempts} : 0, 'the carrier was asked once for each attempt');
		is(scalar @$posts, scalar keys %different, '... in one request') if $class->{again} || !$is->{repeats};
		cmp_ok($gets{$key} // 0, '>=', 1, '... and asked what became of it') if $fault->{answer} && $class->{queue} eq '' && $is->{asks};
		cmp_ok($posts->[1][0] - $posts->[0][0], '>=', $fault->{rests}, 'not before it may') if $fault->{rests};
		is($is->{opened} ? 1 : 0, $class->{opens}, $class->{opens} ? 'the account is dialled no more' : 'the account is not to blame');
		is($is->{said}, $class->{opens}, '... which is said once');
		like($is->{trouble}, $fault->{error}, '... and shown');
		is($is->{told}, $is->{ended}, 'each call that ended is told once');
	};
}
is_deeply(\%strangers, {}, 'nobody came where nobody may: no redirect is followed, no address of our own is connected to');
like(slurp_file("$dir/right_name.seen"), qr{^POST /right_name/}m, 'who proves its name is told whom to call');
is(slurp_file("$dir/wrong_name.seen"), '', '... and who does not is told nothing');
unlike(slurp_server_log($node), qr/leak-me|BEGIN (RSA )?PRIVATE/, 'no secret is in the log');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.attempts WHERE error ~ 'leak-me'", 0, '... nor in what is said of an attempt');

is_sql($node, 'va', 'SELECT invariant, detail FROM voiceagent.invariants() LIMIT 20', '', 'the invariants hold');
$node->stop('fast');
done_testing();
