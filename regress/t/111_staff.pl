# The platform's own people: accounts apart from members', a password and a one-time password, sessions that end at once, a lock that
# slows nobody else; by /rpc over HTTP.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
my $tenant = create_tenant($node, 'va', 'Acme', credits => 1000);
members($node, $tenant, 'owner');
sub forget_codes { $node->safe_psql('va', 'UPDATE voiceagent_private.staff SET last_step = 0') }
sub told { my ($answer) = @_; return "$answer->{status} " . (eval { decode_json($answer->{content})->{message} } // $answer->{content}) }
sub code { return one_time_code(@_) }
sub log_in { return staff_login($url, @_) }
sub token_of { return staff_token($node, $url, @_) }

# ---- accounts ----
like(told(rpc($url, undef, 'set_staff_password', { invitation => 'vs_x', password => 'correct horse' })), qr/^401 the invitation/, 'an invitation that nobody gave');
my $invitation = staff_invitation($node, 'ann', 'support');
like(told(rpc($url, undef, 'set_staff_password', { invitation => $invitation, password => 'short' })), qr/^422/, 'a short password');
my $ann_told = join_staff($node, $url, 'ann', 'support');
like($ann_told->{uri}, qr{^otpauth://totp/voiceagent:staff%201\?secret=[A-Z2-7]{32}&issuer=voiceagent$}, 'what an app reads');
like(told(rpc($url, undef, 'set_staff_password', { invitation => $invitation, password => 'another horse' })), qr/^401 the invitation/, 'a newer invitation ends an older one');
join_staff($node, $url, 'fay', 'finance');
join_staff($node, $url, 'olga', 'owner');
$node->safe_psql('va', q{UPDATE voiceagent_private.staff SET invitation_hash = sha256('old'), invited_until = now() - interval '1 s' WHERE email LIKE 'fay%'});
like(told(rpc($url, undef, 'set_staff_password', { invitation => 'old', password => 'correct horse' })), qr/^401/, '... and not for ever');

# ---- logging in ----
my $code = code('ann');
my $answer = log_in('ann', code => $code);
is($answer->{status}, 200, 'a password and a code');
my $ann = decode_json('[' . $answer->{content} . ']')->[0];
is_deeply(decode_json(rpc($url, $ann, 'staff_whoami')->{content})->{roles}, ['support'], 'who it is');
is(told(log_in('ann', code => $code)), '401 wrong e-mail address, password or code', 'a code is good once');
is(log_in('ann', code => code('ann', 1))->{status}, 200, 'a clock that is half a minute ahead');
is(log_in('ann', code => code('ann'))->{status}, 401, '... whose code makes the ones before it old');
forget_codes();
is(log_in('ann', code => code('ann', -1))->{status}, 200, 'a clock that is half a minute behind');
forget_codes();
is(log_in('ann', code => code('ann', $_))->{status}, 401, "... not $_ steps") foreach -3, 3;
is(told(log_in('ann', password => 'wrong horse')), '401 wrong e-mail address, password or code', 'a wrong password');
is(told(log_in('nobody', code => '123456')), '401 wrong e-mail address, password or code', 'an address that nobody has');
is(rpc($url, undef, 'login', { email => 'ann@platform.example', password => 'correct horse' })->{status}, 401, 'the staff is no member');
is(log_in('owner', code => '123456')->{status}, 401, '... nor a member of the staff');
like(told(ask($url, 'GET', '/rpc/staff_login?email=ann@platform.example&password=correct%20horse&code=' . code('ann'))), qr/^405/, 'a password is not sent by GET');
is($node->safe_psql('va', q{SELECT count(DISTINCT left(password_hash, 7)) || ' ' || min(left(password_hash, 7)) || ' ' || count(DISTINCT password_hash)
	FROM (SELECT password_hash FROM voiceagent_private.staff UNION ALL SELECT password_hash FROM voiceagent_private.member_logins) p}), '1 $2a$10$ 4', 'hashes cost what members\' do, none is alike');
is($node->safe_psql('va', q{SELECT count(*) FROM voiceagent_private.staff WHERE position(decode('} . unpack('H*', pack('B*', join '', map { sprintf '%05b', index('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', $_) } split //, $ann_told->{secret})) . q{', 'hex') IN second_secret) > 0}), 0, 'what codes are made of is not to be read without the password');

# ---- sessions end at once ----
sub is_over { my ($token, $why) = @_; return is(said(rpc($url, $token, 'staff_whoami')), '401 PT401', $why) }
my $second = token_of('ann');
is(rpc($url, $second, 'end_staff_sessions', '{}')->{status}, 204, 'it ends its own sessions');
is_over($_, '... all of them, at once') foreach $ann, $second;
$ann = token_of('ann');
forget_codes();
my $changed = rpc($url, $ann, 'change_staff_password', { old_password => 'correct horse', new_password => 'a new horse', code => code('ann') });
is($changed->{status}, 200, 'another password');
is_over($ann, '... ends the session');
$ann = decode_json("[$changed->{content}]")->[0];
is(rpc($url, $ann, 'staff_whoami')->{status}, 200, '... and begins the next one');
forget_codes();
is(log_in('ann')->{status}, 401, 'the old password is no good');
is(log_in('ann', password => 'a new horse')->{status}, 200, 'the new one is, with the same app');
my $olga = token_of('olga');
my $number = decode_json(rpc($url, $olga, 'staff_whoami')->{content})->{staff_id};
is(rpc($url, $olga, 'update_staff', { staff_id => 1, active => JSON::PP::false })->{status}, 204, 'an owner takes somebody out');
is_over($ann, '... whose session ends');
forget_codes();
is(log_in('ann', password => 'a new horse')->{status}, 401, '... who does not get in');
rpc($url, $olga, 'update_staff', { staff_id => 1, active => JSON::PP::true });
like(told(rpc($url, $olga, 'update_staff', { staff_id => $number, roles => ['support'] })), qr/^403 you cannot change your own account/, 'you cannot change your own account');
$ann = token_of('ann', password => 'a new horse');
is(said(rpc($url, $ann, 'update_staff', { staff_id => 2, roles => ['support'] })), '403 42501', 'support changes nobody');
is(said(rpc($url, $olga, 'add_staff', { email => 'x@platform.example', roles => ['owner'] })), '403 42501', 'who is in the staff says psql alone');
$node->safe_psql('va', q{UPDATE voiceagent_private.staff_sessions SET expires_at = now() - interval '1 s' WHERE staff_id = 1});
is_over($ann, 'a session is over when its time is');

# ---- a token is no tenant's, and a tenant's none of the staff ----
is(said(rpc($url, $olga, 'whoami')), '403 42501', 'a token of the staff is no tenant\'s');
is(said(rpc($url, login($node, 'owner@example.com'), $_)), '403 42501', "a member of a tenant does not call $_") foreach qw(staff_whoami list_staff list_tenants);
is(said(rpc($url, undef, $_)), '401 42501', "nor a visitor $_") foreach qw(staff_whoami list_staff list_tenants);
is(scalar(@{ decode_json(rpc($url, $olga, 'list_tenants')->{content}) }), 1, 'an owner lists the tenants');

# One who can sign, but knows no session.
my $forged = $node->safe_psql('va', q{SELECT voiceagent_private.issue_staff_token('staff 3', 'x', 600)});
is_over($forged, 'a signature alone is no session');

# ---- guesses ----
my $guesses = join '', map { my ($password, $code) = $_ % 3 ? ('correct horse', sprintf '%06d', $_) : ("horse $_", code('fay'));
	"SELECT 'in' FROM voiceagent.staff_login('fay\@platform.example', '$password', '$code');\n" } 1 .. 3000;
my ($in, $refused) = ('', '');
IPC::Run::run([ 'psql', '-XAtq', '-v', 'VERBOSITY=verbose', '-d', $node->connstr('va') ], '<', \$guesses, '>', \$in, '2>', \$refused);
my %got;
$got{$_}++ foreach $refused =~ /ERROR:  (PT\d+)/g;
note(join ', ', map { "$_ $got{$_} times" } sort keys %got);
is($in, '', 'of 3,000 wrong codes and passwords none gets in');
is($got{PT401} + $got{PT429}, 3000, '... each is refused');
my $limit = $node->safe_psql('va', 'SHOW voiceagent.login_failure_limit');
cmp_ok($got{PT401}, '<=', $limit + 20, '... and hardly one is looked at');
forget_codes();
is(log_in('fay')->{status}, 429, 'the right one waits');
is(log_in('olga')->{status}, 200, 'nobody else does');
# A lock lasts as long as the window at most.
$node->append_conf('postgresql.conf', 'voiceagent.login_failure_window = 5');
$node->reload;
my $fay;
for (my $until = deadline(90); !$until->(); sleep 1)
{
	forget_codes();
	$fay = log_in('fay');
	last if $fay->{status} == 200;
}
is($fay->{status}, 200, '... and gets in after the lock');
is($node->safe_psql('va', q{SELECT string_agg(DISTINCT action, ' ') FROM voiceagent.platform_audit(NULL, 1000) WHERE object LIKE 'staff %'}),
	'add_staff end_staff_sessions set_staff_password staff_login update_staff', 'all of it is in the audit log');
is($node->safe_psql('va', q{SELECT DISTINCT actor FROM voiceagent.platform_audit(NULL, 1000) WHERE action = 'update_staff'}), "staff $number (owner)", '... by number and role');
done_testing();
