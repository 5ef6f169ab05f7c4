# times.pl DRIVER FILE...   how well times are read: for each corpus right, wrong and silent, and microseconds a phrase.
#
# A reading is right if the first alternative is one of those expected.  SHOW=wrong|silent|all lists the phrases of files that may be read
# (never of a held half); PHRASES=dir adds published phrases in the same form.  Those have a fifth column of readings that are right by a
# note (published.pl): a line below says how many are right by which.
use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use open qw(:std :encoding(UTF-8));

use Told;

my ($driver, @files) = @ARGV;
my $show = $ENV{SHOW} // '';
my %all;

sub same
{
	my ($text) = @_;
	$text =~ s/\s+/ /g;
	$text =~ s/^ | $//g;
	# The moments of a list have no order.
	return join ', ', sort split /, /, $text;
}

printf "%-28s %7s %7s %7s %7s %8s %8s\n", 'times', 'phrases', 'right', 'wrong', 'silent', 'us', 'us (max)';
foreach my $file (@files)
{
	my ($language, $half) = $file =~ m{([a-z]{2})\.(\w+)\.tsv$} or die "times.pl: $file is no corpus\n";
	my (@items, %found);
	open my $in, '<', $file or die "times.pl: $file: $!\n";
	while (<$in>)
	{
		chomp;
		next if /^#/ || /^\s*$/ || /^id\t/;
		push @items, [ split /\t/ ];
	}
	close $in;
	my $input = "/tmp/eval-times.$$";
	open my $out, '>', $input or die "times.pl: $input: $!\n";
	print $out join("\t", $_->[0], $language, $_->[1], $_->[2]), "\n" foreach @items;
	close $out;
	open my $read, '-|', "'$driver' < '$input'" or die "times.pl: $driver: $!\n";
	my ($us, $most) = (0, 0);
	while (<$read>)
	{
		chomp;
		my ($id, $reading, $cost) = split /\t/;
		$found{$id} = $reading;
		$us += $cost;
		$most = $cost if $cost > $most;
	}
	close $read or die "times.pl: $driver failed\n";
	unlink $input;
	my %count = (right => 0, wrong => 0, silent => 0);
	my %by;
	foreach my $item (@items)
	{
		my %expected = map { same($_) => 1 } split /\s\|\s/, $item->[3];
		my ($first) = map { same($_) } split /\s\|\s/, $found{ $item->[0] } // 'missing';
		my $verdict = $expected{$first} ? 'right' : $first eq 'none' ? 'silent' : 'wrong';
		if ($half eq 'published' && $verdict eq 'wrong')
		{
			my %noted = map { /^(\w+)=(.*)/ ? (same($2) => $1) : () } split /\s\|\s/, $item->[4] // '';
			my ($second) = grep { $expected{$_} } map { same($_) } split /\s\|\s/, $found{ $item->[0] };
			my $note = $noted{$first} // (defined $second ? 'second' : undef);
			$by{$note}++ if defined $note;
			$verdict = 'right' if defined $note;
		}
		$count{$verdict}++;
		print "  $verdict $item->[0] $item->[1]  $item->[2]\n      got $found{$item->[0]}   expected $item->[3]\n"
		  if $half ne 'held' && ($show eq $verdict || $show eq 'all');
	}
	my $all = @items || 1;
	$all{$half}{$_} += $count{$_} foreach keys %count;
	printf "%-28s %7d %6.1f%% %6.1f%% %6.1f%% %8.1f %8.1f\n", "$language $half", scalar @items,
	  (map { 100 * $count{$_} / $all } qw(right wrong silent)), $us / $all, $most;
	print '  right by a note: ', join(', ', map { "$_ $by{$_}" } sort keys %by), "\n" if %by;
}
foreach my $half (grep { $all{$_} } qw(held published))
{
	my $phrases = 0;
	$phrases += $_ foreach values %{ $all{$half} };
	figure(($half eq 'held' ? 'times' : 'strangers') . " $_", 'both', sprintf '%.1f %%', 100 * $all{$half}{$_} / $phrases) foreach qw(right wrong);
}
