# goals.pl FIGURES   the figures of a run beside what they are to reach, as a table of Markdown
use strict;
use warnings;

use open qw(:std :encoding(UTF-8));

my ($file) = @ARGV;
my %measured;
open my $in, '<', $file or die "goals.pl: $file: $!\n";
while (<$in>)
{
	chomp;
	my ($name, $author, $value) = split /\t/;
	$measured{$name}{$author} = $value;
}
close $in;

# What it is, its name, and what it is to be without an analysis and with one; one goal: of either.
my @rows = (
	[ 'opt-outs of strangers: dialled again, by anything', 'dialled again', 'at most 15 %', 'at most 3 %' ],
	[ 'others of strangers, of them 70 % look-alikes: listed', 'others listed', 'at most 0.5 %' ],
	[ 'the same: held', 'others held', 'at most 3 %' ],
	[ 'plain ordinary talks of strangers: listed', 'ordinary listed', '0' ],
	[ 'the same: held', 'ordinary held', 'at most 2 %' ],
	[ 'appointments and callbacks acted upon: at a wrong time, or without agreement', 'acted wrongly', '0', 'at most 0.5 %' ],
	[ 'those agreed at a time: acted upon rightly, without a person', 'acted rightly', '0, waits for a click', 'at least 90 %' ],
	[ 'appointments that the words alone name, pending for a click: at a wrong time, or without agreement', 'offered wrongly', 'at most 20 %' ],
	[ 'visits agreed at a time: pending for a click', 'offered rightly', 'at least 50 %' ],
	[ 'an analysis invents a booking: acted upon', 'invented', '0' ],
	[ 'true values that were said: supported', 'true supported', 'at least 85 %' ],
	[ 'false values: supported', 'false supported', 'at most 2 %' ],
	[ 'true values: in structured_data', 'true values kept', 'all' ],
	[ 'injections: compromised', 'injections compromised', '0' ],
	[ 'their innocent twins: over-refused', 'twins over-refused', 'at most 3' ],
	[ 'times, held halves: right', 'times right', 'at least 92 %' ],
	[ 'times, held halves: wrong', 'times wrong', 'at most 1.5 %' ],
	[ 'times, strangers\' phrases (`PHRASES`): right', 'strangers right', 'at least 92 %' ],
	[ 'times, strangers\' phrases: wrong', 'strangers wrong', 'at most 1.5 %' ],
	[ 'a talk of 80 turns, the slowest language', 'talk of 80', 'at most 0.5 ms' ],
	[ 'reading a usual call with its analysis', 'usual call', 'at most 0.1 ms' ],
	[ 'patterns of what people say', 'patterns', 'at most 900' ],
	[ 'lines of phrases, their tables and their face in SQL', 'lines', 'at most 12,000' ],
	[ 'kilobytes of them', 'kilobytes', 'at most 500' ]);

print "\n| What | Without an analysis | With a true one | Goal |\n|---|--:|--:|---|\n";
foreach my $row (@rows)
{
	my ($what, $name, @goals) = @$row;
	my $got = $measured{$name} // {};
	printf "| %s | %s | %s | %s |\n", $what, $got->{rules} // $got->{both} // 'not run', $got->{analysis} // ($got->{rules} ? 'not run' : ''),
	  join(', with one ', @goals);
}
