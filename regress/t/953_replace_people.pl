# A copy without people: the dump of the copy has none of the numbers, names, addresses and words of the original, while ids, times,
# sums and joins are what they were and no invariant is violated; and what is no copy, or was interrupted, is left alone.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main', 'voiceagent.launcher' => 'off');
$node->safe_psql('postgres', 'CREATE DATABASE world');
$node->safe_psql('world', 'CREATE EXTENSION voiceagent CASCADE');
$node->safe_psql('world', slurp_file('regress/lib/world.sql'));
$node->safe_psql('world', q{CALL world.keep(7, 2, 2, 150, '1 hour', NULL)}, timeout => 180);
as_tenant($node, 'world', 1, q{SELECT voiceagent.add_lead(phone => '+12125552001', first_name => 'Zebulonia', last_name => 'Quackenbush', email => 'zebulonia@quackenbush.com',
	company => 'Quackenbush Haberdashers', context => '{"note": "prefers marzipan, call 212-555-2001 or +12125552001", "seats": 4}')});
# Values of a prompt's variables stand in a column whose namesake has their names.
$node->safe_psql('world', q{SET session_replication_role = replica; UPDATE voiceagent.assistant_versions SET variables = '{first_name}';
	INSERT INTO voiceagent.own_numbers (tenant_id, phone, lead_id, registered_by, registered_at, variables)
	VALUES (1, '+12125552002', 1, 'Quackenbush', '2027-03-01 00:00+00', '{"who": "Haberdashers of marzipan"}')});
$node->safe_psql('postgres', 'CREATE DATABASE calls_test TEMPLATE world');

sub replace
{
	my ($database, @more) = @_;
	my ($out, $err) = ('', '');
	IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr($database), @more, '-f', 'extension/doc/replace_people.sql' ], '>', \$out, '2>', \$err);
	return ($? >> 8, $out . $err);
}

# Per table all that is no text: ids, times, amounts, statuses.
sub shape
{
	my ($database) = @_;
	return $node->safe_psql($database, q{
		SELECT format('SELECT %L, count(*), md5(string_agg(r, '','' ORDER BY r)) FROM (SELECT ROW(%s)::text AS r FROM %s t) x', c.oid::regclass,
			string_agg(format(CASE WHEN t.typname IN ('e164', 'bytea') THEN 'length(t.%I)' ELSE 't.%I' END, a.attname), ', '), c.oid::regclass)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid
		WHERE c.relnamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition
			AND t.typname NOT IN ('text', '_text', 'jsonb', '_e164', 'tsvector') GROUP BY c.oid ORDER BY c.oid::regclass::text
		\gexec
	});
}

sub joins
{
	my ($database) = @_;
	return $node->safe_psql($database, q{SELECT count(*), sum(c.cost) FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id, phone)});
}

my $numbers = $node->safe_psql('world', q{SELECT DISTINCT substr(phone, 2) FROM voiceagent.leads UNION SELECT substr(phone, 2) FROM voiceagent.lead_numbers});
my @originals = (split(/\n/, $numbers), qw(Zebulonia Quackenbush quackenbush Haberdashers marzipan 212-555-2001));
cmp_ok(scalar @originals, '>', 200, 'there are people to look for');
sub found
{
	my ($database) = @_;
	my ($dump, $err) = run_command([ 'pg_dump', '--inserts', '-d', $node->connstr($database) ]);
	return scalar grep { index($dump, $_) >= 0 } @originals;
}

my ($rc, $said) = replace('world');
isnt($rc, 0, 'without the name of the copy nothing is done');
like($said, qr/this replaces all people's data in database "world".*copy=world/s, '... and it says how to');
($rc, $said) = replace('world', '-v', 'copy=calls_test');
isnt($rc, 0, 'nor with that of another database');
is(found('calls_test'), scalar @originals, 'a copy has all of them');

my @before = (shape('calls_test'), joins('calls_test'));
# Something that refuses in the middle: all is as it was.
$node->safe_psql('calls_test', q{ALTER TABLE voiceagent.webhooks ADD CONSTRAINT stop CHECK (headers ? 'never') NOT VALID});
($rc, $said) = replace('calls_test', '-v', 'copy=calls_test');
isnt($rc, 0, 'interrupted');
is(found('calls_test'), scalar @originals, '... it has changed nothing');
$node->safe_psql('calls_test', 'ALTER TABLE voiceagent.webhooks DROP CONSTRAINT stop');

# As the page says it.
my $dumped = PostgreSQL::Test::Utils::tempdir() . '/without_people.dump';
{
	my $block = readme_block('953_replace_people') =~ s/\bwithout_people\.dump/$dumped/r;
	local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port);
	$said = qx(set -e; exec 2>&1\n$block);
}
is($?, 0, 'the people are replaced') or diag($said);
like($said, qr/^ *voiceagent\.leads *\| *301 *\|.*first_name/m, 'it says which rows and columns');
like((run_command([ 'pg_restore', '-l', $dumped ]))[0], qr/TABLE DATA voiceagent leads /, '... and the dump to hand on has them');
is(found('calls_test'), 0, 'none of them is left in a dump of the copy');
is(shape('calls_test'), $before[0], 'ids, times, sums, statuses and lengths are what they were');
is(joins('calls_test'), $before[1], 'calls and leads meet by their numbers');
is($node->safe_psql('calls_test', 'SELECT * FROM voiceagent.invariants()'), '', 'no invariant is violated');
is($node->safe_psql('calls_test', q{SELECT count(*) FILTER (WHERE l.phone ~ '^\+1\d{3}(55501\d\d|0\d{6})$') = count(*) FROM voiceagent.leads l WHERE l.phone LIKE '+1%'}), 't',
	'numbers are 555-01xx or none of a plan');
is($node->safe_psql('calls_test', q{SELECT l.context -> 'seats', l.context ->> 'note' LIKE '%' || l.phone, length(l.first_name), l.email LIKE '%.example'
	FROM voiceagent.leads l WHERE l.context ? 'seats'}), '4|t|9|t', 'a lead keeps its shape, and its number is the same in a note');

is($node->safe_psql('calls_test', q{SELECT DISTINCT v.variables FROM voiceagent.assistant_versions v}), '{first_name}', 'the names of variables stay');

$node->stop;
done_testing();
