# One person in several workspaces: one login, a list, a switch without the password.  Who the person is elsewhere is never an
# argument: an owner that makes a member of a stranger's address, sets its password, or signs tokens of its tenant gets nowhere.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256);
use JSON::PP qw(decode_json encode_json);
use MIME::Base64 qw(decode_base64url encode_base64url);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $node = new_node('main', 'voiceagent.authenticator' => 'web', 'voiceagent.login_failure_limit' => 4);
my ($a, $b, $h) = map { create_tenant($node, 'va', $_) } 'Agency', 'Bakery', 'Hostile';
my ($secret, $theirs) = ('a secret of at least thirty-two bytes', 'a key of Hostile, also thirty-two bytes');
my $file = $node->basedir . '/jwt';
append_to_file($file, encode_json({ keys => [ { kty => 'oct', kid => 'ours', k => encode_base64url($secret) }, { kty => 'oct', kid => 'theirs', k => encode_base64url($theirs), tenant_id => $h + 0 } ] }));
chmod 0600, $file;
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$file'");
$node->reload;
$node->safe_psql('va', qq{CREATE ROLE app LOGIN IN ROLE voiceagent_user; CREATE ROLE web LOGIN NOINHERIT IN ROLE voiceagent_anon, voiceagent_user; CREATE ROLE mapped LOGIN; SELECT voiceagent.map_role('mapped', $a);
	SELECT voiceagent.create_member($a, 'una\@example.com', 'correct horse'), voiceagent.create_member($b, 'una\@example.com', 'correct horse', 'viewer'),
		voiceagent.create_member($h, 'una\@example.com', 'known to hostile'), voiceagent.create_member($h, 'hugo\@example.com', 'correct horse')});

sub psql_as { my ($role, $sql) = @_; return $node->psql('va', $sql, extra_params => [ '-U', $role, '-v', 'VERBOSITY=verbose', '-v', 'SHOW_CONTEXT=never' ]) }
sub works
{
	my ($role, $sql, $expected, $name) = @_;
	my ($status, $out, $err) = psql_as($role, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return is($status == 0 ? $out : "error: $err", $expected, $name);
}
sub fails
{
	my ($role, $sql, $expected, $name) = @_;
	my ($status, $out, $err) = psql_as($role, $sql);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return like($status == 0 ? "no error: $out" : $err, $expected, $name);
}
sub login { my ($tenant, $password, $who) = @_; return $node->safe_psql('va', sprintf q{SELECT voiceagent.login('%s@example.com', '%s', %s)}, $who // 'una', $password // 'correct horse', $tenant) }
sub with { my ($token, $sql) = @_; return "SET voiceagent.token = '$token'; $sql" }
sub claims { return decode_json(decode_base64url((split /\./, $_[0])[1])) }
# A request as PostgREST makes it.
sub request
{
	my ($token, $sql, $method) = @_;
	my $json = decode_base64url((split /\./, $token)[1]);
	return sprintf q{BEGIN; SET LOCAL ROLE voiceagent_user; SET LOCAL request.jwt.claims = '%s'; SET LOCAL request.headers = '{"authorization": "Bearer %s"}'; SET LOCAL request.method = '%s'; DO 'BEGIN PERFORM voiceagent.pre_request(); END'; %s},
		$json, $token, $method // 'POST', $sql;
}
my $list = q{SELECT string_agg(concat_ws(' ', w ->> 'name', w ->> 'role', w ->> 'waiting', CASE WHEN w ->> 'active' = 'false' THEN 'off' END, CASE WHEN w ->> 'here' = 'true' THEN 'here' END), ', ') FROM jsonb_array_elements(voiceagent.my_workspaces()) w};
sub moved { my ($token, $tenant) = @_; return $node->safe_psql('va', with($token, "SELECT voiceagent.switch_workspace($tenant)"), extra_params => [ '-U', 'app' ]) }
my $where = q{SELECT concat_ws(' ', name, voiceagent.whoami() ->> 'role') FROM voiceagent.tenants};

# ---- a list with roles and what waits, a switch, and back
as_tenant($node, 'va', $b, q{SELECT voiceagent.create_task('other', 'Call the miller')});
my $lead = as_tenant($node, 'va', $b, q{SELECT voiceagent.add_lead('+12125550100')});
my $una = login($a);
works('app', with($una, $list), 'Agency owner 0 here, Bakery viewer 1', 'one address with one password has two workspaces');
works('web', request($una, $list), 'Agency owner 0 here, Bakery viewer 1', '... behind PostgREST, too');
works('app', with($una, "SELECT voiceagent.my_workspaces() IS NOT NULL; $where"), "t\nAgency owner", '... and the session is where it was');
fails('app', with($una, "SELECT voiceagent.lead_page($lead)"), qr/PT404/, "another workspace's lead is not found");
my $there = moved($una, $b);
works('app', with($there, $where), 'Bakery viewer', 'a switch without the password, with the role that it has there');
works('app', with($there, "SELECT voiceagent.lead_page($lead) IS NOT NULL"), 't', '... where that lead is');
fails('app', with($there, q{SELECT voiceagent.add_lead('+12125550101')}), qr/PT403.*role viewer/s, '... and no more may be done than there');
is(claims($there)->{auth_time}, claims($una)->{auth_time}, '... in a session that is no younger');
works('app', with($una, $where), 'Agency owner', '... the one before goes on');
works('app', with(moved($there, $a), $where), 'Agency owner', '... and back');
# A session that is ended is ended in each workspace that it was switched to or from; another of the person's goes on.
foreach my $ended (0, 1)
{
	my $first = $una;
	wait_until(sub { $first = login($a); return claims($first)->{auth_time} != claims($una)->{auth_time} && claims($first)->{auth_time} != claims($there)->{auth_time} });
	my @both = ($first, moved($first, $b));
	works('app', with($both[$ended], 'SELECT voiceagent.end_session() IS NOT NULL'), 't', 'a session is ended ' . ('where it began', 'where it was switched to')[$ended]);
	fails('app', with($_, $where), qr/PT401/, '... in both workspaces') foreach @both;
	works('app', with($una, $where), 'Agency owner', '... another session of the person goes on');
}
like((psql_as('web', request($una, "SELECT voiceagent.switch_workspace($b)")))[1], qr/^ey/, '... behind PostgREST, too');
fails('web', request($una, "SELECT voiceagent.switch_workspace($b)", 'GET'), qr/PT405/, '... by no GET');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('session_lifetime', '1 minute')});
fails('app', with($una, "SELECT voiceagent.switch_workspace($b)"), qr/PT401.*too old/s, 'an old session goes nowhere');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('session_lifetime', NULL)});
foreach my $tenant ($h, 987654321, 'NULL')
{
	fails('app', with($una, "SELECT voiceagent.switch_workspace($tenant)"), qr/PT404.*you have no such workspace/s, "a workspace of others, or none: $tenant");
}

