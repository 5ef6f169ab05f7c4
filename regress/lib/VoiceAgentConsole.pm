# VoiceAgentConsole: a server with the console's processes, and people at its page.
#
#	my ($node, $url) = new_console('voiceagent.api_processes' => 1);	# with the sandbox, and keys for logins and for the vault
#	my $token = login($node, 'owner@example.com');						# by $console_password, which members() gives
#	my %member = members($node, $tenant, qw(owner viewer));				# NAME@example.com each, with a role of that name
#	my $answer = ask($url, 'POST', '/rpc/whoami', token => $token, body => '{}');
#	join_staff($node, $url, 'ann', 'support');							# ann@platform.example, who takes an invitation
#	my $staff = staff_token($node, $url, 'ann');						# by the same password and a one-time password
#	need_page($url);													# or the test ends here, with a note
#	my @lines = visit('browser.js', $url, 300, $folder, ...);			# a script of regress/fakes: lines "ok N - ..."
package VoiceAgentConsole;

use strict;
use warnings;

use Digest::SHA qw(hmac_sha1);
use Exporter 'import';
use File::Copy qw(copy);
use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

our @EXPORT = qw(new_console login members ask rpc said need_page visit $console_password one_time_code staff_invitation join_staff staff_login staff_token);
our $console_password = 'correct horse';

my $http = HTTP::Tiny->new(timeout => 40);

sub on_path { my ($program) = @_; return (grep { -x } map { "$_/$program" } split /:/, $ENV{PATH})[0] }

sub key_file
{
	my ($node, $name, $text) = @_;
	my $file = $node->basedir . "/$name";
	append_to_file($file, $text);
	chmod 0600, $file;
	return $file;
}

sub new_console
{
	my (%settings) = @_;
	my $node = new_node('main', 'voiceagent.sandbox' => 'on', 'voiceagent.web_port' => 0, %settings);
	$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '" . key_file($node, 'jwt', 'a secret of more than thirty-two bytes') . "'");
	$node->append_conf('postgresql.conf', "voiceagent.vault_key_file = '" . key_file($node, 'vault', 'ab' x 32) . "'");
	$node->reload;
	wait_for_sql($node, 'va', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', 'the console is there', 30);
	return ($node, $node->safe_psql('va', q{SELECT voiceagent_private.worker_address('web')}));
}

sub members
{
	my ($node, $tenant, @names) = @_;
	return map { ($_ => $node->safe_psql('va', "SELECT voiceagent.create_member($tenant, '$_\@example.com', '$console_password', '$_')")) } @names;
}

sub login
{
	my ($node, $email) = @_;
	return $node->safe_psql('va', "SELECT voiceagent.login('$email', '$console_password')");
}

sub ask
{
	my ($url, $method, $path, %with) = @_;
	my %headers = %{ $with{headers} // {} };
	$headers{Authorization} = "Bearer $with{token}" if $with{token};
	$headers{'Content-Type'} //= 'application/json' if defined $with{body};
	return $http->request($method, "$url$path", { headers => \%headers, defined $with{body} ? (content => $with{body}) : () });
}
sub rpc { my ($url, $token, $function, $arguments) = @_; return ask($url, 'POST', "/rpc/$function", token => $token, body => ref $arguments ? encode_json($arguments) : $arguments // '{}') }
# Its status and its code, or what it says.
sub said { my ($answer) = @_; return "$answer->{status} " . (eval { decode_json($answer->{content})->{code} } // $answer->{content}) }

# ---- the platform's staff; RFC 4648 and RFC 6238 in another language than the server's ----

my %secret;

sub one_time_code
{
	my ($who, $ahead) = @_;
	my $mac = hmac_sha1(pack('Q>', int(time / 30) + ($ahead // 0)), $secret{$who});
	return sprintf '%06d', (unpack('N', substr($mac, ord(substr($mac, -1)) & 15, 4)) & 0x7fffffff) % 1_000_000;
}

sub staff_invitation { my ($node, $who, @roles) = @_; return $node->safe_psql('va', "SELECT voiceagent.add_staff('$who\@platform.example', '{" . join(',', @roles) . "}')") }

sub join_staff
{
	my ($node, $url, $who, @roles) = @_;
	my $answer = rpc($url, undef, 'set_staff_password', { invitation => staff_invitation($node, $who, @roles), password => $console_password });
	die "$answer->{status} $answer->{content}" if $answer->{status} != 200;
	my $told = decode_json($answer->{content});
	$secret{$who} = pack 'B*', join '', map { sprintf '%05b', index('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', $_) } split //, $told->{secret};
	return $told;
}

sub staff_login
{
	my ($url, $who, %with) = @_;
	return rpc($url, undef, 'staff_login', { email => "$who\@platform.example", password => $with{password} // $console_password, code => $with{code} // one_time_code($who) });
}

# A test logs in more often than twice a minute.
sub staff_token
{
	my ($node, $url, $who, %with) = @_;
	$node->safe_psql('va', "UPDATE voiceagent_private.staff SET last_step = 0 WHERE email = '$who\@platform.example'");
	my $answer = staff_login($url, $who, %with);
	die "$answer->{status} $answer->{content}" if $answer->{status} != 200;
	return JSON::PP->new->allow_nonref->decode($answer->{content});
}

sub need_page
{
	my ($url) = @_;
	my $missing = !on_path('chromium') || !on_path('node') ? 'no chromium and node on the PATH'
		: $http->get("$url/")->{status} != 200 ? 'the console is not installed here, npm was not to be had' : '';
	return if $missing eq '';
	note("skipped: $missing");
	done_testing();
	exit;
}

# axe-core judges pages; without npm's registry nobody does.
sub axe_in
{
	my ($folder) = @_;
	mkdir "$folder/axe" or die $!;
	copy("regress/axe/$_", "$folder/axe/$_") or die "$_: $!" foreach qw(package.json package-lock.json .npmrc);
	qx(cd '$folder/axe' && npm ci --ignore-scripts --silent 2>&1) if on_path('npm');
	my $axe = "$folder/axe/node_modules/axe-core/axe.min.js";
	note('skipped: no axe-core, the registry of npm cannot be reached') unless -e $axe;
	return $axe;
}

sub visit
{
	my ($script, $url, $seconds, $folder, @more) = @_;
	mkdir $folder or die "$folder: $!";
	local $ENV{CHROMIUM} = on_path('chromium');
	local $ENV{HOME} = $folder;
	local $ENV{AXE} = slurp_file("regress/fakes/$script") =~ /env[.]AXE/ ? axe_in($folder) : '';
	my $words = join ' ', map { "'$_'" } $url, $console_password, $folder, @more;
	return split /\n/, qx(timeout $seconds node regress/fakes/$script $words 2>&1);
}

1;
