# What people, programs, carriers and the clock may do, in an order that the seed alone decides, judged by laws of our own
# (regress/lib/deeds.sql): nobody is dialled in a rest, outside of the hours, beyond a cap, against a list or without a consent; money adds up;
# each end is read once; a promise waits somewhere; what was played reaches no real gate.  A seed that breaks a law is made smaller by itself,
# by leaving deeds out, and its last deeds are printed.
#
# FAULT=rest has the product break a law on purpose (the faults: deeds.faults).  Then the test passes when the law is found broken.
use strict;
use warnings;

use JSON::PP qw(decode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use VoiceAgent;
use VoiceAgentSoak;

plan skip_all => 'only in the long form' if !long();

my $node = new_node('main', 'voiceagent.launcher' => 'off', log_statement => 'none');
my $first = seed();
my $fault = $ENV{FAULT} // '';
my $deeds = $ENV{DEEDS} // 240;
$node->safe_psql('va', slurp_file("regress/lib/$_.sql")) foreach qw(world deeds);
$node->safe_psql('va', "SELECT deeds.fault('$fault')") if $fault ne '';

# The world of a seed with all of its deeds, or with these alone.
sub run_deeds
{
	my ($seed, $only) = @_;
	my ($out, $err) = ('', '');
	my $list = defined $only ? "'{" . join(',', @$only) . "}'" : 'NULL';
	$node->psql('va', "SELECT deeds.run($seed, $deeds, $list)", stdout => \$out, stderr => \$err);
	return eval { decode_json($out) } // {broken => [ { law => 'a world ends', detail => $err =~ /(ERROR.*)/s ? $1 : $err, nth => $deeds } ], done => [], counted => {}, kinds => {}};
}

# Of these deeds those without which the law holds: halves go first, then quarters and so on down to single deeds.
sub smallest
{
	my ($seed, $law, $until, @keep) = @_;
	for (my $size = int((@keep + 1) / 2); $size >= 1; $size = $size > 1 ? int(($size + 1) / 2) : 0)
	{
		for (my $at = 0; $at < @keep && time < $until;)
		{
			my @fewer = @keep;
			splice(@fewer, $at, $size);
			if (grep { $_->{law} eq $law } @{ run_deeds($seed, \@fewer)->{broken} }) { @keep = @fewer }
			else { $at += $size }
		}
	}
	return @keep;
}

my ($worlds, $broken, %counted, %kinds, %found) = (0, 0);
for (my $round = 1; $round <= rounds(long => 100_000) && time_left(); $round++)
{
	my $seed = ($first + $round - 1) % 2147483647;
	my $world = run_deeds($seed);
	$worlds++;
	$counted{$_} += $world->{counted}{$_} foreach keys %{ $world->{counted} };
	$kinds{$_} += $world->{kinds}{$_} foreach keys %{ $world->{kinds} };
	my $wrong = $world->{broken}[0] // next;
	$broken++;
	# Another seed that breaks the same law is counted, but not made smaller.
	next if $found{ $wrong->{law} }++;
	my @keep = smallest($seed, $wrong->{law}, time + 120, 1 .. ($wrong->{nth} // 0));
	my $least = run_deeds($seed, \@keep);
	my ($same) = grep { $_->{law} eq $wrong->{law} } @{ $least->{broken} };
	ok($fault ne '', "seed $seed: $wrong->{law}");
	diag("broken: $wrong->{law}\n", ($same // $wrong)->{detail}, "\nby ", scalar @keep, " of $deeds deeds:\n", map({ "  $_\n" } @{ $least->{done} }),
		"SEED=$seed ROUNDS=1 DEEDS=$deeds make soak TESTS=52_deeds\nSELECT deeds.run($seed, $deeds, '{", join(',', @keep), "}');");
	last if $fault ne '';
}
if ($fault ne '')
{
	ok($broken, "the fault is found, by world $worlds");
}
else
{
	is($broken, 0, "$worlds worlds, " . ($counted{deeds} // 0) . ' deeds: no law is broken');
	cmp_ok($counted{'real dials'} // 0, '>', 0, 'they dial');
	note(join ', ', map { "$_ $counted{$_}" } sort keys %counted);
	my @never = grep { !$kinds{$_} } split /\n/, $node->safe_psql('va', 'SELECT kind FROM deeds.kinds ORDER BY kind');
	note('never done: ' . join(', ', @never)) if @never;
	figure(name => 'worlds of random deeds that break a law', value => $broken, unit => '', goal => '= 0', count => $worlds);
	figure(name => 'random deeds done', value => $counted{'deeds done'} // 0, unit => '', count => $counted{deeds} // 0);
}
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.tenants'), 0, 'nothing of them is left');
done_testing();