# ---- a hostile owner
my $namesake = login($h, 'known to hostile');
works('app', with($namesake, $list), 'Hostile owner 0 here', "a stranger's address is nobody's identity");
fails('app', with($namesake, "SELECT voiceagent.switch_workspace($_)"), qr/PT404/, '... and leads nowhere') foreach $a, $b;
my $hugo = login($h, 'correct horse', 'hugo');
works('app', with($hugo, $list), 'Hostile owner 0 here', 'the same password of another address is nothing');
sub signed
{
	my %claims = @_;
	my $text = encode_base64url(encode_json({ alg => 'HS256', typ => 'JWT', kid => 'theirs' })) . '.' . encode_base64url(encode_json(\%claims));
	return "$text." . encode_base64url(hmac_sha256($text, $theirs));
}
# The person has the same password there, by its own choice: whoever signs tokens of that tenant has still not seen it.
$node->safe_psql('va', "UPDATE voiceagent_private.member_logins SET password_hash = (SELECT password_hash FROM voiceagent_private.member_logins WHERE email = 'una\@example.com' AND tenant_id = $a) WHERE email = 'una\@example.com' AND tenant_id = $h");
my $own = login($h);
works('app', with($own, $list), 'Hostile owner 0 here, Agency owner 0, Bakery viewer 1', 'three workspaces of one person');
my $forged = signed(%{ claims($own) }, role => 'voiceagent_user');
works('app', with($forged, $where), 'Hostile owner', "a token that the tenant's own key has signed counts in it");
works('app', with($forged, $list), 'Hostile owner 0 here', '... and proves nobody elsewhere');
works('web', request($forged, $list), 'Hostile owner 0 here', '... behind PostgREST, too');
fails('app', with($forged, "SELECT voiceagent.switch_workspace($a)"), qr/PT404/, '... by a switch');
fails('app', with($forged, q{SELECT voiceagent.add_workspace('correct horse')}), qr/PT403.*nothing of who you are elsewhere/s, '... or by a password');
my $password = sub { my ($token, $new) = @_; return with($token, "SELECT voiceagent.update_member(member_id, password => '$new') FROM voiceagent.members WHERE email = 'una\@example.com'") };
works('app', $password->($hugo, 'guess 0 of it'), '', 'an owner sets its password');
fails('app', with($own, $list), qr/PT401.*session was ended/s, '... which ends its sessions');
works('app', with(login($h, 'guess 0 of it'), $list), 'Hostile owner 0 here', '... and what it had elsewhere');
works('app', $password->($hugo, "guess $_ of it"), '', "guess $_ as a password of one's own member") foreach 1 .. 2;
works('app', $password->($hugo, 'correct horse'), '', '... and the right one');
fails('app', "SELECT voiceagent.login('una\@example.com', 'correct horse', $h)", qr/PT429/, '... are guesses at the address');
my $by_session = $node->safe_psql('va', with($hugo, "SELECT voiceagent_private.issue_session_token($h, member_id, 'owner', 'x', 600, NULL) FROM voiceagent.members WHERE email = 'una\@example.com' AND tenant_id = $h"));
works('app', with($by_session, $list), 'Hostile owner 0 here', '... nor does one that is in see that it is right');
fails('app', with($by_session, "SELECT voiceagent.switch_workspace($a)"), qr/PT404/, '... or get there');
works('app', with($una, $list), 'Agency owner 0 here', 'meanwhile nobody of the address is told anything');
$node->restart;
works('app', $password->($hugo, 'no guess any more'), '', 'later');
$node->restart;

