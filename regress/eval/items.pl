# items.pl DRIVER FILE...   how well values are read: for each corpus and kind right, wrong and silent, and microseconds a talk.
#
# A value is right if it is the one expected, to the letter; none is right where none was given.  SHOW=wrong|silent|all lists the items of
# files that may be read (never of a held half).
use strict;
use warnings;

use JSON::PP ();
use open qw(:std :encoding(UTF-8));

my ($driver, @files) = @ARGV;
my $show = $ENV{SHOW} // '';
my $json = JSON::PP->new;

printf "%-28s %7s %7s %7s %7s %8s\n", 'items', 'items', 'right', 'wrong', 'silent', 'us';
foreach my $file (@files)
{
	my ($half) = $file =~ m{\.(\w+)\.jsonl$} or die "items.pl: $file is no corpus\n";
	my (@items, %found, %count, %us);
	open my $in, '<', $file or die "items.pl: $file: $!\n";
	push @items, map { $json->decode($_) } grep { /\S/ && !/^#/ } <$in>;
	close $in;
	my $input = "/tmp/eval-items.$$";
	open my $out, '>', $input or die "items.pl: $input: $!\n";
	foreach my $item (@items)
	{
		print $out join("\t", @$item{qw(id kind)}, substr($item->{id}, 0, 2)), "\n";
		print $out substr($_->{speaker}, 0, 1), "\t", $_->{text} =~ s/\s+/ /gr, "\n" foreach @{ $item->{turns} };
		print $out "\n";
	}
	close $out;
	open my $read, '-|', "'$driver' < '$input'" or die "items.pl: $driver: $!\n";
	while (<$read>)
	{
		chomp;
		my ($id, $value, $cost) = split /\t/;
		@{ $found{$id} }{qw(value us)} = ($value, $cost);
	}
	close $read or die "items.pl: $driver failed\n";
	unlink $input;
	foreach my $item (@items)
	{
		my $expected = $item->{expected} // '';
		my $value = $found{ $item->{id} }{value} // 'missing';
		my $verdict = $value eq $expected ? 'right' : $value eq '' ? 'silent' : 'wrong';
		$count{$_}{$verdict}++, $us{$_} += $found{ $item->{id} }{us} // 0 foreach $item->{kind}, 'all';
		print "  $verdict $item->{id} $item->{kind}  got [$value]  expected [$expected]\n"
		  if $half ne 'held' && ($show eq $verdict || $show eq 'all' && $verdict ne 'right');
	}
	my ($name) = $file =~ m{([^/]+)\.jsonl$};
	foreach my $kind ((sort grep { $_ ne 'all' } keys %count), grep { $count{$_} } 'all')
	{
		my ($right, $wrong, $silent) = map { $count{$kind}{$_} // 0 } qw(right wrong silent);
		my $sum = $right + $wrong + $silent;
		printf "%-28s %7d %6.1f%% %6.1f%% %6.1f%% %8.1f\n", "$name $kind", $sum, (map { 100 * $_ / $sum } $right, $wrong, $silent), $us{$kind} / $sum;
	}
}
