# Every limit of the processes says whose it is.  A limit that all tenants fill together has a share beside it, so that one tenant leaves
# room for the next, or says in writing why it needs none.  Found in the sources: each number that C defines (times apart), each
# integer setting of the server, each integer setting that the platform alone may set, the step of each maintenance job, and each constant
# and LIMIT of a function in SQL that reads rows of more than one tenant.  limits.tsv judges each of them, by its name and its file, as
#
#   constant   no limit: a code, the size of a format, an algorithm's number
#   thing      of one thing: the reason says of which (a call, a tenant, a session, ...)
#   share      of all tenants: the reason begins with the function that gives a tenant its share, and may say in which file ("NAME in FILE")
#   sum        of all tenants, without a share: the reason says what a tenant that fills it does to the others, and why that is bearable
#   open       of all tenants, and a share is missing: the reason says what is missing.  There may be no more of these than counted here.
use strict;
use warnings;

use File::Find ();
use Test::More;

my $open_most = 0;

# What gives a tenant its share.
my $share = qr/va_share_left|va_weighted_share_left|va_share_take|va_fair_share\w*|share_bound|share_of|goes_before|claim_export|register_tenant_job/;

sub slurp { my ($file) = @_; open(my $in, '<', $file) or die "$file: $!"; local $/; return scalar <$in> }
my (%c, %sql);
File::Find::find({no_chdir => 1, wanted => sub {
	return unless -f;
	$c{$_} = slurp($_) if m{^(?:extension|bgworkers)/.*\.[ch]$} && !m{^extension/pure/};
	$sql{$_} = slurp($_) if m{^sql/\d\d_\w+/.*\.(?:sql|tsv)$};
}}, qw(extension bgworkers sql));

