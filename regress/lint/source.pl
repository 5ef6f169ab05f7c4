# Rules on the sources themselves; one assertion each, with the offending lines.
use strict;
use warnings;
use File::Find;
use Test::More;

my @files;
find({
	no_chdir => 1,
	wanted => sub {
		s{^\./}{};
		if (-d && m{^\.git$|^\.build$|(^|/)tmp_check$|^results$}) { $File::Find::prune = 1; }
		elsif (-f && !m{^voiceagent--[^/]*\.sql$|\.(o|so|a|bc|pc|tmp)$}
			# What was released stays as it was.
			&& !m{^sql/updates/voiceagent--|^regress/fixtures/update-}) { push @files, $_; }
	}
}, '.');
@files = sort @files;

my %text;
sub text
{
	my $file = shift;
	return $text{$file} //= do {
		open(my $in, '<:raw', $file) or die "$file: $!";
		local $/;
		scalar(<$in>) // '';
	};
}

# rule(name, sub { offenders of one file }, files)
sub rule
{
	my ($name, $check, @of) = @_;
	my @offenders = map { my $file = $_; map { "$file$_" } $check->($file, text($file)) } @of;
	ok(!@offenders, $name) or diag(map { "    $_\n" } @offenders);
}

# Offending lines of a text: ":12: the line"
sub lines
{
	my ($text, $pattern) = @_;
	my ($number, @found) = (0);
	foreach my $line (split /\n/, $text)
	{
		$number++;
		push @found, sprintf(':%d: %.100s', $number, $line) if $line =~ $pattern;
	}
	return @found;
}

my $code = qr{\.(c|h|cpp|sql|pl|pm|spec|py|sh|conf)$|(^|/)Makefile$|^regress/lib/[^./]+$|^\.ci/};
my @code = grep { /$code/ } @files;
my @c = grep { /\.(c|h|cpp)$/ && m{^(extension|bgworkers)/} } @files;
my @own = grep { $_ ne 'regress/lint/source.pl' && !m{^regress/fuzz/corpus} && -T } @files;

my %allowed = map { $_ => 1 } qw(Makefile voiceagent.control README.md LICENSE extension bgworkers sql regress expected findings);
my %top = map { (split m{/})[0] => 1 } @files;
is(join(' ', grep { !$allowed{$_} && !/^\./ } sort keys %top), '', 'the top level holds nothing but the rooms');

# A second definition takes the meaning of the first away, and nothing says so.
rule('nothing is defined twice: no CREATE OR REPLACE in the sources of the install script', sub { lines($_[1], qr/^\s*CREATE OR REPLACE\b/) }, grep { m{^sql/\d} } @files);