# ---- proved by its own password each
$una = login($a);
works('app', with($una, "SELECT voiceagent.change_password('correct horse', 'another horse') IS NOT NULL"), 't', 'another password in one of them');
$una = login($a, 'another horse');
works('app', with($una, $list), 'Agency owner 0 here', '... parts it from the others');
fails('app', with($una, q{SELECT voiceagent.add_workspace('wrong horse')}), qr/PT401.*no other workspace/s, 'a wrong password adds none');
works('app', with($una, q{SELECT jsonb_array_length(voiceagent.add_workspace('correct horse'))}), 2, 'its own adds it');
works('app', with($una, $list), 'Agency owner 0 here, Bakery viewer 1', '... until a password changes');
works('app', with(moved($una, $b), $list), 'Bakery viewer 1 here, Agency owner 0', '... from either side');
fails('app', with($una, q{SELECT voiceagent.add_workspace('wrong horse')}), qr/PT401/, "a session guesses at others: $_") foreach 1 .. 2;
fails('app', with($una, q{SELECT voiceagent.add_workspace('no guess any more')}), qr/PT429/, '... as often as at a login');
works('app', with($una, $list), 'Agency owner 0 here, Bakery viewer 1', '... and what was proved stays');

# ---- removed, switched off, and no member at all
$there = moved($una, $b);
as_tenant($node, 'va', $b, q{SELECT voiceagent.update_member(member_id, active => false) FROM voiceagent.members WHERE tenant_id = voiceagent.current_tenant()});
works('app', with($una, $list), 'Agency owner 0 here', 'a removed member has it no more');
fails('app', with($una, "SELECT voiceagent.switch_workspace($b)"), qr/PT404.*you have no such workspace/s, '... and is told what a stranger is');
fails('app', with($there, $where), qr/PT403.*not active/s, '... nor is its session there good');
as_tenant($node, 'va', $b, q{SELECT voiceagent.update_member(member_id, active => true, role => 'manager') FROM voiceagent.members WHERE tenant_id = voiceagent.current_tenant()});
$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($b, false)");
works('app', with($una, $list), 'Agency owner 0 here, Bakery manager 1 off', 'one that is switched off is said to be');
$there = moved($una, $b);
works('app', with($there, 'SELECT count(*) FROM voiceagent.leads'), 1, '... may be read');
fails('app', with($there, q{SELECT voiceagent.add_lead('+12125550101')}), qr/PT403.*not active/s, '... and changed by nobody');
works('app', with(moved($there, $a), $where), 'Agency owner', '... and one gets out of it');
fails('mapped', 'SELECT voiceagent.my_workspaces()', qr/PT403.*not a member/s, 'a login role is no person');
my $key = $node->safe_psql('va', with($una, q{SELECT voiceagent.create_api_key('key', 'owner')}));
fails('app', "BEGIN; DO 'BEGIN PERFORM voiceagent.authenticate(''$key''); END'; SELECT voiceagent.switch_workspace($b)", qr/PT403.*not a member/s, '... nor is a key');
fails('mapped', with($there, $where), qr/PT403/, '... and a login role of one tenant takes no token of another');
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
