# Members log in at their tenant's identity provider: a real one (from npm), and one that lies in every way that it can.  What an
# issuer says counts in its own tenant alone, for the browser that asked, once.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256 sha256_base64);
use File::Copy qw(copy);
use HTTP::Tiny;
use IO::Socket::INET;
use JSON::PP;
use MIME::Base64 qw(decode_base64 encode_base64url);
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console('voiceagent.api_processes' => 2, 'voiceagent.gateway_trusted_proxies' => '127.0.0.1');
my ($acme, $other) = map { create_tenant($node, 'va', $_) } 'Acme', 'Other';
my %member = members($node, $acme, qw(owner viewer agent));
$node->safe_psql('va', "SELECT voiceagent.create_member($other, 'viewer\@example.com', '$console_password', 'owner')");
my $json = JSON::PP->new->canonical->allow_nonref;
my $folder = $node->basedir;
my %children;
END { my $status = $?; kill 'TERM', keys %children; waitpid $_, 0 foreach keys %children; $? = $status }

# ---- a browser ----

# No step that is not asked for: where an answer leads is what is judged.
my (%cookies, %kept);
my $http = HTTP::Tiny->new(timeout => 40, max_redirect => 0);
sub browse
{
	my ($address, $form) = @_;
	my ($host) = $address =~ m{^(https?://[^/]+)};
	my $jar = $cookies{$host} //= {};
	my %headers = (%$jar ? (Cookie => join '; ', map { "$_=$jar->{$_}" } sort keys %$jar) : (), $form ? ('Content-Type' => 'application/x-www-form-urlencoded') : ());
	my $answer = $http->request($form ? 'POST' : 'GET', $address, { headers => \%headers, $form ? (content => $form) : () });
	foreach my $set (map { ref $_ ? @$_ : $_ // () } $answer->{headers}{'set-cookie'})
	{
		my ($name, $value) = $set =~ /^([^=]+)=([^;]*)/;
		$kept{$name} = $set;
		$jar->{$name} = $value if $name ne 'va_session';
		delete $jar->{$name} if $value eq '';
	}
	return $answer;
}
sub query { my (%fields) = @_; return join '&', map { "$_=" . ($fields{$_} =~ s{([^A-Za-z0-9._~-])}{sprintf '%%%02X', ord $1}ger) } sort keys %fields }
sub asked { my ($answer) = @_; my %q = map { split /=/, $_, 2 } split /&/, ($answer->{headers}{location} // '') =~ s/.*?\?//r; s/%(..)/chr hex $1/ge foreach values %q; return %q }
sub says { my ($answer) = @_; return "$answer->{status} " . ($answer->{headers}{location} // ($answer->{content} =~ m{role="alert">(.*?)<}s)[0] // $answer->{content}) }
# Whoever was let in, as the page finds out when it is loaded.
sub who
{
	my ($answer) = @_;
	my ($session) = ($kept{va_session} // '') =~ /^va_session=([^;]+)/;
	delete $kept{va_session};
	return says($answer) if "$answer->{status} " . ($answer->{headers}{location} // '') ne '303 /' || !$session;
	my $token = $json->decode($http->request('POST', "$url/rpc/renew", { headers => { Cookie => "va_session=$session" } })->{content});
	my $staff = rpc($url, $token, 'staff_whoami');
	return join ' ', 'staff', map { ref $_ ? @$_ : $_ } @{ $json->decode($staff->{content}) }{qw(email roles)} if $staff->{status} == 200;
	my $me = $json->decode(rpc($url, $token, 'whoami')->{content});
	return "$me->{tenant_id} $me->{email} $me->{role}";
}

# ---- a provider that says what it is told to ----

sub openssl { my ($args, $in) = @_; append_to_file("$folder/in", ''); open my $f, '>:raw', "$folder/in" or die; print $f $in // ''; close $f; my $out = qx(openssl $args < "$folder/in" 2>/dev/null); die "openssl $args" if $?; return $out }
openssl("genrsa -out '$folder/$_.pem' 2048") foreach qw(one two small);
openssl("genrsa -out '$folder/small.pem' 1024");
openssl("ecparam -name prime256v1 -genkey -noout -out '$folder/p256.pem'");
sub rsa_jwk { my ($name, %more) = @_; my ($n) = openssl("rsa -in '$folder/$name.pem' -noout -modulus") =~ /=([0-9A-F]+)/; return { kty => 'RSA', kid => $name, n => encode_base64url(pack 'H*', $n), e => 'AQAB', %more } }
sub p256_jwk { my $point = substr openssl("ec -in '$folder/p256.pem' -pubout -outform DER"), -64; return { kty => 'EC', crv => 'P-256', kid => 'p256', use => 'sig', x => encode_base64url(substr $point, 0, 32), y => encode_base64url(substr $point, 32) } }
# From DER to the two numbers of JWS.
sub raw_of { my ($der) = @_; my ($r, $s) = map { substr("\0" x 32 . $_, -32) } unpack 'x3 C/a x C/a', $der; return $r . $s }
sub signed
{
	my ($header, $claims) = @_;
	my $text = encode_base64url(encode_json($header)) . '.' . encode_base64url(encode_json($claims));
	my $key = $header->{kid} && -e "$folder/$header->{kid}.pem" ? $header->{kid} : 'one';
	my $signature = $header->{alg} eq 'none' ? '' : $header->{alg} eq 'HS256' ? hmac_sha256($text, openssl("rsa -in '$folder/one.pem' -pubout"))
		: openssl("dgst -sha256 -sign '$folder/" . ($header->{alg} eq 'ES256' ? 'p256' : $key) . ".pem'", $text);
	$signature = raw_of($signature) if $header->{alg} eq 'ES256';
	return "$text." . encode_base64url($signature);
}

my $listener = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $issuer = 'http://127.0.0.1:' . $listener->sockport;
my $server = fork // die;
if ($server == 0)
{
	%children = ();
	while (my $client = $listener->accept)
	{
		my ($head, $body) = ('', '');
		while (my $line = <$client>) { $head .= $line; last if $line eq "\r\n"; }
		read $client, $body, $1 if $head =~ /^content-length: (\d+)/im;
		my ($path) = $head =~ m{^\w+ /(\S+)};
		append_to_file("$folder/asked", $json->encode({ path => $path, head => $head, body => $body }) . "\n");
		my $file = "$folder/say." . ($path =~ s{.*/}{}r);
		my $say = -e $file ? slurp_file($file) : '';
		print $client 'HTTP/1.1 ', (-e $file ? '200 OK' : '404 No'), "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " . length($say) . "\r\n\r\n$say";
		close $client;
	}
	POSIX::_exit(0);
}
$children{$server} = 1;
$listener->close;
sub say_of { my ($what, $value) = @_; unlink "$folder/say.$what"; append_to_file("$folder/say.$what", ref $value ? encode_json($value) : $value) if defined $value }
append_to_file("$folder/asked", '');
sub n_asked { my ($path) = @_; return scalar grep { $_->{path} =~ /\Q$path\E$/ } map { $json->decode($_) } split /\n/, slurp_file("$folder/asked") }
sub last_post { return (grep { $_->{path} eq 'token' } map { $json->decode($_) } split /\n/, slurp_file("$folder/asked"))[-1] }
my %discovery = (issuer => $issuer, authorization_endpoint => "$issuer/auth", token_endpoint => "$issuer/token", jwks_uri => "$issuer/keys", scopes_supported => [qw(openid email groups)]);
say_of('openid-configuration', \%discovery);
say_of('keys', { keys => [ rsa_jwk('one'), rsa_jwk('small'), p256_jwk() ] });

sub set_sign_on
{
	my ($tenant, $token, %more) = @_;
	return rpc($url, $token // login($node, 'owner@example.com'), 'set_sign_on', { issuer => $issuer, client_id => 'us', client_secret => 'a secret & more', mail_domains => ['example.com'], %more });
}
# All that is remembered of the provider is forgotten: so is when it was asked.
sub fresh { $node->safe_psql('va', 'DELETE FROM voiceagent_private.sign_on_documents') }
sub back { my ($tenant, %q) = @_; return browse("$url/sign-on/$tenant/back?" . query(%q)) }
my $sub = 'account-1';
sub claims { my ($nonce, %more) = @_; my %all = (iss => $issuer, aud => 'us', sub => $sub, exp => time + 300, iat => time, nonce => $nonce, email => 'viewer@example.com', email_verified => JSON::PP::true, %more); delete $all{$_} foreach grep { !defined $all{$_} } keys %all; return \%all }
# A whole login, of which one thing is as given.
sub logged_in
{
	my ($tenant, $header, %more) = @_;
	my %q = asked(browse("$url/sign-on/$tenant"));
	say_of('token', { id_token => signed({ alg => 'RS256', kid => 'one', %{ $header // {} } }, claims($q{nonce}, %more)) });
	return back($tenant, code => 'c0de', state => $q{state});
}

# ---- setting it up ----

is(said(set_sign_on($acme)), '409 PT409', 'the console has an address first');
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_links', '$url/')");
is(said(set_sign_on($acme)), '422 PT422', 'a provider in our own network is one that the platform allows');
$node->safe_psql('va', "SELECT voiceagent.set_setting('sign_on_private_hosts', '127.0.0.1:" . ($issuer =~ /(\d+)$/)[0] . "')");
is(says($http->get("$url/sign-on/$acme")), '404 ' . $http->get("$url/sign-on/$acme")->{content}, 'before there is a provider there is nothing');
my $set = $json->decode(set_sign_on($acme)->{content});
is("$set->{log_in_at} $set->{redirect_uri}", "$url/sign-on/$acme $url/sign-on/$acme/back", 'an owner registers one, and is told what to tell it');
is(said(set_sign_on($acme, undef, @$_)), '422 PT422', "... not with $_->[0] " . $json->encode($_->[1])) foreach [ issuer => 'http://10.0.0.1/' ], [ issuer => "$issuer/?x=1" ], [ client_id => '' ], [ mail_domains => [] ], [ mail_domains => ['com'] ], [ roles => { staff => 'owner' } ], [ roles => [] ];
is(said(set_sign_on($acme, login($node, 'agent@example.com'))), '403 PT403', '... and nobody else');
unlike($node->safe_psql('va', 'SELECT string_agg(t::text, $$ $$) FROM voiceagent.audit_log t') . slurp_file($node->logfile), qr/a secret & more/, 'its secret is in no log');

like(as_tenant($node, 'va', $acme, readme_block('972_sign_on')), qr{/sign-on/$acme/back}, 'as it is documented');
set_sign_on($acme);

# ---- one that lies ----

my %q = asked(my $begun = browse("$url/sign-on/$acme"));
like(says($begun), qr{^303 \Q$issuer\E/auth\?}, 'a browser is sent to the provider');
is("$q{response_type} $q{client_id} $q{scope} $q{code_challenge_method} $q{redirect_uri}", "code us openid email groups S256 $url/sign-on/$acme/back", '... with a proof key');
like($kept{va_sign_on}, qr{; Path=/sign-on/; HttpOnly; SameSite=Lax; Max-Age=600$}, '... and a cookie that no script reads');
say_of('token', { id_token => signed({ alg => 'RS256', kid => 'one' }, claims($q{nonce})) });
my $way_in = $cookies{$url}{va_sign_on};
is(who(back($acme, code => 'c0de', state => $q{state}, iss => $issuer)), "$acme viewer\@example.com viewer", 'a member is logged in');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.members WHERE email_proved_at IS NOT NULL', 0, '... whose address no provider proves, as it may say anything');
my %sent = map { split /=/, $_, 2 } split /&/, last_post()->{body};
my ($basic) = last_post()->{head} =~ /^authorization: Basic (\S+)/im;
is(sha256_base64($sent{code_verifier}) =~ tr{+/}{-_}r, $q{code_challenge}, 'the provider was shown the key');
is(decode_base64($basic), 'us:a%20secret%20%26%20more', '... and the secret');
like($kept{va_sign_on}, qr/^va_sign_on=;.*Max-Age=0/, 'the cookie is taken back');
$cookies{$url}{va_sign_on} = $way_in;
is(says(back($acme, code => 'c0de', state => $q{state})), '403 This login was used before.', 'the same code comes again, with its cookie');
delete $cookies{$url}{va_sign_on};
like(says(back($acme, code => 'c0de', state => $q{state})), qr/^403 This answers no login/, '... and without it');
my %wrong = (
	'no nonce' => [ {}, nonce => undef ], 'another nonce' => [ {}, nonce => 'x' x 43 ], 'another issuer' => [ {}, iss => "$issuer/" ], 'another audience' => [ {}, aud => 'them' ],
	'several audiences and no azp' => [ {}, aud => [ 'us', 'them' ] ], 'another azp' => [ {}, aud => [ 'us', 'them' ], azp => 'them' ], 'its time over' => [ {}, exp => time - 100, iat => time - 200 ],
	'no end' => [ {}, exp => undef ], 'an old one' => [ {}, iat => int(time) - 3600 ], 'one of tomorrow' => [ {}, iat => int(time) + 3600, exp => int(time) + 7200 ], 'nobody' => [ {}, sub => '' ],
	'an address that is not verified' => [ {}, email_verified => JSON::PP::false ], '... of which nothing is said' => [ {}, email_verified => undef ], 'a text for true' => [ {}, email_verified => 'yes' ],
	'an address of another domain' => [ {}, email => 'viewer@example.com.evil.example', sub => 's2' ], 'no address' => [ {}, email => undef, sub => 's2' ], 'who is no member' => [ {}, email => 'stranger@example.com', sub => 's2' ],
	'another account of a member' => [ {}, sub => 's2' ], 'no signature' => [ { alg => 'none' } ], 'an HMAC by the public key' => [ { alg => 'HS256' } ], 'another algorithm of RSA' => [ { alg => 'RS512' } ],
	'a key too short' => [ { kid => 'small' } ], 'a critical header' => [ { crit => ['x'] } ], 'ES256 by the name of an RSA key' => [ { alg => 'ES256' } ]);
is(who(logged_in($acme, @{ $wrong{$_} })) =~ /^403 / ? 'refused' : 'let in', 'refused', "refused: $_") foreach sort keys %wrong;
is(who(logged_in($acme, { alg => 'ES256', kid => 'p256' })), "$acme viewer\@example.com viewer", 'an elliptic key signs as well');
is(who(logged_in($acme, {}, aud => [ 'us', 'them' ], azp => 'us', exp => int(time) - 30)), "$acme viewer\@example.com viewer", '... for several, by a clock that is behind');
foreach my $broken ('', 'nonsense', '[' x 3000, encode_json({ id_token => 'a.b.c' }), encode_json({ id_token => 'e30.e30.' }), encode_json({ error => 'invalid_grant' }), 'x' x 100_000)
{
	my %now = asked(browse("$url/sign-on/$acme"));
	say_of('token', $broken);
	like(says(back($acme, code => 'c0de', state => $now{state})), qr/^(403|502) The provider/, 'an answer that is none: ' . substr $broken, 0, 20);
}
%q = asked(browse("$url/sign-on/$acme"));
like(says(back($acme, code => 'c0de', state => $q{state}, iss => 'https://evil.example')), qr/^403 This answers no login/, 'an answer of another issuer is not taken to ours');
%q = asked(browse("$url/sign-on/$acme"));
my $denied = back($acme, error => '<b>denied</b>', state => $q{state});
like($denied->{content}, qr/let you in: &lt;b&gt;denied/, 'whom the provider refuses is told so, in words');

# ---- keys come and go ----

$node->safe_psql('va', q{UPDATE voiceagent_private.sign_on_documents SET keys_asked_at = keys_asked_at - interval '1 minute'});
my $before = n_asked('keys');
like(says(logged_in($acme, { kid => 'two' })), qr/^403 .*does not publish/, 'a key that the provider does not publish');
is(n_asked('keys'), $before + 1, '... is looked for once');
say_of('keys', { keys => [ rsa_jwk('two') ] });
like(says(logged_in($acme, { kid => 'two' })), qr/^403 .*does not publish/, '... not again at once');
is(n_asked('keys'), $before + 1, '... however often it comes');
$node->safe_psql('va', q{UPDATE voiceagent_private.sign_on_documents SET keys_asked_at = keys_asked_at - interval '1 minute'});
is(who(logged_in($acme, { kid => 'two' })), "$acme viewer\@example.com viewer", '... and later it is there');
is(n_asked('openid-configuration'), 1, 'all the while the provider was asked once what it is');
fresh();
say_of('openid-configuration', { %discovery, issuer => 'https://evil.example' });
like(says(browse("$url/sign-on/$acme")), qr/^502 /, 'a provider that says it is another');
fresh();
say_of('openid-configuration', { %discovery, token_endpoint => 'http://10.0.0.1/token' });
like(says(browse("$url/sign-on/$acme")), qr/^502 /, '... or would have us ask within');
foreach my $said (undef, '<html>Back soon</html>')
{
	fresh();
	say_of('openid-configuration', $said);
	like(says(browse("$url/sign-on/$acme")), qr/^502 The identity provider of this workspace gives no usable answer/, '... or says ' . ($said // 'nothing'));
}
my $asked = n_asked('openid-configuration');
browse("$url/sign-on/$acme") foreach 1 .. 5;
is(n_asked('openid-configuration'), $asked, '... is not asked again at once');
fresh();
say_of('openid-configuration', { %discovery, token_endpoint_auth_methods_supported => ['client_secret_post'] });
is(who(logged_in($acme, { kid => 'two' })), "$acme viewer\@example.com viewer", 'one that takes the secret with the form');
like(last_post()->{body}, qr/&client_secret=a%20secret%20%26%20more$/, '... gets it there');
foreach my $answer ('<html>busy</html>', undef)
{
	$node->safe_psql('va', q{UPDATE voiceagent_private.sign_on_documents SET discovered_at = discovered_at - interval '2 hours', asked_at = asked_at - interval '2 hours'});
	say_of('openid-configuration', $answer);
	unlink "$folder/say.openid-configuration" if !defined $answer;
	is(browse("$url/sign-on/$acme")->{status}, 303, 'what was known before is better than ' . ($answer // 'nothing'));
}

# ---- a provider of somebody else's that never answers: it has a few places, and strangers of many networks share them ----

say_of('openid-configuration', \%discovery);
fresh();
my $mute = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 100) or die $!;
my $silent = 'http://127.0.0.1:' . $mute->sockport;
$node->safe_psql('va', "SELECT voiceagent.set_setting('sign_on_private_hosts', '$issuer $silent' COLLATE \"C\")" =~ s{http://}{}gr);
$node->safe_psql('va', "INSERT INTO voiceagent.sign_ons (tenant_id, issuer, client_id, mail_domains, roles, new_members, required, changed_at) VALUES ($other, '$silent', 'us', '{example.com}', '{}', false, false, now());"
	. "INSERT INTO voiceagent_private.sign_on_documents (tenant_id, discovery, discovered_at, asked_at) VALUES ($other, '" . encode_json({ %discovery, issuer => $silent, token_endpoint => "$silent/token" }) . "', now(), now())");
sub begun_of { my ($tenant) = @_; my %begun = asked(browse("$url/sign-on/$tenant")); return "GET /sign-on/$tenant/back?code=c0de&state=$begun{state} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: va_sign_on=$cookies{$url}{va_sign_on}\r\n" }
sub sent_from { my ($n, $request) = @_; my $socket = IO::Socket::INET->new($url =~ s{http://}{}r) or die $!; print $socket "${request}X-Forwarded-For: 198.51.$n.1\r\n\r\n"; return $socket }
my @begun = map { begun_of($other) } 0 .. 24;
my @sent = sent_from(0, $begun[0]);
ok($mute->accept, 'it is asked');
sub answer_of { my ($socket) = @_; local $/; return scalar <$socket> }
like(answer_of(sent_from(99, $begun[0])), qr/^HTTP\S* 403 .*This login was used before/s, '... once for a login, whatever comes of it');
push @sent, map { sent_from($_, $begun[$_]) } 1 .. 24;
is(who(logged_in($acme, { kid => 'two' })), "$acme viewer\@example.com viewer", 'beside it the logins of another tenant go on');
# All of them have ended before the places are wanted again.
is(scalar(grep { answer_of($_) =~ /^HTTP\S* 303/ } @sent), 0, '... and nobody is let in by silence');
$node->safe_psql('va', "DELETE FROM voiceagent.sign_ons WHERE tenant_id = $other");

# ---- members, groups, and passwords ----

my $owner = login($node, 'owner@example.com');
# Of a provider whose tokens say nothing of it the owner says whether its addresses are verified; that it has not is believed.
my %silent = (email_verified => undef);
set_sign_on($acme, $owner, client_secret => undef, mail_is_verified => JSON::PP::true);
is(who(logged_in($acme, { kid => 'two' }, %silent, %{ $_->[1] })) =~ /^403 / ? 'refused' : 'let in', $_->[0], 'the owner\'s word, and ' . encode_json($_->[1])) foreach [ 'let in', {} ], [ 'let in', { email_verified => 'true' } ], [ 'let in', { email_verified => JSON::PP::true } ], [ 'let in', { xms_edov => JSON::PP::true } ],
	[ 'let in', { xms_edov => '1' } ], map { [ 'refused', $_ ] } { email_verified => JSON::PP::false }, { email_verified => 'false' }, { email_verified => '' }, { email_verified => 0 }, { email_verified => [] }, { xms_edov => JSON::PP::false }, { xms_edov => '0' },
	{ email_verified => JSON::PP::false, xms_edov => JSON::PP::true }, { email => 'viewer@example.com.evil.example', sub => 's3' }, { email => 'stranger@example.com', sub => 's3' };
set_sign_on($acme, $owner, client_secret => undef);
is(who(logged_in($acme, { kid => 'two' }, %silent)) =~ /^403 / ? 'refused' : 'let in', 'refused', '... which can be taken back');
set_sign_on($acme, $owner, client_secret => undef, roles => { staff => 'agent', heads => 'manager' }, new_members => JSON::PP::true);
sub by { my ($sub, $email, @groups) = @_; return who(logged_in($acme, { kid => 'two' }, sub => $sub, email => $email, groups => \@groups)) }
is(by($sub, 'viewer@example.com', 'staff', 'x'), "$acme viewer\@example.com agent", 'a group gives its role');
is(by($sub, 'viewer@example.com', 'staff', 'heads'), "$acme viewer\@example.com manager", '... several the one that may most');
like(by($sub, 'viewer@example.com', 'x'), qr/^403 None of your groups/, '... none keeps out');
is(by('boss', 'owner@example.com', 'staff'), "$acme owner\@example.com owner", 'an owner stays one');
is(by('new', 'New@Example.com', 'staff'), "$acme new\@example.com agent", 'whom the provider knows becomes a member');
like(by('newer', 'newer@example.com'), qr/^403 You are no member/, '... with a role');
is(by('new', 'renamed@example.com', 'staff'), "$acme new\@example.com agent", 'the account counts, whatever its address is now');
is(rpc($url, $owner, 'unlink_sign_on', { member_id => $member{viewer} + 0 })->{status}, 204, 'an owner parts a member from its account');
is(by('account-2', 'viewer@example.com', 'staff'), "$acme viewer\@example.com agent", '... and the next one of the address is it');
rpc($url, $owner, 'update_member', { member_id => $member{viewer} + 0, active => JSON::PP::false });
like(by('account-2', 'viewer@example.com', 'staff'), qr/^403 This member is not active/, 'who is not active is not let in');
rpc($url, $owner, 'update_member', { member_id => $member{viewer} + 0, active => JSON::PP::true });

sub by_password { my ($email, $tenant) = @_; return said(rpc($url, undef, 'login', { email => $email, password => $console_password, tenant_id => $tenant + 0 })) =~ s/ "?ey.*//r }
my $old = $node->safe_psql('va', "SELECT voiceagent.login('agent\@example.com', '$console_password', $acme)");
is(rpc($url, $old, 'whoami')->{status}, 200, 'a session by password');
set_sign_on($acme, $owner, client_secret => undef, required => JSON::PP::true);
is(rpc($url, $old, 'whoami')->{status}, 401, '... ends where the provider is required');
is(by_password('agent@example.com', $acme), '403 PT403', '... and no password begins another');
is(by_password('owner@example.com', $acme), '200', '... but an owner\'s, should the provider be away');
is(by_password('viewer@example.com', $other), '200', '... and those of other tenants');
my $elsewhere = $json->decode(rpc($url, undef, 'login', { email => 'viewer@example.com', password => $console_password, tenant_id => $other + 0 })->{content});
is(said(rpc($url, $elsewhere, 'switch_workspace', { tenant_id => $acme + 0 })), '403 PT403', 'nor does a password of the same person elsewhere');

# ---- one tenant's issuer is nobody's elsewhere ----

logged_in($acme, { kid => 'two' }, sub => 'account-2');
my $here = $json->decode($http->request('POST', "$url/rpc/renew", { headers => { Cookie => $kept{va_session} =~ s/;.*//r } })->{content});
is(join(',', map { $_->{tenant_id} } @{ $json->decode(rpc($url, $here, 'my_workspaces')->{content}) }), $acme, 'who logged in there has no other workspace');
is(said(rpc($url, $here, 'switch_workspace', { tenant_id => $other + 0 })), '404 PT404', '... and gets into none, though the password is the same');
is(said(rpc($url, $here, 'add_workspace', { password => $console_password })), '403 PT403', '... nor adds one');
my $again = $json->decode(rpc($url, $here, 'renew_session')->{content});
is(said(rpc($url, $again, 'switch_workspace', { tenant_id => $other + 0 })), '404 PT404', '... nor after a renewal');
%q = asked(browse("$url/sign-on/$acme"));
say_of('token', { id_token => signed({ alg => 'RS256', kid => 'two' }, claims($q{nonce}, sub => 'account-2')) });
is(back($other, code => 'c0de', state => $q{state})->{status}, 404, 'its answer at a tenant without one');
set_sign_on($other, $elsewhere);
like(says(back($other, code => 'c0de', state => $q{state})), qr/^403 This answers no login/, '... and at one with the same');
is(browse("$url$_")->{status}, 404, "there is nothing at $_") foreach "/sign-on/$acme/", "/sign-on/$acme/back/x", '/sign-on/', '/sign-on/999999', '/sign-on/-1', '/sign-on/x';
is($http->request('POST', "$url/sign-on/$acme")->{status}, 405, 'nothing is posted there');

# ---- the platform's staff, by the same way ----

my $staff_set = "voiceagent.set_staff_sign_on('$issuer', 'us', '{example.com}', 'a staff secret'";
is(browse("$url/sign-on/staff")->{status}, 404, 'before the staff has a provider there is nothing');
is($node->psql('va', "SELECT voiceagent.set_staff_sign_on('$issuer', 'us', '{example.com}', roles := '{\"x\": \"owner\"}')"), 3, 'a provider makes no owners of the staff');
is($node->safe_psql('va', "SELECT $staff_set, roles := '{\"desk\": \"support\", \"money\": \"finance\"}') ->> 'log_in_at'"), "$url/sign-on/staff", 'an administrator registers one');
unlike($node->safe_psql('va', 'SELECT string_agg(t::text, $$ $$) FROM voiceagent_private.platform_audit_log t') . slurp_file($node->logfile), qr/a staff secret/, '... whose secret is in no log');
my @mfa = (amr => [ 'pwd', 'mfa' ], email => 'kim@example.com', sub => 'kim');
like(who(logged_in('staff', { kid => 'two' }, @mfa, amr => undef, groups => ['desk'])), qr/^403 .*second factor/, 'whom the provider has shown no second factor is refused');
like(who(logged_in('staff', { kid => 'two' }, @mfa, amr => ['pwd'], acr => '0', groups => ['desk'])), qr/^403 .*second factor/, '... or another one');
like(who(logged_in('staff', { kid => 'two' }, @mfa, groups => ['lunch'])), qr/^403 You are not of the staff/, '... or has no group of ours');
like(who(logged_in('staff', { kid => 'two' }, @mfa, email => 'kim@evil.example', groups => ['desk'])), qr/^403 .*domain/, '... or an address of another domain');
is(who(logged_in('staff', { kid => 'two' }, @mfa, groups => [ 'desk', 'money' ])), 'staff kim@example.com finance support', 'somebody of two groups is of the staff, by both roles');
my ($basic_of) = last_post()->{head} =~ /^authorization: Basic (\S+)/im;
is(decode_base64($basic_of), 'us:a%20staff%20secret', '... the provider was shown the platform\'s secret');
is(who(logged_in('staff', { kid => 'two' }, @mfa, groups => ['money'], email => 'other@example.com')), 'staff kim@example.com finance', '... next time by the account, whatever its address, and by the groups of now');
like(who(logged_in('staff', { kid => 'two' }, @mfa, sub => 'kim2', groups => ['money'])), qr/^403 .*another account/, 'another account of the same address');
like(who(logged_in('staff', { kid => 'two' }, @mfa, groups => [])), qr/^403 .*no role|^403 None of your groups/, 'whom no group lets in any more');
$node->safe_psql('va', "SELECT voiceagent.add_staff('boss\@example.com', '{owner}')");
like(who(logged_in('staff', { kid => 'two' }, @mfa, email => 'boss@example.com', sub => 'boss', groups => ['money'])), qr/^403 Owners of the staff log in by their password/, 'owners of the staff are not the provider\'s');
$node->safe_psql('va', "SELECT voiceagent.update_staff(staff_id, active := false) FROM voiceagent.list_staff() WHERE email LIKE 'kim%'");
like(who(logged_in('staff', { kid => 'two' }, @mfa, groups => ['money'])), qr/^403 This account is not active/, 'who was taken out stays out');
$node->safe_psql('va', "SELECT voiceagent.update_staff(staff_id, active := true) FROM voiceagent.list_staff() WHERE email LIKE 'kim%'");
$node->safe_psql('va', "SELECT $staff_set, roles := '{\"money\": \"finance\"}', acr := 'strong')");
my %strong = asked(browse("$url/sign-on/staff"));
is($strong{acr_values}, 'strong', 'a provider that says it by a class is asked for it');
is(who(logged_in('staff', { kid => 'two' }, @mfa, amr => undef, acr => 'strong', groups => ['money'])), 'staff kim@example.com finance', '... and believed');
%q = asked(browse("$url/sign-on/staff"));
say_of('token', { id_token => signed({ alg => 'RS256', kid => 'two' }, claims($q{nonce}, @mfa, groups => ['money'])) });
like(says(back($acme, code => 'c0de', state => $q{state})), qr/^403 This answers no login/, 'what the staff has begun ends at no tenant');
%q = asked(browse("$url/sign-on/$acme"));
like(says(back('staff', code => 'c0de', state => $q{state})), qr/^403 This answers no login/, '... and the other way round');
fresh();
say_of('openid-configuration', undef);
is(browse("$url/sign-on/$_")->{status}, 502, "a provider that is gone: $_") foreach $acme, 'staff';
like($node->safe_psql('va', q{SELECT voiceagent.health() ->> 'problems'}), qr/identity provider of the staff gives no usable answer/, '... which the platform\'s health says');
is(scalar(grep { $_->{kind} eq 'sign_on' } @{ $json->decode(rpc($url, $owner, 'waiting_page')->{content})->{others} }), 1, '... and what waits for the workspace');
say_of('openid-configuration', \%discovery);
fresh();
browse("$url/sign-on/staff");
unlike($node->safe_psql('va', q{SELECT voiceagent.health() ->> 'problems'}), qr/identity provider of the staff/, '... until it is there again');
$node->safe_psql('va', q{SELECT voiceagent_private.login_failed('staff kim@example.com') FROM generate_series(1, 100)});
like($node->safe_psql('va', q{SELECT voiceagent.health() ->> 'problems'}), qr/staff \d+ is locked out/, 'who of the staff is locked out is said there, too');

# ---- a tenant that lives elsewhere ----

$node->safe_psql('va', 'INSERT INTO voiceagent_private.tenant_moves (tenant_id, cell, state, served, changed_at) VALUES (4242, 2, $$gone$$, false, now())');
is(browse("$url/sign-on/4242")->{status}, 421, 'a tenant that another cell serves');
$node->safe_psql('va', 'DELETE FROM voiceagent_private.tenant_moves WHERE tenant_id = 4242');

# ---- a real one ----

SKIP:
{
	copy("regress/oidc/$_", "$folder/$_") or die "$_: $!" foreach qw(package.json package-lock.json .npmrc provider.mjs);
	qx(cd '$folder' && timeout 240 npm ci --ignore-scripts --silent --fetch-retries=1 2>&1);
	append_to_file("$folder/provider.log", '');
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	my $real = "http://127.0.0.1:$port";
	my $pid = fork // die;
	if ($pid == 0) { open STDOUT, '>>', "$folder/provider.log"; open STDERR, '>&', \*STDOUT; exec('node', "$folder/provider.mjs", $port, map { "$url/sign-on/$_/back" } $acme, 'staff') or POSIX::_exit(1) }
	$children{$pid} = 1;
	my $until = time + 60;
	sleep 0.1 while time < $until && slurp_file("$folder/provider.log") !~ /^ready/m && waitpid($pid, POSIX::WNOHANG()) == 0;
	skip 'the registry of npm cannot be reached, or its provider does not run here', 1 if slurp_file("$folder/provider.log") !~ /^ready/m;
	$node->safe_psql('va', "SELECT voiceagent.set_setting('sign_on_private_hosts', '127.0.0.1:$port')");
	is(set_sign_on($acme, $owner, issuer => $real, client_id => 'console', client_secret => 'its secret', roles => { staff => 'agent' })->{status}, 200, 'a provider that others use is registered');
	is($node->safe_psql('va', "SELECT voiceagent.set_staff_sign_on('$real', 'console', '{example.com}', 'its secret', '{\"staff\": \"operator\"}') ->> 'redirect_uri'"), "$url/sign-on/staff/back", '... and the staff has it as well');
	my @rounds = ([ $acme, 'viewer', "$acme viewer\@example.com agent" ], [ $acme, 'viewer', "$acme viewer\@example.com agent" ],
		[ 'staff', 'otto', 'staff otto@example.com operator' ], [ 'staff', 'weak', undef ]);
	foreach my $round (0 .. $#rounds)
	{
		my ($whose, $name, $is) = @{ $rounds[$round] };
		delete $cookies{$real} if $round > 1;
		my $at = browse("$url/sign-on/$whose");
		like(says($at), qr{^303 \Q$real\E/auth\?}, 'a browser is sent there');
		for (1 .. 10)
		{
			my $to = $at->{headers}{location};
			last if $to && $to =~ m{/sign-on/};
			my ($action, $prompt) = $at->{content} =~ /action="([^"]+)".*?name="prompt" value="(\w+)"/s;
			$at = $to ? browse($to =~ m{^/} ? "$real$to" : $to) : browse($action, query(prompt => $prompt, login => $name, password => 'any'));
		}
		my $used = $at->{headers}{location} // '';
		like($used, qr{^\Q$url\E/sign-on/$whose/back\?code=}, '... and back with a code');
		my $in = who(browse($used));
		is($is ? $in : $in =~ /second factor/, $is // 1, $is ? "$name logs in, at $whose" : 'by one factor nobody is of the staff');
		next if !$is;
		like(says(browse($used)), qr/^403 This answers no login/, '... once');
	}
	is(rpc($url, $owner, 'drop_sign_on')->{status}, 204, 'an owner takes it away');
	is(browse("$url/sign-on/$acme")->{status}, 404, '... and there is nothing');
	is(by_password('agent@example.com', $acme), '200', '... but passwords');
}
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
