# When a lead may be called, against a slow, obviously right implementation in another language (Python's zoneinfo):
# random sets of zones, hours, law, holidays and instants.  Neither a window's verdict nor its edges may differ.
# TRIPLES=1000000 LAW_SEED=7 for a longer run; `make soak` asks 100,000.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $triples = $ENV{TRIPLES} || 4_000;
my $seed = $ENV{LAW_SEED} || 1;
my $of_law = $triples < 20_000 ? 500 : $triples < 400_000 ? int($triples / 40) : 10_000;

plan skip_all => 'needs python3 with zoneinfo' if system('python3 -c "import zoneinfo" > /dev/null 2>&1');
# The server's own time zones, so that both read the same files.
my ($zoneinfo) = `pg_config --configure` =~ /--with-system-tzdata=([^' ]+)/;
$zoneinfo //= `pg_config --sharedir` =~ s/\n//r . '/timezone';
$ENV{PYTHONTZPATH} = $zoneinfo;

my $node = new_node('main', 'voiceagent.launcher' => 'off');
my $dir = PostgreSQL::Test::Utils::tempdir();
# Printed also when all is well: the same seed asks the same.
print "# LAW_SEED=$seed TRIPLES=$triples\n";

sub ask
{
	my ($what, $count, $file) = @_;
	my $answers = "$dir/$what";
	my $status = system("python3 regress/lib/law_oracle.py $what $count $seed " . ($file // '') . " > $answers 2> $answers.err");
	is($status, 0, "$what: the oracle answers") or diag(slurp_file("$answers.err"));
	chmod 0644, $answers;
	return $answers;
}

my $time = q{(timestamptz 'epoch' + %s * interval '1 microsecond')};
my $edge = q{coalesce(timestamptz 'epoch' + nullif(%s, 'infinity')::bigint * interval '1 microsecond', 'infinity')};
sub time_of { return sprintf($time, $_[0]) }
sub edge_of { return sprintf($edge, $_[0]) }

# ---- windows: zones, the campaign's hours, the law's, closed dates ----

my $answers = ask('windows', $triples);
$node->safe_psql('va', qq{
	CREATE TABLE asked (zones text[], calling int[], law int[], closed date[], at bigint, opens text, closes text);
	COPY asked FROM '$answers';
	CREATE TABLE answered AS
	SELECT q.*, w.opens_at, w.closes_at FROM asked q
	CROSS JOIN LATERAL (
		SELECT o.* FROM voiceagent_private.window_of(zones, calling, @{[ time_of('at') ]}) o WHERE law IS NULL
		UNION ALL SELECT o.* FROM voiceagent_private.window_within(zones, calling, @{[ time_of('at') ]}, law, closed) o WHERE law IS NOT NULL) w});
is($node->safe_psql('va', 'SELECT count(*) FROM answered'), $triples, 'windows: every triple is answered');
is($node->safe_psql('va', qq{
	SELECT format('zones %s, hours %s, law %s, closed %s, at %s: opens %s, not %s; closes %s, not %s', zones, calling, law, closed, @{[ time_of('at') ]},
		opens_at, @{[ edge_of('opens') ]}, closes_at, @{[ edge_of('closes') ]})
	FROM answered WHERE (opens_at, closes_at) IS DISTINCT FROM (@{[ edge_of('opens') ]}, @{[ edge_of('closes') ]}) LIMIT 5}),
	'', "windows: all as the oracle says (LAW_SEED=$seed)");
# The test says something only if all kinds of answers occur.
my ($open, $later, $never, $far) = split /\|/, $node->safe_psql('va', q{
	SELECT count(*) FILTER (WHERE opens::numeric <= at), count(*) FILTER (WHERE opens::numeric > at), count(*) FILTER (WHERE opens IS NULL),
		count(*) FILTER (WHERE opens::numeric > at + 14 * 86400 * 1e6) FROM (SELECT nullif(opens, 'infinity') AS opens, at FROM asked) q});
note("open at once $open, later $later (after more than two weeks $far), never $never");
cmp_ok($_->[1], '>', $triples / $_->[2], "windows: enough are $_->[0]") foreach ['open', $open, 20], ['opened later', $later, 5], ['never open', $never, 20];
cmp_ok($far, '>', 0, 'windows: some lie behind more than two weeks of holidays');

# ---- the law: the strictest of many places, their holidays, and what administrators added ----

$node->safe_psql('va', q{
	SELECT voiceagent.tighten_rule('US-FL', 'hours', '{"mon":[["09:00","12:00"],["13:00","18:00"]],"sat":[["10:00","11:30"]]}', 'test');
	SELECT voiceagent.tighten_rule('US', 'holidays', '{"a":"5th fri oct","b":"sat after 06-19","c":"mon before 05-25","d":"02-29","e":"2027-10-29","f":"12-24 observed"}', 'test');
	SELECT voiceagent.tighten_rule('*', 'hours', '{"start":"10:00","end":"17:30","days":["tue","wed","thu"]}', 'test');
	SELECT voiceagent.tighten_rule('GB', 'calls_per_day', '1', 'test'), voiceagent.tighten_rule('CA-QC', 'calls_lifetime', '7', 'test')});
# Hours, holidays, a cap and a consent that change on a day, over the year's end too.
$node->safe_psql('va', q{
	CREATE TABLE law_as_shipped AS SELECT * FROM voiceagent_private.law_rules;
	UPDATE voiceagent_private.law_rules SET effective_until = '2026-12-29' WHERE jurisdiction IN ('US-LA', 'DE') OR jurisdiction = 'GB' AND rule = 'calls_per_24h';
	INSERT INTO voiceagent_private.law_rules (jurisdiction, rule, value, source, effective_from, effective_until) VALUES
		('DE', 'hours', '{"start":"10:00","end":"19:00","days":["mon","tue","thu","fri","sat"]}', 'test', '2026-12-30', '2027-03-14'),
		('US-LA', 'holidays', '{"a":"12-31","b":"1st mon jan"}', 'test', '2026-12-30', 'infinity'), ('GB', 'calls_per_24h', '2', 'test', '2027-01-04', 'infinity'),
		('US', 'hours', '{"mon":[["09:00","20:00"]],"wed":[["09:30","12:00"],["13:00","21:00"]],"sat":[["09:00","20:00"]],"eve":[["09:00","11:15"]]}', 'test', '2027-02-01', '2027-05-31')});
append_to_file("$dir/rules", $node->safe_psql('va', q{
	SELECT jsonb_agg(to_jsonb(r)) FROM (
		SELECT jurisdiction, rule, value, false AS tightened, CASE WHEN isfinite(effective_from) THEN effective_from::text ELSE '' END AS first,
			CASE WHEN isfinite(effective_until) THEN effective_until::text ELSE '~' END AS last FROM voiceagent_private.law_rules WHERE rule <> 'min_ring' AND rule <> 'opt_out_text'
		UNION ALL SELECT jurisdiction, rule, value, true, '', '~' FROM voiceagent_private.law_tightenings) r}));
$answers = ask('law', $of_law, "$dir/rules");
$node->safe_psql('va', qq{
	CREATE TABLE law_asked (jurisdiction text, zones text[], calling int[], at bigint, opens text, closes text, holidays date[],
		calls_per_day int, calls_per_24h int, calls_lifetime int, require_consent boolean, disclose_ai boolean, disclose_caller boolean, disclose_recording boolean);
	COPY law_asked FROM '$answers';
	CREATE TABLE law_answered AS
	SELECT q.*, w.opens_at, w.closes_at, t AS terms,
		(SELECT coalesce(array_agg(h ORDER BY h), '{}') FROM unnest(t.holidays) h WHERE h <= (@{[ time_of('at') ]} AT TIME ZONE 'UTC')::date + 40) AS near
	FROM law_asked q
	CROSS JOIN LATERAL voiceagent_private.window_under(true, q.jurisdiction, q.zones, q.calling, @{[ time_of('at') ]}) w
	CROSS JOIN LATERAL voiceagent_private.terms_of(q.jurisdiction, @{[ time_of('at') ]}) t});
is($node->safe_psql('va', qq{
	SELECT format('%s, zones %s, hours %s, at %s: opens %s, not %s; closes %s, not %s; holidays %s, not %s; %s', jurisdiction, zones, calling, @{[ time_of('at') ]},
		opens_at, @{[ edge_of('opens') ]}, closes_at, @{[ edge_of('closes') ]}, near, holidays, terms)
	FROM law_answered WHERE (opens_at, closes_at, near, (terms).calls_per_day, (terms).calls_per_24h, (terms).calls_lifetime,
			(terms).require_consent, (terms).disclose_ai, (terms).disclose_caller, (terms).disclose_recording)
		IS DISTINCT FROM (@{[ edge_of('opens') ]}, @{[ edge_of('closes') ]}, holidays, calls_per_day, calls_per_24h, calls_lifetime,
			require_consent, disclose_ai, disclose_caller, disclose_recording) LIMIT 5}),
	'', "law: all as the oracle says (LAW_SEED=$seed)");
cmp_ok($node->safe_psql('va', q{SELECT count(*) FROM law_asked WHERE holidays <> '{}' AND opens <> 'infinity'}), '>', $of_law / 10, 'law: enough have holidays and hours');

$node->safe_psql('va', q{DELETE FROM voiceagent_private.law_rules; INSERT INTO voiceagent_private.law_rules SELECT * FROM law_as_shipped; DROP TABLE law_as_shipped});

# ---- what administrators made stricter survives a dump; the law itself comes with the extension ----

$node->safe_psql('va', q{SELECT voiceagent_private.store_terms('{US-FL,BR}', voiceagent.clock()); DROP TABLE asked, answered, law_asked, law_answered});
$node->command_ok([ 'pg_dump', '-f', "$dir/dump", '-d', $node->connstr('va') ], 'dumped');
$node->safe_psql('postgres', "CREATE DATABASE copy TEMPLATE template0 ENCODING 'UTF8'");
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/dump", '-d', $node->connstr('copy') ], 'restored');
foreach my $sql ('SELECT r FROM voiceagent.calling_rules r', q{SELECT t FROM voiceagent_private.jurisdiction_terms t ORDER BY 1},
	q{SELECT voiceagent_private.resolve_terms('US-FL', '2027-06-01')})
{
	is($node->safe_psql('copy', $sql), $node->safe_psql('va', $sql), "restored: the same: $sql");
}
is($node->safe_psql('copy', q{SELECT count(*) FROM voiceagent.calling_rules WHERE tightened_by IS NOT NULL}), 5, 'restored: all that was made stricter');

done_testing();
