# published.pl DIR OUT   the published phrases of a checkout of Duckling (https://github.com/facebook/duckling), as OUT/LANGUAGE.published.tsv
#
# Read from the corpora's sources, DIR/Duckling/Time/LANGUAGE/Corpus.hs, which stay outside of ours: phrases that name a moment of
# day to second grain, seen from 12 February 2013, 04:30.  What Duckling expects is written in the forms of times/*.tsv: an end that it counts
# in may be ours with or without its last hour, and its parts of the day are named by theirs.
#
# A fifth column has readings that say what Duckling means as well as our form and the README's rules can, each with the note that
# times.pl counts it by: `NOTE=READING`.  They never count silently.
#
#   part      a part of a part of the day, or of a month: ours has no finer one ("late in the afternoon", "début avril")
#   day       a part of the day by itself: ours has no day (rule 5)
#   half      an hour from 1 to 6 without half of the day: ours is in the afternoon (rule 4)
#   open      from now, or from the midnight before, until then: ours has no beginning (rule 7)
#   week      the parts of a week, and "vendredi en huit" (rules 2 and 7)
#   second    ours has two readings, and Duckling's is the second (rule 2; counted by times.pl)
use strict;
use warnings;

use File::Path qw(make_path);
use Time::Local qw(timegm);

use open qw(:std :encoding(UTF-8));

my ($dir, $out) = @ARGV;
# From hour to hour of one day, or of the next.
my %parts = ('0-12' => ['morning'], '3-12' => ['morning'], '4-12' => ['morning'], '5-12' => ['morning'], '12-19' => ['afternoon'], '12-17' => ['afternoon'],
	'12-14' => ['noon'], '18-24' => ['evening', 'night'], '18-28' => ['evening', 'night'], '22-28' => ['night'], '21-24' => ['evening', 'night'],
	'24-28' => ['night']);
my $numbers = qr/\(\s*(\d+(?:\s*,\s*\d+){5})\s*\)/;
my %seconds = (Day => 86400, Hour => 3600, Minute => 60, Second => 1);

sub moment { my ($numbers) = @_; my ($y, $mo, $d, $h, $mi, $s) = split /\s*,\s*/, $numbers; return timegm($s, $mi, $h, $d, $mo - 1, $y) }

sub text
{
	my ($at, $grain) = @_;
	my ($s, $mi, $h, $d, $mo, $y) = gmtime $at;
	my $text = sprintf '%04d-%02d-%02d', $y + 1900, $mo + 1, $d;
	return $text if $grain eq 'Day';
	return $text . sprintf('T%02d:%02d', $h, $mi) . ($grain eq 'Second' && $s ? sprintf(':%02d', $s) : '');
}

# What is right for a moment: with its day and, of an hour, also about it.
sub points
{
	my ($at, $grain) = @_;
	my @texts = text($at, $grain);
	push @texts, substr($texts[0], 0, 13) if $grain eq 'Hour';
	# So many days from now: ours is the day.
	push @texts, text($at, 'Day') if $grain eq 'Hour' && (gmtime $at)[2] == 4 && $at - moment('2013,2,12,4,0,0') != 0;
	return @texts;
}

sub interval
{
	my ($from, $to, $grain) = @_;
	my ($midnight, @texts) = ($from - $from % 86400);
	my $hours = join '-', map { ($_ - $midnight) / 3600 } $from, $to;
	push @texts, map { text($from, 'Day') . "+$_" } @{ $parts{$hours} } if $parts{$hours};
	# Friday 18:00 to Monday.
	if ($hours eq '18-72')
	{
		push @texts, weekend($midnight + 86400);
	}
	elsif ($grain eq 'Day' && $to - $from == 2 * 86400 && (gmtime $from)[6] == 6) { push @texts, weekend($from) }
	# A third of a month.
	if ($grain eq 'Day' && $hours =~ /^0-/)
	{
		my ($first, $after) = (text($from, 'Day'), text($to, 'Day'));
		my $month = substr $first, 0, 7;
		push @texts, "$month+early" if "$first $after" eq "$month-01 $month-11";
		push @texts, "$month+mid" if "$first $after" eq "$month-11 $month-21";
		push @texts, "$month+late" if $first eq "$month-21" && $after =~ /-01$/;
	}
	foreach my $end ($to, $to - $seconds{$grain})
	{
		# From now until then: ours is open.
		push @texts, map { "..$_" } points($end, $grain), text($end, 'Day') if $from == moment('2013,2,12,4,30,0');
		foreach my $begin (points($from, $grain)) { push @texts, map { "$begin..$_" } points($end, $grain) }
	}
	return @texts;
}

