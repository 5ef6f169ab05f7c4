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

done_testing();
