# The clock of open hours, against a clock that counts minute by minute in another language, with that language's zones (TRIPLES: how many times it is asked).
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $triples = $ENV{TRIPLES} // 5000;
my $seed = $ENV{SEED} // 2026;
my $file = PostgreSQL::Test::Utils::tempdir . '/triples';
my $node = new_node('main');
open(my $out, '>', $file) or die;
open(my $in, '-|', 'python3', 'regress/lib/business_clock.py', $seed, $triples) or die;
print $out $_ while <$in>;
ok(close($in), 'the reference has counted') or BAIL_OUT('no reference');
close($out);
$node->safe_psql('va', 'CREATE TABLE triples (zone text, week integer[], days date[], hours integer[], at timestamptz, seconds bigint, due text, until timestamptz, open bigint)');
$node->safe_psql('va', "\\copy triples from '$file'");
is($node->safe_psql('va', "SELECT count(*), count(*) FILTER (WHERE due <> '') > 0.9 * count(*) FROM triples"), "$triples|t", "$triples times are asked for");
is($node->safe_psql('va', "SELECT zone, week, at, seconds, due, voiceagent_private.open_until(zone, week, days, hours, at, seconds) AT TIME ZONE 'UTC' FROM triples
	WHERE due <> '' AND due::timestamptz IS DISTINCT FROM voiceagent_private.open_until(zone, week, days, hours, at, seconds) LIMIT 3"), '', 'so much open time has passed when the minutes say so');
is($node->safe_psql('va', 'SELECT zone, week, at, until, open, voiceagent_private.open_time(zone, week, days, hours, at, until) FROM triples
	WHERE open IS DISTINCT FROM voiceagent_private.open_time(zone, week, days, hours, at, until) LIMIT 3'), '', '... and as much is open between two times');
my $took = $node->safe_psql('va', q{SET max_parallel_workers_per_gather = 0; SELECT t FROM (SELECT clock_timestamp() AS t OFFSET 0) x;
	SELECT count(voiceagent_private.open_until('Europe/Berlin', '{0,540,1020,1,540,1020,2,540,1020,3,540,1020,4,540,1020}', '{}', '{}', at, 14400)) FROM triples; SELECT clock_timestamp()});
my ($began, $count, $ended) = split /\n/, $took;
diag('a due time in office hours takes ' . $node->safe_psql('va', "SELECT round(extract(epoch FROM timestamptz '$ended' - timestamptz '$began') * 1e6 / $count, 1)") . ' us');
$node->stop('fast');
done_testing();