sub weekend
{
	my ($saturday) = @_;
	# The ISO week of its Thursday.
	my @thursday = gmtime($saturday - 2 * 86400);
	return sprintf '%04d-W%02d+weekend', $thursday[5] + 1900, 1 + int($thursday[7] / 7);
}

sub expected
{
	my ($head) = @_;
	my ($grain) = $head =~ /\b(Day|Hour|Minute|Second)\b/ or return;
	if ($head =~ /datetimeInterval\w*\s*\(\s*$numbers\s*,\s*$numbers/) { return interval(moment($1), moment($2), $grain) }
	if ($head =~ /datetimeOpenInterval\s+(After|Before)\s*$numbers/) { my ($way, $at) = ($1, $2); return map { $way eq 'After' ? "$_.." : "..$_" } points(moment($at), $grain) }
	return points(moment($1), $grain) if $head =~ /datetime(?:Holiday)?\s*$numbers/;
	return;
}

my $now = moment('2013,2,12,4,30,0');

# Moments of the other half of the day: those of the afternoon whose hour is one that anybody means so.
sub other_half
{
	my ($at, $grain) = @_;
	my $hour = (gmtime $at)[2];
	return if $hour < 1 || $hour > 6;
	return map { points($at + $_ * 3600, $grain) } grep { $at + $_ * 3600 > $now } 12, -12;
}

sub noted_interval
{
	my ($from, $to, $grain, $phrase) = @_;
	my ($midnight, @noted) = ($from - $from % 86400);
	my ($first, $last) = map { ($_ - $midnight) / 3600 } $from, $to;
	my $day = text($from, 'Day');
	if ($grain eq 'Hour')
	{
		my @parts;
		push @parts, 'morning' if $last <= 12;
		push @parts, 'noon' if $first <= 12 && $last >= 14 && $first >= 11 && $last <= 16;
		push @parts, 'afternoon' if $first >= 12 && $last <= 19;
		push @parts, 'evening', 'night' if $first >= 17 && $last <= 28;
		push @noted, map { ("part=$day+$_", $day eq '2013-02-12' ? "day=+$_" : ()) } @parts;
		my ($begin, $end) = map { my $at = $_; [ other_half($at, $grain) ] } $from, $to - 3600;
		if ($phrase !~ /\b(?:a\.?m|morning|matin|morgens|früh|mañana)\b/i || $phrase =~ /^am\b/)
		{
			push @noted, map { my $at = $_; map { "half=$at..$_" } @$end } @$begin;
		}
	}
	# From the next second, minute or hour on, so many.
	my $unit = $seconds{$grain};
	push @noted, 'open=..' . text($now + $to - $from, 'Second') if $grain ne 'Day' && $from == ($now - $now % $unit) + $unit;
	push @noted, map { "open=..$_" } map { points($_, $grain) } $to, $to - $unit if $grain ne 'Day' && $first == 0;
	if ($grain eq 'Day' && substr($day, 0, 7) eq substr(text($to - 86400, 'Day'), 0, 7))
	{
		my ($one, $end, $month) = ((gmtime $from)[3], (gmtime($to - 86400))[3], substr $day, 0, 7);
		push @noted, "part=$month+early" if $one == 1 && $end <= 10;
		push @noted, "part=$month+mid" if $one >= 10 && $end <= 20;
		my $days = ($to - $from) / 86400;
		my $weekday = (gmtime $from)[6];
		push @noted, map { 'week=' . text($from + 86400 * $_->[0], 'Day') . '..' . text($from + 86400 * $_->[1], 'Day') } [ 1, 3 ] if $weekday == 4 && $days == 4;
		push @noted, map { 'week=' . text($from + 86400 * $_->[0], 'Day') . '..' . text($from + 86400 * $_->[1], 'Day') } [ -1, 1 ] if $weekday == 3 && $days == 2;
	}
	return @noted;
}

sub noted
{
	my ($head, $phrase) = @_;
	my ($grain) = $head =~ /\b(Day|Hour|Minute|Second)\b/ or return;
	if ($head =~ /datetimeInterval\w*\s*\(\s*$numbers\s*,\s*$numbers/) { return noted_interval(moment($1), moment($2), $grain, $phrase) }
	return if $head =~ /datetimeOpenInterval/ || $head !~ /datetime(?:Holiday)?\s*$numbers/;
	my $at = moment($1);
	return 'week=' . text($at + 7 * 86400, 'Day') if $grain eq 'Day' && $phrase =~ /\ben (?:huit|quinze|8|15)$/;
	return if $phrase =~ /\b(?:a\.?m|morning|matin|morgens|früh|mañana|night|noche|madrugada)\b/i && $phrase !~ /^\d+:\d+ am \w\w?,/i;
	return if $phrase =~ /\da\b/;
	return map { "half=$_" } other_half($at, $grain) if $grain =~ /Hour|Minute/;
	return;
}

# The clock that the phrase names: theirs is two hours behind UTC.
sub zoned
{
	my ($phrase, @texts) = @_;
	my %zones = (GMT => [2, 'UTC'], CET => [3, 'Europe/Berlin'], PST => [-6, 'America/Los_Angeles'], CST => [-4, 'America/Chicago'],
		BST => [3, 'Europe/London'], IST => [7.5, 'Asia/Kolkata']);
	my ($name) = $phrase =~ /\b(GMT|CET|PST|CST|BST|IST)\b/i or return;
	my ($hours, $zone) = @{ $zones{ uc $name } };
	foreach my $text (@texts)
	{
		$text =~ s/(\d+)-(\d+)-(\d+)T(\d+):(\d+)/text(timegm(0, $5, $4, $3, $2 - 1, $1) + 3600 * $hours, 'Minute')/ge;
		$text .= " @ $zone";
	}
	return @texts;
}

make_path($out);
foreach my $language (qw(EN ES FR DE))
{
	my $file = "$dir/Duckling/Time/$language/Corpus.hs";
	open my $in, '<', $file or do { warn "published.pl: $file: $!\n"; next };
	my ($source, $n, $name) = (do { local $/; <$in> }, 0, '');
	close $in;
	open my $write, '>', "$out/" . lc($language) . '.published.tsv' or die "published.pl: $out: $!\n";
	# The definitions that the default corpus is made of.
	foreach my $definition (split /^(?=\w+ ::)/m, $source)
	{
		next unless $definition =~ /^(?:allExamples|defaultCorpus) ::/;
		while ($definition =~ /examples\s*(\(.*?\))\s*\[\s*((?:"(?:[^"\\]|\\.)*"[\s,]*)+)\]/gs)
		{
			my ($head, $list) = ($1, $2);
			my @texts = expected($head) or next;
			while ($list =~ /"((?:[^"\\]|\\.)*)"/g)
			{
				my $phrase = $1;
				$phrase =~ s/\\(\d+)/chr $1/ge;
				$phrase =~ s/\\(.)/$1/g;
				my @here = (@texts, zoned($phrase, @texts));
				printf $write "%s-%04d\t2013-02-12T04:30\t%s\t%s\t%s\n", lc $language, ++$n, $phrase, join(' | ', @here),
				  join ' | ', noted($head, $phrase);
			}
		}
	}
	close $write;
}
