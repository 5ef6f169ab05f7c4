# Our reading of telephone numbers against libphonenumber's, on made-up numbers of all countries.
#
# The library's plans are older than ours.  So our code is built a second time with the plans taken out of the
# installed library: that must agree with the library in every verdict, and what the two builds of ours say
# differently is counted as a change of the plans.  PHONE_COUNT=5000000 PHONE_SEED=7 for a longer run.
use strict;
use warnings;

use File::Copy qw(copy);
use PostgreSQL::Test::Utils;
use Test::More;

my $count = $ENV{PHONE_COUNT} || 200_000;
my $seed = $ENV{PHONE_SEED} || 1;
my $dir = PostgreSQL::Test::Utils::tempdir();

sub runs
{
	my ($name, $command) = @_;
	my $output = `($command) 2>&1`;
	is($?, 0, $name) or diag($output);
	return $output;
}

my $missing = system(qq{printf '#include <phonenumbers/phonenumberutil.h>\\n' > $dir/probe.cpp && g++ -std=gnu++17 -fsyntax-only $dir/probe.cpp > $dir/probe.log 2>&1})
  ? 'g++ and libphonenumber-dev'
  : system('python3 -c "" > /dev/null 2>&1') ? 'python3' : '';
plan skip_all => "needs $missing" if $missing;

my $cc = 'cc -std=gnu11 -O2 -shared -fPIC -Iextension';
my $rest = 'extension/pure/text/utf8.c extension/pure/memory.c -licuuc -lsodium';
mkdir "$dir/library";
mkdir "$dir/library/phone_data";
copy($_, "$dir/library/") foreach glob('extension/pure/phone/phone*.c extension/pure/phone/phone*.h');
copy($_, "$dir/library/phone_data/") foreach glob('extension/pure/phone/phone_data/*.inc');

runs('the oracle builds', "g++ -std=gnu++17 -O1 -Iextension -o $dir/oracle regress/fakes/phone_oracle.cpp -lphonenumber -lprotobuf -ldl");
runs('the library\'s plans are read', "$dir/oracle plans > $dir/plans.xml");
runs('the library\'s plans are compiled', "python3 extension/pure/phone/phone_data/generate.py --output $dir/library/phone_data $dir/plans.xml");
runs('our code builds with the library\'s plans', "$cc -o $dir/library.so $dir/library/phone*.c $rest");
runs('our code builds with our plans', "$cc -o $dir/ours.so extension/pure/phone/phone*.c $rest");
my $output = runs('with the same plans we agree with the library', "$dir/oracle compare $dir/library.so $dir/ours.so $count $seed");
note($output);
my ($compared, $valid) = $output =~ /compared (\d+), valid (\d+), unexplained 0/;
cmp_ok($compared || 0, '>', $count * 0.95, 'nearly all numbers were compared');
cmp_ok($valid || 0, '>', $count * 0.1, 'enough of them were valid');
like($output, qr/by a newer plan: \d+ opened since/, 'our plans have numbers that the library\'s lack');

# All that the library's edition has and ours lacks: a form that was given up is read as what it became, and an area that is
# closed is named here.  Who takes a new edition of the plans looks at what is new in this list.
my %became = (
	'52 11' => 100,    # Mexico's 1
	'229 8' => 90,     # Benin: 01 before them; some areas are closed
	'386 8' => 100,   # Kosovo: a calling code of its own
	'234 8' => 90,     # Nigeria: 20 before them
);
my %closed = map { $_ => 1 } (
	'33 9', '43 7', '43 8', '43 9', '43 10', '43 11', '43 12', '43 13', '45 8', '47 5', '47 8', '55 9', '61 9', '64 8', '64 9',
	'84 7', '95 8', '95 9', '95 10', '231 9', '358 5', '385 6', '595 6', '595 7', '598 10', '961 7', '966 10', '972 9',
	'974 7', '974 8',
	'234 7',           # Nigeria's shortest fixed lines: with 20 before them they are still too short
);
my $areas = runs('what the older edition has more is walked through',
	"python3 regress/fakes/phone_areas.py $dir/library/phone_data/plans.inc extension/pure/phone/phone_data/plans.inc $dir/ours.so");
note($areas);
while ($areas =~ /^(\d+ \d+): (\d+) gone, (\d+) of 100/mg)
{
	my ($area, $gone, $read) = ($1, $2, $3);
	if (defined $became{$area})
	{
		cmp_ok($read, '>=', delete $became{$area}, "+$area digits: the old form is read");
	}
	else
	{
		ok(delete $closed{$area}, "+$area digits: $gone numbers are gone, and it is known why");
		is($read, 0, "+$area digits: none is read as another number");
	}
}
is(join(', ', sort keys %became, keys %closed), '', 'nothing is listed that is not gone');

done_testing();
