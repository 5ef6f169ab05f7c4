# From one key to the next without a gap: token keys (HS256 to Ed25519, external issuers), the vault's key, webhook secrets.
use strict;
use warnings;

use Digest::SHA qw(hmac_sha256 hmac_sha256_hex);
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64 qw(encode_base64url decode_base64url);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $node = new_node('main', fsync => 'on', log_statement => 'none');
my $keys = $node->basedir . '/keys';
mkdir $keys or die $!;

# As an operator does it: a new file takes the old one's place.
sub write_key
{
	my ($name, $content) = @_;
	open(my $file, '>:raw', "$keys/$name.new") or die $!;
	print $file $content;
	close $file;
	chmod 0600, "$keys/$name.new";
	rename "$keys/$name.new", "$keys/$name" or die $!;
	return;
}

my $json = JSON::PP->new->canonical;
sub key_set { return $json->encode({ keys => \@_ }) }

# RFC 8032, tests 1 and 2.
sub ed25519
{
	my ($kid, $private, $public) = @_;
	return { kty => 'OKP', crv => 'Ed25519', kid => $kid, x => encode_base64url(pack 'H*', $public), $private ? (d => encode_base64url(pack 'H*', $private)) : () };
}
my @first = ('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
my @second = ('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
my $secret = 'a secret of at least thirty-two bytes';
my %old = (kty => 'oct', kid => 'old', k => encode_base64url($secret));

write_key('jwt', "$secret\n");
write_key('vault', '11' x 32 . "\n");
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$keys/jwt'\nvoiceagent.vault_key_file = '$keys/vault'");
$node->reload;
$node->poll_query_until('va', q{SELECT current_setting('voiceagent.vault_key_file') <> ''}) or die 'reload';

my ($tenant, $other) = split /\|/, $node->safe_psql('va', q{SELECT voiceagent.create_tenant('A'), voiceagent.create_tenant('B')});
$node->safe_psql('va', "CREATE ROLE app LOGIN IN ROLE voiceagent_user; SELECT voiceagent.create_member($tenant, 'ann\@example.com', 'correct horse')");

sub token { return $node->safe_psql('va', q{SELECT voiceagent.login('ann@example.com', 'correct horse')}) }
sub header_of { return decode_base64url((split /\./, $_[0])[0]) }

# What a token proves, or why it is refused.
sub proves
{
	my ($token) = @_;
	my ($status, $out, $err) = $node->psql('va', "SET voiceagent.token = '$token'; SELECT voiceagent.current_tenant()", extra_params => [ '-U', 'app', '-v', 'VERBOSITY=verbose' ]);
	return $status == 0 ? $out : $err =~ /(PT\d+).*Reason: ([^\n]*)\./s ? "$1 $2" : $err;
}

# ----- tokens: sessions work through the whole of it
my $by_secret = token();
is(header_of($by_secret), '{"alg":"HS256","typ":"JWT"}', 'a secret alone signs with HS256');
my $script = $node->basedir . '/use.sql';
open(my $file, '>', $script) or die $!;
print $file "SELECT 1 / (voiceagent.current_tenant() = $tenant)::integer;\n";
close $file;

# Some hundred statements a second in two sessions that keep one token, and in new sessions, while $change happens; nothing may fail.
sub under_use
{
	my ($token, $change, $name) = @_;
	my ($out, $err) = ('', '');
	local $ENV{PGOPTIONS} = "-c voiceagent.token=$token";
	my @bench = ('pgbench', '-n', '-T', '3', '-R', '200', '-f', $script, '-h', $node->host, '-p', $node->port, '-U', 'app');
	my $kept = IPC::Run::start([ @bench, '-c', '2', 'va' ], '>', \$out, '2>&1');
	my $fresh = IPC::Run::start([ @bench, '-C', '-c', '1', 'va' ], '>', \my $fresh_out, '2>&1');
	{
		delete local $ENV{PGOPTIONS};
		sleep 1;
		$change->();
	}
	IPC::Run::finish($_) foreach $kept, $fresh;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	like($out, qr/number of failed transactions: 0 /, "$name: sessions that have the token") or diag($out);
	like($fresh_out, qr/number of failed transactions: 0 /, "$name: new sessions") or diag($fresh_out);
	unlike("$out$fresh_out", qr/ERROR/, '... and no error');
	return;
}

under_use($by_secret, sub { write_key('jwt', key_set(ed25519('new', @first), \%old)) }, 'a new key comes before the old');
is(header_of(token()), '{"alg":"HS256","typ":"JWT"}', 'the old key signs until the reload, while PostgREST does not know the new one');
$node->reload;
my ($by_new, $until) = (token(), deadline(60));
sleep 0.05, $by_new = token() while header_of($by_new) !~ /EdDSA/ && !$until->();
is(header_of($by_new), '{"alg":"EdDSA","kid":"new","typ":"JWT"}', '... and then the new key signs, with EdDSA');
is(proves($by_new), $tenant, 'its tokens are good');
is(proves($by_secret), $tenant, 'those of the old still are, although they name no key');
under_use($by_new, sub { write_key('jwt', key_set(ed25519('new', @first))); $node->reload }, 'the old key is retired');
like(proves($by_secret), qr/^PT401 the token's key is not known|^PT401 the token's algorithm is not that/, 'its tokens end');
under_use($by_new, sub { write_key('jwt', key_set(ed25519('next', @second), ed25519('new', undef, $first[1]))); $node->reload }, 'of the key before only the public half is kept');
is(header_of(token()), '{"alg":"EdDSA","kid":"next","typ":"JWT"}', 'so it verifies, and the next one signs');
# A session with a verified token, through a retirement.
my (undef, undef, $ended) = $node->psql('va', "SET voiceagent.token = '$by_new'; SELECT voiceagent.current_tenant();\n"
	. "\\! cp -p $keys/jwt $keys/kept; umask 077; sed 's/,{[^}]*\"new\"[^}]*}//' $keys/kept > $keys/jwt; kill -HUP `head -1 @{[ $node->data_dir ]}/postmaster.pid`; sleep 4\nSELECT voiceagent.current_tenant()",
	extra_params => [ '-U', 'app', '-v', 'VERBOSITY=verbose' ]);
like($ended, qr/PT401.*is not known/s, 'a retired key ends the tokens of open sessions with the reload') or diag(slurp_file("$keys/jwt"));

# ----- nobody signs with what is public
sub forged
{
	my ($header, $claims, $key) = @_;
	my $text = encode_base64url($json->encode($header)) . '.' . encode_base64url($json->encode($claims));
	return "$text." . encode_base64url(defined $key ? hmac_sha256($text, $key) : '');
}
my %claims = (tenant_id => $tenant + 0, exp => time + 600, aud => $node->safe_psql('va', 'SELECT voiceagent.token_audience()'));
write_key('jwt', key_set(ed25519('next', @second), ed25519('partner', undef, $first[1])));
is(proves($by_new), 'PT401 the token\'s key is not known (any more)', 'a kid that no key has');
like(proves(forged({ alg => 'HS256', kid => $_ }, \%claims, pack('H*', $_ eq 'next' ? $second[1] : $first[1]))), qr/^PT401 the token's algorithm is not that of its key/,
	"HS256 with the public half of $_ as secret") foreach 'next', 'partner';
like(proves(forged({ alg => 'HS256' }, \%claims, encode_base64url(pack 'H*', $first[1]))), qr/^PT401/, '... or with its text, and without a kid');
like(proves(forged({ alg => 'none', kid => 'next' }, \%claims)), qr/^PT401 the token's algorithm is neither/, 'alg none');

# ----- an external issuer: its key verifies and never signs
write_key('jwt', key_set(ed25519('partner', @first)));
my $from_partner = token();
write_key('jwt', key_set(ed25519('partner', undef, $first[1])));
is(proves($from_partner), $tenant, 'an issuer elsewhere, of whom we have the public half');
my (undef, undef, $cannot) = $node->psql('va', q{SELECT voiceagent.login('ann@example.com', 'correct horse')});
like($cannot, qr/gives no key to sign tokens with/, 'with public halves alone nobody logs in here');
write_key('jwt', key_set({ %{ ed25519('partner', undef, $first[1]) }, tenant_id => $other + 0 }, ed25519('next', @second)));
is(proves($from_partner), "PT401 the token's key is another tenant's", 'an issuer may be bound to one tenant');
is(header_of(token()), '{"alg":"EdDSA","kid":"next","typ":"JWT"}', '... and its key never signs for us');

# PostgREST, with the same file, takes what the key of tenant $other signed for $tenant: it knows of no binding, and passes the claims on.
sub through_postgrest
{
	my ($claims, $headers) = @_;
	my ($status, $out, $err) = $node->psql('va', "BEGIN; SET LOCAL request.jwt.claims = '" . $json->encode($claims) . "'; SET LOCAL request.headers = '" . $json->encode($headers)
		. "'; SET LOCAL ROLE voiceagent_user; SELECT voiceagent.current_tenant(); SELECT voiceagent.current_tenant()", extra_params => [ '-U', 'web', '-v', 'VERBOSITY=verbose' ]);
	return $status == 0 ? $out : $err =~ /(PT\d+).*Reason: ([^\n]*)\./s ? "$1 $2" : $err;
}
$node->append_conf('postgresql.conf', q{voiceagent.authenticator = 'web'});
$node->safe_psql('va', 'CREATE ROLE web LOGIN NOINHERIT IN ROLE voiceagent_user');
$node->reload;
$node->poll_query_until('va', q{SELECT current_setting('voiceagent.authenticator') = 'web'}) or die 'reload';
my $partner_secret = 'the secret of a partner, for one tenant';
my %partner = (kty => 'oct', kid => 'crm', tenant_id => $other + 0, k => encode_base64url($partner_secret));
my %theirs = (tenant_id => $other + 0, role => 'voiceagent_user', exp => time + 600);
my %stolen = (%theirs, tenant_id => $tenant + 0);
my $bearer = sub { my ($claims) = @_; return { authorization => 'Bearer ' . forged({ alg => 'HS256', kid => 'crm' }, $claims, $partner_secret) } };
write_key('jwt', key_set(ed25519('next', @second), \%partner));
is(through_postgrest(\%theirs, $bearer->(\%theirs)), "$other\n$other", 'through PostgREST a bound key speaks for its tenant');
is(through_postgrest(\%stolen, $bearer->(\%stolen)), "PT401 the token's key is another tenant's", '... and for no other');
is(through_postgrest(\%stolen, $bearer->(\%theirs)), 'PT401 it is not the one that the claims are of', '... whatever the claims say');
is(through_postgrest(\%stolen, {}), 'PT401 it is not in the request\'s headers', '... or the headers leave out');
is(through_postgrest({ %theirs, exp => undef }, $bearer->(\%theirs)), 'PT401 a time in the token is not a number of seconds', '... and an end must be one');
my $own = token();
is(through_postgrest($json->decode(decode_base64url((split /\./, $own)[1])), { authorization => "Bearer $own" }), "$tenant\n$tenant", 'our own tokens are as good as ever');
write_key('jwt', key_set({ %partner, tenant_id => undef }, ed25519('next', @second)));
like(through_postgrest(\%theirs, {}), qr/does not give a usable key/, 'a file that cannot be read lets nobody in');
delete $partner{tenant_id};
write_key('jwt', key_set(ed25519('next', @second), \%partner));
is(through_postgrest(\%stolen, {}), "$tenant\n$tenant", 'where no key is bound the claims are believed: PostgREST has verified them');
$partner{aud} = 'voiceagent:1:1';
write_key('jwt', key_set(ed25519('next', @second), \%partner));
is(through_postgrest(\%theirs, $bearer->(\%theirs)), "PT401 the token's key is another database's", 'a key may be bound to a database');
$partner{aud} = $claims{aud};
write_key('jwt', key_set(ed25519('next', @second), \%partner));
is(through_postgrest(\%theirs, $bearer->(\%theirs)), "$other\n$other", '... and is good there');
write_key('jwt', key_set({ %{ ed25519('partner', undef, $first[1]) }, tenant_id => $other + 0 }, ed25519('next', @second)));
write_key('jwt', '{"keys": [');
like(proves($from_partner), qr/does not give a usable key/, 'a broken file is refused as a whole');
write_key('jwt', key_set(ed25519('next', @second)));

# ----- the vault
sub as_owner { my ($sql) = @_; return $node->safe_psql('va', "SET voiceagent.token = '@{[ token() ]}'; $sql") }
my $webhook = 'the first secret of webhooks';
my $account = as_owner(qq{SELECT voiceagent.create_provider_account('vapi', 'Main', '{"api_key": "k", "webhook_secret": "$webhook"}', '{"phone_number_id": "p"}')});
as_owner(qq{SELECT voiceagent.create_provider_account('vapi', 'Account ' || i, '{"api_key": "k"}', '{"phone_number_id": "p"}') FROM generate_series(1, 12) i});
my $ages = q{SELECT md5(string_agg(name || created_at, ',' ORDER BY name)) FROM voiceagent_private.secrets};
my $status = q{SELECT string_agg(concat_ws(' ', seals, in_file, secrets), ', ') FROM voiceagent.vault_status()};
is_sql($node, 'va', $status, 't t 26', 'one key seals all');
my $opens = "BEGIN;\nSELECT voiceagent_private.set_tenant($tenant) AS was \\gset\nSELECT count(*) FROM voiceagent_private.secrets s WHERE voiceagent_private.secret_opens(s.name);\nCOMMIT";
write_key('vault', '22' x 32 . "\n" . '11' x 32 . "\n");
is_sql($node, 'va', $status, 't t 0, f t 26', 'a new key, with the old one behind it');
is_sql($node, 'va', $opens, 26, 'all secrets open');
as_owner(qq{SELECT voiceagent.create_provider_account('vapi', 'Late', '{"api_key": "k"}', '{"phone_number_id": "p"}')});
is_sql($node, 'va', $status, 't t 2, f t 26', 'what is sealed from now on lies under the new key');
my $aged = $node->safe_psql('va', $ages);
is_sql($node, 'va', 'SELECT voiceagent.rotate_vault(10)', 10, 'a step');
is_sql($node, 'va', $status, 't t 12, f t 16', '... seals some again');
# A crash in the middle of a step, and between two.
my $killed = IPC::Run::start([ 'psql', '-Xq', '-c', 'BEGIN', '-c', 'SELECT voiceagent.rotate_vault(3)', '-c', 'SELECT pg_sleep(60)', $node->connstr('va') ], '>', \my $killed_out, '2>&1');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()}, 1, 'a step under way');
$node->stop('immediate');
IPC::Run::finish($killed);
$node->start;
is_sql($node, 'va', $status, 't t 12, f t 16', 'a crash takes an unfinished step back');
is_sql($node, 'va', $opens, 28, '... and every secret opens');
is_sql($node, 'va', 'SELECT voiceagent.rotate_vault()', 16, 'the rest');
is_sql($node, 'va', 'SELECT voiceagent.rotate_vault()', 0, 'and nothing is left');
is_sql($node, 'va', $status, 't t 28, f t 0', 'status says that the old key may go');
is_sql($node, 'va', $ages, $aged, 'no secret got younger');
write_key('vault', '22' x 32);
is_sql($node, 'va', $opens, 28, 'it goes, and every secret opens');
is_sql($node, 'va', $status, 't t 28', 'one key again');
# Once more while webhooks come in, with the rotation ended in the middle of a step: at no moment is a
# webhook refused or a secret closed.
wait_for_sql($node, 'va', q{SELECT voiceagent_private.gateway_address() IS NOT NULL}, 't', 'the gateway listens');
my $busy_url = as_owner("SELECT voiceagent.create_endpoint($account)");
my $closed = q{SELECT count(*) FROM jsonb_array_elements_text(voiceagent.health() -> 'problems') p WHERE p LIKE 'secrets lie under a key%'};
is_sql($node, 'va', $closed, 0, 'health has nothing to say of the vault');
write_key('vault', '55' x 32);
is_sql($node, 'va', $closed, 1, '... but of a file without the key that secrets lie under');
write_key('vault', '44' x 32 . "\n" . '22' x 32 . "\n");
is_sql($node, 'va', $closed, 0, '... until it is back');
my $sender = fork() // die $!;
if ($sender == 0)
{
	my $client = HTTP::Tiny->new(timeout => 20);
	my ($refused, $until) = (0, time + 6);
	for (my $nth = 0; time < $until || $nth < 40 && time < $until + 120; $nth++)
	{
		my $body = $json->encode({ message => { type => 'status-update', status => 'ringing', timestamp => int(time * 1000), call => { id => "busy$nth" } } });
		my $at = int(time);
		my $status = $client->post($busy_url, { content => $body, headers => { 'content-type' => 'application/json', 'x-timestamp' => $at, 'x-signature' => hmac_sha256_hex("$at.$body", $webhook) } })->{status};
		$refused++ if $status != 200;
		sleep 0.02;
	}
	require POSIX;
	POSIX::_exit($refused > 255 ? 255 : $refused);
}
my $halfway = IPC::Run::start([ 'psql', '-Xq', '-c', 'BEGIN', '-c', 'SELECT voiceagent.rotate_vault(5)', '-c', 'SELECT pg_sleep(61)', $node->connstr('va') ], '>', \my $halfway_out, '2>&1');
wait_for_sql($node, 'postgres', q{SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(61)%' AND state = 'active' AND pid <> pg_backend_pid()}, 1, 'a step under way, with webhooks coming in');
is_sql($node, 'va', $opens, 28, '... and every secret opens');
$node->safe_psql('va', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(61)%' AND pid <> pg_backend_pid()});
IPC::Run::finish($halfway);
is_sql($node, 'va', $status, 't t 0, f t 28', '... its end takes it back');
my $steps = 0;
$steps++ while $node->safe_psql('va', 'SELECT voiceagent.rotate_vault(5)') > 0;
is($steps, 6, 'the rotation in steps');
is_sql($node, 'va', $opens, 28, '... and every secret opens');
waitpid $sender, 0;
is($? >> 8, 0, 'no webhook was refused meanwhile');
cmp_ok($node->safe_psql('va', q{SELECT count(*) FROM voiceagent.webhooks}), '>', 20, '... of many');
$node->safe_psql('va', 'DELETE FROM voiceagent.webhooks');
write_key('vault', '44' x 32);
is_sql($node, 'va', $status, 't t 28', 'and the old key may go');
write_key('vault', '22' x 32 . "\n" . '44' x 32);
$node->safe_psql('va', 'SELECT voiceagent.rotate_vault()');
write_key('vault', '22' x 32);
is_sql($node, 'va', $status, 't t 28', '... or come back');
write_key('vault', '33' x 32);
is_sql($node, 'va', $status, 't t 0, f f 28', 'a key that went too early is seen');
is_sql($node, 'va', 'SELECT voiceagent.rotate_vault()', 0, '... and rotation leaves alone what it cannot open');
write_key('vault', '22' x 32);
my (undef, undef, $denied) = $node->psql('va', "SET voiceagent.token = '@{[ token() ]}'; SELECT voiceagent.rotate_vault()", extra_params => [ '-U', 'app' ]);
like($denied, qr/permission denied/, 'no business of a tenant\'s');

# ----- webhooks: the carrier and we change at different moments
wait_for_sql($node, 'va', q{SELECT voiceagent_private.gateway_address() IS NOT NULL}, 't', 'the gateway listens');
my $url = as_owner("SELECT voiceagent.create_endpoint($account)");
my $http = HTTP::Tiny->new(timeout => 20);
my $sent = 0;

sub deliver
{
	my ($by) = @_;
	my $body = $json->encode({ message => { type => 'status-update', status => 'ringing', timestamp => int(time * 1000), call => { id => 'call' . ++$sent } } });
	my $at = int(time);
	return $http->post($url, { content => $body, headers => { 'content-type' => 'application/json', 'x-timestamp' => $at, 'x-signature' => hmac_sha256_hex("$at.$body", $by) } })->{status};
}
my $next = 'the second secret of webhooks';
is(deliver($webhook), 200, 'before: the first secret');
is(deliver($next), 401, '... and not the second');
like(as_owner("SELECT voiceagent.rotate_webhook_secret($account, '$next', '1 hour') > voiceagent.clock() + '59 minutes'"), qr/^t$/, 'rotated, with an hour of overlap');
is(deliver($next), 200, 'the second is good at once');
is(deliver($webhook), 200, '... and the first still') foreach 1 .. 2;
my (undef, undef, $twice) = $node->psql('va', "SET voiceagent.token = '@{[ token() ]}'; SELECT voiceagent.rotate_webhook_secret($account, 'a third', '1 hour')");
like($twice, qr/still being retired/, 'no third before the first is retired');
as_owner("SELECT voiceagent.retire_webhook_secret($account)");
is(deliver($webhook), 401, 'retired: not the first any more');
is(deliver($next), 200, '... only the second');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.secrets WHERE name LIKE '%:old_webhook_secret'}, 0, '... and the first is deleted');
as_owner("SELECT voiceagent.rotate_webhook_secret($account, 'a third', '6 s')");
is(deliver($next), 200, 'an overlap');
sleep 6.2;
is(deliver($next), 401, '... that ends by itself');
is(deliver('a third'), 200, '... and only the new one is good');
is_sql($node, 'va', "SELECT count(*) = 7 FROM voiceagent.webhooks", 't', 'every genuine webhook is stored');
my ($made) = split /\n/, as_owner(q{SELECT provider_account_id FROM voiceagent.provider_accounts WHERE name = 'Late'});
like(as_owner("SELECT voiceagent.rotate_webhook_secret($made) IS NOT NULL"), qr/^t$/, 'where the carrier is told with every call the secret is made');
(undef, undef, my $must) = $node->psql('va', "SET voiceagent.token = '@{[ token() ]}'; SELECT voiceagent.rotate_webhook_secret($account)");
like($must, qr/the new secret must be given/, '... elsewhere it must be given');
unlike(slurp_server_log($node), qr/secret of webhooks|a third|correct horse|\Q$secret\E/, 'the log names none of them');

$node->stop('fast');
done_testing();
