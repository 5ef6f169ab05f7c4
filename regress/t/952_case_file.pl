# A case file is checked without a database: as it was signed it is good, and whoever changes a byte of it, leaves a part out, or
# signs it anew is found, with the part's name.
use strict;
use warnings;

use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

plan skip_all => 'needs python3 and openssl' if system('python3 -c "" > /dev/null 2>&1 && openssl version > /dev/null 2>&1');

my $dir = PostgreSQL::Test::Utils::tempdir();
append_to_file("$dir/jwt", 'a secret of more than thirty-two bytes');
chmod 0600, "$dir/jwt";
my $node = new_node('main', 'voiceagent.launcher' => 'off', 'voiceagent.jwt_secret_file' => "$dir/jwt");
my $tenant = create_tenant($node, 'va', 'Sued & Söhne');
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.record_consent(voiceagent.add_lead(phone => '+12125552001', first_name => 'Zoë'), 'call', 'a form', 'Yes – call me.')});
my $text = as_tenant($node, 'va', $tenant, q{SELECT voiceagent.case_file('+12125552001')});
my $key = as_tenant($node, 'va', $tenant, 'SELECT voiceagent.case_file_key()');

# The status, and what is said, of a file after a change; by the database's key unless another is given.
sub checked
{
	my ($change, $with) = @_;
	my $file = decode_json($text);
	$change->($file);
	my $path = "$dir/file.json";
	unlink $path;
	append_to_file($path, encode_json($file));
	my $out = '';
	IPC::Run::run([ 'extension/doc/check_case_file.py', $path, $with // $key ], '>', \$out, '2>&1');
	return ($? >> 8) . " $out";
}

my @parts = map { $_->{name} } @{ decode_json($text)->{parts} };
is("@parts", 'about leads consents do_not_call', 'the file has its parts');
like(checked(sub { }), qr/^0 Good: 4 parts about \+12125552001/, 'as it was signed it is good');
foreach my $n (0 .. $#parts)
{
	like(checked(sub { $_[0]{parts}[$n]{content} .= ' ' }), qr/^1 .*"\Q$parts[$n]\E"/, "a byte of $parts[$n] is found");
}
like(checked(sub { splice @{ $_[0]{parts} }, 2, 1 }), qr/^1 .*"do_not_call"/, 'a part that was left out is found at the next one');
like(checked(sub { pop @{ $_[0]{parts} } }), qr/^1 .*signature/, '... the last one by the signature');
like(checked(sub { $_[0]{signature} =~ s/^(.)/$1 eq '0' ? '1' : '0'/e }), qr/^1 .*signature/, 'a signature of something else is found');
like(checked(sub { }, 'ab' x 32), qr/^1 .*another key/, '... and that of somebody else');
like(checked(sub { delete $_[0]{parts} }), qr/^2 /, 'what is no case file is said to be none');
# The key is that of one database.
$node->safe_psql('postgres', 'CREATE DATABASE other');
$node->safe_psql('other', 'CREATE EXTENSION voiceagent CASCADE');
my $other = as_tenant($node, 'other', create_tenant($node, 'other', 'Other'), 'SELECT voiceagent.case_file_key()');
isnt($other, $key, 'another database signs by another key');

$node->stop;
done_testing();
