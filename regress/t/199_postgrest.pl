# PostgREST: the documented configuration, roles and pre-request serve the main job to the client that people use, and
# what may be asked by GET runs in a read-only transaction.  With no PostgREST on the PATH a stand-in answers the client.
use strict;
use warnings;

use File::Copy qw(copy);
use HTTP::Tiny;
use IO::Socket::INET;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $node = new_node('main', 'voiceagent.authenticator' => 'authenticator', 'voiceagent.sandbox' => 'on');
my $work = $node->basedir;
my $tenant = create_tenant($node, 'va', 'Acme', credits => 1000);
$node->safe_psql('va', "SELECT voiceagent.set_tenant_timezone($tenant, 'America/New_York')");

sub write_file
{
	my ($path, $content) = @_;
	open(my $file, '>', $path) or die "$path: $!";
	print $file $content;
	close $file or die "$path: $!";
	chmod 0600, $path;
	return $path;
}

sub slurp_text { return PostgreSQL::Test::Utils::slurp_file($_[0]) }

my $secret = write_file("$work/jwt", 'a secret of more than thirty-two bytes');
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$secret'");
$node->reload;
$node->safe_psql('va', 'CREATE ROLE authenticator LOGIN NOINHERIT; GRANT voiceagent_anon, voiceagent_user TO authenticator; CREATE ROLE reader LOGIN');
$node->safe_psql('va', "SELECT voiceagent.map_role('reader', $tenant); SELECT voiceagent.create_member($tenant, 'owner\@example.com', 'correct horse')");

# ---- volatility against method: what is not VOLATILE is also GET, whose transaction cannot write ----

my @readers = split /\n/, $node->safe_psql('va', q{
	SELECT format('%I.%I(%s)', n.nspname, p.proname, (SELECT string_agg(CASE
			WHEN t.typcategory = 'N' THEN '1' WHEN t.typcategory = 'B' THEN 'true' WHEN t.typcategory = 'A' THEN '''{}''' WHEN t.typname IN ('json', 'jsonb') THEN '''{}'''
			WHEN t.typcategory = 'D' THEN '''2031-01-01 00:00+00''' WHEN t.typcategory = 'T' THEN '''1 hour''' ELSE '''x''' END || '::' || t.oid::regtype, ', ' ORDER BY a.n)
		FROM unnest(p.proargtypes) WITH ORDINALITY a(type, n) JOIN pg_type t ON t.oid = a.type))
	FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
	WHERE n.nspname = 'voiceagent' AND p.provolatile <> 'v' AND has_function_privilege('voiceagent_user', p.oid, 'EXECUTE')
	ORDER BY 1});
cmp_ok(scalar @readers, '>=', 5, 'there are functions that PostgREST serves by GET');
my @writers;
foreach my $call (@readers)
{
	my ($status, $out, $error) = $node->psql('va', "\\set VERBOSITY verbose\nBEGIN READ ONLY; SELECT * FROM $call; COMMIT", extra_params => ['-U', 'reader']);
	push @writers, "$call: $error" if $status != 0 && $error !~ /ERROR:  (PT4\d\d|22\w{3})/;
}
is(join("\n", @writers), '', '... and each runs in a read-only transaction');
my (undef, undef, $error) = $node->psql('va', 'BEGIN READ ONLY; SELECT voiceagent.add_lead(\'+12125550100\')', extra_params => ['-U', 'reader']);
like($error, qr/read-only transaction/, '... in which a writer is refused');

# ---- the main job ----

