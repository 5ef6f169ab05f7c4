# An updated extension is the extension: a database that came by ALTER EXTENSION UPDATE has in its catalogs, and in the rows
# that the scripts bring, what a fresh one has.  Compared is an update that is made here, to show that the comparison sees
# what an update forgets; and every update of sql/updates whose starting point lies in regress/releases.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my ($version) = slurp_file('voiceagent.control') =~ /^default_version = '(\d+\.\d+)'/m or die 'version';
chomp(my $share = qx(pg_config --sharedir));
my @made;
# A version that no other test makes: they share the directory of scripts.

sub script
{
	my ($name, $sql) = @_;
	my $file = "$share/extension/voiceagent--$name.sql";
	push @made, $file unless -e $file;
	open(my $out, '>', $file) or die "$file: $!";
	print $out $sql;
	close $out;
	return;
}

# No workers: they would note when they did what.
my $node = new_node('main', database => '', 'voiceagent.launcher' => 'off', log_statement => 'none');

# The description of a database, which is a copy of that one, after these statements.
sub described
{
	my ($name, $of, @statements) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE $of ENCODING 'UTF8'");
	$node->safe_psql($name, "SET client_min_messages = warning; $_") foreach @statements;
	my ($out, $err);
	IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', 'regress/lib/catalog.sql', '-d', $node->connstr($name) ], '>', \$out, '2>', \$err) or die $err;
	return $out;
}

# Their differences, as lines.
sub differences
{
	my ($got, $expected) = @_;
	my %got = map { $_ => 1 } split /\n/, $got;
	my %expected = map { $_ => 1 } split /\n/, $expected;
	return ((map { "- $_" } grep { !$got{$_} } sort keys %expected), (map { "+ $_" } grep { !$expected{$_} } sort keys %got));
}

# ---- a release that is made here ----

# What a release may bring: a column, a table of tenants, a function, a setting, a changed function, a right.
my @change = (
	"ALTER TABLE voiceagent.leads ADD COLUMN next_note text",
	"COMMENT ON COLUMN voiceagent.leads.next_note IS 'A note.'",
	"CREATE TABLE voiceagent.next_notes (tenant_id bigint NOT NULL, note_id bigint GENERATED ALWAYS AS IDENTITY, note text NOT NULL, PRIMARY KEY (tenant_id, note_id))",
	"ALTER TABLE voiceagent.next_notes OWNER TO voiceagent_owner",
	"SELECT voiceagent_private.guard_table('voiceagent.next_notes', 'tenant')",
	"COMMENT ON TABLE voiceagent.next_notes IS 'Notes.'",
	"CREATE FUNCTION voiceagent.next_feature() RETURNS text LANGUAGE sql IMMUTABLE RETURN 'next'",
	"ALTER FUNCTION voiceagent.next_feature() OWNER TO voiceagent_owner",
	"REVOKE ALL ON FUNCTION voiceagent.next_feature() FROM PUBLIC",
	"GRANT EXECUTE ON FUNCTION voiceagent.next_feature() TO voiceagent_user",
	"CREATE OR REPLACE FUNCTION voiceagent.normalize_phone(phone text, default_country text DEFAULT NULL) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN phone",
	"INSERT INTO voiceagent_private.setting_definitions (key, kind, default_value, unit, minimum, maximum, levels, scaled, description) VALUES ('next_setting', 'integer', '7', 'none', '1', '9', '{platform}', false, 'A setting')",
	"CREATE INDEX next_index ON voiceagent.leads (tenant_id, next_note) WHERE next_note IS NOT NULL");
my $now = slurp_file("$share/extension/voiceagent--$version.sql");
script("$version.17", $now . join('', map { "$_;\n" } @change));
script("$version--$version.17", join('', map { "$_;\n" } @change));
my $fresh = described('fresh', 'template0', "CREATE EXTENSION voiceagent VERSION '$version.17' CASCADE");
cmp_ok(scalar(split /\n/, $fresh), '>', 5000, 'a fresh database is described');
my $today = described('today', 'template0', "CREATE EXTENSION voiceagent VERSION '$version' CASCADE");
my @differences = differences($today, $fresh);
cmp_ok(scalar @differences, '>', scalar @change, 'the one from before is not the same');
is(join("\n", differences(described('updated', 'today', "ALTER EXTENSION voiceagent UPDATE TO '$version.17'"), $fresh)), '', '... until it is updated');

# An update that forgets any one of them is seen.
my @blind;
foreach my $i (grep { $change[$_] =~ /COMMENT ON TABLE|GRANT|INSERT/ } 0 .. $#change)
{
	script("$version--$version.17", join('', map { $_ == $i ? '' : "$change[$_];\n" } 0 .. $#change));
	my @seen = differences(described("lacking$i", 'today', "ALTER EXTENSION voiceagent UPDATE TO '$version.17'"), $fresh);
	push @blind, $change[$i] unless @seen;
}
is(join("\n", @blind), '', 'an update that forgets one of them is not the same');
unlink @made;
@made = ();

# ---- the releases that were ----

foreach my $release (glob('regress/releases/voiceagent--*.sql'))
{
	my ($from) = $release =~ /voiceagent--(.*)\.sql$/;
	script($from, slurp_file($release)) if $from ne $version;
	my $name = 'from_' . $from =~ s/\W/_/gr;
	my $got = described($name, 'template0', "CREATE EXTENSION voiceagent VERSION '$from' CASCADE", 'ALTER EXTENSION voiceagent UPDATE');
	is(join("\n", differences($got, $today)), '', "release $from, updated, is today's");
}
unlink @made;
$node->stop('fast');
done_testing();
