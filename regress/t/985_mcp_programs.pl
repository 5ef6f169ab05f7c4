# Programs that a member lets in: discovery, registration, consent, codes and tokens good once, and what ends it all.
use strict;
use warnings;

use Digest::SHA qw(sha256_base64);
use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console('voiceagent.api_processes' => 2);
my $tenant = create_tenant($node, 'va', 'One', credits => 1000);
my %member = members($node, $tenant, qw(owner viewer manager));
my $json = JSON::PP->new->canonical->allow_nonref;
my $id = 0;

sub got { my ($path) = @_; return ask($url, 'GET', $path) }
sub message { my ($token, $method, $params) = @_; return ask($url, 'POST', '/mcp', ($token ? (token => $token) : ()), body => encode_json({ jsonrpc => '2.0', id => ++$id, method => $method, ($params ? (params => $params) : ()) })) }
my $browser = HTTP::Tiny->new(timeout => 40, max_redirect => 0);
sub form { my ($path, %fields) = @_; return $browser->request('POST', "$url$path", { headers => { 'Content-Type' => 'application/x-www-form-urlencoded' }, content => query(%fields) }) }
sub query { my (%fields) = @_; return join '&', map { "$_=" . ($fields{$_} =~ s{([^A-Za-z0-9._~-])}{sprintf '%%%02X', ord $1}ger) } sort keys %fields }

# ---- discovery ----

is(message(undef, 'ping')->{status}, 404, 'without the console\'s address there are no programs');
is(got('/.well-known/oauth-authorization-server')->{status}, 404, '... and nothing to discover');
my $home = 'https://calls.example';
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_links', '$home/')");
my $stranger = message(undef, 'ping');
is($stranger->{status}, 401, 'a program without a token is refused');
like($stranger->{headers}{'www-authenticate'}, qr{^Bearer .*resource_metadata="$home/[.]well-known/oauth-protected-resource/mcp"$}, '... and told where to begin');
my $resource = $json->decode(got('/.well-known/oauth-protected-resource/mcp')->{content});
is("$resource->{resource} @{$resource->{authorization_servers}}", "$home/mcp $home", 'the resource names its server');
my $server = $json->decode(got('/.well-known/oauth-authorization-server')->{content});
is("$server->{issuer} $server->{token_endpoint} @{$server->{code_challenge_methods_supported}}", "$home $home/oauth/token S256", '... which says how');

# ---- registration ----

sub registered { my (@uris) = @_; return ask($url, 'POST', '/oauth/register', body => encode_json({ client_name => '<b>Claude</b>', redirect_uris => \@uris })) }
my $callback = 'https://claude.ai/api/mcp/auth_callback';
my $client = $json->decode(registered($callback, 'http://127.0.0.1:3000/cb')->{content});
like($client->{client_id}, qr/^vc_/, 'a program registers');
is(registered($_)->{status}, 400, "... not to be answered at $_") foreach 'http://evil.example/cb', 'javascript:alert(1)', 'https://a@evil.example/', "https://a.example/#x", "https://a.example/\r\nX: y", 'data:text/html,x', 'http://localhost.evil.example/', 'https:/claude.ai:x@evil.example/', 'https:evil.example/',
	'view-source:https://a.example', 'filesystem:https://a.example/x', 'chrome://settings', 'ms-settings:x', 'vscode://a/b', 'intent://x', 'content:x', 'res:x', 'jar:https://a.example!/', 'feed:https://a.example', 'tel:1', 'a.:/x', '.a:/x', 'com..x:/y', 'http.x', 'HTTPS://a.example/';
is(registered($_)->{status}, 201, "... but at $_") foreach 'https://a.example/cb?x=1', 'http://localhost/cb', 'http://[::1]:3000/', 'com.example.app:/cb', 'com.example.app://cb', 'org.some-one.app2:/';
is($json->decode(ask($url, 'POST', '/oauth/register', body => encode_json({ client_name => "\x{202e}edualC", redirect_uris => ['https://a.example/'] }))->{content})->{client_name}, 'edualC', 'its name turns no words around');
is(registered()->{status}, 400, '... nor nowhere');
is(ask($url, 'POST', '/oauth/register', body => '[' x 5000)->{status}, 400, '... nor by nonsense');
is(ask($url, 'POST', '/oauth/register', body => encode_json({ redirect_uris => [ 'https://a.example/' . 'x' x 20_000 ] }))->{status}, 413, '... nor at length');