# The documented proxy, without TLS: what supabase-js sends (its key as apikey and as a bearer, its own path) is served, and
# bodies and logins are bounded.
sub behind_nginx
{
	my ($upstream, $key) = @_;
	my ($nginx) = grep { -x $_ } map { "$_/nginx" } split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin';
	return note('skipped: no nginx') unless defined $nginx;
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	my $conf = readme_block('199_postgrest', 1);
	foreach my $change ([ qr/server 127\.0\.0\.1:3000;/, "server 127.0.0.1:$upstream;" ], [ qr/listen 443 ssl;/, "listen 127.0.0.1:$port;" ], [ qr/ssl_certificate \S+;/, '' ], [ qr/ssl_certificate_key \S+;/, '' ])
	{
		is($conf =~ s/$change->[0]/$change->[1]/, 1, "the documented file has $change->[0]");
	}
	write_file("$work/nginx.conf", "daemon off;\npid $work/nginx.pid;\nerror_log $work/nginx.log;\nworker_processes 1;\nevents {}\nhttp {\naccess_log off;\n"
		. join('', map { "${_}_temp_path $work/$_;\n" } qw(client_body proxy fastcgi uwsgi scgi)) . "$conf}\n");
	my $proxy = IPC::Run::start([ $nginx, '-p', $work, '-c', "$work/nginx.conf", '-e', "$work/nginx.log" ], '>', \my $out, '2>&1');
	my $until = time + 60;
	sleep 0.1 until IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) || time > $until;
	my $http = HTTP::Tiny->new(timeout => 30);
	my $ask = sub {
		my ($path, $bearer, $body, $at) = @_;
		my %headers = (apikey => $bearer, Authorization => "Bearer $bearer", 'Content-Type' => 'application/json', 'Accept-Profile' => 'voiceagent', 'Content-Profile' => 'voiceagent');
		return $http->request(defined $body ? 'POST' : 'GET', 'http://127.0.0.1:' . ($at // $port) . $path, { headers => \%headers, defined $body ? (content => $body) : () });
	};
	my $login = '{"email": "owner@example.com", "password": "correct horse"}';
	is($ask->('/leads?select=lead_id', $key, undef, $upstream)->{status}, 401, 'PostgREST alone refuses a key that comes as a bearer');
	is($ask->('/rest/v1/leads?select=lead_id', $key)->{status}, 200, '... the proxy leaves that out, and the path of supabase-js');
	my $token = $ask->('/rest/v1/rpc/login', 'anon', $login);
	like("$token->{status} $token->{content}", qr/^200 "ey/, 'a visitor with any key logs in');
	like($ask->('/rest/v1/rpc/whoami', $token->{content} =~ s/"//gr, '{}')->{content}, qr/owner\@example\.com/, '... and its token goes through');
	is($ask->('/rpc/login', 'anon', $login =~ s/horse/'x' x 5000/er)->{status}, 413, 'the body of a login is bounded');
	is($ask->('/rpc/add_leads', 'anon', 'x' x 1100000)->{status}, 413, '... and those of others');
	isnt($ask->('/rpc/import_leads', $key, '{"csv": "' . 'x' x 1100000 . '"}')->{status}, 413, '... files by another limit');
	my ($tries, $limited) = (0, 0);
	$limited = $ask->('/rpc/login', 'anon', $login)->{content} =~ /429 Too Many Requests/ while !$limited && $tries++ < 300;
	ok($limited, 'so is the rate of logins from an address');
	$proxy->signal('TERM');
	IPC::Run::finish($proxy);
	return;
}

sub on_path { my ($program) = @_; return (grep { -x "$_/$program" } split /:/, $ENV{PATH})[0] }

SKIP:
{
	skip 'no node and npm on the PATH: the client is not run', 1 unless on_path('node') && on_path('npm');
	mkdir "$work/npm" or die $!;
	copy("regress/postgrest/$_", "$work/npm/$_") or die "$_: $!" foreach qw(package.json package-lock.json .npmrc client.js);
	copy('regress/fakes/postgrest.js', "$work/npm/postgrest.js") or die $!;
	{
		local $ENV{HOME} = $work;
		my $output = qx(cd '$work/npm' && npm ci --silent 2>&1);
		is($?, 0, 'the client is installed') or do { diag($output); skip 'no client', 1 };
	}

	# The documented configuration; only where the server and the secret are differs.
	my $conf = readme_block('postgrest');
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	my ($host, $pgport) = ($node->host, $node->port);
	$conf =~ s{^db-uri = .*}{db-uri = "postgres://authenticator\@/va?host=$host&port=$pgport"}m;
	$conf =~ s{^jwt-secret = .*}{jwt-secret = "\@$secret"}m;
	$conf =~ s{^server-port = .*}{server-port = $port}m;
	write_file("$work/postgrest.conf", $conf);

	my $real = on_path('postgrest');
	my @server = $real ? ("$real/postgrest", "$work/postgrest.conf") : ('node', "$work/npm/postgrest.js", "$work/postgrest.conf");
	note($real ? 'a real PostgREST answers' : 'skipped: no postgrest on the PATH; the stand-in answers the client');
	my $pid = fork;
	if (!$pid)
	{
		chdir "$work/npm";
		open(STDOUT, '>', "$work/postgrest.log");
		open(STDERR, '>&', \*STDOUT);
		exec @server;
	}
	my $until = time + 120;
	sleep 0.1 until IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) || time > $until;
	my @lines = split /\n/, qx(cd '$work/npm' && node client.js http://127.0.0.1:$port owner\@example.com 'correct horse' 2>&1);
	# A voice bot, as the documents have it, by an API key; somebody who may only look.
	my $call = $node->safe_psql('va', "SELECT min(call_id) FROM voiceagent.calls WHERE tenant_id = $tenant AND outcome <> 'do_not_call'");
	local %ENV = (%ENV, URL => "http://127.0.0.1:$port", KEY => as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_api_key('bot', 'agent')"),
		ATTEMPT => $node->safe_psql('va', "SELECT reference FROM voiceagent.attempts WHERE tenant_id = $tenant AND call_id = $call"));
	my $block = readme_block('199_postgrest');
	my @bot = map { scalar qx($block) } 1 .. 2;
	$node->safe_psql('va', "SELECT voiceagent.create_member($tenant, 'viewer\@example.com', 'correct horse', role := 'viewer')");
	$ENV{TOKEN} = $node->safe_psql('va', q{SELECT voiceagent.login('viewer@example.com', 'correct horse')});
	(my $looking = $block) =~ s/X-API-Key: \$KEY/Authorization: Bearer \$TOKEN/ or die 'the block names its key otherwise';
	push @bot, scalar qx($looking);
	behind_nginx($port, $ENV{KEY});
	kill 'TERM', $pid;
	waitpid $pid, 0;
	like($bot[0], qr/"report": "late"/, 'a bot reports what came of a call');
	like($bot[1], qr/"report": "known"/, '... once');
	like($bot[2], qr/"PT403"/, '... and a viewer does not');
	is_sql($node, 'va', "SELECT count(*) FROM voiceagent.do_not_call_list d JOIN voiceagent.calls c USING (tenant_id, phone) WHERE c.tenant_id = $tenant AND c.call_id = $call", 1,
		'... that who was called is not called again');
	is_sql($node, 'va', "SELECT actor ~ '^API key' FROM voiceagent.audit_log WHERE tenant_id = $tenant AND action = 'report_call'", 't', '... as the audit log has it');
	cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 40, 'the client runs the main job');
	is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and every step is as it should be') or diag(slurp_text("$work/postgrest.log"));
	is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, '... and no invariant is violated');
}

done_testing();
