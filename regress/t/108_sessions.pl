# Sessions of members and the shares of who asks at the same time: a password's owner changes it, a session ends everywhere at
# once, a key may do what its role may, and no tenant's requests and no crowd of logins take all there is.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main', 'voiceagent.authenticator' => 'web', 'voiceagent.api_pool_size' => 5, 'voiceagent.login_failure_limit' => 4);
my $secret = $node->basedir . '/jwt';
append_to_file($secret, 'a secret of at least thirty-two bytes');
chmod 0600, $secret;
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$secret'");
$node->reload;
my ($a, $b, $c) = split /\|/, $node->safe_psql('va', q{SELECT voiceagent.create_tenant('A & "B"', 'America/New_York'), voiceagent.create_tenant('B'), voiceagent.create_tenant('C')});
$node->safe_psql('va', qq{CREATE ROLE app LOGIN IN ROLE voiceagent_user; CREATE ROLE web LOGIN NOINHERIT IN ROLE voiceagent_anon, voiceagent_user;
	SELECT voiceagent.create_member($a, 'ann\@example.com', 'correct horse'), voiceagent.create_member($a, 'vic\@example.com', 'correct horse', 'viewer'),
		voiceagent.create_member($b, 'bob\@example.com', 'correct horse')});

sub psql_as
{
	my ($role, $sql) = @_;
	return $node->psql('va', $sql, extra_params => [ '-U', $role, '-v', 'VERBOSITY=verbose', '-v', 'SHOW_CONTEXT=never' ]);
}

