# Proofs that need keys: tokens, logins, API keys, PostgREST's claims; and secrets that stay secret.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256 hmac_sha512);
use JSON::PP;
use MIME::Base64 qw(encode_base64url);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main', fsync => 'on', 'voiceagent.public_base_url' => 'https://calls.example.com', 'voiceagent.authenticator' => 'web', log_statement => 'none', 'voiceagent.login_failure_limit' => 5, 'voiceagent.login_failure_window' => '1 day', 'voiceagent.password_checks' => 12,
	'voiceagent.login_origin_header' => 'X-Forwarded-For');
my $keys = $node->basedir . '/keys';
mkdir $keys or die $!;
my $secret = 'a secret of at least thirty-two bytes';

sub write_file
{
	my ($path, $content, $mode) = @_;
	unlink $path;
	open(my $file, '>:raw', $path) or die "$path: $!";
	print $file $content;
	close $file;
	chmod $mode // 0600, $path;
}

sub set_guc
{
	my ($name, $value) = @_;
	$node->safe_psql('va', "ALTER SYSTEM SET $name = '$value'");
	$node->reload;
	# A reload takes a moment to reach new sessions.
	$node->poll_query_until('va', "SELECT current_setting('$name') = '$value'") or die "reload of $name";
}

sub psql_as
{
	my ($role, $sql) = @_;
	my ($status, $out, $err) = $node->psql('va', $sql, extra_params => [ '-U', $role, '-v', 'VERBOSITY=verbose', '-v', 'SHOW_CONTEXT=never' ]);
	return ($status, $out, $err);
}