# Numbers that a file of C defines, but for those that are called a time; and the integer settings of the server.
sub of_c
{
	my ($file, $text) = @_;
	$text =~ s{/\*.*?\*/}{}gs;
	return ((grep { !/(?<!LINES)(?<!BYTES)_(?:MS|US|S|SECONDS)$/ } $text =~ /^\s*#\s*define[ \t]+(\w+)[ \t]+(?:\(*(?:\([\w ]+\)[ \t]*)?\(*[\d.]|VA_\w+_MAX\b|\(\w+[ \t]*[-+*<])/gm),
		$text =~ /DefineCustomIntVariable\(\s*"(voiceagent\.\w+)"/g);
}

# Tables whose rows are of tenants, or of strangers.
my %table;
foreach my $text (values %sql) { $table{$1} = 1 while $text =~ /guard_table\('(voiceagent\w*\.\w+)'/g }
foreach my $text (values %sql) { while ($text =~ /^CREATE (?:UNLOGGED )?TABLE (voiceagent\w*\.\w+) \((.*?)^\)/gms) { delete $table{$1} unless $2 =~ /\btenant_id\b|\bshare\b/ } }
my $tables = join '|', map { quotemeta } sort keys %table;

# Whether a function's text reads a table without saying of which tenant.
sub looks_at_all
{
	my ($body) = @_;
	while ($body =~ /\b(?:FROM|JOIN|UPDATE|ONLY|USING)\s+($tables)\b(?:\s+(?:AS\s+)?(?!(?:WHERE|SET|ON|ORDER|GROUP|CROSS|LEFT|JOIN|LIMIT|FOR)\b)(\w+))?/g)
	{
		my ($end, $alias) = ($+[0], $2 // $1 =~ s/.*\.//r);
		my ($start, $depth, $to) = ($-[0], 0, $end);
		# To the end of the query: the parenthesis around it, or the statement's end.
		foreach my $char (split //, substr($body, $end))
		{
			$depth += $char eq '(' ? 1 : $char eq ')' ? -1 : 0;
			last if $depth < 0 || $char eq ';';
			$to++;
		}
		return 1 unless substr($body, $start, $to - $start) =~ /\b(?:$alias\.)?tenant_id (?:=|IN) |= $alias\.tenant_id\b|\b$alias\.ctid = /;
	}
	return 0;
}

sub of_sql
{
	my ($file, $text) = @_;
	my @found = $file =~ /settings\.tsv$/ ? $text =~ /^(\w+)\tinteger\t[^{]*\t\{platform\}/gm : ();
	push @found, map { "job $_" } $text =~ /^SELECT voiceagent_private\.register_(?:tenant_)?job\('(\w+)'/gm;
	while ($text =~ /^CREATE (?:FUNCTION|PROCEDURE) \w+\.(\w+)\((?:(?!^CREATE ).)*?\$\$(.*?)\$\$/gms)
	{
		my ($name, $body) = ($1, $2);
		$body =~ s/--[^\n]*//g;
		next unless looks_at_all($body);
		push @found, map { "$name.$_" } $body =~ /\b(c_\w+) CONSTANT (?:integer|bigint|numeric) :=/gi;
		push @found, map { "$name.LIMIT $_" } grep { $_ > 1 } $body =~ /\bLIMIT (\d+)\b/g;
	}
	my %seen;
	return grep { !$seen{$_}++ } @found;
}

my %found = ((map { my $file = $_; map { ("$_\t$file" => 1) } of_c($file, $c{$file}) } keys %c),
	(map { my $file = $_; map { ("$_\t$file" => 1) } of_sql($file, $sql{$file}) } keys %sql));
if (@ARGV && $ARGV[0] eq 'list') { print map { "$_\n" } sort { (split /\t/, $a)[1] cmp (split /\t/, $b)[1] || $a cmp $b } keys %found; exit }

# What is wrong with a row.
sub fault
{
	my ($kind, $reason, $file) = @_;
	return 'no such kind' unless $kind =~ /^(?:constant|thing|share|sum|open)$/;
	return '' if $kind eq 'constant';
	return 'says not of what' if $kind eq 'thing' && $reason !~ /^(?:an? |the |no )\w/;
	return 'says not why' if $kind =~ /sum|open/ && 6 > (() = $reason =~ /\S+/g);
	return '' if $kind ne 'share';
	my ($by, $in) = $reason =~ /^(\w+)(?:\(\))?(?: in (\S+\.(?:c|sql)))?/;
	return "begins with no share's function" unless defined $by && $by =~ /^$share$/;
	return ($c{ $in // $file } // $sql{ $in // $file } // '') =~ /\b$by\(|\b$by\b.* has it/ ? '' : "$by() is not used there";
}

my (%row, @twice, @faults);
foreach my $line (grep { !/^#/ } split /\n/, slurp('regress/lint/limits.tsv'))
{
	my ($name, $file, $kind, $reason) = split /\t/, $line, 4;
	push @twice, "$name in $file" if $row{"$name\t$file"}++;
	my $fault = fault($kind // '', $reason // '', $file);
	push @faults, "$name in $file: $fault" if $fault;
	push @{ $row{$kind // ''} }, "$name in $file: " . ($reason // '') if ($kind // '') eq 'open';
}
my @open = @{ delete $row{open} // [] };
is(join("\n", sort grep { !$row{$_} } keys %found), '', 'every limit is judged in limits.tsv: of what it is, or how all tenants share it');
is(join("\n", sort grep { !$found{$_} } keys %row), '', '... and each of these is a limit');
is("@twice", '', '... judged once');
is(join("\n", @faults), '', '... by a kind and a reason: a share names its function, which is used there');
cmp_ok(scalar @open, '<=', $open_most, '... and none waits for its share') or diag(map { "    $_\n" } @open);
cmp_ok(scalar keys %found, '>', 200, '... and they are many');

# It notices what it is there for.
is(join(' ', of_c('a.c', "#define ROOM_MAX 16 /* of all */\n#define WAIT_MS 5\n#  define BIG (64 * 1024)\n#define MORE ROOM_MAX\n#define A_B (OTHER + 1)\n#define TEXT \"1\"\n")), 'ROOM_MAX BIG A_B', 'C: numbers, and no times or texts');
is(join(' ', of_c('a.c', qq{DefineCustomIntVariable("voiceagent.a", "x"); DefineCustomBoolVariable("voiceagent.b"})), 'voiceagent.a', '... and settings of the server');
my $function = sub { "CREATE FUNCTION voiceagent_private.f(a bigint) RETURNS void\n\tLANGUAGE plpgsql AS \$\$\nDECLARE\n\tc_most CONSTANT integer := 7;\nBEGIN\n\t$_[0]\nEND\n\$\$;\n" };
is(join(' ', of_sql('a.sql', "SELECT voiceagent_private.register_job('a', 5);\n")), 'job a', 'SQL: steps of jobs');
is(join(' ', of_sql('a.sql', $function->('PERFORM FROM voiceagent_private.outbox o WHERE o.tenant_id = v_tenant;'))), '', '... no constants of one tenant');
is(join(' ', of_sql('a.sql', $function->('PERFORM FROM voiceagent_private.outbox o WHERE o.next_at < v_now LIMIT 20;'))), 'f.c_most f.LIMIT 20', '... those of all');
is(join(' ', of_sql('a.sql', $function->('PERFORM FROM voiceagent_private.outbox o WHERE o.tenant_id = v_tenant AND EXISTS (SELECT FROM voiceagent_private.outbox p WHERE p.next_at < o.next_at);'))), 'f.c_most', '... also where one query of several is of all');
is(join('|', map { fault(@$_, 'bgworkers/http/client.c') } [ 'sum', 'all' ], [ 'share', 'va_share_left()' ], [ 'share', 'va_fair_share()' ], [ 'share', 'none' ], [ 'some', 'x' ], [ 'thing', '' ], [ 'thing', 'a call' ]),
	"says not why||va_fair_share() is not used there|begins with no share's function|no such kind|says not of what|", '... and rows without a reason');
done_testing();
