# An updated extension is the extension: a database that came by ALTER EXTENSION UPDATE has in its catalogs, and in the rows
# that the scripts bring, what a fresh one has.  Compared is an update that is made here, to show that the comparison sees
# what an update forgets; and the update from every release in sql/updates.
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

# symbol => what it takes and returns; of composite types their fields, for C reads these by their positions.
sub functions_in_c
{
	my ($database) = @_;
	return split /[|\n]/, $node->safe_psql($database, <<'SQL');
CREATE FUNCTION pg_temp.shape(type oid) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN t.typelem <> 0 AND t.typcategory = 'A' THEN pg_temp.shape(t.typelem) || '[]'
		WHEN c.relkind = 'c' THEN '(' || (SELECT string_agg(pg_temp.shape(a.atttypid), ' ' ORDER BY a.attnum) FROM pg_attribute a
			WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) || ')'
		WHEN t.typtype = 'd' THEN pg_temp.shape(t.typbasetype)
		WHEN c.relkind IS NOT NULL THEN 'row' ELSE format_type(t.oid, NULL) END
	FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid WHERE t.oid = type $$;
SELECT p.prosrc, string_agg(DISTINCT concat((SELECT string_agg(pg_temp.shape(a), ' ' ORDER BY n) FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS x(a, n)),
	' ', p.proargmodes::text, ' -> ', CASE WHEN p.proretset THEN 'set of ' END, pg_temp.shape(p.prorettype), ' strict ', p.proisstrict), ' or ')
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace::regnamespace::text LIKE 'voiceagent%' AND l.lanname = 'c' GROUP BY 1 ORDER BY 1
SQL
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
	"INSERT INTO voiceagent_private.setting_definitions (key, kind, default_value, unit, minimum, maximum, levels, least_roles, scaled, description) VALUES ('next_setting', 'integer', '7', 'none', '1', '9', '{platform}', '{admin}', false, 'A setting')",
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

foreach my $release (glob('sql/updates/voiceagent--*.sql.gz'))
{
	my ($from) = $release =~ /voiceagent--([^-]*)\.sql\.gz$/ or next;
	ok(-e "$share/extension/voiceagent--$from.sql", "release $from can be installed");
	my $name = 'from_' . $from =~ s/\W/_/gr;
	my $got = described($name, 'template0', "CREATE EXTENSION voiceagent VERSION '$from' CASCADE", 'ALTER EXTENSION voiceagent UPDATE');
	is(join("\n", differences($got, $today)), '', "release $from, updated, is today's");

	# Its functions in C run on this library as long as it is not updated, as do those of a dump of it.
	$node->safe_psql('postgres', "CREATE DATABASE of_$name TEMPLATE template0 ENCODING 'UTF8'");
	$node->safe_psql("of_$name", "SET client_min_messages = error; CREATE EXTENSION voiceagent VERSION '$from' CASCADE");
	my %is = functions_in_c('today');
	my %was = functions_in_c("of_$name");
	is(join("\n", map { "$_: $was{$_}, now $is{$_}" } grep { my %had = map { ($_ => 1) } split / or /, $was{$_}; defined $is{$_} && grep { !$had{$_} } split / or /, $is{$_} } sort keys %was), '',
		'... and a function in C that takes or returns something else than in it has a symbol of its own');
	my ($status, $out, $err) = $node->psql("of_$name", q{SELECT voiceagent_private.event_era()});
	like($err, qr/ERROR:  extension voiceagent has version 0\.1, but the server runs the library of version .*HINT:  Run ALTER EXTENSION voiceagent UPDATE/s,
		'... one that has gone says what to do') if $from eq '0.1';
}
unlink @made;
$node->stop('fast');
done_testing();
