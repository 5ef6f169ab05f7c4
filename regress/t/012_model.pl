# The models of regress/model, searched to the end by spin: with all guards of the product no lead is called twice and no tenant is
# served by two cells, and without any one of them the search finds how it comes to that.  For a counterexample: spin -a, gcc -DBFS
# -DSAFETY, ./pan, spin -t -p -g.
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'no spin' if system('command -v spin > /dev/null');
my $models = "$ENV{PWD}/regress/model";

# What the search says: the assertion that it violates ('' if none), and how many states it saw.
sub search
{
	my ($model, @without) = @_;
	my $dir = PostgreSQL::Test::Utils::tempdir();
	my $options = join ' ', map { "-D$_=0" } @without;
	my $said = `cd $dir && spin -a $options $models/$model.pml 2>&1 && gcc -O1 -w -DSAFETY -DCOLLAPSE -DMEMLIM=1000 -o pan pan.c 2>&1 && ./pan -m100000 2>&1`;
	my ($states) = $said =~ /(\d+) states, stored\n/;
	# A search that was cut short proves nothing.
	die "$model without @without: $said" if $? || !$states || $said =~ /max search depth too small|search not completed|out of memory/i && $said !~ /assertion violated/;
	my ($violated) = $said =~ /assertion violated (.*) \(at depth/;
	die $said if ($said =~ /errors: (\d+)/)[0] != (defined $violated);
	note("$model", (map { " without $_" } @without), ": $states states", defined $violated ? ", violated: $violated" : '');
	return ($violated // '', $states);
}

my %guards = (dial => [qw(CHECK PAUSE SAME LEASE)], move => [qw(OLDER AGAIN BEGUN FORGOT DIGEST)]);
foreach my $model (sort keys %guards)
{
	my ($violated, $states) = search($model);
	is($violated, '', "$model: nothing is violated in any of $states states");
	cmp_ok($states, '>', 100_000, '... which are many');
	my $text = slurp_file("$models/$model.pml");
	is_deeply([ $text =~ /^#ifndef (?!PROMOTIONS|ATTEMPTS|MOVES|ROWS)(\w+)/mg ], $guards{$model}, '... each guard of the model is left out once');
	foreach my $guard (@{$guards{$model}})
	{
		my ($found) = search($model, $guard);
		like($found, qr/\S/, "... without $guard it comes to that");
	}
}
done_testing();
