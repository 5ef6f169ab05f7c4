# Notices reach people: by mail within three seconds beside a running campaign, each once, whatever another tenant's mail server does.
use strict;
use warnings;

use IO::Socket::INET;
use JSON::PP ();
use MIME::Base64 ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFaults;

my $dir = PostgreSQL::Test::Utils::tempdir;
my @servers;
my $events = $ENV{NOTICES} // 60;

sub mail_server
{
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	my $log = "$dir/mails.$port";
	append_to_file($log, '');
	my $pid = fork // die;
	exec 'python3', 'regress/fakes/smtpd.py', $port, $log or die if $pid == 0;
	push @servers, $pid;
	for (1 .. 300) { last if IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port); sleep 0.1; }
	return {port => $port, log => $log};
}

sub taken { my ($server) = @_; return grep { $_->{message} } map { JSON::PP::decode_json($_) } split /\n/, slurp_file($server->{log}); }
sub words { my ($mail) = @_; return MIME::Base64::decode_base64($mail->{message} =~ s/.*?\r\n\r\n//sr); }

END { kill 'KILL', $_ foreach @servers; }

append_to_file("$dir/vault", '0123456789abcdef' x 4);
chmod 0600, "$dir/vault";
append_to_file("$dir/jwt", '0123456789abcdef' x 4);
chmod 0600, "$dir/jwt";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$dir/vault", 'voiceagent.jwt_secret_file' => "$dir/jwt");
my $good = mail_server();
my $silent = IO::Socket::INET->new(Listen => 100, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die;
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_private_hosts', '127.0.0.1:$good->{port} 127.0.0.1:" . $silent->sockport . "'), voiceagent.set_setting('notice_mails_per_hour', '1000'), voiceagent.set_setting('sandbox_time_scale', '60')");
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 10000) } qw(acme zeta);
my %owner = map { $_ => $node->safe_psql('va', "SELECT voiceagent.create_member($tenant{$_}, '$_\@example.com', 'a password of it', 'owner')") } sort keys %tenant;
as_tenant($node, 'va', $tenant{$_}, 'UPDATE voiceagent.members SET email_proved_at = created_at') foreach keys %tenant;
sub as { my ($whose, $sql) = @_; return as_tenant($node, 'va', $tenant{$whose}, $sql); }
as('acme', "SELECT voiceagent.set_mail_account('smtp://127.0.0.1:$good->{port}', 'us\@example.com')");
as('zeta', "SELECT voiceagent.set_mail_account('smtp://127.0.0.1:" . $silent->sockport . "', 'us\@example.com')");

# ---- beside a campaign, and another tenant whose mail server says nothing ----

my $campaign = start_leads($node, $tenant{acme}, [ map { sprintf '+1212555%04d', $_ } 1 .. 2000 ], settings => {max_concurrent_calls => 50, calling_hours => {start => '00:00', end => '24:00', days => [qw(mon tue wed thu fri sat sun)]}});
wait_workers($node, 'the workers run');
wait_for_sql($node, 'va', "SELECT count(*) > 20 FROM voiceagent.calls WHERE campaign_id = $campaign", 't', 'the campaign calls');
as('zeta', "SELECT voiceagent.take_message('Message ' || i, 'Rosa', '+12025550143') FROM generate_series(1, 200) i");
for my $n (1 .. $events)
{
	as('acme', "SELECT voiceagent.take_message('Message number $n.', 'Rosa Diaz', '+12025550143')");
	sleep 0.05;
}
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.member_notices n JOIN voiceagent.mails m USING (tenant_id, mail_id) WHERE n.tenant_id = $tenant{acme} AND n.kind = 'message' AND m.status = 'sent'", $events, 'every message is mailed');
my ($median, $p99) = split /\|/, $node->safe_psql('va', "SELECT round(1000 * percentile_disc(0.5) WITHIN GROUP (ORDER BY l.took)), round(1000 * percentile_disc(0.99) WITHIN GROUP (ORDER BY l.took))
	FROM (SELECT extract(epoch FROM m.done_at - n.at) AS took FROM voiceagent.member_notices n JOIN voiceagent.mails m USING (tenant_id, mail_id) WHERE n.tenant_id = $tenant{acme} AND n.kind = 'message') l");
my @mails = grep { words($_) =~ /Message/ } taken($good);
my %times;
foreach my $mail (@mails) { $times{$_}++ foreach words($mail) =~ /Message number (\d+)\./g; }
# A verdict does not depend on the machine: three seconds are the goal.
diag(sprintf 'from the event until the mail server has the mail, of %d messages beside %s calls: median %d ms, p99 %d ms (%d mails)', $events, $node->safe_psql('va', "SELECT count(*) FROM voiceagent.calls WHERE campaign_id = $campaign"),
	$median, $p99, scalar @mails);
is(scalar(grep { $_ > 1 } values %times), 0, '... once');
is($node->safe_psql('va', "SELECT count(DISTINCT mail_id) FROM voiceagent.member_notices WHERE tenant_id = $tenant{acme} AND kind = 'message'"), scalar @mails, '... in as many mails as there are rows of mails');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.mails WHERE tenant_id = $tenant{acme} AND kind LIKE 'notice%' AND tries <> 1"), 0, '... each tried once');
my ($alone) = grep { words($_) =~ /Message number/ } @mails;
SKIP:
{
	skip 'no message had a mail of its own', 2 unless $alone;
	like(words($alone), qr/Rosa Diaz, \+12025550143\s+Message number \d+\./, '... one that is alone with who it is of');
	is($alone->{recipient}, 'acme@example.com', '... to the owner');
}
is(as('zeta', "SELECT count(*) FROM voiceagent.mails WHERE tenant_id = $tenant{zeta} AND status = 'sent'"), 0, 'a mail server that says nothing takes nothing');

# ---- a member on the page, with its own token ----

my $token = $node->safe_psql('va', "SELECT voiceagent.login('acme\@example.com', 'a password of it', $tenant{acme})");
sub member { my ($sql) = @_; return $node->safe_psql('va', "SET voiceagent.token = '$token'; SET SESSION AUTHORIZATION voiceagent_member; $sql"); }
$node->safe_psql('va', 'CREATE ROLE voiceagent_member LOGIN; GRANT voiceagent_user TO voiceagent_member');
is(member('SELECT count(*) FROM voiceagent.my_notices(max_notices => 1000) WHERE kind = \'message\''), $events, 'a member reads its notices');
is(member('SELECT voiceagent.read_notices() > 0'), 't', '... marks them as read');
is(member('SELECT count(*) FROM voiceagent.my_notices()'), 0, '... and has none that are unread');
my ($status, $out, $error) = $node->psql('va', "SET voiceagent.token = ''; SET SESSION AUTHORIZATION voiceagent_member; SELECT * FROM voiceagent.my_notices()");
like($error, qr/proof/, 'nobody else has any');

# ---- a digest, and an end of the keeper between ----

member(q(SELECT voiceagent.set_notices('{"message": ["digest"], "offer": ["digest"]}')));
as('acme', "SELECT voiceagent.take_message('Another ' || i, 'Rosa', '+12025550143') FROM generate_series(1, 3) i");
as('acme', "SELECT voiceagent.make_offer(5000, 'USD', name => 'Ed', phone => '+12025550144')");
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.member_notices WHERE tenant_id = $tenant{acme} AND mail_at > now()", 4, 'what is for the digest waits');
$node->safe_psql('va', "UPDATE voiceagent.member_notices SET mail_at = now() WHERE tenant_id = $tenant{acme} AND mail_at IS NOT NULL; UPDATE voiceagent_private.notice_turns SET due_at = now() WHERE tenant_id = $tenant{acme}; SELECT voiceagent_private.request_job('tell_members', now())");
wait_for_sql($node, 'va', "SELECT subject FROM voiceagent.mails WHERE tenant_id = $tenant{acme} AND kind = 'notices' AND status = 'sent' ORDER BY mail_id DESC LIMIT 1", '3 messages, 1 offer', 'the digest counts them');

# ---- no mail before the address is proved ----

$node->safe_psql('va', 'UPDATE voiceagent.members SET email_proved_at = NULL');
as('acme', "SELECT voiceagent.take_message('Not by mail', 'Rosa', '+12025550143')");
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.member_notices WHERE tenant_id = $tenant{acme} AND marked_at IS NULL AND mail_at IS NULL AND mail_id IS NULL", 1, 'a notice of who has not proved its address is on the page');
is(member("SELECT voiceagent.notice_settings() ->> 'no_mail_because'"), 'not_confirmed', '... which says why there is no mail');
member('SELECT voiceagent.mail_address_link()');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.mails WHERE kind = 'confirm_address'", 'sent', 'a link is mailed');
my ($link) = words((taken($good))[-1]) =~ /(\d+-\d+-\d+-[0-9a-f]{64})/;
sub confirmed { my ($with) = @_; my ($bad, $said, $why) = $node->psql('va', "SET SESSION AUTHORIZATION voiceagent_visitor; SELECT voiceagent.confirm_address('$with')"); return $said || $why }
$node->safe_psql('va', 'CREATE ROLE voiceagent_visitor LOGIN; GRANT voiceagent_anon TO voiceagent_visitor');
like(confirmed($_), qr/not good any more/, 'another link proves nothing') foreach 'x', $link =~ s/-\d/-9/r, $link =~ s/^\d+/$tenant{zeta}/r, $link =~ s/.$/x/r, $link =~ s/-(\d+)-(?=[0-9a-f]{64})/'-' . ($1 + 1) . '-'/er;
is(confirmed($link), 'acme@example.com', '... that one proves the address');
is(member("SELECT voiceagent.notice_settings() ->> 'no_mail_because'"), '', '... to which notices are mailed again');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.members WHERE email_proved_at IS NOT NULL"), 1, '... and no other');
member('SELECT voiceagent.mail_address_link()') foreach 1 .. 4;
like((eval { member('SELECT voiceagent.mail_address_link()') } // $@), qr/too many links/, 'five links a day');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.invariants()'), 0, 'all invariants hold');
$node->stop('fast');
done_testing();