# Calls of both directions are rows of one table: whoever counts or looks for the ones must not find the others.  A call's own id, a
# campaign (an incoming call has none) and counts (of an incoming call false) say enough; what means both says so in a comment beside it.
sub undirected
{
	my $text = $_[1];
	my (@queries, @found);
	my $all = $text;
	$text =~ s{(--[^\n]*|/\*.*?\*/)}{$1 =~ s/[^\n]/ /gr}gse;
	push @queries, [$-[0], $+[0], $1 // 'calls'] while $text =~ /\b(?:FROM|JOIN|UPDATE|ONLY|USING)\s+voiceagent\.calls\b
		(?:\s+(?:AS\s+)?(?!(?:WHERE|SET|ON|ORDER|GROUP|CROSS|LEFT|JOIN)\b)(\w+))?/gx;
	foreach (@queries)
	{
		my ($start, $end, $alias) = @$_;
		my $depth = 0;
		# To the end of the query: the parenthesis around it, or the statement's end.
		pos($text) = $end;
		while ($text =~ /\G(?:[^'();]|'[^']*')*([();])/gc)
		{
			$depth += $1 eq '(' ? 1 : $1 eq ')' ? -1 : 0;
			$end = pos($text);
			last if $depth < 0 || $1 eq ';' && $depth == 0;
		}
		my $query = substr($text, $start, $end - $start);
		# The two lines before it, and what stands before it in its own.
		my $from = $start;
		foreach (1 .. 3) { $from = $from > 0 ? rindex($all, "\n", $from - 1) : -1 }
		my $above = substr($all, $from + 1, $start - $from - 1);
		next if $query =~ /\b$alias\.(?:direction|counts)\b|\b$alias\.campaign_id >?= |\b$alias\.(?:call_id|ctid) = |= $alias\.call_id\b/
			|| ($above . substr($all, $start, $end - $start)) =~ /-- [^\n]*\bboth directions\b/;
		push @found, sprintf(':%d: %.100s', (substr($text, 0, $start) =~ tr/\n//) + 1, $query =~ s/\s+/ /gr);
	}
	return @found;
}
rule('a query on calls names a direction', \&undirected, grep { m{^sql/\d.*\.sql$} } @files);

# An update puts a new column behind the others, a fresh install where it belongs: columns go by their names.  A composite type has
# its fields in one order everywhere (an update makes it anew), and so has what a statement of ours selects by name.
{
	my $tables = join '|', map { quotemeta } sort keys %{{map { $_ => 1 } map { text($_) =~ /^CREATE TABLE (voiceagent\w*\.\w+)/mg } grep { m{^sql/\d.*\.sql$} } @files}};
	my $unnamed = qr{
		\bINSERT\s+INTO\s+(?:voiceagent\w*|%I)\.[\w%]+(?:\s+AS\s+\w+)?\s+(?:OVERRIDING\s+\w+\s+VALUE\s+)?(?:VALUES|SELECT|TABLE|DEFAULT|WITH)\b
		| \bINSERT\s+INTO\s+(?:voiceagent\w*\.\w+)(?:\s+AS\s+\w+)?\s*\(\s*(?:SELECT|VALUES|WITH|TABLE)\b
		| \bMERGE\s+INTO\b[^;]*\bINSERT\s+VALUES\b
		| \bCOPY\s+voiceagent\w*\.\w+\s+(?:FROM|TO)\b
		| \bROW\s*\((?:[^()']|'[^']*'|(\((?:[^()']|'[^']*'|(?-1))*\)))*\)\s*::\s*(?:$tables)\b(?!\.)
		| \bCAST\s*\(\s*ROW\b[^;]*?\bAS\s+(?:$tables)\s*\)
		# A function of a table's rows gives them whole.
		| ^CREATE\ FUNCTION\ (?:(?!^CREATE\ FUNCTION).)*?\bRETURNS\s+SETOF\s+(?:$tables)\s+LANGUAGE\ sql\b(?:(?!\$\$).)*\$\$\s*(?:SELECT\ (?!\w+\.\*\s+FROM|\*\s+FROM)|WITH)
	}xsm;
	my $numbered = qr/\b(?:heap_getattr|fastgetattr|slot_getattr|GetAttributeByNum)\s*\(\s*[^,;]+,\s*(?:\d+|(?!Anum_pg_)[A-Z][A-Z0-9_]+)\s*,|\bScanKeyInit\s*\(\s*[^,;]+,\s*(?!Anum_pg_)[A-Z][A-Z0-9_]+\s*,/;
	my $by_position = sub {
		my ($file, $text) = @_;
		my @found;
		# Blanks for comments, and in C for what stands between the parts of a text.
		$text =~ s{(/\*.*?\*/)}{$1 =~ s/[^\n]/ /gr}gse;
		$text =~ s{(--[^\n]*)}{' ' x length $1}ge if $file =~ /\.sql$/;
		$text =~ s{("\s*\n\s*")}{$1 =~ s/[^\n]/ /gr}ge unless $file =~ /\.sql$/;
		foreach my $pattern ($unnamed, $file =~ /\.sql$/ ? () : $numbered)
		{
			while ($text =~ /$pattern/g)
			{
				my ($start, $end) = ($-[0], $+[0]);
				push @found, sprintf(':%d: %.100s', (substr($text, 0, $start) =~ tr/\n//) + 1, substr($text, $start, $end - $start) =~ s/\s+/ /gr);
			}
		}
		return @found;
	};
	rule('columns of our tables go by name: INSERT and COPY list them, no ROW() is cast to a table, C asks for their numbers', $by_position,
		grep { m{^sql/\d.*\.sql$|^sql/updates/\d[^/]*/} || m{^(extension|bgworkers)/.*\.c$} } @files);
	my @samples = (
		[ 'a.sql', 'INSERT INTO voiceagent.leads VALUES (1);', 1 ],
		[ 'a.sql', "INSERT INTO voiceagent.leads AS l\n\tSELECT * FROM x;", 1 ],
		[ 'a.sql', 'INSERT INTO voiceagent.leads (SELECT * FROM x);', 1 ],
		[ 'a.sql', 'INSERT INTO voiceagent.leads (tenant_id) SELECT t.tenant_id FROM x t;', 0 ],
		[ 'a.sql', 'COPY voiceagent.leads FROM stdin;', 1 ],
		[ 'a.sql', 'COPY voiceagent.leads (phone) FROM stdin;', 0 ],
		[ 'a.sql', "RETURN ROW(f(1, g(2)), ')', NULL)::voiceagent.leads;", 1 ],
		[ 'a.sql', 'RETURN ROW(1, 2)::voiceagent_private.transfer;', 0 ],
		[ 'a.sql', "CREATE FUNCTION f() RETURNS SETOF voiceagent.leads\n\tLANGUAGE sql STABLE AS \$\$\n\tSELECT 1, 2\n\$\$;", 1 ],
		[ 'a.sql', "CREATE FUNCTION f() RETURNS SETOF voiceagent.leads\n\tLANGUAGE sql STABLE AS \$\$\n\tSELECT l.* FROM voiceagent.leads l\n\$\$;", 0 ],
		[ 'a.c', "\"INSERT INTO voiceagent.leads \"\n\t\"VALUES (\$1)\"", 1 ],
		[ 'a.c', 'heap_getattr(tuple, ROLE_MAP_TENANT, desc, &isnull)', 1 ],
		[ 'a.c', 'heap_getattr(tuple, 2, desc, &isnull)', 1 ],
		[ 'a.c', 'heap_getattr(tuple, Anum_pg_extension_extversion, desc, &isnull)', 0 ],
		[ 'a.c', 'slot_getattr(slot, store->lead_id, &isnull)', 0 ]);
	is(join("\n", map { $_->[1] } grep { !!$by_position->($_->[0], $_->[1]) != !!$_->[2] } @samples), '', '... which sees what it is there for, and nothing else');
}

# The planner is told what to do in one place; a function names a policy, and only an adaptive one changes its settings while it runs.
my $planner = qr/enable_\w+|jit|plan_cache_mode|work_mem|max_parallel_workers_per_gather|join_collapse_limit|from_collapse_limit|geqo|random_page_cost|cpu_\w+_cost/;
rule('one function alone notifies: NOTIFY in a commit that matters would wait for a queue that all sessions share', sub {
	my ($file, $text) = @_;
	return grep { $file !~ m{^sql/46_record/20_events\.sql$} || !/PERFORM pg_notify\(d\.channel/ } lines($text =~ s{/\*.*?\*/}{$& =~ tr/\n//cdr}gser, qr/^[^'-]*\bpg_notify\(|^\s*NOTIFY (?!pgrst)|Async_Notify/);
}, grep { m{^(sql/\d|bgworkers/|extension/).*\.(sql|c)$} && !m{^extension/guard/} } @files);
rule('planner settings stand in sql/98_planner alone', sub {
	my ($file, $text) = @_;
	my @found = lines($text, qr/\bSET\s+(?:LOCAL\s+)?(?:$planner)\s*(?:=|TO\b)/i);
	while ($text =~ /^CREATE (?:FUNCTION|PROCEDURE) ([\w.]+)(.*?)^\$\$/gms)
	{
		my ($name, $body) = ($1, $2);
		push @found, ": $name() is not adaptive" if $body =~ /set_config\('(?:$planner)'/ && $body !~ /\bSET planner\.policy = adaptive\b/;
	}
	return @found;
}, grep { m{^sql/\d} && !m{^sql/98_} } @files);

# The word before the parenthesis that an OFFSET 0 stands in.
sub fenced
{
	my ($before) = @_;
	my $depth = 0;
	for (my $at = length($before) - 1; $at >= 0; $at--)
	{
		my $char = substr($before, $at, 1);
		$depth++ if $char eq ')';
		next if $char ne '(' || $depth-- > 0;
		return substr($before, 0, $at) =~ /(\w+)\s*\z/ ? uc $1 : '';
	}
	return '';
}

rule('OFFSET 0 ends a LATERAL or EXISTS subquery, where it keeps a look-up by key, or a comment after it says what it fences', sub {
	my ($file, $text) = @_;
	my @found;
	while ($text =~ /\bOFFSET 0\b(?! \/\*| keeps)/g)
	{
		my ($at, $word) = (pos $text, fenced(substr($text, 0, pos($text) - 8)));
		push @found, sprintf(':%d', 1 + (substr($text, 0, $at) =~ tr/\n//)) unless $word =~ /^(?:LATERAL|EXISTS)$/;
	}
	return @found;
}, grep { m{^sql/\d} } @files);

rule('no (f()).*, which calls the function once for each column', sub { lines($_[1], qr/\)\)\.\*/) }, grep { m{^sql/} } @files);
rule('no C or SQL file has more than 900 lines, unless it is generated',
	sub { my $n = ($_[1] =~ tr/\n//); substr($_[1], 0, 1000) =~ /generated by/i || $n <= 900 ? () : ": $n lines" },
	grep { /\.(c|h|cpp|sql)$/ } @files);
rule('no path of one machine', sub { lines($_[1], qr{/(work|root|home)/\w|/tmp/va-}) }, @own);
rule('no registry host and no note about the making of the code',
	sub { lines($_[1], qr{registry\.npmjs|pypi\.org|proxy\.golang|crates\.io|\bissue #?\d|(?-i:(DESIGN|FEATURES|ANCHORS|PERFORMANCE|FACTS|POSTGREST|COMMON)\.md|\bDESIGN \d)}i) }, @own);
# "Who has got none stays" has to be read twice; a question may begin so.
rule('no comment begins with a bare "Who" or "Of"',
	sub { lines($_[1], qr{^\s*(?:--|/\*|\*)\s*(?:Who\b(?![^.]*\?)|Of\b)}) }, grep { m{^(?:extension|bgworkers|sql/\d)} && /\.(c|h|sql)$/ } @files);
# Words with which a sentence is turned round: "nobody is told" has a doer, "What is held stays" a subject.  Counted per 100 kB of
# comments, COMMENT ON included; the numbers only go down.
{
	my $comments = sub {
		my ($file, $text) = @_;
		my $sql = $file =~ /\.sql$/;
		my $skipped = $sql ? qr/'(?:[^']|'')*'/ : qr/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'/;
		my $comment = $sql ? qr{/\*.*?\*/|--[^\n]*}s : qr{/\*.*?\*/}s;
		my @found = $sql ? $text =~ /^COMMENT ON [^;]*? IS\s+E?('(?:[^']|'')*'(?:\s*'(?:[^']|'')*')*);/gm : ();
		while ($text =~ /$skipped|($comment)/g) { push @found, $1 if defined $1 }
		return join "\n", @found;
	};
	my $all = join "\n", map { $comments->($_, text($_)) } grep { m{^(?:extension|bgworkers|sql/\d)} && /\.(?:c|h|sql)$/ } @files;
	my $odd = sub { my ($pattern, $of) = @_; my $n = () = $of =~ /$pattern/g; return $n };
	my %odd = ('a sentence that begins with "What"' => [ qr/\bWhat\b/, 1 ], '"nobody"' => [ qr/\bnobody\b/i, 2 ], '"told"' => [ qr/\btold\b/, 3 ]);
	cmp_ok(length $all, '>', 1_000_000, 'the English of comments is counted over all of them');
	cmp_ok(int($odd->($odd{$_}[0], $all) * 100_000 / length $all), '<=', $odd{$_}[1], "comments turn no more sentences round with $_, per 100 kB") foreach sort keys %odd;
	is(join(' ', map { $odd->(qr/\bnobody\b/i, $comments->(@$_)) } [ 'a.sql', "-- Nobody.\nSELECT 'nobody'; /* nobody */\nCOMMENT ON TABLE a IS 'nobody\\n'\n\t'nobody''s';\n" ], [ 'a.c', "/* nobody */ f(\"nobody\", '\\\"'); /* Nobody */" ]), '4 2',
		'the count of odd words sees comments and COMMENT ON, and no other text');
}
# Other versions of clang-format break lines elsewhere, so only Debian's of these years judges.
SKIP:
{
	my $version = `clang-format --version 2>&1` // '';
	$version =~ /version 14\./ or skip 'no clang-format 14', 1;
	my @badly = sort { $a cmp $b } keys %{ { map { /^([^:]+):\d+:\d+: error/ ? ($1 => 1) : () } split /\n/, `clang-format --dry-run -Werror @{[ grep { /\.[ch]$/ } @c ]} 2>&1` } };
	is("@badly", '', 'C is as .clang-format has it (clang-format -i FILE)');
}
rule('a file of SQL begins with its room, and names files that there are', sub {
	my ($file, $text) = @_;
	my ($room) = $file =~ m{^sql/(\d\d_\w+)/};
	my ($said) = join("\n", grep { defined } (split /\n/, $text)[0 .. 2]) =~ /\b(\d\d_[a-z_]+):/;
	return ((defined $said && $said ne $room ? ": says $said" : ()), map { ": names $_" } grep { my @there = glob("sql/*/$_"); !@there } $text =~ /\b(\d\d_[a-z_]+\.sql)\b/g);
}, grep { m{^sql/\d\d_\w+/.*\.sql$} } @files);
rule('SQL of at most 120 columns, with a tab every four',
	sub {
		my @text = split /\n/, $_[1];
		foreach my $line (@text)
		{
			utf8::decode($line);
			1 while $line =~ s/^([^\t]*)\t/$1 . ' ' x (4 - length($1) % 4)/e;
		}
		map { utf8::encode($_); $_ } lines(join("\n", @text), qr/^.{121}/);
	},
	grep { m{^sql/} && !m{^sql/updates/} && /\.sql$/ } @files);
# What has more steps hides them: each becomes a function whose name tells it.  Values that go by their place alone are mistaken for
# each other: a record has their names.
# Named here are lists of checks that each refuse one thing, and what is still to be divided.
my %large = map { $_ => 1 } map { /^\w+\./ ? $_ : "voiceagent_private.$_" } qw(
	check_tightening check_model_account_parts preview_obstacles apply_number_details voiceagent.explain_campaign
	claim_calls hear_events answer_callee conclude_calls transfer);
sub large_functions
{
	my ($file, $text) = @_;
	my @found;
	while ($text =~ /^(CREATE (?:FUNCTION|PROCEDURE) ([\w.]+)[^;]*?(?:\$(\w*)\$.*?\$\g3\$;|;))/gms)
	{
		my ($function, $name, $start) = ($1, $2, $-[0]);
		# Neither comments nor what stands in quotes.
		$function =~ s{--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'}{substr($&, 0, 1) eq "'" ? "''" : ' '}gse;
		my ($body) = $function =~ /\bBEGIN\b(.*)\bEND\b/s;
		$body = '' unless defined $body && $function =~ /LANGUAGE plpgsql/;
		my $statements = () = $body =~ /;/g;
		$statements -= () = $body =~ /\bEND(?: IF| LOOP| CASE)?\s*;/g;
		my $branches = () = $body =~ /(?<!END )\bIF\b|\bELSIF\b/g;
		# A CASE that is a statement, not one of those within an expression: an expression's has no semicolon.
		$branches += () = $1 =~ /\bWHEN\b(?:(?!\bTHEN\b).)*\bTHEN\b\s*(?:[^;]*?;)/gs while $body =~ /;\s*CASE\b(.*?)\bEND CASE;/gs;
		my @rows;
		while ($function =~ /\bROW\s*(\((?:[^()]|(?1))*\))/g)
		{
			my $fields = substr($1, 1, -1);
			1 while $fields =~ s/\([^()]*\)|\[[^\[\]]*\]//g;
			push @rows, 1 + ($fields =~ tr/,//);
		}
		my ($most) = sort { $b <=> $a } @rows, 0;
		my @why = (($statements > 60 ? "$statements statements" : ()), ($branches > 12 ? "$branches branches" : ()),
			($most > 8 ? "ROW() of $most fields" : ()));
		push @found, sprintf(':%d: %s: %s', (substr($text, 0, $start) =~ tr/\n//) + 1, $name, join(', ', @why)) if @why && !$large{$name};
	}
	return @found;
}
rule('no function in sql/ has more than 60 statements or 12 branches, or a ROW() of more than 8 fields', \&large_functions, grep { m{^sql/\d.*\.sql$} } @files);
{
	my $function = sub { "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS \$\$\nBEGIN\n$_[0]END\n\$\$;\n" };
	is(scalar(map { large_functions('a.sql', $function->($_)) } "\tPERFORM g(';');\n" x 61, "\tIF a THEN\n\t\tb := 1;\n\tELSIF c THEN\n\t\tb := 2;\n\tEND IF;\n" x 7,
		"\ta := 1;\n\tCASE b\n" . "\tWHEN 1 THEN\n\t\tc := 1;\n" x 13 . "\tEND CASE;\n", "\ta := ROW(1, f(2, 3), ARRAY[4, 5], 6, 7, 8, 9, 10, 11);\n"), 4, '... which sees each');
	is(scalar(map { large_functions('a.sql', $function->($_)) } "\tPERFORM g(';');\n" x 60, "\tIF a THEN\n\t\tb := 1;\n\tELSIF c THEN\n\t\tb := 2;\n\tEND IF;\n" x 6,
		"\ta := CASE b " . "WHEN 1 THEN 2 " x 20 . "END;\n", "\ta := ROW(1, f(2, 3), ARRAY[4, 5], 6, 7, 8, 9, 10);\n"), 0, '... and no more');
}
# ROW(x.*) takes its values from a subquery x, which names them: by its type's fields, in their order.
{
	my %fields;
	foreach my $file (grep { m{^sql/\d.*\.sql$} } @files)
	{
		my $text = text($file);
		while ($text =~ /^CREATE TYPE ([\w.]+) AS \((.*?)^\);/gms)
		{
			my ($type, $members) = ($1, $2);
			$fields{$type} = join ' ', $members =~ /^\t(\w+) /mg;
		}
	}
	my $group = qr/(\((?:[^()']++|'[^']*+'|(?-1))*+\))/;
	my $misnamed = sub {
		my ($file, $text) = @_;
		my @found;
		$text =~ s{(--[^\n]*|/\*.*?\*/)}{' ' x length $1}gse;
		while ($text =~ /\bROW\((\w+)\.\*\)::([\w.]+)/g)
		{
			my ($alias, $type, $at, $names) = ($1, $2, pos($text), '');
			my ($rest) = substr($text, $at) =~ /\A(.*?)(?:^\$\$;|\z)/ms;
			while ($rest =~ /(?=\(\s*SELECT\b)$group\s+(?:AS )?(\w+)\b|\(/g)
			{
				next unless defined $2 && $2 eq $alias;
				my $list = substr($1, 1, -1) =~ s/^\s*SELECT\s+//r;
				1 while $list =~ s/$group|'[^']*'|\[[^\[\]]*\]|\bCASE\b(?:(?!\bCASE\b|\bEND\b).)*\bEND\b/_/gs;
				$names = join ' ', map { /(\w+)\s*$/ ? $1 : '?' } split /,/, $list =~ s/\s+FROM\b.*//sr;
				last;
			}
			push @found, sprintf(':%d: %s has %s', (substr($text, 0, $at) =~ tr/\n//) + 1, $type, $names) if $names ne '' && $names ne ($fields{$type} // 'no fields');
		}
		return @found;
	};
	rule('a record that is made of a subquery whole has its fields, by their names', $misnamed, grep { m{^sql/\d.*\.sql$} } @files);
	my $of_caller = "SELECT ROW(r.*)::voiceagent_private.caller FROM (SELECT a.campaign_id, f(x, 1) AS phone_number_id, b.phone, '(,' AS region, c.day, "
		. "CASE WHEN g THEN h(1, 2) END AS calls, c.seconds, c.live, %s FROM a) r;";
	is(join(' ', map { scalar $misnamed->('a.sql', sprintf($of_caller, $_)) } '1 AS capped_until', 'a.capped_until', '1 AS until', 'a.capped_until, b.more'), '0 0 1 1',
		'... which sees a name too many, and another');
}
rule('no white space at the end of a line', sub { lines($_[1], qr{[ \t\r]$}) }, @code);
rule('code ends with one newline', sub { $_[1] =~ /[^\n]\n\z/ || $_[1] eq '' ? () : ': end of file' }, @code);
{
	my %defined;
	foreach my $file (grep { /\.h$/ && m{^(extension|bgworkers)/} } @files)
	{
		push @{ $defined{$_} }, $file foreach text($file) =~ /^(?:\} |typedef (?:struct|enum|union) \w+ )(Va\w+);$/gm;
	}
	cmp_ok(scalar keys %defined, '>', 100, 'headers define types');
	is(join("\n", map { "$_: @{$defined{$_}}" } grep { @{ $defined{$_} } > 1 } sort keys %defined), '', '... none of them twice');
}
{
	my ($heads, @words) = map { [ split /\t/, $_, -1 ] } split /\n/, text('extension/console/words.tsv');
	my @codes = @$heads[1 .. $#$heads];
	cmp_ok(scalar @words, '>', 300, 'the console has words');
	is(join(' ', map { $_->[0] } grep { my $row = $_; @$row != @$heads || grep { /^\s*$|[|`]/ } @$row } @words), '', "... each in @codes");
	# A sentence is the same in no two languages: one that is was not translated.
	is(join(' ', map { $_->[0] } grep { my ($key, $first, @others) = @$_; ($first =~ tr/ //) >= 3 && grep { $_ eq $first } @others } @words), '', '... and translated');
	my %times;
	is(join(' ', grep { $times{$_}++ } map { $_->[0] } @words), '', '... and once');
	is(join(' ', map { $_->[0] } grep { my $row = $_; grep { ($_ =~ tr/%//) != ($row->[1] =~ tr/%//) } @$row[2 .. $#$row] } @words), '', '... with as many values in it');
	# What the database calls things, as a reader of any language has it; these are said in another way, or on no page.
	my %unsaid = map { $_ => 1 } qw(follow_up_reason campaign_type campaign_lead_status attempt_state phone_number_state member_role);
	my @values = grep { !$unsaid{ $_->[0] } } map { [ split /\t/ ] } text('sql/00_kernel/21_enumerations.tsv') =~ /^(\w+\t\w+)\t\d+\t/mg;
	cmp_ok(scalar @values, '>', 30, '... the database has values');
	is(join(' ', grep { !$times{$_} } map { $_->[1] } @values), '', '... each of them a word');
	# A person never reads a name of the machine's: no underscore, no call of a function, nothing of SQL.
	my $machine = sub { grep { /^\w+\|/ && s/^\w+\|//r =~ /_|\w\(\)|[{}]|::|\b(?:SELECT|UPDATE|NULL|JSON|SQL|tenant|enum)\b/ } split /\n/, $_[0] };
	is(join("\n", $machine->(join "\n", map { my ($key, @texts) = @$_; map { "$key|$_" } @texts } @words)), '', '... and none is the machine\'s');
	is(scalar($machine->("a|b_c\nb|call preview_campaign()\nc|SELECT it\nd|of the tenant\ne|{{name}}\nf|in words\n")), 5, '... which notices offenders');
}
rule('only compat.h tests the version of PostgreSQL', sub { lines($_[1], qr{\bPG_VERSION_NUM\b|\bPG_MAJORVERSION}) },
	grep { $_ ne 'extension/core/compat.h' } @c);
rule('what is not the same in 15 to 18 goes by the names of compat.h',
	sub { lines($_[1], qr{pg_attribute_noreturn|\bMyProc->pgprocno|\b(CreateWaitEventSet|index_beginscan|ExecInsertIndexTuples|getIdentitySequence|pg_\w+_ownercheck|object_ownercheck)\s*\(}) },
	grep { $_ ne 'extension/core/compat.h' } @c);
rule('code that looks into variable-length values includes compat.h: 15 has that in postgres.h, later versions do not',
	sub { $_[1] !~ /\b(SET_)?VAR(SIZE|DATA)/ || $_[1] =~ /#include "(core\/)?compat\.h"/ ? () : ': VARSIZE or VARDATA' },
	grep { /\.c$/ } @c);
rule('pure code includes no header but pure ones and the system\'s',
	sub {
		my ($file, $text) = @_;
		my $dir = $file =~ s{/[^/]*$}{}r;
		my @found;
		while ($text =~ /^\s*#\s*include\s*(["<])([^">]+)/mg)
		{
			my ($kind, $header) = ($1, $2);
			next if $kind eq '<' && $header !~ /postgres|^utils\/|^server\/|^fmgr|^c\.h|^pg_/;
			# Tables and enums that make generates.
			next if $kind eq '"' && $header =~ m{^pure/(?:phrases/(?:patterns|words)|sandbox/(?:desk|people)(?:_names)?)\.inc$};
			next if $kind eq '"' && grep { -f "$_/$header" && "$_/$header" =~ m{^extension/pure/} } $dir, 'extension/pure', 'extension';
			push @found, ": $header";
		}
		return @found;
	}, grep { m{^extension/pure/} } @c);
rule('code in the caller\'s backend opens no socket', sub { lines($_[1], qr{#\s*include\s*<(curl/|libwebsockets\.h|uv\.h|sys/socket\.h|netinet/)}) },
	grep { m{^extension/} } @c);
# A signature by a key of ours says where it is good, for what and until when: va_sign_ours() sees to it, and nothing else signs with one.
my %signs = (
	'extension/tenancy/text_signature.c' => 'va_sign_ours() itself',
	'extension/pure/auth/mac.c' => 'the algorithm', 'extension/pure/auth/mac.h' => 'the algorithm',
	'extension/pure/auth/jwt.c' => 'tokens, whose form is a standard: aud is the database, exp the end, kid the key',
	'extension/pure/auth/jwt_keys.c' => 'no signature: a public key is derived',
	'extension/pure/auth/rs256.c' => 'keys of accounts at carriers, and no signature: how a process finds a parsed one again',
	'extension/pure/auth/signature.c' => 'keys that carriers sign webhooks with',
	'extension/pure/auth/standard_webhook.c' => 'secrets of tenants, as Standard Webhooks says',
	(map { ("extension/pure/providers/$_" => 'keys of carriers') } qw(plivo/plivo_verify.c telnyx/telnyx.c twilio/twilio_verify.c vonage/vonage_token.c)),
	'extension/pure/payments/stripe/stripe_webhook.c' => 'keys of a payment vendor',
	'extension/pure/audio/kept_speech.c' => 'no key: a hash',
	'extension/tenancy/vault.c' => 'no signature: the name of a key beside what it has sealed',
	'sql/10_tenant/63_staff_login.sql' => 'no key of ours: one-time passwords of a person, by that person\'s secret',
	'bgworkers/console/caller.c' => 'no signature: a random key of one process counts strangers',
);
my $signing = qr/\b(?:crypto_(?:auth|onetimeauth|shorthash|kdf|sign)\w*|va_hmac|va_mac_start|HMAC\w*|EVP_(?:MAC|DigestSign)\w*|hmac)\s*\(|\bcrypto_generichash\w*\s*\((?!.*, NULL, 0\);)/;
sub signers { my ($file, $text) = @_; return $signs{$file} ? () : lines($text =~ s{/\*.*?\*/}{}gsr, $signing) }
rule('nothing but va_sign_ours() signs with keys of ours', \&signers, grep { /\.(c|h|sql)$/ && m{^(extension|bgworkers|sql/\d)} } @files);
is(join(' ', grep { (text($_) =~ s{/\*.*?\*/}{}gsr) !~ $signing } sort keys %signs), '', '... and what is named for another key signs');
is(scalar(map { signers('sql/x.sql', $_) } 'SELECT public.hmac(a, b, c)', "\tva_hmac(x, key);", 'crypto_generichash(h, 32, m, n, key, 32);', 'crypto_auth_hmacsha256_init(&state, key, 32);', 'crypto_generichash(h, 32, m, n, NULL, 0);'), 4,
	'... which notices offenders, and no hash');
# No policy of row-level security is asked where C reads or writes rows without a statement.  A file that is new here says
# whose rows it may meet, and is tested with the ids of another tenant.
my %direct = (
	'extension/tenancy/rows.c' => 'rows.h: the tenant of the transaction',
	'extension/provider/insert_webhooks.c' => 'by rows.h; the key goes in speculatively',
	'extension/provider/progress.c' => 'by rows.h', 'extension/provider/answers.c' => 'by rows.h',
	'extension/lead/closed_leads.c' => 'by rows.h', 'extension/provider/reports.c' => 'by rows.h; prices of the platform, which are no tenant\'s',
	'extension/ledger/ledger.c' => 'by rows.h', 'extension/ledger/hold.c' => 'by rows.h', 'extension/ledger/settle.c' => 'by rows.h',
	'extension/ledger/spending.c' => 'by rows.h', 'extension/queue/confirmation.c' => 'by rows.h',
	'extension/provider/event_order.c' => 'the eras of the cluster, which are nobody\'s; events by rows.h',
	'extension/tenancy/identity.c' => 'the role of the session, by its name', 'extension/core/version.c' => 'a catalog', 'bgworkers/supervisor/candidates.c' => 'a catalog',
	'extension/tenancy/elsewhere.c' => 'the few tenants that have moved, whose policy must not ask for the very identity',
	'extension/tenancy/member_session.c' => 'a member of the tenant, both by their keys',
	'extension/tenancy/report_rows.c' => 'rows of all, for a monitor alone',
	'extension/import/writer.c' => 'rows of a file, of its importer', 'extension/import/probe.c' => 'an index with the importer as the first key',
	'extension/core/utility.c' => 'whether tenants has a row',
	'extension/queue/claim.c' => 'by rows.h: what the claim picks from lanes that are ready', 'extension/queue/place.c' => 'by rows.h: what it has locked',
	'extension/queue/dial_facts.c' => 'by rows.h: what is known of picked leads; lists, law and stops of the platform',
	'extension/queue/dial_accounts.c' => 'by rows.h: the accounts of a claim, and calls by them',
	'extension/queue/campaign_counters.c' => 'by rows.h: the row of this backend, of the tenant of the transaction',
	'bgworkers/outbound/dial_ready.c' => 'by rows.h, of all: which tenants have a lead to dial',
	'bgworkers/outbound/renew.c' => 'the rows of a whole table, from its old file to its new one',
);
my $directly = qr/\b(?:va_open_(?:rows|rows_of_all|target)|(?:va_index|(?:va_)?table|systable|heap)_beginscan\w*|(?:table_tuple|table_multi|heap|simple_heap|simple_table_tuple)_(?:multi_)?(?:insert|update|delete|lock)\w*) *\(/;
sub directly { my ($file, $text) = @_; return $direct{$file} ? () : lines($text =~ s{/\*.*?\*/}{}gsr, $directly) }
rule('rows are read and written without a statement only where it is said', \&directly, grep { /\.c$/ } @c);
is(join(' ', grep { (text($_) =~ s{/\*.*?\*/}{}gsr) !~ $directly } sort keys %direct), '', '... and what is named does');
is(scalar(map { directly('x.c', $_) } "\tva_open_rows(&rows, s, t, i, 2, l);", 'scan = table_beginscan(rel, s, 0, NULL);', 'simple_heap_update(rel, tid, tuple);', 'va_row_says(slot, &state, s);'), 3, '... which notices offenders');
# Such an override becomes the default of its session: two processes committed all that they did asynchronously.
rule('a setting of one transaction is no override', sub { lines($_[1], qr/PGC_S_OVERRIDE,\s*GUC_ACTION_(?:LOCAL|SAVE)/) }, @c);
rule('comments are /* */', sub { lines($_[1], qr{^\s*//}) }, @c);

# Each statement that C executes is a fault point (extension/core/statement.h); regress/soak/56_faults.pl has those of tenants fail.
{
	my %listed = map { /^(\w+\.\w+)\t(\w+$|(?:unit|all|session): .+$)/ ? ($1 => $2) : () } split /\n/, text('regress/lib/fault-points');
	my %there;
	foreach my $file (grep { /\.c$/ } @c)
	{
		my ($base) = $file =~ m{([^/]+)\.c$};
		my $function = '';
		foreach my $line (split /\n/, text($file))
		{
			$function = $1 if $line =~ /^(\w+)\(/;
			$there{"$base.$1"} = 1 if $line =~ /\bVaStatement (\w+) = / && $1 ne 'statement';
			@there{"$base.recover_statement", "$base.ready_statement"} = (1, 1) if $line =~ /\bVA_SENDER_WORDS\(/;
			# One that is called "statement", or is a member, has the function's name.
			$there{"$base.$function"} = 1 if $line =~ /\bva_(?:execute|execute_by_index|query)\((?:&?statement,|&?\w+->)/;
		}
	}
	is(join(', ', grep { !$listed{$_} } sort keys %there), '', 'every statement is listed in regress/lib/fault-points, with how one tenant\'s is made to fail');
	is(join(', ', grep { !$there{$_} } sort keys %listed), '', '... and what is listed there is a statement');
	is(join(', ', grep { $listed{$_} =~ /^unit: (.*)/ && ($listed{$1} // '') !~ /^\w+$/ } sort keys %listed), '', '... the units of others name one that is made to fail');
}

# Every symbol that the library exports is in one name space with those of all other libraries of the server.
SKIP:
{
	my $server = $ENV{VOICEAGENT_SERVER} // skip 'no server', 1;
	my ($library) = glob("$server/usr/*/*/*/lib/voiceagent.so $server/usr/*/lib/*/voiceagent.so")
	  or skip 'no library', 1;
	# The files of one driver share its name as their prefix.
	my $drivers = join '|', map { m{^extension/pure/providers/([a-z0-9]+)} ? $1 . '_' : () } @c;
	my @foreign = grep { !/^(va_|${drivers}|pg_finfo_va_sql_|_PG_init$|_PG_fini$|Pg_magic_func$|_init$|_fini$)/ }
	  # The linker's own are there because libxlsxwriter defines them, too.
	  grep { !/^(?:__bss_start|_edata|_end)$/ } map { (split)[-1] } split /\n/, qx(nm -D --defined-only $library);
	is("@foreign", '', 'exported symbols begin with va_ or the name of a driver');
}

# The brake: nobody can carry a house that only grows.  These numbers go down, by hand, in the commit that deletes.  Where a folder
# shared/ stands beside the tree, its BUDGET.md sets limits that no commit can move.
{
	my @budget = -f '../shared/BUDGET.md' ? map { tr/,//dr } text('../shared/BUDGET.md') =~ /^\| [^|]* \| ([\d,]+) \|$/gm : ();
	my $brake = sub
	{
		my ($n, $most, $budget, $name) = @_;
		cmp_ok($n, '<=', $most, $name);
		cmp_ok($n, '<=', $budget, '... and is within the budget') if defined $budget;
	};
	my @live = grep { m{^(?:extension|bgworkers|sql)/} && !m{^sql/updates/} && /\.(?:c|h|sql|js|tsv)$/ } @files;
	my $newlines = sub { my $n = 0; $n += text($_) =~ tr/\n// foreach @_; return $n };
	is(scalar @budget, 3, 'the budget has its three limits') if @budget;
	$brake->($newlines->(grep { !/\.(?:js|tsv)$/ } @live), 223_860, $budget[0], 'the live lines of C and SQL do not grow');
	$brake->($newlines->(@live), 235_380, $budget[1], 'those with the page and the tables do not grow');
	$brake->(scalar(map { text($_) =~ /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) /gm } grep { /\.sql$/ } @live), 2_817, $budget[2],
		'the functions in SQL do not grow');
	cmp_ok($newlines->(@live), '>', 100_000, '... and all of them are counted');
}

my %exists = map { $_ => 1 } @files;
rule('every pg_regress and isolation test is named by its room and has its expectation',
	sub { my ($name) = $_[0] =~ m{([^/]+)\.\w+$}; (($name =~ /^[ri]\d\d_\w+$/ ? () : ': name'), ($exists{"expected/$name.out"} ? () : ': no expectation')) },
	grep { m{^regress/sql/.*\.sql$|^regress/specs/.*\.spec$} } @files);
rule('every expectation has its test',
	sub { my ($name) = $_[0] =~ m{/(.*?)(_\d)?\.out$}; defined $name && ($exists{"regress/sql/$name.sql"} || $exists{"regress/specs/$name.spec"}) ? () : ': no test' },
	grep { m{^expected/} } @files);
rule('every TAP test is numbered', sub { $_[0] =~ m{/\d\d\d_\w+\.pl$} ? () : ': name' }, grep { m{^regress/t/} } @files);
done_testing();
