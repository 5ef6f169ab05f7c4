# Whole platforms out of seeds, simulated: tenants, rules, faults of the carrier and what people do.  No invariant is
# violated at any moment that is looked at, no webhook is unreadable, and a seed gives the same world twice, to the
# last byte, in two sessions that share no id.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentSoak;

my $node = new_node('main', 'voiceagent.launcher' => 'off', log_statement => 'none');
my $first = seed();
my $functions = slurp_file('regress/lib/world.sql');
$node->safe_psql('va', $functions);

sub world
{
	my ($seed, @size) = @_;
	my ($out, $err) = ('', '');
	my $sql = sprintf('SELECT world.simulate(%s)', join(', ', $seed, @size));
	$node->psql('va', "SELECT w ->> 'digest', w -> 'steps', w -> 'calls', w -> 'unread', w -> 'wrong' FROM ($sql AS w) x",
		stdout => \$out, stderr => \$err);
	my %world;
	@world{qw(digest steps calls unread wrong)} = split /\|/, $out, 5;
	# NOTICEs of starts are no errors.
	$world{error} = $err =~ /^(.*ERROR:.*)/s ? $1 : '';
	$world{sql} = $sql;
	return \%world;
}

my ($worlds, $steps, $calls, $violations, $different) = (0, 0, 0, 0, 0);
for (my $round = 1; $round <= rounds(short => 2, long => 1000) && time_left(); $round++)
{
	restart_choices($round);
	my @size = (between(1, 3), between(1, 2), between(6, 24));
	# The first two sizes are small, for the short form.
	@size = (2, 1, 12) if !long();
	my $seed = $first + $round - 1;
	my $world = world($seed, @size);
	my $again = world($seed, @size);
	my @faults = grep { $_ ne '' } $world->{error}, ($world->{wrong} // '') eq '[]' ? '' : $world->{wrong} // 'no answer',
	  ($world->{unread} // 0) == 0 ? '' : "$world->{unread} webhooks were set aside";
	my $same = ($world->{digest} // '') eq ($again->{digest} // '-');
	$violations++ if @faults;
	$different++ unless $same;
	$worlds++;
	$steps += $world->{steps} // 0;
	$calls += $world->{calls} // 0;
	# One assertion a world would be a thousand lines.
	next if !@faults && $same;
	ok(0, "seed $seed: " . ($same ? 'no invariant is violated' : 'twice the same world'));
	diag(@faults, "\nSEED=$seed ROUNDS=1 make soak TESTS=81_simulate\n$world->{sql};");
}
is($violations, 0, "$worlds worlds: no invariant is violated");
is($different, 0, "$worlds worlds: each is the same when it is made again");
cmp_ok($calls, '>', $worlds, 'they dial');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.tenants'), 0, 'nothing of them is left');
note("$worlds worlds, $steps steps, $calls calls");
figure(name => 'simulated worlds that violate an invariant', value => $violations, unit => '', goal => '= 0', count => $worlds);
figure(name => 'simulated worlds that differ when made again', value => $different, unit => '', goal => '= 0', count => $worlds);

# A large one, turn by turn in commits as the workers make them: its time is the processor's, whoever else uses the machine.
if (long())
{
	$node->safe_psql('postgres', q{CREATE DATABASE large TEMPLATE template0 ENCODING 'UTF8'});
	$node->safe_psql('large', "CREATE EXTENSION voiceagent CASCADE; SELECT voiceagent.set_setting('platform_max_concurrent_calls', '1000000'); $functions");
	my ($out, $err, $cpu) = ('', '', 0);
	$node->psql('large', join('; ', 'SET plan_cache_mode = force_generic_plan', 'SET jit = off', 'SET max_parallel_workers_per_gather = 0',
		'SET client_min_messages = log', 'SET log_statement_stats = on', 'SET ROLE voiceagent_worker',
		"CALL world.keep($first, 30, 10, 10000, '5 minutes', NULL)"), stdout => \$out, stderr => \$err);
	# The last of the statistics is the whole session's.
	$cpu = $1 + $2 while $err =~ /\[([\d.]+) s user, ([\d.]+) s system total\]/g;
	like($out, qr/"wrong": \[\]/, '30 days of 10 tenants with 10,000 leads each: no invariant is violated') or diag($err =~ /(ERROR.*)/s);
	my ($turns) = $out =~ /"steps": (\d+)/;
	my ($dials) = $out =~ /"calls": (\d+)/;
	figure(name => '30 days of 10 x 10,000 leads: processor', value => sprintf('%.0f', $cpu), unit => 's', goal => '<= 120', count => $dials // 0);
	figure(name => '30 days of 10 x 10,000 leads: turns', value => $turns // 0, unit => '', count => $dials // 0);
}
done_testing();
