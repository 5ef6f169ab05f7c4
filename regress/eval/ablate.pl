# ablate.pl FILE...   corpora as ablate.c reads them: what was said, and what is expected of it.
use strict;
use warnings;

use JSON::PP ();
use open qw(:std :encoding(UTF-8));

my $json = JSON::PP->new;

sub turns
{
	return join '', map { substr($_->{speaker}, 0, 1) . "\t" . ($_->{text} =~ s/\s+/ /gr) . "\n" } @_;
}

foreach my $file (@ARGV)
{
	my ($language) = $file =~ m{([a-z]{2})\.\w+\.(?:tsv|jsonl)$};
	open my $in, '<', $file or die "ablate.pl: $file: $!\n";
	while (<$in>)
	{
		chomp;
		next if /^#/ || /^\s*$/ || /^id\t/;
		if ($file =~ m{/times/})
		{
			my ($id, $reference, $phrase, $expected) = split /\t/;
			print join("\t", 'time', $id, $language, $reference, $expected), "\na\t$phrase\n\n";
		}
		elsif ($file =~ m{/doubt/})
		{
			my ($label, $tongue, undef, undef, $talk) = split /\t/;
			print join("\t", 'stop', "$.", $tongue, '2026-03-17T10:20', $label), "\n",
			  (map { /^([AP]): ?(.*)/s ? lc($1) . "\t$2\n" : () } split / \| /, $talk), "\n";
		}
		else
		{
			my $talk = $json->decode($_);
			my $expected = $talk->{expected};
			print join("\t", 'talk', $talk->{id}, $language, $talk->{reference}, join(' ; ', $expected->{outcome}, $expected->{opt_out} ? 1 : 0,
				$expected->{time} // 'none')), "\n", turns(@{ $talk->{turns} }), "\n";
		}
	}
	close $in;
}