sub works
{
	my ($role, $sql, $expected, $name) = @_;
	my ($status, $out, $err) = psql_as($role, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($status == 0 ? $out : "error: $err", $expected, $name);
	return;
}

sub fails
{
	my ($role, $sql, $expected, $name) = @_;
	my ($status, $out, $err) = psql_as($role, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	like($status == 0 ? "no error: $out" : $err, $expected, $name);
	return;
}

sub login
{
	my ($who, $password) = @_;
	return $node->safe_psql('va', "SELECT voiceagent.login('$who\@example.com', '" . ($password // 'correct horse') . "')");
}
sub with { my ($token, $sql) = @_; return "SET voiceagent.token = '$token'; $sql" }
my $reads = 'SELECT count(*) FROM voiceagent.tenants';
# A request as PostgREST makes it, left open.
sub request
{
	my ($token, $sql, %headers) = @_;
	my (undef, $claims) = split /\./, $token;
	my $json = MIME::Base64::decode_base64url($claims);
	my $headers = join ', ', map { qq{"$_": "$headers{$_}"} } sort keys %headers;
	return "BEGIN; SET LOCAL ROLE voiceagent_user; SET LOCAL request.jwt.claims = '$json'; SET LOCAL request.headers = '{$headers}'; DO 'BEGIN PERFORM voiceagent.pre_request(); END'; $sql";
}
use JSON::PP qw(decode_json);
use MIME::Base64 ();

# ---- one address in several tenants: the choice is told to whoever has the password, and only active members count
$node->safe_psql('va', "SELECT voiceagent.create_member(t, 'three\@example.com', 'correct horse') FROM unnest(ARRAY[$a, $b, $c]) t");
my $three = q{SELECT voiceagent.login('three@example.com', 'correct horse')};
my (undef, undef, $choice) = psql_as('app', $three);
like($choice, qr/PT409: this login exists in several tenants/, 'a login that fits three tenants is refused');
like($choice, qr/DETAIL:  \Q[{"name": "A & \E\\"B\\"\Q", "tenant_id": $a}, {"name": "B", "tenant_id": $b}, {"name": "C", "tenant_id": $c}]\E/, '... and says which');
unlike((psql_as('app', q{SELECT voiceagent.login('three@example.com', 'wrong horse')}))[2], qr/tenant_id"/, '... not to a guesser');
sub deactivate
{
	my ($tenant, $active) = @_;
	$node->safe_psql('va', "BEGIN; DO 'BEGIN PERFORM voiceagent_private.set_tenant($tenant); END'; SELECT voiceagent.update_member(member_id, active => $active) FROM voiceagent.members WHERE tenant_id = $tenant AND email LIKE 'three%'; COMMIT");
	return;
}
deactivate($b, 'false');
like((psql_as('app', $three))[2], qr/DETAIL:  \[\{"name": "A[^\]]*"tenant_id": $a\}, \{"name": "C", "tenant_id": $c\}\]/, 'an inactive member is no choice');
deactivate($c, 'false');
works('app', "SELECT voiceagent.login('three\@example.com', 'correct horse') LIKE 'ey%'", 't', '... and the last active one needs none');
deactivate($a, 'false');
fails('app', $three, qr/PT403.*not active/s, '... until there is none');

# ---- a member changes its own password
my $viewer = login('vic');
works('app', with($viewer, $reads), 1, 'a session');
my $new = $node->safe_psql('va', with($viewer, q{SELECT voiceagent.change_password('correct horse', 'another horse')}), extra_params => [ '-U', 'app' ]);
fails('app', with($viewer, $reads), qr/PT401.*session was ended/s, 'a changed password ends its sessions, reading included');
fails('web', request($viewer, $reads), qr/PT401.*session was ended/s, '... behind PostgREST, too');
works('app', with($new, $reads), 1, '... and the answer is a token of the next one');
fails('app', q{SELECT voiceagent.login('vic@example.com', 'correct horse')}, qr/PT401/, 'the old password is none');
works('app', q{SELECT voiceagent.login('vic@example.com', 'another horse') LIKE 'ey%'}, 't', '... the new one is');
is_sql($node, 'va', "SELECT actor ~ 'vic' FROM voiceagent.audit_log WHERE tenant_id = $a AND action = 'change_password'", 't', 'the audit log has it');
fails('app', with($new, q{SELECT voiceagent.change_password('another horse', 'short')}), qr/PT422/, 'a short new one is refused');
fails('app', with($new, "SELECT voiceagent.change_password('guess $_', 'yet another horse')"), qr/PT401.*old password is wrong/s, "a stolen session guesses at it: $_") foreach 1 .. 2;
fails('app', with($new, q{SELECT voiceagent.change_password('another horse', 'yet another horse')}), qr/PT429/, '... as often as at a login');
works('app', with($new, $reads), 1, '... and no try has ended the session');

# ---- sessions end everywhere
my $bob = login('bob');
my $ann = login('ann');
fails('app', with($new, "SELECT voiceagent.end_sessions(member_id) FROM voiceagent.members WHERE email LIKE 'ann%'"), qr/PT403.*owner/s, 'a viewer ends nobody else\'s');
my $open = $node->background_psql('va', extra_params => [ '-U', 'app' ], on_error_stop => 0);
is($open->query(with($ann, $reads)), 1, 'an open session');
my $again = login('ann');
works('app', with($again, 'SELECT voiceagent.end_sessions() IS NOT NULL'), 't', 'a member ends all of its own');
$open->query("$reads;\n");
like($open->{stderr}, qr/session was ended/, '... in open sessions with the next statement');
fails('app', with($again, $reads), qr/PT401.*session was ended/s, '... this one included');
$open->quit;
works('app', with($bob, $reads), 1, '... and no other member\'s');
$ann = login('ann');
# ---- a session is renewed while it lasts, and not for ever
sub claims { return decode_json(MIME::Base64::decode_base64url((split /\./, $_[0])[1])) }
my $renewed = (psql_as('app', with($bob, 'SELECT voiceagent.renew_session()')))[1];
works('app', with($renewed, $reads), 1, 'a session that was renewed');
is(claims($renewed)->{auth_time}, claims($bob)->{auth_time}, '... is as old as it was');
like((psql_as('web', request($bob, 'SELECT voiceagent.renew_session()')))[1], qr/^ey/, '... behind PostgREST, too');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('session_lifetime', '1 minute')});
fails('app', with($bob, 'SELECT voiceagent.renew_session()'), qr/PT401.*too old to be renewed/s, 'one that is old is renewed no more');
fails('web', request($bob, 'SELECT voiceagent.renew_session()'), qr/PT401.*too old to be renewed/s, '... however it is shown');
works('app', with($bob, $reads), 1, '... and lasts until its token ends');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('session_lifetime', NULL)});

works('app', with($ann, "SELECT voiceagent.end_sessions(member_id) IS NOT NULL FROM voiceagent.members WHERE email LIKE 'vic%'"), 't', 'an owner ends a member\'s');
fails('app', with($new, $reads), qr/PT401.*session was ended/s, '... which then has none');
fails('app', with($ann, 'SELECT voiceagent.end_sessions(987654321)'), qr/PT404/, 'no such member');
fails('app', with($ann, "SELECT voiceagent.end_sessions(member_id) FROM voiceagent_private.member_logins"), qr/42501/, 'nor those of another tenant');
$node->safe_psql('va', with($ann, "SELECT voiceagent.create_member($a, 'max\@example.com', 'correct horse', 'manager')"));
my $manager = login('max');
$node->safe_psql('va', with($ann, "SELECT voiceagent.update_member(member_id, active => false) FROM voiceagent.members WHERE email LIKE 'max%'"));
fails('app', with($manager, $reads), qr/PT403.*not active/s, 'an inactive member reads nothing');
$node->safe_psql('va', with($ann, "SELECT voiceagent.update_member(member_id, active => true) FROM voiceagent.members WHERE email LIKE 'max%'"));
fails('app', with($manager, $reads), qr/PT401.*session was ended/s, '... nor with the same token when it is active again');

# ---- keys have roles
my %key = map { $_ => $node->safe_psql('va', with($ann, "SELECT voiceagent.create_api_key('$_', '$_')")) } qw(owner manager agent viewer);
$key{unsaid} = $node->safe_psql('va', with($ann, q{SELECT voiceagent.create_api_key('unsaid')}));
sub by_key { my ($role, $sql) = @_; return "BEGIN; DO \$\$ BEGIN PERFORM voiceagent.authenticate('$key{$role}'); END \$\$; $sql" }
works('app', by_key($_, q{SELECT voiceagent.whoami() ->> 'role'}), $_ eq 'unsaid' ? 'manager' : $_, "a key of role $_") foreach sort keys %key;
my %deeds = (
	q{SELECT voiceagent.create_api_key('more')} => [ 'owner' ],
	q{SELECT voiceagent.add_lead('+12125550100') > 0} => [ 'owner', 'manager', 'unsaid' ],
	q{SELECT voiceagent.report_call(call_id := 1, summary := 'x')} => [ 'owner', 'manager', 'unsaid', 'agent' ],
);
foreach my $sql (sort keys %deeds)
{
	foreach my $role (sort keys %key)
	{
		my $may = grep { $_ eq $role } @{ $deeds{$sql} };
		my (undef, undef, $err) = psql_as('app', by_key($role, $sql));
		is($err =~ /PT403: a key with role/ ? 0 : 1, $may ? 1 : 0, "$role: $sql");
	}
}
fails('app', with($ann, q{SELECT voiceagent.create_api_key('x', 'king')}), qr/PT422.*role must be/s, 'there are no others');
$node->safe_psql('va', "UPDATE voiceagent.api_keys SET role = DEFAULT WHERE label = 'viewer'");
works('app', by_key('viewer', q{SELECT voiceagent.whoami() ->> 'role'}), 'owner', 'a key from before there were roles stays an owner\'s');

# ---- a time without an offset is in the tenant's zone
my $time = q{SELECT '2031-01-15 10:00'::timestamptz AT TIME ZONE 'UTC'};
works('web', request($ann, $time), '2031-01-15 15:00:00', 'behind PostgREST a time is in the tenant\'s zone');
works('web', request($ann, $time, prefer => 'count=exact, timezone=Asia/Tokyo') =~ s/DO /SET LOCAL timezone = 'Asia\/Tokyo'; DO /r, '2031-01-15 01:00:00', '... unless the request prefers another');
works('web', request($ann, $time, prefer => 'timezone=Mars/Olympus'), '2031-01-15 15:00:00', '... that there is');

# ---- a tenant has a share of the requests in flight
my @held = map { $node->background_psql('va', extra_params => [ '-U', 'web' ], on_error_stop => 0) } 1 .. 2;
$_->query_safe(request($ann, 'SELECT 1')) foreach @held;
my (undef, undef, $third) = psql_as('web', request($ann, $reads));
like($third, qr/PT429: too many requests of this tenant at once.*may have 2 in flight.*HINT:  Send the request again/s, 'a third request of a pool of five is refused');
works('web', request($bob, $reads), 1, '... and another tenant\'s is not');
$held[0]->query('SELECT 1 / 0');
$held[0]->query('ROLLBACK');
$held[0]->{stderr} = '';
works('web', request($ann, $reads), 1, 'a request that failed has given its share back');
# A client that has its answer may be gone before its process is.
wait_for_sql($node, 'va', "SELECT count(*) FROM pg_stat_activity WHERE usename = 'web'", 2, '... and its process has ended');
$held[0]->query_safe(request($ann, 'SELECT 1'));
$held[1]->query_safe('COMMIT');
works('web', request($ann, $reads), 1, '... as one that succeeded');
wait_for_sql($node, 'va', "SELECT count(*) FROM pg_stat_activity WHERE usename = 'web'", 2, '... and its process has ended');
$held[1]->query_safe(request($ann, 'SELECT 1'));
fails('web', request($ann, $reads), qr/PT429/, 'with two it is full again');
$node->safe_psql('va', "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = 'web'");
works('web', request($ann, $reads), 1, '... until their clients are gone');
eval { $_->quit } foreach @held;
$node->safe_psql('va', 'ALTER SYSTEM SET voiceagent.api_requests_per_tenant = 1');
$node->reload;
wait_for_sql($node, 'va', 'SHOW voiceagent.api_requests_per_tenant', 1, 'a share that is set');
my $one = $node->background_psql('va', extra_params => [ '-U', 'web' ]);
$one->query_safe(request($ann, 'SELECT 1'));
fails('web', request($ann, $reads), qr/PT429.*may have 1 in flight/s, '... counts');
$one->quit;

# ---- passwords are compared two at a time
my @busy = map { $node->background_psql('va', on_error_stop => 0) } 1 .. 2;
$busy[$_]->query_safe("BEGIN; SAVEPOINT s; SELECT voiceagent_private.begin_password_check('role $_')") foreach 0 .. 1;
my $login = q{SELECT voiceagent.login('bob@example.com', 'correct horse') LIKE 'ey%'};
fails('app', $login, qr/PT429: too many logins at once.*HINT:  Try again in a second/s, 'a third login at once waits, and is refused') foreach 1 .. 2;
$busy[0]->query('SELECT 1 / 0');
$busy[0]->query('ROLLBACK TO s');
$busy[0]->{stderr} = '';
works('app', $login, 't', '... until one ends, also by an error that is caught; none counted as a failure');
$busy[0]->query_safe(q{SELECT voiceagent_private.begin_password_check('role 0')});
fails('app', with($bob, q{SELECT voiceagent.change_password('correct horse', 'another horse')}), qr/PT429: too many logins/s, 'a changed password is one, too');
$busy[1]->query_safe('SELECT voiceagent_private.end_password_check()');
works('app', "BEGIN; $login; SELECT pg_sleep(0); $login", "t\n\nt", 'a login that leaves its transaction open has given its own back');
$_->quit foreach @busy;

$node->stop('fast');
done_testing();
