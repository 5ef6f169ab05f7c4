# Rules on the documents (*.md): no dead link, no link to a heading that is not there, no page that nobody finds, and no
# name of a file or a test that does not exist.  `make docs-check` runs them alone.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Find;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

# Where tests are looked for by the short names that documents use: t/053_reconcile, r50_claim, test_csv.
my @test_folders = qw(regress/sql regress/specs regress/t regress/soak regress/unit regress/lint regress/fuzz);

# The text without code, which holds no links and no headings; line numbers stay.
sub without_blocks
{
	my ($text) = @_;
	$text =~ s{^( *)(```+|~~~+)[^\n]*\n.*?^\1\2[^\n]*$}{"\n" x ($& =~ tr/\n//)}gmse;
	return $text;
}

# The anchors of a page, as GitHub names them; the second heading of one name gets -1.
sub anchors
{
	my ($text) = @_;
	my (%anchor, %times);
	foreach my $heading (without_blocks($text) =~ /^#{1,6} +(.+?) *#*$/mg)
	{
		$heading =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
		my $name = lc($heading) =~ s/[^\w -]//gr =~ tr/ /-/r;
		my $n = $times{$name}++;
		$anchor{$n ? "$name-$n" : $name} = 1;
	}
	$anchor{$1} = 1 while $text =~ /<a +(?:id|name)="([^"]+)"/g;
	return \%anchor;
}

# "a/b/../c" as "a/c"; undef when it leads out of the tree.
sub plain_path
{
	my @parts;
	foreach my $part (split m{/}, shift)
	{
		next if $part eq '' || $part eq '.';
		if ($part ne '..') { push @parts, $part; }
		elsif (@parts) { pop @parts; }
		else { return undef; }
	}
	return join('/', @parts) || '.';
}

# Does this name of a file, a folder or a test exist, from the root or from the page's own folder?  Patterns must match something.
sub names_something
{
	my ($root, $page, $name) = @_;
	return 1 if $name =~ m{/} && grep { -e } glob("$root/$name " . dirname("$root/$page") . "/$name");
	my ($folder, $base) = $name =~ m{^(?:(t|soak|unit|specs|sql|fuzz|lint)/)?([^/]+)$} or return 0;
	foreach my $in (defined $folder ? "regress/$folder" : @test_folders)
	{
		return 1 if grep { -e } glob("$root/$in/$base $root/$in/$base.{sql,spec,pl,c}");
	}
	return 0;
}

# What is wrong with the documents of a tree: ([rule, offender], ...).
sub offences
{
	my ($root) = @_;
	my (%text, @wrong, %links);
	find({
		no_chdir => 1,
		wanted => sub {
			my $name = $_ =~ s{^\Q$root\E/}{}r;
			if (-d) { $File::Find::prune = 1 if $name =~ m{^\.(?!packaging)[^/]|(^|/)(results|tmp_check|node_modules)$}; }
			elsif ($name =~ /\.md$/) { open(my $in, '<', $_) or die "$_: $!"; local $/; $text{$name} = <$in>; }
		}
	}, $root);
	my %anchors = map { $_ => anchors($text{$_}) } keys %text;

	foreach my $page (sort keys %text)
	{
		# Code and links may go on in the next line of a paragraph.
		my $prose = without_blocks($text{$page});
		my $line_at = sub { return 1 + (substr($prose, 0, $_[0]) =~ tr/\n//) };
		my @codes;
		while ($prose =~ /`((?:[^`\n]|\n(?!\n))+)`/g) { push @codes, [$1, $line_at->($-[0])]; }
		(my $plain = $prose) =~ s{`(?:[^`\n]|\n(?!\n))+`}{$& =~ s/[^\n]/ /gr}ge;
		while ($plain =~ /\]\(([^()\s]+(?:\([^()]*\))?)(?:\s+"[^"]*")?\)|^\[[^\]]+\]: +(\S+)/mg)
		{
			my ($target, $number) = ($1 // $2, $line_at->($-[0]));
			next if $target =~ /^(https?|mailto):/;
			my ($path, $anchor) = $target =~ /^([^#]*)#?(.*)$/;
			my $file = $path eq '' ? $page : plain_path(($page =~ m{/} ? dirname($page) : '.') . "/$path");
			if (!defined $file || !-e "$root/$file") { push @wrong, ['dead link', "$page:$number: $target"]; }
			else
			{
				$links{$page}{$file} = 1;
				push @wrong, ['no such heading', "$page:$number: $target"] if $anchor ne '' && !($anchors{$file} // {})->{$anchor};
			}
		}
		foreach my $found (@codes)
		{
			my ($code, $number) = @$found;
			next unless $code =~ m{^(?:(?:extension|bgworkers|sql|regress|\.packaging)/[\w./*-]+|(?:t|soak|unit|specs|fuzz)/[\w*]+(?:\.\w+)?|[ri]\d\d_[\w*]+|\d\d\d_\w+|test_\w+\.c)$};
			push @wrong, ['no such file or test', "$page:$number: $code"] unless names_something($root, $page, $code);
		}
	}

	# From README.md on, each page is found by links.
	my (%found, @next);
	@next = ('README.md') if exists $text{'README.md'};
	while (defined(my $page = shift @next))
	{
		next if $found{$page}++;
		push @next, grep { exists $text{$_} } sort keys %{$links{$page} // {}};
	}
	push @wrong, map { ['orphan page', $_] } grep { !$found{$_} } sort keys %text;
	return @wrong;
}

my %rules = (
	'dead link' => 'every link of a document leads to a file',
	'no such heading' => 'every link to a heading leads to one',
	'no such file or test' => 'every file, folder and test that a document names exists',
	'orphan page' => 'every document is found by links from README.md on',
);

my @wrong = offences('.');
foreach my $rule (sort keys %rules)
{
	my @offenders = map { $_->[1] } grep { $_->[0] eq $rule } @wrong;
	ok(!@offenders, $rules{$rule}) or diag(map { "    $_\n" } @offenders);
}

# And the rules see what they are there for.
my $tree = tempdir(CLEANUP => 1);
sub put
{
	my ($name, $text) = @_;
	make_path(dirname("$tree/$name"));
	open(my $out, '>', "$tree/$name") or die "$name: $!";
	print $out $text;
	close $out;
}
put('README.md', <<'MD');
# A house

[kept](doc/kept.md#two-words), [itself](#a-house), [`code`](LICENSE), [elsewhere](https://example.com/x#y), `[no](link.md)`

```
[no](link.md)
# no heading
```

[dead](gone.md) [out](../x.md) [no anchor](doc/kept.md#three) [in code](#no-heading)
a `code over
two lines` [dead, too](gone_too.md) and `more
code`.

`r50_claim` `t/053_reconcile` `sql/50_queue/` `r51_gone` `t/999_gone` `sql/51_gone/*` `SELECT 1`
MD
put('LICENSE', '');
put('doc/kept.md', "# Kept\n\n## Two words\n\n## Two words\n\n[back](../README.md) [second](#two-words-1)\n");
put('doc/orphan.md', "# Orphan\n\n[kept](kept.md)\n");
put('regress/sql/r50_claim.sql', '');
put('regress/t/053_reconcile.pl', '');
put('sql/50_queue/10_tables.sql', '');
is_deeply([ map { "$_->[0]: $_->[1]" } offences($tree) ],
	[ 'dead link: README.md:10: gone.md', 'dead link: README.md:10: ../x.md', 'no such heading: README.md:10: doc/kept.md#three',
		'no such heading: README.md:10: #no-heading', 'dead link: README.md:12: gone_too.md', 'no such file or test: README.md:15: r51_gone', 'no such file or test: README.md:15: t/999_gone',
		'no such file or test: README.md:15: sql/51_gone/*', 'orphan page: doc/orphan.md' ],
	'the rules notice an offender each, and nothing else');
done_testing();
