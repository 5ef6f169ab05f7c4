# items.pl DRIVER FILE...   how well claims are verified: for each corpus and kind, which share of true claims, of others' values and of
# values with one letter or digit changed is supported, denied, or neither (unproved), and counts; microseconds a claim.
#
# A true claim is the value expected; a false one is what three other talks of the corpus expect, or the value with a letter or a digit
# that is another.  SHOW=true|false|near lists claims of that sort whose label is wrong, of files that may be read (never of a held half).
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
my %labels = (supported => 'supported', (map { $_ => 'denied' } qw(denied other form)), map { $_ => 'unproved' } qw(missing unchecked unknown empty));
my %held;

# The value with another letter, or digit, in the middle of what tells it from others.
sub near
{
	my ($kind, $value) = @_;
	my @places;
	push @places, pos($value) - 1 while $value =~ /([0-9])/g;
	if (!@places || $kind eq 'email' || $kind eq 'name')
	{
		my $until = $kind eq 'email' ? index($value, '@') : length($value);
		@places = grep { substr($value, $_, 1) =~ /[a-z0-9]/ } 1 .. $until - 1;
	}
	return undef unless @places;
	my $at = $places[ @places / 2 ];
	my $letter = substr($value, $at, 1);
	substr($value, $at, 1) = $letter =~ /[0-9]/ ? ($letter + 3) % 10 : chr(97 + (ord($letter) - 97 + 7) % 26);
	return $value;
}

printf "%-20s %6s | %-23s | %-16s | %-16s\n", 'claims', 'talks', 'true: supp. denied counts', 'false: supp. den.', 'near: supp. den.';
foreach my $file (@files)
{
	my ($half) = $file =~ m{\.(\w+)\.jsonl$} or die "items.pl: $file is no corpus\n";
	my (@items, %claims, %count, %given);
	open my $in, '<', $file or die "items.pl: $file: $!\n";
	push @items, map { $json->decode($_) } grep { /\S/ && !/^#/ } <$in>;
	close $in;
	push @{ $given{ $_->{kind} } }, $_->{expected} foreach grep { defined $_->{expected} } @items;
	my $input = "/tmp/eval-items.$$";
	open my $out, '>', $input or die "items.pl: $input: $!\n";
	foreach my $place (0 .. $#items)
	{
		my $item = $items[$place];
		my $own = $item->{expected};
		my $others = $given{ $item->{kind} };
		my @claims = map { [ false => $_ ] } grep { $_ ne ($own // '') } map { $others->[ ($place * 7 + $_) % @$others ] } 1, 4, 9;
		if (defined $own)
		{
			my $near = near($item->{kind}, $own);
			push @claims, [ true => $own ], defined $near ? [ near => $near ] : ();
		}
		$claims{ $item->{id} } = \@claims;
		print $out join("\t", @$item{qw(id kind)}, substr($item->{id}, 0, 2)), "\n";
		print $out substr($_->{speaker}, 0, 1), "\t", $_->{text} =~ s/\s+/ /gr, "\n" foreach @{ $item->{turns} };
		print $out "c\t$_->[1]\n" foreach @claims;
		print $out "\n";
	}
	close $out;
	my %kinds = map { $_->{id} => $_->{kind} } @items;
	open my $read, '-|', "'$driver' < '$input'" or die "items.pl: $driver: $!\n";
	while (<$read>)
	{
		chomp;
		my ($id, $number, $support, $counts, $cost) = split /\t/;
		my ($sort, $claim) = @{ $claims{$id}[$number] };
		my $label = $labels{$support};
		foreach my $kind ($kinds{$id}, 'all')
		{
			my $count = $count{$kind}{$sort} //= {};
			$count->{n}++, $count->{$label}++, $count->{counts} += $counts, $count->{us} += $cost;
		}
		print "  $sort $id $kinds{$id} [$claim] $support\n" if $half ne 'held' && $show eq $sort && ($sort eq 'true') ne ($label eq 'supported');
	}
	close $read or die "items.pl: $driver failed\n";
	unlink $input;
	my ($name) = $file =~ m{([^/]+)\.jsonl$};
	foreach my $sort ($half eq 'held' ? qw(true false) : ())
	{
		$held{$sort}{$_} += $count{all}{$sort}{$_} // 0 foreach qw(n supported);
	}
	foreach my $kind ((sort grep { $_ ne 'all' } keys %count), 'all')
	{
		my ($n, $us) = (0, 0);
		$n += $_->{n}, $us += $_->{us} foreach values %{ $count{$kind} };
		printf "%-20s %6d |  %5.1f%% %5.1f%% %5.1f%%  |  %5.1f%% %5.1f%%  |  %5.1f%% %5.1f%%  %6.1f us\n", "$name $kind", $count{$kind}{true}{n},
		  (map { 100 * ($count{$kind}{true}{$_} // 0) / $count{$kind}{true}{n} } qw(supported denied counts)),
		  (map { my $sort = $_; map { 100 * ($count{$kind}{$sort}{$_} // 0) / ($count{$kind}{$sort}{n} || 1) } qw(supported denied) } qw(false near)), $us / $n;
	}
}
figure("$_ supported", 'both', sprintf '%.1f %%', 100 * $held{$_}{supported} / $held{$_}{n}) foreach grep { $held{$_} } qw(true false);
