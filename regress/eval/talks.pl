# talks.pl DRIVER FILE...   what talks came to: for each corpus and class right, wrong and uncertain outcomes, wrong times and opt-outs.
#
# An outcome that is not certain is neither right nor wrong; a time is right if it is one of those expected, and none where none is.  Below
# each half: what wrong outcomes were taken for, the sum over all languages, and the microseconds that a talk of 80 turns takes.
# SHOW=wrong|uncertain|time|opt_out|all lists the talks of files that may be read (never of a held half).
use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;
use JSON::PP ();
use open qw(:std :encoding(UTF-8));

use Told;

my ($driver, @files) = @ARGV;
my $show = $ENV{SHOW} // '';
my $json = JSON::PP->new;
my @verdicts = qw(right wrong uncertain);
my (%sum, %confused);

sub block
{
	my ($id, $talk, @turns) = @_;
	my ($day, $hour, $minute) = $talk->{reference} =~ /^(\d+-\d+-\d+)T(\d+):(\d+)/ or die "talks.pl: $id has no reference\n";
	return join('', join("\t", $id, substr($talk->{id}, 0, 2), $day, $hour * 60 + $minute), "\n",
		(map { substr($_->{speaker}, 0, 1) . "\t" . ($_->{text} =~ s/\s+/ /gr) . "\n" } @turns), "\n");
}

sub read_talks
{
	my ($input) = @_;
	my $file = "/tmp/eval-talks.$$";
	my %found;
	open my $out, '>', $file or die "talks.pl: $file: $!\n";
	print $out $input;
	close $out;
	open my $read, '-|', "'$driver' < '$file'" or die "talks.pl: $driver: $!\n";
	while (<$read>)
	{
		chomp;
		my ($id, @values) = split /\t/;
		my $before = $found{$id}{us};
		@{ $found{$id} }{qw(outcome certain time opt_out us)} = @values;
		$found{$id}{us} = $before if defined $before && $before < $found{$id}{us};
	}
	close $read or die "talks.pl: $driver failed\n";
	unlink $file;
	return %found;
}

sub line
{
	my ($name, $count) = @_;
	my $all = 0;
	$all += $count->{$_} // 0 foreach @verdicts;
	printf "%-28s %7d %7d %7d %9d %10d %13d %8.1f\n", $name, $all, (map { $count->{$_} // 0 } @verdicts, qw(time opt_out)),
	  ($count->{us} // 0) / ($all || 1);
}

printf "%-28s %7s %7s %7s %9s %10s %13s %8s\n", 'talks', 'talks', @verdicts, 'time wrong', 'opt-out wrong', 'us';
my $long = '';
foreach my $file (@files)
{
	my ($language, $half) = $file =~ m{([a-z]{2})\.(\w+)\.jsonl$} or die "talks.pl: $file is no corpus\n";
	my %count;
	open my $in, '<', $file or die "talks.pl: $file: $!\n";
	my @talks = map { $json->decode($_) } grep { /\S/ && !/^#/ } <$in>;
	close $in;
	my %found = read_talks(join '', map { block($_->{id}, $_, @{ $_->{turns} }) } @talks);
	foreach my $talk (@talks)
	{
		my $got = $found{ $talk->{id} } // die "talks.pl: $talk->{id} is missing\n";
		my $expected = $talk->{expected};
		my %times = map { $_ => 1 } split /\s\|\s/, $expected->{time} // '';
		my $verdict = !$got->{certain} ? 'uncertain' : $got->{outcome} eq $expected->{outcome} ? 'right' : 'wrong';
		my $late = $got->{time} eq '' ? %times > 0 : !$times{ $got->{time} };
		my $stop = ($expected->{opt_out} ? 1 : 0) != $got->{opt_out};
		foreach my $counted (@count{ $talk->{class}, 'all' }, @{ $sum{$half} }{ $talk->{class}, 'all' })
		{
			$counted->{$verdict}++;
			$counted->{time}++ if $late;
			$counted->{opt_out}++ if $stop;
			$counted->{us} += $got->{us};
		}
		$confused{$half}{"$expected->{outcome} > $got->{outcome}"}++ if $verdict eq 'wrong';
		print "  $verdict $talk->{id} $talk->{class}  got $got->{outcome} [$got->{time}]  expected $expected->{outcome} ["
		  . ($expected->{time} // '') . "]\n"
		  if $half ne 'held' && ($show eq $verdict || $late && $show eq 'time' || $stop && $show eq 'opt_out'
			|| $show eq 'all' && ($verdict ne 'right' || $late || $stop));
	}
	line("$language.$half", $count{all});
	if ($half eq 'dev')
	{
		my @turns = map { @{ $_->{turns} } } @talks;
		$long .= block("$language.80", $talks[0], @turns[ 0 .. 79 ]) x 20 if @turns >= 80;
	}
}
foreach my $half (sort keys %sum)
{
	line("$half $_", $sum{$half}{$_}) foreach (sort grep { $_ ne 'all' } keys %{ $sum{$half} }), 'all';
	print "  taken for another: ", join(', ', map { "$_ $confused{$half}{$_}" } sort keys %{ $confused{$half} }), "\n" if $confused{$half};
}
if ($long ne '')
{
	my %found = read_talks($long);
	print 'a talk of 80 turns, us: ', join(', ', map { substr($_, 0, 2) . ' ' . $found{$_}{us} } sort keys %found), "\n";
	my ($most) = sort { $b <=> $a } map { $_->{us} } values %found;
	figure('talk of 80', 'both', sprintf '%.2f ms', $most / 1000);
}