sub works
{
	my ($role, $sql, $expected, $name) = @_;
	my ($status, $out, $err) = psql_as($role, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($status == 0 ? $out : "error: $err", $expected, $name);
}

sub fails
{
	my ($role, $sql, $expected, $name) = @_;
	my ($status, $out, $err) = psql_as($role, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	like($status == 0 ? "no error: $out" : $err, $expected, $name);
}

sub jwt
{
	my ($claims, $key, %header) = @_;
	my $json = JSON::PP->new->canonical;
	my $text = encode_base64url($json->encode({ alg => 'HS256', typ => 'JWT', %header })) . '.' . encode_base64url($json->encode($claims));
	my $alg = $header{alg} // 'HS256';
	my $mac = $alg eq 'HS512' ? hmac_sha512($text, $key) : hmac_sha256($text, $key);
	return $text . '.' . ($alg eq 'none' ? '' : encode_base64url($mac));
}

my ($a, $b) = split /\|/, $node->safe_psql('va', q{SELECT voiceagent.create_tenant('A'), voiceagent.create_tenant('B')});
$node->safe_psql('va', qq{
	CREATE ROLE app LOGIN IN ROLE voiceagent_user;
	CREATE ROLE role_a LOGIN;
	CREATE ROLE web LOGIN NOINHERIT IN ROLE voiceagent_anon, voiceagent_user;
	CREATE ROLE visitor LOGIN IN ROLE voiceagent_anon;
	SELECT voiceagent.map_role('role_a', $a);
	SELECT voiceagent.create_member($a, 'ann\@example.com', 'correct horse');
	SELECT voiceagent.create_member($a, 'vic\@example.com', 'correct horse', 'viewer');
	SELECT voiceagent.create_member($a, 'mia\@example.com', 'correct horse', 'manager');
	SELECT voiceagent.create_member($b, 'bob\@example.com', 'correct horse');
	SELECT voiceagent.create_member($a, 'both\@example.com', 'correct horse');
	SELECT voiceagent.create_member($b, 'both\@example.com', 'correct horse');
});

# ----- the file of the tokens' secret: each thing that can be wrong is said, and names the setting
my $login = q{SELECT voiceagent.login('ann@example.com', 'correct horse')};
fails('visitor', $login, qr/55000.*jwt_secret_file.*setting is empty/s, 'no secret file');
my %wrong = (
	'missing' => [ undef, qr/cannot be opened/ ],
	'short' => [ 'x' x 31 . "\n", qr/31 bytes/ ],
	'empty' => [ '', qr/0 bytes/ ],
	'large' => [ 'x' x 1025, qr/1025 bytes/ ],
	'huge' => [ 'x' x 16385, qr/more than 16384/ ],
	'broken' => [ '{"keys": [{"kty": "oct", "k": "c2hvcnQ"}]}', qr/Key 1 has a secret of 5 bytes/ ],
	'world' => [ $secret, qr/can be read by others/, 0644 ],
	'group' => [ $secret, qr/can be read by others/, 0640 ],
);
foreach my $name (sort keys %wrong)
{
	my ($content, $reason, $mode) = @{ $wrong{$name} };
	write_file("$keys/$name", $content, $mode) if defined $content;
	set_guc('voiceagent.jwt_secret_file', "$keys/$name");
	fails('visitor', $login, qr/55000.*jwt_secret_file.*$reason/s, "secret file: $name");
	unlike((psql_as('visitor', $login))[2], qr/\Q$keys\E/, '... and a visitor is not told where it lies');
	like(slurp_server_log($node), qr{File: "\Q$keys/$name\E"}, '... but the log is');
}
write_file($node->data_dir . '/inside', $secret);
set_guc('voiceagent.jwt_secret_file', $node->data_dir . '/inside');
fails('visitor', $login, qr/55000.*jwt_secret_file.*data directory/s, 'secret file: in the data directory');
set_guc('voiceagent.jwt_secret_file', 'relative');
fails('visitor', $login, qr/55000.*jwt_secret_file.*absolute/s, 'secret file: relative path');
write_file("$keys/jwt", "$secret\n");
set_guc('voiceagent.jwt_secret_file', "$keys/jwt");

# ----- a key in a URL lies in the logs of proxies; blanks around one are no part of it
fails('web', q{SET ROLE voiceagent_anon; SET request.method = 'GET'; SET request.path = '/rpc/authenticate'; SELECT voiceagent.authenticate('va_guess')}, qr/PT405/, 'authenticate() is a POST request');

# ----- logins
my $token = $node->safe_psql('va', $login);
my $viewer = $node->safe_psql('va', q{SELECT voiceagent.login('VIC@example.com ', 'correct horse')});
my $manager = $node->safe_psql('va', q{SELECT voiceagent.login('mia@example.com', 'correct horse')});
my $token_b = $node->safe_psql('va', q{SELECT voiceagent.login('bob@example.com', 'correct horse')});
my $whoami = q{SELECT voiceagent.whoami() ->> 'tenant_id', voiceagent.whoami() ->> 'role'};
works('app', "SET voiceagent.token = '$token'; $whoami", "$a|owner", 'a token of login() proves the tenant');
works('app', "BEGIN; SELECT voiceagent.authenticate('$token'); COMMIT; SELECT current_setting('voiceagent.token') = ''", "$a\nt",
	'authenticate() lasts until the transaction ends');
fails('app', "BEGIN; SELECT voiceagent.authenticate('$token'); COMMIT; $whoami", qr/PT401/, 'and proves nothing later');
works('app', "BEGIN; SAVEPOINT s; SELECT voiceagent.authenticate('$token'); ROLLBACK TO s; SELECT current_setting('voiceagent.token') = ''", "$a\nt",
	'a rollback takes it back');
my $force_parallel = $node->safe_psql('va', q{SELECT name FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') LIMIT 1});
works('app', "SET $force_parallel = on; SET voiceagent.token = '$token'; SELECT name FROM voiceagent.tenants", 'A', 'parallel workers know the token');
my $claims = JSON::PP->new->decode(MIME::Base64::decode_base64url((split /\./, $token)[1]));
is(join(' ', map { "$_=$claims->{$_}" } qw(tenant_id role member_role)), "tenant_id=$a role=voiceagent_user member_role=owner", 'claims of the token');
ok($claims->{exp} - $claims->{iat} == 3600 && $claims->{member_id} > 0, 'it ends after an hour and names the member');

fails('visitor', q{SELECT voiceagent.login('ann@example.com', 'wrong horse')}, qr/PT401.*wrong e-mail address or password/s, 'wrong password');
fails('visitor', q{SELECT voiceagent.login('nobody@example.com', 'correct horse')}, qr/PT401.*wrong e-mail address or password/s, 'unknown address: the same');
fails('visitor', q{SELECT voiceagent.login(NULL, NULL)}, qr/PT401/, 'no address');
fails('visitor', qq{SELECT voiceagent.login('ann\@example.com', 'correct horse', $b)}, qr/PT401.*wrong e-mail address or password/s, 'the wrong tenant');
fails('visitor', q{SELECT voiceagent.login('both@example.com', 'correct horse')}, qr/PT409.*tenant_id/s, 'one login in two tenants: name the tenant');
works('visitor', qq{SELECT voiceagent.login('both\@example.com', 'correct horse', $b) LIKE 'ey%'}, 't', 'one login in two tenants: named');
fails('visitor', q{SELECT * FROM voiceagent.leads}, qr/42501/, 'a visitor reads nothing');

# Failures are counted though the transaction is aborted, and a flood at once does not get more tries.
my @guesses = map { my $h; my ($in, $out, $err) = ('', '', '');
	IPC::Run::start([ 'psql', '-XAt', '-d', $node->connstr('va'), '-v', 'VERBOSITY=verbose', '-c', "SELECT voiceagent.login('mia\@example.com', 'guess $_')" ],
		'<', \$in, '>', \my $o, '2>', \my $e, IPC::Run::timeout(180)) } 1 .. 12;
$_->finish foreach @guesses;
fails('visitor', q{SELECT voiceagent.login('mia@example.com', 'correct horse')}, qr/PT429.*Try again in \d+ seconds/s, 'after too many failures even the right password waits');
my $log = slurp_server_log($node);
my $refused = () = $log =~ /too many failed logins/g;
ok($refused >= 7, "a flood of 12 guesses had no more than 5 tries ($refused were refused)");
works('visitor', q{SELECT voiceagent.login('ann@example.com', 'correct horse') LIKE 'ey%'}, 't', 'another account is not concerned');

# Another tenant's owner makes a member of the same address: its right logins give no more guesses, nor does the 409 that says when one is right.
$node->safe_psql('va', "SELECT voiceagent.create_member($a, 'nora\@example.com', 'known to nora')");
works('app', "SET voiceagent.token = '$token_b'; SELECT voiceagent.create_member($b, 'nora\@example.com', 'known to bob') > 0", 't', 'an address may have logins in several tenants');
# Made before, since it takes time, which lets who has guessed try again.
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', q{CREATE EXTENSION voiceagent CASCADE; SELECT voiceagent.create_member(voiceagent.create_tenant('O'), 'nora@example.com', 'known to bob')});
my $own_login = qq{SELECT voiceagent.login('nora\@example.com', 'known to bob', $b) LIKE 'ey%'};
foreach my $try (1 .. 3)
{
	fails('visitor', "SELECT voiceagent.login('nora\@example.com', 'guess $try', $a)", qr/PT401/, "guess $try at another tenant's member");
	works('visitor', $own_login, 't', '... and a right login of the same address');
}
works('app', "SET voiceagent.token = '$token_b'; SELECT voiceagent.update_member((SELECT member_id FROM voiceagent.members WHERE email = 'nora\@example.com'), password => 'known to nora')", '', 'the fourth guess as a password of one\'s own, which is one, whatever it is');
fails('visitor', q{SELECT voiceagent.login('nora@example.com', 'known to nora')}, qr/PT409/, '... says that it is right, and counts');
fails('visitor', $own_login, qr/PT429/, '... for it was the last: no login of another tenant takes guesses back');
is($node->safe_psql('other', q{SELECT voiceagent.login('nora@example.com', 'known to bob') LIKE 'ey%'}), 't', '... and another database counts for itself');
fails('visitor', $own_login, qr/PT429/, '... alone');

# Where a member has logged in before, nobody can lock it out from elsewhere.  What the proxy has added to the header counts, not what the client wrote.
sub from { my ($address, $password) = @_; return qq{SET ROLE voiceagent_anon; SET request.headers = '{"x-forwarded-for": "$address"}'; SELECT voiceagent.login('olga\@example.com', '$password') LIKE 'ey%'} }
$node->safe_psql('va', qq{SELECT voiceagent.create_member($a, 'olga\@example.com', 'known to olga'), voiceagent.create_member($b, 'olga\@example.com', 'made by bob')});
works('web', from('203.0.113.9', 'known to olga'), 't', 'a member logs in');
works('web', from('198.51.100.7', 'made by bob'), 't', "so does another tenant's member of the same address");
fails('web', from('198.51.100.7', "guess $_"), qr/PT401/, "guess $_ from elsewhere") foreach 1 .. 5;
fails('web', from('192.0.2.1', 'known to olga'), qr/PT429/, 'the right password from a new place waits');
fails('web', from('203.0.113.9, 192.0.2.1', 'known to olga'), qr/PT429/, '... also if the client claims to be elsewhere');
fails('web', from('nonsense', 'known to olga'), qr/PT429/, '... or nowhere');
fails('web', from('198.51.100.7', 'known to olga'), qr/PT429/, '... or where only a namesake was before');
works('web', from('192.0.2.1, 203.0.113.9', 'known to olga'), 't', '... and the member itself gets in from where it was before');
fails('web', from('203.0.113.9', "guess $_"), qr/PT401/, "guess $_ beside it is refused as wrong") foreach 1 .. 5;
fails('web', from('203.0.113.9', 'guess 6'), qr/PT429.*Try again in 1 seconds/s, '... and then once a second');

# The password is hashed once, whoever knows the address: with its own salt, which is no other's.
is_sql($node, 'va', q{SELECT count(DISTINCT left(password_hash, 28)), count(DISTINCT password_hash) FROM voiceagent_private.member_logins WHERE email = 'olga@example.com'}, '1|2',
	'the logins of an address share a salt');
is_sql($node, 'va', q{SELECT count(DISTINCT left(password_hash, 28)) = count(DISTINCT email) FROM voiceagent_private.member_logins}, 't', '... which no other address has');
$node->safe_psql('va', q{UPDATE voiceagent_private.member_logins SET password_hash = crypt('correct horse', gen_salt('bf', 4)) WHERE email = 'ann@example.com'});
works('visitor', q{SELECT voiceagent.login('ann@example.com', 'correct horse') LIKE 'ey%'}, 't', 'a hash with a salt of its own is still good');
is_sql($node, 'va', q{SELECT password_hash LIKE '$2a$10$%' FROM voiceagent_private.member_logins WHERE email = 'ann@example.com'}, 't', '... and is made anew');

# A login is a POST request, and minds no old proof.
fails('web', q{SET ROLE voiceagent_anon; SET request.method = 'GET'; SELECT voiceagent.login('ann@example.com', 'correct horse')}, qr/PT405/, 'no password in a URL');
works('visitor', q{SET voiceagent.token = 'expired'; SELECT voiceagent.login('ann@example.com', 'correct horse') LIKE 'ey%'}, 't', 'an old token is not looked at');
my $dead = qq({"tenant_id": $b, "member_id": 999, "role": "voiceagent_user", "exp": 4102444800, "aud": ") . $node->safe_psql('va', 'SELECT voiceagent.token_audience()') . '"}';
works('web', qq{SET request.path = '/rpc/login'; SET request.jwt.claims = '$dead'; SET ROLE voiceagent_user; SELECT voiceagent.pre_request(); SELECT voiceagent.login('ann\@example.com', 'correct horse') LIKE 'ey%'}, "\nt",
	'nor one of another member');

# A role that is dropped and made again is another role.
$node->safe_psql('va', "CREATE ROLE again LOGIN; SELECT voiceagent.map_role('again', $a)");
works('again', 'SELECT voiceagent.current_tenant()', $a, 'a role is mapped');
$node->safe_psql('va', 'DROP ROLE again; CREATE ROLE again LOGIN IN ROLE voiceagent_user');
fails('again', 'SELECT voiceagent.current_tenant()', qr/PT401/, '... dropped and made again it stands for nobody');
$node->safe_psql('va', "SELECT voiceagent.map_role('again', $b)");
works('again', 'SELECT voiceagent.current_tenant()', $b, '... until it is mapped, to whomever');
$node->safe_psql('va', q{DROP ROLE again; CREATE ROLE again LOGIN IN ROLE voiceagent_user});
is($node->safe_psql('va', 'SELECT voiceagent.remap_roles()'), 'again', 'after a restore the platform maps all by their names');
works('again', 'SELECT voiceagent.current_tenant()', $b, '... again');

# A proof for a transaction stays one.
$node->safe_psql('va', 'CREATE SCHEMA held AUTHORIZATION app');
foreach my $command ('SET voiceagent.token FROM CURRENT', 'ALTER ROLE app SET voiceagent.token FROM CURRENT',
	q{CREATE FUNCTION held.f() RETURNS int LANGUAGE sql SET voiceagent.token FROM CURRENT AS 'SELECT 1'},
	'ALTER FUNCTION held.g() SET voiceagent.token FROM CURRENT')
{
	fails('app', "CREATE OR REPLACE FUNCTION held.g() RETURNS int LANGUAGE sql AS 'SELECT 1'; BEGIN; SET LOCAL voiceagent.token = '$token'; $command", qr/PT403.*FROM CURRENT/s, $command);
}

# Tenants of two databases have the same numbers, and one file of keys: a token is for the database that gave it.
foreach my $given ([ 'va', 'other', 'bob@example.com', 'correct horse' ], [ 'other', 'va', 'nora@example.com', 'known to bob' ])
{
	my ($from, $to, @login) = @$given;
	my $token = $node->safe_psql($from, "SELECT voiceagent.login('$login[0]', '$login[1]')");
	my (undef, $in, $refused) = $node->psql($to, "SET voiceagent.token = '$token'; SELECT voiceagent.current_tenant()");
	like("$in$refused", qr/the token is for another database/, "a token of $from counts for nothing in $to");
	my $claims = MIME::Base64::decode_base64url((split /\./, $token)[1]);
	(undef, $in, $refused) = $node->psql($to, "SET request.jwt.claims = '$claims'; SET ROLE voiceagent_user; SELECT voiceagent.current_tenant()", extra_params => [ '-U', 'web' ]);
	like("$in$refused", qr/the token is for another database/, '... nor as claims of PostgREST');
}

# ----- tokens that do not count
my $now = time;
my $here = $node->safe_psql('va', 'SELECT voiceagent.token_audience()');
my %good = (tenant_id => $a + 0, exp => $now + 600, aud => $here);
works('app', "SET voiceagent.token = '" . jwt({%good}, $secret) . "'; $whoami", "$a|owner", 'a token signed elsewhere with our secret counts');
my %bad = (
	'other secret' => jwt({%good}, 'another secret of thirty-two bytes'),
	'alg none' => jwt({%good}, $secret, alg => 'none'),
	'alg HS512' => jwt({%good}, $secret, alg => 'HS512'),
	'expired' => jwt({ %good, exp => $now - 1 }, $secret),
	'without end' => jwt({ tenant_id => $a + 0, aud => $here }, $secret),
	'for no database' => jwt({ tenant_id => $a + 0, exp => $now + 600 }, $secret),
	'for another database' => jwt({ %good, aud => "${here}0" }, $secret),
	'not yet' => jwt({ %good, nbf => $now + 300 }, $secret),
	'no tenant' => jwt({ exp => $now + 600, aud => $here }, $secret),
	'tenant 0' => jwt({ %good, tenant_id => 0 }, $secret),
	'tenant as text' => jwt({ %good, tenant_id => '1 OR 1=1' }, $secret),
	'two parts' => join('.', (split /\./, $token)[ 0, 1 ]),
	'garbage' => 'x',
	'huge' => 'x' x 100000,
);
my ($head, $body, $mac) = split /\./, $token;
$bad{'tampered claims'} = "$head." . encode_base64url(JSON::PP->new->encode({ %$claims, tenant_id => $b + 0 })) . ".$mac";
foreach my $name (sort keys %bad)
{
	fails('app', "SET voiceagent.token = '$bad{$name}'; $whoami", qr/PT401.*the token is not valid/s, "refused: $name");
}
fails('app', qq{SELECT voiceagent.authenticate('x')}, qr/PT401/, 'authenticate() refuses garbage');
fails('app', qq{SELECT voiceagent.authenticate('')}, qr/PT401/, 'authenticate() refuses nothing');
fails('app', 'SET voiceagent.token = \'' . jwt({ %good, tenant_id => 987654321 }, $secret) . "'; $whoami", qr/PT401.*does not exist/s, 'a tenant that does not exist');
fails('role_a', "SET voiceagent.token = '$token_b'; $whoami", qr/PT403.*another tenant/s, 'a mapped role with another tenant\'s token');
works('role_a', "SET voiceagent.token = '$token'; $whoami", "$a|owner", 'a mapped role with its own tenant\'s token');
works('app', "SET voiceagent.token = '" . jwt({ %good, exp => time + 60 }, $secret) . "'; SELECT count(*) FROM voiceagent.tenants", 1, 'a token that ends soon');

# In one session: it ends, and the secret changes.
my $ends = jwt({ %good, exp => time + 2 }, $secret);
fails('app', "SET voiceagent.token = '$ends'; $whoami; SELECT pg_sleep(2.2); $whoami", qr/PT401.*expired/s, 'the end of a token is noticed in the session');
write_file("$keys/jwt", 'quite another secret of 32 bytes or so');
fails('app', "SET voiceagent.token = '$token'; $whoami", qr/PT401.*signature/s, 'a new secret is read without a reload, and ends old tokens');
write_file("$keys/jwt", "$secret\n");
works('app', "SET voiceagent.token = '$token'; $whoami", "$a|owner", 'and back');
# The session has verified the token already; the reload of another secret ends it there, too.
write_file("$keys/other", 'quite another secret of 32 bytes or so');
fails('app', "SET voiceagent.token = '$token'; $whoami;\n\\! cp $keys/other $keys/jwt; kill -HUP `head -1 @{[ $node->data_dir ]}/postmaster.pid`; sleep 4\n$whoami",
	qr/PT401.*signature/s, 'a reload with another secret ends tokens in open sessions');
write_file("$keys/jwt", "$secret\n");
$node->reload;

# ----- what a member may do
fails('app', "SET voiceagent.token = '$viewer'; SELECT voiceagent.set_setting('retry_delay', '60')", qr/PT403.*viewer/s, 'a viewer changes nothing');
fails('app', "SET voiceagent.token = '$manager'; SELECT voiceagent.allow_call('+12125550199', 'a try')", qr/PT403.*owner/s, 'a manager takes nobody off the do-not-call list');
works('app', "SET voiceagent.token = '$viewer'; SELECT voiceagent.get_setting('retry_attempts')", 3, 'a viewer reads');
works('app', "SET voiceagent.token = '$manager'; SELECT voiceagent.set_setting('retry_delay', '60')", '', 'a manager works');
# What an owner decides is not a manager's to switch off, for the tenant or for a campaign; nor to lift a stop, or give a number up.
my $as_manager = "SET voiceagent.token = '$manager'; SELECT voiceagent.";
fails('app', "${as_manager}set_setting('$_', NULL)", qr/PT403.*owner/s, "a manager does not set $_") foreach qw(auto_spend auto_spend_per_month approval_expires before_dial token_lifetime session_lifetime api_token_lifetime retention_calls);
fails('app', "$as_manager$_", qr/PT403.*owner/s, "a manager does not call $_") foreach "allow_prefix('+1900', 'a try')", "campaign_allow_call(1, '+12125550199', 'a try')", 'delete_phone_number(1)', q(create_campaign('Unasked', NULL, 'sales', '{"before_dial": "crm"}'));
fails('app', "$as_manager$_", qr/PT404/, "where money is spent by itself, a manager calls $_") foreach 'choose_plan(0)', 'change_plan(0)', 'cancel_plan()', 'subscribe_to_plan(0)', 'buy(0)';
works('app', "SET voiceagent.token = '$token'; SELECT voiceagent.set_setting('auto_spend', 'off')", '', 'an owner lets nothing be spent by itself');
fails('app', "${as_manager}set_setting('auto_spend', 'on')", qr/PT403.*owner/s, '... which a manager does not undo');
fails('app', "$as_manager$_", qr/PT403.*owner/s, "... and an owner alone calls $_") foreach 'choose_plan(0)', 'change_plan(0)', 'cancel_plan()', 'subscribe_to_plan(0)', "set_plan_card('succeeds')";
works('app', "SET voiceagent.token = '$token'; SELECT voiceagent.set_setting('auto_spend', NULL)", '', '... until the owner says otherwise');
fails('app', "SET voiceagent.token = '$manager'; SELECT voiceagent.create_api_key('x')", qr/PT403.*owner/s, 'a manager makes no keys');
fails('app', "SET voiceagent.token = '$manager'; SELECT voiceagent.create_member($a, 'x\@example.com', 'correct horse')", qr/PT403.*owner/s, 'a manager makes no members');
works('app', "SET voiceagent.token = '$token'; SELECT actor ~ '^member \\d+ mia\@example.com\$' FROM voiceagent.audit_log WHERE action = 'set_setting' AND object = 'retry_delay'", 't', 'the audit trail names the member');
$node->safe_psql('va', "SET voiceagent.token = '$token'; SELECT voiceagent.update_member(member_id, active => false) FROM voiceagent.members WHERE email = 'mia\@example.com'");
fails('app', "SET voiceagent.token = '$manager'; SELECT voiceagent.set_setting('retry_delay', '70')", qr/PT403.*not active/s, 'a deactivated member\'s token changes nothing any more');
fails('app', "SELECT voiceagent.authenticate('$manager')", qr/PT403.*not active/s, 'nor does it authenticate');
$node->safe_psql('va', "SET voiceagent.token = '$token'; SELECT voiceagent.update_member(member_id, active => false) FROM voiceagent.members WHERE email = 'vic\@example.com'");
fails('visitor', q{SELECT voiceagent.login('vic@example.com', 'correct horse')}, qr/PT403.*not active/s, 'a deactivated member does not log in');

# ----- API keys
my $key = $node->safe_psql('va', "SET voiceagent.token = '$token'; SELECT voiceagent.create_api_key('crm')");
like($key, qr/^va\d+_[A-Za-z0-9_-]{43}$/, 'an API key');
works('app', "BEGIN; SELECT voiceagent.authenticate('$key'); $whoami; COMMIT", "$a\n$a|manager", 'an API key authenticates');
works('app', "BEGIN; SELECT voiceagent.authenticate('$key'); SELECT label, hint, regexp_replace(created_by, '\\d+', 'N') FROM voiceagent.api_keys",
	"$a\ncrm|" . substr($key, -4) . '|member N ann@example.com', 'only its hint is kept to be shown, and who made it');
fails('app', "SELECT voiceagent.authenticate('${key}x')", qr/PT401.*API key/s, 'a wrong API key');
works('app', "SELECT voiceagent.authenticate(E'$key \\r\\n')", $a, 'blanks and line breaks behind a key are no part of it');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.api_key_routes WHERE encode(key_hash, 'escape') LIKE '%$key%'", 0, 'the key itself is not stored');

# ----- PostgREST: its login role switches roles and carries verified claims
my $request = sub { my ($role, $claims, $headers) = @_;
	"BEGIN; SET LOCAL ROLE $role; SELECT set_config('request.jwt.claims', '" . JSON::PP->new->encode($claims) . "', true) IS NULL, "
	  . "set_config('request.headers', '" . JSON::PP->new->encode($headers // {}) . "', true) IS NULL, voiceagent.pre_request() IS NULL; " };
works('web', $request->('voiceagent_user', { role => 'voiceagent_user', tenant_id => $b + 0, exp => time + 60 }) . 'SELECT name FROM voiceagent.tenants', "f|f|f\nB", 'claims of the authenticator count');
fails('web', $request->('voiceagent_user', { role => 'voiceagent_user', tenant_id => $b + 0 }) . 'SELECT name FROM voiceagent.tenants', qr/PT401.*it has no end/s, '... unless they have no end');
fails('web', $request->('voiceagent_user', { role => 'voiceagent_user' }) . 'SELECT name FROM voiceagent.tenants', qr/PT401/, 'claims without a tenant prove nothing');
fails('web', $request->('voiceagent_anon', { role => 'voiceagent_anon' }) . 'SELECT name FROM voiceagent.tenants', qr/42501/, 'an anonymous request reads nothing');
works('web', $request->('voiceagent_anon', { role => 'voiceagent_anon' }, { 'x-api-key' => $key }) . 'SELECT name, current_user FROM voiceagent.tenants', "f|f|f\nA|voiceagent_user", 'a request with X-API-Key runs as the key\'s tenant');
fails('web', $request->('voiceagent_anon', { role => 'voiceagent_anon' }, { 'x-api-key' => 'va_guess' }) . 'SELECT 1', qr/PT401/, 'a request with a wrong X-API-Key is refused');
fails('web', $request->('voiceagent_user', { role => 'voiceagent_user', tenant_id => $b + 0, exp => time + 60 }, { 'x-api-key' => $key }) . 'SELECT 1', qr/PT403/, 'a key of another tenant than the token\'s is refused');
fails('web', $request->('voiceagent_user', { role => 'voiceagent_user', tenant_id => $a + 0, exp => time + 60, member_id => $claims->{member_id} + 1 }) . 'SELECT 1', qr/PT403.*not active/s, 'a deactivated member\'s request is refused');
# What an earlier request of the same transaction has left is forgotten (PostgREST may give a connection back inside of one).
my $stuck = $request->('voiceagent_anon', { role => 'voiceagent_anon' }, { 'x-api-key' => $key });
my $next = $request->('voiceagent_user', { role => 'voiceagent_user', tenant_id => $b + 0, exp => time + 60 }) =~ s/^BEGIN; //r;
works('web', $stuck . $next . 'SELECT name FROM voiceagent.tenants', "f|f|f\nf|f|f\nB", 'a key of an earlier request in the transaction does not count');
foreach my $long (["repeat('a', 5000000)", q('correct horse')], [q('ann@example.com'), "repeat('x', 73)"])
{
	fails('visitor', "SELECT voiceagent.login($long->[0], $long->[1])", qr/PT422.*too long/s, 'a login is bounded before anything is computed of it');
}
fails('app', "SET request.jwt.claims = '{\"tenant_id\": $a}'; SELECT name FROM voiceagent.tenants", qr/PT401/, 'claims of anybody else do not count');
fails('va_nobody', 'SELECT 1', qr/does not exist/, 'no such role');
fails('postgres', "SELECT voiceagent.map_role('web', $a)", qr/PT422.*shared by all tenants/s, 'the authenticator stands for no tenant');
$node->safe_psql('va', "SET voiceagent.token = '$token'; SELECT voiceagent.revoke_api_key(api_key_id) FROM voiceagent.api_keys");
fails('app', "SELECT voiceagent.authenticate('$key')", qr/PT401.*API key/s, 'a revoked API key');

# ----- secrets
my $plain = 'sk_live_THIS_IS_THE_PLAINTEXT';
my $create = "SELECT voiceagent.create_provider_account('vapi', 'Main', '{\"api_key\": \"$plain\"}', '{\"phone_number_id\": \"p1\"}')";
fails('app', "SET voiceagent.token = '$token'; $create", qr/55000.*vault_key_file.*setting is empty/s, 'a real account without a vault key says which setting to make');
fails('app', "SET voiceagent.token = '$token'; $create", qr/^(?!.*(?:CONTEXT|voiceagent_private)).*vault_key_file/s, '... and not in which private functions');
like(slurp_file($node->logfile), qr/DETAIL:  The setting is empty[^\n]*\n[^\n]*voiceagent_private/, '... which the log does');
works('app', "SET voiceagent.token = '$token'; SELECT voiceagent.create_provider_account('sandbox', 'Rehearsal', '{}') > 0", 't', 'a sandbox account needs no key');
write_file("$keys/vault", 'abc');
set_guc('voiceagent.vault_key_file', "$keys/vault");
fails('app', "SET voiceagent.token = '$token'; $create", qr/55000.*vault_key_file.*64 hexadecimal/s, 'a vault key of the wrong form');
my $vault_key = '00112233445566778899aabbccddeeff' x 2;
write_file("$keys/vault", "$vault_key\n");
my $account = $node->safe_psql('va', "SET voiceagent.token = '$token'; $create");
works('app', "BEGIN; SELECT voiceagent.authenticate('$token'); SELECT a::text FROM voiceagent.provider_accounts a WHERE a::text LIKE '%$plain%'", $a, 'no column shows the secret');
my $name = "provider_account:$account:api_key";
my $as_a = "SET voiceagent.token = '$token'; ";
is_sql($node, 'va', "$as_a SELECT voiceagent_private.secret_opens('$name')", 't', 'it opens');
is_sql($node, 'va', "$as_a SELECT voiceagent_private.secret_opens('nothing')", 'f', 'what is not there does not');
my $broken = sub { my ($change, $what) = @_;
	my ($status, $out, $err) = $node->psql('va', "BEGIN; $change; $as_a SELECT voiceagent_private.secret_opens('$name')");
	like($err, qr/does not open/, $what);
	unlike($err, qr/\Q$plain\E/, "$what: the error does not tell"); };
$broken->("UPDATE voiceagent_private.secrets SET sealed = (SELECT sealed FROM voiceagent_private.secrets WHERE name LIKE '%webhook_secret') WHERE name = '$name'", 'moved to another name');
$broken->("UPDATE voiceagent_private.secrets SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE name = '$name'", 'changed by a bit');
$broken->("UPDATE voiceagent_private.secrets SET sealed = '\\x01' WHERE name = '$name'", 'cut');
my ($status, $out, $err) = $node->psql('va', "BEGIN; INSERT INTO voiceagent_private.secrets (tenant_id, name, sealed, created_at) SELECT $b, name, sealed, created_at FROM voiceagent_private.secrets WHERE name = '$name'; SET voiceagent.token = '$token_b'; SELECT voiceagent_private.secret_opens('$name')");
like($err, qr/does not open/, 'moved to another tenant');
is_sql($node, 'va', "$as_a SELECT count(*) = count(DISTINCT sealed) FROM voiceagent_private.secrets", 't', 'no two boxes are alike');
write_file("$keys/vault", '11' x 32);
($status, $out, $err) = $node->psql('va', "$as_a SELECT voiceagent_private.secret_opens('$name')");
like($err, qr/sealed under another key/, 'another key');
write_file("$keys/vault", pack('H*', $vault_key));
is_sql($node, 'va', "$as_a SELECT voiceagent_private.secret_opens('$name')", 't', 'the same key as 32 bytes');

# pg_stat_activity shows the function's name only, also while an error is logged.
my $offset = -s $node->logfile;
fails('app', "$as_a SELECT voiceagent.create_provider_account('vapi', 'Main', '{\"api_key\": \"$plain\"}', '{\"phone_number_id\": \"p1\"}')", qr/PT409/, 'a name that is taken');
fails('app', "$as_a SELECT voiceagent.create_provider_account('vapi', 'x', '{\"api_kee\": \"$plain\"}', '{\"phone_number_id\": \"p1\"}')", qr/PT422.*api_kee/s, 'a wrong credential');
fails('app', "$as_a SELECT voiceagent.create_provider_account('vapi', 'x', '{\"api_key\": [\"$plain\"]}', '{\"phone_number_id\": \"p1\"}')", qr/PT422/, 'a credential that is no text');
fails('visitor', "SELECT voiceagent.login('ann\@example.com', '$plain')", qr/PT401/, 'a wrong password');
fails('app', "$as_a SELECT voiceagent.create_member($a, 'ann\@example.com', '$plain')", qr/PT409/, 'an address that is taken');
unlike(slurp_server_log($node, $offset), qr/\Q$plain\E/, 'the server\'s log does not tell');
like(slurp_server_log($node, $offset), qr/LOG:  refused \(PT401\): /, 'it says that something was refused');
$node->safe_psql('va', q{
	CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
		INSERT INTO public.seen SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid(); RETURN NEW; END $$;
	CREATE TABLE public.seen (query text); CREATE TRIGGER look BEFORE INSERT ON voiceagent.provider_accounts FOR EACH ROW EXECUTE FUNCTION public.look();
	SET stats_fetch_consistency = none;});
$node->safe_psql('va', "$as_a SELECT voiceagent.create_provider_account('vapi', 'Second', '{\"api_key\": \"$plain\"}', '{\"phone_number_id\": \"p1\"}')");
is_sql($node, 'va', q{SELECT query FROM public.seen}, 'SELECT voiceagent.create_provider_account(...) -- secrets hidden', 'pg_stat_activity does not tell');
$node->safe_psql('va', 'DROP TRIGGER look ON voiceagent.provider_accounts; DROP TABLE public.seen; DROP FUNCTION public.look');

# ----- dump and restore: sealed, and opened by the same key only
my $dump = $node->basedir . '/dump.sql';
$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('va') ], 'dumped');
my $dumped = slurp_file($dump);
unlike($dumped, qr/\Q$plain\E/, 'the dump does not tell');
unlike($dumped, qr/\Q@{[ unpack('H*', $plain) ]}\E/i, 'nor in hexadecimal');
unlike($dumped, qr/\Q$vault_key\E|\Q$secret\E|correct horse/, 'nor any key or password');
$node->safe_psql('postgres', q{CREATE DATABASE restored TEMPLATE template0 ENCODING 'UTF8'});
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('restored') ], 'restored');
($status, $out, $err) = $node->psql('restored', "$as_a SELECT voiceagent.current_tenant()");
like($err, qr/for another database/, 'the original\'s token does not count in the copy');
my $as_restored = "SET voiceagent.token = '" . $node->safe_psql('restored', q{SELECT voiceagent.login('ann@example.com', 'correct horse')}) . q{'; };
is_sql($node, 'restored', "$as_restored SELECT voiceagent_private.secret_opens('$name')", 't', 'the restored member logs in, and the restored secret opens');
($status, $out, $err) = $node->psql('restored', 'SELECT voiceagent.current_tenant(), name FROM voiceagent.tenants', extra_params => [ '-U', 'role_a' ]);
is($out, "$a|A", 'the restored mapping holds');
($status, $out, $err) = $node->psql('restored', 'DELETE FROM voiceagent.audit_log');
like($err, qr/append-only/, 'the restored audit trail is append-only');

# Addresses of carriers: not into our own network unless the platform allows it.
my $at = sub { "$as_a SELECT voiceagent.create_provider_account('vapi', 'At ' || random(), '{\"api_key\": \"k\"}', '{\"phone_number_id\": \"p\", \"base_url\": \"$_[0]\"}') > 0" };
foreach my $url ('http://api.example.com', 'https://127.0.0.1', 'https://localhost:8443', 'https://10.1.2.3', 'https://169.254.169.254/latest', 'https://[::1]/',
	'https://[::ffff:10.0.0.1]', 'https://2130706433', 'https://user@example.com', 'https://example.com?x=1', 'ftp://example.com', 'example.com', '')
{
	fails('app', $at->($url), qr/PT422/, "refused: $url");
}
works('app', $at->('https://api.example.com/v1/'), 't', 'https to a public host');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('allowed_private_hosts', 'carrier.test 127.0.0.1:9911')});
works('app', $at->('http://127.0.0.1:9911'), 't', 'an allowed private host');
fails('app', $at->('http://127.0.0.1:9912'), qr/PT422/, 'the same host on another port');
fails('app', "$as_a SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1')", qr/PT422.*cannot be set for a tenant/s, 'a tenant allows nothing');

# Arming: the account and the database, both; another key or address must be armed anew.
set_guc('voiceagent.arming_file', "$keys/arming");
my $armed = "SELECT voiceagent_private.arming(), (SELECT armed_at IS NOT NULL FROM voiceagent.provider_accounts WHERE provider_account_id = $account)";
is_sql($node, 'va', $armed, 'arming_file_missing|f', 'not armed at first');
fails('postgres', "SELECT voiceagent.arm($account, 'main')", qr/PT422/, 'the confirmation is the name, letter by letter');
fails('app', "$as_a SELECT voiceagent.arm($account, 'Main')", qr/42501/, 'a tenant does not arm');
works('postgres', "SELECT voiceagent.arm($account, 'Main')", '', 'armed by name');
wait_for_sql($node, 'va', $armed, 'armed|t', 'the database and the account are armed');
works('app', "$as_a SELECT voiceagent.update_provider_account($account, settings => '{\"voicemail_detection\": \"google\"}')", '', 'a setting changes');
is_sql($node, 'va', $armed, 'armed|t', 'and the account stays armed');
my $moved = "SELECT moved_at IS NOT NULL FROM voiceagent.provider_accounts WHERE provider_account_id = $account";
is_sql($node, 'va', $moved, 'f', '... as the same at the carrier');
works('app', "$as_a SELECT voiceagent.update_provider_account($account, credentials => '{\"api_key\": \"another\"}')", '', 'the key changes');
is_sql($node, 'va', $armed, 'armed|f', 'and the account is not armed any more');
is_sql($node, 'va', $moved, 't', '... and may be another at the carrier since');
works('postgres', "SELECT voiceagent.arm($account, 'DIAL REAL PEOPLE')", '', 'armed by the sentence');
works('app', "$as_a SELECT voiceagent.disarm($account)", '', 'the owner may disarm');
is_sql($node, 'va', $armed, 'armed|f', 'the account is disarmed');
works('postgres', 'SELECT voiceagent.disarm()', '', 'the platform disarms the database');
works('app', "$as_a SELECT voiceagent.payment_vendors()", '{}', 'but credits cost money from the first arm() on');
wait_for_sql($node, 'va', $armed, 'database_not_armed|f', 'the database is disarmed');
is_sql($node, 'va', q{SELECT string_agg(action, ' ' ORDER BY audit_id) FROM voiceagent.audit_log WHERE action IN ('arm', 'disarm')}, 'arm arm disarm', 'on the record');

$node->stop('fast');
done_testing();