# ---- consent ----

my $verifier = 'v' x 50;
my $challenge = sha256_base64($verifier) =~ tr{+/}{-_}r;
my %asked = (response_type => 'code', client_id => $client->{client_id}, redirect_uri => $callback, state => 's t&te', code_challenge => $challenge, code_challenge_method => 'S256', resource => "$home/mcp");
my $page = got('/oauth/authorize?' . query(%asked));
is($page->{status}, 200, 'the page of consent');
like($page->{content}, qr/&lt;b&gt;Claude&lt;\/b&gt;.*answered at<\/span>\s*<strong>https:\/\/claude[.]ai<.*name="state" value="s t&amp;te"/s, '... says who asks and where it is answered');
like($page->{headers}{'content-security-policy'}, qr/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/, '... within no other page');
like($page->{content}, qr/data-es="Permitir" data-fr="Autoriser" data-de="Erlauben" data-it="Consenti">Allow</, '... and its words in five languages');
unlike($page->{content}, qr/[{][{]/, '... with every place filled');
is($browser->get("$url/consent.js")->{status}, 200, 'the script of the page of consent is a file');
my $braces = $json->decode(ask($url, 'POST', '/oauth/register', body => encode_json({ client_name => '{{fields}}{{host}}', redirect_uris => [$callback] }))->{content});
like(got('/oauth/authorize?' . query(%asked, client_id => $braces->{client_id}))->{content}, qr/<strong>&#123;&#123;fields}}&#123;&#123;host}}<\/strong>/, 'a name fills no place of the page');
sub refused { my (%more) = @_; my $answer = $browser->get("$url/oauth/authorize?" . query(%asked, %more)); return "$answer->{status} " . ($answer->{headers}{location} // '') }
is(refused(redirect_uri => 'https://evil.example/cb'), '400 ', 'another address is not answered');
is(refused(redirect_uri => "$callback/"), '400 ', '... nor one that is nearly the same');
is(refused(client_id => 'vc_9999999999.e30.' . 'a' x 64), '400 ', 'a registration that is not ours');
is(refused(client_id => $_), '400 ', "a program at $_") foreach 'https://127.0.0.1:' . ($url =~ /(\d+)$/)[0] . '/health', 'https://10.0.0.1/c.json', 'https://localhost/c.json', 'http://a.example/';
sub sent { my ($answer) = @_; return ($answer->{headers}{location} // '') =~ /[?&](code|error)=([^&]+)/ ? "$1 $2" : $answer->{status} }
sub consent { my (%more) = @_; return form('/oauth/authorize', %asked, answer => 'allow', email => 'viewer@example.com', password => $console_password, %more) }
is(refused(response_type => 'token'), '400 ', 'a link alone sends nobody anywhere, whatever is wrong with it');
is(sent(consent(code_challenge => '')), 'error invalid_request', 'no proof key');
is(sent(consent(code_challenge_method => 'plain')), 'error invalid_request', '... or a plain one');
is(sent(consent(resource => 'https://other.example/mcp')), 'error invalid_target', 'another resource');
is(sent(consent(response_type => 'token')), 'error unsupported_response_type', 'an implicit grant');
is(sent(consent(answer => 'deny')), 'error access_denied', 'a member refuses');
my $wrong = consent(password => 'wrong horse');
ok($wrong->{status} == 400 && $wrong->{content} =~ /Wrong e-mail address or password/ && $wrong->{content} !~ /wrong horse/, 'a wrong password is said on the page, and not shown');
is(consent(session => 'nonsense')->{status}, 400, 'a session that is none');
is(ask($url, 'POST', '/oauth/authorize', headers => { 'Content-Type' => 'application/x-www-form-urlencoded' }, body => query(%asked) . '&state=2')->{status}, 400, 'a name twice');
my $let = consent();
like($let->{headers}{location}, qr{^\Q$callback\E[?]code=vg_[\w-]{43}&state=s%20t%26te&iss=https%3A%2F%2Fcalls[.]example$}, 'a member lets it in by its password');
my $by_session = consent(session => login($node, 'owner@example.com'), email => '', password => '', redirect_uri => 'http://127.0.0.1:49152/cb');
like($by_session->{headers}{location}, qr{^http://127[.]0[.]0[.]1:49152/cb[?]code=}, '... or by the console\'s session, answered at any port of its machine');
my $key_token = $node->safe_psql('va', "SELECT voiceagent_private.issue_token($tenant, $member{owner}, 'owner', 'link', 60)");
is(consent(session => $key_token)->{status}, 400, '... not by a token that no password was given for');

# ---- tokens ----

sub code_of { return ($_[0]->{headers}{location} =~ /code=([^&]+)/)[0] }
sub exchanged { my (%more) = @_; my $answer = form('/oauth/token', grant_type => 'authorization_code', client_id => $client->{client_id}, redirect_uri => $callback, code_verifier => $verifier, resource => "$home/mcp", %more); return { status => $answer->{status}, %{ $json->decode($answer->{content}) } } }
sub renewed { my ($token, %more) = @_; return exchanged(grant_type => 'refresh_token', refresh_token => $token, %more) }
my $code = code_of($let);
my $first = exchanged(code => $code);
is("$first->{status} $first->{token_type} $first->{expires_in}", '200 Bearer 3600', 'a code is exchanged');
my $listed = $json->decode(message($first->{access_token}, 'tools/list')->{content});
ok(!(grep { $_->{name} =~ /^set_|^create_/ } @{ $listed->{result}{tools} }) && @{ $listed->{result}{tools} } > 5, 'its tools are those of its member, a viewer');
my $who = $json->decode(message($first->{access_token}, 'tools/call', { name => 'whoami' })->{content})->{result}{structuredContent};
is("$who->{email} $who->{role}", 'viewer@example.com viewer', '... for whom it works');
is(ask($url, 'POST', $_, token => $first->{access_token}, headers => { 'X-API-Key' => $first->{access_token} }, body => '{}')->{status}, 401, "its token is good at /mcp alone: $_") foreach '/rpc/whoami', '/mcp/key';
is(message(login($node, 'owner@example.com'), 'ping')->{status}, 401, '... where the page\'s own is not');
my $second = renewed($first->{refresh_token});
is($second->{status}, 200, 'tokens are renewed');
is(message($second->{access_token}, 'ping')->{status}, 200, '... and good');
is(renewed($second->{refresh_token}, resource => 'https://other.example/mcp')->{error}, 'invalid_target', '... not for another resource');
is_sql($node, 'va', "SELECT string_agg(client_name || ' ' || client_host, ',') FROM voiceagent.connections WHERE member_id = $member{viewer}", '<b>Claude</b> https://claude.ai', 'the connection is listed');
# An answer that was lost: the same again, for the same program, for a minute, while nobody has gone on from there.
my $same = renewed($first->{refresh_token});
is(join(' ', @$same{qw(status access_token refresh_token)}), join(' ', 200, @$second{qw(access_token refresh_token)}), 'a refresh token that comes again at once gives what it gave');
cmp_ok($same->{expires_in}, '<=', 3600, '... and no longer');
is(message($same->{access_token}, 'ping')->{status}, 200, '... which is good');
my $third = renewed($same->{refresh_token});
is($third->{status}, 200, '... and goes on');
is(renewed($first->{refresh_token})->{error}, 'invalid_grant', 'a refresh token that comes again after that');
is(message($third->{access_token}, 'ping')->{status}, 401, '... ends the newest, too');
wait_for_sql($node, 'va', "SELECT string_agg(m.role || ' ' || n.detail, '; ' ORDER BY m.role) FROM voiceagent.member_notices n JOIN voiceagent.members m USING (tenant_id, member_id) WHERE m.tenant_id = $tenant AND m.role IN ('viewer', 'owner')",
	join('; ', map { "$_ <b>Claude</b>, ended: what it shows to renew itself was shown by somebody else, too" } qw(owner viewer)), '... of which the member and the owner are told', 60);
is(message($_->{access_token}, 'ping')->{status}, 401, '... ends all tokens of its connection') foreach $first, $second;
is_sql($node, 'va', "SELECT new_value ->> 'why' FROM voiceagent.audit_log WHERE tenant_id = $tenant AND action = 'end_connection'", 'it came twice', '... and the audit log says why');

sub connected { my (%more) = @_; return exchanged(code => code_of(consent(%more))) }
my $lost = connected();
my $got_once = renewed($lost->{refresh_token});
is(renewed($lost->{refresh_token}, client_id => 'vc_1.x.y')->{error}, 'invalid_grant', 'another program gets none of it');
is(message($got_once->{access_token}, 'ping')->{status}, 401, '... and it is over');
$lost = connected();
$got_once = renewed($lost->{refresh_token});
$node->safe_psql('va', q{UPDATE voiceagent_private.oauth_tokens SET used_at = used_at - interval '61 seconds' WHERE used_at IS NOT NULL});
is(renewed($lost->{refresh_token})->{error}, 'invalid_grant', 'nor does it come after a minute');
is(message($got_once->{access_token}, 'ping')->{status}, 401, '... and it is over');
my $renewed = connected();
$renewed = renewed($renewed->{refresh_token}) foreach 1 .. 102;
is(message($renewed->{access_token}, 'ping')->{status}, 200, 'a program renews as often as it likes');
is_sql($node, 'va', 'SELECT max(n) FROM (SELECT count(*) AS n FROM voiceagent_private.oauth_tokens GROUP BY connection_id, kind) t', '100', '... and no more than a hundred tokens are kept');
$code = code_of(consent());
my $tokens = exchanged(code => $code);
is(exchanged(code => $code)->{error}, 'invalid_grant', 'a code that comes again');
is(message($tokens->{access_token}, 'ping')->{status}, 401, '... ends what was got by it');
foreach my $bad ([ code_verifier => 'w' x 50 ], [ client_id => 'vc_1.x.y' ], [ redirect_uri => 'https://claude.ai/other' ])
{
	$code = code_of(consent());
	is(exchanged(code => $code, @$bad)->{error}, 'invalid_grant', "a code with another $bad->[0]");
	is(exchanged(code => $code)->{error}, 'invalid_grant', '... is good no more');
}
is(exchanged(grant_type => 'password')->{error}, 'unsupported_grant_type', 'another grant');
$code = code_of(consent());
$node->safe_psql('va', q{UPDATE voiceagent_private.oauth_tokens SET expires_at = now() - interval '1 second' WHERE kind = 'code'});
is(exchanged(code => $code)->{error}, 'invalid_grant', 'a code that is late');

# ---- what ends a connection ----

my %ends = (
	'its member takes it back' => sub { my ($connection) = @_; rpc($url, login($node, 'manager@example.com'), 'revoke_connection', { connection_id => $connection + 0 }) },
	'an owner does' => sub { my ($connection) = @_; rpc($url, login($node, 'owner@example.com'), 'revoke_connection', { connection_id => $connection + 0 }) },
	'the member ends its sessions' => sub { rpc($url, login($node, 'manager@example.com'), 'end_sessions', {}) },
	'the member is not active' => sub { rpc($url, login($node, 'owner@example.com'), 'update_member', { member_id => $member{manager} + 0, active => JSON::PP::false }) });
foreach my $end ('its member takes it back', 'an owner does', 'the member ends its sessions', 'the member is not active')
{
	my $got = connected(email => 'manager@example.com');
	my $connection = $node->safe_psql('va', "SELECT max(connection_id) FROM voiceagent.connections WHERE member_id = $member{manager}");
	is(message($got->{access_token}, 'ping')->{status}, 200, 'a connection is good');
	is(rpc($url, login($node, 'viewer@example.com'), 'revoke_connection', { connection_id => $connection + 0 })->{status}, 403, '... no other member ends it');
	my $waits = $node->safe_psql('va', qq{INSERT INTO voiceagent_private.deferred_requests (tenant_id, asked_by, function_name, request, state, process, created_at) SELECT $tenant, 'somebody', 'simulate', '{}', 'running', 'none', now();
		INSERT INTO voiceagent_private.deferred_requests (tenant_id, asked_by, function_name, request, created_at) SELECT $tenant, 'member $member{manager}', 'simulate', jsonb_build_object('program', true, 'path', '/rpc/simulate', 'headers', '{}'::jsonb), now() RETURNING deferred_request_id})
		if $end =~ /takes it back|owner/;
	$ends{$end}->($connection, $got);
	is(message($got->{access_token}, 'ping')->{status}, 401, "... until $end");
	is(renewed($got->{refresh_token})->{error}, 'invalid_grant', '... and renewed no more');
	is_sql($node, 'va', "DELETE FROM voiceagent_private.deferred_requests RETURNING state || ' ' || deferred_request_id", "running " . ($waits - 1) . "\ncanceled $waits", '... and what it has asked for and waits is not done') if $waits;
}
is($node->safe_psql('va', "INSERT INTO voiceagent.connections (tenant_id, member_id, client_name, client_host, session_version, created_at, used_at) SELECT $tenant, $member{viewer}, 'P', 'h', 1, now(), now() FROM generate_series(1, 20) ") // '', '', 'a member that lets in twenty programs within an hour');
like(consent()->{content}, qr/Too many new connections/, '... is asked to wait');
$node->safe_psql('va', "DELETE FROM voiceagent.connections WHERE member_id = $member{viewer}");

# A program that is described at its own address: what was found there counts, if it names that address itself.
my $document = 'https://program.example/client.json';
sub known { my ($text) = @_; return $node->safe_psql('va', "SELECT voiceagent_private.oauth_known_client('$document', \$d\$$text\$d\$) ->> 'client_name'") }
is(known($json->encode({ client_id => $document, client_name => 'P', redirect_uris => ['https://program.example/cb'] })), 'P', 'a program by its document');
is(known($_), '', '... not by ' . substr($_, 0, 60)) foreach '', 'nonsense', $json->encode({ client_id => 'https://other.example/', client_name => 'P', redirect_uris => ['https://program.example/cb'] }), $json->encode({ client_id => $document, redirect_uris => ['http://evil.example/'] });

# A person at the page, in a browser that obeys its Content-Security-Policy.
rpc($url, login($node, 'owner@example.com'), 'update_member', { member_id => $member{manager} + 0, active => JSON::PP::true });
my $robot = $json->decode(ask($url, 'POST', '/oauth/register', body => encode_json({ client_name => 'a robot', redirect_uris => ['http://127.0.0.1/health'] }))->{content})->{client_id};
my $robots = query(%asked, client_id => $robot, redirect_uri => "$url/health", state => 'abc');
SKIP:
{
	skip 'no chromium and node on the PATH', 1 unless grep { -x "$_/chromium" } split /:/, $ENV{PATH};
	foreach my $line (visit('consent.js', $url, 120, $node->basedir . '/browser', $robots))
	{
		if ($line =~ /^(not )?ok \d+ - (.*)/) { ok(!$1, $2) }
		elsif ($line =~ /^1[.][.](\d+)/) { is($1, 9, 'all of it ran') }
		else { diag($line) }
	}
}

is_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.oauth_tokens t WHERE t::text ~ 'v[org]_'}, 0, 'no token is kept');
is(scalar(grep { /v[org]_[A-Za-z0-9_-]{43}|correct horse|$verifier/ } split /\n/, slurp_file($node->logfile)), 0, '... nor in the log');
done_testing();
