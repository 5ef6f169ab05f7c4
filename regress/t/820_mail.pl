# Mails leave by a mail server, with its login and by TLS where it is not ours; what it does not take is tried again, or ends with its words.
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

my $dir = PostgreSQL::Test::Utils::tempdir;
my @servers;

sub mail_server
{
	my (@certificate) = @_;
	my $port = PostgreSQL::Test::Cluster::get_free_port();
	my $log = "$dir/mails.$port";
	append_to_file($log, '');
	my $pid = fork // die;
	exec 'python3', 'regress/fakes/smtpd.py', $port, $log, @certificate or die if $pid == 0;
	push @servers, $pid;
	for (1 .. 300) { last if IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port); sleep 0.1; }
	return {port => $port, log => $log};
}

sub taken { my ($server) = @_; return map { JSON::PP::decode_json($_) } split /\n/, slurp_file($server->{log}); }

END { kill 'KILL', $_ foreach @servers; }

system_or_bail('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-keyout', "$dir/key", '-out', "$dir/cert");
my $plain = mail_server();
my $foreign = mail_server("$dir/cert", "$dir/key");

append_to_file("$dir/vault", '0123456789abcdef' x 4);
chmod 0600, "$dir/vault";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$dir/vault");
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 100) } qw(acme zeta);

sub as { my ($whose, $sql) = @_; return as_tenant($node, 'va', $tenant{$whose}, $sql); }
sub mail { my ($whose, $to, $more) = @_; return as($whose, "SELECT voiceagent_private.enqueue_mail('$to', 'password_reset', secret => 'https://x.example.com/1'" . ($more // '') . ')'); }
sub becomes
{
	my ($whose, $to, $expected, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$expected =~ s/'/''/g;
	wait_for_sql($node, 'va', "SELECT status || coalesce(': ' || reason, '') ~* '^$expected' FROM voiceagent.mails WHERE tenant_id = $tenant{$whose} AND recipient = '$to' ORDER BY mail_id DESC LIMIT 1", 't', $name);
}

# ---- without an account ----

mail('acme', 'ann@example.com');
becomes('acme', 'ann@example.com', q(sent: there is no mail account: it is in the sandbox's mailbox), 'without an account a mail goes into the sandbox\'s mailbox');
is(scalar taken($plain), 0, '... and nowhere else');

# ---- the platform's account, in our own network, with a login ----

$node->safe_psql('va', "SELECT voiceagent.set_platform_mail_account('smtp://127.0.0.1:$plain->{port}', 'auth\@example.com', 'us', 'secret', 'Café')");
mail('acme', 'bob@example.com');
becomes('acme', 'bob@example.com', 'queued: .*address', 'an address of our own network is refused until the platform allows it');
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_private_hosts', '127.0.0.1:$plain->{port}'); UPDATE voiceagent_private.mail_queue SET next_at = now(); SELECT voiceagent_private.poke('mail')");
becomes('acme', 'bob@example.com', 'sent$', '... and then taken');
my ($bob) = taken($plain);
is_deeply([ @$bob{qw(user sender recipient)} ], [qw(us auth@example.com bob@example.com)], '... by the login, from the sender, to the recipient');
like($bob->{message}, qr/^From: =\?utf-8\?B\?Q2Fmw6k=\?= <auth\@example\.com>\r\nTo: <bob\@example\.com>\r\nSubject: Set a new password\r\n/, '... with its headers');
like(MIME::Base64::decode_base64($bob->{message} =~ s/.*?\r\n\r\n//sr), qr{want to set a new password|https://x\.example\.com/1}, '... and its text, with the secret');
unlike($node->safe_psql('va', 'SELECT body FROM voiceagent.mails'), qr{x\.example\.com}, '... which no row that members see has');
mail('acme', 'nobody@example.com');
becomes('acme', 'nobody@example.com', 'bounced: the server answers 550', 'an address that the server does not know bounces');
mail('acme', 'nobody@example.com');
becomes('acme', 'nobody@example.com', 'refused: mail to this address bounced', '... and gets nothing more');
mail('acme', 'full@example.com');
becomes('acme', 'full@example.com', 'failed: the server answers 552', 'a mail that is not taken fails with the server\'s word');
mail('acme', 'later@example.com');
becomes('acme', 'later@example.com', 'queued: the server answers 451', 'one that is not taken for now waits');
$node->safe_psql('va', "UPDATE voiceagent_private.mail_queue SET next_at = now(); SELECT voiceagent_private.poke('mail')");
becomes('acme', 'later@example.com', 'sent$', '... and is taken later');

# ---- a wrong password, no server, no trusted certificate: the account's trouble, not the address' ----

as('zeta', "SELECT voiceagent.set_mail_account('smtp://127.0.0.1:$plain->{port}', 'auth\@example.com', 'us', 'wrong')");
mail('zeta', 'dan@example.com');
becomes('zeta', 'dan@example.com', 'queued: the server answers 535', 'a wrong password keeps the mail');
unlike($node->safe_psql('va', "SELECT reason FROM voiceagent.mails WHERE tenant_id = $tenant{zeta}"), qr/wrong/, '... and is not told');
mail('acme', 'eve@example.com');
becomes('acme', 'eve@example.com', 'sent$', '... while another tenant\'s mail goes on');
as('zeta', "SELECT voiceagent.set_mail_account('smtp://127.0.0.1:$foreign->{port}', 'us\@example.com')");
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_private_hosts', '127.0.0.1:$plain->{port} 127.0.0.1:$foreign->{port}')");
mail('zeta', 'fay@example.com');
becomes('zeta', 'fay@example.com', 'queued: .*(certificate|SSL)', 'a server with a certificate that nobody vouches for gets nothing');
is(scalar(grep { $_->{message} } taken($foreign)), 0, '... not even the address');
ok(!-e $node->data_dir . '/core', 'nobody has died');
$node->stop('fast');
done_testing();
