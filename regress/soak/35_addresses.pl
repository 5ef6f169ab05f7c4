# Which addresses are of the public internet: our answer against Python's ipaddress, on random ones and on the edges of
# every special range.  A million in the long form.
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgentSoak;

plan skip_all => 'needs python3' if system('python3 -c "import ctypes, ipaddress" > /dev/null 2>&1');
my $seed = seed();
my $count = rounds(short => 60_000, long => 1_000_000);
my $dir = PostgreSQL::Test::Utils::tempdir();
my $output = `cc -std=gnu11 -O2 -shared -fPIC -Iextension -o $dir/address.so extension/pure/net/address.c 2>&1`;
is($?, 0, 'our classes build') or BAIL_OUT($output);
$output = `python3 regress/fakes/addresses.py $dir/address.so $count $seed 2>&1`;
my ($wrong, $public) = $output =~ /^$count compared, (\d+) wrong, (\d+) public$/m;
is($wrong, 0, "Python agrees on $count addresses") or diag($output);
cmp_ok($public // 0, '>', $count / 10, 'enough of them were public');
cmp_ok($public // $count, '<', $count * 0.9, '... and enough were not');
figure(name => 'addresses whose class differs from that of Python\'s ipaddress', value => $wrong, unit => 'addresses', goal => '= 0', count => $count);
done_testing();
