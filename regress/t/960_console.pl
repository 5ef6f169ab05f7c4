# The console's processes: static files with their types and policies, functions by the wire of PostgREST, events; what comes
# through the door may do what the caller may, and no tenant has all of it.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256);
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP qw(decode_json encode_json);
use MIME::Base64 qw(encode_base64url);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', 'voiceagent.sandbox' => 'on');
my $secret_text = 'a secret of more than thirty-two bytes';
my $secret = $node->basedir . '/jwt';
append_to_file($secret, $secret_text);
chmod 0600, $secret;
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$secret'");
$node->reload;

# ---- off unless it is asked for ----

my $kinds = q{SELECT string_agg(kind || ' ' || state, ', ' ORDER BY kind) FROM voiceagent_private.worker_status() WHERE kind ~ '^(web|api)'};
is_sql($node, 'va', $kinds, '', 'without voiceagent.web_port there is no process for it');
$node->append_conf('postgresql.conf', 'voiceagent.web_port = 0');
$node->reload;
wait_for_sql($node, 'va', $kinds, 'api running, api_2 running, web running', 'with it there are three', 30);
wait_for_sql($node, 'va', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', '... and status() has the address', 30);
my $url = $node->safe_psql('va', q{SELECT voiceagent_private.worker_address('web')});
my ($port) = $url =~ /:(\d+)$/;

my $http = HTTP::Tiny->new(timeout => 40);
sub ask
{
	my ($method, $path, %with) = @_;
	my %headers = %{ $with{headers} // {} };
	$headers{Authorization} = "Bearer $with{token}" if $with{token};
	$headers{'Content-Type'} //= 'application/json' if defined $with{body};
	return $http->request($method, "$url$path", { headers => \%headers, defined $with{body} ? (content => $with{body}) : () });
}
sub rpc { my ($token, $function, $arguments) = @_; return ask('POST', "/rpc/$function", token => $token, body => ref $arguments ? encode_json($arguments) : $arguments // '{}') }
sub said { my ($answer) = @_; return "$answer->{status} " . (eval { decode_json($answer->{content})->{code} } // $answer->{content}) }

# ---- files ----

my $page = ask('GET', '/health');
is("$page->{status} $page->{content}", '200 {"status":"ok"}', 'the process says that it is well');
SKIP:
{
	$page = ask('GET', '/');
	skip 'the console is not installed here: npm was not to be had', 8 if $page->{status} == 404;
	is($page->{status}, 200, 'the page is there');
	is($page->{headers}{'content-type'}, 'text/html; charset=utf-8', '... with its type');
	like($page->{headers}{'content-security-policy'}, qr/^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/, '... and the policy that nothing of elsewhere runs');
	is($page->{headers}{'x-content-type-options'}, 'nosniff', '... whose types are taken at their word');
	unlike($page->{content}, qr/<script(?![^>]*src=)|\son\w+=|style=|https?:/, '... no inline script or style, no other address');
	my $again = ask('GET', '/', headers => { 'If-None-Match' => $page->{headers}{etag} });
	is("$again->{status} " . length($again->{content} // ''), '304 0', '... and it is not sent twice');
	my $length = ask('HEAD', '/app.js')->{headers}{'content-length'};
	cmp_ok($length, '>', 1000, 'HEAD tells a length');
	is(ask('GET', '/vendor/preact-htm.LICENSE.txt')->{status}, 200, 'the licence of what is not ours lies beside it');
}
is(ask('GET', $_)->{status}, 404, "nothing else is there: $_") foreach '/../postgresql.conf', '/%2e%2e/PG_VERSION', '/leads', '/.npmrc', '/package.json';
is(ask('POST', '/index.html', body => '{}')->{status}, 405, '... and nothing is sent to a file');

# ---- the documented proxy ----

SKIP:
{
	my ($nginx) = grep { -x $_ } map { "$_/nginx" } split(/:/, $ENV{PATH}), '/usr/sbin', '/usr/local/sbin';
	skip 'no nginx', 8 unless defined $nginx;
	my $work = $node->basedir;
	my $public = PostgreSQL::Test::Cluster::get_free_port();
	my $conf = readme_block('960_console');
	foreach my $change ([ qr/server 127\.0\.0\.1:8080;/, "server 127.0.0.1:$port;" ], [ qr/listen 443 ssl;/, "listen 127.0.0.1:$public;" ], [ qr/ssl_certificate \S+;/, '' ], [ qr/ssl_certificate_key \S+;/, '' ])
	{
		$conf =~ s/$change->[0]/$change->[1]/ or die "the documented file has no $change->[0]";
	}
	$conf =~ s/server \{/server {\nset_real_ip_from 127.0.0.1; real_ip_header X-Test; location = \/network { return 200 \$network; }/ or die;
	append_to_file("$work/nginx.conf", "daemon off;\npid $work/nginx.pid;\nerror_log $work/nginx.log;\nworker_processes 1;\nevents {}\nhttp {\naccess_log off;\n"
		. join('', map { "${_}_temp_path $work/$_;\n" } qw(client_body proxy fastcgi uwsgi scgi)) . "$conf}\n");
	my $proxy = IPC::Run::start([ $nginx, '-p', $work, '-c', "$work/nginx.conf", '-e', "$work/nginx.log" ], '>', \my $out, '2>&1');
	my $until = deadline(60);
	sleep 0.1 until IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $public) || $until->();
	is($http->get("http://127.0.0.1:$public/health")->{status}, 200, 'the documented proxy serves');
	is(said($http->post("http://127.0.0.1:$public/rpc/whoami", { content => '{}', headers => { 'Content-Type' => 'application/json' } })), '401 42501', '... functions');
	is($http->get("http://127.0.0.1:$public/events")->{status}, 401, '... and events');
	is($http->post("http://127.0.0.1:$public/rpc/login", { content => 'x' x 5_000_000 })->{status}, 413, '... and bounds bodies');
	my %network = ('192.0.2.77' => '192.0.2', '2001:db8:0:7::1' => '2001:db8:0:7', '2001:db8:0:7:a:b:c:d' => '2001:db8:0:7', '2001:db8::5' => '2001:db8');
	is($http->get("http://127.0.0.1:$public/network", { headers => { 'X-Test' => $_ } })->{content}, $network{$_}, "... and counts $_ for its network") foreach sort keys %network;
	$proxy->signal('TERM');
	IPC::Run::finish($proxy);
}

# ---- functions ----

my ($one, $two) = map { create_tenant($node, 'va', $_, credits => 1000) } 'One', 'Two';
my %token;
foreach my $member ([ $one, 'owner' ], [ $one, 'agent' ], [ $one, 'viewer' ], [ $two, 'other' ])
{
	my ($tenant, $name) = @$member;
	my $role = $name eq 'other' ? 'owner' : $name;
	$node->safe_psql('va', "SELECT voiceagent.create_member($tenant, '$name\@example.com', 'correct horse', '$role')");
	my $answer = rpc(undef, 'login', { email => "$name\@example.com", password => 'correct horse' });
	like("$answer->{status} $answer->{content}", qr/^200 "ey/, "the $name logs in");
	$token{$name} = $answer->{content} =~ s/"//gr;
}
my $who = rpc($token{owner}, 'whoami');
is("$who->{status} $who->{headers}{'content-type'} $who->{headers}{'cache-control'}", '200 application/json; charset=utf-8 no-store', 'a function answers in JSON, which nobody keeps');
my $tells = decode_json($who->{content});
is("$tells->{tenant_id} $tells->{email} $tells->{proof}", "$one owner\@example.com claims", '... as the caller, by the claims of its token');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.login_origins WHERE origin = '127.0.0.1'}, 4, 'a login is known to come from its address');
is(ask('GET', '/rpc/whoami', token => $token{owner})->{content}, $who->{content}, 'what reads is also asked by GET');
my ($plain, $place, $rule) = map { ask('POST', '/rpc/clock', body => '{}', headers => $_)->{content} =~ s/.*(?=[+-]\d\d:)//r }
	{}, { Prefer => 'timezone=Asia/Tokyo' }, { Prefer => 'timezone=ABC-5' };
is("$place $rule", "+09:00\" $plain", 'a request may prefer the zone of a place, and no rule, of which each would stay in memory');
is(said(ask('GET', '/rpc/add_lead?phone=%2B12125550100', token => $token{owner})), '405 25006', '... and what writes is not');
my $lead = rpc($token{owner}, 'add_lead', { phone => '+12125550100', first_name => 'Ada' });
like("$lead->{status} $lead->{content}", qr/^200 \d+$/, 'a scalar comes as it is');
my $leads = decode_json(rpc($token{owner}, 'lead_list', { page_size => 5 })->{content});
is(ref $leads eq 'ARRAY' && $leads->[0]{first_name}, 'Ada', 'rows come as an array of objects');
is_deeply(decode_json(ask('GET', '/rpc/lead_list?page_size=5', token => $token{owner})->{content}), $leads, '... by GET, too');
is(rpc($token{owner}, 'block_prefix', { prefix => '+1900', reason => 'premium' })->{status}, 204, 'no result is 204');
is(rpc($token{other}, 'lead_list')->{content}, '[]', 'another tenant sees none of it');
is(said(rpc($token{other}, 'update_lead', { lead_id => $lead->{content}, changes => { first_name => 'Eve' } })), '404 PT404', '... and its ids are not found');

# ---- what is refused ----

is(said(rpc(undef, 'whoami')), '401 42501', 'a visitor may not');
is(said(rpc($token{viewer}, 'add_lead', { phone => '+12125550101' })), '403 PT403', 'a viewer may look, and no more');
is(said(rpc($token{owner}, 'create_tenant', { name => 'x' })), '403 42501', 'what the platform alone may is refused');
is(said(rpc($token{owner}, 'no_such_function')), '404 PGRST202', 'a function that there is not');
is(said(rpc($token{owner}, 'pg_sleep', { seconds => 1 })), '404 PGRST202', '... or that is not ours');
is(said(rpc($token{owner}, 'whoami', { nonsense => 1 })), '404 PGRST202', 'an argument that there is not');
is(said(rpc($token{owner}, 'add_lead', { first_name => 'x' })), '404 PGRST202', 'an argument that is missing');
like(rpc($token{owner}, 'add_lead', '{"phone": "+12125550150", "phone": "+12125550151"}')->{content}, qr/^\d+$/, 'of doubled arguments the last counts');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.leads WHERE tenant_id = $one AND phone = '+12125550150'", 0, '... alone');
is(said(rpc($token{owner}, 'whoami', '{"a":')), '400 PGRST102', 'a body that is no JSON');
is(said(rpc($token{owner}, 'whoami', "{\"a\": \"\xff\"}")), '400 PGRST102', '... or no UTF-8');
is(said(ask('POST', '/rpc/whoami', token => $token{owner}, body => '<a/>', headers => { 'Content-Type' => 'text/xml' })), '415 PGRST102', '... or of another type');
is(said(ask('DELETE', '/rpc/whoami', token => $token{owner})), '405 PGRST101', 'another method');
is(rpc($token{owner}, 'add_lead', '{"phone": "' . 'x' x 10_000_000 . '"}')->{status}, 413, 'a body of ten megabytes');
is(said(rpc($token{owner}, 'update_lead', { lead_id => "1; DROP TABLE x", changes => {} })), '400 22P02', 'a value of another type');
is(said(ask('POST', '/rpc/whoami', body => '{}', headers => { Authorization => "Bearer $token{owner}x" })), '401 PGRST301', 'a token whose signature is wrong');
my $signed = sub { my ($claims) = @_; my $text = join '.', map { encode_base64url(encode_json($_)) } { alg => 'HS256', typ => 'JWT' }, $claims; return "$text." . encode_base64url(hmac_sha256($text, $secret_text)) };
my %claims = (role => 'voiceagent_user', tenant_id => $one, aud => $node->safe_psql('va', 'SELECT voiceagent.token_audience()'), exp => int(time) + 600);
is(said(rpc($signed->(\%claims), 'lead_list')) =~ /^200/ ? 1 : 0, 1, 'a token that another issuer signed with the key is good');
is(said(rpc($signed->({ %claims, exp => int(time) - 1 }), 'whoami')), '401 PGRST303', '... until its time is over');
is(said(rpc($signed->({ %claims, aud => 'voiceagent:1:1' }), 'whoami')), '401 PT401', '... in its own database');
is(said(rpc($signed->({ %claims, role => $_ }), 'whoami')), '403 42501', "... for no other role: $_") foreach 'postgres', 'voiceagent_owner', 'voiceagent_worker', 'voiceagent_api';
is(said(ask('POST', '/rpc/lead_list', body => '{}', headers => { 'X-Voiceagent-Peer' => '10.0.0.1', 'X-API-Key' => 'va_nonsense' })), '401 PT401', 'a key that is none');
my $key = decode_json('[' . rpc($token{owner}, 'create_api_key', { label => 'bot', role => 'agent' })->{content} . ']')->[0];
like(ask('POST', '/rpc/whoami', body => '{}', headers => { 'X-API-Key' => $key })->{content}, qr/API key/, '... and one that is');

# ---- nothing stays in the session for the next caller ----

is_sql($node, 'va', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ '^voiceagent api' AND state = 'idle'}, 2, 'the processes are nobody between two requests');
is(said(rpc(undef, 'clock')) =~ /^200/ ? 1 : 0, 1, 'a visitor has its turn');
is(said(rpc(undef, 'lead_list')), '401 42501', '... and is no member after one');
is_sql($node, 'va', q{SELECT string_agg(DISTINCT privilege_type, ',') FROM information_schema.role_table_grants WHERE grantee = 'voiceagent_api'}, '', 'their role has no right of its own');

# ---- one that is slow, and many at once ----

$node->safe_psql('va', q{CREATE FUNCTION voiceagent.slow_test(seconds float) RETURNS text LANGUAGE sql AS 'SELECT pg_sleep(seconds)::text'; GRANT EXECUTE ON FUNCTION voiceagent.slow_test(float) TO voiceagent_user});
$node->safe_psql('va', q{CREATE FUNCTION voiceagent.long_test(n int) RETURNS text LANGUAGE sql AS $$SELECT repeat('x', n)$$; GRANT EXECUTE ON FUNCTION voiceagent.long_test(int) TO voiceagent_user});
# Requests that are sent at once, each on its own connection; their sockets.
sub send_all
{
	my ($token, $function, $arguments, $n, $header) = @_;
	$header //= "Authorization: Bearer $token";
	my $body = encode_json($arguments);
	return map {
		my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 30) or die "connect: $!";
		print $socket "POST /rpc/$function HTTP/1.1\r\nHost: x\r\nConnection: close\r\n$header\r\nContent-Type: application/json\r\nContent-Length: " . length($body) . "\r\n\r\n$body";
		$socket;
	} 1 .. $n;
}
sub statuses { my %of; foreach my $socket (@_) { local $/; my $text = <$socket>; $of{ ($text // '') =~ m{^HTTP/1.1 (\d+)} ? $1 : 'none' }++ } return \%of }
my @slow = send_all($token{owner}, 'slow_test', { seconds => 60 }, 2);
my $before = time;
is(rpc($token{other}, 'whoami')->{status}, 200, 'while a tenant has two slow requests another one is served');
cmp_ok(time - $before, '<', 3, '... at once');
my $timed = statuses($slow[0]);
is_deeply($timed, { 500 => 1 }, 'a request that takes longer than five seconds is cancelled');
statuses($slow[1]);
my $of = statuses(send_all($token{owner}, 'slow_test', { seconds => 0.01 }, 300));
is($of->{200} + $of->{429}, 300, 'of 300 requests of one tenant at once each is answered') or diag(explain($of));
cmp_ok($of->{429}, '>', 0, '... those that find a hundred before them with 429');
# While both processes are busy, keys that a stranger invents wait as its address does; the owner of a good one has its tenant's turns.
my @busy = map { send_all($token{$_}, 'slow_test', { seconds => 2 }, 1) } 'owner', 'other';
wait_for_sql($node, 'va', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ '^voiceagent api' AND state = 'active'}, 2, 'both processes are busy', 30);
my @invented = map { send_all(undef, 'whoami', {}, 1, "X-API-Key: va_invented$_") } 1 .. 150;
my @good = send_all(undef, 'whoami', {}, 1, "X-API-Key: $key");
is_deeply(statuses(@invented), { 401 => 100, 429 => 50 }, 'a stranger that invents keys has the turns of one address');
is_deeply(statuses(@good), { 200 => 1 }, '... and a key that was proved before has those of its tenant');
statuses(@busy);
is(rpc($token{owner}, 'long_test', { n => 8_000_000 })->{status}, 200, 'an answer may have eight megabytes');
is(said(rpc($token{owner}, 'long_test', { n => 9_000_000 })), '500 54000', '... and no more');
is(said(rpc($token{owner}, 'long_test', { n => 1_000_000_000 })) =~ /^50[03] 5[34]/ ? 1 : 0, 1, 'memory is bounded');
wait_for_sql($node, 'va', $kinds, 'api running, api_2 running, web running', '... by a limit that leaves the others alone', 30);
is(rpc($token{owner}, 'whoami')->{status}, 200, '... and requests go on');

# ---- the links of mails ----

$node->safe_psql('va', q{SELECT voiceagent.set_setting('mail_links', 'https://calls.example.com')});
rpc($token{owner}, 'update_lead', { lead_id => $lead->{content}, changes => { email => 'ada@example.com' } });
my $news = decode_json(rpc($token{owner}, 'send_news', { subject => 'News', text => 'There are news.', lead_ids => [ $lead->{content} + 0 ] })->{content});
my $mailed = "SELECT substring(message FROM '/unsubscribe/([A-Za-z0-9_-]+)>') FROM voiceagent_private.sandbox_mailbox WHERE mail_id = $news->[0]{mail_id}";
wait_for_sql($node, 'va', "SELECT count(*) FROM ($mailed) m", 1, 'a mail is sent', 30);
my $link = '/unsubscribe/' . $node->safe_psql('va', $mailed);
my $opened = HTTP::Tiny->new(max_redirect => 0)->get("$url$link");
is("$opened->{status} $opened->{headers}{location}", "303 /#$link", 'whoever opens its link is led to a page');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.mail_suppressions WHERE tenant_id = $one", 0, '... and nothing has happened');
is(said(ask('POST', '/unsubscribe/guess', body => 'List-Unsubscribe=One-Click', headers => { 'Content-Type' => 'application/x-www-form-urlencoded' })), '404 PT404', 'a guess is none');
is(ask('POST', '/unsubscribe/a%22b', body => '')->{status}, 404, '... nor is what no token has');
is(ask('POST', $link, body => 'List-Unsubscribe=One-Click', headers => { 'Content-Type' => 'application/x-www-form-urlencoded' })->{content}, '"ada@example.com"', 'one click unsubscribes');
is_sql($node, 'va', "SELECT address || ' ' || reason FROM voiceagent.mail_suppressions WHERE tenant_id = $one", 'ada@example.com unsubscribed', '... the address');

# ---- a process that ends ----

my @dying = send_all($token{owner}, 'slow_test', { seconds => 4 }, 1);
wait_for_sql($node, 'va', q{SELECT count(*) > 0 FROM pg_stat_activity WHERE backend_type ~ '^voiceagent api' AND state = 'active'}, 't', 'a request runs', 30);
$node->safe_psql('va', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type ~ '^voiceagent api' AND state = 'active'});
is_deeply(statuses(@dying), { 503 => 1 }, 'a request whose process ends is answered');
wait_for_sql($node, 'va', $kinds, 'api running, api_2 running, web running', '... and the process comes back', 30);
$node->safe_psql('va', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'voiceagent web'});
sub where { wait_for_sql($node, 'va', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', $_[0], 30); $url = $node->safe_psql('va', q{SELECT voiceagent_private.worker_address('web')}); ($port) = $url =~ /:(\d+)$/; return }
where('so does the process web');
is(rpc($token{owner}, 'whoami')->{status}, 200, '... which the others find again');

# ---- events ----

is(said(ask('GET', '/events')), '401 PT401', 'events are for members');
is(said(ask('GET', '/events', token => $token{owner}, headers => { 'Last-Event-ID' => 'x' })), '400 22P02', '... after a cursor');
my $from = ask('GET', '/events', token => $token{viewer});
like("$from->{status} $from->{content}", qr/^200 id: \d+\ndata: \[\]\n\n$/, 'without one the cursor of now is told');
is($from->{headers}{'content-type'}, 'text/event-stream; charset=utf-8', '... as a stream of events');
my ($cursor) = $from->{content} =~ /id: (\d+)/;
sub listen_for
{
	my ($token, $after) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 30) or die "connect: $!";
	print $socket "GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer $token\r\nLast-Event-ID: $after\r\n\r\n";
	return $socket;
}
sub heard { my ($socket) = @_; local $/; return scalar <$socket> }
my $listener = listen_for($token{viewer}, $cursor);
my $stranger = listen_for($token{other}, $cursor);
sleep 0.5;
$before = time;
rpc($token{owner}, 'add_lead', { phone => '+12125550160' });
rpc($token{owner}, 'create_assistant', { name => 'A', first_message => 'Hello', system_prompt => 'You call people.' });
$node->safe_psql('va', "DO 'BEGIN PERFORM voiceagent_private.set_tenant($one); PERFORM voiceagent_private.log_event(''noted'', NULL, NULL, NULL, ''{}''); END'") ;
$news = heard($listener);
like($news, qr/\ndata: \[\{"at" .*"event_type" : "\w+"/, 'what happens is told to who listens');
cmp_ok(time - $before, '<', 5, '... soon');
my ($next) = $news =~ /.*id: (\d+)\n/s;
cmp_ok($next, '>', $cursor, '... with the cursor to go on from');
as_tenant($node, 'va', $one, q{SELECT count(voiceagent_private.log_event('noted')) FROM generate_series(1, 1001)});
$news = heard(listen_for($token{viewer}, $next));
like($news, qr/\ndata: \[\{"event_type" : "many", "events" : 1001\}\]\n/, 'of very many at once the number is told');
($next) = $news =~ /.*id: (\d+)\n/s;
my $commits = q{SELECT sum(commits) FROM voiceagent_private.worker_status() WHERE kind ~ '^(web|api)'};
heard(listen_for($token{viewer}, $next));
my $quiet = listen_for($token{viewer}, $next);
my $count = $node->safe_psql('va', $commits);
sleep 2;
is_sql($node, 'va', $commits, $count, 'a reader that comes again while nothing happens costs no statement');
rpc($token{owner}, 'update_member', { member_id => decode_json(rpc($token{viewer}, 'whoami')->{content})->{member_id}, active => JSON::PP::false });
$before = time;
like(heard($quiet), qr{^HTTP/1.1 40[13] }, 'a member who is put off hears no more');
cmp_ok(time - $before, '<', 5, '... within five seconds');
my $short = $signed->({ %claims, exp => int(time) + 3 });
$before = time;
like(heard(listen_for($short, $next)), qr{^HTTP/1.1 401 .*PGRST303}s, 'a token whose time ends is told so');
cmp_ok(time - $before, '<', 8, '... within five seconds');
undef $stranger;

# What a page that is loaded anew has of its login: a cookie that no script reads, and that one path is sent.
my $entered = rpc(undef, 'login', { email => 'owner@example.com', password => 'correct horse' });
my ($kept, $kind) = ($entered->{headers}{'set-cookie'} // '') =~ /^va_session=([\w.-]+); (.*)/;
is($kind, 'Path=/rpc/renew; HttpOnly; SameSite=Strict', 'a login leaves a cookie for the renewal alone');
is('"' . ($kept // '') . '"', $entered->{content}, '... which is its token');
my $by_cookie = sub { my ($method, $path, $cookie, %more) = @_; return ask($method, $path, headers => { Cookie => $cookie, %more }, $method eq 'POST' ? (body => '{}') : ()) };
my $renewed = $by_cookie->('POST', '/rpc/renew', "a=b; va_session=$kept");
like($renewed->{status} . $renewed->{content}, qr/^200"[\w.-]+"$/, '... and gives another token');
is($by_cookie->('POST', '/rpc/whoami', "va_session=$kept")->{status}, 401, '... and nothing else');
is($by_cookie->('POST', '/rpc/renew', "x$_")->{status}, 401, "no login: $_") foreach "va_session=$kept", 'va_session=', 'va_session=a.b.c';
like($by_cookie->('POST', '/rpc/renew', "__Host-va_session=$kept", 'X-Forwarded-Proto' => 'https')->{headers}{'set-cookie'} // '', qr{^__Host-va_session=[\w.-]+; Path=/; HttpOnly; SameSite=Strict; Secure$}, 'behind TLS it is of this host alone');
is($by_cookie->('POST', '/rpc/renew', "va_session=$kept", 'X-Forwarded-Proto' => 'https')->{status}, 401, '... and one that another host can have set is none');
# Another host of the domain can set one of the name, and one whose value looks like it.
is($by_cookie->('POST', '/rpc/renew', $_)->{status}, 200, "it is found in: " . s/\Q$kept/.../gr) foreach "va_session=$kept", "a=xva_session=1; va_session=$kept", "xva_session=1;va_session=$kept", "va_session=evil; va_session=$kept", "va_session=$kept; va_session=evil",
	"va_session=$kept; a=va_session=b", "va_session=$kept;  b", "a; va_session=$kept;", "va_session=$kept; va_session=", "va_session= ; va_session=x.y.z;va_session=$kept; c=d";
is($by_cookie->('POST', '/rpc/renew', $_)->{status}, 401, "it is not in: " . s/\Q$kept/.../gr) foreach "a=va_session=$kept", "va_sessions=$kept", "VA_SESSION=$kept", "va_session =$kept", "__Host-va_session=$kept", "a=b, va_session=$kept";

# A page of another site logs nobody in: its visitor would work in a workspace that is not his own.
$node->safe_psql('va', q{SELECT voiceagent.set_setting('mail_links', 'https://console.example/page')});
my ($here) = $url =~ m{//(.*)};
my $from_page = sub { my (%headers) = @_; return ask('POST', '/rpc/login', headers => \%headers, body => encode_json({ email => 'owner@example.com', password => 'correct horse' })) };
foreach ({}, { Origin => "http://$here" }, { Origin => "https://$here" }, { Origin => 'https://console.example' }, { 'Sec-Fetch-Site' => 'same-origin' }, { 'Sec-Fetch-Site' => 'none' }, { 'Sec-Fetch-Site' => 'same-origin', Origin => 'http://behind.a.proxy' })
{
	my $answer = $from_page->(%$_);
	is("$answer->{status} " . (defined $answer->{headers}{'set-cookie'} ? 'cookie' : 'none'), '200 cookie', 'a page of ours: ' . join ' ', %$_);
}
foreach ({ Origin => 'https://evil.example' }, { Origin => 'null' }, { Origin => '' }, { Origin => 'https://console.example.evil.example' }, { Origin => "https://evil.example/$here" }, { Origin => "http://x.$here" }, { Origin => "ftp://$here" },
	{ Origin => 'http://console.example' }, { Origin => 'http://localhost:3000' }, { 'Sec-Fetch-Site' => 'cross-site' }, { 'Sec-Fetch-Site' => 'same-site', Origin => "http://$here" }, { 'Sec-Fetch-Site' => 'cross-site', Origin => 'https://console.example' })
{
	my $answer = $from_page->(%$_);
	is("$answer->{status} " . (defined $answer->{headers}{'set-cookie'} ? 'cookie' : 'none'), '200 none', 'a page of another site: ' . join ' ', %$_);
	is(defined $by_cookie->('POST', '/rpc/renew', "va_session=$kept", %$_)->{headers}{'set-cookie'} ? 'cookie' : 'none', 'none', '... nor by a renewal');
}
is(ask('POST', '/rpc/login', headers => { Origin => 'https://evil.example', 'Content-Type' => 'application/x-www-form-urlencoded' }, body => 'email=owner%40example.com&password=correct+horse')->{headers}{'set-cookie'}, undef, '... nor by a form');
# Whoever logs out ends the session, with all its tokens; others of the same person go on.
my $began = sub { decode_json(MIME::Base64::decode_base64url((split /[.]/, $_[0])[1]))->{auth_time} };
my $other_login;
VoiceAgentFaults::wait_until(sub { $other_login = rpc(undef, 'login', { email => 'owner@example.com', password => 'correct horse' })->{content} =~ s/"//gr; $began->($other_login) != $began->($kept) }, 10);
my ($newer) = $by_cookie->('POST', '/rpc/renew', "va_session=$kept")->{content} =~ /"(.*)"/;
my $gone = $by_cookie->('DELETE', '/rpc/renew', "va_session=$kept");
is($gone->{status}, 204, 'a session is ended');
like($gone->{headers}{'set-cookie'}, qr/^va_session=; .*Max-Age=0/, 'whoever logs out leaves none');
is($by_cookie->('POST', '/rpc/renew', "va_session=$_")->{status}, 401, '... and no token that renews') foreach $kept, $newer;
is(rpc($_, 'whoami')->{status}, 401, '... or is taken') foreach $kept, $newer;
is(rpc($other_login, 'whoami')->{status}, 200, '... but another login is');
is($by_cookie->('DELETE', '/rpc/renew', $_)->{status}, 204, 'it is ended already, or was none: ' . s/\Q$kept/.../gr) foreach "va_session=$kept", 'va_session=a.b.c', 'b=c';
is(rpc($other_login, 'end_session', {})->{status}, 204, 'by a function, too');
is(rpc($other_login, 'whoami')->{status}, 401, '... and it is over');
is(rpc(undef, 'end_session', {})->{status}, 401, 'a visitor has none');
# A session is known by its second: who is in again within it has another.
foreach my $time (1 .. 3)
{
	my $again = rpc(undef, 'login', { email => 'owner@example.com', password => 'correct horse' })->{content} =~ s/"//gr;
	is(rpc($again, 'whoami')->{status}, 200, "who logs in at once is in: $time");
	is(rpc($again, 'end_session', {})->{status}, 204, '... and out');
}

is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
$node->append_conf('postgresql.conf', 'voiceagent.web_port = -1');
$node->reload;
wait_for_sql($node, 'va', $kinds, '', 'switched off, the processes end', 30);
wait_for_sql($node, 'va', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type ~ '^voiceagent (web|api)'}, 0, '... all of them', 30);
done_testing();
