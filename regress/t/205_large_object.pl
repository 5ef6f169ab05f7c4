# A file that psql sends by \lo_import: any size by pieces, any encoding, as the member, who owns the object; somebody
# else's object is refused; an error leaves the object and imports nothing; a request with a key goes on where it was.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main', database => '');
$node->safe_psql('postgres', q{CREATE DATABASE calls TEMPLATE template0 ENCODING 'UTF8'});
$node->safe_psql('calls', q{
	CREATE EXTENSION voiceagent CASCADE;
	CREATE ROLE acme LOGIN; CREATE ROLE other LOGIN;
	SELECT voiceagent.map_role('acme', voiceagent.create_tenant('acme'));
	SELECT voiceagent.map_role('other', voiceagent.create_tenant('other'));
});

sub psql_as
{
	my ($user, $sql) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('calls') . " user=$user" ],
		'<', \$sql, '>', \$out, '2>', \$err);
	chomp $out;
	return ($out, $err);
}

sub write_file
{
	my ($path, $bytes) = @_;
	open my $file, '>:raw', $path or die $!;
	print $file $bytes;
	close $file;
}

my $dir = PostgreSQL::Test::Utils::tempdir();
my $counts = 'rows_read, rows_imported, rows_rejected';

# 9 MB: three pieces, rows cut in the middle, in UTF-16
my $text = "phone,name,note\n" . join '', map { sprintf "+1212%03d%04d,J\x{f6}rg %d,%s\n", 200 + $_ / 10000, $_ % 10000, $_, 'x' x 200 } 1 .. 20000;
my $bytes = "\xff\xfe" . join '', map { pack 'v', ord } split //, $text;
write_file("$dir/big.csv", $bytes);
cmp_ok(length $bytes, '>', 2 * 4 * 1024 * 1024, 'the file is longer than two pieces');
my ($out, $err) = psql_as('acme', "\\lo_import $dir/big.csv\nSELECT $counts FROM voiceagent.import_large_object(:LASTOID);\n");
is($out, '20000|20000|0', 'every row of a large file in UTF-16 is imported') or diag($err);
is($node->safe_psql('calls', q{SELECT encoding, bytes_read FROM voiceagent.import_batches}), 'UTF-16LE|' . length($bytes), 'the batch says so');
is($node->safe_psql('calls', q{SELECT count(*) FROM pg_largeobject_metadata}), '0', 'the object is gone');
is($node->safe_psql('calls', q{SELECT first_name || last_name FROM voiceagent.leads WHERE batch_row = 19999}), "J\x{c3}\x{b6}rg19999", 'as text');

# an error: nothing is imported, the object stays for its owner, nobody else can have it imported
write_file("$dir/bad.csv", "first,last\na,b\n");
($out, $err) = psql_as('acme', "\\lo_import $dir/bad.csv\n\\echo :LASTOID\nSELECT voiceagent.import_large_object(:LASTOID);\n");
like($err, qr/the file has no phone column/, 'a file that is no list of leads is refused');
my ($oid) = $out =~ /(\d+)/;
is($node->safe_psql('calls', q{SELECT count(*) FROM voiceagent.import_batches}), '1', 'and leaves no batch');
($out, $err) = psql_as('other', "SELECT voiceagent.import_large_object($oid, '{\"phone\": \"first\"}');\n");
like($err, qr/permission denied for large object/, 'an object of another role is not read');
($out, $err) = psql_as('acme', "SELECT $counts FROM voiceagent.import_large_object($oid, '{\"phone\": \"first\"}');\n");
is($out, '1|0|1', 'its owner tries again') or diag($err);

# with a key: once, also when it is sent twice; and it goes on where an earlier request was cut off
write_file("$dir/key.csv", "phone\n+13125550101\n+13125550102\n");
my $import = "\\lo_import $dir/key.csv\nSELECT $counts FROM voiceagent.import_large_object(:LASTOID, idempotency_key => 'friday');\n";
is((psql_as('acme', $import))[0], '2|2|0', 'with a key');
is((psql_as('acme', $import))[0], '2|2|0', 'the same again is the same answer');
is($node->safe_psql('calls', q{SELECT count(*) FROM voiceagent.import_batches WHERE idempotency_key = 'friday'}), '1', 'and the same import');
psql_as('acme', "SELECT voiceagent.append_import(voiceagent.begin_import(idempotency_key => 'saturday'), '\\x" . unpack('H*', "phone\n+1312555010") . "');\n");
write_file("$dir/rest.csv", "phone\n+13125550103\n+13125550104\n");
($import = "\\lo_import $dir/rest.csv\nSELECT $counts FROM voiceagent.import_large_object(:LASTOID, idempotency_key => 'saturday');\n");
is((psql_as('acme', $import))[0], '2|2|0', 'a request that was cut off goes on');
done_testing();
