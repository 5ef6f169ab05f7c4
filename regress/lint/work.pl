# What takes a text or a JSON value apart in the processes that all tenants share says why that is short, however much others sent: a product
# of two bounds is no bound.  Found in the sources: each function in SQL that such a process reaches, by its statements, its queues, the
# maintenance jobs, the handlers of answers and what rooms announce as waiting, and that splits a text, walks through JSON, or has a
# pattern that is no constant.  work.tsv judges each, as
#
#   ours    what is taken apart was written by us, by the platform, or by a tenant through a check that bounds it
#   few     so few things that it does not matter what they cost: the reason says how many, and who bounds them
#   once    one walk over bytes that somebody sent: the reason says what bounds them
#
# Work in C has its bounds in limits.tsv; what a tenant wrote is evaluated by the process guest, within its limits.
use strict;
use warnings;

use File::Find ();
use Test::More;

sub slurp { my ($file) = @_; open(my $in, '<', $file) or die "$file: $!"; local $/; return scalar <$in> }
my (%body, %file, %root);
File::Find::find({ no_chdir => 1, wanted => sub {
	return unless -f;
	if (m{^sql/\d\d_\w+/.*\.sql$})
	{
		my $text = slurp($_);
		while ($text =~ /^CREATE (?:OR REPLACE )?FUNCTION voiceagent\w*\.(\w+)(.*?)(?=^COMMENT ON FUNCTION|^CREATE |\z)/gms) { $body{$1} = $2; $file{$1} = $_ }
		$root{$1} = 1 while $text =~ /register_(?:tenant_)?job\('(\w+)'/g;
		$root{$1} = 1 while $text =~ /registrations \(kind, name[^;]*?VALUES\s+\('(?!deferred)\w+', '(\w+)'/g;
		$root{$1} = 1 while $text =~ /_handlers [^;]*?VALUES[^;]*?\('\w+', '(\w+)'\)/g;
		$root{$1} = 1 while $text =~ /\('waiting', '(\w+)'\)/g;
		foreach my $queue ($text =~ /^SELECT voiceagent_private\.make_queue\((.*?)\);$/gms) { $root{$1} = 1 while $queue =~ /voiceagent_private\.(\w+)\(/g }
	}
	# The processes of one request, or of one tenant's text, have limits of their own.
	elsif (m{^bgworkers/(?!console|guest|exporter|sandbox).*\.c$}) { my $text = slurp($_); $root{$1} = 1 while $text =~ /voiceagent(?:_private)?\.(\w+)\(/g }
} }, qw(sql bgworkers));

my @todo = grep { $body{$_} } sort keys %root;
my %reached;
while (defined(my $name = pop @todo))
{
	next if $reached{$name}++;
	# Called, or named to a function that calls it.
	push @todo, grep { $body{$_} && !$reached{$_} } $body{$name} =~ /voiceagent(?:_private)?\.(\w+)[(']/g;
}
cmp_ok(scalar keys %reached, '>', 1000, 'what the shared processes reach is found');

sub takes_apart
{
	my ($text) = @_;
	return $text =~ /jsonb_each|jsonb_array_elements|jsonb_object_keys|jsonb_to_recordset|jsonb_path_query\b|regexp_split_to|regexp_matches|string_to_array|string_to_table/
	  || $text =~ /(?<![!<>=])~\*? (?!E?')/;
}
ok(takes_apart("FROM jsonb_each(body)") && takes_apart('body ~ pattern') && !takes_apart("body ~* '^a'") && !takes_apart('body LIKE pattern'), 'what takes something apart is known');

my (%judged, @odd);
foreach my $line (grep { !/^#/ } split /\n/, slurp('regress/lint/work.tsv'))
{
	my ($name, $kind, $why) = split /\t/, $line;
	push @odd, $line if !defined $why || $kind !~ /^(?:ours|few|once)$/ || $why eq '' || $judged{$name}++;
}
is("@odd", '', 'each line of work.tsv has a name, a kind and a reason');
my @found = grep { takes_apart($body{$_}) } sort keys %reached;
is(join("\n", map { "$_\t$file{$_}" } grep { !$judged{$_} } @found), '', 'what takes apart what others sent is judged in work.tsv: what bounds it');
my %found = map { $_ => 1 } @found;
is(join("\n", grep { !$found{$_} } sort keys %judged), '', '... and there is no other line');
done_testing();
