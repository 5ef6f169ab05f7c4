# Models: each name of a vendor's model in the sources and documents has its row in known_models(), and what is proposed there lives.
use strict;
use warnings;
use Test::More;

my $table = 'sql/38_model/06_models.tsv';

sub slurp { open(my $in, '<', $_[0]) or die "$_[0]: $!"; local $/; return <$in>; }

# Names as their vendors form them, whole; a pattern or a family (gpt-, flux) is no name.
my $name = qr{(?<![\w./-])(?:(?:gpt|claude|gemini|grok|nova|tts|whisper|chatgpt|deepseek|llama-?\d)-[\w.-]*\w|(?:eleven|scribe)_\w+|o[134](?:-mini|-pro)?(?=['"`]))}i;

# By name the last day that the table knows; '': none was announced.
my %known;
my $rows = slurp($table);
while ($rows =~ /^[\w-]+\t\{[a-z,]+\}\t(\d{4}-\d\d-\d\d)?\t[^\t]*\t[^\t]*\t\{([^}]*)\}$/mg)
{
	my ($ends, $names) = ($1 // '', $2);
	foreach (split /,/, $names) { $known{$_} = $ends unless exists $known{$_} && $known{$_} eq ''; }
}
cmp_ok(scalar(keys %known), '>', 100, 'the table is read');

sub unknown
{
	my ($text) = @_;
	my @found;
	while ($text =~ /$name/g) { my $one = $&; push @found, $one unless exists $known{$one} || $one eq 'llama-3.1-8b'; }
	return @found;
}
my @files = grep { !m{^(?:\Q$table\E|sql/updates/|extension/doc/changelog\.md|extension/pure/(?:phone/phone_data|audio)/)} } split /\n/,
	qx(git ls-files -- README.md extension bgworkers sql 2>/dev/null | grep -E '\\.(c|h|sql|js|md|tsv)\$' || find README.md extension bgworkers sql -name '*.[ch]' -o -name '*.sql' -o -name '*.md');
my %lacking;
foreach my $file (@files) { $lacking{"$file: $_"} = 1 foreach unknown(slurp($file)); }
is(join("\n", sort keys %lacking), '', 'each model that is named has its row');
is(join(' ', unknown("'gpt-9-nobody' claude-x-1")), 'gpt-9-nobody claude-x-1', '... which is noticed where it lacks');

# What is taken where nobody says otherwise, and what a page shows as an example.
my %default = map { $_ => 1 } (map { slurp($_) =~ /default_model(?:\ttext\t|"?:\s*['"]|`?\s*:=\s*['"])([\w.-]+)['"\t]/g } 'sql/00_kernel/31_settings.tsv', 'sql/53_campaign_run/85_profiles.sql', glob('extension/doc/*.md')),
	slurp('extension/pure/providers/vapi/vapi_assistant.c') =~ /: "(gpt[\w.-]+)"/, slurp('extension/pure/engines/realtime.c') =~ /TRANSCRIBER "([\w.-]+)"/;
cmp_ok(scalar(keys %default), '>', 3, 'there are defaults');
is(join(' ', grep { ($known{$_} // '') ne '' } sort keys %default), '', 'no default has a day of end');
done_testing();
