# How often a number may be called: our answer against a slow, obviously right one in Python, on random dials, zones and
# caps, half of them around a change of the clocks.  CAPS_COUNT=1000000 CAPS_SEED=7 for a longer run.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/../lib";
use Test::More;
use VoiceAgent;

plan skip_all => 'needs python3 with zoneinfo and its zones' if system(q{python3 -c 'import zoneinfo; zoneinfo.ZoneInfo("Pacific/Apia")' > /dev/null 2>&1});
my $count = $ENV{CAPS_COUNT} || 50_000;
my $seed = $ENV{CAPS_SEED} || 1;
my $node = new_node('caps');
my $dir = $node->basedir;

is(system("python3 regress/fakes/caps.py make $count $seed > $dir/cases"), 0, 'cases are made');
$node->safe_psql('va', q{CREATE TABLE cases (id int, dials bigint[], zones text[], per_day int, per_24h int, lifetime int, at bigint)});
system('psql', '-qX', '-h', $node->host, '-p', $node->port, '-d', 'va', '-c', "\\copy cases FROM '$dir/cases'") == 0 or die 'no cases';
is($node->safe_psql('va', 'SELECT count(*) FROM cases'), $count, 'cases are in');
system('psql', '-qX', '-h', $node->host, '-p', $node->port, '-d', 'va', '-c',
	"\\copy (SELECT c.*, CASE WHEN isfinite(a) THEN trim_scale(extract(epoch FROM a))::text ELSE 'infinity' END FROM (SELECT c.*, (voiceagent_private.check_caps(ARRAY(SELECT to_timestamp(d) FROM unnest(c.dials) d), c.zones, c.per_day, c.per_24h, c.lifetime, 0, to_timestamp(c.at))).allows_at AS a FROM cases c) x JOIN cases c USING (id)) TO '$dir/answers'") == 0 or die 'no answers';
my ($seen, $kinds) = split /\n/, (`python3 regress/fakes/caps.py check < $dir/answers` =~ s/^(wrong: .*)\n/diag($1); ''/germ);
is($seen, "$count seen, 0 wrong", 'every answer is right');
my ($later, $never) = $kinds =~ /(\d+) later, (\d+) never/;
ok($later > $count / 10 && $never > $count / 100, 'of every kind there were enough');
$node->stop;
done_testing();
